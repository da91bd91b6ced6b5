"""New hours and policies come to hold for conversations that are running: in slices, outside the lock, and to the end
whatever is killed."""

from __future__ import annotations

import fcntl
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inbox.model import EventType
from inbox.settings import Settings, load
from storage import deriving, policy_change
from storage.transaction import Transaction
from storage.workspace import open_store
from tests.faults.kill import python_child
from tests.stores import DAY, Desk, desk, everything, letter

HOURS = """
[hours]
zone = "Europe/Berlin"
week = { mon = ["09:00-17:00"], tue = ["09:00-17:00"], wed = ["09:00-17:00"], thu = ["09:00-17:00"] }
"""
QUICK = (
    HOURS
    + """
[[policy]]
name = "billing"
when = "tag:billing"
first_reply = "2h"
next_reply = "3h"

[[policy]]
name = "quick"
first_reply = "1h"
next_reply = "1h"
resolve = "20h"
"""
)


def written(folder: Path, text: str) -> Settings:
    path = folder / "settings.toml"
    path.write_text(text)
    return load(path, host_zone="UTC")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    """Fifteen conversations, in every state a conversation can be in."""
    here = desk(tmp_path, written(tmp_path, HOURS))
    numbers = [here.gets() for _ in range(14)]
    here.did("ann", "tag", conversation=numbers[0], add=["billing"])
    here.did("ann", "snooze", conversation=numbers[1], until=here.now + DAY)
    here.did("ann", "hold", conversation=numbers[2], whom="the carrier")
    here.did("ann", "close", conversation=numbers[3], why="thanks")
    here.did("ann", "follow-up", conversation=numbers[3], until=here.now + 5 * DAY)
    here.did("ann", "close", conversation=numbers[4], why="thanks")
    here.did("ann", "promise", conversation=numbers[5], until=here.now + 3 * DAY)
    here.hands_over(here.replies("ann", numbers[6]))
    here.replies("ann", numbers[7])
    here.gets(letter(id_="<old@p>", at=here.now - 3 * DAY), at=here.now - 3 * DAY, history=True)
    yield here
    here.verified()
    here.store.close()


def test_the_policy_that_follows_writes_nothing_into_the_record_and_another_one_an_event(
    shop: Desk, tmp_path: Path
) -> None:
    before = shop.record()
    shop.store.adopt(written(tmp_path, QUICK), shop.tick())
    new = [row[1] for row in shop.record()[len(before) :]]
    assert new == [EventType.SETTINGS, EventType.POLICY]  # of the one that is tagged
    rows = {row.conversation.id: row.policy for row in shop.store.rows(range(1, 16))}
    assert [number for number, policy in rows.items() if policy == "billing"] == [1]
    assert rows[8] == "quick"


def test_it_comes_to_the_same_as_telling_each_conversation_anew(shop: Desk, tmp_path: Path) -> None:
    shop.store.adopt(written(tmp_path, QUICK), shop.tick())
    derived = everything(shop.store)
    with shop.store.writing() as transaction:
        transaction.derive_all(shop.store.book_seen_by(transaction.connection), shop.now)
    assert everything(shop.store) == derived


def test_what_is_done_between_reading_and_writing_stays_done(shop: Desk, tmp_path: Path) -> None:
    policy_change.write_down(shop.store, written(tmp_path, QUICK), shop.tick())
    derived = deriving.derive(shop.store, range(1, 16), shop.now)
    shop.did("bo", "tag", conversation=9, add=["billing"])
    shop.did("bo", "note", conversation=1, text="The bill is right.")  # told by that that "billing" holds
    with shop.store.deriving() as transaction:
        policy_change.write(transaction, deque(derived))
    assert shop.store.rows([9])[0].policy == "billing"
    assert [each.type for each in shop.store.events(1)].count(EventType.POLICY) == 1
    assert shop.store.adopt(written(tmp_path, QUICK), shop.now) == 0  # it goes through them once more


