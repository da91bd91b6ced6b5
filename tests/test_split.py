"""Parting what does not belong together, and putting a message where it does: exact, undone exactly, and for good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inbox.model import EventType, Role, Who
from storage.workspace import open_store
from tests.front import Front
from tests.shop import mail
from tests.stores import DAY, OURS, Desk, desk, everything, letter

JO, LEA = "Jo Park <jo@park.example>", "Lea Król <lea@krol.example>"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    here = desk(tmp_path)
    yield here
    here.verified()
    here.store.close()


@pytest.fixture
def mixed(shop: Desk) -> int:
    """One conversation about two things: a parcel that came, and from the third mail on a lamp that is broken."""
    number = shop.gets(letter(JO, id_="<1@p>", at=shop.tick()))
    shop.hands_over(shop.replies("ann", number))
    shop.gets(letter(JO, id_="<2@p>", answers=["<1@p>"], at=shop.tick(), text="The lamp is broken."))
    shop.gets(letter(JO, id_="<3@p>", answers=["<2@p>"], at=shop.tick(), text="And I want another."))
    return number


def said(here: Desk, conversation: int) -> list[str]:
    """What lies in a conversation, in order."""
    return [item.reply.strip() or item.text.strip() for item in here.store.items(conversation)]


def message(here: Desk, conversation: int, words: str) -> int:
    """The message of a conversation that says these words."""
    return next(item.id for item in here.store.items(conversation) if words in item.text)


def parts(here: Desk, who: str, conversation: int, words: str) -> int:
    """Somebody splits a conversation from the message with these words on; the number of the new one."""
    events = here.did(who, "split", conversation=conversation, message=message(here, conversation, words))
    return events[0].conversation or 0


def standing(here: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Everything derived, but the numbers of last events, and ids that have been given and lead elsewhere."""
    found = everything(here.store)
    for table in ("events", "redirects"):
        del found[table]
    seq = [row[1] for row in here.store.read("PRAGMA table_info(conversations)")].index("seq")
    found["conversations"] = [row[:seq] + row[seq + 1 :] for row in found["conversations"]]
    return found


# --------------------------------------------------------------------------- from a message on


def test_from_a_message_on_it_is_a_conversation_of_its_own(shop: Desk, mixed: int) -> None:
    lamp = parts(shop, "bo", mixed, "The lamp")
    assert said(shop, mixed) == ["It should have come on Friday.", "It is on its way."]
    assert said(shop, lamp) == ["The lamp is broken.", "And I want another."]
    whole, part = shop.state(mixed), shop.state(lamp)
    assert (whole.status.value, whole.waiting_since, whole.messages) == ("waiting", None, 2)
    assert (part.status.value, part.assignee, part.messages) == ("open", "ann", 2)
    assert (
        part.waiting_since == shop.store.items(lamp)[0].at
    )  # its clock runs from the mail, not from the split
    assert [clock.kind.value for clock in shop.store.clocks(lamp, shop.now)] == ["first_reply"]


def test_notes_and_what_became_of_replies_go_along(shop: Desk, mixed: int) -> None:
    shop.did("bo", "note", conversation=mixed, text="It is the old lamp.")
    reply = shop.replies("ann", mixed, text="We send another lamp.")
    shop.hands_over(reply, "failed", "550 no such user")
    lamp = parts(shop, "ann", mixed, "The lamp")
    assert said(shop, lamp)[2:] == ["It is the old lamp.", "We send another lamp."]
    kinds = [event.type for event in shop.store.events(lamp) if event.message == reply]
    assert kinds == [EventType.QUEUED, EventType.UNDELIVERED]
    assert (shop.state(lamp).failed, shop.state(mixed).failed) == (1, 0)


def test_splitting_is_taken_back_and_done_again_exactly(shop: Desk, mixed: int) -> None:
    shop.did("ann", "note", conversation=mixed, text="@bo a lamp?")
    before = standing(shop)
    lamp = parts(shop, "ann", mixed, "The lamp")
    after = standing(shop)
    assert after != before
    shop.did("ann", "undo", by="ann")
    assert standing(shop) == before
    assert shop.store.resolve(lamp) == mixed  # the number has been seen: it leads home
    shop.did("ann", "redo", by="ann")
    assert (standing(shop), shop.store.resolve(lamp)) == (after, lamp)
    shop.did("ann", "undo", by="ann")
    assert standing(shop) == before


