"""Every key in every place does something that is seen, or says why not; and every key means something that can be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox.verbs import CONTEXTS
from storage.workspace import Workspace
from tests.screenplay import Stage, playing
from tests.shop import did
from tests.test_saved_actions import REFUND, settings
from tui.keys import load, presets

WAYS: dict[str, tuple[str, ...]] = {
    "views": ("v", "j"),
    "list": ("j", "j"),
    "conversation": ("enter",),
    "compose": ("r", "S o o n ."),
    "send": ("r", "S o o n .", "ctrl+s"),
    "prompt": ("t", "l"),
    "customer": ("i",),
    "mailboxes": ("g w",),
    "names": ("g N",),
    "outbox": ("g o",),
    "attachments": ("enter", "o"),
    "report": ("g R",),
    "issues": ("g L",),
    "telling": ("g L", "t", "T o l d .", "ctrl+s"),
    "activity": ("g d",),
    "search": ("enter", "/", "l a m p", "enter"),
}
"""The keys that lead from the top of the list to where each key table is in force."""

MOVES = frozenset(
    {
        "down",
        "up",
        "page-down",
        "page-up",
        "top",
        "bottom",
        "figure-left",
        "figure-right",
        "report-again",
        "redraw",
    }
)
"""Verbs of which rightly nothing is seen where there is nothing further, or nothing has changed."""


async def test_every_key_of_every_preset_means_something_that_the_screen_can_do(store: Workspace) -> None:
    async with playing(store, (80, 24)) as stage:
        for name in presets():
            meant = {binding.verb for binding in load(preset=name).bindings}
            assert all(callable(stage.app.inbox.deed(verb)) for verb in meant), name
        assert set(WAYS) | {"global"} == set(CONTEXTS)


@pytest.mark.long
@pytest.mark.parametrize("context", WAYS)
async def test_every_key_does_something_or_says_why_not(
    store: Workspace, tmp_path: Path, context: str
) -> None:
    store.documents.save_reply(REFUND)
    did(store, "bo", "link", conversation=5, issue="lamps", new="issue", title="Lamps")
    did(store, "bo", "snooze", conversation=6, until=2_000_000_000)
    keymap = load()
    own = {
        binding.verb
        for binding in keymap.bindings
        if binding.context in (context, "global")[: 1 + (context == "list")]
    }
    silent = []
    file, here = tmp_path / "keys.toml", settings(tmp_path)
    restricted = context == "compose"  # no editor is opened in a test
    async with playing(store, (120, 36), settings=here, keys_file=file, restricted=restricted) as stage:
        in_force = sorted(keymap.in_force(context).items(), key=lambda each: each[0] == "tell-now")
        for verb, (keys, *_) in in_force:
            if verb in own and verb != "quit":
                await begin_anew(stage)
                if not await _answers(stage, context, keys) and verb not in MOVES:
                    silent.append((keys, verb))
    assert silent == []


async def begin_anew(stage: Stage) -> None:
    """Back to the top of the list, whatever is open."""
    inbox = stage.app.inbox
    for _ in range(6):
        if inbox.prompt is not None:
            inbox.close_prompt()
        elif inbox.writing.is_open:
            await stage.hurry("ctrl+x", "ctrl+d")
        elif inbox.place != "list" or inbox.conversation.sheet is not None:
            await stage.hurry("escape")
    inbox.shelf.open_view("all")
    inbox.go_to("list")
    inbox.list.go(0)
    await stage.rest()


async def _answers(stage: Stage, context: str, keys: str) -> bool:
    """Whether a key is answered where its table is in force."""
    inbox = stage.app.inbox
    for sequence in WAYS[context]:
        await stage.hurry(*sequence.split(" "))
    assert inbox.context == context, (inbox.context, stage.text)
    inbox.say("")
    before = _seen(stage)
    await stage.hurry(*keys.split(" "))
    return bool(inbox.hints.said) or _seen(stage) != before


def _seen(stage: Stage) -> tuple[object, ...]:
    inbox = stage.app.inbox
    return (
        stage.text,
        inbox.place,
        inbox.prompt,
        inbox.writing.letter,
        inbox.writing.text,
        inbox.list.selected.copy(),
        inbox.list.at,
    )
