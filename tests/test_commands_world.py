"""When the world is against a command: rights, a full disk, damage, a newer program, a pipe that ends, another user."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from storage import connection as opening
from tests.front import Front
from tests.shop import STORY, mail

ROOT = Path(__file__).parent.parent
NOBODY = 65534

READING = (["list"], ["show", "1"], ["search", "parcel"], ["due"], ["why", "1"], ["outbox"], ["verify"])
CHANGING = (
    ["note", "1", "--text", "x"],
    ["reply", "1", "--text", "x"],
    ["assign", "1", "--to", "bo"],
    ["undo"],
)


def shell(
    *words: str, user: int | None = None, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as another user if that is asked for."""
    before = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user is not None else []
    return subprocess.run(
        [*before, sys.executable, "-P", str(ROOT / "main.py"), *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **environment},
        input=stdin.decode(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def untouched(folder: Path) -> dict[str, bytes]:
    """Every file of a workspace with its bytes."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


# --------------------------------------------------------------------------- damaged, newer, or something else


def at_rest(database: Path) -> None:
    """Everything in the one file, nothing beside it."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()


def torn(database: Path) -> None:
    database.write_bytes(database.read_bytes()[: database.stat().st_size // 2])


def rubbish(database: Path) -> None:
    database.write_bytes(b"Dear support, this is not a database. " * 400)


def wiped_inside(database: Path) -> None:
    data = bytearray(database.read_bytes())
    data[100:8192] = bytes(8092)
    database.write_bytes(bytes(data))


def newer(database: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA user_version = 999")
    connection.close()


@pytest.mark.parametrize("damage", [torn, rubbish, wiped_inside, newer])
def test_a_workspace_that_cannot_be_read_is_refused_and_left_alone(
    shop_front: Front, damage: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = shop_front.workspace / "frontdesk.db"
    at_rest(database)
    monkeypatch.setattr(opening, "_opened", set())  # as a process that has not had it open yet
    damage(database)
    before = untouched(shop_front.workspace)
    for words in (*READING, *CHANGING, ["sync"], ["backup", "b.tar"], ["take-next"]):
        ran = shop_front.run(*words)
        assert (ran.status, ran.out) == (4, ""), words
        assert ran.err.startswith("frontdesk: "), words
        assert "\n  " in ran.err, words  # what to do next
    assert untouched(shop_front.workspace) == before
    assert ("Upgrade Frontdesk" if damage is newer else "from a backup") in shop_front.run("list").err


def test_a_workspace_that_is_a_file_is_no_workspace(front: Front, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    front.workspace = tmp_path / "file"
    assert front.run("list").status == 2
    front.workspace = tmp_path / "file" / "below"
    ran = front.run("list")
    assert ran.status == 4
    assert "--workspace" in ran.err


# --------------------------------------------------------------------------- rights


@pytest.fixture
def open_ground() -> Iterator[Path]:
    """A folder that other users can reach."""
    folder = Path(tempfile.mkdtemp(prefix="fd-rights-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


needs_root = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None,
    reason="only root can become another user (setpriv); others have no rights to lose",
)


def reachable() -> bool:
    """Whether another user can read the program at all (a checkout in somebody's home cannot be)."""
    return shell("--version", user=NOBODY).returncode == 0


@needs_root
def test_a_folder_that_is_not_mine_is_said_to_be_so(shop_front: Front, open_ground: Path) -> None:
    if not reachable():
        pytest.skip("another user cannot read this checkout")
    shutil.copytree(shop_front.workspace, open_ground / "desk")
    settings = open_ground / "desk" / "settings.toml"
    settings.write_text(settings.read_text().replace('name = "anna"', 'name = "anna"\nunix = "nobody"'))
    for words in (READING[0], READING[1], CHANGING[0], CHANGING[1]):
        done = shell("--workspace", str(open_ground / "desk"), "--as", "anna", *words, user=NOBODY)
        assert (done.returncode, done.stdout) == (4, ""), words
        assert "cannot be" in done.stderr, words
        assert "Traceback" not in done.stderr
    done = shell("--workspace", str(open_ground / "new"), "list", user=NOBODY, HOME="/nonexistent")
    assert done.returncode == 4
    assert "Check that the folder exists" in done.stderr
    found = shell("--workspace", str(open_ground / "desk"), "doctor", user=NOBODY)
    assert found.returncode == 1
    assert "FAILS rights" in found.stdout


@needs_root
def test_a_mail_file_that_is_not_mine_is_refused_by_name(open_ground: Path) -> None:
    if not reachable():
        pytest.skip("another user cannot read this checkout")
    (open_ground / "mail").mkdir(mode=0o755)
    (open_ground / "mail" / "secret.eml").write_bytes(STORY[0])
    (open_ground / "mail" / "secret.eml").chmod(0o600)
    (open_ground / "mail" / "open.eml").write_bytes(STORY[1])
    (open_ground / "mail" / "open.eml").chmod(0o644)
    (open_ground / "desk").mkdir()
    os.chown(open_ground / "desk", NOBODY, NOBODY)
    where = ["--workspace", str(open_ground / "desk")]
    done = shell(*where, "import", str(open_ground / "mail"), user=NOBODY)
    assert done.returncode == 0, done.stderr
    assert f"refused: {open_ground / 'mail' / 'secret.eml'}: Permission denied" in done.stdout
    assert "1 added, 0 known, 1 refused" in done.stdout
    (open_ground / "locked").mkdir(mode=0o700)
    done = shell(*where, "import", str(open_ground / "locked"), user=NOBODY)
    assert done.returncode in (1, 4)
    assert "Traceback" not in done.stderr


def test_a_new_workspace_is_shared_with_the_group_and_nobody_else(front: Front, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        front.workspace = tmp_path / "shared"
        front.who = ""
        front.ok("list")
    finally:
        os.umask(before)
    assert front.workspace.stat().st_mode & 0o7777 == 0o2770
    assert (front.workspace / "frontdesk.db").stat().st_mode & 0o777 == 0o660


# --------------------------------------------------------------------------- a full disk


def test_a_full_disk_loses_nothing_that_was_in_and_goes_on_once_there_is_space(
    front: Front, small_disk: Path, tmp_path: Path
) -> None:
    front.workspace = small_disk / "desk"
    front.write_settings()
    front.receive(STORY)
    before = front.json("list")
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(4096)):
            continue
    box = tmp_path / "box"
    letters = [
        mail(f"c{n}@c.example", f"Q{n}", os.urandom(3000).hex(), "2026-11-08 10:00") for n in range(60)
    ]
    box.write_bytes(b"".join(b"From x Tue Nov 10 10:00:00 2026\n" + raw + b"\n\n" for raw in letters))
    for left in (0, 400_000):  # not a byte; and enough to read, not enough to take the mail in
        os.truncate(ballast, ballast.stat().st_size - left)
        full = front.run("import", str(box))
        assert (full.status, full.out) == (4, "")
        assert "The disk is full" in full.err
        assert "\n  Free some space" in full.err
    assert [row for row in front.json("list") if row["id"] in {r["id"] for r in before}] == before
    found = front.run("doctor")
    assert found.status == 1
    assert "FAILS disk" in found.out
    ballast.unlink()
    (told,) = front.json("import", str(box))
    assert told["added"] + told["known"] == 60
    assert front.json("verify") == [{"ok": True, "problems": []}]


# --------------------------------------------------------------------------- pipes


def test_who_has_read_enough_ends_a_list_quietly(front: Front) -> None:
    front.receive(mail(f"c{n}@c.example", f"Q{n}", "x", "2026-11-10 09:00") for n in range(30))
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "--workspace", str(front.workspace), "--as", "anna", "list"],
        stdout=writing,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(writing)
        assert process.communicate(timeout=60)[1] == b""
    assert process.returncode == 141


def test_commands_compose_in_a_real_shell(shop_front: Front) -> None:
    fd = f"{sys.executable} {ROOT / 'main.py'} --workspace '{shop_front.workspace}' --as anna --now 2026-11-10T10:05:00Z"
    script = f"{fd} list from:weber | {fd} tag - --add weber | {fd} assign - --to bo | wc -l;"
    script += f"{fd} list -tag:weber | cut -d' ' -f1"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
    assert done.stdout.split() == ["2", "1", "3", "4", "5"]


def test_nothing_heavy_is_loaded_to_list(shop_front: Front) -> None:
    """What commands load is counted, not timed: the same on every machine."""
    heavy = {
        "textual",
        "rich",
        "pydantic",
        "asyncio",
        "ssl",
        "email",
        "json",
        "zoneinfo",
        "hashlib",
        "selectolax",
        "holidays",
    }
    heavy |= {"inbox.mime", "inbox.actions", "inbox.model", "inbox.settings", "inbox.sla", "storage.contents"}
    for words in (["list"], ["due"], ["due", "--status"]):
        done = shell(
            "--workspace",
            str(shop_front.workspace),
            "--now",
            "2026-11-10T10:05:00Z",
            *words,
            PYTHONPROFILEIMPORTTIME="1",
        )
        loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
        assert "storage.reading" in loaded
        assert heavy & loaded == set(), words
