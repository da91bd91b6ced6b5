"""The clock of a rehearsal: it starts at an instant of its own and may run faster than the one on the wall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from inbox.model import Instant


@dataclass(frozen=True)
class RunningClock:
    """Call it for the instant. `speed` is how many of its seconds pass in one of `monotonic`, which is read once when
    the clock is made: from then on it runs."""

    start: Instant
    speed: float
    monotonic: Callable[[], float]
    _begun: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_begun", self.monotonic())

    def __call__(self) -> Instant:
        """The instant this clock shows now."""
        return self.start + int((self.monotonic() - self._begun) * self.speed)
