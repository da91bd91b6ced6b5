"""Whose mail it is when the headers name somebody else: contact forms, and what teammates pass on."""

from __future__ import annotations

from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox import mime
from inbox.actions import complete
from inbox.answering import prepare
from inbox.below import history
from inbox.model import Address, Message, Who
from inbox.on_behalf import behalf
from inbox.own_results import confirms, own_results
from inbox.ports import Item
from inbox.settings import ContactForm, Mailbox, Settings, Teammate, load
from inbox.text import one_line
from inbox.us import Us
from tests.front import TEAM, Front
from tests.shop import ZONE
from tests.stores import Desk, desk, letter

US = Us.of(["@shop.example"])
BO = "Bo <bo@shop.example>"
FORMS = (ContactForm("forms@shop.example"),)
CONFIRMED = "mx.shop.example; dmarc=pass header.from=shop.example"
FILLED_IN = (
    "Somebody wrote on the web site.\n\nName: Jo Park\nE-Mail: jo@park.example\nMessage:\nWhere is my lamp?\n"
)
PASSED_ON = (
    "Can you take this? He is a pain.\n\n---------- Forwarded message ---------\nFrom: Jo Park <jo@park.example>\n"
    "Date: Mon, 16 Mar 2026 at 09:00\nSubject: Lamp\nTo: <bo@shop.example>\n\nWhere is my lamp?\n"
)


@pytest.fixture
def here(tmp_path: Path) -> Desk:
    return desk(tmp_path)


def gets(here: Desk, raw: bytes, **how: Any) -> int:
    return here.gets(raw, us=US, **how)


def whose(here: Desk, conversation: int) -> tuple[str, tuple[str, ...]]:
    row = here.store.rows([conversation])[0]
    return row.customer_name, row.customer_addresses


def answer_to(here: Desk, conversation: int) -> tuple[str, ...]:
    return prepare(here.store.items(conversation), US, ["support@shop.example"]).to


def item(here: Desk, conversation: int) -> Item:
    return here.store.items(conversation)[0]


# --------------------------------------------------------------------------- contact forms


def test_who_filled_in_a_form_is_the_customer_and_gets_the_answer(here: Desk) -> None:
    raw = letter("Web <forms@shop.example>", subject="Contact", text=FILLED_IN, id_="<1@shop.example>")
    form = gets(here, raw, forms=FORMS)
    assert whose(here, form) == ("Jo Park", ("jo@park.example",))
    assert answer_to(here, form) == ("jo@park.example",)
    assert here.state(form).last_from == "customer" and here.state(form).unread
    later = gets(here, letter("jo@park.example", subject="Another thing", id_="<2@park.example>"))
    assert here.state(later).customer == here.state(form).customer
    here.verified()


def test_without_a_rule_the_form_itself_is_the_customer(here: Desk) -> None:
    raw = letter("Web <forms@site.example>", text=FILLED_IN, id_="<1@site.example>")
    assert whose(here, gets(here, raw)) == ("Web", ("forms@site.example",))


def test_a_form_is_a_persons_words_whatever_sent_them(here: Desk) -> None:
    raw = letter(
        "no-reply@shop.example", text=FILLED_IN, id_="<1@shop.example>", auto_submitted="auto-generated"
    )
    form = gets(here, raw, forms=(ContactForm("@shop.example"),))
    assert here.state(form).waiting_since is not None and not here.state(form).notice


def test_a_form_read_from_an_import_is_the_customers_too(here: Desk) -> None:
    raw = letter("forms@shop.example", text=FILLED_IN, id_="<1@shop.example>")
    form = gets(here, raw, forms=FORMS, trusted=True, history=True)
    assert whose(here, form)[0] == "Jo Park" and here.state(form).last_from == "customer"


