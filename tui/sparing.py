"""What the terminal shows, cell by cell, so that nothing is sent to it twice.

Textual paints regions: a prompt that opens moves the panes by a line, and all of them are sent again, borders, blanks and
inks included; three times the whole screen when it opens. Between Textual and the line stands this: it reads what would
be written, compares it with what is there, and lets through what differs, with the fewest changes of ink. It is asked by
the driver (`tui.driver`), which is Textual's own place for what goes to a terminal.

It only ever leaves out. What it does not understand it hands on as it is and then knows nothing of the screen any more.
Where terminals disagree about the width of a text (emoji, joined letters, right to left) that text is never cut.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from inbox.text import cells

BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"
"""Around an update that a terminal shows at once (synchronized output)."""

HOME = (1, 1)
"""Where Textual leaves a cursor that nobody needs."""

_TOKEN = re.compile(r"([^\x00-\x1f\x7f-\x9f]+)|\x1b\[([\d;]*)m|\x1b\[(\d+);(\d+)H|(\n)|(.)", re.DOTALL)
_TEXT, _INK, _COLUMN, _LINE_END, _ODD = 1, 2, 4, 5, 6
_APART = re.compile(
    r"(?:\x07|\x1b\[[?<>=][\d;]*\$?[a-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP(?:\x1b[^\\]|[^\x1b])*\x1b\\)+"
)
"""Modes, questions, sounds, titles and the clipboard: they leave cells, cursor and ink as they are."""
_OTHER_SCREEN = "\x1b[?1049"

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29"}
"""What ends an attribute (ECMA-48, SGR)."""
_ON_BLANKS = frozenset("479")
"""Attributes that are seen where there is no letter: underlined, reversed, struck."""

_DOUBTED = re.compile("[\u0300-\u036f\u0900-\u0dff\u0e00-\u0eff\u200d\ufe0f\U0001f000-\U0001faff]")
"""Marks, joiners and emoji: terminals give them one cell, or two, or none."""

_WORTH = 5
"""Equal cells between two that differ which are sent again: to jump over them takes as many bytes."""

MOST_STEPS = 20_000
"""Changes of ink that are remembered, some megabytes: the screen's own are a few hundred, each picture has thousands."""

Pen = int
"""An ink by its number: attributes, colour of the letters, colour of the ground."""


