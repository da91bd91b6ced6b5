"""Mails that tell of a chat: taken in as that chat where nobody can doubt it, else suggested; none is lost."""

from __future__ import annotations

import calendar
import mailbox as mailboxes
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inbox import importing, mime
from inbox.actions import receive
from inbox.channels.chat.reading import chats
from inbox.channels.chat.sources import opened
from inbox.chat.intake import take_in, terms_of
from inbox.chat.mailed import (
    AHEAD,
    BROKEN,
    ENDLESS,
    FAILED,
    MOST_LINES,
    NOBODY,
    SILENT,
    STRANGER,
    MailedChats,
)
from inbox.chat.shape import Chat
from inbox.model import EventType, Instant, Role, Status, Who
from inbox.ports import Outcome, Row
from inbox.settings import Settings, Teammate, TranscriptForm
from storage.workspace import open_store
from tests.chats import asked, written
from tests.chats.test_mail_transcripts import (
    CRISP,
    GERMAN,
    LIVECHAT,
    OLARK,
    PROVIDE_SUPPORT,
    TAWK,
    ZENDESK,
    mail,
)
from tests.post_office import PostOffice
from tests.restricted_office import box
from tests.screenplay import playing
from tests.shop import NOW as SHOP_NOW
from tests.shop import shop
from tests.stores import DAY, US, Desk, desk, letter

NOON: Instant = calendar.timegm((2024, 1, 1, 12, 0, 0))
"""An hour after the chats of the samples."""
SERVER = "mx.shop.example"
CONFIRMED = f"{SERVER}; dmarc=pass header.from={{}}"
FORGED = f"{SERVER}; dmarc=fail header.from={{}}"


class Room:
    """A desk that mail comes to as the worker brings it."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.settings = replace(Settings(host_zone="UTC"), **settings)
        self.desk: Desk = desk(folder, self.settings)
        self.desk.now = NOON
        self.store = self.desk.store

    @property
    def chats(self) -> MailedChats:
        """What takes chats in, as of now."""
        return MailedChats(self.store, self.settings, US, self.desk.now)

    def gets(self, raw: bytes, **how: Any) -> Outcome:
        """A mail comes in."""
        self.desk.tick()
        arrival = receive.Arrival(
            mime.parse(raw),
            raw,
            how.pop("at", self.desk.now),
            us=US,
            mailbox="support",
            authserv_id=self.settings.authserv_id,
            **how,
        )
        arrival = self.chats.told(arrival, Who("sync"))
        return self.store.change(
            receive.scope(arrival), receive.deciding(arrival), Who("sync"), self.desk.now
        )

    def row(self, conversation: int) -> Row:
        """What the list says of a conversation."""
        return self.store.rows([conversation])[0]

    def said(self, conversation: int) -> list[tuple[str, str]]:
        """What people have said there."""
        return [(each.direction, each.text) for each in self.store.items(conversation) if not each.automatic]

    @property
    def conversations(self) -> list[int]:
        """All there are."""
        return [row[0] for row in self.store.read("SELECT id FROM conversations ORDER BY id")]

    def why(self, conversation: int) -> str:
        """Why a mail here is only suggested as a chat."""
        said = [e for e in self.store.events(conversation) if e.type is EventType.SUGGESTED]
        return said[-1].why if said else ""


TALK = [("in", "Hello, where is order 4711?"), ("out", "It left today."), ("in", "Great: thanks!")]


def another(raw: bytes, number: int, **headers: str) -> bytes:
    """The same mail, sent once more by its program, with these headers on top."""
    top = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items()).encode()
    return top + raw.replace(b"<1@provider", f"<{number}@provider".encode())


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        (TAWK, "noreply@tawk.to"),
        (ZENDESK, "noreply@zopim.com"),
        pytest.param(OLARK, "transcripts@olark.com", marks=pytest.mark.long),
        pytest.param(
            LIVECHAT.replace("01/31", "01/01"), "LiveChat <noreply@livechat.com>", marks=pytest.mark.long
        ),
        (CRISP, "notify@crisp.chat"),
        pytest.param(PROVIDE_SUPPORT, "transcripts@providesupport.com", marks=pytest.mark.long),
        pytest.param(TAWK, "Tidio <chat@tidio.net>", marks=pytest.mark.long),
        pytest.param(TAWK, "Shop <notifications@intercom.io>", marks=pytest.mark.long),
    ],
)
def test_a_transcript_becomes_a_chat_of_the_visitor(tmp_path: Path, text: str, sender: str) -> None:
    """Line by line, of a customer with their address; the mail lies with it, as it came, and no list shows its program."""
    room = Room(tmp_path)
    raw = mail(text, sender)
    room.gets(raw)
    row = room.row(1)
    assert room.conversations == [1]
    assert room.said(1) == TALK
    assert (row.conversation.channel, row.conversation.messages, row.subject) == (
        "mail-transcript",
        3,
        TALK[0][1],
    )
    assert row.customer_name in ("Jo Park", "Visitor 76543210")
    assert row.customer_addresses == (("jo@x.example",) if "jo@x.example" in text else ())
    (kept,) = (each for each in room.store.items(1) if each.automatic)
    assert room.store.raw(kept.id) == raw
    assert room.store.read("SELECT count(*) FROM customers") == [(1,)]
    room.desk.verified()


def test_the_same_chat_again_adds_nothing(tmp_path: Path) -> None:
    """In a second mailbox, mailed once more, grown, and as a file: every line is there once, every mail is kept."""
    room = Room(tmp_path)
    raw = mail(TAWK, "noreply@tawk.to")
    room.gets(raw)
    assert room.gets(raw).refusal is not None
    assert len(room.store.items(1)) == 4
    room.gets(another(raw, 2))
    grown = TAWK + "(11:04:00) Jo Park: One more thing\n"
    room.gets(another(mail(grown, "noreply@tawk.to"), 3))
    with opened(written(tmp_path / "a.eml", mail(grown, "noreply@tawk.to"))) as source:
        (chat,) = chats(source, asked(zone="UTC"))
        assert isinstance(chat, Chat)
        taken = take_in(room.store, chat, terms_of(room.store, room.settings), Who("import"), room.desk.now)
    assert (taken.added, taken.known) == (0, 4)
    assert room.conversations == [1]
    assert room.said(1) == [*TALK, ("in", "One more thing")]
    assert sum(each.automatic for each in room.store.items(1)) == 3
    room.desk.verified()


def test_ids_that_others_give_away_too(tmp_path: Path) -> None:
    """Two programs number their chats alike: nobody's lines go into the chat of somebody else."""
    room = Room(tmp_path)
    for number, name in enumerate(("Jo", "Kim")):
        text = f"Visitor: {name}\nEmail: {name}@x.example\nChat ID: 123456\n\n[11:02] {name}: Hello\n"
        room.gets(another(mail(text, "noreply@tawk.to"), number))
    assert [room.row(number).customer_name for number in (1, 2)] == ["Jo", "Kim"]


