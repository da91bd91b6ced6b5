"""A real Dovecot for tests: everything under one temporary folder, loopback only, nothing outside touched.

Start-up takes about 0.1 s. Where Dovecot is not installed the tests are skipped with the reason; with the
environment variable CI set they fail instead, so that no silent gap appears there.

Traps met: `dovecot` must not have a pipe as its output (it hangs for ever); the folder and its parents must
be searchable by others; the login process refuses to run as root; after a wrong password it makes everybody
from the same address wait for longer and longer, until its penalty is taken away (see CONFIG).
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.certificates import Certificate, make_certificate
from tests.servers.needed import need

START_LIMIT = 10.0  # seconds until a start counts as failed

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
instance_name = t{port}
log_path = {folder}/dovecot.log
info_log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN {folder}/users/%u
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
userdb {{
  driver = passwd-file
  args = {folder}/users/%u
  default_fields = uid={uid} gid={gid} home={folder}/mail/%u
}}
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/Maildir
mail_max_userip_connections = 200
mail_fsync = never
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
  mailbox Junk {{
    auto = subscribe
    special_use = \\Junk
  }}
  mailbox Archive {{
    auto = subscribe
    special_use = \\Archive
  }}
}}
mail_plugins = quota
protocol imap {{
  mail_plugins = quota imap_quota
}}
plugin {{
  quota = count:User quota
  quota_rule = *:storage=1G
  quota_vsizes = yes
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  service_count = 0
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
}}
"""

OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
username_attribute = sub
"""


def why_not() -> str | None:
    """Why no Dovecot can be started here; None when one can."""
    if shutil.which("dovecot") is None or shutil.which("doveadm") is None:
        return "dovecot is not installed (Debian: apt-get install dovecot-imapd)"
    if os.geteuid() != 0:
        return "this Dovecot is started as root, so that mail processes run as another user"
    return None


def need_dovecot() -> None:
    """Skip the test with the reason where Dovecot cannot run; fail it where CI is set."""
    need(why_not())


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Dovecot:
    """A running server. `port` speaks plain and STARTTLS, `tls_port` implicit TLS."""

    folder: Path
    port: int
    tls_port: int
    certificate: Certificate
    host: str = "127.0.0.1"
    _passwords: dict[str, str] = field(default_factory=dict)
    _key: bytes = b"a key for signing the tokens of tests"

    @property
    def config(self) -> Path:
        """The configuration file, for doveadm."""
        return self.folder / "dovecot.conf"

    def add_user(self, user: str, password: str = "secret", quota: str = "") -> str:
        """Make a user (quota such as "20K"); the mailbox appears with the first login. Returns the name.

        One file a user: Dovecot notices a changed file late, but a new one at once.
        """
        extra = f"userdb_quota_rule=*:storage={quota}" if quota else ""
        place = self.folder / "users" / user
        place.write_text(f"{user}:{{PLAIN}}{password}::::::{extra}\n", encoding="utf-8")
        place.chmod(0o644)
        self._passwords[user] = password
        return user

    def token(self, user: str, expires: int) -> str:
        """An OAuth2 access token for XOAUTH2: a JWT that runs out at the instant `expires`."""

        def part(data: bytes) -> bytes:
            return base64.urlsafe_b64encode(data).rstrip(b"=")

        head = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
        body = part(json.dumps({"sub": user, "iat": 1_000_000_000, "exp": expires}).encode())
        signature = part(hmac.new(self._key, head + b"." + body, hashlib.sha256).digest())
        return b".".join((head, body, signature)).decode()

    def doveadm(self, *words: str, check: bool = True, stdin: bytes | None = None) -> str:
        """Run doveadm on this server and give back what it said."""
        return self._doveadm(*words, check=check, stdin=stdin).decode(errors="replace")

    def _doveadm(self, *words: str, check: bool = True, stdin: bytes | None = None) -> bytes:
        done = subprocess.run(
            ["doveadm", "-c", str(self.config), *words],
            check=False,
            input=stdin,
            stdin=None if stdin is not None else subprocess.DEVNULL,
            capture_output=True,
        )
        if check and done.returncode:
            raise RuntimeError(f"doveadm {' '.join(words)}: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def append(self, user: str, raw: bytes, folder: str = "INBOX") -> None:
        """Put one message into a folder, as if delivered."""
        self.doveadm("save", "-u", user, "-m", folder, stdin=raw)

    def append_many(self, user: str, raws: list[bytes], folder: str = "INBOX") -> None:
        """Put many messages into a folder over one IMAP line (much faster than one process each)."""
        import imaplib

        line = imaplib.IMAP4(self.host, self.port)
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            line.login(user, self._passwords[user])
            for raw in raws:
                answer, words = line.append(folder, "", "", raw)
                if answer != "OK":
                    raise RuntimeError(f"APPEND to {folder}: {words!r}")
        finally:
            line.logout()

    def uids(self, user: str, folder: str = "INBOX") -> list[int]:
        """The UIDs that are in a folder, ascending."""
        said = self.doveadm("-f", "flow", "fetch", "-u", user, "uid", "mailbox", folder)
        return sorted(int(line.partition("=")[2]) for line in said.split() if line.startswith("uid="))

    def flags(self, user: str, uid: int, folder: str = "INBOX") -> set[str]:
        """The flags of one message as the server keeps them, without the recent mark."""
        said = self.doveadm("-f", "flow", "fetch", "-u", user, "flags", "mailbox", folder, "uid", str(uid))
        return set(said.partition("=")[2].split()) - {"\\Recent"}

    def raw(self, user: str, uid: int, folder: str = "INBOX") -> bytes:
        """The bytes of one message as the server keeps them, lines ended by CRLF as IMAP gives them."""
        said = self._doveadm("-f", "pager", "fetch", "-u", user, "text", "mailbox", folder, "uid", str(uid))
        return said.partition(b"text:\n")[2].replace(b"\n", b"\r\n")

    def expunge(self, user: str, uid: int, folder: str = "INBOX") -> None:
        """Delete one message for good, as another mail program would."""
        self.doveadm("expunge", "-u", user, "mailbox", folder, "uid", str(uid))

    def set_uidvalidity(self, user: str, value: int, folder: str = "INBOX") -> None:
        """Give a folder another UIDVALIDITY; the messages stay."""
        self.doveadm("mailbox", "update", "-u", user, "--uid-validity", str(value), folder)

    def kick(self, user: str) -> None:
        """Throw the user's connections out, as an administrator would."""
        self.doveadm("kick", user, check=False)

    def log(self) -> str:
        """What the server wrote down so far."""
        return (self.folder / "dovecot.log").read_text(encoding="utf-8", errors="replace")


