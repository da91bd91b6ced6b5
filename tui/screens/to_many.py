"""One text for many while it is written: a letter with the issue it tells of."""

from __future__ import annotations

from dataclasses import dataclass, replace

from inbox.ports import Draft
from inbox.text import one_line
from tui.screens.letter import Letter


@dataclass(frozen=True)
class ToMany(Letter):
    """One text for many, while it is written: of which issue, and to whom where it is an announcement.

    `to` holds the query of an announcement, which is what its draft remembers.
    """

    issue: str = ""
    closes: bool = False
    announces: bool = False

    @property
    def title(self) -> str:
        """What stands above the text."""
        places = "{first_name} and {name} are filled in"
        if self.announces:
            return f"Announcement · {one_line(self.subject, 60)} · {places}"
        return f"{'Close' if self.closes else 'Tell all of'} {self.issue} with this · {places}"

    def found_again(self, draft: Draft) -> Letter:
        """The letter as a draft of it was left."""
        return replace(self, subject=draft.subject or self.subject, to=draft.to or self.to)
