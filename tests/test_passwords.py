"""Passwords and tokens: read from where the settings say, shown nowhere."""

from __future__ import annotations

import base64
import copy
import os
import pickle
import select
import shlex
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from inbox.channels import passwords
from inbox.channels.imap import connect
from inbox.channels.logins import Secrets, logged_in, logged_in_soon
from inbox.channels.passwords import Secret, password
from inbox.channels.smtp_line import drop, open_line
from inbox.channels.trouble import BadPassword, NeedsLogin, NetworkTrouble
from inbox.errors import BadSettings, FrontdeskError, WorldError
from inbox.settings import Mailbox, load
from tests.servers.dovecot import Dovecot
from tests.servers.mailboxes import on_dovecot, on_smtp
from tests.servers.smtp import SmtpServer

CANARY = "c4nary-pässword 7f3a"


def mailbox(**source: Any) -> Mailbox:
    return Mailbox(
        name="support",
        address="support@shop.example",
        user="support",
        imap_host="localhost",
        imap_port=143,
        imap_security="none",
        smtp_host="localhost",
        smtp_port=25,
        smtp_security="none",
        **source,
    )


def program(tmp_path: Path, code: str) -> str:
    """A command that runs Python code, with a blank in its path to see that it is split rightly."""
    file = tmp_path / "print it.py"
    file.write_text(code, encoding="utf-8")
    return shlex.join([sys.executable, str(file)])


@pytest.fixture
def secret_file(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "secret"
    file.write_text(f"{CANARY}\nuser: support\n", encoding="utf-8")
    file.chmod(0o600)
    yield file


def refused(kind: type[FrontdeskError], action: Callable[[], object]) -> str:
    """What is said when an action is refused, once it is sure that neither error nor traceback holds the
    canary."""
    with pytest.raises(kind) as caught:
        action()
    trace = "".join(traceback.format_exception(caught.value))
    source_lines = trace.replace("{CANARY!r}", "")
    assert CANARY not in source_lines and "c4nary" not in source_lines
    return caught.value.what


def test_a_password_comes_from_a_command_a_variable_or_a_file(tmp_path: Path, secret_file: Path) -> None:
    command = program(tmp_path, f"print({CANARY!r}); print('url: imap.example')")
    assert password(mailbox(password_command=command), os.environ).reveal() == CANARY
    assert password(mailbox(password_env="P"), {"P": CANARY}).reveal() == CANARY
    assert password(mailbox(password_file=str(secret_file)), {}).reveal() == CANARY
    assert password(mailbox(token_command=command), os.environ).reveal() == CANARY
    with pytest.raises(BadSettings, match="Nothing says where the password of mailbox support is"):
        password(mailbox(), {})


def test_a_command_is_no_line_of_a_shell(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    command = program(tmp_path, "import sys; print(sys.argv[1:])") + f" '; touch {marker}' $HOME `x`"
    assert password(mailbox(password_command=command), os.environ).reveal() == str(
        [f"; touch {marker}", "$HOME", "`x`"]
    )
    assert not marker.exists()


def test_a_command_gets_the_environment_it_is_given_and_nothing_to_read(tmp_path: Path) -> None:
    command = program(tmp_path, "import os, sys; print(os.environ['P'] + repr(sys.stdin.read()))")
    assert password(mailbox(password_command=command), {"P": "x"}).reveal() == "x''"


def test_what_a_failing_command_says_is_not_repeated(tmp_path: Path) -> None:
    failing = program(
        tmp_path, f"import sys; print({CANARY!r}); print({CANARY!r}, file=sys.stderr); sys.exit(3)"
    )
    box = mailbox(password_command=f"{failing} '{CANARY}'")
    assert (
        refused(WorldError, lambda: password(box, os.environ))
        == "The password_command of mailbox support failed (exit status 3)."
    )


@pytest.mark.parametrize("key", ["password_command", "token_command"])
def test_a_password_in_the_place_of_a_command_is_not_repeated(key: str) -> None:
    box = mailbox(**{key: CANARY})
    expected = f"The {key} of mailbox support names a program that is not here."
    assert refused(BadSettings, lambda: password(box, os.environ)) == expected
    box = mailbox(**{key: f"/dev/null/'{CANARY}'"})
    assert (
        refused(WorldError, lambda: password(box, os.environ))
        == f"The {key} of mailbox support cannot be run."
    )
    box = mailbox(**{key: f"'{CANARY}"})
    assert (
        refused(WorldError, lambda: password(box, os.environ))
        == f"The {key} of mailbox support cannot be run."
    )


def test_a_command_that_hangs_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "COMMAND_SECONDS", 1.0)
    child = tmp_path / "child"
    script = tmp_path / "script"
    script.write_text(f"sleep 600 &\necho $! > '{child}'\necho '{CANARY}'\n", encoding="utf-8")
    box = mailbox(password_command=f"sh {script}")  # it ends at once, its child keeps the output open
    said = refused(WorldError, lambda: password(box, os.environ))
    assert said == "The password_command of mailbox support took longer than 1.0 s and was ended."
    with suppress(ProcessLookupError):
        end = os.pidfd_open(int(child.read_text()))
        try:
            assert select.select([end], [], [], 30)[0]
        finally:
            os.close(end)


def test_a_variable_that_is_not_set_is_said_without_its_name() -> None:
    for env in ({}, {CANARY: ""}):
        said = refused(BadSettings, partial(password, mailbox(password_env=CANARY), env))
        assert said == "The environment variable that password_env of mailbox support names is not set."


def test_a_file_that_others_could_read_is_refused(secret_file: Path) -> None:
    box = mailbox(password_file=str(secret_file))
    for mode in (0o640, 0o604, 0o660, 0o622):
        secret_file.chmod(mode)
        said = refused(WorldError, lambda: password(box, {}))
        assert said.endswith(f"can be read by others (mode {mode:04o}).")
    secret_file.chmod(0o400)
    assert password(box, {}).reveal() == CANARY


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_a_file_of_another_user_is_refused(secret_file: Path) -> None:
    os.chown(secret_file, 65534, -1)
    said = refused(WorldError, lambda: password(mailbox(password_file=str(secret_file)), {}))
    assert said.endswith("belongs to another user.")


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path, secret_file: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    for path, ending in (
        (pipe, "is not a file."),
        (tmp_path, "is not a file."),
        (tmp_path / "x", "does not exist."),
    ):
        said = refused(BadSettings, partial(password, mailbox(password_file=str(path)), {}))
        assert said.endswith(ending)
    link = tmp_path / "link"
    link.symlink_to(secret_file)
    assert password(mailbox(password_file=str(link)), {}).reveal() == CANARY


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (b"", "gives no secret."),
        (b"\nc4nary", "gives no secret."),
        (b"c4nary" * 5000, "gives too long a secret."),
        (b"c4nary\xff", "gives a secret that is not UTF-8."),
        (b"c4nary\x00", "gives a secret with control characters in it."),
    ],
)
def test_what_cannot_be_a_password_is_refused(secret_file: Path, content: bytes, ending: str) -> None:
    secret_file.write_bytes(content)
    said = refused(BadSettings, lambda: password(mailbox(password_file=str(secret_file)), {}))
    assert said.endswith(ending)


