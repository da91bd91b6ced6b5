"""The header fields of a mail: cut into fields, unfolded and decoded; nothing here raises.

Rules: RFC 5322 (fields, dates, ids), RFC 2047 (encoded words), RFC 2231 (parameters). What real mail does
wrong is read the way a person would: raw 8-bit bytes, encoded words with spaces in them, dates in other
languages.
"""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Iterator

from inbox.charsets import decode
from inbox.text import one_line
from inbox.transfer import from_base64

LONGEST = 16_384
"""Bytes of one header field that are read; the rest is cut with an oddity."""

MOST = 2_000
"""Header fields that are read."""

MOST_ALIKE = 100
"""Fields of one name that are read."""

# A field with its folded continuation lines, and one with its name. A lone CR is no line end here: it would let a
# value make up headers.
_FIELD = re.compile(rb"[^\n]*+(?:\n[ \t][^\n]*+)*+")
_NAMED = re.compile(rb"([!-9;-~]{1,200})[ \t]*:([^\n]*+(?:\n[ \t][^\n]*+)*+)")
_HALF_CHARACTER = re.compile(rb"[\xc0-\xff][\x80-\xbf]{0,2}\Z")
_HALF_WORD = re.compile(rb"=\?[\w.*:-]{1,60}\?[bBqQ]\?[^?]*(?:\?[ \t\r]*)?")
_BLANK_LINE = re.compile(rb"\n\r*\n")
_FOLD = re.compile(r"[ \t\r]*\n[ \t\r]*|[\r\t]")
_KNOWN = re.compile(
    rb"(?im)^(?:from|to|cc|subject|date|message-id|received|return-path|mime-version|content-type|reply-to|sender"
    rb"|delivered-to|in-reply-to|references|x-[a-z-]+|content-transfer-encoding|dkim-signature)[ \t]*:"
)


class Fields:
    """The header fields of a message or a part by lower-case name, raw until asked for."""

    __slots__ = ("_raw", "charset", "oddities")

    def __init__(self, raw: dict[str, list[bytes]], oddities: list[str]) -> None:
        self._raw = raw
        self.oddities = oddities
        self.charset: str | None = None  # of the body, a hint for raw 8-bit headers

    def __contains__(self, name: str) -> bool:
        return name in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def count(self, name: str) -> int:
        """How many fields have this name."""
        return len(self._raw.get(name, ()))

    def all(self, name: str) -> list[str]:
        """Every value of a field, unfolded, encoded words left as they are; at most the first hundred."""
        values = self._raw.get(name)
        if not values:
            return []
        return [self._unfold(value) for value in values[:MOST_ALIKE]]

    def get(self, name: str) -> str:
        """The first value of a field, unfolded, encoded words left as they are; "" when there is none."""
        values = self._raw.get(name)
        return self._unfold(values[0]) if values else ""

    def decoded(self, name: str) -> str:
        """The first value of a field as a person reads it, on one line; "" when there is none."""
        value = self.get(name)
        return decode_words(value, self.oddities) if value else ""

    def _unfold(self, value: bytes) -> str:
        if value.isascii():
            text = value.decode("ascii").strip()
            if text.isprintable():
                return text
            if "\x1b" in text:
                text, _ = decode(value, None)
        else:
            text, complaint = decode(value, None if _is_utf8(value) else self.charset)
            if complaint:
                self.oddities.append(f"raw bytes in the headers: {complaint}")
        if "\n" in text or "\r" in text or "\t" in text:
            text = _FOLD.sub(" ", text)
        return text.replace("\0", "").strip()


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def end_of_headers(raw: bytes, start: int, stop: int) -> tuple[int, int]:
    """Where the header block that begins at `start` ends, and where the body begins (both `stop` at most)."""
    if raw.startswith((b"\n", b"\r\n"), start, stop):
        return start, min(stop, raw.index(b"\n", start) + 1)
    blank = _BLANK_LINE.search(raw, start, stop)
    return (blank.start() + 1, blank.end()) if blank else (stop, stop)


def read_fields(raw: bytes, start: int, stop: int, oddities: list[str]) -> tuple[Fields, int | None]:
    """The fields between two offsets, and where the body began too early: None, or the offset of a line
    that is none.

    A line that is no field is skipped when known fields follow at once; else the headers are taken to end there.
    """
    found: dict[str, list[bytes]] = {}
    fields = Fields(found, oddities)
    at, count = start, 0
    last: list[bytes] | None = None  # the values of the field that was read last
    while at < stop:
        field = _NAMED.match(raw, at, stop)
        end = field.end() if field is not None else _end_of_field(raw, at, stop)
        if field is not None:
            count += 1
            if count > MOST:
                oddities.append(f"more than {MOST} header fields: the rest is not read")
                break
            key = field[1].decode("ascii").lower()
            value = field[2]
            if len(value) > LONGEST:
                label = one_line(field[1].decode("ascii"), 60)
                oddities.append(f"the header {label} is longer than {LONGEST} bytes: cut")
                value = _HALF_CHARACTER.sub(b"", value[:LONGEST])
            last = found.setdefault(key, [])
            last.append(value)
        elif last and _goes_on(last[-1], raw[at : min(end, at + 1000)]):
            last[-1] = last[-1].rstrip(b"\r").removesuffix(b"=") + raw[at : min(end, at + 1000)]
            once(oddities, "an encoded word in the headers is broken across lines")
        elif end > at and raw[at:end].strip():
            if at == start and raw.startswith((b"From ", b">From "), at):
                pass  # the envelope line of an mbox
            elif _is_among_fields(raw, end, stop):
                shown = one_line(raw[at : min(end, at + 200)].decode("utf-8", "replace"), 80)
                once(oddities, f"a line among the headers is no header: {shown}")
            else:
                once(oddities, "no blank line stands between headers and text")
                return fields, at
        at = end + 1
    return fields, None


