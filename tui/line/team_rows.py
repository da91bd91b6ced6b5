"""Who may change the team, and how it is written into settings.toml: everything else there stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import click

from inbox.errors import NotDone
from inbox.model import Role
from tui.line.desk import Desk, unix_user

if TYPE_CHECKING:
    from inbox.model import Who
    from inbox.settings import Teammate


def owner(desk: Desk) -> Who:
    """Who acts, if they may change the team: an owner, or without a team whoever keeps the workspace. NotDone else."""
    if desk.settings().team:
        who = desk.who()
        if who.role is Role.OWNER:
            return who
        owners = [mate.name for mate in desk.settings().team if mate.role is Role.OWNER]
        raise NotDone("The team is changed by an owner.", f"Ask {' or '.join(owners)}.")
    if not desk.keeps_workspace:
        keeper = unix_user(desk.workspace.stat().st_uid)
        raise NotDone("There is no team yet, and the workspace is another's.", f"Ask {keeper} to begin one.")
    return desk.who()


def teammate(desk: Desk, name: str) -> Teammate:
    """Somebody of the team by their name. NotDone, with the nearest, where there is nobody of that name."""
    from inbox.nearest import nearest
    from inbox.text import one_line

    team = desk.settings().team
    mate = next((mate for mate in team if mate.name.casefold() == name.casefold()), None)
    if mate is None:
        names = [mate.name for mate in team]
        raise NotDone(
            f"Nobody of the team is called {one_line(name, 40)!r}{nearest(name, names)}",
            f"The team: {', '.join(names)}." if names else f"There is no team yet: {desk.called} team add.",
        )
    return mate


def change(desk: Desk, what: str, changed: Callable[[str, int], str], name: str) -> None:
    """Write the settings as `changed` makes them of their text and of the place of somebody's row in it."""
    import tomllib

    from tui.line.settings_file import change as change_settings

    def of(text: str) -> str:
        rows = tomllib.loads(text.replace("\r\n", "\n")).get("team", [])
        index = next((at for at, row in enumerate(rows) if row["name"] == name), None)
        if index is None:
            raise NotDone(f"{name} is not in the team any more.", "Somebody has just changed it.")
        return changed(text, index)

    change_settings(desk.workspace / "settings.toml", of, desk.now(), what)
    desk.renew()


def note(desk: Desk, who: Who, did: str, name: str, **more: str) -> None:
    """Write down in the record what was changed about somebody; the settings say it already."""
    from inbox.model import Event, EventType
    from inbox.ports import Fact, Scope

    now = desk.now()
    event = Event(EventType.TEAM, now, who.name, data={"did": did, "name": name, **more}, recorded=now)
    desk.store().change(Scope(), lambda _state, _who, _now: [Fact(event)], who, now)


def add_rows(desk: Desk, who: Who, row: Mapping[str, str]) -> None:
    """Write somebody into the team; the first one comes with the owner, who is whoever does it."""
    from inbox.toml_rows import with_row
    from tui.line.settings_file import change as change_settings

    begins = not desk.settings().team
    user = unix_user()

    def of(text: str) -> str:
        if not begins:
            return with_row(text, "team", row)
        if row["name"].casefold() == who.name.casefold():
            return with_row(text, "team", {**row, "unix": row.get("unix", user)})
        text = with_row(text, "team", {"name": who.name, "role": "owner", "unix": user})
        return with_row(text, "team", row)

    change_settings(desk.workspace / "settings.toml", of, desk.now(), f"{row['name']} cannot be added")
    desk.renew()
    if begins and row["name"].casefold() != who.name.casefold():
        click.echo(
            f"This begins a team. {who.name} is in it too, as owner: that is you, the Unix user {user}.",
            err=True,
        )
