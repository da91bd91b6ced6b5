"""Mail made to hurt, by the hundred: made from a seed, so that the same number always gives the same mail.

Each is a name and a function that makes the bytes: some have ten megabytes, and none is kept in memory longer than it
is needed. Families of small mails break one thing in many ways; the large ones look for whatever costs more than it is
long.
"""

from __future__ import annotations

import base64
import random
import struct
from collections.abc import Callable, Iterator
from functools import partial

from tests.letters import HEAD

TEN_MB = 10_000_000
BOUND = b"Content-Type: multipart/mixed; boundary="

Maker = Callable[[], bytes]


def _nested_deep() -> bytes:
    return HEAD + b"".join(BOUND + b"b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(10_000)) + b"\r\nhi"


def _html(body: bytes) -> bytes:
    return HEAD + b"Content-Type: text/html\n\n" + body


LARGE: dict[str, Maker] = {
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
    "lines that begin like the boundary": lambda: (
        HEAD + BOUND + b"b\n\n--b\n\nx\n" + b"--bx\n" * (TEN_MB // 5)
    ),
    "a subject of encoded words": lambda: b"Subject: " + b"=?a?q?" * 100_000 + b"\n" + HEAD + b"\nhi",
    "signature marks": lambda: HEAD + b"\r\n" + b"-- \nx\n" * (TEN_MB // 6),
    "quote marks": lambda: HEAD + b"\r\n" + b"> x\n" * (TEN_MB // 4),
    "attributions": lambda: HEAD + b"\r\n" + (b"Am " + b"schrieb x " * 45 + b":\n> y\n") * (TEN_MB // 470),
    "armour without end": lambda: HEAD + b"\r\n" + b"-----BEGIN PGP SIGNATURE-----\n" * (TEN_MB // 30),
    "flowed": lambda: HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"x \n" * (TEN_MB // 3),
    "deep HTML": lambda: _html(b"<div>" * 50_000 + b"hi"),
    "unclosed formatting": lambda: _html(
        b"<p>" + b"".join(b"<b a=%d>" % n for n in range(5000)) + b"</p>" + b"<p>x</p>" * 5000
    ),
    "one tag of many attributes": lambda: _html(
        b"<p " + b" ".join(b"a%d=1" % n for n in range(50_000)) + b">hi"
    ),
    "many HTML parts": lambda: (
        HEAD + BOUND + b"b\n\n" + (b"--b\nContent-Type: text/html\n\n" + b"<div>" * 4000 + b"\n") * 499
    ),
    "broken lines before a header": lambda: b"A: b\n" + b"x\n" * 32_000 + HEAD + b"\nhi",
    "any bytes": lambda: HEAD + b"\r\n" + bytes(range(256)) * (TEN_MB // 256),
    "HTML of 5 MB": lambda: _html(b"<p>One line of a <b>long</b> page.</p>\n" * (TEN_MB // 80)),
    "links": lambda: _html(b'<a href="https://x.example/%d">x</a> ' * (TEN_MB // 100)),
    "nested tables": lambda: _html(b"<table><tr><td>" * 20_000 + b"hi"),
    "a style sheet of 5 MB": lambda: _html(
        b"<style>" + b"p{color:red}\n" * (TEN_MB // 26) + b"</style><p>hi"
    ),
    "a comment without end": lambda: _html(b"<p>hi<!--" + b"x" * TEN_MB),
    "signs that are no tags": lambda: _html(b"<" * (TEN_MB // 5)),
    "named characters": lambda: _html(b"&nbsp;&amp;&#x1F600;" * (TEN_MB // 40)),
    "one word of 5 MB": lambda: HEAD + b"\r\n" + b"x" * (TEN_MB // 2),
    "blank space of 5 MB": lambda: HEAD + b"\r\nx" + b" " * (TEN_MB // 2) + b"y",
    "addresses": lambda: b"To: " + b"a@b.example, " * (TEN_MB // 13) + b"\n" + HEAD + b"\nhi",
    "Cc headers": lambda: b"Cc: a@b.example\n" * 100_000 + HEAD + b"\nhi",
    "open brackets in an address": lambda: b"To: " + b"(" * 16_000 + b"\n" + HEAD + b"\nhi",
    "open quotes in an address": lambda: b"To: " + b'"a ' * 5_000 + b"\n" + HEAD + b"\nhi",
    "labels of a header block": lambda: HEAD + b"\r\n" + b"From: x\nSent: y\n" * (TEN_MB // 32),
    "rules of signs": lambda: HEAD + b"\r\n" + b"_" * 60 + b"\n" + (b"_" * 60 + b"\n") * (TEN_MB // 122),
    "words that promise a quote": lambda: HEAD + b"\r\n" + b"On 3 May 2022 at 10:22, " * (TEN_MB // 48),
    "names of telephones": lambda: HEAD + b"\r\n" + b"Sent from my iPhone\n" * (TEN_MB // 40),
    "uuencoded files": lambda: HEAD + b"\r\n" + b"begin 644 x\n#0V%T\n`\nend\n" * (TEN_MB // 100),
    "uuencoded files without end": lambda: HEAD + b"\r\n" + b"begin 644 x\n#0V%T\n" * (TEN_MB // 72),
    "files in yEnc": lambda: (
        HEAD + b"\r\n" + b"=ybegin line=128 size=3 name=x\nabc\n=yend size=3\n" * (TEN_MB // 200)
    ),
    "files in yEnc without end": lambda: HEAD + b"\r\n" + b"=ybegin line=1 size=3 name=x\n" * (TEN_MB // 100),
    "base64 of lines of prose": lambda: (
        HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"AAAA\n" * 10_000 + b"a b\n" * (TEN_MB // 8)
    ),
    "padding": lambda: HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"QQ==" * (TEN_MB // 8),
    "quoted-printable": lambda: (
        HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=3D" * (TEN_MB // 6)
    ),
    "soft line breaks": lambda: (
        HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * (TEN_MB // 4) + b"hi"
    ),
    "reports": lambda: (
        HEAD
        + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nx\n"
        + b"--b\nContent-Type: message/delivery-status\n\n"
        + b"Final-Recipient: rfc822; a@b.example\nStatus: 5.1.1\n\n" * (TEN_MB // 100)
        + b"--b--\n"
    ),
    "mails within mails": lambda: (
        HEAD + b"".join(b"Content-Type: message/rfc822\n\nSubject: %d\n" % n for n in range(20_000)) + b"\nhi"
    ),
    "blank lines among headers": lambda: b"Received: x\n\n" * 100_000 + HEAD + b"\nhi",
    "ISO-2022 escapes": lambda: HEAD + b"\r\n" + b"\x1b$BCm\x1b(B" * (TEN_MB // 40),
    "RTF groups": lambda: HEAD + b"Content-Type: text/rtf\n\n{\\rtf1 " + b"{\\b x" * (TEN_MB // 10),
    "RTF controls": lambda: HEAD + b"Content-Type: text/rtf\n\n{\\rtf1 " + b"\\u65 ?\\par\n" * (TEN_MB // 24),
}


def _tnef(*attributes: bytes) -> bytes:
    data = b"\x78\x9f\x3e\x22\x01\x00" + b"".join(attributes)
    return (
        HEAD
        + b"Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(data)
    )


def attribute(kind: int, value: bytes, level: int = 1, length: int | None = None) -> bytes:
    """One attribute of TNEF; `length` when it is to lie about it."""
    return struct.pack("<BII", level, kind, len(value) if length is None else length) + value + b"\0\0"


def _tnef_mails() -> Iterator[tuple[str, Maker]]:
    begins = attribute(0x00069002, b"\0" * 14, 2)
    yield "TNEF: attributes", lambda: _tnef(attribute(0x0002800C, b"x") * 300_000)
    yield "TNEF: files", lambda: _tnef((begins + attribute(0x00018010, b"a.txt\0", 2)) * 100_000)
    yield (
        "TNEF: an attribute longer than all",
        lambda: _tnef(attribute(0x0002800C, b"Hello", length=2**32 - 1)),
    )
    yield "TNEF: cut off", lambda: _tnef(begins, attribute(0x0006800F, b"x" * 50, 2))[:-40]
    yield (
        "TNEF: a billion properties",
        lambda: _tnef(attribute(0x00069003, struct.pack("<I", 2**32 - 1) + b"\3\0" * 9)),
    )
    yield (
        "TNEF: a billion values",
        lambda: _tnef(
            attribute(0x00069003, struct.pack("<IHHI", 1, 0x101E, 0x1000, 2**32 - 1) + b"\0" * 100)
        ),
    )
    yield (
        "TNEF: a name without end",
        lambda: _tnef(attribute(0x00069003, struct.pack("<IHH", 5, 0x1E, 0x8001) + b"\xff" * 60)),
    )
    packed = struct.pack("<IIII", 5000, 2**32 - 1, 0x75465A4C, 0)
    bomb = packed + (b"\xff" + b"\x00\x0f" * 8) * 200_000
    yield (
        "TNEF: RTF that swells",
        lambda: _tnef(attribute(0x00069003, struct.pack("<IHHII", 1, 0x102, 0x1009, 1, len(bomb)) + bomb)),
    )


_CALENDAR = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n"
_EVENT = b"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Lunch\r\nDTSTART:20220504T100000Z\r\n"


def _calendars() -> Iterator[tuple[str, Maker]]:
    def mail(body: bytes) -> Maker:
        return lambda: HEAD + b"Content-Type: text/calendar; method=REQUEST\n\n" + _CALENDAR + body

    zone = b"BEGIN:VTIMEZONE\r\nTZID:Z\r\nBEGIN:STANDARD\r\nDTSTART:00010101T000000\r\nTZOFFSETFROM:+0200\r\n"
    zone += b"TZOFFSETTO:+0100\r\n"
    yield "calendar: events", mail(_EVENT + b"END:VEVENT\r\n" + (_EVENT + b"END:VEVENT\r\n") * 50_000)
    yield "calendar: properties", mail(_EVENT + b"X-A:b\r\n" * 500_000)
    yield "calendar: parameters", mail(_EVENT + b"LOCATION" + b";A=b" * 500_000 + b":x\r\n")
    yield "calendar: components", mail(b"BEGIN:VEVENT\r\n" * 200_000)
    yield "calendar: folded lines", mail(_EVENT + b"LOCATION:" + b"\r\n x" * 500_000)
    yield (
        "calendar: a zone that changes every second",
        mail(
            zone
            + b"RRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
            + _EVENT.replace(b"DTSTART:20220504T100000Z", b"DTSTART;TZID=Z:20220504T100000")
        ),
    )
    yield "calendar: no time", mail(_EVENT.replace(b"20220504T100000Z", b"soon"))
    yield (
        "calendar: the last year",
        mail(_EVENT.replace(b"2022", b"9999") + b"DURATION:P999999W\r\nEND:VEVENT\r\n"),
    )
    yield "calendar: any bytes", mail(bytes(range(256)) * 100)


_WORDS = "Grüße aus Köln. Где мой заказ? 注文番号は123です。 Ihre Bestellung łódź"
_CHARSETS = (
    *(
        "utf-7",
        "zlib_codec",
        "bz2_codec",
        "hex_codec",
        "rot13",
        "uu_codec",
        "base64_codec",
        "idna",
        "punycode",
    ),
    *(
        "unicode_escape",
        "raw_unicode_escape",
        "undefined",
        "mbcs",
        "x-unknown",
        "",
        "utf-8 (x)",
        "iso-2022-jp",
    ),
    *(
        "iso-2022-kr",
        "hz",
        "utf-16",
        "utf-32",
        "us-ascii",
        "big5",
        "cp037",
        "koi8-r",
        "../../etc/passwd",
        "x" * 300,
    ),
)
_DATES = (
    *(
        "",
        "0",
        "yesterday",
        "31 Feb 2022 10:00:00 +0000",
        "Tue, 3 May 0000 10:22:33 +0200",
        "3 May 22 25:61:61",
    ),
    *("Tue, 3 May 2099 10:22:33 +0200", "Thu, 1 Jan 1970 00:00:00 +0000", "Tue, 3 May 2022 10:22:33 +9999"),
    *("Tue, 3 May 99999 10:22:33", "2022-05-03T10:22:33.999999999+02:00", "Tue, 3 May 2022 10:22:33 PDT"),
    *("\0\0\0", "May " * 60, "1" * 190, "10:22:33 " * 22, "3 May 2022 99:99:99 -9999", "٣ May ٢٠٢٢ 10:22:33"),
)


def _small(seed: int) -> Iterator[tuple[str, Maker]]:
    dice = random.Random(seed)
    for number, declared in enumerate(_CHARSETS):
        real = dice.choice(("utf-8", "cp1251", "gb18030", "utf-16", "iso2022_jp_2004", "koi8_r", "utf-7"))
        data = _WORDS.encode(real, "replace")
        head = HEAD + f"Content-Type: text/plain; charset={declared}\r\n\r\n".encode()
        yield f"charset {number}: {declared[:20]} said of {real}", partial(bytes, head + data)
    for number, date in enumerate(_DATES):
        raw = HEAD.replace(b"Tue, 3 May 2022 10:22:33 +0200", date.encode()) + b"\r\nhi"
        yield f"date {number}", partial(bytes, raw)
    for number in range(20):
        raw = _tree(random.Random(dice.random()))
        yield f"structure {number}", partial(bytes, raw)
    for number in range(20):
        raw = _damaged(random.Random(dice.random()))
        yield f"damage {number}", partial(bytes, raw)
    for number in range(10):
        raw = _headers(random.Random(dice.random()))
        yield f"headers {number}", partial(bytes, raw)


_KINDS = (
    *(
        "text/plain",
        "text/html",
        "multipart/mixed",
        "multipart/alternative",
        "multipart/related",
        "multipart/digest",
    ),
    *("message/rfc822", "message/partial", "message/external-body", "text/calendar", "application/ms-tnef"),
    *(
        "multipart/signed",
        "multipart/report",
        "text",
        "",
        "/",
        "image/png",
        "text/rtf",
        "application/octet-stream",
    ),
)
_ENCODINGS = (
    "",
    "7bit",
    "base64",
    "quoted-printable",
    "x-uuencode",
    "8bit, base64",
    "x-unheard-of",
    "binary",
)


def _tree(dice: random.Random) -> bytes:
    """Parts in parts, some with the boundary of another, some without an end, some without a beginning."""
    boundaries = ["b", "bb", "b--", "", "x" * 80, "b c", "ü"]

    def part(depth: int) -> str:
        kind, boundary = dice.choice(_KINDS), dice.choice(boundaries)
        named = f'; boundary="{boundary}"' if dice.random() < 0.9 else ""
        head = f"Content-Type: {kind}{named}\r\nContent-Transfer-Encoding: {dice.choice(_ENCODINGS)}\r\n"
        if dice.random() < 0.2:
            head += "Content-Disposition: attachment; filename=../../x\r\n"
        if depth > 8 or not kind.startswith(("multipart", "message")):
            return (
                head
                + "\r\n"
                + dice.choice(["Hello there", "<p>Hello", "SGVsbG8=", "begin 644 x\r\n#0V%T\r\nend", ""])
            )
        inner = dice.choice([boundary, boundary, boundary, dice.choice(boundaries)])
        body = "".join(f"\r\n--{inner}\r\n{part(depth + 1)}" for _ in range(dice.randrange(4)))
        return head + "\r\n" + body + (f"\r\n--{inner}--\r\n" if dice.random() < 0.7 else "")

    return HEAD + part(0).encode()


def _damaged(dice: random.Random) -> bytes:
    """A good mail with bytes lost, doubled and changed."""
    raw = bytearray(_tree(dice))
    for _ in range(dice.randrange(1, 30)):
        at = dice.randrange(len(raw))
        what = dice.randrange(4)
        if what == 0:
            del raw[at : at + dice.randrange(40)]
        elif what == 1:
            raw[at:at] = raw[at : at + dice.randrange(40)]
        elif what == 2:
            raw[at] = dice.randrange(256)
        else:
            raw[at:at] = dice.choice([b"\r\n", b"\n\n", b"\0", b"\r", b"--b\r\n", b"\xff\xfe", b"=?utf-8?q?"])
        raw = raw or bytearray(b"x")
    return bytes(raw)


def _headers(dice: random.Random) -> bytes:
    """Fields of every name with bytes of every kind."""
    names = (
        b"From",
        b"To",
        b"Cc",
        b"Subject",
        b"Date",
        b"Message-ID",
        b"References",
        b"Reply-To",
        b"Received",
    )
    lines = []
    for _ in range(40):
        value = dice.choice(
            (
                dice.randbytes(60).replace(b"\n", b""),
                b"=?"
                + dice.choice((b"utf-8", b"zlib_codec", b"x", b""))
                + b"?"
                + dice.choice(b"bqBQx").to_bytes()
                + b"?",
                b"=?utf-8?q?" + b"=C3" * dice.randrange(30) + b"?=",
                b"<" * dice.randrange(50) + b"a@b" + b">" * dice.randrange(50),
                b"\n " * dice.randrange(50),
                b'"' * dice.randrange(9) + b"(" * dice.randrange(9) + b"a@b,;:",
            )
        )
        lines.append(dice.choice(names) + b": " + value)
    return b"\n".join(lines) + b"\n\nhi"


def corpus(seed: int = 1) -> dict[str, Maker]:
    """Every hostile mail by its name."""
    return {**LARGE, **dict(_tnef_mails()), **dict(_calendars()), **dict(_small(seed))}