def test_what_came_since_goes_back_with_it(shop: Desk, mixed: int) -> None:
    lamp = parts(shop, "ann", mixed, "The lamp")
    assert shop.gets(letter(JO, id_="<4@p>", answers=["<3@p>"], at=shop.tick(), text="Soon?")) == lamp
    shop.did("bo", "note", conversation=lamp, text="Tomorrow.")
    shop.did("ann", "undo", by="ann")
    assert said(shop, mixed)[-2:] == ["Soon?", "Tomorrow."]
    shop.did("ann", "redo", by="ann")
    assert said(shop, lamp) == ["The lamp is broken.", "And I want another.", "Soon?", "Tomorrow."]


def test_not_all_of_it_and_not_notes_alone(shop: Desk, mixed: int) -> None:
    shop.did("bo", "note", conversation=mixed, text="Only a note.")
    for words, reason in (("Friday", "that is all of it"), ("Only a note", "only notes")):
        refusal = shop.do("ann", "split", conversation=mixed, message=message(shop, mixed, words)).refusal
        assert refusal is not None
        assert reason in refusal.reason
    refusal = shop.do("ann", "split", conversation=mixed, message=12345).refusal
    assert refusal is not None
    refusal = shop.do(
        "rob", "split", Role.READER, conversation=mixed, message=message(shop, mixed, "lamp")
    ).refusal
    assert refusal is not None


@pytest.mark.parametrize("verb", ["close", "spam"])
def test_a_part_of_what_was_closed_is_closed(shop: Desk, mixed: int, verb: str) -> None:
    shop.did("ann", verb, conversation=mixed, **({"why": "thanks"} if verb == "close" else {}))
    lamp = parts(shop, "ann", mixed, "The lamp")
    whole, part = shop.state(mixed), shop.state(lamp)
    assert part.status == whole.status
    assert (part.closed_at, part.closed_why, part.unread) == (whole.closed_at, whole.closed_why, whole.unread)


def test_who_waits_in_a_part_of_what_was_put_off_is_in_sight(shop: Desk, mixed: int) -> None:
    shop.did("ann", "hold", conversation=mixed, whom="carrier", until=None)
    lamp = parts(shop, "ann", mixed, "The lamp")
    assert (shop.state(mixed).status.value, shop.state(lamp).status.value) == ("held", "open")
    other = shop.gets(letter(LEA, id_="<1@k>"))
    shop.replies("ann", other, to="lea@krol.example", text="We ask.")
    shop.replies("ann", other, to="lea@krol.example", text="We have asked.")
    shop.did("ann", "snooze", conversation=other, until=shop.now + DAY)
    asked = parts(shop, "ann", other, "have asked")
    assert shop.state(asked).status.value == "waiting"


# --------------------------------------------------------------------------- for good


def test_what_was_parted_by_hand_is_not_joined_again_by_itself(shop: Desk, mixed: int) -> None:
    lamp = parts(shop, "ann", mixed, "The lamp")
    assert shop.gets(letter(JO, id_="<4@p>", answers=["<1@p>", "<2@p>", "<3@p>"])) == lamp
    assert shop.gets(letter(JO, id_="<5@p>", answers=["<3@p>", "<1@p>"])) == mixed
    assert shop.gets(letter(JO, id_="<6@p>", answers=["<1@p>", "<5@p>", "<4@p>"])) == lamp
    assert (shop.store.resolve(mixed), shop.store.resolve(lamp)) == (mixed, lamp)
    shop.did("bo", "merge", into=mixed, conversation=lamp)  # a person may
    assert shop.gets(letter(JO, id_="<7@p>", answers=["<4@p>"])) == mixed


def test_a_cut_outlives_that_one_side_is_joined_with_something_else(shop: Desk, mixed: int) -> None:
    lamp = parts(shop, "ann", mixed, "The lamp")
    other = shop.gets(letter(JO, id_="<9@p>", subject="Chair"))
    shop.did("bo", "merge", into=other, conversation=mixed)
    shop.gets(letter(JO, id_="<4@p>", answers=["<1@p>", "<3@p>"]))
    assert (shop.store.resolve(mixed), shop.store.resolve(lamp)) == (other, lamp)


def test_what_arrives_late_goes_to_the_part_that_asked_for_it(shop: Desk) -> None:
    number = shop.gets(letter(JO, id_="<1@p>"))
    shop.gets(letter(JO, id_="<3@p>", answers=["<1@p>", "<2@p>"], text="The lamp is broken."))
    lamp = parts(shop, "ann", number, "The lamp")
    assert shop.gets(letter(JO, id_="<2@p>", subject="Lamp", at=shop.now)) == lamp


# --------------------------------------------------------------------------- into another one


