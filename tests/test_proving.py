"""What is proved of queries holds for every conversation: nothing that is called impossible is ever found."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.model import Conversation, Status
from inbox.queries import (
    After,
    Assignee,
    Before,
    CauseIs,
    Channel,
    CustomerIs,
    Due,
    Facts,
    Field,
    Flag,
    Ids,
    Is,
    Issue,
    MailboxIs,
    MessageFacts,
    Node,
    OutcomeIs,
    Quiet,
    Score,
    StatusIs,
    Tag,
    Words,
    both,
    either,
    matches,
    negated,
    parse,
)
from inbox.queries.proving import at_all_times, covers, impossible

BERLIN = ZoneInfo("Europe/Berlin")
NOW = int(datetime(2026, 5, 20, 12, 0, tzinfo=UTC).timestamp())


def trees(text: str) -> tuple[Node, ...]:
    return at_all_times(lambda at: parse(text, at, BERLIN), NOW, BERLIN)


@pytest.mark.parametrize(
    "text",
    [
        "status:open status:closed",
        "-status:open,waiting,held -status:snoozed,closed,spam",
        "tag:x -tag:x",
        "is:late -is:late",
        "-(refund OR tag:x) refund",
        "assignee:anna assignee:none",
        "assignee:me assignee:none",
        "assignee:anna assignee:jo",
        "channel:mail channel:phone",
        "mailbox:a mailbox:b",
        "id:1,2 id:3",
        "id:1 -id:1,2",
        "before:2026-01 after:2026-02",
        "before:14d after:7d",
        "-before:7d -after:7d",
        "before:today after:today",
        "is:late -due:2h",
        "due:1h -due:2h",
        "subject:refund -refund",
        '"late parcel" -parcel',
        "invoice -invo*",
        "customer:weber -customer:web",
        "(tag:a status:open) (tag:b OR status:closed) -tag:b",
        "(tag:a OR tag:b) (-tag:a) (-tag:b)",
        "issue:strike issue:none",
        "issue:strike issue:flood",
        "outcome:resolved status:open",
        "outcome:resolved outcome:thanks",
        "cause:carrier cause:site",
        "score:1-2 score:4-5",
        "score:1 -score:<=2",
        "quiet:21d -quiet:7d",
    ],
)
def test_what_can_match_nothing_is_found(text: str) -> None:
    assert impossible(trees(text)) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "status:open tag:x -tag:y",
        "status:open OR status:closed",
        "refund -subject:refund",
        "parcel -subject:parcel* late",
        "invo* -invoice",
        "from:a from:b",
        "parcel* -parcel",
        '"late par"* -"late par"',
        "customer:weber customer:anna",
        "customer:17 customer:18",
        "before:7d after:14d",
        "after:2030 before:1d",  # not before 2030, but then
        "before:2027 after:30d",  # until next year
        "due:2h -is:late",
        "assignee:anna assignee:me",
        "(tag:a OR tag:b) -tag:a",
        "outcome:resolved cause:carrier score:2-4 score:4-5 quiet:7d -quiet:21d",
    ],
)
def test_what_could_match_something_is_not_called_impossible(text: str) -> None:
    assert impossible(trees(text)) is None


@pytest.mark.parametrize(
    ("wide", "narrow", "covered"),
    [
        ("", "tag:x", True),
        ("tag:x", "", False),
        ("tag:x", "tag:x status:open", True),
        ("tag:x OR tag:y", "tag:y refund", True),
        ("refund", "subject:refund", True),
        ("subject:refund", "refund", False),
        ("status:open,held", "status:held", True),
        ("status:held", "status:open,held", False),
        ("-tag:x", "tag:y", False),
        ("-status:closed", "status:open", True),
        ("after:14d", "after:7d", True),
        ("after:7d", "after:14d", False),
        ("after:2026-01", "after:7d", True),
        ("after:7d", "after:2026-05-18", False),  # so it is today, but not next week
        ("invo*", "invoices", True),
        ('"late parcel"', "late parcel", False),
        ("tag:z", "status:open status:closed", True),  # nothing is found by anything
    ],
)
def test_what_one_query_finds_of_another_is_told(wide: str, narrow: str, covered: bool) -> None:
    assert covers(trees(wide), trees(narrow)) is covered


def test_where_a_proof_would_take_too_long_nothing_is_said() -> None:
    pairs = " ".join(f"(tag:a{n} OR tag:b{n} OR tag:c{n})" for n in range(30))
    assert impossible([parse(f"{pairs} tag:x (tag:y OR -tag:x)", NOW, BERLIN)]) is None


# --------------------------------------------------------------------------- against what really matches

WORDS = ("late", "later", "parcel", "late parcel", "parcel late", "la", "lat", "日本", "日本語")
NAMES = ("anna", "anna weber", "web", "weber", "a", "17", "jo@a")
AT = st.integers(0, 6)
leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Words, st.sampled_from(WORDS), st.none() | st.sampled_from(Field), st.booleans()),
    st.builds(Tag, st.sampled_from("ab")),
    st.builds(CustomerIs, st.sampled_from(NAMES)),
    st.builds(Channel, st.sampled_from(("mail", "phone"))),
    st.builds(MailboxIs, st.sampled_from("ab")),
    st.builds(StatusIs, st.lists(st.sampled_from(Status), min_size=1, max_size=5).map(tuple)),
    st.builds(Assignee, st.sampled_from(("anna", "jo"))),
    st.sampled_from([Assignee(), Assignee(me=True), Is(Flag.LATE), Is(Flag.VIP), Is(Flag.ATTACHMENT)]),
    st.builds(Ids, st.lists(st.integers(1, 3), min_size=1, max_size=2).map(tuple)),
    st.builds(Before, AT),
    st.builds(After, AT),
    st.builds(Due, AT),
    st.builds(OutcomeIs, st.sampled_from(("resolved", "thanks"))),
    st.builds(CauseIs, st.sampled_from("ab")),
    st.builds(Quiet, st.integers(0, 3)),
    st.tuples(st.integers(1, 5), st.integers(1, 5)).map(lambda pair: Score(min(pair), max(pair))),
    st.builds(Issue, st.sampled_from((None, "a", "b"))),
)
queries = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: both(*parts))
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: either(*parts))
        | inner.map(negated)
    ),
    max_leaves=8,
)
texts = st.lists(st.sampled_from((*WORDS, "x")), max_size=3).map(" ".join)
facts = st.builds(
    Facts,
    st.builds(
        Conversation,
        st.integers(1, 3),
        st.sampled_from(Status),
        st.sampled_from((None, "anna", "jo")),
        st.lists(st.sampled_from("ab"), max_size=2).map(tuple),
        st.sampled_from((None, 17, 18)),
        st.sampled_from(("mail", "phone")),
        st.sampled_from((None, "a", "b")),
        last_at=AT,
        issue=st.sampled_from((None, "a", "b")),
        closed_why=st.sampled_from((None, "resolved", "thanks")),
        cause=st.sampled_from((None, "a", "b")),
        score=st.sampled_from((None, 1, 2, 3, 4, 5)),
    ),
    due_at=st.none() | AT,
    vip=st.booleans(),
    customer_name=st.sampled_from(("", "Anna Weber", "Weberin", "Ann A")),
    identities=st.lists(st.sampled_from(("jo@a.example", "weber", "17")), max_size=2).map(tuple),
    messages=st.lists(
        st.builds(MessageFacts, texts, texts, texts, texts, AT, st.integers(0, 1)), max_size=2
    ).map(tuple),
)
some = st.lists(facts, min_size=5, max_size=10)


literals = st.lists(leaves | leaves.map(negated), min_size=2, max_size=4).map(lambda parts: both(*parts))


@settings(max_examples=120)
@given(literals | queries, st.data())
def test_what_is_called_impossible_never_matches(node: Node, data: st.DataObject) -> None:
    if impossible([node]) is not None:
        assert [each for each in data.draw(some) if matches(node, each, 3, "anna")] == []


@settings(max_examples=120)
@given(literals | leaves, leaves | leaves.map(negated) | queries, st.data())
def test_what_is_called_covered_is_covered(narrow: Node, wide: Node, data: st.DataObject) -> None:
    if covers([wide], [narrow]):
        wrong = [
            x for x in data.draw(some) if matches(narrow, x, 3, "anna") and not matches(wide, x, 3, "anna")
        ]
        assert wrong == []


@settings(max_examples=40)
@given(queries, queries)
def test_what_is_plainly_so_is_proved(one: Node, other: Node) -> None:
    assert impossible([both(one, negated(one))]) is not None
    assert covers([either(one, other)], [one])
    assert covers([one], [both(one, other)])
