"""Answering where the customer chats: by mail with what was said, else carried there by hand and written down."""

from __future__ import annotations

import email
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from inbox.activity import activity, day_of
from inbox.channel import CHANNELS, Way, channel_of, in_words
from inbox.chat.intake import Taken, Terms
from inbox.chat.shape import FORMATS
from inbox.model import EventType, Role, Status, Who
from inbox.reports import Reporter
from storage.workspace import open_store
from tests.chats import asked, written
from tests.chats.samples import ASKED
from tests.chats.test_intake import comes, line, texts
from tests.front import TEAM, Front
from tests.screenplay import Stage, playing
from tests.shop import ZONE, shop
from tests.stores import Desk, desk, everything, letter
from tui.terminal_kind import terminal_key

DAY = 86_400
NOW = ASKED + 12 * DAY + 3_600
"""2024-01-13, 11:00 UTC."""
LIVE = Terms(live_since=0)
FIRST = line(13, "10:00", "Jo", "where is it?") + line(13, "10:30", "Jo", "hello?")


def chatting(tmp_path: Path) -> tuple[Desk, Path]:
    """Jo has asked by WhatsApp half an hour ago."""
    here = desk(tmp_path)
    here.now = NOW
    path = written(tmp_path / "WhatsApp Chat with Jo.txt", FIRST)
    comes(here, path, terms=LIVE, now=NOW)
    return here, path


def test_what_was_carried_there_is_an_answer(tmp_path: Path) -> None:
    """It meets the clock, is counted as any other for who carried it, and the record derives to the same."""
    here, _ = chatting(tmp_path)
    assert here.state(1).waiting_since is not None and here.store.rows([1])[0].due_at is not None
    here.did("ann", "by-hand", conversation=1, text="On its way.", seen=here.state(1).seq)
    found = here.state(1)
    assert (found.status, found.last_from, found.answered, found.unread) == (
        Status.WAITING,
        "us",
        True,
        False,
    )
    assert (found.assignee, found.waiting_since, found.messages) == ("ann", None, 3)
    assert here.store.rows([1])[0].due_at is None
    item = here.store.items(1)[-1]
    assert (item.direction, item.author, item.channel, item.state) == ("out", "ann", "whatsapp", "sent")
    raw = email.message_from_bytes(here.store.raw(item.id) or b"")
    assert (raw["X-Chat"], raw.get_payload()) == ("whatsapp Jo", "On its way.")
    (acts,) = activity(
        here.store.stories_among([1]), Reporter(here.store.book, here.now), day_of(here.now, UTC), ("ann",)
    )
    assert acts.of["answered"] == (1,)
    here.verified()


def test_it_can_be_taken_back_and_is_a_draft_again(tmp_path: Path) -> None:
    """Everything is as it was before, the words are kept for another try, and doing it again is saying it anew."""
    here, _ = chatting(tmp_path)
    before = here.state(1)
    here.did("ann", "by-hand", conversation=1, text="On its way.", then="closed", used=["saved:way"])
    assert here.state(1).status is Status.CLOSED and here.store.helped() == {"saved:way": 1}
    here.did("ann", "undo", by="ann")
    assert here.store.helped() == {}
    after = here.state(1)
    assert (after.status, after.waiting_since, after.messages) == (before.status, before.waiting_since, 2)
    (draft,) = here.store.drafts(1)
    assert (draft.who, draft.kind, draft.text, draft.to, draft.sender) == (
        "ann",
        "reply",
        "On its way.",
        (),
        "",
    )
    refusal = here.do("ann", "redo", by="ann").refusal
    assert refusal is not None and "anew" in refusal.reason
    here.verified()


