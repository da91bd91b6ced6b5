"""Rules run once for each event: whoever looks, how late, how often, and wherever they are killed."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from inbox.model import EventType
from inbox.rules import running
from storage.rules import Rules
from storage.workspace import Workspace
from tests import rules_child
from tests.faults.kill import python_child
from tests.ruled import Shop

RULES = """
[[rule]]
name = "returns"
on = "message-in"
when = "subject:return"
then = [{ tag = "returns" }]
[[rule]]
name = "seen"
on = "tag"
when = "tag:returns -tag:seen"
then = [{ tag = "seen" }]
[[rule]]
name = "noted"
on = "note"
when = "tag:seen OR body:urgent"
then = [{ tag = "noted" }, { untag = "seen" }]
[[rule]]
name = "again"
on = "message-in"
when = "tag:noted"
then = [{ tag = "again" }, { note = "Once more, #{id}" }]
[[rule]]
name = "held"
on = "status"
when = "status:held"
then = [{ tag = "waits" }]
[[rule]]
name = "whose"
on = "message-in"
when = "assignee:none"
then = [{ assign = "round-robin" }]
"""

happened = st.lists(
    st.tuples(
        st.sampled_from(["mail", "mail", "answer", "note", "tag", "hold"]),
        st.integers(0, 3),
        st.sampled_from(["return", "urgent", "hello"]),
        st.sampled_from(["", "", "a", "b", "ab", "dies"]),  # who looks then
    ),
    min_size=1,
    max_size=12,
)


class Killed(BaseException):
    """This process is gone."""


@contextmanager
def dying_after(firings: int) -> Iterator[None]:
    """The one who looks dies after so many commits, before anything else is written down."""
    real, done = Rules.fire, Counter[str]()

    def fire(*given: Any, **named: Any) -> Any:
        made = real(*given, **named)
        done["fired"] += 1
        if done["fired"] == firings:
            raise Killed
        return made

    Rules.fire = fire  # type: ignore[method-assign]  # put back below
    try:
        yield
    except Killed:
        pass
    finally:
        Rules.fire = real  # type: ignore[method-assign]


def told(shop: Shop) -> list[tuple[Any, ...]]:
    """What rules did and why, by what people and customers did, whatever numbers it has in the record."""
    rows = shop.store.read("SELECT seq, who, type FROM events ORDER BY seq")
    places = {row[0]: place for place, row in enumerate(r for r in rows if r[1] not in ("rules", "clock"))}
    fired = {event.batch: event for event in shop.fired()}

    def cause(number: int) -> tuple[Any, ...]:
        (event,) = shop.recorded([number])
        if event.who != "rules":
            return (places[number],)
        by = fired[event.batch]
        return (*cause(by.data["event"]), by.data["rule"], event.type.name)

    return [
        (cause(e.data["event"]), e.data["rule"], tuple(e.data["held"]), tuple(e.data["did"]), e.data["depth"])
        for e in fired.values()
    ]


def ends(shop: Shop) -> list[tuple[Any, ...]]:
    """How every conversation ends."""
    rows = shop.store.rows([row[0] for row in shop.store.read("SELECT id FROM conversations ORDER BY id")])
    return [(row.conversation.id, row.conversation.tags, row.conversation.assignee) for row in rows]


def run(folder: Path, story: list[tuple[str, int, str, str]], promptly: bool) -> tuple[list[Any], list[Any]]:
    """The story; looked at at once by one, or whenever it says and by several, of whom some die."""
    shop = Shop(folder, RULES)
    other = shop.another()
    others: list[Workspace] = [shop.store, other]
    begun: list[tuple[int, str]] = []

    def look(store: Workspace) -> None:
        running.look(store, shop.settings, shop.desk.now)

    try:
        for number, (what, which, word, who) in enumerate(story):
            shop.desk.tick()
            if what == "mail" or not begun:
                id_ = f"<m{number}@park.example>"
                sender = f"c{number}@park.example"
                begun.append((shop.mail("Hello", sender=sender, subject=f"A {word} {number}", id_=id_), id_))
            else:
                conversation, id_ = begun[which % len(begun)]
                if what == "answer":
                    sender = f"c{id_[2:].partition('@')[0]}@park.example"
                    shop.mail(
                        "More", sender=sender, subject=f"Re: {word}", id_=f"<a{number}@x>", answers=[id_]
                    )
                elif what == "note":
                    shop.desk.do("anna", "note", conversation=conversation, text=f"{word}")
                elif what == "tag":
                    shop.desk.do("anna", "tag", conversation=conversation, add=[f"own-{word}"])
                else:
                    shop.desk.do("anna", "hold", conversation=conversation, whom=f"carrier {number}")
            if promptly:
                look(shop.store)
            elif who == "dies":
                with dying_after(1 + number % 3):
                    look(others[number % 2])
            else:
                for each in who:
                    look(others["ab".index(each)])
        for store in (other, shop.store):
            look(store)
            look(store)
        shop.desk.verified()
        return told(shop), ends(shop)
    finally:
        other.close()
        shop.store.close()


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(
    [
        ("mail", 0, "return", ""),
        ("note", 0, "hello", ""),
        ("answer", 0, "return", "dies"),
        ("note", 0, "hello", "ba"),
    ]
)
@given(happened)
def test_the_same_events_give_the_same_result_whoever_looks_and_when(
    story: list[tuple[str, int, str, str]],
) -> None:
    _compare(story)


@pytest.mark.long
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(happened)
def test_many_events_give_the_same_result_whoever_looks_and_when(
    story: list[tuple[str, int, str, str]],
) -> None:
    _compare(story)


def _compare(story: list[tuple[str, int, str, str]]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="rules-"))
    try:
        at_once = run(folder / "at-once", story, promptly=True)
        later = run(folder / "later", story, promptly=False)
        assert sorted(later[0]) == sorted(at_once[0])
        assert later[1] == at_once[1]
        assert len(set(later[0])) == len(later[0])
    finally:
        shutil.rmtree(folder)


def test_a_rule_that_looks_back_sees_only_what_was_there_then(tmp_path: Path) -> None:
    """The note came before the tag; however late the worker looks, the note had no such tag."""
    shop = Shop(tmp_path, RULES)
    number = shop.mail(subject="hello")
    shop.desk.did("anna", "note", conversation=number, text="fine")
    shop.desk.did("anna", "tag", conversation=number, add=["seen"])
    shop.look()
    assert "noted" not in shop.state(number).tags
    shop.desk.did("anna", "note", conversation=number, text="fine")
    shop.look()
    assert "noted" in shop.state(number).tags


# --------------------------------------------------------------------------- real processes


def children(shop: Shop, count: int, looks: int, crash_at: str = "") -> None:
    """So many processes look at once, until each has looked so often or is dead."""
    words = (str(shop.store.workspace), str(shop.folder / "settings.toml"), str(shop.desk.now), str(looks))
    script = Path(rules_child.__file__)
    running_ones = [python_child(script, *words, crash_at=crash_at) for _ in range(count)]
    opened = [each.__enter__() for each in running_ones]
    for child, each in zip(opened, running_ones, strict=True):
        said = child.finish()
        each.__exit__(None, None, None)
        assert "Traceback" not in said, said


def test_two_processes_do_each_thing_once_and_in_order(tmp_path: Path) -> None:
    shop = Shop(tmp_path, RULES)
    numbers = [shop.mail(sender=f"c{n}@park.example", subject="return") for n in range(9)]
    children(shop, 2, 3)
    assert Counter(event.data["rule"] for event in shop.fired()) == {"returns": 9, "seen": 9, "whose": 9}
    assert [shop.state(number).assignee for number in numbers] == ["anna", "bo", "cy"] * 3
    shop.desk.verified()


def killed_everywhere(tmp_path: Path, points: list[str]) -> None:
    shop = Shop(tmp_path, RULES)
    sent = 0
    for number, point in enumerate(points):
        for n in range(2):
            shop.mail(sender=f"c{number}-{n}@park.example", subject="return")
            sent += 1
        children(shop, 1, 2, crash_at=point)
    shop.look()
    shop.look()
    assert Counter(e.data["rule"] for e in shop.fired()) == {"returns": sent, "seen": sent, "whose": sent}
    given = [e.data["to"] for e in assigned(shop)]
    assert given == [["anna", "bo", "cy"][n % 3] for n in range(sent)]
    shop.desk.verified()


def assigned(shop: Shop) -> list[Any]:
    rows = shop.store.read("SELECT seq FROM events WHERE type = 6 ORDER BY seq")
    return shop.recorded(row[0] for row in rows)


def test_a_kill_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    killed_everywhere(tmp_path, ["after fire:2", "before looked"])


@pytest.mark.long
def test_kills_at_any_point_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    choose = random.Random(20)
    names = [name for name in rules_child.POINTS if "settle" not in name]
    killed_everywhere(tmp_path, [f"{choose.choice(names)}:{choose.randint(1, 5)}" for _ in range(12)])


# --------------------------------------------------------------------------- what it costs


def statements(store: Workspace, do: Any) -> list[str]:
    found: list[str] = []
    connection = store._reader
    connection.set_trace_callback(found.append)
    store._writer.set_trace_callback(found.append)
    try:
        do()
    finally:
        connection.set_trace_callback(None)
        store._writer.set_trace_callback(None)
    return found


def test_no_rules_cost_nothing_and_nothing_new_one_look_up(tmp_path: Path) -> None:
    shop = Shop(tmp_path, "")
    shop.asks()
    assert statements(shop.store, shop.look) == []
    shop.rewrite(RULES)
    shop.look()
    shop.asks()
    shop.look()  # past what rules did themselves
    assert len(statements(shop.store, shop.look)) == 1


def test_a_merge_meanwhile_does_not_lose_an_event(tmp_path: Path) -> None:
    shop = Shop(tmp_path, RULES)
    into = shop.asks(subject="hello")
    other = shop.mail(subject="return", sender="mo@park.example")
    shop.desk.did("anna", "merge", into=into, conversation=other)
    shop.look()
    assert "returns" in shop.state(into).tags
    (fired,) = [event for event in shop.fired() if event.data["rule"] == "returns"]
    assert fired.conversation == into


def test_other_rules_of_another_process_are_not_run_over(tmp_path: Path) -> None:
    """A worker that has not seen the new settings does nothing in their place, and loses nothing."""
    shop = Shop(tmp_path, RULES)
    old = shop.settings
    shop.rewrite(RULES.replace('tag = "returns"', 'tag = "back"'))
    other = shop.another()
    running.look(other, shop.settings, shop.desk.tick())
    number = shop.mail(subject="return")
    running.look(shop.store, old, shop.desk.tick())
    assert shop.state(number).tags == ()
    running.look(other, shop.settings, shop.desk.tick())
    assert shop.state(number).tags == ("back",)
    other.close()


def test_an_export_and_an_import_keep_what_rules_did_and_fire_nothing_again(tmp_path: Path) -> None:
    from storage.workspace import open_store

    shop = Shop(tmp_path, RULES)
    number = shop.asks(subject="return")
    shop.store.export(tmp_path / "export")
    copy = open_store(tmp_path / "copy")
    copy.take_in_export(tmp_path / "export", shop.desk.now)
    for _ in range(2):
        running.look(copy, shop.settings, shop.desk.tick())
    kinds = [event.type for event in copy.events(number)]
    assert kinds == [event.type for event in shop.store.events(number)]
    assert kinds.count(EventType.FIRED) == 3
    assert copy.verify(shop.desk.now) == []
    copy.close()
