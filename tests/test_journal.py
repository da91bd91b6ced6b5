"""The log: says what happened, never what was written in a message, never a secret."""

from __future__ import annotations

import base64
import json
import logging
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox import journal as journal_module
from inbox.channels.passwords import Secret
from inbox.journal import Journal, clean_record, masked, never_show, safe_text
from tests.strangers import EVERYTHING

CANARY = "c4nary +/ pässword\\7f3a"
AT = 1_363_861_800  # 2013-03-21T10:30:00Z


@pytest.fixture(autouse=True)
def forget_secrets() -> Iterator[None]:
    yield
    journal_module.forget_all()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "frontdesk.log"


@pytest.fixture
def journal(path: Path) -> Journal:
    return Journal(path, lambda: AT)


def entries(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_line_is_one_object_that_says_when_and_what(journal: Journal, path: Path) -> None:
    journal.write(
        "fetched", mailbox="support", messages=12, took_s=0.25, folders=["INBOX", "Sent"], full=False
    )
    journal.write("line lost", after=None)
    assert entries(path) == [
        {
            "at": "2013-03-21T10:30:00Z",
            "what": "fetched",
            "mailbox": "support",
            "messages": 12,
            "took_s": 0.25,
            "folders": ["INBOX", "Sent"],
            "full": False,
        },
        {"at": "2013-03-21T10:30:00Z", "what": "line lost", "after": None},
    ]


def test_a_secret_that_was_read_is_masked_in_every_form(journal: Journal, path: Path) -> None:
    Secret(CANARY)
    raw = CANARY.encode()
    said = [
        CANARY,
        f"LOGIN support {CANARY} failed",
        repr(CANARY),
        json.dumps(CANARY),
        quote(CANARY, safe=""),
        raw.hex(),
        base64.b64encode(raw).decode(),
        base64.b64encode(b"\0support\0" + raw).decode(),
        base64.b64encode(b"\0suppor\0" + raw + b"!").decode(),
        base64.b64encode(b"user=a\1auth=Bearer " + raw + b"\1\1").decode(),
        base64.urlsafe_b64encode(b"\0suppo\0" + raw).decode(),
    ]
    for text in said:
        journal.write("server said", said=text, more=[text])
        journal.failure("login failed", ValueError(text))
        journal.write(text)
    written = path.read_text(encoding="utf-8")
    assert written.count("•••") >= 4 * len(said)
    for form in (
        "c4nary",
        raw.hex()[4:-4],
        *(base64.b64encode(b"." * n + raw).decode()[8:-8] for n in range(3)),
    ):
        assert form not in written


@given(st.text(min_size=1, max_size=12), st.text(max_size=6), st.text(max_size=6))
def test_whatever_stands_around_it_a_secret_is_gone(secret: str, before: str, after: str) -> None:
    journal_module.forget_all()
    never_show(secret)
    if secret not in "•••":
        assert secret not in masked(f"{before}{secret}{after}").replace("•••", "\ue000")


@given(st.binary(min_size=6, max_size=20), st.binary(max_size=8), st.binary(max_size=8))
def test_base64_of_anything_around_a_secret_is_masked(secret: bytes, before: bytes, after: bytes) -> None:
    journal_module.forget_all()
    text = secret.hex()  # any text: the bytes only make it vary
    never_show(text)
    encoded = base64.b64encode(before + text.encode() + after).decode()
    assert "•••" in masked(encoded)


def test_one_secret_inside_another_leaves_nothing_of_either() -> None:
    never_show("abcd")
    never_show("abcd-efgh-ijkl")
    assert masked("x abcd-efgh-ijkl y abcd z") == "x ••• y ••• z"
    never_show("")
    assert masked("nothing else") == "nothing else"


def test_bodies_and_secrets_are_left_out_whoever_asks_for_them(journal: Journal, path: Path) -> None:
    journal.write(
        "received",
        subject="Refund",
        body="Dear",
        text="Dear",
        raw=b"From:",
        password="x",
        access_token="y",
        part=b"z",
    )
    (entry,) = entries(path)
    assert set(entry.values()) == {"2013-03-21T10:30:00Z", "received", "(not logged)"}


@pytest.mark.parametrize("words", [*EVERYTHING, "\x1b]0;owned\x07\x9b2J \u202edrow\nNO\r\n"])
def test_60_foreign_text_is_one_harmless_short_line(journal: Journal, path: Path, words: str) -> None:
    hostile = words + "long " * 500
    journal.write("server said", said=hostile)
    journal.failure("fetch failed", RuntimeError(hostile))
    line = path.read_bytes()
    assert (
        not set(line) & ({*range(32), 0x7F} - {10})
        and b"\xc2\x9b" not in line
        and "\u202e".encode() not in line
    )
    first, second = entries(path)
    assert len(str(first["said"])) <= 300 and len(str(second["said"])) <= 300
    assert "\n" not in str(first["said"])


def test_a_failure_says_where_it_came_from_but_not_what_variables_held(journal: Journal, path: Path) -> None:
    def parse(body: str) -> None:
        raise LookupError("no such charset")

    try:
        parse(CANARY)
    except LookupError as error:
        journal.failure("message not read", error, message=17)
    (entry,) = entries(path)
    assert (entry["error"], entry["said"], entry["message"]) == ("LookupError", "no such charset", 17)
    innermost, outer = str(entry["places"]).split(" < ")
    assert (
        innermost.startswith("test_journal.py:")
        and innermost.endswith(" parse")
        and "test_a_failure" in outer
    )
    assert CANARY not in path.read_text(encoding="utf-8")


def test_what_libraries_log_is_taken_in_clean(journal: Journal, path: Path) -> None:
    Secret(CANARY)
    library = logging.getLogger("imapclient.imaplib")
    stop = journal.listen()
    try:
        library.debug("> A1 LOGIN support %s", CANARY)
        library.warning("> A1 LOGIN support %s\x1b[2J", CANARY)
        try:
            raise OSError(CANARY)
        except OSError:
            library.exception("lost")
    finally:
        stop()
    library.warning("after")
    said = [entry["said"] for entry in entries(path)]
    assert said[0] == "> A1 LOGIN support •••[2J"
    assert str(said[1]).startswith("lost [OSError: •••; test_journal.py:") and len(said) == 2


def test_a_filter_cleans_a_record_for_every_other_handler() -> None:
    never_show("hunter2-hunter2")
    record = logging.makeLogRecord(
        {"msg": "password %s", "args": ("hunter2-hunter2",), "stack_info": "hunter2-hunter2"}
    )
    assert clean_record(record)
    assert logging.Formatter().format(record) == "password •••"
    record = logging.makeLogRecord({"msg": "%d broken", "args": ("hunter2-hunter2",)})
    assert clean_record(record) and logging.Formatter().format(record) == "%d broken"


@pytest.mark.parametrize("mode", [0o600, 0o660])
def test_the_file_is_open_only_to_those_it_is_for(path: Path, mode: int) -> None:
    before = os.umask(0o022)
    try:
        Journal(path, lambda: AT, mode).write("a")
        path.chmod(0o644)
        Journal(path, lambda: AT, mode).write("b")
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == mode
    assert [entry["what"] for entry in entries(path)] == ["a", "b"]


def test_a_link_laid_in_its_place_is_not_followed(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("")
    path.symlink_to(other)
    Journal(path, lambda: AT).write("a")
    assert other.read_text() == ""


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    Journal(tmp_path / "missing" / "log", lambda: AT).write("a")
    Journal(tmp_path, lambda: AT).failure("a", ValueError())


def test_a_long_log_goes_on_in_a_new_file(
    path: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "LARGEST_FILE", 2000)
    for number in range(100):
        journal.write("tick", number=number)
    old = path.with_name("frontdesk.log.1")
    numbers = [entry["number"] for entry in (*entries(old), *entries(path))]
    assert numbers == list(range(numbers[0], 100))  # type: ignore[call-overload]  # numbers, as written above
    assert path.stat().st_size < 2200 and old.stat().st_size < 2200


def test_several_processes_write_whole_lines(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from inbox.journal import Journal\n"
        "journal = Journal(Path(sys.argv[1]), lambda: 0)\n"
        "for number in range(300): journal.write('tick', who=sys.argv[2], number=number, filler='x' * 200)"
    )
    root = Path(__file__).parent.parent
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(path), who], cwd=root) for who in ("a", "b", "c")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    for who in ("a", "b", "c"):
        assert [entry["number"] for entry in entries(path) if entry["who"] == who] == list(range(300))


def test_odd_values_are_logged_as_text() -> None:
    assert safe_text(Path("/x\x07y")) == "/xy"
    assert safe_text(object.__new__(object)).startswith("<object")


def test_tokens_that_come_and_go_are_masked_for_a_while_and_passwords_for_ever() -> None:
    never_show("the-password-of-the-shop")
    for number in range(journal_module.MOST_PASSING + 1):
        never_show(f"token-number-{number}-of-many", passing=True)

    assert "the-password-of-the-shop" not in masked("the-password-of-the-shop")
    assert masked("token-number-64-of-many") == journal_module.MASK
    assert masked("token-number-0-of-many") == "token-number-0-of-many"
