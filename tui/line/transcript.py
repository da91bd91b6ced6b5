"""`transcript`: how one chat export is read, without a workspace."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inbox.errors import BadUsage, NotDone
from tui.line.chat_options import as_asked, chat_options, form_of

if TYPE_CHECKING:
    from inbox.channels.chat.reading import Left
    from inbox.chat.shape import Asked, Chat, Line

AT_ONCE = 1_000
"""Lines that are written at once: one write each would take longer than reading them."""
SHOWN = 20
"""Lines of a chat a person is shown; --json has all."""


@click.command("transcript")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a chat, one a line.")
@click.option("--format", "form", metavar="FORMAT", help="Instead of telling it by the files themselves.")
@chat_options
def command(
    files: tuple[str, ...],
    as_json: bool,
    form: str | None,
    ours: tuple[str, ...],
    zone: str | None,
    mapping: str | None,
) -> None:
    """Show how one chat export is read: a file, a folder or a zip each, "-" for standard input.

    Each line of --json has a chat as it was exported: who takes part, what was said, and what was odd about it.
    """
    from inbox.channels.chat.reading import Left, format_of

    form = form_of(form, mapping)
    if form is not None:
        format_of(form)
    asked = as_asked(ours, zone, mapping)
    read = False
    for name in files:
        for each in _chats(name, asked, form):
            if isinstance(each, Left):
                _complain(name, each)
                continue
            read = True
            if as_json:
                with _uncollected():
                    _print(each)
            else:
                _show(each)
    if not read:
        raise NotDone("Nothing here is a transcript that can be read.", "")


def _chats(name: str, asked: Asked, form: str | None) -> Iterator[Chat | Left]:
    from inbox.channels.chat.reading import chats
    from inbox.channels.chat.sources import of_bytes, opened
    from inbox.text import one_line

    if name == "-":
        yield from chats(of_bytes(sys.stdin.buffer.read(), "-"), asked, form)
        return
    path = Path(name)
    if "\0" in name or not path.exists():
        raise BadUsage(f"There is no file {one_line(name)}.", "Name an export: a file, a folder or a zip.")
    with opened(path) as source:
        yield from chats(source, asked, form)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing that is made here refers to itself: to look for what does takes a tenth of the time of a long transcript."""
    import gc

    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _print(chat: Chat) -> None:
    """One line of JSON, written piece by piece: a transcript may be longer than memory."""
    from itertools import islice

    from inbox.jsonform import as_line, line_as_json, participant_as_json

    click.echo(as_line({"format": chat.format, "id": chat.id, "title": chat.title})[:-1] + _BEGIN, nl=False)
    parted, coming = "", iter(chat.lines)
    while lines := [line_as_json(line) for line in islice(coming, AT_ONCE)]:
        click.echo(parted + as_line({"messages": lines})[len(_BEGIN) - 1 : -2], nl=False)
        parted = ", "
    people = [participant_as_json(each) for each in chat.participants.values()]
    click.echo("], " + as_line({"participants": people, "oddities": list(chat.oddities.told)})[1:])


_BEGIN = ', "messages": ['


def _show(chat: Chat) -> None:
    """A chat for a person: who takes part, how it begins and ends, what was odd."""
    from collections import deque
    from itertools import islice

    from inbox.text import one_line

    coming = iter(chat.lines)
    first = list(islice(coming, SHOWN))
    last: deque[Line] = deque(maxlen=1)
    count = len(first)
    for line in coming:
        count += 1
        last.append(line)
    click.echo(
        f"{chat.format}: {one_line(chat.title or 'no title')}, {count} {'message' if count == 1 else 'messages'}"
    )
    for each in chat.participants.values():
        handle = f" ({one_line(each.handle)})" if each.handle and each.handle != each.name else ""
        click.echo(f"  {each.role.value}: {one_line(each.name)}{handle}")
    for line in first:
        click.echo(_shown(line))
    if last:
        if count > SHOWN + 1:
            click.echo(f"  … {count - SHOWN - 1} more")
        click.echo(_shown(last[0]))
    for oddity in chat.oddities.told:
        click.echo(f"  Odd: {one_line(oddity, 300)}")


def _shown(line: Line) -> str:
    from inbox.jsonform import instant_as_json
    from inbox.text import one_line

    files = "".join(f" [{one_line(each.name or 'a file')}]" for each in line.attachments)
    mark = f" ({line.mark})" if line.mark else ""
    return f"  {instant_as_json(line.at)} {one_line(line.author or '--')}: {one_line(line.text, 200)}{files}{mark}"


def _complain(name: str, left: Left) -> None:
    from inbox.text import one_line
    from tui.line.acting import complain

    place = (
        one_line(name) if left.name == name.rpartition("/")[2] else f"{one_line(name)}: {one_line(left.name)}"
    )
    complain(f"{place} was not read: {left.reason}.".replace("..", "."))
