"""A second opinion on the clocks: every second of a year and a half is one byte, open or not, and is counted.

Written from the rules in words (docs/clocks.md) and not from `inbox`, of which it imports nothing: `frontdesk sla try`
has to say the same. It is slow and has no arithmetic that could be clever.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Told = dict[str, Any]
KINDS = ("first_reply", "next_reply", "resolve", "update", "promise", "follow_up")
STATUSES = ("open", "waiting", "held", "snoozed", "closed", "spam")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNITS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}


class Seconds:
    """One byte for each second from `first` on: 1 where the office is open."""

    def __init__(self, hours: Any, first: int, days: int) -> None:
        self.first = first - 3 * 86_400
        self.open = bytearray((days + 6) * 86_400)
        if hours == "always":
            self.open[:] = b"\1" * len(self.open)
            return
        zone = ZoneInfo(hours["zone"])
        closed = {date.fromisoformat(str(day)) for day in hours.get("holidays", [])}
        if "country" in hours:
            import holidays

            known = holidays.country_holidays(hours["country"], subdiv=hours.get("region"))
        else:
            known = None
        special = {date.fromisoformat(str(day)): spans for day, spans in hours.get("openings", {}).items()}
        day = datetime.fromtimestamp(self.first, zone).date()
        for _ in range(days + 5):
            spans = hours["week"].get(DAYS[day.weekday()], [])
            if day in closed or (known is not None and day in known):
                spans = []
            spans = special.get(day, spans)
            for span in spans:
                begins, ends = (self._instant(day, wall, zone) for wall in span.split("-"))
                a, b = max(0, begins - self.first), max(0, ends - self.first)
                if a < b:
                    self.open[a:b] = b"\1" * (b - a)
            day += timedelta(days=1)

    @staticmethod
    def _instant(day: date, wall: str, zone: ZoneInfo) -> int:
        hour, minute = (int(part) for part in wall.split(":"))
        if hour == 24:
            day, hour = day + timedelta(days=1), 0
        # fold=0 is the first of two, and takes the offset before a gap: forward by the gap.
        return int(datetime.combine(day, time(hour, minute, fold=0), zone).astimezone(UTC).timestamp())

    def between(self, start: int, end: int) -> int:
        """How many seconds are open from `start` up to and without `end`."""
        return self.open.count(1, start - self.first, max(start, end) - self.first)

    def after(self, start: int, seconds: int) -> int:
        """The end of the open second that is the `seconds`-th from `start` on; `start` itself for none."""
        if seconds == 0:
            return start
        at = start - self.first
        while (some := self.open.count(1, at, at + 3600)) < seconds:
            seconds -= some
            at += 3600
            assert at < len(self.open), "the scenario needs more days"
        while seconds:
            seconds -= self.open[at]
            at += 1
        return at + self.first


class Clock:
    """One clock that can stand still; or, with `fixed`, an instant."""

    def __init__(self, kind: str, at: int, target: int | None, fixed: int | None = None) -> None:
        self.kind, self.started, self.target, self.fixed = kind, at, target, fixed
        self.taken = 0
        self.due: int | None = fixed
        self.breached: int | None = None
        self.met: int | None = None
        self.over = ""  # moved, cancelled
        self.running = False
        self.since = at
        self.stands_at: int | None = None  # paused exactly when it was due: from here it moves
        self.final_due: int | None = None
        self.anyway = False

    def pass_to(self, at: int, seconds: Seconds) -> None:
        """Let time pass until `at`."""
        if self.met is not None or self.over:
            return
        if self.fixed is not None:
            if at > self.fixed and self.breached is None:
                self.breached = self.fixed
            return
        if self.running:
            self.taken += seconds.between(self.since, at)
            if self.breached is None and self.due is not None and at > self.due:
                self.breached = self.due
        self.since = at

    def run(self, at: int, running: bool, seconds: Seconds) -> None:
        """Go on or stand still from `at` on."""
        if self.fixed is not None or self.target is None or self.met is not None or running == self.running:
            return
        self.running, self.since = running, at
        if not running:
            if self.breached is None and self.due == at and self.target == self.taken:
                self.stands_at = at
            self.due = None
        elif self.breached is not None:
            self.due = self.breached
        elif self.stands_at is not None:
            self.due = seconds.after(self.stands_at, seconds.between(self.stands_at, at))
            self.stands_at = None
        else:
            self.due = seconds.after(at, self.target - self.taken)

    def meet(self, at: int) -> None:
        """Met at this instant."""
        self.final_due = self.breached if self.breached is not None else self.due
        self.met = at
        if self.running and self.breached is None and self.due == at and self.target == self.taken:
            self.stands_at = at
        self.running = False

    def told(self, now: int) -> Told:
        """The object that `--json` prints."""
        due = self.due if self.met is None else self.final_due
        if self.over:
            state = self.over
        elif self.met is not None:
            state = "missed" if self.breached is not None else "met"
        elif self.fixed is None and not self.running:
            state = "paused"
        else:
            state = "breached" if self.breached is not None else "running"
        if self.fixed is not None:
            until = self.met if self.met is not None else now
            margin = None if self.over else self.fixed - until
            target = taken = None
        else:
            assert self.target is not None
            target, taken, margin = self.target, self.taken, self.target - self.taken
        return {
            "kind": self.kind,
            "state": state,
            "started": zulu(self.started),
            "due": zulu(due),
            "met": zulu(self.met),
            "target_s": target,
            "taken_s": taken,
            "margin_s": margin,
            "breached_at": zulu(self.breached),
        }


def zulu(at: int | None) -> str | None:
    """An instant as it is printed."""
    return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def length(said: str) -> int:
    """`1h30m` in seconds."""
    total, number = 0, ""
    for sign in said.replace(" ", ""):
        if sign.isdigit():
            number += sign
        else:
            total += int(number) * UNITS[sign]
            number = ""
    return total


def instant(value: datetime) -> int:
    """Whole seconds of the epoch."""
    assert value.tzinfo is not None
    return int(value.timestamp() // 1)


class Office:
    """One conversation, told event by event."""

    def __init__(self, scenario: Told) -> None:
        self.now = instant(scenario["now"])
        policy = scenario["policy"]
        self.name = policy.get("name", "default")
        self.targets = {kind: length(policy[kind]) for kind in KINDS[:4] if kind in policy}
        said = policy.get("pause")
        always = {"closed", "spam"}
        self.pauses = {
            kind: always | set(said if said is not None else default)
            for kind, default in (
                ("first_reply", ()),
                ("next_reply", ()),
                ("resolve", ("waiting", "held")),
                ("update", ("waiting",)),
            )
        }
        events = sorted(scenario.get("events", []), key=lambda event: instant(event["at"]))
        self.events = [event for event in events if instant(event["at"]) <= self.now]
        first = instant(self.events[0]["at"]) if self.events else self.now
        days = (self.now - first) // 86_400 + 420
        self.seconds = Seconds(scenario["hours"], first, days)
        self.clocks: list[Clock] = []
        self.status = "open"
        self.seen: list[str] = []
        self.unanswered = False

    def ongoing(self, *kinds: str) -> list[Clock]:
        return [
            clock for clock in self.clocks if clock.kind in kinds and clock.met is None and not clock.over
        ]

    def start(self, kind: str, at: int) -> None:
        if kind in self.targets:
            clock = Clock(kind, at, self.targets[kind])
            self.clocks.append(clock)
            clock.run(at, self.status not in self.pauses[kind], self.seconds)

    def become(self, status: str, at: int) -> None:
        was, self.status = self.status, status
        if status == "closed":
            for clock in self.ongoing("resolve", "update"):
                clock.meet(at)
        if was in ("closed", "spam") and status not in ("closed", "spam"):
            for clock in self.clocks:
                if clock.kind == "resolve" and clock.met is not None:
                    clock.met, clock.due = None, None
        for clock in self.ongoing(*KINDS[:4]):
            clock.run(at, status not in self.pauses[clock.kind], self.seconds)

    def happen(self, event: Told) -> None:
        at, what = instant(event["at"]), event["what"]
        for clock in self.clocks:
            clock.pass_to(at, self.seconds)
        if what == "customer":
            if self.status not in ("open", "spam"):
                self.become("open", at)
            for clock in self.ongoing("follow_up"):
                if not clock.anyway:
                    clock.over = "cancelled"
            replied = any(e == "reply" for e in self.seen)
            if not self.unanswered:
                self.start("next_reply" if replied else "first_reply", at)
            self.unanswered = True
            self.begin(at)
        elif what == "reply":
            for clock in self.ongoing("first_reply", "next_reply", "update"):
                clock.meet(at)
            self.unanswered = False
            self.begin(at)
            if self.status != "closed":
                self.start("update", at)
        elif what in STATUSES:
            self.become(what, at)
        elif what == "promise":
            for clock in self.ongoing("promise"):
                assert clock.fixed is not None
                if at < clock.fixed:
                    clock.over = "moved"
            self.clocks.append(Clock("promise", at, None, instant(event["due"])))
        elif what == "follow-up":
            clock = Clock("follow_up", at, None, instant(event["due"]))
            clock.anyway = event.get("anyway", False)
            self.clocks.append(clock)
        elif what in ("kept", "done"):
            for clock in self.ongoing("promise" if what == "kept" else "follow_up")[:1]:
                clock.meet(at)
        self.seen.append(what)

    def begin(self, at: int) -> None:
        if not any(e in ("customer", "reply") for e in self.seen):
            self.start("resolve", at)

    def told(self) -> Told:
        for event in self.events:
            self.happen(event)
        for clock in self.clocks:
            clock.pass_to(self.now, self.seconds)
        clocks = sorted(self.clocks, key=lambda clock: (clock.started, KINDS.index(clock.kind)))
        told = [clock.told(self.now) for clock in clocks]
        dues = [one["due"] for one in told if one["state"] in ("running", "breached")]
        return {"clocks": told, "next_due": min(dues, default=None), "policy": self.name}


def judged(path: Path) -> Told:
    """What `frontdesk sla try FILE --json` has to print."""
    return Office(tomllib.loads(path.read_text(encoding="utf-8"))).told()