def test_a_secret_shows_itself_only_when_asked() -> None:
    secret = Secret(CANARY)
    assert secret.reveal() == CANARY
    for text in (repr(secret), str(secret), f"{secret}", "%s" % secret, f"{[secret]!r}"):  # noqa: UP031 - each way
        assert "•••" in text and CANARY not in text
    for store in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            store(secret)
    assert not hasattr(secret, "__dict__")


def test_a_mailbox_does_not_show_where_its_secret_is() -> None:
    text = repr(mailbox(password_command=f"echo {CANARY}", token_command=CANARY, password_env=CANARY))
    assert "support@shop.example" in text and "c4nary" not in text


def test_the_kept_settings_hold_no_secret(tmp_path: Path, secret_file: Path) -> None:
    file, cache = tmp_path / "settings.toml", tmp_path / "settings.cache"
    file.write_text(
        '[[mailbox]]\nname = "a"\naddress = "a@b.example"\nimap_host = "i.example"\nsmtp_host = "s.example"\n'
        f'password_file = "{secret_file}"\n'
    )
    secret = password(load(file, cache).mailboxes[0], {})
    secret_again = password(load(file, cache).mailboxes[0], {})
    assert secret.reveal() == secret_again.reveal() == CANARY
    for form in (CANARY.encode(), base64.b64encode(CANARY.encode())):
        assert form not in cache.read_bytes()


# --------------------------------------------------------------------------- asked for once, for all threads


class Person:
    """Somebody who touches a key whenever a command runs: counts how often, and can be slow."""

    def __init__(self, answer: bytes | OSError = b"secret\n") -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.slow = threading.Event()
        self.slow.set()

    def __call__(self, arguments: list[str], env: Mapping[str, str]) -> bytes:  # noqa: ARG002  (as Run has it)
        self.asked.append(arguments[0])
        if arguments[0] == "slow":
            assert self.slow.wait(30)
        if isinstance(self.answer, OSError):
            raise self.answer
        return self.answer


def test_a_secret_is_asked_for_once_by_however_many(tmp_path: Path) -> None:
    person = Person()
    secrets = Secrets({}, tmp_path, person)
    person.slow.clear()
    with ThreadPoolExecutor(8) as pool:
        lots = [pool.submit(secrets.of, mailbox(password_command="slow")) for _ in range(8)]
        person.slow.set()
        assert {each.result(30).reveal() for each in lots} == {"secret"}
    assert secrets.of(mailbox(password_command="slow")).reveal() == "secret"
    assert person.asked == ["slow"]


