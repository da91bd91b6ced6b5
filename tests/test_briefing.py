"""Coming back: what happened meanwhile in one sentence, the place after a dropped line, and that no key waits for it."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from inbox.briefing import Dropped, LastReply, News, Place, Seen, counts, line_dropped, sentence
from inbox.model import Status, Who
from inbox.ports import Result
from inbox.text import cells
from storage.attendance import LOOKED_AT
from storage.workspace import Workspace, open_store
from tests.screenplay import playing
from tests.shop import NOW, Clock, at, deliver, did, mail

SIZES = [(80, 24), pytest.param((160, 48), marks=pytest.mark.long)]
KEYS = {"due": "1", "notices": "8", "outbox": "g o"}
WEEKEND = News(new=140, notices=31, twice=9, undelivered=2, late=3)
HOUR = 3600


def come(store: Workspace, who: str = "anna", now: int = NOW) -> None:
    """Somebody was here until now."""
    store.attendance.here(who, now)


def more_mail(store: Workspace) -> None:
    """A new customer, one who writes again while waiting, a newsletter, and a copy of old mail."""
    deliver(store, mail("Kim <kim@kim.example>", "A bulb", "Broken.\n", "2026-11-10 11:30"))
    again = mail(
        "Anna Weber <anna.weber@weber.example>", "Re: Refund for order 4711", "Hello?\n", "2026-11-10 11:40",
        in_reply_to="<refund@weber.example>",
    )  # fmt: skip
    assert deliver(store, again) == 2
    deliver(
        store,
        mail(
            "News <news@shop-news.example>",
            "Sale",
            "Buy!\n",
            "2026-11-10 11:50",
            list_unsubscribe="<https://x>",
        ),
    )


def fails(store: Workspace, conversation: int, who: str = "bo") -> None:
    """A reply of somebody's is refused for good."""
    did(store, who, "reply", conversation=conversation, text="Yes", to=("lea@krol.example",),
        sender="support@shop.example", leave_after=0)  # fmt: skip
    for going in store.sending.due(NOW + 60):
        store.sending.phase(going.message, "connecting", NOW + 60)
        store.sending.phase(going.message, "data", NOW + 60)
        store.sending.settle(going, dict.fromkeys(going.recipients, Result("failed", "no")), NOW + 60, None)


# --------------------------------------------------------------------------- words


def test_one_sentence_says_what_there_is_each_with_its_key() -> None:
    assert sentence("Since Fri 17:02: ", counts(WEEKEND, KEYS), 158) == (
        "Since Fri 17:02: 140 new (1) · 31 notices (8) · 9 waiting twice · 2 not delivered (g o) · 3 late (1)"
    )


def test_what_is_nothing_is_not_said() -> None:
    assert sentence("Since Fri 17:02: ", counts(News(new=2), KEYS), 78) == "Since Fri 17:02: 2 new (1)"
    assert sentence("Since Fri 17:02: ", counts(News(), KEYS), 78) == ""
    assert [part.words for part in counts(News(notices=1), KEYS)] == ["1 notice (8)"]


def test_where_there_is_no_room_the_least_goes_first() -> None:
    parts = counts(WEEKEND, KEYS)
    said = [sentence("Since Fri 17:02: ", parts, width) for width in range(158, 20, -1)]
    assert "140 new (1) · 9 waiting twice · 2 not delivered (g o) · 3 late (1)" in said  # 80 columns
    assert sentence("Since Fri 17:02: ", parts, 78).startswith("140 new (1) · 9 waiting twice")
    assert all(cells(words) <= width for words, width in zip(said, range(158, 20, -1), strict=True))
    assert said[-1].endswith("2 not delivered (g o)")


def test_a_flood_is_not_counted_to_its_end() -> None:
    assert [part.words for part in counts(News(new=70_000, notices=3, more=True), KEYS)] == [
        "1000+ new (1)",
        "3+ notices (8)",
    ]


@pytest.mark.parametrize(
    ("became", "words"),
    [
        ("left", "line dropped 14:02 · draft kept · your last reply left 14:01"),
        ("leaves", "line dropped 14:02 · draft kept · your last reply leaves 14:01"),
        ("waits", "line dropped 14:02 · draft kept · your last reply waits to leave (g o)"),
        ("failed", "line dropped 14:02 · draft kept · your last reply was not delivered (g o)"),
    ],
)
def test_after_a_dropped_line_it_says_what_became_of_things(became: str, words: str) -> None:
    dropped = Dropped(2, Place("due", 1, True, "reply"))
    parts = line_dropped(dropped, LastReply(became, 1), "g o", lambda at: f"14:0{at}")
    assert sentence("", parts, 78) == words


# --------------------------------------------------------------------------- what the store counts


