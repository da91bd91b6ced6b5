"""Blocked senders: their mail is spam from then on, kept and found, and nobody is disturbed by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inbox.actions import decision
from inbox.model import EventType, Role, Status, Who
from inbox.ports import Outcome
from inbox.queries import Words
from inbox.settings import Settings
from storage.recording import CONVERSATION_NAMES
from storage.workspace import open_store
from tests.faults.clock import MONDAY
from tests.front import Front
from tests.screenplay import playing
from tests.shop import STORY
from tests.shop import shop as shop_of
from tests.stores import Desk, everything, letter

WIN = "Win <win@lottery.example>"
JO = "jo@park.example"
SETTINGS = Settings(
    host_zone="UTC", us_words=("support@shop.example", "shop.team@gmail.com", "@shop-group.example")
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    store = open_store(tmp_path / "workspace")
    store.apply(SETTINGS, MONDAY)
    here = Desk(store)
    yield here
    here.verified()
    here.store.close()


def come(shop: Desk, sender: str = WIN, id_: str = "<1@x>", **more: str) -> int:
    """Mail comes in from a sender; the conversation it went to."""
    how = {"subject": "You have won", "text": f"It is letter {id_}.", **more}
    answers = [how.pop("answers")] if "answers" in how else []
    return shop.gets(letter(sender, id_=id_, answers=answers, **how), us=SETTINGS.us)  # type: ignore[arg-type]  # texts


def refusal(outcome: Outcome) -> str:
    assert outcome.refusal is not None
    return outcome.refusal.reason


# --------------------------------------------------------------------------- this and all further mail


def test_this_and_all_further_mail_is_spam_and_says_why(shop: Desk) -> None:
    first = come(shop)
    shop.did("anna", "block", conversation=first)
    second = come(shop, "WIN@Lottery.Example", "<2@x>", text="The second prize.")

    assert second != first
    for conversation in (first, second):
        one = shop.state(conversation)
        assert (one.status, one.unread) == (Status.SPAM, False)
        assert shop.store.rows([conversation])[0].due_at is None
    said = [event for event in shop.store.events(second) if event.type is EventType.SPAM]
    assert [event.why for event in said] == ["blocked by anna on 2026-03-16"]
    assert shop.store.counts(Who("anna"), shop.now)["all"] == 0
    found = shop.store.search(Words("second prize"), Who("anna"), shop.now)
    assert [hit.conversation for hit in found] == [second]


def test_a_further_mail_in_the_same_conversation_disturbs_nobody(shop: Desk) -> None:
    first = come(shop)
    shop.did("anna", "block", conversation=first)

    assert come(shop, id_="<2@x>", answers="<1@x>") == first
    one = shop.state(first)
    assert (one.status, one.unread, one.messages) == (Status.SPAM, False, 2)


def test_a_domain_is_blocked_whole_and_no_other(shop: Desk) -> None:
    shop.did("anna", "block", conversation=come(shop), domain=True)

    assert shop.state(come(shop, "other@lottery.example", "<2@x>")).status is Status.SPAM
    assert shop.state(come(shop, "win@news.lottery.example", "<3@x>")).status is Status.OPEN
    assert [block.address for block in shop.store.blocked()] == ["@lottery.example"]


def test_who_wrote_last_is_blocked_but_a_person_before_a_machine(shop: Desk) -> None:
    one = come(shop, JO, "<1@x>")
    come(shop, "boss@park.example", "<2@x>", answers="<1@x>", cc=JO)
    merged = come(shop, "robot@park.example", "<3@x>", auto_submitted="auto-generated")
    shop.did("anna", "merge", conversation=merged, into=one)
    shop.did("anna", "block", conversation=one)

    assert [block.address for block in shop.store.blocked()] == [JO]


def test_old_mail_of_a_blocked_sender_comes_in_as_spam_too(shop: Desk) -> None:
    shop.did("anna", "block", conversation=come(shop))
    raw = letter(WIN, id_="<old@x>", at=MONDAY - 86_400)

    assert shop.state(shop.gets(raw, history=True, at=MONDAY - 86_400)).status is Status.SPAM


# --------------------------------------------------------------------------- in conversations of others


def test_in_an_open_conversation_it_is_kept_and_marks_nothing(shop: Desk) -> None:
    """Jo waits here: a blocked colleague of hers must neither hide that nor wake anybody."""
    jos = come(shop, JO, "<1@x>", cc="kim@park.example")
    shop.did("anna", "block", conversation=come(shop, "kim@park.example", "<k@x>"))
    answer = shop.replies("bo", jos)
    shop.hands_over(answer)
    before = shop.state(jos)
    assert before.status is Status.WAITING

    assert come(shop, "kim@park.example", "<2@x>", answers="<1@x>") == jos
    after = shop.state(jos)
    assert (after.status, after.unread, after.waiting_since) == (Status.WAITING, False, None)
    assert after.messages == before.messages + 1
    received = [event for event in shop.store.events(jos) if event.type is EventType.RECEIVED]
    assert received[-1].why.startswith("blocked by anna on ")

    assert come(shop, JO, "<3@x>", answers="<2@x>") == jos  # what answers it is in sight
    assert (shop.state(jos).status, shop.state(jos).unread) == (Status.OPEN, True)


def test_mail_that_belongs_to_two_conversations_joins_none_when_its_sender_is_blocked(shop: Desk) -> None:
    one, two = come(shop, JO, "<1@x>", subject="Lamp"), come(shop, JO, "<2@x>", subject="Vase")
    blocked = come(shop, JO, "<3@x>", subject="Sofa")
    shop.did("anna", "block", conversation=blocked)
    raw = letter(JO, id_="<4@x>", answers=["<1@x>", "<2@x>"])
    shop.gets(raw, us=SETTINGS.us)

    assert {shop.state(each).messages for each in (one, two)} == {1, 2}


def test_a_customer_whose_name_is_borrowed_is_not_blocked(shop: Desk) -> None:
    """What is blocked is the address that was written, and only that."""
    shop.did("anna", "block", conversation=come(shop, f"{JO} <win@lottery.example>"))

    assert shop.state(come(shop, JO, "<2@x>")).status is Status.OPEN


# --------------------------------------------------------------------------- lifted, and taken back


def test_unblocked_mail_is_mail_again_and_spam_stays_where_it_is(shop: Desk) -> None:
    first = come(shop)
    shop.did("anna", "block", conversation=first)
    shop.did("bo", "unblock", conversation=first)

    assert shop.state(first).status is Status.SPAM
    assert shop.state(come(shop, id_="<2@x>")).status is Status.OPEN
    assert shop.store.blocked() == []


def test_an_address_can_be_unblocked_without_any_conversation(shop: Desk) -> None:
    shop.did("anna", "block", conversation=come(shop), domain=True)
    assert refusal(shop.do("bo", "unblock", address="win@lottery.example")) == (
        "win@lottery.example is not blocked."
    )
    shop.did("bo", "unblock", address="@LOTTERY.example")
    assert shop.store.blocked() == []
    shop.did("bo", "undo", by="bo")
    assert [block.who for block in shop.store.blocked()] == ["anna"]


def test_block_and_unblock_are_taken_back_and_done_again_exactly(shop: Desk) -> None:
    first = come(shop)
    before = everything(shop.store)["conversations"], shop.store.blocked()
    shop.did("anna", "block", conversation=first)
    after = shop.store.blocked()
    shop.did("anna", "undo", by="anna")
    undone = everything(shop.store)["conversations"], shop.store.blocked()
    seq = CONVERSATION_NAMES.index("seq")  # which goes up, whatever happens
    assert [row[:seq] + row[seq + 1 :] for row in undone[0]] == [
        row[:seq] + row[seq + 1 :] for row in before[0]
    ]
    assert undone[1] == before[1] == []
    assert shop.state(come(shop, id_="<2@x>")).status is Status.OPEN

    shop.did("anna", "redo", by="anna")
    assert shop.store.blocked() == after
    assert shop.state(first).status is Status.SPAM
    assert shop.state(come(shop, id_="<3@x>")).status is Status.SPAM


def test_many_are_blocked_and_taken_back_as_one(shop: Desk) -> None:
    conversations = [come(shop, f"w{n % 2}@lottery.example", f"<{n}@x>") for n in range(4)]
    changes = [decision("block", conversation=each) for each in conversations]
    shop.store.change_each(changes, Who("anna"), shop.tick())

    assert [block.address for block in shop.store.blocked()] == ["w0@lottery.example", "w1@lottery.example"]
    assert {shop.state(each).status for each in conversations} == {Status.SPAM}
    shop.did("anna", "undo", by="anna")
    assert shop.store.blocked() == []
    assert {shop.state(each).status for each in conversations} == {Status.OPEN}


def test_a_person_who_says_it_is_no_spam_is_not_overruled_by_the_next_mail(shop: Desk) -> None:
    first = come(shop)
    shop.did("anna", "block", conversation=first)
    shop.did("bo", "reopen", conversation=first)
    come(shop, id_="<2@x>", answers="<1@x>")

    assert shop.state(first).status is Status.OPEN
    assert [block.address for block in shop.store.blocked()] == ["win@lottery.example"]


# --------------------------------------------------------------------------- what cannot be blocked


@pytest.mark.parametrize(
    "sender",
    ["support@shop.example", "Bo <bo@SHOP.example>", "shop.team@gmail.com", "x@shop-group.example"],
)
def test_we_cannot_be_blocked(shop: Desk, sender: str) -> None:
    """A stranger who writes as one of us would else make all of us spam."""
    forged = come(shop, sender)
    for domain in (False, True):
        assert "is one of us" in refusal(shop.do("anna", "block", conversation=forged, domain=domain))
    assert shop.state(forged).status is Status.OPEN
    assert shop.store.blocked() == []


def test_at_a_freemail_provider_only_one_address_is_blocked(shop: Desk) -> None:
    one = come(shop, "win@gmail.com")
    assert "side by side" in refusal(shop.do("anna", "block", conversation=one, domain=True))
    shop.did("anna", "block", conversation=one)
    assert shop.state(come(shop, "jo@gmail.com", "<2@x>")).status is Status.OPEN


@pytest.mark.parametrize("sender", ["", "undisclosed", "@lottery.example", f"{'x' * 400}@lottery.example"])
def test_who_names_no_address_cannot_be_blocked(shop: Desk, sender: str) -> None:
    one = come(shop, sender)
    assert "which address" in refusal(shop.do("anna", "block", conversation=one))


def test_what_was_blocked_before_it_became_ours_is_ours(shop: Desk) -> None:
    shop.did("anna", "block", conversation=come(shop))
    ours = Settings(us_words=("win@lottery.example",)).us
    arrived = shop.gets(letter(WIN, id_="<2@x>"), us=ours)

    assert shop.state(arrived).status is Status.OPEN


def test_blocking_is_for_those_who_know_and_once_is_enough(shop: Desk) -> None:
    one = come(shop)
    for verb in ("block", "unblock"):
        assert "is not for a trainee" in refusal(shop.do("tim", verb, Role.TRAINEE, conversation=one))
    assert refusal(shop.do("bo", "unblock", conversation=one)) == "Nobody who wrote here is blocked."
    shop.did("anna", "block", conversation=one)
    assert "blocked already" in refusal(shop.do("bo", "block", conversation=one))


# --------------------------------------------------------------------------- carried along


def test_an_export_brings_blocks_with_it(shop: Desk, tmp_path: Path) -> None:
    shop.did("anna", "block", conversation=come(shop))
    shop.did("anna", "block", conversation=come(shop, "w@other.example", "<2@x>"), domain=True)
    shop.did("bo", "unblock", address="win@lottery.example")
    shop.store.export(tmp_path / "export")
    copy = open_store(tmp_path / "copy")
    copy.take_in_export(tmp_path / "export", shop.now)

    assert copy.blocked() == shop.store.blocked()
    assert [block.address for block in copy.blocked()] == ["@other.example"]
    assert not copy.verify(shop.now)
    copy.close()


# --------------------------------------------------------------------------- by command


def test_the_commands_block_list_and_unblock(shop_front: Front) -> None:
    shop_front.ok("block", "1")
    (told,) = shop_front.json("block", "--list")
    assert (told["who"], told["at"]) == ("anna", "2026-11-10T10:05:00Z")
    assert shop_front.ok("block", "--list").out.startswith(f"{told['address']}  ")
    assert shop_front.json("list", "id:1")[0]["status"] == "spam"
    why = shop_front.ok("why", "1").out
    assert f"said by anna: {told['address']} is blocked" in why
    assert "is blocked already" in shop_front.run("block", "1").err

    shop_front.ok("unblock", "--address", told["address"])
    assert shop_front.json("block", "--list") == []
    shop_front.ok("undo")
    assert shop_front.json("block", "--list") == [told]
    shop_front.ok("unblock", "1")
    assert "is not blocked" in shop_front.run("unblock", "--address", told["address"]).err


@pytest.mark.parametrize(
    "words", [["block"], ["block", "1", "--list"], ["block", "--json"], ["unblock"], ["unblock", "1", "--address", "x"]]
)  # fmt: skip
def test_the_commands_refuse_what_makes_no_sense(shop_front: Front, words: list[str]) -> None:
    assert shop_front.run(*words).status == 2


# --------------------------------------------------------------------------- on the screen


async def test_one_key_blocks_and_is_taken_back(tmp_path: Path) -> None:
    store = shop_of(tmp_path, STORY)
    async with playing(store) as stage:
        await stage.press("B")
        assert "all further mail is spam" in stage.said
        (block,) = store.blocked()
        assert block.address in stage.said
        await stage.press("u")
        assert store.blocked() == []
        await stage.press("g B")
        assert "Nobody who wrote here is blocked" in stage.said
    store.close()
