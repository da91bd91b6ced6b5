"""What leaves the house: built by hand, read again by another reader, and never bent by what strangers wrote."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox import answering, built, flowed, mime, outgoing
from inbox.below import quote_history
from inbox.bodies import unflow
from inbox.errors import NotDone
from inbox.model import Address, Message
from inbox.outgoing import Enclosure, Outgoing
from inbox.us import Us
from tests.faults.clock import MONDAY

US = Us.of(["support@shop.example", "ann@shop.example"])
ANN = Address("Ann from Shop", "support@shop.example")
BO = Address("Bo Lee", "bo@mail.example")
ID = "<0123456789abcdef0123456789abcdef@shop.example>"
PLAIN = Outgoing(ANN, (BO,), "Re: Your parcel", "Hello Bo,\n\nit left today.\n\nAnn\n", ID, MONDAY)


def names(raw: bytes) -> list[str]:
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    return [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))]


def read(raw: bytes) -> Message:
    return mime.parse(raw)


# ---------------------------------------------------------------------- building


def test_a_plain_answer_has_just_the_fields_that_were_asked_for() -> None:
    raw = outgoing.build(PLAIN)

    assert names(raw) == [
        "From", "To", "Subject", "Date", "Message-ID",
        "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    ]  # fmt: skip
    assert b"Date: Mon, 16 Mar 2026 09:00:00 +0000\r\n" in raw
    assert built.verify_built(raw, PLAIN) == []


def test_our_own_reader_reads_what_we_wrote() -> None:
    letter = replace(
        PLAIN,
        subject="Re: Größe der Schuhe 👟 " * 6,
        to=(Address("Bo Müller, Köln", "bo@mail.example"), Address('The "Shop"', "x@y.example")),
        cc=(Address("", "c@straße.example"),),
        text="Grüße aus Köln.\n> Wo bleibt es?\n\n-- \nAnn",
        in_reply_to="<a@b>",
        references=("<1@b>", "<a@b>"),
    )

    message = read(outgoing.build(letter))

    assert message.subject == letter.subject.strip()
    assert message.to == (Address("Bo Müller, Köln", "bo@mail.example"), Address('The "Shop"', "x@y.example"))
    assert message.cc == (Address("", "c@xn--strae-oqa.example"),)
    assert message.message_id == ID
    assert message.date == MONDAY
    assert message.in_reply_to == ("<a@b>",)
    assert message.references == ("<1@b>", "<a@b>")
    assert message.text.rstrip() == letter.text
    assert message.oddities == ()


def test_encoded_words_are_short_enough_for_every_reader() -> None:
    raw = outgoing.build(replace(PLAIN, subject="Größe " * 60, to=(Address("Ö" * 90, "bo@mail.example"),)))

    words = re.findall(rb"=\?[^? ]+\?.\?[^? ]*\?=", raw)
    assert len(words) > 10
    assert max(map(len, words)) <= 75


def test_bcc_is_in_the_envelope_and_nowhere_in_the_bytes() -> None:
    letter = replace(PLAIN, bcc=(Address("Boss", "boss@shop.example"),))

    raw = outgoing.build(letter)

    assert outgoing.envelope(letter) == ("bo@mail.example", "boss@shop.example")
    assert b"boss" not in raw.lower()
    assert b"bcc" not in raw.lower()


def test_who_is_named_twice_is_told_to_the_server_once() -> None:
    assert outgoing.envelope(replace(PLAIN, cc=(BO,), bcc=(BO,))) == ("bo@mail.example",)


def test_a_message_without_recipients_or_with_one_that_cannot_be_mailed_is_not_built() -> None:
    with pytest.raises(NotDone, match="no recipient"):
        outgoing.build(replace(PLAIN, to=()))
    with pytest.raises(NotDone, match="cannot be mailed"):
        outgoing.build(replace(PLAIN, to=(Address("", "a@b.example>\r\nRCPT TO:<c@d.example"),)))
    with pytest.raises(NotDone, match="Message-ID"):
        outgoing.build(replace(PLAIN, message_id="<a@b>\r\nBcc: x@y.example"))


def test_files_and_html_travel_unchanged() -> None:
    letter = replace(
        PLAIN,
        html="<p>Hello Bo,\nit left <b>today</b> · é</p>\n",
        attachments=(
            Enclosure("../../Rechnung März.pdf", "application/pdf", bytes(range(256)) * 40),
            Enclosure("forwarded.eml", "message/rfc822", b"Subject: x\r\n\r\ny"),
            Enclosure("\u202egpj.exe\r\nX-Evil: 1", "text/html\r\nX: y", b""),
            Enclosure("名" * 300 + ".txt", "text/plain", b"z"),
        ),
    )

    raw = outgoing.build(letter)

    assert built.verify_built(raw, letter) == []
    assert [part.name for part in read(raw).attachments][:2] == ["Rechnung März.pdf", "forwarded.eml"]
    assert b"X-Evil:" not in raw
    assert max(map(len, raw.split(b"\r\n"))) <= outgoing.LONGEST_LINE


def test_an_automatic_answer_says_so() -> None:
    raw = outgoing.build(replace(PLAIN, automatic="auto-replied"))

    assert b"\r\nAuto-Submitted: auto-replied\r\n" in raw


def test_references_keep_the_first_and_the_last_ids_and_drop_what_is_none() -> None:
    ids = tuple(f"<{number}@mail.example>" for number in range(100))
    letter = replace(
        PLAIN, references=(*ids, "no id", "<a@b\r\nBcc: x@y>", "<=?utf-8?q?a=0ABcc:?=@b>"), in_reply_to="<x>"
    )

    raw = outgoing.build(letter)

    assert built.verify_built(raw, letter) == []
    kept = message_from_bytes(raw)["References"].split()
    assert kept[0] == "<0@mail.example>"
    assert kept[1:] == list(ids[-39:])


def test_message_ids_carry_128_bits_under_our_domain() -> None:
    assert outgoing.new_message_id("shop.example", 255) == f"<{'0' * 30}ff@shop.example>"
    assert outgoing.new_message_id("straße.example", (1 << 128) - 1).endswith("@xn--strae-oqa.example>")
    with pytest.raises(ValueError, match="128"):
        outgoing.new_message_id("shop.example", 1 << 128)
    with pytest.raises(NotDone):
        outgoing.new_message_id("shop.example>\r\nX: ", 1)


# ---------------------------------------------------------------------- the last look


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        (b"To: ", b"Bcc: evil@mail.example\r\nTo: ", "the header has"),
        (b"Bo Lee", b"Bo Lea", "To reads"),
        (b"bo@mail", b"by@mail", "To reads"),
        (b"Your parcel", b"Your parrot", "Subject reads"),
        (b"left today", b"left monday", "the text reads otherwise"),
        (b"Message-ID: <0", b"Message-ID: <1", "Message-ID reads"),
        (b"\r\n\r\n", b"\n\n", "does not end in CR and LF"),
        (b"Ann\r\n", "Änn\r\n".encode(), "no plain ASCII"),
        (b"Ann\r\n", b"Ann\r\n" + b"x" * 999, "too long"),
    ],
)
def test_whatever_differs_from_what_was_meant_is_named(was: bytes, becomes: bytes, problem: str) -> None:
    raw = outgoing.build(PLAIN)
    assert was in raw

    problems = built.verify_built(raw.replace(was, becomes, 1), PLAIN)

    assert any(problem in one for one in problems), problems


# ---------------------------------------------------------------------- wild input

WILD = st.text(max_size=300)
EVIL = st.sampled_from(
    [
        "=?utf-8?q?Hello=0D=0ABcc:_evil@mail.example?=",
        "=?utf-8?B?SGVsbG8NCkJjYzogZXZpbEBtYWlsLmV4YW1wbGU=?=",
        "Hello\r\nBcc: evil@mail.example",
        "Hello\rBcc: evil@mail.example\r\n\r\nbody",
        "Hello\u2028Bcc: evil@mail.example\x85X: y\x0bZ: z",
        "\r\n \r\n",
        "a" * 1200,
        '"><evil@mail.example>, "',
        "\\",
        '\\"',
        "\ud800",
    ]
)
FOREIGN = st.one_of(WILD, EVIL, st.builds(str.__add__, EVIL, WILD))


@settings(deadline=None)
@given(FOREIGN, FOREIGN, FOREIGN, st.lists(FOREIGN, max_size=4), FOREIGN)
def test_no_foreign_text_ever_becomes_a_header(
    subject: str, name: str, in_reply_to: str, references: list[str], text: str
) -> None:
    letter = replace(
        PLAIN,
        to=(Address(name, "bo@mail.example"),),
        subject=subject,
        in_reply_to=in_reply_to,
        references=tuple(references),
        text=text,
        attachments=(Enclosure(name, subject, text.encode("utf-8", "replace")),),
    )

    raw = outgoing.build(letter)

    assert built.verify_built(raw, letter) == []
    allowed = {
        "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert set(names(raw)) <= allowed
    assert outgoing.envelope(letter) == ("bo@mail.example",)


@settings(deadline=None)
@given(EVIL, EVIL, EVIL, EVIL)
def test_an_encoded_newline_in_a_received_mail_reaches_no_header_of_the_answer(
    subject: str, sender: str, reply_to: str, references: str
) -> None:
    """The whole way: received bytes -> Message -> answer -> bytes."""
    fields = {
        "Subject": subject,
        "From": f"{sender} <bo@mail.example>",
        "Reply-To": f"{reply_to} <bo@mail.example>",
        "Message-ID": "<1@mail.example>",
        "References": references,
    }
    head = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in fields.items())
    received = read(head.encode("utf-8", "replace") + b"\r\nWhere is it?\r\n")

    who = answering.reply_recipients(received, US)
    parent, hanging = answering.hangs_on(received)
    letter = replace(
        PLAIN,
        to=who.to or (BO,),
        subject=answering.reply_subject(received.subject),
        in_reply_to=parent,
        references=hanging,
    )
    raw = outgoing.build(letter)

    assert built.verify_built(raw, letter) == []
    assert "Bcc" not in names(raw)
    assert "evil@mail.example" not in outgoing.envelope(letter)


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab é\t>-\nFrom .=_"), max_size=400))
def test_what_is_wrapped_can_be_unwrapped_exactly(text: str) -> None:
    assert flowed.plain(unflow(flowed.flow(text))) == flowed.plain(text)


@settings(deadline=None)
@given(st.text(max_size=500))
def test_any_text_survives_the_wrapping(text: str) -> None:
    assert flowed.plain(unflow(flowed.flow(text))) == flowed.plain(text)


def test_long_paragraphs_are_wrapped_softly_and_quotes_keep_their_depth() -> None:
    text = "word " * 40 + "\n> > " + "quoted " * 30 + "\n\n-- \nAnn\nFrom here\n"

    wrapped = flowed.flow(text)

    lines = wrapped.split("\n")
    assert all(len(line) <= 78 for line in lines)
    assert lines[0].endswith(" ")
    assert sum(line.startswith(">> quoted") for line in lines) == 4
    assert "-- " in lines
    assert " From here" in lines


def test_two_dashes_in_a_paragraph_never_become_the_mark_of_a_signature() -> None:
    text = "word " * 14 + "-- " + "w" * 80 + " end"

    assert "-- " not in flowed.flow(text).split("\n")
    assert flowed.plain(unflow(flowed.flow(text))) == text


# ---------------------------------------------------------------------- answering


@pytest.mark.parametrize(
    ("subject", "answer"),
    [
        ("Your parcel", "Re: Your parcel"),
        ("RE: Re: AW: Your parcel", "Re: Your parcel"),
        ("SV: VS: Antw: Odp: Re[4]: RES: R: RIF: 回复：Your parcel", "Re: Your parcel"),
        ("Aw: Fwd: Your parcel", "Re: Fwd: Your parcel"),
        ("Return: Your parcel", "Re: Return: Your parcel"),
        ("", "Re:"),
        ("Re:", "Re:"),
        ("Hello\r\nBcc: evil@mail.example", "Re: Hello Bcc: evil@mail.example"),
    ],
)
def test_the_subject_of_an_answer_piles_nothing_up(subject: str, answer: str) -> None:
    assert answering.reply_subject(subject) == answer


def a(*addresses: str) -> tuple[Address, ...]:
    return tuple(Address("", address) for address in addresses)


def test_reply_to_goes_before_from_unless_it_is_ours() -> None:
    elsewhere = Message(sender=a("bo@mail.example"), reply_to=a("bo@home.example"))
    ours = Message(sender=a("bo@mail.example"), reply_to=a("support@shop.example"))

    assert answering.reply_recipients(elsewhere, US).to == a("bo@home.example")
    assert answering.reply_recipients(elsewhere, US).elsewhere
    assert answering.reply_recipients(ours, US).to == a("bo@mail.example")
    assert not answering.reply_recipients(ours, US).elsewhere


def test_an_answer_to_all_leaves_us_out_and_names_nobody_twice() -> None:
    message = Message(
        sender=a("bo@mail.example"),
        to=a("Support+c.123@shop.example", "BO@mail.example", "cy@mail.example"),
        cc=a("ann@shop.example", "cy@mail.example", "di@mail.example"),
    )

    everybody = answering.reply_recipients(message, US, everybody=True)

    assert everybody.to == a("bo@mail.example", "cy@mail.example")
    assert everybody.cc == a("di@mail.example")
    assert answering.reply_recipients(message, US).to == a("bo@mail.example")


def test_an_answer_to_our_own_mail_goes_on_to_its_recipients() -> None:
    message = Message(sender=a("ann@shop.example"), to=a("bo@mail.example"), cc=a("cy@mail.example"))

    assert answering.reply_recipients(message, US).to == a("bo@mail.example")
    assert answering.reply_recipients(message, US, everybody=True).cc == a("cy@mail.example")
    note = Message(sender=a("ann@shop.example"), to=a("support@shop.example"))
    assert answering.reply_recipients(note, US).to == a("support@shop.example")


def test_addresses_nobody_reads_are_named_and_those_that_fit_no_grammar_are_not_mailed() -> None:
    message = Message(
        sender=a("no-reply@big.example"), to=a("a@b.example>\r\nRCPT TO:<c@d.example", "cy@e.example")
    )

    who = answering.reply_recipients(message, US, everybody=True)

    assert who.no_reply == ("no-reply@big.example",)
    assert who.to == a("no-reply@big.example", "cy@e.example")
    assert len(who.unparsed) == 1
    assert "\n" not in who.unparsed[0]


@pytest.mark.parametrize(
    ("address", "nobody"),
    [
        ("noreply@x.example", True),
        ("order.do-not-reply@x.example", True),
        ("noreply-2@x.example", True),
        ("nicht_antworten@x.example", True),
        ("mailer-daemon@x.example", True),
        ("nora.reply@x.example", False),
        ("reply@x.example", False),
        ("casino.replying@x.example", False),
    ],
)
def test_who_reads_no_answers_is_told_by_the_address(address: str, nobody: bool) -> None:
    assert answering.is_no_reply(address) is nobody


def test_an_answer_hangs_on_all_that_came_before() -> None:
    message = Message(message_id="<3@x>", references=("<1@x>", "<2@x>"), in_reply_to=("<2@x>",))

    assert answering.hangs_on(message) == ("<3@x>", ("<1@x>", "<2@x>", "<3@x>"))
    assert answering.hangs_on(Message(message_id="<3@x>", in_reply_to=("<2@x>",))) == (
        "<3@x>",
        ("<2@x>", "<3@x>"),
    )
    assert answering.hangs_on(Message()) == (None, ())


def test_history_is_quoted_under_who_wrote_it_in_the_language_of_the_conversation() -> None:
    berlin = ZoneInfo("Europe/Berlin")

    german = quote_history("Wo bleibt es?\n> Hallo\n", "Bo\nLee", MONDAY, berlin, "de")

    assert german == "Am 2026-03-16 10:00 schrieb Bo Lee:\n> Wo bleibt es?\n>> Hallo"
    assert quote_history("x", "Bo", MONDAY, berlin, "tlh").startswith("On 2026-03-16 10:00, Bo wrote:")
