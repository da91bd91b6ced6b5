"""The tree of a mail's parts, found in one pass over its bytes (RFC 2046); nothing is copied and nothing
raises.

Every line that begins with "--" is looked up among the boundaries open at that point, so that the cost stays
linear however deep parts are nested and however often a boundary is repeated, missing or wrong.
"""

from __future__ import annotations

import re
from binascii import a2b_qp

from inbox.headers import Fields, end_of_headers, once, read_fields, read_parameters
from inbox.text import one_line
from inbox.transfer import from_base64, from_uu, text_from_base64

DEEPEST = 50
"""Levels of nesting that are opened; what lies deeper is one attachment."""

MOST = 500
"""Parts that are read; the raw bytes hold the rest."""

_PART_HEADERS = 65_536  # bytes in which the headers of a part have to end
_BLANK_LINES = re.compile(rb"[\r\n]*+")
_FIELD_NAME = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:")
_MANY_MISSES = (
    1_000  # lines like delimiters that are none, from which it is worth to look for the open ones alone
)
_DELIMITER = re.compile(rb"\n--([^\n]{1,256})")
_GUESS = re.compile(
    rb"(?:\A|\n)--([^\s\n][^\n]{0,200}?)[ \t\r]*\n(?=Content-[A-Za-z-]+[ \t]*:)", re.IGNORECASE
)
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:+-]+)", re.IGNORECASE)
_BARE_TYPES = {
    "html": "text/html",
    "plain": "text/plain",
    "text": "text/plain",
    "multipart": "multipart/mixed",
}
_SAID_BY_ALL = ("from", "to", "subject", "date", "message-id", "mime-version", "content-type")
_FIELDS_FOLLOW = re.compile(
    rb"[\r\n]*(?:[\w-]{1,60}:[^\n]{0,998}\n(?:[ \t][^\n]{0,998}\n){0,9}){0,5}?(?:from|subject|date|message-id)[ \t]*:",
    re.IGNORECASE,
)
_TYPE = re.compile(r"[\w!#$&^.+*-]+/[\w!#$&^.+*-]+")


class Part:
    """One node: a leaf between two offsets of the raw bytes, or a multipart with children."""

    __slots__ = (
        "children",
        "disposition",
        "encoding",
        "fields",
        "filename",
        "parameters",
        "parent",
        "start",
        "stop",
        "type",
    )
    type: str

    def __init__(
        self, fields: Fields, parent: Part | None, start: int, stop: int, oddities: list[str]
    ) -> None:
        self.fields = fields
        self.parent = parent
        self.start = start
        self.stop = stop
        self.children: list[Part] = []
        self.parameters: dict[str, str] = {}
        self.type = (
            "message/rfc822" if parent is not None and parent.type == "multipart/digest" else "text/plain"
        )
        self.disposition = ""
        self.filename: str | None = None
        said = fields.get("content-type")
        if said:
            self._read_type(said, oddities)
        said = fields.get("content-disposition")
        if said:
            self.disposition, more = read_parameters(said, oddities)
            self.filename = more.get("filename") or more.get("name")
        if self.filename is None:
            self.filename = self.parameters.get("name")
        if self.filename is not None:
            self.filename = one_line(self.filename, 255) or None
        self.encoding = fields.get("content-transfer-encoding").partition(";")[0].strip(" \t\"'").lower()

    def _read_type(self, said: str, oddities: list[str]) -> None:
        if said.isascii() and ";" not in said and "/" in said and " " not in said:
            kind = said.lower()
        else:
            kind, self.parameters = read_parameters(said, oddities)
        found = _TYPE.match(kind)
        if found:
            self.type = found[0]
        elif kind in _BARE_TYPES:
            self.type = _BARE_TYPES[kind]
        elif kind:  # RFC 2045, 5.2: what is no type is read as plain text
            oddities.append(f"the content type “{one_line(kind, 60)}” is none: read as text/plain")
        if "charset" not in self.parameters and "charset" in said.lower():
            charset = _CHARSET.search(said)  # a semicolon is missing
            if charset:
                self.parameters["charset"] = charset[1]

    @property
    def charset(self) -> str | None:
        """The charset the part claims, or None."""
        return self.parameters.get("charset")

    @property
    def is_multipart(self) -> bool:
        """Whether it has, or should have, parts of its own."""
        return self.type.startswith("multipart/")

    def content(self, raw: bytes, oddities: list[str]) -> bytes:
        """The decoded bytes of a leaf."""
        encoding = self.encoding
        if encoding == "base64":
            if not self.type.startswith("text/"):
                return from_base64(memoryview(raw)[self.start : self.stop])
            data, odd = text_from_base64(raw[self.start : self.stop])
            if odd:
                oddities.append(odd)
            return data
        data = raw[self.start : self.stop]
        if encoding in ("", "7bit", "8bit", "binary"):
            return data
        if encoding == "quoted-printable":
            return a2b_qp(data)
        if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
            return from_uu(data)
        if encoding not in _PLAIN_ENCODINGS:
            oddities.append(f"the transfer encoding “{one_line(encoding, 40)}” is unknown: shown as it came")
        return data

    def leaves(self) -> list[Part]:
        """All leaves in their order."""
        found: list[Part] = []
        waiting = [self]
        while waiting:
            part = waiting.pop()
            if part.children:
                waiting.extend(reversed(part.children))
            else:
                found.append(part)
        return found


