"""Lines 42-49 of what must hold on a shared host, as a person meets them: at a screen, by a command, in a real process.

What the store alone promises there is in test_store_faults.py and test_store_processes.py.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from inbox.errors import WorldError
from inbox.journal import Journal
from storage import connection
from storage.workspace import open_store
from tests.faults.how_often import times
from tests.faults.kill import ROOT, python_child, wait_for
from tests.front import Front
from tests.office import Office
from tests.screenplay import playing
from tests.servers.dovecot import Dovecot, free_port
from tests.shop import NOW, STORY, shop
from tests.stores import Desk, desk, letter
from tests.terminal import Terminal, frontdesk, until
from tests.test_store_processes import OPEN, UPGRADE
from tui.screens import keyboard, writing

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
FULL = "The disk is full: nothing was changed. Free some space; everything saved so far is kept."


def fill(folder: Path) -> Path:
    """Take all the room there is."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))
    return ballast


# --------------------------------------------------------------------------- 42


@pytest.mark.long
def test_42_killed_screens_have_kept_all_they_said(tmp_path: Path) -> None:
    """Four at a time, each in the middle of writing notes; the last word may be there or not, and never half."""
    folder = tmp_path / "shop"
    shop(folder, STORY).close()
    dice, said, begun = random.Random(42), set[str](), set[str]()
    clock = "2026-11-10T10:05:00Z"
    for round_ in range(times(5, 50)):
        with ExitStack() as stack:
            screens = [
                stack.enter_context(
                    frontdesk("--workspace", str(folder), "--as", f"{name}{round_}", "--now", clock)
                )
                for name in ("ann", "bo", "cy", "di")  # with a number: who has no draft of the round before
            ]
            for at, screen in enumerate(screens):
                screen.until_shown("Enter opens it")
                for turn in range(2):
                    word = f"note{round_}x{at}x{turn}"
                    begun.add(word)
                    _write(screen, word)
                    said.add(word)
                begun.add(f"last{round_}x{at}")
                screen.press("n")
                screen.until(lambda screen=screen: "only the team" in screen.screen, "a note")  # type: ignore[misc]  # a lambda's default
                screen.press(f"last{round_}x{at}")
                screen.press("\x13")
            time.sleep(dice.random() * 0.1)
            for screen in screens:
                screen.kill()
                assert screen.ended() == -signal.SIGKILL
                assert "Traceback" not in screen.text
    with closing(open_store(folder)) as store:
        assert store.read("PRAGMA integrity_check") == [("ok",)]
        kept = [
            item.text for number in range(1, 7) for item in store.items(number) if item.direction == "note"
        ]
        assert said <= set(kept) <= begun
        assert len(kept) == len(set(kept))
        assert store.verify(NOW) == []


def _write(screen: Terminal, word: str) -> None:
    """Write a note, until the screen says that it is kept."""
    screen.press("\r")
    screen.until(lambda: "z unfold" in screen.screen or "> next" in screen.screen, "the conversation")
    screen.press("n")
    screen.until(lambda: "only the team" in screen.screen, "a note")
    screen.press(word)
    screen.until(lambda: f" {word}" in screen.screen, "the word")
    screen.press("\x13")
    screen.until(
        lambda: "Note written." in screen.screen and "Note, only" not in screen.screen, "the note's end"
    )
    screen.press("q")
    screen.until(lambda: "Note written." not in screen.screen, "the list")


# --------------------------------------------------------------------------- 43


async def test_43_at_a_full_disk_the_screen_says_so_and_goes_on_when_there_is_room(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "KEEP_AGAIN", 0.05)
    store = shop(small_disk / "workspace", STORY)
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("It is on its way.")
        assert "draft kept" in stage.text
        ballast = fill(small_disk)
        await stage.type(" Today")
        assert FULL in stage.said
        assert "draft NOT kept" in stage.text and "It is on its way. Today" in stage.text
        await stage.press("ctrl+s", "enter")
        assert FULL in stage.said and "Reply to" in stage.text
        await stage.press("escape")
        assert (
            "draft NOT kept: Esc again gives it up" in stage.text and "It is on its way. Today" in stage.text
        )
        ballast.unlink()
        await stage.until(lambda: "draft kept" in stage.text)  # by itself, though nobody writes
        assert [draft.text for draft in store.drafts()] == ["It is on its way. Today"]
        await stage.press("ctrl+s", "enter")
        assert "sends in" in stage.said
    (line,) = store.outbox()
    assert store.items(line.conversation)[-1].reply == "It is on its way. Today"
    assert store.verify(NOW) == []
    store.close()


