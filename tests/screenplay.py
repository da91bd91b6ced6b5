"""Playing the screen in a test: press keys, wait until everything has come to rest, read what a person would see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual import events
from textual.pilot import Pilot

from inbox.model import Who
from inbox.ports import Store
from tests.shop import ME, TEAM, Clock, seat
from tui.app import FrontdeskApp
from tui.background import Rang
from tui.keys import to_textual
from tui.seat import Pace

AT_ONCE = Pace(quiet=0.001, settle=0.001, draft=0.001, glance=0, pause=0, presence=60)
"""Nothing to wait for."""


class Heard(FrontdeskApp):
    """The app, with a count of how often the bell was heard."""

    rung = 0

    def on_rang(self, _: Rang) -> None:
        """Textual calls this beside the app's own handler."""
        self.rung += 1


class Stage:
    """A running screen, and its eyes and hands."""

    def __init__(self, app: Heard, pilot: Pilot[None], clock: Clock) -> None:
        self.app = app
        self.pilot = pilot
        self.clock = clock
        self._rung = 0

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
        """Until the threads are done and everything is painted."""
        quiet = 0
        while quiet < 4 and self.app.failure is None:  # which the end of the test raises
            await asyncio.sleep(0.002)
            pumps = (self.app, *self.app.screen_stack, *self.app.screen.walk_children())
            busy = self.app.background.busy or any(pump.message_queue_size for pump in pumps)
            quiet = 0 if busy else quiet + 1
            if quiet in (2, 4) and self.app.is_running:
                painted = asyncio.Event()
                self.app.screen.call_after_refresh(painted.set)
                await painted.wait()
        self._rung = self.app.rung

    async def until(self, seen: Callable[[], bool]) -> None:
        """Until something is seen; for what several bells may bring, of which `heard` would take the first for the last."""
        while not seen():
            await asyncio.sleep(0.002)
            await self.rest()

    async def heard(self) -> None:
        """Until a bell that was rung since the screen last came to rest has been heard."""
        while self.app.rung == self._rung:
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