_PLAIN_ENCODINGS = frozenset(
    ("7-bit", "8-bit", "7 bit", "8 bit", "7bits", "8bits", "none", "plain", "text", "utf-8")
)


def read_parts(raw: bytes, oddities: list[str]) -> Part:
    """The tree of parts of a whole message; its root carries the message's header fields."""
    start = _first_header(raw, oddities)
    end, body = end_of_headers(raw, start, len(raw))
    fields, broken_at = read_fields(raw, start, end, oddities)
    if (
        broken_at is None
        and not any(name in fields for name in _SAID_BY_ALL)
        and _FIELDS_FOLLOW.match(raw, body)
    ):
        oddities.append("a blank line stands among the headers")
        end, body = end_of_headers(raw, body, len(raw))
        fields, broken_at = read_fields(raw, start, end, oddities)
    root = Part(fields, None, body if broken_at is None else broken_at, len(raw), oddities)
    fields.charset = root.charset
    if not root.is_multipart:
        if "content-type" not in fields or "boundary" in root.parameters:
            _open_unannounced(raw, root, oddities)
        return root
    boundary = root.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
    _open(raw, root, boundary, oddities)
    if not root.children:
        guess = _GUESS.search(raw, max(root.start - 1, 0), min(len(raw), root.start + 1_000_000))
        if guess and guess[1] != boundary:
            oddities.append("the boundary between the parts is not the one that was announced")
            _open(raw, root, guess[1], oddities)
    return root


def _open_unannounced(raw: bytes, root: Part, oddities: list[str]) -> None:
    """Find the parts of a mail whose Content-Type was lost, or says it is text, and whose text begins with a part."""
    if not raw.startswith((b"--", b"\r\n--", b"\n--", b"This is a multi"), root.start):
        return
    guess = _GUESS.search(raw, max(root.start - 1, 0), min(len(raw), root.start + 1000))
    if guess is None:
        return
    oddities.append("the text consists of parts, and no header says so")
    root.type = "multipart/mixed"
    _open(raw, root, guess[1], oddities)
    if sorted(child.type for child in root.children) == ["text/html", "text/plain"]:
        root.type = "multipart/alternative"


def _first_header(raw: bytes, oddities: list[str]) -> int:
    """Where the headers begin: behind a byte order mark and blank lines that do not belong there."""
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    if raw[start : start + 1] in (b"\n", b"\r"):
        filled = _BLANK_LINES.match(raw, start, start + _PART_HEADERS)
        if filled and _FIELD_NAME.match(raw, filled.end()):
            oddities.append("blank lines stand before the headers")
            return filled.end()
    return start


