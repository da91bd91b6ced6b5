"""What people type is read as they mean it, words are cut as SQLite cuts them, and nothing typed breaks anything."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections import defaultdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inbox.errors import BadUsage
from inbox.model import Conversation, Status
from inbox.outcomes import OUTCOMES
from inbox.queries import (
    GONE_QUIET,
    OPERATORS,
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
    needle,
    negated,
    parse,
    render,
    searchable,
    tokens,
)
from inbox.queries.grammar import ASKED, DEEPEST, LONGEST, MOST_TERMS

BERLIN = ZoneInfo("Europe/Berlin")
NOW = int(datetime(2026, 5, 20, 12, 0, tzinfo=UTC).timestamp())


def read(text: str) -> Node:
    return parse(text, NOW, BERLIN)


def refused(text: str) -> BadUsage:
    with pytest.raises(BadUsage) as caught:
        read(text)
    return caught.value


# --------------------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        ("  \t\n ", Everything()),
        ("refund", Words("refund")),
        ("refund parcel", And((Words("refund"), Words("parcel")))),
        ('"order 4711" lost', And((Words("order 4711"), Words("lost")))),
        ("refund -parcel", And((Words("refund"), Not(Words("parcel"))))),
        ("e-mail", Words("e-mail")),
        ("10:30", Words("10:30")),
        ("a b OR c", Or((And((Words("a"), Words("b"))), Words("c")))),
        ("a (b OR c)", And((Words("a"), Or((Words("b"), Words("c")))))),
        ("-(a b)", Not(And((Words("a"), Words("b"))))),
        ("--a", Words("a")),
        ("or", Words("or")),
        ('"OR"', Words("OR")),
        ("invo*", Words("invo", prefix=True)),
        ('"order 47"*', Words("order 47", prefix=True)),
        ("from:anna@example.com", Words("anna@example.com", Field.SENDER)),
        ("From:anna", Words("anna", Field.SENDER)),
        ("to:support", Words("support", Field.RECIPIENTS)),
        ('subject:"late parcel"', Words("late parcel", Field.SUBJECT)),
        ("body:invo*", Words("invo", Field.BODY, prefix=True)),
        ("tag:vip", Tag("vip")),
        ('tag:"needs a call"', Tag("needs a call")),
        ('tag:"a\\"b\\\\c"', Tag('a"b\\c')),
        ("status:open", StatusIs((Status.OPEN,))),
        ("status:Open,held", StatusIs((Status.OPEN, Status.HELD))),
        ("assignee:me", Assignee(me=True)),
        ("assignee:none", Assignee()),
        ("assignee:anna", Assignee("anna")),
        ('assignee:"me"', Assignee("me")),
        ("customer:weber", CustomerIs("weber")),
        ("channel:WhatsApp", Channel("whatsapp")),
        ("mailbox:support", MailboxIs("support")),
        ("issue:strike", Issue("strike")),
        ("issue:any", Issue()),
        ("issue:None", Not(Issue())),
        ('issue:"any"', Issue("any")),
        ("outcome:referred", OutcomeIs("referred")),
        ('cause:"our mistake"', CauseIs("our mistake")),
        ("score:1", Score(1, 1)),
        ("score:<=2", Score(1, 2)),
        ("score:>3", Score(4, 5)),
        ("score:2-4", Score(2, 4)),
        ("is:thanks quiet:21d", And((Is(Flag.THANKS), Quiet(21 * 86_400)))),
        ("is:quiet", And((StatusIs((Status.WAITING,)), Not(Is(Flag.NOTICE)), Quiet(GONE_QUIET)))),
        ("is:goodwill is:feedback", And((Is(Flag.GOODWILL), Is(Flag.FEEDBACK)))),
        ("id:17", Ids((17,))),
        ("id:17,#18", Ids((17, 18))),
        ("has:attachment", Is(Flag.ATTACHMENT)),
        ("is:late", Is(Flag.LATE)),
        ("is:upset", Is(Flag.UPSET)),
        ("due:30m", Due(1800)),
        ("due:1h30m", Due(5400)),
        ("due:2d", Due(172_800)),
    ],
)
def test_every_operator_is_read(text: str, tree: Node) -> None:
    assert read(text) == tree


@pytest.mark.parametrize(
    ("date", "begins"),
    [
        ("2026-05-01", "2026-04-30T22:00:00+00:00"),  # midnight in Berlin
        ("2026-5-1", "2026-04-30T22:00:00+00:00"),
        ("2026-02", "2026-01-31T23:00:00+00:00"),
        ("2026", "2025-12-31T23:00:00+00:00"),
        ("today", "2026-05-19T22:00:00+00:00"),
        ("yesterday", "2026-05-18T22:00:00+00:00"),
        ("7d", "2026-05-13T12:00:00+00:00"),
        ("3w", "2026-04-29T12:00:00+00:00"),
        ("90m", "2026-05-20T10:30:00+00:00"),
        ("2026-05-01T14:30", "2026-05-01T12:30:00+00:00"),
        ("2026-05-01T14:30:00Z", "2026-05-01T14:30:00+00:00"),
    ],
)
def test_a_date_is_where_it_begins_in_the_zone_of_the_team(date: str, begins: str) -> None:
    at = int(datetime.fromisoformat(begins).timestamp())
    assert read(f"before:{date}") == Before(at)
    assert read(f"after:{date}") == After(at)


def test_after_takes_the_day_in_and_before_leaves_it_out_so_that_months_fit_together() -> None:
    first_of_may = int(datetime(2026, 5, 1, tzinfo=BERLIN).timestamp())
    for at in (first_of_may - 1, first_of_may, first_of_may + 1):
        facts = Facts(Conversation(1, last_at=at))
        assert matches(read("after:2026-05"), facts, NOW, "anna") is (at >= first_of_may)
        assert matches(read("before:2026-05"), facts, NOW, "anna") is (at < first_of_may)


@pytest.mark.parametrize(
    ("text", "column", "help_"),
    [
        ("refund frm:anna", 8, "from:"),
        ("asignee:me", 1, "assignee:"),
        ("x status:opn", 3, "status:open"),
        ("is:latte", 1, "is:late"),
        ("has:attachments", 1, "has:attachment"),
        ("before:yesteryear", 1, "2026-05-01"),
        ("after:2026-13", 1, "2026-05-01"),
        ("before:0000", 1, "2026-05-01"),
        ("after:9999999d", 1, "7d"),
        ("due:soon", 1, "due:30m"),
        ("id:abc", 1, "id:17"),
        ("id:99999999999999999999", 1, "id:17"),
        ("tag:", 1, "tag:refund"),
        ("from: anna", 1, "from:weber"),
        ("a (b", 3, "Close"),
        ("a b)", 4, "never opened"),
        ('a "b', 3, "Close"),
        ('subject:"b', 9, "Close"),
        ("()", 2, "quote"),
        ("OR a", 1, "quote"),
        ("a OR OR b", 6, "quote"),
        ("a -", 3, "letter or digit"),
        ("👍", 1, "letter or digit"),
        ("in*oice", 1, "invo*"),
        ('tag:"a"*', 1, "Only words"),
        ("(a OR -)", 7, ""),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place_and_what_was_probably_meant(
    text: str, column: int, help_: str
) -> None:
    error = refused(text)
    assert error.status == 2
    assert f"column {column}" in error.what
    assert help_ in str(error)


@pytest.mark.parametrize(
    "text", ["a OR", "-(", "a OR (b", "(" * 5_000, "-" * 5_000 + "a", "a " * 4_000, "x" * 20_000]
)
def test_too_much_or_too_little_is_refused_or_read_but_never_breaks(text: str) -> None:
    try:
        read(text)
    except BadUsage as error:
        assert error.next_step


def test_the_limits_are_what_they_say() -> None:
    read("(" * DEEPEST + "a" + ")" * DEEPEST)
    assert "deep" in refused("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1)).what
    read("a " * MOST_TERMS)
    assert str(MOST_TERMS) in refused("a " * (MOST_TERMS + 1)).what
    read("a" * LONGEST)
    assert str(LONGEST) in refused("a" * (LONGEST + 1)).what


@given(
    st.text()
    | st.text(alphabet='ab"()-:* \\\udc80OR\x00')
    | st.lists(
        st.sampled_from([*(f"{o}:" for o in OPERATORS), "(", ")", "-", '"', "*", " ", "OR", "x", "1"])
    ).map("".join)
)
def test_any_text_is_read_or_refused_and_what_is_read_can_be_written_down(text: str) -> None:
    try:
        node = read(text)
    except BadUsage as error:
        assert error.what and "\x1b" not in str(error)
        return
    assert read(render(node)) == node
    matches(node, Facts(Conversation(1), messages=(MessageFacts(body=text),)), NOW, "anna")


def test_an_error_shows_foreign_text_without_what_a_terminal_would_obey() -> None:
    assert "\x1b" not in str(refused("status:\x1b[31mred"))


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)
leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(
        Words,
        names.filter(lambda text: bool(tokens(text))),
        st.none() | st.sampled_from(Field),
        st.booleans(),
    ),
    st.builds(Tag, names),
    st.builds(CustomerIs, names),
    st.builds(Channel, names.map(str.lower).filter(lambda name: name == name.lower())),
    st.builds(MailboxIs, names),
    st.builds(Issue, names),
    st.just(Issue()),
    st.builds(OutcomeIs, st.sampled_from(sorted(OUTCOMES))),
    st.builds(CauseIs, names),
    st.builds(lambda a, b: Score(min(a, b), max(a, b)), st.integers(1, 5), st.integers(1, 5)),
    st.builds(StatusIs, st.lists(st.sampled_from(Status), min_size=1).map(tuple)),
    st.builds(Assignee, names),
    st.just(Assignee(me=True)),
    st.just(Assignee()),
    st.builds(Ids, st.lists(st.integers(0, 10**18 - 1), min_size=1).map(tuple)),
    st.sampled_from([Is(flag) for flag in (*ASKED, Flag.ATTACHMENT)]),
    st.builds(Before, st.integers(-(10**9), 10**11)),
    st.builds(After, st.integers(-(10**9), 10**11)),
    st.builds(Due, st.integers(0, 10**9)),
)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, min_size=2, max_size=4).map(lambda parts: both(*parts))
        | st.lists(inner, min_size=2, max_size=4).map(lambda parts: either(*parts))
        | inner.map(negated)
    ),
    max_leaves=12,
)


@given(trees)
@example(Words("OR"))
@example(Assignee("None"))
@example(Issue("Any"))
@example(Words('say "yes" \\ no'))
def test_a_tree_that_was_written_down_is_read_as_the_same_tree(tree: Node) -> None:
    assert read(render(tree)) == tree


@pytest.mark.parametrize("node", [Is(Flag.FAILED), Not(Everything())])
def test_what_only_views_can_say_is_not_written_down(node: Node) -> None:
    with pytest.raises(ValueError):
        render(node)


# --------------------------------------------------------------------------- words


class Index:
    """A full-text table of SQLite, and what its tokeniser makes of texts."""

    def __init__(self) -> None:
        self.db = sqlite3.connect(":memory:")
        self.db.execute("CREATE VIRTUAL TABLE f USING fts5(x, tokenize = 'unicode61 remove_diacritics 2')")
        self.db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(f, instance)")

    def tokens(self, texts: list[str]) -> list[list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        self.db.execute("DELETE FROM f")
        self.db.executemany("INSERT INTO f(rowid, x) VALUES(?, ?)", enumerate(map(searchable, texts)))
        for term, row in self.db.execute("SELECT term, doc FROM v ORDER BY doc, offset"):
            found[row].append(term)
        return [found[row] for row in range(len(texts))]


INDEX = Index()


@pytest.mark.long
def test_every_assigned_character_is_cut_and_folded_as_sqlite_does() -> None:
    everything = [
        char for char in map(chr, range(0x110000)) if unicodedata.category(char) not in ("Cn", "Co")
    ]
    texts = ["q".join(everything[start : start + 500]) for start in range(0, len(everything), 500)]
    assert INDEX.tokens(texts) == [tokens(text) for text in texts]


@given(st.lists(st.text(st.characters(exclude_categories=[])), min_size=1, max_size=5))
@example(
    [
        "e\u0301a\u0301",
        "\u0301a",
        "ㅎㅏㄴ\u1112\u1161\u11ab",
        "カ\u3099",
        "İıſ",
        "Σας ΣΑΣ",
        "ﬁ ½ Ⅳ ㏂",
        "a\u00adb\u200bc",
        "\udc80x",
    ]
)
def test_texts_are_cut_and_folded_as_sqlite_does(texts: list[str]) -> None:
    assert INDEX.tokens(texts) == [tokens(text) for text in texts]


@given(st.text())
def test_words_from_the_index_can_be_looked_for_again(text: str) -> None:
    for word in tokens(text):
        if not needle(word)[1]:
            assert tokens(word)[0] == word


def test_ascii_text_is_indexed_as_it_is() -> None:
    text = "Please refund order #4711!"
    assert searchable(text) is text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Grüße aus KÖLN", ["gruße", "GRUSSE", "köln", "kol*", '"aus köln"']),
        ("Straße 5", ["strasse", "STRASSE"]),
        ("Ελληνικός", ["ελληνικοσ", "ελλην*"]),
        ("Ещё заказ", ["еще", "ЕЩЁ"]),
        ("日本語の注文", ["日本", "本語", "語", "注文", "日本語の注文", "日*"]),
        ("한국어로", ["한국어", "국어", "어"]),
        ("ภาษาไทย", ["ภาษา", "ไทย"]),
        ("हिन्दी में", ["हिन्दी"]),
        ("iPhone用ケース", ["iphone", "ケース", "用"]),
        ("ｶﾞｲﾄﾞ", ["ガイド", "ガイ"]),
        ("in\u00advoice", ["invoice"]),
        ("e-mail", ["e-mail", "mail", '"e mail"']),
        ("invoices", ["invo*", "INV*"]),
        ("in", ["in", "in*"]),
    ],
)
def test_what_is_written_is_found_however_it_is_typed(text: str, found: list[str]) -> None:
    facts = Facts(Conversation(1), messages=(MessageFacts(body=text),))
    assert [query for query in found if not matches(read(query), facts, NOW, "anna")] == []


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        ("invoices", ["invoice", "in*", "oices"]),
        ("日本語", ["日語", "語日", "本日"]),
        ("हिन्दी", ["हन्द"]),
        ("lost parcel", ['"parcel lost"']),
    ],
)
def test_what_is_not_written_is_not_found(text: str, missed: list[str]) -> None:
    facts = Facts(Conversation(1), messages=(MessageFacts(body=text),))
    assert [query for query in missed if matches(read(query), facts, NOW, "anna")] == []


def test_a_run_of_han_is_looked_for_by_pairs_and_only_a_lone_character_by_how_pairs_begin() -> None:
    assert needle("日本語") == (("日本", "本語"), False)
    assert needle("語") == (("語",), True)


def test_names_are_folded_to_their_words() -> None:
    assert fold_words(" Anna-Lena  MÜLLER ") == "anna lena muller"
    assert fold_words("山田 太郎") == "山 田 太 郎"


# --------------------------------------------------------------------------- in memory


def test_a_conversation_fits_when_any_of_its_messages_holds_each_word() -> None:
    facts = Facts(
        Conversation(1),
        messages=(MessageFacts(subject="Refund", body="please"), MessageFacts(body="the parcel")),
    )
    assert matches(read("refund parcel"), facts, NOW, "anna")
    assert not matches(read('"refund parcel"'), facts, NOW, "anna")
    assert not matches(read('"refund please"'), facts, NOW, "anna"), "a phrase lies in one field"
    first, second = facts.messages
    assert not matches_message(read("refund parcel"), facts, first, NOW, "anna")
    assert matches_message(read("refund -parcel"), facts, first, NOW, "anna")
    assert matches_message(read("subject:refund OR parcel"), facts, second, NOW, "anna")


def test_a_search_asks_the_message_for_its_date_and_files_and_the_conversation_for_the_rest() -> None:
    old = MessageFacts(at=100, attachments=1)
    new = MessageFacts(at=900)
    facts = Facts(Conversation(1, status=Status.HELD, last_at=900), messages=(old, new))
    assert matches(And((After(500), Is(Flag.ATTACHMENT))), facts, NOW, "anna")
    assert not matches_message(And((After(500), Is(Flag.ATTACHMENT))), facts, new, NOW, "anna")
    assert matches_message(both(Before(500), StatusIs((Status.HELD,))), facts, old, NOW, "anna")


def test_a_deadline_is_late_once_it_is_over_and_due_until_then() -> None:
    at_the_deadline = Facts(Conversation(1), due_at=NOW)
    assert not matches(read("is:late"), at_the_deadline, NOW, "anna")
    assert matches(read("is:late"), at_the_deadline, NOW + 1, "anna")
    assert matches(read("due:30m"), at_the_deadline, NOW - 1800, "anna")
    assert not matches(read("due:30m"), at_the_deadline, NOW - 1801, "anna")
    assert matches(read("due:30m"), at_the_deadline, NOW + 9999, "anna"), "what is late is due"
    assert not matches(read("due:30m OR is:late"), Facts(Conversation(1)), NOW, "anna")


@pytest.mark.parametrize(
    "query", ["weber", '"Anna Weber"', "web", "weber@", "@acme", "12", "+4930", "MÜLL", "müller"]
)
def test_a_customer_is_found_by_number_name_address_and_handle(query: str) -> None:
    facts = Facts(
        Conversation(1, customer=12),
        customer_name="Anna Weber-Müller",
        identities=("a.weber@acme.example", "+493012345"),
    )
    text = query if query.startswith('"') else f'"{query}"'
    assert matches(read(f"customer:{text}"), facts, NOW, "anna")


@pytest.mark.parametrize("query", ["eber", "1", "Weber Anna", "example.org"])
def test_a_customer_is_not_found_by_what_is_none_of_it(query: str) -> None:
    facts = Facts(Conversation(1, customer=12), customer_name="Anna Weber", identities=("anna@acme.example",))
    assert not matches(read(f'customer:"{query}"'), facts, NOW, "anna")
