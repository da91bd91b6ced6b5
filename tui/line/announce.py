"""`frontdesk announce`: write to all customers whom a query finds."""

from __future__ import annotations

import click

from inbox.errors import BadUsage, NotDone
from tui.line.desk import Desk


@click.command("announce")
@click.option(
    "--query", metavar="QUERY", required=True, help="The customers of the conversations that QUERY finds."
)
@click.option(
    "--subject", metavar="TEXT", required=True, help="The subject; fields are filled in as in the text."
)
@click.option("--text", metavar="TEXT", help="The text; {first_name} and other fields are filled in.")
@click.option("--file", metavar="FILE", help="A text file with it; - is standard input.")
@click.option(
    "--name", metavar="NAME", help="Under which name it is kept among the issues; else the subject's."
)
@click.option(
    "--fields", metavar="TABLE", help="A table of own fields: its first column is address or customer."
)
@click.option("--dry-run", is_flag=True, help="Show every letter, and queue none.")
@click.option(
    "--json", "as_json", is_flag=True, help="What was told as one JSON object; one a letter with --dry-run."
)
@click.pass_obj
def command(
    desk: Desk,
    query: str,
    subject: str,
    text: str | None,
    file: str | None,
    name: str | None,
    fields: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write to all customers whom a query finds: one new conversation each, linked to an issue that counts the answers.

    Never to who has said stop. The same again writes to those who do not have it yet; frontdesk issue stop NAME takes back
    what has not left.
    """
    from inbox.issues import named, wrong_name
    from inbox.telling import Told, plan_announcement
    from tui.line import tellings
    from tui.line.looking import query_given

    word = name if name is not None else named(subject)
    wrong = wrong_name(word)
    if wrong is not None:
        raise BadUsage(wrong, "Give a name with --name, like new-terms.")
    known = desk.store().issues.named(word)
    if known is not None and (known.kind != "announcement" or not known.is_open):
        raise NotDone(
            f"There is {'a closed' if not known.is_open else 'an'} {known.kind} {word} already.",
            "Give another name with --name.",
        )
    table = tellings.table_given(fields)
    said, where = tellings.text_and_place(text, file)
    node, _ = query_given(desk, [query])
    told = Told(word, said, subject, where=where, table=table)
    found = plan_announcement(desk.store(), node, told, tellings.by(desk), desk.now())
    if not found.letters and not found.already:
        raise NotDone("That finds no customer.", f"{desk.called} list QUERY shows what a query finds.")
    stops = f"{desk.called} issue stop {word}"
    tellings.tell(desk, found, dry_run=dry_run, as_json=as_json, stops=stops, new="announcement")
