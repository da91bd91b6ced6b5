"""`frontdesk sla try` against a second opinion: told stories on disk, and stories nobody has told."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import main
from tests.clocks_by_second import judged
from tests.told_scenarios import stories

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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories())
def test_any_story_has_the_clocks_that_counting_every_second_gives(story: str, tmp_path: Path) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text(story, encoding="utf-8")
    assert tried(path) == judged(path)
