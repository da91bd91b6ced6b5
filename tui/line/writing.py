"""Writing to a conversation from the command line: colleagues see it while it lasts, and nothing written is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import TYPE_CHECKING

from inbox.errors import FrontdeskError

if TYPE_CHECKING:
    from tui.line.desk import Desk

EACH = 5.0
"""Seconds between two words that somebody still writes; a lease lasts three times as long."""


@contextmanager
def seen_writing(desk: Desk, conversation: int) -> Iterator[None]:
    """Let colleagues see that who acts writes there, for as long as it takes; killed, it is over with the lease."""
    if len(desk.settings().team) < 2:
        yield
        return
    store, who, done = desk.store(), desk.who(), Event()

    def say() -> None:
        while True:
            try:
                store.show_presence(who, conversation, "writes")
            except FrontdeskError:
                return  # nobody writes worse for it
            if done.wait(EACH):
                return

    saying = Thread(target=say, name="presence", daemon=True)
    saying.start()
    try:
        yield
    finally:
        done.set()
        saying.join()
        with suppress(FrontdeskError):
            store.show_presence(who, None, "writes")


def text_begun(desk: Desk, conversation: int, kind: str) -> str:
    """The text of one's own draft of this kind there; "" for none."""
    me = desk.who().name
    mine = [one for one in desk.store().drafts(conversation) if (one.who, one.kind) == (me, kind)]
    return mine[0].text if mine else ""


def kept_as_draft(desk: Desk, conversation: int, kind: str, text: str) -> str:
    """Keep a text that could not be sent as one's own draft there, above what one has begun besides; what to say of it."""
    from inbox.ports import Draft

    if not text.strip():
        return ""
    store, me, now = desk.store(), desk.who().name, desk.now()
    mine = [one for one in store.drafts(conversation) if (one.who, one.kind) == (me, kind)]
    draft = mine[0] if mine else Draft(conversation, me, kind, "")
    if text.strip() not in draft.text:
        from dataclasses import replace

        whole = f"{text.rstrip()}\n\n{draft.text.lstrip()}".strip()
        store.save_draft(replace(draft, text=whole, at=now))
    return "What you wrote is kept as your draft there."
