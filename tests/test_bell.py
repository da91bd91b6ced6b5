"""The bell: every process hears of a change at once, and of one whose letter was lost within about a second."""

from __future__ import annotations

import signal
import socket
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import bell
from tests.faults.kill import python_child, wait_for
from tests.stores import Desk, desk
from tests.test_store_processes import OPEN

LONG = 20.0
"""Seconds until a test that hears nothing gives up; it never waits so long when all is well."""


class Ear:
    """What was heard, in order."""

    def __init__(self) -> None:
        self.heard: list[frozenset[int]] = []
        self.rang = threading.Condition()

    def __call__(self, conversations: frozenset[int]) -> None:
        with self.rang:
            self.heard.append(conversations)
            self.rang.notify_all()

    def hears(self, conversations: set[int]) -> bool:
        with self.rang:
            return self.rang.wait_for(lambda: conversations in self.heard, LONG)

    def hears_all(self, conversations: set[int]) -> bool:
        with self.rang:
            return self.rang.wait_for(lambda: conversations <= set().union(*self.heard), LONG)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    here = desk(tmp_path)
    here.gets()
    here.gets()
    yield here
    here.store.close()


LISTENER = (
    OPEN
    + """
import sys
from storage import bell
bell.LOOK_SECONDS = 600  # letters alone: a look may come between a change and its letter
stop = store.watch(lambda heard: print("heard", *sorted(heard), flush=True))
print("ready", flush=True)
sys.stdin.read()
import time
time.sleep(60)
"""
)


def test_another_process_hears_which_conversations_changed(shop: Desk) -> None:
    with python_child(LISTENER, str(shop.store.workspace)) as child:
        wait_for(child, "ready")
        shop.did("ann", "note", conversation=2, text="Look.")
        assert wait_for(child, "heard") == "heard 2\n"
        shop.did("ann", "merge", into=1, conversation=2)
        assert wait_for(child, "heard") == "heard 1 2\n"
        shop.did("ann", "undo", by="ann")
        assert wait_for(child, "heard") == "heard 1 2\n"


def test_what_another_process_does_is_heard_here(shop: Desk) -> None:
    ear = Ear()
    stop = shop.store.watch(ear)
    script = OPEN + "store.change(*decision('note', conversation=1, text='x'), Who('bo'), MONDAY)"
    with python_child(script, str(shop.store.workspace)) as child:
        assert child.finish() == ""
    assert ear.hears({1})
    stop()


def test_a_change_without_a_letter_is_found_by_looking(shop: Desk) -> None:
    ear = Ear()
    stop = shop.store.watch(ear)
    (box,) = shop.store.bell._folder.iterdir()
    box.unlink()  # no letter arrives any more
    shop.did("ann", "note", conversation=1, text="x")
    assert ear.hears(set())  # something changed
    stop()


