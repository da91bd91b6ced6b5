"""The application: theme, threads, the one way keys take, and how it ends.

The rule of the threads: Textual's loop draws and takes keys; background code posts messages; only handlers touch
widgets. `open_screen` is what `main` calls.
"""

from __future__ import annotations

import asyncio
import gc
import math
import os
import random
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.binding import BindingType

from inbox.errors import FrontdeskError
from tui.background import Background, Came, Rang
from tui.cut_keys import patience
from tui.driver import LineGone, SleepingDriver
from tui.gate import Gate
from tui.looks import THEMES, colourless, theme_for
from tui.screens.inbox import InboxScreen
from tui.seat import Seat, seat_at
from tui.terminal_kind import inside, terminal_key, to_clipboard
from tui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual.filter import LineFilter

    from tui.line.desk import Desk

MEASURED_EACH = 60.0
"""Seconds between two measures of the line at least. They go along with a key: where nobody types, nothing is sent."""


def open_screen(desk: Desk, program: Sequence[str] = ()) -> None:
    """Show the screen until the person leaves it; `program` starts Frontdesk, as arguments, for its worker.

    Raises BadSettings and WorldError before anything is shown.
    """
    sys.setswitchinterval(0.001)  # a key must not wait for a thread that reads a long list
    seat = seat_at(desk, program)
    app = FrontdeskApp(seat)
    # GNU screen keeps a lone Esc to itself, until the next key, as long as it is asked for the mouse
    app.run(mouse=inside(os.environ) != "screen")
    _say(app.stopped)
    if app.failure is not None:
        raise app.failure
    if seat.mailboxes:
        _leave_word(seat)


def _leave_word(seat: Seat) -> None:
    """Say what still waits to be sent; the terminal may be gone."""
    from tui.mailbox_words import on_leaving

    store = seat.store
    outbox = store.outbox()
    if not outbox:
        return
    sends = store.worker() is not None or (seat.starter is not None and seat.starter.look(store).starting)
    words = on_leaving(outbox, store.sending.next_at(), seat.now(), seat.zone, sends=sends)
    _say([words] if words else ())


def _say(lines: Sequence[str]) -> None:
    with suppress(OSError):
        for line in lines:
            os.write(sys.stdout.fileno(), f"{line}\n".encode())


