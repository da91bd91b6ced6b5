"""Saved replies: found by a few letters, filled with what is certain, and never greeting a company by its first name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.checks import placeholders
from inbox.first_names import first_name_in
from inbox.saved_replies import Known, SavedReply, document_of, filled, ranked, reply_of, subsequence

LATE = SavedReply("Parcel is late", "Dear {first_name},\n\nit comes on {date}.", ("en",), ("shipping",))
SPAET = SavedReply("Paket verspätet", "Hallo {first_name},\n\nes kommt am {Datum}.", ("de",), ("shipping",))
REFUND = SavedReply("Refund", "The money for your parcel is on its way.", (), ("money", "returns"))
ALL = (LATE, SPAET, REFUND)


def found(typed: str, language: str = "") -> list[str]:
    return [reply.name for reply in ranked(ALL, typed, language)]


# --------------------------------------------------------------------------- finding


def test_a_few_letters_find_the_name_first_then_tags_then_words() -> None:
    assert found("late") == ["Parcel is late"]
    assert found("pcl") == ["Parcel is late"]
    assert found("PARCEL") == ["Parcel is late", "Refund"]  # the name before the text
    assert found("money") == ["Refund"]
    assert found("shipping", "de") == ["Paket verspätet", "Parcel is late"]
    assert found("xyz") == []


def test_nothing_typed_shows_all_with_the_language_of_the_conversation_first() -> None:
    assert found("") == ["Paket verspätet", "Parcel is late", "Refund"]
    assert found(" ", "en") == ["Parcel is late", "Refund", "Paket verspätet"]


def test_another_way_to_score_can_be_given() -> None:
    by_length = ranked(ALL, "x", score=lambda _, text: float(len(text)))
    assert [reply.name for reply in by_length] == ["Paket verspätet", "Parcel is late", "Refund"]


def test_letters_together_count_more_than_letters_apart() -> None:
    apart, close, inside, begins = (subsequence("pr", text) for text in ("p a r", "xprx", "apr", "to prove"))
    assert 1 < apart < 2 < inside <= close < begins
    assert subsequence("pr", "rp") == 0


# --------------------------------------------------------------------------- filling


def test_what_is_known_is_filled_and_the_rest_waits_for_a_hand() -> None:
    text = "Dear {first_name},\n\n{subject}: {order number} by {due}.\n\n{agent}, {shop}"
    known = Known("Weber, Anna", "Refund", "bo", "Fri 13:00", "Fernweh")
    said = filled(text, known)
    assert said == "Dear Anna,\n\nRefund: {order number} by Fri 13:00.\n\nbo, Fernweh"
    assert placeholders(said) == ("{order number}",)
    assert placeholders(filled(text, Known("Jo Park"))) == (
        "{subject}",
        "{order number}",
        "{due}",
        "{agent}",
        "{shop}",
    )


@pytest.mark.parametrize(
    ("text", "neutral"),
    [
        ("Dear {first_name},\nhello", "Hello,\nhello"),
        ("Hi {first_name}!", "Hi!"),
        ("Liebe/r {first_name},", "Guten Tag,"),
        ("Sehr geehrte Damen und Herren", "Sehr geehrte Damen und Herren"),
        ("Bonjour {first_name} !", "Bonjour !"),
        ("Chère {first_name},", "Bonjour,"),
        ("Guten Tag {first_name}", "Guten Tag"),
        ("We spoke to {first_name}.", "We spoke to {first_name}."),
        ("Is {first_name} your name?", "Is {first_name} your name?"),
    ],
)
def test_without_a_certain_first_name_the_greeting_needs_none(text: str, neutral: str) -> None:
    assert filled(text, Known("ACME GmbH")) == neutral


def test_a_company_is_called_by_its_name_where_the_name_is_asked_for() -> None:
    assert filled("Dear {name},", Known("ACME GmbH")) == "Dear ACME GmbH,"
    assert filled("Dear {name},", Known("jo@park.example")) == "Hello,"


def test_a_customers_name_brings_no_place_and_no_second_line_along() -> None:
    said = filled("Dear {name}, {agent}", Known("{agent}\r\nBcc: x", agent="bo"))
    assert said == "Dear {agent} Bcc: x, bo"


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Jo Park", "Jo"),
        ("Park, Jo", "Jo"),
        ("Dr. Anna Weber", "Anna"),
        ("Weber, Dr. Anna", "Anna"),
        ("WEBER Anna", "Anna"),
        ("anna weber", "Anna"),
        ("Anna-Lena Weber (Köln)", "Anna-Lena"),
        ("Eva von der Leyen", "Eva"),
        ("van der Berg, Jan", "Jan"),
        ('"Seán O\'Brien"', "Seán"),
        ("Иван Петров", "Иван"),
        *((nobody, "") for nobody in (
            "", "Anna", "ACME GmbH", "Acme Ltd.", "Support", "Team Acme", "Anna Weber via Etsy", "Herr Weber",
            "Mrs. Smith", "Anna & Tom Weber", "Anna und Tom Weber", "J. Park", "ANNA WEBER", "山田 太郎",
            "Anna Weber, Berlin", "jo@park.example", "Weber Familie", "The Lamp", "Der Laden", "R2 D2", "info shop",
            "a very long name with many words",
        )),
    ],
)  # fmt: skip
def test_a_first_name_is_told_only_when_it_is_certain(name: str, first: str) -> None:
    assert first_name_in(name) == first


WILD = st.one_of(
    st.text(max_size=60), st.sampled_from(["{name}", "Dear {first_name},", "{", "{agent} {due}"])
)


@settings(deadline=None)
@given(WILD, WILD, WILD, WILD)
def test_whatever_is_typed_or_known_nothing_raises(text: str, name: str, subject: str, typed: str) -> None:
    said = filled(text, Known(name, subject))
    assert "{" in text or said == text
    first = first_name_in(name)
    assert " " not in first
    assert "\n" not in first
    reply = SavedReply(name, text, (), (subject,))
    assert ranked([reply], typed) in ([], [reply])


# --------------------------------------------------------------------------- documents written by hand


def test_a_document_is_read_as_people_write_it() -> None:
    assert reply_of(document_of(LATE)) == LATE
    assert reply_of(
        {"name": " Refund\n", "text": "Soon.", "languages": "DE, en", "tags": "money"}
    ) == SavedReply("Refund", "Soon.", ("de", "en"), ("money",))
    assert reply_of({"name": "x", "text": "y", "languages": [1, None], "tags": 5}) == SavedReply("x", "y")
    for broken in (
        {},
        {"name": "x"},
        {"name": "", "text": "y"},
        {"name": 5, "text": "y"},
        {"name": "x", "text": " "},
    ):
        assert reply_of(broken) is None
