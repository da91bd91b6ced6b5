"""Over a real sshd: who is let in by a forced command gets their own Frontdesk, and nothing else of the account."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.front import Front
from tests.servers.sshd import Login, Sshd

SETTINGS = """
us = ["support@shop.example", "@shop.example"]

[[team]]
name = "anna"
role = "owner"

[[team]]
name = "bo"
"""


def ask(login: Login, asked: str, stdin: bytes = b"", status: int = 0) -> bytes:
    """What a command over SSH prints; it must end with this status."""
    done = login.ssh(asked, stdin)
    assert done.returncode == status, (asked, done.stdout, done.stderr)
    return done.stdout


def refused(login: Login, asked: str, status: int = 2) -> str:
    """What a command over SSH says that must end with this status and print nothing."""
    done = login.ssh(asked)
    assert (done.returncode, done.stdout) == (status, b""), (asked, done.stdout, done.stderr)
    return done.stderr.decode()


def test_commands_over_ssh_give_bytes_and_exit_status_and_nobody_speaks_as_another(
    sshd: Sshd, shop_front: Front
) -> None:
    bo = sshd.teammate("bo", shop_front.workspace)
    listed = [json.loads(line) for line in ask(bo, "list --json").splitlines()]
    assert sorted(each["id"] for each in listed) == list("123456")
    assert b"Anna Weber" in ask(bo, "due", status=1)  # long overdue: the condition holds
    ask(bo, "note 3 --text 'quoted \"for\" me; not for a shell $HOME `id` > x'")
    shown = ask(bo, "show 3").decode()
    assert "bo" in shown
    assert 'quoted "for" me; not for a shell $HOME `id` > x' in shown
    assert "not taken here: your key says who you are" in refused(bo, "--as anna list")
    nothing = bo.ssh()
    assert (nothing.returncode, b"ssh -t desk opens it" in nothing.stderr) == (2, True)


@pytest.mark.long
def test_attachments_come_and_go_byte_for_byte(sshd: Sshd, shop_front: Front) -> None:
    data = bytes(range(256)) * 3000 + b"\r\n\x00\xff\x1a\n"
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "jo@park.example", "support@shop.example", "A picture"
    letter["Date"], letter["Message-ID"] = "Tue, 10 Nov 2026 09:00:00 +0100", "<picture@park.example>"
    letter.set_content("Here it is.")
    letter.add_attachment(data, maintype="application", subtype="octet-stream", filename="all.bin")
    bo = sshd.teammate("bo", shop_front.workspace)
    assert b"1 added" in ask(bo, "import -", stdin=letter.as_bytes())
    (here,) = [
        row["id"]
        for row in map(json.loads, ask(bo, "list --json").splitlines())
        if row["subject"] == "A picture"
    ]
    assert ask(bo, f"get {here}/1") == data
    assert f"back.bin\tapplication/octet-stream\t{len(data)}".encode() in ask(
        bo, f"put {here} --name back.bin", stdin=data
    )
    assert "No folders here" in refused(bo, f"get {here}/1 --to /tmp", 1)


@pytest.mark.long
def test_two_at_once_on_the_screen_each_as_themselves(sshd: Sshd, shop_front: Front) -> None:
    shop_front.write_settings(SETTINGS)
    anna, bo = (sshd.teammate(name, shop_front.workspace) for name in ("anna", "bo"))
    with anna.screen() as hers, bo.screen(columns=80, lines=24) as his:
        for screen, name in ((hers, "anna"), (his, "bo")):
            screen.until_shown(f"Welcome, {name}")
            screen.press("\x1b")
            screen.until_shown("Enter")
        ask(bo, "tag 2 --add heard")
        hers.until_shown("#heard")
        his.press("|")
        his.until_shown("| means nothing here")
        his.press("\x11")
        assert his.ended() == 0
        hers.press("\x11")
        assert hers.ended() == 0


@pytest.mark.long
def test_whom_an_owner_lets_in_over_ssh_gets_in_until_they_are_taken_out(
    sshd: Sshd, shop_front: Front, home: Path
) -> None:
    anna = sshd.teammate("anna", shop_front.workspace)
    # the account's own file: the server reads that of the tests
    (home / ".ssh").mkdir()
    key = sshd.new_key("tina")
    line = ask(anna, "team add tina --role trainee --key -", stdin=key.with_name("key-tina.pub").read_bytes())
    sshd.allow(line.decode().strip())
    tina = Login(sshd, key)
    assert [
        json.loads(row)["role"] for row in ask(tina, "team list --json").splitlines() if b"tina" in row
    ] == ["trainee"]
    assert "changed by an owner" in refused(tina, "team role tina owner", 1)
    ask(anna, "team remove tina --keep")
    assert 'no teammate "tina"' in refused(tina, "list")
