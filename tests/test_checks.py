"""What is said before a reply leaves: each check stops what it is for, and does not cry wolf."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.attached import PROMISED, promised_attachment
from inbox.checks import NEVER, Against, Check, File, Written, checks, placeholders
from inbox.model import Address, Event, EventType, Instant
from inbox.ports import Item
from inbox.text import one_line
from inbox.us import Us

US = Us.of(["@shop.example"])
SUPPORT = "support@shop.example"
JO = Address("Jo Park", "jo@park.example")
FINE = Written("It left today.", ("jo@park.example",), sender=SUPPORT, subject="Re: Parcel")


def item(
    number: int = 1,
    direction: str = "in",
    sender: Address = JO,
    to: tuple[str, ...] = (SUPPORT,),
    cc: tuple[str, ...] = (),
    at: Instant = 0,
    automatic: bool = False,
) -> Item:
    """A message of a conversation."""
    people = [tuple(Address("", one) for one in side) for side in (to, cc)]
    return Item(
        number, direction, at or number, "", f"<{number}@x>", (sender,), people[0], people[1], (), "Parcel", "", "", "",
        "", (), (), automatic, (),
    )  # fmt: skip


WHERE = item()
HERE = Against((WHERE,), WHERE, us=US, senders=(SUPPORT,), team=("anna", "bo"), who="anna")


def names(written: Written = FINE, against: Against = HERE, **changed: object) -> list[str]:
    """The names of what does not hold, the letter changed in one thing."""
    return [each.name for each in checks(replace(written, **changed), against)]  # type: ignore[arg-type]  # a test names what it needs


def only(written: Written, against: Against = HERE) -> Check:
    """The one thing that does not hold."""
    (found,) = checks(written, against)
    return found


def test_an_ordinary_answer_meets_no_word() -> None:
    assert checks(FINE, HERE) == ()


# --------------------------------------------------------------------------- stops that no reason overrides


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u2060", "> Where is it?\n> Jo", "-- \nAnna, Shop"])
def test_an_answer_without_a_word_of_ours_is_empty(text: str) -> None:
    found = only(replace(FINE, text=text))
    assert (found.kind, found.name, found.overridable, found.mend) == ("stop", "empty", False, "text")
    assert found.words == "The reply is empty."
    assert names(kind="note", text=text, to=()) == ["empty"]
    assert names(kind="forward", text=text) == []
    assert names(attachments=(File("invoice.pdf", 10),), text=text) == []


def test_nobody_is_no_recipient_and_what_is_no_address_is_named() -> None:
    assert only(replace(FINE, to=())).name == "missing"
    found = only(replace(FINE, to=("jo@park.example, jo@park",)))
    assert (found.name, found.subject, found.overridable) == ("unparsed", "jo@park", False)
    assert found.words == "jo@park cannot be mailed: it is no address."
    assert names(to=("jo@",)) == ["unparsed"]  # and not missing as well
    assert names(to=('"Jo', "jo@park.example")) == ["unparsed"]
    assert names(sender=None) == ["sender"]


def test_an_address_in_another_script_is_one_like_any_other() -> None:
    wide = replace(FINE, to=("jö@park.example",))
    assert checks(wide, replace(HERE, customer=("jö@park.example",))) == ()


def test_only_these_can_never_be_overridden() -> None:
    everything = Written("", (), ("x",), sender=None, subject="{name}")
    found = checks(everything, HERE)
    assert [each.name for each in found] == ["empty", "unparsed", "sender", "placeholder"]
    assert [each.overridable for each in found] == [False, False, False, True]
    assert {"empty", "missing", "unparsed", "sender"} == NEVER


# --------------------------------------------------------------------------- placeholders


@pytest.mark.parametrize(
    "text",
    [
        "Dear {name},",
        "Dear{name}",
        "Your order {order number} left.",
        "{Datum der Lieferung}",
        "Sehr geehrte {Anrede}, am {due}",
        "Hello {{first_name}}!",
        "    {name}\n    {street}",
        "({tracking link})",
        "> quoted\nbut {here we go}",
        "```\ncode\n```\n{name}",
    ],
)
def test_what_still_has_to_be_filled_stops(text: str) -> None:
    assert names(text=text) == ["placeholder"]


@pytest.mark.parametrize(
    "text",
    [
        "Type `{name}` into the template.",
        "```\nprint(f'{name}')\n```\nThat is all.",
        "~~~~\n```\n{name}\n~~~~",
        "> Dear {name},\n\nYour mail merge forgot something.",
        "It costs {5 €} or { 12.50 }.",
        "The set {a} and {1, 2} and {x, y}.",
        'Send {"name": 1} to us.',
        "echo ${name} and ${HOME}",
        "\\frac{ab}{cd} and x_{ij}",
        "body { margin } and {}",
        "    if (x) { return }\n\tfoo {bar}",
        "All is well.\n-- \n{name} from Shop",
        "Smile :-} and {-:",
    ],
)
def test_other_braces_are_no_placeholders(text: str) -> None:
    assert "placeholder" not in names(text=text)


def test_a_placeholder_in_the_subject_stops_and_all_are_counted() -> None:
    assert only(replace(FINE, subject="Re: {subject}")).mend == "fill"
    found = only(replace(FINE, text="{name}, {due}, {name}: {agent}"))
    assert (found.words, found.subject) == ("{name} is still to be filled, and 2 more.", "{name}")
    assert placeholders("{name}, {due}, {name}") == ("{name}", "{due}")


# --------------------------------------------------------------------------- who gets it


def test_an_address_from_elsewhere_stops_until_it_is_confirmed() -> None:
    letter = replace(FINE, cc=("Cy Day <cy@else.example>",))
    found = only(letter)
    assert (found.kind, found.name, found.mend, found.subject) == (
        "stop",
        "elsewhere",
        "confirm",
        "cy@else.example",
    )
    assert found.words == "cy@else.example is from elsewhere: it has no part in this conversation."
    assert checks(letter, replace(HERE, confirmed=("CY@else.example",))) == ()
    known = replace(HERE, others={"cy@else.example": "Cy Day"})
    assert (
        only(letter, known).words
        == "cy@else.example belongs to Cy Day, who has no part in this conversation."
    )


def test_who_took_part_who_is_the_customer_and_who_is_ours_is_from_nowhere_else() -> None:
    items = (item(cc=("mia@park.example",)), item(2, "out", Address("", SUPPORT), to=("boss@park.example",)))
    against = replace(HERE, items=items, customer=("jo@home.example",))
    everybody = (
        "JO@Park.example",
        "mia@park.example",
        "boss@park.example",
        "jo@home.example",
        "bo@shop.example",
    )
    assert names(FINE, against, to=everybody) == []
    assert names(FINE, against, bcc=("jo@hone.example",)) == ["elsewhere"]
    noted = replace(HERE, items=(item(direction="note", sender=Address("", "a@b.example")),))
    assert names(FINE, noted, to=("a@b.example",)) == ["elsewhere"]


def test_what_goes_elsewhere_by_its_nature_is_only_kept_from_other_customers() -> None:
    known = replace(HERE, others={"cy@else.example": "Cy Day"})
    for kind in ("forward", "new"):
        assert names(FINE, known, kind=kind, to=("carrier@post.example",)) == []
        assert names(FINE, known, kind=kind, to=("cy@else.example",)) == ["elsewhere"]


def test_a_machine_that_reads_nothing_is_not_written_to_nor_from() -> None:
    def to(address: str) -> tuple[Written, Against]:
        return replace(FINE, to=(address,)), replace(HERE, items=(item(sender=Address("", address)),))

    assert only(*to("no-reply@big.example")).words == "Nobody reads what is sent to no-reply@big.example."
    assert names(*to("nora.reply@big.example")) == []
    assert names(sender="noreply@shop.example") == ["no-reply", "alias"]


def test_an_address_where_nobody_is_stops() -> None:
    refused = replace(HERE, refused={"jo@park.example": "550 5.1.1 No such user here."})
    found = only(replace(FINE, to=("JO@park.example",)), refused)
    assert (found.name, found.overridable, found.mend) == ("refused", True, "recipients")
    assert found.words == "Nobody is at JO@park.example: 550 5.1.1 No such user here."
    assert names(FINE, replace(HERE, refused={"cy@else.example": "No such user"})) == []


# --------------------------------------------------------------------------- a colleague's newer answer


def test_an_answer_of_a_colleague_that_was_not_seen_stops() -> None:
    answer = Event(EventType.QUEUED, 5, "bo", 1, seq=7)
    against = replace(HERE, events=(answer,), seen=6)
    found = only(FINE, against)
    assert (found.name, found.words, found.mend) == ("newer", "bo has answered in the meantime.", "read")
    for quiet in (
        replace(against, seen=7),
        replace(against, seen=None),
        replace(against, who="bo"),
        replace(against, events=(replace(answer, void=True),)),
        replace(against, events=(Event(EventType.NOTED, 5, "bo", 1, seq=7),)),
        replace(against, events=(Event(EventType.RECEIVED, 5, "sync", 1, seq=7, data={"side": "customer"}),)),
    ):
        assert checks(FINE, quiet) == ()
    elsewhere = Event(EventType.RECEIVED, 5, "elsewhere", 1, seq=7, data={"side": "us"})
    assert names(FINE, replace(against, events=(elsewhere,))) == ["newer"]


# --------------------------------------------------------------------------- hints

PROMISES = {
    "English": ("Please find the invoice attached.", "Your attachment could not be opened."),
    "German": ("Anbei die Rechnung.", "Ihr Anhang ließ sich nicht öffnen."),
    "French": ("Vous trouverez ci-joint la facture.", "Il n'y avait aucune pièce jointe."),
    "Spanish": ("Le envío adjunto el recibo.", "No pudimos abrir su archivo adjunto."),
    "Italian": ("In allegato la fattura.", "Il suo allegato è vuoto."),
    "Portuguese": ("Segue em anexo a fatura.", "Não abrimos o seu anexo."),
    "Dutch": ("In de bijlage vindt u de factuur.", "Er was geen bijlage."),
    "Polish": ("W załączniku przesyłam fakturę.", "To jest załącznikowanie?"),
    "Swedish": ("Bifogar fakturan.", "Fakturan kommer snart."),
    "Danish": ("Fakturaen er vedhæftet.", "Fakturaen kommer."),
    "Russian": ("Счёт во вложении.", "Счёт придёт позже."),
    "Japanese": ("請求書を添付いたします。", "写真を添付してください。"),
    "Chinese": ("请见附件。", "您的附件打不开。"),
}


@pytest.mark.parametrize("language", PROMISED)
def test_a_promised_attachment_is_missed_in_every_language(language: str) -> None:
    promised, other = PROMISES[language]
    assert names(text=promised) == ["attachment"]
    assert names(text=promised, attachments=(File("invoice.pdf", 10),)) == []
    assert names(text=other) == []


def test_what_was_quoted_or_is_code_promises_nothing() -> None:
    for text in (
        "Thanks!\n> I have attached a photo.",
        "Use `git log attached`.",
        "Thanks.\n-- \nPlease see the attachment policy",
        "The cable is attached to the lamp.",
        "Could you please attach a photo?",
        "It was detached.",
    ):
        assert names(text=text) == []
    assert promised_attachment("Hänge ich\nan.") == "Hänge ich"


def test_an_answer_from_another_address_than_was_written_to_is_said() -> None:
    found = only(replace(FINE, sender="sales@shop.example"))
    assert (found.kind, found.name, found.mend, found.subject) == ("hint", "alias", "sender", SUPPORT)
    assert found.words == "It was written to support@shop.example, and is answered from sales@shop.example."
    for to in (("Support+c.12@shop.example",), ("list@else.example",), ("help@shop.example", SUPPORT)):
        assert "alias" not in names(FINE, replace(HERE, item=item(to=to)))
    assert names(kind="new", sender="sales@shop.example") == []


def test_a_copy_that_a_plain_reply_drops_is_said() -> None:
    group = item(cc=("mia@park.example", "bo@shop.example", "no-reply@lists.example"))
    against = replace(HERE, items=(group,), item=group)
    found = only(FINE, against)
    assert (found.name, found.mend) == ("cc", "reply-all")
    assert found.words == "mia@park.example was in copy and would not get this."
    assert names(FINE, against, cc=("Mia <MIA@park.example>",)) == []
    assert names(FINE, against, kind="reply-all") == []


@pytest.mark.parametrize(
    "text",
    [
        "@bo can you look?",
        "Internal: he is angry.",
        "FYI team, he called.",
        "Nur intern!",
        "ask @Bo.",
        "社内用です",
    ],
)
def test_an_answer_that_reads_like_a_note_is_said(text: str) -> None:
    found = only(replace(FINE, text=text))
    assert (found.kind, found.name, found.mend) == ("hint", "note", "note")


@pytest.mark.parametrize(
    "text",
    [
        "The internal memory is 64 GB.",
        "Write to bo@shop.example or me+@bo.",
        "@jo thanks!",
        "> FYI team\nThat was not for you.",
        "Our internal process takes a day.",
        "`@bo` is a handle",
        "Das Gerät hat internen Speicher.",
    ],
)
def test_these_words_read_like_an_answer(text: str) -> None:
    assert names(text=text) == []


def test_a_hint_that_was_ignored_five_times_offers_to_leave_and_then_stays_away() -> None:
    letter = replace(FINE, text="Anbei.")
    assert not only(letter, replace(HERE, ignored={"attachment": 4})).offers_to_leave
    assert only(letter, replace(HERE, ignored={"attachment": 5})).offers_to_leave
    assert checks(letter, replace(HERE, left=frozenset({"attachment"}))) == ()
    assert names(FINE, replace(HERE, left=frozenset({"empty", "missing"})), text="", to=()) == [
        "empty",
        "missing",
    ]


# --------------------------------------------------------------------------- whatever the text

PIECES = st.sampled_from(
    ["{", "}", "{name}", "`", "```\n", "> ", "-- \n", "@bo", "attached", "im\nAnhang", "\ud800", "\x00", "\u202e", "[/]"]
)  # fmt: skip
WILD = st.one_of(
    st.text(max_size=200), st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map("".join)
)


@settings(deadline=None)
@given(WILD, WILD, WILD, WILD, st.sampled_from(["reply", "reply-all", "forward", "new", "note"]), WILD)
def test_no_text_makes_a_check_raise(
    text: str, to: str, cc: str, subject: str, kind: str, detail: str
) -> None:
    letter = Written(text, (to, "jo@park.example"), (cc,), (), to, kind, subject)
    against = replace(
        HERE,
        refused={"jo@park.example": detail},
        item=item(cc=(to, cc)),
        team=(text, "bo"),
    )
    for found in checks(letter, against):
        assert found.words == one_line(found.words, 1000)
        assert "\n" not in found.next_step


@pytest.mark.parametrize(
    "piece", ["`", "```", "{", "{a", "@", "> ", "attached ", "\n", "-- \n", '"', "{name} ", "intern"]
)
def test_a_long_text_costs_little(piece: str) -> None:
    letter = replace(FINE, text=piece * 40_000, to=(piece * 2_000,))
    started = time.process_time()
    checks(letter, HERE)
    assert time.process_time() - started < 10  # quadratic, it would take minutes
