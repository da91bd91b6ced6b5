"""Passwords and access tokens: read where the settings say they are, kept out of everything that is shown.

A secret is read when it is needed, by the process that logs in, and wrapped so that no repr, log or traceback
shows it. What a command or a file says wrongly is never repeated, for it could be the secret itself.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from inbox.errors import BadSettings, WorldError
from inbox.journal import never_show

if TYPE_CHECKING:
    from inbox.settings import Mailbox

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")

COMMAND_SECONDS = 30
"""How long a command may take; a person may have to touch a key or type a passphrase."""

LONGEST_SECRET = 16_384
"""Bytes; access tokens of some providers reach a few thousand."""


@cache
def _leave_no_dump() -> None:
    """From the first secret on this process leaves no memory behind when it dies, and no other process of the account may
    look into it (Linux: PR_SET_DUMPABLE, prctl(2); what it starts begins anew)."""
    import ctypes
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)


class Secret:
    """A password or access token. It shows itself only when asked by name, and cannot be written to a
    file."""

    __slots__ = ("__value",)

    def __init__(self, value: str, passing: bool = False) -> None:
        self.__value = value
        _leave_no_dump()
        never_show(value, passing)

    def reveal(self) -> str:
        """The secret in clear: only for the call that sends it to the server."""
        return self.__value

    def __repr__(self) -> str:
        return "Secret(•••)"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not stored")


Run = Callable[[list[str], Mapping[str, str]], bytes]
"""Runs a command given as list of arguments, in an environment; its standard output, or OSError."""


def run_command(arguments: list[str], env: Mapping[str, str]) -> bytes:
    """What a command prints. Never through a shell; nothing to read from; what it says on standard error is
    thrown away. It runs in a session of its own and is ended with all its children after `COMMAND_SECONDS`.

    Raises OSError when it cannot be started, TimeoutError, or ChildProcessError when it ends with another
    status than 0; none of them holds a word of the command or of its output.
    """
    with subprocess.Popen(
        arguments,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=COMMAND_SECONDS)
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        finally:
            with suppress(
                ProcessLookupError
            ):  # a child that outlives the command could hold the pipe for ever
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        raise ChildProcessError(process.returncode)
    return output


def password(mailbox: Mailbox, env: Mapping[str, str], run: Run = run_command) -> Secret:
    """The secret to log in with, from wherever the mailbox says: command, variable, file, or token command.

    With `mailbox.token_command` it is an access token (XOAUTH2), else a password. Whoever logs in asks
    `inbox.channels.logins.Secrets`, which remembers the answer and knows `oauth` too. `env` is the
    environment (`os.environ`). Raises BadSettings when the place is empty or missing, WorldError when rights
    or a command stand in the way.
    """
    if mailbox.token_command is not None:
        return _from_command(mailbox, "token_command", mailbox.token_command, env, run)
    if mailbox.password_command is not None:
        return _from_command(mailbox, "password_command", mailbox.password_command, env, run)
    if mailbox.password_env is not None:
        return _from_variable(mailbox, mailbox.password_env, env)
    if mailbox.password_file is not None:
        return _from_file(mailbox, Path(mailbox.password_file))
    raise BadSettings(
        f"Nothing says where the password of mailbox {mailbox.name} is.",
        "Write password_command, password_env, password_file, token_command or oauth into its [[mailbox]].",
    )


def _from_command(mailbox: Mailbox, key: str, command: str, env: Mapping[str, str], run: Run) -> Secret:
    whose = f"The {key} of mailbox {mailbox.name}"
    by_hand = "Run the command by hand as the same user to see what it says; then start again."
    try:
        arguments = shlex.split(command)
        return _secret(run(arguments, env), whose, passing=key == "token_command")
    except FileNotFoundError:
        raise BadSettings(f"{whose} names a program that is not here.", by_hand) from None
    except TimeoutError:
        raise WorldError(f"{whose} took longer than {COMMAND_SECONDS} s and was ended.", by_hand) from None
    except ChildProcessError as error:
        raise WorldError(f"{whose} failed (exit status {error.args[0]}).", by_hand) from None
    except (OSError, ValueError):
        raise WorldError(f"{whose} cannot be run.", by_hand) from None


def _from_variable(mailbox: Mailbox, variable: str, env: Mapping[str, str]) -> Secret:
    whose = f"The environment variable that password_env of mailbox {mailbox.name} names"
    if not env.get(variable):
        raise BadSettings(f"{whose} is not set.", "Set it for the process that syncs, and start that again.")
    return _secret(env[variable].encode("utf-8", "surrogateescape"), whose)


def _from_file(mailbox: Mailbox, path: Path) -> Secret:
    whose = f"The password_file of mailbox {mailbox.name} ({path})"
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a pipe must not make us wait
    except FileNotFoundError:
        raise BadSettings(
            f"{whose} does not exist.", "Make it, with the password on its first line."
        ) from None
    except OSError as error:
        raise WorldError(
            f"{whose} cannot be read: {error.strerror}.", "Give it to the user who syncs."
        ) from None
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise BadSettings(f"{whose} is not a file.", "Name a file with the password on its first line.")
        if status.st_uid != os.geteuid():
            raise WorldError(f"{whose} belongs to another user.", "It must belong to the user who syncs.")
        if status.st_mode & 0o077:
            raise WorldError(
                f"{whose} can be read by others (mode {stat.S_IMODE(status.st_mode):04o}).",
                f"chmod 600 {path}",
            )
        return _secret(os.read(file, LONGEST_SECRET + 1), whose)
    finally:
        os.close(file)


def _secret(raw: bytes, whose: str, passing: bool = False) -> Secret:
    """The first line, as text."""
    line = raw.partition(b"\n")[0].removesuffix(b"\r")
    next_step = "It must give the secret on its first line, as plain text."
    if not line or len(line) > LONGEST_SECRET:
        raise BadSettings(f"{whose} gives {'no' if not line else 'too long a'} secret.", next_step)
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise BadSettings(f"{whose} gives a secret that is not UTF-8.", next_step) from None
    if _CONTROLS.search(text):
        raise BadSettings(f"{whose} gives a secret with control characters in it.", next_step)
    return Secret(text, passing)
