"""`frontdesk customer`: who customers are, what is said of them, and that two of them are one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from inbox.errors import BadUsage, NotDone
from tui.line.desk import Desk
from tui.line.ids import is_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from inbox.model import Customer, Identity
    from inbox.panels import Said
    from inbox.ports import Gift, Panel

RECENT = 20
"""Conversations that `show` lists."""


@click.group("customer")
def command() -> None:
    """Who writes to us: names, addresses, notes; and which of them are one."""


@command.command("list")
@click.argument("words", metavar="[QUERY]", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--limit", type=click.IntRange(min=1), default=1_000_000, help="At most so many.")
@click.pass_obj
def list_(desk: Desk, words: tuple[str, ...], as_json: bool, limit: int) -> None:
    """Customers by name: all, or those whose name, address or number QUERY fits; is:vip, is:stop and tag:WORD narrow it."""
    from inbox.jsonform import as_line

    tags = {word[4:].casefold() for word in words if word.startswith("tag:")}
    text = " ".join(word for word in words if not word.startswith(("tag:", "is:vip", "is:stop")))
    shown = 0
    for each in desk.store().customers(text):
        if ("is:vip" in words and not each.vip) or ("is:stop" in words and not each.stop):
            continue
        if not tags <= {tag.casefold() for tag in each.tags}:
            continue
        click.echo(as_line(customer_as_json(each)) if as_json else customer_as_line(each))
        shown += 1
        if shown == limit:
            break


@command.command("show")
@click.argument("given", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def show(desk: Desk, given: str, as_json: bool) -> None:
    """A customer with everything known, and the newest conversations. The id of one who was joined leads there."""
    customer = customer_given(desk, given)
    panel = desk.store().panel(customer.id, RECENT)
    assert panel is not None
    if as_json:
        from inbox.jsonform import as_line

        click.echo(as_line(panel_as_json(desk, panel)))
    else:
        show_panel(desk, panel)


@command.command("edit")
@click.argument("given", metavar="ID")
@click.option("--name", metavar="NAME", help='What to call them; "" takes the name their mail gives.')
@click.option("--vip/--no-vip", default=None, help="Whether they are a VIP, whose clocks run faster.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="Add a tag.")
@click.option("--untag", "untags", multiple=True, metavar="TAG", help="Take a tag off.")
@click.option("--note", metavar="TEXT", help='What everybody should know of them; "" takes it away.')
@click.option("--language", metavar="XX", help="In which language to answer: de, fr …")
@click.option("--form", metavar="FORM", help="familiar (du, tu) or polite (Sie, vous).")
@click.option(
    "--stop/--no-stop", default=None, help="Whether they want answers only: no announcements, no questions."
)
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME=VALUE",
    help="An own field, as in number=4711; nothing behind = takes it off.",
)
@click.option(
    "--add-address", "addresses", multiple=True, metavar="ADDRESS", help="They write from there, too."
)
@click.option("--add-phone", "phones", multiple=True, metavar="NUMBER", help="A telephone number of theirs.")
@click.pass_obj
def edit(
    desk: Desk,
    given: str,
    name: str | None,
    vip: bool | None,
    tags: tuple[str, ...],
    untags: tuple[str, ...],
    note: str | None,
    language: str | None,
    form: str | None,
    stop: bool | None,
    fields: tuple[str, ...],
    addresses: tuple[str, ...],
    phones: tuple[str, ...],
) -> None:
    """Say something of a customer. What a person says outlasts what mail says; undo takes it back."""
    said = {"name": name, "vip": vip, "note": note, "language": language, "form": form, "stop": stop}
    identities = _identities(addresses, phones)
    own = _fields(fields)
    if not any(value is not None for value in said.values()) and not (tags or untags or identities or own):
        raise BadUsage("There is nothing to change.", f"{desk.called} customer edit --help says what can be.")
    customer = customer_given(desk, given)
    _do(
        desk,
        "customer-edit",
        customer=customer.id,
        add=tags,
        remove=untags,
        identities=identities,
        fields=own,
        **said,
    )
    click.echo(customer_as_line(customer_given(desk, given)))


@command.command("merge")
@click.argument("into", metavar="INTO")
@click.argument("others", metavar="ID…", nargs=-1, required=True)
@click.pass_obj
def merge(desk: Desk, into: str, others: tuple[str, ...]) -> None:
    """The customers ID are INTO: everything of theirs is found there. undo and unmerge part them again, exactly."""
    from inbox.actions import decision

    target = customer_given(desk, into).id
    moved = list(dict.fromkeys(customer_given(desk, each).id for each in others))
    decisions = [decision("customer-join", into=target, customer=each) for each in moved]
    _settle_all(desk, moved, decisions)
    click.echo(customer_as_line(customer_given(desk, into)))


@command.command("different")
@click.argument("given", metavar="ID")
@click.argument("other", metavar="ID")
@click.pass_obj
def different(desk: Desk, given: str, other: str) -> None:
    """The two customers are not one, whatever fits: it is suggested no more. merge joins them all the same."""
    _do(
        desk,
        "customer-different",
        customer=customer_given(desk, given).id,
        other=customer_given(desk, other).id,
    )
    click.echo(customer_as_line(customer_given(desk, given)))


@command.command("unmerge")
@click.argument("given", metavar="ID")
@click.pass_obj
def unmerge(desk: Desk, given: str) -> None:
    """The customer ID, who was joined with another, is somebody else after all."""
    number = _number(desk, given)
    customer_given(desk, given)
    _do(desk, "customer-part", customer=number)
    click.echo(customer_as_line(customer_given(desk, given)))


@command.command("import")
@click.argument("file", metavar="FILE")
@click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD", help="What a column of a CSV file is.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="The counts, and what was refused, as one JSON object.")
@click.pass_obj
def import_(desk: Desk, file: str, maps: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Bring in customers from a vCard file (.vcf) or a table (.csv); - is standard input. Twice is a no-op.

    Who is known by an address is found again and gets what is missing. Nobody is joined: who has addresses of two
    customers is told, and for a person to join. FIELD is name, first, last, company, address, phone, note, tag,
    language, or ignore.
    """
    from tui.line.customer_files import bring_in

    bring_in(desk, file, maps, dry_run, as_json)


