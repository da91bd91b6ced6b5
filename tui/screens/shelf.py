"""The view on the table: its list in the order it had when it was opened, and what came meanwhile.

The first page is read at once, so that the first paint shows it; the whole order follows from the reader thread. After
that the order stays until the person takes in what is new: changed rows are written again in their places.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from inbox.model import Instant, Status, Who
from inbox.pace import Pace, closing, pace
from inbox.queries import And, Due, Everything, Flag, Ids, Is, Node, Or, StatusIs, Words, both, negated
from inbox.sight import unseen
from inbox.views import VIEWS, View, is_listed, numbered
from tui.screens.part import Part
from tui.widgets.views_pane import ViewLine

if TYPE_CHECKING:
    from inbox.hours import Hours
    from inbox.issues import Spike
    from inbox.ports import Reader, Workspace
    from tui.screens.inbox import InboxScreen

FIRST = 100
"""Conversations read before the first paint."""

MANY = 1000
"""Changed conversations beyond which nobody counts them one by one."""

OPEN = both(StatusIs((Status.OPEN,)), negated(Is(Flag.NOTICE)))
"""What is to be done today, whoever has it."""
LATE = both(VIEWS["due"].node or Everything(), Is(Flag.LATE))
"""What stands as "3 late" in the bottom line: of mine and of nobody's."""

EMPTY = {
    "due": "Nothing is due: everybody has been answered.",
    "mine": "Nothing is yours. N takes the next one.",
    "unassigned": "Everything is in somebody's hands.",
    "for-me": "Nobody called for you.",
    "drafts": "No drafts.",
    "outbox": "Nothing waits to be sent.",
}
"""What an empty view says."""


@dataclass(frozen=True)
class Shown:
    """What the list shows: a view, or what a search found (its name is empty then)."""

    name: str
    label: str
    query: Node
    empty: str = "Nothing here."


@dataclass(frozen=True)
class Page:
    """The first conversations of a list, and what a search found in them."""

    ids: Sequence[int]
    beside: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class News:
    """A view as it is now, beside the list as it was."""

    new: int  # conversations that came into the view
    counts: Mapping[str, int]
    late: int
    pace: Pace | None = None
    spikes: Sequence[Spike] = ()  # words of which many write just now
    silent: int = 0  # in Gone quiet: how many can be closed together


