"""Chats become conversations: whose they are, where one ends, and what a transcript that has grown adds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from inbox.attachments import content
from inbox.channels.chat.reading import chats
from inbox.channels.chat.sources import opened
from inbox.chat.intake import ASKED_AT_ONCE, Taken, Terms, WhoIsUs, take_in
from inbox.chat.shape import Asked, Chat, Side
from inbox.model import Instant, Status, Who
from inbox.settings import Watched
from storage.workspace import open_store
from tests.chats import asked, written, zipped
from tests.chats.samples import ASKED, SAMPLES
from tests.faults.clock import MONDAY
from tests.stores import Desk, desk, everything, letter

DAY = 86_400
HISTORY = Terms()
ANNA = asked("Anna", zone="UTC")


def comes(
    here: Desk, path: Path, told: Asked = ANNA, terms: Terms = HISTORY, now: Instant | None = None
) -> list[Taken]:
    """A transcript is taken in; what became of each of its chats."""
    taken = []
    with opened(path) as source:
        for chat in chats(source, told):
            assert isinstance(chat, Chat)

            def read(place: str) -> bytes:
                with source.open(place) as file:
                    return file.read()

            taken.append(take_in(here.store, chat, terms, Who("import"), now or here.now, read))
    return taken


def line(day: int, clock: str, name: str, text: str) -> str:
    """A line of WhatsApp; days of January 2024."""
    return f"{day:02}/01/2024, {clock} - {name}: {text}\n"


def texts(here: Desk, conversation: int) -> list[str]:
    """What is said in a conversation."""
    return [each.text for each in here.store.items(conversation)]


@pytest.mark.parametrize("form", SAMPLES)
def test_every_format_becomes_a_conversation(tmp_path: Path, form: str) -> None:
    """Of its customer, in its channel, answered; again, it adds nothing; the record derives to the same."""
    here = desk(tmp_path)
    name, value = SAMPLES[form]
    path = written(tmp_path / name, value)
    assert comes(here, path) == [Taken(added=2)]
    before = everything(here.store)
    assert comes(here, path) == [Taken(known=2)]
    assert everything(here.store) == before
    (found,) = here.store.rows([1])
    assert (found.conversation.channel, found.customer_name.casefold()) == (form, "jo")
    assert (found.conversation.status, found.conversation.messages) == (Status.CLOSED, 2)
    here.verified()


def test_a_long_chat_is_several_conversations(tmp_path: Path) -> None:
    """Silence parts them; what a person joined or parted stays so when the transcript has grown."""
    here = desk(tmp_path)
    first = line(13, "10:00", "Jo", "where is it?") + line(13, "11:00", "Anna", "on its way")
    second = line(15, "09:00", "Jo", "it is here") + line(15, "23:00", "Jo", "thanks")
    path = written(tmp_path / "chat.txt", first + second)
    assert comes(here, path) == [Taken(added=4)]
    assert [texts(here, number) for number in (1, 2)] == [
        ["where is it?", "on its way"],
        ["it is here", "thanks"],
    ]
    here.did("ann", "merge", into=1, conversation=2)
    written(path, first + second + line(16, "22:00", "Jo", "one more") + line(20, "10:00", "Jo", "and again"))
    assert comes(here, path) == [Taken(added=2, known=4)]
    assert texts(here, 1)[-1] == "one more"
    assert texts(here, 3) == ["and again"]
    here.verified()


def test_exports_that_overlap(tmp_path: Path) -> None:
    """The end of a chat first, then all of it, then another part: every line once, equal lines in one minute too."""
    here = desk(tmp_path)
    rows = [line(13 + number // 10, f"10:{number % 10:02}", "Jo", f"line {number}") for number in range(30)]
    rows[5:5] = [line(13, "10:04", "Jo", "ok")] * 3
    for part in (rows[20:], rows[:25], rows, rows[3:9]):
        comes(here, written(tmp_path / "WhatsApp Chat with Jo.txt", "".join(part)))
    found = [text for number in (1, 2, 3, 4) if here.store.rows([number]) for text in texts(here, number)]
    assert len(found) == 33
    assert sorted(set(found)) == sorted({"ok", *(f"line {number}" for number in range(30))})
    assert len(here.store.read("SELECT * FROM chats")) == 1
    here.verified()


def test_two_chats_in_which_we_said_the_same(tmp_path: Path) -> None:
    """What we wrote to two people in one minute does not make them one."""
    here = desk(tmp_path)
    for name in ("Jo", "Kim"):
        text = line(13, "10:00", "Anna", "We are closed on Friday.") + line(13, "10:01", name, "ok")
        comes(here, written(tmp_path / f"WhatsApp Chat with {name}.txt", text))
    assert [row.customer_name for row in here.store.rows([1, 2])] == ["Jo", "Kim"]
    assert len(here.store.read("SELECT * FROM chats")) == 2


def test_topics_are_conversations(tmp_path: Path) -> None:
    """Where the format knows which lines belong together, they are one, whoever spoke between."""
    here = desk(tmp_path)
    rows = [
        (0, "a", "first"),
        (60, "b", "second"),
        (120, "a", "of the first"),
        (180, "b", "of the second"),
        (3 * DAY, "a", "long after"),
    ]
    messages = [
        {
            "creator": {"name": "Jo", "email": "jo@x.example"},
            "created_date": f"2024-01-0{1 + at // DAY}T10:{at % DAY // 60:02}:00Z",
            "text": text,
            "topic_id": topic,
            "message_id": f"d/{topic}/{number}",
        }
        for number, (at, topic, text) in enumerate(rows)
    ]
    comes(here, written(tmp_path / "messages.json", {"messages": messages}))
    assert texts(here, 1) == ["first", "of the first", "long after"]
    assert texts(here, 2) == ["second", "of the second"]


def test_a_topic_that_begins_late(tmp_path: Path) -> None:
    """Hundreds of lines without any stand before two of them: each is a conversation of its own all the same."""
    here = desk(tmp_path)
    topics = [None] * ASKED_AT_ONCE + ["a", "b", "a", "b"]
    messages = [
        {
            "creator": {"name": "Jo", "email": "jo@x.example"},
            "created_date": f"2024-01-01T{number // 60:02}:{number % 60:02}:00Z",
            "text": f"line {number}",
            "topic_id": topic,
            "message_id": f"d/{number}",
        }
        for number, topic in enumerate(topics)
    ]
    comes(here, written(tmp_path / "messages.json", {"messages": messages}))
    assert len(texts(here, 1)) == ASKED_AT_ONCE
    assert texts(here, 2) == ["line 500", "line 502"]
    assert texts(here, 3) == ["line 501", "line 503"]


def test_one_customer_by_mail_and_chat(tmp_path: Path) -> None:
    """An address tells that they are the same; a name alone does not."""
    here = desk(tmp_path)
    here.gets(letter("Jo Park <jo@x.example>", at=MONDAY))
    name, value = SAMPLES["tawk"]
    comes(here, written(tmp_path / name, value))
    name, value = SAMPLES["whatsapp"]
    comes(here, written(tmp_path / name, value))
    mail, tawk, whatsapp = (row.conversation.customer for row in here.store.rows([1, 2, 3]))
    assert mail == tawk
    assert whatsapp not in (None, mail)


def test_visitors_without_a_name_of_their_own(tmp_path: Path) -> None:
    """Two people whom a web site calls "Visitor" are two."""
    here = desk(tmp_path)
    for number in (1, 2):
        event = json.loads(json.dumps(SAMPLES["tawk"][1]))
        event["chat"] |= {"id": f"c{number}", "visitor": {"name": "Visitor"}}
        comes(here, written(tmp_path / "tawk.json", event))
    first, second = (row.conversation.customer for row in here.store.rows([1, 2]))
    assert first != second


def test_nobody_has_said_who_is_us(tmp_path: Path) -> None:
    """Then nothing is taken in, and the names are said; the title of a chat of two is the other one's name."""
    here = desk(tmp_path)
    rows = line(13, "10:00", "Jo", "a") + line(13, "10:01", "Anna", "b")
    with pytest.raises(WhoIsUs) as found:
        comes(here, written(tmp_path / "chat.txt", rows), asked(zone="UTC"))
    assert found.value.names == ("Jo", "Anna")
    assert not here.store.rows([1])
    assert comes(here, written(tmp_path / "WhatsApp Chat with Jo.txt", rows), asked(zone="UTC")) == [
        Taken(added=2)
    ]
    assert here.store.rows([1])[0].customer_name == "Jo"
    said = Terms(said={"anna": Side.AGENT, "jo": Side.CUSTOMER})
    assert comes(here, written(tmp_path / "chat.txt", rows), asked(zone="UTC"), said) == [Taken(known=2)]


