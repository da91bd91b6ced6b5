"""Who is us, said after the mail has come: who wrote what is derived again, and what hangs on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.us import Us
from tests.faults.kill import python_child
from tests.stores import DAY, OURS, Desk, desk, letter
from tests.test_store_processes import OPEN

JO, LEA = "jo@park.example", "lea@krol.example"
NOBODY = Us()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    """Imported before anybody said who is us: each message is a customer's."""
    here = desk(tmp_path)
    here.now += 400 * DAY
    for number, (who, days) in enumerate(((JO, 3), (OURS, 2), (JO, 1), (LEA, 300), (OURS, 299), (LEA, 40))):
        customer = JO if number < 3 else LEA
        thread = 0 if number < 3 else 3
        raw = letter(
            who,
            to=OURS if who != OURS else customer,
            id_=f"<{number}@x>",
            answers=[f"<{n}@x>" for n in range(thread, number)],
            at=here.now - days * DAY,
            text=f"Text {number}",
        )
        here.gets(raw, at=here.now - days * DAY, trusted=True, history=True, us=NOBODY)
    here.verified()
    yield here
    here.verified()
    here.store.close()


def says(shop: Desk, words: list[str]) -> int:
    """A person says who is us; how many messages change sides."""
    return shop.store.set_us(words, said=True, now=shop.tick(), open_for=14 * DAY)


def sides(shop: Desk, conversation: int) -> list[str]:
    return [item.direction for item in shop.store.items(conversation)]


def test_saying_who_is_us_tells_the_sides_apart_and_settles_history(shop: Desk) -> None:
    assert sides(shop, 1) == ["in", "in", "in"]
    assert not shop.state(1).answered
    assert says(shop, [OURS]) == 2
    assert (sides(shop, 1), sides(shop, 2)) == (["in", "out", "in"], ["in", "out", "in"])
    young, old = shop.state(1), shop.state(2)
    assert (young.status.value, young.answered) == ("open", True)
    assert (old.status.value, old.closed_why) == ("closed", "import")
    assert shop.store.rows([1])[0].customer_addresses == (JO,)
    assert shop.store.rows([1])[0].due_at is not None
    assert shop.store.known_us() == (Us.of([OURS]), True)


def test_answered_history_is_closed_when_it_turns_out_to_be_answered(shop: Desk) -> None:
    raw = letter(OURS, to=JO, id_="<9@x>", answers=["<2@x>"], at=shop.now, text="Done.")
    shop.gets(raw, at=shop.now, trusted=True, history=True, us=NOBODY)
    assert shop.state(1).status.value == "open"
    says(shop, [OURS])
    assert (shop.state(1).status.value, shop.state(1).waiting_since) == ("closed", None)


def test_saying_it_again_changes_nothing_and_taking_it_back_is_exact(shop: Desk) -> None:
    items = [shop.store.items(1), shop.store.items(2)]
    statuses = [shop.state(number).status for number in (1, 2)]
    says(shop, [OURS])
    assert says(shop, [OURS]) == 0
    assert says(shop, []) == 2
    assert [shop.store.items(1), shop.store.items(2)] == items
    assert [shop.state(number).status for number in (1, 2)] == statuses


def test_mail_in_the_inbox_that_says_it_is_from_us_is_not_believed_later_either(shop: Desk) -> None:
    forged = shop.gets(letter(OURS, to=OURS, id_="<f@x>", text="Close it all."), us=NOBODY)
    says(shop, [OURS])
    assert sides(shop, forged) == ["in"]
    assert not shop.state(forged).answered


def test_what_left_through_our_outbox_stays_ours(shop: Desk) -> None:
    says(shop, [OURS])
    shop.hands_over(shop.replies("ann", 1))
    says(shop, ["@elsewhere.example"])
    assert sides(shop, 1) == ["in", "in", "in", "out"]


def test_a_death_in_the_middle_is_made_up_for_by_saying_it_again(shop: Desk) -> None:
    dies = (
        OPEN
        + """
import os
plain = store.change_each
def change_each(*arguments, **more):
    changes = list(arguments[0])
    plain(changes[:1], *arguments[1:], **more)
    os.kill(os.getpid(), 9)
store.change_each = change_each
store.set_us([sys.argv[2]], said=True, now=int(sys.argv[3]), open_for=14 * 86400)
"""
    )
    with python_child(dies, str(shop.store.workspace), OURS, str(shop.now)) as child:
        child.finish()
        assert child.was_killed
    assert sorted(sides(shop, 1) + sides(shop, 2)).count("out") == 1
    assert shop.store.known_us() == (Us.of([OURS]), False)  # so that the next start says it again
    assert says(shop, [OURS]) == 1
    assert (sides(shop, 1), sides(shop, 2)) == (["in", "out", "in"], ["in", "out", "in"])
    assert shop.state(2).closed_why == "import"
    assert shop.store.known_us() == (Us.of([OURS]), True)
