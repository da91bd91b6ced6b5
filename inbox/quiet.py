"""What has gone so quiet that it can be closed together: it waits for the customer, and nobody has written for weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inbox.model import Conversation, Instant, Status, Who
from inbox.queries import Quiet, both
from inbox.views import VIEWS

if TYPE_CHECKING:
    from inbox.ports import Reader

DAYS = 21
"""Days without a word after which closing is offered."""
SILENT = DAYS * 86_400


def stays(here: Conversation, now: Instant) -> str | None:
    """Why a conversation is not closed with the silent ones, as one sentence; None: it is. What is still owed to the
    customer, or is to happen by itself, is not silent."""
    if here.status is not Status.WAITING or here.notice:
        return "It does not wait for a customer."
    if here.last_at >= now - SILENT:
        return f"Somebody has written in the last {DAYS} days."
    if here.waiting_since is not None or here.failed or here.sending or here.approvals:
        return "The customer has no answer yet."
    if here.is_pledged:
        return "Something is promised here, or to be followed up."
    if here.nudge_at is not None:
        return "A nudge is still to go."
    return None


def silent(store: Reader, who: Who, now: Instant) -> list[int]:
    """The conversations that can be closed together, in working order."""
    node = VIEWS["quiet"].node
    assert node is not None
    found = store.ids(both(node, Quiet(SILENT)), who, now)
    return [row.conversation.id for row in store.rows(found) if stays(row.conversation, now) is None]
