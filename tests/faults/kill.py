"""Killing a Python child with SIGKILL: at a named point, when it says a word, or after a while.

A child that wants to die at a named point calls `crash_point("name")` there; the parent chooses the point,
and which passing of it, by `crash_at`. Nothing of this is in the program itself: the child's script wraps
what it tests.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
VARIABLE = "FRONTDESK_TEST_CRASH_AT"

_passed: Counter[str] = Counter()


def crash_point(name: str) -> None:
    """Die here by SIGKILL if the parent asked for it ("name", or "name:3" for the third passing)."""
    wanted, _, times = os.environ.get(VARIABLE, "").partition(":")
    if wanted != name:
        return
    _passed[name] += 1
    if _passed[name] >= int(times or 1):
        os.kill(os.getpid(), signal.SIGKILL)


def mortal(method: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The method, with a point to die at before it and one after it."""

    def dying(*given: Any, **named: Any) -> Any:
        crash_point(f"before {name}")
        result = method(*given, **named)
        crash_point(f"after {name}")
        return result

    return dying


@dataclass
class Child:
    """A running Python child; its output is text, errors included."""

    process: subprocess.Popen[str]

    @property
    def output(self) -> IO[str]:
        """What it says, line by line."""
        assert self.process.stdout is not None
        return self.process.stdout

    def kill(self) -> None:
        """Kill it now, it and nobody else, and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def kill_when_it_says(self, word: str) -> list[str]:
        """Read until a line holds `word` or the output ends, then kill. Gives the lines read."""
        lines = []
        for line in self.output:
            lines.append(line.rstrip("\n"))
            if word in line:
                break
        self.kill()
        return lines

    def kill_after(self, seconds: float) -> bool:
        """Let it run so long, then kill; True when it was still running."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return True
        return False

    def finish(self, timeout: float = 60) -> str:
        """Wait for its end and give all it said; a child that never ends is killed and fails the test."""
        timer = threading.Timer(timeout, self.kill)
        timer.start()
        try:
            said = self.output.read()
            self.process.wait()
        finally:
            timer.cancel()
        return said

    @property
    def was_killed(self) -> bool:
        """Whether it ended by SIGKILL."""
        return self.process.wait() == -signal.SIGKILL


def wait_for(child: Child, word: str) -> str:
    """The next line that begins with a word."""
    for line in child.output:
        if line.startswith(word):
            return line
    raise AssertionError(f"it ended without saying {word!r}")


@contextlib.contextmanager
def python_child(
    script: str | Path, *words: str, crash_at: str = "", environment: dict[str, str] | None = None
) -> Iterator[Child]:
    """Run a script (a Path, or source text) in a child; what is left of it at the end is killed."""
    start = [str(script)] if isinstance(script, Path) else ["-c", script]
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(
        [sys.executable, "-u", *start, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), VARIABLE: crash_at, **(environment or {})},
    )
    child = Child(process)
    try:
        yield child
    finally:
        child.kill()
        child.output.close()
