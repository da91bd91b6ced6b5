"""Mail of ours that came back (RFC 3464): over a real IMAP and a real SMTP server, the answer counts no longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.actions import decision, receive, undelivered
from inbox.addresses import fold_address
from inbox.bounces import read_answer, reason
from inbox.channels.imap import LARGE
from inbox.mime import parse
from inbox.model import Bounce, Clock, ClockState, Conversation, Event, EventType, Status, Who
from inbox.ports import Recipient, Result, Returned
from inbox.queries import Flag, Is
from inbox.settings import DAY
from inbox.text import one_line
from tests.front import Front
from tests.post_office import ANNA, SUPPORT, PostOffice, asked, letter
from tests.servers.smtp import SmtpServer
from tui.widgets.record import sentence

HOUR = 3600
JO, LEA, GUS = "jo@park.example", "lea@krol.example", "gus@park.example"
UTC_ZONE = ZoneInfo("UTC")


# --------------------------------------------------------------------------- what mail servers send


class Missed(NamedTuple):
    """What a server reports of one recipient."""

    address: str = JO
    action: str = "failed"
    status: str = "5.1.1"
    said: str = (
        "550 5.1.1 <jo@park.example>: Recipient address rejected: User unknown in virtual mailbox table"
    )
    final: str = ""
    more: str = ""


class Back(NamedTuple):
    """A report on its way to us: the id of the mail it gives back, and of whom it speaks."""

    message_id: str
    missed: tuple[Missed, ...] = (Missed(),)
    number: int = 1

    def own_id(self, host: str) -> str:
        return f"<report{self.number}@{host}>"

    def given_back(self) -> str:
        return (
            f"From: Shop <{SUPPORT}>\nTo: {', '.join(each.address for each in self.missed)}\n"
            f"Subject: Re: Where is my parcel?\nMessage-ID: {self.message_id}\nMIME-Version: 1.0\n"
            "Content-Type: text/plain; charset=us-ascii\n"
        )


def report(head: str, text: str, status: str, returned: str, returned_type: str = "message/rfc822") -> bytes:
    """A multipart/report of these parts (RFC 6522)."""
    whole = (
        f'{head}MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n\tboundary="=_b1"\n\n'
        f"This is a MIME-encapsulated message.\n\n--=_b1\n{text}\n--=_b1\nContent-Description: Delivery report\n"
        f"Content-Type: message/delivery-status\n\n{status}\n--=_b1\nContent-Type: {returned_type}\n\n{returned}\n"
        "It is on its way.\n\n--=_b1--\n"
    )
    return whole.replace("\n", "\r\n").encode()


def postfix(back: Back) -> bytes:
    """Names nobody but the mail it gives back."""
    groups = "".join(
        f"Final-Recipient: rfc822; {each.final or each.address}\nOriginal-Recipient: rfc822;{each.address}\n"
        f"Action: {each.action}\nStatus: {each.status}\n{each.more}"
        f"Remote-MTA: dns; mx.park.example\nDiagnostic-Code: smtp; {each.said}\n\n"
        for each in back.missed
    )
    return report(
        f"Return-Path: <>\nFrom: MAILER-DAEMON@relay.example (Mail Delivery System)\nTo: {SUPPORT}\n"
        "Subject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n"
        f"Date: Mon, 16 Mar 2026 10:00:0{back.number} +0000 (UTC)\nMessage-Id: {back.own_id('relay.example')}\n",
        "Content-Description: Notification\nContent-Type: text/plain; charset=us-ascii\n\n"
        "This is the mail system at host relay.example.\n\nI'm sorry to have to inform you that your message could not\n"
        "be delivered to one or more recipients. It's attached below.\n",
        f"Reporting-MTA: dns; relay.example\nX-Postfix-Queue-ID: 3F2A\nArrival-Date: 16 Mar 2026 09:59:00 +0000\n\n{groups}",
        back.given_back(),
    )


def exim(back: Back) -> bytes:
    """No Original-Recipient; the whole chain of ids in References."""
    groups = "".join(
        f"Action: {each.action}\nFinal-Recipient: rfc822;{each.address}\nStatus: {each.status}\n"
        f"Remote-MTA: dns; mx.park.example\nDiagnostic-Code: smtp; {each.said}\n\n"
        for each in back.missed
    )
    return report(
        f"Return-path: <>\nX-Failed-Recipients: {', '.join(each.address for each in back.missed)}\n"
        f"Auto-Submitted: auto-replied\nFrom: Mail Delivery System <Mailer-Daemon@relay.example>\nTo: {SUPPORT}\n"
        f"References: <q@park.example> {back.message_id}\nSubject: Mail delivery failed: returning message to sender\n"
        f"Message-Id: {back.own_id('exim.example')}\nDate: Mon, 16 Mar 2026 10:00:00 +0000\n",
        "Content-type: text/plain; charset=us-ascii\n\nThis message was created automatically by mail delivery software.\n\n"
        "A message sent by\n\n  support@shop.example\n\ncould not be delivered to one or more of its recipients.\n",
        f"Reporting-MTA: dns; relay.example\n\n{groups}",
        back.given_back(),
    )


def exchange(back: Back) -> bytes:
    """Answers ours; text and HTML; only the headers come back."""
    groups = "".join(
        f"Original-Recipient: rfc822;{each.address}\nFinal-Recipient: RFC822;{each.address.title()}\n"
        f"Action: {each.action}\nStatus: 5.1.10\n"
        "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup\n"
        "X-Display-Name: Jo Park\n\n"
        for each in back.missed
    )
    return report(
        f"From: <postmaster@park.example>\nTo: <{SUPPORT}>\nDate: Mon, 16 Mar 2026 10:00:00 +0000\n"
        f"Content-Language: en-US\nMessage-ID: {back.own_id('prod.outlook.example')}\nIn-Reply-To: {back.message_id}\n"
        f"References: {back.message_id}\nSubject: Undeliverable: Re: Where is my parcel?\nAuto-Submitted: auto-replied\n",
        'Content-Type: multipart/alternative; differences=Content-Type;\n\tboundary="=_alt"\n\n--=_alt\n'
        'Content-Type: text/plain; charset="us-ascii"\n\nYour message to jo@park.example couldn\'t be delivered.\n\n'
        '--=_alt\nContent-Type: text/html; charset="us-ascii"\n\n<p>Your message couldn\'t be delivered.</p>\n\n--=_alt--\n',
        f"Reporting-MTA: dns;AM0PR01.example\nArrival-Date: 16 Mar 2026 09:59:00 +0000\n\n{groups}",
        back.given_back(),
        "text/rfc822-headers",
    )


def gmail(back: Back) -> bytes:
    """Final-Recipient alone, and a reason spread over several lines."""
    groups = "".join(
        f"Final-Recipient: rfc822; {each.address}\nAction: {each.action}\nStatus: {each.status}\n"
        "Remote-MTA: dns; gmail-smtp-in.l.google.com. (2a00::1b, the server for the domain park.example.)\n"
        "Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try\n"
        " 550-5.1.1 double-checking the recipient's email address for typos or\n"
        " 550 5.1.1 unnecessary spaces. For more information, go to https://support.example/mail - gsmtp\n"
        "Last-Attempt-Date: Mon, 16 Mar 2026 03:00:00 -0700 (PDT)\n\n"
        for each in back.missed
    )
    return report(
        f"Return-Path: <>\nFrom: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nTo: {SUPPORT}\n"
        f"Auto-Submitted: auto-replied\nSubject: Delivery Status Notification (Failure)\nReferences: {back.message_id}\n"
        f"In-Reply-To: {back.message_id}\nMessage-ID: {back.own_id('mx.google.com')}\nDate: 16 Mar 2026 03:00:00 -0700\n",
        'Content-Type: multipart/related; boundary="=_rel"\n\n--=_rel\nContent-Type: text/html; charset="UTF-8"\n\n'
        "<html><body><h1>Address not found</h1><p>Your message wasn't delivered.</p></body></html>\n\n--=_rel--\n",
        f"Reporting-MTA: dns; googlemail.com\nX-Original-Message-ID: {back.message_id}\n\n{groups}",
        back.given_back(),
    )


def qmail(back: Back) -> bytes:
    """Few words: a status and no diagnostic, `\\n` between groups doubled, old types of the original."""
    groups = "".join(
        f"Original-Recipient: rfc822;{each.address.replace('+', '+2B')}\nFinal-Recipient: rfc822;{each.address}\n"
        f"Action: {each.action}\nStatus: {each.status}\n\n\n"
        for each in back.missed
    )
    return report(
        f"Return-Path: <>\nDate: 16 Mar 2026 10:00:00 -0000\nFrom: MAILER-DAEMON@relay.example\nTo: {SUPPORT}\n"
        f"Subject: failure notice\nMessage-ID: {back.own_id('qmail.example')}\n",
        "Content-Type: text/plain\n\nHi. This is the qmail-send program at relay.example.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n",
        f"Reporting-MTA: x-local-hostname; relay.example\n\n{groups}",
        back.given_back(),
        "text/rfc822-headers",
    )


SHAPES = (postfix, exim, exchange, gmail, qmail)


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


# --------------------------------------------------------------------------- words and spellings


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("Original-Recipient: rfc822;jo+2Bshop@park.example\nFinal-Recipient: rfc822;x@y", "jo+shop@park.example"),
        ("Final-Recipient: rfc822; <Jo@Park.Example>", "jo@park.example"),
        ("Final-Recipient: jo@park.example", "jo@park.example"),
        ("Original-Recipient: rfc822;jo@park.example\nFinal-Recipient: rfc822;j.park@elsewhere.example", "jo@park.example"),
        ("Original-Recipient: rfc822;list@x.example\nFinal-Recipient: rfc822;jo@park.example", "jo@park.example"),
        ("Final-Recipient: rfc822; jo@xn--mller-kva.example", "jo@müller.example"),
        ("Final-Recipient: utf-8; j\\x{F6}@park.example", "jö@park.example"),
    ],
)  # fmt: skip
def test_the_recipient_of_a_report_is_known_however_it_is_written(field: str, written: str) -> None:
    raw = (
        "From: MAILER-DAEMON@x\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns;x\n\n{field}\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
    )
    bounces = parse(raw.replace("\n", "\r\n").encode()).bounces
    returned = Returned(
        1, 1, "anna", "sent", (Recipient(written, "sent"), Recipient(LEA, "sent")), frozenset()
    )
    assert [each.address for each, _ in undelivered.named(returned, bounces, "failed")] == [written]


def test_whom_a_list_forwarded_it_to_may_have_it_all_the_same() -> None:
    """It went to a list and to Jo; the list's copy for Jo is what came back."""
    returned = Returned(1, 1, "anna", "sent", (Recipient(GUS, "sent"), Recipient(JO, "sent")), frozenset())
    bounce = Bounce(GUS, "5.1.1", 550, "hard", "no", "failed", JO)
    assert [each.address for each, _ in undelivered.named(returned, [bounce], "failed")] == [GUS]


