"""Attachments and links on the screen: listed by number, read as text, saved where a person says, opened outside."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from inbox.errors import NotDone
from storage.workspace import Workspace
from tests.delivery_reports import Back, postfix
from tests.screenplay import playing
from tests.shop import deliver
from tests.test_attachments import letter
from tui.keys import load
from tui.opening import opener

NOTE = b"The lamp is 40 cm high.\n\x1b]0;owned\x07"
HTML = (
    b"From: Jo Park <jo@park.example>\nSubject: Bill\nDate: Tue, 10 Nov 2026 09:05:00 +0100\n"
    b"Message-ID: <bill@park.example>\nContent-Type: text/html\n\n<p>Pay <a href='https://evil.example/pay'>https://bank.example</a></p>"
)


def papers(store: Workspace) -> int:
    """A letter with two files; the number of its conversation."""
    return deliver(
        store, letter((NOTE, "text/plain", "../../note.txt"), (b"#!/bin/sh\nrm", "text/x-sh", "do.sh"))
    )


def programs(folder: Path) -> Path:
    """A folder whose xdg-open writes down what it was asked to open; the file it writes to."""
    folder.mkdir()
    log = folder / "log"
    program = folder / "xdg-open"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$#" "$@" > "{log}.new"; mv "{log}.new" "{log}"\n')
    program.chmod(0o700)
    return log


async def test_what_a_report_says_to_programs_is_listed_only_among_everything(store: Workspace) -> None:
    number = deliver(store, postfix(Back("<lost@shop.example>")))
    async with playing(store) as stage:
        stage.app.inbox.moving.open_conversation(number)
        await stage.rest()
        shown = stage.pane("conversation")
        assert "[1]" not in shown
        assert "[2] (no name)" in shown, "the mail that came back"
        await stage.press("o")
        assert "message/delivery-status" in stage.pane("attachments")


async def test_what_is_attached_is_listed_and_read_as_text(store: Workspace) -> None:
    number = papers(store)
    async with playing(store) as stage:
        stage.app.inbox.moving.open_conversation(number)
        await stage.rest()
        assert "[1] note.txt" in stage.pane("conversation")
        await stage.press("o")
        listed = stage.pane("attachments")
        assert "With Jo Park" in listed
        assert "  1  note.txt" in listed and "  2  do.sh" in listed
        assert ".." not in listed
        assert "s save" in stage.said
        await stage.press("enter")
        assert "note.txt as text" in stage.pane("attachments")
        assert "The lamp is 40 cm high." in stage.pane("attachments")
        await stage.press("q")
        assert "do.sh" in stage.pane("attachments")
        await stage.press("q")
        assert stage.app.inbox.place == "conversation"


async def test_a_file_is_saved_where_a_person_says_and_never_over_another(
    store: Workspace, tmp_path: Path
) -> None:
    number = papers(store)
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "note.txt").write_text("mine")
    async with playing(store) as stage:
        stage.app.inbox.moving.open_conversation(number)
        await stage.rest()
        await stage.press("o", "s")
        assert "note.txt" in stage.asked
        await stage.press("ctrl+u")
        await stage.type(f"{tmp_path}/he")
        await stage.press("tab")
        assert "/here/" in stage.asked
        await stage.press("enter")
        assert "note (2).txt" in stage.said
        assert (tmp_path / "here" / "note.txt").read_text() == "mine"
        saved = tmp_path / "here" / "note (2).txt"
        assert saved.read_bytes() == NOTE
        assert stat.S_IMODE(saved.stat().st_mode) == 0o600
        await stage.press("s")
        assert f"{tmp_path}/here/note.txt" in stage.asked  # where the last one went
        await stage.press("ctrl+u")
        await stage.type(f"{tmp_path}/none/x.txt")
        await stage.press("enter")
        assert "There is no folder" in stage.said


async def test_a_file_is_opened_by_an_argument_list_from_a_private_folder(
    store: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = papers(store)
    log = programs(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/bin:/usr/bin")
    monkeypatch.setenv("DISPLAY", ":9")
    async with playing(store) as stage:
        stage.app.inbox.moving.open_conversation(number)
        await stage.rest()
        await stage.press("o", "o")
        assert "note.txt is opened outside" in stage.said
        while not log.exists():
            await stage.rest()
        count, path, _ = log.read_text().split("|")
        assert (count, Path(path).name) == ("1", "note.txt")
        assert Path(path).read_bytes() == NOTE
        assert stat.S_IMODE(Path(path).parent.stat().st_mode) == 0o700
        await stage.press("j", "o")
        assert "do.sh could act when it is opened" in stage.said


async def test_links_are_listed_by_where_they_lead(store: Workspace) -> None:
    number = deliver(store, HTML)
    async with playing(store) as stage:
        stage.app.inbox.moving.open_conversation(number)
        await stage.rest()
        await stage.press("l")
        assert "  1  evil.example  https://evil.example/pay" in stage.pane("attachments")
        await stage.press("enter")
        assert "It leads to evil.example." in stage.said
        assert stage.app.clipboard == "https://evil.example/pay"
        await stage.press("s")
        assert "Enter copies a link" in stage.said


async def test_one_of_many_links_is_copied_by_its_number_or_a_word_of_it(store: Workspace) -> None:
    links = "".join(f"<a href='https://n{number}.example/Pay'>pay</a> " for number in range(1, 13))
    html = b"Subject: Bills\nFrom: Jo <jo@park.example>\nContent-Type: text/html\n\n" + links.encode()
    number = deliver(store, html)
    async with playing(store) as stage:
        stage.app.inbox.moving.open_conversation(number)
        await stage.rest()
        for typed, host in (("2", "n2"), ("12", "n12"), ("N7.example/pay", "n7")):
            await stage.press("g y", "l")
            await stage.type(typed)
            await stage.press("enter")
            assert stage.app.clipboard == f"https://{host}.example/Pay"
            await stage.press("n")  # into no file besides


async def test_keys_are_named_as_they_are_bound(
    store: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":9")
    own = tmp_path / "keys.toml"
    own.write_text('[conversation]\nraw = "f7"\n[attachments]\nopen = "W"\nsave-attachment = "D"\n', "utf-8")
    long = deliver(store, letter(text="Endless.\n" * 6_000))
    number = papers(store)
    async with playing(store, keymap=load(own)) as stage:
        stage.app.inbox.moving.open_conversation(number)
        await stage.rest()
        await stage.press("o", "j", "o")
        assert "W shows its words, D saves it." in stage.said
        stage.app.inbox.moving.open_conversation(long)
        await stage.rest()
        await stage.press("z", "G")
        assert "… the rest: f7 shows the mail as it came" in stage.text


async def test_a_conversation_without_any_says_so(store: Workspace) -> None:
    async with playing(store) as stage:
        stage.app.inbox.moving.open_conversation(3)
        await stage.rest()
        await stage.press("o")
        assert "Nothing is attached here" in stage.pane("attachments")
        await stage.press("enter", "s", "o", "j", "G")
        assert stage.app.inbox.place == "attachments"


async def test_a_restricted_account_saves_and_opens_nothing(store: Workspace) -> None:
    number = papers(store)
    async with playing(store, restricted=True) as stage:
        stage.app.inbox.moving.open_conversation(number)
        await stage.rest()
        await stage.press("o", "s")
        assert "restricted" in stage.said and stage.app.inbox.prompt is None
        await stage.press("o")
        assert "restricted" in stage.said
        await stage.press("enter")
        assert "The lamp is" in stage.pane("attachments")  # reading is for everybody


def test_where_there_is_no_display_or_no_program_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotDone, match="no display over SSH"):
        opener({"SSH_CONNECTION": "1 2 3 4", "PATH": str(tmp_path)}, "linux")
    with pytest.raises(NotDone, match="no display over SSH"):
        opener({"SSH_CONNECTION": "1 2 3 4"}, "darwin")
    with pytest.raises(NotDone, match="no display here"):
        opener({}, "linux")
    with pytest.raises(NotDone, match="no xdg-open"):
        opener({"DISPLAY": ":0", "PATH": str(tmp_path)}, "linux")
    programs(tmp_path / "bin")
    assert opener({"DISPLAY": ":0", "PATH": str(tmp_path / "bin")}, "linux") == str(
        tmp_path / "bin" / "xdg-open"
    )
