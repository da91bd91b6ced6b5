"""Nudges and check-ins: sent by themselves over weeks, in opening hours, each text once, and never to who has written."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from inbox import mime, nudging
from inbox.actions.check_in import usual
from inbox.model import EventType, Status
from inbox.nudged import nudged
from inbox.ports import Item, MailboxState
from inbox.saved_replies import SavedReply
from inbox.settings import CheckIn, Mailbox, NudgePace, Settings
from inbox.waking import wake
from storage import epoch
from tests.faults.kill import python_child, wait_for
from tests.stores import DAY, OURS, Desk, desk, letter

HOUR = 3600
TEXTS = ("Did our answer help you, {first_name}?", "last reminder")
SETTINGS = Settings(
    host_zone="UTC",
    automatic_sending=True,
    us_words=(OURS,),
    nudges=NudgePace((3 * DAY, 7 * DAY), TEXTS),
    check_in=CheckIn(5 * DAY, "Is all well now, {first_name}?"),
)
"""Open Mon to Fri from 9 to 17."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    """Jo has asked on a Monday at nine, and was answered."""
    here = desk(tmp_path, SETTINGS)
    here.gets(letter("Jo Park <jo@park.example>", id_="<1@p>"))
    here.hands_over(here.replies("ann", 1))
    here.store.documents.save_reply(SavedReply("Last reminder", "Shall we close this? Write to us any time."))
    yield here
    here.verified()
    here.store.close()


def switch(shop: Desk, on: bool | None = None) -> Any:
    return shop.do("ann", "nudge", conversation=1, on=on, after=SETTINGS.nudges.after)


def says(shop: Desk, text: str = "It is still broken.") -> None:
    shop.tick()
    shop.gets(
        letter(
            "Jo Park <jo@park.example>",
            answers=["<1@p>"],
            text=text,
            at=shop.now,
            id_=f"<{shop.now}@p>",
            subject="Re: Where is my parcel?",
        )
    )


def live(shop: Desk, days: float, settings: Settings = SETTINGS, state: str = "sent") -> list[str]:
    """Hours pass, and the worker ticks in each; when something was written by itself."""
    found = []
    for _ in range(round(days * 24)):
        shop.tick(HOUR)
        wake(shop.store, shop.now)
        if nudging.send(shop.store, settings, shop.now):
            found.append(datetime.fromtimestamp(shop.now, UTC).strftime("%a %d %H"))
        for going in shop.store.sending.due(shop.now):
            shop.hands_over(going.message, state)
    return found


def by_itself(shop: Desk) -> list[Item]:
    return [item for item in shop.store.items(1) if item.author == "clock"]


def test_two_nudges_go_in_opening_hours_and_then_nothing_more(shop: Desk) -> None:
    before = shop.state(1)
    switch(shop)
    assert live(shop, 40) == ["Thu 19 09", "Mon 23 09"]  # a week after the answer comes a Monday
    first, second = by_itself(shop)
    assert (first.reply, second.reply) == (
        "Did our answer help you, Jo?",
        "Shall we close this? Write to us any time.",
    )
    answer = next(item for item in shop.store.items(1) if item.author == "ann")
    assert answer.message_id in first.references
    assert first.message_id in second.references
    assert first.subject == answer.subject
    raw = mime.parse(shop.store.raw(first.id) or b"")
    assert "auto-generated" in str(raw.automatic.why)
    here = shop.state(1)
    assert (here.status, here.assignee, here.last_reply_at) == (Status.WAITING, "ann", before.last_reply_at)
    switch(shop)  # each text goes once
    assert live(shop, 20) == []


def test_how_it_stands_is_told(shop: Desk) -> None:
    def words() -> str:
        found = nudged(shop.store.events(1))
        assert found is not None
        return found.under(SETTINGS.hours, True).in_words(
            lambda at: datetime.fromtimestamp(at, UTC).strftime("%a %d")
        )

    assert nudged(shop.store.events(1)) is None
    switch(shop)
    assert words() == "to be nudged, 2 at most, first Thu 19"
    live(shop, 4)
    assert words() == "nudged 1 of 2 on Thu 19, next Mon 23"
    live(shop, 10)
    assert words() == "nudged 2 of 2 on Mon 23, no more"


@pytest.mark.parametrize(
    "end", ["the customer writes", "thanks", "closed", "spam", "off", "joined", "automatic sending is off"]
)
def test_what_ends_them(shop: Desk, end: str) -> None:
    switch(shop)
    live(shop, 1)
    settings = SETTINGS
    if end in ("the customer writes", "thanks"):
        says(shop, "Thanks!" if end == "thanks" else "It is still broken.")
        if end != "thanks":
            shop.hands_over(shop.replies("ann", 1))  # and we wait again
    elif end in ("closed", "spam"):
        shop.did("ann", "close" if end == "closed" else "spam", conversation=1)
    elif end == "off":
        switch(shop, on=False)
    elif end == "joined":
        other = shop.gets(letter("jo@park.example", subject="Another thing", id_="<2@p>"))
        shop.did("ann", "merge", conversation=other, into=1)
        shop.hands_over(shop.replies("ann", 1))
    else:
        settings = replace(SETTINGS, automatic_sending=False)
    assert live(shop, 20, settings) == []
    assert by_itself(shop) == []


def test_closing_that_is_taken_back_has_never_been(shop: Desk) -> None:
    switch(shop)
    shop.did("ann", "close", conversation=1)
    assert not shop.state(1).nudge_at
    shop.did("ann", "undo", by="ann")
    assert live(shop, 4) == ["Thu 19 09"]


def test_off_and_on_again_sends_no_text_twice(shop: Desk) -> None:
    switch(shop)
    live(shop, 4)
    switch(shop, on=False)
    live(shop, 1)
    switch(shop, on=True)
    live(shop, 30)
    assert len({item.reply for item in by_itself(shop)}) == 2
    assert len(by_itself(shop)) == 2


def test_another_answer_of_ours_puts_the_next_off(shop: Desk) -> None:
    switch(shop)
    live(shop, 2)
    shop.hands_over(shop.replies("ann", 1, text="One thing more."))
    assert live(shop, 6) == ["Mon 23 09"]  # three days after that one is a Saturday


def test_one_that_comes_back_is_the_last(shop: Desk) -> None:
    switch(shop)
    assert live(shop, 5, state="failed") == ["Thu 19 09"]
    assert shop.state(1).status is Status.OPEN
    assert live(shop, 20) == []


def test_one_that_was_given_up_is_the_last(shop: Desk) -> None:
    switch(shop)
    shop.now += 3 * DAY
    assert nudging.send(shop.store, SETTINGS, shop.now) == 1
    assert nudging.send(shop.store, SETTINGS, shop.now + 9 * DAY) == 0  # it is still under way
    (message,) = [item.id for item in by_itself(shop)]
    shop.store.sending.drop(message, shop.tick())
    assert live(shop, 20) == []


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        (("no such name", "last reminder"), "there is no saved reply called “no such name”"),
        (("What is your {order}, please?", "last reminder"), "nobody knows what to write for {order}"),
    ],
)
def test_what_cannot_be_written_ends_them_and_says_so(shop: Desk, texts: tuple[str, ...], why: str) -> None:
    switch(shop)
    broken = replace(SETTINGS, nudges=NudgePace(SETTINGS.nudges.after, texts))
    assert live(shop, 4, broken) == ["Thu 19 09"]
    said = shop.store.events(1)[-1]
    assert (said.type, said.data["on"], said.why) == (EventType.NUDGING, False, why)
    assert live(shop, 20, broken) == []
    assert by_itself(shop) == []


def test_names_of_two_saved_replies_that_say_the_same_are_one_text(shop: Desk) -> None:
    shop.store.documents.save_reply(SavedReply("other", "Shall we close this?  Write to us any time."))
    same = replace(SETTINGS, nudges=NudgePace(SETTINGS.nudges.after, ("other", "last reminder")))
    switch(shop)
    live(shop, 20, same)
    assert len(by_itself(shop)) == 1
    assert shop.store.events(1)[-1].why == "the same text has gone already"


def test_an_address_gets_one_such_message_a_day(shop: Desk) -> None:
    other = shop.gets(letter("Jo Park <jo@park.example>", subject="Another thing", id_="<2@p>"))
    shop.hands_over(shop.replies("ann", other))
    for number in (1, other):
        shop.did("ann", "nudge", conversation=number, after=SETTINGS.nudges.after)
    shop.now += 3 * DAY + 600
    assert nudging.send(shop.store, SETTINGS, shop.now) == 2  # one goes, one is put off
    assert nudging.send(shop.store, SETTINGS, shop.tick()) == 0
    put_off = shop.store.events(other)[-1]
    assert put_off.data["not_before"] == shop.now - 1 + DAY
    assert shop.state(other).nudge_at == put_off.data["not_before"]
    shop.now += DAY + 60
    for going in shop.store.sending.due(shop.now):
        shop.hands_over(going.message)
    assert nudging.send(shop.store, SETTINGS, shop.now) == 1


def test_nothing_begins_where_nobody_is_waited_for_or_nothing_is_set(shop: Desk) -> None:
    refused = shop.do("ann", "nudge", conversation=1).refusal
    assert refused is not None and refused.reason == "No nudges are set up."
    says(shop)
    refused = switch(shop).refusal
    assert refused is not None and refused.reason == "We do not wait for the customer here."


def test_nothing_goes_before_all_mail_is_here(shop: Desk) -> None:
    """Perhaps the customer has answered, and the worker was away or the server out of reach."""
    mailbox = Mailbox("support", OURS, OURS, "127.0.0.1", 993, "tls", "127.0.0.1", 465, "tls")
    settings = replace(SETTINGS, mailboxes=(mailbox,))
    switch(shop)
    shop.store.show_mailbox(MailboxState("support", "network", shop.now, shop.now))
    assert live(shop, 5, settings) == []
    shop.now += DAY  # a Sunday; then it is Monday
    live(shop, 1, settings)
    shop.store.show_mailbox(MailboxState("support", "watching", shop.now, shop.now + HOUR))
    assert live(shop, 1 / 24, settings) == ["Mon 23 10"]


def test_who_wants_answers_only_is_not_nudged(shop: Desk) -> None:
    shop.did("ann", "customer-edit", customer=shop.state(1).customer, stop=True)
    switch(shop)
    live(shop, 5)
    assert by_itself(shop) == []
    assert shop.store.events(1)[-1].why == "the customer wants answers only"


def test_a_restored_workspace_does_not_go_on_by_itself(shop: Desk) -> None:
    switch(shop)
    with shop.store.writing() as transaction:
        epoch.hold(transaction.connection)
    live(shop, 20)
    assert by_itself(shop) == []
    assert "restored" in shop.store.events(1)[-1].why
    switch(shop, on=True)
    live(shop, 9)
    assert len(by_itself(shop)) == 2


# --------------------------------------------------------------------------- check-ins


def test_a_check_in_goes_by_itself_and_leaves_it_closed(shop: Desk) -> None:
    shop.did("ann", "close", conversation=1)
    until = usual(SETTINGS, shop.now)
    assert (
        datetime.fromtimestamp(until, UTC).strftime("%a %H:%M") == "Mon 09:00"
    )  # five days end on a Saturday
    shop.did("ann", "check-in", conversation=1, until=until)
    assert live(shop, 20) == ["Mon 23 09"]
    assert [item.reply for item in by_itself(shop)] == ["Is all well now, Jo?"]
    here = shop.state(1)
    assert (here.status, here.follow_up_at) == (Status.CLOSED, None)


def test_a_check_in_that_cannot_go_when_it_is_due_comes_back_to_a_person(shop: Desk) -> None:
    shop.did("ann", "close", conversation=1)
    shop.did("ann", "check-in", conversation=1, until=shop.now + 5 * DAY)  # a Saturday
    assert live(shop, 5 + 3 / 24) == []
    assert shop.state(1).status is Status.CLOSED
    assert live(shop, 2) == []
    assert (shop.state(1).status, shop.store.rows([1])[0].due_at is not None) == (Status.OPEN, True)


@pytest.mark.parametrize("automatic", [True, False])
def test_a_check_in_is_cancelled_when_the_customer_writes(shop: Desk, automatic: bool) -> None:
    settings = replace(SETTINGS, automatic_sending=automatic)
    shop.did("ann", "close", conversation=1)
    shop.did("ann", "check-in", conversation=1, until=shop.now + 2 * DAY)
    live(shop, 1, settings)
    says(shop)
    shop.hands_over(shop.replies("ann", 1))
    shop.did("ann", "close", conversation=1)
    assert live(shop, 9, settings) == []
    assert by_itself(shop) == []
    assert shop.state(1).status is Status.CLOSED


def test_without_automatic_sending_a_person_is_brought_to_it(shop: Desk) -> None:
    settings = replace(SETTINGS, automatic_sending=False)
    shop.did("ann", "close", conversation=1)
    until = shop.now + 2 * DAY
    shop.did("ann", "check-in", conversation=1, until=until)
    live(shop, 3, settings)
    here = shop.store.rows([1])[0]
    assert (here.conversation.status, here.due_at) == (Status.OPEN, until)
    woken = shop.store.events(1)[-1]
    assert (woken.type, woken.why, woken.at - until < 2 * HOUR) == (
        EventType.WOKEN,
        "to be followed up",
        True,
    )
    assert by_itself(shop) == []


# --------------------------------------------------------------------------- once, whoever tries and dies

TICKER = """
import sys
from pathlib import Path
from inbox import nudging
from storage.workspace import open_store
from tests.faults.kill import mortal
from tests.test_nudges import SETTINGS
store = open_store(Path(sys.argv[1]), cache_kb=1000, busy_seconds=60)
store.change = mortal(store.change, "change")
print("ready", flush=True)
while not Path(sys.argv[3]).exists():
    pass
