"""Completing a path while it is typed: folders are read off the loop, and the open question is shown again."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from inbox.errors import WorldError
from inbox.text import one_line
from tui.prompts import Option, Prompt

if TYPE_CHECKING:
    from tui.screens.part import Part

LISTED = 400
"""Entries of a folder that are looked at."""


class Paths:
    """What could follow on a path; `ask` the question whose answers these are."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._folder: tuple[str, list[str]] | None = None  # as typed, and what lies there
        self._prompt: Prompt | None = None

    def ask(
        self,
        question: str,
        accept: Callable[[Option | str], None],
        offer: Callable[[str], Sequence[Option]] | None = None,
        text: str = "",
    ) -> None:
        """Ask for a path, with `text` on the line; what `offer` answers stands in place of the paths."""
        self._folder = None
        self._prompt = Prompt(question, accept, offer or self.offer, free=True)
        self._part.screen.ask(self._prompt)
        if text:
            self._prompt.fill(text)
            self._show(self._prompt)

    def offer(self, text: str) -> Sequence[Option]:
        """The names that begin as the last part of the path does; the folder is read when it is a new one."""
        if not text:
            return ()
        typed, _, begun = text.rpartition("/")
        folder = f"{typed}/" if "/" in text else ""
        if self._folder is None or self._folder[0] != folder:
            self._part.background.read(
                "folder", lambda _: listed(folder), lambda names: self._looked(folder, names)
            )
            return ()
        names = [name for name in self._folder[1] if name.casefold().startswith(begun.casefold())]
        shown = names if begun.startswith(".") else [name for name in names if not name.startswith(".")]
        return [Option(folder + name, folder + name) for name in shown[:50]]

    def _looked(self, folder: str, names: list[str]) -> None:
        self._folder = (folder, names)
        if self._prompt is not None and self._part.screen.prompt is self._prompt:
            self._prompt.options = self._prompt.offer(self._prompt.line.text)
            self._show(self._prompt)

    def _show(self, prompt: Prompt) -> None:
        self._part.screen.prompt_bar.show(prompt, self._part.screen.prompt_bar.most)


def path_of(typed: str) -> Path:
    """The path that was typed, from home where it begins with ~. Raises WorldError where there is no such home."""
    try:
        return Path(typed).expanduser()
    except RuntimeError:
        raise WorldError(f"There is no home {one_line(typed, 80)}.", "Name a folder that is there.") from None


def listed(folder: str) -> list[str]:
    """What lies in a folder as typed; folders end in a slash."""
    names = []
    try:
        with os.scandir(Path(folder or ".").expanduser()) as entries:
            for entry in entries:
                if entry.name.isprintable():
                    names.append(entry.name + ("/" if entry.is_dir() else ""))
                if len(names) >= LISTED:
                    break
    except (OSError, RuntimeError):
        return []
    return sorted(names, key=str.casefold)
