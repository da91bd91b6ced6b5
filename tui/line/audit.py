"""`frontdesk audit`: who did what, when, which way they came in, and what was taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from inbox.errors import BadUsage, NotDone
from tui.line.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inbox.audit import Entry

DAY = 86_400


@click.command("audit")
@click.argument("ids", metavar="[ID…]", nargs=-1)
@click.option("--who", "name", metavar="NAME", help="What this person did, everywhere.")
@click.option(
    "--since", metavar="WHEN", default="90d", show_default=True, help="A time span or a date; not for ids."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def command(desk: Desk, ids: tuple[str, ...], name: str | None, since: str, as_json: bool) -> None:
    """Every event of conversations, or of a person, or (without either) of what belongs to no conversation: settings, the
    team, customers, exports, backups, what was erased. What was undone is marked. Owners see all, others their own."""
    from inbox.audit import as_object, refused
    from inbox.jsonform import as_line

    if ids and name is not None:
        raise BadUsage(
            "Name conversations or a person, not both.",
            f"{desk.called} audit 12, or: {desk.called} audit --who anna",
        )
    if not ids:
        no = refused(desk.who(), name)
        if no is not None:
            raise NotDone(no.reason, no.next_step)
    some = False
    for entry in _found(desk, ids, name, since):
        click.echo(as_line(as_object(entry)) if as_json else _line(desk, entry))
        some = True
    if not some and not as_json:
        click.echo("Nothing was written down there.")


def _found(desk: Desk, ids: tuple[str, ...], name: str | None, since: str) -> Iterator[Entry]:
    from tui.line.ids import ids_given

    audit = desk.store().audit
    if ids:
        for number in ids_given(desk, ids):
            yield from audit.of_conversation(number)
        return
    until = desk.now() + DAY
    if name is None:
        yield from audit.of_the_house(_since(desk, since), until)
    else:
        yield from audit.of_person(name, _since(desk, since), until)


def _since(desk: Desk, text: str) -> int:
    """The instant from which on. BadUsage for what is neither a date nor a time span."""
    from datetime import datetime, time

    from tui.line.acting import span_given

    try:
        day = datetime.fromisoformat(text.strip()).date()
    except ValueError:
        return desk.now() - span_given(text, "--since")
    if not 1970 < day.year < 2200:
        raise BadUsage(f"{text} is too far away.", "Name a day between 1971 and 2199.")
    return int(datetime.combine(day, time(), desk.zone()).timestamp())


def _line(desk: Desk, entry: Entry) -> str:
    from inbox.audit import in_words
    from inbox.text import one_line
    from tui.line.lines import moment

    event, zone = entry.event, desk.zone()
    where = f"#{entry.home}" if entry.home is not None else "-"
    undone = f" [undone by {entry.undone[0]} {moment(entry.undone[1], zone)}]" if entry.undone else ""
    counts = f" (counts from {moment(event.at, zone)})" if event.at != event.recorded else ""
    way = f" · {entry.way}" if entry.way else ""
    words = one_line(in_words(entry, zone), 1_000)
    return one_line(f"{moment(event.recorded, zone)} {where} {words}{counts}{way}{undone}", 1_400)
