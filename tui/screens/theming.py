"""Choosing the colours: each is worn while it is under the hands, and kept for the person who chose it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from inbox.text import one_line
from tui.looks import NAMES, theme_for
from tui.prompts import Option, Prompt
from tui.screens.part import Part

if TYPE_CHECKING:
    from inbox.ports import Workspace

WORDS = {
    "auto": "as this terminal is",
    "dark": "light on dark",
    "light": "dark on light",
    "ansi": "the terminal's own sixteen colours",
    "mono": "no colour at all",
}
"""The choices, as they are named in the preferences, and what they mean."""


class Theming(Part):
    """Opens the question, shows what is under the hands, and keeps the answer."""

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"theme": self._ask}

    def _ask(self) -> None:
        app = self.screen.frontdesk
        if app.no_color:
            self.screen.say("NO_COLOR is set here, so the screen stays without colour.")
            return
        worn = app.theme
        chosen: list[str] = []

        def offer(text: str) -> Sequence[Option]:
            typed = text.strip().casefold()
            options = (Option(name, name, _words(name)) for name in WORDS)
            return [each for each in options if typed in f"{each.label} {each.detail}"]

        def seen(option: Option | None) -> None:
            if option is not None:
                app.wear(theme_for("auto", os.environ, str(option.value)))
            else:  # the question is gone; the answer, where there is one, comes next
                self.screen.call_later(lambda: None if chosen else app.wear(worn))

        def accept(answer: Option | str) -> None:
            name = str(answer.value) if isinstance(answer, Option) else answer
            chosen.append(name)
            self.choose(name)

        prompt = Prompt("Colours", accept, offer, seen=seen)
        forced = self.seat.theme in NAMES
        now = self.seat.theme if forced else self.seat.store.documents.theme(self.seat.who.name)
        prompt.chosen = list(WORDS).index(now) if now in WORDS else 0
        self.screen.ask(prompt)

    def choose(self, name: str) -> None:
        """Wear the colours of this name from now on."""
        self.screen.frontdesk.wear(theme_for("auto", os.environ, name))
        self._keep(name)

    def _keep(self, name: str) -> None:
        who = self.seat.who.name

        def keep(store: Workspace) -> None:
            store.documents.keep_theme(who, name)

        def say(_: None) -> None:
            forced = self.seat.theme in NAMES and self.seat.theme != name
            held = " FRONTDESK_THEME says otherwise at the next start." if forced else ""
            self.screen.say(f"Colours: {WORDS[name]}. Kept for {one_line(who, 40)}.{held}")

        self.background.write(keep, say)


def _words(name: str) -> str:
    """What a choice means, at a terminal that may not have the colours for it."""
    here = theme_for("auto", os.environ, name)
    return (
        WORDS[name] if name == "auto" or here == f"frontdesk-{name}" else f"{WORDS[name]}; here, the sixteen"
    )
