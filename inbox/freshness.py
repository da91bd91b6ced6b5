"""Whether all mail is here that has come: nothing goes by itself to somebody who may have written long ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.ports import Workspace
    from inbox.settings import Settings

FRESH = 900
"""Seconds for which it is believed that all mail of a mailbox is here."""


def is_all_here(store: Workspace, settings: Settings, mailbox: str | None, now: Instant) -> bool:
    """Whether a mailbox was looked into to the end just now; all of them, where a conversation belongs to none of them."""
    names = [each.name for each in settings.mailboxes]
    asked = [mailbox] if mailbox in names else names
    looked = {state.mailbox: state.synced_at or 0 for state in store.mailboxes()}
    return all(looked.get(name or "", 0) >= now - FRESH for name in asked)