def test_the_store_counts_what_is_still_to_be_done(store: Workspace) -> None:
    come(store)
    seen = store.attendance.last("anna")
    assert seen is not None and store.attendance.news("anna", seen, NOW) == News()
    more_mail(store)
    fails(store, 5)
    news = store.attendance.news("anna", seen, at("2026-11-11 10:30"))
    assert news._replace(late=0) == News(new=2, notices=1, twice=1, undelivered=1)
    did(store, "bo", "assign-me", conversation=2)
    assert store.attendance.news("anna", seen, NOW)[:3] == (1, 1, 0)
    assert store.attendance.news("bo", seen, NOW)[:3] == (2, 1, 1)


def test_what_became_late_since_is_counted_and_what_was_late_before_is_not(store: Workspace) -> None:
    seen = Seen(0, NOW)  # by then two were late already
    assert (
        store.attendance.news("anna", seen, at("2026-11-10 17:00")).late == 0
    )  # at the deadline none is late
    assert store.attendance.news("anna", seen, at("2026-11-10 17:01")).late == 2
    did(store, "bo", "assign-me", conversation=3)
    assert store.attendance.news("anna", seen, at("2026-11-10 17:01")).late == 1


def test_history_that_is_taken_in_is_no_news(store: Workspace) -> None:
    from inbox import mime
    from inbox.actions import receive
    from tests.shop import US

    come(store)
    seen = store.attendance.last("anna")
    assert seen is not None
    message = mime.parse(mail("Old <old@old.example>", "Old", "Old\n", "2026-11-09 09:00"))
    when = message.date or 0
    arrival = receive.Arrival(message, b"", when, mailbox="support", us=US, history=True)
    outcome = store.change(receive.scope(arrival), receive.deciding(arrival), Who("import"), NOW)
    assert store.rows(outcome.conversations)[0].conversation.status is Status.OPEN
    assert store.attendance.news("anna", seen, NOW) == News()


def test_of_several_screens_of_one_person_the_newest_counts_and_it_survives(
    store: Workspace, tmp_path: Path
) -> None:
    come(store, now=NOW + 100)
    come(store, now=NOW)  # another screen, whose last key was before
    store.attendance.here("bo", NOW + 5)
    again = open_store(tmp_path)
    last = again.attendance.last("anna")
    assert last is not None and last.at == NOW + 100
    assert again.attendance.last("cy") is None
    again.close()


def test_a_line_of_a_screen_that_was_left_for_another_is_no_news(store: Workspace) -> None:
    come(store, now=NOW + 600)  # on the second screen
    store.attendance.dropped("anna", Dropped(NOW + 900, Place("due", 1)), NOW)
    last = store.attendance.last("anna")
    assert last is not None and last.dropped is None


def test_the_look_is_bounded(store: Workspace) -> None:
    come(store)
    seen = store.attendance.last("anna")
    assert seen is not None
    with store.writing() as transaction:
        transaction.connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
            " INSERT INTO events(type, at, recorded, who, conversation, message, why, data, batch, home)"
            " SELECT 1, ?, ?, 'sync', 1, NULL, '', '{\"side\":\"customer\"}', 1, 1 + i % 6 FROM n",
            (NOW + 60, NOW + 60),
        )
    begun = time.thread_time()
    news = store.attendance.news("anna", seen, NOW)
    assert time.thread_time() - begun < 0.3  # some 50 ms; a look at all of them takes ten times as long
    assert (news.new, news.more) == (6, True)
    plan = store.read("EXPLAIN QUERY PLAN SELECT type FROM events WHERE seq > ? AND type IN (1)", (5,))
    assert "USING INTEGER PRIMARY KEY (rowid>?)" in plan[0][3]
    assert LOOKED_AT < 200_000


# --------------------------------------------------------------------------- on the screen


@pytest.mark.parametrize("size", SIZES)
async def test_opening_says_what_came_and_the_next_key_takes_it_away(
    store: Workspace, size: tuple[int, int]
) -> None:
    come(store)
    more_mail(store)
    fails(store, 5)
    async with playing(store, size) as stage:
        said = stage.said
        notices = " · 1 notice (8)" if size[0] > 80 else ""
        assert f"Since 11:05: 2 new (1){notices} · 1 waiting twice · 1 not delivered (g o)" in said
        await stage.press("g o")
        assert "new (1)" not in stage.said
        assert stage.app.inbox.place == "outbox"  # the key was not taken


async def test_who_was_never_here_is_told_nothing_and_from_then_on_is_known(store: Workspace) -> None:
    async with playing(store) as stage:
        assert "Since" not in stage.said
        assert store.attendance.last("anna") is not None
        assert stage.said.lstrip().startswith("r reply")


async def test_where_nothing_happened_nothing_is_said(store: Workspace) -> None:
    come(store)
    async with playing(store) as stage:
        assert stage.said.lstrip().startswith("r reply")


