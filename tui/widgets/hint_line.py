"""The bottom line: the keys that matter here, or what has just been said; at the right who sits here and how it stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from textual.strip import Strip

from inbox.text import cells, cut, one_line, pad
from inbox.verbs import VERBS
from tui.widgets.pane import Pane, Run, strip_of

if TYPE_CHECKING:
    from tui.keys import Keymap

HINTS: dict[str, tuple[str, ...]] = {
    "list": (
        "reply",
        "note",
        "assign",
        "snooze",
        "close",
        "search",
        "palette",
        "help",
        "tag",
        "customer",
        "views",
    ),
    "conversation": (
        "reply",
        "note",
        "assign",
        "snooze",
        "close",
        "unfold",
        "help",
        "customer",
        "next-conversation",
        "attachments",
    ),
    "search": ("next-hit", "previous-hit", "back", "next-message", "unfold", "help"),
    "views": ("open", "back", "search", "help"),
    "customer": (
        "open",
        "customer-edit",
        "customer-note",
        "customer-tags",
        "customer-vip",
        "customer-join",
        "back",
        "help",
        "customer-same",
        "customer-different",
        "panel-again",
        "customer-field",
        "customer-part",
    ),
    "mailboxes": ("sync-now", "back", "help"),
    "names": ("name-us", "name-customer", "name-leave", "back", "help"),
    "outbox": ("open", "resend", "release", "drop", "back", "help"),
    "report": ("open", "next-grouping", "figure-right", "report-span", "report-again", "back", "help"),
    "activity": ("open", "day-before", "day-after", "figure-right", "back", "help"),
    "issues": (
        "open",
        "issue-tell",
        "issue-close",
        "issue-banner",
        "issue-new",
        "help",
        "issue-stop",
        "link-spike",
        "announce",
        "issue-change",
        "back",
    ),
    "telling": ("tell-now", "set-aside", "down", "up", "back", "help"),
    "attachments": ("open", "save-attachment", "open-outside", "back", "help"),
    "prompt": ("back",),
    "compose": (
        "send",
        "leave-draft",
        "fields",
        "attach",
        "edit-outside",
        "discard-draft",
        "quote-part",
        "help",
    ),
    "send": (
        "send-now",
        "promise-kept",
        "send-and-close",
        "send-and-snooze",
        "send-later",
        "leave-draft",
        "send-anyway",
    ),
}
"""What the line shows in a context, the most useful first; what has no room is left out, `help` never. A question
shows its own answers."""

BEGUN = {"list": ("open",)}
"""What stands before that for who has just begun."""

SIGNS = {"escape": "Esc", "enter": "Enter", "space": "Space", "tab": "Tab", "comma": ","}


def sign(keys: str) -> str:
    """A sequence of keys as people read it: "ctrl+s", "g r", "Esc"."""
    return " ".join(SIGNS.get(key, key) for key in keys.split())


def called(keymap: Keymap, context: str, verb: str) -> str:
    """What a person presses for a verb: its key in a context, or its name in the palette where it has none."""
    keys = keymap.keys_for(context, verb)
    return sign(keys[0]) if keys else f":{verb}"


def hints(
    keymap: Keymap,
    context: str,
    width: int,
    leave_out: frozenset[str] = frozenset(),
    known: Collection[str] | None = None,
) -> list[tuple[str, str]]:
    """Pairs of key and label that fit in `width` cells. What hands know already comes behind all else, and who has just
    begun is told how to open a conversation; `known` None: nobody counts."""
    pairs: list[tuple[str, str]] = []
    wanted = [verb for verb in HINTS.get(context, ()) if verb not in leave_out]
    if known is not None:
        begun = [verb for verb in BEGUN.get(context, ()) if verb not in known and verb not in leave_out]
        wanted = [*begun, *wanted]
        wanted.sort(key=lambda verb: verb in known)
    last = [verb for verb in ("help",) if verb in wanted]
    room = width
    for verb in [*last, *(verb for verb in wanted if verb not in last)]:
        keys = keymap.keys_for(context, verb)
        if not keys:
            continue
        pair = (sign(keys[0]), VERBS[verb].label)
        room -= cells(pair[0]) + cells(pair[1]) + 3
        if room < 0:
            break
        pairs.append(pair)
    if last and pairs and len(pairs) > 1:
        pairs.append(pairs.pop(0))
    return pairs


MOST = 8
"""Lines that the keys which continue a sequence may take, on a screen that is twice as high."""


class HintLine(Pane):
    """Set its attributes, then `repaint`."""

    def __init__(self) -> None:
        super().__init__(id="hints")
        self.where = "list"
        self.leave_out: frozenset[str] = frozenset()
        self.known: Collection[str] | None = None  # verbs that hands know: they give their places to others
        self.said = ""  # what has just been said; takes the place of the hints
        self.urgent = False
        self.typed: Sequence[tuple[str, str]] = ()  # keys that continue a sequence, and what they do
        self._lines = 1
        self.state = ""  # at the right

    def say(self, words: str, urgent: bool = False) -> None:
        """Say something until the next key; "" shows the hints again."""
        if (words, urgent) != (self.said, self.urgent):
            self.said, self.urgent = words, urgent
            self.repaint()

    def go_on(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show the keys that continue a sequence, and what they do, in as many lines as they take; () ends that."""
        self.typed = pairs
        lines = len(self._columns()) or 1
        if lines != self._lines:
            self._lines = lines
            self.styles.height = lines
        self.repaint()

    def _columns(self) -> list[Sequence[tuple[str, str]]]:
        """What is typed next, in lines of columns; [] where one line will do."""
        if not self.typed:
            return []
        width = self.size.width
        each = [cells(key) + cells(label) + 3 for key, label in self.typed]
        if sum(each) <= width - cells(self.state) - 4:
            return []
        across = max(1, width // max(each))
        room = across * min(MOST, max(1, self.app.size.height // 2))
        shown = self.typed
        if len(shown) > room:
            shown = [*shown[: room - 1], ("…", f"{len(shown) - room + 1} more")]
        return [shown[at : at + across] for at in range(0, len(shown), across)]

    @property
    def _answers_first(self) -> bool:
        """Whether all that can be answered comes before the state: what is sent has more answers than eighty columns."""
        keymap, out, width = self.frontdesk.seat.keymap, self.leave_out, self.size.width
        if self.where != "send" or self.said or self.typed:
            return False
        every = hints(keymap, self.where, 1000, out, self.known)
        return hints(keymap, self.where, width - cells(self.state) - 3, out, self.known) != every

    def line(self, y: int) -> Strip:
        """One of its lines: there is only one but while a sequence is begun."""
        inks, width = self.inks, self.size.width
        if columns := self._columns():
            column = max(cells(key) + cells(label) + 3 for key, label in self.typed)
            row = columns[y] if y < len(columns) else ()
            laid: list[Run] = []
            for key, label in row:
                padded = pad(label, column - cells(key) - 3)
                laid += [(f" {key}", inks.accent + inks.bar), (f" {padded} ", inks.muted + inks.bar)]
            rest = max(0, width - sum(cells(text) for text, _ in laid))
            return strip_of([*laid, (" " * rest, inks.muted + inks.bar)])
        right = "" if self._answers_first else cut(f"{one_line(self.state)} ", max(0, width - 20))
        room = width - cells(right) - 2
        if self.said and not self.typed:
            said = cut(f" {one_line(self.said, 400)}", width - 1)
            if cells(said) > room:
                right = ""
            left: list[Run] = [(said, (inks.late if self.urgent else inks.text) + inks.bar)]
        else:
            pairs = self.typed or hints(
                self.frontdesk.seat.keymap, self.where, room, self.leave_out, self.known
            )
            left = []
            for key, label in pairs:
                left += [(f" {key}", inks.accent + inks.bar), (f" {label} ", inks.muted + inks.bar)]
        used = sum(cells(text) for text, _ in left)
        gap = " " * max(0, width - used - cells(right))
        strip = strip_of([*left, (gap + right, inks.muted + inks.bar)])
        return strip if strip.cell_length <= width else strip.crop(0, width)
