"""What stands at the right of the hint line, and everything that ticks: once a minute, except while a reply waits.

Clocks in the list change once a minute, on the minute. The undo window is counted down in steps that grow finer
towards its end. Nothing else writes to the terminal by itself.
"""

from __future__ import annotations

from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING

from textual.timer import Timer

from inbox.text import one_line
from tui.screens.alerts import Alerts
from tui.screens.part import Part
from tui.screens.shelf import MANY
from tui.times import moment

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.pace import Pace
    from tui.screens.inbox import InboxScreen

STEPS = (3600, 600, 300, 120, 60, 30, 20, 15, 10, 8, 6, 5, 4, 3, 2, 1)
"""Seconds left of an undo window that are shown."""

CALM = 1.0
"""Seconds between two minutes at least, however fast the clock of a rehearsal runs."""

WIDE_ENOUGH, ROOMY = 100, 130
"""Columns from which the pace has room, and from which all of it has."""


class Status(Part):
    """The state at the right, and the timers."""

    late = 0
    upgraded = False  # by a newer Frontdesk, while this one was open
    names = 0  # in chats, that nobody has said of whose they are
    pace: Pace | None = None
    _leaves_at: Instant | None = None
    _timer: Timer | None = None

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.alerts = Alerts(screen)

    def begin(self) -> None:
        """Start ticking."""
        self._next_minute()
        self.screen.set_interval(self.seat.pace.presence, self._look_around)
        self.show()

    def _look_around(self) -> None:
        if self.upgraded:
            return
        self.background.read("upgraded", lambda store: store.upgraded(), self._see_upgrade)
        self.screen.reading.look_around()
        self.screen.mailboxes.look()

    def _see_upgrade(self, upgraded: bool) -> None:
        if upgraded:
            self.upgraded = True
            self.show()

    def _next_minute(self) -> None:
        left = (60.5 - self.seat.now() % 60) / self.seat.speed
        self.screen.set_timer(max(CALM, left), self._minute)

    def _minute(self) -> None:
        self.screen.list.tick()
        self.screen.conversation.tick()
        self.screen.customer.tick()
        self.screen.shelf.look()
        self.screen.together.minute()
        self.alerts.look()
        if self.seat.speed != 1:
            self.show()
        self._next_minute()

    # the undo window

    def count_down(self, leaves_at: Instant) -> None:
        """A reply leaves at `leaves_at`: count down to it."""
        self._leaves_at = leaves_at
        self._count()

    def stop_counting(self) -> None:
        """It was taken back."""
        self._leaves_at = None
        self.show()

    @property
    def _left(self) -> int:
        """Seconds of whoever sits here until the reply leaves."""
        if self._leaves_at is None:
            return 0
        return ceil((self._leaves_at - self.seat.now()) / self.seat.speed)

    def _count(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        left = self._left
        if left <= 0:
            self._leaves_at = None
        else:
            following = next((step for step in STEPS if step < left), 0)
            self._timer = self.screen.set_timer(max(1, left - following), self._count)
        self.show()

    # the line

    def _pace(self, pace: Pace) -> str:
        """ "140 due by 17:00 · 3 here · 6 an hour each"; the first alone where there is little room."""
        by = f"{pace.due}{'+' if pace.due >= MANY else ''} due by {moment(pace.closes, self.seat.now(), self.seat.zone)}"
        if self.screen.size.width < ROOMY:
            return by
        here = "" if self.seat.alone else f" · {pace.here} here"
        return f"{by}{here} · {pace.each} an hour{'' if pace.here == 1 else ' each'}"

    def show(self) -> None:
        """Write the state anew."""
        parts: list[str] = []
        if self.upgraded:
            again = "" if self.screen.is_narrow else ", then start it again; drafts are kept"
            parts.append(f"Frontdesk was upgraded: {self.called('quit')} leaves{again}")
        if (left := self._left) > 0:
            parts.append(f"sends in {left} s, {self.called('undo')} takes it back")
        begun = type(self.screen).under_way.is_there(self.screen)  # else nothing was begun yet
        if begun and (words := self.screen.under_way.in_short):
            parts.append(words)
        if words := self.screen.mailboxes.in_short:
            parts.append(words)
        if self.names:
            names = "1 name" if self.names == 1 else f"{self.names} names"
            ask = "?" if self.screen.is_narrow else " in chats: ours or theirs?"
            parts.append(f"{names}{ask} {self.called('names')}")
        if self.pace is not None and self.screen.size.width >= WIDE_ENOUGH:
            parts.append(self._pace(self.pace))
        if not self.seat.alone:
            calls = self.screen.views.counts.get("for-me", 0)
            if calls and not self.screen.is_wide:  # where the views stand beside the list, they say so
                key = "" if self.screen.is_narrow else f" ({self.called('view-4')})"
                parts.append(f"{calls} for you{key}")
            parts.append(one_line(self.seat.who.name, 20))
        if self.late:
            parts.append(f"{self.late} late")
        if self.seat.speed != 1:
            here = datetime.fromtimestamp(self.seat.now(), self.seat.zone)
            parts.append(f"{here:%a %H:%M} at {self.seat.speed:g}x")
        trip = self.screen.keyboard.round_trip
        if trip >= 0.03:
            parts.append(f"line {round(trip * 100) * 10} ms")
        state = " · ".join(parts)
        if state != self.screen.hints.state:
            self.screen.hints.state = state
            self.screen.hints.repaint()