def test_a_message_goes_where_it_belongs(shop: Desk, mixed: int) -> None:
    other = shop.gets(letter(JO, id_="<9@p>", subject="Lamp", text="A lamp, please.", at=shop.tick()))
    shop.did("ann", "close", conversation=other, why="thanks")
    before = standing(shop)
    moved = message(shop, mixed, "The lamp")
    shop.did("ann", "move-message", conversation=mixed, messages=[moved], into=other)
    after = standing(shop)
    assert said(shop, other) == ["The lamp is broken.", "A lamp, please."]
    assert shop.state(other).status.value == "open"  # somebody waits there
    assert shop.state(mixed).messages == 3
    assert shop.gets(letter(JO, id_="<4@p>", answers=["<1@p>", "<2@p>"])) == other
    shop.did("ann", "undo", by="ann")
    assert message(shop, mixed, "The lamp") == moved
    assert message(shop, other, "It should have come")  # what came to it since is its own
    shop.did("ann", "redo", by="ann")
    shop.did("ann", "undo", by="ann")
    assert after != before
    assert shop.state(other).messages == 2


def test_moving_is_taken_back_exactly(shop: Desk, mixed: int) -> None:
    other = shop.gets(letter(JO, id_="<9@p>", subject="Lamp", text="A lamp, please.", at=shop.tick()))
    shop.did("bo", "snooze", conversation=other, until=shop.now + DAY)
    for onward in (False, True):
        before = standing(shop)
        moved = message(shop, mixed, "The lamp")
        shop.did("ann", "move-message", conversation=mixed, messages=[moved], into=other, onward=onward)
        after = standing(shop)
        assert shop.state(other).messages == (3 if onward else 2)
        shop.did("ann", "undo", by="ann")
        assert standing(shop) == before
        shop.did("ann", "redo", by="ann")
        assert standing(shop) == after
        shop.did("ann", "undo", by="ann")


def test_moving_all_of_it_is_joining(shop: Desk) -> None:
    one = shop.gets(letter(JO, id_="<1@p>", subject="Lamp"))
    other = shop.gets(letter(LEA, id_="<1@k>", subject="Chair"))
    shop.did("ann", "note", conversation=one, text="The same house.")
    moved = message(shop, one, "It should have come")
    shop.did("ann", "move-message", conversation=one, messages=[moved], into=other)
    assert (shop.store.resolve(one), len(shop.store.items(other))) == (other, 3)
    shop.did("ann", "undo", by="ann")
    assert shop.store.resolve(one) == one


# --------------------------------------------------------------------------- replies under way


def test_a_reply_that_waits_is_right_wherever_it_lies(shop: Desk, mixed: int) -> None:
    waiting = shop.replies("ann", mixed, text="Another lamp is coming.", leave_after=60)
    lamp = parts(shop, "bo", mixed, "The lamp")
    assert (shop.state(lamp).sending, shop.state(mixed).sending) == (1, 0)
    assert shop.hands_over(waiting) == "sent"
    assert (shop.state(lamp).status.value, shop.state(lamp).sending) == ("waiting", 0)
    assert shop.gets(letter(LEA, id_="<8@k>", answers=[shop.store.items(lamp)[-1].message_id or ""])) == lamp
    shop.did("bo", "undo", by="bo")
    assert (shop.state(mixed).messages, shop.state(mixed).sending) == (6, 0)


def test_a_reply_taken_back_is_a_draft_where_it_lay_last(shop: Desk, mixed: int) -> None:
    shop.replies("ann", mixed, text="Another lamp is coming.", leave_after=60)
    lamp = parts(shop, "bo", mixed, "The lamp")
    shop.did("ann", "undo", by="ann")
    (draft,) = shop.store.drafts(lamp)
    assert draft.text == "Another lamp is coming."
    assert shop.state(lamp).messages == 2


def test_a_report_about_a_reply_that_moved_finds_it(shop: Desk, mixed: int) -> None:
    reply = shop.replies("ann", mixed, text="Another lamp is coming.")
    lamp = parts(shop, "bo", mixed, "The lamp")
    shop.hands_over(reply, "failed", "550 5.1.1 no such user")
    assert (shop.state(lamp).failed, shop.state(mixed).failed) == (1, 0)
    shop.store.sending.by(Who("ann")).resend(reply, shop.tick())
    assert shop.state(lamp).sending == 1


