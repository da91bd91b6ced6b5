"""The table of who may do what, as docs/team.md has it: made from `inbox.verbs`, where it is decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inbox.actions import ACTIONS
from inbox.listing import Role
from inbox.verbs import EVERYBODY, TASKS, VERBS, Verb

_YES, _WAITS, _NO = "yes", "waits for a yes", "-"
HEAD = f"| what | {' | '.join(Role)} |\n| --- |{' --- |' * len(Role)}\n"


def role_table() -> str:
    """A row for every verb that changes something or leaves the house, and for what commands do besides; a verb that only
    looks is for everybody and has none."""
    rows = [(f"{verb.words} (`{verb.name}`)", _cells(verb)) for verb in _judged()]
    rows += [
        (f"{words} (`{name}`)", tuple(_YES if role in roles else _NO for role in Role))
        for name, (words, roles) in TASKS.items()
        if name.replace(" ", "-") not in VERBS
    ]
    return HEAD + "".join(f"| {what} | {' | '.join(cells)} |\n" for what, cells in rows)


def _judged() -> Iterator[Verb]:
    for verb in VERBS.values():
        changes = verb.changes or verb.sends or verb.name in ACTIONS
        if (changes or verb.roles != EVERYBODY) and not _in_writing(verb.contexts):
            yield verb


def _in_writing(contexts: Iterable[str]) -> bool:
    """Whether a verb is about a letter that is being written: who may write may do all of these."""
    return set(contexts) <= {"compose", "send"}


def _cells(verb: Verb) -> tuple[str, ...]:
    def cell(role: Role) -> str:
        if role not in verb.roles:
            return _NO
        if role is Role.TRAINEE and verb.name == "amend":
            return "takes their own back"
        if role is Role.TRAINEE and verb.name in ("give-back", "drop"):
            return "their own"
        return _WAITS if role is Role.TRAINEE and verb.sends else _YES

    return tuple(cell(role) for role in Role)
