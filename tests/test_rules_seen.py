"""Rules as people see them: by commands, as a line of the conversation, as a draft that is there, on the bottom line."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox.ports import Workspace
from inbox.rules import calling, running
from inbox.saved_replies import SavedReply
from inbox.settings import Settings, load
from tests.front import TEAM, Front
from tests.screenplay import playing
from tests.servers.mailboxes import mailbox
from tests.shop import NOW, did, mail
from tui.mailbox_words import Standing, in_full, in_short

RULES = """
[[rule]]
name = "refunds"
on = "tag"
when = "tag:refund"
then = [{ assign = "anna" }, { draft = "refund" }]
[[rule]]
name = "odd"
on = "note"
then = [{ draft = "gone" }]
"""


def looked(store: Workspace, settings: Settings, now: int = NOW) -> None:
    running.look(store, settings, now)
    calling.draft(store, settings, now)


def test_a_story_by_commands(front: Front) -> None:
    assert front.ok("rules", "list").lines == ["There are no rules: docs/rules.md shows how to write one."]
    front.write_settings(TEAM + RULES)
    settings = load(front.workspace / "settings.toml", host_zone="UTC")
    (number,) = front.receive(
        [mail("Jo Park <jo@park.example>", "Money back", "Please.", "2026-11-10 10:00")]
    )
    assert [each["state"] for each in front.json("rules", "list")] == ["new", "new"]

    store = front.store()
    store.documents.save_reply(SavedReply("refund", "Dear {first_name},\n\nthe money is on its way.\n"))
    looked(store, settings)
    store.close()
    front.ok("tag", number, "--add", "refund")
    store = front.store()
    looked(store, settings)
    store.close()

    (told,) = front.ok("why", number, "--json").objects
    (fired,) = told["rules"]
    assert (fired["rule"], fired["held"]) == ("refunds", ["tag", "tag:refund"])
    assert fired["did"] == ["assign anna", "draft refund"]
    why = front.ok("why", number).out
    assert "rules:\n" in why
    assert "rule refunds: assign anna; draft refund (because of tag, tag:refund)" in why
    lines = front.ok("rules", "list").lines
    assert lines[0].startswith("refunds: on; once, last ")
    assert lines[1:3] == ["  on tag, when tag:refund", "  then assign anna; draft refund"]

    front.ok("note", number, "--text", "hm")
    store = front.store()
    looked(store, settings)
    store.close()
    ran = front.run("rules", "list")
    assert ran.status == 1
    assert "  ! stopped: There is no saved reply “gone”; did you mean" not in ran.out
    assert "  ! stopped: There is no saved reply “gone”. frontdesk saved lists them." in ran.lines
    front.write_settings(TEAM + RULES.replace('"gone"', '"refund"'))
    ran = front.run("rules", "list")
    assert (ran.status, "  it counts from when the worker looks next" in ran.lines) == (0, True)


@pytest.mark.parametrize("size", [(80, 24), pytest.param((160, 48), marks=pytest.mark.long)])
async def test_a_rules_line_and_its_draft_are_there_for_who_answers(
    store: Workspace, tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[[team]]\nname = "anna"\nrole = "owner"\n[[team]]\nname = "bo"\n' + RULES)
    settings = load(path, host_zone="Europe/Vienna")
    store.documents.save_reply(SavedReply("refund", "Dear {first_name},\n\nthe money is on its way.\n"))
    looked(store, settings)
    did(store, "anna", "tag", conversation=2, add=["refund"])
    looked(store, settings)
    async with playing(store, size) as stage:
        await stage.press("enter")
        assert "rule refunds: assign anna; draft refund" in stage.pane("conversation").replace("\n", " ")
        assert "a rule begins: Dear Anna" in stage.pane("conversation")
        await stage.press("r")
        assert "the money is on its way." in stage.text
        await stage.type("Now. ")
        await stage.press("esc")
    (draft,) = store.drafts(2)
    assert draft.who == "anna"
    assert "the money is on its way." in draft.text
    assert "Now." in draft.text


def test_the_bottom_line_says_that_a_rule_has_stopped_where_all_else_is_well() -> None:
    from datetime import UTC

    box = mailbox()
    standing = Standing(runs=True, rules={"returns\x1b[2J": "There is no saved reply “label”."})
    words = in_short(standing, [box], NOW, UTC, "g w")
    assert words == "rule returns[2J has stopped itself, press g w"
    told = ["".join(text for text, _ in line) for line in in_full(standing, [box], NOW, UTC, "s")]
    assert any("has stopped itself: There is no saved reply “label”." in line for line in told)
    assert in_short(Standing(runs=False, rules=standing.rules), [box], NOW, UTC, "g w").startswith(
        "no worker"
    )
