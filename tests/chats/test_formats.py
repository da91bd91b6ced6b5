"""Every format: read, told from the others, cut off, spoiled, in a zip with others; what is hostile harms nobody."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inbox.channels.chat import sources
from inbox.channels.chat.reading import Left, chats
from inbox.channels.chat.sources import opened
from inbox.chat.shape import FORMATS, Chat, Side
from inbox.errors import NotDone
from tests.chats import asked, lines, one, read, refused, said, written, zipped
from tests.chats.samples import ANSWER, ANSWERED, ASKED, QUESTION, SAMPLES, SLACK

OF_MINUTES = ("whatsapp", "signal", "irc", "csv")
"""Formats whose samples are of the day before, for their dates tell which number is the day; and have no seconds."""


@pytest.mark.parametrize("form", SAMPLES)
def test_question_and_answer(tmp_path: Path, form: str) -> None:
    """Who said what and when, on which side, however the format writes it; read again, the ids are the same."""
    name, value = SAMPLES[form]
    path = written(tmp_path / name, value)
    chat = one(path, asked("Anna", zone="UTC"))
    assert chat.format == form
    assert [each.text for each in lines(chat)] == [QUESTION, ANSWER]
    assert [each.role for each in lines(chat)] == [Side.CUSTOMER, Side.AGENT]
    assert chat.participants[str(lines(chat)[0].author)].name in ("Jo", "jo")
    asked_at, answered_at = (each.at for each in lines(chat))
    if form in OF_MINUTES:
        assert (asked_at, answered_at) == (ASKED - 86_400, ASKED - 86_400 + 60)
    else:
        assert (asked_at, answered_at) == (ASKED, ANSWERED)
    assert [each.id for each in lines(one(path))] == [each.id for each in lines(chat)]
    assert len({each.id for each in lines(chat)}) == 2


def test_slack_as_a_zip_and_as_a_folder(tmp_path: Path) -> None:
    """All days of a channel are one chat; what Slack says itself is nobody's; a guest is no colleague."""
    for path in (zipped(tmp_path / "export.zip", SLACK), tmp_path / "export"):
        if path.suffix != ".zip":
            for name, value in SLACK.items():
                written(path / name, value)
        chat = one(path, asked("Anna"))
        assert (chat.format, chat.id, chat.title) == ("slack", "C1", "help")
        assert said(chat) == [("U1", QUESTION), ("U2", ANSWER), (None, "@Anna has joined")]
        assert [each.role for each in lines(chat)] == [Side.CUSTOMER, Side.AGENT, Side.SYSTEM]
        assert {each.topic for each in lines(chat)[:2]} == {f"{ASKED}.000100"}


@pytest.mark.parametrize("form", SAMPLES)
def test_cut_off_anywhere(tmp_path: Path, form: str) -> None:
    """A file that ends early: what is whole before is read or the file is refused, and nothing is made up."""
    name, value = SAMPLES[form]
    whole = (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).encode()
    texts = {QUESTION, ANSWER}
    seen = 0
    for cut in range(0, len(whole), 7):
        path = written(tmp_path / name, whole[:cut])
        with opened(path) as source:
            for chat in chats(source, asked("Anna", zone="UTC")):
                if isinstance(chat, Chat) and form not in ("whatsapp", "signal", "irc", "csv"):
                    found = {each.text for each in chat.lines}
                    assert found <= texts
                    seen = max(seen, len(found))
    if form not in (
        "whatsapp",
        "signal",
        "irc",
        "csv",
        "olark",
        "livechat",
        "messenger",
        "discord",
        "tawk",
        "intercom",
    ):
        assert seen >= 1


