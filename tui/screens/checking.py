"""What stands between a letter and its sending: hard stops and hints (`inbox.checks`), as one calm line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from inbox.text import one_line
from tui.fields import joined
from tui.widgets.hint_line import sign

if TYPE_CHECKING:
    from inbox.checks import Check, Written
    from inbox.ports import Workspace
    from tui.keys import Keymap
    from tui.screens.letter import Letter
    from tui.seat import Seat

MENDED_BY = {
    "fill": "next-place",
    "recipients": "fields",
    "sender": "fields",
    "confirm": "send-anyway",
    "attach": "attach",
    "reply-all": "to-everybody",
    "note": "as-note",
}
"""What mends a check, as verbs of the send bar."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a letter stands: what holds it, what is worth a look, and what is only said."""

    stops: tuple[Check, ...] = ()
    hints: tuple[Check, ...] = ()
    passive: tuple[Check, ...] = ()

    @property
    def final(self) -> Check | None:
        """The first stop that no reason overrides."""
        return next((stop for stop in self.stops if not stop.overridable), None)

    def holding(self, closes: bool) -> tuple[Check, ...]:
        """The stops that hold it, where the conversation is closed with it or not."""
        return tuple(stop for stop in self.stops if closes or not stop.closing)

    def passed_over(self, closes: bool) -> list[str]:
        """The names of the hints that who sends it now has not heeded."""
        return [each.name for each in (*self.hints, *self.passive) if closes or not each.closing]

    @property
    def leaving(self) -> Check | None:
        """The first hint that offers to leave."""
        return next((each for each in (*self.hints, *self.passive) if each.offers_to_leave), None)

    def without(self, hint: Check) -> Standing:
        """The same, this hint left out."""
        return replace(
            self,
            hints=tuple(each for each in self.hints if each is not hint),
            passive=tuple(each for each in self.passive if each is not hint),
        )

    def count(self) -> list[str]:
        """How many of each, for the bar; what is only said is not counted."""
        stops, hints = len(self.stops), len(self.hints)
        found = [f"! {stops} stop{'s' if stops > 1 else ''}"] if stops else []
        return found + ([f"{hints} hint{'s' if hints > 1 else ''}"] if hints else [])

    def line(self, keymap: Keymap, anyway: str) -> str:
        """All of them in one line, the key that mends each behind it; `anyway` is why the stops do not count."""
        parts = (
            [f"! {_with_key(stop, keymap)}" for stop in self.stops]
            if not anyway
            else [f"goes anyway: {anyway}"]
        )
        parts += [_with_key(hint, keymap) for hint in (*self.hints, *self.passive)]
        leave = keymap.keys_for("send", "drop-hint")
        if leave and self.leaving is not None:
            parts.append(f"{sign(leave[0])} says it no more")
        return " · ".join(parts)


def _with_key(check: Check, keymap: Keymap) -> str:
    if check.mend == "merge":
        keys = keymap.keys_for("conversation", "merge")
        return check.words.rstrip(".") + (f" ({sign(keys[0])} joins them)" if keys else "")
    verb = MENDED_BY.get(check.mend)
    keys = keymap.keys_for("send", verb) if verb else ()
    return check.words.rstrip(".") + (f" ({sign(keys[0])})" if keys else "")


def written(letter: Letter, text: str) -> Written:
    """The letter as the checks see it."""
    from inbox.checks import File, Written

    return Written(
        text,
        letter.to,
        letter.cc,
        letter.bcc,
        (letter.sender or None) if not letter.goes_by_hand else None,
        letter.kind,
        letter.subject if not letter.goes_by_hand else "",
        [File(file.name, file.size) for file in letter.files],
        by_hand=letter.goes_by_hand,
    )


def _not_ours(letter: Letter, seat: Seat) -> list[Check]:
    """A stop for a sender that is none of ours: it was typed, and servers refuse it."""
    from inbox.checks import Check
    from inbox.recipients import parse_recipients

    found, bad = parse_recipients(letter.sender)
    if (
        letter.goes_by_hand
        or not letter.sender
        or (len(found) == 1 and not bad and seat.is_ours(found[0].address))
    ):
        return []
    words = f"{one_line(letter.sender, 60)} is none of our addresses."
    return [Check("stop", "sender", words, "Choose one of ours.", "sender", False, letter.sender)]


def standing(store: Workspace, letter: Letter, text: str, seat: Seat) -> Standing:
    """Hold a letter against the conversation as it stands now, and what is known of people. Asks the store."""
    from inbox.addresses import fold_address
    from inbox.around import around
    from inbox.checks import Against, checks
    from inbox.hint_levels import SHOWN
    from inbox.recipients import parse_recipients
    from inbox.settings import Settings

    here, row = letter.conversation, letter.row
    named = parse_recipients(joined((*letter.to, *letter.cc, *letter.bcc)))[0]
    addresses = [address.address for address in named]
    customer = row.conversation.customer if row is not None else None
    ignored, left = store.documents.hints(seat.who.name)
    against = Against(
        items=store.items(here) if row is not None else (),
        item=letter.item,
        customer=row.customer_addresses if row is not None else (),
        us=seat.us,
        senders=seat.senders,
        team=seat.team,
        colleagues=[address.address for address in seat.colleagues],
        who=seat.who.name,
        others={
            fold_address(address): other.name
            for address, other in store.customers_at(addresses).items()
            if row is not None and other.id != customer
        },
        refused=store.refused_addresses(addresses),
        events=store.events(here) if row is not None else (),
        seen=row.conversation.seq if row is not None else None,
        ignored=ignored,
        left=left,
        around=around(store, seat.settings or Settings(), row, seat.who.name),
    )
    found = checks(written(letter, text), against)
    said = [check for check in found if check.kind != "stop"][:SHOWN]
    return Standing(
        (*_not_ours(letter, seat), *(check for check in found if check.kind == "stop")),
        tuple(check for check in said if check.kind == "hint"),
        tuple(check for check in said if check.kind == "passive"),
    )