def test_what_is_unanswered_and_young_stands_open(tmp_path: Path) -> None:
    """As with mail: old history is closed by the import, the rest waits, and nothing is late by being imported."""
    here = desk(tmp_path)
    now = ASKED + 20 * DAY
    text = line(1, "10:00", "Jo", "old") + line(18, "10:00", "Jo", "young")
    comes(here, written(tmp_path / "chat.txt", text), now=now)
    assert [row.conversation.status for row in here.store.rows([1, 2])] == [Status.CLOSED, Status.OPEN]


def test_pictures_come_with_their_lines(tmp_path: Path) -> None:
    """A file that lies in the export is an attachment; one that does not is named."""
    here = desk(tmp_path)
    path = zipped(
        tmp_path / "chat.zip",
        {
            "_chat.txt": line(13, "10:00", "Jo", "IMG-20240113-WA0001.jpg (file attached)")
            + line(13, "10:01", "Jo", "IMG-20240113-WA0002.jpg (file attached)"),
            "IMG-20240113-WA0001.jpg": b"\xff\xd8 a picture",
        },
    )
    comes(here, path)
    first, second = here.store.items(1)
    assert content(here.store.raw(first.id) or b"", first.attachments, 0) == b"\xff\xd8 a picture"
    assert second.oddities == ("the file IMG-20240113-WA0002.jpg is missing",)
    here.verified()