@pytest.mark.parametrize(
    ("status", "said", "words"),
    [
        ("5.1.1", "550 5.1.1 User unknown", "the mailbox does not exist (550 5.1.1 User unknown)"),
        ("5.1.1", "", "the mailbox does not exist (5.1.1)"),
        ("5.1.2", "Host or domain name not found", "the domain does not exist (5.1.2 Host or domain name not found)"),
        ("5.2.1", "550 mailbox disabled", "the mailbox is closed (5.2.1 550 mailbox disabled)"),
        ("5.2.2", "over quota", "the mailbox is full for now (5.2.2 over quota)"),
        ("5.3.4", "552 5.3.4 message too large", "the message is too large there (552 5.3.4 message too large)"),
        ("5.7.1", "554 5.7.1 listed as spam", "their server does not want this message (554 5.7.1 listed as spam)"),
        ("4.4.7", "delivery time expired", "their server was out of reach for too long (4.4.7 delivery time expired)"),
        (None, "", "the address was refused"),
    ],
)  # fmt: skip
def test_why_in_few_words(status: str | None, said: str, words: str) -> None:
    fields = f"Final-Recipient: rfc822; a@b.example\nAction: failed\nDiagnostic-Code: smtp; {said}\n"
    fields += f"Status: {status}\n" if status else ""
    raw = (
        "From: MAILER-DAEMON@x\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n{fields}\n--b--\n"
    )
    (bounce,) = parse(raw.replace("\n", "\r\n").encode()).bounces
    assert reason(bounce) == words


