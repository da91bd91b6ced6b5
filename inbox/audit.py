"""The record as a trail: who did what, when, which way they came in, why, and what was taken back since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any, NamedTuple, Protocol

from inbox.jsonform import instant_as_json
from inbox.model import Event, Instant, Refusal, Role, Who


class Entry(NamedTuple):
    """One event as a trail tells it. `home`: the conversation it counts for now; `way`: which way whoever did it came in
    ("screen", "command close over SSH"; "" where no person did it, or nobody noted it); `undone`: who took it back, when."""

    event: Event
    home: int | None = None
    way: str = ""
    undone: tuple[str, Instant] | None = None


class AuditBook(Protocol):
    """The record, asked for trails, the oldest first. What restricted mailboxes hold is left out for who may not see it."""

    def of_conversation(self, conversation: int) -> list[Entry]:
        """All that happened to a conversation."""

    def of_person(self, name: str, since: Instant, until: Instant) -> list[Entry]:
        """All that somebody did, written down in [since, until)."""

    def of_the_house(self, since: Instant, until: Instant) -> list[Entry]:
        """What belongs to no conversation: settings, the team, issues, customers, what was erased, what was written out."""


def refused(who: Who, about: str | None) -> Refusal | None:
    """Why somebody may not look at the trail of a person (None: that of the house); None where they may."""
    if who.role is Role.OWNER or about == who.name:
        return None
    whose = "what belongs to no conversation" if about is None else "what others did"
    return Refusal(
        f"An owner sees {whose}.",
        f"Your own: frontdesk audit --who {who.name}; of a conversation: frontdesk audit ID",
    )


def in_words(entry: Entry, zone: tzinfo) -> str:
    """What happened, in one line without its time: who, what, to what, why."""
    event = entry.event
    told = "; ".join(f"{key} {value}" for key, value in _details(event.data, zone))
    words = f"{event.who}: {what(event)}"
    words += f" ({told})" if told else ""
    words += f" - {event.why}" if event.why else ""
    return words


def what(event: Event) -> str:
    """What an event says, as `--json` and `show --json` call it."""
    return event.type.name.lower().replace("_", "-")


_INSTANTS = frozenset(
    {"until", "due", "aim", "not_before", "later", "since", "closed_at", "snoozed_until", "held_until"}
)
_NUMBERS_ONLY = frozenset({"events", "messages"})


def _details(data: Mapping[str, Any], zone: tzinfo) -> Iterator[tuple[str, str]]:
    from datetime import datetime

    for key, value in data.items():
        name = key.replace("_", " ")
        if key in _NUMBERS_ONLY:
            yield name, str(len(value))
        elif key in _INSTANTS and isinstance(value, int):
            yield name, datetime.fromtimestamp(value, zone).strftime("%Y-%m-%d %H:%M")
        elif isinstance(value, bool):
            yield name, "yes" if value else "no"
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield name, ", ".join(map(str, value))
        else:
            yield name, str(value)


def as_object(entry: Entry) -> dict[str, Any]:
    """An entry as `frontdesk audit --json` prints it."""
    event = entry.event
    undone = entry.undone
    return {
        "seq": event.seq,
        "at": instant_as_json(event.at),
        "recorded": instant_as_json(event.recorded),
        "who": event.who,
        "way": entry.way or None,
        "what": what(event),
        "conversation": None if entry.home is None else str(entry.home),
        "message": None if event.message is None else str(event.message),
        "why": event.why,
        "detail": dict(event.data),
        "undone": None if undone is None else {"who": undone[0], "at": instant_as_json(undone[1])},
    }
