"""The worker that stays: it hears of mail as it comes, does what is due when it is due, and comes back from everything."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from inbox import fetching
from inbox.actions import decision
from inbox.channels.imap import Connection
from inbox.errors import Superseded
from inbox.model import Status
from inbox.ports import MailboxState
from inbox.settings import DAY
from storage.workspace import open_store
from tests.faults.clock import PinnedClock
from tests.faults.proxy import Proxy
from tests.post_office import ANNA, PostOffice, caught_up, letter, on_both
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.watch import PATIENT, QUICK, Watched

HOUR = 3600


@pytest.fixture
def office(sending_office: PostOffice) -> PostOffice:
    """Its first sync was a day ago."""
    return caught_up(sending_office)


def test_the_server_tells_of_new_mail_and_nobody_asks_for_it(office: PostOffice) -> None:
    with Watched(office, PATIENT) as worker:
        worker.until_state("watching")
        office.arrives(letter())
        worker.until_placed(1)
        office.arrives(letter(subject="And the invoice?"))
        worker.until_placed(2)
        state = worker.until_state("watching")

    assert state.synced_at == office.clock()
    assert worker.logins == ["support"]
    assert all(one.status is Status.OPEN and one.unread for one in office.conversations())


def test_what_was_answered_from_a_phone_is_seen_with_the_next_look(office: PostOffice) -> None:
    """Of folders other than the inbox the server tells nothing."""
    with Watched(office) as worker:
        office.arrives(letter(message_id="<q@park.example>"))
        worker.until_placed(1)
        answer = letter("support@shop.example", "Re: Where is my parcel?", "Soon.\n", to="jo@park.example",
                        in_reply_to="<q@park.example>")  # fmt: skip
        office.arrives(answer, folder="Sent")
        worker.until_placed(2)

    assert office.the_one().status is Status.WAITING


def test_an_answer_leaves_when_its_undo_window_is_over_and_is_filed_in_sent(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    with Watched(office) as worker:
        office.arrives(letter())
        worker.until_placed(1)
        message, message_id = office.reply(office.the_one().id)
        worker.until(lambda: office.state_of(message) == "queued")
        assert smtp_server.count(message_id) == 0
        office.clock.advance(office.settings.undo_window)
        worker.until(lambda: office.state_of(message) == "sent")
        worker.until(lambda: office.in_sent(message_id) == 1)

    assert smtp_server.count(message_id) == 1


def test_what_was_snoozed_until_now_wakes(office: PostOffice) -> None:
    with Watched(office) as worker:
        office.arrives(letter())
        worker.until_placed(1)
        one = office.the_one()
        office.store.change(
            *decision("snooze", conversation=one.id, until=office.clock() + HOUR), ANNA, office.clock()
        )
        worker.until(lambda: office.the_one().status is Status.SNOOZED)
        office.clock.advance(HOUR)
        worker.until(lambda: office.the_one().status is Status.OPEN)


def through(office: PostOffice, proxy: Proxy) -> None:
    """From now on the mailbox is reached through the proxy."""
    (box,) = office.mailboxes
    box = box._replace(imap_host=proxy.host, imap_port=proxy.port)
    office.settings = replace(office.settings, mailboxes=(box,))


def test_a_line_that_breaks_is_made_again_and_nothing_is_missed(
    office: PostOffice, proxy_to: Callable[[str, int], Proxy]
) -> None:
    proxy = proxy_to(office.imap.host, office.imap.port)
    through(office, proxy)
    with Watched(office, PATIENT) as worker:
        for turn in range(3):
            worker.until_state("watching")
            proxy.drop()
            office.arrives(letter(subject=f"Question {turn}"))
            worker.until_placed(turn + 1)
        worker.until_state("watching")

    assert any(getattr(said, "state", "") == "network" for said in worker.said)
    assert len(worker.logins) >= 4


def test_a_server_that_is_away_is_told_with_what_comes_next_and_comes_back(
    office: PostOffice, proxy_to: Callable[[str, int], Proxy]
) -> None:
    proxy = proxy_to(office.imap.host, office.imap.port)
    through(office, proxy)
    proxy.cut(0, connections=None)
    with Watched(office) as worker:
        state = worker.until_state("network")
        assert state.trouble.startswith(f"The line to {proxy.host}:{proxy.port} failed while connecting")
        assert state.again_at is not None
        office.arrives(letter())
        proxy.heal()
        worker.until_placed(1)
        state = worker.until_state("watching")

    assert (state.trouble, state.next_step, state.again_at) == ("", "", None)


def test_new_mail_overtakes_a_first_sync_that_takes_long(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fetched in slices from the newest down; between two slices what is new gets its turn."""
    monkeypatch.setattr(fetching, "AT_ONCE", 10)
    one = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user),))
    one.arrives(*(letter(subject=f"Old {n}", at=clock() - DAY * (200 - n)) for n in range(200)))
    new = letter(subject="New")
    with Watched(one, replace(QUICK, slice=0.0)) as worker:
        worker.until(lambda: one.number("messages") >= 10)
        one.arrives(new)
        worker.until(lambda: "New" in subjects(one))
        here = subjects(one)
        worker.until_placed(201)
        worker.until_state("watching")

    old = sorted(int(subject.removeprefix("Old ")) for subject in here - {"New"})
    assert old == list(range(old[0], 200)), "the newest come first, without a gap"
    assert one.hashes() == one.server_hashes()
    states = [said for said in worker.said if isinstance(said, MailboxState) and said.of]
    assert [state.done for state in states] == sorted(state.done for state in states)
    assert {state.of for state in states} == {200, 201}
    one.close()


