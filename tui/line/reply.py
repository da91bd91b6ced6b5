"""`frontdesk reply`: answer the customer from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import click

from inbox.errors import BadUsage
from inbox.text import one_line
from tui.line.acting import REFUSED, complain, promise_given, span_given, tell_waits, text_given, time_given
from tui.line.desk import Desk
from tui.line.ids import id_given
from tui.line.looking import print_rows
from tui.line.writing import seen_writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inbox.answering import Prepared
    from inbox.checks import Check
    from inbox.pledges import Promised


@click.command("reply")
@click.argument("conversation", metavar="ID")
@click.option("--text", metavar="TEXT", help="The reply.")
@click.option("--file", metavar="FILE", help="A text file with the reply; - is standard input.")
@click.option(
    "--to", multiple=True, metavar="ADDRESS", help="To whom, instead of the customer's last sender."
)
@click.option("--cc", multiple=True, metavar="ADDRESS", help="Who gets a copy.")
@click.option("--bcc", multiple=True, metavar="ADDRESS", help="Who gets a copy that the others do not see.")
@click.option("--subject", metavar="TEXT", help="Instead of Re: and the subject.")
@click.option("--from", "sender", metavar="ADDRESS", help="From which of our addresses.")
@click.option("--all", "everybody", is_flag=True, help="To everybody in the customer's message.")
@click.option(
    "--quote/--no-quote",
    "quote",
    default=None,
    help="Quote the customer's message below the reply, or not; else as the settings say.",
)
@click.option(
    "--undo", metavar="TIME", help="Wait so long before it leaves, such as 20s; else it leaves at once."
)
@click.option(
    "--by-hand",
    is_flag=True,
    help="Nothing is sent: it is there already, such as in a chat. Empty: that it was answered there.",
)
@click.option("--anyway", metavar="REASON", help="Send although a check says no, and why.")
@click.option("--close", "closes", is_flag=True, help="Close the conversation.")
@click.option("--snooze", metavar="WHEN", help="Snooze the conversation.")
@click.option(
    "--banner/--no-banner", default=True, help="With what an issue puts on top of answers, or without."
)
@click.option("--saved", multiple=True, metavar="NAME", help="With this saved reply, its places filled.")
@click.option(
    "--knowledge", multiple=True, metavar="TITLE", help="With this article of the team's knowledge."
)
@click.option("--kept", is_flag=True, help="It keeps the oldest open promise.")
@click.option(
    "--promise",
    metavar="WHEN",
    help='It promises something: fri, "thu 17:00", or "thu, aim wed" to aim for less.',
)
@click.option(
    "--edit", is_flag=True, help="Write it in $EDITOR, from your draft on; colleagues see that you do."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was checked as JSON.")
@click.pass_obj
def command(
    desk: Desk,
    conversation: str,
    text: str | None,
    file: str | None,
    to: tuple[str, ...],
    cc: tuple[str, ...],
    bcc: tuple[str, ...],
    subject: str | None,
    sender: str | None,
    everybody: bool,
    quote: bool | None,
    undo: str | None,
    by_hand: bool,
    anyway: str | None,
    closes: bool,
    snooze: str | None,
    banner: bool,
    saved: tuple[str, ...],
    knowledge: tuple[str, ...],
    kept: bool,
    promise: str | None,
    edit: bool,
    as_json: bool,
) -> None:
    """Reply to the customer. Without --text, --file, --saved and --knowledge the reply is read from standard
    input.

    It enters the outbox and leaves with the next sync; the conversation then waits for the customer. With --by-hand it is
    written down as sent, and nothing leaves.
    """
    if by_hand:
        mailed = {
            "--to": to,
            "--cc": cc,
            "--bcc": bcc,
            "--subject": subject,
            "--from": sender,
            "--all": everybody,
        }
        given = [option for option, value in (mailed | {"--undo": undo}).items() if value]
        given += ["--quote"] if quote is not None else []
        if given:
            raise BadUsage(f"{given[0]} is for mail, and --by-hand is none.", "Leave one of both out.")
    if closes and snooze is not None:
        raise BadUsage("It cannot be closed and snoozed.", "Give --close or --snooze, not both.")
    if anyway is not None and not anyway.strip():
        raise BadUsage("--anyway needs a reason.", "Say in a few words why it is sent all the same.")
    wait = span_given(undo, "--undo") if undo is not None else 0
    then: dict[str, Any] = {"then": "closed"} if closes else {}
    if snooze is not None:
        then = {"then": "snoozed", "until": time_given(desk, snooze)}
    promised = promise_given(desk, promise, None) if promise is not None else None
    store, number = desk.store(), id_given(desk, conversation)
    ours = our_address(desk, sender) if sender is not None else None
    seen = store.rows([number])[0].conversation.seq  # a colleague may answer while the text is written
    used: tuple[str, ...] = ()
    whole = text is None and file is None and not edit and (saved or knowledge)  # they are all of it
    kind = "reply-all" if everybody else "reply"
    if edit:
        written = _edited(desk, number, kind, text, file)
    elif text is not None or whole:
        written = text or ""
    else:
        with seen_writing(desk, number):
            written = text_given(text, file)
    if saved or knowledge:
        from tui.line.putting_in import put_in

        written, used = put_in(desk, store.rows([number])[0], written, saved, knowledge)
    from inbox.actions import decision
    from tui.line.answering import ready, with_banner
    from tui.line.drafts import begun_here, left, put_in_for

    draft = None if by_hand else begun_here(desk, number, kind) if edit else put_in_for(desk, number)[0]
    files = draft.files if draft is not None else ()
    if banner and written.strip():
        written = with_banner(desk, store.rows([number])[0].conversation.issue, written)
    answer = ready(
        desk,
        number,
        written,
        seen,
        to=to,
        cc=cc,
        bcc=bcc,
        subject=subject,
        sender=ours,
        everybody=everybody,
        quote=quote,
        files=files,
        closes=closes,
        by_hand=by_hand,
    )
    prepared, found = answer.prepared, answer.found
    if not (to or by_hand):
        _warn(prepared, found)
    if prepared.by_hand and not (answer.to or by_hand):
        complain(
            f"No address is known, only {prepared.by_hand}.",
            "--by-hand writes down what was pasted there; --to names an address.",
        )
        raise click.exceptions.Exit(REFUSED)
    overtaken = any(each.name == "newer" for each in answer.stops)
    if _stops(number, found, anyway, as_json):
        _not_sent(desk, number, kind, written if edit or overtaken else "")
    common: dict[str, Any] = {
        "conversation": number,
        "text": written,
        "seen": seen,
        "anyway": anyway or "",
        "overridden": [each.name for each in answer.stops],
        "keeps": kept,
        "used": used,
        "promises": _promised(desk, promised, written),
        **then,
    }
    if by_hand:
        outcome = store.change(*decision("by-hand", **common), desk.who(), desk.now())
        if outcome.refusal is not None:
            complain(outcome.refusal.reason, outcome.refusal.next_step)
            _not_sent(desk, number, kind, written)
        if as_json:
            _print_checks(number, found, queued=False)
        else:
            print_rows(desk, [number], False)
        return
    scope, decide = decision(answer.verb, leave_after=wait, **answer.letter, **common)
    outcome = store.change(scope, decide, desk.who(), desk.now())
    if outcome.refusal is not None:
        complain(outcome.refusal.reason, outcome.refusal.next_step)
        _not_sent(desk, number, kind, written)
    if draft is not None:
        left(desk, draft)
    if files:
        click.echo(f"With it goes {', '.join(one_line(each.name, 60) for each in files)}.", err=True)
    if as_json:
        _print_checks(number, found, queued=True)
    else:
        print_rows(desk, [number], False)
    if desk.who().role == "trainee":
        click.echo(f"It waits for the yes of an owner or agent: {desk.called} approve {number}.", err=True)
    else:
        tell_waits(desk)


def _promised(desk: Desk, promised: Promised | None, written: str) -> Promised | None:
    """What the reply promises, in its own words where they name that time. A promise that is read in it, and not given, is
    said with the option that takes it on."""
    from inbox.promised_text import promises
    from tui.line.lines import moment

    settings = desk.settings()
    found = promises(written, desk.now(), settings.zone, settings.hours)
    if promised is not None:
        said = next((each.sentence for each in found if each.until == promised.until), "")
        return promised._replace(words=said)
    if found:
        until = moment(found[0].until, desk.zone())
        complain(f"It promises {until}: “{found[0].sentence}”", f'--promise "{until}" takes it on.')
    return None


def our_address(desk: Desk, wanted: str) -> str:
    """One of our own addresses, as the settings or the mail know it. BadUsage for any other."""
    from inbox.addresses import fold_address

    known = {fold_address(address): address for address in desk.senders()}
    folded = fold_address(wanted)
    if folded in known:
        return known[folded]
    if desk.us().is_us(wanted):
        return wanted
    from inbox.nearest import nearest

    raise BadUsage(
        f"{wanted} is none of our addresses{nearest(wanted, known.values())}",
        f"Ours: {', '.join(known.values()) or 'none is known; write a [[mailbox]] into settings.toml'}.",
    )


def _warn(prepared: Prepared, found: Sequence[Check]) -> None:
    """What the screen shows above a reply, for those who did not choose the recipients themselves; a stop says it by
    itself."""
    told = {each.subject for each in found if each.kind == "stop"}
    for warning in prepared.warnings:
        if not any(subject and subject in warning for subject in told):
            complain(f"{warning[0].upper()}{warning[1:]}.")


def _edited(desk: Desk, conversation: int, kind: str, text: str | None, file: str | None) -> str:
    """What was written in the person's own editor, from their draft on; colleagues see meanwhile that they write."""
    from tui.line.drafts import begun_here
    from tui.line.edited import edited

    if text is None and file is None:
        draft = begun_here(desk, conversation, kind)
        begun = draft.text if draft is not None else ""
    else:
        begun = text_given(text, file)
    with seen_writing(desk, conversation):
        return edited(f"{begun}\n" if begun else "", restricted=desk.restricted, name="answer.md")


def _not_sent(desk: Desk, conversation: int, kind: str, text: str) -> NoReturn:
    """End the command, with what was written kept as a draft where it could be lost."""
    from tui.line.drafts import kept_above

    if words := kept_above(desk, conversation, kind, text):
        click.echo(words, err=True)
    raise click.exceptions.Exit(REFUSED)


def _stops(number: int, found: Sequence[Check], anyway: str | None, as_json: bool) -> bool:
    """Say every hint, and every stop with its next step; whether one is not overridden."""
    stops = [each for each in found if each.kind == "stop" and not (anyway and each.overridable)]
    for each in stops or [each for each in found if each.kind != "stop" and not as_json]:
        complain(each.words, each.next_step)
    if stops and as_json:
        _print_checks(number, found, queued=False)
    return bool(stops)


def _print_checks(number: int, found: Sequence[Check], queued: bool) -> None:
    """Everything that was found, as one object: whether the reply waits in the outbox, and each check."""
    from inbox.jsonform import as_line

    shown = ("kind", "name", "words", "next_step")
    checks = [{key: getattr(each, key) for key in shown} for each in found]
    click.echo(as_line({"id": str(number), "queued": queued, "checks": checks}))
