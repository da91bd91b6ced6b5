"""One person in chat and mail: suggested by number or name, said on what ground, joined and declined with a key each."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox.model import Customer, Identity, Message
from inbox.same_person import full_name, numbers_in, orders, who_stays, written_below
from main import main
from storage.workspace import Workspace
from tests.chats import written
from tests.chats.test_intake import ANNA, comes
from tests.screenplay import Stage, playing
from tests.shop import NOW, mail, shop
from tests.stores import Desk, desk, letter

SIGNED = "Where is my parcel?\n\n-- \nJo Park\nPark Street 5\nMobil: 0170 / 12 34 567\n"
NUMBER = "+49 170 1234567"


def line(clock: str, name: str, text: str) -> str:
    """A line of WhatsApp on the day before the shop's."""
    return f"09/11/2026, {clock} - {name}: {text}\n"


def chat_of(tmp_path: Path, name: str) -> Path:
    """A chat with somebody, in which Anna is us."""
    text = line("10:00", name, "is the blue lamp there?") + line("10:05", "Anna", "It is.")
    return written(tmp_path / f"WhatsApp Chat with {name}.txt", text)


def perhaps(here: Desk, conversation: int) -> list[tuple[str, str]]:
    """Who is suggested beside a conversation: their name, and on what ground."""
    customer = here.store.rows([conversation])[0].conversation.customer
    assert customer is not None
    panel = here.store.panel(customer)
    assert panel is not None
    return [(each.customer.name, each.why) for each in panel.perhaps]


@pytest.mark.parametrize("number", [NUMBER, "0170 1234567", "0049 170 1234567", "+49 (0)170 1234567"])
def test_a_number_below_a_mail_and_in_a_chat(tmp_path: Path, number: str) -> None:
    """However it is written: from both sides they look like one; nobody is joined by it."""
    here = desk(tmp_path)
    here.gets(letter("Jo <jo@park.example>", text=SIGNED))
    comes(here, chat_of(tmp_path, number))
    assert perhaps(here, 1) == [(number, "written")]
    assert perhaps(here, 2) == [("Jo", "written")]
    assert len({row.conversation.customer for row in here.store.rows([1, 2])}) == 2


def test_a_number_in_an_own_field_and_one_that_a_contact_has(tmp_path: Path) -> None:
    """What people say of a customer counts as well, as long as they say it."""
    here = desk(tmp_path)
    here.gets(letter("Jo <jo@park.example>"))
    comes(here, chat_of(tmp_path, NUMBER))
    jo = here.store.rows([1])[0].conversation.customer
    assert perhaps(here, 2) == []
    here.did("ann", "customer-edit", customer=jo, fields={"mobile": "0170-123 45 67"})
    assert perhaps(here, 2) == [("Jo", "written")]
    here.did("ann", "customer-edit", customer=jo, identities=[Identity("phone", "01701234567")])
    assert perhaps(here, 2) == [("Jo", "number")]
    here.did("ann", "undo", by="ann")
    here.did("ann", "undo", by="ann")
    assert perhaps(here, 2) == []
    here.verified()


@pytest.mark.parametrize("name", ["Jo Park", "Park, Jo", "JO PÁRK"])
def test_a_full_name_is_a_weak_ground(tmp_path: Path, name: str) -> None:
    """Equal but for case, accents and order."""
    here = desk(tmp_path)
    here.gets(letter(f'"{name}" <jo@park.example>'))
    comes(here, chat_of(tmp_path, "Jo Park"))
    assert perhaps(here, 2) == [(name, "name")]


def test_names_that_tell_nothing(tmp_path: Path) -> None:
    """One word, a role, a company; two who write mail under one name; and a name that many have."""
    here = desk(tmp_path)
    for name, address in (
        ("Jo", "jo@a.example"),
        ("Customer Support", "s@b.example"),
        ("Jo Park", "x@c.example"),
    ):
        here.gets(letter(f"{name} <{address}>", id_=f"<{address}>"))
        comes(here, chat_of(tmp_path, name))
    here.gets(letter("Jo Park <jo@d.example>", id_="<d>"))
    found = [each.customer for each in here.store.panel(here.store.customers("jo@d.example")[0].id).perhaps]  # type: ignore[union-attr]
    assert [identity.kind for each in found for identity in each.identities] == ["whatsapp"]
    assert perhaps(here, 2) == perhaps(here, 4) == []
    for number in range(6):
        here.gets(letter(f"Jo Park <jo{number}@many.example>", id_=f"<{number}>"))
    assert perhaps(here, 6) == []


