"""A trainee's letter and the yes it waits for, in the record: who may say it, what it does, and that nothing goes twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inbox.actions import decision
from inbox.approvals import looked_at, waiting
from inbox.model import Event, EventType, Role, Who
from inbox.ports import Outcome
from inbox.queries import Flag, Is
from inbox.views import VIEWS
from storage.workspace import open_store
from tests.stores import OURS, Desk, desk, letter

JO, LEA = "jo@park.example", "lea@krol.example"
TEAM = (("ann", Role.OWNER), ("bo", Role.AGENT), ("tia", Role.TRAINEE), ("rea", Role.READER))
ANN, BO, TIA, REA = (Who(name, role, TEAM) for name, role in TEAM)


@pytest.fixture
def shop(tmp_path: Path) -> Desk:
    here = desk(tmp_path)
    here.gets(letter(id_="<1@park>"))
    return here


def act(shop: Desk, who: Who, verb: str, **arguments: Any) -> Outcome:
    shop.tick()
    given = arguments if verb == "new" else {"conversation": 1} | arguments
    return shop.store.change(*decision(verb, **given), who, shop.now)


def done(shop: Desk, who: Who, verb: str, **arguments: Any) -> tuple[Event, ...]:
    outcome = act(shop, who, verb, **arguments)
    assert outcome.refusal is None, outcome.refusal
    return outcome.events


def no(shop: Desk, who: Who, verb: str, **arguments: Any) -> str:
    outcome = act(shop, who, verb, **arguments)
    assert outcome.refusal is not None, outcome.events
    return f"{outcome.refusal.reason} {outcome.refusal.next_step}".strip()


def writes(shop: Desk, who: Who = TIA, text: str = "It comes on Thursday.", **arguments: Any) -> int:
    given = {"text": text, "to": [JO], "sender": OURS, "leave_after": 0} | arguments
    return done(shop, who, "reply", **given)[0].message or 0


def amends(
    shop: Desk, who: Who, message: int, text: str = "It comes on Friday.", **arguments: Any
) -> Outcome:
    given = {"text": text, "to": [JO], "sender": OURS, "subject": "Re: it", "leave_after": 0} | arguments
    return act(shop, who, "amend", message=message, **given)


def states(shop: Desk) -> dict[int, str]:
    return dict(shop.store.read("SELECT message, state FROM outbox"))


def for_me(shop: Desk, who: Who) -> list[int]:
    return list(shop.store.ids(VIEWS["for-me"].seen_by(who.role), who, shop.now))


def test_it_waits_for_owners_and_agents_while_the_clock_runs_on(shop: Desk) -> None:
    due = shop.store.rows([1])[0].due_at
    writes(shop)
    row = shop.store.rows([1])[0]
    assert (row.conversation.approvals, row.conversation.sending, row.conversation.answered) == (1, 0, False)
    assert row.due_at == due is not None
    assert row.conversation.waiting_since is not None
    assert (for_me(shop, ANN), for_me(shop, BO), for_me(shop, TIA), for_me(shop, REA)) == ([1], [1], [], [])
    assert not shop.store.sending.due(shop.tick(3600))


def test_a_yes_lets_it_go_and_two_at_once_send_it_once(shop: Desk) -> None:
    message = writes(shop, then="closed")
    other = open_store(shop.store.workspace)
    try:
        one = shop.store.change(
            *decision("approve", conversation=1, message=message, leave_after=0), ANN, shop.tick()
        )
        two = other.change(
            *decision("approve", conversation=1, message=message, leave_after=0), BO, shop.tick()
        )
    finally:
        other.close()
    assert one.refusal is None
    assert two.refusal is not None and two.refusal.reason == "ann has said yes already."
    assert shop.state(1).status.value == "closed"
    assert shop.hands_over(message) == "sent"
    assert shop.state(1).answered and for_me(shop, BO) == []
    shop.verified()


def test_nobody_lets_their_own_go_but_owners_and_agents_any(shop: Desk) -> None:
    message = writes(shop)
    asks = "ask ann (owner) or bo (agent)."
    assert no(shop, TIA, "approve") == f"Say yes is not for a trainee: {asks}"
    assert no(shop, REA, "approve") == f"Say yes is not for a reader: {asks}"
    assert no(shop, REA, "give-back", text="no").startswith("Give back is not for a reader")
    assert "is not sent by a trainee" in str(amends(shop, TIA, message).refusal)
    assert no(shop, Who("tom", Role.TRAINEE, TEAM), "give-back") == (
        "That letter is tia's. Ask ann (owner) or bo (agent)."
    )
    assert states(shop) == {message: "held"}
    # who wrote it is an agent by now: it still waits, and they may let it go
    assert done(shop, Who("tia", Role.AGENT, TEAM), "approve")[0].type is EventType.APPROVED


def test_undo_of_a_yes_holds_it_again_until_it_has_left(shop: Desk) -> None:
    message = writes(shop)
    done(shop, ANN, "approve", leave_after=20)
    assert shop.store.outbox()[0].leave_at == shop.now + 20
    done_by_ann = shop.store.change(*decision("undo", by="ann"), ANN, shop.tick())
    assert done_by_ann.refusal is None
    assert (states(shop)[message], shop.state(1).approvals, shop.state(1).status.value) == ("held", 1, "open")
    assert not shop.store.sending.due(shop.tick(60))
    assert "said anew" in str(shop.store.change(*decision("redo", by="ann"), ANN, shop.tick()).refusal)
    shop.verified()
    done(shop, ANN, "approve", leave_after=0)
    shop.hands_over(message)
    gone = shop.store.change(*decision("undo", by="ann"), ANN, shop.tick()).refusal
    assert gone is not None and "has left already" in gone.reason


def test_an_edited_letter_goes_in_the_place_of_the_first_and_names_both(shop: Desk) -> None:
    message = writes(shop, signature="Tia\nThe shop")
    before = shop.store.item(message)
    assert before is not None
    made = amends(shop, BO, message, signature=before.signature, quoted=before.quoted)
    assert made.refusal is None
    event = made.events[0]
    assert (event.who, event.data["of"], event.data["instead"]) == ("bo", "tia", message)
    assert states(shop) == {message: "undone", event.message: "queued"}
    assert [item.reply for item in shop.store.items(1) if item.direction == "out"] == ["It comes on Friday."]
    assert shop.state(1).assignee == "tia"
    assert shop.store.drafts() == []
    assert str(amends(shop, ANN, message).refusal).count("bo has edited and sent it already.") == 1
    assert no(shop, ANN, "approve", message=message) == "bo has edited and sent it already."
    shop.verified()
    # taken back, it is bo's draft of it, and hers waits as before
    assert shop.store.change(*decision("undo", by="bo"), BO, shop.tick()).refusal is None
    assert states(shop) == {message: "held", event.message: "undone"}
    (draft,) = shop.store.drafts()
    assert (draft.who, draft.kind, draft.text) == ("bo", f"amend {message}", "It comes on Friday.")
    assert [item.reply for item in shop.store.items(1) if item.direction == "out"] == [
        "It comes on Thursday."
    ]
    shop.verified()
    done(shop, ANN, "approve", leave_after=0)
    assert shop.hands_over(message) == "sent"
    assert len([line for line in states(shop).values() if line == "sent"]) == 1


def test_given_back_it_is_their_draft_with_a_note_that_calls_them(shop: Desk) -> None:
    message = writes(shop)
    assert no(shop, ANN, "give-back") == "tia needs to know why. Say in a few words what is to change."
    done(shop, ANN, "give-back", text="Say which Thursday.")
    assert states(shop) == {message: "undone"}
    (draft,) = shop.store.drafts(1)
    assert (draft.who, draft.kind, draft.text, draft.to) == ("tia", "reply", "It comes on Thursday.", (JO,))
    assert (for_me(shop, TIA), for_me(shop, ANN)) == ([1], [])
    here = shop.state(1)
    assert (here.assignee, here.approvals, here.status.value) == ("tia", 0, "open")
    assert [item.text for item in shop.store.items(1) if item.direction == "note"] == ["Say which Thursday."]
    refused = shop.store.change(*decision("undo", by="ann"), ANN, shop.tick()).refusal
    assert refused is not None and refused.reason == "It is a draft of tia again: that stays."
    assert no(shop, BO, "approve", message=message) == "ann has given it back already."
    shop.verified()
    again = writes(shop, text="It comes on Thursday the 12th.")
    done(shop, BO, "approve", message=again)
    assert for_me(shop, TIA) == []


def test_who_wrote_it_takes_it_back_without_a_note(shop: Desk) -> None:
    message = writes(shop)
    done(shop, TIA, "note", text="and something else since")
    done(shop, TIA, "give-back")
    assert states(shop) == {message: "undone"}
    assert [(draft.who, draft.text) for draft in shop.store.drafts()] == [("tia", "It comes on Thursday.")]
    assert no(shop, ANN, "approve", message=message) == "tia has taken it back."


def test_what_happened_meanwhile_is_said_before_a_yes_and_overruled_with_a_reason(shop: Desk) -> None:
    message = writes(shop)
    queued = waiting(shop.store.events(1))[0]
    assert looked_at(shop.store, 1, queued) == []
    shop.replies("bo", 1)
    assert no(shop, ANN, "approve").startswith("bo has answered in the meantime.")
    shop.gets(letter(id_="<2@park>", answers=["<1@park>"], text="One thing more?"))
    found = looked_at(shop.store, 1, queued)
    assert [stop.words for stop in found] == [
        "bo has answered in the meantime.",
        "The customer has written since.",
    ]
    seen = shop.state(1).seq
    shop.gets(letter(id_="<3@park>", answers=["<1@park>"], text="And this?"))
    given = {"anyway": "both are right", "overridden": [stop.name for stop in found]}
    assert no(shop, ANN, "approve", seen=seen, **given).startswith("The customer has written since.")
    events = done(shop, ANN, "approve", seen=shop.state(1).seq, **given)
    assert [event.type for event in events] == [EventType.APPROVED, EventType.OVERRIDDEN]
    assert events[1].data["checks"] == ["newer", "written-since"]
    assert states(shop)[message] == "queued"


def test_of_two_letters_each_has_its_own_yes_and_the_second_is_said_to_come_second(shop: Desk) -> None:
    first, second = writes(shop), writes(shop, Who("tom", Role.TRAINEE, TEAM), text="It was lost.")
    assert no(shop, ANN, "approve") == (
        f"2 letters wait here for a yes: {first} of tia, {second} of tom. Name one of them."
    )
    done(shop, ANN, "approve", message=first)
    assert shop.state(1).approvals == 1
    assert no(shop, ANN, "approve", message=second).startswith("ann has let another answer go meanwhile.")


def test_an_address_that_was_refused_since_and_a_copied_workspace_are_told(shop: Desk) -> None:
    writes(shop)
    queued = waiting(shop.store.events(1))[0]
    bounced = shop.replies("bo", shop.gets(letter(id_="<9@other>", subject="Else")), to=JO)
    shop.hands_over(bounced, "failed", "550 5.1.1 no such user")
    assert "Nobody is at jo@park.example" in looked_at(shop.store, 1, queued)[0].words
    with shop.store.writing() as transaction:  # as opening a copy says it
        transaction.connection.execute("INSERT INTO meta(name, value) VALUES('restored', 1000)")
    assert "restored or copied" in looked_at(shop.store, 1, queued)[0].words


def test_what_begins_a_conversation_waits_too_and_is_edited_or_given_back(shop: Desk) -> None:
    event = done(shop, TIA, "new", text="Hello", to=[LEA], sender=OURS, subject="Our hours")[-1]
    here, message = event.conversation or 0, event.message or 0
    made = amends(shop, ANN, message, conversation=here, to=[LEA], subject="Our new hours")
    assert made.refusal is None
    assert made.events[0].data["kind"] == "new"
    assert shop.store.rows([here])[0].subject == "Our new hours"
    shop.verified()
    assert shop.store.change(*decision("undo", by="ann"), ANN, shop.tick()).refusal is None
    assert shop.store.rows([here])[0].subject == "Our hours"
    done(shop, ANN, "give-back", conversation=here, text="Not today.")
    assert [(d.conversation, d.kind) for d in shop.store.drafts() if d.who == "tia"] == [(0, "new")]
    assert here in for_me(shop, TIA)
    shop.verified()


def test_what_was_passed_on_answers_nobody_also_when_it_was_edited(shop: Desk) -> None:
    event = done(shop, TIA, "forward", text="Can you help?", to=[LEA], sender=OURS, subject="Fwd: it")[0]
    made = amends(shop, BO, event.message or 0, to=[LEA])
    assert made.refusal is None
    shop.hands_over(made.events[0].message or 0)
    here = shop.state(1)
    assert (here.status.value, here.answered, here.approvals) == ("open", False, 0)


def test_it_is_decided_where_the_conversation_lives_by_now(shop: Desk) -> None:
    other = shop.gets(letter(id_="<9@other>", subject="Else"))
    message = writes(shop)
    done(shop, BO, "merge", into=other)
    assert shop.state(other).approvals == 1
    done(shop, ANN, "approve", conversation=other, leave_after=0)
    assert shop.hands_over(message) == "sent"
    shop.verified()


def test_a_conversation_that_was_closed_meanwhile_still_calls_for_a_yes(shop: Desk) -> None:
    writes(shop)
    done(shop, BO, "close", why="resolved")
    assert for_me(shop, ANN) == [1]
    assert list(shop.store.ids(Is(Flag.APPROVALS), ANN, shop.now)) == [1]


def test_who_is_nobody_of_the_team_any_more_gets_nothing_back(shop: Desk) -> None:
    message = writes(shop, Who("old", Role.TRAINEE))
    assert no(shop, ANN, "give-back", text="why").startswith("old is nobody of the team any more.")
    assert amends(shop, ANN, message).refusal is None


def test_the_outbox_lets_nothing_go_that_waits_for_a_yes_nor_for_who_may_not(shop: Desk) -> None:
    from inbox.errors import NotDone

    message = writes(shop)
    assert shop.store.sending.by(ANN).release(shop.tick()) == 0
    assert shop.store.sending.by(ANN).release(shop.tick(), message) == 0
    for who in (TIA, REA):
        with pytest.raises(NotDone, match="is not for a"):
            shop.store.sending.by(who).release(shop.tick(), message)
        with pytest.raises(NotDone, match="is not for a"):
            shop.store.sending.by(who).resend(message, shop.tick())
    with pytest.raises(NotDone, match="is not for a reader: ask ann"):
        shop.store.sending.by(REA).drop(message, shop.tick())
    bos = shop.replies("bo", shop.gets(letter(id_="<9@other>", subject="Else")))
    with pytest.raises(NotDone, match="what they wrote themselves"):
        shop.store.sending.by(TIA).drop(bos, shop.tick())
    assert shop.store.sending.by(TIA).drop(message, shop.tick())
    assert states(shop) == {message: "dropped", bos: "queued"}


def test_the_answer_counts_for_who_wrote_it_and_the_yes_for_who_said_it(shop: Desk) -> None:
    from datetime import UTC

    from inbox import figures
    from inbox.activity import day_of, gather

    shop.hands_over(done(shop, ANN, "approve", message=writes(shop), leave_after=0)[0].message or 0)
    here = shop.gets(letter(id_="<2@krol>", sender=LEA, subject="Else"))
    second = writes(shop, conversation=here, to=[LEA])
    shop.hands_over(amends(shop, BO, second, conversation=here, to=[LEA]).events[0].message or 0)
    writes(
        shop, conversation=shop.gets(letter(id_="<3@krol>", sender=LEA, subject="Third")), to=[LEA]
    )  # waits
    day = day_of(shop.now, UTC)
    found = gather(shop.store, day, shop.now, ("ann", "bo", "tia"))
    counts = {acts.who: (acts.count("answered"), acts.count("approved")) for acts in found}
    assert counts == {"ann": (0, 1), "bo": (0, 1), "tia": (2, 0)}
    report = figures.gather(shop.store, figures.Span(day.start - 86_400, day.end), UTC, shop.now, ANN)
    assert report is not None
    answered = [column.name for column in figures.COLUMNS].index("answered")
    rows = {row.key: row.values[answered] for row in report.table("teammate").rows}
    assert (rows["tia"], rows.get("ann"), rows.get("bo")) == (2, None, None)


def test_who_may_say_yes_is_alerted_once_and_who_gets_it_back_too(shop: Desk) -> None:
    from inbox.alerting import Looking
    from inbox.hours import Hours
    from inbox.settings import Settings

    hours: Hours = Settings().hours
    looks = {
        who.name: Looking(shop.store, who.name, "screen", True, approves=who.role in (Role.OWNER, Role.AGENT))
        for who in (ANN, BO, TIA, REA)
    }

    def told() -> dict[str, str]:
        words = {name: looking.look(hours, shop.tick(700)) for name, looking in looks.items()}
        return {name: said for name, said in words.items() if "late" not in said and said}

    assert told() == {}  # the first look tells nothing
    writes(shop)
    assert told() == dict.fromkeys(("ann", "bo"), "waits for a yes: #1 jo@park.example")
    assert told() == {}
    done(shop, ANN, "give-back", text="Say which Thursday.")
    assert told() == {"tia": "given back to you: #1 jo@park.example"}
    again = writes(shop)
    done(shop, BO, "approve", message=again)
    assert told() == {}  # it is done already


RACE = """
import sys
from pathlib import Path
from inbox.actions import decision
from inbox.model import Role, Who
from storage.workspace import open_store
folder, name, verb, first, last, now = sys.argv[1:]
store, who = open_store(Path(folder)), Who(name, Role.AGENT)
sent = {"text": "Edited.", "to": ["jo@park.example"], "sender": "support@shop.example", "subject": "x", "leave_after": 0}
given = {"approve": {"leave_after": 0}, "amend": sent, "give-back": {"text": "Why?"}}[verb]
print("ready", flush=True)
sys.stdin.readline()
for conversation in range(int(first), int(last) + 1):
    outcome = store.change(*decision(verb, conversation=conversation, **given), who, int(now))
    print(conversation, int(outcome.refusal is None), flush=True)