for turn in range(9):
    nudging.send(store, SETTINGS, int(sys.argv[2]) + turn)
print("end", flush=True)
"""


def test_two_that_tick_at_once_and_one_that_is_killed_send_each_once(tmp_path: Path) -> None:
    shop = desk(tmp_path, SETTINGS)
    for number in range(8):
        one = shop.gets(
            letter(f"Jo Park <c{number}@park.example>", id_=f"<{number}@p>", subject=f"Matter {number}")
        )
        shop.hands_over(shop.replies("ann", one, to=f"c{number}@park.example"))
        shop.did("ann", "nudge", conversation=one, after=SETTINGS.nudges.after)
    shop.now += 3 * DAY
    go = tmp_path / "go"
    given = (str(shop.store.workspace), str(shop.now), str(go))
    with ExitStack() as stack:
        others = [stack.enter_context(python_child(TICKER, *given)) for _ in range(2)]
        for child in others:
            wait_for(child, "ready")
        dying = stack.enter_context(
            python_child(TICKER, *given[:2], str(tmp_path), crash_at="after change:2")
        )  # nobody has to tell it to go: it comes first, so that there is something left to die with
        assert dying.process.wait(60) == -signal.SIGKILL
        go.touch()
        assert [child.finish(60)[-4:] for child in others] == ["end\n"] * 2
    rows = shop.store.read(
        "SELECT home, count(*) FROM events WHERE type = 2 AND json_extract(data, '$.by') = 'nudge' GROUP BY home"
    )
    assert [count for _, count in rows] == [1] * 8
    assert len(shop.store.sending.due(shop.tick(60))) == 8
    shop.verified()
    shop.store.close()
