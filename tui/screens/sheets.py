"""Sheets that say more of what is read: the mail as it came, its header fields, why things stand as they do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from inbox.model import Clock, Event, EventType, Status
from inbox.pledges import quoted
from inbox.text import one_line
from inbox.together import reasons
from inbox.trail import fields, head_of, hops
from tui.screens.part import Part
from tui.times import ago, moment

if TYPE_CHECKING:
    from inbox.ports import Item, Row, Workspace

LONGEST_RAW = 2_000_000
"""Bytes of a mail shown as it came."""
NO_MAIL = "This message has no mail behind it."


class Why(NamedTuple):
    """What is known of why a conversation stands as it does."""

    row: Row
    clocks: Sequence[Clock]
    events: Sequence[Event]
    notice: str
    unseen: str
    upset: str


class Sheets(Part):
    """Reads what a sheet says in the background, and shows it in place of the messages."""

    # the mail

    def raw(self) -> None:
        """The mail exactly as it came, of the message under the hands; what a terminal would obey is written out."""
        item = self._item()
        if item is None:
            return

        def show(raw: bytes | None) -> None:
            if raw is None:
                self.screen.say(NO_MAIL)
            else:
                lines = _lines(raw[:LONGEST_RAW]) + _missing(raw, item.coming)
                self._show("The mail as it came", lines, exact=True)

        self.ask_first(lambda store: store.raw(item.id), show)

    def headers(self) -> None:
        """The way it came with times, its header fields decoded, and as they came."""
        item = self._item()
        if item is None:
            return

        def ask(store: Workspace) -> list[str] | None:
            raw = store.raw(item.id)
            return (
                None
                if raw is None
                else [*self._way(raw), *_decoded(raw), "", "As they came", "", *_lines(head_of(raw))]
            )

        def show(lines: list[str] | None) -> None:
            if lines is None:
                self.screen.say(NO_MAIL)
            else:
                self._show("Headers", lines)

        self.ask_first(ask, show)

    def _item(self) -> Item | None:
        item = self.screen.conversation.in_sight
        if item is None:
            self.screen.say("There is no message here.")
        return item

    def _way(self, raw: bytes) -> Iterator[str]:
        """Each server on the way, and how long it took to the next; times on the wall of who looks."""
        way = hops(raw)
        if not way:
            yield from ("No server has written down how it came.", "")
            return
        now, zone = self.seat.now(), self.seat.zone
        yield "How it came, the first server first"
        before = None
        for number, hop in enumerate(way, 1):
            when = f"{moment(hop.at, now, zone)}:{hop.at % 60:02}" if hop.at is not None else "(no time)"
            passed = _took(hop.at - before) if hop.at is not None and before is not None else ""
            how = f"  {one_line(hop.how, 30)}" if hop.how else ""
            gave, took = one_line(hop.gave, 100) or "?", one_line(hop.took, 100) or "?"
            yield f"  {number:>2}  {when}  {passed:>8}  {gave} → {took}{how}"
            before = hop.at if hop.at is not None else before
        times = [hop.at for hop in way if hop.at is not None]
        if len(times) > 1:
            yield f"      {_took(times[-1] - times[0]).lstrip('+')} from the first to the last"
        yield ""

    # why

    def why(self) -> None:
        """Why this deadline, span by span, why it is marked as it is, and why its messages are together."""
        target = self.screen.target
        if target is None:
            return
        number, now = target.conversation.id, self.seat.now()

        def ask(store: Workspace) -> Why | None:
            from inbox.actions.ruling import because
            from inbox.actions.upset import in_words
            from inbox.sight import told

            rows, events = store.rows([number]), store.events(number)
            if not rows:
                return None
            row = rows[0]
            notice = because(store.items(number, newest=50), events) if row.conversation.notice else ""
            unseen = told(store, number, now)
            return Why(
                row,
                store.clocks(number, now, ledger=True),
                events,
                notice,
                unseen[0] if unseen else "",
                in_words(row.conversation, events),
            )

        def show(found: Why | None) -> None:
            if found is not None:
                self._show("Why", list(self._told(found)))

        self.ask_first(ask, show)

    def _told(self, found: Why) -> Iterator[str]:
        here, events = found.row.conversation, found.events
        now, zone = self.seat.now(), self.seat.zone
        yield "Why it is due" if found.clocks else "No clock runs here."
        for clock in found.clocks:
            yield from (f"  {line}".rstrip() for line in self._clock(clock, events))
        if any(event.type is EventType.NUDGING for event in events):
            from inbox.nudged import nudged

            nudges = nudged(events)
            if nudges is not None:
                words = nudges.under(self.seat.hours(), self.seat.sends_by_itself).in_words(
                    lambda at: moment(at, now, zone)
                )
                yield f"{words[0].upper()}{words[1:]}."
        marks = []
        if found.upset:
            marks.append(f"The customer is upset: {found.upset}.")
        if found.row.vip:
            marks.append(f"It comes first, as of a VIP: {self._vip(found)}.")
        if here.notice:
            marks.append(f"It is a notice: {found.notice or 'machine mail'}")
        if here.status is Status.SPAM:
            marks.append(f"It is spam: {self._spam(events)}")
        if found.unseen:
            marks.append(f"Out of sight: {found.unseen}")
        if marks:
            yield from ("", "Why it is marked", *(f"  {one_line(mark, 400)}" for mark in marks))
        told = [f"  {moment(each.at, now, zone)}  {one_line(each.in_words, 400)}" for each in reasons(events)]
        if told:
            yield from ("", "Why these messages are together", *told)

    def _vip(self, found: Why) -> str:
        """Who tagged it so; else it was said of the customer."""
        tagged = [
            event
            for event in found.events
            if event.type is EventType.TAGGED and "vip" in event.data.get("add", ()) and not event.void
        ]
        if "vip" in found.row.conversation.tags and tagged:
            when = moment(tagged[-1].at, self.seat.now(), self.seat.zone)
            return f"{tagged[-1].who} tagged it vip {when}"
        key = self.called("customer-vip", "customer")
        return f"that is said of the customer ({self.called('customer')}, then {key}, changes it)"

    def _spam(self, events: Sequence[Event]) -> str:
        """Who called it so, and why."""
        said = [event for event in events if event.type is EventType.SPAM and not event.void]
        if not said:
            return "the server that took it in said so."
        last = said[-1]
        why = f" ({last.why})" if last.why else ""
        return f"{last.who} said so {moment(last.at, self.seat.now(), self.seat.zone)}{why}."

    def _clock(self, clock: Clock, events: Sequence[Event]) -> Iterator[str]:
        now, zone = self.seat.now(), self.seat.zone
        name = clock.kind.value.replace("_", " ")
        due = f", due {moment(clock.due, now, zone)}" if clock.due is not None else ""
        yield f"{name}: {clock.state.value}{due}{quoted(clock, events)}"
        yield f"  started {moment(clock.started, now, zone)} ({ago(clock.started, now)})"
        if clock.target is not None and clock.taken is not None:
            yield f"  {_span(clock.taken)} of {_span(clock.target)} open time used"
        for row in clock.ledger:
            if row.end == row.start:
                yield f"    {moment(row.start, now, zone)}  {row.reason}"
                continue
            counted = f"counts {_span(row.counted)}" if row.counted else "does not count"
            yield f"    {moment(row.start, now, zone)} to {moment(row.end, now, zone)}  {counted}  {row.reason}"

    # showing

    def _show(self, title: str, lines: Sequence[str], *, exact: bool = False) -> None:
        self.screen.conversation.show_sheet(title, lines, exact=exact)
        self.screen.go_to("conversation")


def _decoded(raw: bytes) -> Iterator[str]:
    found = [(name, value) for name, value in fields(raw) if name.casefold() != "received"]
    yield "What they say"
    for name, value in found:
        yield f"  {name:<12}  {value}"


def _took(seconds: int) -> str:
    if seconds < 0:
        return f"-{_took(-seconds)[1:]}"  # their clocks differ
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"+{seconds // size} {unit}"
    return f"+{seconds} s"


def _span(seconds: int) -> str:
    # seconds, too, where there are any: else rows would not add up to what is said of the whole
    rest = f":{seconds % 60:02}" if seconds % 60 else ""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}{rest} h"


def _lines(raw: bytes) -> list[str]:
    text = raw.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    return [_visible(line) for line in text.split("\n")]


def _missing(raw: bytes, coming: int) -> list[str]:
    lines = []
    if len(raw) > LONGEST_RAW:
        lines.append(f"… and {len(raw) - LONGEST_RAW} bytes more")
    if coming:
        lines.append(f"… {coming - len(raw)} bytes more are still on their way")
    return lines


def _visible(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in line)
