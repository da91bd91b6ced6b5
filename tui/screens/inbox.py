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
from inbox.verbs import CALLED, SHARED, VERBS, refused
from tui.restricted import RESTRICTED
from tui.screens.first_steps import FirstSteps
from tui.screens.keyboard import Keyboard
from tui.screens.mailboxes import Mailboxes
from tui.screens.moving import Moving
from tui.screens.part import OVER_ALL, PLACES, Later
from tui.screens.reading import Reading
from tui.screens.shelf import Shelf
from tui.screens.status import Status
from tui.screens.warming import WARM, warm_up
from tui.widgets.conversation_list import ConversationList
from tui.widgets.conversation_view import ConversationView
from tui.widgets.customer_panel import CustomerPanel
from tui.widgets.hint_line import BEGUN, HINTS, HintLine, called
from tui.widgets.prompt_bar import MOST, PromptBar
from tui.widgets.views_pane import ViewsPane

if TYPE_CHECKING:
    from textual.geometry import Size
    from textual.timer import Timer, TimerCallback

    from inbox.model import Refusal
    from inbox.ports import Row
    from tui.app import FrontdeskApp
    from tui.prompts import Prompt
    from tui.screens.activity import Activity
    from tui.screens.approving import Approving
    from tui.screens.asking import Asking
    from tui.screens.attachments import Attachments
    from tui.screens.bulk import Bulk
    from tui.screens.calling import Calling
    from tui.screens.closer import Closer
    from tui.screens.customers import Customers
    from tui.screens.deeds import Deeds
    from tui.screens.doing import Doing
    from tui.screens.editing import Editing
    from tui.screens.handing import Handing
    from tui.screens.issues import Issues
    from tui.screens.jumping import Jumping
    from tui.screens.letter import Letter
    from tui.screens.linking import Linking
    from tui.screens.marks import Marks
    from tui.screens.names import Names
    from tui.screens.outbox import Outbox
    from tui.screens.profiling import Profiling
    from tui.screens.report import Report
    from tui.screens.returning import Returning
    from tui.screens.rule_from import RuleFrom
    from tui.screens.saved_actions import SavedActions
    from tui.screens.sending import Sending
    from tui.screens.taking_in import TakingIn
    from tui.screens.telling import Telling
    from tui.screens.theming import Theming
    from tui.screens.together import Together
    from tui.screens.under_way import UnderWay
    from tui.screens.writing import Writing
    from tui.seat import Seat
    from tui.widgets.pane import Pane

WIDE, MEDIUM = 140, 100
"""Columns from which there is room for three panes, and for the list above the conversation."""

TALL = 32
"""Lines from which the list stays in sight while something is written."""


