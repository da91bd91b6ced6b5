"""Verbs on ids: what every command that changes conversations has in common."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from inbox.errors import BadUsage, NotDone

if TYPE_CHECKING:
    from inbox.model import Instant, Refusal
    from tui.line.desk import Desk


def ids_given(desk: Desk, words: Sequence[str]) -> list[int]:
    """Conversation ids as they live now; `-` reads them from standard input, first word of each line.

    NotDone (exit 1) for an id that is unknown.
    """
    texts: list[str] = []
    for word in words:
        if word == "-":
            texts += [line.split()[0] for line in sys.stdin if line.strip()]
        else:
            texts.append(word)
    found: dict[int, None] = {}
    for text in texts:
        number = desk.store().resolve(int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else None
        if number is None:
            raise NotDone(f"There is no conversation {text!r}.", "frontdesk list shows the ids there are.")
        found[number] = None
    return list(found)


def act(desk: Desk, verb: str, conversations: Sequence[int], **arguments: Any) -> None:
    """Do a verb to conversations, as one action; every refusal is said, and any ends the command with 1."""
    from inbox.actions import decision

    store, who, now = desk.store(), desk.who(), desk.now()
    refusals: list[tuple[int, Refusal]] = []
    if len(conversations) == 1:
        outcome = store.change(*decision(verb, conversation=conversations[0], **arguments), who, now)
        if outcome.refusal is not None:
            refusals.append((conversations[0], outcome.refusal))
    else:
        waiting = iter(conversations)

        def after(result: object) -> None:
            number = next(waiting)
            if isinstance(result, _refusal()):
                refusals.append((number, result))

        store.change_each((decision(verb, conversation=each, **arguments) for each in conversations), who, now, after=after)
    report_refusals(refusals)


def report_refusals(refusals: Sequence[tuple[int | None, Refusal]]) -> None:
    """Say why something was refused, on standard error, and end with 1 if anything was."""
    for number, refusal in refusals:
        where = f"{number}: " if number is not None else ""
        click.echo(f"frontdesk: {where}{refusal.reason}", err=True)
        if refusal.next_step:
            click.echo(f"  {refusal.next_step}", err=True)
    if refusals:
        raise click.exceptions.Exit(1)


def _refusal() -> type[Refusal]:
    from inbox.model import Refusal

    return Refusal


def text_given(text: str | None, file: str | None) -> str:
    """What was written: from `--text`, a file (`-`: standard input), or standard input. BadUsage when nothing is."""
    if text is not None:
        return text
    if file is not None and file != "-":
        try:
            with open(file, encoding="utf-8", errors="replace") as opened:  # noqa: PTH123 (a name as typed)
                return opened.read()
        except OSError as error:
            raise BadUsage(f"{file} cannot be read: {error.strerror}.", "Name a text file.") from error
    if file is None and os.isatty(0):
        raise BadUsage("There is no text.", "Give it with --text, --file, or on standard input.")
    return sys.stdin.read()


def time_given(desk: Desk, text: str) -> Instant:
    """A typed time to come, as the screen takes it (`2026-05-01 09:00`, `tomorrow 9:00`, `3h`). BadUsage otherwise."""
    from tui.when import FORMS, parse_when

    found = parse_when(text, desk.now(), desk.zone(), desk.settings().hours)
    if found is None:
        raise BadUsage(f"{text!r} is no time to come.", f"Write it like one of these: {FORMS}")
    return found
