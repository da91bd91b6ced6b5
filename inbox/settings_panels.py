"""The table [panel.NAME] of settings.toml: a program that says what a shop's own systems know of a customer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from inbox.nearest import nearest
from inbox.panels import PLACE, PLACES
from inbox.settings_table import Table, key
from inbox.settings_values import Text, WallTime, Wrong
from inbox.text import one_line

MOST = 9
"""Panels there may be."""

_PLACES = (*PLACES, "field:NAME")
_READS_CODE = re.compile(r"(?:ba|da|z|k|fi|tc|c)?sh|busybox|python[\d.]*|perl|ruby|node|php|lua|osascript")
_CODE = re.compile(r"-[a-zA-Z]*[ceErS]|--?(?:command|eval|print)")


def _panel_name(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[\w-]{1,20}", value):
        raise Wrong(
            "this cannot be the name of a panel.", "Write one word of at most 20 letters, digits and hyphens."
        )
    return value


def _panel_command(words: list[str]) -> list[str]:
    """A program and its arguments; what would make code of a customer's words is refused."""
    if not words:
        raise Wrong("there is no program in it.")
    if "{" in words[0]:
        raise Wrong("the first word is the program: nothing is filled in there.")
    for word in words[1:]:
        for found in re.finditer(r"\{([^{}\s]{1,60})\}", word):
            if not PLACE.fullmatch(found[0]) or (":" not in found[1] and found[1] not in PLACES):
                raise Wrong(
                    f"{found[0]} cannot be filled{nearest(found[1], _PLACES)}",
                    f"Known: {', '.join(f'{{{each}}}' for each in _PLACES)}.",
                )
        if PLACE.search(word) and "://" in word:
            raise Wrong(
                f"“{one_line(word, 60)}” would make what a customer wrote a part of an address.",
                "Hand it to a small program as an argument, and let that write the address.",
            )
    _check_code(words)
    return words


def _check_code(words: list[str]) -> None:
    """What is code for another program has no places: a customer's name is no code."""
    names = [PurePosixPath(word).name for word in words]
    for at, name in enumerate(names):
        if name == "ssh" and any(PLACE.search(word) for word in words[at:]):
            raise Wrong(
                "ssh hands its words to a shell on the other side: what a customer wrote would be run there.",
                "Let a small program here ask over ssh, with the words on its input.",
            )
        if _READS_CODE.fullmatch(name):
            rest = words[at + 1 :]
            code = next((n for n, word in enumerate(rest) if _CODE.fullmatch(word)), None)
            if code is not None and any(PLACE.search(word) for word in rest[code + 1 : code + 2]):
                raise Wrong(
                    f"what stands behind {rest[code]} is run as code, and so would be what a customer wrote.",
                    'Hand it over as an argument, as in ["sh", "-c", "orders \\"$1\\"", "sh", "{email}"].',
                )


class PanelTable(Table):
    """What a shop's own system knows of a customer, in the customer's panel. The worker runs the program when a
    conversation is opened: without a shell, for at most 3 seconds, and only where an owner runs that worker
    ([customers.md](customers.md#panels)).
    """

    command: Annotated[list[Text], AfterValidator(_panel_command)] = key(
        ...,
        'a program and its arguments, as in ["/usr/local/bin/orders", "{email}"]',
        "`{email}`, `{name}`, `{phone}`, `{handle}`, `{customer}` (our number) and `{field:NAME}` are filled in, each "
        "within its one argument. What it prints is shown; the first line stands for it where there is no room.",
    )
    every: WallTime = key(
        600,
        'a duration, as in "30s", "10m" or "1d"',
        "How long an answer serves before the program is asked again; `r` in the panel asks at once.",
        '"10m"',
    )


PanelName = Annotated[str, BeforeValidator(_panel_name)]


def check_panels(data: Mapping[str, Any], add: Callable[[tuple[str | int, ...], str], None]) -> None:
    """Call `add` with the place and the words of what the single values cannot show."""
    panels = data.get("panel")
    if not isinstance(panels, dict):
        return
    for number, name in enumerate(panels):
        if number == MOST:
            add(("panel", name), f"there are more than {MOST} panels. Let one program say more.")
