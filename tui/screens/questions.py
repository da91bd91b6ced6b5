"""What verbs ask before they act: to whom, which tags, until when, why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from inbox.actions.close import asks_why
from inbox.actions.ruling import DAYS, in_words, preview_in_short, target_of
from inbox.outcomes import OUTCOMES, RESOLVED, UNANSWERED
from inbox.ports import Caught, Item, Reader, Workspace
from inbox.progress import figure
from inbox.text import one_line, snippet
from tui.prompts import Option, Prompt, yes_or_no
from tui.screens.closing import Closing
from tui.screens.dates import Dates, Do
from tui.times import moment
from tui.widgets.rows import STANDING

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen


_BY_LOAD = object()
"""The answer that names nobody, but whoever has the least in hand."""


class Questions(Dates):
    """Opens the prompts of the changing verbs."""

    def __init__(self, screen: InboxScreen, do: Do) -> None:
        super().__init__(screen, do)
        self._closing = Closing(screen, do)

    def ask(self, verb: str) -> None:
        """Ask what a verb needs, or do it at once where it needs nothing here."""
        asked: dict[str, Callable[[], None]] = {
            "assign": self._assign,
            "tag": self._tag,
            "snooze": self._snooze,
            "hold": self._hold,
            "promise": self.ask_promise,
            "follow-up": self.ask_follow_up,
            "check-in": partial(
                self.ask_until, "Check in", lambda until: self._do("check-in", until=until), None
            ),
            "close": self._close,
            "outcome": self._closing.outcome,
            "goodwill": self._closing.goodwill,
            "merge": self._merge,
            "split": self._split,
            "move-message": self._move_message,
            "spam": partial(self._spam, "spam", "Spam"),
            "block": partial(self._spam, "block", "Block"),
            "notice": partial(self._rule, True),
            "no-notice": partial(self._rule, False),
            "by-hand": self._by_hand,
        }
        asked[verb]()

    def _assign(self) -> None:
        me, others = self.seat.who.name, self.screen.together.choices()
        options = [Option(me, me, "me"), *others]
        options.append(Option("nobody", None, "give it back to everybody"))
        if others and self.seat.settings is not None:
            options.append(Option("load", _BY_LOAD, "whoever has the least in hand"))

        def accept(answer: Option | str) -> None:
            if isinstance(answer, Option) and answer.value is _BY_LOAD:
                self._share()
            else:
                self._do("assign", to=answer.value if isinstance(answer, Option) else answer)

        self.screen.ask(Prompt("Assign to", accept, lambda text: fitting(options, text)))

    def _share(self) -> None:
        """Share what was selected out, each to whoever has the least by then."""
        from inbox.away import LOAD, shares

        settings, now, numbers = self.seat.settings, self.seat.now(), self.screen.doing.targets
        assert settings is not None

        def ask(store: Workspace) -> Mapping[int, str]:
            return shares(store, settings, numbers, now)

        self.ask_first(ask, lambda fair: self._do("assign", to=LOAD, shares=fair))

    def _tag(self) -> None:
        row = self.screen.target
        here = row.conversation.tags if row is not None else ()
        known = self.screen.shelf.tags_seen()

        def offer(text: str) -> Sequence[Option]:
            word = text.rsplit(" ", 1)[-1].lstrip("+")
            if word.startswith("-"):
                return [Option(f"-{tag}", f"-{tag}", "take off") for tag in here if tag.startswith(word[1:])]
            offered = [Option(tag, tag) for tag in known if tag not in here and tag.startswith(word)]
            return (
                offered
                if word
                else [*offered[:6], *(Option(f"-{tag}", f"-{tag}", "take off") for tag in here)]
            )

        def accept(answer: Option | str) -> None:
            words = (str(answer.value) if isinstance(answer, Option) else answer).split()
            add = tuple(word.lstrip("+#") for word in words if not word.startswith("-"))
            self._do(
                "tag", add=add, remove=tuple(word[1:].lstrip("#") for word in words if word.startswith("-"))
            )

        self.screen.ask(Prompt("Tags, -tag takes one off:", accept, offer, free=True))

    def _snooze(self) -> None:
        row = self.screen.target
        self.ask_until("Snooze", lambda until: self._do("snooze", until=until), row)

    def _hold(self) -> None:
        row = self.screen.target

        def whom(answer: Option | str) -> None:
            name = str(answer.value) if isinstance(answer, Option) else answer
            self.ask_until(
                f"Hold for {name} until",
                lambda until: self._do("hold", whom=name, until=until or None),
                row,
                True,
            )

        others = [name for name in self.seat.team if name != self.seat.who.name]
        usual = [Option(word, word) for word in ("carrier", "supplier", "finance", *others)]
        self.screen.ask(Prompt("Hold for", whom, lambda text: fitting(usual, text), free=True))

    def _close(self) -> None:
        row, several = self.screen.target, len(self.screen.doing.selected)
        if several < 2 and (row is None or not asks_why(row.conversation)):
            self._do("close")
            return
        whys = (RESOLVED, *UNANSWERED) if several > 1 else UNANSWERED
        options = [Option(OUTCOMES[why].words, why, key=OUTCOMES[why].key) for why in whys]

        def accept(answer: Option | str) -> None:
            self._do("close", why=answer.value if isinstance(answer, Option) else answer)

        why = (
            f"Close {figure(several)}, because" if several > 1 else "The customer wrote last. Close, because"
        )
        self.screen.ask(Prompt(why, accept, lambda _: options, asks_line=False))

    def _by_hand(self) -> None:
        """Answered where the customer is: what was said there is written down, or only that it was."""
        row, several = self.screen.target, len(self.screen.doing.targets) > 1
        seen = row.conversation.seq if row is not None and not several else None

        def accept(answer: Option | str) -> None:
            self._do("by-hand", text=str(answer), seen=seen)

        question = "Answered there. What was said, or Enter alone:"
        self.screen.ask(Prompt(question, accept, free=True))

    def _split(self) -> None:
        speaking = [item for item in self._lying if item.direction != "note"]
        if len(speaking) < 2:
            self.screen.say("There is only one message here.")
            return
        lying = [item for item in self._lying if item.id > speaking[0].id]
        self._ask_message("Split it from", lying, lambda message: self._do("split", message=message))

    def _move_message(self) -> None:
        self._ask_message("Move", self._lying, self._ask_where)

    def _ask_where(self, message: int) -> None:
        self._ask_other("Move it to", lambda into: self._do("move-message", messages=(message,), into=into))

    @property
    def _lying(self) -> Sequence[Item]:
        opened = self.screen.conversation.opened
        return opened.items if opened is not None else ()

    def _ask_message(self, question: str, lying: Sequence[Item], then: Callable[[int], None]) -> None:
        """Ask for a message or note; the one in sight comes first."""
        now, zone, at_hand = self.seat.now(), self.seat.zone, self.screen.conversation.in_sight
        options = [
            Option(
                f"{moment(item.at, now, zone)}  {_who(item)}", item.id, snippet(item.reply or item.text, 80)
            )
            for item in sorted(lying, key=lambda item: (item != at_hand, -item.id))
        ]

        def accept(answer: Option | str) -> None:
            if isinstance(answer, Option) and isinstance(answer.value, int):
                then(answer.value)

        self.screen.ask(Prompt(question, accept, lambda text: fitting(options, text)))

    def _merge(self) -> None:
        self._ask_other("Join it with", lambda into: self._do("merge", into=into))

    def _ask_other(self, question: str, then: Callable[[int], None]) -> None:
        """Ask for another conversation: one of the same customer's, or any by its number."""
        row = self.screen.target
        if row is None:
            return
        conversation = row.conversation.id
        panel = self.screen.customer.panel
        theirs = panel.history if panel is not None and panel.customer.id == row.conversation.customer else ()
        others = sorted(theirs, key=lambda other: other.conversation.status in STANDING)
        options = [
            Option(
                f"#{other.conversation.id} {one_line(other.subject, 60)}",
                other.conversation.id,
                STANDING.get(other.conversation.status, "open"),
            )
            for other in others
            if other.conversation.id != conversation
        ]

        def accept(answer: Option | str) -> None:
            into = answer.value if isinstance(answer, Option) else _number(answer)
            if not isinstance(into, int):
                self.screen.say("Name a conversation by its number.")
                return
            then(into)

        self.screen.ask(Prompt(question, accept, lambda text: fitting(options, text), free=True))

    def _spam(self, verb: str, word: str) -> None:
        row = self.screen.target
        if (
            self.screen.doing.selected
            or row is None
            or not (row.conversation.answered or row.conversation.sending)
        ):
            self._do(verb)
            return
        name = one_line(row.customer_name, 40)
        question = f"We have answered {name} before. {word} all the same?"
        self.screen.ask(yes_or_no(question, lambda: self._do(verb)))

    def _rule(self, notice: bool) -> None:
        """Always or never a notice: what that would have caught is said before it is asked."""
        targets, now = self.screen.doing.targets, self.seat.now()
        if not targets:
            return

        def ask(store: Reader) -> list[Caught]:
            senders = store.senders(targets[0])
            wanted = dict.fromkeys(target_of(senders, domain) for domain in (False, True))
            return [store.caught(each, notice, now - DAYS * 86_400) for each in wanted if each]

        self.ask_first(ask, lambda found: self._ask_ruling(targets[0], found, notice))

    def _ask_ruling(self, conversation: int, found: Sequence[Caught], notice: bool) -> None:
        if not found:
            self.screen.say("It does not say which address it came from.")
            return
        verb = "notice" if notice else "no-notice"
        options = [
            Option(one_line(each.target, 60), each, preview_in_short(each, notice), key=key)
            for key, each in zip(("y", "d"), found, strict=False)
        ]
        options.append(Option("no", None, key="n"))

        def accept(answer: Option | str) -> None:
            caught = answer.value if isinstance(answer, Option) else None
            if isinstance(caught, Caught):
                targets = tuple(dict.fromkeys((conversation, *caught.changes)))
                self.screen.doing.do_to(targets, verb, target=caught.target)

        words = in_words(notice).capitalize()
        self.screen.ask(Prompt(f"{words}?", accept, lambda _: options, asks_line=False))


def _who(item: Item) -> str:
    """Who wrote a message or note, in short."""
    sender = item.sender[0] if item.sender else None
    name = item.author or (sender.name or sender.address if sender is not None else "")
    return one_line(name or "somebody", 30) + (" (note)" if item.direction == "note" else "")


def _number(text: str) -> int | None:
    text = text.lstrip("#").strip()
    return int(text) if text.isdecimal() and len(text) < 16 else None


def fitting(options: Sequence[Option], text: str) -> Sequence[Option]:
    """The options a text could mean, those it begins first."""
    text = text.strip().casefold()
    if not text:
        return options
    begins = [option for option in options if option.label.casefold().startswith(text)]
    return begins + [option for option in options if option not in begins and text in option.label.casefold()]
