"""Files sent for an answer over the line: they go with the draft, several one after the other, or not at all."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import main as entry
from inbox.errors import WorldError
from inbox.model import Who
from inbox.ports import Draft, DraftFile
from storage.draft_files import DraftFiles
from storage.erased_words import forget_begun
from storage.workspace import Workspace, open_store
from tests.front import Front
from tests.screenplay import playing
from tests.shop import NOW, deliver, mail
from tests.test_attachment_names import NAMES
from tui.line.desk import Desk
from tui.line.drafts import left

ROOT = Path(__file__).parent.parent
PDF = b"%PDF-1.7 an invoice"
PNG = b"\x89PNG\r\n\x1a\n and pixels"


def drafts(front: Front, conversation: int = 2) -> list[Draft]:
    store = front.store()
    try:
        return store.drafts(conversation)
    finally:
        store.close()


def test_several_files_add_up_and_each_time_it_is_said_what_goes_along(shop_front: Front) -> None:
    one = shop_front.ok("put", "2", "--name", "invoice.pdf", stdin=PDF, who="bo")
    assert one.lines == [f"invoice.pdf\tapplication/pdf\t{len(PDF)}"]
    assert "invoice.pdf goes with your answer in #2." in one.err
    two = shop_front.ok("put", "2", stdin=PNG, who="bo")
    assert [line.split("\t")[0] for line in two.lines] == ["invoice.pdf", "picture.png"]
    shop_front.now += 1
    again = shop_front.ok("put", "2", "--name", "invoice.pdf", stdin=PDF, who="bo")
    assert len(again.lines) == 2, "the same twice is once"
    other = shop_front.ok("put", "2", "--name", "invoice.pdf", stdin=PDF + b" 2", who="bo")
    assert [line.split("\t")[0] for line in other.lines][-1] == "invoice (2).pdf"
    (draft,) = drafts(shop_front)
    assert (draft.who, draft.kind, len(draft.files)) == ("bo", "reply", 3)


@pytest.mark.long
@pytest.mark.parametrize(
    ("data", "name"),
    [(PDF, "file.pdf"), (b"PK\x03\x04", "file.zip"), (b"Dear all\n", "file.txt"), (b"\x00\x01", "file.bin")],
)
def test_a_file_without_a_name_is_called_by_what_it_is(shop_front: Front, data: bytes, name: str) -> None:
    assert shop_front.ok("put", "2", stdin=data).lines[0].split("\t")[0] == name


@pytest.mark.long
def test_a_name_leads_nowhere_whatever_it_says(shop_front: Front) -> None:
    for name in (
        *NAMES,
        "../../etc/passwd",
        "a\nb",
        "-rf",
        "\x1b]0;x\x07.pdf",
        "x" * 5000 + ".pdf",
        "\u202egpj.exe",
    ):
        ran = shop_front.run("put", "2", "--name", name, stdin=PDF)
        assert ran.status == 0, name
    (draft,) = drafts(shop_front)
    for file in draft.files:
        assert file.name == Path(file.name).name
        assert file.name.isprintable() and not file.name.startswith(("-", ".", "~"))
        assert len(file.name) <= 140
    assert {path.parent.parent.name for path in shop_front.workspace.rglob("attached/*/*")} == {"attached"}


def test_what_cannot_be_attached_is_said_and_leaves_nothing(shop_front: Front) -> None:
    for words, stdin, said in (
        (("put", "2"), b"", "is empty"),
        (("put", "77"), PDF, "There is no conversation"),
        (("put", "x"), PDF, "There is no conversation"),
        (("put",), PDF, "Missing argument"),
    ):
        ran = shop_front.run(*words, stdin=stdin, who="bo")
        assert ran.status in (1, 2)
        assert said in ran.err
    refused = shop_front.run("put", "2", stdin=PDF, who="ria")
    assert (refused.status, "reader" in refused.err) == (1, True)
    assert drafts(shop_front) == []
    assert list(shop_front.workspace.rglob("attached/*/*")) == []


class Endless(io.RawIOBase):
    """A file that never ends; how much of it was taken."""

    taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self.taken += len(buffer)
        return len(buffer)


@pytest.mark.long
def test_what_is_too_large_is_cut_while_it_comes_in(shop_front: Front) -> None:
    endless = Endless()
    ran = shop_front.run("put", "2", "--name", "film.mkv", stdin=endless)
    assert ran.status == 1
    assert "film.mkv was not attached" in ran.err
    assert endless.taken < 30_000_000
    shop_front.ok("put", "2", "--name", "half.bin", stdin=bytes(9_000_000))
    refused = shop_front.run("put", "2", "--name", "more.bin", stdin=bytes(9_000_000))
    assert "with it the message would have more than 20 MB" in refused.err
    (draft,) = drafts(shop_front)
    assert [file.name for file in draft.files] == ["half.bin"]


@pytest.fixture
def child(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`frontdesk put 1` in a process of its own, on a workspace with one conversation."""
    store = open_store(tmp_path / "desk")
    deliver(store, mail("jo@park.example", "Hello", "Hi", "2026-11-09 10:00"))
    store.close()
    words = [sys.executable, str(ROOT / "main.py"), "--workspace", str(tmp_path / "desk"), "put", "1"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe)
    yield process
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None and not stream.closed:
            stream.close()


