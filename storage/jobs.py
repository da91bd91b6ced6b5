"""Jobs for the worker: what has to be done in the world, kept until it is done."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from inbox.model import Instant
from inbox.ports import Job

if TYPE_CHECKING:
    from storage.store import SqliteStore


NEVER_SO_LATE = 2 * 86_400
"""Seconds ahead for which nothing is ever put off: what lies further ahead was put there by a clock that was wrong."""


def add_job(connection: sqlite3.Connection, kind: str, data: str, run_at: Instant) -> None:
    """Ask for something, inside a write transaction; asking twice is asking once, and the sooner time holds."""
    connection.execute(
        "INSERT INTO jobs(kind, data, run_at) VALUES(?, ?, ?) ON CONFLICT(kind, data) DO UPDATE SET"
        " run_at = min(run_at, excluded.run_at)",
        (kind, data, run_at),
    )


class Jobs:
    """The table of jobs of a store."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def add(self, kind: str, data: str, run_at: Instant) -> None:
        """Ask for something to be done from `run_at` on."""
        with self._store.writing() as transaction:
            add_job(transaction.connection, kind, data, run_at)

    def due(self, now: Instant) -> list[Job]:
        """What is to be done now, oldest first; also what a clock that was wrong has put off for too long."""
        rows = self._store.read(
            "SELECT id, kind, data, tries FROM jobs WHERE run_at <= :now OR run_at > :now + :never ORDER BY run_at, id",
            {"now": now, "never": NEVER_SO_LATE},
        )
        return [Job(*row) for row in rows]

    def done(self, job: int) -> None:
        """It is done."""
        with self._store.writing() as transaction:
            transaction.connection.execute("DELETE FROM jobs WHERE id = ?", (job,))

    def later(self, job: int, run_at: Instant, trouble: str) -> None:
        """It could not be done now: again at `run_at`; `trouble` says why, sanitised."""
        with self._store.writing() as transaction:
            transaction.connection.execute(
                "UPDATE jobs SET run_at = ?, tries = tries + 1, trouble = ? WHERE id = ?",
                (run_at, trouble, job),
            )

    def troubles(self) -> list[tuple[str, str, str]]:
        """Kind, data and trouble of every job that has failed so far."""
        rows = self._store.read("SELECT kind, data, trouble FROM jobs WHERE trouble <> '' ORDER BY id")
        return [(str(kind), str(data), str(trouble)) for kind, data, trouble in rows]
