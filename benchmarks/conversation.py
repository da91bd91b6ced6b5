"""Reading conversations of 10, 30 and 10 000 messages: from the store, onto the screen, to the ends, and finding words.

Run by hand: `python -m benchmarks.conversation [--rounds 9] [--size 160x48]`. What lies in the store is measured in
processor time; what is seen from the key until everything is painted, on a screen without a terminal. The last column is
how the longest compares with the one of ten.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from benchmarks.reading import milliseconds
from inbox import mime
from inbox.actions import receive
from inbox.model import Role, Who
from inbox.settings import Settings, Teammate
from inbox.us import Us
from storage.workspace import Workspace, open_store
from tui.app import FrontdeskApp
from tui.keys import load, to_textual
from tui.screens.reading import STRETCH
from tui.seat import Pace, Seat

SIZES = (10, 30, 10_000)
ME = Who("maya", Role.OWNER)
_US = Us.of(["support@helpdesk.example"])
_NOW = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp())
_TEXT = """Hello,

this is message number {number}, and I am still waiting. It should have come on Friday, and nobody has told me
anything about it since. Could you please look into it once more?

Kind regards
Jo

On Monday you wrote:
> We are looking into it, and will write to you again tomorrow.
> Kind regards
"""


def build(folder: Path) -> Workspace:
    """A workspace with one conversation of each size, received as mail."""
    store = open_store(folder)
    store.apply(Settings(team=(Teammate(ME.name),)), _NOW - 400 * 86_400)
    for size in SIZES:
        began = datetime.fromtimestamp(_NOW, UTC) - timedelta(minutes=7 * size)
        for number in range(size):
            mail = EmailMessage()
            mail["From"] = f"Jo Park <jo{size}@park.example>"
            mail["To"] = "support@helpdesk.example"
            mail["Subject"] = f"Parcel {size}"
            mail["Date"] = format_datetime(began + timedelta(minutes=7 * number))
            mail["Message-ID"] = f"<{number}.{size}@park.example>"
            if number:
                mail["In-Reply-To"] = f"<0.{size}@park.example>"
            mail.set_content(_TEXT.format(number=number))
            raw = mail.as_bytes()
            message = mime.parse(raw)
            at = message.date or _NOW
            arrival = receive.Arrival(message, raw, at, mailbox="support", us=_US)
            store.change(receive.scope(arrival), receive.deciding(arrival), Who("sync"), at)
    return store


def asked(store: Workspace, conversation: int) -> dict[str, float]:
    """Milliseconds of what is asked of the store."""
    first = store.stretch(conversation, 0, 1).items[0].id
    last = store.stretch(conversation, None, 1).items[0].id
    middle = (first + last) // 2
    return {
        "30 messages from the store": milliseconds(lambda: store.stretch(conversation, None, 30)),
        f"{STRETCH} messages from the store": milliseconds(
            lambda: store.stretch(conversation, None, STRETCH)
        ),
        f"{STRETCH} from its middle": milliseconds(lambda: store.stretch(conversation, middle, STRETCH)),
        "which say a word": milliseconds(
            lambda: store.saying(conversation, lambda text: "number 7," in text)
        ),
    }


class _Glass:
    """A screen without a terminal, and how long a key takes until all is painted."""

    def __init__(self, app: FrontdeskApp) -> None:
        self._app = app

    async def rest(self) -> None:
        """Until the threads are done and everything is painted."""
        quiet = 0
        while quiet < 3:
            await asyncio.sleep(0)
            pumps = (self._app, *self._app.screen_stack, *self._app.screen.walk_children())
            busy = self._app.background.busy or any(pump.message_queue_size for pump in pumps)
            quiet = 0 if busy else quiet + 1
        painted = asyncio.Event()
        self._app.screen.call_after_refresh(painted.set)
        await painted.wait()

    async def took(self, *keys: str) -> float:
        """Milliseconds from the first key until everything is painted."""
        from textual import events

        began = time.perf_counter()
        for key in keys:
            self._app.post_message(events.Key(to_textual(key), key if len(key) == 1 else None))
            await self.rest()
        return (time.perf_counter() - began) * 1000


async def seen(store: Workspace, conversation: int, size: tuple[int, int], rounds: int) -> dict[str, float]:
    """Milliseconds of what is done on the screen, the median of so many rounds."""
    pace = Pace(quiet=0.001, settle=0.001, draft=0.001, glance=0, pause=0, presence=600)
    seat = Seat(store, ME, load(), lambda: _NOW, lambda: Settings().hours, pace=pace, theme="dark")
    app = FrontdeskApp(seat)
    found: dict[str, list[float]] = {}

    async def one(what: str, work: Callable[[], Awaitable[float]]) -> None:
        found.setdefault(what, []).append(await work())

    async with app.run_test(size=size):
        glass = _Glass(app)
        await glass.rest()

        async def opened() -> float:
            began = time.perf_counter()
            app.inbox.moving.open_conversation(conversation)
            await glass.rest()
            return (time.perf_counter() - began) * 1000

        for _ in range(rounds):
            app.inbox.go_to("list")
            app.inbox.conversation.show(None, None)
            await one("opened", opened)
            await one("to the end", lambda: glass.took("G"))
            await one("to the beginning", lambda: glass.took("g", "g"))
            for _ in range(3):
                await one("a page on", lambda: glass.took("pagedown"))
                await one("a line on", lambda: glass.took("j"))
            await one("the next message", lambda: glass.took("]"))
            await one("all unfolded", lambda: glass.took("z"))
            await glass.took("z")
    return {what: statistics.median(times) for what, times in found.items()}


def main() -> None:
    """Make the conversations, measure, and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--size", default="160x48")
    parser.add_argument("--keep", type=Path, help="keep the workspace here, or find it again")
    wanted = parser.parse_args()
    columns, lines = map(int, wanted.size.split("x"))
    with tempfile.TemporaryDirectory() as name:
        folder = wanted.keep or Path(name)
        store = open_store(folder) if (folder / "frontdesk.db").exists() else build(folder)
        found = [
            asked(store, number) | asyncio.run(seen(store, number, (columns, lines), wanted.rounds))
            for number in range(1, len(SIZES) + 1)
        ]
        store.close()
    print(f"{'milliseconds at ' + wanted.size:36}{''.join(f'{size:>10}' for size in SIZES)}   x of ten")
    for what in found[0]:
        row = [each[what] for each in found]
        print(f"{what:36}{''.join(f'{each:10.2f}' for each in row)}{row[-1] / max(row[0], 0.001):11.1f}")


if __name__ == "__main__":
    main()
