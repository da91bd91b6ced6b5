"""Closing well: what came of it, whose doing it was, what customers are given; by keys and by commands."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.actions.goodwill import Allowance, allowance
from inbox.model import EventType, Refusal, Role, Status, Who
from inbox.money import Sum, added, parse_sum
from inbox.outcomes import GIVEN, OUTCOMES, in_words, letters
from inbox.queries import parse
from inbox.settings import Goodwill, Settings, Teammate
from storage.workspace import Workspace
from tests.front import Front
from tests.screenplay import playing
from tests.stores import DAY, Desk, desk

SETTINGS = Settings(
    host_zone="UTC",
    team=(Teammate("olga", Role.OWNER), Teammate("anna"), Teammate("bo", goodwill_limit="50")),
    goodwill=Goodwill(month="60"),
)


@pytest.fixture
def here(tmp_path: Path) -> Desk:
    return desk(tmp_path)


def refused(here: Desk, who: str, verb: str, **arguments: Any) -> str:
    refusal = here.do(who, verb, **arguments).refusal
    assert isinstance(refusal, Refusal)
    return f"{refusal.reason} {refusal.next_step}".strip()


def found(here: Desk, query: str) -> list[int]:
    return sorted(here.store.ids(parse(query, here.now, UTC), Who("anna"), here.now))


# --------------------------------------------------------------------------- what came of it


def test_a_closing_says_what_came_of_it_and_whose_doing_it_was(here: Desk) -> None:
    first, second = here.gets(), here.gets()
    here.did("anna", "close", conversation=first, why="elsewhere", cause="carrier")
    here.did("anna", "close", conversation=second, why="referred", to="the town hall")
    state = here.state(first)
    assert (state.closed_why, state.cause, state.referred) == ("elsewhere", "carrier", None)
    assert here.state(second).referred == "the town hall"
    assert found(here, "cause:carrier") == found(here, "outcome:elsewhere") == [first]
    assert found(here, "outcome:referred") == [second]
    here.verified()


def test_it_can_be_said_afterwards_and_taken_back(here: Desk) -> None:
    conversation = here.gets()
    here.did("anna", "close", conversation=conversation, why="thanks")
    here.did("bo", "outcome", conversation=conversation, cause="warehouse")
    assert (here.state(conversation).closed_why, here.state(conversation).cause) == ("thanks", "warehouse")
    here.did("bo", "outcome", conversation=conversation, outcome="referred", to="the maker")
    state = here.state(conversation)
    assert (state.closed_why, state.cause, state.referred) == ("referred", "warehouse", "the maker")
    assert "already" in refused(
        here, "bo", "outcome", conversation=conversation, outcome="referred", to="the maker"
    )
    here.did("bo", "outcome", conversation=conversation, outcome="resolved", cause="")
    assert (here.state(conversation).cause, here.state(conversation).referred) == (None, None)
    here.verified()
    here.did("bo", "undo", by="bo")
    assert here.state(conversation).referred == "the maker"
    here.did("anna", "undo", by="anna")
    state = here.state(conversation)
    assert (state.status, state.closed_why, state.cause) == (Status.OPEN, None, None), (
        "with the closing goes what was said"
    )
    here.verified()


def test_opening_again_forgets_it_and_a_merge_keeps_it(here: Desk) -> None:
    first, second = here.gets(), here.gets()
    for each in (first, second):
        here.did("anna", "close", conversation=each, why="elsewhere", cause="carrier")
    here.did("anna", "merge", conversation=second, into=first)
    assert here.state(first).cause == "carrier"
    here.verified()
    here.did("anna", "reopen", conversation=first)
    assert here.state(first).cause is None
    here.verified()


def test_nothing_ends_at_a_dead_end(here: Desk) -> None:
    conversation = here.gets()
    assert "where the customer was referred" in refused(
        here, "anna", "close", conversation=conversation, why="referred", to=" "
    )
    (event,) = here.did("anna", "close", conversation=conversation, why="not-ours")
    assert event.data["unheard"], "it is said that the customer has not heard so"
    here.did("anna", "reopen", conversation=conversation)
    here.hands_over(here.replies("anna", conversation))
    (event,) = here.did("anna", "close", conversation=conversation, why="not-ours")
    assert "unheard" not in event.data
    assert 'did you mean "resolved"?' in refused(
        here, "anna", "outcome", conversation=conversation, outcome="resolvd"
    )
    assert "one line" in refused(here, "anna", "outcome", conversation=conversation, cause="a\nb")


def test_a_mistake_of_ours_brings_somebody_back_in_the_same_action(here: Desk) -> None:
    conversation = here.gets()
    here.hands_over(here.replies("anna", conversation))
    events = here.did(
        "anna",
        "close",
        conversation=conversation,
        why="resolved",
        cause="our mistake",
        check_in=here.now + 2 * DAY,
    )
    assert [event.type for event in events] == [EventType.CLOSED, EventType.FOLLOW_UP]
    assert here.state(conversation).status is Status.CLOSED
    here.verified()
    here.did("anna", "undo", by="anna")
    state = here.state(conversation)
    assert (state.status, state.follow_up_at) == (Status.WAITING, None)


def test_each_cause_has_a_letter_of_its_own() -> None:
    assert letters(["carrier", "warehouse", "customer", "cc"]) == {
        "c": "carrier", "w": "warehouse", "u": "customer", "1": "cc"}  # fmt: skip
    assert letters(["Lager", "Überweisung", "été"]) == {"l": "Lager", "b": "Überweisung", "t": "été"}
    assert in_words("referred", "the town hall", "site") == "referred elsewhere: the town hall · site"
    keys = [OUTCOMES[word].key for word in GIVEN]
    assert len(set(keys)) == len(keys) and [OUTCOMES[w].key for w in ("thanks", "elsewhere", "not-ours", "no-answer")] == [
        "t", "w", "o", "n"]  # fmt: skip


# --------------------------------------------------------------------------- goodwill


def gives(
    here: Desk, who: str, conversation: int, typed: str, kind: str = "refund", role: Role = Role.AGENT
) -> str:
    """Somebody gives something; the refusal, "" when it was done."""
    outcome = here.do(
        who,
        "goodwill",
        role,
        conversation=conversation,
        kind=kind,
        amount=parse_sum(typed, "EUR"),
        reason="late parcel",
        allowed=allowance(SETTINGS, Who(who, role), here.now, UTC),
    )
    return f"{outcome.refusal.reason} {outcome.refusal.next_step}" if outcome.refusal is not None else ""


def test_what_is_given_is_written_down_and_taken_back(here: Desk) -> None:
    conversation = here.gets()
    assert gives(here, "anna", conversation, "10") == ""
    assert gives(here, "anna", conversation, "7.50 USD") == ""
    assert gives(here, "anna", conversation, "", "free shipping") == ""
    assert here.state(conversation).goodwill == 3 and found(here, "is:goodwill") == [conversation]
    panel = here.store.panel(here.state(conversation).customer)
    assert panel is not None
    assert [(g.kind, g.amount, g.currency, g.reason) for g in panel.gifts] == [
        ("free shipping", None, None, "late parcel"), ("refund", "7.50", "USD", "late parcel"),
        ("refund", "10", "EUR", "late parcel")]  # fmt: skip
    here.verified()
    here.did("anna", "undo", by="anna")
    here.did("anna", "undo", by="anna")
    panel = here.store.panel(here.state(conversation).customer)
    assert panel is not None and len(panel.gifts) == here.state(conversation).goodwill == 1
    here.verified()


def test_more_than_one_may_give_is_refused_with_who_may(here: Desk) -> None:
    first, second = here.gets(), here.gets()
    assert "An owner may: ask olga." in gives(here, "anna", first, "20.01")
    assert gives(here, "anna", first, "20") == ""
    assert "That makes 20.01 EUR here." in gives(here, "anna", first, "0.01")
    assert gives(here, "anna", first, "20 USD") == "", "currencies are never added"
    assert "20 %" in gives(here, "anna", first, "25%", "discount")
    assert gives(here, "bo", first, "50") == "", "a limit of one's own"
    assert "this month" in gives(here, "bo", second, "10.50"), "over all conversations"
    assert gives(here, "olga", second, "500", role=Role.OWNER) == "", "an owner may always"
    here.did("bo", "undo", by="bo")
    assert gives(here, "bo", second, "10.50") == "", "what was taken back does not count"
    here.tick(31 * DAY)
    assert gives(here, "bo", second, "35") == "", "another month"


def test_goodwill_says_what_and_why(here: Desk) -> None:
    conversation = here.gets()
    free = Allowance("anna", Decimal(20), Decimal(20), None, 0, ())
    assert "needs a sum" in gives(here, "anna", conversation, "")
    assert "does not say why" in refused(
        here,
        "anna",
        "goodwill",
        conversation=conversation,
        kind="gift",
        amount=None,
        reason=" ",
        allowed=free,
    )


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [("10", "10", "EUR"), ("10,50", "10.50", "EUR"), ("10 usd", "10", "USD"), ("€10", "10", "EUR"), ("10 %", "10", "%"),
     ("1.000,50", "1000.50", "EUR"), ("1,000,000.5 CHF", "1000000.50", "CHF"), ("1 234,56", "1234.56", "EUR")],
)  # fmt: skip
def test_sums_are_read_as_people_write_them(text: str, number: str, unit: str) -> None:
    assert parse_sum(text, "EUR") == Sum(Decimal(number), unit)
    assert str(parse_sum(text, "EUR")) == f"{number} {unit}"


@pytest.mark.parametrize(
    "text", ["", "0", "-5", "ten", "1.000", "1,000", "10.", "1e5", "101%", "10 10", "5 euros", "€5€"]
)
def test_what_could_be_two_sums_is_none(text: str) -> None:
    assert parse_sum(text, "EUR") is None


@given(st.lists(st.tuples(st.decimals(0, 10**6, places=2), st.sampled_from(["EUR", "USD", "%"]))))
def test_sums_are_exact_and_of_one_currency_each(given_: list[tuple[Decimal, str]]) -> None:
    sums = added(Sum(*each) for each in given_)
    assert [each.unit for each in sums] == sorted(
        {unit for _, unit in given_}, key=lambda unit: (unit == "%", unit)
    )
    for each in sums:
        cents = sum(int(number * 100) for number, unit in given_ if unit == each.unit)
        assert each.number * 100 == cents


# --------------------------------------------------------------------------- told as a story


def test_the_story_by_commands(shop_front: Front) -> None:
    front = shop_front
    ran = front.run("close", "1", "--why", "not-ours")
    assert ran.status == 0 and "has not heard that it is not yours" in ran.err
    front.ok("undo")
    assert 'did you mean "carrier"?' in front.run("close", "1", "--cause", "carier").err
    assert 'did you mean "referred"?' in front.run("close", "1", "--why", "refered").err
    ran = front.ok("close", "1", "--cause", "our mistake")
    assert "Your own mistake" in ran.err
    front.ok(
        "outcome", "1", "--outcome", "referred", "--to", "the maker", "--cause", "carrier", "--check-in", "3d"
    )
    (told,) = front.json("show", "1")
    assert told["closed"]["outcome"] == "referred" and told["closed"]["referred_to"] == "the maker"
    assert told["closed"]["cause"] == "carrier" and told["closed"]["at"]
    assert "referred elsewhere: the maker · carrier" in front.ok("show", "1").out
    assert [each["id"] for each in front.json("list", "cause:carrier")] == ["1"]
    refusal = front.run("goodwill", "2", "--kind", "refund", "--amount", "30", "--reason", "late", who="bo")
    assert refusal.status == 1 and "An owner may: ask anna." in refusal.err
    front.ok("goodwill", "2", "--kind", "refund", "--amount", "9,50", "--reason", "late", who="bo")
    assert front.run("goodwill", "2", "--kind", "refnd", "--reason", "x").status == 2
    assert front.run("goodwill", "2", "--kind", "refund", "--amount", "1.000", "--reason", "x").status == 2
    (told,) = front.json("show", "2")
    customer = told["customer"]["id"]
    front.ok("customer", "edit", customer, "--stop")
    assert [each["id"] for each in front.json("customer", "list", "is:stop")] == [customer]
    front.ok("customer", "edit", customer, "--no-stop")
    assert front.json("customer", "list", "is:stop") == []
    assert [each["id"] for each in front.json("list", "is:goodwill")] == ["2"]
    shown = front.ok("customer", "show", customer).out
    assert "goodwill 1x: 9.50 EUR" in shown and "refund 9.50 EUR by bo: late" in shown
    (whole,) = front.json("customer", "show", customer)
    assert [(g["amount"], g["currency"]) for g in whole["goodwill"]] == [("9.50", "EUR")] and whole[
        "feedback"
    ] == []
    assert "bo goodwill refund 9.50 EUR (late)" in front.ok("show", "2").out


async def test_the_story_by_keys(store: Workspace) -> None:
    async with playing(store, (160, 48)) as stage:
        await stage.press("enter")
        subject = stage.app.screen.query_one("#list").row.subject  # type: ignore[attr-defined]  # the list pane
        await stage.press("$", "r")
        assert "Refund of" in stage.asked
        await stage.type("1.000")
        assert "10, 10.50, 10 EUR or 10%" in stage.text
        await stage.press("enter")
        assert "no sum" in stage.said
        await stage.type("9,50")
        assert "9.50 EUR" in stage.text
        await stage.press("enter")
        assert "Why the refund of 9.50 EUR?" in stage.asked
        await stage.type("parcel was late")
        await stage.press("enter")
        assert "Goodwill: refund 9.50 EUR. u takes it back." in stage.said
        assert "goodwill 1x: 9.50 EUR" in stage.pane("customer")
        assert "gave refund 9.50 EUR (parcel was late)" in stage.text
        await stage.press("g c")
        assert "Close it. What came of it" in stage.asked
        for letter in "rtwonfq":
            assert f" {letter} " in stage.text
        await stage.press("f")
        await stage.type("the town hall")
        await stage.press("enter")
        assert "Whose doing was it?" in stage.asked
        await stage.press("o")
        assert "Our own mistake: come back to them?" in stage.asked
        await stage.press("y")
        assert "Closed. u takes it back." in stage.said
        await stage.press("u")
        assert "Undone" in stage.said
        assert stage.pane("conversation").splitlines()[0].strip().startswith(subject[:10])
        await stage.press("g c", "o", "-")
        assert "Closed: the customer has not heard that it is not ours. u takes it back." in stage.said
        await stage.press("u", "u", "u")
        assert "goodwill" not in stage.pane("customer")


async def test_stop_is_a_key_in_the_panel(store: Workspace) -> None:
    async with playing(store, (160, 48)) as stage:
        await stage.press("enter", "i", "e", "s")
        assert "stop: answers only, no announcements" in stage.pane("customer")
        await stage.press("e")
        assert "may be asked and told again" in stage.text
        await stage.press("s")
        assert "stop:" not in stage.pane("customer")


async def test_a_closing_is_corrected_in_its_place_and_stands_in_the_header(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("enter", "g c", "w", "c")
        await stage.press("u")
        await stage.press("e", "w")
        await stage.press("9", "enter", "g c")
        assert "What came of it" in stage.asked and "Close it" not in stage.asked
        await stage.press("q", "w")
        assert "Outcome: gone quiet · warehouse" in stage.said
        assert "closed: gone quiet · warehouse" in stage.text