@pytest.mark.parametrize(
    ("text", "form", "found"),
    [
        ("Ihre E-Mail-Adresse: lea@mail.example\nIhr Name: Lea Krol\n", {}, ("Lea Krol", "lea@mail.example")),
        ("Adresse e-mail :\nzoe@post.example\nNom : Zoé\n", {}, ("Zoé", "zoe@post.example")),
        ("お名前：山田\nメールアドレス：yamada@kaisha.example\n", {}, ("山田", "yamada@kaisha.example")),
        ("*Email*: <a@b.example>\n", {}, ("", "a@b.example")),
        ("Email | a@b.example |\nName | Ann |\n", {}, ("Ann", "a@b.example")),
        ("Contact = a@b.example\nWho: Ann\n", {"address": "Contact", "name": "Who:"}, ("Ann", "a@b.example")),
        ("Email: nobody\nEmail: victim@b.example\n", {}, None),
        ("Email: bo@shop.example\n", {}, None),
        ("Emailing you about jo@park.example\n", {}, None),
        ("", {}, None),
    ],
)
def test_forms_of_many_sites(text: str, form: dict[str, Any], found: tuple[str, str] | None) -> None:
    message = Message(sender=(Address("", "forms@shop.example"),), text=text)
    said = behalf(message, b"", US, forms=(ContactForm("forms@shop.example", **form),))
    assert (said.customer if said else None) == (Address(*found) if found else None)


@given(st.text(max_size=300), st.text(max_size=30))
def test_no_form_breaks_the_reading(text: str, label: str) -> None:
    message = Message(sender=(Address("", "forms@shop.example"),), text=text)
    behalf(message, b"", US, forms=(ContactForm("forms@shop.example", label, label),))
    bo = (Address("", "bo@shop.example"),)
    behalf(Message(sender=bo, subject="Fwd: x", text=text), b"", US, trusted=True)


def test_whoever_fills_in_nonsense_is_blocked_and_not_the_form(here: Desk) -> None:
    raw = letter("Web <forms@site.example>", text=FILLED_IN, id_="<1@site.example>")
    forms = (ContactForm("forms@site.example"),)
    form = gets(here, raw, forms=forms)
    here.did("anna", "block", conversation=form)
    assert [each.address for each in here.store.blocked()] == ["jo@park.example"]
    again = letter("Web <forms@site.example>", subject="Again", text=FILLED_IN, id_="<2@site.example>")
    assert here.state(gets(here, again, forms=forms)).status.value == "spam"
    other = FILLED_IN.replace("jo@park", "lea@krol")
    another = letter("Web <forms@site.example>", subject="Other", text=other, id_="<3@site.example>")
    assert here.state(gets(here, another, forms=forms)).status.value == "open"


def test_an_import_and_the_worker_know_the_rule(front: Front) -> None:
    front.write_settings(TEAM + '[[contact_form]]\nfrom = "forms@shop.example"\n')
    path = front.workspace.parent / "form.eml"
    path.write_bytes(letter("forms@shop.example", text=FILLED_IN, id_="<1@shop.example>", at=front.now))
    front.ok("import", str(path))
    (row,) = front.json("list")
    assert row["customer"]["addresses"] == ["jo@park.example"] and row["last_from"] == "customer"
    assert front.ok("verify").status == 0


def test_the_worker_hands_the_settings_on(tmp_path: Path) -> None:
    mailbox = Mailbox("support", "a@b.example", "a", "h", 1, "tls", "h", 1, "tls", authserv_id="mx.b.example")
    other = mailbox._replace(name="sales", authserv_id=None)
    found = Settings(
        forms=FORMS, mailboxes=(mailbox, other), team=(Teammate("anna"),), authserv_id="mx.example"
    )
    assert found.servers == {"support": "mx.b.example", "sales": "mx.example"}


def test_the_rest_of_a_large_mail_stays_the_customers(here: Desk) -> None:
    raw = letter("forms@shop.example", text=FILLED_IN + "x" * 200, id_="<1@shop.example>")
    beginning = raw[: len(raw) - 100]
    form = gets(here, beginning, forms=FORMS, coming=len(raw))
    number = item(here, form).id
    whole = mime.parse(raw)
    decide = partial(complete.decide, message=whole, raw=raw)
    assert here.store.change(complete.scope(number, whole), decide, Who("sync"), here.tick()).refusal is None
    assert item(here, form).coming == 0 and answer_to(here, form) == ("jo@park.example",)
    here.verified()


def test_the_rule_stands_in_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[[contact_form]]\nfrom = "forms@shop.example"\naddress = "Your e-mail"\n')
    assert load(file, tmp_path / "kept").forms == (ContactForm("forms@shop.example", "Your e-mail"),)
    assert load(file, tmp_path / "kept").forms == (ContactForm("forms@shop.example", "Your e-mail"),)


