"""Long work: each piece of it says how far it is, the bottom line shows the one begun last, and one key shows them all
and stops the one under the hands.

Whoever begins something long says so here, with the way to stop it and what that leaves. What the worker does is shown as
well; it is no part of this screen, and goes on without it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inbox import progress
from inbox.text import one_line
from tui.prompts import Option, Prompt
from tui.screens.part import Part

if TYPE_CHECKING:
    from textual.timer import Timer

    from inbox.ports import Workspace
    from tui.screens.inbox import InboxScreen

EACH = 0.5
"""Seconds between two words about how far it is: they cross slow lines."""
LONG = 1.0
"""Seconds after which what goes on is long."""
_QUESTION = "Under way"


@dataclass(eq=False)
class Work:
    """One piece of long work: "importing" ~/mail, begun at that second of the monotonic clock. `stop` ends it between two
    steps; `leaves` says what of it stays then."""

    doing: str
    what: str
    begun: float
    stop: Callable[[], None]
    leaves: str
    done: int = 0
    total: int | None = None
    said: float = 0.0
    stops: bool = False
    is_over: bool = False
    timer: Timer | None = None  # until it counts as long


class UnderWay(Part):
    """Knows what goes on, and shows it."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._works: list[Work] = []
        self._listed: list[Work] = []  # in the list that is open: no row goes from under the hands
        self._waiting = 0  # messages that leave by themselves, as of the last look
        self._prompt: Prompt | None = None

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"under-way": self.open}

    # what goes on

    def begin(self, doing: str, what: str, stop: Callable[[], None], leaves: str, long: bool = True) -> Work:
        """Something begins. What is not sure to be `long` is only told of when it goes on for a while."""
        work = Work(doing, what, self.seat.monotonic(), stop, leaves)
        if long:
            self._tell(work)
        else:
            work.timer = self.screen.set_timer(LONG, lambda: self._tell(work))
        return work

    def _tell(self, work: Work) -> None:
        if not work.is_over:
            self._works.append(work)
            self._listed.append(work)
            self._show()

    def teller(self, work: Work) -> Callable[[int, int | None], None]:
        """For the thread that does it, which says how far it is at each step: a few of these words reach the screen."""
        background, said = self.background, 0.0

        def tell(done: int, total: int | None) -> None:
            nonlocal said
            now = time.monotonic()
            if now - said >= EACH:
                said = now
                background.tell(lambda seen: self.at(work, *seen), (done, total))

        return tell

    def at(self, work: Work, done: int, total: int | None = None) -> None:
        """So much of it is done. Said at most twice a second, however often it is told."""
        work.done, work.total = done, total
        now = self.seat.monotonic()
        if work in self._works and now - work.said >= EACH:
            work.said = now
            self._show()

    def end(self, work: Work) -> None:
        """It has ended, in whatever way."""
        work.is_over = True
        if work.timer is not None:
            work.timer.stop()
        if work in self._works:
            self._works.remove(work)
            self._show()

    @property
    def in_short(self) -> str:
        """The words for the bottom line: "importing 12 400 of 40 000 · 1:20 left"; "" when nothing goes on here."""
        if not self._works:
            return ""
        work = self._works[-1]
        how = "stopping …" if work.stops else progress.in_short(work.done, work.total, self._spent(work))
        more = f" · {len(self._works) - 1} more" if len(self._works) > 1 else ""
        return f"{work.doing} {how or '…'}{more}"

    def _spent(self, work: Work) -> float:
        return self.seat.monotonic() - work.begun

    def _show(self) -> None:
        self.screen.status.show()
        self._again()

    # the list of it

    def open(self) -> None:
        """Show all that goes on; Enter stops what is under the hands."""
        self.screen.mailboxes.look()
        self.background.read("under-way", _leaving, self._looked)

    def _looked(self, waiting: int) -> None:
        self._waiting, self._listed = waiting, list(self._works)
        if not list(self._options()):
            self.screen.say("Nothing long is under way.")
            return
        if self.screen.prompt is not None:
            return
        self._prompt = Prompt(
            _QUESTION,
            self._stop,
            lambda text: [option for option in self._options() if text.casefold() in option.label.casefold()],
            lambda text: "" if text else "Enter stops what is under the hands",
        )
        self.screen.ask(self._prompt)

    def _again(self) -> None:
        """Say it anew where it is looked at; the hands stay on the same work."""
        prompt = self._prompt
        if prompt is None or self.screen.prompt is not prompt:
            self._prompt = None
            return
        under = prompt.under_hands
        prompt.options = prompt.offer(prompt.line.text)
        values = [option.value for option in prompt.options]
        prompt.chosen = values.index(under.value) if under is not None and under.value in values else 0
        self.screen.prompt_bar.show(prompt)

    def _options(self) -> Iterator[Option]:
        for work in self._listed:
            how = progress.in_full(work.done, work.total, self._spent(work)) or "has begun"
            label = f"{work.doing} {one_line(work.what, 60)}".strip()
            if work.is_over:
                yield Option(label, work, "", blocked="It has ended.")
            else:
                yield Option(label, work, how, blocked="It is stopping." if work.stops else None)
        standing = self.screen.mailboxes.standing
        for name, state in (standing.states if standing is not None else {}).items():
            if state.of > state.done:
                spent = float(self.seat.now() - state.began) if state.began is not None else 0.0
                label = f"fetching {one_line(state.folder, 20)} of {one_line(name, 20)}"
                how = progress.in_full(state.done, state.of, spent)
                yield Option(
                    label, name, how, blocked="the worker's: it goes on by itself, newest mail first"
                )
        if self._waiting:
            how = (
                "1 message waits" if self._waiting == 1 else f"{progress.figure(self._waiting)} messages wait"
            )
            blocked = f"the worker's: {self.called('outbox')} shows each"
            yield Option("sending", "outbox", how, blocked=blocked)

    def _stop(self, answer: Option | str) -> None:
        if isinstance(answer, Option) and isinstance(answer.value, Work):
            self.stop(answer.value)

    def stop(self, work: Work) -> None:
        """End a piece of work between two of its steps."""
        if work in self._works and not work.stops:
            work.stops = True
            work.stop()
            self._show()
            self.screen.say(f"Stopping. {work.leaves}")

    def stop_all(self) -> list[str]:
        """The screen ends: so does what belongs to it; what that was, a line each."""
        going = [work for work in self._works if not work.stops]
        for work in going:
            work.stop()
        return [f"Stopped: {work.doing} {one_line(work.what, 60)}. {work.leaves}".rstrip() for work in going]


def _leaving(store: Workspace) -> int:
    """How many messages leave by themselves."""
    from tui.mailbox_words import LEAVING

    return sum(line.state in LEAVING for line in store.outbox())
