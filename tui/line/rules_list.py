"""`frontdesk rules list`: the rules in their order, how each stands, and how often it did something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from tui.line.desk import Desk

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from inbox.rules.book import Kept
    from inbox.rules.reading import Rule


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a rule.")
@click.pass_obj
def list_(desk: Desk, as_json: bool) -> None:
    """The rules in the order in which they are asked. A rule that has stopped itself says why.

    It goes on as soon as it is another one in the settings. Exit status 1 when one has stopped.
    """
    from inbox.jsonform import as_line

    store, zone = desk.store(), desk.zone()
    rules, kept = desk.settings().rules, store.rulebook.kept()
    if as_json:
        for rule in rules:
            click.echo(as_line(_object(rule, _known(rule, kept))))
    elif not rules:
        click.echo("There are no rules: docs/rules.md shows how to write one.")
    else:
        for rule in rules:
            for line in _lines(rule, _known(rule, kept), zone):
                click.echo(line)
        for line in _troubles(store.rulebook.troubles(), zone):
            click.echo(line, err=True)
    if any(known is not None and known.stopped for known in (_known(rule, kept) for rule in rules)):
        raise click.exceptions.Exit(1)


def _known(rule: Rule, kept: Mapping[str, Kept]) -> Kept | None:
    """What is known of a rule as it is written now; None while nobody has looked since it was."""
    found = kept.get(rule.name)
    return found if found is not None and found.mark == rule.mark else None


def _state(known: Kept | None) -> str:
    if known is None:
        return "new"
    return "stopped" if known.stopped else "on"


def _when(rule: Rule) -> str:
    """What sets it off, in words."""
    from inbox.hours import DAYS

    words = rule.on.value
    if rule.after:
        words += f" of {_span(rule.after)}"
    if rule.on.value == "time":
        words += f" {rule.at // 3600:02}:{rule.at % 3600 // 60:02}"
        words += "".join(f" {DAYS[day]}" for day in rule.days)
    return f"{words}, when {rule.when}" if rule.when else words


def _span(seconds: int) -> str:
    from inbox.queries.grammar import UNITS

    text = ""
    for letter, length in UNITS:
        count, seconds = divmod(seconds, length)
        text += f"{count}{letter}" if count else ""
    return text or "0s"


def _lines(rule: Rule, known: Kept | None, zone: ZoneInfo) -> Iterator[str]:
    from inbox.text import cut, one_line
    from tui.line.lines import moment
    from tui.line.looking import line_width

    done = ""
    if known is not None and known.fired:
        times = "once" if known.fired == 1 else f"{known.fired} times"
        last = f", last {moment(known.fired_at, zone)}" if known.fired_at is not None else ""
        done = f"; {times}{last}"
    yield cut(f"{one_line(rule.name, 60)}: {_state(known)}{done}", line_width())
    yield cut(f"  on {one_line(_when(rule), 300)}", line_width())
    yield cut(f"  then {one_line('; '.join(action.in_words for action in rule.then), 300)}", line_width())
    if known is not None and known.stopped:
        yield cut(f"  ! stopped: {one_line(known.stopped, 300)}", line_width())
    elif known is None:
        yield "  it counts from when the worker looks next"


def _troubles(troubles: list[tuple[str, int, str]], zone: ZoneInfo) -> Iterator[str]:
    from inbox.text import one_line
    from tui.line.lines import moment

    for rule, at, why in troubles:
        yield f"! {moment(at, zone)}  {one_line(rule, 60)}: {one_line(why, 300)}"


def _object(rule: Rule, known: Kept | None) -> dict[str, Any]:
    from inbox.jsonform import instant_as_json

    return {
        "rule": rule.name,
        "on": rule.on.value,
        "when": rule.when,
        "then": [action.in_words for action in rule.then],
        "state": _state(known),
        "stopped": (known.stopped or None) if known is not None else None,
        "since": instant_as_json(known.at) if known is not None else None,
        "fired": known.fired if known is not None else 0,
        "fired_at": instant_as_json(known.fired_at) if known is not None else None,
    }
