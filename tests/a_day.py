"""A day's file in the hands of a person: written down, filled in, brought back."""

from __future__ import annotations

import re
from typing import Any

from inbox.day import mark
from tests.front import Front

JO, ANNA, ACME, YAMADA, LEA, BULBS = "1", "2", "3", "4", "5", "6"
"""The conversations of the shop."""


def day_of(front: Front, *words: str, who: str | None = None) -> str:
    """The file of a day."""
    return front.ok("day", *words, who=who).out


def file_id(day: str) -> str:
    """The number of a file."""
    found = re.search(r"<!-- day 1 (\w+)", day)
    assert found is not None
    return found[1]


def typed(day: str, place: str, conversation: str, words: str) -> str:
    """The file with words typed at a place."""
    line = mark(place, int(conversation), file_id(day)) + "\n"
    assert day.count(f"\n{line}") == 1
    return day.replace(f"\n{line}", f"\n{line}{words}\n")


def apply(
    front: Front, day: str, *options: str, who: str | None = None
) -> tuple[int, dict[tuple[str | None, str], Any]]:
    """Bring a file back; the exit status, and what became of each thing by conversation and words."""
    ran = front.run("apply", "--json", *options, stdin=day.encode(), who=who)
    return ran.status, {(each["id"], each["item"]): each for each in ran.objects}


def states(became: dict[tuple[str | None, str], Any]) -> dict[tuple[str | None, str], str]:
    return {key: each["state"] for key, each in became.items()}


def drafts(front: Front) -> list[tuple[int, str, str, str]]:
    store = front.store()
    try:
        return [(each.conversation, each.who, each.kind, each.text) for each in store.drafts()]
    finally:
        store.close()


def happened(front: Front, conversation: str) -> list[str]:
    """What people did in a conversation, that stands."""
    store = front.store()
    try:
        events = store.events(int(conversation))
        return [each.type.name for each in events if not each.void and each.who not in ("sync", "settings")]
    finally:
        store.close()


def filled(front: Front) -> str:
    day = day_of(front)
    day = typed(day, "answer", ANNA, "Dear Anna,\n\nthe money is on its way.")
    day = typed(day, "note", ANNA, "Paid by card, @bo.")
    day = typed(day, "do", ANNA, "tag +refund\nclose")
    day = typed(day, "do", JO, "snooze until fri 9:00\nassign bo")
    day = typed(day, "do", ACME, "promise thu 12:00: the invoice\nfollow-up mon: ask again")
    return typed(day, "do", YAMADA, "close thanks")


def ref(front: Front, conversation: str) -> str:
    """The Message-ID of the first message of a conversation."""
    return str(front.json("show", conversation)[0]["items"][0]["message_id"])
