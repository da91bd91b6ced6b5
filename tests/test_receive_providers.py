"""The ways of Gmail and Exchange, as far as a Dovecot can act them; and of servers that can do little."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from inbox.channels.folder_names import use_by_name
from inbox.channels.imap import Folder, connect
from inbox.channels.passwords import Secret
from inbox.model import ClockState, Status
from inbox.settings import DAY
from tests.faults.clock import PinnedClock
from tests.post_office import SECRET, SUPPORT, PostOffice, letter, on_both
from tests.receiving import Standing, all_here, at_work, by_subject, done_by_people, letters, on_server
from tests.servers.dovecot import Dovecot, less_able, need_dovecot, running_dovecot
from tests.servers.smtp import SmtpServer
from tests.watch import PATIENT, QUICK, Watched

HOUR = 3600
LABELS = ("INBOX", "[Gmail]/All Mail", "[Gmail]/Sent Mail", "[Gmail]/Spam", "Customers/Krol")
Make = Callable[..., Dovecot]


@pytest.fixture
def make() -> Iterator[Make]:
    """Make a server of its own kind: `make(change)`."""
    need_dovecot()
    with ExitStack() as stack:
        yield lambda change: stack.enter_context(running_dovecot(change=change))


def like_gmail(config: str) -> str:
    """Folders as Gmail has them: one for all mail, and labels."""
    return (
        config.replace("mailbox Sent {{", 'mailbox "[Gmail]/Sent Mail" {{')
        .replace("mailbox Junk {{", 'mailbox "[Gmail]/Spam" {{')
        .replace("mailbox Archive {{", 'mailbox "[Gmail]/All Mail" {{')
        .replace("\\Archive", "\\All")
    )


def opened(
    folder: Path, server: Dovecot, clock: PinnedClock, smtp: SmtpServer | None = None, *folders: str
) -> PostOffice:
    """A shop whose first sync is done, a day later."""
    user = server.add_user("ann")
    for name in ("Customers/Krol", "Archive"):
        server.doveadm("mailbox", "create", "-u", user, name, check=False)
    office = PostOffice(folder / "shop", server, clock, (on_both(server, user, smtp, folders=folders),))
    office.sync()
    clock.advance(DAY)
    return office


# --------------------------------------------------------------------------- Gmail


def test_a_mail_with_labels_is_one_message_and_archived_it_is_the_same_elsewhere(
    tmp_path: Path, make: Make, clock: PinnedClock
) -> None:
    server = make(like_gmail)
    office = opened(tmp_path, server, clock, None, *LABELS)
    raws = letters(3)
    for folder in ("[Gmail]/All Mail", "INBOX", "Customers/Krol"):
        office.arrives(*raws, folder=f'"{folder}"')
    office.sync()
    at_work(office, [one.id for one in office.conversations()])
    before, work = Standing.of(office), done_by_people(office)
    assert (before.counts["conversations"], before.alarms.unread) == (3, 2), "answered is read"
    assert len(office.places()) == 9

    server.doveadm("expunge", "-u", "ann", "mailbox", "INBOX", "uid", "1,2")
    office.sync()
    assert Standing.of(office) == before
    assert sum(gone for _, _, gone in office.places()) == 2
    all_here(office)

    office.arrives(*raws[:2])
    office.sync()
    assert Standing.of(office) == before
    assert done_by_people(office) == work
    all_here(office)
    office.close()


def test_the_provider_files_what_we_send_and_no_second_copy_is_filed(
    tmp_path: Path, make: Make, clock: PinnedClock, smtp_server: SmtpServer
) -> None:
    """Also with a header more than we sent; and when it comes a moment too late, the two copies are one message."""
    server = make(like_gmail)
    office = opened(tmp_path, server, clock, smtp_server)
    office.arrives(*letters(2))
    office.sync()
    ids: list[str] = []
    for number, late in enumerate((False, True)):
        message, message_id = office.reply(by_subject(office)[f"Question {number}"].conversation.id)
        clock.advance(office.settings.undo_window)
        raw = b"X-Gm-Message-State: 1\r\n" + (office.store.raw(message) or b"")
        answered = smtp_server.hold("dot")
        with Watched(office, QUICK) as worker:
            smtp_server.reached("dot").wait(20)
            if not late:
                office.arrives(raw, folder='"[Gmail]/Sent Mail"')
            answered.set()
            worker.until(lambda message=message: office.state_of(message) == "sent")  # type: ignore[misc]  # bound at once
            worker.until(lambda: office.number("jobs") == 0)
            if late:
                office.arrives(raw, folder='"[Gmail]/Sent Mail"')
            worker.until(
                lambda message=message, count=1 + late: (  # type: ignore[misc]  # bound at once
                    [place[1] for place in office.places()].count(message) == count
                )
            )
            worker.until_state("watching")
        smtp_server._holds.clear()
        ids.append(message_id)

    found = server.doveadm("search", "-u", "ann", "mailbox", "[Gmail]/Sent Mail", "header", "Message-ID", "<")
    assert len(found.splitlines()) == 3
    assert all(smtp_server.count(message_id) == 1 for message_id in ids)
    assert office.number("messages") == 4
    assert all(one.status is Status.WAITING for one in office.conversations())
    office.close()


@pytest.mark.parametrize("first", ["[Gmail]/All Mail", "INBOX", "[Gmail]/Sent Mail"])
def test_an_answer_written_in_webmail_meets_the_clock_wherever_it_is_seen_first(
    tmp_path: Path, make: Make, clock: PinnedClock, first: str
) -> None:
    """All Mail holds it as well, and a Bcc to ourselves is heard of sooner than what lies in Sent."""
    office = opened(tmp_path, make(like_gmail), clock, None, *LABELS)
    office.arrives(letter(message_id="<q@park.example>"), at=clock() - 2 * HOUR)
    office.sync()
    clock.advance(HOUR)
    answer = letter(
        SUPPORT, "Re: Where is my parcel?", "On its way.\n", clock() - HOUR, "jo@park.example",
        in_reply_to="<q@park.example>",
    )  # fmt: skip
    office.arrives(answer, folder=f'"{first}"', at=clock() - HOUR)
    office.sync()
    for folder in ("[Gmail]/Sent Mail", "[Gmail]/All Mail", "INBOX"):
        if folder != first:
            office.arrives(answer, folder=f'"{folder}"', at=clock() - HOUR)
    office.sync()

    one = office.the_one()
    assert (one.status, one.waiting_since, one.answered) == (Status.WAITING, None, True)
    (reply_clock,) = office.reply_clocks(one.id)
    assert (reply_clock.state, reply_clock.met) == (ClockState.MET, clock() - HOUR)
    assert [item.direction for item in office.items(one.id)] == ["in", "out"]
    before = office.counts()
    office.imap.set_uidvalidity("ann", 4711)
    office.imap.set_uidvalidity("ann", 4712, "[Gmail]/Sent Mail")
    office.sync()
    assert office.counts() == before
    all_here(office)
    office.close()


# --------------------------------------------------------------------------- Exchange


def test_a_mailbox_moves_house(tmp_path: Path, make: Make, clock: PinnedClock) -> None:
    """Other numbers in every folder, others names, another separator; what was done here stays, what comes is live."""
    old = make(str)
    office = opened(tmp_path, old, clock)
    office.arrives(*letters(10))
    office.arrives(letter(SUPPORT, "Re: Question 3", "Yes.\n", to="c3@customer.example"), folder="Sent")
    office.sync()
    at_work(office, [one.id for one in office.conversations() if one.last_from == "customer"])
    before, work = Standing.of(office), done_by_people(office)
    mails = {
        folder: [old.raw("ann", uid, folder) for uid in old.uids("ann", folder)]
        for folder in ("INBOX", "Sent")
    }
    office.close()

    new = make(less_able(separator=".", uses=False))
    user = new.add_user("ann")
    new.doveadm("mailbox", "create", "-u", user, "Gesendete Elemente")
    new.doveadm("mailbox", "create", "-u", user, "Junk-E-Mail")
    new.set_uidvalidity(user, 4711)
    office = PostOffice(tmp_path / "shop", new, clock, (on_both(new, user),))
    clock.advance(HOUR)
    office.arrives(*mails["INBOX"][5:], letter(subject="New"), *mails["INBOX"][:5])
    office.arrives(*mails["Sent"], folder='"Gesendete Elemente"')
    done = office.sync()

    assert done.fetched == 12
    after = Standing.of(office)
    assert after.counts["messages"] == before.counts["messages"] + 1
    assert after.counts["conversations"] == before.counts["conversations"] + 1
    new_one = by_subject(office)["New"].conversation
    assert (new_one.status, new_one.unread) == (Status.OPEN, True)
    assert done_by_people(office) == work
    all_here(office, "INBOX", "Gesendete Elemente")
    office.close()


@pytest.mark.parametrize("separator", ["/", "."])
def test_folders_with_names_of_other_languages_are_read_moved_and_renamed(
    tmp_path: Path, make: Make, clock: PinnedClock, separator: str
) -> None:
    server = make(less_able(separator=separator, uses=False))
    user = server.add_user("ann")
    name = f"Größe & Maß{separator}日本"
    for folder in (name, "Archive"):
        server.doveadm("mailbox", "create", "-u", user, folder)
    office = PostOffice(
        tmp_path / "shop", server, clock, (on_both(server, user, folders=("inbox", name, "Archive")),)
    )
    office.arrives(*letters(2))
    office.arrives(*letters(4, 10), folder=f'"{utf7(name)}"')
    assert office.sync().questions == []
    before = Standing.of(office)
    assert before.counts["messages"] == 6
    server.doveadm("move", "-u", user, "Archive", "mailbox", name, "uid", "1:2")
    office.sync()
    assert Standing.of(office) == before
    server.doveadm("mailbox", "rename", "-u", user, name, f"Ablage{separator}Дом")
    (question,) = office.sync().questions
    assert question == f"support has no folder {name}, which the settings name."
    assert Standing.of(office) == before
    assert sum(not gone for _, _, gone in office.places()) == 4
    office.close()


def utf7(name: str) -> str:
    """A folder's name as IMAP writes it."""
    from imapclient.imap_utf7 import encode

    encoded: bytes = encode(name)
    return encoded.decode()


