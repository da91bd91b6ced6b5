"""`frontdesk team`: who works here is changed by command, in settings.toml and authorized_keys; nothing else there is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.front import TEAM, Front
from tests.terminal import ROOT
from tests.test_public_keys import GOOD

OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
EMPTY = 'us = ["@shop.example"]  # ours\n'


@pytest.fixture
def keys(home: Path) -> Path:
    """The file of the keys that are let in; a line of the administrator's own stands in it."""
    file = home / ".ssh" / "authorized_keys"
    file.parent.mkdir(mode=0o755)
    file.write_text(f"# mine\n{OTHER} root@office\n")
    return file


def settings(front: Front) -> str:
    return (front.workspace / "settings.toml").read_text("utf-8")


def test_the_first_one_begins_a_team_and_whoever_takes_them_in_owns_it(front: Front) -> None:
    front.write_settings(EMPTY)
    assert "There is no team" in front.ok("team", "list").out
    ran = front.ok("team", "add", "bo", "--address", "bo@shop.example")
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    assert f"This begins a team. anna is in it too, as owner: that is you, the Unix user {user}." in ran.err
    assert "There is no way in yet" in ran.err
    assert settings(front) == (
        f'{EMPTY}\n[[team]]\nname = "anna"\nrole = "owner"\nunix = "{user}"\n'
        '\n[[team]]\nname = "bo"\nrole = "agent"\naddress = "bo@shop.example"\n'
    )
    assert [row["role"] for row in front.json("team", "list")] == ["owner", "agent"]
    front.write_settings(EMPTY)
    front.ok("team", "add", "anna", "--role", "owner")
    assert settings(front) == f'{EMPTY}\n[[team]]\nname = "anna"\nrole = "owner"\nunix = "{user}"\n'