class Shelf(Part):
    """Chooses what the list shows, and keeps it true without moving it."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.shown = Shown("", "", Everything())
        self._settling = False
        self._changed: frozenset[int] | None = (
            frozenset()
        )  # since the list was read; None: nobody knows which
        self._found = 0
        self._before: tuple[Shown, int | None] | None = None  # where a search was called from

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            **{f"view-{n}": self._opener(numbered(n).name) for n in range(10)},
            "take-in": self.take_in,
            "import-left": self._opener("import-left"),
        }

    # what is shown

    def begin(self) -> None:
        """Open Due next; where nothing is due, All."""
        counts = self.seat.store.counts(self.seat.who, self.seat.now())
        self.screen.views.counts = counts
        self.open_view("due" if counts.get("due") or not counts.get("all") else "all")

    def open_view(self, name: str) -> None:
        """Show a view, fresh."""
        view = VIEWS[name]
        self._before = None
        self.show(Shown(name, view.label, self._node(view), EMPTY.get(name, "Nothing here.")))
        if name in ("failed", "outbox"):
            key = self.called("outbox")
            self.screen.say(f"{key} says of each message what it means for the customer, and what to press.")
        elif name == "out-of-sight":
            opens, settles = self.called("reopen"), self.called("spam")
            self.screen.say(f"Beside each stands why. {opens} brings it back; {settles}: it is spam indeed.")

    def show(self, shown: Shown, keep: int | None = None) -> None:
        """Show what a query finds: the first page of a view now, of a search as soon as it is found; then the rest."""
        store, who, now = self.seat.store, self.seat.who, self.seat.now()
        self.shown, self._changed = shown, frozenset()
        self.screen.list.selected.clear()
        self.screen.list.hint = self.screen.list.note = ""
        if shown.name:
            ids = store.ids(shown.query, who, now, FIRST)
            beside = _why_unseen(store, ids) if shown.name == "out-of-sight" else {}
            self._first_page(shown, Page(ids, beside), keep)
        else:
            self._first_page(replace(shown, empty="Searching …"), Page(()), None)
            query = shown.query
            self.background.read(
                "view",
                lambda reader: _found(reader, query, who, now),
                lambda page: self._first_page(shown, page, keep),
            )

    def _first_page(self, shown: Shown, page: Page, keep: int | None) -> None:
        self.screen.list.beside = page.beside
        self.screen.list.show(page.ids, keep, shown.empty)
        self._found = len(page.ids)
        self._say_count()
        self.show_views()
        self.screen.reading.follow()
        if len(page.ids) >= FIRST or page.beside:
            query, who, now = shown.query, self.seat.who, self.seat.now()
            first = page.ids
            self.background.read(
                "view", lambda reader: _after(first, reader.ids(query, who, now)), self._complete
            )
        self.screen.call_after_refresh(self.look)

    def search(self, shown: Shown) -> None:
        """Show what a search finds; `leave_search` returns to where it was called from."""
        if self._before is None:
            self._before = (self.shown, self.screen.list.current)
        self.show(shown)

    def leave_search(self) -> bool:
        """Back to the view the search was called from; whether there was one."""
        if self._before is None:
            return False
        shown, at = self._before
        self._before = None
        self.show(shown, at)
        return True

    def take_in(self) -> None:
        """Order the list as it is now; the cursor stays on its conversation."""
        self.show(self.shown, keep=self.screen.list.current)

    def next_after(self, conversation: int) -> int | None:
        """The conversation after this one in the order of the list, past those where colleagues are."""
        here = self.screen.list
        if here.current != conversation and not here.go_to(conversation):
            return None
        me = self.seat.who.name
        taken = {one.conversation for one in self.seat.store.presence() if one.who != me}
        following = itertools.islice(here.ids, here.at + 1, None)
        return next((one for one in following if one not in taken), None)

    def _complete(self, ids: Sequence[int]) -> None:
        self.screen.list.extend(ids)
        self._found = len(ids)
        self._say_count()

    # what changes meanwhile

    def rang(self, conversations: frozenset[int] | None) -> None:
        """Conversations changed, here or elsewhere (None: not known which)."""
        self.screen.list.forget(conversations)
        if conversations is None or self._changed is None or len(self._changed) > MANY:
            self._changed = None
        else:
            self._changed |= conversations
        if not self._settling:
            self._settling = True
            self.screen.set_timer(self.seat.pace.settle, self.look)

    def look(self) -> None:
        """Read the counts, and what came into the view since it was opened; the list stays as it is."""
        self._settling = False
        who, now = self.seat.who, self.seat.now()
        changed = (
            self.shown.query if self._changed is None else both(self.shown.query, Ids(tuple(self._changed)))
        )
        known, hours = self.screen.list.ids, self.seat.hours
        quiet = self.shown.name == "quiet"

        def ask(store: Workspace) -> News:
            found = store.ids(changed, who, now, MANY)
            late = store.ids(LATE, who, now, MANY)
            return News(
                sum(one not in known for one in found),
                store.counts(who, now),
                len(late),
                pace_of(store, who, hours(), now),
                store.issues.spikes(),
                _silent(store, who, now) if quiet else 0,
            )

        self.background.read("news", ask, self._news)

    def _news(self, news: News) -> None:
        if news.new and not self.screen.list.ids:
            self.take_in()  # nothing moves under anybody's hands
            news = replace(news, new=0)
        came = (
            f"{news.new}{'+' if news.new == MANY else ''} new · {self.called('take-in')}" if news.new else ""
        )
        self.screen.list.hint = "   ".join(filter(None, (self.screen.issues.hear(news.spikes), came)))
        self._note_silent(news.silent)
        self.screen.views.counts = news.counts
        self.screen.status.late = news.late
        self.screen.status.pace = news.pace
        self.show_views()
        self.screen.status.show()
        self._say_count()

    def _note_silent(self, silent: int) -> None:
        """In Gone quiet: how many can be closed together, above the list, and once in a whole sentence."""
        key = self.called("close-quiet")
        note = f"{silent} silent · {key}" if silent else ""
        if note and not self.screen.list.note:
            from inbox.quiet import DAYS

            them = "them together" if silent > 1 else "it"
            self.screen.say(f"{silent} silent for {DAYS} days or more - {key} closes {them}.")
        self.screen.list.note = note

    # looks

    def label_of(self, number: int) -> str:
        """The name of the view that a digit key opens."""
        return f"View: {numbered(number).label}"

    def tags_seen(self) -> list[str]:
        """Tags of the conversations around, the most frequent first."""
        from collections import Counter

        counted = Counter(tag for row in self.screen.list.rows_seen() for tag in row.conversation.tags)
        return [tag for tag, _ in counted.most_common(30)]

    def show_views(self) -> None:
        """The views and their counts."""
        counts = self.screen.views.counts
        listed = [
            view for view in VIEWS.values() if is_listed(view, counts.get(view.name, 0), len(self.seat.team))
        ]
        lines, place = [], ""
        for view in listed:
            key = str(view.number) if view.number is not None else ""
            gap = bool(place) and view.place != place
            lines.append(ViewLine(view.name, view.label, key, gap, urgent=view.place == "top"))
            place = view.place
        self.screen.views.show(lines, counts, self.shown.name)

    def _say_count(self) -> None:
        count = self.screen.views.counts.get(self.shown.name, self._found)
        figures = f"{count:,}".replace(",", "\u202f")
        self.screen.list.title = f"{self.shown.label}  {figures}"
        self.screen.list.repaint()

    def _node(self, view: View) -> Node:
        if view.name == "drafts":
            return Ids(tuple(sorted({draft.conversation for draft in self.seat.store.drafts()})))
        return view.seen_by(self.seat.who.role) or Everything()

    def _opener(self, name: str) -> Callable[[], None]:
        def open_it() -> None:
            self.open_view(name)
            self.screen.go_to("list")

        return open_it


def _found(store: Reader, query: Node, who: Who, now: Instant) -> Page:
    """The first page of a search: by words the newest messages first, each with a line of what it says."""
    if not _looks_for_words(query):
        return Page(store.ids(query, who, now, FIRST))
    beside: dict[int, str] = {}
    for hit in store.search(query, who, now, FIRST):
        beside.setdefault(hit.conversation, hit.snippet)
    return Page(tuple(beside), beside)


def _silent(store: Reader, who: Who, now: Instant) -> int:
    from inbox.quiet import silent

    return len(silent(store, who, now))


def _why_unseen(store: Reader, ids: Sequence[int]) -> Mapping[int, str]:
    """Why each of these is out of sight, as the rows of that view say it."""
    reasons = {
        row.conversation.id: unseen(row.conversation, row.due_at, known=True) for row in store.rows(ids)
    }
    return {number: reason.brief for number, reason in reasons.items() if reason is not None}


def _looks_for_words(node: Node) -> bool:
    match node:
        case Words():
            return True
        case And(parts) | Or(parts):
            return any(map(_looks_for_words, parts))
        case _:
            return False


def _after(first: Sequence[int], ids: Sequence[int]) -> Sequence[int]:
    """All ids, with the first page as it was painted."""
    if list(ids[: len(first)]) == list(first):
        return ids
    seen = set(first)
    return [*first, *(one for one in ids if one not in seen)]


def pace_of(store: Reader, who: Who, hours: Hours, now: Instant) -> Pace | None:
    """How much is due before the day closes, and what that asks of each who is here."""
    closes = closing(hours, now)
    if closes is None:
        return None
    due = store.ids(both(OPEN, Due(closes - now)), who, now, MANY)
    here = {who.name, *(presence.who for presence in store.presence())}
    return pace(len(due), closes, len(here), now, hours.between(now, closes))
