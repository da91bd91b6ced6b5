"""Doctor against real servers, a real DNS, real locks and real rights: each trouble is told apart, with what mends it."""

from __future__ import annotations

import imaplib
import os
import pty
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import main as entry
from inbox.ports import MailboxState
from storage import bell
from storage.workspace import open_store
from tests.front import Front
from tests.office import Office
from tests.servers.certificates import Certificate, make_certificate
from tests.servers.dns import NameServer
from tests.servers.dovecot import Dovecot, free_port, need_dovecot, running_dovecot
from tests.servers.smtp import SmtpServer, running_smtp
from tests.servers.talker import running_talker
from tests.shop import STORY, mail
from tui.checkup import domain, machine, servers
from tui.checkup.domain import signatures
from tui.checkup.processes import holders, process
from tui.checkup.rights import bell_folder

ROOT = Path(__file__).parent.parent
CANARY = "canary-Zk7\"\\'%-4711"
NOBODY = 65534
MINUTE = 60

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to others")

Found = dict[str, dict[str, Any]]


def checks(front: Front, status: int, *words: str) -> Found:
    """What doctor finds, by check and the first word of its subject; of several the last."""
    ran = front.run("doctor", "--json", *words)
    assert ran.status == status, ran.out
    assert ran.err == ""
    found = ran.objects
    assert all(list(each) == ["check", "subject", "ok", "detail", "next"] for each in found)
    for each in found:
        assert each["next"] or each["ok"] is not False or each["check"] == "disk", each
    return {f"{each['check']} {each['subject'].split(',')[0]}": each for each in found}


@pytest.fixture
def office(front: Front, tmp_path: Path) -> Office:
    return Office(front, tmp_path)


@pytest.fixture
def desk(office: Office, dovecot: Dovecot, imap_user: str, smtp_server: SmtpServer) -> Front:
    """One mailbox that works, with the shop's mail in it."""
    smtp_server.users[imap_user] = "secret"
    office.add("support", imap_user, dovecot.port, smtp_server.port)
    office.front.workspace.chmod(0o2770)
    dovecot.append_many(imap_user, [raw.replace(b"\n", b"\r\n") for raw in STORY[:3]])
    return office.front


@pytest.fixture
def quiet(office: Office) -> Front:
    """One mailbox in the settings, whose servers nobody asks (--offline), and a store."""
    office.add("support", "ann", 1, 1)
    office.front.workspace.chmod(0o2770)
    store = office.front.store()
    store.mailboxes()
    store.close()
    return office.front


# --------------------------------------------------------------------------- all is well, or nothing is there


def test_everything_in_order(desk: Front, smtp_server: SmtpServer) -> None:
    desk.ok("sync")
    found = checks(desk, 0)
    for each in ("password support", "imap support", "smtp support", "secrets support", "lock store"):
        assert found[each]["ok"] is True, found[each]
    for each in ("rights", "disk", "store"):
        assert found[f"{each} {desk.workspace}"]["ok"] is True
    assert found["clock this host"]["ok"] is True
    assert found["worker workspace"]["ok"] is None
    assert found["imap support"]["detail"] == "logged in; reads INBOX, Junk, Sent"
    assert "not behind its server's, by mail of 20" in found["clock support"]["detail"]
    assert smtp_server.taken == []
    assert desk.ok("doctor").out.startswith("ok    rights")


def test_an_empty_place_stays_empty(tmp_path: Path, front: Front) -> None:
    front.workspace = tmp_path / "nowhere" / "yet"
    front.who = ""
    found = checks(front, 0)
    assert found[f"store {front.workspace}"]["detail"] == "none yet"
    assert not front.workspace.exists()
    front.workspace.mkdir(parents=True, mode=0o700)
    checks(front, 0)
    assert not (front.workspace / "frontdesk.db").exists()


def test_offline_reads_no_password_and_asks_nobody(
    desk: Front, smtp_server: SmtpServer, name_server: NameServer, office: Office
) -> None:
    marker = office.folder / "asked"
    secret = office.folder / "support.secret"
    office.text = office.text.replace(f'password_file = "{secret}"', f'password_command = "touch {marker}"')
    desk.write_settings(office.text)
    found = checks(desk, 0, "--offline")
    assert f"settings {desk.workspace / 'settings.toml'}" in found
    assert not {"password support", "imap support", "mx shop.example"} & set(found)
    assert (smtp_server.connections, name_server.asked, marker.exists()) == (0, [], False)


def test_bad_usage_ends_with_two(front: Front) -> None:
    assert front.run("doctor", "--offlien").status == 2


# --------------------------------------------------------------------------- logging in


def test_each_trouble_of_a_login_is_told_apart(
    office: Office, own_dovecot: Dovecot, smtp_server: SmtpServer
) -> None:
    own_dovecot.add_user("ann", "right")
    office.add("keyless", "ann", own_dovecot.port, smtp_server.port, password=None)
    office.add("wrong", "ann", own_dovecot.port, smtp_server.port, password=CANARY)
    office.add("gone", "ann", free_port(), free_port())
    found = checks(office.front, 1)
    assert found["password keyless"]["ok"] is False
    assert (found["imap keyless"]["ok"], found["smtp keyless"]["ok"]) == (None, None)
    assert "refused the user or password" in found["imap wrong"]["detail"]
    assert "app password" in found["imap wrong"]["next"]
    assert found["smtp wrong"]["ok"] is None  # a refused password is not tried a second time
    assert (found["imap gone"]["ok"], found["smtp gone"]["ok"]) == (False, False)
    assert smtp_server.connections == 0
    assert CANARY[:10] not in str(found)


