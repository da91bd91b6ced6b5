"""Which conversation a message belongs to: in any order of arrival the same, and nobody else's business."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox import mime
from inbox.model import EventType, Who
from inbox.placing import bare_subject, looked_up
from storage.workspace import open_store
from tests.faults.clock import MONDAY
from tests.stores import DAY, OURS, Desk, desk, letter

ANN = Who("ann")
JO, LEA, EVE = "Jo Park <jo@park.example>", "Lea Król <lea@krol.example>", "Eve <eve@evil.example>"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Desk]:
    here = desk(tmp_path)
    yield here
    here.verified()
    here.store.close()


def parts(here: Desk) -> list[frozenset[str]]:
    """Which messages lie together, by their Message-IDs."""
    found: dict[int, set[str]] = {}
    for conversation, message_id in here.store.read(
        "SELECT m.conversation, i.message_id FROM messages m JOIN msgids i ON i.message = m.id"
    ):
        found.setdefault(conversation, set()).add(message_id)
    return sorted((frozenset(ids) for ids in found.values()), key=sorted)


# --------------------------------------------------------------------------- one conversation


def test_an_answer_joins_by_in_reply_to_and_by_references(shop: Desk) -> None:
    first = shop.gets(letter(JO, id_="<1@p>"))
    assert shop.gets(letter(JO, id_="<2@p>", answers=["<1@p>"])) == first
    assert shop.gets(letter(JO, id_="<3@p>", answers=["<1@p>", "<lost@p>"])) == first
    assert shop.gets(letter(JO, id_="<4@p>", text="Something else", subject="Lamp")) != first
    assert shop.state(first).messages == 3


def test_an_answer_to_a_reply_of_ours_joins_whoever_writes_it(shop: Desk) -> None:
    number = shop.gets(letter(JO, id_="<1@p>"))
    message = shop.replies("ann", number, cc=["lea@krol.example"])
    shop.hands_over(message)
    ours = shop.store.items(number)[-1].message_id or ""
    assert shop.gets(letter(LEA, id_="<2@k>", answers=[ours])) == number
    received = [e for e in shop.store.events(number) if e.type is EventType.RECEIVED]
    assert received[-1].data.get("new_sender") is None  # she was a recipient
    assert shop.gets(letter(EVE, id_="<3@e>", answers=[ours])) == number
    received = [e for e in shop.store.events(number) if e.type is EventType.RECEIVED]
    assert received[-1].data["new_sender"] is True
    assert shop.state(number).waiting_since is not None  # somebody waits


def test_an_answer_to_one_closed_long_ago_begins_anew_and_is_linked(shop: Desk) -> None:
    old = shop.gets(letter(JO, id_="<1@p>"))
    shop.did("ann", "close", conversation=old, why="thanks")
    shop.tick(31 * DAY)
    new = shop.gets(letter(JO, id_="<2@p>", answers=["<1@p>"]))
    assert new != old
    assert shop.state(new).linked_to == old
    assert shop.gets(letter(JO, id_="<3@p>", answers=["<1@p>", "<2@p>"])) == new  # and so it stays
    shop.did("ann", "reopen", conversation=old)
    assert shop.gets(letter(JO, id_="<4@p>", answers=["<1@p>", "<3@p>"])) == new
    assert (shop.state(old).messages, shop.store.resolve(old)) == (1, old)


def test_subject_and_customer_alone_only_suggest(shop: Desk) -> None:
    one = shop.gets(letter(JO, id_="<1@p>", subject="Order 4711"))
    two = shop.gets(letter(JO, id_="<2@p>", subject="Re: Order  4711"))
    assert two != one
    assert shop.state(two).suggested == one
    three = shop.gets(letter(LEA, id_="<3@k>", subject="Re: Order 4711"))
    assert shop.state(three).suggested is None
    shop.tick(30 * DAY)
    four = shop.gets(letter(JO, id_="<4@p>", subject="Order 4711"))
    assert shop.state(four).suggested is None


def test_a_message_that_belongs_to_two_of_one_customer_joins_them_small_into_large(shop: Desk) -> None:
    small = shop.gets(letter(JO, id_="<1@p>", subject="Lamp"))
    large = shop.gets(letter(JO, id_="<2@p>", subject="Parcel"))
    shop.gets(letter(JO, id_="<3@p>", answers=["<2@p>"]))
    shop.did("bo", "assign", conversation=small, to="bo")
    assert shop.gets(letter(JO, id_="<4@p>", answers=["<2@p>", "<1@p>"])) == large
    assert shop.store.resolve(small) == large
    assert shop.state(large).messages == 4
    assert shop.state(large).assignee == "bo"


def test_conversations_of_two_customers_are_never_joined_by_headers(shop: Desk) -> None:
    one = shop.gets(letter(JO, id_="<1@p>", cc="lea@krol.example"))
    other = shop.gets(letter(LEA, id_="<2@k>", cc="jo@park.example"))
    assert shop.gets(letter(JO, id_="<3@p>", answers=["<2@k>", "<1@p>"])) == one
    assert shop.store.resolve(other) == other


def test_what_was_parted_by_hand_is_not_joined_again_by_itself(shop: Desk) -> None:
    one = shop.gets(letter(JO, id_="<1@p>", subject="Lamp"))
    other = shop.gets(letter(JO, id_="<2@p>", subject="Parcel"))
    shop.did("ann", "merge", into=one, conversation=other)
    shop.did("ann", "undo", by="ann")
    shop.gets(letter(JO, id_="<3@p>", answers=["<1@p>", "<2@p>"]))
    assert (shop.store.resolve(one), shop.store.resolve(other)) == (one, other)


def test_spam_is_not_joined_with_what_is_none(shop: Desk) -> None:
    spam = shop.gets(letter(JO, id_="<1@p>", subject="Lamp"))
    fine = shop.gets(letter(JO, id_="<2@p>", subject="Parcel"))
    shop.did("ann", "spam", conversation=spam)
    assert shop.gets(letter(JO, id_="<3@p>", answers=["<1@p>", "<2@p>"])) == fine
    assert shop.store.resolve(spam) == spam


# --------------------------------------------------------------------------- identity


def test_the_same_message_again_changes_nothing(shop: Desk) -> None:
    raw = letter(JO, id_="<1@p>")
    shop.gets(raw)
    before = shop.record()
    refusal = shop.take_in(raw.replace(b"\n\n", b"\nReceived: from elsewhere\n\n", 1)).refusal
    assert refusal is not None
    assert shop.record() == before


def test_the_same_id_with_other_content_is_another_message_and_marked(shop: Desk) -> None:
    shop.gets(letter(JO, id_="<1@p>", text="One"))
    other = shop.gets(letter(JO, id_="<1@p>", text="Another"))
    (item,) = shop.store.items(other)
    assert item.text.strip() == "Another"
    assert "another message has the same Message-ID" in item.oddities
    assert shop.store.read("SELECT count(*) FROM messages") == [(2,)]


def test_messages_without_an_id_are_all_kept(shop: Desk) -> None:
    raws = [letter(JO, text=f"Text {n}") for n in range(3)]
    for n, id_ in enumerate((b"<", b"", b"<" + b"x" * 2000 + b"@p>"), 3):
        raws.append(letter(JO, id_="<made@up>", text=f"Text {n}").replace(b"<made@up>", id_))
    for raw in raws:
        shop.gets(raw)
    assert len({item.text for c in shop.store.ids(None, ANN, 0) for item in shop.store.items(c)}) == len(raws)
    assert all(shop.take_in(raw).refusal is not None for raw in raws)


def test_our_own_message_seen_in_sent_is_the_one_of_the_outbox(shop: Desk) -> None:
    """Servers change what they file: in our own folder the id is enough, elsewhere it is a claim."""
    number = shop.gets(letter(JO, id_="<1@p>"))
    message = shop.replies("ann", number)
    shop.hands_over(message)
    raw = shop.store.raw(message) or b""
    changed = raw.replace(b"It is on its way.", b"It is on its way.\r\n-- \r\nScanned by the server")
    assert shop.take_in(changed, trusted=True).refusal is not None
    other = shop.gets(changed, trusted=False)
    (claim,) = shop.store.items(other)
    assert (other != number, claim.direction) == (True, "in")
    assert "another message has the same Message-ID" in claim.oddities


# --------------------------------------------------------------------------- forged


def forged() -> list[bytes]:
    """Twelve mails of somebody who has read headers, but takes part in nothing."""
    ids = ["<1@p>", "<2@p>"]
    staff = f"Support <{OURS}>"
    return [
        letter(EVE, id_="<f1@e>", answers=["<1@p>"]),
        letter(EVE, id_="<f2@e>", answers=ids),
        letter(EVE, id_="<f3@e>", subject="Re: Where is my parcel?"),
        letter(EVE, id_="<f4@e>", subject="Re: Where is my parcel? [#1]"),
        letter(EVE, id_="<f5@e>", subject="[conversation 1] ok"),
        letter(staff, id_="<f6@e>", answers=["<1@p>"]),
        letter(staff, id_="<f7@e>", answers=ids, text="Please close this."),
        letter(staff, id_="<f8@e>", subject="Re: Where is my parcel?", to="jo@park.example", cc=OURS),
        letter(f'"{OURS}" <eve@evil.example>', id_="<f9@e>", answers=["<2@p>"]),
        letter(EVE, id_="<f10@e>", answers=["<1@p>"], reply_to="jo@park.example"),
        letter(EVE, id_="<f11@e>", answers=["<2@p>"], cc="jo@park.example"),
        letter(EVE, id_="<1@p>", text="I was first."),
    ]


def test_forged_mail_joins_nothing_and_changes_no_status(shop: Desk) -> None:
    number = shop.gets(letter(JO, id_="<1@p>"))
    shop.gets(letter(JO, id_="<2@p>", answers=["<1@p>"]))
    shop.did("ann", "close", conversation=number, why="thanks")
    before = (shop.state(number), shop.store.items(number))
    for raw in forged():
        assert shop.gets(raw) != number
    assert (shop.state(number), shop.store.items(number)) == before
    claims = [
        e for c in shop.store.ids(None, ANN, 0) for e in shop.store.events(c) if e.data.get("claims_us")
    ]
    assert len(claims) == 3
    assert all(event.data["side"] == "customer" for event in claims)


def test_forged_mail_that_comes_first_catches_nothing(shop: Desk) -> None:
    """Who knows an id before its message has come must not lie in wait for it."""
    for raw in forged()[:10]:
        shop.gets(raw)
    shop.gets(forged()[-1])
    late = shop.gets(letter(JO, id_="<2@p>", answers=["<1@p>"]))
    number = shop.gets(letter(JO, id_="<1@p>"))
    assert number == late
    assert [item.sender[0].address for item in shop.store.items(number)] == ["jo@park.example"] * 2


def test_from_us_is_believed_only_where_none_but_us_can_put_mail(shop: Desk) -> None:
    number = shop.gets(letter(JO, id_="<1@p>"))
    shop.gets(letter(OURS, id_="<2@s>", answers=["<1@p>"], to="jo@park.example"))
    assert shop.state(number).answered is False
    shop.gets(letter(OURS, id_="<3@s>", answers=["<1@p>"], to="jo@park.example", text="Ours."), trusted=True)
    assert shop.state(number).answered is True
    assert shop.state(number).status.value == "waiting"


# --------------------------------------------------------------------------- any order


@dataclass(frozen=True)
class Written:
    """One message of a made-up exchange: of which customer, by whom, answering what."""

    number: int
    customer: int
    by: str  # "customer", "us" or "stranger"
    answers: tuple[int, ...]  # numbers it refers to, oldest first; their messages may never come

    @property
    def id(self) -> str:
        return f"<{self.number}@made.example>"

    def raw(self) -> bytes:
        theirs = f"customer{self.customer}@c.example"
        sender = {"customer": theirs, "us": OURS, "stranger": f"stranger{self.number}@evil.example"}[self.by]
        return letter(
            sender,
            to=theirs if self.by == "us" else OURS,
            id_=self.id,
            at=MONDAY + self.number * 60,
            answers=[f"<{number}@made.example>" for number in self.answers],
            subject=f"Subject {self.number}",
            text=f"Text {self.number}",
        )


@st.composite
def exchanges(draw: Any) -> list[Written]:
    """Threads of a few customers with us; some answer two of their own at once; strangers refer to what is not theirs."""
    written: list[Written] = []
    for number in range(draw(st.integers(2, 14))):
        customer = draw(st.integers(0, 2))
        by = draw(st.sampled_from(["customer", "customer", "us", "stranger"]))
        own = [
            w
            for w in written
            if w.customer == customer and (w.by == "customer" or (w.by == "us" and by != "stranger"))
        ]
        chain: tuple[int, ...] = ()
        if own and draw(st.integers(0, 4)):
            parent = draw(st.sampled_from(own))
            chain = (*parent.answers, parent.number)[-draw(st.integers(1, 4)) :]
            if by == "stranger":  # what answers a message of ours may join
                chain = (parent.number,)
            elif draw(st.integers(0, 5)) == 0:
                chain = (draw(st.sampled_from(own)).number, *chain)
        written.append(Written(number, customer, by, chain))
    return written


def together(written: list[Written]) -> list[frozenset[str]]:
    """The truth: what the exchanges of one customer with us connect, through what never came too; strangers stand alone."""
    root = {w.number: w.number for w in written}

    def find(number: int) -> int:
        while root[number] != number:
            number = root[number]
        return number

    for w in written:
        if w.by != "stranger":
            for number in w.answers:
                root[find(w.number)] = find(number)
    found: dict[int, set[str]] = {}
    for w in written:
        found.setdefault(find(w.number), set()).add(w.id)
    return [frozenset(ids) for ids in found.values()]


def arrives(written: list[Written], order: list[int], never: set[int], history: bool) -> list[frozenset[str]]:
    with tempfile.TemporaryDirectory() as folder:
        here = desk(Path(folder))
        here.now = MONDAY + DAY
        for number in order:
            if number not in never:
                w = written[number]
                here.gets(w.raw(), at=MONDAY + number * 60, trusted=w.by == "us" or history, history=history)
        here.verified()
        found = parts(here)
        here.store.close()
        return found


def so_many(examples: int) -> settings:
    """So many stories, the same each time."""
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
    )


@so_many(12)
@given(exchanges(), st.data())
def test_the_order_in_which_mail_arrives_does_not_matter(written: list[Written], data: st.DataObject) -> None:
    in_any_order(written, data)


@pytest.mark.long
@so_many(100)
@given(exchanges(), st.data())
def test_a_hundred_times_the_order_does_not_matter(written: list[Written], data: st.DataObject) -> None:
    in_any_order(written, data)


def in_any_order(written: list[Written], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(written))))
    never = data.draw(st.sets(st.integers(0, len(written) - 1), max_size=2))
    expected = [ids - {written[n].id for n in never} for ids in together(written)]
    expected = sorted((ids for ids in expected if ids), key=sorted)
    assert arrives(written, list(order), never, history=False) == expected


@dataclass(frozen=True)
class Sent:
    """One message of any graph of references: whose it is, to whom it goes, what it names; time is its number."""

    number: int
    by: str  # "us", or the first letters of somebody's address
    to: tuple[str, ...]  # beside us
    refers: tuple[int, ...]  # oldest first; to what came before, comes after, or never

    @property
    def id(self) -> str:
        return f"<{self.number}@any.example>"

    def raw(self) -> bytes:
        sender = OURS if self.by == "us" else f"{self.by}@c.example"
        others = [f"{each}@c.example" for each in self.to]
        return letter(
            sender,
            to=others[0] if self.by == "us" else OURS,
            cc=", ".join(others[1:] if self.by == "us" else others),
            id_=self.id,
            at=MONDAY + self.number * 60,
            answers=[f"<{number}@any.example>" for number in self.refers],
            subject=f"Subject {self.number}",
            text=f"Text {self.number}",
        )


@st.composite
def graphs(draw: Any, most: int = 7) -> list[Sent]:
    """Messages of one or two customers and of us, that refer to whatever they like."""
    count = draw(st.integers(2, most))
    names = draw(st.sampled_from([("ann",), ("ann", "ben"), ("ann", "ben", "eve")]))
    found = []
    for number in range(count):
        by = draw(st.sampled_from([*names, *names, "us"]))
        others = [name for name in names if name != by]
        to = draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)) if by == "us" else (
            draw(st.lists(st.sampled_from(others), max_size=1)) if others else []
        )  # fmt: skip
        near = st.integers(0, count) if draw(st.booleans()) else st.integers(0, max(number - 1, 0))
        refers = draw(st.lists(near, max_size=3, unique=True)) if (
            number or draw(st.booleans())
        ) else []  # fmt: skip
        found.append(Sent(number, by, tuple(to), tuple(n for n in refers if n != number)))
    return found


Heap = set[Sent]


def named(one: Sent) -> set[str]:
    return {one.by, *one.to}


def whose(heap: Heap) -> str:
    """The customer of a conversation is that of its oldest message."""
    oldest = min(heap, key=lambda one: one.number)
    return oldest.to[0] if oldest.by == "us" else oldest.by


def judged(sent: list[Sent]) -> list[frozenset[str]]:
    """The rules once more and by themselves, one message after the other in the order of time, on plain sets."""
    here: list[Heap] = []
    open_ends: list[tuple[int, Sent]] = []  # what refers to something that was not in its conversation
    for one in sorted(sent, key=lambda each: each.number):
        whom = set(one.to) if one.by == "us" else {one.by}
        joins: list[Heap] = []
        by_us_alone: list[Heap] = []
        for number in (one.number, *dict.fromkeys(reversed(one.refers))):
            for heap in here:
                people = {name for each in heap for name in named(each)}
                for other in (each for each in heap if each.number == number):
                    if other.by == "us" or whom & (people | named(other)):
                        joins.append(heap)
                    elif one.by == "us":
                        by_us_alone.append(heap)
            asked = [
                (end.number, heap)
                for wanted, end in open_ends
                for heap in here
                if wanted == number and end in heap
            ]
            for _, heap in sorted(asked, key=itemgetter(0)):
                people = {name for each in heap for name in named(each)}
                asking = {end.by for wanted, end in open_ends if wanted == number and end in heap}
                answered = one.by == "us" or "us" in asking or asking & named(one)
                if asking and (answered if number == one.number else whom & people):
                    joins.append(heap)
                elif asking and number != one.number and one.by == "us" and "us" in asking:
                    by_us_alone.append(heap)
        mine: Heap = {one}
        ordered = joins + by_us_alone
        if ordered:
            customer = whose(ordered[0])
            for heap in [ordered[0], *(each for each in ordered[1:] if whose(each) == customer)]:
                mine |= heap
                here = [each for each in here if each is not heap]
        here.append(mine)
        present = {each.number for each in mine}
        open_ends += [(number, one) for number in one.refers if number not in present]
    return sorted((frozenset(each.id for each in heap) for heap in here), key=sorted)


def arrive(sent: list[Sent], order: Sequence[int], history: bool) -> list[frozenset[str]]:
    with tempfile.TemporaryDirectory() as folder:
        here = desk(Path(folder))
        here.now = MONDAY + DAY
        for number in order:
            one = sent[number]
            trusted = one.by == "us" or history
            here.gets(one.raw(), at=MONDAY + number * 60, trusted=trusted, history=history)
        here.verified()
        found = parts(here)
        here.store.close()
        return found


@so_many(20)
@given(graphs(), st.data())
def test_any_graph_of_references_leads_to_the_same_conversations(
    sent: list[Sent], data: st.DataObject
) -> None:
    as_judged(sent, data)


@pytest.mark.long
@so_many(200)
@given(graphs(), st.data())
def test_two_hundred_graphs_of_references_lead_to_the_same_conversations(
    sent: list[Sent], data: st.DataObject
) -> None:
    as_judged(sent, data)


def as_judged(sent: list[Sent], data: st.DataObject) -> None:
    expected = judged(sent)
    assert arrive(sent, range(len(sent)), history=False) == expected
    order = data.draw(st.permutations(range(len(sent))))
    assert arrive(sent, order, history=data.draw(st.booleans())) == expected


# --------------------------------------------------------------------------- late, and moved for it


def test_what_came_late_moves_what_belongs_to_it_and_says_why(shop: Desk) -> None:
    """Lea answers Jo's second mail, which names her and comes last: only then she is seen to take part."""
    jo = shop.gets(letter(JO, id_="<1@p>", at=MONDAY), at=MONDAY)
    lea = shop.gets(letter(LEA, id_="<3@k>", answers=["<2@p>"], at=MONDAY + 120), at=MONDAY + 120)
    assert lea != jo
    late = letter(JO, id_="<2@p>", answers=["<1@p>"], cc="lea@krol.example", at=MONDAY + 60)
    shop.gets(late, at=MONDAY + 60)
    assert shop.store.resolve(lea) == shop.store.resolve(jo)
    (moved,) = [e for e in shop.store.events(shop.store.resolve(jo) or 0) if e.type is EventType.MERGED]
    assert (moved.who, moved.why) == ("sync", "a message that came late shows where it belongs")
    assert shop.do("sync", "undo", by="sync").refusal is None  # and it can be taken back
    assert shop.store.resolve(lea) != shop.store.resolve(jo)


