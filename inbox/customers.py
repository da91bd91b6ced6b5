"""Who the customer of a message is: Reply-To before From unless it is ours; for our own mail, whom it went to."""

from __future__ import annotations

from collections.abc import Iterable

from inbox.addresses import fold_address
from inbox.addressing import disguise
from inbox.model import Address, Identity, Message
from inbox.us import Us


def party(message: Message, us: Us, *, by_us: bool) -> Address | None:
    """The customer's address of a message; None when it names nobody but us. Whom it speaks for comes first."""
    if message.on_behalf_of:
        return message.on_behalf_of[0]
    if by_us:
        return _first_foreign((*message.to, *message.cc), us)
    return (
        _first_foreign(message.reply_to, us) or _first_foreign(message.sender, us) or _first(message.sender)
    )


def identity(address: Address) -> Identity:
    """The identity of a mail address, folded for comparison (RFC 5321 2.4 leaves the local part alone; people do not)."""
    return Identity("mail", fold_address(address.address))


def name_of(address: Address) -> str:
    """What to call somebody of whom only this is known: by their address where the name shows another one."""
    name = address.name.strip()
    return address.address if not name or ("@" in name and disguise(address)) else name


def taking_part(message: Message) -> frozenset[str]:
    """Everybody a message shows as taking part: who wrote it and whom it was addressed to, folded."""
    named = (*message.sender, *message.to, *message.cc, *message.on_behalf_of)
    return frozenset(fold_address(a.address) for a in named if a.address)


def _first_foreign(addresses: Iterable[Address], us: Us) -> Address | None:
    return next((a for a in addresses if a.address and not us.is_us(a.address)), None)


def _first(addresses: Iterable[Address]) -> Address | None:
    return next((a for a in addresses if a.address), None)
