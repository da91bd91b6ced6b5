"""A TCP proxy that breaks lines on purpose, in a thread of its own.

"down" is from the server to the client, "up" the other way. Bytes are counted per connection and direction.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from tests.servers.looping import listening

Direction = Literal["down", "up"]


@dataclass
class Fault:
    """What goes wrong on a connection, in one direction.

    cut: after `after` bytes the line ends, with "fin" (a clean end) or "rst" (a reset), on both sides.
    hole: after `after` bytes nothing passes any more, and nobody is told.
    flip: byte number `after` has its lowest bit turned.
    `connections` counts down: a fault hits so many connections (None: all of them).
    """

    kind: Literal["cut", "hole", "flip"]
    direction: Direction
    after: int
    how: Literal["fin", "rst"] = "fin"
    connections: int | None = None


@dataclass
class Proxy:
    """A proxy for one server on loopback; clients connect to `host`:`port`."""

    target: tuple[str, int]
    host: str = "127.0.0.1"
    port: int = 0
    connections: int = 0
    bytes_down: int = 0  # over all connections
    bytes_up: int = 0
    struck: int = 0  # how often a fault hit
    _faults: list[Fault] = field(default_factory=list)
    _delay: dict[Direction, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._open = threading.Event()
        self._open.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._hit = threading.Event()

    def cut(
        self,
        after: int,
        direction: Direction = "down",
        how: Literal["fin", "rst"] = "fin",
        connections: int | None = 1,
    ) -> None:
        """End the line after so many bytes of a connection to come."""
        self._faults.append(Fault("cut", direction, after, how, connections))

    def black_hole(self, after: int = 0, direction: Direction = "down", connections: int | None = 1) -> None:
        """Swallow everything after so many bytes of a connection to come; both sides think the line is up."""
        self._faults.append(Fault("hole", direction, after, connections=connections))

    def flip(self, after: int, direction: Direction = "down", connections: int | None = 1) -> None:
        """Turn one bit of byte number `after` (from 0)."""
        self._faults.append(Fault("flip", direction, after, connections=connections))

    def delay(self, seconds: float, direction: Direction = "down") -> None:
        """Hold every piece back for so long."""
        self._delay[direction] = seconds

    def mute(self) -> None:
        """From now on nothing passes, in both directions and on every line, and nobody is told."""
        self._open.clear()

    def unmute(self) -> None:
        """Let pass again; what was swallowed is gone."""
        self._open.set()

    def heal(self) -> None:
        """Forget all faults for connections to come."""
        self._faults.clear()
        self._delay.clear()
        self._open.set()

    def drop(self) -> None:
        """Reset every line that is open now."""
        self._loop.call_soon_threadsafe(self._break_lines)

    def wait_struck(self, timeout: float = 10) -> bool:
        """Wait until a fault has hit for the first time; False when none did."""
        return self._hit.wait(timeout)

    # ------------------------------------------------------------------ inside

    def _claim(self, direction: Direction) -> Fault | None:
        """The fault for a new connection's direction; a counted one is used up."""
        for fault in self._faults:
            if fault.direction == direction and fault.connections != 0:
                if fault.connections is not None:
                    fault.connections -= 1
                return fault
        return None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            up_reader, up_writer = await asyncio.open_connection(*self.target)
        except OSError:
            _end(writer, "rst")
            return
        pair = (writer, up_writer)
        self._writers.update(pair)
        try:
            await asyncio.gather(
                self._pump("up", reader, up_writer, pair, self._claim("up")),
                self._pump("down", up_reader, writer, pair, self._claim("down")),
            )
        finally:
            for one in pair:
                self._writers.discard(one)
                one.close()

    async def _pump(
        self,
        direction: Direction,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter],
        fault: Fault | None,
    ) -> None:
        passed = 0
        try:
            while data := await reader.read(65536):
                if seconds := self._delay.get(direction):
                    await asyncio.sleep(seconds)
                if not self._open.is_set():
                    continue
                start, passed = passed, passed + len(data)
                if fault and fault.kind == "flip" and start <= fault.after < passed:
                    at = fault.after - start
                    data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
                    self._strike()
                elif fault and fault.kind != "flip" and passed >= fault.after:
                    data = data[: max(0, fault.after - start)]
                    self._strike()
                self._count(direction, len(data))
                writer.write(data)
                await writer.drain()
                if fault and fault.kind == "cut" and passed >= fault.after:
                    for one in pair:
                        _end(one, fault.how)
                    return
            writer.write_eof()
        except (OSError, RuntimeError, NotImplementedError):
            for one in pair:
                _end(one, "rst")

    def _count(self, direction: Direction, size: int) -> None:
        if direction == "down":
            self.bytes_down += size
        else:
            self.bytes_up += size

    def _strike(self) -> None:
        self.struck += 1
        self._hit.set()

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, self.host, 0)

    def _break_lines(self) -> None:
        for writer in list(self._writers):
            _end(writer, "rst")


def _end(writer: asyncio.StreamWriter, how: Literal["fin", "rst"]) -> None:
    """End one side: "fin" after what is written, "rst" at once (SO_LINGER of zero makes close() reset)."""
    transport = writer.transport
    if how == "fin":
        transport.close()
        return
    plain = transport.get_extra_info("socket")
    if plain is not None:
        with contextlib.suppress(OSError):
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


@contextlib.contextmanager
def running_proxy(host: str, port: int) -> Iterator[Proxy]:
    """Start a proxy before host:port for the length of a `with`."""
    proxy = Proxy((host, port))
    with listening(proxy._loop, proxy._listen, proxy._break_lines) as proxy.port:
        yield proxy