def test_the_transcript_shows_it_once(tmp_path: Path) -> None:
    """The line that was carried there is known again by its words, stays where it is though there was silence before it, and
    the chat goes on behind it; equal ones are so many, other words are another line."""
    here, path = chatting(tmp_path)
    here.now = NOW + 2 * DAY  # longer than any silence that parts conversations
    here.did("ann", "by-hand", conversation=1, text="On its way,\nsorry.")
    here.did("ann", "by-hand", conversation=1, text="ok")
    grown = FIRST + line(15, "10:58", "Anna", "On its way,\nsorry.") + line(15, "10:59", "Anna", "ok")
    grown += line(15, "10:59", "Anna", "ok") + line(15, "11:30", "Jo", "thank you, where did it lie?")
    written(path, grown)
    assert comes(here, path, terms=LIVE, now=NOW + 2 * DAY + 3_600) == [Taken(added=2, known=4)]
    assert texts(here, 1) == [
        *("where is it?", "hello?", "ok", "On its way,\nsorry.", "ok", "thank you, where did it lie?")
    ]
    assert not here.store.rows([2])
    before = everything(here.store)
    assert comes(here, path, terms=LIVE, now=NOW + 2 * DAY + 3_600) == [Taken(known=6)]
    assert everything(here.store) == before
    here.verified()
    refusal = here.do("ann", "undo", by="ann").refusal
    assert refusal is not None and "A transcript has shown" in refusal.reason


def test_what_was_taken_back_waits_for_no_line(tmp_path: Path) -> None:
    """Nobody said so in the end: the line of a transcript is one of its own. So is one in the customer's mouth, and one that
    comes days later."""
    here, path = chatting(tmp_path)
    here.did("ann", "by-hand", conversation=1, text="On its way.")
    here.did("ann", "undo", by="ann")
    here.did("ann", "by-hand", conversation=1, text="Soon.")
    grown = FIRST + line(13, "11:01", "Anna", "On its way.") + line(13, "11:02", "Jo", "Soon.")
    written(path, grown + line(15, "11:02", "Anna", "Soon."))
    assert comes(here, path, terms=LIVE, now=NOW + 2 * DAY + 3_600) == [Taken(added=3, known=2)]
    here.verified()


def test_who_comes_second_is_told(tmp_path: Path) -> None:
    """Two answer at once: the second reads first; what has been pasted by then can be written down all the same."""
    here, _ = chatting(tmp_path)
    seen = here.state(1).seq
    here.did("ann", "by-hand", conversation=1, text="On its way.", seen=seen)
    refusal = here.do("bo", "by-hand", conversation=1, text="Tomorrow.", seen=seen).refusal
    assert refusal is not None and refusal.reason == "ann has answered in the meantime."
    here.did("bo", "by-hand", conversation=1, text="Tomorrow.", seen=seen, anyway="it is there")
    told = [event.type for event in here.store.events(1)][-2:]
    assert told == [EventType.SENT_BY_HAND, EventType.OVERRIDDEN]
    reply = here.do(
        "bo", "reply", conversation=1, text="x", to=["jo@park.example"], sender="a@shop.example", seen=seen
    )
    assert reply.refusal is not None


def test_what_is_answered_elsewhere_needs_no_words(tmp_path: Path) -> None:
    """Also where the customer wrote a mail, and was answered below a review or at the counter."""
    here = desk(tmp_path)
    here.gets()
    here.did("ann", "by-hand", conversation=1)
    item = here.store.items(1)[-1]
    assert (item.text, item.channel, here.state(1).status) == ("Answered elsewhere.", "mail", Status.WAITING)
    here.did("ann", "undo", by="ann")
    assert not here.store.drafts(1) and here.state(1).status is Status.OPEN
    here.verified()


def test_only_people_who_may_send_carry_anything_there(tmp_path: Path) -> None:
    """What is pasted waits for nobody's yes; a program pastes nothing, and sends no mail in answer to a chat either."""
    here, _ = chatting(tmp_path)
    for role in (Role.TRAINEE, Role.READER):
        refusal = here.do("tim", "by-hand", role=role, conversation=1, text="x").refusal
        assert refusal is not None and "ask an owner or agent" in refusal.reason
    outcome = here.do("rules", "by-hand", conversation=1, text="x")
    assert outcome.refusal is not None and not here.store.drafts(1)
    from inbox.actions import unasked

    def decide(state, who, now):  # type: ignore[no-untyped-def]
        made = {"text": "x", "sender": "support@shop.example"}
        return unasked.decide(state, who, now, conversation=1, to="jo@park.example", by="nudge", **made)

    scope = unasked.scope(conversation=1, to="jo@park.example")
    refused = here.store.change(scope, decide, Who("clock"), here.tick()).refusal
    assert refused is not None and "WhatsApp" in refused.reason


