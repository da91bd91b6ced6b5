"""Telegram Desktop: `result.json`, of one chat, or of all (`chats.list` and `left_chats.list`).

A text is a string, or a list of strings and of objects with a `text`. What Telegram itself says ("service") becomes a line
without an author. Who exported it is told by `personal_information`, or by the folder of saved messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.documents import document, with_keys
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.stamps import local_zone
from inbox.channels.chat.values import (
    listing,
    mapping,
    moment,
    objects,
    seconds,
    text_or_none,
    words,
)
from inbox.chat.shape import Asked, Chat, Media, Oddities, Participant, Side
from inbox.errors import NotDone

_FILES = ("file", "photo", "thumbnail")
_MISSING = "(File not included"


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Documents with messages that say who they are from by Telegram's ids."""
    return with_keys(
        source,
        names,
        frozenset({"messages", "from_id", "text"}),
        frozenset({"messages", "actor_id", "action"}),
    )


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """Every chat of a document."""
    (name,) = group
    oddities = Oddities()
    whole = mapping(document(source, name, oddities))
    ours = words(mapping(whole.get("personal_information")).get("user_id"))
    chats = [whole] if "messages" in whole else []
    for folder in ("chats", "left_chats"):
        chats += objects(mapping(whole.get(folder)).get("list"))
    if not chats:
        raise NotDone("There is no chat in this export.", "Export it once more, as JSON.")
    for each in chats:
        yield _chat(each, f"user{ours}" if ours else "", source, name, asked, oddities)
        oddities = Oddities()  # what was wrong with the document is said with its first chat


def _chat(
    chat: Mapping[str, Any], ours: str, source: Source, name: str, asked: Asked, oddities: Oddities
) -> Chat:
    people = People()
    rows = []
    for number, message in enumerate(objects(chat.get("messages")), 1):
        service = message.get("type") == "service"
        author = None
        who = words(message.get("from_id")) or words(message.get("actor_id"))
        called = words(message.get("from")) or words(message.get("actor"))
        if who or called:
            role = Side.AGENT if who and who == ours else Side.UNKNOWN
            author = people.add(Participant(called or who, who, role)) if not service else None
        text = _text(message.get("text")) or _text(message.get("caption"))
        files = tuple(_files(message, source, name))
        if service:
            text = text or _told(message, called)
        text = text or words(message.get("sticker_emoji"))
        text = text or _shown(message)
        if not (text or files):
            text = words(message.get("media_type"))
        at = seconds(message.get("date_unixtime"))
        if at is None and message.get("date") is not None:
            at = moment(message.get("date"), lambda: local_zone(asked, oddities))
        reply = text_or_none(message.get("reply_to_message_id"))
        mark = "edited" if message.get("edited") else ""
        id_ = words(message.get("id"))
        rows.append(Row(at, author, text, id_, files, reply, said=f"message {number}", mark=mark))
    return built(
        "telegram",
        text_or_none(chat.get("id")),
        text_or_none(chat.get("name")),
        people.all,
        rows,
        asked,
        oddities,
    )


def _text(value: Any) -> str:
    """A text that is a string, or pieces of which some are objects."""
    if isinstance(value, list):
        return "".join(
            words(mapping(piece).get("text")) if isinstance(piece, dict) else words(piece) for piece in value
        )
    return words(value)


def _told(message: Mapping[str, Any], who: str) -> str:
    """What Telegram says by itself: who did what, to whom."""
    members = ", ".join(words(each) for each in listing(message.get("members")) if words(each))
    what = words(message.get("action")).replace("_", " ")
    title = words(message.get("title"))
    return " ".join(each for each in (who, what, members, title) if each)


def _shown(message: Mapping[str, Any]) -> str:
    """What a message without words shows: a poll, a place, a person's card; "" for anything else."""
    poll, place, card = (
        mapping(message.get(key)) for key in ("poll", "location_information", "contact_information")
    )
    answers = (words(each.get("text")) for each in objects(poll.get("answers")))
    where = ", ".join(each for key in ("latitude", "longitude") if (each := words(place.get(key))))
    person = (words(card.get(key)) for key in ("first_name", "last_name", "phone_number"))
    venue = (words(message.get(key)) for key in ("place_name", "address"))
    parts = (_text(poll.get("question")), *answers, *venue, where, " ".join(each for each in person if each))
    return "\n".join(each for each in parts if each)


def _files(message: Mapping[str, Any], source: Source, near: str) -> Iterator[Media]:
    for key in _FILES[:2]:
        place = words(message.get(key))
        if not place:
            continue
        shown = words(message.get("file_name")) or None
        if place.startswith(_MISSING):
            yield Media(shown)
            continue
        media = source.media(place, near)
        told = words(message.get("mime_type")) if key == "file" else ""
        yield Media(
            shown or media.name,
            (told or media.type) if media.place else None,
            media.size if media.place else None,
            media.place,
        )
