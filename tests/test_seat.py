"""Where a person sits: what is read of the workspace and the environment when the screen opens."""

from __future__ import annotations

from pathlib import Path

import pytest

import main as entry
from tests.shop import NOW
from tui.line.desk import Desk
from tui.seat import seat_at


@pytest.mark.parametrize(
    ("environment", "as_name", "restricted"),
    [
        ({}, "anna", False),
        ({"SSH_CONNECTION": "1 2 3 4"}, None, False),  # an account of one's own
        ({"SSH_CONNECTION": "1 2 3 4"}, "anna", True),  # a forced command, and nothing was asked for
        ({"SSH_CONNECTION": "1 2 3 4", "SSH_ORIGINAL_COMMAND": "get 3"}, None, True),
    ],
)
def test_a_forced_command_is_known_whatever_was_asked_for(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    as_name: str | None,
    restricted: bool,
) -> None:
    for name in ("SSH_CONNECTION", "SSH_ORIGINAL_COMMAND"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    desk = Desk(entry.open_store, lambda _: None, tmp_path / "desk", as_name, pinned=NOW)
    assert seat_at(desk).restricted is restricted
    desk.close()
