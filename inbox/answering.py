"""Before a reply is written: to whom it goes, what it is called, and what it hangs on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inbox.addresses import fold_address, fold_domain
from inbox.channel import Way, channel_of, in_words
from inbox.model import Address, Message
from inbox.recipients import mailable
from inbox.text import one_line
from inbox.us import Us

if TYPE_CHECKING:
    from inbox.ports import Item

LONGEST_SUBJECT = 400
LONGEST_NAME = 100
"""Characters."""

_PREFIX = re.compile(
    r"\s*(?:re|aw|antw(?:ort)?|sv|vs|ref|rif|r|res|odp|vá|ynt|απ|atb|回复|回覆|答复|答覆|返信)"
    r"\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]\s*",
    re.IGNORECASE,
)
"""Reply prefixes of mail programs in other languages. Forward prefixes stay: they say something."""

_NO_REPLY = re.compile(
    r"(?:^|[._+-])(?:no[._-]?repl(?:y|ies)|do[._-]?not[._-]?(?:reply|respond|answer)|nicht[._-]?antworten"
    r"|keine?[._-]?antwort|ne[._-]?pas[._-]?repondre|no[._-]?respond(?:er|a)|non[._-]?rispondere"
    r"|nao[._-]?respond(?:er|a)|geen[._-]?antwoord|mailer-daemon|bounces?)(?:$|[._+\d-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ReplyRecipients:
    """Who an answer goes to.

    unparsed: addresses of the message that mail cannot be sent to, as written, sanitised.
    no_reply: those among `to` and `cc` that say by their name that nobody reads them; never to be mailed
    silently.
    elsewhere: the answer goes to another domain than the mail says it is from (Reply-To): worth a mark.
    """

    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()
    unparsed: tuple[str, ...] = ()
    no_reply: tuple[str, ...] = ()
    elsewhere: bool = False


def reply_recipients(message: Message, us: Us, everybody: bool = False) -> ReplyRecipients:
    """Reply-To before From, unless Reply-To is ours; an answer to mail of our own goes on to its recipients.

    With `everybody` the other recipients follow, To in To and Cc in Cc, without us and each once.
    """
    wrote = [address for address in message.reply_to if not us.is_us(address.address)] or list(message.sender)
    ours = bool(wrote) and _all_ours(wrote, us)
    to = list(message.to if ours else wrote)
    if everybody and not ours:
        to += message.to
    cc = list(message.cc) if everybody else []
    seen: set[str] = set()
    unparsed: list[str] = []
    kept = [_kept(addresses, us, seen, unparsed) for addresses in (to, cc)]
    if not kept[0] and not unparsed and ours:
        # A note to self: it goes to nobody else, so it goes where it was meant to.
        kept[0] = _kept(to, Us(), seen, unparsed)
    mailed = [address.address for addresses in kept for address in addresses]
    return ReplyRecipients(
        tuple(kept[0]),
        tuple(kept[1]),
        tuple(unparsed),
        tuple(address for address in mailed if is_no_reply(address)),
        not ours and _elsewhere(wrote, message.sender),
    )


def is_no_reply(address: str) -> bool:
    """Whether an address says by its name that nobody reads what is sent there."""
    return _NO_REPLY.search(address.rpartition("@")[0]) is not None


def _all_ours(addresses: list[Address], us: Us) -> bool:
    return all(us.is_us(address.address) for address in addresses)


def _kept(addresses: list[Address], us: Us, seen: set[str], unparsed: list[str]) -> list[Address]:
    kept = []
    for address in addresses:
        folded = fold_address(address.address)
        if folded in seen or us.is_us(address.address):
            continue
        seen.add(folded)
        if mailable(address.address) is None:
            unparsed.append(one_line(f"{address.name} {address.address}", LONGEST_NAME))
        else:
            kept.append(Address(one_line(address.name, LONGEST_NAME), address.address))
    return kept


def _elsewhere(wrote: list[Address], sender: tuple[Address, ...]) -> bool:
    domains = {fold_domain(address.address.rpartition("@")[2]) for address in sender}
    return any(fold_domain(address.address.rpartition("@")[2]) not in domains for address in wrote)


def reply_subject(subject: str) -> str:
    """ "Re: " and the subject without the reply prefixes that pile up, on one clean line."""
    bare = one_line(subject, LONGEST_SUBJECT)
    while found := _PREFIX.match(bare):
        bare = bare[found.end() :]
    return one_line(f"Re: {bare}", LONGEST_SUBJECT)


def hangs_on(message: Message) -> tuple[str | None, tuple[str, ...]]:
    """(In-Reply-To, References) for an answer to `message` (RFC 5322, 3.6.4), oldest first."""
    if message.message_id is None:
        return None, message.references
    before = message.references or (message.in_reply_to if len(message.in_reply_to) == 1 else ())
    return message.message_id, tuple(dict.fromkeys((*before, message.message_id)))


@dataclass(frozen=True, slots=True)
class Prepared:
    """An answer before it is written: to which message, to whom, and from which address of ours.

    `item` is None where nothing was ever written, and what is written then answers nothing. `warnings` are sentences about
    where it goes, sanitised. `by_hand`: what the channel is called where no address is known, and a person has to carry the
    answer; else "".
    """

    item: Item | None = None
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    sender: str | None = None
    warnings: tuple[str, ...] = ()
    by_hand: str = ""


def prepare(
    items: Sequence[Item],
    us: Us,
    senders: Sequence[str],
    everybody: bool = False,
    customer: Sequence[str] = (),
) -> Prepared:
    """Prepare the answer to the last message of somebody who takes part, or to our own last one where there is none.

    Machines are not answered while there is anybody else, and who joined by an answer of their own alone never becomes
    a recipient by themselves (docs: mail, placing): a warning names them, and a person may.

    It goes out from the one of our addresses that was written to, else from the first of `senders`, else from any
    address in the message that is ours. What was said in a chat is answered where its channel reaches them: at the address
    that stands there, else at the first of those of the `customer`.
    """
    taking_part, newcomers = _customers_mail(items)
    ours = [one for one in items if one.direction == "out"]
    machines = [one for one in items if one.direction == "in"]
    item = next((group[-1] for group in (taking_part, ours, machines) if group), None)
    if item is None:  # nothing was written, but perhaps said on the phone
        return Prepared(to=tuple(customer[:1]), sender=next(iter(senders), None))
    if not channel_of(item.channel).sends:
        return _to_chat(item, us, senders, customer)
    behalf = item.on_behalf_of
    written = Message(
        sender=behalf or item.sender, to=item.to, cc=item.cc, reply_to=() if behalf else item.reply_to
    )
    found = reply_recipients(written, us, everybody)
    warnings = [f"{one_line(each)} cannot be written to" for each in found.unparsed]
    warnings += [f"nobody reads {one_line(each)}" for each in found.no_reply]
    if found.elsewhere:
        warnings.append("the answer goes to another domain than the mail says it is from")
    asked = {fold_address(address.address) for address in (*found.to, *found.cc)}
    for one in newcomers:
        wrote = (one.on_behalf_of or one.sender)[0].address
        if one.at >= item.at and fold_address(wrote) not in asked:
            warnings.append(f"it does not go to {one_line(wrote)}, who is new here")
    return Prepared(
        item,
        tuple(address.address for address in found.to),
        tuple(address.address for address in found.cc),
        _our_side(item, us, senders),
        tuple(warnings),
    )


def _to_chat(item: Item, us: Us, senders: Sequence[str], customer: Sequence[str]) -> Prepared:
    """The answer to what was said where Frontdesk cannot send."""
    said = next((one.address for one in item.sender if item.direction == "in"), "")
    known = (each for each in (said, *customer) if not us.is_us(each))
    reach = channel_of(item.channel).reach(tuple(dict.fromkeys(known)))
    to = reach.to[:1]
    warnings = tuple(f"nobody reads {one_line(each)}" for each in to if is_no_reply(each))
    by_hand = in_words(item.channel) if reach.way is Way.BY_HAND else ""
    return Prepared(item, to, (), _our_side(item, us, senders), warnings, by_hand)


def answer_subject(ready: Prepared, conversation: str) -> str:
    """What the answer is called: as the mail it answers, with "Re:". The lines of a chat have no subject of their own: then
    as the conversation, which is called what was said in it first."""
    item = ready.item
    own = item is not None and channel_of(item.channel).sends
    return reply_subject(item.subject if item is not None and own else conversation)


def _customers_mail(items: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """What people wrote to us: those who take part, and newcomers, who have only answered what they were not sent.

    Somebody takes part who began, or whom somebody taking part has written to; oldest first, as `items`.
    """
    taking_part: list[Item] = []
    newcomers: list[Item] = []
    people: set[str] = set()
    ids: set[str | None] = set()
    for one in items:
        wrote = one.on_behalf_of or one.sender
        sender = fold_address(wrote[0].address) if wrote else ""
        is_new = sender not in people and not ids.isdisjoint(one.references)
        if one.direction == "in" and not one.automatic:
            (newcomers if is_new else taking_part).append(one)
        if one.direction == "out" or not is_new:
            people.update(
                fold_address(each.address)
                for each in (*one.sender, *one.reply_to, *one.to, *one.cc, *one.on_behalf_of)
            )
        ids.add(one.message_id)
    return taking_part, newcomers


def _our_side(item: Item, us: Us, senders: Sequence[str]) -> str | None:
    ours = {fold_address(address): address for address in senders}
    addressed = [address.address for address in (*item.to, *item.cc, *item.sender)]
    known = next((ours[folded] for one in addressed if (folded := fold_address(one)) in ours), None)
    return known or next(iter(senders), None) or next((one for one in addressed if us.is_us(one)), None)
