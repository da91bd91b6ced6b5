"""For whom a mail speaks, when that is not who sent it: contact forms, and customers' mail that a teammate passes on.

A contact form is told by its sender in the settings. That a teammate passes mail on is believed only where the mail
lies where none but us can put it, or where our own server has confirmed who sent it: a stranger who writes like a
teammate changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from inbox.addresses import fold_address
from inbox.callers import is_number
from inbox.model import Address, Automatic, Message
from inbox.own_results import confirms, own_results
from inbox.recipients import mailable
from inbox.settings import ContactForm
from inbox.text import one_line
from inbox.us import Us

LINES = 400
"""Lines of a text that are looked at."""
LONGEST_LINE = 500
LONGEST_NAME, LONGEST_PHONE = 120, 40
LONGEST_VALUE = 500
"""Characters."""
LARGEST = 5_000_000
"""Bytes of a mail in which an attached one is looked for."""

FORM, FORWARD = "form", "forward"

_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:|*=]{1,64}@[^\s<>()\[\]\",;:|*=@]{1,255}")
_EDGE = " \t\xa0*_|>•-"

ADDRESS_LABELS = """
English = Email | E-mail | Mail | Email address | E-mail address | Your email | Your email address | Reply to | Sender
German = E-Mail-Adresse | E-Mail Adresse | Emailadresse | Ihre E-Mail | Ihre E-Mail-Adresse | Deine E-Mail | Absender
French = Adresse e-mail | Adresse email | Courriel | Adresse électronique | Votre e-mail | Votre adresse e-mail | Mél
Spanish = Correo | Correo electrónico | Su correo electrónico | Tu correo | Dirección de correo
Italian = Posta elettronica | Indirizzo e-mail | Indirizzo email | La tua email
Portuguese = Endereço de e-mail | Endereço de email | Seu e-mail | Correio eletrónico
Dutch = E-mailadres | Emailadres | Uw e-mailadres | Je e-mail
Polish = Adres e-mail | Adres email | Twój e-mail
Swedish = E-post | E-postadress | Mejl
Danish = E-mailadresse | Din e-mail
Russian = Эл. почта | Электронная почта | Почта
Japanese = メールアドレス | メール
Chinese = 邮箱 | 电子邮件 | 电子邮箱
"""
NAME_LABELS = """
English = Name | Full name | Your name | From
German = Name | Ihr Name | Vor- und Nachname | Dein Name
French = Nom | Votre nom | Nom complet | Nom et prénom
Spanish = Nombre | Nombre completo | Su nombre
Italian = Nome | Nome e cognome | Il tuo nome
Portuguese = Nome | Nome completo
Dutch = Naam | Uw naam
Polish = Imię i nazwisko | Nazwisko
Swedish = Namn
Danish = Navn
Russian = Имя | ФИО
Japanese = お名前 | 氏名
Chinese = 姓名
"""
"""What stands before the answer in forms, by language; a contributor adds a line."""


class Behalf(NamedTuple):
    """For whom a mail speaks, and by which way: FORM or FORWARD; what else was filled in: a telephone number, and own fields
    with what stands in them."""

    customer: Address
    way: str
    phone: str = ""
    fields: tuple[tuple[str, str], ...] = ()


def behalf(
    message: Message,
    raw: bytes | Path,
    us: Us,
    *,
    trusted: bool = False,
    forms: Sequence[ContactForm] = (),
    authserv_id: str | None = None,
) -> Behalf | None:
    """For whom `message` speaks; None when that is its sender. `trusted`: it lies where only we can put it."""
    sender = message.sender[0].address if message.sender else ""
    if not sender:
        return None
    form = _form_of(sender, forms)
    if form is not None:
        lines = [line[:LONGEST_LINE].strip(_EDGE) for line in message.text.split("\n", LINES)[:LINES]]
        customer = _filled_in(lines, form, us)
        return Behalf(customer, FORM, *_more(lines, form)) if customer is not None else None
    if not us.is_us(sender) or not _to_us_alone(message, us):
        return None
    if not trusted and not confirms(own_results(message.authentication, authserv_id), sender):
        return None
    customer = _quoted_sender(message, raw, us)
    return Behalf(customer, FORWARD) if customer is not None else None


def on_behalf(message: Message, found: Behalf) -> Message:
    """The message as one that speaks for somebody. What a person filled in is no machine's mail, whatever sent it."""
    automatic = Automatic() if found.way == FORM else message.automatic
    return replace(message, on_behalf_of=(found.customer,), automatic=automatic)


# --------------------------------------------------------------------------- contact forms


def _form_of(sender: str, forms: Sequence[ContactForm]) -> ContactForm | None:
    folded = fold_address(sender)
    domain = "@" + folded.rpartition("@")[2]
    return next((form for form in forms if fold_address(form.sender) in (folded, domain)), None)