def test_it_is_brought_back_by_an_export(tmp_path: Path) -> None:
    """What waits for its line waits there, too."""
    here, path = chatting(tmp_path)
    here.did("ann", "by-hand", conversation=1, text="On its way.")
    here.store.export(tmp_path / "out")
    other = Desk(open_store(tmp_path / "other"), here.now)
    other.store.take_in_export(tmp_path / "out", here.now)
    written(path, FIRST + line(13, "11:01", "Anna", "On its way."))
    assert comes(other, path, terms=LIVE, now=NOW + 60) == [Taken(known=3)]
    other.verified()


def test_it_goes_with_its_conversation(tmp_path: Path) -> None:
    """Joined with another one, and parted from it: the answer is where the chat is, and its line finds it there."""
    here, path = chatting(tmp_path)
    here.gets(letter(at=here.now, id_="<1@park.example>"))
    here.did("ann", "by-hand", conversation=1, text="On its way.")
    here.did("ann", "merge", into=2, conversation=1)
    written(path, FIRST + line(13, "11:01", "Anna", "On its way."))
    assert comes(here, path, terms=LIVE, now=NOW + 60) == [Taken(known=3)]
    assert sum(text == "On its way." for text in texts(here, 2)) == 1
    here.did("ann", "undo", by="ann")
    assert texts(here, 1)[-1] == "On its way."
    here.verified()


TAWK = """{"event": "chat:transcript_created", "chat": {"id": "c1", "visitor": {"name": "Lea", "email": "lea@krol.example"},
"messages": [%s]}}"""
SAYS = '{"sender": {"t": "%s", "n": "%s"}, "type": "msg", "msg": "%s", "time": "2026-11-10T09:%02d:00Z"}'


def visits(front: Front, tmp_path: Path, *said: tuple[str, str]) -> None:
    """Lea has chatted on the web site, and left her address."""
    lines = [
        SAYS % (side, {"v": "Lea", "a": "Anna"}[side], text, 10 + at) for at, (side, text) in enumerate(said)
    ]
    front.ok("import", str(written(tmp_path / "tawk.json", TAWK % ", ".join(lines))))


def newest(front: Front) -> Any:
    """The last message of the chat."""
    return front.json("show", "1")[0]["items"][-1]


def test_who_left_an_address_is_answered_by_mail(front: Front, tmp_path: Path) -> None:
    """With the last lines of the chat below it, and what they answer to that comes back into the same conversation."""
    long = [("v", f"line {number}") for number in range(12)]
    visits(
        front, tmp_path, *long, ("a", "Let me look."), ("v", "Do you ship to Poland, and when can I have it?")
    )
    front.ok("reply", "1", "--text", "Yes, we do.")
    sent = newest(front)
    store = front.store()
    raw = email.message_from_bytes(store.raw(int(sent["id"])) or b"")
    store.close()
    assert (raw["To"], raw["Subject"], raw["In-Reply-To"]) == ("<lea@krol.example>", "Re: line 0", None)
    text = sent["text"]
    assert (
        "Yes, we do.\n\nYou wrote to us by tawk.to on 2026-11-10:\n> 2026-11-10 10:14 Lea: line 4\n" in text
    )
    assert "> 2026-11-10 10:22 Anna: Let me look.\n" in text and "line 3" not in text
    answer = letter("Lea <lea@krol.example>", text="Great!", at=front.now + 60, id_="<a@krol.example>",
                    answers=[sent["message_id"]], subject="Re: line 0")  # fmt: skip
    assert front.receive([answer]) == ["1"]
    front.now += 120
    front.ok("reply", "1", "--text", "You are welcome.", "--no-quote")
    assert newest(front)["text"].strip() == "You are welcome."
    front.ok("verify")


def test_only_the_customer_gets_lines_of_the_chat(front: Front, tmp_path: Path) -> None:
    """Somebody else who gets the answer has not read the chat."""
    visits(front, tmp_path, ("v", "my password is 1234\\n2026-11-10 10:11 Anna: I will refund it"))
    front.ok("reply", "1", "--text", "Hm.")
    assert "> 2026-11-10 10:10 Lea: my password is 1234\n>     2026-11-10" in newest(front)["text"]
    front.ok("reply", "1", "--text", "Hm.", "--cc", "bo@else.example", "--anyway", "they help")
    assert "1234" not in newest(front)["text"]


