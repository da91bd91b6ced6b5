"""A day's conversations as one file to be read and written in without a line, and the marks by which it is read again.

Everything that comes from elsewhere stands behind "> " and is broken into lines short enough for editors to leave alone.
What a person writes is believed to stand where they wrote it by marks alone: headings with the file's own number, drawn
anew for each file. No mail can hold one, since it was written before the number was drawn (docs/team.md).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from inbox.listing import Instant
from inbox.text import one_line, sanitise

VERSION = 1
"""Of the form of the file; a newer one is not read."""
WIDTH = 72
"""Cells of a line: no editor that breaks lines by itself breaks shorter ones."""
PLACES = ("answer", "note", "do")
"""Where a person writes, in the order of the file; each ends where the next mark stands, the last one at the end mark."""
END = "end"
ID_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
ID_LENGTH = 12
"""Letters of a file's number: 60 bits."""

_ID = rf"([{ID_LETTERS}]{{{ID_LENGTH}}})"
MARK = re.compile(
    rf"\s?\s?\s?#{{1,6}}\s*(answer|note|do|end)\s+([0-9]{{1,18}})(?:\s+([0-9]{{1,18}})\s+([0-9a-f]{{8}}))?\s+{_ID}\s*",
    re.IGNORECASE,
)
"""A mark: what begins here, of which conversation; of an end also the last event that was seen, and its check; the file."""
HEAD = re.compile(
    rf"\s?\s?\s?<!--\s*day\s+([0-9]{{1,9}})\s+{_ID}\s+([0-9a-f]{{8}})\s+([0-9a-f]{{1,12}})\s+([0-9a-f]{{1,15}})\s+"
    rf"([0-9a-f]{{8}})\s+(\S.*?)\s*-->\s*",
    re.IGNORECASE,
)
"""The file: the version of its form, its number, the workspace, when it was written, the newest event by then, a check,
and for whom."""
FOOT = re.compile(rf"\s?\s?\s?<!--\s*end\s+of\s+day\s+{_ID}\s*-->\s*", re.IGNORECASE)
"""The last line of a file: what is cut off is missed by it."""


_OBEYED = re.compile(r"(\b(?:vi|vim|ex)(?:[<=>]?[0-9]+)?|\blocal variables|\bkak(?:oune)?):", re.IGNORECASE)
"""What editors obey in a file near its beginning or end: modelines (Vim's help, "modeline") and Emacs' local variables
(GNU Emacs Manual, Specifying File Variables). A stranger's mail is to set nothing there."""


class Head(NamedTuple):
    """What a file says of itself: its number, of which workspace it is, when it was written, the number of the newest event
    there by then, and for whom it is."""

    id: str
    workspace: str
    at: Instant
    newest: int
    who: str


class Said(NamedTuple):
    """Something in a conversation: a line of ours above it, its text as it came, lines of ours below."""

    above: str
    text: str
    below: tuple[str, ...] = ()


class Page(NamedTuple):
    """A conversation as it is written down. `seen`: the last event in it by then; `title` and `facts` are lines of ours with
    names and subjects of others in them."""

    conversation: int
    seen: int
    title: str
    facts: tuple[str, ...]
    said: tuple[Said, ...]


def new_id(bits: int) -> str:
    """The number of a file from 60 random bits."""
    letters = (ID_LETTERS[bits >> shift & 31] for shift in range(0, 5 * ID_LENGTH, 5))
    return "".join(letters)


def check_of(*parts: object) -> str:
    """A short check over what a mark says, so that a slip of the keyboard in one is noticed."""
    return hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:8]


def head_check(head: Head, version: int = VERSION) -> str:
    """The check of what a file says of itself."""
    return check_of(version, *head)


def mark(place: str, conversation: int, file: str) -> str:
    """The line under which an answer, a note, or what is to be done is written."""
    return f"### {place} {conversation} {file}"


def end_mark(conversation: int, seen: int, file: str) -> str:
    """The line that ends what belongs to a conversation."""
    return f"### {END} {conversation} {seen} {check_of(file, conversation, seen)} {file}"


def head_mark(head: Head) -> str:
    """The line by which a file is known."""
    told = f"{VERSION} {head.id} {head.workspace} {head.at:x} {head.newest:x} {head_check(head)}"
    return f"<!-- day {told} {head.who} -->"


def told_of(identity: str) -> str:
    """The workspace as a file tells of it."""
    return hashlib.sha256(identity.encode()).hexdigest()[:8]


def foot_mark(file: str) -> str:
    """The last line of a file."""
    return f"<!-- end of day {file} -->"


def written(
    head: Head,
    day: str,
    pages: Sequence[Page],
    command: str,
    wrap: Callable[[str, int], Iterable[str]],
) -> Iterator[str]:
    """The lines of the file, without their ends. `day`: the day in words; `command`: how Frontdesk is called from
    there, such as "ssh desk"; `wrap` breaks sanitised text into lines of so many cells."""
    count = "1 conversation" if len(pages) == 1 else f"{len(pages)} conversations"
    yield f"# A day without a line: {one_line(head.who, 60)}, {day}, {count}"
    yield ""
    yield from _how_to(command, day)
    yield head_mark(head)
    for number, page in enumerate(pages, 1):
        yield ""
        for line in _page(page, f"{number} of {len(pages)}", head.id, wrap):
            yield _OBEYED.sub(r"\1 :", line)
    yield ""
    yield foot_mark(head.id)


def _how_to(command: str, day: str) -> Iterator[str]:
    yield "> Write below “### answer” (to the customer), “### note” (to the team)"
    yield "> and “### do”. Those lines stay as they are; what is empty is nothing."
    yield f"> Then: {command} apply < day.md  (apply --check: what would happen)"
    yield "> do, one a line: close · close thanks · no-answer · snooze until fri ·"
    yield "> hold for bo until fri · tag +x -y · assign bo · promise thu: a lamp ·"
    yield "> hand-over bo: where it is · keep · follow-up mon: call · done · spam ·"
    yield "> reopen · act NAME · saved NAME (a saved reply in the answer) · to all"
    yield f"> “tomorrow” counts from applying it; if not on {day}, it asks."
    yield "> Who has written, or was answered, since: yours is kept as your draft."
    yield f"> Files: {command} put ID < FILE, before; they go with the answer."


def _page(page: Page, place: str, file: str, wrap: Callable[[str, int], Iterable[str]]) -> Iterator[str]:
    title = one_line(page.title, 300)
    first, *rest = list(wrap(f"{page.conversation} · {title}", WIDTH - 3)) or [""]
    yield f"## {first}"
    yield from (f"> {line}" for line in rest)
    yield from (
        f"> {line}" for fact in (*page.facts, place) if fact for line in wrap(one_line(fact, 400), WIDTH - 2)
    )
    for said in page.said:
        yield ""
        yield from (f"> **{line}**" for line in wrap(one_line(said.above, 300), WIDTH - 6))
        yield from (f"> {line}".rstrip() for line in wrap(sanitise(said.text).strip("\n"), WIDTH - 2))
        yield from (f"> {line}" for each in said.below for line in wrap(one_line(each, 300), WIDTH - 2))
    for each in PLACES:
        yield ""
        yield mark(each, page.conversation, file)
        yield ""
    yield end_mark(page.conversation, page.seen, file)
