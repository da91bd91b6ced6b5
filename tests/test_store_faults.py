"""Damaged, newer, full, read-only: the store says what is wrong and what to do, and writes nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from inbox.errors import WorldError
from inbox.model import Who
from storage import connection
from storage.workspace import Workspace, open_store
from tests.faults.kill import python_child, wait_for
from tests.stores import desk, letter
from tests.test_store_processes import OPEN

ANN = Who("ann")
needs_somebody = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can become somebody who may not write here"
)


def files_of(workspace: Path) -> dict[str, str]:
    """The digest of every file, without the shared memory that SQLite keeps beside them."""
    return {
        str(path.relative_to(workspace)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(workspace.rglob("*"))
        if path.is_file() and not path.name.endswith("-shm")
    }


def refused(workspace: Path, words: str) -> None:
    """Opening it says these words and changes no byte, however often it is tried."""
    before = files_of(workspace)
    for _ in range(2):
        with pytest.raises(WorldError, match=words) as caught:
            open_store(workspace)
        assert caught.value.next_step
        assert files_of(workspace) == before


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with some mail that nobody has open."""
    shop = desk(tmp_path)
    for number in range(30):
        shop.gets(letter(id_=f"<{number}@x>", text=f"Letter {number}\n" * 200))
    shop.store.close()
    monkeypatch.setattr(connection, "_opened", set())  # as in a process that has not had it open
    return tmp_path / "workspace"


@pytest.fixture
def killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose last changes stand in the log only, because the process was killed."""
    shop = desk(tmp_path)
    shop.gets()
    shop.store.close()
    script = OPEN + "store.change(*decision('note', conversation=1, text='the last'), Who('ann'), MONDAY)\n"
    with python_child(
        script + "print('done', flush=True)\nsys.stdin.read()\nimport time\ntime.sleep(60)",
        str(shop.store.workspace),
    ) as child:
        wait_for(child, "done")
        child.kill()
    assert (shop.store.workspace / "frontdesk.db-wal").stat().st_size > 0
    monkeypatch.setattr(connection, "_opened", set())  # as in a process that has not had it open
    return shop.store.workspace


def test_what_a_killed_process_left_in_the_log_is_there(killed: Path) -> None:
    store = open_store(killed)
    assert "the last" in [item.text for item in store.items(1)]
    store.close()


@pytest.mark.parametrize("what", ["garbage", "header", "one byte"])
def test_45_a_damaged_log_is_not_written_over(killed: Path, what: str) -> None:
    log = killed / "frontdesk.db-wal"
    data = bytearray(log.read_bytes())
    if what == "garbage":
        data = bytearray(os.urandom(len(data)))
    elif what == "header":
        data[:4] = b"\0\0\0\0"
    else:
        data[17] ^= 1
    log.write_bytes(data)
    refused(killed, "what was changed last stands there")


def test_a_log_that_was_only_begun_is_none(closed: Path) -> None:
    (closed / "frontdesk.db-wal").write_bytes(bytes(4096))
    store = open_store(closed)
    assert len(store.ids(None, ANN, 0)) == 30
    store.close()


@pytest.mark.parametrize("keep", [1, 99, 100, 5000, -8192, -1])
def test_45_a_database_without_its_end_is_refused(closed: Path, keep: int) -> None:
    path = closed / "frontdesk.db"
    path.write_bytes(path.read_bytes()[:keep])
    refused(closed, "damaged|its end is missing")


def test_an_end_that_stands_in_the_log_is_not_missing(killed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that dies while the log is carried over leaves a file that is shorter than it says."""
    path, log = killed / "frontdesk.db", killed / "frontdesk.db-wal"
    kept = log.read_bytes()
    open_store(killed).close()  # carries the log over
    monkeypatch.setattr(connection, "_opened", set())
    whole = path.read_bytes()
    page = int.from_bytes(whole[16:18], "big")
    last = len(whole) // page - 1
    frames = {int.from_bytes(kept[at : at + 4], "big") - 1 for at in range(32, len(kept), page + 24)}
    log.write_bytes(kept)
    missing = last
    while missing in frames:
        missing -= 1
    path.write_bytes(whole[: (missing + 1) * page])
    if missing < last:
        store = open_store(killed)
        assert "the last" in [item.text for item in store.items(1)]
        store.close()
    else:
        path.write_bytes(whole[: last * page])
        refused(killed, "its end is missing")


@pytest.mark.parametrize("data", [b"PK\3\4 what is this", b"\0" * 9000, os.urandom(20_000)])
def test_45_a_file_that_is_no_database_is_refused(tmp_path: Path, data: bytes) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "frontdesk.db").write_bytes(data)
    refused(workspace, "is not a Frontdesk workspace")


