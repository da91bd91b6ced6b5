"""Where a reply, a note or a new message is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Self, TypeVar

from rich.style import Style
from textual.actions import SkipAction
from textual.binding import Binding
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from inbox.ports import DraftFile
from inbox.reflow import indentation
from inbox.text import cells, cut, one_line, pad, sanitise
from tui.fields import NAMES, Fields
from tui.widgets.letters import size_in_words
from tui.widgets.pane import Pane, Run, changed_width, strip_of

T = TypeVar("T")

_REVERSED = Style(reverse=True)
_LABEL = 10
"""Cells before what is written in a field."""

_ACTION = re.compile(r"(\w+)(\((True|False)\))?")


EDITING_KEYS = (
    ("ctrl+a  home", "to the start of the line"),
    ("ctrl+e  end", "to the end of the line"),
    ("alt+b  ctrl+left", "a word back"),
    ("alt+f  ctrl+right", "a word on"),
    ("alt+<  ctrl+home", "to the start of the text"),
    ("alt+>  ctrl+end", "to the end of the text"),
    ("shift+left", "select, with any key that moves"),
    ("f6", "select the line"),
    ("f7", "select everything"),
    ("ctrl+c", "copy what is selected"),
    ("ctrl+v", "put in what was cut or copied"),
    ("ctrl+w  alt+backspace", "cut off the word before"),
    ("alt+d  alt+delete", "cut off the word behind"),
    ("ctrl+u", "cut off the line before"),
    ("alt+k", "cut off the line behind"),
    ("ctrl+shift+k", "cut the line out"),
    ("ctrl+z", "undo in the text"),
    ("ctrl+y", "redo in the text"),
)
"""The keys of the text itself, as help shows them, and what they do; those of [compose] come first."""

_MORE = {
    **dict.fromkeys(("alt+b", "alt+left"), ("cursor_word_left", False)),
    **dict.fromkeys(("alt+f", "alt+right"), ("cursor_word_right", False)),
    **dict.fromkeys(("ctrl+home", "alt+less_than_sign"), ("cursor_text_start", False)),
    **dict.fromkeys(("ctrl+end", "alt+greater_than_sign"), ("cursor_text_end", False)),
    "alt+d": ("delete_word_right", False),
    "alt+k": ("delete_to_end_of_line", False),
}
"""Keys that hands know from a shell, beside Textual's: key -> action, and whether it selects."""


def _editing() -> dict[str, tuple[str, bool]]:
    """Textual's editing keys as a table: key -> action, and whether it selects."""
    table = {}
    for binding in TextArea.BINDINGS:
        keys, action = (binding.key, binding.action) if isinstance(binding, Binding) else binding[:2]
        match = _ACTION.fullmatch(action)
        if match:
            at_once = match[1].removesuffix("_or_delete_line")  # that one Textual does only later
            table.update({key.strip(): (at_once, match[3] == "True") for key in keys.split(",")})
    return table | _MORE


