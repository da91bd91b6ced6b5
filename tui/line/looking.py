"""Commands that read: queries, ids from standard input, and rows page by page as lines or JSON."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from inbox.listing import Who
from tui.line.ids import ids_given

if TYPE_CHECKING:
    from inbox.listing import Instant, Row
    from inbox.queries import Node
    from tui.line.desk import Desk

PAGE = 500
"""Conversations that are read and printed at a time."""

UNCUT = 10_000
"""Cells of a line where nobody looks at it: what reads a pipe wants the whole of it."""

_DENIED = re.compile(r"-(?!-|h$|$)")
_ME = re.compile(r":me(?![\w.-])", re.IGNORECASE)


class Asking(click.Command):
    """A command with a query among its arguments, in which a word may begin with a dash (`-tag:spam`: not so)."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does it, but a word with one dash is none of its options: none of these commands has such."""
        return super().parse_args(ctx, [f" {word}" if _DENIED.match(word) else word for word in args])


def query_given(desk: Desk, words: Sequence[str]) -> tuple[Node | None, Who]:
    """The query in the words of a command (None: none), and who asks it.

    `-` among the words stands for the ids on standard input. BadUsage for what is no query (with the nearest
    operator), NotDone for an unknown id.
    """
    text = " ".join(word for word in words if word != "-").strip()
    # Only what names a person ("me") depends on who asks: everybody may look, also who is nobody of the team.
    who = desk.who() if desk.as_name is not None or _ME.search(text) else Who("")
    if not text and "-" not in words:
        return None, who
    from inbox.queries import Ids, both
    from inbox.queries.grammar import parse

    node = parse(text, desk.now(), desk.zone())
    return (both(Ids(tuple(ids_given(desk, ["-"]))), node) if "-" in words else node), who


def print_rows(desk: Desk, ids: Sequence[int], as_json: bool) -> None:
    """Print conversations in this order, page by page: JSON, or lines cut to the terminal."""
    store, now = desk.store(), desk.now()
    line = _json_line if as_json else _plain_line(line_width())
    for start in range(0, len(ids), PAGE):
        if lines := [line(row, now) for row in store.rows(ids[start : start + PAGE])]:
            click.echo("\n".join(lines))


def _json_line(row: Row, now: Instant) -> str:
    from inbox.jsonform import as_line
    from tui.line.forms import row_as_json

    return as_line(row_as_json(row, now))


def _plain_line(width: int) -> Callable[[Row, Instant], str]:
    from tui.line.lines import row_as_line

    return lambda row, now: row_as_line(row, now, width)


def line_width() -> int:
    """How many cells a line may have: the terminal's, or as many as it takes where there is none."""
    return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else UNCUT
