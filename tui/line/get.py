"""`frontdesk get`: an attachment given out, into a file or down a pipe; over SSH as well as here."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inbox.attachments import Listed, content, listed, save, shown_name
from inbox.errors import BadUsage, NotDone
from inbox.text import one_line
from tui.line.desk import Desk
from tui.line.ids import id_given, is_id

if TYPE_CHECKING:
    from inbox.ports import Item


@click.command("get")
@click.argument("which", metavar="ID[/NUMBER]")
@click.option("--to", "folder", type=click.Path(path_type=Path), metavar="DIR", help="Save it in a folder.")
@click.pass_obj
def command(desk: Desk, which: str, folder: Path | None) -> None:
    """An attachment of a conversation by its number, as `show` prints it; without a number all are listed.

    It goes to standard output (get 12/2 > invoice.pdf, ssh desk get 12/2 > invoice.pdf) or with --to into a folder, under
    its own name made safe; nothing is written over.
    """
    conversation, slash, number = which.partition("/")
    store, here = desk.store(), id_given(desk, conversation)
    items = store.items(here)
    found = listed(items)
    if not slash:
        click.echo("".join(f"{line}\n" for line in _list(here, found)), nl=False)
        return
    one = next((one for one in found if is_id(number) and one.number == int(number)), None)
    if one is None:
        raise NotDone(
            f"There is no attachment {one_line(which, 40)!r}.",
            f"{desk.called} get {here} lists what there is.",
        )
    if folder is None and sys.stdout.isatty():
        raise BadUsage(
            "An attachment is not written to a terminal.", f"get {here}/{one.number} > FILE, or --to DIR"
        )
    if folder is not None and not folder.is_dir():
        raise BadUsage(f"There is no folder {one_line(str(folder), 80)}.", "Name one that is there.")
    data = _bytes(desk, one, items, store.raw(one.message))
    if folder is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        click.echo(one_line(str(save(data, folder, one.attachment)), 4000))


def _list(conversation: int, found: Sequence[Listed]) -> list[str]:
    return [
        f"{conversation}/{one.number}\t{shown_name(one.attachment)}\t{one_line(one.attachment.type)}\t{one.attachment.size}"
        for one in found
    ]


def _bytes(desk: Desk, one: Listed, items: Sequence[Item], raw: bytes | None) -> bytes:
    item = next(each for each in items if each.id == one.message)
    data = content(raw or b"", item.attachments, one.place)
    if data is None:
        why = (
            "the rest of its message is still on its way"
            if item.coming
            else "it is not found in its message again"
        )
        raise NotDone(
            f"{shown_name(one.attachment)} cannot be given out: {why}.",
            f"{desk.instead_of_worker} fetches what is due.",
        )
    return data
