"""What each state of a message of ours means for the customer, and what to press: one table for screen and command.

A state is told in a few words, its meaning in one sentence, and what a person can do in another. Where a verb is called
differently (a key, a command), whoever shows it says how.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from inbox.model import Instant
from inbox.ports import OutboxLine
from inbox.text import one_line

VERBS = ("resend", "release", "drop")
"""What a person can do about a message that has not simply gone."""


class _Kind(NamedTuple):
    stands: str
    means: str
    step: str = ""
    urgent: bool = False


class Delivery(NamedTuple):
    """How a message stands, what that means for the customer, what to do next ("" for nothing), and which of `VERBS`
    help; `urgent`: a person has to decide."""

    stands: str
    means: str
    step: str
    verbs: tuple[str, ...]
    urgent: bool


_KINDS = {
    "queued": _Kind(
        "waits", "The customer gets it {when}; until then undo takes it back.", "{drop} gives it up."
    ),
    "connecting": _Kind("is being sent", "The server is being asked: the customer has nothing of it yet."),
    "data": _Kind(
        "is being sent",
        "The server has not answered yet: whether the customer gets it is known in 11 minutes.",
    ),
    "sent": _Kind(
        "sent, copy pending",
        "The customer has it; only the copy in Sent is missing, and is tried again by itself.",
        "{resend} tries the copy now, {drop} does without it.",
    ),
    "refused-for-now": _Kind(
        "refused for now",
        "The customer does not have it yet: it is tried again {when} by itself, for five days in all.",
        "{resend} tries it now, {drop} gives it up.",
    ),
    "failed": _Kind(
        "failed",
        "The customer does not have it, and it is not tried again by itself.",
        "{resend} sends it again as it is, {drop} gives it up; for another address write a new reply.",
        urgent=True,
    ),
    "unknown": _Kind(
        "left or not: nobody knows",
        "The line was lost after the last byte: the customer may have it. It is looked for in Sent by itself.",
        "Look in Sent, or ask the customer; {resend} sends it again (perhaps twice), {drop} gives it up.",
        urgent=True,
    ),
    "approval": _Kind(
        "held for a yes",
        "The customer gets it once an owner or agent says yes.",
        "{release} lets it go, {drop} gives it up.",
        urgent=True,
    ),
    "restored": _Kind(
        "held",
        "This workspace was restored or copied: the customer may have it from the other one already.",
        "Look in Sent; {release} lets it go, {drop} gives it up.",
        urgent=True,
    ),
    "quota": _Kind(
        "held",
        "{mailbox} may not send more until about {at}: the customer gets it after that.",
        "{release} tries it now, {drop} gives it up.",
    ),
}


def delivery(
    line: OutboxLine, now: Instant, at: Callable[[Instant], str], call: Callable[[str], str]
) -> Delivery:
    """How a message stands as of now. `at` writes an instant; `call` says how a verb is called where this is shown."""
    kind = line.held_by if line.state == "held" else line.state
    stands, means, step, urgent = _KINDS[kind]
    later = line.next_try is not None and line.next_try > now
    when = (
        f"at {at(line.next_try)}"
        if later and line.next_try is not None
        else "as soon as the worker gets to it"
    )
    if kind == "quota" and not later:
        means = "{mailbox} may send again: the customer gets it {when}."
    named = {
        "when": when,
        "at": at(line.next_try or now),
        "mailbox": one_line(line.mailbox or "", 40) or "The mailbox",
    }
    has = [one_line(each.address, 60) for each in line.recipients if each.state == "sent"]
    to_some = ""  # an address may have braces in it, so it joins what is filled in already
    if has and line.state != "sent":
        to_some, means = f"{', '.join(has)} has it already. For the others: ", means[0].lower() + means[1:]
    verbs = tuple(verb for verb in VERBS if f"{{{verb}}}" in step)
    return Delivery(
        stands,
        to_some + means.format(**named),
        step.format(**{verb: call(verb) for verb in verbs}),
        verbs,
        urgent,
    )
