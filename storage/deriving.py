"""What the clocks of many conversations come to under the newest hours and policies: read and derived, nothing written.

Where it is worth it, in processes beside this one, which get numbers of conversations on their standard input and answer
with what they come to; they end when their input does, also when whoever started them was killed.
"""

from __future__ import annotations

import gc
import os
import pickle
import sqlite3
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, cast

from inbox.fold import fold
from inbox.happenings import happenings
from inbox.model import Conversation, Event, Instant, Status
from inbox.policies import Book, counts, derived, latest, policy_steps
from storage import events as record
from storage.connection import DATABASE, SCREEN_CACHE_KB, connect
from storage.reading import STATE, STATE_COLUMNS, conversation_of
from storage.recording import clock_columns
from storage.store import SqliteStore
from storage.tags import words_of

SLICE = 400
"""Conversations derived at a time."""
MANY = 4_000
"""Conversations from which on other processes are worth their start."""
BESIDE = 2 if len(os.sched_getaffinity(0)) > 1 else 0
"""How many there are: what they bring keeps the one that writes busy."""
_AHEAD = 2
NICE = 19
"""How far they stand back behind who works: also behind the one that writes, which others wait for."""
_SERVE = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    " from storage.deriving import serve; serve(sys.argv[2], int(sys.argv[3]))"
)
_ROOT = Path(__file__).resolve().parents[1]

_ROWS = (
    f"SELECT {STATE}, c.vip, c.told, c.policy, c.due_at, c.warn_at, c.wakes_at FROM conversations c"
    " WHERE c.id IN (SELECT value FROM json_each(?)) ORDER BY c.id"
)
_EVENTS = f"SELECT {record.COLUMNS}, home FROM events WHERE home IN (SELECT value FROM json_each(?)) ORDER BY home, seq"


class Derived(NamedTuple):
    """What clocks say in the row of a conversation: policy, due_at, warn_at, wakes_at. `told`: after which event of the
    record that row was told when it was read. `change`: the event by which another policy comes to hold."""

    conversation: int
    told: int
    was: tuple[Any, ...]
    becomes: tuple[Any, ...]
    change: Event | None


def derive_all(
    store: SqliteStore, numbers: Sequence[int], now: Instant
) -> Generator[tuple[int, list[Derived]]]:
    """What these conversations, in order of their numbers, are to say: a slice at a time, with its last number."""
    slices = [numbers[start : start + SLICE] for start in range(0, len(numbers), SLICE)]
    beside = [_start(store, now) for _ in range(BESIDE if len(numbers) >= MANY else 0)]
    try:
        asked = 0
        for place, slice_ in enumerate(slices):
            while beside and asked < min(place + _AHEAD * len(beside), len(slices)):
                _ask(beside[asked % len(beside)], slices[asked])
                asked += 1
            found = _answer(beside[place % len(beside)]) if beside else None
            yield slice_[-1], derive(store, slice_, now) if found is None else found
    finally:
        for process in beside:
            process.kill()
            process.communicate()


def _start(store: SqliteStore, now: Instant) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _SERVE, str(_ROOT), str(store.workspace), str(now)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # ctrl+c at the terminal is for us
    )


def _ask(process: subprocess.Popen[bytes], numbers: Sequence[int]) -> None:
    assert process.stdin is not None
    with suppress(OSError):  # it died: that shows when it is to answer
        pickle.dump(numbers, process.stdin, pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()


def _answer(process: subprocess.Popen[bytes]) -> list[Derived] | None:
    """What it found; None when it died."""
    assert process.stdout is not None
    with suppress(OSError, EOFError, pickle.UnpicklingError):
        return cast("list[Derived]", pickle.load(process.stdout))
    return None


def serve(workspace: str, now: Instant) -> None:
    """Be such a process."""
    os.nice(NICE)
    path = Path(workspace)
    store = SqliteStore(path, connect(path / DATABASE), SCREEN_CACHE_KB)
    gc.disable()  # events point at nothing that points back
    while True:
        try:
            numbers = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(derive(store, numbers, now), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
        sys.stdout.buffer.flush()


def derive(store: SqliteStore, numbers: Sequence[int], now: Instant) -> list[Derived]:
    """What these conversations are to say, as of one instant; those that change in nothing are left out."""
    with store.snapshot() as connection:
        return list(_derived(connection, numbers, store.book_seen_by(connection), now))


def _derived(
    connection: sqlite3.Connection, numbers: Sequence[int], book: Book, now: Instant
) -> Iterator[Derived]:
    text = f"[{','.join(map(str, numbers))}]"
    tags = words_of(connection, "conversation_tags", "tag", text)
    mentions = words_of(connection, "conversation_mentions", "name", text)
    events = {
        number: [record.event_of(row) for row in group]
        for number, group in groupby(connection.execute(_EVENTS, (text,)), key=itemgetter(-1))
    }
    rows = connection.execute(_ROWS, (text,)).fetchall()
    heres = [events[row[0]] for row in rows]
    # Step by step for all of them, not one conversation after the other: a third less time, as the processor has at
    # hand what it does again and again.
    states = [
        _state(row, tags.get(row[0], ()), mentions.get(row[0], ()), here)
        for row, here in zip(rows, heres, strict=True)
    ]
    vips = [bool(row[STATE_COLUMNS]) for row in rows]
    steps = [[here[0], *policy_steps(here, True)] for here in heres]
    changes = [
        book.change(state, vip, said, now) for state, vip, said in zip(states, vips, steps, strict=True)
    ]
    told = [happenings(here) if counts(state) else () for state, here in zip(states, heres, strict=True)]
    for row, here, state, said, change, seen in zip(rows, heres, states, steps, changes, told, strict=True):
        if change is not None:
            said.append(change)
        becomes = clock_columns(state, derived(state, seen, said, book, latest(here, now)))
        was = row[STATE_COLUMNS + 2 :]
        if change is not None or becomes != was:
            yield Derived(row[0], row[STATE_COLUMNS + 1], was, becomes, change)


def _state(
    row: Sequence[Any], tags: tuple[str, ...], mentions: tuple[str, ...], events: Sequence[Event]
) -> Conversation:
    """How a conversation stands, with what clocks ask of it."""
    state = conversation_of(row, tags, mentions)
    if state.is_pledged or state.status is Status.SNOOZED:  # when it was turned, no row says
        return fold(state.id, events)._replace(customer=state.customer)
    return state
