"""A customer is erased: nothing of them is left in any file of the workspace, and nothing of anybody else is missing."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from inbox.actions import decision
from inbox.model import Who
from storage.workspace import open_store
from tests.chats import written
from tests.chats.samples import SAMPLES
from tests.chats.test_intake import comes
from tests.front import Front
from tests.restoring import restore
from tests.shop import NOW, mail
from tests.stores import desk
from tests.terminal import ROOT

ZORA = "Zora Quittengelee <zora@quittengelee.example>"
MARKS = ("quittengelee", "xylophonbauer", "4312995566", "kirschlorbeer")
"""What stands only in what is theirs: a name and address, words of theirs, a number, a word of ours about them."""


def of_zora(subject: str, text: str, when: str, size: int = 0, **headers: str) -> bytes:
    """A mail of hers; of a large one the bytes lie in a file."""
    raw = mail(ZORA, subject, text + "\n-- \nZora Quittengelee\n+43 12995566\n", when, **headers)
    if not size:
        return raw
    message = EmailMessage()
    for name, value in (
        ("From", ZORA),
        ("To", "support@shop.example"),
        ("Subject", subject),
        ("Message-ID", "<large@q>"),
    ):
        message[name] = value
    message["Date"] = "Tue, 10 Nov 2026 10:59:00 +0100"
    message.set_content("xylophonbauer " + text)
    message.add_attachment(
        b"xylophonbauer" * (size // 13),
        maintype="text",
        subtype="plain",
        filename="quittengelee.txt",
        cte="7bit",
    )
    return message.as_bytes()


@pytest.fixture
def known(shop_front: Front) -> Front:
    """Zora is customer 6: letters, a note, a promise, a call, a gift, a draft, an answer that was taken back, words about
    her in the team's documents and in the log; what she has is in conversations 7 to 9."""
    front = shop_front
    ids = front.receive(
        [
            of_zora(
                "Wegen xylophonbauer",
                "Bitte den Kirschlorbeer liefern.",
                "2026-11-10 10:58",
                message_id="<first@q>",
            ),
            of_zora("xylophonbauer gross", "Anbei.", "2026-11-10 10:59", size=300_000),
            of_zora("xylophonbauer drei", "Danke!", "2026-11-10 11:00"),
        ]
    )
    assert ids == ["7", "8", "9"]
    front.ok("note", "7", "--text", "Der xylophonbauer rief an.")
    front.ok(
        "customer",
        "edit",
        "6",
        "--name",
        "Zora vom Kirschlorbeer",
        "--note",
        "xylophonbauer",
        "--tag",
        "quittengelee",
    )
    front.ok("customer", "edit", "6", "--field", "beruf=xylophonbauer", "--add-phone", "+4312995566")
    front.ok("promise", "7", "--text", "den kirschlorbeer", "--until", "tomorrow 12:00")
    front.ok(
        "goodwill", "7", "--kind", "refund", "--amount", "5 EUR", "--reason", "weil der xylophonbauer wartet"
    )
    front.ok("hand-over", "8", "--to", "bo", "--text", "xylophonbauer will Kirschlorbeer")
    front.ok("hold", "9", "--for", "quittengelee", "--until", "tomorrow 9:00")
    front.ok("knowledge", "add", "Obst", "--text", "Fragt zora@quittengelee.example, nicht Jo.")
    front.ok("reply", "7", "--text", "Lieber xylophonbauer!", "--undo", "300s")
    front.ok("undo")
    front.ok("block", "9")
    front.run(
        "--debug",
        "reply",
        "7",
        "--text",
        "hallo",
        "--to",
        "zora@quittengelee.example",
        "--from",
        "x@y.example",
    )
    store = open_store(front.workspace)
    with store.writing() as transaction:
        transaction.connection.execute(
            "INSERT INTO alert_mails(address, words, message_id, at, state, run_at) VALUES"
            " ('anna@shop.example', 'late: #7 Zora vom Kirschlorbeer', '<a@b>', ?, 'sent', ?)", (NOW, NOW))  # fmt: skip
    store.close()
    (front.workspace / "frontdesk.log").write_text('{"said": "550 <Zora@Quittengelee.example> unknown"}\n')
    return front


def found(workspace: Path, *besides: bytes) -> set[str]:
    """Where in the files of a workspace anything of hers stands: her words, and `besides`."""
    return {
        f"{path.name}: {mark!r}"
        for path in workspace.rglob("*")
        if path.is_file()
        for data in [path.read_bytes().lower()]
        for mark in (*(each.encode() for each in MARKS), *(each.lower() for each in besides))
        if mark in data
    }


