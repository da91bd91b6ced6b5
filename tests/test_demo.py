"""The demo: what its stories show, that the record bears them out, and that a day is the same however it is lived."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import main as entry
from inbox.demo.clock import RunningClock
from inbox.demo.day import Day
from inbox.demo.monday import COLLEAGUES, HOURS, MORNING, Weekend
from inbox.demo.shop import Shop, settings_text
from inbox.demo.stories import INVOICE
from inbox.demo.words import language_in
from inbox.model import Instant, Role, Who
from inbox.queries import parse
from inbox.settings import load
from storage.workspace import Workspace, open_store
from tests.shop import NOW
from tui.line.desk import Desk

KIM = Who("Kim", Role.OWNER)


class Seconds:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def found(store: Workspace, now: Instant, query: str) -> int:
    """How many conversations a query finds."""
    from tests.shop import ZONE

    return len(store.ids(parse(query, now, ZONE), KIM, now))


def monday(folder: Path) -> Workspace:
    """The shop at 08:55."""
    folder.mkdir()
    settings = folder / "settings.toml"
    settings.write_text(settings_text("Kim", "kim", HOURS, 1200), "utf-8")
    store = open_store(folder)
    store.apply(load(settings, now=MORNING), MORNING)
    Weekend(store, "Kim").live()
    return store


def lived(folder: Path, minutes: int, step: float) -> dict[int, Any]:
    """All that happened and what it came to, after so many minutes of the Monday seen every `step` seconds at 60x."""
    with closing(monday(folder)) as store:
        desks = [open_store(folder) for _ in COLLEAGUES]
        hours = load(folder / "settings.toml", now=MORNING).hours
        day = Day(store, dict(zip(COLLEAGUES, desks, strict=True)), hours, MORNING)
        seconds = Seconds()
        clock = RunningClock(MORNING, 60, seconds)
        while seconds.at < minutes:
            seconds.at = min(seconds.at + step, minutes)
            day.go_on(clock())
        for desk in desks:
            desk.close()
        now = clock()
        assert now == MORNING + minutes * 60
        assert store.verify(now) == []
        every = store.ids(None, KIM, now)
        return {
            row.conversation.id: (
                row,
                [(e.type, e.at, e.who, e.why, e.data) for e in store.events(row.conversation.id)],
            )
            for row in store.rows(every)
        }


def test_the_shop_shows_what_there_is_to_be_seen(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(settings_text("Kim", "kim"), "utf-8")
    with closing(open_store(tmp_path)) as store:
        store.apply(load(tmp_path / "settings.toml", now=NOW), NOW)
        shop = Shop(store, "Kim", NOW)
        shop.live()
        assert store.verify(NOW) == []
        for query in (
            "is:late", "is:notice", "is:vip", "is:unread", "is:promised", "has:attachment", "status:waiting",
            "status:held", "status:snoozed", "status:closed", "status:spam", "assignee:Mara", "channel:mail",
        ):  # fmt: skip
            assert found(store, NOW, query), query
        counts = store.counts(KIM, NOW)
        for view in ("failed", "due", "mine", "unassigned", "for-me", "drafts", "suggestions", "quiet"):
            assert counts[view], view
        states = {clock.state for number in store.ids(None, KIM, NOW) for clock in store.clocks(number, NOW)}
        assert {state.value for state in states} >= {"running", "paused", "met", "breached"}
        assert store.rows([shop.where(INVOICE)])[0].conversation.assignee == "Theo"


def test_the_weekend_brought_what_weekends_bring(tmp_path: Path) -> None:
    with closing(monday(tmp_path / "shop")) as store:
        assert store.verify(MORNING) == []
        counts = store.counts(KIM, MORNING)
        assert 130 <= counts["due"] <= 150
        assert counts["notices"] >= 20
        assert counts["failed"] == 2
        assert counts["suggestions"] == 1
        rows = store.rows(store.ids(None, KIM, MORNING))
        assert sum(row.conversation.promised_until is not None for row in rows) == 1
        assert sum(row.conversation.follow_up_at is not None for row in rows) == 1
        assert {"Noémie Laurent", "Ida Krämer"} <= {row.customer_name for row in rows}
        due = [row.due_at for row in rows if row.due_at is not None]
        assert max(due.count(at) for at in set(due)) >= 120  # after a weekend they share one deadline
        assert not found(store, MORNING, "is:late")
        assert store.attendance.last("Kim") is not None  # so that the screen can say what came since
        texts = {item.text for row in rows for item in store.items(row.conversation.id)}
        assert not any(re.search(r"[{}]", text) for text in texts)
        assert {language_in(text) for text in texts} >= {"en", "de", "fr", "es", "it", "nl", "pl", "sv", "ja"}


def test_a_day_is_the_same_however_often_somebody_looks(tmp_path: Path) -> None:
    often, seldom = lived(tmp_path / "often", 100, 1.0), lived(tmp_path / "seldom", 100, 23.0)
    assert often == seldom
    assert len(often) > 180
    deeds = {(who, type_.name) for _, events in often.values() for type_, _, who, _, _ in events}
    for name in COLLEAGUES:
        assert (name, "ASSIGNED") in deeds
        assert (name, "QUEUED") in deeds
    assert ("sync", "RECEIVED") in deeds


def test_a_clock_runs_as_fast_as_it_is_told() -> None:
    seconds = Seconds()
    seconds.at = 1000.0
    clock = RunningClock(MORNING, 60, seconds)
    assert clock() == MORNING
    seconds.at += 1.5
    assert clock() == MORNING + 90


class Looked:
    """What the screen would have been handed."""

    def __init__(self) -> None:
        self.saw: dict[str, Any] = {}

    def __call__(self, desk: Desk) -> None:
        store, now = desk.store(), desk.now()
        self.saw = {
            "now": now,
            "clock": desk.clock,
            "speed": desk.speed,
            "undo": desk.settings().undo_window,
            "counts": dict(store.counts(desk.who(), now)),
            "present": {(one.who, one.doing) for one in store.presence()},
            "due": {row.due_at for row in store.rows(store.ids(None, desk.who(), now))},
        }


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> Looked:
    """Stands where the screen would open."""
    screen = Looked()
    monkeypatch.setattr(entry, "open_screen", screen)
    return screen


def test_monday_opens_on_a_clock_that_runs(looked: Looked, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main(["demo", "--day", "Monday"]) == 0
    assert MORNING <= looked.saw["now"] < MORNING + 3600
    assert (looked.saw["speed"], looked.saw["undo"]) == (60, 1200)  # 20 seconds of whoever sits there
    assert looked.saw["counts"]["due"] > 130
    assert "Nothing left this machine." in capsys.readouterr().out


def test_a_holiday_week_is_rehearsed(looked: Looked) -> None:
    assert entry.main(["--now", "2026-12-23T08:00:00Z", "demo", "--day", "monday", "--speed", "600"]) == 0
    assert looked.saw["speed"] == 600
    begun = 1_798_012_800
    assert begun <= looked.saw["now"] < begun + 36_000
    assert begun + 8 * 3600 in looked.saw["due"]  # 17:00, which most of it shares


def test_the_shop_stands_still_where_nothing_else_is_said(looked: Looked) -> None:
    assert entry.main(["--now", "2026-03-15T09:00:00Z", "demo"]) == 0
    assert (looked.saw["now"], looked.saw["clock"], looked.saw["speed"]) == (1_773_565_200, None, 1)
    assert looked.saw["undo"] == 20
    assert looked.saw["present"] == {("Theo", "writes")}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--day", "munday"], 'There is no day "munday"; did you mean "monday"?'),
        (["--day", "x\x1b[31m"], "There is no day"),
        (["--speed", "0"], "0 is not in the range"),
        (["--speed", "nan"], "not a valid integer"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_one(
    looked: Looked, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert entry.main(["demo", *words]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "\x1b" not in told
    assert looked.saw == {}
