"""The outbox: phases written down before they begin, a state for each recipient, and nothing sent twice by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.model import EventType, Role, Who
from inbox.ports import Result, TakenBack
from storage.workspace import open_store
from tests.stores import DAY, OURS, Desk, desk, letter

JO, LEA = "jo@park.example", "lea@krol.example"
ANN = Who("ann")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    here = desk(tmp_path)
    here.gets(letter(JO, id_="<1@p>"))
    yield here
    here.verified()
    here.store.close()


def to_both(shop: Desk) -> int:
    return shop.replies("ann", 1, cc=[LEA])


def states(shop: Desk, message: int) -> dict[str, str]:
    return dict(shop.store.read("SELECT address, state FROM outbox_recipients WHERE message = ?", (message,)))


def stored(shop: Desk, message: int) -> str:
    return str(shop.store.read("SELECT state FROM outbox WHERE message = ?", (message,))[0][0])


def settles(shop: Desk, message: int, again: int | None = None, **words: str) -> str:
    """A server answers: jo="sent", lea="failed" …"""
    going = shop.going(message)
    shop.store.sending.phase(message, "connecting", shop.tick())
    shop.store.sending.phase(message, "data", shop.tick())
    by_name = {JO: words.get("jo"), LEA: words.get("lea")}
    results = {a: Result(by_name[a] or "sent", f"about {a}") for a in going.recipients}
    return shop.store.sending.settle(going, results, shop.tick(), again)


# --------------------------------------------------------------------------- on the way


def test_a_reply_leaves_after_its_undo_window_and_is_taken_back_before(shop: Desk) -> None:
    message = shop.replies("ann", 1, leave_after=20)
    assert shop.store.sending.due(shop.now + 19) == []
    assert shop.store.sending.next_at() == shop.now + 20
    shop.did("ann", "undo", by="ann")
    assert shop.store.sending.due(shop.now + DAY) == []
    assert stored(shop, message) == "undone"
    assert (shop.state(1).status.value, shop.state(1).messages) == ("open", 1)
    assert shop.store.items(1)[-1].direction == "in"
    with pytest.raises(TakenBack):
        shop.store.sending.phase(message, "connecting", shop.now)


def test_what_a_reply_was_taken_back_from_takes_part_no_more(shop: Desk) -> None:
    """A wrong recipient of a reply that never left must not get into the conversation by it."""
    shop.replies("ann", 1, cc=["eve@evil.example"], leave_after=20)
    shop.did("ann", "undo", by="ann")
    assert shop.gets(letter("eve@evil.example", id_="<e@e>", answers=["<1@p>"])) != 1


def test_each_phase_is_written_down_before_it_begins(shop: Desk) -> None:
    message = shop.replies("ann", 1)
    outbox = shop.store.sending
    with pytest.raises(TakenBack):
        outbox.phase(message, "data", shop.now)
    outbox.phase(message, "connecting", shop.now)
    assert stored(shop, message) == "connecting"
    assert outbox.due(shop.now + DAY) == []
    assert shop.do("ann", "undo", by="ann").refusal is not None
    outbox.phase(message, "data", shop.now)
    with pytest.raises(TakenBack):
        outbox.phase(message, "connecting", shop.now)


def test_a_death_before_the_data_sends_again_and_one_with_it_under_way_does_not(shop: Desk) -> None:
    early, late = shop.replies("ann", 1), shop.replies("ann", 1)
    shop.store.sending.phase(early, "connecting", shop.now)
    shop.store.sending.phase(late, "connecting", shop.now)
    shop.store.sending.phase(late, "data", shop.now)
    shop.store.sending.recover(shop.tick())
    assert [going.message for going in shop.store.sending.due(shop.now + DAY)] == [early]
    assert (stored(shop, late), states(shop, late)) == ("unknown", {JO: "unknown"})
    assert (shop.state(1).sending, shop.state(1).failed) == (1, 1)
    shop.store.sending.recover(shop.tick())  # nothing more to recover
    assert [e.type for e in shop.store.events(1)].count(EventType.UNKNOWN) == 1


def test_an_accepted_reply_meets_the_clock_at_that_instant(shop: Desk) -> None:
    assert shop.state(1).waiting_since is not None
    message = shop.replies("ann", 1)
    row = shop.store.rows([1])[0]
    assert (row.conversation.waiting_since, row.due_at) == (None, None)
    (clock,) = shop.store.clocks(1, shop.now)
    assert clock.met is None
    assert shop.hands_over(message) == "sent"
    (clock,) = (c for c in shop.store.clocks(1, shop.now) if c.kind == "first_reply")
    assert clock.met == shop.now
    assert [job.kind for job in shop.store.jobs.due(shop.now)] == ["sent-copy"]


def test_a_refused_reply_opens_the_conversation_and_the_clock_goes_on(shop: Desk) -> None:
    due = shop.store.rows([1])[0].due_at
    message = shop.replies("ann", 1)
    assert shop.state(1).status.value == "waiting"
    assert shop.hands_over(message, "failed", "550 5.1.1 nobody") == "failed"
    row = shop.store.rows([1])[0]
    assert (row.conversation.status.value, row.conversation.failed, row.due_at) == ("open", 1, due)
    (line,) = shop.store.outbox()
    assert (line.state, line.recipients[0].detail) == ("failed", "550 5.1.1 nobody")


def test_refused_for_now_waits_and_gives_up_in_the_end(shop: Desk) -> None:
    message = shop.replies("ann", 1)
    assert shop.hands_over(message, "refused-for-now", "451 later", again=shop.now + 400) == "refused-for-now"
    assert shop.store.sending.due(shop.now + 100) == []
    shop.tick(400)
    (going,) = shop.store.sending.due(shop.now)
    assert going.attempts == 1
    assert shop.state(1).sending == 1
    shop.store.sending.settle(going, {JO: Result("refused-for-now", "no line")}, shop.tick(), None)
    assert (stored(shop, message), shop.state(1).failed) == ("failed", 1)


def test_a_customer_who_writes_while_the_reply_is_on_its_way_is_not_answered_by_it(shop: Desk) -> None:
    message = shop.replies("ann", 1, leave_after=20)
    crossing = shop.gets(letter(JO, id_="<2@p>", answers=["<1@p>"], at=shop.now + 5))
    assert crossing == 1
    assert shop.state(1).waiting_since is not None
    shop.hands_over(message)
    row = shop.store.rows([1])[0]
    assert row.conversation.status.value == "open"
    assert row.conversation.waiting_since is not None
    assert row.due_at is not None
    shop.hands_over(shop.replies("ann", 1))
    assert shop.state(1).waiting_since is None


def test_what_was_on_its_way_when_a_reply_was_queued_is_not_answered_by_it(shop: Desk) -> None:
    """The server had it before, we had not seen it."""
    shop.hands_over(shop.replies("ann", 1))
    raw = letter(JO, id_="<2@p>", answers=["<1@p>"], text="And one more thing.")
    assert shop.gets(raw, at=shop.now - 600) == 1
    row = shop.store.rows([1])[0]
    assert row.conversation.status.value == "open"
    assert row.conversation.waiting_since == shop.now - 601
    assert row.due_at is not None


# --------------------------------------------------------------------------- recipients


def test_what_becomes_of_each_recipient_is_told_apart(shop: Desk) -> None:
    message = to_both(shop)
    assert settles(shop, message, jo="sent", lea="failed") == "failed"
    assert states(shop, message) == {JO: "sent", LEA: "failed"}
    here = shop.state(1)
    assert (here.answered, here.failed, here.sending) == (True, 1, 0)


def test_trying_again_does_not_reach_who_has_it(shop: Desk) -> None:
    message = to_both(shop)
    assert settles(shop, message, jo="sent", lea="refused-for-now", again=shop.now + 300) == "refused-for-now"
    shop.tick(400)
    (going,) = shop.store.sending.due(shop.now)
    assert going.recipients == (LEA,)
    assert settles(shop, message, lea="sent") == "sent"
    here = shop.state(1)
    assert (here.sending, here.failed, here.answered) == (0, 0, True)
    assert [e.type for e in shop.store.events(1)].count(EventType.UNDELIVERED) == 0


def test_resending_what_failed_for_one_ends_as_sent(shop: Desk) -> None:
    message = to_both(shop)
    settles(shop, message, jo="sent", lea="failed")
    first = shop.store.items(1)[-1].at
    customer = shop.gets(letter(JO, id_="<2@p>", answers=["<1@p>"]))
    assert customer == 1
    assert shop.store.sending.by(ANN).resend(message, shop.tick())
    assert shop.going(message).recipients == (LEA,)
    assert settles(shop, message, lea="sent") == "sent"
    here = shop.state(1)
    assert (here.sending, here.failed) == (0, 0)
    assert here.waiting_since is not None  # what she wrote since is not answered by the copy for another
    assert shop.store.items(1)[1].at == first


def test_a_reply_that_failed_for_all_and_goes_again_counts_from_then(shop: Desk) -> None:
    message = shop.replies("ann", 1)
    shop.hands_over(message, "failed", "550 nobody")
    assert shop.store.sending.by(ANN).resend(message, shop.tick())
    assert not shop.store.sending.by(ANN).resend(message, shop.tick())
    shop.hands_over(message)
    assert (shop.state(1).status.value, shop.state(1).failed, shop.state(1).waiting_since) == (
        "waiting",
        0,
        None,
    )
    (clock,) = (c for c in shop.store.clocks(1, shop.now) if c.kind == "first_reply")
    assert clock.met == shop.now
    assert [e.who for e in shop.store.events(1) if e.type is EventType.RELEASED] == ["ann"]


# --------------------------------------------------------------------------- people decide


def test_an_unknown_one_is_looked_for_and_never_sent_again_by_itself(shop: Desk) -> None:
    message = shop.replies("ann", 1)
    assert shop.hands_over(message, "unknown", "the line was lost") == "unknown"
    lost_at = shop.now
    assert shop.store.sending.due(shop.now + 30 * DAY) == []
    assert [job.kind for job in shop.store.jobs.due(shop.now + DAY)] == ["look-in-sent"]
    shop.store.sending.found_in_sent(message, shop.tick(3600))
    assert (stored(shop, message), shop.state(1).failed) == ("sent", 0)
    (clock,) = (c for c in shop.store.clocks(1, shop.now) if c.kind == "first_reply")
    assert clock.met == lost_at
    shop.store.sending.found_in_sent(message, shop.tick())
    assert [e.type for e in shop.store.events(1)].count(EventType.SENT) == 1


def test_an_unknown_one_among_others_that_is_found_ends_as_sent(shop: Desk) -> None:
    message = to_both(shop)
    assert settles(shop, message, jo="sent", lea="unknown") == "unknown"
    shop.store.sending.found_in_sent(message, shop.tick())
    assert (stored(shop, message), shop.state(1).failed, shop.state(1).sending) == ("sent", 0, 0)


def test_giving_a_reply_up_leaves_the_customer_waiting(shop: Desk) -> None:
    message = shop.replies("ann", 1)
    shop.hands_over(message, "failed", "550 nobody")
    assert shop.store.sending.by(ANN).drop(message, shop.tick())
    assert not shop.store.sending.by(ANN).drop(message, shop.tick())
    here = shop.state(1)
    assert (here.status.value, here.failed, here.messages) == ("open", 0, 1)
    assert here.waiting_since is not None
    assert shop.store.outbox() == []
    refusal = shop.do("ann", "undo", by="ann").refusal
    assert refusal is not None
    assert "given up" in refusal.reason


def test_giving_up_those_who_did_not_get_it_leaves_the_answer_to_those_who_did(shop: Desk) -> None:
    message = to_both(shop)
    settles(shop, message, jo="sent", lea="failed")
    assert shop.store.sending.by(ANN).drop(message, shop.tick())
    here = shop.state(1)
    assert (here.answered, here.failed, here.waiting_since) == (True, 0, None)


def test_a_trainees_reply_goes_with_a_yes_and_does_then_what_it_was_to_do(shop: Desk) -> None:
    event = shop.do(
        "tia",
        "reply",
        Role.TRAINEE,
        conversation=1,
        text="Soon",
        to=[JO],
        sender=OURS,
        then="closed",
        leave_after=0,
    ).events[0]
    message = event.message or 0
    assert (shop.state(1).status.value, shop.state(1).approvals) == ("open", 1)
    assert shop.state(1).waiting_since is not None
    assert shop.store.sending.release(shop.tick()) == 0  # what restoring holds is another thing
    assert shop.store.sending.by(ANN).release(shop.tick(), message) == 0  # nor is it let go by that
    shop.did("ann", "approve", conversation=1, leave_after=0)
    assert (shop.state(1).status.value, shop.state(1).approvals, shop.state(1).sending) == ("closed", 0, 1)
    shop.hands_over(message)
    assert shop.state(1).answered


def test_a_reply_that_is_on_its_way_while_its_conversation_is_joined_is_not_lost(shop: Desk) -> None:
    other = shop.gets(letter(LEA, id_="<l@k>"))
    message = shop.replies("ann", other, to=LEA)
    going = shop.going(message)
    shop.store.sending.phase(message, "connecting", shop.tick())
    shop.did("bo", "merge", into=1, conversation=other)
    shop.store.sending.phase(message, "data", shop.tick())
    shop.store.sending.settle(going, {LEA: Result("sent")}, shop.tick(), None)
    assert (shop.state(1).sending, shop.state(1).answered) == (0, True)
    shop.did("bo", "undo", by="bo")  # what became of the reply goes back with it
    assert (shop.state(other).sending, shop.state(other).answered) == (0, True)
    assert (shop.state(1).answered, shop.state(1).messages) == (False, 1)
    shop.did("bo", "redo", by="bo")
    assert (shop.state(1).answered, shop.state(1).messages) == (True, 3)


# --------------------------------------------------------------------------- copies of the workspace


def test_a_copied_workspace_holds_its_outbox_and_sends_once_after_a_yes(shop: Desk, tmp_path: Path) -> None:
    environment = {"XDG_STATE_HOME": str(tmp_path / "state")}
    assert shop.store.check_epoch(environment) == 0
    message = shop.replies("ann", 1)
    assert shop.store.check_epoch(environment) == 0  # the same workspace, started again
    shop.store.close()
    shutil.copytree(tmp_path / "workspace", tmp_path / "copy")
    shop.store = open_store(tmp_path / "workspace")
    copy = Desk(open_store(tmp_path / "copy"), shop.now)
    assert copy.store.check_epoch(environment) == 1
    assert copy.store.sending.due(copy.now + DAY) == []
    assert shop.store.check_epoch(environment) == 1  # whose count was taken by the copy: asked once too often
    assert copy.store.check_epoch(environment) == 0
    assert copy.store.sending.release(copy.tick()) == 1
    copy.hands_over(message)
    assert copy.store.sending.release(copy.tick()) == 0
    copy.verified()
    copy.store.close()


def test_an_older_state_put_back_holds_what_may_have_left_since(shop: Desk, tmp_path: Path) -> None:
    environment = {"XDG_STATE_HOME": str(tmp_path / "state")}
    shop.store.check_epoch(environment)
    message = shop.replies("ann", 1)
    shop.store.close()
    shutil.copy(shop.store.path, tmp_path / "older")
    shop.store = open_store(tmp_path / "workspace")
    shop.store.check_epoch(environment)
    shop.hands_over(message)
    shop.store.close()
    shutil.copy(tmp_path / "older", shop.store.path)
    shop.store = open_store(tmp_path / "workspace")
    assert shop.store.check_epoch(environment) == 1
    assert stored(shop, message) == "held"
    assert shop.store.sending.due(shop.now + DAY) == []
