"""What stands within mail: Outlook's winmail.dat, invitations, RTF, mails within mails."""

from __future__ import annotations

import base64
import struct

import pytest

from inbox.attachments import content
from inbox.invitations import in_words
from inbox.mime import parse
from inbox.model import Attachment
from inbox.rtf import rtf_to_text, unpacked
from tests.hostile import attribute
from tests.letters import PLAIN, mail, multipart

# ------------------------------------------------------------ winmail.dat

FILE_BEGINS = attribute(0x00069002, b"\0" * 14, 2)
MESSAGE, OF_FILE = 0x00069003, 0x00069005


def properties(*pairs: tuple[int, int, bytes]) -> bytes:
    """MAPI properties of variable length: tag, type, value."""
    out = struct.pack("<I", len(pairs))
    for tag, kind, value in pairs:
        out += struct.pack("<HHII", kind, tag, 1, len(value)) + value + b"\0" * (-len(value) % 4)
    return out


def winmail(*attributes: bytes) -> str:
    data = b"\x78\x9f\x3e\x22\x01\x00" + b"".join(attributes)
    coded = base64.encodebytes(data).decode()
    return (
        f"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n{coded}"
    )


SHORT_NAME = attribute(0x00018010, b"RECHNU~1.PDF\0", 2)
CONTENT = attribute(0x0006800F, b"%PDF-1.4", 2)
LONG_NAME = attribute(OF_FILE, properties((0x3707, 0x1F, "Rechnung für Ann.pdf\0".encode("utf-16-le"))), 2)
PDF = Attachment("Rechnung für Ann.pdf", "application/pdf", 8)


def test_the_files_in_winmail_dat_are_listed_behind_it() -> None:
    raw = multipart(
        "mixed", PLAIN, winmail(FILE_BEGINS, SHORT_NAME, CONTENT, LONG_NAME), PLAIN.replace("Hello", "And")
    )
    message = parse(raw)
    assert message.text == "Hello plain\n\nAnd plain"
    assert [each.name for each in message.attachments] == ["winmail.dat", "Rechnung für Ann.pdf"]
    assert message.attachments[1] == PDF
    assert message.oddities == ("Outlook packed the mail in winmail.dat (TNEF): 1 file was found in it",)
    assert content(raw, message.attachments, 1) == b"%PDF-1.4"


@pytest.mark.parametrize(
    "packed",
    [
        attribute(0x0002800C, b"Where is my lamp?\0"),
        attribute(MESSAGE, properties((0x1000, 0x1F, "Where is my lamp?\0".encode("utf-16-le")))),
        attribute(MESSAGE, properties((0x1013, 0x102, b"<p>Where is my <b>lamp</b>?</p>"))),
        attribute(
            MESSAGE,
            properties(
                (0x1009, 0x102, struct.pack("<IIII", 99, 99, 0x414C454D, 0) + b"{\\rtf1 Where is my lamp?}")
            ),
        ),
    ],
)
def test_a_mail_without_text_of_its_own_gets_that_of_winmail_dat(packed: bytes) -> None:
    message = parse(multipart("mixed", winmail(packed)))
    assert message.text == message.reply == "Where is my lamp?"
    assert parse(multipart("mixed", PLAIN, winmail(packed))).text == "Hello plain"


@pytest.mark.parametrize("kept", range(0, 160, 7))
def test_a_winmail_dat_that_was_cut_off_says_so_and_keeps_what_is_there(kept: int) -> None:
    whole = b"\x78\x9f\x3e\x22\x01\x00" + FILE_BEGINS + SHORT_NAME + CONTENT + LONG_NAME
    part = "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
    message = parse(multipart("mixed", PLAIN, part + base64.encodebytes(whole[:kept]).decode()))
    assert message.text == "Hello plain"
    assert message.attachments[0].name == "winmail.dat"
    assert any("winmail.dat" in oddity for oddity in message.oddities)
    said = any("not whole" in oddity for oddity in message.oddities)
    ends = (6, 6 + len(FILE_BEGINS), 6 + len(FILE_BEGINS + SHORT_NAME), len(whole) - len(LONG_NAME))
    assert said == (6 < kept < len(whole) and kept not in ends)


