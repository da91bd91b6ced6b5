"""The fields above the text: who gets it, from us as whom, and under which subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inbox.recipients import as_typed
from tui.fields import Fields
from tui.screens.part import Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inbox.model import Address
    from tui.screens.inbox import InboxScreen


class Addressing(Part):
    """Edits the fields of the letter; whoever could be meant is looked up beside the keys."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.fields: Fields | None = None
        self._asked = ""  # whom is being looked up
        self._then: tuple[str, str | None] | None = None  # the key that waits for the answer

    def open(self, at: int | None = None) -> None:
        """Put the hands on a field; the one before where they are on one already."""
        letter = self.screen.writing.letter
        if letter is None:
            return
        if self.screen.prompt is not None:  # from the send bar
            self.screen.close_prompt()
        if letter.call is not None:  # what is told of it beside the text
            self.screen.calling.open_bar(letter)
            return
        if not letter.leaves:
            self.screen.say("A note goes to nobody outside: it has no recipients.")
            return
        if self.fields is not None:
            self.press("shift+tab", None)
            return
        self.fields = Fields(letter.values, self.seat.senders, self.seat.is_ours, at or 0)
        self.screen.add_class("-addressing")
        self.screen.writing.show_head()

    def close(self) -> None:
        """Put the hands back on the text."""
        self._look_up_no_more()
        if self.fields is not None:
            self.fields = None
            self.screen.remove_class("-addressing")
            self.screen.writing.show_head()

    def escape(self) -> bool:
        """Away from what is offered, then from the fields; False when the hands were not on them."""
        if self.fields is None:
            return False
        if self.fields.escape():
            self.screen.writing.show_head()
        else:
            self.close()
        return True

    def press(self, key: str, character: str | None) -> None:
        """Take a key on a field."""
        fields = self.fields
        if fields is None:
            return
        if key in ("tab", "enter") and self._asked:  # it is about what is being looked up
            self._then = (key, character)
            self.screen.keyboard.wait()
            return
        if not fields.press(key, character):
            self.close()
            return
        self._written(fields)

    def paste(self, text: str) -> None:
        """Pasted text on a field."""
        if self.fields is not None:
            self.fields.paste(text)
            self._written(self.fields)

    def _written(self, fields: Fields) -> None:
        writing = self.screen.writing
        wanted = fields.wanted
        if writing.letter is not None and tuple(writing.letter.values) != fields.values:
            writing.rewrite(writing.letter.with_values(fields.values))
            if wanted:
                self._look_up(wanted)
            else:
                self._asked = ""
        writing.show_head()

    def _look_up(self, wanted: str) -> None:
        self._asked = wanted
        self.background.read(
            "people",
            lambda store: ranked(
                wanted, [*self.seat.colleagues, *store.people_like(wanted)], self.seat.senders
            ),
            lambda people: self._found(wanted, people),
            self._look_up_no_more,
        )

    def _look_up_no_more(self) -> None:
        self._asked, self._then = "", None

    def _found(self, wanted: str, people: Sequence[str]) -> None:
        if self.fields is None or wanted != self._asked:
            return
        self._asked = ""
        if self.fields.wanted == wanted:
            self.fields.offer(people)
            self.screen.writing.show_head()
        if self._then is not None:
            (key, character), self._then = self._then, None
            self.press(key, character)
            self.screen.keyboard.go_on()


def ranked(wanted: str, people: Sequence[Address], ours: Sequence[str]) -> list[str]:
    """Who could be meant, as they would be typed: those that begin so first, then those with its letters in order."""
    from textual.fuzzy import FuzzySearch

    fuzzy, text = FuzzySearch(), wanted.casefold()
    candidates = [*map(as_typed, people), *ours]

    def fits(candidate: str) -> tuple[bool, float]:
        begins = any(word.startswith(text) for word in (candidate.casefold(), *_words(candidate)))
        return begins, fuzzy.match(wanted, candidate)[0]

    scored = [(fits(candidate), candidate) for candidate in dict.fromkeys(candidates)]
    found = [(fit, candidate) for fit, candidate in scored if (fit[0] or fit[1] > 0) and candidate != wanted]
    return [candidate for _, candidate in sorted(found, key=lambda pair: (not pair[0][0], -pair[0][1]))]


def _words(candidate: str) -> list[str]:
    return candidate.casefold().replace("<", " ").replace("@", " ").split()
