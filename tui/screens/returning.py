"""Coming back: one sentence about what happened meanwhile, and after a dropped line the place one was at.

It is said in the bottom line when Frontdesk is opened, and at the first key after half an hour; the next key takes it
away. No key waits for it, and none is taken by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inbox.briefing import (
    AWAY,
    PLACE_KEPT,
    Dropped,
    LastReply,
    News,
    Place,
    Seen,
    counts,
    line_dropped,
    sentence,
)
from inbox.views import VIEWS
from tui.screens.part import Part
from tui.times import lately

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.ports import Workspace
    from tui.screens.inbox import InboxScreen

EACH = 60
"""Seconds between two notes of how far a person has seen the record, while hands are here."""

REPLIED = 3600
"""Seconds before a line dropped in which the last reply was written, for it to be told of."""

Found = tuple[Seen, News, LastReply | None] | None


class Returning(Part):
    """Notes until where a person has seen everything, and tells what came since."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._last = self.seat.now()  # when hands were here
        self._noted: Instant | None = None  # when that was last written down
        self._unseen = True  # what happened meanwhile is still to be told
        self._touched = False  # a key was pressed since Frontdesk was opened
        self._words = ""  # to be said as soon as the line is free

    def begin(self) -> None:
        """Frontdesk was opened."""
        self._ask()

    @property
    def touched(self) -> bool:
        """Whether a key was pressed since Frontdesk was opened."""
        return self._touched

    def hands(self) -> None:
        """A key was pressed."""
        now = self.seat.now()
        away, self._last, self._touched = now - self._last, now, True
        if away >= AWAY:
            self._unseen = True
            self._ask()
        elif not self._unseen and (self._noted is None or now - self._noted >= EACH):
            self._note()

    def leave(self) -> None:
        """The person leaves, and has seen what there is to see."""
        if not self._unseen:
            self._note()

    def hung_up(self, dropped: bool) -> None:
        """The line was dropped, or the host goes down: nobody has seen anything since the last key."""
        seen, self._unseen = not self._unseen, True
        if not dropped or not seen:
            return
        letter, screen = self.screen.letter, self.screen
        opened = screen.place == "conversation"
        place = Place(
            screen.shelf.shown.name,
            screen.reading.wanted if opened else screen.list.current,
            opened,
            letter.draft_kind if letter is not None and screen.writing.text.strip() else "",
        )
        who, told = self.seat.who.name, Dropped(self.seat.now(), place)
        last = max(self._last, self._noted or 0)
        self.background.write(lambda store: store.attendance.dropped(who, told, last))

    def say_now(self) -> None:
        """Say what waits to be said, where nothing else is said or asked."""
        screen = self.screen
        if self._words and not (screen.hints.said or screen.hints.typed or screen.prompt is not None):
            words, self._words = self._words, ""
            screen.say(words)

    def _note(self) -> None:
        who, now = self.seat.who.name, self.seat.now()
        self._noted = now
        self.background.write(lambda store: store.attendance.here(who, now), slot="here")

    # what happened meanwhile

    def _ask(self) -> None:
        who, now = self.seat.who.name, self.seat.now()

        def ask(store: Workspace) -> Found:
            attendance = store.attendance
            seen = attendance.last(who)
            if seen is None:
                return None
            reply = None
            if seen.dropped is not None:
                reply = attendance.last_reply(who, seen.dropped.at - REPLIED, now)
            return seen, attendance.news(who, seen, now), reply

        self.background.read("briefing", ask, self._tell)

    def _tell(self, found: Found) -> None:
        self._unseen = False
        self._note()
        if found is None:
            return
        seen, news, reply = found
        now, zone = self.seat.now(), self.seat.zone
        keys = {
            "due": self.called("view-1"),
            "notices": self.called("view-8"),
            "outbox": self.called("outbox"),
            "for-me": self.called("view-4"),
        }
        parts, lead = counts(news, keys), f"Since {lately(seen.at, now, zone)}: "
        if seen.dropped is not None:
            who = self.seat.who.name
            self.background.write(lambda store: store.attendance.taken_up(who))
            self._back_to(seen.dropped)
            dropped = line_dropped(seen.dropped, reply, keys["outbox"], lambda at: lately(at, now, zone))
            parts, lead = [*dropped, *parts], ""
        self._words = sentence(lead, parts, self.screen.size.width - 2)
        self.say_now()

    def _back_to(self, dropped: Dropped) -> None:
        """To the place where the hands were, unless they are somewhere already or that is long ago."""
        screen, place = self.screen, dropped.place
        if self._touched or self.seat.now() - dropped.at > PLACE_KEPT:
            return
        if place.view in VIEWS and place.view != screen.shelf.shown.name:
            screen.shelf.open_view(place.view)
        if place.conversation is not None:
            if place.opened:
                screen.moving.open_conversation(place.conversation)
            elif screen.list.go_to(place.conversation):
                screen.reading.follow()
        if place.writing:
            begins = place.writing == "new" or place.writing.startswith("call ")
            me, conversation = self.seat.who.name, 0 if begins else place.conversation
            drafts = self.seat.store.drafts(conversation)
            draft = next((one for one in drafts if (one.who, one.kind) == (me, place.writing)), None)
            if draft is not None:
                screen.writing.open_draft(draft)
