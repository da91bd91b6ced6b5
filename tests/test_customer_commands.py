"""`frontdesk customer`: what a person types, and what they read."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox.panels import Asked, PanelCommand
from tests.front import TEAM, Front
from tests.shop import NOW, STORY, mail


def numbers(front: Front) -> dict[str, str]:
    return {each["name"]: each["id"] for each in front.json("customer", "list")}


def book(front: Front, name: str, text: str | bytes) -> str:
    path = front.workspace.parent / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


# --------------------------------------------------------------------------- looking


def test_customers_are_listed_and_found(shop_front: Front) -> None:
    names = [each["name"] for each in shop_front.json("customer", "list")]
    assert names == ["ACME GmbH", "Anna Weber", "Jo Park", "Lea Król", "山田 太郎"]
    assert [each["name"] for each in shop_front.json("customer", "list", "web")] == ["Anna Weber"]
    assert [each["name"] for each in shop_front.json("customer", "list", "@park")] == ["Jo Park"]
    (line,) = shop_front.ok("customer", "list", "weber").lines
    assert line.split()[0] == numbers(shop_front)["Anna Weber"] and "anna.weber@weber.example" in line
    assert shop_front.ok("customer", "list", "nobody").out == ""


def test_a_customer_is_shown_with_history_and_how_they_write(front: Front) -> None:
    text = "Hallo, könntest du mir bitte sagen, wann das Paket kommt? Ich habe es noch nicht und warte auf dich.\n"
    front.receive([mail("Jo Park <jo@park.example>", "Paket", text, "2026-11-09 10:00")])
    (told,) = front.json("customer", "show", "1")
    assert told["writes"] == {"language": "de", "form": "familiar"}
    assert [each["subject"] for each in told["conversations"]] == ["Paket"]
    shown = front.ok("customer", "show", "1").out
    assert "writes German, du" in shown and "1 conversation, 1 open" in shown and "Paket" in shown


def test_what_programs_said_is_told_and_what_they_could_not_say_too(front: Front) -> None:
    front.write_settings(TEAM + '[panel.orders]\ncommand = ["orders", "{email}"]\n')
    front.receive(STORY[:1])
    assert "  orders, not asked yet" in front.ok("customer", "show", "1").lines

    def answered(text: str, trouble: str) -> list[str]:
        store = front.store()
        mark = PanelCommand("orders", ("orders", "{email}")).mark
        store.panels.answer(Asked("orders", 1, 1), mark, text, trouble, NOW)
        store.close()
        return front.ok("customer", "show", "1").lines

    ended = "took longer than 3 s and was ended"
    assert f"  orders: {ended}" in answered("", ended), "it was asked, and said nothing"
    assert "    4711 shipped" in answered("4711 shipped", "")
    lines = answered("", ended)
    (head,) = (line for line in lines if line.startswith("  orders, "))
    assert head.endswith(f": {ended}") and "    4711 shipped" in lines, "what was known stays"


@pytest.mark.parametrize("given", ["99", "jo", "-1"])
def test_who_is_unknown_is_said(shop_front: Front, given: str) -> None:
    ran = shop_front.run("customer", "show", "--", given)
    assert ran.status == 1 and "There is no customer" in ran.err and "customer list" in ran.err


# --------------------------------------------------------------------------- saying something


def test_what_is_said_is_kept_found_and_undone(shop_front: Front) -> None:
    jo = numbers(shop_front)["Jo Park"]
    shop_front.ok("customer", "edit", jo, "--name", "Johanna", "--vip", "--tag", "wholesale", "--note", "Two dogs.",
                  "--language", "de", "--form", "polite", "--add-address", "JO@home.example",
                  "--add-phone", "+49 30 1234")  # fmt: skip
    (told,) = shop_front.json("customer", "list", "is:vip")
    assert told == {
        "id": jo, "name": "Johanna", "addresses": ["jo@park.example", "jo@home.example"], "handles": ["+49301234"],
        "vip": True, "tags": ["wholesale"], "language": "de", "form": "polite", "stop": False,
        "note": "Two dogs.",
        "fields": {},
    }  # fmt: skip
    assert [each["name"] for each in shop_front.json("customer", "list", "tag:wholesale")] == ["Johanna"]
    assert [each["customer"]["name"] for each in shop_front.json("list", "is:vip")] == ["Johanna"]
    assert "┃ Two dogs." in shop_front.ok("customer", "show", jo).out
    shop_front.ok("undo")
    assert shop_front.json("customer", "list", "is:vip") == [] and "Jo Park" in numbers(shop_front)
    assert shop_front.ok("verify").status == 0


def test_who_may_not_and_what_cannot_be(shop_front: Front) -> None:
    jo, anna = (numbers(shop_front)[name] for name in ("Jo Park", "Anna Weber"))
    assert "not for a reader" in shop_front.run("customer", "edit", jo, "--vip", who="ria").err
    assert shop_front.run("customer", "edit", jo).status == 2
    assert shop_front.run("customer", "edit", jo, "--add-address", "x").status == 2
    taken = shop_front.run("customer", "edit", jo, "--add-address", "anna.weber@weber.example")
    assert taken.status == 1 and f"customer merge {jo} {anna}" in taken.err


def test_customers_are_joined_undone_and_parted(shop_front: Front) -> None:
    jo, anna, lea = (numbers(shop_front)[name] for name in ("Jo Park", "Anna Weber", "Lea Król"))
    shop_front.ok("customer", "merge", jo, anna, lea)
    assert set(numbers(shop_front)) == {"ACME GmbH", "Jo Park", "山田 太郎"}
    assert len(shop_front.json("list", f"customer:{jo}")) == 4
    (told,) = shop_front.json("customer", "show", anna)
    assert told["id"] == jo and told["joined"] == [anna, lea]
    shop_front.ok("customer", "unmerge", lea)
    assert "Lea Król" in numbers(shop_front)
    shop_front.ok("undo")
    assert "Anna Weber" in numbers(shop_front)
    again = shop_front.run("customer", "unmerge", anna)
    assert again.status == 1 and "not joined" in again.err
    both = shop_front.run("customer", "merge", jo, jo, anna)
    assert both.status == 1 and "same customer" in both.err and "Anna Weber" not in numbers(shop_front)
    assert shop_front.ok("verify").status == 0


def test_the_help_names_what_is_there(front: Front) -> None:
    said = front.ok("customer", "--help").out
    assert "merge" in said and "erase" in said and "erase" in front.ok("--help").out


# --------------------------------------------------------------------------- address books

CARDS = """\
BEGIN:VCARD
VERSION:3.0
FN:Johanna Park
EMAIL:jo@park.example
EMAIL:jo@home.example
TEL:+49 30 1234
NOTE:Two dogs.
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Nina New
EMAIL:nina@new.example
CATEGORIES:fair
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Two People
EMAIL:anna.weber@weber.example
EMAIL:lea@krol.example
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Nobody
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Us
EMAIL:support@shop.example
END:VCARD
"""


def test_an_address_book_comes_in_once_and_joins_nobody(shop_front: Front) -> None:
    cards = book(shop_front, "book.vcf", CARDS)
    before = shop_front.json("customer", "list")
    (told,) = shop_front.json("customer", "import", cards, "--dry-run")
    reasons = [each["reason"] for each in told["refused"]]
    assert (told["new"], told["changed"], told["known"]) == (1, 1, 0)
    assert [each["line"] for each in told["refused"]] == [15, 21, 25]
    assert (
        "addresses of customers" in reasons[0]
        and "no mail address" in reasons[1]
        and "one of us" in reasons[2]
    )
    assert shop_front.json("customer", "list") == before, "a dry run changes nothing"
    ran = shop_front.ok("customer", "import", cards)
    assert ran.out == "1 new, 1 changed, 0 known\n"
    assert "line 15: has addresses" in ran.err and "customer merge" in ran.err
    (jo,) = shop_front.json("customer", "list", "jo@home")
    assert (jo["name"], jo["note"], jo["handles"]) == ("Jo Park", "Two dogs.", ["+49301234"])
    (nina,) = shop_front.json("customer", "list", "nina")
    assert nina["tags"] == ["fair"]
    assert shop_front.ok("customer", "import", cards).out == "0 new, 0 changed, 2 known\n"
    assert shop_front.ok("verify").status == 0


def test_who_came_by_an_address_book_is_known_when_they_write(front: Front) -> None:
    front.ok("customer", "import", book(front, "b.csv", "Kundin;Kontakt\nNina;Nina@New.example\n"), "--map",
             "Kundin=name", "--map", "Kontakt=address")  # fmt: skip
    front.receive([mail("nina@new.example", "Hello", "Hi\n", "2026-11-09 10:00")])
    assert [each["customer"]["name"] for each in front.json("list")] == ["Nina"]
    assert len(front.json("customer", "list")) == 1


def test_two_rows_of_one_person_are_one_also_in_a_dry_run(front: Front) -> None:
    rows = book(front, "b.csv", "Name,Email\nNina,nina@new.example\nNina,NINA@new.example\n")
    for more in (["--dry-run"], []):
        (told,) = front.json("customer", "import", rows, *more)
        assert (told["new"], told["known"]) == (1, 1)


def test_what_is_written_out_comes_in_again(shop_front: Front, tmp_path: Path) -> None:
    jo = numbers(shop_front)["Jo Park"]
    shop_front.ok(
        "customer", "edit", jo, "--note", "Two; dogs,\nthree.", "--tag", "fair", "--add-phone", "+49 30 1"
    )
    before = shop_front.json("customer", "list")
    for name in ("all.vcf", "all.csv"):
        shop_front.ok("customer", "export", str(tmp_path / name))
        assert shop_front.run("customer", "export", str(tmp_path / name)).status == 2, (
            "nothing is overwritten"
        )
        assert shop_front.ok("customer", "import", str(tmp_path / name)).out == "0 new, 0 changed, 5 known\n"
        assert shop_front.json("customer", "list") == before
        other = Front(tmp_path / name.replace(".", "-"), shop_front.capture, shop_front.patch)
        other.write_settings()
        other.ok("customer", "import", str(tmp_path / name))
        assert [each | {"id": ""} for each in other.json("customer", "list")] == [
            each | {"id": ""} for each in before
        ]


def test_files_that_cannot_be_read_say_why(front: Front) -> None:
    assert front.run("customer", "import", "nothing.vcf").status == 2
    assert front.run("customer", "import", book(front, "e.csv", "")).status == 1
    refused = front.run("customer", "import", book(front, "p.pdf", "%PDF-1.4\n1 0 obj\n<<>>\n"))
    assert (refused.status, "Nobody in that file" in refused.err) == (1, True)
    assert front.run("customer", "import", book(front, "b.csv", "Name,Email\n"), "--map", "x").status == 2
    assert front.run("customer", "import", book(front, "b.csv", "Name,Email\n"), who="ria").status == 1
    assert front.run("customer", "export", "x.txt").status == 2


def test_nothing_a_stranger_is_called_reaches_the_terminal(front: Front) -> None:
    front.receive(
        [mail("=?utf-8?q?=1b]0;owned=07Jo_[/]?= <jo@park.example>", "Hi", "Hi\n", "2026-11-09 10:00")]
    )
    for words in (("list",), ("show", "1")):
        assert "\x1b" not in front.ok("customer", *words).out