async def test_the_first_key_after_half_an_hour_says_it_and_does_what_it_does(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("j")
        stage.clock.now += 29 * 60
        more_mail(store)
        await stage.press("j")
        assert "Since" not in stage.said
        stage.clock.now += 31 * 60
        deliver(store, mail("Lou <lou@lou.example>", "Bulbs", "?\n", "2026-11-10 12:00"))
        await stage.rest()
        before = stage.app.inbox.list.at
        await stage.press("j")
        assert "Since 11:34: 1 new (1)" in stage.said
        assert stage.app.inbox.list.at == before + 1
        await stage.press("k")
        assert "Since" not in stage.said


async def test_what_a_key_says_comes_first(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("j")
        stage.clock.now += HOUR
        more_mail(store)
        await stage.press("d")
        assert "Nothing is deleted here" in stage.said
        await stage.press("k")
        assert "Since 11:05: 2 new (1)" in stage.said


async def test_how_far_somebody_saw_is_written_once_a_minute_while_hands_are_here(store: Workspace) -> None:
    async with playing(store) as stage:
        for seconds, noted in ((30, 0), (29, 0), (1, 60), (50, 60), (20, 130)):
            stage.clock.now += seconds
            await stage.press("j")
            last = store.attendance.last("anna")
            assert last is not None and last.at == NOW + noted
        stage.clock.now += 20
    last = store.attendance.last("anna")
    assert last is not None and last.at == NOW + 150  # and on leaving


# --------------------------------------------------------------------------- dropped lines


@pytest.mark.parametrize("size", SIZES)
async def test_after_a_dropped_line_one_is_at_the_place_one_was_with_the_draft(
    store: Workspace, size: tuple[int, int]
) -> None:
    async with playing(store, size) as stage:
        await stage.press("0", "enter", "r")
        await stage.type("Half a sen")
        was = stage.app.inbox.reading.wanted
        stage.clock.now += 120
        stage.app.hang_up(signal.SIGHUP)
    clock = Clock(NOW + 300)
    async with playing(store, size, now=clock) as stage:
        assert "line dropped 11:07 · draft kept" in stage.said
        assert "Half a sen" in stage.pane("composer")
        assert stage.app.inbox.shelf.shown.name == "all"
        assert stage.app.inbox.reading.wanted == was
        await stage.type("tence")
        assert "Half a sentence" in stage.pane("composer")
    async with playing(store, size, now=clock) as stage:  # it is told once
        assert "line dropped" not in stage.said


async def test_it_says_what_became_of_the_last_reply(store: Workspace) -> None:
    from tests.test_screen_send_bar import leaves

    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("Done.")
        await stage.press("ctrl+s", "enter")
        stage.clock.now += 30
        stage.app.hang_up(signal.SIGHUP)
    leaves(store, NOW + 60)
    async with playing(store, now=Clock(NOW + 300)) as stage:
        assert "line dropped 11:05 · your last reply left 11:06" in stage.said
        assert stage.app.inbox.place == "conversation"


async def test_who_comes_back_days_later_begins_anew(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("0", "enter")
        stage.app.hang_up(signal.SIGHUP)
    async with playing(store, now=Clock(NOW + 3 * 24 * HOUR)) as stage:
        assert "line dropped Tue 11:05" in stage.said
        assert (stage.app.inbox.place, stage.app.inbox.shelf.shown.name) == ("list", "due")


async def test_a_host_that_goes_down_is_no_dropped_line(store: Workspace) -> None:
    async with playing(store) as stage:
        stage.app.hang_up(signal.SIGTERM)
    more_mail(store)
    async with playing(store) as stage:
        assert "Since 11:05: 2 new (1)" in stage.said
        assert "line dropped" not in stage.said


def test_what_was_theirs_and_went_to_others_is_counted_once(store: Workspace) -> None:
    for number in (1, 2, 3, 4):
        did(store, "bo", "assign-me", NOW - 3600, conversation=number)
    come(store, "bo", NOW)
    did(store, "anna", "assign", NOW + 60, conversation=1, to=None)
    did(store, "anna", "assign-me", NOW + 61, conversation=1)
    did(store, "anna", "hand-over", NOW + 62, conversation=2, to="cy", summary="yours")
    did(store, "anna", "assign", NOW + 63, conversation=3, to=None)
    did(store, "bo", "assign-me", NOW + 64, conversation=3)  # taken back
    did(store, "bo", "assign", NOW + 65, conversation=4, to=None)  # by themselves
    seen = store.attendance.last("bo")
    assert seen is not None
    news = store.attendance.news("bo", seen, NOW + 120)
    assert news.gone == 2
    assert "2 of yours went to others" in [part.words for part in counts(news, KEYS | {"for-me": "4"})]