@given(st.text(max_size=400), st.text(max_size=60))
def test_a_reason_is_short_and_names_nobody_whatever_was_said(said: str, recipient: str) -> None:
    words = reason(read_answer(recipient, f"{said} <a.b@c.example>: {said}"))
    assert len(words) < 200 and words == one_line(words)
    assert "a.b@c.example" not in words


_ADDRESSES = st.sampled_from(
    [JO, LEA, GUS, "JO@PARK.EXAMPLE", "jo+40park.example@x", "", "@", "nobody@x.example"]
)
_STATES = st.sampled_from(
    ["queued", "held", "refused-for-now", "sent", "unknown", "failed", "dropped", "undone"]
)


@given(
    st.lists(st.tuples(_ADDRESSES, st.sampled_from(["failed", "delayed", ""]), _ADDRESSES), max_size=6),
    st.dictionaries(st.sampled_from([JO, LEA, GUS]), _STATES, min_size=1),
    st.sampled_from(["sent", "failed", "data", "unknown", "refused-for-now"]),
)
def test_no_report_says_more_than_it_can_prove(
    told: list[tuple[str, str, str]], recipients: dict[str, str], state: str
) -> None:
    """Only of who was to get it, only of whom it has left for, and of each once."""
    returned = Returned(
        1, 1, "anna", state, tuple(Recipient(*each) for each in recipients.items()), frozenset([JO])
    )
    bounces = [Bounce(address, "5.1.1", 550, "hard", "no", action, final) for address, action, final in told]
    here = Conversation(1, Status.WAITING)
    facts = undelivered.consequences(returned, here, bounces, Who("sync"), 5, 6)

    failing = [fact.event.data["recipients"][0] for fact in facts if fact.event.type is EventType.UNDELIVERED]
    assert len(set(failing)) == len(failing)
    left = {"sent", "unknown"} | ({"queued", "refused-for-now"} if state == "data" else set())
    failed = [each for each in bounces if each.action == "failed"]
    claimed = {fold_address(each) for one in failed for each in (one.recipient, one.final)}
    assert set(failing) <= {each for each in recipients if each in claimed and recipients[each] in left}
    written_to = {fold_address(one.recipient) for one in failed}
    assert set(failing) >= {each for each in recipients if each in written_to and recipients[each] in left}
