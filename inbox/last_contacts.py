"""What went between us and a customer last, for whoever answers somebody who is upset: nobody is to ask it again.

A contact is what a customer wrote at one time, over any channel, with what we answered and what came of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from inbox.callers import MISSED
from inbox.model import Instant, Status
from inbox.moods import APART
from inbox.ports import Item, Reader, Row

MOST = 3
"""Contacts that are shown."""

LOOKED_AT = 4
"""The newest conversations of a customer that may hold them."""

NEWEST = 40
"""The newest messages of each that are read."""

LONGEST = 160
"""Characters of what was written that are kept of a contact."""


class Contact(NamedTuple):
    """One contact: in which conversation and channel, when, what they wrote and what we answered, and what came of it.

    Texts as stored, not yet sanitised; `answer` is "" where there is none, `outcome` "" in the conversation that is open.
    """

    conversation: int
    channel: str
    at: Instant
    asked: str
    answer: str
    outcome: str


def last_contacts(store: Reader, row: Row) -> list[Contact]:
    """The last contacts with the customer of a conversation before what they wrote last there, the newest first."""
    here = row.conversation
    if here.customer is None:
        return []
    panel = store.panel(here.customer, LOOKED_AT + 1)
    others = [
        each for each in (panel.history if panel is not None else ()) if each.conversation.id != here.id
    ]
    found: list[Contact] = []
    for each in [row, *others[:LOOKED_AT]]:
        if each.conversation.status is not Status.SPAM and not each.conversation.notice:
            found += contacts_in(each, store.items(each.conversation.id, newest=NEWEST), here.id)
    found.sort(key=lambda contact: contact.at, reverse=True)
    newest = next((n for n, contact in enumerate(found) if contact.conversation == here.id), None)
    if newest is not None and not found[newest].answer:
        del found[newest]  # what is being answered stands above
    return found[:MOST]


def contacts_in(row: Row, items: Sequence[Item], here: int) -> list[Contact]:
    """The contacts in one conversation, oldest first. `here`: the one that is open, of which no outcome is told."""
    found: list[Contact] = []
    last = -APART
    for item in items:
        text = (item.reply or item.text)[: 10 * LONGEST]
        if item.direction == "in" and not item.automatic:
            follows = found and not found[-1].answer and item.at - last < APART
            last = item.at
            if not follows:
                outcome = "" if row.conversation.id == here else _outcome(row)
                channel = row.conversation.channel
                found.append(Contact(row.conversation.id, channel, item.at, _first_words(text), "", outcome))
        elif item.call is not None and item.call.way == MISSED:
            continue
        elif found and not found[-1].answer and not item.automatic and (item.direction == "out" or item.call):
            found[-1] = found[-1]._replace(answer=_first_words(text))
        elif item.call is not None:
            outcome = "" if row.conversation.id == here else _outcome(row)
            told = Contact(row.conversation.id, "phone", item.at, _first_words(text), "on the phone", outcome)
            found.append(told)
    return found


def _first_words(text: str) -> str:
    """The first lines that say something: a greeting alone is left out."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    while len(lines) > 1 and len(lines[0]) < 40 and lines[0].endswith((",", "!", "，", "、", "：", ":")):
        lines = lines[1:]
    return " ".join(lines)[:LONGEST]


def _outcome(row: Row) -> str:
    from inbox.outcomes import in_words

    here = row.conversation
    if here.status is Status.CLOSED:
        return in_words(here.closed_why or "resolved", here.referred, here.cause)
    return "open" if here.status is Status.OPEN else here.status.value
