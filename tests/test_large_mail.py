"""Large mail: its beginning is on screen at once, the rest comes in pieces, and whatever breaks it is one message, whole."""

from __future__ import annotations

import random
import re
import resource
from collections.abc import Callable, Iterator
from datetime import UTC
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from threading import Event
from time import monotonic
from types import SimpleNamespace
from typing import Any, cast

import pytest

from inbox import beginnings, beside, errands, importing, whole
from inbox.actions import decision
from inbox.channels import imap_fetching
from inbox.channels.imap import Connection, connect
from inbox.channels.passwords import Secret
from inbox.channels.trouble import NetworkTrouble, ServerSaidNo
from inbox.errands import After, Here
from inbox.fetching import news
from inbox.fold import fold
from inbox.model import EventType, Status
from inbox.ports import Item, Job
from inbox.queries import parse
from inbox.settings import DAY
from storage.places import Places
from storage.store import SqliteStore
from storage.tombstones import bury
from storage.wholes import Wholes
from storage.workspace import open_store
from tests.faults.clock import PinnedClock
from tests.faults.kill import mortal, python_child, wait_for
from tests.faults.proxy import Proxy
from tests.post_office import ANNA, SECRET, SUPPORT, Known, PostOffice, caught_up, letter, on_both
from tests.screenplay import playing
from tests.servers.dovecot import Dovecot
from tests.servers.mailboxes import mailbox
from tests.servers.talker import running_talker
from tests.watch import LOOK, PATIENCE, Watched
from tui.widgets.conversation_view import ConversationView

LARGE = 100_000
PIECE = 80_000


