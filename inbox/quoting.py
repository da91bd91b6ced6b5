"""Attributions: the lines "On … wrote:" above a quote, on one line or wrapped over several, and the marks below them."""

from __future__ import annotations

from collections.abc import Sequence

from inbox.marks import (
    ADDRESSED,
    CITED,
    DATED,
    INITIALLED,
    INITIALS,
    OPENED,
    OTHER_MARK,
    SNIPPED,
    STYLED,
    UNOPENED,
    UNOPENED_WORDS,
    is_attribution,
    is_instant,
    is_when_and_who,
)

LONGEST = 500
"""Characters of an attribution, over the lines it was wrapped into."""

_MOST_TRIES = 400  # lines tried as an attribution: a log full of colons must not cost seconds
_WRAPPED = 4  # lines into which an attribution may be wrapped


class Attributions:
    """Finds attributions among the lines of one text."""

    def __init__(self, bare: Sequence[str], taken: Sequence[int], hints: bytes) -> None:
        self.mark = ""
        """Another mark than ">" that quotes are known to carry: "|", "#", or INITIALLED."""

        self._bare = bare  # the lines without blank space around
        self._taken = taken  # nonzero for each line that is known to be quoted; whoever asks fills it
        self._hints = hints  # one a line, or none
        self._tries = 0

    def ending_at(self, at: int) -> tuple[int, bool] | None:
        """Where the attribution that ends at a line begins, and whether the quote below carries marks; or None."""
        self._tries += 1
        if self._tries > _MOST_TRIES:
            return None
        mark = self.mark_below(at)
        if mark and mark != ">" and not DATED.search(self._bare[at]) and "@" not in self._bare[at]:
            mark = ""
        found = self._find(at, bool(mark))
        if found is not None and mark != ">":
            self.mark = mark or self.mark
        return found

    def _find(self, at: int, marked: bool) -> tuple[int, bool] | None:
        joined = ""
        for start in range(at, max(at - _WRAPPED, -1), -1):
            line = self._bare[start]
            if not line or (line[0] == ">" and start != at) or self._taken[start]:
                break
            joined = f"{line} {joined}" if joined else line
            if len(joined) > LONGEST:
                break
            if OPENED.fullmatch(joined):
                return (start, marked) if is_attribution(joined, marked, opened=True) else None
        return self._unopened(at, marked)

    def wrapped_above(self, at: int) -> int:
        """Gmail wraps "On … <address" so that "> wrote:" looks quoted: where the lines above that belong to it begin, `at`
        when there are none."""
        joined = self._bare[at].lstrip("> ")
        for start in range(at - 1, max(at - _WRAPPED, -1), -1):
            if not self._bare[start] or self._taken[start] or len(joined) > LONGEST:
                return at
            joined = f"{self._bare[start]} {joined}"
            if OPENED.fullmatch(joined):
                return start if is_attribution(joined, marked=True, opened=True) else at
        return at

    def is_in_front(self, line: str) -> bool:
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
        return is_attribution(front, marked=False, opened=True)

    def _unopened(self, at: int, marked: bool) -> tuple[int, bool] | None:
        """An attribution that begins with a name or a date: its first line shows no word to know it by."""
        line = joined = self._bare[at]
        tries = []
        for start in range(at - 1, max(at - _WRAPPED, -1), -1):
            above = self._bare[start]
            if not above or self._taken[start] or not self._runs_on(above, joined):
                break
            joined = f"{above} {joined}"
            tries.append((start, joined))
        alone = (at, line)
        # "15:04 wrote:" belongs to a line above that has the address.
        is_whole = DATED.search(line) and not (tries and "@" in tries[0][1] and "@" not in line)
        for start, each in [alone, *tries] if is_whole else [*tries, alone]:
            if (start == at or DATED.search(each)) and self._is_unopened(each, marked):
                return start, marked
        return None

    def _runs_on(self, above: str, line: str) -> bool:
        """Whether a line looks like the beginning of an attribution that was wrapped."""
        if len(above) + len(line) >= LONGEST:
            return False
        if len(above) < 35 and "@" not in above:
            # Short lines are wrapped where the address begins.
            return (line[0] == "<" or above[-1] == "<") and is_instant(above)
        if above[-1] == ".":  # "12." or "máj."
            return (line[0].isdigit() or above[-2:-1].isdigit()) and DATED.search(
                f"{above} {line}"
            ) is not None
        return above[-1] not in "!?:" or above.rfind("(") > above.rfind(")")

    def _is_unopened(self, line: str, marked: bool) -> bool:
        if UNOPENED_WORDS.search(line) and UNOPENED.fullmatch(line):
            return is_attribution(line, marked, opened=False)
        # Some programs write no verb at all, only who and when.
        if not marked:
            return is_when_and_who(line)
        return DATED.search(line) is not None and ADDRESSED.search(line) is not None

    def mark_below(self, at: int) -> str:
        """The mark that the lines below a line carry: ">", another one that the next two share, or ""."""
        below: list[int] = []
        for number in range(at + 1, min(at + 6, len(self._bare))):
            line = self._bare[number]
            if line and not SNIPPED.fullmatch(line):
                below.append(number)
        if not below:
            return ""
        first = self._bare[below[0]]
        if first[0] == ">" or (self._hints and self._hints[below[0]] in (CITED, STYLED)):
            return ">"
        if INITIALS.match(first):
            return INITIALLED
        other = OTHER_MARK.match(first)
        if other and (other[0] == "|" or (len(below) > 1 and self._bare[below[1]].startswith(other[0]))):
            return other[0]
        return ""

    def is_marked_below(self, at: int) -> bool:
        """Whether the lines below a line carry ">"."""
        return self.mark_below(at) == ">"

    def is_between_dashes(self, line: str) -> bool:
        """Zoho's "---- On … wrote ----"."""
        return self.is_opened(line.strip("-—– ") + ":", marked=False)

    def is_opened(self, line: str, marked: bool) -> bool:
        """Whether a line is an attribution by its first word."""
        self._tries += 1
        found = self._tries <= _MOST_TRIES and OPENED.fullmatch(line)
        return bool(found) and is_attribution(line, marked, opened=True)
