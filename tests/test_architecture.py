"""The rooms and their directions (docs/architecture.md), read from the syntax trees.

Every rule is also shown a small house that breaks it, so that a rule that sees nothing cannot pass.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("inbox", "storage", "tui")
PROTOCOLS = frozenset({"aiosmtplib", "imapclient", "smtplib", "imaplib", "dns", "msal", "feedparser"})

MAY_NOT: dict[str, frozenset[str]] = {
    "inbox": frozenset({"main", "tui", "storage", "textual", "rich", "click", "sqlite3", "tinydb"}),
    "storage": frozenset({"main", "tui", "textual", "rich", "click"}) | PROTOCOLS,
    "tui": frozenset({"main", "storage", "sqlite3", "tinydb"}) | PROTOCOLS,
}
"""What a room never imports, not even inside a function. (`inbox/channels` alone may know the protocols.)"""

TALKERS = ("init", "doctor", "sync", "watching", "login", "feed")
"""The commands that talk to the world; no other may reach a protocol library, however far round."""

VAGUE = ("util", "helper", "manager", "common", "misc")
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}


@dataclass(frozen=True)
class Import:
    """One imported name: of which module, on which line, and whether only when a function runs."""

    target: str
    line: int
    in_function: bool


@dataclass(frozen=True)
class Module:
    """One file of the house and what it imports (for types alone does not count)."""

    name: str
    tree: ast.Module
    imports: tuple[Import, ...]


House = Mapping[str, Module]


# --------------------------------------------------------------------------- reading


def house_of(sources: Mapping[str, str]) -> House:
    """Modules by their dotted name, from their sources."""
    names = set(sources)
    modules = {}
    for name, source in sources.items():
        tree = ast.parse(source)
        modules[name] = Module(name, tree, tuple(imports_of(tree, names)))
    return modules


@cache
def the_house() -> House:
    files = [ROOT / "main.py", *(file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py")))]
    return house_of({name_of(file): file.read_text(encoding="utf-8") for file in files})


def name_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(tree: ast.Module, names: set[str]) -> Iterator[Import]:
    """Every import, resolved to a module of the house where it names one."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, in_function = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno, in_function) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out in full"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield Import(inner if inner in names else str(node.module), node.lineno, in_function)
        elif not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
            inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            waiting += ((child, inside) for child in ast.iter_child_nodes(node))
        else:
            waiting += ((child, in_function) for child in node.orelse)


# --------------------------------------------------------------------------- the rules


def wrong_directions(house: House) -> Iterator[str]:
    """Imports against the directions between the rooms."""
    for module in house.values():
        room = module.name.split(".")[0]
        forbidden = MAY_NOT.get(room, frozenset())
        if room == "inbox" and not module.name.startswith("inbox.channels"):
            forbidden |= PROTOCOLS
        for each in module.imports:
            if each.target.split(".")[0] in forbidden:
                yield f"{module.name} imports {each.target} (line {each.line})"


def reached(house: House, start: str) -> dict[str, str]:
    """Everything a module reaches, however far round and also from inside functions, with the way there."""
    ways = {start: start}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for each in house[here].imports if here in house else ():
            if each.target not in ways:
                ways[each.target] = f"{ways[here]} -> {each.target}"
                waiting.append(each.target)
    return ways


def heavy_commands(house: House) -> Iterator[str]:
    """Commands that reach the screen's library, or a protocol library without being there to talk."""
    for name in house:
        if not name.startswith("tui.line."):
            continue
        forbidden = {"textual"} if name.removeprefix("tui.line.") in TALKERS else {"textual", *PROTOCOLS}
        for target, way in reached(house, name).items():
            if target.split(".")[0] in forbidden:
                yield f"{name} reaches {target}: {way}"


def circles(house: House, also_in_functions: bool) -> Iterator[str]:
    """Imports that run in a circle, each named once by the modules it runs through."""
    ways = {
        name: sorted(
            {i.target for i in module.imports if also_in_functions or not i.in_function} & set(house)
        )
        for name, module in house.items()
    }
    finished: set[str] = set()

    def follow(path: tuple[str, ...]) -> Iterator[str]:
        for target in ways[path[-1]]:
            if target in path:
                yield " -> ".join((*path[path.index(target) :], target))
            elif target not in finished:
                yield from follow((*path, target))
        finished.add(path[-1])

    for start in sorted(house):
        if start not in finished:
            yield from follow((start,))


def asked_the_clock(house: House) -> Iterator[str]:
    """Calls in the core that ask what time it is, instead of being told."""
    for module in house.values():
        if module.name.split(".")[0] != "inbox":
            continue
        bare = {
            alias.asname or alias.name
            for node in ast.walk(module.tree)
            if isinstance(node, ast.ImportFrom) and node.module == "time"
            for alias in node.names
            if ("time", alias.name) in CLOCKS
        }
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func).split(".")
            if tuple(called[-2:]) in CLOCKS or (len(called) == 1 and called[0] in bare):
                yield f"{module.name} calls {'.'.join(called)} (line {node.lineno})"


def bad_names(names: Iterable[str]) -> Iterator[str]:
    """Modules whose name hides a standard one, or says nothing."""
    for name in names:
        stem = name.split(".")[-1]
        if stem in sys.stdlib_module_names:
            yield f"{name} hides the standard module {stem}"
        if any(vague in stem for vague in VAGUE):
            yield f"{name} does not say what it does"


