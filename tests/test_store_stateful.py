"""Whatever people, mail and the outbox do in whatever order: what is derived agrees with the record at every step."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from inbox import mime, nudging
from inbox.actions.goodwill import Allowance
from inbox.feedback import ask
from inbox.happenings import happenings
from inbox.model import ClockKind, ClockState, Instant, Role, Status, Who
from inbox.money import Sum
from inbox.pledges import Promised
from inbox.ports import MailboxState, Result
from inbox.queueing import queue, stop
from inbox.settings import CheckIn, Feedback, Mailbox, NudgePace, Settings, Watched, load
from inbox.sla import status_after
from inbox.telling import From, Told, plan
from inbox.views import VIEWS
from inbox.waking import wake
from storage.recording import CONVERSATION_NAMES
from storage.workspace import open_store
from tests.stores import DAY, OURS, US, Desk, desk, everything, letter

PEOPLE = ("ann", "bo", "tia")
ASKING = Settings(
    host_zone="UTC", automatic_sending=True, calendar="always", feedback=Feedback(300),
    mailboxes=(Mailbox("support", OURS, OURS, "127.0.0.1", 993, "tls", "127.0.0.1", 465, "tls"),),
)  # fmt: skip
"""Customers are asked how it was, five minutes after closing."""
NUDGING = replace(
    ASKING, mailboxes=(), us_words=(OURS,),
    nudges=NudgePace((3600, 9 * 3600), ("Did it help you at all?", "May we close this now?")),
    check_in=CheckIn(DAY, "Is all well now, we wonder?"),
)  # fmt: skip
CUSTOMERS = ("jo@park.example", "lea@krol.example", "kim@krol.example")
TEXTS = {"thanks": "Thank you!", "angry": "This is unacceptable. My lawyer will write to you."}
people = st.sampled_from(PEOPLE)
numbers = st.integers(0, 1000)


def _none_open() -> dict[ClockKind, list[Instant]]:
    return {ClockKind.PROMISE: [], ClockKind.FOLLOW_UP: []}


def who_is(name: str) -> Who:
    return Who(name, Role.TRAINEE if name == "tia" else Role.AGENT)


def derived(here: Desk) -> dict[str, list[Any]]:
    """Everything but the record itself, the number of the last event, and the policy of what is closed or spam, which
    meets another one when it opens again, if only for a moment (`inbox.policies.Book.change`)."""
    found: dict[str, list[Any]] = everything(here.store)
    del found["events"]
    rows = [dict(zip(CONVERSATION_NAMES, row, strict=True)) for row in found["conversations"]]
    for row in rows:
        del row["seq"]
        if row["status"] in ("closed", "spam"):
            del row["policy"]
    found["conversations"] = rows
    return found


class Office(RuleBasedStateMachine):
    """A few people, a few customers, one workspace."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="office-"))
        self.desk = desk(self.folder)
        self.ids: list[str] = []
        self.desk.gets(letter(CUSTOMERS[0], id_="<first@park.example>", at=self.desk.now))
        self.ids.append("<first@park.example>")

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            self.desk.store.close()
            shutil.rmtree(self.folder)

    # ------------------------------------------------------------------------------ what comes in

    @rule(
        customer=st.sampled_from(CUSTOMERS),
        answers=st.lists(numbers, max_size=3),
        kind=st.sampled_from(
            ["plain", "plain", "plain", "angry", "thanks", "automatic", "notice", "junk", "quarantine"]
        ),
        late=st.sampled_from([0, 0, 0, 300, 5 * DAY]),
        history=st.booleans(),
    )
    def mail_comes(self, customer: str, answers: list[int], kind: str, late: int, history: bool) -> None:
        self._mail(customer, answers, kind, late, history and late > 0, trusted=False)

    @rule(
        answers=st.lists(numbers, min_size=1, max_size=2),
        to=st.sampled_from(CUSTOMERS),
        late=st.sampled_from([0, 400]),
    )
    def ours_is_seen_in_sent(self, answers: list[int], to: str, late: int) -> None:
        self._mail(OURS, answers, "plain", late, False, trusted=True, to=to)

    @rule(
        sender=st.sampled_from([OURS, *CUSTOMERS]),
        to=st.sampled_from([OURS, *CUSTOMERS]),
        late=st.integers(1, 40),
        answers=st.lists(numbers, max_size=2),
    )
    def an_archive_is_imported(self, sender: str, to: str, late: int, answers: list[int]) -> None:
        self._mail(sender, answers, "plain", late * DAY, True, trusted=True, to=to)

    def _mail(
        self,
        sender: str,
        answers: list[int],
        kind: str,
        late: int,
        history: bool,
        trusted: bool,
        to: str = OURS,
    ) -> None:
        id_ = f"<{len(self.ids)}@made.example>"
        at = self.desk.now - late
        headers = {
            "automatic": {"auto_submitted": "auto-replied"},
            "notice": {"list_unsubscribe": "<https://x.example/off>", "precedence": "bulk"},
        }.get(kind, {})
        chain = [self.ids[number % len(self.ids)] for number in answers]
        raw = letter(
            sender,
            to=to,
            id_=id_,
            at=at,
            answers=chain,
            subject="" if kind == "thanks" else f"About {len(self.ids) % 3}",
            text=TEXTS.get(kind, f"Text of {id_}"),
            **headers,
        )
        self.desk.take_in(
            raw,
            at=at,
            history=history,
            trusted=trusted,
            junk=kind == "junk",
            quarantine=kind == "quarantine",
            watched=Watched(),
        )
        self.ids.append(id_)

    # ------------------------------------------------------------------------------ what people do

    def one(self, number: int) -> int:
        there = [row[0] for row in self.desk.store.read("SELECT id FROM conversations ORDER BY id")]
        return int(there[number % len(there)])

    def act(self, name: str, verb: str, **arguments: Any) -> None:
        self.desk.do(name, verb, who_is(name).role, **arguments)

    @rule(
        name=people,
        number=numbers,
        verb=st.one_of(
            st.tuples(st.just("assign"), st.fixed_dictionaries({"to": st.sampled_from([*PEOPLE, None])})),
            st.tuples(st.just("tag"), st.fixed_dictionaries({
                "add": st.lists(st.sampled_from(["vip", "parcel"]), max_size=2),
                "remove": st.lists(st.sampled_from(["vip", "parcel"]), max_size=1),
            })),
            st.tuples(st.just("note"), st.fixed_dictionaries({"text": st.sampled_from(["Hm.", "@bo look", "@ann @tia?"])})),
            st.tuples(st.just("close"), st.fixed_dictionaries({
                "why": st.sampled_from([None, "resolved", "thanks", "not-ours"]), "cause": st.sampled_from([None, "site"]),
            })),
            st.tuples(st.just("outcome"), st.fixed_dictionaries({
                "outcome": st.sampled_from([None, "thanks", "referred"]), "cause": st.sampled_from([None, "", "carrier"]),
                "to": st.sampled_from([None, "the maker"]),
            })),
            st.tuples(st.just("goodwill"), st.fixed_dictionaries({
                "kind": st.just("gift"), "amount": st.sampled_from([None, Sum(Decimal(5), "EUR"), Sum(Decimal(9), "%")]),
                "reason": st.just("late"), "allowed": st.just(Allowance("bo", Decimal(9), Decimal(9), Decimal(14), 0, ())),
            })),
            st.tuples(st.sampled_from(["reopen", "spam", "assign-me", "take-next", "no-answer"]), st.just({})),
            st.tuples(st.sampled_from(["block", "unblock", "keep", "done"]), st.just({})),
            st.tuples(st.just("nudge"), st.fixed_dictionaries({"after": st.just((3600, 9 * 3600))})),
            st.tuples(st.just("close-quiet"), st.just({})),
            st.tuples(st.just("approve"), st.fixed_dictionaries({
                "leave_after": st.just(0), "anyway": st.sampled_from(["", "I know"]), "seen": st.just(99_999),
            })),
            st.tuples(st.just("give-back"), st.fixed_dictionaries({"text": st.sampled_from(["", "Why?"])})),
            st.tuples(st.just("amend"), st.fixed_dictionaries({
                "text": st.just("Edited."), "to": st.just([CUSTOMERS[0]]), "sender": st.just(OURS), "subject": st.just("Re"),
                "then": st.sampled_from(["waiting", "closed"]), "leave_after": st.just(0),
            })),
            st.tuples(st.just("mark-read"), st.fixed_dictionaries({"read": st.booleans()})),
            st.tuples(st.just("link"), st.fixed_dictionaries({
                "issue": st.sampled_from(["strike", "fault"]), "new": st.sampled_from(["issue", ""]),
            })),
            st.tuples(st.just("unlink"), st.just({})),
            st.tuples(st.just("upset"), st.fixed_dictionaries({"upset": st.sampled_from([None, True, False])})),
        ),
    )  # fmt: skip
    def somebody_acts(self, name: str, number: int, verb: tuple[str, dict[str, Any]]) -> None:
        self.act(name, verb[0], conversation=self.one(number), **verb[1])

    @rule(name=people, number=numbers, hours=st.integers(1, 60), hold=st.booleans(), open_ended=st.booleans())
    def somebody_puts_off(self, name: str, number: int, hours: int, hold: bool, open_ended: bool) -> None:
        until: Instant = self.desk.now + hours * 3600
        if hold:
            self.act(
                name,
                "hold",
                conversation=self.one(number),
                whom="carrier",
                until=None if open_ended else until,
            )
        else:
            self.act(name, "snooze", conversation=self.one(number), until=until)

    @rule(
        name=people, number=numbers, hours=st.integers(1, 60), follow_up=st.booleans(), anyway=st.booleans()
    )
    def somebody_promises(self, name: str, number: int, hours: int, follow_up: bool, anyway: bool) -> None:
        until, here = self.desk.now + hours * 3600, self.one(number)
        if follow_up:
            self.act(name, "follow-up", conversation=here, until=until, anyway=anyway)
        else:
            aim = until - 1800 if anyway else None
            self.act(name, "promise", conversation=here, until=until, aim=aim)

    @rule(
        name=people,
        number=numbers,
        to=st.lists(st.sampled_from(CUSTOMERS), min_size=1, max_size=2, unique=True),
        then=st.sampled_from(["waiting", "closed", "snoozed", "open"]),
    )
    def somebody_replies(self, name: str, number: int, to: list[str], then: str) -> None:
        until = self.desk.now + DAY if then == "snoozed" else None
        promises = Promised(self.desk.now + 2 * DAY, self.desk.now + DAY) if then == "open" else None
        self.act(
            name, "reply", conversation=self.one(number), text=f"We are on it ({self.desk.now}).", to=to, sender=OURS,
            then=then, until=until, leave_after=20, bits=self.desk.now, promises=promises,
        )  # fmt: skip

    @rule(
        name=people,
        number=numbers,
        text=st.sampled_from(["", "It is in the chat."]),
        then=st.sampled_from(["waiting", "closed", "snoozed", "open"]),
    )
    def somebody_carries_an_answer_there(self, name: str, number: int, text: str, then: str) -> None:
        until = self.desk.now + DAY if then == "snoozed" else None
        here = self.one(number)
        self.act(name, "by-hand", conversation=here, text=text, then=then, until=until, bits=self.desk.now)

    @rule(
        name=people,
        closes=st.booleans(),
        text=st.sampled_from(["It comes.", "It goes on."]),
        stops=st.booleans(),
    )
    def somebody_tells_all(self, name: str, closes: bool, text: str, stops: bool) -> None:
        store, who = self.desk.store, who_is(name)
        issue = store.issues.named("strike")
        if issue is None:
            return
        by = From(who, (OURS,), US, Settings(host_zone="UTC"))
        told = Told("strike", text, closes=closes)
        before = store.issues.told(told.digest)
        queue(store, plan(store, issue, told, by, self.desk.tick()), by, self.desk.tick())
        assert before.keys() <= store.issues.told(told.digest).keys()
        if stops:
            stop(store, told.digest, who, self.desk.tick())

    @rule(name=people, number=numbers, into=numbers)
    def somebody_joins_two(self, name: str, number: int, into: int) -> None:
        self.act(name, "merge", conversation=self.one(number), into=self.one(into))

    @rule(name=people, number=numbers, into=numbers)
    def joining_and_taking_it_back_is_nothing(self, name: str, number: int, into: int) -> None:
        before = derived(self.desk)
        outcome = self.desk.do(
            name, "merge", who_is(name).role, conversation=self.one(number), into=self.one(into)
        )
        if outcome.refusal is None:
            self.desk.did(name, "undo", by=name)
            assert derived(self.desk) == before

    @rule(name=people, number=numbers, at=numbers)
    def somebody_splits_one(self, name: str, number: int, at: int) -> None:
        conversation = self.one(number)
        lying = [item.id for item in self.desk.store.items(conversation)]
        self.act(name, "split", conversation=conversation, message=lying[at % len(lying)] if lying else 0)

    @rule(name=people, number=numbers, at=numbers, into=numbers, onward=st.booleans())
    def somebody_moves_a_message(self, name: str, number: int, at: int, into: int, onward: bool) -> None:
        conversation = self.one(number)
        lying = [item.id for item in self.desk.store.items(conversation)]
        self.act(
            name, "move-message", conversation=conversation, messages=[lying[at % len(lying)]] if lying else [],
            into=self.one(into), onward=onward,
        )  # fmt: skip

    @rule(name=people, number=numbers, at=numbers, into=numbers, whole=st.booleans())
    def parting_and_taking_it_back_is_nothing(
        self, name: str, number: int, at: int, into: int, whole: bool
    ) -> None:
        conversation, before = self.one(number), derived(self.desk)
        lying = [item.id for item in self.desk.store.items(conversation)]
        message = lying[at % len(lying)] if lying else 0
        arguments: dict[str, Any] = (
            {"message": message} if whole else {"messages": [message], "into": self.one(into)}
        )
        verb = "split" if whole else "move-message"
        outcome = self.desk.do(name, verb, who_is(name).role, conversation=conversation, **arguments)
        if outcome.refusal is None:
            self.desk.did(name, "undo", by=name)
            after = derived(self.desk)
            # a number that was given leads home for ever
            given = {event.conversation for event in outcome.events}
            for told in (before, after):
                told["redirects"] = [row for row in told["redirects"] if row[0] not in given]
            assert after == before

    @rule(name=people, number=numbers, verb=st.sampled_from(["join-suggested", "decline-suggestion"]))
    def somebody_judges_a_suggestion(self, name: str, number: int, verb: str) -> None:
        there = [
            row[0]
            for row in self.desk.store.read(
                "SELECT id FROM conversations WHERE suggested IS NOT NULL ORDER BY id"
            )
        ]
        if there:
            self.act(name, verb, conversation=int(there[number % len(there)]))

    @rule(says=st.sampled_from(["", "", "5 - great", "2", "STOP", "4, but where is it?"]), number=numbers)
    def somebody_is_asked_how_it_was(self, says: str, number: int) -> None:
        """The worker asks whoever's turn it is; or a customer answers one of the questions."""
        store, questions = (
            self.desk.store,
            "SELECT message FROM events WHERE json_extract(data, '$.by') = 'feedback'",
        )
        now = self.desk.tick(400)
        store.show_mailbox(MailboxState("support", "watching", now, now))
        ask(store, ASKING, now)
        asked = [row[0] for row in store.read(questions)]
        if says and asked:
            raw = store.sending.raw(asked[number % len(asked)])
            question = mime.parse(raw or b"")
            id_ = f"<{len(self.ids)}@made.example>"
            answer = letter(
                question.to[0].address,
                id_=id_,
                at=self.desk.now,
                text=says,
                answers=[question.message_id or ""],
            )
            self.desk.take_in(answer)
            self.ids.append(id_)

    @rule(name=people, number=numbers, hours=st.integers(1, 60))
    def somebody_asks_for_a_check_in(self, name: str, number: int, hours: int) -> None:
        until = self.desk.now + hours * 3600
        self.act(name, "check-in", conversation=self.one(number), until=until)

    @rule()
    def what_is_due_goes_by_itself(self) -> None:
        """Nudges and check-ins: whatever became of them, nothing stays that would be tried again at once."""
        now = self.desk.tick()
        nudging.send(self.desk.store, NUDGING, now)
        assert nudging.send(self.desk.store, NUDGING, now) == 0
        assert self.desk.store.nudges_due(now, Status.WAITING, 9) == []
        assert self.desk.store.nudges_due(now, Status.CLOSED, 9) == []

    @rule(name=people)
    def somebody_undoes(self, name: str) -> None:
        self.act(name, "undo", by=name)

    @rule(name=people)
    def somebody_redoes(self, name: str) -> None:
        self.act(name, "redo", by=name)

    @rule(name=people, times=st.integers(1, 3))
    def undoing_and_redoing_is_nothing(self, name: str, times: int) -> None:
        states, undone = [derived(self.desk)], 0
        for _ in range(times):
            if self.desk.do(name, "undo", by=name).refusal is not None:
                break
            undone += 1
            states.append(derived(self.desk))
        for _ in range(undone):
            states.pop()
            if self.desk.do(name, "redo", by=name).refusal is not None:
                return  # a reply that was taken back is a draft again
            assert derived(self.desk) == states[-1]

    # ------------------------------------------------------------------------------ what becomes of replies

    @rule(
        outcomes=st.lists(
            st.sampled_from(["sent", "failed", "unknown", "refused-for-now", "died", "taking back"]),
            min_size=2,
            max_size=2,
        )
    )
    def the_worker_sends(self, outcomes: list[str]) -> None:
        outbox = self.desk.store.sending
        for going in outbox.due(self.desk.tick(60))[:1]:
            outbox.phase(going.message, "connecting", self.desk.now)
            if outcomes[0] == "taking back":
                assert self.desk.do("ann", "undo", by="ann").refusal is not None or going.message not in [
                    each.message for each in self.desk.store.sending.due(self.desk.now)
                ]
            outbox.phase(going.message, "data", self.desk.tick())
            if "died" in outcomes:
                outbox.recover(self.desk.tick())
                return
            states = [state if state != "taking back" else "sent" for state in outcomes]
            results = {
                address: Result(state, f"said of {address}")
                for address, state in zip(going.recipients, states * 3, strict=False)
            }
            outbox.settle(going, results, self.desk.tick(), self.desk.now + 300)

    @rule(number=numbers, what=st.sampled_from(["resend", "drop", "release", "found"]))
    def somebody_decides_about_the_outbox(self, number: int, what: str) -> None:
        rows = self.desk.store.read("SELECT message FROM outbox ORDER BY message")
        if not rows:
            return
        message = int(rows[number % len(rows)][0])
        outbox = self.desk.store.sending.by(Who("ann"))
        if what == "resend":
            outbox.resend(message, self.desk.tick())
        elif what == "drop":
            outbox.drop(message, self.desk.tick())
        elif what == "release":
            outbox.release(self.desk.tick(), message)
        else:
            outbox.found_in_sent(message, self.desk.tick())

    # ------------------------------------------------------------------------------ time and settings

    @rule(hours=st.integers(1, 80))
    def time_passes(self, hours: int) -> None:
        self.desk.tick(hours * 3600)
        wake(self.desk.store, self.desk.now)
        assert self.desk.store.to_wake(self.desk.now) == []

    @rule(hours=st.integers(1, 20))
    def other_policies_come(self, hours: int) -> None:
        path = self.folder / "settings.toml"
        quick = (
            f'[[policy]]\nname = "quick"\nwhen = "tag:parcel"\nfirst_reply = "{hours}h"\nnext_reply = "2h"\n'
        )
        path.write_text(quick)
        self.desk.store.adopt(load(path, host_zone="UTC"), self.desk.tick())

    @rule(ours=st.sampled_from([[OURS], [OURS, CUSTOMERS[2]]]))
    def it_becomes_known_who_is_us(self, ours: list[str]) -> None:
        self.desk.store.set_us(ours, said=True, now=self.desk.tick(), open_for=14 * DAY)

    @rule()
    def everything_is_exported_and_read_back(self) -> None:
        folder = self.folder / f"export-{self.desk.tick()}"
        self.desk.store.export(folder)
        back = open_store(self.folder / f"back-{self.desk.now}")
        back.take_in_export(folder, self.desk.now)
        one, other = everything(self.desk.store), everything(back)
        assert back.verify(self.desk.now) == self.desk.store.verify(self.desk.now)
        back.close()
        for table in one.keys() - {
            "messages",
            "outbox",
            "outbox_recipients",
        }:  # raw numbers; what waits is held
            assert other[table] == one[table], table

    # ------------------------------------------------------------------------------ what must hold

    @invariant()
    def what_is_derived_agrees_with_the_record(self) -> None:
        if not hasattr(self, "desk"):
            return
        problems = self.desk.store.verify(self.desk.now)
        assert {each.kind for each in problems} <= {"out of sight"}, problems
        node, anna = VIEWS["out-of-sight"].node, Who("anna", Role.OWNER)
        shown = self.desk.store.ids(node, anna, self.desk.now, 1_000)
        # a draft that was forgotten is no column: `verify` alone tells of it (inbox.sight)
        told = {int(each.subject) for each in problems if "was never sent" not in each.detail}
        assert set(shown) == told
        assert self.desk.store.counts(anna, self.desk.now)["out-of-sight"] == len(shown)

    @invariant()
    def the_clocks_see_the_status_of_the_list(self) -> None:
        if not hasattr(self, "desk"):
            return
        for (number,) in self.desk.store.read("SELECT id FROM conversations"):
            status = "open"
            for happening in happenings(self.desk.store.events(number)):
                status = status_after(status, happening.what)
            assert status == self.desk.state(number).status.value

    @invariant()
    def the_clocks_see_what_is_promised_and_to_be_followed_up(self) -> None:
        if not hasattr(self, "desk"):
            return
        for (number,) in self.desk.store.read("SELECT id FROM conversations"):
            state, open_ones = self.desk.state(number), _none_open()
            for clock in self.desk.store.clocks(number, self.desk.now):
                if clock.kind in open_ones and clock.state in (ClockState.RUNNING, ClockState.BREACHED):
                    open_ones[clock.kind].append(clock.due or 0)
            assert state.promised_until == next(iter(open_ones[ClockKind.PROMISE]), None)
            assert state.follow_up_at == min(open_ones[ClockKind.FOLLOW_UP], default=None)

    @invariant()
    def who_waits_is_in_sight(self) -> None:
        """A customer nobody has answered stands in a view that somebody works through."""
        if not hasattr(self, "desk"):
            return
        for (number,) in self.desk.store.read("SELECT id FROM conversations WHERE waiting_since IS NOT NULL"):
            state = self.desk.state(number)
            running = [c for c in self.desk.store.clocks(number, self.desk.now) if c.due is not None]
            assert (
                running
                or state.status.value in ("closed", "spam")
                or state.notice
            ), state  # fmt: skip


def test_spam_that_is_opened_and_spam_again_has_met_the_policy_of_today(tmp_path: Path) -> None:
    """It was held when it became spam, and is not any more."""
    here = desk(tmp_path)
    here.gets()
    here.did("bo", "hold", conversation=1, whom="carrier", until=here.now + 3600)
    here.did("ann", "block", conversation=1)
    here.did("bo", "undo", by="bo")
    before = derived(here)
    here.did("ann", "undo", by="ann")
    assert derived(here) != before
    here.did("ann", "redo", by="ann")
    assert derived(here) == before
    here.verified()
    here.store.close()


def test_whatever_happens_the_record_explains_what_is_shown() -> None:
    quick = settings(
        max_examples=12,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Office, settings=quick)


@pytest.mark.long
def test_whatever_happens_for_long_the_record_explains_what_is_shown() -> None:
    """The same stories each time; FRONTDESK_HUNT=1 goes and looks for others."""
    patient = settings(
        max_examples=100,
        stateful_step_count=40,
        deadline=None,
        derandomize="FRONTDESK_HUNT" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Office, settings=patient)