@pytest.mark.parametrize(
    ("sent", "junk"),
    [
        ("Gesendet", "Spamverdacht"),
        ("INBOX/Messages envoyés", "INBOX/Courrier indésirable"),
        ("[Gmail]/Enviados", "[Gmail]/Spam"),
        ("送信済みアイテム", "迷惑メール"),
    ],
)
def test_sent_and_junk_are_known_by_names_where_the_server_tells_no_use(
    tmp_path: Path, make: Make, clock: PinnedClock, sent: str, junk: str
) -> None:
    server = make(less_able(uses=False))
    user = server.add_user("ann")
    for name in (sent, junk, "Archive/Sent", "Customers/Spam"):
        server.doveadm("mailbox", "create", "-u", user, name)
    with connect(on_both(server, user), Secret(SECRET)) as connection:
        folders = connection.folders()
        assert {(folder.name, folder.use) for folder in folders if folder.use} == {
            ("INBOX", "inbox"), (sent, "sent"), (junk, "junk")
        }  # fmt: skip
        assert connection.folder_for("sent") == sent
    office = PostOffice(tmp_path / "shop", server, clock, (on_both(server, user),))
    office.sync()
    office.arrives(letter(), folder=f'"{utf7(junk)}"')
    office.arrives(letter(SUPPORT, "Hello", to="jo@park.example"), folder=f'"{utf7(sent)}"')
    office.arrives(letter(subject="An old one"), folder="Archive/Sent")
    office.sync()

    assert {row.subject: row.conversation.status for row in by_subject(office).values()} == {
        "Where is my parcel?": Status.SPAM,
        "Hello": Status.WAITING,
    }
    office.close()


