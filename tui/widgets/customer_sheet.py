"""What is told of a customer, as lines: who it is, what programs know, what was promised and given, notes. What follows
below, the conversations, belongs to the panel itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from textual.strip import Strip

from inbox.model import Customer, Instant
from inbox.outcomes import GOOD
from inbox.panels import Said
from inbox.ports import Panel, Row
from inbox.text import cells, cut, one_line, pad, sanitise
from tui.columns import fenced, steady
from tui.looks import Inks
from tui.times import ago, day, moment, since
from tui.widgets.pane import EMPTY, Run, strip_of
from tui.widgets.wrapping import wrapped

SHORT = 5
"""Lines of each thing that are shown while the hands are elsewhere: a key stays cheap over a slow line."""
ADDRESSES = 4
"""Addresses, and lines of what everybody should know of them, that are shown then."""
COLUMN = 36
"""Cells that what one program says needs, to stand beside another."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the sheet is written: into how many cells, when and where, and what a person presses. `whole`: the hands are
    here, and everything is shown."""

    width: int
    inks: Inks
    now: Instant
    zone: tzinfo
    whole: bool = False
    join: str = "="  # joins with who is perhaps the same
    different: str = "x"  # says that they are not
    again: str = "r"  # asks programs again
    worker: str = "g w"  # shows whether the worker runs


def summary(row: Row, panel: Panel | None, now: Instant | None = None, zone: tzinfo | None = None) -> str:
    """The panel in one line, where it has no room: "Anna Weber ★ · 7th · promised Thu · 2 open · 4711 shipped"; what is
    promised in this very conversation stands beside its deadline."""
    parts = [fenced(one_line(row.customer_name, 40)) or "(no name)"]
    if row.vip:
        parts[0] += " ★"
    if panel is not None:
        parts.append(_ordinal(panel.conversations))
        elsewhere = [at for at, _ in panel.promises if at != row.conversation.promised_until]
        if elsewhere and now is not None and zone is not None:
            parts.append(f"{'! ' if elsewhere[0] < now else ''}promised {day(elsewhere[0], now, zone)}")
        if panel.open > 1:
            parts.append(f"{panel.open} open")
        parts += first_lines(panel.said)
    return " · ".join(parts)


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def sheet(panel: Panel, look: Look) -> Iterator[Strip]:
    """The lines above the history."""
    yield from _who(panel, look)
    if panel.said:
        yield EMPTY
        yield from _programs(panel, look)
    yield EMPTY
    yield from _between_us(panel, look)
    if panel.notes:
        yield EMPTY
        yield strip_of([(" notes", look.inks.faint)])
        for at, who, text in panel.notes[: None if look.whole else 4]:
            said = f" ┃ {one_line(who, 30)} {since(at, look.now, look.zone)}"
            yield strip_of([(cut(said, look.width), look.inks.muted)])
            for line in list(wrapped(sanitise(text, 400), look.width - 3))[:3]:
                yield strip_of([(f" ┃ {line}", look.inks.note)])


def _who(panel: Panel, look: Look) -> Iterator[Strip]:
    customer, inks, width = panel.customer, look.inks, look.width
    star = "  ★ VIP" if customer.vip else ""
    name = cut(one_line(customer.name, 80) or "(no name)", width - 9)
    gap = " " * max(0, width - cells(name) - cells(star))
    yield strip_of([(f" {name}", inks.strong + inks.head), (f"{star}{gap}", inks.soon + inks.head)])
    shown = len(customer.identities) if look.whole else ADDRESSES
    for identity in customer.identities[:shown]:
        yield strip_of([(cut(f" {one_line(identity.value, 100)}", width), inks.muted)])
    if len(customer.identities) > shown:
        yield strip_of([(f" and {len(customer.identities) - shown} more", inks.faint)])
    kept = _kept(customer)
    same = kept.removeprefix("answer in ") == panel.writes.removeprefix("writes ")
    for words in (kept, "" if same else panel.writes):
        if words:
            yield strip_of([(cut(f" {words}", width), inks.muted)])
    if customer.tags:
        tags = " ".join(f"#{one_line(tag, 20)}" for tag in customer.tags)
        yield strip_of([(cut(f" {tags}", width), inks.faint)])
    if customer.stop:
        yield strip_of([(cut(" stop: answers only, no announcements", width), inks.muted)])
    fields = customer.fields if look.whole else customer.fields[:SHORT]
    for field, value in fields:
        yield strip_of(
            [
                (f" {one_line(field, 40)} ", inks.faint),
                (cut(one_line(value, 200), max(4, width - 2 - cells(one_line(field, 40)))), inks.text),
            ]
        )
    if len(customer.fields) > len(fields):
        yield strip_of([(f" and {len(customer.fields) - len(fields)} more fields", inks.faint)])
    for each in panel.perhaps:
        from inbox.same_person import known_and_called

        known, name = (one_line(words, 160) for words in known_and_called(each.customer))
        yield strip_of([(cut(f" perhaps the same: {known}", width), inks.accent)])
        for line in wrapped(one_line(f"{name}{': ' if name else ''}{each.in_words}", 300), width - 3):
            yield strip_of([(f"   {line}", inks.muted)])
    if panel.perhaps:
        yield strip_of([(cut(f" {look.join} joins, {look.different} somebody else", width), inks.faint)])
    if customer.note:
        lines = list(wrapped(sanitise(customer.note, 4_000), width - 3))
        for line in lines if look.whole else lines[:ADDRESSES]:
            yield strip_of([(f" ┃ {line}", inks.note)])


def _kept(customer: Customer) -> str:
    """How they are to be answered, where a person has said so: "answer in German, du"."""
    from inbox.forms_of_address import NAMES, called

    language = f"answer in {NAMES.get(customer.language, customer.language)}" if customer.language else ""
    form = called(customer.form, customer.language) or customer.form
    return ", ".join(filter(None, (language, form)))


# what programs say


def _programs(panel: Panel, look: Look) -> Iterator[Strip]:
    """What each program says, in order: side by side where there is room, else one below the other."""
    beside = max(1, min(len(panel.said), look.width // COLUMN))
    width = look.width // beside
    for first in range(0, len(panel.said), beside):
        if first:
            yield EMPTY
        blocks = [
            list(_program(said, panel.unserved, look, width)) for said in panel.said[first : first + beside]
        ]
        if len(blocks) == 1:
            yield from (strip_of(runs) for runs in blocks[0])
            continue
        for y in range(max(map(len, blocks))):
            runs: list[Run] = []
            for block in blocks:
                line = block[y] if y < len(block) else []
                runs += line
                short = width - sum(cells(text) for text, _ in line)
                runs.append((" " * max(0, short), look.inks.text))
            yield strip_of(runs)


def _program(said: Said, unserved: str | None, look: Look, width: int) -> Iterator[list[Run]]:
    """What one program says, with how old that is; and calmly what went wrong."""
    inks = look.inks
    age = (
        "asking …"
        if said.waiting and unserved is None
        else ago(said.at, look.now)
        if said.at is not None
        else ""
    )
    name = pad(f" {one_line(said.panel, 20)}", max(1, width - cells(age) - 1))
    yield [(name, inks.faint), (f"{age} ", inks.faint)]
    lines = said.text.split("\n") if said.text else []
    shown = lines if look.whole else lines[:SHORT]
    for line in shown:
        yield [(f" {fenced(pad(steady(sanitise(line)), width - 2))} ", inks.text)]  # its own columns stay
    if len(lines) > len(shown):
        yield [(cut(f" and {len(lines) - len(shown)} more lines", width), inks.faint)]
    for line in wrapped(_missing(said, unserved, look), width - 2):
        if line:
            yield [(f" {line}", inks.muted)]


def _missing(said: Said, unserved: str | None, look: Look) -> str:
    """Why there is nothing, or nothing newer; "" where all is well."""
    if said.waiting and unserved == "":
        return f"waits until a worker runs ({look.worker})"
    if unserved:
        return f"not asked: {unserved.removeprefix('not run: ')}"
    if said.trouble and not said.waiting:
        return f"{one_line(said.trouble, 200)} - {look.again} asks again"
    if said.at is None and not said.waiting:
        return "not asked yet: opening asks"
    return "nothing" if said.at is not None and not said.text else ""


# what was between us


def _between_us(panel: Panel, look: Look) -> Iterator[Strip]:
    inks, width, now = look.inks, look.width, look.now
    count = "1st conversation" if panel.conversations == 1 else f"{panel.conversations} conversations"
    yield strip_of([(f" {count}, {panel.open} open", inks.text)])
    for at, text in panel.promises:
        words = f"promised: {f'{one_line(text, 120)} by ' if text else ''}{moment(at, now, look.zone)}"
        ink = inks.late if at < now else inks.soon
        for line in wrapped(f"! {words}" if at < now else words, width - 1):
            yield strip_of([(f" {line}", ink)])
    for words in (panel.kept, panel.pace):
        if words:
            yield strip_of([(cut(f" {words}", width), inks.muted)])
    yield strip_of([(f" first heard from {ago(panel.since, now)}", inks.muted)])
    for words, ink in (*_given(panel, look), *_answered(panel, look)):
        yield strip_of([(cut(f" {words}", width), ink)])


def _given(panel: Panel, look: Look) -> Iterator[Run]:
    """What was given: the sum of each currency, and the last ones."""
    gifts = panel.gifts
    if not gifts:
        return
    from inbox.money import added, gift_in_words, in_words, sum_of

    sums = added(each for gift in gifts if (each := sum_of(gift.amount, gift.currency)) is not None)
    total = f": {in_words(sums)}" if sums else ""
    yield f"goodwill {len(gifts)}x{total}", look.inks.text
    for gift in gifts[: SHORT if look.whole else 2]:
        what = gift_in_words(gift.kind, sum_of(gift.amount, gift.currency))
        why = f"{one_line(what, 60)}, {one_line(gift.reason, 120)}"
        yield f"{since(gift.at, look.now, look.zone):>6} {why}", look.inks.muted


def _answered(panel: Panel, look: Look) -> Iterator[Run]:
    """What they answered when asked how it was, the last first."""
    answers = panel.answers
    if len(answers) > 1:
        mean = sum(each.score for each in answers) / len(answers)
        yield f"how it was: {mean:.1f} of 5, {len(answers)} answers", look.inks.text
    for told in answers[: SHORT if look.whole else 1]:
        words = f" “{one_line(told.words, 160)}”" if told.words else ""
        ink = look.inks.late if told.score < GOOD else look.inks.muted
        when = since(told.at, look.now, look.zone)
        one = (
            f"how it was: {told.score} of 5, {when}" if len(answers) == 1 else f"{when:>6} {told.score} of 5"
        )
        yield f"{one}{words}", ink


def first_lines(said: Sequence[Said]) -> list[str]:
    """What programs say in a line each, for where one line stands for everything."""
    return [one_line(each.first_line, 40) for each in said if each.first_line]
