"""Ids and dates of a mail, as strangers write them; nothing here raises (RFC 5322, 3.3, 3.6.4 and 4.3)."""

from __future__ import annotations

import re
from calendar import timegm

from inbox.model import Instant

REFERENCES = 100
"""Ids of a References header that are kept: the newest ones."""

_ID = re.compile(r"<([^<>]*)>")
_LONGEST_ID = 4_000


def read_ids(value: str) -> tuple[str, ...]:
    """The ids of References or In-Reply-To, oldest first, each once, the last `REFERENCES` of them."""
    found = ["<" + "".join(each.split()) + ">" for each in _ID.findall(value) if each.strip()]
    if not found:  # some programs leave the angle brackets out
        found = [word for word in value.split() if "@" in word and not word.startswith(("<", ">"))]
    unique = dict.fromkeys(each for each in found if len(each) <= _LONGEST_ID)
    return tuple(unique)[-REFERENCES:]


def read_id(value: str) -> str | None:
    """A Message-ID as written, with its angle brackets; None when there is nothing that could be one."""
    found = _ID.search(value)
    if found and found[1].strip():
        text = "<" + "".join(found[1].split()) + ">"
    else:
        text = value.strip()
        if not text.strip("<> ") or " " in text:
            return None
    return text if len(text) <= _LONGEST_ID else None


# ------------------------------------------------------------------------------------------------ dates

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen янв sty led oca",
            "feb fév fev фев lut úno şub",
            "mar mär mrz мар bře maa",
            "apr avr abr апр kwi dub nis",
            "may mai mag мая мај maj kvě mei",
            "jun giu июн cze čer haz",
            "jul lug июл lip tem",
            "aug aoû aou ago авг sie srp ağu",
            "sep set сен wrz zář eyl",
            "oct okt ott out окт paź říj eki",
            "nov noy ноя lis kas",
            "dec dez dic déc дек gru pro ara",
        ),
        1,
    )
    for name in names.split()
}
_ZONES = {  # hours east of Greenwich
    **dict.fromkeys(("ut", "utc", "gmt", "z", "wet"), 0.0),
    **dict.fromkeys(("cet", "mez", "met", "bst", "west"), 1.0),
    **dict.fromkeys(("cest", "mesz", "mest", "eet"), 2.0),
    **dict.fromkeys(("eest", "msk"), 3.0),
    **{
        "ist": 5.5,
        "hkt": 8.0,
        "sgt": 8.0,
        "jst": 9.0,
        "aest": 10.0,
        "aedt": 11.0,
        "nzst": 12.0,
        "nzdt": 13.0,
    },
    **{
        "edt": -4.0,
        "est": -5.0,
        "cdt": -5.0,
        "cst": -6.0,
        "mdt": -6.0,
        "mst": -7.0,
        "pdt": -7.0,
        "pst": -8.0,
    },
}
_TIME = re.compile(
    r"(?<![\d+-])(\d{1,2})[:.](\d\d?)(?:[:.](\d\d?))?(?:[.,]\d+)?(?![.\d])(?:\s*([ap])\.?m\b\.?)?",
    re.IGNORECASE,
)
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.|º)?[\s-]+(?:de |of )?([^\W\d]{3,12})\.?"
    r"(?:[\s,-]+(?:de )?(\d{2,4})(?!\d|:))?"
)
_MONTH_DAY = re.compile(r"([^\W\d]{3,12})\.?\s+(\d{1,2})(?!\d|:|\.\d)")
_YEAR = re.compile(r"(?<![\d+-])(?:19|20|21)\d\d(?!\d)")
_ISO_DATE = re.compile(
    r"(\d{4})([-/.])(\d\d?)\2(\d\d?)(?:T|\s+(?:[^\W\d]{2,9}\.?,?\s+)?)(\d\d?):(\d\d)(?::(\d\d))?(?:[.,]\d+)?\s*(.*)"
)
_OFFSET = re.compile(r"[\s(]*(?:GMT|UTC?)?\s*\+?([+-])(\d\d?)(?::?(\d\d))?(?!\d)", re.IGNORECASE)
_UNSIGNED = re.compile(r"\s*(0\d|1[0-4])([0-5]\d)(?!\d)")
# As nearly all programs write it: "Fri, 13 Mar 2026 08:15:00 +0100 (CET)".
_USUAL = re.compile(
    r"(?:[A-Z][a-z]{2}, {1,2})?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) "
    r"([+-])(0\d|1[0-4])([0-5]\d)(?: \([A-Z]{1,5}\))?"
)
_EARLIEST, _LATEST = 1980, 2100  # mail is not older, and a clock beyond that is wrong


