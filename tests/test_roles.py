"""Who may do what: every verb by every role, decided under the store's lock; and every command by who may change nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from inbox.actions import ACTIONS, decision
from inbox.model import Role, Who
from inbox.saved_actions import Do, SavedAction, Step
from inbox.settings import Settings
from inbox.verbs import EVERYBODY, TASKS, VERBS, refused, whom_to_ask
from storage.workspace import Workspace
from tests.front import Front
from tests.journeys.test_lines_shown_safely import WORDS, leaves
from tests.shop import NOW, STORY, ZONE, shop
from tui.line.group import group

TEAM = (("anna", Role.OWNER), ("bo", Role.AGENT), ("tim", Role.TRAINEE), ("ria", Role.READER))
PEOPLE = {role: Who(name, role, TEAM) for name, role in TEAM}
SENT = {"text": "x", "to": ["jo@park.example"], "sender": "support@shop.example"}
HERE: dict[str, Any] = {"conversation": 1}
LATER = {"until": NOW + 86_400}

ARGUMENTS: Mapping[str, Mapping[str, Any]] = {
    "reply": HERE | SENT,
    "reply-all": HERE | SENT,
    "forward": HERE | SENT | {"subject": "Fwd: it"},
    "new": SENT | {"subject": "New"},
    "by-hand": HERE,
    "note": HERE | {"text": "x"},
    "call": HERE | {"text": "x", "way": "in"},
    "assign": HERE | {"to": "bo"},
    "assign-me": HERE,
    "take-next": HERE,
    "hand-over": HERE | {"to": "bo", "summary": "x"},
    "seen": HERE,
    "approve": {"conversation": 2},
    "amend": {"conversation": 2} | SENT | {"subject": "Re: it"},
    "give-back": {"conversation": 2, "text": "x"},
    "tag": HERE | {"add": ["x"]},
    "snooze": HERE | LATER,
    "hold": HERE | {"whom": "carrier"},
    "promise": HERE | LATER,
    "keep": HERE,
    "follow-up": HERE | LATER,
    "done": HERE,
    "nudge": HERE | {"on": True, "after": [86_400]},
    "check-in": HERE | LATER,
    "close-quiet": HERE,
    "close": HERE | {"why": "resolved"},
    "outcome": HERE | {"outcome": "resolved"},
    "goodwill": HERE | {"kind": "gift", "amount": None, "reason": "x", "allowed": None},
    "no-answer": HERE,
    "reopen": {"conversation": 3},
    "spam": HERE,
    "block": HERE,
    "unblock": HERE,
    "notice": HERE,
    "no-notice": HERE,
    "link": HERE | {"issue": "strike"},
    "unlink": HERE,
    "issue-new": {"issue": "other"},
    "issue-change": {"issue": "strike", "is_open": False},
    "issue-banner": {"issue": "strike", "text": "x", "until": NOW + 86_400},
    "issue-tell": HERE | SENT | {"issue": "strike", "telling": "t", "seen": 99},
    "issue-stop": {"telling": "t"},
    "announce": SENT | {"issue": "strike", "telling": "t", "customer": 1, "subject": "x"},
    "merge": HERE | {"into": 2},
    "take-chat": HERE | {"message": 1},
    "join-suggested": HERE,
    "decline-suggestion": HERE,
    "split": HERE | {"message": 1},
    "move-message": HERE | {"messages": [1], "into": 2},
    "mark-read": HERE | {"read": True},
    "upset": HERE | {"upset": True},
    "customer-edit": {"customer": 1, "name": "x"},
    "customer-note": {"customer": 1, "note": "x"},
    "customer-vip": {"customer": 1, "vip": True},
    "customer-join": {"customer": 1, "into": 2},
    "customer-same": {"customer": 1, "into": 2},
    "customer-different": {"customer": 1, "other": 2},
    "customer-part": {"customer": 1},
    "customer-erase": {"customer": 1},
    "act": HERE
    | {
        "action": SavedAction("x", (Step(Do.TAG, ("x",)), Step(Do.CLOSE, ("resolved",)))),
        "zone": ZONE,
        "hours": Settings().hours,
    },
    "undo": {"by": ""},
    "redo": {"by": ""},
}
"""What each verb is given where conversation 2 has a letter that waits for a yes. A new verb is to be given something."""

LOOKING = frozenset(
    """seen issues names leave-draft down up page-down page-up top bottom open back next-conversation previous-conversation
    select select-all select-range next-pane previous-pane unfold unfold-one next-message previous-message next-hit
    previous-hit headers pipe copy raw attachments links save-attachment open-outside rule-from-this why customer views
    view-0 view-1 view-2 view-3 view-4 view-5 view-6 view-7 view-8 view-9 search jump mark to-mark take-in import-left theme
    profile outbox mailboxes under-way report activity first-steps day-before day-after next-grouping previous-grouping
    figure-left figure-right report-span report-again palette help keys nothing-deleted redraw quit""".split()  # noqa: SIM905  a table of words
)
"""Verbs that change nothing but one's own: what one looks at, one's marks, keys and colours, that one has seen a call."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Workspace]:
    """The shop's mail, an issue, a call for the reader, and a letter of the trainee's that waits."""
    store = shop(tmp_path, STORY, [name for name, _ in TEAM])
    do(store, Role.OWNER, "issue-new", issue="strike")
    do(store, Role.OWNER, "note", conversation=1, text="@ria look", team=[name for name, _ in TEAM])
    do(store, Role.OWNER, "close", conversation=3, why="resolved")
    do(store, Role.TRAINEE, "reply", conversation=2, **SENT)
    yield store
    store.close()


