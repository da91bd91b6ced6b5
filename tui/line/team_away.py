"""`frontdesk team away`: when somebody is not here, and who gets what they have meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import click

from inbox.errors import BadUsage, NotDone
from tui.line.acting import settle
from tui.line.desk import Desk
from tui.line.team_rows import change, note, owner, teammate

if TYPE_CHECKING:
    from inbox.model import Who
    from inbox.settings import Settings

EVERYBODY = "none"
KEEP = "keep"
Spans = tuple[tuple[str, str], ...]


@click.command("away")
@click.argument("name", metavar="NAME")
@click.argument("words", nargs=-1, metavar="[until DAY]")
@click.option("--from", "first", metavar="DAY", help="The first day; without it, today.")
@click.option("--back", is_flag=True, help="They are here again, from today on.")
@click.option(
    "--to", metavar="NAME", help="Who gets what they have: a teammate, load (fair), none (everybody)."
)
@click.option("--keep", is_flag=True, help="Leave it with them: what opens or falls due goes to everybody.")
@click.pass_obj
def away(
    desk: Desk, name: str, words: tuple[str, ...], first: str | None, back: bool, to: str | None, keep: bool
) -> None:
    """Say that somebody is away: team away bo until fri; team away bo --from 2026-12-24 until 2027-01-03. Without a day it
    is told when they are.

    Who is away is given nothing by rules. Asks who gets what they have open, snoozed, held and promised; one undo takes that
    back. For an absence to come it is not asked: then what opens or falls due goes to everybody.
    """
    from inbox.away import LOAD, today
    from inbox.toml_rows import with_value

    mate = teammate(desk, name)
    if not (words or first or back):
        click.echo(_told(mate.name, mate.away))
        return
    who, settings = owner(desk), desk.settings()
    day = today(desk.now(), settings.zone)
    if back:
        if words or first or to or keep:
            raise BadUsage("--back stands alone.", f"{desk.called} team away {mate.name} --back")
        spans = ended(mate.away, day)
        if spans == mate.away:
            raise NotDone(f"{mate.name} is not away today.", _told(mate.name, mate.away))
        new = mate.away
    else:
        new = ((_day(desk, first or day), _until(desk, words)),)
        if new[0][0] > new[0][1]:
            raise BadUsage(f"{new[0][1]} is before {new[0][0]}.", "Name the last day of the absence.")
        spans = (*(span for span in mate.away if span not in new), *new)
    begun = not back and new[0][0] <= day
    had = _pressing(desk, mate.name) if not back and (begun or to) else {}
    gets = receiver(desk, mate.name, had, to, keep) if had else KEEP
    if gets not in (KEEP, EVERYBODY, LOAD) and (other := settings.teammate(gets)) and other.is_away(day):
        raise NotDone(f"{other.name} is away too.", "Name somebody who is here, load, or none.")
    written = [first if first == last else f"{first}..{last}" for first, last in spans]
    change(
        desk,
        f"{mate.name} cannot be away then",
        lambda text, index: with_value(text, "team", index, "away", written or None),
        mate.name,
    )
    if back:
        note(desk, who, "back", mate.name)
    else:
        note(desk, who, "away", mate.name, first=new[0][0], last=new[0][1])
    click.echo(_told(mate.name, spans), err=True)
    hand_on(desk, who, desk.settings(), mate.name, had, gets)


def ended(spans: Spans, day: str) -> Spans:
    """Absences without the ones that last on a day; such a one ended on the day before."""
    before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    cut = ((first, min(last, before) if first <= day <= last else last) for first, last in spans)
    return tuple((first, last) for first, last in cut if first <= last)


def in_hand(desk: Desk, name: str) -> dict[str, tuple[int, ...]]:
    """What somebody has, by its status."""
    from inbox import away as absences

    return absences.in_hand(desk.store(), name, desk.now())


def _pressing(desk: Desk, name: str) -> dict[str, tuple[int, ...]]:
    """What somebody has that wants hands: all but what waits for the customer, unless something is promised in it."""
    from inbox.queries import Assignee, Flag, Is, both

    had = in_hand(desk, name)
    waiting = had.pop("waiting", ())
    promised = set(desk.store().ids(both(Is(Flag.PROMISED), Assignee(name)), desk.who(), desk.now()))
    if some := tuple(number for number in waiting if number in promised):
        had["promised"] = some
    return had


def receiver(desk: Desk, name: str, had: Mapping[str, tuple[int, ...]], to: str | None, keep: bool) -> str:
    """Who gets what somebody has: a name, LOAD, EVERYBODY or KEEP, as the options say, or whoever sits here when asked.

    NotDone where neither says it; BadUsage for somebody who cannot get it.
    """
    if to is not None and keep:
        raise BadUsage("It is kept, or given to somebody.", "Give --to or --keep, not both.")
    if keep or not had:
        return KEEP
    told = f"{name} has {_in_words(had)}."
    if to is not None:
        return _fitting(desk, name, to)
    if not sys.stdin.isatty():
        raise NotDone(told, "Say who gets that: --to NAME, --to load, --to none (everybody); or --keep.")
    click.echo(told, err=True)
    while True:
        answer = click.prompt(
            "Who gets that? a NAME, load (fair), none (everybody), keep", default=EVERYBODY, err=True
        )
        if answer.strip().casefold() == KEEP:
            return KEEP
        try:
            return _fitting(desk, name, answer.strip())
        except (BadUsage, NotDone) as error:
            click.echo(f"  {error.what} {error.next_step}", err=True)


def hand_on(
    desk: Desk, who: Who, settings: Settings, name: str, had: Mapping[str, tuple[int, ...]], gets: str
) -> None:
    """Give what somebody has to whoever gets it, as one batch, and say how many each got."""
    from inbox import away as absences

    if not had:
        return
    if gets == KEEP:
        click.echo(f"{name} keeps {_in_words(had)}; what opens or falls due goes to everybody.", err=True)
        return
    numbers = [number for some in had.values() for number in some]
    outcome, counted = absences.hand_on(
        desk.store(),
        settings,
        name,
        None if gets == EVERYBODY else gets,
        who,
        desk.now(),
        numbers,
        why=f"{name} is away" if settings.teammate(name) else f"{name} has left",
    )
    settle(outcome)
    for receives, count in sorted(counted.items(), key=lambda each: -each[1]):
        click.echo(f"{receives or 'everybody'} gets {count}.", err=True)
    if counted:
        click.echo(f"{desk.called} undo takes that back.", err=True)


def _fitting(desk: Desk, name: str, to: str) -> str:
    from inbox.away import LOAD
    from tui.line.assign import teammate_given

    if to.casefold() in (LOAD, EVERYBODY) and desk.settings().teammate(to) is None:
        return to.casefold()
    found = teammate_given(desk, to)
    mate = desk.settings().teammate(found or "")
    if mate is None or mate.name == name:
        raise BadUsage(f"{name} has it already.", "Name somebody else, load, or none.")
    if mate.role.value == "reader":
        raise BadUsage(f"{mate.name} only reads, and is given nothing.", "Name somebody else, load, or none.")
    return mate.name


def _until(desk: Desk, words: tuple[str, ...]) -> str:
    if words and words[0].casefold() == "until":
        words = words[1:]
    if not words:
        raise BadUsage(
            "Until when?", f"{desk.called} team away NAME until DAY: fri, 24 Dec, 2027-01-03, 2 weeks."
        )
    return _day(desk, " ".join(words))


def _day(desk: Desk, text: str) -> str:
    """A day as typed, as an ISO date. BadUsage for what is none, or has passed."""
    from datetime import datetime

    from inbox.hours import ALWAYS
    from inbox.model import Refusal
    from inbox.typed_dates import read_date

    zone = desk.settings().zone
    midnight = datetime.fromtimestamp(desk.now(), zone).replace(hour=0, minute=0, second=0, microsecond=0)
    found = read_date(text, int(midnight.timestamp()), zone, ALWAYS)
    if isinstance(found, Refusal):
        raise BadUsage(found.reason, "Write it like fri, tomorrow, 24 Dec, 2027-01-03, 2 weeks.")
    return datetime.fromtimestamp(found, zone).date().isoformat()


def _told(name: str, spans: Spans) -> str:
    if not spans:
        return f"{name} is here."
    return f"{name} is away " + ", ".join(
        first if first == last else f"{first} to {last}" for first, last in sorted(spans)
    )


def _in_words(had: Mapping[str, tuple[int, ...]]) -> str:
    return ", ".join(f"{len(some)} {status}" for status, some in had.items())
