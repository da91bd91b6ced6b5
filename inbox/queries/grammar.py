"""The words of a query: text -> tree. docs/queries.md is the same for people.

    query   = all { "OR" all }            AND binds tighter than OR
    all     = term { term }
    term    = { "-" } ( "(" query ")" | [ operator ":" ] value )
    value   = word | "phrase", either with a * behind it

Quotes make anything a value; within them \\" and \\\\ stand for " and \\.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from inbox.errors import BadUsage
from inbox.listing import Instant, Status
from inbox.outcomes import OUTCOMES
from inbox.queries.tree import (
    GONE_QUIET,
    After,
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
    OutcomeIs,
    Quiet,
    Score,
    StatusIs,
    Tag,
    Words,
    both,
    either,
    negated,
)
from inbox.queries.words import needle
from inbox.text import one_line

LONGEST = 10_000
"""Characters of a query."""
MOST_TERMS = 200
"""Terms of a query: SQLite's limit on the depth of an expression (1 000) is far away."""
DEEPEST = 10
"""Parentheses within each other: the parsers of SQLite and of its full-text index hold about a hundred symbols."""

_EXAMPLES = {
    "from": "weber",
    "to": "support",
    "subject": "invoice",
    "body": "refund",
    "tag": "refund",
    "status": "open",
    "assignee": "me",
    "customer": "weber",
    "channel": "mail",
    "mailbox": "support",
    "issue": "strike",
    "outcome": "referred",
    "cause": "carrier",
    "score": "<=2",
    "id": "17",
    "has": "attachment",
    "is": "late",
    "before": "2026-05-01",
    "after": "7d",
    "due": "30m",
    "quiet": "21d",
}
OPERATORS = tuple(_EXAMPLES)
"""What may stand before a colon."""
ASKED = (
    Flag.LATE,
    Flag.UNREAD,
    Flag.NOTICE,
    Flag.ANSWERED,
    Flag.VIP,
    Flag.UPSET,
    Flag.PROMISED,
    Flag.THANKS,
    Flag.GOODWILL,
    Flag.FEEDBACK,
)
"""What may stand behind `is:`, beside `quiet`."""

FIELDS = {
    "from": Field.SENDER,
    "to": Field.RECIPIENTS,
    "subject": Field.SUBJECT,
    "body": Field.BODY,
}

