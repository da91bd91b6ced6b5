"""When a refused message is tried again: five days, longer and longer waits, and clocks that lie."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.retries import END_AFTER, LONGEST_WAIT, NOTICE_AFTER, NOTICE_TRIES, Retry, next_try
from tests.faults.clock import PinnedClock

MINUTE, HOUR, DAY = 60, 3600, 86400


def test_a_server_that_refuses_for_five_days_is_asked_again_and_again_then_given_up(
    clock: PinnedClock,
) -> None:
    first = clock()
    waits: list[int] = []
    noticed_at = None
    for attempts in range(1, 1000):
        retry = next_try(first, attempts, clock())
        if retry.notice and noticed_at is None:
            noticed_at = clock() - first
        if retry.at is None:
            break
        waits.append(retry.at - clock())
        clock.set(retry.at)

    assert waits[:6] == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE, 70 * MINUTE, 70 * MINUTE]
    assert noticed_at == 4 * HOUR
    assert 5 * DAY <= clock() - first <= 5 * DAY + LONGEST_WAIT
    assert retry == Retry(None, notice=True)


def test_a_clock_that_jumps_a_year_ahead_gives_nothing_up(clock: PinnedClock) -> None:
    first = clock()

    retry = next_try(first, 2, clock.advance(days=365))

    assert retry.at is not None
    assert retry.at - clock() <= LONGEST_WAIT
    assert not retry.notice


def test_a_clock_put_back_delays_no_mail_by_a_day(clock: PinnedClock) -> None:
    first = clock()
    planned = next_try(first, 1, clock()).at
    assert planned is not None

    clock.advance(days=-1)

    again = next_try(first, 2, clock())
    assert again.at is not None
    assert 0 < again.at - clock() <= LONGEST_WAIT
    assert not again.notice


@settings(deadline=None)
@given(st.integers(-(10**10), 10**10), st.integers(0, 10**6), st.integers(-(10**10), 10**10))
def test_a_next_try_is_always_soon_or_never(first: int, attempts: int, now: int) -> None:
    retry = next_try(first, attempts, now)

    if retry.at is None:
        assert now - first >= END_AFTER
    else:
        assert 5 * MINUTE <= retry.at - now <= LONGEST_WAIT
        assert retry.notice == (now - first >= NOTICE_AFTER and attempts >= NOTICE_TRIES)
