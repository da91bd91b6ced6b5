"""The view on the table: its list in the order it had when it was opened, and what came meanwhile.

The first page is read at once, so that the first paint shows it; the whole order follows from the reader thread. After
that the order stays until the person takes in what is new: changed rows are written again in their places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from inbox.listing import Instant, Status, Who
from inbox.pace import Pace, closing, pace
from inbox.progress import figure
from inbox.queries import And, Due, Everything, Flag, Ids, Is, Node, Or, StatusIs, Words, both, negated
from inbox.views import VIEWS, View, is_listed, numbered
from tui.screens.emptiness import nothing_in
from tui.screens.part import Part
from tui.widgets.views_pane import ViewLine

if TYPE_CHECKING:
    from inbox.hours import Hours
    from inbox.issues import Spike
    from inbox.ports import Reader, Workspace
    from tui.screens.inbox import InboxScreen
    from tui.screens.under_way import Work

FIRST = 100
"""Conversations read before the first paint."""

NEAR = 100
"""Conversations after the one under the hands that are looked at for where the hands go next."""

LEAD = 0.02
"""Seconds by which the first change after quiet is read behind the paint of its row."""

MANY = 1000
"""Changed conversations beyond which nobody counts them one by one."""

OPEN = both(StatusIs((Status.OPEN,)), negated(Is(Flag.NOTICE)))
"""What is to be done today, whoever has it."""
LATE = both(VIEWS["due"].node or Everything(), Is(Flag.LATE))
"""What stands as "3 late" in the bottom line: of mine and of nobody's."""


class Shown(NamedTuple):
    """What the list shows: a view, or what a search found (its name is empty then)."""

    name: str
    label: str
    query: Node
    empty: str = "Nothing here."


class Page(NamedTuple):
    """The first conversations of a list, and what a search found in them."""

    ids: Sequence[int]
    beside: Mapping[int, str] = MappingProxyType({})


class Left(NamedTuple):
    """A list that was left for a search, as it stood: what it showed, in which order, and where the hands were."""

    shown: Shown
    at: int | None
    page: Page
    whole: bool  # whether that is all there is, not only the first page


class Following(NamedTuple):
    """The conversation after another one in a list; None where there is none, `last` where the list ends there."""

    conversation: int | None
    last: bool = False
    there: int = 0  # skipped: colleagues look at them, or write to them
    gone: int = 0  # skipped: they were done since the list was opened

    def words(self, view: str) -> str:
        """What is to be said of it."""
        parts = []
        if self.there:
            are = "a colleague is" if self.there == 1 else "colleagues are"
            parts.append(f"Skipped {self.there}: {are} there.")
        if self.gone:
            parts.append(f"Done meanwhile: {self.gone}.")
        if self.last:
            parts.append(f"That was the last one in {view}.")
        return " ".join(parts)


class News(NamedTuple):
    """A view as it is now, beside the list as it was."""

    new: int  # conversations that came into the view
    counts: Mapping[str, int]
    late: int
    pace: Pace | None = None
    spikes: Sequence[Spike] = ()  # words of which many write just now
    silent: int = 0  # in Gone quiet: how many can be closed together
    names: int = 0  # names in chats of which nobody has said whose they are


