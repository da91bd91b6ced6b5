"""One conversation as one line of the list.

Columns are aligned by cells. A row is written in few inks (what is urgent, what it is about, the rest), because each
change of ink costs some forty bytes on the line.
"""

from __future__ import annotations

from datetime import tzinfo

from rich.style import Style
from textual.strip import Strip

from inbox.model import ACTIVE, Conversation, Instant, Status
from inbox.ports import Row
from inbox.text import cells, cut, one_line, pad
from tui.looks import Inks, laid_on
from tui.times import day, lateness, since
from tui.widgets.pane import strip_of

CHANNELS = {"mail": "✉", "phone": "☎"}
"""The mark of a channel; any other is a chat: ⌂."""

STANDING = {
    Status.WAITING: "waits",
    Status.HELD: "held",
    Status.SNOOZED: "snooze",
    Status.CLOSED: "closed",
    Status.SPAM: "spam",
}
"""What stands in the column of the clock when no clock runs."""

_SHORT = 60  # cells below which a row says only who, what and since when
_TAGS_FROM = 84  # cells from which a row has room for tags


def row_strip(
    row: Row,
    width: int,
    inks: Inks,
    now: Instant,
    zone: tzinfo,
    *,
    under: bool = False,
    selected: bool = False,
    beside: str = "",
) -> Strip:
    """The line of `row` in `width` cells; `under` the hands it has a bar and its own ground.

    `beside` is what a search found in it."""
    if under:
        inks = laid_on(inks, inks.cursor)
    here = row.conversation
    done = here.status in (Status.CLOSED, Status.SPAM)
    clock, clock_ink = _clock(row, now, inks)
    main = inks.faint if done else inks.strong if here.unread else inks.text
    rest = _rest(row, width, now, zone)
    name_width = max(8, min(24, width // 5))
    subject_width = max(0, width - 14 - name_width - cells(rest))
    doubt = "! " if here.marked else ""
    star = "★ " if row.vip else ""
    name = pad(doubt + star + (one_line(row.customer_name, 60) or "(no name)"), name_width)
    subject = one_line(row.subject) or "(no subject)"
    if beside:
        subject = f"{subject} · {one_line(beside)}"
    if under:  # one ink, but for what is late
        clock_ink = main if clock_ink == inks.muted else clock_ink
        rest_ink = main
    else:
        rest_ink = inks.faint if done else inks.muted
    return strip_of(
        [
            ("▌" if under else " ", clock_ink),
            ("✓" if selected else " ", clock_ink),
            (f"{clock:>7}", clock_ink),
            (" • " if here.unread else "   ", main),
            (f"{name}  {pad(subject, subject_width)}", main),
            (rest, rest_ink),
        ]
    )


def _clock(row: Row, now: Instant, inks: Inks) -> tuple[str, Style]:
    here = row.conversation
    if here.failed:
        return "!failed", inks.late
    if here.sending:
        return "sending", inks.accent
    if row.due_at is not None and row.due_at < now and here.status in ACTIVE:
        return lateness(row.due_at, now), inks.late
    if here.thanks and here.status is not Status.SPAM:
        return "thanks", inks.faint
    if here.status is not Status.OPEN:
        return STANDING[here.status], inks.faint
    if row.due_at is None:
        return "", inks.faint
    soon = row.warn_at is not None and row.warn_at <= now
    return lateness(row.due_at, now), inks.soon if soon else inks.muted


def pledged(here: Conversation, now: Instant, zone: tzinfo) -> str:
    """What is promised or to be followed up first: "promised Thu", "follow up Mon"; "" where nothing is."""
    first, until = min(
        (("promised", here.promised_until), ("follow up", here.follow_up_at)),
        key=lambda each: (each[1] is None, each[1]),
    )
    return f"{first} {day(until, now, zone)}" if until is not None else ""


def _rest(row: Row, width: int, now: Instant, zone: tzinfo) -> str:
    """That the customer is upset, what is promised, tags, how many are open, the channel, since when they wait."""
    here = row.conversation
    tags = ""
    if width >= _TAGS_FROM and here.tags:
        tags = " " + cut(" ".join(f"#{one_line(tag, 20)}" for tag in here.tags), width // 5)
    many = f"x{row.customer_open}" if row.customer_open > 1 else ""
    mark = CHANNELS.get(here.channel, "⌂")
    mood = " !upset" if here.upset else ""
    ago = f"{since(here.waiting_since or here.last_at, now, zone):>6}"
    if width < _SHORT:
        return f"{mood} {ago}"
    owed = pledged(here, now, zone)
    return f"{mood}{f' {owed}' if owed else ''}{tags} {many:>3} {mark} {ago} "
