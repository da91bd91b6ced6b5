"""From a key to a verb: sequences, questions, the composer; and the keys nobody meant.

Keys are taken one after the other, each at once. Two rules keep fast hands and slow lines safe: after a refusal the
keys that follow without a pause are dropped, for they were meant for something that did not happen; and a key that
changes something is held when it was pressed before a person could have seen what the screen moved on to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import events

from inbox.errors import FrontdeskError
from inbox.verbs import VERBS
from tui.keys import PENDING, from_textual
from tui.widgets.hint_line import called, sign

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui.screens.inbox import InboxScreen

LONG = 1.0
"""Seconds after which it is said that keys wait."""
WAITING = "It is still being done; keys that are pressed wait for it."


class Keyboard:
    """Takes every key of the screen."""

    def __init__(self, screen: InboxScreen) -> None:
        self._screen = screen
        self._typed: list[str] = []
        self._dropping = False
        self._last = _LONG_AGO
        self._refused = _LONG_AGO  # when something was refused last
        self._advanced = _LONG_AGO  # when the screen moved on by itself, and was painted
        self._unpainted = False  # it did, and what it moved on to is not painted yet
        self.round_trip = 0.0  # seconds, as measured
        self._waits = 0  # things on their way for which the next keys wait
        self._kept: list[Callable[[], None]] = []  # what was typed or pasted meanwhile
        self._patience: Timer | None = None  # until it is said that they wait

    def press(self, event: events.Key) -> None:
        """Take a key; one that was pressed while something is being done waits until it is."""
        if self._waits:
            self._kept.append(partial(self.press, event))
            return
        screen = self._screen
        before, self._last = self._last, event.time
        if self._dropping:
            unseen = event.time < self._refused + self._to_be_seen
            self._dropping = unseen or event.time - before < screen.seat.pace.pause
            if self._dropping:
                return
        screen.returning.hands()
        key = from_textual(event.key, event.character)
        if screen.prompt is not None and screen.prompt.steps_aside(key):
            screen.close_prompt()
        context = screen.context
        if screen.hints.said and context not in ("prompt", "send"):
            screen.say("")
        if screen.prompt is not None and screen.prompt.takes_keys:
            screen.answer(key, event.character)
            return
        self._typed.append(key)
        verb = screen.seat.keymap.verb_for(context, self._typed)
        if verb is None and context == "search":  # what is found is still a conversation that is read
            verb = screen.seat.keymap.verb_for("conversation", self._typed)
        if verb is PENDING:
            self._show_sequence(context)
            return
        typed, self._typed = self._typed, []
        try:
            self._do(verb, typed, event)
        except FrontdeskError as error:
            screen.complain(error)
        screen.returning.say_now()

    def _do(self, verb: str | None, typed: list[str], event: events.Key) -> None:
        screen, key = self._screen, typed[-1]
        if screen.hints.typed:
            screen.hints.go_on(())
        if isinstance(verb, str):
            self._run(verb, typed, event.time)
        elif len(typed) == 1:
            self._write(event, key)
        elif key != "escape":
            self._means_nothing(" ".join(typed))

    def _means_nothing(self, keys: str) -> None:
        keymap = self._screen.seat.keymap
        leave, shown = keymap.keys_for("global", "quit"), keymap.keys_for("global", "help")
        if keys == "ctrl+c" and leave:
            self._screen.say(f"{sign(leave[0])} leaves Frontdesk.")
        else:
            self._screen.say(
                f"{sign(keys)} means nothing here." + (f" {sign(shown[0])} shows the keys." if shown else "")
            )

    def leaves(self, event: events.Key) -> bool:
        """Whether a key means to leave Frontdesk, wherever the hands are."""
        key = from_textual(event.key, event.character)
        return key is not None and self._screen.seat.keymap.verb_for("global", (key,)) == "quit"

    def paste(self, text: str) -> None:
        """Pasted text goes where text is written, and nowhere else; it keeps its place between the keys."""
        if self._waits:
            self._kept.append(partial(self.paste, text))
            return
        screen, prompt = self._screen, self._screen.prompt
        if self._typed:  # a sequence that was begun
            self._typed = []
            screen.hints.go_on(())
        if prompt is not None:
            prompt.paste(text[:LONGEST_LINE])
            if not prompt.asks_line:
                prompt.refusal = "Pasted text answers nothing."
            elif len(text) > LONGEST_LINE:
                prompt.refusal = f"Only the first {LONGEST_LINE} characters fit here."
            screen.prompt_bar.show(prompt, screen.prompt_bar.most)
            prompt.seen(prompt.under_hands)
        elif screen.letter is not None and len(text) > LONGEST_TEXT:
            attach = screen.seat.keymap.keys_for("compose", "attach")
            way = f" {sign(attach[0])} attaches a file." if attach else ""
            screen.say(f"{len(text)} characters are too many for a letter: nothing was pasted.{way}")
        elif screen.letter is not None:
            screen.writing.paste(text)
        else:
            reply, note = (called(screen.seat.keymap, "list", verb) for verb in ("reply", "note"))
            screen.say(f"Pasted text runs no keys. {reply} or {note} opens something to paste into.")

    def drop(self) -> None:
        """Something was refused: what was typed ahead was not meant for what comes next."""
        self._dropping = True
        self._refused = self._screen.seat.monotonic()
        self._typed = []
        self._kept.clear()

    def wait(self) -> None:
        """Something is on its way whose outcome decides what the next keys mean: keep them. Each wait ends with a `go_on`
        of its own."""
        self._waits += 1
        if self._waits == 1:
            self._patience = self._screen.set_timer(LONG, self._say_that_it_waits)

    def go_on(self) -> None:
        """It is done: take what was kept, unless something else is waited for."""
        self._waits = max(0, self._waits - 1)
        if not self._waits:
            self._wait_no_more()
        while self._kept and not self._waits:
            self._kept.pop(0)()

    def give_up(self) -> None:
        """Something failed, and what the keys wait for may never come."""
        self.drop()
        self._waits = 0
        self._wait_no_more()

    def _wait_no_more(self) -> None:
        if self._patience is not None:
            self._patience.stop()
            self._patience = None
        if self._screen.hints.said.startswith(WAITING):
            self._screen.say("")

    def _say_that_it_waits(self) -> None:
        """Keys that wait for long are not left without a word: another process may hold the workspace."""
        leave = self._screen.seat.keymap.keys_for("global", "quit")
        way = f" {sign(leave[0])} leaves." if leave else ""
        self._screen.say(f"{WAITING}{way}")

    def advanced(self) -> None:
        """The screen moved on by itself, now."""
        self._advanced, self._unpainted = self._screen.seat.monotonic(), True

    def painted(self) -> None:
        """What the screen moved on to is there to be seen, from now on."""
        if self._unpainted and self._screen.place == "conversation":
            self._advanced = self._screen.seat.monotonic()
        self._unpainted = False

    @property
    def _to_be_seen(self) -> float:
        """Seconds from a change of the screen until a key can be an answer to it."""
        return self._screen.seat.pace.glance + self.round_trip

    def _unseen(self, at: float) -> bool:
        """Whether nobody can have seen, when a key was pressed, what the hands are on."""
        screen = self._screen
        unpainted = screen.place == "conversation" and screen.reading.shown != screen.reading.wanted
        return (self._unpainted and unpainted) or at < self._advanced + self._to_be_seen

    def _run(self, verb: str, typed: Sequence[str], at: float) -> None:
        screen = self._screen
        if VERBS[verb].changes and verb not in _ALWAYS and self._unseen(at):
            self.drop()
            self._advanced = _LONG_AGO
            screen.say(f"{' '.join(map(sign, typed))} was held: you had not seen this one.")
            return
        if screen.prompt is not None and verb == "back":
            screen.close_prompt()
            return
        screen.run(verb)

    def _write(self, event: events.Key, key: str) -> None:
        screen = self._screen
        if screen.prompt is not None:
            screen.answer(key, event.character)
        elif screen.letter is not None:
            screen.writing.type_key(event.key, event.character)
        elif key != "escape":
            self._means_nothing(key)

    def _show_sequence(self, context: str) -> None:
        keymap, screen = self._screen.seat.keymap, self._screen
        begun = " ".join(self._typed) + " "
        going_on = [
            (verb, keys)
            for verb, sequences in keymap.in_force(context).items()
            for keys in sequences
            if keys.startswith(begun)
        ]
        going_on.sort(
            key=lambda each: VERBS[each[0]].changes
        )  # where there is no room, what leads elsewhere is seen
        screen.hints.go_on([(sign(keys), VERBS[verb].label) for verb, keys in going_on])


_LONG_AGO = float("-inf")

LONGEST_TEXT, LONGEST_LINE = 200_000, 2_000
"""Characters that can be pasted into a letter, and into a question: with more, each key after it would be slow."""

_ALWAYS = frozenset(
    {
        *("undo", "redo", "discard-draft"),
        *("send-now", "send-and-close", "send-and-snooze", "send-later", "send-anyway"),
    }
)
"""Changing verbs that are never held: they are about what was done, not about what is on the screen."""
