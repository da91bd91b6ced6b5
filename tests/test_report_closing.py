"""What the report says of closings, goodwill and feedback: by hand, as people and as programs read it."""

from __future__ import annotations

import csv
import io
from datetime import UTC
from decimal import Decimal
from pathlib import Path

import pytest

from inbox.figures import COLUMNS, Gathered, Row, Span, gather
from inbox.listing import Who
from inbox.money import Sum
from inbox.report_forms import value_in_words
from inbox.report_sections import headline, in_one_line, section
from storage.workspace import Workspace
from tests.front import Front
from tests.screenplay import playing
from tests.stores import DAY, Desk, desk
from tests.test_feedback import AFTER, answers, asked, closed

EUR = "EUR"


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Four closings with their causes, what was given, and what three customers answered."""
    here = desk(tmp_path_factory.mktemp("month"))
    said = [("anna", "5 - great"), ("anna", "4"), ("bo", "1 - slow"), ("bo", None)]
    for number, (who, text) in enumerate(said):
        sender = f"C{number} <c{number}@park.example>"
        conversation = closed(here, sender=sender, subject=f"Lamp {number}")
        here.did("anna", "undo", by="anna")
        here.did(who, "close", conversation=conversation, why="resolved", cause="carrier" if number else None)
        if number < 2:
            amount = Sum(Decimal("10.50"), EUR) if number else Sum(Decimal(5), "USD")
            here.did(
                "bo",
                "goodwill",
                conversation=conversation,
                kind="refund",
                amount=amount,
                reason="Late",
                allowed=None,
            )
        here.tick(AFTER)
        assert asked(here) == 1
        here.hands_over(here.store.items(conversation)[-1].id)
        if text is not None:
            answers(here, conversation, text, sender)
    here.did("anna", "outcome", conversation=conversation, outcome="referred", to="the maker", cause="site")
    return here


def gathered(here: Desk) -> Gathered:
    found = gather(here.store, Span(here.now - 30 * DAY, here.now + DAY), UTC, here.now, Who("anna"))
    assert found is not None
    return found


def figure(row: Row, name: str) -> str:
    return value_in_words(row.values[[column.name for column in COLUMNS].index(name)])


def test_closings_by_outcome_and_cause_with_their_share(month: Desk) -> None:
    found = gathered(month)
    by = {
        row.name: (figure(row, "closed"), figure(row, "closed_share")) for row in found.table("outcome").rows
    }
    assert by.pop("(not closed)") == ("0", "-"), "what was open before it was closed"
    assert by == {"resolved": ("3", "75 %"), "referred": ("1", "25 %")}, "as it was said last"
    by = {row.name: (figure(row, "closed"), figure(row, "closed_share")) for row in found.table("cause").rows}
    assert by == {"carrier": ("2", "50 %"), "site": ("1", "25 %"), "(none said)": ("1", "25 %")}


def test_goodwill_is_summed_by_currency_and_by_all_that_is_asked(month: Desk) -> None:
    found = gathered(month)
    given = section(found, "goodwill")
    assert headline(given) == "goodwill: 2x, 10.50 EUR, 5 USD"
    assert {(part.by, part.key): part.times for part in given.parts if part.by} == {
        ("kind", "refund"): 2, ("teammate", "bo"): 2, ("reason", "late"): 2, ("cause", "carrier"): 1, ("cause", ""): 1
    }  # fmt: skip
    assert headline(section(found, "goodwill", "cause", "carrier")) == "goodwill: 1x, 10.50 EUR"
    by = {row.name: figure(row, "goodwill") for row in found.table("teammate").rows}
    assert (by["bo"], by["anna"]) == ("2", "0")


def test_feedback_is_told_for_who_closed(month: Desk) -> None:
    found = gathered(month)
    told = section(found, "feedback")
    assert headline(told) == "how it was: 3.33 of 5, 3 of 4 asked have answered"
    assert in_one_line(told).endswith("5: 1 · 4: 1 · 1: 1")
    rows = {row.name: row for row in found.table("teammate").rows}
    assert [figure(rows["anna"], name) for name in ("asked", "scores", "score_average")] == ["2", "2", "4.50"]
    assert [figure(rows["bo"], name) for name in ("asked", "scores", "score_average")] == ["2", "1", "1.00"]
    at = next(column for column in COLUMNS if column.name == "scores")
    assert len(found.behind("teammate", "anna", at, 2)) == 2


def test_programs_get_it_exactly(shop_front: Front, tmp_path: Path) -> None:
    front = shop_front
    front.ok("goodwill", "1", "--kind", "gift", "--amount", "0.10", "--reason", "=late")
    front.ok("goodwill", "1", "--kind", "gift", "--amount", "0.20", "--reason", "=late")
    front.now += 60
    told = front.json("report", "--about", "goodwill")
    assert told[0]["sums"] == {"EUR": "0.30"} and told[0]["by"] is None and told[-1]["period"] == "before"
    rows = list(csv.DictReader(io.StringIO(front.ok("report", "--about", "goodwill", "--csv").out)))
    assert next(row["key"] for row in rows if row["by"] == "reason") == "'=late"
    told = front.json("report", "--about", "feedback")
    assert (told[0]["count"], told[0]["mean"], told[0]["asked"]) == (0, None, 0)
    assert front.run("report", "--about", "goodwill", "--html", str(tmp_path / "x.html")).status == 2
    text = front.ok("report").out
    assert "Goodwill: 2x, 0.30 EUR" in text and "by reason    =late" in text
    front.ok("report", "--html", str(tmp_path / "x.html"))
    assert "0.30 EUR" in (tmp_path / "x.html").read_text("utf-8")


async def test_the_line_above_the_plot_tells_more(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("enter", "$", "g")
        await stage.type("12,50\nso late\n")
        stage.clock.now += 60
        await stage.press("g R", *["l"] * 14)
        assert "goodwill: 1x, 12.50 EUR · gift: 1x 12.50 EUR" in stage.lines[-3]
        assert "goodwill by week" in stage.lines[-2]
        await stage.press("l")
        assert "how it was: nobody was asked" in stage.lines[-3]
