"""What a person wrote | what they quoted | their signature, line by line.

One pass over the lines, with a bounded look back and ahead, so that the cost is linear in the text. Every
line goes to exactly one of the three, and in doubt to what the person wrote: showing a quote is a nuisance,
hiding an answer is a lost customer. Forwarded mail is content. The words mail programs use lie in
`inbox.attributions`.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from inbox.blocks import begins_block, is_named_block, label_kinds, marked_below
from inbox.marks import (
    AMBIGUOUS,
    ATTRIBUTED,
    BLOCK,
    CITED,
    EMOTICON,
    EMOTICON_GOES_ON,
    FORWARDED,
    FORWARDED_BELOW,
    GROUPWISE,
    INITIALLED,
    INITIALS,
    ORIGINAL,
    PROMPT,
    REPLY_BEGINS,
    RULE,
    SIGNED,
    STYLED,
    TITLE,
    is_reply_above,
    looks_like_code,
    looks_listed,
    says_reply_above,
)
from inbox.quoting import LONGEST, Attributions
from inbox.signatures import goes_on, signature_lines

WROTE, QUOTED, SIGNATURE = 0, 1, 2

_MOST_LINES = 20_000  # lines that are looked at; the others are the person's, unless the quote has begun
_DRAWS = "-_=*—–─#~ "  # what rules are drawn with: lines of nothing else say nothing
_LONGEST_CODE = 50  # lines by which a run of ">" is judged
_LONGEST_SIGNATURE = 40  # lines that HTML may call a signature
_BIDI = re.compile(
    "[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)  # mail programs wrap names of the other direction


def split(text: str, *, forwarded: bool = False, hints: bytes = b"") -> tuple[str, str, str]:
    """`text` as (reply, quoted, signature), each without blank lines around it.

    `forwarded` says that the subject calls the mail forwarded: a header block then begins content, not a
    quote. `hints` says of each line what the HTML it was made from tells of it (`inbox.marks`); b"" when it tells
    nothing. The marks ("> ", "-- ", the line "… wrote:") stay with what they mark. Never raises.
    """
    if not text:
        return "", "", ""
    lines = text.split("\n")
    plain = text if text.isascii() else _BIDI.sub("", normalize("NFC", text))
    bare = [line.strip() for line in plain.split("\n")]
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES:] = ["\n".join(lines[_MOST_LINES:])]
        bare[_MOST_LINES:] = ["\n".join(bare[_MOST_LINES:])]
    sorter = _Sorter(lines, bare, forwarded, hints[: len(lines)].ljust(len(lines), b"\0") if hints else b"")
    sorter.sort()
    return sorter.gather(WROTE), sorter.gather(QUOTED), sorter.gather(SIGNATURE)


class _Sorter:
    """The lines of one text and to which of the three each belongs."""

    def __init__(self, lines: list[str], bare: list[str], forwarded: bool, hints: bytes) -> None:
        self._lines = lines
        self._bare = bare  # the lines as the tables know them: composed, without blank space around
        self._kinds = bytearray(len(lines))
        self._forwarded = forwarded
        self._hints = hints  # one a line, or none
        self._judged = 0  # where the lines end that were last judged by their hints
        self._introduced = False  # whether something said that a quote follows
        self._attributions = Attributions(bare, self._kinds, hints)
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
        bare, hints = self._bare, self._hints
        at, count = 0, len(bare)
        while at < count:
            line = bare[at]
            if not line:
                at += 1
            elif line[0] == ">":
                if self._begins_forwarded(at):
                    self._end = at
                    return None
                if GROUPWISE.fullmatch(line) and not self._attributions.is_marked_below(at):
                    return self._begin_tail(at)
                at = self._take_marked(at)
            elif hints and hints[at] and (found := self._take_hinted(at)) is not None:
                if found < 0:
                    if not self._forwarded:
                        return self._begin_tail(at)
                    self._end = at
                    return None
                at = found
            elif (mark := self._attributions.mark) and (
                INITIALS.match(line) if mark == INITIALLED else line.startswith(mark)
            ):
                self._kinds[at] = QUOTED
                at += 1
            elif len(line) <= LONGEST:
                begun = self._begins_quote(at)
                if begun is None:
                    at += 1
                    continue
                start, marked, is_forwarded = begun
                if is_forwarded:
                    self._end = start
                    return None
                self._introduced = True
                if marked is None:
                    marked = marked_below(self._bare, start)
                    start = self._begin_tail(start)
                    if marked is None:
                        return start
                    self._end = count
                self._kinds[start:marked] = bytes([QUOTED]) * (marked - start)
                at = marked
            else:
                at += 1
        return None

    def _begins_quote(self, at: int) -> tuple[int, int | None, bool] | None:
        """Whether a quote, or forwarded content, begins at a line: its first line, the first line below what announces it
        when marks follow there, and whether it is forwarded content; or None."""
        line = self._bare[at]
        first, last = line[0], line[-1]
        if first in "-_=*—–─#[~" and len(line) > 4 and line.strip(_DRAWS):
            if FORWARDED.fullmatch(line):
                return at, None, True
            if ORIGINAL.fullmatch(line):
                if AMBIGUOUS.fullmatch(line) and not self._is_labelled_below(at):
                    return None
                return at, None, self._forwarded
            if last not in "-_=*" and self._is_block_behind_title(line):
                return at, None, self._forwarded
            if is_reply_above(line):
                return at, None, False
            if last in "-—–" and first in "-—–" and self._attributions.is_between_dashes(line):
                return at, at + 1 if self._attributions.is_marked_below(at) else None, False
        if last in ":：" or (last == ">" and first.isdigit()):
            if FORWARDED_BELOW.fullmatch(line):
                return at, None, True
            found = self._attributions.ending_at(at)
            if found is not None:
                start, marked = found
                return start, at + 1 if marked else None, False
        elif ":  " in line and "@" in line and self._attributions.is_in_front(line):
            return at, None, False
        if (":" in line[:28] or "：" in line[:12]) and begins_block(self._bare, at):
            return at, None, self._forwarded
        if line[:3] in REPLY_BEGINS and says_reply_above(line):
            return at, None, False
        return None

    def _is_labelled_below(self, at: int) -> bool:
        """Whether the next line with words has a label of a header block."""
        return any(label_kinds(line) for line in self._bare[at + 1 : at + 3])

    def _is_block_behind_title(self, line: str) -> bool:
        """Samsung's "---- Original message ----From: … Date: … To: … Subject: …" in one line."""
        title = TITLE.match(line)
        if title is None or not ORIGINAL.fullmatch(title[0].rstrip()):
            return False
        return bool(label_kinds(line[title.end() :]))

    def _take_marked(self, at: int) -> int:
        """Mark a run of lines that begin with ">"; where it ends."""
        stop = at
        while stop < len(self._bare) and self._bare[stop][:1] == ">":
            stop += 1
        if not self._introduced:
            above = self._bare[at - 1] if at else ""
            if not above and at > 1:
                above = self._bare[at - 2]
            run = self._bare[at : min(stop, at + _LONGEST_CODE)]
            if PROMPT.match(above) or looks_like_code(run) or looks_listed(above, run):
                return stop
        last = self._bare[stop - 1]
        if last[-1] in ":：" and self._attributions.mark_below(stop - 1) == INITIALLED:
            self._attributions.mark = INITIALLED  # ">>>>> "SL" == Sam Lee writes:", then "SL> text"
        for number in range(at, stop):
            if self._is_quote(number):
                self._kinds[number] = QUOTED
                line = self._bare[number]
                if (
                    number == at
                    and at
                    and line[-1] in ":："
                    and len(line) < 40
                    and self._kinds[at - 1] == WROTE
                ):
                    begin = self._attributions.wrapped_above(number)
                    self._kinds[begin:number] = bytes([QUOTED]) * (number - begin)
        return stop

    def _begins_forwarded(self, at: int) -> bool:
        """Whether a mail is forwarded from here on with marks, as Apple Mail does, and not answered."""
        line = self._bare[at].lstrip("> ")
        if self._introduced or line[-1:] not in (*":：-",) or (at and self._bare[at - 1][:1] == ">"):
            return False
        return bool(FORWARDED_BELOW.fullmatch(line) or FORWARDED.fullmatch(line))

    def _take_hinted(self, at: int) -> int | None:
        """Follow what HTML says of a line: where the next one is, -1 when a quote without marks begins, None when it
        says nothing that counts."""
        hint, stop = self._hints[at], at
        if hint == SIGNED or at < self._judged or (hint == STYLED and not self._is_quoted_above(at)):
            return None
        while stop < len(self._bare) and (self._hints[stop] == hint or not self._bare[stop]):
            stop += 1
        self._judged = stop
        lines = [line for line in self._bare[at:stop] if line]
        if hint == BLOCK:
            return -1 if is_named_block(lines) else None
        if any(FORWARDED.fullmatch(line) or FORWARDED_BELOW.fullmatch(line) for line in lines[:3]):
            return None
        if hint == ATTRIBUTED and not self._attributions.is_marked_below(stop - 1):
            return None
        if hint == CITED and self._forwarded:
            return None
        above = at
        while above and (not self._bare[above - 1] or RULE.fullmatch(self._bare[above - 1])):
            above -= 1
        if not any(self._bare[above:at]):
            above = at
        self._kinds[above:stop] = bytes([QUOTED]) * (stop - above)
        self._introduced = True
        return stop

    def _is_quoted_above(self, at: int) -> bool:
        """Whether the line above, blank ones aside, is quoted: what only looks quoted needs an attribution."""
        above = at - 1
        while above >= 0 and not self._bare[above]:
            above -= 1
        return above >= 0 and self._kinds[above] == QUOTED

    def _begin_tail(self, at: int) -> int:
        """The quote begins at a line, or at the rule or the attribution above it."""
        above = at
        while above:
            line = self._bare[above - 1]
            if (
                line
                and not RULE.fullmatch(line)
                and not self._attributions.is_opened(line.lstrip("- "), marked=True)
            ):
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
        return line[1:2] not in EMOTICON_GOES_ON or not EMOTICON.fullmatch(line)

    def _beside(self, at: int, mark: str) -> bool:
        before = self._bare[at - 1] if at else ""
        after = self._bare[at + 1] if at + 1 < len(self._bare) else ""
        return before.startswith(mark) or after.startswith(mark)

    def _find_signatures(self) -> None:
        """Mark the signatures in what is left, up to where the quote without marks begins."""
        if self._hints and SIGNED in self._hints:
            self._take_named_signatures()
        at = 0
        has_more_above = False
        while at < self._end:
            if self._kinds[at] != WROTE or not self._bare[at]:
                at += 1
                continue
            stop = at
            while stop < self._end and (self._kinds[stop] == WROTE or not self._bare[stop]):
                stop += 1
            for first, last in signature_lines(self._lines, at, stop, has_more_above):
                for number in range(first, last):
                    if self._bare[number]:
                        self._kinds[number] = SIGNATURE
            at = stop
            has_more_above = True

    def _take_named_signatures(self) -> None:
        """Follow HTML that calls lines a signature, unless somebody wrote into it: it is all there is, or it asks."""
        own = [n for n in range(self._end) if self._bare[n] and self._kinds[n] == WROTE]
        named = [n for n in own if self._hints[n] == SIGNED]
        if not 0 < len(named) <= _LONGEST_SIGNATURE or len(named) == len(own):
            return
        if any(self._bare[n][-1] in "?？" for n in named) or goes_on(self._bare[named[0] : named[-1] + 1]):
            return
        for number in named:
            self._kinds[number] = SIGNATURE
        above = named[0] - 1
        while above >= 0 and not self._bare[above]:
            above -= 1
        if above >= 0 and self._bare[above] in ("--", "—"):
            self._kinds[above] = SIGNATURE