def test_a_conversation_of_which_all_has_gone_is_gone(shop: Desk) -> None:
    number = shop.gets(letter(JO, id_="<1@p>"))
    shop.replies("ann", number, text="Soon.", leave_after=60)
    other = shop.gets(letter(JO, id_="<2@p>", subject="Chair"))
    moved = message(shop, number, "It should have come")
    shop.did("bo", "move-message", conversation=number, messages=[moved], into=other)
    shop.did("ann", "undo", by="ann")  # the reply is a draft again, and nothing is left
    assert shop.store.rows([number]) == []
    shop.did("bo", "undo", by="bo")
    assert shop.state(number).messages == 1


# --------------------------------------------------------------------------- one upon the other


def refusal(here: Desk, who: str, verb: str) -> str:
    outcome = here.do(who, verb, by=who)
    assert outcome.refusal is not None
    return outcome.refusal.reason


def test_splits_and_joins_upon_each_other_are_undone_from_the_top(shop: Desk, mixed: int) -> None:
    start = standing(shop)
    lamp = parts(shop, "ann", mixed, "The lamp")
    middle = standing(shop)
    another = parts(shop, "bo", lamp, "And I want")
    assert "parted by bo" in refusal(shop, "ann", "undo")
    top = standing(shop)
    shop.did("cleo", "merge", into=mixed, conversation=another)
    assert "joined with another by cleo" in refusal(shop, "bo", "undo")
    shop.did("cleo", "undo", by="cleo")
    assert standing(shop) == top
    shop.did("bo", "undo", by="bo")
    assert standing(shop) == middle
    shop.did("ann", "undo", by="ann")
    assert standing(shop) == start


def test_a_split_is_not_done_again_when_its_messages_have_gone_elsewhere(shop: Desk, mixed: int) -> None:
    parts(shop, "ann", mixed, "The lamp")
    shop.did("ann", "undo", by="ann")
    parts(shop, "bo", mixed, "And I want")
    assert "bo has parted one of them" in refusal(shop, "ann", "redo")


def test_what_was_done_before_a_split_is_taken_back_where_it_went(shop: Desk, mixed: int) -> None:
    shop.did("ann", "note", conversation=mixed, text="Wrong person.")
    lamp = parts(shop, "bo", mixed, "The lamp")
    shop.did("ann", "undo", by="ann")
    assert "Wrong person." not in said(shop, lamp)


def test_a_merge_is_not_taken_back_beneath_a_split(shop: Desk, mixed: int) -> None:
    other = shop.gets(letter(JO, id_="<9@p>", subject="Chair", text="The chair, too.", at=shop.tick()))
    shop.did("ann", "merge", into=mixed, conversation=other)
    chair = parts(shop, "bo", mixed, "The chair")
    assert "parted by bo" in refusal(shop, "ann", "undo")
    shop.did("bo", "undo", by="bo")
    shop.did("ann", "undo", by="ann")
    assert (shop.store.resolve(other), shop.store.resolve(chair)) == (other, mixed)


# --------------------------------------------------------------------------- kept


def test_an_export_carries_parts_and_cuts(shop: Desk, mixed: int, tmp_path: Path) -> None:
    lamp = parts(shop, "ann", mixed, "The lamp")
    other = shop.gets(letter(LEA, id_="<1@k>"))
    moved = message(shop, lamp, "And I want")
    shop.did("bo", "move-message", conversation=lamp, messages=[moved], into=other)
    shop.store.export(tmp_path / "export")
    back = Desk(open_store(tmp_path / "back"), now=shop.now)
    back.store.take_in_export(tmp_path / "export", shop.now)
    assert (said(back, mixed), said(back, lamp), said(back, other)) == (
        said(shop, mixed),
        said(shop, lamp),
        said(shop, other),
    )
    back.gets(letter(JO, id_="<4@p>", answers=["<1@p>", "<2@p>"]))
    assert (back.store.resolve(mixed), back.store.resolve(lamp)) == (mixed, lamp)
    back.did("bo", "undo", by="bo")
    back.verified()
    back.store.close()


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE events SET home = 1 WHERE home = 2 AND type = 1",
        "UPDATE messages SET conversation = 1 WHERE conversation = 2",
        "UPDATE conversations SET status = 'closed' WHERE id = 2",
        "DELETE FROM participants WHERE conversation = 2",
        "INSERT INTO redirects VALUES(2, 1)",
    ],
)
def test_verify_finds_what_is_not_as_it_was_parted(tmp_path: Path, harm: str) -> None:
    here = desk(tmp_path)
    number = here.gets(letter(JO, id_="<1@p>"))
    here.gets(letter(JO, id_="<2@p>", answers=["<1@p>"], text="The lamp is broken."))
    assert parts(here, "ann", number, "The lamp") == 2
    here.verified()
    with here.store.writing() as transaction:
        transaction.connection.execute(harm)
    assert here.store.verify(here.now)
    here.store.close()


