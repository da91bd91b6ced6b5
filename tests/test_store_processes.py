"""Several real processes at one workspace: nothing that was acknowledged is lost, whoever is killed or suspended."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import pytest

from inbox.errors import WorldError
from inbox.model import EventType
from inbox.ports import MailboxState
from storage.leases import held
from storage.live import Live
from storage.workspace import open_store
from tests.faults.kill import python_child, wait_for
from tests.restoring import restore
from tests.stores import Desk, desk, letter

OPEN = """
import sys
from pathlib import Path
from inbox.actions import decision
from inbox.model import Who
from storage.workspace import open_store
from tests.faults.clock import MONDAY
store = open_store(Path(sys.argv[1]), cache_kb=1000, busy_seconds=60)
"""

WRITER = (
    OPEN
    + """
name, times = sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
for turn in range(times):
    giving = decision("assign", conversation=1, to=f"{name}-{turn}")
    outcome = store.change(*giving, Who(name), MONDAY + turn, f"{name}-{turn}")
    assert outcome.refusal is None
    print("done", outcome.events[0].seq, flush=True)
print("end", flush=True)
"""
)

NOTER = (
    OPEN
    + """
name = sys.argv[2]
for turn in range(100_000):
    noting = decision("note", conversation=1, text=f"{name} {turn} " + "word " * 200)
    outcome = store.change(*noting, Who(name), MONDAY + turn)
    print("done", outcome.events[0].seq, flush=True)
"""
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    here = desk(tmp_path)
    here.gets()
    yield here
    here.store.close()


def acknowledged(said: str) -> list[int]:
    """The numbers a child said were kept; a line that the kill cut off said nothing yet."""
    whole = said[: said.rfind("\n") + 1]
    return [int(line.split()[1]) for line in whole.splitlines() if line.startswith("done ")]


def write_together(shop: Desk, writers: int, times: int) -> None:
    with ExitStack() as stack:
        names = [f"w{number}" for number in range(writers)]
        children = [
            stack.enter_context(python_child(WRITER, str(shop.store.workspace), name, str(times)))
            for name in names
        ]
        said = [child.finish(300) for child in children]
    assert [words[-500:] for words in said if not words.rstrip().endswith("end")] == []
    acked = [seq for words in said for seq in acknowledged(words)]
    recorded = [e for e in shop.store.events(1) if e.type is EventType.ASSIGNED]
    assert len(acked) == writers * times
    assert sorted(acked) == [event.seq for event in recorded]
    assert {event.data["to"] for event in recorded} == {f"{n}-{t}" for n in names for t in range(times)}
    assert shop.state(1).assignee == recorded[-1].data["to"]
    # each saw what the one before had done: nobody wrote over what he had not seen
    assert [e.data.get("was") for e in recorded] == [None, *(e.data["to"] for e in recorded[:-1])]
    shop.verified()


def test_41_writers_at_once_lose_nothing_and_see_each_other(shop: Desk) -> None:
    write_together(shop, writers=4, times=40)


@pytest.mark.long
def test_41_sixteen_writers_at_once_lose_nothing_and_see_each_other(shop: Desk) -> None:
    write_together(shop, writers=16, times=200)


def kill_writers(shop: Desk, kills: int) -> None:
    dice = random.Random(7)
    for turn in range(kills):
        with python_child(NOTER, str(shop.store.workspace), f"killed{turn}") as child:
            said = wait_for(child, "done")
            time.sleep(dice.random() * 0.03)
            child.kill()
            said += child.output.read()
        there = {event.seq for event in shop.store.events(1)}
        assert there.issuperset(acknowledged(said))
        assert shop.store.read("PRAGMA integrity_check") == [("ok",)]
    shop.did("ann", "note", conversation=1, text="Still working.")
    shop.verified()


def test_42_a_killed_writer_has_written_all_it_said_and_nothing_half(shop: Desk) -> None:
    kill_writers(shop, 6)


@pytest.mark.long
def test_42_two_hundred_killed_writers_have_written_all_they_said(shop: Desk) -> None:
    kill_writers(shop, 200)


def test_processes_that_meet_at_a_new_workspace_make_it_once(tmp_path: Path) -> None:
    with ExitStack() as stack:
        script = OPEN + "print(len(store.read('SELECT * FROM sqlite_master')))"
        children = [stack.enter_context(python_child(script, str(tmp_path / "new"))) for _ in range(4)]
        said = {child.finish() for child in children}
    assert len(said) == 1
    assert int(said.pop()) > 30


# --------------------------------------------------------------------------- the one worker

SUSPENDED = (
    OPEN
    + """
