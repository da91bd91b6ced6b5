"""Own fields of what goes to many: a table of theirs, and the places in a text that nothing can fill (docs/issues.md)."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inbox.addresses import fold_address
from inbox.errors import BadUsage
from inbox.nearest import nearest
from inbox.text import one_line
from inbox.typed import placeholders

PLACES = ("first_name", "name", "subject", "agent", "shop")
"""What each letter can be filled with, beside the columns of a table."""

KEYS = ("conversation", "id", "address", "mail", "email", "customer")
"""Columns of a table that say whose row it is: a conversation, an address, or a customer's number."""


@dataclass(frozen=True, slots=True)
class Table:
    """Own fields: the names of the columns, and the rows by key (`conversation`, address or customer, folded)."""

    columns: tuple[str, ...] = ()
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, *keys: str) -> Mapping[str, str]:
        """The row that one of these keys has; {} when none has one."""
        return next((self.rows[key] for key in keys if key in self.rows), {})


def table_in(text: str, where: str) -> Table:
    """The own fields in a table with commas, semicolons or tabs. BadUsage with the line for what cannot be read."""
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter, strict=True)
    found: dict[str, dict[str, str]] = {}
    try:
        heads = [one_line(head, 60).strip().casefold() for head in next(rows, [])]
        if not heads or heads[0] not in KEYS:
            raise BadUsage(
                f"{where}, line 1: the first column is {heads[0] if heads else ''!r}, and has to say whose a row is"
                f"{nearest(heads[0] if heads else '', KEYS)}",
                f"Call it one of {', '.join(KEYS)}.",
            )
        for row in rows:
            if not any(row):
                continue
            if len(row) != len(heads):
                raise BadUsage(
                    f"{where}, line {rows.line_num}: {len(row)} columns, and the first line has {len(heads)}.",
                    "Put what holds a comma in quotes.",
                )
            found[fold_address(row[0].strip().lstrip("#"))] = dict(zip(heads[1:], row[1:], strict=True))
    except csv.Error as error:
        raise BadUsage(f"{where}, line {rows.line_num}: {error}.", "Write a table with commas.") from error
    return Table(tuple(heads[1:]), found)


def unknown_field(text: str, where: str, columns: Sequence[str]) -> BadUsage | None:
    """The error of a place in a text that nothing can fill: file, line, and the nearest there is."""
    known = (*PLACES, *columns)
    for place in placeholders(text):
        name = place.strip("{}")
        if name not in known:
            line = text[: text.index(place)].count("\n") + 1
            return BadUsage(
                f"{where}, line {line}: there is no field {one_line(place, 60)}{nearest(name, known)}",
                f"Known: {', '.join(f'{{{each}}}' for each in known)}. --fields FILE adds own ones.",
            )
    return None
