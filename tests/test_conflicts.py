"""Two change the same at once: the second sees what is there by now, keeps their own words, and writes over nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from inbox.errors import NotDone
from inbox.knowledge import Article
from inbox.model import Customer
from inbox.saved_replies import SavedReply
from storage.documents import Documents
from storage.workspace import Workspace
from tests.front import Front
from tests.screenplay import playing
from tests.shop import NOW, did

TEAM = ("anna", "bo")
ROOT = Path(__file__).parent.parent


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


@pytest.mark.long
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


@pytest.mark.long
async def test_tags_of_two_are_all_there(store: Workspace) -> None:
    async with playing(store, (120, 36), team=TEAM) as stage:
        await stage.press("t")
        await stage.type("lamp")
        did(store, "bo", "tag", NOW, conversation=2, add=("refund",))
        await stage.press("enter")
        assert store.rows([2])[0].conversation.tags == ("lamp", "refund")


@pytest.mark.long
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


# --------------------------------------------------------------------------- documents


def test_an_article_changed_while_it_lay_in_an_editor_is_shown_and_both_texts_are_there(
    front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The editor is another colleague's command, as quick as can be, and then what one writes oneself."""
    front.ok("knowledge", "add", "Returns", "--text", "Within 14 days.")
    editor = tmp_path / "editor"
    editor.write_text(
        f"#!{sys.executable}\nimport sys\nfrom pathlib import Path\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from storage.documents import Documents\nfrom inbox.knowledge import Article\n"
        f"here = Documents(Path({str(front.workspace)!r}))\n"
        "here.save_article(Article('Returns', 'Within 30 days.\\n'))\n"
        "Path(sys.argv[1]).write_text('Within 14 days, unworn.\\n')\n"
    )
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    ran = front.run("knowledge", "edit", "Returns")
    assert ran.status == 1
    assert "Somebody has changed “Returns” meanwhile" in ran.err and "Within 30 days." in ran.err
    kept = tmp_path / "state" / "frontdesk" / "article-1.md"
    assert str(kept) in ran.err and kept.read_text() == "Within 14 days, unworn.\n"
    assert front.ok("knowledge", "show", "Returns").out == "Within 30 days.\n\n"


def test_of_two_saved_replies_of_one_name_in_the_same_second_the_second_is_told(tmp_path: Path) -> None:
    here, there = Documents(tmp_path), Documents(tmp_path)
    here.save_reply(SavedReply("late", "Sorry."), seen="")
    with pytest.raises(NotDone, match="Somebody has changed “late” meanwhile") as error:
        there.save_reply(SavedReply("late", "We are late."), seen="")
    assert "Sorry." in error.value.next_step
    there.save_reply(SavedReply("late", "We are late."), seen="Sorry.\n")
    assert [each.text for each in here.saved_replies()] == ["We are late."]
    here.forget_reply("late")
    with pytest.raises(NotDone, match="meanwhile"):
        there.save_reply(SavedReply("late", "Very late."), seen="We are late.")


def test_of_an_article_and_its_new_title_nothing_is_lost(tmp_path: Path) -> None:
    here = Documents(tmp_path)
    here.save_article(Article("a", "one"))
    with pytest.raises(NotDone):
        here.save_article(Article("b", "mine"), "a", seen="nought")
    here.save_article(Article("b", "mine"), "a", seen="one")
    assert [(each.title, each.text) for each in here.articles()] == [("b", "mine")]
