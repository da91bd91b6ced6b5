"""Header blocks: who wrote when to whom about what, as Outlook and others put it above the mail that was answered.

A block is told by its labels (`inbox.attributions`), not by its looks; forms people fill in, journeys and headers
somebody copied have labels too and are none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from inbox import attributions
from inbox.attributions import rows, templates
from inbox.marks import RULE, TIMED, Late, is_instant

LONGEST = 24
"""Lines of a header block with its wrapped recipients."""

_KINDS: dict[str, set[str]] = {label.casefold(): {"other"} for label in templates(attributions.OTHER_LABELS)}
for _language, _row in rows(attributions.LABELS):
    for _kind, _words in zip(("from", "date", "to", "cc", "subject"), _row, strict=True):
        for _word in _words.split(","):
            _KINDS.setdefault(_word.strip().casefold(), set()).add(_kind)
_RAW = frozenset(
    (
        "received",
        "return-path",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "message-id",
        "delivered-to",
    )
)  # somebody copied the headers of a mail: no program writes these above a quote
_FORM = {label.casefold() for label in templates(attributions.FORM_LABELS)} - set(_KINDS)


def _label_inside() -> re.Pattern[str]:
    words = sorted((label for label in _KINDS if len(label) > 1), key=len, reverse=True)
    return re.compile(rf"(?<=\s)\*?({'|'.join(map(re.escape, words))})\s?[:：]\*?\s", re.IGNORECASE)


_LABEL_INSIDE = Late(_label_inside)


def begins_block(lines: Sequence[str], at: int) -> bool:
    """Whether a header block begins here: who, when or to whom, and about what, each under its label."""
    if not label_kinds(lines[at]):
        return False
    if _is_in_line(lines[at]):
        return True
    seen: list[set[str]] = []
    has_address = has_time = False
    continued = 0
    for number in range(at, min(at + LONGEST, len(lines))):
        line = lines[number]
        kinds = label_kinds(line) if line else None
        if kinds:
            if "from" in kinds and any("from" in each for each in seen):
                break  # another mail's, or a line above that only begins like one
            seen.append(kinds)
            continued = 0
            has_time = has_time or ("date" in kinds and is_instant(line))
        elif not line:
            below = lines[number + 1] if number + 1 < len(lines) else ""
            if _label(below) in _FORM and not _is_addressed(seen):
                return False
            if not below or not label_kinds(below):
                break
        elif _label(line) in _RAW:
            return False
        elif _label(line) in _FORM:
            if not _is_addressed(seen):
                return False
            break
        else:
            continued += 1
            if continued > 6:
                break
        has_address = has_address or "@" in line
    return _makes_block(seen, has_address, has_time)


def marked_below(lines: Sequence[str], at: int) -> int | None:
    """The first line with a quote mark below a header block that begins here, or None when another line comes first."""
    for number in range(at, min(at + LONGEST, len(lines))):
        line = lines[number]
        if line.startswith(">"):
            return number
        if number > at and line and not label_kinds(line) and not RULE.fullmatch(line):
            return None
    return None


def is_named_block(lines: Sequence[str]) -> bool:
    """Whether lines that a program frames as a header block look like one, in whatever language."""
    labelled = sum(1 for line in lines[:LONGEST] if 0 < line.find(":", 0, 30) < len(line) - 1)
    return labelled >= 3 and any("@" in line or TIMED.search(line) for line in lines)


def label_kinds(line: str) -> set[str] | None:
    """What a line's label can mean (`*Von:* Ann` -> {"from"}), or None when it has none."""
    label = _label(line)
    return _KINDS.get(label) if label else None


def _is_addressed(seen: list[set[str]]) -> bool:
    """Whether somebody is named to whom it went: a form has a sender only, but a mail with a form in it has both."""
    return any("to" in kinds for kinds in seen)


def _label(line: str) -> str:
    colon = line.find(":", 0, 30)
    wide = line.find("：", 0, 14)
    if colon < 0 or 0 <= wide < colon:
        colon = wide
    return line[:colon].strip("*_ \t\xa0>").casefold() if colon > 0 else ""


def _makes_block(seen: list[set[str]], has_address: bool, has_time: bool) -> bool:
    """Whether the labels of a run of lines are those of a mail: nobody's form or itinerary."""
    kinds: set[str] = set().union(*seen) if seen else set()
    if len(seen) < 3 or "from" not in kinds:
        return False
    if "subject" in kinds and "date" in kinds:
        return has_address or has_time
    return ("date" in kinds or "subject" in kinds) and "to" in kinds and has_address


def _is_in_line(line: str) -> bool:
    """Whether a whole header block stands in one line: "From: Sam Sent: Thursday, 9:04 To: Ann Subject: Lamp"."""
    first = label_kinds(line)
    if not first or "from" not in first or len(line) > 600:
        return False
    kinds = [_KINDS[found[1].casefold()] for found in _LABEL_INSIDE.finditer(line)]
    return len(kinds) >= 2 and _makes_block([first, *kinds], "@" in line, is_instant(line))
