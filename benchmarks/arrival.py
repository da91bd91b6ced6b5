"""New mail to the screen: from the moment the server has it until the terminal shows it.

A Dovecot, the worker and the screens are processes of their own; the clock runs from the server's answer to APPEND to the
last byte of the update that says "1 new" (160x48): rows never move by themselves, so its own row comes with `g r`, which
is measured from the key. "To the store" ends when another process hears of the change; the screen then waits 150 ms for
more before it reads anew (`tui.seat.Pace.settle`), so that a flood is one reading.

Run by hand as root: `python -m benchmarks.arrival [--mails 60] [--screens 1 5]`.
"""

from __future__ import annotations

import argparse
import imaplib
import select
import socket
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from email.message import EmailMessage

from benchmarks.receiving import WHO, Desk, desk
from benchmarks.screen import Terminal
from inbox.actions import decision
from inbox.model import Role, Who
from inbox.queries import parse
from storage.workspace import Workspace, open_store
from tui.seat import Pace

USER = "support"
OLD = 300
"""Old mails in the mailbox; some of the newest stand open in the list."""
PATIENCE = 20.0
APART = 0.4
"""Seconds between two mails, so that each arrives by itself."""
TOLD = "1 new"
ME = Who(WHO, Role.OWNER)


@dataclass
class Ear:
    """Hears of changes, as another process of a colleague does; the moment of the last one that named a conversation."""

    store: Workspace
    heard: threading.Event = field(default_factory=threading.Event)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.store.watch(self._hear)

    def _hear(self, conversations: frozenset[int]) -> None:
        if conversations and not self.heard.is_set():
            self.at = time.perf_counter()
            self.heard.set()


class Idler(threading.Thread):
    """A bare line that does nothing but IDLE: when the server tells of a mail, which it may do late by itself."""

    def __init__(self, at: Desk) -> None:
        super().__init__(daemon=True)
        self.told = threading.Event()
        self.at = 0.0
        line = connected(at)
        line.select("INBOX", readonly=True)
        line.send(b"z IDLE\r\n")
        self._line = line
        self.start()

    def run(self) -> None:
        """Read until the line ends."""
        while said := self._line.readline():
            if said.rstrip().endswith(b"EXISTS"):
                self.at = time.perf_counter()
                self.told.set()


def connected(at: Desk) -> imaplib.IMAP4:
    """A line to the mailbox, logged in."""
    line = imaplib.IMAP4(at.server.host, at.server.port)
    line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.login(USER, "secret")
    return line


def letter(number: int) -> tuple[str, bytes]:
    """A mail of a new customer; the word to look for, and its bytes."""
    word = f"arrival{number:04}"
    mail = EmailMessage()
    mail["From"] = f"Jo Park <jo{number}@park.example>"
    mail["To"] = f"{USER}@helpdesk.example"
    mail["Subject"] = f"{word} where is my parcel"
    mail["Message-ID"] = f"<{word}@park.example>"
    mail.set_content("It should have come on Friday.\n" * 20)
    return word, mail.as_bytes().replace(b"\n", b"\r\n")


def deliver(line: imaplib.IMAP4, raw: bytes) -> float:
    """Put it into the mailbox; the moment at which the server said that it has it."""
    said, words = line.append("INBOX", "", imaplib.Time2Internaldate(time.time()), raw)
    if said != "OK":
        raise SystemExit(f"APPEND: {words!r}")
    return time.perf_counter()


def shown(screens: Sequence[Terminal], since: Sequence[int], word: str) -> list[float]:
    """The moments at which each screen had written these words, at the end of its update."""
    found: dict[int, float] = {}
    end = time.perf_counter() + PATIENCE
    while len(found) < len(screens):
        ready, _, _ = select.select(screens, [], [], 0.5)
        for number, screen in enumerate(screens):
            if screen in ready and screen.pump(0) and number not in found:
                whole = screen.written.rfind(b"\x1b[?2026h") <= screen.written.rfind(b"\x1b[?2026l")
                if whole and word in screen.text(since[number]):
                    found[number] = screen.last
        if time.perf_counter() > end:
            raise SystemExit(f"{word} was never seen:\n{screens[0].text(since[0])[-2000:]}")
    return [found[number] for number in range(len(screens))]


def measure(at: Desk, mails: int, count: int) -> None:
    """So many mails, one after the other, with so many screens open."""
    screens = [Terminal(at.command()) for _ in range(count)]
    for screen in screens:
        screen.settle(2.0)
    store = open_store(at.path, create=False)
    ear = Ear(store)
    line, idler = connected(at), Idler(at)
    told, stored, first, last, rows = (list[float]() for _ in range(5))
    for number in range(count * 1000, count * 1000 + mails):
        word, raw = letter(number)
        for screen in screens:
            screen.settle(APART / count)
        ear.heard.clear()
        idler.told.clear()
        since = [len(screen.written) for screen in screens]
        began = deliver(line, raw)
        moments = shown(screens, since, TOLD)
        idler.told.wait(PATIENCE)
        told.append(idler.at - began)
        stored.append(ear.at - began)
        first.append(moments[0] - began)
        last.append(max(moments) - began)
        for screen in screens:
            screen.settle(APART / count)
            screen.press(b"g")
            rows.append(screen.press(b"r").last)
        # done with, so that the list stays as long as it was
        (conversation,) = store.ids(parse(word, 0, UTC), ME, int(time.time()), 1)
        store.change(*decision("close", conversation=conversation), ME, int(time.time()))
    line.logout()
    for screen in screens:
        screen.end()
    store.close()
    print(f"{count} screen{'s' * (count > 1)}")
    say("  the server tells of it (a bare IDLE)", told)
    say("  from there to the store", difference(stored, told))
    say("  from there to the screen", difference(first, stored))
    say("  all of it", first)
    if count > 1:
        say("  all of it, the last of the screens", last)
    say("  from g r to its row", rows)


def difference(later: Sequence[float], earlier: Sequence[float]) -> list[float]:
    """Seconds from one to the other, for each mail."""
    return [one - other for one, other in zip(later, earlier, strict=True)]


def say(what: str, found: Sequence[float]) -> None:
    """One line, in milliseconds: median, 95th percentile, the longest."""
    ordered = sorted(each * 1000 for each in found)
    late = ordered[int(len(ordered) * 0.95)]
    print(f"{what:40} {statistics.median(ordered):8.1f} {late:8.1f} {ordered[-1]:8.1f}", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--mails", type=int, default=60)
    parser.add_argument("--screens", type=int, nargs="+", default=[1, 5])
    given = parser.parse_args()
    with desk(USER, old=OLD) as at, at.worker() as worker:
        at.until_quiet(worker)
        print(
            f"{given.mails} mails; of a flood the views are read each {Pace().settle * 1000:.0f} ms or later"
        )
        print(f"{'ms':40} {'median':>8} {'p95':>8} {'longest':>8}")
        for count in given.screens:
            measure(at, given.mails, count)


if __name__ == "__main__":
    main()
