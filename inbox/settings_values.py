"""Single values of settings.toml: what each kind of value must look like, and what is said when it does not.

A validator answers with the plain value that is kept (seconds, spans, dates), or raises `Wrong`. Values are
repeated in errors only where no secret can be meant.
"""

from __future__ import annotations

import re
import shlex
from collections import Counter
from datetime import date
from itertools import pairwise
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from inbox.chat.shape import FORMATS
from inbox.customer_record import wrong_field_name
from inbox.errors import BadSettings
from inbox.hint_levels import LEVELS
from inbox.hours import DAYS, parse_duration
from inbox.model import Role, Status
from inbox.nearest import nearest
from inbox.rules.reading import FIELDS, GROUPS, WAYS, On

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
NOT_A_NAME = ("me", "none", "import", "sync", "clock", "elsewhere", "rules", *WAYS, *GROUPS)
"""Words that mean something else where a teammate's name can stand, in queries and in the record."""

TAG = re.compile(r"[\w][\w./-]{0,39}")
"""What `inbox.actions.tag` takes as a tag."""
COMMAND_PLACES = ("id", "rule", "event")
"""What `{…}` can stand for in the arguments of a command: numbers and our own words, nothing that came by mail."""

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?|\[?[0-9a-fA-F:]*:[0-9a-fA-F:.]*\]?")
_ADDRESS = re.compile(rf"[^\s@<>\"(),:;\[\]\\]{{1,64}}@{_LABEL}(?:\.{_LABEL})*")


