"""Sync against real servers: what it does, what it says, and that no password is ever shown."""

from __future__ import annotations

import base64
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.front import Front
from tests.office import Office
from tests.servers.dovecot import Dovecot, free_port
from tests.servers.smtp import SmtpServer
from tests.shop import STORY, mail

ROOT = Path(__file__).parent.parent
CANARY = "canary-Zk7\"\\'%-4711"
"""A password with everything in it that quoting gets wrong."""


@pytest.fixture
def office(front: Front, tmp_path: Path) -> Office:
    return Office(front, tmp_path)


@pytest.fixture
def desk(office: Office, dovecot: Dovecot, imap_user: str, smtp_server: SmtpServer) -> Front:
    """One mailbox that works, with the shop's mail in it."""
    smtp_server.users[imap_user] = "secret"
    office.add("support", imap_user, dovecot.port, smtp_server.port)
    dovecot.append_many(imap_user, [raw.replace(b"\n", b"\r\n") for raw in STORY[:3]])
    return office.front


# --------------------------------------------------------------------------- sync


def test_sync_fetches_and_answers_leave_with_the_next(
    desk: Front, dovecot: Dovecot, imap_user: str, smtp_server: SmtpServer
) -> None:
    ran = desk.ok("sync")
    assert ran.lines == ["3 fetched", "3 look unanswered: press g i"]
    assert len(desk.ok("list").ids) == 3
    (number,) = desk.ok("list", "subject:parcel").ids
    desk.ok("reply", number, "--text", "It is on its way.")
    ran = desk.ok("sync")
    assert ran.lines == ["0 fetched, 1 sent"]
    (taken,) = smtp_server.taken
    assert taken.recipients == ("jo@park.example",)
    assert len(dovecot.uids(imap_user, "Sent")) == 1
    assert desk.json("outbox") == []
    item = desk.json("show", number)[0]["items"][-1]
    assert item["state"] == "sent"
    assert desk.ok("sync").lines == ["1 fetched"]  # its copy in Sent, which is the same message
    assert desk.ok("sync").lines == ["0 fetched"]
    assert desk.json("list", f"id:{number}")[0]["messages"] == 2
    assert len(smtp_server.taken) == 1
    assert desk.json("verify") == [{"ok": True, "problems": []}]


def test_sync_wakes_what_was_snoozed_until_now(desk: Front) -> None:
    desk.ok("sync")
    (number,) = desk.ok("list", "subject:parcel").ids
    desk.ok("reply", number, "--text", "Soon.", "--snooze", "3h")
    desk.now += 4 * 3600
    assert "1 woken" in desk.ok("sync").out


def test_without_a_mailbox_there_is_nothing_to_sync(front: Front) -> None:
    ran = front.run("sync")
    assert (ran.status, ran.out) == (3, "")
    assert "frontdesk init writes one into" in ran.err


def test_one_mailbox_that_fails_holds_nobody_up(
    office: Office, dovecot: Dovecot, imap_user: str, smtp_server: SmtpServer
) -> None:
    dovecot.append(imap_user, STORY[0].replace(b"\n", b"\r\n"))
    office.add("gone", "x", free_port(), free_port())
    office.add("keyless", imap_user, dovecot.port, smtp_server.port, password=None)
    office.add("support", imap_user, dovecot.port, smtp_server.port)
    ran = office.front.run("sync")
    assert (ran.status, ran.lines) == (4, ["1 fetched", "1 looks unanswered: press g i"])
    assert "The line to 127.0.0.1" in ran.err
    assert "password_file of mailbox keyless" in ran.err
    assert "with the password on its first line" in ran.err
    assert len(office.front.ok("list").ids) == 1


def test_a_refused_password_is_tried_once_in_a_pass(
    office: Office, own_dovecot: Dovecot, smtp_server: SmtpServer
) -> None:
    own_dovecot.add_user("ann", "right")
    office.add("support", "ann", own_dovecot.port, smtp_server.port, password="right")
    own_dovecot.append("ann", STORY[0].replace(b"\n", b"\r\n"))
    office.front.ok("sync")
    office.front.ok("reply", "1", "--text", "Hello")
    (office.folder / "support.secret").write_text(CANARY)
    ran = office.front.run("sync")
    assert ran.status == 4
    assert ran.err.count("refused the user or password of the mailbox support") == 1
    assert "Check user and password" in ran.err
    assert smtp_server.connections == 0
    assert own_dovecot.log().count("auth failed") == 1
    assert office.front.json("outbox")[0]["state"] == "queued"


