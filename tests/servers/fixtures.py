"""Pytest fixtures over the servers and the fault kit; the root conftest loads them as a plugin."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.faults.clock import PinnedClock
from tests.faults.proxy import Proxy, running_proxy
from tests.servers.certificates import Certificate, make_certificate
from tests.servers.dns import NameServer, running_dns
from tests.servers.dovecot import Dovecot, need_dovecot, running_dovecot
from tests.servers.https import WebServer, running_https
from tests.servers.smtp import SmtpServer, running_smtp
from tests.servers.sshd import Sshd, need_sshd, running_sshd

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for localhost and 127.0.0.1, valid now; its `cert` is what a client must trust."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="session")
def _one_dovecot() -> Iterator[Dovecot]:
    need_dovecot()
    with running_dovecot() as server:
        yield server


@pytest.fixture
def dovecot(_one_dovecot: Dovecot) -> Dovecot:
    """The session's IMAP server. Take a fresh `imap_user` each."""
    return _one_dovecot


@pytest.fixture
def imap_user(dovecot: Dovecot) -> str:
    """A fresh user with an empty mailbox; the password is "secret"."""
    return dovecot.add_user(f"user{next(_numbers)}")


@pytest.fixture
def own_dovecot() -> Iterator[Dovecot]:
    """An IMAP server for this test alone: for wrong passwords, stops and starts."""
    need_dovecot()
    with running_dovecot() as server:
        yield server


@pytest.fixture
def sshd() -> Iterator[Sshd]:
    """An OpenSSH server on loopback for this test alone, up in 0.1 s: `sshd.teammate("anna", workspace)` lets her in."""
    need_sshd()
    with running_sshd() as server:
        yield server


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    """A DNS server on loopback that knows no names yet; all look-ups of this test go to it."""
    with running_dns() as server:
        monkeypatch.setenv("FRONTDESK_DNS", server.place)
        yield server


@pytest.fixture(scope="session")
def _web_certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    hosts = ("shop.example", "autoconfig.shop.example", "hoster.example", "autoconfig.thunderbird.net")
    return make_certificate(
        tmp_path_factory.mktemp("web"), hosts=tuple(f"DNS:{host}" for host in (*hosts, "localhost"))
    )


@pytest.fixture
def https_server(_web_certificate: Certificate, name_server: NameServer) -> Iterator[WebServer]:
    """An HTTPS server for shop.example, autoconfig.shop.example, hoster.example and Thunderbird's list of providers,
    whose names lead to it in DNS. It has no pages yet.
    """
    with running_https(_web_certificate) as server:
        for host in (
            "shop.example",
            "autoconfig.shop.example",
            "hoster.example",
            "autoconfig.thunderbird.net",
        ):
            name_server.add(host, "A", server.host)
        yield server


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A plain SMTP server on loopback; user "ann", password "secret"."""
    with running_smtp() as server:
        yield server


@pytest.fixture
def make_smtp(certificate: Certificate) -> Iterator[Callable[..., SmtpServer]]:
    """Make SMTP servers of any kind: `make_smtp("starttls", **fields of SmtpServer)`."""
    with contextlib.ExitStack() as stack:

        def make(security: str = "none", **more: Any) -> SmtpServer:
            return stack.enter_context(running_smtp(security, certificate, **more))

        yield make


@pytest.fixture
def proxy_to() -> Iterator[Callable[[str, int], Proxy]]:
    """Make proxies before a server: `proxy_to(host, port)`."""
    with contextlib.ExitStack() as stack:

        def make(host: str, port: int) -> Proxy:
            return stack.enter_context(running_proxy(host, port))

        yield make


@pytest.fixture
def clock() -> PinnedClock:
    """A clock that stands at a Monday morning until it is moved."""
    return PinnedClock()
