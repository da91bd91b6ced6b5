"""Every hint by name, how much it weighs unless the settings say otherwise, and the stops that no setting weakens.

`[checks]` in settings.toml weighs each (docs/answering.md): "hard" stops a letter until a reason is given, "hint" is said
and counted, "passive" is only said, "off" is not looked for.
"""

from __future__ import annotations

from typing import NamedTuple

LEVELS = ("hard", "hint", "passive", "off")

SHOWN = 3
"""So many hints the screen says at a time, passive ones included: who is told more reads none."""


class Usual(NamedTuple):
    """A hint: how much it weighs where nothing is said, and what it is about."""

    level: str
    about: str


HINTS: dict[str, Usual] = {
    "attachment": Usual("hint", "The text speaks of an attachment, and none is there."),
    "internal": Usual("hint", "One of `internal_words` is in it."),
    "note": Usual("hint", "It reads like a note to the team."),
    "cc": Usual("hint", "Somebody was in copy whom a plain reply leaves out."),
    "alias": Usual("hint", "The mail was written to another address of ours."),
    "language": Usual(
        "hint", "It is in another language than the customer's last message and our last answer."
    ),
    "form": Usual(
        "hint", "It says du where Sie was said before, tu where it was vous, or the other way round."
    ),
    "question": Usual("passive", "A question of the customer's seems to be left untouched."),
    "promise": Usual(
        "passive", "It promises something without saying when: soon, shortly, as soon as possible."
    ),
    "more": Usual("hint", "The customer has other conversations that are open."),
    "next_step": Usual(
        "off", "It closes the conversation and says nothing about what the customer can do next."
    ),
    "same": Usual(
        "off", "It is the text of one of the writer's last ten answers, greeting and closing aside."
    ),
}
"""The most useful first: the first ones are said where there are more than SHOWN."""


def usual_levels() -> dict[str, str]:
    """How much each hint weighs where no setting says anything."""
    return {name: usual.level for name, usual in HINTS.items()}


_NOTHING = "without it there would be nothing to send, nobody to send it to, or nobody to send it from"
_REASON = "who knows better overrides it with a reason"

ALWAYS: dict[str, str] = {
    "empty": _NOTHING,
    "missing": _NOTHING,
    "unparsed": _NOTHING,
    "sender": _NOTHING,
    "placeholder": _REASON,
    "elsewhere": _REASON,
    "no-reply": _REASON,
    "no_reply": _REASON,
    "refused": _REASON,
    "newer": _REASON,
}
"""The stops that hold every letter, and why no setting changes that."""
