"""What leaves is read back by two readers to what was meant: texts, names, addresses, files, and nothing besides."""

from __future__ import annotations

import os
import tracemalloc
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox import mime
from inbox.actions.reply import Made, make
from inbox.answering import prepare, reply_subject
from inbox.below import quote_history
from inbox.bodies import unflow
from inbox.built import verify_built
from inbox.flowed import plain
from inbox.letter_html import html_of
from inbox.model import Address
from inbox.outgoing import Enclosure, Outgoing, build, envelope, file_name, name_shown, needs_utf8
from inbox.ports import Item
from inbox.text import one_line
from inbox.us import Us
from tests.shop import ZONE

SUPPORT = Address("Shop", "support@shop.example")
BO = Address("Bo Lee", "bo@mail.example")
ID = "<0123456789abcdef0123456789abcdef@shop.example>"
PLAIN = Outgoing(SUPPORT, (BO,), "Re: Your parcel", "Hello Bo,\n\nit left today.\n", ID, 1_800_000_000)
PDF = Enclosure("Rechnung.pdf", "application/pdf", bytes(range(256)) * 300)


def by_the_book(raw: bytes) -> EmailMessage:
    """As the standard library's modern reader sees it."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def names(raw: bytes) -> list[str]:
    head = raw.partition(b"\r\n\r\n")[0].decode()
    return [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))]


# --------------------------------------------------------------------------- 59

BASE64 = "=?utf-8?B?SGVsbG8NCkJjYzogZXZpbEBtYWlsLmV4YW1wbGU=?="  # "Hello", a line end, "Bcc: evil@…"
PRINTABLE = "=?utf-8?q?Hello=0D=0ABcc:_evil=40mail.example?="
LATIN = "=?iso-8859-1?Q?a=0AX-Evil:_1=0D=0A=0D=0Abody?="


@pytest.mark.parametrize(
    "evil", [BASE64, PRINTABLE, LATIN, f"{BASE64} {PRINTABLE}", "x=0D=0ABcc: y@z.example"]
)
def test_59_an_encoded_newline_in_a_received_mail_makes_no_header_of_ours(evil: str) -> None:
    """In Subject, References, From, Reply-To and a file's name, all at once; then it is answered and passed on."""
    raw = (
        f"From: {evil} <bo@mail.example>\r\nReply-To: {evil} <bo@mail.example>\r\nTo: support@shop.example\r\n"
        f"Cc: {evil} <cy@mail.example>\r\nSubject: {evil}\r\nMessage-ID: <1@mail.example>\r\n"
        f"In-Reply-To: {evil}\r\nReferences: <0@mail.example> {evil}\r\nDate: Mon, 16 Mar 2026 09:00:00 +0000\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nWhere is it?\r\n--b\r\n'
        f'Content-Type: text/plain; name="{evil}"\r\nContent-Disposition: attachment; filename="{evil}"\r\n\r\nx\r\n'
        "--b--\r\n"
    )
    came = mime.parse(raw.encode())
    item = Item(
        1, "in", 1, "", came.message_id, came.sender, came.to, came.cc, came.reply_to, came.subject, came.text, came.reply,
        "", "", came.attachments, (), False, came.references,
    )  # fmt: skip
    ready = prepare([item], Us.of(["support@shop.example"]), ["support@shop.example"], everybody=True)
    made = make(
        text="It is here.",
        to=ready.to,
        cc=ready.cc,
        sender=ready.sender,
        item=item,
        quoted=quote_history(item.reply, item.sender[0].name, item.at, ZONE),
        enclosures=[Enclosure(one.name or "", one.type, b"x") for one in came.attachments],
        date=1_800_000_000,
    )
    assert isinstance(made, Made)
    assert isinstance(made.raw, bytes)
    assert names(made.raw) == [
        *("From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References"),
        *("MIME-Version", "Content-Type"),
    ]
    assert set(made.envelope) == {"bo@mail.example", "cy@mail.example"}
    read = by_the_book(made.raw)
    assert read["Bcc"] is None
    assert read["X-Evil"] is None
    assert str(read["Subject"]) == reply_subject(came.subject)
    assert "\n" not in str(read["Subject"])
    (file,) = read.iter_attachments()
    assert list(file.keys()) == ["Content-Type", "Content-Disposition", "Content-Transfer-Encoding"]
    named = replace(
        PLAIN, to=came.reply_to, subject=came.subject, references=came.references, in_reply_to=evil
    )
    assert set(names(build(named))) <= {*names(made.raw), "Content-Transfer-Encoding"} - {"Cc"}


