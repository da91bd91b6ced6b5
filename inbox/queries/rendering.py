"""A tree written down again as the text of a query."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from inbox.model import Instant
from inbox.queries.grammar import ASKED, FIELDS, UNITS
from inbox.queries.tree import (
    After,
    And,
    Assignee,
    Before,
    CauseIs,
    Channel,
    CustomerIs,
    Due,
    Everything,
    Flag,
    Ids,
    Is,
    Issue,
    MailboxIs,
    Node,
    Not,
    Or,
    OutcomeIs,
    Quiet,
    Score,
    StatusIs,
    Tag,
    Warned,
    Words,
)

_OPERATOR_OF = {field: operator for operator, field in FIELDS.items()}
_PLAIN = re.compile(r"""[^\s()"*:\\-][^\s()"*:\\]*""")


def render(node: Node) -> str:
    """A tree as text that `parse` reads as the same tree. ValueError for what only views can say."""
    match node:
        case Everything():
            return ""
        case And(parts):
            return " ".join(_enclosed(part) if isinstance(part, Or) else render(part) for part in parts)
        case Or(parts):
            return " OR ".join(render(part) for part in parts)
        case Not(Everything()):
            raise ValueError("No query finds nothing at all.")
        case Not(part):
            return f"-{_enclosed(part) if isinstance(part, And | Or) else render(part)}"
        case Words(text, field, prefix):
            operator = f"{_OPERATOR_OF[field]}:" if field else ""
            return f"{operator}{_quoted(text)}{'*' if prefix else ''}"
        case Tag(name):
            return f"tag:{_quoted(name)}"
        case CustomerIs(name):
            return f"customer:{_quoted(name)}"
        case Channel(name):
            return f"channel:{_quoted(name)}"
        case MailboxIs(name):
            return f"mailbox:{_quoted(name)}"
        case Issue(None):
            return "issue:any"
        case Issue(name):
            return f"issue:{_quoted(name or '', always=(name or '').lower() in ('any', 'none'))}"
        case OutcomeIs(name):
            return f"outcome:{name}"
        case CauseIs(name):
            return f"cause:{_quoted(name)}"
        case Score(low, high):
            return f"score:{low}" if low == high else f"score:{low}-{high}"
        case StatusIs(statuses):
            return f"status:{','.join(statuses)}"
        case Assignee(None, is_me):
            return "assignee:me" if is_me else "assignee:none"
        case Assignee(name):
            return f"assignee:{_quoted(name or '', always=(name or '').lower() in ('me', 'none'))}"
        case Ids(ids):
            return f"id:{','.join(map(str, ids))}"
        case Is(Flag.ATTACHMENT):
            return "has:attachment"
        case Is(flag) if flag in ASKED:
            return f"is:{flag}"
        case Before(at):
            return f"before:{_instant_text(at)}"
        case After(at):
            return f"after:{_instant_text(at)}"
        case Due(seconds):
            return f"due:{_duration_text(seconds)}"
        case Quiet(seconds):
            return f"quiet:{_duration_text(seconds)}"
        case Is() | Warned():
            raise ValueError(f"A query cannot say {node}: it belongs to a view.")


def _enclosed(node: Node) -> str:
    return f"({render(node)})"


def _quoted(text: str, always: bool = False) -> str:
    if _PLAIN.fullmatch(text) and text != "OR" and not always:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _instant_text(at: Instant) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _duration_text(seconds: int) -> str:
    text = ""
    for letter, length in UNITS:
        count, seconds = divmod(seconds, length)
        if count:
            text += f"{count}{letter}"
    return text or "0s"