def test_a_name_tells_a_use_only_where_mail_programs_put_such_folders() -> None:
    assert use_by_name("Sent", "/", ()) == use_by_name("INBOX.Sent", ".", ()) == "sent"
    assert use_by_name("ENVOYE\u0301S", "/", ()) == "sent"
    assert use_by_name("Sent", "/", {"sent"}) == ""
    assert use_by_name("2019/Sent", "/", ()) == use_by_name("v1.Sent", "/", ()) == ""
    assert use_by_name("Spam", "", ()) == "junk"


# --------------------------------------------------------------------------- servers that can do little


@pytest.mark.parametrize(
    "able",
    [
        "IMAP4rev1",
        "IMAP4rev1 IDLE",
        "IMAP4rev1 UIDPLUS CONDSTORE ENABLE",
        "IMAP4rev1 LITERAL+ IDLE MOVE SPECIAL-USE",
    ],
)
def test_a_server_that_can_do_little_is_followed_all_the_same(
    tmp_path: Path, make: Make, clock: PinnedClock, able: str
) -> None:
    server = make(less_able(able))
    office = opened(tmp_path, server, clock)
    idles = "IDLE" in able
    with Watched(office, PATIENT if idles else QUICK) as worker:
        worker.until_state("watching" if idles else "polling")
        office.arrives(*letters(3))
        worker.until_placed(3)
        server.expunge("ann", 1)
        office.arrives(letters(1, 9)[0], folder="Junk")
        office.store.jobs.add("sync", "", clock())
        worker.until_placed(4)
        worker.until(lambda: sum(gone for _, _, gone in office.places()) == 1)
        junk = by_subject(office)["Question 9"].conversation
        assert junk.status is Status.SPAM
        worker.until_state("watching" if idles else "polling")

    (box,) = office.mailboxes
    with connect(box, Secret(SECRET)) as connection:
        place = office.store.places.cursors("support")["Junk"]
        assert connection.move("Junk", place.uidvalidity, list(place.known), "INBOX")
    office.sync()
    one = by_subject(office)["Question 9"].conversation
    assert (one.status, one.unread, office.number("messages")) == (Status.OPEN, True, 4)
    assert len(on_server(office, "INBOX")) == 3
    office.close()


