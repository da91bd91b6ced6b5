"""The conversation that is shown: a preview that follows the list after a moment of quiet, or opened to be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from textual.timer import Timer

from tui.screens.part import Part
from tui.screens.warming import SHOWN_FIRST, load

if TYPE_CHECKING:
    from inbox.ports import Draft, Panel, Presence, Reader, Stretch, Workspace
    from tui.screens.inbox import InboxScreen
    from tui.seat import Seat
    from tui.widgets.letters import Opened

STRETCH = 120
"""Messages and notes of a conversation that are read at once: a monitor writes ten thousand to one."""

Read: TypeAlias = "tuple[Opened, Panel | None] | None"


def _sooner(store: Workspace, message: int) -> None:
    store.places.wholes.sooner(message)


def _visitor_of(opened: Opened, seat: Seat) -> str:
    """With whom it looks like a chat; "" where nobody is named."""
    from inbox.chat.mailed import visitor_of  # what reads transcripts: not before one is there

    said = opened.suggestion(chat=True)
    item = opened.item(said.message) if said is not None else None
    forms = seat.settings.transcripts if seat.settings is not None else ()
    return visitor_of(item, seat.us, forms) if item is not None else ""


class Reading(Part):
    """Reads conversations in the background and shows the newest one that was asked for."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.wanted: int | None = None  # the conversation the hands are on; painted as soon as it is read
        self._attached: dict[tuple[int, int], int] = {}  # attachments before a message of a conversation
        self._quiet: Timer | None = None
        self._asked_for: set[int] = set()  # large messages whose rest somebody here waits for
        self._said: tuple[int, str] | None = None  # the presence that was last shown to others
        screen.conversation.wants = self.read_around

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "unfold": self.screen.conversation.fold,
            "unfold-one": self.screen.conversation.fold_one,
            "next-message": lambda: self._step(1),
            "previous-message": lambda: self._step(-1),
        }

    # what is shown

    @property
    def shown(self) -> int | None:
        """The conversation that is painted."""
        opened = self.screen.conversation.opened
        return opened.id if opened is not None else None

    def follow(self) -> None:
        """The cursor moved: read what is under it once it rests. In a narrow screen nothing would be seen of it."""
        self.wanted = self.screen.list.current
        if self.wanted is None:
            self.screen.conversation.show(None, None)
            self.screen.customer.show(None)
            self.screen.show_hints()  # nothing can be done here with nothing
            return
        if self._quiet is not None:
            self._quiet.reset()
        else:
            self._quiet = self.screen.set_timer(self.seat.pace.quiet, self._read_wanted)

    def open(self, conversation: int) -> None:
        """Read a conversation now."""
        self.wanted = conversation
        self._read_wanted()

    def again(self, conversations: frozenset[int] | None = None) -> None:
        """What is shown changed: read it again in its place."""
        wanted = self.wanted
        if wanted is None or self._quiet is not None:  # nothing, or it is read in a moment
            return
        if conversations is None or wanted in conversations:
            self._read(wanted, self.screen.conversation.around if self.shown == wanted else None)

    def _read_wanted(self) -> None:
        if self._quiet is not None:
            self._quiet.stop()
            self._quiet = None
        if self.wanted is not None:
            self._read(self.wanted)

    def read_around(self, message: int | None) -> None:
        """Read another stretch of the conversation that is shown: around a message, 0: its first ones; None: the newest."""
        if self.shown is not None and self.shown == self.wanted:
            self._read(self.shown, message)

    def _step(self, count: int) -> None:
        if not self.screen.conversation.step(count):
            self.screen.say("That was the last message." if count > 0 else "That was the first message.")

    def _read(self, conversation: int, around: int | None = None) -> None:
        seat, me = self.seat, self.seat.who.name
        self.background.look_at("conversation", (conversation,))

        def ask(store: Workspace) -> Read:
            here = store.resolve(conversation)
            rows = store.rows([here]) if here is not None else []
            if not rows:
                return None
            state = rows[0].conversation
            from inbox.customer_told import told  # with the clocks: not before the first paint
            from tui.widgets.letters import Opened

            load(SHOWN_FIRST)

            panel = store.panel(state.customer) if state.customer is not None else None
            other = store.resolve(state.suggested) if state.suggested is not None else None
            looks_like = next(iter(store.rows([other])), None) if other not in (None, state.id) else None
            drafts = store.drafts(state.id)
            mine = tuple(draft for draft in drafts if draft.who == me)
            others = tuple(draft for draft in drafts if draft.who != me)
            found = store.stretch(state.id, around, STRETCH)
            items, events = found.items, found.events
            presence = store.presence(state.id)
            opened = Opened(
                *(rows[0], items, events, presence, mine, others, looks_like),
                *(found.earlier, found.later, found.unread, self._attached_before(store, state.id, found)),
            )
            if state.looks_like_chat:
                opened = replace(opened, visitor=_visitor_of(opened, seat))
            if panel is not None:
                panel = told(store, panel, rows[0], items, events, seat.hours(), seat.now(), seat.panels)
            return opened, panel

        self.background.read("conversation", ask, partial(self._show, conversation))

    def _attached_before(self, store: Reader, conversation: int, found: Stretch) -> int:
        """How many attachments come before these messages, whose numbers go on from there; counted once."""
        if not found.earlier or not any(item.attachments for item in found.items):
            return 0
        key = conversation, found.items[0].id
        if key not in self._attached:
            self._attached[key] = store.attached_before(*key)
        return self._attached[key]

    def _show(self, asked: int, read: Read) -> None:
        if read is None:
            self.screen.conversation.show(None, None)
            self.screen.customer.show(None)
            self.screen.keyboard.painted()
            return
        opened, panel = read
        if (
            self.wanted == asked != opened.id
        ):  # somebody has joined it with another, which nobody here has seen
            self.wanted = opened.id
            self.background.look_at("conversation", (opened.id,))
            self.screen.keyboard.advanced()
        self.screen.conversation.show(opened, panel)
        self.screen.customer.show(panel)
        if opened.id == self.wanted:
            self.screen.keyboard.painted()
        if self.screen.letter is not None:
            self.screen.writing.reread(opened)
        if self.screen.place == "conversation":
            self.attend()
        self.screen.customers.follow()
        self.screen.show_hints()

    # being here

    def attend(self) -> None:
        """The hands are on the conversation: it counts as read, and others see who looks."""
        opened = self.screen.conversation.opened
        if opened is None or opened.id != self.wanted:  # the one that is meant is still being read
            return
        if opened.row.conversation.unread:
            self.screen.doing.mark_read(opened.id)
        self._want_the_rest(opened)
        self.show_presence()

    def _want_the_rest(self, opened: Opened) -> None:
        """Of large messages only the beginning may be here: what somebody reads is fetched before all others."""
        for number in [item.id for item in opened.items if item.coming and item.id not in self._asked_for]:
            self._asked_for.add(number)
            self.background.write(partial(_sooner, message=number))

    def show_presence(self) -> None:
        """Tell the others what this screen looks at or writes to; called again before the lease ends."""
        if self.seat.alone:
            return
        letter = self.screen.letter
        here = self.shown if self.screen.place == "conversation" or letter is not None else None
        doing = "writes" if letter is not None and letter.conversation == here else "looks"
        who = self.seat.who
        if here is None and self._said is None:
            return
        self._said = (here, doing) if here is not None else None
        self.background.write(lambda store: store.show_presence(who, here, doing), slot="presence")

    def look_around(self) -> None:
        """Say again that we are here, before the lease ends; see who else is."""
        shown = self.shown
        if self.seat.alone or shown is None:
            return
        if self._said is not None:
            self.show_presence()
        me = self.seat.who.name

        def look(store: Reader) -> tuple[Sequence[Presence], Sequence[Draft]]:
            return store.presence(), tuple(one for one in store.drafts(shown) if one.who != me)

        def see(seen: tuple[Sequence[Presence], Sequence[Draft]]) -> None:
            everywhere, drafts = seen
            others = sorted((one for one in everywhere if one.who != me), key=lambda one: one.doing)
            self.screen.list.show_presence(
                {one.conversation: one for one in others}
            )  # who writes before who looks
            if self.shown == shown:
                here = [one for one in everywhere if one.conversation == shown]
                self.screen.conversation.show_presence(here)
                self.screen.conversation.show_others(drafts)

        self.background.read("presence", look, see)
