"""`frontdesk sla try SCENARIO`: what deadlines would come of a policy, without a mailbox; `frontdesk sla replay`: what
would have come of it in the time that has passed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.line.desk import Desk
from tui.line.progress import INTERRUPTED, Progress, interruptible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from inbox.model import Instant
    from inbox.policies import Book
    from inbox.ports import Row
    from inbox.replay import Counts, Late, Replay
    from inbox.scenario import Scenario

_STATES = ("met", "missed", "breached", "running", "paused", "moved", "cancelled")


@click.group(name="sla")
def command() -> None:
    """Try deadlines: what clocks would show under a policy, and what they would have shown."""


@command.command(name="try")
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object on one line.")
def try_(scenario: Path, as_json: bool) -> None:
    """Show the clocks of a made-up conversation.

    SCENARIO is a TOML file with opening hours, a policy and what happened.
    """
    from inbox.scenario import read_scenario

    tried = read_scenario(scenario)
    click.echo(_json(tried) if as_json else _table(tried))


@command.command(name="replay")
@click.option("--since", default="90d", show_default=True, metavar="WHEN", help="How long ago, or a date.")
@click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Settings to try; they are read and not applied. Else those in force.",
)
@click.option(
    "--limit", type=click.IntRange(0), default=20, show_default=True, help="Late ones shown, the worst first."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on one line, with all that are late.")
@click.pass_obj
def replay_(desk: Desk, since: str, file: Path | None, limit: int, as_json: bool) -> None:
    """Who would have been late if hours and policies had always been so.

    Told of the clocks that started since then, beside how it really was.
    """
    from inbox.replay import unmatched
    from inbox.report_span import span_given
    from inbox.text import one_line

    now = desk.now()
    start = span_given(since, None, now, desk.zone()).start
    tried = _tried(desk, file)
    found = _replay(desk, tried, start)
    if found is None:
        click.echo("frontdesk: stopped; nothing was changed.", err=True)
        raise click.exceptions.Exit(INTERRUPTED)
    late = found.ordered()
    shown = late if as_json else late[:limit]
    rows = {
        row.conversation.id: row for row in desk.store().rows(list({each.conversation for each in shown}))
    }
    nobodys = unmatched(found, tried)
    if as_json:
        from inbox.jsonform import as_line

        click.echo(
            as_line({**_replayed_object(found, shown, rows), "policies_of_nobody": [p.name for p in nobodys]})
        )
        return
    for policy in nobodys:
        click.echo(
            f"No conversation would have had the policy {one_line(policy.name)}: when = {one_line(policy.when or '')}",
            err=True,
        )
    for line in _replayed_lines(found, shown, rows, desk.zone()):
        click.echo(line)


def _tried(desk: Desk, file: Path | None) -> Book:
    """The hours and policies of a file, or those in force, as if there had never been others."""
    from inbox.policies import Book, Version

    if file is None:
        return Book([desk.store().book.current])
    from inbox.errors import BadUsage
    from inbox.settings import load
    from inbox.text import one_line

    if not file.is_file():
        raise BadUsage(f"There is no file {one_line(str(file))}.", "Give the path of settings to try.")
    return Book([Version(1, desk.now(), load(file, now=desk.now()).canonical_json())])


def _replay(desk: Desk, tried: Book, since: Instant) -> Replay | None:
    """None when Ctrl-C ended it."""
    from inbox.replay import replay

    progress = Progress()
    with interruptible() as stopped:

        def goes_on(done: int, total: int) -> bool:
            progress.of("Replaying the record", done, total)
            return not stopped()

        try:
            return replay(desk.store(), tried, since, desk.now(), desk.who(), goes_on)
        finally:
            progress.end()


def _replayed_object(found: Replay, late: list[Late], rows: Mapping[int, Row]) -> dict[str, object]:
    from inbox.ledger import iso

    return {
        "since": iso(found.since),
        "now": iso(found.now),
        "conversations": found.conversations,
        "other_deadline": found.other_deadline,
        "before": {"late": _late_in(found.before), "clocks": list(_count_objects(found.before))},
        "after": {"late": _late_in(found.after), "clocks": list(_count_objects(found.after))},
        "newly_late": found.newly,
        "no_longer_late": found.no_longer,
        "late": [
            {
                "conversation": str(each.conversation),
                "subject": rows[each.conversation].subject,
                "customer": rows[each.conversation].customer_name,
                "clock": each.kind.value,
                "policy": each.policy,
                "deadline": iso(each.deadline),
                "met": iso(each.met),
                "late_s": each.seconds,
                "was_late": each.really,
            }
            for each in late
        ],
    }


def _count_objects(counts: Counts) -> Iterator[dict[str, object]]:
    for (kind, policy), states in _ordered(counts):
        yield {"clock": kind, "policy": policy, **dict(zip(_STATES, states, strict=True))}


def _ordered(counts: Counts) -> list[tuple[tuple[str, str], list[int]]]:
    """Kinds in their usual order, policies by name; how many clocks are in each state."""
    from inbox.model import ClockKind, ClockState

    kinds = list(ClockKind)
    keys = sorted(counts, key=lambda key: (kinds.index(key[0]), key[1]))
    return [
        ((kind.value, name), [counts[kind, name][ClockState(state)] for state in _STATES])
        for kind, name in keys
    ]


def _late_in(counts: Counts) -> int:
    from inbox.replay import LATE

    return sum(states[state] for states in counts.values() for state in LATE)


def _replayed_lines(
    found: Replay, late: list[Late], rows: Mapping[int, Row], zone: ZoneInfo
) -> Iterator[str]:
    """For people; times of `zone`."""
    from datetime import datetime

    from inbox.text import cut, one_line
    from tui.line.lines import span
    from tui.line.looking import line_width

    def wall(at: Instant | None) -> str:
        return "not yet" if at is None else f"{datetime.fromtimestamp(at, zone):%a %Y-%m-%d %H:%M}"

    yield (
        f"{_many(found.conversations, 'conversation')} with clocks that started since"
        f" {datetime.fromtimestamp(found.since, zone):%Y-%m-%d};"
        f" {_many(found.other_deadline, 'conversation')} would have another deadline now."
    )
    yield (
        f"Late: {_late_in(found.before)} as it was, {_late_in(found.after)} as it would have been:"
        f" {found.newly} newly, {found.no_longer} no longer."
    )
    for head, counts in (("as it was", found.before), ("as it would have been", found.after)):
        yield ""
        yield from _aligned(
            [
                (head, "policy", *_STATES),
                *(
                    (kind.replace("_", " "), one_line(name), *map(str, states))
                    for (kind, name), states in _ordered(counts)
                ),
            ],
            numbers=len(_STATES),
        )
    if late:
        yield ""
        table = [("ID", "late by", "deadline", "met", "clock", "policy", "customer", "subject")]
        for each in late:
            row = rows[each.conversation]
            table.append(
                (
                    str(each.conversation),
                    span(each.seconds) + ("" if each.really else " new"),
                    wall(each.deadline),
                    wall(each.met),
                    each.kind.value.replace("_", " "),
                    one_line(each.policy, 20),
                    one_line(row.customer_name, 24),
                    one_line(row.subject, 60),
                )
            )
        for line in _aligned(table):
            yield cut(line, line_width())
    more = len(found.late) - len(late)
    if more:
        yield f"{more} more; --limit shows them."


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _aligned(rows: Sequence[Sequence[str]], numbers: int = 0) -> Iterator[str]:
    """Columns side by side; the last `numbers` of them hold numbers."""
    from inbox.text import cells, pad

    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    first = len(widths) - numbers
    for row in rows:
        shown = (
            pad(cell, width) if at < first else " " * (width - cells(cell)) + cell
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(shown).rstrip()


def _json(tried: Scenario) -> str:
    from inbox.ledger import clock_object, iso
    from inbox.sla import next_due

    found = tried.clocks()
    return json.dumps(
        {
            "clocks": [clock_object(clock) for clock in found],
            "next_due": iso(next_due(found)),
            "policy": tried.policy.name,
        }
    )


def _table(tried: Scenario) -> str:
    """The clocks for people, one a line, with wall times of the opening hours' zone."""
    from datetime import datetime

    from inbox.sla import next_due
    from inbox.text import one_line
    from tui.line.lines import span

    zone = tried.policy.hours.timeline.zone

    def wall(at: Instant | None) -> str:
        return "-" if at is None else f"{datetime.fromtimestamp(at, zone):%a %Y-%m-%d %H:%M:%S}"

    found = tried.clocks()
    rows = [("clock", "state", "started", "due", "met", "taken", "margin", "breached at")]
    for clock in found:
        rows.append(
            (
                clock.kind.value.replace("_", " "),
                clock.state.value,
                wall(clock.started),
                wall(clock.due),
                wall(clock.met),
                span(clock.taken),
                span(clock.margin),
                wall(clock.breached_at),
            )
        )
    last = (
        f"Policy {one_line(tried.policy.name)}; next deadline {wall(next_due(found))}; times of {zone.key}."
    )
    return "\n".join([*_aligned(rows), "", last])
