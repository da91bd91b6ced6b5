"""The report: two weeks told by hand, percentiles against a plain reference, spans that add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inbox.errors import BadUsage
from inbox.figures import COLUMNS, GROUPINGS, Gathered, Row, Span, Table, Value, Wait, gather, percentile
from inbox.listing import Who
from inbox.model import Event, EventType, Instant, Status
from inbox.policies import Book, Version
from inbox.queries import Tag
from inbox.report_span import span_given
from inbox.reports import Reporter, Story
from inbox.settings import Settings, load
from tests.delivery_reports import Back, Missed, postfix
from tests.stores import DAY, Desk, desk, letter

ZONE = ZoneInfo("Europe/Berlin")
HOUR = 3600
SETTINGS = """
[hours]
zone = "Europe/Berlin"
week = { mon = ["09:00-17:00"], tue = ["09:00-17:00"], wed = ["09:00-17:00"], thu = ["09:00-17:00"], fri = ["09:00-17:00"] }
holidays = [2026-03-25]
"""


def on(text: str) -> Instant:
    """`17 10:30`: an instant of March 2026 on the shop's wall. The 16th and the 23rd are Mondays."""
    day, time = text.split()
    return int(datetime.fromisoformat(f"2026-03-{day}T{time}").replace(tzinfo=ZONE).timestamp())


class Told:
    """Two weeks at a desk, each thing at its minute."""

    def __init__(self, here: Desk) -> None:
        self.desk = here
        self.count = 0

    def asks(self, when: str, name: str, answers: Sequence[str] = (), **more: str) -> int:
        """A customer writes; the conversation."""
        self.desk.now = on(when) - 1
        self.count += 1
        subject = more.pop("subject", f"About {name}")
        raw = letter(
            f"{name} <{name}@park.example>", subject=subject, at=on(when), id_=f"<{name}{self.count}@park.example>",
            answers=answers, text=more.pop("text", f"Letter {self.count}"),
        )  # fmt: skip
        return self.desk.gets(raw)

    def answers(self, when: str, who: str, conversation: int, name: str, state: str = "sent") -> int:
        """A teammate answers, and the server says so much; the message."""
        self.desk.now = on(when) - 64
        message = self.desk.replies(who, conversation, to=f"{name}@park.example")
        self.desk.hands_over(message, state)
        assert self.desk.now == on(when)
        return message

    def does(self, when: str, who: str, verb: str, **arguments: object) -> list[Event]:
        """A teammate does something else."""
        self.desk.now = on(when) - 1
        return self.desk.did(who, verb, **arguments)

    def table(
        self, by: str, since: str = "16 00:00", until: str = "27 17:00", query: Tag | None = None
    ) -> Table:
        """The report as of Friday evening."""
        return self.gathered(since, until, query).table(by)

    def gathered(
        self, since: str = "16 00:00", until: str = "27 17:00", query: Tag | None = None
    ) -> Gathered:
        """What the report rests on."""
        found = gather(self.desk.store, Span(on(since), on(until)), ZONE, on("27 17:00"), Who("ann"), query)
        assert found is not None
        return found


