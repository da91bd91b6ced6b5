"""Transcripts that are JSON: read also where they were cut off, or hold what JSON does not know.

What stands before the cut is kept: the lists and objects that were begun are ended after the last part that is whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inbox.channels.chat.sources import Source
from inbox.channels.chat.texts import encoding_of, lines
from inbox.channels.chat.values import objects
from inbox.chat.shape import Oddities
from inbox.errors import NotDone
from inbox.text import one_line

MOST = 400 << 20
"""Bytes of one document, which is read as a whole."""
DEEPEST = 200
"""Lists in lists; what lies deeper is no transcript."""
_LISTS = frozenset(
    (
        "",
        "messages",
        "list",
        "history",
        "items",
        "events",
        "conversation_parts",
        "results",
        "chats",
        "conversations",
        "data",
    )
)
"""Lists of messages and of chats, and one that is the whole document: of these a part is worth having."""
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s"\[\]{},:]+', re.DOTALL)
_HEX = re.compile(r"(?<!\\)((?:\\\\)*)\\x([0-9a-fA-F]{2})")
"""A byte as `\\x0f`. Behind an even number of backslashes only: of `\\\\x0f` the first stands for itself."""
_ON_LINES = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{[^\n]*\}[ \t]*\r?\n\s*[^\s,\]}]")
"""An object that is whole on its line, and another behind it, or what ought to be one."""
_KEY = re.compile(r'"([A-Za-z_][\w.-]{0,60})"\s*:')


def with_keys(source: Source, names: Sequence[str], *wanted: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """The files in whose first bytes all keys of one of these sets occur, each by itself."""
    for name in names:
        try:
            known = keys(source.head(name))
        except NotDone:
            continue
        if any(each <= known for each in wanted):
            yield (name,)


def keys(head: bytes) -> frozenset[str]:
    """The keys that occur in the first bytes of a document; none where it is no JSON."""
    encoding, skip = encoding_of(head[:4])
    text = head[skip:].decode(encoding, "replace")
    return frozenset(_KEY.findall(text)) if text.lstrip()[:1] in ("{", "[") else frozenset()


def several(source: Source, name: str) -> Iterator[tuple[Mapping[str, Any], Oddities]]:
    """The objects of a file: one, a list of them, or one on each line; each with what was wrong with the file up to the
    next. What is no object is said and left out."""
    oddities = Oddities()
    if not _ON_LINES.match(source.head(name)):
        whole = document(source, name, oddities)
        for each in objects(whole if isinstance(whole, list) else [whole]):
            yield each, oddities.take()
        return
    held: Mapping[str, Any] | None = None
    with source.open(name) as file:
        for number, line in lines(file, oddities):
            if not line.strip():
                continue
            value = _object(line)
            if value is None:
                oddities.say(f"{one_line(name)}, line {number} is no JSON object: left out")
                continue
            if held is not None:
                yield held, oddities.take()
            held = value
    if held is not None:
        yield held, oddities.take()


def _object(line: str) -> Mapping[str, Any] | None:
    try:
        value = json.loads(line, strict=False)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def each_chat(
    source: Source, name: str, within: Sequence[str], has: Sequence[str]
) -> Iterator[tuple[Mapping[str, Any], Oddities]]:
    """The chats of a file: objects that have one of these keys, by themselves or in a list that is called so; what is wrong
    with the file is said with the first it belongs to. NotDone where there is none."""
    found = False
    for whole, oddities in several(source, name):
        inner = next((many for key in within if (many := objects(whole.get(key)))), [whole])
        for each in inner:
            if any(key in each for key in has):
                found = True
                yield each, oddities.take()
    if not found:
        raise NotDone("There is no chat in this file.", "Export it once more.")


def document(source: Source, name: str, oddities: Oddities) -> Any:
    """What a file of JSON holds; what was wrong with it is said. NotDone where nothing of it can be read."""
    data = source.read(name, MOST)
    encoding, skip = encoding_of(data[:4])
    text = data[skip:].decode(encoding, "replace")
    del data
    try:
        return json.loads(text, strict=False)
    except RecursionError:
        raise _no_json(name, "its lists are nested without end") from None
    except ValueError:
        pass
    text = _HEX.sub(r"\1\\u00\2", text)  # control characters as some programs write them
    try:
        return json.loads(text, strict=False)
    except RecursionError:
        raise _no_json(name, "its lists are nested without end") from None
    except json.JSONDecodeError as error:
        return _mended(text[: error.pos], name, str(error), oddities)


def _mended(text: str, name: str, wrong: str, oddities: Oddities) -> Any:
    """A document up to the last message that is whole, what was open there ended."""
    open_: list[
        tuple[str, bool]
    ] = []  # how each list and object ends, and whether it is one of messages or chats
    keep: tuple[int, tuple[str, ...]] | None = None  # up to where, and what is to be ended there
    at, before, key = 0, "", ""
    while found := _PIECE.search(text, at):
        if text[at : found.start()].strip():
            break  # a string that does not end
        piece = found[0]
        if piece == ":":
            key = before
        elif piece in "[{":
            open_.append(("]", key.strip('"') in _LISTS) if piece == "[" else ("}", False))
            key = ""
            if len(open_) > DEEPEST:
                raise _no_json(name, "its lists are nested without end")
        elif piece in "]}":
            if not open_ or open_.pop()[0] != piece:
                break
            if open_ and open_[-1] == ("]", True):
                keep = found.end(), tuple(end for end, _ in open_)
        at, before = found.end(), piece
    while keep is not None:
        end, rest = keep
        try:
            value = json.loads(text[:end] + "".join(reversed(rest)), strict=False)
        except (ValueError, RecursionError):
            break
        line = text.count("\n", 0, end) + 1
        oddities.say(f"{one_line(name)} is cut off or spoiled after line {line}: what stands before was read")
        return value
    raise _no_json(name, wrong)


def _no_json(name: str, why: str) -> NotDone:
    return NotDone(f"{one_line(name)} is no JSON: {one_line(why)}", "Export it once more.")