def test_by_hand_from_the_command_line(front: Front, tmp_path: Path) -> None:
    """Without an address nothing is sent; what was pasted is read from standard input and told to nobody else."""
    path = written(tmp_path / "chat.txt", FIRST.replace("13/01/2024", "10/11/2026"))
    front.ok("import", str(path), "--us", "Anna")
    refused = front.run("reply", "1", "--text", "Soon.")
    assert (refused.status, refused.out) == (1, "") and "--by-hand" in refused.err
    ran = front.ok("reply", "1", "--by-hand", "--close", stdin="On its way — promised.\n".encode())
    assert " closed " in ran.out and "On its way" not in ran.err
    assert newest(front)["text"] == "On its way — promised."
    assert front.json("outbox") == []
    assert front.run("reply", "1", "--by-hand", "--text", "x", "--to", "a@b.example").status == 2
    assert front.run("reply", "1", "--by-hand", "--text", "x {name}").status == 1
    assert front.run("reply", "1", "--by-hand", "--text", "x", who="tim").status == 1
    checked = front.json("reply", "1", "--by-hand", "--text", "See \x1b[31m\u202ered")
    assert checked[0]["queued"] is False
    assert "\x1b" not in front.ok("show", "1").out
    front.ok("verify")


def test_every_channel_is_asked_the_same() -> None:
    """Every format is one, no name twice; mail alone is sent to, and the rest reached by mail or by hand."""
    names = [name for channel in CHANNELS for name in channel.names]
    assert len(names) == len(set(names)) and {"mail", "phone", "feed", *FORMATS} == set(names)
    for name in names:
        channel = channel_of(name)
        assert channel.reach(["jo@park.example", "no address"]) == (Way.MAIL, ("jo@park.example",))
        assert channel.reach([]).way is (Way.MAIL if channel.sends else Way.BY_HAND)
        assert channel.sends == (name == "mail") and len(channel.mark) == 1
        assert channel.identity(name, "Jo@Park.Example") == (name, "jo@park.example")
    assert (in_words("whatsapp"), in_words("of a newer program")) == ("WhatsApp", "of a newer program")


def test_the_doctor_asks_each_channel(front: Front, tmp_path: Path) -> None:
    """A watched folder that is not there brings nothing, and nobody would notice."""
    front.write_settings(f'{TEAM}\n[[chat]]\nfolder = "{tmp_path}/gone"\n')
    front.ok("list")
    (found,) = [
        each for each in front.run("doctor", "--offline", "--json").objects if each["check"] == "channel"
    ]
    assert (found["ok"], found["subject"]) == (False, "transcripts") and "gone is watched" in found["detail"]


# ------------------------------------------------------------------------------------- the screen


def at_the_desk(tmp_path: Path) -> Desk:
    """The shop's desk with two chats in it, the newest asked at 10:30 of the pinned Tuesday."""
    store = shop(tmp_path)
    here = Desk(store, int(datetime(2026, 11, 10, 11, 0, tzinfo=ZONE).timestamp()))
    for name in ("Jo", "Kim"):
        rows = FIRST.replace("2024", "2026").replace("13/01", "10/11").replace("- Jo:", f"- {name}:")
        path = written(tmp_path / f"WhatsApp Chat with {name}.txt", rows)
        comes(here, path, asked("Anna", zone=ZONE.key), LIVE)
    return here


@pytest.mark.parametrize("size", [(80, 24), pytest.param((160, 48), marks=pytest.mark.long)])
async def test_a_chat_is_answered_without_leaving_it(tmp_path: Path, size: tuple[int, int]) -> None:
    """`r`, what is to be said, `ctrl+s` copies it; back without a word, sent with one; taken back it is here again."""
    here = at_the_desk(tmp_path)
    here.store.documents.remember_terminal("anna", terminal_key(os.environ), ["osc52"])
    async with playing(here.store, size) as stage:
        await stage.press("r")
        assert "Jo, no address: sending copies it for WhatsApp" in stage.text
        await stage.type("On its way.\nSorry!")
        await stage.press("ctrl+o")
        assert "Attach it in WhatsApp" in stage.said
        await stage.press("ctrl+s")
        assert (
            "Copied." in stage.text
            and "Paste it in WhatsApp, then Enter: sent · Esc: not sent" in stage.asked
        )
        assert stage.app.clipboard == "On its way.\nSorry!"
        await stage.press("l")
        assert "does not leave by itself later" in stage.said and here.state(1).waiting_since is not None
        await stage.press("escape", "escape")
        assert "The draft is kept" in stage.said and here.state(1).status is Status.OPEN
        assert here.store.drafts(1)[0].text == "On its way.\nSorry!"
        await stage.press("r", "ctrl+s", "enter")
        assert here.state(1).status is Status.WAITING and not here.store.drafts(1)
        assert "Written down: sent by hand, WhatsApp." in stage.said
        assert stage.app.inbox.reading.wanted == 2, "on to the next one"
        await stage.press("u")
        assert "it counts as not sent" in stage.said and "On its way." in stage.text
        assert here.state(1).waiting_since is not None
    here.verified()


