"""By which signs somebody is upset: words in thirteen languages, how it is written, how often they came."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.ports import Lately
from inbox.settings import Watched
from inbox.upset import ENOUGH, MOST, in_short, in_words, judged, own_words
from inbox.upset_words import PHRASES, WEIGHTS
from tests.upset_letters import AFTERWARDS, FIRST, LATER

W = Watched()


def codes(text: str, subject: str = "", watched: Watched = W) -> tuple[str, ...]:
    return judged(text, subject, watched)


# --------------------------------------------------------------------------- letters


@pytest.mark.parametrize(("letters", "may_miss"), [(FIRST, 0), (LATER, 1), (AFTERWARDS, 1)])
def test_letters_are_told_apart(letters: list[tuple[str, bool, str]], may_miss: int) -> None:
    alarms = [text for _, upset, text in letters if not upset and codes(text)]
    missed = [text for _, upset, text in letters if upset and not codes(text)]
    assert alarms == []
    assert len(missed) <= may_miss, missed


def test_there_are_letters_enough() -> None:
    assert len(FIRST) + len(LATER) >= 150
    assert len(LATER) >= (len(FIRST) + len(LATER)) // 3
    assert len({language for language, _, _ in FIRST}) == 13


# --------------------------------------------------------------------------- words


@pytest.mark.parametrize("language", PHRASES)
def test_every_strong_phrase_is_found(language: str) -> None:
    rows = PHRASES[language]
    assert set(rows) == {*WEIGHTS, "not", "settled"}
    strong = ",".join(rows[kind] for kind, least in WEIGHTS.items() if least >= ENOUGH)
    for phrase in map(str.strip, strong.split(",")):
        written = phrase.replace("*", "").replace("…", "xx yy")
        sentence = {"ja": f"これは{written}です", "zh": f"我说{written}吧"}.get(language, f"Xx yy {written}.")
        assert codes(sentence), phrase


@pytest.mark.parametrize(
    "text",
    [
        "I am not furious.",
        "We don't intend to take legal action.",
        "No formal complaint from me.",
        "Ich bin keineswegs, also nicht wütend.",
        "Das ist keine Frechheit.",
        "Ce n'est pas une honte.",
        "No es una vergüenza.",
        "Non è una vergogna.",
        "Não é uma vergonha.",
        "Dit is geen schande.",
        "To nie skandal.",
        "Det är inte oacceptabelt.",
        "Det er ikke uacceptabelt.",
        "Это не возмутительно.",
        "怒っていません。",
        "我不是要起诉。",
    ],
)
def test_what_is_denied_is_no_sign(text: str) -> None:
    assert codes(text) == ()


def test_not_only_denies_nothing() -> None:
    assert codes("I am not only disappointed, I am furious.")
    assert codes("Das ist nicht nur eine Frechheit.")


@pytest.mark.parametrize(
    "text",
    [
        "I will never order from another shop again.",
        "Never again without this jacket.",
        "Nie wieder ohne!",
        "Das war unverschämt gut.",
        "Ich kann mich wirklich nicht beschweren.",
        "Mir reicht eine Rechnung per Mail.",
        "Ist das das letzte Stück?",
        "Meine letzte Bestellung bei Ihnen ist noch unterwegs.",
        "Haben Sie auch einen Stern aus Holz?",
        "Wollen Sie mich bitte zurückrufen?",
        "Que choisir entre le bleu et le vert ?",
        "La dernière fois que j'ai commandé, tout allait bien.",
        "Voici la photo, cela suffit ?",
        "No volveré a estar en casa hasta el lunes.",
        "La última vez que compré era más barato.",
        "A encomenda já chega amanhã?",
        "De vorige keer was de laatste keer dat het paste.",
        "Сколько можно заказать? Мы достали из коробки старые.",
        "最低の価格はいくらですか。",
        "我的相机曝光不准，报警器也想买。订单8812315。",
        "I have never been treated so well by a shop.",
        "¿Es bajo en consumo el frigorífico?",
        "Sorry to ask: is this mail a scam, or is it from you?",
    ],
)
def test_words_that_anger_elsewhere_are_calm_here(text: str) -> None:
    assert codes(text) == ()


def test_sorry_for_my_english_calms_nobody() -> None:
    assert codes("Sorry for my English. This is unacceptable.")
    assert codes("It has not been solved, and I am furious.")


def test_hyphens_are_blanks() -> None:
    assert codes("A one-star review is all you will get.") == ("leaving:one star review",)


def test_one_mild_word_raises_nothing_and_two_do() -> None:
    assert codes("That was disappointing.") == ()
    assert codes("That was disappointing, and your answer was rude.") == ("sore:disappointing", "sore:rude")
    assert codes("It is disappointing. A real disappointment.") == ()  # one word, said twice
    far = (
        "The colour is disappointing." + " We like the shape of it." * 40 + " A rude neighbour has one, too."
    )
    assert codes(far) == ()


def test_a_refund_is_a_sign_only_in_anger() -> None:
    assert codes("Could I have a refund? I am still waiting for it.") == ()
    assert codes("I am annoyed and want a refund.") == ("sore:annoyed", "money:refund")


def test_capitals_accents_and_apostrophes_do_not_matter() -> None:
    assert codes("Cest INACCEPTABLE, je suis desole") == ("angry:inacceptable",)
    assert codes("I\u2019m furious") == ("angry:i'm furious",)
    assert codes("Das ist unverschamt") == ("angry:unverschämt",)


def test_what_is_over_is_no_anger_but_a_threat_stays_one() -> None:
    assert codes("I was furious yesterday, but it is all sorted now.") == ()
    assert codes("It is all sorted now. My lawyer will write all the same.") == ("legal:my lawyer",)
    assert codes("It is not all sorted now, and I am furious.") == ("angry:i am furious",)


def test_the_subject_counts_where_it_is_their_own() -> None:
    assert codes("Please answer.", "Formal complaint: order 7")
    assert codes("Please answer.", "Re: Formal complaint: order 7") == ()


def test_quoted_lines_do_not_count() -> None:
    assert codes("> This is unacceptable.\nYou wrote that, and I agree to the new date.") == ()


@pytest.mark.parametrize(
    "mark",
    [
        "---------- Forwarded message ---------",
        "Anfang der weitergeleiteten Nachricht:",
        "Begin forwarded message:",
    ],
)
def test_what_is_passed_on_is_not_the_words_of_who_passes_it_on(mark: str) -> None:
    text = f"Could you help him?\n\n{mark}\nFrom: Max <max@x.example>\n\nThis is unacceptable.\n"
    assert codes(own_words(text)) == ()
    assert codes(own_words(text, passed_on=True)) == ("angry:unacceptable",)  # by a teammate, for a customer
    assert own_words("No mark.", passed_on=True) == "No mark."


# --------------------------------------------------------------------------- how it is written


def test_a_line_of_shouting_is_a_sign_beside_others() -> None:
    calm = "I wrote to you last week and you said that somebody would call me about the sofa."
    assert codes(f"{calm}\nWHEN WILL YOU CALL ME") == ()
    assert codes(f"{calm}\nWHEN WILL YOU CALL ME???") == ("capitals", "marks")
    assert codes(f"{calm}\nPO BOX 7 ACME GMBH XB2 PRO MAX???") == ()
    assert codes("WHEN WILL YOU CALL ME???") == ()  # all of it is so: a habit


def test_three_marks_count_but_not_those_of_joy() -> None:
    assert codes("Nobody answers!!!") == ("waiting:nobody answers", "marks")
    assert codes("Nobody answers as fast as you, thank you!!!") == ()
    assert codes("Nobody answers!") == ()


# --------------------------------------------------------------------------- how often they came


def test_a_third_contact_is_enough() -> None:
    others = (Lately(1, "Parcel 88123", ""), Lately(2, "Where is it", "my parcel 88123 has not come"))
    assert judged("About 88123 again.", "Help", W, others=others) == ("third-contact",)
    assert judged("About 99999.", "Help", W, others=others) == ()
    assert judged("About 88123 again.", "Help", W, others=others[:1]) == ()
    same = (Lately(1, "Re: Broken lamp", ""), Lately(2, "broken  LAMP", ""))
    assert judged("Hello?", "Broken lamp", W, others=same) == ("third-contact",)
    words = (Lately(1, "Washing machine leaks", ""), Lately(2, "The washing machine", ""))
    assert judged("Hello?", "Washing machine again", W, others=words) == ("third-contact",)
    assert (
        judged("Hello?", "A question", W, others=(Lately(1, "Question", ""), Lately(2, "Question", ""))) == ()
    )
    assert judged("Hello?", "", W, messages=3) == ("third-message",)
    assert judged("Hello?", "", W, messages=2) == ()


# --------------------------------------------------------------------------- settings


def test_own_phrases_and_such_as_are_passed_over() -> None:
    own = Watched(words=("third time … lucky", "ärgernis*"), ignore=("unacceptable", "MY LAWYER"))
    assert codes("Third time really very lucky?", watched=own) == (
        "own:third time … lucky",
        "waiting:third time",
    )
    assert codes("Welche Argernisse!", watched=own) == ("own:ärgernis*",)
    assert codes("This is unacceptable, says my lawyer.", watched=own) == ()
    assert codes("Das sagt mein Anwalt.", watched=Watched(ignore=("Anwalt",))) == ()
    assert codes("我要找律师", watched=Watched(ignore=("律师",))) == ()
    assert codes("Our data protection officer", watched=Watched(words=("個人情報",))) == ()
    assert codes("個人情報について", watched=Watched(words=("個人情報",))) == ("own:個人情報",)


def test_signs_read_well() -> None:
    assert in_words(("legal:my lawyer", "third-contact")) == "legal word: my lawyer · third contact"
    assert in_words(("sore:rude", "angry:furious", "marks")) == "angry words: rude, furious · !!! or ???"
    assert in_words(()) == ""
    assert in_short(("legal:my lawyer", "third-contact")) == "my lawyer, third contact"


# --------------------------------------------------------------------------- anything


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_is_judged(text: str, subject: str) -> None:
    found = judged(text, subject, W)
    assert found == judged(text, subject, W) and len(found) <= MOST
    assert all(len(code) < 80 for code in judged(text, subject, Watched(words=("a … b*", "x"))))


def test_a_long_letter_costs_little() -> None:
    text = "was ist denn nun mit der Lieferung " * 4000
    assert codes(text) == ()
    assert codes("aaaa " * 100_000 + "furious") == ()  # beyond what is looked at
