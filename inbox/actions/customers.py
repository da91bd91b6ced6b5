"""What people say of customers, and that two of them are one. Never by guess: only a person joins customers.

Joining moves nothing in the record: each message keeps whose it was, and the event redirects one customer to the
other for as long as it counts. So taking it back is exact, also for what has come meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inbox.customer_record import LONGEST_FIELD, NAME, NOTE, OWN, wrong_field_name
from inbox.forms_of_address import FORMS
from inbox.model import Customer, Event, EventType, Identity, Instant, Refusal, Who
from inbox.ports import Decision, Fact, Scope, State
from inbox.text import one_line

LONGEST_NAME = 120
LONGEST_NOTE = 4_000
LONGEST_VALUE = 500
"""Characters."""
MOST_FIELDS = 30

GONE = Refusal("There is no such customer any more.", "customer list shows who there is.")


def scope(customer: int, identities: Sequence[Identity] = (), **_: Any) -> Scope:
    """The customer, and whose the identities are that are to be added."""
    return Scope(customers=(customer,), identities=tuple(identities))


def edit(
    state: State,
    who: Who,
    now: Instant,
    *,
    customer: int,
    name: str | None = None,
    note: str | None = None,
    vip: bool | None = None,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    language: str | None = None,
    form: str | None = None,
    stop: bool | None = None,
    identities: Sequence[Identity] = (),
    fields: Mapping[str, str] | None = None,
    seen: Customer | None = None,
) -> Decision:
    """Say something of a customer. None leaves it as it is; "" takes it away, an own field too. An identity that somebody
    else has is refused: then they may be the same, which is for a person to say.

    `seen`: the customer as whoever changes them had them before their eyes; what a colleague has written since in the same
    place is not written over."""
    here = state.customers.get(customer)
    if here is None or here.merged_into is not None or here.erased:
        return GONE
    own = dict(here.fields)
    wrong = _wrong(name, note, language, form, (*add, *remove)) or _wrong_field(fields or {}, own)
    if wrong is not None:
        return wrong
    written = {
        "name": name,
        "note": note,
        "language": language,
        "form": form,
        **dict.fromkeys(fields or {}, ""),
    }
    for what in (what for what, text in written.items() if seen is not None and text is not None):
        if overtaken(seen, here, what):
            return Refusal(
                f"Somebody has changed that meanwhile: it says “{one_line(said_of(here, what), 200) or 'nothing'}” now.",
                "Read it, and write yours again.",
            )
    new = [each for each in dict.fromkeys(identities) if each not in here.identities]
    for each in new:
        if each in state.identities:
            other = state.identities[each]
            return Refusal(
                f"{each.value} is known as customer {other}.",
                f"If they are one: customer merge {customer} {other}.",
            )
    said: list[tuple[str, str]] = []
    if name is not None and name != here.name:
        said.append((NAME, name))
    if note is not None and note != here.note:
        said.append((NOTE, note))
    said += [(OWN + each, text) for each, text in (fields or {}).items() if text != own.get(each, "")]
    said += [(each.kind, each.value) for each in new]
    data: dict[str, Any] = {
        "fields": sorted({what for what, _ in said}) or None,
        "vip": vip if vip is not None and vip != here.vip else None,
        "add": [tag for tag in dict.fromkeys(add) if tag not in here.tags] or None,
        "remove": [tag for tag in dict.fromkeys(remove) if tag in here.tags] or None,
        "language": language if language is not None and language != here.language else None,
        "form": form if form is not None and form != here.form else None,
        "stop": stop if stop is not None and stop != here.stop else None,
    }
    kept = {key: value for key, value in data.items() if value is not None}
    if not kept:
        return Refusal("Nothing would change.")
    event = Event(EventType.CUSTOMER_EDITED, now, who.name, data={"customer": customer, **kept}, recorded=now)
    return [Fact(event, said=tuple(said))]


def said_of(customer: Customer, what: str) -> str:
    """What is said of a customer: "name", "note", "language", "form", or an own field by its name."""
    if what in ("name", "note", "language", "form"):
        return str(getattr(customer, what))
    return dict(customer.fields).get(what, "")


def overtaken(seen: Customer | None, now: Customer, what: str) -> bool:
    """Whether something else stands there now than whoever writes has seen."""
    return seen is not None and said_of(seen, what) != said_of(now, what)


def _wrong(
    name: str | None, note: str | None, language: str | None, form: str | None, tags: Sequence[str]
) -> Refusal | None:
    if name is not None and len(name) > LONGEST_NAME:
        return Refusal(f"That name is longer than {LONGEST_NAME} characters.", "Put the rest into the note.")
    if note is not None and len(note) > LONGEST_NOTE:
        return Refusal(
            f"That note is longer than {LONGEST_NOTE} characters.", "A note on a conversation holds more."
        )
    if language and not (
        len(language) == 2 and language.isascii() and language.isalpha() and language.islower()
    ):
        return Refusal(f"{language!r} is no language.", "Write two letters, as in de or fr.")
    if form and form not in FORMS:
        return Refusal(f"{form!r} is no form of address.", f"Write one of {', '.join(FORMS)}.")
    for tag in tags:
        if not tag or len(tag) > 40 or any(one.isspace() for one in tag):
            return Refusal(f"{tag!r} is no tag.", "A tag is one word.")
    return None


def _wrong_field(fields: Mapping[str, str], own: Mapping[str, str]) -> Refusal | None:
    for name, value in fields.items():
        if wrong_field_name(name):
            return Refusal(
                f"{name[:60]!r} is no name of a field.",
                f"Write at most {LONGEST_FIELD} characters, without = and braces.",
            )
        if len(value) > LONGEST_VALUE or any(ord(one) < 32 for one in value):
            return Refusal(
                f"A field holds one line of {LONGEST_VALUE} characters.", "Put the rest into the note."
            )
    if len(own.keys() | {name for name, value in fields.items() if value}) > MOST_FIELDS:
        return Refusal(f"There are {MOST_FIELDS} fields already.", "Take one off first.")
    return None


def scope_join(into: int, customer: int) -> Scope:
    """Both customers."""
    return Scope(customers=(into, customer))


def join(state: State, who: Who, now: Instant, *, into: int, customer: int) -> Decision:
    """`customer` is `into`: from now on everything of it is found there, until that is taken back."""
    data = {"customer": into, "from": customer}
    joined = Fact(Event(EventType.CUSTOMERS_JOINED, now, who.name, data=data, recorded=now))
    return _not_two(state, into, customer) or [joined]


def _not_two(state: State, one: int, other: int) -> Refusal | None:
    here, there = state.customers.get(one), state.customers.get(other)
    if here is None or there is None or here.merged_into is not None or there.merged_into is not None:
        return GONE
    if here.erased or there.erased:
        return GONE
    return Refusal("That is the same customer.", "Name another one.") if one == other else None


def scope_apart(customer: int, other: int) -> Scope:
    """Both customers."""
    return Scope(customers=(customer, other))


def apart(state: State, who: Who, now: Instant, *, customer: int, other: int) -> Decision:
    """These two are not one, whatever fits: it is suggested no more. Somebody may join them all the same."""
    data = {"customer": customer, "apart": other}
    said = Fact(Event(EventType.CUSTOMER_EDITED, now, who.name, data=data, recorded=now))
    return _not_two(state, customer, other) or [said]


def scope_part(customer: int) -> Scope:
    """The customer, and how it was joined with another."""
    return Scope(customers=(customer,))


def part(state: State, who: Who, now: Instant, *, customer: int) -> Decision:
    """`customer`, who was joined with another, is somebody else after all."""
    joining = state.joined.get(customer)
    if joining is None:
        return Refusal("That customer is not joined with another.", "customer show ID tells who is.")
    data = {"events": [joining.seq], "batch": joining.batch}
    return [Fact(Event(EventType.UNDONE, now, who.name, data=data, recorded=now))]
