"""Queueing what is told: in slices, each letter once for ever, so that going on after a death is doing it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from inbox.model import Event, Instant, Refusal, Who
from inbox.ports import Decide, Decision, Scope, State
from inbox.telling import LOOKED_AT, From, Letter, Plan, Told, slices

if TYPE_CHECKING:
    from inbox.actions.reply import Made
    from inbox.ports import Outcome, Workspace

AT_ONCE = 25
"""Letters that are queued by one change."""


class Done(NamedTuple):
    """What became of a plan: how many letters were queued, and whose were not, with the reason."""

    queued: int
    left_out: tuple[tuple[Letter, str], ...] = ()


def changes(
    store: Workspace, told: Told, letters: Sequence[Letter], by: From, now: Instant
) -> Iterator[tuple[Scope, Decide]]:
    """The decisions that queue these letters, each built when it is asked for."""
    from inbox.actions import decision

    about = {"issue": told.issue, "telling": told.digest}
    for letter in letters:
        made = _made(store, letter, by, now)
        if isinstance(made, Refusal):
            yield Scope(), _refusing(made)
            continue
        common: dict[str, Any] = {"made": made, "mailbox": letter.mailbox, "then": letter.then}
        if letter.conversation:
            yield decision(
                "issue-tell",
                conversation=letter.conversation,
                seen=letter.seen,
                unless_stop=letter.customer if letter.announced else None,
                **about,
                **common,
            )
        else:
            yield decision("announce", customer=letter.customer, to=letter.to, us=by.us, **about, **common)


def _refusing(refusal: Refusal) -> Decide:
    def decide(state: State, who: Who, now: Instant) -> Decision:
        del state, who, now
        return refusal

    return decide


def _made(store: Workspace, letter: Letter, by: From, now: Instant) -> Made | Refusal:
    """The letter with what stands below its text."""
    from inbox.actions.reply import make
    from inbox.actions.tell import WINDOW
    from inbox.below import answered_in, format_for, history, quote_for, signature_for

    settings, sender = by.settings, letter.sender
    customer = store.customer(letter.customer) if letter.customer is not None else None
    items = store.items(letter.conversation, LOOKED_AT) if letter.conversation else []
    quoted = ""
    if letter.conversation:
        theirs = [each.value for each in customer.identities] if customer is not None else []
        how = quote_for(settings, sender)
        quoted = history(items, letter.item, how, letter.to, by.us, settings.zone, theirs)
    return make(
        text=letter.text,
        to=letter.to,
        sender=sender,
        date=now + WINDOW,
        subject=letter.subject,
        item=letter.item,
        quoted=quoted,
        signature=signature_for(
            settings,
            sender,
            answered_in(customer, items),
            by.profile,
            by.who.name,
        ),
        form=format_for(settings, sender),
        unsubscribe="" if letter.conversation else sender,
    )


def begin(store: Workspace, told: Told, who: Who, now: Instant, new: str = "") -> Outcome:
    """Say in the record what is told, before anybody is; with `new`, a kind, its issue is made."""
    from inbox.actions import tell
    from inbox.verbs import VERBS, refused

    about = {
        "issue": told.issue,
        "telling": told.digest,
        "text": told.text,
        "subject": told.subject,
        "new": new,
    }

    def decide(state: State, who: Who, now: Instant) -> Decision:
        why = refused(VERBS["announce" if new else "issue-tell"], who)
        return Refusal(why) if why is not None else tell.begin(state, who, now, **about)

    return store.change(Scope(issues=(told.issue,)), decide, who, now)


def finish(store: Workspace, told: Told, who: Who, now: Instant) -> Outcome:
    """Close the issue with what was told."""
    from inbox.actions import tell

    return store.change(
        Scope(issues=(told.issue,)),
        lambda state, who, now: tell.close(state, who, now, issue=told.issue, telling=told.digest),
        who,
        now,
    )


def queue(
    store: Workspace,
    found: Plan,
    by: From,
    now: Instant,
    progress: Callable[[int, int], bool] = lambda _done, _total: True,
    new: str = "",
) -> Done | Refusal:
    """Queue every letter of a plan that is not set aside; they leave after `inbox.actions.tell.WINDOW` seconds.

    `progress` hears how many are done of how many, and says whether to go on. Done again it queues what is not there yet.
    """
    outcome = begin(store, found.told, by.who, now, new)
    if outcome.refusal is not None:
        return outcome.refusal
    letters, queued, left_out = found.going, 0, list[tuple[Letter, str]]()
    goes_on = progress(0, len(letters))
    for some in slices(letters, AT_ONCE):
        if not goes_on:
            break
        results: list[Sequence[Event] | Refusal] = []
        store.change_each(changes(store, found.told, some, by, now), by.who, now, after=results.append)
        for letter, result in zip(some, results, strict=True):
            if isinstance(result, Refusal):
                left_out.append((letter, f"{result.reason} {result.next_step}".strip()))
            else:
                queued += 1
        goes_on = progress(queued + len(left_out), len(letters))
    if found.told.closes and goes_on:
        finish(store, found.told, by.who, now)
    return Done(queued, tuple(left_out))


def stop(store: Workspace, telling: str, who: Who, now: Instant) -> Outcome:
    """Take back all of a telling that has not left."""
    from inbox.actions import decision

    return store.change(*decision("issue-stop", telling=telling), who, now)
