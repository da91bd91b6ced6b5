"""What rules did, as people and programs read it: in the stream of a conversation, by `frontdesk why`, in lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from inbox.jsonform import instant_as_json
from inbox.model import Event, EventType


def in_words(event: Event) -> str:
    """One FIRED event in a line: which rule, what it did, and why. Not sanitised."""
    data = event.data
    held = ", ".join(data.get("held", ()))
    because = f" (because of {held})" if held else ""
    if event.why:
        return f"! rule {data.get('rule', '')}: {event.why}{because}"
    return f"rule {data.get('rule', '')}: {'; '.join(data.get('did', ()))}{because}"


def fired(events: Iterable[Event]) -> Iterator[Event]:
    """The events by which rules did something in a conversation, as recorded."""
    return (event for event in events if event.type is EventType.FIRED and not event.void)


def as_object(event: Event) -> dict[str, Any]:
    """One FIRED event for programs."""
    data = event.data
    return {
        "rule": data.get("rule", ""),
        "at": instant_as_json(event.at),
        "event": data.get("event"),
        "held": list(data.get("held", ())),
        "did": list(data.get("did", ())),
        "depth": data.get("depth", 1),
        "stopped": event.why or None,
    }
