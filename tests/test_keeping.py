"""What is done with goes after a while: what the settings say and nothing else, outside the opening hours, for good."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from inbox.chores import chores
from inbox.settings import Settings, load
from tests.front import TEAM, Front
from tests.shop import at, mail

YEAR = 365 * 86_400
NIGHT = at("2027-12-12 03:00")  # a Sunday
RULES = """
[keep]
closed = "1y"
spam = "30d"
notices = "1y"
attachments = "60d"
"""


def with_file(subject: str) -> bytes:
    message = EmailMessage()
    for name, value in (("From", "Mo <mo@park.example>"), ("To", "support@shop.example"), ("Subject", subject),
                        ("Message-ID", f"<{subject}@mo>"), ("Date", "Tue, 10 Nov 2026 10:59:00 +0100")):  # fmt: skip
        message[name] = value
    message.set_content("See the plan.")
    message.add_attachment(
        b"walnut" * 60_000, maintype="text", subtype="plain", filename="plan.txt", cte="7bit"
    )
    return message.as_bytes()


@pytest.fixture
def old(shop_front: Front) -> Front:
    """1 to 6 as ever; 1 closed, 2 closed of a VIP, 3 closed with the tag, 4 spam, 5 open, 6 closed with a promise; 7 closed
    with a file."""
    front = shop_front
    front.write_settings(TEAM + RULES)
    front.receive([with_file("plan")])
    front.ok("customer", "edit", "2", "--vip")
    front.ok("tag", "3", "--add", "legal-hold")
    front.ok("spam", "4")
    front.ok("promise", "6", "--until", "2027-12-30 09:00", "--text", "x")
    for number in ("1", "2", "3", "6", "7"):
        front.ok("close", number)
    return front


def settings(front: Front) -> Settings:
    return load(front.workspace / "settings.toml")


def worked(front: Front, now: int) -> int:
    """What the worker does about it at an instant; how many conversations."""
    store = front.store()
    tidy = list(chores(store, settings(front), now))[-1]
    count = 0
    while done := tidy():
        count += done
    tidy()
    problems = store.verify(now)
    store.close()
    assert not [each for each in problems if each.kind != "out of sight"]
    return count


def texts(front: Front, number: str) -> set[str]:
    return {item["text"].strip() for item in front.json("show", number)[0]["items"]}


def test_nothing_goes_where_nothing_is_said(old: Front) -> None:
    old.write_settings(TEAM)
    assert "Everything is kept" in old.ok("retention").out
    assert worked(old, NIGHT + 9 * YEAR) == 0


def test_what_is_old_and_done_with_goes_at_night_and_what_must_stay_stays(old: Front) -> None:
    old.now = NIGHT - 90 * 86_400
    assert old.ok("retention").lines == ["closed: 0", "spam: 1 #4", "notices: 0", "attachments: 1 #7"]
    old.now = NIGHT
    assert old.json("retention")[0] == {"rule": "closed", "conversations": ["1", "7"], "more": False}
    assert worked(old, NIGHT + 8 * 3600 + 86_400) == 0, "on Monday at eleven people work"
    assert worked(old, NIGHT) == 3
    assert texts(old, "1") == texts(old, "4") == texts(old, "7") == {"(erased)"}
    for number in ("2", "3", "5", "6"):
        assert "(erased)" not in texts(old, number), number
    assert [each["detail"].get("rule") for each in old.json("audit", "1") if each["what"] == "erased"] == [
        "closed"
    ]
    assert worked(old, NIGHT) == 0
    store = old.store()
    assert not store.keeping.unsettled()
    store.close()


def test_of_attachments_the_bytes_go_and_the_words_stay(old: Front) -> None:
    old.write_settings(TEAM + '[keep]\nattachments = "60d"\n')
    assert list((old.workspace / "raw").rglob("*/*"))
    assert worked(old, NIGHT) == 1
    (shown,) = old.json("show", "7")
    assert shown["items"][0]["text"].strip() == "See the plan."
    assert shown["items"][0]["attachments"] == []
    assert not list((old.workspace / "raw").rglob("*/*"))
    assert old.run("get", "7/1").status == 1
    assert [row["id"] for row in old.json("list", "plan")] == ["7"]


def test_what_came_since_keeps_all_of_it(old: Front) -> None:
    old.now = NIGHT - 86_400
    old.receive([mail("Jo Park <jo@park.example>", "Re: Where is my parcel?", "Again!", "2027-12-11 10:00")])
    store = old.store()
    assert not store.keeping.erase("closed", NIGHT, settings(old).keep, 5, NIGHT), "it is open"
    store.close()


def test_of_notices_those_stay_that_somebody_has_put_off(front: Front) -> None:
    front.write_settings(TEAM + '[keep]\nnotices = "30d"\n')
    bots = ("backups", "builds", "disks")
    notices = [
        mail(
            f"{bot}@host.example",
            bot,
            "Done.",
            "2026-11-10 10:00",
            list_unsubscribe="<mailto:off@host.example>",
        )
        for bot in bots
    ]
    assert front.receive(notices) == ["1", "2", "3"]
    front.ok("snooze", "2", "--until", "2027-12-30 09:00")
    front.ok("hold", "3", "--for", "the host", "--until", "2027-12-30 09:00")
    assert worked(front, NIGHT) == 1
    assert [texts(front, number) for number in "123"] == [{"(erased)"}, {"Done."}, {"Done."}]


@pytest.mark.parametrize(
    "text", ['closed = "3"', 'closed = "1d"', "spam = 30", 'notices = "200y"', 'never = "a b"']
)
def test_a_wrong_word_in_keep_is_named(front: Front, text: str) -> None:
    front.write_settings(TEAM + f"[keep]\n{text}\n")
    ran = front.run("list")
    assert (ran.status, f"keep.{text.split(' ', maxsplit=1)[0]}" in ran.err) == (3, True)