@command.command("export")
@click.argument("file", metavar="FILE")
@click.option(
    "--of",
    "whom",
    metavar="ID",
    help="All that is held of this customer, into a new folder; - is a tar file.",
)
@click.pass_obj
def export(desk: Desk, file: str, whom: str | None) -> None:
    """Write all customers to a new vCard file (.vcf, version 4.0) or table (.csv); - writes vCard to the output.

    With --of all that is held of one: mails as they came, everything else as text and as JSON.
    """
    if whom is not None:
        from tui.line.customer_handed import hand_out

        hand_out(desk, customer_given(desk, whom), file, panel_as_json)
        return
    from tui.line.customer_files import write_out

    write_out(desk, file)


@command.command("erase")
@click.argument("given", metavar="[ID]", required=False)
@click.option("--yes", is_flag=True, help="Do not ask: it cannot be undone.")
@click.option("--check", is_flag=True, help="Only say what there is of them.")
@click.option("--go-on", is_flag=True, help="Finish what was interrupted.")
@click.pass_obj
def erase(desk: Desk, given: str | None, yes: bool, check: bool, go_on: bool) -> None:
    """Erase a customer, and everything that is held of them, for good. Only an owner may.

    Says first what there is, and asks for the name. Mail on the servers stays there and does not come back here;
    backups are named.
    """
    from tui.line.customer_erase import erase_customer, finish

    if go_on == (given is not None):
        raise BadUsage("Name one customer, or --go-on.", f"{desk.called} customer list shows their numbers.")
    if given is None:
        finish(desk)
    else:
        erase_customer(desk, customer_given(desk, given), yes, check)


# ---------------------------------------------------------------------- what is given


def _number(desk: Desk, given: str) -> int:
    if not is_id(given):
        raise NotDone(
            f"There is no customer {given[:40]!r}.", f"{desk.called} customer list shows their numbers."
        )
    return int(given)


def customer_given(desk: Desk, given: str) -> Customer:
    """The customer of a number as they live now. NotDone (exit 1) when there is none."""
    found = desk.store().customer(_number(desk, given))
    if found is None:
        raise NotDone(
            f"There is no customer {given[:40]!r}.", f"{desk.called} customer list shows their numbers."
        )
    return found


