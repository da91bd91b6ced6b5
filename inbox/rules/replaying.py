"""What rules would have done, had they been in force for a span of the record: told from the record alone, and nothing is
written.

Each conversation is gone through once. It stands as the record has it up to each event, without what rules really did there
and with what these rules would have done before; its customer is as they are today. What comes with time (clocks, silence, a
time of day) is asked in between. Nothing is sent or called, so what customers would have answered to it is not told; and
whom a rule would have chosen by load or in turn is not, since nobody wrote down how much each one had to do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import tzinfo
from typing import TYPE_CHECKING

from inbox.model import ACTIVE, Instant
from inbox.queries import And, CustomerIs, Everything, Flag, Is, Node, Or, Words, both, either, parse
from inbox.rules import deciding
from inbox.rules.firings import Firing, Replayed, Told
from inbox.rules.reading import BY_EVENT, On, Rule
from inbox.rules.reliving import Read, Span, Walk

if TYPE_CHECKING:
    from inbox.ports import Workspace
    from inbox.settings import Settings


def replay(
    store: Workspace,
    settings: Settings,
    rules: Sequence[Rule],
    since: Instant,
    now: Instant,
    goes_on: Callable[[int, int], bool] = lambda _done, _of: True,
) -> Replayed | None:
    """Go through the record once. After each slice `goes_on` hears how many conversations are done of how many; None when
    it says no."""
    if not rules:
        return Replayed(since, now, (), 0)
    told = [Told(rule) for rule in rules]
    span = Span(settings, told, since, now)
    for each in told:
        if each.rule.on is On.TIME and not each.rule.when:
            for at in span.ticks[each.rule.name]:
                each.add(Firing(at, 0, (each.rule.on.value,), tuple(a.in_words for a in each.rule.then)))
    read = Read(store)
    done = 0
    from_when = since if all(rule.on in BY_EVENT and rule.on is not On.CUSTOMER for rule in rules) else 0
    with closing(store.stories(since, None, deciding.WHO, now)) as slices:
        happened = next((total for total, _ in slices), 0)
    customers = store.customer_changes(since) if any(rule.on is On.CUSTOMER for rule in rules) else {}
    with closing(store.stories(from_when, _candidates(rules, settings.zone), deciding.WHO, now)) as slices:
        for total, stories in slices:
            read.begin([story.id for story in stories])
            for story in stories:
                read.here = story.id
                busy = any(event.recorded >= since or event.at >= since for event in story.events)
                if busy or story.status in ACTIVE or span.closed_too:
                    Walk(span, read, story, customers.get(story.customer or 0, ())).everything()
            done += len(stories)
            if not goes_on(done, total):
                return None
    return Replayed(since, now, told, happened)


def _candidates(rules: Sequence[Rule], zone: tzinfo) -> Node | None:
    """A query that finds at least the conversations that any of the rules could ever have matched; None: all."""
    wide = [_lasting(parse(rule.when, 0, zone)) for rule in rules if rule.when or rule.on is not On.TIME]
    found = either(*wide) if wide else None
    return None if isinstance(found, Everything) else found


def _lasting(node: Node) -> Node:
    """What of a query, once it held, holds for ever: words that were written, and whose the conversation is."""
    match node:
        case And(parts):
            return both(*map(_lasting, parts))
        case Or(parts):
            return either(*map(_lasting, parts))
        case Words() | CustomerIs() | Is(Flag.ATTACHMENT):
            return node
    return Everything()
