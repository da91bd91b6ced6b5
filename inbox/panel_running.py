"""Running the programs of `[panel.NAME]`, on threads of the worker: each one question at a time, never more than 3 seconds.

A screen asks and shows (`inbox.panels`), and runs nothing: what hangs, floods or forks here delays no key.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from inbox.errors import FrontdeskError
from inbox.model import Instant
from inbox.panels import Asked, PanelBook, PanelCommand, Unfilled, filled, values_of
from inbox.ports import Workspace
from inbox.program_output import SECONDS, output_of
from inbox.programs import without_secrets
from inbox.settings import Settings
from inbox.text import one_line, sanitise

MOST_LINES = 30
LONGEST_LINE = 200
"""What is kept of an answer: so many lines of so many characters."""
LOOK = 0.2
"""Seconds between two looks whether somebody asks."""
AGAIN = 5.0
"""Seconds after which it is tried again to be the one who answers, or to write where that failed."""
ENDS_WITHIN = 2.0
"""Seconds that are waited for what is under way when the worker ends."""


_COLOURS = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-_])")
"""Colours and what else a program would tell a terminal (ECMA-48, 5.4 and 8.3): nobody is to read their remains."""


def readable(data: bytes, cut: bool = False) -> str:
    """What a program printed as lines for a screen: sanitised, none too long, not too many of them."""
    text = sanitise(_COLOURS.sub("", data.decode("utf-8", "replace"))).expandtabs(8)
    lines = [_short(line.rstrip()) for line in text.strip("\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) > MOST_LINES or (cut and lines):
        lines = [*lines[: MOST_LINES - 1], "… it said more than is shown here"]
    return "\n".join(lines)


def _short(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"


@dataclass(slots=True)
class Panels:
    """Answers what screens ask, from `start` to `end`.

    refused: why nothing may be run ("" where it may); that is told to whoever asks. noted: hears what stands in the way
    of answering at all. environment: what the programs get, without the variables that hold our passwords.
    """

    store: Workspace
    settings: Settings
    clock: Callable[[], Instant]
    environment: Mapping[str, str]
    refused: str = ""
    noted: Callable[[str], None] = lambda _: None
    seconds: float = SECONDS
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _running: dict[str, threading.Thread] = field(default_factory=dict)
    _troubles: set[str] = field(default_factory=set)

    def start(self) -> None:
        """Begin to answer, if there is anything to ask."""
        if self.settings.panels:
            self._thread = threading.Thread(target=self._stay, name="panels", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Answer nothing more; what runs is ended."""
        self._over.set()
        for thread in (self._thread, *self._running.values()):
            if thread is not None:
                thread.join(ENDS_WITHIN)

    def _stay(self) -> None:
        while not self._over.is_set():
            try:
                book = self.store.panels
                with book.serving(self.refused) as ours:
                    while ours and not self._over.wait(LOOK):
                        if not self.refused:
                            self._look(book)
            except (FrontdeskError, OSError) as error:
                self._say(error.what if isinstance(error, FrontdeskError) else str(error.strerror))
            self._over.wait(AGAIN)

    def _say(self, words: str) -> None:
        if words not in self._troubles:
            self._troubles.add(words)
            self.noted(f"What is asked of programs for the customer's panel cannot be answered: {words}")

    def _look(self, book: PanelBook) -> None:
        """Begin what is asked: of each program one thing at a time."""
        for panel in self.settings.panels:
            busy = self._running.get(panel.name)
            if (busy is None or not busy.is_alive()) and (asked := book.next(panel.name)) is not None:
                thread = threading.Thread(target=self._answer, args=(panel, asked), name="panel", daemon=True)
                self._running[panel.name] = thread
                thread.start()

    def _answer(self, panel: PanelCommand, asked: Asked) -> None:
        text, trouble = self._asked(panel, asked)
        if self._over.is_set():
            return  # it was ended with us: whoever comes next does it
        with suppress(FrontdeskError):  # said by the next look, which reads the same file
            self.store.panels.answer(asked, panel.mark, text, trouble, self.clock())

    def _asked(self, panel: PanelCommand, asked: Asked) -> tuple[str, str]:
        """What the program says of the customer, and what went wrong."""
        try:
            customer = self.store.customer(asked.customer)
            if customer is None:
                return "", "there is no such customer any more"
            arguments = filled(panel.command, values_of(customer))
        except Unfilled as missing:
            return "", f"not asked: {missing}"
        except FrontdeskError as error:
            return "", one_line(error.what, 200)
        environment = without_secrets(self.environment, self.settings)
        found = output_of(arguments, environment, seconds=self.seconds, over=self._over.is_set)
        return readable(found.data, found.cut), found.trouble
