"""A chat of rows as a document holds them: put in order, each with an id and the side of who wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from inbox.chat.shape import Asked, Chat, Line, Media, Oddities, Ordinals, Participant, Side, sides
from inbox.model import Instant


class Row(NamedTuple):
    """One message as a document has it. `at` None: it does not say when; `id` "": it has none; `author`, `topic` and `mark`
    as in `inbox.chat.shape.Line`; `said` is what the message is called where something is wrong with it."""

    at: Instant | None
    author: str | None
    text: str
    id: str = ""
    attachments: tuple[Media, ...] = ()
    reply_to: str | None = None
    topic: str | None = None
    said: str = ""
    mark: str = ""


class People:
    """Who takes part, gathered while a document is read; who is known better later is so from the first line on."""

    def __init__(self) -> None:
        self.all: dict[str, Participant] = {}

    def add(self, each: Participant) -> str | None:
        """The key of somebody; None for nobody at all."""
        if not each.key:
            return None
        known = self.all.get(each.key)
        if known is None:
            self.all[each.key] = each
        else:
            self.all[each.key] = replace(
                known,
                name=known.name if known.name and known.name != known.handle else each.name or known.name,
                role=each.role if known.role is Side.UNKNOWN else known.role,
                address=known.address or each.address,
                phone=known.phone or each.phone,
            )
        return each.key


def built(
    format_: str,
    id_: str | None,
    title: str | None,
    people: Mapping[str, Participant],
    rows: Iterable[Row],
    asked: Asked,
    oddities: Oddities,
) -> Chat:
    """The chat of these rows, oldest first; rows of the same second stay in their order. What does not say when it was is
    put behind what stands before it, and that is said; an id that occurs twice is kept for the first alone."""
    told = sides(people, asked.us)
    placed: list[tuple[Instant, int, Row]] = []
    at: Instant | None = None
    waiting: list[Row] = []
    for row in rows:
        if row.at is None:
            oddities.say(f"{row.said or 'a message'} does not say when it was")
            if at is None:
                waiting.append(row)
                continue
        else:
            if at is None:
                placed.extend((row.at, -1, early) for early in waiting)
                waiting = []
            at = row.at
        assert at is not None
        placed.append((at, len(placed), row))
    if waiting:
        oddities.say(f"{len(waiting)} messages were left out: nothing says when they were")
    placed.sort(key=lambda each: each[:2])
    ordinals, seen, lines = Ordinals(format_), set[str](), []
    for instant, _, row in placed:
        author = row.author if row.author in told else None
        number = row.id
        if number and number in seen:
            oddities.say(f"the id {number} occurs more than once")
            number = ""
        number = number or ordinals.id(instant, author, row.text)
        seen.add(number)
        role = told[author].role if author is not None else Side.SYSTEM
        lines.append(
            Line(number, instant, author, role, row.text, row.attachments, row.reply_to, row.topic, row.mark)
        )
    return Chat(format_, id_, title, lines, told, oddities)
