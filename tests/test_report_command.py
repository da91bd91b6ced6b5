"""`frontdesk report`: the table, JSON, CSV and the page, also where strangers named themselves like formulas and markup."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import click
import pytest

from benchmarks.report import NOW as MADE_AT
from benchmarks.report import fill
from inbox.figures import COLUMNS, GROUPINGS, Row, Span, Table, Wait
from inbox.plots import bar, sparkline
from inbox.report_forms import as_csv, as_objects, change_in_words, value_in_words
from inbox.report_page import HEADS, as_page
from inbox.settings import Settings
from inbox.text import cells
from storage.workspace import open_store
from tests.front import Front
from tests.shop import NOW, ZONE, at, deliver, mail
from tests.strangers import EVERYTHING, without_halves
from tests.strict_terminal import strange_in_lines
from tests.terminal import frontdesk
from tui.line.report import command, table_lines

FORMULAS = ("=1+1", "+49 30 1234", "-2", "@SUM(A1)", "\t=1", "\u200b=HYPERLINK()", " =1", "＝1")
NAMES = ("by", "period", "since", "until", "key", "name", "opened", "answered", "waiting", "late",
         "first_reply_p50_s", "first_reply_p50_at_least", "first_reply_p90_s", "first_reply_p90_at_least",
         "next_reply_p50_s", "next_reply_p50_at_least", "next_reply_p90_s", "next_reply_p90_at_least",
         "reopened", "promises_kept", "promises_broken", "promises_moved", "closed",
         "closed_share", "goodwill", "asked", "scores", "score_average")  # fmt: skip
"""What programs rely on; a change here breaks theirs."""


def table_of(*names: str) -> Table:
    """A report with groups of these names."""
    values = tuple(Wait(5400, True) if column.share else 3 for column in COLUMNS)
    rows = tuple(Row(name, name, values, values) for name in names)
    return Table(
        "tag",
        Span(NOW - 86_400, NOW),
        Row("", "all", values, values),
        rows,
        (Row("2026-11-09", "2026-11-09", values),),
    )


# --------------------------------------------------------------------------- the command


def test_the_table_says_this_span_the_one_before_and_the_groups(shop_front: Front) -> None:
    front = shop_front
    front.run("tag", "1", "--add", "parcel")
    front.now += 60
    ran = front.run("report", "--by", "tag")
    assert (ran.status, ran.err) == (0, "")
    words = [line.split() for line in ran.lines]
    assert words[0][:5] == ["tag", "opened", "answered", "waiting", "late"]
    assert words[1][:6] == ["this", "period", "6", "0", "6", "2"]
    assert words[2][:4] == ["the", "one", "before", "0"]
    assert words[3][:3] == ["change", "▲", "new"]
    assert [words[5][:4], words[6][:2]] == [["(no", "tag)", "5", "0"], ["parcel", "1"]]
    assert "opened   by week  ▁▁▁▁▁▁▁▁▁▁▁▁▁█  most 6, week of 2026-11-09" in ran.lines


def test_a_narrow_terminal_gets_every_figure_in_blocks() -> None:
    lines = table_lines(table_of("parcel", "山田" * 30), 60)
    assert all(cells(line) <= 60 for line in lines)
    heads = [word for line in lines if line.startswith("tag ") for word in line.split()[1:]]
    assert heads == [word for column in COLUMNS for word in column.head.split()]


def test_json_has_stable_names_and_one_object_a_row(shop_front: Front) -> None:
    ran = shop_front.run("report", "--since", "2026-11-09", "--json")
    assert [(each["period"], each["key"]) for each in ran.objects] == [
        ("this", None), ("before", None), ("this", "2026-11-09")
    ]  # fmt: skip
    assert all(tuple(each) == NAMES for each in ran.objects)
    whole = ran.objects[0]
    assert (whole["since"], whole["until"]) == ("2026-11-08T23:00:00Z", "2026-11-10T10:05:00Z")
    assert (whole["opened"], whole["next_reply_p90_s"], whole["first_reply_p90_at_least"]) == (6, None, True)


def test_a_query_narrows_it_and_what_is_none_is_refused(shop_front: Front) -> None:
    ran = shop_front.run("report", "from:weber", "--json")
    assert ran.objects[0]["opened"] == 2
    assert shop_front.run("report", "-from:weber", "--json").objects[0]["opened"] == 4
    for words in (["frm:x"], ["--since", "soon"], ["--until", "2020-01-01", "--since", "2021-01-01"], ["--by", "moon"],
                  ["--json", "--csv"]):  # fmt: skip
        assert shop_front.run("report", *words).status == 2


def test_the_page_is_written_whole_or_not_at_all(shop_front: Front, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text("the old one")
    ran = shop_front.run("report", "--html", str(page))
    assert (ran.status, ran.out) == (0, "")
    assert str(page) in ran.err and "<svg" in page.read_text("utf-8")
    assert [each.name for each in tmp_path.iterdir() if "report.html" in each.name] == ["report.html"]
    ran = shop_front.run("report", "--html", str(tmp_path / "nowhere" / "report.html"))
    assert ran.status == 4 and "cannot be written" in ran.err
    assert shop_front.run("report", "--html", str(tmp_path / "a\0b")).status in (2, 4)


def test_csv_is_what_spreadsheets_read(shop_front: Front) -> None:
    ran = shop_front.run("report", "--by", "customer", "--csv")
    rows = list(csv.reader(io.StringIO(ran.out, newline="")))
    assert tuple(rows[0]) == NAMES
    assert {len(row) for row in rows} == {len(NAMES)}
    assert "山田 太郎" in [row[NAMES.index("name")] for row in rows]
    assert ran.out.count("\r\n") == ran.out.count("\n") == len(rows)


@pytest.mark.long
def test_how_far_it_is_is_said_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.adopt(Settings(host_zone="UTC"), MADE_AT - 400 * 86_400)
    fill(store, 60_000)
    store.close()
    with frontdesk("--workspace", str(tmp_path), "--now", "2026-05-28T20:26:40Z", "report") as terminal:
        terminal.until_shown("Reading the record: ")
        terminal.press("\x03")
        assert terminal.ended() == 130
        assert re.search(r"Reading the record: \d+ of \d+ \(\d+ %\), \d+/s, \d+ s left", terminal.text)
        assert "stopped; nothing was reported" in terminal.text and "Traceback" not in terminal.text


# --------------------------------------------------------------------------- strangers


def test_no_cell_is_reckoned_with() -> None:
    text = as_csv(table_of(*FORMULAS, 'a,"b"\r\nc', *map(without_halves, EVERYTHING)))
    assert strange_in_lines(text.replace("\r\n", "\n")) == []
    rows = list(csv.reader(io.StringIO(text, newline="")))
    for row in rows[1:]:
        for cell in (row[4], row[5]):
            assert not cell.startswith(("=", "+", "-", "@", "\t", "＝")), cell
    assert [row[5] for row in rows[3 : 3 + 2 * len(FORMULAS) : 2]] == [
        "'=1+1", "'+49 30 1234", "'-2", "'@SUM(A1)", "'=1", "'=HYPERLINK()", "'=1", "'＝1"
    ]  # fmt: skip


def test_a_customer_who_is_called_like_a_formula(shop_front: Front) -> None:
    store = shop_front.store()
    deliver(
        store, mail('"=cmd|calc!A0" <x@evil.example>', "Hi", "?", "2026-11-10 10:50"), at("2026-11-10 10:50")
    )
    store.close()
    ran = shop_front.run("report", "--by", "customer", "--csv")
    assert ",'=cmd|calc!A0," in ran.out and ",=cmd" not in ran.out


class _Page(HTMLParser):
    """Every tag of a page with its attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></table>",
    "&lt;b&gt;",
    "<!--",
    "]]>",
)


