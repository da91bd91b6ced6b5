"""Giving what is read to a command, and reading what it says, in the background and with a way to stop it.

Each command is a shell as the account that holds the mail, so there is none in restricted mode (the screen refuses the
verb). What was typed before is kept for each person in a file only they may read, in their own folder.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from inbox.errors import NotDone
from inbox.plain_form import all_as_text, as_mbox, as_text
from inbox.text import one_line, sanitise
from tui.line.desk import folder
from tui.piped import SECONDS, run_piped
from tui.prompts import Option, Prompt, yes_or_no
from tui.screens.part import Part
from tui.screens.sheets import NO_MAIL

if TYPE_CHECKING:
    from inbox.ports import Item, Workspace
    from tui.screens.inbox import InboxScreen

REMEMBERED = 100
"""Commands that are remembered."""
WHAT = (
    Option("this message as text", "text", key="t"),
    Option("as mail", "mail", key="m"),
    Option("all messages as text", "all", key="a"),
    Option("as a mailbox file", "mbox", key="b"),
)
"""What can be given."""


class Piping(Part):
    """Asks what is to be given to which command; one runs at a time."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._stop: Event | None = None  # of the command that runs
        self._said: tuple[str, list[str]] | None = None  # what the last one said

    def ask(self) -> None:
        """Ask what, then to which command; while one runs, whether to stop it."""
        screen = self.screen
        opened, item = screen.conversation.opened, screen.conversation.in_sight
        if self._stop is not None:
            screen.ask(yes_or_no("A command is still running. Stop it?", self._stop.set))
        elif opened is None or item is None:
            screen.say("There is no message here.")
        else:
            last = (Option("what the last one said", "last", key="o"),) if self._said is not None else ()

            def accept(what: Option | str) -> None:
                if isinstance(what, Option) and what.value == "last":
                    self._show_last()
                elif isinstance(what, Option):
                    self._ask_command(opened.id, item, str(what.value))

            screen.ask(Prompt("Give", accept, lambda _: (*WHAT, *last), asks_line=False))

    def _ask_command(self, conversation: int, item: Item, kind: str) -> None:
        before = known(self._file)

        def offer(text: str) -> Sequence[Option]:
            fits = [each for each in before if text.strip() in each]
            return [Option(text or "a command", "", "Enter"), *(Option(each, each) for each in fits[:20])]

        def accept(answer: Option | str) -> None:
            command = str(answer.value) if isinstance(answer, Option) else answer
            if command.strip():
                self._run(conversation, item, kind, command.strip())

        said = {"text": "the message", "mail": "the mail", "all": "all messages", "mbox": "the mailbox file"}[
            kind
        ]
        hint = "" if before else "it gets it to read; what it says is shown"
        self.screen.ask(
            Prompt(f"Give {said} to |", accept, offer, lambda text: "" if text else hint, free=True)
        )

    def _run(self, conversation: int, item: Item, kind: str, command: str) -> None:
        stop = self._stop = Event()
        zone, seat, file = self.seat.zone, self.seat, self._file
        pipe = self.called("pipe", "conversation")
        environment = seat.environment()
        self.screen.say(f"{one_line(command, 60)} runs, {SECONDS:.0f} s at most. {pipe} stops it.")

        def given(store: Workspace) -> bytes:
            if kind == "text":
                return as_text(item, zone).encode("utf-8", "replace")
            if kind == "mail":
                return store.raw(item.id) or b""
            items = store.items(conversation)
            if kind == "all":
                return "".join(all_as_text(items, zone)).encode("utf-8", "replace")
            return b"".join(as_mbox(items, store.raw))

        def ask(store: Workspace) -> tuple[list[str], str]:
            data = given(store)
            if kind == "mail" and not data:
                raise NotDone(NO_MAIL, f"{pipe} t gives its text.")
            remember(file, command)
            said = run_piped(command, data, environment, stop)
            lines = sanitise(said.output.decode("utf-8", "replace"), len(said.output) + 1).split("\n")
            return lines, said.ended

        self.background.go_through(
            "pipe", ask, lambda found: self._show(conversation, command, *found), self._ended
        )

    def _ended(self) -> None:
        self._stop = None

    def _show(self, conversation: int, command: str, lines: list[str], ended: str) -> None:
        self._ended()
        screen, title = self.screen, f"{one_line(command, 60)}: {ended}"
        self._said = (title, lines)
        if not any(line.strip() for line in lines):
            screen.say(f"{title}, and said nothing.")
        elif screen.context == "conversation" and screen.reading.shown == conversation:
            self._show_last()
        else:
            screen.say(f"{title}. {self.called('pipe', 'conversation')} o shows what it said.")

    def _show_last(self) -> None:
        if self._said is not None:
            self.screen.conversation.show_sheet(*self._said, exact=True)
            self.screen.show_place()

    @property
    def _file(self) -> Path:
        """Where the commands of who sits here are kept."""
        name = "".join(c for c in self.seat.who.name if c.isalnum() or c in "-_") or "somebody"
        return folder("XDG_STATE_HOME", ".local/state") / f"commands-{name}"


def known(file: Path) -> list[str]:
    """The commands that were typed before, the newest first."""
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    return list(dict.fromkeys(one_line(line, 1000) for line in reversed(lines) if line.strip()))[:REMEMBERED]


def remember(file: Path, command: str) -> None:
    """Keep a command for the next time; where that cannot be written, it is not kept."""
    lines = [command, *(each for each in known(file) if each != command)][:REMEMBERED]
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as kept:
            kept.write("\n".join(reversed(lines)) + "\n")
