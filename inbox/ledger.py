"""Why a clock stands where it stands, row by row, in words that can be shown to a customer (docs/clocks.md).

The rows of a clock: how it started, each piece of time that counted, each hole with its reason, the deadline,
and the result. The counted seconds add up to the clock's `taken`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from inbox.listing import PROGRAMS
from inbox.model import Clock, ClockKind, ClockState, Happening, Instant, LedgerRow
from inbox.open_time import NEVER
from inbox.policy import Policy
from inbox.sla import Changes, clocks, policy_for, status_after

_STARTED = {
    ClockKind.FIRST_REPLY: ("customer", "the customer wrote for the first time"),
    ClockKind.NEXT_REPLY: ("customer", "the customer wrote again"),
    ClockKind.RESOLVE: ("customer reply", "the conversation began"),
    ClockKind.UPDATE: ("reply", "we wrote to the customer"),
    ClockKind.PROMISE: ("promise", "promised to the customer"),
    ClockKind.FOLLOW_UP: ("follow-up", "follow-up set"),
}
_MET = {"reply": "we replied", "closed": "closed", "kept": "promise kept", "done": "follow-up done"}
_MET_BY = {
    ClockKind.FIRST_REPLY: "reply",
    ClockKind.NEXT_REPLY: "reply",
    ClockKind.RESOLVE: "closed",
    ClockKind.UPDATE: "reply closed",
    ClockKind.PROMISE: "kept",
    ClockKind.FOLLOW_UP: "done",
}
_PAUSED = {
    "open": "paused while open",
    "waiting": "paused: waiting for the customer",
    "held": "paused: held for somebody else",
    "snoozed": "paused: snoozed",
    "closed": "paused: the conversation was closed",
    "spam": "paused: marked as spam",
}
_DEADLINE = {ClockKind.PROMISE: "the instant promised", ClockKind.FOLLOW_UP: "to be followed up"}
_HOURS = {"open": "opening hours", "closed": "outside opening hours"}
_RESULT = {
    ClockState.RUNNING: "now: still running",
    ClockState.PAUSED: "now: paused, without a deadline",
    ClockState.BREACHED: "now: past the deadline and still running",
    ClockState.MOVED: "moved by a later promise",
    ClockState.CANCELLED: "cancelled: the customer wrote",
}


def ledger(happenings: Iterable[Happening], policies: Policy | Changes, now: Instant) -> tuple[Clock, ...]:
    """What `inbox.sla.clocks` answers, each clock with its rows."""
    past = sorted((each for each in happenings if each.at <= now), key=lambda each: each.at)
    standings = _standings(past, now)
    return tuple(
        replace(clock, ledger=tuple(_rows(clock, policy_for(clock, policies, now), past, standings, now)))
        for clock in clocks(past, policies, now)
    )


def clock_object(clock: Clock) -> dict[str, object]:
    """A clock as JSON shows it, without its rows: UTC times, whole seconds."""
    return {
        "kind": clock.kind.value,
        "state": clock.state.value,
        "started": iso(clock.started),
        "due": iso(clock.due),
        "met": iso(clock.met),
        "target_s": clock.target,
        "taken_s": clock.taken,
        "margin_s": clock.margin,
        "breached_at": iso(clock.breached_at),
    }


def row_objects(clock: Clock) -> list[dict[str, object]]:
    """The rows of a clock as JSON shows them."""
    return [
        {"from": iso(row.start), "to": iso(row.end), "counted_s": row.counted, "reason": row.reason}
        for row in clock.ledger
    ]


def iso(at: Instant | None) -> str | None:
    """`2013-03-21T10:30:00Z`; None for None."""
    if at is None:
        return None
    return datetime.fromtimestamp(min(at, NEVER), UTC).isoformat().replace("+00:00", "Z")


Standing = tuple[Instant, Instant, str, str]
"""From when to when a conversation had which status, and who gave it that."""


def _standings(past: Sequence[Happening], now: Instant) -> list[Standing]:
    """The statuses of a conversation one after the other, until `now`."""
    if not past:
        return []
    turns = [(past[0].at, "open", "")]
    for happening in past:
        status = status_after(turns[-1][1], happening.what)
        if status != turns[-1][1]:
            turns.append((happening.at, status, happening.by))
    ends = [*(later[0] for _, later in pairwise(turns)), now]
    return [(start, end, status, by) for (start, status, by), end in zip(turns, ends, strict=True)]


def _rows(
    clock: Clock, policy: Policy, past: Sequence[Happening], standings: Sequence[Standing], now: Instant
) -> Iterator[LedgerRow]:
    """The rows of one clock in the order of time; what happens at an instant has a row of no length."""
    end, result = _end(clock, past, now)
    yield LedgerRow(clock.started, clock.started, 0, _start(clock, past))
    pieces = list(_pieces(clock, policy, standings, end)) if clock.taken is not None else []
    deadline = clock.due if clock.due is not None else clock.breached_at
    if deadline is not None and deadline <= end:
        yield from _joined(_cut(pieces, clock.started, deadline))
        yield LedgerRow(deadline, deadline, 0, _DEADLINE.get(clock.kind, "the deadline"))
        yield from _joined(_cut(pieces, deadline, end))
        yield LedgerRow(end, end, 0, result)
    else:
        yield from _joined(pieces)
        yield LedgerRow(end, end, 0, result)
        if deadline is not None:
            yield LedgerRow(deadline, deadline, 0, _DEADLINE.get(clock.kind, "the deadline"))


def _pieces(clock: Clock, policy: Policy, standings: Sequence[Standing], end: Instant) -> Iterator[LedgerRow]:
    """The life of a clock cut by status and opening hours."""
    pauses = {
        ClockKind.RESOLVE: policy.resolve_pauses,
        ClockKind.UPDATE: policy.update_pauses,
    }.get(clock.kind, policy.reply_pauses)
    for since, until, status, by in standings:
        start, stop = max(since, clock.started), min(until, end)
        if start >= stop:
            continue
        if status in pauses:
            yield LedgerRow(start, stop, 0, _by(_PAUSED[status], by))
            continue
        for stretch in policy.hours.spans(start, stop):
            counted = stretch.end - stretch.start if stretch.is_open else 0
            yield LedgerRow(stretch.start, stretch.end, counted, _HOURS.get(stretch.reason, stretch.reason))


def _cut(pieces: Iterable[LedgerRow], start: Instant, end: Instant) -> Iterator[LedgerRow]:
    """The part of the pieces between two instants."""
    for piece in pieces:
        first, last = max(piece.start, start), min(piece.end, end)
        if first < last:
            yield LedgerRow(first, last, last - first if piece.counted else 0, piece.reason)


def _joined(pieces: Iterable[LedgerRow]) -> Iterator[LedgerRow]:
    """Neighbours that say the same are one row."""
    row: LedgerRow | None = None
    for piece in pieces:
        if row is not None and row.reason == piece.reason:
            row = LedgerRow(row.start, piece.end, row.counted + piece.counted, row.reason)
            continue
        if row is not None:
            yield row
        row = piece
    if row is not None:
        yield row


def _start(clock: Clock, past: Sequence[Happening]) -> str:
    whats, words = _STARTED[clock.kind]
    cause = _found(past, clock.started, whats.split())
    if cause is None:
        return "the import: nothing is late by being imported"
    return _by(words, cause.by)


def _end(clock: Clock, past: Sequence[Happening], now: Instant) -> tuple[Instant, str]:
    """The instant up to which a clock is told, and what happened there."""
    if clock.met is not None:
        event = _found(past, clock.met, _MET_BY[clock.kind].split())
        words = _by(_MET[event.what], event.by) if event is not None else "met"
        return clock.met, f"{words}: {'in time' if clock.state is ClockState.MET else 'late'}"
    if clock.state in (ClockState.MOVED, ClockState.CANCELLED):
        own = next(
            number
            for number, each in enumerate(past)
            if each.at == clock.started and each.due == clock.due and each.what in _STARTED[clock.kind][0]
        )
        what = "promise" if clock.state is ClockState.MOVED else "customer"
        cause = next(each for each in past[own + 1 :] if each.what == what)
        return cause.at, _by(_RESULT[clock.state], cause.by)
    return now, _RESULT[clock.state]


def _found(past: Sequence[Happening], at: Instant, whats: Sequence[str]) -> Happening | None:
    return next((each for each in past if each.at == at and each.what in whats), None)


def _by(words: str, who: str) -> str:
    """With who did it, where that is a person: of "sync" or "clock" no customer ever heard."""
    return f"{words} ({who})" if who and who not in PROGRAMS else words
