"""What time and the record bring about, looked at by whoever talks to the world: each is one function that asks the store
what there is to do by an index, does it by `change`, and is safe to be done again, by anybody and after a kill."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from inbox.channel import CHANNELS

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.ports import Workspace
    from inbox.settings import Settings

CHORES = (
    *(channel.receives for channel in CHANNELS if channel.receives),
    "restricting.let_go",
    "away.let_go",
    "rules.running.look",
    "rules.calling.draft",
    "spikes.look",
    "feedback.ask",
    "following.follow",
    "nudging.send",
    "erasing.finish",
    "keeping.tidy",
)
"""Module and function of each in this room, in their order: called with (workspace, settings, now), answering how much was
done. What is snoozed wakes before, so that they see what is true."""


def chores(store: Workspace, settings: Settings, now: Instant) -> Iterator[Callable[[], int]]:
    """Each, ready to be called; a module is loaded when its turn comes."""
    for name in CHORES:
        module, _, function = name.rpartition(".")
        yield partial(_do, module, function, store, settings, now)


def _do(module: str, function: str, store: Workspace, settings: Settings, now: Instant) -> int:
    return int(getattr(import_module(f"inbox.{module}"), function)(store, settings, now))
