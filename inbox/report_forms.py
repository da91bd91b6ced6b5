"""A report for programs and spreadsheets, and its figures in words: stable names, one row a group (docs/report.md)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from inbox.figures import COLUMNS, Average, Row, Share, Span, Table, Value, Wait, number_of
from inbox.jsonform import instant_as_json
from inbox.text import one_line

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the wide ones, too
LONGEST_CELL = 1_000
"""Characters of a name in a table."""


def as_objects(table: Table) -> Iterator[dict[str, Any]]:
    """The rows of a report as `--json` prints them: all together first; `period` tells this span from the one before."""
    for row in (table.total, *table.rows):
        key = None if row is table.total else row.key
        yield _object(table, "this", table.span, key, row.name, row.values)
        if row.before is not None:
            yield _object(table, "before", table.span.before, key, row.name, row.before)


def _object(
    table: Table, period: str, span: Span, key: str | None, name: str, values: tuple[Value, ...]
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "by": table.by,
        "period": period,
        "since": instant_as_json(span.start),
        "until": instant_as_json(span.end),
        "key": key,
        "name": name,
    }
    for column, value in zip(COLUMNS, values, strict=True):
        if isinstance(value, Share):
            found[column.name] = value.tenths / 10
        elif isinstance(value, Average):
            found[column.name] = value.hundredths / 100
        elif column.share is None:
            found[column.name] = value
        else:
            found[f"{column.name}_s"] = value.seconds if isinstance(value, Wait) else None
            found[f"{column.name}_at_least"] = isinstance(value, Wait) and value.at_least
    return found


def as_csv(table: Table) -> str:
    """The same rows as CSV (RFC 4180), with a head; a cell that a spreadsheet would reckon with gets an apostrophe."""
    return rows_as_csv(as_objects(table))


def rows_as_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows with the same keys as CSV (RFC 4180), with a head."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    for number, row in enumerate(rows):
        if not number:
            writer.writerow(row)
        writer.writerow(map(_cell, row.values()))
    return file.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = one_line(str(value), LONGEST_CELL)
    return f"'{text}" if text.startswith(_FORMULA) or str(value).startswith(_FORMULA) else text


def value_in_words(value: Value) -> str:
    """A figure as people read it: a count, or open time as hours and minutes; `+` after it where somebody waits still."""
    if value is None:
        return "-"
    if isinstance(value, Share):
        return f"{value.tenths / 10:.1f} %" if value.tenths % 10 else f"{value.tenths // 10} %"
    if isinstance(value, Average):
        return f"{value.hundredths / 100:.2f}"
    if isinstance(value, Wait):
        return span_in_words(value.seconds) + "+" * value.at_least
    return str(value)


def span_in_words(seconds: int) -> str:
    """Open time: `0:40`, `26:05`; from a hundred hours on `120 h`."""
    minutes = seconds // 60
    return f"{minutes // 60}:{minutes % 60:02}" if minutes < 6000 else f"{minutes // 60} h"


def change_in_words(value: Value, before: Value) -> str:
    """How a figure has changed since the span before: `▲ 12 %`, `▼ 40 %`, `=`; `▲ new` from nothing; "" where unknown."""
    now, then = number_of(value), number_of(before)
    if now is None or then is None:
        return ""
    if now == then:
        return "="
    sign = "▲" if now > then else "▼"
    if not then:
        return f"{sign} new"
    share = -(-abs(now - then) * 100 // then)
    return f"{sign} {share} %" if share < 1000 else f"{sign} {-(-now // then)} x"


def row_name(row: Row, limit: int = 60) -> str:
    """What a group is called, on one line."""
    return one_line(row.name, limit) or "-"
