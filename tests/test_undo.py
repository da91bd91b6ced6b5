"""Undo and redo: exact, whole, and refused by name where something later stands on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from inbox.actions import decision, reopen
from inbox.fold import UNDOABLE
from inbox.model import EventType, Role, Who
from inbox.ports import Scope
from storage import events as record
from storage.recording import CONVERSATION_NAMES
from tests.stores import DAY, OURS, Desk, desk, everything, letter


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    here = desk(tmp_path)
    for number in range(1, 5):
        here.gets(letter(f"c{number}@x.example", id_=f"<{number}@x>", subject=f"Matter {number}"))
    yield here
    here.verified()
    here.store.close()


def standing(shop: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Everything derived, but the numbers of last events."""
    found = everything(shop.store)
    del found["events"]
    last = CONVERSATION_NAMES.index("seq")
    found["conversations"] = [row[:last] + row[last + 1 :] for row in found["conversations"]]
    return found


def refusal(shop: Desk, who: str, verb: str) -> str:
    outcome = shop.do(who, verb, by=who)
    assert outcome.refusal is not None
    return outcome.refusal.reason


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("assign", {"to": "bo"}),
        ("tag", {"add": ["vip", "b"], "remove": ["a"]}),
        ("snooze", {"until": 1_900_000_000}),
        ("hold", {"whom": "carrier", "until": 1_900_000_000}),
        ("close", {"why": "thanks"}),
        ("spam", {}),
        ("note", {"text": "@bo look"}),
        ("merge", {"into": 2}),
        ("mark-read", {"read": True}),
        ("reply", {"text": "Hm.", "to": ["c1@x.example"], "sender": OURS}),
    ],
)
def test_every_verb_is_taken_back_exactly(shop: Desk, verb: str, arguments: dict[str, object]) -> None:
    shop.did("bo", "tag", conversation=1, add=["a"])
    before = standing(shop)
    shop.did("ann", verb, conversation=1, **arguments)
    after = standing(shop)
    assert after != before
    shop.did("ann", "undo", by="ann")
    back = standing(shop)
    for table in (
        "messages",
        "msgids",
        "outbox",
        "outbox_recipients",
    ):  # what was written is kept, as taken back
        if verb in ("note", "reply"):
            back[table] = before[table]
    assert back == before
    if verb == "reply":
        assert "a draft again" in refusal(shop, "ann", "redo")
    else:
        shop.did("ann", "redo", by="ann")
        assert standing(shop) == after


def test_the_last_is_undone_first_and_redone_last(shop: Desk) -> None:
    for turn in range(3):
        shop.did("ann", "assign", conversation=1, to=f"p{turn}")
    for expected in ("p1", "p0", None):
        shop.did("ann", "undo", by="ann")
        assert shop.state(1).assignee == expected
    assert refusal(shop, "ann", "undo") == "There is nothing to undo."
    for expected in ("p0", "p1", "p2"):
        shop.did("ann", "redo", by="ann")
        assert shop.state(1).assignee == expected
    assert refusal(shop, "ann", "redo") == "There is nothing to redo."


def test_doing_something_ends_redoing_and_others_actions_are_theirs(shop: Desk) -> None:
    shop.did("ann", "assign", conversation=1, to="ann")
    shop.did("bo", "assign", conversation=2, to="bo")
    shop.did("ann", "undo", by="ann")
    assert (shop.state(1).assignee, shop.state(2).assignee) == (None, "bo")
    shop.did("ann", "note", conversation=3, text="Something else.")
    assert refusal(shop, "ann", "redo") == "There is nothing to redo."


def test_what_was_decided_by_a_merge_since_is_not_taken_back_beneath_it(shop: Desk) -> None:
    shop.did("ann", "assign", conversation=1, to="ann")
    shop.did("bo", "merge", into=2, conversation=1)
    assert "joined with another by bo" in refusal(shop, "ann", "undo")
    shop.did("bo", "undo", by="bo")
    shop.did("ann", "undo", by="ann")
    assert shop.state(1).assignee is None


def test_a_note_is_taken_back_where_it_went(shop: Desk) -> None:
    shop.did("ann", "note", conversation=1, text="Wrong person.")
    shop.did("bo", "merge", into=2, conversation=1)
    shop.did("ann", "undo", by="ann")
    assert [item.direction for item in shop.store.items(2)] == ["in", "in"]
    shop.did("bo", "undo", by="bo")
    assert [item.direction for item in shop.store.items(1)] == ["in"]
    shop.did("ann", "redo", by="ann")
    assert [item.direction for item in shop.store.items(1)] == ["in", "note"]


