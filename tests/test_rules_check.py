"""What `frontdesk rules check` says of rules: each mistake with its line and the word that was probably meant, and nothing
of rules that are right."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.errors import BadSettings
from inbox.queries import Facts, Node
from inbox.queries.proving import covers, impossible
from inbox.queries.rendering import render
from inbox.rules.checking import ERROR, HINT, Known, Problem, asked_of, check
from inbox.rules.matching import Scene, held
from inbox.rules.reading import On, Rule
from inbox.rules.rule_file import read
from inbox.saved_replies import SavedReply
from tests.front import TEAM, Front
from tests.test_proving import facts, leaves, literals

NOW = int(datetime(2026, 5, 20, 12, 0, tzinfo=UTC).timestamp())
REPLIES = (
    SavedReply("On its way", "Hello {first_name}, it is on its way."),
    SavedReply("Colour", "Which {colour of the box}?"),
    SavedReply("Signed", "Hello {name}.\n{agent}"),
    SavedReply("Greet", "Hello {first_nmae}."),
    SavedReply("Ask back", "Hello {first_nmae}, which {colour of the box}?"),
)
HEAD = TEAM.count("\n") + 1
"""The line of the first line that a test adds."""


def problems(rules: str, head: str = "") -> list[Problem]:
    found = read((head + TEAM + rules).encode(), Path("settings.toml"), NOW)
    known = Known(found.settings, REPLIES, frozenset({"returns", "parcel"}), frozenset({"strike"}))
    lines = head.count("\n") + HEAD - 1
    made = [*found.refused, *check(found.settings.rules, found.lines, known, NOW)]
    return [problem._replace(line=problem.line - lines) for problem in made]


def rule(name: str, on: str, then: str, when: str = "", more: str = "") -> str:
    asks = f"when = '{when}'\n" if when else ""
    return f'[[rule]]\nname = "{name}"\non = "{on}"\n{asks}{more}then = [{then}]\n'


def test_rules_that_are_right_are_not_spoken_of() -> None:
    fine = (
        rule("a", "message-in", '{ tag = "returns" }, { assign = "bo" }', "subject:return -tag:returns")
        + rule("b", "message-in", '{ assign = "load" }', "tag:returns OR mailbox:support")
        + rule("c", "silence", "{ nudge = true }", "status:waiting", 'after = "3d"\n')
        + rule("d", "status", '{ untag = "returns" }', "status:closed tag:returns")
        + rule("e", "tag", '{ policy = "vip" }, { stop = true }', "tag:vip")
        + rule("f", "tag", '{ note = "Look here, @anna" }', "-tag:vip is:late")
        + rule("g", "clock-breached", '{ notify = "owners" }, { draft = "On its way" }')
        + rule("h", "time", '{ snooze = "tomorrow 9:00" }', "tag:parcel", 'at = "17:00"\n')
        + rule("i", "tag", "{ reopen = true }", "status:spam")  # e leaves spam alone
    )
    assert problems(fine) == []


@pytest.mark.parametrize(
    ("text", "line", "kind", "words"),
    [
        (rule("a", "mesage-in", '{ tag = "x" }'), 3, "settings", "message-in"),
        (rule("a", "note", '{ tagg = "x" }'), 4, "settings", 'did you mean "tag"'),
        (rule("a", "note", '{ assign = "an" }'), 4, "settings", 'did you mean "anna"'),
        (rule("a", "note", '{ policy = "defalt" }'), 4, "settings", 'did you mean "default"'),
        (rule("a", "note", '{ tag = "x" }', "tga:x"), 4, "settings", "The nearest is tag:"),
        (rule("a", "note", '{ tag = "x" }', "(late"), 4, "settings", "column 1"),
        (rule("a", "note", '{ tag = "x" }', "tag:retuns"), 4, "misspelled", "“returns”"),
        (rule("a", "note", '{ untag = "retuns" }'), 4, "misspelled", "“returns”"),
        (rule("a", "note", '{ tag = "x" }', "assignee:ana"), 4, "misspelled", 'did you mean "anna"'),
        (rule("a", "note", '{ tag = "x" }', "channel:mial"), 4, "misspelled", 'did you mean "mail"'),
        (rule("a", "note", '{ draft = "On its wy" }'), 4, "misspelled", 'did you mean "On its way"'),
        (rule("a", "note", '{ draft = "greet" }'), 4, "misspelled", "did you mean {first_name}?"),
        (rule("a", "note", '{ snooze = "2020-01-01 09:00" }'), 4, "never", "has passed"),
        (rule("a", "note", '{ hold = "carrier", until = "2020-01-01" }'), 4, "never", "has passed"),
        (
            rule("a", "note", '{ send = "On its way" }', more="automatic = true\n"),
            5,
            "never",
            "automatic_sending",
        ),
        (
            rule("a", "note", '{ tag = "x" }', "is:late -is:late"),
            4,
            "contradictory",
            "“is:late” and “-is:late”",
        ),
        (
            rule("a", "note", '{ tag = "x" }', "before:14d after:7d"),
            4,
            "contradictory",
            "never hold together",
        ),
        (
            rule("a", "silence", '{ tag = "x" }', "after:1d", 'after = "3d"\n'),
            4,
            "contradictory",
            "such a silence",
        ),
        (rule("a", "note", '{ close = "resolved" }, { reopen = true }'), 4, "circular", "undoes it"),
        (
            rule("a", "note", "{ nudge = true }, { nudge = false }"),
            4,
            "circular",
            "“nudge off”, which undoes it",
        ),
        (rule("a", "note", '{ note = "Again" }'), 4, "circular", "sets it off again"),
    ],
)
def test_each_mistake_is_told_with_its_line(text: str, line: int, kind: str, words: str) -> None:
    (problem,) = problems(text)
    assert (problem.line, problem.severity, problem.kind) == (line, ERROR, kind), problem
    assert words in f"{problem.what} {problem.next_step}"


def test_what_is_only_likely_is_a_hint() -> None:
    found = problems(
        rule("a", "note", '{ tag = "retuns" }, { draft = "Colour" }', "tag:garden issue:flood")
        + rule("b", "note", '{ assign = "bo" }')
    )
    assert [(each.line, each.severity) for each in found] == [(4, HINT), (4, HINT), (5, HINT), (5, HINT)]


def test_a_text_that_is_sent_must_be_filled_by_itself() -> None:
    text = rule("a", "note", '{ send = "Ask back" }', more="automatic = true\n")
    found = problems(text, head="automatic_sending = true\n")
    assert [each.kind for each in found] == ["never", "never"]
    by_agent = problems(text.replace("Ask back", "Signed"), head="automatic_sending = true\n")
    assert "{agent}, which nobody fills." in by_agent[0].what
    assert problems(text.replace("Ask back", "Signed").replace("send", "draft")) == []
    assert "{colour of the box}, which nobody fills." in found[0].what + found[1].what


def test_a_rule_behind_one_that_stops_all_it_is_for_is_never_reached() -> None:
    stop = rule("first", "message-in", '{ tag = "parcel" }, { stop = true }', "parcel OR tag:parcel")
    (found,) = problems(
        stop + rule("second", "message-in", '{ assign = "bo" }', "subject:parcel status:open")
    )
    assert (found.kind, found.line) == ("unreachable", 6)
    assert f"“first” in line {HEAD}" in found.what
    assert problems(stop + rule("second", "message-in", '{ assign = "bo" }', "tag:returns")) == []
    timed = stop.replace("message-in", "time").replace("[[rule]]", '[[rule]]\nat = "08:00"')
    late = rule("second", "time", '{ assign = "bo" }', "subject:parcel", 'at = "08:00"\n')
    assert problems(timed + late) == [], "what comes with time asks each by itself"
    assert problems(stop + rule("second", "note", '{ assign = "bo" }', "subject:parcel")) == []


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (  # to and fro for ever
            rule("a", "tag", '{ tag = "y" }, { untag = "x" }', "tag:x"),
            rule("b", "tag", '{ tag = "x" }, { untag = "y" }', "tag:y"),
            "“a” (line {a}) does “tag y”, which sets off “b” (line {b}), which does “tag x”, which sets off “a” again",
        ),
        (  # each asks for what the other does
            rule("a", "tag", '{ tag = "y" }', "tag:x"),
            rule("b", "tag", '{ tag = "x" }', "tag:y"),
            "they go round in a circle",
        ),
        (
            rule("a", "status", "{ reopen = true }", "status:closed"),
            rule("b", "status", '{ close = "resolved" }', "status:open"),
            "they go round in a circle",
        ),
        (  # at each message once
            rule("a", "message-in", '{ assign = "bo" }', "assignee:anna"),
            rule("b", "message-in", '{ assign = "anna" }', "assignee:bo"),
            "“a” (line {a}) does “assign bo”, then “b” (line {b}) does “assign anna”, and so on to and fro",
        ),
        (  # at the same message
            rule("a", "message-in", '{ assign = "bo" }', "parcel late"),
            rule("b", "message-in", '{ assign = "anna" }', "parcel"),
            "“assign anna” undoes each time what “a” (line {a}) has just done: “assign bo”.",
        ),
    ],
)
def test_rules_that_undo_one_another_are_named_with_their_lines(first: str, second: str, words: str) -> None:
    (found,) = problems(first + second)
    assert found.kind == "circular"
    assert words.format(a=HEAD, b=HEAD + 5) in found.what


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (  # it ends, and nobody wonders why
            rule("a", "tag", '{ close = "resolved" }', "tag:parcel"),
            rule("b", "status", '{ tag = "returns" }', "status:closed"),
        ),
        (  # a mark that is taken off again at another occasion
            rule("a", "message-in", '{ tag = "parcel" }', "-tag:parcel"),
            rule("b", "status", '{ untag = "parcel" }', "tag:parcel status:closed"),
        ),
        (  # what it gives it has asked for
            rule("a", "tag", '{ tag = ["vip", "parcel"] }', "tag:vip"),
            rule("b", "tag", '{ untag = "returns" }', "tag:returns"),
        ),
        (  # for different conversations
            rule("a", "tag", '{ tag = "parcel" }, { untag = "returns" }', "tag:returns mailbox:a"),
            rule("b", "tag", '{ tag = "returns" }, { untag = "parcel" }', "tag:parcel mailbox:b"),
        ),
    ],
)
def test_rules_that_only_follow_one_another_are_no_circle(first: str, second: str) -> None:
    assert problems(first + second) == []


def test_rules_that_the_settings_refuse_do_not_hide_what_is_wrong_with_others() -> None:
    found = problems(
        rule("a", "note", '{ tagg = "x" }')
        + rule("b", "note", '{ tag = "x" }', "tag:x -tag:x")
        + '[[rule]]\nname = "c"\non = "nothing"\n[[rule.then]]\ntag = "x"\n'
        + rule("d", "note", '{ assign = "nobody" }')
        + "[alerts]\nbell = false\n"
    )
    told = [(each.line, each.rule, each.kind) for each in sorted(found)]
    assert told == [
        (4, "a", "settings"),
        (8, "b", "contradictory"),
        (12, "c", "settings"),
        (18, "d", "settings"),
    ]


def test_what_else_is_wrong_with_the_settings_comes_first() -> None:
    with pytest.raises(BadSettings):
        problems(rule("a", "note", '{ tagg = "x" }'), head="undo_widow = 3\n")


def test_the_command_says_file_and_line_and_ends_with_one_where_there_is_an_error(front: Front) -> None:
    front.write_settings(TEAM + rule("b", "note", '{ tag = "x" }', "tag:vip -tag:vip"))
    ran = front.run("rules", "check")
    path = front.workspace / "settings.toml"
    assert ran.status == 1
    assert ran.lines[0].startswith(
        f"{path}:{HEAD + 3}: error: “b”: “tag:vip” and “-tag:vip” never hold together"
    )
    (told,) = front.run("rules", "check", "--json").objects
    assert (told["line"], told["severity"], told["kind"], told["rule"]) == (
        HEAD + 3,
        "error",
        "contradictory",
        "b",
    )

    front.write_settings(TEAM + rule("b", "note", '{ tagg = "x" }'))
    ran = front.run(
        "rules", "check"
    )  # the settings are refused; what is wrong with the rules is told all the same
    assert (ran.status, len(ran.lines)) == (1, 1)
    assert f":{HEAD + 3}: error: “b”" in ran.out

    front.write_settings(TEAM + rule("b", "note", '{ tag = "x" }'))
    ran = front.run("rules", "check")
    assert (ran.status, ran.out) == (0, "")
    assert ran.err == "1 rule: 0 errors, 0 hints.\n"

    (front.workspace / "settings.toml").write_text("[[rule\n", "utf-8")
    assert front.run("rules", "check").status == 3
    assert front.run("rules", "check", "--settings", "nowhere.toml").status == 2


def test_a_rule_that_would_have_done_nothing_for_long_is_a_hint(shop_front: Front) -> None:
    shop_front.write_settings(
        TEAM
        + rule("often", "message-in", '{ tag = "seen" }')
        + rule("never", "message-in", '{ tag = "seen" }', "subject:zeppelin")
    )
    ran = shop_front.ok("rules", "check")
    assert [line.split(": ", 2)[1:] for line in ran.lines] == [
        ["hint", "“never”: it would have done nothing in the last 90 days."]
    ]


# --------------------------------------------------------------------------- against what rules really match


@settings(max_examples=80)
@given(literals | leaves, leaves | literals, st.data())
def test_what_is_proved_of_rules_holds_where_they_are_asked(
    first: Node, second: Node, data: st.DataObject
) -> None:
    """A rule that is called contradictory never fits, and one behind a stop that covers it never without the other."""
    on = data.draw(st.sampled_from((On.TAG, On.SILENCE)))
    rules = [Rule(str(n), on, (), render(node), after=3) for n, node in enumerate((first, second))]
    one, other = (asked_of(each, 3, UTC) for each in rules)
    covered, never = covers(one.trees, other.trees), impossible(other.trees) is not None
    if not (covered or never):
        return
    for each in data.draw(st.lists(facts, max_size=8)):
        if on is On.SILENCE and each.conversation.last_at + 3 > each_at(each):
            continue
        scene = scene_of(each)
        fits = held(rules[1], on, scene, UTC) is not None
        assert not (never and fits)
        assert not (covered and fits) or held(rules[0], on, scene, UTC) is not None


def each_at(found: Facts) -> int:
    """The instant at which a conversation is asked about."""
    return max(3, found.conversation.last_at)


def scene_of(found: Facts) -> Scene:
    return Scene(found, each_at(found), lambda: found.messages, deadlines=lambda: (found.due_at, None))
