"""Restricted mailboxes: who may see what came to them or left from them, and what is refused because of it.

A conversation is restricted when anything in it came to a restricted mailbox or left from one. Owners see everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from inbox.addresses import fold_address
from inbox.listing import Role

if TYPE_CHECKING:
    from inbox.model import Instant, Refusal
    from inbox.ports import Fact, Workspace
    from inbox.settings import Mailbox, Settings
    from inbox.us import Us


class Restricted(NamedTuple):
    """A mailbox that only some may see: its addresses, folded; whether what names no mailbox leaves from it; and the names
    of who may see it, in order."""

    mailbox: str
    addresses: tuple[str, ...]
    is_first: bool
    people: tuple[str, ...]


May = Callable[[int], frozenset[str] | None]
"""Who may see a conversation, by names; None: everybody."""
From = Callable[[str | None, str], frozenset[str] | None]
"""Likewise who may send from a mailbox (None: the first one) by an address."""


def restricted(settings: Settings) -> tuple[Restricted, ...]:
    """The restricted mailboxes of the settings, by name."""
    owners = {mate.name for mate in settings.team if mate.role is Role.OWNER}
    found = [
        Restricted(
            mailbox.name,
            tuple(sorted({fold_address(each) for each in (mailbox.address, *mailbox.aliases)})),
            number == 0,
            tuple(sorted(owners.union(mailbox.only))),
        )
        for number, mailbox in enumerate(settings.mailboxes)
        if mailbox.only is not None
    ]
    return tuple(sorted(found))


def senders(settings: Settings, us: Us, name: str) -> tuple[str, ...]:
    """Our addresses from which somebody may send: the mailboxes' in the order of the settings, then any other."""
    ours = [*(mailbox.address for mailbox in settings.mailboxes), *sorted(us.addresses)]
    theirs = {
        address for each in restricted(settings) if name not in each.people for address in each.addresses
    }
    return tuple(dict.fromkeys(each for each in ours if fold_address(each) not in theirs))


def known_to(settings: Settings, name: str) -> tuple[Mailbox, ...]:
    """The mailboxes of the settings that somebody may know of, in their order."""
    hidden = {each.mailbox for each in restricted(settings) if name not in each.people}
    return tuple(each for each in settings.mailboxes if each.name not in hidden)


def refused(facts: Iterable[Fact], may: May, sends: From) -> Refusal | None:
    """Why these facts cannot be recorded: somebody would be given or called to what they may not see, or would send from
    where they may not."""
    from inbox.model import EventType as E  # not before the first screen, which asks for addresses only
    from inbox.model import Refusal

    for fact in facts:
        event, here = fact.event, fact.event.conversation
        if event.type in (E.ASSIGNED, E.HANDED_OVER, E.NOTED) and here is not None:
            named = {event.data.get("to"), *event.data.get("mentions", ())} - {None}
            people = may(here) if named else None
            if people is not None and (kept_from := sorted(named - people)):
                return Refusal(f"{kept_from[0]} may not see this conversation.", who_may(people))
        if fact.content is not None and (going := fact.content.outgoing) is not None:
            people = sends(going.mailbox, fold_address(going.sender))
            if people is not None and event.who not in people:
                return Refusal("You may not send from this mailbox.", who_may(people))
    return None


def let_go(store: Workspace, _settings: Settings, now: Instant) -> int:
    """Give back to everybody who may see it what somebody has who may not: a copy of it came to a restricted mailbox."""
    return store.let_go_restricted(now)


def who_may(people: Iterable[str]) -> str:
    """Who may, in a sentence."""
    return f"Those who may: {', '.join(sorted(people))}."