@pytest.mark.parametrize("how", ["killed", "line lost"])
def test_what_was_cut_off_on_its_way_is_not_taken_for_the_whole(
    child: subprocess.Popen[bytes], tmp_path: Path, how: str
) -> None:
    assert child.stdin is not None and child.stdout is not None and child.stderr is not None
    child.stdin.write(PDF * 10_000)
    child.stdin.flush()
    if how == "killed":
        child.kill()
    else:
        child.stdout.close()  # as sshd does with both when the line is gone
        child.stdin.close()
        assert b"The line was lost: nothing was attached." in child.stderr.read()
    child.wait()
    store = open_store(tmp_path / "desk")
    assert store.drafts(1) == []
    assert [path for path in (tmp_path / "desk").rglob("attached/**/*") if path.is_file()] == []
    store.close()


@pytest.mark.long
def test_a_full_disk_keeps_what_was_there(shop_front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    shop_front.ok("put", "2", "--name", "a.pdf", stdin=PDF)

    def full(*_: object) -> DraftFile:
        raise WorldError("b.pdf could not be attached: No space left on device.", "The draft is as it was.")

    monkeypatch.setattr(DraftFiles, "keep", full)
    ran = shop_front.run("put", "2", "--name", "b.pdf", stdin=PNG)
    assert (ran.status, "No space left" in ran.err) == (4, True)
    assert [file.name for draft in drafts(shop_front) for file in draft.files] == ["a.pdf"]


def test_an_answer_by_command_takes_along_what_was_put_there_and_nothing_is_left(shop_front: Front) -> None:
    shop_front.ok("put", "2", "--name", "invoice.pdf", stdin=PDF, who="bo")
    shop_front.ok("put", "2", "--name", "of anna.pdf", stdin=PDF)
    ran = shop_front.ok("reply", "2", "--text", "Here it is.", who="bo")
    assert "With it goes invoice.pdf." in ran.err
    shown = shop_front.json("show", "2")[0]["items"][-1]
    assert [each["name"] for each in shown["attachments"]] == ["invoice.pdf"]
    assert [draft.who for draft in drafts(shop_front)] == ["anna"]


def test_what_came_in_while_it_was_sent_stays_for_the_next_answer(shop_front: Front) -> None:
    shop_front.ok("put", "2", "--name", "invoice.pdf", stdin=PDF)
    (sent,) = drafts(shop_front)
    shop_front.ok("put", "2", "--name", "late.png", stdin=PNG)
    desk = Desk(entry.open_store, lambda _: None, shop_front.workspace, "anna", pinned=NOW)
    left(desk, sent)
    desk.close()
    (draft,) = drafts(shop_front)
    assert [file.name for file in draft.files] == ["late.png"]


# --------------------------------------------------------------------------- beside an open screen


async def test_it_is_seen_at_once_where_the_answer_is_being_written_and_leaves_with_it(
    store: Workspace,
) -> None:
    elsewhere = open_store(store.workspace)
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.type("Here it is:")
        file = elsewhere.keep_file(PDF, "invoice.pdf")
        elsewhere.put_file(2, "anna", file, NOW)
        await stage.until(lambda: "1 file" in stage.pane("compose-head"))
        assert "invoice.pdf came in" in stage.said
        elsewhere.put_file(2, "bo", elsewhere.keep_file(PNG, "of bo.png"), NOW)
        await stage.type(" see the attachment.")
        await stage.press("ctrl+o")
        await stage.type("-invoice.pdf")
        await stage.press("enter")
        assert "1 file" not in stage.pane("compose-head")
        elsewhere.put_file(2, "anna", elsewhere.keep_file(PNG, "picture.png"), NOW + 1)
        await stage.until(lambda: "picture.png" in stage.pane("compose-head"))
        await stage.press("ctrl+s", "enter")
    sent = store.outbox()[-1].message
    raw = store.raw(sent) or b""
    assert b"picture.png" in raw and b"invoice.pdf" not in raw and b"of bo" not in raw
    assert [draft.who for draft in store.drafts(2)] == ["bo"]
    elsewhere.close()


@pytest.mark.long
async def test_what_came_before_anybody_wrote_is_there_when_they_begin(store: Workspace) -> None:
    store.put_file(2, "anna", store.keep_file(PDF, "invoice.pdf"), NOW)
    assert store.drafted() == 1
    async with playing(store) as stage:
        await stage.press("enter", "r")
        assert "invoice.pdf" in stage.pane("compose-head")
        assert "Reply to anna.weber@weber.example" in stage.pane("compose-head")
        await stage.press("escape")
    (draft,) = store.drafts(2)
    assert (draft.kind, [file.name for file in draft.files]) == ("reply", ["invoice.pdf"])


@pytest.mark.long
async def test_a_note_takes_none_and_they_wait_for_the_answer(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "n")
        await stage.type("Look at this")
        store.put_file(2, "anna", store.keep_file(PDF, "invoice.pdf"), NOW)
        await stage.rest()
        await stage.press("ctrl+s", "r")
        assert "invoice.pdf" in stage.pane("compose-head")


async def test_what_begins_a_conversation_takes_files_too(store: Workspace) -> None:
    store.put_file(0, "anna", store.keep_file(PDF, "invoice.pdf"), NOW)
    elsewhere = open_store(store.workspace)
    async with playing(store, restricted=True) as stage:
        await stage.press("c", "escape")
        assert "invoice.pdf" in stage.pane("compose-head")
        await stage.press("ctrl+o", "escape")
        elsewhere.put_file(0, "anna", elsewhere.keep_file(PNG, "picture.png"), NOW)
        await stage.until(lambda: "2 files" in stage.pane("compose-head"))
    elsewhere.close()
    (draft,) = store.drafts(0)
    assert (draft.kind, len(draft.files)) == ("new", 2)


def test_what_was_sent_for_an_answer_goes_with_the_conversation_and_a_colleagues_file_stays(
    store: Workspace,
) -> None:
    theirs, ours = store.keep_file(PDF, "invoice.pdf"), store.keep_file(PNG, "picture.png")
    for conversation, file in ((2, theirs), (2, ours), (3, ours)):
        store.put_file(conversation, "bo", file, NOW)
    store.seen_by(Who("anna"))  # who reads nothing of a colleague's draft
    forget_begun(store, (), (2,))
    assert [draft.conversation for draft in store.drafts()] == [3]
    assert store.draft_file(ours.sha) == PNG
    with pytest.raises(WorldError):
        store.draft_file(theirs.sha)


async def test_where_paths_are_refused_the_way_is_told_with_the_number(store: Workspace) -> None:
    async with playing(store, restricted=True) as stage:
        await stage.press("enter", "r", "ctrl+o")
        assert "ssh desk put 2 < FILE attaches one." in stage.said
