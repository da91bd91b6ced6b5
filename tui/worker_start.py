"""The worker, started by a screen that finds none: once however many screens look, and ever more rarely where it fails.

Who starts it holds the lock `worker-start.lock` in the workspace and hands it to the worker, which lets go of it once
it has its lease; whoever finds the lock taken does nothing. In the file stands how often the worker has failed at
once: so fifty screens start a broken one no more often than a single screen would.
"""

from __future__ import annotations

import fcntl
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from inbox.safe_file import open_shared

if TYPE_CHECKING:
    from inbox.settings import Mailbox

START_FD = "FRONTDESK_START_FD"
"""The variable that tells the worker which descriptor holds the lock, to be closed once it has its lease."""
LOCK = "worker-start.lock"
PAUSES = (5.0, 30.0, 300.0)
"""Seconds until a worker that ended at once is started again: after the first time, the second, and all others."""
STEADY = 60.0
"""Seconds after which a worker has not ended at once."""
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

_OF_THE_TERMINAL = frozenset(
    [
        *(
            "TERM",
            "TERMCAP",
            "COLORTERM",
            "COLORFGBG",
            "COLUMNS",
            "LINES",
            "ESCDELAY",
            "NO_COLOR",
            "WINDOWID",
        ),
        *("TERM_PROGRAM", "TERM_PROGRAM_VERSION", "TERM_SESSION_ID", "VTE_VERSION"),
        *("TMUX", "TMUX_PANE", "STY", "WINDOW", "SHLVL", "PWD", "OLDPWD", "_"),
        *("SSH_TTY", "SSH_CLIENT", "SSH_CONNECTION", "SSH_ORIGINAL_COMMAND", "FRONTDESK_THEME"),
    ]
)
"""What says where a person sits. All else stays: a password command may need it (GPG_TTY, DBUS_SESSION_BUS_ADDRESS)."""


class Look(NamedTuple):
    """What came of looking after the worker: it runs, or is on its way (`starting`), or neither and `why`; `mailbox`: whose
    password `why` tells of."""

    runs: bool = False
    starting: bool = False
    why: str = ""
    mailbox: str = ""


class Where(Protocol):
    """Knows whether the worker runs, as the store does."""

    def worker(self) -> int | None:
        """The process that is the worker, or None."""


class Starter:
    """Looks after the worker of one workspace. `command` is the whole worker, as arguments; one thread calls `look`."""

    def __init__(
        self,
        workspace: Path,
        command: Sequence[str],
        mailboxes: Sequence[Mailbox],
        environment: Mapping[str, str],
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._path = workspace / LOCK
        self._secrets = workspace / "secrets"
        self._command = list(command)
        self._mailboxes = mailboxes
        self.environment = {
            name: value for name, value in environment.items() if name not in _OF_THE_TERMINAL
        }
        self._pauses = pauses
        self.child: subprocess.Popen[bytes] | None = None  # what was started here, until its end was noted
        self._started = 0.0
        self._steady = False

    def look(self, store: Where, at_once: bool = False) -> Look:
        """Start a worker where none is and this person may; `at_once`: also where it has just failed. Never waits."""
        if store.worker() is not None:
            self._reap(runs=True)
            return Look(runs=True)
        self._reap(runs=False)
        for mailbox in self._mailboxes:
            if why := unreadable(mailbox, self.environment, self._secrets):
                return Look(why=why, mailbox=mailbox.name)
        try:
            return self._start(store, at_once)
        except OSError as error:
            return Look(why=f"It could not be started: {error.strerror}.")

    def _start(self, store: Where, at_once: bool) -> Look:
        lock = open_shared(self._path)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if store.worker() is not None:  # it has let go of the lock meanwhile
                return Look(runs=True)
            failures, at, status = _said(lock)
            pause = self._pauses[min(failures, len(self._pauses)) - 1] if failures else 0.0
            if not at_once and 0 <= time.clock_gettime(_CLOCK) - at < pause:
                return Look(why=_ended(status))
            self.child = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                cwd="/",
                env={**self.environment, START_FD: str(lock)},
                pass_fds=[lock],
            )
            self._started, self._steady = time.clock_gettime(_CLOCK), False
        except BlockingIOError:
            pass  # another screen has started it just now
        finally:
            os.close(lock)  # the worker's copy holds the lock
        return Look(starting=True)

    def _reap(self, runs: bool) -> None:
        """Take note of the end of what was started here; where it failed at once, write that down for all screens."""
        if self.child is None:
            return
        lived = time.clock_gettime(_CLOCK) - self._started
        status = self.child.poll()
        if status is not None:
            self.child = None
            if not runs and lived < STEADY:
                self._write_down(status)
        elif lived >= STEADY and not self._steady:
            self._steady = True
            self._write_down(None)

    def _write_down(self, status: int | None) -> None:
        with suppress(OSError):
            lock = open_shared(self._path)
            try:
                failures, _, _ = _said(lock)
                if status is None and not failures:
                    return
                count = failures + 1 if status is not None else 0
                words = f"{count} {time.clock_gettime(_CLOCK)!r} {status or 0}\n".encode()
                os.pwrite(lock, words, 0)
                os.ftruncate(lock, len(words))
            finally:
                os.close(lock)


def unreadable(mailbox: Mailbox, environment: Mapping[str, str], logins: Path) -> str:
    """Why a worker of this person could not get at the secret of a mailbox, as one sentence; "" when it may.

    `logins` is the folder of what `frontdesk login` keeps. No command is run (it might want a person to touch a key),
    and no file is opened.
    """
    command = mailbox.password_command if mailbox.token_command is None else mailbox.token_command
    if mailbox.oauth is not None:
        # a login that is missing is for the worker to ask for: only here it can be made
        return _kept_by_another(logins, f"The login of {mailbox.name}") if logins.exists() else ""
    if command is not None:
        try:
            program = shlex.split(command)[0]
        except (ValueError, IndexError):
            program = ""
        if not program or shutil.which(program, path=environment.get("PATH")) is None:
            return f"The command that gives the password of {mailbox.name} is not found here."
    elif mailbox.password_env is not None:
        if not environment.get(mailbox.password_env):
            return f"The variable with the password of {mailbox.name} is not set here."
    elif mailbox.password_file is not None:
        return _kept_by_another(Path(mailbox.password_file), f"The password of {mailbox.name}")
    return ""


def _kept_by_another(path: Path, what: str) -> str:
    try:
        owner = path.stat().st_uid
    except FileNotFoundError:
        return f"{what} is not there: {path} does not exist."
    except OSError:
        return f"{what} is not for you to read."
    if owner != os.geteuid() or not os.access(path, os.R_OK):
        return f"{what} is kept by {_named(owner)}."
    return ""


def _named(user: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def _ended(status: int) -> str:
    if status == 3:  # BadSettings
        return "It found a mistake in the settings and ended."
    if status < 0:
        return f"It was ended by signal {-status}."
    return f"It ended at once (exit status {status})."


def _said(lock: int) -> tuple[int, float, int]:
    """How often in a row a worker has failed at once, when it last did (seconds since boot), and with which status."""
    try:
        count, at, status = os.pread(lock, 100, 0).split()
        return max(0, int(count)), float(at), int(status)
    except ValueError:
        return 0, 0.0, 0
