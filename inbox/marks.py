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
AMBIGUOUS = re.compile(r"\W*original\W*", re.IGNORECASE)
"""What QQ writes above a quote, and a person above the first of two versions."""

FORWARDED = _dashed(attributions.FORWARDED)
FORWARDED_BELOW = any_of(templates(attributions.FORWARDED_BELOW))

_PUNCTUATION = re.compile(r"[\W_]+")


def _words(line: str) -> str:
    """A line's words alone, in small letters."""
    return _PUNCTUATION.sub(" ", line.casefold()).strip()


_REPLY_ABOVE = frozenset(_words(each) for each in templates(attributions.REPLY_ABOVE))
REPLY_BEGINS = frozenset(
    begin
    for each in templates(attributions.REPLY_ABOVE)
    for begin in (each[:3], each[:3].lower(), each[:3].upper())
)
"""How lines begin that are worth asking `says_reply_above`."""

_BETWEEN_HASHES = re.compile(r"#{2,3}\s?- \S.{10,150} -\s?#{2,3}")  # Zendesk's, in any language

_OWN = re.compile(
    rf"(?<![\w'’.@-])(?:{'|'.join(sorted(set(templates(attributions.OWN))))}|ERROR|WARN(?:ING)?|INFO|DEBUG)"
    r"(?![\w'’@-]|[.,]{0,2} ?\d)"
)  # and what logs write between a time and a verb; not "ma 12", which is a Monday

DATED = re.compile(r"\d{1,2}\s*[:.h]\s*\d{2}|(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\d{1,2}|\d\s*[年月日년]")
TIMED = re.compile(r"\d{1,2}\s*[:.h]\s*\d{2}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{2}")
_WHEN_AND_WHO = re.compile(
    r"(?:[^\W\d]+\.?,?\s){0,2}\d[^<>]{8,120}\d{2}([^<>\d]{1,60})<[^<>\s]+@[^<>\s]+>\s*[:：]"
)
GROUPWISE = re.compile(r">>> ?\S.{1,200}\d{1,2}[:.]\d{2}.{0,12}>>>")
"""An attribution between marks, above a quote that carries none."""

TITLE = re.compile(r"[-_=*]{2,}[^-_=*:]{4,60}[-_=*]{2,}\s*")
"""Words between dashes that other words follow in the same line."""

_TO_YOU = re.compile(r", you wrote\s*:$")  # The Bat!, to whom it answers

EMOTICON = re.compile(r">[:;=]-?[()/\\|oODPp]+|>[._]+<")
EMOTICON_GOES_ON = frozenset(":;=._")
"""What stands behind the first character of one."""

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


_MOST_LISTED = 12  # lines of a list; more are a mail that somebody copied
_LISTED = re.compile(r">\s?[^\s>].{0,60}[^\s.,;:!?…-]\s?")  # an item: short, and no sentence


def looks_listed(above: str, lines: list[str]) -> bool:
    """Whether lines that begin with ">" are items of a person's list, or what they cite within their sentence.

    The line above ends in a colon, and no program writes it above a quote.

    Asked only where nothing above says that a quote follows.
    """
    if (
        above[-1:] not in (":", "：")
        or above[0] == ">"
        or DATED.search(above)
        or "@" in above
        or len(lines) > _MOST_LISTED
    ):
        return False
    return all(_LISTED.fullmatch(line) for line in lines)


def is_instant(line: str) -> bool:
    """Whether a line has a date with its year and a time of day, as mail programs write them."""
    return TIMED.search(line) is not None and _YEAR.search(line) is not None


def is_reply_above(line: str) -> bool:
    """Whether a helpdesk asks in this line that answers be written above it."""
    if len(line) > 160:
        return False
    if _BETWEEN_HASHES.fullmatch(line):
        return True
    shown = _words(line)
    return any(words in shown and len(shown) < len(words) + 60 for words in _REPLY_ABOVE)


def says_reply_above(line: str) -> bool:
    """Whether a line without marks around it says that and nothing else."""
    return len(line) <= 120 and _words(line) in _REPLY_ABOVE


def is_when_and_who(line: str) -> bool:
    """Whether a line is a date with its year, a time, a name and an address, which is how programs write that know no
    verb: `12.05.2026, 15:04, "Help" <help@shop.example>:`."""
    found = _WHEN_AND_WHO.fullmatch(line)
    if found is None or not is_instant(line[: found.start(1)]) or is_sentence(line):
        return False
    who: str = found[1]
    return sum(word.isascii() and word.islower() for word in who.split()) <= 1  # a log speaks in verbs


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
    if is_instant(line) and not is_sentence(_TO_YOU.sub("", line)):
        return True
    words = len(line.split())
    return words <= 3 or (words <= 7 and not is_sentence(line))