@pytest.mark.parametrize("address", ["support@shop.example", "noreply@tawk.to"])
def test_an_address_of_ours_or_of_the_program_is_no_visitors(tmp_path: Path, address: str) -> None:
    """Whoever gives it away as their own is known by name."""
    room = Room(tmp_path)
    room.gets(mail(TAWK.replace("jo@x.example", address), "noreply@tawk.to"))
    assert (room.row(1).customer_name, room.row(1).customer_addresses) == ("Jo Park", ())
    assert room.said(1) == TALK


def test_only_we_have_spoken(tmp_path: Path) -> None:
    """It is of the visitor all the same; where nobody is named, it stays a mail."""
    room = Room(tmp_path)
    text = "Visitor: Jo\nEmail: jo@x.example\nAgent: Anna\n\n[11:02] Anna: Hello?\n"
    room.gets(mail(text, "noreply@tawk.to"))
    room.gets(another(mail("Agent: Anna\n\n[11:02] Anna: Hello?\n", "noreply@tawk.to"), 2))
    assert (room.row(1).customer_name, room.said(1)) == ("Jo", [("out", "Hello?")])
    assert room.row(2).conversation.channel == "mail"
    room.desk.verified()


def test_two_visitors_without_a_name_are_two(tmp_path: Path) -> None:
    """Everybody is "Visitor" and begins with the same word in the same minute: nobody's line is lost for the other's."""
    room = Room(tmp_path)
    for number, more in enumerate(("about order 1", "about order 2")):
        text = f"Chat started: 2024-01-01 11:02\n\n[11:02] Visitor: Hello\n[11:02] Visitor: {more}\n[11:03] Anna: Hi\n"
        room.gets(another(mail(text, "noreply@tawk.to"), number))
    first, second = (room.row(number).conversation.customer for number in (1, 2))
    assert first != second
    assert [len(room.said(number)) for number in (1, 2)] == [3, 3]


