"""The team while a screen is open: who is there and who is away, as the settings say by now; and what time brings back, to
whoever has hands for it.

Settings may be edited while twenty screens are open, and one that still believed somebody away would give their work to
others. So once a minute, beside the keys, they are read again, and only then anything is let go.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inbox.errors import BadSettings, BadUsage, FrontdeskError, NotDone
from inbox.listing import Role, Who
from tui.prompts import Option
from tui.screens.part import Part

if TYPE_CHECKING:
    from inbox.ports import Workspace
    from inbox.settings import Settings


class Together(Part):
    """Knows the team as it is now."""

    def minute(self) -> None:
        """A minute has passed: wake what is due, and let go of what somebody has who is away."""
        now, seat = self.seat.now(), self.seat

        def pass_time(store: Workspace) -> Settings | None:
            from inbox.away import let_go
            from inbox.waking import wake  # with every action there is: no paint waits for it

            wake(store, now)
            try:
                settings = seat.settings_now() if seat.settings_now is not None else seat.settings
            except FrontdeskError:
                return None  # somebody is writing them: the next minute reads them
            if settings is not None:
                let_go(store, settings, now)
            return settings

        self.background.write(pass_time, self._see)

    def away(self, name: str | None) -> str:
        """ "bo is away until 2026-11-16.", where that is to be known of whom something is given to; else ""."""
        settings = self.seat.settings
        if settings is None or not settings.team:
            return ""
        from inbox.away import today, told

        return told(settings.team, name, today(self.seat.now(), settings.zone))

    def choices(self) -> list[Option]:
        """The others of the team, to give something to: who cannot get it says why, who is away until when."""
        from inbox.actions.hand_over import refused

        me, settings = self.seat.who.name, self.seat.settings
        team = settings.team if settings is not None else ()
        options = []
        for name in self.seat.team:
            if name != me:
                reason = refused(name, me, team)
                said = reason.reason if reason is not None else self.away(name)
                blocked = f"{reason.reason} {reason.next_step}" if reason is not None else None
                options.append(Option(name, name, said.removeprefix(f"{name} ").rstrip("."), blocked=blocked))
        return options

    def _see(self, settings: Settings | None) -> None:
        seat = self.seat
        if settings is None or settings == seat.settings:
            return
        self.screen.seat = self.screen.frontdesk.seat = replace(
            seat,
            settings=settings,
            team=tuple(mate.name for mate in settings.team),
            who=self._who(settings),
        )
        self.screen.show_hints()
        self.screen.shelf.show_views()
        self.screen.status.show()
        self.screen.mailboxes.look()  # one may not be for these eyes any more

    def _who(self, settings: Settings) -> Who:
        """Who sits here, with the role they have by now. For who is nobody of the team any more the screen ends."""
        try:
            return settings.who_for(self.seat.who.name, self.seat.who.name)
        except (BadUsage, BadSettings):
            gone = NotDone("You are not in the team any more.", "What you were writing is kept.")
            self.screen.frontdesk.end(gone)
            return self.seat.who._replace(role=Role.READER)