def test_compressed_rtf_is_unpacked() -> None:
    """The example of MS-OXRTFCP, 3.1.1."""
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert unpacked(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


# ------------------------------------------------------------ RTF


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1\ansi Hello \b world\b0\par Bye}", "Hello world\nBye"),
        (rb"{\rtf1\ansi\ansicpg1251 \'c3\'e4\'e5}", "Где"),
        (rb"{\rtf1\ansi\ansicpg99999 Gr\'fc\'df}", "Grüß"),  # a number that is no charset
        (rb"{\rtf1{\fonttbl{\f0 Arial;}}{\*\generator x;}Gr\u252 ?\'df}", "Grüß"),
        (
            rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Hello\htmlrtf\par}\htmlrtf0}",
            "Hello",
        ),
        (rb"{\rtf1 a\{b\}\\c}", "a{b}\\c"),
        (b"no RTF at all", "no RTF at all"),
    ],
)
def test_rtf_in_words(rtf: bytes, text: str) -> None:
    assert rtf_to_text(rtf) == text


# ------------------------------------------------------------ invitations

ZONE = """BEGIN:VTIMEZONE
TZID:Our own
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(*lines: str, method: str = "REQUEST", zone: str = "Europe/Berlin") -> str:
    begin = f"BEGIN:VCALENDAR\nMETHOD:{method}\n{ZONE}BEGIN:VEVENT\nUID:1\nSUMMARY:Lamp\\, the new one\n"
    times = f"DTSTART;TZID={zone}:20220504T100000\nDTEND;TZID={zone}:20220504T110000\n"
    return begin + times + "".join(f"{line}\n" for line in lines) + "END:VEVENT\nEND:VCALENDAR\n"


def told(text: str) -> str:
    return in_words(text.replace("\n", "\r\n").encode())


def test_an_invitation_says_what_when_where_and_who() -> None:
    text = calendar(
        "LOCATION:Room 1",
        "ORGANIZER;CN=Ann Weber:mailto:ann@mail.example",
        "ATTENDEE;CN=Bob:mailto:bob@mail.example",
        "ATTENDEE:MAILTO:carla@mail.example",
        "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=4",
        "DESCRIPTION:Bring the old one.",
    )
    words = (
        "Invitation: Lamp, the new one\n"
        "When: Wed 4 May 2022, 10:00–11:00 (Europe/Berlin), that is Wed 4 May 2022, 08:00–09:00 UTC\n"
        "Repeats: every week on WE, 4 times\nWhere: Room 1\nOrganiser: Ann Weber <ann@mail.example>\n"
        "Invited: Bob <bob@mail.example>, carla@mail.example"
    )
    assert told(text) == words
    part = f"Content-Type: text/calendar; method=REQUEST\n\n{text}"
    beside = parse(multipart("alternative", PLAIN, part))
    assert beside.text == beside.reply == f"Hello plain\n\n{words}"
    assert [each.type for each in beside.attachments] == ["text/calendar"] and beside.oddities == ()
    twice = parse(
        multipart("mixed", PLAIN, part, part.replace("text/calendar", "application/ics; name=invite.ics"))
    )
    assert twice.text == beside.text
    alone = parse(mail("Content-Type: text/calendar; method=REQUEST\n", text.replace("\n", "\r\n")))
    assert alone.text == f"{words}\n\nBring the old one."


@pytest.mark.parametrize("zone", ["Europe/Berlin", "W. Europe Standard Time", "Our own"])
def test_the_hour_in_utc_holds_for_zones_of_the_world_of_windows_and_of_the_calendar(zone: str) -> None:
    assert f"10:00–11:00 ({zone}), that is Wed 4 May 2022, 08:00–09:00 UTC" in told(calendar(zone=zone))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (calendar(method="CANCEL"), "Cancelled event: Lamp"),
        (calendar("STATUS:CANCELLED"), "Cancelled event: Lamp"),
        (calendar("SEQUENCE:2"), "Changed invitation: Lamp"),
        (calendar("ATTENDEE;CN=Bob;PARTSTAT=DECLINED:mailto:b@x", method="REPLY"), "Bob <b@x> declines"),
        (calendar(method="COUNTER"), "Another time is proposed: Lamp"),
        (calendar(method="PUBLISH"), "Calendar event: Lamp"),
        (calendar("RECURRENCE-ID:20220504T080000Z"), "Only this one of a series"),
        (calendar(zone="Nowhere"), "10:00–11:00 (zone Nowhere, unknown here)"),
        (calendar().replace(";TZID=Europe/Berlin", ""), "10:00–11:00 (no zone is named)"),
        (calendar().replace(";TZID=Europe/Berlin", "").replace("0000\n", "0000Z\n"), "10:00–11:00 UTC"),
        (
            calendar()
            .replace(";TZID=Europe/Berlin:20220504T100000", ";VALUE=DATE:20220504")
            .replace(";TZID=Europe/Berlin:20220504T110000", ";VALUE=DATE:20220506"),
            "When: Wed 4 May 2022 to Thu 5 May 2022 (all day)",
        ),
        (calendar().replace("20220504T100000", "soon"), "Invitation: Lamp"),
        (calendar()[:-60], "Invitation: Lamp"),  # cut off
        (calendar().replace("END:VTIMEZONE", "END:VEVENT"), "Lamp"),
        ("BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 90 + "SUMMARY:Lamp\n", "Lamp"),
    ],
)
def test_what_became_of_an_event_is_told_however_broken_it_is(text: str, words: str) -> None:
    assert words in told(text)


def test_a_calendar_that_says_nothing_adds_nothing() -> None:
    assert told("BEGIN:VCALENDAR\nEND:VCALENDAR\n") == told("") == told("hello") == ""


# ------------------------------------------------------------ mails within mails


def test_a_mail_that_is_only_another_mail_shows_it() -> None:
    inner = "From: Bob <bob@y.example>\nSubject: =?utf-8?q?L=C3=A4mp?=\nContent-Type: text/html\n"
    inner += "\n<p>It is <b>broken</b>.</p>"
    message = parse(multipart("mixed", f"Content-Type: message/rfc822\n\n{inner}"))
    assert message.text == (
        "---------- Forwarded message ----------\nFrom: Bob <bob@y.example>\nSubject: Lämp\n\nIt is broken."
    )
    assert message.reply == message.text and message.quoted == ""
    assert [each.type for each in message.attachments] == ["message/rfc822"]
    covered = parse(multipart("mixed", PLAIN, f"Content-Type: message/rfc822\n\n{inner}"))
    assert covered.text == "Hello plain"


def test_mails_within_mails_end_somewhere() -> None:
    raw = mail().replace(b"Message-ID", b"Content-Type: message/rfc822\r\nMessage-ID")
    for _ in range(20):
        raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + raw
    assert parse(raw).text.count("Forwarded message") == 3


def test_a_piece_of_a_mail_and_a_file_elsewhere_are_said() -> None:
    piece = parse(
        mail('Content-Type: message/partial; id="x"; number=1; total=3\n', "Subject: x\r\n\r\nThe words")
    )
    assert "The words" in piece.text and "the mail is piece 1 of 3 of a larger one" in piece.oddities
    away = 'Content-Type: message/external-body; access-type=URL; url="https://x.example/y.pdf"\n\nContent-Type: a/b\n'
    message = parse(multipart("mixed", PLAIN, away))
    assert message.oddities == ("an attachment is not in the mail but elsewhere: https://x.example/y.pdf",)
