"""The verbs of the customer's panel: what a person says of a customer, that two of them are one, and what programs know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from inbox.model import Customer, Refusal
from inbox.panels import PLACE
from inbox.same_person import NAME, WRITTEN, Perhaps, called, who_stays
from inbox.text import one_line
from tui.prompts import LineEditor, Option, Prompt, yes_or_no
from tui.screens.deeds import decision
from tui.screens.part import Part

if TYPE_CHECKING:
    from inbox.erasing import Holdings
    from inbox.ports import Outcome, Panel, Store, Workspace
    from tui.screens.inbox import InboxScreen

ERASING = "They are nobody we know any more; the worker erases the rest (frontdesk verify says whether all is gone)."
OFFERED = 8
"""Customers that are offered while a name is typed."""


class Customers(Part):
    """Changes customers, and has programs asked."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._asked_here: tuple[int, int] | None = None  # conversation, customer

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "customer": self._go,
            "customer-edit": self._edit,
            "customer-note": self._note,
            "customer-tags": self._edit_tags,
            "customer-field": self._edit_field,
            "customer-vip": self._vip,
            "customer-join": self._join,
            "customer-same": self._same,
            "customer-different": self._different,
            "customer-part": self._part,
            "customer-erase": self._erase,
            "panel-again": lambda: self.ask_programs(again=True),
        }

    @property
    def _panel(self) -> Panel | None:
        panel = self.screen.customer.panel
        if panel is None:
            self.screen.say("There is no customer here.")
        return panel

    def _go(self) -> None:
        self.screen.go_to("customer")
        self.follow()

    def follow(self) -> None:
        """Another conversation is shown, or the hands have come to it: then programs are asked, once."""
        if self.screen.place in ("conversation", "customer"):
            self.ask_programs()
        else:
            self._asked_here = None

    def read_rows(self, conversations: Sequence[int]) -> None:
        """Read the conversations of the customer that have come into sight."""
        self.background.read(
            "history", lambda store: store.rows(conversations), self.screen.customer.add_rows
        )

    # what programs know

    def ask_programs(self, again: bool = False) -> None:
        """Have the programs asked about the customer that is shown: those whose answer is too old, or all. The hands are
        on the conversation or on the customer: whoever is passed by on the list is not asked about."""
        panel, shown = self.screen.customer.panel, self.screen.reading.shown
        programs = self.seat.panels
        if again and not programs:
            self.screen.say("No program is asked about customers: docs/customers.md says how.")
        if panel is None or shown is None or not panel.said or panel.unserved:
            if again and panel is not None and panel.unserved:
                self.screen.say(f"Nothing is asked: {panel.unserved}.")
            return
        now, customer = self.seat.now(), panel.customer.id
        here, self._asked_here = self._asked_here, (shown, customer)
        if here == self._asked_here and not again:
            return
        due = [
            program.name
            for program, said in zip(programs, panel.said, strict=False)
            if again or said.is_due(program.every, now)
        ]
        if due:
            self.background.write(lambda store: store.panels.ask(due, customer, shown), slot="programs")
            said = tuple(each._replace(waiting=each.waiting or each.panel in due) for each in panel.said)
            self.screen.customer.show(panel._replace(said=said))

    # what is said of one

    def _edit_tags(self) -> None:
        panel = self._panel
        if panel is not None:
            self._tags(panel.customer)

    def _edit_field(self) -> None:
        """An own field: which one, then what stands in it."""
        panel = self._panel
        if panel is None:
            return
        here = panel.customer
        programs = self.seat.panels
        asked = (place for each in programs for word in each.command for place in PLACE.findall(word))
        wanted = [place.partition(":")[2] for place in asked if place.startswith("field:")]
        known = dict.fromkeys((*(name for name, _ in here.fields), *wanted), "") | dict(here.fields)

        def offer(text: str) -> Sequence[Option]:
            return [
                Option(name, name, one_line(now, 60)) for name, now in known.items() if name.startswith(text)
            ]

        def accept(answer: Option | str) -> None:
            name = str(answer.value) if isinstance(answer, Option) else answer.strip()
            if name:
                now = known.get(name, "")
                self._ask(f"{one_line(name, 40)}, empty takes it off:", "", now, here, field=name)

        self.screen.ask(Prompt("Own field:", accept, offer, free=True))

    def _edit(self) -> None:
        panel = self._panel
        if panel is None:
            return
        here = panel.customer
        asked: dict[str, Callable[[], None]] = {
            "n": lambda: self._ask("Name", "name", here.name, here),
            "t": lambda: self._tags(here),
            "o": self._edit_field,
            "l": lambda: self._ask("Answer in, as in de or fr:", "language", here.language, here),
            "f": lambda: self._form(here),
            "a": lambda: self._address(here),
            "s": lambda: self._say(here, stop=not here.stop),
        }
        stop = "may be asked and told again" if here.stop else "stop: answers only, no announcements"
        words = ("name", "tags", "own field", "language", "form of address", "address or number", stop)
        options = [Option(word, key, key=key) for key, word in zip(asked, words, strict=True)]

        def accept(answer: Option | str) -> None:
            if isinstance(answer, Option):
                asked[str(answer.value)]()

        self.screen.ask(Prompt("Change", accept, lambda _: options, asks_line=False))

    def _note(self) -> None:
        panel = self._panel
        if panel is not None:
            note = panel.customer.note.replace("\n", " ")
            self._ask("What everybody should know:", "note", note, panel.customer)

    def _ask(self, question: str, what: str, now: str, customer: Customer, field: str = "") -> None:
        """Ask for a line; `field` is the own field that it is for."""

        def accept(answer: Option | str) -> None:
            if isinstance(answer, str) and answer != now:
                self._write(question, what, answer, customer, field)

        self.screen.ask(Prompt(question, accept, free=True, line=LineEditor(now)))

    def _write(self, question: str, what: str, text: str, seen: Customer, field: str) -> None:
        """Write a line of a customer down. What a colleague has written there meanwhile is shown, with the line as it was
        typed: the next Enter has seen it."""
        from inbox.actions.customers import overtaken, said_of

        said: dict[str, Any] = {"fields": {field: text.strip()}} if field else {what: text}

        def look(found: Customer | None) -> None:
            if found is None or not overtaken(seen, found, field or what):
                return
            there = one_line(said_of(found, field or what), 300) or "nothing"

            def again(answer: Option | str) -> None:
                self._write(question, what, str(answer), found, field)

            prompt = Prompt(question, again, free=True, line=LineEditor(text))
            prompt.note = (
                f"Changed meanwhile: it says “{there}” now. Enter puts yours in its place, Esc leaves it."
            )
            prompt.urgent = True
            self.screen.ask(prompt)

        def refused() -> None:
            self.ask_first(lambda store: store.customer(seen.id), look)

        self._change("customer-edit", "Changed.", refused=refused, customer=seen.id, seen=seen, **said)

    def _vip(self) -> None:
        panel = self._panel
        if panel is not None:
            self._say(panel.customer, vip=not panel.customer.vip)

    def _tags(self, customer: Customer) -> None:
        def accept(answer: Option | str) -> None:
            words = (str(answer.value) if isinstance(answer, Option) else answer).split()
            add = [word.lstrip("+#") for word in words if not word.startswith("-")]
            self._say(
                customer, add=add, remove=[word[1:].lstrip("#") for word in words if word.startswith("-")]
            )

        def offer(text: str) -> Sequence[Option]:
            word = text.rsplit(" ", 1)[-1]
            if text and not word.startswith("-"):
                return []
            return [
                Option(f"-{tag}", f"-{tag}", "take off") for tag in customer.tags if tag.startswith(word[1:])
            ]

        self.screen.ask(Prompt("Tags, -tag takes one off:", accept, offer, free=True))

    def _form(self, customer: Customer) -> None:
        from inbox.forms_of_address import FAMILIAR, POLITE, called

        language = customer.language
        options = [
            Option(called(FAMILIAR, language) or "familiar (du, tu)", FAMILIAR, key="f"),
            Option(called(POLITE, language) or "polite (Sie, vous)", POLITE, key="p"),
            Option("as they write", "", key="-"),
        ]

        def accept(answer: Option | str) -> None:
            if isinstance(answer, Option):
                self._say(customer, form=str(answer.value))

        self.screen.ask(Prompt("Address them", accept, lambda _: options, asks_line=False))

    def _address(self, customer: Customer) -> None:
        def accept(answer: Option | str) -> None:
            from inbox.addresses import fold_address
            from inbox.model import Identity
            from inbox.recipients import mailable
            from inbox.us import fold_number

            text = str(answer).strip()
            if mailable(text) is not None:
                self._say(customer, identities=[Identity("mail", fold_address(text))])
            elif "@" not in text and len(fold_number(text).lstrip("+")) >= 3:
                self._say(customer, identities=[Identity("phone", fold_number(text))])
            else:
                self.screen.say(
                    f"{one_line(text, 60) or 'Nothing'}: no mail address and no telephone number."
                )

        self.screen.ask(Prompt("They also write from, or call from:", accept, free=True))

    def _say(self, customer: Customer, **said: Any) -> None:
        self._change("customer-edit", "Changed.", customer=customer.id, **said)

    # who is who

    def _join(self) -> None:
        panel = self._panel
        if panel is None:
            return
        here, store = panel.customer, self.seat.store

        def offer(text: str) -> Sequence[Option]:
            found = (
                _begin_so(store, text) if len(text.strip()) > 1 else [each.customer for each in panel.perhaps]
            )
            return [_option(each) for each in found if each.id != here.id][:OFFERED]

        self.screen.ask(Prompt("The same as", self._joining(here), offer))

    def _same(self) -> None:
        """Join with who is perhaps the same: asked first, with what would be joined and on what ground."""

        def ask(panel: Panel, other: Perhaps) -> None:
            into, moved = who_stays(panel.customer, other.customer)
            them, here = (one_line(called(each), 80) for each in (other.customer, panel.customer))
            question = f"Is {them} the same as {here}?"
            prompt = yes_or_no(question, lambda: self._joined(into, moved.id, "customer-same"))
            count = "1 conversation" if other.conversations == 1 else f"{other.conversations} conversations"
            prompt.note = one_line(f"{count}. {other.in_words}", 300)
            prompt.urgent = other.why in (NAME, WRITTEN)
            self.screen.ask(prompt)

        self._suggested(ask, "The same as")

    def _different(self) -> None:
        """Somebody else: it is suggested no more."""

        def say(panel: Panel, other: Perhaps) -> None:
            words = f"{one_line(other.customer.name, 40)} is somebody else: that is suggested no more."
            self._change("customer-different", words, customer=panel.customer.id, other=other.customer.id)

        self._suggested(say, "Somebody else")

    def _suggested(self, do: Callable[[Panel, Perhaps], None], question: str) -> None:
        """Do something with who is perhaps the same; of several one is chosen first."""
        panel = self._panel
        if panel is None:
            return
        if not panel.perhaps:
            key = self.called("customer-join", "customer")
            self.screen.refuse(
                Refusal("Nobody here looks like the same customer.", f"{key} joins with anybody.")
            )
            return
        if len(panel.perhaps) == 1:
            do(panel, panel.perhaps[0])
            return
        options = [
            Option(one_line(called(each.customer), 80), number, one_line(each.in_words, 100))
            for number, each in enumerate(panel.perhaps)
        ]

        def accept(answer: Option | str) -> None:
            if isinstance(answer, Option) and isinstance(answer.value, int):
                do(panel, panel.perhaps[answer.value])

        self.screen.ask(Prompt(question, accept, lambda _: options))

    def _joining(self, here: Customer) -> Callable[[Option | str], None]:
        def accept(answer: Option | str) -> None:
            if isinstance(answer, Option) and isinstance(answer.value, int):
                self._joined(here, answer.value, "customer-join")

        return accept

    def _joined(self, here: Customer, other: int, verb: str) -> None:
        self._change(verb, "Joined.", into=here.id, customer=other)

    def _part(self) -> None:
        panel = self._panel
        if panel is None:
            return
        if not panel.joined:
            self.screen.refuse(Refusal("Nobody was joined with this customer."))
        elif len(panel.joined) == 1:
            self._parted(panel.joined[0].id)
        else:
            options = [_option(each) for each in panel.joined]

            def accept(answer: Option | str) -> None:
                if isinstance(answer, Option) and isinstance(answer.value, int):
                    self._parted(answer.value)

            self.screen.ask(Prompt("Somebody else after all:", accept, lambda _: options))

    def _parted(self, customer: int) -> None:
        self._change("customer-part", "Parted.", customer=customer)

    # for good

    def _erase(self) -> None:
        """Say what there is of the customer, and have the name typed; the worker does the rest."""
        panel = self._panel
        if panel is None:
            return
        customer = panel.customer.id

        def ask(found: Holdings | None) -> None:
            from inbox.erasing import in_words, to_type

            if found is None:
                self.screen.say("Only who may see every mailbox can erase: some are restricted.")
                return
            wanted = to_type(found)

            def accept(answer: Option | str) -> None:
                if " ".join(str(answer).split()) != wanted:
                    self.screen.say("That is another name: nothing was erased.")
                    return
                self._change("customer-erase", ERASING, customer=customer)

            question = f"Type {one_line(wanted, 60)} to erase for good:"
            prompt = Prompt(question, accept, free=True)
            prompt.note = one_line("; ".join(in_words(found)), 300)
            prompt.urgent = True
            self.screen.ask(prompt)

        def look(store: Workspace) -> Holdings | None:
            return store.erasing.holdings(customer) if store.sees_all() else None

        self.ask_first(look, ask)

    # doing it

    def _change(
        self, verb: str, done: str, *, refused: Callable[[], None] = lambda: None, **arguments: Any
    ) -> None:
        who, now, key = self.seat.who, self.seat.now(), uuid4().hex
        back = self.called("redo" if verb == "customer-part" else "undo", "customer")

        def changed(outcome: Outcome) -> None:
            if outcome.refusal is not None:
                self.screen.refuse(outcome.refusal)
                refused()
                return
            self.screen.shelf.rang(None)
            self.screen.reading.again()
            final = verb in ("customer-part", "customer-erase")
            self.screen.say(done if final else f"{done} {back} takes it back.")

        self.background.write(
            lambda store: store.change(*decision(verb, **arguments), who, now, key), changed
        )


def _begin_so(store: Store, text: str) -> Iterable[Customer]:
    """Customers whose name, last name, address or domain begins so: each by an index, as it is asked for each key."""
    addresses = [each.address for each in store.people_like(text, OFFERED + 1)]
    numbers = dict.fromkeys(each.id for each in store.customers_at(addresses).values())
    return [found for number in numbers if (found := store.customer(number)) is not None]


def _option(customer: Customer) -> Option:
    known = ", ".join(one_line(each.value, 100) for each in customer.identities[:3])
    return Option(one_line(customer.name, 60) or "(no name)", customer.id, known)
