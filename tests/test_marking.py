"""Mail is marked as read on its server when it was answered here, or closed, and never any other mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inbox.actions import decision
from inbox.channels.imap import connect
from inbox.channels.passwords import Secret
from inbox.channels.trouble import NetworkTrouble, ServerSaidNo
from inbox.marking import MOST_TRIES
from inbox.model import Event, EventType, Status
from inbox.ports import Fact, Scope
from tests.faults.clock import PinnedClock
from tests.on_the_server import accepted, followed, go, jobs, read, tries
from tests.post_office import ANNA, SECRET, SUPPORT, PostOffice, caught_up, letter, on_both
from tests.servers.dovecot import Dovecot
from tests.servers.mailboxes import mailbox
from tests.servers.talker import running_talker

HOUR = 3600


def opened(folder: Path, dovecot: Dovecot, user: str, clock: PinnedClock, seen: str = "answer") -> PostOffice:
    """An office that has synced once, and whose record is followed from there on."""
    one = PostOffice(folder, dovecot, clock, (on_both(dovecot, user),))
    one.settings = replace(one.settings, seen=seen)
    caught_up(one)
    assert followed(one) == []
    return one


@pytest.fixture
def make(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock
) -> Iterator[Callable[[str], PostOffice]]:
    made: list[PostOffice] = []

    def make(seen: str) -> PostOffice:
        made.append(opened(tmp_path / "shop", dovecot, imap_user, clock, seen))
        return made[0]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def office(make: Callable[[str], PostOffice]) -> PostOffice:
    return make("answer")


def asks(office: PostOffice, text: str = "Where is it?", **headers: str) -> int:
    """Jo writes and the mail is taken in; its conversation."""
    raw = letter(
        text=f"{text}\n", at=office.clock(), message_id=f"<{text[:5].strip()}@park.example>", **headers
    )
    office.arrives(raw)
    office.sync()
    return max(each.id for each in office.conversations())


def does(office: PostOffice, verb: str, conversation: int, **arguments: object) -> None:
    outcome = office.store.change(
        *decision(verb, conversation=conversation, **arguments), ANNA, office.clock()
    )
    assert outcome.refusal is None, outcome.refusal


# --------------------------------------------------------------------------- when


def test_what_an_answer_answers_is_read_once_a_server_has_taken_it(office: PostOffice) -> None:
    asked = asks(office)
    other = asks(office, "Other thing.")
    message, _ = office.reply(asked)
    go(office)
    assert read(office) == {1: False, 2: False}

    accepted(office, message)
    assert go(office) == []
    assert read(office) == {1: True, 2: False}
    assert jobs(office) == []
    assert other != asked


def test_mail_that_came_while_the_answer_was_on_its_way_stays_unread(office: PostOffice) -> None:
    conversation = asks(office, "First.")
    message, _ = office.reply(conversation)
    assert asks(office, "Second.", in_reply_to="<First@park.example>") == conversation
    accepted(office, message)
    go(office)

    assert read(office) == {1: True, 2: False}


def test_what_came_while_one_was_on_the_phone_stays_unread(office: PostOffice) -> None:
    conversation = asks(office, "First.")
    began = office.clock()
    office.clock.advance(60)
    assert asks(office, "Second.", in_reply_to="<First@park.example>") == conversation
    does(office, "call", conversation, text="On Thursday.", at=began)
    go(office)

    assert read(office) == {1: True, 2: False}


def test_that_a_transcript_shows_an_answer_answers_nothing_more(office: PostOffice) -> None:
    conversation = asks(office, "First.")
    does(office, "by-hand", conversation, text="Soon.")
    go(office)
    assert asks(office, "Second.", in_reply_to="<First@park.example>") == conversation
    shown = Event(
        EventType.SENT_BY_HAND,
        office.clock(),
        ANNA.name,
        conversation,
        office.items(conversation)[1].id,
        data={"line": "7"},
    )
    office.store.change(Scope(conversations=(conversation,)), lambda *_: [Fact(shown)], ANNA, office.clock())
    go(office)

    assert read(office) == {1: True, 2: False}


def test_an_answer_written_elsewhere_answers_what_is_older(office: PostOffice) -> None:
    asks(office, "First.")
    office.clock.advance(HOUR)
    answered = office.clock()
    ours = letter(
        SUPPORT, "Re: parcel", "Soon.\n", answered, "jo@park.example", in_reply_to="<First@park.example>"
    )
    office.arrives(ours, folder="Sent")
    office.arrives(letter(text="Late in the folder.\n", in_reply_to="<First@park.example>"), at=answered - 60)
    office.arrives(letter(text="After it.\n", in_reply_to="<First@park.example>"), at=answered + 60)
    office.clock.advance(HOUR)
    office.sync()
    go(office)

    assert office.the_one().messages == 4
    assert read(office) == {1: True, 2: True, 3: False}


def test_closing_marks_only_where_the_settings_say_so(make: Callable[[str], PostOffice]) -> None:
    office = make("close")
    conversation = asks(office)
    message, _ = office.reply(conversation)
    accepted(office, message)
    go(office)
    assert read(office) == {1: False}

    does(office, "close", conversation)
    go(office)
    assert read(office) == {1: True}


def test_an_answer_that_closes_counts_as_closing(make: Callable[[str], PostOffice]) -> None:
    office = make("close")
    conversation = asks(office)
    last = office.items(conversation)[-1]
    arguments = {
        "to": ["jo@park.example"],
        "sender": SUPPORT,
        "item": last,
        "then": "closed",
        "leave_after": 0,
    }
    outcome = office.store.change(
        *decision("reply", conversation=conversation, text="Sent today.", **arguments), ANNA, office.clock()
    )
    assert office.the_one().status is Status.CLOSED
    accepted(office, outcome.events[0].message or 0)
    go(office)

    assert read(office) == {1: True}


def test_never_means_never(make: Callable[[str], PostOffice]) -> None:
    office = make("never")
    conversation = asks(office)
    message, _ = office.reply(conversation)
    accepted(office, message)
    does(office, "close", conversation)

    assert go(office) == []
    assert read(office) == {1: False}


def test_a_closing_taken_back_in_time_marks_nothing_and_done_again_it_does(
    make: Callable[[str], PostOffice],
) -> None:
    office = make("close")
    conversation = asks(office)
    does(office, "close", conversation, why="thanks")
    assert followed(office) == [f"seen support {office.store.events(conversation)[-1].seq}"]
    office.store.change(*decision("undo", by="anna"), ANNA, office.clock())
    go(office)
    assert (read(office), jobs(office)) == ({1: False}, [])

    office.store.change(*decision("redo", by="anna"), ANNA, office.clock())
    go(office)
    assert read(office) == {1: True}


def test_what_was_decided_before_is_history(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock
) -> None:
    """A workspace of yesterday's Frontdesk: nobody followed its record yet, and its mail is not marked now."""
    office = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user),))
    office.arrives(letter(message_id="<q@park.example>"), at=clock() - 2 * HOUR)
    office.arrives(
        letter(
            SUPPORT,
            "Re: parcel",
            "Soon.\n",
            clock() - HOUR,
            "jo@park.example",
            in_reply_to="<q@park.example>",
        ),
        folder="Sent",
        at=clock() - HOUR,
    )
    caught_up(office)
    message, _ = office.reply(office.the_one().id)
    accepted(office, message)
    with office.store.writing() as transaction:
        transaction.connection.execute("DELETE FROM meta WHERE name = 'followed'")

    assert go(office) == []
    assert read(office) == {1: False}
    message, _ = office.reply(office.the_one().id, "And now?")
    accepted(office, message)
    go(office)
    assert read(office) == {1: True}
    office.close()


