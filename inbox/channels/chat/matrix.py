"""Matrix, as Element exports a room: JSON with `room_name` and the raw events as `messages`.

An event that replaces another is that one's newer text; one that was redacted is deleted; reactions are no messages. What
an answer repeats of the message before ("> <@jo:example> …") is cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.documents import document, with_keys
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.values import mapping, objects, seconds, text_or_none, words
from inbox.chat.shape import Asked, Chat, Media, Oddities, Participant, Side

_REPEATED = re.compile(r"\A> <@[^>\n]*>[^\n]*\n(?:>[^\n]*\n)*\n?")
_FILES = ("m.file", "m.image", "m.audio", "m.video")
_POLLS = ("m.poll.start", "org.matrix.msc3381.poll.start")
_SAID = ("m.room.message", "m.sticker", "m.room.encrypted", *_POLLS)
_OLD_TEXT = "org.matrix.msc1767.text"
_TOLD = {"m.room.name": "name", "m.room.topic": "topic", "m.room.member": "membership"}
"""Events by which the room itself speaks, and where their words are."""


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Documents with a room's name and events."""
    wanted = frozenset({"room_name", "messages"}), frozenset({"event_id", "sender", "origin_server_ts"})
    return with_keys(source, names, *wanted)


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """The one room of a document."""
    (name,) = group
    oddities, people = Oddities(), People()
    whole = document(source, name, oddities)
    room = mapping(whole)
    events = objects(room.get("messages") if room else whole)
    ours = words(room.get("exported_by"))
    rows: dict[str, Row] = {}
    for number, event in enumerate(events, 1):
        content = mapping(event.get("content"))
        relation = mapping(content.get("m.relates_to"))
        target = words(relation.get("event_id"))
        if relation.get("rel_type") == "m.replace" and target in rows:
            text = words(mapping(content.get("m.new_content")).get("body")) or words(content.get("body"))
            rows[target] = rows[target]._replace(text=text, mark="edited")
            continue
        if row := _row(event, content, relation, number, ours, people, source, name):
            rows[row.id or f"#{number}"] = row
    # a thread begins with a line that names none
    for root in {row.topic for row in rows.values() if row.topic in rows}:
        rows[root] = rows[root]._replace(topic=root)
    id_ = next((words(event.get("room_id")) for event in events if event.get("room_id")), None)
    yield built(
        "matrix", id_, text_or_none(room.get("room_name")), people.all, rows.values(), asked, oddities
    )


def _row(
    event: Mapping[str, Any],
    content: Mapping[str, Any],
    relation: Mapping[str, Any],
    number: int,
    ours: str,
    people: People,
    source: Source,
    near: str,
) -> Row | None:
    """An event as a message; None for what is none."""
    kind, id_ = words(event.get("type")), words(event.get("event_id"))
    at, sender = seconds(event.get("origin_server_ts"), 1000), words(event.get("sender"))
    if kind in _TOLD:
        who = words(content.get("displayname")) or sender
        return Row(at, None, " ".join(each for each in (who, words(content.get(_TOLD[kind]))) if each), id_)
    if kind not in _SAID:
        return None
    role = Side.AGENT if sender and sender in ours else Side.UNKNOWN
    author = people.add(Participant(words(event.get("sender_name")) or _local(sender), sender, role))
    newer = mapping(content.get("m.new_content"))  # of a message that was written before this export begins
    text, mark = words(newer.get("body")) or words(content.get("body")), "edited" if newer else ""
    if kind in _POLLS:
        text = text or _asked(content)
    files: tuple[Media, ...] = ()
    answered = text_or_none(mapping(relation.get("m.in_reply_to")).get("event_id"))
    if answered:
        text = _REPEATED.sub("", text)
    if content.get("msgtype") in _FILES:
        file = _file(content, source, near)
        files = (file,)
        text = "" if text == file.name else text
    if mapping(event.get("unsigned")).get("redacted_because") or event.get("redacted_because") or not content:
        mark = "deleted"
    elif kind == "m.room.encrypted":
        text = "(encrypted: the export could not read it)"
    topic = text_or_none(relation.get("event_id")) if relation.get("rel_type") == "m.thread" else None
    return Row(at, author, text, id_, files, answered, topic, f"event {number}", mark)


def _asked(content: Mapping[str, Any]) -> str:
    """What a poll asks, and what can be answered."""
    poll = next((found for key in ("m.poll", _POLLS[1]) if (found := mapping(content.get(key)))), {})
    parts = (mapping(poll.get("question")), *objects(poll.get("answers")))
    return "\n".join(filter(None, map(_words, parts)))


def _words(part: Mapping[str, Any]) -> str:
    """What a part of a poll says; today in several forms, of which the first is taken."""
    forms = (words(each.get("body")) for each in objects(part.get("m.text")))
    told = (words(part.get(key)) for key in ("body", "m.text", _OLD_TEXT))
    return next(filter(None, (*told, *forms)), "")


def _local(sender: str) -> str:
    return sender.removeprefix("@").partition(":")[0]


def _file(content: Mapping[str, Any], source: Source, near: str) -> Media:
    called = words(content.get("filename")) or words(content.get("body"))
    return source.media(called, near) if called else Media(None)
