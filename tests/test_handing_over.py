"""Handing over: to whom, one line that is seen first, and who is called until they act."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.actions.hand_over import LONGEST
from inbox.alerting import Looking
from inbox.briefing import counts
from inbox.fold import fold
from inbox.hours import ALWAYS
from inbox.listing import Row
from inbox.model import EventType, Role
from inbox.settings import Settings, Teammate
from inbox.views import VIEWS
from storage.events import at_home
from tests.stores import Desk, desk

STAFF = (
    Teammate("anna"),
    Teammate("bo"),
    Teammate("ria", Role.READER),
    Teammate("tim", away=(("2026-05-01", "2026-05-20"), ("2026-05-18", "2026-05-24"))),
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    """Jo has asked twice."""
    here = desk(tmp_path, Settings(host_zone="UTC"))
    here.gets()
    here.gets()
    yield here
    here.verified()
    here.store.close()


def row(shop: Desk, number: int = 1) -> Row:
    return shop.store.rows([number])[0]


def called(shop: Desk, name: str) -> list[int]:
    """What stands in their For me."""
    from inbox.model import Who

    who = Who(name, Role.AGENT)
    return list(shop.store.ids(VIEWS["for-me"].seen_by(who.role), who, shop.now))


def hand(shop: Desk, who: str, to: str, text: str = "refund agreed, pay it on Friday") -> None:
    shop.did(who, "hand-over", conversation=1, to=to, summary=text)


def test_it_is_theirs_and_calls_for_them_until_they_act(shop: Desk) -> None:
    shop.did("anna", "assign-me", conversation=1)
    hand(shop, "anna", "bo")
    assert row(shop).conversation.assignee == "bo"
    assert row(shop).handed == ("anna", "bo", "refund agreed, pay it on Friday")
    assert called(shop, "bo") == [1]
    shop.gets()  # what others do and what comes changes nothing of that
    shop.did("anna", "tag", conversation=1, add=("refund",))
    assert row(shop).handed is not None
    shop.did("bo", "note", conversation=1, text="will do")
    assert row(shop).handed is None
    assert called(shop, "bo") == []
    events = at_home(shop.store._reader, 1)
    assert fold(1, events).handed is None
    assert fold(1, [e for e in events if e.type is not EventType.NOTED]).mentions == ("bo",)


def test_undone_it_is_whose_it_was_and_calls_nobody(shop: Desk) -> None:
    shop.did("anna", "assign-me", conversation=1)
    hand(shop, "anna", "bo")
    shop.did("anna", "undo", by="anna")
    assert (row(shop).conversation.assignee, row(shop).handed, called(shop, "bo")) == ("anna", None, [])
    shop.did("anna", "redo", by="anna")
    assert (row(shop).conversation.assignee, called(shop, "bo")) == ("bo", [1])


def test_one_key_is_enough_to_have_seen_it_and_changes_nothing_else(shop: Desk) -> None:
    hand(shop, "anna", "bo")
    shop.did("anna", "note", conversation=2, text="what do you think, @bo?")
    assert called(shop, "bo") == [1, 2]
    before = shop.state(2)
    for number in (1, 2):
        shop.did("bo", "seen", conversation=number)
    assert called(shop, "bo") == []
    assert shop.state(2)._replace(mentions=before.mentions, seq=before.seq) == before
    assert row(shop).conversation.assignee == "bo"
    shop.did("bo", "undo", by="bo")
    assert called(shop, "bo") == [2]
    refusal = shop.do("bo", "seen", conversation=1).refusal
    assert refusal is not None and refusal.reason == "Nobody is called to this one."


def test_given_to_somebody_else_the_line_is_gone_and_given_on_it_is_the_new_one(shop: Desk) -> None:
    hand(shop, "anna", "bo")
    shop.did("anna", "assign", conversation=1, to="tim")
    assert (row(shop).handed, called(shop, "bo")) == (None, [])
    hand(shop, "anna", "bo", "first")
    hand(shop, "bo", "anna", "back to you")
    assert row(shop).handed == ("bo", "anna", "back to you")
    assert (called(shop, "bo"), called(shop, "anna")) == ([], [1])


def test_joined_with_another_the_line_stays_where_it_is_still_theirs(shop: Desk) -> None:
    hand(shop, "anna", "bo")
    shop.did("anna", "merge", conversation=1, into=2)
    assert row(shop, 2).conversation.assignee == "bo"
    assert row(shop, 2).handed == ("anna", "bo", "refund agreed, pay it on Friday")
    shop.did("anna", "undo", by="anna")
    assert (row(shop).handed is not None, row(shop, 2).handed) == (True, None)


@pytest.mark.parametrize(
    ("to", "text", "reason"),
    [
        ("anna", "x", "You cannot hand it over to yourself."),
        ("zoe", "x", "Nobody of the team is called zoe."),
        ("ria", "x", "ria is a reader, and answers nobody."),
        ("bo", " \n\x1b\u202e ", "Whoever gets it needs one line."),
        ("bo", "y" * (LONGEST + 1), "One line has at most 200 characters."),
    ],
)
def test_a_refusal_says_why(shop: Desk, to: str, text: str, reason: str) -> None:
    outcome = shop.do("anna", "hand-over", conversation=1, to=to, summary=text, team=STAFF)
    refusal = outcome.refusal
    assert refusal is not None and refusal.reason == reason
    assert refusal.next_step


def test_what_is_closed_is_handed_over_to_nobody(shop: Desk) -> None:
    shop.did("anna", "close", conversation=1, why="elsewhere")
    refusal = shop.do("anna", "hand-over", conversation=1, to="bo", summary="x").refusal
    assert refusal is not None and refusal.reason == "It is closed: “reopen” opens it again."


def test_the_line_is_one_line_whatever_was_typed(shop: Desk) -> None:
    hand(shop, "anna", "bo", "pay\n\nit \x1b]0;owned\x07 \u202eon Friday")
    handed = row(shop).handed
    assert handed is not None and handed[2].isprintable()


def test_who_gets_it_is_alerted_as_of_anything_given_to_them(shop: Desk) -> None:
    looking = Looking(shop.store, "bo", "screen")
    assert looking.look(ALWAYS, shop.tick()) == ""  # the first look tells nothing
    hand(shop, "anna", "bo")
    assert looking.look(ALWAYS, shop.tick()) == "assigned to you: #1 jo@park.example"
    assert looking.look(ALWAYS, shop.tick(3600)) == ""


def test_coming_back_says_what_calls_for_one(shop: Desk) -> None:
    shop.store.attendance.here("bo", shop.tick())
    seen = shop.store.attendance.last("bo")
    assert seen is not None
    hand(shop, "anna", "bo")
    shop.did("anna", "note", conversation=2, text="@bo please look")
    shop.did("bo", "note", conversation=2, text="@anna I did")
    news = shop.store.attendance.news("bo", seen, shop.now)
    assert (
        news.called,
        counts(news, dict.fromkeys(("due", "notices", "outbox", "for-me"), "4"))[0].words,
    ) == (
        1,
        "1 for you (4)",
    )
