"""Drafts beside a day's file: what was put in for an answer goes along, and an answer that does not go is kept."""

from __future__ import annotations

from dataclasses import replace

from inbox.ports import Draft
from tui.line.desk import Desk


def put_in_for(desk: Desk, home: int) -> tuple[Draft | None, tuple[str, ...]]:
    """The draft of who acts that holds files and no words, put in for an answer; and what is to be said of one that
    was begun."""
    me = desk.who().name
    mine = [
        each for each in desk.store().drafts(home) if each.who == me and each.kind in ("reply", "reply-all")
    ]
    put = next((each for each in mine if each.files and not each.text.strip()), None)
    begun = any(each.text.strip() for each in mine)
    return put, ("You have begun a draft here as well: it stays.",) if begun else ()


def kept(desk: Desk, draft: Draft) -> str:
    """Keep an answer that does not go as a draft, below what its writer has begun there."""
    begun = next(
        (
            each
            for each in desk.store().drafts(draft.conversation)
            if (each.who, each.kind) == (draft.who, draft.kind)
        ),
        None,
    )
    if begun is None:
        desk.store().save_draft(draft)
        return "kept as your draft"
    if draft.text.strip() in begun.text:
        return "it is in your draft already"
    text = f"{begun.text.rstrip()}\n\n{draft.text.strip()}".lstrip("\n")
    used = tuple(dict.fromkeys((*begun.used, *draft.used)))
    desk.store().save_draft(replace(begun, text=text, at=draft.at, used=used))
    return "kept below what you had begun as a draft"
