"""One clock at a time: what has passed, when it is due, and how it ended (docs/clocks.md).

Reply, resolve and update clocks are reckoned in *own time*: open time without the pauses, which stands still
while a clock is paused. A clock that starts at own time b is due when own time reaches b + target. Promises
and follow-ups are instants.
"""

from __future__ import annotations

from inbox.model import Clock, ClockKind, ClockState, Happening, Instant
from inbox.open_time import Timeline
from inbox.policy import Policy

RUNNING, PAUSED, MET, MISSED, BREACHED, MOVED, CANCELLED = ClockState


class Lane:
    """Clocks that pause alike and follow one another: at most one of them is unmet at any instant.

    `position` everywhere is the position of the instant `at` on the calendar's timeline.
    """

    lost = 0  # open time spent in pauses: own time is position - lost
    stopped = 0  # while paused: the own time at which it stands
    resumed: Instant = -1 << 62  # when it last went on after a pause
    kind: ClockKind | None = None  # of the unmet clock; None: there is none
    started: Instant = 0
    begin = 0  # own time at the start
    target = 0
    breach: Instant | None = None
    history: Instant | None = None  # the import from which it counts when it is unmet there

    def __init__(self, timeline: Timeline, pauses: frozenset[str]) -> None:
        self.timeline = timeline
        self.pauses = pauses
        self.paused = "open" in pauses  # a conversation is open at its first event

    def start(self, kind: ClockKind, target: int | None, happening: Happening, position: int) -> None:
        """Start a clock, unless the policy has none of this kind."""
        if target is not None:
            self.kind = kind
            self.target = target
            since = happening.history_since
            self.history = since if since is not None and since > happening.at else None
            self.begins(happening.at, position)

    def begins(self, at: Instant, position: int) -> None:
        """Count from here."""
        self.started = at
        self.begin = self.own(position)
        self.breach = None

    def own(self, position: int) -> int:
        """The own time."""
        return self.stopped if self.paused else position - self.lost

    def turn(self, is_pause: bool, at: Instant, position: int) -> None:
        """Pause or go on."""
        if is_pause is self.paused:
            return
        if is_pause:
            self.stopped = position - self.lost
            # A run of no length cannot be late: nobody ever saw it.
            if self.kind is not None and self.breach is None and at > self.resumed:
                self.find_breach(at)
        else:
            self.lost = position - self.stopped
            self.resumed = at
        self.paused = is_pause

    def find_breach(self, at: Instant) -> Instant:
        """The deadline of the running clock; when `at` lies past it, it is a breach for good."""
        due = self.timeline.instant(self.begin + self.target + self.lost)
        if at > due:
            self.breach = due
        return due

    def met(self, at: Instant, position: int) -> Clock:
        """The clock as it stands when it is met now."""
        assert self.kind is not None
        due = self.breach
        if due is None and not self.paused:
            due = self.find_breach(at)
        taken = self.own(position) - self.begin
        state = MET if self.breach is None else MISSED
        return Clock(
            self.kind, state, self.started, due, at, self.target, taken, self.target - taken, self.breach
        )

    def unmet(self, now: Instant, position: int, policy: Policy) -> Clock:
        """The clock as it stands at `now`, when it is not met."""
        assert self.kind is not None
        taken = self.own(position) - self.begin
        margin = self.target - taken
        if self.paused:
            return Clock(self.kind, PAUSED, self.started, None, None, self.target, taken, margin, self.breach)
        due = self.breach if self.breach is not None else self.find_breach(now)
        state = RUNNING if self.breach is None else BREACHED
        warn_at = _before(due, policy.warning(self.target), self.started, self.timeline)
        return Clock(
            self.kind, state, self.started, due, None, self.target, taken, margin, self.breach, warn_at
        )


class Pledge:
    """A promise or a follow-up: an instant, which nothing pauses."""

    __slots__ = ("aim", "anyway", "due", "end", "ended", "kind", "started")

    def __init__(self, kind: ClockKind, happening: Happening) -> None:
        assert happening.due is not None
        self.kind = kind
        self.started = happening.at
        self.due = happening.due
        self.aim = happening.aim
        self.anyway = happening.anyway
        self.end: ClockState | None = None  # MET, MOVED or CANCELLED; None while it is open
        self.ended: Instant = 0

    def ends(self, end: ClockState, at: Instant) -> None:
        """It is kept or done (MET), moved or cancelled."""
        self.end = end
        self.ended = at

    def clock(self, now: Instant, policy: Policy) -> Clock:
        """As it stands at `now`."""
        until = now if self.end is None else self.ended
        breach = self.due if until > self.due else None
        if self.end in (MOVED, CANCELLED):
            return Clock(self.kind, self.end, self.started, self.due, None, None, None, None, breach)
        margin = self.due - until
        if self.end is MET:
            state = MET if breach is None else MISSED
            return Clock(self.kind, state, self.started, self.due, until, None, None, margin, breach)
        state = RUNNING if breach is None else BREACHED
        wanted = self.due if self.aim is None else self.aim
        warning = policy.warning(policy.hours.between(self.started, wanted))
        warn_at = _before(wanted, warning, self.started, policy.hours.timeline)
        return Clock(
            self.kind, state, self.started, self.due, None, None, None, margin, breach, warn_at, self.aim
        )


def _before(due: Instant, warning: int, started: Instant, timeline: Timeline) -> Instant:
    """The instant `warning` open seconds before a deadline, but not before the clock started."""
    return max(started, timeline.instant(timeline.position(due) - warning))
