"""A workspace to begin with, copied from one that was made like any other.

Thousands of tests begin with an empty one, and making its tables takes longer than most of what they tell. How one is made,
migrated and damaged is told in tests of its own, which copy nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Hashable
from pathlib import Path

from storage.connection import DATABASE
from storage.workspace import Workspace, open_store

_MADE: dict[Hashable, bytes] = {}


def fresh(folder: Path, key: Hashable, begin: Callable[[Workspace], object]) -> Workspace:
    """The store of a new workspace in which `begin` was done; the same `key` stands for the same beginning."""
    if (folder / DATABASE).exists():
        store = open_store(folder)
        begin(store)
        return store
    if key not in _MADE:
        with tempfile.TemporaryDirectory() as name:
            store = open_store(Path(name) / "workspace")
            begin(store)
            store.close()
            _MADE[key] = (Path(name) / "workspace" / DATABASE).read_bytes()
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o2770)
    _lay(folder, key)
    return open_store(folder)


def begun(folder: Path, key: Hashable, begin: Callable[[], object]) -> None:
    """A workspace that `begin` makes in this folder, where it is closed again; made once for a `key`, then copied."""
    if key in _MADE:
        _lay(folder, key)
    else:
        begin()
        _MADE[key] = (folder / DATABASE).read_bytes()


def _lay(folder: Path, key: Hashable) -> None:
    (folder / DATABASE).write_bytes(_MADE[key])
    (folder / DATABASE).chmod(0o660)
