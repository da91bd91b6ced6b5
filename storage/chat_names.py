"""Names in chats that are asked for and what waits for them, among the team's documents: `chat_names` and `chats_held`.

Whoever answers first is heard; who answers meanwhile is told. The bell rings, so that every screen sees it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from inbox.chat.names import (
    ASKED,
    TOLD_FOR,
    Asked,
    Held,
    Name,
    added,
    document_of,
    held_as_document,
    held_of,
    name_of,
)
from inbox.chat.shape import asked_name
from inbox.errors import BadUsage
from storage.documents import upsert

if TYPE_CHECKING:
    from tinydb.table import Table

    from inbox.model import Instant, Who
    from storage.workspace import Workspace

NAMES, HELD = "chat_names", "chats_held"


class ChatNames:
    """The names of one workspace."""

    def __init__(self, store: Workspace) -> None:
        self._store = store

    def all(self) -> Asked:
        """All names, and what waits for them."""
        documents = self._store.documents
        return Asked(_by_key(documents.read(NAMES)), tuple(self.held()))

    def told(self) -> dict[str, str]:
        """The side of each name of which somebody said it, by its key."""
        known = _by_key(self._store.documents.read(NAMES))
        return {key: each.side for key, each in known.items() if each.is_told}

    def held(self) -> list[Held]:
        """What waits for names, and what became of it lately."""
        found = map(held_of, self._store.documents.read(HELD))
        return [each for each in found if each is not None]

    def ask(self, names: Sequence[Name]) -> None:
        """Ask on which side these are; what was said of them stays said."""

        def work(table: Table) -> None:
            known = _by_key(map(dict, table.all()))
            for each in names:
                if each.key:
                    known[each.key] = added(known.get(each.key), each)
                    upsert(table, each.key, document_of(known[each.key]))

        if names:
            self._store.documents.change(NAMES, work)
            self._store.bell.ring(frozenset())

    def say(
        self, name: str, side: str, who: Who, now: Instant, instead_of: Name | None = None
    ) -> Name | None:
        """Say on which side a name is; with `instead_of`, only where nothing else was said meanwhile: else what was.
        BadUsage for no name at all."""
        key = asked_name(name)
        if not key:
            raise BadUsage("There is no name.", "Write it as the chat shows it.")

        def work(table: Table) -> Name | None:
            here = _by_key(map(dict, table.all())).get(key, Name(name))
            if instead_of is not None and (here.side, here.at) != (instead_of.side, instead_of.at):
                return here
            said = here._replace(side=side, who=who.name if side != ASKED else "", at=now)
            upsert(table, key, document_of(said))
            return None

        found = self._store.documents.change(NAMES, work)
        self._store.bell.ring(frozenset())
        return found

    def hold(self, held: Held) -> None:
        """Remember that an export waits, or what became of it: then its names need not be asked for any more."""

        def work(table: Table) -> None:
            table.remove(lambda each: _is_old(each, held.at))
            upsert(table, held.place, held_as_document(held))

        self._store.documents.change(HELD, work)
        if held.took is not None:
            left = set(held.names).difference(*(each.names for each in self.held() if each.took is None))
            self._store.documents.change(NAMES, lambda table: _settle(table, left))
        self._store.bell.ring(frozenset())

    def release(self, place: str) -> None:
        """It waits no more, and nothing is to be told of it."""
        self._store.documents.change(HELD, lambda table: table.remove(lambda each: each.get("name") == place))


def _by_key(documents: Iterable[dict[str, Any]]) -> dict[str, Name]:
    found = (name_of(each) for each in documents)
    return {each.key: each for each in found if each is not None}


def _settle(table: Table, keys: Collection[str]) -> None:
    """Nothing waits for these names any more: what they said stands in the conversations now."""
    table.remove(lambda each: each.get("name") in keys and each.get("side") == ASKED)
    table.update({"first": ""}, lambda each: each.get("name") in keys)


def _is_old(document: dict[str, Any], now: Instant) -> bool:
    held = held_of(document)
    return held is None or (held.took is not None and now - held.at > TOLD_FOR)
