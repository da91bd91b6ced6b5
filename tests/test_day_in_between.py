"""What came in between a day's file being written and applied, and several who apply at once: once, and over nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from inbox.ports import Draft
from tests.a_day import (
    ACME,
    ANNA,
    BULBS,
    JO,
    apply,
    day_of,
    drafts,
    filled,
    happened,
    ref,
    states,
    typed,
)
from tests.front import Front
from tests.shop import answered, did, mail
from tests.terminal import ROOT

# ---------------------------------------------------------------------- what came in between


def test_where_a_colleague_has_answered_the_answer_is_a_draft(shop_front: Front) -> None:
    day = typed(day_of(shop_front), "answer", JO, "It left on Monday.")
    day = typed(typed(day, "do", JO, "tag +parcel\nclose"), "note", JO, "Rang them.")
    store = shop_front.store()
    answered(store, int(JO))
    store.close()
    status, became = apply(shop_front, day, "--check")
    assert (status, states(became)[JO, "answer"], drafts(shop_front)) == (1, "draft", [])
    status, became = apply(shop_front, day)
    assert status == 1
    assert became[JO, "answer"]["words"] == "kept as your draft: bo has answered since."
    assert states(became) == {
        (JO, "answer"): "draft",
        (JO, "note"): "done",
        (JO, "tag +parcel"): "done",
        (JO, "close"): "refused",
    }
    assert drafts(shop_front) == [(1, "anna", "reply", "It left on Monday.")]
    assert happened(shop_front, JO) == ["QUEUED", "NOTED", "TAGGED"]
    status, became = apply(shop_front, day)
    assert (status, states(became)[JO, "answer"]) == (1, "draft")
    assert drafts(shop_front) == [(1, "anna", "reply", "It left on Monday.")]


def test_where_the_customer_has_written_nothing_that_rests_on_it_is_done(shop_front: Front) -> None:
    day = typed(day_of(shop_front), "answer", ANNA, "On its way.")
    day = typed(typed(day, "do", ANNA, "promise thu: money"), "do", ACME, "snooze until fri 9:00\ntag +x")
    again = [
        mail(
            sender,
            subject,
            "It came, thank you for nothing!",
            "2026-11-10 11:04",
            in_reply_to=ref(shop_front, number),
        )
        for sender, subject, number in (
            ("Anna Weber <anna.weber@weber.example>", "Re: Refund for order 4711", ANNA),
            ("ACME GmbH <orders@acme.example>", "Re: Invoice 2231", ACME),
        )
    ]
    assert shop_front.receive(again) == [ANNA, ACME]
    _, became = apply(shop_front, day)
    assert states(became) == {
        (ANNA, "answer"): "draft",
        (ANNA, "promise thu: money"): "refused",
        (ACME, "snooze until fri 9:00"): "refused",
        (ACME, "tag +x"): "done",
    }
    assert became[ANNA, "answer"]["words"] == "kept as your draft: The customer has written since."
    assert "has written since" in became[ACME, "snooze until fri 9:00"]["words"]
    assert shop_front.json("outbox", "list") == []


def test_a_draft_that_was_begun_is_kept_above_it(shop_front: Front) -> None:
    day = typed(day_of(shop_front), "answer", JO, "It left on Monday.")
    store = shop_front.store()
    store.save_draft(Draft(1, "anna", "reply", "Begun on the screen", subject="Own"))
    answered(store, 1)
    store.close()
    for _ in range(2):
        assert apply(shop_front, day)[0] == 1
        assert drafts(shop_front) == [(1, "anna", "reply", "Begun on the screen\n\nIt left on Monday.")]


def test_an_answer_that_was_changed_after_it_went_is_a_draft_and_a_note_one_more(shop_front: Front) -> None:
    day = typed(typed(day_of(shop_front), "answer", JO, "It left on Monday."), "note", JO, "One")
    apply(shop_front, day)
    status, became = apply(shop_front, day.replace("on Monday", "on Tuesday").replace("\nOne\n", "\nTwo\n"))
    assert status == 1
    assert became[JO, "answer"]["words"] == "kept as your draft: You have answered since."
    assert became[JO, "note"]["words"] == "done; what stood there before was done 2026-11-10 11:05 and stays."
    assert apply(shop_front, day.replace("left on", "left  \n on"))[1][JO, "answer"]["state"] == "again"
    assert happened(shop_front, JO) == ["QUEUED", "NOTED", "NOTED"]


def test_after_an_older_copy_was_restored_no_answer_goes_again(shop_front: Front, tmp_path: Path) -> None:
    """The day was applied, and then the backup of the morning was put back: what had gone by then is not known there."""
    world = {"XDG_STATE_HOME": str(tmp_path / "state")}
    store = shop_front.store()
    store.check_epoch(world)
    store.close()
    day = typed(typed(day_of(shop_front), "answer", JO, "It left on Monday."), "note", ACME, "Rang them.")
    shutil.copytree(shop_front.workspace, tmp_path / "backup")
    assert states(apply(shop_front, day)[1]) == {(JO, "answer"): "done", (ACME, "note"): "done"}
    shop_front.workspace = tmp_path / "backup"
    store = shop_front.store()
    store.check_epoch(world)
    store.close()
    status, became = apply(shop_front, day)
    assert (status, states(became)) == (1, {(JO, "answer"): "draft", (ACME, "note"): "done"})
    assert "restored since" in became[JO, "answer"]["words"]
    assert shop_front.json("outbox", "list") == []


def test_the_same_answer_from_two_files_goes_once(shop_front: Front) -> None:
    first, second = (typed(day_of(shop_front), "answer", JO, "It left on Monday.") for _ in range(2))
    assert states(apply(shop_front, first)[1]) == {(JO, "answer"): "done"}
    status, became = apply(shop_front, second)
    assert (status, became[JO, "answer"]["words"]) == (0, "You have sent the same since.")


def test_a_conversation_that_was_joined_with_another_since(shop_front: Front) -> None:
    day = typed(typed(day_of(shop_front), "answer", BULBS, "We do."), "note", BULBS, "Bulbs.")
    shop_front.ok("merge", ANNA, BULBS, who="bo")
    _, became = apply(shop_front, day)
    assert states(became) == {(BULBS, "answer"): "draft", (BULBS, "note"): "done"}
    assert drafts(shop_front) == [(2, "anna", "reply", "We do.")]


@pytest.mark.parametrize("verb", ["close", "spam", "by-hand", "call"])
def test_whatever_else_a_colleague_has_told_the_customer_overtakes_an_answer(
    shop_front: Front, verb: str
) -> None:
    day = typed(day_of(shop_front), "answer", JO, "On its way.")
    more: dict[str, Any] = {
        "close": {"why": "resolved"},
        "spam": {},
        "by-hand": {"text": "Done"},
        "call": {"text": "Done", "way": "out"},
    }
    store = shop_front.store()
    outcome = did(store, "bo", verb, conversation=1, **more[verb])
    assert outcome.refusal is None
    store.close()
    _, became = apply(shop_front, day)
    assert became[JO, "answer"]["state"] == "draft"
    assert became[JO, "answer"]["words"].startswith("kept as your draft: bo has ")


def test_what_was_undone_since_does_not_overtake_and_what_was_forwarded_does(shop_front: Front) -> None:
    day = typed(typed(day_of(shop_front), "answer", JO, "On its way."), "answer", ACME, "Here it is.")
    shop_front.ok("close", JO, "--why", "elsewhere", who="bo")
    shop_front.ok("undo", who="bo")
    store = shop_front.store()
    did(
        store,
        "bo",
        "forward",
        conversation=3,
        text="FYI",
        to=("carrier@x.example",),
        sender="support@shop.example",
    )
    store.close()
    assert states(apply(shop_front, day)[1]) == {(JO, "answer"): "done", (ACME, "answer"): "draft"}


def test_what_a_colleague_has_done_beside_it_does_not_overtake(shop_front: Front) -> None:
    day = typed(typed(day_of(shop_front), "answer", JO, "On its way."), "do", JO, "close")
    store = shop_front.store()
    did(store, "bo", "note", conversation=1, text="Look")
    did(store, "bo", "tag", conversation=1, add=("x",))
    store.close()
    assert states(apply(shop_front, day)[1]) == {(JO, "answer"): "done", (JO, "close"): "done"}


# ---------------------------------------------------------------------- several at once


@pytest.mark.long
def test_two_who_apply_the_same_file_at_once_do_it_once(shop_front: Front, tmp_path: Path) -> None:
    file = tmp_path / "day.md"
    file.write_text(filled(shop_front), "utf-8")
    words = [sys.executable, str(ROOT / "main.py"), "--workspace", str(shop_front.workspace), "--as", "anna",
             "--now", "2026-11-10T10:06:00Z", "apply", "--json", str(file)]  # fmt: skip
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [json.loads(line) for each in both for line in each.communicate(timeout=60)[0].splitlines()]
    assert sorted(each["state"] for each in said) == ["again"] * 9 + ["done"] * 9
    assert sorted(happened(shop_front, ANNA)) == ["CLOSED", "NOTED", "QUEUED", "TAGGED"]


def test_two_who_answer_the_same_customer_from_their_files_at_once(shop_front: Front, tmp_path: Path) -> None:
    both = []
    for who in ("anna", "bo"):
        file = tmp_path / f"{who}.md"
        day = day_of(shop_front, who=who)
        for number in (JO, ANNA, ACME):
            day = typed(day, "answer", number, f"It is {who} who answers.")
        file.write_text(day, "utf-8")
        words = [sys.executable, str(ROOT / "main.py"), "--workspace", str(shop_front.workspace), "--as", who,
                 "--now", "2026-11-10T10:06:00Z", "apply", "--json", str(file)]  # fmt: skip
        both.append(subprocess.Popen(words, stdout=subprocess.PIPE, text=True))
    said = [json.loads(line) for each in both for line in each.communicate(timeout=60)[0].splitlines()]
    assert sorted(each["state"] for each in said) == ["done"] * 3 + ["draft"] * 3
    assert [happened(shop_front, number) for number in (JO, ANNA, ACME)] == [["QUEUED"]] * 3
    assert sorted(number for number, *_ in drafts(shop_front)) == [1, 2, 3]


@pytest.mark.long
def test_what_was_done_before_it_was_killed_is_not_done_again(front: Front, tmp_path: Path) -> None:
    """Killed three times in the middle, each time a little further on, and then left alone."""
    mails = [mail(f"c{n}@x.example", f"Matter {n}", "Well?", "2026-11-10 10:00") for n in range(60)]
    numbers = front.receive(mails)
    day = day_of(front, "--mine", "60")
    for number in numbers:
        day = typed(typed(day, "answer", number, f"It is {number}."), "note", number, "Looked at.")
    file = tmp_path / "day.md"
    file.write_text(day, "utf-8")
    words = [sys.executable, str(ROOT / "main.py"), "--workspace", str(front.workspace), "--as", "anna",
             "--now", "2026-11-10T10:06:00Z", "apply", str(file)]  # fmt: skip
    store = front.store()
    unwatch = store.watch(lambda _: None)  # somebody is here: it is done in slices
    before = store.newest_event()
    wait, middles = 0, 0
    while middles < 3 and store.newest_event() < before + 2 * len(numbers):
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        reached = store.newest_event()
        while process.poll() is None and store.newest_event() < reached + 1 + wait:
            time.sleep(0.001)
        process.kill()
        process.wait()
        wait += 5
        middles += before < store.newest_event() < before + 2 * len(numbers)
    unwatch()
    store.close()
    assert middles
    assert apply(front, day)[0] == 0
    for number in numbers:
        assert sorted(happened(front, number)) == ["NOTED", "QUEUED"]
