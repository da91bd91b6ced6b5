"""One conversation as one line of the list.

Columns are aligned by cells. A row is written in few inks (what is urgent, what it is about, the rest), because each
change of ink costs some forty bytes on the line.
"""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING, NamedTuple

from rich.style import Style
from textual.strip import Strip

from inbox.channel import channel_of
from inbox.listing import ACTIVE, Conversation, Instant, Status
from inbox.text import cells, cut, one_line
from tui.columns import column, fenced, steady
from tui.looks import Inks, laid_on
from tui.times import day, lateness, moment, waited
from tui.widgets.pane import Run, strip_of

if TYPE_CHECKING:
    from inbox.ports import Presence, Row

STANDING = {
    Status.WAITING: "waits",
    Status.HELD: "held",
    Status.SNOOZED: "snooze",
    Status.CLOSED: "closed",
    Status.SPAM: "spam",
}
"""What stands in the column of the clock when no clock runs."""

WRITES, LOOKS = "✎", "○"
"""What a colleague does with a conversation just now, before the name."""

HANDED = "»"
"""Stands before the line of who handed a conversation over."""

ASKS, ASKS_LONG = "yes?", "waits for a yes"
"""Stands before the subject while a trainee's letter waits there."""

_SHORT = 60  # cells below which a row says only who, what and since when
_TAGS_FROM = 84  # cells from which a row has room for tags
_TAG, _SUBJECT = 6, 16  # cells that a tag and a subject take at least
_ROOMY_FROM = 94  # the same for names and times that are written out: a list on a screen of 160 has 95


class Look(NamedTuple):
    """How rows are written in a list: for whom, and into how many cells. Fields are in cells or words."""

    width: int
    inks: Inks
    now: Instant
    zone: tzinfo
    me: str = ""  # who sits here; "" where one person is the whole team, and nobody has anything

    @property
    def roomy(self) -> bool:
        """Whether times and names are written out."""
        return self.width >= _ROOMY_FROM


def row_strip(
    row: Row,
    look: Look,
    *,
    under: bool = False,
    selected: bool = False,
    beside: str = "",
    there: Presence | None = None,
) -> Strip:
    """The line of `row`; `under` the hands it has a bar and its own ground.

    `beside` is what a search found in it; `there` is a colleague who is there just now.
    """
    inks = laid_on(look.inks, look.inks.cursor) if under else look.inks
    here = row.conversation
    done = here.status in (Status.CLOSED, Status.SPAM)
    clock, clock_ink = _clock(row, look.now, inks)
    main = inks.muted if done else inks.strong if here.unread else inks.text
    rest_ink = main if under else inks.muted
    who, who_ink = _who(row, look, there, inks, rest_ink)
    after = _after(row, look)
    name_width = max(8, min(24, look.width // 5))
    doubt = "! " if here.marked else ""
    star = "★ " if row.vip else ""
    name = column(doubt + star + (one_line(row.customer_name, 60) or "(no name)"), name_width)
    subject = one_line(row.subject) or "(no subject)"
    if row.handed is not None and row.handed[1] == look.me:  # what the one before says comes first
        subject = f"{HANDED} {one_line(row.handed[2])} · {subject}"
    if here.approvals:  # its deadline runs on
        subject = f"{ASKS_LONG if look.roomy else ASKS} · {subject}"
    if beside:
        subject = f"{subject} · {one_line(beside)}"
    mood = " !upset" if here.upset else ""
    room = look.width - 14 - name_width - cells(mood) - cells(who) - cells(after)
    owed = _owed(row, look, room, cells(subject))
    if under and clock_ink == inks.muted:
        clock_ink = main  # one ink, but for what is late
    return strip_of(
        [
            ("▌" if under else " ", clock_ink),
            ("✓" if selected else " ", clock_ink),
            (f"{clock:>7}", clock_ink),
            (" • " if here.unread else "   ", main),
            (f"{name}  {column(subject, max(0, room - cells(owed)))}", main),
            (mood, inks.late),
            (owed, rest_ink),
            (who, who_ink),
            (after, rest_ink),
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


def in_short(row: Row, now: Instant, zone: tzinfo) -> str:
    """Whose it is, how it stands and since when, where a conversation is one answer among others."""
    here = row.conversation
    standing = STANDING.get(here.status, "open")
    return f"{one_line(row.customer_name, 24)} · {standing} · {moment(here.last_at, now, zone)}"


def _who(row: Row, look: Look, there: Presence | None, inks: Inks, plain: Style) -> Run:
    """Who is there just now, else who has it: "✎Theo", "○Theo", "you", "Mara"; nothing where one person is the team."""
    if not look.me or look.width < _SHORT:
        return "", plain
    most = 10 if look.roomy else 5
    if there is not None:
        sign = WRITES if there.doing == "writes" else LOOKS
        return f" {sign}{_name(there.who, most - 1)}", inks.accent
    has = row.conversation.assignee
    if not has:
        return "", plain
    return (" you", inks.accent) if has == look.me else (f" {_name(has, most)}", plain)


def _name(name: str, most: int) -> str:
    return fenced(cut(steady(one_line(name, 40)), most))


def _owed(row: Row, look: Look, room: int, subject: int) -> str:
    """What is promised, and tags: in what the subject leaves of `room`, which comes first."""
    here = row.conversation
    if look.width < _SHORT:
        return ""
    owed = pledged(here, look.now, look.zone)
    owed = f" {owed}" if owed and room - cells(owed) > _SUBJECT else ""
    tags = " ".join(f"#{one_line(tag, 20)}" for tag in here.tags if not (row.vip and tag == "vip"))
    left = min(room - cells(owed) - subject - 2, look.width // 5)
    if look.width >= _TAGS_FROM and tags and left >= _TAG:
        owed += " " + fenced(cut(steady(tags), left))
    return owed


def _after(row: Row, look: Look) -> str:
    """How many conversations of the customer are open, the channel, since when they wait."""
    here = row.conversation
    ago = waited(here.waiting_since or here.last_at, look.now, look.zone, look.roomy)
    if look.width < _SHORT:
        return f" {ago:>6}"
    many = f"x{row.customer_open}" if row.customer_open > 1 else ""
    return f" {many:>3} {channel_of(here.channel).mark} {ago:>{9 if look.roomy else 6}} "
