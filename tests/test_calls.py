"""Phone calls: who calls, what was said, and that it counts as an answer; from the command line and on the screen."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from inbox.callers import alike, is_number
from inbox.happenings import happenings
from inbox.model import ClockKind, ClockState, EventType, Identity, Instant, Status
from inbox.pledges import Promised
from storage.verify import verify
from storage.workspace import Workspace, open_store
from tests.front import Front
from tests.ruled import Shop
from tests.screenplay import Stage, playing
from tests.shop import ME, NOW, at, deliver, did, mail

PARCEL, REFUND, ANOTHER = 1, 2, 6
"""Conversations of the shop's story; the last two are of one customer."""
JO, WEBER = 1, 2
"""Customers."""
NUMBER = "+49 30 1234567"


def number_of(store: Workspace, customer: int, number: str = NUMBER) -> None:
    """A customer is known by a number."""
    from inbox.us import fold_number

    did(store, "bo", "customer-edit", customer=customer, identities=[Identity("phone", fold_number(number))])


def running(store: Workspace, conversation: int, now: Instant = NOW) -> set[ClockKind]:
    """The reply clocks that run."""
    replies = (ClockKind.FIRST_REPLY, ClockKind.NEXT_REPLY)
    running = (ClockState.RUNNING, ClockState.BREACHED)
    return {c.kind for c in store.clocks(conversation, now) if c.kind in replies and c.state in running}


# --------------------------------------------------------------------------- what a call is


def test_a_call_is_an_answer_from_its_instant_on(store: Workspace) -> None:
    later = NOW + 900
    outcome = did(
        store,
        "anna",
        "call",
        later,
        conversation=PARCEL,
        customer=JO,
        text="It was found.",
        at=NOW,
        seconds=300,
    )
    assert outcome.refusal is None
    (row,) = store.rows([PARCEL])
    state = row.conversation
    assert (state.status, state.assignee, state.messages) == (Status.WAITING, "anna", 2)
    assert (state.last_from, state.answered, state.waiting_since, state.unread) == ("us", True, None, False)
    assert (row.due_at, state.channel, row.snippet) == (None, "mail", "It was found.")
    (met,) = [each.met for each in store.clocks(PARCEL, later) if each.kind is ClockKind.FIRST_REPLY]
    assert met == NOW
    assert verify(store, later) == []


def test_whoever_was_not_reached_still_waits(store: Workspace) -> None:
    before = store.rows([PARCEL])[0]
    did(store, "anna", "call", conversation=PARCEL, customer=JO, way="missed")
    (row,) = store.rows([PARCEL])
    assert (row.due_at, row.conversation.status) == (before.due_at, Status.OPEN)
    assert row.conversation.waiting_since == before.conversation.waiting_since
    assert (row.conversation.messages, row.snippet, row.conversation.assignee) == (2, "Not reached.", None)
    promised = did(
        store, "anna", "call", conversation=PARCEL, customer=JO, way="missed", promises=Promised(NOW + 9_000)
    )
    assert promised.refusal is not None and "nothing is promised" in promised.refusal.reason
    closed = did(store, "anna", "call", conversation=PARCEL, customer=JO, way="missed", closes=True)
    assert closed.refusal is not None
    assert verify(store, NOW) == []


