"""Two machines that answer each other come to an end: budgets a correspondent, and whom nothing automatic answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox import mime
from inbox.actions import auto_reply
from inbox.loops import BUDGETS, LONGEST, spent
from inbox.model import EventType, Status, Who
from inbox.ports import Outcome
from inbox.settings import Settings
from storage.workspace import Workspace, open_store
from tests.faults.clock import MONDAY
from tests.post_office import SUPPORT, PostOffice, caught_up
from tests.post_office import letter as mail
from tests.servers.smtp import SmtpServer
from tests.stores import DAY, OURS, Desk, letter

RULES = Who("rules")
ROBOT = "echo@park.example"
MINUTE = 60


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    store = open_store(tmp_path / "workspace")
    store.apply(Settings(host_zone="UTC", us_words=(OURS,)), MONDAY)
    here = Desk(store)
    yield here
    here.verified()
    here.store.close()


def answers(store: Workspace, conversation: int, raw: bytes, now: int, **more: object) -> Outcome:
    """Something of ours answers a mail by itself."""
    answered = mime.parse(raw)
    arguments = {
        "conversation": conversation,
        "answered": answered,
        "text": "We have it.",
        "sender": SUPPORT,
    } | more
    return store.change(
        auto_reply.scope(conversation, answered),
        lambda state, who, at: auto_reply.decide(state, who, at, **arguments),  # type: ignore[arg-type]  # as given
        RULES,
        now,
    )


# --------------------------------------------------------------------------- the budgets


@pytest.mark.parametrize(("window", "most"), BUDGETS)
def test_a_budget_lasts_for_its_window(window: int, most: int) -> None:
    step = window // (most + 1)
    instants = [MONDAY + n * step for n in range(most)]
    last = instants[-1]
    found = spent(instants, last)
    assert found is not None
    assert found.until <= instants[0] + max(each for each, _ in BUDGETS)
    assert spent(instants[:-1], last) is None or most > BUDGETS[0][1]


def test_ten_in_ten_minutes_and_no_more() -> None:
    nine = [MONDAY + n for n in range(9)]
    assert spent(nine, MONDAY + 9) is None
    found = spent([*nine, MONDAY + 9], MONDAY + 9)
    assert found is not None
    assert (found.until, found.messages, found.minutes) == (MONDAY + 600, 10, 10)
    assert spent([*nine, MONDAY + 9], MONDAY + 600) is None


@given(st.lists(st.integers(0, 40_000), max_size=400))
def test_whatever_is_tried_stays_within_every_budget(tries: list[int]) -> None:
    sent: list[int] = []
    for at in sorted(tries):
        if spent(sent, at) is None:
            sent.append(at)
    for window, most in BUDGETS:
        assert all(sum(at - window < other <= at for other in sent) <= most for at in sent)
    if sent:
        assert spent(sent, sent[-1] + LONGEST) is None


# --------------------------------------------------------------------------- whom nothing automatic answers


def test_an_automatic_answer_meets_no_clock_and_changes_no_status(shop: Desk) -> None:
    raw = letter(id_="<1@p>")
    number = shop.gets(raw)
    before = shop.state(number), shop.store.rows([number])[0].due_at

    outcome = answers(shop.store, number, raw, shop.tick())
    assert outcome.refusal is None
    (ours,) = [event for event in outcome.events if event.type is EventType.QUEUED]
    shop.hands_over(ours.message or 0)

    one = shop.state(number)
    assert (one.status, one.assignee, one.unread, one.waiting_since) == (
        (Status.OPEN, None, True, before[0].waiting_since)
    )
    assert shop.store.rows([number])[0].due_at == before[1]
    assert b"Auto-Submitted: auto-replied" in (shop.store.sending.raw(ours.message or 0) or b"")


@pytest.mark.parametrize(
    ("headers", "sender"),
    [
        ({"auto_submitted": "auto-replied"}, ROBOT),
        ({"precedence": "bulk"}, ROBOT),
        ({"x_auto_response_suppress": "OOF"}, ROBOT),
        ({"list_id": "<l.park.example>"}, ROBOT),
        ({"return_path": "<>"}, ROBOT),
        ({}, "noreply@park.example"),
        ({}, "MAILER-DAEMON@park.example"),
        ({}, OURS),
    ],
)
def test_who_wants_no_automatic_answer_gets_none(shop: Desk, headers: dict[str, str], sender: str) -> None:
    raw = letter(sender, id_="<1@p>", **headers)  # type: ignore[arg-type]  # header texts
    outcome = answers(shop.store, shop.gets(raw), raw, shop.tick())
    assert outcome.refusal is not None
    assert shop.store.outbox() == []


def test_a_program_sends_in_no_other_way(shop: Desk) -> None:
    number = shop.gets()
    outcome = shop.do("rules", "reply", conversation=number, text="x", sender=OURS, to=["jo@park.example"])
    assert outcome.refusal is not None
    assert "by itself" in outcome.refusal.reason


def test_a_vacation_answer_goes_to_an_address_once_a_day(shop: Desk) -> None:
    raws = [letter(id_=f"<{n}@p>", subject=f"Letter {n}") for n in range(3)]
    numbers = [shop.gets(raw) for raw in raws]
    assert answers(shop.store, numbers[0], raws[0], shop.tick(), vacation=True).refusal is None
    assert "within a day" in str(
        answers(shop.store, numbers[1], raws[1], shop.tick(3_600), vacation=True).refusal
    )
    assert answers(shop.store, numbers[2], raws[2], shop.tick(DAY), vacation=True).refusal is None


def test_a_spent_budget_is_said_once_in_the_conversation(shop: Desk) -> None:
    raw = letter(ROBOT, id_="<0@p>")
    number = shop.gets(raw)
    outcomes = [answers(shop.store, number, raw, shop.tick()) for _ in range(14)]
    assert [e.type for o in outcomes for e in o.events].count(EventType.QUEUED) == 10
    (said,) = [e for e in shop.store.events(number) if e.type is EventType.LOOP_STOPPED]
    assert (said.data["address"], said.why) == (ROBOT, "10 automatic messages in 10 minutes")
    assert said.data["until"] > shop.now
    assert outcomes[-1].refusal is not None

    shop.now = said.data["until"]
    assert answers(shop.store, number, raw, shop.now).refusal is None


def test_what_comes_automatically_counts_too(shop: Desk) -> None:
    for n in range(10):
        shop.gets(letter(ROBOT, id_=f"<a{n}@p>", subject=f"Alarm {n}", auto_submitted="auto-generated"))
    raw = letter(ROBOT, id_="<person@p>", subject="Hello")
    outcome = answers(shop.store, shop.gets(raw), raw, shop.tick())
    assert [event.type for event in outcome.events] == [EventType.LOOP_STOPPED]


# --------------------------------------------------------------------------- line by line, over a real server


def test_two_auto_responders_end_within_the_budget(
    sending_office: PostOffice, smtp_server: SmtpServer
) -> None:
    """Theirs hides what it is and answers each of ours at once; ours gives two kinds of answers."""
    office = caught_up(sending_office)
    begun = office.clock()
    raw = mail(ROBOT, text="It should have come.\n", message_id="<0@robot.example>")
    office.arrives(raw)
    rounds = 0
    while rounds < 40:
        office.sync()
        conversation = office.conversations()[-1].id
        for vacation in (True, False):
            answers(office.store, conversation, raw, office.clock(), vacation=vacation)
        before = len(smtp_server.taken)
        office.sync()
        if len(smtp_server.taken) == before:
            break
        rounds += 1
        office.clock.advance(15)
        raw = mail(ROBOT, text=f"I am away, {rounds}.\n", message_id=f"<{rounds}@robot.example>")
        office.arrives(raw)
    left = list(smtp_server.taken)
    assert office.clock() - begun < 600
    assert len(left) == 10
    vacations = office.store.read("SELECT 1 FROM events WHERE type = 2 AND json_extract(data, '$.vacation')")
    assert len(vacations) == 1
    stopped = office.store.read("SELECT json_extract(data, '$.until') FROM events WHERE type = 39")
    assert len(stopped) == 1 and stopped[0][0] > office.clock()
