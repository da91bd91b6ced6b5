"""CSV of any kind: which column is what is said (`at=COL,author=COL,text=COL`), or told by usual names of columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from functools import cache
from typing import IO
from zoneinfo import ZoneInfo

from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.stamps import Clockface, Order, Written, in_words, local_zone, written
from inbox.channels.chat.texts import LONGEST, beginnings, lines
from inbox.channels.chat.values import moment
from inbox.chat.shape import Asked, Chat, Oddities, Participant, Side
from inbox.errors import NotDone
from inbox.model import Instant
from inbox.text import one_line

COLUMNS = {
    "at": "at date timestamp datetime date_time time created_at created sent_at sent when datum zeit uhrzeit zeitpunkt"
    " zeitstempel fecha fecha_hora hora data data_hora horodatage",
    "clock": "time clock uhrzeit zeit hora heure ora tijd",
    "author": "author from sender name user who von absender de autor nick sender_name author_name username"
    " auteur remitente remetente mittente afzender",
    "text": "text message body content msg message_text nachricht inhalt mensaje texto texte contenu messaggio testo"
    " mensagem bericht tekst",
    "id": "id message_id",
    "chat": "chat chat_id conversation conversation_id thread thread_id channel room session",
    "role": "role side sender_type author_type",
    "reply_to": "reply_to in_reply_to",
}
"""What a column can be, and how it is usually called. `clock` is asked where `at` is a day alone."""
_SIDES = {
    **{each.value: each for each in Side},
    **dict.fromkeys(("visitor", "user", "client", "kunde", "in", "incoming"), Side.CUSTOMER),
    **dict.fromkeys(("operator", "admin", "staff", "support", "out", "outgoing"), Side.AGENT),
}
NEEDED = ("at", "text")
LONGEST_HEAD = 4_000
_SEPARATORS = ",;\t|"
_UTC = re.compile(r"\b(?:UTC|GMT)\s*\Z")
_TIMED = re.compile(r"\d[:.h]\d\d(?!\d*[./-]|\d\d)|\A\s*\d{9,}")
"""What has a clock in it, or is a number of seconds."""
_SPACE = re.compile(r"[\s_-]+")


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Tables whose columns are called as those of a transcript."""
    for name, text in beginnings(source, names):
        first = text.split("\n", 1)[0]
        if first[:1] not in ("{", "[", "<") and len(first) < LONGEST_HEAD:
            columns = _told(_fields(first), {})
            if all(each in columns for each in NEEDED):
                yield (name,)


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """A chat for each value of the column `chat`, or the one that the table is."""
    (name,) = group
    oddities = Oddities()
    with source.open(name) as file:
        rows = list(_rows(file, asked.columns, oddities))
    if not rows:
        raise NotDone("The table has no rows.", "Export it once more.")
    instants = _instants(rows, asked, oddities)
    chats: dict[str, tuple[People, list[Row]]] = {}
    for number, row in rows:
        people, made = chats.setdefault(row.get("chat", ""), (People(), []))
        role = _SIDES.get(row.get("role", "").strip().casefold(), Side.UNKNOWN)
        who = row.get("author", "").strip() or ("" if role in (Side.UNKNOWN, Side.SYSTEM) else role.value)
        author = people.add(Participant(who, role=role)) if who else None
        reply = row.get("reply_to") or None
        at, id_ = instants.get(number), row.get("id", "")
        made.append(Row(at, author, row.get("text", ""), id_, reply_to=reply, said=f"line {number}"))
    for id_, (people, made) in chats.items():
        yield built("csv", id_ or None, None, people.all, made, asked, oddities)
        oddities = Oddities()


def _instants(rows: list[_Numbered], asked: Asked, oddities: Oddities) -> dict[int, Instant]:
    """When each row was, by its line; the order of day and month is told by all of them."""
    found: dict[int, Instant] = {}
    stamps: dict[int, Written] = {}
    in_utc = set[int]()
    order = Order()

    def zone() -> ZoneInfo:
        """Asked for only where a row has no zone of its own."""
        return local_zone(asked, oddities)

    for number, row in rows:
        text = row.get("at", "")
        if row.get("clock") and not _TIMED.search(text):
            text = f"{text} {row['clock']}"
        stamp = None if text.strip().isdecimal() else written(text)
        if stamp is not None and not text.rstrip().endswith("Z") and "+" not in text:
            stamps[number] = stamp
            if _UTC.search(text):
                in_utc.add(number)
            order.learn(stamp, number)
        elif (at := moment(text, zone) or in_words(text, asked, oddities)) is not None:
            found[number] = at
    if stamps:
        order.say(oddities)
        local_clock = cache(lambda: Clockface(zone()))
        utc_clock = Clockface(UTC)
        for number, stamp in stamps.items():
            clock = utc_clock if number in in_utc else local_clock()
            local = clock.instant(order.date(stamp), stamp.clock, stamp.afternoon)
            if local is not None:
                found[number] = local
    return found


_Numbered = tuple[int, dict[str, str]]


def _rows(file: IO[bytes], columns: Mapping[str, str], oddities: Oddities) -> Iterator[_Numbered]:
    """Every row with the line on which it ends: what each of its columns is, and holds."""
    quotes = 0

    def told() -> Iterator[str]:
        nonlocal quotes
        for _, line in lines(file, oddities):
            quotes += line.count('"')
            yield f"{line}\n"

    texts = told()
    first = next(texts, "")
    places = _told(_fields(first), columns)
    missing = [each for each in NEEDED if each not in places]
    if missing:
        raise NotDone(
            f"No column of the table is called as {' and '.join(missing)}.",
            f"Its columns are {one_line(', '.join(_fields(first)), 200)}: --map at=COL,author=COL,text=COL.",
        )
    csv.field_size_limit(LONGEST)
    reader = csv.reader(texts, delimiter=_separator(first))
    number = 1
    while True:
        begun, quotes = number + 1, 0
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            oddities.say(f"line {reader.line_num + 1} is no row ({error}): left out")
            continue
        finally:
            number = reader.line_num + 1
        if quotes % 2 and any("\n" in each for each in fields):
            oddities.say(
                f"a quoted field that begins on line {begun} has no end: the file may be cut off in it"
            )
        if any(fields):
            if len(fields) <= max(places[each] for each in NEEDED):
                oddities.say(f"line {number} has too few columns: left out")
                continue
            yield number, {what: fields[at].rstrip("\n") for what, at in places.items() if at < len(fields)}


def _separator(line: str) -> str:
    return max(_SEPARATORS, key=line.count)


def _fields(line: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=_separator(line)), [])
    except csv.Error:  # a carriage return within it, or a field without end: no head of a table
        return []


def _told(fields: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    """Where each kind of column is: as it was said, else as columns are usually called."""
    folded = [_SPACE.sub("_", each.strip().casefold()) for each in fields]
    places: dict[str, int] = {}
    for what, usual in COLUMNS.items():
        named = columns.get(what)
        wanted = [_SPACE.sub("_", named.strip().casefold())] if named else [] if columns else usual.split()
        at = next((folded.index(each) for each in wanted if each in folded), None)
        if at is not None and at not in places.values():
            places[what] = at
    return places