def test_what_nobody_knew_of_during_the_call_still_waits(store: Workspace) -> None:
    """Mail that came while the call was written down, and mail that is older and was fetched only afterwards."""
    ours = "<refund@weber.example>"
    during = mail(
        "Anna Weber <anna.weber@weber.example>", "Re: Refund", "And?", "2026-11-10 11:10", in_reply_to=ours
    )
    deliver(store, during)
    did(store, "anna", "call", at("2026-11-10 11:20"), conversation=REFUND, customer=WEBER, text="x", at=NOW)
    (row,) = store.rows([REFUND])
    assert row.conversation.waiting_since == at("2026-11-10 11:10") and row.conversation.status is Status.OPEN
    assert running(store, REFUND, at("2026-11-10 11:21")) == {ClockKind.NEXT_REPLY}

    did(store, "anna", "call", at("2026-11-10 11:30"), conversation=REFUND, customer=WEBER, text="Soon.")
    assert store.rows([REFUND])[0].conversation.status is Status.WAITING
    older = mail(
        "Anna Weber <anna.weber@weber.example>", "Re: Refund", "Hm", "2026-11-10 11:29", in_reply_to=ours
    )
    deliver(store, older)
    (row,) = store.rows([REFUND])
    assert row.conversation.status is Status.OPEN and row.conversation.waiting_since == at("2026-11-10 11:29")
    assert running(store, REFUND, at("2026-11-10 11:31")) == {ClockKind.NEXT_REPLY}
    assert row.due_at is not None
    assert verify(store, at("2026-11-10 11:31")) == []


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 20))]
)
def test_clocks_and_state_agree_whatever_comes_and_goes(store: Workspace, seed: int) -> None:
    """Mail and calls in any order of time and of record: a reply clock runs exactly while somebody waits."""
    dice = random.Random(seed)
    now = NOW
    for number in range(14):
        now += dice.randrange(0, 1_800)
        when = now - dice.choice((0, 0, 600, 2_000))
        if dice.random() < 0.5:
            text = mail(
                "Anna Weber <anna.weber@weber.example>", "Re: Refund", f"mail {number}", "2026-11-10 11:10",
                message_id=f"<{seed}.{number}@weber.example>", in_reply_to="<refund@weber.example>",
            )  # fmt: skip
            deliver(store, text, when)
        else:
            way = dice.choice(("in", "out", "missed"))
            did(store, "anna", "call", now, conversation=REFUND, customer=WEBER, text="x", way=way, at=when)
        if dice.random() < 0.2:
            did(store, "anna", "undo", now, by="anna")
        (row,) = store.rows([REFUND])
        waits = row.conversation.waiting_since is not None
        assert bool(running(store, REFUND, now)) == waits, happenings(store.events(REFUND))
        assert waits == (row.conversation.status is Status.OPEN)
    assert verify(store, now) == []


def test_undo_takes_all_of_a_call_back_and_redo_brings_it_again(store: Workspace) -> None:
    before = store.rows([PARCEL])[0]
    did(
        store, "anna", "call", conversation=PARCEL, customer=JO, number=NUMBER, text="It was found.",
        promises=Promised(NOW + 90_000, None, "a new one"), follow_up=NOW + 99_000, closes=True,
    )  # fmt: skip
    (row,) = store.rows([PARCEL])
    assert (row.conversation.status, row.conversation.closed_why) == (Status.CLOSED, "resolved")
    assert row.conversation.promised_until == NOW + 90_000 and row.conversation.follow_up_at == NOW + 99_000
    did(store, "anna", "undo", by="anna")
    (undone,) = store.rows([PARCEL])
    assert undone.conversation._replace(seq=0, live=False) == before.conversation._replace(seq=0, live=False)
    assert undone.due_at == before.due_at and len(store.items(PARCEL)) == 1
    assert verify(store, NOW) == []
    did(store, "anna", "redo", by="anna")
    assert store.rows([PARCEL])[0].conversation == row.conversation._replace(seq=row.conversation.seq)
    assert verify(store, NOW) == []

    begun = did(store, "anna", "call", number="+43 1 5556677", name="Neu", text="A price?")
    (conversation,) = begun.conversations
    did(store, "anna", "undo", by="anna")
    assert store.rows([conversation]) == [] and verify(store, NOW) == []


def test_calls_go_along_when_conversations_are_parted_and_joined(store: Workspace) -> None:
    did(store, "anna", "call", conversation=REFUND, customer=WEBER, text="one")
    did(store, "bo", "call", NOW + 60, conversation=REFUND, customer=WEBER, text="two")
    first = store.items(REFUND)[1].id
    parted, _ = did(store, "anna", "split", NOW + 90, conversation=REFUND, message=first).conversations
    (row,) = store.rows([parted])
    assert (row.conversation.channel, row.conversation.messages, row.subject) == ("phone", 2, "one")
    assert store.rows([REFUND])[0].conversation.status is Status.OPEN, "nobody has answered that mail now"
    assert verify(store, NOW + 90) == []
    did(store, "anna", "merge", NOW + 99, conversation=parted, into=REFUND)
    assert [each.text for each in store.items(REFUND)[1:]] == ["one", "two"]
    assert store.rows([REFUND])[0].conversation.channel == "mail" and verify(store, NOW + 99) == []


def test_nothing_is_written_into_spam(store: Workspace) -> None:
    did(store, "anna", "spam", conversation=PARCEL)
    refusal = did(store, "anna", "call", conversation=PARCEL, customer=JO, text="x").refusal
    assert refusal is not None and "in spam" in refusal.reason


