"""A mail told of a chat: the lines of that are messages of their own, and the mail is kept with them as what brought them.

It stays a message, with its bytes as they came; it says in a sentence what became of it, and counts as nothing that anybody
wrote: its sender is a program.
"""

from __future__ import annotations

from dataclasses import replace

from inbox.actions import merge, part
from inbox.chat.shape import Place
from inbox.fold import BRINGS, folded
from inbox.model import Automatic, Conversation, Event, EventType, Instant, Message, Refusal, Who
from inbox.ports import Content, Decision, Fact, Scope, State

WORDS = "This mail told of a chat: what was said in it stands here line by line, each as of when it was said."
WHY = "it told of a chat"
_GONE = Refusal(
    "Nothing here looks like a chat any more.", "A colleague has taken it, or has said that it is none."
)


def as_kept(message: Message) -> Message:
    """The mail as it is kept beside its chat: a program's, whose words stand elsewhere."""
    automatic = Automatic(True, True, False, (WHY,))
    return replace(message, text=WORDS, reply=WORDS, quoted="", signature="", automatic=automatic)


def scope(
    conversation: int, message: int, last: Place | None = None, mail: Message | None = None, raw: bytes = b""
) -> Scope:
    """The conversation the mail lies in, its events, and where the chat is."""
    places = (last,) if last is not None else ()
    return Scope(conversations=(conversation,), events=(conversation,), chat=places)


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    message: int,
    last: Place | None = None,
    mail: Message | None = None,
    raw: bytes = b"",
) -> Decision:
    """Put a mail that looks like a chat to that chat, whose lines are here by now; `last` is the last of them."""
    events = state.events[conversation]
    if last is None or mail is None:
        return Refusal("It is taken as a chat where it is read.", "frontdesk take-chat ID does that, too.")
    into = state.chat.known.get(last.line) if state.chat is not None else None
    if into is None or message not in folded(conversation, events).chat_mails:
        return _GONE
    facts = []
    if into != conversation:
        facts = _moved(state, who, now, conversation, into, message)
    event = Event(EventType.CHAT_TAKEN, now, who.name, into, message, recorded=now)
    at = next(each.at for each in events if each.message == message and each.type in BRINGS)
    return [*facts, Fact(event, Content(as_kept(mail), "in", at, raw))]


def _moved(state: State, who: Who, now: Instant, conversation: int, into: int, message: int) -> list[Fact]:
    """The events by which the mail goes to its chat, which stands afterwards as it did; all of its conversation goes, where
    nothing else was said there."""
    here, after = state.conversations[conversation], state.conversations[into]
    after = after._replace(assignee=after.assignee or here.assignee)
    lying = part.lying_in(state.events[conversation])
    if all(each == message or kind is EventType.NOTED for each, kind in lying.items()):
        return [merge.joining(state, who, now, after, conversation, WHY)]
    went, *left = part.parting(state, who, now, conversation, into, [message], why=WHY)
    return [went._replace(event=replace(went.event, data=_standing(went.event, after))), *left]


def _standing(event: Event, after: Conversation) -> dict[str, object]:
    """What a parting says, with the conversation standing as before."""
    stands = {**merge.standing(after), "assignee": after.assignee, "unread": after.unread or None}
    data = {**event.data, **stands}
    return {key: value for key, value in data.items() if value is not None}
