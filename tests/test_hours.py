"""Opening hours: stories of single calendars, and a slow walker that every fast answer must agree with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.errors import BadSettings
from inbox.hours import ALWAYS, Hours, holiday_dates, parse_duration
from inbox.open_time import NEVER

BERLIN = "Europe/Berlin"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
QUARTER = 900
NOW = int(datetime(2016, 10, 1, tzinfo=UTC).timestamp())


def wall(text: str, zone: str = BERLIN, fold: int = 0) -> int:
    """The instant of a wall time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp())


def calendar(span: str, days: tuple[str, ...] = WEEKDAYS, zone: str = BERLIN, **more: object) -> Hours:
    """A calendar with the same spans, parted by blanks, on some days."""
    week = {day: span.split() for day in days}
    return Hours.from_settings({"zone": zone, "week": week, **more}, now=NOW)


# ------------------------------------------------------------------ what is promised in the examples


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2016-10-07 16:30", 1, "2016-10-10 09:30"),
        ("2016-10-07 16:00", 2, "2016-10-10 10:00"),
        ("2016-10-05 07:00", 2, "2016-10-05 11:00"),
        ("2016-10-05 18:00", 2, "2016-10-06 11:00"),
        ("2016-10-08 10:00", 2, "2016-10-10 11:00"),
        ("2016-10-10 16:00", 10, "2016-10-12 10:00"),
        ("2016-10-10 09:00", 8, "2016-10-10 17:00"),
    ],
)
def test_nine_to_five_from_monday_to_friday(start: str, hours: int, end: str) -> None:
    assert calendar("09:00-17:00").add(wall(start), hours * 3600) == wall(end)


def test_the_zone_is_the_calendars_not_the_hosts() -> None:
    hours = calendar("09:00-17:00", zone="America/New_York")
    assert hours.add(wall("2016-10-07 16:00", hours.zone), 7200) == wall("2016-10-10 10:00", hours.zone)


def test_open_on_sundays_only() -> None:
    hours = calendar("09:00-17:00", ("sun",), "UTC")
    assert hours.add(wall("2007-01-01 00:00", "UTC"), 3600) == wall("2007-01-07 10:00", "UTC")


@pytest.mark.parametrize(("minutes", "end"), [(30, "10:30"), (120, "12:00")])
def test_a_start_after_closing_counts_from_the_next_opening(minutes: int, end: str) -> None:
    assert calendar("10:00-18:00").add(wall("2016-10-10 20:00"), minutes * 60) == wall(f"2016-10-11 {end}")


def test_a_start_on_a_holiday_counts_from_the_next_open_day() -> None:
    hours = calendar("10:00-18:00", holidays=[date(2016, 10, 6), date(2016, 10, 7)])
    assert hours.add(wall("2016-10-06 15:00"), 1800) == wall("2016-10-10 10:30")


@pytest.mark.parametrize(("start", "minutes"), [("11:45", 30), ("12:30", 15)])
def test_a_lunch_break_is_a_hole(start: str, minutes: int) -> None:
    hours = calendar("08:00-12:00 13:30-18:00")
    assert hours.add(wall(f"2016-10-10 {start}"), minutes * 60) == wall("2016-10-10 13:45")


def test_always_open_counts_every_second_also_when_summer_begins() -> None:
    start = wall("2024-03-10 01:30", "America/New_York")
    assert ALWAYS.add(start, 3600) == wall("2024-03-10 03:30", "America/New_York")


def test_a_deadline_on_a_closing_instant_stays_there() -> None:
    hours = calendar("09:00-17:00")
    assert hours.add(wall("2016-10-07 16:00"), 3600) == wall("2016-10-07 17:00")
    assert hours.add(wall("2016-10-07 16:00"), 3601) == wall("2016-10-10 09:00") + 1
    assert hours.add(wall("2016-10-07 17:00"), 0) == wall("2016-10-07 17:00")
    assert hours.add(wall("2016-10-07 17:01"), 0) == wall("2016-10-10 09:00")


# ------------------------------------------------------------------ zones that are set forward and back


def test_an_opening_that_does_not_exist_in_spring_is_moved_forward_by_the_gap() -> None:
    hours = calendar("02:30-06:00", ("sun",))
    opening = wall("2016-03-27 03:30")
    assert not hours.is_open(opening - 1)
    assert hours.is_open(opening)
    assert hours.between(wall("2016-03-27 00:00"), wall("2016-03-28 00:00")) == 2.5 * 3600


