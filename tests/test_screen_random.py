"""Keys that nobody means: whatever is pressed, nothing raises, no key is swallowed for ever, and the record holds."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events

from inbox.verbs import CONTEXTS
from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tests.shop import NOW, STORY, did, mail, shop

SIZES = ((80, 24), (120, 36), (160, 48), (20, 5), (40, 12), (100, 30), (139, 31))
TEXTS = (
    *(
        "lamp",
        "is:late",
        "bo",
        "carrier",
        "fri 14:00",
        "4711",
        "#3",
        "anna",
        "a@b.example",
        "Thanks!",
        "q",
        "wq",
    ),
    *("", "-", "'", "x" * 300),
)
PASTES = (
    "eeyy!!",
    "two\nlines\n",
    "\x1b[31m\x1b[200~\x07",
    "\u202e" + "日本語" * 40,
    "",
    "\x00\x1b",
    "A" * 5000,
)

BUSY = """
import random, sys
from pathlib import Path
from inbox.actions import decision
from inbox.model import Who
from storage.workspace import open_store
folder, seed, now = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
store, numbers = open_store(folder), random.Random(seed)
print("ready", flush=True)
verbs = [("tag", {"add": ("busy",)}), ("assign-me", {}), ("close", {"why": "elsewhere"}), ("reopen", {}), ("undo", {}),
         ("snooze", {"until": now + 90000}), ("note", {"text": "Seen."}), ("merge", {})]
for line in sys.stdin:
    verb, more = numbers.choice(verbs)
    here, other = numbers.sample(range(1, 7), 2)
    given = more | ({"by": "bo"} if verb == "undo" else {"conversation": here})
    if verb == "merge":
        given["into"] = other
    store.change(*decision(verb, **given), Who("bo"), now)
    store.show_presence(Who("bo"), other, "writes")
store.close()
"""
"""A colleague in another process: something for each line that comes."""


class Hands:
    """Presses what comes into their mind."""

    def __init__(self, stage: Stage, numbers: random.Random) -> None:
        self._stage = stage
        self._numbers = numbers
        keymap = stage.app.seat.keymap
        self._keys = sorted(
            {
                key
                for context in CONTEXTS
                for verb, sequences in keymap.in_force(context).items()
                if verb != "quit"
                for sequence in sequences
                for key in sequence.split()
            }
        )

    @property
    def at_work(self) -> bool:
        return self._stage.app.is_running and not self._stage.app._exit

    async def press(self) -> int:
        """One burst of keys, a text, a paste or another size; how many keys."""
        numbers, stage = self._numbers, self._stage
        what = numbers.random()
        if what < 0.06:
            await stage.pilot.resize_terminal(*numbers.choice(SIZES))
            await stage.rest()
            return 0
        if what < 0.1:
            stage.app.post_message(events.Paste(numbers.choice(PASTES)))
            await stage.rest()
            return 0
        if what < 0.25:
            keys = [{" ": "space", ",": "comma"}.get(each, each) for each in numbers.choice(TEXTS)]
            keys.append(numbers.choice(("enter", "escape", "tab", "ctrl+s")))
        elif what < 0.4:  # out of wherever the hands are, so that all places are come to
            keys = ["escape", numbers.choice(("q", "escape", "enter", "G", "space"))]
        else:
            keys = [numbers.choice(self._keys) for _ in range(numbers.randrange(1, 7))]
        stage.clock.now += numbers.choice((0, 0, 1, 30, 4000)) if numbers.random() < 0.1 else 0
        await stage.hurry(*keys)
        assert not stage.app.inbox.keyboard._waits, keys
        return len(keys)


async def wander(
    store: Workspace, seed: int, keys: int, size: tuple[int, int], act: Callable[[], None] | None = None
) -> None:
    """So many keys; who leaves comes back. `act` does something elsewhere."""
    numbers = random.Random(seed)
    pressed = 0
    while pressed < keys:
        async with playing(store, size, restricted=True) as stage:
            hands = Hands(stage, numbers)
            while hands.at_work and pressed < keys:
                if numbers.random() < 0.08:
                    if act is not None:
                        act()
                    else:
                        did(store, "bo", numbers.choice(ELSEWHERE), conversation=numbers.randrange(1, 7))
                pressed += await hands.press()
            now = stage.clock.now
    assert not store.verify(now)


ELSEWHERE = ("assign-me", "no-answer", "reopen")


@pytest.mark.parametrize("seed", range(2))
async def test_a_minute_of_any_keys_raises_nothing(store: Workspace, seed: int) -> None:
    await wander(store, seed, 60, SIZES[seed])


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
async def test_an_hour_of_any_keys_beside_a_colleague_raises_nothing(tmp_path: Path, seed: int) -> None:
    more = [
        mail(f"C{n} <c{n}@many.example>", f"Matter {n}", "?\n", f"2026-11-10 09:{n:02}") for n in range(60)
    ]
    store = shop(tmp_path / "workspace", (*STORY, *more))
    command = (sys.executable, "-c", BUSY, str(store.workspace), str(seed), str(NOW))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as colleague:
        assert colleague.stdin is not None and colleague.stdout is not None
        assert colleague.stdout.readline() == "ready\n"

        def act() -> None:
            assert colleague.stdin is not None
            colleague.stdin.write("\n")
            colleague.stdin.flush()

        await wander(store, seed, 2_000, SIZES[seed], act)
        colleague.stdin.close()
        assert colleague.wait() == 0
    assert not store.verify(NOW)
    store.close()
