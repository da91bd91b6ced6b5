"""The activity of a day: counted from the record, the same that the report says of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from inbox import figures
from inbox.activity import FIGURES, Acts, day_of, gather
from inbox.model import Role, Who
from inbox.settings import Settings
from tests.stores import DAY, Desk, desk

UTC = ZoneInfo("UTC")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    """Ann and Bo had a day, and a yesterday."""
    here = desk(tmp_path, Settings(host_zone="UTC"))
    for _ in range(6):
        here.gets()
    here.did("ann", "note", conversation=6, text="yesterday")
    here.tick(DAY)
    for conversation in (1, 2):
        here.did("ann", "assign-me", conversation=conversation)
        here.hands_over(here.replies("ann", conversation))
    here.hands_over(here.replies("ann", 3, then="closed"))
    here.did("bo", "note", conversation=4, text="asked the carrier")
    here.did("bo", "goodwill", conversation=4, kind="gift", amount=None, reason="late", allowed=None)
    here.did("bo", "close", conversation=4, why="elsewhere")
    here.did("bo", "hand-over", conversation=5, to="ann", summary="wants a refund")
    here.did("bo", "assign", conversation=6, to="ann")
    here.did("bo", "tag", conversation=6, add=("x",))
    here.did("bo", "close", conversation=6, why="elsewhere")
    here.did("bo", "undo", by="bo")
    here.did("bo", "reply", conversation=6, text="No.", sender="support@shop.example", to=["jo@park.example"])
    here.did("bo", "undo", by="bo")  # what was taken back was no answer
    yield here
    here.verified()
    here.store.close()


def told(found: list[Acts]) -> dict[str, tuple[int, ...]]:
    return {acts.who: tuple(acts.count(figure) for figure in FIGURES) for acts in found}


def test_a_day_by_person(shop: Desk) -> None:
    day = day_of(shop.now, UTC)
    found = gather(shop.store, day, shop.now, ("ann", "bo", "tim"))
    #                        answered, closed, notes, taken, handed over, assigned, goodwill, approved
    assert told(found) == {"ann": (3, 1, 0, 2, 0, 0, 0, 0), "bo": (0, 1, 1, 0, 1, 1, 1, 0), "tim": (0,) * 8}
    ann, bo, tim = found
    assert ann.of["answered"] == (1, 2, 3) and bo.of["assigned"] == (6,)
    assert ann.first is not None and ann.last is not None and day.start <= ann.first < ann.last < bo.last  # type: ignore[operator]  # he did something
    assert (tim.first, tim.last) == (None, None)


def test_the_days_before(shop: Desk) -> None:
    assert told(gather(shop.store, day_of(shop.now, UTC, 1), shop.now)) == {"ann": (0, 0, 1, 0, 0, 0, 0, 0)}
    assert gather(shop.store, day_of(shop.now, UTC, 2), shop.now) == []


def test_it_says_what_the_report_says(shop: Desk) -> None:
    """Closed and goodwill always; answers where the span holds the beginning of each wait that they ended."""
    day = day_of(shop.now, UTC)
    report = figures.gather(
        shop.store, figures.Span(day.start - 2 * DAY, day.end), UTC, shop.now, Who("ann", Role.OWNER)
    )
    assert report is not None
    rows = {row.key: row.values for row in report.table("teammate").rows}
    at = {column.name: number for number, column in enumerate(figures.COLUMNS)}
    for acts in gather(shop.store, day, shop.now):
        values = rows[acts.who]
        assert values[at["closed"]] == acts.count("closed")
        assert values[at["goodwill"]] == acts.count("goodwill")
        assert values[at["answered"]] == acts.count("answered")


def test_the_index_is_used_and_says_what_the_query_asks(shop: Desk) -> None:
    plan = shop.store._reader.execute(
        "EXPLAIN QUERY PLAN SELECT DISTINCT home FROM events INDEXED BY events_acts WHERE at >= 1 AND at < 2"
        " AND type IN (2, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 24, 29, 30, 31, 32, 35, 37, 38, 40,"
        " 41, 42, 43, 45, 46, 47, 49, 50, 51, 52, 53, 54, 55) AND who <> 'import' AND void = 0 AND home IS NOT NULL"
    ).fetchall()
    assert any("events_acts (at>? AND at<?)" in step[3] for step in plan), plan
