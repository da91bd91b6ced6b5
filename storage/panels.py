"""What programs said of customers, and what was asked of them: in the file of drafts and presence, for it is nothing but
what others know, and is asked again at any time. It is no part of the record and of no export; a backup has that file.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from inbox.listing import Instant
from inbox.panels import WAITS, Asked, PanelCommand, Said
from inbox.safe_file import open_shared
from inbox.text import one_line

if TYPE_CHECKING:
    from storage.store import SqliteStore

LOCK = "panels.lock"
KEPT = 2_000
"""Answers that are kept: those that were asked for last."""
KEPT_FOR = 7 * 86_400
"""Seconds after which an answer is forgotten."""
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Panels:
    """Questions and answers of a store (`inbox.panels.PanelBook`)."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def ask(self, panels: Sequence[str], customer: int, conversation: int) -> None:
        """Ask these programs about a customer, in the place of what this screen asked them before."""
        with self._store.live.at_hand() as (connection, process):
            connection.executemany(
                "INSERT OR REPLACE INTO panel_asks(panel, asker, customer, conversation, asked) VALUES(?, ?, ?, ?, ?)",
                [(panel, process, customer, conversation, time.clock_gettime(_CLOCK)) for panel in panels],
            )

    def next(self, panel: str) -> Asked | None:
        """The question that waits longest for a program; those that waited too long, or from before the machine was
        started, are forgotten."""
        now = time.clock_gettime(_CLOCK)
        with self._store.live.at_hand() as (connection, _):
            rows = connection.execute(
                "SELECT customer, conversation, asked FROM panel_asks WHERE panel = ? ORDER BY asked",
                (panel,),
            ).fetchall()
            fresh = [row for row in rows if 0 <= now - row[2] <= WAITS]
            if len(fresh) < len(rows):
                connection.execute(
                    "DELETE FROM panel_asks WHERE panel = ? AND NOT (? - asked BETWEEN 0 AND ?)",
                    (panel, now, WAITS),
                )
        return Asked(panel, fresh[0][0], fresh[0][1]) if fresh else None

    def answer(self, asked: Asked, mark: str, text: str, trouble: str, now: Instant) -> None:
        """Keep what came of a question, and let the screens that asked it see. With `trouble` the text that was there
        stays."""
        with self._store.live.at_hand() as (connection, _):
            connection.execute(
                "INSERT INTO panel_answers(panel, customer, mark, text, at, trouble, tried_at) VALUES(?1, ?2, ?3, ?4,"
                " CASE WHEN ?5 = '' THEN ?6 END, ?5, ?6) ON CONFLICT(panel, customer) DO UPDATE SET"
                " text = CASE WHEN ?5 = '' THEN ?4 WHEN mark = ?3 THEN text ELSE '' END,"
                " at = CASE WHEN ?5 = '' THEN ?6 WHEN mark = ?3 THEN at END, mark = ?3, trouble = ?5, tried_at = ?6",
                (asked.panel, asked.customer, mark, text, trouble, now),
            )
            waited = connection.execute(
                "DELETE FROM panel_asks WHERE panel = ? AND customer = ? RETURNING conversation",
                (asked.panel, asked.customer),
            ).fetchall()
            connection.execute(
                "DELETE FROM panel_answers WHERE tried_at < ? OR (panel, customer) IN"
                " (SELECT panel, customer FROM panel_answers ORDER BY tried_at DESC LIMIT -1 OFFSET ?)",
                (now - KEPT_FOR, KEPT),
            )
        self._store.bell.ring(frozenset(row[0] for row in waited) | {asked.conversation})

    def said(self, customer: int, panels: Sequence[PanelCommand]) -> tuple[Said, ...]:
        """What each of these programs said of a customer last, in their order."""
        if self._store.customer(customer) is None:  # nobody, or nobody whom this person may know of
            return ()
        now = time.clock_gettime(_CLOCK)
        with self._store.live.at_hand() as (connection, _):
            rows = connection.execute(
                "SELECT panel, mark, text, at, trouble, tried_at FROM panel_answers WHERE customer = ?",
                (customer,),
            ).fetchall()
            asks = connection.execute(
                "SELECT panel FROM panel_asks WHERE customer = ? AND ? - asked BETWEEN 0 AND ?",
                (customer, now, WAITS),
            ).fetchall()
        kept = {row[0]: row for row in rows}
        waiting = {row[0] for row in asks}
        found = []
        for panel in panels:
            row = kept.get(panel.name)
            if row is not None and row[1] == panel.mark:
                found.append(Said(panel.name, row[2], row[3], row[4], row[5], panel.name in waiting))
            else:
                found.append(Said(panel.name, waiting=panel.name in waiting))
        return tuple(found)

    @contextmanager
    def serving(self, refused: str = "") -> Iterator[bool]:
        """Be the one who answers, for as long as the `with` lasts; False where somebody else is. A kill ends it at once."""
        path = self._store.workspace / LOCK
        file = open_shared(path)
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            os.ftruncate(file, 0)
            os.pwrite(file, one_line(refused, 300).encode(), 0)
            yield True
        finally:
            os.close(file)

    def unserved(self) -> str | None:
        """Why nobody answers: None where somebody does, "" where nobody is there, else what whoever is there said."""
        path = self._store.workspace / LOCK
        try:
            with path.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    return one_line(file.read(2_000).decode("utf-8", "replace"), 300) or None
        except OSError:
            return ""
        return ""
