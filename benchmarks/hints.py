"""How long the hints of one letter take: a draft of 10 KB in a conversation of long messages, each hint by itself.

    .venv/bin/python -m benchmarks.hints

They are looked for when the send bar opens; the crossing off of questions, in the pauses of typing.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from benchmarks.words import STOCK
from inbox.checks import Against, Written
from inbox.hint_levels import HINTS
from inbox.hints import FINDERS
from inbox.model import Address
from inbox.open_questions import open_questions
from inbox.ports import Item
from inbox.touched import touched
from inbox.written import Around

SIZE = 10_000
"""Characters of the draft and of each message."""

TIMES = 20


def prose(seed: int) -> str:
    """Sentences that stand in every other letter, in any order."""
    luck = random.Random(seed)
    return " ".join(luck.choice(STOCK) for _ in range(SIZE // 40))[:SIZE]


def middle(work: Callable[[], object]) -> float:
    """The middle one of several times, in milliseconds, once everything is compiled."""
    work()
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return 1000 * sorted(taken)[TIMES // 2]


def main() -> None:
    """Print a line a hint."""
    kim, shop = Address("Kim", "kim@kim.example"), Address("", "support@shop.example")
    texts = [prose(n) + " Where is my parcel? When is it here? Do you sell lamps, too?" for n in range(4)]
    items = [
        Item(n, side, n, "", None, (kim if side == "in" else shop,), (shop if side == "in" else kim,), (), (), "Lamp",
             text, text, "", "", (), (), False, ())
        for n, (side, text) in enumerate(zip(("in", "out", "in", "in"), texts, strict=True))
    ]  # fmt: skip
    around = Around(
        dict.fromkeys(HINTS, "hint"),
        ("EK-Preis", "Lieferant"),
        2,
        ("Lamp",),
        tuple(map(prose, range(10, 20))),
    )
    against = Against(items=items, item=items[-1], senders=("support@shop.example",), around=around)
    letter = Written(prose(99), ("kim@kim.example",), sender="support@shop.example")
    for name, look in FINDERS.items():
        print(f"{name:12}{middle(lambda look=look: list(look(letter, against))):8.2f} ms")  # type: ignore[misc]  # bound at once
    questions = open_questions(items)
    print(f"{'crossing off':12}{middle(lambda: touched(questions, letter.text)):8.2f} ms")


if __name__ == "__main__":
    main()
