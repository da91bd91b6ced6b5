"""`g k`: other keys for a verb. One picks it, presses the keys, hears at once what they would be taken from, and Enter
writes them into one's own keybindings.toml. They are in force with the next key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from inbox.errors import BadSettings
from inbox.verbs import CONTEXTS, VERBS
from tui.keys import Binding, Keymap, load, presets, sequence_named
from tui.prompts import LineEditor, Option, Prompt
from tui.screens.part import Part
from tui.widgets.hint_line import sign

if TYPE_CHECKING:
    from tui.key_file import Line

FEW = 3
"""Keys that may be taken from other verbs at once; beyond, somebody has pressed the beginning of many."""


CALLED = {
    "compose": "while writing",
    "send": "in the send bar",
    "prompt": "in questions",
    "global": "everywhere",
}
"""Contexts whose name would not say where they are."""


class _Place(NamedTuple):
    """A verb, and the contexts in which it has the same keys: there it gets other ones."""

    verb: str
    contexts: tuple[str, ...]

    @property
    def where(self) -> str:
        """The contexts in words."""
        if len(self.contexts) > 3:
            return f"in {len(self.contexts)} places"
        named = [CALLED.get(each, f"in the {each}") for each in self.contexts]
        return " and ".join([*named[:1], *(each.removeprefix("in the ") for each in named[1:])])

    def __str__(self) -> str:
        return f"{self.verb} {self.where}"

    def lines(self, keys: Sequence[str] | None) -> list[Line]:
        """The lines that give it these keys."""
        return [(context, self.verb, keys) for context in self.contexts]


@dataclass
class _Pressed(Prompt):
    """Takes whatever keys are pressed as the answer: Enter ends them, Esc leaves."""

    takes_keys: bool = True
    keys: list[str] = field(default_factory=list)
    judge: Callable[[str], str | None] = lambda _: None  # what is wrong with them

    def press(self, key: str, character: str | None) -> Option | str | None:  # noqa: ARG002  (a key is a key)
        """Take a key."""
        self.refusal = ""
        if key == "escape":
            return ""
        if key == "enter" and self.keys:
            self.refusal = self.judge(" ".join(self.keys)) or ""
            return None if self.refusal else " ".join(self.keys)
        if key == "backspace" and self.keys:
            self.keys.pop()
        else:
            self.keys.append(key)
        self.line = LineEditor(sign(" ".join(self.keys)))
        return None

    def paste(self, text: str) -> None:
        """Pasted text is no key."""


class KeyEditor(Part):
    """Asks for a verb and for keys, and writes them down."""

    def ask(self) -> None:
        """Ask which verb is to have other keys."""
        screen = self.screen
        if self.seat.keys_file is None:
            screen.say("This account's keys are shared: keybindings.toml of the account holds them.")
            return
        here = screen.context
        places = sorted(
            self._places(), key=lambda place: (here not in place.contexts, "global" not in place.contexts)
        )
        options = [self._option(place) for place in places]
        options += [
            Option(
                f"preset {name}", name, "the keys hands know from there", kind="in force" * self._has(name)
            )
            for name in presets()
        ]

        def offer(text: str) -> Sequence[Option]:
            text = text.strip()
            words = text.casefold().split()
            first = [each for each in options if text and text in (*each.kind.split("  "), each.label)]
            return first + [
                each
                for each in options
                if each not in first
                and all(word in f"{each.label} {each.detail}".casefold() for word in words)
            ]

        def preview(text: str) -> str:
            return "" if text else "a verb or its key, or preset"

        screen.ask(
            Prompt("Other keys for", self._chosen, offer, preview), most=max(8, screen.size.height - 4)
        )

    def _has(self, preset: str) -> bool:
        return self.seat.keymap.preset == preset

    def _option(self, place: _Place) -> Option:
        keys = "  ".join(map(sign, _keys(self.seat.keymap, place)))
        return Option(place.verb, place, f"{place.where}: {VERBS[place.verb].words}", kind=keys or "no key")

    def _chosen(self, answer: Option | str) -> None:
        value = answer.value if isinstance(answer, Option) else None
        if isinstance(value, str):
            self._write((), value, f"The keys are those of {value} now.")
        elif isinstance(value, _Place):
            self._ask_what(value)

    def _ask_what(self, place: _Place) -> None:
        keys = _keys(self.seat.keymap, place)
        ways: dict[str, tuple[str, Callable[[], None]]] = {
            "n": ("new keys", lambda: self._ask_keys(place, ()))
        }
        if keys:
            ways["m"] = ("one more", lambda: self._ask_keys(place, keys))
            ways["x"] = ("no key", lambda: self._write(place.lines(()), None, f"{place}: no key now."))
        if _keys(self._usual, place) != keys:
            back = f"{place}: the usual key again."
            ways["d"] = ("the usual", lambda: self._write(place.lines(None), None, back))
        options = [Option(words, key, key=key) for key, (words, _) in ways.items()]

        def accept(answer: Option | str) -> None:
            if isinstance(answer, Option):
                ways[str(answer.value)][1]()

        now = "  ".join(map(sign, keys)) or "no key"
        self.screen.ask(Prompt(f"{place}, {now}:", accept, lambda _: options, asks_line=False))

    @property
    def _usual(self) -> Keymap:
        """The keys as they are without a line of one's own."""
        return load(preset=self.seat.keymap.preset)

    def _places(self) -> Iterator[_Place]:
        """Every verb where it has keys, or usually has; one that never has any, where it may: everywhere if it may."""
        usual = {(each.context, each.verb) for each in self._usual.bindings}
        keys: dict[tuple[str, str], tuple[str, ...]] = {}
        for each in self.seat.keymap.bindings:
            here = each.context, each.verb
            keys[here] = (*keys.get(here, ()), each.keys)
        known = {verb for _, verb in (*usual, *keys)}
        for verb in VERBS.values():
            if verb.name not in known:
                everywhere = "global" in verb.contexts
                yield _Place(verb.name, ("global",) if everywhere else verb.contexts)
                continue
            alike: dict[tuple[str, ...], list[str]] = {}
            for context in CONTEXTS:
                here = context, verb.name
                if here in keys or here in usual:
                    alike.setdefault(keys.get(here, ()), []).append(context)
            yield from (_Place(verb.name, tuple(contexts)) for contexts in alike.values())

    def _ask_keys(self, place: _Place, kept: Sequence[str]) -> None:
        def accept(answer: Option | str) -> None:
            if isinstance(answer, str) and answer:
                self._give(place, kept, answer)

        def judge(keys: str) -> str | None:
            return self._wrong(place, keys)

        prompt = _Pressed(f"Press keys for {place.verb}:", accept, free=True, judge=judge)
        prompt.preview = lambda _: self._judged(place, " ".join(prompt.keys))
        self.screen.ask(prompt)

    def _wrong(self, place: _Place, keys: str) -> str | None:
        """Why these cannot be the keys."""
        try:
            for context in place.contexts:
                sequence_named(context, keys)
        except ValueError as error:
            return str(error)
        taken = self._taken(place, keys)
        if len(_together(taken)) > FEW:
            begun = len({each.keys for each in taken})
            return f"{sign(keys)} begins {begun} others, as {sign(taken[0].keys)}: press another after it."
        return None

    def _judged(self, place: _Place, keys: str) -> str:
        """What Enter would do."""
        if not keys:
            return "Enter ends them, Esc leaves"
        wrong = self._wrong(place, keys)
        if wrong is not None:
            return wrong
        taken = self._taken(place, keys)
        if not taken:
            return "free: Enter takes it"
        return "Enter takes it from " + ", ".join(_beside(place, each) for each in _together(taken))

    def _taken(self, place: _Place, keys: str) -> list[Binding]:
        from tui.key_file import clashes

        found = (clashes(self.seat.keymap, context, place.verb, keys) for context in place.contexts)
        return list(dict.fromkeys(each for here in found for each in here if each.verb != place.verb))

    def _give(self, place: _Place, kept: Sequence[str], keys: str) -> None:
        from tui.key_file import without

        taken = self._taken(place, keys)
        gone = without(self.seat.keymap, taken)
        bare = {verb for _, verb, left in gone if not left}
        lost = "".join(
            f" {_beside(place, each)}: no key now." for each in _together(taken) if each.verb in bare
        )
        lines = [*gone, *place.lines(list(dict.fromkeys((*kept, keys))))]
        self._write(lines, None, f"{sign(keys)} is {place} now.{lost}")

    def _write(self, lines: Sequence[Line], preset: str | None, said: str) -> None:
        file = self.seat.keys_file
        assert file is not None

        def write(_: object) -> Keymap | BadSettings:
            from tui.key_file import write as write_down

            try:
                return write_down(file, lines, preset)
            except BadSettings as error:
                return error

        self.background.write(write, lambda done: self._written(done, said))

    def _written(self, done: Keymap | BadSettings, said: str) -> None:
        if isinstance(done, BadSettings):
            first, _, more = done.next_step.partition("\n")
            count = f" (and {more.count(chr(10)) + 1} more)" if more else ""
            where, _, words = first.partition(": ")
            self.screen.complain(BadSettings(f"Not written{count}: line {where.rpartition(':')[2]}: {words}"))
            return
        screen = self.screen
        screen.seat = screen.frontdesk.seat = replace(self.seat, keymap=done)
        screen.show_hints()
        screen.say(f"{said} It is written.")


def _keys(keymap: Keymap, place: _Place) -> list[str]:
    """The keys of a verb in the first of its contexts, as in all of them."""
    return [
        each.keys for each in keymap.bindings if (each.verb, each.context) == (place.verb, place.contexts[0])
    ]


def _together(bindings: Sequence[Binding]) -> list[_Place]:
    """The places of bindings, each verb once."""
    contexts: dict[str, list[str]] = {}
    for each in bindings:
        contexts.setdefault(each.verb, []).append(each.context)
    return [_Place(verb, tuple(dict.fromkeys(here))) for verb, here in contexts.items()]


def _beside(place: _Place, other: _Place) -> str:
    """Another verb, and where, unless that is where the first one is."""
    return other.verb if set(other.contexts) <= set(place.contexts) else str(other)
