"""A rule made from the conversation under the hands: a few lines to change, what they would have matched below, and one key
that writes them into the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

from inbox.errors import FrontdeskError
from inbox.model import Refusal, Role
from inbox.text import one_line, sanitise
from tui.line.progress import told as progress_told
from tui.prompts import LineEditor, Option, Prompt
from tui.screens.part import Part
from tui.times import moment
from tui.widgets.wrapping import wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from textual.timer import Timer

    from inbox.ports import Row, Workspace
    from inbox.rules.proposing import Proposal
    from tui.screens.inbox import InboxScreen
    from tui.screens.under_way import Work

TITLE = "A rule from this"
MOST = 8
"""Matches that are shown, the newest."""


class _Found(NamedTuple):
    """What a rule would have matched: in how many conversations, and the newest of these."""

    conversations: int
    newest: Sequence[str]


@dataclass
class _Lines(Prompt):
    """The lines of a rule, one of them under the hands: up and down change it, Enter writes all of them."""

    keys: Sequence[str] = ()
    editors: Sequence[LineEditor] = ()
    at: int = 0
    changed: Callable[[], None] = lambda: None
    moved: Callable[[], None] = lambda: None
    write: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.go(self.at)

    def go(self, at: int) -> None:
        """Put the hands on a line."""
        self.at = max(0, min(at, len(self.keys) - 1))
        self.line, self.question = self.editors[self.at], f"{self.keys[self.at]} ="

    @property
    def under_hands(self) -> Option:
        """The line: as long as the question is there, something is."""
        return Option(self.keys[self.at], None)

    def press(self, key: str, character: str | None) -> Option | str | None:
        """Take a key; it is left by Esc, or by what Enter does."""
        if key == "enter":
            self.write()
        elif key in ("up", "ctrl+p", "down", "ctrl+n", "tab"):
            self.go(self.at + (-1 if key in ("up", "ctrl+p") else 1))
            self.moved()
        elif self.line.press(key, character):
            self._changed()
        return None

    def _changed(self) -> None:
        self.changed()

    @property
    def values(self) -> list[tuple[str, str]]:
        """The keys and what stands behind them."""
        return [(key, editor.text) for key, editor in zip(self.keys, self.editors, strict=True)]


@dataclass
class _Made:
    """The rule that is being made: from which conversation, over which settings, and what is known of it."""

    lines: _Lines
    others: Sequence[str]
    path: Path
    seen: bytes
    place: str
    about: str
    found: _Found | None = None
    said: str = "Looking …"  # in place of what was found: how far the look is, or what cannot be read
    stop: Event = field(default_factory=Event)
    timer: Timer | None = None
    work: Work | None = None  # the look, while it goes on
    writing: bool = False


class RuleFrom(Part):
    """Makes rules."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._made: _Made | None = None

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"rule-from-this": self._begin}

    # beginning and leaving

    def _begin(self) -> None:
        row = self.screen.target
        if row is None:
            return
        if self.seat.who.role is not Role.OWNER:
            self.screen.refuse(Refusal("Only an owner changes the settings.", "Ask an owner."))
            return
        now, path = self.seat.now(), self.seat.store.workspace / "settings.toml"

        def propose(store: Workspace) -> tuple[Proposal, bytes]:
            from inbox.rules import proposing
            from inbox.settings import load
            from tui.line.rule_writing import bytes_of

            seen, settings = bytes_of(path), load(path, now=now)
            number = row.conversation.id
            return proposing.propose(row, store.items(number), store.events(number), settings), seen

        self.background.read("rule-from-this", propose, lambda made: self._show(row, path, *made))

    def _show(self, row: Row, path: Path, proposal: Proposal, seen: bytes) -> None:
        if self.screen.prompt is not None or self.screen.writing.is_open:
            return  # the hands are elsewhere by now
        keys, values = zip(*proposal.lines, strict=True)
        lines = _Lines(
            "",
            lambda _: None,
            keys=keys,
            editors=[LineEditor(value) for value in values],
            at=keys.index("when"),
            changed=self._changed,
            moved=self._paint,
            write=self._write,
            seen=lambda option: self._left() if option is None else None,
        )
        editor = lines.editors[lines.at]
        editor.caret = max(0, len(editor.text) - 1)  # before the last quotation mark
        about = f"#{row.conversation.id} {one_line(row.subject, 60)}"
        self._made = _Made(lines, proposal.others, path, seen, self.screen.place, about)
        self.screen.go_to("conversation")
        self.screen.ask(lines)
        self._look()

    def _left(self) -> None:
        made, self._made = self._made, None
        if made is None:
            return
        self._stop_looking(made)
        if made.timer is not None:
            made.timer.stop()
        self.screen.conversation.close_sheet()
        self.screen.go_to(made.place)

    # what it would have matched

    def _changed(self) -> None:
        """A line was changed: look again once the hands rest."""
        made = self._made
        if made is None:
            return
        self._stop_looking(made)
        if made.timer is not None:
            made.timer.stop()
        made.timer = self.screen.set_timer(self.seat.pace.quiet, self._look)
        self._paint()

    def _look(self) -> None:
        made = self._made
        if made is None:
            return
        self._stop_looking(made)
        stop = made.stop = Event()
        under_way = self.screen.under_way
        work = made.work = under_way.begin(
            "looking", "what the rule would have matched", stop.set, "", long=False
        )
        tell = under_way.teller(work)
        made.timer, made.found, made.said = None, None, "Looking …"
        table, path, seen = self._table(made), made.path, made.seen
        now, zone, restricted = self.seat.now(), self.seat.zone, self.seat.restricted
        background, begun, monotonic = self.background, self.seat.monotonic(), self.seat.monotonic

        def ask(store: Workspace) -> _Found | str | None:
            from inbox.rules.proposing import matched
            from tui.line.rule_writing import tried

            def goes_on(done: int, total: int) -> bool:
                words = f"Looking: {progress_told(done, total, monotonic() - begun)}."
                background.tell(self._hear, (stop, words))
                tell(done, total)
                return not stop.is_set() and not background.leaving

            if stop.is_set():
                return None
            try:
                rule = tried(seen, table, path, now, restricted=restricted)
                told = matched(store, rule.settings, rule.rule, now, goes_on)
            except FrontdeskError as error:
                return f"{error.what} {error.next_step}".strip()
            if told is None:
                return None
            newest = told.firings[:MOST]
            rows = {row.conversation.id: row for row in store.rows([each.conversation for each in newest])}
            lines = [
                f"{moment(each.at, now, zone):<14}  #{each.conversation}  "
                f"{one_line(rows[each.conversation].customer_name, 24)} · {one_line(rows[each.conversation].subject, 80)}"
                for each in newest
                if each.conversation in rows
            ]
            return _Found(told.conversations, lines)

        background.go_through("rule-preview", ask, lambda found: self._came(found, stop))
        self._paint()

    def _stop_looking(self, made: _Made) -> None:
        made.stop.set()
        if made.work is not None:
            self.screen.under_way.end(made.work)
            made.work = None

    def _hear(self, heard: tuple[Event, str]) -> None:
        stop, words = heard
        if self._made is not None and stop is self._made.stop and self._made.found is None:
            self._made.said = words
            self._paint()

    def _came(self, found: _Found | str | None, stop: Event) -> None:
        made = self._made
        if made is None or stop is not made.stop:
            return
        self._stop_looking(made)
        if found is None:
            made.said = "Stopped."
            self._paint()
            return
        made.found, made.said = (None, f"! {found}") if isinstance(found, str) else (found, "")
        self._paint()

    # painting

    def _table(self, made: _Made) -> str:
        from inbox.rules.proposing import table_of

        return table_of(made.lines.values)

    def _paint(self) -> None:
        made = self._made
        if made is None:
            return
        from inbox.rules.proposing import DAYS

        width = max(20, self.screen.conversation.size.width - 2)
        shown = ["[[rule]]"]
        for number, (key, value) in enumerate(made.lines.values):
            mark = "▸" if number == made.lines.at else " "
            first, *rest = wrapped(f"{key} = {sanitise(value)}", width - 2)
            shown += [f"{mark} {first}", *(f"    {line}" for line in rest)]
        shown.append("")
        if made.others:
            shown += [*wrapped(f"It could ask for as well: {' · '.join(made.others)}", width), ""]
        if made.found is None:
            shown += wrapped(sanitise(made.said), width)
        else:
            count = made.found.conversations
            colon = ":" if count else "."
            shown.append(
                f"Would have matched {count} conversation{'s' if count != 1 else ''} in {DAYS} days{colon}"
            )
            shown += made.found.newest
        shown += [
            "",
            *wrapped("↑ ↓ to another line · Enter writes it into settings.toml · Esc goes back", width),
        ]
        self.screen.conversation.show_sheet(TITLE, shown, made.about)

    # writing

    def _write(self) -> None:
        made = self._made
        if made is None or made.writing:
            return
        made.writing = True
        table, path, seen = self._table(made), made.path, made.seen
        now, who, restricted = self.seat.now(), self.seat.who, self.seat.restricted

        def write(_: Workspace) -> str:
            from tui.line.rule_writing import write as put

            return put(path, seen, table, now, who, restricted=restricted).rule.name

        self.background.write(
            write, lambda name: self._written(made, name), failed=lambda: self._failed(made)
        )

    def _written(self, made: _Made, name: str) -> None:
        if self._made is made:
            self.screen.close_prompt()
        self.screen.say(f"“{one_line(name, 20)}” is in settings.toml, and holds once a worker has read it.")

    def _failed(self, made: _Made) -> None:
        from tui.line.rule_writing import bytes_of

        made.writing = False
        if self._made is made:
            made.seen = bytes_of(made.path)  # whoever looks again sees what is there now
            self._look()
