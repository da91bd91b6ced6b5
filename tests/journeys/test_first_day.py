"""The whole story: a mail comes, is answered with a few keys, leaves, and its answer comes back to the same person."""

from __future__ import annotations

import asyncio
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from inbox.model import ClockKind, ClockState, Status
from storage.workspace import open_store
from tests.faults.clock import PinnedClock
from tests.post_office import ANNA, SUPPORT, PostOffice, caught_up, letter, on_both
from tests.screenplay import AT_ONCE, Heard, Stage
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.shop import seat

QUESTION = letter(
    'Jo "Speedy" Park <jo@park.example>',
    "Where is my parcel, please?",
    "Hello,\n\nit should have come on Friday.\n\nJo\n",
    message_id="<second@park.example>",
    references="<first@park.example>",
    cc="Lea <lea@krol.example>",
)
EXACTLY = {
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
    "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
}  # fmt: skip


async def test_from_the_customers_mail_to_her_answer(
    tmp_path: Path, dovecot: Dovecot, imap_user: str, smtp_server: SmtpServer, clock: PinnedClock
) -> None:
    office = PostOffice(tmp_path / "shop", dovecot, clock, (on_both(dovecot, imap_user, smtp_server),))
    await asyncio.to_thread(caught_up, office)
    desk = open_store(office.folder)  # the screen is a process of its own; here it has at least its own store
    app = Heard(seat(desk, clock, ANNA, pace=AT_ONCE, zone=ZoneInfo("UTC"), senders=(SUPPORT,)))  # type: ignore[arg-type]  # it is called for the instant, nothing more
    async with app.run_test(size=(120, 36)) as pilot:
        stage = Stage(app, pilot, clock)  # type: ignore[arg-type]
        await stage.rest()
        assert "parcel" not in stage.text

        # A mail arrives on the server; a pass of the worker brings it onto the screen by itself.
        office.arrives(QUESTION)
        await asyncio.to_thread(office.sync)
        await stage.rest()
        await stage.press("g r")
        assert "Where is my parcel, please?" in stage.text
        conversation = office.the_one().id
        asked = clock()

        # Anna answers it.
        clock.advance(minutes=10)
        await stage.press("enter")
        assert "it should have come on Friday." in stage.pane("conversation")
        await stage.press("r")
        await stage.type("Dear Jo,\n\nit is on its way.\n\nAnna")
        await stage.press("ctrl+s")
        assert "to jo@park.example · from support@shop.example · then: waiting" in stage.asked
        await stage.press("enter")
        assert "sends in 20 s, u takes it back" in stage.said
        sending = desk.rows([conversation])[0]
        assert (sending.conversation.sending, sending.due_at) == (1, None)

        # Within the undo window the worker leaves it alone; then it goes.
        clock.advance(19)
        await asyncio.to_thread(office.sync)
        assert smtp_server.taken == []
        clock.advance(1)
        await asyncio.to_thread(office.sync)
        await stage.rest()
        (taken,) = smtp_server.taken
        assert (taken.sender, taken.recipients, taken.user) == (SUPPORT, ("jo@park.example",), imap_user)
        sent = message_from_bytes(taken.raw, policy=policy.default)
        assert set(sent.keys()) == EXACTLY
        assert len(sent.keys()) == len(EXACTLY)
        assert sent["In-Reply-To"] == "<second@park.example>"
        assert sent["References"].split() == ["<first@park.example>", "<second@park.example>"]
        assert sent["From"] == SUPPORT
        assert sent["To"] == "jo@park.example"
        assert sent["Subject"] == "Re: Where is my parcel, please?"
        assert int(parsedate_to_datetime(sent["Date"]).timestamp()) == asked + 600
        ours = desk.items(conversation)[-1]
        assert sent["Message-ID"] == ours.message_id
        assert sent.get_content().replace("\r\n", "\n").startswith("Dear Jo,\n\nit is on its way.\n\nAnna\n")

        # It stands in Sent, the clock is met at that instant, and the conversation waits for Jo.
        assert office.in_sent(sent["Message-ID"]) == 1
        (met,) = [c for c in desk.clocks(conversation, clock()) if c.kind is ClockKind.FIRST_REPLY]
        assert (met.state, met.met) == (ClockState.MET, asked + 620)
        here = office.the_one()
        assert (here.status, here.assignee, here.sending) == (Status.WAITING, "anna", 0)

        # The copy in Sent is fetched and is no second message; then Jo answers from another address.
        await asyncio.to_thread(office.sync)
        assert len(desk.items(conversation)) == 2
        clock.advance(hours=2)
        office.arrives(
            letter(
                "Jo <jo.park@work.example>", "AW: parcel", "Thank you! When exactly?\n", clock(),
                in_reply_to=sent["Message-ID"], message_id="<third@work.example>",
            )
        )  # fmt: skip
        await asyncio.to_thread(office.sync)
        await stage.rest()
        here = office.the_one()
        assert (here.status, here.assignee, here.unread, here.messages) == (Status.OPEN, "anna", True, 3)
        await stage.press("escape", "g r", "enter")
        assert "Thank you! When exactly?" in stage.pane("conversation")
    desk.close()
    assert office.store.verify(clock()) == []
    office.close()