import os, signal
def note(text):
    return store.change(*decision("note", conversation=1, text=text), Who("slow"), MONDAY)
assert store.lease().take()
note("Before.")
os.kill(os.getpid(), signal.SIGSTOP)  # by itself, and not in the middle of a change: that would hold the store as well
try:
    note("Afterwards.")
except Exception as error:
    print("refused", error)
"""
)


def test_47_a_worker_that_was_suspended_past_its_lease_writes_nothing_afterwards(shop: Desk) -> None:
    with python_child(SUSPENDED, str(shop.store.workspace)) as child:
        os.waitid(os.P_PID, child.process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        lease = shop.store.lease()
        assert not lease.take()  # it may have been so for a moment only
        lease._expires = 0.1
        try:
            before = time.monotonic()
            while not lease.take():
                assert time.monotonic() - before < 30
                time.sleep(0.02)
            written = len(shop.store.events(1))
            assert held(shop.store.workspace, "worker") == os.getpid()
        finally:
            child.process.send_signal(signal.SIGCONT)
        assert "taken over" in wait_for(child, "refused")
    assert len(shop.store.events(1)) == written
    texts = [item.text for item in shop.store.items(1)]
    assert ("Before." in texts, "Afterwards." in texts) == (True, False)
    shop.did("ann", "note", conversation=1, text="The new worker writes.")
    lease.release()
    shop.verified()


def test_a_killed_worker_gives_the_lease_back_at_once(shop: Desk) -> None:
    holds = (
        OPEN
        + "assert store.lease().take(); print('taken', flush=True); sys.stdin.read(); import time; time.sleep(60)"
    )
    with python_child(holds, str(shop.store.workspace)) as child:
        wait_for(child, "taken")
        assert held(shop.store.workspace, "worker") == child.process.pid
        assert not shop.store.lease().take()
        child.kill()
    assert held(shop.store.workspace, "worker") is None
    with shop.store.lease():
        assert held(shop.store.workspace, "worker") == os.getpid()
    assert held(shop.store.workspace, "worker") is None


def test_46_a_suspended_process_that_holds_the_write_lock_is_named_within_the_limit(
    shop: Desk, tmp_path: Path
) -> None:
    holds = (
        OPEN
        + """
with store.writing() as transaction:
    transaction.connection.execute("UPDATE meta SET value = value")
    print("holds", flush=True)
    import time
    time.sleep(60)
"""
    )
    hasty = Desk(open_store(tmp_path / "workspace", busy_seconds=0.3))
    with python_child(holds, str(shop.store.workspace)) as child:
        wait_for(child, "holds")
        child.process.send_signal(signal.SIGSTOP)
        before = time.monotonic()
        with pytest.raises(WorldError, match=r"has held the workspace for 0\.3 s: nothing was changed"):
            hasty.do("ann", "note", conversation=1, text="Now?")
        assert time.monotonic() - before < 5
        assert hasty.state(1).id == 1  # reading goes on
    hasty.did("ann", "note", conversation=1, text="Now.")
    hasty.store.close()


# --------------------------------------------------------------------------- upgrades and copies

UPGRADE = """
import shutil, sys
from pathlib import Path
import storage.connection as connection
from tests.faults.kill import crash_point
workspace, schema = Path(sys.argv[1]), Path(sys.argv[2])
connection._SCHEMA = schema
plain = connection._statements
def statements(script):
    for statement in plain(script):
        crash_point("statement")
        yield statement
    crash_point("statement")
