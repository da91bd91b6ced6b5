"""A day's file read back: what was written into it, where, and what cannot be understood, with the number of the line.

Editors are forgiven what they do by themselves (ends of lines, a byte order mark, UTF-16, blanks, curly quotes, long
dashes, a whole file quoted by a mail program). Nothing else is guessed: what stands where no place for it is, or belongs
to a conversation whose marks are not all there, is said, and nothing of that conversation is done.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from inbox.day import END, FOOT, HEAD, MARK, PLACES, VERSION, Head, check_of, head_check, mark
from inbox.day_words import Deed, Slip, read_deed
from inbox.text import one_line

LARGEST = 16_000_000
"""Bytes of a file that is read; a day of hundreds of conversations has less than two million."""
MOST_FILES = 20
MOST_LINES = 500_000
LONGEST_TEXT = 100_000
"""Characters of an answer or a note."""

_QUOTING = re.compile(r"(?:>[ \t]?)+(?=\s?\s?\s?<!--\s*day\s)", re.IGNORECASE)
_ORDER = (*PLACES, END)
_THEIRS = re.compile(r"\s?\s?\s?(?:>|<!--|## [0-9]+ ·)")
"""How lines begin in which others' words may stand, and that of the file itself."""
STRAY = "This line stands where nothing is read."


class Trouble(NamedTuple):
    """Something in the file that is not done, and why; `conversation` None where it is about the file."""

    line: int
    conversation: int | None
    words: str
    next_step: str = ""


class Passage(NamedTuple):
    """What was written in one place, and on which line it begins."""

    line: int
    text: str


class Section(NamedTuple):
    """What was written to one conversation. `seen`: the last event its writer had before them."""

    head: Head
    conversation: int
    seen: int
    line: int
    answer: Passage | None = None
    note: Passage | None = None
    deeds: tuple[Deed, ...] = ()


class Day(NamedTuple):
    """All that was written into a file, and what was not understood, in the order of the lines."""

    sections: tuple[Section, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    untouched: int = 0  # conversations into which nothing was written
    odd: str = ""  # how the bytes had to be read, where that is worth a word


class _Marked(NamedTuple):
    """A mark where it stands, from 0."""

    at: int
    place: str
    conversation: int
    seen: int
    check: str
    file: str


def text_of(data: bytes) -> tuple[str, str]:
    """The text of a file as an editor has written it, and in words what was odd about its bytes ("" for nothing)."""
    for mark_, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark_):
            return codecs.getincrementaldecoder(name)("replace").decode(data[len(mark_) :]), ""
    if (wide := _wide(data)) is not None:
        return codecs.getincrementaldecoder(wide)("replace").decode(data), ""
    try:  # a character that was cut in two at the end of the file is left out
        return codecs.getincrementaldecoder("utf-8")().decode(data), ""
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "It is not in UTF-8, and was read as Windows-1252."