# --------------------------------------------------------------------------- two readers

PIECES = [".", "..", "\r\n", "\n", "From ", "> ", "-- ", "--=_", "=", " ", "\t", "é", "日本", "👟", "a" * 90]
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES)).map("".join))
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cf", "Co", "Cn")), max_size=150)


@settings(deadline=None)
@given(TEXTS)
def test_a_text_is_read_back_as_it_was_written(text: str) -> None:
    raw = build(replace(PLAIN, text=text))
    assert verify_built(raw, replace(PLAIN, text=text)) == []
    body = by_the_book(raw).get_body(("plain",))
    assert body is not None
    assert plain(unflow(body.get_content().replace("\r\n", "\n"))) == plain(text)
    assert plain(mime.parse(raw).text) == plain(text).rstrip()


@settings(deadline=None)
@given(WORDS, WORDS, WORDS, st.lists(WORDS, max_size=3))
def test_names_and_subjects_are_read_back_as_they_were_written(
    name: str, copied: str, subject: str, files: list[str]
) -> None:
    letter = replace(
        PLAIN,
        to=(Address(name, "bo@mail.example"),),
        cc=(Address(copied, "cy@straße.example"), Address("", "di@mail.example")),
        subject=subject,
        attachments=tuple(Enclosure(one, "application/x-own", one.encode()) for one in files),
    )
    raw = build(letter)
    assert verify_built(raw, letter) == []
    read, ours = by_the_book(raw), mime.parse(raw)
    shown = [name_shown(address) for address in (*letter.to, *letter.cc)]
    # This reader keeps the blank between two encoded words of a name, against RFC 2047, 6.2; others do not.
    book = [a.display_name for a in (*read["To"].addresses, *read["Cc"].addresses)]
    assert ["".join(one.split()) for one in book] == ["".join(one.split()) for one in shown]
    assert [a.addr_spec for a in read["Cc"].addresses] == ["cy@xn--strae-oqa.example", "di@mail.example"]
    assert [address.name for address in (*ours.to, *ours.cc)] == shown
    assert str(read["Subject"]) == one_line(subject, 400)
    assert ours.subject == one_line(subject, 400)
    wanted = [(file_name(one), one.encode()) for one in files]
    assert [(part.get_filename(), part.get_content()) for part in read.iter_attachments()] == wanted
    assert [file.name for file in ours.attachments] == [file_name(one) for one in files]


