"""The first minutes: what an empty workspace says, what the first conversation teaches, and how hints make way."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox.habits import OFTEN, STEPS, Habits
from inbox.model import Role, Who
from inbox.ports import MailboxState
from inbox.settings import Mailbox
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import NOW, STORY, deliver, did, shop
from tui.screens.first_steps import called_here

ALONE = ("anna",)
MAILBOX = Mailbox(
    "support",
    "support@shop.example",
    "support",
    "imap.shop.example",
    993,
    "tls",
    "smtp.shop.example",
    465,
    "tls",
)


def as_one(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("size", [(80, 24), (160, 48), (20, 5)])
async def test_an_empty_workspace_invites(tmp_path: Path, size: tuple[int, int]) -> None:
    store = shop(tmp_path, team=ALONE)
    async with playing(store, size=size, team=ALONE, habits=Habits()) as stage:
        if size[0] == 20:
            assert "Welcome." in stage.text
            return
        said = as_one(stage.pane("list"))
        for words in ("demo a made-up shop", "import ~/Maildir your own mail", "init a real mailbox"):
            assert f"{called_here()} {words}" in said
        assert "Enter open" not in stage.said
        assert "ctrl+q leaves Frontdesk" in said and "? shows the keys" in said
        deliver(store, STORY[0])
        await stage.rest()
        assert "Welcome" not in stage.text and "Where is my parcel?" in stage.pane("list")
    store.close()


async def test_who_has_no_command_line_is_told_who_begins(tmp_path: Path) -> None:
    store = shop(tmp_path)
    async with playing(store, restricted=True) as stage:
        assert "Whoever keeps this host begins" in as_one(stage.pane("list"))
    store.close()


async def test_a_mailbox_from_which_nothing_came_yet_says_how_it_stands(tmp_path: Path) -> None:
    store = shop(tmp_path)
    worker = store.lease()
    assert worker.take()
    async with playing(store, mailboxes=(MAILBOX,)) as stage:
        assert "Nothing has come yet." in stage.pane("list")
        store.show_mailbox(
            MailboxState("support", "fetching", NOW, folder="INBOX", done=1200, of=9800, began=NOW)
        )
        stage.app.inbox.mailboxes.look()
        await stage.rest()
        assert "The first mail is on its way, the newest first." in as_one(stage.pane("list"))
        store.show_mailbox(MailboxState("support", "password", NOW, trouble="refused"))
        stage.app.inbox.mailboxes.look()
        await stage.rest()
        assert "Nothing has come yet: support: password refused, press g w." in as_one(stage.pane("list"))
        store.show_mailbox(MailboxState("support", "idle", NOW, synced_at=NOW))
        stage.app.inbox.mailboxes.look()
        await stage.rest()
        assert "Every mailbox is listened to" in as_one(stage.pane("list"))
    worker.release()
    store.close()


async def test_when_the_last_one_is_answered_that_is_a_good_moment(store: Workspace) -> None:
    for number in range(2, 7):
        did(store, "anna", "close", conversation=number, why="elsewhere")
    async with playing(store, size=(80, 24)) as stage:
        await stage.press("s", "t")
        assert "everybody is answered · g r" in stage.lines[0]
        await stage.press("g r")
        said = as_one(stage.pane("list"))
        assert "Nothing is due: everybody has been answered. 1 snoozed: each comes back in time." in said
        assert "0 all / search g R report g d done today" in said
        assert "r reply" not in stage.said  # there is nothing to answer


async def test_an_answer_that_nobody_will_send_is_said_to_wait(store: Workspace) -> None:
    async with playing(store, sends=False) as stage:
        await stage.press("r")
        await stage.type("Soon.")
        await stage.press("ctrl+s", "enter")
        assert "It waits: no mailbox is set up here yet. frontdesk init adds one." in stage.said


async def test_the_first_conversation_teaches_five_keys_which_go_as_they_are_used(store: Workspace) -> None:
    habits = Habits()
    async with playing(store, size=(80, 24), habits=habits) as stage:
        assert stage.said.startswith(" Enter open  r reply")
        await stage.press("enter")
        line = next(line for line in stage.lines if "First steps" in line)
        assert as_one(line) == "First steps r answers s later e closes n note u takes back Q hides this"
        await stage.press("n")
        await stage.type("hm")
        await stage.press("ctrl+s", "u", "escape")
        line = next(line for line in stage.lines if "First steps" in line)
        assert as_one(line) == "First steps r answers s hides it until later e closes it Q hides this"
        await stage.press("Q")
        assert "First steps " not in stage.text and "No more first steps. Q shows them again." in stage.said
    kept = store.attendance.habits("anna")
    assert (kept.used["note"], kept.used["undo"], kept.steps, kept.left) == (1, 1, False, ())
    assert store.attendance.habits("bo") == Habits()
    async with playing(store, habits=kept) as stage:
        await stage.press("enter")
        assert "First steps" not in stage.text
        await stage.press("Q")
        line = next(line for line in stage.lines if "First steps" in line)
        assert "r answers  s hides it until later  e closes it  n writes a note" in line
    assert store.attendance.habits("anna").left == STEPS


async def test_a_reader_is_taught_nothing_they_may_not_do(store: Workspace) -> None:
    async with playing(store, who=Who("ria", Role.READER), team=("anna", "ria"), habits=Habits()) as stage:
        await stage.press("enter")
        assert "First steps" not in stage.text


async def test_keys_that_hands_know_make_room_in_the_hints(store: Workspace) -> None:
    known = Habits({"open": OFTEN, "reply": OFTEN, "note": OFTEN - 1}, steps=False)
    async with playing(store, size=(80, 24), habits=known) as stage:
        assert as_one(stage.said).startswith("n note a assign s snooze e close")
        for _ in range(2):
            await stage.press("n", "escape")  # known by now, and yet nothing moves under the hands
        assert as_one(stage.said).startswith("n note a assign s snooze e close")
    assert store.attendance.habits("anna").used["note"] == 2


def test_two_screens_of_one_person_count_together(store: Workspace) -> None:
    one, other = (store.attendance.habits("anna") for _ in range(2))
    for habits in (one, other):
        habits.did("close")
        store.attendance.keep_habits("anna", habits)
    assert store.attendance.habits("anna").used == {"close": 2}
