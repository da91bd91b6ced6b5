"""The one way to change: loaded under the lock, decided, recorded, derived; or nothing at all."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC
from itertools import pairwise
from pathlib import Path

import pytest

from inbox.actions import decision
from inbox.model import EventType, Role, Status, Who
from inbox.ports import Decision, Scope, State
from inbox.queries import parse
from storage.packing import Packing
from storage.workspace import open_store
from tests.stores import Desk, desk, everything


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    here = desk(tmp_path)
    yield here
    here.store.close()


def test_a_change_is_there_for_whoever_opens_the_workspace_next(shop: Desk, tmp_path: Path) -> None:
    number = shop.gets()
    shop.did("ann", "assign", conversation=number, to="bo")
    shop.store.close()
    shop.store = open_store(tmp_path / "workspace")
    assert shop.state(number).assignee == "bo"
    assert [e.type for e in shop.store.events(number)][-1] is EventType.ASSIGNED
    shop.verified()


@pytest.mark.parametrize("verb", ["assign-me", "close", "spam", "reopen"])
def test_a_reader_is_refused_under_the_lock_and_nothing_is_written(shop: Desk, verb: str) -> None:
    number = shop.gets()
    before = everything(shop.store)
    outcome = shop.do("rob", verb, Role.READER, conversation=number)
    assert outcome.refusal is not None
    assert "reader" in outcome.refusal.reason
    assert everything(shop.store) == before


def test_a_trainee_calls_nothing_spam_and_a_reply_of_hers_waits_for_a_yes(shop: Desk) -> None:
    number = shop.gets()
    assert shop.do("tia", "spam", Role.TRAINEE, conversation=number).refusal is not None
    shop.do(
        "tia",
        "reply",
        Role.TRAINEE,
        conversation=number,
        text="Soon!",
        to=["jo@park.example"],
        sender="support@shop.example",
    )
    assert (shop.state(number).approvals, shop.state(number).sending) == (1, 0)
    assert shop.store.sending.due(shop.now + 9999) == []
    shop.verified()


def test_a_key_makes_a_change_happen_once(shop: Desk) -> None:
    number = shop.gets()
    first = shop.do("ann", "note", key="k1", conversation=number, text="Called her.")
    again = shop.do("ann", "note", key="k1", conversation=number, text="Called her.")
    assert (first.again, again.again) == (False, True)
    assert again.events == ()
    assert [item.text for item in shop.store.items(number) if item.direction == "note"] == ["Called her."]


def test_a_refused_change_does_not_use_its_key_up(shop: Desk) -> None:
    number = shop.gets()
    shop.did("ann", "assign", conversation=number, to="ann")
    assert shop.do("bo", "take-next", key="k", conversation=number).refusal is not None
    shop.did("ann", "assign", conversation=number, to=None)
    assert shop.do("bo", "take-next", key="k", conversation=number).events


def test_what_fails_half_way_leaves_no_trace(shop: Desk) -> None:
    number = shop.gets()
    before = everything(shop.store)
    scope, decide = decision("note", conversation=number, text="Half a note")

    def breaks(state: State, who: Who, now: int) -> Decision:
        facts = decide(state, who, now)
        assert not isinstance(facts, type(None))
        return [*facts, None]  # type: ignore[list-item,misc]  # a mistake of ours: the second fact is none

    with pytest.raises(AttributeError):
        shop.store.change(scope, breaks, Who("ann"), shop.tick())
    assert everything(shop.store) == before
    shop.verified()
    shop.did("ann", "note", conversation=number, text="A whole one")  # the lock was given back
    shop.verified()
    found = [
        [hit.conversation for hit in shop.store.search(parse(word, shop.now, UTC), Who("ann"), shop.now)]
        for word in ("half", "whole")
    ]
    assert found == [[], [number]]


def test_a_decision_that_is_refused_by_the_database_passes_as_it_is(shop: Desk) -> None:
    """A constraint is a mistake of ours, not trouble with the disk: nobody should look for a backup."""
    number = shop.gets()
    with pytest.raises(sqlite3.IntegrityError), shop.store.writing() as transaction:
        transaction.connection.execute("INSERT INTO customers(id, name, folded) VALUES(1, 'x', 'x')")
    assert shop.state(number).status is Status.OPEN


def test_an_id_stays_taken_when_its_conversation_was_joined_with_another(shop: Desk) -> None:
    one, other = shop.gets(), shop.gets()
    shop.did("ann", "merge", into=one, conversation=other)
    assert shop.gets() == other + 1
    assert shop.store.resolve(other) == one
    shop.did("ann", "undo", by="ann")
    assert shop.store.resolve(other) == other
    assert shop.gets() == other + 2
    shop.verified()


def test_redirects_lead_through_a_chain_of_merges(shop: Desk) -> None:
    numbers = [shop.gets() for _ in range(4)]
    for number, into in pairwise(numbers):
        shop.did("ann", "merge", into=into, conversation=number)
    assert [shop.store.resolve(number) for number in numbers] == [numbers[-1]] * 4
    assert shop.store.resolve(99) is None
    assert shop.do("bo", "close", conversation=numbers[0]).refusal is not None
    shop.verified()


def test_bulk_work_is_one_batch_and_is_undone_as_one(shop: Desk) -> None:
    numbers = [shop.gets() for _ in range(30)]
    shop.did("ann", "tag", conversation=numbers[3], add=["parcel"])
    before = everything(shop.store)["conversation_tags"]
    outcome = shop.store.change_each(
        (decision("tag", conversation=number, add=["parcel"]) for number in numbers), Who("bo"), shop.tick()
    )
    assert len(outcome.events) == 29  # one has the tag already: that refusal leaves only itself out
    assert len({event.batch for event in outcome.events}) == 1
    shop.did("bo", "undo", by="bo")
    assert everything(shop.store)["conversation_tags"] == before
    shop.verified()


def test_bulk_work_that_is_cancelled_keeps_what_is_done_and_stops_between_two(shop: Desk) -> None:
    numbers = [shop.gets() for _ in range(6)]
    seen: list[object] = []
    shop.store.change_each(
        (decision("assign", conversation=number, to="bo") for number in numbers),
        Who("ann"),
        shop.tick(),
        cancelled=lambda: len(seen) > 0,
        after=seen.append,
    )
    assert {shop.state(number).assignee for number in numbers} <= {"bo", None}
    shop.verified()


def test_a_read_while_another_thread_writes_sees_the_state_before_or_after(shop: Desk) -> None:
    number = shop.gets()
    wrong: list[object] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            with shop.store.snapshot() as connection:
                events = connection.execute(
                    "SELECT max(seq) FROM events WHERE home = ?", (number,)
                ).fetchone()[0]
                row = connection.execute("SELECT seq FROM conversations WHERE id = ?", (number,)).fetchone()[
                    0
                ]
            if events != row:
                wrong.append((events, row))

    reader = threading.Thread(target=look)
    reader.start()
    for turn in range(60):
        shop.did("ann", "assign", conversation=number, to=f"p{turn}")
    done.set()
    reader.join()
    assert wrong == []


def test_threads_unpack_texts_side_by_side(shop: Desk) -> None:
    """zstandard's tools must not be shared between threads: each has its own."""
    texts = [
        " ".join(hashlib.sha256(f"{n} {line}".encode()).hexdigest() for line in range(3000)) for n in range(4)
    ]
    packing = Packing("raw")
    reader = sqlite3.connect(shop.store.path, check_same_thread=False)
    frames = [packing.pack(reader, text.encode()) for text in texts]
    wrong: list[int] = []

    def look(n: int) -> None:
        for _ in range(100):
            try:
                if packing.unpack(reader, frames[n]) != texts[n].encode():
                    wrong.append(n)
            except Exception:
                wrong.append(n)

    threads = [threading.Thread(target=look, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reader.close()
    assert wrong == []


def test_a_scope_names_only_what_is_there(shop: Desk) -> None:
    seen: list[State] = []

    def look(state: State, who: Who, now: int) -> Decision:
        seen.append(state)
        return []

    number = shop.gets()
    assert shop.store.change(Scope(conversations=(number, 77)), look, Who("ann"), shop.now).events == ()
    assert list(seen[0].conversations) == [number]
