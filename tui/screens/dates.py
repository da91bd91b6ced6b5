"""Until when: presets of one key, or a date that is typed, with the instant it means while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from inbox.aims import aim_for, read_promise
from inbox.model import Instant, Refusal
from inbox.pledges import Promised
from inbox.ports import Row
from inbox.settings import Buffer
from inbox.typed_dates import FORMS, presets, read_date
from tui.prompts import Option, Prompt
from tui.screens.part import Part
from tui.times import lateness, moment, moment_and_here

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen

T = TypeVar("T")

AIMED = "thu 17:00, aim wed"
"""How a promise is typed with what is aimed for."""


class Do(Protocol):
    """How an answer is acted on."""

    def __call__(self, verb: str, **arguments: Any) -> None:
        """Do a verb with its arguments to what is under the hands."""


class Dates(Part):
    """Asks until when, and what for."""

    def __init__(self, screen: InboxScreen, do: Do) -> None:
        super().__init__(screen)
        self._do = do

    def ask_until(
        self,
        question: str,
        then: Callable[[Instant], None],
        row: Row | None,
        none: bool = False,
        more: Sequence[Option] = (),
    ) -> None:
        """Ask until when: presets of one key (`more` of them first), or typed behind `/` with a preview."""
        now, zone, hours = self.seat.now(), self.seat.zone, self.seat.hours()

        def typed() -> None:
            self._ask_typed(question, lambda text: read_date(text, now, zone, hours), self._told, then, FORMS)

        self._ask_preset(
            question, then, typed, row, [*more], [Option("open end", 0, "", "-")] if none else []
        )

    def ask_promise(self) -> None:
        """Ask until when something is promised, what is aimed for, and what it is."""
        now, zone, hours = self.seat.now(), self.seat.zone, self.seat.hours()
        question, row, buffer = "Promised until", self.screen.target, self.buffer

        def typed() -> None:
            self._ask_typed(
                question,
                lambda text: read_promise(text, now, zone, hours, buffer),
                self.promised,
                say,
                f"{AIMED} · {FORMS}",
            )

        def say(promised: Promised) -> None:
            self._ask_words(
                "What is promised",
                self.promised(promised),
                lambda text: self._do("promise", until=promised.until, aim=promised.aim, text=text),
            )

        self._ask_preset(
            question,
            lambda until: say(Promised(until, aim_for(until, buffer, now, zone, hours))),
            typed,
            row,
        )

    def ask_follow_up(self) -> None:
        """Ask when to come back to it, and what for."""

        def say(until: Instant) -> None:
            now, zone = self.seat.now(), self.seat.zone
            self._ask_words(
                "What for",
                moment(until, now, zone),
                lambda text: self._do("follow-up", until=until, text=text),
            )

        self.ask_until("Come back to it", say, self.screen.target)

    @property
    def buffer(self) -> Buffer:
        """How much earlier than promised is aimed for."""
        return self.seat.settings.promise_buffer if self.seat.settings is not None else Buffer()

    def promised(self, promised: Promised) -> str:
        """A promise and what is aimed for, in words."""
        now, zone = self.seat.now(), self.seat.zone
        words = moment_and_here(promised.until, now, zone, self.seat.own_zone)
        return f"{words}, aim {moment(promised.aim, now, zone)}" if promised.aim is not None else words

    def _told(self, until: Instant) -> str:
        now = self.seat.now()
        return f"{moment_and_here(until, now, self.seat.zone, self.seat.own_zone)}, in {lateness(until, now)}"

    def _ask_preset(
        self,
        question: str,
        then: Callable[[Instant], None],
        typed: Callable[[], None],
        row: Row | None,
        first: Sequence[Option] = (),
        last: Sequence[Option] = (),
    ) -> None:
        now, zone, own = self.seat.now(), self.seat.zone, self.seat.own_zone
        times = presets(now, zone, self.seat.hours())
        options = [
            *first,
            *(Option(words, at, moment_and_here(at, now, zone, own), key) for key, words, at in times),
            Option("typed", None, "", "/"),
            *last,
        ]
        due = f" · due {moment(row.due_at, now, zone)}" if row is not None and row.due_at else ""

        def accept(answer: Option | str) -> None:
            value = answer.value if isinstance(answer, Option) else None
            if isinstance(value, int):
                then(value)
            else:
                typed()

        self.screen.ask(Prompt(question + due, accept, lambda _: options, asks_line=False))

    def _ask_typed(
        self,
        question: str,
        read: Callable[[str], T | Refusal],
        tell: Callable[[T], str],
        then: Callable[[T], None],
        forms: str,
        begun: str = "",
    ) -> None:
        """Ask for a date on a line; what cannot be read stays there to be mended."""

        def preview(text: str) -> str:
            if not text.strip():
                return forms
            found = read(text)
            if not isinstance(found, Refusal):
                return tell(found)
            return forms if len(text) < 3 else f"{found.reason} {found.next_step}"

        def accept(answer: Option | str) -> None:
            found = read(str(answer))
            if isinstance(found, Refusal):
                self.screen.say(f"{found.reason} {found.next_step}")
                self._ask_typed(question, read, tell, then, forms, str(answer))
            else:
                then(found)

        prompt = Prompt(question, accept, preview=preview, free=True)
        if begun:
            prompt.fill(begun)
        self.screen.ask(prompt)

    def _ask_words(self, what: str, when: str, then: Callable[[str], None]) -> None:
        """Ask for a few words, which are left out by Enter."""
        self.screen.ask(
            Prompt(
                f"{what} ({when})?",
                lambda answer: then(str(answer)),
                preview=lambda text: "" if text else "a few words, or Enter",
                free=True,
            )
        )
