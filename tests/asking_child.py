"""Asking how it was in a process of its own, for tests with several and for those that kill it.

Arguments: the workspace, and the instant. It dies at the named point if asked to.
"""

from __future__ import annotations

import sys
from pathlib import Path

from inbox.feedback import ask
from inbox.ports import MailboxState
from storage.asking import Asking
from storage.transaction import Transaction
from storage.workspace import open_store
from tests.faults.kill import mortal
from tests.test_feedback import ON

POINTS = [f"{when} {name}" for name in ("decide", "looked_at") for when in ("before", "after")]


def main(folder: str, now: str) -> None:
    """Look until nobody is left to be asked, and say how many were asked."""
    for kind, name in ((Transaction, "decide"), (Asking, "looked_at")):
        setattr(kind, name, mortal(getattr(kind, name), name))
    store = open_store(Path(folder), busy_seconds=60)
    store.show_mailbox(MailboxState("support", "watching", int(now), int(now)))
    print("ready", flush=True)
    count = 0
    while (asked := ask(store, ON, int(now))) or store.asking.turns(0, int(now) - 3 * 86_400, 1):
        count += asked
    store.close()
    print(f"asked {count}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
