"""Lists are walks over an index, in every workspace from its first day on: no view may sort or look at every row. And no
change looks at what grows with the years."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inbox.listing import Role, Who
from inbox.queries import Flag, Is, Tag
from inbox.views import COUNTED_APART, VIEWS
from storage.workspace import Workspace, open_store
from tests.stores import DAY, Desk, desk, letter

ME, NOW = Who("anna", Role.OWNER), 1_780_000_000

PARTIAL = re.compile("conversations_(rare|hidden)")
"""Indexes that hold few conversations."""

RARE = ("failed", "quarantine", "out-of-sight", "for-me", "outbox", "suggestions")
"""Views of what few conversations have: gathered from a partial index, and then put in order."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Workspace]:
    store = open_store(tmp_path / "desk")
    yield store
    store.close()


def plans(store: Workspace, ask: str, *arguments: object) -> list[str]:
    """How SQLite answers what a method asks, a line for each step."""
    asked: list[str] = []
    store._reader.set_trace_callback(asked.append)
    getattr(store, ask)(*arguments)
    store._reader.set_trace_callback(None)
    return [step for sql in asked for step in steps_of(store._reader, sql)]


def steps_of(connection: sqlite3.Connection, sql: str) -> list[str]:
    """How SQLite carries out a statement, a line for each step."""
    if not sql.startswith(("SELECT", "WITH", "UPDATE", "DELETE", "INSERT")):
        return []
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]


@pytest.mark.parametrize("name", [name for name, view in VIEWS.items() if view.node and name not in RARE])
def test_a_view_comes_in_its_order_out_of_an_index(store: Workspace, name: str) -> None:
    steps = plans(store, "ids", VIEWS[name].seen_by(ME.role), ME, NOW, 50)
    assert steps
    assert not [step for step in steps if "TEMP B-TREE" in step or step == "SCAN c"], steps


@pytest.mark.parametrize("name", RARE)
def test_a_view_of_rare_things_begins_with_them(store: Workspace, name: str) -> None:
    steps = plans(store, "ids", VIEWS[name].seen_by(ME.role), ME, NOW, 50)
    walked = [step for step in steps if step.startswith("SCAN") and not PARTIAL.search(step)]
    assert not walked, steps
    assert "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)" in steps


def test_numbers_beside_views_are_counted_without_looking_at_every_conversation(store: Workspace) -> None:
    steps = plans(store, "counts", ME, NOW)
    assert len([step for step in steps if " c " in f"{step} "]) >= len(COUNTED_APART) - 1
    assert not [step for step in steps if step.startswith("SCAN c")], steps


def test_what_is_tagged_or_late_is_found_from_its_own_index(store: Workspace) -> None:
    assert "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)" in plans(store, "ids", Tag("vip"), ME, NOW, 50)
    assert not [s for s in plans(store, "ids", Is(Flag.LATE), ME, NOW, 50) if s.startswith("SCAN")]


def test_the_customers_of_a_page_cost_no_walk_over_their_history(store: Workspace) -> None:
    steps = plans(store, "rows", [1, 2, 3])
    assert [step for step in steps if "INDEX conversations_running (customer=?)" in step], steps


SMALL = re.compile(r"SCAN (restricted_mailboxes|sending_limits|json_each|CONSTANT ROW)")
"""What may be read as a whole: there are as many as mailboxes."""

DEEDS: dict[str, Callable[[Desk], object]] = {
    "a message to it": lambda shop: shop.gets(letter(id_="<3@park.example>", answers=["<1@park.example>"])),
    "a new message": lambda shop: shop.gets(letter("eve@eve.example", id_="<4@eve.example>")),
    "an answer": lambda shop: shop.replies("ann", 2, to="lea@krol.example"),
    "a note": lambda shop: shop.did("ann", "note", conversation=2, text="x"),
    "a tag": lambda shop: shop.did("ann", "tag", conversation=2, add=["x"]),
    "a close": lambda shop: shop.did("ann", "close", conversation=2, why="thanks"),
    "a snooze": lambda shop: shop.did("ann", "snooze", conversation=2, until=shop.now + DAY),
    "an undo": lambda shop: [
        shop.did("bo", "assign", conversation=2, to="bo"),
        shop.did("bo", "undo", by="bo"),
    ],
    "a merge": lambda shop: shop.did("ann", "merge", into=1, conversation=2),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_change_walks_past_nothing_that_grows(tmp_path: Path, deed: str) -> None:
    """Also while an answer waits to leave: a million messages make a change no slower."""
    shop = desk(tmp_path)
    shop.gets(letter(id_="<1@park.example>"))
    shop.gets(letter("lea@krol.example", id_="<2@krol.example>"))
    shop.replies("ann", 1, leave_at=shop.now + DAY)
    writer, asked = shop.store._writer, list[str]()
    writer.set_trace_callback(asked.append)
    DEEDS[deed](shop)
    writer.set_trace_callback(None)
    walks = [step for sql in dict.fromkeys(asked) for step in steps_of(writer, sql) if "SCAN" in step]
    assert len(asked) > 20
    assert not [step for step in walks if not SMALL.match(step)]
    shop.store.close()