def test_45_a_newer_schema_is_refused(closed: Path) -> None:
    path = closed / "frontdesk.db"
    data = bytearray(path.read_bytes())
    data[60:64] = (9999).to_bytes(4, "big")
    path.write_bytes(data)
    refused(closed, "made by a newer Frontdesk")


def test_45_a_newer_schema_that_stands_in_the_log_is_refused(killed: Path) -> None:
    import sqlite3

    with python_child(
        "import sqlite3, sys, os\n"
        "database = sqlite3.connect(sys.argv[1])\n"
        "database.execute('PRAGMA user_version = 9999')\n"
        "os.kill(os.getpid(), 9)",
        str(killed / "frontdesk.db"),
    ) as child:
        child.finish()
    with pytest.raises(WorldError, match="made by a newer Frontdesk"):
        open_store(killed)
    with sqlite3.connect(killed / "frontdesk.db") as database:
        assert database.execute("PRAGMA user_version").fetchone() == (9999,)


def test_45_damage_inside_is_said_in_words_when_it_is_met(closed: Path) -> None:
    path = closed / "frontdesk.db"
    data = bytearray(path.read_bytes())
    data[8192 * 2 :] = os.urandom(len(data) - 8192 * 2)
    path.write_bytes(data)
    with pytest.raises(WorldError, match="damaged"):
        store = open_store(closed)
        store.rows(store.ids(None, ANN, 0))


# --------------------------------------------------------------------------- rights


def test_a_workspace_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="There is no workspace"):
        open_store(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


NOBODY = """
import os, sys
from pathlib import Path
from inbox.errors import WorldError
from inbox.model import Who
from tests.stores import desk
elsewhere = desk(Path(sys.argv[2]))  # loads all that is needed, as long as it can be read
elsewhere.gets()
os.setgid(65534); os.setgroups([]); os.setuid(65534)
from inbox.actions import decision
from storage.workspace import open_store
try:
    store = open_store(Path(sys.argv[1]))
    store.change(*decision("note", conversation=1, text="x"), Who("nobody"), 1)
except WorldError as error:
    print("said:", error.what, "|", error.next_step)
else:
    print("done")
"""


@needs_somebody
@pytest.mark.parametrize(("folder", "file"), [(0o755, 0o644), (0o700, 0o600), (0o755, 0o666)])
def test_44_who_may_not_write_is_told_so(closed: Path, reachable: Path, folder: int, file: int) -> None:
    closed = Path(shutil.copytree(closed, reachable / "workspace"))
    (closed / "frontdesk.db").chmod(file)
    closed.chmod(folder)
    before = files_of(closed)
    with python_child(NOBODY, str(closed), str(reachable / "elsewhere")) as child:
        said = child.finish()
    assert "said: The workspace" in said, said
    assert "Check " in said
    assert "Traceback" not in said
    assert files_of(closed) == before


@needs_somebody
def test_files_are_for_the_group_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o077)
    try:
        shop = desk(tmp_path)
        shop.gets(letter(id_="<large@x>", text="".join(f"{n:x} line\n" for n in range(60_000))))
        shop.store.show_presence(ANN, 1, "looks")
        stop = shop.store.watch(lambda _: None)
        found = {
            path.relative_to(shop.store.workspace): path.stat().st_mode & 0o7777
            for path in shop.store.workspace.rglob("*")
        }
        stop()
        shop.store.close()
    finally:
        os.umask(old)
    assert shop.store.workspace.stat().st_mode & 0o7777 == 0o2770
    assert {oct(mode) for path, mode in found.items() if (shop.store.workspace / path).is_dir()} == {"0o2770"}
    assert {
        oct(mode)
        for path, mode in found.items()
        if not (shop.store.workspace / path).is_dir() and "-" not in path.name
    } == {"0o660"}
    assert {oct(mode & 0o660) for path, mode in found.items() if "-" in path.name} == {"0o660"}


# --------------------------------------------------------------------------- a full disk


def test_43_a_full_disk_loses_nothing_and_work_goes_on_when_there_is_room(small_disk: Path) -> None:
    shop = desk(small_disk)
    shop.gets()
    ballast = small_disk / "ballast"
    kept: list[str] = []
    with pytest.raises(WorldError, match="disk is full") as caught:
        for number in range(5000):
            text = hashlib.sha256(str(number).encode()).hexdigest() * 20
            shop.did("ann", "note", conversation=1, text=text)
            kept.append(text)
            if number == 20:
                free = os.statvfs(small_disk)
                ballast.write_bytes(bytes(free.f_bavail * free.f_frsize - 300_000))
    assert "Free some space" in caught.value.next_step
    assert [item.text for item in shop.store.items(1)[1:]] == kept
    shop.verified()
    ballast.unlink()
    shop.did("ann", "note", conversation=1, text="There is room again.")
    shop.verified()
    shop.store.close()
    again: Workspace = open_store(small_disk / "workspace")
    assert len(again.items(1)) == len(kept) + 2
    again.close()
