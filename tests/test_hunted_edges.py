"""Where commands meet the shell: closed outputs, poor encodings, and people whom the settings do not know."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inbox.ports import Draft
from tests.front import Front
from tests.restoring import restore
from tests.shop import mail

ROOT = Path(__file__).parent.parent
LAMP = mail("ann@c.example", "Lamp 返信 🙂", "Hello", "2026-11-09 10:00")


def shell(front: Front, line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """What a shell makes of a line in which `frontdesk` is the command."""
    command = f"{sys.executable} {ROOT / 'main.py'} --workspace {front.workspace}"
    return subprocess.run(
        ["/bin/sh", "-c", line.replace("frontdesk", command)],
        env={**os.environ, **environment},
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_an_output_closed_from_the_start_ends_nothing_in_a_traceback(front: Front) -> None:
    front.receive([LAMP])
    for line in ("frontdesk list >&-", "frontdesk list <&- >&-", "frontdesk parse nowhere.eml 2>&-"):
        ran = shell(front, line)
        assert ran.returncode == (2 if "parse" in line else 0)
        assert ran.stderr == b""


def test_json_loses_nothing_where_the_output_knows_few_letters(front: Front) -> None:
    front.receive([LAMP])
    ran = shell(front, "frontdesk list --json", PYTHONIOENCODING="latin-1")
    assert json.loads(ran.stdout.decode("latin-1"))["subject"] == "Lamp 返信 🙂"


def test_who_is_nobody_of_the_team_may_look_and_import_but_not_be_me(front: Front, tmp_path: Path) -> None:
    front.who = ""  # the Unix user, whom no [[team]] of the settings names
    (tmp_path / "lamp.eml").write_bytes(LAMP)
    assert front.ok("import", str(tmp_path / "lamp.eml")).lines[0] == "1 added, 0 known, 0 refused"
    assert len(front.ok("list", "lamp").ids) == 1
    assert len(front.ok("search", "hello").ids) == 1
    assert front.ok("due", "status:open").ids == []
    asked = front.run("list", "assignee:me")
    assert asked.status == 3
    assert "--as NAME" in asked.err


def test_what_waited_when_a_backup_was_made_is_held_in_the_copy(front: Front, tmp_path: Path) -> None:
    (number,) = front.receive([LAMP])
    front.ok("reply", number, "--text", "We look.")
    front.ok("backup", str(tmp_path / "copy.tar"))
    assert front.json("outbox")[0]["state"] == "queued"
    restored = Front(tmp_path / "restored", front.capture, front.patch)
    restored.workspace.mkdir()
    restore(tmp_path / "copy.tar", restored.workspace)
    (waiting,) = restored.json("outbox")
    assert (waiting["state"], waiting["recipients"][0]["state"]) == ("held", "held")
    assert restored.json("show", number)[0]["items"][-1]["state"] == "held"
    assert restored.json("list") == front.json("list")
    assert restored.ok("verify").status == 0
    restored.ok("outbox", "release")
    assert restored.json("outbox")[0]["state"] == "queued"


def test_a_database_cut_to_nothing_is_not_taken_for_a_new_one(front: Front) -> None:
    front.receive([LAMP])
    store = front.store()
    store.save_draft(Draft(1, "anna", "reply", "Hello"))
    store.close()
    database = front.workspace / "frontdesk.db"
    database.write_bytes(b"")
    ran = front.run("list")
    assert ran.status == 4
    assert "Restore" in ran.err
    assert database.read_bytes() == b""


def test_a_workspace_nobody_may_read_is_the_world_outside_not_a_wrong_word(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_args, **_named: False)  # as for somebody who is not root
    assert front.run("list").status == 0


ASKED = mail("Ann <ann@c.example>", "Lamp", "Hello?", "2026-11-09 10:00", message_id="<1@c.example>")


def answers_to(front: Front, number: str) -> tuple[list[str], str]:
    """Whom an answer goes to, and what is said about it."""
    said = front.ok("reply", number, "--text", "We look.").err
    sent = [item for item in front.json("show", number)[0]["items"] if item["direction"] == "out"][-1]
    return [each["address"] for each in sent["recipients"]], said


def test_who_only_answered_a_message_of_ours_gets_no_answer_by_themselves(front: Front) -> None:
    (number,) = front.receive([ASKED])
    assert answers_to(front, number) == (
        ["ann@c.example"],
        "It waits in the outbox: frontdesk sync sends it.\n",
    )
    ours = front.json("show", number)[0]["items"][-1]["message_id"]
    front.now += 60
    bob = mail("bob@c.example", "Re: Lamp", "I am the boss", "2026-11-10 11:06", in_reply_to=ours)
    assert front.receive([bob]) == [number]
    front.now += 60
    assert front.json("list")[0]["due"] is not None  # Bob waits for an answer all the same
    to, said = answers_to(front, number)
    assert to == ["ann@c.example"]
    assert "It does not go to bob@c.example, who is new here." in said
    front.ok("reply", number, "--text", "Hello Bob", "--to", "bob@c.example")
    front.now += 60
    front.receive([mail("bob@c.example", "Re: Lamp", "Thanks", "2026-11-10 11:08", in_reply_to=ours)])
    assert answers_to(front, number)[0] == ["bob@c.example"]


def test_an_answer_goes_past_the_machine_that_wrote_last(front: Front) -> None:
    (number,) = front.receive([ASKED])
    answers_to(front, number)
    front.now += 120
    ours = front.json("show", number)[0]["items"][-1]["message_id"]
    front.receive(
        [
            mail(
                "MAILER-DAEMON@mx.example",
                "Undelivered",
                "ann@c.example: mailbox full",
                "2026-11-10 11:06",
                in_reply_to=ours,
                auto_submitted="auto-replied",
            )
        ]
    )
    assert answers_to(front, number)[0] == ["ann@c.example"]


def test_an_answer_to_all_is_not_said_to_go_elsewhere(front: Front) -> None:
    (number,) = front.receive([ASKED])
    assert "another domain" not in front.ok("reply", number, "--all", "--text", "We look.").err
