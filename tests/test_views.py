"""What stands in each view, and that its number agrees with what one finds in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox.model import Conversation, Role, Status
from inbox.queries import GONE_QUIET, Facts, matches
from inbox.sight import unseen
from inbox.views import COUNTED_APART, VIEWS, Bucket, is_listed, numbered, view_counts
from storage.compile import conversation_sql
from tests.test_compile import NOW, stored, worlds

ME = "anna"


def views_of(
    conversation: Conversation, role: Role = Role.OWNER, due_at: int | None = None, now: int = NOW
) -> set[str]:
    facts = Facts(conversation, due_at=due_at)
    return {
        view.name for view in VIEWS.values() if (node := view.seen_by(role)) and matches(node, facts, now, ME)
    }


def test_the_views_stand_in_their_order_with_their_digits() -> None:
    main = [(view.number, view.label) for view in VIEWS.values() if view.place == "main"]
    assert main == [
        (0, "All"), (1, "Due next"), (2, "Mine"), (3, "Unassigned"), (4, "For me"), (5, "Waiting"),
        (6, "Held & promised"), (7, "Snoozed"), (8, "Notices"), (9, "Closed"),
    ]  # fmt: skip
    assert [view.label for view in VIEWS.values() if view.place == "top"] == [
        "Failed to send",
        "Quarantine",
        "Out of sight",
    ]
    below = [view.label for view in VIEWS.values() if view.place == "below"]
    assert below == ["Drafts", "Outbox", "Suggestions", "Gone quiet", "Spam"]
    assert [numbered(digit).number for digit in range(10)] == list(range(10))


STORIES: list[tuple[str, Conversation, set[str]]] = [
    ("a new mail nobody has", Conversation(1, waiting_since=5), {"all", "due", "unassigned", "import-left"}),
    ("one of mine", Conversation(1, assignee="anna"), {"all", "due", "mine"}),
    ("a colleague's", Conversation(1, assignee="ben"), {"all"}),
    ("a colleague's that names me", Conversation(1, assignee="ben", mentions=("anna",)), {"all", "for-me"}),
    ("answered, sending", Conversation(1, status=Status.WAITING, sending=1, last_at=NOW), {"all", "waiting", "outbox"}),
    ("held for the carrier", Conversation(1, status=Status.HELD), {"all", "held"}),
    ("snoozed", Conversation(1, status=Status.SNOOZED, assignee="anna"), {"all", "snoozed"}),
    ("closed", Conversation(1, status=Status.CLOSED), {"all", "closed"}),
    ("closed, the last reply did not leave", Conversation(1, status=Status.CLOSED, failed=1), {"all", "closed", "failed"}),
    ("spam", Conversation(1, status=Status.SPAM, mentions=("anna",)), {"spam"}),
    ("a newsletter", Conversation(1, notice=True, waiting_since=5), {"all", "notices"}),
    ("a newsletter that was closed", Conversation(1, notice=True, status=Status.CLOSED), {"all"}),
    ("a notice we answered in vain", Conversation(1, notice=True, failed=1), {"all", "notices", "failed"}),
    ("a trainee's reply that needs a yes", Conversation(1, assignee="ben", approvals=1), {"all", "for-me"}),
    ("looks like part of another", Conversation(1, assignee="ben", suggested=2), {"all", "suggestions"}),
    ("holds what nobody could read", Conversation(1, assignee="ben", quarantined=True), {"all", "quarantine"}),
    ("the same, dealt with", Conversation(1, status=Status.CLOSED, quarantined=True), {"all", "closed"}),
    ("spam of the server, of a stranger", Conversation(1, status=Status.SPAM, waiting_since=5, unjudged=True), {"spam"}),
    (
        "the same, and nobody could read it",
        Conversation(1, status=Status.SPAM, waiting_since=5, unjudged=True, quarantined=True),
        {"spam", "out-of-sight"},
    ),
    (
        "a customer waits, and nothing says so",
        Conversation(1, status=Status.WAITING, waiting_since=5, last_at=NOW),
        {"all", "waiting", "out-of-sight"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("conversation", "views"), [(c, v) for _, c, v in STORIES], ids=[name for name, _, _ in STORIES]
)
def test_where_a_conversation_stands(conversation: Conversation, views: set[str]) -> None:
    assert views_of(conversation) == views


def test_a_running_clock_keeps_a_waiting_customer_in_sight() -> None:
    waiting = Conversation(1, status=Status.HELD, waiting_since=5)
    assert "out-of-sight" in views_of(waiting)
    assert "out-of-sight" not in views_of(waiting, due_at=NOW)


def test_only_those_who_may_say_yes_see_what_needs_one() -> None:
    waits_for_a_yes = Conversation(1, assignee="ben", approvals=1)
    assert "for-me" in views_of(waits_for_a_yes, Role.AGENT)
    assert "for-me" not in views_of(waits_for_a_yes, Role.TRAINEE)
    assert "for-me" not in views_of(waits_for_a_yes, Role.READER)


def test_what_waits_goes_quiet_after_a_week() -> None:
    waiting = Conversation(1, status=Status.WAITING, last_at=NOW)
    assert "quiet" not in views_of(waiting, now=NOW + GONE_QUIET)
    assert "quiet" in views_of(waiting, now=NOW + GONE_QUIET + 1)


def test_one_person_alone_sees_neither_mine_nor_unassigned_and_digits_stay() -> None:
    alone = [view.name for view in VIEWS.values() if is_listed(view, count=1, team=1)]
    assert "mine" not in alone and "unassigned" not in alone and "due" in alone
    assert is_listed(VIEWS["mine"], count=0, team=2)
    assert numbered(4).name == "for-me"


def test_views_on_top_appear_when_something_is_in_them() -> None:
    assert not is_listed(VIEWS["failed"], count=0, team=3)
    assert is_listed(VIEWS["failed"], count=1, team=3)
    assert is_listed(VIEWS["spam"], count=0, team=3)
    assert not is_listed(VIEWS["import-left"], count=9, team=3)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.sampled_from(Role))
def test_the_number_beside_a_view_is_how_many_one_finds_in_it(world: list[Facts], role: Role) -> None:
    with stored(world) as (db, _):
        rows = db.execute(f"SELECT {', '.join(Bucket._fields)} FROM buckets").fetchall()
        counts = view_counts(rows, ME, role)
        for view in VIEWS.values():
            node = view.seen_by(role)
            if node is None:
                continue
            meant = sum(matches(node, facts, NOW, ME) for facts in world)
            where, values = conversation_sql(node, ME, NOW)
            assert db.execute(f"SELECT count(*) FROM conversations c WHERE {where}", values).fetchone() == (
                meant,
            )
            if view.name not in COUNTED_APART:
                assert counts[view.name] == meant, view.name


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.lists(st.sampled_from(("spam", "waiting", "held", "snoozed")), min_size=4, max_size=4))
def test_the_view_holds_what_is_said_to_be_out_of_sight(world: list[Facts], statuses: list[str]) -> None:
    """Among conversations that are nearly so: somebody waits there, and nothing is on its way."""
    nearly = [
        replace(
            facts,
            conversation=facts.conversation._replace(
                status=Status(status), notice=False, waiting_since=NOW, sending=0, approvals=0, failed=0
            ),
        )
        for facts, status in zip(world, statuses, strict=False)
    ]
    meant = [
        facts.conversation.id for facts in nearly if unseen(facts.conversation, facts.due_at, facts.known)
    ]
    node = VIEWS["out-of-sight"].node
    assert node is not None
    with stored(nearly) as (db, _):
        where, values = conversation_sql(node, ME, NOW)
        rows = db.execute(f"SELECT c.id FROM conversations c WHERE {where} ORDER BY c.id", values)
        assert [row[0] for row in rows] == meant


def test_every_view_is_counted_somewhere() -> None:
    assert set(view_counts([], ME, Role.OWNER)) | set(COUNTED_APART) == set(VIEWS)


def test_a_count_follows_a_change() -> None:
    with stored([Facts(Conversation(1))]) as (db, _):

        def count() -> dict[str, int]:
            rows = db.execute(f"SELECT {', '.join(Bucket._fields)} FROM buckets").fetchall()
            return {name: n for name, n in view_counts(rows, ME, Role.OWNER).items() if n}

        assert count() == {"all": 1, "due": 1, "unassigned": 1}
        db.execute("UPDATE conversations SET assignee = ?, failed = 2", (ME,))
        assert count() == {"all": 1, "due": 1, "mine": 1, "failed": 1}
        db.execute("DELETE FROM conversations")
        assert count() == {}
