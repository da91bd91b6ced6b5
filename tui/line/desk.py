"""What every command is handed: whose workspace, who acts, what time it is, and how to reach the store."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from inbox.model import Instant, Role, Who
    from inbox.ports import Workspace
    from inbox.settings import Settings
    from inbox.us import Us


def folder(variable: str, otherwise: str) -> Path:
    """Frontdesk's own folder below a base folder (XDG Base Directory Specification).

    `variable` names the base in the environment, `otherwise` is its default below the home folder. A relative
    value counts as not set.
    """
    base = Path(os.environ.get(variable, ""))
    return (base if base.is_absolute() else Path.home() / otherwise) / "frontdesk"


def default_workspace() -> Path:
    """Where the workspace lies unless another is named: `${XDG_DATA_HOME:-~/.local/share}/frontdesk`."""
    return folder("XDG_DATA_HOME", ".local/share")


def own_keybindings() -> Path:
    """A person's own keys: `${XDG_CONFIG_HOME:-~/.config}/frontdesk/keybindings.toml`."""
    return folder("XDG_CONFIG_HOME", ".config") / "keybindings.toml"


def unix_user(number: int | None = None) -> str:
    """Who runs this process (or has this number), by the system's own book: the environment could say anything."""
    import pwd

    number = os.getuid() if number is None else number
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


