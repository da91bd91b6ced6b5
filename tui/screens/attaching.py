"""Files that go with a letter: named by path, read off the loop at the moment they are attached, kept with the draft."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from inbox.attachments import check_size
from inbox.errors import NotDone, WorldError
from inbox.ports import LEAVING, DraftFile, Workspace
from inbox.text import one_line
from tui.prompts import Option
from tui.screens.part import Part
from tui.screens.paths import Paths

if TYPE_CHECKING:
    from tui.screens.inbox import InboxScreen
    from tui.screens.letter import Letter


class Attaching(Part):
    """Asks for a path, and brings its file along."""

    def __init__(self, screen: InboxScreen) -> None:
        super().__init__(screen)
        self.busy_with = ""  # the name of what is being attached
        self._paths = Paths(self)

    def ask(self, text: str = "") -> None:
        """Ask which file; -name takes one off."""
        letter = self.screen.writing.letter
        if letter is None:
            return
        if not letter.leaves:
            self.screen.say("A note has no files." if letter.call is None else "A call has no files.")
            return
        if letter.goes_by_hand and not letter.files:
            self.screen.say(f"Attach it in {letter.by_hand}: only the text is copied.")
            return
        if self.seat.restricted and not letter.files:
            self.screen.say(_no_paths(letter))
            return
        off = ", -name takes one off" if letter.files else ""
        self._paths.ask(f"Attach a file{off}:", self._answered, self._offer, text)

    def _offer(self, text: str) -> Sequence[Option]:
        letter = self.screen.writing.letter
        if text.startswith("-") and letter is not None:
            wanted = text[1:].casefold()
            names = [file.name for file in letter.files if file.name.casefold().startswith(wanted)]
            return [Option(f"-{name}", f"-{name}", "take it off") for name in names]
        return () if self.seat.restricted else self._paths.offer(text)

    def _answered(self, answer: Option | str) -> None:
        text = str(answer.value) if isinstance(answer, Option) else answer
        letter = self.screen.writing.letter
        if not text or letter is None:
            return
        if text.startswith("-"):
            kept = tuple(file for file in letter.files if file.name != text[1:])
            if kept == letter.files:
                self.screen.say(f"{one_line(text[1:], 60)} is not attached.")
            else:
                self.screen.writing.rewrite(replace(letter, files=kept))
        elif self.seat.restricted:
            self.screen.say(_no_paths(letter))
        elif text.endswith("/"):
            self.ask(text)
        else:
            self._attach(text, letter)

    def _attach(self, typed: str, letter: Letter) -> None:
        limit, there = self.seat.attach_limit, letter.files
        self.busy_with = one_line(Path(typed).name, 40)
        self.screen.writing.show_head()
        conversation = letter.conversation

        def keep(store: Workspace) -> DraftFile | str:
            try:
                path = _file(typed)
                check_size(path.name, path.stat().st_size, there, limit)
                return store.keep_file(path, path.name)
            except (NotDone, WorldError) as error:
                return f"{error.what} {error.next_step}"

        self.background.write(keep, lambda kept: self._attached(conversation, kept), failed=self._done)

    def _done(self) -> None:
        self.busy_with = ""
        self.screen.writing.show_head()

    def _attached(self, conversation: int, kept: DraftFile | str) -> None:
        self._done()
        letter = self.screen.writing.letter
        if letter is None or letter.conversation != conversation:
            return
        if isinstance(kept, str):
            self.screen.say(kept)
        else:
            self.screen.writing.add_files((kept,))

    def take(self) -> None:
        """Take what was sent for this letter from elsewhere (`frontdesk put`)."""
        letter, me = self.screen.writing.letter, self.seat.who.name
        if letter is None or letter.kind not in LEAVING:
            return
        conversation, kind = letter.conversation, letter.kind
        self.background.write(
            lambda store: store.take_put_files(conversation, me, kind),
            lambda files: self._taken(conversation, kind, files),
        )

    def _taken(self, conversation: int, kind: str, files: Sequence[DraftFile]) -> None:
        if not files:
            return
        letter = self.screen.writing.letter
        if letter is not None and (letter.conversation, letter.kind) == (conversation, kind):
            self.screen.writing.add_files(tuple(files))
            names = ", ".join(one_line(file.name, 40) for file in files)
            self.screen.say(f"{names} came in, and goes with it.")
            return
        # the answer has left without them: they lie there for the next one, or are in the draft already
        me, now = self.seat.who.name, self.seat.now()

        def put_back(store: Workspace) -> None:
            for file in files:
                store.put_file(conversation, me, file, now)

        self.background.write(put_back)

    def bring(self, letter: Letter) -> None:
        """What was attached to the message that is passed on goes along."""
        item = letter.item
        wanted = [each for each in item.attachments if not each.inline] if item is not None else []
        if item is None or not wanted:
            return
        self.busy_with = "what was attached"
        conversation, number = letter.conversation, item.id

        def keep(store: Workspace) -> list[DraftFile]:
            from inbox.forwarding import enclosed

            try:
                found = enclosed(store.raw(number) or b"", item)
                return [store.keep_file(content, each.name or "file", each.type) for each, content in found]
            except WorldError:  # said by their number
                return []

        self.background.write(
            keep, lambda files: self._brought(conversation, files, len(wanted)), failed=self._done
        )

    def _brought(self, conversation: int, files: list[DraftFile], wanted: int) -> None:
        self._done()
        letter = self.screen.writing.letter
        if letter is None or letter.conversation != conversation or letter.kind != "forward":
            return
        self.screen.writing.add_files(tuple(files))
        if len(files) < wanted:
            self.screen.say(f"! {wanted - len(files)} of {wanted} attachments could not be taken along.")


def _no_paths(letter: Letter) -> str:
    """What is said where a path would be one of the host."""
    return (
        "No paths here: this account is restricted."
        f" ssh desk put {letter.conversation or 'new'} < FILE attaches one."
    )


def _file(typed: str) -> Path:
    """The file that a typed path names. Raises NotDone when there is none, or it is none that can be read to its end."""
    try:
        path = Path(typed).expanduser()
        mode = path.stat().st_mode
    except (OSError, ValueError, RuntimeError):  # RuntimeError: there is no such home
        raise NotDone(f"There is no file {one_line(typed, 80)}.", "Tab completes what is there.") from None
    if not stat.S_ISREG(mode):
        raise NotDone(f"{one_line(typed, 80)} is no file.", "Name a file in it, or pack it first.")
    return path
