"""WhatsApp: telephones of many countries, media, what is cut off, and exports that have grown."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.channels.chat import texts, whatsapp
from inbox.channels.chat.sources import of_bytes
from inbox.channels.chat.stamps import Clockface
from inbox.channels.chat.whatsapp import read as read_whatsapp
from inbox.chat.shape import Side
from inbox.jsonform import instant_as_json
from tests.chats import asked, lines, one, refused, said, written, zipped


def test_an_iphone_of_a_shop_in_berlin(tmp_path: Path) -> None:
    """Names, several lines, a picture that lies beside it, and what the program says itself."""
    path = zipped(
        tmp_path / "WhatsApp Chat - Jo Park.zip",
        {
            "_chat.txt": "[31.12.20, 23:59:58] Jo Park: \u200eNachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.\r\n"
            "[31.12.20, 23:59:59] Jo Park: Hallo: wo ist mein Paket?\r\n"
            "\r\n"
            "Ich warte.\r\n"
            "\u200e[01.01.21, 00:00:10] Radladen: \u200e<Anhang: 00000012-PHOTO.jpg>\r\n"
            "[01.01.21, 00:01:00] ~\u202fKim: Ich auch: 12:00 - später\r\n",
            "00000012-PHOTO.jpg": b"12345",
        },
    )
    chat = one(path, asked("Radladen", zone="Europe/Berlin"))
    assert chat.title == "Jo Park"
    assert said(chat) == [
        (None, "Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt."),
        ("Jo Park", "Hallo: wo ist mein Paket?\n\nIch warte."),
        ("Radladen", ""),
        ("Kim", "Ich auch: 12:00 - später"),
    ]
    assert [each.role for each in lines(chat)] == [Side.SYSTEM, Side.CUSTOMER, Side.AGENT, Side.CUSTOMER]
    (picture,) = lines(chat)[2].attachments
    assert (picture.name, picture.type, picture.size) == ("00000012-PHOTO.jpg", "image/jpeg", 5)
    assert instant_as_json(lines(chat)[1].at) == "2020-12-31T22:59:59Z"
    assert chat.oddities.told == ("dates are read with the day first, as line 1 shows",)


def test_an_android_telephone_of_america(tmp_path: Path) -> None:
    """A month first, narrow spaces before PM, a file that is missing, a change of subject that looks like a name."""
    path = written(
        tmp_path / "WhatsApp Chat with +1 555 0100.txt",
        "12/31/20, 11:59\u202fPM - Messages and calls are end-to-end encrypted.\n"
        "12/31/20, 11:59\u202fPM - +1 555 0100: IMG-20201231-WA0001.jpg (file attached)\nlook\n"
        '1/1/21, 12:05\u202fAM - Ann changed the subject from "a: x" to "b"\n'
        "1/1/21, 12:06\u202fAM - Ann: <Media omitted>\n",
    )
    chat = one(path)
    assert said(chat) == [
        (None, "Messages and calls are end-to-end encrypted."),
        ("+1 555 0100", "look"),
        (None, 'Ann changed the subject from "a: x" to "b"'),
        ("Ann", "<Media omitted>"),
    ]
    (picture,) = lines(chat)[1].attachments
    assert (picture.name, picture.type, picture.size) == ("IMG-20201231-WA0001.jpg", None, None)
    assert [instant_as_json(each.at) for each in lines(chat)][::2] == [
        "2020-12-31T23:59:00Z",
        "2021-01-01T00:05:00Z",
    ]
    assert {each.role for each in chat.participants.values()} == {Side.UNKNOWN}
    assert "times have no zone: read as UTC, for nobody said which" in chat.oddities.told


@pytest.mark.parametrize(
    "stamp",
    [
        "31/12/2020, 23:59 - ",
        "31/12/2020 à 23:59 - ",
        "31.12.20, 23:59 - ",
        "31-12-2020 23:59 - ",
        "2020-12-31 23:59 - ",
        "2020/12/31 23:59 - ",
        "2020. 12. 31. 오후 11:59 - ",
        "2020/12/31 下午11:59 - ",
        "31.12.2020 klo 23.59 - ",
        "31.12.2020 г., 23:59 ч. - ",
        "31/12/2020 11:59 p.\u00a0m. - ",
        "31/12/20 11:59 μ.μ. - ",
        "23:59, 31/12/2020 - ",
        "\u200f31/12/2020، 11:59 م - ",
        "\u200f٣١/١٢/٢٠٢٠، ١١:٥٩ م - ",
        "31/12/2563 23:59 - ",
        "[31/12/20, 23:59:00] ",
        "[31.12.20 um 23:59:00] ",
        "\u200e[2020-12-31, 11:59:00\u202fPM] ",
    ],
)
def test_one_instant_written_in_many_countries(tmp_path: Path, stamp: str) -> None:
    """The same minute, however a telephone writes it."""
    chat = one(written(tmp_path / "chat.txt", f"{stamp}Jo: ok\n"))
    assert said(chat) == [("Jo", "ok")]
    assert instant_as_json(lines(chat)[0].at) == "2020-12-31T23:59:00Z"


def test_whether_the_day_or_the_month_is_first_is_told_by_the_whole_file(tmp_path: Path) -> None:
    """A day above twelve anywhere decides for all; without one, the order of the lines."""
    days = one(written(tmp_path / "a.txt", "03/04/2021, 10:00 - Jo: a\n13/04/2021, 10:00 - Jo: b\n"))
    months = one(written(tmp_path / "b.txt", "03/04/2021, 10:00 - Jo: a\n04/03/2021, 10:00 - Jo: b\n"))
    assert [instant_as_json(each.at) for each in lines(days)] == [
        "2021-04-03T10:00:00Z",
        "2021-04-13T10:00:00Z",
    ]
    assert [instant_as_json(each.at) for each in lines(months)] == [
        "2021-03-04T10:00:00Z",
        "2021-04-03T10:00:00Z",
    ]
    assert "dates are read with the day first, as line 2 shows" in days.oddities.told
    assert (
        "dates are read with the month first, for so the lines are in order of time" in months.oddities.told
    )


def test_the_hour_that_comes_twice(tmp_path: Path) -> None:
    """When clocks are put back, the order of the lines says which of the two hours is meant."""
    path = written(
        tmp_path / "chat.txt",
        "25/10/20, 02:50 - Jo: first\n25/10/20, 02:10 - Jo: second\n25/10/20, 03:10 - Jo: third\n",
    )
    chat = one(path, asked(zone="Europe/Berlin"))
    assert [instant_as_json(each.at) for each in lines(chat)] == [
        "2020-10-25T00:50:00Z",
        "2020-10-25T01:10:00Z",
        "2020-10-25T02:10:00Z",
    ]


def test_a_longer_export_has_the_same_ids(tmp_path: Path) -> None:
    """Ids are made of minute, author, text and how many equal ones came before: what is added changes none of them."""
    begun = "31/12/20, 23:59 - Jo: ok\n31/12/20, 23:59 - Jo: ok\n31/12/20, 23:59 - Ann: ok\n"
    short = lines(one(written(tmp_path / "a.txt", begun)))
    long = lines(
        one(written(tmp_path / "b.txt", begun + "31/12/20, 23:59 - Jo: ok\n01/01/21, 00:00 - Jo: ok\n"))
    )
    assert [each.id for each in long[:3]] == [each.id for each in short]
    assert len({each.id for each in long}) == 5


def test_cut_off_in_the_middle_of_a_line(tmp_path: Path) -> None:
    """Nothing before the cut is lost, wherever it is, also in the middle of a sign."""
    whole = "31/12/20, 23:58 - Jo: Grüße\n31/12/20, 23:59 - Jo: 👍 bis morgen\n".encode()
    begun = whole.index(b"\n") + 1
    for cut in range(begun + 3, len(whole)):
        chat = one(written(tmp_path / "chat.txt", whole[:cut]))
        assert said(chat)[0] == ("Jo", "Grüße")
        assert "\ufffd" not in str(said(chat)) and "ð" not in str(said(chat))
    assert (
        "line 2 is cut off: it was left out"
        in one(written(tmp_path / "chat.txt", whole[: begun + 9])).oddities.told
    )


def test_a_line_longer_than_can_be_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its beginning is kept, that is said, and what follows is read."""
    monkeypatch.setattr(texts, "LONGEST", 1000)
    monkeypatch.setattr(texts, "CHUNK", 300)
    path = written(
        tmp_path / "chat.txt", "31/12/20, 23:58 - Jo: " + "x" * 5000 + "\n31/12/20, 23:59 - Jo: ok\n"
    )
    chat = one(path)
    assert [len(text) > 900 for _, text in said(chat)] == [True, False]
    assert any("line 1 is longer" in each for each in chat.oddities.told)