def test_other_mail_of_a_chat_program(tmp_path: Path) -> None:
    """What it sends besides, lines with colons and all, is mail like any other."""
    room = Room(tmp_path)
    invoice = "Customer: Shop Ltd\nPlan: Pro\nVAT: 2 EUR\nTotal: 12 EUR\nCustomer: Shop Ltd\n"
    room.gets(mail(invoice, "billing@tawk.to", "Your receipt"))
    room.gets(another(mail("New in March:\n10:00 to 11:00: more figures\n", "news@tawk.to", "Hello!"), 2))
    assert [room.row(number).conversation.channel for number in (1, 2)] == ["mail", "mail"]
    assert [room.row(number).conversation.suggested for number in (1, 2)] == [None, None]


def test_what_nobody_has_answered_starts_a_clock(tmp_path: Path) -> None:
    """A chat of today waits like any mail since its line; of the first look at a mailbox it is history."""
    room = Room(tmp_path)
    unanswered = TAWK.replace("(11:03:00) Anna: It left today.\n", "")
    room.gets(mail(unanswered, "noreply@tawk.to"))
    row = room.row(1)
    assert (row.conversation.status, row.conversation.unread) == (Status.OPEN, True)
    assert row.conversation.waiting_since == NOON - 3600 + 132
    assert row.due_at is not None
    old = Room(tmp_path / "old")
    old.desk.now = NOON + 60 * DAY
    old.gets(mail(TAWK, "noreply@tawk.to"), at=NOON, history=True)
    assert old.row(1).conversation.status is Status.CLOSED
    for each in (room, old):
        each.desk.verified()


LEFT = {
    "behind a word for it": (
        "Offline Message sent by Jo Park",
        "Name: Jo Park\nEmail: jo@x.example\nMessage: Where is it?\n\nI wait.\n\nIP: 192.0.2.1\nPage: https://shop.example/\n",
    ),
    "behind a line that says so": (
        "New offline message",
        "Jo Park (jo@x.example) left you a message:\n\nWhere is it?\n\nI wait.\n\n--\nPowered by Chat\n",
    ),
    "below the facts": (
        "Offline message from Jo Park",
        "Jo Park has sent you an offline message.\n\nName: Jo Park\nEmail: jo@x.example\n\nWhere is it?\n\nI wait.\n",
    ),
    "alone, and the subject names them": (
        "Offline message from Jo Park <jo@x.example>",
        "Where is it?\n\nI wait.\n\nView details at https://chat.example/x\n",
    ),
    "words on lines of their own": (
        "New offline message",
        "You have a new offline message\nName\nJo Park\nEmail\njo@x.example\nMessage\nWhere is it?\n\nI wait.\n",
    ),
}


@pytest.mark.parametrize("how", LEFT)
def test_left_while_nobody_was_there(tmp_path: Path, how: str) -> None:
    """What a chat program says of a visitor who found nobody is the visitor's message."""
    room = Room(tmp_path)
    subject, text = LEFT[how]
    room.gets(mail(text, "noreply@tawk.to", subject))
    assert room.said(1) == [("in", "Where is it?\n\nI wait.")]
    assert (room.row(1).customer_name, room.row(1).customer_addresses) == ("Jo Park", ("jo@x.example",))
    assert room.row(1).conversation.waiting_since is not None


def test_a_customer_known_by_mail(tmp_path: Path) -> None:
    """Where our server confirms its sender, a transcript is of the customer whom it names, whoever that is."""
    room = Room(tmp_path, authserv_id=SERVER)
    room.gets(letter("Jo Park <jo@x.example>"))
    raw = another(mail(TAWK, "noreply@tawk.to"), 2, Authentication_Results=CONFIRMED.format("tawk.to"))
    room.gets(raw)
    assert room.row(2).conversation.customer == room.row(1).conversation.customer
    assert room.said(2) == TALK


