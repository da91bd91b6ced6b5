"""Where in a TOML file each value stands, which `tomllib` does not tell.

The text must already have been read by `tomllib` without an error: this scanner only follows it, it does not
judge. Grammar: TOML 1.0 (https://toml.io/en/v1.0.0).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]
"""The way to a value: `("mailbox", 0, "imap_port")` is `imap_port` of the first `[[mailbox]]`."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")' r"|'''.*?'{3,5}(?!')" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^\n#,\]}]*")


def lines_of(text: str) -> dict[Path, int]:
    """The line (from 1) of every key, table and array entry of a valid TOML text, by its path.

    A table written several times (`[hours]`, then `[hours.openings]`) has the line where it first appears.
    """
    scanner = _Scanner(text)
    scanner.scan()
    return scanner.lines


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {(): 1}
        self._line = 1
        self._counted = 0
        self._arrays: dict[Path, int] = {}  # arrays of tables: how many entries there are so far

    def scan(self) -> None:
        here: Path = ()
        while self._skip(_BLANK) < len(self.text):
            if self.text[self.at] == "[":
                here = self._header()
            else:
                self._pair(here)

    def _header(self) -> Path:
        """`[a.b]` or `[[a.b]]`: the path of the table that begins."""
        is_array = self.text.startswith("[[", self.at)
        line = self._here()
        self.at += 2 if is_array else 1
        words = list(self._key())
        self._skip(_SPACE)
        self.at += 2 if is_array else 1
        path: Path = ()
        for word in words[:-1]:
            path = self._last_entry((*path, word))
            self.lines.setdefault(path, line)
        path = (*path, words[-1])
        self.lines.setdefault(path, line)
        if not is_array:
            return path
        self._arrays[path] = self._arrays.get(path, 0) + 1
        path = self._last_entry(path)
        self.lines[path] = line
        return path

    def _last_entry(self, path: Path) -> Path:
        """Inside an array of tables, names go on in its last entry."""
        return (*path, self._arrays[path] - 1) if path in self._arrays else path

    def _pair(self, here: Path) -> None:
        """`a.b = value`, of the table `here`."""
        line = self._here()
        for word in self._key():
            here = (*here, word)
            self.lines.setdefault(here, line)
        self._skip(_SPACE)
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(here)

    def _key(self) -> Iterator[str]:
        while True:
            self._skip(_SPACE)
            if self.text[self.at] in "\"'":
                start = self.at
                self._skip(_STRING)
                yield _unquoted(self.text[start : self.at])
            else:
                start = self.at
                self._skip(_BARE_KEY)
                yield self.text[start : self.at]
            self._skip(_SPACE)
            if self.text[self.at] != ".":
                return
            self.at += 1

    def _value(self, path: Path) -> None:
        first = self.text[self.at]
        if first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        else:
            self._skip(_STRING if first in "\"'" else _PLAIN)

    def _array(self, path: Path) -> None:
        self.at += 1
        count = 0
        while True:
            self._skip(_BLANK)
            if self.text[self.at] == "]":
                break
            self.lines[(*path, count)] = self._here()
            self._value((*path, count))
            count += 1
            self._skip(_BLANK)
            if self.text[self.at] == ",":
                self.at += 1
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while True:
            self._skip(_BLANK)
            if self.text[self.at] == "}":
                break
            self._pair(path)
            self._skip(_BLANK)
            if self.text[self.at] == ",":
                self.at += 1
        self.at += 1

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
        return self.at

    def _here(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line


def _unquoted(word: str) -> str:
    """A quoted key as the text it stands for."""
    if word.startswith("'") or "\\" not in word:
        return word[1:-1]
    import tomllib

    value: str = tomllib.loads(f"key = {word}")["key"]
    return value
