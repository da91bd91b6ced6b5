"""The host: the worker as a service, backups that are restored on trial, upgrades while screens are open."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.workspace import Workspace
from tests.front import Front
from tests.office import Office
from tests.restoring import restore
from tests.screenplay import playing
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.terminal import command
from tui.line.service import Service

UNITS = Path(__file__).parent.parent / "docs" / "systemd"

# --------------------------------------------------------------------------- the worker as a service


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """Where a service manager listens (sd_notify(3))."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(30)
        yield ear


def test_a_service_manager_hears_when_the_worker_is_ready_alive_and_ending(
    front: Front,
    tmp_path: Path,
    dovecot: Dovecot,
    imap_user: str,
    smtp_server: SmtpServer,
    manager: socket.socket,
) -> None:
    smtp_server.users[imap_user] = "secret"
    Office(front, tmp_path).add("support", imap_user, dovecot.port, smtp_server.port)
    told = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000"}
    with subprocess.Popen(
        command("--workspace", str(front.workspace), "sync", "--watch"),
        env={**os.environ, **told},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    ) as worker:
        assert manager.recv(4096) == b"READY=1"
        heard = {manager.recv(4096) for _ in range(6)}
        assert b"STATUS=watching support; Ctrl-C ends it" in heard
        assert b"WATCHDOG=1" in heard
        worker.send_signal(signal.SIGTERM)
        while manager.recv(4096) != b"STOPPING=1":
            pass
        assert worker.wait(30) == 0


def test_being_alive_is_said_three_times_in_the_managers_patience_and_to_no_other_program(
    tmp_path: Path, manager: socket.socket
) -> None:
    moments = iter((100.0, 105.0, 110.0, 119.0, 121.0))
    environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000000", "PATH": "/bin"}
    service = Service(environment, lambda: next(moments))
    assert environment == {"PATH": "/bin"}  # what the worker runs must not speak for it
    for _ in range(5):
        service.alive()
    manager.setblocking(False)
    heard = 0
    with pytest.raises(BlockingIOError):
        while manager.recv(4096) == b"WATCHDOG=1":
            heard += 1
    assert heard == 3


def test_where_nobody_listens_nothing_is_told_and_nothing_fails(tmp_path: Path) -> None:
    for address in ("", str(tmp_path / "nobody"), "@frontdesk-nobody-listens-here", "/" + "x" * 200):
        service = Service({"NOTIFY_SOCKET": address})
        service.ready()
        service.does("x\nMAINPID=1")
        service.ending()


def test_a_server_s_words_say_nothing_else_to_the_manager(tmp_path: Path, manager: socket.socket) -> None:
    Service({"NOTIFY_SOCKET": str(tmp_path / "notify")}).does("no line\nMAINPID=1\nSTOPPING=1")
    assert manager.recv(4096) == b"STATUS=no line MAINPID=1 STOPPING=1"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_the_units_are_understood(tmp_path: Path) -> None:
    for unit in UNITS.iterdir():
        text = unit.read_text("utf-8").replace("/opt/frontdesk/run", "/bin/true")
        (tmp_path / unit.name).write_text(text, "utf-8")
    units = sorted(str(unit) for unit in tmp_path.glob("frontdesk*"))
    assert len(units) == 3
    ran = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


# --------------------------------------------------------------------------- backups


def test_a_backup_is_restored_on_trial_and_sends_nothing(shop_front: Front, tmp_path: Path) -> None:
    shop_front.ok("reply", "1", "--text", "On its way.")
    target = tmp_path / "kept" / "desk.tar"
    ran = shop_front.ok("backup", str(target), "--check")
    assert ran.lines[-1] == (
        "Restored on trial: 6 conversations, all as the record says; 1 answer held, so that nothing is sent twice."
    )
    before = target.read_bytes()
    again = shop_front.ok("backup", str(target), "--check")
    assert again.lines == ran.lines[-1:]  # one that is there is only looked at
    assert target.read_bytes() == before
    assert [path.name for path in target.parent.iterdir()] == ["desk.tar"]


