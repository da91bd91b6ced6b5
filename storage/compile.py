"""Queries as SQL: the trees of `inbox.queries` as conditions that find what `matches` finds in memory.

Whatever a person typed is bound as a parameter; words for the full-text index are folded and quoted besides.
Only the program's own words (statuses, columns) stand in a statement, so that partial indexes can be used.

No condition is ever NULL: NOT would turn that into a miss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inbox.listing import Instant
from inbox.queries import (
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
    fold_words,
    is_number,
    needle,
)

Value = str | int | None
Sql = tuple[str, tuple[Value, ...]]

FEW = 20_000
"""Up to so many conversations that fit its filter, a search notes their messages; with more it looks each hit up."""

Beginnings = Mapping[str, Sequence[str]]
"""For the beginning of a word, all words of the full-text index that begin so."""

_HIDDEN = (
    "r.waiting_since IS NOT NULL AND r.notice = 0 AND ("
    "r.status IN ('waiting', 'held', 'snoozed') AND r.due_at IS NULL AND r.sending = 0 AND r.approvals = 0"
    " AND r.failed = 0 AND r.held_until IS NULL AND r.snoozed_until IS NULL"
    " OR r.status = 'spam' AND r.unjudged = 1)"
)
"""As the index conversations_hidden of 0002.sql says it, word for word."""
_KNOWN = (
    "EXISTS (SELECT 1 FROM conversations k INDEXED BY conversations_known"
    " WHERE k.customer = r.customer AND k.answered = 1)"
)
_LINKED = "SELECT l.id FROM conversations l WHERE l.issue IS NOT NULL"
OUT_OF_SIGHT = f"{_HIDDEN} AND (r.status <> 'spam' OR r.quarantined = 1 OR {_KNOWN})"
"""What `inbox.sight.unseen` says of a row."""

_MESSAGES = "messages m"
_FLAGS = {
    Flag.UNREAD: "c.unread = 1",
    Flag.NOTICE: "c.notice = 1",
    Flag.ANSWERED: "c.answered = 1",
    Flag.VIP: "c.vip = 1",
    Flag.UPSET: "c.upset = 1",
    Flag.UNANSWERED: "c.waiting_since IS NOT NULL",
}
_RARE_FLAGS = {
    Flag.SENDING: "r.sending > 0",
    Flag.FAILED: "r.failed > 0",
    Flag.APPROVALS: "r.approvals > 0",
    Flag.QUARANTINED: "r.quarantined = 1",
    Flag.SUGGESTED: "r.suggested IS NOT NULL",
    Flag.PROMISED: "r.promised_until IS NOT NULL",
    Flag.THANKS: "r.thanks = 1",
    Flag.GOODWILL: "r.goodwill > 0",
    Flag.FEEDBACK: "r.score IS NOT NULL",
    Flag.OUT_OF_SIGHT: OUT_OF_SIGHT,
}
"""What few conversations have: partial indexes hold these, and lists begin with them instead of walking past all."""


def conversation_sql(node: Node, me: str, now: Instant) -> Sql:
    """A condition on `conversations c` and its parameters: the conversations for which `matches` holds."""
    return _Compiler(me, now, of_messages=False).condition(node)


def message_sql(
    node: Node,
    me: str,
    now: Instant,
    limit: int | None,
    since: int | None = None,
    beginnings: Beginnings | None = None,
    *,
    few: bool = False,
) -> Sql:
    """A statement that finds messages: rows of (id, conversation, at), newest first, at most `limit`.

    The messages for which `matches_message` holds; with `since`, only from this id on. Words that must all be there
    are one full-text expression, whose hits are walked backwards until there are enough. `beginnings` may say which
    words begin like those in `prefixes(node)`: then such a walk need not gather all their hits first. `few` says that
    few conversations fit the rest of the query (`filter_sql`): their messages are noted before the walk.
    """
    compiler = _Compiler(me, now, of_messages=True, beginnings=beginnings)
    table, key, conditions, others = compiler.hits(node)
    source = table if table == _MESSAGES else f"{table} CROSS JOIN {_MESSAGES} ON m.id = {key}"
    conditions.append(("m.conversation IS NOT NULL", ()))
    if since is not None:
        conditions.append((f"{key} >= ?", (since,)))
    about = tuple(part for part in others if _about(part) == "conversation")
    rest = tuple(part for part in others if _about(part) != "conversation")
    if rest:
        conditions.append(compiler.condition(And(rest)))
    if about:
        condition = conversation_sql(And(about), me, now)
        walked = (
            key if table == _MESSAGES else f"+{key}"
        )  # else FTS5 is asked for one message after the other
        conditions.append(_among(walked, condition) if few else _looked_up(condition))
    where, values = _joined(conditions, " AND ")
    return (
        f"SELECT m.id, m.conversation, m.at FROM {source} WHERE {where} ORDER BY {key} DESC LIMIT ?",
        (*values, -1 if limit is None else limit),
    )


def newest_sql(node: Node, newest: int, beginnings: Beginnings | None = None) -> Sql:
    """A statement for one row: how many messages hold the words of a query, up to `newest`, and the first of these."""
    table, key, conditions, _ = _Compiler("", 0, of_messages=True, beginnings=beginnings).hits(node)
    where, values = _joined([*conditions, ("1", ())], " AND ")
    hits = f"SELECT {key} AS id FROM {table} WHERE {where} ORDER BY {key} DESC LIMIT ?"
    return f"SELECT count(*), min(id) FROM ({hits})", (*values, newest)


def filter_sql(node: Node, me: str, now: Instant) -> Sql | None:
    """A statement for one number: how many conversations fit what a query says beside its words, up to `FEW` + 1.

    None when it says nothing of conversations.
    """
    others = _Compiler(me, now, of_messages=True).hits(node)[3]
    about = tuple(part for part in others if _about(part) == "conversation")
    if not about:
        return None
    where, values = conversation_sql(And(about), me, now)
    return f"SELECT count(*) FROM (SELECT 1 FROM conversations c WHERE {where} LIMIT {FEW + 1})", values


def is_words(node: Node) -> bool:
    """Whether a query is nothing but words that the full-text index answers by itself."""
    return not _Compiler("", 0, of_messages=True).hits(node)[3]


def _looked_up(condition: Sql) -> Sql:
    """A condition on the conversation of `messages m`, found out for each message."""
    where, values = condition
    return f"EXISTS (SELECT 1 FROM conversations c WHERE c.id = m.conversation AND {where})", values


def _among(key: str, condition: Sql) -> Sql:
    """The same, found out once: with a filter that few fit, each hit of a common word would else cost a look-up."""
    where, values = condition
    fitting = f"SELECT x.id FROM conversations c CROSS JOIN messages x ON x.conversation = c.id WHERE {where}"
    return f"{key} IN ({fitting})", values


class _Compiler:
    """Turns nodes into conditions on `conversations c`, or on `messages m` and its conversation."""

    def __init__(
        self, me: str, now: Instant, *, of_messages: bool, beginnings: Beginnings | None = None
    ) -> None:
        self._me = me
        self._now = now
        self._of_messages = of_messages
        self._beginnings = beginnings or {}

    def condition(self, node: Node) -> Sql:
        """The condition a node stands for."""
        if self._of_messages and _about(node) == "conversation":
            return _looked_up(conversation_sql(node, self._me, self._now))
        match node:
            case Everything():
                return "1", ()
            case And(parts):
                return _joined([self.condition(part) for part in parts], " AND ")
            case Or(parts):
                return _joined([self.condition(part) for part in parts], " OR ")
            case Not(part):
                where, values = self.condition(part)
                return f"NOT {where}", values
            case Words():
                return self._words(node)
            case Is(Flag.ATTACHMENT):
                return self._attachment(), ()
            case Before(at):
                return f"({self._at()} < ?)", (at,)
            case After(at):
                return f"({self._at()} >= ?)", (at,)
            case Quiet(seconds):
                return "(c.last_at < ?)", (self._now - seconds,)
            case Due(seconds):
                return "(c.due_at IS NOT NULL AND c.due_at <= ?)", (self._now + seconds,)
            case Warned():
                return "(c.due_at IS NOT NULL AND coalesce(c.warn_at, c.due_at) <= ?)", (self._now,)
            case Is(Flag.LATE):
                return "(c.due_at IS NOT NULL AND c.due_at < ?)", (self._now,)
            case Is(Flag.MENTIONED):
                return "(c.id IN (SELECT conversation FROM conversation_mentions WHERE name = ?))", (
                    self._me,
                )
            case Is(flag) if flag in _RARE_FLAGS:
                return f"(c.id IN (SELECT r.id FROM conversations r WHERE {_RARE_FLAGS[flag]}))", ()
            case Is(flag):
                return f"({_FLAGS[flag]})", ()
            case Tag(name):
                return "(c.id IN (SELECT conversation FROM conversation_tags WHERE tag = ?))", (name,)
            case StatusIs(statuses):
                listed = ", ".join(f"'{status.value}'" for status in statuses)
                return f"(c.status IN ({listed}))", ()
            case Assignee(name, me):
                return "(c.assignee IS ?)", (self._me if me else name,)
            case Channel(name):
                return "(c.channel = ?)", (name,)
            case MailboxIs(name):
                return "(c.mailbox IS ?)", (name,)
            case CustomerIs(name):
                return _customer(name)
            case Issue(None):
                return f"(c.id IN ({_LINKED}))", ()
            case Issue(name):
                return f"(c.id IN ({_LINKED} AND l.issue = ?))", (name,)
            case OutcomeIs(name):
                return "(c.status = 'closed' AND c.closed_why IS ?)", (name,)
            case CauseIs(name):
                return "(c.status = 'closed' AND c.cause IS ?)", (name,)
            case Score(low, high):
                scored = (
                    "SELECT r.id FROM conversations r WHERE r.score IS NOT NULL AND r.score BETWEEN ? AND ?"
                )
                return f"(c.id IN ({scored}))", (low, high)
            case Ids(ids):
                return "(c.id IN (SELECT value FROM json_each(?)))", (f"[{','.join(map(str, ids))}]",)

    def _words(self, node: Words) -> Sql:
        expression = self._expression(node)
        if not expression:
            return "0", ()
        if self._of_messages:
            return "(m.id IN (SELECT rowid FROM message_fts WHERE message_fts MATCH ?))", (expression,)
        return (
            "(c.id IN (SELECT m.conversation FROM message_fts CROSS JOIN messages m ON m.id = message_fts.rowid"
            " WHERE message_fts MATCH ? AND m.conversation IS NOT NULL))",
            (expression,),
        )

    def _attachment(self) -> str:
        if self._of_messages:
            return "(m.attachments > 0)"
        return "(EXISTS (SELECT 1 FROM messages m WHERE m.conversation = c.id AND m.attachments > 0))"

    def _at(self) -> str:
        return "m.at" if self._of_messages else "c.last_at"

    # The full-text index.

    def hits(self, node: Node) -> tuple[str, str, list[Sql], list[Node]]:
        """Where a search for messages starts: table, row id, conditions; and the parts of the query left over."""
        expression, others = self.split(node.parts if isinstance(node, And) else (node,))
        if not expression:
            return _MESSAGES, "m.id", [], others
        return "message_fts", "message_fts.rowid", [("message_fts MATCH ?", (expression,))], others

    def split(self, parts: tuple[Node, ...]) -> tuple[str, list[Node]]:
        """One full-text expression of all parts that can be in it, and the others; "" when no part starts it."""
        wanted: list[str] = []
        unwanted: list[str] = []
        others: list[Node] = []
        for part in parts:
            if expression := self._expression(part):
                wanted.append(expression)
            elif isinstance(part, Not) and (expression := self._expression(part.part)):
                unwanted.append(expression)
            else:
                others.append(part)
        if not wanted:
            return "", list(parts)
        return _all_without(wanted, unwanted), others

    def _expression(self, node: Node) -> str:
        """A node as an expression of FTS5; "" when it is not words alone, or only says which must not be there."""
        match node:
            case Words():
                return self._phrase(node)
            case Or(parts):
                each = [self._expression(part) for part in parts]
                return " OR ".join(f"({part})" for part in each) if all(each) else ""
            case And(parts):
                expression, others = self.split(parts)
                return "" if others else expression
            case _:
                return ""

    def _phrase(self, node: Words) -> str:
        words, prefix = needle(node.text, node.prefix)
        if not words:
            return ""
        column = f"{node.field.value} : " if node.field else ""
        if prefix and len(words) == 1 and (known := self._beginnings.get(words[0])):
            return f"{column}({' OR '.join(map(_quoted, known))})"
        return f"{column}{_quoted(' '.join(words))}{' *' if prefix else ''}"


def _customer(wanted: str) -> Sql:
    if is_number(wanted):
        known = (
            "c.customer = ? OR c.customer IN (SELECT customer FROM identities WHERE value = ?)"
            " OR c.customer IN (SELECT merged_into FROM customers WHERE id = ? AND merged_into IS NOT NULL)"
        )
        return f"(c.customer IS NOT NULL AND ({known}))", (int(wanted), wanted, int(wanted))
    known = "c.customer IN (SELECT customer FROM identities WHERE instr(value, ?) > 0)"
    values = [wanted.casefold()]
    if words := fold_words(wanted):
        known += " OR c.customer IN (SELECT id FROM customers WHERE instr(' ' || folded, ?) > 0)"
        values.append(f" {words}")
    return f"(c.customer IS NOT NULL AND ({known}))", tuple(values)


def _joined(conditions: list[Sql], word: str) -> Sql:
    where = word.join(each for each, _ in conditions)
    return f"({where})", tuple(value for _, values in conditions for value in values)


def _quoted(words: str) -> str:
    # Folded words hold no quote; doubled it would not end the string either.
    return '"' + words.replace('"', '""') + '"'


def _all_without(wanted: list[str], unwanted: list[str]) -> str:
    if len(wanted) == 1 and not unwanted:
        return wanted[0]
    expression = " AND ".join(f"({part})" for part in wanted)
    if unwanted:
        return f"({expression}) NOT ({' OR '.join(f'({part})' for part in unwanted)})"
    return expression


def _about(node: Node) -> str:
    """What a search for messages must look at: the "message", its "conversation", or both ("mixed")."""
    match node:
        case Words() | Before() | After() | Is(Flag.ATTACHMENT):
            return "message"
        case And(parts) | Or(parts):
            kinds = {_about(part) for part in parts}
            return kinds.pop() if len(kinds) == 1 else "mixed"
        case Not(part):
            return _about(part)
        case _:
            return "conversation"


def has_deadline(node: Node) -> bool:
    """Whether only conversations with a deadline can fit."""
    match node:
        case And(parts):
            return any(map(has_deadline, parts))
        case Or(parts):
            return all(map(has_deadline, parts))
        case _:
            return isinstance(node, Due | Warned) or node == Is(Flag.LATE)


def prefixes(node: Node) -> frozenset[str]:
    """The beginnings of single words that a tree looks for."""
    match node:
        case And(parts) | Or(parts):
            return frozenset().union(*map(prefixes, parts))
        case Not(part):
            return prefixes(part)
        case Words(text, _, prefix):
            words, goes_on = needle(text, prefix)
            return frozenset(words) if goes_on and len(words) == 1 else frozenset()
        case _:
            return frozenset()
