"""`frontdesk feed`: how a feed of reviews or forum posts is read, without a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from inbox.errors import BadUsage, WorldError

if TYPE_CHECKING:
    from inbox.feeds import Entry, Page

SHOWN = 10
"""Entries a person is shown; --json has all."""


@click.group("feed")
def command() -> None:
    """Feeds (Atom, RSS) of reviews and forum posts."""


@command.command("try")
@click.argument("place", metavar="URL|FILE")
@click.option("--json", "as_json", is_flag=True, help="One JSON object an entry.")
def try_(place: str, as_json: bool) -> None:
    """Show what would be read of a feed, or of a file with one; nothing is kept."""
    from inbox.jsonform import as_line, instant_as_json
    from inbox.text import one_line
    from tui.line.acting import complain

    page = _page(place)
    for each in page.entries if as_json else ():
        told = {
            "id": each.key,
            "at": instant_as_json(each.at),
            "author": each.author or None,
            "title": each.title,
            "rating": each.rating or None,
            "text": each.text,
            "link": each.link or None,
            "links": list(each.links),
            "answers": each.answers or None,
        }
        click.echo(as_line(told))
    for oddity in page.oddities:
        complain(f"Odd: {oddity}.")
    if as_json:
        return
    count = len(page.entries)
    click.echo(f"{one_line(page.title or 'no title')}: {count} {'entry' if count == 1 else 'entries'}")
    for each in page.entries[:SHOWN]:
        click.echo(_shown(each))
    if count > SHOWN:
        click.echo(f"… {count - SHOWN} more; --json has all")


def _page(place: str) -> Page:
    from inbox.channels.feed_fetching import LARGEST, Feeds
    from inbox.channels.feed_reading import read_feed
    from inbox.text import one_line

    if place.lower().startswith(("http://", "https://")):
        fetched = Feeds().fetch(place)
        return read_feed(fetched.data or b"", fetched.url, fetched.kind)
    if "\0" in place or not Path(place).is_file():
        raise BadUsage(f"There is no file {one_line(place)}.", "Name an address with https:// or a file.")
    try:
        with Path(place).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise WorldError(f"{one_line(place)} cannot be read: {error.strerror}.") from None
    if len(data) > LARGEST:
        raise BadUsage(f"{one_line(place)} has more than {LARGEST // 1_000_000} MB, which is no feed.")
    return read_feed(data, "")


def _shown(entry: Entry) -> str:
    from inbox.jsonform import instant_as_json
    from inbox.text import one_line

    rating = f" ({one_line(entry.rating)})" if entry.rating else ""
    said = [f"    {one_line(line, 200)}" for line in entry.text.split("\n")[:3] if line.strip()]
    head = f"  {instant_as_json(entry.at) or 'no date'} {one_line(entry.author or 'nobody')}: {one_line(entry.title, 200)}"
    return "\n".join([head + rating, *said, *([f"    {one_line(entry.link, 200)}"] if entry.link else [])])
