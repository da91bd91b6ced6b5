"""How countries write dates, what marks a message, what is put beside one, and files that are no transcript."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inbox.channels.chat import months, sms, sources, texts
from inbox.channels.chat.months import month_of
from inbox.channels.chat.sources import opened
from inbox.errors import NotDone
from inbox.jsonform import instant_as_json
from main import main
from tests.chats import asked, lines, one, read, said, written, zipped


def _marks(path: Path) -> list[tuple[str, str]]:
    return [(each.text, each.mark) for each in lines(one(path))]


@pytest.mark.parametrize(
    "mark",
    [
        "<This message was edited>",
        "\u200e<This message was edited>",
        "<Diese Nachricht wurde bearbeitet.>",
        "<Se editó este mensaje.>",
        "<Mensagem editada>",
        "<Ce message a été modifié>",
        "<Questo messaggio è stato modificato>",
        "<Сообщение изменено>",
        "<Bu mesaj düzenlendi>",
        "<הודעה זו נערכה>",
        "<تم تعديل هذه الرسالة>",
        "<このメッセージは編集されました>",
    ],
)
def test_what_whatsapp_says_of_an_edit_is_no_word_of_the_message(tmp_path: Path, mark: str) -> None:
    """It is told beside it; what people put between brackets themselves stays."""
    path = written(
        tmp_path / "a.txt", f"31/12/20, 23:59 - Jo: at nine {mark}\n31/12/20, 23:59 - Jo: <nine or ten>\n"
    )
    assert _marks(path) == [("at nine", "edited"), ("<nine or ten>", "")]


def test_what_whatsapp_says_of_a_deletion_is_told(tmp_path: Path) -> None:
    """The words stay, for nothing else stands there; who only talks of it has deleted nothing."""
    path = written(
        tmp_path / "a.txt",
        "[31.12.20, 23:59:00] Jo: \u200eDiese Nachricht wurde gelöscht.\n"
        "[31.12.20, 23:59:01] Jo: Diese Nachricht wurde gelöscht, sagt Anna\n",
    )
    assert [mark for _, mark in _marks(path)] == ["deleted", ""]


def test_a_document_of_an_iphone_stands_behind_its_name(tmp_path: Path) -> None:
    """What it is called and how long it is are words, the file is a file."""
    path = zipped(
        tmp_path / "a.zip",
        {
            "_chat.txt": "[31.12.20, 23:59:00] Jo: Bill.pdf • \u200e2 pages \u200e<attached: 7-Bill.pdf>\n",
            "7-Bill.pdf": b"%PDF",
        },
    )
    (line,) = lines(one(path))
    assert [(each.name, each.size) for each in line.attachments] == [("7-Bill.pdf", 4)]
    assert line.text == "Bill.pdf • \u200e2 pages"


def test_lines_of_another_telephone_are_words(tmp_path: Path) -> None:
    """Somebody pastes lines of a chat into a message; a zero byte spoils nothing."""
    path = written(
        tmp_path / "a.txt",
        "31/12/20, 23:58 - Jo: he wrote:\n[30/12/20, 10:00:00] Bo: no\n31/12/20, 23:59 - Anna: o\0k\n",
    )
    assert said(one(path)) == [("Jo", "he wrote:\n[30/12/20, 10:00:00] Bo: no"), ("Anna", "o\0k")]


def test_a_line_that_came_late_stands_in_its_place(tmp_path: Path) -> None:
    """A telephone without a net sends afterwards: the lines are oldest first, and equal ones of a minute keep apart."""
    told = "31/12/20, 23:50 - Jo: ok\n31/12/20, 23:52 - Anna: yes\n31/12/20, 23:50 - Jo: ok\n31/12/20, 23:51 - Jo: so\n"
    found = lines(one(written(tmp_path / "a.txt", told)))
    assert [each.text for each in found] == ["ok", "ok", "so", "yes"]
    assert len({each.id for each in found}) == 4


@pytest.mark.parametrize(
    "stamp", ["2023년 3월 15일 오후 2:02 - ", "2023年3月15日下午2:02 - ", "[2023/03/15 午後2:02:00] "]
)
def test_halves_of_the_day_behind_a_counter(tmp_path: Path, stamp: str) -> None:
    """No space parts the sign for a day from the one for the afternoon."""
    (line,) = lines(one(written(tmp_path / "a.txt", f"{stamp}Jo: ok\n")))
    assert instant_as_json(line.at) == "2023-03-15T14:02:00Z"


@pytest.mark.parametrize(
    "when",
    [
        "Wednesday, 15 March 2023 at 14:02:11 UTC",
        "Mittwoch, 15. März 2023 um 15:02:11 GMT+1",
        "miércoles, 15 de marzo de 2023, 2:02:11 p. m. UTC",
        "quarta-feira, 15 de março de 2023 às 14:02:11 UTC",
        "2023年3月15日水曜日 14:02:11 UTC",
        "2023년 3월 15일 수요일 오후 2시 2분 11초 UTC",
        "बुधवार, 15 मार्च 2023 को 2:02:11 pm UTC बजे",
        "الأربعاء، 15 مارس 2023 في 2:02:11 م UTC",
        "середа, 15 березня 2023 р. о 14:02:11 UTC",
        "15 Mart 2023 Çarşamba 14:02:11 UTC",
        "15 tháng 3, 2023 lúc 14:02:11 UTC",
    ],
)
def test_dates_in_words_of_many_languages(tmp_path: Path, when: str) -> None:
    """As Google writes them for whoever asked for the export."""
    message = {
        "creator": {"name": "Jo", "email": "jo@x.example"},
        "created_date": when,
        "text": "hi",
        "topic_id": "t",
    }
    chat = one(written(tmp_path / "messages.json", {"messages": [message]}))
    assert [instant_as_json(each.at) for each in lines(chat)] == ["2023-03-15T14:02:11Z"]
    assert chat.oddities.told == ()


def test_every_month_is_known_however_it_is_written() -> None:
    """Also where small letters are not what letters are compared by."""
    for number, names in enumerate(months._MONTHS, 1):
        for name in names.split():
            assert month_of(name) == month_of(name.title()) == number, name


def test_logs_of_hexchat_and_of_others(tmp_path: Path) -> None:
    """The year stands at the beginning, and turns; colours are no words; who came and went is left out."""
    path = written(
        tmp_path / "a.log",
        "**** BEGIN LOGGING AT Sun Dec 31 23:58:00 2023\n\nDec 31 23:58:11 *\tNow talking on #help\n"
        "Dec 31 23:59:12 <jo>\t\x0304,01red\x03 \x02hi\x02\nJan 01 00:01:13 <anna>\thello\n"
        "**** ENDING LOGGING AT Mon Jan  1 00:02:00 2024\n",
    )
    found = lines(one(path))
    assert [(each.author, each.text, instant_as_json(each.at)) for each in found] == [
        ("jo", "red hi", "2023-12-31T23:59:12Z"),
        ("anna", "hello", "2024-01-01T00:01:13Z"),
    ]
    for fraction in ("", ".000"):
        told = f"[2023-03-15T14:02:11{fraction}Z] <jo> hi\n[2023-03-15T14:02:12{fraction}Z] *** jo quit\n"
        chat = one(written(tmp_path / "b.log", told), asked(zone="Europe/Berlin"))
        assert [(each.author, instant_as_json(each.at)) for each in lines(chat)] == [
            ("jo", "2023-03-15T14:02:11Z")
        ]


@pytest.mark.parametrize(
    ("name", "with_zone", "without"),
    [
        ("a.log", "[2023-03-15T14:02:11.000Z] <jo> hi\n", "[2023-03-15T14:02:12.000] <jo> hi\n"),
        ("a.csv", "at,text\n2023-03-15 14:02:11 UTC,hi\n", "2023-03-15 14:02:12,hi\n"),
        ("b.csv", "at,text\n2023-03-15 14:02:11.250 UTC,hi\n", "2023-03-15 14:02:12.250,hi\n"),
        (
            "a.jsonl",
            '{"at": "2023-03-15 14:02:11 UTC", "text": "hi"}\n',
            '{"at": "2023-03-15 14:02:12", "text": "hi"}\n',
        ),
    ],
)
def test_a_zone_is_missed_only_where_a_time_has_none(
    tmp_path: Path, name: str, with_zone: str, without: str
) -> None:
    """Not where each says that it is UTC, which then is none of a zone that was given."""
    (whole, partly) = (
        one(written(tmp_path / folder / name, text), asked())
        for folder, text in (("a", with_zone), ("b", with_zone + without))
    )
    assert lines(one(tmp_path / "a" / name, asked(zone="Europe/Berlin"))) == lines(whole)
    assert [any("no zone" in each for each in chat.oddities.told) for chat in (whole, partly)] == [
        False,
        True,
    ]


_PIECES = [{"type": "text", "text": "a "}, {"type": "link", "url": "b"}, {"type": "emoji", "name": "wave"}]


def _slack(message: dict[str, Any]) -> dict[str, Any]:
    told = {"type": "message", "user": "U1", "text": "", "ts": "1704103200.000100"}
    return {"channels.json": [{"id": "C1", "name": "help"}], "help/2024-01-01.json": [told | message]}


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (
            {"attachments": [{"title": "Order 22", "text": "2 mugs", "fields": [{"title": "Carrier", "value": "DHL"}]}]},
            "Order 22\n2 mugs\nCarrier: DHL",
        ),
        ({"attachments": [{"fallback": "Order 22"}]}, "Order 22"),
        ({"text": "look", "attachments": [{"from_url": "https://x.example", "text": "a page"}]}, "look"),
        ({"blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": _PIECES}]}]}, "a b:wave:"),
        ({"blocks": [{"type": "section", "text": {"text": "one &amp; two"}}, {"text": {"text": "3"}}]}, "one & two\n3"),
    ],
)  # fmt: skip
def test_what_programs_say_in_slack_without_words(tmp_path: Path, message: dict[str, Any], text: str) -> None:
    """Blocks, and what is put beside a message; not what Slack itself shows of a link."""
    assert [each.text for each in lines(one(zipped(tmp_path / "a.zip", _slack(message))))] == [text]


def test_a_ticket_of_intercom_begins_with_what_it_is_about(tmp_path: Path) -> None:
    """Its first words stand among its attributes, and are the customer's."""
    jo = {"type": "user", "name": "Jo", "email": "jo@x.example"}
    anna = {"type": "admin", "name": "Anna", "email": "anna@shop.example"}
    parts = [
        {
            "id": str(number),
            "part_type": "comment",
            "body": body,
            "created_at": 1_704_103_260 + number,
            "author": author,
        }
        for number, (body, author) in enumerate((("<p>Sorry</p>", anna), ("<p>Thanks</p>", jo)))
    ]
    ticket = {
        "type": "ticket",
        "id": "7",
        "created_at": 1_704_103_200,
        "ticket_attributes": {"_default_title_": "Broken", "_default_description_": "<p>It is broken</p>"},
        "ticket_parts": {"type": "ticket_part.list", "ticket_parts": parts},
    }
    chat = one(written(tmp_path / "a.json", ticket))
    assert chat.title == "Broken"
    assert said(chat) == [
        ("jo@x.example", "It is broken"),
        ("anna@shop.example", "Sorry"),
        ("jo@x.example", "Thanks"),
    ]


