"""Keys that a slow line cuts in two: an arrow is Esc, [ and A, and must not become going back and two other verbs.

A terminal sends Esc alone and Esc as the beginning of another key; only what follows tells them apart. Over a slow line
the rest may come a round trip late, and when a packet was lost later still. So what may be a beginning is kept for a
while; and where an Esc was believed after all and the rest of a key comes then, that rest is thrown away: nobody can
have typed it. Nothing here reads a clock: `now` is monotonic seconds.

What a terminal says in strings (its colours, its name: OSC, DCS, SOS, PM, APC) is no key, and goes nowhere from here:
nobody asked while keys are read. It begins as Alt with ], P, X, ^ or _ does; again only what follows tells them apart.
"""

from __future__ import annotations

import re

SLOW = 0.1
"""Seconds of a round trip from which a line is slow, whatever is known of it otherwise."""

PATIENCE = 0.4
"""Seconds over SSH, beside two round trips, until a lone Esc is believed; Textual's own 0.1 s come on top."""

REST = 2.5
"""Seconds a longer beginning is kept, and for which the rest of a key is known as one: a lost packet is sent again."""

MOMENT = 0.1
"""Seconds in which the terminal beside us says more than the first two bytes of a string."""

LONGEST = 4096
"""Characters of a string after which its end is not waited for any more."""

BY_HAND = 32
"""Characters that hands may have typed behind Alt with such a key, until it is one."""

_BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|O)?\Z")
_LATE = re.compile(
    r"(?:\[(?:[ABCDFHIOZ]|[<?]?\d[\d;:]*[ -/]*[@-~])|O[ABCDFHP-S]|[]PX^_][^\x07\x1b]+(?:\x07|\x1b\\))"
)
"""The rest of a key, of a report of the mouse, of the terminal's answer; a single letter only where it is an arrow's."""
_STRING = re.compile(r"\x1b[]PX^_](?P<said>[^\x07\x1b]*)(?P<end>\x07|\x1b(?:\\|\Z)|\Z)?")
"""A string of the terminal, as far as it is here; without an end where something else follows."""
_ANSWER = re.compile(r"\x1b(?:\]\d+;|P(?:[>!]\||\d[$+][a-z])|_G[A-Za-z]=)")
"""As answers begin that terminals are known to give, and nothing that is typed."""


def patience(over_ssh: bool, round_trip: float) -> float:
    """Seconds a lone Esc is kept; 0 where the terminal stands beside us."""
    return PATIENCE + 2 * round_trip if over_ssh or round_trip >= SLOW else 0.0


class CutKeys:
    """What came from the terminal goes through here. `patience` may be set at any time."""

    def __init__(self, patience: float = 0.0) -> None:
        self.patience = patience
        self._kept = ""
        self._until = 0.0
        self._late_until = float("-inf")

    @property
    def waits(self) -> bool:
        """Whether something is kept: somebody has to look at `overdue`."""
        return bool(self._kept)

    def take(self, text: str, now: float) -> str:
        """What can be read now, after this came."""
        typed = self.overdue(now) if self._kept[1:] and _STRING.match(self._kept) else ""
        return typed + self._taken(text, now)

    def _taken(self, text: str, now: float) -> str:
        if not self._kept and now < self._late_until and (late := _LATE.match(text)):
            text = text[late.end() :]
        self._late_until = float("-inf")
        known, self._kept = self._kept, ""
        text = self._without_strings(known + text, known, now)
        if self._kept:
            return text
        begun = _BEGUN.search(text) if self.patience else None
        if begun is None:
            return text
        self._kept = begun[0]
        self._until = now + (self.patience if self._kept == "\x1b" else max(REST, self.patience))
        return text[: begun.start()]

    def _without_strings(self, text: str, known: str, now: float) -> str:
        """What is left without the strings in it. One whose end may still come is kept; it began before, where a text
        begins with what was `known`, and is waited for no longer than from then on."""
        left, at = [], 0
        while (found := _STRING.search(text, at)) is not None:
            left.append(text[at : found.start()])
            at = found.end()
            if found["end"] is None or (found["end"] and not found["said"]):
                at = found.end("said")  # keys, or a string that was cut short
                left.append(_typed(text[found.start() : at]))
            elif found["end"] in ("", "\x1b"):
                if len(found[0]) <= LONGEST:
                    self._kept = found[0]
                    if found.start() or not _STRING.match(known):
                        self._until = now + (self.patience or MOMENT)
                    if _ANSWER.match(found[0]) and not _ANSWER.match(known):
                        self._until = now + max(REST, self.patience)
                return "".join(left)
        return "".join([*left, text[at:]])

    def overdue(self, now: float) -> str:
        """What was kept long enough, and is read as it stands."""
        if not self._kept or now < self._until:
            return ""
        text, self._kept = self._kept, ""
        if _STRING.match(text):
            return _typed(text)
        self._late_until = now + REST
        return text


def _typed(text: str) -> str:
    """What began as a string and is none: keys, unless no hand types such."""
    return "" if _ANSWER.match(text) or len(text) > BY_HAND else text
