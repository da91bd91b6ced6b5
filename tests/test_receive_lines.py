"""Faults of the line and of the process while mail is received: in the end all mail is here, and all of it once.

The names begin with the number of the fault they inject. More of the same: `FRONTDESK_KILLS=200 FRONTDESK_CUTS=200
pytest -m long tests/test_receive_lines.py` cuts the line at 200 places in each way, and kills the worker 200 times.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest

from inbox.channels.imap import connect
from inbox.channels.passwords import Secret
from inbox.channels.trouble import NetworkTrouble
from inbox.ports import MailboxState
from storage.workspace import open_store
from tests import worker_child
from tests.faults.clock import PinnedClock
from tests.faults.kill import python_child
from tests.faults.proxy import Proxy
from tests.post_office import SECRET, PostOffice, letter, on_both
from tests.receiving import (
    Alarms,
    all_here,
    at_work,
    done_by_people,
    letters,
    lies_there,
    never_ahead,
    none_missing,
    on_server,
    through,
)
from tests.screenplay import playing
from tests.servers.dovecot import Dovecot
from tests.servers.liar import Liar
from tests.servers.mailboxes import mailbox
from tests.servers.talker import running_talker
from tests.watch import PATIENT, QUICK, Watched

KILLS = int(os.environ.get("FRONTDESK_KILLS", "20"))
CUTS = int(os.environ.get("FRONTDESK_CUTS", "70"))
CHILD = Path(worker_child.__file__)
Proxies = Callable[[str, int], Proxy]
Way = tuple[Literal["down", "up"], Literal["fin", "rst"]]
WAYS: dict[str, list[Way]] = {
    "01 fin": [("down", "fin")],
    "02 rst": [("down", "rst")],
    "03 upstream": [("up", "fin"), ("up", "rst")],
}


@dataclass
class Pull:
    """A mailbox to be pulled again and again: from nothing, and from where some of it is here and was worked on."""

    office: PostOffice  # with what was worked on
    proxies: Proxies
    folder: Path
    begun: Path
    mails: int = 0
    spans: dict[str, int] | None = None
    count: int = 0

    def deliver(self, count: int) -> None:
        """So many more mails of many sizes come."""
        sizes = random.Random(7)
        lies = [
            letters(1, number, sizes.randrange(3000))[0] for number in range(self.mails, self.mails + count)
        ]
        self.office.arrives(*lies)
        self.mails += count

    def afresh(self, proxy: Proxy, begun: bool) -> PostOffice:
        """A workspace behind this proxy: empty, or with the first mails and the work on them."""
        self.count += 1
        folder = self.folder / f"pull{self.count}"
        if begun:
            shutil.copytree(self.begun, folder)
        return through(self.office, proxy, folder)

    def measure(self) -> None:
        """How many bytes a whole pull takes in each direction."""
        proxy = self.proxies(self.office.imap.host, self.office.imap.port)
        one = self.afresh(proxy, begun=False)
        one.sync()
        one.close()
        self.spans = {"down": proxy.bytes_down, "up": proxy.bytes_up}

    def whole_in_the_end(self, ways: list[Way], cuts: int) -> None:
        """Pulls that are cut once, each at another place; after each try the cursor is right, in the end all is here."""
        assert self.spans is not None
        places = random.Random(str(ways))
        for number in range(cuts):
            direction, how = ways[number % len(ways)]
            begun = number % 2 == 1
            proxy = self.proxies(self.office.imap.host, self.office.imap.port)
            proxy.cut(
                places.randrange(1, int(self.spans[direction] * (0.8 if begun else 0.98))), direction, how
            )
            one = self.afresh(proxy, begun)
            before = done_by_people(one)
            for _ in range(4):
                done = one.worker().once()
                never_ahead(one)
                none_missing(one)
                assert all(type(error) is NetworkTrouble for _, error in done.troubles)
                if not done.troubles:
                    break
            assert proxy.struck
            all_here(one, "INBOX")
            assert one.number("messages") == self.mails + (2 if begun else 0)  # Anna's note and answer
            assert done_by_people(one) == before
            assert bool(before) == begun
            if not begun:
                assert Alarms.of(one) == Alarms(0, 0)
            one.close()
            shutil.rmtree(one.folder)


@pytest.fixture
def pull(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock, proxy_to: Proxies
) -> Iterator[Pull]:
    """A mailbox of which 20 mails are here and were worked on."""
    office = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user),))
    one = Pull(office, proxy_to, tmp_path, tmp_path / "begun")
    one.deliver(20)
    office.sync()
    at_work(office, [each.id for each in office.conversations()])
    office.store.read("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copytree(office.folder, one.begun)
    yield one
    office.close()


@pytest.mark.parametrize(
    "fault", [pytest.param(fault, marks=pytest.mark.long if n else ()) for n, fault in enumerate(WAYS)]
)
def test_01_02_03_a_pull_cut_anywhere_is_whole_in_the_end(pull: Pull, fault: str) -> None:
    pull.deliver(130)
    pull.measure()
    pull.whole_in_the_end(WAYS[fault], 2)


@pytest.mark.long
@pytest.mark.parametrize("fault", WAYS)
def test_01_02_03_a_pull_of_500_cut_at_many_places_is_whole_in_the_end(pull: Pull, fault: str) -> None:
    pull.deliver(480)
    pull.measure()
    pull.whole_in_the_end(WAYS[fault], CUTS)


def test_01_02_03_the_worker_that_stays_comes_back_from_every_cut(pull: Pull) -> None:
    pull.deliver(130)
    pull.measure()
    assert pull.spans is not None
    proxy = pull.proxies(pull.office.imap.host, pull.office.imap.port)
    places = random.Random(3)
    for _ in range(4):
        proxy.cut(places.randrange(500, pull.spans["down"] // 2), "down", "rst")
        proxy.cut(places.randrange(200, pull.spans["up"] // 2), "up", "fin")
    one = pull.afresh(proxy, begun=True)
    before = done_by_people(one)
    with Watched(one, timeout=5.0) as worker:
        worker.until_placed(152)
        worker.until_state("watching")

    assert proxy.struck >= 4
    assert {state.state for state in told(worker)} <= {"connecting", "fetching", "watching", "network"}
    all_here(one, "INBOX")
    none_missing(one)
    assert done_by_people(one) == before
    one.close()


def told(worker: Watched) -> list[MailboxState]:
    """Every state that was told of the mailbox."""
    return [said for said in worker.said if isinstance(said, MailboxState)]


def test_04_a_line_cut_inside_the_login_is_no_wrong_password(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock, proxy_to: Proxies
) -> None:
    proxy = proxy_to(dovecot.host, dovecot.port)
    office = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user),))
    office.arrives(*letters(3))
    behind = through(office, proxy, tmp_path / "behind")
    connect(behind.mailboxes[0], Secret(SECRET)).drop()
    down, up = proxy.bytes_down, proxy.bytes_up
    cuts = 0
    for part in (0.2, 0.35, 0.5, 0.65, 0.8, 0.95):
        for how in ("fin", "rst"):
            proxy.cut(int((up if cuts % 2 else down) * part), "up" if cuts % 2 else "down", how)
            cuts += 1
    with Watched(behind, timeout=5.0) as worker:
        worker.until_placed(3)
        worker.until_state("watching")

    states = [state.state for state in told(worker)]
    assert proxy.struck >= cuts // 2
    assert "network" in states
    assert set(states) <= {"connecting", "network", "fetching", "watching"}
    assert len(worker.logins) > cuts // 2
    all_here(behind, "INBOX")
    behind.close()
    office.close()


def test_05_a_black_hole_in_a_fetch_is_noticed_and_mail_comes_over_the_next_line(
    pull: Pull, capsys: pytest.CaptureFixture[str]
) -> None:
    pull.deliver(80)
    pull.measure()
    assert pull.spans is not None
    proxy = pull.proxies(pull.office.imap.host, pull.office.imap.port)
    proxy.black_hole(int(pull.spans["down"] * 0.6))
    one = pull.afresh(proxy, begun=True)
    before = done_by_people(one)
    with Watched(one, PATIENT, timeout=0.5) as worker:
        assert proxy.wait_struck()
        since = time.monotonic()
        worker.until(lambda: any(state.state == "network" for state in told(worker)))
        noticed = time.monotonic() - since
        worker.until_placed(102)
    with capsys.disabled():
        print(f"\na black hole is noticed after {noticed:.2f} s (time-out 0.5 s)")

    trouble = next(state for state in told(worker) if state.state == "network")
    assert "no answer in time" in trouble.trouble
    all_here(one, "INBOX")
    assert done_by_people(one) == before
    one.close()


def test_05_the_screen_answers_every_key_while_the_worker_waits_in_a_black_hole(
    pull: Pull, capsys: pytest.CaptureFixture[str]
) -> None:
    pull.deliver(80)
    pull.measure()
    assert pull.spans is not None
    proxy = pull.proxies(pull.office.imap.host, pull.office.imap.port)
    proxy.black_hole(int(pull.spans["down"] * 0.6))
    one = pull.afresh(proxy, begun=True)
    with Watched(one, PATIENT, timeout=60.0) as worker:
        assert proxy.wait_struck()
        seen, beats = asyncio.run(read_through(one))
        state = worker.state()
        assert state is not None
        assert state.state in ("connecting", "fetching"), "the fetch still hangs"
        assert proxy.connections == 1
        proxy.drop()
        worker.until_placed(102)

    assert all(before != after for before, after in pairwise(seen)), "each key shows"
    gap = max(after - before for before, after in pairwise(beats))
    with capsys.disabled():
        print(f"\nlongest gap between two beats of the screen's heart: {gap * 1000:.0f} ms")
    one.close()


async def read_through(office: PostOffice) -> tuple[list[str], list[float]]:
    """A person goes up and down the list; what they saw after each key, and when the screen's loop was free."""
    seen: list[str] = []
    beats: list[float] = []

    async def heart() -> None:
        while True:
            beats.append(time.monotonic())
            await asyncio.sleep(0.005)

    store = open_store(office.folder)
    async with playing(store) as stage:
        beating = asyncio.create_task(heart())
        for key in "jjkjjkjj":
            await stage.press(key)
            seen.append(stage.text)
        beating.cancel()
    store.close()
    return seen, beats


