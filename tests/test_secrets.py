"""Known secrets, planted wherever one can lie, and servers that repeat all they hear: nothing tells them."""

from __future__ import annotations

import base64
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.front import Front
from tests.servers.talker import Talker, running_talker
from tests.shop import mail
from tests.terminal import PATIENCE, ROOT, frontdesk

CANARIES = {
    "password_command": "canary-command-Zk7\"'%4711",
    "token_command": "canary-token-Qx3.4712.abc-_",
    "password_file": "canary-file-Wv9\\4713",
}


def forms(secret: str) -> tuple[str, ...]:
    """The secret's two ends, and what of its base64 is the same whatever stands before it (AUTH PLAIN, XOAUTH2)."""
    shifted = (base64.b64encode(b"\0" * before + secret.encode()).decode() for before in range(3))
    return secret[:12], secret[-6:], *(text[4:20] for text in shifted)


def echo_imap(line: bytes) -> bytes:
    """Refuses every command with what was said, its secret included."""
    tag, _, rest = line.partition(b" ")
    if rest.upper().startswith(b"CAPABILITY"):
        return b"* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR\r\n" + tag + b" OK\r\n"
    return b"* OK [ALERT] " + line + b"\r\n" + tag + b" NO [AUTHENTICATIONFAILED] " + line + b"\r\n"


def echo_smtp(line: bytes) -> bytes:
    """The same for mail that is sent."""
    if line[:4].upper() == b"EHLO":
        return b"250-echo\r\n250 AUTH PLAIN LOGIN XOAUTH2\r\n"
    return b"535 5.7.8 " + line + b"\r\n"


@pytest.fixture
def talking() -> Iterator[tuple[Talker, Talker]]:
    """A mail server of each kind."""
    with (
        running_talker(b"* OK ready\r\n", echo_imap) as imap,
        running_talker(b"220 ready\r\n", echo_smtp) as smtp,
    ):
        yield imap, smtp


@pytest.fixture
def planted(front: Front, tmp_path: Path, talking: tuple[Talker, Talker]) -> Front:
    """Mailboxes whose secrets come from everywhere, and an answer of each that waits to be sent."""
    imap, smtp = talking
    store = tmp_path / "keyring"
    store.mkdir(mode=0o700)
    text = 'us = ["@shop.example"]\n[hours]\nzone = "Europe/Vienna"\n'
    for key, canary in CANARIES.items():
        file = store / key
        file.write_text(canary + "\n", "utf-8")
        file.chmod(0o600)
        where = str(file) if key == "password_file" else f"cat '{file}'"
        text += (
            f'\n[[mailbox]]\nname = "{key.replace("_", "-")}"\naddress = "{key}@shop.example"\nuser = "user"\n'
            f'imap_host = "127.0.0.1"\nimap_port = {imap.port}\nimap_security = "none"\n'
            f'smtp_host = "127.0.0.1"\nsmtp_port = {smtp.port}\nsmtp_security = "none"\n{key} = "{where}"\n'
        )
    front.write_settings(text)
    front.who = ""
    front.options = ["--debug"]
    front.receive([mail(f"jo{n}@park.example", "Hi", "Hi", "2026-11-08 10:00", to=f"{key}@shop.example")
                   for n, key in enumerate(CANARIES)])  # fmt: skip
    for number, key in enumerate(CANARIES, 1):
        front.ok("reply", str(number), "--text", "It is on its way.", "--from", f"{key}@shop.example")
    return front


def until(met: Callable[[], bool], what: str) -> None:
    """Wait for something that comes soon."""
    end = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def processes() -> str:
    """The arguments of every process there is, as anybody on this machine can read them."""
    told = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            told.append(one.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:
            continue
    return "\n".join(told)


def test_62_no_secret_is_told_by_log_database_process_list_or_screen(
    planted: Front, talking: tuple[Talker, Talker], tmp_path: Path, home: Path
) -> None:
    imap, smtp = talking
    said = ""
    for words in (["sync"], ["sync"], ["doctor"], ["doctor", "--json"], ["init", "--check"], ["outbox", "--json"],
                  ["list", "nope:x"], ["show", "99"], ["export", str(tmp_path / "out")],
                  ["backup", str(tmp_path / "desk.tar")]):  # fmt: skip
        ran = planted.run(*words)
        said += ran.out + ran.err
    assert "refused" in said
    words = [
        sys.executable,
        str(ROOT / "main.py"),
        "--workspace",
        str(planted.workspace),
        "--debug",
        "sync",
        "--watch",
    ]
    heard = len(imap.heard)
    worker = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=dict(os.environ), text=True
    )
    try:
        until(lambda: len(imap.heard) > heard + 3, "a login of the worker")
        said += processes()
        with frontdesk("--workspace", str(planted.workspace), "--debug") as terminal:
            terminal.until_shown("2 more")  # mailboxes in trouble
            terminal.press("gw")
            terminal.until_shown("How it stands")
            terminal.until_shown("password-file")
            terminal.press("\x1b[27u")
            terminal.until_more("the list")
            terminal.press("go")
            terminal.until_shown("Outbox")
            said += processes()
            terminal.press("\x11")
            terminal.ended()
        said += terminal.raw.decode("utf-8", "replace")
    finally:
        worker.terminate()
        said += worker.communicate(timeout=PATIENCE)[0]
    heard_all = b"\n".join((*imap.heard, *smtp.heard)).decode("latin-1")
    for secret in CANARIES.values():
        assert any(form in heard_all for form in forms(secret)), "no server has heard it: nothing is proved"
    connection = sqlite3.connect(planted.workspace / "frontdesk.db")
    said += "\n".join(connection.iterdump())
    connection.close()
    kept = tmp_path / "keyring"
    files = [
        file
        for folder in (tmp_path, home)
        for file in folder.rglob("*")
        if file.is_file() and kept not in file.parents
    ]
    assert any(file.name == "frontdesk.log" for file in files)
    said += "".join(file.read_bytes().decode("latin-1") for file in files)
    assert "Traceback" not in said
    assert not [form for secret in CANARIES.values() for form in forms(secret) if form in said]
