"""Feeds: how it stands with each, which is no part of the record, and which of their entries are here."""

from __future__ import annotations

import json
from collections.abc import Sequence

from inbox.feeds import FORMAT, FeedState, Known
from storage.store import SqliteStore

_NAMED = "feed "
"""What the rows of feeds are called in the table of odds and ends, before the feed's own name."""


class Feeds:
    """The feeds of a store."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def states(self) -> dict[str, FeedState]:
        """How it stands with each, by name, as it was kept last."""
        rows = self._store.read("SELECT value FROM meta WHERE name >= ? AND name < ?", (_NAMED, "feed!"))
        found = (json.loads(value) for (value,) in rows)
        states = (FeedState(**{name: each[name] for name in FeedState._fields}) for each in found)
        return {state.name: state._replace(oddities=tuple(state.oddities)) for state in states}

    def keep(self, state: FeedState) -> None:
        """Write down how it stands with one."""
        value = json.dumps(state._asdict(), ensure_ascii=False)
        with self._store.writing() as transaction:
            transaction.connection.execute(
                "INSERT OR REPLACE INTO meta VALUES(?, ?)", (_NAMED + state.name, value)
            )

    def known(self, marks: Sequence[str]) -> dict[str, Known]:
        """What is here of entries, by their marks; those that are not here are left out."""
        rows = self._store.read(
            "SELECT j.value, c.key, l.line FROM json_each(?) j CROSS JOIN chat_lines l"
            " ON l.line >= j.value || '.' AND l.line < j.value || '/' CROSS JOIN chats c ON c.id = l.chat AND c.format = ?",
            (json.dumps(list(marks)), FORMAT),
        )
        found: dict[str, tuple[int, Known]] = {}
        for mark, chat, line in rows:
            number = int(line.split(".")[1])
            if mark not in found or found[mark][0] < number:
                found[mark] = number, Known(chat, line)
        return {mark: known for mark, (_, known) in found.items()}