def _filled_in(lines: Sequence[str], form: ContactForm, us: Us) -> Address | None:
    """Who filled a form in. The first line with the word for the address counts, whatever stands further below."""
    said = _answer(lines, _labels(form.address, ADDRESS_LABELS))
    found = _ADDRESS.search(said)
    address = found[0].rstrip(".'’") if found else ""
    if mailable(address) is None or us.is_us(address):
        return None
    name = one_line(_answer(lines, _labels(form.name, NAME_LABELS)), LONGEST_NAME)
    return Address("" if "@" in name else name, address)


def _more(lines: Sequence[str], form: ContactForm) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The telephone number that was filled in, and what stands in the fields: those that say something."""
    said = _answer(lines, _labels(form.phone, "")) if form.phone else ""
    phone = one_line(said, LONGEST_PHONE) if is_number(said) else ""
    found = (
        (name, one_line(_answer(lines, _labels(words, "")), LONGEST_VALUE).strip())
        for name, words in form.fields
    )
    return phone, tuple((name, value) for name, value in found if value)


def _labels(given: str | None, table: str) -> tuple[str, ...]:
    if given is not None:
        return (_folded_label(given),)
    rows = (line.partition(" = ")[2] for line in table.strip().split("\n"))
    return tuple(dict.fromkeys(_folded_label(each) for row in rows for each in row.split(" | ")))


def _folded_label(text: str) -> str:
    return " ".join(text.strip(_EDGE + ":：=").split()).casefold()


def _answer(lines: Sequence[str], labels: Sequence[str]) -> str:
    """What stands behind the first of these words that begins a line, or on the line below it; "" when none does."""
    for number, line in enumerate(lines):
        folded = line.casefold()
        for label in labels:
            if not folded.startswith(label):
                continue
            rest = line[len(label) :].lstrip(" \t\xa0*_)")
            if rest[:1] in (":", "：", "=", "|", "\t") or (not rest and number + 1 < len(lines)):
                said = rest.lstrip(":：=|").strip(_EDGE)
                return said or next((each for each in lines[number + 1 : number + 3] if each), "")
            if "  " in line[len(label) : len(label) + 4]:  # a column of a table
                return rest.strip(_EDGE)
    return ""


# --------------------------------------------------------------------------- what a teammate passes on


def _to_us_alone(message: Message, us: Us) -> bool:
    named = [each.address for each in (*message.to, *message.cc) if each.address]
    return all(map(us.is_us, named))


def _quoted_sender(message: Message, raw: bytes | Path, us: Us) -> Address | None:
    """Whose mail is passed on; None too for an answer that merely quotes one that was passed on before."""
    from inbox.mime import says_forwarded

    says_so = says_forwarded(message.subject, message.text)
    if message.in_reply_to and not says_so:
        return None
    attached = any(each.type == "message/rfc822" for each in message.attachments)
    found = _attached_sender(raw, us) if attached else _written_sender(message.text, says_so)
    if found is None or not found.address or us.is_us(found.address) or mailable(found.address) is None:
        return None
    return found


def _attached_sender(raw: bytes | Path, us: Us) -> Address | None:
    """Who wrote the one mail that is attached; of several nobody can say which is meant."""
    from inbox.mime import parse
    from inbox.parts import read_parts

    if isinstance(raw, Path) or len(raw) > LARGEST:
        return None
    root = read_parts(raw, [])
    mails = [leaf for leaf in (root.leaves() if root.children else [root]) if leaf.type == "message/rfc822"]
    if len(mails) != 1:
        return None
    inner = parse(mails[0].content(raw, []))
    answers = [each for each in inner.reply_to if each.address and not us.is_us(each.address)]
    return next(iter((*answers, *inner.sender)), None)


def _written_sender(text: str, says_so: bool) -> Address | None:
    """Who is named first in the header block below a mark of forwarding, or in that of a mail that says it forwards."""
    from inbox.blocks import LONGEST, begins_block, label_kinds
    from inbox.marks import FORWARDED, FORWARDED_BELOW

    bare = [line[:LONGEST_LINE].strip() for line in text.split("\n", LINES)[:LINES]]
    lines = [line.strip(_EDGE) for line in bare]
    for number, line in enumerate(bare):
        marked = bool(line) and bool(FORWARDED.fullmatch(line) or FORWARDED_BELOW.fullmatch(line))
        if not marked and not (says_so and begins_block(bare, number)):
            continue
        for at in range(number + marked, min(number + LONGEST, len(lines))):
            kinds = label_kinds(lines[at])
            if kinds and "from" in kinds:
                return _named(lines[at], lines[at + 1] if at + 1 < len(lines) else "")
            if at > number + 6 and not kinds:
                break
        return None
    return None


def _named(line: str, below: str) -> Address | None:
    """The address behind a label, and the name before it; a long one is wrapped into the line below."""
    said = re.split(r"[:：]", line, maxsplit=1)[-1].strip(_EDGE)
    if "@" not in said and below.startswith(("<", "[", "mailto:", "(")):
        said = f"{said} {below}"
    said = said.replace("mailto:", " ")
    found = _ADDRESS.search(said)
    if found is None:
        return None
    name = one_line(said[: found.start()], LONGEST_NAME).strip(" <[(\"'“”„«»*")
    return Address("" if "@" in name else name, found[0].rstrip(".'’"))
