"""Questions asked in the bottom lines: a line to write on, options that narrow while one types, one-key answers.

Everything here works at once on the key that was pressed, so that keys typed ahead are taken in their order; how it
looks is the prompt bar's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from inbox.text import sanitise


@dataclass(frozen=True, slots=True)
class Option:
    """One answer on offer. `key` answers at once while nothing is typed; `blocked` says why it cannot be chosen; `group` is
    the heading it stands under, `kind` what it is, where answers are of several kinds."""

    label: str
    value: object
    detail: str = ""
    key: str = ""
    blocked: str | None = None
    group: str = ""
    kind: str = ""


class LineEditor:
    """One line of text and a caret, with the editing keys of a shell."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.caret = len(text)

    def insert(self, text: str) -> None:
        """Put `text` where the caret is; one line it stays, of what can be seen."""
        text = sanitise(text).replace("\n", " ").replace("\t", " ")
        self.text = self.text[: self.caret] + text + self.text[self.caret :]
        self.caret += len(text)

    def press(self, key: str, character: str | None) -> bool:
        """Take a key; whether it meant anything here."""
        moved = self._moved(key)
        if moved is not None:
            self.caret = moved
            return True
        if key in _CUTS:
            start, end = sorted((self.caret, self._moved(_CUTS[key]) or 0))
            self.text = self.text[:start] + self.text[end:]
            self.caret = start
            return True
        if character is not None and character.isprintable():
            self.insert(character)
            return True
        return False

    def _moved(self, key: str) -> int | None:
        match key:
            case "left" | "ctrl+b":
                return max(0, self.caret - 1)
            case "right" | "ctrl+f":
                return min(len(self.text), self.caret + 1)
            case "home" | "ctrl+a":
                return 0
            case "end" | "ctrl+e":
                return len(self.text)
            case "ctrl+left" | "alt+b":
                return self.text.rstrip()[: self.caret].rstrip().rfind(" ", 0, self.caret) + 1
            case _:
                return None


_CUTS = {
    "backspace": "left",
    "delete": "right",
    "ctrl+d": "right",
    "ctrl+w": "ctrl+left",
    "ctrl+u": "home",
    "ctrl+k": "end",
}
"""Keys that cut what lies between the caret and where another key would take it."""


@dataclass
class Prompt:
    """A question that is open. `accept` gets the chosen option, or the text as typed where `free` allows it.

    `offer` answers the options for a text, and `looks` says whether more of them are still being looked for; `preview` says
    what the text would mean; `seen` hears which option is under the hands, and None when the question is gone; `context`
    names the key table in force meanwhile. A prompt without a line (`asks_line` false) is answered with one key.
    """

    question: str
    accept: Callable[[Option | str], None]
    offer: Callable[[str], Sequence[Option]] = lambda _: ()
    preview: Callable[[str], str] = lambda _: ""
    seen: Callable[[Option | None], None] = lambda _: None
    looks: Callable[[], bool] = lambda: False
    free: bool = False
    asks_line: bool = True
    context: str = "prompt"
    takes_keys: bool = False  # every key is the answer's, whatever it means elsewhere
    line: LineEditor = field(default_factory=LineEditor)
    chosen: int = 0
    options: Sequence[Option] = ()
    refusal: str = ""  # what was wrong with the last answer
    gives_way: bool = False  # any key that is no answer closes it, and does what it does elsewhere
    note: str = ""  # a line above the question
    urgent: bool = False  # whether that line holds something up

    def __post_init__(self) -> None:
        self.options = self.offer(self.line.text)

    @property
    def under_hands(self) -> Option | None:
        """The option that is chosen so far; None where there is none."""
        return self.options[self.chosen] if self.options else None

    def steps_aside(self, key: str) -> bool:
        """Whether whoever presses this key has something else in mind than a question they did not ask for."""
        return self.gives_way and key != "escape" and all(option.key != key for option in self.options)

    def press(self, key: str, character: str | None) -> Option | str | None:
        """Take a key; the answer when it gave one."""
        self.refusal = ""
        if key == "enter":
            return self._answer()
        if not self.line.text or not self.asks_line:
            for option in self.options:
                if option.key and option.key == key:
                    return self._checked(option)
        if key in ("up", "ctrl+p"):
            self.chosen = max(0, self.chosen - 1)
        elif key in ("down", "ctrl+n"):
            self.chosen = min(max(0, len(self.options) - 1), self.chosen + 1)
        elif key == "tab" and self.options:
            self.fill(self.options[self.chosen].label)
        elif not self.asks_line:
            self.refusal = f"{key}: not an answer here"
        elif self.line.press(key, character):
            self._changed()
        return None

    def paste(self, text: str) -> None:
        """Pasted text is text, whatever it looks like."""
        if self.asks_line:
            self.line.insert(text)
            self._changed()

    def fill(self, text: str) -> None:
        """Put `text` on the line."""
        self.line = LineEditor(text)
        self._changed()

    def _changed(self) -> None:
        self.options = self.offer(self.line.text)
        self.chosen = 0

    def _answer(self) -> Option | str | None:
        if self.options and (not self.free or not self.line.text or self.chosen):
            return self._checked(self.options[self.chosen])
        if self.free and (self.line.text.strip() or not self.options):
            return self.line.text.strip()
        self.refusal = "Nothing fits that." if self.line.text else ""
        return None

    def _checked(self, option: Option) -> Option | None:
        if option.blocked is not None:
            self.refusal = option.blocked
            return None
        return option


@dataclass
class Seeking(Prompt):
    """A question whose answers are still being looked for as one types: Enter waits for them where `waits` says so, for it
    would mean something else a moment later."""

    waits: Callable[[], bool] = lambda: False

    def press(self, key: str, character: str | None) -> Option | str | None:
        """Take a key; the answer when it gave one."""
        if key == "enter" and self.waits():
            return None
        return super().press(key, character)

    def refresh(self) -> bool:
        """Offer what has been found since; the hands stay on what they were moved to. Whether that is still there."""
        moved_to = self.under_hands if self.chosen else None
        self.options = self.offer(self.line.text)
        self.chosen = 0
        if moved_to is None:
            return True
        read = [(option.label, option.detail, option.kind) for option in self.options]
        wanted = moved_to.label, moved_to.detail, moved_to.kind
        self.chosen = read.index(wanted) if wanted in read else 0
        return wanted in read


def yes_or_no(question: str, do: Callable[[], None]) -> Prompt:
    """Ask whether to do something, with one key."""

    def accept(answer: Option | str) -> None:
        if isinstance(answer, Option) and answer.value:
            do()

    answers = (Option("yes", True, key="y"), Option("no", False, key="n"))
    return Prompt(question, accept, lambda _: answers, asks_line=False)


def by_number(options: Sequence[Option]) -> Callable[[str], Sequence[Option]]:
    """Offers options whose labels begin with their numbers: a number that is typed means that one, anything else is looked
    for in all of them."""

    def offer(text: str) -> Sequence[Option]:
        wanted = text.strip().casefold()
        exact = [each for each in options if each.label.split()[0] == wanted]
        return exact or [each for each in options if wanted in f"{each.label} {each.detail}".casefold()]

    return offer
