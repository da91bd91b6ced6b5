"""The send bar: what holds a letter, when it leaves, and what can still be done about it afterwards."""

from __future__ import annotations

from pathlib import Path

from textual import events

from inbox.model import EventType, Role, Status, Who
from inbox.ports import Result
from storage.workspace import Workspace, open_store
from tests.screenplay import Stage, playing
from tests.shop import ME, NOW, at, deliver, did, mail

ANNA = "anna.weber@weber.example"


def last(store: Workspace, conversation: int) -> str:
    return store.items(conversation)[-1].reply


def leaves(store: Workspace, now: int) -> None:
    """The worker's part: whatever is due goes out."""
    for going in store.sending.due(now):
        store.sending.phase(going.message, "connecting", now)
        store.sending.phase(going.message, "data", now)
        store.sending.settle(going, dict.fromkeys(going.recipients, Result("sent", "ok")), now, None)


async def answer(stage: Stage, text: str, *keys: str) -> None:
    """Open the refund, write, and press these keys."""
    await stage.press("enter", "r")
    await stage.type(text)
    await stage.press(*keys)


# --------------------------------------------------------------------------- the bar


async def test_the_bar_is_one_line_and_its_keys_stand_below_it_also_on_a_small_terminal(
    store: Workspace,
) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("r")
        await stage.type("On its way.")
        await stage.press("ctrl+s")
        assert stage.asked == f" to {ANNA} · from support@… · then: waiting · 1 hint"
        assert stage.said.startswith(" Enter send  e send + close  s send + snooze  l later  Esc back")
        await stage.press("escape")
        assert "On its way." in stage.pane("composer")


async def test_send_and_close_closes(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "Done.", "ctrl+s", "e")
    assert store.rows([2])[0].conversation.status is Status.CLOSED


