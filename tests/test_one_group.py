"""Colleagues with Unix users of their own and one group: real users, real processes, whatever their umask says."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path

import pytest

from storage.leases import held
from storage.workspace import WORKER
from tests.terminal import ROOT, Terminal, at_a_terminal

ANNA, BO, OUTSIDER = "games", "lp", "nobody"
"""Users that every Debian has, and that own nothing here."""
GROUP = 100
"""The group `users`."""

DEBIAN = Path("/usr/bin/python3")


def python_for_all() -> tuple[str, dict[str, str]]:
    """An interpreter that other users of this host can reach, and what it needs to find our libraries: ours, or where that
    lies in somebody's home Debian's own, if it is of the same version."""
    ours = Path(sys.executable).resolve()
    if all(folder.stat().st_mode & stat.S_IXOTH for folder in ours.parents):
        return sys.executable, {}
    same = f"{sys.version_info.major}.{sys.version_info.minor}"
    if DEBIAN.resolve().name != f"python{same}":
        pytest.skip("another user cannot reach this interpreter, and Debian's is of another version")
    return str(DEBIAN), {"PYTHONPATH": sysconfig.get_path("purelib")}


needs_root = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None,
    reason="only root can become other users (setpriv)",
)


@dataclass(frozen=True)
class Office:
    """A workspace for a group, and who works in it; all of them have this umask."""

    folder: Path
    umask: str
    python: str
    libraries: Mapping[str, str]

    @property
    def workspace(self) -> Path:
        return self.folder / "desk"

    def command(self, user: str, *words: str) -> list[str]:
        """What runs a command as somebody; the outsider is not in the group."""
        number = pwd.getpwnam(user).pw_uid
        group = number if user == OUTSIDER else GROUP
        home = self.folder / "homes" / user
        return [
            *("setpriv", f"--reuid={number}", f"--regid={group}", "--clear-groups", "--"),
            *("env", f"HOME={home}", "PYTHONDONTWRITEBYTECODE=1", f"TMPDIR={self.folder / 'tmp'}"),
            *(f"{name}={value}" for name, value in self.libraries.items()),
            *("sh", "-c", f'umask {self.umask}; exec "$@"', "sh", *words),
        ]

    def words(self, *words: str) -> list[str]:
        """Frontdesk on the workspace."""
        return [self.python, str(ROOT / "main.py"), "--workspace", str(self.workspace), *words]

    def run(self, user: str, *words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """A command of Frontdesk as somebody."""
        return subprocess.run(
            self.command(user, *self.words(*words)), input=stdin, capture_output=True, check=False, timeout=60
        )

    def ok(self, user: str, *words: str, stdin: bytes = b"") -> bytes:
        """One that must work."""
        done = self.run(user, *words, stdin=stdin)
        assert done.returncode == 0, (user, words, done.stderr)
        return done.stdout

    def screen(self, user: str, columns: int = 120) -> AbstractContextManager[Terminal]:
        """The screen of somebody, at a terminal."""
        return at_a_terminal(Terminal, self.command(user, *self.words()), columns)

    def rights(self) -> dict[str, tuple[str, str]]:
        """Who owns each file and folder of the workspace, and its mode."""
        found = {}
        for path in sorted([self.workspace, *self.workspace.rglob("*")]):
            status = path.lstat()
            mode = f"{stat.S_IMODE(status.st_mode):o}"
            found[str(path.relative_to(self.workspace))] = (pwd.getpwuid(status.st_uid).pw_name, mode)
            assert status.st_gid == GROUP or status.st_mode & 0o077 == 0, path
        return found


@pytest.fixture(params=["022", "077"])
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    folder = Path(tempfile.mkdtemp(prefix="fd-group-"))
    folder.chmod(0o755)
    made = Office(folder, request.param, *python_for_all())
    try:
        for name in (ANNA, BO, OUTSIDER):
            home = folder / "homes" / name
            home.mkdir(parents=True)
            shutil.chown(home, name)
        (folder / "tmp").mkdir()
        (folder / "tmp").chmod(0o1777)
        made.workspace.mkdir()
        shutil.chown(made.workspace, ANNA, GROUP)
        made.workspace.chmod(0o2770)
        if made.run(OUTSIDER, "--version").returncode:
            pytest.skip("another user cannot read this checkout")
        yield made
    finally:
        if (worker := held(made.workspace, WORKER)) is not None:
            os.kill(worker, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)


MAIL = """From: Kim Customer <kim@customer.example>
To: support@shop.example
Subject: Where is order {number}?
Date: {date}
Message-ID: <{number}@customer.example>
Content-Type: text/plain; charset=utf-8

Dear shop, it was to come on Monday.
"""


AN_HOUR_AGO = time.time() - 3600


def mails(count: int) -> bytes:
    """Mails of this hour, as one mbox."""
    found = b""
    for number in range(count):
        text = MAIL.format(number=number, date=formatdate(AN_HOUR_AGO + number))
        found += b"From kim@customer.example Mon Jan  1 00:00:00 2026\n" + text.encode() + b"\n"
    return found


def large(of: str) -> bytes:
    """A mail that is too large for the database."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = (
        "kim@customer.example",
        "support@shop.example",
        f"Large, for {of}",
    )
    letter["Date"], letter["Message-ID"] = formatdate(AN_HOUR_AGO), f"<large-{of}@customer.example>"
    letter.set_content("Here it is.")
    letter.add_attachment(
        of.encode() * 1_000_000, maintype="application", subtype="octet-stream", filename="all.bin"
    )
    return letter.as_bytes()


