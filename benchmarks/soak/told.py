"""What a soak found, as a table and as JSON."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from benchmarks.soak.books import Books
from benchmarks.soak.plan import Ledger, Plan

AT_MOST = {
    "change, durable": {"p95": 50.0, "p99": 150.0, "max": 1000.0},
    "list: a page and the counts": {"p95": 20.0},
    "bell to painted screen": {"p95": 100.0},
}
"""Milliseconds; with 20 screens at 40 changes a second."""


SHOWN = 400
"""Characters of what is amiss; the JSON holds more."""


@dataclass(frozen=True)
class Spent:
    """What one process, or a kind of them, costs: % of a core, MB at the end, and by how much that grew in %."""

    cpu: float
    mb: float
    growth: float | None = None


@dataclass
class Told:
    """All of it. `times`: milliseconds of each kind; `costs`: of each kind of process."""

    plan: Plan
    ledger: Ledger
    books: Books
    seconds: float
    times: dict[str, list[float]] = field(default_factory=dict)
    costs: dict[str, list[Spent]] = field(default_factory=dict)
    world: dict[str, int] = field(default_factory=dict)
    load: float = 0.0

    @property
    def is_good(self) -> bool:
        """Whether no error was seen and the books add up."""
        return not self.ledger.counts["errors"] and self.books.add_up

    def amiss(self) -> dict[str, int]:
        """How often each of what must not be was found."""
        return {
            "errors": self.ledger.counts["errors"],
            "lost": len(self.books.lost),
            "twice": len(self.books.twice),
            "unaccounted": len(self.books.unaccounted),
            "unruled": len(self.books.unruled),
            "problems of verify": len(self.books.problems),
        }

    def as_json(self) -> str:
        """Everything that can be of use later."""
        found = {
            "plan": asdict(self.plan),
            "seconds": round(self.seconds, 1),
            "load": round(self.load, 1),
            "amiss": self.amiss(),
            "wrong": self.ledger.wrong,
            "books": {name: value for name, value in asdict(self.books).items() if name != "states"},
            "answers": dict(self.books.states),
            "counts": dict(self.ledger.counts),
            "world": self.world,
            "milliseconds": {name: spread(values) for name, values in self.times.items() if values},
            "costs": {name: [asdict(each) for each in values] for name, values in self.costs.items()},
        }
        return json.dumps(found, indent=1, ensure_ascii=False) + "\n"

    def table(self) -> str:
        """For people."""
        plan = self.plan
        lines = [
            f"{plan.screens} screens, {plan.rate:g} changes a second asked for, {self.seconds:.0f} s, "
            f"seed {plan.seed}, load {self.load:.1f}",
            f"{'ms':40} {'n':>7} {'p50':>8} {'p95':>8} {'p99':>8} {'max':>8}   at most",
        ]
        for name, values in self.times.items():
            if values:
                found = spread(values)
                limits = ", ".join(f"{which} {limit:g}" for which, limit in AT_MOST.get(name, {}).items())
                figures = " ".join(f"{found[which]:8.1f}" for which in ("p50", "p95", "p99", "max"))
                lines.append(f"{name:40} {len(values):7} {figures}   {limits}")
        lines.append(f"\n{'each process':40} {'n':>7} {'% core':>8} {'MB':>8} {'most MB':>8} {'growth %':>8}")
        for name, spent in self.costs.items():
            if spent:
                grew = [each.growth for each in spent if each.growth is not None]
                growth = f"{statistics.median(grew):8.1f} (most {max(grew):.1f}; at most 10)" if grew else ""
                lines.append(
                    f"{name:40} {len(spent):7} {statistics.mean(each.cpu for each in spent):8.1f}"
                    f" {statistics.median(each.mb for each in spent):8.1f} {max(each.mb for each in spent):8.1f} {growth}"
                )
        for title, counts in (
            ("what was done", self.ledger.counts),
            ("answers at the end", self.books.states),
            ("the world", self.world),
        ):
            lines.append(
                f"\n{title}: " + ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
            )
        lines.append("\n" + ", ".join(f"{name} {count}" for name, count in self.amiss().items()))
        kept = (
            self.books.lost,
            self.books.twice,
            self.books.unaccounted,
            self.books.unruled,
            self.books.problems,
        )
        lines += [
            f"  {each}" for each in (*self.ledger.wrong, *(each for found in kept for each in found[:10]))
        ]
        return "\n".join(lines)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Percentiles, and the worst."""
    ordered = sorted(values)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2)

    return {"n": len(ordered), "p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "max": round(ordered[-1], 2)}
