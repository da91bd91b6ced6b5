"""What goes to customers by itself because time has passed: nudges to those who do not answer, and check-ins after closing
(docs/follow-ups.md). A chore of the worker.

When the next one goes stands in an index (`nudge_at`) and follows from the record alone; here it is only found, written and
queued, by the one way there is for what no person wrote (`inbox.actions.unasked`). Under the lock it is looked at once more
whether it is still due, so that each goes once, whoever tries and whenever somebody dies. What cannot go is not tried for
ever: a nudge is put off or ended, a check-in is given to a person, and the conversation says why.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from inbox.actions import reply, unasked
from inbox.actions.facts import happened
from inbox.addresses import fold_address
from inbox.fold import fold, folded
from inbox.freshness import is_all_here
from inbox.loops import DAY, spent_by
from inbox.model import EventType, Instant, Refusal, Status, Who
from inbox.nudged import switched_on
from inbox.pledges import CHECK_IN
from inbox.ports import Decision, Item, Row, Scope, State, Workspace
from inbox.profiles import called
from inbox.text import one_line

if TYPE_CHECKING:
    from inbox.settings import Settings

AT_ONCE = 50
"""How many are looked at in one tick; the rest waits for the next."""
CLOCK = Who("clock")
_A_TEXT = re.compile(r"\n|[。！？]\s*$|(?:\S+\s+){2}\S*.*[.!?…]\s*$", re.DOTALL)
"""What is no name of a saved reply but a text by itself: a sentence, or several lines."""


def send(store: Workspace, settings: Settings, now: Instant) -> int:
    """Queue what is due and may go now, in the opening hours alone; how many conversations changed by it."""
    nudges = store.nudges_due(now, Status.WAITING, AT_ONCE) if settings.automatic_sending else []
    check_ins = store.nudges_due(now, Status.CLOSED, AT_ONCE)
    if not (nudges or check_ins) or not settings.hours.is_open(now):
        return 0
    done = 0
    for due, go in ((nudges, _nudge), (check_ins, _check_in)):
        for row in store.rows(due):
            if is_all_here(store, settings, row.conversation.mailbox, now):
                done += go(store, settings, row, now)
    return done


# ---------------------------------------------------------------------- nudges


def _nudge(store: Workspace, settings: Settings, row: Row, now: Instant) -> bool:
    """Send the next nudge of a conversation, put it off, or end it; whether anything was done."""
    number = row.conversation.id
    events = store.events(number)
    on = switched_on(events)
    if on is None:
        return False
    count = fold(number, events).nudged
    texts = settings.nudges.texts
    if on.seq <= store.restored_at():
        letter: _Letter | str = "this workspace was restored or copied, and nobody knows what went meanwhile"
    elif count >= len(texts):
        letter = "no more texts are set"
    else:
        letter = _letter(store, settings, row, texts[count], now)

    def decide(state: State, who: Who, at: Instant) -> Decision:
        here = state.conversations.get(number)
        if here is None or here.nudged != count or here.nudge_at is None or here.nudge_at > at:
            return Refusal("Somebody was quicker.")
        if isinstance(letter, str):
            return [happened(EventType.NUDGING, number, who, at, why=letter, on=False)]
        queued = _queued(state, who, at, row, letter, "nudge")
        if not isinstance(queued, Refusal):
            return queued
        why = one_line(queued.reason, 120).rstrip(".")
        if _may_go_later(state, letter.to, at):
            after = list(on.data["after"])
            return [
                happened(
                    EventType.NUDGING, number, who, at, why=why, on=True, after=after, not_before=at + DAY
                )
            ]
        return [happened(EventType.NUDGING, number, who, at, why=why, on=False)]

    scope = _scope(number, letter)
    outcome = store.change(scope, decide, CLOCK, now, key=f"nudge {number} {on.seq} {count + 1}")
    return bool(outcome.events)


def _may_go_later(state: State, to: str, now: Instant) -> bool:
    """Whether only too much went to an address lately: tomorrow is another day."""
    once_a_day = unasked.may_be_written(state, to, now) is None
    return once_a_day or spent_by(state.traffic, now) is not None


# ---------------------------------------------------------------------- check-ins


def _check_in(store: Workspace, settings: Settings, row: Row, now: Instant) -> bool:
    """Send a check-in, and with that it is done; or bring the conversation back to a person. Whether anything was done."""
    number = row.conversation.id
    events = store.events(number)
    folding = folded(number, events)
    due = folding.result().check_in_at
    said = [each for each in events if each.data.get("kind") == CHECK_IN and each.data.get("due") == due]
    text = settings.check_in.text
    if due is None or not said:
        return False
    if not settings.automatic_sending or text is None:
        letter: _Letter | str = ""
    elif said[-1].seq <= store.restored_at():
        letter = "this workspace was restored or copied"
    elif len(folding.pledges().follow_ups) > 1:
        letter = "something else is to be followed up, too"
    else:
        letter = _letter(store, settings, row, text, now)

    def decide(state: State, who: Who, at: Instant) -> Decision:
        here = state.conversations.get(number)
        if here is None or here.check_in_at != due or due > at:
            return Refusal("Somebody was quicker.")
        why = letter if isinstance(letter, str) else ""
        if not isinstance(letter, str):
            queued = _queued(state, who, at, row, letter, "check-in")
            if not isinstance(queued, Refusal):
                return [*queued, happened(EventType.DONE, number, who, at)]
            why = one_line(queued.reason, 120).rstrip(".")
        words = "to be followed up" + (f": {why}" if why else "")
        return [happened(EventType.WOKEN, number, who, at, why=words)]

    outcome = store.change(
        _scope(number, letter), decide, CLOCK, now, key=f"check-in {number} {said[-1].seq}"
    )
    return bool(outcome.events)


# ---------------------------------------------------------------------- what is written


class _Letter(NamedTuple):
    """A message that is ready to be queued, and to whom it goes."""

    to: str
    made: reply.Made


def _letter(store: Workspace, settings: Settings, row: Row, wanted: str, now: Instant) -> _Letter | str:
    """The message, made of a saved reply or a text; or why there is none, in a few words."""
    from inbox.answering import prepare
    from inbox.below import answered_in, format_for, signature_for
    from inbox.checks import placeholders
    from inbox.saved_replies import Known, filled

    number, whose = row.conversation.id, row.conversation.customer
    customer = store.customer(whose) if whose is not None else None
    if customer is not None and customer.stop:
        return "the customer wants answers only"
    items = store.items(number)
    ours = [item for item in items if item.direction == "out" and item.state in (None, "sent")]
    written = [item for item in ours if not _by_itself(item)]
    if not written:
        return "there is no answer of ours to come back to"
    text = text_of(store, wanted)
    if text is None:
        return f"there is no saved reply called “{one_line(wanted, 40)}”"
    agent = called(store.documents, written[-1].author)
    known = Known(name=row.customer_name, subject=row.subject, agent=agent, shop=settings.shop or "")
    text = filled(text, known)
    if missing := placeholders(text):
        return f"nobody knows what to write for {one_line(missing[0], 40)}"
    if any(_same(text, item.reply or item.text) for item in ours if _by_itself(item)):
        return "the same text has gone already"
    to = next((each.address for each in written[-1].to if not settings.us.is_us(each.address)), None)
    if to is None:
        return "there is nobody to write to"
    if store.refused_addresses([to]):
        return f"nobody is at {one_line(to, 80)}"
    own = [each.address for each in settings.mailboxes if each.name == row.conversation.mailbox]
    senders = list(
        dict.fromkeys((*own, *(each.address for each in settings.mailboxes), *sorted(settings.us.addresses)))
    )
    sender = prepare([written[-1]], settings.us, senders).sender
    made = reply.make(
        text=text,
        to=[to],
        sender=sender,
        date=now,
        item=ours[-1],
        signature=signature_for(settings, sender, answered_in(customer, items)),
        form=format_for(settings, sender),
        automatic="auto-generated",
    )
    return one_line(made.reason, 120).rstrip(".") if isinstance(made, Refusal) else _Letter(to, made)


def text_of(store: Workspace, wanted: str) -> str | None:
    """The text that a setting names: a saved reply by its name, else a text that is one by its look; None for neither."""
    called = one_line(wanted).casefold()
    found = next(
        (each.text for each in store.documents.saved_replies() if each.name.casefold() == called), None
    )
    return found if found is not None else wanted if _A_TEXT.search(wanted) else None


def _by_itself(item: Item) -> bool:
    """Whether no person wrote a message of ours."""
    return item.author in (CLOCK.name, "rules")


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _scope(number: int, letter: _Letter | str) -> Scope:
    """The conversation, and what went automatically to whoever is written to."""
    return unasked.scope(number, letter.to if isinstance(letter, _Letter) else "")


def _queued(state: State, who: Who, now: Instant, row: Row, letter: _Letter, by: str) -> Decision:
    """Queue it: nobody has written in the conversation since it was read."""
    return unasked.decide(
        state,
        who,
        now,
        conversation=row.conversation.id,
        to=fold_address(letter.to),
        by=by,
        made=letter.made,
        seen=row.conversation.seq,
    )
