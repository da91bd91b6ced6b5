"""A person at a screen: a real `frontdesk` in a terminal, keys at a human pace, eyes that see what was kept."""

from __future__ import annotations

import os
import random
import signal
import time
from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from contextlib import suppress

from benchmarks.receiving import cpu_seconds, memory_mb
from benchmarks.screen import Size, Terminal
from benchmarks.soak.plan import Ledger
from tests.glass import Glass

OPENED = "? help"
"""Stands in the bottom line of a list and of a conversation, whatever else does."""
WRONG = ("Traceback", "Something went wrong", "nothing was changed", "it is not kept")
Steps = Iterator[float]
"""What a person does: each number is how many seconds they wait before they go on."""


class Player:
    """One of them. `kind`: "reads", "writes" or "watches" (the conversation `watched`, and never touches a key)."""

    def __init__(
        self,
        name: str,
        kind: str,
        command: Sequence[str],
        ledger: Ledger,
        dice: random.Random,
        size: Size,
        watched: str = "",
    ) -> None:
        self.name, self.kind, self.watched = name, kind, watched
        self._command, self._ledger, self._dice, self._size = command, ledger, dice, size
        self._words = 0
        self.lags: list[float] = []
        self.memory: list[tuple[float, float]] = []
        self.spent = 0.0  # by the screens before this one
        self.open()

    def open(self) -> None:
        """Sit down at a new screen."""
        self.terminal = Terminal(self._command, self._size, {"FRONTDESK_THEME": "dark"})
        self.glass = Glass(*self._size)
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._fed = 0
        self._seen = ""
        self._looked = 0
        self._pressed: float | None = None
        self.memory = []
        self.began = time.monotonic()
        self.steps = self.live()
        self.next = 0.0

    # ------------------------------------------------------------------ what comes and goes

    def take(self) -> bool:
        """Take what the program has written; False once it has ended."""
        try:
            if self.terminal.pump(0) and self._pressed is not None:
                self.lags.append((self.terminal.last - self._pressed) * 1000)
                self._pressed = None
        except SystemExit:
            return False
        return True

    def look_for_trouble(self) -> None:
        """Whether what was written since the last look says that something went wrong."""
        if len(self.terminal.written) == self._looked:
            return
        said = f"{self.terminal.text(max(0, self._looked - 200))}\n{self.seen}"
        self._looked = len(self.terminal.written)
        for words in WRONG:
            if words in said:
                at = said.index(words)
                self._ledger.error(f"the screen of {self.name}", said[max(0, at - 200) : at + 200])

    def measure(self) -> None:
        """Note what it takes of memory."""
        with suppress(OSError, IndexError):
            self.memory.append((time.monotonic(), memory_mb(self.terminal.pid, "VmRSS")))

    def cpu(self) -> float:
        """Seconds of the processor so far, over all screens of this person."""
        try:
            return self.spent + cpu_seconds(self.terminal.pid)
        except OSError:
            return self.spent

    @property
    def seen(self) -> str:
        """What can be read on it now."""
        # looked at a thousand times a second: only what is new may cost time
        if self._fed < len(self.terminal.written):
            new = bytes(self.terminal.written[self._fed :])
            self._fed += len(new)
            self.glass.feed(self._decoder.decode(new))
            self._seen = self.glass.text
        return self._seen

    def kill(self) -> None:
        """End its program without a chance to do anything."""
        self.spent = self.cpu()
        os.kill(self.terminal.pid, signal.SIGKILL)
        self.bury()

    def bury(self) -> int:
        """Take note of the end of its program; the exit status, or minus the signal."""
        _, status = os.waitpid(self.terminal.pid, 0)
        os.close(self.terminal.fileno())
        return os.waitstatus_to_exitcode(status)

    def leave(self, patience: float = 20.0) -> None:
        """Go home as people do, and see that it ends well."""
        end = time.monotonic() + patience
        again = 0.0
        while self.take() and time.monotonic() < end:
            if time.monotonic() > again:  # right after a refusal a key is taken for one that was not meant
                self.press("\x11")
                again = time.monotonic() + 2
            time.sleep(0.01)
        self.look_for_trouble()
        if time.monotonic() >= end:
            self._ledger.error(f"the screen of {self.name}", f"it does not end:\n{self.seen}")
            os.kill(self.terminal.pid, signal.SIGKILL)
            self.bury()
        elif (status := self.bury()) != 0:
            self._ledger.error(f"the screen of {self.name}", f"it ended with {status}")

    def press(self, keys: str, timed: bool = False) -> None:
        """Press keys; `timed`: such as are answered by something on the screen."""
        if timed:
            self._pressed = time.perf_counter()
        with suppress(OSError):
            os.write(self.terminal.fileno(), keys.encode())

    # ------------------------------------------------------------------ what a person does

    def pause(self, usual: float) -> float:
        """A person's pause: about so long, sometimes much longer."""
        return min(self._dice.expovariate(1 / usual), 6 * usual)

    def until(self, words: str, seconds: float = 15.0) -> Iterator[float]:
        """Look until these words are there, or for so long."""
        end = time.monotonic() + seconds
        while words not in self.seen and time.monotonic() < end:
            yield 0.1

    def live(self) -> Steps:
        """A day."""
        yield from self.until(OPENED, 60.0)
        if OPENED not in self.seen:
            self._ledger.error(f"the screen of {self.name}", f"it did not open within a minute:\n{self.seen}")
        yield 2.0
        if self.kind == "watches":
            yield from self._watch()
        while True:
            yield self.pause(1.0)
            if self.kind == "writes":
                yield from self._dice.choice((self._answer, self._answer, self._note, self._read))()
            else:
                yield from self._read()

    def _watch(self) -> Steps:
        """Open one conversation and stay there."""
        self.press("\x07")  # ctrl+g: go to a conversation by its number
        yield 0.5
        self.press(self.watched)
        yield 1.0
        self.press("\r")
        while True:
            yield 3600.0

    def _read(self) -> Steps:
        """Go down the list, open one, page through it, go back; look at another view, sometimes search."""
        for _ in range(self._dice.randrange(2, 8)):
            self.press(self._dice.choice("jjjjk"))
            yield self.pause(0.4)
        for keys in self._dice.choice(
            (("\r", " ", "q"), ("\r", "]", "q"), ("2", "1"), ("g", "r"), ("G", "1"), ("v", "\x1b"))
        ):
            self.press(keys)
            yield 0.3 + self.pause(0.8)

    def _word(self) -> str:
        """A word that is nowhere else in the world."""
        self._words += 1
        word = f"{self.name}x{self._words}x{int(self.began)}"
        self._ledger.begun.add(word)
        return word

    def _typed(self, text: str) -> Steps:
        for at in range(0, len(text), 4):
            self.press(text[at : at + 4], timed=True)
            yield 0.15

    def _composing(self, key: str, title: str) -> Steps:
        """Go to a conversation of the list and begin to write there, once what was written before has gone."""
        yield from self._until_gone(title, 20.0)
        self.press("1")
        yield 0.3
        for _ in range(self._dice.randrange(0, 12)):
            self.press("j")
            yield 0.15
        self.press("\r")
        yield 0.5 + self.pause(1.0)
        self.press(key)
        yield from self.until(title, 5.0)

    def _back(self) -> Steps:
        """Leave whatever is open."""
        for _ in range(3):
            self.press("\x1b")
            yield 0.3

    def _note(self) -> Steps:
        yield from self._composing("n", "only the team sees it")
        if " Note, only the team sees it" in self.seen:
            word = self._word()
            yield from self._typed(f"{word} called, nobody was there.")
            self.press("\x13")
            yield from self.until("Note written.", 15.0)
            self._heard("notes", word, "Note written." in self.seen)
        yield from self._back()

    def _answer(self) -> Steps:
        yield from self._composing("r", " Reply to ")
        if " Reply to " in self.seen:
            word = self._word()
            yield from self._typed(f"{word} it is on its way.")
            yield 1.0
            self.press("\x13")
            yield from self.until(" then: ", 10.0)
            asked = self.seen
            if " then: " in asked:
                if " a anyway" in asked:  # a check speaks: the person knows better
                    self.press("a")
                    yield 0.5
                    self.press("they asked for it\r")
                    yield 1.0
                yield 0.7
                self.press("\r")
                yield from self._until_gone(" then: ", 10.0)
                said = self.seen
                sent = " then: " not in said and ("sends in " in said or "It leaves " in said)
                self._heard("answers", word, sent and word not in said.partition("Reply to")[2])
        yield from self._back()

    def _until_gone(self, words: str, seconds: float) -> Steps:
        end = time.monotonic() + seconds
        while words in self.seen and time.monotonic() < end:
            yield 0.05
        yield 0.2

    def _heard(self, what: str, word: str, acknowledged: bool) -> None:
        """The screen said that it is kept, or it did not."""
        if acknowledged:
            getattr(self._ledger, what).add(word)
        self._ledger.counts[f"{what} at screens{'' if acknowledged else ', not acknowledged'}"] += 1