@pytest.fixture
def weeks(tmp_path: Path) -> Told:
    """A fortnight with a weekend and a holiday on Wednesday the 25th; opening hours Monday to Friday, nine to five."""
    (tmp_path / "settings.toml").write_text(SETTINGS)
    told = Told(desk(tmp_path, load(tmp_path / "settings.toml", host_zone="UTC")))
    # Jo is answered in an hour, then on the next day; writes once more after it was closed: 5 h 30, over a night.
    jo = told.asks("16 09:00", "jo")
    told.answers("16 10:00", "ann", jo, "jo")
    told.asks("16 16:00", "jo", ["<jo1@park.example>"])
    told.answers("17 10:00", "bob", jo, "jo")
    told.does("17 11:00", "bob", "close", conversation=jo, why="resolved")
    # Promises to Zoe: kept; broken, though kept later; moved by one that is still open.
    zoe = told.asks("16 09:00", "zoe")
    told.answers("16 09:30", "ann", zoe, "zoe")
    told.does("16 10:00", "ann", "promise", conversation=zoe, until=on("16 16:00"))
    told.does("16 15:00", "ann", "keep", conversation=zoe)
    told.does("17 10:00", "bob", "promise", conversation=zoe, until=on("17 12:00"))
    told.does("18 09:30", "ann", "keep", conversation=zoe)
    # Kim writes twice about one thing; the two are joined and answered once: 4 h.
    kim = told.asks("18 09:00", "kim")
    again = told.asks("18 10:00", "kim", subject="Once more")
    told.does("18 11:00", "ann", "merge", into=kim, conversation=again)
    told.answers("18 13:00", "bob", kim, "kim")
    # Noa's was closed by mistake, which is taken back: 2 h.
    noa = told.asks("19 09:00", "noa")
    told.does("19 10:00", "ann", "promise", conversation=zoe, until=on("20 10:00"))
    told.does("19 10:01", "ann", "close", conversation=noa, why="thanks")
    told.does("19 10:02", "ann", "undo", by="ann")
    told.answers("19 11:00", "ann", noa, "noa")
    told.asks("19 12:00", "jo", ["<jo1@park.example>"])
    told.does("19 12:30", "ann", "promise", conversation=zoe, until=on("30 10:00"))
    told.answers("20 09:30", "ann", jo, "jo")
    # Lea over the weekend: 1 h on Friday, 2 h on Monday.
    lea = told.asks("20 16:00", "lea")
    told.does("20 16:01", "bob", "tag", conversation=lea, add=["parcel", "lamp"])
    # Eva needs no answer. Spam is nothing.
    eva = told.asks("23 09:00", "eva")
    told.does("23 09:30", "bob", "no-answer", conversation=eva)
    spam = told.asks("23 09:31", "spammer")
    told.does("23 09:32", "bob", "spam", conversation=spam)
    # Pia is answered in an hour; what she writes then is about something else, is split off and answered after 2 h.
    pia = told.asks("23 10:00", "pia")
    told.answers("23 11:00", "ann", lea, "lea")
    told.desk.now = on("23 11:00")
    told.answers("23 11:02", "ann", pia, "pia")
    told.asks("23 12:00", "pia", [f"<pia{told.count}@park.example>"], text="The lamp is broken.")
    broken = next(item.id for item in told.desk.store.items(pia) if "lamp" in item.text)
    parted = told.does("23 13:00", "ann", "split", conversation=pia, message=broken)[0].conversation
    assert parted is not None
    told.answers("23 14:00", "ann", parted, "pia")
    # Uma's answer came back: 8 h on Tuesday, nothing on the holiday, 1 h on Thursday.
    uma = told.asks("24 09:00", "uma")
    message = told.answers("24 10:00", "ann", uma, "uma")
    # Max's first answer was refused: 7 h on Tuesday, 3 h on Thursday.
    most = told.asks("24 10:30", "max")
    told.answers("24 12:00", "ann", most, "max", state="failed")
    told.desk.now = on("24 15:00")
    message_id = next(item.message_id for item in told.desk.store.items(uma) if item.id == message) or ""
    assert told.desk.gets(postfix(Back(message_id, (Missed("uma@park.example"),)))) == uma
    told.asks("26 09:00", "ida")  # 16 h, and still waits
    told.answers("26 10:00", "ann", uma, "uma")
    told.answers("26 12:30", "bob", most, "max")
    told.asks("27 16:00", "tom")  # waits for an hour
    told.desk.now = on("27 17:00")
    return told


def said(row: Row) -> dict[str, Value]:
    """The figures that say something; percentiles in hours, those of somebody who waits still as text with a plus."""
    found: dict[str, Value] = {}
    for column, value in zip(COLUMNS, row.values, strict=True):
        if value and not column.of_all:
            found[column.name] = value
    return found


def hours(count: float, at_least: bool = False) -> Wait:
    return Wait(round(count * HOUR), at_least)


