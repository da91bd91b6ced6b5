"""A real name server in process: UDP and TCP on one port of loopback, answering from a dict."""

from __future__ import annotations

import contextlib
import socketserver
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.servers.looping import serving

SMALL = 512  # bytes of an answer over UDP (RFC 1035)


@dataclass
class NameServer:
    """The running server. `records` may be changed at any time.

    `records`: ("shop.example", "MX") -> ["10 mail.shop.example."], as in a zone file. A name with records of another
    kind only has none of this kind; any other name does not exist. `failing` are names answered by SERVFAIL, `silent`
    ones that never get an answer, "*" all of them. `asked` is what was asked for, as (name, kind).
    """

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    host: str = "127.0.0.1"
    port: int = 0

    @property
    def place(self) -> str:
        """Where it listens, as FRONTDESK_DNS and `server=` take it."""
        return f"{self.host}:{self.port}"

    def add(self, name: str, kind: str, *texts: str) -> None:
        """Add records, each as in a zone file: `add("shop.example", "TXT", '"v=spf1 -all"')`."""
        self.records.setdefault((name.lower(), kind), []).extend(texts)

    def answer(self, wire: bytes, limit: int) -> bytes | None:
        """The answer to one question, in wire form; None where there is none."""
        try:
            query = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        question = query.question[0]
        name, kind = (
            question.name.to_text(omit_final_dot=True).lower(),
            dns.rdatatype.to_text(question.rdtype),
        )
        self.asked.append((name, kind))
        if self.silent & {name, "*"}:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA | dns.flags.AA
        if self.failing & {name, "*"}:
            response.set_rcode(dns.rcode.SERVFAIL)
        else:
            self._fill(response, name, kind)
        return response.to_wire(max_size=limit, prefer_truncation=True)

    def _fill(self, response: dns.message.Message, name: str, kind: str) -> None:
        alias = self.records.get((name, "CNAME"), [])
        for each, texts in ((("CNAME"), alias), (kind, self.records.get((name, kind), []))):
            if texts:
                response.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", each, *texts))
        if alias:
            self._fill(response, alias[0].rstrip(".").lower(), kind)
        elif not any(known == name for known, _ in self.records):
            response.set_rcode(dns.rcode.NXDOMAIN)


class _Udp(socketserver.BaseRequestHandler):
    server: Any

    def handle(self) -> None:
        data, line = self.request
        said = self.server.names.answer(data, SMALL)
        if said is not None:
            line.sendto(said, self.client_address)


class _Tcp(socketserver.StreamRequestHandler):
    server: Any
    timeout = 10

    def handle(self) -> None:
        size = int.from_bytes(self.rfile.read(2), "big")
        said = self.server.names.answer(self.rfile.read(size), 65535)
        if said is not None:
            self.wfile.write(len(said).to_bytes(2, "big") + said)


class _TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


@contextlib.contextmanager
def running_dns() -> Iterator[NameServer]:
    """Start one for the length of a `with`; it knows no names yet."""
    names = NameServer()
    with contextlib.ExitStack() as stack:
        for server in _on_one_port(names.host):
            server.names = names
            names.port = server.server_address[1]
            stack.enter_context(serving(server, "name server"))
        yield names


def _on_one_port(host: str) -> tuple[Any, Any]:
    """A UDP and a TCP server on the same port: the other kind's port may be taken, then another is tried."""
    while True:
        udp = socketserver.UDPServer((host, 0), _Udp)
        with contextlib.suppress(OSError):
            return udp, _TcpServer((host, udp.server_address[1]), _Tcp)
        udp.server_close()
