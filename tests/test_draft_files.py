"""Files that go with drafts: kept as they were, each once, for the whole team, and swept when nobody needs them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from inbox.errors import WorldError
from storage.draft_files import KEPT_FOR, DraftFiles


@pytest.fixture
def files(tmp_path: Path) -> DraftFiles:
    return DraftFiles(tmp_path)


def test_a_file_says_what_it_said_when_it_was_attached(files: DraftFiles, tmp_path: Path) -> None:
    source = tmp_path / "Invoice (1).pdf"
    source.write_bytes(b"as it was")
    kept = files.keep(source, source.name)
    source.write_bytes(b"changed since")
    assert (kept.name, kept.type, kept.size) == ("Invoice (1).pdf", "application/pdf", 9)
    assert files.read(kept.sha) == b"as it was"


def test_the_same_content_is_kept_once_and_readable_for_the_whole_group(
    files: DraftFiles, tmp_path: Path
) -> None:
    one, other = files.keep(b"words", "a.txt"), files.keep(b"words", "b.txt")
    (path,) = (tmp_path / "attached").glob("*/*")
    assert one.sha == other.sha == path.name
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o7777) == (0o660, 0o2770)


def test_a_name_cannot_lead_elsewhere(files: DraftFiles) -> None:
    assert files.keep(b"x", "../../etc/\x1b[2Jpasswd\r\nBcc: x").name == "[2Jpasswd Bcc: x"


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_a_kept_file_that_is_damaged_is_said_and_never_sent(
    files: DraftFiles, tmp_path: Path, damage: str
) -> None:
    kept = files.keep(b"words", "a.txt")
    (path,) = (tmp_path / "attached").glob("*/*")
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(b"other words")
    with pytest.raises(WorldError, match="no longer in the workspace"):
        files.read(kept.sha)


def test_what_cannot_be_read_is_said_and_leaves_nothing_behind(files: DraftFiles, tmp_path: Path) -> None:
    with pytest.raises(WorldError, match=r"missing.pdf could not be attached: No such file"):
        files.keep(tmp_path / "missing.pdf", "missing.pdf")
    assert list((tmp_path / "attached").iterdir()) == []


def test_only_what_no_draft_names_is_swept_and_only_after_a_while(files: DraftFiles) -> None:
    named, left = files.keep(b"named", "a.txt"), files.keep(b"left", "b.txt")
    assert files.sweep({named.sha}) == 0
    assert files.sweep({named.sha}, time.time() + KEPT_FOR + 60) == 1
    assert files.read(named.sha) == b"named"
    with pytest.raises(WorldError):
        files.read(left.sha)