@pytest.mark.parametrize("dies", [False, True])
def test_processes_beside_this_one_find_the_same_and_may_die(
    shop: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    monkeypatch.setattr(deriving, "MANY", 1)
    monkeypatch.setattr(deriving, "BESIDE", 2)
    monkeypatch.setattr(deriving, "SLICE", 2)
    if dies:
        monkeypatch.setattr(deriving, "_SERVE", "raise SystemExit")
    shop.store.adopt(written(tmp_path, QUICK), shop.tick())
    assert {row.policy for row in shop.store.rows([6, 7, 8, 10, 11, 12, 13, 14])} == {"quick"}


CHANGING = """
import sys
from pathlib import Path
from inbox.settings import load
from storage import deriving, policy_change
from storage.transaction import Transaction
from storage.workspace import open_store
from tests.faults.kill import mortal
deriving.SLICE, policy_change.WRITE_SECONDS = 3, 60
policy_change.write = mortal(policy_change.write, "write")
folder = Path(sys.argv[1])
store = open_store(folder / "workspace")
store.apply(load(folder / "settings.toml", host_zone="UTC"), int(sys.argv[2]), "the mark")
print("applied")
"""


def test_whoever_comes_after_a_kill_goes_on_where_it_ended(shop: Desk, tmp_path: Path) -> None:
    quick = written(tmp_path, QUICK)
    with python_child(CHANGING, str(tmp_path), str(shop.tick()), crash_at="before write:3") as child:
        child.finish()
        assert child.was_killed
    (problem,) = shop.store.verify(shop.now)
    assert (problem.kind, problem.detail) == (
        "settings", "do not hold yet for conversations after 7: the next start of Frontdesk goes on"
    )  # fmt: skip
    assert [row.policy for row in shop.store.rows([7, 9])] == ["quick", "default"]
    assert shop.store.applied() == ""
    shop.did("bo", "note", conversation=12, text="I am working all the while.")
    assert shop.store.rows([12])[0].policy == "quick"  # and what is worked on follows the new ones at once
    moved = shop.store.apply(quick, shop.now, "the mark")
    assert 0 < moved < 9  # those that were left
    assert shop.store.applied() == "the mark"
    assert len(shop.store.read("SELECT 1 FROM events WHERE type = ?", (int(EventType.SETTINGS),))) == 2
    shop.verified()


def test_two_processes_do_not_do_it_twice(shop: Desk, tmp_path: Path) -> None:
    quick = written(tmp_path, QUICK)
    policy_change.write_down(shop.store, quick, shop.tick())
    with (shop.store.workspace / "deadlines.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)  # another process is at it
        assert shop.store.apply(quick, shop.now, "mark") == 0
        assert shop.store.applied() == ""  # and may be killed yet
    assert shop.store.apply(quick, shop.now, "mark") > 5
    assert shop.store.applied() == "mark"


def test_settings_that_come_while_others_come_to_hold_are_the_ones_that_hold(
    shop: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that derives is at its third slice when another process writes yet another version down."""
    later = written(tmp_path, QUICK.replace('"1h"', '"4h"'))
    policy_change.write_down(shop.store, written(tmp_path, QUICK), shop.tick())
    monkeypatch.setattr(deriving, "SLICE", 2)
    other = Desk(open_store(shop.store.workspace), now=shop.now)
    plain, slices = shop.store.deriving, iter(range(100))

    @contextmanager
    def interrupted() -> Iterator[Transaction]:
        if next(slices) == 3:
            policy_change.write_down(other.store, later, other.tick())
        with plain() as transaction:
            yield transaction

    shop.store.deriving = interrupted  # type: ignore[method-assign]  # another process comes between two slices
    policy_change.go_on(shop.store, shop.tick(), wait=False)
    (clock,) = (c for c in shop.store.clocks(9, shop.now) if c.kind == "first_reply")
    assert (clock.target, shop.store.rows([9])[0].due_at) == (4 * 3600, clock.due)
    other.store.close()
