"""Logging in without locking an account: a secret is asked for once, renewed once, and not sent for ever.

A command that gives a secret may want a person to touch a key, so what it said is remembered. A token runs out, so
a refused one is renewed once. A server that goes on refusing is asked no more until a person has done something.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

from inbox.channels.passwords import Run, Secret, password, run_command
from inbox.channels.trouble import BadPassword, NeedsLogin, NetworkTrouble, ServerSaidNo
from inbox.errors import FrontdeskError

if TYPE_CHECKING:
    from inbox.channels.microsoft import Account
    from inbox.settings import Mailbox

ERROR_KEPT = 120.0
"""Seconds for which a command that failed is not run again: longer than a pass takes to go round all that asks."""

MOST_REFUSALS = 3
"""Logins that may be refused before the servers of a mailbox are left alone; providers lock accounts soon after."""

Line = TypeVar("Line")
Mark = tuple[int, int, int] | None


@dataclass(slots=True)
class _Known:
    """What is known of one mailbox.

    error_until: by the monotonic clock, when it is asked again. refusals: how many, by server, since it last let us in.
    mark: of the file the secret came from, as it was then. account: at Microsoft, for mailboxes that log in there.
    """

    lock: threading.RLock = field(default_factory=threading.RLock)
    secret: Secret | None = None
    error: FrontdeskError | None = None
    error_until: float = 0.0
    refusals: dict[str, int] = field(default_factory=dict)
    refused_with: dict[str, BadPassword] = field(default_factory=dict)
    mark: Mark = None
    account: Account | None = None

    def stop(self, server: str, *, token: bool) -> BadPassword | None:
        """Why this server is to be left alone, if it is.

        All refusals of a password count together, for it is the account that is locked; but a server that lets us in
        does not pay for another that does not. A token locks nothing, so there each server stands for itself.
        """
        own = self.refusals.get(server)
        count = (own or 0) if token else sum(self.refusals.values())
        if own == 0 or count < MOST_REFUSALS:
            return None
        return self.refused_with.get(server) or next(reversed(self.refused_with.values()))


class Secrets:
    """The secrets of all mailboxes, for all threads of a process. One of a slow command holds no other up.

    `env` is the environment for commands and variables (`os.environ`), `folder` where logins are kept (the
    workspace's `secrets`). Errors and refusals are forgotten when the file the secret came from has changed.
    """

    def __init__(
        self,
        env: Mapping[str, str],
        folder: Path,
        run: Run = run_command,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._env = env
        self._folder = folder
        self._run = run
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._mailboxes: dict[str, _Known] = {}

    def of(self, mailbox: Mailbox) -> Secret:
        """The mailbox's secret, asked for once; where that failed, the same error for `ERROR_KEPT`.

        Raises what `inbox.channels.passwords.password` raises; NeedsLogin where a person has to log in first.
        """
        known = self._known(mailbox)
        with known.lock:
            self._raise_known(known)
            # An account knows by itself which token is still good, and renews it before it runs out.
            if known.secret is None or mailbox.oauth is not None:
                known.secret = self._ask(known, mailbox)
            return known.secret

    def renewed(self, mailbox: Mailbox, refused: Secret) -> Secret | None:
        """Another access token in place of the refused one, fresh or one that another thread has asked for meanwhile.

        None where there is nothing to try: a password stays what it is, and so does a token that comes again.
        Raises as `of`.
        """
        if not mailbox.takes_token:
            return None
        known = self._known(mailbox)
        with known.lock:
            self._raise_known(known)
            if known.secret is None or known.secret.reveal() == refused.reveal():
                known.secret = None
                known.secret = self._ask(known, mailbox, refused)
            newer = known.secret
        return None if newer.reveal() == refused.reveal() else newer

    def start_over(self, mailbox: Mailbox) -> None:
        """A person has done something about it: forget all that is known of the mailbox, refusals too."""
        with self._lock:
            self._mailboxes.pop(mailbox.name, None)

    def tries(self, mailbox: Mailbox, server: str) -> Generator[Secret, BadPassword, NoReturn]:
        """The secrets to log in with at a server ("imap", "smtp"), one after the other: send in the refusal of one to
        have the next.

        Raises BadPassword, or NeedsLogin where it is a token, when there is none left, and as `of`.
        """
        known = self._known(mailbox)
        with known.lock:
            stop = known.stop(server, token=mailbox.takes_token)
        if stop is not None:
            raise _anew(stop)
        secret = self.of(mailbox)
        refusal = yield secret
        _count(known, server, refusal)
        newer = self.renewed(mailbox, secret)
        if newer is not None:
            refusal = yield newer
            _count(known, server, refusal)
        if mailbox.takes_token:  # it is as fresh as it can be: nothing but a person helps
            refusal = _needs_login(mailbox, refusal)
            _count(known, server, refusal, MOST_REFUSALS)
        raise refusal

    def let_in(self, mailbox: Mailbox, server: str) -> None:
        """The server has taken the secret."""
        known = self._known(mailbox)
        with known.lock:
            known.refusals[server] = 0

    # ------------------------------------------------------------------ inside

    def _known(self, mailbox: Mailbox) -> _Known:
        with self._lock:
            known = self._mailboxes.setdefault(mailbox.name, _Known())
        with known.lock:  # else a file that we are just writing ourselves looks like somebody's
            mended = (known.error or known.refused_with) and known.mark != self._mark(mailbox)
        if not mended:
            return known
        with self._lock:
            if self._mailboxes.get(mailbox.name) is known:
                self._mailboxes[mailbox.name] = _Known()
            return self._mailboxes.setdefault(mailbox.name, _Known())

    def _raise_known(self, known: _Known) -> None:
        if known.error is not None and self._monotonic() < known.error_until:
            raise _anew(known.error)
        known.error = None

    def _ask(self, known: _Known, mailbox: Mailbox, refused: Secret | None = None) -> Secret:
        known.mark = self._mark(mailbox)
        try:
            return self._asked(known, mailbox, refused)
        except (NetworkTrouble, ServerSaidNo):
            raise  # of a moment; and asking again troubles nobody
        except FrontdeskError as error:
            known.error = error
            # nobody but a person can log in, and then the file is another
            known.error_until = math.inf if isinstance(error, NeedsLogin) else self._monotonic() + ERROR_KEPT
            raise
        finally:
            known.mark = self._mark(mailbox) if known.error is None else known.mark

    def _asked(self, known: _Known, mailbox: Mailbox, refused: Secret | None) -> Secret:
        if mailbox.oauth is None:
            return password(mailbox, self._env, self._run)
        from inbox.channels.microsoft import Account

        known.account = known.account or Account(mailbox, self._folder)
        return known.account.token(refused)

    def _mark(self, mailbox: Mailbox) -> Mark:
        """What changes with the file a secret comes from; None where it comes from elsewhere."""
        file = Path(mailbox.password_file) if mailbox.password_file is not None else None
        if mailbox.oauth is not None:
            from inbox.channels.microsoft import login_file

            file = login_file(mailbox, self._folder)
        with suppress(OSError):
            if file is not None:
                status = file.stat()
                return status.st_ino, status.st_mtime_ns, status.st_size
        return None


def _anew(error: FrontdeskError) -> FrontdeskError:
    """An error that was raised before, without the way it took then: else that would grow with every raise."""
    return error.with_traceback(None)


def _count(known: _Known, server: str, refusal: BadPassword, times: int = 1) -> None:
    with known.lock:
        known.refusals[server] = known.refusals.get(server, 0) + times
        known.refused_with[server] = refusal


def _needs_login(mailbox: Mailbox, refusal: BadPassword) -> NeedsLogin:
    """The refusal of a token that was as fresh as it could be, with what a person can do."""
    if mailbox.oauth is not None:
        from inbox.channels.microsoft import how_to_log_in

        return NeedsLogin(refusal.what, how_to_log_in(mailbox))
    return NeedsLogin(
        refusal.what,
        f"The token_command of mailbox {mailbox.name} gives no token that is taken: run it by hand as the user "
        "who syncs (it may ask you to log in), then sync again.",
    )


def logged_in(
    mailbox: Mailbox,
    secrets: Secrets,
    connect: Callable[[Mailbox, Secret], Line],
    server: str = "imap",
) -> Line:
    """The line that `connect` makes, such as `inbox.channels.imap.connect`; a token that is refused is renewed once.

    Raises what `connect` raises, NeedsLogin in place of BadPassword where the secret is a token, and what
    `Secrets.of` raises. Once `MOST_REFUSALS` logins were refused, or a renewed token, the server hears no more of us:
    the last error comes at once, until the secret's file has changed or `Secrets.start_over` was called.
    """
    tries = secrets.tries(mailbox, server)
    secret = next(tries)
    while True:
        try:
            line = connect(mailbox, secret)
        except BadPassword as refusal:
            secret = tries.send(refusal)
        else:
            secrets.let_in(mailbox, server)
            return line


async def logged_in_soon(
    mailbox: Mailbox,
    secrets: Secrets,
    connect: Callable[[Mailbox, Secret], Awaitable[Line]],
    server: str = "smtp",
) -> Line:
    """`logged_in` for a `connect` that is awaited; secrets are asked for in a thread, so that nothing else waits."""
    tries = secrets.tries(mailbox, server)
    secret = await asyncio.to_thread(next, tries)
    while True:
        try:
            line = await connect(mailbox, secret)
        except BadPassword as refusal:
            secret = await asyncio.to_thread(tries.send, refusal)
        else:
            secrets.let_in(mailbox, server)
            return line
