"""Bringing mail in and out: import of every kind of file, good and bad, export, backup, verify."""

from __future__ import annotations

import json
import mailbox
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.front import Front
from tests.restoring import restore
from tests.shop import STORY, at, mail
from tui.line.progress import told as progress_told

ROOT = Path(__file__).parent.parent


def mbox(path: Path, mails: list[bytes]) -> Path:
    """An mbox as the standard library writes it."""
    box = mailbox.mbox(path)
    for raw in mails:
        box.add(raw)
    box.close()
    return path


def maildir(path: Path, mails: list[bytes]) -> Path:
    """A Maildir as the standard library writes it."""
    box = mailbox.Maildir(path)
    for raw in mails:
        box.add(raw)
    return path


# --------------------------------------------------------------------------- good mail


def test_an_mbox_comes_in_and_reading_it_again_changes_nothing(front: Front, tmp_path: Path) -> None:
    box = mbox(tmp_path / "box", list(STORY))
    first = front.ok("import", str(box))
    assert first.lines == ["6 added, 0 known, 0 refused", "6 look unanswered: press g i"]
    before = front.json("list")
    assert front.json("import", str(box)) == [{"added": 0, "known": 6, "refused": []}]
    assert front.json("list") == before
    assert front.json("verify") == [{"ok": True, "problems": []}]


