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
        self._looked = False
        self._samples: list[bytes] = []

    @cached_property
    def _zstd(self) -> Any:
        import zstandard

        return zstandard

    def pack(self, connection: sqlite3.Connection, data: bytes) -> bytes:
        """Compress, with the newest dictionary of the workspace; inside a write transaction, since it may train one."""
        if not self._looked or (not self._newest and len(self._samples) >= SAMPLES):
            self._find(connection)
        if not self._newest:
            self._sample(connection, data)
        return bytes(self._packer(self._newest).compress(data))

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
        self._looked, self._newest = False, 0
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
        self._looked = True
        row = connection.execute("SELECT max(id) FROM dictionaries WHERE kind = ?", (self._kind,)).fetchone()
        self._newest = row[0] or 0
        if self._newest:
            self._dictionary(connection, self._newest)
            self._samples.clear()

    def _dictionary(self, connection: sqlite3.Connection, number: int) -> Any:
        if number and number not in self._dictionaries:
            row = connection.execute("SELECT data FROM dictionaries WHERE id = ?", (number,)).fetchone()
            self._dictionaries[number] = self._zstd.ZstdCompressionDict(row[0])
        return self._dictionaries.get(number)

    def _sample(self, connection: sqlite3.Connection, data: bytes) -> None:
        self._samples.append(data[:LONGEST_SAMPLE])
        if len(self._samples) < SAMPLES:
            return
        try:
            dictionary = self._zstd.train_dictionary(DICTIONARY_BYTES, self._samples, level=LEVEL)
        except self._zstd.ZstdError:
            self._samples = self._samples[SAMPLES // 2 :]  # too much alike, or too little: again with others
            return
        connection.execute(
            "INSERT INTO dictionaries(id, kind, data) VALUES(?, ?, ?)",
            (dictionary.dict_id(), self._kind, dictionary.as_bytes()),
        )
        self._dictionaries[dictionary.dict_id()] = dictionary
        self._newest = dictionary.dict_id()
        self._samples.clear()
