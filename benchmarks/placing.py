"""What it costs to place one more mail: in workspaces of a thousand and ten thousand mails, and in one conversation of
ten thousand (a monitor that answers itself for ever).

Run by hand: `python -m benchmarks.placing [--large 10000] [--times 60] [--profile]`. The small and the large are
measured in turn, so that their ratio holds on a noisy machine. The aim: a ratio of about 1, whatever the size.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from statistics import median

from inbox import mime
from inbox.actions import receive
from inbox.model import Who
from inbox.ports import Decide, Scope
from inbox.settings import Settings
from inbox.us import Us
from storage.workspace import Workspace, open_store

OURS = "support@shop.example"
US = Us.of([OURS])
WHO = Who("sync")
BEGAN = 1_773_650_000


@dataclass
class Series:
    """Mails that come one a minute: all to one conversation, or each an answer to one of many."""

    store: Workspace
    together: bool
    kind: str
    count: int = 0

    def mail(self) -> bytes:
        """The next one."""
        self.count += 1
        mail = EmailMessage()
        sender = "monitor" if self.together else f"customer{self.count % 1000}"
        mail["From"], mail["To"] = f"{sender}@watch.example", OURS
        mail["Subject"] = "Disk almost full" if self.together else f"Question {self.count % 1000}"
        mail["Date"] = formatdate(BEGAN + self.count * 60)
        mail["Message-ID"] = f"<{self.count}.{self.kind}@watch.example>"
        before = self.count - (1 if self.together else 1000)
        if before > 0:
            mail["In-Reply-To"] = f"<{before}.{self.kind}@watch.example>"
            mail["References"] = " ".join(
                f"<{n}.{self.kind}@watch.example>" for n in range(max(1, before - 9), before + 1)
            ) if self.together else mail["In-Reply-To"]  # fmt: skip
        if self.kind == "automatic":
            mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(f"Mail {self.count}: " + "the disk of the web server is almost full. " * 8)
        return mail.as_bytes()

    def arrival(self, history: bool) -> receive.Arrival:
        """The next one on its way in."""
        raw = self.mail()
        return receive.Arrival(mime.parse(raw), raw, BEGAN + self.count * 60, history=history, us=US)

    def fill(self, size: int) -> None:
        """So many of them, as an import brings them."""

        def changes() -> Iterator[tuple[Scope, Decide]]:
            while self.count < size:
                arrival = self.arrival(history=True)
                yield receive.scope(arrival), receive.deciding(arrival)

        self.store.change_each(changes(), WHO, BEGAN, after=lambda _: None)

    def place(self) -> float:
        """Milliseconds of placing the next one, read already, in a transaction of its own."""
        arrival = self.arrival(history=False)
        began = time.perf_counter()
        outcome = self.store.change(
            receive.scope(arrival), receive.deciding(arrival), WHO, BEGAN + self.count * 60
        )
        took = (time.perf_counter() - began) * 1000
        assert outcome.refusal is None
        return took


def series(folder: Path, size: int, together: bool, kind: str) -> Series:
    """A workspace of its own with so many mails."""
    store = open_store(folder)
    store.adopt(Settings(host_zone="UTC"), BEGAN)
    made = Series(store, together, kind)
    made.fill(size)
    return made


def main() -> None:
    """Print what one mail costs, small and large."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--large", type=int, default=10_000)
    options.add_argument("--times", type=int, default=60)
    options.add_argument("--profile", action="store_true")
    given = options.parse_args()
    ways = (
        ("one conversation, a person", 10, True, "person"),
        ("one conversation, a machine", 10, True, "automatic"),
        ("many conversations", given.large // 10, False, "person"),
    )
    for words, small, together, kind in ways:
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            pair = [series(Path(folder) / str(n), n, together, kind) for n in (small, given.large)]
            filled = time.perf_counter() - begun
            for each in pair:
                each.place()  # what is read once is read now
            took: list[list[float]] = [[], []]
            profile = cProfile.Profile()
            for _ in range(given.times):
                took[0].append(pair[0].place())
                if given.profile:
                    profile.enable()
                took[1].append(pair[1].place())
                profile.disable()
            one, other = median(took[0]), median(took[1])
            print(
                f"{words:30} {small:6}: {one:7.2f} ms   {given.large:6}: {other:7.2f} ms   ratio {other / one:5.2f}"
                f"   (filled in {filled:.1f} s)"
            )
            if given.profile:
                pstats.Stats(profile).sort_stats("cumulative").print_stats(25)
            for each in pair:
                each.store.close()


if __name__ == "__main__":
    main()
