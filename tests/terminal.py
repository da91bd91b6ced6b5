"""A real pseudo-terminal with a program in it: keys go in, every byte that comes out is kept."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tests.glass import Glass

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0
"""Seconds until waiting for something counts as a failure; what is waited for comes much sooner."""
_SEQUENCES = re.compile(
    rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^X][^\x1b]*\x1b\\|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-~]"
)

T = TypeVar("T", bound="Terminal")


def until(met: Callable[[], object], what: str) -> None:
    """Wait for something that another process does; fails with what never came."""
    end = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < end, f"{what} never came"
        time.sleep(0.01)


@dataclass
class Terminal:
    """A program on its terminal. `raw` is all it has written so far."""

    pid: int
    line: int
    raw: bytes = b""
    glass: Glass = field(default_factory=Glass)
    _fed: int = 0
    _decoder: IncrementalDecoder = field(default_factory=getincrementaldecoder("utf-8"))
    _status: int | None = None

    @property
    def text(self) -> str:
        """What was written, without escape sequences, in the order in which it was."""
        return _SEQUENCES.sub(b" ", self.raw).decode("utf-8", "replace")

    def press(self, keys: str) -> None:
        """Type characters; "\\r" is enter, "\\x13" ctrl+s."""
        os.write(self.line, keys.encode())

    def until(self, met: Callable[[], bool], what: str) -> None:
        """Read on until something holds; fails with what was written when it never does."""
        end = time.monotonic() + PATIENCE
        while not met():
            assert time.monotonic() < end, (
                f"{what} never came; the screen:\n{self.screen}\n{self.text[-1000:]}"
            )
            self._read(0.02)

    @property
    def screen(self) -> str:
        """What can be read on it now, line by line."""
        self.glass.feed(self._decoder.decode(self.raw[self._fed :]))
        self._fed = len(self.raw)
        return self.glass.text

    def until_shown(self, words: str, since: int = 0) -> None:
        """Read on until these words are on the screen, or were written after byte `since` of the output."""
        self.until(
            lambda: (
                words in _SEQUENCES.sub(b" ", self.raw[since:]).decode("utf-8", "replace")
                or (not since and words in self.screen)
            ),
            repr(words),
        )

    def until_more(self, what: str) -> None:
        """Read on until the program has written anything more than is known now."""
        known = len(self.raw)
        self.until(lambda: len(self.raw) > known, what)

    def until_past(self, size: int) -> None:
        """Read on until the program has written more than so many bytes."""
        self.until(lambda: len(self.raw) > size, f"more than {size} bytes")

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size, as dragging its corner does."""
        _set_size(self.line, columns, lines)
        _ = self.screen
        self.glass.columns, self.glass.lines = columns, lines
        os.kill(self.pid, signal.SIGWINCH)

    def hang_up(self) -> None:
        """The line to the terminal is gone, as when SSH drops."""
        os.kill(self.pid, signal.SIGHUP)

    def kill(self) -> None:
        """End it without a chance to do anything."""
        os.kill(self.pid, signal.SIGKILL)

    def ended(self) -> int:
        """Wait for its end, and for its last words; the exit status, or minus the signal."""
        self.until(self.is_over, "the end")
        known = -1
        while known < len(self.raw):
            known = len(self.raw)
            self._read(0.05)
        assert self._status is not None
        return os.waitstatus_to_exitcode(self._status)

    def close(self) -> None:
        """End what is left of it."""
        if not self.is_over():
            self.kill()
            os.waitpid(self.pid, 0)
        os.close(self.line)

    def is_over(self) -> bool:
        """Whether it has ended."""
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self._status = status if pid else None
        return self._status is not None

    def _read(self, seconds: float) -> None:
        ready, _, _ = select.select([self.line], [], [], seconds)
        if ready:
            with contextlib.suppress(OSError):  # EIO: the other end is closed
                self.raw += os.read(self.line, 65536)


def _set_size(line: int, columns: int, lines: int) -> None:
    fcntl.ioctl(line, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


@contextlib.contextmanager
def frontdesk(
    *words: str,
    columns: int = 120,
    lines: int = 36,
    environment: Mapping[str, str] | None = None,
    program: str = "main.py",
) -> Iterator[Terminal]:
    """Run `python main.py WORDS` in a terminal of this size; what is left of it at the end is killed."""
    with at_a_terminal(Terminal, command(*words, program=program), columns, lines, environment) as terminal:
        yield terminal


def command(*words: str, program: str = "main.py") -> list[str]:
    """What runs Frontdesk with these words, as arguments."""
    return [sys.executable, str(ROOT / program), *words]


@contextlib.contextmanager
def at_a_terminal(
    kind: type[T],
    command: Sequence[str],
    columns: int = 120,
    lines: int = 36,
    environment: Mapping[str, str] | None = None,
) -> Iterator[T]:
    """Run a command in a terminal of this kind and size; what is left of it at the end is killed."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TZ", "TMPDIR") if name in os.environ}
    given = {**kept, "TERM": "xterm-256color", "LANG": "C.UTF-8", **(environment or {})}
    pid, line = pty.fork()
    if not pid:
        os.execvpe(command[0], list(command), given)
    _set_size(line, columns, lines)
    terminal = kind(pid, line, glass=Glass(columns, lines))
    try:
        yield terminal
    finally:
        terminal.close()
