"""Frontdesk's own neutral form: JSON lines, each a chat as `frontdesk transcript --json` prints it, or one message.

A message has `at` and `text`, and may have `id`, `author`, `role`, `reply_to`, `attachments`, `chat` (to which it belongs)
and `title`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.documents import several, with_keys
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.stamps import local_zone
from inbox.channels.chat.values import moment, objects, size_of, text_or_none, words
from inbox.chat.shape import FORMATS, Asked, Chat, Media, Oddities, Participant, Side
from inbox.errors import NotDone

_SIDES = {each.value: each for each in Side}


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Lines with an instant and a text."""
    return with_keys(
        source,
        names,
        frozenset({"at", "text"}),
        frozenset({"format", "participants", "messages", "oddities"}),
    )


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """Every chat of a file: those that are whole first, then those whose messages stand on lines of their own."""
    (name,) = group
    oddities = Oddities()
    loose: dict[str, list[Mapping[str, Any]]] = {}
    found = False
    for whole, wrong in several(source, name):
        if "messages" in whole:
            found = True
            yield _whole(whole, asked, wrong)
            continue
        oddities.join(wrong)
        if "at" in whole or "text" in whole:
            loose.setdefault(words(whole.get("chat")), []).append(whole)
        else:
            oddities.say("an object is neither a chat nor a message: left out")
    for id_, messages in loose.items():
        people = People()
        rows = [_row(each, number, people, asked, oddities) for number, each in enumerate(messages, 1)]
        title = next((words(each.get("title")) for each in messages if each.get("title")), None)
        yield built("jsonl", id_ or None, title, people.all, rows, asked, oddities)
        oddities = Oddities()
    if not (found or loose):
        raise NotDone("No line of it is a chat or a message.", "Each needs at least at and text.")


def _whole(whole: Mapping[str, Any], asked: Asked, oddities: Oddities) -> Chat:
    people = People()
    for each in objects(whole.get("participants")):
        role = _SIDES.get(words(each.get("role")), Side.UNKNOWN)
        people.add(Participant(words(each.get("name")), words(each.get("handle")), role))
    messages = objects(whole.get("messages"))
    rows = [_row(each, number, people, asked, oddities) for number, each in enumerate(messages, 1)]
    format_ = words(whole.get("format"))
    return built(
        format_ if format_ in FORMATS else "jsonl",
        text_or_none(whole.get("id")),
        text_or_none(whole.get("title")),
        people.all,
        rows,
        asked,
        oddities,
    )


def _row(message: Mapping[str, Any], number: int, people: People, asked: Asked, oddities: Oddities) -> Row:
    who = words(message.get("author"))
    role = _SIDES.get(words(message.get("role")), Side.UNKNOWN)
    author = (
        people.add(Participant(who, role=role) if who not in people.all else people.all[who]) if who else None
    )
    if not who and role is not Side.SYSTEM and "role" in message:
        author = people.add(Participant(role.value, role=role))
    at = moment(message.get("at"), lambda: local_zone(asked, oddities))
    files = tuple(
        Media(text_or_none(each.get("name")), text_or_none(each.get("type")), size_of(each.get("size")))
        for each in objects(message.get("attachments"))
    )
    reply = text_or_none(message.get("reply_to"))
    return Row(
        at,
        author,
        words(message.get("text")),
        words(message.get("id")),
        files,
        reply,
        said=f"message {number}",
    )
