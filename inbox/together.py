"""Why the messages of a conversation lie together: where each was placed, and what was joined, parted and moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from inbox.model import Event, EventType, Instant


class Reason(NamedTuple):
    """One reason. `message`: the one that was placed, None where others were moved. `sure` says how far it is proven
    by ids; `new_sender`: whoever wrote it had no part here before. `quiet`: why it marks nothing, "" where it does."""

    at: Instant
    message: int | None
    words: str
    sure: bool = True
    new_sender: bool = False
    quiet: str = ""

    @property
    def in_words(self) -> str:
        """The reason with its confidence, as one line."""
        marks = ", not sure" * (not self.sure) + ", a new sender" * self.new_sender
        quiet = f"; its sender is {self.quiet}: it marks nothing" if self.quiet else ""
        return f"{self.words}{marks}{quiet}"


def reasons(events: Iterable[Event]) -> Iterator[Reason]:
    """Every reason, in the order of the record. Words quote who acted, and are not sanitised."""
    for event in events:
        data = event.data
        if event.type is EventType.RECEIVED and "place" in data:
            sure, new = bool(data.get("sure", True)), bool(data.get("new_sender"))
            yield Reason(event.at, event.message, data["place"], sure, new, event.why)
        elif event.void:
            continue
        elif event.type is EventType.MERGED:
            yield Reason(event.at, None, _because(f"{data['from']} was joined with it by {event.who}", event))
        elif event.type is EventType.PARTED:
            yield Reason(event.at, None, parted(event))
        elif event.type is EventType.SUGGESTED:
            what = "looks like a chat" if data.get("chat") else f"looks like part of {data['with']}"
            words = _because(what, event)
            yield Reason(event.at, None, words, sure=False)
        elif event.type is EventType.DECLINED:
            what = "no chat" if data.get("chat") else f"no part of {data['with']}"
            yield Reason(event.at, None, f"{what}, {event.who} said")
        elif event.type is EventType.CHAT_TAKEN:
            yield Reason(event.at, event.message, f"told of this chat, {event.who} said")


def newcomers(events: Iterable[Event]) -> frozenset[int]:
    """The messages whose sender had no part in the conversation before."""
    return frozenset(e.message for e in events if e.message is not None and e.data.get("new_sender"))


def parted(event: Event) -> str:
    """What PARTED says, in words: of the conversation that gave, or of the one that has the messages."""
    count = len(event.data["messages"])
    many = f"{count} messages" if count > 1 else "a message"
    if "to" in event.data:
        return _because(f"{many} went to {event.data['to']}, moved by {event.who}", event)
    if event.data.get("new"):
        return _because(f"split from {event.data['from']} by {event.who}, with {many}", event)
    return _because(f"{many} came from {event.data['from']}, moved by {event.who}", event)


def _because(words: str, event: Event) -> str:
    return f"{words} ({event.why})" if event.why else words
