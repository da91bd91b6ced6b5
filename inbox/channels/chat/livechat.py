"""LiveChat: chats with `users` (each an agent or a customer) and the `events` of a `thread`, or of several `threads`.

What was said to agents only is for our side alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.documents import each_chat, with_keys
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.values import listing, mapping, moment, objects, text_or_none, words
from inbox.chat.shape import Asked, Chat, Media, Oddities, Participant, Side

_SIDES = {"customer": Side.CUSTOMER, "visitor": Side.CUSTOMER, "agent": Side.AGENT, "bot": Side.BOT}


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Documents with events that have authors."""
    return with_keys(
        source, names, frozenset({"events", "author_id", "users"}), frozenset({"events", "thread", "users"})
    )


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """Every chat of a file."""
    for chat, oddities in each_chat(source, group[0], ("chats",), ("thread", "threads", "events", "chat")):
        yield _chat(chat, asked, oddities)


def _chat(chat: Mapping[str, Any], asked: Asked, oddities: Oddities) -> Chat:
    chat = mapping(chat.get("chat")) or chat
    people = People()
    keys: dict[str, str | None] = {}
    for each in objects(chat.get("users")):
        address, id_ = words(each.get("email")), words(each.get("id"))
        side = _SIDES.get(words(each.get("type")).casefold(), Side.UNKNOWN)
        keys[id_] = people.add(
            Participant(words(each.get("name")) or address or id_, address or id_, side, address)
        )
    threads = [
        each
        for each in (mapping(chat.get("thread")), *objects(chat.get("threads")), chat)
        if "events" in each
    ]
    rows: list[Row] = []
    for thread in threads:
        topic = text_or_none(thread.get("id")) if len(threads) > 1 else None
        for number, event in enumerate(objects(thread.get("events")), 1):
            who = words(event.get("author_id")) if event.get("type") != "system_message" else ""
            if who and who not in keys:
                keys[who] = people.add(Participant(who, who))
            rows += _rows(event, keys.get(who), number, topic)
    return built("livechat", text_or_none(chat.get("id")), None, people.all, rows, asked, oddities)


def _rows(event: Mapping[str, Any], author: str | None, number: int, topic: str | None) -> Iterator[Row]:
    text = words(event.get("text"))
    if event.get("type") == "filled_form":
        fields = objects(event.get("fields"))
        text = "\n".join(f"{words(each.get('label'))} {_answer(each)}".strip() for each in fields)
    elif event.get("type") == "rich_message":
        text = "\n".join(words(each.get("title")) for each in objects(event.get("elements"))).strip()
    files = (Media(text_or_none(event.get("name"))),) if event.get("type") == "file" else ()
    mark = "note" if event.get("recipients") == "agents" or event.get("visibility") == "agents" else ""
    if text or files:
        at = moment(event.get("created_at"))
        yield Row(
            at, author, text, words(event.get("id")), files, topic=topic, said=f"event {number}", mark=mark
        )


def _answer(field: Mapping[str, Any]) -> str:
    answer = field.get("answer")
    many = [words(mapping(each).get("label")) for each in listing(field.get("answers"))]
    return words(mapping(answer).get("label")) or words(answer) or ", ".join(each for each in many if each)
