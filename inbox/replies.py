"""What a person wrote | what they quoted | their signature, line by line.

One pass over the lines, with a bounded look back and ahead, so that the cost is linear in the text. Every
line goes to exactly one of the three, and in doubt to what the person wrote: showing a quote is a nuisance,
hiding an answer is a lost customer. Forwarded mail is content. The words mail programs use lie in
`inbox.attributions`.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from inbox.marks import (
    DATED,
    EMOTICON,
    FORWARDED,
    FORWARDED_BELOW,
    OPENED,
    ORIGINAL,
    RULE,
    TIMED,
    UNOPENED,
    UNOPENED_WORDS,
    VERBLESS,
    label_kinds,
    makes_block,
)
from inbox.signatures import signature_lines

WROTE, QUOTED, SIGNATURE = 0, 1, 2

_MOST_LINES = 20_000  # lines that are looked at; the others are the person's, unless the quote has begun
_MOST_TRIES = 400  # lines tried as an attribution: a log full of colons must not cost seconds
_LONGEST_ATTRIBUTION = 500  # characters, over the lines it was wrapped into
_WRAPPED = 4  # lines into which an attribution may be wrapped
_LONGEST_BLOCK = 24  # lines of a header block with its wrapped recipients
_BIDI = re.compile(
    "[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)  # mail programs wrap names of the other direction


def split(text: str, *, forwarded: bool = False) -> tuple[str, str, str]:
    """`text` as (reply, quoted, signature), each without blank lines around it.

    `forwarded` says that the subject calls the mail forwarded: a header block then begins content, not a
    quote. The marks ("> ", "-- ", the line "… wrote:") stay with what they mark. Never raises.
    """
    if not text:
        return "", "", ""
    lines = text.split("\n")
    plain = text if text.isascii() else _BIDI.sub("", normalize("NFC", text))
    bare = [line.strip() for line in plain.split("\n")]
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES:] = ["\n".join(lines[_MOST_LINES:])]
        bare[_MOST_LINES:] = ["\n".join(bare[_MOST_LINES:])]
    sorter = _Sorter(lines, bare, forwarded)
    sorter.sort()
    return sorter.gather(WROTE), sorter.gather(QUOTED), sorter.gather(SIGNATURE)


class _Sorter:
    """The lines of one text and to which of the three each belongs."""

    def __init__(self, lines: list[str], bare: list[str], forwarded: bool) -> None:
        self._lines = lines
        self._bare = bare  # the lines as the tables know them: composed, without blank space around
        self._kinds = bytearray(len(lines))
        self._forwarded = forwarded
        self._tries = 0
        self._end = len(lines)  # where the quote without marks, or forwarded content, begins

    def gather(self, kind: int) -> str:
        """The lines of one kind; what was apart is joined by a blank line."""
        runs: list[str] = []
        at, count = 0, len(self._lines)
        while at < count:
            if self._kinds[at] != kind or not self._bare[at]:
                at += 1
                continue
            start = end = at
            while at < count and (self._kinds[at] == kind or not self._bare[at]):
                at += 1
                if self._bare[at - 1]:
                    end = at
            runs.append("\n".join(self._lines[start:end]).rstrip())
        return "\n\n".join(runs)

    def sort(self) -> None:
        """Decide for every line."""
        tail = self._scan()
        self._find_signatures()
        if tail is None:
            return
        # A quote without marks reaches to the end; with nothing of the person's own above it, it is what
        # they sent.
        kind = QUOTED if self._has_own_words() else WROTE
        for at in range(tail, len(self._lines)):
            self._kinds[at] = kind

    def _has_own_words(self) -> bool:
        return any(self._bare[at] and self._kinds[at] == WROTE for at in range(self._end))

    def _scan(self) -> int | None:
        """Mark the quotes; where a quote without marks begins, or None. `_end` is set where own words end."""
        bare, kinds = self._bare, self._kinds
        at, count = 0, len(bare)
        while at < count:
            line = bare[at]
            if not line:
                at += 1
                continue
            first, last = line[0], line[-1]
            if first == ">":
                if self._is_quote(at):
                    kinds[at] = QUOTED
                    if last in ":：" and len(line) < 40 and at and kinds[at - 1] == WROTE:
                        self._take_wrapped_verb(at)
            elif len(line) <= _LONGEST_ATTRIBUTION:
                if first in "-_=*—–─" and len(line) > 4:
                    if FORWARDED.fullmatch(line):
                        self._end = at
                        return None
                    if ORIGINAL.fullmatch(line):
                        return self._begin_tail(at)
                if last in ":：" or (last == ">" and first.isdigit()):
                    if FORWARDED_BELOW.fullmatch(line):
                        self._end = at
                        return None
                    found = self._attribution(at)
                    if found is not None:
                        start, marked = found
                        if not marked:
                            return self._begin_tail(start)
                        kinds[start : at + 1] = bytes([QUOTED]) * (at + 1 - start)
                elif ":  " in line and "@" in line and self._has_attribution_in_front(line):
                    return self._begin_tail(at)
                if (":" in line[:28] or "：" in line[:12]) and self._is_block(at):
                    if self._forwarded:
                        self._end = at
                        return None
                    return self._begin_tail(at)
            at += 1
        return None

    def _begin_tail(self, at: int) -> int:
        """The quote begins at a line, or at the rule or the attribution above it."""
        above = at
        while above:
            line = self._bare[above - 1]
            if line and not RULE.fullmatch(line) and not OPENED.fullmatch(line.lstrip("- ")):
                break
            above -= 1
            if line:
                at = above
        self._end = at
        return at

    def _is_quote(self, at: int) -> bool:
        """Whether a line that begins with ">" is quoted: not an emoticon, nor what mbox makes of a "From"."""
        line = self._bare[at]
        if line.startswith(">From "):
            return self._beside(at, ">")
        if "\n" in line:  # what is too long to be looked at
            return False
        return not EMOTICON.fullmatch(line)

    def _beside(self, at: int, mark: str) -> bool:
        before = self._bare[at - 1] if at else ""
        after = self._bare[at + 1] if at + 1 < len(self._bare) else ""
        return before.startswith(mark) or after.startswith(mark)

    def _attribution(self, at: int) -> tuple[int, bool] | None:
        """Where the attribution that ends at a line begins, and whether the quote below carries marks; or None."""
        self._tries += 1
        if self._tries > _MOST_TRIES:
            return None
        marked = self._is_marked_below(at)
        joined = ""
        for start in range(at, max(at - _WRAPPED, -1), -1):
            line = self._bare[start]
            if not line or (line[0] == ">" and start != at) or self._kinds[start] != WROTE:
                break
            joined = f"{line} {joined}" if joined else line
            if len(joined) > _LONGEST_ATTRIBUTION:
                break
            if OPENED.fullmatch(joined):
                return (start, marked) if self._is_attribution(joined, marked, opened=True) else None
        return self._unopened(at, marked)

    def _take_wrapped_verb(self, at: int) -> None:
        """Gmail wraps "On … <address" so that "> wrote:" looks quoted: the lines above belong to it."""
        joined = self._bare[at].lstrip("> ")
        for start in range(at - 1, max(at - _WRAPPED, -1), -1):
            if not self._bare[start] or self._kinds[start] != WROTE or len(joined) > _LONGEST_ATTRIBUTION:
                return
            joined = f"{self._bare[start]} {joined}"
            if OPENED.fullmatch(joined):
                if self._is_attribution(joined, marked=True, opened=True):
                    self._kinds[start:at] = bytes([QUOTED]) * (at - start)
                return

    def _has_attribution_in_front(self, line: str) -> bool:
        """Yahoo on Android: "On … wrote:   the quoted text" in one line."""
        front = line[: line.index(":  ")] + ":"
        while not OPENED.fullmatch(front):
            self._tries += 1
            if self._tries > _MOST_TRIES:
                return False
            behind = line.find(":  ", len(front))
            if behind < 0:
                return False
            front = line[: behind + 1]
        return self._is_attribution(front, marked=False, opened=True)

    def _unopened(self, at: int, marked: bool) -> tuple[int, bool] | None:
        """An attribution that begins with a name or a date: its first line shows no word to know it by."""
        line, start = self._bare[at], at
        above = self._bare[at - 1] if at and self._kinds[at - 1] == WROTE else ""
        if not DATED.search(line) and DATED.search(above) and self._runs_on(above, line):
            line, start = f"{above} {line}", at - 1
        if UNOPENED_WORDS.search(line) and UNOPENED.fullmatch(line):
            return (start, marked) if self._is_attribution(line, marked, opened=False) else None
        if marked and VERBLESS.search(line) and DATED.search(line):
            return start, marked
        return None

    def _runs_on(self, above: str, line: str) -> bool:
        """Whether a line looks like the first half of an attribution that was wrapped."""
        fits = len(above) + len(line) < _LONGEST_ATTRIBUTION and (len(above) >= 35 or "@" in above)
        return fits and above[-1] not in ".!?:"

    def _is_attribution(self, line: str, marked: bool, opened: bool) -> bool:
        """Whether a line that has the words of an attribution is one, and no sentence of the person's."""
        address = "@" in line
        if not marked:
            return (
                bool(TIMED.search(line)) and (address or opened) and bool(DATED.search(TIMED.sub("", line)))
            )
        return address or bool(DATED.search(line)) or len(line.split()) <= 7

    def _is_marked_below(self, at: int) -> bool:
        for line in self._bare[at + 1 : at + 4]:
            if line:
                return line[0] == ">"
        return False

    def _is_block(self, at: int) -> bool:
        """Whether a header block begins here: who, when or to whom, and about what, each under its label."""
        if not label_kinds(self._bare[at]):
            return False
        seen: list[set[str]] = []
        has_address = False
        continued = 0
        for number in range(at, min(at + _LONGEST_BLOCK, len(self._bare))):
            line = self._bare[number]
            kinds = label_kinds(line) if line else None
            if kinds:
                seen.append(kinds)
                continued = 0
            elif not line:
                below = self._bare[number + 1] if number + 1 < len(self._bare) else ""
                if not below or not label_kinds(below):
                    break
            else:
                continued += 1
                if continued > 6:
                    break
            has_address = has_address or "@" in line
        return makes_block(seen, has_address)

    def _find_signatures(self) -> None:
        """Mark the signatures in what is left, up to where the quote without marks begins."""
        at = 0
        while at < self._end:
            if self._kinds[at] != WROTE or not self._bare[at]:
                at += 1
                continue
            stop = at
            while stop < self._end and (self._kinds[stop] == WROTE or not self._bare[stop]):
                stop += 1
            for first, last in signature_lines(self._lines, at, stop):
                for number in range(first, last):
                    if self._bare[number]:
                        self._kinds[number] = SIGNATURE
            at = stop
