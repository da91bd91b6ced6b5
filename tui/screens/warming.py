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

SHOWN_FIRST = (
    "tui.widgets.heading",
    "tui.widgets.story",
    "tui.widgets.customer_sheet",
    "tui.screens.customers",
)
"""What shows a conversation: loaded where the first one is read, while the loop takes keys."""


def load(names: Iterable[str]) -> None:
    """Load modules, where they are not there yet; on a thread of the background."""
    for name in names:
        import_module(name)


def warm_up(background: Background, parts: Iterable[str]) -> None:
    """Load the modules of the parts of the screen that are not there yet, and what the verbs used most need."""

    def begin(_: object) -> None:
        load((*parts, *NEEDED_SOON))
        _find_questions()

    background.read("warm-up", begin, lambda _: None)


def _find_questions() -> None:
    """Make what finds questions ready, before the first letter waits for it."""
    from inbox.open_questions import questions_in
    from inbox.touched import touched

    touched(questions_in("When is it here?"), "Tomorrow.")
