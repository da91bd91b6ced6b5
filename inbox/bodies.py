"""Which parts of a mail are its text and which are attachments, and the text itself.

Of alternatives (RFC 2046, 5.1.4) the plain one is read when it says something, else the HTML one. Parts
that follow each other are read one after the other. Everything else is an attachment, a forwarded mail too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from inbox.charsets import codec, decode, wide_by_zeros
from inbox.files_in_text import without_uuencoded, without_yenc
from inbox.headers import once
from inbox.model import Attachment
from inbox.parts import Part

LONGEST = 2_000_000
"""Characters of text that are read; the raw bytes hold the rest."""

LONGEST_HTML = 1_000_000
"""Characters of HTML in all parts of a mail that are read."""

_TEXT_TYPES = (
    "text/plain",
    "text/html",
    "text/enriched",
    "text/markdown",
    "text/richtext",
    "text/x-amp-html",
    "text/watch-html",
    "application/xhtml+xml",
)
_HTML_TYPES = (
    "text/html",
    "text/x-amp-html",
    "text/watch-html",
    "text/enriched",
    "text/richtext",
    "application/xhtml+xml",
)
RTF_TYPES = ("text/rtf", "application/rtf")
"""Types of Rich Text Format."""

_NO_TEXT = ("text/calendar", "text/vcard", "text/x-vcard", "text/directory", "text/rfc822-headers")
_MAGIC = (
    *(
        b"%PDF-",
        b"\x89PNG\r",
        b"GIF8",
        b"\xff\xd8\xff",
        b"PK\3\4",
        b"\xd0\xcf\x11\xe0",
        b"Rar!\x1a",
        b"7z\xbc\xaf",
    ),
    *(b"\x1f\x8b\x08", b"\x78\x9f\x3e\x22"),
)
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b") + b"\x7f"
_LINE_END = re.compile(r"\r+\n|\r")
_BLANK = b" \t\r\n"
_IS_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html\b)", re.IGNORECASE)
_STUB = re.compile(
    r"html|browser|navigat|navegador|does not support|cannot (?:be )?display|plain[- ]?text|view (?:this|it|the)\b"
    r"|e-?mail (?:client|reader|program)|anzeigen|nicht dargestellt|afficher|visualiz|weergeven",
    re.IGNORECASE,
)
_META = re.compile(rb"<meta\b[^>]{0,200}?\bcharset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\[(\d{1,6})\]")
_NOT_WORDS = re.compile(r"\W+")


class Hasher(Protocol):
    """What takes the decoded parts in, for a message's digest."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""


@dataclass(slots=True)
class Body:
    """The readable text without footnotes, what HTML says of its lines (`inbox.marks`; b"" when nothing), the links the
    footnotes stand for (number 1 first), the attachments."""

    text: str = ""
    hints: bytes = b""
    links: tuple[str, ...] = ()
    attachments: list[Attachment] = field(default_factory=list)


def read_body(raw: bytes, root: Part, hasher: Hasher, oddities: list[str]) -> Body:
    """The text and the attachments of a mail; the decoded parts go into `hasher` on the way."""
    reader = _Reader(raw, oddities)
    leaves = [root] if not root.children else root.leaves()
    for leaf in leaves:
        reader.take(leaf, hasher)
    chosen = reader.choose(root) or reader.instead(leaves)
    body = Body()
    pieces: list[str] = []
    hints: list[bytes] = []
    links: list[str] = []
    room = LONGEST
    for leaf in chosen:
        text, found = reader.readable(leaf, len(links) + 1)
        if not text.strip() or (found is not None and pieces and _says_the_same(pieces[-1], text)):
            continue
        if len(text) > room:
            text = text[:room]
            reader.complain(f"the text is longer than {LONGEST} characters: cut")
        room -= len(text)
        pieces.append(text)
        hints.append(reader.hints.get(id(leaf), b""))
        links.extend(found or ())
    body.text = "\n\n".join(piece.strip("\n") for piece in pieces) if len(pieces) > 1 else "".join(pieces)
    body.text = body.text.rstrip()
    if not body.text and any(leaf.type in _HTML_TYPES and reader.sizes[id(leaf)] > 2 for leaf in chosen):
        reader.complain("the HTML of the mail shows no text")
    if any(hints):
        count = [piece.strip("\n").count("\n") + 1 for piece in pieces]
        body.hints = b"\0".join(
            hint[:lines].ljust(lines, b"\0") for hint, lines in zip(hints, count, strict=True)
        )
    body.links = tuple(links)
    done = {id(leaf) for leaf in chosen} | reader.spent
    named = [
        leaf
        for leaf in leaves
        if id(leaf) not in done and not (leaf.is_multipart and not reader.sizes[id(leaf)])
    ]
    body.attachments = [_attachment(leaf, reader.sizes[id(leaf)]) for leaf in named] + reader.in_text
    return body


