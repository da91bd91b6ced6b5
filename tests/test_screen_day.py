"""A day at the desk: conversations worked off one after the other by keys, and a plain account of what must be there."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from inbox.model import Status
from storage.live import Live
from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tests.shop import NOW, deliver, did, mail, shop

SEED = 8
WAYS = (
    "answer", "answer", "answer", "answer and close", "answer and snooze", "thanks", "elsewhere", "no answer", "snooze",
    "hold", "give", "tag", "note", "again", "spam", "undo", "undo an answer",
)  # fmt: skip


@dataclass
class Expected:
    """What is to be true of one conversation at the end of the day."""

    status: Status = Status.OPEN
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    why: str | None = None
    held_for: str | None = None
    snoozed: bool = False
    notes: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)


class Account:
    """What a person means to do, in keys, and what must come of it, told without any of Frontdesk's code."""

    def __init__(self, order: list[int], numbers: random.Random) -> None:
        self.order = order
        self.at = 0
        self.expected = {number: Expected() for number in order}
        self.elsewhere: set[int] = set()  # done by a colleague, who has not told anybody
        self.visited: set[int] = set()  # where a colleague is
        self._numbers = numbers
        self._texts = count(1)

    @property
    def here(self) -> Expected:
        return self.expected[self.order[self.at]]

    def go_on(self) -> None:
        """The next one that nobody else has done and where nobody else is."""
        self.at += 1
        while self.at < len(self.order) and self.order[self.at] in self.elsewhere | self.visited:
            self.at += 1

    def step(self) -> list[str]:
        """Something is done to the conversation that is open: the keys of it."""
        way, here, number = self._numbers.choice(WAYS), self.here, next(self._texts)
        text = f"Answer {number}."
        match way:
            case "answer" | "answer and close" | "answer and snooze":
                here.answers.append(text)
                here.assignee = here.assignee or "anna"
                here.status = Status.WAITING
                last = {"answer": ["enter"], "answer and close": ["e"]}.get(way, ["s", "w"])
                if way == "answer and close":
                    here.status, here.why = Status.CLOSED, "resolved"
                if way == "answer and snooze":
                    here.status, here.snoozed = Status.SNOOZED, True
                self.go_on()
                return ["r", *typed(text), "ctrl+s", *last]
            case "thanks" | "elsewhere":
                here.status, here.why = Status.CLOSED, way
                self.go_on()
                return ["e", {"thanks": "t", "elsewhere": "w"}[way]]
            case "no answer":
                here.status, here.why = Status.CLOSED, "no-answer"
                self.go_on()
                return ["y"]
            case "snooze":
                here.status, here.snoozed = Status.SNOOZED, True
                self.go_on()
                return ["s", "w"]
            case "hold":
                here.status, here.held_for = Status.HELD, "carrier"
                self.go_on()
                return ["S", *typed("carrier"), "enter", "m"]
            case "spam":
                here.status = Status.SPAM
                self.go_on()
                return ["!"]
            case "give":
                here.assignee = "bo"
                return self._and_on(["a", *typed("bo"), "enter"])
            case "tag":
                here.tags = ("lamp",)
                return self._and_on(["t", *typed("lamp"), "enter"])
            case "note":
                here.notes.append(f"Note {number}")
                return self._and_on(["n", *typed(f"Note {number}"), "ctrl+s"])
            case "again":  # the tag of this one, and by one key of the next
                here.tags = ("lamp",)
                keys = ["t", *typed("lamp"), "enter"]
                self.go_on()
                if self.at < len(self.order):
                    self.here.tags = ("lamp",)
                    return self._and_on([*keys, "."])
                return [*keys, "."]
            case "undo":
                return ["e", "t", "u"]
            case "undo an answer":  # and say something else
                here.answers.append(f"Rather {number}.")
                here.assignee = here.assignee or "anna"
                here.status = Status.WAITING
                again = ["ctrl+u", *typed(f"Rather {number}."), "ctrl+s", "enter"]
                self.go_on()
                return ["r", *typed(text), "ctrl+s", "enter", "u", *again]
        raise AssertionError(way)

    def _and_on(self, keys: list[str]) -> list[str]:
        before = self.at
        self.go_on()
        return [*keys, *(">" for _ in range(self.at - before) if self.at < len(self.order))]