@pytest.mark.parametrize(
    ("sender", "headers", "authserv_id", "why"),
    [
        ("noreply@tawk.to", {}, None, SILENT),
        ("noreply@tawk.to", {"Authentication_Results": CONFIRMED.format("tawk.to")}, None, SILENT),
        ("noreply@tawk.to", {"Authentication_Results": FORGED.format("tawk.to")}, SERVER, FAILED),
        (
            "noreply@tawk.to",
            {"Authentication_Results": f"{SERVER}; dkim=pass header.d=evil.example"},
            SERVER,
            FAILED,
        ),
        (
            "chat@evil.zendesk.com",
            {"Authentication_Results": CONFIRMED.format("evil.zendesk.com")},
            SERVER,
            STRANGER,
        ),
        ("chat@evil.example", {"Authentication_Results": CONFIRMED.format("evil.example")}, SERVER, STRANGER),
        ("noreply@tawk.to.evil.example", {}, None, STRANGER),
    ],
)
def test_a_stranger_puts_no_words_into_a_customers_mouth(
    tmp_path: Path, sender: str, headers: dict[str, str], authserv_id: str | None, why: str
) -> None:
    """A forged transcript that names a customer of ours stays a mail of its sender, and says why it is doubted."""
    room = Room(tmp_path, authserv_id=authserv_id)
    room.gets(letter("Jo Park <jo@x.example>"))
    room.gets(another(mail(TAWK, sender), 2, **headers))
    assert room.said(1) == [("in", "It should have come on Friday.")]
    row = room.row(2)
    assert row.conversation.customer != room.row(1).conversation.customer
    assert (row.conversation.suggested, row.conversation.status, room.why(2)) == (2, Status.OPEN, why)
    assert room.store.read("SELECT count(*) FROM chat_lines") == [(0,)]
    room.desk.verified()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (TAWK.replace("2024-01-01", "2031-01-01"), AHEAD),
        ("Visitor: Jo\nStarted: 2024-01-01\n\n" + "[11:02] Jo: again\n" * (MOST_LINES + 1), ENDLESS),
    ],
)
def test_what_cannot_be_so_is_doubted(tmp_path: Path, text: str, why: str) -> None:
    """A chat of tomorrow, and one without end from who knows whom."""
    room = Room(tmp_path)
    room.gets(mail(text, "noreply@tawk.to"))
    assert (room.row(1).conversation.suggested, room.why(1)) == (1, why)


def test_a_name_without_end_holds_nobody_up(tmp_path: Path) -> None:
    """However long the line is that names the visitor, what looks for an address in it ends at once."""
    room = Room(tmp_path)
    room.gets(mail(f"Visitor: @ {'a' * 250_000}\n\n[11:02] Jo: Hello?\n", "noreply@tawk.to"))
    assert room.said(1) == [("in", "Hello?")]


def test_a_visitor_cannot_write_facts(tmp_path: Path) -> None:
    """ "Email:" within what is said names nobody."""
    room = Room(tmp_path)
    text = "Visitor: Eve\nStarted: 2024-01-01 11:00\n\n[11:02] Eve: Hello\nEmail: jo@x.example\n[11:03] Anna: Hi\n"
    room.gets(mail(text, "noreply@tawk.to"))
    assert room.row(1).customer_addresses == ()
    assert room.said(1)[0] == ("in", "Hello\nEmail: jo@x.example")


@pytest.mark.parametrize(
    ("sender", "subject", "headers"),
    [
        ("jo@x.example", "Fwd: Chat transcript", {}),
        ("jo@x.example", "Re: Chat transcript", {"In_Reply_To": "<1@shop.example>"}),
        ("jo@x.example", "AW: Chatverlauf", {}),
        ("support@shop.example", "Chat transcript", {}),
    ],
)
def test_passed_on_by_a_customer_it_stays_a_mail(
    tmp_path: Path, sender: str, subject: str, headers: dict[str, str]
) -> None:
    """Who answers a transcript or passes one on has written a mail; so has who writes in our name."""
    room = Room(tmp_path)
    room.gets(another(mail(GERMAN, sender, subject), 2, **headers))
    assert room.row(1).conversation.suggested is None
    assert room.row(1).conversation.channel == "mail"


def test_taken_by_a_person(tmp_path: Path) -> None:
    """Its lines are the visitor's and ours, the mail goes with them; what was noted there stays; it is done once."""
    room = Room(tmp_path)
    room.gets(mail(GERMAN, "chat@unbekannt.example"))
    assert room.why(1) == STRANGER
    room.desk.did("bo", "note", conversation=1, text="Who is that?", team=())
    room.desk.did("bo", "assign", conversation=1, to="bo")
    assert room.chats.take(1, Who("rea", Role.READER)).refusal is not None
    outcome = room.chats.take(1, Who("bo"))
    assert outcome.refusal is None
    (here,) = room.conversations
    assert (room.store.resolve(1), room.row(here).conversation.assignee) == (here, "bo")
    assert [each for each in room.said(here) if each[0] != "note"] == TALK
    state = room.row(here).conversation
    assert (state.channel, state.messages, state.suggested, state.last_from) == (
        "mail-transcript",
        3,
        None,
        "customer",
    )
    assert room.row(here).customer_addresses == ("jo@x.example",)
    assert (again := room.chats.take(here, Who("bo")).refusal)
    assert again.reason == "Nothing here looks like a chat."
    undone = room.desk.do("bo", "undo", by="bo").refusal
    assert undone is not None
    assert undone.reason.startswith("It was taken as a chat: its lines stay.")
    room.desk.verified()


