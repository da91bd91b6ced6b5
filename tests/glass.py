"""A terminal's glass: what a person sees of what a program wrote, as cells with letters and inks.

It knows what Frontdesk says (cursor, inks, whole lines of text) and passes over modes, questions and strings, as any
terminal does. It has no scrollback, and like Frontdesk's screen it never wraps.
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
            elif token["what"] == "K":
                for column in range(x, self.columns + 1):
                    self.cells.pop((y, column), None)
            elif token[0] == _OTHER:
                self.cells.clear()
            elif token["control"] == "\n":
                self._at = min(y + 1, self.lines), x
            elif token["control"] == "\r":
                self._at = y, 1

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