class Composer(TextArea):
    """A text area that takes a key at once when `type_key` is called, so that fast keys keep their order.

    (Textual runs characters and editing keys over two queues: "Home, x" in one packet would write the x first.)
    """

    _EDITING = _editing()

    # Of the class, since Textual paints before it has made the widget.
    _typing = False  # a key is being taken: what it changes is painted at its end, line by line
    _asks_paint = False
    _shown: Sequence[Strip] = ()  # the lines as they were painted last; none: not known
    selecting = False  # what moves the cursor selects

    def __init__(self) -> None:
        super().__init__(
            id="composer", soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False, compact=True
        )
        self.cursor_blink = False  # a blinking cursor is bytes over the line for nothing

    def begin(self, text: str, at_end: bool = True) -> None:
        """Start with this text, but for what nobody could see of it: a person sends only what they have read."""
        self.selecting = False
        self.load_text(sanitise(text, len(text)))
        if at_end:
            self.move_cursor(self.document.end)

    def type_key(self, key: str, character: str | None) -> bool:
        """Take a key of the person's; whether it meant anything. `key` is Textual's name of it."""
        return self.change(lambda: self._take(key, character))

    def change(self, do: Callable[[], T]) -> T:
        """Do something to the text or the cursor, and paint only the lines that look different then."""
        before = self._shown or self._lines()
        self._typing, self._asks_paint = True, False
        try:
            return do()
        finally:
            self._typing = False
            if self._asks_paint:
                self._paint_changes(before)

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        """Paint again; what a key has changed only line by line (Textual would send all of them)."""
        if self._typing and repaint and not layout and not recompose:
            self._asks_paint = True
            return self
        self._shown = ()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """Bring the cursor into sight, if it is in the text: Textual takes back what was written before the cursor, and asks
        for it in between, where the scroll bar comes or goes."""
        if self.cursor_location[0] >= self.document.line_count:
            return Offset()
        return super().scroll_cursor_visible(center, animate)

    def _lines(self) -> list[Strip]:
        return [self.render_line(y) for y in range(self.size.height)] if self.is_mounted else []

    def _paint_changes(self, before: Sequence[Strip]) -> None:
        lines = self._lines()
        if len(lines) != len(before):
            self.refresh()
            return
        changed = [
            Region(0, y, changed_width(old, new), 1)
            for y, (old, new) in enumerate(zip(before, lines, strict=True))
            if old != new
        ]
        if changed:
            super().refresh(*changed)
        self._shown = lines

    def _take(self, key: str, character: str | None) -> bool:
        if key in self._EDITING:
            action, selects = self._EDITING[key]
            method = getattr(self, f"action_{action}", None)
            if method is None:
                return False
            anchor, moves = self.selection.start, self.selecting and action.startswith("cursor_")
            try:
                method(True) if selects or (moves and "page" not in action) else method()
            except SkipAction:  # nothing is selected that could be copied
                return False
            if moves:
                self.selection = Selection(anchor, self.selection.end)
            else:
                self.end_selecting()
            return True
        if key == "enter":
            self._break_line()
            return True
        text = "    " if key == "tab" else character
        if text is None or not text.isprintable():
            return False
        self.put(text)
        return True

    def _break_line(self) -> None:
        """Begin a line as far in as this one; of a line with blanks alone nothing is left."""
        row, column = min(self.selection)
        before = self.document[row][:column]
        if before.isspace():
            self.go(Selection((row, 0), max(self.selection)))
        self.put("\n" + indentation(before))

    def action_cursor_text_start(self, select: bool = False) -> None:
        """To the start of the text."""
        self.move_cursor((0, 0), select=select)

    def action_cursor_text_end(self, select: bool = False) -> None:
        """To the end of the text."""
        self.move_cursor(self.document.end, select=select)

    def end_selecting(self) -> bool:
        """Select no more; False when nothing was being selected."""
        was, self.selecting = self.selecting, False
        if was:
            self.go(Selection.cursor(self.selection.end))
        return was

    def go(self, selection: Selection) -> None:
        """Select this, or only put the cursor there, and bring it into sight."""
        self.selection = selection
        self.scroll_cursor_visible()

    @property
    def at_top(self) -> bool:
        """Whether the cursor is in the first line that is seen of the text."""
        return self.wrapped_document.location_to_offset(self.cursor_location).y == 0

    @property
    def at_line_start(self) -> bool:
        """Whether the cursor is at the beginning of a line, and nothing is selected."""
        return self.selection.is_empty and self.cursor_location[1] == 0

    def select(self, start: int, end: int) -> None:
        """Select from one character of the text up to another: what is typed next takes its place."""
        self.go(Selection(_location(self.text, start), _location(self.text, end)))

    @property
    def cursor_index(self) -> int:
        """How many characters stand before the cursor."""
        return self.index_of(self.selection.end)

    def index_of(self, location: tuple[int, int]) -> int:
        """How many characters stand before a line and column."""
        row, column = location
        return sum(len(line) + 1 for line in self.text.split("\n")[:row]) + column

    def put(self, text: str) -> None:
        """Insert text at the cursor, in place of what is selected; what nobody could see of it stays out."""
        self.selecting = False
        self.replace(sanitise(text, len(text)), *self.selection, maintain_selection_offset=False)
        self.scroll_cursor_visible()

    def put_lines(self, text: str, first: int, last: int) -> None:
        """Put `text` in place of these lines; the cursor is at its end."""
        end = last, len(self.document[last])
        self.move_cursor(self.replace(text, (first, 0), end).end_location)


