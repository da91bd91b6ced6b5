"""Nothing stays with somebody who is away; what they are given knowingly does; and fair shares of what they had."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox.away import LOAD, absence, hand_on, in_hand, let_go
from inbox.load import spread
from inbox.model import EventType, Role, Status, Who
from inbox.settings import Settings, Teammate
from inbox.waking import wake
from tests.ruled import Shop
from tests.stores import DAY

# the desk opens on Monday 2026-03-16
TEAM = """
us = ["support@shop.example"]
[hours]
zone = "UTC"
[[team]]
name = "anna"
role = "owner"
[[team]]
name = "bo"
away = ["2026-03-17..2026-03-18", "2026-03-19"]
[[team]]
name = "cy"
[[team]]
name = "rea"
role = "reader"
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path, "", team=TEAM)


def go(shop: Shop, days: float = 1) -> int:
    """So much later the worker or a screen looks."""
    now = shop.desk.tick(int(days * DAY))
    wake(shop.store, now)
    return let_go(shop.store, shop.settings, now)


def bos(shop: Shop, number: int) -> int:
    shop.desk.did("bo", "assign-me", conversation=number)
    return number


def test_what_is_open_is_everybodys_from_the_first_day_on_and_says_why(shop: Shop) -> None:
    number = bos(shop, shop.mail())
    assert go(shop, 0) == 0 and shop.state(number).assignee == "bo"
    assert go(shop) == 1 and shop.state(number).assignee is None
    given = shop.store.events(number)[-1]
    assert (given.who, given.why) == ("clock", "bo is away until 2026-03-19")  # the spans lie side by side
    assert go(shop, 0) == 0
    shop.desk.verified()


def test_what_waits_stays_and_goes_when_the_customer_writes_or_its_time_comes(shop: Shop) -> None:
    answered, snoozed, held, promised = (
        bos(shop, shop.mail(sender=f"c{n}@park.example", id_=f"<c{n}@park.example>")) for n in range(4)
    )
    for number in (answered, snoozed, held, promised):
        shop.desk.hands_over(shop.desk.replies("bo", number))
    until = shop.desk.now + 2 * DAY
    shop.desk.did("bo", "snooze", conversation=snoozed, until=until)
    shop.desk.did("bo", "hold", conversation=held, whom="carrier", until=until)
    shop.desk.did("bo", "promise", conversation=promised, until=until)
    assert go(shop) == 0
    assert {shop.state(one).assignee for one in (answered, snoozed, held, promised)} == {"bo"}
    shop.mail("And now?", sender="c0@park.example", answers=["<c0@park.example>"])
    assert go(shop, 0) == 1
    assert (shop.state(answered).status, shop.state(answered).assignee) == (Status.OPEN, None)
    assert go(shop, 1.5) == 3
    assert {shop.state(one).assignee for one in (snoozed, held, promised)} == {None}
    shop.desk.verified()


