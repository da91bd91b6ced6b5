"""What the commands that close have in common: their words checked, and what is worth a line afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from inbox.errors import BadUsage
from tui.line.desk import Desk

if TYPE_CHECKING:
    from inbox.model import Instant


def outcome_given(word: str | None, option: str) -> str | None:
    """An outcome that a person can give. BadUsage, with the nearest one, for any other word."""
    from inbox.outcomes import GIVEN

    if word is None or word in GIVEN:
        return word
    from inbox.nearest import nearest

    raise BadUsage(f"{option} {word!r} is no outcome{nearest(word, GIVEN)}", f"Outcomes: {', '.join(GIVEN)}.")


def cause_given(desk: Desk, word: str | None) -> str | None:
    """A cause that the settings know. BadUsage, with the nearest one, for any other; "" takes one away."""
    if not word:
        return word
    from inbox.nearest import nearest

    causes = desk.settings().causes
    found = next((each for each in causes if each.casefold() == word.casefold()), None)
    if found is None:
        raise BadUsage(
            f"--cause {word!r} is no cause of the settings{nearest(word, causes)}",
            f"Causes: {', '.join(causes)}.",
        )
    return found


def waiting(desk: Desk, ids: Sequence[int], outcome: str | None) -> int:
    """In how many of these the customer has asked, and would not hear that it is not ours."""
    from inbox.actions.close import asks_why
    from inbox.outcomes import NOT_OURS

    if outcome != NOT_OURS:
        return 0
    return sum(asks_why(row.conversation) for row in desk.store().rows(ids))


def hint(desk: Desk, unanswered: int, cause: str | None, check_in: Instant | None) -> None:
    """Say on standard error what was left undone, once: a dead end, or a mistake of ours that nobody comes back to."""
    if unanswered:
        them = "The customer has" if unanswered == 1 else f"{unanswered} customers have"
        click.echo(
            f"frontdesk: {them} not heard that it is not yours: undo, and reply with where to turn.", err=True
        )
    if cause and check_in is None and cause in desk.settings().own_causes:
        click.echo("frontdesk: Your own mistake: check-in ID comes back to them some days later.", err=True)