def of(table: Table) -> dict[str, dict[str, Value]]:
    return {row.name: said(row) for row in table.rows}


ALL = {
    "opened": 12,
    "answered": 11,
    "waiting": 2,
    "late": 3,
    "first_reply_p50": hours(2),
    "first_reply_p90": hours(10),
    "next_reply_p50": hours(2),
    "next_reply_p90": hours(5.5),
    "reopened": 1,
    "promises_kept": 1,
    "promises_broken": 1,
    "promises_moved": 1,
    "closed": 2,
}


def test_two_weeks_reckoned_by_hand(weeks: Told) -> None:
    table = weeks.table("week")
    assert said(table.total) == ALL
    assert not any(table.total.before or ())
    first, second = of(table).values()
    assert [row.key for row in table.rows] == ["2026-03-16", "2026-03-23"]
    assert first == {
        "opened": 5, "answered": 7, "first_reply_p50": hours(2), "first_reply_p90": hours(4), "next_reply_p50": hours(2),
        "next_reply_p90": hours(5.5), "reopened": 1, "promises_kept": 1, "promises_broken": 1, "promises_moved": 1,
        "closed": 1,
    }  # fmt: skip
    assert second == {
        "opened": 7, "answered": 4, "waiting": 2, "late": 3, "first_reply_p50": hours(9),
        "first_reply_p90": hours(16, at_least=True), "closed": 1,
    }  # fmt: skip
    weeks.desk.verified()


def test_each_counts_for_who_answered_promised_and_closed(weeks: Told) -> None:
    found = of(weeks.table("teammate"))
    assert found["ann"] == {
        "opened": 7, "answered": 8, "late": 1, "first_reply_p50": hours(2), "first_reply_p90": hours(9),
        "next_reply_p50": hours(5.5), "next_reply_p90": hours(5.5), "promises_kept": 1, "promises_moved": 1,
    }  # fmt: skip
    assert found["bob"] == {
        "opened": 2, "answered": 3, "late": 1, "first_reply_p50": hours(4), "first_reply_p90": hours(10),
        "next_reply_p50": hours(2), "next_reply_p90": hours(2), "reopened": 1, "promises_broken": 1, "closed": 2,
    }  # fmt: skip
    assert found["(nobody yet)"] == {
        "opened": 3, "waiting": 2, "late": 1, "first_reply_p50": hours(1, True), "first_reply_p90": hours(16, True),
    }  # fmt: skip


def test_by_customer_channel_tag_and_outcome(weeks: Told) -> None:
    customers = of(weeks.table("customer"))
    assert set(customers) == {"jo", "zoe", "kim", "noa", "lea", "eva", "pia", "uma", "max", "ida", "tom"}
    assert customers["pia"]["opened"] == 2  # it was split
    assert customers["kim"] == {
        "opened": 1, "answered": 1, "first_reply_p50": hours(4), "first_reply_p90": hours(4)
    }  # fmt: skip
    assert customers["uma"]["first_reply_p50"] == hours(9)
    assert of(weeks.table("channel")) == {"mail": ALL}
    tags = of(weeks.table("tag"))
    assert tags["parcel"] == tags["lamp"] == {
        "opened": 1, "answered": 1, "first_reply_p50": hours(3), "first_reply_p90": hours(3)
    }  # fmt: skip
    assert tags["(no tag)"]["opened"] == 11
    causes = of(weeks.table("outcome"))
    assert causes["no-answer"] == {"opened": 1, "closed": 1}
    assert causes["resolved"] == {"closed": 1}  # Jo's, which opened again since
    assert causes["(not closed)"]["reopened"] == 1


def test_the_span_before_stands_beside_it(weeks: Told) -> None:
    total = weeks.table("week", "23 00:00", "30 00:00").total
    was = dict(zip((column.name for column in COLUMNS), total.before or (), strict=True))
    assert (was["opened"], was["answered"], was["next_reply_p90"], was["promises_moved"]) == (
        5,
        7,
        hours(5.5),
        1,
    )
    by = {row.name: row for row in weeks.table("teammate", "23 00:00", "30 00:00").rows}
    assert by["bob"].values[0] == 1 and by["bob"].before is not None and by["bob"].before[0] == 1


