"""Mail from a real IMAP server to conversations: every message once, nothing lost, nothing touched, nobody alarmed."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from inbox import beside, fetching, mime
from inbox.actions import decision
from inbox.channels.trouble import BadPassword
from inbox.intake import Intake
from inbox.model import ClockState, Message, Status
from inbox.settings import DAY
from inbox.worker import NOT_PLACED
from tests.faults.clock import PinnedClock
from tests.faults.proxy import Proxy
from tests.post_office import ANNA, SUPPORT, PostOffice, caught_up, letter, on_both
from tests.servers.dovecot import Dovecot
from tests.servers.mailboxes import mailbox

HOUR = 3600


def letters(count: int, first: int = 0) -> list[bytes]:
    return [
        letter(f"c{n}@customer.example", f"Question {n}", f"Number {n}?\n")
        for n in range(first, first + count)
    ]


# --------------------------------------------------------------------------- the first sync, and the next


def test_the_first_sync_is_history_and_makes_nothing_late(office: PostOffice) -> None:
    now = office.clock()
    office.arrives(letter(subject="last week"), at=now - 6 * DAY)
    office.arrives(letter(subject="last month"), at=now - 30 * DAY)
    done = office.sync()

    assert (done.fetched, done.placed) == (2, 2)
    old, recent = sorted(office.conversations(), key=lambda each: each.first_at)
    assert (old.status, old.closed_why) == (Status.CLOSED, "import")
    assert recent.status is Status.OPEN
    assert not any(each.unread for each in (old, recent))
    (clock,) = office.reply_clocks(recent.id)
    assert clock.state is ClockState.RUNNING
    assert clock.due is not None
    assert clock.due > now  # six days of silence count from the import on


def test_mail_that_comes_after_the_first_sync_is_live(office: PostOffice) -> None:
    office.arrives(letter(subject="old"), at=office.clock() - 30 * DAY)
    caught_up(office)
    office.arrives(letter("Lea <lea@krol.example>", "new"), at=office.clock() - HOUR)
    done = office.sync()

    assert (done.fetched, done.placed) == (1, 1)
    fresh = office.conversations()[-1]
    assert (fresh.status, fresh.unread, fresh.waiting_since) == (Status.OPEN, True, office.clock() - HOUR)
    (clock,) = office.reply_clocks(fresh.id)
    assert clock.started >= office.clock() - HOUR


def test_a_first_sync_that_was_cut_short_stays_history(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lay there before the first look is old, however many passes it takes to fetch it."""
    monkeypatch.setattr(fetching, "AT_ONCE", 10)
    office.arrives(*letters(120), at=office.clock() - 30 * DAY)
    office.worker(cancelled=lambda: office.number("messages") > 0).once()
    assert 0 < office.number("messages") < 120

    office.sync()

    assert {each.status for each in office.conversations()} == {Status.CLOSED}
    assert not any(each.unread for each in office.conversations())
    assert office.number("messages") == 120


def test_nothing_new_changes_nothing(office: PostOffice) -> None:
    office.arrives(*letters(5))
    office.sync()
    before = office.counts()

    done = office.sync()

    assert (done.fetched, done.placed, done.gone) == (0, 0, 0)
    assert office.counts() == before


def test_raw_bytes_are_kept_as_the_server_has_them(office: PostOffice) -> None:
    office.arrives(*letters(60))
    office.arrives(letter(text="Grüße aus Köln, 一二三\n"), letter(text=".\n..\n" + "x" * 5000 + "\n"))
    office.sync()

    assert office.hashes() == office.server_hashes()
    assert office.number("messages") == 62


# --------------------------------------------------------------------------- places


def in_folders(office: PostOffice, *folders: str) -> PostOffice:
    """The same workspace, its settings naming other folders."""
    box = on_both(office.imap, office.user, folders=folders)
    office.close()
    return PostOffice(office.folder, office.imap, office.clock, (box,))


