"""The fault kit itself: a fault that never strikes would make every test above it a comfort and no proof."""

from __future__ import annotations

import imaplib
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.faults.clock import MONDAY, PinnedClock
from tests.faults.kill import python_child
from tests.faults.proxy import Proxy
from tests.servers import dovecot as servers
from tests.servers.certificates import make_certificate
from tests.servers.dovecot import Dovecot, need_dovecot, running_dovecot, why_not

SENT = bytes(range(256)) * 400


class Echo(socketserver.StreamRequestHandler):
    """Reads a line, answers with SENT, and then says back whatever comes."""

    def handle(self) -> None:
        self.rfile.readline()
        self.wfile.write(SENT)
        while data := self.request.recv(65536):
            self.wfile.write(data)


@pytest.fixture
def proxy(proxy_to: Callable[[str, int], Proxy]) -> Iterator[Proxy]:
    """A proxy before a server that says SENT."""

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # broken lines are what this is about

    with Server(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield proxy_to("127.0.0.1", server.server_address[1])
        server.shutdown()


def call(proxy: Proxy, timeout: float = 10) -> socket.socket:
    line = socket.create_connection((proxy.host, proxy.port), timeout=timeout)
    line.sendall(b"hello\n")
    return line


def hear(line: socket.socket, count: int = len(SENT)) -> bytes:
    heard = bytearray()
    while len(heard) < count and (data := line.recv(65536)):
        heard += data
    return bytes(heard)


def test_without_a_fault_every_byte_passes_both_ways(proxy: Proxy) -> None:
    with call(proxy) as line:
        assert hear(line) == SENT
        line.sendall(b"and back")
        assert hear(line, 8) == b"and back"

    assert (proxy.bytes_down, proxy.bytes_up) == (len(SENT) + 8, 6 + 8)
    assert (proxy.connections, proxy.struck) == (1, 0)


def test_a_fin_after_n_bytes_ends_the_line_cleanly_once(proxy: Proxy) -> None:
    proxy.cut(1000)
    with call(proxy) as line:
        assert hear(line) == SENT[:1000]
    with call(proxy) as line:
        assert hear(line) == SENT

    assert proxy.struck == 1


def test_a_reset_is_seen_as_one(proxy: Proxy) -> None:
    proxy.cut(1000, how="rst")
    with call(proxy) as line, pytest.raises(ConnectionResetError):
        while line.recv(65536):
            pass


def test_a_cut_on_the_way_up_keeps_the_rest_from_the_server(proxy: Proxy) -> None:
    proxy.cut(3, "up")
    with call(proxy) as line:
        assert hear(line) == b""
    assert proxy.bytes_up == 3


def test_a_black_hole_swallows_and_says_nothing(proxy: Proxy) -> None:
    proxy.black_hole(1000)
    with call(proxy) as line:
        assert hear(line, 1000) == SENT[:1000]
        line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            line.recv(1)
    assert proxy.wait_struck(0)


def test_a_mute_line_hears_again_when_it_is_unmuted_and_dropped_lines_are_reset(proxy: Proxy) -> None:
    with call(proxy) as line:
        assert hear(line) == SENT
        proxy.mute()
        line.sendall(b"lost")
        line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            line.recv(1)
        proxy.unmute()
        line.settimeout(10)
        line.sendall(b"heard")
        assert hear(line, 5) == b"heard"
        proxy.drop()
        with pytest.raises(ConnectionResetError):
            line.recv(1)


def test_a_flip_turns_exactly_one_bit(proxy: Proxy) -> None:
    proxy.flip(70_000)
    with call(proxy) as line:
        heard = hear(line)

    differ = [at for at in range(len(SENT)) if heard[at] != SENT[at]]
    assert differ == [70_000]
    assert heard[70_000] ^ SENT[70_000] == 1


def test_a_delay_holds_every_piece_back_and_healing_ends_it(proxy: Proxy) -> None:
    proxy.delay(0.1)
    start = time.monotonic()
    with call(proxy) as line:
        hear(line, 1)
    slow = time.monotonic() - start
    proxy.heal()

    assert slow >= 0.1
    with call(proxy) as line:
        assert hear(line) == SENT


def test_a_child_dies_at_the_point_that_was_named_and_at_the_passing_that_was_named() -> None:
    script = "from tests.faults.kill import crash_point\nfor n in range(5): print(n); crash_point('here')"

    with python_child(script, crash_at="here:3") as child:
        assert child.finish().split() == ["0", "1", "2"]
        assert child.was_killed
    with python_child(script) as child:
        assert child.finish().split() == ["0", "1", "2", "3", "4"]
        assert not child.was_killed


def test_a_child_dies_when_it_says_a_word_or_when_its_time_is_over() -> None:
    script = "import time; print('one'); print('two'); time.sleep(60); print('three')"

    with python_child(script) as child:
        assert child.kill_when_it_says("two") == ["one", "two"]
        assert child.was_killed
    with python_child(script) as child:
        assert child.kill_after(0.05)
        assert child.was_killed
    with python_child("pass") as child:
        assert not child.kill_after(30)


def test_a_child_that_is_left_running_is_gone_with_the_test() -> None:
    with python_child("import time; time.sleep(60)") as child:
        pass
    assert child.was_killed


def test_a_pinned_clock_moves_only_when_it_is_moved() -> None:
    clock = PinnedClock()

    assert clock() == clock.now() == MONDAY
    assert clock.advance(5, minutes=1, hours=1, days=1) == MONDAY + 5 + 60 + 3600 + 86400
    assert clock.advance(days=-2) < MONDAY
    assert clock.set(7) == clock() == 7


def test_certificates_are_made_in_any_number_and_told_apart(tmp_path: Path) -> None:
    good, old = make_certificate(tmp_path), make_certificate(tmp_path, "old", days=-1)

    assert good.fingerprint() != old.fingerprint()
    assert len(good.fingerprint().split(":")) == 32


def test_dovecot_keeps_what_it_is_given(dovecot: Dovecot, imap_user: str) -> None:
    raw = b"Subject: x\r\n\r\nGr\xfc\xdfe\r\n"
    dovecot.append(imap_user, raw)
    dovecot.append_many(imap_user, [raw, raw], folder="Archive")

    assert dovecot.uids(imap_user) == [1]
    assert dovecot.uids(imap_user, "Archive") == [1, 2]
    assert dovecot.raw(imap_user, 1) == raw
    assert dovecot.flags(imap_user, 1) == set()
    dovecot.expunge(imap_user, 1, "Archive")
    assert dovecot.uids(imap_user, "Archive") == [2]
    dovecot.set_uidvalidity(imap_user, 4711)
    line = imaplib.IMAP4(dovecot.host, dovecot.port)
    line.login(imap_user, "secret")
    assert "4711" in str(line.status("INBOX", "(UIDVALIDITY)"))
    dovecot.kick(imap_user)
    line.sock.settimeout(10)
    assert b"BYE" in hear(line.sock)
    line.shutdown()


def test_dovecot_starts_although_somebody_took_its_port_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    need_dovecot()
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        taken = somebody.getsockname()[1]
        ports = iter([taken, *(servers.free_port() for _ in range(3))])
        monkeypatch.setattr(servers, "free_port", lambda: next(ports))
        with running_dovecot() as server:
            assert taken not in (server.port, server.tls_port)
            server.append(server.add_user("ann"), b"Subject: x\r\n\r\n")


def test_a_slow_machine_breaks_no_property() -> None:
    assert settings().deadline is None
    assert HealthCheck.too_slow in settings().suppress_health_check


def test_a_missing_dovecot_is_a_skip_here_and_a_failure_where_everything_must_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "not installed" in str(why_not())

    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="not installed"):
        need_dovecot()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="not installed"):
        need_dovecot()
