"""A terminal's glass: what a person sees of what a program wrote, as cells with letters and inks.

It knows what Frontdesk says, and multiplexers around it (cursor, inks, blanks), and passes over modes, questions and
strings, as any terminal does. It has no scrollback, and like Frontdesk's screen it never wraps.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)|\x1b\[(?P<numbers>[\d;]*)(?P<what>[@-~])|\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|(?P<control>.)",
    re.DOTALL,
)
_HALF = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]P_^X][^\x07\x1b]*\x1b?|[ -/]*)?\Z")
_STEPS = {"A": (-1, 0), "B": (1, 0), "C": (0, 1), "D": (0, -1)}
_OTHER = "\x1b[?1049h"

Ink = tuple[frozenset[str], str, str]
PLAIN: Ink = (frozenset(), "", "")
_ENDS = {"22": "12", "23": "3", "24": "4", "25": "56", "27": "7", "28": "8", "29": "9"}


def width_of(letter: str, wide_emoji: bool = True) -> int:
    """Cells of a letter; terminals do not agree on emoji."""
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    if ord(letter) >= 0x10000 and not wide_emoji:
        return 1
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


@dataclass
class Glass:
    """So many cells. `feed` it what a program writes; `text` is what can be read on it."""

    columns: int = 80
    lines: int = 24
    wide_emoji: bool = True
    cells: dict[tuple[int, int], tuple[str, Ink]] = field(default_factory=dict)
    _at: tuple[int, int] = (1, 1)
    _ink: Ink = PLAIN
    _rest: str = ""

    def feed(self, written: str) -> None:
        """Take what was written; a sequence that is half here waits for its rest."""
        written = self._rest + written
        half = _HALF.search(written)
        self._rest = written[half.start() :] if half else ""
        for token in _TOKEN.finditer(written, 0, len(written) - len(self._rest)):
            y, x = self._at
            if token["text"] is not None:
                self._write(token["text"])
            elif token["what"] == "m":
                self._colour(token["numbers"].split(";"))
            elif token["what"] == "H":
                row, _, column = token["numbers"].partition(";")
                self._at = min(int(row or 1), self.lines), min(int(column or 1), self.columns)
            elif token["what"] == "G":
                self._at = y, min(int(token["numbers"] or 1), self.columns)
            elif token["what"] in _STEPS and token["numbers"].isdigit() | (not token["numbers"]):
                down, right = _STEPS[token["what"]]
                many = int(token["numbers"] or 1)
                self._at = (
                    max(1, min(y + down * many, self.lines)),
                    max(1, min(x + right * many, self.columns)),
                )
            elif token["what"] in ("@", "P"):
                self._shift(int(token["numbers"] or 1) * (1 if token["what"] == "@" else -1))
            elif token["what"] in ("J", "K"):
                self._wipe(token["what"], token["numbers"] or "0")
            elif token[0] == _OTHER:
                self.cells.clear()
            elif token["control"] == "\n":
                self._at = min(y + 1, self.lines), x
            elif token["control"] == "\r":
                self._at = y, 1
            elif token["control"] == "\b":
                self._at = y, max(1, x - 1)

    @property
    def text(self) -> str:
        """What stands on it, line by line."""
        return "\n".join(self.line(y) for y in range(1, self.lines + 1))

    def line(self, y: int) -> str:
        """One line, from 1 on."""
        found = (self.cells.get((y, x), (" ", PLAIN))[0] for x in range(1, self.columns + 1))
        return "".join(found).rstrip()

    def seen(self) -> dict[tuple[int, int], tuple[str, frozenset[str], str, str]]:
        """What can be told apart: of a blank only the ground and what is drawn on it."""
        found = {}
        for place, (letter, (attributes, colour, ground)) in self.cells.items():
            drawn = attributes & frozenset("479")
            if letter != " " or drawn:
                found[place] = (letter, attributes, colour, ground)
            else:
                found[place] = (letter, drawn, "", ground)
        return found

    def _write(self, text: str) -> None:
        y, x = self._at
        for number, letter in enumerate(text):
            if letter in "\u200e\u200f":
                continue  # they part directions, and are not seen
            width = width_of(letter, self.wide_emoji)
            if not width or text[number - 1 : number] == "\u200d":  # a mark, or joined to the one before
                of = x - 1 if self.cells.get((y, x - 1), ("?",))[0] else x - 2
                if (y, of) in self.cells:
                    self.cells[y, of] = (self.cells[y, of][0] + letter, self.cells[y, of][1])
                continue
            x = min(x, self.columns + 1 - width)  # it does not wrap: the last cell is written again
            self._cut(y, x)
            self._cut(y, x + width)
            self.cells[y, x] = (letter, self._ink)
            if width == 2:
                self.cells[y, x + 1] = ("", self._ink)
            x += width
        self._at = y, x

    def _shift(self, cells: int) -> None:
        """Move what stands at the cursor and behind it to the right, or over the cursor to the left."""
        y, start = self._at
        first = start if cells > 0 else start - cells
        behind = {x: self.cells[y, x] for x in range(first, self.columns + 1) if (y, x) in self.cells}
        for x in range(start, self.columns + 1):
            self.cells.pop((y, x), None)
        self.cells.update(((y, x + cells), cell) for x, cell in behind.items() if x + cells <= self.columns)

    def _wipe(self, what: str, how: str) -> None:
        """Blank the line (K) or the screen (J): from the cursor on, up to it, or all of it (ECMA-48, EL and ED)."""
        for y, x in list(self.cells):
            place, here = ((y, x), self._at) if what == "J" else ((0, x), (0, self._at[1]))
            whole = how in ("2", "3") or (how == "0" and place >= here) or (how == "1" and place <= here)
            if whole and (what == "J" or y == self._at[0]):
                del self.cells[y, x]

    def _cut(self, y: int, x: int) -> None:
        """Half of a wide letter is none."""
        half = self.cells.get((y, x))
        if half is not None and half[0] == "":
            self.cells[y, x] = (" ", half[1])
            self.cells[y, x - 1] = (" ", half[1])

    def _colour(self, codes: list[str]) -> None:
        attributes, colour, ground = self._ink
        while codes:
            code = codes.pop(0)
            if code in ("", "0"):
                attributes, colour, ground = PLAIN
            elif code in ("38", "48"):
                count = 2 if codes[0] == "5" else 4
                said, codes = ";".join((code, *codes[:count])), codes[count:]
                colour, ground = (said, ground) if code == "38" else (colour, said)
            elif code in _ENDS:
                attributes -= frozenset(_ENDS[code])
            elif len(code) == 1:
                attributes |= {code}
            elif code[0] in "39" and code != "39":
                colour = code
            elif code == "39":
                colour = ""
            else:
                ground = "" if code == "49" else code
        self._ink = attributes, colour, ground