def test_a_closing_that_exists_twice_in_autumn_is_the_first() -> None:
    hours = calendar("01:00-02:30", ("sun",))
    first = wall("2016-10-30 02:30")
    assert hours.is_open(first - 1)
    assert not hours.is_open(first)
    assert not hours.is_open(wall("2016-10-30 02:15", fold=1))


def test_an_opening_that_exists_twice_in_autumn_is_the_first() -> None:
    hours = calendar("02:30-04:00", ("sun",))
    assert hours.between(wall("2016-10-30 00:00"), wall("2016-10-31 00:00")) == 2.5 * 3600


@pytest.mark.parametrize(
    ("day", "length"),
    [("2016-03-27", 23), ("2016-10-30", 25), ("2016-10-23", 24)],
    ids=["spring", "autumn", "usual"],
)
def test_midnight_to_midnight_is_the_whole_day_to_the_second(day: str, length: int) -> None:
    hours = calendar("00:00-24:00", (*WEEKDAYS, "sat", "sun"))
    start = wall(f"{day} 00:00")
    assert hours.between(start, start + length * 3600) == length * 3600
    assert calendar("00:00-24:00", ("sun",)).add(start, length * 3600) == start + length * 3600


def test_summer_begins_in_october_in_the_south() -> None:
    hours = calendar("01:00-05:00", ("sun",), "Australia/Sydney")
    start, end = (wall(f"2016-10-0{day} 00:00", hours.zone) for day in (2, 3))
    assert hours.between(start, end) == 3 * 3600


def test_a_midnight_that_does_not_exist_opens_an_hour_later() -> None:
    hours = calendar("00:00-02:00", ("sun",), "America/Sao_Paulo")
    start = wall("2018-11-04 00:00", hours.zone)  # set forward from 00:00 to 01:00
    assert hours.between(start - 3600, start + 86400) == 3600


def test_the_day_that_samoa_left_out_moves_to_the_next() -> None:
    hours = calendar("09:00-17:00", ("fri",), "Pacific/Apia")
    assert hours.is_open(wall("2011-12-31 10:00", hours.zone))


def test_where_a_left_out_day_falls_into_open_time_the_overlap_counts_once() -> None:
    week = {"fri": ["09:00-17:00"], "sat": ["08:00-18:00"]}
    hours = Hours.from_settings({"zone": "Pacific/Apia", "week": week}, now=NOW)
    assert (
        hours.between(wall("2011-12-29 00:00", hours.zone), wall("2012-01-01 00:00", hours.zone)) == 10 * 3600
    )


def test_the_last_day_of_a_year_that_kiritimati_left_out_moves_to_the_new_year() -> None:
    hours = calendar("09:00-17:00", ("sat",), "Pacific/Kiritimati")
    assert hours.is_open(wall("1995-01-01 10:00", hours.zone))


def test_closed_time_is_told_where_a_zone_is_set_back_over_midnight() -> None:
    zone = "America/St_Johns"  # 00:01 on a Sunday became 23:01 of the day before
    hours = calendar("09:00-17:00", ("sun",), zone, holidays=[date(2006, 10, 29)])
    start, end = wall("2006-10-28 23:30", zone, fold=1), wall("2006-10-29 12:00", zone)
    assert [(piece.start, piece.end) for piece in hours.spans(start, end)] == [(start, end)]


# ------------------------------------------------------------------ a slow walker as judge

