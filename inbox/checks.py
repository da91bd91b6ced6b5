"""What must hold before a reply is sent (docs/answering.md): hard stops, and hints.

Pure, and quick enough to run again with each pause in typing. A stop keeps the letter here until it is mended, or
overridden with a reason where it can be; a hint only says what may have been overlooked. No check raises, whatever the
text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from inbox.addresses import fold_address, untagged
from inbox.answering import is_no_reply
from inbox.attached import promised_attachment
from inbox.flowed import SIGNATURE
from inbox.model import Address, Event, EventType
from inbox.recipients import parse_recipients
from inbox.text import one_line, sanitise
from inbox.us import Us

if TYPE_CHECKING:
    from inbox.ports import Item

NEVER = frozenset({"empty", "missing", "unparsed", "sender"})
"""Stops that no reason overrides: there would be nothing to send, nobody to send it to, or nobody to send it from."""

MENDS = ("text", "fill", "recipients", "sender", "confirm", "read", "attach", "reply-all", "note")
"""What mends a check: write, go to the next placeholder, change To, Cc and Bcc, change From, confirm the address, read
what came in between, attach a file, answer everybody, make a note of it. "" where only a reason helps."""

IGNORED_OFTEN = 5
"""So often ignored by a person, a hint offers to leave (docs: defaults)."""

LONGEST_SAID = 80
"""Characters of an address, a placeholder or a name in the words of a check."""


class File(NamedTuple):
    """An attachment before it is read: the name it will have, its size in bytes."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Written:
    """What is about to be sent. `to`, `cc` and `bcc` as typed: each may hold several addresses."""

    text: str  # what was typed, without the signature and the history that go below it
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    sender: str | None = None
    kind: str = "reply"  # reply, reply-all, forward, new or note
    subject: str = ""
    attachments: Sequence[File] = ()


@dataclass(frozen=True, slots=True)
class Against:
    """What it is held against: the conversation as it stands now, and what is known of people.

    items: all of the conversation, oldest first; () compares with nothing. item: the message that is answered.
    customer: addresses of the customer, in this conversation or not. colleagues: addresses of teammates.
    others: folded address -> name of another customer. confirmed: addresses from elsewhere that a person has confirmed
    for this letter.
    refused: folded address -> the words with which a server said that nobody is there (`Reader.refused_addresses`).
    events and seen: the record now, and the number of its last event that the writer had before them; None: whatever
    came in between was seen. who: the writer's name.
    ignored: how often the writer has ignored each hint. left: hints that the writer has let leave.
    """

    items: Sequence[Item] = ()
    item: Item | None = None
    customer: Sequence[str] = ()
    us: Us = field(default_factory=Us)
    senders: Sequence[str] = ()
    team: Sequence[str] = ()
    colleagues: Sequence[str] = ()
    who: str = ""
    others: Mapping[str, str] = field(default_factory=dict)
    confirmed: Sequence[str] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    events: Sequence[Event] = ()
    seen: int | None = None
    ignored: Mapping[str, int] = field(default_factory=dict)
    left: frozenset[str] = frozenset()


class Check(NamedTuple):
    """One thing that does not hold. `words` is a sentence, sanitised; `next_step` another, for who has no keys.

    mend: one of MENDS, or "". subject: the address or the words it is about. offers_to_leave: a hint that was ignored
    so often that it should ask whether to come again.
    """

    kind: Literal["stop", "hint"]
    name: str
    words: str
    next_step: str
    mend: str
    overridable: bool
    subject: str = ""
    offers_to_leave: bool = False


def checks(written: Written, against: Against) -> tuple[Check, ...]:
    """All that does not hold, stops before hints; those that no reason overrides first. A note is only looked at for
    being empty."""
    return (*stops(written, against), *hints(written, against))


def stops(written: Written, against: Against) -> tuple[Check, ...]:
    """What keeps the letter here."""
    found = list(_empty(written))
    if written.kind != "note":
        recipients = recipients_of(written)
        found += to_nobody(written)
        found += _placeholders(written)
        found += _from_elsewhere(recipients, written, against)
        found += _unreachable(recipients, written, against)
        found += newer(against.events, against.who, against.seen)
    return tuple(sorted(found, key=lambda check: check.overridable))


