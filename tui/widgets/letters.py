"""One message, note or reply of ours as lines: who and when, what they wrote, quotes and signature folded.

Pure: from what was read to strips. Everything foreign passes `inbox.text` here. Whose it is can be told without colour:
ours stand behind a thin line, notes behind a thick one, the customer's words at the open margin.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from rich.style import Style
from textual.strip import Strip

from inbox.attachments import shown_name, stands_aside
from inbox.callers import call_in_words
from inbox.channel import channel_of, in_words
from inbox.listing import PROGRAMS
from inbox.model import Address, Event, EventType, Instant
from inbox.ports import Draft, Item, Presence, Row
from inbox.sender_marks import sentences
from inbox.text import LONGEST as MOST_CHARACTERS
from inbox.text import cells, cut, one_line, pad, sanitise
from tui.looks import Inks
from tui.times import spoken
from tui.widgets.pane import Run, strip_of
from tui.widgets.wrapping import as_written, wrapped

LONGEST = 600
"""Lines of one message that are laid out; unfolded there are more, and all of it is a key away."""
LONGEST_UNFOLDED = 5_000
MEASURE = 100
"""Cells of a line of text at most: longer ones tire the eyes, which lose the way back to the next one."""

THEIRS, OURS, NOTE = "  ", "  │ ", "  ┃ "
"""What stands before the lines of a message; the first cell is kept for the bar of the one under the hands."""
FOLDED = "▸"


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation as it was read to be shown: all of it, or a stretch of a long one."""

    row: Row
    items: Sequence[Item]
    events: Sequence[Event]
    presence: Sequence[Presence] = ()
    drafts: Sequence[Draft] = ()  # of who sits here
    others: Sequence[Draft] = ()  # what colleagues are writing here
    looks_like: Row | None = None  # the conversation it looks like part of
    earlier: int = 0  # messages and notes before these
    later: int = 0  # and behind them
    unread: int | None = None  # the first message that nobody has seen
    attached_before: int = 0  # attachments of what is before these
    visitor: str = ""  # with whom it looks like a chat

    @property
    def id(self) -> int:
        """The conversation."""
        return self.row.conversation.id

    @property
    def last_in(self) -> Item | None:
        """The customer's last message; where only programs wrote, the last of theirs."""
        came = [item for item in reversed(self.items) if item.direction == "in"]
        return next((item for item in came if not item.automatic), came[0] if came else None)

    def suggestion(self, chat: bool) -> Event | None:
        """The newest event that says it looks like part of another conversation, or of a message here like a chat."""
        said = (e for e in reversed(self.events) if e.type is EventType.SUGGESTED and not e.void)
        return next((event for event in said if bool(event.data.get("chat")) is chat), None)

    def item(self, number: int | None) -> Item | None:
        """One of the messages and notes, by its number."""
        return next((item for item in self.items if item.id == number), None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a message is written on: how wide, in which inks, and what is known of it besides."""

    width: int
    inks: Inks
    now: Instant
    zone: tzinfo
    unfold_key: str
    raw_key: str
    numbers: Mapping[tuple[int, int], int]  # of attachments, by message and place in it
    unfolded: bool = False
    marks: Sequence[str] = ()  # what speaks against the sender being who it seems to be
    new: bool = False  # whether the sender had no part here before
    fresh: bool = False  # whether it came since the conversation was opened here
    asked: bool = False  # whether it waits for a yes
    told: bool = False  # whether the record says below what became of it

    @property
    def measure(self) -> int:
        """Cells up to which letters are written."""
        return min(self.width, MEASURE + len(OURS) + 1)


def event_lines(words: str, at: Instant, sheet: Sheet) -> Iterator[Strip]:
    """What the record says: when, and what; what needs somebody is seen at a glance."""
    when = f"  · {spoken(at, sheet.now, sheet.zone)}  "
    ink = sheet.inks.late if words.startswith("!") else sheet.inks.muted
    for line in wrapped(words, sheet.measure - len(when)):
        yield strip_of([(when, sheet.inks.muted), (line, ink)])
        when = " " * len(when)


def message(item: Item, sheet: Sheet) -> Iterator[Strip]:
    """The lines of a message or note."""
    inks = sheet.inks
    margin = {"note": NOTE, "out": OURS, "call": OURS}.get(item.direction, THEIRS)
    margin_ink = inks.note if item.direction == "note" else inks.faint
    body = inks.note if item.direction == "note" else inks.text
    yield _head(item, sheet, margin, margin_ink)
    for words in sentences(sheet.marks, item.oddities):
        yield from _warned(words, margin, margin_ink, sheet, inks.late)
    most = LONGEST_UNFOLDED if sheet.unfolded else LONGEST
    for number, (line, quoted) in enumerate(_body(item, sheet)):
        if number == most:
            yield strip_of([(margin, margin_ink), (f"… the rest: {_more(item, sheet)}", inks.muted)])
            break
        yield strip_of(
            [(margin if line else margin.rstrip(), margin_ink), (line, inks.muted if quoted else body)]
        )
    if not sheet.unfolded and (folded := _folded(item)):
        yield strip_of([(margin, margin_ink), (f"{FOLDED} {folded} · {sheet.unfold_key}", inks.muted)])
    for place, attachment in enumerate(item.attachments):
        if not stands_aside(attachment):
            number = sheet.numbers[item.id, place]
            said = f"[{number}] {cut(shown_name(attachment), 80)} · {size_in_words(attachment.size)}"
            yield strip_of([(margin, margin_ink), (cut(said, sheet.width - len(margin) - 1), inks.accent)])
    for oddity in item.oddities:
        yield from _warned(one_line(oddity), margin, margin_ink, sheet, inks.soon)
    for recipient in item.recipients:
        if recipient.state in ("failed", "unknown") and not sheet.told:
            said = one_line(f"{recipient.address}: {recipient.detail or recipient.state}", 300)
            yield from _warned(said, margin, margin_ink, sheet, inks.late)


def folds(item: Item, sheet: Sheet) -> bool:
    """Whether a message may be one line: a program wrote it, and nothing about it needs somebody."""
    by_itself = item.automatic if item.direction == "in" else item.author in PROGRAMS
    sure = item.direction == "in" or item.state == "sent"
    passed_on = bool(item.on_behalf_of)  # a form on the web: a person wrote what is in it
    return by_itself and sure and not (passed_on or sheet.marks or sheet.fresh)


def folded(item: Item, sheet: Sheet) -> Strip:
    """An automatic message as one line."""
    inks = sheet.inks
    if item.direction == "in":
        margin, who, said = THEIRS, _named(item.on_behalf_of or item.sender)[0], one_line(item.subject, 80)
    else:
        margin, said = OURS, one_line(item.reply or item.text, 200)
        who = f"by itself → {', '.join(one_line(each.address, 60) for each in item.to)}"
    when = spoken(item.at, sheet.now, sheet.zone)
    key = f" · {sheet.unfold_key}"
    room = max(8, sheet.measure - cells(margin) - cells(when) - 2)
    words = cut(f"{FOLDED} {who}, automatic: {said or '(no subject)'}", room - len(key)) + key
    return strip_of([(margin, inks.faint), (pad(words, room), inks.muted), (f" {when} ", inks.muted)])


def _warned(words: str, margin: str, margin_ink: Style, sheet: Sheet, ink: Style) -> Iterator[Strip]:
    """What a reader has to know in full: below each other where it does not fit."""
    for number, line in enumerate(wrapped(words, sheet.measure - len(margin) - 3)):
        yield strip_of([(margin, margin_ink), (f"{'  ' if number else '! '}{line}", ink)])


def _head(item: Item, sheet: Sheet, margin: str, margin_ink: Style) -> Strip:
    inks = sheet.inks
    when = spoken(item.at, sheet.now, sheet.zone)
    if item.direction == "note":
        who: list[Run] = [
            (one_line(item.author, 60), inks.note),
            ("  note, only the team sees it", inks.muted),
        ]
    elif item.call is not None:
        who = [("☎ ", inks.accent), (one_line(call_in_words(item), 200), inks.strong)]
    elif item.direction == "out":
        to = ", ".join(one_line(address.address, 60) for address in (*item.to, *item.cc)) or _where(item)
        author = "by itself" if item.author in PROGRAMS else one_line(item.author, 60) or "we"
        who = [(author, inks.accent), (f" → {to}", inks.muted)]
    else:
        name, address = _named(item.on_behalf_of or item.sender)
        others = len(item.to) + len(item.cc) - 1
        who = [(name, inks.strong), (f"  {address}" if address != name else "", inks.muted)]
        if item.on_behalf_of and item.sender:
            who.append((f"  by way of {one_line(item.sender[0].address, 60)}", inks.muted))
        if sheet.new:
            who.append(("  new sender", inks.soon))
        if others > 0:
            who.append((f"  and {others} more", inks.muted))
        if item.automatic:
            who.append(("  automatic", inks.muted))
    if sheet.fresh:
        who.insert(0, ("+ ", inks.soon))
    state, state_ink = _state(item, sheet)
    room = max(8, sheet.measure - cells(f"{margin}{state}{when}") - 2)
    kept: list[Run] = [(margin, margin_ink)]
    for words, ink in who:
        kept.append((cut(words, room), ink))
        room -= cells(kept[-1][0])
    kept.append((" " * (room + 1), inks.text))
    return strip_of([*kept, (state, state_ink), (f"{when} ", inks.muted)])


def _where(item: Item) -> str:
    """Where something of ours went that went to no address."""
    return "where they are" if channel_of(item.channel).sends else in_words(item.channel)


def _state(item: Item, sheet: Sheet) -> tuple[str, Style]:
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
            return "waits for a yes  " if sheet.asked else "held  ", inks.soon
        case "refused-for-now":
            return "refused for now, tried again  ", inks.soon
        case _:
            return "sending …  ", inks.accent


def _named(addresses: Sequence[Address]) -> tuple[str, str]:
    if not addresses:
        return "(no sender)", "(no sender)"
    address = one_line(addresses[0].address, 80)
    return one_line(addresses[0].name, 60) or address, address


def _body(item: Item, sheet: Sheet) -> Iterator[tuple[str, bool]]:
    """Lines of the text and whether each is a quote."""
    width = sheet.measure - len(OURS) - 1
    if sheet.unfolded:
        yield from as_written((sanitise(item.text) or sanitise(item.reply)).strip("\n"), width)
        return
    said = sanitise(item.reply).strip("\n")
    if not said.strip() and not _folded(item):
        said = sanitise(item.text).strip("\n")
    if said.strip():
        yield from as_written(said, width)
    else:
        yield "(no words of its own)", True


def _more(item: Item, sheet: Sheet) -> str:
    """How one reads what was not laid out."""
    if sheet.unfolded or len(item.text) > MOST_CHARACTERS:
        return f"{sheet.raw_key} shows the mail as it came"
    return f"{sheet.unfold_key} shows more of it"


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