def test_taken_out_of_a_conversation_of_several(tmp_path: Path) -> None:
    """Only the mail goes to the chat; what else was written stays where it is."""
    room = Room(tmp_path)
    room.gets(letter("Chat <chat@unbekannt.example>", id_="<a@x.example>", subject="Chat transcript"))
    room.gets(another(mail(GERMAN, "Chat <chat@unbekannt.example>"), 2))
    room.desk.did("bo", "merge", into=1, conversation=2)
    assert room.row(1).conversation.suggested == 1
    assert room.chats.take(1, Who("bo")).refusal is None
    assert room.said(1) == [("in", "It should have come on Friday.")]
    assert room.said(room.conversations[-1]) == TALK
    assert room.row(1).conversation.suggested is None
    room.desk.verified()


def test_declined_for_good(tmp_path: Path) -> None:
    """It is a mail like any other then, and can be taken back."""
    room = Room(tmp_path)
    room.gets(mail(GERMAN, "chat@unbekannt.example"))
    room.desk.did("bo", "decline-suggestion", conversation=1)
    assert room.row(1).conversation.suggested is None
    assert room.chats.take(1, Who("bo")).refusal is not None
    room.desk.did("bo", "undo", by="bo")
    assert room.row(1).conversation.suggested == 1
    room.desk.verified()


def test_nobody_knows_who_is_us(tmp_path: Path) -> None:
    """Then it waits as a mail, and the names are asked for; once they are told, it can be taken."""
    room = Room(tmp_path)
    text = "Chat with a visitor\n\n[11:02] Jo: Hello\n[11:03] Kim: Hi\n"
    room.gets(mail(text, "noreply@tawk.to"))
    assert (room.row(1).conversation.suggested, room.why(1)) == (1, NOBODY)
    assert sorted(room.store.names.all().names) == ["jo", "kim"]
    refusal = room.chats.take(1, Who("bo")).refusal
    assert refusal is not None
    assert "Nobody has said who of these is us" in refusal.reason
    room.store.names.say("Kim", "agent", Who("bo"), room.desk.now)
    assert room.chats.take(1, Who("bo")).refusal is None
    assert room.said(room.conversations[-1]) == [("in", "Hello"), ("out", "Hi")]
    room.desk.verified()


def test_a_program_of_ones_own(tmp_path: Path) -> None:
    """The settings say who sends, how lines look, and who is us: that is believed like a known program."""
    form = TranscriptForm("@own.example", "Gast", "Mailadresse", "TIME | NAME | TEXT", ("Anna",))
    room = Room(tmp_path, transcripts=(form,))
    text = "Gast: Jo Park\nMailadresse: jo@x.example\n\n11:02 | Jo Park | Hello\nand more\n11:03 | Anna | Hi | there\n"
    room.gets(letter("Jo Park <jo@x.example>"))
    room.gets(another(mail(text, "chat@own.example", "Gespräch"), 2))
    assert room.said(2) == [("in", "Hello\nand more"), ("out", "Hi | there")]
    assert room.row(2).conversation.customer == room.row(1).conversation.customer


def test_out_of_a_mailbox_that_is_imported(tmp_path: Path) -> None:
    """Transcripts among the mail of an mbox are chats, and again they are nothing new; they make nothing late."""
    room = Room(tmp_path)
    box = mailboxes.mbox(tmp_path / "all.mbox")
    for raw in (letter(), mail(TAWK, "noreply@tawk.to"), another(mail(GERMAN, "x@y.example"), 2)):
        box.add(raw)
    box.flush()
    for expected in ((3, 0), (0, 3)):
        found = importing.read([tmp_path / "all.mbox"], None)
        done = importing.take_in(room.store, found, US, room.desk.now, 14 * DAY, chats=room.chats)
        assert (done.added, done.known) == expected
    channels = [room.row(number).conversation.channel for number in room.conversations]
    assert sorted(channels) == ["mail", "mail", "mail-transcript"]
    room.desk.verified()


