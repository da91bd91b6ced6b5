"""Whatever happens on a server, in any order, and wherever receiving is cut: in the end both sides are equal."""

from __future__ import annotations

import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from inbox import fetching
from inbox.beside import Beside
from inbox.channels.imap import Connection
from inbox.channels.plan import Signs
from inbox.intake import Intake
from inbox.model import EventType
from inbox.reception import Reception
from inbox.settings import DAY, Settings
from storage.workspace import open_store
from tests.faults.clock import MONDAY
from tests.post_office import letter
from tests.servers.mailboxes import mailbox
from tests.servers.paper import PaperFolder, PaperServer

FOLDERS = ("INBOX", "Sent", "Junk", "Desk")
NAMES = (*FOLDERS, "Counter")
BOX = mailbox(folders=NAMES)
OUT_OF_FEW = st.integers(0, 3)


class Receiving(RuleBasedStateMachine):
    """A server on paper, a real store, and the worker's own way from the one to the other."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = open_store(Path(self.folder.name) / "shop")
        self.settings = Settings(mailboxes=(BOX,))
        self.store.adopt(self.settings, MONDAY)
        self.server = PaperServer({name: PaperFolder(1) for name in FOLDERS})
        self.now = MONDAY
        self.made = 0
        self.numbered = 1
        self.quiet: dict[str, Signs] = {}
        self.live: set[str] = set()  # those that came first to a folder that was being followed
        self.line = Connection(self.server, BOX)

    def teardown(self) -> None:
        """In the end, after looks that nobody cuts, all is equal on both sides."""
        for _ in range(3):
            self.sync()
        self.equal()
        self.store.close()
        self.folder.cleanup()

    # ------------------------------------------------------------------ on the server

    def tick(self) -> int:
        """An hour passes."""
        self.now += 3600
        return self.now

    def one(self, number: int) -> PaperFolder:
        """One of the folders there are."""
        names = sorted(self.server.folders)
        return self.server.folders[names[number % len(names)]]

    @initialize(count=st.integers(0, 7))
    def old_mail(self, count: int) -> None:
        """What lay there before anybody looked."""
        for number in range(count):
            self.arrives(number % 2 and 0, 1)

    @rule(where=OUT_OF_FEW, count=st.integers(1, 4))
    def arrives(self, where: int, count: int) -> None:
        """New mail."""
        folder = self.one(where)
        name = next(name for name, each in self.server.folders.items() if each is folder)
        for _ in range(count):
            self.made += 1
            subject = f"Mail {self.made}"
            folder.add(self.tick(), letter(f"c{self.made}@customer.example", subject, f"{self.made}\n"))
            cursor = self.store.places.cursors("support").get(name)
            if cursor is not None and (cursor.low == 1 or cursor.uidvalidity == folder.uidvalidity):
                self.live.add(subject)

    @rule(where=OUT_OF_FEW, to=OUT_OF_FEW, which=st.integers(0, 9), moved=st.booleans())
    def goes_elsewhere(self, where: int, to: int, which: int, moved: bool) -> None:
        """A mail is copied into another folder, or moved."""
        source, target = self.one(where), self.one(to)
        if source.mails and source is not target:
            uid = sorted(source.mails)[which % len(source.mails)]
            target.add(*source.mails[uid])
            if moved:
                del source.mails[uid]

    @rule(where=OUT_OF_FEW, which=st.sets(st.integers(0, 9), max_size=5))
    def is_deleted(self, where: int, which: set[int]) -> None:
        """Mail is deleted by another program."""
        folder = self.one(where)
        for index, uid in enumerate(sorted(folder.mails)):
            if index in which:
                del folder.mails[uid]

    @rule(where=OUT_OF_FEW, first=st.integers(1, 5))
    def is_numbered_anew(self, where: int, first: int) -> None:
        """A folder gets another UIDVALIDITY, and its mails other numbers."""
        folder = self.one(where)
        if self.not_read_to_its_end(folder):
            self.looks_unseen(folder)
        self.numbered += 1
        mails = [folder.mails[uid] for uid in sorted(folder.mails)]
        folder.uidvalidity, folder.uidnext, folder.mails = self.numbered, first, {}
        for each in mails:
            folder.add(*each)
        self.reselect()

    @rule(where=OUT_OF_FEW, kept=st.integers(0, 3))
    def is_restored(self, where: int, kept: int) -> None:
        """A folder is as it was once: its newest mail is lost, and numbers are given away a second time.

        We look before as many have come as were lost: after that nothing could tell it from the folder we know.
        """
        folder = self.one(where)
        if self.not_read_to_its_end(folder):
            self.looks_unseen(folder)
        for uid in sorted(folder.mails)[kept:]:
            del folder.mails[uid]
        folder.uidnext = max(folder.mails, default=0) + 1
        self.reselect()
        self.sync()

    @rule(back=st.booleans())
    def is_renamed(self, back: bool) -> None:
        """A folder gets another name, and with it keeps its numbers."""
        old, new = ("Counter", "Desk") if back else ("Desk", "Counter")
        if old in self.server.folders and new not in self.server.folders:
            folder = self.server.folders[new] = self.server.folders.pop(old)
            self.looks_unseen(folder)
            self.reselect()

    def looks_unseen(self, folder: PaperFolder) -> None:
        """Nothing tells what is new there from what is old: it is a folder nobody has read, or not to its end."""
        here = {row[0] for row in self.store.read("SELECT sha FROM raws")}
        unseen = [raw for _, raw in folder.mails.values() if sha256(raw).digest() not in here]
        self.live -= {raw.partition(b"Subject: ")[2].split(b"\r\n")[0].decode() for raw in unseen}

    def not_read_to_its_end(self, folder: PaperFolder) -> bool:
        """Whether a first reading of it is still under way."""
        name = next(name for name, each in self.server.folders.items() if each is folder)
        cursor = self.store.places.cursors("support").get(name)
        return cursor is not None and cursor.low > 1

    def reselect(self) -> None:
        """What a server does that changes a folder so: it hangs up, and we come back over another line."""
        self.line = Connection(self.server, BOX)

    # ------------------------------------------------------------------ here

    @rule()
    def sync(self) -> None:
        """A look at everything, to its end."""
        self.look(None, None)

    @rule()
    def sync_inbox(self) -> None:
        """A look at the inbox alone, as when the server tells of new mail."""
        self.look("INBOX", None)

    @rule(after=st.integers(0, 9), placed=st.booleans(), hung_up=st.booleans())
    def sync_is_cut(self, after: int, placed: bool, hung_up: bool) -> None:
        """The line breaks after some steps, or the worker dies: then nothing was placed of what came last."""
        self.look(None, after, placed)
        if hung_up:
            self.reselect()
            self.quiet.clear()

    @rule(after=st.integers(0, 5), where=OUT_OF_FEW, which=st.sets(st.integers(0, 9), max_size=5))
    def sync_while_mail_is_deleted_and_comes(self, after: int, where: int, which: set[int]) -> None:
        """Between two steps the server goes on living."""
        self.look(None, None, meanwhile=(after, where, which))

    def look(
        self,
        only: str | None,
        cut: int | None,
        placed: bool = True,
        meanwhile: tuple[int, int, set[int]] | None = None,
    ) -> None:
        """As `Listening` and `Watch` do it."""
        places = self.store.places
        cursors = places.cursors("support")
        if only is not None and only not in cursors:
            return
        with Beside() as beside:
            reception = Reception(self.intake, beside, lambda: cut is not None and not placed)
            coming = fetching.news(self.line, BOX, cursors, self.tick(), only=only, quiet=self.quiet)
            for number, step in enumerate(coming):
                if number == cut:
                    break
                reception.take("support", step)
                if meanwhile is not None and number == meanwhile[0]:
                    self.is_deleted(meanwhile[1], meanwhile[2])
                    self.arrives(meanwhile[1], 1)
            coming.close()
            if placed:
                reception.settle()
        if placed:
            self.intake().place_waiting()

    def intake(self) -> Intake:
        """Where mail is placed as of now."""
        us = self.settings.us
        return Intake(
            self.store, self.store.places, us, self.now, open_for=14 * DAY, new_after_closed=30 * DAY
        )

    # ------------------------------------------------------------------ what must hold

    @invariant()
    def each_place_has_its_bytes(self) -> None:
        """Nothing counts as fetched whose bytes are not here."""
        bare = "SELECT count(*) FROM places p WHERE NOT EXISTS (SELECT 1 FROM raws r WHERE r.sha = p.sha)"
        assert self.store.read(bare) == [(0,)]

    @invariant()
    def no_message_is_here_twice(self) -> None:
        """However often it came."""
        assert self.store.read("SELECT count(*) - count(DISTINCT raw) FROM messages") == [(0,)]

    @invariant()
    def each_place_leads_to_the_mail_that_lay_there(self) -> None:
        """No number is ever taken for that of another mail."""
        wrong = (
            "SELECT count(*) FROM places p JOIN messages m ON m.id = p.message JOIN raws r ON r.id = m.raw"
            " WHERE r.sha <> p.sha"
        )
        assert self.store.read(wrong) == [(0,)]

    def equal(self) -> None:
        """All that is there is here, at its place; and what was live was told as live."""
        assert self.store.read("SELECT count(*) FROM arrivals") == [(0,)]
        here = {row[0] for row in self.store.read("SELECT r.sha FROM messages m JOIN raws r ON r.id = m.raw")}
        for name, folder in self.server.folders.items():
            there = {uid: sha256(raw).digest() for uid, (_, raw) in folder.mails.items()}
            assert set(there.values()) <= here
            cursor = self.store.places.cursors("support")[name]
            places = {
                uid: sha
                for uid, sha, uidvalidity, message in self.store.read(
                    "SELECT uid, sha, uidvalidity, message FROM places WHERE folder = ? AND gone = 0", (name,)
                )
                if message is not None and uidvalidity == cursor.uidvalidity
            }
            assert places == there or not there  # a folder that is empty of a sudden is a question
            assert cursor.low == 1 or not there
        history = {
            row[0]
            for row in self.store.read(
                "SELECT c.subject FROM events e JOIN conversations c ON c.id = e.conversation"
                " WHERE e.type = ? AND json_extract(e.data, '$.history')",
                (int(EventType.RECEIVED),),
            )
        }
        assert not history & self.live, "what came to a folder that was followed is no history"
        assert self.store.verify(self.now) == []


@pytest.fixture(autouse=True)
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first reading of a few mails has several pieces."""
    monkeypatch.setattr(fetching, "AT_ONCE", 2)


