"""Saved replies and articles in a reply by command: their texts below what is given, with their places filled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.line.team_texts import called

if TYPE_CHECKING:
    from inbox.ports import Row
    from tui.line.desk import Desk


def put_in(
    desk: Desk, row: Row, text: str, saved: Sequence[str], articles: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """`text` with these saved replies and articles below it, and the names under which the record says that they were used.

    NotDone with the nearest when there is none of a name.
    """
    from inbox.knowledge import KNOWLEDGE, SAVED
    from inbox.profiles import called as called_by_customers
    from inbox.saved_replies import Known, filled
    from tui.times import moment

    documents = desk.store().documents
    due = moment(row.due_at, desk.now(), desk.zone()) if row.due_at is not None else ""
    me = called_by_customers(documents, desk.who().name)
    known = Known(row.customer_name, row.subject, me, due, desk.settings().shop or "")
    replies = {each.name: each.text for each in documents.saved_replies()}
    titles = {each.title: each.text for each in documents.articles()}
    parts, used = [text.rstrip()] if text.strip() else [], []
    for kind, names, texts in (("saved reply", saved, replies), ("article", articles, titles)):
        for name in names:
            found = called(desk, kind, name, texts)
            parts.append(filled(texts[found], known).rstrip())
            used.append((SAVED if kind == "saved reply" else KNOWLEDGE) + found)
    return "\n\n".join(parts) + "\n", tuple(used)
