"""Scenario files as hypothesis makes them up: any order of words and statuses, around the days on which clocks change."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from tests.clocks_by_second import DAYS, KINDS, STATUSES, zulu

# Shortly before the clocks change somewhere: Berlin, New York, Sydney, São Paulo; and an ordinary week.
WEEKS = (1711700000, 1729800000, 1709900000, 1712300000, 1728000000, 1540900000, 1518600000, 1362000000)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Sydney", "America/Sao_Paulo", "Asia/Kathmandu")
STEPS = (0, 1, 60, 600, 1800, 3600, 5400, 40_000, 86_400)


@st.composite
def stories(draw: st.DrawFn) -> str:
    """A scenario as a person might write it, in any order of words and statuses."""
    week = {}
    for day in draw(st.sets(st.sampled_from(DAYS), min_size=1)):
        cuts = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=4)))
        walls = [f"{cut // 4:02}:{cut % 4 * 15:02}" for cut in cuts[: len(cuts) // 2 * 2]]
        week[day] = [f"{a}-{b}" for a, b in zip(walls[::2], walls[1::2], strict=True)]
    spans = ", ".join(f"{day} = {json.dumps(said)}" for day, said in week.items())
    lines = ["[hours]", f'zone = "{draw(st.sampled_from(ZONES))}"', f"week = {{ {spans} }}", "[policy]"]
    for kind in draw(st.sets(st.sampled_from(KINDS[:4]), min_size=1)):
        lines.append(f'{kind} = "{draw(st.sampled_from(("45m", "90s", "2h", "8h", "1h30m", "25h")))}"')
    if draw(st.booleans()):
        lines.append(
            f"pause = {json.dumps(draw(st.lists(st.sampled_from(STATUSES), max_size=3, unique=True)))}"
        )
    at = draw(st.sampled_from(WEEKS)) + draw(st.integers(0, 5 * 86_400))
    words = (
        "customer",
        "reply",
        "customer",
        "reply",
        "note",
        "automatic",
        "promise",
        "kept",
        "follow-up",
        "done",
    )
    for what in draw(st.lists(st.sampled_from((*words, *STATUSES)), min_size=1, max_size=12)):
        at += draw(st.sampled_from(STEPS))
        lines += ["[[events]]", f"at = {zulu(at)}", f'what = "{what}"']
        if what in ("promise", "follow-up"):
            lines.append(f"due = {zulu(at + draw(st.sampled_from((1, 3600, 86_400))))}")
        if what == "follow-up":
            lines.append(f"anyway = {json.dumps(draw(st.booleans()))}")
    now = at + draw(st.sampled_from((*STEPS, -1800)))
    return "\n".join([f"now = {zulu(now)}", *lines])