HOSTILE: tuple[Any, ...] = (
    *(
        None,
        True,
        -1,
        1e400,
        10**30,
        "",
        "\x1b[31m\x00\u202e",
        [],
        {},
        [[]],
        [None],
        {"a": {"b": []}},
        "9" * 5000,
        "\ud800",
    ),
    *("../../etc/passwd", "/etc/passwd", "2024-13-45T99:99:99Z", ["x", {"text": ["y"]}]),
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from _places(value[key], (*path, key))


def _put(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _put(value[path[0]], path[1:], other)
    return copy


@pytest.mark.parametrize("form", [form for form, (_, value) in SAMPLES.items() if not isinstance(value, str)])
def test_anything_in_the_place_of_anything(tmp_path: Path, form: str) -> None:
    """Whatever stands where something else ought to: nothing raises but what says why nothing could be read."""
    name, value = SAMPLES[form]
    spoil = random.Random(form)
    places = list(_places(value))
    for number, place in enumerate(places):
        for other in (HOSTILE[number % len(HOSTILE)], spoil.choice(HOSTILE)):
            text = json.dumps(_put(value, place, other))
            with opened(written(tmp_path / name, text)) as source:
                for chat in chats(source, asked("Anna"), form):
                    if isinstance(chat, Chat):
                        for line in chat.lines:
                            assert isinstance(line.text, str) and isinstance(line.at, int)
                            line.text.encode()


@pytest.mark.parametrize("form", SAMPLES)
def test_spoiled_bytes(tmp_path: Path, form: str) -> None:
    """Single bytes changed anywhere, also to what is no UTF-8: nothing raises."""
    name, value = SAMPLES[form]
    whole = bytearray((value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).encode())
    spoil = random.Random(form)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(spoil.randint(1, 6)):
            data[spoil.randrange(len(data))] = spoil.randrange(256)
        for told in (None, form):
            with opened(written(tmp_path / name, bytes(data))) as source:
                for chat in chats(source, asked("Anna"), told):
                    if isinstance(chat, Chat):
                        list(chat.lines)


def test_two_formats_in_one_zip(tmp_path: Path) -> None:
    """Each is read by its own; a file that is none is named; pictures are nobody's business."""
    path = zipped(
        tmp_path / "all.zip",
        {
            "result.json": SAMPLES["telegram"][1],
            "chat.txt": SAMPLES["whatsapp"][1],
            "notes.txt": "milk, bread",
            "a.jpg": b"\xff\xd8\xff",
        },
    )
    with opened(path) as source:
        found = list(chats(source, asked("Anna")))
    assert sorted(each.format for each in found if isinstance(each, Chat)) == ["telegram", "whatsapp"]
    assert [each.name for each in found if isinstance(each, Left)] == ["notes.txt"]


def test_a_zip_that_is_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What grows beyond measure is left, whatever the zip says of its size; what came before it is read."""
    monkeypatch.setattr(sources, "ROOM", 1 << 20)
    path = zipped(tmp_path / "bomb.zip", {"chat.txt": SAMPLES["whatsapp"][1].encode() + b" " * (3 << 20)})
    with opened(path) as source:
        (left,) = chats(source, asked("Anna"))
        assert isinstance(left, Left) and "beyond measure" in left.reason
        with pytest.raises(NotDone, match="beyond measure"), source.open("chat.txt") as file:
            file.read()


def test_zips_that_cannot_be_read(tmp_path: Path) -> None:
    """Cut off, with a password: why, and what to do."""
    whole = zipped(tmp_path / "a.zip", {"chat.txt": SAMPLES["whatsapp"][1]}).read_bytes()
    with pytest.raises(NotDone, match="no whole zip"), opened(written(tmp_path / "b.zip", whole[:-30])):
        pass
    locked = bytearray(whole)
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        at = locked.index(mark) + (6 if mark[2] == 3 else 8)
        locked[at] |= 1
    (reason,) = refused(written(tmp_path / "c.zip", bytes(locked)))
    assert "password" in reason


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """Nobody may ever write into it."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotDone, match="a pipe or a device"), opened(tmp_path / "pipe"):
        pass


def test_lines_that_end_as_on_old_macintoshes_are_no_table(tmp_path: Path) -> None:
    """One line with carriage returns in it: told as what it is not."""
    assert refused(written(tmp_path / "a", b"date,text\r1,x\r2,y\r")) == [
        "it looks like no transcript that is known; --format NAME says what it is"
    ]


def test_nothing_outside_a_folder_is_an_attachment(tmp_path: Path) -> None:
    """A line may name any file; only what lies in the export is one."""
    written(tmp_path / "secret.txt", "password")
    path = written(
        tmp_path / "in" / "chat.txt",
        "31/12/20, 23:59 - Jo: ../secret.txt (file attached)\n31/12/20, 23:59 - Jo: \u200e<attached: ../secret.txt>\n",
    )
    assert all(each.size is None for line in lines(one(path)) for each in line.attachments)
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "secret.txt")
    path = written(tmp_path / "in" / "chat.txt", "31/12/20, 23:59 - Jo: \u200e<attached: link.txt>\n")
    assert [each.size for line in lines(one(path)) for each in line.attachments] == [None]


def test_entities_and_halves_of_signs_in_sms(tmp_path: Path) -> None:
    """Emoji as two halves are one sign, wherever the file is cut into pieces; a declaration is refused."""
    rows = "".join(
        f'<sms address="+49170{number % 3}" date="{ASKED + number}000" type="1"'
        f' body="&#55357;&#56832; {number}&#0; &amp;" />\n'
        for number in range(3000)
    )
    found = read(written(tmp_path / "sms.xml", f"<smses count='3000'>\n{rows}</smses>"))
    texts = [line.text for chat in found for line in lines(chat)]
    assert len(found) == 3
    assert sorted(texts) == sorted(f"😀 {number} &" for number in range(3000))
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><smses><sms address="1" date="1" type="1" body="&a;"/></smses>'
    assert refused(written(tmp_path / "bomb.xml", bomb)) == [
        "The file declares entities: no backup of messages does. Export it once more."
    ]


def test_every_format_is_told_by_its_content(tmp_path: Path) -> None:
    """Whatever the files are called, each is read as what it is, and by one format alone."""
    for form, (_, value) in SAMPLES.items():
        assert one(written(tmp_path / form / "file", value)).format == form
    assert {*SAMPLES, "slack", "mail-transcript"} == set(FORMATS)


def test_columns_by_name_and_by_hand(tmp_path: Path) -> None:
    """A table with usual names is read as it is; one with others by what was said; with none of it, which there are."""
    path = written(tmp_path / "a.csv", "zeitpunkt,wer,was\n2024-01-01T10:00:00Z,Jo,ja\n")
    chat = one(path, asked(at="zeitpunkt", author="wer", text="was"), "csv")
    assert said(chat) == [("Jo", "ja")]
    with opened(path) as source:
        (left,) = chats(source, asked(), "csv")
    assert isinstance(left, Left)
    assert "zeitpunkt, wer, was" in left.reason
