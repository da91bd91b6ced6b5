"""Old mail comes in whatever order servers and folders give it: what is left open in the end is the same."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

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