def hints(written: Written, against: Against) -> tuple[Check, ...]:
    """What may have been overlooked; without those that the writer has let leave."""
    if written.kind == "note":
        return ()
    found = (*_attachment(written), *_alias(written, against), *_dropped(written, against))
    found = (*found, *_like_a_note(written, against))
    return tuple(
        each._replace(offers_to_leave=against.ignored.get(each.name, 0) >= IGNORED_OFTEN)
        for each in found
        if each.name not in against.left
    )


# ---------------------------------------------------------------------- stops


def _stop(name: str, words: str, next_step: str, mend: str, subject: str = "") -> Check:
    return Check("stop", name, words, next_step, mend, name not in NEVER, subject)


def recipients_of(written: Written) -> list[Address]:
    """Everybody it goes to whose address can be read, each once."""
    return parse_recipients(_typed(written))[0]


def _typed(written: Written) -> str:
    """Everybody it goes to, one typed piece a line: a line end cuts even where a quotation mark was not closed."""
    return "\n".join((*written.to, *written.cc, *written.bcc))


def _empty(written: Written) -> Iterator[Check]:
    # What is forwarded says something by itself, and so does a file.
    if (
        written.kind != "forward"
        and not written.attachments
        and not sanitise(own_words(written.text)).strip()
    ):
        what = "note" if written.kind == "note" else "reply"
        yield _stop("empty", f"The {what} is empty.", "Write something first.", "text")


def to_nobody(written: Written) -> Iterator[Check]:
    """A stop for each recipient that is no address; where nobody is named; and where it would come from nobody."""
    recipients, unparsed = parse_recipients(_typed(written))
    for piece in unparsed:
        shown = one_line(piece, LONGEST_SAID) or "Something invisible"
        yield _stop(
            "unparsed",
            f"{shown} cannot be mailed: it is no address.",
            "Correct the address, or take it out.",
            "recipients",
            piece,
        )
    if not recipients and not unparsed:
        yield _stop("missing", f"Nobody would get this {_what(written)}.", "Name a recipient.", "recipients")
    if not written.sender:
        yield _stop(
            "sender",
            "None of our addresses is known to send from.",
            'Write a [[mailbox]] into settings.toml, or `us = ["support@…"]`.',
            "sender",
        )


def _what(written: Written) -> str:
    return "message" if written.kind in ("forward", "new") else "reply"


def _placeholders(written: Written) -> Iterator[Check]:
    found = placeholders(written.text) or placeholders(written.subject)
    if found:
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        shown = one_line(found[0], LONGEST_SAID)
        yield _stop(
            "placeholder",
            f"{shown} is still to be filled{more}.",
            "Put the words in its place, or take it out.",
            "fill",
            found[0],
        )


def _from_elsewhere(recipients: Sequence[Address], written: Written, against: Against) -> Iterator[Check]:
    """Who has no part in this conversation, nor is its customer; of a forward or a new message only who is known to
    be another customer, since it goes elsewhere by its nature."""
    expected = {fold_address(each) for each in (*against.confirmed, *against.customer, *against.senders)}
    expected.update(map(fold_address, against.colleagues))
    expected.update(_take_part(against.items))
    compares = bool(against.items) and written.kind in ("reply", "reply-all")
    for address in recipients:
        folded = fold_address(address.address)
        other = against.others.get(folded)
        if folded in expected or against.us.is_us(address.address) or not (compares or other):
            continue
        shown = one_line(address.address, LONGEST_SAID)
        known = f"belongs to {one_line(other, LONGEST_SAID)}, who" if other else ""
        yield _stop(
            "elsewhere",
            f"{shown} {known or 'is from elsewhere: it'} has no part in this conversation.",
            "Look at it once more; take it out, or give a reason to send there.",
            "confirm",
            address.address,
        )