def test_a_call_lives_on_in_an_export(store: Workspace, tmp_path: Path) -> None:
    from storage.export import export, read_back
    from storage.store import SqliteStore

    did(store, "anna", "call", number=NUMBER, name="Neu", text="A price?", seconds=120, way="out")
    assert isinstance(store, SqliteStore)
    export(store, tmp_path / "out")
    other = open_store(tmp_path / "other")
    assert isinstance(other, SqliteStore)
    read_back(other, tmp_path / "out", NOW)
    assert other.items(7) == store.items(7) and other.raw(other.items(7)[0].id) == store.raw(
        store.items(7)[0].id
    )
    assert other.rows([7])[0].conversation.channel == "phone"
    assert verify(other, NOW) == []
    other.close()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"conversation": PARCEL, "customer": JO, "text": "  "}, "Nothing is written"),
        ({"conversation": PARCEL, "customer": WEBER, "text": "x"}, "another customer's"),
        ({"customer": 99, "text": "x"}, "no customer 99"),
        ({"text": "x"}, "does not say who called"),
        ({"customer": JO, "text": "x", "way": "sideways"}, "no way a call can go"),
        ({"customer": JO, "text": "x", "seconds": 10**9}, "No call is so long"),
        ({"customer": JO, "text": "x", "follow_up": NOW - 1}, "has passed"),
        ({"customer": JO, "text": "x", "promises": Promised(NOW - 1)}, "has passed"),
        ({"conversation": 99, "customer": JO, "text": "x"}, "no such conversation"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    store: Workspace, said: dict[str, Any], words: str
) -> None:
    newest = store.events(PARCEL)[-1].seq
    refusal = did(store, "anna", "call", **said).refusal
    assert refusal is not None and words in refusal.reason
    assert store.events(PARCEL)[-1].seq == newest and not store.callers("0301234567")


def test_rules_hear_of_who_was_spoken_with_and_not_of_who_was_not_reached(tmp_path: Path) -> None:
    here = Shop(tmp_path / "shop", '[[rule]]\nname = "told"\non = "message-out"\nthen = [{ tag = "told" }]\n')
    conversation = here.mail()
    here.desk.did("anna", "call", conversation=conversation, customer=1, way="missed")
    here.look()
    assert here.desk.state(conversation).tags == ()
    here.desk.did("anna", "call", conversation=conversation, customer=1, text="It is found.")
    here.look()
    assert here.desk.state(conversation).tags == ("told",)
    here.desk.verified()


# --------------------------------------------------------------------------- who calls


def test_a_number_is_one_however_it_is_written(store: Workspace) -> None:
    number_of(store, WEBER)
    for spelling in ("+49301234567", "0049 30 1234567", "030/1234567", "(030) 123-4567", "030 123 45 67"):
        assert is_number(spelling)
        assert [each.id for each in store.callers(spelling)] == [WEBER], spelling
    for other in ("+43301234567", "030 1234568", "040 1234567", "4567", "67"):
        assert store.callers(other) == [], other
    assert not alike("+49 30 1234567", "+43 30 1234567") and not alike("+1 234567890", "+49 1234567890")
    assert not is_number("anna") and not is_number("112a")
    assert (
        [each.id for each in store.callers("web")] == [WEBER] == [each.id for each in store.callers("ANNA w")]
    )
    assert store.callers("") == store.callers("%") == []


def test_another_spelling_is_not_learnt_twice_and_a_new_number_is(store: Workspace) -> None:
    number_of(store, WEBER)
    did(store, "anna", "call", number="030 1234567", customer=WEBER, text="x", conversation=REFUND)
    did(store, "anna", "call", number="+49 171 7654321", customer=WEBER, text="y", conversation=REFUND)
    whole = store.customer(WEBER)
    assert whole is not None
    assert [each.value for each in whole.identities if each.kind == "phone"] == [
        "+49301234567",
        "+491717654321",
    ]


# --------------------------------------------------------------------------- the command line


