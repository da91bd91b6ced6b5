"""Programs that the settings name are run by the worker: by their arguments, never through a shell, and not for long."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inbox.settings import Settings

SECONDS = 10.0
"""How long a program may take."""


def run_program(arguments: Sequence[str], environment: Mapping[str, str], called: str) -> str:
    """Run a program; "", or a sentence that says what went wrong, in which it is `called` so.

    It has nothing to read and nowhere to write to, and is ended with all its children after `SECONDS`.
    """
    try:
        with begun(arguments, environment) as process:
            try:
                status = process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                return f"{called} took longer than {SECONDS:.0f} s and was ended."
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or type(error).__name__
        return f"{called} could not be started: {said}."
    return f"{called} failed (exit status {status})." if status else ""


def begun(
    arguments: Sequence[str], environment: Mapping[str, str], output: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    """A program that has just been started, in a session of its own, with nothing to read and its errors shown nowhere.
    `output` is as in `subprocess`. Raises OSError or ValueError where it cannot be started."""
    return subprocess.Popen(
        list(arguments),
        env=dict(environment),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def without_secrets(environment: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """The environment without the variables that hold passwords of ours."""
    hidden = {mailbox.password_env for mailbox in settings.mailboxes}
    return {name: value for name, value in environment.items() if name not in hidden}
