"""Sending, with the faults really injected: the lines 27 to 40 of what must hold.

What is true of each: a server counts no Message-ID twice unless a person chose so, and what a person is told is so.
Deaths of the process while it sends (35), and two processes (38), are in `test_sending_killed`.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from inbox.actions import decision
from inbox.channels.smtp import Timeouts
from inbox.model import ClockState, EventType, Instant, Refusal, Status, Who
from inbox.ports import Decision, Draft, State
from inbox.queries import Flag, Is
from inbox.settings import DAY, Pace
from tests.faults.clock import PinnedClock
from tests.post_office import ANNA, SUPPORT, PostOffice, answered, asked, on_both, passes
from tests.servers.dovecot import Dovecot, less_able, running_dovecot
from tests.servers.smtp import SmtpServer
from tests.servers.talker import running_talker
from tests.watch import Watched

HOUR = 3600
JO, LEA = "jo@park.example", "lea@krol.example"
BEN = Who("ben")
SHORT = Timeouts(connect=0.3, answer=0.3, data=0.3, dot=0.3)


@pytest.fixture
def office(sending_office: PostOffice) -> PostOffice:
    """Jo has asked, an hour ago."""
    return asked(sending_office)


def sends(office: PostOffice, timeouts: Timeouts | None = None) -> dict[int, str]:
    """Only what sends goes round; the states of what it tried."""
    sending = office.worker().sending(lambda: False)
    sending.timeouts = timeouts or sending.timeouts
    return asyncio.run(sending.send_due()).states


def events(office: PostOffice, kind: EventType) -> list[Instant]:
    """When this happened in the only conversation."""
    return [event.at for event in office.store.events(office.the_one().id) if event.type is kind]


def called(office: PostOffice, who: Who = ANNA) -> bool:
    """Whether the conversation is in this person's "For me"."""
    return bool(office.store.ids(Is(Flag.MENTIONED), who, office.clock()))


# --------------------------------------------------------------------------- taken, refused


def test_27_what_is_taken_is_sent_once_and_filed_in_sent(office: PostOffice, smtp_server: SmtpServer) -> None:
    message, message_id = answered(office)
    accepted = office.clock()
    done = office.sync()
    passes(office, 3)

    assert done.sent == {message: "sent"}
    assert smtp_server.count(message_id) == 1
    (taken,) = smtp_server.taken
    assert (taken.sender, taken.recipients, taken.user) == (SUPPORT, (JO,), office.user)
    assert office.in_sent(message_id) == 1
    (clock,) = office.reply_clocks(office.the_one().id)
    assert (clock.state, clock.met) == (ClockState.MET, accepted)
    one = office.the_one()
    assert (one.status, one.assignee, one.sending, one.waiting_since) == (Status.WAITING, "anna", 0, None)


def test_28_refused_for_now_twice_and_then_taken(office: PostOffice, smtp_server: SmtpServer) -> None:
    """As a server does that greylists."""
    message, message_id = answered(office)
    smtp_server.answer("rcpt", "451 4.7.1 greylisted", "451 4.7.1 greylisted")
    office.worker().once()
    assert office.state_of(message) == "refused-for-now"
    assert office.the_one().sending == 1

    for wait in (5 * 60, 10 * 60):
        office.clock.advance(wait - 1)
        office.worker().once()
        assert not smtp_server.taken
        office.clock.advance(1)
        office.worker().once()

    assert smtp_server.count(message_id) == 1
    assert office.state_of(message) == "sent"
    (clock,) = office.reply_clocks(office.the_one().id)
    assert clock.met == office.clock()
    assert not events(office, EventType.DELAYED)


