"""`?`: the keys in force here, by what they are for; typing narrows them, Enter does one, and what cannot be says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from inbox.text import one_line
from inbox.verbs import VERBS, Verb
from tui.keys import TYPING
from tui.prompts import Option, Prompt
from tui.screens.part import Part
from tui.widgets.hint_line import sign

HOW = "type to search them, Enter does one"

ANSWER, CHANGE, LOOK, GO, MOVE, EDIT = "answer", "change", "look", "go to", "move", "edit"
GROUPS = (ANSWER, CHANGE, LOOK, GO, MOVE, EDIT)
"""The headings, in their order."""

_MOVING = frozenset(
    {
        *(
            "down",
            "up",
            "page-down",
            "page-up",
            "top",
            "bottom",
            "open",
            "back",
            "next-pane",
            "previous-pane",
        ),
        *("next-conversation", "previous-conversation", "next-message", "previous-message"),
        *("select", "select-all", "select-range", "next-place", "leave-draft"),
        *("figure-left", "figure-right", "next-grouping", "previous-grouping"),
    }
)
_EDITED = frozenset({"find-text", "find-text-again", "select-text", "cut-text", "reflow"})
_WRITTEN = frozenset({"quote-part", "note", "new", "attach", "saved-replies", "knowledge", "edit-outside"})


def group_of(verb: Verb) -> str:
    """The heading a verb stands under."""
    if verb.name in _MOVING:
        return MOVE
    if verb.name in _EDITED:
        return EDIT
    if verb.sends or verb.name in _WRITTEN:
        return ANSWER
    if verb.changes:
        return CHANGE
    return GO if "global" in verb.contexts else LOOK


def is_here(verb: Verb, context: str) -> bool:
    """Whether a verb can be meant in a context: it belongs there, or everywhere that nothing is written."""
    return context in verb.contexts or ("global" in verb.contexts and context not in TYPING)


class KnownKeys(Part):
    """Lists what can be done where the hands are."""

    def ask(self) -> None:
        """Open the list."""
        screen = self.screen
        if screen.prompt is not None:
            screen.say("Esc goes back first: the keys of a question stand beside it.")
            return
        context = screen.context
        options = sorted(self._options(context), key=lambda option: GROUPS.index(option.group))

        def offer(text: str) -> Sequence[Option]:
            text = text.strip()
            if not text:
                return options
            words = text.casefold().split()
            by_key = [option for option in options if text in option.label.split("  ")]
            by_name = [
                option
                for option in options
                if option not in by_key
                and all(word in f"{option.value} {option.detail}".casefold() for word in words)
            ]
            return by_key + by_name

        where = "while writing" if context in TYPING else f"in the {context}"
        prompt = Prompt(f"Keys {where}:", self._run, offer, lambda text: "" if text else HOW)
        screen.ask(prompt, most=max(8, screen.size.height - 4))

    def _options(self, context: str) -> Iterator[Option]:
        in_force = self.seat.keymap.in_force(context)
        with_keys = (verb for verb in VERBS if verb in in_force)
        without = (verb for verb in VERBS if verb not in in_force and is_here(VERBS[verb], context))
        hidden = self.screen.hidden
        for verb in (each for each in chain(with_keys, without) if each not in hidden):
            keys = "  ".join(map(sign, in_force.get(verb, ()))) or f":{verb}"
            yield Option(
                keys, verb, self._words(verb), blocked=self.screen.refused(verb), group=group_of(VERBS[verb])
            )

        if context == "compose":
            from tui.widgets.composer import EDITING_KEYS

            yield from (Option(keys, "", words, group=EDIT) for keys, words in EDITING_KEYS)

    def _words(self, verb: str) -> str:
        if verb.startswith("view-"):
            return self.screen.shelf.label_of(int(verb[-1]))
        return one_line(VERBS[verb].words, 100)

    def _run(self, answer: Option | str) -> None:
        if isinstance(answer, Option) and answer.value:
            self.screen.run(str(answer.value))
        elif isinstance(answer, Option):
            self.screen.say(f"{answer.label}: press it in the text.")
