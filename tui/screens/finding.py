"""Finding words in what is read: the messages of one conversation, however many, or a sheet. `n` goes on, `p` goes back.

Which messages say them is asked once, off the loop; where on the screen they stand is looked up message by message, as the
hands come to them. A message that says them where it is folded is unfolded.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from inbox.text import one_line
from tui.prompts import Option, Prompt
from tui.screens.part import Part
from tui.widgets.stream import Found, message_at, pattern_of

if TYPE_CHECKING:
    from inbox.ports import Workspace
    from tui.screens.inbox import InboxScreen
    from tui.widgets.stream import Block


class Finding(Part):
    """Asks for words, marks them where they stand, and goes from one to the next."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._view = screen.conversation
        self._words = ""
        self._messages: Sequence[int] = ()  # those that say them; of a sheet none are needed

    def begin(self) -> None:
        """Ask for the words."""

        def offer(text: str) -> Sequence[Option]:
            if not text.strip():
                return ()
            return Option("here", "here", "Enter"), Option("in all conversations", text, "Down, Enter")

        prompt = Prompt("Find here", self._asked, offer, lambda text: "" if text else "words", free=True)
        self.screen.ask(prompt)

    def end(self) -> None:
        """Mark nothing any more; the hands stay where they are."""
        self._view.found = None
        self._view.repaint()

    def _asked(self, answer: Option | str) -> None:
        if isinstance(answer, Option):
            self.screen.asking.search_all(str(answer.value))
        elif answer.strip():
            self._find(answer)

    def _find(self, words: str) -> None:
        view, opened = self._view, self._view.opened
        if opened is None:
            return
        pattern = pattern_of(words)
        self._words = one_line(words, 40)
        if view.sheet is not None:
            self._begin(pattern, ())
            return
        here = opened.id

        def ask(store: Workspace) -> list[int]:
            return store.saying(here, lambda text: pattern.search(text) is not None)

        def found(messages: list[int]) -> None:
            if view.opened is not None and view.opened.id == here and view.sheet is None:
                self._begin(pattern, messages)

        self.background.read("find", ask, found)

    def _begin(self, pattern: re.Pattern[str], messages: Sequence[int]) -> None:
        self._messages = messages
        if self._view.sheet is None and not messages:
            self.screen.say(f"Nothing here says “{self._words}”.")
            return
        self._view.look_for(Found(pattern))
        self.screen.show_place()
        self.go(1)

    # from one to the next

    def go(self, step: int) -> None:
        """To the next hit, or the one before; behind the last comes the first."""
        view = self._view
        if view.found is None:
            return
        if self._here(step):
            return
        if view.sheet is not None:
            self._around(step)
            return
        opened, messages = view.opened, self._messages
        assert opened is not None
        if step > 0:
            beyond = bisect_right(messages, opened.items[-1].id) if opened.items else 0
            wanted = messages[beyond] if beyond < len(messages) else messages[0]
        else:
            beyond = bisect_left(messages, opened.items[0].id) - 1 if opened.items else -1
            wanted = messages[beyond]  # -1: the last of all
        if any(item.id == wanted for item in opened.items):
            self._around(step)
        else:
            view.fetch(wanted, partial(self._from, wanted, step))

    def _from(self, message: int, step: int) -> None:
        """Another stretch is here: to the first hit of a message, or the last."""
        self._step_through(step, self._view.index_of(message), None)

    def _around(self, step: int) -> None:
        """Nothing more this way: from the other end again."""
        last = len(self._view.stream.blocks) - 1
        if not self._step_through(step, 0 if step > 0 else last, None):
            self.screen.say(f"Nothing here says “{self._words}”.")
            self.end()
            self.screen.show_place()

    def _here(self, step: int) -> bool:
        """To the next hit among what is read; whether there is one."""
        found, stream = self._view.found, self._view.stream
        if found is None or found.at is None:
            return self._step_through(step, stream.at, None)
        order, line, start = found.at
        return self._step_through(step, stream.index_of(order), (line, start))

    def _step_through(self, step: int, start: int, behind: tuple[int, int] | None) -> bool:
        view, number = self._view, start
        while 0 <= number < len(view.stream.blocks):
            block = view.stream.blocks[number]
            if self._may(block):
                hits = self._hits(number, block)
                after = [
                    hit for hit in hits if behind is None or (hit > behind if step > 0 else hit < behind)
                ]
                if after:
                    line, first = after[0] if step > 0 else after[-1]
                    view.show_hit(block.order, line, first)
                    self._say(block)
                    return True
            behind = None
            number += step
        return False

    def _may(self, block: Block) -> bool:
        """Whether a block can say the words."""
        found = self._view.found
        if self._view.sheet is not None:
            return found is not None and found.pattern.search(block.words or "") is not None
        if block.item is None:
            return False
        at = bisect_left(self._messages, block.item.id)
        return at < len(self._messages) and self._messages[at] == block.item.id

    def _hits(self, number: int, block: Block) -> list[tuple[int, int]]:
        """Line and first character of each hit in a block; where it says them in what is folded, it is unfolded."""
        spans = self._view.spans(number)
        if not spans and block.item is not None:
            self._view.unfold(block.item.id)
            spans = self._view.spans(number)
        return sorted((line, first) for line, each in spans.items() for first, _ in each)

    def _say(self, block: Block) -> None:
        keys = " · ".join(
            f"{self.called(verb, 'search')} {what}"
            for verb, what in (("next-hit", "next"), ("previous-hit", "before"), ("back", "ends"))
        )
        if self._view.sheet is not None:
            self.screen.say(f"“{self._words}” · {keys}")
            return
        at = bisect_left(self._messages, message_at(block.order)) + 1
        many = (
            f"message {at} of {len(self._messages)} that say it" if len(self._messages) > 1 else "one message"
        )
        self.screen.say(f"“{self._words}”: {many} · {keys}")