def test_a_folder_that_is_closed_to_us_does_not_close_the_others(
    tmp_path: Path, make: Make, clock: PinnedClock
) -> None:
    """Somebody took away our right to read Junk: its mail waits, and that is said; the inbox goes on."""
    server = make(str)
    office = opened(tmp_path, server, clock)
    office.arrives(letters(1)[0], folder="Junk")
    place = server.folder / "mail" / "ann" / "Maildir" / ".Junk"
    place.chmod(0)
    office.arrives(*letters(2, 10))
    done = office.sync()
    assert done.placed == 2
    (question,) = done.questions
    assert question.startswith("support: 127.0.0.1:")
    assert "refused while opening the folder Junk" in question

    place.chmod(0o755)
    assert office.sync().placed == 1
    all_here(office)
    office.close()


def test_only_folders_that_the_settings_name_are_read_also_by_the_worker_that_stays(
    tmp_path: Path, make: Make, clock: PinnedClock
) -> None:
    """Without INBOX among them it listens to another one; what lies in INBOX is nobody's business."""
    server = make(str)
    office = opened(tmp_path, server, clock, None, "Junk", "Archive")
    office.arrives(*letters(2))
    with Watched(office, PATIENT) as worker:
        worker.until_state("watching")
        office.arrives(letters(1, 5)[0], folder="Junk")
        office.arrives(letters(1, 6)[0], folder="Archive")  # the one it listens to
        worker.until_placed(2)
        worker.until_state("watching")

    assert set(office.store.places.cursors("support")) == {"Junk", "Archive"}
    assert by_subject(office)["Question 5"].conversation.status is Status.SPAM
    office.close()


def test_inbox_is_inbox_however_a_server_writes_it() -> None:
    from inbox.channels.imap import _folder

    assert _folder([], "Inbox") == Folder("INBOX", "inbox")
