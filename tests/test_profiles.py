"""What people say of themselves: checked, kept by name, under their answers, and in who gets what."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox.below import signature_for
from inbox.errors import BadUsage
from inbox.profiles import Profile, document_of, profile_of, saying, with_own_lines
from inbox.settings import Mailbox, Settings
from storage.documents import Documents
from tests.front import TEAM, Front
from tests.ruled import Shop

BO = Profile("Bo Berger", "Bo Berger\nSpare parts, mornings", "Europe/Lisbon", ("de", "fr"))


def test_what_was_said_is_kept_by_name_and_what_was_not_stays(tmp_path: Path) -> None:
    here = Documents(tmp_path)
    assert here.profile("bo") is None
    assert here.change_profile("bo", {}) == Profile()  # they were asked, and said nothing
    assert here.profile("bo") == Profile()
    here.keep_theme("bo", "dark")
    said = {"shown": "Bo Berger", "signature": "Bo Berger | Spare parts, mornings", "zone": "Europe/Lisbon"}
    here.change_profile("bo", said)
    assert here.change_profile("bo", {"languages": "DE, fr de"}) == BO
    assert (here.profile("bo"), here.theme("bo"), here.profile("anna")) == (BO, "dark", None)
    assert here.answers_in() == {"bo": ("de", "fr")}
    assert here.change_profile("bo", {"signature": "", "languages": ""}) == BO._replace(
        signature="", languages=()
    )


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("shown", "x" * 61, "at most 60"),
        ("shown", "Bo <bo@shop.example>", "no brackets"),
        ("signature", "a|b|c|d|e", "4 lines at most"),
        ("signature", "x" * 79, "at most 78"),
        ("signature", "{me} again", "these very lines"),
        ("zone", "Europe/Vienne", "no time zone"),
        ("zone", "../../etc/passwd", "no time zone"),
        ("zone", "\0", "no time zone"),
        ("languages", "german", "is no language"),
        ("languages", "de;drop", "is no language"),
        ("languages", " ".join(f"{a}{b}" for a in "abcd" for b in "abcd"), "languages at most"),
    ],
)
def test_what_cannot_be_is_refused_with_a_way_out(field: str, text: str, words: str) -> None:
    with pytest.raises(BadUsage) as error:
        saying(BO, {field: text})
    assert words in error.value.what and error.value.next_step


def test_foreign_text_becomes_plain_lines() -> None:
    said = saying(
        Profile(), {"shown": " Bo\x1b[31m\r\nBcc: x ", "signature": "-- \nBo\u202e\n\x07Vienna\n\n"}
    )
    assert "\x1b" not in said.shown and "\n" not in said.shown
    assert said.signature.split("\n")[-1] == "Vienna" and "\u202e" not in said.signature
    assert "-- " not in said.signature.split("\n")


def test_a_document_written_by_hand_counts_as_far_as_it_can_be_read() -> None:
    assert profile_of(document_of(BO)) == BO
    odd = {"shown": 7, "zone": "Mars", "languages": ["de", 7, "fr"], "signature": ["x"], "more": {}}
    assert profile_of(odd) == Profile(languages=("de", "fr"))


def test_own_lines_stand_where_the_mailbox_says_or_above_it() -> None:
    assert with_own_lines("Shop\nVienna", BO, "bo") == "Bo Berger\nSpare parts, mornings\nShop\nVienna"
    assert with_own_lines("{me}\nShop", BO, "bo") == "Bo Berger\nSpare parts, mornings\nShop"
    assert with_own_lines("", BO, "bo") == BO.signature
    assert with_own_lines("Yours, {me}\nShop", Profile(), "bo") == "Yours, bo\nShop"
    assert with_own_lines("Shop", Profile("Bo"), "bo") == "Shop"
    assert with_own_lines("{me}\nShop", None) == "Shop"  # what nobody wrote
    servers = ("imap.shop.example", 993, "tls", "smtp.shop.example", 465, "tls")
    mailbox = Mailbox("support", "support@shop.example", "support", *servers, signature="{me}\nShop")
    settings = Settings(mailboxes=(mailbox,))
    assert signature_for(settings, "support@shop.example", "", BO, "bo").startswith("Bo Berger\nSpare")
    assert signature_for(settings, "support@shop.example") == "Shop"


def test_the_command_shows_and_changes_it_and_keys_are_each_persons_own(front: Front) -> None:
    front.write_settings(TEAM)
    assert front.ok("profile", "--json").objects == [
        {"who": "anna", "shown": "", "signature": "", "zone": "", "languages": [], "keys": "default"}
    ]
    front.ok("profile", "--name", "Bo Berger", "--signature", "Bo|Vienna", "--languages", "de fr", who="bo")
    ran = front.ok("profile", "--zone", "Europe/Lisbon", "--keys", "mutt", who="bo")
    assert [line.split(maxsplit=1) for line in ran.lines] == [
        ["name", "Bo Berger"],
        ["signature", "Bo"],
        ["Vienna"],
        ["zone", "Europe/Lisbon"],
        ["languages", "de fr"],
        ["keys", "mutt"],
    ]
    assert front.ok("profile", "--json", who="anna").objects[0]["keys"] == "default"
    assert front.ok("keys", who="bo").out != front.ok("keys", who="anna").out
    ran = front.run("profile", "--keys", "vim")
    assert (ran.status, "There is no preset" in ran.err) == (2, True)
    ran = front.run("profile", "--languages", "german")
    assert (ran.status, "is no language" in ran.err) == (2, True)


def test_their_lines_stand_under_an_answer_by_command(shop_front: Front) -> None:
    shop_front.ok("profile", "--name", "Bo B.", "--signature", "Bo Berger | Spare parts", who="bo")
    shop_front.ok("saved", "add", "Bye", "--text", "Yours, {agent}")
    shop_front.ok("reply", "2", "--text", "It is on its way.", "--saved", "Bye", who="bo")
    shown = shop_front.json("show", "2")[0]["items"][-1]
    assert "It is on its way.\n\nYours, Bo B.\n\n-- \nBo Berger\nSpare parts\n\nOn 2026" in shown["text"]


def test_who_answers_in_the_customers_language_goes_first_where_it_is_told(tmp_path: Path) -> None:
    rules = '[[rule]]\nname = "one"\non = "message-in"\nthen = [{ assign = "load" }]\n'
    shop = Shop(tmp_path, rules)
    german = "Guten Tag, wo bleibt mein Paket? Ich warte seit einer Woche und habe nichts gehört von Ihnen."
    assert shop.state(shop.asks(german)).assignee == "anna"  # nobody has said anything
    shop.store.documents.change_profile("cy", {"languages": "de"})
    got = [shop.state(shop.asks(german, sender=f"c{n}@park.example")).assignee for n in range(3)]
    assert got == ["cy"] * 3
    english = "Good morning, where is my parcel? I have been waiting for a week and heard nothing from you."
    assert shop.state(shop.asks(english, sender="e@park.example")).assignee == "bo"


def test_keys_of_who_comes_through_one_account_lie_beside_the_documents_for_all_who_share_them(
    front: Front,
) -> None:
    front.write_settings(TEAM)
    front.ok("profile", "--name", "Bo", who="bo")  # makes the folder of the documents
    front.ok("profile", "--keys", "gmail", who="bo")
    file = front.workspace / "documents" / "keys" / "bo.toml"
    assert file.read_text() == 'preset = "gmail"\n'
    assert [each.name for each in file.parent.iterdir()] == ["bo.toml"]
    around = file.parent.parent.stat().st_mode
    assert file.parent.stat().st_mode == around
    assert bool(file.stat().st_mode & 0o020) == bool(around & 0o020)
    assert not file.stat().st_mode & 0o007 or not around & 0o2000