def do(store: Workspace, role: Role, verb: str, **arguments: Any) -> str:
    """Somebody of this role does it: why not, or ""."""
    who = PEOPLE[role]
    given = arguments | ({"by": who.name} if "by" in arguments else {})
    refusal = store.change(*decision(verb, **given), who, NOW).refusal
    return refusal.reason if refusal is not None else ""


def record(store: Workspace) -> int:
    return store.newest_event()


def test_every_verb_that_changes_something_is_given_something() -> None:
    assert ARGUMENTS.keys() == ACTIONS.keys()


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_every_verb_by_every_role_under_the_lock(store: Workspace, role: Role) -> None:
    done = set()
    for verb, arguments in ARGUMENTS.items():
        before = record(store)
        why = do(store, role, verb, **arguments)
        may = role in VERBS[verb].roles
        assert may or f"is not for a{'n' if role.value[0] in 'ao' else ''} {role}: ask anna" in why, verb
        if record(store) > before:
            assert may, verb
            done.add(verb)
            if verb not in ("undo", "redo"):
                store.change(*decision("undo", by=PEOPLE[role].name), PEOPLE[role], NOW)
        if role is Role.TRAINEE:  # nothing of theirs is on its way
            assert {line.state for line in store.outbox()} <= {"held"}, verb
    if role is Role.READER:
        assert done == {"seen"}
    elif role is not Role.TRAINEE:
        assert len(done) > 30, sorted(ARGUMENTS.keys() - done)


def test_every_verb_that_is_for_everybody_only_looks() -> None:
    assert {verb.name for verb in VERBS.values() if verb.roles == EVERYBODY} == LOOKING


def test_what_leaves_the_house_by_a_trainee_waits_or_is_not_theirs(store: Workspace) -> None:
    waits = {"reply", "reply-all", "forward", "new"}
    by_hand = {"send", "send-now", "send-and-close", "send-and-snooze", "send-later", "send-anyway", "amend"}
    theirs = {verb.name for verb in VERBS.values() if verb.sends and Role.TRAINEE in verb.roles}
    assert theirs == waits | by_hand
    assert (
        "check in is not for a trainee"
        in do(store, Role.TRAINEE, "close", conversation=1, why="resolved", check_in=NOW + 86_400).casefold()
    )


def test_a_refusal_says_who_may_by_name_where_they_are_few() -> None:
    spam, erase = VERBS["spam"], VERBS["customer-erase"]
    tim = PEOPLE[Role.TRAINEE]
    assert refused(spam, tim) == "Spam is not for a trainee: ask anna (owner) or bo (agent)."
    two = Who("tim", Role.TRAINEE, (("anna", Role.OWNER), ("bo", Role.OWNER)))
    assert refused(erase, two) == "Erase is not for a trainee: ask anna or bo (owners)."
    many = tuple((f"a{n}", Role.AGENT) for n in range(9))
    assert (
        refused(spam, Who("tim", Role.TRAINEE, many)) == "Spam is not for a trainee: ask an owner or agent."
    )
    assert refused(erase, Who("a1", Role.AGENT, many)) == "Erase is not for an agent: ask an owner."
    assert (
        refused(VERBS["note"], Who("ria", Role.READER)) == "Note is not for a reader: ask an owner or agent."
    )
    assert whom_to_ask({Role.OWNER}, ()) == "an owner"


# ---------------------------------------------------------------------- by command