def test_06_a_mute_line_while_listening_is_noticed_and_mail_is_not_missed(pull: Pull) -> None:
    proxy = pull.proxies(pull.office.imap.host, pull.office.imap.port)
    one = pull.afresh(proxy, begun=True)
    with Watched(one, QUICK, timeout=0.5) as worker:
        worker.until_state("watching")
        proxy.mute()
        pull.office.arrives(letter(subject="Is anybody there?"))
        worker.until_state("network")
        proxy.unmute()
        worker.until_placed(23)
        worker.until_state("watching")

    assert len(worker.logins) >= 2
    all_here(one, "INBOX")
    one.close()


# --------------------------------------------------------------------------- bytes that are not what they were


def test_18_a_size_that_does_not_fit_is_asked_for_once_more_and_marked(
    tmp_path: Path, clock: PinnedClock
) -> None:
    """The server says too much of the first, cuts the second short once, and is right about the third."""
    raws = letters(3)
    liar = Liar(
        {1: len(raws[0]) + 7, 2: len(raws[1]), 3: len(raws[2])},
        {1: [raws[0]], 2: [raws[1][:-9], raws[1]], 3: [raws[2]]},
    )
    with running_talker(b"* OK hi\r\n", liar) as talker:
        box = mailbox(imap_port=talker.port)
        office = PostOffice(tmp_path / "shop", None, clock, (box,))  # type: ignore[arg-type]  # no real server here
        office.sync()
        asked = [line for line in talker.heard if b"BODY.PEEK[]" in line]
        office.sync()

    assert len(asked) == 3, "all three together, and each of two once more"
    assert len(office.store.read("SELECT 1 FROM places WHERE message IS NOT NULL")) == 3
    items = {item.subject: item for one in office.conversations() for item in office.items(one.id)}
    assert [items[f"Question {n}"].oddities for n in (1, 2)] == [(), ()]
    (oddity,) = items["Question 0"].oddities
    assert oddity.endswith("the same bytes came twice")
    assert {office.store.raw(item.id) for item in items.values()} == set(raws)
    office.close()


