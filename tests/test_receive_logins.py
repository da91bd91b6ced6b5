"""First syncs, mail nobody can read, and servers that do not let us in, or are not who they say.

The names begin with the number of the fault they inject.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from inbox import beside, fetching, mime
from inbox.intake import UNREADABLE
from inbox.model import Message, Status
from inbox.ports import MailboxState
from inbox.settings import DAY
from tests.faults.clock import PinnedClock
from tests.post_office import PostOffice, caught_up, letter, on_both
from tests.receiving import (
    Alarms,
    all_here,
    at_work,
    by_subject,
    done_by_people,
    hashes,
    letters,
    lies_there,
    none_missing,
    on_server,
)
from tests.servers.certificates import make_certificate
from tests.servers.dovecot import Dovecot
from tests.watch import QUICK, Watched

HOUR = 3600


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Mails that break our reader, each time one is read noted once more: the list begins with the mail itself."""
    found = [letter(subject="poison")]

    def parse(raw: bytes, read: Callable[[bytes], Message] = mime.parse) -> Message:
        if raw == found[0]:
            found.append(raw)
            raise RecursionError("too deep")
        return read(raw)

    monkeypatch.setattr(mime, "parse", parse)
    return found


@pytest.mark.parametrize("stays", [False, True], ids=["once", "watch"])
def test_16_a_poison_message_is_the_first_of_a_hundred(
    office: PostOffice, poison: list[bytes], stays: bool
) -> None:
    caught_up(office)
    office.arrives(poison[0], *letters(99))
    if stays:
        with Watched(office) as worker:
            worker.until_placed(100)
            worker.until_state("watching")
    else:
        assert office.sync().placed == 100

    assert len(poison) - 1 == 3, "it was tried three times"
    (shown,) = [one for one in office.conversations() if one.quarantined]
    (item,) = office.items(shown.id)
    assert item.oddities == (UNREADABLE,)
    assert "Subject: poison" in item.text
    assert office.store.raw(item.id) == poison[0]
    all_here(office)
    assert office.sync().placed == 0


# --------------------------------------------------------------------------- 22: the first import


def states(worker: Watched) -> list[MailboxState]:
    """Every state that was told of the mailbox, in order."""
    return [said for said in worker.said if isinstance(said, MailboxState)]


