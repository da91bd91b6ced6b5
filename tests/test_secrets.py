"""Known secrets, planted wherever one can lie, and servers that repeat all they hear: nothing tells them."""

from __future__ import annotations

import base64
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.front import Front
from tests.journeys.test_lines_shown_safely import WORDS
from tests.servers.talker import Talker, running_talker
from tests.shop import mail
from tests.terminal import PATIENCE, ROOT, frontdesk, until
from tui.opening import open_with

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


@pytest.fixture
def planted_everywhere(planted: Front, monkeypatch: pytest.MonkeyPatch) -> Front:
    """The same with a password in a variable, one in `secrets/`, and a login there that cannot be read."""
    monkeypatch.setenv("FRONTDESK_TEST_CANARY", MORE["password_env"])
    secrets = planted.workspace / "secrets"
    secrets.mkdir(mode=0o700, exist_ok=True)
    for name, secret in (("kept", MORE["kept"]), ("oauth.msal", f'{{"refresh": "{MORE["login"]}", ')):
        (secrets / name).write_text(secret, "utf-8")
        (secrets / name).chmod(0o600)
    text = (planted.workspace / "settings.toml").read_text("utf-8")
    one = text[text.rindex("[[mailbox]]") :]
    kept = one.replace("password-file", "kept").replace("password_file@", "kept@")
    variable = one.replace("password-file", "variable").replace("password_file@", "variable@")
    login = one.replace("password-file", "oauth").replace("password_file@", "oauth@")
    where = one[one.rindex("password_file = ") :].strip()
    planted.write_settings(
        text
        + "\n" + kept.replace(where, f'password_file = "{secrets / "kept"}"')
        + "\n" + variable.replace(where, 'password_env = "FRONTDESK_TEST_CANARY"')
        + "\n" + login.replace(where, 'oauth = "microsoft"\noauth_client = "11111111-2222-3333-4444-555555555555"')
    )  # fmt: skip
    return planted


MORE = {
    "password_env": "canary-variable-Tp5%4714",
    "kept": "canary-kept-Rm2*4715",
    "login": "canary-login-Sd6#4716",
}


@pytest.mark.long
def test_62_no_command_whatever_it_fails_at_tells_a_secret(
    planted_everywhere: Front, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command there is, with words that work and with words that do not, with --debug, beside servers that repeat
    all they hear. Break it: let `masked` answer its text."""
    front, work = planted_everywhere, tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("VISUAL", "true")
    said = ""
    for path, all_words in WORDS.items():
        if path in (("demo",), ("sync",)):
            continue
        for words in (*all_words, ["\udcff"], ["999", "--nonsense"]):
            ran = front.run(*path, *[word for word in words if word != "--terminal"], stdin=b"y\n")
            said += ran.out + ran.err
        if path[0] in ("doctor", "reply", "rules"):
            said += "".join(front.run("sync").err)
    kept = [tmp_path / "keyring", front.workspace / "secrets"]
    files = [
        file
        for folder in (tmp_path, home)
        for file in folder.rglob("*")
        if file.is_file() and not any(each in file.parents for each in kept)
    ]
    assert {"frontdesk.log", "backup.tar"} <= {file.name for file in files}
    connection = sqlite3.connect(front.workspace / "frontdesk.db")
    said += "\n".join(connection.iterdump())
    connection.close()
    told = {"what commands say and the record": said}
    told |= {str(file): file.read_bytes().decode("latin-1") for file in files}
    secrets = (*CANARIES.values(), *MORE.values())
    assert "Traceback" not in said
    found = [
        (where, form)
        for where, text in told.items()
        for each in secrets
        for form in forms(each)
        if form in text
    ]
    assert not found


def test_what_has_read_a_secret_leaves_no_memory_behind() -> None:
    """No core dump, and no other process of the account may look into it."""
    told = (
        "import ctypes, resource; from inbox.channels.passwords import Secret; Secret('x');"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))"
    )
    ran = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "0 (0, 0)"


def test_what_a_person_starts_from_the_screen_gets_no_password(
    planted_everywhere: Front, tmp_path: Path
) -> None:
    """An opener, an editor and a pipe get our environment without the variables of [[mailbox]]."""
    from inbox.settings import load
    from tests.shop import seat

    settings = load(planted_everywhere.workspace / "settings.toml")
    store = planted_everywhere.store()
    environment = seat(store, settings=settings).environment()
    store.close()
    assert "FRONTDESK_TEST_CANARY" not in environment
    assert environment["PATH"] == os.environ["PATH"]
    told = tmp_path / "told"
    opened = tmp_path / "opener"
    opened.write_text(f"#!/bin/sh\nenv > {told}.new && mv {told}.new {told}\n", "utf-8")
    opened.chmod(0o700)
    open_with(str(opened), "x", environment)
    until(told.exists, "what the opener got")
    assert MORE["password_env"] not in told.read_text("utf-8")
