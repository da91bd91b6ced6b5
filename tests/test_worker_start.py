"""The worker that screens start: one however many look, another when it dies, and ever more rarely where it fails."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from inbox.settings import Mailbox
from storage.workspace import open_store
from tests.front import Front
from tests.office import Office
from tests.servers.dovecot import Dovecot, free_port
from tests.servers.mailboxes import mailbox
from tests.shop import STORY
from tests.terminal import PATIENCE, frontdesk
from tui.worker_start import LOCK, START_FD, Look, Starter, unreadable

CTRL_Q = "\x11"


class Nobody:
    """A store whose worker is who the test says."""

    def __init__(self) -> None:
        self.process: int | None = None

    def worker(self) -> int | None:
        return self.process


def stand_in(folder: Path, then: str) -> list[str]:
    """A worker that writes down what it found when it was started, and then does something."""
    code = (
        "import json, os, signal, sys; fd = int(os.environ['FRONTDESK_START_FD']);"
        "found = dict(environment=dict(os.environ), cwd=os.getcwd(), session=os.getsid(0) == os.getpid(),"
        " inputs=[os.readlink(f'/proc/self/fd/{n}') for n in range(3)], lock=os.readlink(f'/proc/self/fd/{fd}'));"
        f"open({str(folder / 'starts')!r}, 'a').write(json.dumps(found) + '\\n'); {then}"
    )
    return [sys.executable, "-c", code]


def starts(folder: Path) -> list[dict[str, object]]:
    """What each worker found that was started."""
    with contextlib.suppress(FileNotFoundError):
        return [json.loads(line) for line in (folder / "starts").read_text().splitlines()]
    return []


ENVIRONMENT = {"PATH": os.environ["PATH"], "GPG_TTY": "/dev/pts/7", "TERM": "xterm", "SSH_CONNECTION": "x"}


def starter(folder: Path, then: str, pauses: tuple[float, ...] = (3600.0,)) -> Starter:
    """Starts a stand-in."""
    return Starter(folder, stand_in(folder, then), (), ENVIRONMENT, pauses)


def ended(one: Starter) -> None:
    """Wait until the worker that was started has ended."""
    assert one.child is not None
    one.child.wait(PATIENCE)


# --------------------------------------------------------------------------- one is enough


def test_while_one_is_on_its_way_nobody_starts_another(tmp_path: Path) -> None:
    first, others = starter(tmp_path, "signal.pause()"), [starter(tmp_path, "0") for _ in range(3)]
    try:
        assert first.look(Nobody()) == Look(starting=True)
        assert [other.look(Nobody()) for other in others] == [Look(starting=True)] * 3
        assert first.look(Nobody()) == Look(starting=True)
        assert [other.child for other in others] == [None] * 3
    finally:
        assert first.child is not None
        first.child.kill()
        ended(first)
    assert others[0].look(Nobody(), at_once=True).starting  # the lock went with the process that held it
    ended(others[0])


def test_where_a_worker_runs_none_is_started(tmp_path: Path) -> None:
    store = Nobody()
    store.process = 4711
    assert starter(tmp_path, "0").look(store) == Look(runs=True)
    assert starts(tmp_path) == []


def test_it_gets_a_session_of_its_own_and_nothing_of_the_terminal(tmp_path: Path) -> None:
    one = starter(tmp_path, "0")
    one.look(Nobody())
    ended(one)
    (found,) = starts(tmp_path)
    environment = found["environment"]
    assert isinstance(environment, dict)
    assert environment["GPG_TTY"] == "/dev/pts/7"
    assert not {"TERM", "SSH_CONNECTION"} & set(environment)
    assert environment[START_FD].isdigit()
    assert (found["cwd"], found["session"]) == ("/", True)
    assert found["inputs"] == ["/dev/null"] * 3
    assert found["lock"] == str(tmp_path / LOCK)


def test_colleagues_may_open_the_lock(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        one = starter(tmp_path, "0")
        one.look(Nobody())
        ended(one)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / LOCK).stat().st_mode) == 0o660


# --------------------------------------------------------------------------- what fails is not tried for ever


def test_a_worker_that_fails_at_once_is_told_and_left_alone_by_all_screens(tmp_path: Path) -> None:
    one, other = starter(tmp_path, "sys.exit(3)"), starter(tmp_path, "sys.exit(3)")
    assert one.look(Nobody()).starting
    ended(one)
    why = Look(why="It found a mistake in the settings and ended.")
    assert one.look(Nobody()) == why
    assert other.look(Nobody()) == why
    assert one.child is None  # reaped
    assert len(starts(tmp_path)) == 1
    assert other.look(Nobody(), at_once=True).starting  # a person asked
    ended(other)


def test_the_pauses_grow(tmp_path: Path) -> None:
    one = starter(tmp_path, "sys.exit(4)", pauses=(0.0, 0.0, 3600.0))
    for _ in range(3):
        assert one.look(Nobody()).starting
        ended(one)
    assert one.look(Nobody()) == Look(why="It ended at once (exit status 4).")
    assert one.look(Nobody()).why
    assert len(starts(tmp_path)) == 3


def test_one_that_leaves_because_another_has_the_lease_has_not_failed(tmp_path: Path) -> None:
    one, store = starter(tmp_path, "sys.exit(0)"), Nobody()
    one.look(store)
    ended(one)
    store.process = 4711
    assert one.look(store).runs
    store.process = None
    assert one.look(store).starting
    ended(one)


@pytest.mark.parametrize("torn", ["", "x", "1 2", "-5 1.0 3", "1 inf 3", "9 99999999999 3", "\x00" * 50])
def test_a_lock_file_with_anything_in_it_holds_nobody_up(tmp_path: Path, torn: str) -> None:
    (tmp_path / LOCK).write_text(torn)
    one = starter(tmp_path, "0")
    assert one.look(Nobody()).starting
    ended(one)


def test_what_cannot_be_started_is_a_sentence(tmp_path: Path) -> None:
    missing = Starter(tmp_path, ["/nowhere/python"], (), ENVIRONMENT)
    assert missing.look(Nobody()).why == "It could not be started: No such file or directory."
    gone = Starter(tmp_path / "gone", ["true"], (), ENVIRONMENT)
    assert "could not be started" in gone.look(Nobody()).why


# --------------------------------------------------------------------------- who may


def secret(folder: Path, mode: int = 0o600) -> str:
    """A password file."""
    file = folder / "secret"
    file.write_text("secret\n")
    file.chmod(mode)
    return str(file)


def test_whoever_can_get_at_the_secret_may_start_it(tmp_path: Path) -> None:
    for kept in (
        {"password_file": secret(tmp_path)},
        {"password_env": "MAIL_PASSWORD"},
        {"password_command": "sh -c 'touch ran'"},
        {"token_command": "/bin/sh -c 'touch ran'"},
        {"oauth": "microsoft"},
    ):
        assert unreadable(mailbox(**kept), {"PATH": "/bin", "MAIL_PASSWORD": "x"}, tmp_path) == ""
    assert not Path("ran").exists()  # no command was run: it might want a person


@pytest.mark.parametrize(
    "kept",
    [
        {"password_file": "/nowhere/secret"},
        {"password_env": "MAIL_PASSWORD"},
        {"password_command": "no-such-program show mail"},
        {"password_command": "'unclosed"},
        {"token_command": ""},
    ],
)
def test_whoever_cannot_is_told_and_starts_nothing(tmp_path: Path, kept: dict[str, str]) -> None:
    one: Mailbox = mailbox(**kept)
    assert unreadable(one, {"PATH": "/bin"}, tmp_path)
    asked = Starter(tmp_path, stand_in(tmp_path, "0"), [one], {"PATH": "/bin"}).look(Nobody(), at_once=True)
    assert "support" in asked.why
    assert starts(tmp_path) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")
def test_a_secret_of_somebody_else_is_left_to_them(tmp_path: Path) -> None:
    file, logins = secret(tmp_path), tmp_path / "secrets"
    logins.mkdir()
    for path in (file, logins):
        os.chown(path, 65_534, -1)
    assert unreadable(mailbox(password_file=file), {}, logins) == "The password of support is kept by nobody."
    assert unreadable(mailbox(oauth="microsoft"), {}, logins) == "The login of support is kept by nobody."


# --------------------------------------------------------------------------- real screens, a real worker


@pytest.fixture
def desk(front: Front, tmp_path: Path, dovecot: Dovecot, imap_user: str) -> Iterator[Front]:
    """A mailbox with the shop's mail in it, and nobody who takes what is sent; the worker is ended."""
    office = Office(front, tmp_path)
    office.add("support", imap_user, dovecot.port, free_port())
    dovecot.append_many(imap_user, [raw.replace(b"\n", b"\r\n") for raw in STORY[:3]])
    yield office.front
    for process in workers(office.front.workspace):
        os.kill(process, signal.SIGTERM)
        until(lambda process=process: process not in workers(front.workspace), "the worker's end")  # type: ignore[misc]  # a lambda's default


