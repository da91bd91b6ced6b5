"""Facebook Messenger and Instagram, as JSON: `messages/inbox/NAME/message_1.json` and on, newest message first.

Signs beyond ASCII are written as the bytes of their UTF-8, each as a sign of Latin-1: they are put together again. A chat
may lie in several numbered files. Chats that were encrypted end to end come as `NAME_1.json` each, with `senderName`, `text`
and `timestamp`, and `participants` that are names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.documents import document, keys
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.values import listing, mapping, objects, seconds, text_or_none, words
from inbox.chat.shape import Asked, Chat, Media, Oddities, Participant
from inbox.errors import NotDone

_NUMBERED = re.compile(r"(message|.+)_(\d+)\.json\Z")
_UNNUMBERED = re.compile(r"_\d+\Z")
_FILES = ("photos", "videos", "audio_files", "files", "gifs", "media")


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Documents with participants and messages of Messenger's kind; the numbered ones of a folder are one chat."""
    folders: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for name in names:
        try:
            known = keys(source.head(name))
        except NotDone:
            continue
        if {"senderName", "threadName", "timestamp"} <= known:
            folders[name].append((0, name))
        elif {"sender_name", "timestamp_ms"} <= known:
            folder, _, file = name.rpartition("/")
            number = _NUMBERED.match(file)
            folders[f"{folder}/{number[1] if number else file}"].append(
                (int(number[2]) if number else 0, name)
            )
    for parts in folders.values():
        yield tuple(name for _, name in sorted(parts))


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """The one chat of a folder."""
    oddities, people = Oddities(), People()
    rows: list[Row] = []
    title = id_ = None
    for name in reversed(group):  # the last file holds what is oldest
        try:
            whole = mapping(document(source, name, oddities))
        except NotDone as error:
            if len(group) == 1:
                raise
            oddities.say(error.what)
            continue
        title = title or text_or_none(_mended(whole.get("title")) or _UNNUMBERED.sub("", _thread(whole)))
        id_ = id_ or text_or_none(words(whole.get("thread_path")) or _thread(whole))
        for each in listing(whole.get("participants")):
            people.add(Participant(_mended(each.get("name") if isinstance(each, dict) else each)))
        messages = objects(whole.get("messages"))
        for number in range(len(messages), 0, -1):
            rows.append(_row(messages[number - 1], number, people, source, name))
    yield built(
        "messenger", id_.rpartition("/")[2] if id_ else None, title, people.all, rows, asked, oddities
    )


def _thread(whole: Mapping[str, Any]) -> str:
    """What a chat that was encrypted end to end is called: `Jo Meier_2`."""
    return _mended(whole.get("threadName"))


def _row(message: Mapping[str, Any], number: int, people: People, source: Source, near: str) -> Row:
    author = people.add(Participant(_mended(message.get("sender_name") or message.get("senderName"))))
    text = _mended(message.get("content") or message.get("text"))
    share = mapping(message.get("share"))
    link = _mended(share.get("link"))
    if link and link not in text:
        text = "\n".join(each for each in (text, link) if each)
    files = tuple(_files(message, source, near))
    at = seconds(message.get("timestamp_ms", message.get("timestamp")), 1000)
    mark = "deleted" if message.get("is_unsent") or message.get("isUnsent") else ""
    return Row(at, author, text, attachments=files, said=f"message {number}", mark=mark)


def _files(message: Mapping[str, Any], source: Source, near: str) -> Iterator[Media]:
    found = [each for kind in _FILES for each in objects(message.get(kind))]
    if isinstance(message.get("sticker"), dict):
        found.append(message["sticker"])
    for each in found:
        place = _mended(each.get("uri"))
        if place:
            yield source.media(place, near)


def _mended(value: Any) -> str:
    """A text whose bytes were taken for signs; one that was not is left as it is."""
    text = words(value)
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
