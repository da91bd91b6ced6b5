"""The shop in which a soak takes place: who is in it, what happens when, and how it is closed."""

from __future__ import annotations

import builtins
import contextlib
import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.receiving import MAIN, cpu_seconds, memory_mb
from benchmarks.soak.commands import Commands
from benchmarks.soak.plan import LIVE, Ledger, Plan
from benchmarks.soak.player import Player
from benchmarks.soak.told import Spent
from benchmarks.workspace import ME
from inbox.actions import decision
from inbox.model import Role, Status, Who
from inbox.queries import StatusIs
from inbox.views import VIEWS
from storage.workspace import Workspace, open_store

BELL_EVERY, COMMAND_EVERY, KILL_EVERY, MEASURE_EVERY = 1.0, 1.5, 12.0, 1.0
"""Seconds between two changes that a watcher must see, two commands, two kills, two looks at memory; on average."""
LISTS = 5.0
"""Lists read in a second."""
DRAINED = 300.0
"""Seconds, at most, until what was sent and what came is settled when all is calm again."""
WARM = 0.2
"""The share of the time after which growth is counted: what is loaded at first use is loaded by then."""
PROBER = Who("bell", Role.OWNER)
CHANGE, PLANNED, LIST, BELL, LETTER = KINDS = (
    "change, durable",
    "change, from when it was to be made",
    "list: a page and the counts",
    "bell to painted screen",
    "letters typed, to the first byte",
)
SYNCING = ", during a full sync"


@dataclass
class Hand:
    """A process that makes changes, or reads the list."""

    name: str
    process: subprocess.Popen[bytes]
    rest: bytes = b""


