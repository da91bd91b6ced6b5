"""Reading again what was built: the last look before a message may be queued.

The reader is the standard library's, not ours, and it is compared with what was meant, not with how it was written: a
header that nobody asked for, a value that reads otherwise, a lost line of text are each a problem in words. Large files
are compared piece by piece, so that the look costs no memory of their size.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from email import message_from_bytes, message_from_string, policy
from email.header import decode_header
from email.message import Message as Parsed
from email.utils import getaddresses
from html.parser import HTMLParser

from inbox.bodies import unflow
from inbox.flowed import plain
from inbox.letter_html import TAGS, may_link
from inbox.outgoing import LONGEST_LINE, Enclosure, Outgoing, expected_fields, file_name, needs_utf8

_MIME = {"MIME-Version", "Content-Type", "Content-Transfer-Encoding"}
_LISTS = {"From", "To", "Cc", "Reply-To"}
_PIECE = 78 * 4096
"""Bytes that are looked at at once: whole lines of 76 characters of base64 and their ends."""


def verify_built(raw: bytes, outgoing: Outgoing) -> list[str]:
    """What is wrong with `raw` as the bytes of `outgoing`; [] when all is as it was meant."""
    expected = expected_fields(outgoing)
    end = raw.find(b"\r\n\r\n")
    head = raw[: end + 2 if end >= 0 else len(raw)].decode("utf-8", "replace")
    parsed = message_from_string(head, policy=policy.compat32)
    problems = [*_form(raw, head, needs_utf8(outgoing)), *_names(head, expected, outgoing)]
    for name, value in expected.items():
        found = parsed.get_all(name, [])
        if len(found) != 1:
            problems.append(f"{name} is there {len(found)} times")
        elif (read := _read(name, str(found[0]))) != value:
            problems.append(f"{name} reads {read!r} and should read {value!r}")
    return problems + _content(raw, parsed, outgoing)


def _form(raw: bytes, head: str, wide: bool) -> list[str]:
    problems = []
    if raw.count(b"\n") != raw.count(b"\r\n") or raw.count(b"\r") != raw.count(b"\r\n"):
        problems.append("a line does not end in CR and LF")
    if b"\0" in raw or not (raw.isascii() or (wide and _only_there(raw, head))):
        problems.append("a byte is no plain ASCII")
    if _longest_line(raw) > LONGEST_LINE:
        problems.append("a line is too long")
    return problems


def _longest_line(raw: bytes) -> int:
    longest = start = 0
    while (end := raw.find(b"\r\n", start)) >= 0:
        longest, start = max(longest, end - start), end + 2
    return max(longest, len(raw) - start)


def _only_there(raw: bytes, head: str) -> bool:
    """Whether only the header has bytes outside ASCII, and there only in addresses."""
    if not raw[len(head.encode()) :].isascii():
        return False
    return all(line.isascii() or "@" in line for line in head.split("\r\n"))


def _names(head: str, expected: dict[str, str], outgoing: Outgoing) -> list[str]:
    """The names straight from the text, so that no parser's idea of a header hides one."""
    lines = head.removesuffix("\r\n").split("\r\n")
    names = [line.partition(":")[0] for line in lines if line[:1] not in (" ", "\t")]
    single = outgoing.html is None and not outgoing.attachments
    content = ["MIME-Version", "Content-Type", *(["Content-Transfer-Encoding"] if single else [])]
    wanted = [*expected, *content]
    return [] if names == wanted else [f"the header has {names} and should have {wanted}"]


def _read(name: str, value: str) -> str:
    unfolded = re.sub(r"\r\n(?=[ \t])", "", value)
    if name in _LISTS:
        pairs = getaddresses([unfolded])
        return ", ".join(f"{_decoded(shown)} <{address}>".strip() for shown, address in pairs)
    return _decoded(unfolded) if name == "Subject" else unfolded


def _decoded(value: str) -> str:
    if "=?" not in value:
        return value
    parts = decode_header(value)
    return "".join(
        part.decode(charset or "ascii", "replace") if isinstance(part, bytes) else part
        for part, charset in parts
    )