def test_merges_upon_merges_are_undone_from_the_top(shop: Desk) -> None:
    start = standing(shop)
    shop.did("ann", "merge", into=2, conversation=1)
    middle = standing(shop)
    shop.did("bo", "merge", into=3, conversation=2)
    assert "joined with another by bo" in refusal(shop, "ann", "undo")
    shop.did("bo", "undo", by="bo")
    assert standing(shop) == middle
    shop.did("ann", "undo", by="ann")
    assert standing(shop) == start


def test_a_merge_is_not_done_again_when_one_of_both_has_gone_elsewhere(shop: Desk) -> None:
    shop.did("ann", "merge", into=2, conversation=1)
    shop.did("ann", "undo", by="ann")
    shop.did("bo", "merge", into=3, conversation=1)
    assert "bo has joined one of them" in refusal(shop, "ann", "redo")
    shop.did("bo", "undo", by="bo")
    shop.did("ann", "redo", by="ann")
    assert shop.store.resolve(1) == 2


def test_what_came_between_undoing_and_redoing_a_merge_goes_along(shop: Desk) -> None:
    shop.did("ann", "merge", into=2, conversation=1)
    shop.did("ann", "undo", by="ann")
    assert shop.gets(letter("c1@x.example", id_="<5@x>", answers=["<1@x>"])) == 1
    shop.did("ann", "redo", by="ann")
    assert (shop.state(2).messages, shop.store.resolve(1)) == (3, 2)
    shop.did("ann", "undo", by="ann")
    assert (shop.state(1).messages, shop.state(2).messages) == (2, 1)


def test_bulk_merging_is_undone_and_done_again_as_one(shop: Desk) -> None:
    before = standing(shop)
    chain = [(1, 2), (2, 3), (4, 3)]
    outcome = shop.store.change_each(
        (decision("merge", conversation=number, into=into) for number, into in chain), Who("ann"), shop.tick()
    )
    assert [event.data["from"] for event in outcome.events] == [1, 2, 4]
    after = standing(shop)
    shop.did("ann", "undo", by="ann")
    assert standing(shop) == before
    shop.did("ann", "redo", by="ann")
    assert standing(shop) == after
    shop.did("ann", "undo", by="ann")
    assert standing(shop) == before


def test_waking_is_nobodys_to_undo(shop: Desk) -> None:
    shop.did("ann", "snooze", conversation=1, until=shop.now + DAY)
    shop.tick(2 * DAY)
    wake = partial(reopen.wake, conversation=1)
    shop.store.change(Scope(conversations=(1,)), wake, Who("clock"), shop.now)
    assert shop.state(1).status.value == "open"
    assert refusal(shop, "clock", "undo") == "There is nothing to undo."
    shop.did("ann", "undo", by="ann")  # the snooze has been, all the same it is void now
    assert shop.state(1).status.value == "open"


def test_an_undone_trainees_reply_leaves_nothing_under_way_though_it_was_let_go(shop: Desk) -> None:
    events = shop.do(
        "tia", "reply", Role.TRAINEE, conversation=1, text="Soon", to=["c1@x.example"], sender=OURS
    ).events
    shop.did("ann", "approve", conversation=1, message=events[0].message)
    assert shop.state(1).sending == 1
    assert shop.do("tia", "undo", Role.TRAINEE, by="tia").refusal is None
    here = shop.state(1)
    assert (here.sending, here.approvals, here.messages, here.status.value) == (0, 0, 1, "open")
    assert here.waiting_since is not None


def test_what_somebody_did_last_is_looked_up_by_an_index_that_holds_all_that_can_be_undone(
    shop: Desk,
) -> None:
    asked: list[str] = []
    connection = sqlite3.connect(shop.store.path)
    connection.set_trace_callback(asked.append)
    record.last_action(connection, "anna")
    record.last_undone(connection, "anna")
    record.last_queued(connection, "anna")
    connection.set_trace_callback(None)
    assert len(asked) == 3
    for statement in asked:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
        assert [step[3] for step in plan if "events_who" in step[3]], (statement, plan)
    ((index,),) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'events_who'")
    connection.close()
    held = {int(number) for number in index.partition("IN (")[2].partition(")")[0].split(",")}
    assert held == {*UNDOABLE, EventType.UNDONE, EventType.REDONE}
