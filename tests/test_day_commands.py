"""`frontdesk day` and `frontdesk apply` on a real store: a day answered without a line, and by whom."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path

from inbox import mime
from inbox.actions import receive
from inbox.day import end_mark, mark
from inbox.model import EventType, Who
from inbox.ports import Draft
from tests.a_day import (
    ACME,
    ANNA,
    BULBS,
    JO,
    LEA,
    YAMADA,
    apply,
    day_of,
    drafts,
    file_id,
    filled,
    happened,
    states,
    typed,
)
from tests.front import TEAM, Front
from tests.shop import US, did, mail

# ---------------------------------------------------------------------- out


def test_a_day_holds_what_is_due_next_mine_first(shop_front: Front) -> None:
    shop_front.ok("assign", LEA, "--to", "me")
    shop_front.ok("assign", ANNA, "--to", "bo")
    shop_front.ok("close", YAMADA, "--why", "thanks")
    day = day_of(shop_front)
    assert re.findall(r"^## (\d+) ·", day, re.MULTILINE) == [LEA, JO, ACME, BULBS]
    assert re.findall(r"^## (\d+) ·", day_of(shop_front, "--mine", "2"), re.MULTILINE) == [LEA, JO]
    assert re.findall(r"^## (\d+) ·", day_of(shop_front, "status:closed"), re.MULTILINE) == [YAMADA]
    assert shop_front.run("day", "--mine", "0").status == 2


def test_a_conversation_is_there_with_all_that_an_answer_needs(shop_front: Front) -> None:
    (number,) = shop_front.receive(
        [mail("Mia <mia@x.example>", "Lamp", "Hello\n\n> ## quoted\n> long ago\n", "2026-11-10 10:50")]
    )
    shop_front.ok("note", number, "--text", "She rang.", who="bo")
    shop_front.ok("tag", number, "--add", "lamps")
    day = day_of(shop_front, f"id:{number}")
    assert f"## {number} · Mia: Lamp" in day
    assert "nobody has it · [lamps]" in day
    assert "mia@x.example · the first time" in day
    assert "> **Mia, 10:50**\n> Hello\n> [2 quoted lines are left out]" in day
    assert "> **note by bo, 11:05**\n> She rang." in day


def test_attachments_stand_under_the_numbers_by_which_they_are_got(shop_front: Front) -> None:
    def with_file(name: str, text: str, when: str, **headers: str) -> bytes:
        raw = mail("Mia <mia@x.example>", "Lamp", text, when, **headers)
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        letter.add_attachment(name.encode(), maintype="application", subtype="pdf", filename=name)
        return letter.as_bytes()

    first = with_file("one.pdf", "x" * 25_000, "2026-11-10 10:00", message_id="<a@x.example>")
    second = with_file("two.pdf", "And this.", "2026-11-10 10:10", in_reply_to="<a@x.example>")
    number, _ = shop_front.receive([first, second])
    day = day_of(shop_front, f"id:{number}")
    assert f"> [one.pdf, 7 bytes: frontdesk get {number}/1 > FILE]" in day
    assert f"> [two.pdf, 7 bytes: frontdesk get {number}/2 > FILE]" in day
    assert shop_front.ok("get", f"{number}/2").out == "two.pdf"
    assert f"[it goes on: show {number}]" in day
    assert day.count("x" * 60) < 25_000 // 60


def test_ones_own_draft_is_there_to_be_read_and_nobody_elses(shop_front: Front) -> None:
    store = shop_front.store()
    for who in ("anna", "bo"):
        store.save_draft(Draft(1, who, "reply", f"Begun by {who}"))
    store.close()
    day = day_of(shop_front)
    assert "> **your draft; it stays, whatever you answer here**\n> Begun by anna\n" in day
    assert "Begun by bo" not in day


def test_of_a_long_conversation_the_newest_is_there(shop_front: Front) -> None:
    store = shop_front.store()
    for number in range(25):
        did(store, "bo", "note", conversation=1, text=f"note {number}.")
    store.close()
    day = day_of(shop_front, f"id:{JO}")
    assert "the newest 20 of its messages; all: show 1" in day
    assert "note 4." not in day
    assert "note 5." in day


def test_a_day_that_nothing_was_written_into_changes_nothing(shop_front: Front) -> None:
    before = shop_front.json("list")
    ran = shop_front.ok("apply", stdin=day_of(shop_front).encode())
    assert (ran.out, ran.err) == ("", "6 untouched.\n")
    assert shop_front.json("list") == before


# ---------------------------------------------------------------------- back


def test_what_was_written_is_done_each_by_itself_and_once(shop_front: Front) -> None:
    day = filled(shop_front)
    status, became = apply(shop_front, day)
    assert status == 0
    assert set(states(became).values()) == {"done"}
    assert len(became) == 9
    assert happened(shop_front, ANNA) == ["QUEUED", "NOTED", "TAGGED", "CLOSED"]
    newest = shop_front.json("show", ANNA)[0]
    assert (newest["status"], newest["tags"], newest["assignee"]) == ("closed", ["refund"], "anna")
    sent = newest["items"][1]
    assert (sent["reply"], sent["to"][0]["address"]) == (
        "Dear Anna,\n\nthe money is on its way.",
        "anna.weber@weber.example",
    )
    assert newest["items"][2]["text"] == "Paid by card, @bo."
    (line,) = shop_front.json("outbox", "list")
    assert line["leaves_at"] == "2026-11-10T10:07:00Z"
    jo = shop_front.json("list", f"id:{JO}")[0]
    assert (jo["status"], jo["assignee"]) == ("snoozed", "bo")
    assert [each["until"] for each in shop_front.json("show", ACME)[0]["promises"]] == [
        "2026-11-12T11:00:00Z"
    ]
    assert shop_front.json("list", f"id:{YAMADA}")[0]["status"] == "closed"

    before = shop_front.json("list")
    status, became = apply(shop_front, day)
    assert (status, set(states(became).values())) == (0, {"again"})
    assert shop_front.json("list") == before


def test_all_of_it_is_undone_as_one_and_can_be_applied_again(shop_front: Front) -> None:
    day = filled(shop_front)
    apply(shop_front, day)
    shop_front.ok("undo")
    assert [row["status"] for row in shop_front.json("list")] == ["open"] * 6
    assert shop_front.json("outbox", "list") == []
    status, became = apply(shop_front, day)
    assert (status, set(states(became).values())) == (0, {"done"})
    assert happened(shop_front, ANNA)[-4:] == ["QUEUED", "NOTED", "TAGGED", "CLOSED"]


def test_check_says_what_would_happen_and_does_nothing(shop_front: Front) -> None:
    day = typed(filled(shop_front), "do", LEA, "assign-me\nassign me")
    before = shop_front.json("list")
    status, became = apply(shop_front, day, "--check")
    assert shop_front.json("list") == before
    assert status == 1
    assert became.pop((LEA, "assign me"))["words"] == "It is assigned to anna already."
    assert set(states(became).values()) == {"would"}
    assert drafts(shop_front) == []


def test_one_line_an_item_says_what_became_of_it(shop_front: Front) -> None:
    day = typed(filled(shop_front), "do", LEA, "close thx")
    ran = shop_front.run("apply", stdin=day.encode())
    assert ran.status == 1
    assert ran.ids == [ANNA] * 4 + [JO] * 2 + [ACME] * 2 + [YAMADA, LEA]
    line = day.splitlines().index("close thx") + 1
    assert f"{LEA} line {line} not understood: “close thx” is not understood." in ran.lines[-1]
    assert f"{ANNA} line" in ran.lines[0]
    assert ran.lines[0].endswith("answer: waits in the outbox for frontdesk sync.")
    assert "9 done, 1 not done, 1 untouched. frontdesk undo takes it back." in ran.err
    assert "frontdesk: 2: Question untouched: «When can I expect it?»." in ran.err


def test_a_file_by_its_name_and_one_that_is_none(shop_front: Front, tmp_path: Path) -> None:
    file = tmp_path / "day.md"
    file.write_text(filled(shop_front).replace("\n", "\r\n"), "utf-16")
    assert len(shop_front.ok("apply", str(file)).lines) == 9
    assert shop_front.run("apply", str(tmp_path / "none")).status == 2
    for data in (b"", b"\0", b"\xff\xfe", b"hello\n" * 99, bytes(range(256)) * 50):
        ran = shop_front.run("apply", stdin=data)
        assert ran.status == 1
        assert "no file of frontdesk day" in ran.out


def test_the_very_same_line_twice_in_one_place_is_two_things(shop_front: Front) -> None:
    apply(shop_front, typed(day_of(shop_front), "do", JO, "follow-up fri 9:00\nfollow-up fri 9:00"))
    assert happened(shop_front, JO) == ["FOLLOW_UP", "FOLLOW_UP"]


# ---------------------------------------------------------------------- what may be written


def test_what_a_check_stops_is_not_sent_nor_closed_and_can_be_mended(shop_front: Front) -> None:
    day = typed(typed(day_of(shop_front), "answer", JO, "Dear {name},"), "do", JO, "close\nassign bo")
    status, became = apply(shop_front, day)
    assert status == 1
    assert became[JO, "answer"]["words"].startswith("{name} is still to be filled")
    assert states(became) == {(JO, "answer"): "refused", (JO, "close"): "refused", (JO, "assign bo"): "done"}
    assert became[JO, "close"]["words"] == "The answer above it did not go."
    assert drafts(shop_front) == []
    status, became = apply(shop_front, day.replace("{name}", "Jo"))
    assert states(became) == {(JO, "answer"): "done", (JO, "close"): "done", (JO, "assign bo"): "again"}


def test_who_and_what_there_is_not(shop_front: Front) -> None:
    day = typed(
        day_of(shop_front), "do", JO, "assign boo\nclose cause=thieves\nact nothing\nto all\nassign bo"
    )
    day = typed(day, "do", ACME, "saved nothing")
    day = typed(
        day, "do", LEA, "assign ria\nhand-over none: take it\nhand-over ria: take it\nhand-over bo: take it"
    )
    status, became = apply(shop_front, day)
    assert status == 1
    assert 'did you mean "bo"?' in became[JO, "assign boo"]["words"]
    assert states(became)[JO, "assign bo"] == "done"
    assert list(states(became).values()).count("refused") == 8
    assert states(became)[LEA, "hand-over bo: take it"] == "done"


def test_saved_replies_and_all_who_were_written_to(shop_front: Front) -> None:
    shop_front.ok("saved", "add", "lamps", "--text", "We have lamps.")
    day = typed(typed(day_of(shop_front), "answer", JO, "Yes."), "do", JO, "saved Lamps\nto all")
    _, became = apply(shop_front, typed(day, "do", ACME, "saved lamps"))
    assert states(became) == {(JO, "answer"): "done", (ACME, "answer"): "done"}
    items = shop_front.json("show", JO)[0]["items"]
    assert items[-1]["reply"] == "Yes.\n\nWe have lamps."
    store = shop_front.store()
    (queued,) = [each for each in store.events(1) if each.type is EventType.QUEUED]
    store.close()
    assert (queued.data["kind"], queued.data["used"]) == ("reply-all", ["saved:lamps"])


ACTIONS = """
[[action]]
name = "to Bo"
then = [{ tag = "lamps" }, { assign = "bo" }]

