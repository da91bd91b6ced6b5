"""The tables of `inbox.attributions` as patterns, and what single lines look like to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property

from inbox import attributions
from inbox.attributions import templates

NOTHING, ATTRIBUTED, CITED, STYLED, BLOCK, SIGNED = range(6)
"""What HTML says of a line by the names mail programs give their elements: nothing, that it stands above a quote, that
it is quoted, that it looks quoted, that it may be a header block, that it is a signature."""


class Late:
    """A pattern that is compiled when it is first asked: the tables are long, and few mails need them all."""

    def __init__(self, make: Callable[[], re.Pattern[str]]) -> None:
        self._make = make

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern itself."""
        return self._make()

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.fullmatch`."""
        return self.pattern.fullmatch(text)

    def search(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        return self.pattern.search(text)

    def finditer(self, text: str) -> Iterable[re.Match[str]]:
        """As `re.Pattern.finditer`."""
        return self.pattern.finditer(text)


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


def any_of(table: Iterable[str], gap: str = ".{1,400}?") -> Late:
    """Templates as one pattern; `gap` is what "…" may stand for."""
    return Late(lambda: _compiled("|".join(_template(each, gap) for each in dict.fromkeys(table))))


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _dashed(table: str) -> Late:
    """Templates between dashes or the like."""
    words = "|".join(_template(each, ".{1,100}?") for each in templates(table))
    return Late(lambda: _compiled(rf"[-_=*—–─]{{2,}}[\s\xa0>]*(?:{words})[\s\xa0:：]*[-_=*—–─]*"))


_ALL_WROTE = templates(attributions.WROTE)
OPENED = any_of([template for template in _ALL_WROTE if template[0] != "…"])
UNOPENED = any_of([template for template in _ALL_WROTE if template[0] == "…"])
_VERBS = {template.strip("…:").split("…")[0] for template in _ALL_WROTE if template[0] == "…"}
UNOPENED_WORDS = any_of(sorted(_VERBS))  # one has to stand there before the costly pattern is tried
ADDRESSED = re.compile(r"<[^<>\s]+@[^<>\s]+>|\s[^<>\s]+@[^<>\s]+\s*[:：]$")
ORIGINAL = _dashed(attributions.ORIGINAL)
FORWARDED = _dashed(attributions.FORWARDED)
FORWARDED_BELOW = any_of(templates(attributions.FORWARDED_BELOW))
_REPLY_ABOVE = [words.casefold() for words in templates(attributions.REPLY_ABOVE)]

_OWN = re.compile(
    rf"(?<![\w'’.@-])(?:{'|'.join(sorted(set(templates(attributions.OWN))))}|ERROR|WARN(?:ING)?|INFO|DEBUG)(?![\w'’@-])"
)  # and what logs write between a time and a verb

DATED = re.compile(r"\d{1,2}\s*[:.h]\s*\d{2}|(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\d{1,2}|\d\s*[年月日년]")
TIMED = re.compile(r"\d{1,2}\s*[:.h]\s*\d{2}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2}")
GROUPWISE = re.compile(r">>> ?\S.{1,200}\d{1,2}[:.]\d{2}.{0,12}>>>")
"""An attribution between marks, above a quote that carries none."""

EMOTICON = re.compile(r">[:;=]-?[()/\\|oODPp]+|>[._]+<")
RULE = re.compile(r"[-_=*—–─\s]{5,}")
INITIALS = re.compile(r"[A-ZА-ЯЁ]\w{0,4}>{1,5}(?:\s|$)")
"""How The Bat! marks a quote: "SL> text"."""

INITIALLED = "SL>"
"""What stands for all marks of that kind."""

OTHER_MARK = re.compile(r"--?[\]>]|=>|[#)\]}|:%+=~!$&;](?=\s|$|[\w\"'(<])")
"""Marks that people choose instead of ">"; they count below an attribution only."""

SNIPPED = re.compile(r"\W*(?:snip(?:ped)?|\.{3}|…)\W*|<[^<>@]{1,30}>|\[[^\[\]@]{1,30}\]", re.IGNORECASE)
"""What people put where they left something of a quote out."""

_CODE = re.compile(
    r">>>(?!>)\s?\S|>{1,3}\s*(?:[$#]\s|[a-z_][\w.]*\(|(?:import|def|class|return|print|const|let|var|function|public|echo|sudo"
    r"|npm|pip|git|cd|ls|curl|docker|select|insert|update|delete|create)\s+\S.*|[\w.\[\]]+\s*[-+*/]?=\s?\S"
    r"|[{}\[\]()]+[;,]?$|</?[a-z][\w-]*|.*[;{}]$)",
    re.IGNORECASE,
)
PROMPT = re.compile(r"[$%#]\s\S|[A-Z]:\\|PS [A-Z]:")
"""A command line: what stands below it is what a program answered."""

_COMPARED = re.compile(r">\s?=?\s*[-+]?[\d.,]+(?:\s?[\w%€$£°/²³]{1,12})?(?:\s.{0,60})?$")


def looks_like_code(lines: list[str]) -> bool:
    """Whether lines that begin with ">" are commands or comparisons and nobody's words.

    Asked only where nothing above says that a quote follows.
    """
    if len(lines) == 1 and _COMPARED.match(lines[0]):
        return True
    filled = [line for line in lines if line.strip("> ")]
    return bool(filled) and 2 * sum(bool(_CODE.match(line)) for line in filled) > len(filled)


def is_instant(line: str) -> bool:
    """Whether a line has a date with its year and a time of day, as mail programs write them."""
    return TIMED.search(line) is not None and _YEAR.search(line) is not None


def is_reply_above(line: str) -> bool:
    """Whether a helpdesk asks in this line that answers be written above it."""
    if len(line) > 160:
        return False
    shown = line.casefold()
    return any(words in shown and len(shown) < len(words) + 60 for words in _REPLY_ABOVE)


def is_sentence(line: str) -> bool:
    """Whether a line that looks like an attribution speaks of "you" or "us", which mail programs never do."""
    return _OWN.search(line) is not None


def is_attribution(line: str, marked: bool, opened: bool) -> bool:
    """Whether a line that has the words of an attribution is one, and no sentence of the person's."""
    address = "@" in line
    if not marked:
        has_date = bool(TIMED.search(line)) and bool(DATED.search(TIMED.sub("", line)))
        # People write "on the 5th at 10:30 Sam wrote" too, but not with so many commas.
        machine = address or (opened and line.count(",") + line.count("、") >= 2)
        return has_date and machine and not is_sentence(line)
    if address or (DATED.search(line) and (opened or not is_sentence(line))):
        return True
    words = len(line.split())
    return words <= 3 or (words <= 7 and not is_sentence(line))