class Shelf(Part):
    """Chooses what the list shows, and keeps it true without moving it."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.shown = Shown("", "", Everything())
        self._settling = False
        self._looked_at = self.seat.monotonic()  # the first screen reads what is there itself
        self._changed: frozenset[int] | None = (
            frozenset()
        )  # since the list was read; None: nobody knows which
        self._turn = 0  # counts what was shown: what was read for an earlier one has come too late
        self._found = 0
        self._before: Left | None = None  # where a search was called from
        self._is_whole = True  # whether the list holds all there is, not only the first page
        self._when_whole: Callable[[Sequence[int]], None] | None = None  # keys wait for it
        self._searching: Work | None = None

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            **{f"view-{n}": self._opener(numbered(n).name) for n in range(10)},
            "take-in": self._take_in_new,
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
        self.screen.list.selected.clear()
        self.show(Shown(name, view.label, self._node(view), nothing_in(name, self.called)))
        if name in ("failed", "outbox"):
            key = self.called("outbox")
            self.screen.say(f"{key} says of each message what it means for the customer, and what to press.")
        elif name == "out-of-sight":
            opens, settles = self.called("reopen"), self.called("spam")
            self.screen.say(f"Beside each stands why. {opens} brings it back; {settles}: it is spam indeed.")

    def show(self, shown: Shown, keep: Sequence[int] = (), then: Callable[[], None] = lambda: None) -> None:
        """Show what a query finds: the first page of a view now, of a search as soon as it is found; then the rest.

        The cursor goes to the first of `keep` that is there; where that lies behind the first page, all is read first.
        `then` is called as soon as something is shown.
        """
        store, who, now = self.seat.store, self.seat.who, self.seat.now()
        self.shown, self._changed = shown, frozenset()
        turn = self._turn = self._turn + 1
        self.screen.list.hint = self.screen.list.note = ""
        self._end_search()
        self._no_longer_wanted()
        if not shown.name:
            self._first_page(shown._replace(empty="Searching …"), Page(()), None)
            query, gone = shown.query, self._gone()

            def stop() -> None:
                self.leave_search()

            under_way, what = self.screen.under_way, shown.label.removeprefix("Search: ")
            self._searching = under_way.begin("searching", what, stop, "", long=False)

            def found(page: Page) -> None:
                if self._turn == turn:  # it takes the place of nothing: no key can have meant it yet
                    self._end_search()
                    self.screen.keyboard.advanced()
                    self._first_page(shown, page, _first_of(keep, page.ids))
                    then()

            self.background.read("view", lambda reader: _found(reader, query, who, now, gone), found)
            return
        ids = store.ids(shown.query, who, now, FIRST)
        beside = _why_unseen(store, ids) if shown.name == "out-of-sight" else {}
        if not keep or len(ids) < FIRST or keep[0] in ids:
            self._first_page(shown, Page(ids, beside), _first_of(keep, ids))
            then()
            return

        def whole(found: tuple[Sequence[int], int | None]) -> None:
            self._first_page(shown, Page(found[0], beside), found[1], whole=True)
            then()

        self.ask_first(lambda reader: _whole(reader.ids(shown.query, who, now), keep), whole)

    def _first_page(self, shown: Shown, page: Page, keep: int | None, whole: bool = False) -> None:
        self.screen.list.beside = page.beside
        self.screen.list.show(page.ids, keep, shown.empty)
        self._found = len(page.ids)
        self._say_count()
        self.show_views()
        self.screen.reading.follow()
        self._is_whole = whole or not (len(page.ids) >= FIRST or page.beside)
        if self._is_whole:
            self._select_among(page.ids)
        else:
            query, who, now = shown.query, self.seat.who, self.seat.now()
            first, gone = page.ids, self._gone()
            self.background.read(
                "view",
                lambda reader: _after(first, reader.ids(query, who, now, given_up=gone)),
                self._completing(self._turn),
            )
        self._look_soon()  # what is counted beside it: the list is painted first

    def _gone(self) -> Callable[[], bool]:
        """Whether something else is shown by now, or the same anew: who reads asks, and gives up."""
        turn = self._turn
        return lambda: self._turn != turn or self.background.leaving

    def _end_search(self) -> None:
        if self._searching is not None:
            self.screen.under_way.end(self._searching)
            self._searching = None

    def search(self, shown: Shown) -> None:
        """Show what a search finds; `leave_search` returns to where it was called from."""
        self._before = self._before or self._here()
        self.screen.list.selected.clear()
        self.show(shown)

    def _here(self) -> Left:
        """The list as it stands, to come back to."""
        here = self.screen.list
        return Left(self.shown, here.current, Page(here.ids, here.beside), self._is_whole)

    def leave_search(self) -> bool:
        """Back to the list the search was called from, in the order it had; whether there was one."""
        if self._before is None:
            return False
        self._end_search()
        left, self._before = self._before, None
        self.screen.list.selected.clear()
        self.screen.list.hint = self.screen.list.note = ""
        self.shown, self._changed = left.shown, None
        self._turn += 1
        self._no_longer_wanted()
        self._first_page(left.shown, left.page, left.at, left.whole)
        return True

    def come_back(self, shown: Shown, conversation: int | None, then: Callable[[], None]) -> None:
        """What the list showed before, with the cursor on a conversation; and then do something there."""
        if self._before is not None and self._before.shown == shown:
            self.leave_search()
            if conversation is not None:
                self.screen.list.go_to(conversation)
            then()
        else:
            self._before = None if shown.name else self._before or self._here()
            self.screen.list.selected.clear()
            self.show(shown, (conversation,) if conversation is not None else (), then)

    def take_in(self) -> None:
        """Order the list as it is now; the cursor stays on its conversation, or the next that is still there."""
        here = self.screen.list
        self.show(self.shown, keep=here.ids[here.at : here.at + NEAR])

    def _take_in_new(self) -> None:
        new = bool(self.screen.list.hint)
        self.take_in()
        if not new:
            self.screen.say("Nothing new has come. The list is in order.")

    def all_of_it(self, then: Callable[[Sequence[int]], None]) -> None:
        """Do something with all that the list shows, once all of it has been read."""
        if self._is_whole:
            then(self.screen.list.ids)
        elif self._when_whole is None:
            self._when_whole = then
            self.screen.keyboard.wait()

    def _no_longer_wanted(self) -> None:
        """Something else is shown than what was to be done something with."""
        if self._when_whole is not None:
            self._when_whole = None
            self.screen.keyboard.go_on()

    def _completing(self, turn: int) -> Callable[[Sequence[int]], None]:
        def complete(ids: Sequence[int]) -> None:
            if self._turn != turn:
                return
            self.screen.list.extend(ids)
            self._found = len(ids)
            self._is_whole = True
            self._select_among(ids)
            self._say_count()
            then, self._when_whole = self._when_whole, None
            if then is not None:
                then(ids)
                self.screen.keyboard.go_on()

        return complete

    def _select_among(self, ids: Sequence[int]) -> None:
        """What is selected and no longer listed is selected no longer."""
        if self.screen.list.selected:
            self.screen.list.selected.intersection_update(ids)

    # what changes meanwhile

    def rang(self, conversations: frozenset[int] | None) -> None:
        """Conversations changed, here or elsewhere (None: not known which)."""
        self.screen.list.forget(conversations)
        if conversations is None or self._changed is None or len(self._changed) > MANY:
            self._changed = None
        else:
            self._changed |= conversations
        self._look_soon()

    def _look_soon(self) -> None:
        """The first change after quiet is read at once, behind the paint of the row it changed; of a flood one reading each
        `settle` seconds."""
        if not self._settling:
            self._settling = True
            since = self.seat.monotonic() - self._looked_at
            settle = self.seat.pace.settle
            self.screen.set_timer(max(min(LEAD, settle), settle - since), self.look)

    def look(self) -> None:
        """Read the counts, and what came into the view since it was opened; the list stays as it is."""
        self._settling = False
        self._looked_at = self.seat.monotonic()
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
                len(store.names.all().waiting),
            )

        self.background.read("news", ask, self._news)

    def _news(self, news: News) -> None:
        if news.new and not self.screen.list.ids:
            self.screen.keyboard.advanced()  # nothing moves under anybody's hands, but a key may be on its way
            self.take_in()
            news = news._replace(new=0)
        came = (
            f"{news.new}{'+' if news.new == MANY else ''} new · {self.called('take-in')}" if news.new else ""
        )
        self.screen.list.hint = "   ".join(filter(None, (self.screen.issues.hear(news.spikes), came)))
        self._note_silent(news.silent)
        self.screen.first_steps.counted(news.counts)
        self.screen.views.counts = news.counts
        self.screen.status.late = news.late
        self.screen.status.pace = news.pace
        self.screen.status.names = news.names
        if self.screen.place == "names":
            self.screen.names.look()
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
        self.screen.list.title = f"{self.shown.label}  {figure(count)}"
        self.screen.list.repaint()

    def _node(self, view: View) -> Node:
        if view.name == "drafts":
            return Ids(tuple(sorted({draft.conversation for draft in self.seat.store.drafts()})))
        return view.seen_by(self.seat.who.role) or Everything()

    def _opener(self, name: str) -> Callable[[], None]:
        def open_it() -> None:
            self.screen.marks.leave()
            self.open_view(name)
            self.screen.go_to("list")

        return open_it


def _found(store: Reader, query: Node, who: Who, now: Instant, gone: Callable[[], bool]) -> Page:
    """The first page of a search: by words the newest messages first, each with a line of what it says."""
    if not _looks_for_words(query):
        return Page(store.ids(query, who, now, FIRST, given_up=gone))
    beside: dict[int, str] = {}
    for hit in store.search(query, who, now, FIRST, given_up=gone):
        beside.setdefault(hit.conversation, hit.snippet)
    return Page(tuple(beside), beside)


def _silent(store: Reader, who: Who, now: Instant) -> int:
    from inbox.quiet import silent

    return len(silent(store, who, now))


def _why_unseen(store: Reader, ids: Sequence[int]) -> Mapping[int, str]:
    """Why each of these is out of sight, as the rows of that view say it."""
    from inbox.sight import unseen

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


def following(
    store: Reader, ids: Sequence[int], conversation: int, at: int | None, query: Node, who: Who, now: Instant
) -> Following:
    """The conversation after another one in a list, past those where colleagues are and those that `query` finds no more;
    `at`: where that one stands in the list, if it is known."""
    if at is None:
        try:
            at = ids.index(conversation)
        except ValueError:
            return Following(None)
    taken = {one.conversation for one in store.presence() if one.who != who.name}
    there = gone = 0
    for start in range(at + 1, len(ids), NEAR):
        some = ids[start : start + NEAR]
        still = set(store.ids(both(query, Ids(tuple(some))), who, now))
        for one in some:
            if one in taken:
                there += 1
            elif one not in still:
                gone += 1
            else:
                return Following(one, there=there, gone=gone)
    return Following(None, True, there, gone)


def _whole(ids: Sequence[int], keep: Sequence[int]) -> tuple[Sequence[int], int | None]:
    return ids, _first_of(keep, ids)


def _first_of(keep: Sequence[int], ids: Sequence[int]) -> int | None:
    """The first of `keep` that is among the ids."""
    known = set(ids) if keep else ()
    return next((one for one in keep if one in known), None)


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
