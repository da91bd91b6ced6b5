"""The line is cut in the middle of a pull, and the worker dies in it: in the end all mail is here, and all of it once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest

from inbox.channels.trouble import BadPassword, NetworkTrouble
from tests import worker_child
from tests.faults.clock import PinnedClock
from tests.faults.kill import python_child
from tests.faults.proxy import Proxy
from tests.post_office import PostOffice, letter, on_both
from tests.servers.dovecot import Dovecot

MAILS = 300
CHILD = Path(worker_child.__file__)
Cut = tuple[Literal["down", "up"], Literal["fin", "rst"], int]


@pytest.fixture
def office(tmp_path: Path, dovecot: Dovecot, imap_user: str, clock: PinnedClock) -> Iterator[PostOffice]:
    """300 mails of many sizes lie on the server, and nothing of it is here."""
    one = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user),))
    sizes = random.Random(7)
    one.arrives(
        *(
            letter(f"c{n}@customer.example", f"Question {n}", "x" * sizes.randrange(3000) + f"\n{n}\n")
            for n in range(MAILS)
        )
    )
    yield one
    one.close()


def afresh(office: PostOffice, folder: Path, proxy: Proxy) -> PostOffice:
    """An empty workspace that reaches the same mailbox through the proxy."""
    box = on_both(office.imap, office.user, imap_host=proxy.host, imap_port=proxy.port)
    return PostOffice(folder, office.imap, office.clock, (box,))


def never_ahead(office: PostOffice) -> None:
    """What the cursor has passed is here: every UID between its two ends has its place, and its bytes."""
    cursor = office.store.places.cursors("support").get("INBOX")
    if cursor is not None:
        passed = [uid for uid in cursor.known if uid >= cursor.low]
        assert len(passed) == cursor.next_uid - cursor.low
    missing = office.store.read(
        "SELECT count(*) FROM places p WHERE NOT EXISTS (SELECT 1 FROM raws r WHERE r.sha = p.sha)"
    )
    assert missing == [(0,)]


def pulled_whole(office: PostOffice, proxy: Proxy) -> None:
    """Pass after pass until one meets no trouble; after each the cursor is right, at the end everything is here."""
    for _ in range(4):
        done = office.worker().once()
        never_ahead(office)
        assert not any(isinstance(error, BadPassword) for _, error in done.troubles)
        assert all(isinstance(error, NetworkTrouble) for _, error in done.troubles)
        if not done.troubles:
            break
    assert proxy.struck
    assert office.hashes() == office.server_hashes()
    assert len(office.hashes()) == office.number("messages") == office.number("conversations") == MAILS
    assert not any(one.unread for one in office.conversations())


def cut_at(office: PostOffice, folder: Path, proxy_to: Callable[[str, int], Proxy], cuts: list[Cut]) -> None:
    for number, (direction, how, after) in enumerate(cuts):
        proxy = proxy_to(office.imap.host, office.imap.port)
        proxy.cut(after, direction, how)
        one = afresh(office, folder / f"cut{number}", proxy)
        pulled_whole(one, proxy)
        one.close()


@pytest.fixture
def spans(office: PostOffice, tmp_path: Path, proxy_to: Callable[[str, int], Proxy]) -> dict[str, int]:
    """How many bytes a whole pull takes in each direction."""
    proxy = proxy_to(office.imap.host, office.imap.port)
    one = afresh(office, tmp_path / "measured", proxy)
    one.sync()
    one.close()
    return {"down": proxy.bytes_down, "up": proxy.bytes_up}


def points(spans: dict[str, int], count: int, seed: int) -> list[Cut]:
    drawn = random.Random(seed)
    cuts: list[Cut] = []
    for number in range(count):
        direction: Literal["down", "up"] = "up" if number % 3 == 2 else "down"
        how: Literal["fin", "rst"] = "rst" if number % 2 else "fin"
        cuts.append((direction, how, drawn.randrange(1, int(spans[direction] * 0.98))))
    return cuts


def test_a_pull_cut_anywhere_is_whole_in_the_end(
    office: PostOffice, tmp_path: Path, proxy_to: Callable[[str, int], Proxy], spans: dict[str, int]
) -> None:
    cut_at(office, tmp_path, proxy_to, points(spans, 12, 1))


@pytest.mark.long
def test_a_pull_cut_at_200_places_is_whole_in_the_end(
    office: PostOffice, tmp_path: Path, proxy_to: Callable[[str, int], Proxy], spans: dict[str, int]
) -> None:
    cut_at(office, tmp_path, proxy_to, points(spans, 200, 2))


def killed_at(office: PostOffice, folder: Path, crashes: list[str]) -> None:
    words = str(office.imap.port), office.user, "1", str(office.clock())
    for number, crash in enumerate(crashes):
        one = PostOffice(folder / f"killed{number}", office.imap, office.clock, office.mailboxes)
        with python_child(CHILD, str(one.folder), *words, crash_at=crash) as child:
            child.finish()
            assert child.was_killed
        never_ahead(one)
        one.sync()
        assert one.hashes() == one.server_hashes()
        assert one.number("messages") == one.number("conversations") == MAILS
        assert one.store.verify(one.clock()) == []
        one.close()


def test_a_worker_killed_while_it_fetches_loses_and_doubles_nothing(
    office: PostOffice, tmp_path: Path
) -> None:
    killed_at(
        office,
        tmp_path,
        ["after begin", "before keep:3", "after keep:4", "before placed:2", "after placed:3"],
    )


@pytest.mark.long
def test_a_worker_killed_while_it_fetches_at_every_point(office: PostOffice, tmp_path: Path) -> None:
    names = ("begin", *(f"{name}:{n}" for name in ("keep", "placed") for n in range(1, 6)), "waiting:2")
    killed_at(office, tmp_path, [f"{when} {name}" for name in names for when in ("before", "after")])
