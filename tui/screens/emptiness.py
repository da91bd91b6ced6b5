"""What an empty view says: how good that is, and what would bring something here, with the keys as they are bound."""

from __future__ import annotations

import re
from collections.abc import Callable

_WORDS = {
    "all": ("Nothing has come yet.", ""),
    "due": (
        "Nothing is due: everybody has been answered.",
        "{view-5} shows for whom we wait, {view-0} everything.",
    ),
    "mine": ("Nothing is yours.", "{take-next} takes the next one."),
    "unassigned": ("Everything is in somebody's hands.", ""),
    "for-me": (
        "Nobody called for you.",
        "Notes that name you come here, what is handed over to you, and what needs your yes.",
    ),
    "waiting": ("We wait for nobody.", "What was answered stands here until the customer writes."),
    "held": ("Nothing is held, and nothing promised.", "{hold} holds a conversation, {promise} promises."),
    "snoozed": ("Nothing is snoozed.", "{snooze} hides a conversation until later; a deadline wakes it."),
    "notices": ("No notices.", "Newsletters, receipts and the like come here; no clock runs for them."),
    "closed": (
        "Nothing is closed yet.",
        "{close} closes a conversation; its customer's answer opens it again.",
    ),
    "drafts": ("No drafts.", "What you begin to write is kept here until it is sent."),
    "outbox": ("Nothing waits to be sent.", ""),
    "suggestions": (
        "Nothing is suggested.",
        "What looks like part of another conversation, or like a chat, comes here.",
    ),
    "quiet": ("Nobody has gone quiet.", "Who does not answer us for a week comes here."),
    "spam": ("No spam.", "{spam} calls it spam. Nothing is deleted."),
    "import-left": ("The import left nothing unanswered.", ""),
}
_VERB = re.compile(r"\{([\w-]+)\}")


def nothing_in(view: str, called: Callable[[str], str]) -> str:
    """What stands in an empty view: one line, or two and a blank one between. `called` says what to press for a verb."""
    good, more = _WORDS.get(view, ("Nothing here.", ""))
    return f"{good}\n\n{_VERB.sub(lambda verb: called(verb[1]), more)}".rstrip()
