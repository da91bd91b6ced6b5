"""One hand: makes changes at a pace as a screen or a command does, or reads the list, and says of each how long it took.

A process of its own. It says `done SEQ CONVERSATION MILLISECONDS LATE` for each change that was acknowledged (LATE: from the
moment it was to be made), `refused`, `list MILLISECONDS`, or `wrong WORDS`. It ends when its output is closed, or by a kill.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from inbox.actions import decision
from inbox.errors import FrontdeskError
from inbox.model import Role, Who
from inbox.ports import Workspace
from inbox.views import VIEWS
from storage.workspace import open_store

PAGE = 50
ALL = 400
"""How many conversations the hands share: so two often mean the same one."""


def changes(
    dice: random.Random, name: str, team: list[str], conversations: Sequence[int]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is done, without end: verb and arguments."""
    number = 0
    while True:
        number += 1
        one = dice.choice(conversations)
        now = int(time.time())
        possible: list[tuple[str, dict[str, Any]]] = [
            ("assign", {"conversation": one, "to": dice.choice(team)}),
            ("assign", {"conversation": one, "to": dice.choice(team)}),
            ("tag", {"conversation": one, "add": [f"tag{dice.randrange(30)}"]}),
            ("tag", {"conversation": one, "add": [], "remove": [f"tag{dice.randrange(30)}"]}),
            ("note", {"conversation": one, "text": f"{name}-{number} called, nobody there."}),
            ("snooze", {"conversation": one, "until": now + 86_400}),
            ("close", {"conversation": one, "why": "thanks"}),
            ("reopen", {"conversation": one}),
            ("reopen", {"conversation": one}),
        ]
        yield dice.choice(possible)


def change(store: Workspace, name: str, team: list[str], rate: float, dice: random.Random) -> None:
    """Make changes at this pace until nobody listens any more. One that comes late is not left out; one that is refused
    does not count."""
    who = Who(name, Role.OWNER)
    conversations = store.ids(VIEWS["due"].node, who, int(time.time()), ALL)
    at = time.perf_counter() + dice.random() / rate
    for verb, arguments in changes(dice, name, team, conversations):
        time.sleep(max(0.0, at - time.perf_counter()))
        began = time.perf_counter()
        try:
            outcome = store.change(*decision(verb, **arguments), who, int(time.time()))
        except FrontdeskError as error:
            print("wrong", f"{verb}: {error.what}", flush=True)
            continue
        ended = time.perf_counter()
        if outcome.refusal is not None or not outcome.events:
            print("refused", flush=True)
            continue  # with something else at once
        event = outcome.events[0]
        print("done", event.seq, event.conversation, (ended - began) * 1000, (ended - at) * 1000, flush=True)
        at += dice.expovariate(rate)


def look(store: Workspace, name: str, rate: float) -> None:
    """Read the first page of what is due, and the counts, at this pace."""
    who = Who(name, Role.OWNER)
    while True:
        began = time.perf_counter()
        store.rows(store.ids(VIEWS["due"].node, who, int(time.time()), PAGE))
        store.counts(who, int(time.time()))
        print("list", (time.perf_counter() - began) * 1000, flush=True)
        time.sleep(1 / rate)


def main() -> None:
    """Work until killed, or until nobody listens."""
    kind, path, name, rate, seed, *team = sys.argv[1:]
    store = open_store(Path(path), create=False)
    try:
        if kind == "change":
            change(store, name, team, float(rate), random.Random(seed))
        else:
            look(store, name, float(rate))
    except BrokenPipeError:
        sys.exit(0)


if __name__ == "__main__":
    main()
