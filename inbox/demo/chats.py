"""Chats of the made-up shop: one of somebody who has written mail, too, one of somebody with nothing but a number, one of
the web site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from inbox.chat.intake import Terms, take_in
from inbox.chat.shape import Chat, Line, Participant, Side
from inbox.demo.letters import HOUR
from inbox.model import Instant, Who
from inbox.ports import Store

_US = Participant("Fernweh Outdoor", "fernweh", Side.AGENT)


class Talk(NamedTuple):
    """A chat by the format of its export, the customer, and its lines: hours before now, whether the customer speaks, and
    what is said."""

    format: str
    customer: Participant
    lines: tuple[tuple[float, bool, str], ...]


TALKS = (
    Talk(
        "whatsapp",
        Participant("Ruth Keller", "+41 79 555 01 42", Side.CUSTOMER, phone="+41 79 555 01 42"),
        (
            (76, True, "Hallo, habt ihr die Schuhe «Fjell» auch in 39?"),
            (75.6, False, "Grüezi Frau Keller, ja, zwei Paar sind noch da."),
            (75.5, True, "Super, vielen Dank!"),
            (1.5, True, "Noch etwas: passen die Einlagen vom alten Modell?"),
            (1.4, True, "Sonst nehme ich neue dazu."),
        ),
    ),
    Talk(
        "whatsapp",
        Participant("+351 912 555 774", "+351 912 555 774", Side.CUSTOMER, phone="+351 912 555 774"),
        (
            (3.1, True, "Olá! Vocês têm loja em Lisboa?"),
            (2.9, False, "Olá, não, mas enviamos para Portugal em três dias."),
            (2.6, True, "Ótimo. E posso devolver se não servir?"),
        ),
    ),
    Talk(
        "tawk",
        Participant("Jo Park", "v-2207", Side.CUSTOMER, address="jo@parkstudio.example"),
        (
            (26, True, "Hi, do you ship on Saturdays?"),
            (25.9, False, "Hello Jo, we do, until noon."),
            (25.8, True, "Perfect, thanks!"),
        ),
    ),
)


def talk(store: Store, now: Instant, who: Who) -> None:
    """Take all of them in, as a worker does that finds the exports."""
    for each in TALKS:
        chat = Chat(each.format, each.customer.key, each.customer.name, tuple(_lines(each, now)))
        chat.participants |= {one.key: one for one in (each.customer, _US)}
        take_in(store, chat, Terms(live_since=now - Terms.FRESH), who, now)


def _lines(each: Talk, now: Instant) -> Iterator[Line]:
    for number, (hours, asks, text) in enumerate(each.lines):
        author = each.customer if asks else _US
        yield Line(f"{number}", now - int(hours * HOUR), author.key, author.role, text)
