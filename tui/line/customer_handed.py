"""`frontdesk customer export --of ID`: all that is held of one person, as plain files or as one tar file."""

from __future__ import annotations

import io
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inbox.errors import BadUsage, WorldError

if TYPE_CHECKING:
    from inbox.model import Customer
    from inbox.ports import Item, Panel
    from tui.line.desk import Desk

MOST = 1_000_000
Told = Callable[["Desk", "Panel"], dict[str, Any]]
"""How everything known of a customer is told as JSON."""


def hand_out(desk: Desk, customer: Customer, target: str, as_json: Told) -> None:
    """Write all that is held of a customer below a new folder, or (`-`) as one tar file to standard output. What others
    wrote in conversations with them is theirs and stays out. `as_json` tells a customer as `customer show --json` does."""
    from inbox.model import EventType
    from inbox.text import one_line

    desk.may("customer export")
    desk.needs_all("What is held of a customer")
    if target == "-" and sys.stdout.isatty():
        raise BadUsage(
            "A tar file is nothing for a terminal.", "Send it on: … --of ID - > person.tar, or name a folder."
        )
    count = 0
    if target == "-":
        with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as tar:
            for name, data in _files(desk, customer, as_json):
                entry = tarfile.TarInfo(name)
                entry.size, entry.mtime, entry.mode = len(data), desk.now(), 0o600
                tar.addfile(entry, io.BytesIO(data))
                count += 1
    else:
        count = _into_folder(desk, customer, Path(target), as_json)
    place = "standard output" if target == "-" else str(Path(target).absolute())
    desk.store().erasing.note(EventType.HANDED_OUT, place, desk.who(), desk.now(), customer=customer.id)
    click.echo(f"{count} files of customer {customer.id} in {one_line(place, 4_000)}.", err=target == "-")


def _into_folder(desk: Desk, customer: Customer, folder: Path, as_json: Told) -> int:
    count = 0
    try:
        folder.mkdir(mode=0o700, parents=True)
        for name, data in _files(desk, customer, as_json):
            path = folder / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_bytes(data)
            path.chmod(0o600)
            count += 1
    except FileExistsError:
        raise BadUsage(f"{folder} is there already.", "Name a new folder: nothing is overwritten.") from None
    except OSError as error:
        raise WorldError(f"{folder} cannot be written: {error.strerror}.", "Name another place.") from error
    return count


def _files(desk: Desk, customer: Customer, as_json: Told) -> Iterator[tuple[str, bytes]]:
    """Each file with its name; names are numbers and words of ours, never what anybody wrote. The index comes last."""
    from inbox.text import one_line
    from tui.line.forms import event_as_json, item_as_json, row_as_json
    from tui.line.lines import moment

    store, zone, now = desk.store(), desk.zone(), desk.now()
    panel = store.panel(customer.id, MOST)
    assert panel is not None
    about = as_json(desk, panel)
    yield "customer.json", _json(about)
    known = ", ".join(each.value for each in customer.identities)
    index = [
        f"{one_line(customer.name, 200)} ({customer.id}): {known}",
        f"written out {moment(now, zone)}",
        "",
    ]
    theirs = {each.value for each in customer.identities}
    found = store.erasing.holdings(customer.id)
    for row in store.rows([*found.own, *found.shared]):
        number = row.conversation.id
        items = store.items(number)
        shown = items if number in found.own else [each for each in items if _is_theirs(each, theirs)]
        told = row_as_json(row, now)
        told["items"] = [item_as_json(each) for each in shown]
        told["events"] = [event_as_json(each) for each in store.events(number)] if number in found.own else []
        folder = f"conversations/{number}"
        yield f"{folder}/conversation.json", _json(told)
        yield (
            f"{folder}/conversation.txt",
            "\n\n".join(_as_text(each, moment(each.at, zone)) for each in shown).encode("utf-8", "replace"),
        )
        for place, each in enumerate(shown, 1):
            raw = store.raw(each.id) if each.direction != "note" else None
            if raw is not None:
                yield f"{folder}/mail/{place:04}.eml", raw
        left_out = f", {len(items) - len(shown)} of others left out" if len(shown) < len(items) else ""
        index.append(f"{folder}: {one_line(row.subject, 200)} ({len(shown)} messages{left_out})")
    yield "index.txt", ("\n".join(index) + "\n").encode("utf-8", "replace")


def _is_theirs(item: Item, theirs: set[str]) -> bool:
    """Whether they wrote it, or it went to nobody else."""
    from inbox.addresses import fold_address

    people = item.sender if item.direction == "in" else (*item.to, *item.cc)
    return (
        item.direction != "note"
        and bool(people)
        and all(fold_address(each.address) in theirs for each in people)
    )


def _as_text(item: Item, at: str) -> str:
    from inbox.text import one_line, sanitise

    who = ", ".join(f"{each.name} <{each.address}>".strip() for each in item.sender) or item.author
    what = {"note": "note by", "out": "from us,", "in": "from"}[item.direction]
    return f"{at}  {what} {one_line(who, 500)}: {one_line(item.subject, 500)}\n{sanitise(item.text)}"


def _json(value: dict[str, object]) -> bytes:
    from inbox.jsonform import as_line

    return as_line(value).encode("utf-8", "replace") + b"\n"
