"""Mail brought in from files while the screen goes on: `frontdesk import` in a process of its own, which reads and places,
so that no key waits for it. Stopped or killed, it leaves what came in so far; the same again goes on from there.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from inbox.errors import NotDone
from inbox.progress import figure
from inbox.text import one_line
from tui.line.progress import INTERRUPTED, TOLD, TOLD_AS
from tui.prompts import Option
from tui.restricted import RESTRICTED
from tui.screens.part import Part
from tui.screens.paths import Paths, path_of

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen
    from tui.screens.under_way import Work

LEAVES = "What came in so far stays."
REHEARSED = 120
"""Seconds by which the clock here is another than the wall's, from which the other process is told the time."""
_TOLD = re.compile(TOLD_AS + r"(\d{1,12}) (\d{1,12})")
_ENDING = 5.0  # seconds a process may take to end once it has closed what it writes to


class TakingIn(Part):
    """Brings mail in; one import at a time."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._going: _Import | None = None

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"import": self._ask}

    def _ask(self) -> None:
        self._may()

        def accept(answer: Option | str) -> None:
            self.begin(str(answer.value) if isinstance(answer, Option) else answer)

        Paths(self).ask("Import mail from", accept)

    def begin(self, typed: str) -> None:
        """Bring in what lies at a path, as it was typed."""
        self._may()
        path = path_of(typed.strip())
        if not typed.strip() or not path.exists():
            self.screen.say(f"There is nothing at {one_line(typed, 60)!r}. Name a file, or a folder of mail.")
            return
        now = self.seat.now()
        rehearsed = abs(now - time.time()) > REHEARSED
        at = ("--now", f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%SZ}") if rehearsed else ()
        command = (*self.seat.program, *at, "import", "--json", "--", str(path.absolute()))
        try:
            going = _Import(command, self._heard, self._ended)
        except OSError as error:
            raise NotDone(
                f"It could not be started: {error.strerror}.", "frontdesk import PATH does it."
            ) from error
        self._going = going
        going.work = self.screen.under_way.begin("importing", path.name or str(path), going.stop, LEAVES)
        self.screen.say(f"It comes in beside the keys. {self.called('under-way')} shows how far it is.")

    def _may(self) -> None:
        if self.seat.restricted:
            raise NotDone(RESTRICTED["import"])
        if not self.seat.program:
            raise NotDone("Nothing can be imported from here.", "frontdesk import PATH does it.")
        if self._going is not None:
            raise NotDone(
                "One import after the other.", f"{self.called('under-way')} shows how far this one is."
            )

    def _heard(self, done: int, total: int | None) -> None:
        if self._going is not None and self._going.work is not None:
            self.screen.under_way.at(self._going.work, done, total)

    def _ended(self, status: int, told: dict[str, object] | None, said: str) -> None:
        going, self._going = self._going, None
        if going is not None and going.work is not None:
            self.screen.under_way.end(going.work)
        was_stopped = status == INTERRUPTED or (
            going is not None and going.work is not None and going.work.stops
        )
        if told is None and was_stopped:
            self.screen.say("Stopped: nothing came in.")
        elif told is None:
            self.screen.say(f"Nothing came in. {one_line(said, 300)}".strip())
        else:
            counts = {name: _count(told[name]) for name in ("added", "known", "refused")}
            said_of = ", ".join(f"{figure(count)} {name}" for name, count in counts.items() if count)
            if status == INTERRUPTED:
                self.screen.say(
                    f"Stopped: {said_of or 'nothing came in'}. The same import goes on from there."
                )
            else:
                self.screen.say(f"Imported: {said_of or 'there was nothing'}.")
        self.screen.shelf.rang(None)


class _Import:
    """The process that imports, heard by Textual's own loop. `stop` lets it end between two messages."""

    def __init__(
        self,
        command: tuple[str, ...],
        heard: Callable[[int, int | None], None],
        ended: Callable[[int, dict[str, object] | None, str], None],
    ) -> None:
        self.work: Work | None = None
        self._heard, self._ended = heard, ended
        self._rest = b""
        self._said = ""
        self._told: dict[str, object] | None = None
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, TOLD: "1"},
            start_new_session=True,  # ctrl+c at the terminal is for the screen
        )
        assert self._process.stdout is not None
        self._from = self._process.stdout.fileno()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._from, self._read)

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)

    def _read(self) -> None:
        data = os.read(self._from, 65_536)
        *lines, self._rest = (self._rest + data).split(b"\n")
        if not data:
            lines.append(self._rest)
        for line in lines:
            self._take(line.decode("utf-8", "replace"))
        if not data:
            self._loop.remove_reader(self._from)
            self._end()

    def _take(self, line: str) -> None:
        if told := _TOLD.fullmatch(line):
            self._heard(int(told[1]), int(told[2]) or None)
        elif line.startswith('{"added":'):
            self._told = json.loads(line)
        elif line.strip() and not self._said:
            self._said = line.removeprefix("frontdesk: ")

    def _end(self) -> None:
        assert self._process.stdout is not None
        self._process.stdout.close()
        try:
            status = self._process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._ended(status, self._told, self._said)


def _count(value: object) -> int:
    return len(value) if isinstance(value, list) else int(str(value))