def test_polls_and_older_edits_of_matrix(tmp_path: Path) -> None:
    """A poll is its question and answers; an edit of what the export does not hold is the newer text."""
    events: list[dict[str, Any]] = [
        {
            "content": {
                "body": "* new",
                "m.new_content": {"body": "new"},
                "m.relates_to": {"rel_type": "m.replace", "event_id": "$gone"},
            }
        },
        {
            "type": "org.matrix.msc3381.poll.start",
            "content": {
                "org.matrix.msc3381.poll.start": {
                    "question": {"body": "Red?"},
                    "answers": [{"org.matrix.msc1767.text": "yes"}],
                }
            },
        },
        {
            "type": "m.poll.start",
            "content": {
                "m.poll": {
                    "question": {"m.text": [{"body": "Blue?"}]},
                    "answers": [{"m.text": [{"body": "no"}]}],
                }
            },
        },
    ]
    told: dict[str, Any] = {
        "type": "m.room.message",
        "sender": "@jo:x.example",
        "origin_server_ts": 1_704_103_200_000,
    }
    whole = [told | {"event_id": f"${number}"} | each for number, each in enumerate(events)]
    path = written(tmp_path / "a.json", {"room_name": "Jo", "messages": whole})
    assert _marks(path) == [("new", "edited"), ("Red?\nyes", ""), ("Blue?\nno", "")]


