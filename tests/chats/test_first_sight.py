"""What exports hold that the first samples of their formats did not: signs, notices, places, groups, other languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from inbox.chat.shape import Side
from tests.chats import asked, lines, one, read, said, written


def _telegram(*messages: dict[str, Any]) -> dict[str, Any]:
    head = {"type": "message", "date_unixtime": "1704103200", "from": "Jo", "from_id": "user1", "text": ""}
    return {
        "name": "Jo",
        "type": "personal_chat",
        "id": 1,
        "messages": [head | {"id": number} | each for number, each in enumerate(messages, 1)],
    }


def test_sms_keeps_its_lines(tmp_path: Path) -> None:
    """A line break is a reference of the decimal 10; control characters, which XML cannot hold, are none of it."""
    body = "one&#10;two&#xA;three &#55357;&#56397;&#16;&#x10;&#xF;!"
    path = written(
        tmp_path / "sms.xml",
        f'<smses count="1"><sms address="+4915112345678" date="1704103200000" type="1" body="{body}" /></smses>',
    )
    assert [each.text for each in lines(one(path))] == ["one\ntwo\nthree 👍!"]


def test_bytes_that_are_no_json_beside_backslashes(tmp_path: Path) -> None:
    r"""Telegram's `\x08` is a sign; `\\x41`, a backslash and letters, stays what it is."""
    text = r'{"name": "Jo", "type": "personal_chat", "id": 1, "messages": [{"id": 1, "type": "message", '
    text += (
        r'"date_unixtime": "1704103200", "from": "Jo", "from_id": "user1", "text": "a\x41b C:\\x41 \\\x41"}]}'
    )
    assert said(one(written(tmp_path / "result.json", text))) == [("user1", r"aAb C:\x41 \A")]


def test_notices_of_irc_are_said(tmp_path: Path) -> None:
    """A notice is somebody's words, in the way of irssi and in that of ZNC; who came and went is not."""
    path = written(
        tmp_path / "#help.log",
        "--- Log opened Thu Jan 04 23:58:00 2024\n23:58 -!- jo [~j@host] has joined #help\n23:59 < jo> hi\n"
        "23:59 -anna:#help- back at nine\n23:59 -chan-serv- welcome\n",
    )
    assert said(one(path)) == [("jo", "hi"), ("anna", "back at nine"), ("chan-serv", "welcome")]


def _mail(sender: str, body: str) -> str:
    head = f"From: {sender}\nTo: help@shop.example\nSubject: Chat transcript\n"
    return f"{head}Date: Fri, 05 Jan 2024 14:00:00 +0000\nMessage-ID: <1@x.example>\n\n{body}"


def test_clocks_of_mailed_transcripts(tmp_path: Path) -> None:
    """A clock with seconds is no date; the zone is the one the transcript names; a rule between lines is nobody's word."""
    facts = "Conversation started on: Thursday, January 4, 2024, at 23:59 (GMT+2)\nName: Jo\nEmail: jo@x.example\n"
    rule = "-" * 40
    said_ = "(11:59:30 PM) *** Jo joined the chat ***\n(11:59:40 PM) Jo: hi\n(12:01:05 AM) Anna: hello\n"
    more = f"---\nof two lines\n{rule}\n(12:02:05 AM) Jo: bye\n{rule}\nPowered by a program\n"
    for sender, started in (("noreply@tawk.to", facts), ("noreply@zopim.com", facts)):
        path = written(tmp_path / "m.eml", _mail(sender, f"{started}{rule}\n{said_}{more}"))
        chat = one(path, asked(zone="America/New_York"))
        first = 1_704_405_570  # 2024-01-04, 23:59:30 in a zone two hours before UTC
        assert [(each.at - first, each.author, each.role) for each in lines(chat)] == [
            (0, None, Side.SYSTEM),
            (10, "Jo", Side.CUSTOMER),
            (95, "Anna", Side.AGENT),
            (155, "Jo", Side.CUSTOMER),
        ]


