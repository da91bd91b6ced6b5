"""What every reader of a format offers, and how the one that fits is found: by what the files say, not by their names.

A format is a module of this folder with

- `find(source, names)`: of these files, those that it can read, in groups that make one export each; told by their heads,
  so that no long file is read twice;
- `read(source, group, asked)`: the chats of one group, oldest line first.

Neither raises for what is wrong with a transcript: what can be read is read, the rest is told in the chat's oddities. A
group in which nothing can be read raises NotDone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from inbox.channels.chat.sources import Source
from inbox.chat.shape import FORMATS, Asked, Chat
from inbox.errors import BadUsage, NotDone
from inbox.text import one_line

Group = tuple[str, ...]
"""The names of the files that make one export."""


class Format(Protocol):
    """A module that reads a format."""

    def find(self, source: Source, names: Sequence[str]) -> Iterator[Group]:
        """The groups of files that it can read."""
        ...

    def read(self, source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
        """The chats of one group."""
        ...


@dataclass(frozen=True, slots=True)
class Left:
    """A file that no format can read, and why."""

    name: str
    reason: str


def format_of(name: str) -> Format:
    """The module that reads a format; BadUsage for a name that is none."""
    if name not in FORMATS:
        raise BadUsage(f"There is no chat format {one_line(name)!r}.", f"There are {', '.join(FORMATS)}.")
    return cast("Format", import_module(f"inbox.channels.chat.{FORMATS[name]}"))


def found(source: Source, format_: str | None = None) -> Iterator[tuple[Format, Group]]:
    """The exports in a source, with what reads each; a file belongs to the first format that can read it. A single file of
    which somebody says what it is belongs to that."""
    left = [entry.name for entry in source.entries]
    if len(left) > 1:
        left = [name for name in left if name.lower().endswith(_TEXTS)]
    alone = tuple(left) if format_ is not None and len(left) == 1 else None
    for name in [format_] if format_ is not None else FORMATS:
        module = format_of(name)
        for group in [alone] if alone is not None else list(module.find(source, left)):
            left = [each for each in left if each not in group]
            yield module, group


def chats(source: Source, asked: Asked, format_: str | None = None) -> Iterator[Chat | Left]:
    """Every chat in a source, and what could not be read; its lines can be read as long as the source is open."""
    taken: set[str] = set()
    for module, group in found(source, format_):
        taken.update(group)
        try:
            yield from module.read(source, group, asked)
        except NotDone as error:
            yield Left(group[0], " ".join(str(error).split()))
    for entry in source.entries:
        if entry.name not in taken and (not taken or entry.name.lower().endswith(_TEXTS)):
            yield Left(entry.name, _why_not(source, entry.name))


_TEXTS = (".txt", ".md", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".xml", ".log", ".weechatlog", ".irc")
"""How the names of files end that may be transcripts, where there are several; the others are media, or mail."""


def _why_not(source: Source, name: str) -> str:
    try:
        head = source.head(name)
    except NotDone as error:
        return " ".join(str(error).split())
    if not head.strip():
        return "it is empty"
    if b"\0" in head[:1024] and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "it is no text"
    return "it looks like no transcript that is known; --format NAME says what it is"