store.close()
"""


@pytest.mark.long
def test_of_three_processes_that_decide_at_once_one_does_for_each_letter(shop: Desk) -> None:
    """One lets each go, one edits each, one gives each back: each letter has one fate, and leaves once or not at all."""
    import subprocess
    import sys

    for number in range(2, 41):
        assert (
            shop.gets(
                letter(id_=f"<{number}@park>", subject=f"About {number}", sender=f"c{number}@x.example")
            )
            == number
        )
    letters = {number: writes(shop, conversation=number) for number in range(1, 41)}
    racing = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, str(shop.store.workspace), *each, "1", "40", str(shop.now)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent,
        )
        for each in (("ann", "approve"), ("bo", "amend"), ("cy", "give-back"))
    ]
    for each in racing:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    done: dict[int, int] = dict.fromkeys(letters, 0)
    for each in racing:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    for each in racing:
        out, _ = each.communicate()
        assert each.returncode == 0
        for line in out.splitlines():
            number, won = map(int, line.split())
            done[number] += won
    assert set(done.values()) == {1}
    drafts = {draft.conversation for draft in shop.store.drafts()}
    for number in letters:
        leaving = [line for line in shop.store.outbox() if line.conversation == number]
        assert len(leaving) == (0 if number in drafts else 1), number
        assert all(line.state == "queued" for line in leaving)
    shop.verified()
