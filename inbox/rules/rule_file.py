"""A settings file as `rules check` reads it: rules that the settings would refuse are told and left out, so that the others
are looked at all the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from inbox.errors import BadSettings
from inbox.model import Instant
from inbox.rules.checking import ERROR, Problem
from inbox.settings import Settings, from_bytes
from inbox.settings_checks import Mistake, Mistakes
from inbox.toml_lines import Path as Place
from inbox.toml_lines import lines_of

_HEADER = re.compile(r"\s*\[")
_OF_A_RULE = re.compile(r"\s*\[\[?\s*rule\s*\.")
_NAME = re.compile(r"""\s*name\s*=\s*(?:"([^"\\]*)"|'([^']*)')""")


class RuleFile(NamedTuple):
    """The settings of a file without the rules that are refused; where what stands in it; and why those were refused."""

    settings: Settings
    lines: Mapping[Place, int]
    refused: tuple[Problem, ...]


def read(raw: bytes, path: Path, now: Instant) -> RuleFile:
    """Read the rules of a settings file. Raises BadSettings where anything but rules is wrong, or it is no TOML."""
    try:
        return RuleFile(from_bytes(raw, path, now=now), _lines(raw), ())
    except Mistakes as error:
        if any(not _of_rules(each) for each in error.mistakes):
            raise
        text = _text(raw).split("\n")
        problems = tuple(_problem(each, text) for each in error.mistakes)
    left = _without(text, [each.line for each in problems])
    try:
        return RuleFile(from_bytes(left, path, now=now), _lines(left), problems)
    except BadSettings:  # not as tables of their own: none of them can be looked at
        left = _without(text, range(1, len(text) + 1))
        return RuleFile(from_bytes(left, path, now=now), _lines(left), problems)


def _of_rules(mistake: Mistake) -> bool:
    return mistake.key.split(".")[0].split(",")[0] == "rule"


def _text(raw: bytes) -> str:
    return raw.decode("utf-8-sig").replace("\r\n", "\n")


def _lines(raw: bytes) -> Mapping[Place, int]:
    return lines_of(_text(raw))


def _problem(mistake: Mistake, text: Sequence[str]) -> Problem:
    key = mistake.key.removeprefix("rule").removeprefix(".").removeprefix(", ")
    names = (_NAME.match(line) for line in text[slice(*_table(text, mistake.line))])
    name = next((found[1] or found[2] or "" for found in names if found), "")
    return Problem(mistake.line, name, ERROR, "settings", f"{key}: {mistake.what}" if key else mistake.what)


def _table(text: Sequence[str], line: int) -> tuple[int, int]:
    """Where the table [[rule]] around a line begins and ends, as places in `text`."""
    heads = [
        at
        for at, row in enumerate(text)
        if _HEADER.match(row) and not _OF_A_RULE.match(row) and not _inside(row)
    ]
    begins = max((at for at in heads if at < line), default=0)
    return begins, min((at for at in heads if at > begins), default=len(text))


def _inside(row: str) -> bool:
    """Whether a line that begins with a bracket goes on with a list instead of beginning a table."""
    return not re.fullmatch(r"\s*\[\[?[^\[\]]+\]\]?\s*(#.*)?", row)


def _without(text: Sequence[str], lines: Iterable[int]) -> bytes:
    """The file with the rules around these lines blanked out, so that all others keep their lines."""
    kept = list(text)
    for line in lines:
        begins, ends = _table(text, line)
        if re.match(r"\s*\[\[\s*rule\s*\]\]", text[begins]):
            kept[begins:ends] = [""] * (ends - begins)
    return "\n".join(kept).encode()