@pytest.fixture(autouse=True)
def small_scale(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts as large is small here, so that the stories are short; the long ones tell of true sizes."""
    if "long" not in request.keywords:
        scale_down(monkeypatch.setattr)


def scale_down(set_: Callable[[Any, str, Any], None]) -> None:
    set_(Connection.fetch, "__defaults__", (LARGE,))
    set_(whole, "PIECE", PIECE)
    set_(beginnings, "LONG", LARGE // 2)


@pytest.fixture
def office(tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock) -> Iterator[PostOffice]:
    """A workspace that has followed INBOX, Archive and Sent for a day."""
    box = on_both(dovecot, imap_user, folders=("INBOX", "Archive", "Sent"))
    one = caught_up(PostOffice(tmp_path / "shop", dovecot, clock, (box,)))
    yield one
    one.close()


def scan(
    size: int = 400_000,
    subject: str = "The scan",
    text: str = "Dear all, see below.",
    seed: int = 1,
    at: int = 1_773_651_600,
    **headers: str,
) -> bytes:
    """A mail with a file of about so many bytes, as a server keeps it; its last words stand behind the file."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Jo Park <jo@park.example>", SUPPORT, subject
    message["Date"] = "Mon, 16 Mar 2026 09:00:00 +0000"
    message["Message-ID"] = headers.pop("message_id", f"<scan{seed}@park.example>")
    for name, value in headers.items():
        message[name.replace("_", "-").title()] = value
    message.set_content(text + "\n")
    message.add_attachment(
        random.Random(seed).randbytes(size * 3 // 4), "application", "pdf", filename="scan.pdf"
    )
    message.add_attachment("Kumquat marmalade comes last.\n", disposition="inline")
    return message.as_bytes().replace(b"\n", b"\r\n")


def log_file(size: int) -> bytes:
    """A mail with so many bytes of text as its file, which take its reader more than any other file."""
    head = letter(subject="The log").partition(b"Content-Type")[0]
    head += b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nSee below.\r\n--b\r\n'
    head += b"Content-Disposition: attachment; filename=all.log\r\n\r\n"
    return head + (b"0123456789" * 7 + b" \r\n") * (size // 73) + b"--b--\r\n"


def look(office: PostOffice) -> None:
    """The mailbox is looked into and what is new is placed; errands wait."""
    worker = office.worker()
    for box in office.mailboxes:
        with connect(box, Secret(SECRET)) as connection:
            for step in news(connection, box, office.store.places.cursors(box.name), office.clock()):
                worker.intake().keep(box.name, step)
    worker.intake().place_waiting()


def fetch(office: PostOffice, most: int = 1000, port: int | None = None) -> list[After]:
    """The rest of what is large is fetched, for at most so many turns."""
    turns: list[After] = []
    for box in office.mailboxes:
        there = box._replace(imap_port=port or box.imap_port)
        with connect(there, Secret(SECRET), timeout=10) as connection:
            here = Here(box, connection, office.store, office.clock())
            for job in office.store.jobs.due(office.clock()):
                if job.data.startswith(f"{box.name} "):
                    after = After.GO_ON
                    while after is After.GO_ON and len(turns) < most:
                        after, _ = errands.run(job, here)
                        turns.append(after)
    return turns


def the_item(office: PostOffice) -> Item:
    (item,) = office.items(office.the_one().id)
    return item


def found(office: PostOffice, words: str) -> int:
    return len(office.store.search(parse(words, office.clock(), UTC), ANNA, office.clock()))


def files(office: PostOffice) -> list[str]:
    return [path.name for path in (office.folder / "coming").glob("*")]


def is_whole(office: PostOffice, raw: bytes) -> None:
    """There is one message, it has all its bytes, and nothing of its coming is left."""
    item = the_item(office)
    assert office.hashes() == {sha256(raw).digest()}
    assert office.number("messages") == office.number("conversations") == 1
    assert (item.coming, [a.name for a in item.attachments if a.name]) == (0, ["scan.pdf"])
    assert "Kumquat marmalade" in item.text
    assert not any("still coming" in oddity for oddity in item.oddities)
    assert office.store.verify(office.clock()) == []
    assert files(office) == []
    assert office.number("jobs") == office.number("arrivals") == 0
    assert {message for _, message, _ in office.places()} == {item.id}


# --------------------------------------------------------------------------- the beginning, then the rest


def test_17_the_beginning_is_there_at_once_and_the_rest_takes_its_place(office: PostOffice) -> None:
    raw = scan()
    office.arrives(raw)
    look(office)

    one, item = office.the_one(), the_item(office)
    assert (one.status, one.unread, one.waiting_since) == (Status.OPEN, True, office.clock())
    assert (item.subject, item.sender[0].address, item.text.strip()) == (
        "The scan", "jo@park.example", "Dear all, see below.",
    )  # fmt: skip
    assert item.coming == len(raw)
    assert item.oddities == (f"{len(raw) // 1024} KB, still coming: only its beginning is here",)
    assert item.attachments == ()
    beginning = office.store.raw(item.id) or b""
    assert raw.startswith(beginning)
    assert 60_000 < len(beginning) <= imap_fetching.HEAD
    assert (found(office, "dear"), found(office, "marmalade"), found(office, "has:attachment")) == (1, 0, 0)
    clocks = office.reply_clocks(one.id)
    assert clocks
    assert office.store.verify(office.clock()) == []

    heard: list[frozenset[int]] = []
    stop = office.store.watch(heard.append)
    assert fetch(office)[-1] is After.DONE
    until(lambda: any(one.id in each for each in heard))  # the bell is heard in a thread of its own
    stop()

    is_whole(office, raw)
    assert the_item(office)._replace(text="", reply="", attachments=(), coming=0) == item._replace(
        text="", reply="", coming=0, oddities=()
    )
    assert (found(office, "dear"), found(office, "marmalade"), found(office, "has:attachment")) == (1, 1, 1)
    assert office.reply_clocks(one.id) == clocks
    assert [event.type for event in office.store.events(one.id)] == [EventType.RECEIVED, EventType.COMPLETED]


def test_a_pass_brings_beginning_and_rest(office: PostOffice) -> None:
    raw = scan()
    office.arrives(raw)
    office.sync()

    is_whole(office, raw)
    before = office.counts()
    office.sync()
    assert office.counts() == before


def test_a_beginning_in_the_middle_of_a_word_is_shown_by_whole_lines(office: PostOffice) -> None:
    """A letter of two bytes is never cut in two, which would make the charset look wrong."""
    lines = "".join(f"Zeile {n}: Grüße aus Köln\r\n" for n in range(12_000))
    raw = (
        letter(subject="Lang").partition(b"\r\n\r\n")[0].replace(b"7bit", b"8bit").replace(b"ascii", b"utf-8")
    )
    raw = re.sub(rb'charset="[^"]*"', b'charset="utf-8"', raw) + b"\r\n\r\n" + lines.encode()
    office.arrives(raw)
    look(office)

    item = the_item(office)
    assert item.text.endswith("Grüße aus Köln")
    assert len(item.oddities) == 1


def test_words_that_only_the_beginning_had_are_found_no_more(office: PostOffice) -> None:
    """Its plain part only says where to read it, and what it stands for begins far behind."""
    raw = letter(subject="News").partition(b"Content-Type")[0]
    raw += b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\n\r\nView this in a browser, please.\r\n--b\r\n'
    raw += (
        b"Content-Type: text/html\r\n\r\n<html><style>\r\n" + b"p { margin: 0 }\r\n" * 9000 + b"</style>\r\n"
    )
    raw += b"<p>The lamps are here, in brass, in copper and in steel, and all of them are lit.</p></html>\r\n--b--\r\n"
    office.arrives(raw)
    look(office)
    assert (found(office, "browser"), found(office, "copper")) == (1, 0)
    before = office.store.rows([office.the_one().id])[0]
    fetch(office)

    assert (found(office, "browser"), found(office, "copper")) == (0, 1)
    after = office.store.rows([office.the_one().id])[0]
    assert (before.snippet[:9], after.snippet[:9]) == ("View this", "The lamps")
    assert office.store.verify(office.clock()) == []


def test_verify_derives_what_is_still_to_come(office: PostOffice) -> None:
    office.arrives(scan())
    look(office)
    with office.store.writing() as transaction:
        transaction.connection.execute("UPDATE messages SET coming = 0")
    (problem,) = office.store.verify(office.clock())
    assert problem.detail.startswith("0 bytes are to come, should be ")


def test_history_stays_history_when_its_rest_comes(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock
) -> None:
    office = PostOffice(tmp_path / "old", dovecot, clock, (on_both(dovecot, imap_user),))
    raw = scan()
    office.arrives(raw, at=clock() - 60 * DAY)
    look(office)
    before = office.the_one()
    assert fetch(office)[-1] is After.DONE

    is_whole(office, raw)
    assert office.the_one()._replace(seq=0) == before._replace(seq=0)
    assert (before.status, before.unread) == (Status.CLOSED, False)
    office.close()


def test_history_that_nobody_has_touched_stays_untouched_when_its_rest_comes(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock
) -> None:
    office = PostOffice(tmp_path / "old", dovecot, clock, (on_both(dovecot, imap_user),))
    office.arrives(scan(), at=clock() - 6 * DAY)
    office.sync()

    one = office.the_one()
    assert (one.status, one.unread) == (Status.OPEN, False)
    assert not fold(one.id, office.store.events(one.id)).live
    office.close()


# --------------------------------------------------------------------------- one message, whatever comes in whatever order


def copied(office: PostOffice, raw: bytes) -> None:
    office.arrives(raw, folder="Archive")


def delivered_twice(office: PostOffice, raw: bytes) -> None:
    """The same mail over another way, with other headers of transport."""
    office.arrives(b"Received: from elsewhere; Mon, 16 Mar 2026 09:00:09 +0000\r\n" * 3 + raw)


def moved(office: PostOffice, _raw: bytes) -> None:
    for uid in office.imap.uids(office.user)[:1]:
        office.imap.doveadm("move", "-u", office.user, "Archive", "mailbox", "INBOX", "uid", str(uid))


def renumbered(office: PostOffice, _raw: bytes) -> None:
    number = office.store.read("SELECT max(uidvalidity) FROM places")[0][0] or 1_700_000_000
    office.imap.set_uidvalidity(office.user, number + 7)


def imported(office: PostOffice, raw: bytes) -> None:
    """From an mbox, with the line ends of a file."""
    path = office.folder / "old.mbox"
    path.write_bytes(b"From jo@park.example Mon Mar 16 09:00:00 2026\n" + raw.replace(b"\r\n", b"\n") + b"\n")
    summary = importing.take_in(
        office.store, importing.read([path]), office.settings.us, office.clock(), 14 * DAY
    )
    assert not summary.refused


def looked(office: PostOffice, _raw: bytes) -> None:
    look(office)


def fetched(office: PostOffice, _raw: bytes) -> None:
    fetch(office)


HAPPENINGS = (copied, delivered_twice, moved, renumbered, imported, looked, fetched)


def lived_through(office: PostOffice, order: list[Callable[[PostOffice, bytes], None]], seed: int) -> None:
    raw = scan(seed=seed)
    office.arrives(raw)
    for happening in order:
        happening(office, raw)
        assert office.number("messages") <= 1, order
        assert office.store.verify(office.clock()) == []
    for _ in range(3):  # numbered anew between two looks: the next one sees to it
        office.clock.advance(DAY)
        office.sync()
    item = the_item(office)
    assert office.number("messages") == office.number("conversations") == 1, order
    assert item.coming == 0
    assert item.text.count("Kumquat marmalade") == 1
    assert len(office.hashes()) == 1
    assert office.number("jobs") == office.number("arrivals") == 0
    assert {message for _, message, _ in office.places()} == {item.id}
    assert files(office) == []
    assert office.store.verify(office.clock()) == []
    kept = {path.name for path in (office.folder / "raw").rglob("*") if path.is_file()}
    assert kept == {row[0].hex() for row in office.store.read("SELECT sha FROM raws WHERE data IS NULL")}


def orders(count: int, seed: int) -> list[list[Callable[[PostOffice, bytes], None]]]:
    drawn = random.Random(seed)
    return [drawn.choices(HAPPENINGS, k=drawn.randint(4, 9)) for _ in range(count)]


def afresh(office: PostOffice, folder: Path, user: str) -> PostOffice:
    box = on_both(office.imap, user, folders=("INBOX", "Archive", "Sent"))
    return caught_up(PostOffice(folder, office.imap, office.clock, (box,)))


@pytest.mark.parametrize(
    "order",
    [
        [imported, looked, fetched],
        [looked, imported, fetched],
        [looked, fetched, imported],
        [looked, copied, looked, moved, renumbered, looked, fetched, imported, renumbered, looked],
        [looked, delivered_twice, looked, fetched, copied, looked],
        [looked, moved, fetched, looked, fetched],
        [looked, renumbered, fetched, looked, fetched],
    ],
    ids=lambda order: "-".join(each.__name__ for each in order),
)
def test_it_is_one_message_in_every_order(
    office: PostOffice, order: list[Callable[[PostOffice, bytes], None]]
) -> None:
    lived_through(office, order, 1)


def in_many_orders(office: PostOffice, tmp_path: Path, count: int, seed: int) -> None:
    for number, order in enumerate(orders(count, seed)):
        user = office.imap.add_user(f"{office.user}-{seed}-{number}")
        one = afresh(office, tmp_path / f"order{number}", user)
        lived_through(one, order, number)
        one.close()


def test_it_is_one_message_in_orders_drawn_by_lot(office: PostOffice, tmp_path: Path) -> None:
    in_many_orders(office, tmp_path, 2, 1)


@pytest.mark.long
def test_it_is_one_message_in_many_orders(
    office: PostOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scale_down(monkeypatch.setattr)
    in_many_orders(office, tmp_path, 60, 2)


def test_a_large_mail_stored_before_beginnings_were_noted_is_known_again(office: PostOffice) -> None:
    raw = scan()
    imported(office, raw)
    with office.store.writing() as transaction:
        transaction.connection.execute("DELETE FROM beginnings")
    office.arrives(raw)
    office.sync()

    assert office.number("messages") == 1
    assert the_item(office).coming == 0
    assert office.number("jobs") == 0


def test_what_begins_alike_and_goes_on_otherwise_is_another_message(office: PostOffice) -> None:
    """The same id, sender, date, subject and beginning, another file: both are here in the end, both whole."""
    first = scan(400_000)
    second = first[:200_000] + first[200_078:]  # a line less in the middle of the file
    office.arrives(first)
    look(office)
    office.arrives(second)
    look(office)
    assert office.number("messages") == 1  # for all that can be known by now
    office.sync()
    office.sync()

    assert office.hashes() == {sha256(first).digest(), sha256(second).digest()}
    assert office.number("messages") == 2
    texts = [item for one in office.conversations() for item in office.items(one.id)]
    assert sorted(item.coming for item in texts) == [0, 0]
    assert any("another message has the same Message-ID" in item.oddities for item in texts)
    assert len({message for _, message, _ in office.places()}) == 2
    assert office.store.verify(office.clock()) == []
    before = office.counts()
    renumbered(office, first)
    office.sync()
    office.sync()
    assert office.counts() == before
    assert len({message for _, message, gone in office.places() if not gone}) == 2


def test_one_that_came_whole_and_began_otherwise_is_joined(office: PostOffice) -> None:
    """Headers longer than what is compared: nothing shows that both are one before all of it is here."""
    more = "".join(f"X-Trace-{n}: {'x' * 60}\r\n" for n in range(850)).encode()
    raw = more + scan()
    office.arrives(raw)
    look(office)
    other = b"Received: from elsewhere; Mon, 16 Mar 2026 09:00:09 +0000\r\n" * 9 + raw
    imported(office, other)
    assert office.number("messages") == 2
    kept = office.hashes()
    fetch(office)

    assert office.number("conversations") == 1
    assert all(item.coming == 0 for item in office.items(office.the_one().id))
    assert sha256(raw).digest() in office.hashes()
    assert kept & office.hashes()
    assert office.store.verify(office.clock()) == []
    before = office.counts()
    renumbered(office, raw)
    office.sync()
    assert office.counts() == before


# --------------------------------------------------------------------------- what people do meanwhile


def test_what_people_do_meanwhile_stays_as_they_did_it(office: PostOffice) -> None:
    office.arrives(letter("Lea <lea@krol.example>", "Lamp"), scan())
    look(office)
    lamp, scanned = office.conversations()
    answered, _ = office.reply(scanned.id)
    office.store.change(*decision("tag", conversation=scanned.id, add=["file"]), ANNA, office.clock())
    office.store.change(*decision("merge", into=lamp.id, conversation=scanned.id), ANNA, office.clock())
    office.store.change(*decision("close", conversation=lamp.id, why="resolved"), ANNA, office.clock())
    before = office.the_one()
    fetch(office)

    after = office.the_one()
    assert after._replace(seq=0) == before._replace(seq=0)
    assert after.status is Status.CLOSED
    items = {item.subject: item for item in office.items(lamp.id) if item.direction == "in"}
    assert "Kumquat" in items["The scan"].text
    assert office.state_of(answered) == "queued"
    assert office.store.verify(office.clock()) == []

    for _ in range(2):  # the closing, then the joining
        outcome = office.store.change(*decision("undo", by="anna"), ANNA, office.clock())
        assert outcome.refusal is None, outcome.refusal
    assert office.store.verify(office.clock()) == []
    apart = {one.id: [item.subject for item in office.items(one.id)] for one in office.conversations()}
    assert apart[lamp.id] == ["Lamp"]
    assert "The scan" in apart[scanned.id]


async def test_who_opens_a_large_message_has_the_rest_of_it_before_all_others(office: PostOffice) -> None:
    office.arrives(scan(seed=1, subject="First"), scan(seed=2, subject="Second"))
    look(office)
    async with playing(office.store) as stage:
        await stage.press("0")
        await stage.press("enter")
        opened = stage.app.screen.query_one(ConversationView).opened
        assert opened is not None
        assert "only its beginning is here" in stage.pane("conversation")
        await stage.press("V")
        await stage.press("G")
        assert "bytes more are still on their way" in stage.text
        (asked,) = office.store.read("SELECT data FROM jobs WHERE kind = 'whole' AND run_at = 0")
        (wanted,) = office.store.read("SELECT id FROM wholes WHERE message = ?", (opened.items[0].id,))
        assert asked == (f"support {wanted[0]}",)


def test_a_person_who_asks_gets_it_first(office: PostOffice) -> None:
    office.arrives(*(scan(seed=n, subject=f"Scan {n}") for n in (1, 2, 3)))
    look(office)
    last = office.items(office.conversations()[-1].id)[0]
    assert office.store.places.wholes.sooner(last.id)
    fetch(office, most=1)

    whole_ones = [
        item.subject for c in office.conversations() for item in office.items(c.id) if not item.coming
    ]
    assert whole_ones == [last.subject]
    assert not office.store.places.wholes.sooner(last.id)


# --------------------------------------------------------------------------- what goes wrong


def test_a_turn_ends_after_a_while_and_the_next_goes_on(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "TURN", 0.0)
    raw = scan()
    office.arrives(raw)
    look(office)
    turns = fetch(office)

    assert turns == [After.GO_ON] * (len(raw) // PIECE) + [After.DONE]
    is_whole(office, raw)


def test_a_line_that_is_cut_goes_on_where_it_was(
    office: PostOffice, proxy_to: Callable[[str, int], Proxy]
) -> None:
    raw = scan(1_000_000)
    office.arrives(raw)
    look(office)
    proxy = proxy_to(office.imap.host, office.imap.port)
    proxy.cut(700_000)
    with pytest.raises(NetworkTrouble):
        fetch(office, port=proxy.port)
    assert the_item(office).coming == len(raw)
    office.clock.advance(errands.AGAIN)
    assert fetch(office, port=proxy.port)[-1] is After.DONE

    assert proxy.struck == 1
    assert proxy.bytes_down < len(raw) + 2 * PIECE + 10_000
    is_whole(office, raw)


def test_deleted_before_it_came_is_said_and_the_beginning_stays(office: PostOffice) -> None:
    raw = scan()
    office.arrives(raw)
    look(office)
    office.imap.expunge(office.user, 1)
    fetch(office)

    item = the_item(office)
    words = f"{len(raw) // 1024} KB: the rest was deleted on the server before it came, only the beginning is here"
    assert (item.coming, item.oddities) == (len(raw), (words,))
    assert "see below" in item.text
    assert office.number("jobs") == 0
    assert office.store.verify(office.clock()) == []
    assert not office.store.places.wholes.sooner(item.id)

    office.arrives(raw, folder="Archive")  # somebody puts it back
    office.sync()
    is_whole_with_a_gone_place(office, raw)


def is_whole_with_a_gone_place(office: PostOffice, raw: bytes) -> None:
    is_whole(office, raw)
    assert sorted(gone for _, _, gone in office.places()) == [False, True]


def test_deleted_half_way_goes_on_with_a_copy(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "TURN", 0.0)
    raw = scan()
    office.arrives(raw)
    office.arrives(raw, folder="Archive")
    look(office)
    assert fetch(office, most=2) == [After.GO_ON] * 2
    (began,) = files(office)
    order = office.store.places.wholes.order(1, "support")
    assert order is not None
    (folder,) = (copy.folder for copy in order.copies if copy.file.name == began)
    office.imap.expunge(office.user, 1, folder)
    fetch(office)

    is_whole_with_a_gone_place(office, raw)


def test_a_folder_that_is_gone_leads_to_the_copy_elsewhere(office: PostOffice) -> None:
    raw = scan()
    office.arrives(raw)
    look(office)
    with office.store.writing() as transaction:  # as if it lay in a folder that was deleted since
        transaction.connection.execute(
            "INSERT INTO places SELECT mailbox, 'Before', uidvalidity, 9, message, sha, gone, size FROM places"
        )
    fetch(office)
    assert the_item(office).coming == 0

    with office.store.writing() as transaction:
        transaction.connection.execute("UPDATE wholes SET state = 'coming'")
        transaction.connection.execute("DELETE FROM places WHERE folder <> 'Before'")
    office.store.jobs.add("whole", "support 1", office.clock())
    with connect(office.mailboxes[0], Secret(SECRET)) as connection, pytest.raises(ServerSaidNo):
        (job,) = office.store.jobs.due(office.clock())
        whole.fetch_whole(job, Here(office.mailboxes[0], connection, office.store, office.clock()))


def test_a_mail_that_cannot_be_read_is_whole_and_says_so(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "APART_SECONDS", 0.0)
    raw = scan()
    office.arrives(raw)
    look(office)
    for _ in range(whole.MOST_TRIES):
        fetch(office)
        assert the_item(office).coming == len(raw)
        office.clock.advance(DAY)
    fetch(office)

    item = the_item(office)
    assert office.hashes() == {sha256(raw).digest()}
    assert (item.coming, item.oddities, item.attachments) == (0, (whole.UNREADABLE,), ())
    assert "see below" in item.text
    assert office.store.verify(office.clock()) == []
    before = office.counts()
    office.arrives(raw, folder="Archive")
    office.sync()
    assert office.counts() == before


def test_what_cannot_be_kept_is_trouble_and_tried_again(office: PostOffice) -> None:
    raw = scan()
    office.arrives(raw)
    look(office)
    (office.folder / "coming").write_text("no folder")  # the disk refuses
    assert fetch(office) == [After.NOT_YET]

    ((kind, _, trouble),) = office.store.jobs.troubles()
    assert (kind, trouble) == ("whole", "What came of a large message could not be kept: Not a directory.")
    assert the_item(office).coming == len(raw)
    (office.folder / "coming").unlink()
    office.clock.advance(errands.AGAIN)
    office.sync()
    is_whole(office, raw)


def test_our_own_large_answer_in_sent_is_known_and_not_fetched(office: PostOffice) -> None:
    office.arrives(letter())
    office.sync()
    message, message_id = office.reply(office.the_one().id)
    filed = scan(message_id=message_id).replace(b"Jo Park <jo@park.example>", SUPPORT.encode())
    office.arrives(filed, folder="Sent")
    before = office.number("messages")
    look(office)

    assert office.number("messages") == before
    assert ("Sent", message, False) in office.places()
    assert office.store.places.wholes.order(1, "support") is None
    fetch(office)
    assert office.number("jobs") == 0
    assert sha256(filed).digest() not in office.hashes()
    assert all(item.coming == 0 for item in office.items(office.the_one().id))


def test_the_same_mail_in_two_mailboxes_is_one_message(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock
) -> None:
    sales = dovecot.add_user(f"{imap_user}-sales")
    boxes = (on_both(dovecot, imap_user), on_both(dovecot, sales, name="sales", address="sales@shop.example"))
    office = caught_up(PostOffice(tmp_path / "two", dovecot, clock, boxes))
    raw = scan()
    office.arrives(raw)
    office.arrives(b"Received: from elsewhere; Mon, 16 Mar 2026 09:00:09 +0000\r\n" + raw, user=sales)
    look(office)
    assert office.number("messages") == 1
    office.imap.expunge(office.user, 1)
    fetch(office)

    item = the_item(office)
    assert item.coming == 0
    assert "Kumquat" in item.text
    assert len(office.places()) == 2
    assert office.store.verify(office.clock()) == []
    office.close()


def test_what_is_erased_while_it_comes_is_not_fetched_to_its_end(office: PostOffice) -> None:
    office.arrives(scan())
    look(office)
    item = the_item(office)
    with office.store.writing() as transaction:
        bury(transaction.connection, [item.id])
        transaction.connection.execute("DELETE FROM messages WHERE id = ?", (item.id,))
    assert fetch(office) == [After.DONE]

    assert files(office) == []
    assert not list((office.folder / "raw").rglob("*"))
    office.arrives(scan(), folder="Archive")
    look(office)
    fetch(office)
    assert office.number("messages") == office.number("jobs") == office.number("arrivals") == 0
    assert not list((office.folder / "raw").rglob("*"))


class Liar:
    """A scripted server with one large message. It tells of `size` bytes and has `bodies`: the next one with each time
    the message is asked for from its first byte on."""

    def __init__(self, size: int, *bodies: bytes) -> None:
        self.size, self.bodies, self.begun = size, bodies, -1

    def __call__(self, line: bytes) -> bytes | None:
        tag, _, rest = line.partition(b" ")
        done = tag + b" OK done\r\n"
        if b"STATUS" in rest:
            return b"* STATUS INBOX (UIDVALIDITY 1 UIDNEXT 2 MESSAGES 1)\r\n" + done
        if b"EXAMINE" in rest:
            return b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 2] x\r\n" + done
        if b"CAPABILITY" in rest:
            return b"* CAPABILITY IMAP4rev1\r\n" + done
        if b"LIST" in rest:
            return b'* LIST () "/" INBOX\r\n' + done
        if b"SEARCH" in rest:
            return b"* SEARCH 1\r\n" + done
        if b"RFC822.SIZE" in rest:
            return b"* 1 FETCH (UID 1 RFC822.SIZE %d FLAGS ())\r\n" % self.size + done
        asked = re.search(rb"<(\d+)\.(\d+)>", rest)
        if asked is None:
            return done
        start, length = int(asked[1]), int(asked[2])
        self.begun += start == 0 and length == PIECE
        part = self.bodies[min(max(self.begun, 0), len(self.bodies) - 1)][start : start + length]
        return b"* 1 FETCH (UID 1 BODY[]<%d> {%d}\r\n%s)\r\n" % (start, len(part), part) + done


def from_liar(tmp_path: Path, clock: PinnedClock, imap_server: Dovecot, liar: Liar) -> PostOffice:
    with running_talker(b"* OK hi\r\n", liar) as talker:
        box = mailbox(imap_port=talker.port)
        office = PostOffice(tmp_path / "liar", imap_server, clock, (box,))
        look(office)
        assert the_item(office).coming == liar.size
        fetch(office)
    return office


@pytest.mark.parametrize("wrong", [-1000, 1000, 300_000, -250_000])
def test_a_size_that_is_not_true_is_fetched_again_and_marked(
    tmp_path: Path, clock: PinnedClock, dovecot: Dovecot, wrong: int
) -> None:
    raw = scan()
    liar = Liar(len(raw) + wrong, raw)
    office = from_liar(tmp_path, clock, dovecot, liar)

    is_whole(office, raw)
    assert liar.begun == 1  # twice
    said = f"the server said {len(raw) + wrong} bytes and gave {len(raw)}; the same bytes came twice"
    assert the_item(office).oddities == (said,)
    office.close()


def test_bytes_lost_on_the_way_come_the_second_time(
    tmp_path: Path, clock: PinnedClock, dovecot: Dovecot
) -> None:
    raw = scan()
    office = from_liar(tmp_path, clock, dovecot, Liar(len(raw), raw[:200_000] + raw[200_001:], raw))

    is_whole(office, raw)
    assert the_item(office).oddities == ()
    office.close()


def test_other_bytes_each_time_are_kept_and_marked(
    tmp_path: Path, clock: PinnedClock, dovecot: Dovecot
) -> None:
    raw = scan()
    office = from_liar(tmp_path, clock, dovecot, Liar(len(raw) + 9, raw[:200_000] + raw[200_001:], raw))

    said = f"the server said {len(raw) + 9} bytes and gave {len(raw)}; each time other bytes came"
    assert the_item(office).oddities == (said,)
    is_whole(office, raw)
    office.close()


# --------------------------------------------------------------------------- export


def test_an_export_does_not_pass_a_beginning_off_as_mail(office: PostOffice, tmp_path: Path) -> None:
    raw = scan()
    office.arrives(raw, letter(subject="small"))
    look(office)
    office.store.export(tmp_path / "export")
    (mail,) = (tmp_path / "export" / "mail" / "cur").iterdir()
    (beginning,) = (tmp_path / "export" / "beginnings").iterdir()
    assert b"small" in mail.read_bytes()
    assert raw.startswith(beginning.read_bytes())

    back = open_store(tmp_path / "back")
    back.take_in_export(tmp_path / "export", office.clock())
    conversations = [one.id for one in office.conversations()]
    assert [back.items(c) for c in conversations] == [office.items(c) for c in conversations]
    assert back.verify(office.clock()) == []
    back.close()

    there = PostOffice(tmp_path / "back", office.imap, office.clock, office.mailboxes)
    there.sync()
    assert there.counts()["messages"] == 2
    assert sha256(raw).digest() in there.hashes()
    assert all(item.coming == 0 for c in conversations for item in there.items(c))
    assert there.store.verify(office.clock()) == []
    there.close()


# --------------------------------------------------------------------------- killed


CHILD = """
import sys
from tests.test_large_mail import be_a_worker
be_a_worker(*sys.argv[1:])
"""


def be_a_worker(folder: str, imap_port: str, user: str, now: str) -> None:
    """One pass in a process that dies at the point its parent named."""
    from inbox.settings import Settings
    from inbox.worker import Worker
    from storage.raw import Raws

    for kind, name in (
        (Connection, "_part"), (Wholes, "whole"), (Wholes, "drop"), (SqliteStore, "change"), (Raws, "take"),
        (Places, "placed"),
    ):  # fmt: skip
        setattr(kind, name, mortal(getattr(kind, name), name.strip("_")))
    scale_down(setattr)
    box = mailbox(user=user, imap_port=int(imap_port), folders=("INBOX", "Archive", "Sent"))
    store = open_store(Path(folder))
    settings = Settings(mailboxes=(box,), us_words=(SUPPORT,))
    Worker(
        store=store,
        settings=settings,
        us=settings.us,
        secrets=Known({}, []),
        clock=lambda: int(now),
    ).once()
    store.close()


POINTS = ["after part:3", "after take:1", "after change:1"]
MORE_POINTS = [
    "before part:1", "before part:7", "after placed:1", "before change:1", "before whole:1", "after whole:1",
    "after drop:1",
]  # fmt: skip


@pytest.mark.parametrize(
    "point", [*POINTS, *(pytest.param(point, marks=pytest.mark.long) for point in MORE_POINTS)]
)
def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(office: PostOffice, point: str) -> None:
    raw = scan(900_000)
    office.arrives(raw)
    words = str(office.folder), str(office.imap.port), office.user, str(office.clock())
    with python_child(CHILD, *words, crash_at=point) as child:
        said = child.finish()
        assert child.was_killed, said
    assert office.store.verify(office.clock()) == []
    office.sync()

    is_whole(office, raw)


# --------------------------------------------------------------------------- at true size


WATCHING = """
import sys
from tests.test_large_mail import stay_as_a_worker
stay_as_a_worker(*sys.argv[1:])
"""


def stay_as_a_worker(folder: str, imap_port: str, user: str, now: str, until: str) -> None:
    """Stay until a file is there; then say how long the longest turn of an errand was, and what memory it all took."""
    turns: list[float] = []

    def timed(job: Job, here: Here) -> After:
        begun = monotonic()
        after = fetch_whole(job, here)
        turns.append(monotonic() - begun)
        return after

    fetch_whole, whole.fetch_whole = whole.fetch_whole, timed
    there = cast("Dovecot", SimpleNamespace(host="127.0.0.1", port=int(imap_port)))
    box = on_both(there, user, folders=("INBOX",))
    office = PostOffice(Path(folder), there, PinnedClock(int(now)), (box,))
    with Watched(office) as worker:
        worker.until_state("watching")
        print("ready", flush=True)
        worker.until(Path(until).exists)
    own = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    assert own is not None
    print("turn", max(turns), flush=True)
    print(
        "memory",
        int(own[1]) // 1024 + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        flush=True,
    )


@pytest.mark.long
@pytest.mark.parametrize("kind", ["file", "log"])
def test_17_fifty_megabytes_cost_little_memory_and_hold_nobody_up(
    office: PostOffice, tmp_path: Path, proxy_to: Callable[[str, int], Proxy], kind: str
) -> None:
    """A worker that stays, in a process of its own, over a slow line: what it and the reader beside it take at most
    (each at its worst, added up), and how long small mail takes that comes meanwhile."""
    raw = scan(50 * 2**20) if kind == "file" else log_file(50 * 2**20)
    proxy = proxy_to(office.imap.host, office.imap.port)
    proxy.delay(0.03)
    stop = tmp_path / "stop"
    words = str(office.folder), str(proxy.port), office.user, str(office.clock()), str(stop)
    with python_child(WATCHING, *words) as child:
        wait_for(child, "ready")
        office.arrives(raw, *(letter(subject=f"Small {n}") for n in range(20)))
        began = monotonic()
        until(lambda: office.number("messages") == 21)
        print("21 on screen after", monotonic() - began)
        (large,) = (item for c in office.conversations() for item in office.items(c.id) if item.coming)
        waits = []
        for number in range(4):
            office.arrives(letter(subject=f"Meanwhile {number}"))
            asked = monotonic()
            until(lambda count=22 + number: office.number("messages") == count)  # type: ignore[misc]  # the default binds it
            waits.append(monotonic() - asked)
            assert office.store.read("SELECT coming FROM messages WHERE id = ?", (large.id,)) == [(len(raw),)]
        until(lambda: not office.store.read("SELECT 1 FROM messages WHERE coming > 0"))
        stop.touch()
        longest = float(wait_for(child, "turn").split()[1])
        memory = int(wait_for(child, "memory").split()[1])
        child.finish()

    print(f"waits {waits}, longest turn {longest:.1f} s, memory {memory} MB")
    assert max(waits) < 5
    assert longest < 5
    assert memory < 300
    assert sha256(raw).digest() in office.hashes()
    assert office.store.verify(office.clock()) == []


def until(happened: Callable[[], object]) -> None:
    over = monotonic() + PATIENCE
    while not happened():
        assert monotonic() < over
        Event().wait(LOOK)
