"""How far long work has come, in words: what is done of how much, how fast it goes, and how long it will take yet."""

from __future__ import annotations

from collections.abc import Callable

Reached = Callable[[str, int, int], None]
"""Hears how far work has come: what is being done ("Conversations"), and how many of how many."""


def unheard(_what: str, _done: int, _total: int) -> None:
    """Nobody asks how far it has come."""


TELLING = 1.0
"""Seconds after which a rate says something."""


def figure(number: int) -> str:
    """A number as people read it: "12 400", with spaces at which no line is broken."""
    return f"{number:,}".replace(",", "\u202f")


def seconds_left(done: int, total: int | None, seconds: float) -> int | None:
    """How many seconds it will take yet at the rate so far; None where nobody can know."""
    if total is None or not 0 < done <= total or seconds < TELLING:
        return None
    return round((total - done) * seconds / done)


def span(seconds: int) -> str:
    """Seconds as a clock shows them: "0:05", "1:20", "2:05:00"."""
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def in_short(done: int, total: int | None, seconds: float) -> str:
    """ "12 400 of 40 000 · 1:20 left"; without a total how many, and "" before the first."""
    if not done:
        return ""
    left = seconds_left(done, total, seconds)
    words = figure(done) if total is None or done > total else f"{figure(done)} of {figure(total)}"
    return words if left is None else f"{words} · {span(left)} left"


def in_full(done: int, total: int | None, seconds: float) -> str:
    """ "12 400 of 40 000 (31 %), 1 500 a second, 1:20 left"."""
    if not done:
        return ""
    parts = [figure(done)]
    if total is not None and done <= total:
        parts = [f"{figure(done)} of {figure(total)} ({100 * done // max(1, total)} %)"]
    if seconds >= TELLING:
        rate = done / seconds
        parts.append(
            f"{figure(round(rate))} a second" if rate >= 1 else f"{figure(round(60 * rate))} a minute"
        )
    left = seconds_left(done, total, seconds)
    if left is not None:
        parts.append(f"{span(left)} left")
    return ", ".join(parts)
