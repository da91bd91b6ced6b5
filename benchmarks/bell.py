"""The bell: how soon a change in one process is known in another, and seen on its screen; what 50 idle ones cost.

Run by hand: `python -m benchmarks.bell [--n 10000] [--rounds 200] [--folder DIR]`. It works on a copy of the workspace.
What is compared with is a bare datagram between two processes, and one durable change by itself.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from select import select

from benchmarks.screen import Terminal, frontdesk, known_name
from benchmarks.workspace import ME, NOW, default_folder, workspace
from inbox.actions import decision
from inbox.views import VIEWS
from storage.workspace import Workspace, open_store

IDLE_SCREENS = 50
SECONDS = 20
APART = 0.02
"""Seconds between two changes, so that each is heard by itself."""


def child(work: Callable[[int], None]) -> tuple[int, int]:
    """A process that does this with a pipe to write to; its id, and the end to read from."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        work(writing)
        os._exit(0)
    os.close(writing)
    return pid, reading


def end(pids: Sequence[int]) -> None:
    """End processes of ours."""
    for pid in pids:
        os.kill(pid, signal.SIGTERM)
    for pid in pids:
        os.waitpid(pid, 0)


def datagrams(rounds: int, folder: Path) -> list[float]:
    """Milliseconds from sending a datagram to the moment another process has it, as it says itself."""
    path = str(folder / "bare")
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.bind(path)

    def listen(pipe: int) -> None:
        while True:
            ear.recv(100)
            os.write(pipe, b"%20d" % time.monotonic_ns())

    pid, pipe = child(listen)
    rope = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    found = list[float]()
    for _ in range(rounds):
        began = time.monotonic_ns()
        rope.sendto(b"ring", path)
        found.append((int(os.read(pipe, 20)) - began) / 1e6)
        time.sleep(APART)
    end([pid])
    return found


def listener(path: Path) -> Callable[[int], None]:
    """A process that watches a workspace and writes down when it heard something."""

    def watch(pipe: int) -> None:
        def hear(_: frozenset[int]) -> None:
            os.write(pipe, b"%20d" % time.monotonic_ns())

        store = open_store(path, create=False)
        store.watch(hear)
        hear(frozenset())  # ready
        while True:
            signal.pause()

    return watch


def named(number: int) -> str:
    """A word that has no letter in the place where the one before it has it: a screen writes only what differs."""
    return "".join(chr(ord("a") + (number + place * 5) % 26) for place in range(8))


def change(store: Workspace, conversation: int, number: int) -> str:
    """Tag a conversation with a word of its own; the word."""
    word = named(number)
    before = [named(number - 1)] if number else []
    store.change(*decision("tag", conversation=conversation, add=[word], remove=before), ME, NOW)
    return word


def heard(path: Path, conversation: int, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds that changes took, and from the beginning of each until another process heard of it."""
    pid, pipe = child(listener(path))
    os.read(pipe, 20)
    store = open_store(path, create=False)
    took, found = list[float](), list[float]()
    for number in range(rounds):
        began = time.monotonic_ns()
        change(store, conversation, number)
        took.append((time.monotonic_ns() - began) / 1e6)
        found.append((int(os.read(pipe, 20)) - began) / 1e6)
        time.sleep(APART)
        while select([pipe], [], [], 0)[0]:
            os.read(pipe, 20)
    end([pid])
    store.close()
    return took, found


def seen(path: Path, conversation: int, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds from the beginning of a change until the screen of another process has written it, and until it has
    written all that follows from it: counts, and what is new."""
    terminal = Terminal(frontdesk(path))
    terminal.until(known_name(path))
    terminal.settle()
    store = open_store(path, create=False)
    found, whole = list[float](), list[float]()
    for number in range(1000, 1000 + rounds):
        size, began = len(terminal.written), time.perf_counter()
        word = change(store, conversation, number)
        while word not in terminal.text(size):
            if not terminal.pump(3.0):
                raise SystemExit(f"{word} was never seen:\n{terminal.text(size)[-2000:]}")
        found.append((terminal.last - began) * 1000)
        terminal.settle(0.3)
        to, began = (None if number % 2 else ME.name), time.perf_counter()
        store.change(*decision("assign", conversation=conversation, to=to), ME, NOW)
        terminal.settle(0.3)
        whole.append((terminal.last - began) * 1000)
    terminal.end()
    store.close()
    return found, whole


def pressed(path: Path, rounds: int) -> list[float]:
    """Milliseconds from the key that ends a change on one screen until another one writes it in its row."""
    mine, theirs = Terminal(frontdesk(path)), Terminal(frontdesk(path))
    words = known_name(path)
    for screen in (mine, theirs):
        screen.until(words)
        screen.settle()
    found = list[float]()
    for number in range(rounds):
        before = f" -a{named(number - 1)}" if number else ""
        mine.type(f"ta{named(number)}{before}")
        mine.settle(0.2)
        began = time.perf_counter()
        mine.type("\r")
        if not theirs.pump(3.0):
            raise SystemExit("The other screen has written nothing.")
        found.append((theirs.last - began) * 1000)
        for screen in (mine, theirs):
            screen.settle(0.3)
    for screen in (mine, theirs):
        screen.end()
    return found


def idle(path: Path) -> float:
    """Percent of one core that idle screens take together."""
    screens = [Terminal(frontdesk(path)) for _ in range(IDLE_SCREENS)]
    words = known_name(path)
    for screen in screens:
        screen.until(words)
    rest(screens, 10)
    before = sum(screen.spent() for screen in screens)
    rest(screens, SECONDS)
    spent = sum(screen.spent() for screen in screens) - before
    for screen in screens:
        screen.end()
    return spent / SECONDS * 100


def rest(screens: Sequence[Terminal], seconds: float) -> None:
    """Let time pass, and take what they write."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        time.sleep(0.5)
        for screen in screens:
            screen.pump(0)


def say(what: str, found: list[float], bare: float, limit: str = "") -> None:
    """One line: median and 95th percentile, and how many times the bare one."""
    ordered = sorted(found)
    middle, late = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    print(f"{what:44} {middle:8.2f} {late:8.2f} {middle / bare:8.1f}   {limit}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--folder", type=Path, default=default_folder())
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        path = Path(shutil.copytree(workspace(given.n, given.folder), Path(name) / "workspace"))
        store = open_store(path, create=False)
        conversation = store.ids(VIEWS["due"].node, ME, NOW, 1)[0]
        store.close()
        bare = datagrams(given.rounds, Path(name))
        took, told = heard(path, conversation, given.rounds)
        shown, whole = seen(path, conversation, min(given.rounds, 50))
        keyed = pressed(path, min(given.rounds, 50))
        print(f"{'ms':44} {'median':>8} {'p95':>8} {'x bare':>8}   at most (p95)")
        middle = statistics.median(bare)
        say("a bare datagram to another process", bare, middle)
        say("a change, durable (it is part of the next two)", took, middle)
        say("a change, heard in another process", told, middle)
        say("a change, on the screen of another process", shown, middle, "100")
        say("... and all that follows from it there", whole, middle)
        say("a key on one screen, on another screen", keyed, middle, "100")
        print(f"{f'{IDLE_SCREENS} idle screens: % of one core':44} {idle(path):8.2f} {'':17}   5")


if __name__ == "__main__":
    main()
