"""A mail server that means harm, or is out of its mind: it stops its own mailbox at most, and no other ever."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock
from time import monotonic

import pytest

from inbox.channels.imap import Folder, connect
from inbox.channels.passwords import Secret
from inbox.channels.trouble import NetworkTrouble, ServerSaidNo
from inbox.errands import After, Here
from inbox.fetching import Step
from inbox.intake import Intake
from inbox.listening import Listening, Mistake, Wishes
from inbox.ports import Job, MailboxState, Waiting
from inbox.settings import DAY
from tests.faults.clock import PinnedClock
from tests.post_office import PostOffice, letter, on_both
from tests.receiving import by_subject
from tests.servers.dovecot import Dovecot, less_able, need_dovecot, running_dovecot
from tests.servers.liar import Liar
from tests.servers.mailboxes import mailbox
from tests.servers.talker import Talker, running_talker
from tests.watch import PATIENT, QUICK, Watched

Answer = Callable[[bytes], bytes | None]
Open = Callable[[Answer], Talker]
GREETING = b"* OK [CAPABILITY IMAP4rev1 IDLE] here\r\n"
MAIL = letter(subject="From the liar")


@pytest.fixture
def opened() -> Iterator[Open]:
    """Makes servers that answer as they are told to."""
    with ExitStack() as servers:
        yield lambda answer: servers.enter_context(running_talker(GREETING, answer))


def liar(*uids: int, **more: str) -> Liar:
    """A server with these messages, which says the truth."""
    return Liar(dict.fromkeys(uids, len(MAIL)), {uid: [MAIL] for uid in uids}, **more)


def instead(pattern: bytes, said: bytes, honest: Liar | None = None) -> Answer:
    """A server that says this in place of whatever the pattern finds in its honest answers."""
    base = honest if honest is not None else liar(1, 2)

    def answer(line: bytes) -> bytes | None:
        true = base(line)
        return re.sub(pattern, lambda _: said, true, flags=re.DOTALL) if true is not None else None

    return answer


HUGE = b"1180591620717411303424"  # 2 ** 70
ATTACKS = {
    "twenty thousand brackets": instead(rb"\* 1 FETCH .*?\r\n", b"* 1 FETCH " + b"(" * 20_000 + b"\r\n"),
    "a literal of 8 GB": instead(rb"BODY\[\] \{\d+\}", b"BODY[] {8589934592}"),
    "a UIDVALIDITY no store holds": instead(rb"UIDVALIDITY \d+", b"UIDVALIDITY " + HUGE),
    "a UIDNEXT no store holds": instead(rb"UIDNEXT \d+", b"UIDNEXT " + HUGE),
    "UIDs no store holds": instead(rb"SEARCH 1 2", b"SEARCH 1 2 " + HUGE),
    "a size no store holds": instead(rb"RFC822.SIZE \d+", b"RFC822.SIZE " + HUGE),
    "mail from the year 1": instead(rb'"not a date"', b'" 1-Jan-0001 00:00:00 +1400"'),
    "mail from the year 9999": instead(rb'"not a date"', b'"31-Dec-9999 23:59:59 -1200"'),
    "no UIDs at all": instead(rb"UID \d+ ", b""),
    "a folder of half a character": instead(rb'\* LIST .*?\r\n', b'* LIST (\\Sent) "/" "&2AA-"\r\n'),
    "a folder whose name is no name": instead(rb'\* LIST .*?\r\n', b'* LIST (\\Junk) "/" "&!!-"\r\n'),
    "a list that is none": instead(rb'\* LIST .*?\r\n', b"* LIST (((\r\n"),
    "an answer of nothing": instead(rb"\* SEARCH .*?\r\n", b"* SEARCH (\xff\x00)\r\n"),
}  # fmt: skip


@pytest.mark.parametrize(
    "attack",
    [pytest.param(attack, marks=pytest.mark.long if n % 3 else ()) for n, attack in enumerate(ATTACKS)],
)
def test_no_server_stops_the_worker_or_the_mail_of_another(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock, opened: Open, attack: str
) -> None:
    evil = mailbox(name="evil", imap_port=opened(ATTACKS[attack]).port)
    office = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user), evil))
    with Watched(office, QUICK) as worker:
        worker.until_state("watching")
        worker.until(lambda: worker.state("evil") is not None and worker.state("evil").state != "connecting")  # type: ignore[union-attr]  # asked just before
        for turn in range(2):
            office.arrives(letter(subject=f"Honest {turn}"))
            worker.until(lambda: f"Honest {turn}" in by_subject(office))  # noqa: B023  asked at once
        worker.until_state("watching")

    office.worker().once()  # nor does a single pass break
    assert office.store.verify(clock()) == []
    office.close()


def test_a_folder_with_an_impossible_name_does_not_close_the_others(opened: Open) -> None:
    names = [
        b'"&!!-"',
        b'"&2AA-"',
        b'"Say \\"hi\\""',
        b'"inbox"',
        b"INBOX",
        b'"B&APw-cher"',
        b"7",
        b'"A\x07B"',
        b'"Sent"',
        b'"Sent"',
    ]
    listed = b"".join(b"* LIST () NIL %s\r\n" % name for name in names)
    server = opened(instead(rb"\* LIST .*?\r\n", listed))
    with connect(mailbox(imap_port=server.port), Secret("secret")) as line:
        found = line.folders()

    assert found == [
        Folder("INBOX", "inbox"),
        *(Folder("7"), Folder("Bücher"), Folder('Say "hi"'), Folder("Sent", "sent")),
    ]


def test_what_a_server_tells_of_unasked_moves_no_cursor(
    tmp_path: Path, dovecot: Dovecot, clock: PinnedClock, opened: Open
) -> None:
    """Mail that has come while others were asked for: were it taken to be looked at, what lies between were lost."""
    told = b"* 9 FETCH (UID 9 RFC822.SIZE 10 FLAGS ())\r\n"
    honest = liar(1, 2)

    def answer(line: bytes) -> bytes | None:
        true = honest(line)
        return told + true if true and b"RFC822.SIZE" in line else true

    box = mailbox(imap_port=opened(answer).port)
    office = PostOffice(tmp_path / "shop", dovecot, clock, (box,))
    office.sync()
    cursor = office.store.places.cursors("support")["INBOX"]
    assert (cursor.next_uid, sorted(cursor.known)) == (9, [1, 2])
    office.close()


@pytest.mark.parametrize("said", [b"* 2 EXISTS\r\n+ idling\r\n", b"+ idling\r\n* 2 EXISTS\r\n"])
def test_what_is_told_as_listening_begins_is_heard_at_once(opened: Open, said: bytes) -> None:
    """Mail that comes between the last look and IDLE; the library takes the one for an error and misses the other."""
    honest = liar(1, capabilities="IDLE")

    def answer(line: bytes) -> bytes | None:
        if line.endswith(b" IDLE"):
            return said
        return b"%s OK done\r\n" % idle(server) if line == b"DONE" else honest(line)

    server = opened(answer)
    began = monotonic()
    with connect(mailbox(imap_port=server.port), Secret("secret"), timeout=5.0) as line:
        assert line.open("INBOX", 1)
        assert line.wait_for_news(20.0)
        assert line.look("INBOX").exists == 1
    assert monotonic() - began < 10


def test_a_server_that_does_not_listen_after_all_has_said_no(opened: Open) -> None:
    honest = liar(1, capabilities="IDLE")

    def answer(line: bytes) -> bytes | None:
        return line.split()[0] + b" NO not now\r\n" if line.endswith(b" IDLE") else honest(line)

    with connect(mailbox(imap_port=opened(answer).port), Secret("secret")) as line:
        assert line.open("INBOX", 1)
        with pytest.raises(ServerSaidNo, match="not now"):
            line.wait_for_news(5.0)


def test_news_that_never_end_are_the_end_of_the_line(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that was said while we listened is kept in memory."""
    monkeypatch.setattr("inbox.channels.imap_line.MOST_AT_ONCE", 100_000)
    honest = liar(1, capabilities="IDLE")

    def answer(line: bytes) -> bytes | None:
        return b"+ idling\r\n" + b"* OK still here\r\n" * 50_000 if line.endswith(b" IDLE") else honest(line)

    server = opened(answer)
    with connect(mailbox(imap_port=server.port), Secret("secret")) as line:
        assert line.open("INBOX", 1)
        with pytest.raises(NetworkTrouble, match="in one answer"):
            line.wait_for_news(5.0)


