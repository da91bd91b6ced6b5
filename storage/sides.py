"""Saying who is us: it is recorded, and who wrote each message is derived again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from inbox.actions import sides
from inbox.model import Event, EventType, Instant, Message, Who
from inbox.ports import Decide, Fact, Scope
from inbox.us import Us
from storage.contents import message_of

if TYPE_CHECKING:
    import sqlite3

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

    Replies that left through our outbox, and what came where others can put mail too, stay as they are. A death in the
    middle is made up for by saying it again.
    """
    found = json.loads((store.read("SELECT value FROM meta WHERE name = 'us'") or [("{}",)])[0][0])
    was = found.get("was", found.get("words", []))  # "was": said before, and not derived to the end
    old, new = Us.of(was), Us.of(words)
    event = Event(EventType.SETTINGS, now, "settings", data={"us": sorted(words), "said": said}, recorded=now)
    with store.writing() as transaction:
        transaction.decide(Scope(), lambda _state, _who, _now: [Fact(event)], Who("settings"), now)
        since = found.get("since", transaction.events[0].seq)
        _keep(transaction.connection, words, said, {} if old == new else {"was": was, "since": since})
    if old == new:
        return 0
    count = 0

    def after(result: object) -> None:
        nonlocal count
        if isinstance(result, list):
            count += 1
            progress(count)

    store.change_each(_changes(store, old, new), Who("settings"), now, after=after)

    def settling() -> Iterator[tuple[Scope, Decide]]:
        for (number,) in store.read(
            "SELECT DISTINCT home FROM events WHERE seq > ? AND type = ?", (since, int(EventType.SIDE))
        ):
            yield Scope(conversations=(number,)), _settling(number, open_for)

    store.change_each(settling(), Who("import"), now)
    with store.writing() as transaction:
        _keep(transaction.connection, words, said, {})
    return count


def _keep(connection: sqlite3.Connection, words: list[str], said: bool, unfinished: dict[str, Any]) -> None:
    value = json.dumps({"words": sorted(words), "said": said, **unfinished}, ensure_ascii=False)
    connection.execute("INSERT OR REPLACE INTO meta(name, value) VALUES('us', ?)", (value,))


def _changes(store: Workspace, old: Us, new: Us) -> Iterator[tuple[Scope, Decide]]:
    """For every message that lay where only we can put it and whose sender is on another side now, the change that
    says so."""
    rows = store.read(
        "SELECT m.id, m.conversation, m.direction FROM events e JOIN messages m ON m.id = e.message"
        " WHERE e.type = ? AND json_extract(e.data, '$.trusted') AND m.conversation IS NOT NULL ORDER BY m.id",
        (int(EventType.RECEIVED),),
    )
    for number, conversation, direction in rows:
        details = store.details(number)
        message = message_of(details)
        senders = message.sender
        if not senders or old.is_us(senders[0].address) == new.is_us(senders[0].address):
            continue
        if details.get("automatic") or message.on_behalf_of:
            continue
        was = "us" if direction == "out" else "customer"
        yield sides.scope(conversation, message), _deciding(conversation, number, message, new, was)


def _deciding(conversation: int, number: int, message: Message, us: Us, was: str) -> Decide:
    return lambda state, who, now: sides.decide(
        state, who, now, conversation=conversation, number=number, message=message, us=us, was=was
    )


def _settling(conversation: int, open_for: int) -> Decide:
    return lambda state, who, now: sides.settle(state, who, now, conversation=conversation, open_for=open_for)
