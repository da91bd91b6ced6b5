"""Fetching mail over IMAP: sizes first, then bodies in batches, large messages in pieces.

By BODY.PEEK alone, which marks nothing as read (RFC 9051, 6.4.5). What a server gives nothing of is told of in words and
holds up nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from inbox.channels.imap_line import typed
from inbox.channels.trouble import ServerSaidNo
from inbox.model import Instant

if TYPE_CHECKING:
    from inbox.settings import Mailbox

ASKED_AT_ONCE = 500
"""UIDs in one question for sizes."""

BATCH_MESSAGES = 500
BATCH_BYTES = 8 * 2**20
"""Bodies fetched by one command: at most so many, and so many bytes unless one alone is larger. Each command costs the
way to the server and back, on a long line longer than placing what it brings."""

LARGE = 5 * 2**20
"""Bytes from which a message comes as a placeholder first."""

HEAD = 64 * 2**10
"""Bytes of a large message that come with its placeholder: its headers and how its text begins."""

PIECE = 2**20
"""Bytes of one piece of a large message."""

NOT_NOW = ("UNAVAILABLE", "INUSE", "LIMIT", "THROTTLED")
"""Response codes (RFC 5530) of a server that would say no to anything just now."""
MOST_REFUSED = 20
"""After so many messages that it gives nothing of, a server is believed to have a trouble of its own."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One message as fetched. `raw` are its bytes as the server gives them, `size` what it said their
    number is.

    complete: False for a large message, of which `raw` is only the head; `pieces` fetches the rest.
    refusal: the words of a server that gives nothing of it; "" when all is well.
    oddity: in words what did not fit, also after asking a second time; "" when all is well.
    internal_date: when the server received it; None when it told no readable date.
    """

    uid: int
    internal_date: Instant | None
    flags: tuple[str, ...]
    raw: bytes
    size: int
    complete: bool = True
    oddity: str = ""
    refusal: str = ""


class Fetching:
    """What a logged-in line fetches of the folder that is open."""

    def __init__(self, client: Any, mailbox: Mailbox) -> None:
        self._client = client
        self._mailbox = mailbox

    def _typed(self, doing: str) -> AbstractContextManager[None]:
        return typed(self._mailbox, doing)

    def fetch(self, uids: Iterable[int], large: int = LARGE) -> Iterator[Fetched]:
        """Fetch messages of the folder opened by `look`, in ascending order of UID.

        UIDs that never come are gone from the server; that is no error. When the iterator has ended, all that
        were asked for have come or are gone, or are refused.
        """
        for some in in_runs(sorted(set(uids)), ASKED_AT_ONCE):
            yield from self._fetch_some(some, large)

    def _fetch_some(self, uids: list[int], large: int) -> Iterator[Fetched]:
        refused: dict[int, str] = {}
        told = self._told(uids, refused)
        if silent := [uid for uid in uids if uid not in told and uid not in refused]:
            told |= self._told(silent, refused)  # a damaged answer must not look like a deleted message
        for batch in _batches(sorted(told), told, large):
            if told[batch[0]].size > large:
                yield from self._head(told[batch[0]], refused)
            else:
                yield from self._bodies([told[uid] for uid in batch], refused)
        for uid, words in sorted(refused.items()):
            yield Fetched(uid, None, (), b"", 0, refusal=words)

    def _told(self, uids: list[int], refused: dict[int, str]) -> dict[int, _Told]:
        said = self._ask("asking for sizes", uids, ["RFC822.SIZE", "INTERNALDATE", "FLAGS"], refused)
        return {uid: _Told.of(uid, items) for uid, items in said.items() if b"RFC822.SIZE" in items}

    def _bodies(self, asked: Sequence[_Told], refused: dict[int, str]) -> Iterator[Fetched]:
        raws = self._raws([told.uid for told in asked], refused)
        if silent := [told.uid for told in asked if told.uid not in raws and told.uid not in refused]:
            raws |= self._raws(silent, refused)
        for told in asked:
            raw = raws.pop(told.uid, None)
            if raw is None:
                continue
            if len(raw) == told.size:
                yield told.fetched(raw)
            else:
                yield from self._again(told, raw, refused)

    def _again(self, told: _Told, first: bytes, refused: dict[int, str]) -> Iterator[Fetched]:
        """The size did not fit: ask once more, and mark what still does not (some servers count wrongly)."""
        raw = self._raws([told.uid], refused).get(told.uid)
        if raw is None:
            return
        if len(raw) == told.size:
            yield told.fetched(raw)
            return
        if not raw:
            refused[told.uid] = f"the server said {told.size} bytes and gave none"
            return
        came = "the same bytes came twice" if raw == first else "each time other bytes came"
        yield told.fetched(raw, f"the server said {told.size} bytes and gave {len(raw)}; {came}")

    def _raws(self, uids: list[int], refused: dict[int, str]) -> dict[int, bytes]:
        said = self._ask("fetching messages", uids, ["BODY.PEEK[]"], refused)
        return {uid: items[b"BODY[]"] or b"" for uid, items in said.items() if b"BODY[]" in items}

    def _ask(
        self, doing: str, uids: list[int], items: list[str], refused: dict[int, str]
    ) -> dict[int, dict[bytes, Any]]:
        """Ask for something of messages; those of which the server gives nothing are put into `refused`.

        Gmail and Exchange refuse a whole command for one message they cannot read: the others are asked for without it.
        """
        try:
            with self._typed(doing):
                said: dict[int, dict[bytes, Any]] = self._client.fetch(uids, items)
            # a server may tell of others unasked (RFC 9051, 7.5.2); the cursor must not stand behind those
            return {uid: said[uid] for uid in uids if uid in said}
        except ServerSaidNo as error:
            if error.code in NOT_NOW or len(refused) >= MOST_REFUSED:
                raise
            if len(uids) == 1:
                refused[uids[0]] = error.what
                return {}
        half = len(uids) // 2
        return self._ask(doing, uids[:half], items, refused) | self._ask(doing, uids[half:], items, refused)

    def _head(self, told: _Told, refused: dict[int, str]) -> Iterator[Fetched]:
        head = self._part(told.uid, 0, HEAD)
        if head:
            yield told.fetched(head, complete=len(head) == told.size)
        elif head is not None:
            refused[told.uid] = f"the server said {told.size} bytes and gave none"

    def pieces(self, uid: int, size: int, start: int = 0, piece: int = PIECE) -> Iterator[bytes]:
        """Fetch a large message from byte `start` on, piece by piece.

        Ends when the message does, or when it is gone: compare the bytes had with `size`. More than `size`
        and one piece are never fetched.
        """
        while start <= size:
            part = self._part(uid, start, piece)
            if not part:
                return
            yield part
            start += len(part)
            if len(part) < piece:
                return

    def _part(self, uid: int, start: int, length: int) -> bytes | None:
        with self._typed("fetching a large message"):
            said = self._client.fetch([uid], [f"BODY.PEEK[]<{start}.{length}>"])
        items = said.get(uid)
        if items is None:
            return None
        value = items.get(b"BODY[]<%d>" % start)
        return value if isinstance(value, bytes) else b""


@dataclass(frozen=True, slots=True)
class _Told:
    """What the server told of a message before its bytes."""

    uid: int
    size: int
    date: Instant | None
    flags: tuple[str, ...]

    @classmethod
    def of(cls, uid: int, items: dict[bytes, Any]) -> _Told:
        when = items.get(b"INTERNALDATE")
        flags = tuple(sorted(as_text(flag) for flag in items.get(b"FLAGS") or () if flag != b"\\Recent"))
        return cls(uid, as_number(items.get(b"RFC822.SIZE")), _instant(when), flags)

    def fetched(self, raw: bytes, oddity: str = "", complete: bool = True) -> Fetched:
        return Fetched(self.uid, self.date, self.flags, raw, self.size, complete, oddity)


def in_runs(uids: list[int], length: int) -> Iterator[list[int]]:
    """UIDs in lists of at most so many."""
    for start in range(0, len(uids), length):
        yield uids[start : start + length]


def _batches(uids: Sequence[int], told: dict[int, _Told], large: int) -> Iterator[list[int]]:
    """Runs of UIDs that one command may fetch; a large message stands alone."""
    batch: list[int] = []
    weight = 0
    for uid in uids:
        size = told[uid].size
        full = len(batch) >= BATCH_MESSAGES or weight + size > BATCH_BYTES
        if batch and (full or size > large or told[batch[0]].size > large):
            yield batch
            batch, weight = [], 0
        batch.append(uid)
        weight += size
    if batch:
        yield batch


def as_number(value: object) -> int:
    """A number that a server told; 0 for none, and for one that no store holds (RFC 9051, 4.2: 63 bits)."""
    if isinstance(value, list | tuple) and value:
        return as_number(value[0])
    if isinstance(value, bytes) and value.isdigit() and len(value) < 20:
        value = int(value)
    return value if isinstance(value, int) and 0 < value < 2**63 else 0


def _instant(when: object) -> Instant | None:
    if not isinstance(when, datetime):
        return None
    try:
        return max(0, int(when.timestamp())) or None
    except (OverflowError, ValueError):
        return None


def as_text(flag: object) -> str:
    """A flag, or another word of IMAP, as text."""
    return flag.decode("utf-8", "replace") if isinstance(flag, bytes) else str(flag)
