"""Olark: conversations of `items`, whose `kind` says which way each went, and a `visitor`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.documents import each_chat, with_keys
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.values import mapping, moment, objects, text_or_none, words
from inbox.chat.shape import Asked, Chat, Oddities, Participant, Side

_TO_US = ("messagetooperator", "offlinemessage")
_TO_VISITOR = "messagetovisitor"


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Documents with items of a kind, and a visitor."""
    return with_keys(
        source, names, frozenset({"items", "kind", "body"}), frozenset({"items", "visitor", "operators"})
    )


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """Every conversation of a file."""
    for chat, oddities in each_chat(source, group[0], ("conversations",), ("items",)):
        yield _chat(chat, asked, oddities)


def _chat(chat: Mapping[str, Any], asked: Asked, oddities: Oddities) -> Chat:
    people = People()
    visitor, items = mapping(chat.get("visitor")), objects(chat.get("items"))
    address, phone = words(visitor.get("emailAddress")), words(visitor.get("phoneNumber"))
    nicks = (words(each.get("nickname")) for each in items if words(each.get("kind")).casefold() in _TO_US)
    name = words(visitor.get("fullName")) or address or phone or next(filter(None, nicks), "Visitor")
    customer = people.add(Participant(name, address, Side.CUSTOMER, address, phone))
    operators = mapping(chat.get("operators"))
    rows = []
    for number, each in enumerate(items, 1):
        kind = words(each.get("kind")).casefold()
        author = None
        if kind in _TO_US:
            author = customer
        elif kind == _TO_VISITOR:
            operator = mapping(operators.get(words(each.get("operatorId"))))
            called = (
                words(each.get("nickname"))
                or words(operator.get("nickname"))
                or words(operator.get("username"))
            )
            author = people.add(
                Participant(
                    called or "Operator", role=Side.AGENT, address=words(operator.get("emailAddress"))
                )
            )
        at = moment(each.get("timestamp"))
        if text := words(each.get("body")):
            rows.append(Row(at, author, text, words(each.get("id")), said=f"item {number}"))
    return built("olark", text_or_none(chat.get("id")), None, people.all, rows, asked, oddities)
