"""What the parts of the screen have in common: the screen they belong to, and short ways to what they use."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Generic, Self, TypeVar, cast, overload

from tui.widgets.hint_line import called

if TYPE_CHECKING:
    from inbox.ports import Workspace
    from tui.background import Background
    from tui.screens.inbox import InboxScreen
    from tui.seat import Seat


T = TypeVar("T")
P = TypeVar("P", bound="Part")

PLACES = ("views", "list", "conversation", "customer")
"""Where the hands can be, from left to right."""

OVER_ALL = ("mailboxes", "names", "outbox", "attachments", "report", "issues", "telling", "activity")
"""Where they can be besides: a pane of its own, there only while they are on it."""


class Part:
    """A part of the screen with state of its own; it lives on Textual's loop, as all that touches widgets."""

    def __init__(self, screen: InboxScreen) -> None:
        self.screen = screen

    @property
    def seat(self) -> Seat:
        """Where the person sits."""
        return self.screen.seat

    @property
    def background(self) -> Background:
        """The threads."""
        return self.screen.frontdesk.background

    def called(self, verb: str, context: str = "list") -> str:
        """What a person presses for a verb: its key there, or its name in the palette where it has none."""
        return called(self.seat.keymap, context, verb)

    def ask_first(self, ask: Callable[[Workspace], T], then: Callable[[T], None]) -> None:
        """Read something that opens what the next keys are meant for: they wait until it is there."""

        def there(found: T) -> None:
            then(found)
            self.screen.keyboard.go_on()

        self.screen.keyboard.wait()
        self.background.read("", ask, there)

    def verbs(self) -> dict[str, Callable[[], None]]:
        """The verbs this part does, by name."""
        return {}


class Later(Generic[P]):
    """A part of the screen that is loaded when it is first used: the first screen waits for none of these.

    `report: Later[Report] = Later("Report")` is the `Report` of the file `report.py` here; `screen.report` is that part.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __set_name__(self, screen: type[InboxScreen], name: str) -> None:
        self._attribute = name

    @property
    def module(self) -> str:
        """The file it is in."""
        return f"tui.screens.{self._attribute}"

    @overload
    def __get__(self, screen: None, owner: type[InboxScreen]) -> Self: ...

    @overload
    def __get__(self, screen: InboxScreen, owner: type[InboxScreen]) -> P: ...

    def __get__(self, screen: InboxScreen | None, owner: type[InboxScreen]) -> Self | P:
        return self if screen is None else self.of(screen)

    def of(self, screen: InboxScreen) -> P:
        """The part of this screen."""
        parts = vars(screen)  # where Python looks first, once it is there
        if self._attribute not in parts:
            parts[self._attribute] = getattr(import_module(self.module), self._name)(screen)
        return cast(P, parts[self._attribute])

    def is_there(self, screen: InboxScreen) -> bool:
        """Whether it was used already."""
        return self._attribute in vars(screen)
