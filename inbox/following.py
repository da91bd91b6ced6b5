"""The worker follows the record: what people decided here is to be seen on the mail servers too, as jobs.

An answer marks what it answers as read there (`seen` in the settings says when), and what is no spam is taken out of
Junk. Where the mail lies is looked up when a job is done (`inbox.marking`), not when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from inbox.fold import answers_at_once
from inbox.model import Event, EventType, Instant, Status
from inbox.ports import Workspace
from inbox.settings import Settings

E = EventType


def follow(store: Workspace, settings: Settings, now: Instant) -> int:
    """Ask for what follows from everything recorded since the last time; how many jobs that are.

    The first time nothing follows: what a workspace decided before is history.
    """
    names = {mailbox.name for mailbox in settings.mailboxes}
    count = 0
    while (news := store.following.news()) is not None:
        up_to, events = news
        jobs = [
            (kind, f"{mailbox} {event.seq}")
            for event in events
            for kind in _asks_for(event, settings.seen, store)
            for mailbox in sorted(store.following.mailboxes(event.seq) & names)
        ]
        store.following.followed(up_to, jobs, now)
        count += len(jobs)
    return count


def _asks_for(event: Event, when: str, store: Workspace) -> Iterator[str]:
    """The kinds of jobs that an event asks for; `when` mail counts as read: "never", "answer" or "close"."""
    data = event.data
    if event.type is E.REOPENED and data.get("was") == Status.SPAM:
        yield "not-spam"
    is_history = data.get("history") or data.get("why") == "import"
    if when == "never" or is_history:
        return
    ours = event.type is E.RECEIVED and data["side"] == "us"
    answered = event.type is E.SENT or ours or answers_at_once(event)
    if answered if when == "answer" else event.type is E.CLOSED or (answered and _is_closed(event, store)):
        yield "seen"


def _is_closed(event: Event, store: Workspace) -> bool:
    """Whether it was closed along with the answer, which says nothing more once the server has accepted it."""
    now = store.resolve(event.conversation or 0)
    return now is not None and store.rows([now])[0].conversation.status is Status.CLOSED
