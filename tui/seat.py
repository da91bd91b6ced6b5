"""What the screen needs from outside: the store, who sits here, and the few settings it heeds."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from inbox.addresses import fold_address
from inbox.profiles import Profile
from inbox.us import Us
from tui.keys import Keymap, load

if TYPE_CHECKING:
    from inbox.habits import Habits
    from inbox.hours import Hours
    from inbox.model import Address, Instant, Who
    from inbox.panels import PanelCommand
    from inbox.ports import Workspace
    from inbox.settings import Mailbox, Settings
    from tui.line.desk import Desk
    from tui.worker_start import Starter


UTC = ZoneInfo("UTC")


class Pace(NamedTuple):
    """How long the screen waits, in seconds; a test that waits for nothing sets them to next to nothing."""

    quiet: float = 0.08  # without a move or a letter typed, until what is meant by it is read
    settle: float = 0.5  # after the bell, until views are read again: a flood is one reading
    spread: float = 0.5  # of it, by chance on top: screens of one host must not all read in the same moment
    draft: float = 1.0  # after a change of the text, until the draft is on disk
    glance: float = 0.2  # to see that another conversation is there; the line's round trip comes on top
    pause: float = 0.3  # without a key, until hands have noticed that something was refused
    presence: float = (
        5.0  # between two looks at who is here and at the worker; leases last three times as long
    )


@dataclass(frozen=True, eq=False)
class Seat:
    """Where a person sits. Times are shown in `zone`; the presets of snooze follow `hours`, opened when first asked."""

    store: Workspace
    who: Who
    keymap: Keymap
    now: Callable[[], Instant]
    hours: Callable[[], Hours]
    zone: ZoneInfo = UTC
    profile: Profile = Profile()  # noqa: RUF009  a tuple  # what who sits here has said of themselves
    asks_profile: bool = False  # nobody has asked them yet
    own_zone: ZoneInfo | None = None  # where who sits here works: dates that are typed are told in it as well
    team: tuple[str, ...] = ()  # the names of the teammates, who sits here included
    us: Us = Us()  # noqa: RUF009  frozen
    senders: tuple[str, ...] = ()  # our addresses; the first serves where a conversation came to none of them
    undo_window: int = 20  # seconds a reply waits before it leaves
    attach_limit: int = 20_000_000  # bytes a message may have with its files as they are sent
    theme: str = "auto"  # what FRONTDESK_THEME says: one of tui.looks.NAMES, or auto
    restricted: bool = False  # no editor, no pipe: each is a shell as this account
    over_ssh: bool = False
    pace: Pace = Pace()  # noqa: RUF009  a tuple
    mailboxes: tuple[Mailbox, ...] = ()
    settings: Settings | None = None  # as written; None: all defaults
    settings_now: Callable[[], Settings] | None = None  # reads them again; None: they stay as they are
    keys_file: Path | None = None  # one's own keys; None: they cannot be changed from here
    starter: Starter | None = None  # None: this screen starts no worker
    program: tuple[
        str, ...
    ] = ()  # Frontdesk on this workspace, as arguments; (): it cannot be started from here
    monotonic: Callable[[], float] = time.monotonic  # seconds; the clock of key presses
    news: str = ""  # to be said once there is something to see
    sends: bool = True  # whether what is queued ever leaves: a mailbox is set up
    habits: Habits | None = None  # what their hands know; None: nobody counts
    speed: float = 1.0  # seconds that pass for `now` in one: 1 but in a rehearsal

    def is_ours(self, address: str) -> bool:
        """Whether mail may go out from an address; where none of ours is known, any may."""
        known = {fold_address(each) for each in self.senders}
        return not known or fold_address(address) in known or self.us.is_us(address)

    @property
    def called(self) -> str:
        """What customers call who sits here."""
        return self.profile.name(self.who.name)

    @property
    def colleagues(self) -> list[Address]:
        """The teammates whose addresses are known."""
        from inbox.model import Address

        team = self.settings.team if self.settings is not None else ()
        return [Address(mate.name, mate.address) for mate in team if mate.address]

    @property
    def panels(self) -> tuple[PanelCommand, ...]:
        """The programs that are asked about customers."""
        return self.settings.panels if self.settings is not None else ()

    def environment(self) -> dict[str, str]:
        """What programs get that a person starts from the screen: ours, without the variables that hold passwords."""
        from inbox.programs import without_secrets

        return dict(os.environ) if self.settings is None else without_secrets(os.environ, self.settings)

    @property
    def sends_by_itself(self) -> bool:
        """Whether anything may be sent that no person wrote."""
        return self.settings is not None and self.settings.automatic_sending

    @property
    def alone(self) -> bool:
        """Whether one person is the whole team: assignment and presence stay out of sight."""
        return len(self.team) <= 1


def seat_at(desk: Desk, program: Sequence[str] = ()) -> Seat:
    """The seat of who runs the command `frontdesk`; `program` starts it, as arguments (none: no worker is started).

    FRONTDESK_THEME names the theme; under a forced command the mode is restricted.
    Raises BadSettings and WorldError as the desk does.
    """
    from tui.looks import unknown_theme

    settings, us = desk.settings(), desk.us()
    profile = _profile(desk)
    own = profile or Profile()
    desk.store().seen_by(desk.who())
    theme = os.environ.get("FRONTDESK_THEME") or "auto"
    return Seat(
        store=desk.store(),
        who=desk.who(),
        keymap=load(desk.keys_file()),
        now=desk.now,
        hours=lambda: settings.hours,
        zone=desk.zone(),
        profile=own,
        asks_profile=profile is None and len(settings.team) > 1 and not desk.sandbox,
        own_zone=ZoneInfo(own.zone) if own.zone else settings.zone_of(desk.who().name),
        team=tuple(mate.name for mate in settings.team),
        us=us,
        senders=desk.senders(),
        undo_window=settings.undo_window,
        attach_limit=settings.attach_limit,
        theme=theme,
        restricted=desk.restricted,
        over_ssh="SSH_CONNECTION" in os.environ,
        mailboxes=tuple(settings.mailboxes),
        settings=settings,
        settings_now=desk.settings_now,
        keys_file=desk.own_keys(),
        starter=_starter(desk, program),
        program=(*program, "--workspace", str(desk.workspace.absolute())) if program else (),
        news=desk.news or unknown_theme(theme),
        sends=bool(settings.mailboxes) or desk.sandbox,
        habits=_habits(desk),
        speed=desk.speed,
    )


def _profile(desk: Desk) -> Profile | None:
    """What who sits here has said of themselves; None while nobody has asked them."""
    from inbox.errors import FrontdeskError

    try:
        return desk.store().documents.profile(desk.who().name)
    except FrontdeskError:
        return Profile()  # what is wrong with the documents is said where they are asked for


def _habits(desk: Desk) -> Habits | None:
    """What the hands of who sits here know; None where that cannot be read: hints are as good as for a newcomer."""
    from inbox.errors import FrontdeskError

    try:
        return desk.store().attendance.habits(desk.who().name)
    except FrontdeskError:
        return None


def _starter(desk: Desk, program: Sequence[str]) -> Starter | None:
    """What starts a worker; none where the clock stands still, or nothing is set up that it could do."""
    mailboxes = desk.settings().mailboxes
    if not program or desk.pinned is not None or desk.clock is not None:
        return None
    if not desk.settings().has_work:
        return None
    from tui.worker_start import Starter

    debug = ("--debug",) if desk.debug else ()
    command = (*program, "--workspace", str(desk.workspace.absolute()), *debug, "sync", "--watch", "--leave")
    return Starter(
        desk.workspace, command, mailboxes, _lasting(os.environ) if desk.restricted else os.environ
    )


def _lasting(environment: Mapping[str, str]) -> dict[str, str]:
    """What a worker gets that serves everybody, from whoever happens to be let in first: not their language."""
    return {name: value for name, value in environment.items() if not name.startswith(("LC_", "LANG"))}
