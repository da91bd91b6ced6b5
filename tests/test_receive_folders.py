"""Folders change under our hands: numbers, names and places; every message stays the one it was.

The names begin with the number of the fault they inject.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox import fetching
from inbox.actions import decision
from inbox.channels import imap
from inbox.channels.imap import connect
from inbox.channels.passwords import Secret
from inbox.model import Status, Who
from inbox.settings import DAY
from tests.faults.clock import PinnedClock
from tests.on_the_server import accepted, followed, go, read
from tests.post_office import SECRET, SUPPORT, PostOffice, caught_up, letter, on_both
from tests.receiving import (
    Alarms,
    Standing,
    all_here,
    at_work,
    by_subject,
    done_by_people,
    hashes,
    letters,
    on_server,
    reading,
)
from tests.servers.dovecot import Dovecot, less_able, need_dovecot, running_dovecot
from tests.watch import QUICK, Watched

HOUR = 3600


@pytest.fixture(scope="module")
def plain_dovecot() -> Iterator[Dovecot]:
    """A server that tells the use of no folder: their names must do."""
    need_dovecot()
    with running_dovecot(change=less_able(uses=False)) as server:
        yield server


@pytest.fixture
def office(office: PostOffice, clock: PinnedClock) -> PostOffice:
    """A shop with a week of mail in INBOX, Sent and Junk that was read, and worked on, a day ago."""
    caught_up(office)
    office.arrives(*letters(12), at=clock() - 5 * HOUR)
    office.arrives(
        *(letter(SUPPORT, f"Re: {n}", f"{n}.\n", to="jo@park.example") for n in range(3)), folder="Sent"
    )
    office.arrives(*letters(2, 50), folder="Junk")
    office.sync()
    at_work(office, [each.id for each in office.conversations() if each.status is Status.OPEN])
    clock.advance(DAY)
    all_here(office)
    return office


# --------------------------------------------------------------------------- 7, 8, 9: other numbers


def test_07_uidvalidity_changes_with_the_same_content(office: PostOffice) -> None:
    before, work = Standing.of(office), done_by_people(office)
    office.imap.set_uidvalidity(office.user, 4711)
    office.imap.set_uidvalidity(office.user, 4712, "Sent")

    done = office.sync()

    assert (done.fetched, done.questions) == (15, [])
    assert Standing.of(office) == before
    assert done_by_people(office) == work
    all_here(office)
    assert office.sync().fetched == 0


def test_07_the_worker_that_stays_notices_and_changes_nothing(office: PostOffice) -> None:
    before, work = Standing.of(office), done_by_people(office)
    with Watched(office, QUICK) as worker:
        worker.until_state("watching")
        office.imap.set_uidvalidity(office.user, 4711)
        worker.until(lambda: office.store.places.cursors("support")["INBOX"].uidvalidity == 4711)
        worker.until(lambda: sum(not gone for _, _, gone in office.places()) == 17)
        worker.until_state("watching")

    assert Standing.of(office) == before
    assert done_by_people(office) == work
    all_here(office)


def test_07_it_is_cut_short_and_begins_again_with_yet_other_numbers(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "AT_ONCE", 4)
    before, work = Standing.of(office), done_by_people(office)
    office.imap.set_uidvalidity(office.user, 4711)
    office.worker(cancelled=lambda: office.number("places") > 20).once()
    office.imap.set_uidvalidity(office.user, 4800)
    office.worker(cancelled=lambda: office.number("places") > 35).once()
    office.sync()

    assert Standing.of(office) == before
    assert done_by_people(office) == work
    all_here(office)


def test_07_what_came_between_the_last_look_and_the_new_numbers_is_live(office: PostOffice) -> None:
    """A server moves house over a long weekend: what customers wrote meanwhile is new, and not history."""
    office.clock.advance(20 * DAY)
    office.arrives(*letters(3, 20), at=office.clock() - 17 * DAY)
    old = letter("Ute <ute@ulm.example>", "An old one, put there by hand")
    office.arrives(old, at=office.clock() - 300 * DAY)
    office.imap.set_uidvalidity(office.user, 4711)
    office.sync()

    rows = by_subject(office)
    for number in (20, 21, 22):
        one = rows[f"Question {number}"].conversation
        assert (one.status, one.unread) == (Status.OPEN, True)
    one = rows["An old one, put there by hand"].conversation
    assert (one.status, one.unread) == (Status.CLOSED, False)
    all_here(office)


def test_08_uidvalidity_changes_with_other_content(office: PostOffice) -> None:
    """The folder was made anew: the old mail stays here and is gone there, the new is added, no flag goes astray."""
    old, work = hashes(office), done_by_people(office)
    conversations = office.number("conversations")
    office.imap.doveadm("expunge", "-u", office.user, "mailbox", "INBOX", "all")
    office.imap.set_uidvalidity(office.user, 4712)
    office.arrives(*letters(5, 30))
    office.sync()
    message, _ = office.reply(by_subject(office)["Question 3"].conversation.id)
    followed(office)
    accepted(office, message)
    go(office)

    fresh = on_server(office, "INBOX")
    assert len(fresh) == 5
    assert hashes(office) == old | fresh
    all_here(office, besides=old)
    assert office.number("conversations") == conversations + 5
    assert sum(gone for folder, _, gone in office.places() if folder == "INBOX") == 12
    assert not any(read(office).values()), "nothing of the new mail was answered"
    assert set(work) <= set(done_by_people(office))


def test_08_a_folder_deleted_and_made_again_with_fewer_and_other_mails(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock
) -> None:
    dovecot.doveadm("mailbox", "create", "-u", imap_user, "Desk")
    box = on_both(dovecot, imap_user, folders=("Desk",))
    office = PostOffice(tmp_path / "shop", dovecot, clock, (box,))
    office.arrives(*letters(6), folder="Desk")
    office.sync()
    old = hashes(office)
    dovecot.doveadm("mailbox", "delete", "-u", imap_user, "Desk")
    dovecot.doveadm("mailbox", "create", "-u", imap_user, "Desk")
    clock.advance(HOUR)
    office.arrives(letters(6)[2], *letters(2, 10), folder="Desk")
    office.sync()

    assert len(hashes(office)) == office.number("conversations") == 8
    all_here(office, besides=old)
    assert Alarms.of(office).unread == 2
    office.close()


def test_09_uidvalidity_changes_before_a_flag_that_waits(office: PostOffice) -> None:
    """The worker has the folder open; then its numbers mean other mail, and only then the mark is due."""
    message, _ = office.reply(by_subject(office)["Question 7"].conversation.id)
    followed(office)
    accepted(office, message)
    jobs = followed(office)
    assert jobs
    (box,) = office.mailboxes
    with connect(box, Secret(SECRET)) as connection:
        cursor = office.store.places.cursors("support")["INBOX"]
        assert connection.open("INBOX", cursor.uidvalidity)
        question = office.imap.raw(office.user, 8)
        for uid in range(1, 13):
            office.imap.expunge(office.user, uid)
        office.imap.set_uidvalidity(office.user, 4713)
        office.arrives(*letters(8, 40), question)
        uids = office.imap.uids(office.user)
        assert not connection.set_seen("INBOX", cursor.uidvalidity, uids)
    go(office)
    assert not any(read(office).values())

    office.sync()
    go(office)
    assert [uid for uid, seen in read(office).items() if seen] == [uids[-1]]


# --------------------------------------------------------------------------- 10, 11, 12: mail that goes elsewhere


def test_10_mail_is_expunged_while_it_is_fetched(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((fetching, "AT_ONCE"), (imap, "BATCH_MESSAGES")):
        monkeypatch.setattr(module, name, 10)
    work, old = done_by_people(office), hashes(office)
    office.arrives(*letters(60, 100))
    there, uids = on_server(office), office.imap.uids(office.user)
    deleted: list[int] = []

    def progress(*_: object) -> None:
        if not deleted:  # another mail program deletes mail that is here, and mail that is still to come
            deleted.extend((uids[0], uids[1], uids[12], uids[13], uids[50], uids[-1]))
            for uid in deleted:
                office.imap.expunge(office.user, uid)

    done = office.worker(progress=progress).once()
    again = office.sync()

    assert not done.troubles
    assert done.fetched >= 56
    assert again.gone == 2 + done.fetched - 56
    assert office.sync().gone == 0
    all_here(office, besides=old | there)
    assert done_by_people(office) == work


@pytest.fixture
def half_read(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PostOffice]:
    """The first reading of a mailbox with 40 mails was cut short: the 20 newest are here."""
    monkeypatch.setattr(fetching, "AT_ONCE", 20)
    office = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user),))
    office.arrives(*letters(40), at=clock() - 30 * DAY)
    office.worker(cancelled=lambda: office.number("places") > 0).once()
    assert office.number("places") == 20
    yield office
    office.close()


def test_10_as_many_are_deleted_as_are_still_to_come(half_read: PostOffice) -> None:
    """The number of messages fits by chance, and still half of them are missing."""
    here = on_server(half_read)
    half_read.imap.doveadm("expunge", "-u", half_read.user, "mailbox", "INBOX", "uid", "21:40")
    done = half_read.sync()

    assert (done.fetched, done.gone) == (20, 20)
    all_here(half_read, besides=here)


def test_10_what_was_still_to_come_is_deleted_and_the_folder_counts_as_read(half_read: PostOffice) -> None:
    half_read.imap.doveadm("expunge", "-u", half_read.user, "mailbox", "INBOX", "uid", "1:20")
    half_read.sync()

    assert {cursor.low for cursor in half_read.store.places.cursors("support").values()} == {1}
    all_here(half_read)


def test_11_mail_is_moved_to_archive_on_the_server(office: PostOffice) -> None:
    office = reading(office, "INBOX", "Archive", "Sent", "Junk")
    office.sync()
    before, work = Standing.of(office), done_by_people(office)
    messages = {message for folder, message, _ in office.places() if folder == "INBOX"}
    office.imap.doveadm("move", "-u", office.user, "Archive", "mailbox", "INBOX", "uid", "1:5")

    done = office.sync()

    assert (done.gone, done.fetched) == (5, 5)
    assert Standing.of(office) == before
    assert done_by_people(office) == work
    moved = {message for folder, message, gone in office.places() if folder == "Archive" and not gone}
    assert moved == {message for folder, message, gone in office.places() if gone}
    assert len(moved) == 5
    assert moved < messages
    all_here(office)
    office.close()


@pytest.mark.parametrize(
    ("folders", "old", "new", "follows"),
    [
        (("Desk",), "Desk", "Counter", False),
        ((), "Sent", "Gesendet", True),
        (("INBOX", "Desk", "Archive"), "Desk", "Archive/2026", False),
    ],
)
def test_12_a_folder_is_renamed_on_the_server(
    tmp_path: Path,
    plain_dovecot: Dovecot,
    clock: PinnedClock,
    folders: tuple[str, ...],
    old: str,
    new: str,
    follows: bool,
) -> None:
    """One that the settings name is told and looked for under its new name when they do; Sent is found by its use."""
    user = plain_dovecot.add_user(f"user{len(folders)}")
    for folder in ("Desk", "Sent", "Archive"):
        plain_dovecot.doveadm("mailbox", "create", "-u", user, folder)
    office = PostOffice(
        tmp_path / "shop", plain_dovecot, clock, (on_both(plain_dovecot, user, folders=folders),)
    )
    office.sync()
    office.arrives(*letters(8), folder=folders[0] if folders else "INBOX")
    office.arrives(
        *(letter(SUPPORT, f"Note {n}", f"{n}\n", to="jo@park.example") for n in range(4)), folder=old
    )
    office.sync()
    at_work(office, [one.id for one in office.conversations() if one.last_from == "customer"])
    before, work = Standing.of(office), done_by_people(office)
    plain_dovecot.doveadm("mailbox", "rename", "-u", user, old, new)

    done = office.sync()
    if follows:
        assert done.questions == []
    else:
        assert done.questions == [f"support has no folder {old}, which the settings name."]
        office = reading(office, *(new if name == old else name for name in folders))
        office.sync()

    assert Standing.of(office) == before
    assert done_by_people(office) == work
    places = [(folder, message) for folder, message, gone in office.places() if not gone]
    assert {folder for folder, _ in places} == {
        new,
        *(["INBOX"] if "INBOX" in (folders or ["INBOX"]) else []),
    }
    assert len(places) == office.number("messages") - 2
    plain_dovecot.doveadm("mailbox", "rename", "-u", user, new, old)
    if folders:
        office = reading(office, *folders)
    office.sync()
    assert Standing.of(office) == before
    office.close()


# --------------------------------------------------------------------------- 13, 14, 15: which message it is


def test_13_the_same_mail_lies_in_three_folders(office: PostOffice) -> None:
    office = reading(office, "INBOX", "Archive", "Sent", "Junk")
    before = office.counts()
    raw = letter(subject="In three places")
    for folder in ("INBOX", "Archive", "Sent"):
        office.arrives(b"Received: by " + folder.encode() + b"\r\n" + raw, folder=folder)
    office.sync()

    after = office.counts()
    assert (after["messages"], after["conversations"]) == (
        before["messages"] + 1,
        before["conversations"] + 1,
    )
    (item,) = office.items(by_subject(office)["In three places"].conversation.id)
    places = {folder for folder, message, gone in office.places() if message == item.id and not gone}
    assert places == {"INBOX", "Archive", "Sent"}
    office.imap.expunge(office.user, office.imap.uids(office.user)[-1])
    office.sync()
    assert office.counts() == after
    office.close()


def test_14_two_mails_have_the_same_message_id_and_other_content(office: PostOffice) -> None:
    before, work = office.counts(), done_by_people(office)
    office.arrives(
        letter(subject="The first", message_id="<same@park.example>"),
        letter("Eve <eve@evil.example>", "The second", "Other words.\n", message_id="<same@park.example>"),
        letter(subject="The first", message_id="<same@park.example>"),
    )
    office.sync()

    assert office.counts()["messages"] == before["messages"] + 2
    items = {
        item.subject: item
        for one in office.conversations()
        for item in office.items(one.id)
        if item.message_id == "<same@park.example>"
    }
    assert items["The first"].oddities == ()
    assert items["The second"].oddities == ("another message has the same Message-ID",)
    assert on_server(office, "INBOX") <= hashes(office)
    assert done_by_people(office) == work


def test_15_mails_have_no_message_id_or_none_that_is_one(office: PostOffice) -> None:
    ids: list[bytes | None] = [
        None,
        b"",
        b"<",
        b"<>",
        b"<" + b"x" * 2000 + b"@a.example>",
        b"no brackets",
        b"<a b@c>",
    ]
    raws = []
    for number, id_ in enumerate((*ids, *ids)):
        head, _, body = letter(f"c{number}@odd.example", f"Odd {number}", f"{number}\n").partition(
            b"\r\n\r\n"
        )
        lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Message-ID")]
        lines += [] if id_ is None else [b"Message-ID: " + id_]
        raws.append(b"\r\n".join(lines) + b"\r\n\r\n" + body)
    before = office.counts()
    office.arrives(*raws)
    office.sync()

    assert office.counts()["messages"] == before["messages"] + len(raws)
    assert office.counts()["conversations"] == before["conversations"] + len(raws)
    all_here(office)
    office.imap.set_uidvalidity(office.user, 4714)
    office.sync()
    assert office.counts()["messages"] == before["messages"] + len(raws)
    all_here(office)


# --------------------------------------------------------------------------- 19, 20, 21


def test_19_mail_read_elsewhere_still_comes_and_fetching_reads_nothing(office: PostOffice) -> None:
    office.arrives(*letters(4, 60))
    uids = office.imap.uids(office.user)[-4:]
    seen = ",".join(map(str, uids[:2]))
    office.imap.doveadm("flags", "add", "-u", office.user, "\\Seen", "mailbox", "INBOX", "uid", seen)
    with Watched(office) as worker:
        worker.until(lambda: on_server(office, "INBOX") <= hashes(office))
        worker.until_state("watching")

    all_here(office)
    assert [uid for uid, was in read(office).items() if was] == uids[:2]
    assert all(by_subject(office)[f"Question {n}"].conversation.unread for n in range(60, 64))


def test_20_thirty_days_without_a_line(office: PostOffice) -> None:
    """Whatever happened meanwhile, all of it comes, as new mail and not as history, and the deadlines are true."""
    work, old = done_by_people(office), hashes(office)
    office.clock.advance(30 * DAY)
    for day in range(30):
        office.arrives(*letters(4, 200 + 4 * day), at=office.clock() - (30 - day) * DAY)
    office.imap.doveadm("flags", "add", "-u", office.user, "\\Seen", "mailbox", "INBOX", "all")
    office.imap.doveadm("expunge", "-u", office.user, "mailbox", "INBOX", "uid", "3,4,5")
    office.arrives(*letters(2, 900), folder="Junk")
    done = office.sync()

    assert (done.fetched, done.gone) == (122, 3)
    all_here(office, besides=old)
    rows = by_subject(office)
    new = [rows[f"Question {n}"] for n in range(200, 320)]
    assert all(row.conversation.status is Status.OPEN and row.conversation.unread for row in new)
    assert sum(row.due_at is not None and row.due_at <= office.clock() for row in new) > 100
    assert done_by_people(office) == work


def erased(office: PostOffice, conversation: int) -> None:
    """An owner erases the customer of a conversation."""
    customer = office.store.rows([conversation])[0].conversation.customer
    outcome = office.store.change(*decision("customer-erase", customer=customer), Who("anna"), office.clock())
    assert outcome.refusal is None
    assert office.store.erasing.go_on(office.clock()) == 1


def test_21_what_was_erased_here_stays_erased_though_its_mail_stays_there(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock
) -> None:
    """Small ones, one that lies in a file, and a large one of which only the beginning comes; then all comes again."""
    office = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user),))
    secret = [letters(1, n, size)[0] for n, size in ((1, 0), (2, 400_000), (3, 6_000_000))]
    office.arrives(letters(1)[0], *secret)
    office.sync()
    for number in (1, 2, 3):
        erased(office, by_subject(office)[f"Question {number}"].conversation.id)
    assert not list(office.folder.glob("raw/*/*")) + list(office.folder.glob("coming/*"))
    counts = office.counts()

    office.imap.set_uidvalidity(office.user, 4715)
    office.imap.doveadm("copy", "-u", office.user, "Junk", "mailbox", "INBOX", "all")
    again = office.sync()
    third = office.sync()

    assert (again.fetched, third.fetched) == (8, 0)
    assert office.counts() == counts
    assert set(by_subject(office)) == {"Question 0", "(erased)"}
    assert office.store.verify(office.clock()) == []
    assert office.number("arrivals") == office.number("jobs") == 0
    places = [message for _, message, gone in office.places() if not gone]
    assert len(places) == 8
    assert sum(message is None for message in places) == 6
    assert not list(office.folder.glob("raw/*/*")) + list(office.folder.glob("coming/*"))
    assert office.number("raws") == 1
    office.arrives(letters(1, 70)[0])
    assert office.sync().placed == 1
    office.close()
