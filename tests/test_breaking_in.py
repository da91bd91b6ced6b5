"""Breaking in over a real sshd, as each role and as an outsider: no shell, no file, no other's name, not the password.

Whatever would run a program makes a file, the marker; it is never there. EDITOR and the like are set on the host as an
administrator might have left them, each to a program that makes it.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from storage.workspace import Workspace
from tests.front import TEAM, Front
from tests.screenplay import playing
from tests.servers.sshd import PATIENCE, Login, Sshd, need_sshd, running_sshd
from tests.shop import deliver
from tests.terminal import until
from tests.test_attachments import letter
from tests.test_every_key import WAYS, begin_anew
from tests.test_let_in import NO_SHELL
from tui.keys import load

CANARY = "canary-Mw7-hunter2"
MOST_AND_LEAST = ("anna", "ria")
"""An owner and a reader: what neither may, nobody may."""

MAILBOX = """
[[mailbox]]
name = "support"
address = "support@shop.example"
imap_host = "127.0.0.1"
imap_port = 1
smtp_host = "127.0.0.1"
smtp_port = 1
password_file = "{file}"
"""


@dataclass
class House:
    """A workspace behind a real sshd, and what nobody may get at."""

    front: Front
    server: Sshd
    marker: Path
    secret: Path

    def login(self, name: str) -> Login:
        """The way in of somebody."""
        return self.server.teammate(name, self.front.workspace)

    def whole(self) -> None:
        """Nobody has run anything, and nothing lies about that was not there."""
        assert not self.marker.exists(), "a program was run"
        strange = {each.name for each in self.marker.parent.iterdir()} - {"desk", "programs", "password"}
        assert not strange, f"written: {strange}"


@pytest.fixture
def house(shop_front: Front, tmp_path: Path) -> Iterator[House]:
    """The shop behind an sshd of its own, as an account whose every program is a trap."""
    need_sshd()
    marker, programs = tmp_path / "marker", tmp_path / "programs"
    programs.mkdir()
    trap = programs / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {shlex.quote(str(marker))}\n", "utf-8")
    trap.chmod(0o755)
    for name in ("vi", "less", "more", "xdg-open", "open", "scp", "rsync", "sftp-server"):
        (programs / name).symlink_to(trap)
    secret = tmp_path / "password"
    secret.write_text(f"{CANARY}\n", "utf-8")
    secret.chmod(0o600)
    shop_front.write_settings(TEAM + MAILBOX.format(file=secret))
    traps = {name: str(trap) for name in ("EDITOR", "VISUAL", "PAGER", "BROWSER")}
    path = f"{programs}:{os.environ['PATH']}"
    with running_sshd(**traps, PATH=path, DISPLAY=":0", TEXTUAL_SCREENSHOT_LOCATION=str(tmp_path)) as server:
        yield House(shop_front, server, marker, secret)


def asked(login: Login, words: str) -> subprocess.CompletedProcess[bytes]:
    """What came of it; nothing that was asked for ends in anything but an answer."""
    command = [*login.command("-T"), "--", words]  # else ssh takes options for its own
    ran = subprocess.run(command, check=False, input=b"", capture_output=True, timeout=PATIENCE)
    assert ran.returncode in (0, 1, 2), (words[:100], ran.stderr[-500:])
    assert b"Traceback" not in ran.stdout + ran.stderr
    assert CANARY.encode() not in ran.stdout + ran.stderr
    return ran


@pytest.mark.long
def test_a_shell_a_file_and_another_name_are_refused_to_an_agent(house: House) -> None:
    bo = house.login("bo")
    assert asked(bo, f"sh -c 'touch {house.marker}'").returncode == 2
    assert asked(bo, f"import {house.secret}").returncode == 1
    assert asked(bo, "--as anna note 1 --text x").returncode == 2
    house.whole()


@pytest.mark.long
def test_no_word_is_a_shell_over_a_real_line(house: House) -> None:
    bo = house.login("bo")
    for words in NO_SHELL[::2]:  # each of them is tried in this process by another test
        asked(bo, words.replace("{marker}", str(house.marker)))
    house.whole()


@pytest.mark.long
@pytest.mark.parametrize("name", MOST_AND_LEAST)
def test_the_password_is_in_nothing_that_anybody_can_ask_for(house: House, name: str) -> None:
    login, secret = house.login(name), shlex.quote(str(house.secret))
    for words in (
        *(f"import {secret}", f"parse --json {secret}", f"note 1 --file {secret}", f"export {secret}"),
        *(f"rules check --settings {secret}", f"team add x --key {secret}", f"report --html {secret}"),
        *("doctor --json", "init --check", "login support", "sync", "verify --json", "outbox --json"),
    ):
        asked(login, words)
    assert house.secret.read_text("utf-8") == f"{CANARY}\n"
    house.whole()


@pytest.mark.long
@pytest.mark.parametrize("name", MOST_AND_LEAST)
def test_a_line_carries_nothing_but_frontdesk(house: House, name: str) -> None:
    login = house.login(name)
    port = house.server.port
    for options in (
        ("-W", f"127.0.0.1:{port}"),
        ("-N", "-R", "0:127.0.0.1:1", "-o", "ExitOnForwardFailure=yes"),
    ):
        ran = subprocess.run(
            login.command(*options), check=False, input=b"", capture_output=True, timeout=PATIENCE
        )
        assert ran.returncode != 0, options
        assert b"SSH-2.0" not in ran.stdout, "a port of the host was reached"
    ran = subprocess.run(
        [*login.command("-s"), "sftp"], check=False, input=b"", capture_output=True, timeout=PATIENCE
    )
    assert ran.returncode != 0
    known = f"UserKnownHostsFile={house.server.folder / 'known_hosts'}"
    copy = ("scp", "-F", "none", "-q", "-B", "-P", str(port), "-i", str(login.key), "-o", known)
    there = f"{house.server.user}@127.0.0.1"
    for how in ((), ("-O",)):
        for ends in (
            (str(login.key), f"{there}:{house.marker}"),
            (f"{there}:{house.secret}", str(house.server.folder / "got")),
        ):
            ran = subprocess.run([*copy, *how, *ends], check=False, capture_output=True, timeout=PATIENCE)
            assert ran.returncode != 0
    assert not (house.server.folder / "got").exists()
    evil = f"() {{ :;}}; touch {house.marker}"
    ran = login.ssh("due --status", options=("-o", f"SetEnv=LC_ALL={evil!r} LC_EVIL='{evil}' LANG=../../x"))
    assert ran.returncode in (0, 1)
    house.whole()


@pytest.mark.long
def test_an_outsider_is_not_let_in(house: House) -> None:
    house.login("bo")
    stranger = Login(house.server, house.server.new_key("eve"))
    ran = stranger.ssh("due")
    assert (ran.returncode, ran.stdout) == (255, b"")
    assert b"Permission denied" in ran.stderr


@pytest.mark.long
def test_at_a_real_line_the_screen_says_what_there_is_instead(house: House) -> None:
    with house.login("anna").screen(columns=100, lines=30) as terminal:
        terminal.until_shown("Welcome, anna")  # asked once, at the first login
        terminal.press("\x1b")
        terminal.until(lambda: "Welcome" not in terminal.screen, "the list")
        for keys, said in (
            ("\r|", "ssh desk show ID | COMMAND does it"),
            ("r\x18\x05", "an editor is a shell"),
            ("\x0f", "FILE attaches one"),
            ("\x18\x04:import\r", "import - < FILE"),
        ):
            before = len(terminal.raw)
            time.sleep(0.5)  # what is pressed while a refusal cannot have been seen is dropped
            terminal.press(keys)
            terminal.until_shown(said, since=before)
        terminal.press(f"{house.marker}\r\x1a\x1c\x03")
        terminal.until_more("an answer")
        terminal.press("\x11")
        assert terminal.ended() == 0
    house.whole()


KEYS_OUT = sorted(
    {
        (one.context, one.keys)
        for one in load().bindings
        if one.context in ("conversation", "compose", "send", "attachments", "names") and one.verb != "quit"
    }
    | {
        ("list", one.keys)
        for one in load().bindings
        if one.context in ("global", "list") and one.verb != "quit"
    }
)
"""Every key where something is read, written or attached, and of the list."""


@pytest.mark.long
@pytest.mark.parametrize("part", range(2))
async def test_64_no_key_whatever_is_answered_starts_a_program_or_writes_a_file(
    store: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    started: list[object] = []

    def begin(_: object, words: Sequence[str], *__: object, **___: object) -> None:
        started.append(words)
        raise OSError("nothing is started here")

    monkeypatch.setattr(subprocess.Popen, "__init__", begin)
    monkeypatch.setattr(subprocess.Popen, "__del__", lambda _: None)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DISPLAY", ":0")
    (tmp_path / "home").mkdir()
    target = tmp_path / "home" / "marker"
    deliver(store, letter((b"%PDF", "application/pdf", "a.pdf")))
    keys_file = tmp_path / "keys.toml"
    async with playing(
        store, (100, 30), restricted=True, keys_file=keys_file, program=("frontdesk",)
    ) as stage:
        for context, keys in KEYS_OUT[part::2]:
            await begin_anew(stage)
            for sequence in (*WAYS[context], keys):
                await stage.hurry(*sequence.split(" "))
            if stage.app.inbox.prompt is not None:
                await stage.hurry("t")  # where one key is asked for, such as what is piped
                await stage.type(str(target))
                await stage.press("enter", "y")
        await begin_anew(stage)
        await stage.press(":")
        await stage.type(f"import {target}")
        await stage.press("enter")
    assert [words for words in started if words[0] != sys.executable] == []  # type: ignore[index]
    assert list((tmp_path / "home").iterdir()) == []


@pytest.mark.long
def test_what_is_cut_off_by_a_lost_line_is_not_attached(house: House) -> None:
    bo = house.login("bo")
    whole = bo.ssh("put 2 --name whole.pdf", b"%PDF" * 50_000)
    assert whole.returncode == 0, whole.stderr
    assert whole.stdout.startswith(b"whole.pdf\tapplication/pdf\t200000")
    for _ in range(3):
        client = subprocess.Popen(
            [*bo.command("-T"), "put 2 --name half.pdf"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert client.stdin is not None
        client.stdin.write(b"%PDF" * 250_000)
        client.stdin.flush()
        client.kill()
        client.communicate()
        until(lambda: b"half.pdf" not in _running(), "the end of what waited for the rest")
    store = house.front.store()
    (draft,) = store.drafts(2)
    store.close()
    assert [file.name for file in draft.files] == ["whole.pdf"]


def _running() -> bytes:
    """The environments of all processes, where sshd puts what was asked for."""
    found = []
    for each in Path("/proc").glob("[0-9]*/environ"):
        try:
            found.append(each.read_bytes())
        except OSError:
            continue
    return b"\n".join(found)
