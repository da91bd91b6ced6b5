"""Tags: short words a team sorts by."""

from __future__ import annotations

import re
from collections.abc import Sequence

from inbox.actions.facts import happened, one
from inbox.model import EventType, Instant, Refusal, Who
from inbox.ports import Decision, State

scope = one
_TAG = re.compile(r"[\w][\w./-]{0,39}")


def decide(
    state: State,
    who: Who,
    now: Instant,
    *,
    conversation: int,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
) -> Decision:
    """Add and remove tags; tags are compared in lower case."""
    here = set(state.conversations[conversation].tags)
    adding = {tag.strip().lower() for tag in add} - {""}
    bad = sorted(tag for tag in adding if not _TAG.fullmatch(tag))
    if bad:
        return Refusal(
            f"{bad[0]!r} is no tag.", "A tag is one word of letters, digits, - _ . or /, at most 40 long."
        )
    plus, minus = sorted(adding - here), sorted({tag.strip().lower() for tag in remove} & here)
    if not plus and not minus:
        return Refusal("Its tags are so already.")
    return [happened(EventType.TAGGED, conversation, who, now, add=plus or None, remove=minus or None)]
