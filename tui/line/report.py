"""`frontdesk report`: how fast and how well customers were answered."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inbox.errors import BadUsage
from tui.line.desk import Desk
from tui.line.looking import Asking, line_width, query_given
from tui.line.progress import INTERRUPTED, Progress, interruptible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inbox.figures import Gathered, Span, Table

_NAME = 28
"""Cells of a group's name at most."""
_FIGURE = 8
_WEEKS = 104
PLOTTED = ("opened", "late", "first_reply_p50", "first_reply_p90", "next_reply_p90")
"""The figures that are plotted by week."""


@click.command("report", cls=Asking)
@click.argument("query", nargs=-1)
@click.option("--since", default="90d", show_default=True, metavar="WHEN", help="How long ago, or a date.")
@click.option("--until", metavar="DATE", help="The last day; else now.")
@click.option(
    "--by",
    type=click.Choice(("week", "teammate", "customer", "channel", "tag", "outcome", "cause")),
    default="week",
    show_default=True,
    help="What the figures are told by; outcome and cause are those of closing.",
)
@click.option(
    "--about",
    type=click.Choice(("goodwill", "feedback")),
    help="What was given to customers, or how they say it was, instead of the figures.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a row.")
@click.option("--csv", "as_csv", is_flag=True, help="A table for spreadsheets.")
@click.option(
    "--html",
    "page",
    metavar="FILE",
    help="Write one page to be read in a browser or printed; - to standard output.",
)
@click.pass_obj
def command(
    desk: Desk,
    query: tuple[str, ...],
    since: str,
    until: str | None,
    by: str,
    about: str | None,
    as_json: bool,
    as_csv: bool,
    page: str | None,
) -> None:
    """How customers were answered: first and next reply in opening hours, late, reopened, promises, closings.

    QUERY narrows it to what it finds. docs/report.md says what each figure means.
    """
    if as_json and as_csv:
        raise BadUsage("Two forms at once.", "Give --json or --csv, not both.")
    span = _span(desk, since, until)
    found = _gather(desk, span, query)
    if found is None:
        click.echo("frontdesk: stopped; nothing was reported.", err=True)
        raise click.exceptions.Exit(INTERRUPTED)
    if about is not None:
        if page is not None:
            raise BadUsage("A page has all of it.", "Give --html without --about.")
        _tell_about(found, about, as_json, as_csv)
        return
    table = found.table(by)
    if page is not None:
        _write_page(desk, table, found, page, " ".join(query))
    if as_json:
        from inbox.jsonform import as_line
        from inbox.report_forms import as_objects

        for each in as_objects(table):
            click.echo(as_line(each))
    elif as_csv:
        from inbox.report_forms import as_csv as in_csv

        _echo_exactly(in_csv(table))
    elif page is None:
        width = line_width()
        for line in (*table_lines(table, width), *section_lines(found, width)):
            click.echo(line)


def _span(desk: Desk, since: str, until: str | None) -> Span:
    """BadUsage for what is no date, or for a span that ends before it begins."""
    from inbox.report_span import span_given

    return span_given(since, until, desk.now(), desk.zone())


def _gather(desk: Desk, span: Span, query: tuple[str, ...]) -> Gathered | None:
    """The facts of a span; None when Ctrl-C ended it."""
    from inbox.figures import gather

    node, who = query_given(desk, query)
    progress = Progress()
    with interruptible() as stopped:

        def goes_on(done: int, total: int) -> bool:
            progress.of("Reading the record", done, total)
            return not stopped()

        try:
            return gather(desk.store(), span, desk.zone(), desk.now(), who, node, goes_on)
        finally:
            progress.end()


def _tell_about(found: Gathered, about: str, as_json: bool, as_csv: bool) -> None:
    """One section by itself."""
    from inbox import report_sections

    section = report_sections.section(found, about)
    if as_json:
        from inbox.jsonform import as_line

        for each in report_sections.as_objects(found, section):
            click.echo(as_line(each))
    elif as_csv:
        from inbox.report_forms import rows_as_csv

        _echo_exactly(rows_as_csv(report_sections.as_cells(found, section)))
    else:
        for line in section_lines(found, line_width(), (about,)):
            click.echo(line)


