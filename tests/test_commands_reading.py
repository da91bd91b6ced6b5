"""Looking from the command line: list, show, search, due and why, for people and for programs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.front import Front
from tests.shop import at, mail

HOSTILE = "\x1b]0;owned\x07\x1b[31mred\x9b2J\u202e evil [/] [@click=quit]x[/]"


# --------------------------------------------------------------------------- list


def test_list_shows_every_conversation_the_most_urgent_first(shop_front: Front) -> None:
    shop_front.ok("close", "3", "--why", "thanks")
    ran = shop_front.ok("list")
    # deadlines first: the oldest customer who waits; what is closed has none and comes last
    assert ran.ids == ["2", "1", "4", "5", "6", "3"]
    assert "Refund for order 4711" in ran.lines[0]


def test_list_as_json_says_all_that_was_agreed_about_a_conversation(shop_front: Front) -> None:
    shop_front.ok("assign", "2", "--to", "bo")
    shop_front.ok("tag", "2", "--add", "refund", "--add", "lamp")
    shown = {each["id"]: each for each in shop_front.json("list")}
    assert list(shown["2"]) == [
        *("id", "subject", "customer", "channel", "status", "assignee", "tags", "messages", "first_at"),
        *("last_at", "last_from", "due", "late_s", "unread", "notice", "snippet"),
    ]
    assert shown["2"] | {"customer": None, "snippet": None} == {
        "id": "2",
        "subject": "Refund for order 4711",
        "customer": None,
        "channel": "mail",
        "status": "open",
        "assignee": "bo",
        "tags": ["lamp", "refund"],
        "messages": 1,
        "first_at": "2026-11-09T08:10:00Z",
        "last_at": "2026-11-09T08:10:00Z",
        "last_from": "customer",
        "due": "2026-11-10T08:10:00Z",
        "late_s": 6900,
        "unread": True,
        "notice": False,
        "snippet": None,
    }
    customer = shown["2"]["customer"]
    assert customer["name"] == "Anna Weber"
    assert customer["addresses"] == ["anna.weber@weber.example"]
    assert customer["handles"] == []
    assert customer["id"] == shown["6"]["customer"]["id"]
    assert shown["2"]["snippet"].startswith("Dear team, the blue lamp arrived broken.")
    assert shown["5"]["late_s"] == 0


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (["from:weber"], {"2", "6"}),
        (["from:weber", "bulbs"], {"6"}),
        (["from:weber", "-bulbs"], {"2"}),
        (["-from:weber", "is:late"], {"1"}),
        (["from:weber OR subject:invoice"], {"2", "3", "6"}),
        (["assignee:me"], {"4"}),
        (["assignee:none", "is:unread", "after:2026-11-10"], {"3", "5", "6"}),
        (["注文"], {"4"}),
        (["id:1,5"], {"1", "5"}),
        (["due:30m"], {"1", "2"}),
        (["tag:nothing"], set()),
    ],
)
def test_a_query_finds_conversations(shop_front: Front, query: list[str], found: set[str]) -> None:
    shop_front.ok("assign-me", "4")
    assert set(shop_front.ok("list", *query).ids) == found


def test_ids_go_in_through_a_pipe_and_lines_come_out(shop_front: Front) -> None:
    weber = shop_front.ok("list", "from:weber").out.encode()
    assert shop_front.ok("list", "-", "bulbs", stdin=weber).ids == ["6"]
    assert shop_front.ok("list", "-", stdin=b"").ids == []
    assert [each["id"] for each in shop_front.ok("show", "-", "--json", stdin=weber).objects] == ["2", "6"]
    unknown = shop_front.run("list", "-", stdin=b"2\n77 gone\n")
    assert (unknown.status, unknown.out) == (1, "")
    assert "no conversation '77'" in unknown.err


def test_a_list_can_be_cut_short(shop_front: Front) -> None:
    assert shop_front.ok("list", "--limit", "2").ids == ["2", "1"]
    assert shop_front.run("list", "--limit", "0").status == 2
    assert shop_front.run("list", "--limit", "few").status == 2


def test_long_lists_come_page_by_page_and_whole(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.line.looking.PAGE", 3)
    front.receive(
        mail(f"c{n}@c.example", f"Question {n}", "Hello", f"2026-11-10 09:{n:02}") for n in range(10)
    )
    assert front.ok("list").ids == [str(n) for n in range(1, 11)]
    assert [each["id"] for each in front.json("list")] == [str(n) for n in range(1, 11)]


def test_nothing_to_list_is_no_error(front: Front) -> None:
    ran = front.ok("list")
    assert (ran.out, ran.err) == ("", "")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("form:weber", "There is no operator “form:” (column 1).\n  The nearest is from:"),
        ("is:urgent", "“urgent” is nothing is: knows"),
        ("status:opne", "The nearest is status:open."),
        ('"never closed', "is never closed"),
        ("before:soon", "is no date"),
        ("(a", "is never closed"),
        ("due:never", "is no time span"),
    ],
)
def test_a_query_that_means_nothing_is_answered_with_the_nearest(
    shop_front: Front, query: str, said: str
) -> None:
    for command in ("list", "search", "due"):
        ran = shop_front.run(command, query)
        assert (ran.status, ran.out) == (2, "")
        assert said in ran.err


def test_what_strangers_wrote_reaches_no_terminal_as_it_is(front: Front) -> None:
    front.receive(
        [mail(f'"{HOSTILE}" <a@b.example>', "Subject", f"Body {HOSTILE}\n\x1b[2J", "2026-11-10 09:00")]
    )
    front.ok("note", "1", "--text", f"seen {HOSTILE}")
    for words in (["list"], ["show", "1"], ["search", "body"], ["why", "1"], ["due", "--within", "9d"]):
        out = front.run(*words).out
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out), words
    for words in (["list", "--json"], ["show", "1", "--json"], ["search", "body", "--json"]):
        out = front.run(*words).out
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out), words
    assert "\x1b[2J" in front.json("show", "1")[0]["items"][0]["text"]  # nothing is lost to a program


def test_an_import_needs_no_settings_and_neither_does_looking(front: Front, tmp_path: Path) -> None:
    (front.workspace / "settings.toml").unlink()
    front.who = ""
    (tmp_path / "one.eml").write_bytes(mail("a@b.example", "Hello", "Text", "2026-11-10 09:00"))
    front.ok("import", str(tmp_path / "one.eml"))
    assert front.ok("list").ids == front.ok("list", "hello").ids == ["1"]


def test_who_asks_must_be_of_the_team(shop_front: Front) -> None:
    ran = shop_front.run("list", "assignee:me", who="ana")
    assert ran.status == 2
    assert 'no teammate "ana"; did you mean "anna"?' in ran.err


# --------------------------------------------------------------------------- show


def test_show_tells_a_conversation_from_beginning_to_end(shop_front: Front) -> None:
    shop_front.ok("note", "2", "--text", "@bo the lamp is out of stock")
    shop_front.ok("reply", "2", "--text", "We are sorry.\n\nThe money is on its way.")
    out = shop_front.ok("show", "2").out
    assert "Anna Weber <anna.weber@weber.example>" in out
    assert "waiting · mail · for anna" in out
    assert re.search(r"note by anna\n  @bo the lamp is out of stock\n", out)
    assert re.search(r"we, support@shop.example to anna.weber@weber.example · queued\n  We are sorry.", out)
    assert "anna noted" in out
    # the signature is folded away, and there on request
    assert "12 Canal Street" not in out
    assert "12 Canal Street" in shop_front.ok("show", "2", "--full").out


def test_show_as_json_has_the_messages_and_what_happened(shop_front: Front) -> None:
    shop_front.ok("note", "2", "--text", "look at this")
    shop_front.ok("reply", "2", "--text", "It is on its way.")
    (shown,) = shop_front.json("show", "2")
    assert shown["subject"] == "Refund for order 4711"
    came, note, ours = shown["items"]
    assert [came["direction"], note["direction"], ours["direction"]] == ["in", "note", "out"]
    assert came["from"] == [{"name": "Anna Weber", "address": "anna.weber@weber.example"}]
    assert came["message_id"] == "<refund@weber.example>"
    assert came["state"] is None
    assert came["reply"].endswith("When can I expect it?\n\nKind regards\nAnna Weber")
    assert "12 Canal Street" in came["text"]
    assert (note["state"], note["text"]) == (None, "look at this")
    assert ours["state"] == "queued"
    assert ours["to"] == [{"name": "Anna Weber", "address": "anna.weber@weber.example"}] or ours["to"] == [
        {"name": "", "address": "anna.weber@weber.example"}
    ]
    assert ours["recipients"] == [{"address": "anna.weber@weber.example", "state": "queued", "detail": ""}]
    assert ours["subject"] == "Re: Refund for order 4711"
    whats = [(event["who"], event["what"]) for event in shown["events"]]
    assert ("sync", "received") in whats
    assert ("anna", "noted") in whats
    assert ("anna", "queued") in whats
    assert all(set(event) == {"at", "who", "what", "why", "detail"} for event in shown["events"])


@pytest.mark.parametrize("word", ["99", "0", "-1", "two", "²", "1e3", "9" * 30, "", "2;3"])
def test_an_unknown_id_is_said_and_ends_with_1(shop_front: Front, word: str) -> None:
    for command in (["show"], ["why"], ["note", "--text", "x"], ["reply", "--text", "x"], ["close"]):
        ran = shop_front.run(*command, "--", word)
        assert (ran.status, ran.out) == (1, ""), command
        assert "There is no conversation" in ran.err


def test_a_joined_conversation_answers_under_its_old_id(shop_front: Front) -> None:
    shop_front.ok("merge", "2", "6")
    assert shop_front.json("show", "6")[0]["id"] == "2"
    assert len(shop_front.json("show", "2", "6")) == 1


# --------------------------------------------------------------------------- search


def test_search_finds_messages_newest_first(shop_front: Front) -> None:
    ran = shop_front.ok("search", "from:weber")
    assert ran.ids == ["6", "2"]
    assert "Do you sell bulbs too?" in ran.lines[0]
    hits = shop_front.json("search", "lamp")
    assert [list(hit) for hit in hits] == [["conversation", "message", "at", "snippet"]]
    assert (hits[0]["conversation"], hits[0]["at"]) == ("2", "2026-11-09T08:10:00Z")
    assert "blue lamp" in hits[0]["snippet"]
    assert shop_front.ok("search", "from:weber", "--limit", "1").ids == ["6"]
    assert shop_front.ok("search", "zeppelin").lines == []


def test_search_for_nothing_is_bad_usage(shop_front: Front) -> None:
    assert shop_front.run("search").status == 2
    assert shop_front.run("search", "").status == 2


# --------------------------------------------------------------------------- due


def test_due_ends_with_1_when_something_is_and_with_0_when_nothing_is(shop_front: Front) -> None:
    late = shop_front.run("due")
    assert (late.status, late.ids) == (1, ["2", "1"])
    assert "!-1:55" in late.lines[0]
    soon = shop_front.run("due", "--within", "6h")
    assert (soon.status, soon.ids) == (1, ["2", "1", "3", "4"])
    for one in ("1", "2"):
        shop_front.ok("no-answer", one)
    nothing = shop_front.ok("due")
    assert (nothing.out, nothing.err) == ("", "")


def test_due_begins_when_the_warning_comes(shop_front: Front) -> None:
    shop_front.ok("no-answer", "1")
    shop_front.ok("no-answer", "2")
    assert shop_front.ok("due").ids == []
    shop_front.now = at(
        "2026-11-10 15:59"
    )  # what came before opening is due at 17:00, an hour ahead it is warned
    assert shop_front.ok("due").ids == []
    shop_front.now = at("2026-11-10 16:00")
    assert shop_front.run("due").ids == ["3", "4"]


def test_due_as_one_line_for_a_prompt(shop_front: Front) -> None:
    ran = shop_front.run("due", "--status")
    assert (ran.status, ran.lines) == (1, ["2 late, 0 due soon"])
    ran = shop_front.run("due", "--status", "--within", "30h")
    assert (ran.status, ran.lines) == (1, ["2 late, 4 due soon"])
    ran = shop_front.ok("due", "--status", "tag:nothing")
    assert ran.lines == ["nothing due"]


def test_due_takes_a_query_and_prints_the_objects_of_list(shop_front: Front) -> None:
    shop_front.ok("assign-me", "2")
    ran = shop_front.run("due", "assignee:me", "--json")
    assert ran.status == 1
    assert ran.objects == shop_front.json("list", "assignee:me")
    for bad in ("soon", "", "30", "-5m"):
        assert shop_front.run("due", "--within", bad).status == 2, bad


# --------------------------------------------------------------------------- why


def test_why_explains_a_deadline_row_by_row(shop_front: Front) -> None:
    (told,) = shop_front.json("why", "2")
    assert list(told) == ["clocks", "rules", "placing", "upset"]
    (clock,) = told["clocks"]
    assert (clock["kind"], clock["state"], clock["due"]) == (
        "first_reply",
        "breached",
        "2026-11-10T08:10:00Z",
    )
    assert sum(row["counted_s"] for row in clock["ledger"]) == clock["taken_s"]
    assert all(set(row) == {"from", "to", "counted_s", "reason"} for row in clock["ledger"])
    assert told["rules"] == []
    assert [place["reason"] for place in told["placing"]] == ["begins a conversation"]
    out = shop_front.ok("why", "2").out
    assert "first reply: breached, due 2026-11-10 09:10, 9h55m of 8h counted" in out
    assert "outside opening hours" in out
    assert "begins a conversation" in out


def test_why_says_how_a_message_came_to_be_here(shop_front: Front) -> None:
    answer = mail(
        "Anna Weber <anna.weber@weber.example>",
        "Re: Refund for order 4711",
        "Any news?",
        "2026-11-10 11:00",
        in_reply_to="<refund@weber.example>",
    )
    assert shop_front.receive([answer]) == ["2"]
    shop_front.ok("merge", "2", "1")
    (told,) = shop_front.json("why", "2")
    reasons = [place["reason"] for place in told["placing"]]
    assert "answers a message here" in reasons
    assert "1 was joined with it by anna" in reasons
    assert "1 was joined with it by anna" in shop_front.ok("why", "1").out


def test_why_without_a_clock_says_so(shop_front: Front) -> None:
    shop_front.ok("spam", "3")
    assert shop_front.ok("why", "3").status == 0
