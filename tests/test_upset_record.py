"""Who is upset stands in the record: raised as a message comes in, taken off and put on by people, undone, joined."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inbox.model import EventType, Status, Who
from inbox.queries import parse
from inbox.settings import Settings, Watched, load
from tests.stores import DAY, OURS, Desk, desk, letter

HOUR = 3600
ANGRY = "This is unacceptable. I will hand this over to my lawyer."


@pytest.fixture
def shop(tmp_path: Path) -> Desk:
    return desk(tmp_path)


def comes(shop: Desk, text: str, number: int = 1, answers: tuple[str, ...] = (), **how: Any) -> int:
    subject = how.pop("subject", "Where is my parcel?")
    raw = letter(
        how.pop("sender", "jo@park.example"),
        text=text,
        at=shop.now,
        id_=f"<{number}@park.example>",
        answers=answers,
        subject=subject,
        **how.pop("headers", {}),
    )
    how.setdefault("watched", Watched())
    return shop.gets(raw, **how)


def moods(shop: Desk, conversation: int) -> list[tuple[str, dict[str, Any]]]:
    return [(e.who, dict(e.data)) for e in shop.store.events(conversation) if e.type is EventType.UPSET]


def found(shop: Desk, text: str) -> list[int]:
    from datetime import UTC

    return list(shop.store.ids(parse(text, shop.now, UTC), Who("anna"), shop.now))


def test_an_angry_letter_raises_the_flag_and_the_faster_policy_in_the_same_transaction(shop: Desk) -> None:
    calm = comes(shop, "Could you tell me when it comes?", 1)
    angry = comes(shop, ANGRY, 2, sender="kim@lee.example", subject="Order 9000")
    assert moods(shop, angry) == [
        ("sync", {"upset": True, "signs": ["angry:unacceptable", "legal:my lawyer"]})
    ]
    came, mood = shop.store.events(angry)[:2]
    assert (came.batch, came.message) == (mood.batch, mood.message)
    assert (shop.state(angry).upset, shop.state(calm).upset) == (True, False)
    rows = {row.conversation.id: row for row in shop.store.rows([calm, angry])}
    assert (rows[calm].policy, rows[angry].policy) == ("default", "vip")
    assert (rows[angry].due_at or 0) + 4 * HOUR <= (rows[calm].due_at or 0) + 60
    assert found(shop, "is:upset") == [angry]
    assert found(shop, "is:upset OR is:unread") == [angry, calm]  # first by its deadline
    shop.verified()


def test_what_is_of_machines_or_ours_or_spam_raises_nothing(shop: Desk) -> None:
    ways: tuple[dict[str, Any], ...] = (
        {"headers": {"list_id": "<news.shop>", "precedence": "bulk"}},
        {"headers": {"auto_submitted": "auto-replied"}},
        {"junk": True},
        {"watched": None},
        {"sender": "support@shop.example", "trusted": True},
    )
    for number, how in enumerate(ways):
        sender = how.pop("sender", f"a{number}@x.example")
        here = comes(shop, ANGRY, number, sender=sender, subject=f"Matter {number}", **how)
        assert moods(shop, here) == [], how
    shop.verified()


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 0, 3, 2)])
def test_an_import_flags_what_nobody_has_answered_in_whatever_order_it_comes(
    shop: Desk, order: tuple[int, ...]
) -> None:
    begun, ours = shop.now, {"sender": OURS, "to": "jo@park.example", "trusted": True}
    mails: list[tuple[int, dict[str, Any]]] = [
        (9, {"text": ANGRY, "sender": "kim@lee.example", "subject": "Order 9000"}),
        (8, {"text": ANGRY}),
        (7, {"text": "Sorry. It comes.", "answers": ("<1@park.example>",), **ours}),
        (40, {"text": ANGRY, "sender": "lea@krol.example", "subject": "Long ago"}),
    ]
    for number in order:
        days, how = mails[number]
        shop.now = begun - days * DAY
        at, shop.now = shop.now, begun
        raw = letter(
            how.pop("sender", "jo@park.example"), at=at, id_=f"<{number}@park.example>",
            text=how.pop("text"), subject=how.pop("subject", "Where is it?"), to=how.pop("to", OURS),
            answers=how.pop("answers", ()),
        )  # fmt: skip
        shop.gets(raw, at=at, history=True, watched=Watched(), **how)
    rows = shop.store.rows(shop.store.ids(None, Who("anna"), shop.now))
    assert {row.subject: row.conversation.upset for row in rows} == {
        "Order 9000": True,
        "Where is it?": False,
        "Long ago": False,
    }
    assert found(shop, "is:upset") == [row.conversation.id for row in rows if row.subject == "Order 9000"]
    shop.verified()


def test_a_person_takes_it_off_and_the_same_words_do_not_bring_it_back(shop: Desk) -> None:
    here = comes(shop, ANGRY)
    shop.did("anna", "upset", conversation=here)
    assert not shop.state(here).upset
    assert shop.store.rows([here])[0].policy == "default"
    comes(shop, f"Again: {ANGRY}", 2, ("<1@park.example>",))
    assert not shop.state(here).upset
    comes(shop, "I will never order from you again.", 3, ("<1@park.example>",))
    assert shop.state(here).upset
    assert [data["upset"] for _, data in moods(shop, here)] == [True, False, True]
    assert shop.do("anna", "upset", conversation=here, upset=True).refusal is not None
    shop.verified()


def test_undo_and_redo_are_exact(shop: Desk) -> None:
    here = comes(shop, ANGRY)
    shop.did("anna", "upset", conversation=here, upset=False)
    shop.did("anna", "undo", by="anna")
    assert shop.state(here).upset
    shop.did("anna", "redo", by="anna")
    assert not shop.state(here).upset
    other = comes(shop, "Just asking", 5, sender="kim@lee.example")
    shop.did("anna", "upset", conversation=other)
    assert shop.state(other).upset
    shop.did("anna", "undo", by="anna")
    assert not shop.state(other).upset
    shop.verified()


def test_closing_ends_it_and_what_comes_later_is_judged_anew(shop: Desk) -> None:
    here = comes(shop, ANGRY)
    shop.did("anna", "close", conversation=here, why="resolved")
    assert not shop.state(here).upset
    shop.did("anna", "reopen", conversation=here)  # by a person: nothing has changed for the customer
    assert shop.state(here).upset
    shop.did("anna", "close", conversation=here, why="resolved")
    comes(shop, "Thanks, it has come. What a nice colour.", 2, ("<1@park.example>",))
    assert shop.state(here).status is Status.OPEN
    assert not shop.state(here).upset
    shop.did("anna", "close", conversation=here, why="resolved")
    comes(shop, ANGRY, 3, ("<1@park.example>",))  # the same words as at first count again
    assert shop.state(here).upset
    shop.verified()


def test_of_two_joined_one_upset_is_enough_and_a_split_takes_it_along(shop: Desk) -> None:
    calm = comes(shop, "Where is it?", 1)
    angry = comes(shop, ANGRY, 2, subject="Order 9000")
    shop.did("anna", "merge", conversation=angry, into=calm)
    assert shop.state(calm).upset
    shop.did("anna", "undo", by="anna")
    assert (shop.state(calm).upset, shop.state(angry).upset) == (False, True)
    shop.did("anna", "merge", conversation=angry, into=calm)
    message = shop.store.items(calm)[-1].id
    shop.did("anna", "split", conversation=calm, message=message)
    part = shop.store.lies_in(message) or 0
    assert (shop.state(calm).upset, shop.state(part).upset) == (False, True)
    shop.did("anna", "upset", conversation=part)
    assert not shop.state(part).upset
    shop.did("anna", "undo", by="anna")
    shop.did("anna", "undo", by="anna")
    assert shop.state(calm).upset
    shop.did("anna", "upset", conversation=calm)
    assert not shop.state(calm).upset
    shop.verified()


def test_a_no_goes_with_what_it_was_said_of(shop: Desk) -> None:
    here = comes(shop, "Where is it?", 1)
    comes(shop, ANGRY, 2, ("<1@park.example>",))
    shop.did("anna", "upset", conversation=here)
    message = shop.store.items(here)[-1].id
    shop.did("anna", "split", conversation=here, message=message)
    part = shop.store.lies_in(message) or 0
    assert (shop.state(here).upset, shop.state(part).upset) == (False, False)
    shop.verified()


def test_a_third_message_without_an_answer_is_a_sign(shop: Desk) -> None:
    here = comes(shop, "When does it come?", 1)
    shop.tick(5 * 60)
    comes(shop, "I forgot: the order is 4711.", 2, ("<1@park.example>",))
    shop.tick(5 * 60)
    comes(shop, "And the colour is blue.", 3, ("<1@park.example>",))
    assert not shop.state(here).upset  # within half an hour: one contact
    shop.tick(DAY)
    comes(shop, "Any news?", 4, ("<1@park.example>",))
    assert not shop.state(here).upset
    shop.tick(DAY)
    comes(shop, "Hello, any news?", 5, ("<1@park.example>",))
    assert moods(shop, here) == [("sync", {"upset": True, "signs": ["third-message"]})]
    shop.verified()


def test_an_answer_in_between_begins_the_count_anew(shop: Desk) -> None:
    here = comes(shop, "When does it come?", 1)
    shop.tick(DAY)
    comes(shop, "Any news?", 2, ("<1@park.example>",))
    shop.hands_over(shop.replies("anna", here))
    shop.tick(DAY)
    comes(shop, "It has not come.", 3, ("<1@park.example>",))
    shop.tick(DAY)
    comes(shop, "Any news?", 4, ("<1@park.example>",))
    assert not shop.state(here).upset


def test_a_third_conversation_about_the_same_is_a_sign(shop: Desk) -> None:
    first = comes(shop, "Where is order 471199?", 1, subject="Where is it?")
    shop.did("anna", "close", conversation=first, why="resolved")
    shop.tick(3 * DAY)
    second = comes(shop, "No trace of 471199.", 2, subject="Parcel")
    shop.did("anna", "close", conversation=second, why="resolved")
    shop.tick(3 * DAY)
    other = comes(shop, "Do you sell lamps?", 3, subject="Lamps")
    assert not shop.state(other).upset
    third = comes(shop, "I write about order 471199.", 4, subject="Help")
    assert moods(shop, third) == [("sync", {"upset": True, "signs": ["third-contact"]})]
    shop.tick(20 * DAY)
    late = comes(shop, "And another thing about 471199.", 5, subject="Question")
    assert not shop.state(late).upset
    shop.verified()


def test_own_words_count_and_others_are_passed_over(tmp_path: Path) -> None:
    shop = desk(tmp_path, Settings(host_zone="UTC"))
    own = Watched(("third time lucky", "data protection offic*"), ("my lawyer",))
    here = comes(shop, "I will write to your Data  Protection Officers.", 1, watched=own)
    assert moods(shop, here)[0][1]["signs"] == ["own:data protection offic*"]
    there = comes(shop, "My lawyer asks for a brochure.", 2, subject="Brochure", watched=own)
    assert not shop.state(there).upset


def test_among_those_due_at_the_same_time_who_is_upset_comes_first(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text(
        '[[policy]]\nname = "all"\nfirst_reply = "8h"\nnext_reply = "8h"\n'
    )
    shop = desk(tmp_path, load(tmp_path / "settings.toml", host_zone="UTC"))
    shop.tick(5 * DAY)  # a weekend: all of it is due on Monday
    calm = comes(shop, "Where is it?", 1)
    angry = comes(shop, ANGRY, 2, sender="kim@lee.example", subject="Order 9000")
    rows = shop.store.rows([calm, angry])
    assert rows[0].due_at == rows[1].due_at
    assert found(shop, "status:open") == [angry, calm]
    shop.store.close()
