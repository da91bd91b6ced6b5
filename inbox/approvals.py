"""What a trainee wrote waits for a yes: which letters of a conversation do, and what speaks against saying it now.

A trainee's letter is queued as any other, but held (`inbox.actions.reply.queued`). It is worth a look again when
somebody says yes: a colleague may have answered since, the customer may have written more, an address may have been
refused. Everything here follows from the events of a conversation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from inbox.addresses import fold_address
from inbox.checks import newer, nobody_reads, refused_before
from inbox.model import Event, EventType
from inbox.text import one_line
from inbox.written import LONGEST_SAID, Check

if TYPE_CHECKING:
    from inbox.ports import Item, Workspace

E = EventType

APPROVAL = "approval"
"""What the QUEUED event of a letter says of itself that waits for a yes (`held`)."""
_SETTLES = (E.APPROVED, E.RELEASED, E.DROPPED)


def waiting(events: Iterable[Event]) -> list[Event]:
    """What queued the letters that wait for a yes, the oldest first."""
    asked: dict[int | None, Event] = {}
    for event in events:
        if event.void:
            continue
        if event.type is E.QUEUED and event.data.get("held") == APPROVAL:
            asked[event.message] = event
        elif event.type in _SETTLES:
            asked.pop(event.message, None)
    return list(asked.values())


def settled(events: Sequence[Event], message: int | None) -> str:
    """What became of a letter that waits for no yes any more, as a sentence."""
    for event in reversed(events):
        if event.void or event.type not in (E.APPROVED, E.RELEASED, E.GIVEN_BACK, E.DROPPED, E.QUEUED):
            continue
        instead = event.data.get("instead")
        if message is not None and message not in (event.message, instead):
            continue
        if event.type in (E.APPROVED, E.RELEASED):
            return f"{event.who} has said yes already."
        if event.type is E.GIVEN_BACK:
            taken = event.data.get("to") == event.who
            return f"{event.who} has taken it back." if taken else f"{event.who} has given it back already."
        if event.type is E.DROPPED:
            return f"{event.who} has given it up."
        if instead is not None:
            return f"{event.who} has edited and sent it already."
    return "Nothing here waits for a yes any more."


def stops(events: Sequence[Event], queued: Event, seen: int | None = None) -> list[Check]:
    """What has happened since a letter was written that speaks against letting it go: in the words of the checks of a
    reply. `seen`: up to which event that is known."""
    since = max(queued.seq, seen or 0)
    asking = {event.seq for event in waiting(events)}
    answers = [event for event in events if event.seq not in asking]
    let_go = [e for e in answers if e.seq > since and e.type in (E.APPROVED, E.RELEASED) and not e.void]
    return [*newer(answers, queued.who, since), *map(_another_goes, let_go), *_wrote_since(events, since)]


def _another_goes(event: Event) -> Check:
    words = f"{one_line(event.who, LONGEST_SAID)} has let another answer go meanwhile."
    return Check(
        "stop",
        "newer",
        words,
        "Read it; then say yes all the same, or give this one back.",
        "read",
        True,
        event.who,
    )


def refused(recipients: Iterable[str], answers: Mapping[str, str]) -> list[Check]:
    """A stop for each recipient whose address nobody reads, or was refused for good. `answers`: folded addresses of
    those, and what their servers said."""
    addresses = list(recipients)
    return [*nobody_reads(addresses), *refused_before(addresses, answers)]


def looked_at(store: Workspace, conversation: int, queued: Event, seen: int | None = None) -> list[Check]:
    """All that speaks against letting a letter go now; asks the store."""
    item = store.item(queued.message or 0)
    to = [each.address for each in item.recipients] if item is not None else []
    found = [*stops(store.events(conversation), queued, seen), *refused(to, store.refused_addresses(to))]
    return [*_copied(queued, store.restored_at()), *found]


def _copied(queued: Event, restored_at: int) -> list[Check]:
    """A stop for what was written before the workspace was restored or copied: somebody may have let it go there."""
    if queued.seq > restored_at:
        return []
    words = "This workspace was restored or copied: the customer may have it from the other one already."
    return [
        Check("stop", "restored", words, "Look in Sent; then say yes all the same, or give it up.", "", True)
    ]


def _wrote_since(events: Iterable[Event], since: int) -> list[Check]:
    for event in events:
        data = event.data
        theirs = event.type is E.RECEIVED and data.get("side") == "customer"
        if event.seq > since and theirs and not (event.void or data.get("history") or data.get("thanks")):
            return [
                Check(
                    "stop",
                    "written-since",
                    "The customer has written since.",
                    "Read that first; then say yes all the same, edit it, or give it back.",
                    "read",
                    True,
                )
            ]
    return []


def answered_by(items: Sequence[Item], letter: Item) -> Item | None:
    """The message that a letter answers; None where it is not there."""
    named = {*letter.references}
    found = [item for item in items if item.direction == "in" and item.message_id in named]
    return found[-1] if found else None


def hidden_copies(letter: Item) -> list[str]:
    """Who gets a copy of a letter without the others seeing it: whoever says yes is told."""
    seen = {fold_address(address.address) for address in (*letter.to, *letter.cc)}
    return [each.address for each in letter.recipients if fold_address(each.address) not in seen]
