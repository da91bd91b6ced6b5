"""The hints of a reply by command: lines on standard error, a list as JSON, and a refusal where one is hard."""

from __future__ import annotations

from tests.front import TEAM, Front
from tests.shop import mail

KIM = mail(
    "Kim Lee <kim@kim.example>",
    "Three things",
    "Hello,\n\nwhere is my parcel? Do you also sell bulbs?\n\nKim\n",
    "2026-11-10 08:00",
)
BULBS = mail("Kim Lee <kim@kim.example>", "Bulbs", "Hello there.\n", "2026-11-10 08:30")


def test_hints_are_said_and_the_reply_goes(front: Front) -> None:
    front.write_settings()
    number, _ = front.receive([KIM, BULBS])
    ran = front.ok("reply", number, "--text", "Bulbs we have.")
    assert "frontdesk: This customer has 1 more open: «Bulbs»." in ran.err
    assert "frontdesk: Question untouched: «where is my parcel?».\n  Say a word about it." in ran.err
    assert " waiting " in ran.out


def test_all_that_was_checked_is_one_object_of_json(front: Front) -> None:
    front.write_settings()
    number, _ = front.receive([KIM, BULBS])
    (told,) = front.json("reply", number, "--text", "Bulbs we have, the list is attached.")
    assert (told["id"], told["queued"]) == (number, True)
    assert [(each["kind"], each["name"]) for each in told["checks"]] == [
        ("hint", "attachment"),
        ("hint", "more"),
        ("passive", "question"),
    ]
    assert told["checks"][2]["words"] == "Question untouched: «where is my parcel?»."


def test_a_hard_one_refuses_with_its_next_step_and_a_reason_overrides_it(front: Front) -> None:
    front.write_settings(
        f'internal_words = ["EK-Preis"]\n{TEAM}\n[checks]\ninternal = "hard"\nquestion = "off"\n'
    )
    (number,) = front.receive([KIM])
    ran = front.run("reply", number, "--text", "Der EK-Preis ist 4 €.", "--json")
    assert (ran.status, ran.objects[0]["queued"]) == (1, False)
    assert "«EK-Preis» is a word that stays among us.\n  Take it out." in ran.err
    assert front.json("outbox", "list") == []
    front.ok("reply", number, "--text", "Der EK-Preis ist 4 €.", "--anyway", "they are our supplier")
    events = front.json("show", number)[0]["events"]
    assert "overridden" in [each["what"] for each in events if each["why"] == "they are our supplier"]


def test_what_closes_needs_a_next_step_once_that_is_switched_on(front: Front) -> None:
    front.write_settings(f'{TEAM}\n[checks]\nnext_step = "hard"\nquestion = "off"\n')
    (number,) = front.receive([KIM])
    text = "The money is back on your card and that is all."
    assert "names no next step" in front.run("reply", number, "--text", text, "--close").err
    assert "next step" not in front.ok("reply", number, "--text", text).err


def test_the_text_of_ones_last_answers_is_told_from_that_of_a_colleague(front: Front) -> None:
    front.write_settings(f'{TEAM}\n[checks]\nsame = "hint"\n')
    mails = [
        mail(f"K{n} <k{n}@kim.example>", f"No {n}", "Hello there.\n", f"2026-11-10 0{n}:00")
        for n in range(1, 5)
    ]
    first, second, third, fourth = front.receive(mails)
    text = "Hello {},\n\nyour parcel left our house this morning, and you have it in two or three days.\n\nBest\n{}"
    front.ok("reply", first, "--text", text.format("K1", "Anna"))
    assert "same" not in [each["name"] for each in front.ok("reply", second, "--text", text.format("K2", "Bo"), "--json",
                                                             who="bo").objects[0]["checks"]]  # fmt: skip
    front.now += 3 * 86400
    front.ok(
        "reply", third, "--text", "Something else altogether was asked here, and this is what we say to it."
    )
    assert (
        "This is the text of your 2nd last answer."
        in front.ok("reply", fourth, "--text", text.format("K4", "A")).err
    )


def test_a_saved_reply_to_ask_back_with_is_found_by_its_tag(front: Front) -> None:
    front.write_settings()
    front.ok("saved", "add", "which", "--text", "Which order do you mean?", "--tag", "ask-back")
    assert front.ok("saved", "list", "ask-back").lines[0].startswith("which")