def test_a_slow_command_holds_no_other_mailbox_up(tmp_path: Path) -> None:
    person = Person()
    secrets = Secrets({}, tmp_path, person)
    person.slow.clear()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(secrets.of, mailbox(password_command="slow"))
        quick = mailbox(password_command="quick")._replace(name="sales")
        assert secrets.of(quick).reveal() == "secret"
        assert not waiting.done()
        person.slow.set()


def test_a_command_that_failed_is_not_run_again_at_once(tmp_path: Path) -> None:
    person, now = Person(TimeoutError()), [1000.0]
    secrets = Secrets({}, tmp_path, person, lambda: now[0])
    box = mailbox(password_command="key")
    errors = set()
    for _ in range(3):
        with pytest.raises(WorldError, match="took longer than") as caught:
            secrets.of(box)
        errors.add(id(caught.value))
        now[0] += 50
    assert (person.asked, len(errors)) == (["key"], 1)
    person.answer = b"secret"
    assert secrets.of(box).reveal() == "secret"
    assert person.asked == ["key", "key"]


def test_a_file_that_was_mended_is_read_without_being_told(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    box, secrets = mailbox(password_file=str(file)), Secrets({}, tmp_path)
    for _ in range(2):
        with pytest.raises(BadSettings, match="does not exist"):
            secrets.of(box)
    file.write_text("right\n")
    file.chmod(0o600)
    assert secrets.of(box).reveal() == "right"


def test_a_password_is_never_renewed(tmp_path: Path) -> None:
    person = Person()
    secrets = Secrets({}, tmp_path, person)
    box = mailbox(password_command="key")
    assert secrets.renewed(box, secrets.of(box)) is None
    assert person.asked == ["key"]


# --------------------------------------------------------------------------- a password that servers refuse


@pytest.fixture
def wrong_file(tmp_path: Path) -> Path:
    """A file with a password that nobody takes."""
    file = tmp_path / "secret"
    file.write_text("wrong\n")
    file.chmod(0o600)
    return file


async def try_to_send(box: Mailbox, secrets: Secrets) -> None:
    """A login at the server that takes mail."""
    drop(await logged_in_soon(box, secrets, lambda mailbox, secret: open_line(mailbox, secret, 10, 10)))


async def test_a_bad_password_is_sent_three_times_and_no_more(
    make_smtp: Callable[..., SmtpServer], wrong_file: Path, tmp_path: Path
) -> None:
    server = make_smtp("starttls")
    box = on_smtp(server, password_file=str(wrong_file))
    secrets = Secrets({}, tmp_path)
    for _ in range(6):
        with pytest.raises(BadPassword) as caught:
            await try_to_send(box, secrets)
        assert not isinstance(caught.value, NeedsLogin)
        assert "Check user and password" in caught.value.next_step
    assert server.commands.count("AUTH PLAIN") == server.connections == 3
    server.users["bo"] = "right"
    other = on_smtp(server, name="other", user="bo", password_env="P")
    await try_to_send(other, Secrets({"P": "right"}, tmp_path))
    wrong_file.write_text("secret\n")
    await try_to_send(box, secrets)
    assert server.connections == 5


async def test_refusals_of_both_servers_count_together(
    own_dovecot: Dovecot, make_smtp: Callable[..., SmtpServer], wrong_file: Path, tmp_path: Path
) -> None:
    """It is one account that would be locked."""
    own_dovecot.add_user("ann")
    server = make_smtp("none")
    box = on_smtp(server, imap_port=own_dovecot.port, password_file=str(wrong_file))
    secrets = Secrets({}, tmp_path)
    with pytest.raises(BadPassword):
        logged_in(box, secrets, connect)
    for _ in range(4):
        with pytest.raises(BadPassword):
            await try_to_send(box, secrets)
    with pytest.raises(BadPassword, match=f":{own_dovecot.port} refused"):
        logged_in(box, secrets, connect)
    assert server.connections == 2
    assert own_dovecot.log().count("auth failed") == 1


async def test_a_server_that_refuses_does_not_stop_the_one_that_does_not(
    dovecot: Dovecot, imap_user: str, make_smtp: Callable[..., SmtpServer], tmp_path: Path
) -> None:
    server = make_smtp("none", users={imap_user: "another"})
    box = on_dovecot(dovecot, imap_user, password_env="P", smtp_port=server.port)
    secrets = Secrets({"P": "secret"}, tmp_path)
    for _ in range(5):
        logged_in(box, secrets, connect).close()
        with pytest.raises(BadPassword):
            await try_to_send(box, secrets)
    logged_in(box, secrets, connect).close()
    assert server.connections == 3
    secrets.start_over(box)
    server.users[imap_user] = "secret"
    await try_to_send(box, secrets)


def test_a_line_that_breaks_counts_as_nothing(tmp_path: Path) -> None:
    secrets = Secrets({"P": "secret"}, tmp_path)
    box = mailbox(password_env="P")._replace(imap_port=1)
    for _ in range(5):
        with pytest.raises(NetworkTrouble):
            logged_in(box, secrets, connect)