@pytest.mark.parametrize("seen", ["answer", "close"])
def test_the_first_sync_of_another_mailbox_marks_nothing(
    make: Callable[[str], PostOffice], seen: str
) -> None:
    """Its old answers, and the old mail that it closes, are history."""
    office = make(seen)
    user = office.imap.add_user(f"{office.user}-sales")
    sales = on_both(office.imap, user, name="sales", address="sales@shop.example")
    office.settings = replace(office.settings, mailboxes=(*office.mailboxes, sales))
    office.arrives(letter(message_id="<q@park.example>"), user=user)
    answer = letter(
        SUPPORT, "Re: parcel", "Soon.\n", office.clock(), "jo@park.example", in_reply_to="<q@park.example>"
    )
    office.arrives(answer, folder="Sent", user=user)
    office.arrives(letter("Lea <lea@krol.example>"), user=user, at=office.clock() - 90 * 86_400)
    office.sync()
    assert go(office) == []

    assert [each.status for each in office.conversations()] == [Status.CLOSED, Status.CLOSED]
    assert [office.imap.flags(user, uid) for uid in (1, 2)] == [set(), set()]


def test_a_long_record_is_followed_to_its_end(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.following.AT_ONCE", 2)
    conversation = asks(office)
    for tag in "abcdef":
        office.store.change(*decision("tag", conversation=conversation, add=[tag]), ANNA, office.clock())
    message, _ = office.reply(conversation)
    accepted(office, message)
    go(office)

    assert read(office) == {1: True}
    assert office.store.following.news() is None


def test_an_export_read_back_is_history(
    make: Callable[[str], PostOffice], tmp_path: Path, clock: PinnedClock
) -> None:
    """Its mail lies on the server still, and whoever reads the export back has decided nothing by that."""
    office = make("answer")
    message, _ = office.reply(asks(office))
    accepted(office, message)
    office.store.export(tmp_path / "export")
    copy = PostOffice(tmp_path / "copy", office.imap, clock, office.mailboxes)
    assert followed(copy) == []
    copy.store.take_in_export(tmp_path / "export", clock())

    assert copy.store.places.cursors("support") == {}
    assert go(copy) == []
    assert read(copy) == {1: False}
    copy.close()


# --------------------------------------------------------------------------- where


def test_every_copy_is_read_in_every_mailbox(office: PostOffice) -> None:
    user = office.imap.add_user(f"{office.user}-b")
    office.mailboxes = (
        *office.mailboxes,
        on_both(office.imap, user, name="sales", address="sales@shop.example"),
    )
    office.settings = replace(office.settings, mailboxes=office.mailboxes)
    raw = letter()
    for folder, whose in (("INBOX", office.user), ("Junk", office.user), ("INBOX", user)):
        office.arrives(raw, folder=folder, user=whose)
    office.sync()
    message, _ = office.reply(office.the_one().id)
    accepted(office, message)
    go(office)

    assert read(office) == read(office, "Junk") == {1: True}
    assert office.imap.flags(user, 1) == {"\\Seen"}


def test_mail_of_a_conversation_that_was_joined_with_another_is_found(office: PostOffice) -> None:
    one = asks(office, "First.")
    two = asks(office, "Other.", subject="Other")
    message, _ = office.reply(two)
    does(office, "merge", two, into=one)
    accepted(office, message)
    go(office)

    assert read(office) == {1: True, 2: True}


# --------------------------------------------------------------------------- numbers that mean other mail


def test_numbers_that_mean_other_mail_since_the_answer_are_not_used(office: PostOffice) -> None:
    """The folder was made anew between the answer and the job: another mail has the number of the answered one."""
    conversation = asks(office)
    message, _ = office.reply(conversation)
    accepted(office, message)
    followed(office)
    question = office.imap.raw(office.user, 1)
    office.imap.expunge(office.user, 1)
    office.imap.set_uidvalidity(office.user, 4711)
    office.arrives(letter("Lea <lea@krol.example>", "Something else"), question)
    uids = office.imap.uids(office.user)

    (trouble,) = go(office)
    assert trouble == "INBOX of support was numbered anew on the server: its mail is looked for again."
    assert read(office) == dict.fromkeys(uids, False)
    office.sync()
    assert go(office) == []

    assert read(office) == {uids[0]: False, uids[1]: True}
    assert jobs(office) == []


def test_the_same_number_in_a_folder_made_anew_is_other_mail(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock
) -> None:
    dovecot.doveadm("mailbox", "create", "-u", imap_user, "Desk")
    box = on_both(dovecot, imap_user, folders=("Desk", "Sent"))
    office = PostOffice(tmp_path / "shop", dovecot, clock, (box,))
    caught_up(office)
    followed(office)
    office.arrives(letter(), folder="Desk")
    office.sync()
    message, _ = office.reply(office.the_one().id)
    accepted(office, message)
    followed(office)
    dovecot.doveadm("mailbox", "delete", "-u", imap_user, "Desk")
    dovecot.doveadm("mailbox", "create", "-u", imap_user, "Desk")
    office.arrives(letter("Lea <lea@krol.example>", "Something else"), folder="Desk")
    go(office)
    office.sync()
    go(office)

    assert read(office, "Desk") == {1: False}
    assert jobs(office) == []
    office.close()


def test_while_a_folder_is_being_read_anew_the_job_waits(office: PostOffice) -> None:
    conversation = asks(office)
    message, _ = office.reply(conversation)
    accepted(office, message)
    office.imap.set_uidvalidity(office.user, 4712)
    office.store.places.begin("support", "INBOX", 4712, 1)
    assert go(office) == []
    assert (read(office), len(jobs(office))) == ({1: False}, 1)

    office.sync()
    go(office)
    assert (read(office), jobs(office)) == ({1: True}, [])


def test_mail_that_is_gone_from_the_server_is_no_trouble(office: PostOffice) -> None:
    conversation = asks(office)
    asks(office, "Other.", subject="Other")
    message, _ = office.reply(conversation)
    accepted(office, message)
    office.imap.expunge(office.user, 1)
    assert go(office) == []  # nobody has looked since
    assert read(office) == {2: False}
    office.sync()
    message, _ = office.reply(conversation, "More.")
    accepted(office, message)

    assert go(office) == []
    assert jobs(office) == []


# --------------------------------------------------------------------------- servers that will not


def test_a_folder_that_may_only_be_read_is_told_and_given_up_after_days(office: PostOffice) -> None:
    conversation = asks(office)
    message, _ = office.reply(conversation)
    accepted(office, message)
    folder = office.imap.folder / "mail" / office.user / "Maildir"
    with only_for_reading(folder):
        (trouble,) = go(office)
        assert trouble == "127.0.0.1 lets nothing be marked or moved in INBOX."
        begun = office.clock()
        while jobs(office):
            ((count, again),) = tries(office)
            assert count <= MOST_TRIES
            office.clock.set(again)
            go(office)
    assert 2 * 86_400 < office.clock() - begun < 5 * 86_400
    assert office.the_one().messages == 2


class only_for_reading:
    """A Maildir in which the server may change nothing."""

    def __init__(self, folder: Path) -> None:
        self.folders = [folder / name for name in ("cur", "new", "tmp")] + [folder]

    def __enter__(self) -> None:
        for each in self.folders:
            each.chmod(0o555)

    def __exit__(self, *_: object) -> None:
        for each in self.folders:
            each.chmod(0o755)


@pytest.mark.parametrize(
    ("permanent", "code"),
    [(b"* OK [PERMANENTFLAGS (\\Deleted)] some\r\n", "READ-ONLY"), (b"", "NOPERM")],
)
def test_a_server_that_keeps_no_such_mark_says_so(permanent: bytes, code: str) -> None:
    def answer(line: bytes) -> bytes | None:
        tag, _, words = line.partition(b" ")
        said = b""
        if words.startswith(b"CAPABILITY"):
            said = b"* CAPABILITY IMAP4rev1\r\n"
        elif words.startswith((b"SELECT", b"EXAMINE")):
            said = b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 2] x\r\n" + permanent
        elif words.startswith(b"UID STORE"):
            return tag + b" NO [NOPERM] not you\r\n"
        return said + tag + b" OK done\r\n"

    with (
        running_talker(b"* OK hi\r\n", answer) as talker,
        connect(mailbox(imap_port=talker.port), Secret(SECRET), timeout=5) as connection,
    ):
        with pytest.raises(ServerSaidNo) as caught:
            connection.set_seen("INBOX", 7, [1])
        assert caught.value.code == code
        assert (b"STORE" in talker.heard_words()) == (code == "NOPERM")


def test_a_line_that_breaks_leaves_the_job_for_later(office: PostOffice) -> None:
    conversation = asks(office)
    message, _ = office.reply(conversation)
    accepted(office, message)
    followed(office)
    office.settings = replace(office.settings, mailboxes=(on_both(office.imap, office.user, imap_port=1),))
    with pytest.raises(NetworkTrouble):
        go(office)
    assert len(jobs(office)) == 1
    office.settings = replace(office.settings, mailboxes=office.mailboxes)
    go(office)

    assert read(office) == {1: True}