def test_what_is_deleted_on_the_server_stays_here(office: PostOffice) -> None:
    office.arrives(*letters(3))
    office.sync()
    before = office.counts()
    office.imap.expunge(office.user, 2)

    done = office.sync()

    assert (done.gone, office.counts()) == (1, before)
    assert [gone for _, _, gone in office.places()] == [False, True, False]


def test_a_folder_that_is_suddenly_empty_is_a_question(office: PostOffice) -> None:
    office.arrives(*letters(3))
    office.sync()
    office.imap.doveadm("expunge", "-u", office.user, "mailbox", "INBOX", "all")

    done = office.sync()

    assert done.questions == ["support, INBOX: The folder was full and is empty now."]
    assert done.gone == 0
    assert not any(gone for _, _, gone in office.places())


def test_a_junk_folder_that_somebody_has_emptied_is_no_question(office: PostOffice) -> None:
    office.arrives(*letters(3), folder="Junk")
    office.sync()
    before = office.counts()
    office.imap.doveadm("expunge", "-u", office.user, "mailbox", "Junk", "all")

    done = office.sync()

    assert (done.questions, done.gone) == ([], 3)
    assert all(gone for _, _, gone in office.places())
    assert office.counts() == before


def test_a_folder_of_the_settings_that_is_not_there_is_told(office: PostOffice) -> None:
    office = in_folders(office, "INBOX", "Archives")
    office.arrives(letter())
    done = office.sync()

    assert done.questions == ["support has no folder Archives, which the settings name."]
    assert office.number("messages") == 1
    office.close()


# --------------------------------------------------------------------------- numbers that mean something else


def test_a_mailbox_restored_from_an_older_copy_gives_numbers_away_twice(
    office: PostOffice, dovecot: Dovecot
) -> None:
    """The server's disk died: it counts on from an old backup, and new mail gets a number we know already."""
    caught_up(office)
    office.arrives(*letters(3))
    office.sync()
    store = office.imap.folder / "mail" / office.user / "Maildir"
    for file in (*store.glob("cur/*"), *store.glob("new/*"), *store.glob("dovecot*")):
        file.unlink()
    office.arrives(letter(subject="after the crash"))
    office.imap.set_uidvalidity(office.user, office.store.places.cursors("support")["INBOX"].uidvalidity)
    assert office.imap.uids(office.user) == [1]

    office.sync()

    assert office.server_hashes() < office.hashes()
    assert office.number("messages") == 4
    assert sum(not gone for _, _, gone in office.places()) == 1


# --------------------------------------------------------------------------- while it is being fetched


def test_a_message_the_server_hid_once_comes_with_the_next_pass(office: PostOffice) -> None:
    """A place we have lost sight of: the number of messages does not fit, so all are compared."""
    office.arrives(*letters(5))
    office.sync()
    with office.store.writing() as transaction:
        transaction.connection.execute("DELETE FROM places WHERE uid = 3")

    done = office.sync()

    assert done.fetched == 1
    assert office.number("messages") == 5
    assert sum(not gone for _, _, gone in office.places()) == 5


