"""Which mail starts a clock: people's. Machines keep the status, notices stand aside, and a person corrects both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from inbox.actions.ruling import because, preview
from inbox.happenings import happenings
from inbox.model import Role, Status, Who
from inbox.queries import parse
from inbox.settings import Settings
from storage.workspace import open_store
from tests.faults.clock import MONDAY
from tests.front import Front
from tests.screenplay import playing
from tests.shop import STORY
from tests.shop import shop as shop_of
from tests.stores import DAY, OURS, Desk, letter

ANNA = Who("anna")
NEWS = "Bulbs <news@bulbs.example>"
PEOPLE = "Rosa <rosa@firm.example>"
SETTINGS = Settings(host_zone="UTC", us_words=(OURS,))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    store = open_store(tmp_path / "workspace")
    store.apply(SETTINGS, MONDAY)
    here = Desk(store)
    yield here
    here.verified()
    here.store.close()


def due(shop: Desk, conversation: int) -> int | None:
    return shop.store.rows([conversation])[0].due_at


def views(shop: Desk) -> dict[str, int]:
    return {name: count for name, count in shop.store.counts(ANNA, shop.now).items() if count}


def kinds(shop: Desk, conversation: int) -> list[str]:
    return [each.what for each in happenings(shop.store.events(conversation))]


def away(id_: str, answers: str, **headers: str) -> bytes:
    more: Any = {"auto_submitted": "auto-replied", **headers}
    return letter(subject="Automatic reply: Re: Where is my parcel?", id_=id_, answers=[answers], **more)


# --------------------------------------------------------------------------- what starts a clock


def test_a_notice_is_kept_open_and_found_but_nobody_waits_there(shop: Desk) -> None:
    number = shop.gets(letter(NEWS, id_="<n1@x>", list_unsubscribe="<mailto:off@bulbs.example>"))

    one = shop.state(number)
    assert (one.status, one.notice, one.waiting_since, one.unread) == (Status.OPEN, True, None, False)
    assert due(shop, number) is None
    assert shop.store.clocks(number, shop.now) == ()
    assert views(shop) == {"all": 1, "notices": 1}
    assert kinds(shop, number) == ["automatic"]
    assert list(shop.store.ids(parse("is:notice", shop.now, UTC), ANNA, shop.now, 9)) == [number]


@pytest.mark.parametrize("status", ["waiting", "snoozed", "closed", "held"])
def test_a_vacation_answer_keeps_status_and_clock(shop: Desk, status: str) -> None:
    number = shop.gets()
    message = shop.replies("anna", number)
    shop.hands_over(message)
    match status:
        case "snoozed":
            shop.did("anna", "snooze", conversation=number, until=shop.now + DAY)
        case "closed":
            shop.did("anna", "close", conversation=number, why="resolved")
        case "held":
            shop.did("anna", "hold", conversation=number, whom="carrier")
    before = shop.state(number), shop.store.clocks(number, shop.now)
    ours = shop.store.items(number)[-1].message_id or ""

    assert shop.gets(away("<v1@x>", ours)) == number
    one = shop.state(number)
    assert (one.status, one.status.value, one.unread) == (before[0].status, status, False)
    assert (one.waiting_since, one.notice, one.last_from) == (None, False, "automatic")
    assert [(c.kind, c.state, c.due) for c in shop.store.clocks(number, shop.now)] == [
        (c.kind, c.state, c.due) for c in before[1]
    ]
    assert kinds(shop, number)[-1] == "automatic"


def test_a_vacation_answer_does_not_stop_the_clock_of_who_waits(shop: Desk) -> None:
    number = shop.gets()
    before = due(shop, number)
    assert shop.gets(away("<v1@x>", "<1@park.example>", precedence="bulk")) == number
    assert (due(shop, number), shop.state(number).status) == (before, Status.OPEN)
    assert shop.state(number).waiting_since is not None


def test_a_person_in_a_conversation_of_ours_is_never_a_notice(shop: Desk) -> None:
    number = shop.gets()
    shop.hands_over(shop.replies("anna", number))
    ours = shop.store.items(number)[-1].message_id or ""

    raw = letter(
        id_="<2@park.example>", answers=[ours], subject="Re: parcel", list_unsubscribe="<mailto:x@y.example>"
    )
    assert shop.gets(raw) == number
    one = shop.state(number)
    assert (one.status, one.notice, one.last_from) == (Status.OPEN, False, "customer")
    assert due(shop, number) is not None


def test_it_says_why_it_is_a_notice(shop: Desk) -> None:
    number = shop.gets(letter(NEWS, id_="<n1@x>", list_unsubscribe="<mailto:off@bulbs.example>"))
    items, events = shop.store.items(number), shop.store.events(number)
    assert "List-Unsubscribe: <mailto:off@bulbs.example>" in because(items, events)

    told = shop.gets(letter(PEOPLE, id_="<1@f>"))
    shop.did("anna", "notice", conversation=told)
    assert because(shop.store.items(told), shop.store.events(told)) == "anna said so of rosa@firm.example"
    later = shop.gets(letter(PEOPLE, id_="<2@f>", subject="New"))
    assert because(shop.store.items(later), shop.store.events(later)) == "that was said of rosa@firm.example"


def test_a_notice_that_is_answered_is_a_conversation_of_people(shop: Desk) -> None:
    number = shop.gets(letter(NEWS, id_="<n1@x>", list_unsubscribe="<mailto:off@bulbs.example>"))
    shop.hands_over(shop.replies("anna", number, to="news@bulbs.example"))
    ours = shop.store.items(number)[-1].message_id or ""
    assert not shop.state(number).notice

    assert (
        shop.gets(letter(NEWS, id_="<n2@x>", answers=[ours], subject="Re: x", text="A person reads this."))
        == number
    )
    assert due(shop, number) is not None


# --------------------------------------------------------------------------- said of a sender


def test_always_a_notice_holds_for_what_comes_and_what_is_here(shop: Desk) -> None:
    first, second = (shop.gets(letter(PEOPLE, id_=f"<{n}@f>", subject=f"Offer {n}")) for n in (1, 2))
    assert due(shop, first) is not None

    caught = shop.store.caught("rosa@firm.example", True, shop.now - 90 * DAY)
    assert (caught.changes, caught.conversations, caught.answered) == ((first, second), 2, 0)
    assert preview(caught, True) == "In 90 days 2 conversations, 0 of them answered; 2 become notices."
    for number in caught.changes:
        shop.did("anna", "notice", conversation=number, target=caught.target)
    third = shop.gets(letter("ROSA@Firm.example", id_="<3@f>", subject="Offer 3"))

    for number in (first, second, third):
        one = shop.state(number)
        assert (one.notice, one.waiting_since, one.unread, one.status) == (True, None, False, Status.OPEN)
        assert due(shop, number) is None
        assert set(kinds(shop, number)) == {"automatic"}
    assert views(shop) == {"all": 3, "notices": 3}
    assert "always a notice already" in str(shop.do("anna", "notice", conversation=first).refusal)


def test_never_a_notice_gives_them_the_clock_they_should_have_had(shop: Desk) -> None:
    raw = letter(PEOPLE, id_="<1@f>", list_unsubscribe="<mailto:off@firm.example>")
    first = shop.gets(raw)
    came = shop.now
    assert shop.state(first).notice
    shop.tick(3_600)

    assert shop.store.caught("rosa@firm.example", False, shop.now - 90 * DAY).changes == (first,)
    shop.did("anna", "no-notice", conversation=first)
    second = shop.gets(
        letter(PEOPLE, id_="<2@f>", subject="Other", list_unsubscribe="<mailto:off@firm.example>")
    )

    assert (shop.state(first).notice, shop.state(first).waiting_since) == (False, came)
    assert kinds(shop, first) == ["customer"]
    assert not shop.state(second).notice
    assert due(shop, second) is not None and due(shop, first) is not None


def test_what_a_machine_answered_stays_that_whatever_is_said(shop: Desk) -> None:
    number = shop.gets(
        letter(PEOPLE, id_="<1@f>", auto_submitted="auto-generated", list_unsubscribe="<mailto:o@f>")
    )
    shop.did("anna", "no-notice", conversation=number)
    assert (shop.state(number).notice, shop.state(number).waiting_since) == (False, None)
    assert kinds(shop, number) == ["automatic"]


def test_what_we_have_answered_stays_and_is_counted(shop: Desk) -> None:
    first = shop.gets(letter(PEOPLE, id_="<1@f>"))
    shop.hands_over(shop.replies("anna", first, to="rosa@firm.example"))
    second = shop.gets(letter(PEOPLE, id_="<2@f>", subject="Another"))

    caught = shop.store.caught("rosa@firm.example", True, shop.now - 90 * DAY)
    assert (caught.changes, caught.conversations, caught.answered) == ((second,), 2, 1)
    shop.did("anna", "notice", conversation=first)  # said where it was seen, and nothing changes there
    assert not shop.state(first).notice
    assert shop.state(shop.gets(letter(PEOPLE, id_="<3@f>", subject="A third"))).notice


def test_a_domain_is_ruled_on_whole_and_an_address_in_it_goes_before(shop: Desk) -> None:
    one = shop.gets(letter(PEOPLE, id_="<1@f>"))
    shop.did("anna", "notice", conversation=one, domain=True)
    other = shop.gets(letter("Ole <ole@firm.example>", id_="<2@f>"))
    assert shop.state(other).notice
    assert not shop.state(shop.gets(letter("ole@sub.firm.example", id_="<3@f>"))).notice
    shop.did("anna", "no-notice", conversation=other)
    assert not shop.state(shop.gets(letter("ole@firm.example", id_="<4@f>", subject="New"))).notice
    assert shop.state(shop.gets(letter(PEOPLE, id_="<5@f>", subject="New"))).notice


def test_it_is_taken_back_and_done_again_as_one(shop: Desk) -> None:
    numbers = [shop.gets(letter(PEOPLE, id_=f"<{n}@f>", subject=f"Offer {n}")) for n in range(3)]
    before = [(shop.state(number)._replace(seq=0), due(shop, number)) for number in numbers]
    from inbox.actions import decision

    shop.store.change_each(
        [decision("notice", conversation=number, target="rosa@firm.example") for number in numbers],
        Who("anna", Role.AGENT),
        shop.tick(),
    )
    assert all(shop.state(number).notice for number in numbers)
    shop.did("anna", "undo", by="anna")
    now = [(shop.state(number)._replace(seq=0), due(shop, number)) for number in numbers]
    assert [(s.notice, s.waiting_since, d) for s, d in now] == [
        (s.notice, s.waiting_since, d) for s, d in before
    ]
    assert not shop.state(shop.gets(letter(PEOPLE, id_="<9@f>", subject="New"))).notice
    shop.did("anna", "redo", by="anna")
    assert all(shop.state(number).notice for number in numbers)


def test_a_colleague_who_wrote_there_keeps_it_a_conversation(shop: Desk) -> None:
    number = shop.gets(letter(NEWS, id_="<1@n>", to=f"{OURS}, jo@park.example"))
    shop.gets(letter(id_="<2@p>", answers=["<1@n>"]))
    shop.did("anna", "notice", conversation=number, target="news@bulbs.example")
    assert not shop.state(number).notice


def test_we_are_no_notice_and_who_names_no_address_is_not_ruled_on(shop: Desk) -> None:
    claims = shop.gets(letter(OURS, id_="<1@x>"))
    assert "one of us" in str(shop.do("anna", "notice", conversation=claims).refusal)


def test_an_export_brings_rulings_with_it(shop: Desk, tmp_path: Path) -> None:
    number = shop.gets(letter(PEOPLE, id_="<1@f>"))
    shop.did("anna", "notice", conversation=number)
    shop.store.export(tmp_path / "export")
    copy = open_store(tmp_path / "copy")
    copy.take_in_export(tmp_path / "export", shop.now)
    other = Desk(copy, shop.now)
    assert other.state(other.gets(letter(PEOPLE, id_="<2@f>", subject="New"))).notice
    assert not copy.verify(other.now)
    copy.close()


# --------------------------------------------------------------------------- by command and on the screen


def test_the_command_says_what_it_would_catch_and_asks(shop_front: Front) -> None:
    asked = shop_front.run("notice", "1")
    assert asked.status == 2
    assert "always a notice. In 90 days" in asked.err
    assert not shop_front.json("list", "id:1")[0]["notice"]

    shop_front.ok("notice", "1", "--yes")
    assert shop_front.json("list", "id:1")[0]["notice"]
    assert "It is a notice: anna said so of" in shop_front.ok("why", "1").out
    assert shop_front.run("notice").status == 2


async def test_one_key_asks_says_what_it_catches_and_is_taken_back(tmp_path: Path) -> None:
    store = shop_of(tmp_path, STORY)
    async with playing(store) as stage:
        await stage.press("A")
        await stage.rest()
        await stage.press("y")
        await stage.rest()
        assert "always a notice" in stage.said
        ruled = store.read("SELECT data FROM events WHERE type = 35 AND void = 0")
        assert ruled
        await stage.press("u")
        await stage.rest()
        assert store.read("SELECT 1 FROM events WHERE type = 35 AND void = 0") == []
    store.close()


async def test_the_whole_domain_when_asked_and_the_conversation_says_why(tmp_path: Path) -> None:
    store = shop_of(tmp_path, STORY)
    async with playing(store, size=(80, 24)) as stage:
        await stage.press("A")
        await stage.rest()
        narrow = [line for line in stage.text.splitlines() if "in 90 days" in line]
        assert narrow and all(line.rstrip().endswith(".") for line in narrow), stage.text
        await stage.press("n")
        assert store.read("SELECT 1 FROM events WHERE type = 35") == []
        await stage.press("A")
        await stage.rest()
        await stage.press("d")
        await stage.rest()
        ((address, conversation),) = store.read(
            "SELECT json_extract(data, '$.address'), conversation FROM events WHERE type = 35 LIMIT 1"
        )
        assert address.startswith("@")
        assert store.rows([conversation])[0].conversation.notice
        await stage.type(f"/id:{conversation}")
        await stage.press("enter")
        await stage.rest()
        await stage.press("enter")
        await stage.rest()
        assert "a notice, no clock:" in stage.text
        assert f"said so of {address}" in stage.text
    store.close()