def test_a_token_that_is_not_taken_wants_a_person_to_log_in(
    office: Office, dovecot: Dovecot, imap_user: str, smtp_server: SmtpServer
) -> None:
    token = dovecot.token(imap_user, expires=int(time.time()) + 3600)
    smtp_server.tokens[imap_user] = token
    office.add("support", imap_user, dovecot.port, smtp_server.port)
    office.front.workspace.chmod(0o2770)
    secret = office.folder / "support.secret"
    office.text = office.text.replace(f'password_file = "{secret}"', f'token_command = "cat {secret}"')
    office.front.write_settings(office.text)
    secret.write_text(token)
    found = checks(office.front, 0)
    assert (found["imap support"]["ok"], found["smtp support"]["ok"]) == (True, True)
    secret.write_text(dovecot.token(imap_user, expires=1_600_000_000))
    found = checks(office.front, 1)
    assert "token_command of mailbox support gives no token that is taken" in found["imap support"]["next"]
    assert found["smtp support"]["ok"] is None


def test_what_a_known_provider_wants_is_said_where_it_refuses(
    office: Office, own_dovecot: Dovecot, name_server: NameServer
) -> None:
    own_dovecot.add_user("ann", "right")
    office.add("support", "ann", own_dovecot.port, free_port(), password="not-the-one-77")
    office.text = office.text.replace("support@shop.example", "support@gmail.com")
    office.front.write_settings(office.text)
    assert "Gmail: " in checks(office.front, 1)["imap support"]["next"]


def test_a_folder_that_only_the_settings_know_is_named(desk: Front, office: Office) -> None:
    desk.write_settings(office.text + 'folders = ["INBOX", "Bestellungen"]\n')
    found = checks(desk, 1)["imap support"]
    assert found["detail"] == "It has no folder Bestellungen, which the settings name."
    assert "Archive, INBOX, Junk, Sent" in found["next"]


