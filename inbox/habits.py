"""What a person's hands know by now: how often they have done each verb, and whether the first steps are still shown.

Counted while Frontdesk runs and written down when it is left (`storage.live`), so that no key costs anything for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

STEPS = ("reply", "snooze", "close", "note", "undo")
"""The first steps: who has done these five can work."""

OFTEN = 12
"""Times after which hands know a verb, and hints give their first places to others."""

MOST = 1000
"""Beyond so many nobody counts."""


@dataclass(slots=True)
class Habits:
    """Of one person. `used` is how often they did each verb before; `steps` says whether the first steps are wanted."""

    used: Mapping[str, int] = field(default_factory=dict)
    steps: bool = True
    new: Counter[str] = field(default_factory=Counter)  # since Frontdesk was opened
    turned: bool = False  # whether the first steps were shown or hidden since

    def did(self, verb: str) -> None:
        """They did a verb."""
        self.new[verb] += 1

    def turn(self) -> bool:
        """Show the first steps, or hide them; whether they are shown now. Shown again, they begin anew."""
        self.steps, self.turned = not self.left, True
        if self.steps:
            self.used = {verb: count for verb, count in self.used.items() if verb not in STEPS}
            self.new = Counter({verb: count for verb, count in self.new.items() if verb not in STEPS})
        return self.steps

    @property
    def left(self) -> tuple[str, ...]:
        """The first steps that were not done yet; () once they are not wanted."""
        if not self.steps:
            return ()
        return tuple(verb for verb in STEPS if not self.used.get(verb) and not self.new[verb])

    @property
    def known(self) -> Collection[str]:
        """What their hands knew when Frontdesk was opened: hints do not change places while somebody works."""
        return frozenset(verb for verb, count in self.used.items() if count >= OFTEN)
