"""What a program prints, within limits: so many seconds, so many bytes; then it is ended with all its children."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO, NamedTuple

from inbox.programs import begun

SECONDS = 3.0
"""How long a program may take."""
MOST_BYTES = 16_384
"""What is read of its output; one that prints more is ended."""
NICE = 10
"""By how much it gives way to whoever types."""
_LOOK = 0.02
"""Seconds between two looks whether it has ended, where its children keep the line open."""


class Output(NamedTuple):
    """What came of it: the bytes, whether there was more of them, and what went wrong in words, "" for nothing."""

    data: bytes = b""
    cut: bool = False
    trouble: str = ""


def output_of(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    seconds: float = SECONDS,
    most: int = MOST_BYTES,
    over: Callable[[], bool] = lambda: False,
) -> Output:
    """Run a program without a shell and read what it prints. It has nothing to read, its errors are not shown, and when
    the time is up, enough was read, or it has ended, its whole process group is killed. `over` ends it before that.

    A child of it that began a session of its own is not killed, and not waited for either.
    """
    try:
        process = begun(arguments, environment, subprocess.PIPE)
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or "these arguments are not possible"
        return Output(trouble=f"could not be started: {said[:1].lower()}{said[1:]}")
    assert process.stdout is not None
    until = time.monotonic() + seconds
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
    try:
        data = _read(process.stdout, process.pid, until, most, over)
        enough = len(data) > most
        in_time = enough or _has_ended(process.pid, until, over)
    finally:
        with suppress(ProcessLookupError, PermissionError):  # not reaped yet, its number is still its own
            os.killpg(process.pid, signal.SIGKILL)
        process.stdout.close()
        with suppress(subprocess.TimeoutExpired):  # hanging in the kernel: it is let go
            process.wait(1.0)
    if not in_time:
        return Output(trouble="" if over() else f"took longer than {seconds:g} s and was ended")
    if not enough and process.returncode:
        return Output(data, False, f"failed ({_status(process.returncode)})")
    return Output(data[:most], enough)


def _status(code: int) -> str:
    return f"exit status {code}" if code > 0 else f"signal {-code}"


def _read(stream: IO[bytes], pid: int, until: float, most: int, over: Callable[[], bool]) -> bytes:
    """What comes until the end, the time or one byte more than `most`; once it has ended, only what is there already."""
    line, data = stream.fileno(), b""
    poll = select.poll()
    poll.register(line, select.POLLIN)
    while len(data) <= most and time.monotonic() < until and not over():
        ended = _has_ended(pid, 0, over)
        if poll.poll(0 if ended else _LOOK * 1000):
            chunk = os.read(line, most + 1 - len(data))
            if not chunk:
                break
            data += chunk
        elif ended:
            break
    return data


def _has_ended(pid: int, until: float, over: Callable[[], bool]) -> bool:
    """Whether a child has ended by then; it is not reaped."""
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() >= until or over():
            return False
        time.sleep(_LOOK)
    return True
