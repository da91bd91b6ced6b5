"""Logs of IRC. Who came and went is left out.

irssi writes `17:40 <@nick> text` and a notice as `17:40 -nick:#channel- text`, with `--- Day changed …` between; ZNC
`[19:09:26] <nick> text`, the date in the path; WeeChat date, nick and text parted by tabs; HexChat `Mar 15 14:02:12 <nick>`,
a tab and the text, the year where the log begins. Others write the whole instant: `[2023-03-15T14:02:11.000Z] <nick> text`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache

from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.months import month_of
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.stamps import Clockface, local_zone
from inbox.channels.chat.texts import Ending, beginnings, lines
from inbox.chat.shape import Asked, Chat, Oddities, Participant
from inbox.errors import NotDone

_NICK = r"<[ @+%&~!]?(?P<nick>[^>\s]{1,60})>"
_NOTED = r"-(?P<noted>[^\s:!(-][^\s:!(]{0,59}?)(?:\([^\s)]*\)|:\S*?)?-(?=\s)"
_SAID = re.compile(
    r"(?:(?P<day>[^\W\d_]{3,5}\.? [ \d]?\d) )?\[?(?:(?P<date>\d{4}-\d\d-\d\d)[T ])?"
    r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?(?P<utc>Z)?)?\]?\s+"
    rf"(?:{_NICK}|\*[^\S\t]+(?P<doer>\S{{1,60}})|{_NOTED})\s?(?P<text>.*)\Z"
)
_TOLD = re.compile(
    r"(?:[^\W\d_]{3,5}\.? [ \d]?\d )?\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d(?::\d\d(?:\.\d+)?Z?)?\]?\s+"
    r"(?:-!-|\*\*\*|\*\t|\S+\s\[\S+\])"
)
_DAY = re.compile(
    r"(?:--- (?:Log opened|Day changed|Log closed)|\*{4} (?:BEGIN|ENDING) LOGGING AT)\s+(?P<words>.*)\Z"
)
_WEECHAT = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d) (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)\t(?P<nick>[^\t]*)\t(?P<text>.*)\Z"
)
_STYLE = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[0-9a-fA-F]{6})?|[\x02\x0f\x11\x16\x1d\x1e\x1f]")
"""How IRC writes colours and letters that are bold: no words."""
_WEECHAT_TOLD = ("-->", "<--", "--", "=!=", "")
_IN_PATH = re.compile(r"(?<!\d)(\d{4})-?(\d\d)-?(\d\d)(?!\d)")
_PART = re.compile(r"\d+|[^\W\d_]+")
_LOOKED_AT = 30


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Texts most of whose lines are a log's; those of days that lie in one folder are one channel."""
    channels: dict[str, list[str]] = {}
    for name, text in beginnings(source, names):
        whole, _, end = text.rpartition("\n")
        first = [each for each in (whole or end).split("\n")[:_LOOKED_AT] if each.strip()]
        fits = [
            each
            for each in first
            if any(form.match(each.rstrip("\r")) for form in (_SAID, _DAY, _WEECHAT, _TOLD))
        ]
        said = [each for each in fits if _SAID.match(each.rstrip("\r")) or _WEECHAT.match(each.rstrip("\r"))]
        if said and 2 * len(fits) > len(first):
            channels.setdefault(_IN_PATH.sub("*", name), []).append(name)
    for parts in channels.values():
        yield tuple(sorted(parts))


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """The one channel of these files."""
    oddities, people = Oddities(), People()
    clock = cache(lambda: Clockface(local_zone(asked, oddities)))  # where a line has no zone of its own
    rows: list[Row] = []
    for name in group:
        rows += _rows(source, name, clock, people, oddities)
    if not rows:
        raise NotDone("Nobody says anything in this log.", "")
    yield built("irc", None, _title(group[0]), people.all, rows, asked, oddities)


def _rows(
    source: Source, name: str, local: Callable[[], Clockface], people: People, oddities: Oddities
) -> Iterator[Row]:
    day = _day_of_path(name) or _day_of_path(source.name)
    exact, ending = Clockface(UTC), Ending()
    found: re.Match[str] | None = None
    with source.open(name) as file:
        for number, line in lines(file, oddities, ending):
            found = told = _DAY.match(line)
            if told is not None:
                day = _day(told["words"]) or day
                continue
            weechat = _WEECHAT.match(line)
            found = weechat or _SAID.match(line)
            if found is None:
                continue
            parts = found.groupdict()
            nick = parts["nick"] or parts.get("doer") or parts.get("noted") or ""
            text = parts["text"]
            if weechat is not None:
                if nick.strip() in _WEECHAT_TOLD:
                    continue
                if nick.strip() == "*":
                    nick, _, text = text.partition(" ")
                nick = nick.lstrip(" @+%&~!")
            elif parts["doer"] and nick.startswith("*"):
                continue
            if parts["date"]:
                day = date.fromisoformat(parts["date"]) if _real(parts["date"]) else day
            elif parts.get("day") and day is not None:
                day = _later(parts["day"], day)
            if day is None:
                oddities.say(f"{name} does not say on which day it was written")
            hour, minute, second = (int(parts[each] or 0) for each in ("hour", "minute", "second"))
            told_by = exact if parts.get("utc") else local()
            at = (
                told_by.instant((day.year, day.month, day.day), (hour, minute, second), None) if day else None
            )
            author = people.add(Participant(_STYLE.sub("", nick)))
            yield Row(at, author, _STYLE.sub("", text), said=f"line {number}")
    ending.say(oddities, left_out=ending.cut is not None and found is None)


def _later(text: str, last: date) -> date:
    """The day of `Mar 15`, of the year of the one before, or of the next where the year has turned since."""
    day = _day(f"on {text} {last.year}") or last
    return _day(f"on {text} {last.year + 1}") or last if day < last - timedelta(days=180) else day


def _real(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _day_of_path(name: str) -> date | None:
    found = _IN_PATH.findall(name)
    year, month, day = map(int, found[-1]) if found else (0, 0, 0)
    return _date(year, month, day)


def _day(text: str) -> date | None:
    """The day of `Mon Jan 05 2015` and `Mon Jan 05 17:40:00 2015`."""
    parts = _PART.findall(text)
    month = next((found for each in parts[1:] if (found := month_of(each))), 0)
    numbers = [int(each) for each in parts if each.isdecimal()]
    return _date(numbers[-1], month, numbers[0]) if month and len(numbers) > 1 else _day_of_path(text)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return datetime(year, month, day).date()  # noqa: DTZ001  a day alone
    except ValueError:
        return None


def _title(name: str) -> str | None:
    """The channel, as folders and files are called after it."""
    parts = [each for each in name.split("/") if each.startswith(("#", "&"))]
    return re.sub(r"[_.-]?\d{4}-?\d\d-?\d\d|\.(?:log|txt|weechatlog)\Z", "", parts[-1]) if parts else None
