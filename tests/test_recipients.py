"""Who mail may be sent to: the grammar is strict, and what does not fit is shown and never mailed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.addresses import fold_address
from inbox.model import Address
from inbox.recipients import mailable, parse_recipients


def test_people_type_addresses_in_many_ways() -> None:
    text = 'ann@shop.example, "Lee, Bo" <bo@shop.example>; Cy Öz <cy@shop.example>\n<di@shop.example>'

    found, unparsed = parse_recipients(text)

    assert found == [
        Address("", "ann@shop.example"),
        Address("Lee, Bo", "bo@shop.example"),
        Address("Cy Öz", "cy@shop.example"),
        Address("", "di@shop.example"),
    ]
    assert unparsed == []


def test_the_same_address_twice_is_one_recipient() -> None:
    found, _ = parse_recipients(
        "a@strasse.example, A@Strasse.example, a@straße.example, A@XN--STRAE-OQA.example"
    )

    assert [one.address for one in found] == ["a@strasse.example", "a@straße.example"]


@pytest.mark.parametrize(
    "text",
    [
        "a@b.example>\r\nRCPT TO:<c@d.example",
        "a@b.example>\nRCPT TO:<c@d.example>",
        "RCPT TO:<c@d.example>",
        "a@b.example <c@d.example>",
        "<a@b.example>, <<c@d.example>>",
        '"Bo" bo@d.example',
        "Bo (home) <c@d.example>",
        "friends: c@d.example;",
        "@relay.example:c@d.example",
        '"quoted local"@d.example',
        "c@[127.0.0.1]",
        "c@127.0.0.1",
        "c@localhost",
        "c@d..example",
        ".c@d.example",
        "c.@d.example",
        "c@-d.example",
        "c@d-.example",
        "c@d_e.example",
        "c d@e.example",
        "c@d.example\0",
        "c@d.example%0d%0aX",
        f"{'c' * 65}@d.example",
        f"c@{'d' * 64}.example",
        f"c@{'d.' * 130}example",
        "c@\u0301d.example",
        "c@d\u200b.example",
        '"Bo\tLee\x1b[31m" <c@d.example>',
        "mailto:c@d.example",
        "c@@d.example",
    ],
)
def test_what_does_not_fit_is_given_back_and_nobody_hidden_in_it_is_mailed(text: str) -> None:
    found, unparsed = parse_recipients(text)

    assert not any(one.address == "c@d.example" for one in found)
    assert unparsed


def test_international_domains_go_out_in_ascii_and_stay_apart() -> None:
    assert mailable("bo@straße.example") == "bo@xn--strae-oqa.example"
    assert mailable("bo@strasse.example") == "bo@strasse.example"
    assert mailable("bo@MÜLLER.example") == "bo@xn--mller-kva.example"
    assert mailable("bo@例え。example") == "bo@xn--r8jz45g.example"
    assert mailable("Bo.Lee+tag@Shop.example") == "Bo.Lee+tag@Shop.example"


SAFE = re.compile(r"[!#$%&'*+./0-9=?A-Z^_`a-z{|}~-]{1,64}@[A-Za-z0-9.-]+")


@settings(deadline=None)
@given(st.one_of(st.text(max_size=80), st.text(alphabet='ab.@<>"\\, ;:\r\nü\u200b=', max_size=40)))
def test_whatever_is_typed_only_plain_addresses_come_out(text: str) -> None:
    found, unparsed = parse_recipients(text)

    for one in found:
        heard_as = mailable(one.address)
        assert heard_as is not None
        assert SAFE.fullmatch(heard_as) or not heard_as.isascii()  # these have a story of their own below
        assert fold_address(heard_as) == fold_address(one.address)
        assert not re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", one.name)
    assert all("\n" not in piece for piece in unparsed)


@settings(deadline=None)
@given(st.emails())
def test_ordinary_addresses_are_read_as_they_stand(address: str) -> None:
    found, unparsed = parse_recipients(f"Somebody <{address}>")

    fits = re.fullmatch(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}", address.rpartition("@")[0]) is not None
    if fits and len(address) <= 254 and not address.rpartition(".")[2].isdigit():
        assert (found, unparsed) == ([Address("Somebody", address)], [])


# ---------------------------------------------------------------------- letters outside ASCII before the @


def test_an_address_in_another_script_is_let_in() -> None:
    assert mailable("jö@straße.example") == "jö@xn--strae-oqa.example"
    assert mailable("jo\u0308.山田@x.example") == "jö.山田@x.example"  # in NFC
    assert mailable(f"{'ö' * 33}@x.example") is None  # 66 octets
    found, unparsed = parse_recipients("Jö <jö@x.example>, ann@x.example")
    assert (found, unparsed) == ([Address("Jö", "jö@x.example"), Address("", "ann@x.example")], [])


@pytest.mark.parametrize(
    "local",
    ["j ö", "jö\n", "ö\u00a0ö", "ö\u202eö", "ö\u200bö", ".ö", "ö.", "ö..ö", "＠ö", "＜ö＞", "ö\ud800", 'ö"ö'],
)
def test_blanks_and_signs_in_disguise_are_no_letters(local: str) -> None:
    assert mailable(f"{local}@x.example") is None


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.text(alphabet='aö山.@<>"\\, ;:\r\n\u200b＠=', max_size=40)))
def test_whatever_is_typed_only_letters_and_signs_of_an_address_come_out(text: str) -> None:
    for one in parse_recipients(text)[0]:
        heard_as = mailable(one.address)
        assert heard_as is not None
        assert not re.search(r'[\x00-\x20\x7f-\xa0<>,:;"()\[\]\\\u200b\u2028\u2029]', heard_as)
        assert heard_as.count("@") == 1
        assert heard_as.rpartition("@")[2].isascii()
        assert fold_address(heard_as) == fold_address(one.address)