def imported(office: PostOffice, count: int) -> None:
    """So much old mail, half of it answered, is fetched by workers of which all but the last are told to go."""
    now = office.clock()
    asked = [
        letter(
            f"c{n}@customer.example", f"Question {n}", f"Number {n}?\n", message_id=f"<q{n}@customer.example>"
        )
        for n in range(count)
    ]
    answers = [
        letter("support@shop.example", f"Re: Question {n}", "Yes.\n", to=f"c{n}@customer.example",
               in_reply_to=f"<q{n}@customer.example>")
        for n in range(0, count, 2)
    ]  # fmt: skip
    lies_there(office, asked[: -count // 10], since=now - 400 * DAY)
    lies_there(office, asked[-count // 10 :], since=now - 10 * DAY)
    lies_there(office, answers, "Sent", since=now - 5 * DAY)
    all_of_it = count + len(answers)
    shown: list[tuple[int, int]] = []
    for part in (0.2, 0.6, 1.0):
        with Watched(office, QUICK) as worker:
            worker.until(lambda part=part: office.number("messages") >= all_of_it * part)  # type: ignore[misc]  # bound at once
            if part == 1.0:
                worker.until_state("watching")
        counted = [(state.done, state.of) for state in states(worker) if state.of]
        assert counted
        assert all(one <= next_ for (one, _), (next_, _) in pairwise(counted)), "progress never goes back"
        assert all(done <= of for done, of in counted)
        shown += counted
        none_missing(office)

    assert shown[0][1] == all_of_it
    assert Alarms.of(office) == Alarms(unread=0, late=0)
    assert office.number("messages") == all_of_it
    all_here(office)
    rows = by_subject(office)
    for number in (0, 1, count // 2, count // 2 + 1):
        assert rows[f"Question {number}"].conversation.closed_why == "import"
    young = [rows[f"Question {number}"].conversation for number in (count - 1, count - 2)]
    assert [one.status for one in young] == [Status.OPEN, Status.CLOSED], "unanswered, and answered"


def test_22_the_first_import_alarms_nobody_and_can_be_left_and_gone_on_with(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "AT_ONCE", 40)
    monkeypatch.setattr(beside, "MANY", 25)
    imported(office, 400)


@pytest.mark.long
def test_22_the_first_import_of_10000(office: PostOffice) -> None:
    imported(office, 10_000)


# --------------------------------------------------------------------------- 23, 25: who is there


def test_23_a_bad_password_is_tried_three_times_and_the_others_go_on(
    tmp_path: Path, own_dovecot: Dovecot, clock: PinnedClock
) -> None:
    boxes = (
        on_both(own_dovecot, own_dovecot.add_user("ann"), name="support"),
        on_both(own_dovecot, own_dovecot.add_user("bob"), name="sales", address="sales@shop.example"),
    )
    office = PostOffice(tmp_path / "shop", own_dovecot, clock, boxes)
    office.arrives(*letters(5))
    office.sync()
    at_work(office, [one.id for one in office.conversations()])
    work, before = done_by_people(office), hashes(office)
    office.passwords["support"] = "of-yesterday"
    with Watched(office) as worker:
        worker.until_state("password")
        for turn in range(5):
            for raw in letters(2, 10 + 2 * turn):
                own_dovecot.append("bob", raw)
            worker.until(lambda turn=turn: len(hashes(office)) == 7 + 2 * turn)  # type: ignore[misc]  # bound at once
        worker.until(lambda: worker.logins.count("support") >= 6)
        state = worker.until_state("password")
        refused = [line for line in own_dovecot.log().splitlines() if "auth failed" in line]
        assert 1 <= len(refused) <= 3
        assert all("user=<ann>" in line for line in refused)
        assert state.next_step
        assert "of-yesterday" not in repr(worker.said)
        worker.until_state("watching", mailbox="sales")
        office.arrives(*letters(1, 40))
        del office.passwords["support"]
        office.store.jobs.add("sync", "support", clock())
        worker.until(lambda: len(hashes(office)) == 16)

    assert before < hashes(office)
    assert on_server(office, "INBOX") < hashes(office)
    assert done_by_people(office) == work
    office.close()


@pytest.mark.parametrize("fault", ["changed", "other name", "expired"])
def test_25_the_certificate_is_another_all_of_a_sudden(
    tmp_path: Path, own_dovecot: Dovecot, clock: PinnedClock, fault: str
) -> None:
    """Nothing is sent to such a server, a person sees its fingerprint, and when it is mended nothing was missed."""
    server = own_dovecot
    shown = make_certificate(
        tmp_path,
        "shown",
        ("DNS:other.example",) if fault == "other name" else ("IP:127.0.0.1",),
        days=-1 if fault == "expired" else 30,
    )
    trusted = tmp_path / "trusted.pem"
    own = server.certificate.cert.read_text()
    trusted.write_text(own + (shown.cert.read_text() if fault != "changed" else ""))
    box = on_both(
        server, server.add_user("ann"), imap_port=server.tls_port, imap_security="tls", ca_file=str(trusted)
    )
    office = PostOffice(tmp_path / "shop", server, clock, (box,))
    kept = (
        shutil.copy(server.certificate.cert, tmp_path / "kept.pem"),
        shutil.copy(server.certificate.key, tmp_path / "kept.key"),
    )

    def shows(cert: str | Path, key: str | Path) -> None:
        shutil.copy(cert, server.certificate.cert)
        shutil.copy(key, server.certificate.key)
        server.doveadm("reload")
        server.kick("ann")

    with Watched(office) as worker:
        office.arrives(*letters(3))
        worker.until_placed(3)
        worker.until_state("watching")
        shows(shown.cert, shown.key)
        state = worker.until_state("certificate")
        logins = server.log().count("user=<ann>")
        office.arrives(*letters(2, 10))
        logins_by_hand = server.log().count("user=<ann>") - logins
        tries = len(worker.logins)
        worker.until(lambda: len(worker.logins) >= tries + 5)
        assert server.log().count("user=<ann>") == logins + logins_by_hand, (
            "nobody was told a name or password"
        )
        assert shown.fingerprint() in state.trouble
        assert state.next_step
        assert office.number("messages") == 3
        shows(*kept)
        worker.until_placed(5)
        state = worker.until_state("watching")

    assert state.trouble == ""
    all_here(office, "INBOX")
    office.close()
