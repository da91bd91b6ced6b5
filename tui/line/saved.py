"""`frontdesk saved`: the team's saved replies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.line.desk import Desk
from tui.line.team_texts import called, tell_misspelt, tell_mistakes

if TYPE_CHECKING:
    from inbox.saved_replies import SavedReply


@click.group("saved", invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """The team's saved replies; in the workspace they lie in documents/saved_replies.json."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_, words=(), as_json=as_json)


@command.command("list")
@click.argument("words", metavar="[WORDS]", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(desk: Desk, words: tuple[str, ...], as_json: bool) -> None:
    """All of them, or those that WORDS find by name, tag or text, the best first, with how often each helped."""
    from inbox.jsonform import as_line
    from inbox.knowledge import SAVED
    from inbox.saved_replies import document_of, ranked

    helped = desk.store().helped()
    for reply in ranked(desk.store().documents.saved_replies(), " ".join(words)):
        count = helped.get(SAVED + reply.name, 0)
        click.echo(as_line({**document_of(reply), "helped": count}) if as_json else _line(reply, count))
    tell_mistakes(desk, "saved_replies")


@command.command("show")
@click.argument("name", metavar="NAME")
@click.pass_obj
def show(desk: Desk, name: str) -> None:
    """The text of one, with its places in braces."""
    from inbox.text import sanitise

    replies = {each.name: each for each in desk.store().documents.saved_replies()}
    click.echo(sanitise(replies[called(desk, "saved reply", name, replies)].text))


@command.command("add")
@click.argument("name", metavar="NAME")
@click.option("--text", metavar="TEXT", help="The reply.")
@click.option("--file", metavar="FILE", help="A text file with the reply; - is standard input.")
@click.option("--language", "languages", multiple=True, metavar="XX", help="For which language: en, de …")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="A word to find it by.")
@click.pass_obj
def add(
    desk: Desk,
    name: str,
    text: str | None,
    file: str | None,
    languages: tuple[str, ...],
    tags: tuple[str, ...],
) -> None:
    """Save a reply, in the place of one of this name. Without --text and --file it is read from standard input.

    Places such as {first_name}, {subject}, {agent}, {due}, {shop} are filled when it is used; all others by hand.
    """
    from inbox.saved_replies import LONGEST_NAME, SavedReply
    from inbox.text import one_line
    from tui.line.acting import text_given

    desk.may("saved add")
    there = {each.name: each.text for each in desk.store().documents.saved_replies()}
    written = text_given(text, file).rstrip() + "\n"
    tell_misspelt(written)
    reply = SavedReply(name, written, languages, tags)
    desk.store().documents.save_reply(reply, there.get(one_line(name, LONGEST_NAME), ""))


def _line(reply: SavedReply, helped: int) -> str:
    from inbox.text import cut, one_line, pad, sanitise

    marks = "".join(f" [{mark}]" for mark in (*reply.languages, *reply.tags))
    return cut(
        f"{pad(cut(reply.name, 28), 28)} {f'{helped}x':>5} {sanitise(marks)}  {one_line(reply.text, 200)}".rstrip(),
        120,
    )
