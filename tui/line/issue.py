"""`frontdesk issue`: one cause, many conversations: linked, told and closed together."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from inbox.errors import BadUsage, NotDone
from tui.line.desk import Desk

if TYPE_CHECKING:
    from inbox.issues import Issue, Standing


def _of_letters(told: Callable[..., None]) -> Callable[..., None]:
    """The options of whatever writes to all who are linked: whom to tell all the same and whom not, and a look first."""
    for option in (
        click.option(
            "--json",
            "as_json",
            is_flag=True,
            help="What was told as one JSON object; one a letter with --dry-run.",
        ),
        click.option("--dry-run", is_flag=True, help="Show every letter, and queue none."),
        click.option("--without", multiple=True, metavar="ID", help="Set this conversation aside."),
        click.option(
            "--with",
            "with_",
            multiple=True,
            metavar="ID",
            help="Tell this one although it would be set aside.",
        ),
    ):
        told = option(told)
    return told


@click.group("issue")
def command() -> None:
    """One cause, many conversations: a strike, a fault, a wish of customers, an announcement."""


@command.command("new")
@click.argument("name", metavar="NAME")
@click.option("--title", metavar="TEXT", default="", help="How it is called; the name is one word and stays.")
@click.option("--kind", metavar="KIND", default="issue", help="issue (if not given) or wish.")
@click.pass_obj
def new(desk: Desk, name: str, title: str, kind: str) -> None:
    """A new issue, or a wish of customers. A NAME of several words is the title, too."""
    from inbox.issues import KINDS, named, wrong_name
    from inbox.nearest import nearest

    if kind not in KINDS:
        raise BadUsage(f"{kind!r} is no kind of issue{nearest(kind, KINDS)}", f"Kinds: {', '.join(KINDS)}.")
    word = name if wrong_name(name) is None else named(name)
    if not word:
        raise BadUsage(f"{name[:60]!r} is no name of an issue.", "Write one word, like carrier-strike.")
    _do(desk, "issue-new", issue=word, kind=kind, title=title or name)
    _print(desk, word)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_(desk: Desk, as_json: bool) -> None:
    """Every issue with its counts, open ones first."""
    from inbox.jsonform import as_line

    for each in desk.store().issues.standings():
        click.echo(as_line(standing_as_json(desk, each)) if as_json else standing_as_line(desk, each))
    for spike in desk.store().issues.spikes():
        from inbox.spikes import WINDOW
        from inbox.text import one_line

        words = one_line(spike.words, 60)
        click.echo(f"{spike.many} in {WINDOW // 60} min mention “{words}”: {spike.query}", err=True)


@command.command("show")
@click.argument("name", metavar="NAME")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def show(desk: Desk, name: str, as_json: bool) -> None:
    """An issue with its banner, what was told last, and its conversations."""
    from inbox.jsonform import as_line
    from inbox.queries import Issue as LinkedTo
    from inbox.text import one_line, sanitise
    from tui.line.looking import print_rows

    standing = _standing(desk, _issue(desk, name).name)
    ids = desk.store().ids(LinkedTo(standing.issue.name), desk.who(), desk.now())
    if as_json:
        click.echo(as_line(standing_as_json(desk, standing) | {"conversations": [str(one) for one in ids]}))
        return
    click.echo(standing_as_line(desk, standing))
    for head, text in (("banner", standing.issue.banner_at(desk.now())), ("told", standing.issue.text)):
        if text:
            subject = (
                f" {one_line(standing.issue.subject)}" if head == "told" and standing.issue.subject else ""
            )
            click.echo(f"  {head}:{subject}")
            click.echo("\n".join(f"  | {line}" for line in sanitise(text).splitlines()))
    print_rows(desk, ids, False)


@command.command("link")
@click.argument("name", metavar="NAME")
@click.argument("ids", nargs=-1, metavar="[ID…]")
@click.option("--query", metavar="QUERY", help="All conversations that QUERY finds.")
@click.pass_obj
def link(desk: Desk, name: str, ids: tuple[str, ...], query: str | None) -> None:
    """Link conversations to an issue: by their ids, all that a query finds, or with - those on standard input."""
    from tui.line.acting import act

    issue = _issue(desk, name)
    wanted = _wanted(desk, ids, query)
    if query is not None:  # those that are linked already are no mistake of whoever asks for all
        linked = {
            row.conversation.id for row in desk.store().rows(wanted) if row.conversation.issue == issue.name
        }
        wanted = [one for one in wanted if one not in linked]
        click.echo(f"{len(wanted)} to be linked to {issue.name}, {len(linked)} linked already.", err=True)
    act(desk, "link", wanted, issue=issue.name)


@command.command("unlink")
@click.argument("ids", nargs=-1, metavar="[ID…]")
@click.option("--query", metavar="QUERY", help="All conversations that QUERY finds.")
@click.pass_obj
def unlink(desk: Desk, ids: tuple[str, ...], query: str | None) -> None:
    """Link conversations to no issue any more."""
    from tui.line.acting import act

    act(desk, "unlink", _wanted(desk, ids, query))


@command.command("banner")
@click.argument("name", metavar="NAME")
@click.option("--text", metavar="TEXT", help="What stands on top of each new answer.")
@click.option("--file", metavar="FILE", help="A text file with it; - is standard input.")
@click.option("--until", metavar="WHEN", help="Until when; then it ends by itself.")
@click.option(
    "--everywhere", is_flag=True, help="On top of every new answer, not of linked conversations alone."
)
@click.option("--off", is_flag=True, help="Take it away.")
@click.pass_obj
def banner(
    desk: Desk, name: str, text: str | None, file: str | None, until: str | None, everywhere: bool, off: bool
) -> None:
    """A text on top of each new answer in linked conversations, until a date."""
    from tui.line.acting import text_given, time_given

    issue = _issue(desk, name)
    if off:
        _do(desk, "issue-banner", issue=issue.name, text="")
    elif until is None:
        raise BadUsage("A banner needs a date when it ends.", "Give it with --until.")
    else:
        end, said = time_given(desk, until), text_given(text, file)
        if not said.strip():
            raise BadUsage("There is no text.", "Give it with --text; --off takes the banner away.")
        _do(desk, "issue-banner", issue=issue.name, text=said, until=end, everywhere=everywhere)
    _print(desk, issue.name)


@command.command("tell")
@click.argument("name", metavar="NAME")
@click.option(
    "--text", metavar="TEXT", help="The one text for all; {first_name} and other fields are filled in."
)
@click.option("--file", metavar="FILE", help="A text file with it; - is standard input.")
@click.option(
    "--fields", metavar="TABLE", help="A table of own fields: its first column is conversation or address."
)
@_of_letters
@click.pass_obj
def tell(
    desk: Desk,
    name: str,
    text: str | None,
    file: str | None,
    fields: str | None,
    with_: tuple[str, ...],
    without: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Tell all who are linked, each in their own conversation.

    Who asks something else, or cannot be written to, is set aside and named. The same text again tells those who do not
    have it yet: so it goes on where it was broken off.
    """
    _tell(desk, name, text, file, fields, (with_, without), dry_run, as_json, closes=False)