def test_18_a_flipped_bit_is_noticed_by_tls_and_what_came_with_it_is_fetched_again(
    pull: Pull, tmp_path: Path
) -> None:
    pull.deliver(60)
    server = pull.office.imap
    proxy = pull.proxies(server.host, server.tls_port)
    places = random.Random(18)
    for _ in range(5):
        proxy.flip(places.randrange(3_000, 120_000))
    box = pull.office.mailboxes[0]._replace(
        imap_host=proxy.host, imap_port=proxy.port, imap_security="tls", ca_file=str(server.certificate.cert)
    )
    one = PostOffice(tmp_path / "tls", server, pull.office.clock, (box,))
    with Watched(one, timeout=5.0) as worker:
        worker.until_placed(80)
        worker.until_state("watching")

    assert proxy.struck == 5
    all_here(one, "INBOX")
    one.close()


def test_18_what_the_server_refuses_to_give_holds_up_nothing_else_and_comes_when_it_does(
    tmp_path: Path, clock: PinnedClock
) -> None:
    """Gmail refuses a whole FETCH for one message that it cannot read; Exchange gives NIL for one."""
    raws = letters(30)
    liar = Liar(
        {number: len(raw) for number, raw in enumerate(raws, 1)},
        {number: [raw] for number, raw in enumerate(raws, 1)},
    )
    liar.refuses = {11, 12}
    liar.bodies[20] = [b""]
    with running_talker(b"* OK hi\r\n", liar) as talker:
        box = mailbox(imap_port=talker.port)
        office = PostOffice(tmp_path / "shop", None, clock, (box,))  # type: ignore[arg-type]  # no real server here
        done = office.sync()
        assert (done.fetched, done.placed) == (27, 27)
        (question,) = done.questions
        assert "gives nothing of 3 messages in INBOX (UID 11, 12, 20)" in question
        assert "Some messages could not be FETCHed" in question
        liar.refuses.clear()
        liar.bodies[20] = [raws[19]]
        again = office.sync()

    assert (again.fetched, again.placed, again.questions) == (3, 3, [])
    assert {office.store.raw(i.id) for c in office.conversations() for i in office.items(c.id)} == set(raws)
    assert not any(item.oddities for one in office.conversations() for item in office.items(one.id))
    office.close()


