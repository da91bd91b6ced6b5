"""`frontdesk day`: a day's conversations as one file, to be answered in any editor without a line."""

from __future__ import annotations

import io
import secrets
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from tui.line.desk import Desk
from tui.line.looking import Asking, query_given

if TYPE_CHECKING:
    from inbox.day import Page, Said
    from inbox.listing import Row, Who
    from inbox.ports import Item
    from inbox.queries import Node

CONVERSATIONS = 30
"""So many, where nobody says how many."""
MOST = 500
NEWEST = 20
"""Messages and notes of a conversation; the file says how many there are before."""
LONGEST = 20_000
"""Characters of a message; what was cut is said."""


@click.command("day", cls=Asking)
@click.argument("query", nargs=-1)
@click.option(
    "--mine",
    "count",
    type=click.IntRange(1, MOST),
    default=CONVERSATIONS,
    show_default=True,
    metavar="N",
    help="So many: yours, then what nobody has.",
)
@click.pass_obj
def command(desk: Desk, query: tuple[str, ...], count: int) -> None:
    """A day's work as one file on standard output: what is due next, yours first, with a place below each conversation
    for an answer, a note and what is to be done. frontdesk apply brings it back. With QUERY, what that finds of all.

    Over SSH: ssh desk day --mine 30 > day.md
    """
    from inbox.day import Head, new_id, told_of, written
    from tui.times import moment
    from tui.widgets.wrapping import wrapped

    asked, _ = query_given(desk, query)
    store, now, who = desk.store(), desk.now(), desk.who()
    newest = store.newest_event()  # before all that is read
    pages = [_page(desk, row, who) for row in _chosen(desk, asked, who, count)]
    head = Head(new_id(secrets.randbits(60)), told_of(store.identity()), now, newest, who.name)
    today = moment(now, now - 86_400, desk.zone()).rpartition(" ")[0]
    if not sys.stdout.isatty() and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # a file for editors, whatever the locale of the line is
    for line in written(head, today, pages, desk.called, wrapped):
        click.echo(line)


def _chosen(desk: Desk, asked: Node | None, who: Who, count: int) -> Sequence[Row]:
    """The conversations in the order of work, those of who asks first."""
    from inbox.views import VIEWS

    store, now = desk.store(), desk.now()
    if asked is not None:
        return store.rows(store.ids(asked, who, now, count))
    both = (each for view in ("mine", "due") for each in store.ids(VIEWS[view].node, who, now, count))
    return store.rows(list(dict.fromkeys(both))[:count])


def _page(desk: Desk, row: Row, who: Who) -> Page:
    from inbox.day import Page
    from inbox.text import one_line

    here, store = row.conversation, desk.store()
    known = store.items(here.id, NEWEST + 1)
    items = known[-NEWEST:]
    title = (
        f"{one_line(row.customer_name, 80) or '(no name)'}: {one_line(row.subject, 160) or '(no subject)'}"
    )
    facts = [" · ".join(fact for fact in _facts(desk, row) if fact), _customer(desk, row)]
    if row.handed is not None:
        giver, to, words = map(one_line, row.handed)
        facts.append(f"handed over by {giver} to {to}: {words}")
    facts += _goes(desk, row, items)
    if len(known) > len(items):
        facts.append(f"the newest {NEWEST} of its messages; all: show {here.id}")
    said = (*_said(desk, here.id, items, who), *_begun(desk, here.id, who))
    return Page(here.id, here.seq, title, tuple(facts), said)


def _begun(desk: Desk, conversation: int, who: Who) -> Iterator[Said]:
    """What who asks has begun to answer there."""
    from inbox.day import Said

    for draft in desk.store().drafts(conversation):
        if draft.who == who.name and draft.kind in ("reply", "reply-all") and draft.text.strip():
            yield Said("your draft; it stays, whatever you answer here", draft.text[:LONGEST])


