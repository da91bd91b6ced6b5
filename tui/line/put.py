"""`frontdesk put`: a file taken in over the line, for the answer that is being written; over SSH as well as here."""

from __future__ import annotations

import select
import sys
from collections.abc import Collection
from pathlib import PurePath
from typing import TYPE_CHECKING

import click

from inbox.errors import BadUsage, NotDone
from inbox.text import one_line
from tui.line.desk import Desk
from tui.line.ids import id_given

if TYPE_CHECKING:
    from inbox.ports import DraftFile

_PIECE = 1 << 16
_GOING = 50
"""Milliseconds in which whoever carries the line closes all of it, when it is lost."""
_TEXT = 4_000
"""Bytes by which a text is known."""


@click.command("put")
@click.argument("conversation", metavar="ID|new")
@click.option("--name", metavar="NAME", help="What it is to be called; else by what it is.")
@click.pass_obj
def command(desk: Desk, conversation: str, name: str | None) -> None:
    """Attach a file to your answer in a conversation: ssh desk put 12 --name invoice.pdf < invoice.pdf

    It comes over standard input and goes with your draft there, several one after the other; an open screen of yours shows
    it at once. With new in place of ID it goes with the letter in which you begin a conversation. What the draft holds then
    is printed.
    """
    from inbox.attachments import check_size
    from inbox.attachments import file_name as safe
    from inbox.model import Attachment
    from inbox.verbs import VERBS, refused

    who = desk.who()
    why = refused(VERBS["attach"], who)
    if why is not None:
        raise NotDone(why)
    store, number = desk.store(), 0 if conversation == "new" else id_given(desk, conversation)
    if sys.stdin.isatty():
        raise BadUsage("No file comes in.", f"{desk.called} put {conversation} < invoice.pdf sends one.")
    if number:
        _check_way(desk, number)
    limit = desk.settings().attach_limit
    called = one_line(name or "The file", 60)
    data = _read(called, held(desk, number), limit)
    if not data:
        raise NotDone(f"{called} is empty: nothing was attached.", "Look at it, and send it again.")
    if _is_lost():
        raise NotDone("The line was lost: nothing was attached.", "Send it again.")
    there = held(desk, number)  # others may have come meanwhile
    check_size(called, len(data), there, limit)
    kept = store.keep_file(data, safe(Attachment(name or _named(data), "", len(data), False)))
    if kept.sha not in {file.sha for file in there if file.name == kept.name}:
        kept = kept._replace(name=_free(kept.name, {file.name for file in there}))
        store.put_file(number, who.name, kept, desk.now())
    for file in held(desk, number):
        click.echo(f"{one_line(file.name, 200)}\t{one_line(file.type)}\t{file.size}")
    where = f"your answer in #{number}" if number else "the letter that you begin"
    click.echo(f"{one_line(kept.name, 200)} goes with {where}.", err=True)


def held(desk: Desk, conversation: int) -> tuple[DraftFile, ...]:
    """What goes with the newest letter of who acts in a conversation."""
    from inbox.ports import LEAVING

    me = desk.who().name
    drafts = desk.store().drafts(conversation)
    return next((draft.files for draft in drafts if draft.who == me and draft.kind in LEAVING), ())


def _check_way(desk: Desk, conversation: int) -> None:
    """NotDone where no address is known, so that only a text can be carried to the customer."""
    from inbox.answering import prepare

    store = desk.store()
    (row,) = store.rows([conversation])
    items = store.items(conversation)
    ready = prepare(items, desk.us(), desk.senders(), False, row.customer_addresses)
    addressed = any(draft.to for draft in store.drafts(conversation) if draft.who == desk.who().name)
    if ready.by_hand and not ready.to and not addressed:
        raise NotDone(f"No address is known here: attach it in {ready.by_hand}.", "Only a text is copied.")


def _read(called: str, there: Collection[DraftFile], limit: int) -> bytes:
    """What comes in, to its end. NotDone as soon as it is more than a message may hold with what it holds already."""
    from inbox.attachments import AS_SENT

    room = int(limit / AS_SENT) - sum(file.size for file in there)
    data = bytearray()
    while piece := sys.stdin.buffer.read(_PIECE):
        data += piece
        if len(data) > room:
            raise NotDone(
                f"{called} was not attached: with it the message would have more than {limit / 1e6:.0f} MB as sent.",
                "Send a link, or fewer at a time (attach_limit in settings.toml).",
            )
    return bytes(data)


def _is_lost() -> bool:
    """Whether nobody reads any more what is said here: then what came in was cut off, and did not end."""
    line = select.poll()
    line.register(1, 0)  # errors and hang-ups are told unasked (poll(2))
    return bool(line.poll(_GOING))


def _named(data: bytes) -> str:
    """A name for a file that came without one."""
    from inbox.pictures import MARKS

    for mark, kind in MARKS.items():
        if data.startswith(mark):
            return f"picture.{kind.lower().replace('jpeg', 'jpg')}"
    if data.startswith(b"%PDF-"):
        return "file.pdf"
    if data.startswith(b"PK\x03\x04"):
        return "file.zip"
    try:
        text = data[:_TEXT].decode("utf-8", "strict" if len(data) <= _TEXT else "ignore")
    except UnicodeDecodeError:
        return "file.bin"
    return "file.txt" if not set(text) & set(map(chr, range(9))) else "file.bin"


def _free(name: str, taken: Collection[str]) -> str:
    """The name, with a number where another file has it: "invoice (2).pdf"."""
    path, number, free = PurePath(name), 1, name
    while free in taken:
        number += 1
        free = f"{path.stem} ({number}){path.suffix}"
    return free
