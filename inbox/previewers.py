"""What an attachment says, by its kind. Runs in the child that `inbox.previews` starts, and nowhere else."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from inbox.charsets import decode
from inbox.pictures import MARKS, is_picture
from inbox.text import cells, cut, one_line, pad

LONGEST = 400_000
"""Characters of a text that are told."""

MOST_ROWS, MOST_COLUMNS, WIDEST = 1_000, 30, 40
MOST_PAGES = 100
MOST_FILES = 2_000

_BY_ENDING = {
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "eml": "message/rfc822",
    "htm": "text/html",
    "html": "text/html",
    "ics": "text/calendar",
    "json": "application/json",
    "rtf": "application/rtf",
    "tsv": "text/tab-separated-values",
    "vcf": "text/vcard",
}
_VCARD = {
    "ADR": "Address",
    "BDAY": "Birthday",
    "EMAIL": "E-mail",
    "FN": "Name",
    "NOTE": "Note",
    "ORG": "Company",
    "TEL": "Telephone",
    "TITLE": "Title",
    "URL": "Web",
}


def told(kind: str, name: str, data: bytes) -> Iterator[str]:
    """An attachment as text, piece by piece. May raise whatever its reader raises: the process is alone."""
    if b"%PDF-" in data[:1024]:
        yield from _pdf(data)
    else:
        yield _teller(kind.lower(), name, data)(data)


def _teller(kind: str, name: str, data: bytes) -> Callable[[bytes], str]:
    """Who reads it: by what it is, then by what it says it is, then by its name."""
    if is_picture(data):
        return _picture
    ending = name.rpartition(".")[2].lower()
    if (
        kind in ("application/octet-stream", "application/download", "text/plain", "")
        and ending in _BY_ENDING
    ):
        kind = _BY_ENDING[ending]
    if data.startswith(b"PK\x03\x04"):
        return _document if "wordprocessingml" in kind or ending == "docx" else _archive
    match kind:
        case "text/csv" | "application/csv" | "text/comma-separated-values":
            return lambda data: _table(data, "")
        case "text/tab-separated-values":
            return lambda data: _table(data, "\t")
        case "application/json" | "text/json":
            return _json
        case "text/calendar" | "application/ics":
            return _calendar
        case "text/vcard" | "text/x-vcard" | "text/directory":
            return _vcard
        case "message/rfc822" | "message/global":
            return _mail
        case "text/html" | "application/xhtml+xml":
            return _page
        case "application/rtf" | "text/rtf":
            return _rich
    if kind.startswith(("text/", "message/")) or kind in ("application/xml", "application/x-yaml"):
        return _text
    sample = data[:4096]
    return _binary if b"\0" in sample or not _is_text(sample) else _text


def _is_text(sample: bytes) -> bool:
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(sample) - 4
    return bool(sample.strip())


def _text(data: bytes) -> str:
    text, _ = decode(data[: 4 * LONGEST], None)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n… and more"


def _binary(data: bytes) -> str:
    return f"{len(data)} bytes that are no text. Save it to look at it."


def _pdf(data: bytes) -> Iterator[str]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        yield "PDF behind a password. Save it to open it."
        return
    count = len(reader.pages)
    yield f"PDF, {count} {'page' if count == 1 else 'pages'}\n"
    room = LONGEST
    for number in range(min(count, MOST_PAGES)):
        try:
            text = (reader.pages[number].extract_text() or "").strip()
        except (MemoryError, RecursionError):
            raise
        except Exception as error:  # one page that is broken does not take the others
            text = f"(this page cannot be read: {type(error).__name__})"
        if text and room > 0:
            yield f"\n— {number + 1} —\n{text[:room]}\n"
            room -= len(text)
    if room == LONGEST:
        yield "\nNo words in it: the pages are pictures."
    elif count > MOST_PAGES or room <= 0:
        yield "\n… and more"


def _picture(data: bytes) -> str:
    kind = next(name for mark, name in MARKS.items() if data.startswith(mark))
    size = _pixels(kind, data)
    return f"{kind} picture, {size[0]} × {size[1]} pixels" if size else f"{kind} picture"


def _pixels(kind: str, data: bytes) -> tuple[int, int] | None:
    if kind == "PNG" and len(data) >= 24:
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if kind == "GIF" and len(data) >= 10:
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    if kind == "BMP" and len(data) >= 26:
        return (
            int.from_bytes(data[18:22], "little"),
            abs(int.from_bytes(data[22:26], "little", signed=True)),
        )
    if kind == "WebP" and data[8:16] == b"WEBPVP8X" and len(data) >= 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == "WebP" and data[8:16] == b"WEBPVP8 " and len(data) >= 30:
        return (
            int.from_bytes(data[26:28], "little") & 0x3FFF,
            int.from_bytes(data[28:30], "little") & 0x3FFF,
        )
    if kind == "WebP" and data[8:16] == b"WEBPVP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return _jpeg_pixels(data) if kind == "JPEG" else None


def _jpeg_pixels(data: bytes) -> tuple[int, int] | None:
    """The size in the first frame header (ITU T.81, B.2.2)."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        mark = data[at + 1]
        if mark == 0xFF:
            at += 1
        elif mark in range(0xC0, 0xD0) and mark not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None


