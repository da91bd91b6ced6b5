"""Marks for senders who may be somebody else: what gets one, what does not, and where it is seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox import mime
from inbox.model import Address, Message
from inbox.sender_marks import SENTENCES, looks_like_ours, marks, sentences
from inbox.us import Us
from tests.stores import Desk, desk, letter

US = Us.of(["support@shop.example", "@lampen-haus.example"])
SERVER = "mx.shop.example"


def of(sender: str = "Jo Park <jo@park.example>", **more: Any) -> tuple[str, ...]:
    """The marks of a mail from there."""
    how = {key: more.pop(key) for key in ("names", "known", "believed") if key in more}
    return marks(mime.parse(letter(sender, **more)), US, authserv_id=SERVER, **how)


# --------------------------------------------------------------------------- what our server found out


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("mx.shop.example; dmarc=fail header.from=park.example", ("dmarc",)),
        ("mx.shop.example; dmarc=pass header.from=park.example; spf=fail", ()),
        ("mx.shop.example; spf=fail smtp.mailfrom=park.example", ("spf",)),
        ("mx.shop.example; dkim=fail header.d=park.example; spf=pass", ("dkim",)),
        ("mx.shop.example; spf=softfail", ()),
        ("mx.shop.example; none", ()),
        ("mx.park.example; dmarc=fail", ()),
        ("", ()),
    ],
)
def test_only_what_our_own_server_says_counts_and_passing_says_nothing(
    said: str, found: tuple[str, ...]
) -> None:
    assert of(**({"authentication_results": said} if said else {})) == found


def test_mail_that_says_it_is_ours_and_that_nothing_confirms() -> None:
    assert of("support@shop.example") == ("claims-us",)
    assert of("support@shop.example", believed=True) == ()
    assert of("support@shop.example", authentication_results="mx.shop.example; dmarc=pass") == ()
    elsewhere = "mx.shop.example; spf=pass smtp.mailfrom=evil.example"
    assert of("support@shop.example", authentication_results=elsewhere) == ("claims-us",)
    unnamed = marks(mime.parse(letter("support@shop.example")), US)
    assert unnamed == (), "where our server has no name nothing could confirm it: then it is no sign"


# --------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("sender", "found"),
    [
        ('"support@shop.example" <x@evil.example>', ("hidden",)),
        ('"jo@park.example" <jo@park.example>', ()),
        ("Anna Weber <anna@evil.example>", ("teammate",)),
        ("anna weber <anna@evil.example>", ("teammate",)),
        ("Anna <anna@else.example>", ()),
        ("Lea Krol <lea@new.example>", ("known",)),
        ("Lea Krol <lea@krol.example>", ()),
        ("Lea <lea@new.example>", ()),
        ("Pаypal <x@evil.example>", ("scripts",)),
        ("Мария Иванова <maria@почта.example>", ()),
        ("山田 太郎 <yamada@kaisha.example>", ()),
    ],
)
def test_names_that_mislead(sender: str, found: tuple[str, ...]) -> None:
    known = {"lea krol": frozenset({"lea@krol.example"}), "lea": frozenset({"lea@krol.example"})}
    assert of(sender, names=("Anna Weber",), known=known) == found


def test_an_answer_that_goes_elsewhere_is_marked_but_for_lists() -> None:
    assert of(reply_to="x@evil.example") == ("elsewhere",)
    assert of(reply_to="jo@mail.park.example") == ()
    assert of(reply_to="list@lists.example", list_id="<list.lists.example>") == ()


# --------------------------------------------------------------------------- domains that look like ours


@pytest.mark.parametrize(
    "address",
    ["x@larnpen-haus.example", "x@lampenhaus.example", "x@lampen-haus.test", "x@lampen-hauss.example",
     "x@lampen-hasu.example", "x@1ampen-haus.example", "x@lаmpen-haus.example", "x@lampen-haus-example.test",
     "x@xn--lmpen-haus-q5a.example"],
)  # fmt: skip
def test_domains_that_are_taken_for_ours(address: str) -> None:
    assert looks_like_ours(address, US), address


@pytest.mark.parametrize(
    "address",
    ["x@lampen-haus.example", "x@mail.lampen-haus.example", "x@stuehle-haus.example", "x@shop.test", "x@stop.example",
     "x@park.example", "x@gmail.com", "x", ""],
)  # fmt: skip
def test_domains_that_are_not(address: str) -> None:
    assert not looks_like_ours(address, US), address


def test_freemail_neighbours_do_not_look_like_us() -> None:
    assert not looks_like_ours("x@gmail.com", Us.of(["shop@gmail.com"]))
    assert not looks_like_ours("x@gmaill.com", Us.of(["shop@gmail.com"]))


@given(st.text(max_size=60), st.text(max_size=60), st.lists(st.text(max_size=40), max_size=3))
def test_no_name_breaks_the_marks(name: str, address: str, said: list[str]) -> None:
    message = Message(sender=(Address(name, address),), authentication=tuple(said))
    assert set(marks(message, US, authserv_id=SERVER, names=("Anna",))) <= set(SENTENCES)


def test_what_reading_has_said_is_not_said_twice() -> None:
    message = mime.parse(letter('"a@b.example" <x@evil.example>', reply_to="y@other.example"))
    found = marks(message, US)
    assert found == ("hidden", "elsewhere")
    assert sentences(found, message.oddities) == []
    assert len(sentences(found)) == 2


# --------------------------------------------------------------------------- in the record


@pytest.fixture
def here(tmp_path: Path) -> Desk:
    return desk(tmp_path)


def marked(here: Desk, conversation: int) -> tuple[bool, list[str]]:
    received = [event for event in here.store.events(conversation) if event.message]
    return here.state(conversation).marked, received[-1].data.get("marks", [])


def test_a_mark_stands_in_the_record_and_the_list(here: Desk) -> None:
    failed: dict[str, Any] = {
        "authentication_results": "mx.shop.example; dmarc=fail",
        "id_": "<1@park.example>",
    }
    one = here.gets(letter(**failed), authserv_id=SERVER)
    assert marked(here, one) == (True, ["dmarc"])
    two = here.gets(letter(subject="Lamp", id_="<2@park.example>"), authserv_id=SERVER)
    assert marked(here, two) == (False, [])
    three = here.gets(
        letter("x@new.example", reply_to="y@z.example", id_="<3@new.example>"), authserv_id=SERVER
    )
    assert marked(here, three) == (False, ["elsewhere"]), "the message says so, the list does not"
    here.verified()


def test_a_known_name_from_another_address_is_marked_until_a_person_adds_it(here: Desk) -> None:
    first = here.gets(letter("Lea Krol <lea@krol.example>", id_="<1@krol.example>"))
    second = here.gets(letter("Lea Krol <lea@new.example>", id_="<2@new.example>", subject="Chair"))
    assert marked(here, second) == (False, ["known"])
    one, two = here.state(first).customer, here.state(second).customer
    here.did("anna", "customer-join", into=one, customer=two)
    third = here.gets(letter("Lea Krol <lea@new.example>", id_="<3@new.example>", subject="Sofa"))
    assert marked(here, third) == (False, [])


def test_a_teammates_name_from_elsewhere(here: Desk) -> None:
    one = here.gets(letter("Anna Weber <boss@evil.example>", id_="<1@e.example>"), team=("anna weber",))
    assert marked(here, one) == (True, ["teammate"])


def test_nobody_is_called_by_an_address_that_is_not_theirs(here: Desk) -> None:
    one = here.gets(letter('"support@shop.example" <x@evil.example>', id_="<1@e.example>"))
    assert here.store.rows([one])[0].customer_name == "x@evil.example"
