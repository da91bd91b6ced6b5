"""How fast the outbox empties, beside a bare client on the same server, and what a large attachment costs in memory.

The server is an aiosmtpd on loopback in a process of its own: it is what both wait for. Times are medians of rounds in
turn, so that both meet the same load of the machine. Ours writes each phase to the disk before it begins, and does not
send the final dot before the other side's machine has confirmed the message: on Linux that confirmation comes up to
40 ms late, and is most of the time a message takes here.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiosmtplib

from inbox import sending
from inbox.actions import decision
from inbox.model import Instant, Refusal, Who
from inbox.ports import Decision, State
from inbox.sending import Sending
from storage.workspace import open_store
from tests.post_office import Known
from tests.servers.mailboxes import mailbox
from tests.servers.smtp import running_smtp
from tests.stores import OURS, Desk, desk, letter

ROUNDS = 3
MB = 1_000_000


def serve() -> None:
    """Be the server, until the other side closes our input."""
    with running_smtp(size=100 * MB) as server:
        print(server.port, flush=True)
        sys.stdin.read()


@contextmanager
def running_server() -> Iterator[int]:
    """A server in a process of its own; its port."""
    words = [sys.executable, "-m", "benchmarks.sending", "--serve"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.communicate("")


def queued(folder: Path, count: int) -> Desk:
    """A workspace with so many answers that are due, each in a conversation of its own."""
    here = desk(folder)
    for n in range(count):
        conversation = here.gets(letter(f"jo{n}@park.example", id_=f"<{n}@p>", subject=f"Question {n}"))
        here.replies("ann", conversation, text=f"Answer number {n}. " + "It is on its way. " * 40)
    return here


def sends(here: Desk, port: int, lines: int) -> float:
    """Seconds in which everything due has left over so many lines."""
    sending.LINES = sending.MOST_LINES = lines
    now = here.tick(60)
    work = Sending(here.store.sending, (mailbox(smtp_port=port),), Known({}, []), lambda: now)
    began = time.perf_counter()
    states = asyncio.run(work.send_due()).states
    passed = time.perf_counter() - began
    assert set(states.values()) == {"sent"}, states
    return passed


def bare(messages: list[bytes], port: int, lines: int) -> float:
    """Seconds in which aiosmtplib alone hands these over, over so many lines."""

    async def one_line(mine: list[bytes]) -> None:
        async with aiosmtplib.SMTP(
            hostname="127.0.0.1", port=port, username="ann", password="secret", start_tls=False, use_tls=False
        ) as smtp:
            for raw in mine:
                await smtp.sendmail(OURS, ["jo@park.example"], raw)

    async def all_lines() -> None:
        await asyncio.gather(*(one_line(messages[n::lines]) for n in range(lines)))

    began = time.perf_counter()
    asyncio.run(all_lines())
    return time.perf_counter() - began


def speed(count: int) -> None:
    """The table of how fast."""
    print(f"{count} answers of 1 kB, {ROUNDS} rounds in turn, medians")
    print(f"{'':26}{'seconds':>10}{'a minute':>10}{'to bare':>10}")
    with running_server() as port:
        for lines in (2, 4):
            ours, theirs = [], []
            for _ in range(ROUNDS):
                with tempfile.TemporaryDirectory() as folder:
                    here = queued(Path(folder), count)
                    raws = [
                        here.store.sending.raw(each.message) or b""
                        for each in here.store.sending.due(here.tick(60))
                    ]
                    theirs.append(bare(raws, port, lines))
                    ours.append(sends(here, port, lines))
                    here.store.close()
            for name, seconds in (("aiosmtplib alone", theirs), ("the outbox", ours)):
                middle = statistics.median(seconds)
                ratio = middle / statistics.median(theirs)
                print(f"{name + f', {lines} lines':26}{middle:10.2f}{count / middle * 60:10.0f}{ratio:10.2f}")


# --------------------------------------------------------------------------- memory


def large(here: Desk, megabytes: int) -> None:
    """An answer that carries an attachment of so many megabytes."""
    scope, decide = decision(
        "reply", conversation=1, text="Here it is.", to=["jo@park.example"], sender=OURS, leave_after=0
    )
    body = base64.encodebytes(os.urandom(megabytes * MB)).replace(b"\n", b"\r\n")

    def heavy(state: State, who: Who, now: Instant) -> Decision:
        decided = decide(state, who, now)
        assert not isinstance(decided, Refusal)
        (fact,) = decided
        assert fact.content is not None and isinstance(fact.content.raw, bytes)
        return [fact._replace(content=fact.content._replace(raw=fact.content.raw + body))]

    here.store.change(scope, heavy, Who("ann"), here.tick())


def measure(folder: str, port: int, now: int) -> None:
    """In a process of its own: memory with the outbox looked at, and the most while it was sent."""
    store = open_store(Path(folder))
    work = Sending(store.sending, (mailbox(smtp_port=port),), Known({}, []), lambda: now)
    store.sending.due(now)
    idle = _memory("VmRSS")
    states = asyncio.run(work.send_due()).states
    assert set(states.values()) == {"sent"}, states
    print(f"{idle:.0f} {_memory('VmHWM'):.0f}", flush=True)
    store.close()


def _memory(field: str) -> float:
    """MB, as the system counts this process (its own high-water mark, not that of who started it)."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition(f"{field}:")[2].split()[0]) * 1024 / MB


def memory(megabytes: int) -> None:
    """The table of memory."""
    print(f"\n{'in the outbox':26}{'waiting, MB':>14}{'most, MB':>14}")
    with running_server() as port:
        for name, count in (
            ("nothing large", 0),
            (f"one of {megabytes} MB", 1),
            (f"four of {megabytes} MB", 4),
        ):
            with tempfile.TemporaryDirectory() as folder:
                here = queued(Path(folder), 1)
                for _ in range(count):
                    large(here, megabytes)
                here.store.close()
                words = [
                    sys.executable,
                    "-m",
                    "benchmarks.sending",
                    "--measure",
                    f"{folder}/workspace",
                    str(port),
                    str(here.now + 60),
                ]
                done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
                waiting, most = done.stdout.split()
                print(f"{name:26}{waiting:>14}{most:>14}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--megabytes", type=int, default=25)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve()
    elif given.measure:
        measure(given.measure[0], int(given.measure[1]), int(given.measure[2]))
    else:
        speed(given.count)
        memory(given.megabytes)


if __name__ == "__main__":
    main()