class Wrong(ValueError):
    """A value that does not fit: what is wrong with it, and what to write instead, if not what the key always
    allows."""

    def __init__(self, what: str, allowed: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.allowed = allowed


def _own_field(value: Any) -> str:
    """The name of a customer's own field."""
    if wrong := wrong_field_name(str(value)):
        raise Wrong(wrong)
    return str(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{kind_of(value)} does not fit.")
    if not value.strip() or len(value) > 500 or _CONTROLS.search(value):
        raise Wrong("this is empty, very long, or has control characters in it.")
    return value.strip()


def _lines(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{kind_of(value)} does not fit.")
    lines = value.replace("\r\n", "\n").strip("\n")
    if not lines.strip() or len(lines) > 4000 or _CONTROLS.search(lines.replace("\n", "").replace("\t", "")):
        raise Wrong("this is empty, very long, or has control characters in it.")
    return lines


def _language(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch("[a-z]{2}", value):
        raise Wrong("this is no language.", 'Write two small letters, as in "de".')
    return value


def _name(value: Any) -> str:
    name = _text(value)
    if not re.fullmatch(r"[\w.-]{1,40}", name) or name.casefold() in NOT_A_NAME:
        raise Wrong(
            "this cannot be used as a name.",
            f"Write one word of letters, digits, dots and hyphens, but not {', '.join(NOT_A_NAME)}.",
        )
    return name


def _address(value: Any) -> str:
    address = _text(value)
    if not _ADDRESS.fullmatch(address):
        raise Wrong("this is not a mail address.")
    return address


def _sender(value: Any) -> str:
    sender = _text(value)
    if not _ADDRESS.fullmatch(sender) and not (sender.startswith("@") and _HOST.fullmatch(sender[1:])):
        raise Wrong("this is neither a mail address nor a domain.")
    return sender


def _host(value: Any) -> str:
    host = _text(value)
    if not _HOST.fullmatch(host):
        raise Wrong("this is not the name or number of a host.")
    return host


def _path(value: Any) -> str:
    path = _text(value)
    if not path.startswith(("/", "~/")):
        raise Wrong("this is not a full path.")
    return path


def _variable(value: Any) -> str:
    name = _text(value)
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise Wrong("this is not the name of a variable.")
    return name


def _command(value: Any) -> str:
    command = _text(value)
    try:
        if shlex.split(command):
            return command
    except ValueError:
        pass
    raise Wrong("the quotes in this command do not match.")


def _zone(value: Any) -> str:
    zone = _text(value)
    try:
        ZoneInfo(zone)
    except (OSError, LookupError, ValueError):
        raise Wrong(f'"{zone}" is no time zone{_nearest_zone(zone)}') from None
    return zone


def _nearest_zone(word: str) -> str:
    zones = sorted(available_timezones())
    by_city = {zone.rpartition("/")[2].casefold(): zone for zone in zones if "/" in zone}
    city = by_city.get(word.rpartition("/")[2].strip().replace(" ", "_").casefold())
    return f'; did you mean "{city}"?' if city else nearest(word[:60], zones)


def _duration(value: Any, always: bool) -> int:
    if value == "0s":
        return 0
    try:
        return parse_duration(value, always=always, place="")
    except BadSettings as error:
        raise Wrong(error.what.removeprefix(": "), error.next_step) from None


def _wall_time(value: Any) -> int:
    try:
        return _duration(value, always=True)
    except Wrong as wrong:
        raise Wrong(wrong.what) from None


def _open_time(value: Any, info: ValidationInfo) -> int:
    """A duration of a policy: days only where every hour counts."""
    own = info.data.get("hours")
    hours = own if own is not None else (info.context or {}).get("hours")
    seconds = _duration(value, always=hours == "always")
    if not seconds:
        raise Wrong("no time at all is no target.")
    return seconds


def _warn(value: Any, info: ValidationInfo) -> int | float:
    share = re.fullmatch(r"(\d{1,3}(?:\.\d+)?) ?%", value) if isinstance(value, str) else None
    if share is None:
        return _open_time(value, info)
    if not 0 < float(share[1]) <= 100:
        raise Wrong("this is no share of a target.")
    return float(share[1]) / 100


def _span(value: Any) -> tuple[int, int]:
    match = _SPAN.fullmatch(_text(value))
    if match is None:
        raise Wrong(f"{value!r} is no span of opening hours.")
    hour, minute, end_hour, end_minute = map(int, match.groups())
    start, end = hour * 3600 + minute * 60, end_hour * 3600 + end_minute * 60
    if minute > 59 or end_minute > 59 or end > 86400:
        raise Wrong(f"{value!r} is not on any clock.")
    if start >= end:
        raise Wrong(
            f"{value!r} ends before it begins.",
            'Write two spans for a night: "22:00-24:00", and "00:00-06:00" on the day after.',
        )
    return start, end


def _buffer(value: Any) -> list[int]:
    """Working days, and seconds of open time."""
    days = re.fullmatch(r"([1-9]\d?) working days?", _text(value))
    if days is not None:
        return [int(days[1]), 0]
    return [0, _duration(value, always=False)]


def _spans(value: Any) -> list[tuple[int, int]]:
    if not isinstance(value, list):
        raise Wrong(f"{kind_of(value)} does not fit.")
    spans = sorted(_span(each) for each in value)
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise Wrong("two of these spans overlap.")
    return spans


def _date(value: Any) -> date:
    if type(value) is date:  # a datetime is a date too, but no day
        return value
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        raise Wrong(f"{kind_of(value)} is not a date here.") from None


def _send_limit(value: Any) -> list[tuple[int, int]]:
    limits = [re.fullmatch(r"\s*(\d{1,7})\s*/\s*([smhd])\s*", part) for part in _text(value).split(",")]
    paces = [(int(limit[1]), UNITS[limit[2]]) for limit in limits if limit is not None]
    if len(paces) < len(limits) or any(not count for count, _ in paces):
        raise Wrong("this is not a pace of sending.")
    return sorted(paces, key=lambda pace: pace[1])


def _size(value: Any) -> int:
    found = re.fullmatch(r"\s*(\d{1,6})\s*(kB|KB|MB)\s*", _text(value))
    if found is None or not int(found[1]):
        raise Wrong("this is not a size.")
    return int(found[1]) * (1_000_000 if found[2] == "MB" else 1_000)


def _money(value: Any) -> str:
    """A sum as text, exactly as it was written: nothing is reckoned in fractions that a machine rounds."""
    written = str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
    if not isinstance(written, str) or not re.fullmatch(r"\d{1,9}(\.\d{1,3})?", written):
        raise Wrong(f"{kind_of(value)} is no sum here.")
    return written


def _currency(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch("[A-Z]{3}", value):
        raise Wrong("this is no currency.", 'Write its three letters, as in "EUR".')
    return value


def _short(value: Any) -> str:
    text = _text(value)
    if len(text) > 40:
        raise Wrong("this is longer than 40 characters.")
    return text


def _day(value: Any) -> str:
    return _date(value).isoformat()


def _time_of_day(value: Any) -> int:
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", _text(value))
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise Wrong("this is no time of day.")
    return int(match[1]) * 3600 + int(match[2]) * 60


def _away(value: Any) -> tuple[str, str]:
    """A day, or the first and the last day of several."""
    if isinstance(value, str) and ".." in value:
        first, _, last = value.partition("..")
    else:
        first = last = value
    found = (
        _date(first.strip() if isinstance(first, str) else first),
        _date(last.strip() if isinstance(last, str) else last),
    )
    if found[0] > found[1]:
        raise Wrong("the last of these days is before the first.")
    return found[0].isoformat(), found[1].isoformat()


def _tag(value: Any) -> str:
    tag = _text(value).lower()
    if not TAG.fullmatch(tag):
        raise Wrong("this is no tag.", "Write one word of letters, digits, - _ . or /, at most 40 long.")
    return tag


def _one_or_several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def places_known(text: str, known: tuple[str, ...]) -> str:
    """The text, if every `{place}` in it is one that can be filled; `Wrong` names the nearest."""
    for found in re.finditer(r"\{([^{}\s]{1,60})\}", text):
        if found[1] not in known:
            raise Wrong(
                f"{{{found[1]}}} cannot be filled{nearest(found[1], known)}",
                f"Known: {', '.join(f'{{{each}}}' for each in known)}.",
            )
    return text


def _url(value: Any) -> str:
    url = _text(value)
    if not re.fullmatch(r"https://[^\s/@\\]+(/[^\s\\]*)?", url):
        raise Wrong("this is no https address.")
    return url


def _keep_for(value: Any) -> int:
    found = re.fullmatch(r"(\d{1,4}) ?([yd])", value) if isinstance(value, str) else None
    days = int(found[1]) * (365 if found[2] == "y" else 1) if found is not None else 0
    if not 7 <= days <= 36_500:
        raise Wrong("this is no number of years or days: a week at least, a hundred years at most.")
    return days * 86_400


def _feed(value: Any) -> str:
    url = _text(value)
    try:
        port = urlsplit(url).port
    except ValueError:
        port = 0
    if port == 0 or not re.fullmatch(r"https?://[^\s/@\\]+(/[^\s\\]*)?", url):
        raise Wrong("this is no address of the web, or one with a password in it.")
    return url


def _every(value: Any) -> int:
    seconds = _wall_time(value)
    if not 300 <= seconds <= 7 * 86400:
        raise Wrong("a feed is asked every 5 minutes at most, and once a week at least.")
    return seconds


def _arguments(value: Any) -> list[str]:
    if not isinstance(value, list) or not value:
        raise Wrong(f"{kind_of(value)} does not fit.")
    words = [_text(each) for each in value]
    if "{" in words[0]:
        raise Wrong("the first word is the program: nothing is filled in there.")
    return [words[0], *(places_known(word, COMMAND_PLACES) for word in words[1:])]


def _question(value: Any) -> str:
    return places_known(_lines(value), ("first_name", "agent", "shop"))


def _nudge(value: Any) -> str:
    return places_known(_lines(value), ("name", "first_name", "subject", "agent", "shop"))


def _template(value: Any) -> str:
    return places_known(_lines(value), FIELDS)


def _chat_line(value: Any) -> str:
    line = _text(value)
    words = Counter(re.findall(r"\b(?:TIME|NAME|TEXT)\b", line))
    if words["NAME"] != 1 or max(words.values()) > 1:
        raise Wrong("this does not say where the name stands, or says something twice.")
    if re.search(r"NAME\s+TEXT|TEXT.*(?:TIME|NAME)", line):
        raise Wrong(
            "nothing tells where one of the words ends and the next begins.",
            'Write a sign between them, and TEXT last, as in "TIME - NAME: TEXT".',
        )
    return line


def filled(week: dict[str, list[tuple[int, int]]]) -> dict[str, list[tuple[int, int]]]:
    """A week with all its days, in order; those left out are closed."""
    return {day: week.get(day, []) for day in DAYS}


def one_of(*words: str) -> BeforeValidator:
    """Accepts these words only, and names the nearest."""

    def check(value: Any) -> str:
        if value not in words:
            near = nearest(value[:60], words) if isinstance(value, str) else "."
            raise Wrong(f"{kind_of(value)} is not known here{near}")
        return str(value)

    return BeforeValidator(check)


def kind_of(value: Any) -> str:
    """What was written, by its kind: an error need not repeat the value, which could be a secret."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, str):
        return "this text"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else "a date or time"


Text = Annotated[str, BeforeValidator(_text)]
OwnField = Annotated[str, BeforeValidator(_own_field)]
Lines = Annotated[str, BeforeValidator(_lines)]
Language = Annotated[str, BeforeValidator(_language)]
Name = Annotated[str, BeforeValidator(_name)]
Money = Annotated[str, BeforeValidator(_money)]
Currency = Annotated[str, BeforeValidator(_currency)]
ShortWords = Annotated[str, BeforeValidator(_short)]
MailAddress = Annotated[str, BeforeValidator(_address)]
Sender = Annotated[str, BeforeValidator(_sender)]
Host = Annotated[str, BeforeValidator(_host)]
FullPath = Annotated[str, BeforeValidator(_path)]
Variable = Annotated[str, BeforeValidator(_variable)]
Command = Annotated[str, BeforeValidator(_command)]
Zone = Annotated[str, BeforeValidator(_zone)]
WallTime = Annotated[int, BeforeValidator(_wall_time)]
KeepFor = Annotated[int, BeforeValidator(_keep_for)]
FeedEvery = Annotated[int, BeforeValidator(_every)]
FeedUrl = Annotated[str, BeforeValidator(_feed)]
OpenTime = Annotated[int, BeforeValidator(_open_time)]
Buffer = Annotated[list[int], BeforeValidator(_buffer)]
Warn = Annotated[int | float, BeforeValidator(_warn)]
Span = tuple[int, int]
Spans = Annotated[list[Span], BeforeValidator(_spans)]
Date = Annotated[date, BeforeValidator(_date)]
Week = Annotated[dict[Annotated[str, one_of(*DAYS)], Spans], AfterValidator(filled)]
Pauses = list[Annotated[str, one_of(*(status.value for status in Status))]]
TeamRole = Annotated[str, one_of(*(role.value for role in Role))]
Seen = Annotated[str, one_of("never", "answer", "close")]
LetterFormat = Annotated[str, one_of("text", "both")]
QuoteHistory = Annotated[str, one_of("none", "last", "all")]
HintLevel = Annotated[str, one_of(*LEVELS)]
Security = Annotated[str, one_of("tls", "starttls", "none")]
ChatFormat = Annotated[str, one_of(*FORMATS)]
DayOfYear = Annotated[str, BeforeValidator(_day)]
Size = Annotated[int, BeforeValidator(_size)]
SendLimit = Annotated[list[Span], BeforeValidator(_send_limit)]
TimeOfDay = Annotated[int, BeforeValidator(_time_of_day)]
Away = Annotated[tuple[str, str], BeforeValidator(_away)]
TagWord = Annotated[str, BeforeValidator(_tag)]
Tags = Annotated[list[TagWord], BeforeValidator(_one_or_several), Field(min_length=1)]
Names = Annotated[list[Text], BeforeValidator(_one_or_several), Field(min_length=1)]
Weekdays = list[Annotated[str, one_of(*DAYS)]]
RuleOn = Annotated[str, one_of(*(each.value for each in On))]
Question = Annotated[str, BeforeValidator(_question)]
NudgeText = Annotated[str, BeforeValidator(_nudge)]
Url = Annotated[str, BeforeValidator(_url)]
Arguments = Annotated[list[str], BeforeValidator(_arguments)]
ChatLine = Annotated[str, BeforeValidator(_chat_line)]
Template = Annotated[str, BeforeValidator(_template)]
Port = Annotated[int, Field(ge=1, le=65535)]
