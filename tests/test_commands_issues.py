"""Issues from the command line: made, linked, told, stopped, closed, announced; what is printed, and exit statuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox.issues import Spike
from tests.front import Front
from tests.shop import mail

NAMES = ("Ada Novak", "Ben Okafor", "Cleo Ruiz", "Dan Silva")
STRIKE = "Hello,\n\nwhere is my parcel? They say that the carrier is on strike.\n"


@pytest.fixture
def house(front: Front) -> Front:
    """Four who wait for a parcel, and one who asks something else."""
    front.write_settings()
    mails = [
        mail(f"{name} <{name.split()[0].lower()}@people.example>", "My parcel", STRIKE, f"2026-11-10 09:1{n}")
        for n, name in enumerate(NAMES)
    ]
    else_ = "The carrier is on strike, is it? And can you change the name on the invoice?\n"
    mails.append(mail("Eva Tamm <eva@people.example>", "Two things", else_, "2026-11-10 09:30"))
    front.receive(mails)
    return front


def test_a_strike_from_the_first_letter_to_the_last(house: Front, tmp_path: Path) -> None:
    assert (
        house.ok("issue", "new", "carrier-strike", "--title", "Carrier strike")
        .lines[0]
        .startswith("carrier-strike")
    )
    linked = house.ok("issue", "link", "carrier-strike", "--query", "strike")
    assert linked.ids == ["1", "2", "3", "4", "5"]
    assert "5 to be linked" in linked.err
    assert house.ok("list", "issue:carrier-strike").ids == house.ok("list", "issue:any").ids
    assert house.run("issue", "link", "carrier-strike", "1").status == 1, "it is linked already"
    assert "0 to be linked" in house.ok("issue", "link", "carrier-strike", "--query", "strike").err

    text = tmp_path / "answer.txt"
    text.write_text("Dear {first_name},\n\nyour parcel {order} comes on Friday.\n", "utf-8")
    refused = house.run("issue", "tell", "carrier-strike", "--file", str(text))
    assert refused.status == 2
    assert f"{text}, line 3: there is no field {{order}}" in refused.err
    fields = tmp_path / "orders.csv"
    fields.write_text(
        "address,order\nada@people.example,17\nben@people.example,18\ncleo@people.example,19\neva@people.example,20\n",
        "utf-8",
    )
    words = ("issue", "tell", "carrier-strike", "--file", str(text), "--fields", str(fields))
    shown = house.ok(*words, "--dry-run")
    assert "  | your parcel 17 comes on Friday." in shown.lines
    assert "set aside: {order} is not known" in shown.out
    assert "set aside: asks something else: “And can you change the name on the invoice?”" in shown.out
    assert shown.lines[-1] == "3 would be told, 2 set aside"
    assert not house.ok("outbox", "list").out
    letters = house.json(*words, "--dry-run")
    assert [each["conversation"] for each in letters if not each["set_aside"]] == ["1", "2", "3"]

    assert house.run(*words, "--with", "4").status == 2, "nobody knows the order"
    assert house.run(*words, "--without", "99").status == 1
    assert (
        house.ok(*words, "--with", "5", "--without", "1", "--dry-run").lines[-1]
        == "3 would be told, 2 set aside"
    )

    told = house.ok(*words)
    assert told.lines[0] == "3 told, 2 set aside"
    assert "frontdesk issue stop carrier-strike" in told.err
    assert len(house.json("outbox", "list")) == 3
    assert house.ok(*words).lines[0] == "0 told, 2 set aside, 3 told before"
    stopped = house.ok("issue", "stop", "carrier-strike")
    assert stopped.out == "Taken back: 3. Nobody has it.\n"
    assert not house.ok("outbox", "list").out
    assert house.run("issue", "stop", "carrier-strike").status == 1

    closed = house.ok("issue", "close", "carrier-strike", "--text", "Hello {first_name}, it goes on.")
    assert closed.lines[0] == "4 told, 1 set aside"
    assert set(house.ok("list", "status:closed").ids) == {"1", "2", "3", "4"}
    (issue,) = house.json("issue", "list")
    assert (issue["open"], issue["linked"], issue["told"], issue["leaving"]) == (False, 5, 4, 4)
    assert house.run("issue", "link", "carrier-strike", "5").status == 1
    house.ok("issue", "reopen", "carrier-strike")
    house.ok("issue", "unlink", "5")
    assert house.ok("list", "issue:none").ids == ["5"]
    assert "| Hello {first_name}, it goes on." in house.ok("issue", "show", "carrier-strike").out
    house.ok("verify")


def test_a_banner_stands_on_top_of_replies_until_its_date(house: Front) -> None:
    house.ok("issue", "new", "Carrier strike")
    house.ok("issue", "link", "carrier-strike", "1")
    banner = ("issue", "banner", "carrier-strike", "--text", "The carrier is on strike.")
    assert "banner until" in house.ok(*banner, "--until", "2026-11-11 12:00").out
    house.ok("reply", "1", "--text", "It comes later.")
    house.ok("reply", "2", "--text", "It comes later.")

    def last(number: str) -> str:
        return str(house.json("show", number)[0]["items"][-1]["reply"])

    assert last("1") == "The carrier is on strike.\n\nIt comes later."
    assert last("2") == "It comes later."
    house.ok("reply", "1", "--no-banner", "--text", "Again.")
    assert last("1") == "Again."
    house.ok(*banner, "--until", "2026-11-11 12:00", "--everywhere")
    house.ok("reply", "3", "--text", "Me too.")
    assert last("3").startswith("The carrier is on strike.")
    house.now += 2 * 86_400
    house.ok("reply", "4", "--text", "All is well again.")
    assert last("4") == "All is well again."
    assert house.run(*banner).status == 2, "a banner ends"
    assert house.run("issue", "banner", "carrier-strike", "--off").status == 1, "it has ended by itself"


def test_words_that_spike_are_told_with_the_query_that_finds_them(house: Front) -> None:
    store = house.store()
    store.issues.noticed([Spike("strike", 5, house.now - 3 * 3600)], house.now)
    store.close()
    (told,) = house.ok("issue", "list").err.splitlines()
    words, _, query = told.partition(": ")
    assert words == "5 in 90 min mention “strike”"
    assert house.ok("list", query).ids == ["1", "2", "3", "4", "5"]


def test_an_announcement_is_shown_told_and_counted(house: Front) -> None:
    house.ok("customer", "edit", "2", "--stop")
    words = (
        "announce",
        "--query",
        "subject:parcel",
        "--subject",
        "New terms",
        "--text",
        "Hello {first_name}, they change.",
    )
    shown = house.ok(*words, "--dry-run")
    assert "set aside: they have said stop" in shown.out
    assert shown.lines[-1] == "3 would be told, 1 set aside"
    assert house.ok(*words).lines[0] == "3 told, 1 set aside"
    assert house.ok(*words).lines[0] == "0 told, 1 set aside, 3 told before"
    (issue,) = house.json("issue", "list")
    assert (issue["name"], issue["kind"], issue["linked"], issue["told"]) == (
        "new-terms",
        "announcement",
        3,
        3,
    )
    house.ok("issue", "stop", "new-terms")
    assert not house.json("issue", "list")
    assert not house.ok("list", "issue:any").out
    house.ok("verify")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("issue", "show", "strke"), 1, 'did you mean "strike"?'),
        (("issue", "new", "strike"), 1, "There is an issue strike already."),
        (("issue", "new", "???"), 2, "no name of an issue"),
        (("issue", "new", "x", "--kind", "wsh"), 2, 'did you mean "wish"?'),
        (("issue", "link", "strike"), 2, "No conversation is named."),
        (("issue", "link", "strike", "1", "--query", "x"), 2, "two ways"),
        (("issue", "link", "strike", "--query", "isue:x"), 2, "The nearest is issue:"),
        (("issue", "tell", "strike", "--text", "Hello"), 1, "Nothing is linked to strike."),
        (("issue", "close", "strike", "--dry-run"), 2, "There is no letter to show."),
        (("issue", "stop", "strike"), 1, "Nothing was told of strike."),
        (("issue", "tell", "strike", "--text", "Hello", "--fields", "no.csv"), 2, "cannot be read"),
        (
            ("announce", "--query", "subject:parcel", "--subject", "strike", "--text", "x"),
            1,
            "issue strike already",
        ),
        (("announce", "--query", "subject:nothing", "--subject", "S", "--text", "x"), 1, "finds no customer"),
        (
            ("announce", "--query", "subject:parcel", "--subject", "S {no}", "--text", "x"),
            2,
            "there is no field {no}",
        ),
    ],
)
def test_what_cannot_be_is_told_with_the_next_step(
    house: Front, words: tuple[str, ...], status: int, said: str
) -> None:
    house.ok("issue", "new", "strike")
    ran = house.run(*words)
    assert (ran.status, said in ran.err) == (status, True), ran.err


def test_who_may_not_tell_many_does_not(house: Front) -> None:
    house.ok("issue", "new", "strike")
    house.ok("issue", "link", "strike", "1", who="tim")
    assert house.run("issue", "tell", "strike", "--text", "Hello", who="tim").status == 1
    assert house.run("issue", "link", "strike", "2", who="ria").status == 1
    assert house.run("announce", "--query", "id:1", "--subject", "S", "--text", "x", who="tim").status == 1
    assert not house.ok("outbox", "list").out
