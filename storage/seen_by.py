"""The store as one person may see it: what restricted mailboxes hold is not there for who may not see it.

Whatever reads, reads through a connection. One for a person has a view in the place of each table that says something of
a conversation: temporary ones of its own, which SQLite finds before the tables, so that no statement of this room can
pass by them. Where nothing is restricted there are none. They ask who may see what each time they are read: new settings
hold at once.

A table is in `VIEWS`, or in `OPEN` because it says nothing of what a message holds or of who wrote it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from storage.connection import connect
from storage.restricted import MAY_KNOW, MAY_NOT_SEE

_ME = "{me}"
_ADDRESS = "json_extract(e.data, '$.address')"
_BUCKET = (
    "status, coalesce(assignee, '') AS assignee, notice, waiting_since IS NOT NULL AS unanswered,"
    " due_at IS NOT NULL AS timed, sending > 0 AS sending, failed > 0 AS failed, approvals > 0 AS approvals,"
    " quarantined, suggested IS NOT NULL AS suggested"
)
_BUCKETS = "status, assignee, notice, unanswered, timed, sending, failed, approvals, quarantined, suggested"


def _sees(conversation: str) -> str:
    return f"NOT {MAY_NOT_SEE.format(conversation=conversation, name=_ME)}"


def _of_conversation(table: str, column: str = "conversation") -> str:
    return f"SELECT * FROM main.{table} t WHERE {_sees(f't.{column}')}"


def _of_message(table: str, column: str = "message") -> str:
    return (
        f"SELECT * FROM main.{table} t WHERE EXISTS (SELECT 1 FROM temp.messages m WHERE m.id = t.{column})"
    )


def _of_customer(table: str, column: str = "customer") -> str:
    return (
        f"SELECT * FROM main.{table} t WHERE EXISTS (SELECT 1 FROM temp.customers k WHERE k.id = t.{column})"
    )


_CUSTOMERS = "SELECT * FROM main.customers k WHERE " + MAY_KNOW.format(
    customer="k.id", living="coalesce(k.merged_into, k.id)", name=_ME
)
_TOOK_PART = (
    "EXISTS (SELECT 1 FROM main.conversations c JOIN main.participants a ON a.conversation = c.id"
    " WHERE c.customer = i.customer AND a.address = i.value AND {seen})"
)
_IDENTITIES = (
    "SELECT * FROM main.identities i WHERE EXISTS (SELECT 1 FROM temp.customers k WHERE k.id = i.customer)"
    " AND (NOT EXISTS (SELECT 1 FROM main.restricted_people p WHERE p.customer IN (i.customer, i.owner))"
    f" OR {_TOOK_PART.format(seen=_sees('c.id'))}"
    f" OR NOT {_TOOK_PART.format(seen='NOT ' + _sees('c.id'))})"
)
"""Of a customer who wrote there as well, the addresses that took part nowhere else are not there."""
_OF_SECRET = (
    "EXISTS (SELECT 1 FROM main.identities i WHERE i.kind = 'mail' AND i.value = {address})"
    " AND NOT EXISTS (SELECT 1 FROM temp.identities i WHERE i.kind = 'mail' AND i.value = {address})"
)
_EVENTS = (
    f"SELECT * FROM main.events e WHERE (e.home IS NULL OR {_sees('e.home')}) AND CASE"
    " WHEN e.type IN (17, 18, 19) THEN"
    " EXISTS (SELECT 1 FROM temp.customers k WHERE k.id = json_extract(e.data, '$.customer'))"
    f" WHEN e.type IN (31, 32, 35, 39) THEN NOT ({_OF_SECRET.format(address=_ADDRESS)})"
    " ELSE 1 END"
)
"""What is said of customers and of senders by themselves, too."""
_COUNTED = (
    f"SELECT {_BUCKETS}, sum(n) AS n FROM (SELECT {_BUCKETS}, n FROM main.buckets UNION ALL"
    f" SELECT {_BUCKET}, -1 FROM main.conversations c WHERE c.id IN (SELECT r.conversation FROM main.restricted r"
    f" WHERE NOT EXISTS (SELECT 1 FROM main.may_see y WHERE y.mailbox = r.mailbox AND y.name = {_ME})))"
    f" GROUP BY {_BUCKETS}"
)
"""The counts that follow by trigger, less what they count of conversations that are not seen."""
_KEPT_FROM_ME = (
    "EXISTS (SELECT 1 FROM main.restricted_mailboxes r WHERE NOT EXISTS"
    f" (SELECT 1 FROM main.may_see y WHERE y.mailbox = r.mailbox AND y.name = {_ME}))"
)
"""Whether anything is restricted that this person may not see."""

VIEWS = {
    "conversations": f"SELECT * FROM main.conversations c WHERE {_sees('c.id')}",
    # what was taken back lies in no conversation: it is there for who may see everything
    "messages": (
        f"SELECT * FROM main.messages m WHERE CASE WHEN m.conversation IS NULL THEN NOT {_KEPT_FROM_ME}"
        f" ELSE {_sees('m.conversation')} END"
    ),
    "customers": _CUSTOMERS,
    "identities": _IDENTITIES,
    "events": _EVENTS,
    "buckets": _COUNTED,
    "details": _of_message("details"),
    "conversation_tags": _of_conversation("conversation_tags"),
    "conversation_mentions": _of_conversation("conversation_mentions"),
    "participants": _of_conversation("participants"),
    "referred": _of_conversation("referred"),
    "refers": _of_message("refers"),
    "msgids": _of_message("msgids"),
    "beginnings": _of_message("beginnings"),
    "outbox": _of_message("outbox"),
    "outbox_recipients": _of_message("outbox_recipients"),
    "places": f"{_of_message('places')} OR t.message IS NULL AND NOT {_KEPT_FROM_ME}",
    "arrivals": f"SELECT * FROM main.arrivals t WHERE NOT {_KEPT_FROM_ME[:-1]} AND r.mailbox = t.mailbox)",
    "wholes": f"{_of_message('wholes')} OR t.message IS NULL AND NOT {_KEPT_FROM_ME}",
    "customer_texts": (
        "SELECT t.rowid AS rowid, t.* FROM main.customer_texts t"
        " WHERE EXISTS (SELECT 1 FROM temp.events e WHERE e.seq = t.event)"
    ),
    "written_numbers": (
        f"{_of_customer('written_numbers')}"
        " AND (t.message = 0 OR EXISTS (SELECT 1 FROM temp.messages m WHERE m.id = t.message))"
    ),
    "chats": (
        "SELECT * FROM main.chats t WHERE EXISTS (SELECT 1 FROM temp.chat_lines l WHERE l.chat = t.id)"
    ),
    "chat_lines": _of_message("chat_lines"),
    "refused": f"SELECT * FROM main.refused t WHERE NOT ({_OF_SECRET.format(address='t.address')})",
    "blocked": f"SELECT * FROM main.blocked t WHERE NOT ({_OF_SECRET.format(address='t.address')})",
    "rule_calls": (
        f"SELECT * FROM main.rule_calls t WHERE t.conversation IS NULL OR {_sees('t.conversation')}"
    ),
    "alert_mails": f"SELECT * FROM main.alert_mails t WHERE NOT {_KEPT_FROM_ME}",
    "erasures": f"SELECT * FROM main.erasures t WHERE NOT {_KEPT_FROM_ME}",  # who goes on with one must see all
}
"""What stands in the place of a table, by its name, in the order in which they are made; `{me}` is a person's name."""

