"""The fields above a letter as a person edits them: a line each, recipients with what could be meant below.

Pure: keys go in, and how it stands is read off; who could be meant is asked elsewhere and handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inbox.addresses import fold_address
from inbox.recipients import mailable, parse_recipients, pieces
from inbox.text import sanitise
from tui.prompts import LineEditor

NAMES = ("To", "Cc", "Bcc", "From", "Subject")
RECIPIENTS, SENDER, SUBJECT = (0, 1, 2), 3, 4
OFFERED = 5
"""Offers that are shown."""


class Fields:
    """Five lines, in one of which the hands are."""

    def __init__(
        self, values: Sequence[str], ours: Sequence[str], is_ours: Callable[[str], bool], at: int = 0
    ) -> None:
        self._is_ours = is_ours
        self.lines = [LineEditor(sanitise(value).replace("\n", " ")) for value in values]
        self.ours = tuple(ours)
        self.at = at
        self.offers: tuple[str, ...] = ()  # who could be meant, as they would be typed
        self.chosen = 0
        self._moved_to(at)

    # how it stands

    @property
    def values(self) -> tuple[str, ...]:
        """What is written in each field."""
        return tuple(line.text.strip() for line in self.lines)

    @property
    def wanted(self) -> str:
        """What is being typed in a field of recipients: whoever could be meant by it is to be offered."""
        if self.at not in RECIPIENTS:
            return ""
        line = self.lines[self.at]
        return line.text[_begin_of_piece(line.text, line.caret) : line.caret].strip()

    def complaint(self, number: int) -> str:
        """What is wrong with a field, in words; "" when nothing is. What is still being typed is not judged."""
        line = self.lines[number]
        if number == SENDER:
            found, bad = parse_recipients(line.text)
            fits = len(found) == 1 and not bad and self._is_ours(found[0].address)
            return "" if fits or (number == self.at and self.offers) else "none of our addresses"
        if number == SUBJECT:
            return ""
        bad = unmailable(line.text)
        if number == self.at and bad and line.caret == len(line.text) and bad[-1] == self.wanted:
            bad = bad[:-1]
        return f"{bad[0]} cannot be mailed" if bad else ""

    # keys

    def press(self, key: str, character: str | None) -> bool:
        """Take a key; False when it leads on to the text."""
        if key in ("enter", "tab") and self.offers and (key == "tab" or self._means_offer):
            self._take(self.offers[self.chosen])
        elif key in ("enter", "tab", "down"):
            if key == "down" and self.chosen < len(self.offers) - 1:
                self.chosen += 1
                return True
            if self.at == SUBJECT:
                return False
            self._moved_to(self.at + 1)
        elif key == "up" and self.offers and self.chosen:
            self.chosen -= 1
        elif key in ("up", "shift+tab"):
            self._moved_to(max(0, self.at - 1))
        elif self.lines[self.at].press(key, character):
            self._changed()
        return True

    def paste(self, text: str) -> None:
        """Pasted lines are recipients, each of its own."""
        separator = ", " if self.at in RECIPIENTS else " "
        self.lines[self.at].insert(separator.join(text.split("\n")))
        self._changed()

    def escape(self) -> bool:
        """Put the offers away; False when there were none."""
        there, self.offers = bool(self.offers), ()
        return there

    def offer(self, people: Sequence[str]) -> None:
        """What could be meant by `wanted`, best first."""
        self.offers, self.chosen = tuple(people[:OFFERED]), 0

    def _changed(self) -> None:
        self.offers, self.chosen = (), 0
        if self.at == SENDER:
            typed = self.lines[SENDER].text.strip().casefold()
            self.offer([each for each in self.ours if typed in each.casefold() and typed != each.casefold()])

    def _moved_to(self, number: int) -> None:
        if self.at in RECIPIENTS:
            left = self.lines[self.at]
            left.text = left.text.rstrip(" ,;")
        self.at = number
        self.offer(())
        line = self.lines[number]
        if number in RECIPIENTS and line.text:
            line.text += ", "  # whoever is typed now comes after those that are there
        line.caret = len(line.text)
        if number == SENDER and len(self.ours) > 1:
            self.offer(self.ours)
            here = fold_address(line.text)
            ours = [fold_address(offer) for offer in self.offers]
            self.chosen = ours.index(here) if here in ours else 0

    @property
    def _means_offer(self) -> bool:
        """Whether Enter means the offer: what is typed is not an address already, or another line was chosen."""
        return self.at == SENDER or self.chosen > 0 or mailable(self.wanted) is None

    def _take(self, offer: str) -> None:
        line = self.lines[self.at]
        if self.at == SENDER:
            line.text, line.caret = offer, len(offer)
            self._moved_to(self.at + 1)
            return
        begin = _begin_of_piece(line.text, line.caret)
        before, after = line.text[:begin].rstrip(), line.text[line.caret :].lstrip(" ,;")
        begun = f"{before} {offer}, " if before else f"{offer}, "
        line.text, line.caret = begun + after, len(begun)
        self._changed()


def unmailable(text: str) -> list[str]:
    """Those of typed recipients that cannot be mailed, as typed."""
    return parse_recipients(text)[1]


def joined(typed: Sequence[str]) -> str:
    """Recipients in one line."""
    return ", ".join(typed)


def parted(text: str) -> tuple[str, ...]:
    """A line of recipients one by one, as typed."""
    return tuple(pieces(text))


def _begin_of_piece(text: str, caret: int) -> int:
    """Where the recipient begins that the caret is in."""
    begin, quoted = 0, False
    for at, one in enumerate(text[:caret]):
        if one == '"':
            quoted = not quoted
        elif one in ",;" and not quoted:
            begin = at + 1
    return begin
