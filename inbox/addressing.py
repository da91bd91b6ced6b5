"""Address headers of incoming mail: who is written there, shown as written (RFC 5322, 3.4).

Structure is read before anything is decoded, so that neither a quoted name nor an encoded word can pass for
an address: `"boss@shop.example" <x@evil.example>` is x@evil.example under the name boss@shop.example. What
does not fit the grammar is shown whole rather than guessed at. For addresses that people type use another,
strict grammar.
"""

from __future__ import annotations

import re

from inbox.headers import decode_words
from inbox.model import Address

MOST = 1_000
"""Addresses of one header that are read."""

_QUOTED = r'"((?:[^"\\]|\\.)*+)"'
_REST = (
    r"|<([^<>]*+)>"  # 2 an address in angle brackets
    r"|([,;:])"  # 3 what separates
    r"|(\()"  # 4 a comment begins
    r'|([^\s"<>,;:(]++)'  # 5 a word
    r"|(\s++)"  # 6 blank space
    r"|(.)"  # 7 a bracket or a quote without its partner
)
_TOKEN = re.compile(_QUOTED + _REST, re.DOTALL)
_TOKEN_UNQUOTED = re.compile("((?!))" + _REST, re.DOTALL)
_SIMPLE = re.compile(r'(?:"([^"\\=]*+)" *+|([^"<>,;:()=@\\]*+))<([^<>()",;:\\\s@]++@[^<>()",;:\\\s@]++)>')
_BARE = re.compile(r'[^<>()",;:\\\s@=]+@[^<>()",;:\\\s@=]+')
_KEPT_SPACE = "\0"  # no header holds a NUL any more
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_NOBODY = re.compile(r'["<]{0,2}[\w -]{1,60}:(?:;@[\w.-]{1,253}|@[\w.-]{1,253};|;(?=>))[">]{0,2}')
_AROUND_AT = re.compile(r" ?@ ?")
_PAREN = re.compile(r"\\.|[()]", re.DOTALL)
_LOOKS_LIKE_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+\.[^\s<>\"'(),;:]+")


def read_addresses(value: str, oddities: list[str]) -> tuple[Address, ...]:
    """The addresses of an unfolded header in their order; groups are flattened, an empty group is nobody.

    A name without an address is kept with the address ""; never raises, linear in the length of `value`.
    """
    simple = _SIMPLE.fullmatch(value)
    if simple:
        return (Address(_plain(simple[1] if simple[1] is not None else simple[2]), simple[3]),)
    if ":;@" in value or ";>" in value:  # an empty group to which a server has added its name, or brackets
        value = _NOBODY.sub("", value).strip()
    if not value:
        return ()
    if _BARE.fullmatch(value):
        return (Address("", value),)
    reader = _Reader(oddities)
    reader.read(value)
    return tuple(reader.found[:MOST])


