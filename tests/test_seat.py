"""Where a person sits: what is read of the workspace and the environment when the screen opens."""

from __future__ import annotations

from pathlib import Path

import pytest

import main as entry
from inbox.errors import NotDone
from tests.shop import NOW
from tui.line.desk import Desk
from tui.seat import seat_at

MAILBOX = """
[[mailbox]]
name = "support"
address = "support@shop.example"
imap_host = "127.0.0.1"
smtp_host = "127.0.0.1"
password_env = "SUPPORT_PASSWORD"
"""


@pytest.mark.parametrize(
    ("environment", "as_name", "restricted"),
    [
        ({}, "anna", False),
        ({"SSH_CONNECTION": "1 2 3 4"}, None, False),  # an account of one's own
        ({"SSH_CONNECTION": "1 2 3 4"}, "anna", True),  # a forced command, and nothing was asked for
        ({"SSH_CONNECTION": "1 2 3 4", "SSH_ORIGINAL_COMMAND": "get 3"}, None, True),
    ],
)
def test_a_forced_command_is_known_whatever_was_asked_for(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    as_name: str | None,
    restricted: bool,
) -> None:
    for name in ("SSH_CONNECTION", "SSH_ORIGINAL_COMMAND"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    desk = Desk(entry.open_store, lambda _: None, tmp_path / "desk", as_name, pinned=NOW)
    assert seat_at(desk).restricted is restricted
    desk.close()


@pytest.mark.parametrize("is_let_in", [True, False])
def test_the_worker_of_all_does_not_speak_the_language_of_who_was_let_in_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_let_in: bool
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "de_DE.ISO-8859-1")
    monkeypatch.setenv("GPG_TTY", "/dev/pts/7")
    if is_let_in:
        monkeypatch.setenv("SSH_ORIGINAL_COMMAND", "")
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "settings.toml").write_text(MAILBOX, "utf-8")
    desk = Desk(entry.open_store, lambda _: None, tmp_path / "desk")
    starter = seat_at(desk, ("frontdesk",)).starter
    assert starter is not None
    assert ("LC_ALL" in starter.environment) is not is_let_in
    assert starter.environment["GPG_TTY"] == "/dev/pts/7", "a password command may need it"
    desk.close()


@pytest.mark.parametrize(
    ("user", "keeps", "as_name", "speaks"),
    [
        ("bo", False, None, "bo"),
        ("bo", False, "bo", "bo"),
        ("bo", False, "anna", None),
        ("eve", False, "anna", None),  # in the group, and in the team no more
        ("bo", True, "anna", "anna"),
        ("desk", True, "bo", "bo"),
    ],
)
def test_in_a_team_only_whoever_keeps_the_workspace_speaks_as_another(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    user: str,
    keeps: bool,
    as_name: str | None,
    speaks: str | None,
) -> None:
    (tmp_path / "settings.toml").write_text(
        '[[team]]\nname = "anna"\nrole = "owner"\n[[team]]\nname = "bo"\n'
    )
    monkeypatch.setattr("tui.line.desk.unix_user", lambda _number=None: user)
    desk = Desk(entry.open_store, lambda _: None, tmp_path, as_name, pinned=NOW)
    desk.settings()
    owner = tmp_path.stat().st_uid
    monkeypatch.setattr("os.geteuid", lambda: owner if keeps else 4711)
    if speaks is None:
        with pytest.raises(NotDone, match="cannot speak as anna"):
            desk.who()
    else:
        assert desk.who().name == speaks
