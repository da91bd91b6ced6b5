"""Workspaces to measure in: made mail, taken in by the real import, with a team at work on what is open.

Run by hand: `python -m benchmarks.workspace [FOLDER] [--n 10000 100000]`. The other benchmarks call `workspace`, which
makes what is missing and finds again what is there: the same mail and the same schema give the same workspace.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mailmaker import END, SPAN, make
from inbox import importing
from inbox.actions import decision
from inbox.model import Role, Status, Who
from inbox.ports import Decide, Scope
from inbox.queries import StatusIs
from inbox.settings import Settings, load
from inbox.views import VIEWS
from storage.connection import WORKER_CACHE_KB
from storage.workspace import Workspace, open_store

NOW = END + 3600
"""The instant at which all of these workspaces stand, seconds of UTC."""

ME = Who("maya", Role.OWNER)
"""Who sits at the screens and calls the commands."""

SIZES = (10_000, 100_000)
TEAM = (ME.name, "tom", "irena", "luis")
TAGS = ("billing", "delivery", "login", "refund", "wholesale")
OPEN_FOR_MAILS = 4_000
"""How many of the newest mails may leave a conversation open: about a fifth of the team's mail is unanswered."""

_DAY = 86_400
_SETTINGS = 'us = ["@helpdesk.example"]\nimport_open_for = "{days}d"\n' + "".join(
    f'\n[[team]]\nname = "{name}"\nrole = "owner"\n' for name in TEAM
)


@dataclass(frozen=True, slots=True)
class Built:
    """A workspace that was made, and how long its import took in seconds."""

    path: Path
    messages: int
    conversations: int
    open: int
    seconds: float


def default_folder() -> Path:
    """Where made workspaces are kept unless another folder is named: `${TMPDIR:-/tmp}/frontdesk-bench`."""
    return Path(tempfile.gettempdir()) / "frontdesk-bench"


def workspace(n: int, folder: Path | None = None) -> Path:
    """The workspace of n messages, built when there is none yet."""
    path = (folder or default_folder()) / f"{n}-{_shape():08x}"
    if not path.exists():
        build(n, path)
    return path


def settings(path: Path) -> Settings:
    """The settings of a workspace, as a screen or a command reads them."""
    return load(path / "settings.toml", path / "settings.cache", now=NOW)


def build(n: int, path: Path) -> Built:
    """Make n mails, import them, and let a team work on what is open. Nothing is at `path` until all is done."""
    making = path.with_name(f".{path.name}.{os.getpid()}")
    mail = making.with_name(f"{making.name}.mail")
    making.mkdir(parents=True)
    days = min(max(14, round(OPEN_FOR_MAILS / n * SPAN / _DAY)), SPAN // _DAY)
    (making / "settings.toml").write_text(_SETTINGS.format(days=days), "utf-8")
    try:
        make(mail, n)
        store = open_store(making, cache_kb=WORKER_CACHE_KB)
        known = settings(making)
        store.apply(known, NOW)
        began = time.perf_counter()
        found = importing.read([mail])
        summary = importing.take_in(store, found, known.us, NOW, known.import_open_for)
        seconds = time.perf_counter() - began
        _work(store)
        conversations = store.read("SELECT count(*) FROM conversations")[0][0]
        standing = len(store.ids(VIEWS["due"].node, ME, NOW))
        store.close()
        making.rename(path)
    finally:
        shutil.rmtree(mail, ignore_errors=True)
        shutil.rmtree(making, ignore_errors=True)
    return Built(path, summary.added, conversations, standing, seconds)


def _work(store: Workspace) -> None:
    """Give what is open to the team as teams do: a third is nobody's, some wait, are snoozed or held, many are tagged."""
    draw = random.Random(1)

    def changes() -> Iterator[tuple[Scope, Decide]]:
        for number in store.ids(VIEWS["due"].node, ME, NOW):
            tags = draw.sample(TAGS, 2)[: draw.choice((0, 1, 1, 2))]
            if tags:
                yield decision("tag", conversation=number, add=tags)
            if draw.random() < 0.66:
                yield decision("assign", conversation=number, to=draw.choice(TEAM))
            lot = draw.random()
            if lot < 0.08:
                yield decision("snooze", conversation=number, until=NOW + draw.randrange(1, 9) * _DAY)
            elif lot < 0.12:
                yield decision("hold", conversation=number, whom="the carrier", until=NOW + 3 * _DAY)
            elif lot < 0.15:
                yield decision("note", conversation=number, text="Called, nobody there. @maya")
        for number in store.ids(StatusIs((Status.CLOSED,)), ME, NOW, 200):
            yield decision("tag", conversation=number, add=[draw.choice(TAGS)])

    store.change_each(changes(), ME, NOW)


def _shape() -> int:
    """A number that changes with the schema: a store of another shape is not measured by mistake."""
    schema = Path(__file__).parent.parent / "storage" / "schema"
    return zlib.crc32(b"".join(file.read_bytes() for file in sorted(schema.glob("*.sql"))))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=default_folder())
    parser.add_argument("--n", type=int, nargs="+", default=list(SIZES))
    given = parser.parse_args()
    print(f"{'messages':>9} {'conversations':>13} {'open':>6} {'mails/s':>8} {'MB':>6}  folder")
    for n in given.n:
        path = given.folder / f"{n}-{_shape():08x}"
        shutil.rmtree(path, ignore_errors=True)
        built = build(n, path)
        size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 2**20
        print(
            f"{built.messages:9} {built.conversations:13} {built.open:6}"
            f" {built.messages / built.seconds:8.0f} {size:6.0f}  {path}",
            flush=True,
        )


if __name__ == "__main__":
    main()
