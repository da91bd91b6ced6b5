"""Raw bytes to a Message: the one reader of mail. It never raises; what was wrong is said in `oddities`.

An own reader over the bytes, since the standard library's raises on real headers and needs seconds for
hostile ones. Parts are found by `inbox.parts`, header fields by `inbox.headers`, and `inbox.bodies` says
what is text.
"""

from __future__ import annotations

import re
from hashlib import sha256

from inbox import automatic, bounces, replies
from inbox.addressing import disguise, read_addresses
from inbox.bodies import Body, read_body
from inbox.charsets import decode
from inbox.headers import Fields
from inbox.model import Address, Instant, Message
from inbox.parts import read_parts
from inbox.sealed import seals, signed_content
from inbox.stamps import read_date, read_id, read_ids, read_received
from inbox.text import one_line

ODDITIES = 30
"""Oddities that are kept; each is one line of at most 200 characters."""

FORWARD = re.compile(
    r"\s*(?:\[[^\]]{1,40}\]\s*)?(?:fwd?|wg|tr|rv|i|enc|doorst|vb|pd|vs|vl|vid|ilt|転送|转发|轉寄|пересл)\s*[:：]",
    re.IGNORECASE,
)
"""A subject that says the mail was forwarded: what follows its header block is content, not a quote."""

_FOOTNOTE = re.compile(r"\[(\d{1,6})\]")
_CLOCKS_APART = 2 * 86_400  # seconds a sender's clock may run ahead of ours before it is an oddity


def parse(raw: bytes) -> Message:
    """Read one mail as it came over the wire or out of a file. Never raises, whatever the bytes."""
    oddities: list[str] = []
    try:
        return _parse(raw, oddities)
    except Exception as error:  # the last line of defence: what nobody can read is still shown
        text, _ = decode(raw[:100_000], None)
        oddities.append(f"the mail could not be read ({type(error).__name__}): shown as it came")
        return Message(
            text=text.rstrip(), reply=text.rstrip(), oddities=tuple(oddities), digest=sha256(raw).hexdigest()
        )


def _parse(raw: bytes, oddities: list[str]) -> Message:
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
        oddities.append("the lines end in CR alone")
    root = read_parts(raw, oddities)
    fields = root.fields
    subject = fields.decoded("subject")
    sender = _addresses(fields, "from", oddities)
    written, received = _dates(fields, oddities)
    hasher = sha256(_digested(sender, written, subject))
    within = signed_content(raw, root)
    if within is None:
        body = read_body(raw, root, hasher, oddities)
    else:
        body = read_body(within, read_parts(within, []), hasher, oddities)
        oddities.append("the mail is signed with S/MIME: the signature is not checked")
    forwarded = FORWARD.match(subject) is not None
    reply, quoted, signature = replies.split(body.text, forwarded=forwarded, hints=body.hints)
    if within is None:
        oddities.extend(seals(root, body.text))
    bounced = bounces.read_bounces(raw, root, subject, sender, body.text)
    for name in ("subject", "date", "message-id"):
        if fields.count(name) > 1:
            oddities.append(f"there are {fields.count(name)} {name.capitalize()} headers: the first counts")
    message_id = read_id(fields.get("message-id"))
    if message_id is None:
        oddities.append("there is no Message-ID")
    reply_to = _addresses(fields, "reply-to", oddities)
    _judge_sender(fields, sender, reply_to, oddities)
    return Message(
        message_id=message_id,
        date=written if written is not None else received,
        received=received,
        subject=subject,
        sender=sender,
        to=_addresses(fields, "to", oddities),
        cc=_addresses(fields, "cc", oddities),
        reply_to=reply_to,
        text=_with_footnotes(body.text, body, everything=True),
        reply=_with_footnotes(reply, body),
        quoted=quoted,
        signature=signature,
        attachments=tuple(body.attachments),
        automatic=automatic.classify(
            fields, sender, reply_to, subject, bounces.report_type(root), bool(bounced), reply
        ),
        bounces=bounced,
        in_reply_to=read_ids(fields.get("in-reply-to")),
        references=read_ids(fields.get("references")),
        authentication=tuple(fields.all("authentication-results")),
        oddities=tuple(dict.fromkeys(one_line(oddity, 200) for oddity in oddities[:ODDITIES])),
        digest=hasher.hexdigest(),
    )


def _addresses(fields: Fields, name: str, oddities: list[str]) -> tuple[Address, ...]:
    values = fields.all(name)
    if len(values) == 1:
        return read_addresses(values[0], oddities)
    if not values:
        return ()
    oddities.append(f"there are {len(values)} {name.title()} headers")
    return tuple(dict.fromkeys(found for value in values for found in read_addresses(value, oddities)))


def _dates(fields: Fields, oddities: list[str]) -> tuple[Instant | None, Instant | None]:
    """When it was written as the Date header says, and when our own server took it in."""
    received = read_received(fields.get("received"))
    said = fields.get("date")
    written: Instant | None = None
    if said:
        written, odd = read_date(said)
        if odd:
            oddities.append(odd)
        if written is not None and received is not None and written > received + _CLOCKS_APART:
            oddities.append(
                f"the Date header is {(written - received) // 86_400} days after the mail was received"
            )
    else:
        oddities.append("there is no Date header")
    if written is None and received is not None:
        oddities.append("the date is that of the top Received header")
    return written, received


def _judge_sender(
    fields: Fields, sender: tuple[Address, ...], reply_to: tuple[Address, ...], oddities: list[str]
) -> None:
    """Say which names and addresses could mislead a reader."""
    if not any(address.address for address in sender):
        oddities.append("the From header names no address" if "from" in fields else "there is no From header")
    for address in sender[:10]:
        warning = disguise(address)
        if warning:
            oddities.append(warning)
    if reply_to and sender and "list-id" not in fields:
        own = {_organisation(address) for address in sender}
        elsewhere = [address.address for address in reply_to if _organisation(address) not in own]
        if elsewhere:
            oddities.append(f"answers go elsewhere, to {elsewhere[0]}")


def _organisation(address: Address) -> str:
    """The last two labels of a domain, near enough to tell one sender from another."""
    return ".".join(address.address.rpartition("@")[2].lower().rsplit(".", 2)[-2:])


def _digested(sender: tuple[Address, ...], written: Instant | None, subject: str) -> bytes:
    """The headers that make up a message's identity, in one spelling; Received does not matter."""
    people = "\0".join(f"{address.name}\1{address.address.lower()}" for address in sender)
    return f"{people}\0{written}\0{' '.join(subject.split())}\0".encode("utf-8", "replace")


def _with_footnotes(text: str, body: Body, everything: bool = False) -> str:
    """`text` with the addresses of the links it mentions (with `everything`: of all links) below."""
    if not body.links:
        return text
    named = {int(number) for number in _FOOTNOTE.findall(text)} if not everything else ()
    notes = [
        f"[{number}] {link}" for number, link in enumerate(body.links, 1) if everything or number in named
    ]
    return f"{text}\n\n" + "\n".join(notes) if notes else text