OPEN = {
    "raws": "bytes by numbers, which are those that messages name",
    "meta": "marks of the workspace, and who is us",
    "keys": "that a change was made",
    "settings_versions": "hours and policies",
    "redirects": "numbers of conversations",
    "cursors": "how far folders were read",
    "jobs": "kinds of work, and numbers",
    "fences": "leases",
    "dictionaries": "for packing",
    "tombstones": "digests",
    "sending_limits": "what servers take",
    "issue_texts": "what people call an issue of the team's, and what they tell of it",
    "alert_marks": "how far was looked",
    "alerted": "numbers",
    "erased_files": "digests",
    "ways": "names of commands",
    "spikes": "words of many customers; what is restricted is not counted",
    "rules": "names of rules",
    "rule_runs": "names and numbers",
    "restricted_mailboxes": "names of mailboxes",
    "may_see": "who may see them",
    "restricted": "numbers",
    "restricted_people": "numbers",
    "message_fts": "words, read back by no statement; what they are found in are messages",
    "sqlite_stat1": "SQLite's own",
    "sqlite_stat4": "SQLite's own",
    "sqlite_sequence": "SQLite's own",
}
"""Every other table, and what it holds."""

_INDEXED = re.compile(
    r"(?<=FROM |JOIN )(\w+)( (?!INDEXED|NOT|CROSS|JOIN|ON|WHERE)\w+)? (NOT INDEXED|INDEXED BY \w+)"
)
"""A table (and what a statement calls it) of which the statement says by which index it is read."""


@lru_cache(maxsize=256)
def _in_place(sql: str, me: str) -> str:
    """A statement that names an index: a view has none, so that what it says stands in its place, with the index."""

    def put(found: re.Match[str]) -> str:
        table, called, index = found[1], found[2] or f" {found[1]}", found[3]
        if table not in VIEWS:
            return found[0]
        start, where, rest = VIEWS[table].replace(_ME, me).partition(" WHERE ")
        return f"({start} {index}{where}{rest}){called}"

    return _INDEXED.sub(put, sql)


class Narrowed(sqlite3.Connection):
    """A connection on which statements meet views."""

    me = "''"

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        """As SQLite does it, also where a statement names an index."""
        return super().execute(_in_place(sql, self.me) if "INDEXED" in sql else sql, values)


def narrowed(path: Path, person: str, cache_kb: int, busy_seconds: float) -> sqlite3.Connection:
    """A connection that sees what this person may."""
    connection = connect(path, cache_kb=cache_kb, busy_seconds=busy_seconds, kind=Narrowed)
    assert isinstance(connection, Narrowed)
    connection.me = "'" + person.replace("'", "''") + "'"
    for name, select in VIEWS.items():
        connection.execute(f"CREATE TEMP VIEW {name} AS {select.replace(_ME, connection.me)}")
    return connection


def unjudged(tables: Iterable[str]) -> set[str]:
    """Tables of which nobody has said whether they are open."""
    return {
        name
        for name in tables
        if name not in VIEWS and name not in OPEN and not name.startswith("message_fts")
    }
