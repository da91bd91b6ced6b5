"""What hints need to know around a letter: the customer's other conversations, the writer's last answers, the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inbox.model import ACTIVE
from inbox.written import Around

if TYPE_CHECKING:
    from inbox.ports import Reader, Row
    from inbox.settings import Settings

LATELY = 10
"""Answers of the writer that a new one is compared with."""

NAMED = 2
"""Other conversations whose subjects are said."""


def around(store: Reader, settings: Settings, row: Row | None, who: str) -> Around:
    """Ask the store what hints need; `row` is the conversation that is answered, None for one that begins. What is only
    for a hint that is off is not asked."""
    levels, internal = settings.checks, settings.internal_words
    lately = tuple(store.answers_by(who, LATELY)) if levels["same"] != "off" else ()
    if row is None or row.conversation.customer is None:
        return Around(levels, internal, lately=lately)
    here = row.conversation
    more = row.customer_open - (here.status in ACTIVE)
    panel = store.panel(row.conversation.customer) if more > 0 and levels["more"] != "off" else None
    subjects = tuple(
        other.subject
        for other in (panel.running if panel is not None else ())
        if other.conversation.id != here.id
    )
    return Around(levels, internal, max(0, more), subjects[:NAMED], lately)