def test_the_page_obeys_nobody_and_asks_nobody() -> None:
    plain, hostile = (_Page(as_page(table_of(*names), ZONE, NOW, names[0])) for names in (["a"] * 6, HOSTILE))
    assert [tag for tag, _ in hostile.tags] == [
        tag for tag, _ in plain.tags
    ]  # nothing of theirs became a tag
    allowed = {"http-equiv", "content", "name", "charset", "lang", "class", "scope", "viewbox", "role", "aria-label",
               "x", "y", "width", "height", "x1", "x2", "y1", "y2", "text-anchor"}  # fmt: skip
    assert {name for _, attributes in hostile.tags for name in attributes} <= allowed
    assert {tag for tag, _ in hostile.tags}.isdisjoint(
        {"script", "img", "link", "iframe", "a", "object", "base", "form"}
    )
    for name in HOSTILE:
        assert name in hostile.text
    policy = next(a["content"] for tag, a in hostile.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy and policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    everything = as_page(table_of(*map(without_halves, EVERYTHING)), ZONE, NOW)
    assert strange_in_lines(everything) == []
    assert "url(" not in everything and not re.search(r"(src|href)=", everything.split("</head>")[0])


def test_the_page_is_for_day_night_and_paper() -> None:
    page = as_page(table_of("a"), ZONE, NOW)
    for rule in ("prefers-color-scheme: dark", "@media print", "color-scheme: light dark"):
        assert rule in page
    assert page.count("<svg") == page.count("</svg>") == 6
    assert "▲" not in page.split("</thead>")[0] and "1:30+" in page


def test_a_very_long_page_says_how_much_more_there_is() -> None:
    page = as_page(table_of(*map(str, range(1500))), ZONE, NOW)
    assert "and 500 more" in page and page.count("<tr") < 1010


def test_json_of_strangers_stays_one_line_each() -> None:
    from inbox.jsonform import as_line

    lines = [as_line(each) for each in as_objects(table_of(*EVERYTHING))]
    assert strange_in_lines("\n".join(lines)) == []
    assert json.loads(lines[2])["name"] == EVERYTHING[0]


# --------------------------------------------------------------------------- in words


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [(3, 3, "="), (4, 3, "▲ 34 %"), (1, 4, "▼ 75 %"), (2, 0, "▲ new"), (0, 2, "▼ 100 %"), (None, 3, ""),
     (Wait(60), Wait(120), "▼ 50 %"), (100, 2, "▲ 50 x")],
)  # fmt: skip
def test_changes_say_their_direction_without_colour(now: int | None, before: int | None, words: str) -> None:
    assert change_in_words(now, before) == words


