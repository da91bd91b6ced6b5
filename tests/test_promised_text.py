"""Promises in what we write: found where we promise, with the instant, and nowhere else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.model import Instant
from inbox.promise_words import LANGUAGES
from inbox.promised_text import Found, promises, promises_without_date
from inbox.typed_dates import written
from tests.promise_sentences import FIRST, SECOND, THIRD
from tests.shop import NOW, ZONE, at, settings

HOURS = settings().hours  # Mon-Fri 09:00-17:00 in Vienna; it is Tuesday, 10 November 2026, 11:05


def found(text: str, now: Instant = NOW) -> tuple[Found, ...]:
    return promises(text, now, ZONE, HOURS)


def untils(text: str, now: Instant = NOW) -> list[str]:
    return [written(each.until, ZONE)[8:] for each in found(text, now)]


@pytest.mark.parametrize("sentences", [FIRST, SECOND, THIRD])
def test_sentences_promise_or_do_not(sentences: tuple[tuple[str, str], ...]) -> None:
    wrong = {
        said: (until, untils(said)[:1])
        for said, until in sentences
        if untils(said)[:1] != [until] * bool(until)
    }
    assert wrong == {}


def test_enough_is_written_down_in_four_languages() -> None:
    assert len(FIRST) + len(SECOND) + len(THIRD) >= 150
    assert [language.name for language in LANGUAGES] == ["English", "German", "French", "Spanish"]


def test_what_is_to_be_done_reads_the_same_in_a_sentence_as_in_its_clauses() -> None:
    # a sentence without such words is not taken apart, so that none may lean on where its clause begins or ends
    acts = [each for language in LANGUAGES for each in language.acts]
    assert [each for each in acts if re.search(r"[$^]|\(\?[=!<]", each)] == []


LETTER = """Dear Anna,

thank you for writing. You have until Friday to send the broken one back; we will send
the new lamp by Thursday, and I will call you
tomorrow. Is that fine with you?

> We will refund you by Monday.

Best
Bo
--\x20
We will answer within 24 hours."""


def test_a_letter_is_read_without_quotes_and_signature_over_wrapped_lines_the_earliest_first() -> None:
    both = found(LETTER)
    assert [written(each.until, ZONE) for each in both] == ["2026-11-11 17:00", "2026-11-12 17:00"]
    assert [each.words for each in both] == ["tomorrow", "by thursday"]
    assert both[0].sentence.startswith(
        "You have until Friday to send the broken one back; we will send the new lamp"
    )


def test_a_day_ends_when_we_close_and_where_we_do_not_open_when_we_last_close_before() -> None:
    assert untils("We will send it by Sunday.") == ["13 17:00"]
    assert untils("We will send it today.", at("2026-11-10 18:00")) == [
        "11 00:00"
    ]  # closed: until it is over
    assert untils("We will send it by Sunday.", at("2026-11-14 10:00")) == ["16 00:00"]
    assert untils("We will call you by 11:00.") == []  # passed
    assert untils("We will call you in 2 hours. You get the lamp by Friday.") == ["10 13:05", "13 17:00"]


def test_of_two_dates_in_a_clause_each_goes_with_the_words_before_it() -> None:
    assert untils("You ordered it on Wednesday and will get it by Friday.") == ["13 17:00"]
    assert untils("Die Lampe, die Sie am Mittwoch bestellt haben, schicken wir bis Freitag.") == ["13 17:00"]


def test_a_list_is_read_line_by_line() -> None:
    assert untils(
        "Here is what happens:\n- you send it back by Wednesday\n- we will refund you by Friday"
    ) == ["13 17:00"]


@pytest.mark.parametrize(
    "said",
    [
        "We will get back to you as soon as possible.",
        "I'll look into it and let you know.",
        "We will send you a new lamp shortly.",
        "Wir melden uns so schnell wie möglich.",
        "Ich kläre das mit dem Lager.",
        "Sie erhalten in den nächsten Tagen Bescheid.",
        "Nous reviendrons vers vous dans les plus brefs délais.",
        "Le informaremos lo antes posible.",
    ],
)
def test_a_promise_without_a_date_is_found(said: str) -> None:
    assert promises_without_date(f"Thank you.\n{said}") == (said.removesuffix("."),)


@pytest.mark.parametrize(
    "said",
    [
        "We will send it by Friday.",
        "We will be happy to help.",
        "Will you let us know?",
        "Please get back to us.",
        "We have sent it.",
        "We will not send it.",
        "Once it is here, we will let you know.",
        "We have sent it today and will call you tomorrow.",
        "Wir haben Ihnen geantwortet.",
        "Melden Sie sich gerne.",
        "Vielen Dank für Ihre Nachricht.",
        "Merci de nous répondre.",
        "Gracias por su mensaje.",
        "> We will get back to you.",
    ],
)
def test_what_has_a_date_or_promises_nothing_needs_none(said: str) -> None:
    assert promises_without_date(said) == ()


@given(st.text(max_size=300) | st.lists(st.sampled_from([s for s, _ in FIRST]), max_size=4).map("\n".join))
def test_no_text_breaks_it_and_what_it_finds_lies_ahead(text: str) -> None:
    assert all(each.until > NOW and each.words and each.sentence for each in found(text))
    promises_without_date(text)
