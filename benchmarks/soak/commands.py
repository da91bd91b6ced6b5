"""Commands as people and cron run them beside the screens; some are killed half way."""

from __future__ import annotations

import json
import random
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO

from benchmarks.soak.plan import Ledger, letters

LOT = 30
"""Mails in a file that is imported."""


@dataclass
class Running:
    """A command that runs. `words`: what it writes; `mails`: what it brings in; `until`: when it is killed, if it is."""

    process: subprocess.Popen[bytes]
    said: IO[bytes]
    what: Sequence[str]
    until: float | None
    note: str = ""
    mails: frozenset[str] = frozenset()


class Commands:
    """Whoever types them. `base`: `frontdesk --workspace …`, without who."""

    def __init__(
        self,
        base: Sequence[str],
        folder: Path,
        conversations: Sequence[int],
        ledger: Ledger,
        dice: random.Random,
    ) -> None:
        self._base, self._folder, self._conversations = base, folder, conversations
        self._ledger, self._dice = ledger, dice
        self._letters = letters("import")
        self._number = 0
        self._running: list[Running] = []
        self._again: list[tuple[list[str], frozenset[str]]] = []

    def start(self, who: str) -> None:
        """Run one more, now and then with a kill before it."""
        one = str(self._dice.choice(self._conversations))
        lot = self._dice.randrange(10)
        note, mails, words = "", frozenset[str](), ["list", "--json", "--limit", "50"]
        if lot < 3:
            self._number += 1
            note = f"command{self._number}x"
            self._ledger.begun.add(note)
            words = ["note", one, "--text", f"{note} by command"]
        elif lot == 3:
            words = ["due", "--status"]
        elif lot == 4:
            words = ["search", "friday", "--limit", "20"]
        elif lot == 5:
            words = ["show", one]
        elif lot == 6:
            words = ["tag", one, "--add", f"t{self._dice.randrange(9)}"]
        elif lot == 7:
            words, mails = self._again.pop() if self._again else self._file()
        killed = time.monotonic() + self._dice.uniform(0.05, 0.6) if self._dice.random() < 0.2 else None
        self.run(["--as", who, *words], killed, note, mails)

    def run(
        self,
        words: Sequence[str],
        killed: float | None = None,
        note: str = "",
        mails: frozenset[str] = frozenset(),
    ) -> None:
        """Start it."""
        said = tempfile.TemporaryFile()  # noqa: SIM115 (closed when it has ended)
        process = subprocess.Popen([*self._base, *words], stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        self._running.append(Running(process, said, words, killed, note, mails))

    def look(self) -> None:
        """Take note of those that have ended; kill those whose time has come."""
        for one in list(self._running):
            status = one.process.poll()
            if status is None:
                if one.until is not None and time.monotonic() > one.until:
                    one.process.kill()
                    self._ledger.counts["commands killed"] += 1
                    one.until = None
                continue
            self._running.remove(one)
            self._ended(one, status)

    def finish(self, patience: float = 60.0) -> None:
        """Let all end, and bring in what was interrupted."""
        for words, mails in self._again:
            self.run(["--as", "maya", *words], mails=mails)
        self._again.clear()
        end = time.monotonic() + patience
        while self._running and time.monotonic() < end:
            self.look()
            time.sleep(0.05)
        for one in self._running:
            self._ledger.error(" ".join(one.what[2:5]), "it does not end")
        self.stop()

    def stop(self) -> None:
        """End those that still run."""
        for one in self._running:
            one.process.kill()
            one.process.wait()
            one.said.close()
        self._running.clear()

    def _ended(self, one: Running, status: int) -> None:
        one.said.seek(0)
        said = one.said.read().decode("utf-8", "replace")
        one.said.close()
        self._ledger.counts["commands"] += 1
        name = one.what[2]
        if status == -9:
            if one.mails:
                self._again.append((list(one.what[2:]), one.mails))
        elif "Traceback" in said or "Something went wrong" in said or status not in (0, 1):
            self._ledger.error(f"frontdesk {name} ({status})", said)
        elif status == 0:
            if one.note:
                self._ledger.notes.add(one.note)
            if one.mails:
                told = json.loads(said)
                if told["added"] + told["known"] != len(one.mails) or told["refused"]:
                    self._ledger.error("frontdesk import", said)
                self._ledger.imported |= one.mails
        elif name in ("note", "import"):  # a tag that is there already is a refusal as it should be
            self._ledger.error(f"frontdesk {name} ({status})", said)

    def _file(self) -> tuple[list[str], frozenset[str]]:
        """A file with mails in it that nobody has seen yet."""
        self._number += 1
        found = list(islice(self._letters, LOT))
        path = self._folder / f"import{self._number}.mbox"
        path.write_bytes(
            b"".join(
                b"From - Mon Nov 16 10:00:00 2026\n" + raw.replace(b"\r\n", b"\n") + b"\n" for _, raw in found
            )
        )
        return ["import", "--json", str(path)], frozenset(message_id for message_id, _ in found)
