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
    from inbox.text import one_line

    head, me = section.head, desk.who().name
    if head.who != me:
        other = one_line(head.who, 60)
        return f"This file is {other}'s, and you are {me}.", f"{other} applies it; or write your own day."
    if head.workspace != desk.store().identity():
        return "This file is from another workspace.", "Apply it there."
    if head.at > desk.now() + SLACK or section.seen > desk.store().newest_event():
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
        from inbox.day_doing import Again, Overtaken, done_before, overtaken
        from tui.line.answering import ready, with_banner
        from tui.line.putting_in import put_in

        text = section.answer.text if section.answer is not None else ""
        names = [deed.said["name"] for deed in section.deeds if deed.verb == "saved"]
        everybody = any(deed.verb == "to-all" for deed in section.deeds)
        done, changed = self._key(section, home, "answer", "\n".join((text, *names)))
        row, events, who = self.store.rows([home])[0], self.store.events(home), self.desk.who()
        used: tuple[str, ...] = ()
        if names:
            text, used = put_in(self.desk, row, text, names, ())
        verb = "reply-all" if everybody else "reply"
        draft = Draft(home, who.name, verb, text, at=self.desk.now(), used=used)
        here = Scope(conversations=(home,))
        # What it would go against is said before what the checks say: nobody mends an answer that was overtaken.
        known: Refusal | None = done_before(events, done)
        if known is None and self._sent_so(home, section.head, text):
            known = Again("You have sent the same since.")
        if known is None:
            known = overtaken(events, section.seen, who.name, answers=True)
        if known is not None:
            return _Planned(line, section.conversation, home, "answer", here, _refusing(known), draft)
        put, beside = self._put_in(home)
        files = put.files if put is not None else ()
        answer = ready(
            self.desk,
            home,
            with_banner(self.desk, row.conversation.issue, text),
            section.seen,
            everybody=everybody,
            files=files,
            closes=any(deed.verb == "close" for deed in section.deeds),
        )
        if answer.prepared.by_hand and not answer.to:
            way = answer.prepared.by_hand
            known = Overtaken(f"No address is known, only {way}: carry it there.")
            return _Planned(line, section.conversation, home, "answer", here, _refusing(known), draft)
        if answer.stops and answer.stops[0].name == "newer":
            known = Overtaken(answer.stops[0].words)
            return _Planned(line, section.conversation, home, "answer", here, _refusing(known), draft)
        if answer.stops:
            return Refusal(answer.stops[0].words, answer.stops[0].next_step)
        scope, decide = decision(
            answer.verb,
            conversation=home,
            text=with_banner(self.desk, row.conversation.issue, text),
            seen=section.seen,
            used=used,
            leave_after=self.wait,
            **answer.letter,
        )
        hints = (*(each.words for each in answer.found), *beside)
        kept = draft if put is None else replace(draft, kind=put.kind)  # beside what was put in
        told: dict[str, Any] = {"draft": kept, "hints": hints, "changed": changed, "takes": put}
        return self._plan(section, home, line, "answer", scope, decide, done, **told)

    def _put_in(self, home: int) -> tuple[Draft | None, tuple[str, ...]]:
        """The draft of who acts that holds files and no words, put in for an answer; and what is to be said of one that
        was begun."""
        me = self.desk.who().name
        mine = [
            each for each in self.store.drafts(home) if each.who == me and each.kind in ("reply", "reply-all")
        ]
        put = next((each for each in mine if each.files and not each.text.strip()), None)
        begun = any(each.text.strip() for each in mine)
        return put, ("You have begun a draft here as well: it stays.",) if begun else ()

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

        given = self._given(deed, section.head, home)
        if isinstance(given, Refusal):
            return given
        done, _ = self._key(section, home, deed.verb, deed.shown)
        scope, decide = decision(deed.verb, conversation=home, **given)
        return self._plan(section, home, deed.line, deed.shown, scope, decide, done, kind=deed.verb)

    def _given(self, deed: Deed, head: Head, home: int) -> dict[str, Any] | Refusal:
        """What the decision of a verb is given. FrontdeskError or a refusal where its words name nobody, nothing, or no
        time for certain."""
        from inbox.day_doing import Times
        from tui.line.assign import say_away, teammate_given
        from tui.line.closing import cause_given

        said, settings = dict(deed.said), self.desk.settings()
        times = Times(self.desk.now(), head.at, settings.zone, settings.hours, settings.promise_buffer)
        if deed.verb == "promise":
            promised = times.promise(said["until"])
            if isinstance(promised, Refusal):
                return promised
            return {"until": promised.until, "aim": promised.aim, "text": said["text"]}
        if "until" in said:
            until = times.instant(said["until"])
            if isinstance(until, Refusal):
                return until
            said["until"] = until
        match deed.verb:
            case "snooze":
                said["due"] = self._due(home)
            case "assign" | "hand-over":
                said["to"] = teammate_given(self.desk, said["to"])
                say_away(self.desk, [said["to"]] if said["to"] else [])
                if deed.verb == "hand-over":
                    said["team"] = settings.team
            case "close":
                said["cause"] = cause_given(self.desk, said.get("cause"))
            case "act":
                return self._action(said["name"], home)
        return said

    def _action(self, name: str, home: int) -> dict[str, Any] | Refusal:
        from inbox.nearest import nearest
        from inbox.text import one_line

        settings = self.desk.settings()
        known = {each.name: each for each in settings.actions}
        action = known.get(name)
        if action is None:
            shown = ", ".join(known) or "none: [[action]] in settings.toml makes one"
            near = nearest(name, known)
            return Refusal(f"There is no action “{one_line(name, 60)}”{near}", f"Known: {shown}.")
        if action.text is not None:
            return Refusal(f"“{one_line(name, 60)}” writes a text.", "A person does that on the screen.")
        return {
            "action": action,
            "zone": settings.zone,
            "hours": settings.hours,
            "team": tuple(mate.name for mate in settings.team),
            "due": self._due(home),
        }

    def _due(self, home: int) -> Instant | None:
        return self.store.rows([home])[0].due_at

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

        said = (plan.line, plan.conversation, plan.item)
        match result:
            case _Only():
                return Became(
                    *said, "would", f"would be done{self._along(plan)}{plan.changed}.", "", plan.hints
                )
            case Again():
                return Became(*said, "again", result.reason, result.next_step)
            case Overtaken() if plan.draft is not None:
                kept = "would be kept as your draft" if check else self._kept(plan.draft)
                return Became(
                    *said, "draft", f"{kept}: {result.reason}", f"show {plan.home}, then reply there."
                )
            case Refusal():
                return Became(*said, "refused", result.reason, result.next_step)
        if plan.takes is not None:
            self.store.save_draft(Draft(plan.home, plan.takes.who, plan.takes.kind, ""))
        return Became(
            *said, "done", f"{self._done(result)}{self._along(plan)}{plan.changed}.", "", plan.hints
        )

    def _along(self, plan: _Planned) -> str:
        from inbox.text import one_line

        names = (
            ", ".join(one_line(each.name, 60) for each in plan.takes.files) if plan.takes is not None else ""
        )
        return f", with {names}" if names else ""

    def _kept(self, draft: Draft) -> str:
        """Keep an answer that does not go as a draft, below what its writer has begun there."""
        begun = next(
            (
                each
                for each in self.store.drafts(draft.conversation)
                if (each.who, each.kind) == (draft.who, draft.kind)
            ),
            None,
        )
        if begun is None:
            self.store.save_draft(draft)
            return "kept as your draft"
        if draft.text.strip() in begun.text:
            return "it is in your draft already"
        text = f"{begun.text.rstrip()}\n\n{draft.text.strip()}".lstrip("\n")
        self.store.save_draft(_with_text(begun, text, draft))
        return "kept below what you had begun as a draft"

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
                else "waits in the outbox for frontdesk sync"
            )
        until = first.data.get("until") or first.data.get("due")
        when = f" {moment(until, self.desk.zone())}" if isinstance(until, int) else ""
        return f"done{',' if when else ''}{when}{f' ({first.why})' if first.why and first.type is EventType.SNOOZED else ''}"


def _refusing(refusal: Refusal) -> Decide:
    def decide(_state: State, _who: Who, _now: Instant) -> Decision:
        return refusal

    return decide


def _with_text(begun: Draft, text: str, more: Draft) -> Draft:
    return replace(begun, text=text, at=more.at, used=tuple(dict.fromkeys((*begun.used, *more.used))))
