"""The outbox on the screen: what each state means for the customer, and the keys that help."""

from __future__ import annotations

import pytest

from inbox.actions import decision
from inbox.delivery_words import VERBS, delivery
from inbox.model import Role, Who
from inbox.ports import Going, OutboxLine, Recipient, Result
from inbox.views import VIEWS
from storage.outbox_record import WORST
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import ME, NOW

JO, LEA = "jo@park.example", "lea@krol.example"
SUPPORT = "support@shop.example"
HOUR = 3600


def waits(store: Workspace, to: str = JO, who: Who = ME, **more: object) -> Going:
    """An answer that is due."""
    given = {"conversation": 1, "text": "Soon.", "to": [to], "sender": SUPPORT, "leave_after": 0} | more
    outcome = store.change(*decision("reply", **given), who, NOW)
    assert outcome.refusal is None, outcome.refusal
    return next(one for one in store.sending.due(NOW) if one.message == outcome.events[0].message)


def comes_to(store: Workspace, state: str, words: str, to: str = JO) -> int:
    """An answer of which this has become."""
    going = waits(store, to)
    store.sending.phase(going.message, "connecting", NOW)
    store.sending.phase(going.message, "data", NOW)
    results = dict.fromkeys(going.recipients, Result(state, words))
    store.sending.settle(going, results, NOW, NOW + HOUR)
    return going.message


def state_of(store: Workspace, message: int) -> str:
    return str(store.read("SELECT state FROM outbox WHERE message = ?", (message,))[0][0])


async def test_each_message_says_what_it_means_for_the_customer_and_what_to_press(store: Workspace) -> None:
    comes_to(store, "refused-for-now", "4.7.1 greylisted")
    comes_to(store, "unknown", "The line was lost.", LEA)
    async with playing(store, (100, 30)) as stage:
        await stage.press("g o")
        text = stage.pane("outbox")
        unknown, refused = text.index("nobody knows"), text.index("refused for now")
        assert unknown < refused  # what waits for a person stands on top
        assert "the customer may have it" in text
        assert "x sends it again (perhaps twice), d gives it up" in " ".join(text.split())
        assert "it is tried again at" in " ".join(text.split())
        assert "“4.7.1 greylisted”" in text
        assert "x send again" in stage.said
        await stage.press("j", "enter")
        assert stage.app.inbox.place == "conversation"
        await stage.press("g o", "q")
        assert stage.app.inbox.place == "conversation"


async def test_the_views_of_what_failed_and_what_waits_lead_to_it(store: Workspace) -> None:
    comes_to(store, "failed", "5.1.1 nobody")
    async with playing(store) as stage:
        stage.app.inbox.shelf.open_view("failed")
        await stage.rest()
        assert "Failed to send" in stage.pane("list")
        assert "g o says of each message" in stage.said


async def test_an_unknown_one_is_sent_again_by_a_person_who_is_sure(store: Workspace) -> None:
    message = comes_to(store, "unknown", "The line was lost.")
    async with playing(store) as stage:
        await stage.press("g o", "x")
        assert "may have it already" in stage.asked
        await stage.press("n")
        assert state_of(store, message) == "unknown"
        await stage.press("x", "y")
        assert state_of(store, message) == "queued"
        assert "It goes again" in stage.said
        assert "waits" in stage.pane("outbox")


async def test_a_failed_one_is_given_up_only_after_a_yes(store: Workspace) -> None:
    message = comes_to(store, "failed", "5.1.1 \x1b[31mnobody")
    async with playing(store) as stage:
        await stage.press("g o", "d")
        assert "Give it up?" in stage.asked
        await stage.press("y")
        assert state_of(store, message) == "dropped"
        assert "Nothing waits to be sent." in stage.pane("outbox")
        await stage.press("d")
        assert "Nothing waits to be sent." in stage.said


async def test_what_is_held_is_let_go_by_who_may(store: Workspace) -> None:
    trainee = Who("tim", Role.TRAINEE)
    outcome = store.change(
        *decision("reply", conversation=1, text="Soon.", to=[JO], sender=SUPPORT, leave_after=0), trainee, NOW
    )
    message = outcome.events[0].message or 0
    async with playing(store, who=trainee) as stage:
        await stage.press("g o", "r")
        assert "not for a trainee" in stage.said
        assert state_of(store, message) == "held"
    async with playing(store) as stage:
        await stage.press("g o", "x")
        assert "This one is held." in stage.said
        await stage.press("r")
        assert state_of(store, message) == "queued"
        await stage.press("r")
        assert "not held" in stage.said or "said yes already" in stage.said


async def test_who_wrote_what_is_delayed_is_told_in_the_conversation_and_in_for_me(store: Workspace) -> None:
    going = waits(store)
    store.sending.phase(going.message, "connecting", NOW)
    results = {JO: Result("refused-for-now", "4.7.1 try later")}
    store.sending.settle(going, results, NOW + 4 * HOUR, NOW + 5 * HOUR, notice=True)
    for_me = VIEWS["for-me"].node
    assert list(store.ids(for_me, ME, NOW)) == [1]
    assert not store.ids(for_me, Who("bo"), NOW)
    async with playing(store) as stage:
        await stage.press("4", "enter")
        assert "not delivered yet, since 11:05, and tried again by itself (4.7.1 try later)" in " ".join(
            stage.pane("conversation").split()
        )
    store.change(*decision("note", conversation=1, text="I call them."), ME, NOW + 5 * HOUR)
    assert not store.ids(for_me, ME, NOW)  # seen: she has done something about it


async def test_a_mailbox_that_may_not_send_more_says_until_when(store: Workspace) -> None:
    waits(store, mailbox="support")
    store.sending.pause("support", "5.4.5 Daily limit", NOW)
    async with playing(store) as stage:
        await stage.press("g o")
        assert "support may not send more until about 11:" in stage.pane("outbox")
        await stage.press("r")
        assert store.sending.paused(NOW) == {}


KINDS = [
    *((state, "") for state in WORST if state != "held"),
    *(("held", by) for by in ("approval", "restored", "quota")),
]


@pytest.mark.parametrize(("state", "held_by"), KINDS)
def test_every_state_has_its_sentence(state: str, held_by: str) -> None:
    recipients = (Recipient(JO, state), Recipient(LEA, "sent"))
    line = OutboxLine(
        7,
        1,
        "<7@shop.example>",
        state,
        NOW,
        NOW,
        recipients,
        "Parcel",
        held_by,
        next_try=NOW + 60,
        mailbox="support",
    )
    told = delivery(line, NOW, str, lambda verb: f":{verb}")
    assert told.stands
    assert told.means.endswith(".")
    assert "{" not in told.means + told.step
    assert "customer" in told.means
    assert set(told.verbs) <= set(VERBS)
    assert all(f":{verb}" in told.step for verb in told.verbs)
    assert (f"{LEA} has it already" in told.means) == (state != "sent")
    assert told.urgent == (state in ("failed", "unknown") or held_by in ("approval", "restored"))


def test_braces_in_an_address_are_part_of_the_address() -> None:
    line = OutboxLine(
        *(7, 1, "<7@shop.example>", "failed", NOW, NOW),
        (Recipient("{jo}@park.example", "sent"), Recipient(LEA, "failed")),
        "Parcel",
    )
    told = delivery(line, NOW, str, lambda verb: f":{verb}")
    assert told.means.startswith("{jo}@park.example has it already. For the others: the customer")
