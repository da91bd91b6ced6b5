"""`frontdesk sync`: fetch and send once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from inbox.errors import BadSettings, FrontdeskError, WorldError
from tui.line.acting import complain, complain_of
from tui.line.desk import Desk
from tui.line.progress import INTERRUPTED, Progress, interruptible

if TYPE_CHECKING:
    from inbox.worker import Pass


@click.command("sync")
@click.option("--watch", is_flag=True, help="Stay: hear of new mail as it comes, send what becomes due.")
@click.option(
    "--leave", is_flag=True, hidden=True
)  # as a screen starts it: leave when nobody is here any more
@click.pass_obj
def command(desk: Desk, watch: bool, leave: bool) -> None:
    """Fetch new mail from every mailbox and what is new in feeds, send what waits, keep copies in Sent, wake what was
    snoozed until now."""
    desk.may("sync")
    desk.everything = True
    settings = desk.settings()
    if not settings.has_work and not any(held.took is None for held in desk.store().names.held()):
        _wake(desk)
        raise BadSettings(
            "There is no mailbox in the settings.",
            f"frontdesk init writes one into {desk.workspace / 'settings.toml'}; docs/settings.md shows how it looks.",
        )
    from tui.line.watching import stay, taken

    if watch:
        stay(desk, leave)
        return
    store, lease = desk.store(), desk.store().lease()
    if not lease.take():
        raise taken(store.worker())
    try:
        held = store.check_epoch(os.environ)
        done, interrupted = _pass(desk)
    finally:
        lease.release()
    _tell(desk, done, held)
    _log(desk, done, held)
    if interrupted:
        complain("Interrupted: what was fetched so far is in.", "Run frontdesk sync again to go on.")
        raise click.exceptions.Exit(INTERRUPTED)
    if done.troubles:
        raise click.exceptions.Exit(WorldError.status)


def _wake(desk: Desk) -> None:
    """Without a mailbox time passes all the same; a workspace that cannot be used says so elsewhere."""
    from contextlib import suppress

    from inbox.away import let_go
    from inbox.waking import wake

    with suppress(FrontdeskError):
        wake(desk.store(), desk.now())
        let_go(desk.store(), desk.settings(), desk.now())


def _pass(desk: Desk) -> tuple[Pass, bool]:
    from inbox.rules.calling import Calling
    from inbox.worker import Worker
    from tui.line.watching import rules_owner, secrets_of

    store, progress = desk.store(), Progress()
    with interruptible() as interrupted:
        worker = Worker(
            store=store,
            settings=desk.settings(),
            us=desk.us(),
            secrets=secrets_of(desk),
            clock=desk.now,
            progress=progress.of,
            cancelled=interrupted,
        )
        done = worker.once()
        said = done.notes.append
        calling = Calling(store, desk.settings(), desk.now, said, rules_owner(desk, said), os.environ)
        calling.do_all()
        calling.end()
    progress.end()
    return done, interrupted()


def _log(desk: Desk, done: Pass, held: int) -> None:
    """Note the pass in the workspace's log: numbers, and what went wrong; never a body, a subject or a secret."""
    from contextlib import suppress

    from inbox.journal import Journal

    counts = {
        "fetched": done.fetched,
        "placed": done.placed,
        "from_feeds": done.from_feeds,
        "sent": len(done.sent),
        "woken": done.woken,
        "held": held,
    }
    with suppress(OSError):  # a pass that went well does not fail for its log
        journal = Journal(desk.workspace / "frontdesk.log", desk.now)
        journal.write("sync", **{name: count for name, count in counts.items() if count})
        for mailbox, error in done.troubles:
            journal.write("trouble", mailbox=mailbox, kind=type(error).__name__, said=error.what)


def _tell(desk: Desk, done: Pass, held: int) -> None:
    from collections import Counter

    from inbox.text import one_line

    told = [f"{done.fetched} fetched"]
    told += [f"{done.from_feeds} from feeds"] if done.from_feeds else []
    told += [f"{count} {state}" for state, count in sorted(Counter(done.sent.values()).items())]
    told += [f"{done.woken} woken"] if done.woken else []
    click.echo(", ".join(told))
    if done.first and (left := desk.store().counts(desk.who(), desk.now())["import-left"]):
        click.echo(f"{left} {'looks' if left == 1 else 'look'} unanswered: press g i")
    for line in (*done.questions, *done.notes):
        click.echo(one_line(line, 300), err=True)
    if held:
        complain(
            f"{held} answer{'s are' if held != 1 else ' is'} held: this workspace was restored or copied.",
            "frontdesk outbox shows them; frontdesk outbox release lets them go.",
        )
    for error in dict.fromkeys(error for _, error in done.troubles):
        complain_of(error)
    if any(state in ("failed", "unknown") for state in done.sent.values()):
        complain("Not every answer was delivered.", "frontdesk outbox says which and why.")
