"""A report as one page of HTML: no script, nothing remote, plots as SVG within it, good on paper and in the dark.

Everything foreign is escaped; a policy in the page (CSP) forbids what a mistake here would let through.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from html import escape

from inbox.figures import COLUMNS, Column, Row, Table, Value, number_of
from inbox.report_forms import change_in_words, row_name, value_in_words
from inbox.report_sections import Section, rows, title
from inbox.text import one_line

LONGEST = 1_000
"""Rows of a page; the last line says how many more there are."""

PLOTTED = ("opened", "late", "first_reply_p50", "first_reply_p90", "next_reply_p90", "reopened")
"""The figures that are plotted by week."""

HEADS = {
    "opened": "Opened",
    "answered": "Answered",
    "waiting": "Still waiting",
    "late": "Late",
    "first_reply_p50": "First reply, 50 %",
    "first_reply_p90": "First reply, 90 %",
    "next_reply_p50": "Next reply, 50 %",
    "next_reply_p90": "Next reply, 90 %",
    "reopened": "Reopened",
    "promises_kept": "Promises kept",
    "promises_broken": "Promises broken",
    "promises_moved": "Promises moved",
    "closed": "Closed",
    "closed_share": "Share of all closed",
    "goodwill": "Goodwill",
    "asked": "Asked how it was",
    "scores": "Answers",
    "score_average": "Mean of 1 to 5",
}
"""What the figures are called where there is room."""

_STYLE = """
:root { color-scheme: light dark; --text: #222; --quiet: #666; --line: #ccc; --bar: #2f6f9f; --ground: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --text: #ddd; --quiet: #999; --line: #444; --bar: #7fb2d9; --ground: #16181c; }
}
body { font: 15px/1.45 system-ui, sans-serif; color: var(--text); background: var(--ground);
  max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; font-weight: 600; margin-bottom: 0; }
