"""Rows of an array of tables (`[[team]]`) added to a TOML text, changed in it and taken out: all other lines, their order
and every comment stay as they were written.

Each function reads what came out and compares it with what was meant; where the text is written in a way that only a person
can change (`team = [{ … }]`, several values spread over a line), it says so (`ByHand`) and nothing is changed.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from inbox.toml_lines import lines_of

Value = str | int | bool | Sequence[str]


class ByHand(Exception):
    """The text can be read, but not changed without a person's eye."""


def toml_value(value: Value) -> str:
    """A value as TOML: its basic strings are those of JSON, but for DEL."""
    plain = value if isinstance(value, (str, int, bool)) else list(value)
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007f")


def with_row(text: str, table: str, row: Mapping[str, Value]) -> str:
    """The text with one more row, after the last of its kind, or at the end."""
    lines = _Lines(text)
    rows = lines.rows(table)
    at = lines.end_of(table, len(rows) - 1) if rows else lines.last_written
    new = [f"[[{table}]]", *(f"{key} = {toml_value(value)}" for key, value in row.items())]
    lines.insert(at, ["", *new] if at else new)
    meant = deepcopy(lines.data)
    meant.setdefault(table, []).append(_plain(row))
    return lines.checked(meant)


def with_value(text: str, table: str, index: int, key: str, value: Value | None) -> str:
    """The text with another value of a key in a row (counted from 0); None takes the key out."""
    lines = _Lines(text)
    start, end = lines.rows(table)[index], lines.end_of(table, index)
    meant = deepcopy(lines.data)
    place = lines.places.get((table, index, key))
    if value is None:
        meant[table][index].pop(key, None)
        if place is not None:
            lines.cut(place - 1, lines.whole(place - 1, end))
        return lines.checked(meant)
    meant[table][index][key] = _plain({key: value})[key]
    if place is None:
        after = lines.places.get((table, index, "name"), start)
        lines.insert(
            lines.whole(after - 1, end) if after != start else start, [f"{key} = {toml_value(value)}"]
        )
        return lines.checked(meant)
    last = lines.whole(place - 1, end)
    comment = lines.comment(place - 1) if last == place else ""
    lines.cut(place - 1, last)
    lines.insert(place - 1, [f"{key} = {toml_value(value)}{comment}"])
    return lines.checked(meant)


def without_row(text: str, table: str, index: int) -> str:
    """The text without a row; comments on lines of their own stay, since they may speak of more than this row."""
    lines = _Lines(text)
    start, end = lines.rows(table)[index], lines.end_of(table, index)
    at = start - 1
    while at < end:
        if lines.is_said(at):
            last = at + 1 if at == start - 1 else lines.whole(at, end)
            lines.cut(at, last)
            end -= last - at
        else:
            at += 1
    if start - 1 < len(lines.lines) and start > 1 and not lines.at(start - 1) and not lines.at(start - 2):
        lines.cut(start - 1, start)
    meant = deepcopy(lines.data)
    del meant[table][index]
    if not meant[table]:
        del meant[table]
    return lines.checked(meant)


class _Lines:
    """A text line by line (counted from 0), with what it says and where. Ends of lines stay as they are."""

    def __init__(self, text: str) -> None:
        self.data: dict[str, Any] = tomllib.loads(text.replace("\r\n", "\n"))
        self.places = lines_of(text)
        self.lines = text.split("\n")
        self._ends = "\r" if "\r\n" in text else ""

    @property
    def last_written(self) -> int:
        """After the last line that is not blank."""
        return max((at + 1 for at in range(len(self.lines)) if self.at(at)), default=0)

    def at(self, number: int) -> str:
        """A line without what surrounds it."""
        return self.lines[number].strip()

    def is_said(self, number: int) -> bool:
        """Whether a line holds more than a comment."""
        return bool(self.at(number)) and not self.at(number).startswith("#")

    def rows(self, table: str) -> list[int]:
        """The line of the head of each row, counted from 1."""
        count = len(self.data.get(table, ()))
        found = [self.places[(table, index)] for index in range(count)]
        if any(not self.at(line - 1).startswith("[[") for line in found):
            raise ByHand
        return found

    def end_of(self, table: str, index: int) -> int:
        """After the last line that says something of a row."""
        start = self.rows(table)[index]
        heads = [line for path, line in self.places.items() if path[:2] != (table, index) and line > start]
        last = min(heads, default=len(self.lines) + 1) - 1
        while last > start and not self.is_said(last - 1):
            last -= 1
        return last

    def whole(self, start: int, end: int) -> int:
        """After the last line of the value that begins on a line."""
        for last in range(start + 1, end + 1):
            try:
                tomllib.loads("\n".join(self.lines[start:last]).replace("\r", ""))
            except tomllib.TOMLDecodeError:
                continue
            return last
        raise ByHand

    def comment(self, number: int) -> str:
        """What stands behind the value of a line, the blanks before it included; "" for nothing."""
        line = self.lines[number].rstrip("\r")
        meant = tomllib.loads(line)
        for at, sign in enumerate(line):
            if sign != "#":
                continue
            try:
                if tomllib.loads(line[:at]) == meant:
                    return line[len(line[:at].rstrip()) :]
            except tomllib.TOMLDecodeError:
                continue
        return ""

    def cut(self, start: int, end: int) -> None:
        """Take lines out."""
        del self.lines[start:end]

    def insert(self, at: int, new: Sequence[str]) -> None:
        """Put lines in before another one."""
        if at and at == len(self.lines):  # the last line has no end yet
            self.lines[-1] += self._ends
            self.lines += [*(f"{line}{self._ends}" for line in new), ""]
        else:
            self.lines[at:at] = [f"{line}{self._ends}" for line in new]

    def checked(self, meant: Mapping[str, Any]) -> str:
        """The text, which says what is meant and nothing else."""
        text = "\n".join(self.lines)
        try:
            said = tomllib.loads(text.replace("\r\n", "\n"))
        except tomllib.TOMLDecodeError:
            raise ByHand from None
        if said != meant:
            raise ByHand
        return text


def _plain(row: Mapping[str, Value]) -> dict[str, Any]:
    return {key: value if isinstance(value, (str, int, bool)) else list(value) for key, value in row.items()}
