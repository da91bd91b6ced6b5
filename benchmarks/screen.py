"""The screen from outside, through a pty, as a terminal sees it: first paint, key to screen, bytes, memory.

Run by hand: `python -m benchmarks.screen [--n 10000 100000] [--rounds 7] [--folder DIR] [--size 160x48 80x24]`; with
`--workspace DIR` in one that is there, whose time is given by `--now`. What is compared with is an empty Textual app in
the same run. A time ends with the last byte the program wrote; what stands between the marks of a synchronized update
(DEC mode 2026) is seen at its end. Other programs beside it: `benchmarks.peers`.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.workspace import ME, NOW, SIZES, default_folder, workspace
from inbox.text import one_line
from inbox.views import VIEWS
from storage.workspace import open_store

Size = tuple[int, int]
"""Columns and lines of a terminal."""
WIDE: Size = (160, 48)
QUIET = 0.06
"""Seconds without a byte after which a key is answered; the panel follows later than that, after 80 ms."""
SETTLED = 0.5
KEYS = 60
IDLE = 20
ANSWERS = 15
MARK = "everything is here"

_EMPTY_APP = f"""
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("{MARK}")
Empty().run()
"""
_MAIN = str(Path(__file__).parent.parent / "main.py")
_ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P_^X].*?(?:\x07|\x1b\\)|[ -/]*[0-~])", re.DOTALL)
_ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",  # synchronized output: known, off
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",  # sizes in band: not known
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[6n": b"\x1b[1;1R",
}
"""What a plain terminal says when it is asked."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came after a key: seconds to the first and to the last byte (0 when nothing came), and how many bytes."""

    first: float
    last: float
    size: int


class Terminal:
    """A program in a terminal of its own, and everything it has written so far."""

    def __init__(
        self, command: Sequence[str], size: Size = WIDE, environment: Mapping[str, str] | None = None
    ) -> None:
        self.began = time.perf_counter()
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LC_ALL="C.UTF-8")
            os.environ.update(environment or {})
            for name in ("SSH_CONNECTION", "NO_COLOR", "TMUX", "STY", "PYTHONDONTWRITEBYTECODE"):
                os.environ.pop(name, None)
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
            os.execvp(command[0], list(command))
        self.written = bytearray()
        self.last = self.began
        self._asked = 0

    def fileno(self) -> int:
        """What select(2) waits for."""
        return self._file

    def pump(self, seconds: float) -> bool:
        """Take what comes within so many seconds; whether something came."""
        ready, _, _ = select.select([self._file], [], [], max(0.0, seconds))
        if not ready:
            return False
        try:
            data = os.read(self._file, 1 << 16)
        except OSError:
            data = b""
        if not data:
            raise SystemExit(f"The program ended:\n{self.text()[-2000:]}")
        self.last = time.perf_counter()
        self.written += data
        for question, answer in _ANSWERS.items():
            if question in self.written[self._asked :]:
                os.write(self._file, answer)
        self._asked = len(self.written)
        return True

    def text(self, since: int = 0) -> str:
        """What was written since a byte, without the escape sequences."""
        return _ESCAPES.sub(b"", bytes(self.written[since:])).decode("utf-8", "replace")

    def until(self, words: str, limit: float = 60.0) -> float:
        """The second, from the start, at which these words were seen: at the end of their update."""
        end = time.perf_counter() + limit
        while time.perf_counter() < end:
            if self.pump(0.2) and words in self.text():
                while self.written.rfind(b"\x1b[?2026h") > self.written.rfind(b"\x1b[?2026l"):
                    self.pump(1.0)
                return self.last - self.began
        raise SystemExit(f"{words!r} was never seen:\n{self.text()[-2000:]}")

    def type(self, text: str) -> None:
        """Type a text, and wait for nothing."""
        os.write(self._file, text.encode())

    def settle(self, quiet: float = SETTLED) -> None:
        """Wait until nothing has come for so long."""
        while self.pump(quiet):
            pass

    def press(self, key: bytes, quiet: float = QUIET) -> Answered:
        """Press a key and wait for quiet."""
        size, began = len(self.written), time.perf_counter()
        os.write(self._file, key)
        if not self.pump(0.4):
            return Answered(0.0, 0.0, 0)
        first = self.last
        while self.pump(quiet):
            pass
        return Answered(first - began, self.last - began, len(self.written) - size)

    def hold(self, key: bytes, times: int, each_second: int) -> tuple[list[float], float, int]:
        """A held key: seconds from each press to the next byte, from the last press to the last byte, and bytes."""
        size, began = len(self.written), time.perf_counter()
        lags: list[float] = []
        for number in range(times):
            while (left := began + number / each_second - time.perf_counter()) > 0:
                self.pump(left)
            pressed = time.perf_counter()
            os.write(self._file, key)
            while self.last < pressed and self.pump(1 / each_second):
                pass
            lags.append(self.last - pressed if self.last > pressed else 1 / each_second)
        while self.pump(QUIET):
            pass
        return lags, self.last - pressed, len(self.written) - size

    def watch(self, seconds: float) -> int:
        """How many bytes come when nothing is pressed."""
        size, end = len(self.written), time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.pump(left)
        return len(self.written) - size

    def peak_mb(self) -> float:
        """The most memory the process has held (VmHWM of proc(5))."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024

    def spent(self) -> float:
        """Seconds of processor time so far."""
        return processor_seconds(self.pid)

    def end(self) -> None:
        """Hang up, as a closed window does."""
        os.kill(self.pid, signal.SIGHUP)
        os.close(self._file)
        deadline = time.perf_counter() + 5
        while os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            if time.perf_counter() > deadline:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.02)


def processor_seconds(pid: int) -> float:
    """Processor time of a process so far, in nanoseconds exact: the first number of each thread's schedstat (proc(5))."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text("ascii").split()[0]) for thread in threads) / 1e9


