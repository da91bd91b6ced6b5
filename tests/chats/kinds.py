"""One chat in the shape of every format: what Jo and Anna say, a minute between, written as the program writes it."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr

BEGUN = 1_704_016_800
"""2023-12-31, 10:00:00 UTC: a day whose number is no month."""


class Said(NamedTuple):
    """One thing that was said: whether by Anna, who is us, and what."""

    by_us: bool
    text: str


class Shape(NamedTuple):
    """A format's file: its name, and how it is written. `has_lines`: whether it is read line by line, each by itself."""

    name: str
    write: Callable[[Sequence[Said]], str | dict[str, Any]]
    has_lines: bool = False


def _who(said: Said) -> str:
    return "Anna" if said.by_us else "Jo"


def _at(number: int) -> datetime:
    return datetime.fromtimestamp(BEGUN + 60 * number, UTC)


def _each(said: Sequence[Said], make: Callable[[int, Said, datetime], Any]) -> list[Any]:
    return [make(number, each, _at(number)) for number, each in enumerate(said)]


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"


def _ms(at: datetime) -> int:
    return int(at.timestamp()) * 1000


def _whatsapp(said: Sequence[Said]) -> str:
    return "".join(_each(said, lambda _, each, at: f"{at:%d/%m/%Y, %H:%M} - {_who(each)}: {each.text}\n"))


def _signal(said: Sequence[Said]) -> str:
    return "".join(_each(said, lambda _, each, at: f"[{at:%Y-%m-%d, %H:%M}] {_who(each)}: {each.text}\n"))


def _irc(said: Sequence[Said]) -> str:
    lines = _each(said, lambda _, each, at: f"{at:%H:%M} <{_who(each)}> {each.text}\n")
    return "--- Log opened Sun Dec 31 09:59:00 2023\n" + "".join(lines)


def _mail(said: Sequence[Said]) -> str:
    lines = _each(said, lambda _, each, at: f"[{at:%H:%M}] {_who(each)}: {each.text}\n")
    return (
        "From: tawk.to <noreply@tawk.to>\nTo: help@shop.example\nSubject: Chat transcript\n"
        "Date: Sun, 31 Dec 2023 23:00:00 +0000\nMessage-ID: <1@tawk.to>\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        "Visitor: Jo\nEmail: jo@x.example\nStarted: 2023-12-31 10:00\n\n" + "".join(lines)
    )


def _csv(said: Sequence[Said]) -> str:
    table = io.StringIO()
    rows = csv.writer(table, delimiter=";", lineterminator="\n")
    rows.writerow(("Date", "From", "Message"))
    rows.writerows(_each(said, lambda _, each, at: (f"{at:%d.%m.%Y %H:%M}", _who(each), each.text)))
    return table.getvalue()


def _jsonl(said: Sequence[Said]) -> str:
    def line(number: int, each: Said, at: datetime) -> str:
        role = "agent" if each.by_us else "customer"
        message = {"id": f"m{number}", "at": _iso(at), "author": _who(each), "role": role, "text": each.text}
        return json.dumps({**message, "chat": "c"}, ensure_ascii=False) + "\n"

    return "".join(_each(said, line))


def _sms(said: Sequence[Said]) -> str:
    def line(_: int, each: Said, at: datetime) -> str:
        body = quoteattr(
            "".join(sign for sign in each.text if sign >= " "), {"\U0001f600": "&#55357;&#56832;"}
        )
        way = 2 if each.by_us else 1
        return f'  <sms address="+491701" date="{_ms(at)}" type="{way}" body={body} contact_name="Jo" />\n'

    return f'<?xml version="1.0" ?>\n<smses count="{len(said)}">\n{"".join(_each(said, line))}</smses>\n'