def test_an_export_brings_it_back(tmp_path: Path) -> None:
    """With its mail; received once more it adds nothing."""
    room = Room(tmp_path)
    raw = mail(TAWK, "noreply@tawk.to")
    room.gets(raw)
    room.store.export(tmp_path / "out")
    other = Room(tmp_path / "other")
    other.store.take_in_export(tmp_path / "out", room.desk.now)
    assert other.gets(raw).refusal is not None
    assert other.said(1) == TALK
    assert other.row(1) == room.row(1)
    other.desk.verified()


def test_a_death_between_the_lines_and_the_mail(tmp_path: Path) -> None:
    """The next try finds the lines known, and puts the mail to them."""
    room = Room(tmp_path)
    raw = mail(TAWK, "noreply@tawk.to")
    arrival = receive.Arrival(mime.parse(raw), raw, room.desk.now, us=US, mailbox="support")
    room.chats.told(arrival, Who("sync"))
    again = open_store(room.store.workspace)
    assert [len(list(again.items(1))), len(again.read("SELECT 1 FROM chat_lines"))] == [3, 3]
    room.gets(raw)
    assert len(room.store.items(1)) == 4
    room.desk.verified()


def test_a_mistake_of_ours_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What breaks while a chat is read leaves the mail that it is, and says so."""
    room = Room(tmp_path)

    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("inbox.chat.mailed.chat_in", broken)
    room.gets(mail(TAWK, "noreply@tawk.to"))
    assert (room.row(1).conversation.channel, room.why(1)) == ("mail", BROKEN)


def test_received_from_a_server(office: PostOffice) -> None:
    """The worker fetches a transcript beside other mail: the chat is there, and each mail of the server has its message."""
    office.arrives(mail(TAWK, "noreply@tawk.to").replace(b"\n", b"\r\n"))
    office.arrives(letter())
    done = office.sync()
    assert (done.fetched, done.placed) == (2, 2)
    assert {each.channel for each in office.conversations()} == {"mail", "mail-transcript"}
    assert office.store.read("SELECT count(*) FROM places WHERE message IS NULL") == [(0,)]
    assert not office.store.verify(office.clock())


async def test_on_the_screen(tmp_path: Path) -> None:
    """The line above says with whom and why it is doubted; one key makes it a chat, which is open then."""
    store = shop(tmp_path)
    settings = Settings(host_zone="UTC")
    hostile = "Jo\u202e \x1bPark"  # turns what follows round, and begins an order to the terminal
    raw = mail(GERMAN.replace("Jo Park", hostile), "chat@unbekannt.example")
    arrival = receive.Arrival(mime.parse(raw), raw, SHOP_NOW, us=US, mailbox="support")
    arrival = MailedChats(store, settings, US, SHOP_NOW).told(arrival, Who("sync"))
    store.change(receive.scope(arrival), receive.deciding(arrival), Who("sync"), SHOP_NOW)
    async with playing(store, size=(80, 24), settings=settings) as stage:
        await stage.press("enter")
        (line,) = (line for line in stage.lines if "looks like a chat" in line)
        assert "looks like a chat with Jo Park" in line
        assert "g j makes it one, X no" in line
        await stage.press("X")
        assert "It is no chat. u takes it back." in stage.said
        assert "looks like a chat" not in stage.text
        await stage.press("u")
        await stage.until(lambda: "looks like a chat" in stage.text)
        await stage.press("g j")
        await stage.until(lambda: "It left today." in stage.text)
        assert "looks like a chat" not in stage.text
        assert "It is a chat now" in stage.said
        assert "anna took a mail as this chat" in stage.text
    store.close()


def test_a_chat_told_of_to_a_restricted_mailbox_is_restricted_and_names_in_it_are_asked_of_nobody(
    tmp_path: Path,
) -> None:
    room = Room(tmp_path, mailboxes=(box("support", ("ann",)),), team=(Teammate("ann"),))
    room.store.apply(room.settings, room.desk.now)
    room.gets(mail(TAWK, "noreply@tawk.to"))
    assert room.said(1) == TALK
    room.gets(another(mail("Chat\n\n[11:02] Jo: Hello\n[11:03] Kim: Hi\n", "noreply@tawk.to"), 2))
    assert room.why(2) == NOBODY
    assert room.chats.take(2, Who("ann")).refusal is not None
    assert not room.store.names.all().names
    kept = room.store.read("SELECT DISTINCT conversation FROM restricted ORDER BY 1")
    assert [row[0] for row in kept] == room.conversations
    room.desk.verified()
