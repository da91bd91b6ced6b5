"""The report on the screen: the record is gone through on a thread of its own; a number leads to its conversations."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

from inbox.queries import Ids
from inbox.text import one_line
from tui.line.progress import told
from tui.screens.leading import Leading
from tui.times import moment
from tui.widgets.report_pane import ReportPane

if TYPE_CHECKING:
    from inbox.figures import Gathered, Table
    from inbox.model import Instant
    from inbox.ports import Workspace
    from tui.screens.inbox import InboxScreen

PLACE = "report"
SPANS = (90, 365, 7, 30)
"""Days, as one key goes through them."""


_ABOUT = {
    "goodwill": "goodwill",
    "asked": "feedback",
    "scores": "feedback",
    "score_average": "feedback",
}
"""Figures that have more to say than a number (`inbox.report_sections`)."""


class _Read(NamedTuple):
    """What was read of the record, the first table of it, and as of when."""

    gathered: Gathered
    table: Table
    at: Instant


class Report(Leading):
    """Shows the figures, by one grouping after the other."""

    place = PLACE

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.pane = ReportPane(self.detail)
        self._read: _Read | None = None
        self._tables: dict[str, Table] = {}
        self._details: dict[tuple[str, str, str | None], str] = {}  # said once: painting asks each time
        self._days = SPANS[0]
        self._stop: Event | None = None  # while the record is read: ends it
        self._from = "list"

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "report": self.open,
            "report-span": self._other_span,
            "report-again": self._gather,
            "next-grouping": lambda: self._group(1),
            "previous-grouping": lambda: self._group(-1),
            "figure-left": lambda: self._column(-1),
            "figure-right": lambda: self._column(1),
        }

    def _column(self, step: int) -> None:
        screen = self.screen
        pane = screen.activity.pane if screen.place == "activity" else self.pane
        pane.go_to_column(pane.column + step)

    # coming and going

    def open(self) -> None:
        """Show the report; the record is read the first time, and when it is asked for again."""
        screen = self.screen
        if not self.pane.is_attached:
            screen.mount(self.pane)
            self.pane.groupings = self._groupings
        if screen.place != PLACE:
            self._from = screen.place
        screen.go_to(PLACE)
        if self._read is None and self._stop is None:
            self._gather()

    def back(self) -> None:
        """Stop reading; when nothing is read, back to where it was opened."""
        if self._stop is not None:
            self._stop.set()
            self._stop = None
            self.pane.tell("")
            self.screen.say(f"Stopped. {self.called('report-again', PLACE)} reads it again.")
        else:
            self.screen.go_to(self._from)

    # reading

    def _gather(self) -> None:
        if self._stop is not None:
            self._stop.set()
        stop = self._stop = Event()
        days, by, now, zone, who = self._days, self.pane.by, self.seat.now(), self.seat.zone, self.seat.who
        background, begun, monotonic = self.background, self.seat.monotonic(), self.seat.monotonic
        self.pane.tell("Reading the record …")
        under_way = self.screen.under_way
        work = under_way.begin("reading the record", "for the report", lambda: self._give_up(stop), "")
        tell = under_way.teller(work)

        def ask(store: Workspace) -> _Read | None:
            from inbox.figures import gather
            from inbox.report_span import span_given

            def goes_on(done: int, total: int) -> bool:
                words = f"Reading the record: {told(done, total, monotonic() - begun)}. Esc stops."
                background.tell(self._hear, (stop, words))
                tell(done, total)
                return not stop.is_set() and not background.leaving

            span = span_given(f"{days}d", None, now, zone)
            gathered = gather(store, span, zone, now, who, None, goes_on)
            return None if gathered is None else _Read(gathered, gathered.table(by), now)

        def ended(read: _Read | None) -> None:
            under_way.end(work)
            self._found(read, stop)

        def failed() -> None:
            under_way.end(work)
            self._failed(stop)

        background.go_through("", ask, ended, failed)

    def _give_up(self, stop: Event) -> None:
        stop.set()
        self._failed(stop)

    def _hear(self, heard: tuple[Event, str]) -> None:
        stop, words = heard
        if stop is self._stop:
            self.pane.tell(words)

    def _found(self, read: _Read | None, stop: Event) -> None:
        if read is None or stop is not self._stop:
            return
        self._stop = None
        self._read, self._tables, self._details = read, {read.table.by: read.table}, {}
        start, now, zone = read.gathered.span.start, self.seat.now(), self.seat.zone
        self.pane.busy = ""
        self.pane.when = (
            f"{self._days} days, since {moment(start, now, zone)}; as of {moment(read.at, now, zone)}"
        )
        self._show()

    def _failed(self, stop: Event) -> None:
        if stop is self._stop:
            self._stop = None
            self.pane.tell("")

    def _other_span(self) -> None:
        self._days = SPANS[(SPANS.index(self._days) + 1) % len(SPANS)]
        self.screen.say(f"The last {self._days} days.")
        self._gather()

    # groupings

    @property
    def _groupings(self) -> tuple[str, ...]:
        """What figures are told by; of one person alone not by teammate."""
        from inbox.figures import GROUPINGS

        return tuple(each for each in GROUPINGS if each != "teammate" or not self.seat.alone)

    def _group(self, step: int) -> None:
        pane, groupings = self.pane, self._groupings
        pane.by = groupings[(groupings.index(pane.by) + step) % len(groupings)]
        self._show()

    def detail(self) -> str:
        """What stands behind goodwill and answers in the row under the hands, in one line; "" for all other figures."""
        from inbox.report_sections import in_one_line, section

        pane, read = self.pane, self._read
        about = _ABOUT.get(pane.figure.name)
        if about is None or read is None or pane.table is None or pane.current is None:
            return ""
        key = None if pane.current is pane.table.total else pane.current.key
        asked = about, pane.table.by, key
        if asked not in self._details:
            self._details[asked] = in_one_line(section(read.gathered, *asked))
        return self._details[asked]

    def _show(self) -> None:
        """Show the table of the grouping that is asked for, made now where it is not there yet."""
        by, read = self.pane.by, self._read
        if read is None:
            self.pane.repaint()
        elif by in self._tables:
            self.pane.show(self._tables[by])
        else:
            self.pane.repaint()
            self.background.go_through(
                "report-table", lambda _: read.gathered.table(by), lambda table: self._told(table, read)
            )

    def _told(self, table: Table, read: _Read) -> None:
        if read is self._read:
            self._tables[table.by] = table
            self._show()

    # from a number to its rows

    def look_into(self) -> None:
        """Open the list with exactly the conversations behind the figure under the hands."""
        pane, read = self.pane, self._read
        table, row, column, value = pane.table, pane.current, pane.figure, pane.value
        if read is None or table is None or row is None:
            return
        if not value:
            self.screen.say("There is nothing behind this one.")
            return
        key = None if row is table.total else row.key
        name = "" if key is None else f" · {table.by} {one_line(row.name, 60)}"
        self.background.go_through(
            "report-rows",
            lambda _: read.gathered.behind(table.by, key, column, value),
            lambda found: self._list(f"Report: {column.head}{name}", found),
        )

    def _list(self, label: str, found: tuple[int, ...]) -> None:
        if self.screen.place == PLACE:
            self.list_what(label, Ids(found), "They were joined with others meanwhile.")