def with_footnotes(text: str, body: Body, named_only: bool = False) -> str:
    """`text` with the addresses of all links (or only of those it names) below."""
    if not body.links:
        return text
    named = {int(number) for number in _FOOTNOTE.findall(text)} if named_only else ()
    notes = [
        f"[{number}] {link}" for number, link in enumerate(body.links, 1) if not named_only or number in named
    ]
    return f"{text}\n\n" + "\n".join(notes) if notes else text


def _attachment(leaf: Part, size: int) -> Attachment:
    in_related = leaf.parent is not None and leaf.parent.type == "multipart/related"
    inline = leaf.disposition == "inline" or (
        not leaf.disposition and in_related and "content-id" in leaf.fields
    )
    return Attachment(leaf.filename, leaf.type, size, inline)


def _says_the_same(plain: str, other: str) -> bool:
    """Whether another part repeats this one: the same letters, or no word that does not stand here, and most of them."""
    if len(other) > 20_000 or len(plain) > 20_000:
        return plain[:20_000] == other[:20_000]
    first, second = (_NOT_WORDS.sub(" ", text).casefold().split() for text in (plain, other))
    if "".join(first) == "".join(second):
        return True
    return len(second) >= 5 and 10 * len(second) >= 8 * len(first) and not Counter(second) - Counter(first)


def _is_binary(sample: bytes, charset: str | None) -> bool:
    """Whether bytes that are said to be text are a picture, a document or a program."""
    if sample.startswith(_MAGIC):
        return True
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if 10 * controls <= len(sample):
        return False
    return wide_by_zeros(sample) is None and not (codec(charset or "") or "").startswith(("utf-16", "utf-32"))


