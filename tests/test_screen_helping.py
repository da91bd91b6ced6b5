"""On the screen: an upset customer, what went between us before, and an article that helps."""

from __future__ import annotations

from pathlib import Path

from inbox.actions import receive
from inbox.knowledge import Article
from inbox.mime import parse
from inbox.model import EventType, Who
from inbox.saved_replies import SavedReply
from inbox.settings import Watched
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import NOW, US, at, deliver, did, mail, shop

JO = "Jo Park <jo@park.example>"
FIRST = (
    "Where is order 4711?",
    "Hello,\n\nit should have come on Friday. Where is it?\n\nJo\n",
    "2026-11-02 10:00",
)
SECOND = (
    "Order 4711",
    "Hello,\n\nthe parcel came without the lamp. Please send it.\n\nJo\n",
    "2026-11-05 09:00",
)
ANGRY = "Hello,\n\nstill no lamp. This is unacceptable, I will write to my lawyer.\n\nJo\n"


def told(folder: Path) -> tuple[Workspace, int]:
    """Two contacts that did not help, and a third, which is angry; its conversation."""
    store = shop(folder)
    one = deliver(store, mail(JO, *FIRST))
    did(store, "bo", "reply", at("2026-11-02 12:00"), conversation=one, text="Hello Jo,\n\nit left us on Monday.",
        to=["jo@park.example"], sender="support@shop.example", leave_after=0, then="closed")  # fmt: skip
    two = deliver(store, mail(JO, *SECOND))
    did(store, "bo", "close", at("2026-11-05 17:00"), conversation=two, why="elsewhere")
    raw = mail(JO, "Lamp", ANGRY, "2026-11-10 10:50")
    arrival = receive.Arrival(parse(raw), raw, NOW - 600, mailbox="support", us=US, watched=Watched())
    outcome = store.change(receive.scope(arrival), receive.deciding(arrival), Who("sync"), NOW - 600)
    return store, outcome.conversations[0]


async def test_an_upset_customer_is_seen_and_told_of_and_a_person_decides(tmp_path: Path) -> None:
    store, here = told(tmp_path)
    async with playing(store, (80, 24)) as stage:
        assert " !upset " in stage.pane("list")
        await stage.press("enter")
        assert "! upset: unacceptable, my lawyer" in stage.text
        await stage.press("w")
        assert "The customer is upset: angry word: unacceptable · legal word: my lawyer" in stage.text
        await stage.press("escape", "r")
        contacts = stage.pane("contacts").split("\n")
        assert len(contacts) == 2
        assert "it should have come on Friday" in contacts[0]
        assert "→ it left us on Monday." in contacts[0]
        assert "the parcel came without the lamp" in contacts[1]
        assert "→ no answer · answered elsewhere" in contacts[1]
        assert "This is unacceptable" in stage.pane("conversation")
        await stage.press("escape", "g !")
        assert stage.said.startswith(" The customer is not upset. u takes it back.")
        assert "! upset:" not in stage.text
        assert not store.rows([here])[0].conversation.upset
        await stage.press("r")
        assert not stage.app.inbox.writing.helping.pane().display
        await stage.press("escape", "u")
        assert store.rows([here])[0].conversation.upset
    store.close()


async def test_an_article_is_found_looked_at_put_in_and_counted(store: Workspace) -> None:
    store.documents.save_article(
        Article(
            "Broken lamp: refund",
            "Dear {first_name},\n\nwe pay **all of it** back within {days}.",
            ("broken",),
        )
    )
    store.documents.save_article(Article("Bulbs", "All lamps take E27 bulbs."))
    store.documents.save_reply(SavedReply("Thanks", "Thank you for your patience with us!"))
    async with playing(store, (120, 36)) as stage:
        await stage.press("enter", "r")
        assert "knowledge: Broken lamp: refund (ctrl+k)" in stage.pane("contacts")
        await stage.press("ctrl+k")
        assert "Article · Broken lamp: refund" in stage.pane("conversation")
        assert "we pay **all of it** back" in stage.pane("conversation")
        await stage.press("down")
        assert "All lamps take E27 bulbs." in stage.pane("conversation")
        await stage.press("escape")
        assert "the blue lamp arrived broken" in stage.pane("conversation")
        await stage.press("ctrl+k")
        await stage.type("refund")
        await stage.press("enter")
        await stage.type("ten days")
        assert stage.app.inbox.writing.text == "Dear Anna,\n\nwe pay **all of it** back within ten days."
        await stage.press("enter", "ctrl+r", "enter", "escape", "r")  # left, and found again
        await stage.press("ctrl+s", "enter")
        queued = [e for e in store.events(2) if e.type is EventType.QUEUED]
        assert queued[-1].data["used"] == ["knowledge:Broken lamp: refund", "saved:Thanks"]
        await stage.press("u")
        assert stage.app.inbox.writing.letter is not None
        assert stage.app.inbox.writing.letter.used == ("knowledge:Broken lamp: refund", "saved:Thanks")
        await stage.press("ctrl+u", "ctrl+s", "enter")  # the thanks are taken out again
        queued = [e for e in store.events(2) if e.type is EventType.QUEUED and not e.void]
        assert queued[-1].data["used"] == ["knowledge:Broken lamp: refund"]