def test_the_callers_panel_and_what_was_said(shop_front: Front) -> None:
    front = shop_front
    unknown = front.run("call", NUMBER)
    assert unknown.status == 1 and f"Nobody has the number {NUMBER}" in unknown.err
    front.ok("customer", "edit", str(WEBER), "--add-phone", NUMBER)
    panel = front.ok("call", "030 1234567")
    assert "anna.weber@weber.example" in panel.out and "Refund for order 4711" in panel.out
    assert "Nothing was written down" in panel.err

    logged = front.ok(
        "call", "030 1234567", "--in", str(REFUND), "--took", "5m", "--promise", "thu 15:00", "--promised", "call back",
        "--follow-up", "4d", stdin=b"Wants the money back.\nI said Thursday.\n",
    )  # fmt: skip
    assert logged.lines[-1].split()[0] == str(REFUND) and "waiting" in logged.lines[-1]
    (shown,) = front.json("show", str(REFUND))
    assert (shown["messages"], shown["channel"], shown["last_from"], shown["late_s"]) == (2, "mail", "us", 0)
    call = shown["items"][-1]
    assert (call["direction"], call["text"], call["state"]) == (
        "in",
        "Wants the money back.\nI said Thursday.",
        None,
    )
    assert call["from"] == [{"name": "Anna Weber", "address": "030 1234567"}]
    assert call["call"] == {"reached": True, "seconds": 300, "by": "anna"}
    assert shown["due"] == "2026-11-12T14:00:00Z" and shown["promises"][0]["text"] == "call back"
    assert "Anna Weber 030 1234567 called, anna spoke with them, 5 min" in front.ok("show", str(REFUND)).out
    assert [each["conversation"] for each in front.json("search", "thursday")] == [str(REFUND)]
    (verified,) = front.json("verify")
    assert verified == {"ok": True, "problems": []}
    assert "Undone: called" in front.ok("undo").err
    assert front.json("list", f"id:{REFUND}")[0]["messages"] == 1


def test_a_call_of_somebody_new_and_the_newest_open_one_of_somebody_known(shop_front: Front) -> None:
    front = shop_front
    (told,) = front.json("call", NUMBER, "--name", "Neu", "--text", "A price?", "--we-called")
    made = told["conversation"]
    assert (made["channel"], made["subject"], made["messages"], made["due"]) == ("phone", "A price?", 1, None)
    assert told["customer"]["name"] == "Neu" and told["customer"]["handles"] == ["+49301234567"]
    assert [each["id"] for each in front.json("list", "channel:phone")] == [made["id"]]
    assert front.ok("call", "--customer", str(WEBER), "--text", "x").lines[-1].split()[0] == str(ANOTHER)
    again = front.ok("call", "--customer", str(WEBER), "--text", "x", "--new").lines[-1].split()[0]
    assert again not in (str(ANOTHER), made["id"])
    (report,) = front.json("report", "--by", "channel")[:1]
    assert report


def test_several_may_have_the_number(shop_front: Front) -> None:
    front = shop_front
    front.ok("customer", "edit", str(WEBER), "--add-phone", "+49 30 1234567")
    front.ok("customer", "edit", str(JO), "--add-phone", "030 1234567")
    several = front.run("call", "0049301234567", "--text", "x")
    assert several.status == 1 and "--customer" in several.err
    assert {line.split()[0] for line in several.lines} == {str(WEBER), str(JO)}
    assert front.json("list", "channel:phone") == []
    front.ok("call", "0049301234567", "--customer", str(JO), "--not-reached")
    assert front.json("list", f"id:{PARCEL}")[0]["status"] == "open"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ((), 2, "does not say who calls"),
        (("anna",), 2, "no telephone number"),
        (("--customer", "1", "--new", "--in", "1"), 2, "begin one and belong"),
        (("--customer", "1", "--we-called", "--not-reached"), 2, "reached, or not"),
        (("--customer", "1", "--text", "x", "--took", "long"), 2, "no time span"),
        (("--customer", "1", "--text", "x", "--promise", "whenever"), 2, ""),
        (("--customer", "99"), 1, "no customer"),
        (("--in", "99"), 1, "no conversation"),
        (("--customer", "1", "--text", " "), 1, "Nothing is written"),
        (("--customer", "1", "--in", str(REFUND), "--text", "x"), 1, "another customer's"),
    ],
)
def test_bad_words_are_refused_by_their_status(
    shop_front: Front, words: tuple[str, ...], status: int, said: str
) -> None:
    ran = shop_front.run("call", *words)
    assert (ran.status, said in ran.err) == (status, True), ran.err


def test_a_reader_writes_no_call_down(shop_front: Front) -> None:
    ran = shop_front.run("call", "--customer", "1", "--text", "x", who="ria")
    assert ran.status == 1 and "not for a reader" in ran.err


