"""Attachments as text: what each kind says, and what is made to hurt is ended in time and shown as words."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Sequence

import pytest

from inbox import untrusted
from inbox.model import Attachment
from inbox.previewers import told
from inbox.previews import preview


def pdf(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, the first of which is its catalog (ISO 32000, 7.5)."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            size,
            table,
            size,
            len(out),
        )
    )


def page(content: bytes, filters: bytes = b"") -> bytes:
    """A PDF of one page with this content stream."""
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>",
            b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), filters, content),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
    )


def shown(data: bytes, kind: str, name: str | None = "x") -> str:
    return "\n".join(preview(Attachment(name, kind, len(data)), data))


def test_the_words_of_a_pdf() -> None:
    text = shown(page(b"BT /F1 12 Tf 20 200 Td (Invoice 2231) Tj ET"), "application/pdf")
    assert text.startswith("PDF, 1 page\n")
    assert "Invoice 2231" in text


def test_a_pdf_is_known_whatever_it_calls_itself() -> None:
    text = shown(page(b"BT /F1 12 Tf 20 200 Td (Invoice 2231) Tj ET"), "image/png", "x.png")
    assert "Invoice 2231" in text


@pytest.mark.parametrize(
    ("kind", "name", "data", "expected"),
    [
        ("text/plain", "a.txt", b"Hello\r\nworld", "Hello\nworld"),
        ("text/plain", "a.txt", "Grüße".encode("latin-1"), "Grüße"),
        ("text/csv", "a.csv", "Name;Zahl\nJörg;1\nAnna-Lu;20".encode(), "Name     Zahl\nJörg     1\nAnna-Lu  20"),
        ("application/octet-stream", "a.tsv", b"a\tb\nlonger\tc", "a       b\nlonger  c"),
        ("text/csv", "a.csv", "商品,価格\nランプ,30".encode(), "商品    価格\nランプ  30"),
        ("application/json", "a.json", b'{"a":[1,2]}', json.dumps({"a": [1, 2]}, indent=2)),
        ("application/json", "a.json", b'{"a":', '{"a":'),
        ("text/vcard", "a.vcf", b"BEGIN:VCARD\nFN:Jo Park\nitem1.EMAIL:jo@\n park.example\nADR:;;Ring 5;Vienna;;;\n"
         b"END:VCARD", "Name: Jo Park\nE-mail: jo@park.example\nAddress: Ring 5, Vienna"),
        ("text/html", "a.html", b"<p>Hello</p><div style='display:none'>no</div><script>x()</script>", "Hello"),
        ("image/gif", "a.gif", b"GIF89a\x20\x00\x10\x00", "GIF picture, 32 × 16 pixels"),
        ("image/png", "a", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\0\x80", "PNG picture, 256 × 128 pixels"),
        ("image/jpeg", "", b"\xff\xd8\xff\xe0\0\4ab\xff\xc0\0\x11\x08\0\t\0 " + bytes(9), "JPEG picture, 32 × 9 pixels"),
        ("image/jpeg", "a", b"\xff\xd8\xff", "JPEG picture"),
        ("application/x-thing", "a", b"\0\1\2", "3 bytes that are no text. Save it to look at it."),
        ("text/plain", "a", b"", ""),
    ],
)  # fmt: skip
def test_what_each_kind_says(kind: str, name: str, data: bytes, expected: str) -> None:
    assert "".join(told(kind, name, data)) == expected


def test_a_mail_is_told_as_one() -> None:
    raw = b"From: Jo <jo@park.example>\nTo: us@shop.example\nSubject: Old\nDate: Tue, 10 Nov 2026 09:00:00 +0100\n\nHi.\n"
    assert "".join(told("message/rfc822", "", raw)) == (
        "From: Jo <jo@park.example>\nTo: us@shop.example\nDate: 2026-11-10 08:00 UTC\nSubject: Old\n\nHi."
    )


def test_an_archive_is_listed_and_not_opened_and_a_document_is_read() -> None:
    packed, document = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../evil.sh", "rm")
    with zipfile.ZipFile(document, "w") as archive:
        archive.writestr(
            "word/document.xml", "<w:p><w:r><w:t>One &amp; two</w:t></w:r></w:p><w:p><w:t>Three</w:t></w:p>"
        )
    listing = shown(packed.getvalue(), "application/zip")
    assert "1 file" in listing and "../../evil.sh" in listing
    assert shown(document.getvalue(), "application/octet-stream", "a.docx") == "One & two\nThree"


def test_a_calendar_is_told_as_an_invitation() -> None:
    entry = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261110T090000Z\r\n"
        b"DTEND:20261110T093000Z\r\nSUMMARY:Weekly sync\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    assert "Weekly sync" in shown(entry, "text/calendar")


def test_nothing_a_terminal_obeys_comes_out_of_a_preview() -> None:
    lines = preview(
        Attachment("x\x1b]0;y\x07.txt", "text/plain", 9), b"a\x1b]0;owned\x07b\x9b2J\xe2\x80\xaec [/] \0z"
    )
    assert lines == ["a]0;owned" + "b" + "c [/] z"] or all(line.isprintable() for line in lines)
    assert all(line.isprintable() for line in lines)


HOSTILE = {
    "pages within themselves": pdf(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"]
    ),
    "a stream of four gigabytes": page(
        zlib.compress(zlib.compress(bytes(40_000_000), 9), 9), b"/Filter [/FlateDecode /FlateDecode]"
    ),
    "arrays in arrays": b"%PDF-1.4\n1 0 obj\n" + b"[" * 200_000,
    "a million operators": page(b"BT " + b"(x) Tj " * 1_000_000 + b"ET"),
    "a cross-reference that leads to itself": b"%PDF-1.4\nxref\n0 0\ntrailer << /Size 1 /Prev 9 >>\nstartxref\n9\n%%EOF",
    "only the beginning": b"%PDF-1.7",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_pdf_made_to_hurt_ends_in_words(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "SECONDS", 1)  # the child's own limits stay as they are
    assert shown(data, "application/pdf")


def test_of_what_takes_too_long_the_beginning_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    child = "import time; print('The first page', flush=True); time.sleep(60)"
    monkeypatch.setattr(untrusted, "_CHILD", child)
    monkeypatch.setattr(untrusted, "SECONDS", 1)
    assert shown(b"", "application/pdf") == "The first page\n\n… the rest takes longer than 1 seconds to read"


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "SECONDS", 0.05)
    assert "not previewed" in shown(page(b"BT (x) Tj ET"), "application/pdf")


@pytest.mark.parametrize(
    "harm",
    [
        "bytearray(600 * 2**20); print('so much')",
        "sys.stdout.write('x' * 3_000_000); sys.stdout.flush(); sys.stdout.seek(0); print('so much')",
        "print(1 / 0)",
        "import os; os.kill(os.getpid(), 11)",
    ],
)
def test_a_child_that_does_harm_is_ended_and_bounded(harm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    child = f"import sys; sys.path.insert(0, sys.argv[1]); from inbox.untrusted import limit; limit(); {harm}"
    monkeypatch.setattr(untrusted, "_CHILD", child)
    text = shown(b"", "text/plain")
    assert "so much" not in text
    assert len(text) <= untrusted.LONGEST_ANSWER
    assert "not previewed" in text or "… the rest cannot be read" in text


def test_a_document_that_unpacks_to_much_is_read_from_its_beginning() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "<w:t>" + "a" * 50_000_000)
    assert set(shown(bomb.getvalue(), "application/zip", "bomb.docx")) <= {"a", "…"}


def test_a_very_large_one_is_not_even_begun() -> None:
    assert "not previewed" in shown(bytes(untrusted.LARGEST + 1), "text/plain")
