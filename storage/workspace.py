"""The store with everything beside it: what main hands to screens, commands and the worker."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from inbox.errors import WorldError
from inbox.progress import unheard
from storage.connection import (
    BUSY_SECONDS,
    DATABASE,
    SCREEN_CACHE_KB,
    newest_schema,
    open_database,
    trouble,
)
from storage.store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from inbox.model import Instant
    from inbox.ports import Problem, TakenIn
    from inbox.progress import Reached
    from inbox.settings import Settings
    from inbox.us import Us
    from storage.alerts import Alerts
    from storage.asking import Asking
    from storage.attendance import Attendance
    from storage.audit import Audit
    from storage.chat_names import ChatNames
    from storage.documents import Documents
    from storage.erasing import Eraser
    from storage.feeds import Feeds
    from storage.following import Following
    from storage.issues import Issues
    from storage.jobs import Jobs
    from storage.keeping import Keeping
    from storage.leases import Lease
    from storage.outbox import Outbox
    from storage.panels import Panels
    from storage.places import Places
    from storage.rules import Rules

WORKER = "worker"
"""The lease of the one process that talks to the world."""


class Workspace(SqliteStore):
    """One workspace: the store, the worker's tables, and what is done to the whole."""

    @property
    def places(self) -> Places:
        """Where copies lie on servers, and what is not placed yet."""
        from storage.places import Places

        return Places(self)

    @property
    def sending(self) -> Outbox:
        """The outbox from the worker's side."""
        from storage.outbox import Outbox

        return Outbox(self)

    @property
    def jobs(self) -> Jobs:
        """What the worker has to do."""
        from storage.jobs import Jobs

        return Jobs(self)

    @property
    def following(self) -> Following:
        """What the record asks of the servers."""
        from storage.following import Following

        return Following(self)

    @property
    def feeds(self) -> Feeds:
        """What is known of feeds."""
        from storage.feeds import Feeds

        return Feeds(self)

    @property
    def asking(self) -> Asking:
        """Whom to ask how it was."""
        from storage.asking import Asking

        return Asking(self)

    @property
    def attendance(self) -> Attendance:
        """Until where each person has seen the record, and what is there since."""
        from storage.attendance import Attendance

        return Attendance(self)

    @property
    def issues(self) -> Issues:
        """What is known of issues, and who was told of them."""
        from storage.issues import Issues

        return Issues(self)

    @property
    def rulebook(self) -> Rules:
        """What is written down about rules."""
        from storage.rules import Rules

        return Rules(self)

    @property
    def alerts(self) -> Alerts:
        """What people were alerted of."""
        from storage.alerts import Alerts

        return Alerts(self)

    @property
    def panels(self) -> Panels:
        """What programs said of customers."""
        from storage.panels import Panels

        return Panels(self)

    @property
    def documents(self) -> Documents:
        """The small documents of the team: saved views, saved replies."""
        from storage.documents import Documents

        return Documents(self.workspace)

    @property
    def audit(self) -> Audit:
        """What is in the record, told to who may look into it."""
        from storage.audit import Audit

        return Audit(self)

    @property
    def erasing(self) -> Eraser:
        """Erasing customers, and what is known of it."""
        from storage.erasing import Eraser

        return Eraser(self)

    @property
    def keeping(self) -> Keeping:
        """What is old, and erasing it."""
        from storage.keeping import Keeping

        return Keeping(self)

    @property
    def names(self) -> ChatNames:
        """Names in chats that are asked for, and what waits for them."""
        from storage.chat_names import ChatNames

        return ChatNames(self)

    def identity(self) -> str:
        """What tells this workspace from every other, given to it when first asked for."""
        from storage.epoch import identity

        return identity(self)

    def known_us(self) -> tuple[Us, bool]:
        """Who is us, and whether a person said so (else it was worked out from the mail, or nothing is known)."""
        import json

        from inbox.us import Us

        rows = self.read("SELECT value FROM meta WHERE name = 'us'")
        if not rows:
            return Us(), False
        found = json.loads(rows[0][0])
        return Us.of(found["words"]), bool(found["said"]) and "was" not in found

    def set_us(self, words: list[str], *, said: bool, now: Instant, open_for: int) -> int:
        """Record who is us; how many messages changed sides."""
        from storage.sides import set_us

        return set_us(self, words, said=said, now=now, open_for=open_for)

    def adopt(self, settings: Settings, now: Instant, progress: Reached = unheard) -> int:
        """Apply hours and policies where they differ from the ones in force, and go on with what a process that was killed
        has left; how many conversations got another deadline by that here. Where another process is at it, it is left to
        that one."""
        from storage.policy_change import go_on, write_down

        return go_on(self, now, write_down(self, settings, now), progress)

    def applied(self) -> str:
        """The mark of the settings that were applied last; "" when none had one."""
        rows = self.read("SELECT value FROM meta WHERE name = 'applied'")
        return str(rows[0][0]) if rows else ""

    def apply(self, settings: Settings, now: Instant, mark: str = "", progress: Reached = unheard) -> int:
        """Apply hours, policies and who is us where the settings differ from what is in force; how many conversations
        got another deadline by it.

        `mark` (`inbox.settings_mark`) is remembered: settings of the same mark need not be applied again. It is not
        as long as deadlines are left to derive, by another process that may be killed yet.
        """
        from storage.policy_change import is_left

        if self.are_restricted() or any(mailbox.only is not None for mailbox in settings.mailboxes):
            self._restrict(settings, now, progress)
        moved = self.adopt(settings, now, progress)
        words = sorted(
            {*settings.us_words, *(a for m in settings.mailboxes for a in (m.address, *m.aliases))}
        )
        if words:
            us, said = self.known_us()
            if not said or us != settings.us:
                self.set_us(words, said=True, now=now, open_for=settings.import_open_for)
        if not is_left(self):
            with self.writing() as transaction:
                transaction.connection.execute("INSERT OR REPLACE INTO meta VALUES('applied', ?)", (mark,))
        return moved

    def _restrict(self, settings: Settings, now: Instant, progress: Reached) -> None:
        """Let what came to restricted mailboxes be seen by those alone whom the settings name."""
        from inbox.restricting import restricted
        from storage.restricted import apply

        apply(self, restricted(settings), now, progress)

    def let_go_restricted(self, now: Instant) -> int:
        """Take what is restricted out of the hands of who may not see it; how much that was."""
        from storage.restricted import let_go

        return let_go(self, now)

    def lease(self) -> Lease:
        """The worker's lease, not yet taken."""
        from storage.leases import Lease

        return Lease(self, WORKER)

    def worker(self) -> int | None:
        """The process that is the worker, or None."""
        from storage.leases import held

        return held(self.workspace, WORKER)

    def upgraded(self) -> bool:
        """Whether a newer Frontdesk has upgraded the workspace meanwhile."""
        return int(self.read("PRAGMA user_version")[0][0]) != newest_schema()

    def others(self) -> bool:
        """Whether another process has the workspace open and listens for changes, as screens do."""
        return self.bell.others()

    def check_epoch(self, environment: Mapping[str, str]) -> int:
        """Hold the outbox if this workspace was restored or copied; how many messages were held."""
        from storage.epoch import check

        return check(self, environment)

    def verify(self, now: Instant, team: Collection[str] = (), progress: Reached = unheard) -> list[Problem]:
        """Derive everything again and compare; what differs, and what is out of sight."""
        from storage.verify import verify

        return verify(self, now, team, progress)

    def export(self, folder: Path, progress: Reached = unheard) -> int:
        """Everything as plain files; how many messages."""
        from storage.export import export

        return export(self, folder, progress)

    def take_in_export(self, folder: Path, now: Instant, progress: Reached = unheard) -> TakenIn:
        """Read an export into this workspace, which must be new, or hold that export already."""
        from storage.export import read_back

        return read_back(self, folder, now, progress)

    def backup(self, target: Path, progress: Reached = unheard) -> int:
        """A consistent copy while others work; its size in bytes."""
        from storage.backup import backup

        return backup(self, target, progress)


def open_store(
    workspace: Path,
    create: bool = True,
    cache_kb: int = SCREEN_CACHE_KB,
    busy_seconds: float = BUSY_SECONDS,
) -> Workspace:
    """Open a workspace, making folder and file on first use. WorldError says what is wrong.

    A change waits at most `busy_seconds` for another process to give the write lock back.
    """
    path = workspace / DATABASE
    with trouble(path, busy_seconds):
        if not path.exists():
            if not create:
                raise WorldError(
                    f"There is no workspace at {workspace}.", "Name another one with --workspace."
                )
            if not workspace.exists():
                with suppress(FileExistsError):  # somebody else has just made it
                    workspace.mkdir(parents=True)
                    workspace.chmod(0o2770)
        connection = open_database(path, cache_kb=cache_kb, busy_seconds=busy_seconds)
        return Workspace(workspace, connection, cache_kb, busy_seconds)