def test_a_backup_that_does_not_hold_is_said_before_it_is_needed(shop_front: Front, tmp_path: Path) -> None:
    target = tmp_path / "desk.tar"
    shop_front.ok("backup", str(target))
    whole = target.read_bytes()

    target.write_bytes(whole[: len(whole) // 2])
    torn = shop_front.run("backup", str(target), "--check")
    assert (torn.status, torn.out) == (1, "")
    assert "is no backup that can be restored" in torn.err

    with tarfile.open(target, "w") as tar:
        tar.add(Path(__file__), "letter.txt")
    foreign = shop_front.run("backup", str(target), "--check")
    assert foreign.status == 1
    assert "holds no workspace" in foreign.err

    target.write_bytes(whole)
    other = tmp_path / "other"
    restore(target, other)
    with sqlite3.connect(other / "frontdesk.db") as changed:
        changed.execute("UPDATE conversations SET subject = 'something else' WHERE id = 2")
    with tarfile.open(target, "w") as tar:
        for path in other.iterdir():
            tar.add(path, path.name)
    differs = shop_front.run("backup", str(target), "--check")
    assert differs.status == 1
    assert "it is not as the record says" in differs.err
    assert not list(tmp_path.glob(".check-*"))


# --------------------------------------------------------------------------- upgrades


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_a_screen_that_is_open_while_frontdesk_is_upgraded_says_what_to_press(
    store: Workspace, size: tuple[int, int]
) -> None:
    async with playing(store, size) as stage:
        await stage.press("r")
        await stage.type("Half an answer")
        with sqlite3.connect(store.path) as newer:
            newer.execute("PRAGMA user_version = 99")
        stage.app.inbox.status._look_around()
        await stage.until(lambda: "Frontdesk was upgraded: ctrl+q leaves" in stage.said)
        await stage.press("escape")
    (draft,) = store.drafts()
    assert "Half an answer" in draft.text


# --------------------------------------------------------------------------- the doctor

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"


def found(front: Front, check: str) -> list[dict[str, object]]:
    """What the doctor says of one check."""
    ran = front.run("doctor", "--offline", "--json")
    return [each for each in ran.objects if each["check"] == check]


def test_the_doctor_knows_whom_keys_let_in_who_is_nobody_of_the_team(front: Front) -> None:
    (ways,) = found(front, "team")
    assert (ways["ok"], ways["detail"]) == (True, "4 teammates, no key in this account")
    keys = Path.home() / ".ssh" / "authorized_keys"
    keys.parent.mkdir(mode=0o700, exist_ok=True)
    here = f"frontdesk --workspace {front.workspace} --as"
    keys.write_text(
        f'# our people\nrestrict,pty,command="{here} anna" {KEY} anna\n{KEY} of the admin\n'
        f'restrict,pty,command="{here} gone" {KEY} gone\npty,command="{here} bo" {KEY} bo\n',
        "utf-8",
    )
    gone, open_, ways = found(front, "team")
    assert (gone["ok"], gone["subject"]) == (False, f"{keys}, line 4")
    assert gone["detail"] == "It lets in gone, who is nobody of the team: every command is refused there."
    assert (open_["ok"], open_["subject"]) == (False, f"{keys}, line 5")
    assert ways["detail"] == "No key and no Unix user: ria, tim."


def test_the_doctor_says_when_the_last_backup_was_made_and_who_came_back_with_one(
    shop_front: Front, tmp_path: Path
) -> None:
    (backup,) = found(shop_front, "backup")
    assert (backup["ok"], backup["detail"]) == (None, "none was made from here yet")
    target = tmp_path / "desk.tar"
    shop_front.ok("backup", str(target))
    shop_front.now += 2 * 86_400
    (backup,) = found(shop_front, "backup")
    assert (backup["ok"], backup["detail"]) == (True, "last made 2 d ago")
    shop_front.now += 7 * 86_400
    (backup,) = found(shop_front, "backup")
    assert (backup["ok"], backup["next"]) == (None, "frontdesk backup --check FILE makes one now.")

    (one,) = {each["customer"]["id"] for each in shop_front.json("list", "id:1")}
    shop_front.ok("customer", "erase", str(one), "--yes")
    listed = (shop_front.workspace / "erased.jsonl").read_bytes()
    shutil.rmtree(shop_front.workspace)
    restore(target, shop_front.workspace)
    (shop_front.workspace / "erased.jsonl").write_bytes(listed)
    (erased,) = found(shop_front, "erased")
    assert (erased["ok"], erased["next"]) == (False, f"frontdesk customer erase {one}")