FIELDS = """
[[contact_form]]
from = "forms@shop.example"
address = "E-Mail"
name = "Name"
phone = "Telefon"
fields = { number = "Kundennummer", "bought in" = "Gekauft in" }
"""
WITH_FIELDS = (
    "Name: Jo Park\nE-Mail: jo@park.example\nTelefon: 0660 / 123 45 67\nKundennummer: 4711\nGekauft in:\nWien\n"
    "Nachricht:\nWhere is my lamp?\n"
)


def test_name_address_number_and_own_fields_come_out_of_the_body(front: Front) -> None:
    """By the rule of its sender; the panel shows them, who calls from that number is known, and the record holds."""
    front.write_settings(TEAM + FIELDS)
    path = front.workspace.parent / "form.eml"
    path.write_bytes(letter("forms@shop.example", text=WITH_FIELDS, id_="<1@shop.example>", at=front.now))
    front.ok("import", str(path))
    (row,) = front.json("list")
    (jo,) = front.json("customer", "show", row["customer"]["id"])
    assert (jo["name"], jo["addresses"]) == ("Jo Park", ["jo@park.example"])
    assert jo["fields"] == {"bought in": "Wien", "number": "4711"}
    (caller,) = front.json("call", "0660 1234567")
    assert caller["customer"]["id"] == jo["id"]
    assert front.ok("verify").status == 0


def test_a_form_says_nothing_anew_of_whom_we_know(front: Front) -> None:
    """Anybody can fill in the address of somebody else: what is known of them stays, and no number becomes theirs."""
    front.write_settings(TEAM + FIELDS)
    front.receive([letter("Jo Park <jo@park.example>", id_="<0@park.example>", at=front.now)])
    (jo,) = front.json("customer", "list")
    front.ok("customer", "edit", jo["id"], "--field", "number=1")
    path = front.workspace.parent / "form.eml"
    path.write_bytes(letter("forms@shop.example", text=WITH_FIELDS, id_="<1@shop.example>", at=front.now))
    front.ok("import", str(path))
    (after,) = front.json("customer", "show", jo["id"])
    assert after["fields"] == {"bought in": "Wien", "number": "1"} and after["handles"] == []
    assert front.ok("verify").status == 0
    front.ok("customer", "edit", jo["id"], "--field", "bought in=Graz")
    assert front.json("customer", "show", jo["id"])[0]["fields"]["bought in"] == "Graz"


@given(st.text(max_size=300), st.text(max_size=30))
def test_whatever_is_filled_in_is_one_line_that_can_be_shown(text: str, label: str) -> None:
    message = Message(
        sender=(Address("", "forms@shop.example"),), text=f"Email: a@b.example\n{text}\n{label}: {text}"
    )
    form = ContactForm("forms@shop.example", None, None, label or "x", (("number", label or "x"),))
    found = behalf(message, b"", US, forms=(form,))
    assert found is None or all(
        one_line(value) == value != "" and len(value) <= 500 for _, value in found.fields
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ('{ "a=b" = "x" }', "a field's name has at most"),
        ("{ number = 4711 }", "number"),
        ('"number"', "fields"),
    ],
)
def test_a_wrong_field_is_refused_with_its_place(front: Front, fields: str, words: str) -> None:
    front.write_settings(TEAM + f'[[contact_form]]\nfrom = "forms@shop.example"\nfields = {fields}\n')
    refused = front.run("list")
    assert refused.status == 3 and words in refused.err and "settings.toml:" in refused.err


# --------------------------------------------------------------------------- what a teammate passes on


def forward(
    sender: str = BO, text: str = PASSED_ON, to: str = "support@shop.example", said: str = CONFIRMED
) -> bytes:
    more: dict[str, Any] = {"authentication_results": said} if said else {}
    return letter(sender, subject="Fwd: Lamp", text=text, to=to, id_="<f@shop.example>", **more)


def test_a_teammate_passes_on_a_customers_mail_and_the_customer_gets_the_answer(here: Desk) -> None:
    one = gets(here, forward(), authserv_id="mx.shop.example")
    assert whose(here, one) == ("Jo Park", ("jo@park.example",))
    assert answer_to(here, one) == ("jo@park.example",)
    assert here.state(one).last_from == "customer"
    (event,) = [each for each in here.store.events(one) if each.message]
    assert event.data["forwarded_by"] == "bo@shop.example"
    here.verified()


