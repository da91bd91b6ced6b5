"""A conversation as lines: messages with who and when, notes, calm events; quotes and signatures folded.

Pure: from what was read to strips. Everything foreign passes `inbox.text` here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from rich.style import Style
from textual.strip import Strip

from inbox.attachments import listed, shown_name, stands_aside
from inbox.listing import PROGRAMS
from inbox.model import Address, Event, EventType, Instant
from inbox.ports import Draft, Item, Presence, Row
from inbox.rules.reading import RULES
from inbox.sender_marks import by_message, sentences
from inbox.text import cells, cut, one_line, sanitise
from inbox.together import newcomers
from tui.looks import Inks
from tui.times import moment
from tui.widgets.newly import Newly
from tui.widgets.pane import EMPTY, Run, strip_of
from tui.widgets.record import sentence
from tui.widgets.wrapping import wrapped

LONGEST = 600
"""Lines of one message that are laid out; the rest is a key away."""

_INDENT = 2


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation as it was read to be shown."""

    row: Row
    items: Sequence[Item]
    events: Sequence[Event]
    presence: Sequence[Presence] = ()
    drafts: Sequence[Draft] = ()  # of who sits here
    others: Sequence[Draft] = ()  # what colleagues are writing here
    looks_like: Row | None = None  # the conversation it looks like part of

    @property
    def id(self) -> int:
        """The conversation."""
        return self.row.conversation.id

    @property
    def last_in(self) -> Item | None:
        """The customer's last message."""
        return next((item for item in reversed(self.items) if item.direction == "in"), None)


@dataclass(frozen=True, slots=True)
class Letters:
    """The lines, at which of them the customer's last message begins, and at which each message or note does."""

    lines: tuple[Strip, ...]
    last_in: int
    starts: tuple[tuple[int, Item], ...] = ()


def lay_out(
    opened: Opened,
    width: int,
    inks: Inks,
    now: Instant,
    zone: tzinfo,
    *,
    unfolded: bool = False,
    unfold_key: str = "z",
    newly: Newly | None = None,
) -> Letters:
    """Lay a conversation out in `width` cells; `newly` is what came since it was opened, and is marked."""
    fresh = newly or Newly()
    lines: list[Strip] = []
    starts: list[tuple[int, Item]] = []
    last_in = 0
    marked, new = by_message(opened.events), newcomers(opened.events)
    taken_back = {event.batch for event in opened.events if event.void and event.type is EventType.QUEUED}
    became = _became(opened.events, now)
    events = [
        (event.at, f"+ {line}" if event.seq in fresh.events else line)
        for event in opened.events
        if not (event.type is EventType.OVERRIDDEN and event.batch in taken_back)
        and (line := sentence(event, now, zone, became.get(event.seq, ""))) is not None
    ]
    numbers = {(one.message, one.place): one.number for one in listed(opened.items)}
    if opened.row.conversation.notice:
        from inbox.actions.ruling import because

        lines.append(_event(f"a notice, no clock: {because(opened.items, opened.events)}", width, inks))
    shown = sum(item.direction != "note" for item in opened.items)
    earlier = opened.row.conversation.messages - shown
    if earlier > 0 and opened.items:
        words = f"{earlier} earlier messages: searching finds them, frontdesk show {opened.id} prints them"
        lines.append(strip_of([(cut(f"  … {words}", width), inks.muted)]))
        events = [(at, words) for at, words in events if at >= opened.items[0].at]
    for item in opened.items:
        while events and events[0][0] < item.at:
            lines.append(_event(events.pop(0)[1], width, inks))
        if lines:
            lines.append(EMPTY)
        starts.append((len(lines), item))
        if item is opened.last_in:
            last_in = len(lines)
        marks = marked.get(item.id, ())
        sheet = _Sheet(width, inks, now, zone, unfolded, unfold_key, numbers, marks, item.id in new)
        sheet = replace(sheet, fresh=item.id in fresh.messages)
        lines += _message(item, sheet)
    if events and lines:
        lines.append(EMPTY)
    lines += [_event(words, width, inks) for _, words in events]
    if opened.others and lines:
        lines.append(EMPTY)
    for draft in opened.others:
        what = "notes" if draft.kind == "note" else "writes"
        begins = "a rule begins" if draft.who == RULES else f"{one_line(draft.who, 40)} {what}"
        said = f"  {begins}: {one_line(draft.text, 400)}"
        lines.append(strip_of([(cut(said, width), inks.accent)]))
    return Letters(tuple(lines), last_in, tuple(starts))