# ---------------------------------------------------------------------- the body


def _content(raw: bytes, parsed: Parsed, outgoing: Outgoing) -> list[str]:
    if not outgoing.attachments:
        return _texts(raw, outgoing)
    parts = list(_spans(raw, parsed.get_boundary() or ""))
    if len(parts) != 1 + len(outgoing.attachments):
        return [f"the body has {len(parts)} parts"]
    problems = _texts(raw[slice(*parts[0])], outgoing)
    for (start, end), file in zip(parts[1:], outgoing.attachments, strict=True):
        if not _is_file(raw, start, end, file):
            problems.append(f"the attachment {file_name(file.name)} is not what it was")
    return problems


def _spans(raw: bytes, boundary: str) -> Iterator[tuple[int, int]]:
    """Where the parts of a multipart begin and end (RFC 2046, 5.1.1); nothing when it has no end."""
    mark = b"\r\n--" + boundary.encode("ascii", "replace")
    at = raw.find(mark) if boundary else -1
    spans: list[tuple[int, int]] = []
    while at >= 0:
        after = at + len(mark)
        if raw[after : after + 4] == b"--\r\n" and after + 4 == len(raw):
            yield from spans
            return
        following = raw.find(mark, after)
        if raw[after : after + 2] != b"\r\n" or following < 0:
            return
        spans.append((after + 2, following))
        at = following


def _is_file(raw: bytes, start: int, end: int, file: Enclosure) -> bool:
    """Whether a part has the file's name and, decoded, its bytes and nothing more."""
    blank = raw.find(b"\r\n\r\n", start, end)
    head = message_from_bytes(raw[start : blank + 2], policy=policy.compat32)
    if (
        blank < 0
        or head.get_filename() != file_name(file.name)
        or head["Content-Transfer-Encoding"] != "base64"
    ):
        return False
    if head.get_content_disposition() != "attachment" or len(head) != 3:
        return False
    content, said = memoryview(file.content), memoryview(raw)
    at = 0
    for begin in range(blank + 4, end, _PIECE):
        piece = binascii.a2b_base64(said[begin : min(begin + _PIECE, end)])
        if content[at : at + len(piece)] != piece:
            return False
        at += len(piece)
    return at == len(content)


def _texts(raw: bytes, outgoing: Outgoing) -> list[str]:
    """The text, and the HTML beside it."""
    leaves = [
        part for part in message_from_bytes(raw, policy=policy.compat32).walk() if not part.is_multipart()
    ]
    if len(leaves) != (1 if outgoing.html is None else 2):
        return [f"the text has {len(leaves)} parts"]
    problems = []
    text = _bytes(leaves[0]).decode("utf-8", "replace").replace("\r\n", "\n")
    if plain(unflow(text)) != plain(outgoing.text):
        problems.append("the text reads otherwise")
    if outgoing.html is not None:
        html = _bytes(leaves[1])
        if _lines(html) != _lines(outgoing.html.encode("utf-8", "replace")):
            problems.append("the HTML reads otherwise")
        problems += _strange(html.decode("utf-8", "replace"))
    return problems


def _lines(data: bytes) -> list[bytes]:
    return re.split(rb"\r\n?|\n", data.rstrip())


def _bytes(part: Parsed) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _strange(html: str) -> list[str]:
    """What a letter of ours never has in its HTML: an element that does or loads something, a link of another kind."""
    reader = _Elements()
    reader.feed(html)
    reader.close()
    return reader.strange


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.strange: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Each element by its name and attributes."""
        if tag not in TAGS:
            self.strange.append(f"the HTML has an element <{tag}>")
        for name, value in attrs:
            fits = name in ("style", "charset", "start", "class") or (
                name == "href" and may_link(value or "")
            )
            if not fits or (name == "style" and "url" in (value or "").lower()):
                self.strange.append(f"an element <{tag}> of the HTML has {name}={value!r}")
