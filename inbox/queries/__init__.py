"""The search and view language: text -> tree, trees evaluated in memory, words as the index has them.

`storage.compile` turns the same trees into SQL.
"""

from inbox.queries.grammar import OPERATORS, parse
from inbox.queries.matching import Facts, MessageFacts, is_number, matches, matches_message
from inbox.queries.rendering import render
from inbox.queries.tree import (
    After,
    And,
    Assignee,
    Before,
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
    Quiet,
    StatusIs,
    Tag,
    Words,
    both,
    either,
    negated,
)
from inbox.queries.words import fold_words, needle, searchable, tokens

__all__ = [
    "OPERATORS",
    "After",
    "And",
    "Assignee",
    "Before",
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
    "Quiet",
    "StatusIs",
    "Tag",
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
