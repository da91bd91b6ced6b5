"""What mail servers send when a mail did not arrive, or not yet (RFC 3464, RFC 6522), each in its own shape."""

from __future__ import annotations

from typing import NamedTuple

from tests.post_office import SUPPORT

JO, LEA, GUS = "jo@park.example", "lea@krol.example", "gus@park.example"


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
