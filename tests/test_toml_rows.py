"""Rows of settings.toml that are changed for people: nothing else in the file is touched."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.toml_rows import ByHand, with_row, with_value, without_row

WRITTEN = '''# ours
us = ["@shop.example"]  # all of us

[[team]]  # the boss
name = "anna" # since 2019
role = "owner"   # never "agent" # she said
# Bo comes on Mondays
[[team]]
name = "bo"
away = [
  2026-12-24,  # the eve
  "2026-12-27..2027-01-03",
]
skills = ["returns"]

# opening hours
[hours]
zone = "Europe/Vienna"'''


def test_a_row_is_added_below_the_others_and_all_else_stays() -> None:
    new = with_row(WRITTEN, "team", {"name": "tim", "role": "trainee"})
    assert new == WRITTEN.replace(
        'skills = ["returns"]\n', 'skills = ["returns"]\n\n[[team]]\nname = "tim"\nrole = "trainee"\n'
    )


def test_a_first_row_goes_to_the_end_of_the_file() -> None:
    assert with_row("", "team", {"name": "anna"}) == '[[team]]\nname = "anna"\n'
    assert with_row("a = 1", "team", {"name": "anna"}) == 'a = 1\n\n[[team]]\nname = "anna"\n'
    assert with_row("# none\n\n", "team", {"name": "anna"}).startswith('# none\n\n[[team]]\nname = "anna"\n')


def test_a_value_is_changed_and_what_is_said_behind_it_stays() -> None:
    new = with_value(WRITTEN, "team", 0, "role", "agent")
    assert new == WRITTEN.replace('role = "owner"   #', 'role = "agent"   #')
    new = with_value(WRITTEN, "team", 1, "away", ["2027-02-01..2027-02-03"])
    assert '\naway = ["2027-02-01..2027-02-03"]\nskills = ["returns"]\n' in new
    assert "the eve" not in new
    new = with_value(WRITTEN, "team", 0, "unix", "anna")
    assert '# since 2019\nunix = "anna"\nrole = "owner"' in new
    assert with_value(WRITTEN, "team", 1, "skills", None) == WRITTEN.replace('skills = ["returns"]\n', "")
    assert with_value(WRITTEN, "team", 0, "skills", None) == WRITTEN


def test_a_row_is_taken_out_and_comments_on_lines_of_their_own_stay() -> None:
    without = without_row(WRITTEN, "team", 0)
    assert '[[team]]\nname = "bo"' in without
    assert "anna" not in without
    assert "# Bo comes on Mondays" in without
    assert without_row(without, "team", 0) == (
        '# ours\nus = ["@shop.example"]  # all of us\n\n# Bo comes on Mondays\n\n'
        '# opening hours\n[hours]\nzone = "Europe/Vienna"'
    )


def test_lines_keep_the_ends_they_have() -> None:
    windows = WRITTEN.replace("\n", "\r\n")
    for new in (
        with_row(windows, "team", {"name": "tim"}),
        with_value(windows, "team", 0, "role", "agent"),
        with_value(windows, "team", 1, "away", ["2027-02-01"]),
        without_row(windows, "team", 1),
    ):
        assert new.count("\n") == new.count("\r\n")


@pytest.mark.parametrize(
    "text", ['team = [{ name = "anna" }]\n', 'team = [\n  { name = "anna" },\n  { name = "bo" }\n]\n']
)
def test_what_only_a_person_can_change_is_left_to_them(text: str) -> None:
    with pytest.raises(ByHand):
        with_row(text, "team", {"name": "bo"})
    with pytest.raises(ByHand):
        with_value(text, "team", 0, "name", "bo")
    with pytest.raises(ByHand):
        without_row(text, "team", 0)


_VALUES = st.one_of(
    st.text(max_size=8).filter(lambda text: "\r" not in text),
    st.lists(st.sampled_from(["a", "#b", '"'])),
    st.booleans(),
)
_ROWS = st.lists(
    st.dictionaries(st.sampled_from(["name", "role", "unix", "away"]), _VALUES), min_size=1, max_size=4
)


@given(_ROWS, st.data())
def test_whatever_is_written_says_what_is_meant(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    text = "[hours]\nzone = 'UTC' # x\n"
    for row in rows:
        text = with_row(text, "team", row)
    assert tomllib.loads(text) == {"hours": {"zone": "UTC"}, "team": rows}
    index = data.draw(st.integers(0, len(rows) - 1))
    changed = with_value(text, "team", index, "role", "new # one")
    assert tomllib.loads(changed)["team"] == [
        {**row, "role": "new # one"} if at == index else row for at, row in enumerate(rows)
    ]
    less = tomllib.loads(without_row(changed, "team", index)).get("team", [])
    assert less == [row for at, row in enumerate(rows) if at != index]