def test_43_a_full_disk_takes_in_nothing_by_halves(small_disk: Path) -> None:
    """Mail, large mail in a file of its own, a file for a draft, the log, a command; the same once there is room."""
    here = desk(small_disk)
    here.gets()
    large = letter(id_="<large@x>", text="".join(f"{n:x} line\n" for n in range(60_000)))
    log = Journal(small_disk / "workspace" / "frontdesk.log", lambda: NOW)
    ballast = fill(small_disk)
    for raw in (large, letter(id_="<small@x>", text=os.urandom(40_000).hex())):
        with pytest.raises(WorldError, match="disk is full"):
            here.gets(raw)
    with pytest.raises(WorldError, match=r"No space left on device.\n  Nothing was attached"):
        here.store.keep_file(os.urandom(400_000), "a.bin")
    log.write("sync", said="x" * 300)  # a log that cannot be written ends nothing
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / "main.py"),
            "--workspace",
            str(here.store.workspace),
            "note",
            "1",
            "--text",
            "x",
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, "disk is full" in done.stderr, "Traceback" in done.stderr) == (4, True, False)
    assert [file.name for file in (here.store.workspace / "raw").rglob("*") if file.is_file()] == []
    ballast.unlink()
    here.verified()
    assert here.store.raw(here.store.items(here.gets(large))[-1].id) == large
    here.gets(letter(id_="<small@x>", text="There is room."))
    here.verified()
    here.store.close()


# --------------------------------------------------------------------------- 44, 45

AS_NOBODY = """
import os, sys
from pathlib import Path
import main
ASKED = (["list"], ["note", "1", "--text", "x"], ["verify"])
for words in ASKED:  # loads all that is needed, as long as it can be read
    main.main(["--workspace", sys.argv[2], *words])
try:
    raise RuntimeError
except RuntimeError:
    import traceback
os.setgid(65534); os.setgroups([]); os.setuid(65534)
for words in ASKED:
    print("status", main.main(["--workspace", sys.argv[1], *words]), flush=True)
"""


@needs_root
@pytest.mark.parametrize(("folder", "file"), [(0o700, 0o600), (0o755, 0o600), (0o755, 0o644), (0o555, 0o666)])
def test_44_who_may_not_open_a_workspace_is_told_so_by_every_command(
    reachable: Path, folder: int, file: int
) -> None:
    here = desk(reachable)
    here.gets()
    here.store.close()
    workspace = here.store.workspace
    (workspace / "frontdesk.db").chmod(file)
    workspace.chmod(folder)
    with python_child(AS_NOBODY, str(workspace), str(reachable / "elsewhere")) as child:
        said = child.finish()
    assert re.findall(r"^status (\d)", said, re.MULTILINE) == ["4", "4", "4"], said
    assert len(re.findall(r"^  \S+", said.partition("record says.")[2], re.MULTILINE)) >= 3, (
        said
    )  # what to do, each time
    assert "Traceback" not in said


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda data: data[: len(data) // 2],
    "garbage": lambda data: data[:16] + bytes(len(data) - 16),
    "no database": lambda _: b"PK\3\4 what is this",
    "newer": lambda data: data[:60] + (9999).to_bytes(4, "big") + data[64:],
}


@pytest.mark.parametrize("what", DAMAGE)
def test_45_every_command_says_what_is_wrong_with_a_damaged_file_and_leaves_it(
    shop_front: Front, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shop_front.workspace / "frontdesk.db"
    path.write_bytes(damaged := DAMAGE[what](path.read_bytes()))
    monkeypatch.setattr(connection, "_opened", set())  # as in a process that has not had it open
    for words in (["list"], ["show", "1"], ["note", "1", "--text", "x"], ["verify"], ["sync"]):
        ran = shop_front.run(*words)
        assert (ran.status, ran.out) == (4, ""), words
        assert ("Upgrade Frontdesk" if what == "newer" else "Restore") in ran.err
        assert path.read_bytes() == damaged


# --------------------------------------------------------------------------- 46

HOLDER = """
with store.writing() as transaction:
    transaction.connection.execute("UPDATE meta SET value = value")
    print("holds", flush=True)
    sys.stdin.read()
    import time
    time.sleep(600)
"""


async def test_46_while_a_suspended_process_holds_the_store_the_screen_lives_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyboard, "LONG", 0.05)
    shop(tmp_path, STORY).close()
    store = open_store(tmp_path, busy_seconds=1.0)
    async with playing(store, (160, 40)) as stage:
        with python_child(OPEN + HOLDER, str(tmp_path)) as child:
            wait_for(child, "holds")
            child.process.send_signal(signal.SIGSTOP)
            await stage.press("j", "enter", "q", "k")  # reading goes on
            told: list[str] = []
            say = stage.app.inbox.say

            def hear(words: str, urgent: bool = False) -> None:
                told.append(words)
                say(words, urgent)

            monkeypatch.setattr(stage.app.inbox, "say", hear)
            await stage.press("g a")
            assert f"{keyboard.WAITING} ctrl+q leaves." in told  # while the change waited
            assert "has held the workspace for 1 s: nothing was changed" in stage.said
            assert store.rows([2])[0].conversation.assignee is None
        await stage.press("g a")
        assert "takes it back" in stage.said
    store.close()


# --------------------------------------------------------------------------- 47


