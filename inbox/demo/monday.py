"""A Monday in the made-up shop: what the weekend brought lies there at 08:55, and from then on the day goes on.

All of it is the same every time: each thing that is left to chance has a chance of its own, made from the seed and
what it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from inbox.demo.friday import DANA, FRIDAY, GERRIT, IDA
from inbox.demo.letters import HOUR, Writing, in_html, instants
from inbox.demo.matters import AGAIN
from inbox.demo.post import Letter, numbered, take_in
from inbox.demo.shop import Shop
from inbox.model import Address, Instant
from inbox.ports import Workspace

MORNING: Instant = 1_773_647_700
"""Mon 2026-03-16 08:55 in Berlin: no holiday is near."""
ZONE = ZoneInfo("Europe/Berlin")
SEED = "monday"
COLLEAGUES = ("Mara", "Theo")
CONVERSATIONS = 132
NOTICES = 28
AGAIN_EVERY = 15
"""Of so many customers one writes a second time before anybody has answered."""
CLOSED_FOR = 63.9
"""Hours since the shop closed."""


_WEEK = ", ".join(f'{day} = ["09:00-17:00"]' for day in ("mon", "tue", "wed", "thu", "fri"))
HOURS = f"""
[hours]
zone = "{ZONE.key}"
week = {{ {_WEEK} }}
country = "DE"
"""
"""When the shop is open, for its settings."""


class Weekend:
    """Brings a workspace to the Monday's opening."""

    def __init__(self, store: Workspace, you: str, now: Instant = MORNING) -> None:
        self._store = store
        self._you = you
        self._now = now
        self._writing = Writing(SEED, ZONE)

    def live(self) -> None:
        """The end of last week as it went, then all the mail of the weekend at once."""
        shop, closed = Shop(self._store, self._you, self._now, FRIDAY), self._now - int(CLOSED_FOR * HOUR)
        shop.live_until(closed)
        self._store.attendance.here(self._you, closed)
        shop.live()
        take_in(self._store, sorted(self._mail(), key=lambda mail: mail[1]), self._now - 60)

    def _mail(self) -> Iterator[tuple[bytes, Instant, bool]]:
        begin, end = self._now - int(CLOSED_FOR * HOUR), self._now - 180
        when = instants(self._writing.random("weekend"), begin, end, CONVERSATIONS, ZONE)
        for number, at in enumerate(when):
            letter, language = self._writing.letter(number, at)
            yield letter.raw(), at, False
            if number % AGAIN_EVERY == 7 and at < end - 12 * HOUR:
                again = _again(letter, language, at + 11 * HOUR)
                yield again.raw(), again.at, False
        for number, at in enumerate(instants(self._writing.random("notices"), begin, end, NOTICES, ZONE)):
            yield self._writing.notice(number, at).raw(), at, False
        for letter in _special(self._now):
            yield letter.raw(), letter.at, letter.trusted


def _again(first: Letter, language: str, at: Instant) -> Letter:
    before = f"<{first.number:032x}@{first.sender.address.rpartition('@')[2]}>"
    return Letter(
        first.sender,
        f"Re: {first.subject}",
        f"{AGAIN[language]}\n\n{first.sender.name}",
        at,
        numbered(5000, at),
        in_reply_to=before,
        references=(before,),
    )


def _special(now: Instant) -> Iterator[Letter]:
    """What every weekend has one of: somebody who is away, one who writes anew, one a teammate passes on, spam."""
    at = now - 30 * HOUR
    yield Letter(
        Address(*GERRIT),
        "Automatische Antwort: Re: Frage zur Garantie",
        "Guten Tag,\n\nich bin bis zum Ende des Monats nicht im Büro.\n\nGerrit Voss",
        now - int(63.8 * HOUR),
        numbered(6001, at),
        headers={"Auto-Submitted": "auto-replied", "Precedence": "bulk", "X-Auto-Response-Suppress": "All"},
    )
    yield Letter(
        Address(*IDA),
        "Daypack as a present",
        "Hello again,\n\nthe order number is 4755, and the card should say «Well done».\n\nIda",
        at,
        numbered(6002, at),
    )
    text = (
        "Can somebody of you look at this?\n\n---------- Forwarded message ----------\n"
        "From: Noémie Laurent <noemie.laurent@lapin.example>\nDate: Sat, 14 Mar 2026 10:12:00 +0100\n"
        "Subject: Magasin de Strasbourg\nTo: Theo <theo@fernweh.example>\n\n"
        "Bonjour,\n\nle magasin de Strasbourg sera-t-il ouvert lundi de Pâques ?\n\nNoémie Laurent"
    )
    theo = Address("Theo", "theo@fernweh.example")
    yield Letter(theo, "Fwd: Magasin de Strasbourg", text, at + HOUR, numbered(6003, at), trusted=True)
    text = "Hello,\n\nthe price list, please, as a table if you have one.\n\nDana"
    yield Letter(
        Address(*DANA), "Price list 2026", text, at + 2 * HOUR, numbered(6004, at), html=in_html(text)
    )
    yield Letter(
        Address("Prize Office", "office@lucky.example"),
        "Your parcel could not be paid for",
        "Dear customer, pay 1.99 to have your parcel delivered: http://parcels.lucky.example/pay",
        at + 3 * HOUR,
        numbered(6005, at),
    )