def test_a_query_narrows_it(weeks: Told) -> None:
    assert said(weeks.table("week", query=Tag("lamp")).total)["opened"] == 1


def test_behind_a_number_are_exactly_its_conversations(weeks: Told) -> None:
    gathered = weeks.gathered()
    named = {row.conversation.id: row.customer_name for row in weeks.desk.store.rows(range(1, 20))}

    def behind(by: str, key: str | None, name: str) -> set[str]:
        table = gathered.table(by)
        row = table.total if key is None else next(each for each in table.rows if each.key == key)
        at = next(at for at, column in enumerate(COLUMNS) if column.name == name)
        return {named[number] for number in gathered.behind(by, key, COLUMNS[at], row.values[at])}

    assert behind("week", None, "late") == {"max", "uma", "ida"}
    assert behind("teammate", "ann", "late") == {"uma"}
    assert behind("week", "2026-03-23", "first_reply_p50") == {
        "uma",
        "max",
        "ida",
    }  # who waited that long, or longer
    assert behind("outcome", "no-answer", "closed") == {"eva"}
    assert behind("tag", "lamp", "opened") == {"lea"}
    assert behind("teammate", "", "waiting") == {"ida", "tom"}


def test_what_an_import_closed_is_no_work_of_ours() -> None:
    events = [
        _event(1, EventType.RECEIVED, 10, "import", 1, side="customer", history=True),
        _event(2, EventType.CLOSED, 50, "import", why="import"),
        _event(3, EventType.RECEIVED, 60, "sync", 2, side="customer"),
    ]
    facts = Reporter(BOOK, 100).facts(_story(events))
    assert [fact.what.name for fact in facts] == ["OPENED", "FIRST_WAITING"]


def test_a_wait_that_an_import_left_open_began_with_the_import(tmp_path: Path) -> None:
    here = desk(tmp_path)
    old = here.now - 20 * DAY
    here.gets(letter(at=old, id_="<old@park.example>"), at=old, history=True, open_for=90 * DAY)
    found = gather(here.store, Span(here.now - HOUR, here.now + DAY), ZONE, here.now + HOUR, Who("ann"))
    assert found is not None
    assert said(found.table("week").total) == {
        "waiting": 1, "first_reply_p50": Wait(HOUR, at_least=True), "first_reply_p90": Wait(HOUR, at_least=True)
    }  # fmt: skip
    here.store.close()


def test_what_was_undone_has_not_been_and_spam_is_no_reopening() -> None:
    events = [
        _event(1, EventType.RECEIVED, 10, "sync", 1, side="customer"),
        _event(2, EventType.CLOSED, 50, "ann", why="resolved"),
        replace(_event(3, EventType.CLOSED, 50, "bob", why="thanks"), void=True),
        _event(4, EventType.SPAM, 60, "bob"),
        _event(5, EventType.REOPENED, 70, "bob"),
    ]
    facts = Reporter(BOOK, 100).facts(_story(events))
    assert [
        (fact.what.name, fact.who, fact.outcome) for fact in facts if fact.what.name in ("CLOSED", "REOPENED")
    ] == [("CLOSED", "ann", "resolved")]


