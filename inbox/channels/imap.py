"""A mailbox over IMAP: one connection for one thread, built on imapclient; how it fetches stands in `imap_fetching`.

It looks and never touches: folders are opened read-only, and \\Seen is set only by `set_seen`. UIDs alone are used, never
sequence numbers as names. What the server or the line does wrong comes out as one of the errors of `trouble`; after
NetworkTrouble the connection is of no use any more.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from imapclient.imap_utf7 import decode as decode_utf7

from inbox.channels.folder_names import use_by_name
from inbox.channels.imap_fetching import BATCH_MESSAGES, Fetching, as_number, as_text, in_runs
from inbox.channels.imap_line import drop, open_line
from inbox.channels.passwords import Secret
from inbox.channels.plan import Cursor, ServerState, Signs
from inbox.channels.trouble import ServerSaidNo, server_words
from inbox.model import Instant

if TYPE_CHECKING:
    from inbox.settings import Mailbox

LISTED_AT_ONCE = 50_000
"""Messages whose UIDs are asked for in one line: imaplib gives up on lines over a million bytes."""

IDLE_LIMIT = 9 * 60
"""Seconds after which IDLE is armed anew; routers forget silent lines after ten minutes and more."""

USES = {f"\\{use}".encode(): use for use in ("sent", "junk", "archive", "drafts", "trash")}
"""Special uses of folders (RFC 6154) that matter here."""


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder: its decoded name, and its use: "inbox", "sent", "junk", "archive", "drafts", "trash" or "".

    Only folders that can hold messages are listed.
    """

    name: str
    use: str = ""


def connect(mailbox: Mailbox, secret: Secret, timeout: float = 60.0) -> Connection:
    """Connect and log in; `timeout` in seconds holds for each wait.

    When the mailbox has a `token_command` the secret is an access token (XOAUTH2). Raises NetworkTrouble
    (also for a line cut inside the login), RefusedCertificate, BadPassword (only when the server itself
    said so), ServerSaidNo, BadSettings.
    """
    return Connection(open_line(mailbox, secret, timeout), mailbox)