def _telegram(said: Sequence[Said]) -> dict[str, Any]:
    def message(number: int, each: Said, at: datetime) -> dict[str, Any]:
        who = {"from": _who(each), "from_id": f"user{int(each.by_us)}"}
        when = {"date": f"{at:%Y-%m-%dT%H:%M:%S}", "date_unixtime": str(_ms(at) // 1000)}
        return {"id": number + 1, "type": "message", **when, **who, "text": each.text, "text_entities": []}

    return {"name": "Jo", "type": "personal_chat", "id": 7, "messages": _each(said, message)}


def _slack(said: Sequence[Said]) -> dict[str, Any]:
    """The files of an export, by their names."""

    def message(_: int, each: Said, at: datetime) -> dict[str, Any]:
        text = html.escape(each.text, quote=False)
        return {
            "type": "message",
            "user": f"U{int(each.by_us)}",
            "text": text,
            "ts": f"{_ms(at) // 1000}.000100",
        }

    users = [{"id": "U0", "name": "jo", "real_name": "Jo"}, {"id": "U1", "name": "anna", "real_name": "Anna"}]
    messages = _each(said, message)
    files: dict[str, Any] = {"users.json": users, "channels.json": [{"id": "C1", "name": "help"}]}
    middle = len(messages) * 2 // 3
    return files | {"help/2023-12-31.json": messages[:middle], "help/2024-01-01.json": messages[middle:]}


def _messenger(said: Sequence[Said]) -> dict[str, Any]:
    def message(_: int, each: Said, at: datetime) -> dict[str, Any]:
        text = each.text.encode().decode("latin-1")
        return {"sender_name": _who(each), "timestamp_ms": _ms(at), "content": text}

    people = [{"name": "Jo"}, {"name": "Anna"}]
    newest_first = _each(said, message)[::-1]
    return {"participants": people, "messages": newest_first, "title": "Jo", "thread_path": "inbox/jo_1"}


def _discord(said: Sequence[Said]) -> dict[str, Any]:
    def message(number: int, each: Said, at: datetime) -> dict[str, Any]:
        author = {"id": str(int(each.by_us) + 5), "name": _who(each), "nickname": _who(each), "isBot": False}
        rest = {"attachments": [], "embeds": [], "reactions": [{"emoji": {"name": "👍"}, "count": 1}]}
        told = {"id": str(number + 100), "type": "Default", "timestamp": f"{at:%Y-%m-%dT%H:%M:%S.123}+00:00"}
        return {**told, "content": each.text, "author": author, **rest}

    channel = {"id": "9", "type": "GuildTextChat", "name": "help"}
    return {"guild": {"id": "1", "name": "Shop"}, "channel": channel, "messages": _each(said, message)}


def _matrix(said: Sequence[Said]) -> dict[str, Any]:
    def event(number: int, each: Said, at: datetime) -> dict[str, Any]:
        told = {
            "type": "m.room.message",
            "sender": f"@{_who(each).lower()}:x.example",
            "event_id": f"${number}",
        }
        return {**told, "origin_server_ts": _ms(at), "content": {"msgtype": "m.text", "body": each.text}}

    return {"room_name": "Jo", "exported_by": "@anna:x.example", "messages": _each(said, event)}


def _google_chat(said: Sequence[Said]) -> dict[str, Any]:
    def message(number: int, each: Said, at: datetime) -> dict[str, Any]:
        name = _who(each)
        creator = {"name": name, "email": f"{name.lower()}@x.example", "user_type": "Human"}
        when = f"{at:%A, %B} {at.day}, {at.year} at {at.hour % 12 or 12}:{at:%M:%S}\u202f{at:%p} UTC"
        ids = {"topic_id": "t", "message_id": f"s/t/{number}"}
        return {"creator": creator, "created_date": when, "text": each.text, **ids}

    return {"messages": _each(said, message)}


def _tawk(said: Sequence[Said]) -> dict[str, Any]:
    def message(_: int, each: Said, at: datetime) -> dict[str, Any]:
        sender = {"t": "a", "n": "Anna"} if each.by_us else {"t": "v", "n": "Jo"}
        return {"sender": sender, "type": "msg", "msg": each.text, "time": _iso(at), "attchs": []}

    visitor = {"name": "Jo", "email": "jo@x.example", "city": "x", "country": "DE"}
    chat = {"id": "c1", "visitor": visitor, "messages": _each(said, message)}
    return {"event": "chat:transcript_created", "property": {"id": "p", "name": "Shop"}, "chat": chat}


def _intercom(said: Sequence[Said]) -> dict[str, Any]:
    def part(number: int, each: Said, at: datetime) -> dict[str, Any]:
        author = {"type": "admin" if each.by_us else "user", "name": _who(each)}
        author["email"] = f"{_who(each).lower()}@x.example"
        told = {"id": f"p{number}", "part_type": "comment", "body": f"<p>{html.escape(each.text)}</p>"}
        return {**told, "created_at": _ms(at) // 1000, "author": author, "attachments": []}

    first, *rest = _each(said, part)
    parts = {"type": "conversation_part.list", "conversation_parts": rest, "total_count": len(rest)}
    return {"type": "conversation", "id": "1", "source": first, "conversation_parts": parts}


def _zendesk_chat(said: Sequence[Said]) -> dict[str, Any]:
    def message(number: int, each: Said, at: datetime) -> dict[str, Any]:
        side = {"sender_type": "Agent" if each.by_us else "Visitor", "name": _who(each)}
        return {"type": "chat.msg", **side, "msg": each.text, "msg_id": str(number), "timestamp": _iso(at)}

    visitor = {"name": "Jo", "email": "jo@x.example", "phone": ""}
    return {"type": "chat", "id": "z1", "visitor": visitor, "history": _each(said, message)}


def _olark(said: Sequence[Said]) -> dict[str, Any]:
    def item(_: int, each: Said, at: datetime) -> dict[str, Any]:
        kind = "MessageToVisitor" if each.by_us else "MessageToOperator"
        return {"kind": kind, "nickname": _who(each), "timestamp": f"{_ms(at) // 1000}.25", "body": each.text}

    visitor = {"kind": "Visitor", "id": "v", "fullName": "Jo", "emailAddress": "jo@x.example"}
    whole = {"kind": "Conversation", "id": "O", "visitor": visitor, "operators": {"7": {"nickname": "Anna"}}}
    return {**whole, "items": _each(said, item)}


def _livechat(said: Sequence[Said]) -> dict[str, Any]:
    def event(number: int, each: Said, at: datetime) -> dict[str, Any]:
        told = {"id": f"e{number}", "created_at": f"{at:%Y-%m-%dT%H:%M:%S}.123456Z", "type": "message"}
        return {**told, "text": each.text, "author_id": "anna@x.example" if each.by_us else "u1"}

    jo = {"id": "u1", "name": "Jo", "email": "jo@x.example", "type": "customer"}
    anna = {"id": "anna@x.example", "name": "Anna", "type": "agent"}
    return {"id": "L", "users": [jo, anna], "threads": [{"id": "t", "events": _each(said, event)}]}


def _hubspot(said: Sequence[Said]) -> dict[str, Any]:
    def message(number: int, each: Said, at: datetime) -> dict[str, Any]:
        way = "OUTGOING" if each.by_us else "INCOMING"
        sender = {"actorId": "A-1" if each.by_us else "V-1", "name": _who(each)}
        told = {"type": "MESSAGE", "id": f"m{number}", "conversationsThreadId": "77", "createdAt": _iso(at)}
        return {**told, "direction": way, "senders": [sender], "text": each.text}

    return {"results": _each(said, message)}


SHAPES: dict[str, Shape] = {
    "whatsapp": Shape("WhatsApp Chat with Jo.txt", _whatsapp, has_lines=True),
    "telegram": Shape("result.json", _telegram),
    "slack": Shape("export.zip", _slack),
    "messenger": Shape("message_1.json", _messenger),
    "discord": Shape("help.json", _discord),
    "signal": Shape("chat.txt", _signal, has_lines=True),
    "matrix": Shape("export.json", _matrix),
    "google-chat": Shape("messages.json", _google_chat),
    "sms": Shape("sms.xml", _sms),
    "tawk": Shape("tawk.json", _tawk),
    "intercom": Shape("intercom.json", _intercom),
    "zendesk-chat": Shape("zendesk.json", _zendesk_chat),
    "olark": Shape("olark.json", _olark),
    "livechat": Shape("livechat.json", _livechat),
    "hubspot": Shape("hubspot.json", _hubspot),
    "irc": Shape("shop.log", _irc, has_lines=True),
    "mail-transcript": Shape("transcript.eml", _mail, has_lines=True),
    "jsonl": Shape("chats.jsonl", _jsonl),
    "csv": Shape("chat.csv", _csv, has_lines=True),
}
