"""What stands below an answer: the right signature, once, and only what its readers have seen already."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.below import (
    LONGEST_HISTORY,
    answered_in,
    conversation_language,
    format_for,
    history,
    mailbox_of,
    quote_for,
    signature_for,
    signed,
)
from inbox.language import language_of
from inbox.model import Address, Customer
from inbox.ports import Item, Recipient
from inbox.settings import Mailbox, Settings
from inbox.us import Us

ZONE = ZoneInfo("Europe/Vienna")
US = Us.of(["@shop.example"])
SUPPORT = "support@shop.example"
JO, MIA = "jo@park.example", "mia@park.example"


def mailbox(name: str, **more: object) -> Mailbox:
    values: dict[str, object] = {
        "name": name, "address": f"{name}@shop.example", "user": name,
        "imap_host": "i", "imap_port": 1, "imap_security": "tls",
        "smtp_host": "s", "smtp_port": 1, "smtp_security": "tls",
    }  # fmt: skip
    return Mailbox(**(values | more))  # type: ignore[arg-type]  # a test names what it needs


SHOP = Settings(
    mailboxes=(
        mailbox("support", signature="Support\nFernweh", signatures=(("de", "Kundendienst\nFernweh"),)),
        mailbox("sales", aliases=("offers@shop.example",), format="both", quote="none"),
    ),
    quote="all",
)

# --------------------------------------------------------------------------- the language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hello, it should have come on Friday. Where is my parcel and when can you send it?", "en"),
        ("Guten Tag, wann kommt mein Paket? Ich habe die Lampe noch nicht und bitte um eine Antwort.", "de"),
        ("Bonjour, je n'ai pas reçu mon colis. Merci de me dire dans combien de jours vous l'envoyez.", "fr"),
        ("Hola, no he recibido el paquete. ¿Cuándo llega? Gracias por su respuesta, es muy urgente.", "es"),
        ("Buongiorno, non ho ricevuto il mio pacco. Quando arriva? Grazie per la risposta, è urgente.", "it"),
        (
            "Olá, ainda não recebi o meu pacote. Quando é que chega? Obrigado, isso é muito urgente para mim.",
            "pt",
        ),
        ("Hallo, ik heb mijn pakket nog niet ontvangen. Wanneer komt het? Graag een bericht van u.", "nl"),
        ("Gdzie jest moja paczka? Miała przyjść w piątek i nadal jej nie ma.", "pl"),
    ],
)
def test_a_few_sentences_tell_their_language(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "Rechnung 2231",
        "Anna Weber, Weber & Sons, 12 Canal Street, Bergen",
        "いつ届きますか。",
        "Kde je můj balík? Měl přijít v pátek a stále tu není.",
        "Var är mitt paket? Det skulle ha kommit i fredags men jag har inte fått det.",
        "The parcel and the lamp are here. Die Lampe ist kaputt und ich bin nicht froh mit der Farbe.",
        "Ich weiß nicht, je ne sais pas, non lo so, I do not have it, no es el mi paquete.",
    ],
)
def test_what_is_short_mixed_or_of_another_language_is_of_none(text: str) -> None:
    assert language_of(text) == ""


def item(
    number: int,
    direction: str,
    sender: str,
    to: tuple[str, ...],
    reply: str,
    cc: tuple[str, ...] = (),
    state: str = "sent",
) -> Item:
    recipients = tuple(Recipient(one, state) for one in (*to, *cc)) if direction == "out" else ()
    return Item(
        number, direction, 1_800_000_000 + number, "", f"<{number}@x>", (Address("", sender),),
        tuple(Address("", one) for one in to), tuple(Address("", one) for one in cc), (), "Parcel", reply, reply, "", "",
        (), (), False, (), recipients=recipients,
    )  # fmt: skip


def test_the_language_is_that_of_the_customers_last_words() -> None:
    english = item(
        1, "in", JO, (SUPPORT,), "Where is my parcel and when can you send it? I have not seen it."
    )
    german = item(
        2, "in", JO, (SUPPORT,), "Wann kommt mein Paket? Ich habe es noch nicht und bitte um Antwort."
    )
    ours = item(3, "out", SUPPORT, (JO,), "It is on the way and you will have it soon, it is not lost.")
    assert conversation_language([english, german, ours]) == "de"
    assert conversation_language([german, english]) == "en"
    assert conversation_language([ours]) == ""


def test_what_a_person_said_of_the_customer_outweighs_it() -> None:
    english = item(
        1, "in", JO, (SUPPORT,), "Where is my parcel and when can you send it? I have not seen it."
    )
    assert answered_in(Customer(1, "Jo"), [english]) == answered_in(None, [english]) == "en"
    assert answered_in(Customer(1, "Jo", language="fr"), [english]) == "fr"


# --------------------------------------------------------------------------- the signature


def test_the_signature_is_that_of_the_mailbox_in_the_language_or_the_plain_one() -> None:
    assert signature_for(SHOP, SUPPORT, "de") == "Kundendienst\nFernweh"
    assert signature_for(SHOP, "Fernweh <Support+c.1@SHOP.example>", "fr") == "Support\nFernweh"
    assert signature_for(SHOP, SUPPORT) == "Support\nFernweh"
    assert signature_for(SHOP, "offers@shop.example", "de") == ""
    assert signature_for(SHOP, "nobody@else.example") == signature_for(Settings(), SUPPORT) == ""
    assert mailbox_of(SHOP.mailboxes, None) is None


def test_a_mailbox_goes_before_what_holds_for_all() -> None:
    assert (format_for(SHOP, "offers@shop.example"), quote_for(SHOP, "offers@shop.example")) == (
        "both",
        "none",
    )
    assert (format_for(SHOP, SUPPORT), quote_for(SHOP, SUPPORT)) == ("text", "all")
    assert (format_for(SHOP, None), quote_for(Settings(), None)) == ("text", "last")


def test_the_signature_stands_below_its_mark_once() -> None:
    once = signed("Hello.\n", "Support\nFernweh\n")
    assert once == "Hello.\n\n-- \nSupport\nFernweh"
    assert signed(once, "Support\nFernweh") == once
    assert signed("Hello.\n\nSupport \n\nFernweh", "Support\nFernweh") == "Hello.\n\nSupport \n\nFernweh"
    assert signed("Hello.\n--\nMe", "Support") == "Hello.\n--\nMe"
    assert signed("Hello.", " \n") == "Hello."


@settings(deadline=None)
@given(st.text(max_size=100), st.text(max_size=40))
def test_signing_twice_is_signing_once(text: str, signature: str) -> None:
    once = signed(text, signature)
    assert once.startswith(text.rstrip())
    assert signed(once, signature) == once


# --------------------------------------------------------------------------- the history

ASKED = item(1, "in", JO, (SUPPORT,), "Where is it?", cc=(MIA,))
NOTE = item(2, "note", "bo@shop.example", (), "he is always impatient")
ANSWERED = item(3, "out", SUPPORT, (JO, MIA), "On its way.")
ALONE = item(4, "out", SUPPORT, (MIA,), "Mia, only you may know this.")
LOST = item(5, "out", SUPPORT, (JO,), "This came back.", state="failed")
AGAIN = item(6, "in", JO, (SUPPORT,), "Still not here.")
ITEMS = [ASKED, NOTE, ANSWERED, ALONE, LOST, AGAIN]


def quoted(
    how: str, readers: tuple[str, ...] = (JO,), last: Item | None = AGAIN, items: list[Item] = ITEMS
) -> str:
    return history(items, last, how, readers, US, ZONE)


def test_the_last_message_is_quoted_under_who_wrote_it() -> None:
    assert quoted("last") == "On 2027-01-15 09:00, jo@park.example wrote:\n> Still not here."
    assert quoted("none") == quoted("last", last=None) == ""


def test_all_is_the_newest_first_without_notes_and_without_what_did_not_arrive() -> None:
    lines = [line for line in quoted("all").split("\n") if line.startswith(">")]
    assert lines == ["> Still not here.", "> On its way.", "> Where is it?"]


def test_nobody_reads_what_another_recipient_alone_has_seen() -> None:
    both = quoted("all", (f"Jo <{JO}>", MIA, "bo@shop.example"))
    assert [line for line in both.split("\n") if line.startswith(">")] == ["> On its way.", "> Where is it?"]
    assert quoted("last", (JO, MIA)) == ""
    assert quoted("all", (JO, "stranger@else.example")) == ""
    assert "only you" in quoted("all", (MIA,))
    assert quoted("last", ("jo@home.example",)) == ""
    home = history(ITEMS, AGAIN, "last", ("jo@home.example",), US, ZONE, customer=("jo@home.example", JO))
    assert home.endswith("> Still not here.")


def test_whoever_asked_for_answers_elsewhere_reads_what_they_wrote() -> None:
    elsewhere = AGAIN._replace(reply_to=(Address("", "jo@home.example"),))
    assert quoted("last", ("jo@home.example",), elsewhere).endswith("> Still not here.")


def test_the_line_above_a_quote_is_in_its_language_and_a_history_has_an_end() -> None:
    german = AGAIN._replace(reply="Wann kommt mein Paket? Ich habe es noch nicht und bitte um Antwort.")
    assert quoted("last", last=german).startswith("Am 2027-01-15 09:00 schrieb jo@park.example:")
    long = [item(n, "in", JO, (SUPPORT,), f"{n} " + "x" * 20_000) for n in range(6)]
    said = quoted("all", last=long[-1], items=long)
    assert len(said) < LONGEST_HISTORY + 1000
    assert "> 5 x" in said and "> 1 x" not in said