def test_what_is_only_noted_beside_the_record_wakes_nobody(
    shop: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each mail that comes is noted more than once: fifty screens would read everything again each time."""
    looked = threading.Semaphore(0)
    version = bell._version

    def looking(connection: sqlite3.Connection) -> int:
        looked.release()
        return version(connection)

    monkeypatch.setattr(bell, "_version", looking)
    monkeypatch.setattr(bell, "LOOK_SECONDS", 0.01)
    ear = Ear()
    stop = shop.store.watch(ear)
    (box,) = shop.store.bell._folder.iterdir()
    box.unlink()  # no letter arrives any more
    shop.store.jobs.add("sync", "", shop.now)
    for _ in range(looked._value + 3):
        assert looked.acquire(timeout=LONG)
    assert ear.heard == []
    shop.did("ann", "note", conversation=1, text="x")
    assert ear.hears(set())
    stop()


def test_a_disk_that_fails_for_a_moment_makes_nobody_deaf(
    shop: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed, recorded = threading.Event(), bell._recorded

    def failing(connection: sqlite3.Connection) -> int:
        if not failed.is_set():
            failed.set()
            raise sqlite3.OperationalError("disk I/O error")
        return recorded(connection)

    ear = Ear()
    stop = shop.store.watch(ear)
    monkeypatch.setattr(bell, "_recorded", failing)
    shop.did("ann", "note", conversation=1, text="x")
    assert ear.hears({1}) and failed.is_set()
    shop.did("ann", "note", conversation=2, text="x")
    assert ear.hears({2})
    stop()


def test_a_burst_that_no_queue_holds_is_told_as_many(shop: Desk) -> None:
    """Letters are lost when a queue is full. Whoever finds so many cannot know what else there was."""
    entered, go_on, ear = threading.Event(), threading.Event(), Ear()

    def slow(conversations: frozenset[int]) -> None:
        entered.set()
        go_on.wait(LONG)
        ear(conversations)

    stop = shop.store.watch(slow)
    shop.store.bell.ring(frozenset({1}))
    assert entered.wait(LONG)
    for number in range(2000):
        shop.store.bell.ring(frozenset({number}))
    go_on.set()
    assert ear.hears(set())
    stop()


def test_a_ring_of_many_conversations_is_told_as_many(shop: Desk) -> None:
    ear = Ear()
    stop = shop.store.watch(ear)
    shop.store.bell.ring(frozenset(range(5000)))
    assert ear.hears(set())
    stop()


def test_a_suspended_screen_neither_hangs_the_writer_nor_silences_the_others(shop: Desk) -> None:
    ear = Ear()
    with python_child(LISTENER, str(shop.store.workspace)) as child:
        wait_for(child, "ready")
        child.process.send_signal(signal.SIGSTOP)
        for number in range(1500):
            shop.store.bell.ring(frozenset({number}))
        stop = shop.store.watch(ear)
        shop.store.bell.ring(frozenset({4711}))
        assert ear.hears({4711})
        stop()


def test_a_killed_listener_is_cleared_away(shop: Desk) -> None:
    with python_child(LISTENER, str(shop.store.workspace)) as child:
        wait_for(child, "ready")
        assert shop.store.bell.others()
        child.kill()
    assert not shop.store.bell.others()
    shop.store.bell.ring(frozenset({1}))
    assert list(shop.store.bell._folder.iterdir()) == []


def test_rubbish_in_the_letter_box_is_something_changed(shop: Desk) -> None:
    ear = Ear()
    stop = shop.store.watch(ear)
    (box,) = shop.store.bell._folder.iterdir()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(b"\xff\x00\x01", str(box))
    assert ear.hears(set())
    stop()


def test_bulk_work_leaves_room_for_others_who_are_here(shop: Desk) -> None:
    """While a screen is open a slice ends by the clock, so that a key is never kept waiting for a whole import."""
    numbers = [shop.gets() for _ in range(60)]
    ear = Ear()
    script = (
        OPEN
        + """
from storage.store import SqliteStore
begun = 0
plain = SqliteStore.writing
def counted(self):
    global begun
    begun += 1
    return plain(self)
SqliteStore.writing = counted
numbers = [int(word) for word in sys.argv[2].split()]
store.change_each((decision("tag", conversation=n, add=["x"]) for n in numbers), Who("ann"), MONDAY)
print(begun)
"""
    )
    words = " ".join(map(str, numbers))
    with python_child(script, str(shop.store.workspace), words) as child:
        alone = int(child.finish())
    for number in numbers:
        shop.did("ann", "tag", conversation=number, remove=["x"])
    stop = shop.store.watch(ear)
    with python_child(script, str(shop.store.workspace), words) as child:
        together = int(child.finish())
    assert alone == 1
    assert together > 1
    assert ear.hears_all(set(numbers))
    stop()


def test_an_answer_that_has_to_wait_is_seen_to_wait(shop: Desk) -> None:
    """Nothing is recorded of a server that says "later"; who looks at the conversation sees it all the same."""
    message = shop.replies("ann", 1)
    ear = Ear()
    stop = shop.store.watch(ear)
    assert (
        shop.hands_over(message, "refused-for-now", "greylisted", again=shop.now + 300) == "refused-for-now"
    )
    assert ear.hears({1})
    stop()


def test_a_folder_that_strangers_can_reach_is_never_the_bells(
    shop: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ours = bell._folder(shop.store.workspace)
    assert bell._folder(shop.store.workspace) == ours
    ours.rmdir()
    ours.mkdir()
    ours.chmod(0o777)  # somebody was there first
    other = bell._folder(shop.store.workspace)
    assert other == bell._folder(shop.store.workspace)
    assert other.parent == tmp_path
    assert other.stat().st_mode & 0o7777 in (0o2770, 0o2700)
    assert other != ours
    other.rmdir()
    other.symlink_to(shop.store.workspace)
    assert bell._folder(shop.store.workspace) not in (ours, other)
