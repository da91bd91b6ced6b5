"""What clocks cost: one due time, and one conversation.

Run by hand: `python -m benchmarks.clock`. Ratios against a bare pair of bisections in the same run mean something;
microseconds are this machine's. What a new policy costs over a whole workspace: `benchmarks.policy_change`.
"""

from __future__ import annotations

import random
import statistics
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable

from inbox.hours import Hours
from inbox.ledger import ledger
from inbox.model import Happening
from inbox.policy import Policy, default_policies
from inbox.sla import Changes, clocks

NOW = 1_780_000_000
ROUNDS = 7
WORKDAYS = Hours(
    zone="Europe/Berlin", week=(((9 * 3600, 12 * 3600), (13 * 3600, 17 * 3600)),) * 5 + ((),) * 2
)


def conversation(seed: int) -> list[Happening]:
    """Six happenings over some days: a question, an answer, another question, and what was done meanwhile."""
    draw = random.Random(seed)
    at = NOW - draw.randrange(30 * 86400)
    story = []
    for what in ("customer", "reply", "waiting", "customer", "snoozed", "open"):
        story.append(Happening(at, what))
        at += draw.randrange(86400)
    return story


def microseconds(work: Callable[[], object], count: int) -> float:
    """The median of several rounds, for one of `count` pieces of work."""
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return statistics.median(spent) / count * 1e6


def main() -> None:
    """Print the table."""
    draw = random.Random(1)
    instants = [NOW + draw.randrange(300 * 86400) for _ in range(20_000)]
    edges = sorted(NOW + draw.randrange(300 * 86400) for _ in range(750))
    stories = [conversation(seed) for seed in range(5_000)]
    few = stories[:500]
    usual = default_policies(WORKDAYS)[-1]
    every = Policy(
        first_reply=8 * 3600, next_reply=8 * 3600, resolve=40 * 3600, update=16 * 3600, hours=WORKDAYS
    )
    WORKDAYS.add(NOW, 3600)

    bare = microseconds(
        lambda: [bisect_left(edges, bisect_right(edges, at)) for at in instants], len(instants)
    )
    rows: list[tuple[str, float]] = [
        ("a bare pair of bisections", bare),
        (
            "a due time: add",
            microseconds(lambda: [WORKDAYS.add(at, 28_800) for at in instants], len(instants)),
        ),
        (
            "a measure: between",
            microseconds(lambda: [WORKDAYS.between(NOW, at) for at in instants], len(instants)),
        ),
    ]

    def derived(policies: Policy | Changes) -> float:
        return microseconds(lambda: [clocks(each, policies, NOW) for each in stories], len(stories))

    rows += [
        ("a conversation of six happenings, two kinds", derived(usual)),
        ("a conversation of six happenings, four kinds", derived(every)),
        ("the same over a change of policy", derived([(0, usual), (NOW - 86400, every)])),
        (
            "the same with its ledger",
            microseconds(lambda: [ledger(each, every, NOW) for each in few], len(few)),
        ),
    ]
    print(f"{'what':45} {'µs':>9} {'x bare':>8}")
    for name, value in rows:
        print(f"{name:45} {value:9.2f} {value / bare:8.1f}")


if __name__ == "__main__":
    main()
