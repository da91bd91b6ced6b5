"""A worker in a process of its own, for tests that kill it: one pass, dying at the named point if asked to.

Arguments: the workspace, the port of the IMAP server, the user, the port of the SMTP server, the instant; and "watch" for
one that stays until it is killed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from inbox import beside, fetching
from inbox.channels.imap import Connection
from inbox.errors import WorldError
from inbox.settings import Settings
from inbox.watching import Watch
from inbox.worker import Worker
from storage.jobs import Jobs
from storage.outbox import Outbox
from storage.places import Places
from storage.transaction import Transaction
from storage.workspace import open_store
from tests.faults.kill import mortal
from tests.post_office import SUPPORT, Known
from tests.servers.mailboxes import mailbox
from tests.watch import QUICK

SENDING = [
    (Outbox, "phase"),
    (Outbox, "settle"),
    (Connection, "append_sent"),
    (Jobs, "done"),
]
FETCHING = [
    *((Places, name) for name in ("begin", "reached", "keep", "waiting", "placed")),
    (Transaction, "add_raw"),  # bytes are written, their place is not
    (Transaction, "decide"),  # a message is placed, and others with it are not
]
POINTS = [f"{when} {name}" for _, name in SENDING for when in ("before", "after")]


def main(folder: str, imap_port: str, user: str, smtp_port: str, now: str, how: str = "once") -> None:
    """One pass with the lease, or one after the other; says "busy" when another worker has it, "done" at the end."""
    for kind, name in SENDING + FETCHING:
        setattr(kind, name, mortal(getattr(kind, name), name))
    fetching.AT_ONCE = beside.MANY = 60  # several steps, and the other process at work
    box = mailbox(user=user, imap_port=int(imap_port), smtp_port=int(smtp_port))
    settings = Settings(mailboxes=(box,), us_words=(SUPPORT,))
    store = open_store(Path(folder))
    worker = Worker(
        store=store,
        settings=settings,
        us=settings.us,
        secrets=Known({}, []),
        clock=lambda: int(now),
    )
    print("ready", flush=True)
    try:
        with store.lease():
            if how == "watch":
                Watch(worker, told=lambda: False, pauses=QUICK).run()
            worker.once()
    except WorldError as error:
        print("busy", error.what, flush=True)
    print("done", flush=True)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
