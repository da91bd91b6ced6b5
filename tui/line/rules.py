"""`frontdesk rules`: how they stand (`list`), what is wrong with them (`check`), what each would have done (`replay`), one
made from a conversation (`from`)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.checkup.finding import counted
from tui.line.desk import Desk, unix_user
from tui.line.progress import INTERRUPTED, Progress, interruptible
from tui.line.rules_from import from_
from tui.line.rules_list import list_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from inbox.model import Instant
    from inbox.ports import Row, Workspace
    from inbox.rules.checking import Problem
    from inbox.rules.firings import Firing, Replayed, Told
    from inbox.rules.rule_file import RuleFile

UNUSED_DAYS = 90
"""A rule that would have done nothing for so long is worth a hint."""


@click.group(name="rules")
def command() -> None:
    """What is done by itself: how the rules stand, what is wrong with them, what each would have done; make one."""


command.add_command(list_)
command.add_command(from_)


_SETTINGS = click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Rules to look at; they are read and not put in force. Else those of the workspace.",
)


@command.command(name="check")
@_SETTINGS
@click.option("--json", "as_json", is_flag=True, help="One JSON object a problem.")
@click.pass_obj
def check_(desk: Desk, file: Path | None, as_json: bool) -> None:
    """Find what is wrong with the rules, with file and line.

    Misspelled words, conditions that exclude each other, rules that are never reached, circles, what can never be done.
    Exit status 1 when there is an error; hints alone are none.
    """
    from inbox.rules.checking import ERROR, HINT

    path, found = _read(desk, file)
    rules = found.settings.rules
    problems = sorted([*found.refused, *_problems(desk, found)])
    errors = sum(each.severity == ERROR for each in problems)
    if as_json:
        from inbox.jsonform import as_line

        for each in problems:
            click.echo(as_line({"file": str(path), **_problem_object(each)}))
    else:
        for each in problems:
            click.echo(_problem_line(path, each))
        hints = sum(each.severity == HINT for each in problems)
        asked = counted(len(rules) + len({(p.rule, p.line) for p in found.refused}), "rule")
        click.echo(f"{asked}: {counted(errors, 'error')}, {counted(hints, 'hint')}.", err=True)
    if errors:
        raise click.exceptions.Exit(1)


@command.command(name="replay")
@click.option("--since", default="90d", show_default=True, metavar="WHEN", help="How long ago, or a date.")
@click.option(
    "--rule", "name", metavar="NAME", help="Tell of this rule alone; the others are asked all the same."
)
@_SETTINGS
@click.option(
    "--limit",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="Times shown of each rule, the newest first.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a rule, with up to 2000 times.")
@click.pass_obj
def replay_(desk: Desk, since: str, name: str | None, file: Path | None, limit: int, as_json: bool) -> None:
    """What each rule would have done since then, had it been in force: how often, where, and why.

    Nothing is written, sent or called.
    """
    from inbox.report_span import span_given
    from inbox.rules.checking import nearest_rule

    _, found = _read(desk, file)
    if found.refused:
        from inbox.errors import BadSettings

        first = found.refused[0]
        raise BadSettings(f"Line {first.line}: {first.what}", f"{desk.called} rules check tells all of it.")
    rules = found.settings.rules
    if name is not None:
        nearest_rule(name, rules)
    start = span_given(since, None, desk.now(), found.settings.zone).start
    replayed = _replay(desk, found, start)
    if replayed is None:
        click.echo("frontdesk: stopped; nothing was changed.", err=True)
        raise click.exceptions.Exit(INTERRUPTED)
    told = [each for each in replayed.rules if name is None or each.rule.name == name]
    shown = {each.rule.name: each.firings[: None if as_json else limit] for each in told}
    ids = {firing.conversation for firings in shown.values() for firing in firings}
    rows = {row.conversation.id: row for row in desk.store().rows(sorted(ids))}
    if as_json:
        from inbox.jsonform import as_line

        for each in told:
            click.echo(as_line(_told_object(each, shown[each.rule.name], rows, replayed)))
        return
    for line in _told_lines(told, shown, rows, replayed, found.settings.zone):
        click.echo(line)


# --------------------------------------------------------------------------- reading


def _read(desk: Desk, file: Path | None) -> tuple[Path, RuleFile]:
    """The file that is looked at, and what it says. BadSettings where anything but rules is wrong."""
    from inbox.errors import BadUsage
    from inbox.rules.rule_file import read
    from inbox.text import one_line
    from tui.line.rule_writing import bytes_of

    path = file or desk.workspace / "settings.toml"
    raw = bytes_of(path)
    if file is not None and not file.exists():
        raise BadUsage(f"There is no file {one_line(str(file))}.", "Give the path of settings with rules.")
    return path, read(raw, path, desk.now())


def _store(desk: Desk, found: RuleFile) -> Workspace:
    """The store; also where the settings in force cannot be applied, because rules in them are refused."""
    if not found.refused:
        return desk.store()
    store = desk.open_store(desk.workspace)
    if store.are_restricted():
        store.seen_by(found.settings.who_for(unix_user(), desk.as_name))
    click.get_current_context().call_on_close(store.close)
    return store


def _problems(desk: Desk, found: RuleFile) -> Sequence[Problem]:
    """What is wrong with the rules that the settings take."""
    from inbox.rules.checking import Known, check

    rules = found.settings.rules
    if not rules:
        return ()
    store = _store(desk, found)
    known = Known(
        found.settings,
        store.documents.saved_replies(),
        frozenset(store.tags()),
        frozenset(issue.name for issue in store.issues.all()),
    )
    problems = check(rules, found.lines, known, desk.now())
    return [*problems, *_unused(desk, found, {(each.rule, each.severity) for each in problems})]


def _unused(desk: Desk, found: RuleFile, told: set[tuple[str, str]]) -> Iterator[Problem]:
    """Hints about rules that would have done nothing lately, where nothing worse is known of them."""
    from inbox.rules.checking import ERROR, HINT, Problem

    start = desk.now() - UNUSED_DAYS * 86_400
    replayed = _replay(desk, found, start)
    if replayed is None:
        click.echo("frontdesk: stopped; which rules would have done nothing lately is not known.", err=True)
        return
    if not replayed.conversations:
        return
    for place, each in enumerate(replayed.rules):
        name, line = each.rule.name, found.lines.get(("rule", place), 1)
        if each.broken and (name, ERROR) not in told:
            yield Problem(line, name, ERROR, "never", f"it would stop itself: {each.broken}")
        elif not each.fired and (name, ERROR) not in told:
            what = f"it would have done nothing in the last {UNUSED_DAYS} days."
            yield Problem(line, name, HINT, "unused", what)


def _replay(desk: Desk, found: RuleFile, since: Instant) -> Replayed | None:
    """None when Ctrl-C ended it."""
    from inbox.rules.replaying import replay

    progress = Progress()
    with interruptible() as stopped:

        def goes_on(done: int, total: int) -> bool:
            progress.of("Replaying the record", done, total)
            return not stopped()

        try:
            settings = found.settings
            return replay(_store(desk, found), settings, settings.rules, since, desk.now(), goes_on)
        finally:
            progress.end()


# --------------------------------------------------------------------------- showing


def _problem_object(problem: Problem) -> dict[str, object]:
    return {
        "line": problem.line,
        "severity": problem.severity,
        "rule": problem.rule,
        "kind": problem.kind,
        "what": problem.what,
        "next": problem.next_step,
    }


def _problem_line(path: Path, problem: Problem) -> str:
    from inbox.text import one_line

    name = f"“{one_line(problem.rule, 60)}”: " if problem.rule else ""
    words = f"{problem.what} {problem.next_step}".strip()
    return f"{one_line(str(path), 300)}:{problem.line}: {problem.severity}: {name}{one_line(words, 1000)}"


def _told_object(
    told: Told, firings: Sequence[Firing], rows: Mapping[int, Row], replayed: Replayed
) -> dict[str, object]:
    from inbox.ledger import iso

    return {
        "rule": told.rule.name,
        "on": told.rule.on.value,
        "when": told.rule.when,
        "since": iso(replayed.since),
        "now": iso(replayed.now),
        "fired": told.fired,
        "conversations": told.conversations,
        "stopped": told.broken or None,
        "too_deep": told.loops,
        "times": [
            {
                "conversation": str(firing.conversation) if firing.conversation else None,
                "subject": rows[firing.conversation].subject if firing.conversation in rows else None,
                "at": iso(firing.at),
                "held": list(firing.held),
                "did": list(firing.did),
            }
            for firing in firings
        ],
    }


def _told_lines(
    told: Sequence[Told],
    shown: Mapping[str, Sequence[Firing]],
    rows: Mapping[int, Row],
    replayed: Replayed,
    zone: ZoneInfo,
) -> Iterator[str]:
    """For people; times of `zone`."""
    from inbox.text import cut, one_line
    from tui.line.lines import moment
    from tui.line.looking import line_width

    since = moment(replayed.since, zone)
    over = counted(replayed.conversations, "conversation")
    yield f"{counted(len(told), 'rule')} over {over} since {since}; nothing was changed."
    for each in told:
        firings = shown[each.rule.name]
        yield ""
        often = (
            "never"
            if not each.fired
            else f"{counted(each.fired, 'time')} in {counted(each.conversations, 'conversation')}"
        )
        yield cut(f"{one_line(each.rule.name, 60)}: {often}", line_width())
        if each.broken:
            yield cut(f"  ! It would have stopped itself: {one_line(each.broken, 300)}", line_width())
        if each.loops:
            yield f"  ! Rules had set each other off too often, {counted(each.loops, 'time')}."
        for firing in firings:
            row = rows.get(firing.conversation)
            subject = f" {one_line(row.subject, 60)}" if row is not None else ""
            number = f"#{firing.conversation}" if firing.conversation else "-"
            yield cut(
                f"  {moment(firing.at, zone)}  {number}{subject}  →  {one_line('; '.join(firing.did), 200)}"
                f"  ({one_line(', '.join(firing.held), 200)})",
                line_width(),
            )
        if each.fired > len(firings):
            yield f"  {each.fired - len(firings)} more."
