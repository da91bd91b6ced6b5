"""Files sent for somebody's draft over SSH: they lie beside the drafts until a draft takes them, so that what an open
composer saves does not overwrite them. Whoever reads drafts sees them in the draft already."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from inbox.ports import LEAVING, Draft, DraftFile

if TYPE_CHECKING:
    from inbox.model import Instant
    from storage.live import Live


def kind_for(conversation: int) -> str:
    """The kind of a letter that begins with a file; 0 is the conversation of what begins one."""
    return "reply" if conversation else "new"


def put(live: Live, conversation: int, who: str, file: DraftFile, at: Instant) -> None:
    """Keep a file for the answer that a person writes, or will write, in a conversation."""
    with live.at_hand() as (connection, _):
        connection.execute(
            "INSERT OR REPLACE INTO put_files VALUES(?, ?, ?, ?)",
            (conversation, who, json.dumps(file, ensure_ascii=False), at),
        )


def take(live: Live, conversation: int, who: str, kind: str) -> tuple[DraftFile, ...]:
    """Move what lies there into the draft of a kind, all of it or nothing; what was moved, oldest first."""
    here = (conversation, who)
    with live.at_hand() as (connection, _):
        if not connection.execute(
            "SELECT 1 FROM put_files WHERE conversation = ? AND who = ?", here
        ).fetchone():
            return ()
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            rows = connection.execute(
                "SELECT file, at FROM put_files WHERE conversation = ? AND who = ? ORDER BY at, file", here
            ).fetchall()
            files = tuple(DraftFile(*json.loads(file)) for file, _ in rows)
            begun = connection.execute(
                "SELECT text, rest, at FROM drafts WHERE conversation = ? AND who = ? AND kind = ?",
                (*here, kind),
            ).fetchone()
            text, rest, at = begun or (
                "",
                json.dumps({"to": [], "cc": [], "bcc": [], "subject": ""}),
                rows[-1][1],
            )
            more = json.loads(rest)
            there = [DraftFile(*file) for file in more.get("files", ())]
            more["files"] = list(dict.fromkeys((*there, *files)))
            connection.execute(
                "INSERT OR REPLACE INTO drafts VALUES(?, ?, ?, ?, ?, ?)",
                (*here, kind, text, json.dumps(more, ensure_ascii=False), at),
            )
            connection.execute("DELETE FROM put_files WHERE conversation = ? AND who = ?", here)
    return files


def with_put_files(drafts: Sequence[Draft], put: Sequence[tuple[int, str, str, Instant]]) -> list[Draft]:
    """Drafts, newest first, with what lies there for them (conversation, person, file, instant): in the newest letter of
    its person there, else in one that begins with it."""
    found = list(drafts)
    for conversation, who, file, at in put:
        sent = DraftFile(*json.loads(file))
        for number, draft in enumerate(found):
            if (draft.conversation, draft.who) == (conversation, who) and draft.kind in LEAVING:
                files = tuple(dict.fromkeys((*draft.files, sent)))
                found[number] = replace(draft, files=files, at=max(at, draft.at))
                break
        else:
            found.append(Draft(conversation, who, kind_for(conversation), "", at=at, files=(sent,)))
    return sorted(found, key=lambda draft: (-draft.at, draft.conversation))
