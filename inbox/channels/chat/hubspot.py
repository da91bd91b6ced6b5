"""HubSpot: messages with a `direction` and `senders`, gathered by the thread they belong to.

An actor is told by its letter: A an agent, B a bot, S the system, V and E are customers. Comments are for our side alone.
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

_SIDES = {
    "A": Side.AGENT,
    "B": Side.BOT,
    "S": Side.SYSTEM,
    "V": Side.CUSTOMER,
    "E": Side.CUSTOMER,
    "L": Side.BOT,
}
_WAYS = {"INCOMING": Side.CUSTOMER, "OUTGOING": Side.AGENT}


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Documents with messages that go a way and have senders."""
    return with_keys(
        source,
        names,
        frozenset({"direction", "senders", "createdAt"}),
        frozenset({"conversationsThreadId", "createdAt"}),
    )


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """Every thread of a file."""
    (name,) = group
    oddities = Oddities()
    threads: dict[str, list[Mapping[str, Any]]] = {}
    for whole, wrong in several(source, name):
        oddities.join(wrong)
        inner = next((objects(whole[key]) for key in ("results", "messages") if key in whole), [whole])
        for each in inner:
            if "direction" in each or "senders" in each or words(each.get("type")) in ("MESSAGE", "COMMENT"):
                thread = words(each.get("conversationsThreadId")) or words(whole.get("id"))
                threads.setdefault(thread, []).append(each)
    if not threads:
        raise NotDone("There is no message in this file.", "Export it once more.")
    for id_, messages in threads.items():
        people = People()
        rows = [_row(each, number, people) for number, each in enumerate(messages, 1)]
        yield built("hubspot", id_ or None, None, people.all, rows, asked, oddities)
        oddities = Oddities()


def _row(message: Mapping[str, Any], number: int, people: People) -> Row:
    sender = next(iter(objects(message.get("senders"))), {})
    actor = words(sender.get("actorId")) or words(message.get("createdBy"))
    known = mapping(sender.get("deliveryIdentifier"))
    value = words(known.get("value"))
    address = value if "@" in value else ""
    phone = value if "PHONE" in words(known.get("type")) else ""
    side = _SIDES.get(actor.partition("-")[0]) or _WAYS.get(words(message.get("direction")), Side.UNKNOWN)
    author = None
    if side is not Side.SYSTEM:
        called = words(sender.get("name")) or value or actor or side.value
        author = people.add(Participant(called, actor or value, side, address, phone))
    files = tuple(
        Media(
            text_or_none(each.get("name"))
            or text_or_none(words(each.get("url")).partition("?")[0].rpartition("/")[2])
        )
        for each in objects(message.get("attachments"))
        if each.get("type", "FILE") == "FILE"
    )
    mark = (
        "note" if message.get("type") == "COMMENT" else "deleted" if message.get("archived") is True else ""
    )
    text = words(message.get("text")) or _plain(message.get("richText"))
    reply = text_or_none(message.get("inReplyToId"))
    at = moment(message.get("createdAt"))
    return Row(at, author, text, words(message.get("id")), files, reply, said=f"message {number}", mark=mark)


def _plain(html: Any) -> str:
    if not words(html):
        return ""
    from inbox.web.text import to_text

    return to_text(words(html)).text.strip()
