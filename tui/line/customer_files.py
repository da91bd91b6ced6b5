"""Customers from an address book, and into one: what `frontdesk customer import` and `export` do."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inbox.errors import BadUsage, NotDone, WorldError
from tui.line.acting import complain

if TYPE_CHECKING:
    from inbox.contacts import Contact, Refused
    from inbox.model import Event, Instant, Refusal, Who
    from inbox.ports import Decide, Decision, Scope, State
    from tui.line.desk import Desk

SHOWN = 20
"""Lines of what was refused that are said."""


def bring_in(desk: Desk, file: str, maps: Sequence[str], dry_run: bool, as_json: bool) -> None:
    """Read an address book and take in everybody in it; say how many are new, known, changed, suggested, refused."""
    desk.may("customer import")
    found = list(_read(file, maps))
    counts: Counter[str] = Counter({"new": 0, "changed": 0, "known": 0})
    said: list[tuple[int, str, str]] = []
    _take(desk, found, counts, said, dry_run)
    if as_json:
        from inbox.jsonform import as_line

        lines = [{"line": line, "reason": reason} for line, reason, _ in sorted(said)]
        click.echo(as_line({**counts, "refused": lines}))
    elif found:
        would = "would be " if dry_run else ""
        click.echo(f"{counts['new']} {would}new, {counts['changed']} {would}changed, {counts['known']} known")
        for line, reason, next_step in sorted(said)[:SHOWN]:
            complain(f"line {line}: {reason}.", next_step)
        if len(said) > SHOWN:
            complain(f"and {len(said) - SHOWN} more.", "--json names all of them.")
    if not counts.total():
        raise NotDone(
            "Nobody in that file could be taken in.", "Name a .vcf or .csv file that a program has exported."
        )


def _read(file: str, maps: Sequence[str]) -> Iterable[Contact | Refused]:
    from inbox.contact_tables import read_table
    from inbox.contacts import LARGEST, read_vcards

    path = Path(file)
    try:
        if file != "-" and path.stat().st_size > LARGEST:
            raise _too_large(file)
        raw = path.read_bytes() if file != "-" else sys.stdin.buffer.read(LARGEST + 1)
    except FileNotFoundError:
        raise BadUsage(
            f"There is no file {file!r}.", "Name a .vcf or .csv file, or - for standard input."
        ) from None
    except OSError as error:
        raise WorldError(f"{file} cannot be read: {error.strerror}.", "Mend its rights.") from error
    if len(raw) > LARGEST:
        raise _too_large("What came over standard input")
    columns = {}
    for each in maps:
        column, is_pair, field = each.rpartition("=")
        if not is_pair or not column.strip():
            raise BadUsage(f"--map {each[:60]!r} is no COLUMN=FIELD.", "Write it like --map Kunde=name.")
        columns[column.strip()] = field.strip().lower()
    begins = raw[:2_000].replace(b"\0", b"").lower().replace(b" ", b"")
    if b"begin:vcard" in begins or path.suffix.lower() in (".vcf", ".vcard"):
        if columns:
            raise BadUsage("--map is for tables.", "A vCard says itself what is what.")
        return read_vcards(raw)
    return read_table(raw, columns)


def _too_large(what: str) -> NotDone:
    from inbox.contacts import LARGEST

    return NotDone(f"{what} is larger than {LARGEST // 1_000_000} MB.", "Cut it into several files.")


def _take(
    desk: Desk,
    found: Sequence[Contact | Refused],
    counts: Counter[str],
    said: list[tuple[int, str, str]],
    dry_run: bool,
) -> None:
    from inbox.actions import contacts
    from inbox.contacts import Refused
    from inbox.model import EventType, Refusal, Who

    people: list[Contact] = []
    for each in found:
        if isinstance(each, Refused):
            said.append((each.line, each.reason, ""))
        else:
            people.append(each)
    us = desk.us()
    made: set[str] = set()  # of a dry run, in which nobody becomes known
    waiting = iter(people)

    def after(result: Sequence[Event] | Refusal) -> None:
        contact = next(waiting)
        if isinstance(result, Refusal):
            if result is contacts.KNOWN:
                counts["known"] += 1
            else:
                said.append((contact.line, result.reason, result.next_step))
        else:
            is_new = any(event.type is EventType.CUSTOMER_MADE for event in result)
            counts["new" if is_new else "changed"] += 1

    def changes() -> Iterable[tuple[Scope, Decide]]:
        for each in people:
            yield contacts.scope(each), partial(contacts.decide, contact=each, us=us)

    who, now = Who("import", desk.who().role), desk.now()
    if not dry_run:
        desk.store().change_each(changes(), who, now, after=after)
        return
    for contact, (scope, decide) in zip(people, changes(), strict=True):
        result = _only_decided(desk, scope, decide, who, now)
        keys = {key.value for key in contacts.identities_of(contact) if key.kind == "mail"}
        again = not isinstance(result, Refusal) and not made.isdisjoint(keys)
        after(contacts.KNOWN if again else result)
        made |= keys


def _only_decided(
    desk: Desk, scope: Scope, decide: Decide, who: Who, now: Instant
) -> Sequence[Event] | Refusal:
    """What would be decided; nothing of it is recorded."""
    from inbox.model import Refusal

    found: list[Decision] = []

    def look(state: State, who: Who, now: Instant) -> Decision:
        found.append(decide(state, who, now))
        return Refusal("only looked at")

    desk.store().change(scope, look, who, now)
    decided = found[-1]
    return decided if isinstance(decided, Refusal) else [fact.event for fact in decided]


def write_out(desk: Desk, file: str) -> None:
    """Write all customers into a new file, by its ending."""
    from inbox.contact_tables import as_rows
    from inbox.contacts import as_vcard

    desk.may("customer export")
    customers = desk.store().customers()
    kind = Path(file).suffix.lower()
    if file != "-" and kind not in (".vcf", ".csv"):
        raise BadUsage(f"{file!r} is neither a .vcf nor a .csv file.", "Its ending says which it is to be.")
    text = "".join(as_rows(customers) if kind == ".csv" else map(as_vcard, customers))
    if file == "-":
        click.echo(text, nl=False)
        _note(desk, "standard output")
        return
    try:
        with Path(file).open("x", encoding="utf-8", newline="") as opened:
            opened.write(text)
    except FileExistsError:
        raise BadUsage(f"{file} is there already.", "Name a new file: nothing is overwritten.") from None
    except OSError as error:
        raise WorldError(f"{file} cannot be written: {error.strerror}.", "Name another place.") from error
    count = "1 customer is" if len(customers) == 1 else f"{len(customers)} customers are"
    _note(desk, str(Path(file).absolute()))
    click.echo(f"{count} in {file}.")


def _note(desk: Desk, place: str) -> None:
    """That customers were given out stands in the record."""
    from inbox.model import EventType

    desk.store().erasing.note(EventType.HANDED_OUT, place, desk.who(), desk.now())
