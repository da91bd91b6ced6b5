"""Dates as people type them, in four languages: read one way, or refused with what could be written."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inbox.date_words import LANGUAGES
from inbox.hours import ALWAYS, Hours
from inbox.model import Instant, Refusal
from inbox.typed_dates import presets, read_date, written
from tests.shop import NOW, ZONE, at, settings

HOURS = settings().hours  # Mon-Fri 09:00-17:00 in Vienna; it is Tuesday, 10 November 2026, 11:05
_DAY = ["08:00-12:00", "13:00-18:00"]
VIENNA = Hours.from_settings(
    {"zone": "Europe/Vienna", "country": "AT", "week": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _DAY)}, now=NOW
)  # fmt: skip


def read(text: str, now: Instant = NOW, hours: Hours = HOURS) -> Instant | Refusal:
    return read_date(text, now, ZONE, hours)


def refused(text: str, now: Instant = NOW) -> str:
    found = read(text, now)
    assert isinstance(found, Refusal), f"{text} was read"
    return f"{found.reason} {found.next_step}"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3h", "10 14:05"), ("2 d", "12 11:05"), ("90 min", "10 12:35"), ("1h30m", "10 12:35"),
        ("2 hours 15 minutes", "10 13:20"), ("half an hour", "10 11:35"), ("in 3 d", "13 11:05"),
        ("1w", "17 11:05"), ("in 17h", "11 04:05"), ("17 hours", "11 04:05"), ("24h", "11 11:05"),
        ("do 26.11.", "26 09:00"), ("in a week", "17 11:05"), ("in two weeks", "24 11:05"),
        ("in 2 days 9:00", "12 09:00"), ("in 1 week at 14:30", "17 14:30"),
        ("17:00", "10 17:00"), ("9:00", "11 09:00"), ("5pm", "10 17:00"), ("12pm", "10 12:00"), ("12am", "11 00:00"),
        ("at 9", "11 09:00"), ("9 o'clock", "11 09:00"), ("noon", "10 12:00"), ("eod", "10 17:00"), ("cob", "10 17:00"),
        ("today 16:00", "10 16:00"), ("tomorrow", "11 09:00"), ("tomorrow 9", "11 09:00"),
        ("Tomorrow at 5 PM", "11 17:00"),
        ("tomorrow 7:30", "11 07:30"), ("17:30 tomorrow", "11 17:30"), ("tomorrow noon", "11 12:00"),
        ("tomorrow morning", "11 09:00"), ("tomorrow afternoon at 3", "11 15:00"), ("tonight at 8", "10 20:00"),
        ("day after tomorrow", "12 09:00"), ("tomorrow eod", "11 17:00"),
        ("fri", "13 09:00"), ("Friday 14:00", "13 14:00"), ("by fri 17:00", "13 17:00"),
        ("14:00 on friday", "13 14:00"),
        ("fri eod", "13 17:00"), ("tue", "17 09:00"), ("tue 9:00", "17 09:00"), ("sat", "16 09:00"),
        ("sat 10:00", "14 10:00"),
        ("next mon", "16 09:00"), ("next monday 14:00", "16 14:00"), ("next tue", "17 09:00"), ("this fri", "13 09:00"),
        ("fri next week", "20 09:00"), ("next week", "16 09:00"), ("end of week", "13 17:00"),
        ("end of next week", "20 17:00"),
        ("end of month", "30 17:00"), ("eom", "30 17:00"), ("2 working days", "12 09:00"),
        ("in 4 business days", "16 09:00"),
        ("2 working days 15:00", "12 15:00"), ("27 nov", "27 09:00"), ("Nov 27", "27 09:00"),
        ("27 November 2026, 14:00", "27 14:00"),
        ("November 27th, 2026", "27 09:00"), ("the 20th", "20 09:00"), ("Fri 27 Nov 17:00", "27 17:00"),
        ("27.11.", "27 09:00"),
        ("27.11. 14:00", "27 14:00"), ("27.11.2026 14:00", "27 14:00"), ("27.11.26", "27 09:00"), ("27/11", "27 09:00"),
        ("11/27/2026", "27 09:00"), ("2026-11-27", "27 09:00"), ("2026-11-27T14:00", "27 14:00"),
        ("2026-11-27 13:00Z", "27 14:00"),
        # German
        ("morgen", "11 09:00"), ("morgen 9 uhr", "11 09:00"), ("morgen um 9", "11 09:00"), ("morgen früh", "11 09:00"),
        ("übermorgen", "12 09:00"), ("uebermorgen 8:30", "12 08:30"), ("heute abend 19 uhr", "10 19:00"),
        ("in 3 tagen", "13 11:05"), ("in zwei Wochen", "24 11:05"), ("2 werktage", "12 09:00"),
        ("nächsten montag", "16 09:00"),
        ("freitag um 17 uhr", "13 17:00"), ("Freitag, 17.30 Uhr", "13 17:30"), ("am Freitag", "13 09:00"),
        ("bis Do 12 Uhr", None),
        ("Freitag Vormittag", "13 09:00"), ("Freitagnachmittag", None), ("27. November", "27 09:00"),
        ("am 27.", "27 09:00"),
        ("Monatsende", "30 17:00"), ("Feierabend", "10 17:00"), ("nächste Woche", "16 09:00"), ("Mittag", "10 12:00"),
        # French
        ("demain", "11 09:00"), ("demain 9h", "11 09:00"), ("demain à 9h30", "11 09:30"), ("après-demain", "12 09:00"),
        ("lundi prochain", "16 09:00"), ("dans 3 jours", "13 11:05"), ("vendredi à 17h", "13 17:00"),
        ("vendredi 17h", "13 17:00"),
        ("2 jours ouvrés", "12 09:00"), ("fin du mois", "30 17:00"), ("le 27 novembre", "27 09:00"),
        ("demain midi", "11 12:00"),
        ("ce soir à 20h", "10 20:00"), ("la semaine prochaine", "16 09:00"), ("d’ici vendredi", "13 09:00"),
        # Spanish
        ("mañana", "11 09:00"), ("mañana a las 9", "11 09:00"), ("manana 9:30", "11 09:30"),
        ("pasado mañana", "12 09:00"),
        ("el viernes", "13 09:00"), ("el viernes a las 17:00", "13 17:00"), ("en 3 días", "13 11:05"),
        ("próximo lunes", "16 09:00"),
        ("el lunes que viene", "16 09:00"), ("2 días hábiles", "12 09:00"), ("27 de noviembre", "27 09:00"),
        ("fin de mes", "30 17:00"),
        ("mañana por la tarde a las 4", "11 16:00"), ("mediodía", "10 12:00"),
    ],
)  # fmt: skip
def test_what_is_typed_is_read_one_way(typed: str, meant: str | None) -> None:
    found = read(typed)
    if meant is None:
        assert isinstance(found, Refusal)
    else:
        assert not isinstance(found, Refusal), found
        assert written(found, ZONE) == f"2026-11-{meant}"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("2026-12-24 12:00", "2026-12-24 12:00"), ("2027-05-01", "2027-05-03 09:00"), ("1.5.", "2027-05-03 09:00"),
     ("1 May 10:00", "2027-05-01 10:00"), ("May 1", "2027-05-03 09:00"), ("1.5.2027 14:00", "2027-05-01 14:00"),
     ("1er mai 9h", "2027-05-01 09:00"), ("1. Mai um 9", "2027-05-01 09:00"),
     ("1 de mayo de 2027 a las 9", "2027-05-01 09:00"),
     ("3 months", "2027-02-10 11:05"), ("next month", "2026-12-01 09:00"), ("29 feb 12:00", "2028-02-29 12:00"),
     ("mar 5 12:00", "2027-03-05 12:00")],
)  # fmt: skip
def test_a_date_without_a_year_is_the_next_of_its_name(typed: str, meant: str) -> None:
    assert read(typed) == at(meant)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "No date is written. Write it like 3h"),
        ("we", "“we” is no date; did you mean"),
        ("tomorow", 'did you mean "tomorrow"?'),
        ("frietag 9", 'did you mean "freitag"?'),
        ("vendrdi", 'did you mean "vendredi"?'),
        ("25:00", "“25:00” names no time for certain. Write it like"),
        ("2026-02-30", "There is no such day."),
        ("31.11.", "There is no such day."),
        ("2020-01-01", "Wed 1 Jan 2020 09:00 has passed."),
        ("today 9:00", "Tue 10 Nov 09:00 has passed."),
        ("9 nov", "9 Nov has passed. Write 2027-11-09"),
        ("0h", "has passed"),
        ("3", "“3” alone is no date"),
        ("17h", "time of day, or how long from now? Write 17:00, or in 17h."),
        ("9/11", "9 Nov has passed."),
        ("9h30", "time of day, or how long from now?"),
        ("fri 14", "“fri 14”: hour, or day of the month?"),
        ("1/5", "“1/5” could be Tue 5 Jan 2027 09:00 or Mon 3 May 2027 09:00. Write 2027-01-05 09:00 or 2027-05-03 09:00."),
        ("next fri", "“next fri” could be Fri 13 Nov 09:00 or Fri 20 Nov 09:00."),
        ("nächsten Freitag", "could be Fri 13 Nov 09:00 or Fri 20 Nov 09:00."),
        ("tue 17:00", "could be Tue 10 Nov 17:00 or Tue 17 Nov 17:00."),
        ("di", "could be"),  # Dienstag, or dimanche
        ("heute abend", "A part of a day is no time."),
        ("tomorrow morning at 15:00", "does not lie in that part of the day"),
        ("Thu 27 Nov", "2026-11-27 is a Fri."),
        ("9999-12-31", "too far away"),
        ("in 9999 months", "too far away"),
        ("9999 working days", "too far away"),
        ("yesterday", "is no date"),
        ("soon", "is no date"),
        ("1:2:3", "names no time for certain"),
        ("h", "names no time for certain"),
        ("fri at", "names no time for certain"),
        ("tomorrow or friday", "is no date"),
        ("x" * 200, "too long for a date"),
        ("\x1b[31mfri\u202e", "is no date"),
    ],
)  # fmt: skip
def test_what_is_not_certain_is_refused_with_what_could_be_written(typed: str, says: str) -> None:
    said = refused(typed)
    assert says in said
    assert "\x1b" not in said and "\u202e" not in said


def test_the_day_closes_when_it_closes_for_good_and_tomorrow_when_it_has() -> None:
    def eod(now: str) -> Instant | Refusal:
        return read("eod", at(now), VIENNA)

    assert eod("2026-11-10 12:30") == at("2026-11-10 18:00")  # over the noon break
    assert eod("2026-11-10 18:00") == at("2026-11-11 18:00")
    assert eod("2026-11-13 20:00") == at("2026-11-16 18:00")  # Friday evening
    assert read("eom", at("2026-11-30 18:30"), VIENNA) == at("2026-12-31 18:00")
    assert read("eod", NOW, ALWAYS) == at("2026-11-11 00:00")


def test_holidays_and_weekends_are_no_working_days() -> None:
    wednesday = at("2026-12-23 15:00")  # 25 and 26 December are holidays in Austria
    assert read("1 working day", wednesday, VIENNA) == at("2026-12-24 08:00")
    assert read("2 Werktage", wednesday, VIENNA) == at("2026-12-28 08:00")
    assert read("tomorrow", at("2026-12-24 15:00"), VIENNA) == at("2026-12-28 08:00")
    assert read("25.12.", wednesday, VIENNA) == at("2026-12-28 08:00")
    assert read("25.12. 10:00", wednesday, VIENNA) == at("2026-12-25 10:00")


def test_a_time_that_spring_leaves_out_is_moved_and_of_two_in_autumn_the_first_is_meant() -> None:
    assert read("2027-03-28 02:30") == at("2027-03-28 03:30")
    assert read("2 d 02:30", at("2027-03-26 12:00")) == at("2027-03-28 03:30")
    first = int(datetime(2027, 10, 31, 2, 30, tzinfo=ZONE).timestamp())
    assert read("31.10.2027 2:30") == first
    assert read(written(first + 3600, ZONE)) == first + 3600  # the second: 2027-10-31 02:30 +01:00


def test_days_keep_the_time_of_day_and_hours_do_not_when_clocks_change() -> None:
    saturday = at("2027-03-27 12:00")
    assert read("1d", saturday) == at("2027-03-28 12:00")  # 23 hours
    assert read("24h", saturday) == at("2027-03-28 13:00")


def test_presets_begin_when_we_open() -> None:
    found = {key: until for key, _, until in presets(at("2026-11-13 16:00"), ZONE, HOURS)}  # a Friday
    assert found == {
        "h": at("2026-11-13 19:00"),
        "t": at("2026-11-16 09:00"),
        "d": at("2026-11-17 09:00"),
        "m": at("2026-11-16 09:00"),
        "w": at("2026-11-20 09:00"),
    }


def test_where_it_is_always_open_a_day_begins_at_nine() -> None:
    assert read("tomorrow", NOW, ALWAYS) == at("2026-11-11 09:00")


def test_a_calendar_that_never_opens_gives_no_time_that_has_passed() -> None:
    never = Hours(zone="Europe/Vienna")
    assert all(until > NOW for _, _, until in presets(NOW, ZONE, never))
    assert isinstance(read("eod", NOW, never), Refusal)


# ---------------------------------------------------------------------- anything at all

_KNOWN = sorted(
    {word for table in LANGUAGES for words in table.values() for word in words.replace(",", " ").split()}
)
_WORDS = st.lists(
    st.sampled_from(_KNOWN)
    | st.integers(0, 3000).map(str)
    | st.sampled_from([":", ".", "/", "-", "h", "uhr", "pm", "9:30", "1.5."]),
    max_size=7,
)  # fmt: skip
_WHEN = st.integers(at("2026-01-01 00:00"), at("2028-12-31 00:00"))


@given(
    st.one_of(
        st.text(max_size=60), st.tuples(_WORDS, st.sampled_from(["", " "])).map(lambda t: t[1].join(t[0]))
    ),
    _WHEN,
)
@example("next next", NOW)
def test_no_text_breaks_it_and_what_it_reads_lies_ahead(text: str, now: Instant) -> None:
    found = read_date(text, now, ZONE, VIENNA)
    assert (found.reason and found.next_step) if isinstance(found, Refusal) else found > now


@given(
    _WHEN,
    st.integers(1, 6 * 10**8),
    st.sampled_from(["Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)
def test_what_is_written_back_reads_the_same(now: Instant, ahead: int, zone: str) -> None:
    wall, then = ZoneInfo(zone), now + ahead
    assert read_date(written(then, wall), now, wall, ALWAYS) == then
