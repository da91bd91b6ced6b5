"""What waits for a yes: since when, whether anybody who may say it is here, and whether who wrote it still is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from inbox.text import one_line
from inbox.verbs import SENIORS
from tui.checkup.finding import Finding, counted, some
from tui.times import ago

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.ports import Workspace
    from inbox.settings import Settings

TOO_LONG = 86_400
"""Seconds after which a letter should have had its yes, or its no."""

_DECIDE = "The view For me has them: frontdesk approve ID lets one go, give-back ID gives it back."


def approvals(store: Workspace, settings: Settings, now: Instant) -> Iterator[Finding]:
    """Letters of trainees that wait; nothing where none does."""
    lines = [line for line in store.outbox() if line.held_by == "approval"]
    if not lines:
        return
    today = datetime.fromtimestamp(now, settings.zone).date().isoformat()
    oldest = min(line.queued_at for line in lines)
    told = f"{counted(len(lines), 'letter waits', 'letters wait')} for a yes, the oldest written {ago(oldest, now)}"
    may = [mate for mate in settings.team if mate.role in SENIORS]
    here = [mate.name for mate in may if not mate.is_away(today)]
    if settings.team and not may:
        mend = "frontdesk team role NAME agent lets somebody say it."
        yield Finding("approvals", "letters", False, f"{told}: nobody of the team may say it", mend)
    elif settings.team and not here:
        mend = "frontdesk team role NAME agent lets somebody say it meanwhile."
        said = f"{told}: {some(mate.name for mate in may)} may say it, and nobody of them is here today"
        yield Finding("approvals", "letters", False, said, mend)
    else:
        yield Finding("approvals", "letters", None if now - oldest > TOO_LONG else True, told, _DECIDE)
    names = {mate.name for mate in settings.team}
    for line in lines:
        item = store.item(line.message)
        if item is not None and names and item.author not in names:
            said = f"{one_line(item.author, 40)}, who wrote it, is nobody of the team any more"
            mend = f"frontdesk approve {line.conversation}, or frontdesk outbox drop {line.message}."
            yield Finding("approvals", f"conversation {line.conversation}", False, said, mend)
