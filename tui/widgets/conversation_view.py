"""The conversation: a header that stays, and its messages below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import tzinfo

from rich.segment import Segment
from textual.strip import Strip

from inbox.model import ACTIVE, EventType, Instant, Status
from inbox.outcomes import GOOD, IMPORT, RESOLVED, in_words
from inbox.ports import Draft, Item, Panel, Presence
from inbox.text import cells, cut, one_line, sanitise
from tui.times import day, lateness, moment
from tui.widgets.customer_panel import summary
from tui.widgets.hint_line import called
from tui.widgets.letters import Letters, Opened, in_short, lay_out
from tui.widgets.newly import Newly
from tui.widgets.pane import EMPTY, Pane, Run, strip_of

PREVIEW = 8
"""Lines of a message shown while the hands are on the list: a key stays cheap over a slow line."""


class ConversationView(Pane):
    """Shows what it is given (`show`), or nothing. It keeps its place when the same conversation is shown again."""

    def __init__(self, now: Callable[[], Instant]) -> None:
        super().__init__(id="conversation")
        self._now = now
        self.opened: Opened | None = None
        self.panel: Panel | None = None
        self.panel_beside = False  # whether the customer's panel has a pane of its own
        self.unfolded = False
        self.under_hands = False  # else it is a preview: the last message, in short
        self.top = 0
        self.sheet: str | None = None  # what is shown in place of the messages
        self._about: str | None = None  # what that is about, where it is not the conversation
        self._newly = Newly()
        self._letters = Letters((), 0)

    def show(self, opened: Opened | None, panel: Panel | None) -> None:
        """Show a conversation. Another one than before begins where the customer's last message does."""
        same = opened is not None and self.opened is not None and opened.id == self.opened.id
        if not same:
            self.unfolded = False
        self.opened, self.panel = opened, panel
        if opened is not None and self.under_hands:
            self._newly.look(opened, self.frontdesk.seat.who.name)
        if self.sheet is not None:
            if same:
                return
            self.sheet = None
        self._lay_out(None if same else 0)
        if not same:
            self.top = self._clamped(self._letters.last_in)
        self.repaint()

    def mark(self, under_hands: bool) -> None:
        """The hands came, and the whole conversation is seen; or they left, and it is a preview again."""
        self.under_hands = under_hands
        self._newly.begin(self.opened if under_hands else None)
        if self.sheet is None:
            self._lay_out(None)
            self.top = self._clamped(self._letters.last_in)
        self.repaint()

    def fold(self) -> None:
        """Fold or unfold quotes and signatures."""
        self.unfolded = not self.unfolded
        self._lay_out(self.top)
        self.repaint()

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
                self._lay_out(None)
                self.repaint()

    def show_sheet(self, title: str, lines: Sequence[str], about: str | None = None) -> None:
        """Lines of text in place of the messages, until `close_sheet`; about the conversation, or something else."""
        self.sheet, self._about = title, about
        self._letters = Letters(
            tuple(strip_of([(f" {sanitise(line, 2000).expandtabs(4)}", self.inks.text)]) for line in lines), 0
        )
        self.top = 0
        self.repaint()

    def close_sheet(self) -> None:
        """The messages again."""
        self.sheet = None
        self._lay_out(None)
        self.top = self._letters.last_in
        self.top = self._clamped(self.top)
        self.repaint()

    def scroll_by(self, lines: int) -> bool:
        """Scroll; whether there was anywhere to go."""
        return self.scroll_to_line(self.top + lines)

    def scroll_to_line(self, line: int) -> bool:
        """Put a line on top; whether that changed anything."""
        line = self._clamped(line)
        if line == self.top:
            return False
        self.top = line
        self.repaint()
        return True

    def last_message_in_sight(self) -> None:
        """Scroll to where the customer's last message begins."""
        self.scroll_to_line(self._letters.last_in)

    @property
    def page(self) -> int:
        """How many lines of messages are visible."""
        return max(1, self.size.height - self._head)

    @property
    def _head(self) -> int:
        """Lines that stay: the subject, how it stands, and what is said on top."""
        return 2 + len(self._above)

    @property
    def _above(self) -> list[Callable[[], Strip]]:
        """What stands on top of the messages: what came while it is open, what was said when it was handed over, and
        what it looks like part of."""
        if self.opened is None:
            return []
        there = (
            (self._newly.words, self._news),
            (self.opened.row.handed or self._called, self._handed),
            (self.opened.looks_like, self._looks_like),
        )
        return [line for is_there, line in there if is_there]

    def _news(self) -> Strip:
        """What others did and what came since it was opened here."""
        return strip_of([(cut(f" New: {self._newly.words}", self.size.width), self.inks.soon)])

    @property
    def _called(self) -> bool:
        """Whether a note here names who sits here, who has not acted since."""
        assert self.opened is not None
        return self.frontdesk.seat.who.name in self.opened.row.conversation.mentions

    def _handed(self) -> Strip:
        """The line of who handed it over, or that one is named in a note, until who is called acts."""
        assert self.opened is not None
        me, keymap = self.frontdesk.seat.who.name, self.frontdesk.seat.keymap
        giver, to, words = (one_line(each) for each in self.opened.row.handed or ("", me, ""))
        lead, keys = f" {giver} to {to}: ", ""
        if to == me:
            keys = f"  {called(keymap, 'conversation', 'seen')} seen "
            lead = f" » {giver} for you: " if giver else " » you are called here"
        words = cut(words, max(8, self.size.width - cells(lead) - cells(keys)))
        runs: list[Run] = [(lead, self.inks.accent), (words, self.inks.strong), (keys, self.inks.muted)]
        return _cropped(strip_of(runs), self.size.width)

    @property
    def in_sight(self) -> Item | None:
        """The message or note that begins on top, or reaches there; of one that fits the pane whole, the last one."""
        starts = self._letters.starts
        if not starts:
            return None
        if len(self._letters.lines) <= self.page:
            return starts[-1][1]
        return next((item for line, item in starts if line >= self.top), starts[-1][1])

    def redraw(self) -> None:
        """Another size or theme: laid out again at the same message."""
        if self.sheet is not None:
            super().redraw()
            return
        share, unseen = self.top / max(1, len(self._letters.lines)), not self._letters.lines
        self._lay_out(None)
        if unseen:  # it was shown while there was no room for it
            self.top = self._clamped(self._letters.last_in)
        elif share:
            self.top = self._clamped(round(share * len(self._letters.lines)))
        super().redraw()

    def _lay_out(self, top: int | None) -> None:
        if self.opened is None or not self.size.width:
            self._letters = Letters((), 0)
            return
        keymap = self.frontdesk.seat.keymap
        self._letters = lay_out(
            self.opened,
            self.size.width,
            self.inks,
            self._now(),
            self.frontdesk.seat.zone,
            unfolded=self.unfolded,
            unfold_key=called(keymap, "conversation", "unfold"),
            newly=self._newly,
        )
        if not self.under_hands:
            self._letters = in_short(self._letters, self.inks, PREVIEW, called(keymap, "list", "open"))
        self.top = self._clamped(self.top if top is None else top)

    def _clamped(self, line: int) -> int:
        return max(0, min(line, len(self._letters.lines) - self.page))

    # lines

    def line(self, y: int) -> Strip:
        """The header lines, then the messages."""
        if self.opened is None:
            return EMPTY
        if y == 0:
            return self._subject()
        if y == 1:
            return self._standing()
        above = self._above
        if y < 2 + len(above):
            return above[y - 2]()
        at = self.top + y - 2 - len(above)
        return _cropped(self._letters.lines[at], self.size.width) if at < len(self._letters.lines) else EMPTY

    def _subject(self) -> Strip:
        assert self.opened is not None
        inks, width = self.inks, self.size.width
        row = self.opened.row
        below = len(self._letters.lines) - self.top - self.page
        right = f"↓ {below} " if below > 0 else ""
        title = one_line(row.subject)
        if self.sheet is not None:
            title = f"{self.sheet} · {title if self._about is None else one_line(self._about)}"
        subject = cut(f" {title or '(no subject)'}", width - cells(right) - 1)
        gap = " " * (width - cells(subject) - cells(right))
        ink = inks.strong if self.under_hands else inks.text
        return strip_of([(subject, ink + inks.head), (gap + right, inks.muted + inks.head)])

    def _looks_like(self) -> Strip:
        """What it looks like part of, and why; with the keys that join it, or say no."""
        assert self.opened is not None and self.opened.looks_like is not None
        here, other = self.opened.row.conversation, self.opened.looks_like
        said = [event for event in self.opened.events if event.type is EventType.SUGGESTED and not event.void]
        why = f" ({one_line(said[-1].why, 100)})" if said and said[-1].why else ""
        joins, declines = (
            called(self.frontdesk.seat.keymap, "conversation", verb)
            for verb in ("join-suggested", "decline-suggestion")
        )
        keys = f" - {joins} joins, {declines} no"
        room = self.size.width - cells(keys) - 1
        subject = one_line(other.subject, 60) or "(no subject)"
        customer = other.customer_name if other.conversation.customer != here.customer else ""
        of = f" of {one_line(customer, 30)}" if customer else ""
        words = cut(f" looks like part of “{subject}”{of}{why}", room)
        return strip_of([(words, self.inks.accent), (keys, self.inks.accent)])

    def _standing(self) -> Strip:
        """Status, who has it, deadline, who else is here; where there is no panel, the customer in short."""
        assert self.opened is not None
        if self.sheet is not None and self._about is not None:
            return EMPTY
        inks, now, row = self.inks, self._now(), self.opened.row
        here = row.conversation
        zone = self.frontdesk.seat.zone
        parts: list[Run] = []
        if not self.panel_beside:
            parts.append((summary(row, self.panel), inks.text))
        if here.marked:
            parts.append(("! perhaps somebody else", inks.late))
        nudges = self._nudged()
        if here.thanks:
            opens = called(self.frontdesk.seat.keymap, "conversation", "reopen")
            parts.append((f"thanks only - {opens} opens it", inks.accent))
        if nudges:
            parts.append((nudges, inks.muted))
        if here.status is not Status.OPEN and not (here.status is Status.WAITING and (here.thanks or nudges)):
            parts.append((_status(self.opened, now, zone), inks.muted))
        if here.assignee and not self.frontdesk.seat.alone:
            mine = here.assignee == self.frontdesk.seat.who.name
            parts.append(("yours" if mine else f"{one_line(here.assignee, 40)} has it", inks.muted))
        late = row.due_at is not None and row.due_at < now
        owed = {here.promised_until: "promised", here.follow_up_at: "follow up"}
        aims = {e.data.get("aim") for e in self.opened.events if e.type is EventType.PROMISED and not e.void}
        usual = "aim" if row.due_at in aims else "due"
        if row.due_at is not None and (here.status is Status.OPEN or (late and here.status in ACTIVE)):
            words = (
                f"{lateness(row.due_at, now)}, {owed.get(row.due_at, usual)} {moment(row.due_at, now, zone)}"
            )
            parts.append((words, inks.late if late else inks.muted))
            owed.pop(row.due_at, None)
        parts += [
            (f"{words} {moment(at, now, zone)}", inks.muted) for at, words in owed.items() if at is not None
        ]
        if here.upset:
            from inbox.actions.upset import in_words as upset_because

            why = one_line(upset_because(here, self.opened.events, short=True), 60)
            parts.append((f"! upset: {why}", inks.late))
        if here.goodwill:
            parts.append(("goodwill" if here.goodwill == 1 else f"goodwill x{here.goodwill}", inks.muted))
        if here.score is not None:
            parts.append((f"{here.score} of 5", inks.late if here.score < GOOD else inks.muted))
        if here.issue is not None:
            parts.append((f"issue {one_line(here.issue, 40)}", inks.muted))
        if here.tags:
            parts.append((" ".join(f"#{one_line(tag, 20)}" for tag in here.tags), inks.faint))
        parts += [(f"draft of a {draft.kind}", inks.accent) for draft in self.opened.drafts]
        for one in self.opened.presence:
            if one.who != self.frontdesk.seat.who.name:
                doing = "is writing" if one.doing == "writes" else "looks at it"
                parts.append((f"{one_line(one.who, 40)} {doing}", inks.accent))
        runs: list[Run] = []
        for words, ink in parts:
            runs += [(" · " if runs else " ", inks.faint), (words, ink)]
        return _cropped(strip_of(runs), self.size.width)

    def _nudged(self) -> str:
        """How it stands with nudges, in words; "" where there are none."""
        assert self.opened is not None
        if not any(event.type is EventType.NUDGING for event in self.opened.events):
            return ""
        from inbox.nudged import nudged

        seat, now = self.frontdesk.seat, self._now()
        found = nudged(self.opened.events)
        if found is None:
            return ""
        return found.under(seat.hours(), seat.sends_by_itself).in_words(
            lambda at: "today" if ":" in (on := day(at, now, seat.zone)) else on
        )


def _status(opened: Opened, now: Instant, zone: tzinfo) -> str:
    here = opened.row.conversation
    match here.status:
        case Status.SNOOZED if here.snoozed_until:
            from inbox.actions.snooze import wakes_early

            early = wakes_early(here, opened.events, opened.row.due_at)
            if early is not None:
                due, wakes = (moment(each, now, zone) for each in early)
                return f"snoozed: due {due}, wakes {wakes}"
            return f"snoozed until {moment(here.snoozed_until, now, zone)}"
        case Status.HELD if here.held_for:
            until = f" until {moment(here.held_until, now, zone)}" if here.held_until else ""
            return f"held for {one_line(here.held_for, 40)}{until}"
        case Status.WAITING:
            return "waiting for the customer"
        case Status.CLOSED if here.closed_why not in (None, RESOLVED, IMPORT) or here.cause:
            return (
                f"closed: {one_line(in_words(here.closed_why or RESOLVED, here.referred, here.cause), 160)}"
            )
        case other:
            return other.value


def _cropped(strip: Strip, width: int) -> Strip:
    if strip.cell_length <= width:
        return strip
    return Strip([*strip.crop(0, width - 1), Segment("…")], width)
