"""`parse`: the contract of its JSON, its exit status, and never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox import beside
from main import main
from tests.letters import HEAD, HTML, PICTURE, PLAIN, mail, multipart

KEYS = (
    "file message_id date subject from to cc reply_to text reply quoted signature attachments automatic bounce "
    "in_reply_to references oddities"
)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["parse", *arguments])
    shown = capsys.readouterr()
    return status, shown.out, shown.err


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_one_object_a_file_with_every_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = tmp_path / "letter.eml"
    letter.write_bytes(
        multipart("mixed", PLAIN, PICTURE).replace(
            b"Subject: Lamp", b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nCc: b@c.example"
        )
    )
    status, out, err = run(capsys, str(letter), "--json")
    assert (status, err) == (0, "")
    assert objects(out) == [
        {
            "file": str(letter),
            "message_id": "<1@mail.example>",
            "date": "2022-05-03T08:22:33Z",
            "subject": "Grüße",
            "from": [{"name": "Ann Weber", "address": "ann@mail.example"}],
            "to": [{"name": "Support", "address": "support@shop.example"}],
            "cc": [{"name": "", "address": "b@c.example"}],
            "reply_to": [],
            "text": "Hello plain",
            "reply": "Hello plain",
            "quoted": "",
            "signature": "",
            "attachments": [{"name": "a.png", "type": "image/png", "size": 5, "inline": False}],
            "automatic": {"is_automatic": False, "suppress_auto_reply": False, "notice": False, "why": []},
            "bounce": None,
            "in_reply_to": [],
            "references": [],
            "oddities": [],
        }
    ]


def test_a_bounce_lists_its_recipients(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; b@c.example\n"
    letter = tmp_path / "bounce.eml"
    letter.write_bytes(
        multipart(
            "report", PLAIN, status + "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user"
        )
    )
    _, out, _ = run(capsys, str(letter), "--json")
    assert objects(out)[0]["bounce"] == [
        {
            "recipient": "b@c.example",
            "status": "5.1.1",
            "code": 550,
            "kind": "hard",
            "diagnostic": "550 no such user",
        }
    ]


def test_several_files_are_several_lines_in_their_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = []
    for number in range(3):
        letter = tmp_path / f"{number}.eml"
        letter.write_bytes(HEAD.replace(b"Lamp", b"Lamp %d" % number) + b"\r\nx")
        names.append(str(letter))
    status, out, _ = run(capsys, "--json", *names)
    assert status == 0
    assert [(each["file"], each["subject"]) for each in objects(out)] == [
        (name, f"Lamp {n}") for n, name in enumerate(names)
    ]


def test_a_missing_file_is_bad_usage_and_the_others_are_still_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = tmp_path / "here.eml"
    letter.write_bytes(mail())
    status, out, err = run(capsys, str(tmp_path / "gone.eml"), str(letter), "--json")
    assert status == 2
    assert [each["file"] for each in objects(out)] == [str(letter)]
    assert "gone.eml" in err and "Traceback" not in err


def test_no_file_and_a_folder_are_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--json")[0] == 2
    assert run(capsys, str(tmp_path), "--json")[0] == 2


def test_an_empty_file_is_a_message_with_oddities(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.eml"
    empty.write_bytes(b"")
    status, out, _ = run(capsys, str(empty), "--json")
    found = objects(out)[0]
    assert status == 0 and sorted(found) == sorted(KEYS.split())
    assert found["message_id"] is None and found["date"] is None and found["oddities"]


def test_standard_input_in_a_real_process() -> None:
    program = Path(__file__).parent.parent / "main.py"
    done = subprocess.run(
        [sys.executable, str(program), "parse", "-", "--json"], input=mail(), capture_output=True, check=False
    )
    assert done.returncode == 0 and done.stderr == b""
    found = json.loads(done.stdout)
    assert found["file"] == "-" and found["subject"] == "Lamp"
    assert list(found) == KEYS.split()


HOSTILE = "\x1b]0;owned\x07 \x9b31m \u202egnp.exe \x7f \u2066x"


@pytest.mark.parametrize("form", [["--json"], []])
def test_nothing_a_terminal_would_obey_is_printed(
    form: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = tmp_path / "hostile.eml"
    raw = HEAD.replace(b"Lamp", HOSTILE.encode()).replace(b"Ann Weber", f'"{HOSTILE}"'.encode())
    letter.write_bytes(raw + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + HOSTILE.encode())
    status, out, _ = run(capsys, str(letter), *form)
    assert status == 0
    assert not [each for each in out if each in "\x1b\x07\x9b\u202e\x7f\u2066"]
    if form:
        assert objects(out)[0]["text"] == HOSTILE  # escaped, not lost


def test_for_a_person_it_shows_what_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = tmp_path / "letter.eml"
    letter.write_bytes(
        multipart(
            "mixed",
            PLAIN + "\n\n> old\n\n-- \nAnn",
            PICTURE,
            head="\nList-Unsubscribe: <mailto:off@shop.example>",
        )
    )
    _, out, _ = run(capsys, str(letter))
    for words in (
        "Lamp",
        "2022-05-03T08:22:33Z",
        "Ann Weber <ann@mail.example>",
        "a.png",
        "notice",
        "Reply:",
        "> old",
        "Signature:",
    ):
        assert words in out


@given(st.binary(max_size=200))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_the_bytes_there_is_one_line_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], raw: bytes
) -> None:
    letter = tmp_path / "any.eml"
    letter.write_bytes(raw)
    status, out, err = run(capsys, str(letter), "--json")
    assert (status, err) == (0, "")
    assert len(objects(out)) == 1
    assert run(capsys, str(letter))[0] == 0


def test_html_and_its_links(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = tmp_path / "page.eml"
    letter.write_bytes(multipart("mixed", HTML.replace("HTML", '<a href="https://x.example/">HTML</a>')))
    _, out, _ = run(capsys, str(letter), "--json")
    assert objects(out)[0]["text"] == "Hello HTML [1]\n\n[1] https://x.example/"


def test_suspicious_mail_is_read_within_limits_and_ordinary_mail_beside_it_is_not_held_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that never answers stands for a reader caught in a mail."""
    monkeypatch.setattr(
        beside, "_READ_SUSPICIOUS", "import resource\nresource.setrlimit(0, (1, 1))\nwhile True: pass"
    )
    poison, fine = tmp_path / "poison.eml", tmp_path / "fine.eml"
    poison.write_bytes(mail("Content-Type: text/rtf\n", "{\\rtf1 Where is my lamp?}"))
    fine.write_bytes(mail())
    status, out, err = run(capsys, str(poison), str(fine), str(poison), "--json")
    assert (status, err) == (0, "")
    first, second, third = objects(out)
    assert first["text"] == "{\\rtf1 Where is my lamp?}" and first["subject"] == "Lamp"
    assert first["oddities"] == third["oddities"] == [beside.TOO_LONG]
    assert second["text"] == "Hello" and second["oddities"] == []
    monkeypatch.undo()
    assert objects(run(capsys, str(poison), "--json")[1])[0]["text"] == "Where is my lamp?"