def test_what_a_person_has_parted_is_not_moved_by_what_comes_late(shop: Desk) -> None:
    jo = shop.gets(letter(JO, id_="<1@p>", at=MONDAY), at=MONDAY)
    shop.gets(letter(JO, id_="<3@p>", answers=["<1@p>"], at=MONDAY + 120), at=MONDAY + 120)
    cut = shop.did("ann", "split", conversation=jo, message=shop.store.items(jo)[1].id)[0].conversation
    late = letter(LEA, id_="<2@k>", to="jo@park.example", cc=OURS, answers=["<1@p>"], at=MONDAY + 60)
    shop.gets(late, at=MONDAY + 60)
    shop.gets(letter(JO, id_="<4@p>", answers=["<1@p>", "<2@k>", "<3@p>"], at=MONDAY + 90), at=MONDAY + 90)
    assert (shop.store.resolve(jo), shop.store.resolve(cut or 0)) == (jo, cut)


def test_an_answer_that_seems_older_than_what_it_answers_is_an_answer(shop: Desk) -> None:
    """Clocks differ: whoever is named in a mail takes part in it whenever they seem to have written."""
    jo = shop.gets(letter(JO, id_="<1@p>", cc="lea@krol.example", at=MONDAY), at=MONDAY)
    assert shop.gets(letter(LEA, id_="<2@k>", answers=["<1@p>"]), at=MONDAY - 3600) == jo


