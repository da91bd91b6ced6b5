"""Answers on their way out, over a real SMTP server: sent once or not at all, and the truth about it is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inbox.actions import decision
from inbox.channels.passwords import Secret
from inbox.model import ClockState, Status
from inbox.ports import Result
from inbox.settings import DAY, Mailbox, Pace
from tests.faults.clock import PinnedClock
from tests.post_office import ANNA, Known, PostOffice, answered, asked, letter, on_both, passes
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer

HOUR = 3600
LEA = "lea@krol.example"


@pytest.fixture
def office(sending_office: PostOffice) -> PostOffice:
    """Jo has asked, an hour ago."""
    return asked(sending_office)


# --------------------------------------------------------------------------- all is well


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
    office.arrives(b"X-Kept-By: the server\r\n" + office.raw_of(going.message), folder="Sent")
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


def test_a_late_second_recipient_leaves_nothing_sending(office: PostOffice, smtp_server: SmtpServer) -> None:
    answered(office, ("jo@park.example", LEA))
    smtp_server.answer("rcpt", "451 4.2.0 greylisted", to=LEA)
    passes(office, 3)

    one = office.the_one()
    assert (one.sending, one.failed, one.status) == (0, 0, Status.WAITING)
    assert not office.store.outbox()


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
    office.arrives(office.raw_of(going.message), folder="Sent")
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