def read_date(value: str) -> tuple[Instant | None, str | None]:
    """A Date header as an instant, and what was odd about it in words, or None.

    The instant is None when the text is no date, names a day or an hour that does not exist, or a year in
    which no mail was written.
    """
    value = value.strip()[:200]
    usual = _USUAL.fullmatch(value)
    iso = None if usual else _ISO_DATE.match(value)
    if usual:
        year, month, day = int(usual[3]), _month(usual[2]), int(usual[1])
        hour, minute, second = int(usual[4]), int(usual[5]), int(usual[6])
        zone = usual[7] + usual[8] + usual[9]
    elif iso:
        year, month, day = int(iso[1]), int(iso[3]), int(iso[4])
        hour, minute, second = int(iso[5]), int(iso[6]), int(iso[7] or 0)
        zone = iso[8]
    else:
        time = _TIME.search(value)
        parts = _day(value[: time.start()] + " " + value[time.end() :]) if time else None
        if time is None or parts is None:
            return None, "the Date header cannot be read"
        year, month, day = parts
        hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
        if time[4] and hour <= 12:
            hour = hour % 12 + (12 if time[4] in "pP" else 0)
        zone = _YEAR.sub("", value[time.end() :])
    exists = (
        1 <= month <= 12 and 1 <= day <= _days(year, month) and hour < 24 and minute < 60 and second <= 60
    )
    if not exists or not _EARLIEST <= year < _LATEST:
        return None, "the Date header names no possible day"
    offset, odd = _offset(zone)
    return timegm((year, month, day, hour, minute, min(second, 59))) - offset, odd


def _day(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a date without its time: `3 May 2022`, `May 3, 2022`, `3-May-22`."""
    for found in _DAY_MONTH.finditer(text):
        month = _month(found[2])
        if month:
            return _year(found[3], text), month, int(found[1])
    for found in _MONTH_DAY.finditer(text):
        month = _month(found[1])
        if month:
            return _year(None, text), month, int(found[2])
    return None


def _month(word: str) -> int:
    word = word.lower()
    if word.startswith("jui"):  # French June and July agree in three letters
        return 6 if word.startswith("juin") else 7
    return _MONTHS.get(word[:3], 0)


def _year(digits: str | None, text: str) -> int:
    """A year; two and three digits as in RFC 5322, 4.3; 0 when there is none."""
    if digits is None:
        found = _YEAR.search(text)
        return int(found[0]) if found else 0
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _days(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _offset(zone: str) -> tuple[int, str | None]:
    """Seconds east of Greenwich, and what was odd."""
    found = _OFFSET.match(zone)
    if found:
        hours, minutes = int(found[2]), int(found[3] or 0)
        if hours > 24 or minutes > 59:
            return 0, "the Date header names no possible zone: read as UTC"
        seconds = hours * 3600 + minutes * 60
        odd = None if hours <= 14 else f"the Date header names a zone that is nowhere, {found[0].strip()}"
        return (-seconds if found[1] == "-" else seconds), odd
    unsigned = _UNSIGNED.match(zone)
    if unsigned:
        odd = f"the Date header names its zone without a sign: read as +{unsigned[0].strip()}"
        return int(unsigned[1]) * 3600 + int(unsigned[2]) * 60, odd
    word = zone.strip("() ,").partition(" ")[0].lower()
    if word in _ZONES:
        return int(_ZONES[word] * 3600), None
    return 0, "the Date header names no known zone: read as UTC"


def read_received(value: str) -> Instant | None:
    """The instant at the end of a Received header (RFC 5321, 4.4), or None."""
    return read_date(value.rpartition(";")[2])[0] if value else None
