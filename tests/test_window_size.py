"""How large a window is, is said by whoever sits at the other end of the line; it is believed up to a size."""

from __future__ import annotations

import os

import pytest
from textual import events
from textual.message import Message

from tui.driver import HIGHEST, WIDEST, SleepingDriver

BOUNDLESS = (65_535, 65_535)


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> SleepingDriver:
    """One without a terminal."""
    found = SleepingDriver.__new__(SleepingDriver)
    found.cursor_origin, found._app = None, None  # type: ignore[assignment]
    monkeypatch.setattr(Message, "set_sender", lambda *_: None)
    return found


@pytest.mark.parametrize(
    ("said", "believed"), [(BOUNDLESS, (WIDEST, HIGHEST)), ((160, 48), (160, 48)), ((5000, 3), (WIDEST, 3))]
)
def test_a_window_is_painted_up_to_a_size(
    driver: SleepingDriver, monkeypatch: pytest.MonkeyPatch, said: tuple[int, int], believed: tuple[int, int]
) -> None:
    told: list[events.Resize] = []
    monkeypatch.setattr(driver, "send_message", told.append)
    monkeypatch.setattr("shutil.get_terminal_size", lambda *_: os.terminal_size(said))
    assert driver._get_terminal_size() == believed  # as the system says
    driver.process_message(events.Resize.from_dimensions(said, None))  # as a sequence among the keys
    assert [(each.size, each.virtual_size, each.container_size) for each in told] == [(believed,) * 3]
