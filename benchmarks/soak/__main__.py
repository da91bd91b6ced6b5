"""A soak: screens, hands, commands, the worker, bad lines and kills at once; then the books are compared with both servers.

Run by hand as root, on a machine that does nothing else:

    python -m benchmarks.soak [--screens 20] [--rate 40] [--minutes 10] [--mails 10000] [--old 20000] [--hands 4] [--seed 1]
                              [--json FILE] [--keep DIR]

It needs `dovecot-imapd` and the packages of `.[dev]`. `--mails` are in the workspace when it begins; they are made once
and kept in `${TMPDIR:-/tmp}/frontdesk-bench`, where `soak.json` is put unless `--json` names another file. `--old` lie on
the server and are read for the first time meanwhile. `--keep DIR` leaves workspace and log there (DIR must not exist). The
exit status is 0 when no error was seen and the books add up, else 1; the figures decide nothing. Three screens of four
press keys, one watches a conversation that is changed once a second by another process. It takes a minute or two longer
than `--minutes`, five at most: to begin, to bring in what was interrupted, to compare.

What must hold: 0 errors, lost, twice, unaccounted, unruled and problems. With 20 screens at 40 changes a second: a change
p95 at most 50 ms, p99 150 ms, at worst 1 s; the list p95 at most 20 ms; bell to screen p95 at most 100 ms; memory of a
screen grows by less than 10 %.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.soak.plan import Plan
from benchmarks.soak.whole import soak
from benchmarks.workspace import default_folder


def main() -> None:
    """Soak, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage=argparse.SUPPRESS
    )
    parser.add_argument("--screens", type=int, default=Plan.screens)
    parser.add_argument("--rate", type=float, default=Plan.rate)
    parser.add_argument("--minutes", type=float, default=Plan.seconds / 60)
    parser.add_argument("--mails", type=int, default=Plan.mails)
    parser.add_argument("--old", type=int, default=Plan.old)
    parser.add_argument("--hands", type=int, default=Plan.hands)
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--json", type=Path, default=default_folder() / "soak.json")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    plan = Plan(
        given.screens, given.rate, given.minutes * 60, given.seed, given.mails, given.old, given.hands
    )
    told = soak(plan, given.keep, lambda words: print(words, file=sys.stderr, flush=True))
    given.json.write_text(told.as_json(), "utf-8")
    print(told.table())
    sys.exit(not told.is_good)


if __name__ == "__main__":
    main()
