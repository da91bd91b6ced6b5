"""Writing without another editor: finding in the text, selecting without shift, paragraphs made one again, and a part of
what the customer wrote quoted where the hands are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inbox.flowed import quote
from inbox.reflow import paragraph_around, paragraphs, reflow
from inbox.text import one_line
from tui.prompts import Option, Prompt
from tui.screens.part import Part

if TYPE_CHECKING:
    from inbox.ports import Item, Workspace
    from tui.screens.inbox import InboxScreen
    from tui.screens.letter import Letter
    from tui.widgets.composer import Composer

OFFERED = 60
"""Paragraphs that can be quoted, the customer's newest first."""


@dataclass
class _Finding(Prompt):
    """Asks what to find; it is looked for as it is typed, and up and down go from one to the next."""

    changed: Callable[[str], None] = lambda _: None
    step: Callable[[int], None] = lambda _: None

    def press(self, key: str, character: str | None) -> Option | str | None:
        """Take a key; the answer when it gave one."""
        if key in ("down", "ctrl+n", "f3", "up", "ctrl+p"):
            self.step(-1 if key in ("up", "ctrl+p") else 1)
            return None
        return super().press(key, character)

    def _changed(self) -> None:
        super()._changed()
        self.changed(self.line.text)


class Editing(Part):
    """Changes the text under the hands, and moves about in it."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._wanted = ""  # what was looked for last

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "find-text": lambda: self._in_text(self._ask_what),
            "find-text-again": lambda: self._in_text(self._again),
            "select-text": lambda: self._in_text(self._select),
            "cut-text": lambda: self._in_text(self._cut),
            "reflow": lambda: self._in_text(self._reflow),
            "quote-part": lambda: self._in_text(self._ask_part),
        }

    def _in_text(self, do: Callable[[Composer], None]) -> None:
        """Do it where the text is; out of the fields the hands come back to it."""
        writing = self.screen.writing
        if writing.letter is None or writing.composer is None:
            return
        writing.addressing.close()
        do(writing.composer)

    # finding

    def _ask_what(self, composer: Composer) -> None:
        began = composer.selection
        start = composer.index_of(min(began))

        def look(text: str) -> None:
            if not text:
                composer.change(lambda: composer.go(began))
            else:
                self._to(composer, text, start, 1, here=True)

        def accept(answer: Option | str) -> None:
            text = answer if isinstance(answer, str) else ""
            if text:
                self._wanted = text
            self._found(composer, self._wanted, start if text else None)

        def step(count: int) -> None:
            text = prompt.line.text or self._wanted
            if text:
                self._wanted = text
                self._to(composer, text, composer.index_of(min(composer.selection)), count)

        def told(text: str) -> str:
            if not text:
                return f"Enter: {one_line(self._wanted, 30)} again" if self._wanted else ""
            count = len(_places(composer.text, text))
            return f"{count} found" if count != 1 else "1 found"

        prompt = _Finding("Find in the text:", accept, preview=told, free=True, changed=look, step=step)
        self.screen.ask(prompt)

    def _again(self, composer: Composer) -> None:
        if self._wanted:
            self._found(composer, self._wanted, None)
        else:
            self._ask_what(composer)

    def _found(self, composer: Composer, text: str, start: int | None) -> None:
        """Go to the first from `start` on, or (None) to the next one; what is not there is said."""
        if start is None:
            found = self._to(composer, text, composer.index_of(min(composer.selection)), 1)
        else:
            at = composer.index_of(min(composer.selection))  # up and down may have led further
            found = self._to(composer, text, at, 1, here=True)
        if text and not found:
            self.screen.say(f"{one_line(text, 40)!r} is not in the text.")

    def _to(self, composer: Composer, text: str, start: int, count: int, here: bool = False) -> bool:
        """Select the next place (or with -1 the one before) from `start`, around the end; whether there is one."""
        places = _places(composer.text, text)
        if not places:
            return False
        if count > 0:
            at = next((at for at in places if at > start or (here and at == start)), places[0])
        else:
            at = next((at for at in reversed(places) if at < start), places[-1])
        composer.change(lambda: composer.select(at, at + len(text)))
        return True

    # selecting

    def _select(self, composer: Composer) -> None:
        if composer.change(composer.end_selecting):
            return
        composer.selecting = True
        cut = self.called("cut-text", "compose")
        self.screen.say(f"Selecting: move on. ctrl+c copies, {cut} cuts, typing replaces, Esc ends it.")

    def _cut(self, composer: Composer) -> None:
        composer.change(composer.action_cut)
        composer.selecting = False
        self.screen.writing.changed()

    # paragraphs

    def _reflow(self, composer: Composer) -> None:
        lines = composer.text.split("\n")
        (first, _), (last, column) = sorted(composer.selection)
        if composer.selection.is_empty:
            first, last = paragraph_around(lines, first)
        elif last > first and not column:
            last -= 1
        whole = "\n".join(lines[first : last + 1])
        made = reflow(whole)
        if made == whole:
            self.screen.say("There are no lines to join here.")
            return
        composer.change(lambda: composer.put_lines(made, first, last))
        composer.selecting = False
        self.screen.writing.changed()

    # quoting

    def _ask_part(self, _: Composer) -> None:
        letter = self.screen.writing.letter
        assert letter is not None

        def look(store: Workspace) -> list[Item]:
            items = store.items(letter.conversation, newest=20) if letter.conversation else []
            return [item for item in reversed(items) if item.direction == "in" and item.reply.strip()]

        self.ask_first(look, lambda items: self._offer(letter, items))

    def _offer(self, letter: Letter, items: Sequence[Item]) -> None:
        if self.screen.writing.letter is None:
            return
        if not items:
            self.screen.say("There is nothing here that could be quoted.")
            return
        parts = [part for item in items for part in paragraphs(item.reply)][:OFFERED]
        options = [Option(one_line(part, 200), part) for part in parts]
        if len(paragraphs(items[0].reply)) > 1:
            options.append(Option("all of the last message", items[0].reply.strip()))

        def offer(text: str) -> Sequence[Option]:
            words = text.casefold().split()
            return [
                each
                for each in options
                if all(word in f"{each.label} {each.value}".casefold() for word in words)
            ]

        self.screen.ask(Prompt("Quote which part?", lambda answer: self._put(letter, answer), offer))

    def _put(self, letter: Letter, answer: Option | str) -> None:
        writing = self.screen.writing
        composer = writing.composer
        now = writing.letter
        if not isinstance(answer, Option) or composer is None or now is None:
            return
        if now.conversation != letter.conversation:
            return
        part = quote(str(answer.value))
        row, column = composer.selection.end
        above = "\n" if composer.document[row][:column].strip() else ""
        composer.change(lambda: composer.put(f"{above}{part}\n\n"))
        writing.changed()


def _places(text: str, wanted: str) -> list[int]:
    """Where something stands in a text, in capitals or not."""
    return [found.start() for found in re.finditer(re.escape(wanted), text, re.IGNORECASE)]