@command.command("close")
@click.argument("name", metavar="NAME")
@click.option(
    "--text", metavar="TEXT", help="Tell all who are linked, and close their conversations with it."
)
@click.option("--file", metavar="FILE", help="A text file with it; - is standard input.")
@click.option("--fields", metavar="TABLE", help="A table of own fields, as for tell.")
@_of_letters
@click.pass_obj
def close(
    desk: Desk,
    name: str,
    text: str | None,
    file: str | None,
    fields: str | None,
    with_: tuple[str, ...],
    without: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Close an issue; with a text, tell all and close their conversations. Who is set aside stays open."""
    if text is not None or file is not None:
        _tell(desk, name, text, file, fields, (with_, without), dry_run, as_json, closes=True)
    elif dry_run:
        raise BadUsage("There is no letter to show.", "Give the text with --text or --file.")
    else:
        issue = _issue(desk, name)
        _do(desk, "issue-change", issue=issue.name, is_open=False)
        _print(desk, issue.name)


@command.command("reopen")
@click.argument("name", metavar="NAME")
@click.pass_obj
def reopen(desk: Desk, name: str) -> None:
    """Open a closed issue again."""
    issue = _issue(desk, name)
    _do(desk, "issue-change", issue=issue.name, is_open=True)
    _print(desk, issue.name)


@command.command("stop")
@click.argument("name", metavar="NAME")
@click.pass_obj
def stop(desk: Desk, name: str) -> None:
    """Take back everything that was told last of an issue and has not left."""
    from inbox import queueing
    from tui.line.acting import settle

    issue = _issue(desk, name)
    if not issue.telling:
        raise NotDone(f"Nothing was told of {issue.name}.", f"{desk.called} issue tell --help says how.")
    before = len(desk.store().issues.told(issue.telling))
    settle(queueing.stop(desk.store(), issue.telling, desk.who(), desk.now()))
    count = len(desk.store().issues.told(issue.telling))
    taken = before - count
    click.echo(f"Taken back: {taken}. {count or 'Nobody'} {'have' if count > 1 else 'has'} it.")


# ---------------------------------------------------------------------- what they have in common


def _tell(
    desk: Desk,
    name: str,
    text: str | None,
    file: str | None,
    fields: str | None,
    chosen: tuple[tuple[str, ...], tuple[str, ...]],
    dry_run: bool,
    as_json: bool,
    *,
    closes: bool,
) -> None:
    from inbox.telling import Told, by_hand, plan
    from tui.line import tellings
    from tui.line.ids import ids_given

    issue = _issue(desk, name)
    table = tellings.table_given(fields)
    said, where = tellings.text_and_place(text, file)
    told = Told(issue.name, said, closes=closes, where=where, table=table)
    found = plan(desk.store(), issue, told, tellings.by(desk), desk.now())
    if not found.letters and not found.already:
        raise NotDone(
            f"Nothing is linked to {issue.name}.", f"{desk.called} issue link {issue.name} ID… links it."
        )
    found = by_hand(found, *(ids_given(desk, each) for each in chosen))
    tellings.tell(
        desk, found, dry_run=dry_run, as_json=as_json, stops=f"{desk.called} issue stop {issue.name}"
    )


def _wanted(desk: Desk, ids: tuple[str, ...], query: str | None) -> list[int]:
    from tui.line.ids import ids_given
    from tui.line.looking import query_given

    if query is None and not ids:
        raise BadUsage(
            "No conversation is named.", "Name ids, - for those on standard input, or --query QUERY."
        )
    if query is None:
        return ids_given(desk, ids)
    if ids:
        raise BadUsage("Ids and a query are two ways to say it.", "Give one of them.")
    node, who = query_given(desk, [query])
    return list(desk.store().ids(node, who, desk.now()))


def _issue(desk: Desk, name: str) -> Issue:
    """The issue of a name. NotDone (exit 1) when there is none, with the nearest."""
    from inbox.nearest import nearest
    from inbox.text import one_line

    book = desk.store().issues
    found = book.named(name) or book.named(name.casefold())
    if found is None:
        near = nearest(name, [each.name for each in book.all()])
        raise NotDone(
            f"There is no issue {one_line(name, 60)!r}{near}", f"{desk.called} issue list shows them."
        )
    return found


def _do(desk: Desk, verb: str, **arguments: Any) -> None:
    from inbox.actions import decision
    from tui.line.acting import settle

    settle(desk.store().change(*decision(verb, **arguments), desk.who(), desk.now()))


def _print(desk: Desk, name: str) -> None:
    click.echo(standing_as_line(desk, _standing(desk, name)))


def _standing(desk: Desk, name: str) -> Standing:
    return next(each for each in desk.store().issues.standings() if each.issue.name == name)


def standing_as_line(desk: Desk, standing: Standing) -> str:
    """An issue on one line: name, kind, counts, title."""
    from inbox.text import cut, one_line, pad
    from tui.line.lines import moment
    from tui.line.looking import line_width

    issue = standing.issue
    counts = f"{standing.linked:>4} linked {standing.waiting:>4} waiting"
    told = f"{standing.told:>4} told {standing.answered:>4} answered"
    marks = [] if issue.is_open else ["closed"]
    if standing.leaving:
        marks.append(f"{standing.leaving} leave yet")
    if standing.failed:
        marks.append(f"! {standing.failed} did not arrive")
    if issue.banner_at(desk.now()) and issue.banner_until is not None:
        where = "everywhere " if issue.everywhere else ""
        marks.append(f"banner {where}until {moment(issue.banner_until, desk.zone())}")
    rest = f"  ({', '.join(marks)})" if marks else ""
    name = pad(one_line(issue.name, 40), 20)
    return cut(
        f"{name}  {pad(issue.kind, 12)} {counts} {told}  {one_line(issue.title, 120)}{rest}", line_width()
    )


def standing_as_json(desk: Desk, standing: Standing) -> dict[str, Any]:
    """An issue as `issue list --json` prints it."""
    from inbox.jsonform import instant_as_json

    issue, now = standing.issue, desk.now()
    until = issue.banner_until if issue.banner_at(now) else None
    return {
        "name": issue.name,
        "kind": issue.kind,
        "title": issue.title,
        "open": issue.is_open,
        "linked": standing.linked,
        "waiting": standing.waiting,
        "told": standing.told,
        "leaving": standing.leaving,
        "failed": standing.failed,
        "answered": standing.answered,
        "banner": issue.banner_at(now) or None,
        "banner_until": instant_as_json(until) if until is not None else None,
        "banner_everywhere": bool(until is not None and issue.everywhere),
    }