def subjects(office: PostOffice) -> set[str]:
    ids = office.store.ids(None, ANNA, office.clock())
    return {row.subject for row in office.store.rows(ids)}


@pytest.mark.parametrize("mail", [True, False])
def test_47_another_worker_that_has_taken_over_ends_this_one(office: PostOffice, mail: bool) -> None:
    """Also where there is nothing to write down."""
    first = office.store.lease()
    assert first.take()
    with pytest.raises(Superseded), Watched(office) as worker:
        worker.until_state("watching")
        with sqlite3.connect(office.store.path) as other:
            other.execute("UPDATE fences SET number = number + 1")
        if mail:
            office.arrives(letter())
        worker.ended()
    first.release()


def test_a_workspace_that_cannot_be_written_is_tried_again_and_nothing_is_lost(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inbox.watching.DISK_PAUSE", 0.05)
    one = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user),))
    one.store.close()
    one.store = open_store(tmp_path / "shop", busy_seconds=0.05)
    with Watched(one) as worker:
        worker.until_state("watching")
        with sqlite3.connect(one.store.path) as other:
            other.execute("BEGIN IMMEDIATE")
            one.arrives(letter())
            worker.until(
                lambda: any(
                    isinstance(said, str) and "has held the workspace" in said for said in worker.said
                )
            )
            state = worker.until_state("workspace")
            assert "has held the workspace" in state.trouble
        worker.until_placed(1)
        worker.until_state("watching")
    one.close()


# --------------------------------------------------------------------------- when it leaves


def test_it_leaves_when_the_settings_have_changed(office: PostOffice) -> None:
    changed: list[bool] = []
    with Watched(office, changed=lambda: bool(changed)) as worker:
        worker.until_state("watching")
        changed.append(True)
        worker.ended()


def test_it_leaves_when_nobody_is_here_and_nothing_waits_to_be_sent(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    here = [True]
    with Watched(office, alone=lambda: not here) as worker:
        office.arrives(letter())
        worker.until_placed(1)
        message, _ = office.reply(office.the_one().id)
        here.clear()
        worker.until_state("watching")
        assert office.state_of(message) == "queued"
        office.clock.advance(office.settings.undo_window)
        worker.ended()

    assert office.state_of(message) == "sent"


def test_mailboxes_that_the_settings_no_longer_have_are_not_spoken_of(office: PostOffice) -> None:
    with Watched(office) as worker:
        worker.until_state("watching")
    (box,) = office.mailboxes
    office.settings = replace(office.settings, mailboxes=(box._replace(name="sales"),))
    with Watched(office) as worker:
        worker.until_state("watching", mailbox="sales")

    assert [state.mailbox for state in office.store.mailboxes()] == ["sales"]


def test_a_pass_that_ends_says_how_it_stands_as_well(office: PostOffice, own_dovecot: Dovecot) -> None:
    state = {state.mailbox: state for state in office.store.mailboxes()}["support"]
    assert (state.state, state.synced_at) == ("polling", office.clock() - DAY)

    office.passwords["support"] = "not-the-one"
    office.settings = replace(office.settings, mailboxes=(on_both(own_dovecot, own_dovecot.add_user("ann")),))
    office.worker().once()

    (state,) = office.store.mailboxes()
    assert (state.state, state.synced_at) == ("password", office.clock() - DAY)
    assert state.trouble.startswith(f"127.0.0.1:{own_dovecot.port} refused the user or password")


# --------------------------------------------------------------------------- asked by a person


def test_a_person_who_asks_gets_a_look_at_once(office: PostOffice) -> None:
    with Watched(office, PATIENT) as worker:
        worker.until_state("watching")
        office.arrives(letter(), folder="Junk")
        office.store.jobs.add("sync", "", office.clock())
        worker.until_placed(1)

    assert office.number("jobs") == 0


def test_a_refused_password_is_tried_three_times_and_again_when_a_person_asks(
    tmp_path: Path, own_dovecot: Dovecot, clock: PinnedClock
) -> None:
    boxes = (
        on_both(own_dovecot, own_dovecot.add_user("ann"), name="support"),
        on_both(own_dovecot, own_dovecot.add_user("bob"), name="sales"),
    )
    one = PostOffice(tmp_path / "shop", own_dovecot, clock, boxes, {"support": "wrong"})
    with Watched(one) as worker:
        worker.until(lambda: worker.logins.count("support") >= 6)
        state = worker.until_state("password")
        assert state.again_at is None
        one.arrives(letter(), user="bob")
        worker.until_placed(1)
        assert refusals(own_dovecot) == 3
        one.passwords.clear()
        one.store.jobs.add("sync", "support", clock())
        worker.until_state("watching")

    assert refusals(own_dovecot) == 3
    assert worker.logins.count("sales") == 1
    one.close()


def refusals(server: Dovecot) -> int:
    """How many logins the server has refused."""
    return server.log().count("auth failed")


def test_mail_that_comes_between_a_look_and_the_waiting_is_seen_at_once(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server tells of what comes while it is listened to; what came just before it tells of no more."""
    opens = Connection.open_anew
    late = [letter(subject="Just before you listened")]

    def opens_late(connection: Connection, folder: str, uidvalidity: int) -> int | None:
        if late:
            office.arrives(late.pop())
        return opens(connection, folder, uidvalidity)

    monkeypatch.setattr(Connection, "open_anew", opens_late)
    with Watched(office, PATIENT) as worker:
        worker.until_placed(1)
        worker.until_state("watching")

    assert worker.logins == ["support"]
