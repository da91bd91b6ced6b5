"""What to do about one folder: a pure comparison of what we hold with what the server says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a folder has been taken over.

    `next_uid` is one more than the highest UID looked at (1 at first); `known` are the UIDs of places believed to be
    there still: it may cost something to go through them. While a folder is read for the first time, from its newest
    message down, UIDs below `low` are still to come. All belong to `uidvalidity` alone (RFC 9051, 2.3.1.1).
    """

    uidvalidity: int
    next_uid: int = 1
    known: Collection[int] = ()
    low: int = 1


@dataclass(frozen=True, slots=True)
class ServerState:
    """One folder as the server tells it now.

    `uids` are all UIDs from `since` on, ascending; with `since` 1 that is the whole folder. `uidnext` and
    `modseq` are 0 where the server does not tell them.
    """

    folder: str
    uidvalidity: int
    uidnext: int
    exists: int
    uids: tuple[int, ...] = ()
    since: int = 1
    modseq: int = 0


EMPTIED = "The folder was full and is empty now."
"""The question of an emptied folder."""

Signs = tuple[int, int, int, int]
"""What tells whether a folder has changed without opening it: UIDVALIDITY, UIDNEXT, how many messages, and HIGHESTMODSEQ
where the server keeps it (CONDSTORE, RFC 7162), else 0."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do.

    new: UIDs to fetch, ascending; after each stored one the cursor may stand behind it. Among them may be some below
    the cursor: on the server, and no place of ours (an answer once left them out).
    vanished: known UIDs that are no longer there (moved, deleted elsewhere): mark the places gone.
    reset: the numbers mean other messages now: fetch all and match by content, known mail makes nothing new.
    question: why nothing is marked gone although it is not there; a person, or a second look, decides.
    """

    uidvalidity: int
    new: tuple[int, ...] = ()
    vanished: tuple[int, ...] = ()
    reset: bool = False
    question: str = ""


def plan(cursor: Cursor | None, server: ServerState, may_be_empty: bool = False) -> Plan:
    """Compare; `cursor` is None for a folder never seen before.

    A folder that is suddenly empty is a question, not an order: a server that lost its disk looks the same. But one that
    begins to count anew gives known numbers to other mail, and must not wait for a person. `may_be_empty`: nobody need
    be asked.
    """
    if cursor is None:
        return Plan(server.uidvalidity, new=server.uids)
    emptied = bool(cursor.known) and not server.uids and server.since == 1
    # UIDs only ever grow (RFC 9051, 2.3.1.1): a next one below ours is a mailbox restored from an older copy.
    # One that is below what lies there is wrong, and would have all fetched again with every look.
    believed = not server.uids or server.uids[-1] < server.uidnext
    went_back = bool(server.uidnext) and server.uidnext < cursor.next_uid and believed
    question = EMPTIED if emptied and not went_back and not may_be_empty else ""
    if server.uidvalidity != cursor.uidvalidity or went_back:
        return Plan(server.uidvalidity, new=server.uids, reset=True, question=question)
    if question:
        return Plan(server.uidvalidity, question=question)
    if server.since >= cursor.next_uid:  # nothing that we know lies there
        return Plan(server.uidvalidity, new=server.uids)
    known, there = set(cursor.known), set(server.uids)
    new = tuple(uid for uid in server.uids if uid >= cursor.next_uid or uid not in known)
    vanished = tuple(sorted(uid for uid in known if uid >= server.since and uid not in there))
    return Plan(server.uidvalidity, new=new, vanished=vanished)