def test_what_is_given_to_them_knowingly_stays_until_it_is_pressing_or_the_customer_writes(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.desk.tick(DAY)
    late = shop.mail(sender="d@park.example", id_="<d@x>")
    shop.desk.did("anna", "assign", conversation=late, to="bo")
    assert go(shop, 0) == 0 and shop.state(late).assignee == "bo"
    shop.mail("Hello?", sender="d@park.example", answers=["<d@x>"])
    assert go(shop, 0) == 1 and shop.state(late).assignee is None
    shop.desk.did("anna", "assign", conversation=late, to="bo")
    assert go(shop, 0) == 0 and shop.state(late).assignee == "bo"
    with monkeypatch.context() as patch:  # what stays takes the lock from nobody
        patch.setattr(shop.store, "change_each", lambda *_, **__: pytest.fail("it wanted to write"))
        assert let_go(shop.store, shop.settings, shop.desk.now) == 0
    assert go(shop, 1) == 1 and shop.state(late).assignee is None  # its warning has come


def test_who_works_on_a_day_of_absence_keeps_for_the_day_what_they_take(shop: Shop) -> None:
    number = shop.mail()
    shop.desk.tick(DAY)
    shop.desk.now -= shop.desk.now % DAY  # in the morning, and it is late already
    row = shop.store.rows([number])[0]
    assert row.due_at is not None
    bos(shop, number)
    assert go(shop, 0.9) == 0 and shop.state(number).assignee == "bo"
    assert go(shop, 0.2) == 1 and shop.state(number).assignee is None


def test_who_is_back_keeps_what_they_have(shop: Shop) -> None:
    number = bos(shop, shop.mail())
    assert go(shop, 4) == 0 and shop.state(number).assignee == "bo"


def test_who_left_the_team_or_only_reads_is_away_for_ever(shop: Shop) -> None:
    number, other = bos(shop, shop.mail()), shop.mail(sender="c@park.example")
    shop.desk.did("anna", "assign", conversation=other, to="cy")
    team = shop.settings.team
    left = Settings(team=(team[0], Teammate("cy", Role.READER)), host_zone="UTC")
    assert let_go(shop.store, left, shop.desk.tick()) == 2
    assert shop.store.events(number)[-1].why == "bo is nobody of the team any more"
    assert shop.store.events(other)[-1].why == "cy is a reader, and answers nobody"


def test_without_a_team_nobody_is_away(shop: Shop) -> None:
    bos(shop, shop.mail())
    assert let_go(shop.store, Settings(), shop.desk.tick(DAY)) == 0


def test_two_that_look_at_once_let_go_once(shop: Shop) -> None:
    number = bos(shop, shop.mail())
    now = shop.desk.tick(DAY)
    other = shop.another()
    assert let_go(shop.store, shop.settings, now) + let_go(other, shop.settings, now) == 1
    other.close()
    assert [e.type for e in shop.store.events(number)].count(EventType.ASSIGNED) == 2


def test_the_worker_lets_go_before_rules_look(tmp_path: Path) -> None:
    from inbox.chores import CHORES

    assert CHORES.index("away.let_go") < CHORES.index("rules.running.look")


def test_rules_give_nothing_to_who_is_away_and_take_it_from_them(tmp_path: Path) -> None:
    rules = '[[rule]]\nname = "one"\non = "message-in"\nthen = [{ assign = "load" }]\n'
    shop = Shop(tmp_path, rules, team=TEAM)
    shop.desk.tick(DAY)
    got = {shop.state(shop.asks(sender=f"c{n}@park.example")).assignee for n in range(6)}
    assert got == {"anna", "cy"}


# --------------------------------------------------------------------------- handing it on


def test_their_work_is_handed_on_as_one_and_taken_back_as_one(shop: Shop) -> None:
    numbers = [bos(shop, shop.mail(sender=f"c{n}@park.example")) for n in range(4)]
    shop.desk.did("bo", "snooze", conversation=numbers[0], until=shop.desk.now + DAY)
    assert in_hand(shop.store, "bo", shop.desk.now) == {
        "open": tuple(numbers[1:]),
        "snoozed": (numbers[0],),
    }
    anna = Who("anna", Role.OWNER)
    shop.desk.tick(DAY)
    outcome, got = hand_on(shop.store, shop.settings, "bo", LOAD, anna, shop.desk.now, why="bo is away")
    assert (outcome.refusal, got) == (None, {"anna": 2, "cy": 2})  # and nobody who reads, or is away
    assert in_hand(shop.store, "bo", shop.desk.now) == {}
    assert {shop.store.events(one)[-1].why for one in numbers} == {"bo is away"}
    shop.desk.did("anna", "undo", by="anna")
    assert {shop.state(one).assignee for one in numbers} == {"bo"}
    outcome, got = hand_on(shop.store, shop.settings, "bo", None, anna, shop.desk.tick())
    assert got == {None: 4}
    again, got = hand_on(shop.store, shop.settings, "bo", None, anna, shop.desk.tick(), numbers=numbers)
    assert again.refusal is not None and "does not have it any more" in again.refusal.reason and not got


def test_where_nobody_else_is_here_it_is_said(shop: Shop) -> None:
    number = bos(shop, shop.mail())
    alone = Settings(team=(Teammate("bo"), Teammate("rea", Role.READER)), host_zone="UTC")
    outcome, _ = hand_on(shop.store, alone, "bo", LOAD, Who("bo"), shop.desk.tick())
    assert outcome.refusal is not None and outcome.refusal.next_step
    assert shop.state(number).assignee == "bo"


def test_shares_are_fair_by_what_each_has(shop: Shop) -> None:
    given = spread(
        range(6),
        ["anna", "cy"],
        {"anna": 16, "cy": 0, "bo": 24},
        dict.fromkeys(range(6), "bo"),
        dict.fromkeys(("anna", "cy"), range(6)),
    )
    assert list(given.values()).count("cy") == 5
    assert spread([1], [], {}, {}, {}) == {}
    assert spread([1, 2], ["anna"], {}, {}, {"anna": [2]}) == {2: "anna"}


def test_spans_that_touch_are_one_absence() -> None:
    mates = (Teammate("tim", away=(("2026-05-01", "2026-05-20"), ("2026-05-18", "2026-05-24"))),)
    found = absence(mates, "tim", "2026-05-10")
    assert found is not None and (found.since, found.until) == ("2026-05-01", "2026-05-24")
    assert absence(mates, "tim", "2026-05-25") is None
    assert absence((), "zoe", "2026-05-25") is None
