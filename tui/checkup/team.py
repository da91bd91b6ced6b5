"""The team: who may come in by a key and may not, who has no way in; and what was kept aside for a bad day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tui.checkup.finding import Finding, counted, some
from tui.line.authorized_keys import AuthorizedKeys
from tui.times import ago

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.ports import Workspace
    from inbox.settings import Settings

BACKUP_DUE = 8 * 86_400
"""Seconds after which a backup is older than a week that was forgotten."""


def team(settings: Settings, workspace: Path) -> Iterator[Finding]:
    """Keys of this account that let in nobody of the team, or to more than Frontdesk; teammates without a way in."""
    keys = AuthorizedKeys(workspace)
    found = keys.lines()
    names = {mate.name for mate in settings.team}
    for number, person, options in found:
        subject = f"{keys.path}, line {number}"
        if person not in names:
            said = f"It lets in {person}, who is nobody of the team: every command is refused there."
            yield Finding("team", subject, False, said, "Take the line out.")
        elif "restrict" not in options.casefold().split(","):
            said = f"It lets {person} forward ports and agents through this host."
            yield Finding(
                "team",
                subject,
                False,
                said,
                'Begin the line with restrict,pty,command="…", as team add does.',
            )
    known = {person for _, person, _ in found}
    lost = [mate.name for mate in settings.team if mate.unix is None and mate.name not in known]
    if found and lost:
        mend = "frontdesk team add NAME --key FILE --install gives one."
        yield Finding("team", "ways in", None, f"No key and no Unix user: {some(lost)}.", mend)
    elif settings.team:
        ways = counted(len(found), "key") if found else "no key in this account"
        yield Finding("team", "ways in", True, f"{counted(len(settings.team), 'teammate')}, {ways}")


def backups(store: Workspace, now: Instant) -> Iterator[Finding]:
    """When the last backup was made from here; and whether somebody who was erased came back with one."""
    made = [each.at for each in store.erasing.backups() if each.restores]
    if not made:
        mend = "frontdesk backup --check FILE, each night: docs/systemd has a timer."
        yield Finding("backup", "workspace", None, "none was made from here yet", mend)
    elif now - made[0] > BACKUP_DUE:
        said = f"last made {ago(made[0], now)}"
        yield Finding("backup", "workspace", None, said, "frontdesk backup --check FILE makes one now.")
    else:
        yield Finding("backup", "workspace", True, f"last made {ago(made[0], now)}")
    for customer, at in store.erasing.again():
        said = (
            f"Customer {customer} was erased {ago(at, now)} and is here again: an older backup was restored."
        )
        yield Finding("erased", str(customer), False, said, f"frontdesk customer erase {customer}")
