"""Sending: the bar with everything that matters on one line, the way into the outbox, and on to the next one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from inbox.model import Instant, Refusal, Role
from inbox.ports import Draft, Outcome, Workspace
from inbox.recipients import parse_recipients
from inbox.text import cells, one_line
from tui.fields import joined
from tui.prompts import Option, Prompt
from tui.screens.carrying import Carrying
from tui.screens.checking import Standing, standing
from tui.screens.deeds import Deed, decision
from tui.screens.handing import called_by
from tui.screens.part import Part
from tui.screens.promising import Promising
from tui.times import moment
from tui.widgets.hint_line import sign

if TYPE_CHECKING:
    from inbox.actions.reply import Made
    from tui.screens.inbox import InboxScreen
    from tui.screens.letter import Letter
    from tui.seat import Seat

SLOW, SLOW_WINDOW = 0.15, 30
"""Seconds of a round trip that make a line slow, and of the undo window then."""


class Sending(Part):
    """Takes a letter from the composer to the outbox."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._standing = Standing()
        self._anyway = ""  # the reason why a hard stop does not hold this letter
        self._promising = Promising(screen, self._show_again)
        self._carrying = Carrying(screen)

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "send": self.open_bar,
            "send-now": self._send,
            "send-and-close": lambda: self._send("closed"),
            "send-and-snooze": self._send_and_snooze,
            "send-later": self._send_later,
            "send-anyway": self._ask_why,
            "drop-hint": self._drop_hint,
            "promise-kept": self._promising.keep,
            "promise-made": self._promising.take_on,
        }

    @property
    def needless(self) -> frozenset[str]:
        """What the bar has no use for with this letter."""
        letter = self.screen.writing.letter
        by_hand = letter is not None and letter.goes_by_hand
        return self._promising.needless | ({"send-later"} if by_hand else frozenset())

    # the bar

    def open_bar(self) -> None:
        """Ask once more, with everything that matters on one line; a note is written at once."""
        writing = self.screen.writing
        letter = writing.letter
        if letter is None:
            return
        if writing.attaching.busy_with:
            self.screen.say(f"{writing.attaching.busy_with} is still being attached.")
            return
        if letter.goes_by_hand and letter.files:
            off = self.called("attach", "compose")
            self.screen.say(
                f"Files cannot be copied: attach them in {letter.by_hand}. {off} takes them off here."
            )
            return
        if letter.call is not None:
            writing.save_now()
            self.screen.calling.open_bar(letter)
            return
        if not writing.text.strip() and not (letter.leaves and letter.files):
            self.screen.say("Nothing is written yet.")
            return
        writing.addressing.close()
        writing.save_now()
        if letter.kind.startswith("tell"):
            self.screen.telling.written(letter, writing.text)
            return
        if letter.kind == "note":
            self.write_down(
                letter,
                "note",
                {"conversation": letter.conversation, "text": writing.text, "team": self.seat.team},
            )
            return
        self._anyway = ""
        text, seat = writing.text, self.seat
        self._promising.begin(letter, text)
        self.screen.keyboard.wait()  # the next key is meant for the bar
        self.background.write(
            lambda store: standing(store, letter, text, seat), lambda found: self._looked(letter, found)
        )

    def _looked(self, letter: Letter, found: Standing) -> None:
        self._standing = found
        if self.screen.writing.letter is not None:
            self._show_bar(letter)
        self.screen.keyboard.go_on()

    def _show_bar(self, letter: Letter) -> None:
        if letter.goes_by_hand:
            self._show_hand_bar(letter)
            return
        then = "waiting" if letter.kind != "forward" else "as it is"
        rest = [f"then: {then}"]
        if letter.files:
            rest.insert(0, "1 file" if len(letter.files) == 1 else f"{len(letter.files)} files")
        bar = Prompt(
            _in_short(letter, rest, self._standing.count(), self.screen.size.width - 2),
            lambda _: None,
            asks_line=False,
            context="send",
            note=" · ".join(filter(None, self._notes())),
            urgent=bool(self._standing.stops) and not self._anyway,
        )
        self.screen.ask(bar)

    def _show_hand_bar(self, letter: Letter) -> None:
        """Copy it, and ask whether it has arrived. What is held is not copied: it would be there before it is mended."""
        holds = bool(self._standing.stops) and not self._anyway

        def ask(where: str) -> None:
            sent, back = (self.called(verb, "send") for verb in ("send-now", "leave-draft"))
            question = (
                f"Paste it in {letter.by_hand}, then {sent}: sent · {back}: not sent"
                if not holds
                else f"For {letter.by_hand}, not copied yet"
            )
            self.screen.ask(
                Prompt(
                    question,
                    lambda _: None,
                    asks_line=False,
                    context="send",
                    note=" · ".join(filter(None, (where, *self._notes()))),
                    urgent=holds,
                )
            )

        if holds:
            ask("")
        else:
            self._carrying.ready(self.screen.writing.text.strip(), ask)

    def _notes(self) -> list[str]:
        """What stands above the bar: what stops the letter, what is promised, what hints say."""
        said, promised = self._standing.line(self.seat.keymap, self._anyway), self._promising.line()
        return [said, promised] if self._standing.stops and not self._anyway else [promised, said]

    def _show_again(self) -> None:
        letter = self.screen.writing.letter
        if letter is not None:
            self._show_bar(letter)

    def _stopped(self, closes: bool = False) -> bool:
        """Whether something holds the letter: said once more, and the bar stays."""
        final = self._standing.final
        stop = final or (None if self._anyway else next(iter(self._standing.holding(closes)), None))
        if stop is None:
            return False
        self.screen.keyboard.drop()
        letter = self.screen.writing.letter
        if stop.mend == "read" and letter is not None:  # what is new is shown; from then on it counts as seen
            self.screen.close_prompt()
            self.screen.writing.catch_up(letter)
            self.screen.say(f"Not sent. {stop.words} {stop.next_step}")
            return True
        keys = self.seat.keymap.keys_for("send", "send-anyway") if final is None else ()
        way = f"{sign(keys[0])} sends it anyway, with a reason." if keys else stop.next_step
        self.screen.say(f"Not sent. {stop.words} {way}")
        return True

    def _ask_why(self) -> None:
        letter = self.screen.writing.letter
        if letter is None:
            return
        if self._standing.final is not None:
            self.screen.say(f"No reason helps here. {self._standing.final.words}")
            return
        if not self._standing.stops:
            self.screen.say("Nothing holds it: it can simply be sent.")
            return

        def accept(answer: Option | str) -> None:
            self._anyway = one_line(str(answer), 200).strip()
            self._show_bar(letter)

        self.screen.ask(Prompt("Send it anyway, because", accept, free=True))

    def _drop_hint(self) -> None:
        """A hint that is always passed over is not to come again."""
        hint = self._standing.leaving
        letter = self.screen.writing.letter
        if hint is None or letter is None:
            self.screen.say("No hint offers to leave: that takes being passed over five times.")
            return
        who = self.seat.who.name
        self.background.write(lambda store: store.documents.let_hint_leave(who, hint.name))
        self._standing = self._standing.without(hint)
        self._show_bar(letter)

    # the ways to send

    def _send_and_snooze(self) -> None:
        letter = self.screen.writing.letter
        if letter is None or self._stopped():
            return
        self.screen.close_prompt()
        self.screen.doing.questions.ask_until(
            "Send, and snooze", lambda until: self._send("snoozed", until), letter.row
        )

    def _send_later(self) -> None:
        """Ask when, with the customer's own morning as far as it can be told."""
        letter = self.screen.writing.letter
        if letter is None or self._stopped():
            return
        if letter.goes_by_hand:
            self.screen.say("What goes by hand does not leave by itself later: carry it there then.")
            return
        if self._promising.refuses_later:
            self.screen.say(self._promising.refuses_later)
            return
        self.screen.close_prompt()
        item, now = letter.item, self.seat.now()

        def look(store: Workspace) -> int | None:
            from inbox.leaving import offset_written

            raw = store.raw(item.id) if item is not None and item.direction == "in" else None
            return offset_written(raw) if raw is not None else None

        def ask(offset: int | None) -> None:
            more: list[Option] = []
            if offset is not None:
                from inbox.leaving import clock_there, their_morning

                morning = their_morning(offset, now)
                words = f"{moment(morning, now, self.seat.zone)}, 9:00 at {clock_there(offset)}"
                more.append(Option("in their morning", morning, words, "i"))
            self.screen.doing.questions.ask_until(
                "Send", lambda at: self._send(leave_at=at), letter.row, more=more
            )

        self.ask_first(look, ask)

    def _send(
        self, then: str | None = None, until: Instant | None = None, leave_at: Instant | None = None
    ) -> None:
        letter, closes = self.screen.writing.letter, then == "closed"
        if letter is None or self._stopped(closes):
            return
        if self.screen.prompt is not None:
            self.screen.close_prompt()
        arguments: dict[str, Any] = {
            "anyway": self._anyway,
            "overridden": [stop.name for stop in self._standing.holding(closes)] if self._anyway else (),
        }
        if letter.row is not None:
            arguments |= {"conversation": letter.conversation, "seen": letter.row.conversation.seq}
        else:
            arguments["us"] = self.seat.us
        if then is not None:
            arguments |= {"then": then, "until": until}
        arguments |= self._promising.arguments()
        if letter.goes_by_hand:  # it is there, as the writer says
            self.write_down(letter, "by-hand", arguments | {"text": self.screen.writing.text})
            return
        arguments |= {"leave_after": self.undo_window, "leave_at": leave_at, "files": letter.files}
        mailbox = self._mailbox(letter)
        if mailbox is not None:
            arguments["mailbox"] = mailbox
        if letter.instead:
            self.write_down(letter, "amend", arguments | {"message": letter.instead}, leave_at)
            return
        self.write_down(letter, letter.kind, arguments, leave_at)

    def not_sent(self) -> None:
        """Nothing is to be carried any more: back to the text, or done."""
        self._carrying.put_away()

    def _mailbox(self, letter: Letter) -> str | None:
        """The mailbox it goes out with: that of its sender."""
        from inbox.below import mailbox_of

        found = mailbox_of(self.seat.mailboxes, letter.sender)
        return found.name if found is not None else None

    @property
    def undo_window(self) -> int:
        """Seconds a reply waits: over a slow line what was sent is seen later, so it waits longer."""
        return max(self.seat.undo_window, SLOW_WINDOW if self.screen.keyboard.round_trip > SLOW else 0)

    # doing it

    def write_down(
        self, letter: Letter, verb: str, arguments: dict[str, Any], leave_at: Instant | None = None
    ) -> None:
        """Do the verb that a letter is for, and put the composer away; where it is refused, all stays as it is."""
        seat, who, now, key = self.seat, self.seat.who, self.seat.now(), uuid4().hex
        text = self.screen.writing.text
        draft = replace(self.screen.writing.draft(letter, text), at=now)
        passed_over = self._standing.passed_over(arguments.get("then") == "closed") if letter.leaves else []

        def change(store: Workspace) -> Outcome:
            from tui.screens.helping import used_in

            if letter.leaves and letter.used:
                arguments["used"] = used_in(store, letter.used, text)
            if letter.leaves and not letter.goes_by_hand:
                made = _made(store, letter, text, seat, leave_at or now)
                if isinstance(made, Refusal):
                    return Outcome(refusal=made)
                arguments["made"] = made
                if letter.kind == "new" and not letter.instead:
                    arguments.update(to=letter.to, cc=letter.cc, bcc=letter.bcc)
            outcome = store.change(*decision(verb, **arguments), who, now, key)
            if outcome.refusal is None:
                store.save_draft(Draft(draft.conversation, draft.who, draft.kind, ""))
                if passed_over:
                    store.documents.ignore_hints(who.name, passed_over)
            return outcome

        self.screen.keyboard.wait()
        self.background.write(
            change,
            lambda outcome: self._sent(
                letter, Deed(verb, (), "conversation", draft=draft), leave_at, outcome
            ),
        )

    def _sent(self, letter: Letter, deed: Deed, leave_at: Instant | None, outcome: Outcome) -> None:
        screen = self.screen
        if outcome.refusal is not None:
            screen.refuse(outcome.refusal)
            screen.keyboard.go_on()
            screen.writing.catch_up(letter)
            return
        screen.writing.close()
        conversation = letter.conversation or next(iter(outcome.conversations), 0)
        screen.deeds.remember(replace(deed, conversations=(conversation,)), next(iter(outcome.events), None))
        screen.shelf.rang(frozenset((conversation,)))
        if letter.call is not None:
            screen.calling.saved(letter, conversation)
        elif not letter.leaves:
            screen.reading.open(conversation)
            whom = called_by(outcome, self.seat.team, self.seat.who.name, screen.together.away)
            screen.say(f"Note written.{whom} {self.called('undo')} takes it back.")
        elif letter.goes_by_hand:
            screen.say(f"Written down: sent by hand, {letter.by_hand}. {self.called('undo')} takes it back.")
            screen.doing.advance(conversation, "conversation")
        else:
            self._say_when(letter, leave_at)
            if letter.kind == "forward" and letter.row is not None and _left_as_it_was(outcome):
                screen.reading.open(conversation)  # the customer still waits here
            elif letter.row is not None:
                screen.doing.advance(conversation, "conversation")
            else:
                screen.go_to("list")
        screen.keyboard.go_on()

    def _say_when(self, letter: Letter, leave_at: Instant | None) -> None:
        screen, now = self.screen, self.seat.now()
        if self.seat.who.role is Role.TRAINEE:
            screen.say(
                f"It leaves as soon as an owner or agent says yes. {self.called('undo')} takes it back."
            )
        elif leave_at is not None:
            when = moment(leave_at, now, self.seat.zone)
            due = letter.row.due_at if letter.row is not None and letter.kind != "forward" else None
            late = ", after the deadline" if due is not None and due < leave_at else ""
            screen.say(
                f"It leaves {when}{late}, unless the customer writes first. {self.called('undo')} takes it back."
            )
        else:
            self.say_leaves(now + self.undo_window)

    def say_leaves(self, at: Instant) -> None:
        """Say when something leaves that was let go: seconds are counted down."""
        screen, undo = self.screen, self.called("undo")
        if not self.seat.sends:
            screen.say(
                f"It waits: no mailbox is set up here yet. frontdesk init adds one. {undo} takes it back."
            )
        elif at > self.seat.now() + self.undo_window:
            screen.say(f"It leaves {moment(at, self.seat.now(), self.seat.zone)}. {undo} takes it back.")
        else:
            screen.status.count_down(at)