ODD = [
    "invoice.pdf", "Rechnung März.pdf", "請求書.pdf", "фактура.docx", "résumé final (2).doc", "a;b=c.txt",
    'say "hi".txt', "back\\slash.txt", "../../etc/passwd", "C:\\Users\\x\\y.pdf", "%41%00.txt",
    "=?utf-8?B?eA==?=.txt", "'quote'.txt", ".bashrc", "  spaces  .pdf ", "trailing.", "no ending", "👟👟.png",
    '\u202efdp.exe', 'a\r\nBcc: x@y.example', 'tab\there.txt', "", "...", "/", "con.txt", "a" * 300 + ".pdf",
    "名" * 300 + ".txt", "é.txt", "utf-8''x.txt", "a%20b.txt", "name*0=x.txt", "semi; filename=evil.exe",
    "comma, then.txt", 'new\nline.txt', 'nul\x00.txt', '\ud800.bin', "-rf", "file.tar.gz", "a&b<c>.html",
    'emoji\U0001f468\u200d\U0001f469\u200d\U0001f467.jpg', "ʼn.txt", "İstanbul.pdf", "ﬁle.txt", "x" * 130,
    "dot.in.middle.pdf", "№5.txt", "١٢٣.txt", "שלום.pdf", "مرحبا.pdf", "हिन्दी.pdf", "ไทย.pdf", "한국어.hwp",
    "Ελλάδα.pdf", "ÆØÅ.pdf", "œuvre.pdf", "naïve café.txt", "100% sure.txt", "a+b.txt", "~backup~", "#hash.txt",
    "space at end .pdf",
]  # fmt: skip


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_a_file_with_an_odd_name_arrives_under_it_and_unchanged(name: str) -> None:
    letter = replace(PLAIN, attachments=(Enclosure(name, "application/pdf", PDF.content),))
    raw = build(letter)
    assert verify_built(raw, letter) == []
    (file,) = by_the_book(raw).iter_attachments()
    assert (file.get_filename(), file.get_content()) == (file_name(name), PDF.content)
    (ours,) = mime.parse(raw).attachments
    assert (ours.name, ours.type, ours.size) == (file_name(name), "application/pdf", len(PDF.content))
    assert not set("/\\\r\n\0") & set(file_name(name))
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_words_that_look_encoded_are_read_back_as_they_were_typed() -> None:
    literal = "How to read =?utf-8?q?a=0ABcc:_x?= in a subject"
    letter = replace(PLAIN, subject=literal, to=(Address(literal, "bo@mail.example"),))
    raw = build(letter)
    assert verify_built(raw, letter) == []
    assert str(by_the_book(raw)["Subject"]) == mime.parse(raw).subject == literal
    assert mime.parse(raw).to[0].name == name_shown(letter.to[0])