# --------------------------------------------------------------------------- large


def monitor(number: int) -> bytes:
    """A mail of a monitor, which names one id that never comes, and its last ten mails."""
    before = [f"<{n}@watch.example>" for n in range(max(0, number - 10), number)]
    return letter(
        "watch@watch.example",
        id_=f"<{number}@watch.example>",
        answers=["<root@watch.example>", *before],
        subject="Disk full",
        text=f"Disk {number}",
    )


def test_one_mail_more_costs_the_same_in_a_large_conversation(shop: Desk) -> None:
    """Counted in steps of SQLite, as a clock would be another one on each machine."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    def cost(number: int) -> int:
        nonlocal steps
        with shop.store.writing() as transaction:
            transaction.connection.set_progress_handler(step, 10)
        steps = 0
        shop.gets(monitor(number))
        return steps

    for number in range(80):
        shop.gets(monitor(number))
    small = cost(80)
    for number in range(81, 360):
        shop.gets(monitor(number))
    assert cost(360) < small * 1.5
    assert shop.store.read("SELECT count(*) FROM conversations") == [(1,)]


def test_what_is_remembered_of_a_large_conversation_is_true_whoever_changes_it(shop: Desk) -> None:
    colleague = Desk(open_store(shop.store.workspace), shop.now)
    for number in range(70):
        shop.gets(monitor(number))
    here = {"conversation": 1}
    doings: list[tuple[str, dict[str, Any]]] = [
        ("note", {"text": "Seen.", **here}),
        ("close", {"why": "thanks", **here}),
        ("undo", {"by": "bo"}),
        ("undo", {"by": "bo"}),
        ("tag", {"add": ["disk"], **here}),
        ("redo", {"by": "bo"}),
        ("snooze", {"until": shop.now + DAY, **here}),
    ]
    people: list[Desk] = [colleague, shop]
    for number, (one, (verb, arguments)) in enumerate(product(people, doings)):
        one.now = shop.tick()
        one.do("bo", verb, **arguments)
        shop.gets(monitor(70 + number))
        shop.verified()
    colleague.store.close()


# --------------------------------------------------------------------------- small things


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: AW: Order", "order"),
        ("Fwd: [2] x", "[2] x"),
        ("回复：订单", "订单"),
        ("Re[3]: Straße", "strasse"),
        ("Recall", "recall"),
    ],
)
def test_a_subject_without_its_prefixes(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


def test_ids_are_looked_up_own_first_then_the_nearest(shop: Desk) -> None:
    message = mime.parse(letter(JO, id_="<own@p>", answers=[f"<{n}@p>" for n in range(30)]))
    assert looked_up(message)[:3] == ("<own@p>", "<29@p>", "<28@p>")
    assert len(looked_up(message)) == 21
