"""Discord, as DiscordChatExporter writes it: JSON with `guild`, `channel` and `messages`.

What is neither a message nor an answer to one (somebody came, a message was pinned) is said by Discord itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.documents import document, with_keys
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.stamps import local_zone
from inbox.channels.chat.values import mapping, moment, objects, text_or_none, words
from inbox.chat.shape import Asked, Chat, Media, Oddities, Participant, Side

_SAID = frozenset(("default", "reply", "threadstartermessage", "applicationcommand", "chatinputcommand")) | {
    *("contextmenucommand", "0", "19", "20", "23")
}
"""Types of messages that somebody wrote."""


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Documents with a guild, a channel and messages."""
    return with_keys(source, names, frozenset({"guild", "channel", "messages"}))


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """The one channel of a document."""
    (name,) = group
    oddities, people = Oddities(), People()
    whole = mapping(document(source, name, oddities))
    channel = mapping(whole.get("channel"))
    messages = objects(whole.get("messages"))
    rows = [
        _row(each, number, people, source, name, asked, oddities) for number, each in enumerate(messages, 1)
    ]
    title = text_or_none(channel.get("name"))
    yield built("discord", text_or_none(channel.get("id")), title, people.all, rows, asked, oddities)


def _row(
    message: Mapping[str, Any],
    number: int,
    people: People,
    source: Source,
    near: str,
    asked: Asked,
    oddities: Oddities,
) -> Row:
    author = None
    if words(message.get("type")).casefold() in _SAID:
        who = mapping(message.get("author"))
        called = words(who.get("nickname")) or words(who.get("name"))
        role = Side.BOT if who.get("isBot") is True else Side.UNKNOWN
        author = people.add(Participant(called, words(who.get("id")) or called, role))
    text = words(message.get("content"))
    if not text:
        text = "\n".join(_embedded(each) for each in objects(message.get("embeds"))).strip()
    files = tuple(_file(each, source, near) for each in objects(message.get("attachments")))
    files += tuple(Media(text_or_none(each.get("name"))) for each in objects(message.get("stickers")))
    mark = "edited" if message.get("timestampEdited") else ""
    reply = text_or_none(mapping(message.get("reference")).get("messageId"))
    at = moment(message.get("timestamp"), lambda: local_zone(asked, oddities))
    return Row(at, author, text, words(message.get("id")), files, reply, said=f"message {number}", mark=mark)


def _embedded(each: Mapping[str, Any]) -> str:
    fields = (
        ": ".join(part for key in ("name", "value") if (part := words(field.get(key))))
        for field in objects(each.get("fields"))
    )
    parts = (words(each.get("title")), words(each.get("description")), *fields, words(each.get("url")))
    return "\n".join(part for part in parts if part)


def _file(each: Mapping[str, Any], source: Source, near: str) -> Media:
    name = words(each.get("fileName"))
    media = source.media(words(each.get("url")) or name, near)
    return Media(name or media.name, media.type, media.size, media.place)