class _Reader:
    """One pass over the tokens of a header; `found` is the answer."""

    def __init__(self, oddities: list[str]) -> None:
        self.found: list[Address] = []
        self._oddities = oddities
        self._words: list[
            str
        ] = []  # what may be a name, or an address without brackets; blank space included
        self._quoted = False  # a quoted string is among the words
        self._at_seen = False  # an "@" stands outside of quotes
        self._comments: list[str] = []
        self._angle: str | None = None
        self._group = False
        self._held = ""  # "Smith" of `Smith, John <j@x>`, which should have been quoted

    def read(self, value: str) -> None:
        at = 0
        pattern = _TOKEN
        while at < len(value) and len(self.found) <= MOST:
            token = pattern.match(value, at)
            if token is None:  # cannot happen: the pattern matches any character
                break
            at = token.end()
            kind = token.lastindex
            if kind == 1:
                self._words.append(_ESCAPED.sub(r"\1", token[1]))
                self._quoted = True
                if value.startswith("@", at):  # a quoted local part, taken as written
                    self._words[-1] = token[0].replace(" ", _KEPT_SPACE)
            elif kind == 2:
                if self._angle is not None:
                    self._end()
                self._angle = token[2]
            elif kind == 3:
                self._separator(token[3], value, at)
            elif kind == 4:
                at = self._comment(value, at)
            else:
                self._words.append(token[0])
                self._at_seen = self._at_seen or "@" in token[0]
                if (
                    kind == 7 and token[0] == '"'
                ):  # no later quote closes either: do not search again for each
                    pattern = _TOKEN_UNQUOTED
        self._end()
        self._release()

    def _separator(self, sign: str, value: str, at: int) -> None:
        if sign == ":" and self._angle is None and not self._group and not self._at_seen:
            if value.find(";", at) >= 0:  # a group: its name is nobody
                self._group = True
                self._clear()
                return
            self._words.append(sign)
        elif sign == ":":
            self._words.append(sign)
        else:
            self._end()
            if sign == ";":
                self._release()
                self._group = False

    def _comment(self, value: str, at: int) -> int:
        """Take a comment whose "(" was just read, nested ones with it; one without end is no comment."""
        depth, start = 1, at
        for found in _PAREN.finditer(value, at):
            depth += {"(": 1, ")": -1}.get(found[0], 0)
            if depth == 0:
                self._comments.append(_ESCAPED.sub(r"\1", value[start : found.start()]))
                return found.end()
        self._words.append(value[start - 1 :])
        return len(value)

    def _end(self) -> None:
        """One entry is complete."""
        text = "".join(self._words).strip()
        comment = " ".join(self._comments).strip()
        if self._angle is not None:
            name = self._name(text, comment)
            if self._held:
                name, self._held = f"{self._held}, {name}" if name else self._held, ""
            address = self._angle.strip()
            if address.startswith("@") and ":" in address:  # an obsolete route (RFC 5322, 4.4)
                address = address.rpartition(":")[2].strip()
            self.found.append(Address(name, _mended(_plain(address))))
        elif text or comment:
            self._without_brackets(text, comment)
        self._clear()

    def _without_brackets(self, text: str, comment: str) -> None:
        if self._group and text.startswith("@"):  # likewise: `undisclosed-recipients:@server;`
            return
        if "@" in text and not (self._quoted and not text.startswith('"')):
            self._release()
            words = text.split()
            addresses = [word for word in words if "@" in word]
            if len(addresses) == len(words) > 1 and not any(word.startswith("@") for word in words):
                self.found.extend(Address("", _mended(_plain(word))) for word in words)
            elif len(words) == 1 or len(addresses) != 1:
                self.found.append(Address(self._name("", comment), _mended(_plain(text))))
            else:
                rest = " ".join(word for word in words if word != addresses[0])
                self.found.append(Address(self._name(rest, comment), _mended(_plain(addresses[0]))))
        else:
            self._release()
            self._held = self._name(text, comment)

    def _name(self, text: str, comment: str) -> str:
        name = f"{text} ({comment})" if text and comment else text or comment
        if "=?" in name:
            name = decode_words(name, self._oddities)
        return _plain(name)

    def _release(self) -> None:
        """A name that no address followed: shown by itself."""
        if self._held:
            self.found.append(Address(self._held, ""))
            self._held = ""

    def _clear(self) -> None:
        self._words, self._comments, self._angle = [], [], None
        self._quoted = self._at_seen = False


def _plain(text: str) -> str:
    """Blank space inside becomes single spaces: a name or an address is one line."""
    return " ".join(text.split()).replace(_KEPT_SPACE, " ")


def _mended(address: str) -> str:
    """An address without what programs wrongly write around it: brackets, `mailto:`, blanks."""
    if address[:7].lower() == "mailto:":
        address = address[7:]
    if address.startswith("<") or address.endswith(">"):
        address = address.strip("<>")
    elif address.startswith("[") and address.endswith("]"):
        address = address[1:-1]
    return _AROUND_AT.sub("@", address) if " " in address else address


def disguise(address: Address) -> str | None:
    """Why a display name misleads, in words, or None: another address in it, or letters of two scripts."""
    shown = _LOOKS_LIKE_ADDRESS.search(address.name[:500]) if "@" in address.name else None
    if shown and shown[0].casefold() != address.address.casefold():
        return (
            f"the name shows the address {shown[0]}, but the mail is from {address.address or 'no address'}"
        )
    if not address.name.isascii():
        for word in address.name.split():
            if not word.isascii() and _LATIN.search(word) and _LOOKALIKE.search(word):
                return f"the name {word} mixes letters of two scripts"
    return None


_LATIN = re.compile("[A-Za-z]")
_LOOKALIKE = re.compile(
    "[\u0370-\u03ff\u0400-\u052f\u0530-\u058f\u13a0-\u13ff]"
)  # Greek, Cyrillic, Armenian, Cherokee
