"""What is asked when something is closed, and what is given: what came of it, whose doing it was, and goodwill."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from inbox.actions.check_in import usual
from inbox.actions.goodwill import allowance, may_give
from inbox.model import Instant, Status
from inbox.money import FORMS, NEED_SUM, Sum, parse_sum
from inbox.outcomes import GIVEN, OUTCOMES, REFERRED, letters
from inbox.settings import Settings
from inbox.text import one_line
from inbox.typed_dates import presets
from tui.prompts import Option, Prompt
from tui.screens.part import Part
from tui.times import moment

if TYPE_CHECKING:
    from tui.screens.dates import Do
    from tui.screens.inbox import InboxScreen


class Closing(Part):
    """Opens the prompts of `outcome` and `goodwill`."""

    def __init__(self, screen: InboxScreen, do: Do) -> None:
        super().__init__(screen)
        self._do = do

    @property
    def _settings(self) -> Settings:
        return self.seat.settings or Settings()

    # what came of it

    def outcome(self) -> None:
        """Ask what came of it and whose doing it was, by one letter each. What is open is closed with that."""
        row = self.screen.target
        if row is None:
            return
        is_closed = row.conversation.status is Status.CLOSED
        many = len(self.screen.doing.targets) > 1
        options = [Option(OUTCOMES[word].words, word, key=OUTCOMES[word].key) for word in GIVEN]

        def accept(answer: Option | str) -> None:
            outcome = str(answer.value) if isinstance(answer, Option) else answer
            if outcome == REFERRED:
                self._ask_whom(lambda to: self._cause(is_closed or many, outcome, to))
            else:
                self._cause(is_closed or many, outcome, None)

        words = "What came of it" if is_closed else "Close it. What came of it"
        self.screen.ask(Prompt(words, accept, lambda _: options, asks_line=False))

    def _ask_whom(self, then: Callable[[str], None]) -> None:
        def accept(answer: Option | str) -> None:
            if str(answer).strip():
                then(str(answer))
            else:
                self.screen.say("A referral says to whom: the customer is not left at a dead end.")

        self.screen.ask(Prompt("Referred to whom?", accept, free=True))

    def _cause(self, afterwards: bool, outcome: str, to: str | None) -> None:
        """Whose doing it was; `afterwards`: it is closed already, or there are several."""
        causes = letters(self._settings.causes)

        def done(cause: str, check_in: Instant | None = None) -> None:
            said = {"cause": cause, "to": to, "check_in": check_in}
            if afterwards:
                self._do("outcome", outcome=outcome, **said)
            else:
                self._do("close", why=outcome, **said)

        def accept(answer: Option | str) -> None:
            cause = str(answer.value) if isinstance(answer, Option) else answer
            if cause in self._settings.own_causes:
                self._check_in(lambda check_in: done(cause, check_in))
            else:
                done(cause)

        if not causes:
            done("")
            return
        options = [Option(word, word, key=letter) for letter, word in causes.items()]
        options.append(Option("nobody's", "", key="-"))
        self.screen.ask(Prompt("Whose doing was it?", accept, lambda _: options, asks_line=False))

    def _check_in(self, then: Callable[[Instant | None], None]) -> None:
        """Our own mistake: one key, and somebody comes back to the customer."""
        now, zone = self.seat.now(), self.seat.zone
        times = [
            ("y", "yes", usual(self._settings, now)),
            *(each for each in presets(now, zone, self.seat.hours()) if each[0] in "dw"),
        ]

        def accept(answer: Option | str) -> None:
            at = answer.value if isinstance(answer, Option) else None
            then(at if isinstance(at, int) else None)

        options = [Option(words, at, moment(at, now, zone), key=key) for key, words, at in times]
        options.append(Option("no", None, key="n"))
        self.screen.ask(
            Prompt("Our own mistake: come back to them?", accept, lambda _: options, asks_line=False)
        )

    # what is given

    def goodwill(self) -> None:
        """Ask what is given, how much and why; what is more than they may give is refused with who may."""
        if len(self.screen.doing.targets) != 1:
            self.screen.say("Goodwill is given in one conversation at a time.")
            return
        options = [
            Option(word, word, key=letter) for letter, word in letters(self._settings.goodwill.kinds).items()
        ]

        def accept(answer: Option | str) -> None:
            self._amount(str(answer.value) if isinstance(answer, Option) else answer)

        self.screen.ask(Prompt("Give them a", accept, lambda _: options, asks_line=False))

    def _amount(self, kind: str) -> None:
        currency, needed = self._settings.goodwill.currency, kind in NEED_SUM
        allowed = allowance(self._settings, self.seat.who, self.seat.now(), self.seat.zone)

        def preview(text: str) -> str:
            found = parse_sum(text, currency)
            if found is None:
                rest = f" · {may_give(allowed, currency)}" if allowed is not None else ""
                return (FORMS if needed else f"{FORMS}, or Enter for none") + rest
            most = allowed.of(found.unit) if allowed is not None else found.number
            return str(found) if found.number <= most else f"{found}: {may_give(allowed, currency)}"

        def accept(answer: Option | str) -> None:
            text = str(answer)
            found = parse_sum(text, currency)
            if found is None and (needed or text.strip()):
                self.screen.say(f"{one_line(text, 40) or 'Nothing'}: no sum. Write {FORMS}.")
                self._amount(kind)
            else:
                self._reason(kind, found)

        self.screen.ask(Prompt(f"{kind.capitalize()} of", accept, preview=preview, free=True))

    def _reason(self, kind: str, amount: Sum | None) -> None:
        allowed = allowance(self._settings, self.seat.who, self.seat.now(), self.seat.zone)

        def accept(answer: Option | str) -> None:
            if not str(answer).strip():
                self.screen.say("It does not say why: nothing was written down.")
            else:
                self._do("goodwill", kind=kind, amount=amount, reason=str(answer), allowed=allowed)

        what = f"{kind} of {amount}" if amount is not None else kind
        self.screen.ask(Prompt(f"Why the {what}?", accept, free=True))
