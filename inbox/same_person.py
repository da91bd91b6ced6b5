"""Who may be the same customer: by a telephone number or by a name. That is only ever suggested, and says on what ground,
for anybody can write under a name, and put any number below a mail."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import permutations
from typing import NamedTuple

from inbox.callers import COMPARED, is_number
from inbox.first_names import is_no_person
from inbox.model import Customer, Identity, Message
from inbox.queries import fold_words
from inbox.us import fold_number

ADDRESS, NUMBER, WRITTEN, NAME = "address", "number", "written", "name"
"""On what ground two may be one: addresses that differ in dots and plus tags, a number both have, a number that one has and
the other has written, the name alone."""
SUGGESTED = 5
"""Customers that are offered; a number or a name that more of them have tells nobody apart."""
LONGEST = 15
"""Digits of a telephone number (E.164)."""
BELOW = 300
"""Characters at the end of a mail in which a number may be the writer's own, beside the signature."""
MOST_SIGNED = 2_000
"""Characters of a signature that are looked through."""
AT_ONCE = 5
"""Numbers of one mail that are remembered."""
_NUMBER = r"(?<![\w@.])(?:\+|\()?\d(?:[ \t\u00a0()./-]{0,3}\d){6,16}(?![\w@])"
_DATE = r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}"


class Perhaps(NamedTuple):
    """A customer who may be the same, on what ground (`why`) and by what (`fits`); `conversations`: how many they have."""

    customer: Customer
    why: str
    fits: str
    conversations: int = 0

    @property
    def in_words(self) -> str:
        """The ground, as a sentence; as foreign as what fits."""
        match self.why:
            case "address":
                return "Their addresses differ in dots and +tags alone."
            case "number":
                return f"Both have the number {self.fits}."
            case "written":
                return f"One has the number {self.fits}, the other wrote it: anybody can."
            case _:
                return "Only the name is the same: anybody can write under it."


def numbers_in(text: str) -> list[str]:
    """The telephone numbers in a text, folded, each once: what may be one, for it tells nothing until somebody has it."""
    found: dict[str, None] = {}
    for match in re.finditer(_NUMBER, text):
        number = fold_number(match[0])
        if COMPARED <= len(number.lstrip("+")) <= LONGEST and not re.match(_DATE, match[0]):
            found[number] = None
    return list(found)[:AT_ONCE]


def written_below(message: Message) -> list[str]:
    """The numbers in the signature of a mail, and where it ends."""
    return numbers_in(f"{message.reply[-BELOW:]}\n{message.signature[:MOST_SIGNED]}")


def full_name(name: str) -> tuple[str, ...]:
    """The words of a person's full name, folded; none where it is one word, a role, a company or an address."""
    words = tuple(fold_words(name).split())
    if not 2 <= len(words) <= 6 or "@" in name or any(any(map(str.isdigit, word)) for word in words):
        return ()
    return () if is_no_person(name.split()) or sum(len(word) > 1 for word in words) < 2 else words


def orders(words: Sequence[str]) -> list[str]:
    """The orders in which a name may be written."""
    if len(words) <= 3:
        return list(dict.fromkeys(" ".join(each) for each in permutations(words)))
    turned = (words, (words[-1], *words[:-1]), (*words[1:], words[0]))
    return list(dict.fromkeys(" ".join(each) for each in turned))


def known_as(identity: Identity) -> str:
    """A way somebody is known, in words: an address or number alone, a handle with whose it is."""
    return identity.value if identity.kind in ("mail", "phone") else f"{identity.kind}: {identity.value}"


def known_and_called(customer: Customer) -> tuple[str, str]:
    """The first way a customer is known, and the name where that says more."""
    known = known_as(customer.identities[0]) if customer.identities else ""
    is_told = customer.name == known or (is_number(customer.name) and fold_number(customer.name) == known)
    return known, "" if is_told else customer.name


def called(customer: Customer) -> str:
    """A customer by the first way they are known, and by name."""
    return ", ".join(filter(None, known_and_called(customer)))


def who_stays(here: Customer, other: Customer) -> tuple[Customer, Customer]:
    """Under whom both are found once they are one, and who is found there: whoever has a mail address, else `here`."""
    has_mail = [any(each.kind == "mail" for each in one.identities) for one in (here, other)]
    return (other, here) if has_mail == [False, True] else (here, other)