def test_29_refused_for_good_fails_at_once_and_the_customer_waits_again(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    message, message_id = answered(office)
    smtp_server.always("rcpt", "550 5.1.1 nobody of that name")
    done = office.sync()
    passes(office, 5)

    assert done.sent == {message: "failed"}
    assert smtp_server.count(message_id) == 0
    assert sum(each.startswith("RCPT") for each in smtp_server.commands) == 1
    one = office.the_one()
    assert (one.status, one.failed, one.sending) == (Status.OPEN, 1, 0)
    (clock,) = office.reply_clocks(one.id)
    assert clock.met is None
    (line,) = office.store.outbox()
    assert (line.state, line.recipients[0].detail) == ("failed", "5.1.1 nobody of that name")
    assert office.in_sent(message_id) == 0


@pytest.mark.parametrize(
    ("command", "said"), [("dot", "552 5.3.4 message too big"), ("mail", "552 5.3.4 message size exceeds")]
)
def test_29_too_large_for_the_server_fails_at_once_with_its_words(
    office: PostOffice, smtp_server: SmtpServer, command: str, said: str
) -> None:
    message, _ = answered(office)
    smtp_server.answer(command, said)
    assert sends(office) == {message: "failed"}
    (line,) = office.store.outbox()
    assert line.why == said[4:]


@pytest.mark.parametrize("said", ["452 4.3.1 no space", "421 4.3.2 not now"])
def test_30_refused_for_five_days_is_told_after_four_hours_and_given_up_in_the_end(
    office: PostOffice, smtp_server: SmtpServer, said: str
) -> None:
    message, message_id = answered(office)
    first = office.clock()
    smtp_server.always("mail", said)
    tries = 0
    while office.state_of(message) != "failed":
        due = office.store.sending.next_at()
        assert due is not None
        office.clock.set(max(due, office.clock()))
        sends(office)
        tries += 1
        assert called(office) == (office.clock() - first >= 4 * HOUR)
        assert not called(office, BEN)

    assert events(office, EventType.DELAYED) == [first + 4 * HOUR]
    assert 5 * DAY <= office.clock() - first <= 5 * DAY + 70 * 60
    assert 100 < tries < 130
    assert smtp_server.count(message_id) == 0
    one = office.the_one()
    assert (one.status, one.failed, one.sending) == (Status.OPEN, 1, 0)
    assert len(events(office, EventType.UNDELIVERED)) == 1


def test_30_who_is_told_of_a_delay_is_told_no_more_once_it_has_gone(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    answered(office)
    smtp_server.always("rcpt", "451 4.7.1 <jo@park.example>: try later")
    for _ in range(8):
        sends(office)
        office.clock.set(office.store.sending.next_at() or 0)
    assert called(office)
    (delay,) = [e for e in office.store.events(office.the_one().id) if e.type is EventType.DELAYED]
    assert delay.why == "4.7.1 … try later"
    smtp_server.always("rcpt", "250 OK")
    sends(office)

    assert len(smtp_server.taken) == 1
    assert not called(office)
    assert not office.store.verify(office.clock())


def test_31_each_recipient_has_a_state_of_its_own(office: PostOffice, smtp_server: SmtpServer) -> None:
    """One is taken, one is refused for now and taken later, one does not exist: nobody gets it twice."""
    message, message_id = answered(office, (JO, LEA, "gone@park.example"))
    smtp_server.answer("rcpt", "451 4.2.0 greylisted", to=LEA)
    smtp_server.answer("rcpt", "550 5.1.1 gone", to="gone@park.example")
    office.worker().once()
    accepted = office.clock()
    assert office.the_one().failed == 0
    passes(office, 3)

    assert [each.recipients for each in smtp_server.taken] == [(JO,), (LEA,)]
    states = {each.address: each.state for item in office.items(1) for each in item.recipients}
    assert states == {JO: "sent", LEA: "sent", "gone@park.example": "failed"}
    assert office.state_of(message) == "failed"
    assert office.the_one().failed == 1
    (clock,) = office.reply_clocks(office.the_one().id)
    assert (clock.state, clock.met) == (ClockState.MET, accepted)
    assert office.in_sent(message_id) == 1


# --------------------------------------------------------------------------- nobody knows


def test_32_a_line_lost_after_the_dot_is_unknown_and_found_in_sent_later(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    """The server has it, and files it in Sent in its own time, as Gmail does."""
    message, message_id = answered(office)
    raw = office.raw_of(message)
    smtp_server.answer("dot", SmtpServer.ABORT_KEPT)
    lost = office.clock()
    assert office.sync().sent == {message: "unknown"}
    passes(office, 5, every=2 * HOUR)
    assert office.state_of(message) == "unknown"
    assert office.the_one().failed == 1
    (clock,) = office.reply_clocks(office.the_one().id)
    assert clock.met is None

    office.arrives(b"X-Kept-By: the server\r\n" + raw, folder="Sent")
    before = office.counts()["messages"]
    done = office.sync()

    assert done.sent == {message: "sent"}
    assert smtp_server.count(message_id) == 1
    assert sum(each == "DATA" for each in smtp_server.commands) == 1
    assert office.counts()["messages"] == before
    one = office.the_one()
    assert (one.failed, one.status) == (0, Status.WAITING)
    (clock,) = office.reply_clocks(one.id)
    assert (clock.state, clock.met) == (ClockState.MET, lost)


def test_33_a_line_lost_before_the_server_kept_it_is_unknown_too_and_a_person_sends_again(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    message, message_id = answered(office)
    smtp_server.answer("dot", SmtpServer.ABORT_LOST)
    passes(office, 5, every=DAY)

    assert office.state_of(message) == "unknown"
    assert smtp_server.count(message_id) == 0
    assert sum(each == "DATA" for each in smtp_server.commands) == 1

    assert office.store.sending.by(ANNA).resend(message, office.clock())
    passes(office, 2)
    assert smtp_server.count(message_id) == 1
    assert office.state_of(message) == "sent"


def test_34_a_slow_answer_to_the_dot_is_waited_for_and_holds_nobody_else_up(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    slow, slow_id = answered(office)
    held = smtp_server.hold("dot", times=1)
    with Watched(office) as worker:
        worker.until(smtp_server.reached("dot").is_set)
        office.clock.advance(180)
        other, other_id = answered(office)
        worker.until(lambda: office.state_of(other) == "sent")
        assert office.state_of(slow) == "data"
        held.set()
        worker.until(lambda: office.state_of(slow) == "sent")

    assert (smtp_server.count(slow_id), smtp_server.count(other_id)) == (1, 1)


def test_34_a_worker_that_is_to_end_waits_for_the_answer_to_the_dot_and_begins_nothing_more(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    """One is with the server, one is being begun, and one waits."""
    slow, slow_id = answered(office)
    dot, rcpt = smtp_server.hold("dot", times=1), None
    with Watched(office) as worker:
        worker.until(smtp_server.reached("dot").is_set)
        rcpt = smtp_server.hold("rcpt")
        begun, begun_id = answered(office)
        waiting, waiting_id = answered(office)
        worker.until(smtp_server.reached("rcpt").is_set)
        worker.stop()
        worker.until(lambda: office.state_of(begun) == "queued")
        assert office.state_of(slow) == "data"
        rcpt.set()
        dot.set()

    assert [office.state_of(each) for each in (slow, begun, waiting)] == ["sent", "queued", "queued"]
    assert [smtp_server.count(each) for each in (slow_id, begun_id, waiting_id)] == [1, 0, 0]
    sends(office)
    assert [smtp_server.count(each) for each in (slow_id, begun_id, waiting_id)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("where", "state"),
    [("ehlo", "refused-for-now"), ("mail", "refused-for-now"), ("rcpt", "refused-for-now"),
     ("data", "refused-for-now"), ("dot", "unknown")],
)  # fmt: skip
def test_34_a_server_that_hangs_for_ever_holds_up_its_own_mailbox_alone(
    office: PostOffice, smtp_server: SmtpServer, make_smtp: Callable[..., SmtpServer], where: str, state: str
) -> None:
    other = make_smtp()
    sales = on_both(office.imap, office.user, other, name="sales", address="sales@shop.example")
    office.settings = replace(office.settings, mailboxes=(*office.mailboxes, sales))
    hanging, hanging_id = answered(office)
    well, well_id = office.reply(office.the_one().id, mailbox="sales")
    office.clock.advance(30)
    smtp_server.hold(where)
    assert sends(office, SHORT) == {hanging: state, well: "sent"}

    assert smtp_server.count(hanging_id) == 0
    assert other.count(well_id) == 1
    line = next(line for line in office.store.outbox() if line.message == hanging)
    assert line.why


# --------------------------------------------------------------------------- the copy in Sent


def test_36_a_full_mailbox_keeps_no_copy_says_so_and_sends_nothing_twice(
    tmp_path: Path, dovecot: Dovecot, smtp_server: SmtpServer, clock: PinnedClock
) -> None:
    user = dovecot.add_user("nearly-full", quota="1K")
    office = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, user, smtp_server),))
    asked(office)
    message, message_id = office.reply(office.the_one().id, "x" * 500)
    clock.advance(30)
    done = office.worker().once()
    passes(office, 4)

    assert any("keeping a copy" in note for note in done.notes)
    assert office.state_of(message) == "sent"
    assert smtp_server.count(message_id) == 1
    assert office.in_sent(message_id) == 0
    ((kind, data, trouble),) = office.store.jobs.troubles()
    assert (kind, data) == ("sent-copy", str(message))
    assert "OVERQUOTA" in trouble
    (line,) = office.store.outbox()
    assert (line.state, line.copy) == ("sent", trouble)

    assert office.store.sending.drop(message, clock())  # a person does without the copy
    assert not office.store.outbox()
    assert office.state_of(message) == "sent"
    office.close()


def test_36_a_missing_sent_folder_leaves_the_copy_waiting_until_there_is_one(
    tmp_path: Path, smtp_server: SmtpServer, clock: PinnedClock
) -> None:
    with running_dovecot(change=less_able(uses=False)) as server:
        user = server.add_user("ann")
        office = PostOffice(tmp_path / "shop", server, clock, (on_both(server, user, smtp_server),))
        asked(office)
        message, message_id = answered(office)
        passes(office, 3)
        assert office.state_of(message) == "sent"
        (line,) = office.store.outbox()
        assert "has no Sent folder" in line.copy

        server.doveadm("mailbox", "create", "-u", user, "Sent")
        assert office.store.sending.resend(message, clock())  # a person asks for the copy now
        passes(office)
        assert smtp_server.count(message_id) == 1
        assert office.in_sent(message_id) == 1
        assert not office.store.outbox()
        office.close()


# --------------------------------------------------------------------------- two people, two workers


def test_37_of_two_answers_in_the_same_second_the_second_is_stopped_and_both_drafts_stay(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    one = office.the_one()
    store, now = office.store, office.clock()
    for who, text in ((ANNA, "It comes tomorrow."), (BEN, "It comes on Monday.")):
        store.save_draft(Draft(one.id, who.name, "reply", text, (JO,), at=now))

    def replies(who: Who, text: str, seen: int) -> Refusal | None:
        verb = decision("reply", conversation=one.id, text=text, to=[JO], sender=SUPPORT, seen=seen)
        return store.change(*verb, who, now).refusal

    assert replies(ANNA, "It comes tomorrow.", one.seq) is None
    refusal = replies(BEN, "It comes on Monday.", one.seq)

    assert refusal is not None
    assert "anna has answered" in refusal.reason
    assert refusal.next_step
    assert {draft.who: draft.text for draft in store.drafts(one.id)} == {
        "anna": "It comes tomorrow.",
        "ben": "It comes on Monday.",
    }
    office.clock.advance(30)
    sends(office)
    assert len(smtp_server.taken) == 1
    assert replies(BEN, "And on Monday the rest.", office.the_one().seq) is None  # having read hers


def test_38_two_that_send_at_once_send_each_answer_once(office: PostOffice, smtp_server: SmtpServer) -> None:
    """Not even the lease between them: what was begun by one is not begun by the other."""
    ids = [office.reply(office.the_one().id)[1] for _ in range(30)]
    office.clock.advance(30)
    office.settings = replace(office.settings, send_limit=())

    async def both() -> list[dict[int, str]]:
        workers = [office.worker().sending(lambda: False) for _ in range(2)]
        return [done.states for done in await asyncio.gather(*(each.send_due() for each in workers))]

    one, other = asyncio.run(both())
    assert [smtp_server.count(each) for each in ids] == [1] * 30
    assert one and other and not one.keys() & other.keys()


# --------------------------------------------------------------------------- clocks that are wrong


def test_39_a_clock_put_back_by_a_day_delays_no_answer_and_turns_none_around(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    office.settings = replace(office.settings, send_limit=(Pace(1, 60),))
    first, _ = answered(office)
    smtp_server.answer("rcpt", "451 4.7.1 greylisted")
    sends(office)
    second, _ = office.reply(office.the_one().id)
    office.clock.advance(days=-1)
    third, _ = answered(office)
    for _ in range(4):
        sends(office)
        office.clock.advance(61)

    assert [each.raw for each in smtp_server.taken] == [
        office.raw_of(each) for each in (first, second, third)
    ]
    assert not events(office, EventType.DELAYED)


def test_39_a_clock_put_back_by_a_day_does_not_stop_a_mailbox_for_what_it_has_sent(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    office.settings = replace(office.settings, send_limit=(Pace(1, 60),))
    answered(office)
    sends(office)
    office.clock.advance(days=-1)
    answered(office)
    sends(office)
    assert len(smtp_server.taken) == 2


def test_39_a_clock_a_year_ahead_gives_nothing_up_and_sends_no_faster(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    office.settings = replace(office.settings, send_limit=(Pace(2, 60), Pace(4, DAY)))
    smtp_server.always("rcpt", "451 4.7.1 later")
    messages = [office.reply(office.the_one().id)[0] for _ in range(8)]
    office.clock.advance(30)
    for _ in range(2):
        sends(office)
        office.clock.advance(6 * 60)
    office.clock.advance(days=365)
    sends(office)
    assert {office.state_of(message) for message in messages} == {"refused-for-now"}
    assert not events(office, EventType.DELAYED)

    smtp_server.always("rcpt", "250 OK")
    office.clock.advance(HOUR)
    sends(office)
    assert len(smtp_server.taken) == 2


@pytest.mark.parametrize("days", [365, -1])
def test_39_a_clock_that_jumps_while_all_waits_makes_nothing_due_and_delays_nothing(
    office: PostOffice, smtp_server: SmtpServer, days: int
) -> None:
    """Answers for tomorrow and the days after lie in the outbox, and one that was refused for now."""
    refused, _ = answered(office)
    later = [office.reply(office.the_one().id, leave_after=n * DAY)[0] for n in (1, 2, 3)]
    smtp_server.answer("rcpt", "451 4.7.1 later")

    def waits() -> list[int]:
        rows = office.store.read("SELECT next_try FROM outbox WHERE state <> 'sent' ORDER BY message")
        return [at - office.clock() for (at,) in rows]

    with Watched(office) as worker:
        worker.until(lambda: office.state_of(refused) == "refused-for-now")
        before = waits()
        office.clock.advance(days=days)
        worker.until(lambda: any("clock of this machine was set" in str(said) for said in worker.said))
        new, new_id = answered(office)
        worker.until(lambda: office.state_of(new) == "sent")
        assert waits() == [wait - 30 for wait in before]
        assert [each.recipients for each in smtp_server.taken] == [(JO,)]
        assert smtp_server.count(new_id) == 1
        office.clock.advance(300)
        worker.until(lambda: office.state_of(refused) == "sent")

    assert {office.state_of(message) for message in later} == {"queued"}
    assert not office.store.verify(office.clock())


# --------------------------------------------------------------------------- the line itself


def test_40_nothing_is_sent_in_clear_when_starttls_is_stripped(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, make_smtp: Callable[..., SmtpServer], clock: PinnedClock
) -> None:
    """The server (or somebody on the line) offers no STARTTLS where the settings want it."""
    stripped = make_smtp("none")
    box = on_both(dovecot, imap_user, stripped, smtp_security="starttls")
    office = PostOffice(tmp_path / "shop", dovecot, clock, (box,))
    asked(office)
    message, _ = answered(office)
    done = office.worker().once()

    ((_, error),) = done.troubles
    assert "offers no STARTTLS" in error.what
    assert not stripped.taken
    assert b"AUTH" not in bytes(stripped.clear).upper()
    assert b"MAIL" not in bytes(stripped.clear).upper()
    assert office.state_of(message) == "refused-for-now"
    office.close()


@pytest.mark.parametrize("injected", [b"250-hi\r\n250 AUTH PLAIN\r\n", b"235 2.7.0 you are in\r\n"])
def test_40_what_somebody_slips_in_before_tls_gets_no_password_and_no_mail(
    office: PostOffice, injected: bytes
) -> None:
    def answer(line: bytes) -> bytes | None:
        if line.startswith(b"EHLO"):
            return b"250-hi\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n"
        return b"220 go\r\n" + injected if line.startswith(b"STARTTLS") else b"250 ok\r\n"

    message, _ = answered(office)
    with running_talker(b"220 hi\r\n", answer) as talker:
        (box,) = office.mailboxes
        box = box._replace(smtp_port=talker.port, smtp_security="starttls")
        office.settings = replace(office.settings, mailboxes=(box,))
        sends(office, SHORT)
        assert b"AUTH" not in talker.heard_words()
        assert b"MAIL" not in talker.heard_words()

    assert office.state_of(message) == "refused-for-now"


# --------------------------------------------------------------------------- restored, enough, too large


def test_a_copied_workspace_sends_nothing_until_a_person_says_so(
    office: PostOffice, smtp_server: SmtpServer, tmp_path: Path, home: Path
) -> None:
    environment = {"XDG_STATE_HOME": str(home)}
    assert office.store.check_epoch(environment) == 0
    answered(office)
    shutil.copytree(office.folder, tmp_path / "copy")
    copy = PostOffice(tmp_path / "copy", office.imap, office.clock, office.mailboxes)

    assert copy.store.check_epoch(environment) == 1
    passes(copy, 2)
    assert not smtp_server.taken
    (line,) = copy.store.outbox()
    assert (line.state, line.held_by) == ("held", "restored")

    assert copy.store.sending.release(copy.clock()) == 1
    passes(copy)
    assert len(smtp_server.taken) == 1
    copy.close()


def test_a_quota_pauses_the_mailbox_for_longer_each_time_and_fails_nothing(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    ids = [office.reply(office.the_one().id)[1] for _ in range(5)]
    office.clock.advance(30)
    begun = office.clock()
    smtp_server.always("mail", "550 5.4.5 Daily user sending limit exceeded.")
    asked_at = []
    while office.clock() < begun + 6 * DAY:
        before = len(smtp_server.commands)
        sends(office)
        if len(smtp_server.commands) > before:
            asked_at.append(office.clock() - begun)
        (line, *_) = lines = office.store.outbox()
        assert {each.state for each in lines} == {"held"}
        assert {each.held_by for each in lines} == {"quota"}
        assert "sending limit" in line.why
        office.clock.advance(15 * 60)

    assert asked_at[:6] == [0, 15 * 60, 45 * 60, 105 * 60, 225 * 60, 465 * 60]
    assert 36 <= len(asked_at) <= 42
    assert sum(each.startswith("MAIL") for each in smtp_server.commands) <= 2 * len(asked_at)
    assert called(office)
    assert len(events(office, EventType.DELAYED)) == 5
    smtp_server.always("mail", "250 OK")
    assert office.store.sending.release(office.clock()) == 5  # a person knows that it may send again
    smtp_server.answer("rcpt", "451 4.7.1 greylisted")  # none of the pauses was a try towards giving up
    assert sorted(sends(office).values()) == ["refused-for-now", *["sent"] * 4]
    office.clock.advance(5 * 60)
    sends(office)
    assert [smtp_server.count(each) for each in ids] == [1] * 5
    assert not called(office)


def test_no_message_goes_that_is_larger_than_the_server_takes_and_the_next_is_refused_before(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, make_smtp: Callable[..., SmtpServer], clock: PinnedClock
) -> None:
    server = make_smtp(size=200_000)
    office = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user, server),))
    asked(office)
    text = "x y z " * 50_000
    large, _ = office.reply(office.the_one().id, text)
    small, small_id = answered(office)
    assert sends(office) == {large: "failed", small: "sent"}

    assert sum(each.startswith("MAIL") for each in server.commands) == 1
    assert server.count(small_id) == 1
    (line,) = office.store.outbox()
    assert line.why == "The server takes messages of at most 0.2 MB, and this one has 0.3 MB."
    again = decision("reply", conversation=office.the_one().id, text=text, to=[JO], sender=SUPPORT)
    refusal = office.store.change(*again, ANNA, clock()).refusal
    assert refusal is not None
    assert "the server of support takes 0.2 MB at most" in refusal.reason
    assert refusal.next_step
    office.close()


def test_a_message_whose_bytes_are_gone_fails_and_sends_nothing(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    message, _ = answered(office)
    with office.store.writing() as transaction:
        transaction.connection.execute("UPDATE messages SET raw = NULL WHERE id = ?", (message,))
    assert sends(office) == {message: "failed"}
    assert not smtp_server.taken


# --------------------------------------------------------------------------- lines, and who goes first


@pytest.mark.parametrize(("count", "lines"), [(1, 1), (6, 2), (30, 4)])
def test_a_mailbox_has_two_lines_and_four_where_much_waits(
    office: PostOffice, smtp_server: SmtpServer, count: int, lines: int
) -> None:
    office.settings = replace(office.settings, send_limit=())
    for _ in range(count):
        office.reply(office.the_one().id)
    office.clock.advance(30)
    held = smtp_server.hold("mail", times=lines)
    with Watched(office) as worker:
        worker.until(lambda: smtp_server.connections == lines)
        worker.until(lambda: sum(each.startswith("MAIL") for each in smtp_server.commands) == lines)
        held.set()
        worker.until(lambda: len(smtp_server.taken) == count)

    assert smtp_server.connections == lines


def test_a_wrong_password_is_sent_over_one_line_only(office: PostOffice, smtp_server: SmtpServer) -> None:
    messages = [office.reply(office.the_one().id)[0] for _ in range(6)]
    office.clock.advance(30)
    smtp_server.users[office.user] = "another"
    sends(office)
    assert sum(each.startswith("AUTH") for each in smtp_server.commands) == 1
    states = [office.state_of(message) for message in messages]
    assert states == ["refused-for-now", *["queued"] * 5]


def test_answers_leave_before_bulk(office: PostOffice, smtp_server: SmtpServer) -> None:
    bulk = [in_bulk(office) for _ in range(3)]
    answer, _ = answered(office)
    office.settings = replace(office.settings, send_limit=(Pace(1, 60),))
    for _ in range(4):
        sends(office)
        office.clock.advance(61)

    assert [each.raw for each in smtp_server.taken] == [office.raw_of(each) for each in (answer, *bulk)]


def in_bulk(office: PostOffice) -> int:
    """Anna writes to many at once, of which this is one."""
    one = office.the_one()
    scope, decide = decision("reply", conversation=one.id, text="News", to=[JO], sender=SUPPORT)

    def bulk(state: State, who: Who, now: Instant) -> Decision:
        decided = decide(state, who, now)
        assert not isinstance(decided, Refusal)
        (fact,) = decided
        assert fact.content is not None and fact.content.outgoing is not None
        going = fact.content.outgoing._replace(bulk=True)
        return [fact._replace(content=fact.content._replace(outgoing=going))]

    outcome = office.store.change(scope, bulk, ANNA, office.clock())
    return outcome.events[0].message or 0