def test_foot_of_a_mail_without_clocks(tmp_path: Path) -> None:
    """A rule of dashes ends what was said; who spoke before speaks behind it, too; nobody else does."""
    body = "Visitor: Jo\nEmail: jo@x.example\n\nJo: first\n-----\nAnna: nobody yet\n\nJo: second\n--\nSent by: a program\n"
    path = written(tmp_path / "m.eml", _mail("noreply@tidio.net", body))
    assert [each[1] for each in said(one(path))] == ["first", "second"]


def test_day_of_a_mailed_transcript_without_a_clock(tmp_path: Path) -> None:
    """A date of two-digit numbers is no clock; the clocks of the lines are of that day."""
    path = written(
        tmp_path / "m.eml", _mail("noreply@tawk.to", "Name: Jo\nDate: 01.01.24\n\n[10:00:07] Jo: hi\n")
    )
    assert [each.at for each in lines(one(path, asked(zone="UTC")))] == [1_704_103_207]
    text = "Name: Jo\n\n[Jan 1, 2024 10:00:07] Jo: hi\n[Jan 1, 2024 10:01:07] Jo: there\n"
    path = written(tmp_path / "n.eml", _mail("noreply@tawk.to", text))
    assert [each.at for each in lines(one(path, asked(zone="UTC")))] == [1_704_103_207, 1_704_103_267]


def test_what_telegram_shows_without_words(tmp_path: Path) -> None:
    """A poll, a place and somebody's card are not empty."""
    poll = {
        "question": "When?",
        "answers": [{"text": "Monday", "voters": 1}, {"text": "Tuesday", "voters": 0}],
    }
    place = {"latitude": 52.5, "longitude": 13.4}
    card = {"first_name": "Kim", "last_name": "", "phone_number": "+49151"}
    value = _telegram({"poll": poll}, {"location_information": place}, {"contact_information": card})
    chat = one(written(tmp_path / "result.json", value))
    assert [each.text for each in lines(chat)] == ["When?\nMonday\nTuesday", "52.5, 13.4", "Kim +49151"]


def test_messenger_encrypted_end_to_end(tmp_path: Path) -> None:
    """Each file is a chat of its own, two of the same name are two; its texts are not mended, for they are whole."""
    for number in (1, 2):
        messages = [
            {"senderName": "Zoë", "text": f"grüß {number}", "timestamp": 1_704_103_200_000, "type": "text"}
            | {"isUnsent": False, "media": [{"uri": "./media/a.jpg"}], "reactions": []},
            {"senderName": "Anna", "text": "", "timestamp": 1_704_103_100_000, "type": "text"}
            | {"isUnsent": True, "media": [], "reactions": []},
        ]
        value = {"participants": ["Zoë", "Anna"], "threadName": f"Zoë_{number}", "messages": messages}
        written(tmp_path / "m" / f"Zoë_{number}.json", value)
    found = sorted(read(tmp_path / "m"), key=lambda each: str(each.id))
    assert [(each.format, each.id, each.title) for each in found] == [
        ("messenger", "Zoë_1", "Zoë"),
        ("messenger", "Zoë_2", "Zoë"),
    ]
    assert said(found[0]) == [("Anna", ""), ("Zoë", "grüß 1")]
    assert [[file.name for file in each.attachments] for each in lines(found[0])] == [[], ["a.jpg"]]


def test_a_group_of_an_iphone_is_nobody(tmp_path: Path) -> None:
    """What happens to a group is written in its own name, no part of it; somebody with pictures alone is."""
    notice = "[01/01/2024, 10:00:00] {}: \u200eMessages and calls are end-to-end encrypted.\n"
    group = (
        "[01/01/2024, 10:00:01] Bikes & Co: \u200eJo created this group\n[01/01/2024, 10:00:02] Jo: hi\n"
        "[13/01/2024, 10:00:02] Anna: hello\n"
    )
    chat = one(written(tmp_path / "_chat.txt", notice.format("Bikes & Co") + group), asked("Anna"))
    assert [each[0] for each in said(chat)] == [None, None, "Jo", "Anna"]
    assert set(chat.participants) == {"Jo", "Anna"}
    pair = "[13/01/2024, 10:00:02] Jo: \u200eimage omitted\n[13/01/2024, 10:00:02] Anna: hello\n"
    chat = one(written(tmp_path / "pair" / "_chat.txt", notice.format("Jo") + pair), asked("Anna"))
    assert [each[0] for each in said(chat)] == [None, "Jo", "Anna"]


