"""Drafts beside answers by command: what was put in for one goes along, and one that does not go is kept."""

from __future__ import annotations

from dataclasses import replace

from inbox.ports import Draft
from tui.line.desk import Desk


def begun_here(desk: Desk, home: int, kind: str) -> Draft | None:
    """The draft of a kind that who acts has begun there."""
    me = desk.who().name
    return next((each for each in desk.store().drafts(home) if (each.who, each.kind) == (me, kind)), None)


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


def left(desk: Desk, draft: Draft) -> None:
    """An answer has left with all that a draft held: it is gone. What has come in for it meanwhile stays."""
    store = desk.store()
    came = store.take_put_files(draft.conversation, draft.who, draft.kind)
    store.save_draft(replace(draft, text="", files=()))
    for file in came:
        if file not in draft.files:
            store.put_file(draft.conversation, draft.who, file, desk.now())


def kept(desk: Desk, draft: Draft) -> str:
    """Keep an answer that does not go as a draft, below what its writer has begun there."""
    begun = begun_here(desk, draft.conversation, draft.kind)
    if begun is None:
        desk.store().save_draft(draft)
        return "kept as your draft"
    if draft.text.strip() in begun.text:
        return "it is in your draft already"
    text = f"{begun.text.rstrip()}\n\n{draft.text.strip()}".lstrip("\n")
    used = tuple(dict.fromkeys((*begun.used, *draft.used)))
    desk.store().save_draft(replace(begun, text=text, at=draft.at, used=used))
    return "kept below what you had begun as a draft"


def kept_above(desk: Desk, conversation: int, kind: str, text: str) -> str:
    """Keep a text that could not be sent as one's own draft there, above what one has begun besides; what to say of it."""
    if not text.strip():
        return ""
    draft = begun_here(desk, conversation, kind) or Draft(conversation, desk.who().name, kind, "")
    if text.strip() not in draft.text:
        whole = f"{text.rstrip()}\n\n{draft.text.lstrip()}".strip()
        desk.store().save_draft(replace(draft, text=whole, at=desk.now()))
    return "What you wrote is kept as your draft there."
