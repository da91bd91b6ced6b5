"""Moving about: up and down, between panes, in and out. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui.screens.part import PLACES, Part

if TYPE_CHECKING:
    from tui.widgets.pane import Pane

MANY = 20_000
"""Conversations from which selecting all of them takes longer than a key may."""


class Moving(Part):
    """The verbs that move."""

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "down": lambda: self.by(1),
            "up": lambda: self.by(-1),
            "page-down": lambda: self.pages(1),
            "page-up": lambda: self.pages(-1),
            "top": lambda: self.to(0),
            "bottom": lambda: self.to(2**40),
            "open": self.open,
            "back": self.back,
            "next-conversation": lambda: self.step(1),
            "previous-conversation": lambda: self.step(-1),
            "select": self._select,
            "select-all": self._select_all,
            "select-range": self._select_range,
            "next-pane": lambda: self._pane(1),
            "previous-pane": lambda: self._pane(-1),
            "views": lambda: self.screen.go_to("views"),
            "nothing-deleted": self._nothing_deleted,
            "redraw": self._redraw,
            "quit": self._quit,
        }

    def _redraw(self) -> None:
        self.screen.frontdesk.redraw()

    # within a pane

    def by(self, count: int) -> None:
        """So many rows or lines on."""
        screen = self.screen
        match screen.place:
            case "list":
                self.to(screen.list.at + count)
            case "views":
                screen.views.go(screen.views.at + count)
            case "customer":
                screen.customer.by(count)
            case "mailboxes":
                self.to(screen.mailboxes.pane.top + count)
            case "names":
                self.to(screen.names.pane.at + count)
            case "outbox":
                self.to(screen.outbox.pane.at + count)
            case "attachments":
                self.to(screen.attachments.pane.position + count)
            case "report":
                self.to(screen.report.pane.at + count)
            case "activity":
                self.to(screen.activity.pane.at + count)
            case "issues":
                self.to(screen.issues.pane.at + count)
            case "telling":
                self.to(screen.telling.pane.at + count)
            case _:
                screen.conversation.scroll_by(count)

    def pages(self, count: int) -> None:
        """So many pages on."""
        screen = self.screen
        match screen.place:
            case "list":
                self.to(screen.list.at + count * screen.list.page)
            case "conversation":
                screen.conversation.scroll_by(count * max(1, screen.conversation.page - 2))
            case _:
                self.by(count * 10)

    def to(self, index: int) -> None:
        """To this row or line, or as near as there is."""
        screen = self.screen
        match screen.place:
            case "list":
                if screen.list.go(index):
                    screen.reading.follow()
            case "views":
                screen.views.go(index)
            case "customer":
                screen.customer.go(index)
            case "mailboxes":
                screen.mailboxes.pane.scroll_to_line(index)
            case "names":
                screen.names.pane.go(index)
            case "outbox":
                screen.outbox.pane.go(index)
            case "attachments":
                screen.attachments.pane.go(index)
            case "report":
                screen.report.pane.go(index)
            case "activity":
                screen.activity.pane.go(index)
            case "issues":
                screen.issues.pane.go(index)
            case "telling":
                screen.telling.pane.go(index)
            case _ if index == 0:
                screen.conversation.to_top()
            case _:
                screen.conversation.to_bottom()

    # in and out

    def open(self) -> None:
        """Into what is under the hands."""
        screen = self.screen
        if screen.place == "views":
            name = screen.views.current
            if name is not None:
                screen.shelf.open_view(name)
            screen.go_to("list")
            return
        if screen.place == "attachments":
            screen.attachments.look_into()
            return
        if screen.place == "report":
            screen.report.look_into()
            return
        if screen.place == "activity":
            screen.activity.look_into()
            return
        if screen.place == "issues":
            screen.issues.look_into()
            return
        if screen.place == "outbox":
            entry = screen.outbox.pane.current
            conversation = entry.conversation if entry is not None else None
        else:
            if screen.place == "customer" and not screen.customer.in_sight:
                screen.customer.bring()
                return
            conversation = screen.customer.current if screen.place == "customer" else screen.list.current
        if conversation is not None:
            if screen.place != "list":
                screen.marks.leave()
            self.open_conversation(conversation)
        else:
            screen.say("There is nothing here to open.")

    def open_conversation(self, conversation: int) -> None:
        """Put the hands on a conversation."""
        self.screen.list.go_to(conversation)
        self.screen.reading.open(conversation)
        self.screen.go_to("conversation")
        self.screen.reading.attend()

    def point(self, pane: Pane, y: int) -> None:
        """A click: on a row it moves there, on the row under the hands it opens; on a view it opens it."""
        screen = self.screen
        if pane is screen.list:
            index = screen.list.index_at(y)
            if index is not None and index == screen.list.at and screen.place == "list":
                self.open()
                return
            screen.go_to("list")
            if index is not None:
                self.to(index)
        elif pane is screen.views:
            number = screen.views.at_line(y - 1)
            screen.go_to("views")
            if number is not None:
                screen.views.go(number)
                self.open()
        elif pane is screen.conversation and screen.reading.shown is not None:
            self.open_conversation(screen.reading.shown)
        elif pane is screen.customer:
            index = screen.customer.index_at(y)
            if index is not None and screen.place == "customer" and index == screen.customer.at:
                self.open()
                return
            screen.go_to("customer")
            if index is not None:
                screen.customer.go(index)

    def back(self) -> None:
        """One step out; nothing is discarded."""
        screen = self.screen
        if screen.list.selected and screen.place == "list":
            screen.list.selected.clear()
            screen.list.repaint()
        elif screen.place == "conversation" and screen.closer.finds:
            screen.closer.finding.end()
            screen.show_place()
        elif screen.place == "conversation" and screen.conversation.sheet is not None:
            screen.conversation.close_sheet()
        elif screen.place in ("views", "conversation"):
            screen.go_to("list")
            screen.reading.show_presence()
            screen.reading.follow()
        elif screen.place == "customer":
            screen.go_to("conversation" if screen.is_narrow else "list")
        elif screen.place == "mailboxes":
            screen.mailboxes.close()
        elif screen.place == "names":
            screen.names.close()
        elif screen.place == "outbox":
            screen.outbox.close()
        elif screen.place == "attachments":
            screen.attachments.back()
        elif screen.place == "report":
            screen.report.back()
        elif screen.place == "activity":
            screen.activity.back()
        elif screen.place == "issues":
            screen.issues.close()
        elif screen.place == "telling":
            screen.telling.back()
        elif not (
            screen.report.comes_back()
            or screen.activity.comes_back()
            or screen.issues.comes_back()
            or screen.shelf.leave_search()
        ):
            leaves = self.called("quit", "global")
            screen.say(f"This is the list already. {leaves} leaves Frontdesk.")

    def step(self, count: int) -> None:
        """To the next conversation of the list, or the one before."""
        screen = self.screen
        if not screen.list.go(screen.list.at + count):
            screen.say("That was the last one." if count > 0 else "That was the first one.")
            return
        current = screen.list.current
        if screen.place == "conversation" and current is not None:
            self.open_conversation(current)
        else:
            screen.reading.follow()

    def _pane(self, count: int) -> None:
        at = PLACES.index(self.screen.place)
        self.screen.go_to(PLACES[(at + count) % len(PLACES)])

    # selecting

    def _select(self) -> None:
        current = self.screen.list.current
        if current is None:
            return
        self.screen.list.selected ^= {current}
        self._last_selected = current
        self.screen.list.go(self.screen.list.at + 1)
        self.screen.list.repaint()
        self.screen.reading.follow()

    def _select_all(self) -> None:
        """All that the view shows, also what was not read yet; if that is so, nothing."""
        self.screen.shelf.all_of_it(self._select_these)

    def _select_these(self, ids: Sequence[int]) -> None:
        if len(self.screen.list.selected) == len(ids):
            self._now_selected(set())
        elif len(ids) < MANY:
            self._now_selected(set(ids))
        else:  # a million take longer than a key may
            self.ask_first(lambda _: set(ids), self._now_selected)

    def _now_selected(self, ids: set[int]) -> None:
        self.screen.list.selected = ids
        self.screen.list.repaint()

    def _select_range(self) -> None:
        """From the one selected last, or from the first, to here."""
        here, last = self.screen.list, self._last_selected
        start, end = sorted((here.ids.index(last) if last in here.ids else 0, here.at))
        here.selected.update(here.ids[start : end + 1])
        here.repaint()

    _last_selected: int | None = None

    def _quit(self) -> None:
        self.screen.keep_draft()
        self.screen.frontdesk.exit()

    def _nothing_deleted(self) -> None:
        closes, spam = self.called("close"), self.called("spam")
        self.screen.say(f"Nothing is deleted here: {closes} closes, {spam} is spam.")
