"""Conversations and events as lines for people: foreign text cleaned, columns in cells, times in a zone."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from inbox.text import cut, one_line, pad
from tui.times import lateness

if TYPE_CHECKING:
    from inbox.listing import Instant, Row
    from inbox.model import Event


def row_as_line(row: Row, now: Instant, width: int = 120) -> str:
    """A conversation on one line: id, time left, status, whose, customer, subject."""
    state = row.conversation
    fields = (
        (str(state.id), 6),
        ((lateness(row.due_at, now) if row.due_at is not None else "").rjust(7), 7),
        (state.status.value, 8),
        (one_line(state.assignee or "") or "-", 8),
        (("! " if state.marked else "") + (one_line(row.customer_name, 60) or "-"), 24),
    )
    head = "  ".join(pad(cut(text, size), size) for text, size in fields)
    marks = (" ".join(f"[{one_line(tag, 40)}]" for tag in state.tags) + " ") if state.tags else ""
    mood = ("!upset " if state.upset else "") + ("thanks only: " if state.thanks else "")
    mood += "waits for a yes: " if state.approvals else ""
    return cut(f"{head}  {mood}{marks}{one_line(row.subject, 200)}", width)


def moment(at: Instant | None, zone: tzinfo) -> str:
    """A time for people, in a zone: `2026-05-01 09:00`."""
    return "-" if at is None else datetime.fromtimestamp(at, zone).strftime("%Y-%m-%d %H:%M")


def span(seconds: int | None) -> str:
    """A time span for people: `1h30m`, `45s`, `0s`; `-` for none."""
    if seconds is None:
        return "-"
    hours, rest = divmod(abs(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    parts = [f"{count}{unit}" for count, unit in ((hours, "h"), (minutes, "m"), (rest, "s")) if count]
    return ("-" if seconds < 0 else "") + ("".join(parts) or "0s")


def event_as_words(event: Event) -> str:
    """An event on one line for people: who did what, with what, and why."""
    from inbox.fold import is_seen_again  # a list tells of no events

    data = {key: value for key, value in event.data.items() if key in _TOLD}
    told = " ".join(
        str(part) for part in data.values() if isinstance(part, str | int) and not isinstance(part, bool)
    )
    tags = [f"+{tag}" for tag in event.data.get("add", ())] + [
        f"-{tag}" for tag in event.data.get("remove", ())
    ]
    words = (
        event.who,
        "seen in the transcript" if is_seen_again(event) else event.type.name.lower().replace("_", " "),
        told,
        *tags,
        ", ".join(map(str, event.data.get("recipients", ()))),
        f"({event.why})" if event.why else "",
    )
    return one_line(" ".join(word for word in words if word) + ", undone" * event.void)


_TOLD = (
    "why",
    "outcome",
    "to",
    "cause",
    "kind",
    "amount",
    "currency",
    "score",
    "for",
    "from",
    "of",
    "policy",
    "then",
)
"""What of an event's details is told to people."""
