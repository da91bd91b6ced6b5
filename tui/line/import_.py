"""`frontdesk import`: bring in mail from files, and what `export` wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inbox.errors import BadUsage
from tui.line.acting import complain
from tui.line.chat_options import as_asked, chat_options, form_of
from tui.line.desk import Desk
from tui.line.progress import INTERRUPTED, Progress, counted, interruptible

if TYPE_CHECKING:
    from inbox.chat.shape import Asked
    from inbox.importing import Found, Refused, Summary

NOTHING = 1
"""The exit status when nothing readable was in what was given."""
SHOWN = 20
"""Refusals that are shown one by one; --json lists all."""


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--format", "form", metavar="FORMAT", help="Instead of telling it by the files themselves.")
@click.option(
    "--json", "as_json", is_flag=True, help="What was added, known and refused, as one JSON object."
)
@chat_options
@click.pass_obj
def command(
    desk: Desk,
    paths: tuple[str, ...],
    form: str | None,
    as_json: bool,
    ours: tuple[str, ...],
    zone: str | None,
    mapping: str | None,
) -> None:
    """Bring in mbox files, Maildirs, eml files and exports of chats, folders of these, or what export wrote; - is
    standard input.

    Reading the same again changes nothing. What is imported wakes nobody and is late for nothing.
    """
    from inbox.importing import Summary, sources
    from tui.line.import_chats import MAIL, transcripts

    desk.may("import")
    desk.everything = True
    form = form_of(form, mapping)
    if form is not None and form not in MAIL:
        from inbox.chat.shape import FORMATS
        from inbox.nearest import nearest

        if form not in FORMATS:
            known = (*MAIL, *FORMATS)
            raise BadUsage(
                f"There is no format {form!r}{nearest(form, known)}", f"There are {', '.join(known)}."
            )
    found = sources(paths)
    asked = as_asked(ours, zone, mapping, desk.us(), desk.zone(), not desk.settings().zone_is_said)
    exports = [path for path in found if path is not None and _is_export(path, form)]
    summary = Summary()
    for folder in exports:
        _take_in_export(desk, folder, summary)
    rest = [path for path in found if path not in exports]
    chats = transcripts(rest, form)
    if mail := [path for path in rest if path not in chats]:
        _take_in_mail(desk, mail, form, summary)
    if chats:
        _take_in_chats(desk, chats, form, asked, summary)
    _report(desk, summary, as_json)


def _take_in_chats(
    desk: Desk, paths: Sequence[Path | None], form: str | None, asked: Asked, summary: Summary
) -> None:
    from tui.line.import_chats import take_in_chats

    progress = Progress()
    with interruptible() as interrupted:
        take_in_chats(desk, paths, form, asked, summary, progress.at, interrupted)
        summary.cancelled = summary.cancelled or interrupted()
    progress.end()


def _is_export(path: Path, form: str | None) -> bool:
    return form == "frontdesk" or (form is None and (path / "frontdesk.json").is_file())


def _take_in_export(desk: Desk, folder: Path, summary: Summary) -> None:
    store = desk.store()
    with counted("Interrupted: nothing was taken in.", "Run the same command again.") as progress:
        taken = store.take_in_export(folder, desk.now(), progress.of)
    summary.added += taken.added
    summary.known += taken.known


def _take_in_mail(desk: Desk, paths: Sequence[Path | None], form: str | None, summary: Summary) -> None:
    from inbox import importing
    from inbox.chat.mailed import MailedChats
    from inbox.us import Us

    store, now, open_for = desk.store(), desk.now(), desk.settings().import_open_for
    with counted("Interrupted: nothing was read in yet.", "Run the same command again."):
        total = importing.count(paths, form)
        _work_out_us(desk, [path for path in paths if path is not None], form, total)
    us: Us = store.known_us()[0]
    progress = Progress(total)
    with interruptible() as interrupted:
        taken = importing.take_in(
            store,
            _watched(importing.read(paths, form), progress),
            us,
            now,
            open_for,
            cancelled=interrupted,
            forms=desk.settings().forms,
            authserv_id=desk.settings().authserv_id,
            watched=None if desk.settings().upset.off else desk.settings().upset,
            chats=MailedChats(store, desk.settings(), us, now),
        )
    progress.end()
    if None in paths:  # what came over a pipe could not be looked at beforehand
        _work_out_us(desk, (), form, 0)
    summary.added += taken.added
    summary.known += taken.known
    summary.refused += taken.refused
    summary.cancelled = taken.cancelled


def _watched(found: Iterable[Found | Refused], progress: Progress) -> Iterator[Found | Refused]:
    """The same messages; told as they are read, since they are stored a thousand at a time."""
    for number, each in enumerate(found, 1):
        yield each
        progress.at(number)


def _work_out_us(desk: Desk, paths: Sequence[Path], form: str | None, total: int | None) -> None:
    """Work out who is us from the mail, unless a person has said it; what is here already is told anew."""
    from inbox import importing
    from inbox.us import Tally, Us

    store = desk.store()
    us, said = store.known_us()
    if said:
        return
    tally = Tally()
    importing.tally(importing.read(paths, form), total, tally)
    for sender, to, cc, in_sent in store.people(importing.SAMPLE):
        tally.add(sender, to, cc, in_sent)
    words = sorted(tally.us())
    if words and Us.of(words) != us:
        store.set_us(words, said=False, now=desk.now(), open_for=desk.settings().import_open_for)
        complain(
            f"We seem to be {', '.join(words)}: that is what the mail itself says.",
            'If it is wrong, write us = ["…"] into settings.toml; what is here is then told anew.',
        )


def _report(desk: Desk, summary: Summary, as_json: bool) -> None:
    if as_json:
        from inbox.jsonform import as_line

        refused = [{"path": r.path, "position": r.position, "reason": r.reason} for r in summary.refused]
        click.echo(as_line({"added": summary.added, "known": summary.known, "refused": refused}))
    else:
        _tell(desk, summary)
    if summary.cancelled:
        complain(
            "Interrupted: what was read so far is in.", "Run the same command again to go on from there."
        )
        raise click.exceptions.Exit(INTERRUPTED)
    if not summary.added and not summary.known:
        complain("Nothing readable was in what was given.", "" if summary.refused else "It holds no files.")
        raise click.exceptions.Exit(NOTHING)


def _tell(desk: Desk, summary: Summary) -> None:
    from inbox.listing import Who
    from inbox.text import one_line

    for each in summary.refused[:SHOWN]:
        place = f", message {each.position}" if each.position is not None else ""
        click.echo(f"refused: {one_line(each.path)}{place}: {one_line(each.reason)}")
    if len(summary.refused) > SHOWN:
        click.echo(f"refused: {len(summary.refused) - SHOWN} more; --json lists all")
    click.echo(f"{summary.added} added, {summary.known} known, {len(summary.refused)} refused")
    left = desk.store().counts(Who("import"), desk.now())["import-left"]
    if left:
        click.echo(f"{left} {'looks' if left == 1 else 'look'} unanswered: press g i")
