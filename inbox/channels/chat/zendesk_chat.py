"""Zendesk Chat: `visitor` and `history` of each chat; or, of a message left while nobody was there, `message`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.documents import each_chat, with_keys
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.values import mapping, moment, objects, text_or_none, words
from inbox.chat.shape import Asked, Chat, Media, Oddities, Participant, Side

_SIDES = {
    "visitor": Side.CUSTOMER,
    "agent": Side.AGENT,
    "trigger": Side.BOT,
    "bot": Side.BOT,
    "system": Side.SYSTEM,
}
_TOLD = {"chat.memberjoin": "joined", "chat.memberleave": "left"}


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Documents with a visitor, and a history of messages or one that was left."""
    return with_keys(
        source,
        names,
        frozenset({"visitor", "history", "msg"}),
        frozenset({"visitor", "history", "sender_type"}),
        frozenset({"visitor", "message", "timestamp", "type", "session"}),
        frozenset({"visitor", "history", "department_name"}),
    )


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """Every chat of a file."""
    for chat, oddities in each_chat(source, group[0], ("chats",), ("history", "message")):
        yield _chat(chat, asked, oddities)


def _chat(chat: Mapping[str, Any], asked: Asked, oddities: Oddities) -> Chat:
    people = People()
    visitor, history = mapping(chat.get("visitor")), objects(chat.get("history"))
    address, phone = words(visitor.get("email")), words(visitor.get("phone"))
    called = (words(each.get("name")) for each in history if _side(each) is Side.CUSTOMER)
    name = words(visitor.get("name")) or address or phone or next(filter(None, called), "Visitor")
    customer = people.add(Participant(name, address, Side.CUSTOMER, address, phone))
    rows = []
    if message := words(chat.get("message")):
        rows.append(
            Row(moment(chat.get("timestamp")), customer, message, words(chat.get("id")), said="the message")
        )
    for number, each in enumerate(history, 1):
        rows += _rows(each, number, customer, people)
    id_, title = text_or_none(chat.get("id")), text_or_none(chat.get("department_name"))
    return built("zendesk-chat", id_, title, people.all, rows, asked, oddities)


def _side(each: Mapping[str, Any]) -> Side:
    nick = words(each.get("nick"))
    if "trigger" in nick:
        return Side.BOT
    side = _SIDES.get(words(each.get("sender_type")).casefold())
    return side or _SIDES.get(nick.partition(":")[0], Side.UNKNOWN)


def _rows(each: Mapping[str, Any], number: int, customer: str | None, people: People) -> Iterator[Row]:
    kind, side = words(each.get("type")), _side(each)
    called = words(each.get("name"))
    text = words(each.get("msg")) or words(each.get("options"))
    file = mapping(each.get("attachment"))
    files = (Media(text_or_none(file.get("name"))),) if file else ()
    if kind == "chat.file" and not files:
        files = (Media(words(each.get("url")).rpartition("/")[2] or None),)
    author = None
    if kind in _TOLD:
        text = f"{called} {_TOLD[kind]}".strip()
    elif side is Side.CUSTOMER:
        author = customer
    elif side is not Side.SYSTEM:
        author = people.add(Participant(called or side.value, role=side))
    if text or files:
        at = moment(each.get("timestamp"))
        yield Row(at, author, text, words(each.get("msg_id")), files, said=f"message {number}")
