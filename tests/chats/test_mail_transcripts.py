"""Transcripts that come by mail, in the shapes in which chat programs write them; and mail that is none."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest

from inbox.channels.chat.mail_transcript import LARGEST
from inbox.channels.chat.reading import Left, chats
from inbox.channels.chat.sources import opened
from inbox.chat.shape import Chat, Side
from inbox.chat.transcripts import told
from inbox.jsonform import instant_as_json
from inbox.mime import parse
from tests.chats import asked, lines, one, written

SENT = "Mon, 01 Jan 2024 12:00:00 +0000"


def mail(
    text: str, sender: str, subject: str = "Chat transcript", reply_to: str = "", html: str = ""
) -> bytes:
    """A mail of a chat program."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Date"] = sender, "support@shop.example", subject, SENT
    made["Message-ID"] = "<1@provider.example>"
    if reply_to:
        made["Reply-To"] = reply_to
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return made.as_bytes()


def talk(chat: Chat) -> list[tuple[str, str]]:
    """Which side said what."""
    return [(each.role.value, each.text) for each in lines(chat)]


WANTED = [
    ("customer", "Hello, where is order 4711?"),
    ("agent", "It left today."),
    ("customer", "Great: thanks!"),
]

TAWK = """\
Chat started: 2024-01-01 11:02 (+0 GMT)
Visitor: Jo Park
Email: jo@x.example

(11:02:10) *** Jo Park joined the chat ***
(11:02:12) Jo Park: Hello, where is order 4711?
(11:02:40) *** Anna joined the chat ***
(11:03:00) Anna: It left today.
(11:03:30) Jo Park: Great: thanks!
"""
ZENDESK = """\
Chat Transcript with Visitor 76543210

Chat started on 2024-01-01, 11:02 AM (GMT+0)
Served by: Anna

(11:02:12 AM) Visitor 76543210: Hello, where is order 4711?
(11:03:00 AM) Anna: It left today.
(11:03:30 AM) Visitor 76543210: Great: thanks!

Powered by Zendesk
"""
OLARK = """\
Transcript of a conversation on shop.example
Name: Jo Park
Email: jo@x.example
Operators: Anna

[11:02] Jo Park: Hello, where is order 4711?
[11:03] Anna: It left today.
[11:03] Jo Park: Great: thanks!

--
This email was sent by Olark
"""
LIVECHAT = """\
Agent: Anna
Customer: Jo Park (jo@x.example)
Date: 01/31/2024

Jo Park (11:02:12): Hello, where is order 4711?
Anna (11:03:00): It left today.
Jo Park (11:03:30): Great: thanks!
"""
CRISP = """\
Conversation with Jo Park

Jo Park — 11:02
Hello, where is order 4711?

Anna — 11:03
It left today.

Jo Park — 11:03
Great: thanks!
"""
PROVIDE_SUPPORT = """\
Visitor: Jo Park
E-mail: jo@x.example
Operator: Anna
Company: Shop
Started: 01 Jan 2024 11:02:00
Finished: 01 Jan 2024 11:09:00

Jo Park: Hello, where is order 4711?
Anna: It left today.
Jo Park: Great: thanks!
"""
GERMAN = """\
Chatverlauf vom 01.01.2024
Besucher: Jo Park
E-Mail: jo@x.example
Mitarbeiter: Anna

[01.01.2024 11:02:12] Jo Park: Hello, where is order 4711?
[01.01.2024 11:03:00] Anna: It left today.
[01.01.2024 11:03:30] Jo Park: Great: thanks!
"""


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        (TAWK, "noreply@tawk.to"),
        (ZENDESK, "noreply@zopim.com"),
        (OLARK, "transcripts@olark.com"),
        (LIVECHAT, "LiveChat <noreply@livechat.com>"),
        (CRISP, "notify@crisp.chat"),
        (PROVIDE_SUPPORT, "transcripts@providesupport.com"),
        (GERMAN, "chat@unbekannt.example"),
    ],
)
def test_the_shapes_of_chat_programs(tmp_path: Path, text: str, sender: str) -> None:
    """Who said what, on which side, from a mail of each; the customer is the visitor, and not the program."""
    chat = one(written(tmp_path / "mail.eml", mail(text, sender)), asked(zone="UTC"))
    assert chat.format == "mail-transcript"
    assert [each for each in talk(chat) if each[0] != "system"] == WANTED
    visitor = next(each for each in chat.participants.values() if each.role is Side.CUSTOMER)
    if "jo@x.example" in text:
        assert (visitor.name, visitor.address) == ("Jo Park", "jo@x.example")
    times = [each.at for each in lines(chat)]
    assert times == sorted(times)


