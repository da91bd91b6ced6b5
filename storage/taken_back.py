"""A message of ours that does not leave after all is a draft again, with everything it was made of; and so is what was not
carried to the customer after all."""

from __future__ import annotations

import sqlite3

from inbox.actions.by_hand import ELSEWHERE
from inbox.addresses import fold_address
from inbox.model import Address, Event, EventType
from inbox.ports import AMENDS, Draft, DraftFile
from inbox.recipients import as_typed, mailable
from storage.contents import Contents


def draft_of(connection: sqlite3.Connection, contents: Contents, queued: Event) -> Draft:
    """The draft of what `queued` put into the outbox, or said to be there by hand; it belongs to who wrote it."""
    number, data = queued.message or 0, queued.data
    said = contents.details(connection, number)
    to, cc = (tuple(Address(*pair) for pair in said.get(key, ())) for key in ("to", "cc"))
    seen = {fold_address(mailable(each.address) or each.address) for each in (*to, *cc)}
    everybody = connection.execute(
        "SELECT address FROM outbox_recipients WHERE message = ? ORDER BY address", (number,)
    )
    bcc = tuple(address for (address,) in everybody if fold_address(address) not in seen)
    sender = next((as_typed(Address(*pair)) for pair in said.get("from", ()) if pair[1]), "")
    shas, enclosed = data.get("files", ()), said.get("attachments", ())
    files = tuple(
        DraftFile(name, kind, size, sha) for sha, (name, kind, size, _) in zip(shas, enclosed, strict=False)
    )
    found = connection.execute("SELECT home FROM events WHERE seq = ?", (queued.seq,)).fetchone()
    home = found[0] if found is not None else 0  # it is not seen here: nothing is said of it
    kind = f"{AMENDS} {data['instead']}" if "instead" in data else data.get("kind", "reply")
    return Draft(
        0 if kind == "new" else home,
        queued.who,
        kind,
        _words_of(queued, said.get("reply", "")),
        tuple(map(as_typed, to)),
        tuple(map(as_typed, cc)),
        bcc,
        said.get("subject", ""),
        queued.at,
        sender,
        files,
        tuple(data.get("used", ())),
    )


def _words_of(event: Event, reply: str) -> str:
    """The words of a draft; of an answer of which nobody wrote down the words there are none."""
    return "" if event.type is EventType.SENT_BY_HAND and reply == ELSEWHERE else reply
