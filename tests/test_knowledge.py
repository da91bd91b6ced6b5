"""The team's knowledge: kept as documents, found by what a customer wrote, and counted where it helped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.errors import BadUsage
from inbox.knowledge import Article, Index, article_of, document_of, still_in
from inbox.model import EventType
from storage.documents import Documents
from tests.front import Front
from tests.stores import Desk, desk, letter

RETURNS = Article(
    "Returns from abroad", "Within 30 days, {first_name}: we pay the **postage**.", ("customs",), ("en",)
)
BULBS = Article("Bulbs that fit our lamps", "All lamps take E27 bulbs of at most 40 watts.", ("watt", "led"))
PARCEL = Article(
    "Parcel not arrived", "Ask the neighbours first; after ten days we send it again.", ("lost",)
)
RUECK = Article(
    "Rücksendung aus dem Ausland", "Innerhalb von 30 Tagen, das Porto zahlen wir.", ("Zoll",), ("de",)
)
ALL = (RETURNS, BULBS, PARCEL, RUECK)


@pytest.fixture
def shelf(tmp_path: Path) -> Documents:
    return Documents(tmp_path)


# --------------------------------------------------------------------------- finding


def test_what_fits_a_letter_is_found_by_the_words_both_have() -> None:
    index = Index(ALL)
    asked = "Hello, I live abroad, in Norway. How do I return the lamp, and what about customs?"
    assert index.fitting(asked, "en")[0][1] == RETURNS
    assert index.strong(asked, "en") == RETURNS
    assert index.strong("Wie geht eine Rücksendung aus dem Ausland, wegen Zoll?", "de") == RUECK
    assert index.strong("My parcel has not arrived, is it lost?", "en") == PARCEL
    assert index.strong("Thank you, all is well.", "en") is None
    assert index.strong("A lamp", "en") is None  # one word is no match
    assert Index(()).fitting(asked) == []


def test_one_of_another_language_comes_later() -> None:
    twins = Index(
        (Article("Zoll customs", "x y", languages=("de",)), Article("Customs Zoll", "x y", languages=("en",)))
    )
    assert [each.languages for _, each in twins.fitting("customs zoll", "en")] == [("en",), ("de",)]


def test_writing_without_blanks_is_found_too() -> None:
    index = Index(
        (Article("返品と返金", "三十日以内に返品できます。"), Article("電球", "四十ワットまでです。"))
    )
    assert index.fitting("返品したいのですが")[0][1].title == "返品と返金"


def test_what_is_typed_is_found_in_title_tags_and_text() -> None:
    index = Index(ALL)
    assert index.ranked("rtrn")[0] == RETURNS  # letters in their order
    assert index.ranked("zoll") == [RUECK]
    assert index.ranked("40 watts") == [BULBS]
    assert index.ranked("xyzzy") == []
    assert [each.title for each in index.ranked("")] == sorted((each.title for each in ALL), key=str.casefold)
    assert index.ranked("", message="Is my parcel lost?")[0] == PARCEL


def test_one_of_a_thousand_articles_is_found() -> None:
    words = [f"word{number:04}" for number in range(4000)]
    many = [
        Article(" ".join(words[n : n + 3]), " ".join(words[n : n + 150]), (words[n],)) for n in range(1000)
    ]
    index = Index([*many, PARCEL])
    assert index.fitting("the parcel is lost")[0][1] == PARCEL
    assert index.ranked("parcel")[0] == PARCEL


@given(st.lists(st.tuples(st.text(min_size=1, max_size=30), st.text(max_size=80))), st.text(max_size=200))
def test_any_article_and_any_letter_can_be_looked_at(written: list[tuple[str, str]], message: str) -> None:
    found = [article_of({"title": title, "text": text}) for title, text in written]
    articles = [each for each in found if each is not None]
    index = Index(articles)
    assert all(fit > 0 for fit, _ in index.fitting(message))
    assert set(index.ranked("", message=message)) == set(articles)
    assert all(article_of(document_of(each)) == each for each in articles)


# --------------------------------------------------------------------------- documents


def test_articles_are_kept_changed_and_taken_away(shelf: Documents, tmp_path: Path) -> None:
    for article in ALL:
        shelf.save_article(article)
    shelf.save_article(BULBS._replace(text="E14."))
    shelf.save_article(PARCEL._replace(title="Lost parcels"), instead_of=PARCEL.title)
    assert [each.title for each in Documents(tmp_path).articles()] == [
        RETURNS.title,
        BULBS.title,
        "Lost parcels",
        RUECK.title,
    ]
    assert shelf.articles()[1].text == "E14."
    assert shelf.forget_article(RUECK.title)
    assert not shelf.forget_article(RUECK.title)
    with pytest.raises(BadUsage):
        shelf.save_article(Article(" \n", "x"))


def test_what_is_written_by_hand_is_read_and_slips_are_named(shelf: Documents, tmp_path: Path) -> None:
    file = tmp_path / "documents" / "knowledge.json"
    file.parent.mkdir()
    written = {
        "1": {"title": "Good", "text": "Hi {first_name}, {order number} {frist_name}", "tags": "a, b"},
        "2": {"titel": "Bad", "text": "x"},
        "3": {"title": "Odd", "text": "x", "langauges": ["en"]},
    }
    file.write_text(json.dumps({"_default": written}, indent=1), "utf-8")
    assert [(each.title, each.tags) for each in shelf.articles()] == [("Good", ("a", "b")), ("Odd", ())]
    assert shelf.mistakes("knowledge") == [
        f"{file}, line 5: nothing fills {{frist_name}} of “Good”; did you mean “{{first_name}}”?",
        f'{file}, line 9: there is no field “titel”; did you mean "title"?',
        f"{file}, line 1: there is no title. It is left out.",
        f'{file}, line 15: there is no field “langauges” of “Odd”; did you mean "languages"?',
    ]
    shelf.save_article(PARCEL)
    file.write_text("{ torn", "utf-8")
    assert [each.title for each in shelf.articles()] == ["Good", "Odd", PARCEL.title]  # the last good copy
    assert shelf.mistakes("knowledge") == [
        f"{file} is damaged: its last good copy counts. Mend it, or take it away."
    ]


# --------------------------------------------------------------------------- what helped


def test_what_was_thrown_away_again_did_not_help() -> None:
    sources = {"knowledge:R": RETURNS.text, "saved:S": "Thanks!", "knowledge:B": BULBS.text}
    text = "Dear Jo,\n\nWithin 30 days, Jo: we pay the **postage**. And Thanks!"
    assert still_in(text, ["knowledge:R", "saved:S", "knowledge:B", "knowledge:gone"], sources) == (
        "knowledge:R",
        "saved:S",
    )
    assert still_in("", ["knowledge:R"], sources) == ()


@pytest.fixture
def shop(tmp_path: Path) -> Desk:
    return desk(tmp_path)


def test_what_has_left_is_counted_from_the_record(shop: Desk) -> None:
    one = shop.gets(letter(id_="<1@x>"))
    two = shop.gets(letter("kim@lee.example", id_="<2@x>"))
    used = ["knowledge:Returns", "saved:Hello"]
    first = shop.replies("anna", one, used=used)
    assert shop.store.helped() == {}  # it has not left
    shop.hands_over(first)
    assert shop.store.helped() == {"knowledge:Returns": 1, "saved:Hello": 1}
    shop.replies("anna", one, text="And one more thing.", used=used[1:], leave_after=600)
    assert shop.store.helped() == {
        "knowledge:Returns": 1,
        "saved:Hello": 1,
    }  # another one has left here, not this
    shop.replies("bo", two, to="kim@lee.example", used=used[:1], leave_after=600)
    shop.did("bo", "undo", by="bo")
    (draft,) = shop.store.drafts(two)
    assert draft.used == ("knowledge:Returns",)
    shop.hands_over(shop.replies("bo", two, to="kim@lee.example", used=draft.used))
    assert shop.store.helped() == {"knowledge:Returns": 2, "saved:Hello": 1}
    shop.did("anna", "merge", conversation=two, into=one)
    assert shop.store.helped() == {"knowledge:Returns": 2, "saved:Hello": 1}
    shop.verified()


# --------------------------------------------------------------------------- commands


def test_articles_by_command(shop_front: Front) -> None:
    front = shop_front
    front.ok(
        "knowledge", "add", RETURNS.title, "--text", RETURNS.text, "--tag", "customs", "--language", "en"
    )
    front.ok("knowledge", "add", "Bulbs", "--text", BULBS.text)
    assert "There is an article" in front.run("knowledge", "add", "Bulbs", "--text", "x").err
    assert "did you mean {first_name}" in front.run("knowledge", "add", "X", "--text", "{frist_name}").err
    (line,) = front.ok("knowledge", "search", "postage").lines
    assert line.startswith(RETURNS.title)
    assert " 0x " in line
    assert front.run("knowledge", "search", "nothing").status == 1
    assert front.run("knowledge", "search").status == 2
    assert front.json("knowledge", "search", "--for", "6")[0]["title"] == "Bulbs"
    refused = front.run("knowledge", "show", "bulb")
    assert (refused.status, 'did you mean "Bulbs"' in refused.err) == (1, True)
    front.ok("knowledge", "edit", "Bulbs", "--text", "E14 only.", "--title", "Bulbs and sockets")
    assert front.ok("knowledge", "show", "bulbs and sockets").out == "E14 only.\n\n"
    front.ok("knowledge", "add", "Shades", "--text", "Of linen.")
    refused = front.run("knowledge", "edit", "Shades", "--title", "Bulbs and sockets")
    assert (refused.status, "There is an article" in refused.err) == (1, True)  # none takes another's place
    assert front.ok("knowledge", "show", "bulbs and sockets").out == "E14 only.\n\n"
    front.ok("knowledge", "edit", "Shades", "--title", "Shades", "--tag", "linen")
    front.ok("knowledge", "remove", "Shades")
    front.patch.setenv("EDITOR", "sed -i s/E14/E27/")
    front.ok("knowledge", "edit", "Bulbs and sockets")
    assert front.ok("knowledge", "show", "bulbs and sockets").out == "E27 only.\n\n"
    front.patch.setenv("EDITOR", "false")
    assert front.run("knowledge", "edit", "Bulbs and sockets").status == 1
    assert front.run("knowledge", "remove", "Bulbs and sockets", who="ria").status == 1
    front.ok("knowledge", "remove", "Bulbs and sockets")
    assert [each["helped"] for each in front.json("knowledge", "list")] == [0]
    front.ok("saved", "add", "Thanks", "--text", "Thank you!")
    assert [each["helped"] for each in front.json("saved", "list")] == [0]


def test_a_reply_by_command_is_made_with_them(shop_front: Front) -> None:
    front = shop_front
    front.ok("knowledge", "add", "Returns", "--text", "Within 30 days, {first_name}, **free**.")
    front.ok("saved", "add", "Bye", "--text", "Yours, {agent}")
    refused = front.run("reply", "2", "--knowledge", "returnz")
    assert (refused.status, 'did you mean "Returns"' in refused.err) == (1, True)
    front.ok("reply", "2", "--text", "Hello!", "--saved", "bye", "--knowledge", "Returns")
    store = front.store()
    assert store.items(2)[-1].reply == "Hello!\n\nYours, anna\n\nWithin 30 days, Anna, **free**."
    queued = [event for event in store.events(2) if event.type is EventType.QUEUED]
    assert queued[0].data["used"] == ["saved:Bye", "knowledge:Returns"]
    store.close()


def test_a_slip_in_a_file_is_said_and_does_no_harm(shop_front: Front) -> None:
    shop_front.ok("saved", "add", "Thanks", "--text", "Thank you!")
    file = shop_front.workspace / "documents" / "saved_replies.json"
    file.write_text(file.read_text("utf-8").replace('"languages"', '"langauges"'), "utf-8")
    told = shop_front.ok("saved", "list")
    assert told.lines[0].startswith("Thanks")
    assert f'{file}, line 6: there is no field “langauges” of “Thanks”; did you mean "languages"?' in told.err