h2 { font-size: 1.1rem; font-weight: 600; margin: 2rem 0 0.5rem; }
p { color: var(--quiet); margin: 0.25rem 0 1.5rem; }
.plots { display: flex; flex-wrap: wrap; gap: 1.5rem; margin-bottom: 2rem; }
figure { margin: 0; break-inside: avoid; }
figcaption { font-size: 0.85rem; color: var(--quiet); }
svg { display: block; width: 20rem; max-width: 100%; height: auto; }
svg rect { fill: var(--bar); }
svg line { stroke: var(--line); }
svg text { fill: var(--quiet); font-size: 9px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 0.25rem 0.5rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; font-size: 0.85rem; vertical-align: bottom; white-space: normal; }
tbody th, thead th:first-child { text-align: left; font-weight: 400; overflow-wrap: anywhere; }
tbody.sum th, tbody.sum td { font-weight: 600; }
tbody.sum tr.before th, tbody.sum tr.before td, tbody.sum tr.change th, tbody.sum tr.change td,
small { font-weight: 400; color: var(--quiet); }
tr { break-inside: avoid; }
@page { size: A4 landscape; margin: 12mm; }
@media print {
  :root { --text: #000; --quiet: #444; --line: #bbb; --bar: #444; --ground: #fff; }
  body { margin: 0; max-width: none; font-size: 10pt; }
  thead { display: table-header-group; }
  .wide { overflow: visible; }
  th, td { padding: 0.15rem 0.3rem; }
}
"""


def as_page(table: Table, zone: tzinfo, made: int, asked: str = "", sections: Sequence[Section] = ()) -> str:
    """The whole page; `asked` is the query that narrowed the report, `made` the instant of its figures."""
    return "\n".join(_page(table, zone, made, asked, sections))


def _page(table: Table, zone: tzinfo, made: int, asked: str, sections: Sequence[Section]) -> Iterator[str]:
    span = f"{_day(table.span.start, zone)} to {_day(table.span.end - 1, zone)}"
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield (
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">"
    )
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>Report, {span}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    narrowed = f", for {_text(asked)}" if asked else ""
    yield f"<h1>How customers were answered, {span}</h1>"
    yield (
        f"<p>By {escape(table.by)}{narrowed}, as of {datetime.fromtimestamp(made, zone):%Y-%m-%d %H:%M}. Times are hours"
        " and minutes of opening time; + means that a customer who has waited so long waits still.</p>"
    )
    yield '<div class="plots">'
    for at, column in enumerate(COLUMNS):
        if column.name in PLOTTED:
            yield _plot(column, [(row.name, row.values[at]) for row in table.weeks])
    yield '</div>\n<div class="wide">\n<table>'
    heads = "".join(f'<th scope="col">{HEADS[column.name]}</th>' for column in COLUMNS)
    yield f'<thead><tr><th scope="col">{escape(table.by.capitalize())}</th>{heads}</tr></thead>'
    yield from _sum(table.total)
    yield "<tbody>"
    for row in table.rows[:LONGEST]:
        yield _row(row)
    yield "</tbody>\n</table>\n</div>"
    if len(table.rows) > LONGEST:
        yield f"<p>and {len(table.rows) - LONGEST} more</p>"
    for section in sections:
        if section.parts or section.asked:
            yield from _section(section)
    yield "</body>\n</html>\n"


def _section(section: Section) -> Iterator[str]:
    yield f"<h2>{_text(title(section))}</h2>"
    yield '<div class="wide">\n<table>\n<tbody>'
    for by, group, times, share, own in rows(section):
        cells = "".join(f"<td>{_text(each)}</td>" for each in (group, times, share, own))
        yield f'<tr><th scope="row">{_text(by)}</th>{cells}</tr>'
    yield "</tbody>\n</table>\n</div>"


def _sum(total: Row) -> Iterator[str]:
    before = total.before or ()
    yield '<tbody class="sum">'
    yield _line("this period", map(value_in_words, total.values))
    yield _line("the one before", map(value_in_words, before), "before")
    changes = [change_in_words(now, was) for now, was in zip(total.values, before, strict=True)]
    yield _line("change", changes, "change")
    yield "</tbody>"


def _line(name: str, words: Iterator[str] | Sequence[str], of: str = "") -> str:
    cells = "".join(f"<td>{escape(each)}</td>" for each in words)
    kind = f' class="{of}"' if of else ""
    return f'<tr{kind}><th scope="row">{escape(name)}</th>{cells}</tr>'


def _row(row: Row) -> str:
    cells = []
    for at, value in enumerate(row.values):
        change = change_in_words(value, row.before[at]) if row.before is not None else ""
        beside = f" <small>{escape(change)}</small>" if change not in ("", "=") else ""
        cells.append(f"<td>{escape(value_in_words(value))}{beside}</td>")
    return f'<tr><th scope="row">{_text(row_name(row, 200))}</th>{"".join(cells)}</tr>'


def _plot(column: Column, points: Sequence[tuple[str, Value]]) -> str:
    """Bars by week, the largest written beside; each says its week and figure when pointed at."""
    width, height = 300, 90
    numbers = [number_of(value) or 0 for _, value in points]
    largest = max(numbers, default=0)
    step = width / max(1, len(points))
    bars = []
    for at, ((week, value), number) in enumerate(zip(points, numbers, strict=True)):
        tall = 70 * number / largest if largest else 0
        title = f"{escape(week)}: {escape(value_in_words(value))}"
        bars.append(
            f'<rect x="{at * step + 1:.1f}" y="{80 - tall:.1f}" width="{max(1.0, step - 2):.1f}" height="{tall:.1f}">'
            f"<title>{title}</title></rect>"
        )
    name = HEADS[column.name]
    most = value_in_words(
        max((value for _, value in points), key=lambda value: number_of(value) or 0, default=None)
    )
    first, last = (points[0][0], points[-1][0]) if points else ("", "")
    return (
        f'<figure><svg viewBox="0 0 {width} {height}" role="img" aria-label="{name} by week, at most {escape(most)}">'
        f'{"".join(bars)}<line x1="0" y1="80.5" x2="{width}" y2="80.5"/><text x="0" y="8">{escape(most)}</text>'
        f'<text x="0" y="90">{escape(first)}</text><text x="{width}" y="90" text-anchor="end">{escape(last)}</text></svg>'
        f"<figcaption>{name}, by week</figcaption></figure>"
    )


def _text(text: str) -> str:
    return escape(one_line(text, 200))


def _day(at: int, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(at, zone):%Y-%m-%d}"