def test_a_visitor_without_a_name_is_called_as_the_lines_say(tmp_path: Path) -> None:
    """Where the visitor is described nowhere, as in a file that is cut off."""
    item = {"kind": "MessageToOperator", "nickname": "Jo", "body": "hi", "timestamp": "1704103200.5"}
    assert said(
        one(written(tmp_path / "a.json", {"kind": "Conversation", "id": "O", "items": [item], "visitor": {}}))
    ) == [("Jo", "hi")]
    message = {
        "type": "chat.msg",
        "sender_type": "Visitor",
        "name": "Jo",
        "msg": "hi",
        "timestamp": "2024-01-01T10:00:00Z",
    }
    assert said(one(written(tmp_path / "b.json", {"id": "1", "visitor": {}, "history": [message]}))) == [
        ("Jo", "hi")
    ]


def test_tables_whose_day_and_clock_are_two_columns(tmp_path: Path) -> None:
    """They are one instant; a quoted field that never ends is said."""
    path = written(
        tmp_path / "a.csv",
        'Datum;Uhrzeit;Name;Nachricht\n15.03.2023;14:02:11;Jo;hi\n15.03.2023;14:03:00;Jo;"no\nend',
    )
    chat = one(path)
    assert [instant_as_json(each.at) for each in lines(chat)] == [
        "2023-03-15T14:02:11Z",
        "2023-03-15T14:03:00Z",
    ]
    assert (
        "a quoted field that begins on line 3 has no end: the file may be cut off in it" in chat.oddities.told
    )


