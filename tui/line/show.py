"""`frontdesk show`: one conversation with its messages and what happened in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from inbox.approvals import waiting
from inbox.attachments import listed, shown_name, stands_aside
from inbox.callers import call_in_words
from inbox.jsonform import as_line, instant_as_json
from inbox.outcomes import in_words
from inbox.promise_story import promises_told
from inbox.sender_marks import by_message, sentences
from inbox.text import one_line, sanitise
from inbox.together import newcomers
from tui.line.desk import Desk
from tui.line.forms import closing_as_json, event_as_json, item_as_json, promise_as_json, row_as_json
from tui.line.ids import ids_given
from tui.line.lines import event_as_words, moment
from tui.times import lateness

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from inbox.listing import Row
    from inbox.model import Event
    from inbox.ports import Item


@click.command("show")
@click.argument("ids", nargs=-1, required=True, metavar="ID…")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--full", is_flag=True, help="With quoted text and signatures.")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], as_json: bool, full: bool) -> None:
    """Conversations with their messages. With - the ids are read from standard input."""
    store, now = desk.store(), desk.now()
    for number, row in enumerate(store.rows(ids_given(desk, ids))):
        items, events = store.items(row.conversation.id), store.events(row.conversation.id)
        if as_json:
            shown = row_as_json(row, now)
            shown["closed"] = closing_as_json(row)
            shown["score"] = row.conversation.score
            shown["issue"] = row.conversation.issue
            shown["handed_over"] = (
                dict(zip(("by", "to", "text"), row.handed, strict=True)) if row.handed is not None else None
            )
            shown["approvals"] = [
                {"message": str(each.message), "by": each.who, "at": instant_as_json(each.at)}
                for each in waiting(events)
            ]
            shown["items"] = [item_as_json(item) for item in items]
            shown["promises"] = [promise_as_json(each) for each in promises_told(events, now)]
            shown["events"] = [event_as_json(event) for event in events]
            click.echo(as_line(shown))
            continue
        zone = desk.zone()
        lines = [""] * (number > 0)
        lines += _head(row, now, zone)
        numbers = {(one.message, one.place): one.number for one in listed(items)}
        marked, new = by_message(events), newcomers(events)
        for item in items:
            marks = sentences(marked.get(item.id, ()), item.oddities)
            lines += ["", *_item(item, zone, full, marks, new=item.id in new)]
            lines += _attached(item, numbers)
        lines += _promised(events, now, zone)
        lines += ["", *(f"{moment(event.at, zone)}  {event_as_words(event)}" for event in events)]
        click.echo("\n".join(lines))


def _head(row: Row, now: int, zone: ZoneInfo) -> Iterator[str]:
    state = row.conversation
    yield f"{state.id}  {one_line(row.subject) or '(no subject)'}"
    known = ", ".join((*row.customer_addresses, *row.customer_handles))
    yield one_line(f"{row.customer_name} <{known}>" if known else row.customer_name) or "(nobody)"
    facts = [
        state.status.value,
        one_line(state.channel),
        f"for {one_line(state.assignee)}" if state.assignee else "",
    ]
    if state.held_for:
        facts.append(f"held for {one_line(state.held_for)}")
    if state.closed_why is not None:
        facts.append(one_line(in_words(state.closed_why, state.referred, state.cause)))
    facts += ["a letter waits for a yes"] if state.approvals else []
    facts += ["goodwill given"] if state.goodwill else []
    facts += [f"{state.score} of 5"] if state.score is not None else []
    until = state.snoozed_until or state.held_until
    facts += [f"until {moment(until, zone)}"] if until else []
    facts += [f"due {moment(row.due_at, zone)} ({lateness(row.due_at, now)})"] if row.due_at else []
    facts += [f"[{one_line(tag)}]" for tag in state.tags]
    yield " · ".join(fact for fact in facts if fact)
    if row.handed is not None:  # until who got it acts
        giver, to, words = map(one_line, row.handed)
        yield f"handed over by {giver} to {to}: {words}"


def _promised(events: Sequence[Event], now: int, zone: ZoneInfo) -> Iterator[str]:
    """What was promised here, and what became of it."""
    for told in promises_told(events, now):
        aim = f", aim {moment(told.aim, zone)}" if told.aim is not None else ""
        what = f": {one_line(told.words)}" if told.words else ""
        yield f"{moment(told.at, zone)}  promised for {moment(told.until, zone)}{aim}, {told.became.value}{what}"


def _item(item: Item, zone: ZoneInfo, full: bool, marks: Sequence[str], *, new: bool) -> Iterator[str]:
    """A message: one line that says whose it is, then its text, set in so that no mail can look like such a line."""
    people = ", ".join(a.name or a.address for a in item.on_behalf_of or item.sender) or item.author
    by = f" by way of {one_line(item.sender[0].address)}" if item.on_behalf_of and item.sender else ""
    by += " (new sender)" if new else ""
    to = ", ".join(a.name or a.address for a in (*item.to, *item.cc))
    if item.call is not None:
        yield f"{moment(item.at, zone)}  {one_line(call_in_words(item))}"
        yield from (f"  {line}".rstrip() for line in sanitise(item.text).splitlines())
        return
    what = {"note": "note by ", "out": "we, "}.get(item.direction, "")
    state = f" · {item.state}" if item.state and item.direction == "out" else ""
    yield f"{moment(item.at, zone)}  {what}{one_line(people)}{by}{f' to {one_line(to)}' if to else ''}{state}"
    yield from (f"  ! {words}" for words in marks)
    for recipient in item.recipients:
        if recipient.state != item.state or recipient.detail:
            yield f"  {one_line(recipient.address)}: {recipient.state} {one_line(recipient.detail)}".rstrip()
    text = item.text if full else (item.reply or item.text)
    yield from (f"  {line}".rstrip() for line in sanitise(text).splitlines())
    if not full and item.reply and item.quoted:
        count = len(item.quoted.splitlines())
        yield f"  [{count} {'line' if count == 1 else 'lines'} of quoted text: --full shows the whole]"


def _attached(item: Item, numbers: Mapping[tuple[int, int], int]) -> Iterator[str]:
    """What came with a message, each with the number under which `frontdesk get` gives it; then its oddities."""
    for place, one in enumerate(item.attachments):
        if not stands_aside(one):
            number = numbers[item.id, place]
            yield f"  [{number}] {shown_name(one)}, {one_line(one.type)}, {one.size} bytes"
    for oddity in item.oddities:
        yield f"  ! {one_line(oddity)}"
