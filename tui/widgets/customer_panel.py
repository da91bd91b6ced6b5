"""The customer beside the conversation: who it is, and everything we had with each other, over all channels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from textual.strip import Strip

from inbox.channel import channel_of
from inbox.listing import Instant, Status
from inbox.outcomes import OUTCOMES, RESOLVED
from inbox.text import cells
from tui.columns import column
from tui.looks import Inks, laid_on
from tui.times import since
from tui.widgets.hint_line import called
from tui.widgets.pane import EMPTY, Pane, strip_of
from tui.widgets.rows import STANDING

if TYPE_CHECKING:
    from inbox.ports import Panel, Row

WINDOW = 40
"""Conversations around the visible ones that are read at once."""


class CustomerPanel(Pane):
    """Shows a panel; the cursor walks over the conversations, of which only those around what is seen are read."""

    def __init__(self, now: Callable[[], Instant]) -> None:
        super().__init__(id="customer")
        self._now = now
        self.panel: Panel | None = None
        self.under_hands = False
        self.at = 0
        self.top = 0
        self.wants: Callable[[Sequence[int]], None] = lambda _: None  # is told which rows are needed
        self._sheet: list[Strip] = []
        self._unclosed: tuple[int, ...] = ()  # conversations, those that are not closed first
        self._past: tuple[int, ...] = ()
        self._rows: dict[int, Row] = {}
        self._stale: set[int] = set()  # rows that may have changed since
        self._coming: set[int] = set()
        self._fetching = False

    def show(self, panel: Panel | None) -> None:
        """Show a customer; another one than before begins at the top."""
        before = self._walked(self.at)
        if panel is None or self.panel is None or panel.customer.id != self.panel.customer.id:
            self.at = self.top = 0
            self._rows, before = {}, None
        self.panel = panel
        self._coming.clear()
        self._stale = set(self._rows)
        self._unclosed = self._past = ()
        if panel is not None:
            self._rows |= {row.conversation.id: row for row in (*panel.history, *panel.running)}
            self._stale -= {row.conversation.id for row in (*panel.history, *panel.running)}
            running = [row.conversation.id for row in panel.running]
            self._unclosed = tuple(running) if len(running) > 1 else ()
            self._past = tuple(each for each in panel.ids if each not in self._unclosed)
            if before is not None:
                self.at = self._index_of(before)
        self._write()
        self.repaint()

    def add_rows(self, rows: Iterable[Row]) -> None:
        """Rows that were needed are read."""
        for row in rows:
            number = row.conversation.id
            self._rows[number] = row
            self._stale.discard(number)
            self._coming.discard(number)
        self.repaint()

    # the cursor

    @property
    def current(self) -> int | None:
        """The conversation under the hands; None while it is out of sight."""
        return self._walked(self.at) if self.in_sight else None

    @property
    def in_sight(self) -> bool:
        """Whether the row under the hands is seen."""
        return self.top <= self._line_of(self.at) < self.top + max(1, self.size.height)

    def by(self, count: int) -> None:
        """So many rows on. What lies between what is seen and the row under the hands is scrolled over."""
        line, height = self._line_of(self.at), max(1, self.size.height)
        if count > 0 and line >= self.top + height:
            self._scroll(min(self.top + count, line - height + 1))
        elif count < 0 and (line < self.top or self.at == 0):
            self._scroll(self.top + count)
        else:
            self.go(self.at + count)

    def go(self, index: int) -> bool:
        """To a row, or to the top with the first; whether that moved."""
        before = self.at, self.top
        self.at = max(0, min(index, len(self._unclosed) + len(self._past) - 1))
        if index <= 0:
            self.top = 0
        else:
            self.bring()
        if (self.at, self.top) == before:
            return False
        self.repaint()
        return True

    def bring(self) -> None:
        """Bring the row under the hands into sight, with its heading."""
        line = self._line_of(self.at)
        self._scroll(max(min(self.top, line - 1), line - max(1, self.size.height) + 1))

    def index_at(self, y: int) -> int | None:
        """Which row stands at a height; None where none does."""
        index = self._index_on(self.top + y)
        return index if index is not None and self._walked(index) is not None else None

    def mark(self, under_hands: bool) -> None:
        """Show the cursor and all there is, or a preview."""
        self.under_hands = under_hands
        if not under_hands:
            self.top = 0
        self._write()
        self.repaint()

    def tick(self) -> None:
        """A new minute: ages are written again."""
        self._write()
        self.repaint()

    def redraw(self) -> None:
        """Another size or theme."""
        self._write()
        super().redraw()

    def _scroll(self, top: int) -> None:
        lowest = self._line_of(len(self._unclosed) + len(self._past) - 1) - max(1, self.size.height) + 2
        self.top = max(0, min(top, lowest))
        self.repaint()

    # lines

    @property
    def _previewed(self) -> int:
        """Rows of the history that are shown while the hands are elsewhere."""
        from tui.widgets.customer_sheet import SHORT

        return len(self._unclosed) + min(SHORT, len(self._past))

    def _walked(self, index: int) -> int | None:
        running = len(self._unclosed)
        if index < running:
            return self._unclosed[index]
        return self._past[index - running] if index - running < len(self._past) else None

    def _index_of(self, conversation: int) -> int:
        every = (*self._unclosed, *self._past)
        return every.index(conversation) if conversation in every else 0

    def _line_of(self, index: int) -> int:
        """Below the sheet stands a heading, with rows that are not closed first, then an empty line and another heading."""
        running = len(self._unclosed)
        return len(self._sheet) + 1 + index + (2 if running and index >= running else 0)

    def _index_on(self, line: int) -> int | None:
        """Which row could stand on a line; None on a heading, the line above one, and the sheet."""
        unclosed, below = len(self._unclosed), line - len(self._sheet) - 1
        if below < 0 or (unclosed and unclosed <= below < unclosed + 2):
            return None
        return below - (2 if unclosed and below > unclosed else 0)

    def line(self, y: int) -> Strip:
        """A line of the panel."""
        at = y + self.top
        if self.panel is None or not self.size.width:
            return EMPTY
        if at < len(self._sheet):
            return self._sheet[at]
        heading = {0: "open" if self._unclosed else "history"}
        if self._unclosed and self._past:
            heading[len(self._unclosed) + 2] = "history"
        if (below := at - len(self._sheet)) in heading:
            return strip_of([(f" {heading[below]}", self.inks.faint)])
        index = self._index_on(at)
        if index is None or (not self.under_hands and index >= self._previewed):
            return EMPTY
        number = self._walked(index)
        if number is None:
            return EMPTY
        row = self._rows.get(number)
        if (row is None or number in self._stale) and not self._fetching:
            self._fetching = True
            self.call_later(self._fetch, index)
        return self._past_row(row, index == self.at and self.under_hands)

    def _fetch(self, index: int) -> None:
        """Ask for the rows around one that is missing. Who scrolls on asks for others in their place."""
        self._fetching = False
        around = (self._walked(each) for each in range(max(0, index - WINDOW // 4), index + WINDOW))
        wanted = {
            each for each in around if each is not None and (each not in self._rows or each in self._stale)
        }
        if not wanted <= self._coming:
            self._coming = wanted
            self.wants(sorted(wanted))

    def _past_row(self, row: Row | None, under: bool) -> Strip:
        inks, now, zone = self.inks, self._now(), self.frontdesk.seat.zone
        if row is None:
            return strip_of([(" …", inks.faint)])
        return _row(row, under, self.size.width - 1, inks, now, zone)

    def _write(self) -> None:
        self._sheet = []
        if self.panel is None or not self.size.width:
            return
        from tui.widgets.customer_sheet import Look, sheet

        seat = self.frontdesk.seat
        verbs = ("customer-same", "customer-different", "panel-again")
        join, different, again = (called(seat.keymap, "customer", verb) for verb in verbs)
        look = Look(
            self.size.width - 1,
            self.inks,
            self._now(),
            seat.zone,
            self.under_hands,
            join,
            different,
            again,
            called(seat.keymap, "list", "mailboxes"),
        )
        self._sheet = [*sheet(self.panel, look), EMPTY]


def _row(row: Row, under: bool, width: int, inks: Inks, now: Instant, zone: tzinfo) -> Strip:
    """One conversation: when, by which channel, about what, how it stands."""
    if under:
        inks = laid_on(inks, inks.cursor)
    here = row.conversation
    status = STANDING.get(here.status, "open")
    if here.status is Status.CLOSED:  # what was closed as usual needs no word
        why = here.closed_why or RESOLVED
        status = OUTCOMES[why].short if why in OUTCOMES and why != RESOLVED else ""
    subject = column(row.subject or "(no subject)", max(4, width - 11 - cells(status)))
    mark = channel_of(here.channel).mark
    ink = inks.text if here.status is Status.OPEN else inks.muted
    return strip_of(
        [
            ("▌" if under else " ", inks.accent if under else ink),
            (f"{since(here.last_at, now, zone):>6} {mark} {subject} ", ink),
            (status, inks.faint),
        ]
    )
