"""How an open question looks: its options above, the line to write on below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.style import Style
from textual.strip import Strip

from inbox.text import cells, cut, one_line, pad
from tui.looks import laid_on
from tui.widgets.hint_line import sign
from tui.widgets.pane import EMPTY, Pane, Run, strip_of
from tui.widgets.wrapping import wrapped

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui.prompts import LineEditor, Option, Prompt

_REVERSED = Style(reverse=True)

NOTES = 3
"""Lines of a note above a question."""

MOST = 10
"""Options visible at once."""

GROUP, KEYS = 8, 13
"""Cells for a heading, and for the keys that stand beside it."""

NARROW = 60
"""Columns below which there is no room for headings."""


class PromptBar(Pane):
    """Draws the prompt it is given. Its height follows the options, up to `MOST`; it shrinks only with the prompt.

    A letter is seen at once, the options that fit follow after a moment of quiet, and once: each time it is a list of ten
    lines that crosses the line.
    """

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self.prompt: Prompt | None = None
        self._height = 0
        self.most = MOST
        self._options: Sequence[Option] = ()  # as they are seen
        self._chosen = 0
        self._text = ""  # for which they were offered, or will be
        self._quiet: Timer | None = None
        self._rests = True  # nothing was typed for a moment

    def show(self, prompt: Prompt | None, most: int = MOST) -> None:
        """Draw this prompt, or nothing."""
        fresh = prompt is not self.prompt
        self.prompt = prompt
        self.most = most
        text = prompt.line.text if prompt is not None else ""
        typed, self._text = text != self._text, text
        if typed and not fresh:
            self._rests = False
            self._follow_after(self._list_once_found)
            self.repaint()
        else:
            self._list(fresh)

    def found(self) -> None:
        """More was found for what is typed; while somebody types it waits with the rest."""
        if self._rests:
            self._list()

    def _follow_after(self, then: Callable[[], None]) -> None:
        self._hold_on()
        self._quiet = self.screen.set_timer(self.frontdesk.seat.pace.quiet, then)

    def _hold_on(self) -> None:
        if self._quiet is not None:
            self._quiet.stop()
            self._quiet = None

    def _list_once_found(self) -> None:
        """The hands rest. What is still being looked for is given another moment."""
        self._rests = True
        if self.prompt is not None and self.prompt.looks():
            self._follow_after(self._list)
        else:
            self._list()

    def _list(self, fresh: bool = False) -> None:
        """Draw the options as they are now."""
        prompt, most = self.prompt, self.most
        self._hold_on()
        self._rests = True
        self._options, self._chosen = (prompt.options, prompt.chosen) if prompt is not None else ((), 0)
        wanted = 0 if prompt is None else 1 + min(most, self._listed(prompt))
        if not fresh:  # while one types the lines stay where they are
            wanted = max(wanted, self._height)
        if wanted != self._height or fresh:
            self._height = wanted
            self.styles.height = max(1, wanted)
        self.repaint()

    def _listed(self, prompt: Prompt) -> int:
        """How many lines stand above the question: one-key answers do only where one line is too short."""
        if prompt.note:
            return len(self._notes(prompt))
        if prompt.asks_line:
            return len(prompt.options)
        width = sum(cells(text) for text, _ in (*self._asked(prompt), *self._answers(prompt)))
        return 0 if width <= self.app.size.width else len(prompt.options)

    def _notes(self, prompt: Prompt) -> list[str]:
        """The note, in as many lines as it needs, up to `NOTES`."""
        width = max(20, self.app.size.width - 2)
        return list(wrapped(one_line(prompt.note, 1000), width))[:NOTES]

    def line(self, y: int) -> Strip:
        """Options, then the line itself."""
        prompt, height = self.prompt, self.size.height
        if prompt is None:
            return EMPTY
        if y == height - 1:
            return self._question(prompt)
        if prompt.note:
            notes = self._notes(prompt)
            number = y - (height - 1 - len(notes))
            ink = (self.inks.late if prompt.urgent else self.inks.soon) + self.inks.bar
            return self._ground([(f" {notes[number]}", ink)] if number >= 0 else [])
        visible = height - 1
        options, chosen = self._options, self._chosen
        first = max(0, chosen - visible + 1)
        shown = min(visible, len(options))
        at = first + y - (visible - shown)
        if y < visible - shown or at >= len(options):
            return self._ground([])
        before = options[at - 1] if at > 0 and y > visible - shown else None
        heading = "" if before is not None and before.group == options[at].group else None
        keyed = any(option.key for option in options)
        return self._option(options[at], prompt.asks_line and at == chosen, keyed, heading)

    def _option(self, option: Option, chosen: bool, keyed: bool, heading: str | None = None) -> Strip:
        """One answer; `keyed`: some have a key. `heading` stands in the place of its group, which is said once for all
        that follow."""
        inks = laid_on(self.inks, self.inks.cursor if chosen else self.inks.bar)
        width = self.size.width
        kind = f" {one_line(option.kind, 20)} " if option.kind else ""
        runs: list[Run] = [
            ("▌ " if chosen else "  ", inks.accent),
            (f"{sign(option.key):>2} " if keyed else "", inks.accent),
        ]
        grouped = option.group and width >= NARROW
        if grouped:
            runs.append((pad(option.group if heading is None else heading, GROUP), inks.strong))
        room = width - sum(cells(text) for text, _ in runs) - cells(kind)
        alone = not option.detail and not option.blocked
        usual = min(KEYS, width // 3) if option.group else min(30, max(22, width // 4))
        label = pad(one_line(option.label, 300), max(8, room - 1 if alone else usual))
        said = f" {one_line(option.detail)}"
        room -= cells(label)
        why = f"  - {one_line(option.blocked)}" if option.blocked else ""
        runs += [
            (label, inks.faint if option.blocked else inks.text),
            (cut(said, max(0, room)), inks.faint if option.blocked else inks.muted),
            (cut(why, max(0, room - cells(said))), inks.soon),
        ]
        gap = width - sum(cells(text) for text, _ in runs) - cells(kind)
        return self._ground([*runs, (" " * max(0, gap) + kind, inks.faint)] if kind else runs, chosen)

    def _question(self, prompt: Prompt) -> Strip:
        inks = laid_on(self.inks, self.inks.bar)
        runs = self._asked(prompt)
        under = prompt.under_hands
        blocked = under.blocked if prompt.asks_line and under is not None else None
        refusal = prompt.refusal if prompt.asks_line else ""
        said = one_line(refusal or blocked or prompt.preview(prompt.line.text))
        if prompt.asks_line:
            room = (
                self.size.width
                - sum(cells(text) for text, _ in runs)
                - min(cells(said) + 3, self.size.width // 2)
            )
            runs += self._typed(prompt.line, max(8, room))
        elif self.size.height == 1:
            runs += self._answers(prompt)
        if said:
            runs.append((f"  {said}", inks.soon if prompt.refusal else inks.muted))
        return self._ground(runs)

    def _asked(self, prompt: Prompt) -> list[Run]:
        if prompt.refusal and not prompt.asks_line:  # behind the answers there may be no room for it
            return [(f" {one_line(prompt.refusal, 400)} ", self.inks.soon + self.inks.bar)]
        return [(f" {one_line(prompt.question, 400)} ", self.inks.strong + self.inks.bar)]

    def _typed(self, line: LineEditor, room: int) -> list[Run]:
        """What is written, as much of it around the caret as there is room for."""
        start = max(0, line.caret - room)
        ink = self.inks.text + self.inks.bar
        under = line.text[line.caret : line.caret + 1] or " "
        after = line.text[line.caret + 1 : start + room]
        return [(line.text[start : line.caret], ink), (under, self.inks.text + _REVERSED), (after, ink)]

    def _answers(self, prompt: Prompt) -> list[Run]:
        inks = laid_on(self.inks, self.inks.bar)
        runs: list[Run] = []
        for option in prompt.options:
            runs += [(f" {sign(option.key)}", inks.accent), (f" {one_line(option.label, 40)}", inks.muted)]
            if option.detail:
                runs.append((f" {one_line(option.detail, 40)}", inks.faint))
            runs.append((" ", inks.muted))
        return runs

    def _ground(self, runs: list[Run], under: bool = False) -> Strip:
        used = sum(cells(text) for text, _ in runs)
        ground = self.inks.cursor if under else self.inks.bar
        strip = strip_of([*runs, (" " * max(0, self.size.width - used), self.inks.text + ground)])
        return strip if strip.cell_length <= self.size.width else strip.crop(0, self.size.width)