def test_what_the_teammate_says_about_it_is_never_quoted_to_the_customer(here: Desk) -> None:
    one = gets(here, forward(), authserv_id="mx.shop.example")
    quoted = history(
        here.store.items(one), item(here, one), "all", ["jo@park.example"], US, ZONE, ["jo@park.example"]
    )
    assert quoted == ""


@pytest.mark.parametrize(
    "said",
    [
        "",
        "mx.evil.example; dmarc=pass header.from=shop.example",
        "mx.shop.example; dmarc=fail header.from=shop.example",
        "mx.shop.example; spf=pass smtp.mailfrom=evil.example",
        "mx.shop.example; dkim=pass header.d=evil.example",
    ],
)
def test_a_stranger_who_writes_like_a_teammate_changes_nothing(here: Desk, said: str) -> None:
    one = gets(here, forward(said=said), authserv_id="mx.shop.example")
    assert whose(here, one)[1] == ("bo@shop.example",)
    assert answer_to(here, one) != ("jo@park.example",)


def test_where_the_server_has_no_name_nothing_is_believed(here: Desk) -> None:
    assert whose(here, gets(here, forward()))[1] == ("bo@shop.example",)


def test_a_forward_in_an_import_is_believed(here: Desk) -> None:
    one = gets(here, forward(said=""), trusted=True, history=True)
    assert whose(here, one)[0] == "Jo Park"


def test_what_we_pass_on_to_somebody_else_stays_ours(here: Desk) -> None:
    one = gets(here, forward(to="carrier@parcel.example", said=""), trusted=True)
    assert here.state(one).last_from == "us"
    assert whose(here, one)[1] == ("carrier@parcel.example",)


def test_it_joins_the_conversation_of_the_mail_it_passes_on(here: Desk) -> None:
    first = gets(here, letter("Jo Park <jo@park.example>", id_="<q@park.example>", to="support@shop.example"))
    raw = letter(
        BO,
        subject="Fwd: Where is my parcel?",
        text=PASSED_ON,
        id_="<f@shop.example>",
        answers=["<q@park.example>"],
    )
    assert gets(here, raw, trusted=True, history=True) == first
    here.verified()


@pytest.mark.parametrize(
    ("subject", "lines", "found"),
    [
        (
            "WG: Lampe",
            [
                "FYI",
                "",
                "Von: Jo Park <jo@park.example>",
                "Gesendet: Montag, 16. März 2026 09:00",
                "An: Bo",
                "Betreff: Lampe",
                "",
                "Hallo",
            ],
            ("Jo Park", "jo@park.example"),
        ),
        (
            "TR: Lampe",
            [
                "-------- Message transféré --------",
                "Sujet : Lampe",
                "Date : Mon, 16 Mar 2026 09:00:00",
                "De : Zoé <zoe@post.example>",
                "Pour : bo@shop.example",
                "",
                "Bonjour",
            ],
            ("Zoé", "zoe@post.example"),
        ),
        (
            "Fwd: Lamp",
            [
                "Begin forwarded message:",
                "",
                "From: Jo Park <jo@park.example>",
                "Subject: Lamp",
                "Date: 16 March 2026 at 09:00",
                "To: bo@shop.example",
                "",
                "Hello",
            ],
            ("Jo Park", "jo@park.example"),
        ),
        (
            "Fwd: Lamp",
            ["Begin forwarded message:", "", "*From: *Jo Park <jo@park.example>", "*Subject: **Lamp*", ""],
            ("Jo Park", "jo@park.example"),
        ),
        (
            "Fwd: Lamp",
            [
                "---------- Forwarded message ---------",
                "From: 'Park, Jo' [mailto:jo@park.example]",
                "Date: x",
                "Subject: y",
                "To: z",
                "",
            ],
            ("Park, Jo", "jo@park.example"),
        ),
        (
            "Fwd: Lamp",
            [
                "---------- Forwarded message ---------",
                "From: Bo <bo@shop.example>",
                "To: Jo <jo@park.example>",
                "",
            ],
            None,
        ),
        (
            "Fwd: Lamp",
            [
                "---------- Forwarded message ---------",
                "From: Jo Park",
                "Date: x",
                "Subject: y",
                "To: jo@park.example",
                "",
            ],
            None,
        ),
        (
            "Re: Lamp",
            [
                "Yes.",
                "",
                "From: Jo Park <jo@park.example>",
                "Sent: Monday, 16 March 2026 09:00",
                "To: Bo",
                "Subject: Lamp",
                "",
                "Hello",
            ],
            None,
        ),
        ("Lamp", ["He said: From: jo@park.example is my address"], None),
    ],
)
def test_header_blocks_of_many_programs(
    subject: str, lines: list[str], found: tuple[str, str] | None
) -> None:
    sender = (Address("Bo", "bo@shop.example"),)
    message = Message(sender=sender, subject=subject, text="\n".join(lines))
    said = behalf(message, b"", US, trusted=True)
    assert (said.customer if said else None) == (Address(*found) if found else None)