@pytest.mark.long
def test_47_of_two_workers_the_one_that_was_suspended_past_its_lease_writes_nothing_more(
    front: Front, tmp_path: Path, dovecot: Dovecot, imap_user: str
) -> None:
    """Both are `frontdesk sync --watch`; the lease runs out after 60 s, which the lock file is made to say at once."""
    office = Office(front, tmp_path)
    office.add("support", imap_user, dovecot.port, free_port())
    dovecot.append_many(imap_user, [STORY[0].replace(b"\n", b"\r\n")])
    words = [sys.executable, str(ROOT / "main.py"), "--workspace", str(front.workspace), "sync", "--watch"]

    def started() -> subprocess.Popen[str]:
        return subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    first = started()
    processes = [first]
    try:
        with closing(open_store(front.workspace)) as store:
            until(lambda: store.read("SELECT 1 FROM messages"), "its first pass")
            until(lambda: any(each.state == "watching" for each in store.mailboxes()), "the listening")
            first.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, first.pid, os.WSTOPPED | os.WNOWAIT)
            refused = started()
            processes.append(refused)
            assert refused.wait(30) == 4  # it may be so for a moment only
            lock = front.workspace / "worker.lock"
            lock.write_text(f"{first.pid} 0.0\n", "ascii")  # silent since the machine was started
            second = started()
            processes.append(second)
            until(lambda: store.worker() == second.pid, "the second worker")
            until(lambda: store.read("SELECT number FROM fences")[0][0] == 2, "its number")
            until(lambda: any(each.state == "watching" for each in store.mailboxes()), "its listening")
            before = store.newest_event()
            second.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, second.pid, os.WSTOPPED | os.WNOWAIT)
            dovecot.append_many(imap_user, [STORY[1].replace(b"\n", b"\r\n")])
            first.send_signal(signal.SIGCONT)  # it alone hears of the mail now
            assert first.wait(60) == 4
            assert (store.newest_event(), store.read("SELECT count(*) FROM raws")[0][0]) == (before, 1)
            second.send_signal(signal.SIGCONT)
            until(lambda: store.read("SELECT count(*) FROM messages")[0][0] == 2, "the mail")
            assert store.verify(int(time.time())) == []
    finally:
        for process in processes:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
                process.terminate()
            said = process.communicate(timeout=60)[0]
            assert "Traceback" not in said


# --------------------------------------------------------------------------- 49


def as_it_was(here: Desk) -> Path:
    """The workspace as the first schema had it, with all of it that this one can hold; where the old one lies."""
    path = here.store.path
    here.store.close()
    old = path.with_name("old.db")
    with closing(sqlite3.connect(old)) as database:
        database.executescript((ROOT / "storage" / "schema" / "0001.sql").read_text("utf-8"))
        database.execute("ATTACH ? AS new", (str(path),))
        tables = database.execute(
            "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " AND name NOT LIKE 'message_fts%' AND name <> 'buckets'"
        ).fetchall()
        there = {
            name for (name,) in database.execute("SELECT name FROM new.sqlite_master WHERE type = 'table'")
        }
        for (table,) in tables:
            if table not in there:
                continue
            shared = ", ".join(
                name
                for (name,) in database.execute(
                    "SELECT name FROM pragma_table_info(?, 'main') INTERSECT SELECT name FROM pragma_table_info(?, 'new')",
                    (table, table),
                )
            )
            database.execute(f"DELETE FROM main.{table}")
            database.execute(f"INSERT INTO main.{table}({shared}) SELECT {shared} FROM new.{table}")
        database.execute("PRAGMA user_version = 1")
        database.commit()
        database.execute("PRAGMA journal_mode = WAL")
    for file in path.parent.glob("frontdesk.db*"):
        file.unlink()
    old.rename(path)
    for rest in path.parent.glob("old.db*"):
        rest.unlink()
    return path


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.long)])
def test_49_an_upgrade_from_the_first_schema_that_is_killed_leaves_that_or_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: int
) -> None:
    here = desk(tmp_path)
    for number in range(20):
        here.gets(letter(f"jo{number}@park.example", id_=f"<{number}@x>"))
        here.did("ann", "note", conversation=number + 1, text=f"Called {number}")
    events = here.store.newest_event()
    path = as_it_was(here)
    monkeypatch.setattr(connection, "_opened", set())

    def found() -> tuple[int, str]:
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            shape = database.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
            return database.execute("PRAGMA user_version").fetchone()[0], json.dumps(shape)

    old = found()
    assert old[0] == 1
    steps = sum(1 for _ in connection._statements((connection._SCHEMA / "0002.sql").read_text("utf-8")))
    for point in random.Random(49).sample(range(1, steps + 1), kills):
        with python_child(
            UPGRADE, str(path.parent), str(connection._SCHEMA), crash_at=f"statement:{point}"
        ) as child:
            assert "upgraded" not in child.finish()
            assert child.was_killed
        assert found() == old
    with closing(open_store(path.parent)) as store:
        assert store.read("PRAGMA user_version") == [(connection.newest_schema(),)]
        assert store.newest_event() == events
        assert [item.text for item in store.items(1)][-1] == "Called 0"
        again = Desk(store, here.now)
        again.did("ann", "note", conversation=1, text="Work goes on.")
