"""Delivery reports: who was not reached, and why.

First the form of RFC 3464, then prose (`bounce_prose`); what an answer means for the address is `bounce_verdicts`' word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from inbox import bounce_prose
from inbox.bounce_prose import MOST
from inbox.bounce_verdicts import ADDRESS, CODE, DELAYED, FAILED, STATUS, judge, made
from inbox.headers import Fields, end_of_headers, read_fields
from inbox.model import Address, Bounce
from inbox.parts import Part
from inbox.stamps import read_date, read_id
from inbox.text import one_line

_LONGEST_STATUS = 200_000  # bytes


def report_type(root: Part) -> str | None:
    """The report type of a multipart/report (RFC 6522), "" when it names none; None when the mail is no report."""
    for part in (root, *root.children):
        if part.type == "multipart/report":
            return part.parameters.get("report-type", "").lower()
        if part.type in ("message/delivery-status", "message/disposition-notification"):
            return part.type.removeprefix("message/")
    return None


def read_bounces(
    raw: bytes, root: Part, subject: str, sender: tuple[Address, ...], text: str
) -> tuple[Bounce, ...]:
    """Every recipient that a report says was not reached, failed or only delayed; () when the mail is no such report."""
    found: dict[str, Bounce] = {}
    told = False
    for part in _status_parts(root) if root.children else ():
        for recipient, bounce in _of_status_part(raw, part):
            told = True
            if bounce is not None:
                found.setdefault(recipient.lower(), bounce)
    if told:
        return tuple(_in_words(each, text) for each in list(found.values())[:MOST])
    if not bounce_prose.may_be(root, subject, sender, text):
        return ()
    named = bounce_prose.failed_recipients(root.fields)
    return tuple(bounce_prose.read(text, named) or _of_returned(raw, root, text))[:MOST]


def _of_returned(raw: bytes, root: Part, text: str) -> list[Bounce]:
    """Who the mail that came back was for, where it says nothing else and that is one address."""
    fields = _returned(raw, root)
    hit = _TO_LINE.search(text if fields is None else f"To: {fields.get('to')}")
    return [] if hit is None else bounce_prose.read("\n".join(bounce_prose.own_lines(text)), [hit[1]])


def _in_words(bounce: Bounce, text: str) -> Bounce:
    """A recipient with what the report says to people, where it says nothing to programs."""
    if bounce.diagnostic:
        return bounce
    (said,) = bounce_prose.read(text, [bounce.recipient])
    kind = judge(bounce.status, bounce.code, said.diagnostic, bounce.action)
    return bounce._replace(diagnostic=said.diagnostic, kind=kind)


def returned_message_id(raw: bytes) -> str | None:
    """The Message-ID of the mail that a report gives back: from its returned message or headers, from what it says of it
    to programs, or from its text; None without one."""
    from inbox.parts import read_parts

    root = read_parts(raw, [])
    returned = _returned(raw, root)
    if returned is not None and (found := read_id(returned.get("message-id"))):
        return found
    for part in root.leaves():
        if part.type in _TOLD_IN:
            content = unescape(part.content(raw, [])[:200_000].decode("utf-8", "replace"))
            hit = _MESSAGE_ID_LINE.search(content)
            if hit and (found := read_id(hit[1])):
                return found
    return None


_TOLD_IN = ("text/plain", "text/html", "message/delivery-status", "message/global-delivery-status")
# Bounded in all they repeat, since a text may be nothing but marks and blanks.
_MESSAGE_ID_LINE = re.compile(
    r"^[> \t]{0,40}(?:<[^<>@\n]{1,60}>){0,5}[ \t]{0,40}(?:x-)?(?:original-)?message-id:\s{0,40}(<[^<>\s]{1,900}>)",
    re.IGNORECASE | re.MULTILINE,
)
_TO_LINE = re.compile(
    rf"^[> \t]{{0,40}}To:[ \t]{{0,40}}(?:[^<\n@]{{0,200}}<)?({ADDRESS})>?[ \t]{{0,40}}$",
    re.IGNORECASE | re.MULTILINE,
)


def _returned(raw: bytes, root: Part) -> Fields | None:
    """The header of the mail that a report gives back in a part of its own."""
    for part in root.leaves():
        if part.type in ("message/rfc822", "text/rfc822-headers", "message/global", "message/rfc822-headers"):
            content = part.content(raw, [])
            end, _ = end_of_headers(content, 0, len(content))
            return read_fields(content, 0, end, [])[0]
    return None


def _status_parts(root: Part) -> list[Part]:
    kinds = ("message/delivery-status", "message/global-delivery-status")
    return [part for part in root.leaves() if part.type in kinds]


def _of_status_part(raw: bytes, part: Part) -> Iterator[tuple[str, Bounce | None]]:
    """The recipients of a message/delivery-status, each with its failure, or None when it was reached."""
    content = part.content(raw, [])[:_LONGEST_STATUS].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for number, group in enumerate(_GROUP_END.split(content.strip(b"\n"))):
        if number > MOST:
            return
        fields, _ = read_fields(group, 0, len(group), [])
        final = _typed(fields.get("final-recipient"))
        recipient = _typed(fields.get("original-recipient")) or final
        action = fields.get("action").partition(";")[0].partition("(")[0].strip().lower()
        if not recipient:
            continue  # the first group is about the report itself
        said = fields.decoded("diagnostic-code")
        kind, semicolon, words = said.partition(";")
        diagnostic = one_line(words if semicolon and " " not in kind else said, 500)
        status = STATUS.search(fields.get("status")) or STATUS.search(diagnostic)
        code = CODE.search(diagnostic)
        if action in ("delivered", "relayed", "expanded") or (not action and status and status[1][0] == "2"):
            yield recipient, None
        else:
            number_found = int(code[1]) if code else None
            bounce = made(recipient, status[1] if status else None, number_found, diagnostic, action)
            if not action and status and status[1][0] == "5":
                action = FAILED
            yield (
                recipient,
                bounce._replace(
                    action=action if action in (FAILED, DELAYED) else "",
                    final="" if final == recipient else one_line(final, 320),
                    until=read_date(fields.get("will-retry-until"))[0] if action == DELAYED else None,
                ),
            )


_GROUP_END = re.compile(rb"\n[ \t]*(?:\n[ \t]*)+")


def _typed(value: str) -> str:
    """The address of `rfc822; ann@shop.example` (RFC 3464, 2.3.1)."""
    kind, semicolon, address = value.partition(";")
    address = address if semicolon else kind
    return address.strip().strip("<>").strip()
