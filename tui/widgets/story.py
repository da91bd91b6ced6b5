"""A conversation as one stream: messages and notes, and between them the record in calm lines.

Runs of events are one line, and so is what programs wrote, until it is unfolded. Each block is laid out when it is first
seen, so that a conversation of ten thousand messages opens like one of ten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from functools import partial

from textual.strip import Strip

from inbox.attachments import listed
from inbox.model import Event, EventType, Instant
from inbox.ports import Item
from inbox.rules.reading import RULES
from inbox.sender_marks import by_message
from inbox.text import cut, one_line
from inbox.together import newcomers
from tui.times import spoken
from tui.widgets.letters import FOLDED, Opened, Sheet, event_lines, folded, folds, message
from tui.widgets.newly import Newly
from tui.widgets.pane import EMPTY, strip_of
from tui.widgets.record import sentence
from tui.widgets.stream import Block, order_of

RUN = 3
"""Events one after the other from which on they are one line."""

RECENT = 5
"""Of those behind the last message, so many are told in any case: they say how it stands."""

NEWEST = 20
"""Among the last so many of a run, each that came while somebody looked is told by itself."""

Said = Sequence[tuple[Event, str]]
"""Events and what is said of them."""


def story(
    opened: Opened,
    sheet: Sheet,
    newly: Newly | None = None,
    *,
    all_unfolded: bool = False,
    unfolded: Set[int] = frozenset(),
) -> list[Block]:
    """The blocks of a conversation, on a sheet; `unfolded` names the messages that are, with the events before them;
    `newly` is what came since it was opened here, and is marked."""
    fresh, items = newly or Newly(), opened.items
    marks, new = by_message(opened.events), newcomers(opened.events)
    numbers = {(one.message, one.place): opened.attached_before + one.number for one in listed(items)}
    sheet = replace(sheet, numbers=numbers)
    said = list(_said(opened, sheet, fresh))
    undelivered = {event.message for event, _ in said if event.type is EventType.UNDELIVERED}
    asked = _asked(opened)
    whole = items[-1] if items and all(folds(item, sheet) for item in items) else None
    blocks = list(_beginning(opened, sheet))
    at = 0
    for item in items:
        opens = all_unfolded or item.id in unfolded
        start = at
        while at < len(said) and said[at][0].at < item.at:
            at += 1
        if at > start:
            lines = partial(_record, said[start:at], replace(sheet, unfolded=opens))
            blocks.append(Block(order_of(item.id) - 1, lines))
        here = replace(
            sheet,
            marks=marks.get(item.id, ()),
            new=item.id in new,
            fresh=item.id in fresh.messages,
            unfolded=opens,
            told=item.id in undelivered,
            asked=item.id in asked,
        )
        closed = item is not whole and not opens and folds(item, here)
        blocks.append(Block(order_of(item.id), partial(_message, item, here, closed), item))
    end = order_of(items[-1].id) if items else 0
    if at < len(said):
        opens = all_unfolded or (bool(items) and items[-1].id in unfolded)
        lines = partial(_record, said[at:], replace(sheet, unfolded=opens), keep=RECENT)
        blocks.append(Block(end + 1, lines))
    if opened.later:
        blocks.append(Block(end + 2, partial(_beyond, opened.later, "later", sheet)))
    elif opened.others:
        blocks.append(Block(end + 2, partial(_begun, opened, sheet)))
    if blocks:
        blocks[-1].last = True
    return blocks


def _asked(opened: Opened) -> Set[int | None]:
    """The messages that wait for a yes."""
    if not opened.row.conversation.approvals:
        return frozenset()
    from inbox.approvals import waiting

    return {event.message for event in waiting(opened.events)}


def _said(opened: Opened, sheet: Sheet, fresh: Newly) -> Iterator[tuple[Event, str]]:
    """What is said of the events that happened in the stretch that is shown."""
    since = opened.items[0].at if opened.earlier and opened.items else None
    until = opened.items[-1].at if opened.later and opened.items else None
    taken_back = {event.batch for event in opened.events if event.void and event.type is EventType.QUEUED}
    became = _became(opened.events, sheet.now)
    for event in opened.events:
        if (since is not None and event.at < since) or (until is not None and event.at >= until):
            continue
        if event.type is EventType.OVERRIDDEN and event.batch in taken_back:
            continue
        words = sentence(event, sheet.now, sheet.zone, became.get(event.seq, ""))
        if words is not None:
            yield event, f"+ {words}" if event.seq in fresh.events else words


def _became(events: Sequence[Event], now: Instant) -> dict[int, str]:
    """What became of promises, by the number of the event that told each."""
    if not any(event.type is EventType.PROMISED for event in events):
        return {}
    from inbox.promise_story import promises_told

    return {told.seq: told.became.value for told in promises_told(events, now)}


# ------------------------------------------------------------------------------ the lines of blocks


def _beginning(opened: Opened, sheet: Sheet) -> Iterator[Block]:
    """What stands before the first message: that there are earlier ones, or why it is a notice."""
    order = order_of(opened.items[0].id) - 2 if opened.items else 0
    if opened.earlier:
        yield Block(order, partial(_beyond, opened.earlier, "earlier", sheet))
    elif opened.row.conversation.notice:
        from inbox.actions.ruling import because

        words = f"a notice, no clock: {because(opened.items, opened.events)}"
        line = strip_of([(cut(f"  · {words}", sheet.width), sheet.inks.muted)])
        yield Block(order, lambda: (line, EMPTY))


def _beyond(count: int, which: str, sheet: Sheet) -> Sequence[Strip]:
    words = f"  … {count:,} {which} message{'s' if count > 1 else ''}".replace(",", " ")
    return strip_of([(cut(words, sheet.width), sheet.inks.muted)]), EMPTY


def _message(item: Item, sheet: Sheet, closed: bool) -> Iterable[Strip]:
    if closed:
        yield folded(item, sheet)
    else:
        yield from message(item, sheet)
    yield EMPTY


def _record(said: Said, sheet: Sheet, keep: int = 0) -> Iterator[Strip]:
    """Events one below the other, runs of them in one line; what needs somebody has a line of its own, and so have the last
    `keep`, and what is new among the last `NEWEST`: somebody may sit before it all day."""
    run: list[tuple[Event, str]] = []
    for number, (event, words) in enumerate(said):
        left = len(said) - number
        is_new = words.startswith("+") and left <= NEWEST
        if words.startswith("!") or is_new or left <= keep:
            yield from _run(run, sheet)
            run = []
            yield from event_lines(words, event.at, sheet)
        else:
            run.append((event, words))
    yield from _run(run, sheet)
    yield EMPTY


def _run(run: Said, sheet: Sheet) -> Iterator[Strip]:
    if len(run) < RUN or sheet.unfolded:
        for event, words in run:
            yield from event_lines(words, event.at, sheet)
        return
    first, last = (spoken(event.at, sheet.now, sheet.zone) for event in (run[0][0], run[-1][0]))
    when = first if first == last else f"{first} to {last}"
    key = f" · {sheet.unfold_key}"
    words = cut(
        f"  {FOLDED} {when}  {len(run)} steps, the last: {run[-1][1].removeprefix('+ ')}",
        sheet.width - 1 - len(key),
    )
    yield strip_of([(words + key, sheet.inks.muted)])


def _begun(opened: Opened, sheet: Sheet) -> Iterator[Strip]:
    """That colleagues are writing, and what rules have begun: what somebody has not sent is theirs."""
    for draft in opened.others:
        what = "notes" if draft.kind == "note" else "writes"
        begins = "a rule begins" if draft.who == RULES else f"{one_line(draft.who, 40)} {what}"
        text = one_line(draft.text, 400) if draft.who == RULES else ""
        said = f"  {begins}: {text}" if text else f"  {begins} here"
        yield strip_of([(cut(said, sheet.width), sheet.inks.accent)])
