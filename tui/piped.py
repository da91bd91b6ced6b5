"""Running a command that a person typed, with what it is given on its standard input.

The shell sees only what the person typed; what a stranger wrote goes through the pipe and is never part of a command. The
command has no terminal, a limited time and a limited say, and ends with all its children.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from threading import Event
from typing import NamedTuple

SECONDS = 30.0
"""How long a command may take."""
MOST = 1_000_000
"""Bytes of what it says that are kept."""
_LOOK = 0.1  # seconds between two looks at whether somebody has had enough
_SHELL = "/bin/sh"


class Said(NamedTuple):
    """What a command said (both streams, as they came), and how it ended, in words."""

    output: bytes
    ended: str


def run_piped(
    command: str, data: bytes, environment: Mapping[str, str], stop: Event, seconds: float = SECONDS
) -> Said:
    """Run a command with `data` to read, until it ends, `stop` is set, or so many seconds have passed."""
    began = time.monotonic()
    try:
        process = subprocess.Popen(
            [_SHELL, "-c", command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**environment, "TERM": "dumb"},
            start_new_session=True,  # it has no terminal to ask, to write to, or to change
        )
    except (OSError, ValueError) as error:
        return Said(b"", f"it could not be started: {getattr(error, 'strerror', None) or 'a NUL in it'}")
    output = bytearray()
    try:
        why = _fed(process, data, output, stop, began + seconds) or _waited(process, stop, began + seconds)
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()
        status = process.wait()
    took = f"{time.monotonic() - began:.1f} s"
    if why == "time":
        ended = f"it was ended after {seconds:.0f} s"
    elif why == "stop":
        ended = f"stopped after {took}"
    elif why == "full":
        ended = f"it was ended: it said more than {MOST // 1_000_000} MB"
    elif status == 0:
        ended = f"done in {took}"
    else:
        ended = f"exit status {status}, {took}" if status > 0 else f"ended by signal {-status}, {took}"
    return Said(bytes(output[:MOST]), ended)


def _fed(
    process: subprocess.Popen[bytes],
    data: bytes,
    output: bytearray,
    stop: Event,
    until: float,
) -> str:
    """Write and read until it has read all and says no more, or is over; why it has to be ended, or ""."""
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None and stdout is not None
    rest = memoryview(data)
    os.set_blocking(stdin.fileno(), False)
    with selectors.DefaultSelector() as waiting:
        waiting.register(stdout, selectors.EVENT_READ)
        waiting.register(stdin, selectors.EVENT_WRITE)
        while waiting.get_map():
            if stop.is_set():
                return "stop"
            if time.monotonic() > until:
                return "time"
            ready = [key.fileobj for key, _ in waiting.select(_LOOK)]
            if not ready and process.poll() is not None:
                return ""  # something it left behind keeps the pipe open
            if stdout in ready:
                said = os.read(stdout.fileno(), 1 << 16)
                output += said
                if not said:
                    waiting.unregister(stdout)
                if len(output) > MOST:
                    return "full"
            if stdin in ready:
                rest = _written(stdin.fileno(), rest)
                if not rest:
                    waiting.unregister(stdin)
                    with suppress(OSError):
                        stdin.close()
    return ""


def _written(pipe: int, rest: memoryview) -> memoryview:
    """What is left to be written after one write; nothing where nobody reads any more."""
    try:
        return rest[os.write(pipe, rest[: 1 << 16]) :] if rest else rest
    except BlockingIOError:
        return rest
    except BrokenPipeError:
        return rest[:0]


def _waited(process: subprocess.Popen[bytes], stop: Event, until: float) -> str:
    """Wait for its end; why it has to be ended, or ""."""
    while True:
        try:
            process.wait(_LOOK)
        except subprocess.TimeoutExpired:
            if stop.is_set():
                return "stop"
            if time.monotonic() > until:
                return "time"
        else:
            return ""
