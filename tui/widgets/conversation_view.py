"""The conversation: a header that stays, and its messages below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

from rich.style import Style
from textual.strip import Strip

from inbox.text import cells, cut, one_line, sanitise
from tui.widgets.hint_line import called
from tui.widgets.pane import EMPTY, Pane, cropped, strip_of
from tui.widgets.stream import (
    Block,
    Found,
    Place,
    Spans,
    Stream,
    inked,
    marked,
    message_at,
    order_of,
    spans_in,
)
from tui.widgets.wrapping import exactly, set_in

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.ports import Draft, Item, Panel, Presence
    from tui.widgets.heading import Heading
    from tui.widgets.letters import Opened
    from tui.widgets.newly import Newly

PREVIEW = 8
"""Lines of a message shown while the hands are on the list: a key stays cheap over a slow line."""
NEAR = 15
"""Blocks from the end of a stretch at which more of a long conversation is asked for."""
WIDE = 70
"""Cells from which the header has room for the channel."""
ROOMY = 20
"""Lines from which a blank parts the header from the messages."""
REMEMBERED = 500
"""Conversations of which is known where somebody was in them."""
_HIT, _OTHER_HIT = Style(reverse=True, bold=True), Style(underline=True, bold=True)


class Kept(NamedTuple):
    """Where somebody was in a conversation: what was on top, and which message was under the hands."""

    place: Place
    current: int | None


class ConversationView(Pane):
    """Shows what it is given (`show`), or nothing. What is on top stays there when the conversation is read again, and is
    found again when it is opened again. Of a long conversation it is given a stretch, and asks for more with `wants`."""

    def __init__(self, now: Callable[[], Instant]) -> None:
        super().__init__(id="conversation")
        self._now = now
        self.opened: Opened | None = None
        self.panel: Panel | None = None
        self.panel_beside = False  # whether the customer's panel has a pane of its own
        self.under_hands = False  # else it is a preview: the last message, in short
        self.all_unfolded = False
        self.current: int | None = None  # the message or note under the hands
        self.wants: Callable[[int | None], None] = lambda _: (
            None
        )  # a stretch around a message, 0: the first, None: last
        self.found: Found | None = None
        self.sheet: str | None = None  # what is shown in place of the messages
        self._about: str | None = None  # what that is about, where it is not the conversation
        self._unfolded: set[int] = set()
        self._kept: dict[int, Kept] = {}
        self._asked_around: int | None = None
        self._fetching: int | None = None  # around which the stretch is that is asked for
        self._then: Callable[[], None] | None = None  # what is done once another stretch is here
        self._settled = False  # whether it was decided where to begin
        self._unseen: int | None = None  # where to begin, also if it is read before there is room
        self._stream = Stream()
        self._sheet_stream = Stream()
        self._sheet_lines: Sequence[str] = ()
        self._exact = False
        self._lines: list[tuple[int, int, Strip]] | None = None  # as they are seen now
        self._short: list[Strip] | None = None  # the same of a preview
        self._spans: dict[int, Spans] = {}  # of what is searched, by block

    # what is shown

    def show(self, opened: Opened | None, panel: Panel | None) -> None:
        """Show a conversation, or a stretch of one; the one that is shown already stays where it is."""
        before = self.opened
        same = opened is not None and before is not None and opened.id == before.id
        if not same:
            self._leave()
            self.all_unfolded = False
            self._unfolded, self._then, self.found, self._unseen = set(), None, None, None
        above = self._head
        self.opened, self.panel = opened, panel
        if opened is not None and self.under_hands:
            self._newly.look(opened, self.frontdesk.seat.who.name)
        if not same:
            self.sheet, self._stream = None, Stream()
            self._lay_out()
            self._begin_somewhere()
        else:
            self._lay_out()
            if not self._settled:  # there was no room for it until now
                self._begin_somewhere()
            if self._then is not None and self._has(self._fetching):
                then, self._then = self._then, None
                if self.sheet is None:
                    then()
            elif self.sheet is None and before is not None and self._wrote_meanwhile(before):
                self.to_bottom()
            elif self.size.height and (grown := self._head - above) and self._stream.place != Place(0):
                self._stream.move(
                    grown, self.page
                )  # the header takes a line more: the text stays where it is
        self.repaint()
        self._look_beyond()

    def _wrote_meanwhile(self, before: Opened) -> bool:
        """Whether who sits here has written what is last now."""
        assert self.opened is not None
        last = self.opened.items[-1] if self.opened.items else None
        known = before.items[-1].id if before.items else 0
        mine = last is not None and last.direction != "in" and last.author == self.frontdesk.seat.who.name
        return last is not None and mine and last.id > known and not self.opened.later

    def mark(self, under_hands: bool) -> None:
        """The hands came, and the whole conversation is seen; or they left, and it is a preview again."""
        self._leave()
        self.under_hands = under_hands
        self._newly.begin(self.opened if under_hands else None)
        if self.sheet is None:
            self._lay_out()
            self._begin_somewhere()
        self.repaint()
        self._look_beyond()

    def _leave(self) -> None:
        """Remember where somebody was."""
        if self.opened is not None and self.under_hands and self._settled and self._stream:
            self._kept.pop(self.opened.id, None)
            self._kept[self.opened.id] = Kept(self._stream.place, self.current)
            if len(self._kept) > REMEMBERED:
                self._kept.pop(next(iter(self._kept)))

    def _begin_somewhere(self) -> None:
        """At the first message nobody has seen; else where one was; else where the customer's last message begins."""
        opened = self.opened
        self._settled = False
        if opened is None:
            return
        self._unseen = opened.unread if self._unseen is None else self._unseen
        if not self._stream or self.size.height == 0:
            return
        self._settled = True
        last_in = opened.last_in.id if opened.last_in is not None else None
        kept = self._kept.get(opened.id) if self.under_hands else None
        unseen, self._unseen = self._unseen, None
        if unseen is not None and self.under_hands:
            self._go_when_there(Place(order_of(unseen)), unseen)
        elif kept is not None:
            self._go_when_there(kept.place, kept.current or last_in)
        else:
            self.current = last_in if last_in is not None else opened.items[-1].id if opened.items else None
            if self.current is not None:
                self._stream.go(Place(order_of(self.current)), self.page)

    def _has(self, around: int | None) -> bool:
        """Whether the stretch that is here holds a message (0: the first one, None: the newest)."""
        opened = self.opened
        if opened is None or not opened.items:
            return True
        if around is None:
            return not opened.later
        return not opened.earlier if around == 0 else opened.items[0].id <= around <= opened.items[-1].id

    def _go_when_there(self, place: Place, current: int | None) -> None:
        """Go to a place, in another stretch where it is not in this one."""
        message = message_at(place.order)
        if self._has(message):
            self._go_to(place, current)
        else:
            self.fetch(message, partial(self._go_to, place, current))

    def _go_to(self, place: Place, current: int | None) -> None:
        self.current = current
        self._stream.go(place, self.page)
        self._follow()

    def tick(self) -> None:
        """A new minute: the deadline is written again."""
        self.repaint()

    def show_presence(self, presence: Sequence[Presence]) -> None:
        """Others came, left or began to write."""
        if self.opened is not None and tuple(presence) != tuple(self.opened.presence):
            self.opened = replace(self.opened, presence=tuple(presence))
            self.repaint()

    def show_others(self, others: Sequence[Draft]) -> None:
        """What colleagues are writing here has grown, or has gone."""
        if self.opened is not None and tuple(others) != tuple(self.opened.others):
            self.opened = replace(self.opened, others=tuple(others))
            if self.sheet is None:
                self._lay_out()
                self.repaint()

    # folding

    def fold(self) -> None:
        """Fold or unfold quotes, signatures, runs of events and what programs wrote, of all messages."""
        self.all_unfolded = not self.all_unfolded
        self._unfolded.clear()
        self._lay_out()
        self.repaint()

    def fold_one(self) -> None:
        """The same of the message under the hands and the events before it."""
        if self.current is None or self.sheet is not None:
            return
        if self.all_unfolded:
            self.fold()
            return
        self._unfolded ^= {self.current}
        self._lay_out()
        self.repaint()

    def unfold(self, message: int) -> None:
        """Show all of a message."""
        if not self.all_unfolded:
            self._unfolded.add(message)
            self._lay_out()

    # sheets

    def show_sheet(
        self, title: str, lines: Sequence[str], about: str | None = None, *, exact: bool = False
    ) -> None:
        """Lines of text in place of the messages, until `close_sheet`; about the conversation, or something else; `exact`:
        as they are, blanks and all."""
        self.sheet, self._about, self.found = title, about, None
        self._sheet_lines, self._exact = lines, exact
        self._lay_out_sheet()
        self._sheet_stream.go(Place(0), self.page)
        self.repaint()

    def close_sheet(self) -> None:
        """The messages again, where one was in them."""
        self.sheet, self.found = None, None
        self._sheet_lines, self._sheet_stream = (), Stream()
        self._lay_out()
        self.repaint()

    def _lay_out_sheet(self) -> None:
        place, ink, width = self._sheet_stream.place, self.inks.text, self.size.width - 1

        broken = exactly if self._exact else set_in

        def strips(line: str) -> list[Strip]:
            return [strip_of([(f" {part}", ink)]) for part in broken(sanitise(line), width - 1)]

        blocks = [Block(at, partial(strips, line), words=line) for at, line in enumerate(self._sheet_lines)]
        self._sheet_stream = Stream(blocks)
        self._sheet_stream.go(place, self.page)
        self._spans.clear()

    # moving

    @property
    def stream(self) -> Stream:
        """What is scrolled: the messages, or a sheet."""
        return self._stream if self.sheet is None else self._sheet_stream

    def scroll_by(self, lines: int) -> bool:
        """Scroll; at either end the hands go on from message to message. Whether there was anywhere to go."""
        if self._moved(self.stream.move(lines, self.page)):
            return True
        return self.step(max(-1, min(1, lines)))

    def to_top(self) -> None:
        """The beginning of it all."""
        if self.sheet is None and self.opened is not None and self.opened.earlier:
            self.fetch(0, self.to_top)
            return
        if self.stream:
            self.stream.go(Place(self.stream.blocks[0].order), self.page)
            if self.sheet is None and self.opened is not None and self.opened.items:
                self.current = self.opened.items[0].id
            self._moved(True)

    def to_bottom(self) -> None:
        """The end of it all."""
        if self.sheet is None and self.opened is not None and self.opened.later:
            self.fetch(None, self.to_bottom)
            return
        self.stream.to_end(self.page)
        if self.sheet is None and self.opened is not None and self.opened.items:
            self.current = self.opened.items[-1].id
        self._moved(True)

    def step(self, count: int) -> bool:
        """To the next message or note, or the one before; whether there was one."""
        opened = self.opened
        if opened is None or self.sheet is not None or not opened.items:
            return False
        at = next((n for n, item in enumerate(opened.items) if item.id == self.current), 0) + count
        if not 0 <= at < len(opened.items):
            return False
        self.bring(opened.items[at].id)
        return True

    def bring(self, message: int) -> None:
        """Put the hands on a message: on top, where not all of it is seen already."""
        if not self._stream:  # not laid out yet: it will begin where there is most to be read
            return
        self.current = message
        block = self._stream.blocks[self._stream.index_of(order_of(message))]
        seen = sum(block is self._stream.blocks[at] for at, _, strip in self._visible if strip)
        if seen < sum(bool(strip) for strip in block.lines):
            self._stream.go(Place(order_of(message)), self.page)
        self._moved(True)

    def last_message_in_sight(self) -> None:
        """Scroll to where the customer's last message begins."""
        if self.opened is None or self.sheet is not None:
            return
        if self.opened.later:
            self.fetch(None, self.last_message_in_sight)
        elif self.opened.last_in is not None:
            self.current = self.opened.last_in.id
            self._moved(self._stream.go(Place(order_of(self.current)), self.page))

    def fetch(self, message: int | None, then: Callable[[], None]) -> None:
        """Ask for the stretch around a message (0: the first one, None: the newest), and do something once it is here."""
        self._then, self._fetching = then, message
        self.wants(message)

    def index_of(self, message: int) -> int:
        """The number of the block of a message."""
        return self._stream.index_of(order_of(message))

    def look_for(self, found: Found | None) -> None:
        """Mark what is looked for."""
        self.found = found
        self._spans.clear()
        self.repaint()

    def spans(self, at: int) -> Spans:
        """Where what is looked for stands in a block."""
        if self.found is None:
            return {}
        if at not in self._spans:
            self._spans[at] = spans_in(self.stream.blocks[at], self.found.pattern)
        return self._spans[at]

    def show_hit(self, order: int, line: int, start: int) -> None:
        """Put a hit under the hands, with some of what stands before it, unless it is seen already."""
        stream = self.stream
        if self.found is not None:
            self.found = self.found._replace(at=(order, line, start))
        if not any(stream.blocks[at].order == order and line == number for at, number, _ in self._visible):
            stream.go(Place(order, line), self.page)
            seen = [(stream.blocks[at].order, number) for at, number, _ in stream.shown(self.page)]
            above = seen.index((order, line)) if (order, line) in seen else 0
            stream.move(min(0, above - self.page // 3), self.page)
        if self.sheet is None:
            self.current = message_at(order)
        self._moved(True)

    def _moved(self, changed: bool) -> bool:
        if changed:
            self._lines = None
            self._follow()
            self.repaint()
            self._look_beyond()
        return changed

    def _follow(self) -> None:
        """The message under the hands is one whose beginning is seen, or the one that fills the pane."""
        if self.sheet is not None:
            return
        self._lines = None
        begin = [
            item.id for at, line, _ in self._visible if not line and (item := self._stream.blocks[at].item)
        ]
        if begin and self.current not in begin:
            self.current = begin[0]
        elif not begin and self._visible:
            self.current = message_at(self._stream.blocks[self._visible[0][0]].order)

    def _look_beyond(self) -> None:
        """Near the end of a stretch, ask for what lies behind it."""
        opened, stream = self.opened, self._stream
        if (
            opened is None
            or not stream
            or self._then is not None
            or not self.under_hands
            or not self._settled
            or self.sheet is not None
        ):
            return
        last = self._visible[-1][0] if self._visible else 0
        here = message_at(stream.place.order)
        before, behind = (
            opened.earlier and stream.at < NEAR,
            opened.later and last > len(stream.blocks) - NEAR,
        )
        if (before or behind) and here != self._asked_around:
            self._asked_around = here
            self.wants(here)

    # how it is seen

    @property
    def page(self) -> int:
        """How many lines of messages are visible."""
        return max(1, self.size.height - self._head)

    @property
    def _head(self) -> int:
        """How many lines stay."""
        return len(self._top) if self.opened is not None else 2

    @property
    def _top(self) -> list[Callable[[], Strip]]:
        """The lines that stay: the subject, how it stands, and what is said on top, and a blank where there is room; of a
        sheet its title and a blank."""
        if self.sheet is not None:
            return [self._subject, _blank]
        heading, room = self._heading, self.size.height >= ROOMY
        return [self._subject, heading.standing, *heading.above, *([_blank] if room else [])]

    @cached_property
    def _newly(self) -> Newly:
        """What came since it was opened here."""
        from tui.widgets.newly import Newly

        return Newly()

    @property
    def _heading(self) -> Heading:
        assert self.opened is not None
        from tui.widgets.heading import Heading

        seat, width = self.frontdesk.seat, self.size.width
        return Heading(
            self.opened,
            self.panel,
            self.panel_beside,
            self._newly,
            seat,
            width,
            self.inks,
            self._now(),
            self.under_hands,
            self.size.height,
        )

    @property
    def around(self) -> int | None:
        """The message around which a long conversation is read again; None: its newest ones."""
        opened = self.opened
        if self._then is not None:
            return self._fetching
        return message_at(self._stream.place.order) if opened is not None and opened.later else None

    @property
    def in_sight(self) -> Item | None:
        """The message or note under the hands."""
        return self.opened.item(self.current) if self.opened is not None else None

    @property
    def _visible(self) -> list[tuple[int, int, Strip]]:
        if self._lines is None:
            self._lines = list(self.stream.shown(self.page))
        return self._lines

    def repaint(self) -> None:
        """Compare what should be seen with what was, and repaint the difference."""
        self._lines = self._short = None
        super().repaint()

    def redraw(self) -> None:
        """Another size or theme: laid out again at the same message."""
        self._lay_out()
        if self.sheet is not None:
            self._lay_out_sheet()
        if not self._settled:  # it was shown while there was no room for it
            self._begin_somewhere()
        super().redraw()

    def _lay_out(self) -> None:
        place = self._stream.place
        self._lines = None
        self._spans.clear()
        if self.opened is None:
            self._stream = Stream()
        if self.opened is None or not self.size.width:  # unseen, it keeps its place
            return
        from tui.widgets.letters import Sheet  # with all that is said of senders: not before the first paint
        from tui.widgets.story import story

        keymap = self.frontdesk.seat.keymap
        unfold, raw = (called(keymap, "conversation", verb) for verb in ("unfold", "raw"))
        sheet = Sheet(self.size.width, self.inks, self._now(), self.frontdesk.seat.zone, unfold, raw, {})
        blocks = story(
            self.opened, sheet, self._newly, all_unfolded=self.all_unfolded, unfolded=self._unfolded
        )
        self._stream = Stream(blocks)
        self._stream.go(place, self.page)
        if self.current is not None and self.opened.item(self.current) is None and self.sheet is None:
            self._follow()

    # lines

    def line(self, y: int) -> Strip:
        """The header lines, then the messages."""
        if self.opened is None:
            return EMPTY
        top = self._top
        if y < len(top):
            return top[y]()
        at = y - len(top)
        if not self.under_hands and self.sheet is None:
            if self._short is None:
                self._short = self._in_short()
            return cropped(self._short[at], self.size.width) if at < len(self._short) else EMPTY
        return self._written(*self._visible[at]) if at < len(self._visible) else EMPTY

    def _written(self, at: int, line: int, strip: Strip) -> Strip:
        """A line as it is seen: the bar before the message under the hands, and what was found."""
        block = self.stream.blocks[at]
        if not line and block.item is not None and block.item.id == self.current and self.sheet is None:
            strip = marked(strip, self.inks.accent)
        if self.found is not None:
            here = (block.order, line)
            for span in self.spans(at).get(line, ()):
                under = self.found.at == (*here, span[0])
                strip = inked(strip, [span], _HIT if under else _OTHER_HIT)
        return cropped(strip, self.size.width)

    def _in_short(self) -> list[Strip]:
        """The customer's last message and what follows it, in few lines: what fits over a slow line."""
        opened, blocks, lines = self.opened, self._stream.blocks, list[Strip]()
        assert opened is not None
        last_in = opened.last_in
        start = self._stream.index_of(order_of(last_in.id)) if last_in is not None else 0
        for block in blocks[start:]:
            lines += block.lines
            if len(lines) > PREVIEW + 1:
                break
        before = opened.earlier + sum(block.item is not None for block in blocks[:start])
        more = len(lines) > PREVIEW
        if not before and not more:
            return lines
        above = f"↑ {before} message{'s' if before > 1 else ''}" if before else ""
        opens = f"{called(self.frontdesk.seat.keymap, 'list', 'open')} opens it"
        words = " · ".join(filter(None, (above, "↓ more" if more else "", opens)))
        trailer = strip_of([(cut(f"  {words}", self.size.width), self.inks.muted)])
        return [*lines[:PREVIEW], EMPTY, trailer]

    def _subject(self) -> Strip:
        assert self.opened is not None
        inks, width = self.inks, self.size.width
        right = self._where() if self.under_hands else ""
        title = one_line(self.opened.row.subject)
        if self.sheet is not None:
            title = f"{self.sheet} · {title if self._about is None else one_line(self._about)}"
        subject = cut(f" {title or '(no subject)'}", max(8, width - cells(right) - 1))
        gap = " " * (width - cells(subject) - cells(right))
        ink = inks.strong if self.under_hands else inks.text
        return strip_of([(subject, ink + inks.head), (gap + right, inks.muted + inks.head)])

    def _where(self) -> str:
        """Where one is in it: by which channel it came, the message under the hands, whether more is below."""
        opened, stream = self.opened, self.stream
        assert opened is not None
        below = " ↓" if stream.goes_on(self.page) else ""
        if self.sheet is not None:
            return f"line {stream.at + 1} of {len(stream.blocks)}{below} " if below or stream.at else ""
        at = next((n for n, item in enumerate(opened.items, 1) if item.id == self.current), 0)
        total = opened.earlier + len(opened.items) + opened.later
        if total < 2:
            return f"{below} " if below else ""
        channel = f"{one_line(opened.row.conversation.channel, 12)} · " if self.size.width >= WIDE else ""
        return f"{channel}{opened.earlier + at:,} of {total:,}{below} ".replace(",", " ")


def _blank() -> Strip:
    return EMPTY
