"""Sixty names of attachments as strangers write them: each lies in the chosen folder, and nothing runs (line 64)."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from urllib.parse import quote

import pytest

from inbox.attachments import file_name, save
from inbox.model import Attachment
from tests.front import Front
from tests.screenplay import playing
from tests.shop import deliver, shop
from tests.strangers import EVERYTHING, as_bytes
from tui.opening import open_with, opener

DO = "touch MARKER"
NAMES = (
    *(
        "../../out.txt",
        "..\\..\\out.txt",
        "/etc/cron.d/out",
        "~/out",
        "~root/out",
        "C:\\out.txt",
        "\\\\host\\share\\out",
    ),
    *(
        ".",
        "..",
        "",
        " ",
        "/",
        "//",
        "\\",
        "a/../../out",
        "..%2f..%2fout",
        "....//out",
        "\u2024\u2024/out",
        "..\u2215out",
    ),
    *(
        "%00",
        "-rf",
        "--help",
        "-",
        ".bashrc",
        ".ssh/authorized_keys",
        f"-oProxyCommand={DO}",
        "there.pdf",
        "there.pdf",
    ),
    *(
        "THERE.PDF",
        "there.pdf ",
        "CON",
        "nul.txt",
        "a" * 400 + ".pdf",
        "ä" * 300,
        "a.pdf\0.exe",
        "a.pdf\n.sh",
        "a\rb",
    ),
    *(
        "\x1b]0;x\x07.txt",
        f"$({DO})",
        f"`{DO}`",
        f"; {DO};",
        f"| {DO}",
        f"&& {DO}",
        f"a.txt; {DO} #",
        f"'{DO}'",
    ),
    *(f'"{DO}"', f"\n{DO}\n", "$IFS$9", "*", "?", "{a,b}", "file:///etc/passwd", "https://evil.example/x"),
    *(
        "|cat /etc/passwd",
        ">out",
        "<in",
        "${HOME}/out",
        "%s%n{}",
        "a;b&c|d",
        "fdp.\u202eexe",
        "x.pdf.desktop",
        "x\ud800y",
    ),
)


def bundle(names: tuple[str, ...]) -> bytes:
    """One mail with an attachment of each name, which holds its own number."""
    parts = "".join(
        "--=_b\nContent-Type: application/octet-stream\nContent-Disposition: attachment;\n"
        f" filename*=utf-8''{quote(as_bytes(name))}\n\n{DO} {number}\n"
        for number, name in enumerate(names)
    )
    return (
        "From: x@evil.example\nTo: support@shop.example\nSubject: files\nMessage-ID: <files@evil.example>\n"
        "Date: Mon, 09 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/mixed; boundary="=_b"\n\n{parts}--=_b--\n'
    ).encode()


def tree(folder: Path, but: Path) -> dict[str, bytes]:
    """Everything below a folder, apart from one of its folders."""
    files = (file for file in folder.rglob("*") if file.is_file() and but not in file.parents)
    return {str(file): file.read_bytes() for file in files}


def test_64_sixty_names_stay_in_the_folder_and_write_over_nothing(
    front: Front, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(NAMES) >= 60
    chosen = tmp_path / "a" / "b" / "chosen"
    chosen.mkdir(parents=True)
    monkeypatch.chdir(chosen.parent)
    (chosen / "there.pdf").write_bytes(b"mine")
    victim = tmp_path / "victim"
    victim.write_bytes(b"untouched")
    (chosen / "out.txt").symlink_to(victim)
    front.write_settings()
    (number,) = front.receive([bundle(NAMES)])
    listed = front.ok("get", number).lines
    assert len(listed) == len(NAMES)
    before = {**tree(tmp_path, chosen), **tree(home, chosen)}
    for each in range(1, len(NAMES) + 1):
        saved = Path(front.ok("get", f"{number}/{each}", "--to", str(chosen)).out.rstrip("\n"))
        assert saved.parent == chosen
    front.ok("export", str(tmp_path / "exported"))
    written = [file for file in chosen.iterdir() if not file.is_symlink() and file.name != "there.pdf"]
    assert sorted(file.read_bytes() for file in written) == sorted(
        f"{DO} {n}".encode() for n in range(len(NAMES))
    )
    assert {stat.S_IMODE(file.stat().st_mode) for file in written} == {0o600}
    assert all(file.name.isprintable() and not file.name.startswith((".", "-", "~")) for file in written)
    assert (chosen / "there.pdf").read_bytes() == b"mine"
    after = {**tree(tmp_path, chosen), **tree(home, chosen)}
    changed = [name for name, held in before.items() if after.get(name) != held and "frontdesk" not in name]
    assert not changed
    new = [name for name in after if name not in before and "/exported/" not in name and "/desk/" not in name]
    assert not new
    assert not list(tmp_path.rglob("MARKER"))


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that opens things by writing down what it was given; a display to open them on."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "xdg-open").write_text(f'#!/bin/sh\nprintf "%s\\0" "$#" "$@" >> "{tmp_path}/opened"\n')
    (programs / "xdg-open").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "opened"


def test_64_an_opener_gets_one_argument_and_no_shell_sees_it(log: Path, tmp_path: Path) -> None:
    folder = tmp_path / "chosen"
    folder.mkdir()
    program = opener(os.environ, "linux")
    for name in (*NAMES, *EVERYTHING):
        path = save(b"x", folder, Attachment(name, "text/plain", 1, False))
        assert file_name(Attachment(name, "text/plain", 1, False)) == path.name or "(" in path.name
        log.unlink(missing_ok=True)
        open_with(program, str(path), os.environ)
        while not log.exists() or not log.read_bytes().endswith(b"\0"):
            os.sched_yield()
        assert log.read_bytes() == b"1\0" + os.fsencode(path) + b"\0"
    assert not list(tmp_path.rglob("MARKER"))


async def test_64_nothing_runs_when_each_is_opened_on_the_screen(log: Path, tmp_path: Path) -> None:
    store = shop(tmp_path / "shop")
    number = deliver(store, bundle(NAMES))
    async with playing(store, (140, 40)) as stage:
        stage.app.inbox.moving.open_conversation(number)
        await stage.rest()
        await stage.press("o")
        for _ in NAMES:
            await stage.press("o", "j")
    store.close()
    assert not list(tmp_path.rglob("MARKER"))
    opened = log.read_bytes().split(b"\0") if log.exists() else []
    assert all(each in (b"", b"1") or each.startswith(b"/") for each in opened)