def run(examples: int) -> settings:
    """So many stories of 20 steps each."""
    return settings(
        derandomize=True,  # the same stories each time: what a new one finds is looked for by hand
        max_examples=examples,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def test_a_folder_that_goes_and_comes_back_is_not_taken_for_quiet() -> None:
    """It looks from outside as it did before, and its places had been marked as gone."""
    story = Receiving()
    story.old_mail(1)
    story.sync()
    story.sync_inbox()  # which is open from now on, as while it is listened to
    story.sync()
    story.is_renamed(back=False)
    story.sync()
    story.is_renamed(back=True)
    story.teardown()


def test_a_folder_that_is_empty_and_counts_anew_is_no_question() -> None:
    """The next mail gets a number that we know."""
    story = Receiving()
    story.old_mail(1)
    story.sync()
    story.is_restored(where=0, kept=0)
    story.arrives(where=0, count=1)
    story.teardown()


def test_what_comes_to_an_empty_folder_is_live_also_when_it_is_numbered_anew() -> None:
    story = Receiving()
    story.sync()
    story.arrives(where=1, count=1)
    story.is_numbered_anew(where=1, first=3)
    story.teardown()


def test_both_sides_are_equal_in_the_end_whatever_happens_on_the_server() -> None:
    run_state_machine_as_test(Receiving, settings=run(20))


@pytest.mark.long
def test_both_sides_are_equal_in_the_end_in_hundreds_of_stories() -> None:
    run_state_machine_as_test(Receiving, settings=run(300))
