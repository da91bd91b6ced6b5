"""One's own profile: how customers see one, own lines under answers, zone, keys, languages. A list in which each line is
changed with its key. It opens by itself once, when somebody of a team first enters, and gives way to every other key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from inbox.errors import BadSettings, BadUsage
from inbox.text import one_line
from tui.prompts import LineEditor, Option, Prompt
from tui.screens.part import Part
from tui.screens.questions import fitting

if TYPE_CHECKING:
    from inbox.ports import Workspace
    from inbox.profiles import Profile
    from tui.keys import Keymap

KEYS = "keys"
LINES = (
    ("1", "shown", "name", "as customers see it"),
    ("2", "signature", "signature", "own lines under your answers"),
    ("3", "zone", "zone", "typed dates are told in it"),
    ("4", KEYS, "keys", "default, or those hands know from mutt or gmail"),
    ("5", "languages", "languages", "in which you answer customers"),
)
"""The key of each line, its field, its name, and what it is for."""
HOW = {
    "shown": "as in: Bo, or Bo Berger; empty: your name here",
    "signature": "up to four lines, a | between them; empty: none",
    "zone": "as in Europe/Vienna; empty: the team's",
    "languages": "two letters each, as in: de en fr; empty: not said",
}
WELCOME = "Welcome, {name}: how customers see you. Asked once, Esc leaves it as it is."


class Profiling(Part):
    """Shows what one says of oneself, and changes it."""

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {"profile": self.ask}

    def begin(self) -> None:
        """Frontdesk was opened: ask who was never asked, unless their hands are somewhere already."""
        if not self.seat.asks_profile:
            return
        who = self.seat.who.name

        def asked(store: Workspace) -> None:
            store.documents.change_profile(who, {})

        self.background.write(asked, lambda _: self._welcome())

    def _welcome(self) -> None:
        self.screen.seat = self.screen.frontdesk.seat = replace(self.seat, asks_profile=False)
        name = one_line(self.seat.who.name, 16)
        if self.screen.prompt is not None or self.screen.letter is not None or self.screen.returning.touched:
            if not self.screen.hints.said:  # that the line dropped, and what was kept, matters more
                self.screen.say(f"Welcome, {name}. {self.called('profile')} says how customers see you.")
            return
        self.ask(WELCOME.format(name=name), gives_way=True)

    def ask(self, question: str = "You. Esc when all is said:", gives_way: bool = False) -> None:
        """Show all of it."""
        options = [
            Option(label, field, self._said(field) or f"({words})", key) for key, field, label, words in LINES
        ]

        def accept(answer: Option | str) -> None:
            if isinstance(answer, Option):
                self._ask_one(str(answer.value))

        prompt = Prompt(question, accept, lambda _: options, asks_line=False, gives_way=gives_way)
        self.screen.ask(prompt, most=len(LINES))

    def _said(self, field: str) -> str:
        profile = self.seat.profile
        return {
            "shown": profile.shown,
            "signature": profile.signature.replace("\n", " | "),
            "zone": profile.zone,
            KEYS: self.seat.keymap.preset,
            "languages": " ".join(profile.languages),
        }[field]

    def _ask_one(self, field: str) -> None:
        if field == KEYS:
            self._ask_keys()
            return
        if field == "zone":  # the zones are files: no key waits for a disk
            self.ask_first(lambda _: sorted(available_timezones()), lambda zones: self._ask_for(field, zones))
            return
        self._ask_for(field)

    def _ask_for(self, field: str, zones: Sequence[str] = ()) -> None:
        label = next(line[2] for line in LINES if line[1] == field)

        def offer(text: str) -> Sequence[Option]:
            wanted = text.strip().casefold().replace(" ", "_")
            found = [Option(zone, zone) for zone in zones if wanted and wanted in zone.casefold()]
            return [] if len(found) == 1 and found[0].label == text.strip() else found[:6]

        def accept(answer: Option | str) -> None:
            said = str(answer.value) if isinstance(answer, Option) else answer
            near = [] if said in zones else offer(said)
            self._say({field: str(near[0].value) if near else said})

        prompt = Prompt(f"Your {label}:", accept, offer, preview=lambda _: HOW[field], free=True)
        prompt.line = LineEditor(self._said(field))
        self.screen.ask(prompt)

    def _say(self, said: Mapping[str, str]) -> None:
        who = self.seat.who.name
        (field,) = said

        def change(store: Workspace) -> Profile | BadUsage:
            try:
                return store.documents.change_profile(who, said)
            except BadUsage as error:
                return error

        def done(found: Profile | BadUsage) -> None:
            if isinstance(found, BadUsage):
                self.screen.complain(found)
                self._ask_one(field)
            else:
                zone = ZoneInfo(found.zone) if found.zone else self._zone_of_the_team()
                self.screen.seat = self.screen.frontdesk.seat = replace(
                    self.seat, profile=found, own_zone=zone
                )
                self.ask()
            self.screen.keyboard.go_on()

        self.screen.keyboard.wait()
        self.background.write(change, done)

    def _zone_of_the_team(self) -> ZoneInfo | None:
        settings = self.seat.settings
        return settings.zone_of(self.seat.who.name) if settings is not None else None

    # keys

    def _ask_keys(self) -> None:
        from tui.keys import presets

        file = self.seat.keys_file
        if file is None:
            self.screen.say("This account's keys are shared: keybindings.toml of the account holds them.")
            return
        options = [Option(name, name, "as shipped" if name == "default" else "") for name in presets()]

        def write(name: str) -> Keymap | BadSettings:
            from tui.key_file import write as write_down

            try:
                return write_down(file, preset=name)
            except BadSettings as error:
                return error

        def done(found: Keymap | BadSettings) -> None:
            if isinstance(found, BadSettings):
                self.screen.complain(found)
            else:
                self.screen.seat = self.screen.frontdesk.seat = replace(self.seat, keymap=found)
                self.ask()
            self.screen.keyboard.go_on()

        def accept(answer: Option | str) -> None:
            name = str(answer.value) if isinstance(answer, Option) else answer
            self.screen.keyboard.wait()
            self.background.write(lambda _: write(name), done)

        self.screen.ask(Prompt("Keys that your hands know:", accept, lambda text: fitting(options, text)))
