"""What a person is alerted of over a day: warnings and breaches, joined, in their hours, and never twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.alerting import Letter, Looking
from inbox.alerts import PAUSE, Alert, Kind, in_words, untold
from inbox.hours import ALWAYS, Hours
from inbox.model import Instant
from inbox.settings import Settings
from inbox.text import sanitise
from storage.workspace import open_store
from tests.faults.clock import MONDAY
from tests.stores import DAY, OURS, Desk, desk, letter
from tests.terminal import ROOT

HOUR, MINUTE = 3600, 60
OFFICE = Hours(zone="UTC", week=(((9 * HOUR, 17 * HOUR),),) * 7)
POLICY = {"name": "default", "when": None, "hours": "always", "first_reply": HOUR, "next_reply": HOUR,
          "resolve": None, "update": None, "pause": None, "warn": None}  # fmt: skip
NINE = MONDAY - MONDAY % DAY + 9 * HOUR


@pytest.fixture
def work(tmp_path: Path) -> Desk:
    """Monday at nine; an hour of any time to answer in, a warning after three quarters of it."""
    work = desk(tmp_path, Settings(host_zone="UTC", calendar="always", policy_rows=(POLICY,)))
    work.now = NINE
    return work


def asks(work: Desk, name: str, at: Instant) -> int:
    """A customer of this name writes; the conversation."""
    work.now = at - 1
    address = f"{name.lower()}@park.example"
    raw = letter(f"{name} <{address}>", at=at, id_=f"<{name}{at}@park.example>", subject=f"Of {name}")
    return work.gets(raw, at=at)


def screen(work: Desk, who: str = "anna", way: str = "screen", outside_hours: bool = False) -> Looking:
    looking = Looking(work.store, who, way, outside_hours)
    looking.look(OFFICE, work.now)
    return looking


def over(looking: Looking, start: Instant, end: Instant, hours: Hours = OFFICE) -> list[tuple[str, str]]:
    """What is told from one instant to another, looked for each minute, with the time of day."""
    found = []
    for now in range(start, end, MINUTE):
        if words := looking.look(hours, now):
            minutes = now % DAY // MINUTE
            found.append((f"{minutes // 60:02}:{minutes % 60:02}", words))
    return found


def test_a_day_with_a_warning_a_breach_and_an_answer_that_came_in_time(work: Desk) -> None:
    looking = screen(work)
    late, answered = asks(work, "Jo", NINE), asks(work, "Bo", NINE + 1)
    work.now = NINE + 50 * MINUTE
    work.hands_over(work.replies("bo", answered, "bo@park.example"))

    said = over(looking, NINE, NINE + 46 * MINUTE)
    said += over(looking, NINE + 46 * MINUTE, NINE + 8 * HOUR)

    assert said == [("09:45", f"due soon: #{late} Jo"), ("10:01", f"late: #{late} Jo")]


def test_what_is_mine_is_told_a_quarter_of_an_hour_before_and_who_gave_it_to_me(work: Desk) -> None:
    anna, bo = screen(work), screen(work, "bo")
    mine = asks(work, "Jo", NINE)
    work.did("bo", "assign", conversation=mine, to="anna")
    assert over(anna, NINE + MINUTE, NINE + 3 * HOUR) == [
        ("09:01", f"assigned to you: #{mine} Jo"),
        ("09:45", f"due in 15 min: #{mine} Jo"),
        ("10:01", f"late: #{mine} Jo"),
    ]
    assert over(bo, NINE + MINUTE, NINE + 3 * HOUR) == []  # it is not bo's


def test_what_i_take_myself_is_no_news(work: Desk) -> None:
    anna = screen(work)
    mine = asks(work, "Jo", NINE)
    work.did("anna", "assign", conversation=mine, to="anna")
    assert over(anna, NINE + MINUTE, NINE + 30 * MINUTE) == []


def test_a_customer_who_writes_in_what_is_mine_is_told_unless_it_was_read(work: Desk) -> None:
    anna = screen(work)
    mine = asks(work, "Jo", NINE)
    work.did("anna", "assign", conversation=mine, to="anna")
    work.hands_over(work.replies("anna", mine))
    work.now = NINE + 20 * MINUTE
    again = letter(at=work.now, id_="<again@park.example>", answers=[f"<Jo{NINE}@park.example>"])
    assert work.gets(again) == mine
    assert over(anna, NINE + 21 * MINUTE, NINE + 30 * MINUTE) == [("09:21", f"answered: #{mine} Jo")]
    third = letter(at=work.now, id_="<third@park.example>", answers=["<again@park.example>"])
    assert work.gets(third) == mine
    work.did("anna", "mark-read", conversation=mine, read=True)
    assert over(anna, NINE + 31 * MINUTE, NINE + 60 * MINUTE) == []


def test_what_happens_within_ten_minutes_is_joined(work: Desk) -> None:
    looking = screen(work)
    numbers = [
        asks(work, name, NINE + minute * MINUTE) for minute, name in enumerate(["Al", "Bo", "Cy", "Di", "Ed"])
    ]
    said = over(looking, NINE + 5 * MINUTE, NINE + 2 * HOUR)
    first, *others = said
    assert first == ("09:45", f"due soon: #{numbers[0]} Al")
    assert others[0] == (
        "09:55",
        f"4 due soon: #{numbers[1]} Bo, #{numbers[2]} Cy, #{numbers[3]} Di and 1 more",
    )
    assert others[1][0] == "10:05"
    assert others[1][1].startswith("5 late: ")
    assert len(others) == 2


def test_the_night_is_held_until_it_opens_and_the_breach_stays_where_it_was(work: Desk) -> None:
    looking = screen(work)
    evening = NINE + 7 * HOUR + 30 * MINUTE
    number = asks(work, "Jo", evening)
    said = over(looking, evening, evening + 20 * HOUR)
    assert said == [("09:00", f"late: #{number} Jo")]
    clocks = work.store.clocks(number, evening + 20 * HOUR)
    assert clocks[0].breached_at == evening + HOUR


def test_where_alerts_are_wanted_at_night_they_come_at_night(work: Desk) -> None:
    looking = screen(work, outside_hours=True)
    evening = NINE + 10 * HOUR
    number = asks(work, "Jo", evening)
    assert [time for time, _ in over(looking, evening, evening + 3 * HOUR)] == ["19:45", "20:01"]
    assert number


def test_a_conversation_that_is_reopened_and_late_again_is_told_again(work: Desk) -> None:
    looking = screen(work)
    number = asks(work, "Jo", NINE)
    assert [words for _, words in over(looking, NINE, NINE + 2 * HOUR)][-1] == f"late: #{number} Jo"
    work.now = NINE + 2 * HOUR
    work.hands_over(work.replies("anna", number))
    work.did("anna", "close", conversation=number, why="resolved")
    work.now = NINE + 3 * HOUR
    again = letter(at=work.now, id_="<again@park.example>", answers=[f"<Jo{NINE}@park.example>"])
    assert work.gets(again) == number
    said = over(looking, NINE + 3 * HOUR, NINE + 5 * HOUR)
    assert [words for _, words in said][-1] == f"late: #{number} Jo"
    work.hands_over(work.replies("anna", number))  # and once more by a clock of the same kind
    work.now = NINE + 5 * HOUR
    third = letter(at=work.now, id_="<third@park.example>", answers=["<again@park.example>"])
    assert work.gets(third) == number
    said = over(looking, NINE + 5 * HOUR + MINUTE, NINE + 7 * HOUR)
    assert [words for _, words in said][-1] == f"late: #{number} Jo"


def test_mail_that_was_late_when_it_came_is_told_when_it_comes(work: Desk) -> None:
    looking = screen(work)
    first = asks(work, "Jo", NINE)
    assert over(looking, NINE, NINE + 2 * HOUR)
    work.now = NINE + 3 * HOUR
    raw = letter("Bo <bo@park.example>", at=NINE - HOUR, id_="<b@park.example>")
    delayed = work.gets(raw, at=NINE - HOUR)
    ((_, words),) = over(looking, NINE + 3 * HOUR + MINUTE, NINE + 4 * HOUR)
    assert words == f"late: #{delayed} Bo"
    assert delayed != first


def test_who_looks_for_the_first_time_hears_nothing_of_what_was(work: Desk) -> None:
    asks(work, "Jo", NINE - 5 * HOUR)
    work.now = NINE
    assert over(screen(work), NINE, NINE + 5 * HOUR) == []


def test_a_clock_that_was_wrong_silences_nobody(work: Desk) -> None:
    looking = screen(work)
    looking.look(OFFICE, NINE + 365 * DAY)
    first = asks(work, "Jo", NINE + 365 * DAY)
    assert first
    assert looking.look(OFFICE, NINE + 365 * DAY + 2 * HOUR)
    number = asks(work, "Bo", NINE + MINUTE)
    assert looking.look(OFFICE, NINE + 2 * MINUTE) == ""  # it is set right: begun anew
    assert [words for _, words in over(looking, NINE + 3 * MINUTE, NINE + 2 * HOUR)][
        -1
    ] == f"late: #{number} Bo"


def test_of_two_screens_and_the_worker_each_thing_is_told_once_each_way(work: Desk) -> None:
    one, other = screen(work), Looking(open_store(work.store.workspace), "anna", "screen")
    mail = screen(work, way="mail")
    asks(work, "Jo", NINE)
    said = [0, 0, 0]
    for now in range(NINE, NINE + 3 * HOUR, MINUTE):
        for index, looking in enumerate((one, other, mail)):
            said[index] += bool(looking.look(OFFICE, now))
    other.store.close()
    assert said[0] + said[1] == 2
    assert said[2] == 2


def test_of_two_that_found_the_same_at_once_only_one_tells(work: Desk) -> None:
    book = work.store.alerts
    screen(work)
    seen = book.mark("anna", "screen")
    assert seen is not None
    after = seen._replace(up_to=NINE + HOUR, told_at=NINE + HOUR)
    other = open_store(work.store.workspace)
    assert other.alerts.claim("anna", "screen", seen, after, ["x"])
    assert not book.claim("anna", "screen", seen, after, ["x"])
    other.close()


KILLED = """
import os, sys
from pathlib import Path
from inbox.alerting import Letter, Looking
from inbox.hours import ALWAYS
from storage.workspace import open_store
store = open_store(Path(sys.argv[1]))
letter = Letter("anna@home.example", "<1@x>")
looking = Looking(store, "anna", sys.argv[2], letter=(lambda: letter) if sys.argv[2] == "mail" else None)
if looking.look(ALWAYS, int(sys.argv[3])):
    os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("way", ["screen", "mail"])
