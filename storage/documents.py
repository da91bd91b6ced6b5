"""The small documents of a team, which people may also edit by hand or carry in git: one JSON file a kind.

Saved views, saved replies, knowledge, preferences: what people write, never what must agree with mail. The files have
TinyDB's form and lie in `documents/`. Reading them loads no library; changing them goes through TinyDB with a storage
that survives two writers, a text editor and a death in the middle (`storage.document_file`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from inbox.errors import BadUsage, WorldError
from inbox.text import one_line
from storage.document_form import documents_in, good_copy, read_file

if TYPE_CHECKING:
    from tinydb.table import Table

KINDS = ("views", "replies", "knowledge", "preferences")
LONGEST_NAME = 60
"""Characters of the name of a saved view."""

_Result = TypeVar("_Result")


class Documents:
    """The documents of one workspace. Nothing is kept in memory: each call reads what is there now."""

    def __init__(self, workspace: Path) -> None:
        self._folder = workspace / "documents"

    def read(self, kind: str) -> list[dict[str, Any]]:
        """The documents of a kind, oldest first; those of the last good copy where the file is damaged.

        WorldError when it may not be read.
        """
        path = self._path(kind)
        try:
            found = documents_in(read_file(path))
            if found is None:
                found = documents_in(read_file(good_copy(path))) or {}
        except OSError as error:
            raise WorldError(
                f"{path} cannot be read: {error.strerror or error}.",
                "Check the rights of the folder documents.",
            ) from error
        return [found[number] for number in sorted(found, key=int)]

    def change(self, kind: str, work: Callable[[Table], _Result]) -> _Result:
        """Change documents of a kind: `work` gets TinyDB's table, alone; what it answers.

        Everything is written when it ends, or nothing when it raises. It may be run again, when somebody has edited
        the file by hand meanwhile. WorldError when the disk or the rights do not allow it.
        """
        from storage.document_file import change

        return change(self._path(kind), work)

    # ------------------------------------------------------------------------------ saved views

    def saved_views(self) -> dict[str, str]:
        """The saved views of the team: the query of each, as typed, by its name; in the order they were saved."""
        return {
            str(document["name"]): str(document["query"])
            for document in self.read("views")
            if document.get("name") and "query" in document
        }

    def save_view(self, name: str, query: str) -> None:
        """Save a query under a name; one that is there already gets this query. BadUsage for no name at all."""
        name = one_line(name, LONGEST_NAME).strip()
        if not name:
            raise BadUsage("The view has no name.", "Give it one, such as «Late invoices».")
        self.change("views", lambda table: _upsert(table, name, {"name": name, "query": query}))

    def forget_view(self, name: str) -> bool:
        """Take a saved view away; False when there is none of that name."""
        return self.change("views", lambda table: bool(table.remove(lambda each: each.get("name") == name)))

    def _path(self, kind: str) -> Path:
        if kind not in KINDS:
            raise ValueError(f"there are no documents called {kind!r}")
        return self._folder / f"{kind}.json"


def _upsert(table: Table, name: str, document: dict[str, str]) -> None:
    table.upsert(document, lambda each: each.get("name") == name)
