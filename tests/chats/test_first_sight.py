"""What exports hold that the first samples of their formats did not: signs, notices, places, groups, other languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.chats import lines, one, said, written


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
