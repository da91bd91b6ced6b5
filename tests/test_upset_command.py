"""From the server to the list: mail that is angry is flagged as it is fetched, and people decide by command."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inbox.actions import receive
from inbox.mime import parse
from inbox.model import Who
from inbox.settings import Watched
from tests.front import Front
from tests.post_office import PostOffice, letter
from tests.shop import NOW, US, mail

ANGRY = "This is unacceptable. My lawyer will write to you.\n"


def arrives(front: Front, text: str, subject: str = "Order 7") -> str:
    raw = mail("Kim Lee <kim@lee.example>", subject, text, "2026-11-10 10:58")
    store = front.store()
    try:
        arrival = receive.Arrival(parse(raw), raw, NOW - 60, us=US, watched=Watched())
        outcome = store.change(receive.scope(arrival), receive.deciding(arrival), Who("sync"), NOW - 60)
        return str(outcome.conversations[0])
    finally:
        store.close()


def test_people_see_why_and_decide_by_command(shop_front: Front) -> None:
    here = arrives(shop_front, ANGRY)
    (line,) = shop_front.ok("list", "is:upset").lines
    assert line.startswith(here)
    assert "  !upset Order 7" in line
    assert "upset: angry word: unacceptable · legal word: my lawyer" in shop_front.ok("why", here).lines
    assert shop_front.json("why", here)[0]["upset"] == {
        "signs": ["angry:unacceptable", "legal:my lawyer"],
        "who": None,
        "why": "angry word: unacceptable · legal word: my lawyer",
    }
    shop_front.ok("upset", here, "--off", who="bo")
    assert shop_front.json("why", here)[0]["upset"] is None
    assert shop_front.ok("list", "is:upset").lines == []
    refused = shop_front.run("upset", here, "--off")
    assert (refused.status, "does not count as upset" in refused.err) == (1, True)
    shop_front.ok("upset", "1", here)
    assert sorted(shop_front.ok("list", "is:upset").ids) == sorted(["1", here])
    assert "upset: anna says so" in shop_front.ok("why", "1").lines
    shop_front.ok("undo")
    assert shop_front.ok("list", "is:upset").lines == []
    shop_front.ok("close", here)
    assert shop_front.run("upset", here).status == 1
    assert shop_front.run("upset", "2", who="ria").status == 1  # a reader reads
    shop_front.ok("verify")


@pytest.mark.parametrize("off", [False, True])
def test_the_worker_asks_by_the_settings(office: PostOffice, off: bool) -> None:
    office.settings = replace(office.settings, upset=Watched(off=off))
    office.arrives(letter(text=ANGRY, subject="Old"))
    office.sync()
    office.clock.advance(60)
    office.arrives(letter("kim@lee.example", text=ANGRY, subject="New", at=office.clock()))
    office.sync()
    found = {each.id: each.upset for each in office.conversations()}
    assert list(found.values()) == [not off, not off]  # also what lay there at first, and nobody has answered
