"""Answers on their way out, over a real SMTP server: sent once or not at all, and the truth about it is told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inbox.actions import decision
from inbox.channels.passwords import Secret
from inbox.model import ClockState, Status
from inbox.ports import Result
from inbox.settings import DAY, Mailbox, Pace
from tests.faults.clock import PinnedClock
from tests.post_office import ANNA, SUPPORT, Known, PostOffice, caught_up, letter, on_both
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer

HOUR = 3600
LEA = "lea@krol.example"


@pytest.fixture
def office(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, smtp_server: SmtpServer, clock: PinnedClock
) -> Iterator[PostOffice]:
    """Jo has asked, an hour ago."""
    one = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user, smtp_server),))
    asked(one)
    yield one
    one.close()


def asked(office: PostOffice) -> None:
    caught_up(office)
    office.arrives(letter(message_id="<q@park.example>"), at=office.clock() - HOUR)
    office.sync()


def answered(office: PostOffice, to: tuple[str, ...] = ("jo@park.example",)) -> tuple[int, str]:
    """Anna has answered, and the undo window is over."""
    message, message_id = office.reply(office.the_one().id, to=to)
    office.clock.advance(30)
    return message, message_id


def passes(office: PostOffice, count: int = 1, every: int = 12 * 60) -> None:
    """The worker goes round, with time between."""
    for _ in range(count):
        office.worker().once()
        office.clock.advance(every)


# --------------------------------------------------------------------------- all is well


def test_an_answer_is_sent_once_and_filed_in_sent(office: PostOffice, smtp_server: SmtpServer) -> None:
    message, message_id = answered(office)
    accepted = office.clock()
    done = office.sync()
    passes(office, 3)

    assert done.sent == {message: "sent"}
    assert smtp_server.count(message_id) == 1
    (taken,) = smtp_server.taken
    assert (taken.sender, taken.recipients, taken.user) == (SUPPORT, ("jo@park.example",), office.user)
    assert office.in_sent(message_id) == 1
    (clock,) = office.reply_clocks(office.the_one().id)
    assert (clock.state, clock.met) == (ClockState.MET, accepted)
    one = office.the_one()
    assert (one.status, one.assignee, one.sending, one.waiting_since) == (Status.WAITING, "anna", 0, None)


def test_the_copy_in_sent_is_another_place_and_no_second_message(office: PostOffice) -> None:
    message, _ = answered(office)
    office.sync()
    before = office.counts()

    done = office.sync()

    assert (done.fetched, done.placed) == (1, 1)
    assert office.counts() == before
    assert ("Sent", message, False) in office.places()


def test_a_server_that_files_copies_itself_gets_no_second_one(office: PostOffice) -> None:
    """Gmail keeps what was sent through it, and changes it a little."""
    message, message_id = answered(office)
    (going,) = office.store.sending.due(office.clock())
    office.arrives(b"X-Kept-By: the server\r\n" + going.raw, folder="Sent")
    office.sync()
    before = office.counts()
    office.sync()

    assert office.in_sent(message_id) == 1
    assert office.counts() == before
    assert ("Sent", message, False) in office.places()


def test_nothing_leaves_within_the_undo_window(office: PostOffice, smtp_server: SmtpServer) -> None:
    office.reply(office.the_one().id)
    office.clock.advance(office.settings.undo_window - 1)
    office.sync()
    assert not smtp_server.taken

    office.clock.advance(1)
    office.sync()
    assert len(smtp_server.taken) == 1


def test_an_answer_taken_back_in_the_window_is_never_sent(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    message, _ = office.reply(office.the_one().id)
    office.store.change(*decision("undo", by="anna"), ANNA, office.clock())
    office.clock.advance(30)
    passes(office, 2)

    assert not smtp_server.taken
    assert office.state_of(message) == "undone"
    assert office.the_one().status is Status.OPEN


def test_an_answer_taken_back_at_the_last_moment_is_never_sent(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    """The worker has read it from the outbox already when it is taken back."""
    answered(office)
    worker = office.worker()

    class Undoing(Known):
        def of(self, mailbox: Mailbox) -> Secret:
            if office.asked:  # it has fetched, and logs in to send
                office.store.change(*decision("undo", by="anna"), ANNA, office.clock())
            return super().of(mailbox)

    done = replace(worker, secrets=Undoing({}, office.asked)).once()

    assert not smtp_server.taken
    assert not done.sent
    assert office.the_one().status is Status.OPEN


def test_the_customers_answer_joins_by_our_id_and_reopens_for_the_same_person(office: PostOffice) -> None:
    _, message_id = answered(office)
    passes(office, 2)
    office.arrives(letter(subject="AW: parcel", text="Thanks, but when?\n", in_reply_to=message_id))
    office.sync()

    one = office.the_one()
    assert (one.status, one.assignee, one.unread, one.messages) == (Status.OPEN, "anna", True, 3)
    assert [clock.state for clock in office.reply_clocks(one.id)] == [ClockState.MET, ClockState.RUNNING]


# --------------------------------------------------------------------------- refused


def test_refused_for_now_twice_and_then_taken(office: PostOffice, smtp_server: SmtpServer) -> None:
    message, message_id = answered(office)
    smtp_server.answer("rcpt", "451 4.3.0 later", "451 4.3.0 later")
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


def test_refused_for_good_fails_at_once_and_the_customer_waits_again(
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


def test_a_person_may_send_a_failed_one_again(office: PostOffice, smtp_server: SmtpServer) -> None:
    message, message_id = answered(office)
    smtp_server.answer("rcpt", "550 5.1.1 nobody of that name")
    passes(office)
    assert office.store.sending.resend(message, office.clock())
    passes(office)

    assert smtp_server.count(message_id) == 1
    one = office.the_one()
    assert (one.status, one.failed, one.sending) == (Status.WAITING, 0, 0)


def test_a_second_try_for_the_one_who_did_not_get_it_leaves_nothing_open(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    message, _ = answered(office, ("jo@park.example", LEA))
    smtp_server.answer("rcpt", "550 5.1.1 nobody of that name", to=LEA)
    accepted = office.clock()
    passes(office)
    assert (office.the_one().status, office.the_one().failed) == (Status.OPEN, 1)
    assert office.store.sending.resend(message, office.clock())
    passes(office)

    assert [each.recipients for each in smtp_server.taken] == [("jo@park.example",), (LEA,)]
    one = office.the_one()
    assert (one.status, one.failed, one.sending) == (Status.WAITING, 0, 0)
    (clock,) = office.reply_clocks(one.id)
    assert clock.met == accepted


def test_each_recipient_has_a_state_of_its_own(office: PostOffice, smtp_server: SmtpServer) -> None:
    """One is taken, one is refused for now and taken later, one does not exist: nobody gets it twice."""
    message, message_id = answered(office, ("jo@park.example", LEA, "gone@park.example"))
    smtp_server.answer("rcpt", "451 4.2.0 greylisted", to=LEA)
    smtp_server.answer("rcpt", "550 5.1.1 gone", to="gone@park.example")
    office.worker().once()
    accepted = office.clock()
    assert office.the_one().failed == 0
    passes(office, 3)

    assert [each.recipients for each in smtp_server.taken] == [("jo@park.example",), (LEA,)]
    states = {each.address: each.state for item in office.items(1) for each in item.recipients}
    assert states == {"jo@park.example": "sent", LEA: "sent", "gone@park.example": "failed"}
    assert office.state_of(message) == "failed"
    assert office.the_one().failed == 1
    (clock,) = office.reply_clocks(office.the_one().id)
    assert (clock.state, clock.met) == (ClockState.MET, accepted)
    assert office.in_sent(message_id) == 1


def test_a_late_second_recipient_leaves_nothing_sending(office: PostOffice, smtp_server: SmtpServer) -> None:
    answered(office, ("jo@park.example", LEA))
    smtp_server.answer("rcpt", "451 4.2.0 greylisted", to=LEA)
    passes(office, 3)

    one = office.the_one()
    assert (one.sending, one.failed, one.status) == (0, 0, Status.WAITING)
    assert not office.store.outbox()


def test_a_quota_pauses_the_mailbox_and_fails_nothing(office: PostOffice, smtp_server: SmtpServer) -> None:
    office.arrives(letter(LEA, "Another"))
    office.sync()
    for one in office.conversations():
        office.reply(one.id)
    office.clock.advance(30)
    smtp_server.answer("mail", "550 5.4.5 Daily user sending limit exceeded.")
    done = office.sync()

    assert sum(each.startswith("MAIL") for each in smtp_server.commands) == 1
    assert list(done.sent.values()) == ["refused-for-now"]
    assert "may not send more just now" in done.notes[0]
    passes(office, 3)
    assert len(smtp_server.taken) == 2


def test_no_mailbox_sends_faster_than_it_may(office: PostOffice, smtp_server: SmtpServer) -> None:
    office.arrives(*(letter(f"c{n}@customer.example", f"Question {n}") for n in range(4)))
    office.sync()
    for one in office.conversations():
        office.reply(one.id)
    office.clock.advance(30)
    office.settings = replace(office.settings, send_limit=(Pace(2, 60), Pace(4, DAY)))
    counts = []
    for _ in range(5):
        office.worker().once()
        counts.append(len(smtp_server.taken))
        office.clock.advance(61)

    assert counts == [2, 4, 4, 4, 4]
    office.clock.advance(DAY)
    office.worker().once()
    assert len(smtp_server.taken) == 5


# --------------------------------------------------------------------------- nobody knows


@pytest.mark.parametrize("fault", [SmtpServer.ABORT_KEPT, SmtpServer.ABORT_LOST])
def test_a_line_lost_after_the_dot_is_unknown_and_never_sent_again(
    office: PostOffice, smtp_server: SmtpServer, fault: str
) -> None:
    message, message_id = answered(office)
    smtp_server.answer("dot", fault)
    done = office.sync()
    assert done.sent == {message: "unknown"}
    passes(office, 5, every=DAY)

    assert smtp_server.count(message_id) == (fault == SmtpServer.ABORT_KEPT)
    assert sum(each == "DATA" for each in smtp_server.commands) == 1
    assert office.state_of(message) == "unknown"
    assert office.the_one().failed == 1
    (clock,) = office.reply_clocks(office.the_one().id)
    assert clock.met is None


def test_an_unknown_one_found_in_sent_was_accepted_when_the_line_was_lost(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    message, _ = answered(office)
    (going,) = office.store.sending.due(office.clock())
    smtp_server.answer("dot", SmtpServer.ABORT_KEPT)
    lost = office.clock()
    passes(office, 2)
    office.arrives(b"X-Kept-By: the server\r\n" + going.raw, folder="Sent")
    before = office.counts()["messages"]
    done = office.sync()

    assert done.sent == {message: "sent"}
    assert office.state_of(message) == "sent"
    assert office.counts()["messages"] == before
    one = office.the_one()
    assert (one.failed, one.status) == (0, Status.WAITING)
    (clock,) = office.reply_clocks(one.id)
    assert (clock.state, clock.met) == (ClockState.MET, lost)


def test_an_unknown_one_is_looked_for_in_a_sent_folder_nobody_reads(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, smtp_server: SmtpServer, clock: PinnedClock
) -> None:
    office = PostOffice(
        tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user, smtp_server, folders=("INBOX",)),)
    )
    asked(office)
    message, _ = answered(office)
    (going,) = office.store.sending.due(clock())
    smtp_server.answer("dot", SmtpServer.ABORT_KEPT)
    passes(office, 2)
    assert office.state_of(message) == "unknown"
    office.arrives(going.raw, folder="Sent")
    passes(office, 3)

    assert office.state_of(message) == "sent"
    assert office.in_sent(going.message_id) == 1
    office.close()


def test_a_worker_that_died_sending_leaves_it_unknown(office: PostOffice, smtp_server: SmtpServer) -> None:
    message, _ = answered(office)
    office.store.sending.phase(message, "connecting", office.clock())
    office.store.sending.phase(message, "data", office.clock())
    passes(office, 2)

    assert office.state_of(message) == "unknown"
    assert not smtp_server.taken


def test_a_worker_that_died_before_the_message_left_sends_it_next_time(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    message, message_id = answered(office)
    office.store.sending.phase(message, "connecting", office.clock())
    passes(office)

    assert office.state_of(message) == "sent"
    assert smtp_server.count(message_id) == 1


# --------------------------------------------------------------------------- the line cannot be had


def test_a_dead_server_costs_one_try_a_pass_and_loses_nothing(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, smtp_server: SmtpServer, clock: PinnedClock
) -> None:
    dead = on_both(dovecot, imap_user)
    office = PostOffice(tmp_path / "shop", dovecot, clock, (dead,))
    asked(office)
    office.arrives(letter(LEA, "Another"))
    office.sync()
    for one in office.conversations():
        office.reply(one.id)
    clock.advance(30)
    done = office.worker().once()

    ((name, error),) = done.troubles
    assert (name, "failed while connecting" in error.what) == ("support", True)
    assert sorted(line.state for line in office.store.outbox()) == ["queued", "refused-for-now"]
    office.settings = replace(office.settings, mailboxes=(on_both(dovecot, imap_user, smtp_server),))
    passes(office, 2)
    assert len(smtp_server.taken) == 2
    office.close()


def test_nothing_is_sent_in_clear_when_starttls_is_stripped(
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


def test_a_full_mailbox_keeps_no_copy_and_sends_nothing_twice(
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
    office.close()


# --------------------------------------------------------------------------- merged on the way, copied, two workers


def test_a_conversation_merged_while_its_answer_leaves_still_hears_of_it(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    office.arrives(letter(subject="The same again", text="Hello?\n"))
    office.sync()
    one, two = office.conversations()
    message, _ = office.reply(two.id)
    office.clock.advance(30)
    (going,) = office.store.sending.due(office.clock())
    office.store.change(*decision("merge", conversation=two.id, into=one.id), ANNA, office.clock())
    office.store.sending.phase(message, "connecting", office.clock())
    office.store.sending.phase(message, "data", office.clock())
    office.store.sending.settle(going, {"jo@park.example": Result("sent", "OK")}, office.clock(), None)

    (merged,) = office.conversations()
    assert (merged.sending, merged.answered) == (0, True)


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
    assert line.state == "held"

    assert copy.store.sending.release(copy.clock()) == 1
    passes(copy)
    assert len(smtp_server.taken) == 1
    copy.close()