@dataclass
class Desk:
    """What a command is handed as `ctx.obj` (take it with `@click.pass_obj`).

    The ways to a store and to the screen are handed in by `main`, so that no command knows SQLite or Textual;
    the group fills in what its options say. The store is opened when first asked for, and closed when the
    command ends.
    """

    open_store: Callable[[Path], Workspace]
    open_screen: Callable[[Desk], None]
    workspace: Path = field(default_factory=default_workspace)
    as_name: str | None = None  # --as: who acts, when not the Unix user
    pinned: Instant | None = None  # --now
    clock: Callable[[], Instant] | None = None  # of a rehearsal; it goes before both
    speed: float = 1.0  # seconds that pass on it in one
    sandbox: bool = False  # what is sent goes nowhere, and needs no mailbox
    debug: bool = False
    way: str = ""  # which way a person comes in, for the record: "screen", "command close"
    program: tuple[str, ...] = ()  # what starts Frontdesk, as arguments; (): it cannot be started from here
    confine: Callable[[], None] = lambda: None  # called where access is restricted (`tui.line.confined`)
    news: str = ""  # what opening the store has changed, for the status line
    everything: bool = (
        False  # the store holds what restricted mailboxes do, whoever acts: a worker, care of the whole
    )
    _store: Workspace | None = field(default=None, repr=False)
    _settings: Settings | None = field(default=None, repr=False)

    def store(self) -> Workspace:
        """The workspace's store, made on first use of the workspace.

        Raises WorldError when it cannot be used: rights, a full disk, damage, or made by a newer Frontdesk.
        """
        if self._store is None:
            from inbox.settings_mark import settings_mark

            mark = settings_mark(self.workspace / "settings.toml")
            self._store = self.open_store(self.workspace)
            self._store.way = self.way
            if self._store.applied() != mark:
                from tui.line.progress import counted

                said = "Interrupted: the new hours and policies do not hold for all conversations yet."
                with counted(said, "The next start of Frontdesk goes on.") as progress:
                    moved = self._store.apply(self.settings(), self.now(), mark, progress.of)
                self._tell(moved)
            if not self.everything and self._store.are_restricted() and not self.serves_host:
                self._store.seen_by(self.who())
        return self._store

    def _tell(self, moved: int) -> None:
        """Say once how many conversations got another deadline by settings that were edited."""
        if not moved:
            return
        from click import echo

        what = "1 conversation gets" if moved == 1 else f"{moved} conversations get"
        self.news = (
            f"hours or policies changed: {what} another deadline;"
            " frontdesk sla replay says who would have been late"
        )
        echo(self.news, err=True)

    def us(self) -> Us:
        """Who is us: what the settings say, else what was worked out from the mail."""
        return self.store().known_us()[0]

    def now(self) -> Instant:
        """The instant of a rehearsal's clock, else of `--now`, else the wall clock's."""
        if self.clock is not None:
            return self.clock()
        if self.pinned is not None:
            return self.pinned
        import time

        return int(time.time())

    def settings(self) -> Settings:
        """The workspace's settings, checked; all defaults when nothing has been written yet.

        Raises BadSettings naming every mistake.
        """
        if self._settings is None:
            self._settings = self.settings_now()
        return self._settings

    def settings_now(self) -> Settings:
        """The same as the file says it by now, for what stays open while others edit it."""
        from inbox.settings import load

        return load(self.workspace / "settings.toml", self.workspace / "settings.cache", now=self.now())

    def who(self) -> Who:
        """Who acts: the name of `--as`, else the Unix user, as the settings know them.

        In a team only root and the account that keeps the workspace may name another: NotDone for anybody else.
        """
        user, settings = unix_user(), self.settings()
        found = settings.who_for(user, self.as_name)
        mate = settings.teammate(user)
        if not settings.team or (mate is not None and mate.name == found.name) or self.keeps_workspace:
            return found
        from inbox.errors import NotDone

        keeper = unix_user(self.workspace.stat().st_uid)
        speaks = f"speaks as {mate.name}" if mate is not None else "is nobody of the team"
        raise NotDone(
            f"The Unix user {user} {speaks}, and cannot speak as {found.name}.",
            f"Leave --as away. Only {keeper}, who keeps this workspace, and root may name anybody.",
        )

    @property
    def keeps_workspace(self) -> bool:
        """Whether this is root, or the account that the workspace belongs to, or it is not there yet."""
        try:
            return os.geteuid() in (0, self.workspace.stat().st_uid)
        except FileNotFoundError:
            return True

    @property
    def serves_host(self) -> bool:
        """Whether whoever keeps the workspace acts, and nobody of the team: a timer, or the administrator."""
        return self.as_name is None and self.keeps_workspace and self.settings().teammate(unix_user()) is None

    @property
    def restricted(self) -> bool:
        """Whether who acts was let in by a forced command: no editor, pipe, opener or path, as each is a shell of this
        account."""
        from tui.line.forced import is_forced

        return is_forced(os.environ, self.as_name)

    def own_keys(self) -> Path | None:
        """Where the own keys of who acts lie: in the workspace for who comes under a name of the team, since many may come
        through one account; else the account's own. None where others come through it who have no names."""
        if self.as_name is None or not self.settings().team:
            return None if self.restricted else own_keybindings()
        return self.workspace / "documents" / "keys" / f"{self.who().name}.toml"

    def keys_file(self) -> Path:
        """The own keys in force: the account's, until who comes under a name has some of their own."""
        own = self.own_keys()
        return own if own is not None and own.exists() else own_keybindings()

    @property
    def called(self) -> str:
        """How Frontdesk is called from where who acts sits, for what is to be typed next."""
        return "ssh desk" if self.restricted else "frontdesk"

    @property
    def instead_of_worker(self) -> str:
        """What fetches and sends where no worker runs. Over SSH that command is refused, and the screen starts a worker."""
        return "the screen (ssh -t desk)" if self.restricted else "frontdesk sync"

    def who_may(self, roles: Collection[Role], doing: str) -> Who:
        """Who acts, if that is somebody of one of these roles; else NotDone says for whom `doing` is not."""
        from inbox.errors import NotDone

        who = self.who()
        if who.role not in roles:
            from inbox.verbs import a_role, whom_to_ask

            raise NotDone(
                f"{doing} is not for {a_role(who.role)}.", f"Ask {whom_to_ask(frozenset(roles), who.team)}."
            )
        return who

    def may(self, task: str) -> None:
        """NotDone unless who acts may do what a command does (`inbox.verbs.TASKS`). Whoever keeps the workspace and is
        nobody of the team does what the host needs."""
        from inbox.verbs import TASKS

        if self.serves_host:
            return
        words, roles = TASKS[task]
        self.who_may(roles, words)

    def needs_all(self, doing: str) -> None:
        """NotDone, which says who may, unless who acts may see everything there is."""
        from inbox.errors import NotDone
        from inbox.listing import Role

        if not self.store().sees_all():
            owners = ", ".join(mate.name for mate in self.settings().team if mate.role is Role.OWNER)
            raise NotDone(
                f"{doing} holds what you may not see: restricted mailboxes.", f"Ask an owner: {owners}."
            )
        self.everything = True
        self.close()  # it is opened anew, with all there is

    def keeper(self) -> Who:
        """Who acts, for what the host needs: also whoever keeps the workspace, by the name of the account."""
        from inbox.listing import Role, Who

        return Who(unix_user(), Role.OWNER) if self.serves_host else self.who()

    def zone(self) -> ZoneInfo:
        """The zone times are shown and typed in."""
        return self.settings().zone

    def senders(self) -> tuple[str, ...]:
        """Our own addresses to send from: the mailboxes' in the order of the settings, then any other that is ours."""
        from inbox.restricting import senders

        return senders(self.settings(), self.us(), self.who().name)

    def renew(self) -> None:
        """Read the settings and open the store anew when next asked for them."""
        self.close()
        self._settings = None

    def close(self) -> None:
        """Close the store if it was opened."""
        if self._store is not None:
            self._store.close()
            self._store = None
