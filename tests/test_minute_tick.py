"""What is looked at every minute, in a workspace of any size: ranges of indexes, never a table from end to end."""

from __future__ import annotations

import re
from pathlib import Path

from tests.stores import Desk, desk


def asked(shop: Desk) -> list[str]:
    """The statements of a look, as SQLite gets them, values and all."""
    said: list[str] = []
    shop.store._reader.set_trace_callback(said.append)
    shop.store.to_wake(shop.now)
    shop.store.alerts.near(shop.now - 60, shop.now, shop.now + 900, "ann")
    shop.store.alerts.news(0, 100)
    shop.store._reader.set_trace_callback(None)
    return said


def test_the_minute_tick_reads_ranges_of_indexes(tmp_path: Path) -> None:
    shop = desk(tmp_path)
    statements = asked(shop)
    assert len(statements) == 3
    for statement in statements:
        plan = [row[3] for row in shop.store.read(f"EXPLAIN QUERY PLAN {statement}")]
        read = [step for step in plan if re.search(r"\b(conversations|events)\b", step)]
        assert read
        assert all(
            re.match(r"SEARCH \w+ USING (COVERING INDEX|INDEX|INTEGER PRIMARY)", step) for step in read
        ), plan
    shop.store.close()
