"""A strike: 300 customers write, all are linked and told, though the teller is killed and the server throttles.

Nobody is told twice, nobody is left out, and an answer to somebody else does not wait behind them.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inbox.actions import decision
from inbox.model import Instant, Who
from inbox.queries import parse
from inbox.sending import MOST_LINES, Sending
from inbox.settings import Pace, Settings
from storage.workspace import open_store
from tests import teller_child
from tests.faults.kill import python_child
from tests.post_office import Known
from tests.servers.mailboxes import on_smtp
from tests.servers.smtp import SmtpServer, running_smtp
from tests.stores import Desk, desk, letter

CHILD = Path(teller_child.__file__)
TEXT = "Dear {first_name},\n\nthe carrier is on strike. Your parcel comes as soon as it goes on.\n"
GIVEN = ("Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gil", "Hanna", "Ivo", "Jana")
FAMILY = ("Novak", "Okafor", "Ruiz", "Silva", "Tamm", "Urban", "Vega", "Weber", "Xu", "Young")
PER_MINUTE = 60


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with running_smtp() as found:
        yield found


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "settings.toml").write_text(
        'us = ["support@shop.example"]\n[hours]\nzone = "UTC"\n\n[[team]]\nname = "anna"\nrole = "owner"\n',
        "utf-8",
    )
    found = desk(tmp_path, Settings(host_zone="UTC"))
    yield found
    found.store.close()


def wrote(house: Desk, count: int) -> dict[str, str]:
    """So many customers write of the strike; their addresses and first names."""
    chance = random.Random(4)
    asking = (
        "Where is my parcel?",
        "When does my parcel come?",
        "My parcel has not come yet.",
        "No parcel. Why?",
    )
    people = {}
    for number in range(count):
        first, family = GIVEN[number % 10], FAMILY[number // 10 % 10]
        address = f"{first.lower()}.{number}@people.example"
        people[address] = first
        text = f"Hello,\n\n{chance.choice(asking)} I hear the carrier is on strike.\n\nBye"
        subject = f"Parcel {10_000 + number}"
        sender, id_ = f"{first} {family} <{address}>", f"<{number}@p.example>"
        house.gets(letter(sender, text=text, subject=subject, at=house.now, id_=id_))
    return people


def words(house: Desk, *command: str) -> tuple[str, ...]:
    now = datetime.fromtimestamp(house.now, UTC).isoformat()
    return ("--workspace", str(house.store.workspace), "--as", "anna", "--now", now, *command)


def queued(house: Desk) -> int:
    return int(house.store.read("SELECT count(*) FROM outbox WHERE state <> 'undone'")[0][0])


def send_all(house: Desk, server: SmtpServer) -> list[int]:
    """The worker sends, pass after pass, as fast as it may; how many had left after each simulated minute."""
    server.users["ann"] = "secret"
    clock: list[Instant] = [house.now]
    box = on_smtp(server)
    sending = Sending(
        house.store.sending,
        [box],
        Known({}, []),
        lambda: clock[0],
        paces=(Pace(PER_MINUTE, 60),),
        steady=lambda: float(clock[0]),
    )
    left: list[int] = []
    while house.store.sending.next_at() is not None and len(left) < 2_000:
        asyncio.run(sending.send_due())
        left.append(len(server.taken))
        clock[0] += 60
        house.store.sending.recover(clock[0])
    house.now = clock[0]
    return left


def told(server: SmtpServer) -> Counter[str]:
    """How often each address was told."""
    return Counter(address for each in server.taken for address in each.recipients)


def strike(house: Desk, server: SmtpServer, count: int, points: tuple[str, ...]) -> None:
    people = wrote(house, count)
    alone = house.gets(
        letter("Zoe Alone <zoe@people.example>", text="Do you sell gift cards?", id_="<z@p.example>")
    )
    house.did("anna", "issue-new", issue="strike", title="Carrier strike")
    linked = house.store.ids(parse("strike issue:none", house.now, UTC), Who("anna"), house.now)
    assert len(linked) == count
    house.store.change_each(
        (decision("link", conversation=one, issue="strike") for one in linked), Who("anna"), house.tick()
    )

    tell = words(house, "issue", "tell", "strike", "--text", TEXT)
    for point in points:
        with python_child(CHILD, *tell, crash_at=point) as child:
            child.finish()
            assert child.was_killed
    before = queued(house)
    assert 0 < before < count, "it was killed in the middle"
    with python_child(CHILD, *tell) as child:
        said = child.finish()
    assert f"{count - before} told, {before} told before" in said
    assert queued(house) == count

    answer = house.replies("anna", alone, to="zoe@people.example")
    house.tick(150)
    chance = random.Random(9)
    for address in chance.sample(sorted(people), count // 4):  # greylisting, and a server that is busy
        server.answer(
            "rcpt", *chance.choice((["451 4.7.1 try again later"] * 2, ["421 4.3.2 too busy"])), to=address
        )
    left = send_all(house, server)

    first = [
        each.recipients[0] for each in server.taken[:MOST_LINES]
    ]  # as many as are on their way at a time
    assert "zoe@people.example" in first, f"the answer {answer} goes first"
    assert told(server) == Counter([*people, "zoe@people.example"]), "everybody once"
    assert max(b - a for a, b in zip([0, *left], left, strict=False)) <= PER_MINUTE
    for each in (one for one in server.taken if one.recipients[0] in people):
        greeted = re.search(rb"^Dear (\w+),", each.raw, re.MULTILINE)
        assert greeted is not None
        assert greeted[1].decode() == people[each.recipients[0]]
    (standing,) = house.store.issues.standings()
    assert (standing.linked, standing.told, standing.leaving, standing.failed) == (count, count, 0, 0)
    house.store.close()
    house.store = open_store(house.store.workspace)
    house.verified()


def test_a_small_strike_with_a_teller_that_is_killed(house: Desk, server: SmtpServer) -> None:
    strike(house, server, 30, ("before slice:2",))


@pytest.mark.long
def test_a_strike_of_three_hundred_against_a_server_that_throttles(house: Desk, server: SmtpServer) -> None:
    strike(house, server, 300, ("before slice:4", "before slice:2", "before slice:5"))
