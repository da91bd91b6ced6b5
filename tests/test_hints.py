"""Hints while writing: each says what it is for, stays silent otherwise, and weighs what the settings say."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.checks import Against, Check, File, Written, checks
from inbox.hint_levels import ALWAYS, HINTS, LEVELS, usual_levels
from inbox.hints import FINDERS, whole_words
from inbox.model import Address
from inbox.ports import Item
from inbox.text import one_line
from inbox.us import Us
from inbox.written import Around

KIM, SHOP = Address("Kim", "kim@kim.example"), Address("", "support@shop.example")
LETTER = Written("It left today.", ("kim@kim.example",), sender="support@shop.example", subject="Re: Lamp")


def item(number: int, text: str, direction: str = "in") -> Item:
    """A message between Kim and the shop."""
    sender, to = ((KIM,), (SHOP,)) if direction == "in" else ((SHOP,), (KIM,))
    return Item(
        number, direction, number, "", None, sender, to, (), (), "Re: Lamp", text, text, "", "", (), (), False, ()
    )  # fmt: skip


def found(
    text: str,
    *items: Item,
    around: Around | None = None,
    left: frozenset[str] = frozenset(),
    ignored: dict[str, int] | None = None,
    **changed: object,
) -> tuple[Check, ...]:
    """What is found in an answer to these messages."""
    against = Against(
        items=items,
        item=next((each for each in reversed(items) if each.direction == "in"), None),
        us=Us.of(["@shop.example"]),
        senders=("support@shop.example",),
        around=around or Around(),
        left=left,
        ignored=ignored or {},
    )
    return checks(replace(LETTER, text=text, **changed), against)  # type: ignore[arg-type]  # a test names what it needs


def names(text: str, *items: Item, **more: object) -> list[str]:
    """Their names."""
    return [each.name for each in found(text, *items, **more)]  # type: ignore[arg-type]


def all_at(level: str, **levels: str) -> Around:
    """Every hint at one level, but for these."""
    return Around(dict.fromkeys(HINTS, level) | levels)


# --------------------------------------------------------------------------- how much each weighs


def test_every_hint_is_looked_for_and_has_a_level_and_no_stop_is_a_hint() -> None:
    assert FINDERS.keys() == HINTS.keys() == usual_levels().keys()
    assert set(usual_levels().values()) <= set(LEVELS)
    assert not ALWAYS.keys() & HINTS.keys()


def test_a_hint_is_hard_counted_only_said_or_off_as_the_settings_say() -> None:
    kinds = {level: found("Anbei.", around=Around({"attachment": level})) for level in LEVELS}
    assert [each.kind for each in kinds["hint"]] == ["hint"]
    assert [each.kind for each in kinds["passive"]] == ["passive"]
    assert kinds["off"] == ()
    (hard,) = kinds["hard"]
    assert (hard.kind, hard.overridable, hard.offers_to_leave) == ("stop", True, False)


def test_stops_come_first_then_what_counts_then_what_is_only_said() -> None:
    around = Around({"attachment": "passive", "internal": "hard"}, internal=("EK",), more=2)
    shown = found("Anbei der EK, {order}.", item(1, "Where is it?"), around=around, to=())
    assert [(each.kind, each.name) for each in shown] == [
        ("stop", "missing"),
        ("stop", "placeholder"),
        ("stop", "internal"),
        ("hint", "more"),
        ("passive", "attachment"),
        ("passive", "question"),
    ]


def test_who_has_let_a_hint_leave_does_not_see_it_but_what_is_hard_stays() -> None:
    away = frozenset({"question"})
    asked = item(1, "Where is it?")
    assert names("Hello", asked, left=away) == []
    assert names("Hello", asked, left=away, around=Around({"question": "hard"})) == ["question"]
    (often,) = found("Hello", asked, ignored={"question": 5})
    assert often.offers_to_leave


def test_a_note_gets_no_hint() -> None:
    assert (
        names("Anbei EK. We will do it soon.", item(1, "Where?"), around=all_at("hint"), kind="note", to=())
        == []
    )


# --------------------------------------------------------------------------- the customer


def test_an_untouched_question_is_said() -> None:
    asked = item(1, "Where is my parcel? And do you sell bulbs? And shades too?")
    (hint,) = found("Your parcel is on its way.", asked)
    assert (hint.kind, hint.words) == ("passive", "Question untouched: «And do you sell bulbs?», and 1 more.")
    assert names("The parcel is on its way, and yes, bulbs and shades we have.", asked) == []
    assert names("See you", asked, kind="forward") == []


def test_other_conversations_of_the_customer_are_named() -> None:
    (hint,) = found("Hello", around=Around(more=4, subjects=("Invoice", "", "Bulbs")))
    assert hint.words == "This customer has 4 more open: «Invoice», «no subject», «Bulbs» …."
    assert hint.mend == "merge"
    assert found("Hello", around=Around(more=4), kind="new") == ()


# --------------------------------------------------------------------------- as it was before

SPOKEN = {
    "en": ("Hello, I have not got the parcel. When will it be here? Please write to me.",
           "Thank you for your message. The parcel is with the carrier and will be with you on Friday."),
    "de": ("Hallo, ich habe das Paket noch nicht. Wann kommt es an? Bitte um eine Antwort.",
           "Vielen Dank. Das Paket ist auf dem Weg und wird am Freitag bei der Post sein, wir sind uns sicher."),
    "fr": ("Bonjour, je n'ai pas reçu le colis. Quand est-ce qu'il arrive ? Merci de me dire.",
           "Merci pour le message. Le colis est en route et il sera dans la boîte vendredi, nous sommes sûrs."),
    "es": ("Hola, no he recibido el paquete. ¿Cuándo llega? Gracias por la respuesta.",
           "Gracias por el mensaje. El paquete está en camino y llega el viernes por la mañana."),
    "it": ("Buongiorno, non ho ricevuto il pacco. Quando arriva? Grazie per la risposta.",
           "Grazie per il messaggio. Il pacco è in viaggio e arriva venerdì, questo è sicuro."),
    "nl": ("Hallo, ik heb het pakket nog niet. Wanneer komt het? Graag een bericht.",
           "Bedankt voor het bericht. Het pakket is bij de post en komt vrijdag, dat is zeker voor ons."),
    "pl": ("Dzień dobry, nie mam jeszcze paczki. Kiedy będzie? Bardzo proszę o odpowiedź.",
           "Dziękuję, paczka jest już w drodze i będzie w piątek, nie ma z tym problemu dla nas."),
    "ja": ("荷物がまだ届いていません。いつ届きますか。", "お荷物は配送中です。金曜日にお届けいたします。"),
}  # fmt: skip


@pytest.mark.parametrize("theirs", SPOKEN)
def test_an_answer_in_another_language_is_said_and_one_in_theirs_is_not(theirs: str) -> None:
    around = all_at("off", language="hint")
    asked = item(1, SPOKEN[theirs][0])
    said = {mine: names(SPOKEN[mine][1], asked, around=around) for mine in SPOKEN}
    assert said == {mine: [] if mine == theirs else ["language"] for mine in SPOKEN}


def test_who_keeps_to_the_language_of_our_last_answer_is_told_nothing() -> None:
    around = all_at("off", language="hint")
    asked, answered = item(1, SPOKEN["de"][0]), item(2, SPOKEN["en"][1], "out")
    assert names(SPOKEN["en"][1], asked, answered, item(3, SPOKEN["de"][0]), around=around) == []
    assert names(SPOKEN["fr"][1], asked, answered, item(3, SPOKEN["de"][0]), around=around) == ["language"]
    (hint,) = found(SPOKEN["fr"][1], asked, around=around)
    assert hint.words == "This is in French, and the customer writes German."


def test_a_short_draft_tells_no_language_but_its_letters_do() -> None:
    around = all_at("off", language="hint")
    assert names("Danke, geht klar!", item(1, SPOKEN["en"][0]), around=around) == []
    assert names("It leaves our house today", item(1, "いつ届きますか。"), around=around) == ["language"]
    assert names("ok", item(1, "いつ届きますか。"), around=around) == []


FORMS = {
    "de": ("Kannst du mir bitte sagen, wann das Paket kommt? Ich habe dir schon geschrieben.",
           "Können Sie mir bitte sagen, wann das Paket kommt? Ich habe Ihnen schon geschrieben."),
    "fr": ("Bonjour, est-ce que tu peux me dire quand le colis est là ? Je te remercie pour ton message.",
           "Bonjour, est-ce que vous pouvez me dire quand le colis est là ? Merci pour votre message."),
    "es": ("Hola, ¿me puedes decir cuándo llega el paquete? No está y tú me lo has dicho. Gracias por tu ayuda.",
           "Hola, ¿usted sabe cuándo llega el paquete? No está y se lo he dicho a usted. Gracias por todo."),
    "it": ("Ciao, quando arriva il pacco? Non è ancora qui e tu puoi vedere dove è, grazie per il tuo aiuto.",
           "Buongiorno, quando arriva il pacco? Non è ancora qui, e grazie per la Sua risposta e per il Suo aiuto."),
    "nl": ("Hallo, wanneer komt het pakket? Ik heb het nog niet van je gekregen, is dat bij jou bekend?",
           "Hallo, wanneer komt het pakket? Ik heb het nog niet van u gekregen, is dat bij u bekend?"),
    "pl": ("Cześć, czy możesz mi powiedzieć, kiedy będzie paczka? Nie mam jej i masz już moje pytanie.",
           "Dzień dobry, czy może mi pan powiedzieć, kiedy będzie paczka? Nie mam jej, proszę pana."),
}  # fmt: skip


@pytest.mark.parametrize("language", FORMS)
def test_another_form_of_address_than_before_is_said_and_the_same_is_not(language: str) -> None:
    around = all_at("off", form="hint")
    familiar, polite = FORMS[language]
    assert names(familiar, item(1, polite), around=around) == ["form"]
    assert names(polite, item(1, familiar), around=around) == ["form"]
    assert names(polite, item(1, polite), around=around) == []
    assert names(familiar, item(1, familiar), around=around) == []
    assert names(polite, item(1, familiar), item(2, polite, "out"), item(3, familiar), around=around) == []


def test_the_form_is_named_and_a_language_without_one_says_nothing() -> None:
    around = all_at("off", form="hint")
    (hint,) = found(FORMS["de"][0], item(1, FORMS["de"][1]), around=around)
    assert hint.words == "This says du, and before it was Sie."
    assert names(SPOKEN["en"][1], item(1, FORMS["de"][1]), around=around) == []
    assert names(SPOKEN["ja"][1], item(1, SPOKEN["ja"][0]), around=around) == []


# --------------------------------------------------------------------------- what stays among us


@pytest.mark.parametrize(
    "text", ["Der ek-preis ist 4 €.", "EK-PREIS: 4", "Von Lieferant\nMüller.", "仕入値は四です"]
)
def test_a_word_that_stays_inside_is_said(text: str) -> None:
    around = Around(internal=("EK-Preis", "Lieferant Müller", "仕入値"))
    assert "internal" in names(text, around=around)


def test_only_whole_words_of_ours_count() -> None:
    around = Around(internal=("EK", "Rabatt C"))
    assert names("Das GEKO und Rabatt CX.\n> EK\n-- \nEK", around=around) == []
    assert names("Hello", around=around, subject="Re: EK") == []
    assert names("Hello", around=around, subject="EK", kind="new") == ["internal"]
    assert names("Hello", around=around, attachments=(File("EK_2026.xlsx", 1),)) == ["internal"]
    assert whole_words(("a.b",)).search("axb") is None


# --------------------------------------------------------------------------- what is said


def test_a_promise_without_a_date_is_only_said() -> None:
    (hint,) = found("We will send the new lamp as soon as possible.")
    assert (hint.kind, hint.name) == ("passive", "promise")
    assert names("We will send the new lamp on Friday.") == []


ENDS = {
    "en": (
        "The money is back on your card. Thank you for telling us.",
        "If it is not there by Friday, write to us.",
    ),
    "de": (
        "Das Geld ist zurück auf dem Konto. Danke für die Nachricht.",
        "Melden Sie sich gern, falls etwas fehlt.",
    ),
    "fr": (
        "Le montant a été remboursé sur votre carte. Merci de votre message.",
        "N'hésitez pas à nous écrire.",
    ),
    "es": (
        "Hemos devuelto el importe a su tarjeta. Gracias por su mensaje.",
        "Si necesita algo más, aquí estamos.",
    ),
    "it": ("Abbiamo rimborsato l'importo sulla sua carta. Grazie del messaggio.", "Restiamo a disposizione."),
    "nl": (
        "Het bedrag is teruggestort op uw rekening. Bedankt voor uw bericht.",
        "Laat het ons gerust weten.",
    ),
    "pl": (
        "Zwróciliśmy kwotę na kartę i nie ma już nic dla nas. Dziękujemy.",
        "W razie pytań proszę napisać.",
    ),
}


@pytest.mark.parametrize("language", ENDS)
def test_a_closing_answer_without_a_next_step_is_said_once_switched_on(language: str) -> None:
    end, step = ENDS[language]
    asked = item(1, SPOKEN[language][0])
    around = all_at("off", next_step="hint")
    assert names(end, asked, around=around, closes=True) == ["next_step"]
    assert names(f"{end} {step}", asked, around=around, closes=True) == []
    assert names(end, asked, around=around, closes=False) == []
    (open_yet,) = found(end, asked, around=around)
    assert open_yet.closing  # it matters only where it is closed
    assert "next_step" not in names(end, asked, closes=True)


def test_in_a_language_that_nobody_told_nothing_is_said_of_a_next_step() -> None:
    around = all_at("off", next_step="hint")
    assert names("Kde je balík. Hotovo.", item(1, "Ahoj"), around=around, closes=True) == []
    assert (
        names("Fertig! https://shop.example/track", item(1, SPOKEN["de"][0]), around=around, closes=True)
        == []
    )


CANNED = (
    "Dear Jo,\n\nthe lamp {} left our house this morning with the carrier, and it is yours soon.\n\nBest\n{}"
)


def test_the_text_of_an_earlier_answer_is_said_once_switched_on() -> None:
    lately = ("Something else was asked, and something else we said.", CANNED.format(99, "Anna B."))
    around = all_at("off", same="hint")._replace(lately=lately)
    (hint,) = found(CANNED.format(4711, "Anna").replace("Jo", "Mia"), around=around)
    assert hint.words == "This is the text of your 2nd last answer."
    assert names(CANNED.format(4711, "Anna"), around=Around(lately=lately)) == []  # off by itself
    assert (
        names(
            "Dear Jo,\n\nthe blue shade you asked about comes back in spring, says the maker.\n\nBest",
            around=around,
        )
        == []
    )
    assert (
        names(
            "Dear Jo,\n\nit left our house on Monday evening.\n\nBest\nAnna",
            around=around._replace(lately=("Dear Mia,\n\nit left our house on Monday evening.",)),
        )
        == []
    )


# --------------------------------------------------------------------------- whatever the text

WILD = st.one_of(
    st.text(max_size=120),
    st.lists(
        st.sampled_from(
            [
                "Sie ",
                "du ",
                "the ",
                "soon ",
                "EK ",
                "\n",
                "> ",
                "?",
                "いつ",
                "{",
                "\x1b",
                "\ud800",
                "-- \n",
                "1. ",
            ]
        ),
        max_size=40,
    ).map("".join),
)


@settings(deadline=None, max_examples=30)
@given(WILD, WILD, WILD)
def test_no_text_makes_a_hint_raise_and_all_is_clean(text: str, theirs: str, ours: str) -> None:
    around = all_at("hint")._replace(internal=("EK",), more=1, subjects=(theirs,), lately=(ours,))
    for each in found(text, item(1, theirs), item(2, ours, "out"), item(3, theirs), around=around):
        assert each.words == one_line(each.words, 400)


@pytest.mark.parametrize("piece", ["soon ", "Sie ", "\n", "0", "x" * 50 + " ", "い", ". "])
def test_a_long_text_costs_little(piece: str) -> None:
    around = all_at("hint", promise="off")._replace(internal=("EK",), lately=(piece * 500,))
    text = piece * (30_000 // len(piece))
    started = time.process_time()
    found(text, item(1, text), item(2, text, "out"), item(3, text), around=around)
    assert time.process_time() - started < 1
