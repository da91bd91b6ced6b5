"""What stands below the text of an answer: the signature of the mailbox, and the history its readers have seen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from inbox.addresses import fold_address, untagged
from inbox.answering import LONGEST_NAME
from inbox.channel import channel_of, in_words
from inbox.flowed import SIGNATURE, quote
from inbox.language import language_of
from inbox.model import Customer, Instant
from inbox.profiles import with_own_lines
from inbox.recipients import parse_recipients
from inbox.text import one_line, sanitise
from inbox.us import Us

if TYPE_CHECKING:
    from inbox.ports import Item
    from inbox.profiles import Profile
    from inbox.settings import Mailbox, Settings

CHAT_LINES = 10
"""Lines of a chat that an answer by mail quotes: so much says what it is about."""
LONGEST_LINE = 2_000
"""Characters of one of them."""
LONGEST_HISTORY = 60_000
"""Characters of quoted history; older messages are left out."""

_WROTE = {
    "en": "On {date}, {name} wrote:",
    "de": "Am {date} schrieb {name}:",
    "fr": "Le {date}, {name} a écrit :",
    "es": "El {date}, {name} escribió:",
    "it": "Il {date}, {name} ha scritto:",
    "pt": "Em {date}, {name} escreveu:",
    "nl": "Op {date} schreef {name}:",
}

_CHATTED = {
    "en": "You wrote to us by {channel} on {date}:",
    "de": "Nachricht an uns über {channel} am {date}:",
    "fr": "Message reçu par {channel} le {date} :",
    "es": "Mensaje recibido por {channel} el {date}:",
    "it": "Messaggio ricevuto tramite {channel} il {date}:",
    "pt": "Mensagem recebida por {channel} em {date}:",
    "nl": "Bericht aan ons via {channel} op {date}:",
}
"""Above what is quoted of a chat. Only English says "you": elsewhere one would have to know how they are addressed."""


def mailbox_of(mailboxes: Sequence[Mailbox], sender: str | None) -> Mailbox | None:
    """The mailbox that an address of ours belongs to, told by its address and aliases; None when there is none."""
    found, _ = parse_recipients(sender or "")
    folded = untagged(found[0].address) if found else ""
    return next(
        (
            each
            for each in mailboxes
            if folded in {untagged(address) for address in (each.address, *each.aliases)}
        ),
        None,
    )


def format_for(settings: Settings, sender: str | None) -> str:
    """ "text" or "both": how an answer from this address of ours goes out."""
    mailbox = mailbox_of(settings.mailboxes, sender)
    return (mailbox.format if mailbox is not None else None) or settings.format


def quote_for(settings: Settings, sender: str | None) -> str:
    """ "none", "last" or "all": what an answer from this address of ours quotes."""
    mailbox = mailbox_of(settings.mailboxes, sender)
    return (mailbox.quote if mailbox is not None else None) or settings.quote


# ---------------------------------------------------------------------- the signature


def signature_for(
    settings: Settings,
    sender: str | None,
    language: str = "",
    profile: Profile | None = None,
    who: str = "",
) -> str:
    """The signature of an address of ours in a language (two letters), else the plain one, with the own lines of `who`
    writes; "" when there is none. Without a `profile` nobody writes: it goes by itself."""
    mailbox = mailbox_of(settings.mailboxes, sender)
    common = ""
    if mailbox is not None:
        common = dict(mailbox.signatures).get(language) or mailbox.signature or ""
    return with_own_lines(common, profile, who)


def conversation_language(items: Iterable[Item]) -> str:
    """Two letters for the language of what a person on the customer's side wrote last; "" when it is not certain."""
    wrote = [item.reply or item.text for item in items if item.direction == "in" and not item.automatic]
    return language_of(wrote[-1]) if wrote else ""


def answered_in(customer: Customer | None, items: Iterable[Item]) -> str:
    """Two letters for the language of an answer: what a person said of the customer, else what they wrote in last."""
    return (customer.language if customer is not None else "") or conversation_language(items)


def signed(text: str, signature: str) -> str:
    """`text` with the signature below it, under its mark (RFC 3676, 4.3); unchanged when the text has one already."""
    text = text.rstrip()
    lines = re.split(r"\r\n?|\n", text)
    own = SIGNATURE in lines or SIGNATURE.rstrip() in lines[-12:-1]
    if not signature.strip() or own or _squeezed(text).endswith(_squeezed(signature)):
        return text
    return f"{text}\n\n{SIGNATURE}\n{signature.rstrip()}"


