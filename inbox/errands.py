"""What the worker has to do in a mailbox besides fetching: each job of a kind is one errand over the mailbox's line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from inbox.channels.imap import Connection
    from inbox.model import Instant
    from inbox.ports import Workspace
    from inbox.settings import Mailbox


class Here(NamedTuple):
    """Where an errand is done: whose mailbox, over which line, and the store in which it is settled."""

    mailbox: Mailbox
    connection: Connection
    store: Workspace
    now: Instant
    cancelled: Callable[[], bool] = lambda: False