def _write_config(server: Dovecot, change: Callable[[str], str] = str) -> None:
    nobody = pwd.getpwnam("nobody")
    folder = server.folder
    (folder / "mail").mkdir(mode=0o777, exist_ok=True)
    (folder / "mail").chmod(0o777)
    keys = folder / "keys" / "default" / "HS256"
    keys.mkdir(parents=True, exist_ok=True)
    (keys / "default").write_bytes(base64.b64encode(server._key))
    (folder / "users").mkdir(exist_ok=True)
    (folder / "oauth2.conf").write_text(OAUTH2.format(folder=folder), encoding="ascii")
    server.config.write_text(
        change(CONFIG).format(
            folder=folder,
            port=server.port,
            tls_port=server.tls_port,
            cert=server.certificate.cert,
            key=server.certificate.key,
            uid=nobody.pw_uid,
            gid=nobody.pw_gid,
            internal="dovecot",
            group="dovecot",
            login="dovenull",
        ),
        encoding="ascii",
    )


def less_able(able: str | None = None, separator: str = "/", uses: bool = True) -> Callable[[str], str]:
    """A change of the configuration: these capabilities alone, another separator of folders, and no folder has a use, or is
    there by itself."""

    def change(config: str) -> str:
        config = config.replace("  separator = /", f"  separator = {separator}")
        if not uses:
            config = (
                "\n".join(line for line in config.splitlines() if not re.search("special_use|auto = ", line))
                + "\n"
            )
        return config + (f"imap_capability = {able}\n" if able is not None else "")

    return change


def _wait_until_up(server: Dovecot) -> None:
    end = time.monotonic() + START_LIMIT
    while True:
        try:
            with socket.create_connection((server.host, server.tls_port), timeout=1):
                pass
            with socket.create_connection((server.host, server.port), timeout=1) as line:
                if line.recv(4) == b"* OK":
                    return
        except OSError:
            pass
        if time.monotonic() > end:
            said = (server.folder / "start.out").read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"Dovecot did not start: {said}\n{server.log()}")
        time.sleep(0.01)


def _started(folder: Path, certificate: Certificate, change: Callable[[str], str]) -> Dovecot:
    """Start it on ports that are free; somebody else may take one between the looking and the taking, so try again."""
    for last in (False, False, True):
        server = Dovecot(folder, free_port(), free_port(), certificate)
        _write_config(server, change)
        with (folder / "start.out").open("wb") as out:
            done = subprocess.run(
                ["dovecot", "-c", str(server.config)],
                check=last,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        if not done.returncode:
            break
    return server


def _stop(folder: Path) -> None:
    """Kill the master and all its processes, which are a group of their own; asking nicely takes seconds."""
    with contextlib.suppress(OSError, ValueError):
        master = int((folder / "run" / "master.pid").read_text(encoding="ascii"))
        if os.getpgid(master) == master:
            os.killpg(master, signal.SIGKILL)


@contextlib.contextmanager
def running_dovecot(
    certificate: Certificate | None = None, change: Callable[[str], str] = str
) -> Iterator[Dovecot]:
    """Start a server for the length of a `with`; it has no users yet. `change` makes another of its configuration."""
    folder = Path(tempfile.mkdtemp(prefix="fd-dovecot-"))
    folder.chmod(0o755)
    shown = certificate or make_certificate(folder)
    try:
        server = _started(folder, shown, change)
        _wait_until_up(server)
        yield server
    finally:
        _stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
