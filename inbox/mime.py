"""Raw bytes to a Message: the one reader of mail. It never raises; what was wrong is said in `oddities`.

An own reader over the bytes, since the standard library's raises on real headers and needs seconds for
hostile ones. Parts are found by `inbox.parts`, header fields by `inbox.headers`, and `inbox.bodies` says
what is text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from inbox import automatic, bounces, replies
from inbox.addressing import disguise, read_addresses
from inbox.bodies import read_body, with_footnotes
from inbox.charsets import decode
from inbox.enclosed import MARK, read_enclosed
from inbox.headers import Fields, end_of_headers, read_fields
from inbox.model import Address, Instant, Message
from inbox.parts import read_parts
from inbox.sealed import seals, signed_content
from inbox.stamps import read_date, read_id, read_ids, read_received
from inbox.suspicion import LARGE, suspicious
from inbox.text import one_line

PLAINLY = 100_000
"""Bytes of a mail that are shown as they came when it cannot be read."""

ODDITIES = 30
"""Oddities that are kept; each is one line of at most 200 characters."""

FORWARD = re.compile(
    r"\s*(?:\[[^\]]{1,40}\]\s*)?(fwd?|wg|tr|rv|i|enc|doorst|vb|pd|vs|vl|vid|ilt|転送|转发|轉寄|пересл)\s*[:：]",
    re.IGNORECASE,
)
"""A subject that may say the mail was forwarded; `says_forwarded` knows it from an answer."""

_FINNISH = re.compile(r"^[\s>*_]*lähettäjä\s*:", re.IGNORECASE | re.MULTILINE)

_SHARED = ("co", "com", "org", "net", "ac", "gov", "edu", "or", "ne")  # below a country's domain
_ABSURD = 366 * 86_400  # seconds after which it is no date at all
_CLOCKS_APART = 2 * 86_400  # seconds a sender's clock may run ahead of ours before it is an oddity


def parse(raw: bytes, apart: Callable[[bytes], Message] | None = None) -> Message:
    """Read one mail as it came over the wire or out of a file. Never raises, whatever the bytes.

    Mail that may be made to hurt is handed to `apart`, which reads it within limits (`inbox.beside.Apart`); without it
    every mail is read here.
    """
    try:
        return apart(raw) if apart is not None and len(raw) > LARGE else _parse(raw, [], apart)
    except Exception as error:  # the last line of defence: what nobody can read is still shown
        return parse_plainly(raw, f"the mail could not be read ({type(error).__name__}): shown as it came")


def parse_plainly(raw: bytes, why: str) -> Message:
    """Read only the headers of a mail and show its text as it came; `why` becomes its first oddity. Never raises."""
    oddities = [why]
    digest = sha256(raw).hexdigest()
    try:
        end, body = end_of_headers(raw, 0, min(len(raw), PLAINLY))
        fields, broken_at = read_fields(raw, 0, end, oddities)
        text = decode(raw[body if broken_at is None else broken_at :][:PLAINLY], None)[0].rstrip()
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        message, _ = _of_headers(fields, oddities)
    except Exception:
        message, text = Message(), decode(raw[:PLAINLY], None)[0].replace("\r", "\n").rstrip()
    return replace(message, text=text, reply=text, oddities=_kept(oddities), digest=digest)


def _parse(raw: bytes, oddities: list[str], apart: Callable[[bytes], Message] | None) -> Message:
    given = raw
    raw = _as_bytes_of_lines(raw, oddities)
    root = read_parts(raw, oddities)
    if apart is not None and suspicious(root):
        return apart(given)
    if root.is_multipart and not root.children and root.encoding in ("base64", "quoted-printable"):
        oddities.append("the parts together are encoded, which no mail may do")
        raw = raw[: root.start] + root.content(raw, [])
        root = read_parts(raw, [])
        root.encoding = ""
    fields = root.fields
    message, written = _of_headers(fields, oddities)
    hasher = sha256(_digested(message.sender, written, message.subject))
    within = signed_content(raw, root)
    if within is None:
        opened, opened_root = raw, root
    else:
        opened, opened_root = within, read_parts(within, [])
        oddities.append("the mail is signed with S/MIME: the signature is not checked")
    body = read_body(opened, opened_root, hasher, oddities)
    told = read_enclosed(opened, opened_root, body, oddities)
    forwarded = body.text.startswith(MARK) or says_forwarded(message.subject, body.text)
    reply, quoted, signature = replies.split(body.text, forwarded=forwarded, hints=body.hints)
    if within is None:
        oddities.extend(seals(root, body.text))
    bounced = bounces.read_bounces(raw, root, message.subject, message.sender, body.text)
    return replace(
        message,
        text=_above(with_footnotes(body.text, body), told),
        reply=_above(with_footnotes(reply, body, named_only=True), told),
        quoted=quoted,
        signature=signature,
        attachments=tuple(body.attachments),
        automatic=automatic.classify(
            fields,
            message.sender,
            message.reply_to,
            message.subject,
            bounces.report_type(root),
            bool(bounced),
            reply,
            signature,
        ),
        bounces=bounced,
        oddities=_kept(oddities),
        digest=hasher.hexdigest(),
    )


def says_forwarded(subject: str, text: str) -> bool:
    """Whether a subject says that the mail was forwarded: what follows its header block is content then, and no quote.

    "VS:" says so in Danish and Norwegian, but in Finnish it stands before answers; the labels of the block tell which.
    """
    found = FORWARD.match(subject)
    return found is not None and not (found[1].lower() == "vs" and _FINNISH.search(text))


def _of_headers(fields: Fields, oddities: list[str]) -> tuple[Message, Instant | None]:
    """What the headers of a mail say; and when it was written as the Date header alone says."""
    subject = fields.decoded("subject")
    sender = _addresses(fields, "from", oddities)
    written, received = _dates(fields, oddities)
    for name in ("Subject", "Date", "Message-ID"):
        if fields.count(name.lower()) > 1:
            oddities.append(f"there are {fields.count(name.lower())} {name} headers: the first counts")
    message_id = read_id(fields.get("message-id"))
    if message_id is None:
        oddities.append("there is no Message-ID")
    reply_to = _addresses(fields, "reply-to", oddities)
    _judge_sender(fields, sender, reply_to, oddities)
    believed = written is not None and (received is None or written <= received + _ABSURD)
    message = Message(
        message_id=message_id,
        date=written if believed else received,
        received=received,
        subject=subject,
        sender=sender,
        to=_addresses(fields, "to", oddities),
        cc=_addresses(fields, "cc", oddities),
        reply_to=reply_to,
        in_reply_to=read_ids(fields.get("in-reply-to")),
        references=read_ids(fields.get("references")),
        authentication=tuple(fields.all("authentication-results")),
    )
    return message, written


def _as_bytes_of_lines(raw: bytes, oddities: list[str]) -> bytes:
    """A mail as lines of bytes: some files hold it in UTF-16, or with the line ends of old Macintoshes."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw = raw.decode("utf-16", "replace").encode("utf-8", "replace")
        oddities.append("the file of the mail is in UTF-16")
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
        oddities.append("the lines end in CR alone")
    return raw


