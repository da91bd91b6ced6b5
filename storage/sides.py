"""Saying who is us: it is recorded, and who wrote each message is derived again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from inbox.actions import sides
from inbox.model import Address, Event, EventType, Instant, Message, Who
from inbox.ports import Decide, Fact, Scope
from inbox.us import Us

if TYPE_CHECKING:
    from storage.workspace import Workspace


def set_us(
    store: Workspace,
    words: list[str],
    *,
    said: bool,
    now: Instant,
    open_for: int,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Record who is us, and derive who wrote each message again where that changes; how many messages changed.

    Replies that left through our outbox, and what came while a From of ours could not be believed, stay as they are.
    """
    old, _ = store.known_us()
    new = Us.of(words)
    value = json.dumps({"words": sorted(words), "said": said}, ensure_ascii=False)
    event = Event(EventType.SETTINGS, now, "settings", data={"us": sorted(words), "said": said}, recorded=now)
    with store.writing() as transaction:
        transaction.decide(Scope(), lambda _state, _who, _now: [Fact(event)], Who("settings"), now)
        transaction.connection.execute("INSERT OR REPLACE INTO meta(name, value) VALUES('us', ?)", (value,))
    if old == new:
        return 0
    changed: set[int] = set()
    count = 0

    def after(result: object) -> None:
        nonlocal count
        if isinstance(result, list):
            count += 1
            changed.update(e.conversation for e in result if e.conversation is not None)
            progress(count)

    store.change_each(_changes(store, old, new), Who("settings"), now, after=after)

    def settling() -> Iterator[tuple[Scope, Decide]]:
        for number in sorted(changed):
            yield Scope(conversations=(number,)), _settling(number, open_for)

    store.change_each(settling(), Who("import"), now)
    return count


def _changes(store: Workspace, old: Us, new: Us) -> Iterator[tuple[Scope, Decide]]:
    """For every believed message whose sender is on another side now, the change that says so."""
    rows = store.read(
        "SELECT m.id, m.conversation, m.direction FROM messages m WHERE m.direction IN ('in', 'out') AND m.conversation"
        " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = m.id) ORDER BY m.id"
    )
    for number, conversation, direction in rows:
        details = store.details(number)
        senders = tuple(Address(*pair) for pair in details.get("from", ()))
        if not senders or old.is_us(senders[0].address) == new.is_us(senders[0].address):
            continue
        if details.get("automatic"):
            continue
        message = Message(
            sender=senders,
            to=tuple(Address(*pair) for pair in details.get("to", ())),
            cc=tuple(Address(*pair) for pair in details.get("cc", ())),
            reply_to=tuple(Address(*pair) for pair in details.get("reply_to", ())),
        )
        was = "us" if direction == "out" else "customer"
        yield sides.scope(conversation, message), _deciding(conversation, number, message, new, was)


def _deciding(conversation: int, number: int, message: Message, us: Us, was: str) -> Decide:
    return lambda state, who, now: sides.decide(
        state, who, now, conversation=conversation, number=number, message=message, us=us, was=was
    )


def _settling(conversation: int, open_for: int) -> Decide:
    return lambda state, who, now: sides.settle(state, who, now, conversation=conversation, open_for=open_for)