def test_a_wait_is_measured_where_a_policy_has_no_target_and_is_not_late_there(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('hours = "always"\n[[policy]]\nname = "first"\nfirst_reply = "1h"\n')
    book = Book([Version(1, 0, load(path, host_zone="UTC").canonical_json())])
    events = _lived([(what, later, "ann", False) for what, later in
                     (("asks", 0), ("answers", 2), ("asks", 0), ("answers", 20), ("asks", 1))])  # fmt: skip
    facts = Reporter(book, events[-1].at + DAY).facts(_story(events))
    assert [(fact.what.name, fact.seconds, fact.late) for fact in facts] == [
        ("OPENED", 0, False), ("FIRST_ANSWERED", 2 * HOUR, True), ("NEXT_ANSWERED", 20 * HOUR, False),
        ("NEXT_WAITING", DAY, False),
    ]  # fmt: skip


def test_somebody_who_says_stop_gets_nothing(weeks: Told) -> None:
    heard: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> bool:
        heard.append((done, total))
        return False

    span = Span(on("16 00:00"), on("27 17:00"))
    assert gather(weeks.desk.store, span, ZONE, on("27 17:00"), Who("ann"), None, stop) is None
    assert len(heard) == 1 and heard[0][0] == heard[0][1] > 10
    weeks.desk.did("ann", "note", conversation=1, text="nothing is locked")


# --------------------------------------------------------------------------- percentiles


def slow_percentile(answered: list[int], waiting: list[int], share: int) -> int | None:
    """As it is said in words: the smallest time that so many did not exceed; of those who wait still, who waits longer."""

    def smallest(times: list[int]) -> int:
        return min(t for t in times if 100 * sum(each <= t for each in times) >= share * len(times))

    if answered:
        waiting = [each for each in waiting if each > smallest(answered)]
    times = answered + waiting
    return smallest(times) if times else None


times = st.lists(st.integers(0, 50), max_size=12)


@given(times, times, st.sampled_from([1, 50, 90, 99, 100]))
def test_percentiles_are_those_of_a_plain_count(answered: list[int], waiting: list[int], share: int) -> None:
    found = percentile(answered, waiting, share)
    assert (found and found.seconds) == slow_percentile(answered, waiting, share)
    if found is not None:
        assert found.at_least == (found.seconds not in answered)


@given(times, times, st.integers(51, 100))
def test_leaving_somebody_unanswered_makes_no_figure_better(
    answered: list[int], waiting: list[int], more: int
) -> None:
    for share in (50, 90):
        alone, beside = percentile(answered, waiting, share), percentile(answered, [*waiting, more], share)
        assert beside is not None and (alone is None or beside.seconds >= alone.seconds)


# --------------------------------------------------------------------------- spans add up

BOOK = Book([Version(1, 0, Settings(host_zone="UTC").canonical_json())])
KINDS = ("asks", "answers", "closes", "reopens", "promises", "keeps", "snoozes", "spams")


def _event(
    seq: int,
    kind: EventType,
    at: int,
    who: str = "ann",
    message: int | None = None,
    why: str = "",
    **data: object,
) -> Event:
    if why:
        data["why"] = why
    return Event(kind, at, who, 1, message, why, data, recorded=at, seq=seq, batch=seq)


def _story(events: Sequence[Event], number: int = 1, tags: tuple[str, ...] = ()) -> Story:
    return Story(number, Status.OPEN, number, f"customer {number}", "mail", tags, None, events)


def _lived(deeds: Sequence[tuple[str, int, str, bool]]) -> list[Event]:
    """A record of what happened hours after each other, some of it undone."""
    events: list[Event] = []
    at = 10 * DAY

    def add(kind: EventType, who: str, message: int | None = None, **data: object) -> None:
        events.append(_event(len(events) + 1, kind, at, who, message, **data))  # type: ignore[arg-type]  # words of its own

    for number, (what, later, who, undone) in enumerate(deeds):
        at += later * HOUR
        match what:
            case "asks":
                add(EventType.RECEIVED, "sync", number, side="customer")
            case "answers":
                add(EventType.QUEUED, who, number, then="waiting")
                add(EventType.SENT, "worker", number)
            case "closes":
                add(EventType.CLOSED, who, why="resolved")
            case "reopens":
                add(EventType.REOPENED, who)
            case "promises":
                add(EventType.PROMISED, who, due=at + 5 * HOUR)
            case "keeps":
                add(EventType.KEPT, who)
            case "snoozes":
                add(EventType.SNOOZED, who, until=at + DAY)
            case "spams":
                add(EventType.SPAM, who)
        if undone and what not in ("asks", "answers"):
            events[-1] = replace(events[-1], void=True)
    return events


deed = st.tuples(st.sampled_from(KINDS), st.integers(0, 60), st.sampled_from(["ann", "bob"]), st.booleans())
lives = st.lists(st.lists(deed, min_size=1, max_size=12), min_size=1, max_size=4)


@settings(max_examples=80, deadline=None)
@given(lives, st.integers(0, 400), st.sampled_from(GROUPINGS))
def test_the_counts_of_two_spans_add_up_to_those_of_both(
    told: list[list[tuple[str, int, str, bool]]], cut: int, by: str
) -> None:
    start, end = 8 * DAY, 60 * DAY
    reporter = Reporter(BOOK, end)
    stories = [_story(_lived(life), number, ("x", "y")[: number % 3]) for number, life in enumerate(told, 1)]
    instants = [fact.at for story in stories for fact in reporter.facts(story)] or [9 * DAY]
    middle = instants[cut % len(instants)]  # where it matters on which side it is

    def counted(span: Span) -> dict[tuple[str, str], int]:
        gathered = Gathered(span, ZoneInfo("UTC"))
        for story in stories:
            gathered.add(story, reporter.facts(story))
        table = gathered.table(by)
        return {
            (row.key, column.name): value
            for row in (replace_key(table.total), *table.rows)
            for column, value in zip(COLUMNS, row.values, strict=True)
            if isinstance(value, int) and value
        }

    halves = [counted(span) for span in (Span(start, middle), Span(middle, end)) if span.start < span.end]
    whole = counted(Span(start, end))
    assert whole == {key: sum(half.get(key, 0) for half in halves) for key in {*halves[0], *halves[-1]}}


def replace_key(row: Row) -> Row:
    """All together under a key of its own, which no group has."""
    return row._replace(key="all together")


@given(lives)
@settings(max_examples=50, deadline=None)
def test_a_number_is_as_large_as_what_stands_behind_it(told: list[list[tuple[str, int, str, bool]]]) -> None:
    gathered, reporter = Gathered(Span(8 * DAY, 60 * DAY), ZoneInfo("UTC")), Reporter(BOOK, 60 * DAY)
    for number, life in enumerate(told, 1):
        story = _story(_lived(life), number)
        gathered.add(story, reporter.facts(story))
    for by in GROUPINGS:
        for row in gathered.table(by).rows:
            for column, value in zip(COLUMNS, row.values, strict=True):
                behind = gathered.behind(by, row.key, column, value)
                assert bool(behind) == bool(value)
                if isinstance(value, int):
                    assert len(behind) <= value


# --------------------------------------------------------------------------- spans in words


@pytest.mark.parametrize(
    ("since", "until", "start", "end"),
    [
        ("7d", None, "20 00:00", "27 17:00"),
        ("1w", None, "20 00:00", "27 17:00"),
        ("2026-03-16", None, "16 00:00", "27 17:00"),
        ("7d", "2026-03-22", "16 00:00", "23 00:00"),
        ("2026-03-16", "2026-03-16", "16 00:00", "17 00:00"),
    ],
)
def test_spans_as_people_write_them(since: str, until: str | None, start: str, end: str) -> None:
    assert span_given(since, until, on("27 17:00"), ZONE) == Span(on(start), on(end))


@pytest.mark.parametrize(
    ("since", "until"),
    [("soon", None), ("0d", None), ("9999d", None), ("2026-02-30", None), ("7d", "tomorrow"), ("2026-03-20", "2026-03-19"),
     ("\x1b[31m", None), ("0000-01-01", None), ("9999-12-31", None)],
)  # fmt: skip
def test_what_is_no_span_is_refused_in_words(since: str, until: str | None) -> None:
    with pytest.raises(BadUsage) as refused:
        span_given(since, until, on("27 17:00"), ZONE)
    assert "\x1b" not in str(refused.value) and refused.value.next_step