def kept(workspace: Path) -> dict[str, str]:
    """All that a team has in common, by file; without what is each one's own, and who is here."""
    import sqlite3

    found = {}
    with sqlite3.connect(workspace / "frontdesk.db") as connection:
        dump = "\n".join(connection.iterdump())
    found["frontdesk.db"] = hashlib.sha256(dump.encode()).hexdigest()
    for path in sorted(workspace.rglob("*")):
        own = "preferences" in path.name or path.name.startswith(("frontdesk.db", "live.db"))
        if path.is_file() and not own and path.suffix not in (".lock", ".log", ".cache", ".sock"):
            found[str(path.relative_to(workspace))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def words_of(path: tuple[str, ...]) -> Iterator[list[str]]:
    for words in WORDS[path]:
        yield [*path, *words]


@pytest.mark.long
def test_a_reader_changes_nothing_by_any_command(
    shop_front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text("name,email\nx,x@y.example\n", "utf-8")
    shop_front.ok("note", "1", "--text", "@bo look")
    shop_front.ok("reply", "2", "--text", "Soon.", who="tim")
    shop_front.ok("day")  # the first one gives the workspace a name
    before = kept(shop_front.workspace)
    changed = []
    for path, _ in leaves(group):
        if path == ("demo",):
            continue
        for words in words_of(path):
            shop_front.run(*words, who="ria")
            after = kept(shop_front.workspace)
            if after != before:
                changed.append((words, {file for file, _ in before.items() ^ after.items()}))
                before = after
    assert not changed, "commands by which a reader changes something: say who may in inbox/verbs.py"


@pytest.mark.long
def test_nothing_of_a_trainees_leaves_by_any_command(
    shop_front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = (shop_front.workspace / "settings.toml").read_bytes()
    letter = shop_front.run("reply", "1", "--text", "Soon.", who="tim")
    assert letter.status == 0
    for path, _ in leaves(group):
        if path == ("demo",):
            continue
        for words in words_of(path):
            shop_front.run(*words, who="tim")
            lines = shop_front.json("outbox")
            assert {line["state"] for line in lines} <= {"held"}, words
    assert (shop_front.workspace / "settings.toml").read_bytes() == settings


DOING = (
    (2, ("saved", "add", "x", "--text", "y")),
    (2, ("knowledge", "add", "z", "--text", "y")),
    (2, ("knowledge", "edit", "x", "--text", "y")),
    (2, ("knowledge", "remove", "x")),
    (1, ("import", ".")),
    (2, ("customer", "import", "-")),
    (2, ("customer", "export", "-")),
    (2, ("customer", "erase", "--go-on")),
    (1, ("sync",)),
    (2, ("rules", "from", "1", "--write")),
    (2, ("team", "add", "zoe")),
    (2, ("team", "role", "tim", "agent")),
    (2, ("team", "remove", "tim", "--to", "none")),
    (1, ("init", "--yes", "--address", "x@127.0.0.1")),
    (1, ("login", "support")),
    (1, ("export", "out")),
    (1, ("backup", "out.tar")),
)
"""What commands do beside verbs, each by a way to do it; how many of the words name it."""


def test_what_commands_do_beside_verbs_is_said_with_who_may(shop_front: Front) -> None:
    assert {task.split(" --")[0] for task in TASKS} <= {" ".join(path) for path, _ in leaves(group)}
    assert {task.split(" --")[0] for task in TASKS} == {" ".join(words[:number]) for number, words in DOING}
    shop_front.ok("knowledge", "add", "x", "--text", "y")
    for number, words in DOING:
        task = " ".join(words[:number])
        roles = TASKS[task if task in TASKS else f"{task} --write"].roles
        for name, role in TEAM:
            if role not in roles:
                ran = shop_front.run(*words, who=name)
                assert (ran.status, "is not for a" in ran.err or "by an owner" in ran.err) == (1, True), (
                    name,
                    words,
                )
    ran = shop_front.run("saved", "add", "x", "--text", "y", who="tim")
    assert (ran.status, ran.err.strip()) == (
        1,
        "frontdesk: Saving replies is not for a trainee.\n  Ask anna (owner) or bo (agent).",
    )
    ran = shop_front.run("rules", "from", "1", "--write", who="bo")
    assert "Writing rules is not for an agent.\n  Ask anna (owner)." in ran.err


def test_the_table_in_the_docs_is_that_of_the_verbs() -> None:
    from inbox.role_table import role_table

    docs = (Path(__file__).parent.parent / "docs" / "team.md").read_text("utf-8")
    assert role_table() in docs, "python -c 'from inbox.role_table import role_table; print(role_table())'"
