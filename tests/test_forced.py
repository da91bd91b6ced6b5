"""What a forced command makes of the words that sshd hands over: they are run as whom its line names, and change no more."""

from __future__ import annotations

import os

import pytest

import main as entry
from tests.front import Front
from tui.line.desk import Desk


@pytest.fixture
def forced(shop_front: Front, monkeypatch: pytest.MonkeyPatch) -> Front:
    """bo's line: nothing but who and where."""
    monkeypatch.setenv("SSH_CONNECTION", "127.0.0.1 5 127.0.0.1 22")
    shop_front.who = "bo"
    return shop_front


def asks(front: Front, words: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """What comes of words that were asked for: the exit status, and all that was said."""
    monkeypatch.setenv("SSH_ORIGINAL_COMMAND", words)
    ran = front.run()
    return ran.status, ran.out + ran.err


@pytest.mark.parametrize(
    "words",
    [
        "--as anna list",
        "--as=anna list",
        "--a anna list",
        "--workspace /tmp/x list",
        "--workspace=/tmp/x",
        "--now 2026-01-01T00:00:00Z list",
        "--debug list",
        "-- --as anna list",
        "list --as anna",
        "list --as=anna",
        "list --workspac /tmp/x",
        "customer list --debug",
        "note 1 --text x --now 2026-01-01T00:00:00Z",
        "'--as' 'anna' list",
    ],
)
def test_who_and_where_are_fixed_by_the_line(
    forced: Front, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    status, said = asks(forced, words, monkeypatch)
    assert status == 2
    assert "is not taken here: your key says who you are" in said


def test_words_are_read_as_a_shell_reads_them_and_no_shell_sees_them(
    forced: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asks(forced, "note 3 --text '$(id) `id` \"x\" --as anna'", monkeypatch)[0] == 0
    assert '$(id) `id` "x" --as anna' in asks(forced, "show 3", monkeypatch)[1]
    status, said = asks(forced, "note 3 --text 'x", monkeypatch)
    assert (status, "The quotes of the command do not fit together" in said) == (2, True)
    status, said = asks(forced, "note 3 --text \udcff", monkeypatch)
    assert (status, "not in UTF-8" in said) == (2, True)
    assert asks(forced, "list; id", monkeypatch)[0] == 2
    assert asks(forced, "sh -c id", monkeypatch)[0] == 2
    assert "Usage: frontdesk" in asks(forced, "--help", monkeypatch)[1]


def test_the_environment_of_the_line_counts_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desks: list[Desk] = []
    monkeypatch.setattr(entry, "open_screen", desks.append)
    for name, value in (("WORKSPACE", "/tmp/x"), ("THEME", "dark")):
        monkeypatch.setenv(f"FRONTDESK_{name}", value)
    monkeypatch.setenv("SSH_CONNECTION", "1 2 3 4")
    assert entry.main(["--as", "bo"]) == 0
    assert desks[0].restricted
    assert str(desks[0].workspace) != "/tmp/x"
    assert not [name for name in os.environ if name.startswith("FRONTDESK_")]


def test_a_script_that_hands_on_what_was_asked_for_names_nobody_else(forced: Front) -> None:
    ran = forced.run("--as", "anna", "list")
    assert (ran.status, "--as is not taken here" in ran.err) == (2, True)


def test_a_line_that_names_its_command_runs_that_one_whatever_is_asked(
    forced: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_ORIGINAL_COMMAND", "note 3 --text x")
    ran = forced.run("list", "--json")
    assert (ran.status, len(ran.objects)) == (0, 6)
    assert "note" not in forced.run("show", "3").out
