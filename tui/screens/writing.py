"""Writing: a reply or a note below the conversation, its draft on disk each second, and the bar it is sent from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from textual.timer import Timer

from inbox.model import Instant
from inbox.ports import Draft, Outcome, Store
from inbox.text import one_line
from tui.prompts import Option, Prompt
from tui.screens.doing import Deed, decision
from tui.screens.part import Part
from tui.widgets.hint_line import sign

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen
    from tui.screens.letter import Letter
    from tui.widgets.composer import ComposeHead, Composer
    from tui.widgets.letters import Opened

SLOW, SLOW_WINDOW = 0.15, 30
"""Seconds of a round trip that make a line slow, and of the undo window then."""

WARM = 0.4
"""Seconds after the first paint until what the first verbs need is loaded."""

NEEDED_SOON = (
    "tui.widgets.composer",
    "tui.screens.letter",
    "tui.screens.questions",
    "inbox.actions",
    "textual.fuzzy",
)


class Writing(Part):
    """The composer, its draft, and sending."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.letter: Letter | None = None
        self._composer: Composer | None = None
        self._head: ComposeHead | None = None
        self._catching_up = False  # what is read next counts as seen
        self._saved = ""
        self._saving: Timer | None = None

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "reply": lambda: self.begin("reply"),
            "reply-all": lambda: self.begin("reply-all"),
            "note": lambda: self.begin("note"),
            "send": self._send_bar,
            "send-now": lambda: self._send("waiting"),
            "send-and-close": lambda: self._send("closed"),
            "send-and-snooze": self._send_and_snooze,
            "leave-draft": self._leave,
            "discard-draft": self._discard,
            "edit-outside": self._edit_outside,
        }

    # the composer

    @property
    def is_open(self) -> bool:
        """Whether something is being written."""
        return self.letter is not None

    def warm_up(self) -> None:
        """Load what the first verbs need, so that the first reply opens as fast as the second."""

        def load(_: object) -> None:
            for name in NEEDED_SOON:
                import_module(name)

        self.background.read("warm-up", load, lambda _: None)

    def make_ready(self) -> tuple[Composer, ComposeHead]:
        """Bring the composer to the screen when it is first needed."""
        if self._composer is None or self._head is None:
            from tui.widgets.composer import ComposeHead, Composer

            self._composer, self._head = Composer(), ComposeHead()
            self.screen.mount(self._head, self._composer)
        return self._composer, self._head

    def begin(self, kind: str) -> None:
        """Write to the conversation under the hands; a draft of it is found again."""
        from tui.screens.letter import letter_to

        row = self.screen.doing.target
        if row is None:
            return
        opened = self.screen.conversation.opened
        if opened is not None and opened.id == row.conversation.id:
            items = list(opened.items)
        else:
            items = self.seat.store.items(row.conversation.id)
            self.screen.reading.open(row.conversation.id)
        self._open(letter_to(row, kind, items, self.seat))

    def open_draft(self, draft: Draft) -> None:
        """Write on at a draft."""
        from tui.screens.letter import letter_to

        rows = self.seat.store.rows([draft.conversation])
        if rows:
            self._open(
                letter_to(rows[0], draft.kind, self.seat.store.items(draft.conversation), self.seat),
                draft.text,
            )

    def _open(self, letter: Letter, text: str | None = None) -> None:
        composer, head = self.make_ready()
        if text is None:
            mine = [
                draft
                for draft in self.seat.store.drafts(letter.conversation)
                if draft.who == self.seat.who.name and draft.kind == letter.kind
            ]
            text = mine[0].text if mine else ""
        self.letter, self._saved = letter, text
        composer.begin(text)
        self.screen.place = "conversation"
        self.screen.show_place()
        self.screen.set_focus(composer)
        more = letter.row.customer_open - 1
        beside = (
            f"{letter.row.customer_name} has {more} more open" if more > 0 and letter.kind != "note" else ""
        )
        head.show(letter.title, "draft found again" if text else beside)
        if letter.warning:
            self.screen.say(f"! {letter.warning}")
        self.screen.call_after_refresh(self.screen.conversation.last_message_in_sight)
        self.screen.reading.show_presence()

    def _close(self) -> None:
        self.letter = None
        self.screen.set_focus(None)
        self.screen.show_place()
        self.screen.reading.again()
        self.screen.reading.show_presence()

    def reread(self, opened: Opened) -> None:
        """The conversation that is written in was read again: the customer's last message stays in sight."""
        if self.letter is not None and self.letter.conversation == opened.id:
            if self._catching_up:
                self.letter = replace(self.letter, row=opened.row)
                self._catching_up = False
                self.screen.conversation.scroll_to_line(len(opened.items) * 10_000)
            else:
                self.screen.conversation.last_message_in_sight()

    # keys

    @property
    def text(self) -> str:
        """What is written so far."""
        return self._composer.text if self._composer is not None and self.letter is not None else ""

    def type_key(self, key: str, character: str | None) -> None:
        """A key that is no verb: text, or moving about in it."""
        if self._composer is not None and self._composer.type_key(key, character):
            self._changed()

    def paste(self, text: str) -> None:
        """Pasted text is text."""
        if self._composer is not None:
            self._composer.put(text)
            self._changed()

    # the draft

    def _changed(self) -> None:
        if self._saving is None and self.text != self._saved:
            self._saving = self.screen.set_timer(self.seat.pace.draft, self.save_now)

    def save_now(self) -> None:
        """Put the draft on disk, off the loop."""
        if self._saving is not None:
            self._saving.stop()
            self._saving = None
        if self.letter is None or self.text == self._saved:
            return
        self._saved = self.text
        draft = self._draft(self.letter, self._saved)
        self.background.write(lambda store: store.save_draft(draft), lambda _: self._kept(), slot="draft")

    def _kept(self) -> None:
        if self.letter is None:
            self.screen.reading.again()
        elif self._head is not None and self._head.state != "draft kept":
            self._head.show(self.letter.title, "draft kept")

    def _draft(self, letter: Letter, text: str) -> Draft:
        return Draft(
            letter.conversation,
            self.seat.who.name,
            letter.kind,
            text,
            letter.to,
            letter.cc,
            at=self.seat.now(),
        )

    def _leave(self) -> None:
        if self.screen.prompt is not None:  # from the send bar back to the text
            self.screen.close_prompt()
            return
        letter, text = self.letter, self.text
        self.save_now()
        self._close()
        if letter is not None and text.strip():
            keys = self.seat.keymap.keys_for("conversation", letter.kind)
            self.screen.say(f"The draft is kept: {sign(keys[0]) if keys else letter.kind} opens it again.")

    def _discard(self) -> None:
        letter, text = self.letter, self.text
        if letter is None:
            return
        self._forget(letter)
        self._close()
        if text.strip():
            self.screen.doing.remember(
                Deed("discard-draft", (letter.conversation,), "conversation", draft=self._draft(letter, text))
            )
            self.screen.say("Thrown away. u brings it back.")

    def _forget(self, letter: Letter) -> None:
        if self._saving is not None:
            self._saving.stop()
            self._saving = None
        draft = self._draft(letter, "")
        self.background.write(lambda store: store.save_draft(draft), slot="draft")

    def _edit_outside(self) -> None:
        if self.seat.restricted:
            self.screen.say("No editor here: this account is restricted, and an editor is a shell.")
            return
        from tui.screens.editor import edited

        text = edited(self.screen.frontdesk, self.text)
        if text is not None and self._composer is not None:
            self._composer.begin(text)
            self._changed()
            self._send_bar()

    # sending

    def _send_bar(self) -> None:
        letter = self.letter
        if letter is None:
            return
        if not self.text.strip():
            self.screen.say("Nothing is written yet.")
            return
        self.save_now()
        if letter.kind == "note":
            self._write_note(letter)
            return
        options = [
            Option("send", None, key="enter"),
            Option("send + close", None, key="e"),
            Option("send + snooze", None, key="s"),
            Option("back", None, key="escape"),
        ]
        to = ", ".join((*letter.to, *letter.cc)) or one_line(letter.row.customer_name, 40)
        question = (
            f"to {to} · from {letter.sender or letter.row.conversation.mailbox or 'us'} · then: waiting "
        )
        self.screen.ask(Prompt(question, lambda _: None, lambda _: options, asks_line=False, context="send"))

    def _send_and_snooze(self) -> None:
        letter = self.letter
        self.screen.close_prompt()
        if letter is not None:
            self.screen.doing.questions.ask_until(
                "Send, and snooze", lambda until: self._send("snoozed", until), letter.row
            )

    def _send(self, then: str, until: Instant | None = None) -> None:
        letter = self.letter
        if letter is None:
            return
        if self.screen.prompt is not None:
            self.screen.close_prompt()
        arguments: dict[str, Any] = {
            "conversation": letter.conversation,
            "text": self.text,
            "to": letter.to,
            "cc": letter.cc,
            "sender": letter.sender,
            "then": then,
            "leave_after": self._undo_window,
            "item": letter.item,
            "quoted": letter.quoted,
            "seen": letter.row.conversation.seq,
        }
        if until is not None:
            arguments["until"] = until
        self._change(letter, letter.kind, arguments)

    @property
    def _undo_window(self) -> int:
        """Seconds a reply waits: over a slow line what was sent is seen later, so it waits longer."""
        return max(self.seat.undo_window, SLOW_WINDOW if self.screen.keyboard.round_trip > SLOW else 0)

    def _write_note(self, letter: Letter) -> None:
        self._change(letter, "note", {"conversation": letter.conversation, "text": self.text})

    def _change(self, letter: Letter, verb: str, arguments: dict[str, Any]) -> None:
        who, now, key = self.seat.who, self.seat.now(), uuid4().hex
        draft, empty = self._draft(letter, self.text), self._draft(letter, "")

        def change(store: Store) -> Outcome:
            outcome = store.change(*decision(verb, **arguments), who, now, key)
            if outcome.refusal is None:
                store.save_draft(empty)
            return outcome

        self.screen.keyboard.wait()
        self.background.write(change, lambda outcome: self._changed_it(letter, verb, draft, outcome))

    def _changed_it(self, letter: Letter, verb: str, draft: Draft, outcome: Outcome) -> None:
        screen = self.screen
        if outcome.refusal is not None:
            screen.keyboard.go_on()
            screen.refuse(outcome.refusal)
            self._catching_up = True
            screen.reading.open(letter.conversation)  # what came in between is shown, and then counts as seen
            return
        self._saved = ""
        self._close()
        note = verb == "note"
        deed = Deed(verb, (letter.conversation,), "conversation", draft=draft)
        screen.doing.remember(deed)
        screen.shelf.rang(frozenset((letter.conversation,)))
        if note:
            screen.reading.open(letter.conversation)
            screen.say("Note written. u takes it back.")
        else:
            screen.status.count_down(self.seat.now() + self._undo_window)
            screen.doing.advance(letter.conversation, "conversation")
        screen.keyboard.go_on()