def _above(text: str, told: str) -> str:
    return f"{text}\n\n{told}" if text and told else text or told


def _kept(oddities: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one_line(oddity, 200) for oddity in oddities[:ODDITIES]))


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
    if received is not None and (written is None or written > received + _ABSURD):
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
    if reply_to and sender and not _is_from_list(fields, reply_to):
        own = {_organisation(address) for address in sender}
        elsewhere = [each.address for each in reply_to if each.address and _organisation(each) not in own]
        if elsewhere:
            oddities.append(f"answers go elsewhere, to {elsewhere[0]}")


def _organisation(address: Address) -> str:
    """The last labels of a domain, near enough to tell one sender from another."""
    labels = address.address.rpartition("@")[2].lower().rsplit(".", 3)
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED
    return ".".join(labels[-3 if shared else -2 :])


def _is_from_list(fields: Fields, reply_to: tuple[Address, ...]) -> bool:
    """Whether answers go to a mailing list: it says it is one, and it is among those the mail was sent to."""
    if "list-id" in fields:
        return True
    if not (
        "mailing-list" in fields
        or "list-post" in fields
        or fields.get("precedence").lower() in ("list", "bulk")
    ):
        return False
    sent_to = {each.address.lower() for name in ("to", "cc") for each in _addresses(fields, name, [])}
    return all(each.address.lower() in sent_to for each in reply_to)


def _digested(sender: tuple[Address, ...], written: Instant | None, subject: str) -> bytes:
    """The headers that make up a message's identity, in one spelling; Received does not matter."""
    people = "\0".join(f"{address.name}\1{address.address.lower()}" for address in sender)
    return f"{people}\0{written}\0{' '.join(subject.split())}\0".encode("utf-8", "replace")
