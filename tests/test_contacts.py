"""Address books: cards and tables of many programs, broken ones too, and back again."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inbox.contact_tables import as_rows, meaning, read_table
from inbox.contacts import Contact, Refused, as_vcard, read_vcards
from inbox.errors import BadUsage
from inbox.model import Customer, Identity


def cards(text: str | bytes) -> list[Contact | Refused]:
    return list(read_vcards(text.encode() if isinstance(text, str) else text))


def card(*lines: str, version: str = "3.0") -> Contact:
    (found,) = cards("\r\n".join(("BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", "")))
    assert isinstance(found, Contact), found
    return found


def table(text: str | bytes, **maps: str) -> list[Contact | Refused]:
    return list(read_table(text.encode() if isinstance(text, str) else text, maps))


def row(text: str | bytes, **maps: str) -> Contact:
    (found,) = table(text, **maps)
    assert isinstance(found, Contact), found
    return found


# --------------------------------------------------------------------------- vCard


def test_a_card_of_each_version() -> None:
    new = card("FN:Jo Park", "EMAIL;TYPE=work:jo@park.example", "TEL;VALUE=uri:tel:+49-30-1234", "LANG:de-AT",
               "CATEGORIES:wholesale,good friend", "NOTE:Rings\\, twice.\\nAlways.", version="4.0")  # fmt: skip
    assert (new.name, new.addresses, new.phones) == ("Jo Park", ("jo@park.example",), ("+49301234",))
    assert (new.language, new.tags, new.note) == (
        "de",
        ("wholesale", "good-friend"),
        "Rings, twice.\nAlways.",
    )
    apple = card(
        "N:Król;Lea;;;", "item1.EMAIL;type=INTERNET:lea@krol.example", "item1.X-ABLabel:_$!<Work>!$_"
    )
    assert (apple.name, apple.addresses) == ("Lea Król", ("lea@krol.example",))
    old = card("N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg", "EMAIL;INTERNET:jm@park.example",
               "NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:f=C3=BCr=", "immer", version="2.1")  # fmt: skip
    assert (old.name, old.note) == ("Jörg Müller", "fürimmer")


def test_folded_lines_and_photos() -> None:
    found = card("FN:Jo", " hanna Park", "EMAIL:jo@", "\tpark.example", "PHOTO;ENCODING=b;TYPE=JPEG:" + "A" * 60,
                 *(" " + "A" * 70 for _ in range(500)), "TEL:030 1234")  # fmt: skip
    assert (found.name, found.addresses, found.phones) == ("Johanna Park", ("jo@park.example",), ("0301234",))


def test_a_charset_nobody_named() -> None:
    raw = "BEGIN:VCARD\nFN:Jörg Müller\nEMAIL:j@m.example\nEND:VCARD\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "latin-1"):
        (found,) = cards(raw.encode(encoding))
        assert isinstance(found, Contact) and found.name == "Jörg Müller", encoding


def test_many_cards_some_broken_none_lost() -> None:
    found = cards(
        "junk\nBEGIN:VCARD\nFN:One\nEMAIL:1@a.example\nBEGIN:VCARD\nFN:Two\nEMAIL:2@a.example\nEND:VCARD\nEND:VCARD\n"
        "BEGIN:VCARD\nFN:None\nEND:VCARD\nBEGIN:VCARD\nKIND:group\nFN:All\nEMAIL:g@a.example\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:2.1\nN:Boss;The\nAGENT:\nBEGIN:VCARD\nEMAIL:agent@a.example\nEND:VCARD\nEMAIL:3@a.example\n"
        "END:VCARD\nBEGIN:VCARD\nFN:Bad\nEMAIL:not an address\nEND:VCARD\nbegin:vcard\nfn:Last\nemail:4@a.example"
    )
    good = [(each.name, each.addresses[0]) for each in found if isinstance(each, Contact)]
    assert good == [
        ("One", "1@a.example"),
        ("Two", "2@a.example"),
        ("The Boss", "3@a.example"),
        ("Last", "4@a.example"),
    ]
    assert [(each.line, each.reason) for each in found if isinstance(each, Refused)] == [
        (10, "no mail address and no telephone number"),
        (13, "a group, nobody to write to"),
        (27, "not an address is no mail address"),
    ]


def test_nothing_in_a_card_is_more_than_text() -> None:
    found = card("FN:\x1b]0;owned\x07Jo\u202e", "EMAIL:jo@park.example", "NOTE:\x1b[2Jhello")
    assert "\x1b" not in repr(found) and "\u202e" not in found.name


@given(st.binary(max_size=400))
@example(b"BEGIN:VCARD\nEMAIL;" + b'";' * 5000 + b"\nEND:VCARD")
@example(b"BEGIN:VCARD\n" * 2000)
@example(b"BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:" + b"=\n" * 3000)
def test_no_bytes_break_the_reading_of_cards(raw: bytes) -> None:
    list(read_vcards(raw))
    list(read_vcards(b"BEGIN:VCARD\n" + raw + b"\nEND:VCARD"))


# --------------------------------------------------------------------------- tables


@pytest.mark.parametrize(
    "text",
    [
        'First Name,Last Name,E-mail Address,Mobile Phone,Notes,Categories\nJo,Park,jo@park.example,030 1234,Hi,vip',
        'Vorname;Nachname;E-Mail-Adresse;Mobiltelefon;Notizen;Kategorien\nJo;Park;jo@park.example;030 1234;Hi;vip',
        "Name,Given Name,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Value,Notes,Group Membership\n"
        "Jo Park,Jo,* Home,jo@park.example,030 1234,Hi,* myContacts ::: vip",
        "sep=;\nNom complet;Adresse e-mail;Téléphone;Remarques;Catégories\nJo Park;jo@park.example;030 1234;Hi;vip",
        "Name\tMail\tTelefon\tNotiz\tTags\nJo Park\tjo@park.example\t030 1234\tHi\tvip",
        '"Name","E-Mail","Phone","Comment","Tag"\r\n"Jo Park","jo@park.example","030 1234","Hi","vip"\r\n',
    ],
)  # fmt: skip
def test_tables_of_many_programs(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        found = row(text.encode(encoding))
        assert (found.name, found.addresses, found.phones) == ("Jo Park", ("jo@park.example",), ("0301234",))
        assert (found.note, found.tags) == ("Hi", ("vip",))


def test_headings_that_are_none_of_ours_and_some_that_look_so() -> None:
    assert (
        meaning("E-mail 2 - Value") == meaning("E-Mail 2: Adresse") == meaning("EMAIL_ADDRESS") == "address"
    )
    assert meaning("E-mail 1 - Type") is meaning("E-mail 1 - Label") is meaning("E-mail Display Name") is None
    assert meaning("Birthday") is None
    assert row("Imię,Nazwisko,Adres e-mail\nJan,Kowalski,j@k.example").name == "Jan Kowalski"


def test_several_addresses_and_the_company_where_there_is_no_name() -> None:
    found = row("Company,E-mail 1,E-mail 2\nACME GmbH,a@acme.example,b@acme.example")
    assert (found.name, found.addresses) == ("ACME GmbH", ("a@acme.example", "b@acme.example"))
    assert row("Name,Email\nJo,a@p.example ::: b@p.example").addresses == ("a@p.example", "b@p.example")


def test_without_headings_and_with_a_word_from_a_person() -> None:
    assert row("jo@park.example,4711,Jo Park\n").name == "Jo Park"
    kunde = "Kundin;Kontakt\nJo Park;jo@park.example"
    assert row(kunde, Kundin="name", Kontakt="address").name == "Jo Park"
    numbered = table("x,a@b.example\ny,c@d.example", **{"1": "name", "2": "address"})
    assert [each.name for each in numbered if isinstance(each, Contact)] == ["x", "y"]
    with pytest.raises(BadUsage, match=r"no field.*address"):
        row(kunde, Kundin="adress")
    with pytest.raises(BadUsage, match="no column"):
        row(kunde, Kunde="name")


def test_a_quote_that_never_ends_loses_no_other_row() -> None:
    found = table(
        'Name,Email,Notes\nJo,jo@p.example,"said\nLea,lea@p.example,fine\nUwe,uwe@p.example,"two\nlines"\n'
    )
    assert [each.name for each in found if isinstance(each, Contact)] == ["Jo", "Lea", "Uwe"]


def test_rows_are_refused_with_line_and_reason() -> None:
    found = table('Name,Email\nJo,jo@park.example\n\nLea,\n"Two\nlines",nonsense\n')
    assert found[1:] == [
        Refused(4, "no mail address and no telephone number"),
        Refused(5, "nonsense is no mail address"),
    ]
    assert table("") == [] and table(b"\0\0") == []


@given(st.binary(max_size=400) | st.text(alphabet='a@b.c,;\t"\n\r|=', max_size=200).map(str.encode))
def test_no_bytes_break_the_reading_of_tables(raw: bytes) -> None:
    list(read_table(raw))
    list(read_table(b"Name;Email;Notes\n" + raw))


# --------------------------------------------------------------------------- and back

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Co", "Cn", "Zl", "Zp", "M"]),
    max_size=80,
)


@given(TEXT, TEXT, st.booleans())
def test_what_is_written_is_read_again(name: str, note: str, vip: bool) -> None:
    identities = (
        Identity("mail", "jo@park.example"),
        Identity("mail", "jo@müller.example"),
        Identity("phone", "+49301"),
    )
    customer = Customer(7, name, identities, ("wholesale",), vip=vip, note=note, language="de")
    (back,) = cards(as_vcard(customer))
    assert isinstance(back, Contact)
    assert back.addresses == ("jo@park.example", "jo@müller.example") and back.phones == ("+49301",)
    assert back.language == "de" and set(back.tags) == {"wholesale"} | ({"vip"} if vip else set())
    clean = " ".join(name.split())
    assert back.name == ("" if "@" in clean else clean) and back.note == note.strip()
    assert all(len(line.encode()) <= 75 for line in as_vcard(customer).split("\r\n"))
    (back,) = table("".join(as_rows([customer])))
    assert isinstance(back, Contact) and back.addresses == ("jo@park.example", "jo@müller.example")


def test_no_cell_begins_as_a_formula_would() -> None:
    customer = Customer(7, "=HYPERLINK(1)", (Identity("mail", "jo@park.example"),), note="@SUM(1)")
    lines = list(as_rows([customer]))
    assert lines[1].startswith("'=HYPERLINK(1),") and "'@SUM(1)" in lines[1]
