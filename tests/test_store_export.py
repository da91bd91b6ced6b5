"""Everything as plain files and back: the same conversations, counts and clocks come out of the record."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inbox.errors import NotDone, WorldError
from inbox.model import Role, Who
from inbox.ports import Draft
from inbox.saved_replies import SavedReply
from storage.connection import connect
from storage.tombstones import bury
from storage.workspace import Workspace, open_store
from tests.stores import DAY, OURS, Desk, desk, everything, letter

ANN = Who("ann")


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Desk]:
    """A workspace in which a bit of everything has happened."""
    here = desk(tmp_path)
    first = here.gets(letter("Jo <jo@park.example>", id_="<1@p>"))
    here.hands_over(here.replies("ann", first))
    here.gets(letter("Jo <jo@park.example>", id_="<2@p>", answers=["<1@p>"], text="Grüße 注文 \x1b[31m"))
    second = here.gets(letter("Lea <lea@krol.example>", id_="<3@k>", subject="Lamp"))
    here.did("bo", "tag", conversation=second, add=["vip", "lamp"])
    here.did("bo", "note", conversation=second, text="@ann can you?")
    here.did("bo", "link", conversation=second, issue="strike", new="issue", title="Streik des Paketdiensts")
    here.did("bo", "issue-banner", issue="strike", text="It comes later. 注文", until=here.now + 9 * DAY)
    third = here.gets(letter("Lea <lea@krol.example>", id_="<4@k>", subject="Other lamp"))
    here.did("bo", "merge", into=second, conversation=third)
    fourth = here.gets(
        letter("Kim <kim@x.example>", id_="<5@x>", text="".join(f"{n:x} line\n" for n in range(60_000)))
    )
    here.did("bo", "snooze", conversation=fourth, until=here.now + DAY)
    here.did("bo", "undo", by="bo")
    tias: dict[str, Any] = {"conversation": fourth, "text": "Wait", "to": ["kim@x.example"], "sender": OURS}
    here.do("tia", "reply", Role.TRAINEE, **tias)
    here.did("ann", "give-back", conversation=fourth, text="Not yet.")
    here.do("tia", "reply", Role.TRAINEE, **tias)
    here.hands_over(here.did("bo", "amend", **tias | {"text": "Soon", "leave_after": 0})[0].message or 0)
    here.do("tia", "reply", Role.TRAINEE, **tias)
    fifth = here.gets(letter("Ole <ole@x.example>", id_="<6@x>"))
    here.hands_over(here.replies("ann", fifth, to="ole@x.example"), "failed", "550 no such user")
    sixth = here.gets(letter("Ria <ria@x.example>", id_="<7@x>"))
    here.did("ann", "close", conversation=sixth, why="not-ours")
    plan = here.store.keep_file(b"the plan", "plan.txt")
    here.store.save_draft(
        Draft(fifth, "bo", "reply", "Dear Ole,", ("ole@x.example",), at=here.now, files=(plan,))
    )
    here.store.documents.save_reply(SavedReply("thanks", "Thank you, {first_name}."))
    here.store.documents.ignore_hints("bo", ["greeting"])
    here.verified()
    yield here
    here.store.close()


def shown(store: Workspace, now: int) -> dict[str, Any]:
    """All that screens show."""
    ids = list(store.ids(None, ANN, now))
    return {
        "ids": ids,
        "rows": store.rows(ids),
        "items": {c: store.items(c) for c in ids},
        "events": {c: store.events(c) for c in ids},
        "clocks": {c: store.clocks(c, now, ledger=True) for c in ids},
        "counts": store.counts(ANN, now),
        "issues": store.issues.standings(),
        "outbox": store.outbox(),
        "drafts": store.drafts(),
        "documents": (store.documents.saved_replies(), store.documents.hints("bo")),
        "panel": [store.panel(c) for c in range(1, 6)],
        "raw": {i.id: store.raw(i.id) for c in ids for i in store.items(c)},
        "redirects": [store.resolve(c) for c in range(1, 10)],
    }


def test_reading_an_export_back_gives_the_same(lived: Desk, tmp_path: Path) -> None:
    before = shown(lived.store, lived.now)
    assert lived.store.export(tmp_path / "export") == lived.store.read("SELECT count(*) FROM messages")[0][0]
    back = open_store(tmp_path / "back")
    back.take_in_export(tmp_path / "export", lived.now)
    assert shown(back, lived.now) == before
    one, other = everything(lived.store), everything(back)
    for table in one:
        if table != "messages":  # raw bytes are numbered anew
            assert other[table] == one[table], table
    assert [back.draft_file(file.sha) for draft in back.drafts() for file in draft.files] == [b"the plan"]
    assert back.verify(lived.now) == []
    # and life goes on where it was
    assert Desk(back, lived.now).gets(letter("Jo <jo@park.example>", id_="<9@p>", answers=["<2@p>"])) == 1
    back.close()


def test_what_was_erased_stays_erased_where_an_export_is_read_back(lived: Desk, tmp_path: Path) -> None:
    with lived.store.writing() as transaction:
        bury(transaction.connection, [lived.store.items(1)[0].id])
    lived.store.export(tmp_path / "export")
    back = open_store(tmp_path / "back")
    back.take_in_export(tmp_path / "export", lived.now)
    buried = back.read("SELECT identity FROM tombstones")
    assert len(buried) == 1
    assert buried == lived.store.read("SELECT identity FROM tombstones")
    back.close()


def test_what_waits_to_be_sent_is_held_where_it_is_read_back(lived: Desk, tmp_path: Path) -> None:
    waiting = lived.replies("ann", 1)
    lived.store.export(tmp_path / "export")
    back = open_store(tmp_path / "back")
    back.take_in_export(tmp_path / "export", lived.now)
    assert back.sending.due(lived.now + DAY) == []
    assert {line.message: line.state for line in back.outbox()}[waiting] == "held"
    assert back.sending.release(lived.now) == 1  # a trainee's answer still waits for its yes
    assert [going.message for going in back.sending.due(lived.now + DAY)] == [waiting]
    assert back.verify(lived.now) == []
    back.close()


def test_an_export_is_read_once_and_only_into_a_new_workspace(lived: Desk, tmp_path: Path) -> None:
    lived.store.export(tmp_path / "export")
    back = desk(tmp_path / "back")
    assert back.store.take_in_export(tmp_path / "export", lived.now).added > 0
    again = back.store.take_in_export(tmp_path / "export", lived.now)
    assert again.added == 0
    back.gets()
    back.now = lived.now
    other = desk(tmp_path / "other")
    other.gets()
    with pytest.raises(NotDone, match="not empty"):
        other.store.take_in_export(tmp_path / "export", lived.now)
    with pytest.raises(NotDone, match="no export"):
        other.store.take_in_export(tmp_path, lived.now)
    back.store.close()
    other.store.close()


def broken_line(export: Path) -> None:
    (export / "events.jsonl").write_text((export / "events.jsonl").read_text()[:-20])


def lost_mail(export: Path) -> None:
    next((export / "mail" / "cur").iterdir()).unlink()


def unknown_event(export: Path) -> None:
    lines = (export / "events.jsonl").read_text().splitlines()
    lines[3] = json.dumps(json.loads(lines[3]) | {"type": 9999})
    (export / "events.jsonl").write_text("\n".join(lines))


def statement(export: Path) -> None:
    row = {"message_id) VALUES('x'); --": 1}
    (export / "msgids.jsonl").write_text(json.dumps(row) + "\n")


@pytest.mark.parametrize("damage", [broken_line, lost_mail, unknown_event, statement])
def test_a_damaged_export_is_taken_in_not_at_all(lived: Desk, tmp_path: Path, damage: Any) -> None:
    lived.store.export(tmp_path / "export")
    damage(tmp_path / "export")
    back = desk(tmp_path / "back")
    before = everything(back.store)
    with pytest.raises(WorldError, match="damaged"):
        back.store.take_in_export(tmp_path / "export", lived.now)
    assert everything(back.store) == before
    assert back.gets() == 1
    back.verified()
    back.store.close()


# --------------------------------------------------------------------------- verify finds what is wrong


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE conversations SET status = 'closed' WHERE id = 1", "status is 'closed', should be"),
        ("UPDATE conversations SET due_at = 1 WHERE id = 2", "due_at is 1"),
        ("DELETE FROM conversation_tags WHERE tag = 'lamp'", "tags differ"),
        ("DELETE FROM conversations WHERE id = 1", "is missing"),
        ("INSERT INTO conversations(id, status, channel, subject, snippet, first_at, last_at, last_from, messages,"
         " unread, notice, answered, sending, failed, approvals, quarantined, policy, seq) SELECT 99, status, channel,"
         " subject, snippet, first_at, last_at, last_from, messages, unread, notice, answered, sending, failed,"
         " approvals, quarantined, policy, seq FROM conversations WHERE id = 1",
         "without any event"),
        ("UPDATE buckets SET n = n + 1", "should be"),
        ("UPDATE events SET home = 1 WHERE seq = (SELECT max(seq) FROM events WHERE home = 2)", "counts for 1"),
        ("UPDATE events SET void = 1 WHERE type = 1", "is void and should not be"),
        ("DELETE FROM redirects", "leads to None"),
        ("UPDATE messages SET conversation = 2 WHERE conversation = 1", "lies in 2"),
        ("DELETE FROM messages WHERE conversation = 1", "is in the record and not in the store"),
        ("DELETE FROM details WHERE message = (SELECT min(message) FROM details)", "its text is missing"),
        ("DELETE FROM raws WHERE id = 1", "bytes of the message are missing"),
        ("UPDATE raws SET data = x'00' WHERE id = 2", ""),
        ("DELETE FROM outbox", "is not in the outbox"),
        ("DELETE FROM participants WHERE conversation = 1", "who takes part differs"),
        ("DELETE FROM msgids WHERE message_id = '<1@p>'", "its Message-ID is not known"),
        ("DELETE FROM message_fts_docsize WHERE id = (SELECT min(id) FROM messages)", "index of words"),
    ],
)  # fmt: skip
def test_verify_names_what_does_not_follow_from_the_record(lived: Desk, statement: str, words: str) -> None:
    with sqlite3.connect(lived.store.path) as hand:
        hand.execute(statement)
    hand.close()
    problems = lived.store.verify(lived.now)
    assert problems
    assert any(words in problem.detail for problem in problems), problems


def test_deriving_again_mends_what_verify_names(lived: Desk) -> None:
    with sqlite3.connect(lived.store.path) as hand:
        hand.execute("UPDATE conversations SET status = 'spam', subject = 'x', snippet = 'y', due_at = 1")
        hand.execute("DELETE FROM conversation_tags")
    hand.close()
    assert lived.store.verify(lived.now)
    with lived.store.writing() as transaction:
        transaction.derive_all(lived.store.book_seen_by(transaction.connection), lived.now)
    lived.verified()


def test_verify_names_a_file_of_raw_bytes_that_is_gone_or_changed(lived: Desk) -> None:
    (file,) = (path for path in (lived.store.workspace / "raw").rglob("*") if path.is_file())
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + b"?")
    assert [problem.kind for problem in lived.store.verify(lived.now)] == ["raw"]
    file.unlink()
    assert [problem.kind for problem in lived.store.verify(lived.now)] == ["raw"]


def test_verify_sees_one_instant_while_others_work(lived: Desk) -> None:
    """Somebody changes something between any two of its reads."""

    class Watched(Workspace):
        left = 0

        def read(self, sql: str, values: Any = ()) -> list[Any]:
            found = super().read(sql, values)
            self.left -= 1
            if self.left == 0:
                lived.did("ann", "assign", conversation=1, to=f"p{lived.now}")
                lived.gets()
            return found

    watched = Watched(lived.store.workspace, connect(lived.store.path), 8_000)
    for left in range(1, 30):
        watched.left = left
        assert watched.verify(lived.now + 10) == []
    watched.close()
