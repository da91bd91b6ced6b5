"""The customer is upset: decided as their message comes in, or said by a person (docs/customers.md, "Upset")."""

from __future__ import annotations

from collections.abc import Sequence

from inbox.actions.facts import happened
from inbox.fold import carries
from inbox.model import Conversation, Event, EventType, Instant, Message, Refusal, Status, Who
from inbox.moods import APART, IMPORT, Moods
from inbox.ports import Decision, Fact, Lately, Scope, State
from inbox.settings import Watched

OFF = Refusal("The customer does not count as upset here.", "“upset” says that they are.")
ON = Refusal(
    "The customer counts as upset already.", "“upset” says that they are not: frontdesk upset --off."
)


def scope(conversation: int, **_: object) -> Scope:
    """The conversation, and by which signs it was called upset."""
    return Scope(conversations=(conversation,), events=(conversation,))


def decide(state: State, who: Who, now: Instant, *, conversation: int, upset: bool | None = None) -> Decision:
    """A person says that the customer is upset, or is not (None: the other of what is). The same signs do not raise it
    again then."""
    here = state.conversations[conversation]
    wanted = not here.upset if upset is None else upset
    if wanted == here.upset:
        return ON if here.upset else OFF
    if wanted and here.status in (Status.CLOSED, Status.SPAM):
        return Refusal("It is closed: nobody waits here.", "“reopen” opens it again.")
    raised = [e for e in state.events.get(conversation, ()) if e.type is EventType.UPSET and not e.void]
    message = raised[-1].message if raised and not wanted else None  # it goes wherever what it is about goes
    return [happened(EventType.UPSET, conversation, who, now, message=message, upset=wanted)]


def because(events: Sequence[Event]) -> tuple[tuple[str, ...], str]:
    """Of a conversation whose customer is upset: the codes of the signs, oldest first, and who said so where a person
    did ("" where none did)."""
    moods, signs, who = Moods(), dict[str, None](), ""
    for event in events:
        if event.void:
            continue
        if carries(event):
            moods.carried(event)
        elif event.type is EventType.UPSET:
            moods.said(event)
            codes = event.data.get("signs", ())
            signs.update(dict.fromkeys(codes))
            if not event.data["upset"]:
                who = ""
            elif not codes:
                who = event.who
    standing = set(moods.signs) - set(moods.denied)
    return tuple(sign for sign in signs if sign in standing), who


def in_words(conversation: Conversation, events: Sequence[Event], *, short: bool = False) -> str:
    """Why the customer of a conversation counts as upset, as people read it; "" where they do not."""
    from inbox.upset import in_short
    from inbox.upset import in_words as told

    if not conversation.upset:
        return ""
    signs, who = because(events)
    said = f"{who} says so" if who else ""
    why = in_short(signs) if short else told(signs)
    return " · ".join(each for each in (said, why) if each)


def signs_of(
    message: Message,
    here: Conversation | None,
    at: Instant,
    lately: Sequence[Lately],
    watched: Watched,
    *,
    history: bool = False,
) -> tuple[str, ...]:
    """The codes of the signs by which the customer who wrote `message` is upset, where at least one of them is new;
    else (). `here` is where it joins, None where it begins a conversation. Of history, which comes in
    any order, only the text counts."""
    from inbox.upset import judged, own_words  # its tables are read when the first message comes

    known: tuple[str, ...] = ()
    messages = 1
    if here is not None and not history:
        known = here.signs
        again = here.last_customer_at is None or at - here.last_customer_at >= APART
        messages = here.contacts + (again or not here.contacts)
    others = lately if here is None and not history else ()
    passed_on = bool(message.on_behalf_of)
    text = own_words(message.text if passed_on else message.reply, passed_on=passed_on)
    signs = judged(text, message.subject, watched, messages=messages, others=others)
    return signs if set(signs) - set(known) else ()


def raised(
    signs: Sequence[str], conversation: int, who: Who, at: Instant, now: Instant, *, history: bool = False
) -> Fact:
    """The event that a message brings, in the same transaction; the store says which message it was."""
    data = {"upset": True, "signs": list(signs)}
    return Fact(
        Event(
            EventType.UPSET,
            at,
            who.name,
            conversation,
            why=IMPORT if history else "",
            data=data,
            recorded=now,
        ),
        with_message=True,
    )