_TERM = re.compile(
    r"""(?P<operator>[A-Za-z]+:)?
    (?: "(?P<quoted>(?:[^"\\]|\\.)*)"(?P<star>\*?) | (?P<word>[^\s()"]+) )?""",
    re.VERBOSE | re.DOTALL,
)
_DURATION = re.compile(
    r"(?=.)(?:([0-9]{1,6})w)?(?:([0-9]{1,6})d)?(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?"
)
UNITS = (("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(?::[0-9]{2})?[Zz]?")
_SCORE = re.compile("(<=?|>=?)?([0-9])(?:-([0-9]))?")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of a query. `kind`: "(", ")", "-", "OR" or "term"; `column` counts characters from 1."""

    kind: str
    column: int
    operator: str = ""
    value: str = ""
    quoted: bool = False
    star: bool = False


def parse(text: str, now: Instant, zone: tzinfo) -> Node:
    """The tree of a query. Empty text is Everything.

    `now` and `zone` say what a date means: `2026-05` begins at midnight in the zone, `7d` is that long before
    now. Raises BadUsage, whatever the text: an unknown operator or value (with the nearest one), a missing
    quote or parenthesis (each with the column), too long a query.
    """
    if len(text) > LONGEST:
        raise BadUsage(f"The query is longer than {LONGEST} characters.", "Shorten it.")
    tokens = _cut(_SURROGATE.sub("\ufffd", text))
    if sum(token.kind == "term" for token in tokens) > MOST_TERMS:
        raise BadUsage(f"The query has more than {MOST_TERMS} terms.", "Shorten it, or ask in several steps.")
    if not tokens:
        return Everything()
    reading = _Reading(tokens, now, zone)
    node = reading.query(0)
    left = reading.next()
    if left is not None:
        raise _bad(
            f"A parenthesis closes at column {left.column} that was never opened",
            "Take it out, or put it in quotes.",
        )
    return node


def _cut(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        char = text[at]
        column = at + 1
        if char.isspace():
            at += 1
        elif char in "()" or (char == "-" and at + 1 < len(text) and not text[at + 1].isspace()):
            tokens.append(_Token(char, column))
            at += 1
        else:
            token, at = _term(text, at)
            tokens.append(token)
    return tokens


def _term(text: str, at: int) -> tuple[_Token, int]:
    """The term that begins at this place (no blank, no parenthesis), and where it ends."""
    found = _TERM.match(text, at)
    operator = (found["operator"] or "") if found else ""
    end = found.end() if found else at
    if found is None or (found["quoted"] is None and text[end : end + 1] == '"'):
        raise _bad(f"The quote at column {end + 1} is never closed", 'Close it with ".')
    name, column = operator[:-1].lower(), at + 1
    if found["quoted"] is not None:
        value = re.sub(r"\\(.)", r"\1", found["quoted"], flags=re.DOTALL)
        return _Token("term", column, name, value, True, bool(found["star"])), end
    word = found["word"] or ""
    if not operator and word == "OR":
        return _Token("OR", column), end
    if name in FIELDS or not operator:
        return _Token("term", column, name, word.rstrip("*"), False, word.endswith("*")), end
    return _Token("term", column, name, word), end


class _Reading:
    """Reads tokens one after the other into a tree."""

    def __init__(self, tokens: list[_Token], now: Instant, zone: tzinfo) -> None:
        self._tokens = tokens
        self._at = 0
        self._now = now
        self._zone = zone

    def next(self) -> _Token | None:
        """The token to be read now; None at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def query(self, depth: int) -> Node:
        """Terms and ORs up to a closing parenthesis or the end."""
        parts = [self._all(depth)]
        while (token := self.next()) is not None and token.kind == "OR":
            self._at += 1
            parts.append(self._all(depth))
        return either(*parts)

    def _all(self, depth: int) -> Node:
        parts = []
        while (token := self.next()) is not None and token.kind not in (")", "OR"):
            parts.append(self._one(depth))
        if not parts:
            where = f"at column {token.column}" if token else "at the end"
            raise _bad(
                f"A word is missing {where}",
                "OR and parentheses go around words; to look for the word itself, quote it.",
            )
        return both(*parts)

    def _one(self, depth: int) -> Node:
        denied, dash = False, 0
        while (token := self.next()) is not None and token.kind == "-":
            denied, dash = not denied, token.column
            self._at += 1
        if token is None or token.kind in (")", "OR"):
            raise _bad(
                f"Nothing stands behind the - at column {dash}", "Write -word for what must not be there."
            )
        self._at += 1
        if token.kind == "(":
            if depth == DEEPEST:
                raise _bad(
                    f"Parentheses lie too deep within each other at column {token.column}",
                    "Write it flatter.",
                )
            node = self.query(depth + 1)
            if self.next() is None:
                raise _bad(f"The parenthesis at column {token.column} is never closed", "Close it with ).")
            self._at += 1
        else:
            node = self._leaf(token)
        return negated(node) if denied else node

    def _leaf(self, token: _Token) -> Node:
        operator, value = token.operator, token.value
        if operator and operator not in OPERATORS:
            raise _bad(
                f"There is no operator “{_shown(operator)}:” (column {token.column})",
                f"The nearest is {_nearest(operator, OPERATORS)}: (in quotes the text itself is looked for).",
            )
        if operator and not value.strip():
            raise _bad(
                f"Nothing stands behind {operator}: (column {token.column})",
                f"Write the value right behind the colon: {operator}:{_EXAMPLES[operator]}",
            )
        if not operator or operator in FIELDS:
            return _words(token)
        if token.star:
            raise _bad(
                f"The * at column {token.column} follows {operator}:", "Only words can be cut short with *."
            )
        return _READ[operator](self, token)

    def status(self, token: _Token) -> Node:
        """`status:open`, `status:open,held`."""
        statuses = tuple(Status)
        return StatusIs(
            tuple(Status(_one_of(word, statuses, token)) for word in token.value.lower().split(","))
        )

    def assignee(self, token: _Token) -> Node:
        """`assignee:NAME`, `assignee:me`, `assignee:none`; in quotes always a name."""
        if not token.quoted and token.value.lower() == "me":
            return Assignee(me=True)
        if not token.quoted and token.value.lower() == "none":
            return Assignee()
        return Assignee(token.value)

    def issue(self, token: _Token) -> Node:
        """`issue:NAME`, `issue:any`, `issue:none`; in quotes always a name."""
        if not token.quoted and token.value.lower() in ("any", "none"):
            return Issue() if token.value.lower() == "any" else negated(Issue())
        return Issue(token.value)

    def outcome(self, token: _Token) -> Node:
        """`outcome:referred` and the others of `OUTCOMES`."""
        return OutcomeIs(_one_of(token.value.lower(), tuple(OUTCOMES), token))

    def score(self, token: _Token) -> Node:
        """`score:1`, `score:<=2`, `score:2-4`."""
        found = _SCORE.fullmatch(token.value)
        if found is not None:
            sign, one, last = found[1] or "", int(found[2]), int(found[3] or found[2])
            low = {"<": 1, "<=": 1, ">": one + 1}.get(sign, one)
            high = {">": 5, ">=": 5, "<": one - 1}.get(sign, last)
            if 1 <= low <= high <= 5:
                return Score(low, high)
        raise _bad(
            f"“{_shown(token.value)}” is no score (column {token.column})",
            "Customers answer with 1 to 5: write score:1, score:<=2, score:4-5.",
        )

    def ids(self, token: _Token) -> Node:
        """`id:17`, `id:17,18`."""
        words = [word.removeprefix("#") for word in token.value.split(",")]
        if not all(re.fullmatch("[0-9]{1,18}", word) for word in words):
            raise _bad(
                f"“{_shown(token.value)}” is no id (column {token.column})",
                "An id is a number: id:17 or id:17,18.",
            )
        return Ids(tuple(int(word) for word in words))

    def has(self, token: _Token) -> Node:
        """`has:attachment`."""
        return Is(Flag(_one_of(token.value.lower(), (Flag.ATTACHMENT,), token)))

    def flag(self, token: _Token) -> Node:
        """`is:late` and the others of `ASKED`; `is:quiet` is the view Gone quiet."""
        word = _one_of(token.value.lower(), (*ASKED, "quiet"), token)
        if word == "quiet":
            return both(StatusIs((Status.WAITING,)), negated(Is(Flag.NOTICE)), Quiet(GONE_QUIET))
        return Is(Flag(word))

    def before(self, token: _Token) -> Node:
        """`before:2026-05`: before the month begins."""
        return Before(self._instant(token))

    def after(self, token: _Token) -> Node:
        """`after:2026-05`: from the beginning of the month on."""
        return After(self._instant(token))

    def due(self, token: _Token) -> Node:
        """`due:30m`: late, or due within 30 minutes."""
        return Due(self._span(token))

    def quiet(self, token: _Token) -> Node:
        """`quiet:21d`: without a word for 21 days."""
        return Quiet(self._span(token))

    def _span(self, token: _Token) -> int:
        seconds = seconds_of(token.value.lower())
        if seconds is None:
            raise _bad(
                f"“{_shown(token.value)}” is no time span (column {token.column})",
                f"Write it like {token.operator}:30m, 4h, 2d, 1w.",
            )
        return seconds

    def _instant(self, token: _Token) -> Instant:
        value = token.value.strip().lower()
        ago = seconds_of(value)
        if ago is not None:
            return self._now - ago
        try:
            if value in ("today", "yesterday"):
                day = datetime.fromtimestamp(self._now, self._zone).date() - timedelta(
                    days=value == "yesterday"
                )
                return _epoch(datetime(day.year, day.month, day.day, tzinfo=self._zone))
            if date := _DATE.fullmatch(value):
                year, month, day_of_month = (int(part) if part else 1 for part in date.groups())
                return _epoch(datetime(year, month, day_of_month, tzinfo=self._zone))
            if _INSTANT.fullmatch(value):
                moment = datetime.fromisoformat(value.upper())
                return _epoch(moment if moment.tzinfo else moment.replace(tzinfo=self._zone))
        except (ValueError, OverflowError, OSError):
            pass
        raise _bad(
            f"“{_shown(token.value)}” is no date (column {token.column})",
            f"Write {token.operator}:2026-05-01, 2026-05, 2026, today, yesterday, or how long ago: 7d, 3w.",
        )


_READ: dict[str, Callable[[_Reading, _Token], Node]] = {
    "tag": lambda _, token: Tag(token.value),
    "status": _Reading.status,
    "assignee": _Reading.assignee,
    "customer": lambda _, token: CustomerIs(token.value),
    "channel": lambda _, token: Channel(token.value.lower()),
    "mailbox": lambda _, token: MailboxIs(token.value),
    "issue": _Reading.issue,
    "outcome": _Reading.outcome,
    "cause": lambda _, token: CauseIs(token.value),
    "score": _Reading.score,
    "id": _Reading.ids,
    "has": _Reading.has,
    "is": _Reading.flag,
    "before": _Reading.before,
    "after": _Reading.after,
    "due": _Reading.due,
    "quiet": _Reading.quiet,
}


def _words(token: _Token) -> Node:
    behind = f"{token.operator}:" if token.operator else ""
    if "*" in token.value and not token.quoted:
        raise _bad(
            f"The * in “{_shown(token.value)}” (column {token.column}) is not at the end",
            "Write the beginning: invo*.",
        )
    if not needle(token.value)[0]:
        raise _bad(
            f"“{_shown(behind + token.value)}” (column {token.column}) has no letter or digit to look for",
            "Write a word, or take it out.",
        )
    return Words(token.value, FIELDS.get(token.operator), token.star)


def _one_of(word: str, words: tuple[str, ...], token: _Token) -> str:
    if word in words:
        return word
    raise _bad(
        f"“{_shown(word)}” is nothing {token.operator}: knows (column {token.column})",
        f"The nearest is {token.operator}:{_nearest(word, words)}. Known: {', '.join(words)}.",
    )


def _nearest(word: str, words: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    return get_close_matches(word[:40], words, 1, 0.0)[0]


def seconds_of(text: str) -> int | None:
    """The length of `1h30m`, `7d`, `3w` in seconds; None when it is no such thing."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return None
    return sum(int(part) * length for part, (_, length) in zip(found.groups(), UNITS, strict=True) if part)


def _epoch(moment: datetime) -> Instant:
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())


def _shown(text: str) -> str:
    return one_line(text, 40)


def _bad(what: str, next_step: str) -> BadUsage:
    return BadUsage(f"{what}.", next_step)