class Connection(Fetching):
    """A logged-in line. One thread only: imapclient keeps the state of the conversation with the server."""

    def __init__(self, client: Any, mailbox: Mailbox) -> None:
        super().__init__(client, mailbox)
        self._uses: dict[str, str] | None = None
        self._selected: tuple[str, int, bool] | None = None  # folder, its UIDVALIDITY, may write
        self._keeps: tuple[bytes, ...] | None = None  # flags the open folder keeps; None: not told

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Log out if the line still stands; never raises."""
        with contextlib.suppress(OSError, imaplib.IMAP4.error, ValueError):
            self._client.logout()
            return
        self.drop()

    def drop(self) -> None:
        """Close the socket without a word; never raises."""
        drop(self._client)

    # ------------------------------------------------------------------ folders

    def folders(self) -> list[Folder]:
        """All folders that can hold messages, INBOX first."""
        listed = [
            (_folder(flags, name), as_text(separator or b"")) for flags, separator, name in self._listed()
        ]
        # one that is listed twice, or INBOX in two spellings, is one folder
        found = dict({each[0].name: each for each in reversed(listed)}.values())
        told = {folder.use for folder in found}
        named = [
            folder if folder.use else Folder(folder.name, use_by_name(folder.name, separator, told))
            for folder, separator in found.items()
        ]
        return sorted(named, key=lambda folder: (folder.use != "inbox", folder.name.lower()))

    def _listed(self) -> Iterator[tuple[tuple[bytes, ...], object, str]]:
        """What LIST says: flags, separator, name. A folder whose name is no modified UTF-7 cannot be opened by us, and
        does not close the others."""
        with self._typed("listing the folders"):
            self._client.folder_encode = False
            try:
                listed = self._client.list_folders()
            finally:
                self._client.folder_encode = True
        for flags, separator, raw in listed:
            name = _decoded(raw)
            if name is not None and _can_hold(flags, name):
                yield flags, separator, name

    def folder_for(self, use: str) -> str:
        """The name of the folder with this use, "" when there is none; looked up once a line."""
        if self._uses is None:
            self._uses = {folder.use: folder.name for folder in reversed(self.folders())}
        return self._uses.get(use, "")

    def look(self, folder: str, cursor: Cursor | None = None) -> ServerState:
        """Open a folder read-only and see what is in it.

        All UIDs are listed only when the number of messages is not what the cursor knows plus what is new: a
        quiet folder of 100 000 messages costs two short questions. While a first reading is under way the number says
        nothing: as many could have been deleted as are still to come.
        """
        uidvalidity, uidnext, exists, modseq = self._select(folder, write=False)
        whole = cursor is not None and cursor.low <= 1
        if cursor is not None and whole and cursor.uidvalidity == uidvalidity and uidnext >= cursor.next_uid:
            fresh = self._uids_from(cursor.next_uid) if uidnext > cursor.next_uid else ()
            if len(cursor.known) + len(fresh) == exists:
                return ServerState(folder, uidvalidity, uidnext, exists, fresh, cursor.next_uid, modseq)
        return ServerState(folder, uidvalidity, uidnext, exists, self._all_uids(exists), 1, modseq)

    def signs(self, folder: str) -> Signs | None:
        """What tells whether a folder has changed, without opening it; None where the server does not say, and for the one
        that is open: its STATUS could be old (RFC 9051, 6.3.11)."""
        if self._selected is not None and self._selected[0] == folder:
            return None
        wanted = [b"UIDVALIDITY", b"UIDNEXT", b"MESSAGES"]
        said: dict[bytes, Any] = {}
        try:
            with self._typed(f"looking at the folder {folder}"):
                if self._client.has_capability("CONDSTORE"):
                    wanted.append(b"HIGHESTMODSEQ")
                with contextlib.suppress(LookupError):  # an answer that tells nothing
                    said = self._client.folder_status(folder, [each.decode() for each in wanted])
        except ServerSaidNo:
            return None
        if not said:
            return None
        uidvalidity, uidnext, messages = (as_number(said.get(each)) for each in wanted[:3])
        return (uidvalidity, uidnext, messages, as_number(said.get(b"HIGHESTMODSEQ")))

    def open(self, folder: str, uidvalidity: int) -> bool:
        """Open a folder read-only for `fetch`; False when its UIDs mean other messages now."""
        if self._selected == (folder, uidvalidity, False):
            return True
        return self._select(folder, write=False)[0] == uidvalidity

    def open_anew(self, folder: str, uidvalidity: int) -> int | None:
        """Open a folder read-only as it is now, for `wait_for_news`: the UID its next message will have (0: not told);
        None when its UIDs mean other messages now. What came while something else was asked is told of no more: who
        waits has to compare."""
        now, uidnext, _, _ = self._select(folder, write=False)
        return uidnext if now == uidvalidity else None

    def _select(self, folder: str, write: bool) -> tuple[int, int, int, int]:
        with self._typed(f"opening the folder {folder}"):
            self._selected = None
            try:
                said = self._client.select_folder(folder, readonly=not write)
            except imaplib.IMAP4.readonly:
                raise self._read_only(folder) from None
        if not said.get(b"UIDVALIDITY"):
            raise ServerSaidNo(
                f"{self._mailbox.imap_host} gives no UIDVALIDITY for {server_words(folder)}.",
                "Such a folder cannot be followed safely; take it out of the settings.",
            )
        wanted = (b"UIDVALIDITY", b"UIDNEXT", b"EXISTS", b"HIGHESTMODSEQ")
        uidvalidity, uidnext, exists, modseq = (as_number(said.get(key)) for key in wanted)
        self._selected = (folder, uidvalidity, write)
        self._keeps = said.get(b"PERMANENTFLAGS")
        return uidvalidity, uidnext, exists, modseq

    def _select_to_change(self, folder: str, uidvalidity: int, flag: bytes) -> bool:
        """Open a folder to change it if its UIDs still mean the same and it can keep this flag; else False, or
        ServerSaidNo, and it is open read-only."""
        if self._select(folder, write=True)[0] != uidvalidity:
            self._select(folder, write=False)
            return False
        if self._keeps is not None and flag not in self._keeps:
            self._select(folder, write=False)
            raise self._read_only(folder)
        return True

    def _read_only(self, folder: str) -> ServerSaidNo:
        return ServerSaidNo(
            f"{self._mailbox.imap_host} lets nothing be marked or moved in {server_words(folder)}.",
            "Its rights can be changed on the server.",
            "READ-ONLY",
        )

    def _uids_from(self, first: int) -> tuple[int, ...]:
        with self._typed("looking for new mail"):
            found = _sound(self._client.search(["UID", f"{first}:*"]))
        # "n:*" always names the last message, also when its UID is below n (RFC 9051, 6.4.4).
        return tuple(sorted(uid for uid in found if uid >= first))

    def _all_uids(self, exists: int) -> tuple[int, ...]:
        found: set[int] = set()
        with self._typed("listing the messages"):
            if exists <= LISTED_AT_ONCE:
                found.update(_sound(self._client.search("ALL")))
            else:
                for start in range(1, exists + 1, LISTED_AT_ONCE):
                    end = min(start + LISTED_AT_ONCE - 1, exists)
                    found.update(_sound(self._client.search([f"{start}:{end}"])))
        return tuple(sorted(found))

    def find_message_id(self, folder: str, message_id: str) -> tuple[int, ...]:
        """The UIDs in a folder whose Message-ID is this one, angle brackets included; () when none is."""
        self._select(folder, write=False)
        with self._typed("looking for a message"):
            found = self._client.search(["HEADER", "Message-ID", message_id])
            told = self._client.fetch(list(found), ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"])
        wanted = message_id.encode()
        # The server searches for a part of the header; only the whole id is the message.
        return tuple(sorted(uid for uid, items in told.items() if wanted in _only_bytes(items)))

    # ------------------------------------------------------------------ changing, only when asked

    def append_sent(self, folder: str, raw: bytes, date: Instant) -> None:
        """Put a copy of what we sent into a folder, marked as read.

        Raises ServerSaidNo with code "OVERQUOTA" when the mailbox is full, "TRYCREATE" when the folder is
        missing.
        """
        with self._typed(f"keeping a copy in {folder}"):
            self._client.append(folder, raw, flags=[b"\\Seen"], msg_time=datetime.fromtimestamp(date, UTC))

    def set_seen(self, folder: str, uidvalidity: int, uids: Iterable[int]) -> bool:
        """Mark messages as read if the folder's UIDs still mean the same; else False, and nothing is done.

        UIDs that are gone are no error. Raises ServerSaidNo with code "READ-ONLY" where the folder keeps no such mark.
        """
        if not self._select_to_change(folder, uidvalidity, b"\\Seen"):
            return False
        try:
            for some in in_runs(sorted(set(uids)), BATCH_MESSAGES):
                with self._typed("marking as read"):
                    self._client.add_flags(some, [b"\\Seen"], silent=True)
        finally:
            self._select(folder, write=False)
        return True

    def move(self, folder: str, uidvalidity: int, uids: Iterable[int], to: str) -> bool:
        """Move messages to another folder if the UIDs still mean the same; else False, and nothing is done.

        Without MOVE (RFC 6851) they are copied and the old ones marked as deleted; these are expunged by their UIDs
        where the server can (RFC 4315), else they stay so marked: a plain EXPUNGE would take along what others have
        marked. UIDs that are gone are no error. Raises ServerSaidNo: "READ-ONLY", "TRYCREATE", "OVERQUOTA" …
        """
        if not self._select_to_change(folder, uidvalidity, b"\\Deleted"):
            return False
        try:
            for some in in_runs(sorted(set(uids)), BATCH_MESSAGES):
                with self._typed(f"moving mail to {to}"):
                    self._move(some, to)
        finally:
            self._select(folder, write=False)
        return True

    def _move(self, uids: list[int], to: str) -> None:
        if self._client.has_capability("MOVE"):
            self._client.move(uids, to)
            return
        self._client.copy(uids, to)
        self._client.add_flags(uids, [b"\\Deleted"], silent=True)
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge(uids)

    # ------------------------------------------------------------------ waiting

    def can_idle(self) -> bool:
        """Whether the server tells of new mail by itself (RFC 2177)."""
        with self._typed("asking what the server can do"):
            return bool(self._client.has_capability("IDLE"))

    def wait_for_news(
        self, seconds: float = IDLE_LIMIT, stop: Callable[[], bool] | None = None, every: float = 1.0
    ) -> bool:
        """IDLE on the open folder (`open_anew`) until something changes there; True when it did.

        Ends after `seconds` (at most IDLE_LIMIT), or when `stop`, asked every so many seconds, says so. A
        silent line and a dead one look alike here: always poll as well.
        """
        with self._typed("waiting for news"):
            news = self._begin_idle()
            for _ in range(0 if news else max(1, round(min(seconds, IDLE_LIMIT) / every))):
                if any(isinstance(said[0], int) for said in self._client.idle_check(timeout=every)):
                    news = True
                    break
                if stop is not None and stop():
                    break
            _, rest = self._client.idle_done()
        return news or any(isinstance(said[0], int) for said in rest)

    def _begin_idle(self) -> bool:
        """IDLE; True when the server tells of something before it says that it listens, as it may at any time (RFC 9051,
        7), or in the same breath. imapclient takes the one for an error, and does not see the other for minutes."""
        imap, sock = self._client._imap, self._client.socket()
        tag = self._client._idle_tag = imap._command("IDLE")
        news = False
        while (said := imap._get_response()) is not None:
            if imap.tagged_commands.get(tag) is not None:
                raise imaplib.IMAP4.error(said)
            news = news or re.match(rb"\* \d", said) is not None
        sock.setblocking(False)
        try:
            return news or bool(imap.file.peek(1))
        except OSError:  # nothing is there yet
            return news
        finally:
            self._client._set_read_timeout()


# ---------------------------------------------------------------------- small readers


def _can_hold(flags: Iterable[bytes], name: str) -> bool:
    lowered = {flag.lower() for flag in flags}
    return not lowered & {b"\\noselect", b"\\nonexistent"} and not re.search(r"[\x00-\x1f\x7f]", name)


def _decoded(raw: object) -> str | None:
    """The name of a folder as it is told, or None where that is no name."""
    if not isinstance(raw, bytes):
        return str(raw)
    try:
        name = str(decode_utf7(raw))
        name.encode()  # half a pair of UTF-16 is no character
    except UnicodeError:
        return None
    return name


def _folder(flags: Iterable[bytes], name: str) -> Folder:
    if name.upper() == "INBOX":
        return Folder("INBOX", "inbox")  # however a server writes it (RFC 9051, 5.1)
    return Folder(name, next((USES[flag.lower()] for flag in flags if flag.lower() in USES), ""))


def _sound(uids: Iterable[int]) -> list[int]:
    found = list(uids)
    if not all(0 < uid < 2**63 for uid in found):
        raise ValueError("a UID that is no number of a message")
    return found


def _only_bytes(items: dict[bytes, Any]) -> bytes:
    return b" ".join(value for value in items.values() if isinstance(value, bytes))
