"""`frontdesk rules replay`: what rules would have done is what they do where they are in force, whoever asks and when."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox.model import EventType, Who
from inbox.rules import running
from inbox.rules.firings import KEPT, Firing, Replayed, Told
from inbox.rules.reading import On, Rule
from inbox.rules.replaying import replay
from inbox.rules.rule_file import read
from inbox.settings import Settings
from tests.faults.clock import MONDAY
from tests.front import TEAM, Front
from tests.stores import DAY, Desk, desk, letter
from tests.test_rules_check import rule

RULES = (
    rule("returns", "message-in", '{ tag = "returns" }, { assign = "bo" }', "subject:return -tag:returns")
    + rule("angry", "message-in", '{ tag = "angry" }, { notify = "owners" }, { stop = true }', "lawyer")
    + rule("thanks", "message-in", '{ tag = "kind" }', "thanks OR tag:angry")
    + rule("looked at", "tag", '{ note = "Look at {id}, {first_name}." }', "tag:returns assignee:bo")
    + rule("noted", "note", '{ untag = "kind" }', "tag:kind")
    + rule("closed", "status", '{ tag = "done" }, { untag = "returns" }', "status:closed")
    + rule("quiet", "silence", '{ tag = "quiet" }', "-tag:done", 'after = "3d"\n')
    + rule("warned", "clock-warned", '{ tag = "hurry" }', "assignee:none")
    + rule("late", "clock-breached", '{ tag = "late" }, { snooze = "1d" }')
    + rule(
        "morning",
        "time",
        '{ assign = "anna" }',
        "tag:late assignee:none",
        'at = "08:00"\ndays = ["mon", "wed"]\n',
    )
    + rule("old", "time", '{ tag = "old" }', "before:2d status:open", 'at = "18:00"\n')
)


def settings_with(rules: str) -> Settings:
    return read((TEAM + rules).encode(), Path("settings.toml"), MONDAY).settings


def replayed(of: Desk, rules: Settings, since: int = MONDAY - DAY) -> Replayed:
    found = replay(of.store, rules, rules.rules, since, of.now)
    assert found is not None
    return found


def lasting(held: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """Conditions without dates: those are told as of the minute in which somebody looks."""
    return tuple(each for each in held if not each.startswith("before:"))


def told(found: Replayed) -> list[tuple[int, str, tuple[str, ...], tuple[str, ...]]]:
    return sorted(
        (firing.conversation, each.rule.name, lasting(firing.held), firing.did)
        for each in found.rules
        for firing in each.firings
    )


def really(of: Desk) -> list[tuple[int, str, tuple[str, ...], tuple[str, ...]]]:
    return sorted(
        (event.conversation or 0, event.data["rule"], lasting(event.data["held"]), tuple(event.data["did"]))
        for conversation in of.store.ids(None, Who("anna"), of.now)
        for event in of.store.events(conversation)
        if event.type is EventType.FIRED
    )


Act = tuple[str, int]
SUBJECTS = ("Return of order 7", "Where is my parcel?", "My lawyer", "Many thanks")


def act(of: Desk, what: Act) -> None:
    """One thing that happens; nothing that people could not do as well, had no rule done anything."""
    kind, number = what
    seen = sorted(of.store.ids(None, Who("anna"), of.now))
    if kind == "mail" or not seen:
        of.count += 1
        before = any(f"p{number}@" in row.customer_addresses[0] for row in of.store.rows(seen))
        of.gets(
            letter(
                f"p{number}@ex.example",
                subject=("Re: " if before else "") + SUBJECTS[number],
                text=("thanks", "my lawyer", "when?")[of.count % 3],
                at=of.now,
                id_=f"<{of.count}@x>" if before else f"<p{number}@x>",
                answers=[f"<p{number}@x>"] if before else [],
            )
        )
        return
    here = seen[number % len(seen)]
    if kind == "note":
        of.do("anna", "note", conversation=here, text="I look into it.")
    elif kind == "tag":
        of.do("anna", "tag", conversation=here, add=[f"told-{of.count}-{of.now}"])
    elif kind == "close":
        of.do("bo", "close", conversation=here, why="resolved")
    elif kind == "spam":
        of.do("bo", "spam", conversation=here)
    else:
        of.tick(number * 30 * 3600 + 3600)


acts = st.lists(
    st.tuples(
        st.sampled_from(("mail", "mail", "note", "tag", "close", "spam", "wait", "wait")),
        st.integers(0, 3),
    ),
    min_size=4,
    max_size=14,
)


def both_ways(folder: Path, story: list[Act], rules: Settings) -> None:
    """The same happens twice: told afterwards, and with a worker who looks whenever there is something to do."""
    without, with_rules = desk(folder / "without"), desk(folder / "with")
    try:
        for what in story:
            act(without, what)
        found = replayed(without, rules)
        assert [each.broken for each in found.rules] == [""] * len(found.rules)
        looks = {firing.at + late for each in found.rules for firing in each.firings for late in (0, 1)}
        looks.update(range(MONDAY, without.now, 6 * 3600))
        running.look(with_rules.store, rules, with_rules.now)
        for what in story:
            before = with_rules.now
            act(with_rules, what)
            for at in sorted({at for at in looks if before < at < with_rules.now} | {with_rules.now}):
                running.look(with_rules.store, rules, at)
        assert told(found) == really(with_rules)
        assert told(replayed(with_rules, rules)) == told(found), "what rules really did changes nothing"
    finally:
        with_rules.store.close()
        without.store.close()


def test_what_would_have_been_done_is_what_is_done_where_the_rules_are_in_force(tmp_path: Path) -> None:
    story = [("mail", 0), ("mail", 1), ("wait", 1), ("mail", 2), ("mail", 3), ("note", 3), ("mail", 0),
             ("close", 0), ("wait", 3), ("tag", 1), ("mail", 1), ("wait", 3), ("wait", 3)]  # fmt: skip
    both_ways(tmp_path, story, settings_with(RULES))


def test_what_comes_at_the_same_instant_comes_all_the_same(tmp_path: Path) -> None:
    """A clock begins to warn on the very second of a time of day."""
    story = [("mail", 0), ("wait", 3), ("wait", 3), ("wait", 3), ("mail", 1), ("wait", 3)]
    both_ways(tmp_path, story, settings_with(RULES))


def test_a_tag_that_makes_vips_is_seen_by_none_who_judges_what_came_before_it(tmp_path: Path) -> None:
    """What was before anybody gave it is judged without it, by whoever looks: the worker, late or not, and the replay."""
    rules = rule("gives", "message-in", '{ tag = "vip" }', "subject:return") + rule(
        "asks", "message-in", '{ note = "A good customer." }', "is:vip"
    )
    both_ways(tmp_path, [("mail", 0), ("wait", 1), ("mail", 0), ("mail", 1)], settings_with(rules))


@pytest.mark.long
@settings(
    max_examples=40,
    derandomize="FRONTDESK_HUNT" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts)
def test_so_it_is_with_any_story(tmp_path_factory: pytest.TempPathFactory, story: list[Act]) -> None:
    """The same stories each time; FRONTDESK_HUNT=1 goes and looks for others."""
    both_ways(tmp_path_factory.mktemp("rules"), story, settings_with(RULES))


# --------------------------------------------------------------------------- the command


def record(front: Front) -> list[object]:
    """Every event, and what is known of rules."""
    store = front.store()
    try:
        return [store.events(each) for each in store.ids(None, Who("anna"), front.now)] + [
            store.rulebook.kept()
        ]
    finally:
        store.close()


def shop_with(front: Front, rules: str) -> None:
    front.write_settings(TEAM + rules)


def test_the_command_says_how_often_where_and_why_and_writes_nothing(shop_front: Front) -> None:
    shop_with(
        shop_front,
        rule(
            "refunds",
            "message-in",
            '{ tag = "refund" }, { webhook = "https://hooks.example/secret" }',
            "refund",
        )
        + rule("never", "message-in", '{ tag = "x" }', "zeppelin"),
    )
    before = record(shop_front)
    ran = shop_front.ok("rules", "replay")
    assert ran.lines[0].startswith("2 rules over ")
    assert "refunds: 1 time in 1 conversation" in ran.lines
    assert "never: never" in ran.lines
    (line,) = [line for line in ran.lines if "Refund for order 4711" in line]
    assert "tag refund; webhook hooks.example" in line
    assert "(message-in, refund)" in line
    told = shop_front.json("rules", "replay", "--rule", "refunds")
    assert [(each["rule"], each["fired"], each["times"][0]["conversation"]) for each in told] == [
        ("refunds", 1, "2")
    ]
    assert "secret" not in ran.out + str(told)
    assert before == record(shop_front)
    assert shop_front.json("show", "2")[0]["tags"] == []


def test_an_unknown_rule_is_answered_with_the_nearest_and_refused_ones_with_what_is_wrong(
    shop_front: Front,
) -> None:
    shop_with(shop_front, rule("refunds", "message-in", '{ tag = "refund" }'))
    ran = shop_front.run("rules", "replay", "--rule", "refuns")
    assert (ran.status, 'did you mean "refunds"?' in ran.err) == (2, True)
    other = shop_front.workspace / "tried.toml"
    other.write_text(TEAM + rule("tried", "message-in", '{ tagg = "refund" }'), "utf-8")
    assert shop_front.run("rules", "replay", "--settings", str(other)).status == 3
    other.write_text(TEAM + rule("tried", "message-in", '{ tag = "refund" }'), "utf-8")
    assert [each["rule"] for each in shop_front.json("rules", "replay", "--settings", str(other))] == [
        "tried"
    ]


def test_rules_in_a_circle_end_where_they_would_have_been_stopped(tmp_path: Path) -> None:
    here = desk(tmp_path)
    try:
        here.gets()
        rules = settings_with(
            rule("begin", "message-in", '{ tag = "x" }')
            + rule("ping", "tag", '{ tag = "y" }, { untag = "x" }', "tag:x")
            + rule("pong", "tag", '{ tag = "x" }, { untag = "y" }', "tag:y")
        )
        found = replayed(here, rules)
        assert 4 < sum(each.fired for each in found.rules) < 40
        assert sum(each.loops for each in found.rules) > 0
    finally:
        here.store.close()


def test_a_rule_that_cannot_be_followed_says_so_and_the_others_go_on(tmp_path: Path) -> None:
    here = desk(tmp_path)
    try:
        here.gets()
        rules = settings_with(
            rule("a", "message-in", '{ snooze = "2020-01-01 09:00" }')
            + rule("b", "message-in", '{ tag = "x" }')
        )
        broken, other = replayed(here, rules).rules
        assert "has passed" in broken.broken
        assert (broken.fired, other.fired) == (0, 1)
    finally:
        here.store.close()


def test_it_can_be_ended_between_two_slices(tmp_path: Path) -> None:
    here = desk(tmp_path)
    try:
        here.gets()
        rules = settings_with(rule("a", "message-in", '{ tag = "x" }'))
        heard: list[tuple[int, int]] = []

        def goes_on(done: int, total: int) -> bool:
            heard.append((done, total))
            return False

        assert replay(here.store, rules, rules.rules, MONDAY, here.now, goes_on) is None
        assert heard == [(1, 1)]
    finally:
        here.store.close()


def test_a_change_of_the_customer_asks_about_the_conversations_that_are_not_done_with(tmp_path: Path) -> None:
    here = desk(tmp_path)
    try:
        first, second = here.gets(), here.gets(letter("kim@lee.example", id_="<k@x>"))
        here.did("anna", "close", conversation=second, why="resolved")
        here.tick(3600)
        for customer in (1, 2):
            here.did("anna", "customer-edit", customer=customer, vip=True)
        rules = settings_with(rule("vips", "customer", '{ tag = "vip" }', "is:vip"))
        assert [each[0] for each in told(replayed(here, rules))] == [first]
    finally:
        here.store.close()


def test_no_more_than_the_newest_are_kept_and_all_are_counted() -> None:
    counted = Told(Rule("a", On.NOTE, ()))
    for number in range(KEPT + 100):
        counted.add(Firing(number, number // 2 + 1, (), ("x",)))
    assert (counted.fired, counted.conversations) == (KEPT + 100, (KEPT + 100) // 2)
    assert [each.at for each in counted.firings[:2]] == [KEPT + 99, KEPT + 98]
    assert len(counted.firings) == KEPT


@pytest.mark.long
def test_any_process_says_the_same(shop_front: Front) -> None:
    shop_with(shop_front, RULES)
    words = ["--workspace", str(shop_front.workspace), "--as", "anna", "--now", "2026-11-20T10:00:00Z"]
    said = set()
    for seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "main.py", *words, "rules", "replay", "--json"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parent.parent,
            capture_output=True,
            check=True,
        )
        said.add(ran.stdout)
    assert len(said) == 1
    assert b'"fired": 0' in said.pop()
