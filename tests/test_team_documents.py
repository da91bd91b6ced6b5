"""The team's documents: two writers, a text editor and a death in the middle lose nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from tinydb.table import Table

from inbox.errors import BadUsage, WorldError
from inbox.saved_replies import SavedReply
from storage.documents import Documents
from tests.faults.kill import python_child, wait_for
from tests.restoring import restore


@pytest.fixture
def shelf(tmp_path: Path) -> Documents:
    return Documents(tmp_path)


@pytest.fixture
def views(tmp_path: Path) -> Path:
    return tmp_path / "documents" / "views.json"


def test_saved_views_are_there_for_everybody(shelf: Documents, tmp_path: Path) -> None:
    assert shelf.saved_views() == {}
    shelf.save_view("Late", "is:late")
    shelf.save_view("  Rechnungen\n", "tag:rechnung is:open")
    shelf.save_view("Late", "is:late mine")
    assert Documents(tmp_path).saved_views() == {"Late": "is:late mine", "Rechnungen": "tag:rechnung is:open"}
    assert shelf.forget_view("Late")
    assert not shelf.forget_view("Late")
    assert list(shelf.saved_views()) == ["Rechnungen"]
    with pytest.raises(BadUsage):
        shelf.save_view(" \n", "is:late")


def test_the_file_reads_well(shelf: Documents, views: Path) -> None:
    shelf.save_view("Grüße", "from:jürgen")
    assert views.read_text("utf-8") == (
        '{\n "_default": {\n  "1": {\n   "name": "Grüße",\n   "query": "from:jürgen"\n  }\n }\n}\n'
    )
    assert views.stat().st_mode & 0o777 == 0o660
    assert views.parent.stat().st_mode & 0o7777 == 0o2770


ADDS = """
import sys
from pathlib import Path
from storage.documents import Documents
shelf = Documents(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    given = shelf.change("saved_replies", lambda table: table.insert({"text": f"{sys.argv[2]} {number}"}))
    print("done", given, flush=True)
"""


def test_many_writers_lose_nothing_and_give_no_number_twice(shelf: Documents, tmp_path: Path) -> None:
    with ExitStack() as stack:
        children = [stack.enter_context(python_child(ADDS, str(tmp_path), f"w{n}", "25")) for n in range(4)]
        numbers = [int(line.split()[1]) for child in children for line in child.finish().splitlines()]
    assert sorted(numbers) == list(range(1, 101))
    assert {each["text"] for each in shelf.read("saved_replies")} == {
        f"w{n} {turn}" for n in range(4) for turn in range(25)
    }


def test_a_killed_writer_leaves_the_file_whole(shelf: Documents, tmp_path: Path) -> None:
    done = 0
    for turn in range(5):
        with python_child(ADDS, str(tmp_path), f"k{turn}", "10000") as child:
            wait_for(child, f"done {done + 3}")
            child.kill()
            said = child.output.read().split()
        json.loads((tmp_path / "documents" / "saved_replies.json").read_text())
        there = len(shelf.read("saved_replies"))
        assert there >= max([done + 3, *(int(word) for word in said if word.isdecimal())])
        done = there
    shelf.change("saved_replies", lambda table: table.insert({"text": "the lock was given back"}))


def test_what_an_editor_saves_between_two_changes_stays(shelf: Documents, views: Path) -> None:
    shelf.save_view("Late", "is:late")
    views.write_text(views.read_text().replace("is:late", "is:late is:open"))
    shelf.save_view("Mine", "mine")
    assert shelf.saved_views() == {"Late": "is:late is:open", "Mine": "mine"}


def test_what_an_editor_saves_during_a_change_is_not_written_over(shelf: Documents, views: Path) -> None:
    """It takes no lock: the change sees other bytes than it has read, and is run again on them."""
    shelf.save_view("Late", "is:late")
    runs = []

    def work(table: Table) -> None:
        runs.append(len(table))
        table.insert({"name": "Mine", "query": "mine"})
        if len(runs) == 1:
            views.write_text(views.read_text().replace("is:late", "edited"))

    shelf.change("views", work)
    assert len(runs) == 2
    assert shelf.saved_views() == {"Late": "edited", "Mine": "mine"}


def test_a_change_that_fails_writes_nothing(shelf: Documents, views: Path) -> None:
    shelf.save_view("Late", "is:late")
    before = views.read_bytes()

    def work(table: Table) -> None:
        table.insert({"name": "Half", "query": ""})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        shelf.change("views", work)
    assert views.read_bytes() == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:0],
        lambda data: b"\0" * len(data),
        lambda data: data.replace(b"}", b"}}", 1),
        lambda data: data[:0] + b"[]",
        lambda data: data.replace(b'"1"', b'"one"'),
        lambda data: data + b"\xff",
    ],
    ids=["torn", "empty", "NUL", "typing error", "another form", "a number that is none", "no UTF-8"],
)
def test_51_a_damaged_file_is_kept_aside_and_the_last_good_copy_used(
    shelf: Documents, views: Path, damage: Callable[[bytes], bytes]
) -> None:
    shelf.save_view("Late", "is:late")
    damaged = damage(views.read_bytes())
    views.write_bytes(damaged)
    assert shelf.saved_views() == {"Late": "is:late"}
    assert views.read_bytes() == damaged  # looking changes nothing: somebody may still be writing
    shelf.save_view("Mine", "mine")
    assert shelf.saved_views() == {"Late": "is:late", "Mine": "mine"}
    aside = [path.read_bytes() for path in views.parent.glob("views.damaged-*.json")]
    assert aside == ([damaged] if damaged.strip(b"\0") else [])


def test_an_edit_that_could_be_read_once_is_a_good_copy(shelf: Documents, views: Path) -> None:
    shelf.save_view("Late", "is:late")
    views.write_text(views.read_text().replace("is:late", "edited"))
    shelf.save_view("Mine", "mine")
    views.write_bytes(b"{")
    assert shelf.saved_views() == {"Late": "edited", "Mine": "mine"}


def test_a_file_that_was_taken_away_is_gone(shelf: Documents, views: Path) -> None:
    shelf.save_view("Late", "is:late")
    views.unlink()
    assert shelf.saved_views() == {}
    shelf.save_view("Mine", "mine")
    assert shelf.saved_views() == {"Mine": "mine"}


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("I am a file.")
    with pytest.raises(WorldError, match="cannot be changed"):
        Documents(tmp_path).save_view("Late", "is:late")
    with pytest.raises(WorldError, match="cannot be read"):
        Documents(tmp_path).saved_views()


def test_reading_loads_no_library(tmp_path: Path) -> None:
    script = "import sys\nfrom pathlib import Path\nfrom storage.documents import Documents\n"
    with python_child(
        script + "print(Documents(Path(sys.argv[1])).saved_views(), 'tinydb' in sys.modules)", str(tmp_path)
    ) as child:
        assert child.finish() == "{} False\n"


def test_saved_replies_are_there_for_everybody_and_can_be_written_by_hand(
    shelf: Documents, tmp_path: Path
) -> None:
    late = SavedReply("Late", "Dear {first_name},\nit comes.", ("en",), ("shipping",))
    assert shelf.saved_replies() == []
    shelf.save_reply(late)
    shelf.save_reply(SavedReply(" Refund\n", "Soon."))
    shelf.save_reply(late._replace(text="Today."))
    assert Documents(tmp_path).saved_replies() == [
        late._replace(text="Today."),
        SavedReply("Refund", "Soon."),
    ]
    file = tmp_path / "documents" / "saved_replies.json"
    file.write_text(
        '{"_default": {"1": {"name": "Mine", "text": "By hand.", "tags": "a, b"}, "2": {"text": "without a name"}}}'
    )
    assert shelf.saved_replies() == [SavedReply("Mine", "By hand.", (), ("a", "b"))]
    assert shelf.forget_reply("Mine")
    assert not shelf.forget_reply("Mine")
    for nothing in (SavedReply("", "x"), SavedReply("x", " \n")):
        with pytest.raises(BadUsage):
            shelf.save_reply(nothing)


def test_hints_are_counted_for_each_person_until_they_leave(shelf: Documents, tmp_path: Path) -> None:
    assert shelf.hints("anna") == ({}, frozenset())
    shelf.ignore_hints("anna", [])
    assert not (tmp_path / "documents").exists()
    for _ in range(2):
        shelf.ignore_hints("anna", ["alias", "cc"])
    shelf.ignore_hints("bo", ["cc"])
    shelf.let_hint_leave("anna", "cc")
    assert Documents(tmp_path).hints("anna") == ({"alias": 2}, frozenset({"cc"}))
    assert shelf.hints("bo") == ({"cc": 1}, frozenset())
    shelf.let_hint_leave("anna", "cc", leave=False)
    assert shelf.hints("anna") == ({"alias": 2}, frozenset())
    shelf.change("preferences", lambda table: table.update({"ignored": "five", "left": 5}))
    assert shelf.hints("anna") == ({}, frozenset())


def test_documents_go_with_a_backup(tmp_path: Path) -> None:
    from storage.workspace import open_store

    store = open_store(tmp_path / "workspace")
    store.documents.save_view("Late", "is:late")
    store.backup(tmp_path / "b.tar")
    store.close()
    restore(tmp_path / "b.tar", tmp_path / "restored")
    assert Documents(tmp_path / "restored").saved_views() == {"Late": "is:late"}
