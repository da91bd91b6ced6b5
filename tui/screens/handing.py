"""Handing over: to whom, and one line that the next person sees first. And having seen what one was called to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from inbox.text import one_line
from tui.prompts import Option, Prompt
from tui.screens.part import Part

if TYPE_CHECKING:
    from inbox.ports import Outcome
    from inbox.settings import Teammate

LINE = "where it stands, and what is to be done"


class Handing(Part):
    """Asks what handing over needs."""

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"hand-over": self._ask, "seen": lambda: self.screen.doing.do("seen")}

    @property
    def _team(self) -> tuple[Teammate, ...]:
        settings = self.seat.settings
        return settings.team if settings is not None else ()

    def _ask(self) -> None:
        """To whom; who cannot get it says why."""
        from tui.screens.questions import fitting

        options = self.screen.together.choices()

        def offer(text: str) -> Sequence[Option]:
            return fitting(options, text)

        def accept(answer: Option | str) -> None:
            if isinstance(answer, Option):
                self._ask_line(str(answer.value))

        self.screen.ask(Prompt("Hand over to", accept, offer))

    def _ask_line(self, to: str) -> None:
        def accept(answer: Option | str) -> None:
            if not str(answer).strip():
                self._ask_line(to)  # without it nothing is handed over: Esc leaves
                return
            self.screen.doing.do("hand-over", to=to, summary=str(answer), team=self._team)

        def hint(text: str) -> str:
            return "" if text else LINE

        self.screen.ask(Prompt(f"For {one_line(to, 30)}, in one line:", accept, preview=hint, free=True))


def called_by(
    outcome: Outcome, team: Collection[str], me: str, away: Callable[[str], str] = lambda _: ""
) -> str:
    """Whom a note calls, in words: "bo is called.", and who of those it names is nobody of the team, or (`away` says so)
    not here; "" for none."""
    named = [name for event in outcome.events for name in event.data.get("mentions", ()) if name != me]
    there = [name for name in named if name in team]
    others = [f"@{one_line(name, 30)}" for name in named if name not in team]
    words = f" {' and '.join(there)} {'is' if len(there) == 1 else 'are'} called." if there else ""
    words += "".join(f" {said}" for name in there if (said := away(name)))
    return words + (f" Nobody of the team is {' or '.join(others)}." if others and len(team) > 1 else "")