class _Reader:
    """The decoded leaves of one mail, and the choice among them."""

    def __init__(self, raw: bytes, oddities: list[str]) -> None:
        self._raw = raw
        self._oddities = oddities
        self._data: dict[int, bytes] = {}  # by id(leaf): what can be body
        self._texts: dict[int, str] = {}  # by id(leaf): the same decoded, when it was asked for
        self.sizes: dict[int, int] = {}  # by id(leaf): decoded bytes
        self.spent: set[int] = set()  # alternatives to what was chosen
        self.in_text: list[Attachment] = []  # uuencoded, or in yEnc
        self._rendered: dict[int, tuple[str, tuple[str, ...]]] = {}
        self._html_room = LONGEST_HTML
        self.hints: dict[int, bytes] = {}  # by id(leaf): what its HTML says of the lines

    def take(self, leaf: Part, hasher: Hasher) -> None:
        """Decode a leaf; keep its size, and its text when it can be body."""
        data = leaf.content(self._raw, self._oddities)
        self.sizes[id(leaf)] = len(data)
        is_text = leaf.type.startswith(("text/", "message/", "multipart/")) or leaf.encoding != "base64"
        hasher.update(leaf.type.encode("utf-8", "replace") + b"\0")
        if is_text:
            _take_evened(data, hasher)
        else:
            hasher.update(data)
        if leaf.type in _TEXT_TYPES or leaf.is_multipart:
            if _is_binary(data[:2048], leaf.charset):
                self.complain(f"a part that calls itself {leaf.type} is no text")
            else:
                self._data[id(leaf)] = data[: 4 * LONGEST]

    def _text(self, leaf: Part) -> str:
        """The text of a leaf, decoded when it is first asked for: of two alternatives one is never looked at."""
        text = self._texts.get(id(leaf))
        if text is None:
            text = self._texts[id(leaf)] = self._decoded(leaf, self._data[id(leaf)])
        return text

    def _decoded(self, leaf: Part, data: bytes) -> str:
        if leaf.type in RTF_TYPES:
            from inbox.rtf import rtf_to_text

            return rtf_to_text(data)
        if leaf.type == "text/plain":
            data, files = without_yenc(data)
            self._take_files(files, "a file in yEnc")
        charset = leaf.charset
        if leaf.type == "text/html" and (charset is None or codec(charset) is None):
            meta = _META.search(data, 0, 4096)
            if meta and codec(meta[1].decode("ascii")):
                charset = meta[1].decode("ascii")
        text, complaint = decode(data, charset)
        if complaint:
            self.complain(complaint)
        if "\r" in text:
            text = text.replace("\r\n", "\n")
            if "\r" in text:
                text = _LINE_END.sub("\n", text)
        if len(text) > LONGEST:
            text = text[:LONGEST]
            self.complain(f"the text is longer than {LONGEST} characters: cut")
        if leaf.type == "text/plain":
            if leaf.parameters.get("format", "").lower() == "flowed":
                text = unflow(text, leaf.parameters.get("delsp", "").lower() == "yes")
            text, files = without_uuencoded(text)
            self._take_files(files, "a uuencoded file")
        return text

    def _take_files(self, files: list[Attachment], how: str) -> None:
        if files:
            self.in_text.extend(files)
            self.complain(f"{how} stands in the text")

    def choose(self, part: Part) -> list[Part]:
        """The leaves that make up the text, in reading order."""
        if not part.children:
            return [part] if self._can_be_text(part) else []
        options = [self.choose(child) for child in part.children]
        if part.type == "multipart/alternative":
            best = self._best(options)
            for option in options:
                self.spent.update(id(leaf) for leaf in option if option is not best)
            return best
        if part.type == "multipart/related":
            return self._root_of_related(part, options)
        return [leaf for option in options for leaf in option]

    def _can_be_text(self, leaf: Part) -> bool:
        if id(leaf) not in self._data:
            return False
        if leaf.parent is None:
            return leaf.disposition != "attachment" or leaf.filename is None
        if leaf.disposition == "attachment":
            return False
        return leaf.filename is None or leaf.parent.type == "multipart/alternative"

    def _best(self, options: list[list[Part]]) -> list[Part]:
        filled = [option for option in options if any(self._says_something(leaf) for leaf in option)]
        plain = [option for option in filled if all(leaf.type not in _HTML_TYPES for leaf in option)]
        if plain and not (len(filled) > len(plain) and self._is_stub(plain[0], filled[-1])):
            return plain[0]
        html = [option for option in filled if any(leaf.type == "text/html" for leaf in option)]
        return (html or filled or [option for option in options if option] or [[]])[-1]

    def _says_something(self, leaf: Part) -> bool:
        if leaf.type in _HTML_TYPES:
            return bool(self._data[id(leaf)].strip())
        return bool(self._text(leaf).strip())

    def _is_stub(self, plain: list[Part], other: list[Part]) -> bool:
        """Whether plain text only says that the mail is to be read elsewhere."""
        text = "".join(map(self._text, plain)).strip()
        if len(text) > 400 or not _STUB.search(text):
            return False
        return sum(len(self.readable(leaf)[0]) for leaf in other if leaf.type in _HTML_TYPES) > 2 * len(text)

    def _root_of_related(self, part: Part, options: list[list[Part]]) -> list[Part]:
        """The part the others belong to (RFC 2387, 3.2): the one named, else the first that can be read."""
        start = part.parameters.get("start", "").strip()
        for child, option in zip(part.children, options, strict=True):
            if start and option and child.fields.get("content-id").strip() == start:
                return option
        filled = [option for option in options if option]
        if len(filled) > 1 and not any(
            "content-id" in leaf.fields for option in filled[1:] for leaf in option
        ):
            best = self._best(options)  # alternatives under the wrong name
            self.spent.update(id(leaf) for option in filled if option is not best for leaf in option)
            return best
        return next(iter(filled), [])

    def instead(self, leaves: list[Part]) -> list[Part]:
        """A text to show when no part offers itself, in the order in which a person would look for one."""
        tests: tuple[Callable[[Part], bool], ...] = (
            lambda leaf: leaf.disposition == "inline" and leaf.type in _TEXT_TYPES,
            lambda leaf: leaf.disposition != "attachment" and leaf.type in ("text/plain", "text/html"),
            lambda leaf: leaf.filename is None and leaf.type in _TEXT_TYPES,
            lambda leaf: leaf.filename is None and leaf.type in RTF_TYPES,
            lambda leaf: (
                leaf.filename is None and leaf.type.startswith("text/") and leaf.type not in _NO_TEXT
            ),
            lambda leaf: (
                leaf is leaves[0] and leaf.filename is None and leaf.type == "application/octet-stream"
            ),
        )
        for fits in tests:
            for leaf in filter(fits, leaves):
                if id(leaf) not in self._data:
                    data = leaf.content(self._raw, [])[: 4 * LONGEST]
                    if _is_binary(data[:2048], leaf.charset):
                        continue
                    self._data[id(leaf)] = data
                if self._says_something(leaf):
                    return [leaf]
        return []

    def readable(self, leaf: Part, first: int = 1) -> tuple[str, tuple[str, ...] | None]:
        """A leaf as text, and its links (numbered from `first`) when it was HTML, else None."""
        text = self._text(leaf)
        if leaf.type not in _HTML_TYPES and not _IS_HTML.match(text):
            return text, None
        if first == 1 and id(leaf) in self._rendered:
            return self._rendered[id(leaf)]
        from inbox.web.text import to_text  # loads the HTML parser: only for mail that needs it

        if len(text) > self._html_room:
            text = text[: self._html_room]
            self.complain("the HTML is very long: cut")
        if not text:
            return "", ()
        self._html_room -= len(text)
        page = to_text(text, first, self._oddities)
        self._rendered[id(leaf)] = page.text, page.links
        self.hints[id(leaf)] = page.hints
        return page.text, page.links

    def complain(self, oddity: str) -> None:
        """Say once what was odd."""
        once(self._oddities, oddity)


