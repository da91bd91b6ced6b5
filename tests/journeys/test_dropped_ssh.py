"""Line 61 of what must hold, over a real sshd: the line drops in the middle of writing, and what was written is there."""

from __future__ import annotations

import os
from contextlib import closing, suppress
from pathlib import Path

import pytest

from storage.workspace import open_store
from tests.front import Front
from tests.servers.sshd import Sshd
from tests.terminal import until


def screens(workspace: Path) -> list[int]:
    """The processes that have this workspace open at a terminal of the server."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "cmdline").read_bytes().split(b"\0")
            if (
                str(workspace).encode() in words
                and b"--watch" not in words
                and int(folder.name) != os.getpid()
            ):
                found.append(int(folder.name))
    return found


@pytest.mark.parametrize("size", [(120, 36), pytest.param((20, 5), marks=pytest.mark.long)])
def test_61_ssh_drops_in_the_composer_and_the_draft_is_there_at_the_next_login(
    sshd: Sshd, shop_front: Front, size: tuple[int, int]
) -> None:
    workspace = shop_front.workspace
    bo = sshd.teammate("bo", workspace)
    with closing(open_store(workspace)) as store:
        store.documents.change_profile("bo", {"name": "Bo"})  # or he is asked first
    with bo.screen() as terminal:
        terminal.until_shown("Enter opens it")
        terminal.press("\rr")
        terminal.until_shown("Reply to")
        terminal.resize(*size)
        terminal.press("The parcel left on Friday")
        terminal.until(lambda: "Friday" in terminal.screen, "what was typed")
        terminal.press(" and arrives tomorrow")
        terminal.until(lambda: "tomorrow" in terminal.screen.replace("\n", ""), "what was typed")
        terminal.kill()  # the laptop's end: the server's end gets a SIGHUP
        terminal.ended()
        until(lambda: not screens(workspace), "the end of the screen on the server")
    with closing(open_store(workspace)) as store:
        assert [draft.text for draft in store.drafts()] == ["The parcel left on Friday and arrives tomorrow"]
    with bo.screen() as again:
        again.until_shown("line dropped")
        again.until_shown("draft kept")
        again.until_shown("and arrives tomorrow")
        assert "Traceback" not in again.text
    assert (
        not (workspace / "frontdesk.log").exists() or "rror" not in (workspace / "frontdesk.log").read_text()
    )
