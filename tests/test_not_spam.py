"""What the server put into Junk is watched; "no spam" said here takes it back to INBOX there: the provider learns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.actions import decision
from inbox.channels.imap import connect
from inbox.channels.passwords import Secret
from inbox.channels.trouble import ServerSaidNo
from inbox.model import Conversation, Status
from tests.faults.clock import PinnedClock
from tests.on_the_server import followed, go, jobs
from tests.post_office import ANNA, SECRET, PostOffice, caught_up, letter, on_both
from tests.screenplay import playing
from tests.servers import dovecot as servers
from tests.servers.dovecot import Dovecot, need_dovecot, running_dovecot
from tests.shop import STORY, shop

WIN = "Win <win@lottery.example>"


@pytest.fixture
def office(office: PostOffice) -> Iterator[PostOffice]:
    """Its first sync was a day ago; in the end the store is sound."""
    caught_up(office)
    assert followed(office) == []
    yield office
    assert not office.store.verify(office.clock())


def junked(office: PostOffice, *raws: bytes) -> Conversation:
    """Mail that the server put into Junk has been taken in; the conversation of the last one."""
    office.arrives(*(raws or (letter(),)), folder="Junk")
    office.sync()
    one = office.conversations()[-1]
    assert one.status is Status.SPAM
    return one


def does(office: PostOffice, verb: str, **arguments: object) -> None:
    outcome = office.store.change(*decision(verb, **arguments), ANNA, office.clock())
    assert outcome.refusal is None, outcome.refusal


def there(office: PostOffice) -> tuple[int, int]:
    """How many messages lie in INBOX and in Junk."""
    return len(office.imap.uids(office.user)), len(office.imap.uids(office.user, "Junk"))


# --------------------------------------------------------------------------- not spam


def test_not_spam_moves_the_mail_back_and_nothing_else_happens_here(office: PostOffice) -> None:
    spam = junked(office, letter(WIN, "You have won"), letter())
    does(office, "reopen", conversation=spam.id)
    before, opened = office.counts(), office.store.rows([spam.id])
    assert there(office) == (0, 2)
    assert go(office) == []

    assert there(office) == (1, 1)
    assert office.server_hashes() == {row[0] for row in sha(office, spam.id)}
    office.sync()
    assert office.counts() == before
    assert office.store.rows([spam.id]) == opened
    message = office.items(spam.id)[0].id
    mine = [(folder, gone) for folder, number, gone in office.places() if number == message]
    assert mine == [("INBOX", False), ("Junk", True)]
    assert jobs(office) == []


def sha(office: PostOffice, conversation: int) -> list[tuple[bytes]]:
    return office.store.read(
        "SELECT r.sha FROM messages m JOIN raws r ON r.id = m.raw WHERE m.conversation = ?", (conversation,)
    )


def test_a_junk_folder_that_we_have_emptied_ourselves_is_no_surprise(office: PostOffice) -> None:
    spam = junked(office)
    does(office, "reopen", conversation=spam.id)
    assert go(office) == []
    assert [(folder, gone) for folder, _, gone in office.places()] == [("Junk", True)]

    done = office.sync()
    assert (done.questions, done.gone) == ([], 0)
    assert [(folder, gone) for folder, _, gone in office.places()] == [("INBOX", False), ("Junk", True)]


def test_taken_back_before_the_worker_came_it_moves_nothing(office: PostOffice) -> None:
    spam = junked(office)
    does(office, "reopen", conversation=spam.id)
    assert len(followed(office)) == 1
    does(office, "undo", by="anna")
    assert go(office) == []
    assert (there(office), jobs(office)) == ((0, 1), [])

    does(office, "redo", by="anna")
    assert go(office) == []
    assert there(office) == (1, 0)


def test_called_spam_again_before_the_worker_came_it_moves_nothing(office: PostOffice) -> None:
    spam = junked(office)
    does(office, "reopen", conversation=spam.id)
    does(office, "spam", conversation=spam.id)
    assert go(office) == []

    assert there(office) == (0, 1)


def test_taken_back_when_it_was_moved_already_it_is_spam_all_the_same(office: PostOffice) -> None:
    """That it lies in INBOX now is our own doing: it tells nothing of what anybody thinks of it."""
    spam = junked(office)
    does(office, "reopen", conversation=spam.id)
    assert go(office) == []
    does(office, "undo", by="anna")
    office.sync()

    assert office.the_one().status is Status.SPAM
    assert there(office) == (1, 0)
    office.sync()
    assert office.the_one().status is Status.SPAM


def test_what_is_done_with_it_since_does_not_matter(office: PostOffice) -> None:
    spam = junked(office)
    does(office, "reopen", conversation=spam.id)
    does(office, "close", conversation=spam.id, why="no-answer")
    assert go(office) == []

    assert there(office) == (1, 0)


def test_mail_that_lies_in_the_inbox_is_left_alone(office: PostOffice) -> None:
    """A second copy is not made of what is there, and what a person called spam was never moved."""
    raw = letter(message_id="<q@park.example>")
    office.arrives(raw)
    spam = junked(office, letter(WIN, "You have won"))
    office.sync()
    office.arrives(raw, folder="Junk")
    office.sync()
    (asked,) = [each for each in office.conversations() if each.id != spam.id]
    does(office, "spam", conversation=asked.id)
    assert go(office) == []
    assert there(office) == (1, 2)
    does(office, "reopen", conversation=asked.id)
    assert go(office) == []

    assert there(office) == (1, 2)


def test_only_what_lies_in_junk_is_moved(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock
) -> None:
    box = on_both(dovecot, imap_user, folders=("INBOX", "Archive", "Junk"))
    office = PostOffice(tmp_path / "shop", dovecot, clock, (box,))
    caught_up(office)
    office.arrives(letter(message_id="<q@park.example>"), folder="Archive")
    junk = letter(text="Hello?\n", in_reply_to="<q@park.example>")
    office.arrives(junk, folder="Junk")
    office.sync()
    does(office, "spam", conversation=office.the_one().id)
    does(office, "reopen", conversation=office.the_one().id)
    assert go(office) == []

    assert there(office) == (1, 0)
    assert dovecot.uids(imap_user, "Archive") == [1]
    office.close()


def test_taking_it_out_of_junk_elsewhere_is_no_order_to_move_anything(office: PostOffice) -> None:
    junked(office)
    office.imap.doveadm("move", "-u", office.user, "INBOX", "mailbox", "Junk", "all")
    office.sync()

    assert office.the_one().status is Status.OPEN
    assert followed(office) == []


def test_mail_of_a_blocked_sender_stays_spam_wherever_it_lies(office: PostOffice) -> None:
    spam = junked(office, letter(WIN, "You have won"))
    does(office, "block", conversation=spam.id)
    office.arrives(letter(WIN, "You have won again"))
    office.imap.doveadm("move", "-u", office.user, "INBOX", "mailbox", "Junk", "all")
    office.sync()
    office.sync()

    assert there(office) == (2, 0)
    assert [each.status for each in office.conversations()] == [Status.SPAM, Status.SPAM]
    assert not any(each.unread for each in office.conversations())


# --------------------------------------------------------------------------- servers as they are


def test_numbers_that_mean_other_mail_are_not_moved(office: PostOffice) -> None:
    spam = junked(office)
    does(office, "reopen", conversation=spam.id)
    followed(office)
    office.imap.doveadm("mailbox", "delete", "-u", office.user, "Junk")
    office.imap.doveadm("mailbox", "create", "-u", office.user, "Junk")
    office.arrives(letter(WIN, "You have won"), letter(), folder="Junk")
    (trouble,) = go(office)
    assert trouble == "Junk of support was numbered anew on the server: its mail is looked for again."
    assert there(office) == (0, 2)

    office.sync()
    assert go(office) == []
    assert office.server_hashes() == {row[0] for row in sha(office, spam.id)}
    assert there(office) == (1, 1)


def test_a_server_that_refuses_says_so_and_is_asked_again(office: PostOffice) -> None:
    spam = junked(office)
    does(office, "reopen", conversation=spam.id)
    folder = office.imap.folder / "mail" / office.user / "Maildir" / ".Junk"
    for each in ("cur", "new", "tmp", "."):
        (folder / each).chmod(0o555)
    assert go(office) == ["127.0.0.1 lets nothing be marked or moved in Junk."]
    for each in ("cur", "new", "tmp", "."):
        (folder / each).chmod(0o755)
    assert go(office) == []

    assert there(office) == (1, 0)


def test_moving_what_is_gone_is_no_trouble_and_a_missing_folder_is(office: PostOffice) -> None:
    junked(office)
    with connect(office.mailboxes[0], Secret(SECRET)) as connection:
        uidvalidity = connection.look("Junk").uidvalidity
        assert connection.move("Junk", uidvalidity, [99], "INBOX")
        with pytest.raises(ServerSaidNo) as caught:
            connection.move("Junk", uidvalidity, [1], "Nowhere")
        assert caught.value.code == "TRYCREATE"
        assert not connection.move("Junk", uidvalidity + 1, [1], "INBOX")
        assert connection.look("Junk").exists == 1  # the line is still good

    assert there(office) == (0, 1)


@pytest.mark.parametrize("can", ["UIDPLUS", ""])
def test_a_server_without_move_loses_nothing_that_others_marked_as_deleted(
    can: str, tmp_path: Path, clock: PinnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plain EXPUNGE would take the other message along."""
    need_dovecot()
    monkeypatch.setattr(
        servers, "CONFIG", f"{servers.CONFIG}imap_capability = IMAP4rev1 IDLE SPECIAL-USE {can}\n"
    )
    with running_dovecot() as own:
        office = PostOffice(tmp_path / "shop", own, clock, (on_both(own, own.add_user("ann")),))
        caught_up(office)
        office.arrives(letter(WIN, "You have won"), folder="Junk")
        own.doveadm("flags", "add", "-u", "ann", "\\Deleted", "mailbox", "Junk", "all")
        spam = junked(office, letter())
        with connect(office.mailboxes[0], Secret(SECRET)) as connection:
            assert not connection._client.has_capability("MOVE")
        does(office, "reopen", conversation=spam.id)
        assert go(office) == []

        assert office.server_hashes() == {row[0] for row in sha(office, spam.id)}
        left = {uid: "\\Deleted" in own.flags("ann", uid, "Junk") for uid in own.uids("ann", "Junk")}
        assert left == ({1: True} if can else {1: True, 2: True})
        before = office.counts()
        office.sync()
        assert go(office) == []
        assert (there(office)[0], office.counts()) == (1, before)
        office.close()


# --------------------------------------------------------------------------- on the screen


async def test_the_screen_says_that_it_is_no_spam(tmp_path: Path) -> None:
    store = shop(tmp_path, STORY)
    async with playing(store) as stage:
        await stage.press("!")
        (spam,) = [row for row in store.rows(range(1, 7)) if row.conversation.status is Status.SPAM]
        await stage.press("/", *f"id:{spam.conversation.id}", "enter", "E")
        assert "No spam: open again. u takes it back." in stage.said
    store.close()
