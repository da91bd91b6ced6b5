"""`frontdesk sla try`: scenario files on disk, through the entry, to what a person or a program reads."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import main

HOURS = """
[hours]
zone = "Europe/Berlin"
week = { mon = ["08:00-18:00"], tue = ["08:00-18:00"], thu = ["08:00-18:00"] }   # days left out are closed
holidays = [2016-11-01]
"""
POLICY = """
[policy]
first_reply = "60m"
next_reply = "120m"
resolve = "180m"
pause = ["waiting", "snoozed"]
"""
NOW = "now = 2013-03-21T12:30:00Z\n"


def event(at: str, what: str, more: str = "") -> str:
    return f'[[events]]\nat = {at}\nwhat = "{what}"\n{more}\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    return path


def tried(folder: Path, text: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What `sla try --json` prints for a scenario."""
    assert main.main(["sla", "try", str(written(folder, text)), "--json"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.count("\n") == 1
    found: dict[str, Any] = json.loads(shown.out)
    return found


def refused(folder: Path, text: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a wrong scenario is answered with."""
    assert main.main(["sla", "try", str(written(folder, text)), "--json"]) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    return shown.err


def test_one_json_object_with_the_clocks_the_next_deadline_and_the_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = event("2013-03-21T09:30:00Z", "customer") + event("2013-03-21T10:00:00Z", "reply")
    assert tried(tmp_path, NOW + HOURS + POLICY + story, capsys) == {
        "clocks": [
            {
                "kind": "first_reply",
                "state": "met",
                "started": "2013-03-21T09:30:00Z",
                "due": "2013-03-21T10:30:00Z",
                "met": "2013-03-21T10:00:00Z",
                "target_s": 3600,
                "taken_s": 1800,
                "margin_s": 1800,
                "breached_at": None,
            },
            {
                "kind": "resolve",
                "state": "running",
                "started": "2013-03-21T09:30:00Z",
                "due": "2013-03-21T12:30:00Z",
                "met": None,
                "target_s": 10800,
                "taken_s": 10800,
                "margin_s": 0,
                "breached_at": None,
            },
        ],
        "next_due": "2013-03-21T12:30:00Z",
        "policy": "default",
    }


def test_promises_and_follow_ups_have_neither_target_nor_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = (
        event("2013-03-21T09:00:00Z", "promise", "due = 2013-03-21T12:00:00Z")
        + event("2013-03-21T09:00:00Z", "follow-up", "due = 2013-03-21T11:00:00Z\nanyway = true")
        + event("2013-03-21T09:10:00+01:00", "note")
        + event("2013-03-21T10:00:00Z", "customer")
        + event("2013-03-21T10:00:00.75Z", "promise", "due = 2013-03-21T13:00:00Z")
    )
    found = tried(tmp_path, 'hours = "always"\n' + NOW + '[policy]\nname = "only promises"\n' + story, capsys)
    assert found["policy"] == "only promises"
    assert found["next_due"] == "2013-03-21T11:00:00Z"
    assert [
        (
            each["kind"],
            each["state"],
            each["target_s"],
            each["taken_s"],
            each["margin_s"],
            each["breached_at"],
        )
        for each in found["clocks"]
    ] == [
        ("promise", "moved", None, None, None, None),
        ("follow_up", "breached", None, None, -5400, "2013-03-21T11:00:00Z"),
        ("promise", "running", None, None, 1800, None),
    ]
    assert found["clocks"][2]["started"] == "2013-03-21T10:00:00Z"


def test_without_events_there_is_nothing_to_wait_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected: dict[str, Any] = {"clocks": [], "next_due": None, "policy": "default"}
    assert tried(tmp_path, NOW + 'hours = "always"\n', capsys) == expected


def test_a_part_of_a_second_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = event("1969-12-31T23:59:58.5Z", "customer")
    text = 'hours = "always"\nnow = 1969-12-31T23:59:59.5Z\n[policy]\nfirst_reply = "1h"\n' + story
    (clock,) = tried(tmp_path, text, capsys)["clocks"]
    assert (clock["started"], clock["taken_s"]) == ("1969-12-31T23:59:58Z", 1)


def test_a_week_of_sundays_in_utc(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        'now = 2007-01-02T00:00:00Z\n[hours]\nzone = "UTC"\nweek = { sun = ["09:00-17:00"] }\n'
        '[policy]\nfirst_reply = "60m"\n' + event("2007-01-01T00:00:00Z", "customer")
    )
    assert tried(tmp_path, text, capsys)["next_due"] == "2007-01-07T10:00:00Z"


def test_the_table_shows_wall_times_of_the_zone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = event("2013-03-21T09:30:00Z", "customer") + event("2013-03-21T11:00:05Z", "reply")
    path = written(
        tmp_path, NOW + HOURS + POLICY.replace("[policy]", '[policy]\nname = "a\\u001b[2Jb\\u202e"') + story
    )
    assert main.main(["sla", "try", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [
        "clock",
        "state",
        "started",
        "due",
        "met",
        "taken",
        "margin",
        "breached",
        "at",
    ]
    assert lines[1].split("  ")[0] == "first reply"
    assert "Thu 2013-03-21 10:30:00" in lines[1]
    assert "-30m5s" in lines[1]
    assert "1h30m5s" in lines[1]
    assert "times of Europe/Berlin" in lines[-1]
    assert "\x1b" not in lines[-1]
    assert "\u202e" not in lines[-1]


def test_a_scenario_that_is_not_there_is_bad_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (tmp_path / "missing.toml", tmp_path, tmp_path / "missing.toml" / "below"):
        assert main.main(["sla", "try", str(path), "--json"]) == 2
        assert str(path) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (NOW + 'hours = "allways"', 'hours is neither "always"'),
        (NOW, "hours are missing"),
        ('hours = "always"', "now is missing"),
        ('now = 2013-03-21T12:30:00\nhours = "always"', "does not say in which zone"),
        ('now = 2013-03-21\nhours = "always"', "a date without a time"),
        ('now = "2013-03-21T12:30:00Z"\nhours = "always"', "is no instant"),
        ('now = 0001-01-01T00:00:00Z\nhours = "always"', "too far away"),
        (NOW + HOURS + "[polizy]", 'line 7: .*did you mean "policy"'),
        (NOW + HOURS + '[policy]\nfirst_repli = "60m"', 'policy: .* did you mean "first_reply"'),
        (NOW + HOURS + '[policy]\nresolve = "2d"', "line 8: policy.resolve: .* counts days"),
        (NOW + HOURS + '[policy]\npause = ["wating"]', 'policy.pause: .* did you mean "waiting"'),
        (NOW + HOURS.replace("thu", "thur"), 'line 5: hours.week: .* did you mean "thu"'),
        (
            NOW + '[hours]\nzone = "UTC"\nweek = {}',
            "line 2: hours is never open in the 370 days from 2013-03-21 on",
        ),
        (NOW + HOURS + '[policy]\nresolve = "1.5h"', 'did you mean "1h30m"'),
        (NOW + HOURS + '[policy]\nresolve = "30m1h"', 'did you mean "1h30m"'),
        (
            NOW.replace("21T", "32T"),
            "not valid TOML: .*line 1(.|\\n)*Write it like 2013-03-21T09:30:00Z",
        ),
        (NOW + HOURS + event("2013-03-21T09:30:00Z", "custmer"), 'line 9: event 1: what: .* "customer"'),
        (NOW + HOURS + event("2013-03-21T09:30:00Z", "promise"), "event 1: due is missing"),
        (
            NOW + HOURS + event("2013-03-21T09:30:00Z", "reply", "due = 2013-03-21T09:30:00Z"),
            "reply has no due",
        ),
        (NOW + HOURS + event("2013-03-21T09:30:00Z", "note", "anyway = true"), "note has no anyway"),
        (NOW + HOURS + event("2013-03-21T09:30:00Z", "note", "who = 1"), "there is no 'who' here"),
        (NOW + HOURS + '[[events]]\nwhat = "note"', "event 1: at is missing"),
        (NOW + HOURS + "[[events]]\nat = 2013-03-21T09:30:00Z", "event 1: what is missing"),
        (NOW + 'hours = "always"\nevents = [1]', "line 3: event 1: 1 is no table"),
        (NOW + 'hours = "always"\nevents = {}', "events is no list"),
        (NOW + "hours = always", "is not valid TOML: .*line 2"),
        (NOW + "hours = " + "[" * 100_000, "is not valid TOML"),
    ],
)
def test_every_mistake_is_named_with_its_place_and_the_nearest_right_word(
    text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(tmp_path, text, capsys)
    assert "scenario.toml" in said
    assert "Traceback" not in said
    assert re.search(words, said), said


def test_a_file_that_is_no_text_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "scenario.toml"
    path.write_bytes(b"now = \xff\xfe")
    assert main.main(["sla", "try", str(path)]) == 3
    assert "UTF-8" in capsys.readouterr().err


def test_trying_a_scenario_loads_nothing_heavy(tmp_path: Path) -> None:
    path = written(tmp_path, NOW + HOURS + POLICY + event("2013-03-21T09:30:00Z", "customer"))
    code = (
        "import sys, main\n"
        f"main.main(['sla', 'try', {str(path)!r}, '--json'])\n"
        "print([name for name in ('pydantic', 'holidays', 'textual', 'sqlite3', 'imapclient') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