class Opened(NamedTuple):
    """A first screen: milliseconds until the words were seen, of the clock and of the processor, the most memory by then in
    MB, and bytes until it had come to rest."""

    seen: float
    spent: float
    peak: float
    size: int


def first_paint(command: Sequence[str], words: str, size: Size = WIDE) -> Opened:
    """Open a program and wait until these words are seen."""
    terminal = Terminal(command, size)
    seen = terminal.until(words)
    spent, peak = terminal.spent(), terminal.peak_mb()
    terminal.settle()
    terminal.end()
    return Opened(seen * 1000, spent * 1000, peak, len(terminal.written))


def known_name(path: Path, now: int = NOW) -> str:
    """The customer in the first row of what is due. Raises SystemExit when nothing is."""
    store = open_store(path, create=False)
    rows = store.rows(store.ids(VIEWS["due"].node, ME, now, 1))
    store.close()
    if not rows:
        raise SystemExit(
            "Nothing is due there: take in mail that is new at the instant of --now, with the same --now."
        )
    return one_line(rows[0].customer_name, 60)


def frontdesk(path: Path, *, pinned: bool = True, now: int = NOW) -> list[str]:
    """The command that opens the screen."""
    clock = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    given = ["--now", clock] if pinned else []
    return [sys.executable, _MAIN, "--workspace", str(path), "--as", ME.name, *given]


def spread(values: Sequence[float]) -> str:
    """Median and 95th percentile."""
    ordered = sorted(values)
    return f"{statistics.median(ordered):6.1f} /{ordered[int(len(ordered) * 0.95)]:6.1f}"


def keys(command: Sequence[str], words: str, size: Size = WIDE) -> None:
    """What keys cost, and what the screen costs at rest, as lines of a table."""
    terminal = Terminal(command, size)
    terminal.until(words)
    terminal.settle()
    for name, key in (("j", b"j"), ("k", b"k")):
        rows, followed = list[Answered](), list[int]()
        for _ in range(KEYS):
            answered = terminal.press(key)
            before = len(terminal.written)
            terminal.settle(0.3)
            rows.append(answered)
            followed.append(answered.size + len(terminal.written) - before)
        silent = sum(not each.size for each in rows)
        heard = [each for each in rows if each.size]
        say(f"{name}: to the last byte, ms", spread([each.last * 1000 for each in heard]), "6 / 12")
        say(f"{name}: bytes of the rows", spread([each.size for each in heard]), "500")
        say(f"{name}: bytes with the panel", spread(followed), "2000")
        if silent:
            say(f"{name}: without an answer", str(silent), "0")
    for name, key in (("j", b"j"), ("k", b"k")):
        lags, tail, sent = terminal.hold(key, 150, 30)
        say(f"{name} held, 30/s: to the first byte, ms", spread([lag * 1000 for lag in lags]), "30")
        say(f"{name} held, 30/s: the last one, ms", f"{tail * 1000:6.1f}", "30")
        say(f"{name} held, 30/s: kB a second", f"{sent / 5000:6.1f}", "20")
        terminal.settle()
    opened, read = list[float](), list[int]()
    for _ in range(15):
        answered = terminal.press(b"\r", 0.15)
        opened.append(answered.last * 1000)
        read.append(answered.size)
        terminal.press(b"q", 0.15)
        terminal.press(b"j", 0.15)
        terminal.settle(0.3)
    say("Enter: to the last byte, ms", spread(opened), "30")
    say("Enter: bytes", spread(read))
    say("peak memory, MB", f"{terminal.peak_mb():6.1f}", "80")
    terminal.end()


