"""Copying what is read: an address, a text, a link, a number. It goes over the line to the clipboard of who sits there.

That is a sequence which some terminals print instead (OSC 52), so it is only sent where `frontdesk doctor --terminal` has
seen it pass; elsewhere the text can be saved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inbox.attachments import save
from inbox.links import Link, links
from inbox.model import Attachment
from inbox.plain_form import as_text, words_of
from inbox.text import one_line
from tui.prompts import Option, Prompt, by_number, yes_or_no
from tui.screens.part import Part
from tui.screens.paths import Paths, path_of

if TYPE_CHECKING:
    from inbox.ports import Item, Workspace
    from tui.screens.inbox import InboxScreen

LONGEST = 74_000
"""Bytes that terminals take at once; xterm's limit, and of those that have one the smallest."""
HOW = "frontdesk doctor --terminal looks whether this terminal takes a copy"


class Copying(Part):
    """Asks what to copy, and copies it or offers to save it."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self._paths = Paths(self)

    def ask(self) -> None:
        """Ask what to copy, of the message under the hands."""
        opened, item = self.screen.conversation.opened, self.screen.conversation.in_sight
        if opened is None or item is None:
            self.screen.say("There is no message here.")
            return
        address = next(iter(opened.row.customer_addresses or opened.row.customer_handles), "")
        zone = self.seat.zone
        ways: dict[str, Callable[[], None]] = {
            "t": lambda: self._copy(words_of(item, quotes=False), "what they wrote"),
            "m": lambda: self._copy(as_text(item, zone), "the message"),
            "a": lambda: self._copy(address, address),
            "n": lambda: self._copy(str(opened.id), f"number {opened.id}"),
            "l": lambda: self._ask_link(item),
        }
        no_address = None if address else "No address is known."
        options = (
            Option("text", "t", key="t"),
            Option("whole message", "m", key="m"),
            Option("address", "a", one_line(address, 40), key="a", blocked=no_address),
            Option(f"number {opened.id}", "n", key="n"),
            Option("link", "l", key="l"),
        )

        def accept(answer: Option | str) -> None:
            if isinstance(answer, Option):
                ways[str(answer.value)]()

        self.screen.ask(Prompt("Copy", accept, lambda _: options, asks_line=False))

    def _ask_link(self, item: Item) -> None:
        def ask(store: Workspace) -> Sequence[Link]:
            return links(store.raw(item.id) or b"")

        def choose(found: Sequence[Link]) -> None:
            if not found:
                self.screen.say("No link leads anywhere in this message.")
            elif len(found) == 1:
                self._copy_link(found[0])
            else:
                options = [
                    Option(f"{link.number}  {link.host}", link, one_line(link.address, 200)) for link in found
                ]

                def accept(answer: Option | str) -> None:
                    if isinstance(answer, Option) and isinstance(answer.value, Link):
                        self._copy_link(answer.value)

                self.screen.ask(Prompt("Copy link number", accept, by_number(options)))

        self.ask_first(ask, choose)

    def _copy_link(self, link: Link) -> None:
        self._copy(link.address, f"a link that leads to {link.host}" if link.host else "a link")

    def _copy(self, text: str, what: str) -> None:
        if not text:
            self.screen.say("There is nothing to copy.")
        elif len(text.encode("utf-8", "replace")) > LONGEST:
            self._offer(text, "It is too long for a clipboard over a terminal")
        elif self.screen.frontdesk.copies:
            self.screen.frontdesk.copy_to_clipboard(text)
            self.screen.say(f"Copied: {one_line(what, 100)}.")
        else:
            self.screen.frontdesk.copy_to_clipboard(text)  # to be pasted here
            self._offer(text, f"Not copied: {HOW}")

    def _offer(self, text: str, why: str) -> None:
        if self.seat.restricted:
            self.screen.say(f"{why}. ssh desk show ID prints it.")
            return
        self.screen.ask(yes_or_no(f"{why}. Save it to a file?", lambda: self._ask_path(text)))

    def _ask_path(self, text: str) -> None:
        def accept(answer: Option | str) -> None:
            typed = str(answer.value) if isinstance(answer, Option) else answer
            if typed:
                self._save(text, typed)

        self._paths.ask("Save it as:", accept, text="~/copied.txt")

    def _save(self, text: str, typed: str) -> None:
        data = text.encode("utf-8", "replace")

        def do(_: Workspace) -> Path:
            path = path_of(typed)
            name = "copied.txt" if typed.endswith("/") or path.is_dir() else path.name
            place = path if typed.endswith("/") or path.is_dir() else path.parent
            return save(data, place, Attachment(name, "text/plain", len(data), False), name)

        self.background.read(
            "save", do, lambda path: self.screen.say(f"Saved as {one_line(str(path), 200)}.")
        )