def workers(workspace: Path) -> list[int]:
    """Every process that was started as the worker of this workspace and has not ended."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if str(workspace).encode() in words and b"--watch" in words:
                found.append(int(folder.name))
    return found


def until(met: Callable[[], bool], what: str) -> None:
    """Look until something holds."""
    end = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < end, f"{what} never came"
        os.sched_yield()


@pytest.mark.long
@pytest.mark.parametrize("count", [2, 5])
def test_many_screens_have_one_worker_and_soon_another_when_it_is_killed(desk: Front, count: int) -> None:
    workspace = desk.workspace
    with ExitStack() as stack:
        screens = [stack.enter_context(frontdesk("--workspace", str(workspace))) for _ in range(count)]
        store = stack.enter_context(contextlib.closing(open_store(workspace)))
        screens[0].until(lambda: store.worker() is not None, "a worker")
        first = store.worker()
        assert first is not None
        for screen in screens:
            screen.until_shown("Where is my parcel?")  # the worker has brought it, and the bell was heard
        # two that saw none at the same moment have both started one: the second leaves as soon as it finds the first
        until(lambda: workers(workspace) == [first], "one worker alone")
        assert os.getsid(first) == first

        os.kill(first, signal.SIGKILL)
        screens[0].until(lambda: store.worker() not in (None, first), "another worker")
        second = store.worker()
        assert second is not None
        until(lambda: workers(workspace) == [second], "one worker alone")

        for screen in screens:
            screen.press(CTRL_Q)
            assert screen.ended() == 0
        assert store.worker() == second  # it lives on


def test_leaving_with_an_answer_in_the_outbox_says_who_sends_it(desk: Front) -> None:
    desk.ok("sync")
    (number,) = desk.ok("list", "subject:parcel").ids
    desk.ok("reply", number, "--text", "It is on its way.")
    with frontdesk("--workspace", str(desk.workspace)) as screen:
        screen.until_shown("Refund for order")
        screen.press(CTRL_Q)
        assert screen.ended() == 0
    assert screen.text.splitlines()[-1].strip().endswith("1 answer is still waiting: the worker sends it.")
    clock = "2026-11-10T10:05:00Z"
    for process in workers(desk.workspace):
        os.kill(process, signal.SIGTERM)
    until(lambda: not workers(desk.workspace), "the worker's end")
    with frontdesk("--workspace", str(desk.workspace), "--now", clock) as pinned:
        pinned.until_shown("no worker: nothing is fetched or sent, press g w")
        pinned.press(CTRL_Q)
        assert pinned.ended() == 0
    assert "1 answer is still waiting, and nobody sends it: start frontdesk sync --watch." in pinned.text
    assert workers(desk.workspace) == []