def _take_part(items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        if item.direction != "note":
            for address in (*item.sender, *item.to, *item.cc, *item.reply_to, *item.on_behalf_of):
                yield fold_address(address.address)
            yield from (fold_address(recipient.address) for recipient in item.recipients)


def _unreachable(recipients: Sequence[Address], written: Written, against: Against) -> Iterator[Check]:
    yield from nobody_reads([address.address for address in recipients])
    for address in recipients:
        if (words := against.refused.get(fold_address(address.address))) is not None:
            shown = one_line(address.address, LONGEST_SAID)
            said = f": {one_line(words, 200)}" if words else ""
            yield _stop(
                "refused",
                f"Nobody is at {shown}{said.rstrip('.')}.",
                "Find out another address, or give a reason to try again.",
                "recipients",
                address.address,
            )
    if written.sender and is_no_reply(written.sender.rstrip(">")):
        yield _stop(
            "no-reply",
            f"Nobody could answer: it would come from {one_line(written.sender, LONGEST_SAID)}.",
            "Send it from an address that is read, or give a reason.",
            "sender",
            written.sender,
        )


def nobody_reads(recipients: Sequence[str]) -> list[Check]:
    """A stop for each address that says by its name that nobody reads what is sent there."""
    return [
        _stop(
            "no-reply",
            f"Nobody reads what is sent to {one_line(address, LONGEST_SAID)}.",
            "Name another address, or give a reason to send anyway.",
            "recipients",
            address,
        )
        for address in recipients
        if is_no_reply(address)
    ]


def newer(events: Sequence[Event], who: str, seen: int | None) -> list[Check]:
    """A stop where somebody else of ours has answered after the event `seen`, as `newer_answer` tells."""
    answer = newer_answer(events, who, seen)
    if answer is None:
        return []
    words = f"{one_line(answer.who, LONGEST_SAID)} has answered in the meantime."
    return [_stop("newer", words, "Read it; then send again, change it, or leave it.", "read", answer.who)]


def newer_answer(events: Sequence[Event], who: str, seen: int | None) -> Event | None:
    """The first answer of somebody else of ours after the event `seen`; None when there is none, or `seen` is None."""
    if seen is None:
        return None
    for event in events:
        ours = event.type is EventType.QUEUED or (
            event.type is EventType.RECEIVED
            and event.data.get("side") == "us"
            and not event.data.get("history")
        )
        if event.seq > seen and ours and not event.void and event.who != who:
            return event
    return None


# ---------------------------------------------------------------------- hints


def _hint(name: str, words: str, next_step: str, mend: str, subject: str = "") -> Check:
    return Check("hint", name, words, next_step, mend, True, subject)


def _attachment(written: Written) -> Iterator[Check]:
    if written.attachments:
        return
    said = promised_attachment(without_code(own_words(written.text)))
    if said:
        shown = one_line(said, LONGEST_SAID)
        yield _hint(
            "attachment", f"It says «{shown}», and nothing is attached.", "Attach it.", "attach", said
        )


def _alias(written: Written, against: Against) -> Iterator[Check]:
    item = against.item
    if item is None or not written.sender or written.kind not in ("reply", "reply-all"):
        return
    addresses = (*item.to, *item.cc) if item.direction == "in" else item.sender
    ours = [one.address for one in addresses if against.us.is_us(one.address)]
    sender = _bare(written.sender)
    if ours and untagged(sender) not in {untagged(one) for one in ours}:
        yield _hint(
            "alias",
            f"It was written to {one_line(ours[0], LONGEST_SAID)}, and is answered from {one_line(sender, LONGEST_SAID)}.",
            "Send it from the address that was written to.",
            "sender",
            ours[0],
        )


def _bare(sender: str) -> str:
    found, _ = parse_recipients(sender)
    return found[0].address if found else sender


def _dropped(written: Written, against: Against) -> Iterator[Check]:
    item = against.item
    if item is None or item.direction != "in" or written.kind != "reply":
        return
    named = {fold_address(one.address) for one in parse_recipients(_typed(written))[0]}
    dropped = [
        one.address
        for one in (*item.to, *item.cc)
        if fold_address(one.address) not in named
        and "@" in one.address
        and not against.us.is_us(one.address)
        and not is_no_reply(one.address)
        and fold_address(one.address) not in {fold_address(each.address) for each in item.sender}
    ]
    if dropped:
        first = one_line(dropped[0], LONGEST_SAID)
        who = f"{first} and {len(dropped) - 1} more were" if len(dropped) > 1 else f"{first} was"
        yield _hint(
            "cc", f"{who} in copy and would not get this.", "Answer everybody.", "reply-all", dropped[0]
        )


_NOTE_LIKE = re.compile(
    r"""
    (?:^|\n)\W{0,3}(?:internal(?:ly)?|intern|interne|interno|interna|interní|wewnętrzne)\s*[:)\]]
    | (?<!\w)(?: internal\s+(?:note|only|use\s+only) | for\s+internal\s+use | not\s+for\s+the\s+customer
    | do\s+not\s+(?:send|forward)\s+(?:this\s+)?to\s+the\s+customer | fyi\s*,?\s+(?:team|all|everybody|folks|colleagues)
    | nur\s+intern | interne\s+notiz | nur\s+für\s+uns | nicht\s+an\s+den\s+kunden | zur\s+info\s*,?\s+(?:team|kollegen)
    | note\s+interne | usage\s+interne | nota\s+interna | (?:solo\s+)?uso\s+interno | alleen\s+intern | interne\s+notitie
    )(?!\w)
    | 社内(?:用|限り|メモ) | 内部(?:备注|備註|使用)
    """,
    re.IGNORECASE | re.VERBOSE,
)


def _like_a_note(written: Written, against: Against) -> Iterator[Check]:
    text = without_code(own_words(written.text))
    names = {name.casefold() for name in against.team}
    called = next((one for one in _CALLED.finditer(text) if one[1].rstrip(".-").casefold() in names), None)
    found = called or _NOTE_LIKE.search(text)
    if found:
        said = one_line(found[0], LONGEST_SAID).strip(" :)]")
        yield _hint(
            "note",
            f"«{said}» reads like a note to the team.",
            "Write it as a note, or take it out.",
            "note",
            said,
        )


_CALLED = re.compile(r"(?<![\w@./+-])@([\w.-]{1,40})")


# ---------------------------------------------------------------------- reading what was typed


_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_INLINE_CODE = re.compile(r"(?<!`)`++[^`\n]++`++")


def own_words(text: str) -> str:
    """`text` without quoted lines and without the signature (RFC 3676, 4.3)."""
    lines = re.split(r"\r\n?|\n", text)
    if SIGNATURE in lines:
        lines = lines[: lines.index(SIGNATURE)]
    return "\n".join(line for line in lines if not line.startswith(">"))


def without_code(text: str) -> str:
    """`text` without what Markdown sets as code: fenced lines, and words between backticks."""
    kept: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            kept.append(_INLINE_CODE.sub(" ", line))
    return "\n".join(kept)


KNOWN_PLACEHOLDERS = ("name", "first_name", "subject", "agent", "due", "shop", "order", "date")
"""Words in braces that are placeholders wherever they stand, outside code."""

_KNOWN = re.compile(rf"(?<![$\\])\{{(?:{'|'.join(KNOWN_PLACEHOLDERS)})\}}", re.IGNORECASE)
_ANY_PLACEHOLDER = re.compile(r"(?<![\w$\\{}%#@)\]])\{\{?[^\W\d_][\w' -]{0,38}\w\}\}?(?![\w{}])")


def placeholders(text: str) -> tuple[str, ...]:
    """What in `text` stands for words still to be written, such as `{order number}`, in its order, with its braces.

    Not in code, in quoted text or in the signature; and no braces of a formula, a price or a program: what is in a
    placeholder are words, and it touches no other.
    """
    if "{" not in text:
        return ()
    found: list[str] = []
    for line in without_code(own_words(text)).split("\n"):
        pattern = _KNOWN if line.startswith(("    ", "\t")) else _EITHER
        found += (one[0] for one in pattern.finditer(line))
    return tuple(dict.fromkeys(found))


_EITHER = re.compile(f"{_KNOWN.pattern}|{_ANY_PLACEHOLDER.pattern}", re.IGNORECASE)
