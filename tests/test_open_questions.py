"""What the customer asks is found, whatever the language, and crossed off when the draft seems to answer it."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.model import Address
from inbox.open_questions import LONGEST, MOST, open_questions, questions_in
from inbox.ports import Item
from inbox.text import one_line
from inbox.touched import touched, untouched
from tests.questions_asked import EARLY, LATE, Case

KIM, SHOP = Address("Kim", "kim@kim.example"), Address("", "support@shop.example")


def item(
    number: int,
    text: str,
    direction: str = "in",
    to: tuple[Address, ...] | None = None,
    subject: str = "Re: Lamp",
    automatic: bool = False,
    state: str | None = None,
) -> Item:
    """A message of a conversation with Kim."""
    sender, usual = ((KIM,), (SHOP,)) if direction == "in" else ((SHOP,), (KIM,))
    to = usual if to is None else to
    return Item(
        number, direction, number, "", None, sender, to, (), (), subject, text, text, "", "", (), (), automatic, (), state
    )  # fmt: skip


# --------------------------------------------------------------------------- in one text


def wrong(cases: dict[str, tuple[Case, ...]]) -> list[tuple[str, str, tuple[str, ...]]]:
    """The cases in which something else is found than asked: language, text, what was found."""
    return [
        (language, text, found)
        for language, each in cases.items()
        for text, asked in each
        if (found := questions_in(text)) != asked
    ]


def test_what_was_written_beside_the_tables_is_found() -> None:
    assert wrong(EARLY) == []


def test_what_was_written_after_them_is_found() -> None:
    assert wrong(LATE) == []


def test_there_are_enough_cases_of_each_kind() -> None:
    counts = [sum(map(len, cases.values())) for cases in (EARLY, LATE)]
    silent = sum(not asked for cases in (EARLY, LATE) for each in cases.values() for _, asked in each)
    assert sum(counts) >= 80 and 3 * counts[1] >= sum(counts) and silent >= 25
    assert {"en", "de", "fr", "es", "it", "nl", "pl", "ja"} <= EARLY.keys() & LATE.keys()


def test_lines_cut_by_a_window_are_one_sentence_and_lines_ended_by_hand_are_not() -> None:
    wide = (
        "I have been waiting for the lamp since the beginning of March, could you\n"
        "please tell me when it is going to arrive?"
    )
    assert questions_in(wide) == ("could you please tell me when it is going to arrive?",)
    assert questions_in("I have a question about order 55\nwhen will it be sent\nthanks") == (
        "when will it be sent",
    )


def test_a_link_asks_nothing_whatever_stands_in_it() -> None:
    assert questions_in("It is https://shop.example/what?Item=5;size=2 or www.shop.example/a?Is it.") == ()
    assert questions_in("Is it www.shop.example/a?Item=5?") == ("Is it www.shop.example/a?Item=5?",)


def test_a_sentence_ends_at_a_short_word_and_goes_on_at_an_abbreviation() -> None:
    assert questions_in("The parcel is not in. When will it arrive?") == ("When will it arrive?",)
    assert questions_in("We paid so . Can you confirm?") == ("Can you confirm?",)
    assert questions_in("Can you ask dr. Smith?") == ("Can you ask dr. Smith?",)


def test_a_question_is_one_clean_line_however_it_was_written() -> None:
    (found,) = questions_in("Where is it\x1b[31m, and " + "why " * 200 + "so late?")
    assert len(found) <= LONGEST and found == one_line(found, LONGEST) and "\x1b" not in found


# --------------------------------------------------------------------------- in a conversation


def test_only_what_came_since_our_last_answer_is_open() -> None:
    items = [
        item(1, "Where is it?"),
        item(2, "It left.", "out"),
        item(3, "When did it leave?"),
        item(4, "And how?"),
    ]
    assert open_questions(items) == ("When did it leave?", "And how?")
    assert open_questions(items[:2]) == ()


def test_what_went_to_somebody_else_or_not_at_all_or_by_itself_answers_nothing() -> None:
    asked = item(1, "Where is it?")
    carrier = item(2, "Where is 4711?", "out", to=(Address("", "desk@carrier.example"),))
    failed = item(3, "It left.", "out", state="failed")
    away = item(4, "We are away.", "out", automatic=True)
    note = item(5, "Who knows?", "note")
    assert open_questions([asked, carrier, failed, away, note]) == ("Where is it?",)
    assert open_questions([item(1, "Is anybody out of office?", automatic=True)]) == ()


def test_a_subject_asks_too_unless_the_letter_says_the_same() -> None:
    assert open_questions([item(1, "It is late.", subject="Where is my parcel?")]) == ("Where is my parcel?",)
    again = item(1, "Hello, where is my parcel? It is late.", subject="Where is my parcel?")
    assert open_questions([again]) == ("where is my parcel?",)
    assert open_questions([item(1, "Thanks", subject="Re: Where is my parcel?")]) == ()
    assert open_questions([item(1, "Ok", "out"), item(2, "Hm", subject="Where is it?")]) == ()


def test_no_more_than_a_handful_and_each_once() -> None:
    many = "\n\n".join(f"Do you sell part {'x' * n}?" for n in range(9))
    assert len(open_questions([item(1, many)])) == MOST
    assert open_questions([item(1, "Where is it?"), item(2, "where is it??")]) == ("Where is it?",)


# --------------------------------------------------------------------------- crossing off


@dataclass(frozen=True)
class Draft:
    questions: tuple[str, ...]
    text: str
    seen: tuple[bool, ...]


DRAFTS = {
    "the same words": Draft(("Where is my parcel?",), "Your parcel left on Monday.", (True,)),
    "another form of a word": Draft(("Has it been shipped?",), "We ship it soon.", (True,)),
    "a word that stands in every letter": Draft(("Can I cancel my order?",), "Your order is here.", (False,)),
    "such a word in Chinese": Draft(("我的订单有折扣吗？",), "您的订单已收到。", (False,)),
    "such a word in Japanese": Draft(("注文をキャンセルできますか。",), "注文を受け付けました。", (False,)),
    "one word of many": Draft(("Can I change the delivery address for the lamp?",), "The lamp is blue.", (False,)),
    "a date for when": Draft(("When can I expect it?", "Do you sell bulbs?"), "It arrives on Friday.", (True, False)),
    "wann": Draft(("Wann kommt es an?",), "Es kommt in 3 Werktagen.", (True,)),
    "combien": Draft(("Combien coûte le port ?",), "C'est 4,90 € pour la France.", (True,)),
    "segunda-feira": Draft(("Quando chega?",), "Sai na segunda-feira.", (True,)),
    "feira": Draft(("Quando chega?",), "Estamos na feira do livro.", (False,)),
    "por qué": Draft(("¿Por qué tarda tanto?",), "Es porque el camión se averió.", (True,)),
    "yes": Draft(("Do you ship to Poland?",), "Yes, we do.", (True,)),
    "one yes for two": Draft(("Do you ship to Oslo?", "Is it safe?"), "Yes, we do.", (True, False)),
    "leider": Draft(("Haben Sie das in Blau?",), "Leider nicht.", (True,)),
    "czy": Draft(("Czy można zapłacić kartą?",), "Tak, można.", (True,)),
    "いつ": Draft(("いつ届きますか。",), "明日お届けいたします。", (True,)),
    "a number that nobody writes again": Draft(("Please send invoice 2231 again.",), "The invoice is below.", (True,)),
    "it is no problem": Draft(("Ist das möglich?",), "Der Umtausch ist kein Problem.", (True,)),
    "in order": Draft(("Is it A?", "Or is it B?", "Or C?"), "1. Fine\n3) Also fine", (True, False, True)),
    "in points": Draft(("Is it A?", "Or is it B?"), "- It is\n- It is not", (True, True)),
    "other points": Draft(("Is it A?", "Or is it B?"), "- Unplug\n- Wait\n- Plug in", (False, False)),
    "other numbers": Draft(("Is it A?",), "1. Unplug\n2. Wait", (False,)),
    "quoted": Draft(("Warum ist sie kaputt?",), "> Warum ist sie kaputt?\nDas tut uns leid.", (True,)),
    "quoted and left": Draft(("Warum ist sie kaputt?",), "Hallo\n\n> Warum ist sie kaputt?", (False,)),
    "only quoted words": Draft(("Where is my parcel?",), "Hello\n> Your parcel left", (False,)),
    "in a signature": Draft(("Where is my parcel?",), "Hello\n-- \nParcel desk", (False,)),
    "nothing written": Draft(("Where is my parcel?",), " \n", (False,)),
    "a greeting": Draft(("Where is my parcel?", "When is it here?"), "Dear Kim,\n\nthank you for asking.", (False, False)),
}  # fmt: skip


@pytest.mark.parametrize("draft", DRAFTS.values(), ids=DRAFTS.keys())
def test_a_question_is_crossed_off_when_the_draft_seems_to_answer_it(draft: Draft) -> None:
    assert touched(draft.questions, draft.text) == draft.seen
    left = [one for one, seen in zip(draft.questions, draft.seen, strict=True) if not seen]
    assert untouched(draft.questions, draft.text) == tuple(left)


# --------------------------------------------------------------------------- whatever the text

PIECES = st.sampled_from(
    ["?", "？", "¿", ";", "> ", "\n", "1. ", "- ", "where is ", "please ", "(", '"', "https://x.y/?a=", "\x1b[31m",
     "いつ", "か。", "\ue0f8", "\u202e", "a-", ".", "-- \n"]
)  # fmt: skip
WILD = st.one_of(
    st.text(max_size=150), st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=40).map("".join)
)


@settings(deadline=None, max_examples=40)
@given(WILD, WILD)
def test_no_text_makes_it_raise(text: str, draft: str) -> None:
    found = questions_in(text)
    assert all(each and each == one_line(each, LONGEST) for each in found)
    assert len(touched(found, draft)) == len(found)


@pytest.mark.parametrize(
    "piece", ["?", "a?", "x.", "please ", "a-", "¿", "> \n", "1. ", "(", "a.b/", "when ", "ご", "12", "\n"]
)
def test_hostile_text_costs_little(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    started = time.process_time()
    questions_in(text)
    touched(("When is it here?", "Do you sell lamps?"), text)
    assert time.process_time() - started < 1
