"""Google Chat, from Takeout: `Groups/…/messages.json`, one folder a room, and beside it `group_info.json` and the files.

Dates are written for people, in their language ("Tuesday, January 5, 2021 at 3:04:05 PM UTC", with narrow spaces).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.documents import document, with_keys
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.stamps import in_words, local_zone
from inbox.channels.chat.values import mapping, moment, objects, text_or_none, words
from inbox.chat.shape import Asked, Chat, Media, Oddities, Participant, Side
from inbox.errors import NotDone
from inbox.model import Instant


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Documents whose messages have creators."""
    return with_keys(
        source, names, frozenset({"messages", "creator", "created_date"}), frozenset({"creator", "topic_id"})
    )


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """The one room of a document."""
    (name,) = group
    oddities, people = Oddities(), People()
    whole = mapping(document(source, name, oddities))
    rows = [
        _row(each, number, people, source, name, asked, oddities)
        for number, each in enumerate(objects(whole.get("messages")), 1)
    ]
    folder = name.rpartition("/")[0]
    title = _title(source, folder)
    yield built("google-chat", folder.rpartition("/")[2] or None, title, people.all, rows, asked, oddities)


def _title(source: Source, folder: str) -> str | None:
    """What the room is called."""
    name = f"{folder}/group_info.json" if folder else "group_info.json"
    try:
        return text_or_none(mapping(document(source, name, Oddities())).get("name"))
    except (NotDone, OSError, KeyError):
        return None


def _row(
    message: Mapping[str, Any],
    number: int,
    people: People,
    source: Source,
    near: str,
    asked: Asked,
    oddities: Oddities,
) -> Row:
    who = mapping(message.get("creator"))
    address = words(who.get("email"))
    role = Side.BOT if words(who.get("user_type")).casefold() in ("bot", "app") else Side.UNKNOWN
    author = people.add(Participant(words(who.get("name")) or address, address, role, address))
    files = tuple(_file(each, source, near) for each in objects(message.get("attached_files")))
    deleted = words(message.get("message_state")) == "DELETED" or bool(message.get("deletion_metadata"))
    edited = bool(message.get("previous_message_versions"))
    answered = mapping(message.get("quoted_message_metadata"))
    return Row(
        _when(words(message.get("created_date")), asked, oddities),
        author,
        words(message.get("text")),
        words(message.get("message_id")),
        files,
        text_or_none(answered.get("message_id")),
        text_or_none(message.get("topic_id")),
        f"message {number}",
        "deleted" if deleted else "edited" if edited else "",
    )


def _file(each: Mapping[str, Any], source: Source, near: str) -> Media:
    called, stored = words(each.get("original_name")), words(each.get("export_name"))
    media = source.media(stored or called, near) if stored or called else Media(None)
    return Media(called or media.name, media.type, media.size, media.place)


def _when(text: str, asked: Asked, oddities: Oddities) -> Instant | None:
    return moment(text, lambda: local_zone(asked, oddities)) or in_words(text, asked, oddities)
