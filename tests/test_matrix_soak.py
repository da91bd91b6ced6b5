"""Line 50 of what must hold, made small: six screens for a minute while everything around them breaks.

The full length, and the figures: `python -m benchmarks.soak`. Here nothing is decided by how fast it was.
"""

from __future__ import annotations

import pytest

from benchmarks.soak.plan import Plan
from benchmarks.soak.whole import soak
from tests.servers.dovecot import need_dovecot


@pytest.mark.long
def test_50_six_screens_for_a_minute_lose_nothing_and_see_no_error() -> None:
    need_dovecot()
    told = soak(Plan(screens=6, rate=15, seconds=60, mails=500, old=300, hands=2, pace=1.5))
    assert told.amiss() == dict.fromkeys(told.amiss(), 0), told.table()
    done = told.ledger.counts
    assert done["screens killed"] + done["hands killed"] and done["workers killed"], told.table()
    assert done["changes by hands"] > 100 and told.ledger.answers and told.ledger.imported, told.table()
    assert told.times["bell to painted screen"], told.table()
