"""This account's ~/.ssh/authorized_keys: the lines that let colleagues in; all others stay as they are, byte for byte."""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from inbox.errors import NotDone, WorldError
from inbox.public_keys import PublicKey, line_for, person_of, read_line
from inbox.safe_file import put_file


class AuthorizedKeys:
    """The file, as far as it is about one workspace. WorldError where it cannot be used."""

    def __init__(self, workspace: Path) -> None:
        self.path = Path.home() / ".ssh" / "authorized_keys"
        self._workspace = str(workspace)

    def lines(self) -> list[tuple[int, str, str]]:
        """The lines that let somebody in: the number of each, whom, and its options."""
        found = [(number, read_line(text)) for number, text in enumerate(self._read().split("\n"), 1)]
        people = [(number, person_of(line, self._workspace), line.options) for number, line in found if line]
        return [(number, person, options) for number, person, options in people if person is not None]

    def names(self) -> Counter[str]:
        """How many keys let in each person."""
        return Counter(person for _, person, _ in self.lines())

    def check(self, key: PublicKey, name: str) -> None:
        """Raise NotDone where this key lets in somebody else already, or to anything else: sshd heeds the first line."""
        for number, text in enumerate(self._read().split("\n"), 1):
            line = read_line(text)
            if line is None or line.key != (key.kind, key.blob.rstrip("=")):
                continue
            person = person_of(line, self._workspace)
            if person is None:
                raise NotDone(
                    f"Line {number} of {self.path} lets this key in already, for something else.",
                    "Take that line out first, or ask for a key that is for this inbox alone.",
                )
            if person != name:
                raise NotDone(f"This is the key of {person}.", "Each person needs a key of their own.")

    def put(self, key: PublicKey, command: tuple[str, ...], name: str) -> None:
        """Let a key in as this person; a line that it has already is replaced."""

        def changed(lines: list[str]) -> list[str]:
            self.check(key, name)
            new, same = line_for(key, command, name), (key.kind, key.blob.rstrip("="))
            where = [at for at, text in enumerate(lines) if (line := read_line(text)) and line.key == same]
            kept = [text for at, text in enumerate(lines) if at not in where[1:]]
            if where:
                kept[where[0]] = new
                return kept
            return [*lines, new]

        self._change(changed)

    def take_out(self, name: str) -> int:
        """Let nobody in as this person any more; how many keys that were."""

        def changed(lines: list[str]) -> list[str]:
            return [
                text
                for text in lines
                if (line := read_line(text)) is None or person_of(line, self._workspace) != name
            ]

        return self._change(changed)

    def _change(self, changed: Callable[[list[str]], list[str]]) -> int:
        """Write the lines as they are to be; how many fewer there are."""
        if not self.path.exists() and not changed([]):
            return 0
        try:
            with self._alone():
                before = self._read().split("\n")
                if before[-1] == "":
                    before.pop()
                after = changed(before)
                if after != before:
                    text = "".join(f"{line}\n" for line in after)
                    put_file(self.path.resolve(), text.encode("utf-8", "surrogateescape"), 0o600)
        except OSError as error:
            raise self._trouble(error) from None
        return len(before) - len(after)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While no other Frontdesk changes the file, in a folder that nobody else may enter."""
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fchmod(folder, 0o700)
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _read(self) -> str:
        try:
            return self.path.read_bytes().decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise self._trouble(error) from None

    def _trouble(self, error: OSError) -> WorldError:
        return WorldError(
            f"{error.filename or self.path} cannot be used: {error.strerror}.",
            "The keys that are let in are as they were.",
        )
