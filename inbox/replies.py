"""What a person wrote | what they quoted | their signature, line by line.

One pass over the lines, with a bounded look back and ahead, so that the cost is linear in the text. Every
line goes to exactly one of the three, and in doubt to what the person wrote: showing a quote is a nuisance,
hiding an answer is a lost customer. Forwarded mail is content. The words mail programs use lie in
`inbox.attributions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from inbox import attributions
from inbox.attributions import DEVICES, FORWARDED, FORWARDED_BELOW, LABELS, ORIGINAL, SENT_FROM

WROTE, QUOTED, SIGNATURE = 0, 1, 2

_MOST_LINES = 20_000  # lines that are looked at; the others are the person's, unless the quote has begun
_MOST_TRIES = 400  # lines tried as an attribution: a log full of colons must not cost seconds
_LONGEST_ATTRIBUTION = 500  # characters, over the lines it was wrapped into
_WRAPPED = 4  # lines into which an attribution may be wrapped
_LONGEST_SIGNATURE = 40  # lines below "-- "
_LONGEST_WEAK_SIGNATURE = 10  # lines below "--", which people also type as a rule between paragraphs
_LONGEST_BLOCK = 24  # lines of a header block with its wrapped recipients


def split(text: str, *, forwarded: bool = False) -> tuple[str, str, str]:
    """`text` as (reply, quoted, signature), each without blank lines around it.

    `forwarded` says that the subject calls the mail forwarded: a header block then begins content, not a
    quote. The marks ("> ", "-- ", the line "… wrote:") stay with what they mark. Never raises.
    """
    if not text:
        return "", "", ""
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES:] = ["\n".join(lines[_MOST_LINES:])]
    sorter = _Sorter(lines, forwarded)
    sorter.sort()
    return sorter.gather(WROTE), sorter.gather(QUOTED), sorter.gather(SIGNATURE)


# ------------------------------------------------------------------------------------------------ the
# tables compiled


def _literal(words: str) -> str:
    """Words of a template as a pattern: any blank space, any apostrophe, a colon of either width."""
    pattern = re.escape(words.strip()).replace("\\ ", r"\s+").replace("'", "['’]")
    return re.sub(r"(?:\\s\+)?:$", r"\\s*[:：]", pattern)


def _template(template: str, gap: str = ".{1,400}?") -> str:
    """A template as a pattern; where it has a blank beside the gap, the text must too."""
    out: list[str] = []
    pieces = template.split("…")
    for number, piece in enumerate(pieces):
        if number:
            out.append(gap)
        pattern = _literal(piece)
        before = r"(?<!\w)" if piece.startswith(" ") and piece.strip()[:1].isalnum() else ""
        after = r"(?!\w)" if piece.endswith(" ") and piece.strip()[-1:].isalnum() else ""
        out.append(f"{before}{pattern}{after}")
    return r"\s*".join(part for part in out if part)


def _any(templates: Iterable[str], gap: str = ".{1,400}?") -> re.Pattern[str]:
    return re.compile("|".join(_template(each, gap) for each in dict.fromkeys(templates)), re.IGNORECASE)


_ALL_WROTE = [template for templates in attributions.WROTE.values() for template in templates]
_OPENED = _any(template for template in _ALL_WROTE if not template.startswith("…"))
_UNOPENED = _any(template for template in _ALL_WROTE if template.startswith("…"))
_UNOPENED_WORDS = re.compile(  # one of them has to stand there before the costly pattern is tried
    "|".join(
        sorted(
            {_literal(template.strip("…:").split("…")[0]) for template in _ALL_WROTE if template[0] == "…"}
        )
    ),
    re.IGNORECASE,
)
_VERBLESS = re.compile(r"<[^<>\s]+@[^<>\s]+>\s*[:：]$")  # Gmail in Russian and Japanese
_DASHED = r"[-_=*—–─]{2,}[\s\xa0>]*(?:%s)[\s\xa0:：]*[-_=*—–─]*"
_ORIGINAL = re.compile(_DASHED % "|".join(map(_literal, ORIGINAL)), re.IGNORECASE)
_FORWARDED = re.compile(_DASHED % "|".join(_template(each, ".{1,100}?") for each in FORWARDED), re.IGNORECASE)
_FORWARDED_BELOW = _any(FORWARDED_BELOW)
_SENT_FROM = _any(SENT_FROM, "[^\n]{1,60}?")
_SENT_BEGINS = frozenset(each[:3].casefold() for each in SENT_FROM if each[0] != "…")
_SENT_ENDS = frozenset(each.rstrip(". ")[-3:].casefold() for each in SENT_FROM if each[0] == "…")
_DEVICE = re.compile("|".join(re.escape(word) for word in DEVICES.split()), re.IGNORECASE)
_LINK_BEHIND = re.compile(r"\s*[<(\[]\s*https?://[^\s<>]{1,300}\s*[>)\]]\s*\.?$")

_KINDS: dict[str, set[str]] = {"reply-to": {"other"}, "bcc": {"other"}, "importance": {"other"}}
for _row in LABELS:
    for _kind, _words in zip(("from", "date", "to", "cc", "subject"), _row[1:], strict=True):
        for _word in _words.split("|"):
            _KINDS.setdefault(_word.casefold(), set()).add(_kind)

_DATED = re.compile(r"\d{1,2}\s*[:.h]\s*\d{2}|(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\d{1,2}|\d\s*[年月日년]")
_TIMED = re.compile(r"\d{1,2}\s*[:.h]\s*\d{2}(?!\d)")
_EMOTICON = re.compile(r">[:;=._]?[-_.]?[()<>/|\\oODPp._]+(?:\s|$)")
_RULE = re.compile(r"[-_=*—–─\s]{5,}")
_LIST_FOOTER = re.compile(r"mailing list|listinfo|unsubscribe|google groups|abmelden", re.IGNORECASE)
_PGP_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_PGP_SIGNATURE_END = "-----END PGP SIGNATURE-----"
_PGP_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"


# ------------------------------------------------------------------------------------------------ the lines
# sorted


class _Sorter:
    """The lines of one text and to which of the three each belongs."""

    def __init__(self, lines: list[str], forwarded: bool) -> None:
        self._lines = lines
        self._bare = [line.strip() for line in lines]
        self._kinds = bytearray(len(lines))
        self._forwarded = forwarded
        self._tries = 0
        self._end = len(lines)  # where the quote without marks, or forwarded content, begins

    def gather(self, kind: int) -> str:
        """The lines of one kind; what was apart is joined by a blank line."""
        runs: list[str] = []
        at, count = 0, len(self._lines)
        while at < count:
            if self._kinds[at] != kind:
                at += 1
                continue
            start = at
            while at < count and (self._kinds[at] == kind or not self._bare[at]):
                at += 1
            run = "\n".join(self._lines[start:at]).strip("\n").rstrip()
            if run.strip():
                runs.append(run[len(run) - len(run.lstrip("\n \t\r")) :] if run[0] in "\n\r" else run)
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
                    if _FORWARDED.fullmatch(line):
                        self._end = at
                        return None
                    if _ORIGINAL.fullmatch(line):
                        return self._begin_tail(at)
                if last in ":：":
                    if _FORWARDED_BELOW.fullmatch(line):
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
        """The quote begins at a line, or at the rule drawn above it."""
        above = at
        while above and (not self._bare[above - 1] or _RULE.fullmatch(self._bare[above - 1])):
            above -= 1
            if self._bare[above]:
                at = above
        self._end = at
        return at

    def _is_quote(self, at: int) -> bool:
        """Whether a line that begins with ">" is quoted: not an emoticon, nor what mbox makes of a "From"."""
        line = self._bare[at]
        if line.startswith(">From "):
            return self._beside(at, ">")
        return not _EMOTICON.match(line)

    def _beside(self, at: int, mark: str) -> bool:
        before = self._bare[at - 1] if at else ""
        after = self._bare[at + 1] if at + 1 < len(self._bare) else ""
        return before.startswith(mark) or after.startswith(mark)

    # -------------------------------------------------------------------------------- "On … wrote:"

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
            if _OPENED.fullmatch(joined):
                return (start, marked) if self._is_attribution(joined, marked, opened=True) else None
        return self._unopened(at, marked)

    def _take_wrapped_verb(self, at: int) -> None:
        """Gmail wraps "On … <address" so that "> wrote:" looks quoted: the lines above belong to it."""
        joined = self._bare[at].lstrip("> ")
        for start in range(at - 1, max(at - _WRAPPED, -1), -1):
            if not self._bare[start] or self._kinds[start] != WROTE or len(joined) > _LONGEST_ATTRIBUTION:
                return
            joined = f"{self._bare[start]} {joined}"
            if _OPENED.fullmatch(joined):
                if self._is_attribution(joined, marked=True, opened=True):
                    self._kinds[start:at] = bytes([QUOTED]) * (at - start)
                return

    def _has_attribution_in_front(self, line: str) -> bool:
        """Yahoo on Android: "On … wrote:   the quoted text" in one line."""
        front = line[: line.index(":  ")] + ":"
        while not _OPENED.fullmatch(front):
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
        if not _DATED.search(line) and _DATED.search(above) and self._runs_on(above, line):
            line, start = f"{above} {line}", at - 1
        if _UNOPENED_WORDS.search(line) and _UNOPENED.fullmatch(line):
            return (start, marked) if self._is_attribution(line, marked, opened=False) else None
        if marked and _VERBLESS.search(line) and _TIMED.search(line):
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
                bool(_TIMED.search(line))
                and (address or opened)
                and bool(_DATED.search(_TIMED.sub("", line)))
            )
        return address or bool(_DATED.search(line)) or len(line.split()) <= 7

    def _is_marked_below(self, at: int) -> bool:
        for line in self._bare[at + 1 : at + 4]:
            if line:
                return line[0] == ">"
        return False

    # -------------------------------------------------------------------------------- From: … Sent: … To: …
    # Subject: …

    def _is_block(self, at: int) -> bool:
        """Whether a header block begins here: who, when or to whom, and about what, each under its label."""
        if not _label_kinds(self._bare[at]):
            return False
        seen: list[set[str]] = []
        has_address = False
        continued = 0
        for number in range(at, min(at + _LONGEST_BLOCK, len(self._bare))):
            line = self._bare[number]
            kinds = _label_kinds(line) if line else None
            if kinds:
                seen.append(kinds)
                continued = 0
            elif not line:
                below = self._bare[number + 1] if number + 1 < len(self._bare) else ""
                if not below or not _label_kinds(below):
                    break
            else:
                continued += 1
                if continued > 6:
                    break
            has_address = has_address or "@" in line
        return _makes_block(seen, has_address)

    # -------------------------------------------------------------------------------- signatures

    def _find_signatures(self) -> None:
        """Mark the signatures in what is left, up to where the quote without marks begins."""
        at = 0
        while at < self._end:
            if self._kinds[at] == WROTE and self._bare[at]:
                stop = at
                while stop < self._end and (self._kinds[stop] == WROTE or not self._bare[stop]):
                    stop += 1
                self._sign(at, stop)
                at = stop
            else:
                at += 1

    def _sign(self, start: int, stop: int) -> None:
        """Mark the signature within one run of own lines."""
        delimiter = self._delimiter(start, stop)
        if delimiter is not None:
            self._mark(delimiter, stop)
            stop = delimiter
        armour_end = start
        for at in range(start, stop):
            line = self._bare[at]
            if not line or len(line) > 200 or at < armour_end:
                continue
            if line == _PGP_SIGNATURE:
                end = self._line_after(at, stop, _PGP_SIGNATURE_END)
                if end is None:
                    return  # the rest may be anything, and no later one ends either
                self._mark(at, end + 1)
                armour_end = end + 1
            elif line == _PGP_SIGNED:
                self._mark(at, at + 1)
                if at + 1 < stop and self._bare[at + 1].startswith("Hash: "):
                    self._mark(at + 1, at + 2)
            elif line[0] == "_" and len(line) > 20 and not line.strip("_") and self._is_list_footer(at, stop):
                self._mark(at, stop)
                return
            elif (
                line[:3].casefold() in _SENT_BEGINS
                or line[-5:].rstrip(".! ")[-3:].casefold() in _SENT_ENDS
                or "http" in line
            ) and self._is_sent_from(at, start, stop):
                self._mark(at, at + 1)

    def _line_after(self, start: int, stop: int, words: str) -> int | None:
        return next((at for at in range(start, stop) if self._bare[at] == words), None)

    def _mark(self, start: int, stop: int) -> None:
        for at in range(start, stop):
            if self._bare[at]:
                self._kinds[at] = SIGNATURE

    def _delimiter(self, start: int, stop: int) -> int | None:
        """The line that begins the signature (RFC 3676, 4.3), or None."""
        weak: list[int] = []
        strong: int | None = None
        below = 0  # lines with words below the one that is looked at
        for at in range(stop - 1, start - 1, -1):
            line = self._lines[at]
            if line[:1] in "-—–" and len(line) <= 6:
                if line in ("-- ", "--\xa0", "- -- ", "-- \r") and below <= _LONGEST_SIGNATURE:
                    strong = at
                elif self._bare[at] in ("--", "—", "–", "- --"):
                    weak.append(at)
            if self._bare[at]:
                below += 1
        if strong is None and len(weak) == 1 and self._is_weak_signature(weak[0], start, stop):
            return weak[0]
        return strong

    def _is_weak_signature(self, at: int, start: int, stop: int) -> bool:
        """Whether a few short lines that ask nothing follow, and something was said before."""
        below = [line for line in self._bare[at + 1 : stop] if line]
        if not 0 < len(below) <= _LONGEST_WEAK_SIGNATURE or not any(self._bare[start:at]):
            return False
        if any(len(line) > 100 or line[-1] in "?？" for line in below):
            return False
        return len(below[0].split()) <= 6 and below[0][-1] not in ".!:,;" and not below[0][0].islower()

    def _is_list_footer(self, at: int, stop: int) -> bool:
        return any(_LIST_FOOTER.search(line[:300]) for line in self._bare[at + 1 : min(at + 4, stop)])

    def _is_sent_from(self, at: int, start: int, stop: int) -> bool:
        """Whether a telephone or a program says here that it sent the mail."""
        line = self._bare[at]
        if "http" in line:
            line = _LINK_BEHIND.sub("", line)
        shown = line.rstrip(".! ")
        if len(line) > 120 or not (_SENT_FROM.fullmatch(shown) or _SENT_FROM.fullmatch(line)):
            return False
        if _DEVICE.search(line):
            return True
        alone_above = at == start or not self._bare[at - 1]
        alone_below = at + 1 >= stop or not self._bare[at + 1]
        return alone_above and alone_below and len(line.split()) <= 6 and at + 1 >= stop


def _label_kinds(line: str) -> set[str] | None:
    """What a line's label can mean (`*Von:* Ann` -> {"from"}), or None when it has none."""
    colon = line.find(":", 0, 30)
    wide = line.find("：", 0, 14)
    if colon < 0 or 0 <= wide < colon:
        colon = wide
    if colon <= 0:
        return None
    return _KINDS.get(line[:colon].strip("*_ \t\xa0>").casefold())


def _makes_block(seen: list[set[str]], has_address: bool) -> bool:
    """Whether the labels of a run of lines are those of a mail: nobody's form or itinerary."""
    kinds: set[str] = set().union(*seen) if seen else set()
    if len(seen) < 3 or "from" not in kinds:
        return False
    if "subject" in kinds:
        return "date" in kinds or ("to" in kinds and has_address)
    return "date" in kinds and "to" in kinds and has_address
