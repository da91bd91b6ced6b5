"""Mail made to hurt: it is read like any other, in little memory; and any bytes at all are a message."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox.jsonform import as_line, message_as_json
from inbox.mime import parse
from tests.hostile import LARGE, corpus
from tests.letters import HTML, PICTURE, PLAIN, multipart, nested

MEASURE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (512 * 2**20, 512 * 2**20))
from inbox.mime import parse
from tests.hostile import corpus
mails = list(corpus().items())[int(sys.argv[1])::int(sys.argv[2])]
for kind, make in mails:
    raw = make()
    message = parse(raw)
    for text in (message.subject, message.text, message.reply, message.quoted, message.signature, *message.oddities):
        text.encode()
    if any("could not be read" in each for each in message.oddities):
        print(kind, "broke the reader:", message.oddities)
    has_body = bool(raw.partition(b"\\r\\n\\r\\n")[2].strip())
    if has_body and not (message.text.strip() or message.oddities or message.attachments):
        print(kind, "shows nothing, and nothing says why")
print(len(mails), "read")
"""
CHILDREN = 4


@pytest.mark.parametrize(
    "child",
    [pytest.param(child, marks=pytest.mark.long if child in (1, 2) else ()) for child in range(CHILDREN)],
)
def test_hostile_mail_is_read_and_shown_in_512_mb(child: int) -> None:
    """Memory is held here; time, at most two seconds each, by `python -m benchmarks.parse --hostile`, and by the limit
    below wherever mail comes in."""
    count = len(list(corpus())[child::CHILDREN])
    assert count > 25
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(child), str(CHILDREN)],
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert done.stdout.decode().splitlines() == [f"{count} read"]


@pytest.mark.parametrize(
    "kind", ["10 000 levels", "50 000 parts", "a header line of 10 MB", "no last boundary", "NUL"]
)
def test_what_was_cut_is_said(kind: str) -> None:
    assert parse(LARGE[kind]()).oddities


def test_the_same_seed_gives_the_same_mail() -> None:
    first, second = corpus(7), corpus(7)
    small = [kind for kind in first if kind.startswith(("structure", "damage", "headers"))]
    assert [first[kind]() for kind in small] == [second[kind]() for kind in small]
    assert [corpus(8)[kind]() for kind in small] != [first[kind]() for kind in small]


# ------------------------------------------------------------ anything

FRAGMENTS = [
    b"From: ",
    b"To: a@b",
    b"Subject: =?utf-8?q?",
    b"?=",
    b"Date: Tue, 3 May",
    b"Message-ID: <",
    b"\r\n",
    b"\n",
    b"\r",
    b"\n\n",
    b"Content-Type: multipart/mixed; boundary=x",
    b"\n--x\n",
    b"--x--",
    b"Content-Type: text/html\n\n",
    b"<div><a href=",
    b">",
    b"Content-Transfer-Encoding: base64\n",
    b"quoted-printable",
    b"; charset=utf-16",
    b"; charset=iso-2022-jp",
    b"\x1b$B",
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"filename*0*=utf-8''%ED%A0",
    b'"',
    b"(",
    b"<",
    b",",
    b";",
    b":",
    b"=",
    b"> ",
    b"-- \n",
    b"begin 644 x\n",
    b"On 3 May 2022 at 10:22, x wrote:\n",
    b"message/delivery-status",
    b"Final-Recipient: rfc822; a@b\n",
    b"&#xD800;",
    b"Content-Type: text/plain; format=flowed; delsp=yes\n\n",
    b"Content-Type: message/rfc822\n\n",
    b"Return-Path: <>\n",
    b"From: MAILER-DAEMON\nSubject: failure notice\n\n",
    b"List-Id: x\n",
    b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n",
    b"BEGIN:VEVENT\nSUMMARY:x\n",
    b"DTSTART;TZID=Europe/Berlin:20220504T100000\n",
    b"Content-Type: application/ms-tnef\n\n\x78\x9f\x3e\x22\0\0",
    b"\x01\x0c\x80\x02\0",
    b"Content-Type: text/rtf\n\n{\\rtf1 \\u65 ",
    b"=ybegin size=1 name=x\n",
    b"This is a multi-part message\n--x\nContent-Type: text/plain\n\n",
    b"Auto-Submitted: ",
]


ANYTHING = st.binary(max_size=400) | st.lists(
    st.sampled_from(FRAGMENTS) | st.binary(max_size=6), max_size=30
).map(b"".join)


@given(ANYTHING)
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_bytes_are_a_message_that_can_be_written(raw: bytes) -> None:
    read_and_written(raw)


@pytest.mark.long
@given(ANYTHING)
@settings(max_examples=10_000, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_ten_thousand_times_any_bytes_are_a_message(raw: bytes) -> None:
    read_and_written(raw)


HEADER_NAMES = st.sampled_from(
    (
        *("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "References", "In-Reply-To"),
        *("Received", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "List-Id"),
        *("Auto-Submitted", "Precedence"),
    )
)


@pytest.mark.long
@given(st.lists(st.tuples(HEADER_NAMES, st.text(max_size=60)), max_size=12), st.text(max_size=300))
@settings(max_examples=10_000, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_ten_thousand_times_any_headers_and_any_body(fields: list[tuple[str, str]], body: str) -> None:
    head = "".join(f"{name}: {value}\n" for name, value in fields)
    read_and_written((head + "\n" + body).encode("utf-8", "surrogatepass"))


def read_and_written(raw: bytes) -> None:
    message = parse(raw)
    assert not [oddity for oddity in message.oddities if "could not be read" in oddity]
    line = as_line(message_as_json(message))
    line.encode()
    assert "\n" not in line and "\x1b" not in line and "\x9b" not in line
    for text in (
        message.text,
        message.reply,
        message.quoted,
        message.signature,
        message.subject,
        *message.oddities,
    ):
        text.encode()
        assert "\r" not in text and "\0" not in text
    assert parse(raw) == message


@given(st.binary(max_size=300), st.integers(0, 600), st.integers(0, 40))
@settings(max_examples=200, deadline=None)
def test_a_damaged_mail_is_still_a_message(junk: bytes, at: int, gone: int) -> None:
    raw = multipart("mixed", nested("alternative", "a", PLAIN, HTML), PICTURE)
    message = parse(raw[:at] + junk + raw[at + gone :])
    assert not [oddity for oddity in message.oddities if "could not be read" in oddity]
