"""Transcripts that chat programs mail (`inbox.chat.transcripts`), as files of mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.months import month_of
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.stamps import (
    OFFSET,
    Clockface,
    Order,
    Written,
    is_afternoon,
    local_zone,
    written,
    zone_of,
)
from inbox.channels.chat.texts import beginnings
from inbox.chat.shape import Asked, Chat, Oddities, Ordinals, Participant, Side
from inbox.chat.transcript_words import PROVIDERS
from inbox.chat.transcripts import Told, told
from inbox.errors import NotDone
from inbox.mime import parse
from inbox.model import Instant, Message

FORMAT = "mail-transcript"
LARGEST = 20 << 20
_HEADER = re.compile(r"\A[!-9;-~]{1,76}[ \t]*:[^\n]*\n(?:[!-9;-~]{1,76}[ \t]*:|[ \t])")
_SIGNS = re.compile(
    r"(?im)^subject:.*(?:transcript|chat|conversation|gespr|transcri)|^(?:from|sender):.*(?:"
    + "|".join(map(re.escape, PROVIDERS))
    + ")"
)
_NOBODY = re.compile(r"(?:visitor|guest|customer|client|user|you|besucher|gast|v\d+)\b", re.IGNORECASE)
"""How somebody is called of whom nothing is known."""
_PART = re.compile(r"\d+|[^\W\d_]+")
_CLOCK = re.compile(r"(?<![\d.:+-])(\d{1,2})(?::(\d\d)(?::(\d\d))?|\.(\d\d))(?![.:/-]?\d)(?!.*\d:\d\d)")


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Mails that are transcripts."""
    for name, text in beginnings(source, names):
        if _HEADER.match(text) and _SIGNS.search(text) and _is_one(source, name):
            yield (name,)


def _is_one(source: Source, name: str) -> bool:
    try:
        return told(parse(source.read(name, LARGEST))) is not None
    except NotDone:  # too large, or spoiled in its zip: the other files are read all the same
        return False


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """The one chat of a mail."""
    (name,) = group
    message = parse(source.read(name, LARGEST))
    transcript = told(message, asked.us)
    if transcript is None:
        raise NotDone("Nobody says anything in this mail.", "It is no transcript; import reads it as a mail.")
    yield chat_of(message, transcript, asked)


def chat_of(message: Message, transcript: Told, asked: Asked) -> Chat:
    """A transcript as a chat. Where only a clock is told, its day is that of the facts, else of the mail."""
    oddities, people = Oddities(), People()
    keys: dict[str, str | None] = {}
    for name, side in transcript.sides.items():
        is_visitor = side is Side.CUSTOMER
        called = transcript.visitor if is_visitor and transcript.visitor and _is_nobody(name) else name
        address, phone = (transcript.email, transcript.phone) if is_visitor else ("", "")
        keys[name] = people.add(Participant(called, role=side, address=address, phone=phone))
    whens = list(_instants(message, transcript, asked, oddities))
    if Side.CUSTOMER not in transcript.sides.values() and (transcript.visitor or transcript.email):
        name = transcript.visitor or transcript.email  # who is spoken to, and says nothing
        people.add(Participant(name, role=Side.CUSTOMER, address=transcript.email, phone=transcript.phone))
    ordinals = Ordinals(f"{FORMAT}\0{_whose(transcript)}")
    rows = []
    for number, (each, at) in enumerate(zip(transcript.said, whens, strict=True), 1):
        author = keys.get(each.name) if each.name else None
        line = ordinals.id(at, author, each.text) if at is not None else ""
        rows.append(Row(at, author, each.text, line, said=f"line {number}"))
    title = transcript.visitor or None
    return built(FORMAT, transcript.id or None, title, people.all, rows, asked, oddities)


def _whose(transcript: Told) -> str:
    """By what lines of this chat are known again in another mail, and told from those of another visitor: the chat's own id,
    or whose it is; where only a name is known, which others have as well, how it begins."""
    known = transcript.id or transcript.email or transcript.phone
    if known:
        return known.casefold()
    visitors = [name for name, side in transcript.sides.items() if side is Side.CUSTOMER]
    begins = []
    for each in transcript.said:
        begins.append(f"{each.name or ''}\0{each.when}\0{each.text}")
        if each.name and each.name not in visitors:
            break
    return "\0".join((transcript.started, *begins))


def _is_nobody(name: str) -> bool:
    return bool(_NOBODY.match(name))


def _instants(
    message: Message, transcript: Told, asked: Asked, oddities: Oddities
) -> Iterator[Instant | None]:
    """When each thing was said. Clocks go on: one that is before the last one is of the next day."""
    sent = message.date or message.received
    zones = [each.when for each in transcript.said if OFFSET.search(each.when)] or [transcript.started]
    offset = OFFSET.search(zones[0])
    zone = zone_of(offset) if offset is not None else None
    local = datetime.fromtimestamp(sent or 0, zone or asked.zone or UTC)
    order = Order()
    for number, text in enumerate((transcript.started, *(each.when for each in transcript.said))):
        if stamp := _dated(text):
            order.learn(stamp, number + 1)
            order.near(stamp, local.date())
    day = _day(transcript.started, order) or (local.year, local.month, local.day)
    timed = any(each.when for each in transcript.said)
    clock = Clockface(zone or local_zone(asked, oddities if timed else Oddities()))
    last: Instant | None = None
    begun = _instant(transcript.started, day, clock, order) or sent
    for each in transcript.said:
        at = _instant(each.when, day, clock, order) if each.when else None
        if at is None:
            at = last if last is not None else begun
        elif last is not None and at < last - 60 and _day(each.when, order) is None:
            at += 86_400
            at += 86_400 * max(0, (last - at) // 86_400)
        last = at if at is not None else last
        yield at


def _instant(text: str, day: tuple[int, int, int], clock: Clockface, order: Order) -> Instant | None:
    """An instant as it is written; where it has no day, of this one."""
    text = OFFSET.sub("", text)
    stamp = written(text)
    if stamp is not None:
        return clock.instant(order.date(stamp), stamp.clock, stamp.afternoon)
    found = _CLOCK.search(text)
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2] or found[4]), int(found[3] or 0)
    half = is_afternoon(text[found.end() :])
    if hour > 23 or minute > 59 or second > 59:
        return None
    return clock.instant(_day(text, order) or day, (hour, minute, second), half if hour <= 12 else None)


def _day(text: str, order: Order) -> tuple[int, int, int] | None:
    """The day in a text, whatever clock stands beside it: `2024-01-31`, `31.01.2024`, `Jan 31, 2024`, `31 January 2024`."""
    parts = _PART.findall(_without_clock(text))
    month = next((number for each in parts if (number := month_of(each))), 0)
    numbers = [int(each) for each in parts if each.isdecimal() and len(each) <= 4]
    if month:
        year = next((each for each in numbers if each > 999), 0)
        day = next((each for each in numbers if each != year and 0 < each < 32), 0)
        return (year, month, day) if year and day else None
    stamp = _dated(text)
    return order.date(stamp) if stamp is not None else None


def _dated(text: str) -> Written | None:
    """The numbers of the day in a text; None where it has none, or one with a month by its name."""
    return written(f"{_without_clock(text)} 00:00")


def _without_clock(text: str) -> str:
    return _CLOCK.sub("", OFFSET.sub("", text))