DAYS_AROUND = [  # a zone, and a day near which it was set forward or back
    (BERLIN, date(2016, 3, 27)),
    (BERLIN, date(2016, 10, 30)),
    ("America/New_York", date(2024, 3, 10)),
    ("America/New_York", date(2024, 11, 3)),
    ("Australia/Lord_Howe", date(2016, 4, 3)),
    ("Australia/Lord_Howe", date(2016, 10, 2)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Havana", date(2019, 11, 3)),
    ("America/St_Johns", date(2006, 10, 29)),
    ("Africa/Casablanca", date(2021, 4, 11)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Pacific/Kiritimati", date(1994, 12, 31)),
    ("Asia/Kolkata", date(2020, 1, 1)),
]


@cache
def first_shown(zone: str, day: date) -> dict[datetime, int]:
    """Every quarter of an hour near a day, and the first instant at which a clock on the wall showed it.

    Those that no clock showed stand beside the instant to which the gap moves them.
    """
    middle = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    shown: dict[datetime, int] = {}
    step = timedelta(seconds=QUARTER)
    before: datetime | None = None
    skipped: list[tuple[datetime, timedelta]] = []
    for at in range(middle - 8 * 86400, middle + 8 * 86400, QUARTER):
        now = datetime.fromtimestamp(at, ZoneInfo(zone)).replace(tzinfo=None, fold=0)
        shown.setdefault(now, at)
        if before is not None and now - before > step:
            gap = now - before - step
            skipped += [(before + step * count, gap) for count in range(1, gap // step + 1)]
        before = now
    for missing, gap in skipped:
        shown[missing] = shown[missing + gap]
    return shown


def open_quarters(hours: Hours, day: date) -> set[int]:
    """The start of every open quarter of an hour in the twelve days around a day, by the wall."""
    shown = first_shown(hours.zone, day)
    found: set[int] = set()
    for offset in range(-6, 7):
        each = day + timedelta(days=offset)
        spans = dict(hours.openings).get(each, () if each in hours.holidays else hours.week[each.weekday()])
        midnight = datetime(each.year, each.month, each.day)
        for opening, closing in spans:
            start, end = (shown[midnight + timedelta(seconds=second)] for second in (opening, closing))
            found.update(range(start, end, QUARTER))
    return found


@st.composite
def spans(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """No, one or several spans of a day, in quarters of an hour and often near the hours zones are set."""
    edges = draw(st.lists(st.integers(0, 16) | st.integers(0, 96), max_size=6, unique=True).map(sorted))
    return tuple((a * QUARTER, b * QUARTER) for a, b in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Hours, date]:
    """A calendar, and the day around which to look at it."""
    zone, day = draw(st.sampled_from(DAYS_AROUND))
    near = st.integers(-3, 3).map(lambda offset: day + timedelta(days=offset))
    week = draw(st.tuples(*[spans()] * 7))
    holidays = draw(st.frozensets(near, max_size=2))
    openings = draw(st.dictionaries(near, spans(), max_size=2))
    return Hours(zone=zone, week=week, holidays=holidays, openings=tuple(sorted(openings.items()))), day


@settings(max_examples=200, deadline=None)
@given(calendars(), st.integers(-3 * 86400, 3 * 86400), st.integers(1, 20 * 3600))
def test_counting_agrees_with_walking_by_the_clock_on_the_wall(
    given_calendar: tuple[Hours, date], offset: int, wanted: int
) -> None:
    hours, day = given_calendar
    is_open = open_quarters(hours, day)
    start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + offset

    at, counted = start, 0
    while counted < wanted and at < start + 2 * 86400:
        quarter_is_open = at - at % QUARTER in is_open
        assert hours.is_open(at) == quarter_is_open
        step = QUARTER - at % QUARTER
        if quarter_is_open:
            step = min(step, wanted - counted)
            counted += step
        at += step
        assert hours.between(start, at) == counted
    if counted == wanted:
        assert hours.add(start, wanted) == at


@settings(max_examples=100, deadline=None)
@given(calendars(), st.integers(-(10**8), 10**8), st.integers(0, 10**6), st.integers(0, 10**6))
def test_adding_and_measuring_are_inverse_and_keep_the_order(
    given_calendar: tuple[Hours, date], offset: int, seconds: int, later: int
) -> None:
    hours, day = given_calendar
    if not any(hours.week):
        return
    start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + offset
    due = hours.add(start, seconds)
    assert hours.between(start, due) == seconds
    assert hours.add(start, seconds + later) >= due
    assert hours.add(start + later, seconds) >= due


@settings(max_examples=60, deadline=None)
@given(calendars(), st.integers(-3 * 86400, 3 * 86400), st.integers(0, 3 * 86400))
def test_the_pieces_of_a_time_fill_it_and_say_why(
    given_calendar: tuple[Hours, date], offset: int, length: int
) -> None:
    hours, day = given_calendar
    start = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + offset
    pieces = list(hours.spans(start, start + length))
    edges = [start, *(piece.end for piece in pieces)]
    assert [piece.start for piece in pieces] == edges[:-1]
    assert edges[-1] == start + length
    assert all(piece.start < piece.end for piece in pieces)
    assert sum(piece.end - piece.start for piece in pieces if piece.is_open) == hours.between(
        start, start + length
    )


def test_the_order_in_which_years_are_asked_for_changes_nothing() -> None:
    instants = [wall(f"{year}-06-15 12:00") for year in (2016, 2019, 2009, 2016, 2030)]
    fresh = [calendar("09:00-17:00").between(instants[0], at) for at in instants]
    one = calendar("09:00-17:00")
    assert [one.between(instants[0], at) for at in instants] == fresh
    assert one.between(instants[2], instants[4]) == fresh[4] + one.between(instants[2], instants[0])


def test_several_threads_may_ask_one_calendar_for_years_it_has_not_seen() -> None:
    expected = {
        year: calendar("09:00-17:00").add(wall(f"{year}-06-15 12:00"), 10**7) for year in range(1990, 2040, 5)
    }
    shared = calendar("09:00-17:00")
    answers: dict[int, int] = {}
    threads = [
        Thread(
            target=lambda year=year: answers.update({year: shared.add(wall(f"{year}-06-15 12:00"), 10**7)})
        )
        for year in expected
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == expected


# ------------------------------------------------------------------ holidays, own openings, never open


def reasons(hours: Hours, start: str, end: str) -> Iterator[tuple[str, str]]:
    for piece in hours.spans(wall(start), wall(end)):
        yield f"{datetime.fromtimestamp(piece.start, ZoneInfo(hours.zone)):%a %H:%M}", piece.reason


def test_a_country_brings_its_holidays_with_their_names() -> None:
    hours = calendar("09:00-17:00", country="DE", region="BY")
    assert list(reasons(hours, "2016-03-24 16:00", "2016-03-29 10:00")) == [
        ("Thu 16:00", "open"),
        ("Thu 17:00", "closed"),
        ("Fri 00:00", "holiday: Good Friday"),
        ("Sat 00:00", "closed"),
        ("Mon 00:00", "holiday: Easter Monday"),
        ("Tue 00:00", "closed"),
        ("Tue 09:00", "open"),
    ]


def test_a_holiday_is_a_reason_only_where_it_takes_open_time_away() -> None:
    hours = calendar(
        "09:00-17:00",
        holidays=[date(2016, 10, 6), date(2016, 10, 7), date(2016, 10, 8)],
        openings={"2016-10-07": ["10:00-11:00"]},
    )
    assert list(reasons(hours, "2016-10-06 00:00", "2016-10-09 00:00")) == [
        ("Thu 00:00", "holiday"),
        ("Fri 00:00", "closed"),
        ("Fri 10:00", "open"),
        ("Fri 11:00", "closed"),
    ]


def test_holidays_worked_out_once_are_kept_for_the_next_start() -> None:
    cache: dict[str, dict[str, str]] = {}
    Hours.from_settings(
        {"zone": BERLIN, "week": {"mon": ["09:00-17:00"]}, "country": "DE", "region": "BY"},
        now=NOW,
        cache=cache,
    )
    assert cache["DE/BY/2016"]["2016-11-01"] == "All Saints' Day"
    kept = {key: {day: f"kept {name}" for day, name in days.items()} for key, days in cache.items()}
    again = Hours.from_settings(
        {"zone": BERLIN, "week": {"mon": ["09:00-17:00"]}, "country": "DE", "region": "BY"},
        now=NOW,
        cache=kept,
    )
    assert again.holiday_on(date(2016, 11, 1)) == "kept All Saints' Day"


def test_the_names_of_holidays_do_not_depend_on_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    assert holiday_dates("DE", None, [2016])[date(2016, 3, 25)] == "Good Friday"


def test_an_own_opening_holds_in_place_of_the_weekday_and_on_a_holiday() -> None:
    hours = calendar(
        "09:00-17:00",
        holidays=[date(2016, 10, 6)],
        openings={"2016-10-06": ["10:00-11:00"], "2016-10-08": ["12:00-13:00"]},
    )
    assert hours.between(wall("2016-10-06 00:00"), wall("2016-10-07 00:00")) == 3600
    assert hours.between(wall("2016-10-08 00:00"), wall("2016-10-09 00:00")) == 3600


def test_a_calendar_that_is_never_open_is_refused_by_name() -> None:
    with pytest.raises(BadSettings, match=r"hours\.night is never open in the 370 days from 2016-10-01 on"):
        Hours.from_settings({"zone": "UTC", "week": {}}, now=NOW, name="hours.night")
    far = {"zone": "UTC", "openings": {"2017-10-07": ["09:00-10:00"]}}
    with pytest.raises(BadSettings, match="never open"):
        Hours.from_settings(far, now=NOW)
    assert Hours.from_settings(far, now=NOW + 2 * 86400)


def test_open_time_that_runs_out_ends_never_and_ends_soon() -> None:
    once = Hours.from_settings({"zone": "UTC", "openings": {"2016-10-07": ["09:00-10:00"]}}, now=NOW)
    assert once.add(NOW, 3600) == wall("2016-10-07 10:00", "UTC")
    assert once.add(NOW, 3601) == NEVER
    assert once.next_opening(wall("2016-10-08 00:00", "UTC")) == NEVER


def test_the_next_opening_is_now_while_open() -> None:
    hours = calendar("09:00-17:00")
    assert hours.next_opening(wall("2016-10-07 09:00")) == wall("2016-10-07 09:00")
    assert hours.next_opening(wall("2016-10-07 17:00")) == wall("2016-10-10 09:00")


def test_calendars_that_say_the_same_are_equal_whatever_they_were_asked() -> None:
    one, other = calendar("09:00-17:00"), calendar("09:00-17:00")
    one.add(wall("1999-01-01 00:00"), 10**6)
    assert one == other
    assert hash(one) == hash(other)
    assert one != calendar("09:00-17:01")


# ------------------------------------------------------------------ what people write


@pytest.mark.parametrize(("text", "seconds"), [("45m", 2700), ("4h", 14400), ("1h30m", 5400), ("90s", 90)])
def test_durations_as_people_write_them(text: str, seconds: int) -> None:
    assert parse_duration(text, always=False, place="policy.resolve") == seconds


def test_a_day_is_twenty_four_hours_where_it_is_always_open() -> None:
    assert parse_duration("1d12h", always=True, place="policy.resolve") == 36 * 3600


def test_elsewhere_the_error_says_to_write_the_hours_one_means() -> None:
    with pytest.raises(BadSettings) as error:
        parse_duration("2d", always=False, place="policy.resolve")
    assert "policy.resolve" in str(error.value)
    assert "Write the hours you mean" in str(error.value)


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("5 min", '"5m"'),
        (60, '"60m"'),
        ("2 hours", '"2h"'),
        ("30m1h", "no duration"),
        ("0m", "no time at all"),
    ],
)
def test_a_wrong_duration_is_answered_with_the_nearest_right_one(value: object, hint: str) -> None:
    with pytest.raises(BadSettings, match=hint):
        parse_duration(value, always=False, place="policy.first_reply")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"zone": "Europe/Berln"}, 'hours.zone: .* did you mean "Europe/Berlin"'),
        ({"zone": "../../etc/passwd"}, "is no time zone"),
        ({"zone": None}, "hours.zone is missing"),
        ({"week": {"tues": ["09:00-17:00"]}}, 'hours.week: .* did you mean "tue"'),
        (
            {"week": {"tue": ["09:00-12:00", "11:59-17:00"]}},
            "hours.week.tue: 09:00-12:00 and 11:59-17:00 overlap",
        ),
        ({"week": {"tue": ["22:00-06:00"]}}, "a night is two spans"),
        ({"week": {"tue": ["09:00-24:01"]}}, "no span of a day"),
        ({"week": {"tue": ["9-17"]}}, "no span of a day"),
        ({"week": {"tue": "09:00-17:00"}}, "no list of spans"),
        ({"holiday": []}, 'did you mean "holidays"'),
        ({"holidays": ["2016-02-30"]}, "hours.holidays: '2016-02-30' is no date"),
        ({"openings": {"2016-02-30": []}}, "hours.openings: '2016-02-30' is no date"),
        ({"country": "de"}, 'hours.country: .* did you mean "DE"'),
        ({"country": "DE", "region": "BYE"}, 'hours.region: .* did you mean "BY"'),
        ({"region": "BY"}, "hours.region needs hours.country"),
    ],
)
def test_what_cannot_be_understood_names_the_place(change: dict[str, object], words: str) -> None:
    table = {"zone": BERLIN, "week": {"mon": ["09:00-17:00"]}, **change}
    with pytest.raises(BadSettings, match=words):
        Hours.from_settings(table, now=NOW)


def test_spans_may_touch_and_stand_in_any_order() -> None:
    hours = calendar("12:00-17:00 09:00-12:00")
    assert hours.add(wall("2016-10-10 09:00"), 8 * 3600) == wall("2016-10-10 17:00")
