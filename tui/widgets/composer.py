"""Where a reply, a note or a new message is written."""

from __future__ import annotations

import re

from textual.binding import Binding
from textual.strip import Strip
from textual.widgets import TextArea

from inbox.text import cells, cut, one_line
from tui.widgets.pane import Pane, strip_of

_ACTION = re.compile(r"(\w+)(\((True|False)\))?")


def _editing() -> dict[str, tuple[str, bool]]:
    """Textual's editing keys as a table: key -> action, and whether it selects."""
    table = {}
    for binding in TextArea.BINDINGS:
        keys, action = (binding.key, binding.action) if isinstance(binding, Binding) else binding[:2]
        match = _ACTION.fullmatch(action)
        if match:
            table.update({key.strip(): (match[1], match[3] == "True") for key in keys.split(",")})
    return table


class Composer(TextArea):
    """A text area that takes a key at once when `type_key` is called, so that fast keys keep their order.

    (Textual runs characters and editing keys over two queues: "Home, x" in one packet would write the x first.)
    """

    _EDITING = _editing()

    def __init__(self) -> None:
        super().__init__(
            id="composer", soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False, compact=True
        )
        self.cursor_blink = False  # a blinking cursor is bytes over the line for nothing

    def begin(self, text: str, at_end: bool = True) -> None:
        """Start with this text."""
        self.load_text(text)
        if at_end:
            self.move_cursor(self.document.end)

    def type_key(self, key: str, character: str | None) -> bool:
        """Take a key of the person's; whether it meant anything. `key` is Textual's name of it."""
        if key in self._EDITING:
            action, selects = self._EDITING[key]
            method = getattr(self, f"action_{action}", None)
            if method is None:
                return False
            method(True) if selects else method()
            return True
        text = {"enter": "\n", "tab": "    "}.get(key, character)
        if text is None or not (text.isprintable() or key == "enter"):
            return False
        self.put(text)
        return True

    def put(self, text: str) -> None:
        """Insert text at the cursor, in place of what is selected."""
        self.move_cursor(self.replace(text, *self.selection).end_location)


class ComposeHead(Pane):
    """One line above the composer: what is written, to whom, and whether the draft is kept."""

    def __init__(self) -> None:
        super().__init__(id="compose-head")
        self.words = ""
        self.state = ""

    def show(self, words: str, state: str) -> None:
        """Say what is written and how the draft stands."""
        self.words, self.state = words, state
        self.repaint()

    def line(self, y: int) -> Strip:  # noqa: ARG002  there is one
        """The one line there is."""
        inks, width = self.inks, self.size.width
        state = f"{self.state} " if self.state else ""
        words = cut(f" {one_line(self.words, 400)}", max(0, width - len(state) - 1))
        gap = " " * max(0, width - cells(words) - len(state))
        return strip_of([(words, inks.strong + inks.head), (gap + state, inks.muted + inks.head)])
