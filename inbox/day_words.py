"""What can be done from a day's file, one a line, as people type it below "### do"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from inbox.nearest import nearest
from inbox.outcomes import GIVEN
from inbox.text import one_line

LONGEST = 300
"""Characters of a line."""


class Deed(NamedTuple):
    """A line that was understood: `verb` as in `inbox.verbs`, or "saved" and "to-all", which are said of the answer; `said`
    what was said with it, times as they were typed. `sure`: in no answer to a customer could it be a sentence."""

    line: int
    verb: str
    said: Mapping[str, Any]
    shown: str
    sure: bool = False


class Slip(NamedTuple):
    """Why a line was not understood, and what would be."""

    words: str
    next_step: str


class _Form(NamedTuple):
    """How a verb is typed; `read` takes what stands behind it, and answers None where that is not how it is typed."""

    example: str
    read: Callable[[str], dict[str, Any] | None]
    sure: bool = True


_PLAIN = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "’": "'",
        "‘": "'",
        "–": "-",
        "—": "-",
        "−": "-",
        "‑": "-",
    }
)
_BULLET = re.compile(r"\s*(?:[-*+•]\s+)?(?:\[[ xX]?\]\s+)?")
_PAIR = re.compile(r'([a-z]+)\s*=\s*(?:"([^"]*)"|(\S+))\s*', re.IGNORECASE)
_COLON = re.compile(r"\s*:(?:\s+|$)")
_UNTIL = re.compile(r"(?:^|\s+)until\s+", re.IGNORECASE)


def _nothing(rest: str) -> dict[str, Any] | None:
    return {} if not rest else None


def _close(rest: str) -> dict[str, Any] | None:
    word = re.match(r"[\w-]+(?![\w-]*\s*=)", rest)
    said: dict[str, Any] = {}
    if word is not None:
        said["why"], rest = word[0].lower(), rest[word.end() :].strip()
    while rest:
        pair = _PAIR.match(rest)
        if pair is None or pair[1].lower() not in ("why", "cause", "to"):
            return None
        said[pair[1].lower()] = pair[2] if pair[2] is not None else pair[3]
        rest = rest[pair.end() :]
    return said if said.get("why", "resolved") in GIVEN else None


def _snooze(rest: str) -> dict[str, Any] | None:
    time = _UNTIL.sub("", rest, count=1) if _UNTIL.match(rest) else rest
    return {"until": time} if time else None


def _hold(rest: str) -> dict[str, Any] | None:
    whom, *until = _UNTIL.split(rest, maxsplit=1)
    whom = re.sub(r"^for\s+", "", whom, flags=re.IGNORECASE).strip()
    return {"whom": whom, **({"until": until[0]} if until and until[0] else {})} if whom else None


def _tag(rest: str) -> dict[str, Any] | None:
    words = rest.replace(",", " ").split()
    add = tuple(word.removeprefix("+") for word in words if not word.startswith("-"))
    remove = tuple(word[1:] for word in words if word.startswith("-"))
    return {"add": add, "remove": remove} if words and all((*add, *remove)) else None


def _name(rest: str) -> dict[str, Any] | None:
    return {"to": rest} if rest and len(rest.split()) == 1 else None


def _whom_and_line(rest: str) -> dict[str, Any] | None:
    name, *line = _COLON.split(rest, maxsplit=1)
    return {"to": name, "summary": line[0]} if name and len(name.split()) == 1 and line and line[0] else None


def _time_and_words(rest: str) -> dict[str, Any] | None:
    time, *words = _COLON.split(rest, maxsplit=1)
    return {"until": time, "text": words[0] if words else ""} if time else None


def _named(rest: str) -> dict[str, Any] | None:
    name = rest.strip('"').strip()
    return {"name": name} if name else None


FORMS: Mapping[str, _Form] = MappingProxyType(
    {
        "close": _Form("close thanks", _close),
        "no-answer": _Form("no-answer", _nothing),
        "snooze": _Form("snooze until tomorrow", _snooze),
        "hold": _Form("hold for carrier until fri", _hold),
        "tag": _Form("tag +x -y", _tag),
        "assign": _Form("assign bo", _name),
        "assign-me": _Form("assign-me", _nothing),
        "hand-over": _Form("hand-over bo: where it stands", _whom_and_line),
        "promise": _Form("promise thu: a new lamp", _time_and_words),
        "keep": _Form("keep", _nothing, sure=False),
        "follow-up": _Form("follow-up mon: call", _time_and_words),
        "done": _Form("done", _nothing, sure=False),
        "reopen": _Form("reopen", _nothing),
        "spam": _Form("spam", _nothing),
        "seen": _Form("seen", _nothing, sure=False),
        "act": _Form("act NAME", _named, sure=False),
        "saved": _Form("saved NAME", _named, sure=False),
        "to-all": _Form("to all", _nothing, sure=False),
    }
)
"""Every verb that can be done from a file."""

_ALSO = {
    "no answer": "no-answer",
    "assign me": "assign-me",
    "hand over": "hand-over",
    "handover": "hand-over",
    "follow up": "follow-up",
    "followup": "follow-up",
    "to all": "to-all",
    "reply all": "to-all",
    "kept": "keep",
}


def read_deed(line: str, number: int) -> Deed | Slip:
    """What a line says that is to be done; or why it was not understood."""
    text = " ".join(line.translate(_PLAIN).split())
    text = text[_BULLET.match(text).end() :]  # type: ignore[union-attr]  # it may be empty, and always matches
    shown = one_line(text, 60)
    if len(text) > LONGEST:
        return Slip(
            f"“{shown}” is too long for something to be done.", f"One line has at most {LONGEST} characters."
        )
    if "·" in text:
        return Slip(f"“{shown}” is more than one thing to be done.", "Write one a line.")
    verb, rest = _verb(text)
    if verb is None:
        word = text.split()[0].casefold().rstrip(":.,") if text.split() else ""
        known = ", ".join(form.example for form in FORMS.values())
        return Slip(
            f"“{shown}” is nothing that can be done here{nearest(word, FORMS)}", f"There are: {known}."
        )
    form = FORMS[verb]
    said = form.read(rest)
    if said is None:
        more = ""
        if verb == "close":
            more = f" Reasons: {', '.join(GIVEN)}."
        return Slip(f"“{shown}” is not understood.", f"Write it like “{form.example}”.{more}")
    return Deed(number, verb, said, shown, form.sure)


def _verb(text: str) -> tuple[str | None, str]:
    folded = text.casefold()
    for typed in sorted((*FORMS, *_ALSO), key=len, reverse=True):
        if re.match(rf"{re.escape(typed)}(?![\w-])", folded):
            return _ALSO.get(typed, typed), text[len(typed) :].removeprefix(":").strip()
    return None, ""