# --------------------------------------------------------------------------- on the screen


def called(store: Workspace) -> list[tuple[int | None, str]]:
    """Every call that counts: its conversation, and which way it went."""
    rows = store.rows(store.ids(None, ME, NOW))
    events = [event for row in rows for event in store.events(row.conversation.id)]
    return [
        (each.conversation, each.data["way"])
        for each in events
        if each.type is EventType.CALLED and not each.void
    ]


async def test_one_key_takes_down_who_calls_and_what_was_said(store: Workspace) -> None:
    number_of(store, WEBER)
    async with playing(store, (160, 48)) as stage:
        await stage.press("j", "j", "p")
        await stage.type("030/1234567")
        assert "Anna Weber" in stage.text and "+49301234567" in stage.text
        await stage.press("enter")
        assert "first heard from" in stage.pane("customer"), "their panel is there at once"
        assert "Call, they called · Anna Weber 030/1234567 · in #6" in stage.text
        await stage.type("Wants the money back.\nI said Thursday.")
        await stage.press("ctrl+s", "c")
        await stage.type("refund")
        await stage.press("enter")
        assert "in #2 Refund" in stage.text
        await stage.press("p", "/")
        await stage.type("thu 15:00")
        await stage.press("enter")
        await stage.type("call back")
        await stage.press("enter", "m", "5", "enter")
        assert "Thu 12 Nov 15:00" in stage.text and "5 min" in stage.text
        await stage.press("enter")
        assert called(store) == [(REFUND, "in")]
        assert "it counts as an answer" in stage.said
        shown = stage.pane("conversation")
        assert "☎ Anna Weber 030/1234567 called, anna spoke with them, 5 min" in shown
        assert "promised it for Thu 12 Nov 15:00 (call back)" in shown
        assert store.drafts() == []
        await stage.press("u")
        assert called(store) == [] and "I said Thursday." in stage.pane("composer")


