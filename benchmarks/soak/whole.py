"""A whole soak: the world is made, the shop works in it and is closed, the books are compared."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.receiving import MAIN
from benchmarks.soak import books
from benchmarks.soak.plan import Plan, settings
from benchmarks.soak.shop import Shop
from benchmarks.soak.told import Told
from benchmarks.workspace import workspace
from tests.servers.dovecot import why_not


@contextlib.contextmanager
def running_world(plan: Plan) -> Iterator[tuple[subprocess.Popen[str], dict[str, object]]]:
    """The servers, in a process of their own; and where they are."""
    words = ["--seed", str(plan.seed), "--old", str(plan.old), "--pace", str(plan.pace)]
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.soak.world", *words],
        cwd=Path(MAIN).parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        assert process.stdin is not None and process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.read()
        process.stdout.close()
        process.wait(60)


def tell(process: subprocess.Popen[str], word: str) -> None:
    """Say a word to the world."""
    assert process.stdin is not None
    process.stdin.write(f"{word}\n")
    process.stdin.flush()


def soak(plan: Plan, keep: Path | None = None, say: Callable[[str], None] = lambda _: None) -> Told:
    """The whole of it."""
    if (reason := why_not()) is not None:
        raise SystemExit(f"Nothing was soaked: {reason}.")
    made = workspace(plan.mails)
    with ExitStack() as stack:
        if keep is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="frontdesk-soak-")))
        else:
            keep.mkdir(parents=True)
            folder = keep
        path = folder / "shop"
        shutil.copytree(made, path)
        process, where = stack.enter_context(running_world(plan))
        secret = folder / "secret"
        secret.touch(0o600)
        secret.write_text("secret\n", "utf-8")
        (path / "settings.toml").write_text(
            settings(plan, str(where["host"]), int(str(where["imap"])), int(str(where["smtp"])), str(secret)),
            "utf-8",
        )
        (path / "settings.cache").unlink(missing_ok=True)
        subprocess.run(
            [sys.executable, MAIN, "--workspace", str(path), "--as", "maya", "list", "--limit", "1"],
            check=True,
            capture_output=True,
        )
        shop = Shop(plan, path, folder)
        stack.callback(shop.send_away)
        say(f"{plan.screens} screens open …")
        shop.open()
        tell(process, "go")
        shop.begin()
        say("work …")
        seconds = shop.work()
        load = os.getloadavg()[0]
        costs = shop.costs(seconds)
        tell(process, "calm")
        say("closing …")
        shop.close()
        assert process.stdin is not None and process.stdout is not None
        shop.drain()
        shop.end_worker()
        process.stdin.close()
        world = json.loads(process.stdout.readline())
        say("the books …")
        found = books.close(path, shop.command("--as", "maya", "verify", "--json"), shop.ledger, world)
        shop.look_into_logs()
    shop.ledger.counts["changes by hands"] = len(shop.ledger.events)
    counts = {
        "mails delivered": len(world["came"]),
        "messages taken by SMTP": len(world["taken"]),
        **world["troubles"],
    }
    return Told(plan, shop.ledger, found, seconds, shop.times, costs, counts, load)