def test_declined_for_good_and_taken_back(tmp_path: Path) -> None:
    """Seen from either side, and through what is joined meanwhile; undo brings it back exactly."""
    here = desk(tmp_path)
    here.gets(letter("Jo Park <jo@park.example>", text=SIGNED))
    comes(here, chat_of(tmp_path, NUMBER))
    mail_, chat = (row.conversation.customer for row in here.store.rows([1, 2]))
    here.did("ann", "customer-different", customer=chat, other=mail_)
    assert perhaps(here, 1) == perhaps(here, 2) == []
    here.gets(letter("Jo at work <jp@work.example>", id_="<w@work.example>", subject="Desk"))
    work = here.store.rows([3])[0].conversation.customer
    here.did("bo", "customer-join", into=work, customer=mail_)
    assert perhaps(here, 2) == []
    here.did("bo", "undo", by="bo")
    here.did("ann", "undo", by="ann")
    assert perhaps(here, 1) == [(NUMBER, "written")]
    here.did("ann", "redo", by="ann")
    assert perhaps(here, 1) == []
    here.verified()


def test_one_history_over_all_channels(tmp_path: Path) -> None:
    """Mail, chat and chat by another program, newest first, under whoever has an address."""
    here = desk(tmp_path)
    here.gets(letter("Jo Park <jo@park.example>", text=SIGNED))
    comes(here, chat_of(tmp_path, NUMBER))
    mail_, chat = (here.store.customer(row.conversation.customer or 0) for row in here.store.rows([1, 2]))
    assert mail_ is not None and chat is not None
    into, moved = who_stays(chat, mail_)
    here.did("ann", "customer-same", into=into.id, customer=moved.id)
    panel = here.store.panel(moved.id)
    assert panel is not None and panel.customer.id == mail_.id
    channels = [(row.conversation.last_at, row.conversation.channel) for row in panel.history]
    assert channels == sorted(channels, reverse=True)
    assert {channel for _, channel in channels} == {"mail", "whatsapp"}
    here.did("ann", "undo", by="ann")
    assert here.store.rows([2])[0].conversation.customer == chat.id
    here.verified()


def test_an_impostor_is_not_joined_silently(tmp_path: Path) -> None:
    """Who calls himself as a customer does gets a customer of his own, whatever he writes."""
    here = desk(tmp_path)
    here.gets(letter("Jo Park <jo@park.example>", text=SIGNED))
    text = "please send it to another address from now on. Jo Park, jo@park.example, 0170 1234567"
    path = written(tmp_path / "WhatsApp Chat with Jo Park.txt", line("10:00", "Jo Park", text))
    comes(here, path, ANNA)
    first, second = (row.conversation.customer for row in here.store.rows([1, 2]))
    assert first != second
    assert perhaps(here, 2) == [("Jo Park", "name")]


def test_numbers_in_signatures() -> None:
    """Many spellings are one; dates and amounts are hardly ever met by anybody's number."""
    spelled = (
        "+49 170 1234567",
        "0049 170 1234567",
        "+49 (0)170 1234567",
        "+49-170-123-45-67",
        "+49.170.1234567",
    )
    assert {each for words in spelled for each in numbers_in(f"Tel. {words}, Fax")} == {"+491701234567"}
    assert numbers_in("10.11.2026, 2026-11-10, 19,90 EUR, a1234567890b, x@0170.1234567") == []
    assert numbers_in("1" * 5000) == []
    assert len(numbers_in(" ; ".join(f"0170 100000{each}" for each in range(10, 40)))) == 5
    assert written_below(Message(reply="a" * 9_000 + " (030) 123 45-67", signature="M +44 20 7946 0000")) == [
        "0301234567",
        "+442079460000",
    ]