def frames(front: Front) -> list[bytes]:
    """What lies packed of her messages, as bytes that can be looked for."""
    store = open_store(front.workspace)
    rows = store.read(
        "SELECT d.data FROM details d JOIN messages m ON m.id = d.message WHERE m.conversation IN (7, 8, 9)"
        " UNION ALL SELECT r.data FROM raws r JOIN messages m ON m.raw = r.id WHERE m.conversation IN (7, 8, 9)"
        " AND r.data IS NOT NULL"
    )
    store.close()
    return [row[0][-40:] for row in rows]


def test_of_an_erased_customer_no_byte_is_left_and_the_record_is_whole(known: Front) -> None:
    packed = frames(known)
    assert len(packed) > 5
    before = found(known.workspace, *packed)
    assert any("frontdesk.log" in each for each in before)
    assert any("knowledge" in each for each in before)
    others = [row for row in known.json("list") if row["customer"]["id"] != "6"]
    ran = known.ok("customer", "erase", "6", "--yes")

    assert "3 conversations with" in ran.out
    assert found(known.workspace, *packed) == set()
    assert known.ok("verify").out.strip() == "All is as the record says."
    assert not list((known.workspace / "raw").rglob("*/*"))
    assert [row for row in known.json("list") if row["customer"]["id"] != "6"] == others
    gone = {row["id"]: row for row in known.json("list") if row["customer"]["id"] == "6"}
    assert {(row["status"], row["subject"], row["customer"]["name"]) for row in gone.values()} == {
        ("closed", "(erased)", "(erased)"),
        ("spam", "(erased)", "(erased)"),
    }
    assert all(row["due"] is None for row in gone.values())
    assert known.ok("customer", "list").out.count("(erased)") == 0
    assert known.ok("search", "xylophonbauer").out == ""
    assert "erased" not in known.ok("block", "--list").out
    who = [(event["who"], event["what"]) for event in known.json("show", "7")[0]["events"]]
    assert ("anna", "noted") in who, "who did what stays"
    assert who[-1][0] == "anna"
    assert known.run("customer", "erase", "6", "--yes").status == 1
    for words in (["show", "7", "8", "9"], ["show", "9", "--full"], ["report"], ["report", "--by", "customer"], ["activity"],
                  ["why", "7"], ["audit", "8"], ["customer", "show", "6"], ["outbox"], ["rules", "list"], ["sla", "replay"],
                  ["due"], ["day"], ["rules", "replay"]):  # fmt: skip
        assert known.run(*words).status in (0, 1), words


def test_with_what_was_erased_nothing_can_be_done_any_more(known: Front) -> None:
    """Nor can what somebody did there last be taken back or done again."""
    known.ok("tag", "8", "--add", "x", who="bo")
    known.ok("undo", who="bo")
    known.ok("close", "8", who="bo")
    known.ok("customer", "erase", "6", "--yes")
    for words in (["undo"], ["redo"], ["reopen", "7"], ["note", "8", "--text", "x"], ["tag", "7", "--add", "x"],
                  ["merge", "1", "7"], ["reply", "7", "--text", "x", "--to", "zora@quittengelee.example"],
                  ["customer", "edit", "6", "--name", "x"],
                  ["customer", "merge", "1", "6"], ["customer", "unmerge", "6"]):  # fmt: skip
        ran = known.run(*words, who="bo" if words[0] in ("undo", "redo") else None)
        assert ran.status == 1, (words, ran)
    assert known.ok("verify").status == 0


def test_what_lies_on_the_server_does_not_come_back_and_new_mail_is_of_somebody_new(
    known: Front, tmp_path: Path
) -> None:
    first = of_zora(
        "Wegen xylophonbauer", "Bitte den Kirschlorbeer liefern.", "2026-11-10 10:58", message_id="<first@q>"
    )
    known.ok("customer", "erase", "6", "--yes")
    folder = tmp_path / "again.eml"
    folder.write_bytes(first)
    taken = json.loads(known.run("import", str(folder), "--json").out)
    assert (taken["added"], taken["known"]) == (0, 1)
    answer = of_zora("Re: Wegen xylophonbauer", "Und nun?", "2026-11-10 11:04", in_reply_to="<first@q>")
    (number,) = known.receive([answer])
    row = next(row for row in known.json("list") if row["id"] == number)
    assert (row["customer"]["id"], row["status"], row["messages"]) == ("7", "open", 1)
    assert known.ok("verify").out.strip() == "All is as the record says."