def test_a_key_is_let_in_replaced_and_taken_out_and_other_lines_stay(
    front: Front, keys: Path, tmp_path: Path
) -> None:
    (tmp_path / "tina.pub").write_text(f"{GOOD} tina@laptop\n")
    before = keys.read_bytes()
    ran = front.ok("team", "add", "tina", "--key", str(tmp_path / "tina.pub"), "--role", "trainee")
    line = f'restrict,pty,command="{sys.executable} {ROOT}/main.py --workspace {front.workspace} --as tina" {GOOD} tina'
    assert ran.lines == [line]
    assert keys.read_bytes() == before

    for _ in range(2):
        front.ok("team", "add", "tina", "--key", "-", "--install", stdin=GOOD.encode())
    assert keys.read_text() == before.decode() + line + "\n"
    assert (keys.stat().st_mode & 0o777, keys.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert {row["name"]: row["keys"] for row in front.json("team", "list")}["tina"] == 1

    taken = front.run("team", "add", "ula", "--key", "-", "--install", stdin=GOOD.encode())
    assert (taken.status, "This is the key of tina" in taken.err) == (1, True)
    mine = front.run("team", "add", "ula", "--key", "-", "--install", stdin=OTHER.encode())
    assert (mine.status, "Line 2 of" in mine.err) == (1, True)
    assert "ula" not in settings(front)

    ran = front.ok("team", "remove", "tina")
    assert "1 key taken out of" in ran.err
    assert keys.read_bytes() == before
    assert settings(front) == TEAM


def test_the_line_runs_frontdesk_by_its_name_where_that_leads_here(
    front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, name = tmp_path / "other", tmp_path / "bin"
    for folder in (other, name):
        folder.mkdir()
    (other / "frontdesk").touch(0o755)
    (name / "frontdesk").symlink_to(ROOT / "run")
    for found, runs in ((name, f"{name}/frontdesk"), (other, f"{sys.executable} {ROOT}/main.py")):
        monkeypatch.setenv("PATH", str(found))
        (line,) = front.ok("team", "add", "bo", "--key", "-", stdin=GOOD.encode()).lines
        assert line == f'restrict,pty,command="{runs} --workspace {front.workspace} --as bo" {GOOD} bo'


def test_roles_change_by_an_owner_alone_and_one_owner_is_left(front: Front) -> None:
    for who in ("bo", "tim", "ria"):
        for words in (
            ["role", "bo", "owner"],
            ["add", "x"],
            ["remove", "ria"],
            ["away", "ria", "until", "fri"],
        ):
            ran = front.run("team", *words, who=who)
            assert (ran.status, "The team is changed by an owner.\n  Ask anna." in ran.err) == (1, True)
    assert settings(front) == TEAM
    ran = front.ok("team", "role", "tim", "agent")
    assert "tim: trainee until now, agent from now on" in ran.err
    assert settings(front) == TEAM.replace('"trainee"', '"agent"')
    last = front.run("team", "role", "anna", "reader")
    assert (last.status, "nobody of the team is an owner" in last.err) == (1, True)
    assert front.run("team", "remove", "anna", "--keep").status == 1
    assert front.run("team", "role", "tim", "agent").status == 1
    assert "'tin'; did you mean" in front.run("team", "role", "tin", "agent").err
    said = [each["detail"]["did"] for each in front.json("audit") if each["what"] == "team"]
    assert said == ["role"]


def test_names_that_cannot_be_and_keys_that_are_none_change_nothing(front: Front, keys: Path) -> None:
    before = keys.read_bytes()
    for words, status in (
        (["bad name"], 1),
        (["x\ny"], 1),
        (["me"], 1),
        (["Bo"], 1),
        (["zoe", "--address", "no address"], 1),
        (["zoe", "--install"], 2),
        (["zoe", "--key", "/nowhere.pub"], 2),
        (["zoe", "--key", "-"], 2),
        (["zoe", "--role", "boss"], 2),
        (["tim", "--key", "-", "--role", "owner"], 2),
    ):
        assert front.run("team", "add", *words, stdin=b"no key").status == status, words
    ran = front.run("team", "add", "tim", "--key", "-", "--role", "owner", stdin=GOOD.encode())
    assert (ran.status, "frontdesk team role changes" in ran.err) == (1, True)
    assert (settings(front), keys.read_bytes()) == (TEAM, before)


def test_who_goes_away_hands_over_what_they_have_and_one_undo_takes_that_back(shop_front: Front) -> None:
    front = shop_front
    front.ok("assign", "1", "2", "3", "4", "5", "--to", "bo")
    front.ok("snooze", "2", "--until", "2d")
    for waits in "45":
        front.ok("reply", waits, "--text", "Soon.", "--anyway", "true")
    front.ok("promise", "5", "--until", "2d")
    nobody = front.run("team", "away", "bo", "until", "fri")
    assert (nobody.status, "bo has 2 open, 1 snoozed, 1 promised." in nobody.err) == (1, True)
    assert front.run("team", "away", "bo", "until", "fri", "--to", "ria").status == 2
    assert front.run("team", "away", "bo", "until", "fri", "--to", "bo").status == 2
    assert settings(front) == TEAM

    ran = front.ok("team", "away", "bo", "until", "fri", "--to", "tim")
    assert "bo is away 2026-11-10 to 2026-11-13" in ran.err
    assert "tim gets 4." in ran.err
    assert front.ok("list", "assignee:bo").ids == ["4"]  # it waits for the customer
    assert settings(front) == TEAM.replace(
        'name = "bo"\n', 'name = "bo"\naway = ["2026-11-10..2026-11-13"]\n'
    )
    assert {row["assignee"] for row in front.json("list", "assignee:tim")} == {"tim"}
    front.ok("undo")
    assert sorted(front.ok("list", "assignee:bo").ids) == list("12345")

    assert front.ok("team", "away", "bo").out == "bo is away 2026-11-10 to 2026-11-13\n"
    ran = front.ok("team", "away", "bo", "--from", "24 Dec", "until", "2027-01-03")
    assert "2026-12-24 to 2027-01-03" in ran.err
    front.now += 86_400
    front.ok("team", "away", "bo", "--back")
    assert 'away = ["2026-11-10", "2026-12-24..2027-01-03"]' in settings(front)
    assert front.run("team", "away", "bo", "--back").status == 1
    for words in (
        ["until", "yesterday"],
        ["until", "gaga"],
        ["--from", "fri"],
        ["--from", "fri", "until", "wed"],
    ):
        assert front.run("team", "away", "bo", *words).status == 2, words


def test_who_leaves_hands_over_what_they_have_fairly_or_keeps_it(shop_front: Front) -> None:
    front = shop_front
    front.ok("assign", "1", "2", "3", "4", "--to", "bo")
    ran = front.ok("team", "remove", "bo", "--to", "load")
    assert "anna gets 2.\ntim gets 2." in ran.err
    assert front.run("assign", "5", "--to", "bo").status == 2
    front.ok("assign", "5", "--to", "tim")
    assert "tim keeps" in front.ok("team", "remove", "tim", "--keep").err


@pytest.mark.long
def test_whoever_changes_the_team_at_once_loses_nothing(front: Front) -> None:
    words = [
        sys.executable,
        str(ROOT / "main.py"),
        "--workspace",
        str(front.workspace),
        "--as",
        "anna",
        "team",
        "add",
    ]
    at_once = [
        subprocess.Popen([*words, f"new{number}"], stderr=subprocess.PIPE, env=dict(os.environ))
        for number in range(8)
    ]
    for process in at_once:
        assert process.wait(60) == 0, process.stderr and process.stderr.read()
    assert {row["name"] for row in front.json("team", "list")} >= {f"new{number}" for number in range(8)}