def test_no_transcript_and_an_empty_file(tmp_path: Path) -> None:
    """What is none is refused with what to do."""
    assert refused(written(tmp_path / "a.txt", "Dear Jo,\nsee you at 10:00 - Ann\n")) == [
        "it looks like no transcript that is known; --format NAME says what it is"
    ]
    assert refused(written(tmp_path / "b.txt", "")) == ["it is empty"]
    assert refused(written(tmp_path / "c.bin", b"\x00\x01\x02" * 50)) == ["it is no text"]


_NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters='\n\r:"“„«”~', exclude_categories=("C", "Z")),
    min_size=1,
    max_size=20,
)
_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\x00", exclude_categories=("Cs", "Cc")), max_size=40
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.tuples(_NAMES, _TEXTS, st.integers(0, 2_000_000)), min_size=1, max_size=8))
def test_whatever_people_write_comes_back(written_lines: list[tuple[str, str, int]]) -> None:
    """Names and texts of all scripts, in the order and at the instants they were written."""
    from datetime import UTC, datetime, timedelta

    begin = datetime(2020, 1, 13, tzinfo=UTC)
    rows, at = [], begin
    for name, text, later in written_lines:
        at += timedelta(seconds=later)
        rows.append((name, text, at.replace(second=0)))
    data = "".join(f"{each:%d/%m/%Y, %H:%M} - {name}: {text}\n" for name, text, each in rows)
    source = of_bytes(data.encode(), "chat.txt")
    (chat,) = read_whatsapp(source, ("chat.txt",), asked())
    found = [(line.author, line.at, line.text, line.attachments) for line in chat.lines]
    assert [each[1] for each in found] == [int(each.timestamp()) for _, _, each in rows]
    for (author, _, text, files), (name, wanted, _) in zip(found, rows, strict=True):
        assert author == name
        assert (
            files
            or text.strip("\u200e\u200f \n") == texts.without_marks(wanted).strip(" \n")
            or text == wanted.rstrip("\n ")
        )


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "UTC"])
def test_each_minute_is_when_its_zone_says(zone: str) -> None:
    """Also in the hours that are longer or shorter than others, of which one zone has half ones."""
    for day in ((2024, 3, 31), (2024, 4, 7), (2024, 10, 6), (2024, 10, 27)):
        clock = Clockface(ZoneInfo(zone))
        for minute in range(0, 24 * 60, 7):
            hour, rest = divmod(minute, 60)
            told = clock.instant(day, (hour, rest, 5), None)
            assert told == datetime(*day, hour, rest, 5, tzinfo=ZoneInfo(zone)).timestamp()
        assert clock.instant((2023, 2, 29), (10, 0, 0), None) is None
        midnight = (datetime(*day, tzinfo=ZoneInfo(zone)) + timedelta(days=1)).timestamp()
        assert clock.instant(day, (24, 0, 0), None) == midnight