def _became(events: Sequence[Event], now: Instant) -> dict[int, str]:
    """What became of promises, by the number of the event that told each."""
    if not any(event.type is EventType.PROMISED for event in events):
        return {}
    from inbox.promise_story import promises_told

    return {told.seq: told.became.value for told in promises_told(events, now)}


def in_short(letters: Letters, inks: Inks, most: int, open_key: str) -> Letters:
    """The customer's last message and what follows it, in at most `most` lines: what fits over a slow line."""
    before, rest = letters.last_in, letters.lines[letters.last_in :]
    if not before and len(rest) <= most:
        return letters
    above, below = (f"↑ {before} lines" if before else ""), len(rest) - most
    lines = rest if below <= 0 else rest[:most]
    words = " · ".join(
        filter(None, (above, f"↓ {below + 1} lines" if below > 0 else "", f"{open_key} opens it"))
    )
    return Letters((*lines, EMPTY, strip_of([(f"  {words}", inks.faint)])), 0)


@dataclass(frozen=True, slots=True)
class _Sheet:
    width: int
    inks: Inks
    now: Instant
    zone: tzinfo
    unfolded: bool
    unfold_key: str
    numbers: Mapping[tuple[int, int], int]  # of attachments, by message and place in it
    marks: Sequence[str] = ()  # what speaks against the sender being who it seems to be
    new: bool = False  # whether the sender had no part here before
    fresh: bool = False  # whether it came since the conversation was opened here


def _event(words: str, width: int, inks: Inks) -> Strip:
    late = words.partition("  ")[2].startswith("!")
    return strip_of([(cut(f"  · {words}", width), inks.late if late else inks.faint)])


def _message(item: Item, sheet: _Sheet) -> Iterator[Strip]:
    inks = sheet.inks
    body = inks.note if item.direction == "note" else inks.text
    margin = "┃ " if item.direction == "note" else " " * _INDENT
    margin_ink = inks.note if item.direction == "note" else inks.text
    yield _head(item, sheet)
    for words in sentences(sheet.marks, item.oddities):
        yield from _warned(words, margin, sheet.width, inks.late)
    for number, (line, quoted) in enumerate(_body(item, sheet)):
        if number == LONGEST:
            yield strip_of([(f"{margin}… the rest: V shows the mail as it came", inks.muted)])
            break
        yield strip_of([(margin, margin_ink), (line, inks.muted if quoted else body)]) if line else EMPTY
    if not sheet.unfolded:
        folded = _folded(item)
        if folded:
            yield strip_of([(f"{margin}▸ {folded} · {sheet.unfold_key}", inks.faint)])
    for place, attachment in enumerate(item.attachments):
        if not stands_aside(attachment):
            said = f"{margin}[{sheet.numbers[item.id, place]}] {cut(shown_name(attachment), 80)}"
            yield strip_of([(cut(f"{said} · {size_in_words(attachment.size)}", sheet.width), inks.accent)])
    for oddity in item.oddities:
        yield from _warned(one_line(oddity), margin, sheet.width, inks.soon)
    for recipient in item.recipients:
        if recipient.state in ("failed", "unknown"):
            said = one_line(f"{recipient.address}: {recipient.detail or recipient.state}", 300)
            yield from _warned(said, margin, sheet.width, inks.late)


