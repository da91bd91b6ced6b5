"""Snoozed, held and waiting conversations come back in time, and what went silent is closed together: by commands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from inbox import nudging
from inbox.actions import decision
from inbox.model import ClockKind, ClockState, EventType, Status, Who
from inbox.quiet import SILENT, silent
from inbox.settings import load
from inbox.waking import wake
from storage.workspace import Workspace
from tests.front import Front
from tests.stores import DAY, Desk, desk, letter
from tests.test_nudges import SETTINGS

HOUR = 3600
ANN = Who("ann")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    """Jo has asked on a Monday at nine, and was answered."""
    here = desk(tmp_path, SETTINGS)
    here.gets(letter("Jo Park <jo@park.example>", id_="<1@p>"))
    here.hands_over(here.replies("ann", 1))
    yield here
    here.verified()
    here.store.close()


# --------------------------------------------------------------------------- snoozed


def test_a_deadline_that_comes_about_after_snoozing_wakes_before_it(shop: Desk) -> None:
    shop.gets(letter(id_="<2@p>", answers=["<1@p>"], at=shop.now))  # due after eight open hours
    due = shop.store.rows([1])[0].due_at or 0
    shop.did("ann", "snooze", conversation=1, until=due - 2 * HOUR)
    assert wake(shop.store, due - 3 * HOUR) == 0
    shop.did("ann", "tag", conversation=1, add=["vip"])  # now after four
    sooner = shop.store.rows([1])[0].due_at or 0
    assert sooner < due - 2 * HOUR
    assert wake(shop.store, sooner - HOUR - 1) == 0
    assert wake(shop.store, sooner - HOUR) == 1
    woken = shop.store.events(1)[-1]
    assert (woken.type, woken.data["due"]) == (EventType.WOKEN, sooner)
    shop.now = sooner


def test_what_is_late_already_can_be_put_off_all_the_same(shop: Desk) -> None:
    shop.gets(letter(id_="<2@p>", answers=["<1@p>"], at=shop.now))
    shop.tick(5 * DAY)
    until = shop.now + 2 * DAY
    shop.did("ann", "snooze", conversation=1, until=until)
    assert wake(shop.store, until - 1) == 0
    assert wake(shop.store, until) == 1
    shop.now = until


def test_a_deadline_that_goes_away_again_wakes_nobody(shop: Desk) -> None:
    shop.gets(letter(id_="<2@p>", answers=["<1@p>"], at=shop.now))
    due = shop.store.rows([1])[0].due_at or 0
    shop.did("ann", "snooze", conversation=1, until=due - 2 * HOUR)
    shop.did("ann", "tag", conversation=1, add=["vip"])
    shop.did("ann", "tag", conversation=1, remove=["vip"])
    assert wake(shop.store, due - 2 * HOUR - 1) == 0


# --------------------------------------------------------------------------- held


def test_held_says_for_whom_and_until_when_and_keeps_the_customer_informed(shop: Desk) -> None:
    until = shop.now + 9 * DAY
    shop.did("ann", "hold", conversation=1, whom="the carrier", until=until)
    row = shop.store.rows([1])[0]
    assert (row.conversation.held_for, row.conversation.held_until) == ("the carrier", until)
    (update,) = [clock for clock in shop.store.clocks(1, shop.now) if clock.kind is ClockKind.UPDATE]
    assert (update.state, update.target, row.due_at) == (ClockState.RUNNING, 16 * HOUR, update.due)
    shop.hands_over(shop.replies("ann", 1, text="No news yet.", then="open"))
    shop.did("ann", "hold", conversation=1, whom="the carrier", until=until)
    again = shop.store.rows([1])[0].due_at or 0
    assert again > (update.due or 0)  # counted from our last word
    assert wake(shop.store, until) == 1
    assert shop.state(1).status is Status.OPEN
    shop.now = until


# --------------------------------------------------------------------------- gone quiet


def test_what_is_silent_is_closed_together_and_taken_back_as_one(shop: Desk) -> None:
    others = []
    for number in range(6):
        one = shop.gets(
            letter(f"c{number}@park.example", id_=f"<c{number}@p>", subject=f"Matter {number}", at=shop.now)
        )
        shop.hands_over(shop.replies("ann", one, to=f"c{number}@park.example"))
        others.append(one)
    promised, followed, nudged, held, fresh, plain = others
    until = shop.now + 90 * DAY
    shop.did("ann", "promise", conversation=promised, until=until)
    shop.did("ann", "follow-up", conversation=followed, until=until)
    shop.did("ann", "nudge", conversation=nudged, after=[60 * DAY])
    shop.did("ann", "hold", conversation=held, whom="carrier")
    shop.tick(SILENT + HOUR)
    shop.gets(letter("c4@park.example", id_="<new@p>", answers=["<c4@p>"], subject="Matter 4", at=shop.now))
    shop.hands_over(shop.replies("ann", fresh, to="c4@park.example"))
    assert sorted(silent(shop.store, ANN, shop.now)) == [1, plain]
    refused = shop.do("ann", "close-quiet", conversation=fresh).refusal
    assert refused is not None and refused.reason == "Somebody has written in the last 21 days."
    changes = [decision("close-quiet", conversation=one) for one in (1, plain)]
    shop.store.change_each(changes, ANN, shop.tick())
    assert [shop.state(one).closed_why for one in (1, plain)] == ["quiet", "quiet"]
    shop.did("ann", "undo", by="ann")
    assert [shop.state(one).status for one in (1, plain)] == [Status.WAITING, Status.WAITING]


# --------------------------------------------------------------------------- as commands

NUDGING = """
automatic_sending = true
us = ["support@shop.example", "@shop.example"]
[hours]
zone = "Europe/Vienna"
[nudges]
after = ["3d", "7d"]
texts = ["Did this help you at all?", "May we close this now?"]
[check_in]
text = "Is all well now, we wonder?"
[[team]]
name = "anna"
role = "owner"
"""


def passes(front: Front, days: int = 0) -> None:
    """Days go by, and each the worker looks what is due and a server takes it."""
    store, settings = cast("Workspace", front.store()), load(front.workspace / "settings.toml")
    for day in range(days + 1):
        front.now += DAY if day else 0
        there = Desk(store, front.now)
        nudging.send(store, settings, front.now)
        for going in store.sending.due(front.now + 60):
            there.hands_over(going.message)
    store.close()


def by_itself(front: Front, conversation: str) -> list[str]:
    """What has gone there that no person wrote."""
    events = front.json("show", conversation)[0]["events"]
    numbers = [each for each in events if each["who"] == "clock" and each["what"] == "queued"]
    texts = [item["text"] for item in front.json("show", conversation)[0]["items"]]
    return texts[-len(numbers) :] if numbers else []


def test_the_story_of_a_customer_who_does_not_answer_by_commands(shop_front: Front) -> None:
    shop_front.write_settings(NUDGING)
    assert shop_front.run("nudge", "3").status == 1  # nobody is waited for there
    shop_front.ok("reply", "2", "--text", "It is on its way.")
    passes(shop_front)
    shop_front.ok("nudge", "2")
    assert "To be nudged, 2 at most, first 2026-11-13 11:0" in shop_front.ok("why", "2").out
    passes(shop_front, 40)
    assert by_itself(shop_front, "2") == ["Did this help you at all?", "May we close this now?"]
    told = shop_front.json("why", "2")[0]["nudges"]
    assert (told["on"], told["sent"], told["of"], told["next_at"]) == (False, 2, 2, None)
    assert shop_front.json("list", "is:quiet")[0]["id"] == "2"
    assert shop_front.ok("close-quiet", "--count").out == "1\n"
    asked = shop_front.run("close-quiet")
    assert (asked.status, "Say --yes." in asked.err) == (2, True)
    assert shop_front.ok("close-quiet", "--yes").ids == ["2"]
    assert "gone quiet" in shop_front.ok("show", "2").out
    assert shop_front.run("close-quiet", "--count").status == 1
    shop_front.ok("check-in", "2")
    shop_front.ok("undo")
    shop_front.ok("undo")
    assert shop_front.json("list", "id:2")[0]["status"] == "waiting"


def test_without_automatic_sending_it_says_that_nothing_goes(shop_front: Front) -> None:
    shop_front.write_settings(NUDGING.replace("automatic_sending = true", ""))
    shop_front.ok("reply", "2", "--text", "It is on its way.")
    assert "Nothing goes by itself yet." in shop_front.ok("nudge", "2").err
    assert shop_front.run("nudge", "2").status == 1  # on already
    assert "(automatic_sending is off)." in shop_front.ok("why", "2").out
    shop_front.ok("nudge", "2", "--off")
    passes(shop_front, 4)
    assert by_itself(shop_front, "2") == []