def _squeezed(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


# ---------------------------------------------------------------------- the history


def history(
    items: Sequence[Item],
    item: Item | None,
    how: str,
    readers: Iterable[str],
    us: Us,
    zone: ZoneInfo,
    customer: Iterable[str] = (),
) -> str:
    """What an answer to `item` quotes: "none", "last" (`item` alone), or "all" (up to it, the newest first).

    Only what every reader has seen already: those of `readers` (addresses as typed, Bcc too) who are not ours. The
    addresses in `customer` are one person's. Never a note, never mail of ours that has not reached them.
    """
    if item is None or how == "none":
        return ""
    if not channel_of(item.channel).sends:
        return _chat_history(items, item, readers, us, zone, customer)
    people = {fold_address(each) for each in customer}
    outside = [
        address.address
        for address in parse_recipients("\n".join(readers))[0]
        if not us.is_us(address.address)
    ]
    wanted = {fold_address(each) for each in outside}
    parts: list[str] = []
    length = 0
    candidates = (
        [item] if how == "last" else [one for one in reversed(items) if one.at <= item.at or one is item]
    )
    for one in candidates:
        seen = _seen_by(one)
        if seen & people:
            seen |= people
        said = one.reply.strip() or one.text.strip()
        if one.direction == "note" or one.automatic or not said or not wanted <= seen:
            continue
        author = one.sender[0] if one.sender else None
        name = (author.name or author.address) if author is not None else ""
        part = quote_history(said, name, one.at, zone, language_of(said))
        length += len(part)
        if parts and length > LONGEST_HISTORY:
            break
        parts.append(part)
    return "\n\n".join(parts)


def _chat_history(
    items: Sequence[Item],
    item: Item,
    readers: Iterable[str],
    us: Us,
    zone: ZoneInfo,
    customer: Iterable[str],
) -> str:
    """What an answer by mail quotes of the chat it answers: the last lines of both sides, up to this one and what we said
    behind it. Only the customer has read them: whoever else gets the answer gets no line of it."""
    known = {fold_address(each) for each in (*customer, *(one.address for one in item.sender if one.address))}
    asked = parse_recipients("\n".join(readers))[0]
    if any(fold_address(each.address) not in known and not us.is_us(each.address) for each in asked):
        return ""
    chat = [
        one
        for one in items
        if one.channel == item.channel and one.direction != "note" and (one.text.strip() or one.attachments)
    ]
    lines = [
        f"{datetime.fromtimestamp(one.at, zone):%Y-%m-%d %H:%M} {_name_in_chat(one)}: {_said_in_chat(one)}"
        for one in chat[-CHAT_LINES:]
    ]
    language = conversation_language(items)
    date = datetime.fromtimestamp(item.at, zone).strftime("%Y-%m-%d")
    said = _CHATTED.get(language, _CHATTED["en"]).format(channel=in_words(item.channel), date=date)
    quoted = quote("\n".join(lines))
    return f"{said}\n{quoted}" if lines else ""


def _name_in_chat(item: Item) -> str:
    """Who says a line, as the chat shows it."""
    named = next((one.name or one.address for one in item.sender), "")
    return one_line(named or item.author, LONGEST_NAME)


def _said_in_chat(item: Item) -> str:
    """The words of a line, cut where it is long, and the names of its files. What stands on further lines of it is moved in:
    it cannot be taken for what somebody else said."""
    files = [f"[{one_line(each.name or each.type, LONGEST_NAME)}]" for each in item.attachments]
    words = sanitise(item.text).strip()
    cut = words if len(words) <= LONGEST_LINE else f"{words[:LONGEST_LINE]} …"
    return " ".join(filter(None, (cut, *files))).replace("\n", "\n    ")


def quote_history(text: str, name: str, at: Instant, zone: ZoneInfo, language: str = "en") -> str:
    """`text` quoted under the line that says who wrote it and when, in the language of the conversation.

    Give it what that customer has already seen and nothing else. Unknown languages read English.
    """
    date = datetime.fromtimestamp(at, zone).strftime("%Y-%m-%d %H:%M")
    said = _WROTE.get(language, _WROTE["en"]).format(date=date, name=one_line(name, LONGEST_NAME))
    return f"{said}\n{quote(text)}"


def _seen_by(item: Item) -> set[str]:
    """Who has this message, as folded addresses; of ours only those whom it has reached."""
    if item.direction == "in" or not item.recipients:
        wrote = (*item.sender, *item.reply_to) if item.direction == "in" else ()
        return {fold_address(one.address) for one in (*wrote, *item.to, *item.cc)}
    return {fold_address(one.address) for one in item.recipients if one.state == "sent"}
