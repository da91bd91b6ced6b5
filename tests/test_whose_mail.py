"""Whose mail it is, from a real server to the list: forms, what a colleague passes on, and who only looks like us."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inbox.settings import ContactForm, Teammate
from tests.post_office import JO, SUPPORT, PostOffice, caught_up, letter

SERVER = "mx.shop.example"
FILLED_IN = "Name: Lea Krol\nE-Mail: lea@krol.example\nMessage: Do you ship to Poland?\n"
PASSED_ON = "Yours?\n\n---------- Forwarded message ---------\nFrom: Uwe <uwe@lamp.example>\nSubject: Lamp\nTo: me\n\nHi\n"


@pytest.fixture
def named(office: PostOffice) -> PostOffice:
    """A shop that has a form, a team, and a name of its server in the settings; its first sync was a day ago."""
    (box,) = office.mailboxes
    office.settings = replace(
        office.settings,
        us_words=(SUPPORT, "bo@shop.example"),
        mailboxes=(box._replace(authserv_id=SERVER),),
        forms=(ContactForm("forms@shop.example"),),
        team=(Teammate("anna"), Teammate("Bo Brown")),
    )
    return caught_up(office)


def test_forms_colleagues_and_impostors_are_told_apart_as_they_come(named: PostOffice) -> None:
    confirmed = f"{SERVER}; dmarc=pass header.from=shop.example"
    named.arrives(
        letter(JO, "Parcel"),
        letter("Web <forms@shop.example>", "Form", FILLED_IN),
        letter("Bo <bo@shop.example>", "Fwd: Lamp", PASSED_ON, authentication_results=confirmed),
        letter("Bo <bo@shop.example>", "Fwd: Fraud", PASSED_ON),
        letter("Bo Brown <bo@evil.example>", "Quick favour"),
        letter("Kim <kim@bank.example>", "Account", authentication_results=f"{SERVER}; dmarc=fail"),
    )
    named.sync()
    rows = {row.subject: row for row in named.store.rows([one.id for one in named.conversations()])}
    names = {subject: row.customer_name for subject, row in rows.items()}
    assert names["Form"] == "Lea Krol" and names["Fwd: Lamp"] == "Uwe"
    assert rows["Fwd: Lamp"].customer_addresses == ("uwe@lamp.example",)
    assert rows["Fwd: Fraud"].customer_addresses == ("bo@shop.example",)
    marked = {subject for subject, row in rows.items() if row.conversation.marked}
    assert marked == {"Fwd: Fraud", "Quick favour", "Account"}
    assert not named.store.verify(named.clock())
