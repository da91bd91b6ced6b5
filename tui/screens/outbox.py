"""The outbox on the screen: how each message stands, what that means for the customer, and what to press."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from inbox.delivery_words import delivery
from inbox.model import Instant
from inbox.ports import OutboxLine, Workspace
from inbox.text import one_line
from tui.prompts import yes_or_no
from tui.screens.part import Part
from tui.times import moment
from tui.widgets.outbox_pane import Entry, OutboxPane

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen

PLACE = "outbox"
URGENCY = {"failed": 0, "unknown": 0, "held": 1}
"""What waits for a person stands on top."""


class Outbox(Part):
    """Shows what waits to be sent, failed or is unknown, and does what a person decides about it."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.pane = OutboxPane()
        self._lines: dict[int, OutboxLine] = {}
        self._from = "list"

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"outbox": self.open, "resend": self._resend, "release": self._release, "drop": self._drop}

    # looking

    def open(self) -> None:
        """Show every message that has not simply gone."""
        screen = self.screen
        if not self.pane.is_attached:
            screen.mount(self.pane)
            screen.set_interval(self.seat.pace.presence, self.look)  # phases ring no bell
        if screen.place != PLACE:
            self._from = screen.place
        screen.go_to(PLACE)
        self.look()

    def close(self) -> None:
        """Back to where it was opened."""
        self.screen.go_to(self._from)

    def look(self) -> None:
        """Read how the messages stand, while they are seen."""
        if self.screen.place == PLACE:
            self.background.read("outbox", lambda store: store.outbox(), self._show)

    def _show(self, lines: Sequence[OutboxLine]) -> None:
        ordered = sorted(lines, key=lambda line: (URGENCY.get(line.state, 2), line.queued_at, line.message))
        self._lines = {line.message: line for line in ordered}
        before = self.pane.current
        self.pane.show([self._entry(line) for line in ordered])
        after = self.pane.current
        if before is not None and after is not None and before.message != after.message:
            self.screen.keyboard.advanced()  # it is gone, and another one is under the hands

    def _entry(self, line: OutboxLine) -> Entry:
        now, zone = self.seat.now(), self.seat.zone

        def at(instant: Instant) -> str:
            return moment(instant, now, zone)

        how = delivery(line, now, at, lambda verb: self.called(verb, PLACE))
        said = line.copy or line.why or next((one.detail for one in line.recipients if one.detail), "")
        quoted = f"“{one_line(said, 300)}”" if said else ""
        to = ", ".join(recipient.address for recipient in line.recipients)
        sentences = [words for words in (how.means, quoted, how.step) if words]
        return Entry(line.message, line.conversation, how.stands, how.urgent, to, line.subject, sentences)

    # deciding

    def _resend(self) -> None:
        line = self._under_hands()
        if line is None:
            return
        if line.state not in ("failed", "unknown", "refused-for-now", "sent"):
            self.screen.say("This one goes by itself." if line.state != "held" else "This one is held.")
        elif line.state == "unknown":
            question = "The customer may have it already. Send it again?"
            self.screen.ask(yes_or_no(question, lambda: self._send_again(line)))
        else:
            self._send_again(line)

    def _send_again(self, line: OutboxLine) -> None:
        now, who = self.seat.now(), self.seat.who
        words = (
            "The copy is tried now."
            if line.state == "sent"
            else "It goes again, with the worker's next look."
        )
        self._write(lambda store: store.sending.by(who).resend(line.message, now), words)

    def _release(self) -> None:
        line = self._under_hands()
        if line is None:
            return
        if line.state != "held":
            self.screen.say("This one is not held.")
            return
        if line.held_by == "approval":
            self.screen.approving.approve(line.conversation, line.message)
            return
        now, who = self.seat.now(), self.seat.who
        self._write(
            lambda store: bool(store.sending.by(who).release(now, line.message)),
            "It goes with the worker's next look.",
        )

    def _drop(self) -> None:
        line = self._under_hands()
        if line is None:
            return
        now, who = self.seat.now(), self.seat.who

        def drop() -> None:
            self._write(lambda store: store.sending.by(who).drop(line.message, now), words)

        if line.state == "sent":
            question, words = "Do without the copy in Sent?", "No copy is kept."
        else:
            question, words = (
                "Give it up? The customer gets no answer by it.",
                "Given up: the customer waits.",
            )
        self.screen.ask(yes_or_no(question, drop))

    def _under_hands(self) -> OutboxLine | None:
        entry = self.pane.current
        if entry is None:
            self.screen.say("Nothing waits to be sent.")
            return None
        return self._lines[entry.message]

    def _write(self, change: Callable[[Workspace], bool], words: str) -> None:
        self.background.write(change, lambda done: self._done(done, words))

    def _done(self, done: bool, words: str) -> None:
        self.screen.say(words if done else "It has gone meanwhile, or is on its way.")
        self.look()
        self.screen.shelf.rang(None)
        self.screen.reading.again()