def _facts(desk: Desk, row: Row) -> Iterator[str]:
    """Where a conversation stands."""
    from inbox.text import one_line
    from tui.times import lateness, moment

    here, now, zone = row.conversation, desk.now(), desk.zone()
    if row.due_at is not None:
        yield f"due {moment(row.due_at, now, zone)} ({lateness(row.due_at, now)})"
    yield here.status.value
    yield f"for {one_line(here.assignee)}" if here.assignee else "nobody has it"
    yield f"promised {moment(here.promised_until, now, zone)}" if here.promised_until else ""
    yield f"follow-up {moment(here.follow_up_at, now, zone)}" if here.follow_up_at else ""
    yield f"issue {one_line(here.issue)}" if here.issue else ""
    yield " ".join(f"[{one_line(tag, 40)}]" for tag in here.tags)


def _customer(desk: Desk, row: Row) -> str:
    """The customer in one line, as a panel would tell."""
    from inbox.text import one_line

    known = ", ".join((*row.customer_addresses[:2], *row.customer_handles[:1]))
    parts = [one_line(known, 120), "★ VIP" if row.vip else "", "upset" if row.conversation.upset else ""]
    panel = (
        desk.store().panel(row.conversation.customer, 1) if row.conversation.customer is not None else None
    )
    if panel is not None:
        many = f"{panel.conversations} conversations" if panel.conversations > 1 else "the first time"
        parts += [many, f"{panel.open} open" if panel.open > 1 else "", one_line(panel.customer.note, 120)]
    return " · ".join(part for part in parts if part)


def _goes(desk: Desk, row: Row, items: Sequence[Item]) -> Iterator[str]:
    """Where an answer goes, where that is not simply the customer."""
    from inbox.answering import prepare

    mine, all_ = (
        prepare(items, desk.us(), desk.senders(), each, row.customer_addresses) for each in (False, True)
    )
    if mine.by_hand and not mine.to:
        yield f"no address is known, only {mine.by_hand}: an answer is kept as your draft, to be carried there"
    if {*all_.to, *all_.cc} > set(mine.to):
        more = [each for each in (*all_.to, *all_.cc) if each not in mine.to]
        yield f"to all reaches {', '.join(more)} as well"
    yield from (f"! {words}" for words in mine.warnings)


def _said(desk: Desk, conversation: int, items: Sequence[Item], who: Who) -> Iterator[Said]:
    from inbox.attachments import shown_name, stands_aside
    from inbox.day import Said
    from inbox.text import one_line

    before = desk.store().attached_before(conversation, items[0].id) if items else 0
    get = f"{desk.called} get"
    for item in items:
        text = item.reply or item.text
        below = (
            [f"[{len(item.quoted.splitlines())} quoted lines are left out]"]
            if item.reply and item.quoted
            else []
        )
        if len(text) > LONGEST:
            text, below = text[:LONGEST], [f"[it goes on: show {conversation}]", *below]
        for number, one in enumerate(item.attachments, before + 1):
            if not stands_aside(one):
                below.append(f"[{shown_name(one)}, {one.size} bytes: {get} {conversation}/{number} > FILE]")
        before += len(item.attachments)
        below += [f"! {one_line(oddity)}" for oddity in item.oddities]
        yield Said(_above(desk, item, who), text, tuple(below))


def _above(desk: Desk, item: Item, who: Who) -> str:
    """Whose a message is, and when it came."""
    from inbox.callers import call_in_words
    from inbox.text import one_line
    from tui.times import moment

    at = moment(item.at, desk.now(), desk.zone())
    if item.call is not None:
        return f"{one_line(call_in_words(item), 100)}, {at}"
    if item.direction == "note":
        return f"note by {'you' if item.author == who.name else one_line(item.author, 60)}, {at}"
    if item.direction == "out":
        by = "you" if item.author == who.name else one_line(item.author, 60) or "we"
        return f"{by}, {at}" + (f" ({item.state})" if item.state not in (None, "sent") else "")
    people = ", ".join(each.name or each.address for each in item.on_behalf_of or item.sender) or item.author
    return f"{one_line(people, 100)}, {at}"
