"""Delivery reports: who was not reached, and why.

First the form of RFC 3464, then the prose of servers that predate or ignore it (qmail, Exim, old Sendmail,
Exchange, Gmail and others): addresses on lines of their own, each with the server's words near it. Hard
means that the address will not work next time either; it is told by the enhanced status (RFC 3463) and by
the words, since a server that says 5.2.2 or "mailbox full" speaks of a living address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from inbox import bouncewords
from inbox.addresses import fold_address
from inbox.automatic import is_daemon
from inbox.headers import Fields, end_of_headers, read_fields
from inbox.model import Address, Bounce
from inbox.parts import Part
from inbox.stamps import read_date, read_id
from inbox.text import one_line

MOST = 200
"""Recipients of one report that are read."""

_LONGEST_STATUS = 200_000  # bytes

HARD, SOFT = "hard", "soft"
FAILED, DELAYED = "failed", "delayed"

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[\s\-:#;,]|$)(?!\s*(?:bytes|KB|MB|seconds|hours))")
# Chinese and Japanese set no blank between words and an address, and signs of their own around it.
_LETTER = r"[^\s<>\"'(),:;\[\]\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_ADDRESS = rf"{_LETTER}{{1,100}}@{_LETTER}{{1,200}}"
_ON_ITS_LINE = re.compile(rf"[\s*•>'\"\-]*<?(?:mailto:)?({_ADDRESS})>?(?:\s*\([^()]*\))?[\s'\":.;*]*")
_AT_LINE_START = re.compile(rf"\s*[<'\"]?({_ADDRESS})['\">]*\s*(?::|\.\.\.|\s-\s|\son\s|;)\s*(.*)")


def _any(phrases: tuple[str, ...], before: str = "", after: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}(?:{'|'.join(phrases)}){after}", re.IGNORECASE)


_LABELLED = _any(bouncewords.RECIPIENT_LABELS, r"^[\s*•\-]*", rf"\s*[:：]\s*[<'\"]?({_ADDRESS})")
_NAMED = _any(bouncewords.RECIPIENT_WORDS, r"", rf"\s*[:：]?\s*[<'\"]?({_ADDRESS})")
_ANYBODY = re.compile(rf"({_ADDRESS})")
_OTHERS = _any(bouncewords.OTHER_LABELS, r"^[\s>*•\-]*", r"\s*[:：]")
_SYSTEM = _any(bouncewords.SYSTEMS)
_RETURNED = _any(bouncewords.RETURNED, r"\s*(?:-{2,}\s*)?", r"(?:\b|(?<=:))")
_SUBJECT = _any(bouncewords.SUBJECTS)
_ALIVE = _any(bouncewords.ALIVE)
_BLOCKED = _any(bouncewords.BLOCKED)
_REFUSED = _any(bouncewords.REFUSED)
_DEAD = _any(bouncewords.DEAD)
_STILL_TRYING = _any(bouncewords.STILL_TRYING)
_GIVEN_UP = _any(bouncewords.GIVEN_UP)

# Details of the enhanced status (RFC 3463) that speak of a living address, and of one where nobody is.
_ALIVE_STATUS = frozenset(["1.7", "1.8", "2.2", "2.3", "2.4", "3.1", "3.4", "4.5", "4.6", "4.7"])
_DEAD_STATUS = frozenset(["1.1", "1.2", "1.3", "1.6", "1.10", "2.1", "4.1", "4.4", "4.310"])


# ------------------------------------------------------------ the reports


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
    if not _may_be_prose(root, subject, sender, text):
        return ()
    named = _failed_recipients(root.fields)
    return tuple(_of_prose(text, named) or _of_returned(raw, root, text))[:MOST]


def _in_words(bounce: Bounce, text: str) -> Bounce:
    """A recipient with what the report says to people, where it says nothing to programs."""
    if bounce.diagnostic:
        return bounce
    (said,) = _of_prose(text, [bounce.recipient])
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
_MESSAGE_ID_LINE = re.compile(
    r"^(?:[>\s]|<[^<>@]{1,60}>)*(?:x-)?(?:original-)?message-id:\s*(<[^<>\s]{1,900}>)",
    re.IGNORECASE | re.MULTILINE,
)
_TO_LINE = re.compile(rf"^[>\s]*To:\s*(?:[^<\n@]{{0,200}}<)?({_ADDRESS})>?\s*$", re.IGNORECASE | re.MULTILINE)


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
        status = _STATUS.search(fields.get("status")) or _STATUS.search(diagnostic)
        code = _CODE.search(diagnostic)
        if action in ("delivered", "relayed", "expanded") or (not action and status and status[1][0] == "2"):
            yield recipient, None
        else:
            number_found = int(code[1]) if code else None
            bounce = _bounce(recipient, status[1] if status else None, number_found, diagnostic, action)
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


def _bounce(
    recipient: str, status: str | None, code: int | None, diagnostic: str, action: str = "", told: str = ""
) -> Bounce:
    kind = judge(status, code, told or diagnostic, action)
    return Bounce(one_line(recipient, 320), status, code, kind, diagnostic)


def judge(status: str | None, code: int | None, words: str, action: str = "") -> str:
    """ "hard" when the address will not work next time either, else "soft"; a failure that says nothing is
    hard.

    `action` is that of RFC 3464, 2.3.3. The status decides where it is precise, else the words, else the
    SMTP code. A server that gave up after days of 4.x.x is soft: nobody said anything against the address.
    """
    if action == DELAYED or (status or str(code or "")).startswith("4"):
        return SOFT
    dead, alive, blocked = (pattern.search(words) is not None for pattern in (_DEAD, _ALIVE, _BLOCKED))
    detail = status.partition(".")[2] if status else ""
    if detail in _ALIVE_STATUS or detail.startswith("6."):
        return SOFT
    if detail in _DEAD_STATUS:
        return SOFT if (alive or blocked) and not dead else HARD
    if blocked:
        return SOFT
    if dead:
        return HARD
    if alive or detail.startswith("7.") or _REFUSED.search(words):
        return SOFT
    return SOFT if code is not None and code < 500 else HARD


# ------------------------------------------------------------ told to people, and compared


def read_answer(recipient: str, words: str) -> Bounce:
    """What a server said when it refused a recipient for good, read like a report of it.

    Hard only where the words say so: a server that says nothing may mean us.
    """
    said = one_line(words, 500)
    status, code = _STATUS.search(said), _CODE.match(said)
    number = int(code[1]) if code else None
    found = _bounce(recipient, status[1] if status else None, number, said)._replace(action=FAILED)
    precise = (status is not None and status[1].partition(".")[2] in _DEAD_STATUS) or _DEAD.search(said)
    return found if precise else found._replace(kind=SOFT)


def reason(bounce: Bounce) -> str:
    """Why somebody was not reached, in few words, with the server's; no address stands in it."""
    detail = bounce.status.partition(".")[2] if bounce.status else ""
    table = bouncewords.HARD_REASONS if bounce.kind == HARD else bouncewords.SOFT_REASONS
    words = next(
        (
            words
            for details, pattern, words in table
            if detail in details or re.search(pattern, bounce.diagnostic, re.IGNORECASE)
        ),
        bouncewords.NO_REASON[bounce.kind],
    )
    numbers = (str(bounce.code or ""), bounce.status or "")
    said = " ".join((*(each for each in numbers if each not in bounce.diagnostic), bounce.diagnostic)).strip()
    said = one_line(re.sub(rf"<?{_ADDRESS}>?", "…", said), LONGEST_SAID)
    return f"{words} ({said})" if said else words


