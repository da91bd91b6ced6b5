"""The activity of the day by person: today, the days before, and from a figure to its conversations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from inbox.queries import Ids
from inbox.text import one_line
from tui.screens.leading import Leading

if TYPE_CHECKING:
    from inbox.activity import Acts
    from inbox.ports import Workspace
    from tui.screens.inbox import InboxScreen
    from tui.widgets.activity_pane import ActivityPane

PLACE = "activity"
FARTHEST = 3650
"""Days one can go back."""


class Activity(Leading):
    """Shows who did what on a day."""

    place = PLACE

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._pane: ActivityPane | None = None
        self._back = 0  # days before today
        self._from = "list"

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "activity": self.open,
            "day-before": lambda: self._go(1),
            "day-after": lambda: self._go(-1),
        }

    @property
    def pane(self) -> ActivityPane:
        """The pane, made when it is first shown."""
        if self._pane is None:
            from tui.widgets.activity_pane import ActivityPane

            self._pane = ActivityPane()
            self.screen.mount(self._pane)
        return self._pane

    # coming and going

    def open(self) -> None:
        """Show today."""
        screen = self.screen
        if screen.place != PLACE:
            self._from = screen.place
        self._back = 0
        self.pane.at = 0
        screen.go_to(PLACE)
        self._read()

    def back(self) -> None:
        """Back to where it was opened."""
        self.screen.go_to(self._from)

    def _go(self, days: int) -> None:
        back = self._back + days
        if back < 0:
            self.screen.say("That day is still to come.")
        elif back <= FARTHEST:
            self._back = back
            self._read()

    def _read(self) -> None:
        from inbox.activity import day_of, gather
        from inbox.activity_forms import title_of
        from inbox.away import names_away

        seat, back = self.seat, self._back
        now, team = seat.now(), seat.team
        day = day_of(now, seat.zone, back)
        title = title_of(day, back)
        settings = seat.settings
        self.pane.away = names_away(settings.team if settings is not None else (), day.date.isoformat())
        self.pane.show(title, None, seat.zone)

        def ask(store: Workspace) -> list[Acts]:
            return gather(store, day, now, team)

        def show(found: list[Acts]) -> None:
            self.pane.show(title, found, seat.zone)

        self.background.go_through("activity", ask, show)

    # from a figure to its rows

    def look_into(self) -> None:
        """Open the list with the conversations behind the figure under the hands."""
        pane = self.pane
        acts = pane.current
        if acts is None:
            return
        behind = tuple(dict.fromkeys(acts.of[pane.figure]))
        if not behind:
            self.screen.say("There is nothing behind this one.")
            return
        from inbox.activity_forms import HEADS

        label = (
            f"{HEADS[pane.figure].capitalize()} · {one_line(acts.who, 40)} · {pane.title.partition(',')[0]}"
        )
        self.list_what(label, Ids(behind), "They were joined with others meanwhile.")