def _location(text: str, index: int) -> tuple[int, int]:
    """Line and column of a character."""
    before = text[:index].split("\n")
    return len(before) - 1, len(before[-1])


class ComposeHead(Pane):
    """What stands above the text: one line that says it all, or the fields while the hands are in them, and the files."""

    def __init__(self) -> None:
        super().__init__(id="compose-head")
        self.words = ""
        self.state = ""
        self.files: tuple[DraftFile, ...] = ()
        self.fields: Fields | None = None

    def show(
        self,
        words: str,
        state: str,
        files: Sequence[DraftFile] = (),
        fields: Fields | None = None,
    ) -> None:
        """Say what is written, how the draft stands and what goes with it; `fields` are shown instead of the words."""
        self.words, self.state, self.files, self.fields = words, state, tuple(files), fields
        lines = (1 if fields is None else len(NAMES) + len(fields.offers)) + bool(files)
        if self.styles.height is None or self.styles.height.value != lines:
            self.styles.height = lines
        self.repaint()

    def line(self, y: int) -> Strip:
        """The words or the fields with what is offered, and the files last."""
        if self.files and y == self.size.height - 1:
            return self._ground([(f" {attached(self.files)}", self.inks.muted + self.inks.head)])
        if self.fields is None:
            return self._said() if y == 0 else self._ground([])
        below = y - self.fields.at - 1
        if 0 <= below < len(self.fields.offers):
            return self._offer(self.fields, below)
        number = y if below < 0 else y - len(self.fields.offers)
        return self._field(self.fields, number) if number < len(NAMES) else self._ground([])

    def _said(self) -> Strip:
        inks, width = self.inks, self.size.width
        state = f"{self.state} " if self.state else ""
        words = cut(f" {one_line(self.words, 400)}", max(0, width - cells(state) - 1))
        gap = " " * max(0, width - cells(words) - cells(state))
        return strip_of([(words, inks.strong + inks.head), (gap + state, inks.muted + inks.head)])

    def _field(self, fields: Fields, number: int) -> Strip:
        inks, line, here = self.inks, fields.lines[number], number == fields.at
        complaint = one_line(fields.complaint(number), 60)
        mark = f"  ! {complaint} " if complaint else f"  {self.state} " if here and self.state else ""
        room = max(4, self.size.width - _LABEL - cells(mark) - 1)
        runs: list[Run] = [
            (pad(f" {NAMES[number]}", _LABEL), (inks.accent if here else inks.muted) + inks.head)
        ]
        ink = inks.text + inks.head
        if here:
            start = max(0, line.caret - room + 1)
            runs += [
                (line.text[start : line.caret], ink),
                (line.text[line.caret : line.caret + 1] or " ", ink + _REVERSED),
                (line.text[line.caret + 1 : start + room], ink),
            ]
        else:
            runs.append((cut(one_line(line.text, 1000), room), ink))
        used = sum(cells(text) for text, _ in runs)
        runs.append((" " * max(0, self.size.width - used - cells(mark)), ink))
        runs.append((mark, (inks.late if complaint else inks.muted) + inks.head))
        return self._ground(runs)

    def _offer(self, fields: Fields, number: int) -> Strip:
        inks = self.inks
        chosen = number == fields.chosen
        ground = inks.cursor if chosen else inks.head
        words = cut(one_line(fields.offers[number], 200), max(0, self.size.width - _LABEL - 1))
        margin = ("▌ " if chosen else "").rjust(_LABEL)
        return self._ground([(margin, inks.accent + ground), (words, inks.text + ground)], ground)

    def _ground(self, runs: list[Run], ground: Style | None = None) -> Strip:
        used = sum(cells(text) for text, _ in runs)
        ink = self.inks.text + (self.inks.head if ground is None else ground)
        strip = strip_of([*runs, (" " * max(0, self.size.width - used), ink)])
        return strip if strip.cell_length <= self.size.width else strip.crop(0, self.size.width)


def attached(files: Sequence[DraftFile]) -> str:
    """What goes with a letter, in one line."""
    size = size_in_words(sum(file.size for file in files))
    count = "1 file" if len(files) == 1 else f"{len(files)} files"
    return f"{count}, {size}: {' · '.join(one_line(file.name, 60) for file in files)}"