def test_notes_of_agents_stay_ours(tmp_path: Path) -> None:
    """What only agents saw in a chat program is a note here, and no message of anybody's."""
    here = desk(tmp_path)
    chat = json.loads(json.dumps(SAMPLES["livechat"][1]))
    chat["thread"]["events"][1]["recipients"] = "agents"
    comes(here, written(tmp_path / "livechat.json", chat))
    assert [each.direction for each in here.store.items(1)] == ["in", "note"]
    assert here.store.rows([1])[0].conversation.messages == 1


def test_an_export_of_ours_brings_chats_back(tmp_path: Path) -> None:
    """Everything as plain files and back: the same state, and the transcript again adds nothing."""
    here = desk(tmp_path)
    name, value = SAMPLES["telegram"]
    path = written(tmp_path / name, value)
    comes(here, path)
    here.store.export(tmp_path / "out")
    other = Desk(open_store(tmp_path / "other"), here.now)
    other.store.take_in_export(tmp_path / "out", here.now)
    assert other.store.rows([1])[0].conversation.channel == "telegram"
    assert comes(other, path) == [Taken(known=2)]
    other.verified()


def test_a_colleague_works_meanwhile(tmp_path: Path) -> None:
    """What people did to a conversation stays when the chat goes on in it: live, it opens again for whoever has it."""
    here = desk(tmp_path)
    first = line(13, "10:00", "Jo", "where is it?")
    path = written(tmp_path / "chat.txt", first)
    now = ASKED + 12 * DAY + 3_600
    comes(here, path, terms=Terms(live_since=0), now=now)
    here.now = now
    here.did("ann", "assign", conversation=1, to="ann")
    here.did("ann", "close", conversation=1, why="resolved")
    written(path, first + line(13, "12:00", "Jo", "still not here"))
    comes(here, path, terms=Terms(live_since=0), now=now + 7_200)
    found = here.state(1)
    assert (found.status, found.assignee, found.unread) == (Status.OPEN, "ann", True)
    here.verified()


def test_who_only_thanks_in_a_chat_waits_for_nothing(tmp_path: Path) -> None:
    """In one line or in several; what else somebody says waits from when it was said, live and as history."""
    for live in (False, True):
        here = desk(tmp_path / str(live))
        terms = replace(HISTORY, live_since=0 if live else None)
        now = MONDAY
        chat = line(13, "10:00", "Jo", "Is it there yet?") + line(13, "10:20", "Anna", "It leaves today.")
        thanked = line(13, "10:21", "Jo", "Super") + line(13, "10:21", "Jo", "vielen Dank, Anna 🙏")
        path = written(tmp_path / str(live) / "chat.txt", chat + thanked)
        comes(here, path, terms=terms, now=now)
        (row,) = here.store.rows([1])
        assert row.conversation.waiting_since is None
        assert row.conversation.status is (Status.WAITING if live else Status.CLOSED)
        asked_at = line(13, "11:00", "Jo", "Thanks again. Which carrier?")
        written(path, chat + thanked + asked_at)
        comes(here, path, terms=terms, now=now)
        (row,) = here.store.rows([1])
        assert row.conversation.waiting_since is not None and row.conversation.messages == 5
        here.verified()


def test_thanks_before_any_answer_of_ours_wait_as_anything_else(tmp_path: Path) -> None:
    here = desk(tmp_path)
    comes(
        here,
        written(tmp_path / "chat.txt", line(13, "10:00", "Jo", "thanks") + line(14, "9:00", "Anna", "?")),
    )
    assert here.store.rows([1])[0].conversation.answered
    other = desk(tmp_path / "other")
    text = line(13, "10:00", "Jo", "thank you!") + line(13, "10:01", "Jo", "So where is it?")
    said = Terms(said={"jo": Side.CUSTOMER}, live_since=0)
    comes(other, written(tmp_path / "other" / "WhatsApp Chat with Jo.txt", text), terms=said)
    assert other.store.rows([1])[0].conversation.waiting_since is not None


def test_who_is_upset_in_a_chat_is_told(tmp_path: Path) -> None:
    """By the words of a line; three lines in a row are how people chat, and no sign of anything."""
    here = desk(tmp_path)
    terms = Terms(live_since=0, watched=Watched())
    rows = (
        line(13, "10:00", "Jo", "hi")
        + line(13, "10:00", "Jo", "my parcel")
        + line(13, "10:01", "Jo", "is late")
    )
    rows += line(13, "10:02", "Anna", "I am looking.")
    path = written(tmp_path / "chat.txt", rows)
    comes(here, path, terms=terms)
    assert not here.store.rows([1])[0].conversation.upset
    angry = line(13, "10:30", "Jo", "This is unacceptable, I want my money back or my lawyer writes to you.")
    written(path, rows + angry)
    comes(here, path, terms=terms)
    assert here.store.rows([1])[0].conversation.upset
    here.verified()
