"""Writing: a message or a note below the conversation, and its draft on disk each second."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.timer import Timer

from inbox.model import ACTIVE
from inbox.ports import AMENDS, Draft, DraftFile
from inbox.rules.reading import RULES
from inbox.verbs import VERBS
from tui.screens.addressing import Addressing
from tui.screens.asked import Asked
from tui.screens.attaching import Attaching
from tui.screens.deeds import Deed
from tui.screens.filling import Filling
from tui.screens.helping import Helping, with_used
from tui.screens.part import Part
from tui.screens.previewing import Previewing

if TYPE_CHECKING:
    from inbox.ports import Item, Store
    from tui.screens.inbox import InboxScreen
    from tui.screens.letter import Letter
    from tui.widgets.composer import ComposeHead, Composer
    from tui.widgets.letters import Opened

REMEMBERED = 50
"""Texts of a draft that are known to be one's own: what is on its way to the disk is among them."""
NOT_KEPT = "draft NOT kept"
KEEP_AGAIN = 5.0
"""Seconds until a draft that the disk did not take is tried again."""


class Writing(Part):
    """The composer and its draft."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.letter: Letter | None = None
        self.addressing = Addressing(screen)
        self.attaching = Attaching(screen)
        self.filling = Filling(screen)
        self.previewing = Previewing(screen)
        self.asked = Asked(screen)
        self.helping = Helping(screen)
        self._composer: Composer | None = None
        self._head: ComposeHead | None = None
        self._catching_up = False  # what is read next counts as seen
        self._newest_in_sight = False  # what came in between is shown, until one writes on
        self._last_in: int | None = None  # what the customer wrote last, as it was last in sight
        self._saved: Draft | None = None  # what lies on the disk
        self._texts: deque[str] = deque(maxlen=REMEMBERED)  # what this screen has found or put there
        self._begun: Draft | None = None  # what stood there before anything was written
        self._saving: Timer | None = None
        self._state = ""

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "reply": lambda: self.begin("reply"),
            "reply-all": lambda: self.begin("reply-all"),
            "forward": lambda: self.begin("forward"),
            "note": lambda: self.begin("note"),
            "new": self.begin_new,
            "fields": self.addressing.open,
            "attach": self.attaching.ask,
            "saved-replies": self.filling.ask,
            "knowledge": self.helping.ask,
            "preview": self.previewing.turn,
            "next-place": self._next_place,
            "to-everybody": self._to_everybody,
            "as-note": self._as_note,
            "leave-draft": self.leave,
            "discard-draft": self._discard,
            "edit-outside": self._edit_outside,
        }

    # the composer

    @property
    def is_open(self) -> bool:
        """Whether something is being written."""
        return self.letter is not None

    def make_ready(self) -> tuple[Composer, ComposeHead]:
        """Bring the composer to the screen when it is first needed."""
        if self._composer is None or self._head is None:
            from tui.widgets.composer import ComposeHead, Composer

            self._composer, self._head = Composer(), ComposeHead()
            self.screen.mount(
                self.helping.pane(), self._head, Vertical(self.asked.pane(), self._composer, id="writing")
            )
        return self._composer, self._head

    def begin(self, kind: str) -> None:
        """Write to the conversation under the hands; a draft of it is found again."""
        from tui.screens.letter import banner_on, letter_to, text_of

        row = self.screen.target
        if kind == "note" and len(self.screen.doing.selected) > 1:
            self.screen.doing.note_on_all()
            return
        if row is None:
            return
        opened = self.screen.conversation.opened
        if opened is not None and opened.id == row.conversation.id:
            items = list(opened.items)
        else:
            items = self.seat.store.items(row.conversation.id)
            self.screen.reading.open(row.conversation.id)
        letter = letter_to(row, kind, items, self.seat)
        if self._found_again(letter):
            return
        banner, words = banner_on(letter, self.seat)
        self._open(letter, banner + text_of(letter, self.seat), at_end=kind != "forward")
        self._say_banner(words)
        if kind == "forward":
            self.attaching.bring(letter)
            self.addressing.open(0)

    def begin_new(self) -> None:
        """Write to somebody, in a conversation that begins."""
        from tui.screens.letter import banner_on, letter_new

        letter = letter_new(self.seat)
        if not self._found_again(letter):
            banner, words = banner_on(letter, self.seat)
            self._open(letter, banner)
            self._say_banner(words)
        elif self.text or (self.letter is not None and self.letter.values != letter.values):
            return  # on in the text; a draft that is nothing yet but files that were sent for it begins as a new one does
        self.addressing.open(0)

    def write_call(self, letter: Letter, draft: Draft | None = None) -> None:
        """Write down what is said on the phone, or go on at the draft of it."""
        if draft is not None:
            self._open(letter.found_again(draft), draft.text, draft)
            if draft not in self.seat.store.drafts(draft.conversation):  # it was thrown away, or taken back
                self._saved = None
                self.changed()
        elif not self._found_again(letter):
            self._open(letter)

    def write_to_many(self, letter: Letter, text: str = "") -> bool:
        """Write one text for many, or go on at the draft of it; whether it begins with `text`."""
        found = self._found_again(letter)
        if not found:
            self._open(letter, text)
        return not found

    def _say_banner(self, words: str) -> None:
        """Say which banner stands on top, where one does."""
        if words:
            self._state = words
            self.show_head()

    def _found_again(self, letter: Letter) -> bool:
        """Open the draft of a letter; False when there is none."""
        me = self.seat.who.name
        drafts = self.seat.store.drafts(letter.conversation)
        of_kind = {draft.who: draft for draft in drafts if draft.kind == letter.draft_kind}
        draft = of_kind.get(me)
        if draft is not None:
            self._open(letter.found_again(draft), draft.text, draft)
        elif (shared := of_kind.get(RULES)) is not None:
            self._take_over(letter, shared)
            return True
        return draft is not None

    def _take_over(self, letter: Letter, shared: Draft) -> None:
        """Write on at a draft that a rule has put here for whoever answers: it is ours from now on."""
        self._open(letter, shared.text)
        self._saved = None
        self._state = "begun by a rule"
        self.show_head()
        self.save_now()
        gone = replace(shared, text="", files=())
        self.background.write(lambda store: store.save_draft(gone))

    def open_draft(self, draft: Draft, *, on_disk: bool = True) -> None:
        """Write on at a draft."""
        from tui.screens.letter import letter_new, letter_to

        if draft.kind.startswith("tell"):
            self.screen.telling.open_draft(draft)
            return
        if draft.call is not None:
            self.screen.calling.open_draft(draft)
            return
        if draft.kind.startswith(f"{AMENDS} "):
            self.screen.approving.open_draft(draft)
            return
        if draft.kind == "new":
            letter = letter_new(self.seat)
        else:
            rows = self.seat.store.rows([draft.conversation])
            if not rows:
                return
            letter = letter_to(rows[0], draft.kind, self.seat.store.items(draft.conversation), self.seat)
        self._open(letter.found_again(draft), draft.text, draft)
        if not on_disk:
            self._saved = None
            self.changed()

    def open_letter(self, letter: Letter, draft: Draft) -> None:
        """Write on at a letter with the words of this draft; it is kept as it stands."""
        self._open(letter, draft.text, draft)
        self._saved = None
        self.changed()

    def correct(self, sent: Item, letter: Letter) -> None:
        """Begin a reply with what was sent, to those who got it; a draft that is there comes first."""
        if self._found_again(letter):
            self.screen.say("A draft was here already: it comes first.")
            return
        self._open(letter, sent.reply)
        self._saved = None
        self.changed()

    def _open(self, letter: Letter, text: str = "", found: Draft | None = None, at_end: bool = True) -> None:
        composer, _ = self.make_ready()
        self.letter, self._catching_up, self._newest_in_sight = letter, False, False
        opened = self.screen.conversation.opened
        self._last_in = opened.last_in.id if opened is not None and opened.last_in is not None else None
        composer.begin(text, at_end)
        self.addressing.close()
        self._saved = self.draft(letter, text)
        self._texts.clear()
        self._texts.append(text.strip())
        self._begun = self._saved if found is None else None
        self._state = "draft found again" if found is not None else self._beside(letter)
        self.screen.place = "conversation"
        alone = letter.row is None and (letter.call is None or letter.call.customer is None)
        self.screen.set_class(alone, "-beginning")
        self.screen.show_place()
        self.screen.set_focus(composer)
        self.show_head()
        self.asked.begin(letter)
        self.helping.begin(letter)
        self.attaching.take()
        if letter.warning:
            self.screen.say(f"! {letter.warning}")
        self.screen.call_after_refresh(self.screen.conversation.last_message_in_sight)
        self.screen.reading.show_presence()

    def _beside(self, letter: Letter) -> str:
        """What is worth knowing about the customer while one writes to them."""
        if letter.row is None or not letter.leaves:
            return ""
        more = letter.row.customer_open - (letter.row.conversation.status in ACTIVE)
        return f"{more} more open: {self.called('merge', 'conversation')} joins them" if more > 0 else ""

    def close(self) -> None:
        """Put the composer away; what is in it must be kept, sent or thrown away by then."""
        self.previewing.end()
        self.letter = None
        self.screen.sending.not_sent()
        self.asked.end()
        self.helping.end()
        self.addressing.close()
        self.screen.remove_class("-beginning")
        self.screen.set_focus(None)
        self.screen.show_place()
        self.screen.reading.again()
        self.screen.reading.show_presence()

    def reread(self, opened: Opened) -> None:
        """The conversation that is written in was read again: what the customer has just written comes into sight. Nothing
        else moves it: the bell of what is being sent may be heard before the composer is put away."""
        if self.letter is not None and self.letter.conversation == opened.id:
            if self._catching_up:
                self.letter = replace(self.letter, row=opened.row)
                self._catching_up = False
            self.asked.begin(self.letter, opened.items)
            if self._newest_in_sight:
                self.screen.conversation.to_bottom()
            elif opened.last_in is not None and opened.last_in.id != self._last_in:
                self.screen.conversation.last_message_in_sight()
            self._last_in = opened.last_in.id if opened.last_in is not None else None

    def rang(self, conversations: frozenset[int] | None) -> None:
        """Something happened in these conversations (None: not known in which): a file may have been sent for the letter."""
        if self.letter is not None and (conversations is None or self.letter.conversation in conversations):
            self.attaching.take()

    def catch_up(self, letter: Letter) -> None:
        """Show what came in between; from then on it counts as seen."""
        if letter.row is not None:
            self._catching_up = self._newest_in_sight = True
            self.screen.reading.open(letter.conversation)

    def show_head(self) -> None:
        """Write the line above the text, or the fields, anew."""
        if self.letter is not None and self._head is not None:
            busy = self.attaching.busy_with
            state = f"attaching {busy} …" if busy else self._state
            self._head.show(self.letter.title, state, self.letter.files, self.addressing.fields)

    # keys

    @property
    def text(self) -> str:
        """What is written so far."""
        return self._composer.text if self._composer is not None and self.letter is not None else ""

    @property
    def composer(self) -> Composer | None:
        """Where the text is written; None until something was first written."""
        return self._composer

    def type_key(self, key: str, character: str | None) -> None:
        """A key that is no verb: text, or moving about in it; in the fields, theirs."""
        if self._composer is None or self.letter is None:
            return
        if self.addressing.fields is not None:
            self.addressing.press(key, character)
        elif key == "up" and self.letter.leaves and self._composer.at_top:
            self.addressing.open(4)
        elif character == ";" and self._composer.at_line_start:
            self.filling.ask()
        elif self._composer.type_key(key, character):
            self.changed()

    def paste(self, text: str) -> None:
        """Pasted text is text."""
        if self.addressing.fields is not None:
            self.addressing.paste(text)
        elif self._composer is not None:
            self._composer.put(text)
            self.changed()

    def rewrite(self, letter: Letter, text: str | None = None) -> None:
        """Another letter in place of this one: its fields, its files, or its text were changed."""
        self.letter = letter
        if text is not None and self._composer is not None:
            self._composer.begin(text)
        self.show_head()
        self.changed()

    def _next_place(self) -> None:
        """To the next place to be filled; where there is none, tab is what it is elsewhere."""
        from_bar = self.screen.prompt is not None
        if from_bar:
            self.screen.close_prompt()
        if self.addressing.fields is not None:
            self.addressing.press("tab", None)
        elif not self.filling.to_next() and not from_bar and self._composer is not None:
            self._composer.type_key("tab", None)
            self.changed()

    def _to_everybody(self) -> None:
        """Who was in copy gets it too."""
        from tui.screens.letter import letter_to

        letter = self.letter
        if letter is None or letter.row is None or letter.kind != "reply":
            self.screen.say("Only a reply can go to everybody.")
            return
        opened = self.screen.conversation.opened
        wide = letter_to(letter.row, "reply-all", opened.items if opened is not None else (), self.seat)
        to = tuple(dict.fromkeys((*letter.to, *wide.to)))
        cc = tuple(one for one in dict.fromkeys((*letter.cc, *wide.cc)) if one not in to)
        self.turn_into(replace(letter, kind="reply-all", to=to, cc=cc))

    def _as_note(self) -> None:
        """The team reads it, and nobody else."""
        from tui.screens.letter import Letter

        letter = self.letter
        if letter is None or letter.row is None or not letter.leaves:
            self.screen.say("There is nothing here that could be a note.")
            return
        self.turn_into(Letter("note", letter.row))

    def turn_into(self, letter: Letter) -> None:
        """Another kind of letter with the same text; the draft is of that kind now."""
        if self.screen.prompt is not None:
            self.screen.close_prompt()
        assert self.letter is not None
        gone = Draft(self.letter.conversation, self.seat.who.name, self.letter.draft_kind, "")
        self.addressing.close()
        self.background.write(lambda store: store.save_draft(gone))
        self._saved = None
        self.rewrite(letter)

    def used(self, name: str) -> None:
        """Something of the team's was put in: the letter remembers what (`inbox.knowledge`)."""
        if self.letter is not None:
            self.letter = with_used(self.letter, name)

    def add_files(self, files: tuple[DraftFile, ...]) -> None:
        """Let these files go with it."""
        if self.letter is not None:
            self.rewrite(replace(self.letter, files=tuple(dict.fromkeys((*self.letter.files, *files)))))

    # the draft

    def changed(self) -> None:
        """Something was written: it is on the disk within a second."""
        self._newest_in_sight = False
        if self._saving is None and self._now != self._saved:
            self._saving = self.screen.set_timer(self.seat.pace.draft, self.save_now)

    @property
    def _now(self) -> Draft | None:
        return self.draft(self.letter, self.text) if self.letter is not None else None

    def save_now(self) -> None:
        """Put the draft on disk, off the loop."""
        if self._saving is not None:
            self._saving.stop()
            self._saving = None
        draft = self._now
        if draft is None or draft == self._saved:
            return
        self._saved = draft
        self.asked.look()
        dated = replace(draft, at=self.seat.now())
        self._texts.append(draft.text.strip())
        texts = frozenset(self._texts)
        self.background.write(
            lambda store: _keep(store, dated, texts),
            lambda other: self._kept(draft, other),
            slot="draft",
            failed=lambda: self._not_kept(draft),
        )

    def _kept(self, draft: Draft, other: Draft | None) -> None:
        if other is not None:
            self._also_written(draft, other)
        elif self.letter is None:
            self.screen.reading.again()
        else:
            self._stands("draft kept")

    def _also_written(self, draft: Draft, other: Draft) -> None:
        """Something else lies there under the same name: written on another terminal, or put there. Both are kept."""
        self._texts.append(other.text.strip())
        joined = f"{draft.text.rstrip()}\n\n{other.text.lstrip()}".strip()
        now = self._now
        if self.letter is None or now is None or _name(now) != _name(draft):
            both = replace(draft, text=joined, at=self.seat.now())
            self.background.write(lambda store: store.save_draft(both))
            return
        self._saved = None
        self.rewrite(self.letter, f"{self.text.rstrip()}\n\n{other.text.lstrip()}".strip())
        self.screen.say("You were writing here elsewhere, too: that text stands below this one.")

    def _not_kept(self, draft: Draft) -> None:
        """The disk did not take it, which the bottom line says: it is tried again, also when nothing more is written."""
        if self.letter is None or self._saved != draft:
            return
        self._saved = None
        if not self._state.startswith(NOT_KEPT):
            self._stands(NOT_KEPT)
        if self._saving is None:
            self._saving = self.screen.set_timer(KEEP_AGAIN, self.save_now)

    def _stands(self, state: str) -> None:
        """Say in the head how it stands with the draft."""
        if self._state != state:
            self._state = state
            self.show_head()

    def draft(self, letter: Letter, text: str) -> Draft:
        """`text` as a draft of the letter, at no instant."""
        return letter.as_draft(self.seat.who.name, text, 0)

    def leave(self) -> None:
        """Put away what lies on top: the send bar, the fields, the preview, else the letter, whose draft is kept."""
        if self.screen.prompt is not None:  # from the send bar back to the text
            self.screen.close_prompt()
            self.screen.sending.not_sent()
            return
        if self.addressing.escape() or self.previewing.end():
            return
        if self._composer is not None and self._composer.change(self._composer.end_selecting):
            return
        given_up = self._state.startswith(NOT_KEPT)
        if self._state == NOT_KEPT:  # what was written is nowhere else
            self._stands(f"{NOT_KEPT}: {self.called('leave-draft', 'compose')} again gives it up")
            return
        letter, draft, untouched = self.letter, self._now, self._begun == self._now
        self.save_now()
        self.close()
        if letter is not None and draft is not None and not (draft.is_empty or untouched or given_up):
            kind = letter.draft_kind.partition(" ")[0]
            key = self.called(*((kind, "conversation") if kind in VERBS else ("issue-tell", "issues")))
            self.screen.say(f"The draft is kept: {key} opens it again.")
        self._left(letter)

    def _discard(self) -> None:
        letter, text = self.letter, self.text
        if letter is None:
            return
        self.forget(letter)
        self.close()
        thrown = replace(self.draft(letter, text), at=self.seat.now())
        if not thrown.is_empty:
            self.screen.deeds.remember(
                Deed("discard-draft", (letter.conversation,), "conversation", draft=thrown)
            )
            self.screen.say(f"Thrown away. {self.called('undo')} brings it back.")
        self._left(letter)

    def _left(self, letter: Letter | None) -> None:
        """Back to the issues from what goes to many."""
        if letter is not None and letter.kind.startswith("tell"):
            self.screen.telling.left()

    def forget(self, letter: Letter) -> None:
        """Take the draft of a letter from the disk."""
        if self._saving is not None:
            self._saving.stop()
            self._saving = None
        gone = Draft(letter.conversation, self.seat.who.name, letter.draft_kind, "")
        self.background.write(lambda store: store.save_draft(gone), slot="draft")

    def _edit_outside(self) -> None:
        if self.letter is None:
            return
        from tui.screens.editor import written_outside

        self.addressing.close()
        letter, text, problem = written_outside(self.screen.frontdesk, self.letter, self.text)
        if text is None:
            return
        self.rewrite(letter, text)
        if problem:
            self.screen.say(f"! {problem}")
        else:
            self.screen.sending.open_bar()


def _name(draft: Draft) -> tuple[int, str]:
    """What of a person's drafts it is."""
    return draft.conversation, draft.kind


def _keep(store: Store, draft: Draft, known: Collection[str]) -> Draft | None:
    """Keep a draft, unless another text lies there than any this screen has known: that one, and nothing is written over."""
    drafts = store.drafts(draft.conversation)
    there = next((one for one in drafts if (one.who, one.kind) == (draft.who, draft.kind)), None)
    if there is not None and there.text.strip() and there.text.strip() not in known:
        return there
    store.save_draft(draft)
    return None
