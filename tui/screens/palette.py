"""`:`, one list of all there is by a few letters: verbs and views at once, and a moment later customers, conversations,
saved replies and articles, read in the background as one types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from inbox.progress import figure
from inbox.queries import Assignee, CustomerIs
from inbox.saved_replies import subsequence
from inbox.text import one_line
from inbox.verbs import VERBS
from inbox.views import VIEWS, is_shared
from tui.prompts import Option, Seeking
from tui.screens.found import CLOSE, Found, find
from tui.screens.known_keys import is_here
from tui.screens.part import Part
from tui.screens.shelf import Shown
from tui.widgets.hint_line import sign

if TYPE_CHECKING:
    from textual.timer import Timer

    from inbox.knowledge import Article
    from inbox.saved_replies import SavedReply
    from tui.screens.inbox import InboxScreen

COLON = {"q": "quit", "wq": "send", "x": "send", "w": "save-draft", "help": "help", "h": "help"}
"""What hands type after a colon in other programs."""

Do = Callable[[], None]
"""What Enter does: the value of every option."""


class _Palette(Seeking):
    """Asks for whatever has a name."""


class Palette(Part):
    """Finds whatever has a name, and goes there."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._here: Sequence[Option] = ()  # verbs, then what else needs no reading
        self._text = ""  # what was typed last
        self._found: Sequence[Option] = ()
        self._timer: Timer | None = None  # until that is looked for
        self._reading = False  # it is being looked for
        self._entered = False  # Enter was pressed meanwhile

    def ask(self) -> None:
        """Open the palette."""
        context = self.screen.context
        self._text, self._found, self._reading, self._entered = "", (), False, False
        verbs = [self._verb(verb, context) for verb in VERBS if self._is_offered(verb, context)]
        self._here = [*verbs, *self._actions(), *self._views(), *self._themes(), *self._teammates()]
        prompt = _Palette(
            *(":", self._go, self._offer, self._preview),
            seen=self._seen,
            looks=self._looks,
            waits=self._reads_on,
        )
        self.screen.ask(prompt)

    def _is_offered(self, verb: str, context: str) -> bool:
        return (
            verb not in self.screen.hidden
            and verb != "palette"
            and not verb.startswith("view-")
            and is_here(VERBS[verb], context)
        )

    @property
    def _at_one(self) -> bool:
        """Whether it is seen to which conversation something would be done."""
        return self.screen.place in ("list", "conversation")

    # what there is without reading

    def _verb(self, verb: str, context: str) -> Option:
        keys = self.seat.keymap.keys_for(context, verb)
        return Option(
            verb,
            partial(self._run, verb),
            one_line(VERBS[verb].words, 100),
            blocked=self.screen.refused(verb),
            kind=sign(keys[0]) if keys else "",
        )

    def _actions(self) -> Iterator[Option]:
        key, why = self.seat.keymap.keys_for("list", "act"), self.screen.refused("act")
        for each in self.screen.saved_actions.all if self._at_one else ():
            pressed = sign(f"{key[0]} {each.key}") if key and each.key else "action"
            do = partial(self.screen.saved_actions.do, each)
            yield Option(each.name, do, each.in_words, blocked=why, kind=pressed)

    def _views(self) -> Iterator[Option]:
        counts, team = self.screen.views.counts, len(self.seat.team)
        for view in (each for each in VIEWS.values() if is_shared(each) <= (team > 1)):
            key = self.seat.keymap.keys_for("list", f"view-{view.number}") if view.number is not None else ()
            count = counts.get(view.name, 0)
            yield Option(
                view.label,
                partial(self._open_view, view.name),
                figure(count) if count else "",
                kind=f"view {sign(key[0])}" if key else "view",
            )

    def _themes(self) -> Iterator[Option]:
        from tui.screens.theming import WORDS

        if not self.screen.frontdesk.no_color:
            for name, words in WORDS.items():
                yield Option(f"theme {name}", partial(self.screen.theming.choose, name), words, kind="theme")

    def _teammates(self) -> Iterator[Option]:
        if not self.seat.alone:
            for name in self.seat.team:
                shown = Shown("", f"Of {name}", Assignee(name), f"Nothing is in the hands of {name}.")
                yield Option(name, partial(self._show, shown), "what they have", kind="teammate")

    # what fits

    def _offer(self, text: str) -> Sequence[Option]:
        text = text.strip()
        if text != self._text:
            self._text, self._entered = text, False
            self._look_soon()
            if self._timer is None:
                self._found = ()  # else what was found before stays in sight until it is replaced: rows come and go once
        if text in COLON:
            return [self._known(text)]
        if (path := text.removeprefix("import ").strip()) and path != text:
            return [Option(text, partial(self.screen.taking_in.begin, path), VERBS["import"].words)]
        if not text:
            return self._here
        typed = text.casefold()
        scored = [(_fits(typed, option), option) for option in self._here]
        scored = [(score, option) for score, option in scored if score > 0]
        scored.sort(key=lambda pair: -pair[0])
        return [*(option for _, option in scored), *self._found]

    def _known(self, text: str) -> Option:
        verb = COLON[text]
        words = "keep the draft" if verb == "save-draft" else VERBS[verb].words
        return Option(f":{text}", partial(self._run, verb), words)

    def _preview(self, text: str) -> str:
        if not text:
            return "a verb, view, customer, conversation, reply, article"
        return "looking …" if self._looks() else ""

    # what is read

    def _looks(self) -> bool:
        return self._timer is not None or self._reading

    def _look_soon(self) -> None:
        """Look for the text once the hands rest a moment."""
        self._stop()
        if len(self._text) > 1 and self._text not in COLON:
            self._timer = self.screen.set_timer(self.seat.pace.quiet, self._look)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._reading = False

    def _look(self) -> None:
        self._stop()
        self._reading = True
        text, who, now = self._text, self.seat.who, self.seat.now()
        self.background.read(
            "palette",
            lambda store: find(store, text, who, now, self.seat.zone, lambda: self._is_gone(text)),
            lambda found: self._came(text, found),
            failed=lambda: self._came(text, Found()),
        )

    def _is_gone(self, text: str) -> bool:
        """Whether nobody asks for this text any more."""
        return text != self._text or not isinstance(self.screen.prompt, _Palette)

    def _came(self, text: str, found: Found) -> None:
        prompt, entered = self.screen.prompt, self._entered
        self._entered = False
        if isinstance(prompt, _Palette) and text == self._text and self._put_in(prompt, found) and entered:
            self.screen.answer("enter", None)
        if entered:  # whatever became of the question: the keys go on
            self.screen.keyboard.go_on()

    def _put_in(self, prompt: _Palette, found: Found) -> bool:
        """Show what was found. Whether what the hands were moved to is still there: else Enter was meant for nothing."""
        self._reading = False
        # what is called so comes before that in which it only stands
        self._found = sorted(
            self._options(found), key=lambda each: subsequence(self._text, each.label) < CLOSE
        )
        is_there = prompt.refresh()
        self.screen.prompt_bar.found()
        return is_there

    def _reads_on(self) -> bool:
        """Enter: whether something is still to be read, which is done at once; the keys after it wait."""
        if not self._looks():
            return False
        if self._timer is not None:
            self._look()
        self._entered = True
        self.screen.keyboard.wait()
        return True

    def _seen(self, option: Option | None) -> None:
        if option is None and not isinstance(self.screen.prompt, _Palette):
            self._stop()

    def _options(self, found: Found) -> Iterator[Option]:
        for customer, known in found.customers:
            label = f"Customer: {customer.name}"
            shown = Shown("", label, CustomerIs(str(customer.id)), "Nothing of theirs is here.")
            yield Option(customer.name or "(no name)", partial(self._show, shown), known, kind="customer")
        for number, subject, about in found.conversations:
            do = partial(self.screen.marks.jump, number)
            yield Option(subject or "(no subject)", do, about, kind=f"#{number}")
        for reply in found.replies if self._at_one else ():
            yield Option(
                reply.name, partial(self._reply_with, reply), one_line(reply.text, 200), kind="reply"
            )
        for article in found.articles:
            yield Option(
                article.title, partial(self._read, article), one_line(article.text, 200), kind="article"
            )

    # going there

    def _go(self, answer: Option | str) -> None:
        if isinstance(answer, Option) and callable(answer.value):
            answer.value()

    def _run(self, verb: str) -> None:
        if verb == "save-draft":
            self.screen.writing.save_now()
            self.screen.say("Drafts are kept by themselves.")
        else:
            self.screen.run(verb)

    def _open_view(self, name: str) -> None:
        self.screen.shelf.open_view(name)
        self.screen.go_to("list")

    def _show(self, shown: Shown) -> None:
        self.screen.shelf.search(shown)
        self.screen.go_to("list")

    def _reply_with(self, reply: SavedReply) -> None:
        """Answer what the hands are on with a saved reply."""
        from inbox.knowledge import SAVED

        self.screen.run("reply")
        letter = self.screen.writing.letter
        if letter is not None:
            self.screen.writing.filling.put(letter, reply.text, SAVED + reply.name)

    def _read(self, article: Article) -> None:
        """Show an article in place of the conversation."""
        from inbox.text import sanitise
        from tui.widgets.wrapping import wrapped

        width = max(20, (self.screen.conversation.size.width or self.screen.size.width) - 2)
        lines = list(wrapped(sanitise(article.text), width))
        self.screen.conversation.show_sheet("Article", lines, one_line(article.title, 100))
        self.screen.go_to("conversation")


def _fits(typed: str, option: Option) -> float:
    """How well an option fits what was typed: by its name, else by its words as they stand."""
    if typed == option.label.casefold():
        return 2 * CLOSE
    by_name = subsequence(typed.replace(" ", "-"), option.label)
    if by_name < CLOSE:
        by_name = max(
            by_name if not option.kind.startswith(("view", "teammate")) else 0.0, _by_words(typed, option)
        )
    return by_name


def _by_words(typed: str, option: Option) -> float:
    """2.5 when every word typed begins a word of its name or its sentence."""
    words = f" {option.label} {option.detail}".casefold().replace("-", " ")
    return 2.5 if len(typed) > 2 and all(f" {word}" in words for word in typed.split()) else 0.0
