"""The lines of an HTML mail: elements and text in document order in, laid out text with numbered links out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from inbox.marks import BLOCK, NOTHING, STYLED
from inbox.weblinks import leads_somewhere, says_where_it_leads
from inbox.weblists import DEEPEST_LIST, LISTS, Lists, whole
from inbox.weblooks import Attributes
from inbox.webtables import Line, Table
from inbox.webwords import RAISED, raised, without_padding

LONGEST_LINK = 2_000
"""Characters of a link that gets a footnote."""

LONGEST_ALT = 200
"""Characters of what stands for a picture."""

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


_SPACE = re.compile(r"[ \t\n\r\f]+")
_SPACES = re.compile("  +")

_FLUSH = re.compile(
    r"margin\s*:\s*0(?:px|cm|in|pt)?\s*(?:;|!|$|0)|margin-bottom\s*:\s*0(?:\.0+1?)?(?:px|cm|in|pt)?\s*(?:;|$)",
    re.IGNORECASE,
)
_INDENT_ONLY = re.compile(r"border(?:-left)?\s*:\s*(?:none|0(?:px)?\s*(?:;|$))", re.IGNORECASE)
_SIZE = re.compile(r"(?:^|;)\s{0,9}(?:max-)?(?:width|height)\s{0,9}:\s{0,9}([012])px", re.IGNORECASE)


@dataclass(slots=True)
class _Frame:
    """Where lines go: the page, or one table cell until its row is known."""

    lines: list[Line] = field(default_factory=list)
    blank: bool = False  # a blank line is due before the next one
    led: bool = False  # one was due before the first
    cells: list[_Frame] = field(default_factory=list)  # of the row being read
    span: int = 1  # columns it goes over
    rows: int = 1  # rows it goes over


@dataclass(slots=True)
class _Link:
    href: str
    words: list[str] = field(default_factory=list)


class Writer:
    """Takes elements and text in document order and lays out lines."""

    def __init__(self, first: int, flush_paragraphs: bool = False, every_image: bool = False) -> None:
        self._are_paragraphs_flush = flush_paragraphs
        self._every_image = every_image
        self.links: list[str] = []
        self._first = first
        self._numbers: dict[str, int] = {}
        self._frames = [_Frame()]
        self._cells: list[bool] = []  # of the open cells: whether it has a frame
        self._line: list[str] = []
        self._quotes: list[int] = []
        self._depth = 0
        self._lists = Lists()
        self._tables: list[Table] = []
        self._raised: list[int] = []  # where on the line words stand higher or lower
        self._marker = ""
        self._link: _Link | None = None
        self._preformatted = 0
        self._keeps_indent = False
        self._hints = [NOTHING]  # of the elements with a telling name that are open, the innermost last
        self._flush_paragraphs: list[bool] = []
        # What happens where an element begins and ends, by tag; nothing for all others.
        self.starts: dict[str, Callable[[str, Attributes], None]] = {
            **dict.fromkeys(BLOCKS, self._start_block),
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
            **dict.fromkeys(BLOCKS, self._end_block),
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
        if not data.isascii():
            data = without_padding(data)
        if "\n" in data or "  " in data or "\t" in data or "\r" in data or "\f" in data:
            data = _SPACE.sub(" ", data)
        if data != " " or self._line:
            self._add(data)

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

    def _start_block(self, _tag: str, _attributes: Attributes) -> None:
        self._end_line()

    def _end_block(self, _tag: str) -> None:
        self._end_line()

    def _start_paragraph(self, tag: str, attributes: Attributes) -> None:
        self._end_line()
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
        elif tag in LISTS:
            self._lists.begin(tag, attributes)
        elif tag in _VERBATIM:
            self._preformatted += 1

    def _end_paragraph(self, tag: str) -> None:
        self._end_line()
        if self._flush_paragraphs and not self._flush_paragraphs.pop():
            self._frames[-1].blank = True
        if tag == "blockquote" and self._quotes:
            self._depth -= self._quotes.pop()
        elif tag in LISTS:
            self._lists.end()
        elif tag in _VERBATIM and self._preformatted:
            self._preformatted -= 1

    def _start_item(self, tag: str, attributes: Attributes) -> None:
        self._end_line()
        self._marker = self._lists.marker(attributes) if tag == "li" else "  " if tag == "dd" else ""

    def _end_item(self, _tag: str) -> None:
        self._end_line()
        self._marker = ""

    def _start_field(self, _tag: str, _attributes: Attributes) -> None:
        self._end_line()
        self._preformatted += 1

    def _end_field(self, _tag: str) -> None:
        self._end_line()
        self._preformatted -= bool(self._preformatted)

    def _start_table(self, _tag: str, _attributes: Attributes) -> None:
        self._end_line()
        self._tables.append(Table())

    def _end_table(self, _tag: str) -> None:
        self._end_line()
        if self._tables:
            self._tables.pop().align(self._frames[-1].lines)

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
        return bool(_FLUSH.search(style)) or (self._are_paragraphs_flush and "margin" not in style)

    def _start_raised(self, _tag: str, _attributes: Attributes) -> None:
        self._raised.append(len(self._line))

    def _end_raised(self, tag: str) -> None:
        start = self._raised.pop() if self._raised else len(self._line)
        if start < len(self._line):
            self._line[start:] = [raised(tag, "".join(self._line[start:]))]

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
            lead = " " * (len(text) - len(text.lstrip(" "))) if self._keeps_indent else ""
            self._keeps_indent = False
            bare = bare.strip()
            bare = lead + bare if bare else ""
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
            if not lines:
                frame.led = True
            elif lines[-1][1]:
                lines.append((min(self._depth, lines[-1][0]), "", NOTHING))
        lines.append((self._depth, text, self._hints[-1]))

    # ---------------------------------------------------------------- tables

    def _start_cell(self, tag: str, attributes: Attributes) -> None:
        self._end_line()
        self._cells.append(len(self._frames) < _DEEPEST_TABLE)
        if self._cells[-1]:
            frame = _Frame()
            self._frames.append(frame)
            if self._tables and (tag == "th" or "colspan" in attributes or "rowspan" in attributes):
                frame.span = whole(attributes.get("colspan"), 1)
                frame.rows = whole(attributes.get("rowspan"), 1)
                table = self._tables[-1]
                table.has_head |= tag == "th"
                table.has_spans |= frame.span > 1 or frame.rows > 1

    def _end_cell(self, _tag: str) -> None:
        self._end_line()
        if self._cells and self._cells.pop():
            cell = self._frames.pop()
            self._frames[-1].cells.append(cell)

    def _end_row(self, _tag: str) -> None:
        """Lay out a row: short cells side by side, anything longer one below the other."""
        self._end_line()
        frame = self._frames[-1]
        cells, frame.cells = frame.cells, []
        filled = [cell for cell in cells if cell.lines]
        table = self._tables[-1] if self._tables else Table()
        columns: Sequence[int] = range(len(cells))
        if table.has_spans:
            columns = table.columns([(cell.span, cell.rows) for cell in cells])
        if len(filled) > 1:
            words = [table.on_one_line(cell.lines) for cell in cells]
            if None not in words:
                self._append(table.row([word or "" for word in words], columns))
                table.placed(len(frame.lines) - 1)
                return
        alone = len(filled) == 1
        for cell in filled:
            if (len(cell.lines) > 1 or (alone and cell.led)) and frame.lines and frame.lines[-1][1]:
                frame.blank = True
            if frame.blank:
                frame.blank = False
                if frame.lines and frame.lines[-1][1]:
                    frame.lines.append((min(frame.lines[-1][0], cell.lines[0][0]), "", NOTHING))
            frame.lines.extend(cell.lines)
            frame.blank = len(cell.lines) > 1 or (alone and cell.blank)

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
        if _is_tiny(attributes):
            return
        words = " ".join(((attributes.get("alt") or "").strip() or attributes.get("title") or "").split())
        if words and not any(letter.isalnum() for letter in words):
            self._add(without_padding(words))  # an emoji
        elif words:
            self._add(f"[{words if len(words) <= LONGEST_ALT else words[: LONGEST_ALT - 1] + '…'}] ")
        elif self._every_image or (attributes.get("src") or "").startswith("cid:"):
            self._add("[image] ")

    def _field(self, _tag: str, attributes: Attributes) -> None:
        """What stands in a field of a form, or on its button."""
        kind = (attributes.get("type") or "text").lower()
        if kind in ("checkbox", "radio"):
            self._add("[x] " if "checked" in attributes else "[ ] ")
        elif kind == "image":
            self._image("img", attributes)
        elif kind not in ("hidden", "password"):
            words = " ".join((attributes.get("value") or attributes.get("placeholder") or "").split())
            if words:
                self._add(f"[{words[:200]}] ")


def _is_tiny(attributes: Attributes) -> bool:
    """Whether a picture only reports that the mail was opened."""
    for name in ("width", "height"):
        if (attributes.get(name) or "").strip().lower().removesuffix("px") in ("0", "1", "2"):
            return True
    style = attributes.get("style")
    return style is not None and _SIZE.search(style) is not None