def _open(raw: bytes, root: Part, first_boundary: bytes, oddities: list[str]) -> None:
    """Find the parts of `root`, and theirs."""
    levels: list[tuple[bytes, Part]] = []  # the multiparts that are open, outermost first
    open_at: dict[bytes, list[int]] = {}  # boundary -> levels at which it is open
    current: Part | None = None  # the leaf being read
    count = 0

    def close_from(level: int) -> None:
        while len(levels) > level:
            boundary, _ = levels.pop()
            open_at[boundary].pop()

    def only_open() -> re.Pattern[bytes]:
        known = b"|".join(re.escape(boundary) for boundary, found in open_at.items() if found)
        return re.compile(rb"\n--((?:" + known + rb")(?:[ \t]*--)?[ \t\r]*+)(?=\n|\Z)")

    def enter(part: Part, boundary: bytes) -> None:
        levels.append((boundary, part))
        open_at.setdefault(boundary, []).append(len(levels) - 1)

    if first_boundary:
        enter(root, first_boundary)
    elif "boundary" not in root.parameters:
        oddities.append("a multipart names no boundary")
    at = max(root.start - 1, 0)
    delimiter, misses = _DELIMITER, 0
    while levels:
        line = delimiter.search(raw, at)
        if line is None:
            break
        at = line.end()
        token = line[1].rstrip(b" \t\r")
        closing = False
        found = open_at.get(token)
        if not found and token.endswith(b"--"):
            found = open_at.get(token[:-2].rstrip(b" \t"))
            closing = True
        if not found:
            misses += 1
            if misses == _MANY_MISSES:
                delimiter = only_open()
            continue
        delimiter, misses = _DELIMITER, 0  # what is open changes here
        if line.end() - line.start() >= 256:
            at = raw.find(b"\n", at)
            at = len(raw) if at < 0 else at
        level = found[-1]
        if current is not None:
            _finish(raw, current, line.start())
            current = None
        if level + 1 < len(levels):
            once(oddities, "a part of several parts does not end")
        for _, part in levels[level + 1 :]:
            part.stop = line.start()
        multipart = levels[level][1]
        close_from(level + 1)
        if closing:
            close_from(level)
            continue
        if count >= MOST:
            once(oddities, f"more than {MOST} parts: the rest is not read")
            break
        count += 1
        start = min(raw.find(b"\n", at) + 1 or len(raw), len(raw))
        part = _read_part(raw, start, multipart, oddities)
        multipart.children.append(part)
        at = max(part.start - 1, at)
        if part.is_multipart:
            boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
            if len(levels) >= DEEPEST:
                once(oddities, f"parts are nested deeper than {DEEPEST} levels: not opened")
                part.disposition = "attachment"
            elif boundary:
                enter(part, boundary)
                continue
            else:
                once(oddities, "a multipart names no boundary")
        current = part
    if levels and root.children:
        once(oddities, "the last boundary is missing: the mail may have been cut off")


def _read_part(raw: bytes, start: int, parent: Part, oddities: list[str]) -> Part:
    """A part whose headers begin at `start`; how far it reaches is found later."""
    limit = min(len(raw), start + _PART_HEADERS)
    if raw.startswith(b"--", start):  # the next delimiter follows at once: an empty part
        return Part(read_fields(raw, start, start, oddities)[0], parent, start, len(raw), oddities)
    end, body = end_of_headers(raw, start, limit)
    delimiter = _DELIMITER.search(raw, start, end)
    if delimiter:  # no blank line before the next part
        end = delimiter.start() + 1
        body = end
    fields, broken_at = read_fields(raw, start, end, oddities)
    return Part(fields, parent, body if broken_at is None else broken_at, len(raw), oddities)


def _finish(raw: bytes, part: Part, newline: int) -> None:
    """Let a part end before the newline that belongs to the delimiter (RFC 2046, 5.1.1)."""
    stop = newline
    if stop > part.start and raw[stop - 1 : stop] == b"\r":
        stop -= 1
    part.stop = max(stop, part.start)
