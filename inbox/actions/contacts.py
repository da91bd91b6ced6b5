"""A contact of an address book becomes known: as a new customer, or as one who has one of its addresses.

Customers are found by mail addresses alone; a telephone number may be a whole company's. Nobody is joined: a contact
with addresses of several customers is a suggestion.
"""

from __future__ import annotations

from inbox.actions.customers import edit
from inbox.addresses import fold_address
from inbox.contacts import Contact
from inbox.model import Customer, Event, EventType, Identity, Instant, Refusal, Who
from inbox.ports import Decision, Fact, Scope, State
from inbox.us import Us

KNOWN = Refusal("known")
"""All of it is known already."""


def identities_of(contact: Contact) -> tuple[Identity, ...]:
    """The identities of a contact, folded for comparison."""
    mail = (Identity("mail", fold_address(each)) for each in contact.addresses)
    return tuple(dict.fromkeys((*mail, *(Identity("phone", each) for each in contact.phones))))


def scope(contact: Contact) -> Scope:
    """Whose its addresses are."""
    return Scope(identities=identities_of(contact))


def whose(contact: Contact, state: State) -> list[int]:
    """The customers it may be: by its mail addresses, where it has none by its numbers."""
    kind = "mail" if contact.addresses else "phone"
    found = (state.identities.get(each) for each in identities_of(contact) if each.kind == kind)
    return list(dict.fromkeys(number for number in found if number is not None))


def decide(state: State, who: Who, now: Instant, *, contact: Contact, us: Us) -> Decision:
    """Take a contact in. A refusal says why not: one of us, one that is several customers, or KNOWN."""
    ours = next((each for each in contact.addresses if us.is_us(each)), None)
    if ours is not None:
        return Refusal(f"{ours} is one of us")
    owners = whose(contact, state)
    if len(owners) > 1:
        numbers = " and ".join(map(str, owners))
        return Refusal(
            f"has addresses of customers {numbers}",
            f"If they are one: customer merge {' '.join(map(str, owners))}.",
        )
    free = [each for each in identities_of(contact) if each not in state.identities]
    if not owners:
        return _new(state, who, now, contact, free)
    here = state.customers[owners[0]]
    nameless = not here.name or "@" in here.name
    said = edit(
        state,
        who,
        now,
        customer=here.id,
        name=contact.name if contact.name and nameless else None,
        note=contact.note if contact.note and not here.note else None,
        add=contact.tags,
        language=contact.language if contact.language and not here.language else None,
        identities=free,
    )
    return KNOWN if isinstance(said, Refusal) else said


def _new(state: State, who: Who, now: Instant, contact: Contact, free: list[Identity]) -> Decision:
    if not free:
        return KNOWN
    name = contact.name or next(iter(contact.addresses), free[0].value)
    made = Customer(state.next_customer, name, tuple(free))
    event = Event(EventType.CUSTOMER_MADE, now, who.name, data={"customer": made.id}, recorded=now)
    facts = [Fact(event, customer=made)]
    if contact.note or contact.tags or contact.language:
        fresh = State(customers={made.id: made})
        said = edit(
            fresh,
            who,
            now,
            customer=made.id,
            note=contact.note or None,
            add=contact.tags,
            language=contact.language or None,
        )
        facts += said if not isinstance(said, Refusal) else ()
    return facts