def undocumented(house: House) -> Iterator[str]:
    """Public modules, classes and functions without a docstring."""

    def look(node: ast.Module | ast.ClassDef, name: str) -> Iterator[str]:
        for child in node.body:
            if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if child.name.startswith("_") or any("overload" in ast.unparse(d) for d in child.decorator_list):
                continue
            if ast.get_docstring(child) is None:
                yield f"{name}.{child.name} (line {child.lineno})"
            if isinstance(child, ast.ClassDef):
                yield from look(child, f"{name}.{child.name}")

    for module in house.values():
        if module.tree.body and ast.get_docstring(module.tree) is None:
            yield module.name
        yield from look(module.tree, module.name)


# --------------------------------------------------------------------------- this house


def test_imports_follow_the_directions() -> None:
    assert list(wrong_directions(the_house())) == []


def test_commands_start_light() -> None:
    assert list(heavy_commands(the_house())) == []


def test_no_import_runs_in_a_circle() -> None:
    assert list(circles(the_house(), also_in_functions=False)) == []


def test_no_circle_is_dodged_by_an_import_inside_a_function() -> None:
    assert list(circles(the_house(), also_in_functions=True)) == []


def test_the_core_is_told_what_time_it_is() -> None:
    assert list(asked_the_clock(the_house())) == []


def test_names_say_what_a_module_does_and_hide_nothing() -> None:
    others = [name_of(file) for room in ("tests", "benchmarks") for file in (ROOT / room).rglob("*.py")]
    assert list(bad_names([*the_house(), *others])) == []


def test_everything_public_says_what_it_is() -> None:
    assert list(undocumented(the_house())) == []


# --------------------------------------------------------------------------- houses that break the rules


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("inbox.sla", "import sqlite3", "inbox.sla imports sqlite3 (line 1)"),
        ("inbox.sla", "def f():\n    from storage import store", "inbox.sla imports storage.store (line 2)"),
        ("inbox.worker", "import imapclient", "inbox.worker imports imapclient (line 1)"),
        ("storage.store", "from tui.keys import load", "storage.store imports tui.keys (line 1)"),
        ("tui.app", "import storage.store", "tui.app imports storage.store (line 1)"),
        ("tui.app", "from main import main", "tui.app imports main (line 1)"),
    ],
)
def test_a_wrong_direction_is_named(name: str, source: str, said: str) -> None:
    empty = dict.fromkeys(("storage", "storage.store", "tui.keys", "main"), "")
    assert list(wrong_directions(house_of(empty | {name: source}))) == [said]


def test_the_edges_and_the_types_are_let_through() -> None:
    house = house_of(
        {
            "inbox.channels.imap": "import imapclient",
            "inbox.ports": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import sqlite3",
            "main": "import storage.store, tui.app",
        }
    )
    assert list(wrong_directions(house)) == []


def test_a_command_that_reaches_the_screen_is_named_with_the_way() -> None:
    house = house_of(
        {"tui.line.list": "def f():\n    import tui.rows", "tui.rows": "from textual.app import App"}
    )
    assert list(heavy_commands(house)) == [
        "tui.line.list reaches textual.app: tui.line.list -> tui.rows -> textual.app"
    ]


def test_only_commands_that_talk_may_reach_a_protocol() -> None:
    channel = {"inbox.channels.imap": "import imapclient"}
    for command, found in (("sync", 0), ("list", 1)):
        house = house_of(channel | {f"tui.line.{command}": "import inbox.channels.imap"})
        assert len(list(heavy_commands(house))) == found


def test_circles_are_named_and_told_apart() -> None:
    plain = house_of(
        {"inbox.a": "import inbox.b", "inbox.b": "from inbox import c", "inbox.c": "import inbox.a"}
    )
    assert list(circles(plain, also_in_functions=False)) == ["inbox.a -> inbox.b -> inbox.c -> inbox.a"]
    dodged = house_of({"inbox.a": "import inbox.b", "inbox.b": "def f():\n    import inbox.a"})
    assert list(circles(dodged, also_in_functions=False)) == []
    assert list(circles(dodged, also_in_functions=True)) == ["inbox.a -> inbox.b -> inbox.a"]
    shared = house_of({"inbox.a": "import inbox.b, inbox.c", "inbox.b": "import inbox.c", "inbox.c": ""})
    assert list(circles(shared, also_in_functions=True)) == []


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\ndatetime.datetime.now()",
        "from datetime import date\ndate.today()",
        "import time\nx = lambda: time.time()",
        "from time import time\ntime()",
    ],
)
def test_asking_the_clock_is_named(source: str) -> None:
    assert len(list(asked_the_clock(house_of({"inbox.sla": source})))) == 1
    assert list(asked_the_clock(house_of({"tui.app": source, "inbox.b": "time = 3\ntime.bit_count()"}))) == []


def test_names_that_hide_or_say_nothing_are_named() -> None:
    assert list(bad_names(["inbox.email", "inbox.mail_utils", "inbox.mime"])) == [
        "inbox.email hides the standard module email",
        "inbox.mail_utils does not say what it does",
    ]


def test_what_is_undocumented_is_named() -> None:
    source = "'A'\nclass B:\n    'B'\n    def c(self): 1\n    def _d(self): 1\ndef e():\n    def f(): 1"
    assert list(undocumented(house_of({"inbox.a": source, "inbox.empty": "", "inbox.g": "x = 1"}))) == [
        "inbox.a.B.c (line 4)",
        "inbox.a.e (line 6)",
        "inbox.g",
    ]
