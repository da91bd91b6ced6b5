"""How people address each other: noticed from their words, in doubt nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.forms_of_address import FAMILIAR, POLITE, Noticed, called, form_in, in_words, noticed


@pytest.mark.parametrize(
    ("language", "text", "form"),
    [
        ("de", "Kannst du mir sagen, wann dein Paket kommt?", FAMILIAR),
        ("de", "Können Sie mir sagen, wann Ihr Paket kommt?", POLITE),
        ("de", "Ich habe die Lampen bekommen. Sie sind kaputt. Sie leuchten nicht.", ""),
        ("de", "Bitte schicken Sie mir Ihre Rechnung. Sie fehlt noch.", POLITE),
        ("de", "ich warte auf dich und Sie", ""),
        ("de", "Wo bleibt die Lampe?", ""),
        ("fr", "Peux-tu me dire où est ta lampe ?", FAMILIAR),
        ("fr", "Pouvez-vous me dire où est votre lampe ?", POLITE),
        ("es", "¿Me puedes decir si tienes la lámpara?", FAMILIAR),
        ("es", "¿Podría usted decirme dónde está?", POLITE),
        ("it", "Puoi dirmi dove è la tua lampada?", FAMILIAR),
        ("it", "Potrebbe dirmi, se Lei ha la lampada, e il Suo prezzo?", POLITE),
        ("nl", "Kun je me zeggen waar jouw pakket is?", FAMILIAR),
        ("nl", "Kunt u mij zeggen waar uw pakket is?", POLITE),
        ("en", "Can you tell me where it is?", ""),
        ("xx", "du du du", ""),
    ],
)
def test_one_form_is_told_from_the_other_and_neither_is_guessed(language: str, text: str, form: str) -> None:
    assert form_in(text, language) == form


DU = "Hallo, könntest du mir bitte sagen, wann das Paket kommt? Ich habe es noch nicht."
SIE = "Guten Tag, ich habe die Lampe noch nicht bekommen, wann können Sie mir das Paket schicken, bitte?"
BARE = "Die Lampe ist noch nicht da und ich warte auf das Paket, das von der Post ist."


def test_the_newest_words_that_tell_anything_decide() -> None:
    assert noticed([DU, SIE]) == Noticed("de", FAMILIAR)
    assert noticed([BARE, SIE]) == Noticed("de", POLITE)
    assert noticed([BARE], [DU]) == Noticed("de", FAMILIAR), "what we wrote to them last"
    assert noticed([SIE], [DU]) == Noticed("de", POLITE), "theirs before ours"
    assert noticed(["ok"]) == noticed([]) == Noticed()
    assert noticed(["ok"], [DU]) == Noticed(), "our words alone say nothing of theirs"


def test_it_is_said_in_words() -> None:
    assert in_words(Noticed("de", FAMILIAR)) == "writes German, du"
    assert in_words(Noticed("en", "")) == "writes English"
    assert in_words(Noticed()) == called(FAMILIAR, "en") == called("", "de") == ""


@given(st.text(max_size=300), st.sampled_from(["de", "fr", "es", "it", "nl", "pt"]))
def test_no_text_breaks_it(text: str, language: str) -> None:
    assert form_in(text, language) in ("", FAMILIAR, POLITE)
