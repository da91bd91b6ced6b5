"""Signal, as text: `[2019-12-24, 12:23] Name: text`, in local time and without ids.

A line without a stamp goes on with the message before. Files are links of Markdown: `![name](media/…)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.stamps import Clockface, local_zone
from inbox.channels.chat.texts import Ending, beginnings, begins_like, lines, without_marks
from inbox.chat.shape import Asked, Chat, Media, Oddities, Participant, Side
from inbox.errors import NotDone

_BEGUN = re.compile(
    r"\[(\d{4})-(\d\d)-(\d\d),? (\d\d):(\d\d)(?::(\d\d))?\] (?:(?P<name>[^\n:]{1,120}):(?: |\Z))?(?P<text>.*)\Z",
    re.DOTALL,
)
_FILE = re.compile(r"!?\[([^\]\n]*)\]\((?:\./)?([^)\s]*/[^)\n]{1,250}|[^)\s:/]+\.\w{1,5})\)")
_OURSELVES = ("me", "you")
"""How the side that wrote with the telephone itself is called."""
_LOOKED_AT = 5


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Texts that begin as Signal's do; each is a chat."""
    for name, text in beginnings(source, names):
        first = [each for each in text.split("\n") if each.strip()]
        if any(_BEGUN.match(without_marks(each)) for each in first[:_LOOKED_AT]):
            yield (name,)


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """The one chat of a file."""
    (name,) = group
    oddities, people = Oddities(), People()
    clock = Clockface(local_zone(asked, oddities))
    rows: list[Row] = []
    stray, stamp, ending = 0, "", Ending()
    cut = False
    with source.open(name) as file:
        for number, line in lines(file, oddities, ending):
            begun = _BEGUN.match(without_marks(line))
            if begun is None:
                if rows and ending.cut is not None and begins_like(line, stamp):
                    cut = True
                elif rows:
                    rows[-1] = rows[-1]._replace(text=f"{rows[-1].text}\n{line}")
                elif line.strip():
                    stray = stray or number
                continue
            if ending.cut is not None and not (begun["name"] and begun["text"]):
                cut = True
                continue
            stamp = line[: begun.end(6) if begun[6] else begun.end(5)] + "] "
            year, month, day, hour, minute, second = (int(each or 0) for each in begun.groups()[:6])
            at = clock.instant((year, month, day), (hour, minute, second), None)
            author = people.add(_participant(begun["name"])) if begun["name"] else None
            rows.append(Row(at, author, begun["text"], said=f"line {number}"))
    if not rows:
        raise NotDone("No line begins as Signal writes it.", "Export the chat once more.")
    ending.say(oddities, left_out=cut)
    if stray:
        oddities.say(f"line {stray} belongs to a message whose beginning is missing")
    whole = [_with_files(row, source, name) for row in rows]
    yield built("signal", None, _title(name), people.all, whole, asked, oddities)


def _participant(name: str) -> Participant:
    name = name.strip()
    return Participant(name, role=Side.AGENT if name.casefold() in _OURSELVES else Side.UNKNOWN)


def _with_files(row: Row, source: Source, name: str) -> Row:
    """A message with the files it links to; what is linked and lies nowhere is a file where its link says so."""
    files: list[Media] = []

    def take(found: re.Match[str]) -> str:
        media = source.media(found[2], name)
        if not media.place and not found[0].startswith("!") and "media/" not in found[2]:
            return found[0]
        files.append(media)
        return ""

    text = _FILE.sub(take, row.text.rstrip())
    return row._replace(text=text.strip() if files else text, attachments=tuple(files))


def _title(name: str) -> str | None:
    """Who the chat is with: each lies in a folder of its name."""
    folder, _, file = name.rpartition("/")
    if file.partition(".")[0] in ("index", "chat", "data", ""):
        return folder.rpartition("/")[2] or None
    return None