def test_who_dies_between_claiming_and_telling_has_told_nothing_twice(work: Desk, way: str) -> None:
    screen(work, way=way)
    asks(work, "Jo", NINE)
    late = NINE + 2 * HOUR
    words = [sys.executable, "-c", KILLED, str(work.store.workspace), way, str(late)]
    statuses = [
        subprocess.run(words, cwd=ROOT, env=dict(os.environ), check=False).returncode for _ in range(2)
    ]
    assert statuses == [-9, 0]  # the second one finds nothing to tell
    letters = work.store.alerts.letters_due(late)
    assert [each.letter for each in letters] == (
        [Letter("anna@home.example", "<1@x>")] if way == "mail" else []
    )


def test_a_mail_that_the_server_may_have_never_goes_again(work: Desk) -> None:
    screen(work, way="mail")
    asks(work, "Jo", NINE)
    looking = Looking(work.store, "anna", "mail", letter=lambda: Letter(OURS, "<1@x>"))
    assert looking.look(ALWAYS, NINE + 2 * HOUR)
    (due,) = work.store.alerts.letters_due(NINE + 2 * HOUR)
    assert work.store.alerts.letter_leaves(due.number)
    assert not work.store.alerts.letter_leaves(due.number)
    assert work.store.alerts.letters_due(NINE + 9 * DAY) == []


