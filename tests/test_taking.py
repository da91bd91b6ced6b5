"""Taking the next one: the most urgent first, each once, whoever is quicker."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from inbox.load import ANSWER
from inbox.model import EventType, Role, Who
from inbox.taking import take_next
from inbox.views import VIEWS
from storage.live import Live
from storage.workspace import Workspace, open_store
from tests.faults.kill import python_child, wait_for
from tests.screenplay import playing
from tests.shop import NOW, did
from tests.stores import desk, letter

TAKER = """
import sys
from pathlib import Path
from inbox.model import Who
from inbox.taking import take_next
from storage.workspace import open_store
from tests.faults.clock import MONDAY
store = open_store(Path(sys.argv[1]), cache_kb=1000)  # who waited longer than the limit would end with an error
print("ready", flush=True)
def waits_for(name):
    while not Path(sys.argv[3], name).exists():
        pass
waits_for("go")
while True:
    outcome = take_next(store, Who(sys.argv[2]), MONDAY + 9000)
    if outcome.refusal is not None:
        print("told", outcome.refusal.reason, flush=True)
        break
    print("took", outcome.conversations[0], flush=True)
    waits_for("on")  # until everybody has one: else the first to wake up might have them all
"""


@pytest.mark.parametrize(("people", "count"), [(3, 60), pytest.param(8, 200, marks=pytest.mark.long)])
def test_many_processes_take_each_once_and_the_most_urgent_first(
    tmp_path: Path, people: int, count: int
) -> None:
    folder = tmp_path / "workspace"
    here = desk(tmp_path)
    for number in range(count):
        name = f"c{number}@x.example"
        here.gets(letter(sender=name, id_=f"<{number}@t>", subject=f"Matter {number}", at=here.now))
    urgent = list(here.store.ids(VIEWS["unassigned"].node, Who("ann"), here.now))
    assert len(urgent) == count
    here.store.close()
    said = []
    with ExitStack() as stack:
        children = [
            stack.enter_context(python_child(TAKER, str(folder), f"p{n}", str(tmp_path)))
            for n in range(people)
        ]
        for child in children:
            wait_for(child, "ready")
        (tmp_path / "go").touch()
        first = [wait_for(child, "took") for child in children]
        (tmp_path / "on").touch()
        said = [[line, *child.finish().splitlines()] for line, child in zip(first, children, strict=True)]
    took = [[int(line.split()[1]) for line in lines if line.startswith("took")] for lines in said]
    assert sorted(one for ones in took for one in ones) == sorted(urgent), said
    assert [line for lines in said for line in lines if line.startswith("told")] == [
        "told Nothing waits for somebody to take it."
    ] * people
    assert all(took)  # there was somebody to be quicker
    store = open_store(folder)
    given = [event for one in urgent for event in store.events(one) if event.type is EventType.ASSIGNED]
    assert [event.conversation for event in sorted(given, key=lambda event: event.seq)] == urgent
    store.close()


def test_what_a_colleague_is_writing_to_comes_last(store: Workspace) -> None:
    bos = Live(store.workspace)  # as from another process
    bos._process = "another"
    bos.show_presence("bo", 2, "writes")
    taken = [take_next(store, Who("anna"), NOW).conversations[0] for _ in range(6)]
    assert taken == [1, 3, 4, 5, 6, 2]
    bos.close()


def test_a_reader_is_told_why_and_takes_nothing(store: Workspace) -> None:
    refusal = take_next(store, Who("rea", Role.READER), NOW).refusal
    assert refusal is not None and "not for a reader" in refusal.reason


async def test_where_nothing_is_left_the_screen_says_so_and_stays(store: Workspace) -> None:
    for number in range(1, 7):
        did(store, "bo", "assign-me", conversation=number)
    async with playing(store, (80, 24)) as stage:
        await stage.press("N")
        assert "Nothing waits for somebody to take it." in stage.said
        assert stage.app.inbox.place == "list"


async def test_the_next_one_is_mine_and_open_in_one_step_and_undo_gives_it_back(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        await stage.press("j", "j", "N")
        assert "Refund for order 4711" in stage.pane("conversation")
        assert store.rows([2])[0].conversation.assignee == "anna"
        await stage.press("u")
        assert store.rows([2])[0].conversation.assignee is None


SHARER = """
import sys
from pathlib import Path
from inbox.actions import decision
from inbox.away import LOAD, shares
from inbox.model import Who
from inbox.settings import Settings, Teammate
from storage.workspace import open_store
from tests.faults.clock import MONDAY
store = open_store(Path(sys.argv[1]), cache_kb=1000)
settings = Settings(team=tuple(Teammate(name) for name in ("ann", "bo", "cy")), host_zone="UTC")
for number in map(int, sys.argv[2].split(",")):
    fair = shares(store, settings, [number], MONDAY)
    outcome = store.change(*decision("assign", conversation=number, to=LOAD, shares=fair), Who("ann"), MONDAY + 9000)
    assert outcome.refusal is None
print("end", flush=True)
"""


@pytest.mark.long
def test_shared_out_by_many_processes_at_once_it_stays_fair(tmp_path: Path) -> None:
    """Who looks at the same moment as others gives by the same figures: off by no more than there are of them."""
    here = desk(tmp_path)
    numbers = [
        here.gets(letter(sender=f"c{number}@x.example", id_=f"<{number}@t>", at=here.now))
        for number in range(90)
    ]
    with ExitStack() as stack:
        children = [
            stack.enter_context(
                python_child(SHARER, str(here.store.workspace), ",".join(map(str, numbers[n::3])))
            )
            for n in range(3)
        ]
        assert all(child.finish().rstrip().endswith("end") for child in children)
    loads = here.store.attendance.loads()
    assert set(loads) == {"ann", "bo", "cy"}
    assert max(loads.values()) - min(loads.values()) <= 3 * ANSWER
    here.verified()
    here.store.close()
