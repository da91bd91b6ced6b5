"""What is being written, beside its text: in which conversation, as what, to whom, and from which address of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inbox.answering import prepare
from inbox.ports import Item, Row
from tui.seat import Seat


@dataclass(frozen=True)
class Letter:
    """A reply or a note that is being written."""

    row: Row
    kind: str  # reply, reply-all or note
    item: Item | None = None  # the message that is answered
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    sender: str | None = None
    warning: str = ""  # about where it goes
    quoted: str = ""  # the history that is sent along below the text

    @property
    def conversation(self) -> int:
        """The conversation that is written in."""
        return self.row.conversation.id

    @property
    def title(self) -> str:
        """What stands above the text."""
        if self.kind == "note":
            return "Note, only the team sees it"
        copies = f" · copy to {', '.join(self.cc)}" if self.cc else ""
        return f"Reply to {', '.join(self.to) or self.row.customer_name}{copies}"


def letter_to(row: Row, kind: str, items: Sequence[Item], seat: Seat) -> Letter:
    """An empty letter in a conversation: an answer to the customer's last message, or to ours where they wrote none."""
    if kind == "note":
        return Letter(row, kind)
    ready = prepare(items, seat.us, seat.senders, seat.zone, everybody=kind == "reply-all")
    return Letter(
        row, kind, ready.item, ready.to, ready.cc, ready.sender, "; ".join(ready.warnings), ready.quoted
    )
