"""Lists of an HTML mail: which number or bullet stands before an item, and how far in."""

from __future__ import annotations

from dataclasses import dataclass

from inbox.web.looks import Attributes

LISTS = frozenset(("ul", "ol", "menu", "dir"))
DEEPEST_LIST = 10
"""Lists within lists that stand further in."""

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


@dataclass(slots=True)
class _List:
    """An open list: the number of its item (None of a bulleted one), how it counts, how far its items stand in."""

    number: int | None
    kind: str
    indent: int
    begun: bool = False

    @property
    def marker(self) -> str:
        """What stands before the item."""
        if self.number is None:
            return "- "
        if self.kind in ("a", "A") and 0 < self.number <= 26:
            return f"{chr(ord(self.kind) + self.number - 1)}. "
        if self.kind in ("i", "I") and 0 < self.number <= len(_ROMAN):
            roman = _ROMAN[self.number - 1]
            return f"{roman if self.kind == 'i' else roman.upper()}. "
        return f"{self.number}. "


class Lists:
    """The lists that are open."""

    def __init__(self) -> None:
        self._open: list[_List] = []

    @property
    def are_open(self) -> bool:
        """Whether there is one."""
        return bool(self._open)

    def begin(self, tag: str, attributes: Attributes) -> None:
        """A list begins, within the item of the one around it."""
        indent = 0
        if self._open:
            outer = self._open[-1]
            is_deep = len(self._open) >= DEEPEST_LIST
            indent = outer.indent + (0 if is_deep else len(outer.marker))
        number = whole(attributes.get("start"), 1) if tag == "ol" else None
        self._open.append(_List(number, attributes.get("type") or "1", indent))

    def end(self) -> None:
        """The innermost list ends."""
        if self._open:
            self._open.pop()

    def marker(self, attributes: Attributes) -> str:
        """What stands before the next item."""
        if not self._open:
            return "- "
        here = self._open[-1]
        if here.number is not None:
            here.number = whole(attributes.get("value"), here.number + here.begun)
        here.begun = True
        return " " * here.indent + here.marker


def whole(text: str | None, otherwise: int) -> int:
    """A number in an attribute, within reason."""
    bare = (text or "").strip()
    return int(bare) if bare.isascii() and bare.removeprefix("-").isdigit() and len(bare) < 7 else otherwise
