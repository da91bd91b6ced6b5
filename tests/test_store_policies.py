"""Which policy holds for a conversation: chosen again whenever it changes, as an event, and proven by verify."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.model import EventType
from inbox.settings import Settings, load
from tests.stores import DAY, Desk, desk, letter

ALWAYS = 'hours = "always"\n'
HOUR = 3600


def written(folder: Path, text: str) -> Settings:
    path = folder / "settings.toml"
    path.write_text(text)
    return load(path, host_zone="UTC")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    here = desk(tmp_path, written(tmp_path, ALWAYS))
    here.gets(letter(id_="<1@p>"))
    yield here
    here.verified()
    here.store.close()


def due_in(shop: Desk, number: int = 1) -> float | None:
    """Hours from the customer's first message to the deadline."""
    due = shop.store.rows([number])[0].due_at
    return None if due is None else (due - shop.state(number).first_at) / HOUR


def policies(shop: Desk, number: int = 1) -> list[str]:
    return [e.data["policy"] for e in shop.store.events(number) if e.type is EventType.POLICY]


def test_a_tag_brings_another_policy_as_an_event_and_its_removal_takes_it_back(shop: Desk) -> None:
    assert (due_in(shop), shop.store.rows([1])[0].policy) == (8, "default")
    shop.did("ann", "tag", conversation=1, add=["vip"])
    assert (due_in(shop), shop.store.rows([1])[0].policy, shop.store.rows([1])[0].vip) == (4, "vip", True)
    shop.did("ann", "undo", by="ann")
    assert (due_in(shop), shop.store.rows([1])[0].policy) == (8, "default")
    assert policies(shop) == ["vip", "default"]


def test_holding_brings_the_policy_with_updates_and_ending_it_takes_that_back(shop: Desk) -> None:
    shop.hands_over(shop.replies("ann", 1))
    assert shop.store.rows([1])[0].due_at is None
    shop.did("ann", "hold", conversation=1, whom="carrier")
    row = shop.store.rows([1])[0]
    assert row.policy == "held"
    assert row.due_at is not None  # the customer hears from us every sixteen hours
    shop.did("ann", "reopen", conversation=1)
    assert (shop.store.rows([1])[0].policy, shop.store.rows([1])[0].due_at) == ("default", None)
    shop.did("ann", "tag", conversation=1, add=["vip"])
    shop.did("ann", "hold", conversation=1, whom="carrier")
    assert shop.store.rows([1])[0].policy == "vip held"
    assert policies(shop) == ["held", "default", "vip", "vip held"]


def test_what_is_closed_meets_a_new_policy_when_it_opens_again(shop: Desk) -> None:
    shop.did("ann", "close", conversation=1, why="thanks")
    shop.did("ann", "tag", conversation=1, add=["vip"])
    assert policies(shop) == []
    shop.did("ann", "reopen", conversation=1)
    assert policies(shop) == ["vip"]


def test_new_settings_derive_every_running_conversation_again(shop: Desk, tmp_path: Path) -> None:
    numbers = [1, *(shop.gets() for _ in range(40))]
    closed = numbers[5]
    shop.did("ann", "close", conversation=closed, why="thanks")
    quick = written(tmp_path, ALWAYS + '[[policy]]\nname = "quick"\nfirst_reply = "1h"\nnext_reply = "1h"\n')
    assert shop.store.adopt(quick, shop.tick()) == len(numbers) - 1
    assert {due_in(shop, number) for number in numbers if number != closed} == {1}
    assert shop.store.adopt(quick, shop.tick()) == 0
    # what was met before keeps its policy; old settings again are a version of their own
    shop.hands_over(shop.replies("ann", numbers[1]))
    (met,) = (c for c in shop.store.clocks(numbers[1], shop.now) if c.kind == "first_reply")
    shop.store.adopt(written(tmp_path, ALWAYS), shop.tick())
    assert due_in(shop) == 8
    (after,) = (c for c in shop.store.clocks(numbers[1], shop.now) if c.kind == "first_reply")
    assert (after.target, after.met) == (met.target, met.met) == (HOUR, met.met)
    assert shop.store.read("SELECT count(*) FROM settings_versions") == [(3,)]


def test_settings_are_applied_in_slices_while_others_work(shop: Desk, tmp_path: Path) -> None:
    for _ in range(60):
        shop.gets()
    heard: list[frozenset[int]] = []
    stop = shop.store.watch(heard.append)
    quick = written(tmp_path, ALWAYS + '[[policy]]\nname = "quick"\nfirst_reply = "1h"\n')
    assert shop.store.adopt(quick, shop.tick()) == 61
    stop()
    assert shop.store.rows([1])[0].policy == "quick"


def test_two_who_apply_the_same_settings_at_once_make_one_version(shop: Desk, tmp_path: Path) -> None:
    import threading

    from storage.workspace import open_store

    quick = written(tmp_path, ALWAYS + '[[policy]]\nname = "quick"\nfirst_reply = "1h"\n')
    stores = [open_store(tmp_path / "workspace") for _ in range(4)]
    threads = [threading.Thread(target=store.adopt, args=(quick, shop.now + 1)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    assert shop.store.read("SELECT count(*) FROM settings_versions") == [(2,)]


def test_settings_that_come_after_the_first_mail_hold_for_it(tmp_path: Path) -> None:
    from storage.workspace import open_store

    shop = Desk(open_store(tmp_path / "workspace"))
    shop.gets(letter(id_="<1@p>"))
    shop.store.adopt(
        written(tmp_path, ALWAYS + '[[policy]]\nname = "quick"\nfirst_reply = "1h"\n'), shop.tick()
    )
    assert due_in(shop) == 1
    shop.verified()
    shop.store.close()


@pytest.mark.parametrize("back", [1, HOUR, DAY])
def test_a_clock_that_was_put_back_makes_no_deadline_vanish(shop: Desk, back: int) -> None:
    due = due_in(shop)
    now, shop.now = shop.now, shop.now - back
    shop.did("bo", "note", conversation=1, text="My clock is slow.")
    shop.did("bo", "assign", conversation=1, to="bo")
    assert due_in(shop) == due
    shop.did("bo", "close", conversation=1, why="thanks")
    assert shop.state(1).status.value == "closed"
    shop.verified()
    shop.now = now + 10
    shop.verified()
    assert shop.store.rows([1])[0].due_at is None
