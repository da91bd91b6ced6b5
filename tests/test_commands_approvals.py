"""A trainee's letter and its yes, by command: said, refused with what happened meanwhile, given back, looked after."""

from __future__ import annotations

from tests.front import TEAM, Front
from tests.shop import mail

DAY = 86_400
AWAY = TEAM.replace('role = "owner"', 'role = "owner"\naway = ["2026-11-09..2026-11-20"]').replace(
    'name = "bo"', 'name = "bo"\naway = ["2026-11-09..2026-11-20"]'
)


def writes(front: Front, conversation: str = "1", text: str = "It comes on Thursday.") -> str:
    """Tim answers; the number of his letter."""
    said = front.ok("reply", conversation, "--text", text, who="tim")
    assert f"frontdesk approve {conversation}" in said.err
    (letter,) = front.json("show", conversation)[0]["approvals"]
    assert letter["by"] == "tim"
    return str(letter["message"])


def test_one_says_yes_and_the_second_is_told(shop_front: Front) -> None:
    letter = writes(shop_front)
    assert "waits for a yes: Where is my parcel?" in shop_front.ok("list").out
    assert "a letter waits for a yes" in shop_front.ok("show", "1").out
    ran = shop_front.run("approve", "1", who="tim")
    assert (ran.status, ran.err.strip()) == (
        1,
        "frontdesk: Say yes is not for a trainee: ask anna (owner) or bo (agent).",
    )
    assert "sync sends it" in shop_front.ok("approve", "1", who="bo").err
    assert [line["state"] for line in shop_front.json("outbox")] == ["queued"]
    again = shop_front.run("approve", "1")
    assert (again.status, again.err.strip()) == (1, "frontdesk: bo has said yes already.")
    assert "bo approved tim" in shop_front.ok("show", "1").out
    shop_front.ok("undo", who="bo")
    assert [(line["id"], line["held_by"]) for line in shop_front.json("outbox")] == [(letter, "approval")]
    shop_front.ok("approve", "1", "--message", letter, "--undo", "1h")
    (line,) = shop_front.json("outbox")
    assert line["leaves_at"] == "2026-11-10T11:05:00Z"


def test_what_happened_meanwhile_keeps_it_unless_there_is_a_reason(shop_front: Front) -> None:
    letter = writes(shop_front)
    shop_front.ok("reply", "1", "--text", "On Friday.", who="bo")
    shop_front.receive(
        [
            mail(
                "Jo Park <jo@park.example>",
                "Re: Where is my parcel?",
                "Well?",
                "2026-11-10 11:00",
                references="<a@b>",
            )
        ]
    )
    ran = shop_front.run("approve", "1")
    assert ran.status == 1
    assert "bo has answered in the meantime." in ran.err
    assert "--anyway REASON lets it go all the same." in ran.err
    assert shop_front.run("outbox", "release", letter).status == 1  # nor by another door
    assert shop_front.run("approve", "1", "--anyway", " ").status == 2
    shop_front.ok("approve", "1", "--anyway", "both are needed")
    assert {line["state"] for line in shop_front.json("outbox")} == {"queued"}


def test_it_is_given_back_with_a_note_and_taken_back_without(shop_front: Front) -> None:
    letter = writes(shop_front)
    ran = shop_front.run("give-back", "1")
    assert ran.status == 1 and "tim needs to know why" in ran.err
    shop_front.ok("give-back", "1", "--text", "Which Thursday?")
    shown = shop_front.json("show", "1")[0]
    assert shown["approvals"] == []
    assert [item["text"] for item in shown["items"] if item["direction"] == "note"] == ["Which Thursday?"]
    assert [item["id"] for item in shown["items"] if item["id"] == letter] == []
    ran = shop_front.run("approve", "1", "--message", letter)
    assert ran.err.strip() == "frontdesk: anna has given it back already."
    writes(shop_front, text="On Thursday the 12th.")
    shop_front.ok("give-back", "1", who="tim")
    assert shop_front.json("outbox") == []
    assert shop_front.run("approve", "1").err.strip() == "frontdesk: tim has taken it back."
    assert shop_front.run("approve", "1", "--message", "x").status == 2
    assert shop_front.run("approve", "99").status == 1


def test_the_doctor_says_who_may_say_yes_and_when_nobody_can(shop_front: Front) -> None:
    def said() -> list[tuple[object, str]]:
        found = shop_front.run("doctor", "--offline", "--json").objects
        return [(each["ok"], each["detail"]) for each in found if each["check"] == "approvals"]

    assert said() == []
    writes(shop_front)
    assert said() == [(True, "1 letter waits for a yes, the oldest written just now")]
    shop_front.now += 2 * DAY
    assert said() == [(None, "1 letter waits for a yes, the oldest written 2 d ago")]
    shop_front.write_settings(AWAY)
    assert said()[0] == (
        False,
        "1 letter waits for a yes, the oldest written 2 d ago: anna, bo may say it, and nobody of them is here today",
    )
    shop_front.write_settings(TEAM.replace('name = "tim"', 'name = "tom"'))
    assert said()[1] == (False, "tim, who wrote it, is nobody of the team any more")
    assert shop_front.run("give-back", "1", "--text", "x").status == 1
    shop_front.ok("approve", "1")
    assert said() == []


def test_other_words_go_in_its_place_with_what_was_chosen(shop_front: Front) -> None:
    shop_front.ok(
        "reply", "1", "--text", "Soon.", "--to", "jo2@park.example", "--anyway", "they moved", who="tim"
    )
    assert (
        shop_front.run("amend", "1", "--text", "{first_name}, on Friday.").status == 1
    )  # a place to be filled
    assert shop_front.run("amend", "1", "--text", "x", who="tim").status == 1
    ran = shop_front.run("amend", "1", "--text", "On Friday.", who="bo")
    assert (ran.status, "jo2@park.example" in ran.err) == (1, True)  # still nobody from here
    shop_front.ok("amend", "1", "--text", "On Friday.", "--anyway", "they moved", who="bo")
    (line,) = shop_front.json("outbox")
    assert [to["address"] for to in line["recipients"]] == ["jo2@park.example"]
    shown = shop_front.json("show", "1")[0]
    assert [item["reply"] for item in shown["items"] if item["direction"] == "out"] == ["On Friday."]
    assert "impatient" not in shown["items"][-1]["text"]
    assert (
        shop_front.run("amend", "1", "--text", "x").err.strip()
        == "frontdesk: bo has edited and sent it already."
    )
