"""The palette, the help, the search, and sheets that say more: the mail as it came, why a deadline is what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from inbox.errors import FrontdeskError
from inbox.model import Clock, Event, EventType
from inbox.pledges import quoted
from inbox.queries import Node
from inbox.text import one_line
from inbox.together import reasons
from tui.prompts import Option, Prompt
from tui.screens.part import Part
from tui.screens.shelf import Shown
from tui.times import ago, moment

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen
    from tui.screens.palette import Palette

LONGEST_RAW = 1_000_000
"""Bytes of a mail shown as it came."""


class Asking(Part):
    """Opens what is asked with words."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._palette: Palette | None = None

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"palette": self._ask_palette, "help": self._help, "search": self.search}

    def _ask_palette(self) -> None:
        if self._palette is None:
            from tui.screens.palette import Palette

            self._palette = Palette(self.screen)
        self._palette.ask()

    def _help(self) -> None:
        from tui.screens.known_keys import KnownKeys

        KnownKeys(self.screen).ask()

    # search

    def search(self) -> None:
        """Ask for a query; what it finds becomes a view."""

        def show(text: str, query: Node) -> None:
            nothing = f"Nothing fits {text!r}. / asks again, Esc goes back."
            self.screen.shelf.search(Shown("", f"Search: {text}", query, nothing))
            self.screen.go_to("list")

        self.ask_query("Search", "words, from:anna, tag:vip, is:late, before:2026-05, -not, a or b", show)

    def ask_query(self, question: str, hint: str, then: Callable[[str, Node], None]) -> None:
        """Ask for a query and go on with it, as it was written and as it was read; what is wrong with it is said beside
        it. `hint` stands there before anything is typed."""
        from inbox.queries import parse

        now, zone = self.seat.now(), self.seat.zone

        def preview(text: str) -> str:
            try:
                parse(text, now, zone)
            except FrontdeskError as error:
                return f"{error.what} {error.next_step}" if len(text) > 2 else ""
            return "" if text else hint

        def accept(answer: Option | str) -> None:
            text = str(answer)
            try:
                query = parse(text, now, zone)
            except FrontdeskError as error:
                self.screen.complain(error)
                return
            if text:
                then(text, query)

        self.screen.ask(Prompt(question, accept, preview=preview, free=True))

    # sheets

    def show_raw(self, raw: bytes | None, coming: int = 0) -> None:
        """The mail exactly as it came; what a terminal would obey is written out. Of a large one, `coming` is the size
        it is to have while only its beginning is here."""
        if raw is None:
            self.screen.say("This message has no mail behind it.")
            return
        text = raw[:LONGEST_RAW].decode("utf-8", "backslashreplace").replace("\r\n", "\n")
        lines = [_visible(line) for line in text.split("\n")]
        if len(raw) > LONGEST_RAW:
            lines.append(f"… and {len(raw) - LONGEST_RAW} bytes more")
        if coming:
            lines.append(f"… {coming - len(raw)} bytes more are still on their way")
        self.screen.conversation.show_sheet("The mail as it came", lines)
        self.screen.go_to("conversation")

    def show_why(self, found: tuple[Sequence[Clock], Sequence[Event], str]) -> None:
        """Why this deadline, span by span, or why it is a notice or out of sight, and why these messages are together."""
        clocks, events, about = found
        lines = [line for clock in clocks for line in self._clock(clock, events)]
        if not lines:
            lines = ["No clock runs here."]
        now, zone = self.seat.now(), self.seat.zone
        if any(event.type is EventType.NUDGING for event in events):
            from inbox.nudged import nudged

            nudges = nudged(events)
            if nudges is not None:
                words = nudges.under(self.seat.hours(), self.seat.sends_by_itself).in_words(
                    lambda at: moment(at, now, zone)
                )
                lines.append(f"{words[0].upper()}{words[1:]}.")
        if about:
            lines.append(one_line(about, 300))
        told = [f"  {moment(each.at, now, zone)}  {each.in_words}" for each in reasons(events)]
        if told:
            lines += ["", "Why these messages are together", *told]
        self.screen.conversation.show_sheet("Why", lines)
        self.screen.go_to("conversation")

    def _clock(self, clock: Clock, events: Sequence[Event]) -> Iterator[str]:
        now, zone = self.seat.now(), self.seat.zone
        name = clock.kind.value.replace("_", " ")
        due = f", due {moment(clock.due, now, zone)}" if clock.due is not None else ""
        yield f"{name}: {clock.state.value}{due}{quoted(clock, events)}"
        yield f"  started {moment(clock.started, now, zone)} ({ago(clock.started, now)})"
        if clock.target is not None and clock.taken is not None:
            yield f"  {_span(clock.taken)} of {_span(clock.target)} open time used"
        for row in clock.ledger:
            if row.end == row.start:
                yield f"    {moment(row.start, now, zone)}  {row.reason}"
                continue
            counted = f"counts {_span(row.counted)}" if row.counted else "does not count"
            yield f"    {moment(row.start, now, zone)} to {moment(row.end, now, zone)}  {counted}  {row.reason}"
        yield ""


def _span(seconds: int) -> str:
    # seconds, too, where there are any: else rows would not add up to what is said of the whole
    rest = f":{seconds % 60:02}" if seconds % 60 else ""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}{rest} h"


def _visible(line: str) -> str:
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in line)
