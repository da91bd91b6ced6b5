"""How an open question looks: its options above, the line to write on below."""

from __future__ import annotations

from rich.style import Style
from textual.strip import Strip

from inbox.text import cells, one_line, pad
from tui.looks import laid_on
from tui.prompts import Prompt
from tui.widgets.hint_line import sign
from tui.widgets.pane import EMPTY, Pane, Run, strip_of

_REVERSED = Style(reverse=True)

MOST = 10
"""Options visible at once."""


class PromptBar(Pane):
    """Draws the prompt it is given. Its height follows the options, up to `MOST`; it shrinks only with the prompt."""

    context = "prompt"

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self.prompt: Prompt | None = None
        self._height = 0
        self.most = MOST

    def show(self, prompt: Prompt | None, most: int = MOST) -> None:
        """Draw this prompt, or nothing."""
        fresh = prompt is not self.prompt
        self.prompt = prompt
        self.most = most
        wanted = 0 if prompt is None else 1 + (min(most, len(prompt.options)) if prompt.asks_line else 0)
        if not fresh:  # while one types the lines stay where they are
            wanted = max(wanted, self._height)
        if wanted != self._height or fresh:
            self._height = wanted
            self.styles.height = max(1, wanted)
        self.repaint()

    def line(self, y: int) -> Strip:
        """Options, then the line itself."""
        prompt, height = self.prompt, self.size.height
        if prompt is None:
            return EMPTY
        if y == height - 1:
            return self._question(prompt)
        visible = height - 1
        first = max(0, prompt.chosen - visible + 1)
        shown = min(visible, len(prompt.options))
        at = first + y - (visible - shown)
        if y < visible - shown or at >= len(prompt.options):
            return self._ground([])
        option = prompt.options[at]
        inks = laid_on(self.inks, self.inks.bar)
        if at == prompt.chosen:
            inks = laid_on(self.inks, self.inks.cursor)
        ink = inks.faint if option.blocked else inks.text
        detail = one_line(option.blocked or option.detail)
        label_width = min(28, max(12, self.size.width // 4))
        runs: list[Run] = [
            ("▌ " if at == prompt.chosen else "  ", inks.accent),
            (f"{option.key:>2} " if option.key else "", inks.accent),
            (pad(one_line(option.label, 60), label_width), ink),
            (f" {detail}", inks.soon if option.blocked else inks.muted),
        ]
        return self._ground(runs, under=at == prompt.chosen)

    def _question(self, prompt: Prompt) -> Strip:
        inks = laid_on(self.inks, self.inks.bar)
        runs: list[Run] = [(f" {prompt.question} ", inks.strong)]
        if prompt.asks_line:
            line = prompt.line
            text = one_line(line.text, 1000) if not line.text.isprintable() else line.text
            under = text[line.caret : line.caret + 1] or " "
            runs += [
                (text[: line.caret], inks.text),
                (under, self.inks.text + _REVERSED),
                (text[line.caret + 1 :], inks.text),
            ]
        else:
            for option in prompt.options:
                ink = inks.faint if option.blocked else inks.muted
                runs += [(f" {sign(option.key)}", inks.accent), (f" {one_line(option.label, 40)}", ink)]
                if option.detail:
                    runs.append((f" {one_line(option.detail, 40)}", inks.faint))
                runs.append((" ", ink))
        said = one_line(prompt.refusal or prompt.preview(prompt.line.text))
        if said:
            runs.append((f"  {said}", inks.soon if prompt.refusal else inks.muted))
        return self._ground(runs)

    def _ground(self, runs: list[Run], under: bool = False) -> Strip:
        used = sum(cells(text) for text, _ in runs)
        ground = self.inks.cursor if under else self.inks.bar
        strip = strip_of([*runs, (" " * max(0, self.size.width - used), self.inks.text + ground)])
        return strip if strip.cell_length <= self.size.width else strip.crop(0, self.size.width)
