"""`frontdesk why`: how a deadline came about, and why these messages are together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from tui.line.desk import Desk
from tui.line.ids import id_given

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from inbox.model import Clock, Event


@click.command("why")
@click.argument("conversation", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def command(desk: Desk, conversation: str, as_json: bool) -> None:
    """The ledger of each clock row by row, the rules that fired, and why these messages are one conversation."""
    from inbox.jsonform import as_line
    from inbox.ledger import clock_object, row_objects

    store, number = desk.store(), id_given(desk, conversation)
    clocks, events = store.clocks(number, desk.now(), ledger=True), store.events(number)
    if as_json:
        told = [{**clock_object(clock), "ledger": row_objects(clock)} for clock in clocks]
        from inbox.rules.telling import as_object, fired

        rules = list(map(as_object, fired(events)))
        found: dict[str, Any] = {"clocks": told, "rules": rules, "placing": list(_placing(events))}
        found |= {"upset": _upset_object(desk, number, events)}
        nudges = _nudged(events)
        click.echo(as_line(found | ({"nudges": nudges} if nudges is not None else {})))
        return
    zone = desk.zone()
    about = (
        *_undelivered(events, zone),
        *_spam(events, zone),
        *_rules(events, zone),
        *_together(events, zone),
    )
    if store.rows([number])[0].conversation.notice:
        from inbox.actions.ruling import because
        from inbox.text import one_line

        about = (f"It is a notice: {one_line(because(store.items(number), events), 300)}", *about)
    lines = [
        *_clocks(clocks, events, zone),
        *_upset(desk, number, events),
        *_nudges(desk, events),
        *_sight(desk, number),
        *about,
    ]
    click.echo("\n".join(lines))


def _nudged(events: Sequence[Event]) -> dict[str, Any] | None:
    """How it stands with nudges; the next one counts from when it is due, be it open then or not."""
    from inbox.jsonform import instant_as_json
    from inbox.nudged import nudged

    found = nudged(events)
    if found is None:
        return None
    last, following = (None if at is None else instant_as_json(at) for at in (found.last_at, found.next_at))
    return {"on": found.on, "sent": found.sent, "of": found.of, "last_at": last, "next_at": following}


def _nudges(desk: Desk, events: Sequence[Event]) -> Iterator[str]:
    """The same in words."""
    from inbox.nudged import nudged
    from tui.line.lines import moment

    found = nudged(events)
    if found is not None:
        settings = desk.settings()
        words = found.under(settings.hours, settings.automatic_sending).in_words(
            lambda at: moment(at, desk.zone())
        )
        yield f"{words[0].upper()}{words[1:]}."


def _upset(desk: Desk, number: int, events: Sequence[Event]) -> Iterator[str]:
    """Why the customer counts as upset."""
    from inbox.actions.upset import in_words
    from inbox.text import one_line

    why = in_words(desk.store().rows([number])[0].conversation, events)
    if why:
        yield f"upset: {one_line(why, 300)}"


def _upset_object(desk: Desk, number: int, events: Sequence[Event]) -> dict[str, Any] | None:
    """The signs by which the customer counts as upset, and who said so; None where they do not."""
    from inbox.actions.upset import because, in_words

    conversation = desk.store().rows([number])[0].conversation
    if not conversation.upset:
        return None
    signs, who = because(events)
    return {"signs": list(signs), "who": who or None, "why": in_words(conversation, events)}


def _placing(events: Sequence[Event]) -> Iterator[dict[str, Any]]:
    """Why each message lies here: as it was placed, or because something was joined, parted or moved."""
    from inbox.jsonform import instant_as_json
    from inbox.together import reasons

    for reason in reasons(events):
        yield {
            "message": str(reason.message) if reason.message is not None else None,
            "at": instant_as_json(reason.at),
            "reason": reason.words,
            "sure": reason.sure,
            "new_sender": reason.new_sender,
        }


def _clocks(clocks: Sequence[Clock], events: Sequence[Event], zone: ZoneInfo) -> Iterator[str]:
    from inbox.pledges import quoted
    from tui.line.lines import moment, span

    if not clocks:
        yield "No clock: nobody waits here for an answer, and nothing was promised."
    for clock in clocks:
        due = f", due {moment(clock.due, zone)}" if clock.due is not None else ""
        taken = f", {span(clock.taken)} of {span(clock.target)} counted" if clock.taken is not None else ""
        yield f"{clock.kind.value.replace('_', ' ')}: {clock.state.value}{due}{taken}{quoted(clock, events)}"
        for row in clock.ledger:
            until = f" - {moment(row.end, zone)}" if row.end != row.start else " " * 19
            yield f"  {moment(row.start, zone)}{until}  {span(row.counted) if row.counted else '':>8}  {row.reason}"


def _sight(desk: Desk, number: int) -> Iterator[str]:
    """Why it is out of sight, where it is, and what helps."""
    from inbox.sight import told

    found = told(desk.store(), number, desk.now())
    if found is not None:
        yield f"out of sight: {found[0]}"
        yield f"  {found[1]}"


def _undelivered(events: Sequence[Event], zone: ZoneInfo) -> Iterator[str]:
    """What of ours did not arrive, to whom and why; and what a mail server still tries."""
    from inbox.actions.deliver import in_words
    from inbox.model import EventType
    from inbox.text import one_line
    from tui.line.lines import moment

    for event in events:
        if event.type is EventType.UNDELIVERED:
            counts = ": it counts as no answer" if event.data.get("all", True) else ""
            yield f"{moment(event.at, zone)}  {one_line(in_words(event), 400)}{counts}"
        elif event.type is EventType.RECEIVED and "delayed" in event.data:
            until = event.data.get("tried_until")
            tried = f", tried until {moment(until, zone)}" if until is not None else ""
            yield f"{moment(event.at, zone)}  not delivered yet to {one_line(', '.join(event.data['delayed']))}{tried}"


def _spam(events: Sequence[Event], zone: ZoneInfo) -> Iterator[str]:
    """Why it is spam, where it is: what was said last, and by whom."""
    from inbox.fold import fold
    from inbox.model import EventType, Status
    from inbox.text import one_line
    from tui.line.lines import moment

    if fold(0, events).status is Status.SPAM:
        said = [event for event in events if event.type is EventType.SPAM and not event.void][-1:]
        for event in said:
            why = f": {one_line(event.why)}" if event.why else ""
            yield f"spam: {moment(event.at, zone)}  said by {one_line(event.who)}{why}"


def _rules(events: Sequence[Event], zone: ZoneInfo) -> Iterator[str]:
    """Which rules did something here, what, and which of their conditions held."""
    from inbox.rules.telling import fired, in_words
    from inbox.text import one_line
    from tui.line.lines import moment

    told = [f"  {moment(event.at, zone)}  {one_line(in_words(event), 600)}" for event in fired(events)]
    yield "rules:" if told else "rules: none has fired"
    yield from told


def _together(events: Sequence[Event], zone: ZoneInfo) -> Iterator[str]:
    from inbox.text import one_line
    from inbox.together import reasons
    from tui.line.lines import moment

    yield "together because:"
    for reason in reasons(events):
        yield f"  {moment(reason.at, zone)}  {one_line(reason.in_words, 300)}"
