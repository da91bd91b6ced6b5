"""A team on the screen: who has it, who is there, what changed meanwhile, what was handed over, and a day's activity."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inbox.errors import NotDone
from inbox.model import Role, Who
from inbox.settings import Settings, Teammate
from storage.workspace import Workspace
from tests.screenplay import playing
from tests.shop import NOW, deliver, did, mail
from tui.widgets.newly import Newly

STAFF = Settings(
    host_zone="Europe/Vienna",
    team=(
        Teammate("anna"),
        Teammate("bo"),
        Teammate("ria", Role.READER),
        Teammate("tim", away=(("2026-11-09", "2026-11-20"),)),
    ),
)
TEAM = tuple(mate.name for mate in STAFF.team)
BO = Who("bo", Role.AGENT)


async def test_handing_over_asks_to_whom_and_for_one_line_which_the_next_person_sees_first(
    store: Workspace,
) -> None:
    async with playing(store, team=TEAM, settings=STAFF) as stage:
        await stage.press("H")
        assert "Hand over to" in stage.asked
        assert "away until 2026-11-20" in stage.text and "is a reader" in stage.text
        await stage.type("ria")
        await stage.press("enter")
        assert "ria is a reader, and answers nobody. Name somebody else" in stage.text
        await stage.press("escape")
        await stage.hurry("H", "b", "o", "enter")  # typed ahead
        assert "For bo, in one line:" in stage.asked
        await stage.press("enter")
        await stage.type("refund agreed")
        await stage.press("enter")
        assert "Handed over to bo. u takes it back." in stage.said
        assert store.rows([2])[0].handed == ("anna", "bo", "refund agreed")
    async with playing(store, size=(80, 24), who=BO, team=TEAM, settings=STAFF) as stage:
        await stage.press("4")
        assert "» refund agreed · Refund for" in stage.pane("list")
        await stage.press("enter")
        assert "» anna for you: refund agreed  D seen" in stage.pane("conversation")
        assert "anna handed it over to bo (refund agreed)" in stage.text
        await stage.press("D")
        assert "» " not in stage.text
        await stage.press("4")
        assert "Nobody called for you." in stage.pane("list")
        await stage.press("u")
        assert "» anna for you: refund agreed" in stage.text


async def test_what_came_since_it_was_opened_stands_on_top_and_is_marked(store: Workspace) -> None:
    async with playing(store, team=TEAM) as stage:
        await stage.press("enter")
        assert "New:" not in stage.text
        did(store, "bo", "note", conversation=2, text="I know this lamp, @anna")
        did(store, "bo", "tag", conversation=2, add=("lamp",))
        await stage.rest()
        answer = mail(
            "Anna Weber <anna.weber@weber.example>", "Re: Refund for order 4711", "Any news?", "2026-11-10 11:05",
            in_reply_to="<refund@weber.example>", message_id="<again@weber.example>",
        )  # fmt: skip
        deliver(store, answer, NOW)
        await stage.rest()
        assert "New: bo wrote a note · bo changed its tags · the customer wrote" in stage.text
        assert "+ bo  note" in stage.text and "+ Anna Weber" in stage.text  # what is new is marked
        assert "you are called here" in stage.text
        await stage.press("n")
        await stage.type("so do I, @Bo. @thea?")
        await stage.press("ctrl+s")
        assert "Note written. bo is called. Nobody of the team is @thea. u takes it back." in stage.said
        # what one does there oneself: all of it was seen
        assert "New:" not in stage.text and "you are called here" not in stage.text
        did(store, "bo", "close", conversation=2, why="elsewhere")
        await stage.rest()
        assert "New: bo closed it" in stage.text
        await stage.press("q", "enter")
        assert "New:" not in stage.text


async def test_the_activity_of_the_day_by_person_and_the_days_before(store: Workspace) -> None:
    did(store, "bo", "close", NOW - 86_400, conversation=1, why="elsewhere")
    did(store, "anna", "note", conversation=3, text="sent it")
    did(store, "anna", "hand-over", conversation=3, to="bo", summary="invoice")
    async with playing(store, size=(80, 24), team=TEAM) as stage:
        await stage.press("g d")
        assert "Activity  Tue 10 Nov 2026, today" in stage.lines[0]
        assert stage.lines[4].split() == ["anna", "-", "-", "1", "-", "1", "-", "-", "-", "11:05-11:05"]
        await stage.press("right")
        assert "That day is still to come." in stage.said
        await stage.press("left")
        assert "yesterday" in stage.lines[0]
        assert stage.lines[5].split()[:3] == ["bo", "-", "1"]
        await stage.press("j", "j", "tab", "enter")
        assert "Closed · bo · Mon 9 Nov 2026  1" in stage.pane("list")
        assert "Jo Park" in stage.pane("list")
        await stage.press("q")
        assert "Activity" in stage.lines[0]
        await stage.press("q")
        assert "Due next" in stage.text


def test_nothing_is_new_where_nothing_was_opened() -> None:
    newly = Newly()
    newly.begin(None)
    assert (newly.words, newly.messages) == ("", frozenset())


FURNITURE = (
    *(
        "assign",
        "Assign",
        "Mine",
        "Unassigned",
        "For me",
        "hand over",
        "Hand it over",
        "take next",
        "Take it myself",
    ),
    *(
        "teammate",
        "Teammate",
        "has it",
        "yours",
        "nobody has",
        "Who did what",
        " here ·",
        "anna ·",
        "· anna",
    ),
)
"""What would stand on the screen only for a team."""


async def test_one_person_alone_sees_no_furniture_of_a_team(store: Workspace) -> None:
    """Through all screens: whatever can be opened is, and none of it speaks of sharing work."""
    did(store, "anna", "assign-me", conversation=2)
    ways = (
        *(
            ("j",),
            ("v",),
            ("escape",),
            ("enter",),
            ("?",),
            ("escape",),
            (":",),
            ("escape",),
            ("i",),
            ("escape",),
        ),
        *(
            ("q",),
            ("?",),
            ("escape",),
            (":",),
            ("escape",),
            ("g R",),
            ("tab",),
            ("tab",),
            ("q",),
            ("g o",),
            ("q",),
        ),
        *(("g w",), ("q",), ("g L",), ("q",), ("S",), ("escape",), ("s",), ("escape",), ("r",), ("escape",)),
        *(("n",), ("escape",), ("w",), ("escape",), ("0",), ("9",), ("1",), ("g",), ("escape",)),
    )
    async with playing(store, size=(140, 30), team=("anna",)) as stage:
        for keys in ways:
            await stage.press(*keys)
            text = stage.text
            assert not [word for word in FURNITURE if word in text], keys
        for key in ("a", "g a", "H", "N", "g d", "2", "3"):
            await stage.press(key)
            assert "That is for a team, and you are the whole team here." in stage.said, key


async def test_who_is_away_is_said_wherever_something_is_given_to_them(store: Workspace) -> None:
    async with playing(store, team=TEAM, settings=STAFF) as stage:
        await stage.press("H")
        await stage.type("tim")
        await stage.press("enter")
        await stage.type("for when you are back")
        await stage.press("enter")
        assert "Handed over to tim. u takes it back. tim is away until 2026-11-20." in stage.said
        await stage.press("a")
        assert "is away until 2026-11-20" in stage.text
        await stage.type("ria")
        await stage.press("enter")
        assert "ria is a reader, and answers nobody. Name somebody else" in stage.text
        await stage.press("ctrl+u")
        await stage.type("tim")
        await stage.press("enter")
        assert "Given to tim. u takes it back. tim is away until 2026-11-20." in stage.said
        await stage.press("n")
        await stage.type("@tim, when you are back")
        await stage.press("ctrl+s")
        assert "tim is called. tim is away until 2026-11-20." in stage.said


@pytest.mark.long
async def test_shared_out_each_goes_to_whoever_has_the_least(store: Workspace) -> None:
    for number in (1, 2, 3):
        did(store, "anna", "assign-me", conversation=number)
    async with playing(store, team=TEAM, settings=STAFF) as stage:
        await stage.press("3", "space", "space", "a")
        await stage.type("load")
        await stage.press("enter")
        assert "Assign 2 conversations?" in stage.asked
        await stage.press("y")
        given = [row.conversation.assignee for row in store.rows([4, 5, 6])]
        assert sorted(filter(None, given)) == ["bo", "bo"]


async def test_the_minute_reads_who_is_away_by_now_and_gives_their_open_work_to_everybody(
    store: Workspace,
) -> None:
    did(store, "tim", "assign-me", NOW - 3 * 86_400, conversation=2)
    did(store, "bo", "assign-me", NOW - 3 * 86_400, conversation=3)
    back = replace(
        STAFF, team=(*STAFF.team[:3], Teammate("tim"), Teammate("new", away=(("2026-11-01", "2026-12-01"),)))
    )
    gone = replace(STAFF, team=(*STAFF.team[:1], *STAFF.team[2:]))
    said = [back, gone]
    async with playing(store, team=TEAM, settings=STAFF, settings_now=lambda: said[0]) as stage:
        stage.app.call_later(stage.app.inbox.together.minute)  # as the clock does, on the minute
        await stage.until(lambda: "new" in stage.app.seat.team)
        assert (
            store.rows([2])[0].conversation.assignee == "tim"
        )  # who is back, though this screen knew better
        said.reverse()
        stage.app.call_later(stage.app.inbox.together.minute)
        await stage.until(lambda: store.rows([2])[0].conversation.assignee is None)
        assert store.rows([3])[0].conversation.assignee is None
        await stage.until(lambda: "bo" not in stage.app.seat.team)
        stage.app.inbox.moving.open_conversation(3)
        await stage.rest()
        assert "it is everybody's (bo is nobody of the team any more)" in stage.pane("conversation")


async def test_the_screen_of_who_has_left_the_team_ends_and_keeps_what_was_being_written(
    store: Workspace,
) -> None:
    said = [replace(STAFF, team=STAFF.team[1:])]
    async with playing(store, team=TEAM, settings=STAFF, settings_now=lambda: said[0]) as stage:
        await stage.press("r")
        await stage.type("Half an answer")
        stage.app.call_later(stage.app.inbox.together.minute)
        await stage.until(lambda: isinstance(stage.app.failure, NotDone))
    assert [draft.text.strip() for draft in store.drafts()] == ["Half an answer"]


@pytest.mark.long
async def test_a_day_says_who_was_away(store: Workspace) -> None:
    did(store, "anna", "note", conversation=3, text="sent it")
    async with playing(store, size=(80, 24), team=TEAM, settings=STAFF) as stage:
        await stage.press("g d")
        rows = {line.split()[0]: line.split()[-1] for line in stage.lines[4:8]}
        assert rows == {"anna": "11:05-11:05", "bo": "-", "ria": "-", "tim": "away"}
        assert "answers closed  notes  taken handed  given  gifts    yes first-last" in stage.text
