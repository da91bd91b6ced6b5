"""`frontdesk sla try` against a second opinion: told stories on disk, and stories nobody has told."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import main
from tests.clocks_by_second import DAYS, KINDS, STATUSES, judged, zulu

SCENARIOS = Path(__file__).parent / "scenarios"


def tried(path: Path) -> Any:
    """What the command prints about a scenario."""
    said = io.StringIO()
    with redirect_stdout(said):
        assert main.main(["sla", "try", str(path), "--json"]) == 0
    return json.loads(said.getvalue())


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_told_story_has_the_clocks_written_beside_it(path: Path) -> None:
    assert tried(path) == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def test_the_second_opinion_still_says_what_is_written() -> None:
    for path in sorted(SCENARIOS.glob("[a-f]*.toml")):
        assert judged(path) == json.loads(path.with_suffix(".json").read_text(encoding="utf-8")), path.stem


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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories())
def test_any_story_has_the_clocks_that_counting_every_second_gives(story: str, tmp_path: Path) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(story, encoding="utf-8")
    assert tried(path) == judged(path)
