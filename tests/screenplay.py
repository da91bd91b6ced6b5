"""Playing the screen in a test: press keys, wait until everything has come to rest, read what a person would see."""

from __future__ import annotations

import asyncio
import select
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import textual.screen
from textual import events
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot
from textual.timer import Timer

from inbox.model import Who
from inbox.ports import Store
from storage import bell
from tests.shop import ME, TEAM, Clock, seat
from tui.app import FrontdeskApp
from tui.keys import to_textual
from tui.seat import Pace, Seat

AT_ONCE = Pace(quiet=0.001, settle=0.001, draft=0.001, glance=0, pause=0, presence=60)
"""Nothing to wait for."""


PATIENCE = 60.0
"""Seconds until a test gives up what it waits for; it never waits so long when all is well."""

SOON = 0.01
"""Seconds; timers that wait no longer are waited for whenever the screen comes to rest."""

textual.screen.UPDATE_PERIOD = 0.001  # type: ignore[misc]  # nobody watches: a frame need not wait for a sixtieth of a second


_RULES: dict[Hashable, list[RuleSet]] = {}
_parse_rules = Stylesheet._parse_rules


def _rules_once(sheet: Stylesheet, *given: Any, **named: Any) -> list[RuleSet]:
    """Read the styles once for all the screens of a process, not once for each."""
    key = (given, tuple(named.items()), tuple(sheet._variables.items()))
    if key not in _RULES:
        _RULES[key] = _parse_rules(sheet, *given, **named)
    return _RULES[key]


Stylesheet._parse_rules = _rules_once  # type: ignore[assignment, method-assign]


class Ear:
    """Whether the bell was rung and the screen has not been told yet: letters come over a thread that no key waits for.

    From the moment a letter is sent it lies in the socket; who takes it there says so until it was told.
    """

    def __init__(self) -> None:
        self._listener: bell._Listener | None = None
        self._taking = False

    def follow(self, listener: bell._Listener) -> None:
        """Look into what comes to this one."""
        hear, told = listener._hear, listener._heard

        def hearing() -> frozenset[int]:
            self._taking = True
            return hear()

        def heard(conversations: frozenset[int]) -> None:
            told(conversations)
            self._taking = False

        listener._hear, listener._heard = hearing, heard  # type: ignore[method-assign]
        self._listener = listener

    @property
    def is_hearing(self) -> bool:
        """Whether there is a letter that the screen does not know of."""
        if self._listener is None or not self._listener.is_alive():
            return False
        return bool(select.select([self._listener._ear], [], [], 0)[0]) or self._taking


class Heard(FrontdeskApp):
    """The app, and whether its bell still rings."""

    def __init__(self, seat: Seat) -> None:
        super().__init__(seat)
        self.ear = Ear()

    def _painted(self) -> None:
        super()._painted()
        self.ear.follow(self.seat.store.bell._listeners[-1])  # type: ignore[attr-defined]


class Stage:
    """A running screen, and its eyes and hands."""

    def __init__(self, app: Heard, pilot: Pilot[None], clock: Clock) -> None:
        self.app = app
        self.pilot = pilot
        self.clock = clock

    async def press(self, *keys: str) -> None:
        """Press keys as people write them ("g r", "ctrl+s", "?"), each after the screen has come to rest."""
        for sequence in keys:
            for key in sequence.split(" "):
                await self.hurry(key)

    async def hurry(self, *keys: str) -> None:
        """Press keys faster than anything can be painted between them."""
        for key in keys:
            character = _CHARACTERS.get(key, key if len(key) == 1 else None)
            self.app.post_message(events.Key(to_textual(key), character))
        await self.rest()

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.hurry(
            *({"\n": "enter", " ": "space", ",": "comma"}.get(character, character) for character in text)
        )

    async def rest(self) -> None:
        """Until the threads are done, every bell was heard, and everything is painted."""
        quiet, over = 0, monotonic() + PATIENCE
        while quiet < 6 and self.app.failure is None:  # which the end of the test raises
            if busy := self._busy():
                assert monotonic() < over, f"it does not come to rest: {busy}\n{self.text}"
                quiet = 0
                await asyncio.sleep(0.0005)  # the threads need the processor for what is waited for
                continue
            quiet += 1
            await asyncio.sleep(0)
            if quiet in (3, 6) and self.app.is_running:
                painted = asyncio.Event()
                self.app.screen.call_after_refresh(painted.set)
                await asyncio.wait_for(painted.wait(), PATIENCE)

    def _busy(self) -> object:
        """What is under way of which the screen would change within moments."""
        app, screen = self.app, self.app.screen
        if app.background.busy:
            return "a thread"
        if app.ear.is_hearing:
            return "the bell"
        if timers := [timer for timer in screen._timers if timer._interval <= SOON and _is_set(timer)]:
            return timers
        return [pump for pump in (app, *app.screen_stack, *screen.walk_children()) if pump.message_queue_size]

    async def until(self, seen: Callable[[], bool]) -> None:
        """Until something is seen that comes by itself or from elsewhere: at a minute, or from another process."""
        over = monotonic() + PATIENCE
        while not seen():
            assert monotonic() < over, f"it is not seen:\n{self.text}"
            await asyncio.sleep(0.002)
            await self.rest()

    @property
    def text(self) -> str:
        """Everything that can be seen, one line a line, without trailing blanks."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    @property
    def lines(self) -> list[str]:
        """The lines that can be seen."""
        return self.text.split("\n")

    def pane(self, id: str) -> str:
        """What stands in one pane."""
        region = self.app.screen.query_one(f"#{id}").region
        strips = self.app.screen._compositor.render_strips()[region.y : region.bottom]
        return "\n".join(strip.crop(region.x, region.right).text.rstrip() for strip in strips)

    @property
    def asked(self) -> str:
        """The line of the open question, above the bottom line."""
        return self.lines[-2]

    @property
    def said(self) -> str:
        """The bottom line."""
        return self.lines[-1]


def _is_set(timer: Timer) -> bool:
    """Whether a timer that goes off once has not gone off yet."""
    return timer._repeat == 0 and timer._task is not None and not timer._task.done()


_CHARACTERS = {"space": " ", "comma": ",", "enter": "\r", "tab": "\t"}


@asynccontextmanager
async def playing(
    store: Store,
    size: tuple[int, int] = (120, 36),
    who: Who = ME,
    team: tuple[str, ...] = TEAM,
    **more: object,
) -> AsyncIterator[Stage]:
    """The screen on this store, at rest."""
    clock = Clock()
    app = Heard(seat(store, clock, who, team, **({"pace": AT_ONCE} | more)))
    async with app.run_test(size=size) as pilot:
        stage = Stage(app, pilot, clock)
        await stage.rest()
        yield stage
