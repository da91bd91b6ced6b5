"""Verbs on ids: what every command that changes conversations has in common."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from inbox.errors import BadUsage, FrontdeskError
from tui.line.looking import print_rows

if TYPE_CHECKING:
    from inbox.model import Event, Instant, Refusal
    from inbox.pledges import Promised
    from inbox.ports import Outcome
    from tui.line.desk import Desk

Arguments = Callable[[int], dict[str, Any]]
"""The arguments of a verb for one conversation, where they differ from one to the next."""

REFUSED = 1
"""The exit status when a verb was refused, for one conversation or for all."""
LONGEST_TEXT: Final = 1_000_000
"""Characters of a text that is read from a file or from standard input: no letter is a book."""


def act(
    desk: Desk, verb: str, conversations: Sequence[int], each: Arguments = lambda _: {}, **arguments: Any
) -> None:
    """Do a verb to conversations, as one action that is undone as one, and print what they are now, one a line.

    Every refusal is said on standard error, and any ends the command with 1 once the others are done.
    """
    from inbox.actions import decision
    from inbox.model import Refusal

    store, who, now = desk.store(), desk.who(), desk.now()
    decisions = (decision(verb, conversation=one, **arguments, **each(one)) for one in conversations)
    results: list[Sequence[Event] | Refusal] = []
    if len(conversations) == 1:
        outcome = store.change(*next(decisions), who, now)
        results.append(outcome.refusal or outcome.events)
    else:
        store.change_each(decisions, who, now, after=results.append)
    refused = {one: it for one, it in zip(conversations, results, strict=True) if isinstance(it, Refusal)}
    print_rows(
        desk, list(dict.fromkeys(_now(desk, [one for one in conversations if one not in refused]))), False
    )
    for one, refusal in refused.items():
        complain(f"{one}: {refusal.reason}", refusal.next_step)
    if refused:
        raise click.exceptions.Exit(REFUSED)


def _now(desk: Desk, conversations: Sequence[int]) -> list[int]:
    """Where these conversations live now: one that was joined with another lives there."""
    return [now for one in conversations if (now := desk.store().resolve(one)) is not None]


def settle(outcome: Outcome) -> tuple[Event, ...]:
    """The events of a change; a refusal is said, and ends the command with 1."""
    if outcome.refusal is not None:
        complain(outcome.refusal.reason, outcome.refusal.next_step)
        raise click.exceptions.Exit(REFUSED)
    return outcome.events


def tell_waits(desk: Desk) -> None:
    """Say on standard error that what was just written waits, where no worker runs that would send it."""
    if desk.store().worker() is None:
        click.echo(f"It waits in the outbox: {desk.instead_of_worker} sends it.", err=True)


def complain(what: str, next_step: str = "") -> None:
    """Say on standard error what is wrong and what to do next; nothing foreign or secret passes."""
    from inbox.journal import masked
    from inbox.text import sanitise

    text = f"frontdesk: {what}" + "".join(f"\n  {line}" for line in next_step.splitlines())
    click.echo(masked(sanitise(text)), err=True)


def complain_of(error: FrontdeskError) -> None:
    """Say an error that does not end the command."""
    complain(error.what, error.next_step)


def text_given(text: str | None, file: str | None) -> str:
    """What was written: from `--text`, from a file, or (`-`, or nothing given) from standard input.

    BadUsage when nothing is given and a person sits before the terminal, when both are, when the file cannot be
    read, or when it is longer than anybody writes.
    """
    if text is not None and file is not None:
        raise BadUsage("The text is given twice.", "Give --text or --file, not both.")
    if text is not None:
        return text
    if file is not None and file != "-":
        try:
            with open(file, encoding="utf-8", errors="replace") as opened:  # noqa: PTH123  (a name as typed)
                return _bounded(opened)
        except OSError as error:
            raise BadUsage(f"{file} cannot be read: {error.strerror}.", "Name a text file.") from error
    if sys.stdin.isatty():
        raise BadUsage("There is no text.", "Give it with --text, with --file, or on standard input.")
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    return _bounded(sys.stdin)


def _bounded(opened: TextIO) -> str:
    """All of a text, of which no more is read than may be written: what comes over a line may never end."""
    text = opened.read(LONGEST_TEXT + 1)
    if len(text) > LONGEST_TEXT:
        raise BadUsage(
            f"The text has more than {LONGEST_TEXT:,} characters. Nothing was done.",
            "Write less, or attach it as a file.",
        )
    return text


def time_given(desk: Desk, text: str) -> Instant:
    """A time to come, typed as on the screen (`2026-05-01 09:00`, `tomorrow 9`, `3h`). BadUsage for any other."""
    from inbox.model import Refusal
    from inbox.typed_dates import read_date

    settings = desk.settings()
    found = read_date(text, desk.now(), settings.zone, settings.hours)
    if isinstance(found, Refusal):
        raise BadUsage(found.reason, found.next_step)
    return found


def promise_given(desk: Desk, text: str, aim: str | None) -> Promised:
    """A promise as typed, "thu" or "thu, aim wed", and what is aimed for: `aim`, else what the settings leave before it.
    BadUsage for what cannot be read or has passed."""
    from inbox.aims import read_promise
    from inbox.model import Refusal
    from inbox.pledges import checked

    settings, now = desk.settings(), desk.now()
    found = read_promise(text, now, settings.zone, settings.hours, settings.promise_buffer)
    if aim is not None and not isinstance(found, Refusal):
        found = checked(found.until, time_given(desk, aim) if aim != "none" else None, now)
    if isinstance(found, Refusal):
        raise BadUsage(found.reason, found.next_step)
    return found


def span_given(text: str, option: str) -> int:
    """Seconds of a time span such as `20s`, `30m`, `1h30m`, `2d`. BadUsage for what is none."""
    from inbox.queries.grammar import seconds_of

    found = seconds_of(text.strip().lower())
    if found is None:
        raise BadUsage(f"{option} {text!r} is no time span.", f"Write it like {option} 20s, 30m, 4h, 2d.")
    return found
