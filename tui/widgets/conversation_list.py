"""The list of conversations: ids in working order, and rows fetched around what is visible.

The order is kept while one works: what changed is shown in its place, what came waits above until it is taken in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from typing import TYPE_CHECKING

from textual.strip import Strip

from inbox.listing import Row
from inbox.text import cells, cut
from tui.widgets.pane import EMPTY, Pane, Run, strip_of
from tui.widgets.rows import Look, row_strip
from tui.widgets.wrapping import wrapped

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.ports import Presence

Fetch = Callable[[Sequence[int]], list[Row]]


class ConversationList(Pane):
    """One header line, and one line a conversation. The cursor is a conversation, never a row number."""

    def __init__(self, fetch: Fetch, now: Callable[[], Instant]) -> None:
        super().__init__(id="list")
        self._fetch = fetch
        self._now = now
        self.ids: Sequence[int] = ()
        self.at = 0
        self.top = 0
        self._wanted_top = 0  # where hands have put it: another size may need another top for a while
        self._page = 1  # rows that were visible when the list was seen last
        self.selected: set[int] = set()
        self.title = ""
        self.hint = ""  # what came meanwhile
        self.note = ""  # what can be done with all of them, while nothing came
        self.empty = ""
        self.invite: Callable[[], str] = str  # what stands in its place where more is to be said
        self.beside: Mapping[int, str] = {}  # what a search found in a conversation, shown after its subject
        self._rows: dict[int, Row] = {}
        self._there: Mapping[int, Presence] = {}  # where colleagues are
        self._strips: dict[tuple[int, bool, bool], Strip] = {}
        self._in_sight: frozenset[int] = frozenset()

    # what is shown

    def show(self, ids: Sequence[int], keep: int | None = None, empty: str = "") -> None:
        """Show these conversations; the cursor goes to `keep` where it is among them and stays at its height, else to the
        first."""
        height = self.at - self.top
        self.ids, self.empty, self.at = ids, empty, 0
        if keep is not None:
            self.at = self._index(keep)
        self._put(min(self.at - height, len(ids) - self.page) if keep is not None else 0)
        self._keep_in_sight()
        self.forget()

    def extend(self, ids: Sequence[int]) -> None:
        """The same view, all of it; it begins with what is shown."""
        self.ids = ids
        self.repaint()

    def forget(self, conversations: Set[int] | None = None) -> None:
        """Fetch these rows again when they are painted next; all of them when none are named."""
        if conversations is None:
            self._rows.clear()
            self._strips.clear()
        else:
            for one in conversations:
                self._rows.pop(one, None)
                self._drop_strips(one)
            if conversations.isdisjoint(self._in_sight):
                return
        self.repaint()

    def repaint(self) -> None:
        """Paint the difference; what is in sight now is told to who hears the bell."""
        super().repaint()
        in_sight = frozenset(self.ids[self.top : self.top + self.page] if self.size.height else ())
        if in_sight != self._in_sight:
            self._in_sight = in_sight
            self.frontdesk.background.look_at("list", in_sight)

    def tick(self) -> None:
        """A new minute: clocks are written again where their words changed."""
        self._strips.clear()
        self.repaint()

    def redraw(self) -> None:
        """Another size or theme."""
        self._strips.clear()
        if self.size.height:
            page = self.page
            fitting = min(self._wanted_top, len(self.ids) - page)
            self.top = max(0, self.at - page + 1, min(fitting, self.at))
        super().redraw()

    def show_presence(self, there: Mapping[int, Presence]) -> None:
        """Colleagues came to conversations, left them, or began to write."""
        if there != self._there:
            changed = {*there.items()} ^ {*self._there.items()}
            self._there = there
            for conversation, _ in changed:
                self._drop_strips(conversation)
            self.repaint()

    def rows_seen(self) -> Collection[Row]:
        """The rows read so far."""
        return self._rows.values()

    def _drop_strips(self, conversation: int) -> None:
        for under in (False, True):
            for selected in (False, True):
                self._strips.pop((conversation, under, selected), None)

    # the cursor

    @property
    def current(self) -> int | None:
        """The conversation under the hands."""
        return self.ids[self.at] if self.at < len(self.ids) else None

    @property
    def row(self) -> Row | None:
        """Its row, as painted."""
        current = self.current
        return None if current is None else self._row(self.at)

    @property
    def page(self) -> int:
        """How many rows are visible, or were when the list was seen last."""
        if self.size.height:
            self._page = max(1, self.size.height - 1)
        return self._page

    def go(self, index: int) -> bool:
        """Move the cursor to a row; whether it moved. At the edge the list turns a page instead of scrolling."""
        index = max(0, min(index, len(self.ids) - 1))
        if index == self.at or not self.ids:
            return False
        self.at = index
        self._keep_in_sight()
        self.repaint()
        return True

    def turn(self, rows: int) -> None:
        """Scroll without moving the cursor."""
        before = self.top
        self._put(min(self.top + rows, len(self.ids) - self.page))
        if self.top != before:
            self.repaint()

    def index_at(self, y: int) -> int | None:
        """Which row is painted at this height."""
        index = self.top + y - 1
        return index if y > 0 and index < len(self.ids) else None

    def go_to(self, conversation: int) -> bool:
        """Move the cursor to a conversation; whether it is in the list."""
        if conversation == self.current:
            return True
        try:
            index = self.ids.index(conversation)
        except ValueError:
            return False
        self.go(index)
        return True

    def _index(self, conversation: int) -> int:
        try:
            return self.ids.index(conversation)
        except ValueError:
            return min(self.at, max(0, len(self.ids) - 1))

    def _keep_in_sight(self) -> None:
        page = self.page
        if self.at < self.top:
            self._put(self.at - page + 1)
        elif self.at >= self.top + page:
            self._put(self.at)
        else:
            self._put(self.top)

    def _put(self, top: int) -> None:
        self.top = self._wanted_top = max(0, top)

    # lines

    def line(self, y: int) -> Strip:
        """The header, then the rows."""
        if y == 0:
            return self._header()
        index = self.top + y - 1
        if index >= len(self.ids):
            return EMPTY if self.ids or y < 2 else self._nothing(y - 2)
        conversation = self.ids[index]
        key = (conversation, index == self.at, conversation in self.selected)
        strip = self._strips.get(key)
        if strip is None:
            row = self._row(index)
            strip = self._strips[key] = self._gone(key[1]) if row is None else self._strip(row, key)
        return strip

    def _strip(self, row: Row, key: tuple[int, bool, bool]) -> Strip:
        conversation, under, selected = key
        seat = self.frontdesk.seat
        me = "" if seat.alone else seat.who.name
        return row_strip(
            row,
            Look(self.size.width, self.inks, self._now(), seat.zone, me),
            under=under,
            selected=selected,
            beside=self.beside.get(conversation, ""),
            there=self._there.get(conversation),
        )

    def _nothing(self, number: int) -> Strip:
        """A line of what an empty list says; keys and commands between backquotes have the ink of keys."""
        width = max(8, self.size.width - 4)
        words = self.invite() or self.empty
        lines = [
            line
            for each in words.split("\n")
            for line in (wrapped(each, width + each.count("`")) if each else ("",))
        ]
        if number >= len(lines):
            return EMPTY
        runs: list[Run] = [("  ", self.inks.muted)]
        for at, piece in enumerate(lines[number].split("`")):
            runs.append((piece, self.inks.accent if at % 2 else self.inks.muted))
        return strip_of(runs)

    def _gone(self, under: bool) -> Strip:
        bar: Run = ("▌" if under else " ", self.inks.accent)
        return strip_of([bar, ("        (not here any more)", self.inks.faint)])

    def _row(self, index: int) -> Row | None:
        conversation = self.ids[index]
        if conversation not in self._rows:
            page = self.page
            start = max(0, min(self.top, index) - page)
            around = [one for one in self.ids[start : start + 3 * page] if one not in self._rows]
            self._rows.update((row.conversation.id, row) for row in self._fetch(around))
        return self._rows.get(conversation)

    def _header(self) -> Strip:
        inks = self.inks
        selected = f"  {len(self.selected)} selected" if self.selected else ""
        right = f"{self.hint or self.note} " if self.hint or self.note else ""
        title = cut(f" {self.title}", max(0, self.size.width - cells(right) - cells(selected)))
        gap = " " * max(0, self.size.width - cells(title) - cells(selected) - cells(right))
        runs: list[Run] = [
            (title, inks.strong + inks.head),
            (selected + gap, inks.accent + inks.head),
            (right, inks.accent + inks.head),
        ]
        return strip_of(runs)
