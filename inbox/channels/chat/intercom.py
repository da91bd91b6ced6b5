"""Intercom: a conversation as its interface gives it, `source` and `conversation_parts`; bodies are HTML. A ticket has
`ticket_parts`, and what it is about among its attributes.

A file holds one conversation, a list of them (also as `conversations` or `data`), or one on each line. Parts without a
body (somebody was assigned, it was closed) are no messages; notes are for our side alone.
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

_CUSTOMERS = ("user", "lead", "contact", "visitor")
_SIDES = {
    **dict.fromkeys(_CUSTOMERS, Side.CUSTOMER),
    **dict.fromkeys(("admin", "teammate"), Side.AGENT),
    **dict.fromkeys(("bot", "operator", "fin"), Side.BOT),
}
_PARTS = ("conversation_parts", "ticket_parts")
_BEGINS = ("source", "conversation_message")
"""Where the first message stands: today, and in older exports."""


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Documents with the parts of conversations."""
    return with_keys(
        source,
        names,
        frozenset({"conversation_parts", "author", "body"}),
        frozenset({"conversation_parts", "source"}),
        frozenset({"ticket_parts", "ticket_attributes"}),
    )


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """Every conversation of a file."""
    for chat, oddities in each_chat(
        source, group[0], ("conversations", "tickets", "data"), (*_PARTS, *_BEGINS)
    ):
        yield _chat(chat, asked, oddities)


def _chat(whole: Mapping[str, Any], asked: Asked, oddities: Oddities) -> Chat:
    people = People()
    first = next((mapping(whole[key]) for key in _BEGINS if key in whole), {})
    kind = next((each for each in _PARTS if each in whole), _PARTS[0])
    parts = whole.get(kind)
    rest = objects(mapping(parts).get(kind)) or objects(listing(parts))
    about = mapping(whole.get("ticket_attributes"))
    rows = []
    if first:
        at = moment(first.get("created_at")) or moment(whole.get("created_at"))
        rows.append(_row(first, at, "the first message", people))
    if described := _plain(about.get("_default_description_")):
        authors = (mapping(each.get("author")) for each in rest)
        author = next((each for each in authors if each.get("type") in _CUSTOMERS), {"type": "user"})
        told = {"id": whole.get("id"), "author": author, "body": described}
        rows.append(_row(told, moment(whole.get("created_at")), "the first message", people))
    for number, part in enumerate(rest, 1):
        row = _row(part, moment(part.get("created_at")), f"part {number}", people)
        if row.text or row.attachments or row.mark == "deleted":
            rows.append(row)
    titles = (whole.get("title"), about.get("_default_title_"), first.get("subject"))
    title = next(filter(None, map(_plain, titles)), None)
    return built("intercom", text_or_none(whole.get("id")), title, people.all, rows, asked, oddities)


def _row(part: Mapping[str, Any], at: int | None, said: str, people: People) -> Row:
    who = mapping(part.get("author"))
    address = words(who.get("email"))
    side = _SIDES.get(words(who.get("type")), Side.UNKNOWN)
    called = words(who.get("name")) or address or side.value
    author = people.add(Participant(called, address or words(who.get("id")), side, address))
    names = [words(each.get("name")) for each in objects(part.get("attachments"))]
    names = names or [words(each).rpartition("/")[2] for each in listing(part.get("attachment_urls"))]
    files = tuple(Media(each or None) for each in names)
    note = words(part.get("part_type")).startswith("note")
    mark = "note" if note else "deleted" if part.get("redacted") is True else ""
    return Row(at, author, _plain(part.get("body")), words(part.get("id")), files, said=said, mark=mark)


def _plain(html: Any) -> str:
    """What a piece of HTML says; a text without any is left as it is."""
    text = words(html)
    if "<" not in text and "&" not in text:
        return text
    from inbox.web.text import to_text

    return to_text(text).text.strip()