def test_dates_of_a_table(tmp_path: Path) -> None:
    """Months by their names, a zone that is named, and a local time may stand in one column."""
    rows = "Time;From;Message\n1 January 2024 11:00;Jo;a\n01.01.2024 10:00 UTC;Jo;b\n13. Jan. 2024, 11:00:07;Anna;c\n"
    chat = one(written(tmp_path / "a.csv", rows), asked(zone="Europe/Berlin"))
    assert [each.at - 1_704_103_200 for each in lines(chat)] == [0, 0, 12 * 86_400 + 7]


def test_sms_of_one_number_spelled_twice(tmp_path: Path) -> None:
    """With its country and without: one chat of one person; what could be two numbers stays apart."""
    rows = (("0170 1234567", 1, "a"), ("+491701234567", 2, "b"), ("+49 170 1234567", 1, "c"), ("01701234567", 2, "d"),
            ("0151 7654321", 1, "e"), ("+49 151 7654321", 1, "f"), ("+43 151 7654321", 1, "g"), ("22345", 1, "h"),
    )  # fmt: skip
    text = "".join(
        f'<sms address="{number}" date="{1704103200 + at}000" type="{way}" body="{body}" />'
        for at, (number, way, body) in enumerate(rows)
    )
    found = read(written(tmp_path / "a.xml", f"<smses>{text}</smses>"))
    assert {each.id: [(line.author, line.text) for line in each.lines] for each in found} == {
        "+491701234567": [("+49 170 1234567", "a"), ("Me", "b"), ("+49 170 1234567", "c"), ("Me", "d")],
        "01517654321": [("0151 7654321", "e")],
        "+491517654321": [("+49 151 7654321", "f")],
        "+431517654321": [("+43 151 7654321", "g")],
        "22345": [("22345", "h")],
    }


def test_sms_to_a_number_that_never_went_out(tmp_path: Path) -> None:
    """No chat is made of drafts alone; that one was left out is said."""
    sms = '<sms address="{}" date="1704103200000" type="{}" body="hi" />'
    path = written(tmp_path / "a.xml", f"<smses>{sms.format('+491', 1)}{sms.format('+492', 3)}</smses>")
    assert said(one(path)) == [("+491", "hi")]
    assert one(path).oddities.told == ("message 2 was never sent: left out",)


def test_day_and_month_of_a_mailed_transcript(tmp_path: Path) -> None:
    """Which number is the day is told by the mail, which is sent soon after; here it is of 5 January."""
    for day in ("01/04/2024", "04/01/2024"):
        text = f"Name: Jo\n\n[{day} 10:00:00 AM] Jo: hi\n[{day} 10:01:00 AM] Anna: hello\n"
        path = written(tmp_path / "m.eml", _mail("noreply@tawk.to", text))
        assert [each.at for each in lines(one(path, asked(zone="UTC")))] == [1_704_362_400, 1_704_362_460]


def test_a_thread_of_matrix_has_its_first_line(tmp_path: Path) -> None:
    """Only what answers in a thread names it; the line that it hangs from is of the same matter, others are not."""
    threads: list[dict[str, Any]] = [{}, {}, {"m.relates_to": {"rel_type": "m.thread", "event_id": "$0"}}]
    events = [
        {
            "type": "m.room.message",
            "sender": "@jo:x.example",
            "event_id": f"${number}",
            "origin_server_ts": 1_704_103_200_000 + number,
            "content": {"msgtype": "m.text", "body": "hi"} | relation,
        }
        for number, relation in enumerate(threads)
    ]
    chat = one(written(tmp_path / "export.json", {"room_name": "Jo", "messages": events}))
    assert [each.topic for each in lines(chat)] == ["$0", None, "$0"]