def _warned(words: str, margin: str, width: int, ink: Style) -> Iterator[Strip]:
    """What a reader has to know in full: below each other where it does not fit."""
    for number, line in enumerate(wrapped(words, width - len(margin) - 3)):
        yield strip_of([(f"{margin}{'  ' if number else '! '}{line}", ink)])


def _head(item: Item, sheet: _Sheet) -> Strip:
    inks = sheet.inks
    when = moment(item.at, sheet.now, sheet.zone)
    if item.direction == "note":
        who: list[Run] = [
            (f"┃ {one_line(item.author, 60)}", inks.note),
            ("  note, only the team sees it", inks.faint),
        ]
    elif item.direction == "out":
        to = ", ".join(one_line(address.address, 60) for address in (*item.to, *item.cc))
        author = "by itself" if item.author in PROGRAMS else one_line(item.author, 60) or "we"
        who = [(f" {author}", inks.accent), (f" → {to}", inks.muted)]
    else:
        name, address = _named(item.on_behalf_of or item.sender)
        others = len(item.to) + len(item.cc) - 1
        who = [(f" {name}", inks.strong), (f"  {address}" if address != name else "", inks.muted)]
        if item.on_behalf_of and item.sender:
            who.append((f"  by way of {one_line(item.sender[0].address, 60)}", inks.faint))
        if sheet.new:
            who.append(("  new sender", inks.soon))
        if others > 0:
            who.append((f"  and {others} more", inks.faint))
        if item.automatic:
            who.append(("  automatic", inks.faint))
    state, state_ink = _state(item, sheet)
    if sheet.fresh:
        who.insert(0, (" +", inks.soon))
    right = f"{state}{when} "
    room = max(8, sheet.width - cells(right) - 1)
    kept: list[Run] = []
    for words, ink in who:
        kept.append((cut(words, room), ink))
        room -= cells(kept[-1][0])
    kept.append((" " * (room + 1), inks.text))
    return strip_of([*kept, (state, state_ink), (f"{when} ", inks.faint)])


def _state(item: Item, sheet: _Sheet) -> tuple[str, Style]:
    """How far a reply of ours got; empty for everything else."""
    inks = sheet.inks
    match item.state:
        case None:
            return "", inks.faint
        case "sent":
            return "sent ✓  ", inks.muted
        case "failed":
            return "! not delivered  ", inks.late
        case "unknown":
            return "! left or not: nobody knows  ", inks.late
        case "held":
            return "held  ", inks.soon
        case "refused-for-now":
            return "refused for now, tried again  ", inks.soon
        case _:
            return "sending …  ", inks.accent


def _named(addresses: Sequence[Address]) -> tuple[str, str]:
    if not addresses:
        return "(no sender)", "(no sender)"
    address = one_line(addresses[0].address, 80)
    return one_line(addresses[0].name, 60) or address, address


def _body(item: Item, sheet: _Sheet) -> Iterator[tuple[str, bool]]:
    """Lines of the text and whether each is a quote."""
    width = sheet.width - _INDENT - 1
    if not sheet.unfolded:
        said = sanitise(item.reply).strip("\n")
        if not said.strip() and not _folded(item):
            said = sanitise(item.text).strip("\n")
        for line in wrapped(said, width) if said.strip() else ("(no words of its own)",):
            yield line, not said.strip()
        return
    for paragraph in (sanitise(item.text) or sanitise(item.reply)).strip("\n").split("\n"):
        quoted = paragraph.lstrip().startswith((">", "|"))
        for line in wrapped(paragraph, width):
            yield line, quoted


def _folded(item: Item) -> str:
    parts = []
    if item.quoted.strip():
        count = len(item.quoted.strip().splitlines())
        parts.append("1 quoted line" if count == 1 else f"{count} quoted lines")
    if item.signature.strip():
        parts.append("signature")
    return ", ".join(parts)


def size_in_words(size: int) -> str:
    """A count of bytes, as people read it."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} KB" if size < 1_000_000 else f"{size / 1e6:.1f} MB"