def _left_as_it_was(outcome: Outcome) -> bool:
    """Whether what was sent left the conversation what it was."""
    return not any("then" in event.data for event in outcome.events)


def _in_short(letter: Letter, rest: Sequence[str], counts: Sequence[str], width: int) -> str:
    """To whom, from whom, `rest` and `counts` in one line of `width` cells.

    Where it is too long, names go first, then those after the first recipient, then the counts: what they count stands
    above the line.
    """
    everybody = [*letter.to, *letter.cc, *letter.bcc]
    bare = [each.address for each in parse_recipients(joined(everybody))[0]]
    local = f"{letter.sender.partition('@')[0]}@…" if letter.sender else "nobody"
    more = f" and {len(bare) - 1} more" if len(bare) > 1 else ""
    words = ""
    for to, sender, last in (
        (joined(everybody), letter.sender, counts),
        (joined(bare), letter.sender, counts),
        (joined(bare), local, counts),
        (joined(bare[:1]) + more, local, counts),
        (joined(bare[:1]) + more, local, ()),
    ):
        words = " · ".join((f"to {to or 'nobody'}", f"from {sender or 'nobody'}", *rest, *last))
        if cells(words) <= width:
            break
    return words


@dataclass(frozen=True, slots=True)
class Below:
    """What stands below the text of a letter, and whether it goes out as HTML as well ("text" or "both")."""

    signature: str
    quoted: str
    form: str


