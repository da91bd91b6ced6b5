"""Something is given to a customer: a discount, a refund, a gift. It is only written down; whoever gives it does it where
money is kept (docs/closing.md)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from inbox.actions.facts import happened
from inbox.model import Event, EventType, Instant, Refusal, Role, Who
from inbox.money import NEED_SUM, PERCENT, Sum, added, gift_in_words, in_words, sum_of
from inbox.ports import Decision, Scope, State
from inbox.text import one_line

if TYPE_CHECKING:
    from inbox.settings import Settings

LONGEST_REASON = 120
"""Characters."""


class Allowance(NamedTuple):
    """What `who` may give: in one conversation, in the month that began at `month_began` (`month` None: no limit), in per
    cent; who may give more."""

    who: str
    limit: Decimal
    percent: Decimal
    month: Decimal | None
    month_began: Instant
    owners: tuple[str, ...]

    def of(self, unit: str) -> Decimal:
        """The most of a unit in one conversation."""
        return self.percent if unit == PERCENT else self.limit


def allowance(settings: Settings, who: Who, now: Instant, zone: tzinfo) -> Allowance | None:
    """What the settings allow somebody; None: anything, for an owner."""
    if who.role is Role.OWNER:
        return None
    rules, mate = settings.goodwill, settings.teammate(who.name)
    own = mate.goodwill_limit if mate is not None else None
    first = datetime.fromtimestamp(now, zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return Allowance(
        who.name,
        Decimal(own if own is not None else rules.limit),
        Decimal(rules.percent),
        Decimal(rules.month) if rules.month is not None else None,
        int(first.timestamp()),
        tuple(each.name for each in settings.team if each.role is Role.OWNER),
    )


def scope(conversation: int, allowed: Allowance | None = None, **_: Any) -> Scope:
    """The conversation with its events; and what whoever asks has given this month, where that is limited."""
    monthly = allowed if allowed is not None and allowed.month is not None else None
    return Scope(
        conversations=(conversation,),
        events=(conversation,),
        given_by=(monthly.who, monthly.month_began) if monthly is not None else None,
    )


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    kind: str,
    amount: Sum | None,
    reason: str,
    allowed: Allowance | None,
    **_: Any,
) -> Decision:
    """Write down what is given, and why. `allowed` None: as much as they like."""
    here = state.conversations[conversation]
    if here.customer is None:
        return Refusal("There is no customer here.")
    reason = one_line(reason, LONGEST_REASON)
    if not reason:
        return Refusal("It does not say why.", "Give the reason in a few words.")
    if amount is None and kind in NEED_SUM:
        return Refusal(f"A {kind} needs a sum.", "Write it like 10, 10 EUR or 10%.")
    if amount is not None and allowed is not None:
        stop = _too_much(state, who, conversation, amount, allowed)
        if stop is not None:
            return stop
    return [
        happened(
            EventType.GOODWILL,
            conversation,
            who,
            now,
            why=reason,
            kind_=kind,
            amount=f"{amount.number:f}" if amount is not None else None,
            currency=amount.unit if amount is not None else None,
            customer=here.customer,
        )
    ]


def _too_much(state: State, who: Who, conversation: int, amount: Sum, allowed: Allowance) -> Refusal | None:
    """The refusal of what is more than they may give, with who may."""
    owners = " or ".join(allowed.owners[:3])
    ask = f"An owner may: ask {owners}." if owners else "An owner may."
    here = _together(state.events[conversation], who, amount)
    most = allowed.of(amount.unit)
    if here.number > most:
        given = "" if here == amount else f"That makes {here} here. "
        return Refusal(f"{given}You may give {Sum(most, amount.unit)} in one conversation.", ask)
    if allowed.month is None or amount.unit == PERCENT:
        return None
    month = _together(state.given, who, amount)
    if month.number > allowed.month:
        return Refusal(f"That makes {month} this month: you may give {Sum(allowed.month, amount.unit)}.", ask)
    return None


def _together(events: Iterable[Event], who: Who, amount: Sum) -> Sum:
    """What somebody gave by these events, with `amount`, in its unit alone."""
    before = (
        each
        for event in events
        if event.type is EventType.GOODWILL and not event.void and event.who == who.name
        if (each := given_by(event)) is not None and each.unit == amount.unit
    )
    return added((amount, *before))[0]


def given_by(event: Event) -> Sum | None:
    """The sum an event of goodwill names; None where it names none."""
    return sum_of(event.data.get("amount"), event.data.get("currency"))


def told(event: Event) -> str:
    """What was given by an event, in words."""
    return gift_in_words(str(event.data["kind"]), given_by(event))


def may_give(allowed: Allowance | None, currency: str) -> str:
    """What somebody may give, for the line beside the question."""
    if allowed is None:
        return ""
    return f"you may give {in_words((Sum(allowed.limit, currency), Sum(allowed.percent, PERCENT)))}"