def _table(data: bytes, delimiter: str) -> str:
    text = _text(data).lstrip("\ufeff")
    if not delimiter:
        first = text[:4096]
        counts = {mark: first.count(mark) for mark in ";,\t|"}
        delimiter = max(counts, key=lambda mark: (counts[mark], mark == ","))
    csv.field_size_limit(LONGEST)
    rows: list[list[str]] = []
    for row in csv.reader(io.StringIO(text), delimiter=delimiter):
        if len(rows) >= MOST_ROWS:
            break
        if any(row):
            rows.append([one_line(cell, 1000) for cell in row[:MOST_COLUMNS]])
    width = max(map(len, rows), default=0)
    widths = [
        min(WIDEST, max((cells(row[at]) for row in rows if at < len(row)), default=0)) for at in range(width)
    ]
    lines = [
        "  ".join(pad(cut(cell, widths[at]), widths[at]) for at, cell in enumerate(row)).rstrip()
        for row in rows
    ]
    return "\n".join([*lines, *(["… and more"] if len(rows) >= MOST_ROWS else [])])


def _json(data: bytes) -> str:
    text = _text(data)
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _calendar(data: bytes) -> str:
    from inbox.invitations import in_words

    return in_words(data, None, with_description=True) or _text(data)


def _vcard(data: bytes) -> str:
    text = re.sub(r"\n[ \t]", "", _text(data))
    lines: list[str] = []
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        key = name.partition(";")[0].rpartition(".")[2].strip().upper()
        if key == "BEGIN" and lines:
            lines.append("")
        if colon and key in _VCARD and value.strip(" ;"):
            if "QUOTED-PRINTABLE" in name.upper():
                from quopri import decodestring

                value = decodestring(value.encode("latin-1", "replace")).decode("utf-8", "replace")
            value = re.sub(r"\\([,;\\])", r"\1", value.replace("\\n", ", ").replace("\\N", ", "))
            parts = [part.strip() for part in value.split(";") if part.strip()]
            lines.append(f"{_VCARD[key]}: {', '.join(parts)}")
    return "\n".join(lines) or text


def _mail(data: bytes) -> str:
    from inbox.mime import parse

    mail = parse(data)
    people = {"From": mail.sender, "To": mail.to, "Cc": mail.cc}
    head = [
        f"{label}: {', '.join(f'{one.name} <{one.address}>' if one.name else one.address for one in found)}"
        for label, found in people.items()
        if found
    ]
    if mail.date is not None:
        head.append(f"Date: {datetime.fromtimestamp(mail.date, UTC):%Y-%m-%d %H:%M} UTC")
    head.append(f"Subject: {mail.subject}")
    files = [f"[{one.name or 'attachment'}, {one.type}, {one.size} bytes]" for one in mail.attachments]
    return "\n".join((*head, "", mail.text, *([""] * bool(files)), *files))


def _page(data: bytes) -> str:
    from inbox.web.text import to_text

    page = to_text(_text(data))
    links = [f"[{number}] {link}" for number, link in enumerate(page.links, 1)]
    return "\n".join((page.text, *([""] * bool(links)), *links))


def _rich(data: bytes) -> str:
    from inbox.rtf import rtf_to_text

    return rtf_to_text(data)


def _archive(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = archive.infolist()
        lines = [f"Archive, {len(files)} {'file' if len(files) == 1 else 'files'}", ""]
        for file in files[:MOST_FILES]:
            secret = "  behind a password" if file.flag_bits & 1 else ""
            lines.append(f"{file.file_size:>12}  {one_line(file.filename, 200)}{secret}")
        if len(files) > MOST_FILES:
            lines.append("… and more")
    return "\n".join(lines)


def _document(data: bytes) -> str:
    """The words of a Word document; its form, pictures and macros are left alone."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("word/document.xml") as file:
        xml = file.read(20 * LONGEST).decode("utf-8", "replace")
    return "\n".join(_paragraphs(xml)).strip() or "There are no words in it."


def _paragraphs(xml: str) -> Iterator[str]:
    from html import unescape

    for paragraph in xml.split("</w:p>"):
        words = re.sub(r"<w:(?:tab|br)\b[^>]{0,200}>", " ", paragraph)
        yield unescape("".join(re.findall(r"<w:t(?: [^>]{0,200})?>([^<]*)", words)))
