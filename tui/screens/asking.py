"""The palette, the help, the search, and sheets that say more: the mail as it came, why a deadline is what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from inbox.errors import FrontdeskError
from inbox.model import Clock, Event, EventType
from inbox.pledges import quoted
from inbox.queries import Node
from inbox.text import one_line
from inbox.together import reasons
from inbox.verbs import VERBS
from tui.prompts import Option, Prompt
from tui.screens.part import Part
from tui.screens.shelf import Shown
from tui.times import ago, moment
from tui.widgets.hint_line import sign

COLON = {"q": "quit", "wq": "send", "x": "send", "w": "save-draft", "help": "help", "h": "help"}
"""What hands type after a colon in other programs."""

HOW = "type to search them, Enter does one"

LONGEST_RAW = 1_000_000
"""Bytes of a mail shown as it came."""


class Asking(Part):
    """Opens what is asked with words."""

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"palette": self.palette, "help": self.help, "search": self.search}

    # palette and help

    def palette(self) -> None:
        """Every verb by name; what cannot be done says why."""
        from textual.fuzzy import FuzzySearch

        context = self.screen.context
        options = [
            self._option(verb, context) for verb in self.screen.verbs if context in VERBS[verb].contexts
        ]
        fuzzy = FuzzySearch()

        def offer(text: str) -> Sequence[Option]:
            text = text.strip()
            if text in COLON:
                known = [option for option in options if option.value == COLON[text]]
                return known or [Option(f":{text}", COLON[text], "keep the draft")]
            if not text:
                return options
            typed = text.replace(" ", "-")  # as verbs are written
            scored = [(fuzzy.match(typed, f"{option.value} {option.label}")[0], option) for option in options]
            found = [(score, option) for score, option in scored if score > 0]
            return [option for _, option in sorted(found, key=lambda pair: -pair[0])]

        self.screen.ask(Prompt(":", self._run, offer))

    def help(self) -> None:
        """The keys in force here; typing narrows them, Enter does one."""
        context = self.screen.context
        keymap = self.seat.keymap
        options = []
        in_force = keymap.in_force(context)
        for verb, sequences in ((verb, in_force[verb]) for verb in VERBS if verb in in_force):
            words = VERBS[verb].words
            if verb.startswith("view-"):
                words = self.screen.shelf.label_of(int(verb[-1])) or words
            blocked = self.screen.refused(verb)
            options.append(Option("  ".join(map(sign, sequences)), verb, words, blocked=blocked))

        def offer(text: str) -> Sequence[Option]:
            text = text.strip().casefold()
            exact = [option for option in options if text and text in option.label.casefold().split()]
            return exact + [
                option
                for option in options
                if option not in exact and (text in option.detail.casefold() or text in str(option.value))
            ]

        prompt = Prompt(f"Keys in the {context}:", self._run, offer, lambda text: "" if text else HOW)
        self.screen.ask(prompt, most=max(8, self.screen.size.height - 4))

    def _option(self, verb: str, context: str) -> Option:
        keys = self.seat.keymap.keys_for(context, verb)
        detail = VERBS[verb].words + (f"  ({sign(keys[0])})" if keys else "")
        return Option(verb, verb, detail, blocked=self.screen.refused(verb))

    def _run(self, answer: Option | str) -> None:
        verb = str(answer.value) if isinstance(answer, Option) else answer
        if verb == "save-draft":
            self.screen.writing.save_now()
            self.screen.say("Drafts are kept by themselves.")
        else:
            self.screen.run(verb)

    # search

    def search(self) -> None:
        """Ask for a query; what it finds becomes a view."""

        def show(text: str, query: Node) -> None:
            nothing = f"Nothing fits {text!r}. / asks again, Esc goes back."
            self.screen.shelf.search(Shown("", f"Search: {text}", query, nothing))
            self.screen.go_to("list")

        self.ask_query("Search", "words, from:anna, tag:vip, is:late, before:2026-05, -not, a or b", show)

    def ask_query(self, question: str, hint: str, then: Callable[[str, Node], None]) -> None:
        """Ask for a query and go on with it, as it was written and as it was read; what is wrong with it is said beside
        it. `hint` stands there before anything is typed."""
        from inbox.queries import parse

        now, zone = self.seat.now(), self.seat.zone

        def preview(text: str) -> str:
            try:
                parse(text, now, zone)
            except FrontdeskError as error:
                return f"{error.what} {error.next_step}" if len(text) > 2 else ""
            return "" if text else hint

        def accept(answer: Option | str) -> None:
            text = str(answer)
            try:
                query = parse(text, now, zone)
            except FrontdeskError as error:
                self.screen.complain(error)
                return
            if text:
                then(text, query)

        self.screen.ask(Prompt(question, accept, preview=preview, free=True))

    # sheets

    def show_raw(self, raw: bytes | None, coming: int = 0) -> None:
        """The mail exactly as it came; what a terminal would obey is written out. Of a large one, `coming` is the size
        it is to have while only its beginning is here."""
        if raw is None:
            self.screen.say("This message has no mail behind it.")
            return
        text = raw[:LONGEST_RAW].decode("utf-8", "backslashreplace").replace("\r\n", "\n")
        lines = [_visible(line) for line in text.split("\n")]
        if len(raw) > LONGEST_RAW:
            lines.append(f"… and {len(raw) - LONGEST_RAW} bytes more")
        if coming:
            lines.append(f"… {coming - len(raw)} bytes more are still on their way")
        self.screen.conversation.show_sheet("The mail as it came", lines)
        self.screen.go_to("conversation")

    def show_why(self, found: tuple[Sequence[Clock], Sequence[Event], str]) -> None:
        """Why this deadline, span by span, or why it is a notice or out of sight, and why these messages are together."""
        clocks, events, about = found
        lines = [line for clock in clocks for line in self._clock(clock, events)]
        if not lines:
            lines = ["No clock runs here."]
        now, zone = self.seat.now(), self.seat.zone
        if any(event.type is EventType.NUDGING for event in events):
            from inbox.nudged import nudged

            nudges = nudged(events)
            if nudges is not None:
                words = nudges.under(self.seat.hours(), self.seat.sends_by_itself).in_words(
                    lambda at: moment(at, now, zone)
                )
                lines.append(f"{words[0].upper()}{words[1:]}.")
        if about:
            lines.append(one_line(about, 300))
        told = [f"  {moment(each.at, now, zone)}  {each.in_words}" for each in reasons(events)]
        if told:
            lines += ["", "Why these messages are together", *told]
        self.screen.conversation.show_sheet("Why", lines)
        self.screen.go_to("conversation")

    def _clock(self, clock: Clock, events: Sequence[Event]) -> Iterator[str]:
        now, zone = self.seat.now(), self.seat.zone
        name = clock.kind.value.replace("_", " ")
        due = f", due {moment(clock.due, now, zone)}" if clock.due is not None else ""
        yield f"{name}: {clock.state.value}{due}{quoted(clock, events)}"
        yield f"  started {moment(clock.started, now, zone)} ({ago(clock.started, now)})"
        if clock.target is not None and clock.taken is not None:
            yield f"  {_span(clock.taken)} of {_span(clock.target)} open time used"
        for row in clock.ledger:
            if row.end == row.start:
                yield f"    {moment(row.start, now, zone)}  {row.reason}"
                continue
            counted = f"counts {_span(row.counted)}" if row.counted else "does not count"
            yield f"    {moment(row.start, now, zone)} to {moment(row.end, now, zone)}  {counted}  {row.reason}"
        yield ""


def _span(seconds: int) -> str:
    # seconds, too, where there are any: else rows would not add up to what is said of the whole
    rest = f":{seconds % 60:02}" if seconds % 60 else ""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}{rest} h"


def _visible(line: str) -> str:
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in line)