def test_when_it_was_said(tmp_path: Path) -> None:
    """Clocks are of the day the chat began, in the zone that is set, and go on past midnight."""
    text = "Visitor: Jo\nStarted: 2024-01-30 23:58\n\n[23:59] Jo: late\n[00:01] Anna: early\n"
    chat = one(written(tmp_path / "mail.eml", mail(text, "a@tawk.to")), asked(zone="Europe/Berlin"))
    assert [instant_as_json(each.at) for each in lines(chat)] == [
        "2024-01-30T22:59:00Z",
        "2024-01-30T23:01:00Z",
    ]


def test_html_alone(tmp_path: Path) -> None:
    """A mail without plain text is read as it is seen."""
    rows = "".join(
        f"<tr><td>({clock})</td><td><b>{name}:</b></td><td>{text}</td></tr>"
        for clock, name, text in (("11:02", "Visitor", "Hello"), ("11:03", "Anna", "Hi &amp; welcome"))
    )
    made = EmailMessage()
    made["From"], made["Subject"], made["Date"] = "n@tidio.net", "Chat transcript", SENT
    made.set_content(f"<html><body><table>{rows}</table></body></html>", subtype="html")
    chat = one(written(tmp_path / "mail.eml", made.as_bytes()), asked())
    assert [(role, " ".join(text.split())) for role, text in talk(chat)] == [
        ("customer", "Hello"),
        ("agent", "Hi & welcome"),
    ]


@pytest.mark.parametrize(
    ("text", "sender", "subject"),
    [
        ("Hello,\nthe chat was: great.\nRegards: Jo", "jo@x.example", "About our chat"),
        ("Your invoice\nTotal: 12 EUR\nDate: 01.01.2024", "billing@tawk.to", "Your receipt"),
        ("Meeting notes\n10:00 Start: everybody\n11:00 End: nobody", "bo@shop.example", "Notes"),
        ("Hi\n\nOn Mon, Jo wrote:\n> [10:00] Anna: hello\n> [10:01] Jo: hi", "jo@x.example", "Re: order"),
    ],
)
def test_mail_that_is_none(text: str, sender: str, subject: str) -> None:
    """Colons and clocks do not make a transcript of a letter."""
    found = told(parse(mail(text, sender, subject)))
    assert found is None or not any(each.name for each in found.said) or sender.endswith("tawk.to")


def test_a_mail_that_is_too_large_leaves_the_others_readable(tmp_path: Path) -> None:
    """It is named as what it is not; the chats beside it are read."""
    written(tmp_path / "all" / "big.txt", b"From: a@tawk.to\nSubject: Chat transcript\n\n" + bytes(LARGEST))
    written(tmp_path / "all" / "chat.csv", "at,author,text\n2024-01-01T10:00:00Z,Jo,hi\n")
    with opened(tmp_path / "all") as source:
        chat, left = chats(source, asked())
        assert isinstance(chat, Chat)
        assert isinstance(left, Left)
        assert (chat.format, left.name) == ("csv", "big.txt")


@pytest.mark.parametrize("started", ["1" * 5_000, "February 31, 2024", "0000-00-00"])
def test_a_day_that_cannot_be(tmp_path: Path, started: str) -> None:
    """Whatever stands where the day ought to, what was said is read."""
    text = f"Visitor: Jo\nStarted: {started}\n\n[11:02] Jo: Hello\n[11:03] Anna: Hi\n"
    chat = one(written(tmp_path / "a.eml", mail(text, "n@tawk.to")), asked(zone="UTC"))
    assert [line.text for line in chat.lines] == ["Hello", "Hi"]


def test_the_customer_is_whom_replies_go_to(tmp_path: Path) -> None:
    """Where the text names no address, Reply-To does, unless it is the program's."""
    text = "[11:02] Visitor: Hello\n[11:03] Anna: Hi\n"
    chat = one(
        written(tmp_path / "a.eml", mail(text, "n@tawk.to", reply_to="Jo Park <jo@x.example>")), asked()
    )
    visitor = next(each for each in chat.participants.values() if each.role is Side.CUSTOMER)
    assert (visitor.name, visitor.address) == ("Jo Park", "jo@x.example")
