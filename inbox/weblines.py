"""The lines of an HTML mail: elements and text in document order in, laid out text with numbered links out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from inbox.marks import BLOCK, NOTHING, STYLED

LONGEST_LINK = 2_000
"""Characters of a link that gets a footnote."""

DEEPEST_QUOTE = 20
"""Quotes within quotes that are told apart."""

_DEEPEST_TABLE = 100
_RULE = "_" * 32
_PARAGRAPHS = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "blockquote", "figure")
)
_BLOCK_WORDS = """
    div tr table li dt dd section article header footer main nav aside form address center fieldset figcaption
    caption tbody thead tfoot body details summary
"""
BLOCKS = _PARAGRAPHS | frozenset(_BLOCK_WORDS.split())
"""Elements that stand on lines of their own."""

_SPACE = re.compile(r"[ \t\n\r\f]+")
_SPACES = re.compile("  +")
_PADDING = re.compile(
    "(?:[\xa0 ]?[\u200c\u200d\u2007\u200b\xad\u034f\ufeff][\xa0 ]?){4,}"
)  # behind a preheader
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u034f\xad]+")
_FLUSH = re.compile(
    r"margin\s*:\s*0(?:px|cm|in|pt)?\s*(?:;|!|$|0)|margin-bottom\s*:\s*0(?:\.0+1?)?(?:px|cm|in|pt)?\s*(?:;|$)",
    re.IGNORECASE,
)
_INDENT_ONLY = re.compile(r"border(?:-left)?\s*:\s*(?:none|0(?:px)?\s*(?:;|$))", re.IGNORECASE)
_SCHEME = re.compile(r"(?:https?|ftp|mailto|tel):", re.IGNORECASE)
_SAME_LINK = re.compile(r"^(?:https?://|mailto:|tel:)?(?:www\.)?|/$", re.IGNORECASE)

Attributes = dict[str, str | None]
Line = tuple[int, str, int]  # quote depth, text, what the HTML says of it (inbox.marks)


@dataclass(slots=True)
class _Frame:
    """Where lines go: the page, or one table cell until its row is known."""

    lines: list[Line] = field(default_factory=list)
    blank: bool = False  # a blank line is due before the next one
    cells: list[list[Line]] = field(default_factory=list)  # of the row being read


@dataclass(slots=True)
class _Link:
    href: str
    words: list[str] = field(default_factory=list)


class Writer:
    """Takes elements and text in document order and lays out lines."""

    def __init__(self, first: int) -> None:
        self.links: list[str] = []
        self._first = first
        self._numbers: dict[str, int] = {}
        self._frames = [_Frame()]
        self._cells: list[bool] = []  # of the open cells: whether it has a frame
        self._line: list[str] = []
        self._has_words = False
        self._quotes: list[int] = []
        self._depth = 0
        self._lists: list[int | None] = []  # the next number of an ordered list, None of a bulleted one
        self._marker = ""
        self._link: _Link | None = None
        self._preformatted = 0
        self._hints = [NOTHING]  # of the elements with a telling name that are open, the innermost last
        self._flush_paragraphs: list[bool] = []
        # What happens where an element begins and ends, by tag; nothing for all others.
        block_starts = dict.fromkeys(BLOCKS, self._start_block)
        block_ends = dict.fromkeys(BLOCKS, self._end_block)
        self.starts: dict[str, Callable[[str, Attributes], None]] = block_starts | {
            "br": self._break,
            "a": self._start_link,
            "img": self._image,
            "td": self._start_cell,
            "th": self._start_cell,
            "hr": self._rule,
        }
        self.ends: dict[str, Callable[[str], None]] = block_ends | {
            "a": self._end_link,
            "td": self._end_cell,
            "th": self._end_cell,
        }

    # ---------------------------------------------------------------- events

    def text(self, data: str) -> None:
        """Text as it stands in the document."""
        if self._preformatted:
            first, *others = data.replace("\r\n", "\n").split("\n")
            self._add(first)
            for other in others:
                self._new_line()
                self._add(other)
            return
        if not data.isascii():
            data = _INVISIBLE.sub("", _PADDING.sub(" ", data))
        if "\n" in data or "  " in data or "\t" in data or "\r" in data or "\f" in data:
            data = _SPACE.sub(" ", data)
        if data != " " or self._line:
            self._add(data)

    def enter(self, hint: int) -> None:
        """An element begins whose lines are all of one kind; the outermost that says something counts."""
        self._end_line()
        inherited = self._hints[-1]
        self._hints.append(hint if inherited in (NOTHING, STYLED, BLOCK) else inherited)

    def leave(self) -> None:
        """The element that was entered last ends."""
        self._end_line()
        self._hints.pop()

    def finish(self) -> tuple[str, bytes]:
        """The text, and what the HTML says of each of its lines (b"" when it says nothing)."""
        self._end_line()
        lines = self._frames[0].lines
        text = "\n".join(
            (">" * depth + " " + line if line else ">" * depth) if depth else line for depth, line, _ in lines
        )
        hints = bytes(hint for _, _, hint in lines)
        if not any(hints) or text.startswith("\n") or text.count("\n") + 1 != len(hints):
            return text.strip("\n"), b""
        return text.rstrip("\n"), hints

    # ---------------------------------------------------------------- blocks

    def _start_block(self, tag: str, attributes: Attributes) -> None:
        self._end_line()
        if tag in _PARAGRAPHS:
            flush = self._is_flush(tag, attributes)
            self._flush_paragraphs.append(flush)
            if not flush:
                self._frames[-1].blank = True
        if tag == "blockquote":
            is_quote = (
                not _INDENT_ONLY.search(attributes.get("style") or "") or attributes.get("type") == "cite"
            )
            self._quotes.append(int(is_quote and self._depth < DEEPEST_QUOTE))
            self._depth += self._quotes[-1]
        elif tag in ("ul", "ol"):
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._start_item()
        elif tag == "pre":
            self._preformatted += 1

    def _end_block(self, tag: str) -> None:
        self._end_line()
        if tag in _PARAGRAPHS and self._flush_paragraphs and not self._flush_paragraphs.pop():
            self._frames[-1].blank = True
        if tag == "blockquote" and self._quotes:
            self._depth -= self._quotes.pop()
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "li":
            self._marker = ""
        elif tag == "tr":
            self._end_row()
        elif tag == "pre" and self._preformatted:
            self._preformatted -= 1

    def _is_flush(self, tag: str, attributes: Attributes) -> bool:
        """Whether a paragraph has no space around it: Outlook makes one of every line."""
        if tag in ("ul", "ol"):
            return bool(self._lists)
        if tag != "p":
            return False
        names = attributes.get("class") or ""
        return names.startswith(("Mso", "x_Mso")) or bool(_FLUSH.search(attributes.get("style") or ""))

    def _start_item(self) -> None:
        indent = "  " * min(max(len(self._lists) - 1, 0), 10)
        number = self._lists[-1] if self._lists else None
        if number is None:
            self._marker = f"{indent}- "
        else:
            self._marker = f"{indent}{number}. "
            self._lists[-1] = number + 1

    # ---------------------------------------------------------------- lines

    def _add(self, data: str) -> None:
        if not data:
            return
        self._line.append(data)
        if self._link is not None:
            self._link.words.append(data)

    def _break(self, _tag: str, _attributes: Attributes) -> None:
        self._new_line()

    def _rule(self, _tag: str, _attributes: Attributes) -> None:
        self._end_line()
        self._add(_RULE)
        self._end_line()

    def _new_line(self) -> None:
        """A line break: ends the line, or leaves an empty one."""
        if not self._end_line():
            self._append("")

    def _end_line(self) -> bool:
        """End the line when anything stands on it; whether it did."""
        if not self._line:
            return False
        text = "".join(self._line)
        self._line.clear()
        if self._preformatted:
            text = text.replace("\xa0", " ").rstrip()
        else:
            bare = text.replace("\xa0", " ")
            if "  " in bare:
                bare = _SPACES.sub(" ", bare)
            bare = bare.strip()
            if not bare:
                if "\xa0" in text:  # the empty line of programs that know no other
                    self._append("")
                return False
            # The mark above a signature is one by its blank (RFC 3676, 4.3).
            text = "-- " if bare == "--" and text[-1] in " \xa0" else bare
        if self._marker:
            text = self._marker + text
            self._marker = " " * len(self._marker)
        self._append(text)
        return True

    def _append(self, text: str) -> None:
        frame = self._frames[-1]
        lines = frame.lines
        if not text:
            frame.blank = True
            return
        if frame.blank:
            frame.blank = False
            if lines and lines[-1][1]:
                lines.append((min(self._depth, lines[-1][0]), "", NOTHING))
        lines.append((self._depth, text, self._hints[-1]))

    # ---------------------------------------------------------------- tables

    def _start_cell(self, _tag: str, _attributes: Attributes) -> None:
        self._end_line()
        self._cells.append(len(self._frames) < _DEEPEST_TABLE)
        if self._cells[-1]:
            self._frames.append(_Frame())

    def _end_cell(self, _tag: str) -> None:
        self._end_line()
        if self._cells and self._cells.pop():
            cell = self._frames.pop()
            self._frames[-1].cells.append(cell.lines)

    def _end_row(self) -> None:
        """Lay out a row: short cells side by side, anything longer one below the other."""
        frame = self._frames[-1]
        cells = [cell for cell in frame.cells if cell]
        frame.cells = []
        if len(cells) > 1 and all(len(cell) == 1 and len(cell[0][1]) <= 100 for cell in cells):
            self._append(" | ".join(cell[0][1] for cell in cells))
            return
        for cell in cells:
            if len(cell) > 1 and frame.lines and frame.lines[-1][1]:
                frame.blank = True
            if frame.blank:
                frame.blank = False
                if frame.lines and frame.lines[-1][1]:
                    frame.lines.append((min(frame.lines[-1][0], cell[0][0]), "", NOTHING))
            frame.lines.extend(cell)
            frame.blank = len(cell) > 1

    # ---------------------------------------------------------------- links and pictures

    def _start_link(self, _tag: str, attributes: Attributes) -> None:
        href = (attributes.get("href") or "").strip()
        if _SCHEME.match(href) and len(href) <= LONGEST_LINK:
            self._link = _Link("".join(href.split()))

    def _end_link(self, _tag: str) -> None:
        link, self._link = self._link, None
        if link is None:
            return
        words = " ".join("".join(link.words).split())
        if not words or (words in link.href and _bare_link(words) == _bare_link(link.href)):
            return
        if link.href[:7].lower() == "mailto:" and _bare_link(link.href).partition("?")[0] in words.casefold():
            return
        number = self._numbers.get(link.href)
        if number is None:
            number = self._numbers[link.href] = self._first + len(self.links)
            self.links.append(link.href)
        self._mark_link(f" [{number}]")

    def _mark_link(self, mark: str) -> None:
        if any(piece.strip() for piece in reversed(self._line)):
            trailing = self._line[-1]
            if trailing.endswith(" "):
                self._line[-1] = trailing.rstrip(" ")
                self._line.append(mark + " ")
            else:
                self._line.append(mark)
        elif self._frames[-1].lines:
            depth, text, hint = self._frames[-1].lines[-1]
            self._frames[-1].lines[-1] = (depth, text + mark, hint)
        else:
            self._line.append(mark)

    def _image(self, _tag: str, attributes: Attributes) -> None:
        source = attributes.get("src") or ""
        words = " ".join((attributes.get("alt") or "").split())
        if _is_tiny(attributes):
            return
        if words and not any(letter.isalnum() for letter in words):
            self._add(words)  # an emoji
        elif words:
            self._add(f"[{words[:100]}]")
        elif source.startswith("cid:"):
            self._add("[image]")


def _is_tiny(attributes: Attributes) -> bool:
    """Whether a picture only reports that the mail was opened."""
    sizes = ((attributes.get(name) or "").strip().removesuffix("px") for name in ("width", "height"))
    return any(size in ("0", "1", "2") for size in sizes)


def _bare_link(text: str) -> str:
    return _SAME_LINK.sub("", text.strip()).casefold()