def _identities(addresses: Sequence[str], phones: Sequence[str]) -> list[Identity]:
    from inbox.addresses import fold_address
    from inbox.model import Identity
    from inbox.recipients import mailable
    from inbox.us import fold_number

    for each in addresses:
        if mailable(each) is None:
            raise BadUsage(f"{each[:80]!r} is no mail address.", "Write it like jo@park.example.")
    for each in phones:
        if len(fold_number(each).lstrip("+")) < 3:
            raise BadUsage(f"{each[:80]!r} is no telephone number.", "Write it like +49 30 1234.")
    found = [Identity("mail", fold_address(each)) for each in addresses]
    return found + [Identity("phone", fold_number(each)) for each in phones]


def _fields(given: Sequence[str]) -> dict[str, str]:
    for each in given:
        if not each.partition("=")[1]:
            raise BadUsage(f"{each[:80]!r} names no field.", "Write it like number=4711.")
    return {name.strip(): value.strip() for name, _, value in (each.partition("=") for each in given)}


# ---------------------------------------------------------------------- doing it


def _do(desk: Desk, verb: str, **arguments: Any) -> None:
    from inbox.actions import decision
    from tui.line.acting import settle

    settle(desk.store().change(*decision(verb, **arguments), desk.who(), desk.now()))


def _settle_all(desk: Desk, numbers: Sequence[int], decisions: Sequence[Any]) -> None:
    """All of them as one action, undone as one; each refusal is said, and any ends the command with 1."""
    from inbox.model import Refusal
    from tui.line.acting import REFUSED, complain

    results: list[Any] = []
    desk.store().change_each(decisions, desk.who(), desk.now(), after=results.append)
    refused = [(number, it) for number, it in zip(numbers, results, strict=True) if isinstance(it, Refusal)]
    for number, refusal in refused:
        complain(f"{number}: {refusal.reason}", refusal.next_step)
    if refused:
        raise click.exceptions.Exit(REFUSED)


# ---------------------------------------------------------------------- how it looks


def customer_as_json(customer: Customer) -> dict[str, Any]:
    """A customer as `customer list --json` prints them."""
    return {
        "id": str(customer.id),
        "name": customer.name,
        "addresses": [each.value for each in customer.identities if each.kind == "mail"],
        "handles": [each.value for each in customer.identities if each.kind != "mail"],
        "vip": customer.vip,
        "tags": list(customer.tags),
        "language": customer.language or None,
        "form": customer.form or None,
        "stop": customer.stop,
        "note": customer.note,
        "fields": dict(customer.fields),
    }


def customer_as_line(customer: Customer) -> str:
    """A customer on one line: number, name, addresses, marks."""
    from inbox.text import cut, one_line, pad
    from tui.line.looking import line_width

    marks = [*(["★ VIP"] if customer.vip else []), *(["stop"] if customer.stop else [])]
    marks += [f"#{one_line(tag, 40)}" for tag in customer.tags]
    known = ", ".join(one_line(each.value, 320) for each in customer.identities)
    name = pad(cut(one_line(customer.name, 60) or "-", 28), 28)
    return cut(f"{customer.id!s:<6}  {name}  {known}{'  ' if marks else ''}{' '.join(marks)}", line_width())


def panel_as_json(desk: Desk, panel: Panel) -> dict[str, Any]:
    """A customer with everything known, as `customer show --json` prints them."""
    from inbox.jsonform import instant_as_json
    from inbox.promise_story import told_to
    from tui.line.forms import promise_as_json, row_as_json

    seen = _noticed(desk, panel)
    promised = told_to(desk.store(), panel.customer.id, desk.now())
    return customer_as_json(panel.customer) | {
        "promises": [promise_as_json(each) for each in promised],
        "since": instant_as_json(panel.since) if panel.conversations else None,
        "writes": {"language": seen.language or None, "form": seen.form or None},
        "joined": [str(each.id) for each in panel.joined],
        "perhaps": [
            {"id": str(each.customer.id), "why": each.why, "fits": each.fits} for each in panel.perhaps
        ],
        "goodwill": [_gift_as_json(each) for each in panel.gifts],
        "feedback": [
            {
                "at": instant_as_json(each.at),
                "conversation": str(each.conversation),
                "score": each.score,
                "words": each.words,
            }
            for each in panel.answers
        ],
        "programs": [
            {
                "name": said.panel,
                "said": said.text,
                "at": instant_as_json(said.at),
            }
            for said in _said(desk, panel)
        ],
        "conversations": [row_as_json(row, desk.now()) for row in panel.history],
    }


