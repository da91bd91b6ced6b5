"""A new conversation that we begin: it belongs to the customer of its first recipient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from inbox.actions.receive import customer_of
from inbox.actions.reply import Made, larger_than_taken, make, overriding, queued, refused_times
from inbox.checks import nobody_reads
from inbox.model import Instant, Message, Refusal, Who
from inbox.ports import Decision, DraftFile, Fact, Scope, State
from inbox.recipients import parse_recipients
from inbox.us import Us


def scope(to: Sequence[str] = (), cc: Sequence[str] = (), bcc: Sequence[str] = (), **_: object) -> Scope:
    """Who the recipients are."""
    return Scope(people=_people(to, cc, bcc), leaves=True)


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    then: str | None = "waiting",
    until: Instant | None = None,
    leave_after: int = 20,
    leave_at: Instant | None = None,
    anyway: str = "",
    overridden: Sequence[str] = (),
    mailbox: str | None = None,
    files: Sequence[DraftFile] = (),
    used: Sequence[str] = (),
    made: Made | None = None,
    us: Us | None = None,
    to: Sequence[str] = (),
    cc: Sequence[str] = (),
    bcc: Sequence[str] = (),
    telling: Mapping[str, Any] | None = None,
    **written: Any,
) -> Decision:
    """Queue the first message of a new conversation; arguments as for a reply (`inbox.actions.reply`)."""
    cannot_be = refused_times(now, then, until, leave_at)
    if cannot_be is not None:
        return cannot_be
    if made is None:
        subject = written.pop("subject", None) or ""
        tried = make(date=leave_at or now, to=to, cc=cc, bcc=bcc, subject=subject, **written)
        if isinstance(tried, Refusal):
            return tried
        made = tried
    too_large = larger_than_taken(made, state, mailbox)
    if too_large is not None:
        return too_large
    stops = nobody_reads(made.envelope)
    if stops and not anyway:
        return Refusal(stops[0].words, stops[0].next_step)
    facts: list[Fact] = []
    customer = customer_of(_people(to, cc, bcc), us or Us(), True, state, who, now, facts)
    data = {"then": then, "until": until, "mailbox": mailbox, "customer": customer, **(telling or {})}
    data["used"] = list(used) or None
    fact = queued(
        made,
        who,
        now,
        state.next_conversation,
        data,
        anyway=anyway,
        kind="new",
        files=files,
        leave_after=leave_after,
        leave_at=leave_at,
    )
    names = (*overridden, *(each.name for each in stops))
    return [*facts, fact, *overriding(anyway, names, state.next_conversation, who, now)]


def _people(to: Sequence[str], cc: Sequence[str], bcc: Sequence[str]) -> Message:
    """The recipients as a message has them; those who get a hidden copy last."""
    sides = [parse_recipients("\n".join(each))[0] for each in (to, cc, bcc)]
    return Message(to=tuple(sides[0]), cc=(*sides[1], *sides[2]))
