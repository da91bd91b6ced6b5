"""A real OpenSSH server for tests: its own configuration and host key, a port of loopback, and the keys of a team in it.

It runs as whoever runs the tests, and lets people in as that account. Where no sshd is installed the tests are skipped
with the reason; with the environment variable CI set they fail instead, so that no silent gap appears there.

Traps met: sshd wants to be called by its whole path; as root it wants /run/sshd to be there; StrictModes would refuse a
folder below /tmp; an account whose password field begins with "!" is locked where PAM is not asked; a client waits for
ever without `BatchMode`, and reads the files of whoever runs the tests without `-F none`; newer servers slow down who
fails a few times (PerSourcePenalties, from 9.8 on), and older ones do not know that option.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from inbox.public_keys import line_for, read_key
from tests.servers.dovecot import free_port
from tests.servers.needed import need
from tests.terminal import ROOT, Terminal, at_a_terminal

START_LIMIT = 10.0  # seconds until a start counts as failed
PATIENCE = 60.0  # seconds until a command counts as one that hangs

CONFIG = """
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host
PidFile {folder}/pid
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PermitUserEnvironment no
AcceptEnv LANG LC_*
MaxStartups 200
MaxSessions 200
LogLevel VERBOSE
SetEnv {environment}
"""


def why_not() -> str | None:
    """Why no sshd can be started here; None when one can."""
    if _sshd() is None or shutil.which("ssh") is None or shutil.which("ssh-keygen") is None:
        return "sshd is not installed (Debian: apt-get install openssh-server openssh-client)"
    user = pwd.getpwuid(os.geteuid())
    if user.pw_shell.endswith(("nologin", "false")):
        return f"the account {user.pw_name} has no shell, so that nobody gets in as it"
    return None


def need_sshd() -> None:
    """Skip the test with the reason where sshd cannot run; fail it where CI is set."""
    need(why_not())


def forced(workspace: Path, name: str) -> list[str]:
    """Frontdesk on a workspace as somebody, as the line of their key runs it."""
    return [sys.executable, str(ROOT / "main.py"), "--workspace", str(workspace), "--as", name]


@dataclass(frozen=True)
class Login:
    """Somebody's way in: their key, and the server it opens. `ssh` runs a command there, `screen` opens the screen."""

    server: Sshd
    key: Path

    def command(self, *options: str) -> list[str]:
        """The ssh that goes there; what is asked for comes behind it."""
        known = self.server.folder / "known_hosts"
        settings = (
            *("BatchMode=yes", "IdentitiesOnly=yes", "ControlPath=none", "LogLevel=ERROR"),
            *(f"UserKnownHostsFile={known}", "StrictHostKeyChecking=yes"),
        )
        return [
            *("ssh", "-F", "none", "-p", str(self.server.port), "-i", str(self.key)),
            *(word for setting in settings for word in ("-o", setting)),
            *options,
            f"{self.server.user}@127.0.0.1",
        ]

    def ssh(
        self, asked: str | None = None, stdin: bytes = b"", options: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[bytes]:
        """`ssh desk ASKED`, without a terminal: what came back, and its exit status. None asks for nothing: the screen."""
        return subprocess.run(
            [*self.command("-T", *options), *_words(asked)],
            check=False,
            input=stdin,
            capture_output=True,
            timeout=PATIENCE,
        )

    def screen(
        self, asked: str | None = None, columns: int = 120, lines: int = 36
    ) -> contextlib.AbstractContextManager[Terminal]:
        """`ssh -t desk` at a terminal of this size; what is left of it at the end is killed."""
        return at_a_terminal(Terminal, [*self.command("-tt"), *_words(asked)], columns, lines)


def _words(asked: str | None) -> list[str]:
    """What stands behind the name of the host; ssh would take an option there as its own."""
    return ["--", asked] if asked is not None else []


@dataclass(frozen=True)
class Sshd:
    """A running server."""

    folder: Path
    port: int
    user: str

    @property
    def authorized(self) -> Path:
        """The file of the keys that are let in."""
        return self.folder / "authorized_keys"

    def new_key(self, name: str) -> Path:
        """A pair of keys for somebody; the path is that of the private half, the public one has .pub behind it."""
        path = self.folder / f"key-{name}"
        if not path.exists():
            _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"{name}@laptop", "-f", str(path))
        return path

    def allow(self, line: str) -> None:
        """Put a line into the file of the keys that are let in, as an administrator does by hand."""
        with self.authorized.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    def teammate(
        self, name: str, workspace: Path, command: Callable[[Path, str], Sequence[str]] = forced
    ) -> Login:
        """Let somebody in by a forced command on a workspace, as `frontdesk team add` writes it."""
        key = self.new_key(name)
        self.allow(
            line_for(
                read_key(key.with_name(f"{key.name}.pub").read_text("utf-8")), command(workspace, name), name
            )
        )
        return Login(self, key)

    def log(self) -> str:
        """What the server wrote down so far."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def running_sshd(**environment: str) -> Iterator[Sshd]:
    """Start a server for the length of a `with`; nobody is let in yet. Sessions get this environment besides.

    At the end the server and every session of it are killed.
    """
    folder = Path(tempfile.mkdtemp(prefix="fd-sshd-"))
    process: subprocess.Popen[bytes] | None = None
    try:
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "host"))
        (folder / "authorized_keys").touch(mode=0o600)
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        server, process = _started(folder, environment)
        host = (folder / "host.pub").read_text("ascii").split(maxsplit=2)[:2]
        (folder / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {' '.join(host)}\n", "ascii")
        yield server
    finally:
        if process is not None:
            _end(process)
        shutil.rmtree(folder, ignore_errors=True)


def _started(folder: Path, environment: dict[str, str]) -> tuple[Sshd, subprocess.Popen[bytes]]:
    """Start it on a port that is free; somebody else may take it between the looking and the taking, so try again."""
    given = {"XDG_CONFIG_HOME": str(folder / "config"), "XDG_STATE_HOME": str(folder / "state"), "TZ": "UTC"}
    given |= environment
    for _ in range(5):
        server = Sshd(folder, free_port(), pwd.getpwuid(os.geteuid()).pw_name)
        words = " ".join(f'"{name}={value}"' for name, value in given.items())
        config = CONFIG.format(folder=folder, port=server.port, environment=words) + _penalties()
        (folder / "config_file").write_text(config, "utf-8")
        process = subprocess.Popen(
            [_sshd() or "", "-D", "-f", str(folder / "config_file"), "-E", str(folder / "log")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if _is_up(server, process):
            return server, process
        _end(process)
    raise RuntimeError(f"sshd did not start: {server.log()}")


def _is_up(server: Sshd, process: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + START_LIMIT
    while process.poll() is None and time.monotonic() < end:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", server.port), timeout=1) as line,
        ):
            if line.recv(4) == b"SSH-":
                return True
        time.sleep(0.01)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the server with everything that goes back to it; sessions have groups of their own."""
    children = _below(process.pid)
    for pid in (process.pid, *children):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, 9)
    process.wait()


def _below(pid: int) -> list[int]:
    """The processes that were started by this one, and by those."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text("ascii").split():
                found += [int(child), *_below(int(child))]
    return found


def _sshd() -> str | None:
    return shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:/sbin")


def _penalties() -> str:
    said = subprocess.run(["ssh", "-V"], check=False, capture_output=True, text=True).stderr
    found = re.search(r"OpenSSH_(\d+)\.(\d+)", said)
    return "PerSourcePenalties no\n" if found and (int(found[1]), int(found[2])) >= (9, 8) else ""


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL, capture_output=True)
