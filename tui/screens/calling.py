"""Phone calls: who is on the line, their panel at once, what was said, and what was promised with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from inbox.callers import IN, MISSED, OUT, WAYS, is_number
from inbox.model import Customer, Status
from inbox.pledges import Promised
from inbox.ports import CallNotes, Draft, Row, Workspace
from inbox.text import one_line
from inbox.us import fold_number
from tui.prompts import Option, Prompt
from tui.screens.dates import Dates
from tui.screens.letter import Letter
from tui.screens.part import Part
from tui.times import moment

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen

HINT = "a number, a name; Enter takes the first"
NOTHING = "Nothing is written yet of what was said."

_KEYS = {IN: "t", OUT: "w", MISSED: "x"}
"""The keys that say which way a call went."""


class Calling(Part):
    """Writes calls down."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._dates = Dates(screen, self._told)

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"call": self._ask}

    # who it is

    def _ask(self) -> None:
        """Ask who is on the line; whoever is under the hands comes first."""
        row, here = self._under_hands()
        me, store = self.seat.who.name, self.seat.store
        begun = [
            Option(
                f"go on: {one_line(draft.call.name or draft.call.number, 40)}",
                draft,
                one_line(draft.text, 60),
            )
            for draft in store.drafts(0)
            if draft.who == me and draft.call is not None
        ]

        def offer(text: str) -> Sequence[Option]:
            text = " ".join(text.split())
            if not text:
                theirs = [] if here is None else [_known(here, "", row)]
                return [*theirs, *begun]
            number = text if is_number(text) else ""
            callers = store.callers(text)
            found = [
                _known(each, number, row if here is not None and each.id == here.id else None)
                for each in callers
            ]
            new = CallNotes(name="" if number else text, number=number)
            found.append(Option(f"new: {text}", (new, None), "a customer whom nobody knows yet"))
            if here is not None and number and all(each.id != here.id for each in callers):
                found.append(_known(here, number, row, f"{here.name}, with this number"))
            return found

        def accept(answer: Option | str) -> None:
            value = answer.value if isinstance(answer, Option) else None
            if isinstance(value, Draft):
                self.open_draft(value)
            elif isinstance(value, tuple):
                self._begin(*value)

        self.screen.ask(Prompt("Who is on the phone?", accept, offer, lambda text: "" if text else HINT))

    def _under_hands(self) -> tuple[Row | None, Customer | None]:
        """The conversation under the hands, and its customer; on a panel, whose that is."""
        screen = self.screen
        panel = screen.customer.panel
        if screen.place == "customer" and panel is not None:
            return None, panel.customer
        row = screen.target
        whose = row.conversation.customer if row is not None else None
        if row is None or whose is None:
            return None, None
        customer = self.seat.store.customer(whose)
        return (row if row.conversation.status is not Status.SPAM else None), customer

    def _begin(self, call: CallNotes, row: Row | None) -> None:
        """Show the panel of who is on the line, and let it be written what they say."""

        def look(store: Workspace) -> tuple[Row | None, int | None]:
            panel = store.panel(call.customer) if row is None and call.customer is not None else None
            if panel is None:
                return row, None
            running = (each for each in panel.running if not each.conversation.notice)
            return next(running, None), next(iter(panel.ids), None)

        def write(found: tuple[Row | None, int | None]) -> None:
            home, newest = found
            self._open(_letter(call._replace(at=self.seat.now()), home), newest)

        self.ask_first(look, write)

    def _open(self, letter: Letter, newest: int | None, draft: Draft | None = None) -> None:
        """Open the form; where no conversation goes on, beside the `newest` of this customer's, if there is any."""
        screen = self.screen
        shown = letter.conversation or newest
        if shown is not None:
            screen.moving.open_conversation(shown)
        else:
            screen.customer.show(None)  # nobody knows them
        screen.writing.write_call(letter, draft)

    def open_draft(self, draft: Draft) -> None:
        """Write on at a call."""
        store, call = self.seat.store, draft.call or CallNotes()
        rows = store.rows([draft.conversation]) if draft.conversation else []
        panel = store.panel(call.customer) if not rows and call.customer is not None else None
        newest = next(iter(panel.ids), None) if panel is not None else None
        self._open(_letter(call, rows[0] if rows else None), newest, draft)

    # the bar

    def open_bar(self, letter: Letter) -> None:
        """Everything that is told of the call beside the text, each with its key."""
        call = letter.call or CallNotes()
        now, zone = self.seat.now(), self.seat.zone
        empty = None if self.screen.writing.text.strip() or call.way == MISSED else NOTHING
        missed = "Nobody was reached." if call.way == MISSED else None
        promised = f"until {moment(call.until, now, zone)}" if call.until is not None else ""
        back = moment(call.follow_up, now, zone) if call.follow_up is not None else ""
        took = f"{max(1, call.seconds // 60)} min" if call.seconds is not None else ""
        home = (
            f"#{letter.conversation} {one_line(letter.row.subject, 60)}"
            if letter.row is not None
            else "a new one"
        )
        counts = "it does not count as an answer" if missed else "it counts as an answer"
        options = [
            Option("write it down", self._save, counts, "enter", empty),
            Option("and close it", lambda: self._save(closes=True), "", "e", empty or missed),
            *(
                Option(WAYS[way], lambda way=way: self._turn(way=way), "", key)
                for way, key in _KEYS.items()
                if way != call.way
            ),
            Option("promise", self._dates.ask_promise, promised or "and until when", "p", missed),
            Option("come back to it", self._dates.ask_follow_up, back or "and when", "f"),
            Option("how long", self._ask_long, took or "minutes", "m"),
            Option("conversation", self._ask_where, home, "c"),
        ]

        def accept(answer: Option | str) -> None:
            if isinstance(answer, Option) and callable(answer.value):
                answer.value()

        self.screen.ask(Prompt(letter.title, accept, lambda _: options, asks_line=False))

    def _turn(self, **told: Any) -> None:
        """Something else is told of the call."""
        writing = self.screen.writing
        letter = writing.letter
        if letter is None or letter.call is None:
            return
        if told.get("way") == MISSED:
            told |= {"until": None, "aim": None, "promised": ""}
        letter = replace(letter, call=letter.call._replace(**told))
        writing.rewrite(letter)
        self.open_bar(letter)

    def _told(self, verb: str, **said: Any) -> None:
        """A date was named."""
        if verb == "promise":
            self._turn(until=said["until"], aim=said["aim"], promised=said["text"])
        else:
            self._turn(follow_up=said["until"], what_for=said["text"])

    def _ask_long(self) -> None:
        def accept(answer: Option | str) -> None:
            minutes = str(answer).strip()
            if minutes.isdecimal() and len(minutes) < 4:
                self._turn(seconds=int(minutes) * 60)
            else:
                self.screen.say("Say it in minutes, such as 5.")

        self.screen.ask(Prompt("How many minutes?", accept, free=True))

    def _ask_where(self) -> None:
        """Ask to which conversation of theirs it belongs."""
        letter = self.screen.writing.letter
        if letter is None or letter.call is None:
            return
        whose = letter.call.customer

        def ask(rows: Sequence[Row]) -> None:
            options = [
                Option(
                    f"#{row.conversation.id} {one_line(row.subject, 60)}", row, row.conversation.status.value
                )
                for row in rows
            ]
            options.append(Option("a new one", None))

            def offer(text: str) -> Sequence[Option]:
                return [each for each in options if text.casefold() in each.label.casefold()]

            def accept(answer: Option | str) -> None:
                row = answer.value if isinstance(answer, Option) else None
                self._move(row if isinstance(row, Row) else None)

            self.screen.ask(Prompt("It belongs to", accept, offer))

        def look(store: Workspace) -> Sequence[Row]:
            panel = store.panel(whose) if whose is not None else None
            known = panel.history if panel is not None else ()
            return [row for row in known if row.conversation.status is not Status.SPAM]

        self.ask_first(look, ask)

    def _move(self, row: Row | None) -> None:
        writing = self.screen.writing
        letter = writing.letter
        if letter is None or letter.call is None:
            return
        moved = _letter(letter.call, row)
        if (moved.conversation, moved.kind) != (letter.conversation, letter.kind):
            writing.turn_into(moved)
            if row is not None:
                self.screen.reading.open(row.conversation.id)
        self.open_bar(moved)

    # written down

    def _save(self, closes: bool = False) -> None:
        letter = self.screen.writing.letter
        if letter is None or letter.call is None:
            return
        call = letter.call
        promises = Promised(call.until, call.aim, call.promised) if call.until is not None else None
        self.screen.sending.write_down(
            letter,
            "call",
            {
                "text": self.screen.writing.text,
                "way": call.way,
                "at": call.at,
                "seconds": call.seconds,
                "conversation": letter.conversation or None,
                "customer": call.customer,
                "name": call.name,
                "number": call.number,
                "promises": promises,
                "follow_up": call.follow_up,
                "what_for": call.what_for,
                "closes": closes,
            },
        )

    def saved(self, letter: Letter, conversation: int) -> None:
        """It is in the record: what that means, in a few words."""
        self.screen.moving.open_conversation(conversation)
        call = letter.call or CallNotes()
        counts = "nobody was reached, it stays as it is" if call.way == MISSED else "it counts as an answer"
        self.screen.say(f"Call written down: {counts}. {self.called('undo')} takes it back.")


def _known(customer: Customer, number: str, row: Row | None, words: str = "") -> Option:
    """Somebody who is known, as an answer; with the `number` that was typed, else the first of theirs."""
    phones = [each.value for each in customer.identities if each.kind == "phone"]
    call = CallNotes(customer=customer.id, name=customer.name, number=number or next(iter(phones), ""))
    known = ", ".join(one_line(each.value, 60) for each in customer.identities[:3])
    return Option(one_line(words or customer.name, 60) or "(no name)", (call, row), known)


def _letter(call: CallNotes, row: Row | None) -> Letter:
    """The form of a call; of those that begin a conversation each has a draft of its own."""
    with_whom = call.customer or fold_number(call.number) or call.name
    return Letter("call" if row is not None else f"call {with_whom}", row, call=call)
