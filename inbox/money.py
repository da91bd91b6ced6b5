"""Sums as people type them, exact: a number and its currency, or per cent. Nothing here rounds, and nothing adds one
currency to another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

KINDS = ("discount", "refund", "gift", "free shipping")
"""What can be given, as long as the setting `kinds` of [goodwill] names nothing else."""
NEED_SUM = ("discount", "refund")
"""Of these a sum must be said."""

PERCENT = "%"
_SIGNS = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "zł": "PLN",
    "kč": "CZK",
    "fr.": "CHF",
    "%": PERCENT,
}
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,2})?")
_GROUPED = re.compile(r"\d{1,3}(?:([.,'’ ])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d{1,2})")

FORMS = "10, 10.50, 10 EUR or 10%"


class Sum(NamedTuple):
    """A number of one unit: a currency's three letters, or PERCENT."""

    number: Decimal
    unit: str

    def __str__(self) -> str:
        """As people read it: `10.50 EUR`, `10 %`."""
        return f"{self.number:f} {self.unit}"


def parse_sum(text: str, currency: str) -> Sum | None:
    """What was typed as a sum (`10`, `10,50`, `10 EUR`, `€10`, `10%`), in `currency` where it names none; None for what is
    none, is nothing, is more than a hundred per cent, or could be two numbers (`1.000`)."""
    text = " ".join(text.split())
    unit, number = currency, text
    found = re.fullmatch(r"([^\d\s.,'’]{1,3}\.?)? ?([\d.,'’ ]*\d) ?([^\d\s.,'’]{1,3}\.?)?", text)
    if found is None or (found[1] and found[3]):
        return None
    word, number = found[1] or found[3], found[2]
    if word:
        unit = _SIGNS.get(word.casefold(), word.upper())
        if unit != PERCENT and not re.fullmatch("[A-Z]{3}", unit):
            return None
    if _GROUPED.fullmatch(number):
        number = re.sub(r"[.,'’ ](?=.*[.,])", "", number)
    elif not _NUMBER.fullmatch(number):
        return None
    value = Decimal(number.replace(",", "."))
    if not value or (unit == PERCENT and value > 100):
        return None
    if unit != PERCENT and value.as_tuple().exponent == -1:
        value = value.quantize(Decimal("0.01"))  # as sums are written: 9.50
    return Sum(value, unit)


def added(sums: Iterable[Sum]) -> tuple[Sum, ...]:
    """One sum for each unit, those of money first, by their letters."""
    found: dict[str, Decimal] = {}
    for each in sums:
        found[each.unit] = found.get(each.unit, Decimal(0)) + each.number
    return tuple(
        Sum(number, unit)
        for unit, number in sorted(found.items(), key=lambda one: (one[0] == PERCENT, one[0]))
    )


def sum_of(amount: str | None, unit: str | None) -> Sum | None:
    """A sum as the record has it; None where it names none."""
    return Sum(Decimal(amount), unit) if amount is not None and unit is not None else None


def gift_in_words(kind: str, amount: Sum | None) -> str:
    """What was given as people read it: `refund 10 EUR`, `free shipping`."""
    return f"{kind} {amount}" if amount is not None else kind


def in_words(sums: Iterable[Sum]) -> str:
    """Several sums beside each other: `30 EUR, 5 USD`."""
    return ", ".join(map(str, sums))