def test_two_do_not_sync_at_once(desk: Front) -> None:
    store = desk.store()
    lease = store.lease()
    assert lease.take()
    ran = desk.run("sync")
    lease.release()
    store.close()
    assert (ran.status, ran.out) == (4, "")
    assert f"Another process (number {os.getpid()}) fetches and sends" in ran.err
    desk.ok("sync")


def test_a_copied_workspace_sends_nothing_before_a_person_says_so(
    desk: Front, tmp_path: Path, smtp_server: SmtpServer
) -> None:
    desk.ok("sync")
    (number,) = desk.ok("list", "subject:parcel").ids
    desk.ok("reply", number, "--text", "Once only.")
    shutil.copytree(desk.workspace, tmp_path / "copy")
    desk.workspace = tmp_path / "copy"
    ran = desk.ok("sync")
    assert "1 answer is held: this workspace was restored or copied." in ran.err
    assert "frontdesk outbox release" in ran.err
    assert smtp_server.taken == []
    assert desk.json("outbox")[0]["state"] == "held"
    assert desk.ok("outbox", "release").out == "1 released\n"
    assert "1 sent" in desk.ok("sync").out
    assert len(smtp_server.taken) == 1


def test_an_answer_that_is_refused_for_good_is_said(desk: Front, smtp_server: SmtpServer) -> None:
    desk.ok("sync")
    (number,) = desk.ok("list", "subject:parcel").ids
    desk.ok("reply", number, "--text", "Hello?")
    smtp_server.answer("rcpt", "550 5.1.1 no \x1b[31msuch person")
    ran = desk.ok("sync")
    assert "1 failed" in ran.out
    assert "frontdesk outbox says which and why" in ran.err
    printed = desk.ok("outbox").out
    assert "failed" in printed
    assert "no [31msuch person" in printed
    assert desk.json("list", f"id:{number}")[0]["status"] == "open"


# --------------------------------------------------------------------------- nothing is told


TALKING = (["sync"], ["doctor", "--json"])
OTHERS = (
    ["import", "one.eml"],
    ["list"],
    ["list", "nope:x"],
    ["show", "1", "--json"],
    ["show", "99"],
    ["search", "hello"],
    ["due"],
    ["why", "1"],
    ["reply", "1", "--text", "x"],
    ["reply", "1", "--text", ""],
    ["outbox", "--json"],
    ["undo"],
    ["verify", "--json"],
    ["export", "out"],
    ["export", "out"],
    ["backup", "desk.tar"],
)


def test_a_password_is_shown_by_no_command_whatever_happens(
    office: Office, own_dovecot: Dovecot, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is printed, every file left behind and the database; with --debug, and where logging in fails."""
    own_dovecot.add_user("ann", "right")
    for name in ("refused", "printed"):
        office.add(
            name, "ann", own_dovecot.port if name == "refused" else free_port(), free_port(), password=None
        )
    store = tmp_path / "password store"
    store.write_text(CANARY, "utf-8")
    office.text = office.text.replace(
        f'password_file = "{tmp_path / "refused.secret"}"', 'password_env = "DESK_PASSWORD"'
    )
    office.text = office.text.replace(
        f'password_file = "{tmp_path / "printed.secret"}"', f"password_command = \"cat '{store}'\""
    )
    office.front.write_settings(office.text)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("DESK_PASSWORD", CANARY)
    (work / "one.eml").write_bytes(mail("jo@park.example", "Hello", "Text", "2026-11-08 10:00"))
    office.front.options = ["--debug"]
    said = ""
    for words in OTHERS:
        ran = office.front.run(*words)
        said += ran.out + ran.err
    for words in TALKING:
        done = subprocess.run(
            [
                sys.executable,
                str(ROOT / "main.py"),
                "--workspace",
                str(office.front.workspace),
                "--debug",
                *words,
            ],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        said += done.stdout + done.stderr
    assert (
        said.count("refused the user or password") == 3
    )  # by sync, by doctor, and what doctor tells of the sync
    assert "Traceback" not in said
    log = office.front.workspace / "frontdesk.log"
    assert "There is no conversation" in log.read_text("utf-8")
    store.unlink()
    files = [file for folder in (tmp_path, home) for file in folder.rglob("*") if file.is_file()]
    connection = sqlite3.connect(office.front.workspace / "frontdesk.db")
    written = "\n".join(connection.iterdump())
    connection.close()
    written += said + "".join(file.read_bytes().decode("latin-1") for file in files)
    encoded = base64.b64encode(f"\0ann\0{CANARY}".encode()).decode()
    for form in ("canary-Zk7", "%-4711", encoded[8:24]):
        assert form not in written