class Sparing:
    """Knows what one terminal shows. `of` says what of an update must be sent."""

    def __init__(self) -> None:
        self._begin_inks()
        self.forget()

    def _begin_inks(self) -> None:
        self._inks: list[tuple[frozenset[str], str, str]] = []
        self._pens: dict[tuple[frozenset[str], str, str], Pen] = {}
        self._said: dict[tuple[Pen, str], Pen | None] = {}
        self._steps: dict[tuple[Pen, Pen], tuple[str, Pen]] = {}
        self._blank: list[Pen] = []
        self._plain = self._pen(frozenset(), "", "")

    def forget(self) -> None:
        """Nobody knows what the terminal shows: its size changed, or somebody else wrote to it."""
        self._rows: dict[int, _Row] = {}
        self._now: Pen | None = None  # the ink the terminal would write with
        self._cursor: tuple[int, int] | None = None

    def of(self, written: str) -> str:
        """What must be sent instead of this, which is whole: an update of Textual's, or something apart."""
        if len(self._said) + len(self._steps) > MOST_STEPS:
            self._begin_inks()
            self.forget()
        if not written.startswith("\x1b[") or written[2:3] in ("?", ">", "<", "="):
            return self._apart(written)
        worn = self._now
        spared = self._update(written)
        if spared is None:
            self._now = worn
            return self._apart(written)
        return spared

    def _apart(self, written: str) -> str:
        if _APART.fullmatch(written) and _OTHER_SCREEN not in written:
            return written
        plain = "" if self._now in (None, self._plain) else "\x1b[0m"
        self.forget()
        return plain + written

    # reading

    def _update(self, written: str) -> str | None:
        out: list[str] = []
        ink = self._plain
        at: tuple[int, int] | None = None
        runs: list[tuple[str, Pen]] = []
        for token in _TOKEN.finditer(written):
            kind = token.lastindex
            if kind == _TEXT:
                if at is None:
                    return None
                runs.append((token[_TEXT], ink))
                continue
            if kind == _INK:
                known = self._ink(ink, token[_INK])
                if known is None:
                    return None
                ink = known
                continue
            if kind == _ODD:
                return None
            if runs and at is not None:
                at = self._span(*at, runs, out)
                runs = []
            if kind == _COLUMN:
                at = int(token[3]), int(token[_COLUMN])
            elif at is not None:
                at = at[0] + 1, 1
        if runs and at is not None:
            self._span(*at, runs, out)
        elif at not in (
            None,
            HOME,
            self._cursor,
        ):  # where a text is being written: some help with typing looks there
            self._go(*at, out)
            self._cursor = at
        return "".join(out)

    def _span(self, y: int, x: int, runs: Sequence[tuple[str, Pen]], out: list[str]) -> tuple[int, int]:
        """Write runs side by side from a place on; where that ends."""
        letters: list[str] = []
        pens: list[Pen] = []
        rough = False
        for text, ink in runs:
            if text.isascii() or all(map(_is_steady, text)):
                letters += text
                if " " in text:
                    blank = self._blank[ink]
                    pens += [blank if letter == " " else ink for letter in text]
                else:
                    pens += [ink] * len(text)
            else:
                rough = True
                width = cells(text)
                letters += ["\0" + text, *[""] * (width - 1)][: max(1, width)]
                pens += [ink] * max(1, width)
        row = self._rows.setdefault(y, _Row())
        start, end = x - 1, x - 1 + len(letters)
        row.reach(end)
        old, worn = row.letters[start:end], row.pens[start:end]
        if old == letters and worn == pens:
            return y, end + 1
        if rough or row.rough:
            self._go(y, x, out)
            self._whole(x, runs, out)
            self._cursor = None
        else:
            for first, last in _differing(old, worn, letters, pens):
                self._go(y, x + first, out)
                self._say(letters[first:last], pens[first:last], out)
                self._cursor = y, x + last
        row.letters[start:end], row.pens[start:end] = letters, pens
        if rough or row.rough:
            row.rough = any(letter is not None and len(letter) != 1 for letter in row.letters)
        return y, end + 1

    # writing

    def _go(self, y: int, x: int, out: list[str]) -> None:
        if self._cursor == (y, x):
            return
        here = self._cursor is not None and self._cursor[0] == y
        out.append(f"\x1b[{x}G" if here else f"\x1b[{y};{x}H")

    def _say(self, letters: Sequence[str], pens: Sequence[Pen], out: list[str]) -> None:
        now, said = self._now, 0
        for number, pen in enumerate(pens):
            if pen == now:
                continue
            blank = letters[number] == " "
            if blank and now is not None and self._blank[now] == pen:
                continue
            out.append("".join(letters[said:number]))
            said = number
            code, now = self._step(now, pen, blank)
            out.append(code)
        out.append("".join(letters[said:]))
        self._now = now

    def _whole(self, x: int, runs: Sequence[tuple[str, Pen]], out: list[str]) -> None:
        """As it came; behind what may be wider or narrower than we think the columns are counted anew.

        Where it may be narrower, what it is to cover is wiped out first.
        """
        if any(_DOUBTED.search(text) for text, _ in runs):
            code, self._now = self._step(self._now, self._blank[runs[-1][1]], True)
            out.append(f"{code}{' ' * sum(cells(text) for text, _ in runs)}\x1b[{x}G")
        for number, (text, ink) in enumerate(runs):
            if ink != self._now:
                code, self._now = self._step(self._now, ink, False)
                out.append(code)
            out.append(text)
            x += cells(text)
            if not text.isascii() and number + 1 < len(runs):
                out.append(f"\x1b[{x}G")

    # inks

    def _pen(self, attributes: frozenset[str], colour: str, ground: str) -> Pen:
        ink = attributes, colour, ground
        if ink not in self._pens:
            self._pens[ink] = len(self._inks)
            self._inks.append(ink)
            self._blank.append(len(self._inks) - 1)
            if not attributes & _ON_BLANKS and (attributes or colour):
                self._blank[self._pens[ink]] = self._pen(frozenset(), "", ground)
        return self._pens[ink]

    def _ink(self, pen: Pen, codes: str) -> Pen | None:
        """The ink after these codes (SGR) in this one; None where one of them is not known."""
        if (pen, codes) not in self._said:
            self._said[pen, codes] = self._read_ink(pen, codes)
        return self._said[pen, codes]

    def _read_ink(self, pen: Pen, codes: str) -> Pen | None:
        attributes, colour, ground = self._inks[pen]
        parts = iter(codes.split(";"))
        for code in parts:
            if code in ("", "0"):
                attributes, colour, ground = frozenset(), "", ""
            elif code in _OFF:
                attributes |= {code}
            elif code in ("38", "48"):
                kind = next(parts, "")
                rest = [next(parts, "") for _ in range({"5": 1, "2": 3}.get(kind, 0))]
                said = ";".join((code, kind, *rest))
                if not rest or not all(rest):
                    return None
                colour, ground = (said, ground) if code == "38" else (colour, said)
            elif code == "39":
                colour = ""
            elif code == "49":
                ground = ""
            elif code in _LETTERS:
                colour = code
            elif code in _GROUNDS:
                ground = code
            else:
                return None
        return self._pen(attributes, colour, ground)

    def _step(self, now: Pen | None, pen: Pen, blank: bool) -> tuple[str, Pen]:
        """What turns one ink into another, and which it is then: on a blank only what is seen there counts."""
        if now is None:
            attributes, colour, ground = self._inks[pen]
            return f"\x1b[{';'.join(filter(None, ('0', *sorted(attributes), colour, ground)))}m", pen
        wanted = pen
        if blank and not self._inks[pen][0]:
            had, colour, _ = self._inks[now]
            wanted = self._pen(had - _ON_BLANKS, colour, self._inks[pen][2])
        if now == wanted:
            return "", now
        if (now, wanted) not in self._steps:
            self._steps[now, wanted] = self._shortest(now, wanted), wanted
        return self._steps[now, wanted]

    def _shortest(self, now: Pen, pen: Pen) -> str:
        had, had_colour, had_ground = self._inks[now]
        attributes, colour, ground = self._inks[pen]
        ended = {_OFF[each] for each in had - attributes}
        codes = [
            *sorted(ended),
            *sorted(each for each in attributes if each not in had or _OFF[each] in ended),
        ]
        if colour != had_colour:
            codes.append(colour or "39")
        if ground != had_ground:
            codes.append(ground or "49")
        anew = [each for each in ("0", *sorted(attributes), colour, ground) if each]
        return f"\x1b[{min(';'.join(codes), ';'.join(anew), key=len)}m"


