"""Mail of ours that came back (RFC 3464): over a real IMAP and a real SMTP server, the answer counts no longer."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from inbox.actions import decision, receive
from inbox.channels.imap_fetching import LARGE
from inbox.mime import parse
from inbox.model import Clock, ClockState, Conversation, Event, EventType, Status, Who
from inbox.ports import Result
from inbox.queries import Flag, Is
from inbox.settings import DAY
from inbox.text import one_line
from tests.delivery_reports import GUS, JO, LEA, SHAPES, Back, Missed, exim, gmail, postfix
from tests.front import Front
from tests.post_office import ANNA, PostOffice, asked, letter
from tests.servers.smtp import SmtpServer
from tui.widgets.record import sentence

HOUR = 3600
UTC_ZONE = ZoneInfo("UTC")


# --------------------------------------------------------------------------- the office


@pytest.fixture
def office(sending_office: PostOffice) -> PostOffice:
    """Jo has asked, an hour ago."""
    return asked(sending_office)


def answered(office: PostOffice, *to: str) -> tuple[int, str]:
    """Anna has answered, and the server has taken it; half an hour later."""
    message, message_id = office.reply(office.the_one().id, to=to or (JO,))
    office.clock.advance(30)
    office.worker().once()
    office.clock.advance(HOUR // 2)
    return message, message_id


def comes(office: PostOffice, *raws: bytes, folder: str = "INBOX") -> None:
    """The report is delivered, and fetched."""
    office.arrives(*raws, folder=folder)
    office.sync()


def first_clock(office: PostOffice) -> Clock:
    return office.reply_clocks(office.the_one().id)[0]


def events(office: PostOffice, kind: EventType = EventType.UNDELIVERED) -> list[Event]:
    return [each for each in office.store.events(office.the_one().id) if each.type is kind]


def states(office: PostOffice) -> dict[str, tuple[str, str]]:
    """State and detail of each recipient of ours."""
    found = [each for item in office.items(office.the_one().id) for each in item.recipients]
    return {each.address: (each.state, each.detail) for each in found}


def lines(office: PostOffice) -> list[str]:
    """What the screen says happened."""
    said = (sentence(each, office.clock(), UTC_ZONE) for each in office.store.events(office.the_one().id))
    return [each for each in said if each is not None]


def failed_to_send(office: PostOffice) -> list[int]:
    return list(office.store.ids(Is(Flag.FAILED), ANNA, office.clock()))


def nothing_but_placed(office: PostOffice, before: Conversation, clock: Clock) -> None:
    """The report lies in the conversation, and nothing else is another than before."""
    after = office.the_one()
    assert (after.messages, after.last_from) == (before.messages + 1, "automatic")
    names = ("status", "assignee", "failed", "sending", "waiting_since", "unread", "customer")
    assert [getattr(after, each) for each in names] == [getattr(before, each) for each in names]
    assert first_clock(office) == clock
    assert not events(office)
    assert office.store.verify(office.clock()) == []


# --------------------------------------------------------------------------- it came back


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_an_answer_that_came_back_is_none_and_says_so(
    office: PostOffice, smtp_server: SmtpServer, shape: Callable[[Back], bytes]
) -> None:
    running = first_clock(office)
    message, message_id = answered(office)
    assert first_clock(office).state is ClockState.MET
    customers = office.number("customers")
    came = office.clock()
    comes(office, shape(Back(message_id)))

    one = office.the_one()
    assert (one.status, one.assignee, one.failed, one.sending, one.messages) == (Status.OPEN, "anna", 1, 0, 3)
    assert one.waiting_since == running.started and not one.unread
    clock = first_clock(office)
    assert (clock.started, clock.due, clock.met) == (running.started, running.due, None)
    assert clock.state in (ClockState.RUNNING, ClockState.BREACHED)
    (event,) = events(office)
    assert (event.message, event.who, event.at) == (message, "sync", came)
    assert event.data["recipients"] == [JO] and event.data["all"] and event.data["failure"] == "hard"
    assert event.why.startswith("the mailbox does not exist (") and "5.1.1" in event.why
    assert "@" not in event.why and len(event.why) < 200
    assert office.state_of(message) == "failed"
    assert states(office) == {JO: ("failed", event.why)}
    assert f"! not delivered to {JO}, because {event.why}" in lines(office)[-1]
    assert failed_to_send(office) == [one.id]
    assert office.store.refused_addresses(["Jo@PARK.example", LEA]) == {JO: event.why}
    assert office.number("customers") == customers  # a mail system is nobody's customer

    office.clock.advance(DAY)
    office.sync()
    assert len(smtp_server.taken) == 1  # neither is it sent again, nor the report answered
    assert office.store.verify(office.clock()) == []


def test_it_stands_on_top_of_what_is_due(office: PostOffice) -> None:
    _, message_id = answered(office)
    office.arrives(letter(LEA, "Another"))
    office.sync()
    other = max(one.id for one in office.conversations())
    order = list(office.store.ids(None, ANNA, office.clock()))
    assert order[0] == other
    comes(office, postfix(Back(message_id)))

    assert list(office.store.ids(None, ANNA, office.clock())) == [min(order), other]


def test_a_report_that_lies_in_junk_is_believed_too(office: PostOffice) -> None:
    message, message_id = answered(office)
    comes(office, postfix(Back(message_id)), folder="Junk")

    assert office.state_of(message) == "failed"
    assert office.the_one().status is Status.OPEN


def test_what_was_closed_with_the_answer_is_open_again_however_long_ago(office: PostOffice) -> None:
    message, message_id = answered(office)
    one = office.the_one()
    office.store.change(*decision("close", conversation=one.id), ANNA, office.clock())
    office.clock.advance(40 * DAY)
    comes(office, postfix(Back(message_id)))

    assert (office.the_one().status, office.state_of(message)) == (Status.OPEN, "failed")


def test_whoever_has_it_keeps_it_and_what_nobody_has_goes_to_who_sent_it(office: PostOffice) -> None:
    _, message_id = answered(office, JO, LEA)
    one = office.the_one()
    office.store.change(*decision("assign", conversation=one.id, to="bo"), ANNA, office.clock())
    comes(office, postfix(Back(message_id, (Missed(LEA),))))
    assert office.the_one().assignee == "bo"

    office.store.change(*decision("assign", conversation=one.id, to=None), ANNA, office.clock())
    comes(office, postfix(Back(message_id, number=2)))
    assert office.the_one().assignee == "anna"


def test_a_full_mailbox_is_a_failure_in_other_words_and_marks_no_address(office: PostOffice) -> None:
    message, message_id = answered(office)
    said = "552 5.2.2 <jo@park.example>: over quota, tried for five days"
    comes(office, postfix(Back(message_id, (Missed(status="5.2.2", said=said),))))

    (event,) = events(office)
    assert event.why == "the mailbox is full for now (552 5.2.2 …: over quota, tried for five days)"
    assert event.data["failure"] == "soft"
    assert office.state_of(message) == "failed"
    assert first_clock(office).met is None
    assert not office.store.refused_addresses([JO])


def test_the_words_of_a_server_are_bounded_and_harmless(office: PostOffice) -> None:
    _, message_id = answered(office)
    said = "550 5.1.1 \x1b]0;owned\x07 [bold]x[/] \u202e" + "very long " * 200
    comes(office, postfix(Back(message_id, (Missed(said=said),))))

    (event,) = events(office)
    assert len(event.why) < 200 and event.why == one_line(event.why)
    assert all(each.isprintable() for each in lines(office))


def test_the_commands_say_it_in_a_sentence(
    office: PostOffice, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, message_id = answered(office, JO, LEA)
    late = Missed(LEA, action="delayed", status="4.4.1", said="timed out")
    comes(office, postfix(Back(message_id, (late,))))
    comes(office, postfix(Back(message_id, number=2)))
    front = Front(office.folder, capsys, monkeypatch, now=office.clock())
    front.write_settings()
    (event,) = events(office)

    why = front.ok("why", "1").out
    assert f"not delivered to {JO}, because {event.why}; the others have it" not in why
    assert f"not delivered to {JO}, because {event.why}: it counts as no answer" in why
    assert f"not delivered yet to {LEA}" in why
    assert "reports on a message of ours" in why
    (shown,) = front.json("show", "1")
    (ours,) = [item for item in shown["items"] if item["direction"] == "out"]
    assert ours["state"] == "failed"
    assert {"address": JO, "state": "failed", "detail": event.why} in ours["recipients"]
    assert f"  {JO}: failed {event.why}" in front.ok("show", "1").lines


def test_a_report_with_a_large_mail_in_it_is_believed_by_its_beginning(office: PostOffice) -> None:
    message, message_id = answered(office)
    raw = postfix(Back(message_id)).replace(b"It is on its way.\r\n", b"Its way is long.\r\n" * 400_000)
    assert len(raw) > LARGE
    comes(office, raw)

    assert office.state_of(message) == "failed"
    assert first_clock(office).met is None
    office.clock.advance(HOUR)
    office.sync()
    assert len(events(office)) == 1
    assert office.the_one().messages == 3


# --------------------------------------------------------------------------- it did not come back


def test_a_delay_is_a_note_and_nothing_else(office: PostOffice) -> None:
    _, message_id = answered(office)
    before, clock = office.the_one(), first_clock(office)
    late = Missed(
        action="delayed",
        status="4.4.1",
        said="connect to mx.park.example: timed out",
        more="Will-Retry-Until: Sat, 21 Mar 2026 10:00:00 +0000\n",
    )
    comes(office, postfix(Back(message_id, (late,))))

    nothing_but_placed(office, before, clock)
    assert lines(office)[-1].endswith("not delivered yet to jo@park.example, tried until Sat 21 Mar 10:00")
    assert states(office)[JO][0] == "sent"

    comes(office, postfix(Back(message_id, number=2)))
    assert office.the_one().failed == 1


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_report_that_it_arrived_changes_nothing(office: PostOffice, action: str) -> None:
    _, message_id = answered(office)
    before, clock = office.the_one(), first_clock(office)
    comes(office, postfix(Back(message_id, (Missed(action=action, status="2.0.0", said="250 ok"),))))

    nothing_but_placed(office, before, clock)


def test_a_report_about_a_recipient_it_never_went_to_changes_nothing(office: PostOffice) -> None:
    _, message_id = answered(office)
    before, clock = office.the_one(), first_clock(office)
    comes(office, postfix(Back(message_id, (Missed(LEA),))))

    nothing_but_placed(office, before, clock)
    assert not office.store.refused_addresses([LEA])


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_report_without_our_id_is_kept_and_changes_nothing(
    office: PostOffice, shape: Callable[[Back], bytes]
) -> None:
    """Forged, or about mail that somebody else sent in our name."""
    message, _ = answered(office)
    before = office.the_one(), first_clock(office), office.state_of(message)
    comes(office, shape(Back("<00000000000000000000000000000000@shop.example>")))

    mine = office.conversations()[0]
    assert (mine, office.reply_clocks(mine.id)[0], office.state_of(message)) == before
    assert not [each for each in office.store.events(mine.id) if each.type is EventType.UNDELIVERED]
    assert office.number("messages") == 3
    assert not office.store.refused_addresses([JO])


def test_what_is_given_back_decides_and_not_what_else_is_named(office: PostOffice) -> None:
    """A mail from a phone came back; the report names our answer as well, which is older in that exchange."""
    message, message_id = answered(office)
    raw = exim(Back("<phone@shop.example>")).replace(
        b"<q@park.example> <phone@shop.example>", b"<phone@shop.example> " + message_id.encode()
    )
    comes(office, raw)

    assert office.state_of(message) == "sent"


def test_a_letter_of_a_person_that_quotes_a_report_is_a_letter(office: PostOffice) -> None:
    message, message_id = answered(office)
    text = f"I got this:\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; {JO}\nAction: failed\nStatus: 5.1.1\n"
    comes(office, letter(subject="AW: parcel", text=text, in_reply_to=message_id))

    assert office.state_of(message) == "sent"
    assert office.the_one().last_from == "customer"
    assert all(event.data["customer"] for event in events(office, EventType.RECEIVED))


def test_a_report_that_lies_in_sent_is_none_to_us(office: PostOffice) -> None:
    message, message_id = answered(office)
    comes(office, postfix(Back(message_id)), folder="Sent")

    assert office.state_of(message) == "sent"


# --------------------------------------------------------------------------- some have it


def test_one_of_three_came_back_and_the_customer_has_it(office: PostOffice) -> None:
    message, message_id = answered(office, JO, LEA, GUS)
    met = first_clock(office)
    comes(office, postfix(Back(message_id, (Missed(GUS),))))

    assert first_clock(office) == met
    one = office.the_one()
    assert (one.status, one.failed, one.waiting_since) == (Status.OPEN, 1, None)
    assert {address: state for address, (state, _) in states(office).items()} == {
        JO: "sent",
        LEA: "sent",
        GUS: "failed",
    }
    assert office.state_of(message) == "failed"
    assert lines(office)[-1].endswith("; the others have it")
    assert failed_to_send(office) == [one.id]


def test_the_customer_does_not_have_it_though_others_do(office: PostOffice) -> None:
    _, message_id = answered(office, JO, LEA)
    comes(office, postfix(Back(message_id)))

    assert first_clock(office).met is None
    assert office.the_one().waiting_since is not None
    assert states(office)[LEA][0] == "sent"


def test_who_is_refused_at_once_counts_like_who_came_back(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    smtp_server.always("rcpt", "550 5.1.1 nobody of that name", to=JO)
    answered(office, JO, LEA)

    assert first_clock(office).met is None
    (event,) = events(office)
    assert event.why == "the mailbox does not exist (5.1.1 nobody of that name)"
    assert list(office.store.refused_addresses([JO, LEA])) == [JO]


@pytest.mark.parametrize("said", ["550 5.7.1 relaying denied", "550 5.0.0 no", "550 not today"])
def test_a_refusal_that_may_mean_us_marks_nobody(
    office: PostOffice, smtp_server: SmtpServer, said: str
) -> None:
    smtp_server.always("rcpt", said)
    answered(office)

    assert office.the_one().failed == 1
    assert not office.store.refused_addresses([JO])


# --------------------------------------------------------------------------- nobody knew yet


def test_a_report_proves_that_what_nobody_knew_of_had_left(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    smtp_server.answer("dot", SmtpServer.ABORT_KEPT)
    lost = office.clock() + 30
    message, message_id = answered(office, JO, LEA)
    assert office.state_of(message) == "unknown"
    comes(office, postfix(Back(message_id, (Missed(LEA),))))

    assert {address: state for address, (state, _) in states(office).items()} == {JO: "sent", LEA: "failed"}
    clock = first_clock(office)
    assert (clock.state, clock.met) == (ClockState.MET, lost)
    assert office.store.read("SELECT accepted_at IS NOT NULL FROM outbox") == [(1,)]
    office.clock.advance(HOUR)
    office.sync()
    assert office.in_sent(message_id) == 1
    assert len(smtp_server.taken) == 1
    assert office.store.verify(office.clock()) == []


def test_what_nobody_knew_of_has_left_and_came_back(office: PostOffice, smtp_server: SmtpServer) -> None:
    smtp_server.answer("dot", SmtpServer.ABORT_KEPT)
    message, message_id = answered(office)
    comes(office, postfix(Back(message_id)))

    assert office.state_of(message) == "failed"
    assert (office.the_one().failed, first_clock(office).met) == (1, None)
    office.store.sending.found_in_sent(message, office.clock())
    assert office.state_of(message) == "failed"


def test_a_report_quicker_than_the_answer_to_the_dot(office: PostOffice) -> None:
    message, message_id = office.reply(office.the_one().id, to=(JO, LEA))
    office.clock.advance(30)
    outbox = office.store.sending
    (going,) = outbox.due(office.clock())
    outbox.phase(message, "connecting", office.clock())
    outbox.phase(message, "data", office.clock())
    raw = postfix(Back(message_id))  # the mailbox's line brings it while the sender waits
    arrival = receive.Arrival(parse(raw), raw, office.clock(), us=office.settings.us, mailbox="support")
    office.store.change(receive.scope(arrival), receive.deciding(arrival), Who("sync"), office.clock())
    assert office.state_of(message) == "data"
    assert office.the_one().waiting_since is not None
    outbox.settle(going, {JO: Result("sent", "OK"), LEA: Result("sent", "OK")}, office.clock(), None)

    assert {address: state for address, (state, _) in states(office).items()} == {JO: "failed", LEA: "sent"}
    one = office.the_one()
    assert (one.status, one.failed, one.sending) == (Status.OPEN, 1, 0)
    assert first_clock(office).met is None
    assert (office.state_of(message), len(events(office))) == ("failed", 1)
    assert office.store.verify(office.clock()) == []


def test_a_report_while_somebody_else_is_still_tried(office: PostOffice, smtp_server: SmtpServer) -> None:
    smtp_server.answer("rcpt", "451 4.2.0 greylisted", to=LEA)
    message, message_id = answered(office, JO, LEA)
    assert first_clock(office).state is ClockState.MET
    comes(office, postfix(Back(message_id)))  # and what waited for Lea goes in the same pass

    assert {address: state for address, (state, _) in states(office).items()} == {JO: "failed", LEA: "sent"}
    assert first_clock(office).met is None
    one = office.the_one()
    assert (one.status, one.failed, one.sending, office.state_of(message)) == (Status.OPEN, 1, 0, "failed")
    assert len(events(office)) == 1
    assert office.in_sent(message_id) == 1
    assert [each.recipients for each in smtp_server.taken] == [(JO,), (LEA,)]
    assert office.store.verify(office.clock()) == []


def test_who_alone_was_to_get_it_and_did_not_before_the_server_answered(office: PostOffice) -> None:
    message, message_id = office.reply(office.the_one().id)
    office.clock.advance(30)
    (going,) = office.store.sending.due(office.clock())
    office.store.sending.phase(message, "connecting", office.clock())
    office.store.sending.phase(message, "data", office.clock())
    raw = postfix(Back(message_id))
    arrival = receive.Arrival(parse(raw), raw, office.clock(), us=office.settings.us, mailbox="support")
    office.store.change(receive.scope(arrival), receive.deciding(arrival), Who("sync"), office.clock())
    assert office.state_of(message) == "data"  # nobody can send it again while it is under way
    assert not office.store.sending.resend(message, office.clock())
    office.store.sending.settle(going, {JO: Result("sent", "OK")}, office.clock(), None)

    assert (office.state_of(message), first_clock(office).met, len(events(office))) == ("failed", None, 1)


def test_a_death_after_a_report_that_was_quicker_loses_nothing(office: PostOffice) -> None:
    message, message_id = office.reply(office.the_one().id, to=(JO, LEA))
    office.clock.advance(30)
    office.store.sending.phase(message, "connecting", office.clock())
    office.store.sending.phase(message, "data", office.clock())
    raw = postfix(Back(message_id))
    arrival = receive.Arrival(parse(raw), raw, office.clock(), us=office.settings.us, mailbox="support")
    office.store.change(receive.scope(arrival), receive.deciding(arrival), Who("sync"), office.clock())
    office.store.sending.recover(office.clock())

    assert {address: state for address, (state, _) in states(office).items()} == {
        JO: "failed",
        LEA: "unknown",
    }
    assert (office.the_one().failed, first_clock(office).met, len(events(office))) == (1, None, 1)
    assert office.store.verify(office.clock()) == []


# --------------------------------------------------------------------------- twice, later, afterwards


def test_the_same_report_in_two_folders_and_a_second_one_say_it_once(office: PostOffice) -> None:
    _, message_id = answered(office)
    raw = postfix(Back(message_id))
    office.arrives(raw, folder="Junk")
    comes(office, raw)
    comes(office, gmail(Back(message_id)))

    assert len(events(office)) == 1
    assert office.the_one().messages == 4


def test_a_second_report_tells_of_another_recipient(office: PostOffice) -> None:
    _, message_id = answered(office, JO, LEA)
    comes(office, postfix(Back(message_id, (Missed(LEA),))))
    assert first_clock(office).state is ClockState.MET
    comes(office, postfix(Back(message_id, number=2)))

    assert first_clock(office).met is None
    assert [each.data["recipients"] for each in events(office)] == [[LEA], [JO]]
    assert not any(state == "sent" for state, _ in states(office).values())


def test_a_report_tells_of_several_recipients(office: PostOffice) -> None:
    _, message_id = answered(office, JO, LEA)
    full = Missed(LEA, status="5.2.2", said="552 5.2.2 mailbox full")
    comes(office, exim(Back(message_id, (Missed(), full))))

    assert [(each.data["recipients"], each.data["failure"]) for each in events(office)] == [
        ([JO], "hard"),
        ([LEA], "soft"),
    ]
    assert all(each.data["all"] for each in events(office))


def test_a_late_report_leaves_alone_what_a_newer_answer_met(office: PostOffice) -> None:
    old, message_id = answered(office)
    newer, _ = answered(office, JO, GUS)
    met = office.store.read("SELECT accepted_at FROM outbox WHERE message = ?", (newer,))[0][0]
    comes(office, postfix(Back(message_id)))

    one = office.the_one()
    assert (one.status, one.waiting_since, one.failed) == (Status.WAITING, None, 1)
    clock = first_clock(office)
    assert clock.met == met
    assert [each.state for each in office.reply_clocks(one.id)] == [clock.state]
    assert office.state_of(old) == "failed"


def test_a_late_report_wakes_nothing_that_a_newer_answer_has_overtaken(office: PostOffice) -> None:
    _, message_id = answered(office)
    answered(office)
    comes(office, letter(subject="AW: parcel", text="One more thing.\n", in_reply_to=message_id))
    until = office.clock() + DAY
    office.store.change(*decision("snooze", conversation=1, until=until), ANNA, office.clock())
    comes(office, postfix(Back(message_id)))

    one = office.the_one()
    assert (one.status, one.snoozed_until, one.failed) == (Status.SNOOZED, until, 1)


def test_a_late_report_opens_it_once_the_newer_answer_is_taken_back(office: PostOffice) -> None:
    _, message_id = answered(office)
    office.reply(office.the_one().id, "And another thing.")
    comes(office, postfix(Back(message_id)))
    assert office.the_one().status is Status.WAITING
    office.store.change(*decision("undo", by="anna"), ANNA, office.clock())

    one = office.the_one()
    assert (one.status, one.waiting_since is not None) == (Status.OPEN, True)


def test_sent_again_by_a_person_it_is_an_answer_from_then_on(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    message, message_id = answered(office, JO, LEA)
    comes(office, postfix(Back(message_id)))
    assert office.store.sending.resend(message, office.clock())
    again = office.clock()
    office.sync()

    assert [each.recipients for each in smtp_server.taken] == [(JO, LEA), (JO,)]
    assert first_clock(office).met == again
    one = office.the_one()
    assert (one.status, one.failed) == (Status.WAITING, 0)
    assert not office.store.refused_addresses([JO])  # the server has taken one for it since

    office.clock.advance(HOUR)
    comes(office, postfix(Back(message_id, number=2)))
    assert first_clock(office).met is None
    assert list(office.store.refused_addresses([JO])) == [JO]


def test_sent_again_and_refused_this_time_it_is_told_anew(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    message, message_id = answered(office)
    comes(office, postfix(Back(message_id)))
    office.store.sending.resend(message, office.clock())
    assert office.the_one().status is Status.WAITING
    smtp_server.always("rcpt", "550 5.1.1 nobody of that name")
    office.sync()

    assert (office.the_one().status, office.the_one().failed, len(events(office))) == (Status.OPEN, 1, 2)


def test_older_mail_from_there_proves_nothing(office: PostOffice) -> None:
    _, message_id = answered(office)
    comes(office, postfix(Back(message_id)))
    office.arrives(letter(JO, "An older one"), at=office.clock() - 60)
    office.sync()

    assert list(office.store.refused_addresses([JO])) == [JO]


def test_the_mark_goes_when_somebody_writes_from_there(office: PostOffice) -> None:
    _, message_id = answered(office)
    comes(office, postfix(Back(message_id)))
    assert office.store.refused_addresses([JO])
    office.clock.advance(HOUR)
    comes(office, letter(JO, "I am back", "My mailbox was full.\n", auto_submitted="auto-replied"))
    assert office.store.refused_addresses([JO])
    comes(office, letter(JO, "I am here", "Really.\n"))

    assert not office.store.refused_addresses([JO])


def test_what_came_back_cannot_be_taken_back(office: PostOffice) -> None:
    _, message_id = answered(office)
    comes(office, postfix(Back(message_id)))
    before = office.the_one()
    refusal = office.store.change(*decision("undo", by="anna"), ANNA, office.clock()).refusal

    assert refusal is not None and "has left already" in refusal.reason
    assert office.the_one() == before


def test_an_answer_given_up_after_it_came_back_is_no_failure_any_more(office: PostOffice) -> None:
    message, message_id = answered(office)
    comes(office, postfix(Back(message_id)))
    assert office.store.sending.drop(message, office.clock())

    one = office.the_one()
    assert (one.failed, one.status, one.waiting_since is not None) == (0, Status.OPEN, True)
    comes(office, postfix(Back(message_id, number=2)))
    assert office.the_one().failed == 0
    assert office.store.verify(office.clock()) == []


def test_a_merged_conversation_is_told_where_it_lives_now(office: PostOffice) -> None:
    message, message_id = answered(office)
    office.arrives(letter(subject="The same again", text="Hello?\n"))
    office.sync()
    one, two = office.conversations()
    office.store.change(*decision("merge", conversation=one.id, into=two.id), ANNA, office.clock())
    comes(office, postfix(Back(message_id)))

    merged = office.the_one()
    assert (merged.id, merged.failed) == (two.id, 1)
    assert office.state_of(message) == "failed"
