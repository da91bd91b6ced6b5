"""The customer beside the conversation: who it is, and everything we had with each other, over all channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import tzinfo

from textual.strip import Strip

from inbox.model import Customer, Instant, Status
from inbox.outcomes import GOOD, OUTCOMES
from inbox.ports import Panel, Row
from inbox.text import cut, one_line, pad, sanitise
from tui.looks import Inks, laid_on
from tui.times import ago, moment, since
from tui.widgets.pane import EMPTY, Pane, Run, strip_of
from tui.widgets.rows import CHANNELS, STANDING
from tui.widgets.wrapping import wrapped

SHORT = 5
"""Conversations of the history shown while the hands are elsewhere: a key stays cheap over a slow line."""

ADDRESSES = 4
"""Addresses shown while the hands are elsewhere."""
NOTE = 4
"""Lines of what everybody should know of them, likewise."""


def summary(row: Row, panel: Panel | None) -> str:
    """The panel in one line, where it has no room: "Anna Weber ★ · 7th · 2 open", their seventh conversation."""
    parts = [one_line(row.customer_name, 40) or "(no name)"]
    if row.vip:
        parts[0] += " ★"
    if panel is not None:
        parts.append(_ordinal(panel.conversations))
        if panel.open > 1:
            parts.append(f"{panel.open} open")
    return " · ".join(parts)


def _kept(customer: Customer) -> str:
    """How they are to be answered, where a person has said so: "answer in German, du"."""
    from inbox.forms_of_address import NAMES, called

    language = f"answer in {NAMES.get(customer.language, customer.language)}" if customer.language else ""
    form = called(customer.form, customer.language) or customer.form
    return ", ".join(filter(None, (language, form)))


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


class CustomerPanel(Pane):
    """Shows a panel; the cursor walks over the history."""

    def __init__(self, now: Callable[[], Instant]) -> None:
        super().__init__(id="customer")
        self._now = now
        self.panel: Panel | None = None
        self.under_hands = False
        self.at = 0
        self.top = 0
        self._lines: list[Strip] = []
        self._history_at = 0

    def show(self, panel: Panel | None) -> None:
        """Show a customer; another one than before begins at its newest conversation."""
        if panel is None or self.panel is None or panel.customer.id != self.panel.customer.id:
            self.at = self.top = 0
        self.panel = panel
        self._write()
        self._keep_in_sight()
        self.repaint()

    @property
    def current(self) -> int | None:
        """The conversation of the history under the hands."""
        history = self.panel.history if self.panel is not None else ()
        return history[self.at].conversation.id if self.at < len(history) else None

    def go(self, index: int) -> bool:
        """Move over the history; whether that moved."""
        count = len(self.panel.history) if self.panel is not None else 0
        index = max(0, min(index, count - 1))
        if index == self.at:
            return False
        self.at = index
        self.mark(self.under_hands)
        return True

    def mark(self, under_hands: bool) -> None:
        """Show the cursor, or do not."""
        self.under_hands = under_hands
        self._write()
        self._keep_in_sight()
        self.repaint()

    def _keep_in_sight(self) -> None:
        bottom = self._history_at + self.at
        self.top = max(0, bottom - self.size.height + 2) if self.under_hands else 0

    def redraw(self) -> None:
        """Another size or theme."""
        self._write()
        self._keep_in_sight()
        super().redraw()

    def line(self, y: int) -> Strip:
        """A line of the panel."""
        at = y + self.top
        return self._lines[at] if at < len(self._lines) else EMPTY

    def _write(self) -> None:
        self._lines = []
        if self.panel is None or not self.size.width:
            return
        panel, inks, width, now = self.panel, self.inks, self.size.width - 1, self._now()
        zone = self.frontdesk.seat.zone
        customer = panel.customer
        add = self._lines.append
        star: list[Run] = [("  ★ VIP", inks.soon)] if customer.vip else []
        add(
            strip_of([(" " + cut(one_line(customer.name, 80) or "(no name)", width - 9), inks.strong), *star])
        )
        shown = len(customer.identities) if self.under_hands else ADDRESSES
        for identity in customer.identities[:shown]:
            add(strip_of([(cut(f" {one_line(identity.value, 100)}", width), inks.muted)]))
        if len(customer.identities) > shown:
            add(strip_of([(f" and {len(customer.identities) - shown} more", inks.faint)]))
        kept = _kept(customer)
        same = kept.removeprefix("answer in ") == panel.writes.removeprefix("writes ")
        for words in (kept, "" if same else panel.writes):
            if words:
                add(strip_of([(cut(f" {words}", width), inks.muted)]))
        tags = " ".join(f"#{one_line(tag, 20)}" for tag in customer.tags)
        if tags:
            add(strip_of([(cut(f" {tags}", width), inks.faint)]))
        if customer.stop:
            add(strip_of([(cut(" stop: answers only, no announcements", width), inks.muted)]))
        for other in panel.perhaps:
            known = other.identities[0].value if other.identities else other.name
            add(strip_of([(cut(f" perhaps the same: {one_line(known, 100)}", width), inks.accent)]))
        if customer.note:
            lines = list(wrapped(sanitise(customer.note, 4_000), width - 3))
            for line in lines if self.under_hands else lines[:NOTE]:
                add(strip_of([(f" ┃ {line}", inks.note)]))
        add(EMPTY)
        count = "1st conversation" if panel.conversations == 1 else f"{panel.conversations} conversations"
        add(strip_of([(f" {count}, {panel.open} open", inks.text)]))
        for at, text in panel.promises:
            words = f"promised: {f'{one_line(text, 120)} by ' if text else ''}{moment(at, now, zone)}"
            ink = inks.late if at < now else inks.soon
            for line in wrapped(f"! {words}" if at < now else words, width - 1):
                add(strip_of([(f" {line}", ink)]))
        if panel.kept:
            add(strip_of([(cut(f" {panel.kept}", width), inks.muted)]))
        add(strip_of([(f" first heard from {ago(panel.since, now)}", inks.muted)]))
        for words, ink in (*self._given(now, zone), *self._told(now, zone)):
            add(strip_of([(cut(f" {words}", width), ink)]))
        if panel.notes:
            add(EMPTY)
            add(strip_of([(" notes", inks.faint)]))
            for at, who, text in panel.notes[:4]:
                add(strip_of([(cut(f" ┃ {one_line(who, 30)} {since(at, now, zone)}", width), inks.muted)]))
                for line in list(wrapped(sanitise(text, 400), width - 3))[:3]:
                    add(strip_of([(f" ┃ {line}", inks.note)]))
        add(EMPTY)
        add(strip_of([(" history", inks.faint)]))
        self._history_at = len(self._lines)
        history = panel.history if self.under_hands else panel.history[:SHORT]
        for number, row in enumerate(history):
            add(self._past(row, number == self.at and self.under_hands, width, inks, now, zone))

    def _given(self, now: Instant, zone: tzinfo) -> Iterator[Run]:
        """What was given: the sum of each currency, and the last ones."""
        assert self.panel is not None
        gifts = self.panel.gifts
        if not gifts:
            return
        from inbox.money import added, gift_in_words, in_words, sum_of

        sums = added(each for gift in gifts if (each := sum_of(gift.amount, gift.currency)) is not None)
        total = f": {in_words(sums)}" if sums else ""
        yield f"goodwill {len(gifts)}x{total}", self.inks.text
        for gift in gifts[: SHORT if self.under_hands else 2]:
            what = gift_in_words(gift.kind, sum_of(gift.amount, gift.currency))
            why = f"{one_line(what, 60)}, {one_line(gift.reason, 120)}"
            yield f"{since(gift.at, now, zone):>6} {why}", self.inks.muted

    def _told(self, now: Instant, zone: tzinfo) -> Iterator[Run]:
        """What they answered when asked how it was, the last first."""
        assert self.panel is not None
        for told in self.panel.answers[: SHORT if self.under_hands else 1]:
            words = f" “{one_line(told.words, 160)}”" if told.words else ""
            ink = self.inks.late if told.score < GOOD else self.inks.muted
            yield f"how it was: {told.score} of 5, {since(told.at, now, zone)}{words}", ink

    @staticmethod
    def _past(row: Row, under: bool, width: int, inks: Inks, now: Instant, zone: tzinfo) -> Strip:
        if under:
            inks = laid_on(inks, inks.cursor)
        here = row.conversation
        status = STANDING.get(here.status, "open")
        if here.status is Status.CLOSED and here.closed_why in OUTCOMES:
            status = OUTCOMES[here.closed_why].short
        subject = pad(one_line(row.subject) or "(no subject)", max(4, width - 19))
        mark = CHANNELS.get(here.channel, "⌂")
        ink = inks.text if here.status is Status.OPEN else inks.muted
        return strip_of(
            [
                ("▌" if under else " ", inks.accent if under else ink),
                (f"{since(here.last_at, now, zone):>6} {mark} {subject} ", ink),
                (status, inks.faint),
            ]
        )
