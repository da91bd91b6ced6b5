"""Mail of ours that came back with a report in plain words: the id of ours in it is the same proof as in RFC 3464."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.bounces import returned_message_id
from inbox.model import EventType, Status
from inbox.settings import Settings
from storage.workspace import open_store
from tests.faults.clock import MONDAY
from tests.stores import OURS, Desk

JO = "jo@park.example"

QMAIL = """\
Hi. This is the qmail-send program at mx.park.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{to}>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <{ours}>
Message-ID: {id}
To: {to}

Hello
"""
EXIM = """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {to}
    host mx.park.example [192.0.2.1]
    550 Unknown user

------ This is a copy of the message's headers. ------

Message-ID: {id}
"""
GATEWAY = """\
This report relates to a message you sent with the following header fields:

  Message-id: {id}
  To: {to}

Your message cannot be delivered to the following recipients:

  Recipient address: {to}
  Reason: Unknown user
"""
NAMELESS = """\
Your message could not be delivered, the address does not exist.

----- Original message -----

Message-ID: {id}
To: "Jo Park" <{to}>
Subject: Re: Where is my parcel?
"""
YAHOO = """\
<html><body><p>Unable to deliver message to the following address(es).</p>
<p>&lt;{to}&gt;:<br>554 delivery error: This user doesn't have an account</p>
<pre>--- Below this line is a copy of the message.
Message-ID: &lt;{bare}&gt;
</pre></body></html>
"""
FULL = """\
A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {to}
    552 mailbox is full

------ This is a copy of the message's headers. ------

Message-ID: {id}
"""
DELAY = """\
Warning: message delayed 24 hours.
A message that you sent has not yet been delivered to one or more of its recipients:

  {to}

No action is required on your part. Delivery attempts will continue for some time.

Message-ID: {id}
"""
UNCLEAR = """\
There was something about your message to

  {to}

Message-ID: {id}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    store = open_store(tmp_path / "workspace")
    store.apply(Settings(host_zone="UTC", us_words=(OURS,)), MONDAY)
    here = Desk(store)
    yield here
    here.verified()
    here.store.close()


def report(text: str, id_: str, to: str = JO, kind: str = "plain") -> bytes:
    head = (
        "Return-Path: <>\nFrom: MAILER-DAEMON@mx.park.example (Mail Delivery System)\n"
        f"To: {OURS}\nSubject: Mail delivery failed: returning message to sender\n"
        f"Message-ID: <r{len(text)}@mx.park.example>\nContent-Type: text/{kind}; charset=utf-8\n\n"
    )
    body = text.format(id=id_, bare=id_.strip("<>"), to=to, ours=OURS)
    return (head + body).replace("\n", "\r\n").encode()


def answered(shop: Desk) -> tuple[int, int, str]:
    """Jo has asked and has an answer: the conversation, the message and its id."""
    number = shop.gets()
    message = shop.replies("anna", number)
    shop.hands_over(message)
    id_ = next(item.message_id for item in shop.store.items(number) if item.id == message)
    assert shop.state(number).status is Status.WAITING
    return number, message, id_ or ""


@pytest.mark.parametrize("text", [QMAIL, EXIM, GATEWAY, NAMELESS, YAHOO])
def test_the_answer_is_none_and_the_address_is_marked(shop: Desk, text: str) -> None:
    number, message, id_ = answered(shop)
    kind = "html" if text is YAHOO else "plain"
    assert shop.gets(report(text, id_, kind=kind)) == number

    one = shop.state(number)
    assert (one.status, one.failed, one.unread, one.notice) == (Status.OPEN, 1, False, False)
    assert one.waiting_since is not None and shop.store.rows([number])[0].due_at is not None
    (event,) = [e for e in shop.store.events(number) if e.type is EventType.UNDELIVERED]
    assert (event.message, event.data["recipients"], event.data["failure"]) == (message, [JO], "hard")
    assert JO in shop.store.refused_addresses([JO])


def test_a_full_mailbox_marks_no_address(shop: Desk) -> None:
    number, _, id_ = answered(shop)
    shop.gets(report(FULL, id_))
    assert shop.state(number).failed == 1
    assert not shop.store.refused_addresses([JO])


def test_a_delay_is_a_note_and_nothing_else(shop: Desk) -> None:
    number, _, id_ = answered(shop)
    assert shop.gets(report(DELAY, id_)) == number
    assert (shop.state(number).status, shop.state(number).failed) == (Status.WAITING, 0)
    (came,) = [e for e in shop.store.events(number) if "delayed" in e.data]
    assert came.data["delayed"] == [JO]


@pytest.mark.parametrize(
    ("text", "id_", "to"),
    [(UNCLEAR, "", JO), (QMAIL, "<other@shop.example>", JO), (QMAIL, "", "gus@park.example")],
)
def test_what_proves_nothing_changes_nothing(shop: Desk, text: str, id_: str, to: str) -> None:
    number, _, ours = answered(shop)
    shop.gets(report(text, id_ or ours, to))
    assert (shop.state(number).status, shop.state(number).failed) == (Status.WAITING, 0)
    assert not [e for e in shop.store.events(number) if e.type is EventType.UNDELIVERED]
    assert not shop.store.refused_addresses([JO, to])


def test_the_mark_goes_when_somebody_writes_from_there(shop: Desk) -> None:
    _, _, id_ = answered(shop)
    shop.gets(report(QMAIL, id_))
    assert shop.store.refused_addresses([JO])
    shop.tick(60)
    shop.gets()
    assert not shop.store.refused_addresses([JO])


def test_the_id_of_ours_is_found_in_what_gmail_tells_programs() -> None:
    raw = (
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n\r\nfailed\r\n--b\r\n'
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; g.example\r\n"
        b"X-Original-Message-ID: <sent1@shop.example>\r\n\r\nFinal-Recipient: rfc822; jo@park.example\r\n"
        b"Action: failed\r\nStatus: 5.1.1\r\n--b--\r\n"
    )
    assert returned_message_id(raw) == "<sent1@shop.example>"


@pytest.mark.parametrize("line", [">\r\n", "> ", "<p>", "To: \r\n", "message-id: \r\n"])
def test_a_report_of_nothing_but_marks_is_read_to_its_end(line: str) -> None:
    """A pattern that began anew at each of them would not come back for minutes."""
    assert returned_message_id(b"Subject: x\r\n\r\n" + line.encode() * 100_000) is None