def test_only_an_owner_erases_after_saying_so_and_not_what_has_yet_to_leave(known: Front) -> None:
    for name in ("bo", "tim", "ria"):
        ran = known.run("customer", "erase", "6", "--yes", who=name)
        assert ran.status == 1, name
        assert "not for a" in ran.err
    ran = known.run("customer", "erase", "6")
    assert (ran.status, "--yes" in ran.err) == (2, True)
    assert known.ok("customer", "erase", "6", "--check").status == 0
    known.ok("reply", "7", "--text", "Kommt.", "--undo", "300s")
    for words in (("--yes",), ()):  # nobody types a name only to be refused
        ran = known.run("customer", "erase", "6", *words)
        assert ran.status == 1
        assert "#7" in ran.err
        assert "outbox drop" in ran.err
    assert known.json("show", "7")[0]["customer"]["name"] == "Zora vom Kirschlorbeer"


def test_where_others_wrote_too_only_what_is_theirs_goes(known: Front) -> None:
    both = mail("Jo Park <jo@park.example>", "Re: Wegen xylophonbauer", "Ich, Jo, auch.", "2026-11-10 11:02",
                to="support@shop.example, zora@quittengelee.example", in_reply_to="<first@q>")  # fmt: skip
    store = open_store(known.workspace)
    with store.writing() as transaction:  # Jo was named by her
        transaction.connection.execute("INSERT INTO participants VALUES(7, 'jo@park.example', 0)")
    store.close()
    assert known.receive([both]) == ["7"]
    ran = known.ok("customer", "erase", "6", "--yes")
    assert "1 conversation with others" in ran.out
    said = [item["text"] for item in known.json("show", "7")[0]["items"]]
    assert said[0] == "(erased)"
    assert any("Ich, Jo, auch." in each for each in said)
    assert known.run("verify").out.strip() == "All is as the record says."


@pytest.mark.long
def test_killed_in_the_middle_it_is_not_called_done_and_goes_on(known: Front) -> None:
    """The process dies after each step once; what is left is said, and finished by the next."""
    told = "from tests import test_erasing; test_erasing.die(__import__('sys').argv[1], int(__import__('sys').argv[2]))"
    deaths = 0
    for step in range(1, 60, 2):
        ran = subprocess.run([sys.executable, "-c", told, str(known.workspace), str(step)], cwd=ROOT, capture_output=True,
                             text=True, check=False, timeout=120)  # fmt: skip
        assert ran.returncode in (0, 9), ran.stderr
        if ran.returncode == 0:
            break
        deaths += 1
        verify = known.run("verify")
        assert verify.status == 1
        assert "customer erase --go-on" in verify.out
        assert all(line.startswith(("erasing", "  frontdesk", "1 problem")) for line in verify.lines), (
            verify.out
        )
    assert deaths > 3
    assert known.ok("verify").out.strip() == "All is as the record says."
    assert found(known.workspace) == set()


def die(workspace: str, step: int) -> None:
    """Erase customer 6, or go on with that; the process ends hard before its so-manieth transaction is written."""
    store = open_store(Path(workspace))
    if not store.erasing.unfinished():
        store.change(*decision("customer-erase", customer=6), Who("anna"), NOW)
    count = 0

    def trace(statement: str) -> None:
        nonlocal count
        if statement.startswith("COMMIT"):
            count += 1
            if count == step:
                os._exit(9)

    store._writer.set_trace_callback(trace)
    store.erasing.go_on(NOW)


def test_beside_a_screen_the_logs_are_emptied_or_it_is_not_called_done(known: Front) -> None:
    """The log of the database lives as long as anybody has it open, and cannot be emptied while somebody reads there."""
    screen = open_store(known.workspace)
    with screen.snapshot():
        assert screen.rows([7])
        known.patch.setattr("inbox.erasing.PATIENCE", 0.2)
        ran = known.run("customer", "erase", "6", "--yes")
        assert (ran.status, "--go-on" in ran.err) == (4, True)
        assert "stand in the log" in known.run("verify").out
        assert known.run("customer", "erase", "--go-on").status == 4
    assert known.ok("customer", "erase", "--go-on").out == "Erased.\n"
    assert found(known.workspace) == set()
    screen.close()
    assert known.ok("verify").status == 0


def test_an_older_backup_that_is_restored_says_whom_it_brings_back(known: Front, tmp_path: Path) -> None:
    """As long as the list of digests is laid beside it."""
    known.ok("backup", str(tmp_path / "old.tar"))
    ran = known.ok("customer", "erase", "6", "--yes")
    assert "old.tar" in ran.out, "which backups still hold them is said"
    restored = tmp_path / "restored"
    restore(tmp_path / "old.tar", restored)
    shutil.copy(known.workspace / "erased.jsonl", restored)
    known.workspace = restored
    verify = known.run("verify")
    assert verify.status == 1
    assert "customer 6" in verify.out or "erasing 6" in verify.out
    known.ok("customer", "erase", "6", "--yes")
    assert found(restored) == set()
    assert known.ok("verify").status == 0


