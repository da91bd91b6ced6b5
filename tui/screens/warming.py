"""What is loaded a moment after the first screen, while nobody waits: the first use of anything is as fast as the second."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.background import Background

WARM = 0.4
"""Seconds after the first paint until what the first verbs need is loaded."""

NEEDED_SOON = (
    "tui.widgets.composer",
    "tui.screens.letter",
    "tui.screens.questions",
    "inbox.actions.reply",
    "inbox.checks",
    "inbox.saved_replies",
    "textual.fuzzy",
    "tui.screens.palette",
)
"""What the verbs used most load besides the part of the screen they belong to."""


def warm_up(background: Background, parts: Iterable[str]) -> None:
    """Load the modules of the parts of the screen that are not there yet, and what the verbs used most need."""

    def load(_: object) -> None:
        for name in (*parts, *NEEDED_SOON):
            import_module(name)
        _find_questions()

    background.read("warm-up", load, lambda _: None)


def _find_questions() -> None:
    """Make what finds questions ready, before the first letter waits for it."""
    from inbox.open_questions import questions_in
    from inbox.touched import touched

    touched(questions_in("When is it here?"), "Tomorrow.")