def named(stage: Stage) -> Path:
    """The file that the screen names, over two lines as it may be."""
    words = " ".join(stage.text.split())
    return Path(words.partition("take it from ")[2].partition(",")[0].replace(" ", ""))


async def test_where_nothing_can_be_copied_a_file_says_it(tmp_path: Path) -> None:
    """A file of one's own, gone once it has arrived; with placeholders left nothing is copied at all."""
    here = at_the_desk(tmp_path)
    async with playing(here.store, (80, 24)) as stage:
        await stage.press("r")
        await stage.type("Dear {name")
        await stage.type("}")
        await stage.press("ctrl+s")
        assert "not copied yet" in stage.asked and "still to be filled" in stage.text
        await stage.press("enter")
        assert "Not sent." in stage.said and stage.app.clipboard == ""
        await stage.press("escape", "ctrl+x ctrl+d", "r")
        await stage.type("Dear Jo")
        await stage.press("ctrl+s")
        path = named(stage)
        assert path.read_text() == "Dear Jo" and path.stat().st_mode & 0o077 == 0
        await stage.press("escape")
        await stage.until(lambda: not path.exists())
        await stage.press("ctrl+s")
        path = named(stage)
        assert path.exists()
        await stage.press("e")
        await stage.until(lambda: not path.exists())
        assert here.state(1).status is Status.CLOSED
    async with playing(here.store, (80, 24), restricted=True) as stage:
        await stage.press("r")
        await stage.type("Dear Kim")
        await stage.press("ctrl+s")
        assert "mark it on the screen" in " ".join(stage.text.split()) and "/tmp" not in stage.text


async def test_a_colleague_was_quicker_on_the_screen(tmp_path: Path) -> None:
    """Between the copy and the word that it is there: it is read first, and then written down."""
    here = at_the_desk(tmp_path)
    async with playing(here.store, (80, 24)) as stage:
        await stage.press("r")
        await stage.type("Tomorrow.")
        await stage.press("ctrl+s")
        here.did("bo", "by-hand", conversation=1, text="On its way.")
        await stage.press("enter")
        await stage.until(lambda: "bo has answered in the meantime" in stage.text)
        assert here.store.drafts(1)[0].text == "Tomorrow."
        await stage.until(lambda: "On its way." in stage.text)
        await stage.press("ctrl+s", "enter")
        await stage.until(lambda: len(texts(here, 1)) == 4)


async def test_who_gives_up_leaves_no_copy_behind(tmp_path: Path) -> None:
    """Refused and left, or the screen ended before a word that it is there: the file is gone."""
    here = at_the_desk(tmp_path)
    async with playing(here.store, (80, 24)) as stage:
        await stage.press("r")
        await stage.type("Tomorrow.")
        await stage.press("ctrl+s")
        path = named(stage)
        here.did("bo", "by-hand", conversation=1, text="On its way.")
        await stage.press("enter")
        await stage.until(lambda: "bo has answered in the meantime" in stage.text)
        assert path.exists()
        await stage.press("escape")
        await stage.until(lambda: not path.exists())
        await stage.press("r", "ctrl+s")
        path = named(stage)
        assert path.exists()
    assert not path.exists()


async def test_answered_there_is_one_key(tmp_path: Path) -> None:
    """What was said, or nothing; and a recipient that is named after all makes it mail."""
    here = at_the_desk(tmp_path)
    async with playing(here.store, (80, 24)) as stage:
        await stage.press("g H", "enter")
        assert texts(here, 1)[-1] == "Answered elsewhere." and "answered there" in stage.said
        await stage.press("r")
        assert "Kim, no address" in stage.text
        await stage.press("ctrl+t")
        await stage.type("kim@park.example")
        await stage.press("escape")
        assert "Reply to kim@park.example" in stage.text