def _end_of_field(raw: bytes, start: int, stop: int) -> int:
    """Where a line ends with those folded below it."""
    line = _FIELD.match(raw, start, stop)
    return line.end() if line else stop


def _goes_on(value: bytes, line: bytes) -> bool:
    """Whether a line that should have been folded is the rest of an encoded word that does not end before it."""
    begun = value.rfind(b"=?")
    return (
        begun >= 0
        and len(value) < LONGEST
        and _HALF_WORD.fullmatch(value, begun) is not None
        and b"?=" in line
    )


def _is_among_fields(raw: bytes, start: int, stop: int) -> bool:
    """Whether one of the next three lines is a field that every mail has: the line before is damage, not text."""
    ahead = start
    for _ in range(3):
        ahead = raw.find(b"\n", ahead + 1, stop)
        if ahead < 0:
            ahead = stop
            break
    return _KNOWN.search(raw, start, ahead) is not None


def once(oddities: list[str], oddity: str) -> None:
    """Add an oddity that is not said yet."""
    if oddity not in oddities:
        oddities.append(oddity)


# ------------------------------------------------------------------------------------------------ encoded
# words

# RFC 2047, 2; blank space and a few question marks inside are not allowed there and common all the same.
_WORD = re.compile(r"=\?([^?=\s]{1,60})\?([bBqQ])\?([^?]*+(?:\?(?!=)[^?]*+){0,8}+)\?=")
_SPACE = re.compile(r"[ \t\r\n\x0b\x0c\x85\u2028\u2029]+")


def decode_words(value: str, oddities: list[str]) -> str:
    """A header value with its encoded words decoded, on one line (RFC 2047).

    Neighbouring words of one charset are joined as bytes first, since mailers cut characters in two.
    """
    if "=?" not in value:
        return _SPACE.sub(" ", value) if "  " not in value and not value.isprintable() else value
    out: list[str] = []
    pending = bytearray()
    charset = ""
    at = 0
    for word in _WORD.finditer(value):
        between = value[at : word.start()]
        named = word[1].partition("*")[0].lower()  # RFC 2231, 5: a language may follow
        if pending and (named != charset or between.strip()):
            out.append(_decoded(bytes(pending), charset, oddities))
            pending.clear()
            if between.strip():
                out.append(between)
        elif not pending and (between.strip() or not out):
            out.append(between)
        charset = named
        pending += _word_bytes(word[2], word[3])
        at = word.end()
    if pending:
        out.append(_decoded(bytes(pending), charset, oddities))
    out.append(value[at:])
    return _SPACE.sub(" ", "".join(out)).strip()


def _decoded(data: bytes, charset: str, oddities: list[str]) -> str:
    text, complaint = decode(data, charset)
    if complaint:
        once(oddities, f"in an encoded header: {complaint}")
    return text


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return a2b_qp(data.replace(b"\n", b" "), header=True)
    return from_base64(data) or data  # what is no base64 at all is shown as it came


# ------------------------------------------------------------------------------------------------ parameters

_PARAMETER = re.compile(r';\s*([^\s=;"]{1,100})\s*=\s*(?:"((?:[^"\\]|\\.)*+)"|([^;]*))')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PATH = re.compile(r"[A-Za-z]:\\[^\\\"]|\\\\[^\\]+\\[^\\\"]")
_MARKED = re.compile(r"(?:utf-8|iso-8859-\d+|windows-\d+)''\S*%[0-9A-F]{2}", re.IGNORECASE)
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*?)$")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")


def read_parameters(value: str, oddities: list[str]) -> tuple[str, dict[str, str]]:
    """A value like `text/plain; charset=utf-8` as the lower-case word before the first ";" and its
    parameters.

    Continuations and percent encoding of RFC 2231 are put together; encoded words, which may not stand
    there but do, are decoded. Names are in lower case; of a parameter given twice the first counts.
    """
    main, semicolon, _ = value.partition(";")
    if "=" in main and _PARAMETER.match(";" + main):  # the word itself is missing
        main, semicolon, value = "", ";", ";" + value
    main = main.strip().lower()
    if not semicolon:
        return main, {}
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for found in _PARAMETER.finditer(value):
        key = found[1].lower()
        text = _unescaped(found[2]) if found[2] is not None else found[3].strip().strip('"')
        if "*" in key:
            section = _SECTION.match(key)
            if section:
                order = int(section[2] or 0)
                pieces.setdefault(section[1], []).append((order, section[3] == "*", text))
                continue
        if "''" in text and _MARKED.match(text):  # what belongs into `filename*`
            text = _joined([(0, True, text)], oddities)
        plain.setdefault(key, decode_words(text, oddities) if "=?" in text else text)
    for key, parts in pieces.items():
        plain[key] = _joined(parts, oddities)
    return main, plain


def _unescaped(text: str) -> str:
    """A quoted string without its escapes; the path of a file on Windows, which programs do not escape, as it is."""
    if "\\" not in text or _PATH.match(text):
        return text
    return _ESCAPED.sub(r"\1", text)


def _joined(parts: list[tuple[int, bool, str]], oddities: list[str]) -> str:
    parts.sort(key=lambda part: part[0])
    charset = ""
    data = bytearray()
    for number, (_, encoded, text) in enumerate(parts):
        if encoded:
            if number == 0 and text.count("'") >= 2:
                charset, _, rest = text.split("'", 2)
            else:
                rest = text
            data += _PERCENT.sub(lambda hit: bytes([int(hit[1], 16)]), rest.encode("utf-8", "replace"))
        else:
            data += text.encode("utf-8", "replace")
    return _SPACE.sub(" ", _decoded(bytes(data), charset, oddities))