def show_panel(desk: Desk, panel: Panel) -> None:
    """Print a customer with everything known, and the newest conversations."""
    from inbox.forms_of_address import in_words
    from inbox.promise_story import Became, tally, told_to
    from inbox.text import one_line, sanitise
    from tui.line.lines import moment, row_as_line
    from tui.line.looking import line_width

    customer, zone, width = panel.customer, desk.zone(), line_width()
    click.echo(customer_as_line(customer))
    written = in_words(_noticed(desk, panel))
    kept = " ".join(part for part in (customer.language, customer.form) if part)
    for words in (written, f"answered in {kept}" if kept else ""):
        if words:
            click.echo(f"  {words}")
    for line in sanitise(customer.note, 4_000).splitlines():
        click.echo(f"  ┃ {line}")
    for field, value in customer.fields:
        click.echo(f"  {one_line(field, 60)}: {one_line(value, 500)}")
    for said in _said(desk, panel):
        asked = "" if said.tried_at is not None else ", not asked yet"
        when = f", {moment(said.at, zone)}" if said.at is not None else asked
        trouble = f": {one_line(said.trouble, 200)}" if said.trouble else ""
        click.echo(f"  {said.panel}{when}{trouble}")
        for line in said.text.splitlines():
            click.echo(f"    {sanitise(line)}")
    perhaps = [("perhaps the same", each.customer, f". {each.in_words}") for each in panel.perhaps]
    for label, other, why in (*(("joined with it", each, "") for each in panel.joined), *perhaps):
        known = ", ".join(one_line(each.value, 320) for each in other.identities)
        click.echo(f"  {label}: {other.id} {one_line(other.name, 60)} {known}{one_line(why, 200)}")
    for line in (*_given(panel), *_told(panel)):
        click.echo(f"  {line}")
    if panel.conversations:
        count = "1 conversation" if panel.conversations == 1 else f"{panel.conversations} conversations"
        click.echo(f"  {count}, {panel.open} open, first heard from {moment(panel.since, zone)}")
    promised = told_to(desk.store(), customer.id, desk.now())
    if words := tally(promised).in_words():
        click.echo(f"  {words}")
    for each in promised:
        if each.became in (Became.OPEN, Became.BROKEN):
            what = f": {one_line(each.words)}" if each.words else ""
            click.echo(f"  promised for {moment(each.until, zone)}, {each.became.value}{what}")
    for row in panel.history:
        click.echo(row_as_line(row, desk.now(), width))


def _gift_as_json(gift: Gift) -> dict[str, Any]:
    from inbox.jsonform import instant_as_json

    return gift._asdict() | {"at": instant_as_json(gift.at), "conversation": str(gift.conversation)}


def _given(panel: Panel) -> Iterator[str]:
    """What was given to a customer: the sum of each currency, then each."""
    from inbox.money import added, gift_in_words, in_words, sum_of
    from inbox.text import one_line

    sums = added(each for gift in panel.gifts if (each := sum_of(gift.amount, gift.currency)) is not None)
    if panel.gifts:
        yield f"goodwill {len(panel.gifts)}x" + (f": {in_words(sums)}" if sums else "")
    for gift in panel.gifts[:RECENT]:
        what = gift_in_words(gift.kind, sum_of(gift.amount, gift.currency))
        yield one_line(f"  {gift.conversation}  {what} by {gift.who}: {gift.reason}", 200)


def _told(panel: Panel) -> Iterator[str]:
    """What they answered when asked how it was."""
    from inbox.text import one_line

    for each in panel.answers[:RECENT]:
        words = f": {each.words}" if each.words else ""
        yield one_line(f"how it was ({each.conversation}): {each.score} of 5{words}", 200)


def _said(desk: Desk, panel: Panel) -> tuple[Said, ...]:
    """What programs of [panel.NAME] said when they were asked last; nothing is run here."""
    programs = desk.settings().panels
    return desk.store().panels.said(panel.customer.id, programs) if programs else ()


def _noticed(desk: Desk, panel: Panel) -> Any:
    from inbox.forms_of_address import noticed_in

    recent = [row.conversation.id for row in panel.history[:3]]
    return noticed_in([item for number in recent for item in desk.store().items(number)])
