"""Where an erased customer is named outside the tables of the record: drafts and what programs said, documents, files, the
log. Each place is gone through as it lies there; a place where nothing of them stands is not written to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from inbox.erasing import ERASED
from storage.documents import KINDS

if TYPE_CHECKING:
    from tinydb.table import Table

    from storage.store import SqliteStore

SHORTEST = 5
"""Characters of an address or number that is looked for in what others wrote: less would be found everywhere."""
SAID = (
    ("alert_mails", "id", "words"),
    ("jobs", "id", "trouble"),
    ("rule_calls", "id", "trouble"),
    ("sending_limits", "mailbox", "why"),
)
"""Sentences of ours and of servers that may name them: table, key and column."""
LOGS = ("frontdesk.log", "frontdesk.log.1")


class WordsLeft(NamedTuple):
    """By which words a customer is found: what they are known by, and what they are called."""

    identities: tuple[tuple[str, str], ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> WordsLeft:
        """As they stand in the table of erasures."""
        said = json.loads(text)
        return cls(tuple((kind, value) for kind, value in said["identities"]), tuple(said["names"]))

    @property
    def addresses(self) -> list[str]:
        """Their mail addresses, folded."""
        return [value for kind, value in self.identities if kind == "mail"]

    def pattern(self) -> re.Pattern[str] | None:
        """What names them in what others wrote: an address, a number, a whole name of several words. A first name alone is
        that of many."""
        words = [value for _, value in self.identities if len(value) >= SHORTEST]
        words += [name for name in self.names if " " in name.strip()]
        if not words:
            return None
        longest = sorted(set(words), key=lambda word: (-len(word), word))
        return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest)) + r")(?!\w)", re.IGNORECASE)

    def named_in(self, store: SqliteStore) -> list[str]:
        """The kinds of documents that name them."""
        pattern = self.pattern()
        if pattern is None:
            return []
        documents = store.documents_beside
        return [kind for kind in KINDS if any(pattern.search(text) for text in _texts(documents.read(kind)))]

    def out_of(self, store: SqliteStore, customers: Sequence[int], conversations: Sequence[int]) -> None:
        """Take them out of everything beside the record."""
        forget_begun(store, customers, conversations, self.addresses)
        pattern, called = self.pattern(), self._called()
        with store.writing() as transaction:
            connection = transaction.connection
            connection.execute("UPDATE alert_mails SET words = ? WHERE state <> 'queued'", (ERASED,))
            for table, key, column in SAID:
                for number, words in connection.execute(f"SELECT {key}, {column} FROM {table}").fetchall():
                    left = _without(called, words)
                    if left != words:
                        connection.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (left, number))
        if pattern is not None:
            for kind in self.named_in(store):
                store.documents_beside.change(kind, lambda table: _rewrite(table, pattern))
            aside = (store.workspace / "documents").glob("*.damaged-*.json")
            for path in (*(store.workspace / name for name in LOGS), *aside):
                _blot(path, pattern)

    def _called(self) -> re.Pattern[str] | None:
        """What names them in a sentence of ours, which tells of few: any name."""
        words = [*self.names, *(value for _, value in self.identities)]
        return (
            re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
            if words
            else None
        )


def forget_begun(
    store: SqliteStore, customers: Sequence[int], conversations: Sequence[int], addresses: Sequence[str] = ()
) -> None:
    """Take away what was begun in these conversations or to these addresses alone, and its files, unless others' drafts
    name them as well."""
    gone = store.live.forget(customers, conversations, addresses)
    named = {file.sha for draft in store.live.drafts() for file in draft.files}
    for sha in gone - named:
        store.drop_draft_file(sha)


def _without(pattern: re.Pattern[str] | None, text: str) -> str:
    return text if pattern is None else pattern.sub(ERASED, text)


def _texts(value: Any) -> Iterator[str]:
    """Every string in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _all_texts((*value.keys(), *value.values()))
    elif isinstance(value, list):
        yield from _all_texts(value)


def _all_texts(values: Iterable[Any]) -> Iterator[str]:
    for each in values:
        yield from _texts(each)


def _rewritten(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(ERASED, value)
    if isinstance(value, dict):
        return {key: _rewritten(each, pattern) for key, each in value.items()}
    return [_rewritten(each, pattern) for each in value] if isinstance(value, list) else value


def _rewrite(table: Table, pattern: re.Pattern[str]) -> None:
    for document in table.all():
        left = _rewritten(dict(document), pattern)
        if left != dict(document):
            table.update(left, doc_ids=[document.doc_id])


def _blot(path: Path, pattern: re.Pattern[str]) -> None:
    """Blot them out of a log where they stand, byte for byte: others go on writing behind its end."""
    try:
        file = path.open("r+b")
    except OSError:
        return  # there is none, or it is another account's
    with file:
        start = 0
        for line in file.read().split(b"\n"):
            text = line.decode("utf-8", "surrogateescape")
            left = pattern.sub(lambda found: "*" * len(found[0].encode("utf-8", "surrogateescape")), text)
            if left != text:
                file.seek(start)
                file.write(left.encode("utf-8", "surrogateescape"))
            start += len(line) + 1
