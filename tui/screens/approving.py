"""Saying yes to what a trainee wrote: one key lets it go, one edits it first, one gives it back with a note.

Of several letters that wait in a conversation the oldest comes first. What speaks against a letter by now is said
before it goes, and asks for a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

from inbox.model import Event, Role
from inbox.ports import AMENDS, Draft, Outcome
from inbox.text import one_line
from tui.prompts import Option, Prompt
from tui.screens.deeds import Deed, decision
from tui.screens.part import Part

if TYPE_CHECKING:
    from inbox.checks import Check
    from inbox.ports import Item, Row, Workspace
    from tui.screens.letter import Letter


class Waiting(NamedTuple):
    """A letter that waits for a yes: its conversation, what queued it, what speaks against it, and up to which event that
    is known."""

    row: Row
    queued: Event
    stops: Sequence[Check] = ()
    seen: int = 0


class Approving(Part):
    """Decides on what waits for a yes."""

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "approve": lambda: self._with_letter(self._approve),
            "amend": lambda: self._with_letter(self._amend),
            "give-back": lambda: self._with_letter(self._give_back),
        }

    def _with_letter(self, then: Callable[[Waiting], None]) -> None:
        """Read the letter that waits in the conversation under the hands, and what speaks against it."""
        row = self.screen.target
        if row is not None:
            self.look_at(row.conversation.id, None, then)

    def approve(self, conversation: int, message: int) -> None:
        """Say yes to a letter that is seen elsewhere than in its conversation."""
        self.look_at(conversation, message, self._approve)

    def look_at(self, conversation: int, message: int | None, then: Callable[[Waiting], None]) -> None:
        """Read a letter that waits, the oldest unless one is named, and go on with it."""

        def look(store: Workspace) -> Waiting | str:
            from inbox.approvals import looked_at, settled, waiting

            rows, events = store.rows([conversation]), store.events(conversation)
            asked = [each for each in waiting(events) if message in (None, each.message)]
            if not rows or not asked:
                return settled(events, message)
            stops = looked_at(store, conversation, asked[0])
            return Waiting(rows[0], asked[0], stops, events[-1].seq)

        def go_on(found: Waiting | str) -> None:
            if isinstance(found, str):
                self.screen.say(found)
            else:
                then(found)

        self.ask_first(look, go_on)

    # yes

    def _approve(self, letter: Waiting) -> None:
        if not letter.stops:
            self._let_go(letter, "")
            return

        def accept(answer: Option | str) -> None:
            why = one_line(str(answer), 200).strip()
            if why:
                self._let_go(letter, why)
            else:
                self.screen.say("Nothing was sent: it still waits for a yes.")

        self.screen.ask(
            Prompt(
                f"Let {_whose(letter)} go all the same, because",
                accept,
                free=True,
                note=" · ".join(stop.words for stop in letter.stops),
                urgent=True,
            )
        )

    def _let_go(self, letter: Waiting, anyway: str) -> None:
        window = self.screen.sending.undo_window

        def done(outcome: Outcome) -> None:
            screen = self.screen
            self._freshen(letter)
            later = next((event.data["leave_at"] for event in outcome.events if "leave_at" in event.data), 0)
            screen.sending.say_leaves(later)
            screen.doing.advance(letter.row.conversation.id, place)

        place = self.screen.place
        stops = [stop.name for stop in letter.stops]
        self._write(
            letter,
            "approve",
            done,
            leave_after=window,
            seen=letter.seen,
            anyway=anyway,
            overridden=stops if anyway else (),
        )

    # back to who wrote it

    def _give_back(self, letter: Waiting) -> None:
        if self._is_own(letter):
            self._take_back(letter)
            return

        def accept(answer: Option | str) -> None:
            def done(_: Outcome) -> None:
                self._freshen(letter)
                self.screen.say(f"It is {who}'s draft again, and your note calls for them.")

            self._write(letter, "give-back", done, text=str(answer))

        who = one_line(letter.queued.who, 30)
        self.screen.ask(Prompt(f"Back to {who}, who is to change:", accept, free=True))

    def _is_own(self, letter: Waiting) -> bool:
        """Whether one can only take it back: one's own; of another's a trainee is told who may decide."""
        return letter.queued.who == self.seat.who.name or self.seat.who.role is Role.TRAINEE

    def _take_back(self, letter: Waiting) -> None:
        """One's own: a draft again, and opened."""
        here, me = letter.row.conversation.id, self.seat.who.name

        def done(_: Outcome) -> None:
            self._freshen(letter)
            self.background.read("taken-back", find, write_on)

        def find(store: Workspace) -> Draft | None:
            kind = str(letter.queued.data.get("kind", "reply"))
            there = store.drafts(0 if kind == "new" else here)
            return next((each for each in there if (each.who, each.kind) == (me, kind)), None)

        def write_on(draft: Draft | None) -> None:
            if draft is None:
                return
            if draft.conversation:
                self.screen.moving.open_conversation(here)
            self.screen.writing.open_draft(draft)
            self.screen.say("Taken back: nobody is asked for a yes any more. Here is the draft.")

        self._write(letter, "give-back", done)

    # edited

    def _amend(self, letter: Waiting) -> None:
        if self._is_own(letter):
            self._take_back(letter)
            return
        queued, here = letter.queued, letter.row.conversation.id

        def found(draft: Draft) -> None:
            if self.screen.reading.wanted != here or self.screen.place == "list":
                self.screen.moving.open_conversation(here)
            self.open_draft(draft)

        self.ask_first(lambda store: _begun(store, queued, self.seat.who.name, here), found)

    def open_draft(self, draft: Draft) -> None:
        """Write on at what is being made of somebody else's letter."""
        store = self.seat.store
        message = int(draft.kind.partition(" ")[2])
        rows, items = store.rows([draft.conversation]), store.items(draft.conversation)
        queued = next((e for e in store.events(draft.conversation) if e.message == message), None)
        if not rows or queued is None:
            return
        self.screen.writing.open_letter(self._letter(rows[0], items, queued, draft), draft)

    def _letter(self, row: Row, items: Sequence[Item], queued: Event, draft: Draft) -> Letter:
        from inbox.approvals import answered_by
        from tui.screens.letter import letter_new, letter_to

        kind = str(queued.data.get("kind", "reply"))
        letter = letter_new(self.seat) if kind == "new" else letter_to(row, kind, items, self.seat)
        theirs = next((item for item in items if item.id == queued.message), None)
        answered = answered_by(items, theirs) if theirs is not None else None
        return replace(
            letter.found_again(draft),
            row=row,
            item=answered if kind in ("reply", "reply-all") else letter.item,
            instead=queued.message or 0,
            of=queued.who,
            by_hand="",
        )

    # writing it down

    def _write(self, letter: Waiting, verb: str, then: Callable[[Outcome], None], **arguments: Any) -> None:
        who, now, key = self.seat.who, self.seat.now(), uuid4().hex
        arguments |= {"conversation": letter.row.conversation.id, "message": letter.queued.message}
        deed = Deed(verb, (letter.row.conversation.id,), self.screen.place, arguments)

        def done(outcome: Outcome) -> None:
            screen = self.screen
            if outcome.refusal is not None:
                self._freshen(letter)
                screen.refuse(outcome.refusal)
            else:
                screen.deeds.remember(deed, next(iter(outcome.events), None))
                then(outcome)
            screen.keyboard.go_on()

        self.screen.keyboard.wait()
        edited = Draft(letter.row.conversation.id, who.name, f"{AMENDS} {letter.queued.message}", "")

        def change(store: Workspace) -> Outcome:
            outcome = store.change(*decision(verb, **arguments), who, now, key)
            if outcome.refusal is None:
                store.save_draft(edited)  # what one had begun to make of it
            return outcome

        self.background.write(change, done)

    def _freshen(self, letter: Waiting) -> None:
        self.screen.doing.freshen((letter.row.conversation.id,))


def _whose(letter: Waiting) -> str:
    return f"{one_line(letter.queued.who, 30)}'s letter"


def _begun(store: Workspace, queued: Event, me: str, conversation: int) -> Draft:
    """What one has made of a letter already; else what was written, as one's own draft of it."""
    kind = f"{AMENDS} {queued.message}"
    begun = (each for each in store.drafts(conversation) if (each.who, each.kind) == (me, kind))
    return next(begun, None) or replace(store.letter(queued), conversation=conversation, who=me, kind=kind)