def _take_evened(data: bytes, hasher: Hasher) -> None:
    """Take in text without what transport may change: the kind of line end, blank space before it, and at the end."""
    held: list[bytes] = []  # line ends that count only if something follows
    start = 0
    while start < len(data):  # by pieces, since another 50 MB, or a list of all their lines, is large
        stop = data.find(b"\n", start + 65_536) + 1 or len(data)
        piece = data[start:stop]
        piece = piece.replace(b"\r\n", b"\n")
        if b"\r\n" in piece or b" \n" in piece or b"\t\n" in piece:
            piece = b"\n".join([line.rstrip(_BLANK) for line in piece.split(b"\n")])
        said = piece.rstrip(_BLANK)
        if said:
            hasher.update(b"".join(held))
            hasher.update(said)
            held.clear()
        held.append(piece[len(said) :])
        start = stop


def unflow(text: str, delete_space: bool = False) -> str:
    """format=flowed text with its soft line breaks taken out, quote marks kept (RFC 3676, 4)."""
    out: list[str] = []
    paragraph: list[str] = []  # the lines that are being joined
    depth_before = -1  # of a line that goes on; -1 when none does
    for line in text.split("\n"):
        depth = 0
        body = line
        if line.startswith(">"):
            body = line.lstrip(">")
            depth = len(line) - len(body)
        if body.startswith(" "):
            body = body[1:]
        is_signature_mark = body == "-- "
        if depth != depth_before or is_signature_mark:
            if paragraph:
                out.append("".join(paragraph))
            paragraph = [">" * depth + " "] if depth else []
        paragraph.append(body)
        depth_before = depth if body.endswith(" ") and not is_signature_mark else -1
        if depth_before == -1:
            out.append("".join(paragraph))
            paragraph = []
        elif delete_space:
            paragraph[-1] = body[:-1]
    if paragraph:
        out.append("".join(paragraph))
    return "\n".join(line if line == "-- " else line.rstrip() for line in out)
