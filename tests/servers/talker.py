"""A server that says what a test tells it to: for what no honest server does."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.servers.looping import serving

Answer = Callable[[bytes], bytes | None]
"""From a line heard, without its end, to what is said; None ends the line."""


@dataclass
class Talker:
    """The running server; `heard` are all lines of all connections."""

    greeting: bytes
    answer: Answer
    host: str = "127.0.0.1"
    port: int = 0
    heard: list[bytes] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)  # a line has ended

    def heard_words(self) -> bytes:
        """All that was heard, in upper case."""
        return b"\n".join(self.heard).upper()


@contextlib.contextmanager
def running_talker(greeting: bytes, answer: Answer) -> Iterator[Talker]:
    """Start one for the length of a `with`."""
    talker = Talker(greeting, answer)

    class Line(socketserver.StreamRequestHandler):
        timeout = 30

        def handle(self) -> None:
            with contextlib.suppress(OSError):
                self.talk()
            talker.ended.set()

        def talk(self) -> None:
            self.wfile.write(talker.greeting)
            while line := self.rfile.readline(1 << 20):
                heard = line.rstrip(b"\r\n")
                talker.heard.append(heard)
                said = talker.answer(heard)
                if said is None:
                    return
                self.wfile.write(said)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    server = Server((talker.host, 0), Line)
    talker.port = server.server_address[1]
    with serving(server, "talker"):
        yield talker
