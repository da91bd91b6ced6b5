"""The keys as tables to read: for the README, for a terminal, for a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from inbox.verbs import CONTEXTS, VERBS
from tui.keys import Keymap

Line = tuple[tuple[str, ...], str, str, str]
"""A line of the table: keys, what the verb does, where, the verb's name."""


def keys_markdown(keymap: Keymap) -> str:
    """The keys as a Markdown table, in the order of the verbs."""
    lines = ["| keys | what | where | verb |", "| --- | --- | --- | --- |"]
    for keys, words, where, verb in _table(keymap):
        shown = " ".join(map(_code, keys))
        lines.append(f"| {shown} | {words} | {where} | {verb} |")
    return "\n".join(lines) + "\n"


def _code(key: str) -> str:
    """A key as code in a cell, where a bar would end the cell (GitHub Flavored Markdown, tables)."""
    if key == "…":
        return key
    return f"`` {key} ``" if "`" in key else "`" + key.replace("|", "\\|") + "`"


def keys_plain(keymap: Keymap) -> str:
    """The keys as text in columns, for a terminal or a pipe."""
    rows = [(", ".join(keys), verb, words, where) for keys, words, where, verb in _table(keymap)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in padded) + "\n"


def _table(keymap: Keymap) -> Iterator[Line]:
    """A line for every verb and set of keys, with all contexts that agree on it; view-0 to view-9 in one."""
    lines: list[Line] = []
    for verb in VERBS:
        contexts: dict[tuple[str, ...], list[str]] = {}
        for context in CONTEXTS:
            own = tuple(b.keys for b in keymap.bindings if (b.context, b.verb) == (context, verb))
            if own:
                contexts.setdefault(own, []).append("everywhere" if context == "global" else context)
        lines += ((keys, VERBS[verb].words, ", ".join(where), verb) for keys, where in contexts.items())
    for numbered, group in groupby(lines, key=lambda line: line[3][-1].isdigit()):
        if not numbered:
            yield from group
            continue
        (first, words, where, verb), *_, (last, _, _, last_verb) = group
        yield (*first, "…", *last), f"{words} to {last_verb[-1]}", where, f"{verb} … {last_verb}"
