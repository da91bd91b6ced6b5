"""What several keys of a [[rule]] say together, and what they name that stands elsewhere in the file: the mistakes that
the single values of `inbox.settings_schema` cannot show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC
from typing import Any

from inbox.errors import FrontdeskError
from inbox.hours import ALWAYS
from inbox.model import Refusal, Role
from inbox.nearest import nearest
from inbox.policy import default_policies
from inbox.queries import And, Assignee, Node, Not, Or, parse
from inbox.rules.reading import ALONE, BY_SKILL, GROUPS, WAYS, Do, On
from inbox.text import one_line

Place = tuple[str | int, ...]
Add = Callable[[Place, str], None]

_BESIDE = {"until": Do.HOLD}
_ONLY_WITH = {"after": On.SILENCE, "at": On.TIME, "days": On.TIME}


def check_rules(data: Mapping[str, Any], add: Add) -> None:
    """Call `add` with the place and the words of every mistake in the rules of a file as TOML has read it."""
    known = Known(data)
    rows = data.get("rule")
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(row, dict):
            _check_rule(("rule", index), row, known, add)


class Known:
    """What the rest of the file names."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        team = [row for row in _tables(data.get("team")) if isinstance(row.get("name"), str)]
        self.team = [row["name"] for row in team]
        self.readers = {row["name"] for row in team if row.get("role") == Role.READER.value}
        self.skills = any(row.get("skills") for row in team)
        self.policies = list(_policies(data))


def _policies(data: Mapping[str, Any]) -> Iterator[str]:
    """The policies a conversation can have: those after one that fits everything have none."""
    for row in _tables(data.get("policy")):
        yield str(row.get("name", "default"))
        if row.get("when") is None:
            return
    yield from (each.name for each in default_policies(ALWAYS))


def _tables(rows: object) -> Iterator[dict[str, Any]]:
    yield from (row for row in (rows if isinstance(rows, list) else []) if isinstance(row, dict))


def _check_rule(place: Place, row: Mapping[str, Any], known: Known, add: Add) -> None:
    on, when = row.get("on"), row.get("when")
    for key, wanted in _ONLY_WITH.items():
        if key in row and on != wanted.value:
            add((*place, key), f'this belongs to a rule with on = "{wanted.value}".')
    if on == On.SILENCE.value and "after" not in row:
        add((*place, "on"), 'nothing says how long. Write after = "3d" beside it.')
    if on == On.SILENCE.value and row.get("after") == "0s":
        add((*place, "after"), "no time at all is no silence.")
    if on == On.TIME.value and "at" not in row:
        add((*place, "on"), 'nothing says when. Write at = "08:30" beside it.')
    if isinstance(when, str):
        _check_when((*place, "when"), when, add)
    then = row.get("then")
    if then == []:
        add((*place, "then"), "this does nothing. Write what is to be done.")
    for index, action in enumerate(then if isinstance(then, list) else []):
        if isinstance(action, dict):
            alone = on == On.TIME.value and when is None
            _check_action((*place, "then", index), action, row, known, alone, add)


def _check_when(place: Place, when: str, add: Add) -> None:
    try:
        node = parse(when, 0, UTC)
    except FrontdeskError as error:
        add(place, f"{one_line(error.what, 300)} {one_line(error.next_step, 300)}".rstrip())
        return
    if any(isinstance(leaf, Assignee) and leaf.me for leaf in leaves(node)):
        add(place, "assignee:me means nobody in a rule. Write a name, or assignee:none.")


def leaves(node: Node) -> Iterator[Node]:
    """The single conditions of a query."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield node


def _check_action(
    place: Place, action: Mapping[str, Any], row: Mapping[str, Any], known: Known, alone: bool, add: Add
) -> None:
    doing = [each for each in Do if each.value in action]
    for key, beside in _BESIDE.items():
        if key in action and beside.value not in action:
            add((*place, key), f"this belongs beside {beside.value}.")
    if not doing:
        if not set(action) - set(_BESIDE):
            add(place, f"this does nothing. Write one of {', '.join(Do)}.")
        return  # a key that is not known is told by the schema
    if len(doing) > 1:
        add(place, f"two things stand here, {doing[0]} and {doing[1]}. Write a table for each.")
    for do in doing:
        if alone and do not in ALONE:
            add(
                (*place, do.value),
                "there is no conversation at a time of day. Write `when` to say for which.",
            )
        _check_named((*place, do.value), do, action[do.value], known, add)
    if Do.HOLD in doing and isinstance(action.get("until"), str):
        check_date((*place, "until"), action["until"], add)
    if Do.SEND in doing and row.get("automatic") is not True:
        add(
            (*place, Do.SEND.value),
            "nothing goes out by itself unless the rule says so. Write automatic = true in the rule.",
        )


def _check_named(place: Place, do: Do, value: object, known: Known, add: Add) -> None:
    """What is named must be there: teammates, policies, reasons."""
    if do is Do.ASSIGN and isinstance(value, str):
        if not known.team:
            add(place, "there is no team to assign to. Write a [[team]] for each teammate.")
        elif value not in known.team and value not in WAYS:
            names = [*known.team, *WAYS]
            add(place, f"there is no such teammate{nearest(value[:60], names)} Known: {', '.join(names)}.")
        elif value in known.readers:
            add(place, f"{one_line(value, 60)} only reads, and is assigned nothing.")
        elif value == BY_SKILL and not known.skills:
            add(place, "nobody of the team has a skill. Write skills in a [[team]].")
    elif do is Do.NOTIFY:
        names = [*known.team, *GROUPS]
        for name in [value] if isinstance(value, str) else value if isinstance(value, list) else []:
            if isinstance(name, str) and known.team and name not in names:
                add(place, f"there is no such teammate{nearest(name[:60], names)} Known: {', '.join(names)}.")
    elif do is Do.POLICY and isinstance(value, str) and value not in known.policies:
        shown = list(dict.fromkeys(known.policies))
        add(place, f"there is no such policy{nearest(value[:60], shown)} Known: {', '.join(shown)}.")
    elif do in (Do.SNOOZE, Do.FOLLOW_UP) and isinstance(value, str):
        check_date(place, value, add)
    elif do is Do.CLOSE and isinstance(value, str):
        reasons = reasons_to_close()
        if value not in reasons:
            near = nearest(value[:60], reasons)
            add(place, f"that is no reason for closing{near} Known: {', '.join(reasons)}.")


def reasons_to_close() -> list[str]:
    """The reasons with which a rule can close: to whom something was referred it cannot say."""
    from inbox.outcomes import GIVEN, REFERRED

    return [word for word in GIVEN if word != REFERRED]


def check_date(place: Place, text: str, add: Add) -> None:
    """A date as it is typed, which must mean something at some time; that its day has passed is no mistake of the file."""
    from inbox.typed_dates import read_date

    found = [read_date(text, now, UTC, ALWAYS) for now in _SOMEWHEN]
    refusals = [each for each in found if isinstance(each, Refusal)]
    if len(refusals) == len(found):
        words = refusals[len(refusals) // 2]
        add(place, f"{one_line(words.reason, 200)} {one_line(words.next_step, 200)}".rstrip())


_SOMEWHEN = range(0, 4_000_000_000, 15 * 365 * 86_400)
"""Instants so near to each other that every day lies in the years that are looked ahead from one of them."""