def test_what_is_wrong_with_a_line_of_json_is_said_with_the_chat_before(tmp_path: Path) -> None:
    """Also behind the last one, and never with another."""
    chat = {
        "format": "jsonl",
        "id": "a",
        "messages": [{"at": "2024-01-01T10:00:00Z", "author": "Jo", "text": "hi"}],
    }
    text = f"{json.dumps(chat)}\nnonsense\n{json.dumps(chat | {'id': 'b'})}\n{json.dumps(chat | {'id': 'c'})[:60]}"
    found = read(written(tmp_path / "a.jsonl", text))
    assert [(each.id, each.oddities.told) for each in found] == [
        ("a", ("a.jsonl, line 2 is no JSON object: left out",)),
        ("b", ("a.jsonl, line 4 is no JSON object: left out",)),
    ]
    (strange,) = read(
        written(
            tmp_path / "b.jsonl", json.dumps(chat | {"format": "\x1b[2J", "oddities": [], "participants": []})
        )
    )
    assert strange.format == "jsonl"


def test_a_message_longer_than_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands before it is read, and why no more; of a document that is too large not a byte."""
    monkeypatch.setattr(sms, "LONGEST", 1 << 20)
    one_ = '<sms address="+491701" date="1704103200000" type="1" body="'
    chat = one(
        written(tmp_path / "a.xml", f'<smses count="2">{one_}hi" />{one_}{"a" * (3 << 20)}" /></smses>')
    )
    assert [each.text for each in lines(chat)] == ["hi"]
    assert "a message is longer than 1 MB: only what stands before it was read" in chat.oddities.told
    path = tmp_path / "b.json"
    with path.open("wb") as file:
        file.truncate(20 << 30)

    def open_(*_: object) -> None:
        raise AssertionError("it was opened")

    with opened(path) as source, pytest.raises(NotDone, match="larger than 400 MB"):
        monkeypatch.setattr(sources.Source, "open", open_)
        source.read("b.json", 400 << 20)


@pytest.mark.long
def test_a_line_of_ten_gigabytes(tmp_path: Path) -> None:
    """A file of holes, whose one line is longer than any memory: what stands before and behind it is read."""
    path = tmp_path / "chat.txt"
    with path.open("wb") as file:
        file.write(b"[2023-03-15, 14:02] Jo: one\n[2023-03-15, 14:03] Jo: ")
        file.seek(10 << 30)
        file.write(b"\n[2023-03-15, 14:04] Anna: three\n")
    found = lines(one(path))
    assert [each.text for each in found[::2]] == ["one", "three"]
    assert len(found[1].text) <= texts.LONGEST


def test_the_zone_is_said_where_it_is_a_guess(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By import, too, where only this machine tells; not where it was said."""
    path = written(tmp_path / "chat.txt", "31/12/20, 23:58 - Jo: hi\n31/12/20, 23:59 - Anna: ok\n")
    run = ("--workspace", str(tmp_path / "w"), "import", str(path), "--us", "Anna")
    assert main(run) == 0
    assert "times have no zone: read as" in capsys.readouterr().err
    assert main((*run, "--zone", "Europe/Berlin")) == 0
    assert "times have no zone" not in capsys.readouterr().err


def test_columns_that_are_named_make_it_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody has to say so twice."""
    path = written(tmp_path / "a.csv", "wann,wer,was\n2024-01-01T10:00:00Z,Jo,ja\n")
    assert main(["transcript", str(path), "--json", "--map", "at=wann,author=wer,text=was"]) == 0
    assert json.loads(capsys.readouterr().out)["format"] == "csv"


def test_a_person_sees_what_was_deleted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing is left of it, too."""
    message = {"sender_name": "Jo", "timestamp_ms": 1_704_103_200_000, "is_unsent": True}
    path = written(tmp_path / "message_1.json", {"participants": [{"name": "Jo"}], "messages": [message]})
    assert main(["transcript", str(path)]) == 0
    assert "2024-01-01T10:00:00Z Jo:  (deleted)" in capsys.readouterr().out