# --------------------------------------------------------------------------- the process dies


def lives(office: PostOffice, *crashes: str, how: str = "once") -> None:
    """The worker lives once for each of these points, and dies there; after each death what is here is right."""
    words = str(office.imap.port), office.user, "1", str(office.clock()), how
    for crash in crashes:
        with python_child(CHILD, str(office.folder), *words, crash_at=crash) as child:
            child.finish()
            assert child.was_killed, f"it was never {crash}"
        never_ahead(office)
        none_missing(office)


def killed_at(pull: Pull, points: list[str], how: str) -> None:
    """For each point two workspaces, an empty one and one that was worked on, whose worker dies there."""
    for number, point in enumerate(points):
        # a folder that is known is not begun again, and is read upwards only
        begun = number % 2 == 1 and "reached" not in point and "begin" not in point
        folder = pull.folder / f"killed{number}"
        if begun:
            shutil.copytree(pull.begun, folder)
        one = PostOffice(folder, pull.office.imap, pull.office.clock, pull.office.mailboxes)
        before = done_by_people(one)
        lives(one, point, how=how)
        one.sync()
        all_here(one, "INBOX")
        none_missing(one)
        assert one.number("messages") == pull.mails + (2 if begun else 0)
        assert done_by_people(one) == before
        one.close()


@pytest.mark.parametrize(
    ("how", "points"),
    [
        ("once", ["before reached", "after decide:80"]),
        pytest.param("watch", ["after keep:2", "before placed:2"], marks=pytest.mark.long),
    ],
)
def test_26_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    pull: Pull, how: str, points: list[str]
) -> None:
    pull.deliver(130)
    killed_at(pull, points, how)


@pytest.mark.long
@pytest.mark.parametrize("how", ["once", "watch"])
def test_26_a_worker_killed_at_every_named_point_loses_and_doubles_nothing(pull: Pull, how: str) -> None:
    pull.deliver(280)
    names = [f"{name}:{n}" for name in ("keep", "placed", "reached") for n in (1, 2, 4)]
    names += [f"{name}:{n}" for name in ("add_raw", "decide") for n in (1, 61, 130, 200)]
    killed_at(
        pull,
        [f"{when} {name}" for name in ("begin", *names, "waiting:2") for when in ("before", "after")],
        how,
    )


@pytest.mark.long
def test_26_a_pull_of_10000_whose_worker_is_killed_again_and_again_is_whole_in_the_end(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    """At random moments and at named points in turn, one that passes once and one that stays; more mail comes meanwhile.

    FRONTDESK_KILLS says how often (20).
    """
    office = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user),))
    lies_there(office, letters(10_000))
    drawn = random.Random(26)
    named = (
        "after keep",
        "before decide:40",
        "after placed",
        "before reached",
        "after add_raw:30",
        "after decide:55",
    )
    progress: list[int] = []
    for number in range(KILLS):
        how = "watch" if number % 2 else "once"
        words = str(dovecot.port), imap_user, "1", str(clock()), how
        crash = named[number // 2 % len(named)] if number % 3 else ""
        with python_child(CHILD, str(office.folder), *words, crash_at=crash) as child:
            child.kill_after(drawn.uniform(0.4, 1.6))
        if number % 5 == 0:
            office.arrives(*letters(3, 10_000 + 3 * number))
        never_ahead(office)
        progress.append(office.number("places"))
    before = progress[-1]
    while office.sync().fetched:
        pass

    with capsys.disabled():
        print(f"\n{KILLS} kills; {before} messages were here after the last of them")
    mails = 10_000 + 3 * len(range(0, KILLS, 5))
    assert (
        len(on_server(office, "INBOX"))
        == office.number("messages")
        == office.number("conversations")
        == mails
    )
    all_here(office, "INBOX")
    none_missing(office)
    office.close()
