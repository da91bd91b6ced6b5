"""Promises and follow-ups by plain verbs: told, kept, moved, broken, brought back, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from inbox.aims import read_promise
from inbox.errors import BadSettings
from inbox.hours import Hours
from inbox.model import Clock, ClockKind, EventType, Refusal, Role, Who
from inbox.pledges import Promised
from inbox.promise_story import promises_told, tally, told_to
from inbox.queries import Flag, Is
from inbox.settings import Buffer, load
from inbox.typed_dates import written
from inbox.views import VIEWS
from inbox.waking import wake
from tests.faults.clock import MONDAY
from tests.stores import DAY, OURS, Desk, desk, letter

HOUR = 3600


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    path = tmp_path / "settings.toml"
    path.write_text('hours = "always"\n')
    here = desk(tmp_path, load(path, host_zone="UTC"))
    here.gets(letter(id_="<1@p>"))
    yield here
    here.verified()
    here.store.close()


def clocks(shop: Desk, kind: ClockKind) -> list[Clock]:
    return [clock for clock in shop.store.clocks(1, shop.now) if clock.kind is kind]


def states(shop: Desk, kind: ClockKind) -> list[str]:
    return [clock.state.value for clock in clocks(shop, kind)]


def answered(shop: Desk) -> None:
    shop.hands_over(shop.replies("ann", 1))


def test_a_promise_is_the_next_deadline_and_stands_under_held_and_promised(shop: Desk) -> None:
    answered(shop)
    until = shop.now + 2 * DAY
    shop.did("ann", "promise", conversation=1, until=until, text="a new date from the carrier")
    row = shop.store.rows([1])[0]
    assert (row.conversation.promised_until, row.policy) == (until, "held")
    assert list(shop.store.ids(VIEWS["held"].node, Who("ann"), shop.now)) == [1]
    assert shop.store.counts(Who("ann"), shop.now)["held"] == 1
    assert row.due_at == until
    shop.did("ann", "keep", conversation=1)
    assert states(shop, ClockKind.PROMISE) == ["met"]
    assert list(shop.store.ids(Is(Flag.PROMISED), Who("ann"), shop.now)) == []
    assert shop.store.rows([1])[0].policy == "default"


def test_a_promise_told_before_the_first_is_due_moves_it_and_one_told_later_does_not(shop: Desk) -> None:
    shop.did("ann", "promise", conversation=1, until=shop.now + DAY)
    shop.did("ann", "promise", conversation=1, until=shop.now + 3 * DAY)
    assert states(shop, ClockKind.PROMISE) == ["moved", "running"]
    shop.tick(4 * DAY)
    shop.did("ann", "promise", conversation=1, until=shop.now + DAY)
    assert states(shop, ClockKind.PROMISE) == ["moved", "breached", "running"]
    shop.did("bo", "keep", conversation=1)
    assert states(shop, ClockKind.PROMISE) == ["moved", "missed", "running"]


def test_a_promise_brings_back_what_was_snoozed_before_it_is_broken(shop: Desk) -> None:
    answered(shop)
    until = shop.now + 10 * HOUR  # before the update clock would bring it back
    shop.did("ann", "promise", conversation=1, until=until)
    shop.did("ann", "snooze", conversation=1, until=shop.now + 9 * DAY)
    assert wake(shop.store, until - 2 * HOUR) == 0
    assert wake(shop.store, until - HOUR) == 1
    assert shop.state(1).status.value == "open"
    assert shop.store.events(1)[-1].why == "a promise falls due"
    assert wake(shop.store, until - HOUR) == 0


def test_what_was_put_away_after_the_warning_comes_back_once_more_when_it_falls_due(shop: Desk) -> None:
    until = shop.now + 2 * DAY
    shop.did("ann", "promise", conversation=1, until=until)
    shop.now = until - 1800
    shop.did("ann", "hold", conversation=1, whom="carrier")
    assert wake(shop.store, until - 1) == 0
    assert wake(shop.store, until) == 1
    shop.now = until + 60
    shop.did("ann", "hold", conversation=1, whom="carrier")
    assert wake(shop.store, until + 9 * DAY) == 0


def test_a_follow_up_brings_back_what_is_closed_and_is_done_by_a_key(shop: Desk) -> None:
    answered(shop)
    shop.did("ann", "close", conversation=1)
    until = shop.now + 7 * DAY
    shop.did("ann", "follow-up", conversation=1, until=until, text="does it work?")
    row = shop.store.rows([1])[0]
    assert (row.conversation.status.value, row.due_at) == ("closed", until)
    shop.tick(7 * DAY)
    assert wake(shop.store, shop.now) == 1
    assert shop.state(1).status.value == "open"
    shop.did("ann", "done", conversation=1)
    assert states(shop, ClockKind.FOLLOW_UP) == ["missed"]  # a second after its instant
    assert shop.state(1).follow_up_at is None


def test_the_customers_writing_makes_a_follow_up_needless_unless_it_says_anyway(shop: Desk) -> None:
    answered(shop)
    shop.did("ann", "follow-up", conversation=1, until=shop.now + 7 * DAY)
    shop.did("ann", "follow-up", conversation=1, until=shop.now + 9 * DAY, anyway=True)
    shop.gets(letter(id_="<2@p>", answers=["<1@p>"], at=shop.now))
    assert states(shop, ClockKind.FOLLOW_UP) == ["cancelled", "running"]
    assert shop.state(1).follow_up_at == clocks(shop, ClockKind.FOLLOW_UP)[1].due


def test_a_promise_can_be_taken_back_and_told_again(shop: Desk) -> None:
    before = shop.store.rows([1])[0].due_at
    shop.did("ann", "promise", conversation=1, until=shop.now + HOUR)
    assert shop.store.rows([1])[0].due_at != before
    shop.did("ann", "undo", by="ann")
    assert (shop.state(1).promised_until, shop.store.rows([1])[0].due_at) == (None, before)
    shop.did("ann", "redo", by="ann")
    assert states(shop, ClockKind.PROMISE) == ["running"]


@pytest.mark.parametrize("verb", ["keep", "done"])
def test_what_was_never_promised_cannot_be_kept(shop: Desk, verb: str) -> None:
    outcome = shop.do("ann", verb, conversation=1)
    assert outcome.refusal is not None
    assert outcome.refusal.reason.startswith("Nothing is")


def test_nothing_is_promised_for_yesterday(shop: Desk) -> None:
    outcome = shop.do("ann", "promise", conversation=1, until=shop.now - HOUR)
    assert outcome.refusal is not None
    assert outcome.refusal.reason == "That time has passed."


def test_promises_come_with_both_when_two_conversations_are_joined(shop: Desk) -> None:
    shop.did("ann", "promise", conversation=1, until=shop.now + DAY)
    other = shop.gets(letter(id_="<9@p>", subject="Another matter", at=shop.now))
    shop.did("ann", "promise", conversation=other, until=shop.now + 2 * DAY)
    shop.did("ann", "merge", into=1, conversation=other)
    # told before the first was due: in one conversation the second moves it
    assert states(shop, ClockKind.PROMISE) == ["moved", "running"]
    shop.did("ann", "undo", by="ann")
    assert states(shop, ClockKind.PROMISE) == ["running"]
    assert shop.state(other).promised_until is not None


# --------------------------------------------------------------------------- kept with a reply


def test_a_reply_keeps_a_promise_in_one_step_and_undo_takes_both_back(shop: Desk) -> None:
    until = shop.now + DAY
    shop.did("ann", "promise", conversation=1, until=until)
    shop.replies("ann", 1, keeps=True, leave_after=20)
    assert states(shop, ClockKind.PROMISE) == ["met"]
    assert shop.state(1).promised_until is None
    shop.did("ann", "undo", by="ann")
    assert states(shop, ClockKind.PROMISE) == ["running"]
    assert shop.state(1).promised_until == until
    assert shop.store.outbox() == []


def test_a_reply_that_does_not_arrive_keeps_nothing_until_it_is_sent_again(shop: Desk) -> None:
    until = shop.now + DAY
    shop.did("ann", "promise", conversation=1, until=until)
    message = shop.replies("ann", 1, keeps=True)
    shop.hands_over(message, "failed", "no such user")
    assert (states(shop, ClockKind.PROMISE), shop.state(1).promised_until) == (["running"], until)
    shop.store.sending.resend(message, shop.now)
    assert (states(shop, ClockKind.PROMISE), shop.state(1).promised_until) == (["met"], None)
    shop.hands_over(message)
    assert (states(shop, ClockKind.PROMISE), shop.state(1).promised_until) == (["met"], None)


def test_a_reply_that_was_given_up_keeps_nothing(shop: Desk) -> None:
    shop.did("ann", "promise", conversation=1, until=shop.now + DAY)
    message = shop.replies("ann", 1, keeps=True)
    shop.store.sending.drop(message, shop.tick())
    assert states(shop, ClockKind.PROMISE) == ["running"]


def test_what_has_not_left_keeps_no_promise(shop: Desk) -> None:
    given: dict[str, Any] = {
        "conversation": 1,
        "text": "Here.",
        "to": ["jo@park.example"],
        "sender": OURS,
        "keeps": True,
    }
    nothing = shop.do("ann", "reply", **given).refusal
    assert nothing is not None and nothing.reason.startswith("Nothing is promised here")
    shop.did("ann", "promise", conversation=1, until=shop.now + DAY)
    for given["leave_at"], role in ((shop.now + HOUR, Role.AGENT), (None, Role.TRAINEE)):
        refusal = shop.do("ann", "reply", role, **given).refusal
        assert refusal is not None and "keeps no promise yet" in refusal.reason
    assert shop.store.outbox() == []


# --------------------------------------------------------------------------- told with a reply


def test_a_reply_promises_in_one_step_and_undo_takes_both_back(shop: Desk) -> None:
    until = shop.now + 2 * DAY
    shop.replies("ann", 1, promises=Promised(until, None, "the lamp by Wednesday"), leave_after=20)
    assert (shop.state(1).promised_until, states(shop, ClockKind.PROMISE)) == (until, ["running"])
    queued, promised = (e for e in shop.store.events(1) if e.type in (EventType.QUEUED, EventType.PROMISED))
    assert (promised.why, promised.batch) == ("the lamp by Wednesday", queued.batch)
    shop.did("ann", "undo", by="ann")
    assert (shop.state(1).promised_until, shop.store.outbox()) == (None, [])


def test_a_reply_that_does_not_arrive_has_promised_nothing_until_it_is_sent_again(shop: Desk) -> None:
    until = shop.now + 2 * DAY
    message = shop.replies("ann", 1, promises=Promised(until))
    shop.hands_over(message, "failed", "no such user")
    assert (states(shop, ClockKind.PROMISE), shop.state(1).promised_until) == ([], None)
    assert promises_told(shop.store.events(1), shop.now) == ()
    shop.store.sending.resend(message, shop.now)
    shop.hands_over(message)
    assert (states(shop, ClockKind.PROMISE), shop.state(1).promised_until) == (["running"], until)
    other = shop.replies("ann", 1, promises=Promised(until + DAY))
    shop.store.sending.drop(other, shop.tick())
    assert (states(shop, ClockKind.PROMISE), shop.state(1).promised_until) == (["running"], until)


def test_one_reply_keeps_a_promise_and_tells_the_next(shop: Desk) -> None:
    shop.did("ann", "promise", conversation=1, until=shop.now + DAY)
    shop.hands_over(shop.replies("ann", 1, keeps=True, promises=Promised(shop.now + 3 * DAY)))
    assert states(shop, ClockKind.PROMISE) == ["met", "running"]
    shop.hands_over(shop.replies("ann", 1, promises=Promised(shop.now + 5 * DAY)))
    assert states(shop, ClockKind.PROMISE) == ["met", "moved", "running"]


def test_what_the_customer_is_not_told_yet_promises_nothing(shop: Desk) -> None:
    given: dict[str, Any] = {
        "conversation": 1,
        "text": "By Friday.",
        "to": ["jo@park.example"],
        "sender": OURS,
    }
    soon = Promised(shop.now + DAY)
    for verb, role, more, says in (
        ("reply", Role.AGENT, {"leave_at": shop.now + HOUR}, "What leaves later promises nothing yet."),
        ("reply", Role.TRAINEE, {}, "What waits for a yes promises nothing yet."),
        ("forward", Role.AGENT, {}, "What goes to somebody else promises nothing."),
        ("reply", Role.AGENT, {"promises": Promised(shop.now - DAY)}, "That time has passed."),
        (
            "reply",
            Role.AGENT,
            {"promises": Promised(shop.now + DAY, shop.now + 2 * DAY)},
            "The aim lies after",
        ),
    ):
        refusal = shop.do("ann", verb, role, **({"promises": soon} | given | more)).refusal
        assert refusal is not None and refusal.reason.startswith(says)
    assert shop.store.outbox() == []


# --------------------------------------------------------------------------- say Thursday, aim for Wednesday


def test_the_aim_brings_it_back_and_the_promise_stays_what_was_told(shop: Desk) -> None:
    answered(shop)
    until, aim = shop.now + 12 * HOUR, shop.now + 8 * HOUR
    shop.did("ann", "promise", conversation=1, until=until, aim=aim)
    shop.did("ann", "hold", conversation=1, whom="carrier")
    row = shop.store.rows([1])[0]
    assert (row.due_at, row.conversation.promised_until) == (aim, until)
    assert wake(shop.store, aim - 2 * HOUR) == 0
    assert wake(shop.store, aim - HOUR) == 1  # it warns an hour before what is aimed for
    shop.now = aim + HOUR
    assert states(shop, ClockKind.PROMISE) == ["running"]  # late for us, and not for the customer
    shop.did("ann", "keep", conversation=1)
    assert states(shop, ClockKind.PROMISE) == ["met"]


def test_an_aim_lies_before_what_is_promised_and_ahead(shop: Desk) -> None:
    for aim, says in (
        (shop.now + 3 * DAY, "The aim lies after"),
        (shop.now - HOUR, "The time to aim for has passed"),
    ):
        refusal = shop.do("ann", "promise", conversation=1, until=shop.now + 2 * DAY, aim=aim).refusal
        assert refusal is not None and refusal.reason.startswith(says)


VIENNA = ZoneInfo("Europe/Vienna")
_DAY = ["09:00-17:00"]
OPEN = Hours.from_settings(
    {"zone": "Europe/Vienna", "country": "AT", "week": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), _DAY)},
    now=MONDAY,
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "buffer", "until", "aim"),
    [
        ("thu 17:00, aim wed", Buffer(), "2026-12-31 17:00", "2026-12-30 09:00"),
        ("do 17 uhr ziel mi 12 uhr", Buffer(), None, None),  # Donnerstag, or domingo
        ("Donnerstag 17 Uhr, Ziel Mittwoch 12 Uhr", Buffer(1), "2026-12-31 17:00", "2026-12-30 12:00"),
        ("thu 17:00", Buffer(1), "2026-12-31 17:00", "2026-12-30 17:00"),
        ("2027-01-07 17:00", Buffer(2), "2027-01-07 17:00", "2027-01-04 17:00"),  # the 6th is a holiday
        ("thu 12:00", Buffer(0, 4 * HOUR), "2026-12-31 12:00", "2026-12-30 16:00"),
        ("tomorrow", Buffer(2), "2026-12-29 09:00", None),  # no time is left to aim for
        ("thu, aim thu", Buffer(1), "2026-12-31 09:00", None),
        ("thu, aim fri 10:00", Buffer(), None, None),
        ("thu, aim", Buffer(), None, None),
        ("aim wed", Buffer(), None, None),
    ],
)
def test_a_promise_is_typed_with_its_aim_or_takes_the_usual_one(
    typed: str, buffer: Buffer, until: str | None, aim: str | None
) -> None:
    now = int(datetime(2026, 12, 28, 10, 0, tzinfo=VIENNA).timestamp())  # a Monday
    found = read_promise(typed, now, VIENNA, OPEN, buffer)
    if until is None:
        assert isinstance(found, Refusal)
    else:
        assert not isinstance(found, Refusal), found
        assert (written(found.until, VIENNA), written(found.aim, VIENNA) if found.aim else None) == (
            until,
            aim,
        )


# --------------------------------------------------------------------------- weeks of it


def test_over_weeks_conversation_and_customer_tell_what_became_of_each(shop: Desk) -> None:
    shop.did("ann", "promise", conversation=1, until=shop.now + 2 * DAY, text="a date")
    shop.tick(DAY)
    shop.did(
        "ann", "promise", conversation=1, until=shop.now + 2 * DAY, text="another date"
    )  # moves the first
    shop.tick(DAY)
    shop.hands_over(shop.replies("ann", 1, keeps=True))
    shop.tick(7 * DAY)
    other = shop.gets(letter(id_="<2@p>", subject="Another matter", at=shop.now))
    shop.did("bob", "promise", conversation=other, until=shop.now + DAY, text="the lamp")
    shop.tick(2 * DAY)  # nobody has done it
    customer = shop.state(1).customer
    told = told_to(shop.store, customer, shop.now)
    assert [(each.who, each.words, each.became.value) for each in told] == [
        ("bob", "the lamp", "broken"), ("ann", "a date", "moved"), ("ann", "another date", "kept"),
    ]  # fmt: skip
    assert tally(told).in_words() == "promises: 1 kept, 1 broken, 1 moved"
    shop.did("bob", "keep", conversation=other)
    assert [each.became.value for each in promises_told(shop.store.events(other), shop.now)] == ["kept late"]


# --------------------------------------------------------------------------- settings


def test_the_buffer_and_the_zone_of_a_teammate_are_settings(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    team = '[[team]]\nname = "ann"\nrole = "owner"\nzone = "America/New_York"\n'
    for written_, meant in (
        ("1 working day", Buffer(1)),
        ("2 working days", Buffer(2)),
        ("4h", Buffer(0, 4 * HOUR)),
    ):
        path.write_text(f'promise_buffer = "{written_}"\n{team}')
        found = load(path, host_zone="UTC")
        assert found.promise_buffer == meant
        assert found.zone_of("ann") == ZoneInfo("America/New_York")
        assert found.zone_of("bob") is None
    path.write_text(f'promise_buffer = "1 day"\n{team.replace("New_York", "New_Yrok")}')
    with pytest.raises(BadSettings) as refused:
        load(path, host_zone="UTC")
    said = str(refused.value)
    assert "1: promise_buffer" in said and "5: team.zone" in said and "America/New_York" in said