def test_figures_in_words() -> None:
    assert [value_in_words(each) for each in (None, 0, 12, Wait(59), Wait(5400, True), Wait(359_999), Wait(360_000))] == [
        "-", "0", "12", "0:00", "1:30+", "99:59", "100 h"
    ]  # fmt: skip


def test_plots_are_characters() -> None:
    assert sparkline([0, 1, 50, None, 100]) == "▁▂▅ █"
    assert sparkline([0, 0]) == "▁▁" and sparkline([]) == "" and sparkline([None]) == " "
    assert [bar(value, 100, 4) for value in (0, None, 1, 50, 99, 100, 200)] == [
        "",
        "",
        "▏",
        "██",
        "███▉",
        "████",
        "████",
    ]
    assert bar(3, 0, 4) == bar(3, 3, 0) == ""


def test_every_grouping_and_figure_has_its_words_everywhere() -> None:
    by = next(each for each in command.params if each.name == "by")
    assert isinstance(by.type, click.Choice) and tuple(by.type.choices) == GROUPINGS
    assert list(HEADS) == [column.name for column in COLUMNS]
    document = (Path(__file__).parent.parent / "docs" / "report.md").read_text("utf-8")
    for column in COLUMNS:
        assert f"`{column.name.removesuffix('_p90')}" in document
