"""Going to a conversation by typing what one knows of it: how long until it is found, cold and warm.

Run by hand: `python -m benchmarks.reaching [FOLDER] [--n 10000 100000]`.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from benchmarks.workspace import ME, NOW, SIZES, default_folder, workspace
from storage.workspace import Workspace, open_store

OFFERED = 8
"""Conversations the screen asks for."""
TIMES = 5


def typed(store: Workspace) -> dict[str, str]:
    """What a person may type, by what it is."""
    newest = store.rows(store.ids(None, ME, NOW, 2))
    name, subject = newest[0].customer_name, newest[1].subject
    return {
        "a number": f"#{newest[0].conversation.id}",
        "a customer": name,
        "the beginning of a name": name[:3],
        "a subject": subject,
        "a common word": "order",
        "two beginnings": "deliv refu",
        "words nobody wrote": "xylophone the",
    }


def measure(store: Workspace, text: str) -> list[float]:
    """Milliseconds of each time it is looked for."""
    found = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        store.reach(text, ME, NOW, OFFERED)
        found.append((time.perf_counter() - begun) * 1000)
    return found


def main() -> None:
    """Print a table: for each size and each thing typed, the first time and the median of the others."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=default_folder())
    parser.add_argument("--n", type=int, nargs="*", default=list(SIZES))
    given = parser.parse_args()
    print(f"{'messages':>9} {'typed':26} {'first ms':>9} {'then ms':>9}")
    for size in given.n:
        store = open_store(workspace(size, given.folder))
        for what, text in typed(store).items():
            first, *rest = measure(store, text)
            print(f"{size:>9} {what:26} {first:>9.1f} {sorted(rest)[len(rest) // 2]:>9.1f}")
        store.close()


if __name__ == "__main__":
    main()
