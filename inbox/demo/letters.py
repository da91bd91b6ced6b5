"""The letters of a weekend and of a day, made from `matters`: varied, and the same every time."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from random import Random

from inbox.demo.matters import CITIES, DAYS, ENDS, GREETINGS, MATTERS, NOTICES, SHARES, Matter
from inbox.demo.people import person
from inbox.demo.post import Letter, numbered, picture
from inbox.model import Address, Instant

HOUR = 3600
_OF_LANGUAGE = {each: tuple(m for m in MATTERS if m.language == each) for each in SHARES}


class Writing:
    """Writes letters. `seed` makes them; each is told by a number, and the same number gives the same letter."""

    def __init__(self, seed: str, zone: tzinfo) -> None:
        self._seed = seed
        self._zone = zone
        self._matters: dict[str, list[Matter]] = {}

    def random(self, *about: object) -> Random:
        """Chance about one thing, whatever else was asked before."""
        return Random(":".join((self._seed, *map(str, about))))

    def letter(self, number: int, at: Instant) -> tuple[Letter, str]:
        """A customer's letter, and the language it is in."""
        random = self.random("letter", number)
        language = self._language(number)
        matter = self._matter(language)
        words = self._words(random, matter, at)
        customer = person(random, language)
        lines = (random.choice(GREETINGS[language]), matter.text.format(**words))
        end = f"{random.choice(ENDS[language])}\n{customer.name}"
        text = "\n\n".join(part for part in (*lines, end) if part)
        files = tuple(picture(f"IMG_{random.randrange(1000, 9999)}.png") for _ in range(matter.pictures))
        letter = Letter(
            customer,
            matter.subject.format(**words),
            text,
            at,
            numbered(1000 + number, at),
            html=in_html(text) if matter.html else None,
            files=files,
        )
        return letter, language

    def notice(self, number: int, at: Instant) -> Letter:
        """A letter from a machine."""
        random = self.random("notice", number)
        name, address, subject, text = NOTICES[number % len(NOTICES)]
        words = {"order": random.randrange(8800, 8999), "amount": _amount(random)}
        return Letter(
            Address(name, address),
            subject.format(**words),
            text.format(**words),
            at,
            numbered(9000 + number, at),
            headers={"Precedence": "bulk", "List-Unsubscribe": f"<mailto:off@{address.partition('@')[2]}>"},
        )

    def city(self, random: Random) -> str:
        """Some town."""
        return random.choice(CITIES)

    def _language(self, number: int) -> str:
        """Of so many letters in a row each language has its share."""
        cards = [language for language, share in SHARES.items() for _ in range(share)]
        self.random("languages", number // len(cards)).shuffle(cards)
        return cards[number % len(cards)]

    def _matter(self, language: str) -> Matter:
        """Each matter of a language comes once before one comes again."""
        left = self._matters.get(language)
        if not left:
            left = list(_OF_LANGUAGE[language])
            self.random("matters", language).shuffle(left)
            self._matters[language] = left
        return left.pop()

    def _words(self, random: Random, matter: Matter, at: Instant) -> dict[str, str]:
        day = datetime.fromtimestamp(at, self._zone) - timedelta(days=random.randrange(5, 14))
        size = (
            random.choice(("S", "M", "L"))
            if "Fjell GTX" not in matter.things
            else str(random.randrange(38, 45))
        )
        return {
            "order": str(random.randrange(4730, 4990)),
            "thing": random.choice(matter.things),
            "date": f"{day.day}.{day.month}." if matter.language != "en" else f"{day:%B} {day.day}",
            "day": random.choice(DAYS[matter.language]),
            "size": size,
            "amount": _amount(random),
            "city": self.city(random),
        }


def in_html(text: str) -> str:
    """A text as simple mail programs write HTML."""
    paragraphs = "".join(
        f"<p>{html.escape(each).replace(chr(10), '<br>')}</p>" for each in text.split("\n\n")
    )
    return f'<html><body><div style="font-family: sans-serif">{paragraphs}</div></body></html>'


def instants(random: Random, begin: Instant, end: Instant, count: int, zone: tzinfo) -> Sequence[Instant]:
    """When mail came between two instants, oldest first: little of it at night."""
    found: set[Instant] = set()
    while len(found) < count:
        at = random.randrange(begin, end)
        if random.random() < busy(at, zone):
            found.add(at)
    return sorted(found)


def busy(at: Instant, zone: tzinfo) -> float:
    """How much mail comes at an hour of the day: 1 in the busiest."""
    hour = datetime.fromtimestamp(at, zone).hour
    return 0.08 if hour < 6 else 0.4 if hour < 8 or hour > 21 else 1.0


def arrivals(writing: Writing, begin: Instant, an_hour: float, zone: tzinfo) -> Iterator[Instant]:
    """When mail comes from `begin` on, for ever, with `an_hour` letters in a busy hour."""
    at, number = float(begin), 0
    while True:
        number += 1
        random = writing.random("arrival", number)
        at += random.expovariate(an_hour / HOUR)
        if random.random() < busy(int(at), zone):
            yield int(at)


def _amount(random: Random) -> str:
    return f"{random.randrange(18, 260)}.{random.choice(('00', '50', '90'))}"
