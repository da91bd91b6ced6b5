"""What people said of customers, from the events that say so: the only place where one changes what a customer is.

The store folds with this when it records, and `verify` folds with it again and compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from inbox.model import Event, EventType, Identity

NAME, NOTE, OWN = "name", "note", "field:"
"""What is said that is no identity: a name, a note, an own field (its name stands behind). All else is the kind of one."""

LONGEST_FIELD = 40
"""Characters of the name of an own field."""

Texts = Mapping[int, Sequence[tuple[str, str]]]
"""What events said in words that can be erased: number of the event -> (field, text)."""


def wrong_field_name(name: str) -> str:
    """Why an own field cannot be called so; "" where it can."""
    bad = not name.strip() or len(name) > LONGEST_FIELD or any(one in "={}" or ord(one) < 32 for one in name)
    return f"a field's name has at most {LONGEST_FIELD} characters, without = and braces." if bad else ""


@dataclass(slots=True)
class Told:
    """What people said of one customer; `name` None: only the mail itself says one.

    `identities` are those a person added, with the event that says so. Of one that was joined with another it is
    what was said until then; the other has it, too.
    """

    name: str | None = None
    note: str = ""
    vip: bool = False
    language: str = ""
    form: str = ""
    stop: bool = False
    tags: set[str] = field(default_factory=set)
    fields: dict[str, str] = field(default_factory=dict)
    identities: list[tuple[int, Identity]] = field(default_factory=list)

    def hear(self, event: Event, texts: Texts) -> None:
        """Take in what one event says."""
        data = event.data
        self.vip = data.get("vip", self.vip)
        self.language = data.get("language", self.language)
        self.form = data.get("form", self.form)
        self.stop = data.get("stop", self.stop)
        self.tags.difference_update(data.get("remove", ()))
        self.tags.update(data.get("add", ()))
        for what, text in texts.get(event.seq, ()):
            if data.get("gaps") and self.fields.get(what.removeprefix(OWN)):
                continue  # anybody can fill a form in: what is known already stands
            if what == NAME:
                self.name = text or None
            elif what == NOTE:
                self.note = text
            elif what.startswith(OWN):
                self.fields[what.removeprefix(OWN)] = text
        self.fields = {name: value for name, value in sorted(self.fields.items()) if value}

    def absorb(self, other: Told) -> None:
        """`other` is the same from now on: what was said of both holds, and of two words the one that was here."""
        self.vip = self.vip or other.vip
        self.stop = self.stop or other.stop
        self.language = self.language or other.language
        self.form = self.form or other.form
        self.tags |= other.tags
        self.fields = dict(sorted((other.fields | self.fields).items()))
        self.note = "\n".join(dict.fromkeys(note for note in (self.note, other.note) if note))


def told(events: Iterable[Event], texts: Texts) -> tuple[dict[int, Told], dict[int, int]]:
    """What stands of all customers these events name, and whom each was joined with; events in their order."""
    found: dict[int, Told] = {}
    joined: dict[int, int] = {}
    for event in events:
        if event.void:
            continue
        customer = event.data["customer"]
        here = found.setdefault(lives_at(customer, joined), Told())
        if event.type is EventType.CUSTOMERS_JOINED:
            moved = event.data["from"]
            if lives_at(customer, joined) != moved:
                here.absorb(found.setdefault(moved, Told()))
                joined[moved] = customer
        else:
            here.hear(event, texts)
            identities = [
                (event.seq, Identity(*said))
                for said in texts.get(event.seq, ())
                if said[0] not in (NAME, NOTE) and not said[0].startswith(OWN)
            ]
            found.setdefault(customer, Told()).identities += identities
    return found, joined


def lives_at(customer: int, joined: Mapping[int, int]) -> int:
    """Who a customer is now. `joined`: whom each was joined with, directly; it never runs in a circle."""
    while customer in joined:
        customer = joined[customer]
    return customer
