"""Mailboxes as they lie about on disks: From_ lines of every kind, folders with links and pipes in them, Junk and Drafts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import storage.store
from inbox import mime
from inbox.actions import receive
from inbox.model import Who
from inbox.ports import Decide, Scope
from tests.front import Front
from tests.shop import NOW, mail

LAMP = mail(
    "ann@c.example", "Lamp", "Hello\n\nFrom 10:00 to 12:00 we are closed in 2026\n\nBye", "2026-11-09 10:00"
)
VASE = mail("bob@c.example", "Vase", "Hello", "2026-11-09 11:00")
DATED = b"From ann@c.example Mon Nov  9 10:00:00 2026\n"


@pytest.mark.parametrize(
    "line",
    [
        DATED,
        b"From - Mon Nov  9 10:00:00 2026\n",
        b"From MAILER-DAEMON Mon Nov  9 10:00 2026\n",
        b"From ann@c.example Mon Nov  9 10:00:00 +0100 2026\n",
        b"From ann@c.example Mon, 09 Nov 2026 10:00:00 +0000\n",
        b"From ann@c.example\n",
    ],
)
@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"])
def test_every_kind_of_from_line_begins_a_message_and_no_line_of_a_letter_does(
    front: Front, tmp_path: Path, line: bytes, ends: bytes
) -> None:
    lamp, vase = (each.replace(b"\r\n", b"\n") for each in (LAMP, VASE))
    box = tmp_path / "box"
    box.write_bytes((line + lamp + b"\n\n" + line + vase + b"\n").replace(b"\n", ends))
    assert front.json("import", str(box)) == [{"added": 2, "known": 0, "refused": []}]
    shown = front.json("show", *front.ok("list", "subject:lamp").ids)[0]
    assert shown["items"][0]["text"].splitlines()[2] == "From 10:00 to 12:00 we are closed in 2026"


@pytest.mark.parametrize("before", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_mbox_without_blank_lines_or_behind_some_is_read_whole(
    front: Front, tmp_path: Path, before: bytes
) -> None:
    box = tmp_path / "box"
    box.write_bytes(before + DATED + LAMP.rstrip() + b"\n" + DATED + VASE)
    assert front.json("import", str(box)) == [{"added": 2, "known": 0, "refused": []}]


def test_pipes_are_refused_links_in_a_circle_end_and_a_locked_folder_is_named(
    front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mail"
    (folder / "locked").mkdir(parents=True)
    (folder / "lamp.eml").write_bytes(LAMP)
    (folder / "again").symlink_to(".")
    os.mkfifo(folder / "pipe")
    listing = Path.iterdir

    def locked(path: Path) -> object:  # root may read every folder, and tests may run as root
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(Path, "iterdir", locked)
    (told,) = front.json("import", str(folder))
    assert (told["added"], told["known"]) == (1, 0)
    assert [(Path(each["path"]).name, each["reason"]) for each in told["refused"]] == [
        ("locked", "Permission denied"),
        ("pipe", "a pipe or a device: give what comes out of it on standard input, as -"),
    ]
    assert front.run("import", str(folder / "pipe")).status == 1


def test_junk_is_spam_and_a_draft_answers_nobody(front: Front, tmp_path: Path) -> None:
    for name, raw in (
        (".Junk/cur/1:2,S", VASE),
        (".Drafts/cur/2:2,", mail("support@shop.example", "Re: Lamp", "We", "2026-11-09 12:00")),
        ("cur/3:2,DS", mail("support@shop.example", "Re: Lamp", "I", "2026-11-09 12:30")),
        ("cur/4:2,S", LAMP),
    ):
        file = tmp_path / "Maildir" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)
    (told,) = front.json("import", str(tmp_path / "Maildir"))
    assert (told["added"], {each["reason"] for each in told["refused"]}) == (
        2,
        {"a draft, which was never sent"},
    )
    assert {row["subject"]: row["status"] for row in front.json("list")} == {"Lamp": "open", "Vase": "spam"}


def test_who_is_us_is_not_told_by_a_folder_whose_name_merely_holds_the_word(
    front: Front, tmp_path: Path
) -> None:
    (front.workspace / "settings.toml").unlink()
    front.who = ""
    folder = tmp_path / "presentations"
    folder.mkdir()
    for name, raw in (("lamp", LAMP), ("vase", VASE)):
        (folder / f"{name}.eml").write_bytes(raw)
    assert front.ok("import", str(folder)).err == ""
    assert {row["last_from"] for row in front.json("list")} == {"customer"}


def test_young_newsletters_stand_among_the_notices_and_wait_for_nobody(front: Front, tmp_path: Path) -> None:
    machine = (
        "List-Unsubscribe: <https://news.example/u>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    )
    for name, day in (("young", "2026-11-09 10:00"), ("old", "2026-09-09 10:00")):
        raw = mail("letter@news.example", f"News {name}", "Buy", day)
        (tmp_path / f"{name}.eml").write_bytes(machine.encode() + raw)
    ran = front.ok("import", *(str(tmp_path / f"{name}.eml") for name in ("young", "old")))
    assert ran.lines == ["2 added, 0 known, 0 refused"]
    told = {row["subject"]: (row["status"], row["notice"], row["due"]) for row in front.json("list")}
    assert told == {"News young": ("open", True, None), "News old": ("closed", True, None)}
    front.write_settings('us = ["else@shop.example"]')
    assert front.json("list", "subject:young")[0]["status"] == "open"
    assert front.ok("verify").status == 0


def test_a_customer_has_a_name_whichever_of_the_mails_is_read_first(front: Front, tmp_path: Path) -> None:
    asked = mail(
        '"Ann Weber" <ann@c.example>', "Lamp", "Hello?", "2026-11-09 10:00", message_id="<1@c.example>"
    )
    answered = mail(
        "support@shop.example",
        "Re: Lamp",
        "Hello!",
        "2026-11-09 11:00",
        to="ann@c.example",
        in_reply_to="<1@c.example>",
    )
    for name, raw in (("a-sent", answered), ("b-inbox", asked)):
        (tmp_path / f"{name}.eml").write_bytes(raw)
    front.ok("import", str(tmp_path / "a-sent.eml"))
    assert front.json("list")[0]["customer"]["name"] == "ann@c.example"
    front.ok("import", str(tmp_path / "b-inbox.eml"))
    (row,) = front.json("list", "customer:weber")
    assert row["customer"] == {
        "id": "1",
        "name": "Ann Weber",
        "addresses": ["ann@c.example"],
        "handles": [],
    }
    assert front.ok("verify").status == 0


def test_what_is_slow_to_read_is_recorded_as_it_comes(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.store, "READY_SECONDS", 0.0)
    store = front.store()
    recorded: list[int] = []
    seen: list[int] = []

    def slowly() -> Iterator[tuple[Scope, Decide]]:
        for number in range(3):
            seen.append(len(recorded))
            raw = mail(f"p{number}@c.example", "Lamp", "Hello", "2026-11-09 10:00")
            arrival = receive.Arrival(mime.parse(raw), raw, NOW)
            yield receive.scope(arrival), receive.deciding(arrival)

    store.change_each(slowly(), Who("import"), NOW, after=lambda _: recorded.append(1))
    store.close()
    assert seen == [0, 1, 2]
