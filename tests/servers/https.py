"""A real web server in process: pages from a dict, and the tricks of servers that mean no good."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.servers.certificates import Certificate
from tests.servers.looping import serving

DRIPS = 200
"""Bytes that trickle, in four seconds."""


@dataclass
class Page:
    """What is answered; nothing new to who names its ETag. `drip`: one byte at a time, for longer than anybody should
    wait; `endless`: the body again and again."""

    body: bytes = b""
    status: int = 200
    location: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    drip: bool = False
    endless: bool = False


@dataclass
class WebServer:
    """The running server. `pages`: ("shop.example", "/path") -> Page; `asked`: every (host, path with query)."""

    certificate: Certificate | None = None
    pages: dict[tuple[str, str], Page] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    host: str = "127.0.0.1"
    port: int = 0

    def trusting(self) -> ssl.SSLContext:
        """What a client must have to trust it."""
        assert self.certificate is not None
        return ssl.create_default_context(cafile=str(self.certificate.cert))


@contextlib.contextmanager
def running_https(certificate: Certificate | None) -> Iterator[WebServer]:
    """Start one for the length of a `with`; it has no pages yet. Without a certificate it speaks plain HTTP."""
    web = WebServer(certificate)

    class Answer(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            host = self.headers.get("Host", "")
            web.asked.append((host, self.path))
            page = web.pages.get((host, self.path.partition("?")[0]), Page(status=404))
            if page.headers.get("ETag", "-") == self.headers.get("If-None-Match"):
                page = Page(status=304)
            self.send_response(page.status)
            if page.location:
                self.send_header("Location", page.location)
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.end_headers()
            with contextlib.suppress(OSError):
                for _ in range(DRIPS if page.drip else 0):
                    self.wfile.write(b" ")
                    self.wfile.flush()
                    if web.ended.wait(0.02):
                        break
                self.wfile.write(page.body)
                while page.endless and not web.ended.is_set():
                    self.wfile.write(page.body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # clients that refuse the certificate, or have heard enough

    server = Server((web.host, 0), Answer)
    if certificate is not None:
        context = certificate.server_context()
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    web.port = server.server_address[1]
    with serving(server, "web server"):
        try:
            yield web
        finally:
            web.ended.set()
