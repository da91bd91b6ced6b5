"""Two change the same at once: the second sees what is there by now, keeps their own words, and writes over nothing."""

from __future__ import annotations

from inbox.model import Customer
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import NOW, did

TEAM = ("anna", "bo")


def anna_weber(store: Workspace) -> int:
    number = store.rows([2])[0].conversation.customer
    assert number is not None
    return number


def weber(store: Workspace) -> Customer:
    found = store.customer(anna_weber(store))
    assert found is not None
    return found


async def test_a_note_of_a_customer_that_a_colleague_changed_is_shown_and_not_written_over(
    store: Workspace,
) -> None:
    customer = anna_weber(store)
    async with playing(store, (160, 48), team=TEAM) as stage:
        await stage.press("enter", "i", "n")
        await stage.type("calls on Mondays")
        did(store, "bo", "customer-note", NOW, customer=customer, note="deaf: never call")
        await stage.press("enter")
        assert "it says “deaf: never call” now. Enter puts yours in its place" in stage.text
        assert "calls on Mondays" in stage.asked  # one's own words are there
        assert weber(store).note == "deaf: never call"
        await stage.type(", mail only")
        await stage.press("enter")
        assert weber(store).note == "calls on Mondays, mail only"  # having seen it, one may
        assert "Changed." in stage.said


async def test_an_own_field_and_the_name_likewise_and_others_stand_beside(store: Workspace) -> None:
    customer = anna_weber(store)
    async with playing(store, (160, 48), team=TEAM) as stage:
        await stage.press("enter", "i", "f")
        await stage.type("plan")
        await stage.press("enter")
        await stage.type("gold")
        did(store, "bo", "customer-edit", NOW, customer=customer, fields={"plan": "silver", "city": "Graz"})
        await stage.press("enter")
        assert "it says “silver” now" in stage.text
        await stage.press("escape")
        assert dict(weber(store).fields) == {"plan": "silver", "city": "Graz"}
        did(store, "bo", "customer-edit", NOW, customer=customer, vip=True)
        await stage.press("e", "n")
        did(store, "bo", "customer-edit", NOW, customer=customer, fields={"city": "Linz"})
        await stage.press("ctrl+u")
        await stage.type("Anna W.")
        await stage.press("enter")
        assert weber(store).name == "Anna W."  # what stands elsewhere is in nobody's way
        assert dict(weber(store).fields)["city"] == "Linz"


async def test_tags_of_two_are_all_there(store: Workspace) -> None:
    async with playing(store, (120, 36), team=TEAM) as stage:
        await stage.press("t")
        await stage.type("lamp")
        did(store, "bo", "tag", NOW, conversation=2, add=("refund",))
        await stage.press("enter")
        assert store.rows([2])[0].conversation.tags == ("lamp", "refund")


async def test_a_banner_that_a_colleague_put_up_meanwhile_is_shown_and_stays(store: Workspace) -> None:
    did(store, "bo", "issue-new", NOW, issue="post-strike", title="Post on strike")
    async with playing(store, (120, 36), team=TEAM) as stage:
        await stage.press("g L", "b")
        await stage.type("We know.")
        await stage.press("enter")
        did(
            store,
            "bo",
            "issue-banner",
            NOW,
            issue="post-strike",
            text="Parcels are late.",
            until=NOW + 86_400,
        )
        await stage.type("fri")
        await stage.press("enter", "l")
        assert "Somebody has changed the banner meanwhile: it says “Parcels are late.” now." in stage.said
        await stage.press("b")
        assert "Take the banner away?" in stage.asked  # as it stands there now
        await stage.press("n")
        did(store, "bo", "issue-banner", NOW, issue="post-strike", text="")
        await stage.rest()
        await stage.press("b")
        assert "We know." in stage.asked  # what one had typed is not typed twice