class _Row:
    """One line of the terminal: a letter and an ink a cell. None: not known.

    A text whose width is doubtful stands in its first cell as a whole; the row is rough then.
    """

    __slots__ = ("letters", "pens", "rough")

    def __init__(self) -> None:
        self.letters: list[str | None] = []
        self.pens: list[Pen] = []
        self.rough = False

    def reach(self, width: int) -> None:
        more = width - len(self.letters)
        if more > 0:
            self.letters += [None] * more
            self.pens += [-1] * more


_LETTERS = frozenset(map(str, (*range(30, 38), *range(90, 98))))
_GROUNDS = frozenset(map(str, (*range(40, 48), *range(100, 108))))


@lru_cache(maxsize=4096)
def _is_steady(letter: str) -> bool:
    """Whether every terminal gives a letter one cell, in its place (UAX 9, UAX 11)."""
    return (
        unicodedata.category(letter) not in ("Mn", "Me", "Mc", "Cf")
        and unicodedata.east_asian_width(letter) not in ("W", "F")
        and unicodedata.bidirectional(letter) not in ("R", "AL", "AN")
        and ord(letter) < 0x10000
    )


def _differing(
    old: Sequence[str | None], worn: Sequence[Pen], letters: Sequence[str], pens: Sequence[Pen]
) -> list[tuple[int, int]]:
    """From where to where two lines differ; what lies close together is one."""
    places = [
        number
        for number, (one, other, pen, ink) in enumerate(zip(old, letters, worn, pens, strict=True))
        if one != other or pen != ink
    ]
    ranges: list[tuple[int, int]] = []
    first = places[0]
    for here, following in pairwise(places):
        apart = following - here
        if apart > 1 and (apart > _WORTH + 1 or len(set(pens[here:following])) > 1):
            ranges.append((first, here + 1))
            first = following
    return [*ranges, (first, places[-1] + 1)]
