"""Make the mail of a support team: seeded, realistic in what costs time and bytes, and quick to make.

What is imitated, because figures hang on it: words by frequency over 40 000 (an index gets a realistic number
of terms), header blocks of 1-2 KB with signatures that no compression shrinks, conversations of 1 to 40 mails
with References, customers of which a few write a lot, quotes at the bottom, transfer encodings and charsets
in use, small attachments, and HTML as office programs and shops write it (20 KB, mostly styles and links).

The same `(n, seed, html_share)` gives the same bytes. Conversations come one after the other, so mails are
not in the order of time; Maildir names begin with the instant, so sorting the names puts them in order.

Run by hand: `python -m benchmarks.mailmaker OUT --n 10000 [--seed 1] [--html-share 0.6] [--form mbox]`.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import html
import json
import os
import random
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from email.header import Header
from email.utils import formatdate
from pathlib import Path
from typing import Literal

from benchmarks.words import FIRST_NAMES, LAST_NAMES, STOCK, SUBJECTS, Words

RARE_WORD = "zirkonfalter"
"""Stands in exactly `rare` mails (see `Made`)."""

COMMON_WORD = "invoice"
"""Stands in about a third of the mails; `Made.common` says in how many texts."""

END = 1_793_000_000
"""The last instant of the made mail (2026-10-26), seconds of UTC; the first is two years earlier."""

SPAN = 2 * 365 * 86_400

_AGENTS = (("Maya Reed", "maya"), ("Tom Haile", "tom"), ("Irena Novak", "irena"), ("Luis Ortega", "luis"))
_QUEUES = ("support", "billing", "sales")
_HOME = "helpdesk.example"
_DISCLAIMER = (
    "This message and its attachments are confidential and meant for the person it is addressed to. If\n"
    "it has reached you by mistake, please tell the sender and delete it. {} is number {} in {}."
)
_OFFICE_STYLE = "".join(
    f'{name}\n\t{{margin:0cm;margin-bottom:.0001pt;font-size:{size}pt;font-family:"{font}",sans-serif;'
    f"mso-fareast-language:EN-US;mso-style-priority:{n};color:{color};}}\n"
    for n, (name, size, font, color) in enumerate(
        (f"{kind}.Mso{word}{level}", f"1{level}.0", font, f"#{level}F497D")
        for kind, font in (("p", "Calibri"), ("li", "Cambria"), ("div", "Aptos"), ("span", "Segoe UI"))
        for word in ("Normal", "Header", "Footer")
        for level in range(3)
    )
)


@dataclass(frozen=True, slots=True)
class Mail:
    """One made mail: its raw bytes (LF line ends), and what a reader of it should find."""

    raw: bytes
    at: int  # the Date header, seconds of UTC
    message_id: str
    references: tuple[str, ...]  # oldest first, the last is the parent
    conversation: int  # 0, 1, 2 …
    customer: str  # address of the customer the conversation is with
    incoming: bool  # from the customer, else from an agent
    sender: str  # "Name <address>"
    recipients: str
    subject: str
    said: str  # what the person wrote, without quote and signature
    text: str  # the whole text, with both


@dataclass(frozen=True, slots=True)
class Made:
    """What `make` has made: number of mails, conversations and raw bytes, and where the two words occur."""

    mails: int
    conversations: int
    raw_bytes: int
    rare: int
    common: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    address: str
    company: str
    signature: str  # as text, without the "-- " line
    program: int  # which mail program: decides ids, boundaries, HTML
    german: bool


class _Writer:
    """Draws words, prose and persons from one seeded source."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._vocabulary = Words(seed)

    def words(self, k: int, german: bool = False) -> list[str]:
        """Draw k words by frequency."""
        return self._vocabulary.draw(self.random, k, german)

    def paragraphs(self, size: int, german: bool) -> list[str]:
        """Prose of about `size` characters; each paragraph one unwrapped line."""
        draw = self.random.random
        pool = iter(self.words(size // 4 + 60, german))
        out, left = list[str](), size
        while left > 0:
            sentences = list[str]()
            for _ in range(1 + int(draw() * 4)):
                if draw() < 0.08 and not german:
                    sentences.append(STOCK[int(draw() * len(STOCK))])
                    continue
                words = [word for _, word in zip(range(5 + int(draw() * 14)), pool, strict=False)]
                if not words:
                    break
                if draw() < 0.15:
                    words.insert(len(words) // 2, str(int(draw() * 10 ** (2 + int(draw() * 6)))))
                if len(words) > 10:
                    words[len(words) // 2] += ","
                sentence = " ".join(words)
                sentences.append(sentence[0].upper() + sentence[1:] + ("?" if draw() < 0.12 else "."))
            if not sentences:
                break
            out.append(" ".join(sentences))
            left -= len(out[-1]) + 2
        return out

    def token(self, size: int) -> str:
        """Draw `size` hex digits: ids, tracking links."""
        return f"{self.random.getrandbits(4 * size):0{size}x}"

    def person(self, number: int) -> _Person:
        """Give the customer of this number: always the same one for the same seed."""
        own = random.Random(number * 7919 + 17)
        first, last = own.choice(FIRST_NAMES), own.choice(LAST_NAMES)
        company = self._vocabulary.company(number)
        ascii_name = f"{first}.{last}".lower().translate(str.maketrans("øéłü", "oelu"))
        signature = f"{first} {last}\n{company.title()} {own.choice(('GmbH', 'Ltd', 'Inc', 'SA', 'Group'))}"
        if own.random() < 0.6:
            signature += f"\nPhone +{own.randrange(10**10, 10**12)}\nhttps://www.{company}.example"
        if own.random() < 0.25:
            signature += "\n\n" + _DISCLAIMER.format(
                company.title(), own.randrange(10**6), own.choice(LAST_NAMES)
            )
        address = f"{ascii_name}{number}@{company}.example"
        return _Person(f"{first} {last}", address, company, signature, own.randrange(4), own.random() < 0.12)


def _agent(number: int) -> _Person:
    name, box = _AGENTS[number % len(_AGENTS)]
    signature = f"{name}\nCustomer service, Helpdesk\nhttps://{_HOME}/help"
    return _Person(name, f"{box}@{_HOME}", "helpdesk", signature, 3, False)


def _wrap(paragraphs: list[str]) -> str:
    """Lines of at most 72 characters, an empty line between paragraphs."""
    out = list[str]()
    for paragraph in paragraphs:
        start, end = 0, len(paragraph)
        while end - start > 72:
            cut = paragraph.rfind(" ", start, start + 72)
            if cut <= start:
                break
            out.append(paragraph[start:cut])
            start = cut + 1
        out += (paragraph[start:], "")
    return "\n".join(out[:-1])


def _header(name: str, value: str) -> str:
    """A header line; words that are not ASCII become encoded words."""
    return f"{name}: {value if value.isascii() else Header(value, 'utf-8', header_name=name).encode()}"


def _mailbox(name: str, address: str) -> str:
    return f"{name if name.isascii() else Header(name, 'utf-8').encode()} <{address}>"


def _folded(text: str, width: int = 72) -> str:
    return "\n\t".join(text[i : i + width] for i in range(0, len(text), width))


def _encode(text: str, kind: str, draw: float) -> tuple[str, bytes]:
    """Encode a text part as mail programs do; answers (header lines, body)."""
    if draw < 0.55:
        return f"Content-Type: {kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit", text.encode()
    if draw < 0.93:
        charset = "iso-8859-1" if draw < 0.63 else "utf-8"
        body = binascii.b2a_qp(text.encode(charset, "replace"))
        return f'Content-Type: {kind}; charset="{charset}"\nContent-Transfer-Encoding: quoted-printable', body
    body = base64.encodebytes(text.encode())
    return f"Content-Type: {kind}; charset=UTF-8\nContent-Transfer-Encoding: base64", body


def _html(writer: _Writer, person: _Person, paragraphs: list[str], quoted: list[str], target: int) -> str:
    """HTML of about `target` characters, written as this person's mail program writes it."""
    draw, token = writer.random.random, writer.token
    colour = f"#{hash_of(person.company) & 0xFFFFFF:06x}"
    if person.program == 0:
        opening = (
            '<p class="MsoNormal"><span lang="EN-US" style="font-size:11.0pt;mso-fareast-language:EN-US">'
        )
        closing = "<o:p></o:p></span></p>\n"
        head = (
            '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
            f"\n<head><style><!--\n{_OFFICE_STYLE}@page Section1\n\t{{size:612.0pt 792.0pt}}"
            '\n--></style></head>\n<body lang="EN-US" link="#0563C1" vlink="#954F72">\n<div>\n'
        )
    else:
        opening = f'<p style="margin:0 0 12px 0;font-family:Arial,sans-serif;font-size:14px;color:{colour}">'
        closing = "</p>\n"
        head = (
            '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><style type="text/css">\n'
            + "".join(
                f".{person.company}-{n} td {{padding:{n}px {2 * n}px;color:{colour};font-size:{10 + n}px;"
                "border-collapse:collapse;mso-table-lspace:0pt;line-height:140%}\n"
                for n in range(4 + 8 * person.program)
            )
            + f'</style></head>\n<body bgcolor="{colour}">\n'
        )
    out = [head, *(f"{opening}{html.escape(p)}{closing}" for p in paragraphs)]
    if quoted:
        out.append(
            '<blockquote type="cite" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">\n'
        )
        out += (f"{opening}{html.escape(p)}{closing}" for p in quoted)
        out.append("</blockquote>\n")
    out.append(f'<table class="{person.company}-1" width="600" cellpadding="0" cellspacing="0" border="0">\n')
    size = sum(map(len, out))
    while size < target:
        words = " ".join(writer.words(4))
        row = (
            f'<tr><td style="padding:8px 16px;border-bottom:1px solid {colour}" valign="top">'
            f'<a href="https://links.{person.company}.example/c/{token(24)}?u={token(16)}" style="color:'
            f'{colour};text-decoration:none" target="_blank">{words}</a></td><td style="padding:8px 16px">'
            f"{int(draw() * 99999) / 100:.2f}&nbsp;&euro;</td></tr>\n"
        )
        out.append(row)
        size += len(row)
    out.append("</table>\n</body></html>\n")
    return "".join(out)


def hash_of(word: str) -> int:
    """A number for a word that is the same in each run (`hash` is not)."""
    return binascii.crc32(word.encode())


def mails(n: int, seed: int = 1, html_share: float = 0.1) -> Iterator[Mail]:
    """Make n mails; `html_share` of them carry about 20 KB of HTML (two of three beside a text part)."""
    writer = _Writer(seed)
    draw = writer.random.random
    customers = max(40, n // 4)
    rare = {int((j + 0.5) * n / 5) for j in range(5)}
    number = conversation = 0
    while number < n:
        length = 1 + int(writer.random.expovariate(0.45)) if draw() > 0.01 else 20 + int(draw() * 21)
        customer = writer.person(int(customers * draw() ** 2.2))
        queue = f"{_QUEUES[int(draw() * 3)]}@{_HOME}"
        pattern = SUBJECTS[int(draw() * len(SUBJECTS))]
        first_subject = pattern.format(
            *(str(int(draw() * 1e6)) if draw() < 0.4 else w for w in writer.words(4))
        )
        at = END - SPAN + int(draw() * SPAN)
        ids, last, quoted = list[str](), list[str](), ""
        for k in range(min(length, n - number)):
            incoming = k % 2 == 0 or draw() < 0.1
            person = customer if incoming else _agent(int(draw() * 4))
            sender = (person.name, person.address)
            to = ("Helpdesk", queue) if incoming else (customer.name, customer.address)
            domain = person.address.partition("@")[2]
            message_id = (
                f"<{writer.token(8)}-{writer.token(4)}-{writer.token(4)}-{writer.token(12)}@{domain}>",
                f"<CA{base64.urlsafe_b64encode(writer.random.randbytes(36)).decode()}@mail.{domain}>",
                f"<{writer.token(32)}@{domain}>",
                f"<{at}.{writer.token(8)}@{domain}>",
            )[person.program]
            subject = ("AW: " if person.german else "Re: ") * (k > 0) + first_subject
            paragraphs = writer.paragraphs(200 + int(writer.random.expovariate(1 / 900)), person.german)
            if draw() < 0.3:
                paragraphs[-1] += f" See the {COMMON_WORD} of {formatdate(at)[5:16]}."
            if number in rare:
                paragraphs.append(f"Our reference is {RARE_WORD}.")
            said = f"Hello {to[0].split()[0]},\n\n{_wrap(paragraphs)}"
            text = f"{said}\n\nBest regards,\n{person.name.split()[0]}\n\n-- \n{person.signature}\n"
            if quoted:
                text += f"\nOn {formatdate(at - 9000)[:16]}, {to[0]} <{to[1]}> wrote:\n{quoted}\n"
            date = formatdate(at)
            lines = [
                f"Return-Path: <{person.address}>",
                f"Delivered-To: {to[1]}",
                f"Received: from mx{int(draw() * 4)}.{domain} ([192.0.2.{int(draw() * 255)}])\n\tby "
                f"in.{_HOME} (Postfix) with ESMTPS id {writer.token(12).upper()}\n\tfor <{to[1]}>; {date}",
                f"Received: from [10.0.{int(draw() * 9)}.{int(draw() * 255)}] by mx.{domain} with ESMTPSA"
                f" id {writer.token(16)}\n\t(v=TLS1_3 cipher=TLS_AES_256_GCM_SHA384)\n\t; {date}",
                f"Authentication-Results: in.{_HOME}; dkim=pass header.d={domain}; spf=pass\n\t"
                f"smtp.mailfrom={person.address}; dmarc=pass (policy=quarantine) header.from={domain}",
            ]
            if draw() < 0.75:
                mark = base64.b64encode(writer.random.randbytes(288)).decode()
                lines.append(
                    f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain};"
                    f"\n\ts=s{hash_of(domain) % 99};"
                    "\n\th=from:to:subject:date:message-id:references:in-reply-to:mime-version:content-type;\n"
                    f"\tbh={mark[:44]};\n\tb={_folded(mark[44:])}"
                )
            lines += (
                f"From: {_mailbox(*sender)}",
                f"To: {_mailbox(*to)}",
                _header("Subject", subject),
                f"Date: {date}",
                f"Message-ID: {message_id}",
            )
            if ids:
                lines += (f"In-Reply-To: {ids[-1]}", "References: " + "\n\t".join(ids[-10:]))
            lines += (
                "X-Mailer: "
                + ("Microsoft Outlook 16.0", "Apple Mail (2.3774)", "Thunderbird", "Helpdesk")[
                    person.program
                ],
                "MIME-Version: 1.0",
            )
            parts = list[tuple[str, bytes]]()
            kind = draw()
            if kind < html_share:
                target = int(9_000 + draw() * 20_000)
                markup = _html(writer, person, paragraphs, last, target)
                if kind < html_share * 2 / 3:
                    parts.append(_encode(text, "text/plain", draw()))
                parts.append(_encode(markup, "text/html", draw()))
            else:
                parts.append(_encode(text, "text/plain", draw()))
            attached = draw() < 0.08
            if attached:
                name = f"{writer.words(1)[0]}-{number}.png"
                body = base64.encodebytes(writer.random.randbytes(1_000 + int(draw() * 7_000)))
                parts.append(
                    (
                        f'Content-Type: image/png; name="{name}"\nContent-Disposition: attachment;\n\t'
                        f'filename="{name}"\nContent-Transfer-Encoding: base64',
                        body,
                    )
                )
            if len(parts) == 1:
                raw = "\n".join((*lines, parts[0][0], "", "")).encode() + parts[0][1]
            else:
                boundary = f"----=_Part_{number}_{writer.token(12)}"
                kind_name = "mixed" if attached else "alternative"
                lines.append(f'Content-Type: multipart/{kind_name};\n\tboundary="{boundary}"')
                raw = ("\n".join(lines) + "\n\n").encode()
                raw += b"".join(f"--{boundary}\n{head}\n\n".encode() + body + b"\n" for head, body in parts)
                raw += f"--{boundary}--\n".encode()
            yield Mail(
                raw=raw,
                at=at,
                message_id=message_id,
                references=tuple(ids[-10:]),
                conversation=conversation,
                customer=customer.address,
                incoming=incoming,
                sender=f"{sender[0]} <{sender[1]}>",
                recipients=f"{to[0]} <{to[1]}>",
                subject=subject,
                said=said,
                text=text,
            )
            ids.append(message_id)
            last = paragraphs
            quoted = "\n".join(f"> {line}" for line in text.split("\n", 30)[:30])
            number += 1
            at = min(END, at + 60 + int(writer.random.expovariate(1 / 72_000)))
        conversation += 1


def make(
    out: Path, n: int, seed: int = 1, html_share: float = 0.1, form: Literal["maildir", "mbox"] = "maildir"
) -> Made:
    """Write n mails into the new Maildir or mbox file (form "mboxrd") `out`.

    Raises FileExistsError if there is something at `out`.
    """
    began = time.perf_counter()
    if out.exists():
        raise FileExistsError(f"{out} exists already: name a path that is free")
    if form == "maildir":
        for folder in ("cur", "new", "tmp"):
            (out / folder).mkdir(parents=True)
    box = out.open("wb") if form == "mbox" else None
    flags = random.Random(seed)
    raw_bytes = conversations = rare = common = 0
    for number, mail in enumerate(mails(n, seed, html_share)):
        if box is not None:
            box.write(f"From - {time.asctime(time.gmtime(mail.at))}\n".encode())
            box.writelines(
                b">" + line if line.lstrip(b">").startswith(b"From ") else line
                for line in mail.raw.splitlines(keepends=True)
            )
            box.write(b"\n")
        else:
            seen = "cur" if flags.random() < 0.98 else "new"
            info = f":2,{'R' * (flags.random() < 0.4)}S" if seen == "cur" else ""
            fd = os.open(
                out / seen / f"{mail.at}.M{number:07d}P1.made{info}", os.O_WRONLY | os.O_CREAT, 0o644
            )
            os.write(fd, mail.raw)
            os.close(fd)
        raw_bytes += len(mail.raw)
        conversations = mail.conversation + 1
        rare += RARE_WORD in mail.said
        common += COMMON_WORD in f"{mail.subject} {mail.said}".lower()
    if box is not None:
        box.close()
    return Made(n, conversations, raw_bytes, rare, common, round(time.perf_counter() - began, 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--html-share", type=float, default=0.1)
    parser.add_argument("--form", choices=("maildir", "mbox"), default="maildir")
    given = parser.parse_args()
    print(json.dumps(asdict(make(given.out, given.n, given.seed, given.html_share, given.form))))


if __name__ == "__main__":
    main()
