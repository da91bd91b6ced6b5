"""The search and view language: text -> tree, trees evaluated in memory, words as the index has them.

`storage.compile` turns the same trees into SQL. Reading and evaluating are loaded when first used: every command
needs the nodes, few need more.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from inbox.queries.tree import (
    GONE_QUIET,
    After,
    And,
    Assignee,
    Before,
    CauseIs,
    Channel,
    CustomerIs,
    Due,
    Everything,
    Field,
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
    both,
    either,
    negated,
)
from inbox.queries.words import fold_words, is_number, needle, searchable, tokens

if TYPE_CHECKING:
    from inbox.queries.grammar import OPERATORS, parse
    from inbox.queries.matching import Facts, MessageFacts, matches, matches_message
    from inbox.queries.rendering import render

__all__ = [
    "GONE_QUIET",
    "OPERATORS",
    "After",
    "And",
    "Assignee",
    "Before",
    "CauseIs",
    "Channel",
    "CustomerIs",
    "Due",
    "Everything",
    "Facts",
    "Field",
    "Flag",
    "Ids",
    "Is",
    "Issue",
    "MailboxIs",
    "MessageFacts",
    "Node",
    "Not",
    "Or",
    "OutcomeIs",
    "Quiet",
    "Score",
    "StatusIs",
    "Tag",
    "Warned",
    "Words",
    "both",
    "either",
    "fold_words",
    "is_number",
    "matches",
    "matches_message",
    "needle",
    "negated",
    "parse",
    "render",
    "searchable",
    "tokens",
]

_LATER = {
    "OPERATORS": "grammar",
    "parse": "grammar",
    "Facts": "matching",
    "MessageFacts": "matching",
    "matches": "matching",
    "matches_message": "matching",
    "render": "rendering",
}


def __getattr__(name: str) -> object:
    """What is loaded only when somebody asks for it (PEP 562)."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
