"""Afterwards: whether what was acknowledged is there, and what both servers and we have to say of each message."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.soak.plan import LIVE, RULED, Ledger
from storage.connection import DATABASE
from storage.workspace import open_store

MAYBE_SENT = {"unknown"}
NOT_YET = {"queued", "held", "refused-for-now", "failed", "connecting", "data"}


@dataclass
class Books:
    """What does not add up; all of it must be empty. `states`: how many answers of ours ended how."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    unaccounted: list[str] = field(default_factory=list)
    unruled: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)

    @property
    def add_up(self) -> bool:
        """Whether nothing is amiss."""
        return not (self.lost or self.twice or self.unaccounted or self.unruled or self.problems)


def close(workspace: Path, verify: Sequence[str], ledger: Ledger, world: dict[str, Any]) -> Books:
    """Compare. `verify`: the command; `world`: what the servers say."""
    books = Books()
    with closing(sqlite3.connect(f"file:{workspace / DATABASE}?mode=ro", uri=True)) as db:
        _acknowledged(db, ledger, books)
        _received(db, ledger, world, books)
        _sent(db, world, books)
        _ruled(db, world, books)
    _words(workspace, ledger, books)
    done = subprocess.run(verify, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    told = json.loads(done.stdout) if done.stdout.startswith("{") else {"problems": [{"detail": done.stderr}]}
    books.problems = [json.dumps(each) for each in told["problems"]]
    return books


def _acknowledged(db: sqlite3.Connection, ledger: Ledger, books: Books) -> None:
    """Each change that a hand was told of is in the record, by that hand, in that conversation."""
    there = {
        seq: (who, conversation)
        for seq, who, conversation in db.execute("SELECT seq, who, conversation FROM events")
    }
    books.lost += [
        f"event {seq} of {who} in {conversation}"
        for seq, (who, conversation) in ledger.events.items()
        if there.get(seq) != (who, conversation)
    ]


def _received(db: sqlite3.Connection, ledger: Ledger, world: dict[str, Any], books: Books) -> None:
    """Each mail of the server and of the files is here, once."""
    here = Counter(message_id for (message_id,) in db.execute("SELECT message_id FROM msgids"))
    wanted = set(world["came"]) | ledger.imported
    for place, ids in world["there"].items():
        wanted |= set(ids) if place.endswith("/INBOX") else set()
    books.lost += [f"mail {each}" for each in sorted(wanted) if not here[each]]
    books.twice += [f"mail {each} is here {here[each]} times" for each in sorted(wanted) if here[each] > 1]


def _sent(db: sqlite3.Connection, world: dict[str, Any], books: Books) -> None:
    """Of each answer the state fits what the server took: sent is once, not yet is never, unknown is at most once."""
    taken = Counter(
        (message_id, recipient) for message_id, recipients in world["taken"] for recipient in recipients
    )
    for message_id, address, state in db.execute(
        "SELECT o.message_id, r.address, r.state FROM outbox_recipients r JOIN outbox o USING(message)"
    ):
        books.states[state] += 1
        count = taken.pop((message_id, address), 0)
        if count > 1:
            books.twice.append(f"{message_id} to {address}: {count} times")
        elif (state == "sent" and not count) or (state in NOT_YET and count):
            books.unaccounted.append(f"{message_id} to {address}: {state}, taken {count} times")
        elif state not in MAYBE_SENT | NOT_YET | {"sent"}:
            books.unaccounted.append(f"{message_id} to {address}: {state}")
    books.unaccounted += [
        f"{message_id} to {address}: the server has it, we do not" for message_id, address in taken
    ]
    copies = Counter(each for place, ids in world["there"].items() if place.endswith("/Sent") for each in ids)
    books.twice += [f"{each} lies in Sent {n} times" for each, n in copies.items() if n > 1]
    books.unaccounted += [
        f"{message_id} was sent, does not lie in Sent, and nobody will see to it"
        for (message_id,) in db.execute(
            "SELECT message_id FROM outbox WHERE state = 'sent' AND NOT EXISTS"
            " (SELECT 1 FROM jobs WHERE kind = 'sent-copy' AND data = CAST(message AS TEXT))"
        )
        if not copies[message_id]
    ]


def _ruled(db: sqlite3.Connection, world: dict[str, Any], books: Books) -> None:
    """The rule was asked of each mail that came while it stood, and did what it says once."""
    numbers = {each for each in world["came"] if int(each.partition("live")[2].partition("@")[0]) % 5 == 0}
    if not numbers:
        return
    marks = ",".join("?" * len(numbers))
    found = Counter(
        each
        for (each,) in db.execute(
            f"SELECT i.message_id FROM msgids i JOIN messages m ON m.id = i.message"
            f" JOIN conversation_tags t ON t.conversation = m.conversation AND t.tag = ? WHERE i.message_id IN ({marks})",
            (RULED, *numbers),
        )
    )
    books.unruled = [f"{each} ({LIVE})" for each in sorted(numbers) if found[each] != 1]


def _words(workspace: Path, ledger: Ledger, books: Books) -> None:
    """Each note and answer that a screen or command acknowledged is there once; no other is there twice."""
    store = open_store(workspace, create=False)
    found = Counter[str]()
    wanted = ledger.notes | ledger.answers | ledger.begun
    messages = store.read("SELECT id FROM messages WHERE direction IN ('note', 'out')")
    for (message,) in messages:
        item = store.item(message)
        first = item.text.split(maxsplit=1)[:1] if item is not None else []
        found.update(word for word in first if word in wanted)
    store.close()
    books.lost += [f"note {word}" for word in sorted(ledger.notes) if not found[word]]
    books.lost += [f"answer {word}" for word in sorted(ledger.answers) if not found[word]]
    books.twice += [f"{word} is here {count} times" for word, count in found.items() if count > 1]