connection._statements = statements
connection.open_database(workspace / "frontdesk.db").close()
print("upgraded")
"""


def test_49_an_upgrade_that_is_killed_leaves_the_old_schema_or_the_new_one(
    shop: Desk, tmp_path: Path
) -> None:
    schema = tmp_path / "schema"
    schema.mkdir()
    for script in (Path(__file__).parent.parent / "storage" / "schema").glob("*.sql"):
        (schema / script.name).write_bytes(script.read_bytes())
    newer = int(shop.store.read("PRAGMA user_version")[0][0]) + 1
    steps = [f"CREATE TABLE made_{n}(a);\nINSERT INTO made_{n} SELECT seq FROM events;\n" for n in range(9)]
    (schema / f"{newer:04}.sql").write_text(
        "".join(steps) + "ALTER TABLE customers ADD COLUMN made INTEGER;\n"
    )
    path = shop.store.path
    shop.store.close()

    def found() -> tuple[int, int, int]:
        with sqlite3.connect(path) as database:
            version = database.execute("PRAGMA user_version").fetchone()[0]
            made = database.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'made%'").fetchone()[
                0
            ]
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            return version, made, len(database.execute("PRAGMA table_info(customers)").fetchall())

    old = found()
    for point in range(1, 21):
        with python_child(
            UPGRADE, str(shop.store.workspace), str(schema), crash_at=f"statement:{point}"
        ) as child:
            assert "upgraded" not in child.finish()
            assert child.was_killed
        assert found() == old
    with python_child(UPGRADE, str(shop.store.workspace), str(schema)) as child:
        assert "upgraded" in child.finish()
    assert found() == (newer, 9, old[2] + 1)
    with pytest.raises(WorldError, match="made by a newer Frontdesk"):
        open_store(shop.store.workspace)


def test_a_process_that_was_there_before_an_upgrade_asks_to_be_restarted(shop: Desk) -> None:
    with sqlite3.connect(shop.store.path) as newer:
        newer.execute("PRAGMA user_version = 99")
    with pytest.raises(WorldError, match="restart"):
        shop.do("ann", "note", conversation=1, text="Too late.")


def test_48_a_backup_taken_under_load_is_whole(shop: Desk, tmp_path: Path) -> None:
    large = letter(id_="<large@x>", text="".join(f"{n:x} line\n" for n in range(60_000)))
    shop.gets(large)
    with python_child(NOTER, str(shop.store.workspace), "busy") as child:
        wait_for(child, "done")
        before = len(shop.store.events(1))
        shop.store.backup(tmp_path / "backup.tar")
        wait_for(child, "done")
    restore(tmp_path / "backup.tar", tmp_path / "restored")
    restored = Desk(open_store(tmp_path / "restored"), now=shop.now)
    assert len(restored.store.events(1)) >= before
    restored.verified()
    newest = restored.store.items(2)[0].id
    assert restored.store.raw(newest) == large
    restored.did("ann", "note", conversation=1, text="Work goes on.")
    restored.store.close()


def test_drafts_and_presence_can_be_opened_while_another_makes_their_file(tmp_path: Path) -> None:
    """The worker and its screen begin in the same second; SQLite refuses a switch to WAL at once, whatever the time-out."""
    other = sqlite3.connect(tmp_path / "live.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as beside:
        opening = beside.submit(Live, tmp_path)
        with pytest.raises(TimeoutError):
            opening.result(timeout=0.2)
        other.execute("ROLLBACK")
        opening.result(timeout=20).close()
    other.close()


def test_threads_that_have_ended_leave_no_file_open(shop: Desk) -> None:
    """The worker begins anew every few seconds while the disk is full, with new threads that read."""
    files = Path("/proc/self/fd")

    def open_files() -> int:
        return len(list(files.iterdir()))

    for _ in range(3):
        _read_beside(shop)
    before = open_files()
    for _ in range(20):
        _read_beside(shop)
    assert open_files() <= before + 4


def _read_beside(shop: Desk) -> None:
    thread = Thread(target=shop.store.outbox)
    thread.start()
    thread.join()


def test_drafts_and_presence_outlive_the_loss_of_their_file(shop: Desk, tmp_path: Path) -> None:
    """Somebody has removed the file, or put back an older one: what is said from then on is seen by all."""
    other = open_store(tmp_path / "workspace")
    other.show_mailbox(MailboxState("support", "watching", 1))
    assert [state.state for state in shop.store.mailboxes()] == ["watching"]
    for file in (tmp_path / "workspace").glob("live.db*"):
        file.unlink()
    other.show_mailbox(MailboxState("support", "network", 2))
    late = open_store(tmp_path / "workspace")
    for store in (late, shop.store):
        assert [state.state for state in store.mailboxes()] == ["network"]
    late.close()
    other.close()
