"""What came with a conversation: read as text, saved, opened outside; links by where they really lead.

Nothing here is trusted: text is made in a process of its own (`inbox.previews`), files keep no path of a stranger's
(`inbox.attachments`), and programs are started by a list of arguments. All of it happens off the loop.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from textual.strip import Strip

from inbox.attachments import Listed, content, file_name, listed, runs, save, shown_name
from inbox.errors import NotDone
from inbox.model import Attachment
from inbox.ports import Item, Workspace
from inbox.text import one_line
from tui.opening import open_with, opener
from tui.prompts import Option, Prompt, by_number
from tui.screens.part import Part
from tui.screens.paths import Paths, path_of
from tui.times import moment
from tui.widgets.attachments_pane import AttachmentsPane, Row
from tui.widgets.letters import size_in_words

if TYPE_CHECKING:
    from inbox.links import Link
    from tui.screens.inbox import InboxScreen

T = TypeVar("T")
Preview = tuple[list[str], Sequence[Strip]]
"""An attachment as words, and as a picture where it is one."""

PLACE = "attachments"
LOOKED_THROUGH = 20
"""Messages, the newest first, whose links are listed."""

_MOST_BYTES = 20_000_000  # of those messages
_GONE = "It is not found again in the bytes of its message."
_NOT_COPIED = "Not copied (frontdesk doctor --terminal)."
_COMING = "The rest of this message is still on its way."


class Attachments(Part):
    """Lists what came with the conversation that is shown, and does what a person asks for with one of it."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.pane = AttachmentsPane()
        self._files: Sequence[Listed] = ()
        self._links: Sequence[Link] = ()
        self._items: Sequence[Item] = ()
        self._paths = Paths(self)
        self._folder = ""  # where something was saved last, as typed
        self._outside: tempfile.TemporaryDirectory[str] | None = None  # goes when the screen does

    def verbs(self) -> dict[str, Callable[[], None]]:
        """What keys can do here."""
        return {
            "attachments": self.open,
            "links": lambda: self.open(at_links=True),
            "save-attachment": self._save,
            "open-outside": self._open_outside,
        }

    # looking

    def open(self, at_links: bool = False) -> None:
        """Show what came with the conversation: attachments at once, links when the messages are read."""
        screen = self.screen
        opened = screen.conversation.opened
        if opened is None:
            screen.say("There is no conversation here.")
            return
        if not self.pane.is_attached:
            screen.mount(self.pane)
        self._items = opened.items
        before = opened.attached_before  # of a long conversation what is near is listed
        self._files = [one._replace(number=before + one.number) for one in listed(opened.items)]
        self._links = ()
        self.pane.unread()
        self.pane.rows = None
        self.pane.at = 0
        if self._files and not at_links:
            self.pane.show(self._rows())
        screen.go_to(PLACE)
        said = [item.id for item in reversed(opened.items) if item.direction != "note"][:LOOKED_THROUGH]

        def ask(store: Workspace) -> list[tuple[int, tuple[Link, ...]]]:
            from inbox.links import links

            found, room = [], _MOST_BYTES
            for message in said:
                raw = store.raw(message) or b""
                room -= len(raw)
                if room < 0:
                    break
                found.append((message, links(raw)))
            return found

        self.background.read("links", ask, lambda found: self._found(found, at_links))

    def _found(self, found: Sequence[tuple[int, tuple[Link, ...]]], at_links: bool) -> None:
        if self.screen.place != PLACE or self.pane.title:
            return
        files = self._rows()
        by_message = {item.id: item for item in self._items}
        rows = list(files)
        self._links = [link for _, of_message in found for link in of_message]
        for message, of_message in found:
            heading = f"Links of {self._whose(by_message[message])}"
            rows += [
                Row(heading, link.number, link.host or "(no host)", link.address, True) for link in of_message
            ]
        self.pane.show(rows, len(files) if at_links and self._links else None)

    def _rows(self) -> list[Row]:
        by_message = {item.id: item for item in self._items}
        rows = []
        for one in self._files:
            said = f"{one_line(one.attachment.type, 40)}  {size_in_words(one.attachment.size)}"
            heading = f"With {self._whose(by_message[one.message])}"
            rows.append(Row(heading, one.number, shown_name(one.attachment), said))
        return rows

    def _whose(self, item: Item) -> str:
        name = next((each.name or each.address for each in item.sender), "") or item.author or "somebody"
        return f"{one_line(name, 60)}, {moment(item.at, self.seat.now(), self.seat.zone)}"

    def find(self) -> None:
        """Ask for one by its number, its name or where it leads."""
        rows = list(self.pane.rows or ())
        options = [Option(f"{row.number}  {row.name}", at, row.said) for at, row in enumerate(rows)]

        def accept(answer: Option | str) -> None:
            if isinstance(answer, Option) and isinstance(answer.value, int) and self.screen.place == PLACE:
                self.pane.go(answer.value)
                self.look_into()

        if rows and not self.pane.title:
            self.screen.ask(Prompt("Number or name", accept, by_number(options)))

    def back(self) -> None:
        """From a text to the list, from the list to the conversation."""
        if self.pane.title:
            self.pane.unread()
        else:
            self.screen.go_to("conversation")

    def _under_hands(self) -> Listed | Link | None:
        at = self.pane.current
        if at is None:
            return None
        return self._files[at] if at < len(self._files) else self._links[at - len(self._files)]

    # doing

    def look_into(self) -> None:
        """Read an attachment as text; copy a link."""
        one = self._under_hands()
        if isinstance(one, Listed):
            self.screen.say(f"Reading {shown_name(one.attachment)} …")
            self._with(one, self._previewer(), self._read)
        elif one is not None:
            self.screen.app.copy_to_clipboard(one.address)
            where = f" It leads to {one.host}." if one.host else ""
            done = "Copied." if self.screen.frontdesk.copies else _NOT_COPIED
            self.screen.say(f"{done}{where} {self.called('open-outside', PLACE)} opens it.")
        else:
            self.screen.say("Nothing is attached here, and no link stands in it.")

    def _previewer(self) -> Callable[[Attachment, bytes], Preview]:
        """What reads an attachment for this pane: its size and colours are asked of it on the loop."""
        columns, lines = self.pane.room
        colours = self.screen.app.console.color_system if not self.screen.app.ansi_color else None
        opens = self.called("open-outside", PLACE)

        def read(attachment: Attachment, data: bytes) -> Preview:
            from inbox.pictures import INSTALL, can_decode, is_picture, picture
            from inbox.previews import preview
            from tui.widgets.half_blocks import SHARP_ENOUGH, half_blocks

            said = preview(attachment, data)
            if not is_picture(data) or colours not in SHARP_ENOUGH:
                return said, ()
            if not can_decode():
                return [*said, f"{INSTALL} shows it here; {opens} opens it outside."], ()
            above = len(said) + 1
            found = picture(data, columns, (lines - above) * 2)
            if found is None:
                return [*said, f"It cannot be shown: broken, or too large. {opens} opens it outside."], ()
            return [*said, ""], half_blocks(found)

        return read

    def _read(self, found: Preview) -> None:
        lines, picture = found
        one = self._under_hands()
        if self.screen.place == PLACE and isinstance(one, Listed):
            self.screen.say("")
            said = shown_name(one.attachment) if picture else f"{shown_name(one.attachment)} as text"
            self.pane.read(said, lines, picture)

    def _save(self) -> None:
        one = self._under_hands()
        if not isinstance(one, Listed):
            copies = f"{self.called('open', PLACE)} copies a link."
            self.screen.say(copies if one is not None else "There is nothing to save.")
        else:
            folder = self._folder or ("~/Downloads/" if Path("~/Downloads").expanduser().is_dir() else "~/")
            self._paths.ask(
                "Save it as:",
                lambda answer: self._save_as(one, answer),
                text=folder + file_name(one.attachment),
            )

    def _save_as(self, one: Listed, answer: Option | str) -> None:
        typed = str(answer.value) if isinstance(answer, Option) else answer
        if not typed:
            return

        def do(attachment: Attachment, data: bytes) -> Path:
            path = path_of(typed)
            if typed.endswith("/") or path.is_dir():
                return save(data, path, attachment)
            return save(data, path.parent, attachment, path.name)

        def saved(path: Path) -> None:
            self._folder = f"{typed.rpartition('/')[0]}/" if "/" in typed else ""
            self.screen.say(f"Saved as {one_line(str(path), 200)}.")

        self._with(one, do, saved)

    def _open_outside(self) -> None:
        one = self._under_hands()
        if one is None:
            self.screen.say("There is nothing to open.")
        elif isinstance(one, Listed):
            if self._outside is None:
                self._outside = tempfile.TemporaryDirectory(prefix="frontdesk-")  # 0700 (mkdtemp)
            folder = Path(self._outside.name)
            opens, saves = (self.called(verb, PLACE) for verb in ("open", "save-attachment"))

            def do(attachment: Attachment, data: bytes) -> str:
                if runs(attachment, data):
                    raise NotDone(
                        f"{shown_name(attachment)} could act when it is opened.",
                        f"{opens} shows its words, {saves} saves it.",
                    )
                program = opener(os.environ)
                open_with(program, str(save(data, folder, attachment)), self.seat.environment())
                return f"{shown_name(attachment)} is opened outside."

            self._with(one, do, self.screen.say)
        elif not one.address.lower().startswith(("http://", "https://", "mailto:")):
            copies = f"{self.called('open', PLACE)} copies it."
            self.screen.say(f"Only links to the web and to addresses are opened; {copies}")
        else:
            self._do(lambda: _open_link(one, self.seat.environment()), self.screen.say)

    # off the loop

    def _with(self, one: Listed, do: Callable[[Attachment, bytes], T], then: Callable[[T], None]) -> None:
        """Do something with what an attachment holds, and then that; what went wrong is said."""
        item = next(each for each in self._items if each.id == one.message)
        raw = self.called("raw", "conversation")

        def ask(store: Workspace) -> T:
            data = content(store.raw(one.message) or b"", item.attachments, one.place)
            if data is None:
                raise NotDone(_COMING if item.coming else _GONE, f"{raw} shows the mail as it came.")
            return do(one.attachment, data)

        self.background.read("attachment", ask, then)

    def _do(self, do: Callable[[], T], then: Callable[[T], None]) -> None:
        self.background.read("attachment", lambda _: do(), then)


def _open_link(link: Link, environment: Mapping[str, str]) -> str:
    open_with(opener(os.environ), link.address, environment)
    return f"{link.host} is opened outside."
