"""Imports that would hurt (fault matrix 55, 56): what is packed to burst; transcripts broken, huge or told twice."""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import IO

import pytest

from inbox.channels.chat import sources
from tests.chats import written
from tests.front import Front

ROOT = Path(__file__).resolve().parents[2]
WHATSAPP = "31/12/2023, 10:00 - Jo: hello\n31/12/2023, 10:01 - Anna: hi\n"
MB = 1 << 20


@pytest.fixture
def desk(front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Front:
    """A workspace in which Anna is us; temporary files go into an empty folder that can be looked at."""
    front.write_settings('us = ["Anna"]\n[hours]\nzone = "UTC"\n[[team]]\nname = "anna"\nrole = "owner"\n')
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    return front


def left_over(desk: Front) -> int:
    """Bytes that lie where temporary files go."""
    return used(desk.workspace.parent / "tmp")


def bomb(path: Path, begins: bytes, megabytes: int) -> Path:
    """A zip, or what gzip packs, that becomes so large."""
    if path.suffix == ".gz":
        with gzip.open(path, "wb") as packed:
            _swell(packed, begins, megabytes)
        return path
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("WhatsApp Chat with Jo.txt", "w", force_zip64=True) as file:
            _swell(file, begins, megabytes)
        archive.writestr(
            "other/_chat.txt", "[01/01/2024, 10:00:00] Jo: whole\n[01/01/2024, 10:01:00] Anna: yes\n"
        )
    return path


def _swell(file: IO[bytes] | gzip.GzipFile, begins: bytes, megabytes: int) -> None:
    file.write(begins)
    for _ in range(megabytes):
        file.write(b" " * MB)


def test_55_a_bomb_stops_at_the_cap_and_what_lies_beside_it_comes_in(
    desk: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "ROOM", MB)
    path = bomb(desk.workspace.parent / "bomb.zip", WHATSAPP.encode(), 8)
    (told,) = desk.run("import", str(path), "--json").objects
    assert told["added"] == 2 and "beyond measure" in told["refused"][0]["reason"]
    assert [each["snippet"] for each in desk.json("list")] == ["yes"]
    assert left_over(desk) == 0


def test_55_what_gzip_packed_is_never_unpacked(desk: Front) -> None:
    path = bomb(desk.workspace.parent / "mail.mbox.gz", b"From x\nFrom: a@b.example\n\nbody\n", 8)
    ran = desk.run("import", str(path), "--json")
    assert ran.status == 1 and "unpack it first" in ran.objects[0]["refused"][0]["reason"]
    assert desk.json("list") == [] and left_over(desk) == 0


@pytest.mark.long
def test_55_a_real_bomb_costs_little_memory_and_no_disk(desk: Front, tmp_path: Path) -> None:
    """Two gigabytes in two megabytes: the cap is reached after 64 MB, and none of it is kept."""
    path = bomb(tmp_path / "bomb.zip", WHATSAPP.encode(), 2_048)
    before = used(tmp_path)
    ran = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "--workspace", str(desk.workspace), "--as", "anna", "import", str(path)],
        capture_output=True, text=True, timeout=120, env=os.environ | {"TMPDIR": str(tmp_path / "tmp")}, check=False,
    )  # fmt: skip
    assert "beyond measure" in ran.stdout and "2 added" in ran.stdout
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 300 * 1024
    assert used(tmp_path) - before < 20 * MB


def used(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())


def lines_of(text: str, at: str = "2024-01-01T10:00:00Z") -> str:
    """A message as a line of the neutral form."""
    return json.dumps({"at": at, "author": "Jo", "text": text})


BROKEN = {
    "lines.jsonl": (
        "\n".join([lines_of("one"), '{"at": "2024', lines_of("two"), lines_of("two"), "[]", lines_of("x" * 3 * MB),
                   lines_of("three", "2024-01-01T10:05:00Z"), '{"at": "2024-01-']),
        ("one", "two", "two", "three"),
        ("line 2 ", "line 5 ", "line 6 ", "line 8 "),
    ),
    "table.csv": (
        "at,author,text\n2024-01-01T10:00:00Z,Jo,one\n2024-01-01T10:01:00Z\n2024-01-01T10:02:00Z,Jo,two\n"
        "2024-01-01T10:02:00Z,Jo,two\nnever,Jo,no\n2024-01-01T10:03:00Z,Jo,three\n",
        ("one", "two", "two", "no", "three"),  # one that does not say when it was stands where it stood
        ("line 3 ", "line 6 "),
    ),
    "WhatsApp Chat with Jo.txt": (
        "31/12/2023, 10:00 - Jo: one\n99/99/2023, 10:01 - Jo: no such day\n31/12/2023, 10:02 - Jo: two\n"
        f"31/12/2023, 10:02 - Jo: two\n31/12/2023, 10:03 - Jo: {'x' * 3 * MB}\n31/12/2023, 10:04 - Jo: three\n31/12/20",
        ("one", "two", "two", "three"),
        ("line 2 ", "line 5 ", "line 7 "),
    ),
}  # fmt: skip
"""Transcripts with broken, huge and equal lines; the short messages that are whole, and the lines that are not."""


@pytest.mark.parametrize("name", BROKEN)
def test_56_what_is_whole_comes_in_the_rest_is_told_by_its_line_and_again_adds_nothing(
    desk: Front, name: str
) -> None:
    text, whole, wrong = BROKEN[name]
    path = written(desk.workspace.parent / name, text)
    desk.ok("names", "--customer", "Jo")
    first = desk.ok("import", str(path))
    for line in wrong:
        assert line in first.err, (line, first.err)
    store = desk.store()
    rows = store.rows([int(each["id"]) for each in desk.json("list")])
    said = [item.text for row in rows for item in store.items(row.conversation.id)]
    store.close()
    short = [each.split("\n")[0] for each in said if len(each) < 1_000]
    assert sorted(short) == sorted(whole), "the valid ones, equal ones each for itself"
    (again,) = desk.json("import", str(path))
    assert again["added"] == 0 and again["known"] == len(said) and again["refused"] == []
    assert desk.json("verify") == [{"ok": True, "problems": []}]
