"""An answer by command made ready: to whom it goes and from where, what the checks say, and what the decision is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.line.desk import Desk

if TYPE_CHECKING:
    from inbox.answering import Prepared
    from inbox.checks import Check
    from inbox.ports import DraftFile


class Ready(NamedTuple):
    """An answer before it is decided. `verb` is reply or reply-all; `letter` what the decision of it is given besides the
    conversation and what both ways of answering share (the text, what was seen, what comes after)."""

    verb: str
    prepared: Prepared
    found: tuple[Check, ...]
    to: tuple[str, ...]
    letter: dict[str, Any]

    @property
    def stops(self) -> list[Check]:
        """What keeps the answer here."""
        return [each for each in self.found if each.kind == "stop"]


def ready(
    desk: Desk,
    conversation: int,
    text: str,
    seen: int,
    *,
    to: Sequence[str] = (),
    cc: Sequence[str] = (),
    bcc: Sequence[str] = (),
    subject: str | None = None,
    sender: str | None = None,
    everybody: bool = False,
    quote: bool | None = None,
    closes: bool = False,
    by_hand: bool = False,
    files: Sequence[DraftFile] = (),
) -> Ready:
    """Make the answer `text` to a conversation ready. `seen`: the last event its writer had before them; `sender`: one of
    our own addresses. Without `to` it goes to whom it would on the screen. `by_hand`: nothing is sent. `files`: what
    was put in for it before."""
    from inbox.actions.by_hand import ELSEWHERE
    from inbox.addresses import fold_address
    from inbox.answering import answer_subject, prepare
    from inbox.around import around
    from inbox.below import answered_in, format_for, history, quote_for, signature_for
    from inbox.checks import Against, File, Written, checks, recipients_of
    from inbox.profiles import Profile

    store, settings, who = desk.store(), desk.settings(), desk.who()
    items = store.items(conversation)
    row = store.rows([conversation])[0]
    customer = row.customer_addresses
    prepared = prepare(items, desk.us(), desk.senders(), everybody, customer)
    sides = (tuple(to) or prepared.to, tuple(cc) if to else (*prepared.cc, *cc), tuple(bcc))
    sender = sender or prepared.sender
    verb = "reply-all" if everybody else "reply"
    whose = row.conversation.customer
    language = answered_in(store.customer(whose) if whose is not None else None, items)
    enclosed = [File(each.name, each.size) for each in files]
    written = Written(text, *sides, sender, verb, subject or "", enclosed, closes=closes)
    if by_hand:
        written = Written(text or ELSEWHERE, kind=verb, closes=closes, by_hand=True)
    addresses = [one.address for one in recipients_of(written)]
    found = checks(
        written,
        Against(
            items=items,
            item=prepared.item,
            customer=customer,
            us=desk.us(),
            senders=desk.senders(),
            team=tuple(mate.name for mate in settings.team),
            colleagues=[mate.address for mate in settings.team if mate.address],
            who=who.name,
            others={
                fold_address(address): other.name
                for address, other in store.customers_at(addresses).items()
                if other.id != row.conversation.customer
            },
            refused=store.refused_addresses(addresses),
            events=store.events(conversation),
            seen=seen,
            left=store.documents.hints(who.name)[1],
            around=around(store, settings, row, who.name),
        ),
    )
    how = {None: quote_for(settings, sender), True: "last", False: "none"}[quote]
    readers = [each for side in sides for each in side]
    letter: dict[str, Any] = {
        "to": sides[0],
        "cc": sides[1],
        "bcc": sides[2],
        "subject": answer_subject(prepared, row.subject) if subject is None else subject,
        "sender": sender,
        "item": prepared.item,
        "quoted": history(items, prepared.item, how, readers, desk.us(), desk.zone(), customer),
        "signature": signature_for(
            settings, sender, language, store.documents.profile(who.name) or Profile(), who.name
        ),
        "form": format_for(settings, sender),
    }
    if files:
        from inbox.outgoing import Enclosure

        letter["files"] = tuple(files)
        letter["enclosures"] = [Enclosure(each.name, each.type, store.draft_file(each.sha)) for each in files]
    return Ready(verb, prepared, found, sides[0], letter)


def with_banner(desk: Desk, issue: str | None, text: str) -> str:
    """The text below the banners that stand on top of new answers now."""
    from inbox.issues import banners, below_banner

    found = banners(desk.store().issues.all(), issue, desk.now())
    return below_banner(found, text, desk.now())
