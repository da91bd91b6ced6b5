"""A terminal that is asked questions: what it answers itself, and what the person before it says.

Every question to the terminal ends with one that every terminal answers (DA1, ECMA-48 5.4 and DEC STD 070): when that
answer comes, no other will. One that does not answer even that is asked nothing more. All waits are bounded.
"""

from __future__ import annotations

import os
import re
import select
import termios
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 3.0
"""Seconds a terminal gets for an answer: a slow line and a busy multiplexer lie between."""
A_PERSON = 60.0
"""Seconds a person gets."""
MOST = 65_536
"""Bytes of an answer; more is none."""
DA1 = "\x1b[c"
_DA1_ANSWER = re.compile(rb"\x1b\[\?[\d;]*c")
_SEQUENCE = re.compile(
    rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[P_^X][^\x1b]*\x1b\\|\x1b\[[0-?]*[ -/]*[@-~]|\x1b."
)


class Tty:
    """An open line to the terminal, taken out of its line-by-line mode. `patience` and `a_person`: seconds to wait."""

    def __init__(self, line: int, patience: float = PATIENCE, a_person: float = A_PERSON) -> None:
        self._line = line
        self._patience = patience
        self._a_person = a_person

    def say(self, words: str) -> None:
        """Write something as it is."""
        data = words.encode()
        while data:
            data = data[os.write(self._line, data) :]

    def asked(self, question: str) -> bytes | None:
        """All it answered to a question before the answer to DA1; None when that did not come."""
        termios.tcflush(self._line, termios.TCIFLUSH)
        self.say(question + DA1)
        until = time.monotonic() + self._patience
        answer = b""
        while (left := until - time.monotonic()) > 0 and len(answer) < MOST:
            if not select.select([self._line], [], [], left)[0]:
                return None
            piece = os.read(self._line, 4096)
            if not piece:
                return None
            answer += piece
            if found := _DA1_ANSWER.search(answer):
                return answer[: found.start()]
        return None

    def yes(self, question: str) -> bool | None:
        """Ask the person; None: no answer. Return alone means no, and what a terminal sends by itself means nothing."""
        line = self._typed(
            f"{question} [y/N] ",
            lambda typed: typed[:1] in (b"y", b"Y", b"n", b"N") or b"\r" in typed or b"\n" in typed,
        )
        self.say("\r\n")
        return None if line is None else line[:1] in (b"y", b"Y")

    def pasted(self, question: str) -> bytes | None:
        """What the person pastes and ends with Return; None: nothing came."""
        line = self._typed(f"{question} ", lambda typed: b"\r" in typed or b"\n" in typed)
        self.say("\r\n")
        return None if line is None else line.strip()

    def _typed(self, question: str, ends: Callable[[bytes], bool]) -> bytes | None:
        termios.tcflush(self._line, termios.TCIFLUSH)  # answers of the terminal that came late are no keys
        self.say(question)
        until = time.monotonic() + self._a_person
        raw = b""
        while (left := until - time.monotonic()) > 0 and len(raw) < MOST:
            if not select.select([self._line], [], [], left)[0]:
                return None
            piece = os.read(self._line, 4096)
            if not piece:
                return None
            raw += piece
            typed = _SEQUENCE.sub(b"", raw)
            if b"\x1b" not in typed and ends(typed):
                return typed
        return None


@contextmanager
def opened(line: int, patience: float = PATIENCE, a_person: float = A_PERSON) -> Iterator[Tty | None]:
    """The terminal behind a descriptor, keys coming one by one and unseen; None when there is no terminal. Afterwards it
    is as it was. Ctrl-C goes on being one."""
    try:
        own = os.open(os.ttyname(line), os.O_RDWR | os.O_NOCTTY)
    except OSError:
        yield None
        return
    try:
        before = termios.tcgetattr(own)
        tty.setcbreak(own, termios.TCSAFLUSH)
        try:
            yield Tty(own, patience, a_person)
        finally:
            termios.tcsetattr(own, termios.TCSAFLUSH, before)
    finally:
        os.close(own)