def test_a_server_that_hangs_ends_with_the_limit(
    desk: Front, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.line.doctor.LIMIT", 0.5)
    with running_talker(b"", lambda _: b"") as talker:
        office.add("mute", "ann", talker.port, talker.port)
        begun = time.monotonic()
        found = checks(desk, 1)
        assert time.monotonic() - begun < 10
    assert found["imap mute"]["ok"] is False
    assert "Not answered within" in found["imap mute"]["detail"]
    assert next(reversed(found)).startswith("terminal")


# --------------------------------------------------------------------------- certificates


@pytest.fixture
def shown_by(office: Office) -> Callable[..., dict[str, Any]]:
    """What doctor finds of an SMTP server that shows one certificate where another is trusted, by check.

    There is no IMAP server beside it. A password is said if and only if the certificate passed.
    """

    def look(certificate: Certificate, trusted: Path, security: str = "tls") -> dict[str, Any]:
        with running_smtp(security, certificate) as server:
            office.add("support", "ann", free_port(), server.port)
            office.text = office.text.replace('smtp_security = "none"', f'smtp_security = "{security}"')
            office.front.write_settings(office.text + f'ca_file = "{trusted}"\n')
            objects = office.front.run("doctor", "--json").objects
            found = {each["check"]: each for each in objects if each["subject"].endswith(f":{server.port}")}
            said = any(command.startswith("AUTH") for command in server.commands)
            assert said is (found["certificate"]["ok"] is not False)
            return found

    return look


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_ends_soon_is_looked_after_and_fails_nothing(
    shown_by: Callable[..., dict[str, Any]], tmp_path: Path, security: str
) -> None:
    soon = make_certificate(tmp_path, "soon", days=5)
    found = shown_by(soon, soon.cert, security)
    assert found["certificate"]["ok"] is None
    assert found["certificate"]["detail"].startswith("signed by itself, holds until 20")
    assert re.search(r": [45] days left$", found["certificate"]["detail"])
    assert "Have it renewed" in found["certificate"]["next"]
    assert found["smtp"]["detail"] == "logged in; nothing was sent"


def test_a_certificate_with_time_left_is_in_order(
    shown_by: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    good = make_certificate(tmp_path, "good", days=40)
    line = shown_by(good, good.cert)["certificate"]
    assert (line["ok"], line["next"]) == (True, "")


def test_an_expired_certificate_fails_and_may_be_the_clocks_fault(
    shown_by: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    over = make_certificate(tmp_path, "over", days=-1)
    found = shown_by(over, over.cert)
    assert found["certificate"]["ok"] is False
    assert "has expired" in found["certificate"]["detail"]
    assert over.fingerprint() in found["certificate"]["detail"]
    assert "A wrong clock of this host" in found["certificate"]["next"]
    assert found["smtp"]["ok"] is None  # said once


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_for_another_name_or_of_a_stranger_fails_with_its_fingerprint(
    shown_by: Callable[..., dict[str, Any]], tmp_path: Path, certificate: Certificate, security: str
) -> None:
    other = make_certificate(tmp_path, "other", hosts=("DNS:mail.elsewhere.example",))
    line = shown_by(other, other.cert, security)["certificate"]
    assert (line["ok"], other.fingerprint() in line["detail"]) == (False, True)
    assert "not valid for '127.0.0.1'" in line["detail"]


def test_a_stranger_is_not_trusted(
    shown_by: Callable[..., dict[str, Any]], tmp_path: Path, certificate: Certificate
) -> None:
    other = make_certificate(tmp_path, "stranger")
    line = shown_by(certificate, other.cert)["certificate"]
    assert (line["ok"], certificate.fingerprint() in line["detail"]) == (False, True)
    assert "clock" not in line["next"]


def test_a_file_of_trusted_certificates_that_cannot_be_read_is_named(
    shown_by: Callable[..., dict[str, Any]], tmp_path: Path, certificate: Certificate
) -> None:
    line = shown_by(certificate, tmp_path / "missing.pem")["certificate"]
    assert line["ok"] is False
    assert "missing.pem" in line["detail"]
    assert "ca_file" in line["next"]


def test_both_servers_certificates_of_a_mailbox_are_looked_at(
    office: Office, certificate: Certificate, make_smtp: Callable[..., SmtpServer]
) -> None:
    need_dovecot()
    with running_dovecot(certificate) as dovecot:
        dovecot.add_user("ann")
        smtp = make_smtp("starttls")
        office.add("support", "ann", dovecot.tls_port, smtp.port)
        office.text = office.text.replace('imap_security = "none"', 'imap_security = "tls"')
        office.text = office.text.replace('smtp_security = "none"', 'smtp_security = "starttls"')
        office.front.write_settings(office.text + f'ca_file = "{certificate.cert}"\n')
        office.front.workspace.chmod(0o2770)
        ran = office.front.run("doctor", "--json")
    assert ran.status == 0, ran.out
    assert [each["ok"] for each in ran.objects if each["check"] == "certificate"] == [True, True]
    assert b"AUTH" not in bytes(smtp.clear)


# --------------------------------------------------------------------------- settings and store


def test_mistakes_in_the_settings_are_named_and_the_rest_goes_on(front: Front) -> None:
    front.write_settings('undo_windw = "20s"\n')
    found = checks(front, 1)
    settings = found[f"settings {front.workspace / 'settings.toml'}"]
    assert settings["ok"] is False
    assert "undo_window" in str(settings)
    assert "\nFAILS settings" in front.run("doctor").out
    assert "terminal" in " ".join(found)


def test_a_damaged_store_and_a_clock_that_went_back(front: Front) -> None:
    front.ok("list")
    database = front.workspace / "frontdesk.db"
    ahead = 4_000_000_000
    os.utime(front.workspace / "settings.toml", (ahead, ahead))
    found = checks(front, 1)
    assert found["clock this host"]["ok"] is False
    os.utime(front.workspace / "settings.toml")
    database.write_bytes(b"this was a database once" * 500)
    found = checks(front, 1)
    assert found[f"store {front.workspace}"]["ok"] is False
    assert "backup" in found[f"store {front.workspace}"]["next"]
    assert "worker workspace" not in found


def test_a_store_that_breaks_while_it_is_looked_at_silences_nothing(
    quiet: Front, name_server: NameServer
) -> None:
    connection = sqlite3.connect(quiet.workspace / "frontdesk.db")
    connection.execute("DROP TABLE outbox_recipients")
    connection.execute("ALTER TABLE outbox RENAME TO lost")
    connection.execute("DROP TABLE message_fts")
    connection.commit()
    connection.close()
    found = checks(quiet, 1)
    assert found["outbox answers"]["ok"] is False
    assert "no such table: outbox" in found["outbox answers"]["detail"]
    assert found["quarantine messages"]["ok"] is True
    assert "no such table: message_fts" in found["store mail from us"]["detail"]
    assert "refused" in found["imap support"]["detail"]
    assert "mx shop.example" in found


# --------------------------------------------------------------------------- rights and disk


def test_programs_that_are_not_there_to_be_run_are_named(quiet: Front, tmp_path: Path) -> None:
    own = tmp_path / "orders"
    own.write_text("#!/bin/sh\n")
    panels = {"there": "sh", "nowhere": "no-such-program", "near": "./orders", "closed": str(own)}
    settings = quiet.workspace / "settings.toml"
    written = (f'[panel.{name}]\ncommand = ["{program}", "{{email}}"]\n' for name, program in panels.items())
    settings.write_text(settings.read_text() + "\n" + "".join(written))
    found = checks(quiet, 1, "--offline")
    assert found["panel there"]["ok"] and found["panel there"]["detail"].endswith("/sh is there")
    assert found["panel nowhere"]["detail"] == "no-such-program is not found here."
    assert found["panel near"]["detail"] == "./orders is looked for from /, where the worker runs it."
    assert found["panel closed"]["detail"] == f"{own} is not for you to run."


def test_everybody_can_read_it(quiet: Front) -> None:
    quiet.workspace.chmod(0o2775)
    found = checks(quiet, 1, "--offline")[f"rights {quiet.workspace}"]
    assert (found["detail"], found["next"]) == (
        "Everybody on this host can read it.", f"chmod o-rwx {quiet.workspace}",
    )  # fmt: skip


def test_the_log_is_not_for_everybody(quiet: Front) -> None:
    log = quiet.workspace / "frontdesk.log"
    log.write_text("{}\n")
    log.chmod(0o600)
    checks(quiet, 0, "--offline")
    log.chmod(0o644)
    assert checks(quiet, 1, "--offline")[f"rights {log}"]["next"] == f"chmod 600 {log}"


def test_kept_logins_are_one_persons_alone(quiet: Front) -> None:
    folder = quiet.workspace / "secrets"
    folder.mkdir(0o700)
    login = folder / "support.msal"
    login.touch(0o600)
    checks(quiet, 0, "--offline")
    login.chmod(0o640)
    assert checks(quiet, 1, "--offline")[f"rights {login}"]["next"].startswith("chmod 600 ")
    login.chmod(0o600)
    folder.chmod(0o750)
    assert checks(quiet, 1, "--offline")[f"rights {folder}"]["next"].startswith("chmod 700 ")


@needs_root
def test_in_a_teams_workspace_what_is_closed_to_the_group_is_named(quiet: Front) -> None:
    for path in (quiet.workspace, *quiet.workspace.rglob("*")):
        os.chown(path, -1, NOBODY)
    quiet.workspace.chmod(0o2770)
    for path in quiet.workspace.glob("settings.*"):
        path.chmod(0o640)
    assert "group" in checks(quiet, 0, "--offline")[f"rights {quiet.workspace}"]["detail"]
    (quiet.workspace / "frontdesk.db").chmod(0o640)
    os.chown(quiet.workspace / "live.db", 0, 0)
    (quiet.workspace / "frontdesk.log").touch(0o600)  # its writer's alone: so it shall be
    (quiet.workspace / "secrets").mkdir(0o700)
    said = checks(quiet, 1, "--offline")[f"rights {quiet.workspace}"]
    assert said["detail"] == "Closed to colleagues: frontdesk.db, live.db."
    assert "chmod g+rw" in said["next"]
    quiet.workspace.chmod(0o770)
    assert f"chmod g+s {quiet.workspace}" in quiet.run("doctor", "--offline").out


@needs_root
def test_what_another_user_left_in_a_workspace_of_one_is_named(quiet: Front) -> None:
    os.chown(quiet.workspace / "live.db", NOBODY, NOBODY)
    said = checks(quiet, 1, "--offline")[f"rights {quiet.workspace}"]
    assert said["detail"] == "Not of the workspace's owner (root): live.db."
    assert said["next"] == "Give them back, as root: chown root on them."


def test_the_bells_folder_is_the_one_the_bell_uses_and_nobody_elses(quiet: Front) -> None:
    store = quiet.store()
    stop = store.watch(lambda _: None)
    folder = bell_folder(quiet.workspace)
    assert list(folder.iterdir())
    stop()
    store.close()
    assert folder == bell._folder(quiet.workspace)
    try:
        checks(quiet, 0, "--offline")
        folder.chmod(0o777)
        assert f"rm -r {folder}" in checks(quiet, 1, "--offline")[f"rights {folder}"]["next"]
        shutil.rmtree(folder)
        folder.symlink_to(quiet.workspace)
        assert checks(quiet, 1, "--offline")[f"rights {folder}"]["ok"] is False
        folder.unlink()
        folder.touch(0o700)
        assert checks(quiet, 1, "--offline")[f"rights {folder}"]["ok"] is False
    finally:
        shutil.rmtree(folder) if folder.is_dir() and not folder.is_symlink() else folder.unlink()


@pytest.mark.parametrize(("mode", "ok"), [(0o700, True), (0o755, None), (0o770, False), (0o1777, None)])
def test_the_folder_of_a_password_is_its_owners_alone(
    quiet: Front, office: Office, mode: int, ok: bool | None
) -> None:
    office.folder.chmod(mode)
    found = checks(quiet, 1 if ok is False else 0, "--offline")["secrets support"]
    office.folder.chmod(0o700)
    assert found["ok"] is ok
    assert found["next"] == ("" if ok else f"chmod 700 {office.folder}")


def test_a_password_that_others_can_read_is_not_used(desk: Front, office: Office) -> None:
    (office.folder / "support.secret").chmod(0o640)
    found = checks(desk, 1)
    assert "can be read by others (mode 0640)" in found["password support"]["detail"]
    assert found["password support"]["next"].startswith("chmod 600")


@pytest.fixture
def few_files() -> Iterator[Path]:
    """A file system that can hold a few files only."""
    folder = Path(tempfile.mkdtemp(prefix="fd-few-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512m,nr_inodes=60", "tmpfs", str(folder)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("a file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


def test_a_disk_with_room_for_few_files_fails(few_files: Path) -> None:
    (found,) = machine.disk(few_files)
    assert found.ok is False
    assert "more files can be made" in found.detail


def test_a_disk_that_can_only_be_read_fails(few_files: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(few_files)], check=True)
    (found,) = machine.disk(few_files)
    assert (found.ok, found.detail) == (False, "It can only be read.")


def test_the_size_of_a_workspace_is_what_its_files_take(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "one").write_bytes(os.urandom(3_000_000))
    (found,) = machine.disk(tmp_path)
    assert found.ok is True
    assert found.detail.endswith("GB free; the workspace takes 3 MB")
    assert machine._kind(Path("/proc")) == "proc"
    assert machine._kind(tmp_path) not in ("", "proc")


def test_how_long_the_space_lasts_is_told_from_a_hundred_conversations_on(
    shop_front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop_front.workspace.chmod(0o2770)
    assert "disk growth" not in checks(shop_front, 0, "--offline")
    connection = sqlite3.connect(shop_front.workspace / "frontdesk.db")
    names = [row[1] for row in connection.execute("PRAGMA table_info(conversations)")][1:]
    old = ", ".join(
        {"last_at": "1", "status": "'closed'", "due_at": "NULL"}.get(name, name) for name in names
    )
    for _ in range(194):
        connection.execute(
            f"INSERT INTO conversations({', '.join(names)}) SELECT {old} FROM conversations WHERE id = 1"
        )
    connection.commit()
    connection.close()
    (shop_front.workspace / "raw").mkdir(exist_ok=True)
    with (shop_front.workspace / "raw" / "many").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, 10**9)  # takes the space without being written
    found = checks(shop_front, 0, "--offline")["disk growth"]
    assert found["ok"] is True
    assert found["detail"].startswith("some 30 MB came in the last 30 days: space for ")  # 6 of 200
    monkeypatch.setattr("tui.checkup.store.SPACE_SHORT", 10**6)
    found = checks(shop_front, 0, "--offline")["disk growth"]
    assert (found["ok"], "days more" in found["detail"]) == (None, True)


# --------------------------------------------------------------------------- locks and the worker


HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""
WORK = """
import sys
from pathlib import Path
from storage.workspace import open_store
store = open_store(Path(sys.argv[1]))
lease = store.lease()
assert lease.take()
print("held", flush=True)
sys.stdin.read()
lease.release()
store.close()
"""


@pytest.fixture
def beside() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a program that holds something until the test ends; it says so first."""
    running: list[subprocess.Popen[str]] = []

    def start(program: str, *words: str) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-c", program, *words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        running.append(child)
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        return child

    yield start
    for child in running:
        child.send_signal(signal.SIGCONT)
        child.communicate("", timeout=30)


def stop(child: subprocess.Popen[str]) -> None:
    """Stop a process, as Ctrl+Z does, and wait until it is."""
    child.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WNOWAIT)


def test_who_holds_the_store_is_named(
    quiet: Front, beside: Callable[..., subprocess.Popen[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry, "open_store", partial(open_store, busy_seconds=0.1))
    child = beside(HOLD, str(quiet.workspace / "frontdesk.db"))
    stop(child)
    found = checks(quiet, 1, "--offline")["lock store"]
    assert found["ok"] is False
    assert "Another Frontdesk process has held the workspace" in found["detail"]
    assert f"Held by process {child.pid} (python" in found["detail"]
    assert "stopped)" in found["detail"]
    assert f"kill -CONT {child.pid}" in found["next"]
    child.send_signal(signal.SIGCONT)
    child.communicate("", timeout=30)
    found = checks(quiet, 0, "--offline")["lock store"]
    assert "a change can be made" in found["detail"]


CHECKPOINT = """
import fcntl, sys
file = open(sys.argv[1], "r+b")
fcntl.lockf(file, fcntl.LOCK_EX, 1, 121)
print("held", flush=True)
sys.stdin.read()
"""


def test_who_only_tidies_up_beside_is_not_taken_for_a_writer(
    tmp_path: Path, beside: Callable[..., subprocess.Popen[str]]
) -> None:
    path = tmp_path / "frontdesk.db-shm"
    path.write_bytes(bytes(200))
    child = beside(CHECKPOINT, str(path))
    assert (holders(path, 121), holders(path, 120), holders(path)) == ([child.pid], [], [child.pid])


def test_looking_whether_a_change_can_be_made_changes_nothing(quiet: Front) -> None:
    def version() -> list[Any]:
        connection = sqlite3.connect(quiet.workspace / "frontdesk.db")
        try:
            return list(connection.iterdump())
        finally:
            connection.close()

    before = version()
    checks(quiet, 0, "--offline")
    assert version() == before


def test_the_worker_is_named_and_one_that_fell_silent_fails(
    quiet: Front, beside: Callable[..., subprocess.Popen[str]]
) -> None:
    child = beside(WORK, str(quiet.workspace))
    found = checks(quiet, 0, "--offline")["worker workspace"]
    assert found["ok"] is True
    assert found["detail"].startswith(f"process {child.pid} (python")
    stop(child)
    word = quiet.workspace / "worker.lock"
    said = float(word.read_text().split()[1])
    word.write_text(f"{child.pid} {said - 90:.3f}\n")  # as if it had been stopped 90 s ago
    found = checks(quiet, 1, "--offline")["worker workspace"]
    assert f"Process {child.pid}" in found["detail"]
    assert "has not said that it is alive for 1m30s" in found["detail"]
    assert "stopped" in found["detail"]
    assert "frontdesk sync" in found["next"]


def test_another_lock_and_its_holder_are_named(quiet: Front) -> None:
    lock = quiet.workspace / "worker-start.lock"
    lock.touch(0o660)
    assert "lock worker-start.lock" not in checks(quiet, 0, "--offline")
    with subprocess.Popen(["flock", str(lock), "sh", "-c", "echo held; read x"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        assert holders(lock) == [child.pid]
        found = checks(quiet, 0, "--offline")["lock worker-start.lock"]
        assert f"held by process {child.pid} (flock" in found["detail"]
        stop(child)
        found = checks(quiet, 1, "--offline")["lock worker-start.lock"]
        assert f"kill {child.pid}" in found["next"]
        child.send_signal(signal.SIGCONT)
        child.communicate("\n", timeout=30)
    assert holders(lock) == []


def test_a_process_is_known_by_its_number() -> None:
    found = process(os.getpid())
    assert found is not None
    assert (found.number, found.stopped) == (os.getpid(), False)
    assert process(2**22 + 1) is None


def test_answers_that_nobody_sends_fail(desk: Front) -> None:
    desk.ok("sync")
    desk.ok("reply", "1", "--text", "Waiting")
    desk.now += 60
    assert checks(desk, 1)["worker workspace"]["next"] == "Start frontdesk sync."


# --------------------------------------------------------------------------- mailboxes, as the worker knows them


def told(front: Front, state: str, **more: Any) -> None:
    """What the worker has said of the mailbox."""
    store = front.store()
    store.show_mailbox(MailboxState("support", state, more.pop("since", front.now - MINUTE), **more))
    store.close()


@pytest.fixture
def worked(quiet: Front) -> Iterator[Front]:
    """The same, while a worker runs (this process holds its lease)."""
    store = quiet.store()
    lease = store.lease()
    assert lease.take()
    yield quiet
    lease.release()
    store.close()


def test_a_mailbox_just_read_is_in_order(worked: Front) -> None:
    assert checks(worked, 0, "--offline")["sync support"]["ok"] is None  # nothing said yet
    told(worked, "watching", synced_at=worked.now - 5 * MINUTE)
    found = checks(worked, 0, "--offline")["sync support"]
    assert found["ok"] is True
    assert found["detail"].startswith("last read to the end 5 min ago; the server tells of new mail")


def test_a_mailbox_not_read_for_long_while_a_worker_runs_fails(worked: Front) -> None:
    told(worked, "polling", synced_at=worked.now - 29 * MINUTE)
    checks(worked, 0, "--offline")
    told(worked, "polling", synced_at=worked.now - 31 * MINUTE)
    assert "31 min ago" in checks(worked, 1, "--offline")["sync support"]["detail"]
    told(worked, "connecting", since=worked.now - 40 * MINUTE)
    checks(worked, 1, "--offline")


def test_without_a_worker_old_news_fail_nothing(quiet: Front) -> None:
    told(quiet, "watching", synced_at=quiet.now - 300 * MINUTE)
    found = checks(quiet, 0, "--offline")["sync support"]
    assert (found["ok"], found["next"]) == (None, "Start frontdesk sync.")


def test_a_first_reading_says_how_far_it_is(worked: Front) -> None:
    told(worked, "fetching", since=worked.now - 90 * MINUTE, folder="INBOX", done=1200, of=50_000)
    assert "reading INBOX: 1200 of 50000" in checks(worked, 0, "--offline")["sync support"]["detail"]


@pytest.mark.parametrize("state", ["password", "needs-login", "certificate", "settings"])
def test_what_waits_for_a_person_fails_with_its_own_next_step(quiet: Front, state: str) -> None:
    told(quiet, state, trouble="The server said no\x1b[31m.", next_step="Do this.", synced_at=quiet.now)
    found = checks(quiet, 1, "--offline")["sync support"]
    assert (found["ok"], found["next"]) == (False, "Do this.")
    assert found["detail"] == "The server said no[31m. Last read to the end just now."


def test_a_line_that_failed_just_now_fails_nothing_yet(worked: Front) -> None:
    told(worked, "network", trouble="The line failed.", synced_at=worked.now - 6 * MINUTE)
    found = checks(worked, 0, "--offline")["sync support"]
    assert (found["ok"], found["detail"][:16]) == (None, "The line failed.")
    assert found["next"] == "It is tried again by itself."


def test_what_a_person_should_look_at_is_told_with_the_mailbox(worked: Front) -> None:
    told(worked, "watching", synced_at=worked.now, questions=("INBOX was full and is\x1b[31m empty now.",))
    found = checks(worked, 0, "--offline")["sync support"]
    assert (found["ok"], found["detail"]) == (None, "INBOX was full and is[31m empty now.")


@pytest.mark.parametrize(("skew", "words"), [(600, "10m ahead of"), (-600, "10m behind"), (3, "3s ahead of")])
def test_the_clock_beside_the_servers(desk: Front, skew: int, words: str) -> None:
    desk.ok("sync")
    told(desk, "watching", synced_at=desk.now, skew=skew)
    found = checks(desk, 0 if abs(skew) < 120 else 1)["clock support"]
    assert found["ok"] is (abs(skew) < 120)
    assert words in found["detail"]


def test_mail_from_the_future_says_that_this_clock_is_behind(
    desk: Front, dovecot: Dovecot, imap_user: str
) -> None:
    line = imaplib.IMAP4(dovecot.host, dovecot.port)
    line.login(imap_user, "secret")
    line.append("INBOX", "", imaplib.Time2Internaldate(time.time() + 7200), STORY[3].replace(b"\n", b"\r\n"))
    line.logout()
    found = checks(desk, 1)["clock support"]
    assert "ahead of this host: its clock is behind" in found["detail"]
    assert "NTP" in found["next"]


def test_an_empty_inbox_tells_no_time() -> None:
    assert servers.clock("support", None, None, 0).ok is None


# --------------------------------------------------------------------------- what waits for a person


def test_what_failed_to_leave_is_counted(desk: Front, smtp_server: SmtpServer) -> None:
    desk.ok("sync")
    desk.ok("reply", "1", "--text", "Hello?")
    smtp_server.answer("rcpt", "550 5.1.1 no such person")
    desk.ok("sync")
    found = checks(desk, 1, "--offline")["outbox answers"]
    assert found["detail"] == "1 failed"
    assert "frontdesk outbox" in found["next"]


def test_held_answers_are_looked_after(desk: Front, tmp_path: Path) -> None:
    desk.ok("sync")
    desk.ok("reply", "1", "--text", "Once only.")
    shutil.copytree(desk.workspace, tmp_path / "copy", copy_function=shutil.copy2)
    desk.workspace = tmp_path / "copy"
    desk.workspace.chmod(0o2770)
    desk.ok("sync")
    found = checks(desk, 0, "--offline")["outbox answers"]
    assert (found["ok"], found["detail"]) == (None, "1 held")


def test_jobs_that_fail_say_why(quiet: Front) -> None:
    store = open_store(quiet.workspace)
    for number in ("7", "8"):
        store.jobs.add("sent-copy", number, quiet.now)
    for job in store.jobs.due(quiet.now):
        store.jobs.later(job.id, quiet.now + 60, "The mailbox is full.")
    store.close()
    found = checks(quiet, 0, "--offline")["jobs sent-copy"]
    assert found["ok"] is None
    assert found["detail"] == "2 jobs of the kind sent-copy failed so far: The mailbox is full."


def test_mail_that_could_not_be_placed_or_read_is_counted(desk: Front) -> None:
    desk.ok("sync")
    connection = sqlite3.connect(desk.workspace / "frontdesk.db")
    connection.execute(
        "INSERT INTO arrivals(mailbox, folder, uidvalidity, uid, at, history, raw, use, tries)"
        " SELECT 'support', 'INBOX', 1, 900 + id, 0, 0, id, 'inbox', 2 FROM raws LIMIT 2"
    )
    connection.commit()
    found = checks(desk, 1, "--offline")["quarantine arrivals"]
    assert found["detail"] == "2 messages came and could not be placed; tried 2 times."
    connection.execute("UPDATE arrivals SET tries = 0")
    connection.commit()
    found = checks(desk, 0, "--offline")["quarantine messages"]
    assert found["detail"] == "every message could be read; 2 messages being placed"
    connection.execute("DELETE FROM arrivals")
    connection.execute("UPDATE conversations SET quarantined = 1 WHERE id = 2")
    connection.commit()
    connection.close()
    found = checks(desk, 0, "--offline")["quarantine messages"]
    assert (found["ok"], found["detail"]) == (None, "1 conversation with a message that could not be read.")
    assert "view Quarantine" in found["next"]


# --------------------------------------------------------------------------- the domain


@pytest.fixture
def our_domain(desk: Front, name_server: NameServer) -> NameServer:
    """shop.example with everything a domain should have."""
    name_server.add("shop.example", "MX", "10 mail.shop.example.")
    name_server.add("shop.example", "TXT", '"google-site=1"', '"v=spf1 include:_spf.host.example ~all"')
    name_server.add("_spf.host.example", "TXT", '"v=spf1 ip4:192.0.2.0/24 ~all"')
    name_server.add("s1._domainkey.shop.example", "CNAME", "s1.dkim.host.example.")
    name_server.add("s1.dkim.host.example", "TXT", '"v=DKIM1; k=rsa; p=MIIBIjANBgkq"')
    name_server.add("_dmarc.shop.example", "TXT", '"v=DMARC1; p=quarantine; rua=mailto:d@shop.example"')
    return name_server


def of_domain(front: Front, status: int) -> Found:
    found = checks(front, status)
    return {key.partition(" ")[0]: each for key, each in found.items() if key.endswith(" shop.example")}


def test_a_domain_in_order(desk: Front, our_domain: NameServer) -> None:
    found = of_domain(desk, 0)
    assert {check: each["ok"] for check, each in found.items()} == dict.fromkeys(
        ("mx", "spf", "dkim", "dmarc"), True
    )
    assert "mail.shop.example" in found["mx"]["detail"]
    assert "1 of 10 look-ups" in found["spf"]["detail"]
    assert "whether it covers 127.0.0.1 cannot be told" in found["spf"]["detail"]
    assert found["dkim"]["detail"] == "a key is there: s1"
    assert "goes into spam (p=quarantine)" in found["dmarc"]["detail"]


def test_a_bare_domain_says_what_that_means(desk: Front, name_server: NameServer) -> None:
    name_server.add("shop.example", "TXT", '"nothing about mail"')
    found = of_domain(desk, 1)
    assert {check: each["ok"] for check, each in found.items()} == {
        "mx": False, "spf": False, "dkim": None, "dmarc": None,
    }  # fmt: skip
    for check in ("spf", "dkim", "dmarc"):
        assert "Gmail may put answers into spam" in found[check]["detail"] + found[check]["next"]


@pytest.mark.parametrize(
    ("records", "said"),
    [
        (['"v=spf1 -all"', '"v=spf1 ~all"'], "2 SPF records"),
        (['"v=spf1 ' + " ".join(f"a:h{n}.example" for n in range(11)) + ' ~all"'], "more than 10 names"),
        (['"v=spf1 include:nowhere.example ~all"'], "where there is no SPF"),
        (['"v=spf1 include:loop.example ~all"'], "more than 10 names"),
        (['"v=spf1 +all"'], "lets everybody send"),
    ],
)
def test_spf_that_receivers_do_not_accept(
    desk: Front, our_domain: NameServer, records: list[str], said: str
) -> None:
    our_domain.records["shop.example", "TXT"] = records
    our_domain.add("loop.example", "TXT", '"v=spf1 include:loop.example ~all"')
    found = of_domain(desk, 1)["spf"]
    assert (found["ok"], said in found["detail"], bool(found["next"])) == (False, True, True)
    assert len(our_domain.asked) < 40


@pytest.mark.parametrize(
    ("record", "named"),
    [("ip4:127.0.0.0/8 ~all", True), ("-ip4:127.0.0.1 ~all", False), ("ip4:nonsense ~all", False)],
)
def test_spf_that_names_the_sending_host_is_said_to(
    desk: Front, our_domain: NameServer, record: str, named: bool
) -> None:
    our_domain.records["shop.example", "TXT"] = [f'"v=spf1 {record}"']
    assert ("it names 127.0.0.1" in of_domain(desk, 0)["spf"]["detail"]) is named


def test_dkim_is_looked_for_under_the_name_that_signed_our_mail(desk: Front, our_domain: NameServer) -> None:
    del our_domain.records["s1._domainkey.shop.example", "CNAME"]
    assert of_domain(desk, 0)["dkim"]["ok"] is None
    signed = mail(
        "Shop <info@shop.example>", "Newsletter", "Hello", "2026-11-10 09:00",
        dkim_signature="v=1; a=rsa-sha256; d=shop.example; s=nov26; bh=x; b=y",
    )  # fmt: skip
    desk.receive([b"DKIM-Signature: v=1; d=mailer.example; s=theirs; b=x\n" + signed])
    found = of_domain(desk, 0)["dkim"]
    assert (found["ok"], found["detail"]) == (
        None, "The keys that signed mail of ours are not in DNS: nov26.",
    )  # fmt: skip
    our_domain.add("nov26._domainkey.shop.example", "TXT", '"v=DKIM1; p=MIIB"')
    found = of_domain(desk, 0)["dkim"]
    assert found["detail"] == "a key is there: nov26, which has signed mail of ours"
    our_domain.records["nov26._domainkey.shop.example", "TXT"] = ['"v=DKIM1; p="']
    assert "was taken back" in of_domain(desk, 1)["dkim"]["detail"]


def test_signatures_are_read_from_the_headers_alone() -> None:
    raw = (
        b"DKIM-Signature: v=1; d=Shop.example; s=One\r\n\tTwo; b=\r\n"
        b"dkim-signature: v=1; d=shop.example;\r\n s=three; b=\r\n\r\n"
        b"DKIM-Signature: d=shop.example; s=body\r\n"
    )
    assert list(signatures(raw)) == [("shop.example", "three")]


@pytest.mark.parametrize(
    ("records", "ok", "said"),
    [
        (['"v=DMARC1; p=none"'], True, "let through (p=none); nobody is told"),
        (['"v=DMARC1; p=nun"'], False, "nun"),
        (['"v=DMARC1"'], False, "missing"),
        (['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"'], False, "2 DMARC records"),
    ],
)
def test_dmarc_policies(desk: Front, our_domain: NameServer, records: list[str], ok: bool, said: str) -> None:
    our_domain.records["_dmarc.shop.example", "TXT"] = records
    found = of_domain(desk, 0 if ok else 1)["dmarc"]
    assert (found["ok"], said in found["detail"]) == (ok, True)


def test_a_domain_below_another_goes_by_its_dmarc(name_server: NameServer) -> None:
    name_server.add("_dmarc.shop.example", "TXT", '"v=DMARC1; p=none; sp=reject; rua=mailto:x@y.example"')
    found = domain._dmarc("help.shop.example")
    assert (found.ok, found.detail) == (
        True,
        "by that of shop.example, what pretends to be ours is refused (p=reject); reports are asked for",
    )


def test_a_dns_that_is_out_of_order_fails_nothing(desk: Front, our_domain: NameServer) -> None:
    our_domain.failing.add("*")
    found = of_domain(desk, 0)
    assert list(found) == ["dns"]
    assert found["dns"]["ok"] is None
    assert "DNS does not say" in found["dns"]["detail"]


def test_names_that_the_world_does_not_know_are_not_asked(desk: Front) -> None:
    assert not [key for key in checks(desk, 0) if key.endswith("shop.example")]
    assert [name for name in ("shop.example", "desk.local", "box", "shop.de") if domain._is_public(name)] == [
        "shop.de"
    ]


def test_what_dns_says_is_shown_harmless(desk: Front, our_domain: NameServer) -> None:
    our_domain.records["_dmarc.shop.example", "TXT"] = ['"v=DMARC1; p=\\027[31mx"']
    assert "\x1b" not in desk.run("doctor").out


# --------------------------------------------------------------------------- at a terminal


def on_terminal(front: Front, columns: int, *words: str) -> tuple[int, str]:
    """Doctor in a process of its own on a terminal so wide; its exit status, and what it wrote."""
    ours, its = pty.openpty()
    subprocess.run(["stty", "cols", str(columns), "rows", "24"], stdin=its, check=True)
    with subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "--workspace", str(front.workspace), "doctor", *words],
        stdin=its, stdout=its, stderr=its, env={**os.environ, "TERM": "xterm"},
    ) as child:  # fmt: skip
        os.close(its)
        written = b""
        try:
            while piece := os.read(ours, 65536):
                written += piece
        except OSError:  # the other end is closed
            pass
    os.close(ours)
    return child.returncode, written.decode().replace("\r\n", "\n")


def test_at_a_terminal_of_eighty_columns_everything_stays_in_its_column(
    desk: Front, our_domain: NameServer
) -> None:
    del our_domain.records["_dmarc.shop.example", "TXT"]
    status, said = on_terminal(desk, 80)
    assert status == 0, said
    lines = said.splitlines()
    for line in lines:
        assert len(line) <= 80 or "/" in line  # a long path stays whole
        assert line[:6] in ("ok    ", "look  ", "-     ", "FAILS ", " " * 6)
        assert line[17] == " "
        assert line[18] != " "
    at = next(number for number, line in enumerate(lines) if line.startswith("look  dmarc"))
    assert any(line.startswith("      next        Have a TXT record made") for line in lines[at:])
    assert any(line.startswith("ok    terminal    xterm: 80 x 24") for line in lines)


def test_ctrl_c_leaves_at_once(desk: Front, office: Office) -> None:
    with running_talker(b"", lambda _: b"") as talker:
        office.add("mute", "ann", talker.port, talker.port)
        with subprocess.Popen(
            [sys.executable, str(ROOT / "main.py"), "--workspace", str(desk.workspace), "doctor"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as child:  # fmt: skip
            assert child.stdout is not None
            assert any(line.startswith("ok    password    mute") for line in child.stdout)
            begun = time.monotonic()  # Python takes its time to start
            child.send_signal(signal.SIGINT)
            _, err = child.communicate(timeout=30)
        assert (child.returncode, err.strip()) == (130, "")
        assert time.monotonic() - begun < servers.WAIT - 5
