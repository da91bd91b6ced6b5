"""`frontdesk sla try SCENARIO`: what deadlines would come of a policy, without a mailbox."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.scenario import Scenario


@click.group(name="sla")
def command() -> None:
    """Try deadlines: what clocks would show under a policy."""


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
                _span(clock.taken),
                _span(clock.margin),
                wall(clock.breached_at),
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines += [
        "",
        f"Policy {one_line(tried.policy.name)}; next deadline {wall(next_due(found))}; times of {zone.key}.",
    ]
    return "\n".join(line.rstrip() for line in lines)


def _span(seconds: int | None) -> str:
    """`1h30m`, `-45s`, `0s`; `-` for none."""
    if seconds is None:
        return "-"
    hours, rest = divmod(abs(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    parts = [f"{count}{unit}" for count, unit in ((hours, "h"), (minutes, "m"), (rest, "s")) if count]
    return ("-" if seconds < 0 else "") + "".join(parts) if parts else "0s"
