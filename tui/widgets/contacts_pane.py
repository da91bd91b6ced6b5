"""What went between us and an upset customer last, above what is written: three lines at most; and an article that fits."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from inbox.channel import channel_of
from inbox.last_contacts import Contact
from inbox.text import cells, cut, one_line, pad
from tui.times import since
from tui.widgets.pane import EMPTY, Pane, Run, strip_of

_OUTCOME = 24
"""Cells of what came of it."""


class ContactsPane(Pane):
    """Shows the contacts and the line it is given; it is as high as what there is to show."""

    def __init__(self) -> None:
        super().__init__(id="contacts")
        self.contacts: Sequence[Contact] = ()
        self.fits = ""

    def show(self, contacts: Sequence[Contact], fits: str) -> None:
        """Show these contacts, and which article fits."""
        self.contacts, self.fits = tuple(contacts), fits
        lines = len(self.contacts) + bool(fits)
        self.styles.height = max(1, lines)
        self.set_class(lines > 0, "-there")
        self.repaint()

    def line(self, y: int) -> Strip:
        """A contact, the newest last; below them what fits."""
        if y < len(self.contacts):
            return self._contact(self.contacts[len(self.contacts) - 1 - y])
        if y == len(self.contacts) and self.fits:
            return strip_of([(cut(f" {one_line(self.fits, 200)}", self.size.width), self.inks.muted)])
        return EMPTY

    def _contact(self, contact: Contact) -> Strip:
        """When and how, what they wrote, what we answered, what came of it; both texts get the same room."""
        inks, seat = self.inks, self.frontdesk.seat
        mark = channel_of(contact.channel).mark
        head = f" {since(contact.at, seat.now(), seat.zone):>6} {mark} "
        tail = f" · {cut(one_line(contact.outcome, 60), _OUTCOME)}" if contact.outcome else ""
        room = max(0, self.size.width - cells(head) - cells(tail) - 4)
        asked = one_line(contact.asked, 200) or "(no words)"
        answer = one_line(contact.answer, 200) if contact.answer else "no answer"
        for_asked = (self.size.width - cells(head) - 4) // 2  # the same in each line
        runs: list[Run] = [
            (head, inks.muted),
            (pad(cut(asked, for_asked), for_asked), inks.text),
            (" → ", inks.faint),
            (cut(answer, max(0, room - for_asked)), inks.muted if contact.answer else inks.late),
            (tail, inks.faint),
        ]
        strip = strip_of(runs)
        return strip if strip.cell_length <= self.size.width else strip.crop(0, self.size.width)