def test_twenty_megabytes_come_in_pieces_and_hold_nobody_up(office: PostOffice) -> None:
    caught_up(office)
    large = letter(subject="The scan", text="See below.\n") + b"x" * 70 + b"\r\n"
    large += (b"0123456789" * 7 + b"\r\n") * (20 * 2**20 // 72)
    office.arrives(letter(subject="before"), large, letter(subject="after"))
    done = office.sync()

    assert done.placed == 3
    assert sha256(large).digest() in office.hashes()
    assert office.hashes() == office.server_hashes()


def test_large_lots_are_placed_as_they_come(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by the sweep at the end, which places what an earlier pass left."""
    monkeypatch.setattr(fetching, "AT_ONCE", 20)
    monkeypatch.setattr(beside, "MANY", 10)
    monkeypatch.setattr(beside, "CORES", 2)
    monkeypatch.setattr(Intake, "place_waiting", lambda *_: 0)
    office.arrives(*letters(90), letter(text="Grüße\n"))
    done = office.worker().once()

    assert (done.fetched, done.placed, done.notes) == (91, 91, [])
    assert office.hashes() == office.server_hashes()


# --------------------------------------------------------------------------- mail that nobody can read


def test_a_message_that_cannot_be_stored_holds_nobody_up(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read, but made of what no database takes: half a surrogate pair where a name should be."""
    caught_up(office)
    poison = letter(subject="poison")
    office.arrives(*letters(10), poison, *letters(10, first=10))

    def parse(raw: bytes, read: Callable[[bytes], Message] = mime.parse) -> Message:
        return Message(message_id="<\udcff@x>", digest="\udcff") if raw == poison else read(raw)

    monkeypatch.setattr(mime, "parse", parse)
    done = office.sync()

    assert done.placed == 21
    assert office.number("messages") == 21
    assert sum(each.quarantined for each in office.conversations()) == 1


def test_what_the_database_refuses_waits_and_holds_nobody_up(office: PostOffice) -> None:
    caught_up(office)
    office.arrives(letter(subject="poison"), at=office.clock() - 77)
    office.arrives(*letters(10))
    with office.store.writing() as transaction:
        transaction.connection.execute(
            f"CREATE TRIGGER refuse BEFORE INSERT ON messages WHEN new.at = {office.clock() - 77}"
            " BEGIN SELECT RAISE(ABORT, 'not this one'); END"
        )

    first, again = office.sync(), office.sync()

    assert (first.placed, again.placed) == (10, 0)
    assert first.notes == again.notes == [NOT_PLACED]
    assert office.number("arrivals") == 1
    with office.store.writing() as transaction:
        transaction.connection.execute("DROP TRIGGER refuse")
    assert office.sync().placed == 1
    assert office.hashes() == office.server_hashes()


# --------------------------------------------------------------------------- Sent and Junk


def test_an_answer_written_elsewhere_meets_the_clock(office: PostOffice) -> None:
    caught_up(office)
    office.arrives(letter(message_id="<q@park.example>"), at=office.clock() - 2 * HOUR)
    office.sync()
    asked = office.the_one()
    answered = office.clock() - HOUR
    office.arrives(
        letter(
            SUPPORT, "Re: Where is my parcel?", "On its way.\n", answered, "jo@park.example",
            in_reply_to="<q@park.example>",
        ),
        folder="Sent",
        at=answered,
    )  # fmt: skip
    office.sync()

    one = office.the_one()
    assert (one.id, one.status, one.waiting_since, one.answered) == (asked.id, Status.WAITING, None, True)
    (clock,) = office.reply_clocks(one.id)
    assert (clock.state, clock.met) == (ClockState.MET, answered)
    assert [item.direction for item in office.items(one.id)] == ["in", "out"]


def test_a_from_of_ours_in_the_inbox_is_only_a_claim(office: PostOffice) -> None:
    caught_up(office)
    office.arrives(letter(message_id="<q@park.example>"))
    office.sync()
    office.arrives(letter(SUPPORT, "Re: Where is my parcel?", "Refunded!\n", in_reply_to="<q@park.example>"))
    office.sync()

    assert office.conversations()[0].status is Status.OPEN
    assert office.conversations()[0].answered is False


def test_junk_is_spam_only_when_it_is_new(office: PostOffice) -> None:
    caught_up(office)
    office.arrives(letter(message_id="<q@park.example>"))
    office.sync()
    office.arrives(
        letter(subject="Re: Where is my parcel?", text="Well?\n", in_reply_to="<q@park.example>"),
        folder="Junk",
    )
    office.arrives(letter("Win <win@lottery.example>", "You have won"), folder="Junk")
    office.sync()

    assert [each.status for each in office.conversations()] == [Status.OPEN, Status.SPAM]
    assert office.conversations()[0].messages == 2


def test_mail_taken_out_of_junk_comes_back(office: PostOffice) -> None:
    caught_up(office)
    office.arrives(letter(), folder="Junk")
    office.sync()
    assert office.the_one().status is Status.SPAM
    office.imap.doveadm("move", "-u", office.user, "INBOX", "mailbox", "Junk", "all")

    office.sync()

    one = office.the_one()
    assert (one.status, one.unread) == (Status.OPEN, True)
    assert office.number("messages") == 1


def test_what_a_person_called_spam_stays_spam_wherever_it_lies(office: PostOffice) -> None:
    office = in_folders(office, "INBOX", "Archive", "Junk")
    caught_up(office)
    office.arrives(letter(), folder="Archive")
    office.sync()
    office.store.change(*decision("spam", conversation=office.the_one().id), ANNA, office.clock())
    office.arrives(letter())
    office.sync()

    assert office.the_one().status is Status.SPAM
    office.close()


# --------------------------------------------------------------------------- several mailboxes


def test_one_unreachable_mailbox_does_not_stop_the_other(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock
) -> None:
    here = on_both(dovecot, imap_user, name="sales", address="sales@shop.example")
    office = PostOffice(tmp_path / "shop", dovecot, clock, (mailbox(name="dead"), here))
    office.mailboxes = (here,)
    office.arrives(letter())

    done = office.worker().once()

    assert done.placed == 1
    ((name, error),) = done.troubles
    assert name == "dead"
    assert "127.0.0.1:1 failed while connecting" in error.what
    assert error.next_step
    assert office.the_one().mailbox == "sales"
    office.close()


def test_a_pass_ends_when_it_is_told_to_though_a_server_keeps_silent(
    tmp_path: Path,
    dovecot: Dovecot,
    imap_user: str,
    clock: PinnedClock,
    proxy_to: Callable[[str, int], Proxy],
) -> None:
    proxy = proxy_to(dovecot.host, dovecot.port)
    proxy.black_hole(after=100)
    silent = on_both(dovecot, imap_user, imap_host=proxy.host, imap_port=proxy.port)
    office = PostOffice(tmp_path / "shop", dovecot, clock, (silent,))

    done = office.worker(cancelled=lambda: proxy.struck > 0).once()

    assert (done.fetched, done.troubles) == (0, [])
    office.close()


def test_a_refused_password_is_tried_once_a_pass_and_told(
    tmp_path: Path, own_dovecot: Dovecot, dovecot: Dovecot, imap_user: str, clock: PinnedClock
) -> None:
    """Not a second time for the answer that waits to be sent, and not for the copy that is to be filed in Sent."""
    ann = own_dovecot.add_user("ann")
    boxes = on_both(own_dovecot, ann, name="support"), on_both(dovecot, imap_user, name="sales")
    office = PostOffice(tmp_path / "shop", own_dovecot, clock, boxes)
    office.arrives(letter())
    office.sync()
    message, _ = office.reply(office.the_one().id)
    office.store.jobs.add("sent-copy", str(message), clock())
    clock.advance(30)
    office.imap, office.mailboxes = dovecot, boxes[1:]
    office.arrives(letter(subject="for sales"))
    office.passwords["support"] = "not-the-one"
    office.asked.clear()

    done = office.worker().once()

    assert sorted(office.asked) == ["sales", "support"]
    ((name, error),) = done.troubles
    assert name == "support"
    assert isinstance(error, BadPassword)
    assert error.what.startswith(
        f"127.0.0.1:{own_dovecot.port} refused the user or password of the mailbox support"
    )
    assert "Check user and password" in error.next_step
    assert "not-the-one" not in str(error)
    assert done.placed == 1
    assert office.state_of(message) == "queued"
    office.close()