def test_an_answer_that_quotes_what_was_passed_on_before_is_a_colleagues_word() -> None:
    quoted = "I would say no.\n\n" + "\n".join(f"> {line}" for line in PASSED_ON.splitlines())
    raw = letter(BO, subject="Re: Fwd: Lamp", text=quoted, answers=["<f@shop.example>"])
    assert behalf(mime.parse(raw), raw, US, trusted=True) is None
    raw = letter(BO, subject="Fwd: Lamp", text=PASSED_ON, answers=["<q@park.example>"])
    assert behalf(mime.parse(raw), raw, US, trusted=True) is not None


def with_attached(*inner: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = (
        BO,
        "support@shop.example",
        "Fwd",
        "<a@shop.example>",
    )
    mail.set_content("See below.")
    for each in inner:
        attached = EmailMessage()
        for name, value in (line.split(": ", 1) for line in each.decode().split("\n\n")[0].split("\n")):
            attached[name] = value
        attached.set_content("Hello")
        mail.add_attachment(attached)
    return mail.as_bytes()


def test_an_attached_mail_says_who_wrote_it() -> None:
    jo = b"From: Jo Park <jo@park.example>\nSubject: Lamp"
    for mails, found in (
        ([jo], "jo@park.example"),
        ([jo + b"\nReply-To: jo@home.example"], "jo@home.example"),
        ([jo, b"From: x@y.example\nSubject: z"], None),
        ([b"From: bo@shop.example\nSubject: z"], None),
    ):
        raw = with_attached(*mails)
        said = behalf(mime.parse(raw), raw, US, trusted=True)
        assert (said.customer.address if said else None) == found


# --------------------------------------------------------------------------- what our own server found out


def test_only_the_topmost_words_of_our_own_server_count() -> None:
    ours, forged = "mx.shop.example; dmarc=fail", "mx.shop.example; dmarc=pass"
    other = "mx.evil.example; dmarc=pass"
    assert own_results([ours, forged], "mx.shop.example")["dmarc"].result == "fail"
    assert own_results([other, forged], "mx.shop.example") == {}
    assert own_results([forged], None) == {}
    several = own_results(
        ["mx.shop.example 1; dmarc=pass", "MX.shop.example; spf=fail; dkim=none", other], "mx.shop.example"
    )
    assert {method: found.result for method, found in several.items()} == {
        "dmarc": "pass",
        "spf": "fail",
        "dkim": "none",
    }


def test_comments_quotes_and_several_signatures() -> None:
    value = (
        'mx.shop.example (by; me); dkim=fail (x=y) header.d=a.example; dkim=pass header.d="shop.example";'
        " auth=pass smtp.auth=bo@shop.example"
    )
    found = own_results([value], "mx.shop.example")
    assert found["dkim"].result == "pass" and found["dkim"].about["header.d"] == "shop.example"
    assert confirms(found, "bo@shop.example") and not confirms(own_results([], "x"), "bo@shop.example")


@given(st.lists(st.text(max_size=200), max_size=4), st.text(max_size=20))
def test_no_header_breaks_the_reading(values: list[str], ours: str) -> None:
    confirms(own_results(values, ours), "bo@shop.example")
    confirms(own_results([f"{ours}; {value}" for value in values], ours), "bo@shop.example")
