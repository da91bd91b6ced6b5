"""Long work: how far it is in words, stopped without anything half done, and shown on the screen."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from inbox.progress import in_full, in_short, span
from inbox.settings import load
from storage.workspace import open_store
from tests.restoring import restore
from tests.stores import Desk, desk, everything


@pytest.mark.parametrize(
    ("done", "total", "seconds", "short", "full"),
    [
        (0, 100, 5.0, "", ""),
        (
            *(12_400, 40_000, 36.0),
            "12\u202f400 of 40\u202f000 · 1:20 left",
            "12\u202f400 of 40\u202f000 (31 %), 344 a second, 1:20 left",
        ),
        (7, None, 70.0, "7", "7, 6 a minute"),
        (7, 5, 0.2, "7", "7"),  # more than was counted, and too soon for a rate
        (5, 5, 10.0, "5 of 5 · 0:00 left", "5 of 5 (100 %), 30 a minute, 0:00 left"),
    ],
)
def test_how_far_it_is_stands_in_few_words(
    done: int, total: int | None, seconds: float, short: str, full: str
) -> None:
    assert (in_short(done, total, seconds), in_full(done, total, seconds)) == (short, full)


def test_a_time_left_reads_like_a_clock() -> None:
    assert [span(each) for each in (5, 80, 7500)] == ["0:05", "1:20", "2:05:00"]


@pytest.fixture
def shop(tmp_path: Path) -> Desk:
    here = desk(tmp_path)
    for _ in range(3):
        here.gets()
    return here


def _stopping(after: str) -> tuple[list[tuple[str, int, int]], object]:
    heard: list[tuple[str, int, int]] = []

    def progress(what: str, done: int, total: int) -> None:
        heard.append((what, done, total))
        if what == after and done == 2:
            raise KeyboardInterrupt

    return heard, progress


def test_an_export_that_is_stopped_leaves_nothing(shop: Desk, tmp_path: Path) -> None:
    heard, stops = _stopping("Messages")
    there = tmp_path / "there"
    there.mkdir()
    for folder in (tmp_path / "new", there):
        with pytest.raises(KeyboardInterrupt):
            shop.store.export(folder, stops)  # type: ignore[arg-type]  # it is called as it should be
    assert heard[-1] == ("Messages", 2, 3)
    assert not (tmp_path / "new").exists()
    assert list(there.iterdir()) == []
    shop.store.close()


def test_an_export_that_cannot_even_begin_says_why(shop: Desk, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError) as failed:
        shop.store.export(tmp_path / "loop")
    assert failed.value.errno == errno.ELOOP  # and not what stood in the way of clearing away
    shop.store.close()


def test_an_export_whose_reading_is_stopped_has_brought_nothing(shop: Desk, tmp_path: Path) -> None:
    shop.store.export(tmp_path / "out")
    back = open_store(tmp_path / "back")
    for after in ("Messages", "Conversations"):
        heard, stops = _stopping(after)
        with pytest.raises(KeyboardInterrupt):
            back.take_in_export(tmp_path / "out", shop.now, stops)  # type: ignore[arg-type]  # the same
        assert heard[-1] == (after, 2, 3)
        assert back.read("SELECT count(*) FROM messages") == [(0,)]
    back.take_in_export(tmp_path / "out", shop.now)
    assert everything(back) == everything(shop.store)
    assert back.verify(shop.now) == []
    back.close()
    shop.store.close()


def test_a_backup_is_as_of_one_instant_and_leaves_nothing_when_it_is_stopped(
    shop: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.backup.STEP", 3)
    steps = 0

    def working(what: str, done: int, total: int) -> None:
        nonlocal steps
        if what == "Copying, pages" and 0 < done < total:
            steps += 1
            shop.gets()
        assert steps < 400, "each change begins it again"

    shop.store.backup(tmp_path / "one.tar", working)
    restore(tmp_path / "one.tar", tmp_path / "restored")
    restored = sqlite3.connect(tmp_path / "restored" / "frontdesk.db")
    assert restored.execute("SELECT count(*) FROM messages").fetchall() == [(3,)]
    restored.close()
    assert steps > 3

    def stops(_what: str, done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shop.store.backup(tmp_path / "two.tar", stops)
    assert sorted(path.name for path in tmp_path.glob("*.tar*")) == ["one.tar"]
    assert not list(tmp_path.glob(".backup-*"))
    shop.store.close()


def test_verify_says_how_far_it_is(shop: Desk) -> None:
    heard: list[tuple[str, int, int]] = []
    assert shop.store.verify(shop.now, progress=lambda *each: heard.append(each)) == []
    assert {each[0] for each in heard if each[1] == each[2] == 3} == {
        *("Conversations", "Who takes part", "Messages", "Mail as it came"),
    }
    shop.store.close()


def test_new_policies_say_how_far_they_have_come_and_go_on_where_they_were_stopped(
    shop: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.deriving.SLICE", 1)
    (tmp_path / "settings.toml").write_text('[[policy]]\nname = "quick"\nfirst_reply = "1h"\n')
    quick = load(tmp_path / "settings.toml", host_zone="UTC")
    heard, stops = _stopping("Deadlines")
    with pytest.raises(KeyboardInterrupt):
        shop.store.apply(quick, shop.tick(), "mark", stops)  # type: ignore[arg-type]  # it is called as it should be
    assert heard == [("Deadlines", 1, 3), ("Deadlines", 2, 3)]
    assert [row.policy for row in shop.store.rows([1, 2, 3])] == ["quick", "quick", "default"]
    assert shop.store.apply(quick, shop.tick(), "mark") == 1
    shop.verified()
    shop.store.close()
