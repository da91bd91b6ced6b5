"""What stands between a letter and its sending: hard stops and hints, as one calm line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inbox.recipients import parse_recipients
from inbox.text import one_line
from tui.widgets.hint_line import sign

if TYPE_CHECKING:
    from tui.keys import Keymap
    from tui.screens.letter import Letter
    from tui.seat import Seat
    from tui.widgets.letters import Opened


@dataclass(frozen=True, slots=True)
class Stop:
    """Something to heed: in words without a full stop, the verb that mends it, and whether a reason overrides it."""

    words: str
    verb: str = ""
    yields: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """How a letter stands: what holds it, and what is worth a look."""

    stops: list[Stop] = field(default_factory=list)
    hints: list[Stop] = field(default_factory=list)

    def count(self) -> list[str]:
        """How many of each, for the bar."""
        stops, hints = len(self.stops), len(self.hints)
        found = [f"! {stops} stop{'s' if stops > 1 else ''}"] if stops else []
        return found + ([f"{hints} hint{'s' if hints > 1 else ''}"] if hints else [])

    def line(self, keymap: Keymap, anyway: str) -> str:
        """All of them in one line, the key that mends each behind it."""
        parts = [f"! {_with_key(stop, keymap)}" for stop in self.stops] if not anyway else []
        if anyway:
            parts.append(f"goes anyway: {anyway}")
        return " · ".join([*parts, *(_with_key(hint, keymap) for hint in self.hints)])


def _with_key(stop: Stop, keymap: Keymap) -> str:
    keys = keymap.keys_for("compose", stop.verb) if stop.verb else ()
    return stop.words + (f" ({sign(keys[0])})" if keys else "")


def standing(letter: Letter, text: str, seat: Seat, opened: Opened | None) -> Standing:
    """What there is to say about a letter before it is sent."""
    stops: list[Stop] = []
    sides = [parse_recipients(", ".join(each)) for each in (letter.to, letter.cc, letter.bcc)]
    unparsed = [piece for _, bad in sides for piece in bad]
    if unparsed:
        stops.append(Stop(f"{one_line(unparsed[0], 60)} cannot be mailed", "fields", yields=False))
    if not any(good for good, _ in sides):
        stops.append(Stop("nobody would get it", "fields", yields=False))
    if not letter.sender:
        stops.append(Stop("none of our addresses is known to send from", "fields", yields=False))
    return Standing(stops)
