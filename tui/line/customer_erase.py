"""`frontdesk customer erase`: what there is of a customer is said, asked about, and erased."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from inbox.errors import BadUsage, NotDone, WorldError
from tui.line.progress import counted

if TYPE_CHECKING:
    from inbox.erasing import Holdings
    from inbox.model import Customer
    from tui.line.desk import Desk

BACKUPS = 10
"""Backups that are named, the newest; of more it is said how many there are."""


def erase_customer(desk: Desk, customer: Customer, yes: bool, check: bool) -> None:
    """Say what there is of a customer; then, if it is wanted, erase it and say what is left elsewhere."""
    from inbox.actions import decision
    from inbox.erasing import in_words
    from inbox.text import one_line
    from inbox.verbs import VERBS, refused
    from tui.line.acting import settle

    why = refused(VERBS["customer-erase"], desk.who())
    if why is not None:
        raise NotDone(why, f"{desk.called} team list shows who is an owner.")
    if customer.erased:
        raise NotDone(
            f"Customer {customer.id} is erased already.",
            f"{desk.called} verify says whether anything is left.",
        )
    desk.needs_all("What is held of a customer")
    found = desk.store().erasing.holdings(customer.id)
    click.echo(f"{customer.id} {one_line(found.name, 200) or '(no name)'}")
    for line in in_words(found):
        click.echo(f"  {one_line(line, 2_000)}")
    if check:
        _say_left(desk, found)
        return
    if not (yes or found.waiting):
        _ask(desk, found)
    settle(desk.store().change(*decision("customer-erase", customer=customer.id), desk.who(), desk.now()))
    finish(desk)
    _say_left(desk, found)


def finish(desk: Desk) -> None:
    """Erase what is left of customers whose erasing was begun."""
    desk.may("customer erase")
    erasing = desk.store().erasing
    if not (begun := erasing.unfinished()):
        click.echo("Nothing was left to be erased.")
        return
    with counted(
        "Interrupted: not all of it is erased yet.", f"Go on: {desk.called} customer erase --go-on"
    ) as progress:
        done = erasing.go_on(desk.now(), progress.of)
    if done < len(begun):
        raise WorldError(
            "Everything is erased, but somebody still reads the log of the database, in which bytes of it stand.",
            f"A little later: {desk.called} customer erase --go-on",
        )
    click.echo("Erased." if done == 1 else f"{done} customers are erased.")


def _say_left(desk: Desk, found: Holdings) -> None:
    from inbox.erasing import left_in_words
    from inbox.text import one_line
    from tui.line.lines import moment

    zone = desk.zone()
    backups = [
        f"{moment(each.at, zone)} by {each.who}: {each.place}" for each in desk.store().erasing.backups()
    ]
    more = [f"and {len(backups) - BACKUPS} before these"] if len(backups) > BACKUPS else []
    left = left_in_words(found, [*backups[:BACKUPS], *more])
    if left:
        click.echo("Not reached by this:")
    for line in left:
        click.echo(f"  {one_line(line, 2_000)}")


def _ask(desk: Desk, found: Holdings) -> None:
    from inbox.erasing import to_type
    from inbox.text import one_line

    wanted = to_type(found)
    if not sys.stdin.isatty():
        raise BadUsage("This cannot be undone, and nobody can be asked here.", "If it is meant: --yes")
    question = f"This cannot be undone. Type {one_line(wanted)} to erase"
    said = click.prompt(question, default="", show_default=False, err=True)
    if " ".join(said.split()) != wanted:
        raise NotDone(
            "That is another name: nothing was erased.", f"Look at who it is: {desk.called} customer show ID"
        )
