"""A note that only the team sees; @name puts it in front of a teammate."""

from __future__ import annotations

import re
from collections.abc import Collection

from inbox.actions.facts import one
from inbox.model import Event, EventType, Instant, Message, Refusal, Who
from inbox.ports import Content, Decision, Fact, State

scope = one
_MENTION = re.compile(r"(?<![\w.])@([\w.-]*\w)")


def decide(
    state: State, who: Who, now: Instant, *, conversation: int, text: str, team: Collection[str] = ()
) -> Decision:
    """Write `text` down as a note. `team`: the names of all teammates, one of which @name is in any case."""
    text = text.strip()
    if not text:
        return Refusal("The note is empty.", "Write something, or leave with Esc.")
    called = {name.casefold(): name for name in team}
    named = sorted({called.get(name.casefold(), name) for name in _MENTION.findall(text)})
    event = Event(
        EventType.NOTED, now, who.name, conversation, data={"mentions": named} if named else {}, recorded=now
    )
    return [Fact(event, Content(Message(text=text, reply=text), "note", now, author=who.name))]