_SIGNS = [
    "[",
    "]",
    " - ",
    " – ",
    " -",
    ", ",
    ",",
    " ",
    "\u202f",
    "\u200e",
    ":",
    ": ",
    "/",
    ".",
    "-",
    '"',
    "~",
    "x\n",
]
_DATES, _CLOCKS = (
    ["1/2/20", "31.12.2020", "2020-12-31", "٣/1/20"],
    ["14:05", "2:05:09", "25:00", "2:05 PM", "2:05p"],
)
_ANYTHING = st.lists(st.sampled_from((*_SIGNS, *_DATES, *_CLOCKS, "Anna", "Jo: Park")), max_size=8).map(
    "".join
)
_STAMPED = st.tuples(
    st.sampled_from(["", "[", "\u200e["]),
    st.sampled_from(_DATES),
    st.sampled_from([", ", " ", " , "]),
    st.sampled_from(_CLOCKS),
    st.sampled_from(["]", "] ", " - ", "\u202f–\u200e "]),
    _ANYTHING,
).map("".join)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(_STAMPED | _ANYTHING, st.sampled_from([None, True, False]))
def test_the_short_way_to_read_a_line_says_what_the_long_one_does(line: str, iphone: bool | None) -> None:
    short = whatsapp._begun(line, iphone), whatsapp._author(line)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whatsapp, "_PLAIN", re.compile(r"(?!)"))
        patch.setattr(whatsapp, "_LONGEST_NAME", 0)
        long = whatsapp._begun(line, iphone), whatsapp._author(line)
    assert short == long
