"""Passwords and tokens: read from where the settings say, shown nowhere."""

from __future__ import annotations

import base64
import copy
import os
import pickle
import select
import shlex
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from inbox.channels import passwords
from inbox.channels.passwords import Secret, password
from inbox.errors import BadSettings, FrontdeskError, WorldError
from inbox.settings import Mailbox, load

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