LONGEST_SAID = 140
"""Characters of a server's words in a reason."""


def spellings(address: str) -> frozenset[str]:
    """Every way, folded, in which the recipient of a report may be written where the message was sent from: as given, and
    with `+2B` (xtext: RFC 3461, 4) and `\\x{E9}` (RFC 6533, 3) read."""
    found = {address, _XTEXT.sub(lambda hit: chr(int(hit[1], 16)), address)}
    found |= {_UNITEXT.sub(_character, each) for each in found}
    return frozenset(map(fold_address, found))


_XTEXT = re.compile(r"\+([2-7][0-9A-F])")
_UNITEXT = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")


def _character(hit: re.Match[str]) -> str:
    number = int(hit[1], 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else hit[0]


# ------------------------------------------------------------ the prose


def _may_be_prose(root: Part, subject: str, sender: tuple[Address, ...], text: str) -> bool:
    fields = root.fields
    if "x-failed-recipients" in fields:
        return True
    if (
        root.type == "multipart/report"
        and root.parameters.get("report-type", "").lower() != "delivery-status"
    ):
        return False
    nobody = "return-path" in fields and fields.get("return-path").strip() in ("<>", "")
    daemon = any(
        is_daemon(each) or _SYSTEM.match(each.name) or _SYSTEM.match(each.address) for each in sender
    )
    if not (nobody or daemon):
        return False
    # Some put the reason into the subject: then the text has to say that something was not delivered, and a server why.
    told = (
        _CODE.search(text, 0, _OPENING)
        or _STATUS.search(text, 0, _OPENING)
        or _DEAD.search(text, 0, _OPENING)
    )
    return _SUBJECT.search(subject) is not None or (
        told is not None and (_SUBJECT.search(text, 0, _OPENING) or _DEAD.search(subject)) is not None
    )


_OPENING = 1_500
"""Characters of a text in which a report says that it is one."""


def _failed_recipients(fields: Fields) -> list[str]:
    said = ",".join(fields.all("x-failed-recipients"))
    return [word.strip().strip("<>") for word in said.split(",") if "@" in word][:MOST]


def _of_prose(text: str, named: list[str]) -> list[Bounce]:
    """Recipients on lines of their own, or at a line's start, with the words around them."""
    lines = _own_lines(text)
    whole = one_line(" ".join(lines), 2_000)
    places: dict[str, tuple[str, int, str]] = {}
    for at, line in enumerate(lines):
        if len(line) > 400:
            continue
        found = _ON_ITS_LINE.fullmatch(line)
        words = ""
        if not found:
            found = _AT_LINE_START.match(line)
            words = found[2] if found else ""
        if found and not is_daemon(Address("", found[1])):
            places.setdefault(found[1].lower(), (found[1], at, words))
        if len(places) >= MOST:
            break
    wanted = {each.lower(): each for each in named}
    if wanted:
        places = {key: places.get(key, (each, -1, "")) for key, each in wanted.items()}
    if not places:
        places = _among_words(lines)
    starts = sorted(at for _, at, _ in places.values() if at >= 0)
    return [_from_place(address, at, words, lines, starts, whole) for address, at, words in places.values()]


def _of_returned(raw: bytes, root: Part, text: str) -> list[Bounce]:
    """Who the mail that came back was for, where it says nothing else and that is one address."""
    fields = _returned(raw, root)
    hit = _TO_LINE.search(text if fields is None else f"To: {fields.get('to')}")
    return [] if hit is None else _of_prose("\n".join(_own_lines(text)), [hit[1]])


def _among_words(lines: list[str]) -> dict[str, tuple[str, int, str]]:
    """Recipients behind a label, else the first behind a word that says so, else the first address there is."""
    found: dict[str, tuple[str, int, str]] = {}
    short = [(at, line) for at, line in enumerate(lines) if len(line) <= 400 and not _OTHERS.match(line)]
    for pattern, most in ((_LABELLED, MOST), (_NAMED, 1), (_ANYBODY, 1)):
        for at, line in short:
            hit = pattern.search(line)
            address = hit[1].rstrip(".") if hit else ""
            if hit and not is_daemon(Address("", address)):
                found.setdefault(address.lower(), (address, at, line[hit.end() :].strip(" >'\".,;")))
            if len(found) >= most:
                return found
        if found:
            return found
    return found


def _own_lines(text: str) -> list[str]:
    """The lines above the returned mail."""
    lines: list[str] = []
    for line in text[:200_000].split("\n")[:2_000]:
        if lines and _RETURNED.match(line):
            break
        lines.append(line)
    return lines


def _from_place(address: str, at: int, words: str, lines: list[str], starts: list[int], whole: str) -> Bounce:
    """What is said of one recipient: beside the address and below it, else where it is named again (a transcript of the
    session), else, where nobody else is missed, anywhere."""
    near = [words] if words else []
    others = {lines[start] for start in starts if start != at}
    if at >= 0:
        stop = next((start for start in starts if start > at), len(lines))
        for line in lines[at + 1 : min(stop, at + 12)]:
            if line.strip():
                near.append(line.strip())
            elif any(map(_numbers, near)) or len(near) >= 3:
                break
    again = _named_again(address, at, lines, others)
    diagnostic = one_line(" ".join(near), 500)
    if any(map(_numbers, again)) and (len(starts) > 1 or not _numbers(diagnostic)):
        diagnostic = one_line(
            " ".join(again if len(starts) > 1 or not _speaks(diagnostic) else near + again), 500
        )
    told = diagnostic if _speaks(diagnostic) or len(starts) > 1 else whole
    status, code = (
        each.search(told) or (each.search(whole) if len(starts) < 2 else None) for each in (_STATUS, _CODE)
    )
    tried = _STILL_TRYING.search(told) is not None
    number = int(code[1]) if code else None
    found = _bounce(
        address,
        status[1] if status else None,
        number,
        diagnostic or one_line(whole, 300),
        DELAYED if tried else "",
        told,
    )
    # what is neither said to be tried again nor to have failed for good is shown, and proves nothing
    over = (
        found.kind == HARD
        or (status and status[1][0] == "5")
        or (number or 0) >= 500
        or _GIVEN_UP.search(whole)
    )
    return found._replace(action=DELAYED if tried else FAILED if over else "")


def _named_again(address: str, at: int, lines: list[str], others: set[str]) -> list[str]:
    """The other lines that name a recipient; of those that name nothing else, also the next."""
    found: list[str] = []
    for number, line in enumerate(lines):
        if number == at or len(line) > 400 or address.lower() not in line.lower() or line in others:
            continue
        found.append(line.strip())
        if _ON_ITS_LINE.fullmatch(line):
            found += (each.strip() for each in lines[number + 1 : number + 2])
    return found


def _numbers(words: str) -> bool:
    return _CODE.search(words) is not None or _STATUS.search(words) is not None


def _speaks(words: str) -> bool:
    """Whether a server's words say why."""
    return _numbers(words) or any(each.search(words) for each in (_DEAD, _ALIVE, _BLOCKED))
