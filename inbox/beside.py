"""Reading mail in a process beside this one: much mail, so that a first sync keeps two cores busy; and mail that may be
made to hurt, so that it has its time and its memory and no more.

The process gets raw mail on its standard input and answers with messages; it ends when its input does, also when whoever
started it was killed. Without it everything is read here, as a few ordinary mails always are.
"""

from __future__ import annotations

import os
import pickle
import resource
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import cast

from inbox import mime
from inbox.model import Message

MANY = 200
"""Mails from which on the way to the other process and back is worth it."""
CORES = len(os.sched_getaffinity(0))
_SERVE = "import sys; sys.path.insert(0, sys.argv[1]); from inbox.beside import serve; serve()"
_READ = (
    "import sys; sys.path.insert(0, sys.argv[1]); from inbox.beside import serve_one; serve_one(sys.argv[2])"
)
APART_SECONDS = 60
"""How long the reading of one large mail may take (50 MB: a third of a second)."""
APART_BYTES = 256 * 2**20
"""Memory its process may have, besides six times the mail."""
SECONDS = 2
"""Of a processor, in which a suspicious mail has to be read; one more for each 25 MB."""
BYTES = 512 * 2**20
"""Memory for it; for a mail of more than 40 MB as much as `read_apart` grants."""
_ANSWERS_WITHIN = 60.0  # seconds by the clock on the wall: a machine may be busy
_READ_SUSPICIOUS = (
    "import sys; sys.path.insert(0, sys.argv[1]); from inbox.beside import serve_apart; serve_apart()"
)
TOO_LONG = "reading the mail took too long: only its headers are read, its text is shown as it came"
TOO_MUCH = "the mail broke the reader or took too much memory: only its headers are read, its text is shown as it came"
_ROOT = Path(__file__).resolve().parents[1]


def read_all(raws: Sequence[bytes]) -> list[Message | None]:
    """Read each, suspicious mail within limits; None where our reader breaks, which is a mistake of ours: bad mail alone
    never breaks it."""
    with Apart() as apart:
        return [_read(raw, apart) for raw in raws]


def _read(raw: bytes, apart: Apart) -> Message | None:
    try:
        return mime.parse(raw, apart.read)
    except Exception:
        return None


class Apart:
    """A process that reads suspicious mail within limits, one mail after the other; started by the first, ended with the
    `with`. When a limit ends it, the next mail gets a new one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Apart:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def read(self, raw: bytes) -> Message:
        """The message; when reading it hits a limit, its headers, its text as it came, and an oddity that says so."""
        process = self._process = self._process or _start(_READ_SUSPICIOUS)
        assert process.stdin is not None and process.stdout is not None
        answer = b""
        with suppress(OSError):  # it died
            process.stdin.write(len(raw).to_bytes(8, "big") + raw)
            process.stdin.flush()
            answers = select.poll()
            answers.register(process.stdout, select.POLLIN)
            if answers.poll(_ANSWERS_WITHIN * 1000):
                length = int.from_bytes(process.stdout.read(8), "big")
                answer = process.stdout.read(length) if length else b""
                if len(answer) == length > 0:
                    return cast("Message", pickle.loads(answer))
        ended_by = self._end()
        return mime.parse_plainly(
            raw, TOO_LONG if ended_by in (-signal.SIGPROF, -signal.SIGKILL) else TOO_MUCH
        )

    def _end(self) -> int | None:
        """End the process, and wait for it: it must not stay behind; what it ended with, None when there was none."""
        process, self._process = self._process, None
        if process is None:
            return None
        with suppress(subprocess.TimeoutExpired, OSError):
            process.communicate(timeout=0.5 if process.poll() is None else None)
        process.kill()
        with suppress(OSError):
            process.communicate()
        return process.returncode


def _start(command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-c", command, str(_ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # ctrl+c at the terminal is for us
    )


def serve_apart() -> None:
    """Be the process of `Apart`. A timer of its own ends it: it runs out inside a library, too."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    while length := sys.stdin.buffer.read(8):
        size = int.from_bytes(length, "big")
        _limit(max(BYTES, APART_BYTES + 6 * size))
        raw = sys.stdin.buffer.read(size)
        signal.setitimer(signal.ITIMER_PROF, SECONDS + size / 25_000_000)
        answer = pickle.dumps(mime.parse(raw), pickle.HIGHEST_PROTOCOL)
        signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout.buffer.write(len(answer).to_bytes(8, "big") + answer)
        sys.stdout.buffer.flush()


def _limit(memory: int) -> None:
    """Let this process have so many bytes of memory, or what it may have where that is less; a crash leaves no mail
    behind on the disk."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(
        resource.RLIMIT_AS, (memory if most == resource.RLIM_INFINITY else min(memory, most), most)
    )
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_apart(file: Path) -> Message | None:
    """Read the mail in a file, in a process for it alone, whose memory and time are limited; None where that breaks.

    This process grows by what there is to show of the mail, not by the mail.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _READ, str(_ROOT), str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            timeout=APART_SECONDS,
            check=True,
        )
        return cast("Message | None", pickle.loads(done.stdout))
    except (subprocess.SubprocessError, OSError, EOFError, pickle.UnpicklingError):
        return None


def serve_one(file: str) -> None:
    """Be that process."""
    mail = Path(file)
    _limit(APART_BYTES + 6 * mail.stat().st_size)
    resource.setrlimit(resource.RLIMIT_CPU, (APART_SECONDS,) * 2)  # also when whoever waits for it is no more
    message = mime.parse(mail.read_bytes())
    pickle.dump(message, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


@dataclass
class Lot:
    """Mails that are being read in the other process, or (`process` None) are read here when asked for."""

    raws: Sequence[bytes]
    process: subprocess.Popen[bytes] | None
    _found: list[Message | None] | None = None

    def messages(self) -> list[Message | None]:
        """The messages, in the order of the mails."""
        if self._found is None and self.process is not None:
            assert self.process.stdout is not None
            with suppress(OSError, EOFError, pickle.UnpicklingError):  # it died
                self._found = pickle.load(self.process.stdout)
        if self._found is None:
            self._found = read_all(self.raws)
        return self._found


class Beside:
    """The other process; it ends with the `with`."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._under_way: Lot | None = None

    def __enter__(self) -> Beside:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.rest()

    def rest(self) -> None:
        """End the process; it is started again when there is much to read."""
        process, self._process = self._process, None
        if process is not None:
            if self._under_way is not None:
                self._under_way.process = None  # what it was at is read here, once it is asked for
            process.kill()
            process.communicate()

    def begin(self, raws: Sequence[bytes]) -> Lot:
        """Begin to read these; what was begun before is read to its end first."""
        if self._under_way is not None:
            self._under_way.messages()
        process = self._ready() if len(raws) >= MANY and CORES > 1 else None
        if process is not None:
            assert process.stdin is not None
            try:
                pickle.dump(list(raws), process.stdin, pickle.HIGHEST_PROTOCOL)
                process.stdin.flush()
            except OSError:  # it has died
                process = None
        self._under_way = Lot(raws, process)
        return self._under_way

    def _ready(self) -> subprocess.Popen[bytes] | None:
        """The process, if it lives. The first long list only starts it and is read here: it takes as long to start."""
        if self._process is not None:
            return self._process if self._process.poll() is None else None
        self._process = _start(_SERVE)
        return None


def serve() -> None:
    """Be the other process: read lists of raw mail until there are no more."""
    while True:
        try:
            raws = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(read_all(raws), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
        sys.stdout.buffer.flush()