def test_full_names() -> None:
    """At least two words of a person; orders in which they may stand."""
    assert full_name("Król, Lea Maria")[1:] == ("lea", "maria")
    for none in (
        "Jo",
        "J P",
        "Support Team",
        "Acme GmbH",
        "jo@park.example",
        "Visitor 12",
        "",
        "a b c d e f g",
    ):
        assert full_name(none) == (), none
    assert orders(("jo", "park")) == ["jo park", "park jo"]
    assert len(orders(tuple("abcdef"))) == 3
    here, there = (
        Customer(1, "a", (Identity("whatsapp", "a"),)),
        Customer(2, "b", (Identity("mail", "b@x.example"),)),
    )
    assert who_stays(here, there) == who_stays(there, here) == (there, here)


# ------------------------------------------------------------------------------ on the screen


def panel_of(stage: Stage) -> str:
    """The customer's panel in one line a line."""
    return stage.pane("customer")


def shop_with_a_chat(tmp_path: Path, name: str) -> Workspace:
    """A shop to which Jo writes by mail, and somebody by WhatsApp."""
    store = shop(tmp_path / "shop", [mail("Jo Park <jo@park.example>", "Parcel", SIGNED, "2026-11-10 10:50")])
    comes(Desk(store, NOW), chat_of(tmp_path, name))
    return store


@pytest.mark.parametrize("size", [(80, 24), pytest.param((160, 48), marks=pytest.mark.long)])
async def test_joined_and_declined_with_a_key(tmp_path: Path, size: tuple[int, int]) -> None:
    """The panel says who it may be and why; a key asks with what comes of it, joins, and undo parts them exactly."""
    store = shop_with_a_chat(tmp_path, "Jo Park")
    async with playing(store, size=size) as stage:
        stage.app.inbox.moving.open_conversation(2)
        await stage.rest()
        await stage.press("i")
        shown = " ".join(panel_of(stage).split())
        assert "perhaps the same: jo@park.example Jo Park: Only the name is the same:" in shown
        assert "anybody can write under it." in shown and "= joins, x somebody else" in shown
        await stage.press("=")
        assert "1 conversation. Only the name is the same: anybody can write under it." in stage.text
        assert "Is jo@park.example, Jo Park the same as whatsapp: jo park, Jo Park?" in " ".join(
            stage.text.split()
        )
        await stage.press("n")
        assert len({row.conversation.customer for row in store.rows([1, 2])}) == 2
        await stage.press("=", "y")
        assert "Joined. u takes it back." in stage.said
        await stage.until(lambda: "2 conversations" in panel_of(stage))
        await stage.press("u")
        await stage.until(lambda: "perhaps the same" in panel_of(stage))
        await stage.press("x")
        assert "is somebody else: that is suggested no more. u takes it back." in " ".join(stage.text.split())
        await stage.until(lambda: "perhaps the same" not in panel_of(stage))
        await stage.press("u")
        await stage.until(lambda: "perhaps the same" in panel_of(stage))
        assert store.verify(NOW + 60) == []
    store.close()


def test_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Shown with the ground, declined by a command; who is joined or not there is refused."""
    shop_with_a_chat(tmp_path, NUMBER).close()
    frontdesk = ["--workspace", str(tmp_path / "shop"), "customer"]
    assert main([*frontdesk, "show", "2"]) == 0
    words = (
        "perhaps the same: 1 Jo Park jo@park.example. One has the number +491701234567, the other wrote it"
    )
    assert words in capsys.readouterr().out
    assert main([*frontdesk, "different", "2", "1"]) == 0
    assert main([*frontdesk, "show", "2", "--json"]) == 0
    assert '"perhaps": []' in capsys.readouterr().out
    assert main([*frontdesk, "different", "2", "2"]) == 1
    assert main([*frontdesk, "different", "2", "99"]) == 1
    assert main([*frontdesk, "merge", "1", "2"]) == 0
    assert main([*frontdesk, "different", "2", "1"]) == 1
