"""A colleague's public key, and the line that lets it in: taken when it is one whole key that is known here, and no more."""

from __future__ import annotations

import base64
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.errors import BadUsage
from inbox.public_keys import PublicKey, line_for, person_of, read_key, read_line

GOOD = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILXlMvDwT4xbC+Qs6n+OVPnuKt19Y8ITZUTihBJaXTmR"
KEY = PublicKey(*GOOD.split())


def packed(*parts: bytes) -> str:
    """A key of these strings, each with its length before it; the first is its type."""
    blob = base64.b64encode(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).decode()
    return f"{parts[0].decode()} {blob}"


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed (openssh-client)")
@pytest.mark.parametrize("kind", ["ed25519", "ecdsa -b 256", "ecdsa -b 521", "rsa -b 2048"])
def test_what_ssh_keygen_makes_is_read_and_told_by_its_fingerprint(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "key"
    words = ["ssh-keygen", "-q", "-N", "", "-C", "ann's key, \u2026", "-f", str(path), "-t", *kind.split()]
    subprocess.run(words, check=True, capture_output=True)
    public = path.with_name("key.pub")
    told = subprocess.run(
        ["ssh-keygen", "-lf", str(public)], check=True, capture_output=True, text=True
    ).stdout
    assert read_key(public.read_text("utf-8")).fingerprint == told.split()[1]
    with pytest.raises(BadUsage, match="private half"):
        read_key(path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no public key"),
        ("hello", "no public key"),
        ("ssh-ed25519", "damaged"),
        (GOOD[:-8], "damaged"),
        (GOOD.replace("AAAAC3", "AAAAC4"), "damaged"),
        (GOOD + "AAAA", "damaged"),
        (GOOD.replace("ssh-ed25519", "ssh-rsa"), "damaged"),
        (GOOD.replace("mR", "m*"), "damaged"),
        (f"{GOOD}\n{GOOD}", "several keys"),
        (f"{GOOD}\nno key", "one line"),
        (f'{GOOD} x\rcommand="id" {GOOD}', "several keys"),
        (f"{GOOD} \u2028{GOOD}", "several keys"),
        (f"{GOOD} \x00", "one line"),
        (f'command="id" {GOOD}', "stands before the key"),
        (f'no-pty,environment="A=b" {GOOD}', "stands before the key"),
        (packed(b"ssh-dss", b"x"), "ssh-dss"),
        (
            packed(b"ssh-ed25519-cert-v01@openssh.com", b"x"),
            "no public key",
        ),
        (packed(b"ssh-rsa", b"\x01\x00\x01", b"\x00" + b"\xff" * 128), "1024 bits"),
        (packed(b"ssh-rsa", b"", b"\x00" + b"\xff" * 256), "damaged"),
        (packed(b"ssh-rsa", b"\x01\x00\x01", b"\x00" + b"\xff" * 4000), "damaged"),
        (packed(b"ecdsa-sha2-nistp256", b"nistp384", b"\x04" * 65), "damaged"),
        (packed(b"ecdsa-sha2-nistp256", b"nistp256", b"\x02" * 65), "damaged"),
        (packed(b"sk-ssh-ed25519@openssh.com", b"x" * 32), "damaged"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\n", "private half"),
        ("ssh-ed25519 " + "A" * 30_000, "one line"),
    ],
)
def test_what_is_not_one_whole_key_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadUsage, match=why):
        read_key(text)


def test_keys_of_tokens_are_taken() -> None:
    token = packed(b"sk-ssh-ed25519@openssh.com", b"x" * 32, b"ssh:")
    assert " ".join(read_key(f"{token} anna\r\n")) == token
    curve = packed(b"sk-ecdsa-sha2-nistp256@openssh.com", b"nistp256", b"\x04" * 65, b"ssh:")
    assert " ".join(read_key(curve)) == curve


def test_the_line_lets_in_to_one_inbox_and_can_be_read_back() -> None:
    command = ("/opt/frontdesk/run", "--workspace", '/srv/our "desk"', "--as", "jürgen")
    line = line_for(KEY, command, "jürgen")
    assert line == (
        "restrict,pty,command=\"/opt/frontdesk/run --workspace '/srv/our \\\"desk\\\"' --as 'jürgen'\""
        f" {GOOD} jürgen"
    )
    read = read_line(line)
    assert read is not None
    assert (read.command, read.key) == (command, tuple(GOOD.split()))
    assert person_of(read, '/srv/our "desk"') == "jürgen"
    assert person_of(read, "/srv/desk") is None
    for other in ("", "# " + line, "no key", f'command="id" {GOOD}', GOOD):
        found = read_line(other)
        assert found is None or person_of(found, '/srv/our "desk"') is None
    with pytest.raises(BadUsage):
        line_for(KEY, ("a\nb",), "anna")


@given(st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1), min_size=1))
def test_no_word_of_the_command_gets_out_of_its_quotes(words: list[str]) -> None:
    line = line_for(KEY, words, "anna")
    assert line.endswith(f" {GOOD} anna")
    inside, quoted = line.removeprefix('restrict,pty,command="'), ""
    while not inside.startswith('"'):  # as sshd takes it apart: only \" is a quotation mark within
        size = 2 if inside.startswith('\\"') else 1
        quoted, inside = quoted + inside[size - 1], inside[size:]
    assert inside == f'" {GOOD} anna'
    assert shlex.split(quoted) == words
    read = read_line(line)
    assert read is not None
    assert list(read.command) == words