async def test_the_customer_under_the_hands_is_who_calls_by_default(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("p", "enter")
        assert "in #2 Refund" in stage.text and "Anna Weber · 2nd" in stage.text
        await stage.type("Fine now.")
        await stage.press("ctrl+s", "e")
        assert store.rows([REFUND])[0].conversation.status is Status.CLOSED
        assert called(store) == [(REFUND, "in")]


async def test_nobody_was_reached(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("p", "enter", "ctrl+s")
        await stage.press("enter")
        assert "Nothing is written yet" in stage.text and called(store) == []
        await stage.press("x", "p")
        assert "Nobody was reached" in stage.text
        await stage.press("f", "t", "enter", "enter")
        assert called(store) == [(REFUND, "missed")] and "it stays as it is" in stage.said
        (row,) = store.rows([REFUND])
        assert row.conversation.status is Status.OPEN and row.conversation.follow_up_at is not None


async def test_somebody_new_becomes_a_customer(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("p")
        await stage.type("+43 660 1234567")
        await stage.press("enter")
        assert "Call, they called · +43 660 1234567 · a new conversation" in stage.text
        await stage.type("Do you ship to Graz?")
        await stage.press("ctrl+s", "w", "enter")
        ((conversation, way),) = called(store)
        (row,) = store.rows([conversation or 0])
        assert (way, row.conversation.channel, row.subject) == ("out", "phone", "Do you ship to Graz?")
        assert "Do you ship to Graz?" in stage.pane("conversation")
        assert [each.name for each in store.callers("0660 1234567")] == ["+43 660 1234567"]


async def test_what_is_written_of_a_call_survives_a_kill(store: Workspace) -> None:
    """Two calls are being written down when the screen dies: each is found again, with all that was told of it."""
    async with playing(store) as stage:
        await stage.press("p", "enter")
        await stage.type("Money back.")
        await stage.press("ctrl+s", "w", "escape", "escape")
        await stage.press("p")
        await stage.type("0660 7654321")
        await stage.press("enter")
        await stage.type("Another one.")
        await stage.rest()
    asked = store.drafts()
    assert {each.text for each in asked} == {"Money back.", "Another one."}
    async with playing(store) as stage:
        stage.clock.now += 3_600
        await stage.press("p")
        assert "go on: 0660 7654321" in stage.text
        await stage.press("enter")
        assert "Call, we called · Anna Weber" in stage.text and "Money back." in stage.pane("composer")
        await stage.press("ctrl+s", "enter")
        assert store.items(REFUND)[-1].at == NOW, "it was when it was begun, not when it was written down"
        await stage.press("p", "down", "enter")
        assert "Another one." in stage.pane("composer")
        await stage.press("ctrl+s", "enter")
        assert len(called(store)) == 2 and store.drafts() == []


async def test_a_call_is_seen_by_a_colleague_as_what_came_meanwhile(store: Workspace) -> None:
    async with playing(store, (160, 48)) as stage:
        await stage.press("enter")
        did(store, "bo", "call", conversation=REFUND, customer=WEBER, text="Settled.", way="out")
        await stage.until(lambda: "bo telephoned" in stage.text)
        assert "☎ bo called Anna Weber" in stage.pane("conversation")


# --------------------------------------------------------------------------- the whole story

SMS = (
    '<?xml version="1.0" encoding="UTF-8"?><smses count="2">'
    '<sms address="+49301234567" date="{}000" type="1" body="Is it on its way?" contact_name="Anna Weber"/>'
    '<sms address="+49301234567" date="{}000" type="2" body="Yes, since noon." contact_name="Anna Weber"/></smses>'
)


def sent_by_phone(front: Front) -> None:
    """A chat of that customer by short messages is imported, and joined with her."""
    path = front.workspace.parent / "sms.xml"
    path.write_text(SMS.format(at("2026-11-09 12:00"), at("2026-11-09 12:05")), "utf-8")
    front.ok("import", str(path))


def test_mail_chat_and_phone_of_one_customer_are_one_story(shop_front: Front) -> None:
    """Mail in the morning, a chat at noon, a call the next day: one customer, one list, one order of deadlines."""
    front = shop_front
    sent_by_phone(front)
    (chat,) = front.json("list", "channel:sms")
    front.ok("customer", "merge", str(WEBER), chat["customer"]["id"])
    (panel,) = front.json("call", "030 1234567")
    assert panel["conversation"] is None
    told = [(each["channel"], each["subject"]) for each in panel["customer"]["conversations"]]
    assert told == [
        ("mail", "Another question"),
        ("sms", "Is it on its way?"),
        ("mail", "Refund for order 4711"),
    ]
    order = front.json("list", "customer:weber status:open")
    assert [each["id"] for each in order] == [str(REFUND), str(ANOTHER)], "who is late comes first"
    front.ok("call", "030 1234567", "--in", str(REFUND), "--text", "The money goes out today.")
    (left,) = front.json("list", "customer:weber status:open")
    assert left["id"] == str(ANOTHER)
    (after,) = front.json("customer", "show", str(WEBER))
    assert [each["id"] for each in after["conversations"]] == [str(REFUND), str(ANOTHER), chat["id"]]
    (why,) = front.json("why", str(REFUND))
    assert [each["state"] for each in why["clocks"] if each["kind"] == "first_reply"] == ["missed"]
    assert front.json("verify") == [{"ok": True, "problems": []}]


async def test_mail_chat_and_phone_stand_in_one_panel(shop_front: Front) -> None:
    front = shop_front
    sent_by_phone(front)
    (chat,) = front.json("list", "channel:sms")
    front.ok("customer", "merge", str(WEBER), chat["customer"]["id"])
    store = front.store()
    try:
        async with playing(store, (160, 48)) as stage:
            await _story(stage)
    finally:
        store.close()
    assert front.json("verify") == [{"ok": True, "problems": []}]


async def _story(stage: Stage) -> None:
    await stage.press("p", "enter")
    panel = stage.pane("customer")
    assert "+49301234567" in panel and "anna.weber@weber.example" in panel
    assert [panel.index(mark) for mark in ("Another question", "Is it on its way?", "Refund for")]
    await stage.type("The money goes out today.")
    await stage.press("ctrl+s", "enter")
    panel = stage.pane("customer")
    order = [panel.index(words) for words in ("Refund for", "Another question", "Is it on its way?")]
    assert order == sorted(order), "what was said last stands first, whatever the way"
    assert "⌂" in panel and "✉" in panel
    stream = stage.pane("conversation")
    assert stream.index("blue lamp") < stream.index("☎ Anna Weber")
    rows = stage.pane("list")
    assert rows.index("Where is my parcel?") < rows.index("Another question"), (
        "the next deadline stands first"
    )
