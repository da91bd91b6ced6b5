"""What is found out for a rule before it is asked or does something: how a conversation stood, and what it would send."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from inbox.fold import BRINGS
from inbox.model import Conversation, Event, EventType, Instant, Refusal
from inbox.queries import Facts, MessageFacts
from inbox.rules.deciding import Broken, Cause, Letter, Means
from inbox.rules.matching import Scene, message_facts
from inbox.rules.reading import Do, On, Rule
from inbox.text import one_line

if TYPE_CHECKING:
    from inbox.listing import Row
    from inbox.model import Message
    from inbox.ports import Reader, Workspace
    from inbox.rules.walking import Step
    from inbox.settings import Settings

LONGEST_PLACE = 120
"""Characters that a place in a note is filled with."""


def scene_of(store: Reader, step: Step, conversation: int) -> Scene:
    """A conversation as it was after an event."""
    row = next(iter(store.rows([conversation])), None)
    vip = "vip" in step.state.tags or (row is not None and _is_of_vip(store, row))
    return Scene(
        _facts(row, step.state, vip),
        step.at,
        partial(_messages, store, conversation, step.events),
        partial(_message, store, step.event),
        partial(_deadlines, store, step.state, step.events, vip, step.at),
    )


def standing_scene(store: Reader, conversation: int, now: Instant) -> Scene | None:
    """A conversation as it stands; None when there is none."""
    row = next(iter(store.rows([conversation])), None)
    if row is None:
        return None
    due = (row.due_at, row.warn_at)
    return Scene(
        _facts(row, row.conversation, row.vip),
        now,
        lambda: tuple(map(message_facts, store.items(conversation))),
        deadlines=lambda: due,
    )


def _is_of_vip(store: Reader, row: Row) -> bool:
    """Whether the customer is a VIP now, which a row is also by a tag it carries by now."""
    here = row.conversation
    if "vip" not in here.tags or not row.vip:
        return row.vip
    customer = store.customer(here.customer) if here.customer is not None else None
    return customer is not None and customer.vip


def _facts(row: Row | None, state: Conversation, vip: bool) -> Facts:
    """What is known of a conversation in a state; its customer is as they are now."""
    if row is None:
        return Facts(state, vip=vip)
    known = state._replace(customer=row.conversation.customer)
    return Facts(
        known,
        vip=vip,
        upset=state.upset,
        customer_name=row.customer_name,
        identities=(*row.customer_addresses, *row.customer_handles),
    )


def _message(store: Reader, event: Event) -> MessageFacts | None:
    item = store.item(event.message) if event.message is not None else None
    return message_facts(item) if item is not None else None


def _messages(store: Reader, conversation: int, events: Sequence[Event]) -> tuple[MessageFacts, ...]:
    there = {event.message for event in events if event.type in BRINGS and not event.void}
    return tuple(message_facts(item) for item in store.items(conversation) if item.id in there)


def _deadlines(
    store: Reader, state: Conversation, events: Sequence[Event], vip: bool, at: Instant
) -> tuple[Instant | None, Instant | None]:
    """When it was due then, and when that began to warn, under the policy that came to hold by those events."""
    from inbox.policies import deadlines

    change = store.book.change(state, vip, events, at)
    found = deadlines(state, (*events, change) if change is not None else events, store.book, at)
    due = None if state.sending and state.waiting_since is None else found.due_at
    return due, found.warn_at if due is not None else None


# --------------------------------------------------------------------------- what is written


def means(
    store: Workspace, settings: Settings, rule: Rule, cause: Cause, step: Step | None, now: Instant = 0
) -> Means:
    """What places in its texts stand for, and its letters. Broken when a saved reply is gone."""
    row = next(iter(store.rows([cause.conversation])), None) if cause.conversation is not None else None
    writes = [n for n, action in enumerate(rule.then) if action.do in (Do.SEND, Do.DRAFT)]
    for number in writes:
        saved_text(
            store, rule.then[number].words[0]
        )  # one that is gone stops the rule before it does anything
    letters = {
        number: _letter(store, settings, rule, row, rule.then[number].words[0], step, now)
        for number in writes
        if rule.then[number].do is Do.SEND
    }
    chooses = row is not None and any(action.chooses for action in rule.then)
    speakers = _speakers(store, row) if row is not None and chooses else frozenset()
    return Means(settings, _places(row, settings) if row is not None else {}, letters, speakers)


def _speakers(store: Workspace, row: Row) -> frozenset[str]:
    """Who answers in the language of the customer: what a person said of them, else what they wrote in last. Nobody where
    that is not certain, or nobody has said in which languages they answer."""
    from inbox.below import answered_in

    answers = store.documents.answers_in()
    if not answers:
        return frozenset()
    whose = row.conversation.customer
    customer = store.customer(whose) if whose is not None else None
    language = answered_in(customer, store.items(row.conversation.id, LATELY))
    return frozenset(name for name, languages in answers.items() if language in languages)


def saved_text(store: Workspace, name: str) -> str:
    """The text of a saved reply. Broken when there is none of that name."""
    from inbox.nearest import nearest

    replies = {each.name.casefold(): each for each in store.documents.saved_replies()}
    found = replies.get(name.casefold())
    if found is None:
        near = nearest(name, [each.name for each in replies.values()])
        raise Broken(f"There is no saved reply “{one_line(name, 60)}”{near}", "frontdesk saved lists them.")
    return found.text


def filled_text(store: Workspace, settings: Settings, name: str, row: Row) -> str:
    """A saved reply with all places filled that are known."""
    from inbox.saved_replies import Known, filled

    known = Known(name=row.customer_name, subject=row.subject, shop=settings.shop or "")
    return filled(saved_text(store, name), known)


LATELY = 5
"""Newest messages of a conversation that tell the language of the customer."""


def _places(row: Row, settings: Settings) -> dict[str, str]:
    from inbox.first_names import first_name_in

    name = "" if "@" in row.customer_name else row.customer_name
    values = {
        "first_name": first_name_in(row.customer_name),
        "name": name,
        "subject": row.subject,
        "shop": settings.shop or "",
        "id": str(row.conversation.id),
    }
    return {place: one_line(value, LONGEST_PLACE).replace("@", "(at)") for place, value in values.items()}


def _letter(
    store: Workspace,
    settings: Settings,
    rule: Rule,
    row: Row | None,
    name: str,
    step: Step | None,
    now: Instant,
) -> Letter | Refusal:
    """What a rule would send, and to whom; or why it sends nothing."""
    if not (settings.automatic_sending and rule.automatic):
        return Refusal("Automatic sending is off.", "automatic_sending = true allows it.")
    if row is None:
        return Refusal("There is nobody to write to.")
    from inbox.actions import reply
    from inbox.actions.auto_reply import correspondent
    from inbox.below import answered_in, format_for, signature_for

    whose = row.conversation.customer
    customer = store.customer(whose) if whose is not None else None
    text = filled_text(store, settings, name, row)
    left = _unfilled(text)
    if left:
        return Refusal(f"{left} could not be filled.")
    from inbox.answering import prepare

    items = store.items(row.conversation.id)
    prepared = prepare(items, settings.us, _senders(settings, row.conversation.mailbox))
    if prepared.sender is None or prepared.item is None or not prepared.to:
        return Refusal("There is nobody to write to by mail.")
    if rule.on is On.MESSAGE_IN and step is not None and step.event.type is EventType.RECEIVED:
        answered = _answered(store, step.event.message)
        if answered is None:
            return Refusal("What came is no mail that could be answered.")
        to = correspondent(answered)
        item = next((one for one in items if one.id == step.event.message), prepared.item)
    else:
        answered, to, item = None, prepared.to[0], prepared.item
        if customer is not None and customer.stop:
            return Refusal("The customer wants answers only.")
    if to and store.refused_addresses([to]):
        return Refusal(f"Nobody is at {one_line(to, 80)}.")
    made = reply.make(
        text=text,
        to=[to],
        sender=prepared.sender,
        date=now,
        item=item,
        signature=signature_for(settings, prepared.sender, answered_in(customer, items)),
        form=format_for(settings, prepared.sender),
        automatic="auto-replied" if answered is not None else "auto-generated",
    )
    return made if isinstance(made, Refusal) else Letter(made, to, answered)


def _senders(settings: Settings, mailbox: str | None) -> list[str]:
    """Our addresses, that of the conversation's mailbox first."""
    ordered = sorted(settings.mailboxes, key=lambda each: each.name != mailbox)
    return [each.address for each in ordered]


def _unfilled(text: str) -> str:
    """The first place of a text that nobody has filled; "" when there is none."""
    from inbox.typed import placeholders

    return next(iter(placeholders(text)), "")


def _answered(store: Reader, message: int | None) -> Message | None:
    """A mail that came, as it is read from its bytes."""
    raw = store.raw(message) if message is not None else None
    if raw is None:
        return None
    from inbox import mime

    return mime.parse(raw)
