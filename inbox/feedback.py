"""Asking customers how it was, some days after closing: each closing is looked at once (docs/closing.md).

Whether somebody may be asked is decided under the store's lock; who was not to be asked when their turn came is not asked
about that closing any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inbox.feedback_words import QUESTIONS
from inbox.freshness import is_all_here

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inbox.listing import Instant, Row
    from inbox.ports import Closed, Item, Workspace
    from inbox.settings import Mailbox, Settings

GRACE = 7 * 86_400
"""Seconds after their turn in which customers are still asked: what was closed before is left alone."""
AT_ONCE = 20
"""Closings looked at by one tick."""


def ask(store: Workspace, settings: Settings, now: Instant) -> int:
    """Ask those whose turn has come; how many were asked. Nothing is done while it is closed, or while mail of theirs may
    lie unread on a server."""
    after = settings.feedback.after
    if after is None or not settings.automatic_sending or not settings.mailboxes:
        return 0
    turns = store.asking.turns(now - after - GRACE, now - after, AT_ONCE)
    if not turns or not settings.hours.is_open(now) or not is_all_here(store, settings, None, now):
        return 0
    count = 0
    for turn in turns:
        count += _ask(store, settings, now, turn)
        store.asking.looked_at(turn)
    return count


def _ask(store: Workspace, settings: Settings, now: Instant, turn: Closed) -> bool:
    from inbox.actions import feedback
    from inbox.model import Who

    if turn.customer is None:
        return False
    rows = store.rows([turn.conversation])
    written = _written(store, settings, rows[0]) if rows else None
    if written is None:
        return False
    arguments: dict[str, Any] = {"conversation": turn.conversation, "customer": turn.customer, **written}
    outcome = store.change(
        feedback.scope(**arguments),
        lambda state, who, at: feedback.decide(state, who, at, **arguments),
        Who("clock"),
        now,
        key=f"feedback {turn.conversation} {turn.closed_at}",
    )
    return outcome.refusal is None and not outcome.again


def _written(store: Workspace, settings: Settings, row: Row) -> dict[str, Any] | None:
    """The question to whoever wrote there last; None where there is nobody, or no mailbox to send from."""
    from inbox.answering import prepare
    from inbox.below import answered_in
    from inbox.profiles import called

    items = store.items(row.conversation.id)
    senders = [mailbox.address for mailbox in settings.mailboxes]
    prepared = prepare(items, settings.us, senders)
    mailbox = _mailbox(settings, row.conversation.mailbox, prepared.sender)
    if len(prepared.to) != 1 or prepared.warnings or mailbox is None:
        return None
    if prepared.item is None or prepared.item.direction != "in":
        return None
    customer = store.customer(row.conversation.customer or 0)
    if customer is None:
        return None
    who = _agent(settings, items)
    agent = called(store.documents, who) if who else ""
    return {
        "to": prepared.to[0],
        "text": question(settings, answered_in(customer, items), row.customer_name, agent),
        "sender": prepared.sender or mailbox.address,
        "mailbox": mailbox.name,
        "item": prepared.item,
    }


def _mailbox(settings: Settings, name: str | None, sender: str | None) -> Mailbox | None:
    """The mailbox it goes out from: that of the conversation, else of the address."""
    known = {mailbox.name: mailbox for mailbox in settings.mailboxes}
    if name in known:
        return known[name or ""]
    return next((each for each in settings.mailboxes if sender in (each.address, *each.aliases)), None)


def _agent(settings: Settings, items: Sequence[Item]) -> str:
    """Which teammate answered last; "" where that was nobody of the team, or there is none."""
    team = {mate.name for mate in settings.team}
    return next(
        (item.author for item in reversed(items) if item.direction == "out" and item.author in team), ""
    )


def question(settings: Settings, language: str, customer: str, agent: str) -> str:
    """What is asked in a language (two letters, or "")."""
    from inbox.saved_replies import Known, filled

    texts = dict(settings.feedback.texts)
    text = texts.get(language) or settings.feedback.text or QUESTIONS.get(language, QUESTIONS["en"])
    known = Known(name=customer, agent=agent, shop=settings.shop or "")
    said = filled(text, known)
    for place in ("{first_name}", "{agent}", "{shop}"):  # what is not known leaves no gap
        said = said.replace(f" {place}", "").replace(f"{place}\n", "").replace(place, "")
    return said.strip()
