"""Small texts packed well: zstandard with dictionaries trained from the workspace's own mail.

A frame names its dictionary, so old frames stay readable for ever. The first mails of a workspace are packed without
one; as soon as there are enough of them a dictionary is trained and kept in the database
(figures: docs/storage-decisions.md).
"""

from __future__ import annotations

import sqlite3
import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import zstandard

LEVEL = 3
DICTIONARY_BYTES = 65_536
TABLES = {"details": ("details", "message"), "raw": ("raws", "id")}
"""Where the texts of each kind lie, and by what they are numbered."""
RETIRED = " (old)"
"""What stands behind the kind of a dictionary with which nothing is packed any more."""
SAMPLES = 400
"""Texts a dictionary is trained from."""
LONGEST_SAMPLE = 16_384
LARGEST = 1 << 31
"""No frame claims more than this; a damaged one must not fill the memory."""


class Packing:
    """Packs and unpacks the texts of one kind ("raw", "details") of one workspace.

    Packing happens under the write lock, one thread at a time; every thread may unpack, with tools of its own, since
    those of zstandard must not be shared.
    """

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._dictionaries: dict[int, Any] = {}
        self._packers: dict[int, Any] = {}
        self._local = threading.local()
        self._newest = 0
        self._packed = 0  # without a dictionary, since one was looked for

    @cached_property
    def _zstd(self) -> Any:
        import zstandard

        return zstandard

    def pack(self, connection: sqlite3.Connection, data: bytes) -> bytes:
        """Compress, with the newest dictionary of the workspace; inside a write transaction, since it may train one."""
        self._find(connection)
        if not self._newest:
            self._packed += 1
            if self._packed >= SAMPLES:
                self._train(connection)
        return bytes(self._packer(self._newest).compress(data))

    def sampled(self, connection: sqlite3.Connection, frame: bytes) -> bool:
        """Whether words of this text may stand in a dictionary: it was packed without one, and there is one by now, which
        was trained from such."""
        self._find(connection)
        return bool(self._newest) and not self._zstd.get_frame_parameters(frame).dict_id

    def retire(self, connection: sqlite3.Connection) -> None:
        """Pack nothing more with the dictionaries there are; what was packed with them is read until it is packed anew."""
        connection.execute("UPDATE dictionaries SET kind = kind || ? WHERE kind = ?", (RETIRED, self._kind))

    def anew(self, connection: sqlite3.Connection, after: int, most: int) -> tuple[int | None, int]:
        """Pack anew up to so many of those behind the row `after` that were packed with what is retired, and forget that
        when none is left: how far it came, None at the end, and how many were changed. Inside a write transaction."""
        table, key = TABLES[self._kind]
        old = {
            row[0]
            for row in connection.execute(
                "SELECT id FROM dictionaries WHERE kind = ?", (self._kind + RETIRED,)
            )
        }
        rows = connection.execute(
            f"SELECT {key}, data FROM {table} WHERE {key} > ? AND data IS NOT NULL ORDER BY {key} LIMIT ?",
            (after, most),
        ).fetchall()
        changed = 0
        for number, frame in rows if old else ():
            if self._zstd.get_frame_parameters(frame).dict_id in old:
                packed = self.pack(connection, self.unpack(connection, frame))
                connection.execute(f"UPDATE {table} SET data = ? WHERE {key} = ?", (packed, number))
                changed += 1
        if len(rows) == most and old:
            return rows[-1][0], changed
        connection.execute("DELETE FROM dictionaries WHERE kind = ?", (self._kind + RETIRED,))
        return None, changed

    def unpack(self, connection: sqlite3.Connection, frame: bytes) -> bytes:
        """What was packed."""
        number = self._zstd.get_frame_parameters(frame).dict_id
        unpackers: dict[int, Any] = self._local.__dict__.setdefault("unpackers", {})
        if number not in unpackers:
            dictionary = self._dictionary(connection, number)
            unpackers[number] = (
                self._zstd.ZstdDecompressor(dict_data=dictionary)
                if dictionary
                else self._zstd.ZstdDecompressor()
            )
        return bytes(unpackers[number].decompress(frame, max_output_size=LARGEST))

    def forget(self) -> None:
        """A transaction was rolled back: what it trained is gone with it."""
        self._newest = 0
        self._dictionaries.clear()
        self._packers.clear()

    def _packer(self, number: int) -> zstandard.ZstdCompressor:
        if number not in self._packers:
            dictionary = self._dictionaries.get(number)
            self._packers[number] = (
                self._zstd.ZstdCompressor(level=LEVEL, dict_data=dictionary)
                if dictionary
                else self._zstd.ZstdCompressor(level=LEVEL)
            )
        packer: zstandard.ZstdCompressor = self._packers[number]
        return packer

    def _find(self, connection: sqlite3.Connection) -> None:
        """The newest dictionary, asked for each time: another process may have trained one, or taken one out of use."""
        row = connection.execute("SELECT max(id) FROM dictionaries WHERE kind = ?", (self._kind,)).fetchone()
        self._newest = row[0] or 0
        if self._newest:
            self._dictionary(connection, self._newest)
            self._packed = 0

    def _dictionary(self, connection: sqlite3.Connection, number: int) -> Any:
        if number and number not in self._dictionaries:
            row = connection.execute("SELECT data FROM dictionaries WHERE id = ?", (number,)).fetchone()
            self._dictionaries[number] = self._zstd.ZstdCompressionDict(row[0])
        return self._dictionaries.get(number)

    def _train(self, connection: sqlite3.Connection) -> None:
        """Train a dictionary from what lies in the store now: of what was erased nothing must get into one."""
        samples = [self.unpack(connection, frame)[:LONGEST_SAMPLE] for frame in self._unhelped(connection)]
        try:
            dictionary = self._zstd.train_dictionary(DICTIONARY_BYTES, samples, level=LEVEL)
        except self._zstd.ZstdError:
            self._packed = SAMPLES // 2  # too much alike, or too little: again with others
            return
        connection.execute(
            "INSERT INTO dictionaries(id, kind, data) VALUES(?, ?, ?)",
            (dictionary.dict_id(), self._kind, dictionary.as_bytes()),
        )
        self._dictionaries[dictionary.dict_id()] = dictionary
        self._newest = dictionary.dict_id()
        self._packed = 0

    def _unhelped(self, connection: sqlite3.Connection) -> list[bytes]:
        """Frames that were packed without a dictionary: of these alone it is known (`sampled`) that one may hold words."""
        table, key = TABLES[self._kind]
        found: dict[int, bytes] = {}
        for order in ("DESC", "ASC"):
            rows = connection.execute(
                f"SELECT {key}, data FROM {table} WHERE data IS NOT NULL ORDER BY {key} {order} LIMIT ?",
                (SAMPLES * 4,),
            )
            found |= {
                number: data for number, data in rows if not self._zstd.get_frame_parameters(data).dict_id
            }
        return list(found.values())[:SAMPLES]