def test_an_export_of_what_is_left_reads_back_the_same(known: Front, tmp_path: Path) -> None:
    known.ok("customer", "erase", "6", "--yes")
    known.ok("export", str(tmp_path / "plain"))
    assert found(tmp_path / "plain") == set()
    rows = known.json("list")
    known.workspace = tmp_path / "new"
    known.ok("import", "--format", "frontdesk", str(tmp_path / "plain"))
    assert known.json("list") == rows
    assert known.ok("verify").status == 0


def test_all_that_is_held_of_one_is_given_out_and_nothing_of_others(known: Front, tmp_path: Path) -> None:
    known.ok("customer", "export", str(tmp_path / "zora"), "--of", "6")
    files = {
        str(path.relative_to(tmp_path / "zora")) for path in (tmp_path / "zora").rglob("*") if path.is_file()
    }
    assert {
        "index.txt",
        "customer.json",
        "conversations/7/conversation.json",
        "conversations/7/mail/0001.eml",
    } <= files
    assert not [name for name in files if name.startswith("conversations/1/")]
    first = (tmp_path / "zora/conversations/7/mail/0001.eml").read_bytes()
    assert b"Bitte den Kirschlorbeer liefern." in first
    told = json.loads((tmp_path / "zora/conversations/7/conversation.json").read_text("utf-8"))
    assert "Der xylophonbauer rief an." in {item["text"] for item in told["items"]}
    assert (tmp_path / "zora").stat().st_mode & 0o777 == 0o700
    assert known.run("customer", "export", str(tmp_path / "zora"), "--of", "6").status == 2
    assert known.json("audit")[-1]["detail"] == {"place": str(tmp_path / "zora"), "customer": 6}
    again = known.ok("customer", "erase", "6", "--check")
    assert str(tmp_path / "zora") in again.out


def test_over_ssh_all_that_is_held_of_one_comes_as_one_tar_file(known: Front, tmp_path: Path) -> None:
    told = [sys.executable, str(ROOT / "main.py"), "--workspace", str(known.workspace), "--as", "anna"]
    ran = subprocess.run(
        [*told, "customer", "export", "-", "--of", "6"], capture_output=True, check=True, timeout=60
    )
    with tarfile.open(fileobj=io.BytesIO(ran.stdout)) as tar:
        assert "conversations/8/mail/0001.eml" in tar.getnames()
        assert len(tar.getnames()) == int(ran.stderr.split()[0])


@pytest.mark.parametrize("form", ["whatsapp", "telegram"])
def test_a_chat_that_is_erased_does_not_come_back_with_its_transcript(tmp_path: Path, form: str) -> None:
    here = desk(tmp_path)
    name, value = SAMPLES[form]
    path = written(tmp_path / name, value)
    (taken,) = comes(here, path)
    customer = here.store.rows([1])[0].conversation.customer
    assert here.store.change(*decision("customer-erase", customer=customer), Who("ann"), here.now).events
    assert here.store.erasing.go_on(here.now) == 1
    called = here.store.read("SELECT key FROM chats UNION SELECT line FROM chat_lines")
    assert all(each.startswith("erased:") for (each,) in called), "what they are called goes, too"
    (again,) = comes(here, path)
    assert (again.added, again.known) == (0, taken.added)
    assert {item.text for item in here.store.items(1)} == {"(erased)"}
    here.verified()


@pytest.mark.long
def test_no_dictionary_keeps_words_of_who_was_erased(front: Front) -> None:
    """Of the first letters a dictionary is made, by which all others are packed: these are packed anew without it."""
    others = [mail(f"P{n} <p{n}@park.example>", f"Nr {n}", f"Frage {n} " + f"w{n * 7} " * 40, "2026-11-09 10:00",
                   message_id=f"<o{n}@p>") for n in range(380)]  # fmt: skip
    hers = [mail(ZORA, f"xylophonbauer {n}", f"xylophonbauer quittengelee kirschlorbeer {n} " * 20, "2026-11-09 11:00",
                 message_id=f"<z{n}@q>") for n in range(60)]  # fmt: skip
    front.receive([*hers, *others])
    store = open_store(front.workspace)
    made = store.read("SELECT kind, data FROM dictionaries")
    assert any(b"xylophonbauer" in data for _, data in made), "else this test tells nothing"
    store.close()
    front.ok("customer", "erase", "1", "--yes")
    assert found(front.workspace) == set()
    store = open_store(front.workspace)
    assert all(b"xylophonbauer" not in data for (data,) in store.read("SELECT data FROM dictionaries"))
    assert store.verify(NOW) == []
    store.close()
