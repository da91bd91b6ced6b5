"""`parse`: how one mail is read, without a workspace."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inbox.errors import BadUsage, FrontdeskError, WorldError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inbox.beside import Apart
    from inbox.model import Message


@click.command("parse")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file, one a line.")
def command(files: tuple[str, ...], as_json: bool) -> None:
    """Show how one mail is read: one message a FILE, "-" for standard input.

    Each line of --json has the message's ids, dates, people, the whole text and what of it is reply, quote
    and signature, its attachments, whether a machine wrote it, who a bounce says was not reached, and its
    oddities.
    """
    from inbox.beside import Apart

    failure: FrontdeskError | None = None
    with Apart() as apart:
        for name in files:
            try:
                raw = _read(name)
            except FrontdeskError as error:
                failure = failure or error
                continue
            _show(name, raw, as_json, apart)
    if failure is not None:
        raise failure


def _read(name: str) -> bytes:
    """The bytes of a file; raises BadUsage when it is not there and WorldError when it cannot be read."""
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError):
        raise BadUsage(
            f"There is no file {_shown(name)}.", "Name the file of one mail, or - for standard input."
        ) from None
    except OSError as error:
        raise WorldError(
            f"{_shown(name)} cannot be read: {error.strerror}.", "Look at its rights and its disk."
        ) from None


def _shown(name: str) -> str:
    from inbox.text import one_line

    return one_line(name)


def _show(name: str, raw: bytes, as_json: bool, apart: Apart) -> None:
    from inbox.mime import parse
    from inbox.text import sanitise

    message = parse(raw, apart.read)
    if as_json:
        from inbox.jsonform import as_line, message_as_json

        click.echo(as_line({"file": name} | message_as_json(message)))
    else:
        click.echo(sanitise("\n".join(_lines(name, message))))


def _lines(name: str, message: Message) -> Iterator[str]:
    """A message for a person: what was found, then the text in its three parts."""
    from inbox.jsonform import instant_as_json
    from inbox.text import one_line

    people = (
        ("From", message.sender),
        ("To", message.to),
        ("Cc", message.cc),
        ("Reply-To", message.reply_to),
    )
    yield f"{one_line(name)}: {one_line(message.subject) or '(no subject)'}"
    yield f"  Date: {instant_as_json(message.date) or 'unknown'}   Id: {one_line(message.message_id or 'none')}"
    for label, addresses in people:
        if addresses:
            yield f"  {label}: " + one_line(
                ", ".join(f"{each.name} <{each.address}>".strip() for each in addresses), 500
            )
    for attachment in message.attachments:
        yield f"  Attachment: {one_line(attachment.name or 'unnamed')} ({attachment.type}, {attachment.size} bytes)"
    marks = ("is_automatic", "suppress_auto_reply", "notice")
    said = [mark.replace("_", " ") for mark in marks if getattr(message.automatic, mark)]
    if said:
        yield f"  Machine: {', '.join(said)} ({one_line('; '.join(message.automatic.why), 500)})"
    for bounce in message.bounces:
        yield f"  Not delivered to {one_line(bounce.recipient)} ({bounce.kind}): {one_line(bounce.diagnostic, 500)}"
    for oddity in message.oddities:
        yield f"  Odd: {one_line(oddity)}"
    for label, text in (
        ("Reply", message.reply),
        ("Quoted", message.quoted),
        ("Signature", message.signature),
    ):
        if text:
            yield f"{label}:"
            yield from ("  " + line for line in text.split("\n"))
