"""Names in chats of which nobody has said whose they are, on the screen: one list, one key an answer, applied at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from inbox.chat.names import ASKED, LEFT, OURS, THEIRS, Asked, Held, Name
from inbox.text import one_line
from tui.screens.part import Part
from tui.times import moment
from tui.widgets.names_pane import NamesPane

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen

PLACE = "names"
IS = {OURS: "is us", THEIRS: "is a customer", LEFT: "is left aside", ASKED: "is asked for"}


class Names(Part):
    """Shows the names, and says whose they are."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.pane = NamesPane()
        self._from = "list"
        self._held: dict[str, Held] = {}

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "names": self.open,
            "name-us": lambda: self._say(OURS),
            "name-customer": lambda: self._say(THEIRS),
            "name-leave": lambda: self._say(LEFT),
        }

    # looking

    def open(self) -> None:
        """Show the names."""
        screen = self.screen
        if not self.pane.is_attached:
            screen.mount(self.pane)
        if screen.place != PLACE:
            self._from = screen.place
        screen.go_to(PLACE)
        self._held = {}
        self.look()

    def close(self) -> None:
        """Back to where it was opened."""
        self.screen.go_to(self._from)

    def look(self) -> None:
        """Read the names, and what waits for them."""
        self.background.read(PLACE, lambda store: store.names.all(), self._show)

    def _show(self, asked: Asked) -> None:
        said = [each for each in asked.names.values() if each.side != ASKED]
        names = [*asked.waiting, *sorted(said, key=lambda each: (-each.at, each.key))]
        before = self.pane.current
        self.pane.put(names, [self._sentences(name, asked) for name in names])
        after = self.pane.current
        if before is not None and after is not None and before.key != after.key:
            self.screen.keyboard.advanced()  # it is gone, and another one is under the hands
        came = [each for each in asked.held if each.took is not None and self._is_awaited(each)]
        if came:
            self.screen.say(" ".join(f"Taken in: {_in_words(each)}." for each in came))
            self.screen.shelf.rang(None)
        self._held = {each.place: each for each in asked.held}

    def _is_awaited(self, held: Held) -> bool:
        before = self._held.get(held.place)
        return before is not None and before.took is None

    def _sentences(self, name: Name, asked: Asked) -> list[str]:
        """What is to be known of a name: where it stands, what it said first, who answered, what waits or waited."""
        told = []
        for called, count in name.chats:
            told.append(f"In {one_line(called, 80)}: {count} {'line' if count == 1 else 'lines'}.")
        if name.first:
            told.append(f"It said first: “{one_line(name.first, 300)}”")
        if name.who:
            when = moment(name.at, self.seat.now(), self.seat.zone)
            told.append(f"{one_line(name.who, 40)} said {when}: it {IS[name.side]}.")
        for held in asked.held:
            if name.key in held.names:
                told.append(
                    f"Taken in: {_in_words(held)}."
                    if held.took is not None
                    else f"{one_line(held.called, 60)} waits for this."
                )
        return told

    # answering

    def _say(self, side: str) -> None:
        name = self.pane.current
        if name is None:
            self.screen.say("No name is asked for.")
            return
        who, now = self.seat.who, self.seat.now()
        shown = one_line(name.name, 40)
        if name.side == side:
            self.screen.say(f"{shown} {IS[side]} already.")
            return
        waiting = [held for held in self._held.values() if held.took is None and name.key in held.names]
        self.pane.answer(side, who.name, now)
        words = f"{shown} {IS[side]}."
        if waiting and side != LEFT:
            called = ", ".join(one_line(held.called, 30) for held in waiting[:2])
            words += f" The worker takes in what waited for it: {called}{' …' if len(waiting) > 2 else ''}."
        elif name.is_told:
            words += " What is in already stays as it is."

        def said(other: Name | None) -> None:
            if other is None:
                self.screen.say(words)
            else:
                first = one_line(other.who, 40) or "Somebody"
                self.screen.say(f"{first} was first: {shown} {IS[other.side]}.")
            self.look()

        self.background.write(lambda store: store.names.say(name.name, side, who, now, name), said)


def _in_words(held: Held) -> str:
    """What became of something that waited: "chat.txt, 14 new messages"."""
    lines = "1 new message" if held.took == 1 else f"{held.took} new messages"
    trouble = f" ({one_line(held.trouble, 200)})" if held.trouble else ""
    return f"{one_line(held.called, 60)}, {lines}{trouble}"
