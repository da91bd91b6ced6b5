"""Mail that may be made to hurt is read in a process with limits, ordinary mail is not; a limit loses no mail."""

from __future__ import annotations

import base64
import os
import resource
import select
from pathlib import Path

import pytest

from inbox import beside, mime
from inbox.beside import Apart
from inbox.model import Address, Message
from inbox.parts import read_parts
from inbox.suspicion import suspicious
from tests.faults.kill import python_child
from tests.hostile import LARGE
from tests.letters import HEAD, HTML, INLINE, PICTURE, PLAIN, mail, multipart, nested

WINMAIL = "Content-Type: application/ms-tnef; name=winmail.dat\n\nx"
INVITATION = "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR"
LONG_HTML = "Content-Type: text/html\n\n" + "<p>x</p>\n" * 50_000
FORWARDED = f"Content-Type: message/rfc822\n\nSubject: Lamp\n{LONG_HTML}"
SIGNED = "Content-Type: application/pkcs7-mime; smime-type=signed-data\n\n" + "x" * 500_000


def handed_over(raw: bytes) -> bool:
    """Whether a mail is read apart; nothing is started for it here."""
    seen: list[bytes] = []

    def apart(raw: bytes) -> Message:
        seen.append(raw)
        return Message()

    mime.parse(raw, apart)
    return seen == [raw]


@pytest.mark.parametrize(
    "raw",
    [
        multipart("mixed", PLAIN, WINMAIL),
        multipart("alternative", PLAIN, INVITATION),
        mail("Content-Type: text/calendar\n", "BEGIN:VCALENDAR"),
        mail("Content-Type: text/rtf\n", "{\\rtf1 hi}"),
        multipart("mixed", PLAIN, LONG_HTML),
        multipart("mixed", LONG_HTML.replace("text/html", "text/watch-html")),
        mail(body="<html>" + "<p>x</p>\r\n" * 50_000),
        mail("Content-Type: message/rfc822\n", f"Subject: Lamp\n{LONG_HTML}"),
        multipart("mixed", FORWARDED),
        multipart("mixed", *[FORWARDED[:100_000]] * 5),
        HEAD + SIGNED.encode(),
        mail("Content-Type: application/octet-stream; name=smime.p7m\n", "x" * 500_000),
        mail("Content-Type: application/octet-stream; name=winmail.dat\n", "x"),
        multipart("mixed", *[PLAIN] * 150),
        mail(body="x\r\n" * 1_000_000),
        LARGE["10 000 levels"](),
        LARGE["many HTML parts"](),
    ],
)
def test_what_may_hurt_is_handed_over(raw: bytes) -> None:
    assert handed_over(raw)


@pytest.mark.parametrize(
    "raw",
    [
        mail(),
        multipart("alternative", PLAIN, HTML),
        multipart("mixed", nested("related", "r", nested("alternative", "a", PLAIN, HTML), INLINE), PICTURE),
        multipart("mixed", *[PICTURE] * 30),
        multipart("mixed", PLAIN, FORWARDED[:10_000]),
        multipart("mixed", PLAIN, PICTURE + "x" * 500_000),
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<p>A long newsletter.</p>\r\n" * 4_000,
        b"",
    ],
)
def test_ordinary_mail_is_read_here(raw: bytes) -> None:
    assert not handed_over(raw)
    assert not suspicious(read_parts(raw, []))


def test_it_reads_the_same_as_here() -> None:
    with Apart() as apart:
        for raw in (
            multipart("mixed", PLAIN, WINMAIL),
            mail("Content-Type: text/rtf\n", "{\\rtf1 Hi}"),
            b"",
            b"\0" * 99,
        ):
            assert apart.read(raw) == mime.parse(raw)


def _children() -> set[str]:
    return set(Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split())


def broken_reader(monkeypatch: pytest.MonkeyPatch, instead: str) -> None:
    """Let the process that reads apart do something else than read when it comes to a mail with the word "poison"."""
    start = f"""
import sys; sys.path.insert(0, sys.argv[1])
from inbox import beside, mime
beside.SECONDS = 0.2
read = mime.parse
def parse(raw, apart=None):
    if b"poison" in raw:
        {instead}
    return read(raw, apart)
mime.parse = parse
beside.serve_apart()
"""
    monkeypatch.setattr(beside, "_READ_SUSPICIOUS", start)


@pytest.mark.parametrize(
    ("instead", "oddity"),
    [
        ("while True: pass", beside.TOO_LONG),
        ("import re; re.match(r'(a+)+$', 'a' * 60 + 'b')", beside.TOO_LONG),  # inside a library
        ("sys.exit(1)", beside.TOO_MUCH),
        ("import os; os.abort()", beside.TOO_MUCH),
        ("import os; os.write(1, b'half'); os._exit(0)", beside.TOO_MUCH),
    ],
)
def test_a_limit_loses_no_mail_and_leaves_no_process(
    instead: str, oddity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_reader(monkeypatch, instead)
    before = _children()
    poison = mail("Cc: bob@mail.example\n", "Where is my order?\r\nThe poison lamp.\r\n")
    with Apart() as apart:
        message = apart.read(poison)
        assert message.oddities[0] == oddity
        assert message.text == message.reply == "Where is my order?\nThe poison lamp."
        assert message.subject == "Lamp" and message.message_id == "<1@mail.example>"
        assert message.sender == (Address("Ann Weber", "ann@mail.example"),)
        assert message.cc == (Address("", "bob@mail.example"),)
        assert message.date == mime.parse(mail()).date
        assert apart.read(mail()) == mime.parse(mail())  # the next one is read by a new process
    assert _children() == before


def test_memory_has_a_limit_and_the_headers_are_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    broken_reader(monkeypatch, "raw = [bytearray(2**28) for _ in range(9)]")
    with Apart() as apart:
        message = apart.read(mail(body="poison\r\n"))
    assert message.subject == "Lamp" and message.text == "poison" and message.oddities


def test_a_crash_leaves_no_mail_behind_in_a_core_file() -> None:
    with Apart() as apart:
        apart.read(mail())
        assert apart._process is not None
        assert resource.prlimit(apart._process.pid, resource.RLIMIT_CORE) == (0, 0)


def test_what_is_read_plainly_keeps_what_its_headers_say() -> None:
    raw = multipart("mixed", PLAIN, PICTURE)
    message = mime.parse_plainly(raw, "why")
    assert message.oddities == ("why",)
    assert "Hello plain" in message.text and message.attachments == ()
    assert message == mime.parse_plainly(raw, "why")
    assert mime.parse_plainly(b"\xff\xfe\0", "why").oddities[0] == "why"


CHILD = """
from inbox.beside import Apart
from tests.letters import mail
import signal
apart = Apart()
apart.read(mail())
print(apart._process.pid, flush=True)
signal.pause()
"""


def test_the_process_ends_when_whoever_started_it_was_killed() -> None:
    with python_child(CHILD) as child:
        line = os.pidfd_open(int(child.output.readline()))
        child.kill()
    try:
        assert select.select([line], [], [], 30)[0]
    finally:
        os.close(line)


def test_base64_of_what_may_hurt_is_handed_over_too() -> None:
    packed = base64.b64encode(b"\x78\x9f\x3e\x22\0\0").decode()
    part = f'Content-Type: application/octet-stream; name="WINMAIL.DAT"\nContent-Transfer-Encoding: base64\n\n{packed}'
    assert handed_over(multipart("mixed", PLAIN, part))