[[action]]
name = "refund asked"
then = [{ tag = "refund" }, { reply = "Refund" }]
"""


def test_verbs_mean_what_the_settings_and_the_deadlines_say(shop_front: Front) -> None:
    shop_front.write_settings(TEAM + ACTIONS)
    day = typed(day_of(shop_front), "do", JO, "act to Bo\nact refund asked\nclose resolved cause=CARRIER")
    day = typed(day, "do", LEA, "snooze until 2026-12-24 9:00")
    _, became = apply(shop_front, day)
    assert states(became) == {
        (JO, "act to Bo"): "done",
        (JO, "act refund asked"): "refused",
        (JO, "close resolved cause=CARRIER"): "done",
        (LEA, "snooze until 2026-12-24 9:00"): "done",
    }
    jo = shop_front.json("show", JO)[0]
    assert (jo["assignee"], jo["tags"], jo["closed"]["cause"]) == ("bo", ["lamps"], "carrier")
    woken = became[LEA, "snooze until 2026-12-24 9:00"]["words"]
    assert woken == "done, 2026-11-11 09:40 (wakes before the deadline)."


def test_a_colleagues_files_stay_theirs(shop_front: Front) -> None:
    store = shop_front.store()
    store.save_draft(Draft(1, "bo", "reply", "", files=(store.keep_file(b"%PDF", "secret.pdf"),)))
    store.close()
    apply(shop_front, typed(day_of(shop_front), "answer", JO, "Here it is."))
    assert shop_front.json("show", JO)[0]["items"][-1]["attachments"] == []


def test_a_file_that_is_applied_on_another_day_asks_what_tomorrow_was(shop_front: Front) -> None:
    day = typed(
        typed(day_of(shop_front), "do", JO, "snooze until tomorrow 9:00"), "do", ACME, "snooze until fri 9:00"
    )
    shop_front.now += 86_400
    _, became = apply(shop_front, day)
    assert states(became) == {
        (JO, "snooze until tomorrow 9:00"): "refused",
        (ACME, "snooze until fri 9:00"): "done",
    }
    assert (
        "Wed 11 Nov from the day of the file, and Thu 12 Nov from today"
        in became[JO, "snooze until tomorrow 9:00"]["words"]
    )


def test_what_was_put_into_a_draft_goes_with_the_answer(shop_front: Front) -> None:
    day = typed(typed(day_of(shop_front), "answer", JO, "See attached."), "answer", ACME, "Attached.")
    store = shop_front.store()
    for number, words in ((1, ""), (3, "Begun")):
        file = store.keep_file(b"%PDF", "invoice.pdf")
        store.save_draft(Draft(number, "anna", "reply", words, files=(file,) if words else ()))
        if not words:
            store.put_file(number, "anna", file, shop_front.now)
    store.close()
    status, became = apply(shop_front, day)
    assert status == 0
    assert became[JO, "answer"]["words"].endswith(", with invoice.pdf.")
    assert not [hint for hint in became[JO, "answer"]["hints"] if "nothing is attached" in hint]
    assert [each["name"] for each in shop_front.json("show", JO)[0]["items"][-1]["attachments"]] == [
        "invoice.pdf"
    ]
    assert "You have begun a draft here as well: it stays." in became[ACME, "answer"]["hints"]
    assert shop_front.json("show", ACME)[0]["items"][-1]["attachments"] == []
    assert drafts(shop_front) == [(3, "anna", "reply", "Begun")]
    shop_front.ok("undo")
    store = shop_front.store()
    assert [file.name for file in store.drafts(1)[0].files] == ["invoice.pdf"]
    store.close()


def test_who_else_it_would_reach_is_told_before_it_is_written(shop_front: Front) -> None:
    group = mail(
        "Mia <mia@x.example>", "Lamp", "Hello", "2026-11-10 10:50", to="support@shop.example, boss@x.example"
    )
    (number,) = shop_front.receive([group])
    day = day_of(shop_front, f"id:{number}")
    assert "> to all reaches boss@x.example as well" in day
    assert "to all reaches" not in day_of(shop_front, f"id:{JO}")
    apply(shop_front, typed(typed(day, "answer", number, "Yes."), "do", number, "to all"))
    assert len(shop_front.json("show", number)[0]["items"][-1]["to"]) == 2


def test_an_answer_to_where_nothing_can_be_sent_is_a_draft(shop_front: Front, tmp_path: Path) -> None:
    chat = tmp_path / "WhatsApp Chat with Jo.txt"
    chat.write_text(
        "[10.11.26, 10:00:00] Jo: Hello?\n[10.11.26, 10:01:00] Shop: Hi\n[10.11.26, 10:02:00] Jo: Where?\n"
    )
    shop_front.ok("import", str(chat), "--us", "Shop")
    (number,) = [row["id"] for row in shop_front.json("list") if row["channel"] == "whatsapp"]
    day = day_of(shop_front, f"id:{number}")
    assert "no address is known, only WhatsApp" in day
    day = typed(typed(day, "answer", number, "In Bremen."), "do", number, "close resolved")
    status, became = apply(shop_front, day)
    assert (status, states(became)) == (
        1,
        {(number, "answer"): "draft", (number, "close resolved"): "refused"},
    )
    assert became[number, "close resolved"]["words"] == "The answer above it did not go."
    assert drafts(shop_front) == [(int(number), "anna", "reply", "In Bremen.")]


# ---------------------------------------------------------------------- who may


def test_a_colleagues_file_is_refused_and_says_whose_it_is(shop_front: Front) -> None:
    day = filled(shop_front)
    status, became = apply(shop_front, day, who="bo")
    assert status == 1
    assert {each["words"] for each in became.values()} == {"This file is anna's, and you are bo."}
    assert happened(shop_front, ANNA) == []


def test_a_reader_takes_a_day_and_brings_none_back(shop_front: Front) -> None:
    day = day_of(shop_front, who="ria")
    ran = shop_front.run("apply", stdin=day.encode(), who="ria")
    assert ran.status == 1
    assert "not for a reader" in ran.err


def test_a_trainees_answers_wait_for_a_yes(shop_front: Front) -> None:
    day = typed(typed(day_of(shop_front, who="tim"), "answer", JO, "On its way."), "do", JO, "spam")
    _, became = apply(shop_front, day, who="tim")
    assert states(became) == {(JO, "answer"): "done", (JO, "spam"): "refused"}
    assert became[JO, "answer"]["words"] == "waits for the yes of an owner or agent."
    assert [each["state"] for each in shop_front.json("outbox", "list")] == ["held"]


def test_what_waits_for_a_yes_promises_nothing_yet(shop_front: Front) -> None:
    day = typed(day_of(shop_front, who="tim"), "answer", JO, "By Thursday.")
    day = typed(typed(day, "do", JO, "promise thu\nsnooze until fri 9:00"), "do", ACME, "promise thu")
    for options in (["--check"], []):
        _, became = apply(shop_front, day, *options, who="tim")
        done = "would" if options else "done"
        assert states(became) == {
            (JO, "answer"): done,
            (JO, "promise thu"): "refused",
            (JO, "snooze until fri 9:00"): done,
            (ACME, "promise thu"): done,
        }
        assert became[JO, "promise thu"]["words"] == "The answer above it waits for a yes."


def test_another_workspace_and_an_older_copy_of_this_one(shop_front: Front, tmp_path: Path) -> None:
    day = filled(shop_front)
    shop_front.ok("note", JO, "--text", "x")
    later = typed(day_of(shop_front), "note", JO, "y")
    other = Front(tmp_path / "other", shop_front.capture, shop_front.patch)
    other.write_settings(TEAM)
    other.receive([mail("Jo Park <jo@park.example>", "x", "y", "2026-11-09 10:00")])
    assert {each["words"] for each in apply(other, day)[1].values()} == {
        "This file is from another workspace."
    }
    shop_front.now -= 86_400
    _, became = apply(shop_front, later)
    assert "newer than what is here" in became[JO, "note"]["words"]


HR = """
[[mailbox]]
name = "hr"
address = "hr@shop.example"
user = "hr"
imap_host = "127.0.0.1"
smtp_host = "127.0.0.1"
password_file = "/nowhere/hr.secret"
only = ["anna"]
"""


def test_what_is_in_a_restricted_mailbox_is_in_no_ones_file_and_done_from_none(shop_front: Front) -> None:
    """Bo writes the marks of a conversation that he may not see into his own file, as he may guess its number."""
    raw = mail("Zoe <zoe@x.example>", "Wages", "Zinnober?", "2026-11-10 10:50", to="hr@shop.example")
    store = shop_front.store()
    arrival = receive.Arrival(mime.parse(raw), raw, shop_front.now, mailbox="hr", us=US)
    decide = receive.deciding(arrival)
    (secret,) = store.change(receive.scope(arrival), decide, Who("sync"), shop_front.now).conversations
    store.close()
    shop_front.write_settings(TEAM + HR)
    day = day_of(shop_front, who="bo")
    assert "Zinnober" in day_of(shop_front)
    assert "Zinnober" not in day
    assert "Zinnober" not in day_of(shop_front, f"id:{secret}", who="bo")
    number = file_id(day)
    forged = [f"## {secret} · x", *(mark(place, secret, number) for place in ("answer", "note", "do"))]
    forged.append(end_mark(secret, 1, number))
    day = day.replace("## 1 ·", "\n".join(forged) + "\n\n## 1 ·", 1)
    day = typed(
        typed(typed(day, "answer", str(secret), "Hello"), "note", str(secret), "x"),
        "do",
        str(secret),
        "close",
    )
    for options in (["--check"], []):
        status, became = apply(shop_front, day, *options, who="bo")
        assert status == 1
        assert {each["words"] for each in became.values()} == {f"There is no conversation {secret}."}
    assert happened(shop_front, str(secret)) == []
    assert drafts(shop_front) == []