def below(store: Workspace, letter: Letter, seat: Seat) -> Below:
    """The signature in the language of the conversation, and the history that everybody it goes to has seen."""
    from inbox.below import answered_in, format_for, history, quote_for, signature_for
    from inbox.settings import Settings

    if letter.goes_by_hand:
        return Below("", "", "text")
    settings = seat.settings or Settings()
    waits = store.item(letter.instead) if letter.instead else None
    if waits is not None:  # it goes with what they had chosen who wrote it
        return Below(waits.signature, waits.quoted, format_for(settings, letter.sender))
    items = store.items(letter.conversation) if letter.row is not None else []
    item = letter.item if letter.kind in ("reply", "reply-all") else None
    readers = (*letter.to, *letter.cc, *letter.bcc)
    how = quote_for(settings, letter.sender)
    theirs = letter.row.customer_addresses if letter.row is not None else ()
    number = letter.row.conversation.customer if letter.row is not None else None
    language = answered_in(store.customer(number) if number is not None else None, items)
    return Below(
        signature_for(settings, letter.sender, language, seat.profile, seat.who.name),
        history(items, item, how, readers, seat.us, seat.zone, theirs),
        format_for(settings, letter.sender),
    )


def _made(store: Workspace, letter: Letter, text: str, seat: Seat, date: Instant) -> Made | Refusal:
    """The message with what stands below its text, built before the store is locked: large files take a while."""
    from inbox.actions.reply import make
    from inbox.outgoing import Enclosure

    stands = below(store, letter, seat)
    return make(
        text=text,
        to=letter.to,
        cc=letter.cc,
        bcc=letter.bcc,
        sender=letter.sender,
        subject=letter.subject,
        item=letter.item if letter.kind in ("reply", "reply-all") else None,
        quoted=stands.quoted,
        signature=stands.signature,
        form=stands.form,
        enclosures=[Enclosure(file.name, file.type, store.draft_file(file.sha)) for file in letter.files],
        date=date,
    )
