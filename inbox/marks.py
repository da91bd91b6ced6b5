"""The tables of `inbox.attributions` as patterns, and what single lines look like to them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from inbox import attributions


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


def any_of(templates: Iterable[str], gap: str = ".{1,400}?") -> re.Pattern[str]:
    """Templates as one pattern; `gap` is what "…" may stand for."""
    return re.compile("|".join(_template(each, gap) for each in dict.fromkeys(templates)), re.IGNORECASE)


_ALL_WROTE = [template for templates in attributions.WROTE.values() for template in templates]
OPENED = any_of(template for template in _ALL_WROTE if not template.startswith("…"))
UNOPENED = any_of(template for template in _ALL_WROTE if template.startswith("…"))
UNOPENED_WORDS = re.compile(  # one of them has to stand there before the costly pattern is tried
    "|".join(
        sorted(
            {_literal(template.strip("…:").split("…")[0]) for template in _ALL_WROTE if template[0] == "…"}
        )
    ),
    re.IGNORECASE,
)
VERBLESS = re.compile(r"<[^<>\s]+@[^<>\s]+>\s*[:：]?$")  # Gmail in Russian and Japanese, and as it once was
_DASHED = r"[-_=*—–─]{2,}[\s\xa0>]*(?:%s)[\s\xa0:：]*[-_=*—–─]*"
ORIGINAL = re.compile(_DASHED % "|".join(map(_literal, attributions.ORIGINAL)), re.IGNORECASE)
FORWARDED = re.compile(
    _DASHED % "|".join(_template(each, ".{1,100}?") for each in attributions.FORWARDED), re.IGNORECASE
)
FORWARDED_BELOW = any_of(attributions.FORWARDED_BELOW)
_KINDS: dict[str, set[str]] = {"reply-to": {"other"}, "bcc": {"other"}, "importance": {"other"}}
for _row in attributions.LABELS:
    for _kind, _words in zip(("from", "date", "to", "cc", "subject"), _row[1:], strict=True):
        for _word in _words.split("|"):
            _KINDS.setdefault(_word.casefold(), set()).add(_kind)

DATED = re.compile(r"\d{1,2}\s*[:.h]\s*\d{2}|(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}[./-]\d{1,2}|\d\s*[年月日년]")
TIMED = re.compile(r"\d{1,2}\s*[:.h]\s*\d{2}(?!\d)")
EMOTICON = re.compile(r">[:;=]-?[()/\\|oODPp]+|>[._]+<")
RULE = re.compile(r"[-_=*—–─\s]{5,}")


def label_kinds(line: str) -> set[str] | None:
    """What a line's label can mean (`*Von:* Ann` -> {"from"}), or None when it has none."""
    colon = line.find(":", 0, 30)
    wide = line.find("：", 0, 14)
    if colon < 0 or 0 <= wide < colon:
        colon = wide
    if colon <= 0:
        return None
    return _KINDS.get(line[:colon].strip("*_ \t\xa0>").casefold())


def makes_block(seen: list[set[str]], has_address: bool) -> bool:
    """Whether the labels of a run of lines are those of a mail: nobody's form or itinerary."""
    kinds: set[str] = set().union(*seen) if seen else set()
    if len(seen) < 3 or "from" not in kinds:
        return False
    if "subject" in kinds:
        return "date" in kinds or ("to" in kinds and has_address)
    return "date" in kinds and "to" in kinds and has_address