@dataclass
class Shop:
    """The workspace, and all who work in it."""

    plan: Plan
    path: Path
    folder: Path
    ledger: Ledger = field(default_factory=Ledger)
    players: list[Player] = field(default_factory=list)
    hands: list[Hand] = field(default_factory=list)
    times: dict[str, list[float]] = field(default_factory=dict)
    worker: subprocess.Popen[bytes] | None = None
    worker_costs: dict[int, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.plan.seed)
        self.store: Workspace = open_store(self.path, create=False)
        for name in self.plan.people:
            self.store.documents.change_profile(
                name, {"name": name}
            )  # or they are asked at their first screen
        self.open_ones = self.store.ids(VIEWS["due"].node, ME, int(time.time()), 400)
        self.watched = self.store.ids(StatusIs((Status.CLOSED,)), ME, int(time.time()), 1)[0]
        self.commands = Commands(
            self.command(), self.folder, self.open_ones, self.ledger, random.Random(self.plan.seed + 2)
        )
        self._bells = 0
        self._measured = 0
        self._rung: tuple[str, float, dict[str, int]] | None = None
        self._syncs = False
        self.times = {name: [] for name in KINDS}

    def command(self, *words: str) -> list[str]:
        """`frontdesk WORDS` here."""
        return [sys.executable, MAIN, "--workspace", str(self.path), *words]

    # ------------------------------------------------------------------ who is here

    def open(self) -> None:
        """Everybody comes, the screens one after the other as in the morning."""
        self.keep_worker()
        for number, name in enumerate(self.plan.people):
            kind = "watches" if number % 4 == 3 else "writes" if number % 4 < 2 else "reads"
            size = (160, 48) if number % 2 or kind == "watches" else (80, 24)
            self.players.append(
                Player(
                    name,
                    kind,
                    self.command("--as", name, "--debug"),
                    self.ledger,
                    random.Random(f"{self.plan.seed} {name}"),
                    size,
                    str(self.watched),
                )
            )
            self.pump(0.3)
        end = time.monotonic() + DRAINED
        while not any(each.mailbox == LIVE and each.state == "watching" for each in self.store.mailboxes()):
            self.pump(0.1)  # what lies there at the first look is history, of which rules know nothing
            if time.monotonic() > end:
                raise SystemExit(f"The worker did not begin within {DRAINED:.0f} s.")

    def begin(self) -> None:
        """Those who do nothing but change and look begin."""
        for name in self.plan.doers:
            self.hands.append(self.hand("change", name, self.plan.rate / self.plan.hands))
        self.hands.append(self.hand("look", "looker", LISTS))

    def hand(self, kind: str, name: str, rate: float) -> Hand:
        """A hand that begins now."""
        words = [
            kind,
            str(self.path),
            name,
            str(rate),
            f"{self.plan.seed}{name}{time.monotonic()}",
            *self.plan.people,
        ]
        with (self.folder / "hands.out").open("ab") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.soak.hand", *words],
                cwd=Path(MAIN).parent,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
            )
        return Hand(name, process)

    def keep_worker(self) -> None:
        """See to it that there is a worker, as systemd would; screens start one too."""
        if self.worker is not None and (status := self.worker.poll()) is not None:
            self.ledger.counts["worker ended"] += 1
            if status not in (0, 4, -9, -15):
                self.ledger.error("the worker", f"it ended with {status}")
            self.worker = None
        if self.worker is None and self.store.worker() is None:
            said = (self.folder / "worker.out").open("ab")
            with said:
                self.worker = subprocess.Popen(
                    self.command("--as", "maya", "--debug", "sync", "--watch"),
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=said,
                )

    # ------------------------------------------------------------------ what happens

    def work(self) -> float:
        """Work for as long as was planned; the seconds it was."""
        began = time.monotonic()
        beats: dict[str, tuple[float, Callable[[], object]]] = {
            "bell": (BELL_EVERY, self.ring),
            "command": (
                COMMAND_EVERY / self.plan.pace,
                lambda: self.commands.start(self.dice.choice(self.plan.people)),
            ),
            "kill": (KILL_EVERY / self.plan.pace, self.kill),
            "measure": (MEASURE_EVERY / len(self.players), self.measure),
        }
        due = {name: began + self.dice.expovariate(1 / every) for name, (every, _) in beats.items()}
        while (now := time.monotonic()) < began + self.plan.seconds:
            for name, (every, do) in beats.items():
                if now >= due[name]:
                    do()
                    due[name] = now + (
                        every if name in ("bell", "measure") else self.dice.expovariate(1 / every)
                    )
            for player in self.players:
                if now >= player.next:
                    player.next = now + next(player.steps)
            self.pump(0.02)
        return time.monotonic() - began

    def pump(self, seconds: float) -> None:
        """Take what everybody has to say, for so long at most."""
        pipes = {hand.process.stdout.fileno(): hand for hand in self.hands if hand.process.stdout is not None}
        screens = {player.terminal.fileno(): player for player in self.players}
        ready, _, _ = select.select([*pipes, *screens], [], [], seconds)
        for each in ready:
            if each in pipes:
                self.hear(pipes[each], os.read(each, 65536))
            elif not screens[each].take():
                self.lose(screens[each])
        self.look_for_bell()
        self.commands.look()

    def lose(self, player: Player) -> None:
        """A screen has ended by itself: whoever sat there does no more."""
        status = player.bury()
        self.ledger.error(f"the screen of {player.name}", f"it ended with {status}: {player.terminal.text()}")
        self.players.remove(player)
        if self._rung is not None:
            self._rung[2].pop(player.name, None)

    def hear(self, hand: Hand, said: bytes) -> None:
        """What a hand says. A line that a kill cut off says nothing."""
        *lines, hand.rest = (hand.rest + said).split(b"\n")
        for line in lines:
            what, *words = line.decode("utf-8", "replace").split(" ")
            if what == "done":
                self.ledger.events[int(words[0])] = (hand.name, int(words[1]))
                self.took(CHANGE, float(words[2]))
                self.took(PLANNED, float(words[3]))
            elif what == "list":
                self.took(LIST, float(words[0]))
            elif what == "refused":
                self.ledger.counts["changes refused"] += 1
            else:
                self.ledger.error(hand.name, line.decode("utf-8", "replace"))
        if not said:
            status = hand.process.wait()
            if status not in (0, -9, -15):
                self.ledger.error(hand.name, f"it ended with {status}")
            self.hands.remove(hand)

    def took(self, what: str, milliseconds: float) -> None:
        """Note how long something took; what fell into the first reading of a mailbox is told apart as well."""
        for name in (what, what + SYNCING) if self._syncs else (what,):
            self.times.setdefault(name, []).append(milliseconds)

    def ring(self) -> None:
        """Change what the watchers look at, by another process's hand."""
        if self._rung is not None:  # the one before was not seen yet, by somebody
            word, at, left = self._rung
            if time.perf_counter() - at < 20:
                return
            for player in self.players:
                if player.name in left:
                    self.ledger.error(player.name, f"{word} was not seen within 20 s:\n{player.seen}")
        self._bells += 1
        word = f"bell{self._bells}x"
        watching = {
            each.name: len(each.terminal.written)
            for each in self.players
            if each.kind == "watches" and time.monotonic() - each.began > 10
        }
        before = [f"bell{self._bells - 1}x"] if self._bells > 1 else []
        scope, decide = decision("tag", conversation=self.watched, add=[word], remove=before)
        self.store.change(scope, decide, PROBER, int(time.time()))
        self._rung = (word, time.perf_counter(), watching) if watching else None

    def look_for_bell(self) -> None:
        """Whether watchers have painted what the bell told them: a word that is new, whichever of its letters are."""
        if self._rung is None:
            return
        word, rung, left = self._rung
        for player in self.players:
            if (
                player.name in left
                and len(player.terminal.written) > left[player.name]
                and word in player.seen
            ):
                self.took(BELL, (player.terminal.last - rung) * 1000)
                del left[player.name]
        if not left:
            self._rung = None

    def kill(self) -> None:
        """Somebody's process dies: a screen, a hand or the worker."""
        lot = self.dice.randrange(5)
        if lot < 2:
            if not self.players:
                return
            player = self.dice.choice(self.players)
            if self._rung is not None:
                self._rung[2].pop(player.name, None)
            self.note_times(player)
            player.kill()
            player.open()
            self.ledger.counts["screens killed"] += 1
        elif lot < 4:
            hand = self.dice.choice([each for each in self.hands if each.name in self.plan.doers])
            hand.process.kill()
            assert hand.process.stdout is not None
            self.hear(hand, hand.process.stdout.read())
            if hand in self.hands:
                self.hands.remove(hand)
            hand.process.wait()
            self.hands.append(self.hand("change", hand.name, self.plan.rate / self.plan.hands))
            self.ledger.counts["hands killed"] += 1
        elif (number := self.store.worker()) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
                self.ledger.counts["workers killed"] += 1

    def measure(self) -> None:
        """What one screen after the other takes, and the worker, and whether the screen says that something is wrong. All of
        them at once would take the eyes off the bell for a tenth of a second."""
        self.keep_worker()
        self._syncs = any(each.state == "fetching" and each.of for each in self.store.mailboxes())
        if self.players:
            self._measured += 1
            player = self.players[self._measured % len(self.players)]
            player.measure()
            player.look_for_trouble()
        number = self.store.worker()
        if number is not None:
            with contextlib.suppress(OSError, IndexError):
                self.worker_costs[number] = (cpu_seconds(number), memory_mb(number, "VmRSS"))

    def note_times(self, player: Player) -> None:
        """Gather what was measured at one screen."""
        self.times[LETTER] += player.lags
        player.lags = []

    # ------------------------------------------------------------------ how it is closed

    def costs(self, seconds: float) -> dict[str, list[Spent]]:
        """What each screen and the worker have cost."""
        screens = {"a screen that presses keys": list[Spent](), "a screen that watches": []}
        for player in self.players:
            kind = "a screen that watches" if player.kind == "watches" else "a screen that presses keys"
            lived = time.monotonic() - player.began
            growth = None
            if lived > seconds / 2 and len(player.memory) > 10:
                held = [mb for _, mb in player.memory]
                first = held[int(len(held) * WARM) : int(len(held) * 2 * WARM)]
                last = held[-len(first) :]
                growth = (sum(last) / len(last) / (sum(first) / len(first)) - 1) * 100
            mb = player.memory[-1][1] if player.memory else 0.0
            screens[kind].append(Spent(player.cpu() / seconds * 100, mb, growth))
        whole = sum(cpu for cpu, _ in self.worker_costs.values())
        most = max((mb for _, mb in self.worker_costs.values()), default=0.0)
        return {**screens, "the worker": [Spent(whole / seconds * 100, most)]}

    def close(self) -> None:
        """The hands go, the screens are left, what was interrupted is brought in."""
        for hand in list(self.hands):
            hand.process.terminate()
            assert hand.process.stdout is not None
            self.hear(hand, hand.process.stdout.read())
            hand.process.wait()
            hand.process.stdout.close()
        self.hands.clear()
        while self.players:
            player = self.players.pop()
            self.note_times(player)
            player.leave()
        self.commands.finish()

    def drain(self) -> None:
        """Wait until all that came is placed and all that can leave has left."""
        end = time.monotonic() + DRAINED
        while time.monotonic() < end:
            self.keep_worker()
            going = [line for line in self.store.outbox() if line.state in ("queued", "connecting", "data")]
            copies = self.store.read(
                "SELECT data FROM jobs WHERE kind = 'sent-copy' AND run_at <= ?", (int(time.time()),)
            )
            arrivals = self.store.read("SELECT 1 FROM arrivals LIMIT 1")
            boxes = {each.mailbox: each.state for each in self.store.mailboxes()}
            if not going and not copies and not arrivals and set(boxes.values()) == {"watching"}:
                return
            time.sleep(0.5)
        self.ledger.error(
            "the worker", f"not settled after {DRAINED:.0f} s: {going[:3]}, {copies}, {arrivals}, {boxes}"
        )

    def end_worker(self) -> None:
        """End whichever is the worker, and wait until it has ended."""
        end = time.monotonic() + 30
        while (number := self.store.worker()) is not None and time.monotonic() < end:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGTERM)
            if self.worker is not None:
                self.worker.poll()
            time.sleep(0.2)
        if self.worker is not None:
            self.worker.wait(30)

    def send_away(self) -> None:
        """End whoever is still there: something went wrong with the soak itself."""
        for hand in self.hands:
            hand.process.kill()
            hand.process.wait()
        for player in self.players:
            with contextlib.suppress(OSError):
                player.kill()
        self.commands.stop()
        self.end_worker()
        self.store.close()

    def look_into_logs(self) -> None:
        """What nobody saw on a screen: words of Python in what was printed, and mistakes of ours in the log."""
        for name in ("worker.out", "hands.out"):
            file = self.folder / name
            said = file.read_text("utf-8", "replace") if file.exists() else ""
            for part in said.split("Traceback")[1:]:
                self.ledger.error(name, "Traceback" + part[:600])
        log = self.path / "frontdesk.log"
        for line in log.read_text("utf-8").splitlines() if log.exists() else []:
            if hasattr(builtins, json.loads(line).get("error", "")):
                self.ledger.error("the log", line)
