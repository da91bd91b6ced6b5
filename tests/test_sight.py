"""Nothing unanswered is ever out of sight: stories of what could be forgotten, over a real store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inbox.listing import Role, Who
from inbox.model import Conversation, Event, EventType, Status
from inbox.ports import Draft
from inbox.sight import OLD_DRAFT, out_of_sight
from inbox.sight import Desk as Around
from inbox.views import VIEWS
from tests.faults.clock import MONDAY
from tests.stores import DAY, Desk, desk, letter

JO, WIN = "jo@park.example", "win@lottery.example"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    made = desk(tmp_path)
    yield made
    made.store.close()


def come(shop: Desk, sender: str = JO, **how: object) -> int:
    """A new mail with a subject of its own."""
    shop.count += 1
    raw = letter(sender, at=shop.now, id_=f"<{shop.count}@park.example>", subject=f"Matter {shop.count}")
    return shop.gets(raw, **how)


def answered(shop: Desk) -> int:
    """Jo has written, and anna has answered."""
    conversation = come(shop)
    shop.hands_over(shop.replies("anna", conversation))
    return conversation


def in_view(shop: Desk) -> list[int]:
    anna = Who("anna", Role.OWNER)
    found = list(shop.store.ids(VIEWS["out-of-sight"].node, anna, shop.now, 50))
    assert shop.store.counts(anna, shop.now)["out-of-sight"] == len(found)
    return found


def told(shop: Desk, *team: str) -> list[tuple[str, str]]:
    """What `verify` says is out of sight: of which conversation, and what helps."""
    problems = shop.store.verify(shop.now, team)
    assert {each.kind for each in problems} <= {"out of sight"}, problems
    assert all(f" {each.subject}" in each.next and "message " in each.detail for each in problems)
    return [(each.subject, each.detail) for each in problems]


def test_spam_of_somebody_we_have_answered_is_looked_at_by_a_person(shop: Desk) -> None:
    answered(shop)
    lost = come(shop, junk=True)
    assert shop.state(lost).status is Status.SPAM
    assert in_view(shop) == [lost]
    ((subject, detail),) = told(shop)
    assert subject == str(lost) and "no person called it spam" in detail
    shop.did("anna", "spam", conversation=lost)
    assert in_view(shop) == [] and told(shop) == []
    assert shop.do("anna", "spam", conversation=lost).refusal is not None


def test_spam_that_is_none_is_open_again_with_its_clock(shop: Desk) -> None:
    answered(shop)
    lost = come(shop, junk=True)
    shop.did("anna", "reopen", conversation=lost)
    assert in_view(shop) == [] and told(shop) == []
    assert shop.store.rows([lost])[0].due_at is not None


def test_spam_of_strangers_stays_out_of_the_way(shop: Desk) -> None:
    answered(shop)
    come(shop, WIN, junk=True)
    assert in_view(shop) == [] and told(shop) == []


def test_old_spam_that_an_import_brings_is_history(shop: Desk) -> None:
    answered(shop)
    come(shop, junk=True, history=True)
    assert in_view(shop) == [] and told(shop) == []


def test_what_a_block_puts_into_spam_is_seen_where_we_had_answered_them(shop: Desk) -> None:
    first = answered(shop)
    shop.did("anna", "block", conversation=first)
    assert in_view(shop) == [] and told(shop) == [], "anna has said so herself"
    again = come(shop)
    assert shop.state(again).status is Status.SPAM
    assert in_view(shop) == [again] == [int(subject) for subject, _ in told(shop)]


def test_more_mail_in_what_a_person_called_spam_changes_nothing(shop: Desk) -> None:
    first = answered(shop)
    shop.did("anna", "spam", conversation=first)
    more = letter(JO, at=shop.now, id_="<more@park.example>", answers=["<1@park.example>"])
    assert shop.gets(more) == first
    assert in_view(shop) == [] and told(shop) == []


def test_what_could_not_be_read_and_lies_in_spam_may_be_anybodys(shop: Desk) -> None:
    lost = come(shop, WIN, junk=True, quarantine=True)
    assert in_view(shop) == [lost] == [int(subject) for subject, _ in told(shop)]
    assert "could not be read" in told(shop)[0][1]


def test_an_answer_that_was_begun_and_forgotten_while_the_customer_waits(shop: Desk) -> None:
    conversation = come(shop)
    shop.store.save_draft(Draft(conversation, "ben", "reply", "Dear Jo, ", at=shop.now))
    shop.tick(OLD_DRAFT + 2)
    assert told(shop) == [], "it is open, and its clock runs"
    shop.did("anna", "snooze", conversation=conversation, until=shop.now + 30 * DAY)
    ((subject, detail),) = told(shop)
    assert subject == str(conversation) and "ben began 3 days ago" in detail
    shop.store.save_draft(Draft(conversation, "ben", "reply", "Dear Jo, yes", at=shop.now))
    assert told(shop) == []


def test_what_lies_with_somebody_who_has_left(shop: Desk) -> None:
    conversation = come(shop)
    shop.did("anna", "assign", conversation=conversation, to="ben")
    assert told(shop) == [] == told(shop, "anna", "ben")
    ((subject, detail),) = told(shop, "anna")
    assert subject == str(conversation) and "for ben, who is no teammate" in detail
    shop.hands_over(shop.replies("anna", conversation))
    assert told(shop, "anna") == [], "nobody waits there"


def test_an_answer_that_came_back_and_was_given_up_leaves_the_customer_in_sight(shop: Desk) -> None:
    conversation = come(shop)
    reply = shop.replies("anna", conversation)
    shop.hands_over(reply, "failed", "550 5.1.1 nobody")
    assert told(shop) == []
    assert shop.store.sending.by(Who("anna", Role.AGENT)).drop(reply, shop.tick())
    assert shop.state(conversation).status is Status.OPEN
    assert shop.store.rows([conversation])[0].due_at is not None
    assert told(shop) == [] == in_view(shop)


def test_each_message_that_waits_is_told_by_itself(shop: Desk) -> None:
    answered(shop)
    lost = come(shop, junk=True)
    more = letter(
        JO, at=shop.now, id_="<more@park.example>", answers=[f"<{shop.count}@park.example>"], subject="Matter"
    )
    assert shop.gets(more) == lost
    assert len(told(shop)) == 2 and in_view(shop) == [lost]


WAITS = Conversation(7, status=Status.WAITING, waiting_since=MONDAY)
CLOSED = Event(EventType.CLOSED, MONDAY, "anna", 7)


@pytest.mark.parametrize(
    ("state", "events", "around", "words"),
    [
        (WAITS, [], Around(None), "no clock, view or date"),
        (WAITS, [], Around(MONDAY), ""),
        (WAITS._replace(notice=True), [], Around(None), ""),
        (WAITS._replace(sending=1), [], Around(None), ""),
        (WAITS._replace(failed=1), [], Around(None), ""),
        (WAITS._replace(approvals=1), [], Around(None), ""),
        (WAITS._replace(status=Status.HELD), [], Around(None), "no clock, view or date"),
        (WAITS._replace(status=Status.HELD, held_until=MONDAY), [], Around(None), ""),
        (WAITS._replace(status=Status.SNOOZED), [], Around(None), "no clock, view or date"),
        (WAITS._replace(status=Status.SNOOZED, snoozed_until=MONDAY), [], Around(None), ""),
        (WAITS._replace(status=Status.OPEN), [], Around(None, timed=True), "no clock runs"),
        (WAITS._replace(status=Status.OPEN), [], Around(None), ""),
        (WAITS._replace(status=Status.CLOSED), [CLOSED], Around(None), ""),
        (WAITS._replace(status=Status.CLOSED), [replace(CLOSED, who="")], Around(None), "nobody said so"),
        (WAITS._replace(status=Status.CLOSED), [replace(CLOSED, void=True)], Around(None), "nobody said so"),
    ],
)
def test_what_proves_that_somebody_will_come_back(
    state: Conversation, events: list[Event], around: Around, words: str
) -> None:
    found = out_of_sight(state, [3], events, around, MONDAY)
    assert [each.message for each in found] == ([3] if words else [])
    assert all(words in each.words and each.next for each in found)
