"""A watched folder: taken in once it is whole, moved away with the reason beside it; names asked once."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from inbox.attachments import content
from inbox.chat.folders import look
from inbox.chat.names import SETTLED, Held
from inbox.model import Status, Who
from inbox.settings import ChatFolder, Settings
from main import main
from storage.workspace import Workspace, open_store
from tests.chats import written
from tests.chats.samples import ASKED, SAMPLES
from tests.chats.test_intake import line
from tests.stores import Desk, desk

DAY = 86_400
NOW = ASKED + 12 * DAY + 3_600
"""2024-01-13, 11:00 UTC."""


def watched(tmp_path: Path, *ours: str) -> tuple[Desk, Settings, Path]:
    """A workspace, settings that watch a folder, and the folder."""
    folder = tmp_path / "chats"
    folder.mkdir()
    settings = replace(Settings(host_zone="UTC"), chats=(ChatFolder(str(folder)),))
    here = desk(tmp_path, settings)
    if ours:
        here.store.set_us(list(ours), said=True, now=NOW, open_for=14 * DAY)
    return here, settings, folder


def whole(path: Path, text: object, seconds: int = 60) -> Path:
    """A file that was last written to so long ago."""
    written(path, text)
    os.utime(path, (NOW - seconds, NOW - seconds))
    return path


def names(folder: Path) -> list[str]:
    """All that lies in a folder."""
    return sorted(each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file())


def test_taken_in_and_moved(tmp_path: Path) -> None:
    """Fresh lines are live: they start clocks; what is being written waits; twice is no harm."""
    here, settings, folder = watched(tmp_path, "Anna")
    text = line(1, "10:00", "Jo", "old") + line(13, "10:30", "Jo", "where is it?")
    whole(folder / "WhatsApp Chat with Jo.txt", text)
    whole(folder / "late.txt", text, seconds=3)
    assert look(here.store, settings, NOW) == 2
    assert names(folder) == ["done/WhatsApp Chat with Jo.txt", "late.txt"]
    old, new = (here.state(number) for number in (1, 2))
    assert (old.status, new.status, new.unread) == (Status.OPEN, Status.OPEN, True)
    assert new.waiting_since == NOW - 1_800
    whole(folder / "WhatsApp Chat with Jo.txt", text + line(13, "10:40", "Anna", "on its way"))
    assert look(here.store, settings, NOW) == 1
    assert names(folder)[:2] == ["done/WhatsApp Chat with Jo 2.txt", "done/WhatsApp Chat with Jo.txt"]
    assert here.state(2).status is Status.WAITING
    here.verified()


def test_refused_with_the_reason_beside_it(tmp_path: Path) -> None:
    """What is no transcript, and a chat of which nobody knows who is us."""
    here, settings, folder = watched(tmp_path)
    whole(folder / "notes.txt", "milk")
    whole(folder / "chat.txt", line(13, "10:00", "Jo", "a") + line(13, "10:01", "Kim", "b"))
    assert look(here.store, settings, NOW) == 0
    assert names(folder) == [
        "refused/chat.txt",
        "refused/chat.txt.reason.txt",
        "refused/notes.txt",
        "refused/notes.txt.reason.txt",
    ]
    assert (
        "Nobody has said who of these is us: Jo, Kim." in (folder / "refused/chat.txt.reason.txt").read_text()
    )
    assert [each.key for each in here.store.names.all().waiting] == ["jo", "kim"]


def test_a_folder_that_is_not_there_or_may_not_be_written(tmp_path: Path) -> None:
    """Nothing raises, and what cannot be moved stays; taken in again it changes nothing."""
    here, settings, folder = watched(tmp_path, "Anna")
    whole(folder / "a.txt", line(13, "10:00", "Jo", "a"))
    (folder / "done").write_text("a file where the folder ought to be")
    assert [look(here.store, settings, NOW) for _ in range(2)] == [1, 0]
    assert names(folder) == ["a.txt", "done"]
    assert look(here.store, replace(settings, chats=(ChatFolder("/nowhere/at/all"),)), NOW) == 0


def test_names_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A refused import says whom to ask about; once that is said, it comes in."""
    path = written(tmp_path / "chat.txt", line(13, "10:00", "Jo", "a") + line(13, "10:01", "Kim", "b"))
    frontdesk = ["--workspace", str(tmp_path / "w")]
    assert main([*frontdesk, "import", str(path)]) == 1
    assert "frontdesk names --us NAME" in capsys.readouterr().out
    assert main([*frontdesk, "names", "--us", "Kim", "--customer", "Jo"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "us         kim  1 line in whatsapp: chat.txt",
        "customer   jo  1 line in whatsapp: chat.txt",
        "waits: chat.txt, for jo, kim",
    ]
    assert main([*frontdesk, "import", str(path), "--zone", "UTC"]) == 0
    assert "2 added, 0 known, 0 refused" in capsys.readouterr().out
    assert main([*frontdesk, "import", str(path), "--zone", "Nowhere/Here"]) == 2
    assert "There is no zone" in capsys.readouterr().err


def test_names_nobody_can_type(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Signs that nobody sees, and a name without end: what is shown as asked for can be said, and is found again."""
    endless, hidden = "Kim " + "x" * 100, "J\u200bo"
    path = written(tmp_path / "chat.txt", line(13, "10:00", hidden, "a") + line(13, "10:01", endless, "b"))
    frontdesk = ["--workspace", str(tmp_path / "w")]
    assert main([*frontdesk, "import", str(path), "--zone", "UTC"]) == 1
    capsys.readouterr()
    assert main([*frontdesk, "names", "--json"]) == 0
    asked_for = [json.loads(each)["name"] for each in capsys.readouterr().out.splitlines()]
    assert main([*frontdesk, "names", "--customer", asked_for[0], "--us", endless]) == 0
    assert main([*frontdesk, "import", str(path), "--zone", "UTC"]) == 0
    assert "2 added, 0 known, 0 refused" in capsys.readouterr().out


def test_transcript_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a workspace: an object a chat, or lines for a person; what is none ends with one."""
    name, value = SAMPLES["telegram"]
    path = written(tmp_path / name, value)
    assert main(["transcript", str(path), "--json", "--us", "Anna"]) == 0
    out = capsys.readouterr().out
    assert out.startswith('{"format": "telegram", "id": "4711", "title": "Jo", "messages": [{"id": "1", ')
    assert out.endswith('"role": "agent"}], "oddities": []}\n')
    assert main(["transcript", str(path)]) == 0
    assert "telegram: Jo, 2 messages" in capsys.readouterr().out
    assert main(["transcript", str(written(tmp_path / "a.txt", "milk"))]) == 1
    assert main(["transcript", str(tmp_path / "nothing")]) == 2


def later(store: Workspace, settings: Settings, seconds: int = SETTLED) -> int:
    """The worker's next look, so long after an answer."""
    return look(store, settings, NOW + seconds)


def test_what_waits_for_a_name_comes_in_by_itself(tmp_path: Path) -> None:
    """From `refused/`, once somebody has told one of its names long enough ago; the reason goes, and it lies in `done/`."""
    here, settings, folder = watched(tmp_path)
    rows = [("Jo", "a"), ("Kim", "b"), ("Mia", "c")]
    whole(folder / "chat.txt", "".join(line(13, f"10:0{n}", *row) for n, row in enumerate(rows)))
    assert look(here.store, settings, NOW) == 0
    assert "It is taken in as soon as" in (folder / "refused/chat.txt.reason.txt").read_text()
    asked = here.store.names.all()
    assert [(each.key, each.first, each.chats) for each in asked.waiting] == [
        ("jo", "a", (("whatsapp: chat.txt", 1),)),
        ("kim", "b", (("whatsapp: chat.txt", 1),)),
        ("mia", "c", (("whatsapp: chat.txt", 1),)),
    ]
    here.store.names.say("Jo", "customer", Who("ann"), NOW)
    assert later(here.store, settings) == 0
    assert [each.names for each in here.store.names.held()] == [("kim", "mia")]
    here.store.names.say("Kim", "agent", Who("ann"), NOW + 20)
    assert later(here.store, settings, 21) == 0, "a slip can still be mended"
    assert later(here.store, settings, 20 + SETTLED) == 3
    assert names(folder) == ["done/chat.txt"]
    (held,) = here.store.names.held()
    assert (held.took, held.trouble) == (3, "")
    assert [each.key for each in here.store.names.all().waiting] == [], "the rest is known by the chat"
    assert later(here.store, settings, 60) == 0
    here.verified()


def test_who_has_no_name_is_asked_for_by_handle(tmp_path: Path) -> None:
    """What is shown is what is told, and what waits for it comes in."""
    here, settings, folder = watched(tmp_path)
    people = [{"handle": "u1"}, {"handle": "u2", "name": "Kim"}]
    said = [
        {"at": f"2024-01-01T10:0{n}:00Z", "author": each["handle"], "text": "a"}
        for n, each in enumerate(people)
    ]
    whole(folder / "chat.jsonl", json.dumps({"participants": people, "messages": said}))
    assert look(here.store, settings, NOW) == 0
    assert "who of these is us: u1, Kim." in (folder / "refused/chat.jsonl.reason.txt").read_text()
    here.store.names.say("u1", "customer", Who("ann"), NOW)
    assert later(here.store, settings) == 2, "in a chat of two the other one is us"
    assert here.store.rows([1])[0].customer_name == "u1"


def test_us_in_the_settings_answers_as_well(tmp_path: Path) -> None:
    """Who writes `us` into the settings need not say it again."""
    here, settings, folder = watched(tmp_path)
    whole(folder / "chat.txt", line(13, "10:00", "Jo", "a") + line(13, "10:01", "Kim", "b"))
    assert look(here.store, settings, NOW) == 0
    here.store.set_us(["Kim"], said=True, now=NOW, open_for=14 * DAY)
    assert later(here.store, settings, 1) == 2
    assert names(folder) == ["done/chat.txt"]


def test_somebody_moves_it_meanwhile(tmp_path: Path) -> None:
    """What is moved back is taken in from there, and what is thrown away is forgotten."""
    here, settings, folder = watched(tmp_path)
    for name, other in (("one.txt", "Mia"), ("two.txt", "Ben")):
        whole(folder / name, line(13, "10:00", other, "a") + line(13, "10:01", "Kim", "b"))
    assert look(here.store, settings, NOW) == 0
    (folder / "refused/one.txt").unlink()
    whole(folder / "two.txt", (folder / "refused/two.txt").read_text())
    (folder / "refused/two.txt").unlink()
    here.store.names.say("Kim", "agent", Who("ann"), NOW)
    assert later(here.store, settings) == 2
    assert here.store.names.held() == []


def test_an_import_waits_in_the_workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A copy with the pictures that lay beside it, once however often it is imported; then it is gone again."""
    path = written(
        tmp_path / "from" / "chat.txt",
        line(13, "10:00", "Jo", "IMG-1.jpg (file attached)") + line(13, "10:01", "Kim", "b"),
    )
    written(path.with_name("IMG-1.jpg"), b"\xff\xd8 a picture")
    written(path.with_name("secret.txt"), "not part of it")
    frontdesk = ["--workspace", str(tmp_path / "w")]
    for _ in range(2):
        assert main([*frontdesk, "import", str(path), "--zone", "UTC"]) == 1
    assert "chat.txt waits: it comes in once somebody says" in capsys.readouterr().err
    for each in (path, path.with_name("IMG-1.jpg")):
        each.unlink()
    assert len(list((tmp_path / "w" / "held").glob("*/*"))) == 1
    assert main([*frontdesk, "names", "--us", "Kim", "--json"]) == 0
    assert '"waiting": ["chat.txt"]' in capsys.readouterr().out
    assert main([*frontdesk, "--now", "2100-01-01T00:00:00Z", "sync"]) == 0
    assert main([*frontdesk, "names"]) == 0
    assert "taken in: chat.txt, 2 new messages" in capsys.readouterr().out
    store = open_store(tmp_path / "w")
    (first, _) = store.items(1)
    assert content(store.raw(first.id) or b"", first.attachments, 0) == b"\xff\xd8 a picture"
    assert list((tmp_path / "w" / "held").glob("*")) == []
    store.close()


def test_what_is_too_large_to_wait_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pictures beside a chat count as well; nothing is copied, and nothing waits."""
    text = line(13, "10:00", "Jo", "IMG-1.jpg (file attached)") + line(13, "10:01", "Kim", "b")
    path = written(tmp_path / "from" / "chat.txt", text)
    written(path.with_name("IMG-1.jpg"), b"x" * 1_000)
    monkeypatch.setattr("inbox.chat.held.LARGEST", 1_000)
    frontdesk = ["--workspace", str(tmp_path / "w")]
    assert main([*frontdesk, "import", str(path), "--zone", "UTC"]) == 1
    assert "chat.txt is too large to wait here." in capsys.readouterr().err
    assert not (tmp_path / "w" / "held").exists()
    assert main([*frontdesk, "names"]) == 0
    assert "waits:" not in capsys.readouterr().out


def test_the_worker_reads_only_what_was_held(tmp_path: Path) -> None:
    """Whoever may write into the team's documents cannot have the worker read a file of its own."""
    here, settings, folder = watched(tmp_path)
    secret = written(tmp_path / "secret.txt", line(13, "10:00", "Jo", "a") + line(13, "10:01", "Kim", "b"))
    for side in ("held/x", "chats/refused"):
        (tmp_path / side).mkdir(parents=True, exist_ok=True)
    inside = here.store.workspace / "held" / "x"
    inside.mkdir(parents=True)
    for link in (inside / "link.txt", folder / "refused" / "link.txt"):
        link.symlink_to(secret)
    for place, of in (
        (str(secret), ""),
        ("held/x/link.txt", ""),
        ("held/../../secret.txt", ""),
        (str(secret), str(folder)),
        (str(folder / "refused" / "link.txt"), str(folder)),
        (str(folder / "refused" / ".." / ".." / "secret.txt"), str(folder)),
    ):
        here.store.names.hold(Held(place, "x", ("kim",), NOW, of))
    here.store.names.say("Kim", "agent", Who("ann"), NOW)
    assert later(here.store, settings) == 0
    assert here.store.names.held() == []
    assert secret.exists()


def test_documents_written_by_hand(tmp_path: Path) -> None:
    """What is no name and nothing that waits is left out; what is there is not lost by it."""
    here, settings, _ = watched(tmp_path)
    rows: list[dict[str, object]] = [
        {"name": "Jo", "side": "agent"},
        {"name": "kim", "side": "everybody", "chats": [1, ["a", "b"]], "at": "x", "first": 3},
        {"side": "agent"},
        {"name": "", "side": ""},
    ]
    here.store.documents.change("chat_names", lambda table: table.insert_multiple(rows))
    here.store.documents.change("chats_held", lambda table: table.insert_multiple([{"a": 1}, {"place": 3}]))
    assert here.store.names.told() == {"jo": "agent"}
    assert [each.key for each in here.store.names.all().waiting] == ["kim"]
    assert here.store.names.held() == []
    assert later(here.store, settings) == 0
