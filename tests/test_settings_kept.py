"""Kept values: quick the second time, believed only where they are whole and nobody else could have written them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from zlib import crc32

import pytest

from inbox.safe_file import put_file
from inbox.settings import load
from tests.settings_written import WHOLE

ROOT = Path(__file__).parent.parent


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def run_python(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def test_the_second_start_needs_neither_pydantic_nor_holidays(file: Path) -> None:
    cache = file.with_name("settings.cache")
    file.write_text(WHOLE)
    code = (
        "import sys; from pathlib import Path; from datetime import date; from inbox.settings import load\n"
        "found = load(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "name = found.hours.holiday_on(date(2031, 1, 6))\n"
        "print(name, *sorted({'pydantic', 'holidays', 'tomllib', 'textual'} & set(sys.modules)))"
    )
    assert run_python(code, str(file), str(cache)).split() == ["Epiphany", "holidays", "pydantic", "tomllib"]
    assert run_python(code, str(file), str(cache)).split() == ["Epiphany"]


def test_kept_values_say_what_the_file_says(file: Path) -> None:
    cache = file.with_name("settings.cache")
    file.write_text(WHOLE)
    first = load(file, cache, host_zone="UTC")
    kept = cache.read_bytes()
    again = load(file, cache, host_zone="UTC")
    assert again == first and again.canonical_json() == first.canonical_json()
    assert again.policies == first.policies and again.hours == first.hours
    file.write_text(WHOLE.replace('seen = "close"', 'seen = "never"'))
    assert load(file, cache).seen == "never"
    assert cache.read_bytes() != kept


@pytest.mark.parametrize("damage", [b"", b"\x00" * 40, b"{", None, "cut", "flipped"])
def test_damaged_kept_values_are_not_believed(file: Path, damage: bytes | str | None) -> None:
    cache = file.with_name("settings.cache")
    file.write_text('undo_window = "33s"\n')
    expected = load(file, cache)
    whole = cache.read_bytes()
    if damage == "cut":
        cache.write_bytes(whole[:-5])
    elif damage == "flipped":
        cache.write_bytes(whole.replace(b"33", b"34"))
    elif damage is None:
        cache.unlink()
        cache.mkdir()
    else:
        assert isinstance(damage, bytes)
        cache.write_bytes(damage)
    assert load(file, cache) == expected
    if damage is not None:
        assert cache.read_bytes() == whole


def test_kept_values_are_open_to_those_who_may_read_the_file(file: Path) -> None:
    cache = file.with_name("settings.cache")
    file.write_text('seen = "never"\n')
    for mode, expected in ((0o600, 0o600), (0o660, 0o640), (0o666, 0o640)):
        file.chmod(mode)
        cache.unlink(missing_ok=True)
        load(file, cache)
        assert stat.S_IMODE(cache.stat().st_mode) == expected
    assert sorted(each.name for each in file.parent.iterdir()) == ["settings.cache", "settings.toml"]


def planted(file: Path) -> Path:
    """Kept values for exactly this file, with another command in them than it names."""
    cache = file.with_name("settings.cache")
    other = file.with_name("other.toml")
    file.write_text('[alerts]\ncommand = ["true"]\n')
    other.write_text('[alerts]\ncommand = ["evil"]\n')
    load(other, cache)
    text = cache.read_bytes().partition(b"\n")[2][other.stat().st_size :]
    raw = file.read_bytes()
    cache.unlink()
    load(file, cache)
    form = cache.read_bytes().split()[0]
    cache.write_bytes(b"%s %d %d\n" % (form, len(raw), crc32(text)) + raw + text)
    return cache


def test_kept_values_are_believed_only_where_nobody_else_could_have_written_them(file: Path) -> None:
    """They name commands that a worker runs."""
    cache = planted(file)
    assert load(file, cache).alerts.command == ("evil",)  # my own
    for mode in (0o620, 0o602):
        planted(file).chmod(mode)
        assert load(file, cache).alerts.command == ("true",)
        assert not cache.stat().st_mode & 0o022  # kept anew


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_kept_values_of_a_colleague_are_believed_only_where_they_may_write_the_file_too(file: Path) -> None:
    ann, bo, team = 12_001, 12_002, 12_100
    for owner, group, mode, believed in (
        (bo, team, 0o640, False),
        (ann, team, 0o640, True),  # whose file it is
        (bo, team, 0o660, True),
        (bo, 0, 0o660, False),
    ):
        cache = planted(file)
        os.chown(cache, owner, team)
        file.chmod(mode)
        os.chown(file, ann, group)
        assert load(file, cache).alerts.command == (("evil",) if believed else ("true",))


def test_a_link_laid_where_a_file_is_about_to_be_written_leads_nowhere(file: Path) -> None:
    mine = file.with_name("mine")
    mine.write_text("kept")
    file.with_name(f".{file.name}.{os.getpid()}").symlink_to(mine)
    put_file(file, b"new", 0o600)
    assert (file.read_text(), file.is_symlink(), mine.read_text()) == ("new", False, "kept")


def test_a_folder_that_cannot_be_written_only_costs_time(file: Path) -> None:
    file.write_text('seen = "never"\n')
    assert load(file, file.parent / "missing" / "settings.cache").seen == "never"
