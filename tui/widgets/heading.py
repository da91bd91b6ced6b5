"""The lines that stay on top of a conversation: what it is about, how it stands, and what has to be known first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from textual.strip import Strip

from inbox.model import ACTIVE, EventType, Instant, Status
from inbox.outcomes import GOOD, IMPORT, RESOLVED, in_words
from inbox.ports import AMENDS, Panel
from inbox.text import cells, cut, one_line
from inbox.verbs import SENIORS, VERBS, refused
from tui.looks import Inks
from tui.times import day, lateness, moment
from tui.widgets.customer_sheet import summary
from tui.widgets.hint_line import called
from tui.widgets.letters import Opened
from tui.widgets.newly import Newly
from tui.widgets.pane import Run, cropped, strip_of

if TYPE_CHECKING:
    from tui.seat import Seat


FIRST_STEPS = {
    "reply": "answers",
    "snooze": "hides it until later",
    "close": "closes it",
    "note": "writes a note",
    "undo": "takes back",
}
"""What each of the first steps does, behind its key."""
SHORT_STEPS = {"reply": "answers", "snooze": "later", "close": "closes", "note": "note", "undo": "takes back"}
LEAD = " First steps "


@dataclass(frozen=True, slots=True)
class Heading:
    """Writes the lines above one conversation. `panel_beside`: the customer has a pane of their own."""

    opened: Opened
    panel: Panel | None
    panel_beside: bool
    newly: Newly
    seat: Seat
    width: int
    inks: Inks
    now: Instant
    under_hands: bool = False
    height: int = 100  # of the pane

    @property
    def above(self) -> list[Callable[[], Strip]]:
        """What stands on top of the messages: what came while it is open, what was said when it was handed over, the
        customer in short where they have no pane, what it looks like part of, the first steps. Of a low pane they take a
        quarter at most, the first of them."""
        there = (
            (self.newly.words, self._news),
            (self.opened.row.conversation.approvals, self._asked),
            (self._hidden, self._hidden_copies),
            (self.opened.row.handed or self._called, self._handed),
            (not self.panel_beside, self._customer),
            (self.opened.row.conversation.looks_like_chat, self._looks_like_chat),
            (self.opened.looks_like, self._looks_like),
            (self._to_learn, self._steps),
        )
        return [line for is_there, line in there if is_there][: self.height // 4]

    def _customer(self) -> Strip:
        """The line that stands for the customer's panel."""
        words = f" {summary(self.opened.row, self.panel, self.now, self.seat.zone)}"
        return strip_of([(cut(words, self.width), self.inks.text)])

    def _news(self) -> Strip:
        """What others did and what came since it was opened here."""
        return strip_of([(cut(f" New: {self.newly.words}", self.width), self.inks.soon)])

    @property
    def _called(self) -> bool:
        """Whether a note here names who sits here, who has not acted since."""
        return self.seat.who.name in self.opened.row.conversation.mentions

    def _handed(self) -> Strip:
        """The line of who handed it over, or that one is named in a note, until who is called acts."""
        me, keymap = self.seat.who.name, self.seat.keymap
        giver, to, words = (one_line(each) for each in self.opened.row.handed or ("", me, ""))
        lead, keys = f" {giver} to {to}: ", ""
        if to == me:
            keys = f"  {called(keymap, 'conversation', 'seen')} seen "
            lead = f" » {giver} for you: " if giver else " » you are called here"
        words = cut(words, max(8, self.width - cells(lead) - cells(keys)))
        runs: list[Run] = [(lead, self.inks.accent), (words, self.inks.strong), (keys, self.inks.muted)]
        return cropped(strip_of(runs), self.width)

    def _asked(self) -> Strip:
        """Whose letter waits for a yes; with the keys that say it, for those who may."""
        from inbox.approvals import waiting

        who, keymap = self.seat.who, self.seat.keymap
        letters = waiting(self.opened.events)
        writer = letters[0].who if letters else "a trainee"
        mine, many = writer == who.name, len(letters) > 1
        lead = " Your letter" if mine else f" {one_line(writer, 30)}'s letter"
        lead += f" and {len(letters) - 1} more wait for a yes" if many else " waits for a yes"
        does = {"amend": "takes it back"} if mine else _DECIDES
        can = does if mine or who.role in SENIORS else {}
        keys = ", ".join(f"{called(keymap, 'conversation', verb)} {does[verb]}" for verb in can)
        told = f": {keys} " if keys else ""
        runs: list[Run] = [(lead, self.inks.accent), (told, self.inks.muted)]
        return cropped(strip_of(runs), self.width)

    @property
    def _hidden(self) -> list[str]:
        """Who gets a copy that nobody sees, of the letter that waits for a yes."""
        if not self.opened.row.conversation.approvals:
            return []
        from inbox.approvals import hidden_copies, waiting

        letters = waiting(self.opened.events)
        letter = self.opened.item(letters[0].message) if letters else None
        return hidden_copies(letter) if letter is not None else []

    def _hidden_copies(self) -> Strip:
        """The line that says so to who decides."""
        words = f" ! a hidden copy of it goes to {', '.join(one_line(each, 80) for each in self._hidden)}"
        return strip_of([(cut(words, self.width), self.inks.late)])

    @property
    def _to_learn(self) -> list[str]:
        """The first steps that are left and can be done here; none in a preview."""
        habits, here = self.seat.habits, self.opened.row.conversation
        if habits is None or not self.under_hands:
            return []
        return [verb for verb in habits.left if refused(VERBS[verb], self.seat.who, [here]) is None]

    def _steps(self) -> Strip:
        """The first steps that are left: each goes as it is done."""
        keymap, can = self.seat.keymap, self._to_learn
        keys = [f" {called(keymap, 'conversation', verb)}" for verb in can]
        ends = (f" {called(keymap, 'conversation', 'first-steps')}", " hides this")
        for words in (FIRST_STEPS, SHORT_STEPS):
            pairs = [(key, f" {words[verb]} ") for key, verb in zip(keys, can, strict=True)]
            if self._fits((LEAD, *ends), pairs):
                break
        while pairs and not self._fits((LEAD, *ends), pairs):
            pairs.pop()  # what has no room now comes once another one is done
        runs: list[Run] = [(LEAD, self.inks.muted)]
        for key, does in (*pairs, ends):
            runs += [(key, self.inks.accent), (does, self.inks.muted if does == ends[1] else self.inks.text)]
        return cropped(strip_of(runs), self.width)

    def _fits(self, around: Sequence[str], pairs: Sequence[tuple[str, str]]) -> bool:
        return cells("".join((*around, *map("".join, pairs)))) <= self.width

    def _looks_like_chat(self) -> Strip:
        """With whom it looks like a chat, and why nobody has taken it as one; with the keys that do, or say no."""
        takes, declines = (
            called(self.seat.keymap, "conversation", verb) for verb in ("take-chat", "decline-suggestion")
        )
        keys = f" - {takes} makes it one, {declines} no"
        with_ = f" with {self.opened.visitor}" if self.opened.visitor else ""
        words = cut(f" looks like a chat{with_}{self._why(chat=True)}", self.width - cells(keys) - 1)
        return strip_of([(words, self.inks.accent), (keys, self.inks.accent)])

    def _looks_like(self) -> Strip:
        """What it looks like part of, and why; with the keys that join it, or say no."""
        assert self.opened.looks_like is not None
        here, other = self.opened.row.conversation, self.opened.looks_like
        joins, declines = (
            called(self.seat.keymap, "conversation", verb)
            for verb in ("join-suggested", "decline-suggestion")
        )
        keys = f" - {joins} joins, {declines} no"
        room = self.width - cells(keys) - 1
        subject = one_line(other.subject, 60) or "(no subject)"
        customer = other.customer_name if other.conversation.customer != here.customer else ""
        of = f" of {one_line(customer, 30)}" if customer else ""
        words = cut(f" looks like part of “{subject}”{of}{self._why(chat=False)}", room)
        return strip_of([(words, self.inks.accent), (keys, self.inks.accent)])

    def _why(self, chat: bool) -> str:
        """Why it looks like that."""
        said = self.opened.suggestion(chat)
        return f" ({one_line(said.why, 100)})" if said is not None and said.why else ""

    def standing(self) -> Strip:
        """Status, who has it, deadline, who else is here."""
        inks, now, row = self.inks, self.now, self.opened.row
        here = row.conversation
        zone = self.seat.zone
        parts: list[Run] = []
        if here.marked:
            parts.append(("! perhaps somebody else", inks.late))
        nudges = self._nudged()
        if here.thanks:
            opens = called(self.seat.keymap, "conversation", "reopen")
            parts.append((f"thanks only - {opens} opens it", inks.accent))
        if nudges:
            parts.append((nudges, inks.muted))
        if here.status is not Status.OPEN and not (here.status is Status.WAITING and (here.thanks or nudges)):
            parts.append((_status(self.opened, now, zone), inks.muted))
        if here.assignee and not self.seat.alone:
            mine = here.assignee == self.seat.who.name
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
        parts += [(f"draft of {_a(draft.kind)}", inks.accent) for draft in self.opened.drafts]
        for one in self.opened.presence:
            if one.who != self.seat.who.name:
                doing = "is writing" if one.doing == "writes" else "looks at it"
                parts.append((f"{one_line(one.who, 40)} {doing}", inks.accent))
        runs: list[Run] = []
        for words, ink in parts:
            runs += [(" · " if runs else " ", inks.faint), (words, ink)]
        return cropped(strip_of(runs), self.width)

    def _nudged(self) -> str:
        """How it stands with nudges, in words; "" where there are none."""
        if not any(event.type is EventType.NUDGING for event in self.opened.events):
            return ""
        from inbox.nudged import nudged

        seat, now = self.seat, self.now
        found = nudged(self.opened.events)
        if found is None:
            return ""
        return found.under(seat.hours(), seat.sends_by_itself).in_words(
            lambda at: "today" if ":" in (on := day(at, now, seat.zone)) else on
        )


_DECIDES = {"approve": "says it", "amend": "edits", "give-back": "gives it back"}
"""What owners and agents do with what waits for a yes."""


def _a(kind: str) -> str:
    """What a draft is one of, with its article."""
    return "an edit" if kind.startswith(f"{AMENDS} ") else f"a {kind}"


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