HOSTILE = "\x1b]52;c;ZXZpbA==\x07\x9b31m\r\nBcc: evil@evil.example\u202e;4;x\x1bPtmux;\0" + "x" * 500


def test_a_hostile_name_is_told_in_clean_words() -> None:
    words = in_words([Alert(Kind.LATE, 12, HOSTILE, ("a",)), Alert(Kind.WARNED, 13, HOSTILE, ("b",))])
    assert words.isprintable()
    assert words.count(";") == 1
    assert len(words) < 200
    assert "\u202e" not in words


@given(st.lists(st.tuples(st.sampled_from(Kind), st.integers(1, 9), st.text()), min_size=1, max_size=40))
def test_however_many_the_words_are_one_short_line(found: list[tuple[Kind, int, str]]) -> None:
    alerts = [Alert(kind, number, name, (f"{number} {kind.name}",)) for kind, number, name in found]
    words = in_words(untold(alerts, ()))
    assert words == sanitise(words)
    assert len(words.splitlines()) == 1
    assert len(words) <= 5 * (20 + 3 * 50 + 20)
    assert untold(alerts, [name for alert in alerts for name in alert.names]) == []


def test_the_minute_asks_two_ranges_of_two_indexes(work: Desk) -> None:
    """However many conversations are open: no table is walked through."""
    asked: list[str] = []
    work.store._reader.set_trace_callback(asked.append)
    work.store.alerts.near(NINE, NINE + MINUTE, NINE + 16 * MINUTE, "anna")
    work.store._reader.set_trace_callback(None)
    (sql,) = (each for each in asked if "conversations" in each)
    plan = [row[3] for row in work.store.read(f"EXPLAIN QUERY PLAN {sql}")]
    assert any("conversations_due (due_at>? AND due_at<?)" in step for step in plan), plan
    assert any("conversations_warn (warn_at>? AND warn_at<?)" in step for step in plan), plan
    assert not any(step.startswith("SCAN") for step in plan), plan


def test_a_pause_of_ten_minutes_is_what_people_were_promised() -> None:
    assert PAUSE == 10 * MINUTE
