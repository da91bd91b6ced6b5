"""Writing: a reply or a note below the conversation, and its draft on disk each second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from textual.timer import Timer

from inbox.ports import Draft
from tui.screens.deeds import Deed
from tui.screens.part import Part
from tui.widgets.hint_line import sign

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen
    from tui.screens.letter import Letter
    from tui.widgets.composer import ComposeHead, Composer
    from tui.widgets.letters import Opened

WARM = 0.4
"""Seconds after the first paint until what the first verbs need is loaded."""

NEEDED_SOON = (
    "tui.widgets.composer",
    "tui.screens.letter",
    "tui.screens.questions",
    "inbox.actions.reply",
    "textual.fuzzy",
)


class Writing(Part):
    """The composer and its draft."""

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
            self._saved = ""  # it is not on the disk any more
            self._changed()

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

    def close(self) -> None:
        """Put the composer away; what is in it must be kept, sent or thrown away by then."""
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

    def catch_up(self, letter: Letter) -> None:
        """Show what came in between; from then on it counts as seen."""
        self._catching_up = True
        self.screen.reading.open(letter.conversation)

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
        draft = self.draft(self.letter, self._saved)
        self.background.write(lambda store: store.save_draft(draft), lambda _: self._kept(), slot="draft")

    def _kept(self) -> None:
        if self.letter is None:
            self.screen.reading.again()
        elif self._head is not None and self._head.state != "draft kept":
            self._head.show(self.letter.title, "draft kept")

    def draft(self, letter: Letter, text: str) -> Draft:
        """`text` as a draft; an empty one takes the draft from the disk."""
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
        self.close()
        if letter is not None and text.strip():
            keys = self.seat.keymap.keys_for("conversation", letter.kind)
            self.screen.say(f"The draft is kept: {sign(keys[0]) if keys else letter.kind} opens it again.")

    def _discard(self) -> None:
        letter, text = self.letter, self.text
        if letter is None:
            return
        self._forget(letter)
        self.close()
        if text.strip():
            self.screen.deeds.remember(
                Deed("discard-draft", (letter.conversation,), "conversation", draft=self.draft(letter, text))
            )
            self.screen.say("Thrown away. u brings it back.")

    def _forget(self, letter: Letter) -> None:
        if self._saving is not None:
            self._saving.stop()
            self._saving = None
        draft = self.draft(letter, "")
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
            self.screen.sending.open_bar()
