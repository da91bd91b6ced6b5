"""What an import costs end to end: mails a second, memory, and all of the store against the raw bytes.

Run by hand: `python -m benchmarks.importing [--n 10000 100000] [--html 0.1] [--profile]`. It makes a Maildir of made
mail, takes it in by the real import in a process of its own, and takes the store apart. The aims: 1 500 text mails a
second a core, 700 where 60 % carry HTML, at most 1.7 times the raw bytes, under 300 MB of memory.
"""

from __future__ import annotations

import argparse
import cProfile
import multiprocessing
import pstats
import resource
import tempfile
import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from benchmarks.mailmaker import END, make
from inbox import importing, mime
from inbox.settings import Settings
from inbox.us import Us
from storage.connection import WORKER_CACHE_KB
from storage.workspace import open_store

NOW = END + 3600
US = Us.of(["@helpdesk.example"])
PARTS = {
    "raw": ("raws", "sqlite_autoindex_raws_1", "dictionaries"),
    "texts": ("details",),
    "index": tuple(f"message_fts_{part}" for part in ("data", "idx", "docsize", "config")),
    "events": ("events", "events_home", "events_who", "events_message"),
}


@dataclass(frozen=True)
class Taken:
    """What one import did. Sizes in bytes; `parts` by what they are for, the rest under "other"."""

    messages: int
    raw: int
    seconds: float
    cpu: float
    parsing: float
    memory: int
    whole: int
    parts: dict[str, int] = field(default_factory=dict)


def take_in(mail: Path, workspace: Path, profile: bool) -> Taken:
    """Import a Maildir into a new workspace, and measure."""
    paths: list[Path | None] = [mail]
    raw = sum(path.stat().st_size for path in mail.rglob("*") if path.is_file())
    found = islice(importing.read(paths), 1000)
    sample = [each.raw for each in found if isinstance(each, importing.Found)]
    began = time.process_time()
    for data in sample:
        mime.parse(data)
    parsing = (time.process_time() - began) / len(sample)
    store = open_store(workspace, cache_kb=WORKER_CACHE_KB)
    store.adopt(Settings(host_zone="UTC"), NOW)
    watch = cProfile.Profile()
    before, cpu = time.perf_counter(), time.process_time()
    if profile:
        watch.enable()
    summary = importing.take_in(store, importing.read(paths), US, NOW, 14 * 86_400)
    watch.disable()
    seconds, cpu = time.perf_counter() - before, time.process_time() - cpu
    if profile:
        pstats.Stats(watch).sort_stats("tottime").print_stats(45)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    store.close()
    store = open_store(workspace)
    sizes = dict(store.read("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
    parts = {part: sum(sizes.pop(name, 0) for name in names) for part, names in PARTS.items()}
    parts["other"] = sum(sizes.values())
    store.close()
    whole = sum(path.stat().st_size for path in workspace.rglob("*") if path.is_file())
    return Taken(summary.added, raw, seconds, cpu, parsing, peak, whole, parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, nargs="+", default=[10_000])
    parser.add_argument("--html", type=float, default=0.1, help="share of mails that carry HTML")
    parser.add_argument("--profile", action="store_true", help="show where the time goes, too")
    given = parser.parse_args()
    print(f"{given.html:.0%} HTML: shares of the raw bytes; ms of CPU a mail, and of that parsing")
    print(
        f"{'mails':>8} mails/s a core  ms  parse    MB  whole"
        + "".join(f"{part:>7}" for part in (*PARTS, "other"))
    )
    for n in given.n:
        with tempfile.TemporaryDirectory(prefix="importing-") as folder:
            mail, workspace = Path(folder) / "mail", Path(folder) / "workspace"
            make(mail, n, html_share=given.html)
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                taken = pool.apply(take_in, (mail, workspace, given.profile))
        shares = "".join(f"{size / taken.raw:7.2f}" for size in taken.parts.values())
        speed = f"{taken.messages / taken.seconds:7.0f} {taken.messages / taken.cpu:6.0f}"
        costs = f"{taken.cpu / taken.messages * 1000:5.2f} {taken.parsing * 1000:5.2f}"
        print(
            f"{taken.messages:8} {speed} {costs} {taken.memory / 2**20:6.0f} {taken.whole / taken.raw:6.2f}{shares}",
            flush=True,
        )


if __name__ == "__main__":
    main()