async def test_keys_typed_ahead_of_the_bar_are_meant_for_it(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        await stage.hurry(*"Hi", "ctrl+s", "e")
    assert last(store, 2) == "Hi"
    assert store.rows([2])[0].conversation.status is Status.CLOSED


async def test_what_is_pasted_ahead_of_the_bar_is_not_sent_unlooked_at(store: Workspace) -> None:
    async with playing(store) as stage:
        await stage.press("enter", "r")
        stage.app.post_message(events.Key("H", "H"))
        stage.app.post_message(events.Key("ctrl+s", None))
        stage.app.post_message(events.Paste("a secret"))
        await stage.hurry("enter")
    assert last(store, 2) == "H"


# --------------------------------------------------------------------------- what holds it


async def test_a_hint_is_said_and_does_not_hold_the_letter(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "The invoice is attached.", "ctrl+s")
        assert "nothing is attached (ctrl+o)" in stage.pane("prompt")
        assert "2 hints" in stage.asked  # the customer has another one open
        await stage.press("enter")
    assert last(store, 2) == "The invoice is attached."
    assert store.documents.hints("anna")[0] == {"attachment": 1, "more": 1, "question": 1}


async def test_the_key_of_a_hint_works_from_the_bar(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "The invoice is attached.", "ctrl+s", "ctrl+o")
        assert "Attach a file" in stage.asked


async def test_a_hint_that_was_passed_over_five_times_can_be_sent_away(store: Workspace) -> None:
    for _ in range(5):
        store.documents.ignore_hints("anna", ["attachment"])
    async with playing(store) as stage:
        await answer(stage, "The invoice is attached.", "ctrl+s")
        assert "x says it no more" in stage.pane("prompt")
        await stage.press("x")
        assert "attached" not in stage.pane("prompt")
    assert "attachment" in store.documents.hints("anna")[1]


async def test_a_copy_that_a_plain_reply_drops_is_brought_back_by_one_key(store: Workspace) -> None:
    number = deliver(
        store, mail("Kim <kim@kim.example>", "Us", "?\n", "2026-11-10 08:00", cc="Lou <lou@kim.example>")
    )
    async with playing(store) as stage:
        stage.app.inbox.moving.open_conversation(number)
        await stage.rest()
        await stage.press("r")
        await stage.type("Hello")
        await stage.press("ctrl+s")
        assert "lou@kim.example was in copy and would not get this (ctrl+x ctrl+a)" in stage.pane("prompt")
        await stage.press("ctrl+x ctrl+a", "ctrl+s")
        assert "to kim@kim.example, lou@kim.example" in stage.asked
        assert "hint" not in stage.asked
        await stage.press("enter")
        assert store.drafts(number) == []
    assert {r.address for r in store.items(number)[-1].recipients} == {"kim@kim.example", "lou@kim.example"}


async def test_what_reads_like_a_note_becomes_one_by_its_key(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "@bo can you look at this?", "ctrl+s")
        assert "reads like a note to the team (ctrl+x ctrl+n)" in stage.pane("prompt")
        await stage.press("ctrl+x ctrl+n")
        assert "Note, only the team sees it" in stage.text
        await stage.press("ctrl+s")
    assert store.items(2)[-1].direction == "note"
    assert store.outbox() == []
    assert store.drafts(2) == []


async def test_another_customers_address_holds_the_letter_until_a_reason_is_given(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "Hello", "ctrl+t")
        await stage.type(", jo@park.example")
        await stage.press("ctrl+s", "enter")
        assert "Not sent. jo@park.example belongs to Jo Park" in stage.said
        assert "a sends it anyway, with a reason." in stage.said
        assert store.outbox() == []
        await stage.press("a")
        await stage.type("they live together")
        await stage.press("enter")
        assert "goes anyway: they live together" in stage.pane("prompt")
        await stage.press("enter")
    overridden = [event for event in store.events(2) if event.type is EventType.OVERRIDDEN]
    assert [(event.why, event.data["checks"]) for event in overridden] == [
        ("they live together", ["elsewhere"])
    ]


async def test_a_reason_counts_for_one_letter_only(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "Hello", "ctrl+t")
        await stage.type(", jo@park.example")
        await stage.press("ctrl+s", "a")
        await stage.type("why not")
        await stage.press("enter", "escape", "ctrl+s", "enter")
        assert "Not sent." in stage.said
    assert store.outbox() == []


async def test_nobody_and_nothing_cannot_be_overridden(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "Hello", "ctrl+t", "ctrl+u", "ctrl+s")
        assert "! Nobody would get this reply (ctrl+t)" in stage.pane("prompt")
        await stage.press("a")
        assert "No reason helps here." in stage.said
        await stage.press("enter", "e", "l")
    assert store.outbox() == []


async def test_a_sender_that_is_not_ours_is_refused(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "Hello", "ctrl+t", "down", "down", "down", "ctrl+u")
        await stage.type("ceo@bank.example")
        await stage.press("down")
        assert "! none of our addresses" in stage.pane("compose-head")
        await stage.press("ctrl+s", "enter")
        assert "Not sent. ceo@bank.example is none of our addresses." in stage.said
    assert store.outbox() == []


async def test_what_a_colleague_sent_meanwhile_is_shown_and_both_drafts_are_kept(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "My answer")
        did(store, "bo", "reply", conversation=2, text="Bo's", to=(ANNA,), sender="support@shop.example")
        await stage.hurry("ctrl+s", "enter")
        assert "Not sent. bo has answered in the meantime. Read it" in stage.said
        assert "Bo's" in stage.pane("conversation")
        assert "My answer" in stage.pane("composer")
        assert [draft.text for draft in store.drafts(2)] == ["My answer"]
        assert len(store.outbox()) == 1


# --------------------------------------------------------------------------- later


async def test_later_offers_the_customers_own_morning_and_leaves_then(store: Workspace) -> None:
    abroad = mail("Ann <ann@far.example>", "Hi", "?\n", "2026-11-10 08:30")
    abroad = abroad.replace(b"Tue, 10 Nov 2026 08:30:00 +0100", b"Tue, 10 Nov 2026 02:30:00 -0500")
    number = deliver(store, abroad)
    async with playing(store) as stage:
        stage.app.inbox.moving.open_conversation(number)
        await stage.rest()
        await stage.press("r")
        await stage.type("Good morning")
        await stage.press("ctrl+s", "l")
        assert "9:00 at UTC-5" in stage.pane("prompt")
        await stage.press("i")
        assert "It leaves 15:00, unless the customer writes first. u takes it back." in stage.said
        stage.app.inbox.moving.open_conversation(2)
        await stage.rest()
        await stage.press("r")
        await stage.type("Monday")
        await stage.press("ctrl+s", "l", "m")
        assert "after the deadline, unless the customer writes first." in stage.said
    assert [line.leave_at for line in store.outbox()] == [at("2026-11-10 15:00"), at("2026-11-16 09:00")]
    leaves(store, NOW + 3600)
    assert [one.state for one in store.outbox()] == ["queued", "queued"]


async def test_later_typed_or_preset(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "Tomorrow", "ctrl+s", "l", "t")
        assert store.outbox()[-1].leave_at == at("2026-11-11 09:00")
        await stage.press("r")
        await stage.type("On Friday")
        await stage.press("ctrl+s", "l", "/")
        await stage.type("fri 14:00")
        await stage.press("enter")
    assert {line.leave_at for line in store.outbox()} == {at("2026-11-11 09:00"), at("2026-11-13 14:00")}


async def test_what_waits_for_later_is_a_draft_again_when_the_customer_writes_first(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "Tomorrow then", "ctrl+t", "down")
        await stage.type("boss@weber.example")
        await stage.press("ctrl+s", "a")
        await stage.type("her boss")
        await stage.press("enter", "l", "t")
        assert store.rows([2])[0].conversation.status is Status.WAITING
        deliver(
            store,
            mail(
                f"Anna Weber <{ANNA}>",
                "Re: Refund for order 4711",
                "Never mind, it came.\n",
                "2026-11-10 11:20",
                in_reply_to="<refund@weber.example>",
            ),
            NOW + 900,
        )
        (draft,) = store.drafts(2)
        assert (draft.who, draft.text, draft.to, draft.cc) == (
            "anna",
            "Tomorrow then",
            (ANNA,),
            ("boss@weber.example",),
        )
        assert store.outbox() == []
        leaves(store, at("2026-11-12 09:00"))
        here = store.rows([2])[0].conversation
        assert (here.status, here.sending, here.unread) == (Status.OPEN, 0, True)
        stage.app.inbox.moving.open_conversation(2)
        await stage.rest()
        assert "although a check said no" not in stage.text
        assert (
            "the answer of anna for Wed 11 Nov 09:00 is a draft again (the customer wrote first)"
            in stage.text
        )
    assert store.verify(NOW + 1000) == []


async def test_a_machine_calls_nothing_back(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "Tomorrow", "ctrl+s", "l", "t")
    away = mail(f"Anna Weber <{ANNA}>", "Away", "I am away.\n", "2026-11-10 11:20",
                in_reply_to="<refund@weber.example>", auto_submitted="auto-replied")  # fmt: skip
    deliver(store, away, NOW + 900)
    assert [line.state for line in store.outbox()] == ["queued"]


async def test_an_answer_within_its_undo_window_is_not_called_back(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "Now", "ctrl+s", "enter")
    more = mail(f"Anna Weber <{ANNA}>", "Re: Refund", "One more thing\n", "2026-11-10 11:05",
                in_reply_to="<refund@weber.example>")  # fmt: skip
    deliver(store, more, NOW + 5)
    assert [line.state for line in store.outbox()] == ["queued"]


# --------------------------------------------------------------------------- afterwards


async def test_undo_brings_everything_back_also_on_another_screen(store: Workspace, tmp_path: Path) -> None:
    paper = tmp_path / "paper.txt"
    paper.write_text("words")
    async with playing(store) as stage:
        await answer(stage, "Too early", "ctrl+t", "down", "down")
        await stage.type("secret@weber.example")
        await stage.press("escape", "ctrl+o")
        await stage.type(str(paper))
        await stage.press("enter", "ctrl+s", "a")
        await stage.type("agreed")
        await stage.press("enter", "e")
        assert store.rows([2])[0].conversation.status is Status.CLOSED
    other = open_store(tmp_path)
    async with playing(other) as stage:
        await stage.press("u")
        assert "Taken back: it has not left. Here is the draft." in stage.said
        assert "hidden copy to secret@weber.example" in stage.pane("compose-head")
        assert "1 file, 5 B: paper.txt" in stage.pane("compose-head")
        assert "Too early" in stage.pane("composer")
        assert other.rows([2])[0].conversation.status is Status.OPEN
    other.close()


async def test_what_was_begun_since_stays_below_what_comes_back(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "First", "ctrl+s", "enter")
        stage.app.inbox.moving.open_conversation(2)
        await stage.rest()
        await stage.press("r")
        await stage.type("Second")
        await stage.press("escape", "u")
        assert stage.app.inbox.writing.text == "First\n\nSecond"


async def test_undo_after_it_left_says_so_and_enter_begins_a_correction(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "It costs 10 EUR.", "ctrl+s", "enter")
        leaves(store, NOW + 60)
        await stage.press("u")
        assert "It has left already.  Enter corrects it in a new reply" in stage.asked
        await stage.press("enter")
        assert "Refund for order 4711" in stage.pane("conversation")
        assert "It costs 10 EUR." in stage.pane("composer")
        assert f"Reply to {ANNA}" in stage.pane("compose-head")
        await stage.type(" Sorry: 12.")
        await stage.press("ctrl+s", "enter")
    assert last(store, 2) == "It costs 10 EUR. Sorry: 12."


async def test_escape_leaves_what_has_left_alone(store: Workspace) -> None:
    async with playing(store) as stage:
        await answer(stage, "Sent", "ctrl+s", "enter")
        leaves(store, NOW + 60)
        await stage.press("u", "escape")
        assert not stage.app.inbox.writing.is_open
        assert store.drafts() == []


async def test_a_trainees_letter_waits_for_a_yes(store: Workspace) -> None:
    async with playing(store, who=Who(ME.name, Role.TRAINEE)) as stage:
        await answer(stage, "May I?", "ctrl+s", "enter")
        assert "It leaves as soon as an owner or agent says yes." in stage.said
    assert [line.state for line in store.outbox()] == ["held"]