def typed(text: str) -> list[str]:
    return [{" ": "space", ",": "comma"}.get(character, character) for character in text]


def found(store: Workspace, number: int) -> Expected:
    here = store.rows([number])[0].conversation
    items = store.items(number)
    return Expected(
        here.status, here.assignee, here.tags, here.closed_why, here.held_for, here.snoozed_until is not None,
        [item.text for item in items if item.direction == "note"],
        [item.reply for item in items if item.direction == "out"],
    )  # fmt: skip


def letters(size: int) -> list[bytes]:
    return [
        mail(f"C{n} <c{n}@many.example>", f"Matter {n}", f"And {n}?\n", f"2026-11-10 {6 + n // 60:02}:{n % 60:02}")
        for n in range(size)
    ]  # fmt: skip


async def a_day(tmp_path: Path, size: int, screen: tuple[int, int], each: int) -> None:
    """`size` conversations; after every `each` of them something happens elsewhere."""
    store = shop(tmp_path, letters(size))
    order = list(range(1, size + 1))
    account = Account(order, random.Random(SEED))
    bos = Live(store.workspace)  # as from another process
    bos._process = "another"
    new: list[int] = []
    async with playing(store, screen) as stage:
        await stage.press("enter")
        while account.at < size:
            if account.at and account.at % each == 0:
                elsewhere(store, bos, account, new)
            keys = account.step()
            await play(stage, keys)
            stage.clock.now += 40
        if new:
            await stage.press("q")
            assert f"{len(new)} new · g r" in stage.text
            await stage.press("g r")
            assert list(stage.app.inbox.list.ids)[-len(new) :] == new
    assert {number: found(store, number) for number in order} == account.expected
    waiting = sorted(line.conversation for line in store.outbox())
    assert waiting == sorted(n for n, each_ in account.expected.items() for _ in each_.answers)
    assert not store.drafts()
    assert not store.verify(stage.clock.now)
    bos.close()
    store.close()


async def play(stage: Stage, keys: list[str]) -> None:
    """Keys as fast as hands are, but for what they look at before they go on."""
    begun: list[str] = []
    for key in keys:
        if key in ("u", ".", ">", "ctrl+u"):  # these are about what is seen
            await stage.hurry(*begun)
            begun = []
        begun.append(key)
    await stage.hurry(*begun)


def elsewhere(store: Workspace, bos: Live, account: Account, new: list[int]) -> None:
    """A colleague closes one that comes later and looks at another; a customer writes."""
    coming = [n for n in account.order[account.at + 1 :] if n not in account.elsewhere]
    if len(coming) > 3:
        done, visited = coming[1], coming[2]
        did(store, "bo", "close", conversation=done, why="elsewhere", now=NOW)
        account.elsewhere.add(done)
        account.expected[done] = Expected(Status.CLOSED, why="elsewhere")
        bos.show_presence("bo", visited, "looks")
        account.visited = {visited}
    sender = f"New {len(new)} <new{len(new)}@later.example>"
    new.append(
        deliver(store, mail(sender, f"News {len(new)}", "Hello?\n", f"2026-11-10 11:0{len(new) % 10}"))
    )


@pytest.mark.parametrize("screen", [(80, 24)])
async def test_a_morning_of_conversations_leaves_what_was_meant(
    tmp_path: Path, screen: tuple[int, int]
) -> None:
    await a_day(tmp_path, 10, screen, 4)


@pytest.mark.long
@pytest.mark.parametrize("screen", [(80, 24), (120, 36), (160, 48)])
async def test_a_day_of_two_hundred_conversations_leaves_exactly_what_was_meant(
    tmp_path: Path, screen: tuple[int, int]
) -> None:
    await a_day(tmp_path, 200, screen, 25)
