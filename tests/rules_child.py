"""Rules looked at in a process of their own, for tests with several and for those that kill it.

Arguments: the workspace, the settings, the instant, and how many looks. It dies at the named point if asked to.
"""

from __future__ import annotations

import sys
from pathlib import Path

from inbox.rules import calling, running
from inbox.settings import load
from storage.rules import Rules
from storage.transaction import Transaction
from storage.workspace import open_store
from tests.faults.kill import mortal

POINTS = ["before fire", "after fire", "before decide", "after decide", "before looked", "after looked"]


def main(folder: str, settings: str, now: str, looks: str) -> None:
    """Look so often, and say "done"."""
    for kind, name in ((Rules, "fire"), (Rules, "looked"), (Transaction, "decide")):
        setattr(kind, name, mortal(getattr(kind, name), name))
    store = open_store(Path(folder))
    loaded = load(Path(settings), host_zone="UTC")
    print("ready", flush=True)
    for _ in range(int(looks)):
        running.look(store, loaded, int(now))
        calling.draft(store, loaded, int(now))
    store.close()
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
