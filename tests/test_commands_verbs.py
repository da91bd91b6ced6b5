"""Verbs from the command line: the same decisions, checks and undo as on the screen, on one conversation or many."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

import main as entry
from inbox.actions import ACTIONS
from inbox.verbs import VERBS
from tests.front import Front
from tests.shop import mail
from tui.line.group import SECTIONS, group

COMMANDS = group.list_commands(click.Context(group))


def state(front: Front, conversation: str) -> str:
    """Where a conversation stands now."""
    return str(front.json("list", f"id:{conversation}")[0]["status"])


# --------------------------------------------------------------------------- every command


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for flag in ("--help", "-h"):
        assert entry.main([name, flag]) == 0
        out = capsys.readouterr().out
        assert out.startswith(f"Usage: frontdesk {name}")
        assert re.search(r"\n\n  [A-Z]", out), "a sentence that says what it does"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_refuses_words_it_does_not_know(name: str, front: Front) -> None:
    ran = front.run(name, "--no-such-option")
    assert ran.status == 2
    assert "--help says more" in ran.err


def test_every_verb_that_changes_something_is_a_command_of_the_same_name() -> None:
    named = {name for section in SECTIONS.values() for name in section}
    # reply --all, reply --by-hand; the next two are written on the screen; `move` names messages; notice --never
    named_otherwise = {"reply-all", "by-hand", "forward", "new", "move-message", "no-notice"}
    named_otherwise |= {
        name for name in ACTIONS if name.startswith("customer-")
    }  # customer edit, merge, unmerge
    named_otherwise |= {"link", "unlink"} | {name for name in ACTIONS if name.startswith("issue-")}  # issue …
    assert set(ACTIONS) - named_otherwise <= named & set(COMMANDS)
    assert set(ACTIONS) <= set(VERBS)


# --------------------------------------------------------------------------- the verbs


def test_a_verb_prints_what_the_conversation_is_now(shop_front: Front) -> None:
    ran = shop_front.ok("assign-me", "5")
    assert ran.ids == ["5"]
    assert re.search(r"^5 .*open +anna +Lea Król", ran.out)


def test_assigning_gives_takes_and_gives_back(shop_front: Front) -> None:
    def assignee() -> object:
        return shop_front.json("list", "id:2")[0]["assignee"]

    shop_front.ok("assign", "2", "--to", "bo")
    assert assignee() == "bo"
    shop_front.ok("assign", "2", "--to", "ME")
    assert assignee() == "anna"
    shop_front.ok("assign", "2", "--to", "none")
    assert assignee() is None
    again = shop_front.run("assign", "2", "--to", "none")
    assert (again.status, again.err) == (1, "frontdesk: 2: Nobody has it already.\n")


def test_only_teammates_can_be_given_something(shop_front: Front) -> None:
    ran = shop_front.run("assign", "2", "--to", "annna")
    assert ran.status == 2
    assert (
        ran.err
        == 'frontdesk: There is no teammate "annna"; did you mean "anna"?\n  The team: anna, bo, tim, ria.\n'
    )
    assert shop_front.run("assign", "2").status == 2


def test_without_a_team_any_name_will_do_but_it_must_be_one(front: Front) -> None:
    front.write_settings('us = ["@shop.example"]')
    front.receive([mail("a@b.example", "Hello", "Text", "2026-11-10 09:00")])
    front.ok("assign", "1", "--to", "cleo")
    assert front.json("list")[0]["assignee"] == "cleo"
    for bad in ("", "two words", "x" * 41, "\x1b[31m"):
        assert front.run("assign", "1", "--to", bad).status == 2


def test_take_next_takes_the_most_urgent_one_that_nobody_has(shop_front: Front) -> None:
    assert shop_front.ok("take-next").ids == ["2"]
    assert shop_front.ok("take-next", who="bo").ids == ["1"]
    assert shop_front.ok("list", "assignee:me").ids == ["2"]
    for _ in range(4):
        shop_front.ok("take-next")
    nothing = shop_front.run("take-next")
    assert (nothing.status, nothing.out) == (1, "")
    assert "Nothing waits for somebody to take it." in nothing.err


def test_tags_are_added_and_taken_off(shop_front: Front) -> None:
    shop_front.ok("tag", "1", "2", "--add", "Parcel", "--add", "late-one")
    assert shop_front.ok("list", "tag:parcel").ids == ["2", "1"]
    shop_front.ok("tag", "1", "--remove", "parcel", "--add", "found")
    assert shop_front.json("list", "id:1")[0]["tags"] == ["found", "late-one"]
    assert shop_front.run("tag", "1", "--remove", "nothing").status == 1
    assert shop_front.run("tag", "1", "--add", "two words").status == 1
    assert shop_front.run("tag", "1").status == 2


def test_snoozing_never_hides_a_deadline(shop_front: Front) -> None:
    ran = shop_front.ok("snooze", "5", "--until", "2026-11-20 09:00")
    assert ran.err == "frontdesk: 5: due 2026-11-11 10:40, so it wakes 2026-11-11 09:40.\n"
    assert state(shop_front, "5") == "snoozed"
    assert "until 2026-11-11 09:40" in shop_front.ok("show", "5").out
    shop_front.ok("reply", "6", "--text", "Yes, we do.")
    assert shop_front.ok("snooze", "6", "--until", "3h").err == ""


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("yesterday", "“yesterday” is no date; did you mean"),
        ("2020-01-01", "Wed 1 Jan 2020 09:00 has passed."),
        ("soon", "Write it like 3h"),
        ("", "No date is written."),
        ("25:00", "Write it like 3h"),
        ("2026-13-01", "There is no such day."),
    ],
)
def test_a_time_that_is_none_is_bad_usage(shop_front: Front, when: str, says: str) -> None:
    for verb in (["snooze", "5"], ["hold", "5", "--for", "the carrier"]):
        ran = shop_front.run(*verb, "--until", when)
        assert ran.status == 2
        assert says in ran.err
    assert state(shop_front, "5") == "open"


def test_holding_says_for_whom_and_until_when(shop_front: Front) -> None:
    shop_front.ok("hold", "1", "--for", "the carrier", "--until", "tomorrow 9:00")
    assert state(shop_front, "1") == "held"
    assert "held for the carrier · until 2026-11-11 09:00" in shop_front.ok("show", "1").out
    assert shop_front.run("hold", "1", "--until", "3h").status == 2
    assert shop_front.run("hold", "1", "--for", "carrier").status == 2
    assert shop_front.run("hold", "1", "--for", " ", "--until", "3h").status == 1


def test_closing_says_why(shop_front: Front) -> None:
    wrong = shop_front.run("close", "1", "--why", "thank")
    assert wrong.status == 2
    assert 'did you mean "thanks"?' in wrong.err
    shop_front.ok("close", "1", "--why", "thanks")
    assert state(shop_front, "1") == "closed"
    shop_front.ok("no-answer", "2")
    shop_front.ok("reopen", "2", "1")
    shop_front.ok("close", "1")  # a command that does not say why means: resolved
    assert state(shop_front, "1") == "closed"
    shop_front.ok("reopen", "1")
    shop_front.ok("spam", "2")
    assert [state(shop_front, one) for one in ("1", "2")] == ["open", "spam"]


def test_marking_read_and_unread(shop_front: Front) -> None:
    shop_front.ok("mark-read", "1", "2")
    assert set(shop_front.ok("list", "is:unread").ids) == {"3", "4", "5", "6"}
    shop_front.ok("mark-read", "1", "--unread")
    assert shop_front.run("mark-read", "1", "--unread").status == 1


def test_merging_joins_everything_under_one_id(shop_front: Front) -> None:
    ran = shop_front.ok("merge", "2", "6", "1")
    assert ran.ids == ["2"]
    assert shop_front.json("list", "id:2")[0]["messages"] == 3
    assert set(shop_front.ok("list").ids) == {"2", "3", "4", "5"}
    same = shop_front.run("merge", "2", "6")
    assert (same.status, same.out) == (1, "")
    assert shop_front.run("merge", "2").status == 2
    assert shop_front.run("merge", "99", "2").status == 1


def test_a_note_comes_from_an_option_a_file_or_a_pipe(shop_front: Front, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("from a file: grüß Gott\n")
    shop_front.ok("note", "1", "--text", "from an option")
    shop_front.ok("note", "1", "--file", str(tmp_path / "note.txt"))
    shop_front.ok("note", "1", stdin=b"from a pipe \xff\n")
    shop_front.ok("note", "1", "--file", "-", stdin=b"and again")
    texts = [item["text"] for item in shop_front.json("show", "1")[0]["items"] if item["direction"] == "note"]
    assert texts == ["from an option", "from a file: grüß Gott", "from a pipe \ufffd", "and again"]
    assert shop_front.run("note", "1", stdin=b" \n").status == 1
    assert shop_front.run("note", "1", "--file", str(tmp_path / "gone.txt")).status == 2
    assert shop_front.run("note", "1", "--file", str(tmp_path)).status == 2
    assert shop_front.run("note", "1", "--file", "x", "--text", "y").status == 2


# --------------------------------------------------------------------------- many at once


def test_many_change_as_one_action_and_are_undone_as_one(shop_front: Front) -> None:
    weber = shop_front.ok("list", "from:weber").out.encode()
    ran = shop_front.ok("tag", "-", "--add", "weber", stdin=weber)
    assert ran.ids == ["2", "6"]
    ran = shop_front.ok("undo")
    assert (ran.ids, ran.err) == (["2", "6"], "Undone: tagged.\n")
    assert shop_front.ok("list", "tag:weber").ids == []
    ran = shop_front.ok("redo")
    assert (ran.ids, ran.err) == (["2", "6"], "Done again: tagged.\n")
    assert shop_front.ok("list", "tag:weber").ids == ["2", "6"]


def test_what_is_refused_for_one_is_done_for_the_others_and_said(shop_front: Front) -> None:
    shop_front.ok("close", "1", "--why", "thanks")
    ran = shop_front.run("close", "1", "2", "3", "--why", "thanks")
    assert (ran.status, ran.ids) == (1, ["2", "3"])
    assert ran.err == "frontdesk: 1: It is closed already.\n"


def test_an_unknown_id_among_many_stops_all_before_anything_happens(shop_front: Front) -> None:
    ran = shop_front.run("spam", "1", "77", "2")
    assert (ran.status, ran.out) == (1, "")
    assert [state(shop_front, one) for one in ("1", "2")] == ["open", "open"]


def test_nothing_in_the_pipe_changes_nothing(shop_front: Front) -> None:
    assert shop_front.ok("spam", "-", stdin=b"\n \n").out == ""


# --------------------------------------------------------------------------- undo, and who may


def test_undo_and_redo_are_each_persons_own(shop_front: Front) -> None:
    shop_front.ok("assign-me", "1")
    shop_front.ok("tag", "1", "--add", "x", who="bo")
    shop_front.ok("undo")
    row = shop_front.json("list", "id:1")[0]
    assert (row["assignee"], row["tags"]) == (None, ["x"])
    assert shop_front.run("undo").status == 1
    shop_front.ok("redo")
    assert shop_front.run("redo").err.startswith("frontdesk: There is nothing to redo.")


def test_a_merge_is_undone_exactly(shop_front: Front) -> None:
    before = shop_front.json("list")
    shop_front.ok("merge", "2", "6")
    assert set(shop_front.ok("undo").ids) >= {"2"}
    assert shop_front.json("list") == before


@pytest.mark.parametrize(
    "words",
    [
        ["reply", "1", "--text", "x"],
        ["note", "1", "--text", "x"],
        ["assign-me", "1"],
        ["tag", "1", "--add", "x"],
        ["spam", "1"],
        ["close", "1", "--why", "thanks"],
        ["take-next"],
        ["undo"],
        ["outbox", "release"],
        ["outbox", "drop", "1"],
        ["names", "--us", "Kim"],
    ],
)
def test_a_reader_reads_and_changes_nothing(shop_front: Front, words: list[str]) -> None:
    before = shop_front.json("show", "1", "2", "3")
    ran = shop_front.run(*words, who="ria")
    assert (ran.status, ran.out) == (1, "")
    assert "is not for a reader" in ran.err
    assert shop_front.json("show", "1", "2", "3") == before


def test_spam_is_for_those_who_know(shop_front: Front) -> None:
    assert "is not for a trainee" in shop_front.run("spam", "1", who="tim").err


def test_who_is_nobody_of_the_team_is_told_what_to_do(shop_front: Front) -> None:
    shop_front.who = ""
    ran = shop_front.run("assign-me", "1")
    assert ran.status == 3
    assert "is nobody of the team" in ran.err


def test_verify_agrees_with_everything_that_was_done(shop_front: Front) -> None:
    shop_front.ok("merge", "2", "6")
    shop_front.ok("tag", "1", "3", "--add", "x")
    shop_front.ok("undo")
    shop_front.ok("snooze", "4", "--until", "3h")
    shop_front.ok("hold", "5", "--for", "bo", "--until", "2d")
    shop_front.ok("reply", "2", "--text", "Soon.")
    shop_front.ok("undo")
    assert shop_front.json("verify") == [{"ok": True, "problems": []}]
