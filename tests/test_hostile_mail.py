"""Mail made to hurt: it is read like any other, in little memory; and any bytes at all are a message."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox.jsonform import as_line, message_as_json
from inbox.mime import parse
from tests.letters import HEAD, HTML, PICTURE, PLAIN, multipart, nested

TEN_MB = 10_000_000
BOUND = b"Content-Type: multipart/mixed; boundary="


def _nested_deep() -> bytes:
    return HEAD + b"".join(BOUND + b"b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(10_000)) + b"\r\nhi"


HOSTILE: dict[str, Callable[[], bytes]] = {
    "10 000 levels": _nested_deep,
    "50 000 parts": lambda: HEAD + BOUND + b"b\n\n" + b"--b\n\nx\n" * 50_000 + b"--b--\n",
    "a header line of 10 MB": lambda: b"X-Long: " + b"x" * TEN_MB + b"\n" + HEAD + b"\nhi",
    "a folded header of 10 MB": lambda: (
        b"References: " + b"<a@b>\n " * (TEN_MB // 7) + b"\n" + HEAD + b"\nhi"
    ),
    "a million headers": lambda: HEAD + b"a: b\n" * (TEN_MB // 5) + b"\nhi",
    "no last boundary": lambda: HEAD + BOUND + b"b\n\n--b\n\n" + b"x\n" * (TEN_MB // 2),
    "lone CR": lambda: HEAD + b"\r\n" + b"x\r" * (TEN_MB // 2),
    "only CR": lambda: b"\r" * TEN_MB,
    "NUL": lambda: HEAD + b"\r\n" + b"\0" * TEN_MB,
    "8 000 parameters": lambda: (
        HEAD + b"Content-Type: text/plain" + b"".join(b"; a%d=b" % n for n in range(8000)) + b"\n\nhi"
    ),
    "lines that look like boundaries": lambda: HEAD + BOUND + b"b\n\n" + b"--x\n" * (TEN_MB // 4),
    "a subject of encoded words": lambda: b"Subject: " + b"=?a?q?" * 100_000 + b"\n" + HEAD + b"\nhi",
    "signature marks": lambda: HEAD + b"\r\n" + b"-- \nx\n" * (TEN_MB // 6),
    "quote marks": lambda: HEAD + b"\r\n" + b"> x\n" * (TEN_MB // 4),
    "attributions": lambda: HEAD + b"\r\n" + (b"Am " + b"schrieb x " * 45 + b":\n> y\n") * (TEN_MB // 470),
    "armour without end": lambda: HEAD + b"\r\n" + b"-----BEGIN PGP SIGNATURE-----\n" * (TEN_MB // 30),
    "flowed": lambda: HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"x \n" * (TEN_MB // 3),
    "deep HTML": lambda: HEAD + b"Content-Type: text/html\n\n" + b"<div>" * 50_000 + b"hi",
    "unclosed formatting": lambda: (
        HEAD
        + b"Content-Type: text/html\n\n<p>"
        + b"".join(b"<b a=%d>" % n for n in range(5000))
        + b"</p>"
        + b"<p>x</p>" * 5000
    ),
    "one tag of many attributes": lambda: (
        HEAD + b"Content-Type: text/html\n\n<p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">hi"
    ),
    "many HTML parts": lambda: (
        HEAD + BOUND + b"b\n\n" + (b"--b\nContent-Type: text/html\n\n" + b"<div>" * 4000 + b"\n") * 499
    ),
    "broken lines before a header": lambda: b"A: b\n" + b"x\n" * 32_000 + HEAD + b"\nhi",
    "any bytes": lambda: HEAD + b"\r\n" + bytes(range(256)) * (TEN_MB // 256),
}

MEASURE = """
import resource, sys
from inbox.mime import parse
message = parse(sys.stdin.buffer.read())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
print([each for each in message.oddities if "could not be read" in each])
"""


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_mail_is_read_without_an_error(kind: str) -> None:
    """Memory is held here; time, at most two seconds each, by `python -m benchmarks.parse --hostile`."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (768 * 2**20, 768 * 2**20))

    done = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=HOSTILE[kind](),
        capture_output=True,
        check=False,
        timeout=60,
        preexec_fn=bounded,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    megabytes, failures = done.stdout.decode().splitlines()
    assert int(megabytes) < 512
    assert failures == "[]"


@pytest.mark.parametrize(
    "kind", ["10 000 levels", "50 000 parts", "a header line of 10 MB", "no last boundary", "NUL"]
)
def test_what_was_cut_is_said(kind: str) -> None:
    assert parse(HOSTILE[kind]()).oddities


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
    b"Auto-Submitted: ",
]


@given(
    st.binary(max_size=400)
    | st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=6), max_size=30).map(b"".join)
)
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_any_bytes_are_a_message_that_can_be_written(raw: bytes) -> None:
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