def test_a_server_that_tells_of_news_all_the_time_is_looked_into_once_a_tick(
    tmp_path: Path, dovecot: Dovecot, clock: PinnedClock, opened: Open
) -> None:
    honest = liar(1, capabilities="IDLE")

    def answer(line: bytes) -> bytes | None:
        if line.endswith(b" IDLE"):
            return b"+ idling\r\n* 1 EXISTS\r\n"
        return b"%s OK done\r\n" % idle(server) if line == b"DONE" else honest(line)

    server = opened(answer)
    box = mailbox(imap_port=server.port)
    office = PostOffice(tmp_path / "shop", dovecot, clock, (box,))
    with Watched(office, replace(QUICK, tick=0.2, poll=600.0)) as worker:
        worker.until_state("watching")
        began = monotonic()
        before = server.heard.count(b"DONE")
        worker.until(lambda: server.heard.count(b"DONE") >= before + 5)
        assert monotonic() - began > 0.6
    office.close()


def idle(server: Talker) -> bytes:
    """The tag under which it is listened last."""
    return next(line for line in reversed(server.heard) if line.endswith(b" IDLE")).split()[0]


def test_a_mistake_of_ours_stops_one_mailbox_and_nothing_it_brought_is_skipped(
    tmp_path: Path,
    dovecot: Dovecot,
    imap_user: str,
    clock: PinnedClock,
    opened: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While the writer breaks over what one mailbox brings, the other goes on; once it is mended all is here."""
    honest = liar(*range(1, 8))
    box = mailbox(name="other", imap_port=opened(honest).port)
    office = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user), box))
    breaks = [True]

    def keep(
        intake: Intake, name: str, step: Step, real: Callable[..., list[Waiting]] = Intake.keep
    ) -> list[Waiting]:
        if breaks and name == "other" and step.kept:
            raise TypeError("ours")
        return real(intake, name, step)

    monkeypatch.setattr(Intake, "keep", keep)
    with Watched(office, QUICK) as worker:
        state = worker.until_state("mistake", mailbox="other")
        assert "TypeError" in state.trouble
        assert state.again_at is not None
        office.arrives(letter(subject="Honest"))
        worker.until(lambda: "Honest" in by_subject(office))
        assert any(
            isinstance(said, Mistake) and isinstance(said.__cause__, TypeError) for said in worker.said
        )
        breaks.clear()
        worker.until_state("polling", mailbox="other")

    assert "From the liar" in by_subject(office)
    assert len(office.store.places.cursors("other")["INBOX"].known) == 7
    office.close()


def test_an_errand_that_breaks_is_put_off_and_mail_goes_on_coming(
    office: PostOffice, clock: PinnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:

    def broken(job: Job, here: Here) -> After:
        raise RecursionError

    monkeypatch.setattr("inbox.marking.seen", broken)
    office.store.jobs.add("seen", "support 1", clock())
    with Watched(office, QUICK) as worker:
        worker.until(lambda: any(isinstance(said, Mistake) for said in worker.said))
        office.arrives(letter(subject="Honest"))
        worker.until(lambda: "Honest" in by_subject(office))
        worker.until_state("watching")

    assert office.store.jobs.due(clock()) == []
    assert "RecursionError" in office.store.jobs.troubles()[0][2]


def test_what_time_brings_may_break_and_mail_comes_all_the_same(
    office: PostOffice, clock: PinnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:

    def broken(*_: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr("inbox.watching.wake", broken)
    with Watched(office, QUICK) as worker:
        office.arrives(letter(subject="Honest"))
        worker.until(lambda: "Honest" in by_subject(office))

    assert sum(isinstance(said, Mistake) for said in worker.said) == 1  # told once


def test_a_question_is_asked_by_the_worker_that_stays_too(office: PostOffice, clock: PinnedClock) -> None:
    """A folder that is suddenly empty: the server may have lost its disk."""
    with Watched(office, QUICK) as worker:
        office.arrives(letter(), letter(subject="And?"))
        worker.until_placed(2)
        for uid in (1, 2):
            office.imap.expunge(office.user, uid)
        worker.until(lambda: worker.state() is not None and worker.state().questions)  # type: ignore[union-attr]  # asked just before
        assert worker.until_state("watching").questions == (
            "support, INBOX: The folder was full and is empty now.",
        )
        office.arrives(letter(subject="Again"))
        worker.until_placed(3)
        worker.until(lambda: worker.state() is not None and not worker.state().questions)  # type: ignore[union-attr]  # asked just before


def test_a_person_who_asks_for_a_look_answers_the_question(tmp_path: Path, clock: PinnedClock) -> None:
    """Only one that was asked before: what is found at that very look is a question first. And only who could see it:
    one who has logged the mailbox in has not."""
    need_dovecot()
    with running_dovecot(change=less_able("IMAP4rev1 SPECIAL-USE")) as own:  # it tells of nothing by itself
        office = PostOffice(tmp_path / "shop", own, clock, (on_both(own, own.add_user("ann")),))
        office.arrives(letter(), letter(subject="And?"))
        with Watched(office, PATIENT) as worker:
            worker.until_state("polling")
            before = office.counts()
            own.doveadm("expunge", "-u", "ann", "mailbox", "INBOX", "all")

            def asks_for_a_look(of: str = "") -> tuple[str, ...]:
                """What is in question after it."""
                clock.advance(1)
                office.store.jobs.add("sync", of, clock())
                worker.until(lambda: (state := worker.state()) is not None and state.synced_at == clock())
                return worker.until_state("polling").questions

            question = ("support, INBOX: The folder was full and is empty now.",)
            assert asks_for_a_look() == question
            assert asks_for_a_look("support") == question  # as after frontdesk login
            assert [gone for _, _, gone in office.places()] == [False, False]
            assert asks_for_a_look() == ()
            assert [gone for _, _, gone in office.places()] == [True, True]
            assert office.counts() == before
        office.close()


def test_mail_comes_although_nobody_can_be_told_how_it_stands(
    office: PostOffice, clock: PinnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some other program holds the file in which that stands, and drafts."""
    monkeypatch.setattr("storage.live.BUSY_SECONDS", 0.01)
    with Watched(office, QUICK) as worker:
        worker.until_state("watching")
        other = sqlite3.connect(office.folder / "live.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        office.arrives(letter(subject="Honest"))
        worker.until(lambda: "Honest" in by_subject(office))
        worker.until(lambda: any("has held the workspace" in str(said) for said in worker.said))
        assert worker.logins == ["support"]  # nor did it begin anew
        other.execute("ROLLBACK")
        clock.advance(60)
        worker.until(lambda: worker.state() is not None and worker.state().synced_at == clock())  # type: ignore[union-attr]  # asked just before
    other.close()


def test_what_a_clock_that_was_wrong_has_put_off_is_not_forgotten_for_a_year(
    tmp_path: Path, dovecot: Dovecot, clock: PinnedClock
) -> None:
    office = PostOffice(tmp_path / "shop", dovecot, clock, ())
    office.store.jobs.add("sent-copy", "1", clock() + 365 * DAY)
    office.store.jobs.add("sent-copy", "2", clock() + DAY)
    assert [job.data for job in office.store.jobs.due(clock())] == ["1"]
    office.close()


def test_a_next_uid_below_what_lies_there_is_not_believed(
    tmp_path: Path, dovecot: Dovecot, clock: PinnedClock, opened: Open
) -> None:
    """Else the folder seemed to be restored from an older copy, and all of it was fetched again with every look."""
    box = mailbox(imap_port=opened(instead(rb"UIDNEXT \d+", b"UIDNEXT 2", liar(*range(1, 8)))).port)
    office = PostOffice(tmp_path / "shop", dovecot, clock, (box,))
    assert [office.sync().fetched for _ in range(3)] == [7, 0, 0]
    office.close()


def test_of_two_that_follow_a_mailbox_the_second_waits_for_the_first(
    office: PostOffice, clock: PinnedClock
) -> None:
    """All begins anew while the first still waits for an answer: both at once could file the same copy twice."""
    (box,) = office.mailboxes
    alone, over = Lock(), Event()

    def following() -> Listening:
        connect_to = office.worker().connect
        return Listening(box, office.store, connect_to, clock, Wishes(), over.is_set, QUICK, alone=alone)

    first, second = following()(), following()()
    assert isinstance(next(first), MailboxState)
    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(next, second, None)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.2)
        first.close()
        assert isinstance(waiting.result(timeout=20), MailboxState)
        beside.submit(second.close).result()
