"""Phone calls and who makes them: the ways a call can go, and numbers that are one however they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inbox.us import fold_number

if TYPE_CHECKING:
    from inbox.ports import Item

IN, OUT, MISSED = "in", "out", "missed"
WAYS = {IN: "they called", OUT: "we called", MISSED: "not reached"}
"""The ways a call can go, and how they read."""

NOT_REACHED = "Not reached."
"""What stands where nobody was reached, and nobody wrote more."""

COMPARED = 7
"""Digits from which the end of a number tells whose it is; shorter ones are one only where all of them are the same. As
many the index identities_phone of 0002.sql has."""


def national(number: str) -> str:
    """The digits of a number without what stands before them at home: 0170 12 is 17012."""
    return fold_number(number).lstrip("+").lstrip("0")


def alike(one: str, other: str) -> bool:
    """Whether two spellings may be one number: +49 170 1234567, 0049 170 1234567 and 0170 1234567 are."""
    here, there = fold_number(one), fold_number(other)
    if here == there:
        return True
    if here.startswith("+") and there.startswith("+"):
        return False
    short, long = sorted((national(one), national(other)), key=len)
    return len(short) >= COMPARED and long.endswith(short)


def is_number(text: str) -> bool:
    """Whether a text is a telephone number rather than a name."""
    bare = text.strip()
    return sum(sign.isdigit() for sign in bare) >= 3 and not any(
        sign.isalpha() or sign == "@" for sign in bare
    )


def call_in_words(item: Item) -> str:
    """A call as it stands above what was said: who called whom, and how long it took. As foreign as their name."""
    call = item.call
    assert call is not None
    theirs = (item.sender if call.way == IN else item.to)[0]
    who = " ".join(dict.fromkeys(filter(None, (theirs.name, theirs.address))))
    took = f", {max(1, round(call.seconds / 60))} min" if call.seconds else ""
    if call.way == IN:
        return f"{who} called, {item.author} spoke with them{took}"
    return f"{item.author} called {who}" + (", not reached" if call.way == MISSED else took)
