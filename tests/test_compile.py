"""SQL finds what the query means in memory: random conversations in a real database, random queries over them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from inbox.model import Conversation, Status
from inbox.queries import (
    After,
    And,
    Assignee,
    Before,
    CauseIs,
    Channel,
    CustomerIs,
    Due,
    Everything,
    Facts,
    Field,
    Flag,
    Ids,
    Is,
    Issue,
    MailboxIs,
    MessageFacts,
    Node,
    Not,
    Or,
    OutcomeIs,
    Quiet,
    Score,
    StatusIs,
    Tag,
    Words,
    both,
    either,
    fold_words,
    matches,
    matches_message,
    negated,
    parse,
    searchable,
)
from inbox.queries.grammar import DEEPEST, MOST_TERMS
from storage.compile import conversation_sql, message_sql
from storage.finding import MOST_WORDS, find_messages

NOW = 1000
ME = "anna"
SCHEMA = sorted((Path(__file__).parent.parent / "storage" / "schema").glob("*.sql"))


def database() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:", isolation_level=None)
    for step in SCHEMA:
        db.executescript(step.read_text())
    return db


DB = database()


@contextmanager
def stored(world: list[Facts]) -> Iterator[tuple[sqlite3.Connection, dict[int, tuple[Facts, MessageFacts]]]]:
    """The world in the database while the block runs, and its messages by their ids, which follow time."""
    DB.execute("BEGIN")
    try:
        for facts in world:
            _store_conversation(DB, facts)
        in_time = sorted(
            ((facts, message) for facts in world for message in facts.messages), key=lambda both: both[1].at
        )
        messages = {2 * place + 1: each for place, each in enumerate(in_time)}
        for number, (facts, message) in messages.items():
            _store_message(DB, number, facts.conversation.id, message)
            _store_message(DB, number + 1, None, message)  # one whose event was undone: nothing may find it
        yield DB, messages
    finally:
        DB.execute("ROLLBACK")


def _store_conversation(db: sqlite3.Connection, facts: Facts) -> None:
    columns = {each[1] for each in db.execute("PRAGMA table_info(conversations)")}
    values: dict[str, object] = {"subject": "", "snippet": "", "policy": "default"}
    values |= facts.conversation._asdict()
    values |= {"due_at": facts.due_at, "vip": facts.vip, "upset": facts.upset}
    values = {name: value for name, value in values.items() if name in columns}
    db.execute(
        f"INSERT INTO conversations({', '.join(values)}) VALUES({', '.join('?' * len(values))})",
        [*values.values()],
    )
    number = facts.conversation.id
    db.executemany(
        "INSERT INTO conversation_tags VALUES(?, ?)", [(tag, number) for tag in facts.conversation.tags]
    )
    db.executemany(
        "INSERT INTO conversation_mentions VALUES(?, ?)",
        [(name, number) for name in facts.conversation.mentions],
    )
    customer = facts.conversation.customer
    if customer is not None:
        db.execute(
            "INSERT OR IGNORE INTO customers(id, name, folded) VALUES(?, ?, ?)",
            (customer, facts.customer_name, fold_words(facts.customer_name)),
        )
        db.executemany(
            "INSERT OR IGNORE INTO identities(kind, value, customer) VALUES('mail', ?, ?)",
            [(value, customer) for value in facts.identities],
        )


def _store_message(
    db: sqlite3.Connection, number: int, conversation: int | None, message: MessageFacts
) -> None:
    db.execute(
        "INSERT INTO messages(id, conversation, at, direction, attachments) VALUES(?, ?, ?, 'in', ?)",
        (number, conversation, message.at, message.attachments),
    )
    texts = (message.subject, message.sender, message.recipients, message.body)
    db.execute(
        "INSERT INTO message_fts(rowid, subject, sender, recipients, body) VALUES(?, ?, ?, ?, ?)",
        (number, *map(searchable, texts)),
    )


# --------------------------------------------------------------------------- random worlds and queries

words = st.sampled_from(
    ["refund", "refunds", "Refunded", "order 4711", "in", "inv", "e-mail", "Straße", "STRASSE", "日本語", "本", "語の",
     "हिन्दी", "lost order", "AND", "OR", "NOT", "NEAR", "body", "ça va", '"', "*", "^", "a'b", "'; --", "%", "\x00",
     "x\x00y", "👍"]
)  # fmt: skip
texts = st.lists(words, max_size=4).map(" ".join) | st.text(max_size=8)
typed = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
instants = st.integers(NOW - 3, NOW + 3)
people = st.sampled_from(["anna", "ben"])
boolean = st.booleans()
few = st.integers(0, 2)


@dataclass(frozen=True)
class Person:
    name: str
    identities: tuple[str, ...]


PEOPLE = {
    1: Person("Anna Weber", ("anna@example.com", "12")),
    2: Person("ÉMILE d'Été", ("emile@example.com",)),
    12: Person("山田太郎", ("+49301", "x%_'\"")),
}

messages = st.builds(MessageFacts, texts, texts, texts, texts, at=instants, attachments=few)
conversations = st.fixed_dictionaries(
    {
        "id": st.just(0),
        "status": st.sampled_from(Status),
        "assignee": st.none() | people,
        "tags": st.sets(st.sampled_from(["vip", "Ü", "o'h"])).map(tuple),
        "customer": st.none() | st.sampled_from(list(PEOPLE)),
        "channel": st.sampled_from(["mail", "phone"]),
        "mailbox": st.none() | st.sampled_from(["support", "sales"]),
        "last_at": instants,
        "unread": boolean,
        "notice": boolean,
        "answered": boolean,
        "waiting_since": st.none() | instants,
        "sending": few,
        "failed": few,
        "approvals": few,
        "mentions": st.sets(people).map(tuple),
        "suggested": st.none() | few,
        "promised_until": st.none() | instants,
        "issue": st.none() | st.sampled_from(["strike", "o'h"]),
        "closed_why": st.none() | st.sampled_from(["resolved", "referred"]),
        "cause": st.none() | st.sampled_from(["carrier", "o'h"]),
        "thanks": boolean,
        "goodwill": few,
        "score": st.none() | st.integers(1, 5),
        "quarantined": boolean,
        "unjudged": boolean,
        "held_until": st.none() | instants,
        "snoozed_until": st.none() | instants,
    }
).map(lambda given: Conversation(**given))


@st.composite
def worlds(draw: st.DrawFn) -> list[Facts]:
    world = []
    for number, conversation in enumerate(draw(st.lists(conversations, min_size=1, max_size=4)), 1):
        person = PEOPLE.get(conversation.customer or 0, Person("", ()))
        world.append(
            Facts(
                conversation._replace(id=number),
                due_at=draw(st.none() | instants),
                vip=draw(boolean),
                upset=draw(boolean),
                customer_name=person.name,
                identities=person.identities,
                messages=tuple(draw(st.lists(messages, max_size=3))),
            )
        )
    answered = {each.conversation.customer for each in world if each.conversation.answered} - {None}
    return [replace(each, known=each.conversation.customer in answered) for each in world]


leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Words, words | typed, st.none() | st.sampled_from(Field), boolean),
    st.builds(Words, words | typed, st.none() | st.sampled_from(Field), boolean),
    st.builds(Tag, st.sampled_from(["vip", "Ü", "o'h", "vi"]) | typed),
    st.builds(
        CustomerIs,
        st.sampled_from(["web", "emile", "太郎", "@EXAMPLE", "1", "12", "x%", "d'", "", "99999"]) | typed,
    ),
    st.builds(Channel, st.sampled_from(["mail", "phone"]) | typed),
    st.builds(MailboxIs, st.sampled_from(["support", "sales"]) | typed),
    st.builds(Issue, st.none() | st.sampled_from(["strike", "o'h"]) | typed),
    st.builds(OutcomeIs, st.sampled_from(["resolved", "referred", "thanks"])),
    st.builds(CauseIs, st.sampled_from(["carrier", "o'h"]) | typed),
    st.builds(Score, st.integers(1, 3), st.integers(2, 5)),
    st.builds(StatusIs, st.lists(st.sampled_from(Status), max_size=3).map(tuple)),
    st.builds(Assignee, st.none() | people | typed, boolean),
    st.builds(Ids, st.lists(st.integers(0, 4) | st.integers(0, 10**18 - 1), max_size=3).map(tuple)),
    st.builds(Is, st.sampled_from(Flag)),
    st.builds(Before, instants),
    st.builds(After, instants),
    st.builds(Due, st.integers(0, 3)),
    st.builds(Quiet, st.integers(-3, 3)),
    st.just(Everything()),
)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4).map(lambda parts: both(*parts))
        | st.lists(inner, min_size=1, max_size=4).map(lambda parts: either(*parts))
        | inner.map(negated)
        | inner.map(Not)
    ),
    max_leaves=8,
)


EACH: list[Node] = [
    *(Is(flag) for flag in Flag), *(StatusIs((status,)) for status in Status), Assignee(), Assignee(me=True), Due(1),
    Quiet(1), Before(NOW), After(NOW), MailboxIs("support"), Issue(), Issue("strike"), OutcomeIs("referred"),
    CauseIs("carrier"), Score(1, 2), Words("refund", prefix=True),
]  # fmt: skip
"""Asked of every world: few random queries would meet them."""


def found_conversations(db: sqlite3.Connection, node: Node) -> list[int]:
    where, values = conversation_sql(node, ME, NOW)
    return [n for (n,) in db.execute(f"SELECT id FROM conversations c WHERE {where} ORDER BY id", values)]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.lists(trees, min_size=1, max_size=6))
@example([Facts(Conversation(1), messages=(MessageFacts(body="a"),))], [Not(Words("a")), Not(Words("b"))])
def test_the_database_finds_the_conversations_that_the_query_means(
    world: list[Facts], nodes: list[Node]
) -> None:
    finds_the_conversations(world, nodes)


@pytest.mark.long
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.lists(trees, min_size=1, max_size=6))
def test_the_database_finds_the_conversations_in_many_worlds(world: list[Facts], nodes: list[Node]) -> None:
    finds_the_conversations(world, nodes)


def finds_the_conversations(world: list[Facts], nodes: list[Node]) -> None:
    """The store's answer to each query, and to each kind of question alone, is what the matcher says."""
    with stored(world) as (db, _):
        for node in (*nodes, *EACH, *map(negated, EACH)):
            meant = [facts.conversation.id for facts in world if matches(node, facts, NOW, ME)]
            assert found_conversations(db, node) == meant, node


