"""An IMAP server on paper: the folders of a mailbox in memory, and the part of imapclient that reads them.

Everything is done at once and nothing is sent, so that thousands of stories can be told about what a server may do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from inbox.model import Instant


@dataclass
class PaperFolder:
    """A folder: what its numbers mean, the next one, and its mails by number, each with the instant it came."""

    uidvalidity: int
    uidnext: int = 1
    mails: dict[int, tuple[Instant, bytes]] = field(default_factory=dict)

    def add(self, at: Instant, raw: bytes) -> int:
        """A mail comes; its number."""
        uid, self.uidnext = self.uidnext, self.uidnext + 1
        self.mails[uid] = (at, raw)
        return uid


@dataclass
class PaperServer:
    """The folders by name; it stands where imapclient's client would."""

    folders: dict[str, PaperFolder] = field(default_factory=dict)
    uses: dict[str, bytes] = field(default_factory=lambda: {"Sent": b"\\Sent", "Junk": b"\\Junk"})
    able: frozenset[str] = frozenset({"IDLE"})
    _open: PaperFolder | None = None

    # ------------------------------------------------------------------ what imapclient can do

    def has_capability(self, name: str) -> bool:
        """Whether the server can do this."""
        return name in self.able

    def list_folders(self) -> list[tuple[tuple[bytes, ...], bytes, str]]:
        """Flags, separator and name of each."""
        return [((self.uses[n],) if n in self.uses else (), b"/", n) for n in self.folders]

    def select_folder(self, name: str, readonly: bool = False) -> dict[bytes, Any]:  # noqa: ARG002  it is read alone
        """Open one."""
        self._open = folder = self.folders[name]
        wanted = (folder.uidvalidity, folder.uidnext, len(folder.mails))
        return dict(zip((b"UIDVALIDITY", b"UIDNEXT", b"EXISTS"), wanted, strict=True))

    def folder_status(self, name: str, what: Iterable[str]) -> dict[bytes, int]:
        """The same, without opening it."""
        folder = self.folders[name]
        said = {"UIDVALIDITY": folder.uidvalidity, "UIDNEXT": folder.uidnext, "MESSAGES": len(folder.mails)}
        return {each.encode(): said[each] for each in what}

    def search(self, criteria: str | list[str]) -> list[int]:
        """All numbers, or from one on, in which case the last is always among them."""
        uids = sorted(self._here)
        if criteria == "ALL" or not uids:
            return uids
        first = int(criteria[1].partition(":")[0])
        return [uid for uid in uids if uid >= first] or uids[-1:]

    def fetch(self, uids: Iterable[int], items: list[str]) -> dict[int, dict[bytes, Any]]:
        """Sizes and dates, or bodies; what is gone is left out."""
        found: dict[int, dict[bytes, Any]] = {}
        for uid in uids:
            if uid in self._here:
                at, raw = self._here[uid]
                if items == ["BODY.PEEK[]"]:
                    found[uid] = {b"BODY[]": raw}
                else:
                    found[uid] = {b"RFC822.SIZE": len(raw), b"INTERNALDATE": datetime.fromtimestamp(at, UTC)}
        return found

    @property
    def _here(self) -> dict[int, tuple[Instant, bytes]]:
        assert self._open is not None
        return self._open.mails