OURS = """
us = ["@shop.example"]

[[mailbox]]
name = "support"
address = "support@shop.example"
imap_host = "127.0.0.1"
imap_port = 1
smtp_host = "127.0.0.1"
smtp_port = 1
password_file = "{secret}"

[[team]]
name = "anna"
role = "owner"
unix = "games"
"""


@needs_root
@pytest.mark.long
def test_63_two_users_of_one_group_both_write_and_an_outsider_reads_nothing(office: Office) -> None:
    secret = office.workspace / "secrets" / "support"
    office.ok(ANNA, "list")
    subprocess.run(
        office.command(
            ANNA, "sh", "-c", 'mkdir -m 700 "$1" && echo canary-4711 > "$1/support"', "sh", str(secret.parent)
        ),
        check=True,
    )
    secret.chmod(0o600)
    (office.workspace / "settings.toml").write_text(OURS.format(secret=secret))
    shutil.chown(office.workspace / "settings.toml", ANNA, GROUP)
    (office.workspace / "settings.toml").chmod(0o660)
    office.ok(ANNA, "team", "add", "bo", "--unix", BO)
    office.ok(ANNA, "import", "-", stdin=mails(6))

    for user, other in ((BO, "anna"), (ANNA, "bo")):
        office.ok(user, "reply", "1", "--text", f"It comes on Tuesday, says {user}.", "--anyway", "both")
        office.ok(user, "note", "2", "--text", "seen")
        office.ok(user, "tag", "3", "--add", user)
        office.ok(user, "assign", "4", "--to", other)
        office.ok(user, "snooze", "5", "--until", "2d")
        office.ok(user, "saved", "add", f"of-{user}", "--text", "Soon.")
        office.ok(user, "knowledge", "add", f"of {user}", "--text", "Parcels take two days.")
        office.ok(user, "customer", "edit", "1", "--note", f"by {user}")
        office.ok(user, "import", "-", stdin=mails(7))
        office.ok(user, "import", "-", stdin=large(user))
        office.ok(user, "put", "2", "--name", "of.bin", stdin=user.encode() * 50_000)
        office.ok(user, "verify")
    speaks = office.run(BO, "--as", "anna", "list")
    assert (speaks.returncode, speaks.stdout) == (1, b"")
    assert b"lp speaks as bo, and cannot speak as anna" in speaks.stderr
    refused = office.run(BO, "team", "role", "bo", "owner")
    assert (refused.returncode, b"by an owner" in refused.stderr) == (1, True)

    with office.screen(BO) as his:
        his.until_shown("no worker")  # bo may not read the secret
        his.until_shown("Asked once")
        his.press("\x1b")
        his.until_shown("Enter open")
        assert held(office.workspace, WORKER) is None
        office.ok(BO, "reply", "3", "--text", "Without a worker, too.")
    with office.screen(ANNA) as hers, office.screen(BO) as his:
        hers.until_shown("order 6")
        his.until_shown("order 6")
        hers.until(lambda: held(office.workspace, WORKER) is not None, "a worker")
        office.ok(BO, "tag", "7", "--add", "heard")
        hers.until_shown("#heard")
        his.press("r")
        his.until_shown("Reply to kim@customer.example")
        his.press("The draft of bo")
        hers.until_shown("bo is writing")
        found = office.rights()
        sockets = [path for path in (office.folder / "tmp").rglob("*") if path.is_socket()]
        assert len(sockets) == 2
        assert {stat.S_IMODE(path.stat().st_mode) for path in sockets} == {0o660}
        assert [stat.S_IMODE(path.parent.stat().st_mode) for path in sockets] == [0o2770] * 2
        outside = subprocess.run(
            office.command(OUTSIDER, "find", str(office.workspace), str(sockets[0].parent), "-mindepth", "1"),
            capture_output=True,
            check=False,
        )
        assert outside.stdout == b""
        assert outside.stderr.count(b"Permission denied") == 2
    listed = office.run(OUTSIDER, "list")
    assert (listed.returncode, listed.stdout) == (4, b"")

    private = {name for name in found if name.startswith("secrets")}
    assert private == {"secrets", "secrets/support"}
    assert {found[name] for name in private} == {(ANNA, "2700"), (ANNA, "600")}
    shared = {name: mode for name, (_, mode) in found.items() if name not in private}
    folders = {name for name in shared if (office.workspace / name).is_dir()}
    assert {shared[name] for name in folders} == {"2770"}
    only_read = {"settings.cache": "640", "frontdesk.log": "600"}
    assert {name: mode for name, mode in shared.items() if name not in folders and mode != "660"} == {
        name: mode for name, mode in only_read.items() if name in shared
    }
    assert {"frontdesk.db", "frontdesk.db-wal", "frontdesk.db-shm", "live.db", "live.db-wal"} <= set(shared)
    assert {user for user, _ in found.values()} == {ANNA, BO}
    for many in ("raw/", "attached/", "documents/"):
        assert len({name for name in shared if name.startswith(many)} - folders) >= 2, many


OPENS = """
import sys
from pathlib import Path
from storage.workspace import open_store
for _ in sys.stdin:
    store = open_store(Path(sys.argv[1]))
    store.live.drafts()
    store.close()
    print("done", flush=True)
"""


@needs_root
@pytest.mark.long
def test_63_two_users_who_come_in_at_the_same_moment_are_both_let_in(office: Office) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}){OPENS}"
    both = [
        subprocess.Popen(
            office.command(user, office.python, "-c", code, str(office.workspace)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        for user in (ANNA, BO)
    ]
    for _ in range(60):  # each time the log of the store is made anew, by one of them
        for process in both:
            assert process.stdin is not None
            process.stdin.write("now\n")
        for process in both:
            assert process.stdout is not None
            assert process.stdout.readline() == "done\n"
    for process in both:
        process.communicate()
        assert process.returncode == 0
