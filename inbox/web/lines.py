"""The lines of an HTML mail: elements and text in document order in, laid out text with numbered links out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from inbox.marks import BLOCK, NOTHING, STYLED
from inbox.web.links import leads_somewhere, says_where_it_leads
from inbox.web.lists import DEEPEST_LIST, LISTS, Lists, whole
from inbox.web.looks import NO_MARGIN, Attributes
from inbox.web.pictures import field_words, image_words
from inbox.web.tables import Frame, Table
from inbox.web.words import RAISED, raised, shown

LONGEST_LINK = 2_000
"""Characters of a link that gets a footnote."""

DEEPEST_QUOTE = 20
"""Quotes within quotes that are told apart."""

_DEEPEST_TABLE = 100
_RULE = "_" * 32
_PARAGRAPH_WORDS = "p h1 h2 h3 h4 h5 h6 ul ol dl menu dir pre xmp listing plaintext blockquote figure"
_PARAGRAPHS = frozenset(_PARAGRAPH_WORDS.split())
_BLOCK_WORDS = """
    div tr table li dt dd section article header footer main nav aside form address center fieldset figcaption
    caption tbody thead tfoot body details summary marquee noscript object video audio option optgroup legend textarea
    select hgroup search dialog
"""
BLOCKS = _PARAGRAPHS | frozenset(_BLOCK_WORDS.split())
"""Elements that stand on lines of their own."""

_VERBATIM = frozenset(("pre", "xmp", "listing", "plaintext"))
_ITEMS, _CELLS = ("li", "dt", "dd"), ("td", "th")

APART = BLOCKS | frozenset(_CELLS)
"""Elements whose words stand on no line with words before or behind them."""

_SPACES = re.compile("  +")

_INDENT_ONLY = re.compile(r"border(?:-left)?\s*:\s*(?:none|0(?:px)?\s*(?:;|$))", re.IGNORECASE)


@dataclass(slots=True)
class _Link:
    href: str
    words: list[str] = field(default_factory=list)


class Writer:
    """Takes elements and text in document order and lays out lines.

    Whoever walks through the document ends the line (`end_line`) where an element that stands apart begins and ends:
    most have nothing else to them, and on most no line is open there.
    """

    def __init__(self, first: int, flush_paragraphs: bool = False, every_image: bool = False) -> None:
        self.line: list[str] = []
        """The pieces of the line that is open; always the same list."""

        self.links: list[str] = []
        self._are_paragraphs_flush = flush_paragraphs
        self._every_image = every_image
        self._first = first
        self._numbers: dict[str, int] = {}
        self._frame = Frame()  # where lines go now
        self._outer: list[Frame] = []  # the frames around it
        self._cells = 0  # that are open
        self._quotes: list[int] = []
        self._depth = 0
        self._lists = Lists()
        self._tables = [Table()]  # that are open; the first is none
        self._raised: list[int] = []  # where on the line words stand higher or lower
        self._marker = ""
        self._link: _Link | None = None
        self._preformatted = 0
        self._keeps_indent = False
        self._hint = NOTHING  # of the innermost element with a telling name
        self._outer_hints: list[int] = []  # of those around it
        self._flush_paragraphs: list[bool] = []
        # What else happens where an element begins and ends, by tag; nothing for all others.
        self.starts: dict[str, Callable[[str, Attributes], None]] = {
            **dict.fromkeys(_PARAGRAPHS, self._start_paragraph),
            **dict.fromkeys(_ITEMS, self._start_item),
            **dict.fromkeys(_CELLS, self._start_cell),
            **dict.fromkeys(RAISED, self._start_raised),
            "textarea": self._start_field,
            "table": self._start_table,
            "br": self._break,
            "a": self._start_link,
            "img": self._image,
            "hr": self._rule,
            "input": self._field,
        }
        self.ends: dict[str, Callable[[str], None]] = {
            **dict.fromkeys(_PARAGRAPHS, self._end_paragraph),
            **dict.fromkeys(_ITEMS, self._end_item),
            **dict.fromkeys(_CELLS, self._end_cell),
            **dict.fromkeys(RAISED, self._end_raised),
            "textarea": self._end_field,
            "table": self._end_table,
            "tr": self._end_row,
            "a": self._end_link,
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
        # Next to all text is as it is shown; of what `shown` looks for only U+034F is printable.
        if not data.isprintable() or "  " in data or "\u034f" in data:
            data = shown(data)
        if data and (data != " " or self.line):
            self.line.append(data)
            if self._link is not None:
                self._link.words.append(data)

    def enter_verbatim(self) -> None:
        """An element begins whose blank space and line ends count."""
        self._preformatted += 1

    def leave_verbatim(self) -> None:
        """It ends."""
        self._preformatted -= 1

    def list_marker(self, marker: str, level: int) -> None:
        """Word's own bullet or number, before an item that is a paragraph."""
        bare = marker.strip()
        is_number = bare[-1:] in (".", ")") and len(bare) < 8
        self._add("  " * min(max(level - 1, 0), DEEPEST_LIST) + (bare if is_number else "-") + " ")
        self._keeps_indent = level > 1

    def enter(self, hint: int) -> None:
        """An element begins whose lines are all of one kind; the outermost that says something counts."""
        self.end_line()
        self._outer_hints.append(self._hint)
        if self._hint in (NOTHING, STYLED, BLOCK):
            self._hint = hint

    def leave(self) -> None:
        """The element that was entered last ends."""
        self.end_line()
        self._hint = self._outer_hints.pop()

    def finish(self) -> tuple[str, bytes]:
        """The text, and what the HTML says of each of its lines (b"" when it says nothing)."""
        self.end_line()
        lines = self._frame.lines
        text = "\n".join(
            [
                (">" * depth + " " + line if line else ">" * depth) if depth else line
                for depth, line, _ in lines
            ]
        )
        hints = bytes([hint for _, _, hint in lines])
        if not any(hints) or text.startswith("\n") or text.count("\n") + 1 != len(hints):
            return text.strip("\n"), b""
        return text.rstrip("\n"), hints

    # ---------------------------------------------------------------- blocks

    def _start_paragraph(self, tag: str, attributes: Attributes) -> None:
        flush = self._is_flush(tag, attributes)
        self._flush_paragraphs.append(flush)
        if not flush:
            self._frame.blank = True
        if tag == "blockquote":
            is_quote = (
                not _INDENT_ONLY.search(attributes.get("style") or "") or attributes.get("type") == "cite"
            )
            self._quotes.append(int(is_quote and self._depth < DEEPEST_QUOTE))
            self._depth += self._quotes[-1]
        elif tag in LISTS:
            self._lists.begin(tag, attributes)
        elif tag in _VERBATIM:
            self._preformatted += 1

    def _end_paragraph(self, tag: str) -> None:
        if self._flush_paragraphs and not self._flush_paragraphs.pop():
            self._frame.blank = True
        if tag == "blockquote" and self._quotes:
            self._depth -= self._quotes.pop()
        elif tag in LISTS:
            self._lists.end()
        elif tag in _VERBATIM and self._preformatted:
            self._preformatted -= 1

    def _start_item(self, tag: str, attributes: Attributes) -> None:
        self._marker = self._lists.marker(attributes) if tag == "li" else "  " if tag == "dd" else ""

    def _end_item(self, _tag: str) -> None:
        self._marker = ""

    def _start_field(self, _tag: str, _attributes: Attributes) -> None:
        self._preformatted += 1

    def _end_field(self, _tag: str) -> None:
        self._preformatted -= bool(self._preformatted)

    def _start_table(self, _tag: str, _attributes: Attributes) -> None:
        self._tables.append(Table())

    def _end_table(self, _tag: str) -> None:
        self._tables.pop().align(self._frame.lines)

    def _is_flush(self, tag: str, attributes: Attributes) -> bool:
        """Whether a paragraph has no space around it: Outlook makes one of every line."""
        if tag in LISTS:
            return self._lists.are_open
        if tag != "p":
            return False
        names = attributes.get("class") or ""
        if names.startswith(("Mso", "x_Mso")):
            return True
        style = attributes.get("style") or ""
        return bool(NO_MARGIN.search(style)) or (self._are_paragraphs_flush and "margin" not in style)

    def _start_raised(self, _tag: str, _attributes: Attributes) -> None:
        self._raised.append(len(self.line))

    def _end_raised(self, tag: str) -> None:
        start = self._raised.pop() if self._raised else len(self.line)
        if start < len(self.line):
            self.line[start:] = [raised(tag, "".join(self.line[start:]))]

    # ---------------------------------------------------------------- lines

    def _add(self, data: str) -> None:
        if not data:
            return
        self.line.append(data)
        if self._link is not None:
            self._link.words.append(data)

    def _break(self, _tag: str, _attributes: Attributes) -> None:
        self._new_line()

    def _rule(self, _tag: str, _attributes: Attributes) -> None:
        self.end_line()
        self._add(_RULE)
        self.end_line()

    def _new_line(self) -> None:
        """A line break: ends the line, or leaves an empty one."""
        if not self.end_line():
            self._frame.blank = True

    def end_line(self) -> bool:
        """End the line when anything stands on it; whether it did."""
        if not self.line:
            return False
        text = "".join(self.line)
        self.line.clear()
        if self._preformatted:
            text = text.replace("\xa0", " ").rstrip()
        else:
            bare = text.replace("\xa0", " ").strip()
            if "  " in bare:
                bare = _SPACES.sub(" ", bare)
            if self._keeps_indent:
                self._keeps_indent = False
                bare = " " * (len(text) - len(text.lstrip(" "))) + bare if bare else ""
            if not bare:
                if "\xa0" in text:  # the empty line of programs that know no other
                    self._frame.blank = True
                return False
            # The mark above a signature is one by its blank (RFC 3676, 4.3).
            text = "-- " if bare == "--" and text[-1] in " \xa0" else bare
        if self._marker:
            text = self._marker + text
            self._marker = " " * len(self._marker)
        frame = self._frame
        if frame.blank and text:
            frame.make_room(self._depth)
        if text:
            frame.lines.append((self._depth, text, self._hint))
        else:
            frame.blank = True
        return True

    # ---------------------------------------------------------------- tables

    def _start_cell(self, tag: str, attributes: Attributes) -> None:
        self._cells += 1
        if self._cells >= _DEEPEST_TABLE:
            return
        self._outer.append(self._frame)
        self._frame = frame = Frame()
        if tag == "th" or "colspan" in attributes or "rowspan" in attributes:
            frame.span = whole(attributes.get("colspan"), 1)
            frame.rows = whole(attributes.get("rowspan"), 1)
            table = self._tables[-1]
            table.has_head |= tag == "th"
            table.has_spans |= frame.span > 1
            table.has_tall_cells |= frame.rows > 1

    def _end_cell(self, _tag: str) -> None:
        self._cells -= 1
        if self._cells < _DEEPEST_TABLE - 1:
            self._tables[-1].row.append(self._frame)
            self._frame = self._outer.pop()

    def _end_row(self, _tag: str) -> None:
        self._tables[-1].end_row(self._frame, self._depth, self._hint)

    # ---------------------------------------------------------------- links and pictures

    def _start_link(self, _tag: str, attributes: Attributes) -> None:
        href = (attributes.get("href") or "").strip()
        if len(href) <= LONGEST_LINK and leads_somewhere(href):
            self._link = _Link("".join(href.split()))

    def _end_link(self, _tag: str) -> None:
        link, self._link = self._link, None
        if link is None:
            return
        words = " ".join("".join(link.words).split())
        if not words or says_where_it_leads(words, link.href):
            return
        number = self._numbers.get(link.href)
        if number is None:
            number = self._numbers[link.href] = self._first + len(self.links)
            self.links.append(link.href)
        self._mark_link(f" [{number}]")

    def _mark_link(self, mark: str) -> None:
        if self.line and not all(map(str.isspace, self.line)):
            trailing = self.line[-1]
            if trailing.endswith(" "):
                self.line[-1] = trailing.rstrip(" ")
                self.line.append(mark + " ")
            else:
                self.line.append(mark)
        elif self._frame.lines:
            depth, text, hint = self._frame.lines[-1]
            self._frame.lines[-1] = (depth, text + mark, hint)
        else:
            self.line.append(mark)

    def _image(self, _tag: str, attributes: Attributes) -> None:
        self._add(image_words(attributes, self._every_image))

    def _field(self, _tag: str, attributes: Attributes) -> None:
        self._add(field_words(attributes, self._every_image))
