"""One process that opens a workspace twice, as a made-up shop does for its colleagues: nothing it writes is lost."""

from __future__ import annotations

from pathlib import Path

from inbox.actions import decision
from inbox.model import Who
from storage.workspace import open_store
from tests.faults.kill import python_child
from tests.shop import NOW, STORY, shop

PASSING_BY = """
import sys
from pathlib import Path
from storage.workspace import open_store
store = open_store(Path(sys.argv[1]))
print(len(store.events(1)))
store.close()
"""


def test_what_is_written_after_another_process_has_come_and_gone_is_there(tmp_path: Path) -> None:
    first = shop(tmp_path, STORY)
    second = open_store(tmp_path)
    with python_child(PASSING_BY, str(tmp_path)) as child:
        assert child.finish().strip().isdecimal()
    for store, tag in ((first, "one"), (second, "two")):
        store.change(*decision("tag", conversation=1, add=(tag,)), Who("anna"), NOW)
    with python_child(PASSING_BY, str(tmp_path)) as child:
        seen = int(child.finish())
    assert seen == len(first.events(1)) == len(second.events(1))
    second.close()
    first.close()
