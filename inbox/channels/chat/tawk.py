"""tawk.to, as its webhooks say it: `chat:transcript_created` with `chat`, its visitor and its messages.

Who writes is a letter: v the visitor, a an agent, s tawk.to itself. Messages left while nobody was there come as
`ticket:create`. A file holds one event, a list of them, or one on each line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.documents import several, with_keys
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.values import mapping, moment, objects, text_or_none, words
from inbox.chat.shape import Asked, Chat, Media, Oddities, Participant, Side
from inbox.errors import NotDone

_SIDES = {"v": Side.CUSTOMER, "a": Side.AGENT, "b": Side.BOT, "s": Side.SYSTEM}


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Documents with a visitor, and messages whose senders are letters; or with a ticket's requester."""
    return with_keys(
        source,
        names,
        frozenset({"visitor", "messages", "sender", "msg", "t"}),
        frozenset({"event", "chat", "property"}),
        frozenset({"event", "ticket", "requester"}),
    )


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """Every chat of a file."""
    (name,) = group
    found = False
    for event, oddities in several(source, name):
        chat = mapping(event.get("chat")) or (event if "messages" in event else {})
        ticket = mapping(event.get("ticket"))
        if not (chat or ticket):
            continue
        found = True
        yield _chat(event, chat, asked, oddities) if chat else _left(event, ticket, asked, oddities)
    if not found:
        raise NotDone(
            "There is no transcript in these events.", "tawk.to sends them as chat:transcript_created."
        )


def _chat(event: Mapping[str, Any], chat: Mapping[str, Any], asked: Asked, oddities: Oddities) -> Chat:
    people = People()
    visitor = _visitor(mapping(chat.get("visitor")) or mapping(event.get("visitor")))
    customer = people.add(visitor)
    rows = []
    for number, each in enumerate(objects(chat.get("messages")), 1):
        sender = mapping(each.get("sender"))
        side = _SIDES.get(words(sender.get("t")), Side.UNKNOWN)
        called = words(sender.get("n")) or words(sender.get("id"))
        if side is Side.CUSTOMER:
            author = customer or people.add(Participant(called or "Visitor", role=side))
        else:
            author = (
                people.add(Participant(called or side.value, role=side)) if side is not Side.SYSTEM else None
            )
        files = tuple(map(_file, objects(each.get("attchs"))))
        at = moment(each.get("time"))
        rows.append(
            Row(at, author, words(each.get("msg")), words(each.get("id")), files, said=f"message {number}")
        )
    id_ = text_or_none(chat.get("id")) or text_or_none(event.get("chatId"))
    title = text_or_none(mapping(event.get("property")).get("name"))
    return built("tawk", id_, title, people.all, rows, asked, oddities)


def _left(event: Mapping[str, Any], ticket: Mapping[str, Any], asked: Asked, oddities: Oddities) -> Chat:
    """What somebody wrote while nobody was there."""
    people = People()
    author = people.add(_visitor(mapping(event.get("requester"))))
    at = moment(event.get("time"))
    row = Row(at, author, words(ticket.get("message")), words(ticket.get("id")), said="the message")
    title = text_or_none(ticket.get("subject"))
    return built("tawk", text_or_none(ticket.get("id")), title, people.all, [row], asked, oddities)


def _visitor(visitor: Mapping[str, Any]) -> Participant:
    address = words(visitor.get("email"))
    name = words(visitor.get("name")) or address
    return Participant(name, role=Side.CUSTOMER, address=address, phone=words(visitor.get("phone")))


def _file(each: Mapping[str, Any]) -> Media:
    file = mapping(mapping(each.get("content")).get("file")) or each
    return Media(text_or_none(file.get("name")))