class FrontdeskApp(App[None]):
    """Frontdesk on a terminal. The store is handed in with the seat."""

    CSS_PATH = Path(__file__).parent / "styles" / "frontdesk.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []
    TITLE = "Frontdesk"

    def __init__(self, seat: Seat) -> None:
        if not os.environ.get("NO_COLOR", "x"):
            del os.environ["NO_COLOR"]  # empty it means nothing (no-color.org); Textual would heed it
        super().__init__(SleepingDriver, ansi_color=True if colourless(os.environ) else None)
        self.seat = seat
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = theme_for(seat.theme, os.environ, self._theme_kept())
        self.background = Background(seat.store, self.post_message)
        self._begun = seat.store.newest_event()  # all that is shown at first was read after it
        self._asked: float | None = None  # when the terminal was asked
        self._measured: float | None = None  # when it was last asked; None: it has never answered
        self._heeded_at = -math.inf  # when the bell was last heeded
        self._hung_up = False
        self._ended: FrontdeskError | None = None
        self._seen = False  # whether anything was painted yet
        self._gate = Gate()
        self._shown: InboxScreen | None = None  # also when Textual has taken it away
        self.stopped: Sequence[str] = ()  # what was under way as the screen ended, in words

    def _theme_kept(self) -> str:
        try:
            return self.seat.store.documents.theme(self.seat.who.name)
        except FrontdeskError:  # what is wrong with the documents is said where they are asked for
            return "auto"

    def wear(self, theme: str) -> None:
        """Put on a theme; everything is painted anew in its inks."""
        if theme != self.theme:
            self.theme = theme
            for pane in self.inbox.query(Pane):
                pane.redraw()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, and behind them the gate for foreign text."""
        return (*super().get_line_filters(), self._gate)

    def get_default_screen(self) -> InboxScreen:
        """The one screen."""
        self._shown = InboxScreen(self.seat, self.size)
        return self._shown

    @property
    def inbox(self) -> InboxScreen:
        """The one screen, under its own type."""
        screen = self.screen
        assert isinstance(screen, InboxScreen)
        return screen

    @property
    def failure(self) -> Exception | None:
        """What ended the screen against its will."""
        return self._ended or self._exception

    def end(self, why: FrontdeskError) -> None:
        """End the screen against the person's will, and say why once it is gone; what is being written is kept."""
        self._ended = why
        self.inbox.keep_draft()
        self.exit()

    def _fatal_error(self) -> None:
        # Textual would print a traceback with the values of variables, and those hold customers' mail.
        self._close_messages_no_wait()

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes are taken here, one after the other and each at once; all else goes Textual's way.

        Textual would hand each key to the widget in focus over its own queue: a key that moves the focus and the key
        typed after it could overtake each other.
        """
        if isinstance(event, events.InputEvent) and not self._seen:
            if isinstance(event, events.Key) and self.inbox.keyboard.leaves(event):
                self.exit()
            return  # nobody can have meant what was not painted yet, but for leaving
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.inbox.keyboard.press(event)
            if self._measured is not None and self.seat.monotonic() >= self._measured + MEASURED_EACH:
                self._measure_line()
        elif isinstance(event, events.Paste) and not event.is_forwarded:
            self.inbox.keyboard.paste(event.text)
        else:
            await super().on_event(event)
            if isinstance(event, events.Resize) and self._seen:  # to the same size, too: a terminal came back
                self.redraw()

    def on_mount(self) -> None:
        """Listen for the bell once there is something to see."""
        self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        self._seen = True
        self._be_patient()
        self.background.watch(self._begun)
        self.inbox.mailboxes.look()
        self.inbox.returning.begin()
        if self.seat.asks_profile:
            self.inbox.profiling.begin()
        if self.seat.news:
            self.inbox.say(self.seat.news)
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for sign in (signal.SIGHUP, signal.SIGTERM):  # the line dropped, or the host goes down
                loop.add_signal_handler(sign, self.hang_up, sign)
            gc.freeze()  # what was loaded stays: the collector need not walk it between two keys
            gc.enable()

    def _measure_line(self) -> None:
        """Ask the terminal a question it answers at once: the time until then is what a key takes to be seen."""
        if self._driver is not None:
            self._asked = self._measured = self.seat.monotonic()
            self._driver.write("\x1b[?2026$p")

    @property
    def copies(self) -> bool:
        """Whether `frontdesk doctor --terminal` has seen copying pass at this terminal."""
        try:
            return "osc52" in self.seat.store.documents.terminal(self.seat.who.name, terminal_key(os.environ))
        except FrontdeskError:
            return False

    def copy_to_clipboard(self, text: str) -> None:
        """Keep a text to be pasted here, and give it to the terminal where that was seen to take one."""
        self._clipboard = text
        if self._driver is not None and not self.is_headless and self.copies:
            self._driver.write(to_clipboard(text, inside(os.environ)))

    def on_terminal_supports_synchronized_output(self) -> None:
        """The terminal's answer (DECRQM of mode 2026)."""
        if self._asked is None:  # the answer to Textual's own question at the start: now it is our turn
            self._measure_line()
            return
        self.inbox.keyboard.round_trip = self.seat.monotonic() - self._asked
        self._asked = None
        self._be_patient()
        self.inbox.status.show()

    def _be_patient(self) -> None:
        if isinstance(self._driver, SleepingDriver):
            self._driver.keys.patience = patience(self.seat.over_ssh, self.inbox.keyboard.round_trip)

    def redraw(self) -> None:
        """Paint everything anew: something else has written to the terminal."""
        if isinstance(self._driver, SleepingDriver):
            self._driver.forget_screen()
        self.screen.refresh()

    def on_line_gone(self, _: LineGone) -> None:
        """There is no terminal any more, and nobody sent a signal that says so."""
        self.hang_up(signal.SIGHUP)

    def hang_up(self, sign: signal.Signals) -> None:
        """The line dropped, or the host goes down: keep the draft, and where the hands were."""
        if self._hung_up:
            return
        self._hung_up = True
        self.inbox.keep_draft()
        self.inbox.returning.hung_up(dropped=sign == signal.SIGHUP)
        self.exit()

    def on_came(self, came: Came) -> None:
        """The background has an answer, or could not get one."""
        try:
            if came.error is not None:
                if came.failed is not None:
                    came.failed()
                raise came.error
            if came.then is not None:
                came.then(came.result)
        except FrontdeskError as error:
            self.inbox.complain(error)
        except Exception as error:
            if (
                came.error is None or self.is_headless
            ):  # a mistake on the screen, or in a test, is not passed over
                raise
            self.inbox.complain(error)

    def on_rang(self, rang: Rang) -> None:
        """The bell. What is in sight, and the first ring after quiet, is heeded at once; of a flood behind the scenes what
        comes in one reading: twenty screens of one host would keep those from their processors who change something."""
        pace = self.seat.pace
        settle = pace.settle * (1 + pace.spread * random.random())
        wait = self._heeded_at + settle - self.seat.monotonic()
        if wait > 0 and not rang.in_sight:
            self.inbox.set_timer(wait, self._heed)
        else:
            self._heed()

    def _heed(self) -> None:
        """What is visible is written again in its place."""
        heard = self.background.heard()
        if heard is not None and not heard:
            return  # heeded with what came in sight meanwhile
        self._heeded_at = self.seat.monotonic()
        self.inbox.shelf.rang(heard)
        self.inbox.reading.again(heard)
        if self.inbox.letter is not None:
            self.inbox.writing.rang(heard)

    def on_unmount(self) -> None:
        """The screen ends: what is being written is kept."""
        if self._shown is not None:
            self.stopped = self._shown.under_way.stop_all()
            self._shown.returning.leave()
            self._shown.first_steps.leave()
            self._shown.carry_no_more()
        self.background.end()
