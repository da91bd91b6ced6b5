"""What is being written, beside its text: in which conversation, as what, to whom, and from which address of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inbox.addresses import fold_address
from inbox.answering import quote_history, reply_recipients
from inbox.model import Message
from inbox.ports import Item, Row
from inbox.text import one_line
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
    newest = list(reversed(items))
    item = next((one for one in newest if one.direction == "in"), None)
    item = item or next((one for one in newest if one.direction == "out"), None)
    if item is None or kind == "note":
        return Letter(row, kind)
    written = Message(sender=item.sender, to=item.to, cc=item.cc, reply_to=item.reply_to)
    found = reply_recipients(written, seat.us, everybody=kind == "reply-all")
    ours = {fold_address(address): address for address in seat.senders}
    addressed = [fold_address(address.address) for address in (*item.to, *item.cc, *item.sender)]
    sender = next((ours[one] for one in addressed if one in ours), next(iter(seat.senders), None))
    warnings = [f"{one_line(one)} cannot be written to" for one in found.unparsed]
    warnings += [f"nobody reads {one_line(one)}" for one in found.no_reply]
    if found.elsewhere:
        warnings.append("the answer goes to another domain than the mail says it is from")
    to, cc = (tuple(address.address for address in side) for side in (found.to, found.cc))
    quoted = ""
    if item.direction == "in" and item.reply.strip():
        name = one_line(item.sender[0].name or item.sender[0].address, 60) if item.sender else ""
        quoted = quote_history(item.reply, name or row.customer_name, item.at, seat.zone)
    return Letter(row, kind, item, to, cc, sender, "; ".join(warnings), quoted)
