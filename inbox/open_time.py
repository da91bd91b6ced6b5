"""Open time as a number line: instants to counted seconds and back, by one bisection each (docs/clocks.md).

A zone is used only to turn wall times into instants. A wall time that does not exist is moved forward by the
gap; of one that exists twice the first is meant: both are what `fold=0` of PEP 495 says.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from inbox.model import Instant

Span = tuple[int, int]
"""One span of a day: from and to, in seconds of wall time since midnight (86 400 is the next midnight)."""

NEVER: Instant = 253402300799
"""9999-12-31T23:59:59Z: the deadline when a calendar does not open for long enough."""

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Outside these years a calendar counts as closed, so that no arithmetic runs away."""

_EARLIEST = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp())
_LATEST = int(datetime(LAST_YEAR, 12, 31, tzinfo=UTC).timestamp())
_DAY = timedelta(days=1)
_GROWING = threading.Lock()


class Timeline:
    """The open time of one calendar as a number line: each instant has a position on it, in open seconds.

    The years asked for are laid out once and kept; positions stay what they are when other years join. The
    origin is arbitrary: only differences mean something. Several threads may use one timeline.
    """

    def __init__(self, zone: str, spans_on: Callable[[date], Iterable[Span]]) -> None:
        """`spans_on` gives the spans of a date, none overlapping; `zone` says where they are wall times."""
        self.zone = ZoneInfo(zone)
        self._spans_on = spans_on
        self._line: _Line | None = None

    def position(self, at: Instant) -> int:
        """The open seconds from the origin to `at`."""
        line = self._line
        if line is None or not line.low <= at < line.high:
            line = self._reach(at)
            at = min(max(at, line.low), line.high)
        index = bisect_right(line.starts, at) - 1
        passed = at - line.starts[index]
        length = line.lengths[index]
        return line.before[index] + (passed if passed < length else length)

    def instant(self, position: int) -> Instant:
        """The first instant with this position, so a closing instant rather than the next opening.

        NEVER when the calendar has no such position before LAST_YEAR ends.
        """
        line = self._line or self._reach(0)
        while position > line.total:
            if line.last_year >= LAST_YEAR:
                return NEVER
            line = self._grow(line.last_year + 1)
        while position <= line.before[0]:
            if line.first_year <= FIRST_YEAR:
                return line.low
            line = self._grow(line.first_year - 1)
        index = bisect_left(line.before, position) - 1
        return line.starts[index] + position - line.before[index]

    def intervals(self, start: Instant, end: Instant) -> Iterator[tuple[Instant, Instant]]:
        """The open intervals between two instants, in order and cut to them."""
        self._reach(start)
        line = self._reach(end)
        for index in range(max(bisect_right(line.starts, start) - 1, 0), len(line.starts)):
            opening = line.starts[index]
            closing = min(opening + line.lengths[index], end)
            if opening >= end:
                return
            if closing > start:
                yield max(opening, start), closing

    def date_of(self, at: Instant) -> date:
        """The date on the calendar's wall at an instant."""
        return datetime.fromtimestamp(at, self.zone).date()

    def midnight_after(self, day: date) -> Instant:
        """The instant at which a date ends, as wall time."""
        return int((datetime(day.year, day.month, day.day, tzinfo=self.zone) + _DAY).timestamp())

    def _reach(self, at: Instant) -> _Line:
        """The line, grown to the year of `at`."""
        line = self._line or self._grow(datetime.fromtimestamp(min(max(at, _EARLIEST), _LATEST), UTC).year)
        while at < line.low and line.first_year > FIRST_YEAR:
            line = self._grow(line.first_year - 1)
        while at >= line.high and line.last_year < LAST_YEAR:
            line = self._grow(line.last_year + 1)
        return line

    def _grow(self, year: int) -> _Line:
        """The line with one more year at either end; unchanged when another thread was faster.

        The new line replaces the old one in one step, for those who read meanwhile.
        """
        with _GROWING:
            line = self._line
            if line is None:
                line = self._laid_out(self._year(year), 0, year, year)
            elif year == line.last_year + 1:
                line = self._laid_out(
                    [*line.intervals(), *self._year(year)], line.before[0], line.first_year, year
                )
            elif year == line.first_year - 1:
                earlier = self._year(year)
                origin = line.before[0] - sum(end - start for start, end in earlier)
                line = self._laid_out([*earlier, *line.intervals()], origin, year, line.last_year)
            self._line = line
            return line

    def _laid_out(
        self, intervals: list[tuple[Instant, Instant]], origin: int, first_year: int, last_year: int
    ) -> _Line:
        low = self._new_year(first_year)
        starts, lengths, before, position = [low], [0], [origin], origin
        for start, end in _joined(intervals):
            starts.append(start)
            lengths.append(end - start)
            before.append(position)
            position += end - start
        return _Line(
            starts, lengths, before, position, low, self._new_year(last_year + 1), first_year, last_year
        )

    def _year(self, year: int) -> list[tuple[Instant, Instant]]:
        """The open intervals of one year.

        The day before is looked at too, because zones have left out the last day of a year (Kiritimati in
        1994): what such a gap moves forward lies in the new year.
        """
        low, high = self._new_year(year), self._new_year(year + 1)
        found: list[tuple[Instant, Instant]] = []
        day = datetime(year - 1, 12, 31, tzinfo=self.zone)
        while day.year <= year:
            for opening, closing in self._spans_on(day.date()):
                # Adding to an aware datetime is wall arithmetic; timestamp() then applies the zone's rules.
                start = max(int((day + timedelta(seconds=opening)).timestamp()), low)
                end = min(int((day + timedelta(seconds=closing)).timestamp()), high)
                if start < end:
                    found.append((start, end))
            day += _DAY
        return _joined(sorted(found))

    def _new_year(self, year: int) -> Instant:
        return int(datetime(year, 1, 1, tzinfo=self.zone).timestamp())


class Unbroken(Timeline):
    """Always open: every second counts, and a position is the instant itself."""

    def __init__(self) -> None:
        super().__init__("UTC", lambda _day: ((0, 86400),))

    def position(self, at: Instant) -> int:
        """The instant itself."""
        return at

    def instant(self, position: int) -> Instant:
        """The position itself."""
        return position

    def intervals(self, start: Instant, end: Instant) -> Iterator[tuple[Instant, Instant]]:
        """The whole time."""
        if start < end:
            yield start, end


@dataclass(frozen=True, slots=True)
class _Line:
    """The years laid out so far. Entry 0 of the lists is empty, at `low`: each bisection finds one."""

    starts: list[Instant]
    lengths: list[int]
    before: list[int]  # the position at which each interval starts
    total: int  # the position at the end
    low: Instant  # the first instant of the first year
    high: Instant  # the first instant after the last year
    first_year: int
    last_year: int

    def intervals(self) -> Iterator[tuple[Instant, Instant]]:
        for start, length in zip(self.starts[1:], self.lengths[1:], strict=True):
            yield start, start + length


def _joined(intervals: Iterable[tuple[Instant, Instant]]) -> list[tuple[Instant, Instant]]:
    """Intervals in order of their start, made one where they touch or, after a gap in the zone, overlap."""
    joined: list[tuple[Instant, Instant]] = []
    for start, end in intervals:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
