"""The first sync of a mailbox from a Dovecot on this machine: Frontdesk beside mbsync (isync), in one run.

Frontdesk's mails are fetched, stored, read, threaded and indexed at the end; mbsync's are files. Both write durably
(synchronous commits here, `FSync yes` there, its default); mbsync is also run without, for comparison.

Run by hand as root: `python -m benchmarks.sync [--n 10000] [--rounds 3] [--html-share 0.1]`. Ratios of one run mean
something; mails a second are this machine's.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from benchmarks.receiving import fill
from inbox.fetching import Step
from inbox.intake import Intake
from inbox.model import Message
from inbox.ports import Waiting
from inbox.settings import Settings
from inbox.worker import Worker
from main import LOOK_FOR_GARBAGE
from storage.connection import WORKER_CACHE_KB
from storage.workspace import open_store
from tests.post_office import Known
from tests.servers.dovecot import Dovecot, running_dovecot, why_not
from tests.servers.mailboxes import on_dovecot

NOW = 1_793_000_000
USER = "bench"
MBSYNC = """
FSync {fsync}

IMAPStore far
Host {host}
Port {port}
User {user}
Pass secret
SSLType None
AuthMechs LOGIN

MaildirStore near
Inbox {folder}/inbox
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Sync Pull
Create Near
SyncState *
"""


@dataclass
class Timed:
    """Seconds of one run of ours, and of what they went to."""

    whole: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)

    @contextlib.contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Add the seconds of what is done inside to a part."""
        began = time.perf_counter()
        yield
        self.parts[name] = self.parts.get(name, 0.0) + time.perf_counter() - began


TIMED = Timed()


class MeasuredIntake(Intake):
    """An intake that notes its time."""

    def keep(self, mailbox: str, step: Step) -> list[Waiting]:
        """As it is, timed."""
        with TIMED.part("storing"):
            return super().keep(mailbox, step)

    def place(self, waiting: Sequence[Waiting], messages: Sequence[Message | None]) -> int:
        """As it is, timed."""
        with TIMED.part("placing"):
            return super().place(waiting, messages)


class Measured(Worker):
    """A worker that notes what its time goes to; the rest of it is waiting for the server."""

    def intake(self) -> Intake:
        """The usual one, timed."""
        plain = super().intake()
        return MeasuredIntake(*(getattr(plain, each.name) for each in fields(plain)))


def ours(server: Dovecot, n: int) -> Timed:
    """One pass of a worker over an empty workspace."""
    settings = Settings(mailboxes=(on_dovecot(server, USER),), us_words=("@helpdesk.example",))
    with tempfile.TemporaryDirectory(prefix="frontdesk-sync-") as folder:
        store = open_store(Path(folder) / "shop", cache_kb=WORKER_CACHE_KB)
        store.apply(settings, NOW)
        TIMED.parts.clear()
        worker = Measured(
            store=store,
            settings=settings,
            us=settings.us,
            secrets=Known({}, []),
            clock=lambda: NOW,
        )
        began = time.perf_counter()
        done = worker.once()
        whole = time.perf_counter() - began
        store.close()
    if (done.fetched, done.placed, done.troubles) != (n, n, []):
        raise RuntimeError(f"not everything came: {done}")
    return Timed(whole, {**TIMED.parts, "waiting for the server": whole - sum(TIMED.parts.values())})


def mbsync(server: Dovecot, n: int, fsync: str) -> float:
    """One pull into an empty Maildir; seconds."""
    with tempfile.TemporaryDirectory(prefix="frontdesk-mbsync-") as text:
        folder = Path(text)
        config = folder / "mbsyncrc"
        config.write_text(
            MBSYNC.format(host=server.host, port=server.port, user=USER, folder=folder, fsync=fsync), "utf-8"
        )
        began = time.perf_counter()
        subprocess.run(["mbsync", "-qq", "-c", str(config), "all"], check=True)
        seconds = time.perf_counter() - began
        came = sum(1 for kind in ("cur", "new") for _ in (folder / "inbox" / kind).iterdir())
        if came != n:
            raise RuntimeError(f"mbsync brought {came} of {n}")
        return seconds


def report(name: str, n: int, seconds: list[float], note: str = "") -> None:
    """One line of the table."""
    middle = statistics.median(seconds)
    print(f"{name:<28} {middle:7.2f} s {n / middle:9.0f} mails/s   {note}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--html-share", type=float, default=0.1)
    given = parser.parse_args()
    if (reason := why_not()) is not None:
        raise SystemExit(f"No sync was measured: {reason}.")
    peer = shutil.which("mbsync") is not None
    gc.set_threshold(LOOK_FOR_GARBAGE)  # as every command of Frontdesk does
    with running_dovecot() as server:
        size = fill(server, USER, given.n, given.html_share)
        runs: list[Timed] = []
        others: dict[str, list[float]] = {"yes": [], "no": []}
        for _ in range(given.rounds):
            runs.append(ours(server, given.n))
            for fsync, seconds in others.items():
                if peer:
                    seconds.append(mbsync(server, given.n, fsync))
    print(f"{given.n} mails, {size / 2**20:.0f} MB, median of {given.rounds}")
    middle = sorted(runs, key=lambda run: run.whole)[len(runs) // 2]
    shares = ", ".join(f"{name} {part / middle.whole:.0%}" for name, part in middle.parts.items())
    report("frontdesk", given.n, [run.whole for run in runs], shares)
    if not peer:
        print("mbsync is not installed here (Debian: apt-get install isync), so nothing stands beside it.")
        return
    report("mbsync", given.n, others["yes"], "FSync yes")
    report("mbsync", given.n, others["no"], "FSync no")
    ratio = statistics.median(others["yes"]) / middle.whole
    print(f"frontdesk is {ratio:.2f} x as fast as mbsync")


if __name__ == "__main__":
    main()
