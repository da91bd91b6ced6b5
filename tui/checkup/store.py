"""The store: does it open and take changes, who works in it, and what in it waits for a person."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from inbox.errors import WorldError
from tui.checkup.finding import Finding, counted, guarded
from tui.checkup.machine import size, taken
from tui.checkup.processes import holders, process, seconds_since_boot, shown
from tui.line.lines import span
from tui.times import ago

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.ports import MailboxState, Workspace
    from inbox.settings import Mailbox

DATABASE = "frontdesk.db"
WORKER_LOCK = "worker.lock"

WRITER = 120
"""The byte of the file -shm that whoever writes has locked (SQLite's WAL_WRITE_LOCK, sqlite.org/walformat.html)."""

SLOW = 2.0
"""Seconds of waiting for a change to be possible from which it is worth a word."""

SILENT = 60.0
"""Seconds after which a worker that says nothing may be taken over from."""

UNSYNCED = 30 * 60
"""Seconds since a mailbox was last read to the end, while a worker runs, from which something is wrong."""

STOPPED = ("password", "needs-login", "certificate", "settings", "workspace")
"""States of a mailbox that wait for a person."""

LATE_TO_LEAVE = 4 * 3600
"""Seconds after which an answer that servers put off is a person's concern (docs: notice at four hours)."""

ENOUGH_TO_TELL = 100
"""Conversations from which on the pace at which a store grows can be told."""

MONTH = 30 * 86_400
SPACE_SHORT = 3.0
"""Months for which the space should last at the present pace."""

MOST_ARRIVALS = 200
"""Messages not placed yet that are counted; each is read with its bytes."""


@runtime_checkable
class _KnowsTroubles(Protocol):
    """Jobs that can say which of them fail."""

    def troubles(self) -> list[tuple[str, str, str]]:
        """Kind, data and trouble of every job that has failed so far."""


def is_there(workspace: Path) -> bool:
    """Whether there is a store, or was one: looking must not make one."""
    return any((workspace / name).exists() for name in (DATABASE, "live.db"))


def contents(
    store: Workspace, workspace: Path, mailboxes: Sequence[Mailbox], now: Instant
) -> Iterator[Finding]:
    """Everything about a store that is open. `now` is the desk's clock."""
    yield from guarded("disk", "growth", lambda: growth(store, workspace, now))
    yield from guarded("lock", "store", lambda: changes(store, workspace, now))
    yield from guarded("lock", "workspace", lambda: other_locks(workspace))
    yield from guarded("worker", "workspace", lambda: worker(store, workspace, now))
    yield from guarded("sync", "mailboxes", lambda: synced(store, mailboxes, now))
    yield from guarded("outbox", "answers", lambda: outbox(store, now))
    yield from guarded("jobs", "worker", lambda: jobs(store))
    yield from guarded("quarantine", "messages", lambda: quarantine(store, now))
    yield from guarded("rules", "rules", lambda: rules(store))


def growth(store: Workspace, workspace: Path, now: Instant) -> Iterator[Finding]:
    """How long the space lasts: the store is taken to grow with the conversations in which something was written."""
    from inbox.model import Who
    from inbox.queries import After

    who = Who("doctor")
    counts = store.counts(who, now)
    all_in_all = counts["all"] + counts["spam"]
    if all_in_all < ENOUGH_TO_TELL:
        return
    recent = len(store.ids(After(now - MONTH), who, now))
    a_month = taken(workspace) * recent / all_in_all
    room = os.statvfs(workspace)
    months = room.f_bavail * room.f_frsize / max(a_month, 1)
    detail = f"some {size(int(a_month))} came in the last 30 days"
    if months <= SPACE_SHORT:
        said = f"{detail}: space for {months * 30:.0f} days more"
        yield Finding(
            "disk", "growth", None, said, "Free some space, or move the workspace to a larger disk."
        )
    else:
        lasts = f"{months:.0f} months more" if months <= 10 * 12 else "many years"
        yield Finding("disk", "growth", True, f"{detail}: space for {lasts}")


# --------------------------------------------------------------------------- locks


def changes(store: Workspace, workspace: Path, now: Instant) -> Iterator[Finding]:
    """Whether a change is possible now: one is begun as every other, and refuses itself under the lock."""
    from inbox.model import Refusal, Who
    from inbox.ports import Scope

    ledger = workspace / f"{DATABASE}-shm"
    before = holders(ledger, WRITER)
    begun = time.monotonic()
    try:
        store.change(
            Scope(), lambda *_: Refusal("only looked whether a change can be made"), Who("doctor"), now
        )
    except WorldError as error:
        keep = [each for each in holders(ledger, WRITER) if each in before]
        if not keep:
            raise
        mend = "; ".join(_free(each) for each in keep)
        yield Finding("lock", "store", False, f"{error.what} Held by {_named(keep)}.", mend)
        return
    waited = time.monotonic() - begun
    if waited > SLOW:
        who = f" for {_named(before)}" if before else ""
        said = f"A change had to wait {waited:.0f} s{who}."
        yield Finding("lock", "store", None, said, "If it stays so, see with `ps` what that process does.")
    else:
        yield Finding("lock", "store", True, "a change can be made")


def other_locks(workspace: Path) -> Iterator[Finding]:
    """Locks that somebody holds, besides the worker's own: each is held for moments only, unless its holder hangs."""
    for path in sorted((*workspace.glob("*.lock"), *workspace.glob("*/*.lock"))):
        if path.name == WORKER_LOCK:
            continue
        for number in holders(path):
            found = process(number)
            if found is not None and found.stopped:
                yield Finding("lock", path.name, False, f"Held by {found}.", _free(number))
            else:
                yield Finding("lock", path.name, True, f"held by {shown(number)}")


def _named(numbers: Sequence[int]) -> str:
    return " and ".join(shown(number) for number in numbers)


def _free(number: int) -> str:
    found = process(number)
    go_on = f"kill -CONT {number} lets it go on; " if found is not None and found.stopped else ""
    return f"{go_on}kill {number} ends it: what it had begun is undone, nothing is lost."


# --------------------------------------------------------------------------- the worker


def worker(store: Workspace, workspace: Path, now: Instant) -> Iterator[Finding]:
    """Who fetches and sends: which process, since when, and whether it still says that it is alive."""
    number = store.worker()
    waits = [line for line in store.outbox() if line.state in ("queued", "refused-for-now")]
    if number is not None:
        silent = seconds_since_boot() - _last_word(workspace)
        if silent > SILENT:
            said = f"{shown(number)} has not said that it is alive for {span(int(silent))}.".capitalize()
            yield Finding("worker", "workspace", False, said, f"{_free(number)} Then start frontdesk sync.")
        else:
            yield Finding("worker", "workspace", True, shown(number))
    elif any(line.leave_at <= now for line in waits):
        said = "Answers wait and nobody sends them."
        yield Finding("worker", "workspace", False, said, "Start frontdesk sync.")
    else:
        yield Finding("worker", "workspace", None, "none runs now, and nothing waits to be sent")


def _last_word(workspace: Path) -> float:
    """When the worker last said that it is alive, in seconds since boot (storage/leases.py writes it)."""
    try:
        return float((workspace / WORKER_LOCK).read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return seconds_since_boot()


# --------------------------------------------------------------------------- mailboxes


def synced(store: Workspace, mailboxes: Sequence[Mailbox], now: Instant) -> Iterator[Finding]:
    """When each mailbox of the settings was last read to the end, and what stands in the way."""
    runs = store.worker() is not None
    states = {state.mailbox: state for state in store.mailboxes()}
    for mailbox in mailboxes:
        state = states.get(mailbox.name)
        if state is None:
            mend = "If this stays so, start the worker again: it may not know the mailbox." if runs else ""
            yield Finding("sync", mailbox.name, None, "no worker has told of it yet", mend)
        else:
            yield _synced(state, runs, now)


def _synced(state: MailboxState, runs: bool, now: Instant) -> Finding:
    from inbox.ports import MAILBOX_STATES

    last = f"last read to the end {ago(state.synced_at, now)}" if state.synced_at is not None else ""
    words = MAILBOX_STATES.get(state.state, state.state)
    trouble = state.trouble or f"{words[:1].upper()}{words[1:]}."
    detail = f"{trouble} {last[:1].upper()}{last[1:]}.".removesuffix(" .")
    mend = state.next_step or "frontdesk sync tries it now."
    if state.state in STOPPED:
        return Finding("sync", state.mailbox, False, detail, mend)
    if not runs:
        return Finding("sync", state.mailbox, None, last or "never read to the end", "Start frontdesk sync.")
    if state.of and state.state == "fetching":
        coming = f"reading {state.folder}: {state.done} of {state.of}"
        return Finding("sync", state.mailbox, True, f"{coming}{f'; {last}' if last else ''}")
    fresh = now - (state.synced_at if state.synced_at is not None else state.since) <= UNSYNCED
    if not fresh:
        return Finding("sync", state.mailbox, False, detail, mend)
    if state.state in ("network", "refused", "mistake"):
        return Finding("sync", state.mailbox, None, detail, state.next_step or "It is tried again by itself.")
    if state.questions:
        asked = " ".join(state.questions)
        return Finding("sync", state.mailbox, None, asked, "Look there with another mail program.")
    return Finding("sync", state.mailbox, True, f"{last}; {words}" if last else words)


# --------------------------------------------------------------------------- what waits for a person


def outbox(store: Workspace, now: Instant) -> Iterator[Finding]:
    """Answers that have not simply gone out."""
    lines = store.outbox()
    states = Counter("sent, copy pending" if line.state == "sent" else line.state for line in lines)
    told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    late = any(line.state == "refused-for-now" and now - line.queued_at > LATE_TO_LEAVE for line in lines)
    mend = "frontdesk outbox says which and why; there they are sent again, let go or dropped."
    if states["failed"] or states["unknown"] or late:
        yield Finding("outbox", "answers", False, told, mend)
    elif states["held"]:
        yield Finding("outbox", "answers", None, told, mend)
    else:
        yield Finding("outbox", "answers", True, told or "nothing waits")


def jobs(store: Workspace) -> Iterator[Finding]:
    """What the worker has tried in vain so far; each is tried again by itself."""
    waiting = store.jobs
    troubles = waiting.troubles() if isinstance(waiting, _KnowsTroubles) else []
    by_words = Counter((kind, trouble) for kind, _, trouble in troubles)
    for (kind, trouble), count in sorted(by_words.items()):
        said = f"{counted(count, 'job')} of the kind {kind} failed so far: {trouble}"
        yield Finding("jobs", kind, None, said, "Tried again by itself; mend what it says.")
    if not by_words:
        yield Finding("jobs", "worker", True, "none has failed")


def rules(store: Workspace) -> Iterator[Finding]:
    """Rules that have stopped themselves; nothing where there are none."""
    kept = store.rulebook.kept()
    for name, each in kept.items():
        if each.stopped:
            yield Finding(
                "rules", name, False, f"it has stopped itself: {each.stopped}", "Change it in settings.toml."
            )
    if kept and not any(each.stopped for each in kept.values()):
        yield Finding(
            "rules", "rules", True, f"{counted(len(kept), 'rule')} in force, none has stopped itself"
        )


def quarantine(store: Workspace, now: Instant) -> Iterator[Finding]:
    """Mail that has come and could not be placed, and conversations with a message that could not be read."""
    from inbox.model import Who

    tries = _tries(store)
    stuck = [each for each in tries if each]
    if stuck:
        more = " or more" if len(tries) >= MOST_ARRIVALS else ""
        said = (
            f"{counted(len(stuck), 'message')}{more} came and could not be placed; tried {max(stuck)} times."
        )
        mend = "The bytes are kept. frontdesk sync tries again; frontdesk verify says whether the store is sound."
        yield Finding("quarantine", "arrivals", False, said, mend)
    shut = store.counts(Who("doctor"), now).get("quarantine", 0)
    if shut:
        said = f"{counted(shut, 'conversation')} with a message that could not be read."
        mend = "Open the view Quarantine; V there shows the mail exactly as it came."
        yield Finding("quarantine", "messages", None, said, mend)
    if not stuck and not shut:
        coming = f"; {counted(len(tries), 'message')} being placed" if tries else ""
        yield Finding("quarantine", "messages", True, f"every message could be read{coming}")


def _tries(store: Workspace) -> list[int]:
    """How often each arrival that waits was tried, a few at a time because each comes with its bytes."""
    tries: list[int] = []
    last = 0
    while len(tries) < MOST_ARRIVALS and (some := store.places.waiting(20, last)):
        tries += [each.tries for each in some]
        last = some[-1].id
    return tries