def section_lines(
    found: Gathered, width: int, about: Sequence[str] = ("goodwill", "feedback")
) -> Iterator[str]:
    """What was given, and how customers say it was: a line, and below it the groups."""
    from inbox import report_sections
    from inbox.text import cells, cut, pad

    for each in about:
        section = report_sections.section(found, each)
        if len(about) > 1 and not (section.parts or section.asked or section.before):
            continue
        yield ""
        yield cut(report_sections.title(section), width)
        lines = list(report_sections.rows(section))
        name = min(_NAME, max((cells(line[1]) for line in lines), default=0))
        for by, group, times, share, own in lines:
            told = f"  {pad(by, 12)} {pad(cut(group, name), name)} {times:>6} {share:>6}  {own}"
            yield cut(told.rstrip(), width)


def _write_page(desk: Desk, table: Table, found: Gathered, page: str, asked: str) -> None:
    from inbox import report_sections
    from inbox.errors import WorldError
    from inbox.report_page import as_page
    from inbox.safe_file import put_file
    from inbox.text import one_line

    sections = [report_sections.section(found, about) for about in report_sections.ABOUT]
    data = as_page(table, desk.zone(), desk.now(), asked, sections).encode("utf-8", "replace")
    if page == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    path = Path(page)
    try:
        put_file(path, data, 0o644)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "that is no name of a file"
        raise WorldError(f"{one_line(str(path))} cannot be written: {why}.", "Name another place.") from error
    click.echo(f"The report is in {one_line(str(path))}.", err=True)


def _echo_exactly(text: str) -> None:
    """Past the gate, which knows no line ends but its own; every cell has passed `one_line`. A terminal makes these line
    ends itself."""
    if sys.stdout.isatty():
        click.echo(text.replace("\r\n", "\n"), nl=False)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def table_lines(table: Table, width: int) -> list[str]:
    """The table for people, in as many blocks as `width` cells need, and below it what happened week by week."""
    from inbox.figures import COLUMNS
    from inbox.report_forms import change_in_words, row_name, value_in_words
    from inbox.text import cells, cut, pad

    before = table.total.before or ()
    rows = [
        (table.by, [column.head for column in COLUMNS]),
        ("this period", list(map(value_in_words, table.total.values))),
        ("the one before", list(map(value_in_words, before))),
        ("change", list(map(change_in_words, table.total.values, before))),
        ("", []),
        *((row_name(row), list(map(value_in_words, row.values))) for row in table.rows),
    ]
    name = min(_NAME, width // 3, max(cells(each) for each, _ in rows))
    at_once = max(1, (width - name) // (_FIGURE + 1))
    lines = []
    for start in range(0, len(COLUMNS), at_once):
        for each, words in rows:
            shown = (word.rjust(_FIGURE) for word in words[start : start + at_once])
            lines.append(cut(" ".join((pad(each, name), *shown)).rstrip(), width))
        lines.append("")
    return [*lines, *(cut(line, width) for line in _weeks(table))]


def _weeks(table: Table) -> Iterator[str]:
    """The figures that matter most as plots, one a line."""
    from inbox.figures import COLUMNS, number_of
    from inbox.plots import sparkline
    from inbox.report_forms import value_in_words

    weeks = table.weeks[-_WEEKS:]
    for at, column in enumerate(COLUMNS):
        most = max(weeks, key=lambda row: number_of(row.values[at]) or 0, default=None)
        if column.name in PLOTTED and most is not None and number_of(most.values[at]):
            plotted = sparkline([number_of(row.values[at]) for row in weeks])
            yield f"{column.head:8} by week  {plotted}  most {value_in_words(most.values[at])}, week of {most.name}"