def answers(path: Path) -> None:
    """Answer, next, answer, next: what opening the composer, the send bar and sending cost. In a copy."""
    with tempfile.TemporaryDirectory() as name:
        terminal = Terminal(frontdesk(Path(shutil.copytree(path, Path(name) / "workspace"))))
        terminal.settle(1.0)
        terminal.press(b"\r", 0.3)
        figures: dict[str, list[Answered]] = {
            "r": [],
            "a letter": [],
            "ctrl+s: the send bar": [],
            "Enter": [],
        }
        for _ in range(ANSWERS):
            figures["r"].append(terminal.press(b"r", 0.15))
            terminal.press(b"On its way today, and here is what we can do about it")
            terminal.settle(1.3)
            figures["a letter"].append(terminal.press(b".", 0.03))
            terminal.settle(1.3)
            figures["ctrl+s: the send bar"].append(terminal.press(b"\x13", 0.15))
            figures["Enter"].append(terminal.press(b"\r", 0.15))
            terminal.settle(0.6)  # longer than the screen holds keys for what was not seen yet
        for what, found in figures.items():
            words = "send, to the next one on screen" if what == "Enter" else what
            say(f"{words}, ms", spread([each.last * 1000 for each in found if each.size]))
            say(f"{words}: bytes", spread([each.size for each in found]))
        terminal.end()
        store = open_store(Path(name) / "workspace", create=False)
        say("answers in the outbox", str(len(store.outbox())), str(ANSWERS))
        store.close()


def idle(path: Path) -> None:
    """A screen nobody touches, within one minute of the real clock. That clock wakes what is snoozed: in a copy."""
    with tempfile.TemporaryDirectory() as name:
        watch(Path(shutil.copytree(path, Path(name) / "workspace")))


def watch(path: Path) -> None:
    """Open the screen, let it come to rest, and look on."""
    terminal = Terminal(frontdesk(path, pinned=False))
    terminal.settle(3.0)
    while time.time() % 60 > 60 - IDLE - 3:
        terminal.watch(1)
    terminal.settle(1.0)
    spent = terminal.spent()
    size = terminal.watch(IDLE)
    say(f"idle for {IDLE} s: bytes", f"{size:6}", "0")
    say(f"idle for {IDLE} s: % of a core", f"{(terminal.spent() - spent) / IDLE * 100:6.3f}", "0.1")
    terminal.end()


def say(what: str, figures: str, limit: str = "") -> None:
    """One line."""
    print(f"  {what:40} {figures:>16}   {limit}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--n", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", type=Path, default=default_folder())
    parser.add_argument("--size", nargs="+", default=["160x48", "80x24"])
    parser.add_argument(
        "--workspace", type=Path, nargs="+", help="workspaces that are there, which are only read"
    )
    parser.add_argument("--now", type=datetime.fromisoformat, default=datetime.fromtimestamp(NOW, UTC))
    given = parser.parse_args()
    now = int(given.now.timestamp())
    made = {f"{n} messages": workspace(n, given.folder) for n in ([] if given.workspace else given.n)}
    paths = made or {str(path): path for path in given.workspace}
    names = {name: known_name(path, now) for name, path in paths.items()}
    for size in (read_size(words) for words in given.size):
        print(f"\n{size[0]}x{size[1]}")
        start(paths, names, now, size, given.rounds)
        for name, path in paths.items():
            print(f"\n{name} {'':34} median /   p95   at most")
            keys(frontdesk(path, now=now), names[name], size)
    for path in made.values():
        answers(path)
        idle(path)


def read_size(words: str) -> Size:
    """ "160x48" as columns and lines."""
    columns, lines = map(int, words.split("x"))
    return columns, lines


def start(paths: Mapping[str, Path], names: Mapping[str, str], now: int, size: Size, rounds: int) -> None:
    """The first useful screen, beside an empty app in the same rounds."""
    commands: dict[str, tuple[Sequence[str], str]] = {
        "empty Textual app": ([sys.executable, "-c", _EMPTY_APP], MARK),
        **{name: (frontdesk(path, now=now), names[name]) for name, path in paths.items()},
    }
    found: dict[str, list[Opened]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, (command, words) in commands.items():
            found[name].append(first_paint(command, words, size))
    print(
        "first useful screen (at most 1.5 times the empty app): ms, and of the processor the least ms; MB, bytes"
    )
    empty = found["empty Textual app"]
    for name, each in found.items():
        seen, usual = (statistics.median(one.seen for one in of) for of in (each, empty))
        spent, least = (min(one.spent for one in of) for of in (each, empty))
        peak, sent = max(one.peak for one in each), statistics.median(one.size for one in each)
        print(
            f"  {name:40} {seen:6.0f} {seen / usual:5.2f} x {spent:6.0f} {spent / least:5.2f} x"
            f" {peak:6.1f} {sent:8.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