def test_who_is_us_said_later_concerns_parts_as_well(shop: Desk) -> None:
    shop.store.set_us([OURS], said=True, now=shop.tick(), open_for=14 * DAY)
    number = shop.gets(letter(JO, id_="<1@p>"), trusted=True)
    shop.gets(letter(OURS, to="jo@park.example", id_="<2@s>", answers=["<1@p>"], text="Yes."), trusted=True)
    shop.gets(letter(JO, id_="<3@p>", answers=["<2@s>"], text="And the lamp?"), trusted=True)
    lamp = parts(shop, "ann", number, "Yes.")
    shop.store.set_us([], said=True, now=shop.tick(), open_for=14 * DAY)
    assert (shop.state(lamp).answered, shop.state(number).answered) == (False, False)


# --------------------------------------------------------------------------- by command


def test_by_command_a_conversation_is_split_messages_moved_and_why_says_so(shop_front: Front) -> None:
    first = shop_front.json("show", "1")[0]["items"][0]
    shop_front.receive(
        [
            mail(
                "Jo Park <jo@park.example>",
                "Re: Where is my parcel?",
                text,
                when,
                in_reply_to=first["message_id"],
            )
            for text, when in (("The lamp is broken.", "2026-11-10 10:57"), ("Hello?", "2026-11-10 10:58"))
        ]
    )
    lamp = shop_front.json("show", "1")[0]["items"][1]["id"]
    ran = shop_front.ok("split", "1", "--from", lamp)
    new = ran.ids[1]
    assert [item["text"].strip() for item in shop_front.json("show", new)[0]["items"]] == [
        "The lamp is broken.",
        "Hello?",
    ]
    (placing,) = [each["placing"][-1] for each in shop_front.json("why", new)]
    assert placing["reason"] == "split from 1 by anna, with 2 messages"
    assert "2 messages went to" in shop_front.ok("why", "1").out
    assert shop_front.ok("move", lamp, "--to", "2").ids == ["2", new]
    assert shop_front.ok("undo").err == "Undone: parted.\n"
    assert shop_front.ok("move", lamp, "--to", "1", "--onward").ids == ["1"]  # all of it: joined again
    assert shop_front.run("split", "1", "--from", "99").status == 1
    assert shop_front.run("split", "1", "--from", "x").status == 1
    assert shop_front.run("move", "12345", "--to", "1").status == 1
    assert shop_front.run("split", "1").status == 2
    assert shop_front.ok("verify").status == 0


def test_by_command_a_suggestion_is_joined_or_declined(shop_front: Front) -> None:
    again = mail("Jo Park <jo@park.example>", "Where is my parcel?", "Still nothing.", "2026-11-10 10:57")
    shop_front.receive([again])
    (new,) = (each["id"] for each in shop_front.json("list", "subject:parcel") if each["id"] != "1")
    shop_front.ok("decline-suggestion", new)
    refused = shop_front.run("join-suggested", new)
    assert (refused.status, "looks like part of no other" in refused.err) == (1, True)
    assert "no part of 1, anna said" in shop_front.ok("why", new).out
    shop_front.ok("undo")
    assert shop_front.ok("join-suggested", new).ids == ["1"]


def test_what_was_parted_off_stays_apart_when_the_rest_is_joined_with_it_and_taken_out_again(
    shop: Desk, mixed: int
) -> None:
    lamp = parts(shop, "ann", mixed, "lamp is broken")
    before = standing(shop)
    shop.did("ann", "merge", conversation=mixed, into=lamp)
    shop.did("ann", "undo", by="ann")
    assert standing(shop) == before
    shop.did("ann", "redo", by="ann")
    assert len(shop.store.items(lamp)) == 4
    shop.did("ann", "undo", by="ann")
    assert standing(shop) == before


def test_a_join_is_not_done_again_once_what_was_parted_before_is_back(shop: Desk, mixed: int) -> None:
    lamp = parts(shop, "ann", mixed, "lamp is broken")
    shop.did("bo", "merge", conversation=mixed, into=lamp)
    shop.did("bo", "undo", by="bo")
    shop.did("ann", "undo", by="ann")
    refusal = shop.do("bo", "redo", by="bo").refusal
    assert refusal is not None and "is back since" in refusal.reason
    assert len(shop.store.items(mixed)) == 4