def test_the_same_mail_from_mbox_maildir_eml_and_a_pipe_is_one_mail(front: Front, tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(STORY[0])
    assert front.json("import", str(tmp_path / "one.eml"))[0]["added"] == 1
    folder = maildir(tmp_path / "maildir", [STORY[0], STORY[1]])
    assert front.json("import", str(folder)) == [{"added": 1, "known": 1, "refused": []}]
    box = mbox(tmp_path / "box", [STORY[1], STORY[2]])
    piped = front.ok("import", "-", "--json", stdin=box.read_bytes())
    assert piped.objects == [{"added": 1, "known": 1, "refused": []}]
    piped = front.ok("import", "-", "--json", stdin=STORY[2])
    assert piped.objects == [{"added": 0, "known": 1, "refused": []}]
    piped = front.ok("import", "--json", "-", str(tmp_path / "one.eml"), stdin=STORY[3])
    assert piped.objects == [{"added": 1, "known": 1, "refused": []}]


def test_a_chat_over_a_pipe_is_read_where_somebody_says_what_it_is(front: Front, tmp_path: Path) -> None:
    """It was taken for a mail once; the same chat from a file is known then. What is no such chat is refused."""
    chat = b"[01.05.24, 10:00:00] Jo: hello\n[01.05.24, 10:01:00] Anna: hi Jo\n"
    words = ("import", "--json", "--us", "Anna", "--format", "whatsapp")
    piped = front.ok(*words, "-", stdin=chat)
    assert piped.objects == [{"added": 2, "known": 0, "refused": []}]
    (tmp_path / "chat.txt").write_bytes(chat)
    assert front.ok(*words, str(tmp_path / "chat.txt")).objects[0]["known"] == 2
    wrong = front.run(*words, "-", stdin=STORY[2])
    assert (wrong.status, wrong.objects[0]["refused"][0]["path"]) == (1, "-")


def test_old_mail_is_late_for_nothing_and_young_unanswered_mail_is_open(front: Front, tmp_path: Path) -> None:
    old = mail("old@c.example", "Long ago", "Hello?", "2026-09-01 10:00")
    young = mail("young@c.example", "Just now", "Hello?", "2026-11-08 10:00")
    ran = front.ok("import", str(mbox(tmp_path / "box", [old, young])))
    assert ran.lines[-1] == "1 looks unanswered: press g i"
    assert [row["status"] for row in front.json("list", "subject:ago")] == ["closed"]
    (row,) = front.json("list", "subject:just")
    assert (row["status"], row["late_s"], row["unread"]) == ("open", 0, False)
    assert front.ok("due").out == ""


def test_an_import_works_out_who_is_us_and_a_person_may_say_otherwise(front: Front, tmp_path: Path) -> None:
    (front.workspace / "settings.toml").unlink()
    front.who = ""
    mails = []
    for n in range(8):
        asked = f"<q{n}@c{n}.example>"
        mails.append(
            mail(
                f"jo@c{n}.example",
                f"Question {n}",
                "?",
                "2026-11-08 10:00",
                to="help@acme.example",
                message_id=asked,
            )
        )
        if n % 2:
            answer = mail(
                "help@acme.example", "Re", "!", "2026-11-08 11:00", to=f"jo@c{n}.example", in_reply_to=asked
            )
            mails.append(answer)
    ran = front.ok("import", str(mbox(tmp_path / "box", mails)))
    assert "We seem to be @acme.example" in ran.err
    assert "us = [" in ran.err
    assert {row["last_from"] for row in front.json("list", "status:closed")} == {"us"}
    again = front.ok("import", str(tmp_path / "box"))
    assert again.err == ""  # said once
    front.write_settings('us = ["jo@c1.example"]')
    row = front.json("list", '"Question 1"')[0]
    assert row["customer"]["addresses"] == ["help@acme.example"]


def test_what_comes_over_a_pipe_tells_who_is_us_too(front: Front, tmp_path: Path) -> None:
    (front.workspace / "settings.toml").unlink()
    front.who = ""
    mails = []
    for n in range(8):
        mails.append(mail(f"jo@c{n}.example", f"Q{n}", "?", "2026-11-08 10:00", to="help@acme.example"))
        own = f"<a{n}@acme.example>"
        mails.append(
            mail("help@acme.example", "Re", "!", "2026-11-08 11:00", to=f"jo@c{n}.example", message_id=own)
        )
    ran = front.ok("import", "-", stdin=mbox(tmp_path / "box", mails).read_bytes())
    assert "We seem to be @acme.example" in ran.err
    assert len(front.ok("list", "from:help").ids) == 8
    assert {row["last_from"] for row in front.json("list", "from:help")} == {"us"}


# --------------------------------------------------------------------------- bad mail


def test_what_cannot_be_read_is_refused_by_name_and_reason_and_the_rest_comes_in(
    front: Front, tmp_path: Path
) -> None:
    box = tmp_path / "damaged.mbox"
    mbox(box, [STORY[0], STORY[1]])
    box.write_bytes(
        b"rubbish before the first message\n\n"
        + box.read_bytes()
        + b"\nFrom x Tue Nov 10 10:00:00 2026\n\n\n"
    )
    (tmp_path / "empty.eml").write_bytes(b"")
    (tmp_path / "picture.eml").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0")
    (tmp_path / "blank.eml").write_bytes(b"\n\n\n")
    words = ["import", "--json", "--format", "mbox", str(box)]
    (told,) = front.ok(*words).objects
    assert told["added"] == 2
    assert [(r["position"], r["reason"]) for r in told["refused"]] == [
        (0, "34 bytes before the first message are none"),
        (3, "there is nothing in it"),
    ]
    rest = [str(tmp_path / name) for name in ("empty.eml", "picture.eml", "blank.eml")]
    ran = front.run("import", *rest)
    assert ran.status == 1
    assert ran.lines[:4] == [
        f"refused: {rest[0]}: the file is empty",
        f"refused: {rest[1]}: it is not a mail message",
        f"refused: {rest[2]}: there is nothing in it",
        "0 added, 0 known, 3 refused",
    ]
    assert "Nothing readable was in what was given." in ran.err


def test_a_mail_without_a_header_or_without_an_end_is_still_a_mail(front: Front, tmp_path: Path) -> None:
    tmp_path /= "mail"
    tmp_path.mkdir()
    (tmp_path / "readme.txt").write_bytes(b"Notes about these files.\nNothing else.\n")
    (tmp_path / "headless.eml").write_bytes(b"\nThere is only this text.\n")
    (tmp_path / "torn.eml").write_bytes(STORY[0][: len(STORY[0]) // 2])
    (tmp_path / "broken.eml").write_bytes(
        b"From: =?x?q?=FF?=\nSubject: =?utf-7?b?!!!?=\nDate: yesterday\nContent-Type: multipart/mixed; boundary=\n\n--\n"
    )
    (told,) = front.json("import", str(tmp_path))
    assert told["added"] == 3
    (refused,) = told["refused"]  # what is not even called a mail must at least begin like one
    assert (refused["path"], refused["reason"]) == (str(tmp_path / "readme.txt"), "it is not a mail message")
    assert front.ok("search", '"only this text"').ids != []
    assert front.json("verify") == [{"ok": True, "problems": []}]


@pytest.mark.parametrize("kind", ["nothing", "folder", "empty file", "pipe"])
def test_where_nothing_is_there_is_nothing_to_read(front: Front, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "there"
    if kind == "nothing":
        ran = front.run("import", str(target))
        assert (ran.status, ran.out) == (2, "")
        assert "There is no file or folder" in ran.err
        return
    if kind == "folder":
        target.mkdir()
    elif kind == "empty file":
        target.write_bytes(b"")
    ran = front.run("import", "-" if kind == "pipe" else str(target))
    assert (ran.status, ran.lines[-1][:16]) == (1, "0 added, 0 known")


def test_words_of_import_are_checked(front: Front, tmp_path: Path) -> None:
    assert front.run("import").status == 2
    wrong = front.run("import", str(tmp_path), "--format", "mbx")
    assert wrong.status == 2
    assert "mbox" in wrong.err


def test_hundreds_of_refusals_do_not_fill_the_screen(front: Front, tmp_path: Path) -> None:
    tmp_path /= "mail"
    tmp_path.mkdir()
    for n in range(60):
        (tmp_path / f"{n:02}.eml").write_bytes(b"")
    (tmp_path / "ok.eml").write_bytes(STORY[0])
    ran = front.ok("import", str(tmp_path))
    assert len(ran.lines) < 30
    assert "refused: 40 more; --json lists all" in ran.lines
    assert len(front.json("import", str(tmp_path))[0]["refused"]) == 60


# --------------------------------------------------------------------------- interrupted


CROWD = 12_000
"""More than are taken in between the first one and a Ctrl-C, however late the one who presses it gets his turn."""


def test_ctrl_c_keeps_what_is_in_and_says_how_to_go_on(front: Front) -> None:
    """A real Ctrl-C to a real process, once it has begun to read."""
    command = [
        sys.executable,
        str(ROOT / "main.py"),
        "--workspace",
        str(front.workspace),
        "--as",
        "anna",
        "import",
        "-",
        "--json",
    ]
    reading, writing = os.pipe()
    with subprocess.Popen(
        command, stdin=reading, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(b"".join(_of_a_crowd(n) for n in range(CROWD)))
        limit = time.monotonic() + 60
        _wait_for_messages(front.workspace / "frontdesk.db", limit)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    told = json.loads(out)
    assert 0 < told["added"] < CROWD
    assert "Run the same command again to go on from there." in err
    assert front.json("verify") == [{"ok": True, "problems": []}]
    assert len(front.ok("list").ids) == told["added"]


def _of_a_crowd(number: int) -> bytes:
    return (
        b"From x Tue Nov 10 10:00:00 2026\nFrom: c%d@c.example\nTo: support@shop.example\nSubject: Q%d\n"
        b"Message-ID: <%d@c.example>\nDate: Sun, 8 Nov 2026 10:00:00 +0000\n\n%s\n\n"
    ) % (number, number, number, b"some words and more of them\n" * 20)


def _wait_for_messages(database: Path, limit: float) -> None:
    while not database.exists() and time.monotonic() < limit:
        continue
    connection = sqlite3.connect(database, timeout=10)
    try:
        while time.monotonic() < limit:
            try:
                if connection.execute("SELECT count(*) FROM messages").fetchone()[0]:
                    return
            except sqlite3.OperationalError:
                continue
    finally:
        connection.close()


def test_who_sits_at_a_terminal_sees_how_far_it_is_and_a_pipe_hears_nothing(
    front: Front, tmp_path: Path
) -> None:
    box = tmp_path / "box"
    box.write_bytes(b"".join(_of_a_crowd(n) for n in range(1200)))
    command = [
        sys.executable,
        str(ROOT / "main.py"),
        "--workspace",
        str(front.workspace),
        "--as",
        "anna",
        "import",
        str(box),
    ]
    screen, terminal = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal) as process:
        os.close(terminal)
        seen = b""
        with suppress(OSError):  # how a terminal says that the other side has gone
            while data := os.read(screen, 4096):
                seen += data
        out, _ = process.communicate(timeout=60)
    os.close(screen)
    assert out.startswith(b"1200 added")
    assert re.search(rb"\r\x1b\[K\d+ of 1200 \(\d+ %\), \d+/s, \d+ (s|min) left", seen)
    assert seen.endswith(b"\r\x1b[K")  # and takes its line away
    assert front.ok("import", str(box)).err == ""


@pytest.mark.parametrize(
    ("done", "total", "seconds", "told"),
    [
        (1200, 10_000, 2.0, "1200 of 10000 (12 %), 600/s, 15 s left"),
        (10, 1_000_000, 1.0, "10 of 1000000 (0 %), 10/s, 1667 min left"),
        (0, 10, 0.0, "0 of 10 (0 %), 0/s, 0 s left"),
        (7, None, 2.0, "7, 4/s"),
        (12, 10, 2.0, "12, 6/s"),
    ],
)
def test_progress_in_words(done: int, total: int | None, seconds: float, told: str) -> None:
    assert progress_told(done, total, seconds) == told


# --------------------------------------------------------------------------- out again


def test_an_export_read_into_a_new_workspace_gives_the_same(shop_front: Front, tmp_path: Path) -> None:
    front = shop_front
    front.ok("tag", "1", "2", "--add", "x")
    front.ok("merge", "2", "6")
    front.ok("note", "2", "--text", "a note")
    front.ok("snooze", "4", "--until", "2d")
    front.ok("reply", "5", "--text", "We do.")
    front.ok("undo")
    front.ok("close", "3", "--why", "thanks")
    every = front.ok("list").ids
    before = [front.json("list"), front.json("show", *every), [front.json("why", one) for one in every]]
    ran = front.ok("export", str(tmp_path / "out"))
    assert ran.out == f"8 messages in {tmp_path / 'out'}\n"
    front.workspace = tmp_path / "again"
    assert front.json("import", str(tmp_path / "out"))[0]["added"] == 8
    assert [
        front.json("list"),
        front.json("show", *every),
        [front.json("why", one) for one in every],
    ] == before
    assert front.json("verify") == [{"ok": True, "problems": []}]
    assert front.json("import", str(tmp_path / "out")) == [{"added": 0, "known": 8, "refused": []}]
    front.ok("undo")  # also what can be undone has come along


def test_an_export_overwrites_nothing_and_is_not_mixed_into_other_mail(
    shop_front: Front, tmp_path: Path
) -> None:
    front = shop_front
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    assert front.run("export", str(tmp_path / "out")).status == 2
    front.ok("export", str(tmp_path / "new" / "deep"))
    front.ok("spam", "1")
    front.workspace = tmp_path / "other"
    front.write_settings()
    front.receive([mail("x@y.example", "Other", "Mail", "2026-11-10 10:00")])
    mixed = front.run("import", str(tmp_path / "new" / "deep"))
    assert mixed.status == 1
    assert "not empty" in mixed.err
    assert front.run("import", "--format", "frontdesk", str(tmp_path / "out")).status == 1
    assert front.ok("list").ids == ["1"]


def test_a_damaged_export_is_taken_whole_or_not_at_all(shop_front: Front, tmp_path: Path) -> None:
    front = shop_front
    front.ok("export", str(tmp_path / "out"))
    details = tmp_path / "out" / "details.jsonl"
    details.write_bytes(details.read_bytes()[:-30])
    front.workspace = tmp_path / "again"
    ran = front.run("import", str(tmp_path / "out"))
    assert ran.status == 4
    assert "is damaged" in ran.err
    assert front.ok("list").out == ""


def test_a_backup_unpacked_is_the_workspace_and_sends_nothing_twice(
    shop_front: Front, tmp_path: Path
) -> None:
    front = shop_front
    front.ok("reply", "2", "--text", "Soon.")
    before = front.json("list")
    ran = front.ok("backup", str(tmp_path / "desk.tar"))
    assert ran.out.startswith(f"{tmp_path / 'desk.tar'}: ")
    assert (tmp_path / "desk.tar").stat().st_mode & 0o077 == 0
    again = front.run("backup", str(tmp_path / "desk.tar"))
    assert (again.status, again.out) == (2, "")
    restore(tmp_path / "desk.tar", tmp_path / "restored")
    front.workspace = tmp_path / "restored"
    assert front.json("list") == before
    assert front.json("verify") == [{"ok": True, "problems": []}]


# --------------------------------------------------------------------------- verify


def test_verify_finds_what_does_not_fit_the_record(shop_front: Front) -> None:
    front = shop_front
    assert front.ok("verify").out == "All is as the record says.\n"
    store = front.store()
    with store.writing() as transaction:  # type: ignore[attr-defined]  # the store behind the port, to damage it
        transaction.connection.execute("UPDATE conversations SET status = 'closed' WHERE id = 2")
    store.close()
    ran = front.run("verify")
    assert (ran.status, ran.lines[0]) == (1, "conversation 2: status is 'closed', should be 'open'")
    ran = front.run("verify", "--json")
    assert ran.status == 1
    (told,) = ran.objects
    assert told["ok"] is False
    assert {"kind": "conversation", "subject": "2", "detail": "status is 'closed', should be 'open'"} in told[
        "problems"
    ]


def test_an_import_of_yesterday_is_no_news_today(front: Front, tmp_path: Path) -> None:
    front.ok("import", str(mbox(tmp_path / "box", list(STORY))))
    front.now = at("2026-11-11 08:00")
    assert front.ok("due").out == ""


def test_what_is_young_in_an_import_looks_like_part_of_what_is_there(front: Front, tmp_path: Path) -> None:
    """Only what stands open is worth a suggestion: years of history are not to be gone through."""
    jo = "Jo Park <jo@park.example>"
    box = [mail(jo, "Lost parcel", "Hello?", when) for when in ("2026-09-01 10:00", "2026-09-02 10:00")]
    box += [mail(jo, "Missing screw", "Hello?", when) for when in ("2026-11-08 10:00", "2026-11-09 10:00")]
    front.ok("import", str(mbox(tmp_path / "box", box)))
    old, young = front.ok("list", "Lost").ids, front.ok("list", "Missing").ids
    assert (len(old), len(young)) == (2, 2)
    told = "".join(front.ok("why", each).out for each in young)
    assert "looks like part of" in told and "not sure" in told
    assert not any("looks like part of" in front.ok("why", each).out for each in old)
    assert front.json("verify") == [{"ok": True, "problems": []}]


def test_an_imported_report_lies_with_the_mail_that_came_back(front: Front, tmp_path: Path) -> None:
    jo = "Jo Park <jo@park.example>"
    asked = mail(jo, "Two lamps", "Hello?", "2026-11-08 10:00", message_id="<q@park.example>")
    ours = mail(
        "support@shop.example",
        "Re: Two lamps",
        "Which?",
        "2026-11-08 11:00",
        to=jo,
        message_id="<a@shop.example>",
        in_reply_to="<q@park.example>",
    )
    report = (
        b"From: MAILER-DAEMON@mx.example\nTo: support@shop.example\nSubject: Undelivered Mail\nReturn-Path: <>\n"
        b"Date: Sun, 08 Nov 2026 10:05:00 +0000\nMessage-ID: <r@mx.example>\nMIME-Version: 1.0\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n--b\n"
        b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        b"Final-Recipient: rfc822; jo@park.example\nAction: failed\nStatus: 5.1.1\n\n--b\n"
        b"Content-Type: text/rfc822-headers\n\nMessage-ID: <a@shop.example>\n\n--b--\n"
    )
    front.ok("import", str(mbox(tmp_path / "box", [asked, ours, report])))
    (only,) = front.json("list")
    assert only["messages"] == 3
    assert "reports on a message of ours" in front.ok("why", only["id"]).out
    assert front.json("verify") == [{"ok": True, "problems": []}]


def test_a_customers_colleague_is_marked_as_new_there(front: Front, tmp_path: Path) -> None:
    jo, col = "Jo Park <jo@park.example>", "Col Park <col@park.example>"
    asked = mail(jo, "Two lamps", "Hello?", "2026-11-08 10:00", message_id="<q@park.example>")
    ours = mail(
        "support@shop.example",
        "Re: Two lamps",
        "Which?",
        "2026-11-08 11:00",
        to=jo,
        message_id="<a@shop.example>",
        in_reply_to="<q@park.example>",
    )
    theirs = mail(col, "Re: Two lamps", "The red one.", "2026-11-08 12:00", in_reply_to="<a@shop.example>")
    front.ok("import", str(mbox(tmp_path / "box", [asked, ours, theirs])))
    shown = front.ok("show", *front.ok("list").ids).out
    assert "Col Park (new sender) to support@shop.example" in shown
    assert "Jo Park to support@shop.example" in shown
