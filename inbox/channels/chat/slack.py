"""Slack's export, a zip or the folder of it: `users.json`, `channels.json` and its like, and a folder of days for each.

`ts` is both when a message was sent and its id; `thread_ts` that of the message it answers. In texts people, channels and
links stand in angle brackets, and `&amp;`, `&lt;`, `&gt;` for those signs. Members of the workspace are our side; guests
from outside are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.documents import document, keys
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.values import (
    listing,
    mapping,
    moment,
    objects,
    text_or_none,
    words,
)
from inbox.chat.shape import Asked, Chat, Media, Oddities, Participant, Side
from inbox.errors import NotDone

_DAY = re.compile(r"(?:(?P<place>.*)/)?(?P<day>\d{4}-\d\d-\d\d)\.json\Z")
_DEEPEST = 8
"""Blocks in blocks."""
_LISTS = ("channels", "groups", "dms", "mpims")
_MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("|".join(_ENTITIES))
_QUIET = frozenset(
    {"channel_join", "channel_leave", "group_join", "group_leave", "channel_topic", "channel_purpose"}
) | {
    *(
        "channel_name",
        "channel_archive",
        "channel_unarchive",
        "pinned_item",
        "unpinned_item",
        "bot_add",
        "bot_remove",
    ),
    *(
        "group_topic",
        "group_purpose",
        "group_name",
        "group_archive",
        "group_unarchive",
        "tombstone",
        "reminder_add",
        "huddle_thread",
        "sh_room_created",
        "channel_convert_to_private",
        "channel_posting_permissions",
        "bot_enable",
        "bot_disable",
    ),
}
"""What Slack itself says, of all that has a subtype."""


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """All files of an export together: its lists, and the days of each channel."""
    days = [name for name in names if _DAY.match(name) and _is_day(source, name)]
    if days:
        lists = [
            name
            for name in names
            if name.rpartition("/")[2] in {f"{each}.json" for each in (*_LISTS, "users")}
        ]
        yield (*lists, *days)


def _is_day(source: Source, name: str) -> bool:
    try:
        head = source.head(name)
    except NotDone:
        return False
    return head.lstrip()[:2] == b"[]" or {"type", "ts"} <= keys(head)


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """Every channel of an export that holds a message."""
    spoiled = Oddities()
    users, channels = _lists(source, group, spoiled)
    days: dict[str, list[str]] = {}
    for name in group:
        if found := _DAY.match(name):
            days.setdefault(found["place"] or "", []).append(name)
    for place in sorted(days):
        oddities, spoiled = spoiled, Oddities()
        folder = place.rpartition("/")[2]
        about = channels.get(folder, {})
        title = words(about.get("name")) or _members(about, users) or folder
        people, rows = People(), []
        for name in sorted(days[place]):
            try:
                messages = objects(document(source, name, oddities))
            except NotDone as error:
                oddities.say(error.what)
                continue
            rows += [
                _row(each, number, users, people, source, name) for number, each in enumerate(messages, 1)
            ]
        if rows or len(days) == 1:
            yield built(
                "slack", text_or_none(about.get("id")), title or None, people.all, rows, asked, oddities
            )


def _lists(
    source: Source, group: Group, oddities: Oddities
) -> tuple[dict[str, Mapping[str, Any]], dict[str, Mapping[str, Any]]]:
    """The users by their ids, and what is known of each channel by the name of its folder."""
    users: dict[str, Mapping[str, Any]] = {}
    channels: dict[str, Mapping[str, Any]] = {}
    for name in group:
        what = name.rpartition("/")[2].removesuffix(".json")
        if what not in (*_LISTS, "users"):
            continue
        try:
            for each in objects(document(source, name, oddities)):
                if what == "users":
                    users[words(each.get("id"))] = each
                else:
                    channels[words(each.get("id") if what == "dms" else each.get("name"))] = each
        except NotDone as error:
            oddities.say(error.what)
    return users, channels


def _members(about: Mapping[str, Any], users: Mapping[str, Mapping[str, Any]]) -> str:
    return ", ".join(
        _called(users.get(words(each), {})) or words(each) for each in listing(about.get("members"))
    )


def _called(user: Mapping[str, Any]) -> str:
    profile = mapping(user.get("profile"))
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    return next((words(each) for each in names if words(each)), "")


def _participant(message: Mapping[str, Any], users: Mapping[str, Mapping[str, Any]]) -> Participant:
    """Who wrote it. What the message itself says of its author counts where the list of users says nothing."""
    id_ = words(message.get("user")) or words(message.get("bot_id"))
    user = users.get(id_, {})
    told = {
        "profile": message.get("user_profile") or message.get("bot_profile") or {},
        "name": message.get("username"),
    }
    name = _called(user) or words(mapping(told["profile"]).get("name")) or _called(told) or id_
    if (
        message.get("subtype") == "bot_message"
        or message.get("bot_id")
        or user.get("is_bot")
        or id_ == "USLACKBOT"
    ):
        role = Side.BOT
    elif not user:
        role = Side.UNKNOWN
    else:
        outside = any(user.get(each) for each in ("is_restricted", "is_ultra_restricted", "is_stranger"))
        role = Side.CUSTOMER if outside else Side.UNKNOWN
    return Participant(name, id_, role, words(mapping(user.get("profile")).get("email")))


def _row(
    message: Mapping[str, Any],
    number: int,
    users: Mapping[str, Mapping[str, Any]],
    people: People,
    source: Source,
    near: str,
) -> Row:
    subtype = words(message.get("subtype"))
    mark = "edited" if message.get("edited") else "deleted" if subtype == "tombstone" else ""
    author = None if subtype in _QUIET else people.add(_participant(message, users))
    ts, thread = words(message.get("ts")), words(message.get("thread_ts"))
    called = (words(each.get("name")) or words(each.get("title")) for each in objects(message.get("files")))
    files = tuple(source.media(name, near) if name else Media(None) for name in called)
    text = _text(words(message.get("text")), users) or _blocks(message.get("blocks"), users)
    for each in objects(message.get("attachments")):
        if not (each.get("from_url") or each.get("original_url")):  # what Slack itself shows of a link
            text = "\n".join(each for each in (text, _beside(each, text, users)) if each)
    return Row(
        moment(ts),
        author,
        text,
        ts,
        files,
        thread if thread and thread != ts else None,
        thread or None,
        f"{near}, message {number}",
        mark,
    )


def _beside(attached: Mapping[str, Any], text: str, users: Mapping[str, Mapping[str, Any]]) -> str:
    """What a program has put beside its message, as far as the message does not say it."""
    fields = [
        ": ".join(part for key in ("title", "value") if (part := words(each.get(key))))
        for each in objects(attached.get("fields"))
    ]
    parts = [words(attached.get(key)) for key in ("pretext", "title", "text")] + fields
    told = "\n".join(_text(each, users) for each in parts if each and each not in text)
    told = told or _blocks(attached.get("blocks"), users) or _text(words(attached.get("fallback")), users)
    return told if told not in text else ""


def _blocks(value: Any, users: Mapping[str, Mapping[str, Any]], deep: int = 0) -> str:
    """The words of a message that is made of blocks: each block a line, what lies in it put together."""
    if deep > _DEEPEST:
        return ""
    parts = []
    for each in objects(value):
        kind = words(each.get("type"))
        inner = each.get("elements") or each.get("fields")
        shown = each.get("text")
        if kind == "user":
            text = _text(f"<@{words(each.get('user_id'))}>", users)
        elif kind == "emoji":
            text = f":{words(each.get('name'))}:"
        elif kind == "link":
            text = words(shown) or words(each.get("url"))
        else:
            text = _text(words(mapping(shown).get("text")) or words(shown), users)
            text = text or _blocks(inner, users, deep + 1)
        parts.append(text)
    return ("\n" if deep == 0 else "").join(each for each in parts if each)


def _text(text: str, users: Mapping[str, Mapping[str, Any]]) -> str:
    """A text as people saw it."""

    def plain(found: re.Match[str]) -> str:
        sign, what, label = found.groups()
        if sign == "@":
            return f"@{_called(users.get(what, {})) or label or what}"
        if sign == "#":
            return f"#{label or what}"
        if sign == "!":
            return label or f"@{what.partition('^')[0]}"
        return (
            f"{label} ({what})"
            if label and label not in (what, what.removeprefix("mailto:"))
            else label or what
        )

    return _ENTITY.sub(lambda found: _ENTITIES[found[0]], _MARKUP.sub(plain, text))
