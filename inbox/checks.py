"""What must hold before a reply is sent (docs/answering.md): hard stops, and hints.

Pure, and quick enough to run again with each pause in typing. A stop keeps the letter here until it is mended, or
overridden with a reason where it can be; a hint only says what may have been overlooked. No check raises, whatever the
text is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from inbox.addresses import fold_address
from inbox.answering import is_no_reply
from inbox.hints import hints
from inbox.model import Address, Event, EventType
from inbox.recipients import parse_recipients
from inbox.text import one_line, sanitise
from inbox.typed import KNOWN_PLACEHOLDERS, own_words, placeholders
from inbox.written import LONGEST_SAID, Against, Check, File, Written, typed_recipients

if TYPE_CHECKING:
    from inbox.ports import Item

__all__ = ["KNOWN_PLACEHOLDERS", "NEVER", "Against", "Check", "File", "Written", "checks", "placeholders"]
"""With the words in which checks are asked and answered (`inbox.written`, `inbox.typed`)."""

NEVER = frozenset({"empty", "missing", "unparsed", "sender"})
"""Stops that no reason overrides: there would be nothing to send, nobody to send it to, or nobody to send it from."""


def checks(written: Written, against: Against) -> tuple[Check, ...]:
    """All that does not hold, stops before hints; those that no reason overrides first. A note is only looked at for
    being empty."""
    return (*stops(written, against), *hints(written, against))


def stops(written: Written, against: Against) -> tuple[Check, ...]:
    """What keeps the letter here."""
    found = list(_empty(written))
    if written.kind != "note":
        found += _placeholders(written)
        if not written.by_hand:
            recipients = recipients_of(written)
            found += to_nobody(written)
            found += _from_elsewhere(recipients, written, against)
            found += _unreachable(recipients, written, against)
        found += newer(against.events, against.who, against.seen)
    return tuple(sorted(found, key=lambda check: check.overridable))


# ---------------------------------------------------------------------- stops


def _stop(name: str, words: str, next_step: str, mend: str, subject: str = "") -> Check:
    return Check("stop", name, words, next_step, mend, name not in NEVER, subject)


def recipients_of(written: Written) -> list[Address]:
    """Everybody it goes to whose address can be read, each once."""
    return parse_recipients(typed_recipients(written))[0]


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
    recipients, unparsed = parse_recipients(typed_recipients(written))
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
        if item.direction != "note" and item.state != "held":  # what is held has told nobody anything
            for address in (*item.sender, *item.to, *item.cc, *item.reply_to, *item.on_behalf_of):
                yield fold_address(address.address)
            yield from (fold_address(recipient.address) for recipient in item.recipients)


def _unreachable(recipients: Sequence[Address], written: Written, against: Against) -> Iterator[Check]:
    addresses = [address.address for address in recipients]
    yield from nobody_reads(addresses)
    yield from refused_before(addresses, against.refused)
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


def refused_before(recipients: Sequence[str], answers: Mapping[str, str]) -> list[Check]:
    """A stop for each address that a server has refused for good; `answers`: what it said, by the folded address."""
    found = []
    for address in recipients:
        if (words := answers.get(fold_address(address))) is not None:
            said = f": {one_line(words, 200)}" if words else ""
            found.append(
                _stop(
                    "refused",
                    f"Nobody is at {one_line(address, LONGEST_SAID)}{said.rstrip('.')}.",
                    "Find out another address, or give a reason to try again.",
                    "recipients",
                    address,
                )
            )
    return found


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
        ours = event.type in (EventType.QUEUED, EventType.SENT_BY_HAND, EventType.CALLED) or (
            event.type is EventType.RECEIVED
            and event.data.get("side") == "us"
            and not event.data.get("history")
        )
        if event.seq > seen and ours and not event.void and event.who != who:
            return event
    return None
