"""Asking how it was: who is asked, once whatever happens, and what the answers say."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox import mime
from inbox.actions import receive
from inbox.feedback import GRACE, ask
from inbox.feedback import question as question_of
from inbox.feedback_words import read_answer, says_only_stop, says_stop
from inbox.model import EventType, Message, Role, Status, Who
from inbox.ports import MailboxState
from inbox.queries import parse
from inbox.settings import Feedback, Mailbox, Settings, Teammate
from tests.stores import DAY, OURS, US, Desk, desk, letter

JO = "Jo Park <jo@park.example>"
AFTER = 3 * DAY
MAILBOX = Mailbox("support", OURS, OURS, "127.0.0.1", 993, "tls", "127.0.0.1", 465, "tls")
ON = Settings(
    host_zone="UTC",
    automatic_sending=True,
    mailboxes=(MAILBOX,),
    feedback=Feedback(AFTER),
    shop="Fernweh",
    team=(Teammate("anna", Role.OWNER), Teammate("bo")),
)


@pytest.fixture
def here(tmp_path: Path) -> Desk:
    return desk(tmp_path)


def closed(here: Desk, *, sender: str = JO, why: str = "resolved", subject: str = "Lamp") -> int:
    """Somebody asks, is answered, and it is closed."""
    here.count += 1
    asks = letter(sender, subject=subject, id_=f"<q{here.count}@park.example>", at=here.now)
    conversation = here.gets(asks, mailbox="support")
    here.hands_over(here.replies("anna", conversation, to=sender))
    here.did("anna", "close", conversation=conversation, why=why)
    return conversation


def asked(here: Desk, settings: Settings = ON) -> int:
    """A tick of the worker, once it is open."""
    here.now = max(here.now, ON.hours.next_opening(here.now))
    looked_into(here)
    return ask(here.store, settings, here.now)


def looked_into(here: Desk) -> None:
    """The worker has just looked into the mailbox."""
    here.store.show_mailbox(MailboxState("support", "watching", here.now, here.now))


def question(here: Desk, conversation: int) -> Message:
    """The question that was queued last."""
    items = [item for item in here.store.items(conversation) if item.direction == "out"]
    raw = here.store.sending.raw(items[-1].id)
    assert raw is not None
    return mime.parse(raw)


def answers(here: Desk, conversation: int, text: str, sender: str = JO) -> int:
    """The customer answers the question, which has left."""
    here.count += 1
    about = question(here, conversation).message_id or ""
    return here.gets(
        letter(
            sender,
            subject="Re: Lamp",
            text=text,
            id_=f"<a{here.count}@park.example>",
            answers=[about],
            at=here.now,
        )
    )


def to_be_answered(here: Desk) -> int:
    """A conversation of which the customer was asked."""
    conversation = closed(here)
    here.tick(AFTER)
    assert asked(here) == 1
    here.hands_over(here.store.items(conversation)[-1].id)
    return conversation


# --------------------------------------------------------------------------- what an answer says


@pytest.mark.parametrize(
    ("text", "score", "words"),
    [
        ("5", 5, ""),
        ("4/5", 4, ""),
        ("5 - great!", 5, "great"),
        ("★★★★", 4, ""),
        ("★★☆☆☆", 2, ""),
        ("vier", 4, ""),
        ("I'd say 4, quick and friendly", 4, "quick and friendly"),
        ("Hi Anna,\n\n5\n\nThanks, Jo", 5, "Thanks, Jo"),
        ("**3**", 3, ""),
        ("5️⃣", 5, ""),
        ("Bewertung: 4", 4, ""),
        ("4 von 5 Punkten", 4, ""),
        ("je dirais 4", 4, ""),
        ("cinco", 5, ""),
        ("5 (very good)", 5, "very good"),
        ("5 points out of 5", 5, ""),
        ("I give you 4 stars!", 4, ""),
        ("My rating is 4", 4, ""),
        ("Very good: 5", 5, ""),
        ("Thanks! 5", 5, ""),
        ("1 - nobody called back", 1, "nobody called back"),
    ],
)
def test_a_clear_number_is_read(text: str, score: int, words: str) -> None:
    found = read_answer(text)
    assert found is not None and (found.score, found.words) == (score, words)


@pytest.mark.parametrize(
    "text",
    ["", "4.5", "4-5", "3 or 4", "10", "10/10", "0", "-5", "5 parcels are missing", "one of my lamps broke", "5 4",
     "Very good", "3 days too late", "My order 5 is missing", "> 5",
     "Parcels missing: 2", "1. the lamp is broken\n2. the box is wet", "5 (or 4)", "½", "5 %", "5.00", "5,50 EUR"],
)  # fmt: skip
def test_in_doubt_there_is_no_number(text: str) -> None:
    assert read_answer(text) is None


@pytest.mark.parametrize(
    ("text", "settles"),
    [
        ("5", True),
        ("3 - ok", True),
        ("4\n\nvielen Dank, sehr freundlich", True),
        ("5 спасибо", False),  # no form of an answer: it is a message like any other
        ("2", False),
        ("5, but the box was damaged", False),
        ("5\n\nWhere is my second parcel?", False),
        ("5 - can you send the invoice", False),
        ("4 - order 4711 is still on its way", False),
        ("5 - nie wieder", False),
        ("5 - super, czy mogę prosić o fakturę", False),
        ("5 - thanks a lot, great service", True),
        ("4 - merci pour tout, très rapide", True),
        ("5\n\nCzy mogę jeszcze prosić o rachunek", False),
    ],
)
def test_a_good_number_settles_only_where_nothing_else_is_wanted(text: str, settles: bool) -> None:
    found = read_answer(text)
    assert (found is not None and found.settles) is settles


def test_stop_is_a_word_by_itself() -> None:
    for text in ("STOP", "stop.", "Bitte abmelden", "please unsubscribe", "STOP\n\nJo"):
        assert says_stop(text) and says_only_stop(text), text
    assert says_stop("STOP\nand where is my refund?") and not says_only_stop("STOP\nand where is my refund?")
    assert not says_stop("Stop sending me broken lamps")


# --------------------------------------------------------------------------- who is asked


def test_some_days_after_closing_the_customer_is_asked_and_the_answer_told(here: Desk) -> None:
    conversation = closed(here)
    here.tick(AFTER - 60)
    assert asked(here) == 0, "not yet"
    here.tick(120)
    assert asked(here) == 1
    assert asked(here) == 0, "once"
    mail = question(here, conversation)
    assert mail.to[0].address == "jo@park.example" and "1 (bad) to 5 (very good)" in mail.text
    assert "Hello Jo," in mail.text and "anna\nFernweh" in mail.text
    assert mail.automatic.is_automatic
    state = here.state(conversation)
    assert state.status is Status.CLOSED and state.asked_at == here.now and state.assignee == "anna"
    here.hands_over(here.store.items(conversation)[-1].id)
    assert here.state(conversation).status is Status.CLOSED, "it meets no clock and opens nothing"
    assert answers(here, conversation, "5 - great!") == conversation
    state = here.state(conversation)
    assert (state.score, state.status, state.waiting_since) == (5, Status.CLOSED, None)
    row = here.store.rows([conversation])[0]
    assert row.due_at is None
    here.verified()


def test_a_bad_number_and_whatever_asks_something_opens_it_again(here: Desk) -> None:
    conversation = to_be_answered(here)
    answers(here, conversation, "2\n\nNobody called me back.")
    state = here.state(conversation)
    assert (state.score, state.status) == (2, Status.OPEN) and state.waiting_since is not None
    here.hands_over(here.replies("anna", conversation))
    here.did("anna", "close", conversation=conversation)
    answers_again = question(here, conversation)
    assert answers_again.message_id
    here.verified()


@pytest.mark.parametrize(
    "text", ["Where is my second parcel?", "4.5 or so", "5 - and when do you send the invoice?"]
)
def test_any_other_answer_is_a_message_like_any_other(here: Desk, text: str) -> None:
    conversation = to_be_answered(here)
    answers(here, conversation, text)
    state = here.state(conversation)
    assert state.status is Status.OPEN and here.store.rows([conversation])[0].due_at is not None


def test_a_number_from_somebody_else_is_no_answer(here: Desk) -> None:
    conversation = to_be_answered(here)
    answers(here, conversation, "1", sender="Mo <mo@else.example>")
    assert here.state(conversation).score is None and here.state(conversation).status is Status.OPEN


def test_a_number_that_answers_nothing_of_ours_says_nothing(here: Desk) -> None:
    conversation = closed(here)
    said = here.gets(
        letter(JO, subject="Re: Lamp", text="5", id_="<n@park.example>", answers=["<q1@park.example>"])
    )
    assert said == conversation and here.state(conversation).score is None


def test_who_says_stop_is_never_asked_again(here: Desk) -> None:
    conversation = to_be_answered(here)
    answers(here, conversation, "Stop please")
    state = here.state(conversation)
    customer = here.store.customer(state.customer)
    assert customer is not None and customer.stop
    assert state.status is Status.CLOSED and state.score is None
    here.tick(100 * DAY)
    closed(here)
    here.tick(AFTER)
    assert asked(here) == 0
    here.did("anna", "customer-edit", customer=state.customer, stop=False)
    here.tick(DAY)
    closed(here)
    here.tick(AFTER)
    assert asked(here) == 1, "until a person says otherwise"
    here.verified()


def test_nobody_is_asked_twice_in_ninety_days(here: Desk) -> None:
    to_be_answered(here)
    here.tick(30 * DAY)
    closed(here)
    here.tick(AFTER)
    assert asked(here) == 0
    here.tick(61 * DAY)
    last = closed(here)
    here.tick(AFTER)
    assert asked(here) == 1 and here.state(last).asked_at == here.now


def test_joined_customers_are_one_also_for_that(here: Desk) -> None:
    first = to_be_answered(here)
    second = closed(here, sender="J. Park <jo.park@mail.example>")
    into, moved = (here.state(each).customer for each in (first, second))
    here.did("anna", "customer-join", into=into, customer=moved)
    here.tick(AFTER)
    assert asked(here) == 0


@pytest.mark.parametrize(
    "what",
    ["open elsewhere", "no-answer", "referred", "unanswered", "notice", "reopened", "upset", "too late"],
)
def test_who_is_not_asked(here: Desk, what: str) -> None:
    if what == "unanswered":
        conversation = here.gets()
        here.did("anna", "close", conversation=conversation, why="resolved")
    elif what == "notice":
        conversation = here.gets(
            letter(subject="Your order", Auto_Submitted="auto-generated", Precedence="bulk")
        )
        here.did("anna", "close", conversation=conversation)
    else:
        more = {"why": what} if what == "no-answer" else {}
        conversation = closed(here, **more)
    if what == "open elsewhere":
        here.gets(letter(JO, subject="Chair", id_="<c@park.example>"))
    elif what == "referred":
        here.did("anna", "outcome", conversation=conversation, outcome="referred", to="the town hall")
    elif what == "reopened":
        here.did("anna", "reopen", conversation=conversation)
        here.did("anna", "snooze", conversation=conversation, until=here.now + 30 * DAY)
    elif what == "upset":
        here.did("anna", "reopen", conversation=conversation)
        here.did("anna", "upset", conversation=conversation, upset=True)
        here.did("anna", "close", conversation=conversation)
    here.tick(AFTER + (GRACE + DAY if what == "too late" else 0))
    assert asked(here) == 0
    here.did("anna", "tag", conversation=conversation, add=["x"], remove=[])
    assert asked(here) == 0


def test_nothing_goes_while_it_is_off_or_closed(here: Desk) -> None:
    closed(here)
    here.tick(AFTER)
    off = Settings(host_zone="UTC", automatic_sending=False, mailboxes=(MAILBOX,), feedback=Feedback(AFTER))
    assert asked(here, off) == 0
    assert asked(here, Settings(host_zone="UTC", automatic_sending=True, mailboxes=(MAILBOX,))) == 0
    here.tick(12 * 3600)
    assert not ON.hours.is_open(here.now)
    looked_into(here)
    assert ask(here.store, ON, here.now) == 0
    assert asked(here) == 1, "their turn waits for the morning"


def test_nobody_is_asked_while_their_mail_may_lie_on_the_server(here: Desk) -> None:
    closed(here)
    here.tick(AFTER)
    here.now = ON.hours.next_opening(here.now)
    looked_into(here)
    here.tick(3600)
    assert ON.hours.is_open(here.now)
    assert ask(here.store, ON, here.now) == 0
    assert asked(here) == 1


def test_the_question_is_in_the_language_of_the_customer(here: Desk) -> None:
    text = "Guten Tag, ich habe die Lampe noch nicht bekommen. Wann kommt sie? Vielen Dank und viele Grüße"
    conversation = here.gets(letter(JO, text=text, id_="<de@park.example>"), mailbox="support")
    here.hands_over(here.replies("anna", conversation))
    here.did("anna", "close", conversation=conversation)
    here.tick(AFTER)
    assert asked(here) == 1
    assert (
        "Hallo Jo," in question(here, conversation).text
        and "wie waren wir?" in question(here, conversation).text
    )


def test_answers_overtake_the_question(here: Desk) -> None:
    closed(here)
    here.tick(AFTER)
    assert asked(here) == 1
    other = here.gets(letter("Mo <mo@else.example>", subject="Chair", id_="<m@else.example>"))
    answer = here.replies("bo", other, to="mo@else.example")
    assert [going.message == answer for going in here.store.sending.due(here.tick(60))] == [True, False]


def test_nobody_is_asked_where_answers_go_elsewhere(here: Desk) -> None:
    raw = letter(JO, id_="<r@park.example>", at=here.now, Reply_To="Jo <jo@evil.example>")
    conversation = here.gets(raw, mailbox="support")
    here.hands_over(here.replies("anna", conversation))
    here.did("anna", "close", conversation=conversation)
    here.tick(AFTER)
    assert asked(here) == 0


def test_what_is_not_known_leaves_no_gap() -> None:
    for language in ("en", "de", "fr", "es", "pl"):
        said = question_of(Settings(), language, "ACME GmbH", "")
        assert "{" not in said and not said.endswith("\n") and "  " not in said
        assert said.splitlines()[0] in ("Hello,", "Hallo,", "Bonjour,", "Hola:")
        assert said.splitlines()[-1].endswith("STOP.")
    own = Settings(feedback=Feedback(AFTER, "Hi {first_name}!", (("de", "Na, {first_name}?"),)))
    assert question_of(own, "de", "Jo Park", "") == "Na, Jo?"
    assert question_of(own, "fr", "Jo Park", "") == "Hi Jo!"


def test_a_question_that_comes_back_opens_nothing(here: Desk) -> None:
    conversation = closed(here)
    here.tick(AFTER)
    assert asked(here) == 1
    here.hands_over(here.store.items(conversation)[-1].id, "failed", "no such user")
    state = here.state(conversation)
    assert state.status is Status.CLOSED
    here.verified()


def test_what_customers_answered_is_found_and_exported(here: Desk, tmp_path: Path) -> None:
    from datetime import UTC

    conversation = to_be_answered(here)
    answers(here, conversation, "1")
    found = {
        query: list(here.store.ids(parse(query, here.now, UTC), Who("anna"), here.now))
        for query in ("score:1", "score:<=2", "score:>3", "is:feedback")
    }
    assert found == {
        "score:1": [conversation],
        "score:<=2": [conversation],
        "score:>3": [],
        "is:feedback": [conversation],
    }
    here.store.export(tmp_path / "out")
    back = desk(tmp_path / "back")
    back.store.take_in_export(tmp_path / "out", here.now)
    assert back.state(conversation)._replace(seq=0) == here.state(conversation)._replace(seq=0)
    back.verified()
    raw = letter(
        JO, text="4", id_="<again@park.example>", answers=[question(here, conversation).message_id or ""]
    )
    arrival = receive.Arrival(mime.parse(raw), raw, here.tick(), us=US)
    outcome = here.store.change(receive.scope(arrival), receive.deciding(arrival), Who("sync"), here.now)
    assert [e.type for e in outcome.events][:2] == [EventType.RECEIVED, EventType.FEEDBACK]
    assert here.state(conversation).score == 4, "the newest answer counts"


# --------------------------------------------------------------------------- several processes, and a kill


@pytest.mark.long
def test_each_customer_is_asked_once_whoever_looks_and_whoever_dies(here: Desk) -> None:
    from contextlib import ExitStack

    from tests.asking_child import POINTS
    from tests.faults.kill import python_child

    senders = [f"C{number} <c{number}@park.example>" for number in range(12)] * 2  # each has two
    for sender in senders:
        closed(here, sender=sender)
    here.now = ON.hours.next_opening(here.now + AFTER)
    script, words = Path(__file__).with_name("asking_child.py"), (str(here.store.workspace), str(here.now))
    for number, point in enumerate(POINTS):
        with ExitStack() as stack:
            dying = stack.enter_context(python_child(script, *words, crash_at=f"{point}:{number + 2}"))
            also = stack.enter_context(python_child(script, *words, crash_at=f"{point}:{number + 3}"))
            for child in (dying, also):
                child.finish()
            # the other one may have asked all who were left before it came to that point
            assert dying.was_killed or also.was_killed, point
    with ExitStack() as stack:
        last = [stack.enter_context(python_child(script, *words)) for _ in range(2)]
        assert all("asked" in child.finish() for child in last)
    sent = here.store.read("SELECT json_extract(data, '$.automatic'), count(*) FROM events WHERE type = 2"
                           " AND json_extract(data, '$.by') = 'feedback' GROUP BY 1")  # fmt: skip
    assert dict(sent) == {f"c{number}@park.example": 1 for number in range(12)}
    assert here.store.read("SELECT count(*) FROM events WHERE type = 48")[0][0] == 12
    here.verified()