@pytest.mark.parametrize("size", [0, 1, 56, 57, 58, 57 * 4096 - 1, 57 * 4096, 57 * 4096 + 1, 500_000])
def test_a_file_of_any_size_is_one_run_of_whole_lines(size: int) -> None:
    content = bytes(range(251)) * (size // 251 + 1)
    letter = replace(PLAIN, attachments=(Enclosure("a.bin", "application/pdf", content[:size]),))
    raw = build(letter)
    assert verify_built(raw, letter) == []
    lines = raw.partition(b"base64\r\n\r\n")[2].split(b"\r\n")
    encoded = [line for line in lines[: lines.index(b"")] if line]
    assert all(len(line) == 76 for line in encoded[:-1])
    (file,) = by_the_book(raw).iter_attachments()
    assert file.get_content() == content[:size]
    if encoded:
        cut = raw.replace(encoded[-1] + b"\r\n\r\n--", b"\r\n--")
        assert verify_built(cut, letter) == ["the attachment a.bin is not what it was"]


def test_an_address_in_another_script_stands_in_the_header_as_it_is() -> None:
    letter = replace(PLAIN, to=(Address("Jö", "jö.日本@straße.example"),), cc=(BO,), attachments=(PDF,))
    assert needs_utf8(letter)
    assert not needs_utf8(replace(letter, to=(Address("Jö", "jo@straße.example"),)))
    raw = build(letter)
    assert verify_built(raw, letter) == []
    assert "To: =?utf-8?B?SsO2?= <jö.日本@xn--strae-oqa.example>\r\n".encode() in raw
    assert raw.partition(b"\r\n\r\n")[2].isascii()
    assert envelope(letter)[0] == "jö.日本@xn--strae-oqa.example"
    assert mime.parse(raw).to == (Address("Jö", "jö.日本@xn--strae-oqa.example"),)
    assert (
        verify_built(raw.replace("Jö".encode(), b"J"), letter) == []
    )  # it is encoded, so nothing was replaced
    odd = raw.replace(b"Subject: Re", "Subject: Ré".encode())
    assert "a byte is no plain ASCII" in verify_built(odd, letter)


def test_an_alternative_with_files_is_read_by_both() -> None:
    letter = replace(
        PLAIN, html=html_of("Hello **Bo**"), attachments=(PDF, Enclosure("b.txt", "text/plain", b""))
    )
    raw = build(letter)
    assert verify_built(raw, letter) == []
    read = by_the_book(raw)
    assert [part.get_content_type() for part in read.walk()] == [
        *(
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "text/html",
            "application/pdf",
            "text/plain",
        )
    ]
    ours = mime.parse(raw)
    assert ours.text.rstrip() == letter.text.rstrip()
    assert [file.name for file in ours.attachments] == ["Rechnung.pdf", "b.txt"]
    assert ours.oddities == ()


# --------------------------------------------------------------------------- the last look


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        (b'filename="Rechnung.pdf"', b'filename="Rechnung.exe"', "Rechnung.pdf is not what it was"),
        (b"AAECAwQF", b"AAECAwQG", "Rechnung.pdf is not what it was"),
        (b"Content-Disposition: attachment;", b"Content-Disposition: inline;", "is not what it was"),
        (b"Content-Type: application/pdf", b"X: y\r\nContent-Type: application/pdf", "is not what it was"),
        (b"<strong>Bo</strong>", b"<script>x</script>", "the HTML has an element <script>"),
        (b"<p style=3D", b"<p onclick=3D", "of the HTML has onclick="),
        (b"Hello **Bo**", b"Hello **By**", "the text reads otherwise"),
    ],
)
def test_whatever_differs_in_the_body_is_named(was: bytes, becomes: bytes, problem: str) -> None:
    text = "Hello **Bo**, [a](https://a.example)"
    letter = replace(PLAIN, text=text, html=html_of(text), attachments=(PDF,))
    raw = build(letter)
    assert verify_built(raw, letter) == []
    assert was in raw
    problems = verify_built(raw.replace(was, becomes, 1), letter)
    assert any(problem in one for one in problems), problems


@pytest.mark.parametrize(
    "html",
    [
        '<a href="javascript:x">y</a>',
        '<img src="https://a.example/pixel.png">',
        '<p style="background:url(https://a.example/x)">y</p>',
        "<form>y</form>",
        '<p onclick="x">y</p>',
    ],
)
def test_html_that_does_or_loads_something_does_not_leave_even_when_it_was_asked_for(html: str) -> None:
    letter = replace(PLAIN, html=html)
    assert "HTML has" in " ".join(verify_built(build(letter), letter))
    harmless = replace(PLAIN, html="<p>y</p>")
    assert verify_built(build(harmless), harmless) == []


def test_a_part_too_few_or_too_many_is_named() -> None:
    letter = replace(PLAIN, attachments=(PDF,))
    raw = build(letter)
    cut = raw[: raw.rindex(b"--\r\n")]
    assert verify_built(cut, letter) == ["the body has 0 parts"]
    assert verify_built(raw, replace(letter, attachments=(PDF, PDF))) == ["the body has 2 parts"]
    assert verify_built(raw, PLAIN) != []


# --------------------------------------------------------------------------- large files


@pytest.mark.long
def test_a_file_of_30_MB_is_built_and_looked_at_within_twice_its_size() -> None:
    content = os.urandom(30_000_000)
    tracemalloc.start()
    try:
        made = make(
            text="Here it is.",
            to=["bo@mail.example"],
            sender="support@shop.example",
            date=1_800_000_000,
            enclosures=[Enclosure("film.mp4", "video/mp4", content)],
        )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(made, Made)
    assert isinstance(made.raw, bytes)
    assert len(made.raw) > 40_000_000
    assert peak < 2.5 * len(content), f"{peak / 1e6:.0f} MB"
