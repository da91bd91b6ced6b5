"""The one screen: its panes, where the hands are, and who takes the keys.

What happens on a key lies in the modules beside this one, each a part of the desk with its own state: `shelf` (the
view and its list), `reading` (the conversation shown), `doing` (verbs that change), `writing` (the composer),
`asking` (palette, help, search), `mailboxes` (the worker and the servers), `moving` (everything else).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.screen import Screen

from inbox.errors import FrontdeskError
from inbox.model import Refusal
from inbox.ports import Row
from inbox.verbs import CALLED, SHARED, VERBS, refused
from tui.screens.activity import Activity
from tui.screens.asking import Asking
from tui.screens.attachments import Attachments
from tui.screens.bulk import Bulk
from tui.screens.closer import Closer
from tui.screens.customers import Customers
from tui.screens.deeds import Deeds
from tui.screens.doing import Doing
from tui.screens.first_steps import FirstSteps
from tui.screens.handing import Handing
from tui.screens.issues import Issues
from tui.screens.jumping import Jumping
from tui.screens.keyboard import Keyboard
from tui.screens.linking import Linking
from tui.screens.mailboxes import Mailboxes
from tui.screens.marks import Marks
from tui.screens.moving import Moving
from tui.screens.outbox import Outbox
from tui.screens.part import OVER_ALL, PLACES
from tui.screens.reading import Reading
from tui.screens.report import Report
from tui.screens.returning import Returning
from tui.screens.rule_from import RuleFrom
from tui.screens.saved_actions import SavedActions
from tui.screens.sending import Sending
from tui.screens.shelf import Shelf
from tui.screens.status import Status
from tui.screens.taking_in import TakingIn
from tui.screens.telling import Telling
from tui.screens.theming import Theming
from tui.screens.under_way import UnderWay
from tui.screens.writing import WARM, Writing
from tui.widgets.conversation_list import ConversationList
from tui.widgets.conversation_view import ConversationView
from tui.widgets.customer_panel import CustomerPanel
from tui.widgets.hint_line import BEGUN, HINTS, HintLine, called
from tui.widgets.pane import Pane
from tui.widgets.prompt_bar import MOST, PromptBar
from tui.widgets.views_pane import ViewsPane

if TYPE_CHECKING:
    from textual.geometry import Size

    from tui.app import FrontdeskApp
    from tui.prompts import Prompt
    from tui.seat import Seat

WIDE, MEDIUM = 140, 100
"""Columns from which there is room for three panes, and for the list above the conversation."""

TALL = 32
"""Lines from which the list stays in sight while something is written."""


class InboxScreen(Screen[None]):
    """Holds the panes and the parts of the desk, and knows where the hands are."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (MEDIUM, "-medium"), (WIDE, "-wide")]  # noqa: RUF012  Textual's own form
    VERTICAL_BREAKPOINTS = [(0, "-short"), (TALL, "-tall")]  # noqa: RUF012

    def __init__(self, seat: Seat, size: Size) -> None:
        # The classes of the size are there before the first layout, so that the first paint is the only one.
        width = "-wide" if size.width >= WIDE else "-medium" if size.width >= MEDIUM else "-narrow"
        super().__init__(
            id="inbox", classes=f"-at-list {width} {'-tall' if size.height >= TALL else '-short'}"
        )
        self.seat = seat
        self.hints = HintLine()
        self.prompt_bar = PromptBar()
        self.views = ViewsPane()
        self.customer = CustomerPanel(seat.now)
        self.list = ConversationList(self._rows, seat.now)
        self.conversation = ConversationView(seat.now)
        self.place = "list"
        self.prompt: Prompt | None = None
        self.shelf = Shelf(self)
        self.reading = Reading(self)
        self.doing = Doing(self)
        self.bulk = Bulk(self)
        self.deeds = Deeds(self)
        self.saved_actions = SavedActions(self)
        self.writing = Writing(self)
        self.sending = Sending(self)
        self.asking = Asking(self)
        self.closer = Closer(self)
        self.moving = Moving(self)
        self.marks = Marks(self)
        self.jumping = Jumping(self)
        self.mailboxes = Mailboxes(self)
        self.outbox = Outbox(self)
        self.attachments = Attachments(self)
        self.customers = Customers(self)
        self.report = Report(self)
        self.issues = Issues(self)
        self.linking = Linking(self)
        self.telling = Telling(self)
        self.rule_from = RuleFrom(self)
        self.handing = Handing(self)
        self.first_steps = FirstSteps(self)
        self.list.invite = self.first_steps.words
        self.activity = Activity(self)
        self.theming = Theming(self)
        self.under_way = UnderWay(self)
        self.taking_in = TakingIn(self)
        self.returning = Returning(self)
        self.status = Status(self)
        self.keyboard = Keyboard(self)
        self.verbs: dict[str, Callable[[], None]] = {}
        parts = (
            self.shelf,
            self.reading,
            self.doing,
            self.deeds,
            self.saved_actions,
            self.writing,
            self.sending,
            self.asking,
            self.closer,
            self.moving,
            self.marks,
            self.jumping,
            self.mailboxes,
            self.outbox,
            self.attachments,
            self.customers,
            self.report,
            self.rule_from,
            self.issues,
            self.linking,
            self.telling,
            self.handing,
            self.first_steps,
            self.activity,
            self.theming,
            self.under_way,
            self.taking_in,
        )
        for part in parts:
            self.verbs.update(part.verbs())

    @property
    def frontdesk(self) -> FrontdeskApp:
        """The app, under its own type."""
        return cast("FrontdeskApp", self.app)

    def compose(self) -> ComposeResult:
        """The panes; the composer joins them when something is first written."""
        yield self.hints
        yield self.prompt_bar
        yield self.views
        yield self.customer
        yield self.list
        yield self.conversation

    def on_mount(self) -> None:
        """Open the first view."""
        self.shelf.begin()
        self.show_place()
        self.status.begin()
        self.set_timer(WARM, self.writing.warm_up)

    # where the hands are

    @property
    def context(self) -> str:
        """Whose keys are in force."""
        if self.prompt is not None:
            return self.prompt.context
        if self.place == "conversation" and self.closer.finds and not self.writing.is_open:
            return "search"
        return "compose" if self.writing.is_open else self.place

    def go_to(self, place: str) -> None:
        """Put the hands on a pane."""
        self.place = place
        self.show_place()

    def show_place(self) -> None:
        """Let the screen look like where the hands are."""
        for place in (*PLACES, *OVER_ALL):
            self.set_class(place == self.place, f"-at-{place}")
        self.set_class(self.writing.is_open, "-composing")
        self.set_class(self.prompt is not None, "-asking")
        if self.views.under_hands != (self.place == "views"):
            self.views.mark(self.place == "views")
        if self.customer.under_hands != (self.place == "customer"):
            self.customer.mark(self.place == "customer")
        if self.conversation.under_hands != (self.place == "conversation"):
            self.conversation.mark(self.place == "conversation")
        self.show_hints()

    def show_hints(self) -> None:
        """The hint line for what is in force now."""
        self.hints.where = self.context
        self.hints.leave_out = self._unavailable()
        self.hints.repaint()

    def on_resize(self) -> None:
        """Another width may bring the customer a pane of its own, or take it, and the bottom line has other room."""
        self.status.show()
        self.conversation.panel_beside = self.is_wide
        self.conversation.redraw()

    @property
    def is_wide(self) -> bool:
        """Whether all panes are seen at once."""
        return self.app.size.width >= WIDE

    @property
    def is_narrow(self) -> bool:
        """Whether only one pane is seen at a time."""
        return self.app.size.width < MEDIUM

    def _unavailable(self) -> frozenset[str]:
        """Of the verbs that could stand in the hint line, those that cannot be done now: no other needs to be asked."""
        could_stand = {*HINTS.get(self.context, ()), *BEGUN.get(self.context, ())}
        return self.sending.needless.union(verb for verb in could_stand if self.refused(verb) is not None)

    # verbs

    @property
    def hidden(self) -> frozenset[str]:
        """Verbs that nobody here has a use for: they stand in no hint, no help and no palette."""
        if not self.seat.alone:
            return frozenset()
        return SHARED if self.views.counts.get("for-me") else SHARED | CALLED

    def refused(self, verb: str) -> str | None:
        """Why a verb cannot be done here now; asked once, by the footer, the palette, the help and the key alike."""
        declared = VERBS[verb]
        if verb not in self.verbs:
            return "This cannot be done on the screen yet."
        if verb == "pipe" and self.seat.restricted:
            return "No commands: this account is restricted. ssh desk show ID | COMMAND does it."
        if verb in self.hidden:
            return "That is for a team, and you are the whole team here."
        if verb == "open" and self.place == "list" and not self.list.ids:
            return "There is no conversation here."
        about_one = declared.contexts[:2] == ("list", "conversation")
        if about_one and self.place == "list" and self.list.selected:
            # each of them is asked when its turn comes
            return self.doing.refused_to_many(verb) or refused(declared, self.seat.who, [])
        row = self.doing.target if about_one else None
        if declared.contexts == ("list", "conversation") and verb not in _WITHOUT and row is None:
            return "There is no conversation here."
        here = [row.conversation] if row is not None else []
        return refused(declared, self.seat.who, here, partial(called, self.seat.keymap, "list"))

    def run(self, verb: str) -> None:
        """Do a verb, or say why not and drop what was typed after it."""
        why = self.refused(verb)
        if why is not None:
            self.keyboard.drop()
            self.say(why)
            return
        self.verbs[verb]()
        self.first_steps.did(verb)

    def _rows(self, ids: Sequence[int]) -> list[Row]:
        try:
            return self.seat.store.rows(ids)
        except FrontdeskError as error:  # while painting
            self.call_later(self.complain, error)
            return []

    # what is said

    def say(self, words: str, urgent: bool = False) -> None:
        """One calm line, until the next key."""
        self.hints.say(words, urgent)

    def refuse(self, refusal: Refusal) -> None:
        """Why it was not done, and what would help."""
        self.keyboard.drop()
        self.say(f"{refusal.reason} {refusal.next_step}".strip())

    def complain(self, error: Exception) -> None:
        """What went wrong: what happened, what it means, what to press. The screen goes on."""
        self.keyboard.give_up()
        if isinstance(error, FrontdeskError):
            self.say(
                " ".join(part for part in (error.what, *error.next_step.splitlines()) if part), urgent=True
            )
        else:  # its own words may quote a customer's mail
            self.say(
                f"Something went wrong in Frontdesk itself ({type(error).__name__}). It was not done.",
                True,
            )

    # the mouse

    def on_pane_wheeled(self, event: Pane.Wheeled) -> None:
        """The wheel moves what it is over."""
        if event.pane is self.list:
            self.list.turn(event.lines)
        elif event.pane is self.conversation:
            self.conversation.scroll_by(event.lines)
        elif event.pane.id in OVER_ALL:
            self.moving.by(event.lines)

    def on_pane_pointed(self, event: Pane.Pointed) -> None:
        """A click puts the hands where it was made."""
        if self.prompt is None and not self.writing.is_open:
            self.moving.point(event.pane, event.y)

    # questions

    def ask(self, prompt: Prompt, most: int = MOST) -> None:
        """Open a question in the bottom lines; the keys that follow answer it."""
        self.prompt = prompt
        self.prompt_bar.show(prompt, most)
        self.show_place()
        prompt.seen(prompt.under_hands)

    def answer(self, key: str, character: str | None) -> None:
        """Give the open question a key."""
        prompt = self.prompt
        assert prompt is not None
        answer = prompt.press(key, character)
        if answer is None:
            self.prompt_bar.show(prompt, self.prompt_bar.most)
            prompt.seen(prompt.under_hands)
            return
        self.close_prompt()
        prompt.accept(answer)

    def close_prompt(self) -> None:
        """Take the question away."""
        if self.prompt is not None:
            self.prompt.seen(None)
        self.prompt = None
        self.prompt_bar.show(None)
        self.show_place()


_WITHOUT = frozenset({"nothing-deleted", "repeat"})
