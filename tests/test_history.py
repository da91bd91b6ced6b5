"""Old mail comes in whatever order servers and folders give it: what is left open in the end is the same."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.model import Status, Who
from tests.faults.clock import MONDAY
from tests.stores import DAY, OURS, desk, letter

JO = "jo@park.example"


@pytest.mark.parametrize(
    ("days_ago", "status"),
    [
        (((JO, 10), (OURS, 9), (JO, 3), (OURS, 2)), Status.CLOSED),  # answered
        (((OURS, 9), (JO, 3), (OURS, 2), (JO, 1)), Status.OPEN),  # asked again
        (((JO, 90), (OURS, 80), (JO, 40)), Status.CLOSED),  # too old for anybody to wait
        (((JO, 30), (JO, 3), (OURS, 2)), Status.CLOSED),
    ],
)
def test_the_order_in_which_old_mail_comes_changes_nothing(
    tmp_path: Path, days_ago: tuple[tuple[str, int], ...], status: Status
) -> None:
    for number, order in enumerate(permutations(range(len(days_ago)))):
        shop = desk(tmp_path / str(number))
        shop.now = MONDAY + 100 * DAY
        now = shop.now
        for place in order:
            who, days = days_ago[place]
            raw = letter(
                who,
                to=OURS if who == JO else JO,
                id_=f"<{place}@x>",
                answers=[f"<{before}@x>" for before in range(place)],
                at=now - days * DAY,
                text=f"Text {place}",
            )
            shop.gets(raw, at=now - days * DAY, trusted=who == OURS, history=True)
        (found,) = shop.store.ids(None, Who("ann"), shop.now)
        state = shop.state(found)
        assert state.status is status, order
        assert state.messages == len(days_ago)
        shop.verified()
        shop.store.close()


HOUR = 3_600
BEGAN = MONDAY + 100 * DAY
"""When the first sync began: what came before is history, what comes after is new."""
ROW = (
    "status, assignee, customer, subject, snippet, first_at, last_at, last_from, messages, unread, notice, answered,"
    " waiting_since, closed_why, quarantined, upset, policy"
)


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[tuple[str, int, bool]], list[int]]:
    """Who wrote when and whether that is history, in order of time; and an order in which a first sync, new mail
    meanwhile, may bring it: the new as it comes, the old anyhow."""
    old = sorted(draw(st.sets(st.integers(1, 25 * 24), min_size=1, max_size=4)), reverse=True)
    new = sorted(draw(st.sets(st.integers(0, 30), max_size=2)))
    who = st.sampled_from([JO, OURS])
    mails = [(draw(who), BEGAN - hours * HOUR, True) for hours in old]
    # what we write elsewhere after that is an answer to what is new
    mails += [
        (draw(who) if place else JO, BEGAN + 60 + hours * HOUR, False) for place, hours in enumerate(new)
    ]
    order = draw(st.permutations(range(len(old))))
    after = 0
    for place in range(len(old), len(mails)):
        after = draw(st.integers(after, len(order)))
        order.insert(after, place)
        after += 1
    return mails, order


def told(folder: Path, mails: list[tuple[str, int, bool]], order: list[int]) -> list[tuple[Any, ...]]:
    """What the list says in the end of mail that came in this order."""
    shop = desk(folder)
    shop.now = BEGAN
    for place in order:
        who, at, history = mails[place]
        raw = letter(
            who,
            to=OURS if who == JO else JO,
            subject="Re: Parcel" if place else "Parcel",
            id_=f"<{place}@x>",
            answers=[f"<{before}@x>" for before in range(place)],
            at=at,
            text=f"Text {place}",
        )
        shop.now = max(shop.now, at)
        shop.gets(raw, at=at, trusted=who == OURS, history=history)
    shop.now = BEGAN + 2 * DAY
    shop.verified()
    # old mail is given its time from when it came in, so its deadline is only the same for what is new
    due = f"due_at IS NOT NULL, iif(waiting_since > {BEGAN}, due_at, 0), iif(waiting_since > {BEGAN}, warn_at, 0)"
    rows = shop.store.read(f"SELECT {ROW}, {due} FROM conversations")
    shop.store.close()
    return rows


Told = tuple[list[tuple[str, int, bool]], list[int]]


@given(stories())
@settings(max_examples=10, deadline=None)
def test_new_mail_among_old_in_any_order_makes_the_same_conversation(
    tmp_path_factory: pytest.TempPathFactory, story: Told
) -> None:
    the_same_in_any_order(tmp_path_factory, story)


@pytest.mark.long
@given(stories())
@settings(max_examples=100, deadline=None)
def test_a_hundred_times_any_order_makes_the_same_conversation(
    tmp_path_factory: pytest.TempPathFactory, story: Told
) -> None:
    the_same_in_any_order(tmp_path_factory, story)


def the_same_in_any_order(tmp_path_factory: pytest.TempPathFactory, story: Told) -> None:
    mails, order = story
    folder = tmp_path_factory.mktemp("orders")
    expected = told(folder / "by time", mails, sorted(order))
    assert len(expected) == 1
    assert told(folder / "anyhow", mails, order) == expected
