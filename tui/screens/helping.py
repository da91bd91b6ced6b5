"""What helps while one answers: the last contacts with an upset customer, and the team's knowledge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from inbox.text import one_line, sanitise
from tui.prompts import Option, Prompt
from tui.screens.part import Part

if TYPE_CHECKING:
    from inbox.knowledge import Article, Index
    from inbox.last_contacts import Contact
    from inbox.ports import Workspace
    from tui.screens.inbox import InboxScreen
    from tui.screens.letter import Letter
    from tui.widgets.contacts_pane import ContactsPane

OFFERED = 50
"""Articles offered at once."""

VISIBLE = 6
"""Of them seen at a time, so that there is room for the preview."""


class _Known(NamedTuple):
    """The team's articles, and what the letter answers: how often each helped, the customer's words, their language."""

    shelf: Index
    helped: Mapping[str, int]
    message: str
    language: str


class Helping(Part):
    """Shows what helps above the text, and puts articles in."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._pane: ContactsPane | None = None
        self._previews = False

    def pane(self) -> ContactsPane:
        """The pane, made when something is first written."""
        if self._pane is None:
            from tui.widgets.contacts_pane import ContactsPane

            self._pane = ContactsPane()
        return self._pane

    def begin(self, letter: Letter) -> None:
        """Look for what helps with this letter."""
        self.end()
        row = letter.row
        if row is None:
            return

        def look(store: Workspace) -> tuple[Sequence[Contact], str]:
            from inbox.last_contacts import last_contacts

            contacts = last_contacts(store, row) if row.conversation.upset else ()
            known = _known(store, letter, counts=False) if letter.leaves else None
            strong = known.shelf.strong(known.message, known.language) if known is not None else None
            return contacts, strong.title if strong is not None else ""

        self.background.read("helping", look, lambda found: self._show(letter, *found))

    def end(self) -> None:
        """Nothing is written any more."""
        if self._pane is not None:
            self._pane.show((), "")

    def _show(self, letter: Letter, contacts: Sequence[Contact], title: str) -> None:
        now = self.screen.writing.letter
        if now is None or now.conversation != letter.conversation:
            return
        fits = f"knowledge: {title} ({self.called('knowledge', 'compose')})" if title else ""
        self.pane().show(contacts, fits)

    # knowledge

    def ask(self) -> None:
        """Open the list of articles, those that fit the customer's message first."""
        letter = self.screen.writing.letter
        if letter is None:
            return
        self.screen.writing.previewing.end()  # an article is shown in its place
        self.screen.keyboard.wait()  # what is typed ahead is meant for the list
        self.background.write(
            lambda store: _known(store, letter, counts=True), lambda known: self._offer(letter, known)
        )

    def _offer(self, letter: Letter, known: _Known) -> None:
        if not known.shelf.articles:
            self.screen.say("No article yet: frontdesk knowledge add writes one.")
        else:

            def offer(text: str) -> Sequence[Option]:
                found = known.shelf.ranked(text, message=known.message, language=known.language)
                return [_option(each, known.helped) for each in found[:OFFERED]]

            prompt = Prompt(
                "Knowledge",
                lambda answer: self._put(letter, answer),
                offer,
                seen=self._preview,
            )
            self.screen.ask(prompt, VISIBLE)
        self.screen.keyboard.go_on()

    def _preview(self, option: Option | None) -> None:
        """Show the article under the hands in place of the conversation; None puts the conversation back."""
        view = self.screen.conversation
        if option is None:
            if self._previews:
                self._previews = False
                self.screen.remove_class("-previewing")
                view.close_sheet()
            return
        from inbox.knowledge import Article
        from tui.widgets.wrapping import wrapped

        article = option.value
        if isinstance(article, Article) and self.screen.writing.letter is not None:
            self._previews = True
            self.screen.add_class("-previewing")
            width = max(20, (view.size.width or self.screen.app.size.width) - 2)
            view.show_sheet("Article", list(wrapped(sanitise(article.text), width)), article.title)

    def _put(self, letter: Letter, answer: Option | str) -> None:
        from inbox.knowledge import KNOWLEDGE, Article

        if isinstance(answer, Option) and isinstance(answer.value, Article):
            article = answer.value
            self.screen.writing.filling.put(letter, article.text.rstrip("\n"), KNOWLEDGE + article.title)


def _option(article: Article, helped: Mapping[str, int]) -> Option:
    from inbox.knowledge import KNOWLEDGE

    return Option(
        article.title,
        article,
        f"{times(helped.get(KNOWLEDGE + article.title, 0))}{one_line(article.text, 200)}",
    )


def times(count: int) -> str:
    """How often something helped, before what it says: "helped 3x · "; "" where it never did."""
    return f"helped {count}x · " if count else ""


def _known(store: Workspace, letter: Letter, *, counts: bool) -> _Known:
    """The articles, and what the letter answers; with `counts`, how often each helped."""
    from inbox.below import answered_in
    from inbox.knowledge import asked_in, shelf_of

    items = store.items(letter.conversation, newest=20) if letter.conversation else []
    whose = letter.row.conversation.customer if letter.row is not None else None
    customer = store.customer(whose) if whose is not None else None
    shelf = shelf_of(tuple(store.documents.articles()))
    helped = store.helped() if counts else {}
    return _Known(shelf, helped, asked_in(items), answered_in(customer, items))


def used_in(store: Workspace, used: Sequence[str], text: str) -> tuple[str, ...]:
    """What of the team's texts that were put into a letter still stands in it."""
    from inbox.knowledge import KNOWLEDGE, SAVED, still_in

    documents = store.documents
    sources = {KNOWLEDGE + each.title: each.text for each in documents.articles()}
    sources |= {SAVED + each.name: each.text for each in documents.saved_replies()}
    return still_in(text, used, sources)


def with_used(letter: Letter, name: str) -> Letter:
    """The letter with the name of what was put into it."""
    return replace(letter, used=tuple(dict.fromkeys((*letter.used, name))))
