"""Frontdesk beside neomutt, aerc and alot, on the same mail and in the same minutes, where they can do the same.

Run by hand: `python -m benchmarks.peers MAILDIR --workspace DIR [--now INSTANT] [--rounds 3] [--size 160x48 80x24]`, with
the workspace that the Maildir was imported into, and the programs of Debian (`apt install neomutt aerc alot notmuch`).
alot reads the index of notmuch, which is made in a copy of the Maildir's links when there is none yet; its time is not
counted. A program that ends, or shows nothing within `--patience` seconds, is left out, and that is said. Lists must be
longer than what is pressed (some 120 rows, also of what is due): at their end nothing moves, and nothing is measured.

All are asked for: the first screen with mail, a line down and up, the same key held, a conversation opened, ten seconds of
nothing, memory. Their lists hold what they hold: a message a line in neomutt and aerc, a thread in alot, a conversation,
its beginning and its customer in Frontdesk.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.screen import Size, Terminal, frontdesk, known_name, read_size, spread
from benchmarks.workspace import NOW

KEYS, HELD, OPENED = 20, 90, 5


@dataclass(frozen=True)
class Program:
    """What is measured: how it is started, what is seen when it is there, the key that leaves a conversation."""

    name: str
    command: Sequence[str]
    seen: str
    environment: Mapping[str, str] = field(default_factory=dict)
    back: bytes = b"q"


@dataclass
class Found:
    """What was measured of one program at one size, over all rounds."""

    start: list[float] = field(default_factory=list)
    start_bytes: list[int] = field(default_factory=list)
    keys: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    held: list[float] = field(default_factory=list)
    opens: list[float] = field(default_factory=list)
    idle: list[int] = field(default_factory=list)
    peak: float = 0.0

    def take(self, terminal: Terminal, program: Program, patience: float) -> None:
        """One round. Raises SystemExit when the program ends or shows nothing."""
        self.start.append(terminal.until(program.seen, patience) * 1000)
        terminal.settle(1.0)
        self.start_bytes.append(len(terminal.written))
        for key in (b"j", b"k"):
            for _ in range(KEYS):
                answered = terminal.press(key)
                if answered.size:
                    self.keys.append(answered.last * 1000)
                    self.sizes.append(answered.size)
                terminal.settle(0.15)
        lags, _, sent = terminal.hold(b"j", HELD, 30)
        self.lags += [lag * 1000 for lag in lags]
        self.held.append(sent / (HELD / 30) / 1000)
        terminal.settle()
        self.idle.append(terminal.watch(10))
        for _ in range(OPENED):
            self.opens.append(terminal.press(b"\r", 0.2).last * 1000)
            terminal.press(program.back, 0.2)
            terminal.press(b"k", 0.2)
        self.peak = max(self.peak, terminal.peak_mb())


def programs(maildir: Path, workspace: Path, now: int, folder: Path) -> list[Program]:
    """Those that are installed, each with settings of its own in a folder that goes away again."""
    root = folder / "mail" / "INBOX"
    root.mkdir(parents=True)
    for part in ("cur", "new", "tmp"):
        (root / part).symlink_to((maildir / part).resolve())
    (folder / "mutt").write_text(
        f"set mbox_type=Maildir\nset folder={folder}\nset sort=reverse-date\nset header_cache={folder}/headers\n"
    )
    aerc = folder / ".config" / "aerc"
    aerc.mkdir(parents=True)
    accounts = aerc / "accounts.conf"
    accounts.write_text(
        f"[mail]\nsource = maildir://{root.parent}\ndefault = INBOX\nfrom = me <me@here.example>\n"
    )
    accounts.chmod(0o600)
    notmuch = folder / "notmuch"
    notmuch.write_text(
        f"[database]\npath={root.parent}\n[user]\nprimary_email=me@here.example\n[new]\ntags=inbox\n"
        "[maildir]\nsynchronize_flags=false\n"
    )
    at_home = {"HOME": str(folder), "NOTMUCH_CONFIG": str(notmuch)}
    name = known_name(workspace, now)
    everybody = [
        Program("frontdesk", frontdesk(workspace, now=now), name),
        Program("neomutt", ["neomutt", "-n", "-F", str(folder / "mutt"), "-f", str(root)], "Re:"),
        Program("aerc", ["aerc"], "Re:", at_home),
        Program("alot", ["alot", "search", "tag:inbox"], " inbox ", at_home, b"d"),
    ]
    there = [one for one in everybody if shutil.which(one.command[0])]
    if any(one.name == "alot" for one in there):
        print("alot's index is being made …", file=sys.stderr, flush=True)
        subprocess.run(["notmuch", "new", "--quiet"], env={**os.environ, **at_home}, check=True)
    return there


def main() -> None:
    """Print a table for each size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("maildir", type=Path)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--now", type=datetime.fromisoformat, default=datetime.fromtimestamp(NOW, UTC))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--patience", type=float, default=60.0)
    parser.add_argument("--size", nargs="+", default=["160x48", "80x24"])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        known = programs(given.maildir, given.workspace, int(given.now.timestamp()), Path(name))
        for words in given.size:
            table(known, read_size(words), given.rounds, given.patience)


def table(known: Sequence[Program], size: Size, rounds: int, patience: float) -> None:
    """All programs at one size, in turns."""
    found = {program.name: Found() for program in known}
    left = list(known)
    for _ in range(rounds):
        for program in list(left):
            terminal = Terminal(program.command, size, program.environment)
            try:
                found[program.name].take(terminal, program, patience)
            except SystemExit as error:
                print(f"{program.name} is left out: {str(error).partition(':')[0]}", flush=True)
                left.remove(program)
            terminal.end()
    print(
        f"\n{size[0]}x{size[1]}, load {os.getloadavg()[0]:.1f}\n{'':10} {'first, ms':>10} {'bytes':>7}"
        f" {'key, ms':>16} {'bytes':>6} {'held, kB/s':>11} {'lag, ms':>16} {'open, ms':>9} {'idle':>5} {'MB':>5}"
    )
    for name, each in ((program.name, found[program.name]) for program in left):
        print(
            f"{name:10} {statistics.median(each.start):10.0f} {statistics.median(each.start_bytes):7.0f}"
            f" {spread(each.keys):>16} {statistics.median(each.sizes):6.0f} {statistics.median(each.held):11.1f}"
            f" {spread(each.lags):>16} {statistics.median(each.opens):9.1f} {max(each.idle):5} {each.peak:5.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