class InboxScreen(Screen[None]):
    """Holds the panes and the parts of the desk, and knows where the hands are."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (MEDIUM, "-medium"), (WIDE, "-wide")]  # noqa: RUF012  Textual's own form
    VERTICAL_BREAKPOINTS = [(0, "-short"), (TALL, "-tall")]  # noqa: RUF012

    activity: Later[Activity] = Later("Activity")
    approving: Later[Approving] = Later("Approving")
    asking: Later[Asking] = Later("Asking")
    attachments: Later[Attachments] = Later("Attachments")
    bulk: Later[Bulk] = Later("Bulk")
    calling: Later[Calling] = Later("Calling")
    closer: Later[Closer] = Later("Closer")
    customers: Later[Customers] = Later("Customers")
    deeds: Later[Deeds] = Later("Deeds")
    doing: Later[Doing] = Later("Doing")
    editing: Later[Editing] = Later("Editing")
    handing: Later[Handing] = Later("Handing")
    issues: Later[Issues] = Later("Issues")
    jumping: Later[Jumping] = Later("Jumping")
    linking: Later[Linking] = Later("Linking")
    marks: Later[Marks] = Later("Marks")
    names: Later[Names] = Later("Names")
    outbox: Later[Outbox] = Later("Outbox")
    profiling: Later[Profiling] = Later("Profiling")
    report: Later[Report] = Later("Report")
    returning: Later[Returning] = Later("Returning")
    rule_from: Later[RuleFrom] = Later("RuleFrom")
    saved_actions: Later[SavedActions] = Later("SavedActions")
    sending: Later[Sending] = Later("Sending")
    taking_in: Later[TakingIn] = Later("TakingIn")
    telling: Later[Telling] = Later("Telling")
    theming: Later[Theming] = Later("Theming")
    together: Later[Together] = Later("Together")
    under_way: Later[UnderWay] = Later("UnderWay")
    writing: Later[Writing] = Later("Writing")

    def __init__(self, seat: Seat, size: Size) -> None:
        # The classes of the size are there before the first layout, so that the first paint is the only one.
        width = "-wide" if size.width >= WIDE else "-medium" if size.width >= MEDIUM else "-narrow -at-list"
        super().__init__(id="inbox", classes=f"{width} {'-tall' if size.height >= TALL else '-short'}")
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
        self.moving = Moving(self)
        self.mailboxes = Mailboxes(self)
        self.first_steps = FirstSteps(self)
        self.list.invite = self.first_steps.words
        self.status = Status(self)
        self.keyboard = Keyboard(self)
        self.customer.wants = self._read_customer_rows
        here = (
            self.shelf,
            self.reading,
            self.moving,
            self.mailboxes,
            self.first_steps,
        )
        self._verbs = {verb: do for part in here for verb, do in part.verbs().items()}

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
        later = partial(warm_up, self.frontdesk.background, [part.module for part in _LATER])
        self.call_after_refresh(self.set_timer, WARM, later)  # however long the first paint takes

    # what is being written

    @property
    def letter(self) -> Letter | None:
        """What is being written; whoever has written nothing yet has not loaded the composer."""
        return self.writing.letter if InboxScreen.writing.is_there(self) else None

    def keep_draft(self) -> None:
        """Put what is being written on disk: the hands leave."""
        if self.letter is not None:
            self.writing.save_now()

    def carry_no_more(self) -> None:
        """Nothing that was to be carried somewhere by hand lies about any more: the screen ends."""
        if InboxScreen.sending.is_there(self):
            self.sending.not_sent()

    def set_timer(
        self,
        delay: float,
        callback: TimerCallback | None = None,
        *,
        name: str | None = None,
        pause: bool = False,
    ) -> Timer:
        """Let something be done once, `delay` seconds from now; late, where the machine stood still meanwhile.

        Textual's timers leave out what they missed: one that goes off once would never go off.
        """
        timer = super().set_timer(delay, callback, name=name, pause=pause)
        timer._skip = False
        return timer

    # where the hands are

    @property
    def context(self) -> str:
        """Whose keys are in force."""
        if self.prompt is not None:
            return self.prompt.context
        if self.letter is not None:
            return "compose"
        return "search" if self.place == "conversation" and self.closer.finds else self.place

    def go_to(self, place: str) -> None:
        """Put the hands on a pane."""
        self.place = place
        self.show_place()

    def show_place(self) -> None:
        """Let the screen look like where the hands are.

        That is a class of the screen only where another pane is seen by it: for each class that changes, Textual styles and
        lays out everything anew, which is most of what opening a conversation takes.
        """
        for place in (*PLACES, *OVER_ALL):
            self.set_class(place == self.place and self._is_brought_by(place), f"-at-{place}")
        self.set_class(self.place in OVER_ALL, "-over")
        self.set_class(self.letter is not None, "-composing")
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
        self.show_place()
        self.status.show()
        self.conversation.panel_beside = self.is_wide
        self.conversation.redraw()

    def _is_brought_by(self, place: str) -> bool:
        """Whether a pane is only seen while the hands are there."""
        return place in OVER_ALL or self.is_narrow or (not self.is_wide and place in ("views", "customer"))

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
        needless = self.sending.needless if self.context == "send" else frozenset()
        return needless.union(verb for verb in could_stand if self.refused(verb) is not None)

    # verbs

    @property
    def target(self) -> Row | None:
        """The conversation the hands are on. It may have been opened so fast that it is still being read."""
        if self.place == "list":
            return self.list.row
        opened, wanted = self.conversation.opened, self.reading.wanted
        if opened is not None and opened.id == wanted:
            return opened.row
        return next(iter(self.seat.store.rows([wanted])), None) if wanted is not None else None

    @property
    def hidden(self) -> frozenset[str]:
        """Verbs that nobody here has a use for: they stand in no hint, no help and no palette."""
        if not self.seat.alone:
            return frozenset()
        return SHARED if self.views.counts.get("for-me") else SHARED | CALLED

    def refused(self, verb: str) -> str | None:
        """Why a verb cannot be done here now; asked once, by the footer, the palette, the help and the key alike."""
        declared = VERBS[verb]
        if verb in RESTRICTED and self.seat.restricted:
            return RESTRICTED[verb]
        if verb in self.hidden:
            return "That is for a team, and you are the whole team here."
        if verb == "open" and self.place == "list" and not self.list.ids:
            return "There is no conversation here."
        about_one = declared.contexts[:2] == ("list", "conversation")
        if about_one and self.place == "list" and self.list.selected:
            # each of them is asked when its turn comes
            return self.doing.refused_to_many(verb) or refused(declared, self.seat.who, [])
        row = self.target if about_one else None
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
        self.deed(verb)()
        self.first_steps.did(verb)

    def deed(self, verb: str) -> Callable[[], None]:
        """What does a verb; where none of the parts that are loaded does it, all others are."""
        if verb not in self._verbs:
            for part in _LATER:
                self._verbs.update(part.of(self).verbs())
        return self._verbs[verb]

    def _rows(self, ids: Sequence[int]) -> list[Row]:
        try:
            return self.seat.store.rows(ids)
        except FrontdeskError as error:  # while painting
            self.call_later(self.complain, error)
            return []

    def _read_customer_rows(self, conversations: Sequence[int]) -> None:
        self.customers.read_rows(conversations)

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
        elif self.status.upgraded:
            self.say(
                f"The workspace is newer than this Frontdesk: {self.status.called('quit')}, then start it again.",
                True,
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
        if self.prompt is None and self.letter is None:
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


_LATER = [part for part in vars(InboxScreen).values() if isinstance(part, Later)]
_WITHOUT = frozenset({"nothing-deleted", "repeat"})
