"""What the customer asks, beside the text that answers it: a pane at the right where there is room, else one line above."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from inbox.text import cut, one_line
from tui.widgets.pane import EMPTY, Pane, Run, strip_of
from tui.widgets.wrapping import wrapped

SEEN, OPEN = "✓", "?"
"""Before a question that the text seems to answer, and before one that it does not."""

MOST_LINES = 3
"""Lines of a question in the pane."""


class QuestionsPane(Pane):
    """Shows the questions it is given, those that are answered crossed off."""

    def __init__(self) -> None:
        super().__init__(id="questions")
        self.questions: Sequence[str] = ()
        self.seen: Sequence[bool] = ()

    def show(self, questions: Sequence[str], seen: Sequence[bool]) -> None:
        """Show these, or nothing."""
        self.questions, self.seen = tuple(questions), tuple(seen)
        self.set_class(bool(questions), "-there")
        self.repaint()

    def line(self, y: int) -> Strip:
        """The one line there is, or one of the pane."""
        if not self.questions:
            return EMPTY
        if self.size.height == 1:
            return strip_of(
                [(cut(f" {in_one_line(self.questions, self.seen)}", self.size.width), self.inks.muted)]
            )
        lines = self._lines()
        return strip_of(lines[y]) if y < len(lines) else EMPTY

    def _lines(self) -> list[list[Run]]:
        inks, width = self.inks, max(8, self.size.width - 4)
        lines: list[list[Run]] = [
            [(cut(f" {_how_many(self.questions, self.seen)}", self.size.width), inks.strong)],
            [],
        ]
        for question, seen in zip(self.questions, self.seen, strict=True):
            ink = inks.faint if seen else inks.text
            parts = list(wrapped(one_line(question), width))
            if len(parts) > MOST_LINES:
                parts[MOST_LINES - 1] = cut(f"{parts[MOST_LINES - 1][: width - 2]} …", width)
            for number, part in enumerate(parts[:MOST_LINES]):
                sign = (SEEN if seen else OPEN) if number == 0 else " "
                lines.append([(f" {sign} ", inks.muted), (part, ink)])
        return lines


def in_one_line(questions: Sequence[str], seen: Sequence[bool]) -> str:
    """ "1 of 2 questions left: When …? · ✓ Where …?": those that are left come first."""
    left = [one_line(each) for each, is_seen in zip(questions, seen, strict=True) if not is_seen]
    done = [f"{SEEN} {one_line(each)}" for each, is_seen in zip(questions, seen, strict=True) if is_seen]
    return f"{_how_many(questions, seen)}: {' · '.join((*left, *done))}"


def _how_many(questions: Sequence[str], seen: Sequence[bool]) -> str:
    total = "1 question" if len(questions) == 1 else f"{len(questions)} questions"
    left = len(questions) - sum(seen)
    if left == len(questions):
        return total
    return f"{left} of {total} left" if left else f"{SEEN} {total}"
