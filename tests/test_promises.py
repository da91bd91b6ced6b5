"""Promises and follow-ups by plain verbs: told, kept, moved, broken, brought back, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inbox.model import Clock, ClockKind, Role, Who
from inbox.queries import Flag, Is
from inbox.settings import load
from inbox.views import VIEWS
from inbox.waking import wake
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