def _wide(data: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of its beginning is zero."""
    begins = data[:200]
    if len(begins) < 4 or b"\0" not in begins:
        return None
    even, odd = begins[0::2].count(0), begins[1::2].count(0)
    return "utf-16-le" if odd > even else "utf-16-be"


def read_day(text: str) -> Day:
    """What was written into the files that `text` holds, one after the other."""
    lines = re.split(r"\r\n|\r|\n|\u2028|\u2029", text.removeprefix("\ufeff"))
    if len(lines) > MOST_LINES:
        words = f"The file has more than {MOST_LINES} lines."
        return Day(troubles=(Trouble(MOST_LINES, None, words, "Nothing was done. Is it the right one?"),))
    lines = _unquoted(lines)
    heads, troubles = _heads(lines)
    if not heads:
        if not troubles:
            words = "This is no file of frontdesk day: the line that says whose it is, is not there."
            troubles = [
                Trouble(1, None, words, "Nothing was done. Give the file that frontdesk day has written.")
            ]
        return Day(troubles=tuple(troubles))
    return _sections(lines, heads, troubles)


def _unquoted(lines: list[str]) -> list[str]:
    """The lines without what a mail program has put before all of them. Where the file itself says unquoted whose it is, a
    quoted one is a customer's words."""
    if any(HEAD.fullmatch(line) for line in lines):
        return lines
    for line in lines:
        if (found := _QUOTING.match(line)) is not None:
            depth = found[0].count(">")
            one = re.compile(rf"(?:>[ \t]?){{{depth}}}")
            return [one.sub("", each, count=1) if one.match(each) else each for each in lines]
    return lines


def _heads(lines: Sequence[str]) -> tuple[dict[str, Head], list[Trouble]]:
    """What files there are, by their number, and those that cannot be read."""
    heads: dict[str, Head] = {}
    troubles: list[Trouble] = []
    for number, line in enumerate(lines, 1):
        found = HEAD.fullmatch(line)
        if found is None:
            continue
        if len(heads) == MOST_FILES:
            words = f"These are more than {MOST_FILES} files."
            return {}, [Trouble(number, None, words, "Nothing was done. Bring them one after the other.")]
        version = int(found[1])
        head = Head(found[2].lower(), found[3].lower(), int(found[4], 16), int(found[5], 16), found[7])
        if version > VERSION:
            words = "This file was written by a newer Frontdesk."
            troubles.append(
                Trouble(number, None, words, "Nothing was done. Upgrade here, or write the day anew.")
            )
        elif found[6].lower() != head_check(head, version):
            words = "The line that says whose file this is, was changed."
            troubles.append(Trouble(number, None, words, "Nothing was done. Put it back as it was."))
        else:
            heads[head.id] = head
    return heads, troubles


# ---------------------------------------------------------------------- sections


def _sections(lines: Sequence[str], heads: Mapping[str, Head], troubles: list[Trouble]) -> Day:
    marks, damaged = _marks(lines, heads)
    troubles = [*troubles, *damaged]
    ended = {last[1].lower() for line in lines if (last := FOOT.fullmatch(line)) is not None}
    if not ended >= heads.keys():
        words = "The file ends before its end: what came below was cut off, or taken out with its last line."
        troubles.append(Trouble(len(lines), None, words, "What is told of here was read; look for the rest."))
    bad = {each.conversation for each in damaged}
    places: dict[tuple[str, int], list[int]] = {}
    for index, each in enumerate(marks):
        places.setdefault((each.file, each.conversation), []).append(index)
    found: list[Section] = []
    untouched = 0
    lost = _strays(lines, marks)
    if 0 in lost:
        troubles.append(Trouble(lost[0], None, STRAY, "Put it below ### answer, ### note or ### do."))
    for (file, conversation), indexes in places.items():
        wrong = _wrong(marks, indexes, lines)
        if wrong is None and conversation in bad:
            continue
        if wrong is None and conversation in lost:
            next_step = "Nothing of this conversation was done: put it below ### answer, ### note or ### do."
            wrong = Trouble(lost[conversation], conversation, STRAY, next_step)
        if wrong is not None:
            troubles.append(wrong)
            continue
        section, slips = _read(lines, [marks[index] for index in indexes], heads[file])
        troubles += slips
        if section.answer or section.note or section.deeds:
            found.append(section)
        elif not slips:
            untouched += 1
    return Day(
        tuple(sorted(found, key=lambda each: each.line)),
        tuple(sorted(troubles, key=lambda each: each.line)),
        untouched,
    )


def _marks(lines: Sequence[str], heads: Mapping[str, Head]) -> tuple[list[_Marked], list[Trouble]]:
    """The marks of these files; and lines that were such and are not any more."""
    marks: list[_Marked] = []
    damaged: list[Trouble] = []
    for at, line in enumerate(lines):
        found = MARK.fullmatch(line)
        if found is not None and found[5].lower() in heads:
            place = found[1].lower()
            one = _Marked(
                at, place, int(found[2]), int(found[3] or 0), (found[4] or "").lower(), found[5].lower()
            )
            whole = (
                one.check == check_of(one.file, one.conversation, one.seen) if place == END else not found[3]
            )
            if whole:
                marks.append(one)
                continue
        low = line.lower()
        if _THEIRS.match(line) is None and any(file in low for file in heads):
            number = re.search(r"\b([0-9]{1,18})\b", line)
            words = f"This line was a mark, and was changed: {one_line(line, 60)}"
            next_step = "Nothing of this conversation was done. Put the line back as it was."
            damaged.append(Trouble(at + 1, int(number[1]) if number else None, words, next_step))
    return marks, damaged


def _wrong(marks: Sequence[_Marked], indexes: Sequence[int], lines: Sequence[str]) -> Trouble | None:
    """Why it cannot be told what belongs to a conversation; None where its four marks stand one after the other."""
    mine = [marks[index] for index in indexes]
    first = mine[0]
    line, conversation = first.at + 1, first.conversation
    if len(mine) > len({each.place for each in mine}):
        twice = next(each for n, each in enumerate(mine) if each.place in {other.place for other in mine[:n]})
        words = (
            f"Conversation {conversation} stands here twice (from line {line} and from line {twice.at + 1})."
        )
        return Trouble(twice.at + 1, conversation, words, "Nothing of it was done: leave one of both.")
    missing = [place for place in _ORDER if place not in {each.place for each in mine}]
    if missing and missing == list(_ORDER[len(mine) :]) and indexes[-1] == len(marks) - 1:
        words = "The file ends in the middle of this conversation."
        return Trouble(len(lines), conversation, words, "Nothing of it was done: bring the whole file.")
    if missing:
        name = f"### {missing[0]} {conversation} …"
        words = f"The line “{name}” is not there any more, so nobody can tell what belongs where."
        return Trouble(
            line, conversation, words, f"Nothing of it was done: put back “{_as_was(missing[0], first)}”."
        )
    one_after_the_other = all(b - a == 1 for a, b in pairwise(indexes))
    if [each.place for each in mine] != list(_ORDER) or not one_after_the_other:
        words = (
            "The marks of this conversation stand in another order, so nobody can tell what belongs where."
        )
        return Trouble(
            line, conversation, words, "Nothing of it was done: answer, note, do and end is the order."
        )
    return None


def _as_was(place: str, one: _Marked) -> str:
    return f"### {END} …" if place == END else mark(place, one.conversation, one.file)


def _strays(lines: Sequence[str], marks: Sequence[_Marked]) -> dict[int, int]:
    """The first line that a person wrote outside of all places, by the conversation it may have been meant for (0: none):
    what is ours there begins with a sign."""
    found: dict[int, int] = {}
    begins = next(
        at for at, line in enumerate(lines) if HEAD.fullmatch(line)
    )  # a mail program says more above
    before: _Marked | None = None
    here = iter([*marks, None])
    coming = next(here)
    titled = False
    for at, line in enumerate(lines):
        if coming is not None and at == coming.at:
            before, coming = coming, next(here)
            titled = False
            continue
        titled = titled or line.startswith("## ")
        outside = before is None or before.place == END
        if at > begins and outside and line.strip() and not re.match(r"\s{0,3}[#>]|\s*<!--", line):
            near = [coming.conversation] if coming is not None else []
            near += [before.conversation] if before is not None and not titled else []
            for each in near or [0]:
                found.setdefault(each, at + 1)
    return found


def _read(lines: Sequence[str], marks: Sequence[_Marked], head: Head) -> tuple[Section, list[Trouble]]:
    """What was written between the four marks of a conversation."""
    answer_, note_, do_, end = marks
    slips: list[Trouble] = []
    deeds: list[Deed] = []
    for at in range(do_.at + 1, end.at):
        if not lines[at].strip():
            continue
        deed = read_deed(lines[at], at + 1)
        if isinstance(deed, Slip):
            slips.append(Trouble(at + 1, end.conversation, deed.words, deed.next_step))
        else:
            deeds.append(deed)
    answer = _passage(lines, answer_.at, note_.at)
    note = _passage(lines, note_.at, do_.at)
    if slips:  # a verb of several may rest on the one that was not understood
        deeds = []
    nothing = Section(head, end.conversation, end.seen, answer_.at + 1)
    misplaced = _misplaced(lines, answer_.at, note_.at)
    if misplaced is not None:
        shown = one_line(lines[misplaced - 1], 60)
        words = f"“{shown}” reads like something to be done, and would go to the customer."
        next_step = "Nothing of this conversation was done: put it below ### do, or word it otherwise."
        return nothing, [*slips, Trouble(misplaced, end.conversation, words, next_step)]
    for each in (answer, note):
        if each is not None and len(each.text) > LONGEST_TEXT:
            words = f"This text has more than {LONGEST_TEXT} characters."
            return nothing, [*slips, Trouble(each.line, end.conversation, words, "Shorten it.")]
    return nothing._replace(answer=answer, note=note, deeds=tuple(deeds)), slips


def _passage(lines: Sequence[str], after: int, before: int) -> Passage | None:
    """What was typed between two marks, without the blank lines around it; None where nothing was."""
    typed = [at for at in range(after + 1, before) if lines[at].strip()]
    if not typed:
        return None
    text = "\n".join(line.rstrip() for line in lines[typed[0] : typed[-1] + 1])
    return Passage(typed[0] + 1, text)


def _misplaced(lines: Sequence[str], after: int, before: int) -> int | None:
    """The line of an answer that stands alone at its beginning or end, and can be nothing but something to be done."""
    typed = [at for at in range(after + 1, before) if lines[at].strip()]
    for at, beside in ((typed[0], typed[0] + 1), (typed[-1], typed[-1] - 1)) if typed else ():
        deed = read_deed(lines[at], at + 1) if beside not in typed else None
        if isinstance(deed, Deed) and deed.sure:
            return at + 1
    return None
