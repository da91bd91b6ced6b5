"""What mailboxes bring is taken in: safe at once, placed as soon as it is read; large lots are read in another process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from inbox.beside import Beside, Lot
from inbox.fetching import Step
from inbox.intake import Intake
from inbox.ports import Waiting


@dataclass(slots=True)
class Reception:
    """Takes in one step after the other. Only one thread may use it: it writes.

    While a large lot is read in the other process the next one is taken in, so what came last may still wait to be
    placed: `settle` places it.
    """

    intake: Callable[[], Intake]
    beside: Beside
    cancelled: Callable[[], bool] = lambda: False
    first: bool = False  # whether a folder was read for the first time
    fetched: int = 0
    placed: int = 0
    gone: int = 0
    questions: list[str] = field(default_factory=list)
    _older: tuple[list[Waiting], Lot] | None = None

    def take(self, mailbox: str, step: Step) -> None:
        """Take in a step of a mailbox: its bytes are safe when this returns."""
        waiting = self.intake().keep(mailbox, step)
        self.first |= step.begin is not None
        self.fetched += len(step.kept)
        self.gone += len(step.vanished)
        if step.question and step.question not in self.questions:
            self.questions.append(step.question)
        if not step.kept:
            return
        newer = waiting, self.beside.begin([one.raw for one in waiting])
        self._place()
        self._older = newer
        if newer[1].process is None:
            self._place()

    def settle(self) -> None:
        """Place what is still being read."""
        self._place()

    def _place(self) -> None:
        lot, self._older = self._older, None
        if lot is not None and not self.cancelled():
            self.placed += self.intake().place(lot[0], lot[1].messages())
