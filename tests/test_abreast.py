"""Reading several sources side by side: none holds another up, and none is read for nobody."""

from __future__ import annotations

import threading
from collections.abc import Generator

import pytest

from inbox.abreast import AHEAD, abreast
from inbox.errors import FrontdeskError, WorldError


def numbers(count: int) -> Generator[int, None, None]:
    yield from range(count)


def test_everything_comes_and_each_source_keeps_its_order() -> None:
    came = list(abreast({"a": lambda: numbers(50), "b": lambda: numbers(30), "c": lambda: numbers(0)}))

    assert [thing for name, thing in came if name == "a"] == list(range(50))
    assert [thing for name, thing in came if name == "b"] == list(range(30))
    assert len(came) == 80


def test_a_source_that_waits_does_not_hold_the_others_up() -> None:
    go_on = threading.Event()

    def slow() -> Generator[int, None, None]:
        assert go_on.wait(30)
        yield 99

    came = []
    for name, thing in abreast({"slow": slow, "quick": lambda: numbers(20)}):
        came.append((name, thing))
        if len(came) == 20:
            go_on.set()
    assert came == [("quick", n) for n in range(20)] + [("slow", 99)]


def test_trouble_ends_only_its_own_source() -> None:
    trouble = WorldError("The line is down.")

    def broken() -> Generator[int, None, None]:
        yield 1
        raise trouble

    came: list[tuple[str, int | FrontdeskError]] = list(
        abreast({"broken": broken, "whole": lambda: numbers(10)})
    )

    assert [thing for name, thing in came if name == "broken"] == [1, trouble]
    assert sum(name == "whole" for name, _ in came) == 10


def test_a_mistake_of_ours_is_raised() -> None:
    def wrong() -> Generator[int, None, None]:
        yield 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(abreast({"wrong": wrong, "whole": lambda: numbers(10)}))


def test_who_goes_away_ends_the_reading_and_nothing_is_read_far_ahead() -> None:
    read = []
    closed = threading.Event()

    def endless() -> Generator[int, None, None]:
        try:
            while True:
                read.append(1)
                yield len(read)
        finally:
            closed.set()

    for _, thing in abreast({"endless": endless}):
        if thing == 3:
            break
    assert closed.wait(30)
    assert len(read) <= 3 + AHEAD + 2


def test_it_ends_when_it_is_told_to_whatever_a_source_waits_for() -> None:
    go_on = threading.Event()

    def silent() -> Generator[int, None, None]:
        yield 1
        assert go_on.wait(30)

    came: list[int] = []
    for _, thing in abreast({"silent": silent}, cancelled=lambda: len(came) == 1):
        assert isinstance(thing, int)
        came.append(thing)
    assert came == [1]
    go_on.set()
