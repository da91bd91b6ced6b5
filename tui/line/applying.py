"""A day's file carried out: what was read from it becomes decisions, and what became of each is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from inbox.errors import FrontdeskError
from inbox.model import EventType, Refusal, Role
from inbox.ports import Decide, Decision, Draft, Scope, State
from tui.line.desk import Desk

if TYPE_CHECKING:
    from inbox.day import Head
    from inbox.day_doing import Key
    from inbox.day_reading import Day, Section
    from inbox.day_words import Deed
    from inbox.model import Event, Instant, Who
    from tui.line.answering import Ready

SLACK = 600
"""Seconds by which two clocks may differ."""


class Became(NamedTuple):
    """What became of one thing that was written. `item`: answer, note, or the words of what was to be done."""

    line: int
    conversation: int | None
    item: str
    state: Literal["done", "would", "again", "draft", "refused"]
    words: str
    next_step: str = ""
    hints: tuple[str, ...] = ()


class _Planned(NamedTuple):
    """A decision that is to be made, and what is to be said of it."""

    line: int
    conversation: int  # as the file names it
    home: int  # where it lives now
    item: str
    scope: Scope
    decide: Decide
    draft: Draft | None = None
    hints: tuple[str, ...] = ()
    changed: str = ""
    takes: Draft | None = None  # what was put in for it goes along, and is no draft any more


class _Only(Refusal):
    """It would be done, and was only looked at."""


def applied(desk: Desk, day: Day, wait: int, *, check: bool) -> list[Became]:
    """Do what was written into a file, or (`check`) only see what would happen; `wait`: seconds before answers leave. In the
    order of the lines."""
    went = [
        Became(each.line, each.conversation, "not understood", "refused", each.words, each.next_step)
        for each in day.troubles
    ]
    going: list[Section] = []
    for section in day.sections:
        why = _not_ours(desk, section)
        if why is None:
            going.append(section)
            continue
        went += [Became(line, section.conversation, item, "refused", *why) for line, item in _items(section)]
    work = _Work(desk, wait, went)
    plans: list[_Planned] = []

    def coming() -> Iterator[tuple[Scope, Decide]]:
        for section in going:
            for plan in work.planned(section):
                plans.append(plan)
                yield plan.scope, work.tried(plan, check=check)

    results: list[Sequence[Event] | Refusal] = []
    desk.store().change_each(coming(), desk.who(), desk.now(), after=results.append)
    for plan, result in zip(plans, results, strict=True):
        went.append(work.told(plan, result, check=check))
    return sorted(went, key=lambda each: each.line)


def _not_ours(desk: Desk, section: Section) -> tuple[str, str] | None:
    """Why nothing of a file is done for who acts, here; None where it is theirs and of this workspace."""
    from inbox.day import told_of
    from inbox.text import one_line

    head, me = section.head, desk.who().name
    if head.who != me:
        other = one_line(head.who, 60)
        return f"This file is {other}'s, and you are {me}.", f"{other} applies it; or write your own day."
    if head.workspace != told_of(desk.store().identity()):
        return "This file is from another workspace.", "Apply it there."
    if head.at > desk.now() + SLACK or head.newest > desk.store().newest_event():
        return (
            "This file is newer than what is here: the clock is wrong, or an older copy was restored.",
            "Write the day anew, and copy your texts over.",
        )
    return None


def _items(section: Section) -> Iterator[tuple[int, str]]:
    if section.answer is not None:
        yield section.answer.line, "answer"
    if section.note is not None:
        yield section.note.line, "note"
    yield from ((deed.line, deed.shown) for deed in section.deeds)


class _Work:
    """What is known while a file is carried out: the desk, and in which conversations an answer did not simply go."""

    def __init__(self, desk: Desk, wait: int, went: list[Became]) -> None:
        self.desk = desk
        self.store = desk.store()
        self.wait = wait
        self.went = went
        self.unsent: dict[int, Refusal] = {}  # where an answer did not go, or waits, and what that stops
        self.alike: Counter[tuple[int, str, str]] = Counter()
        self.would: dict[int, list[Decision]] = {}  # what looking has found, by where it lives

    # ------------------------------------------------------------------ what is to be decided

    def planned(self, section: Section) -> Iterator[_Planned]:
        """The decisions of a section, one after the other; what cannot be decided is told at once."""
        home = self.store.resolve(section.conversation)
        if home is None:
            words = f"There is no conversation {section.conversation}."
            self.went += [
                Became(
                    line,
                    section.conversation,
                    item,
                    "refused",
                    words,
                    f"{self.desk.called} list shows what there is.",
                )
                for line, item in _items(section)
            ]
            return
        for line, item, ready in self._parts(section, home):
            try:
                plan = ready()
            except FrontdeskError as error:
                self._failed(section, home, line, item, error.what, error.next_step)
                continue
            if isinstance(plan, Refusal):
                self._failed(section, home, line, item, plan.reason, plan.next_step)
            else:
                yield plan

    def _failed(self, section: Section, home: int, line: int, item: str, words: str, next_step: str) -> None:
        from inbox.day_doing import NOT_SENT

        if item == "answer":
            self.unsent[home] = NOT_SENT
        self.went.append(Became(line, section.conversation, item, "refused", words, next_step))

    def _parts(
        self, section: Section, home: int
    ) -> Iterator[tuple[int, str, Callable[[], _Planned | Refusal]]]:
        saved = [deed for deed in section.deeds if deed.verb == "saved"]
        to_all = [deed for deed in section.deeds if deed.verb == "to-all"]
        if section.answer is not None or saved:
            line = section.answer.line if section.answer is not None else saved[0].line
            yield line, "answer", lambda: self._answer(section, home, line)
        elif to_all:
            refusal = Refusal("There is no answer that could go to all.", "Write one below ### answer.")
            yield to_all[0].line, to_all[0].shown, lambda: refusal
        if section.note is not None:
            yield section.note.line, "note", lambda: self._note(section, home)
        for deed in section.deeds:
            if deed.verb not in ("saved", "to-all"):
                yield deed.line, deed.shown, lambda deed=deed: self._deed(section, home, deed)  # type: ignore[misc]

    def _answer(self, section: Section, home: int, line: int) -> _Planned | Refusal:
        from inbox.actions import decision
        from inbox.actions.reply import make
        from inbox.day_doing import Again, Overtaken
        from tui.line.answering import with_banner
        from tui.line.drafts import put_in_for
        from tui.line.putting_in import put_in

        text = section.answer.text if section.answer is not None else ""
        names = [deed.said["name"] for deed in section.deeds if deed.verb == "saved"]
        everybody = any(deed.verb == "to-all" for deed in section.deeds)
        done, changed = self._key(section, home, "answer", "\n".join((text, *names)))
        row, who = self.store.rows([home])[0], self.desk.who()
        used: tuple[str, ...] = ()
        if names:
            text, used = put_in(self.desk, row, text, names, ())
        verb = "reply-all" if everybody else "reply"
        draft = Draft(home, who.name, verb, text, at=self.desk.now(), used=used)
        put, beside = put_in_for(self.desk, home)
        # What it would go against is said before what the checks say: nobody mends an answer that was overtaken.
        found: Ready | Refusal | None = self._known(section, home, done, text)
        if found is None:
            found = self._ready(section, home, text, put)
        if isinstance(found, Again | Overtaken):
            here = Scope(conversations=(home,))
            return _Planned(line, section.conversation, home, "answer", here, _refusing(found), draft)
        if isinstance(found, Refusal):
            return found
        letter = dict(found.letter)
        files = letter.pop("files", ())
        # built before the store is locked: files take a while
        made = make(text=with_banner(self.desk, row.conversation.issue, text), date=self.desk.now(), **letter)
        if isinstance(made, Refusal):
            return made
        scope, decide = decision(
            found.verb,
            conversation=home,
            made=made,
            files=files,
            seen=section.seen,
            used=used,
            leave_after=self.wait,
        )
        hints = (*(each.words for each in found.found), *beside)
        beside_it = draft if put is None else replace(draft, kind=put.kind)
        told: dict[str, Any] = {"draft": beside_it, "hints": hints, "changed": changed, "takes": put}
        return self._plan(section, home, line, "answer", scope, decide, done, **told)

    def _known(self, section: Section, home: int, done: Key, text: str) -> Refusal | None:
        """Why an answer is not even looked at: it was done before, or overtaken."""
        from inbox.day_doing import Again, Overtaken, done_before, overtaken

        events = self.store.events(home)
        before = done_before(events, done)
        if before is None and self._sent_so(home, section.head, text):
            before = Again("You have sent the same since.")
        restored = self.store.restored_at()
        if before is None and restored and section.head.newest <= restored:
            return Overtaken("This inbox was restored since, and what went then is not known here.")
        return before or overtaken(events, section.seen, self.desk.who().name, answers=True)

    def _ready(self, section: Section, home: int, text: str, put: Draft | None) -> Ready | Refusal:
        """The answer made ready, or why it cannot go."""
        from inbox.day_doing import Overtaken
        from tui.line.answering import ready, with_banner

        row = self.store.rows([home])[0]
        answer = ready(
            self.desk,
            home,
            with_banner(self.desk, row.conversation.issue, text),
            section.seen,
            everybody=any(deed.verb == "to-all" for deed in section.deeds),
            files=put.files if put is not None else (),
            closes=any(deed.verb == "close" for deed in section.deeds),
        )
        if answer.prepared.by_hand and not answer.to:
            return Overtaken(f"No address is known, only {answer.prepared.by_hand}: carry it there.")
        stop = next(iter(answer.stops), None)
        if stop is None:
            return answer
        return Overtaken(stop.words) if stop.name == "newer" else Refusal(stop.words, stop.next_step)

    def _sent_so(self, home: int, head: Head, text: str) -> bool:
        """Whether who acts has sent these very words there since the file was written."""
        me, words = self.desk.who().name, text.split()
        return any(
            each.direction == "out"
            and each.author == me
            and each.at >= head.at
            and each.reply.split() == words
            for each in self.store.items(home, 20)
        )

    def _note(self, section: Section, home: int) -> _Planned:
        from inbox.actions import decision

        assert section.note is not None
        done, changed = self._key(section, home, "note", section.note.text)
        team = [mate.name for mate in self.desk.settings().team]
        scope, decide = decision("note", conversation=home, text=section.note.text, team=team)
        return self._plan(section, home, section.note.line, "note", scope, decide, done, changed=changed)

    def _deed(self, section: Section, home: int, deed: Deed) -> _Planned | Refusal:
        from inbox.actions import decision
        from tui.line.day_deeds import given

        arguments = given(self.desk, deed, section.head, home)
        if isinstance(arguments, Refusal):
            return arguments
        done, _ = self._key(section, home, deed.verb, deed.shown)
        scope, decide = decision(deed.verb, conversation=home, **arguments)
        return self._plan(section, home, deed.line, deed.shown, scope, decide, done, kind=deed.verb)

    def _key(self, section: Section, home: int, place: str, words: str) -> tuple[Key, str]:
        """The key of something written, and in words that something else stood in its place when it was applied before."""
        from inbox.day_doing import changed_since, key
        from tui.line.lines import moment

        told = (section.conversation, place, " ".join(words.split()))
        self.alike[told] += 1
        done = key(section.head.id, section.conversation, place, words, self.alike[told])
        was = changed_since(self.store.events(home), done)
        when = moment(was.recorded, self.desk.zone()) if was is not None else ""
        return done, f"; what stood there before was done {when} and stays" if when else ""

    def _plan(
        self,
        section: Section,
        home: int,
        line: int,
        item: str,
        scope: Scope,
        decide: Decide,
        done: Key,
        kind: str = "",
        **more: Any,
    ) -> _Planned:
        from inbox.day_doing import once

        guarded = once(
            done,
            scope,
            decide,
            home,
            seen=section.seen,
            kind=kind or item,
            answer=lambda: self.unsent.get(home),
        )
        return _Planned(line, section.conversation, home, item, *guarded, **more)

    # ------------------------------------------------------------------ under the lock

    def tried(self, plan: _Planned, *, check: bool) -> Decide:
        """The decision, which also tells those that rest on it that it failed; with `check` it is made and then refused, so
        that nothing is recorded."""
        from inbox.day_doing import NOT_SENT, Again
        from inbox.rules.deciding import after

        def decide(state: State, who: Who, now: Instant) -> Decision:
            for facts in self.would.get(plan.home, ()):
                assert not isinstance(facts, Refusal)
                state = after(state, plan.home, facts)
            facts = plan.decide(state, who, now)
            if isinstance(facts, Refusal):
                if plan.item == "answer" and not isinstance(facts, Again):
                    self.unsent[plan.home] = NOT_SENT
                return facts
            if plan.item == "answer" and who.role is Role.TRAINEE:
                self.unsent[plan.home] = Refusal(
                    "The answer above it waits for a yes.", "Say so once it has left."
                )
            if not check:
                return facts
            self.would.setdefault(plan.home, []).append(facts)
            return _Only("It would be done.")

        return decide

    # ------------------------------------------------------------------ what became of it

    def told(self, plan: _Planned, result: Sequence[Event] | Refusal, *, check: bool) -> Became:
        """What became of a decision; an answer that was overtaken becomes a draft."""
        from inbox.day_doing import Again, Overtaken
        from tui.line.drafts import kept, left

        said = (plan.line, plan.conversation, plan.item)
        match result:
            case _Only():
                return Became(
                    *said, "would", f"would be done{self._along(plan)}{plan.changed}.", "", plan.hints
                )
            case Again():
                return Became(*said, "again", result.reason, result.next_step)
            case Overtaken() if plan.draft is not None:
                where = "would be kept as your draft" if check else kept(self.desk, plan.draft)
                return Became(
                    *said,
                    "draft",
                    f"{where}: {result.reason}",
                    f"{self.desk.called} show {plan.home}; the draft waits on the screen.",
                )
            case Refusal():
                return Became(*said, "refused", result.reason, result.next_step)
        if plan.takes is not None:
            left(self.desk, plan.takes)
        return Became(
            *said, "done", f"{self._done(result)}{self._along(plan)}{plan.changed}.", "", plan.hints
        )

    def _along(self, plan: _Planned) -> str:
        from inbox.text import one_line

        names = (
            ", ".join(one_line(each.name, 60) for each in plan.takes.files) if plan.takes is not None else ""
        )
        return f", with {names}" if names else ""

    def _done(self, events: Sequence[Event]) -> str:
        from tui.line.lines import moment

        first = events[0]
        if first.type is EventType.QUEUED:
            if first.data.get("held"):
                return "waits for the yes of an owner or agent"
            leaves = moment(first.at + self.wait, self.desk.zone())
            return (
                f"leaves {leaves}"
                if self.store.worker() is not None
                else f"waits in the outbox for {self.desk.instead_of_worker}"
            )
        until = first.data.get("until") or first.data.get("due")
        when = f" {moment(until, self.desk.zone())}" if isinstance(until, int) else ""
        return f"done{',' if when else ''}{when}{f' ({first.why})' if first.why and first.type is EventType.SNOOZED else ''}"


def _refusing(refusal: Refusal) -> Decide:
    def decide(_state: State, _who: Who, _now: Instant) -> Decision:
        return refusal

    return decide