pages = given(
    worlds(), st.lists(trees, min_size=1, max_size=6), st.none() | st.integers(1, 3), st.integers(1, 4)
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pages
def test_the_database_finds_the_messages_that_the_query_means_newest_first(
    world: list[Facts], nodes: list[Node], limit: int | None, newest: int
) -> None:
    finds_the_messages(world, nodes, limit, newest)


@pytest.mark.long
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pages
def test_the_database_finds_the_messages_in_many_worlds(
    world: list[Facts], nodes: list[Node], limit: int | None, newest: int
) -> None:
    finds_the_messages(world, nodes, limit, newest)


def finds_the_messages(world: list[Facts], nodes: list[Node], limit: int | None, newest: int) -> None:
    """The store's answer to each query, and to each kind of question alone, is what the matcher says."""
    with stored(world) as (db, messages):
        for node in (*nodes, *EACH, *map(negated, EACH)):
            meant = [
                (number, facts.conversation.id, message.at)
                for number, (facts, message) in sorted(messages.items(), reverse=True)
                if matches_message(node, facts, message, NOW, ME)
            ]
            assert find_messages(db, node, ME, NOW, limit, newest) == meant[:limit], node


# --------------------------------------------------------------------------- what must not happen


HOSTILE = [
    '" OR 1=1 --',
    "x') OR ('1'='1",
    '"x" OR "y"',
    "a NEAR/2 b",
    "subject : x",
    "{subject body} : x",
    "^start",
    "a*b*",
    "'; DROP TABLE conversations; --",
    "\x00",
    "%' OR c.id > 0 --",
    "日" * 50,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_typed_text_stays_a_value(text: str) -> None:
    facts = Facts(
        Conversation(1, customer=1), customer_name="Somebody", messages=(MessageFacts(body="harmless"),)
    )
    nodes: list[Node] = [
        Words(text), Words(text, Field.SUBJECT, prefix=True), Tag(text), CustomerIs(text), Channel(text),
        MailboxIs(text), Issue(text), Assignee(text),
    ]  # fmt: skip
    with stored([facts]) as (db, _):
        for node in nodes:
            assert found_conversations(db, node) == []
            assert find_messages(db, node, ME, NOW) == []
            where, _ = conversation_sql(node, ME, NOW)
            assert text not in where


def test_a_name_with_a_quote_is_found() -> None:
    with stored([Facts(Conversation(1, assignee="o'hara", tags=('"x"',)))]) as (db, _):
        assert found_conversations(db, both(Assignee("o'hara"), Tag('"x"'))) == [1]


def test_the_longest_and_deepest_queries_there_can_be_are_answered() -> None:
    texts = [
        " ".join(f"w{n}" for n in range(MOST_TERMS)),
        " OR ".join(f"w{n}" for n in range(MOST_TERMS)),
        " ".join(f"-w{n}" for n in range(MOST_TERMS)),
        " OR ".join(f"tag:w{n}" for n in range(MOST_TERMS)),
        " OR ".join(f"w{n} is:late" for n in range(MOST_TERMS // 2)),
        "(" * DEEPEST + "x" + ")" * DEEPEST,
        "".join(f"(w{n} OR (v{n} " for n in range(DEEPEST // 2)) + "x" + "))" * (DEEPEST // 2),
        "".join(f"-(w{n} OR v{n} " for n in range(DEEPEST)) + "x" + ")" * DEEPEST,
        "".join(f"-(tag:w{n} OR is:late " for n in range(DEEPEST)) + "-x" + ")" * DEEPEST,
        "".join(f"-(w{n} OR is:late " for n in range(DEEPEST)) + "-x" + ")" * DEEPEST,
        "id:" + ",".join(str(n) for n in range(2_000)),
    ]
    with stored([Facts(Conversation(1), messages=(MessageFacts(body="x w0"),))]) as (db, _):
        for text in texts:
            node = parse(text, NOW, ZoneInfo("UTC"))
            facts = Facts(Conversation(1), messages=(MessageFacts(body="x w0"),))
            assert found_conversations(db, node) == ([1] if matches(node, facts, NOW, ME) else [])
            find_messages(db, node, ME, NOW, 50)


# --------------------------------------------------------------------------- how it is found


def plan(node: Node, since: int | None = None) -> str:
    statement, values = message_sql(node, ME, NOW, 50, since)
    return "\n".join(row[3] for row in DB.execute(f"EXPLAIN QUERY PLAN {statement}", values))


def test_words_are_one_walk_over_the_index_backwards_without_sorting() -> None:
    node = both(
        Words("lost"),
        either(Words("order"), Words("parcel", Field.SUBJECT)),
        Not(Words("spam")),
        Is(Flag.LATE),
    )
    statement, values = message_sql(node, ME, NOW, 50)
    assert statement.count("MATCH") == 1
    assert values[0] == '(("lost") AND (("order") OR (subject : "parcel"))) NOT (("spam"))'
    assert "TEMP B-TREE" not in plan(node)
    assert plan(node).startswith("SCAN message_fts VIRTUAL TABLE")


def test_without_words_messages_are_walked_backwards_without_sorting() -> None:
    assert "TEMP B-TREE FOR ORDER BY" not in plan(StatusIs((Status.OPEN,)))
    assert "TEMP B-TREE FOR ORDER BY" not in plan(And((Not(Words("x")), After(5))))


def test_a_beginning_finds_all_words_that_begin_so_few_or_many() -> None:
    words_of_index = [f"few{n}" for n in range(3)] + [f"many{n:03}" for n in range(MOST_WORDS + 5)]
    facts = Facts(
        Conversation(1), messages=tuple(MessageFacts(body=word) for word in [*words_of_index, "few", "fe"])
    )
    with stored([facts]) as (db, _):
        for prefix, expected in (("few", 4), ("many", MOST_WORDS + 5), ("many00", 10), ("mano", 0)):
            assert len(find_messages(db, Words(prefix, prefix=True), ME, NOW)) == expected


def test_a_word_with_a_condition_beside_it_stays_so_within_or() -> None:
    late = Facts(Conversation(1, tags=("late",)), messages=(MessageFacts(body="lost"),))
    other = Facts(
        Conversation(2), messages=(MessageFacts(body="lost", at=1), MessageFacts(body="found", at=2))
    )
    with stored([late, other]) as (db, _):
        node = either(both(Words("lost"), Tag("late")), Words("found"))
        assert [conversation for _, conversation, _ in find_messages(db, node, ME, NOW)] == [2, 1]


@pytest.mark.parametrize(
    "query", ["tag:\udc80", "customer:\ud800x", "a\udfffb", "assignee:\udc80", "mailbox:\udc80"]
)
def test_bytes_of_a_terminal_that_are_no_text_are_looked_for_in_vain(query: str) -> None:
    node = parse(query, NOW, ZoneInfo("UTC"))
    with stored([Facts(Conversation(1, customer=1))]) as (db, _):
        assert found_conversations(db, node) == []
        assert find_messages(db, node, ME, NOW) == []


def test_ids_are_bound_as_one_value() -> None:
    _, values = conversation_sql(Ids(tuple(range(50_000))), ME, NOW)
    assert json.loads(str(values[0])) == list(range(50_000))


def test_or_of_words_and_state_is_answered_for_messages() -> None:
    one = Facts(Conversation(1, status=Status.CLOSED), messages=(MessageFacts(body="lost", at=1),))
    two = Facts(Conversation(2), messages=(MessageFacts(body="found", at=2),))
    with stored([one, two]) as (db, _):
        node = Or((Words("lost"), StatusIs((Status.OPEN,))))
        assert [conversation for _, conversation, _ in find_messages(db, node, ME, NOW, 50)] == [2, 1]
