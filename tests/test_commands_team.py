"""A team from the command line: hand over, have seen it, and who did what on a day."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.front import TEAM, Front

AWAY = TEAM.replace('name = "bo"', 'name = "bo"\naway = ["2026-11-09..2026-11-12"]')


def called(front: Front, name: str) -> list[str]:
    store = front.store()
    try:
        mentions = store.rows([int(each["id"]) for each in front.json("list")])
        return [str(row.conversation.id) for row in mentions if name in row.conversation.mentions]
    finally:
        store.close()


def test_hand_over_then_seen(shop_front: Front) -> None:
    ran = shop_front.ok("hand-over", "2", "3", "--to", "BO", "--text", "refund agreed")
    assert ran.ids == ["2", "3"]
    assert [each["assignee"] for each in shop_front.json("list", "id:2 OR id:3")] == ["bo", "bo"]
    assert called(shop_front, "bo") == ["2", "3"]
    assert "handed over by anna to bo: refund agreed" in shop_front.ok("show", "2").lines
    over = {"by": "anna", "to": "bo", "text": "refund agreed"}
    assert shop_front.json("show", "2")[0]["handed_over"] == over
    shop_front.ok("seen", "2", who="bo")
    assert shop_front.json("show", "2")[0]["handed_over"] is None
    assert called(shop_front, "bo") == ["3"]
    told = shop_front.json("show", "2")[0]["events"]
    assert [each["why"] for each in told if each["what"].startswith("hand")] == ["refund agreed"]
    shop_front.ok("undo")
    assert called(shop_front, "bo") == []


def test_refusals_say_why(front: Front) -> None:
    from tests.shop import STORY

    front.write_settings(AWAY)
    front.receive(STORY[:1])
    ran = front.run("hand-over", "1", "--to", "bo", "--text", "x")
    assert (ran.status, "bo is away until 2026-11-12." in ran.err) == (0, True)  # allowed, and said
    ran = front.run("assign", "1", "--to", "ria")
    assert (ran.status, "ria is a reader, and answers nobody." in ran.err) == (1, True)
    ran = front.run("hand-over", "1", "--to", "ria", "--text", "x")
    assert (ran.status, "ria is a reader, and answers nobody." in ran.err) == (1, True)
    ran = front.run("hand-over", "1", "--to", "none", "--text", "x")
    assert (ran.status, "Nobody is to get it." in ran.err) == (2, True)
    ran = front.run("hand-over", "1", "--to", "zoe", "--text", "x")
    assert (ran.status, 'There is no teammate "zoe"' in ran.err) == (2, True)


def test_work_is_shared_by_what_each_has_in_hand_and_never_with_who_is_away(shop_front: Front) -> None:
    shop_front.ok("assign", "1", "2", "--to", "anna")
    ran = shop_front.ok("assign", "3", "4", "5", "6", "--to", "load")
    assert ran.ids == ["3", "4", "5", "6"]
    assert Counter(each["assignee"] for each in shop_front.json("list")) == {"anna": 2, "bo": 2, "tim": 2}
    shop_front.ok("undo")
    assert [each["assignee"] for each in shop_front.json("list", "id:3")] == [None]
    shop_front.write_settings(AWAY)
    shop_front.ok("assign", "3", "4", "--to", "load")
    assert {each["assignee"] for each in shop_front.json("list", "id:3 OR id:4")} == {"tim"}


def test_the_activity_of_a_day(shop_front: Front) -> None:
    shop_front.ok("close", "1", "--why", "elsewhere")
    shop_front.ok("note", "2", "--text", "asked", who="bo")
    ran = shop_front.ok("activity")
    assert [line.split() for line in ran.lines[2:4]] == [
        ["anna", "-", "1", "-", "-", "-", "-", "-", "-", "11:05-11:05"],
        ["bo", "-", "-", "1", "-", "-", "-", "-", "-", "11:05-11:05"],
    ]
    anna, bo, *others = shop_front.json("activity")
    assert (anna["who"], anna["closed"], anna["first"]) == ("anna", 1, "2026-11-10T10:05:00Z")
    assert (bo["notes"], bo["day"]) == (1, "2026-11-10")
    assert all(each["first"] is None for each in others)
    assert [each["closed"] for each in shop_front.json("activity", "--day", "2026-11-09")] == [0, 0, 0, 0]
    assert shop_front.ok("activity", "--day", "yesterday").lines[0] == "Mon 9 Nov 2026"


@pytest.mark.parametrize("day", ["soon", "2026-13-40", "9999-01-01", "0001-01-01", "", "1'; drop"])
def test_a_day_that_is_none_is_refused(front: Front, day: str) -> None:
    ran = front.run("activity", "--day", day)
    assert ran.status == 2 and ran.err.startswith("frontdesk: ")
