"""`frontdesk notice`: say of senders that their mail is always a notice, or never one."""

from __future__ import annotations

import sys

import click

from inbox.errors import BadUsage
from tui.line.acting import act, complain
from tui.line.desk import Desk
from tui.line.ids import ids_given


@click.command("notice")
@click.argument("ids", nargs=-1, metavar="ID…")
@click.option("--never", is_flag=True, help="Never a notice: people write from there.")
@click.option("--domain", is_flag=True, help="Everybody at the sender's domain.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], never: bool, domain: bool, yes: bool) -> None:
    """Mail of who wrote these conversations last is always a notice: it starts no clock.

    What that catches of the last 90 days is said before it is asked; conversations we have answered stay what they
    are. undo takes it back. With - ids are read from standard input.
    """
    from inbox.actions.ruling import DAYS, in_words, preview, target_of

    if not ids:
        raise BadUsage("Name conversations.", f"{desk.called} notice --help says more.")
    store, given = desk.store(), ids_given(desk, ids)
    targets: dict[int, str] = {}
    touched: list[int] = []
    for one in given:
        target = target_of(store.senders(one), domain)
        if target in targets.values():
            continue
        targets[one] = target
        touched.append(one)
        if not target:
            continue
        caught = store.caught(target, not never, desk.now() - DAYS * 86_400)
        click.echo(f"{target}: {in_words(not never)}. {preview(caught, not never)}", err=True)
        for each in caught.changes:
            if each not in targets and each not in given:
                targets[each] = target
                touched.append(each)
    if not yes:
        if not sys.stdin.isatty():
            raise BadUsage("Nobody is there to be asked.", "Say --yes.")
        if not click.confirm("Go on?", err=True):
            complain("Nothing was changed.")
            return
    verb = "no-notice" if never else "notice"
    act(desk, verb, touched, lambda one: {"target": targets[one]}, domain=domain)
