"""Tables of contacts as programs export them (CSV): which column is what is told by its heading, in many languages.

Without headings it is told by what the columns hold. A person can say it for any column.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from inbox.charsets import decode
from inbox.contacts import LARGEST, Contact, Refused, as_utf8, made
from inbox.errors import BadUsage
from inbox.model import Customer
from inbox.nearest import nearest
from inbox.recipients import mailable
from inbox.text import one_line

FIELDS = ("name", "first", "last", "company", "address", "phone", "note", "tag", "language", "ignore")
DELIMITERS = (",", ";", "\t", "|")
COLUMNS = 300
"""Columns that are looked at."""
LONGEST_ROW = 200
"""Lines that one row may have."""

HEADINGS = {
    "name": "name, full name, display name, contact name, anzeigename, vollständiger name, kunde, kundenname, nom complet"
    ", nom d'affichage, nombre completo, nombre para mostrar, nome completo, nome visualizzato, naam, volledige naam"
    ", weergavenaam, imię i nazwisko, nazwa wyświetlana, namn, fullständigt namn, navn, fulde navn, имя и фамилия"
    ", отображаемое имя, customer, client, file as, speichern unter, 氏名, 表示名, 姓名, 显示名称, name (full)",
    "first": "first name, given name, firstname, forename, vorname, prénom, prenom, nombre, nome, nome próprio, voornaam"
    ", imię, förnamn, fornavn, имя, 名, 名字",
    "last": "last name, family name, lastname, surname, nachname, familienname, nom, nom de famille, apellido, apellidos"
    ", cognome, sobrenome, apelido, achternaam, nazwisko, efternamn, efternavn, фамилия, 姓",
    "company": "company, organization, organisation, organization name, organization 1 - name, company name, firma"
    ", unternehmen, organisation 1 - name, société, entreprise, empresa, azienda, società, bedrijf, organisatie, företag"
    ", firmanavn, virksomhed, организация, компания, 会社, 会社名, 公司",
    "address": "email, e-mail, mail, email address, e-mail address, primary email, email-adresse, e-mail-adresse"
    ", emailadresse, adresse e-mail, adresse de messagerie, adresse email, courriel, correo, correo electrónico"
    ", dirección de correo electrónico, dirección de correo, posta elettronica, indirizzo email, indirizzo e-mail"
    ", indirizzo di posta elettronica, endereço de e-mail, endereço de email, e-mailadres, adres e-mail, e-post"
    ", e-postadress, e-mailadresse, электронная почта, адрес электронной почты, メールアドレス, メール"
    ", 电子邮件, 电子邮件地址",
    "phone": "phone, telephone, mobile, mobile phone, home phone, business phone, work phone, phone number, primary phone"
    ", telefon, mobil, mobiltelefon, handy, telefonnummer, telefon geschäftlich, telefon privat, rufnummer, téléphone"
    ", portable, tél. mobile, teléfono, móvil, teléfono móvil, telefono, cellulare, telefone, telemóvel, celular"
    ", telefoon, mobiele telefoon, telefon komórkowy, telefonnr, телефон, мобильный телефон, 電話, 携帯電話, 电话, 手机",
    "note": "note, notes, comment, comments, remarks, notiz, notizen, bemerkung, bemerkungen, kommentar, remarque"
    ", remarques, commentaire, nota, notas, observaciones, note personali, notities, opmerkingen, notatki, anteckningar"
    ", noter, заметки, примечание, メモ, 备注",
    "tag": "tag, tags, label, labels, category, categories, group, group membership, groups, kategorie, kategorien, gruppe"
    ", gruppen, catégorie, catégories, étiquettes, categoría, categorías, etiquetas, categoria, categorie, gruppi"
    ", categorieën, kategorier, категории, 分類, 类别",
    "language": "language, sprache, langue, idioma, lingua, taal, język, språk, sprog, язык, 言語, 语言",
}
"""Headings by what they mean, folded, commas between; a contributor adds a word. Numbers in headings do not matter."""

_MEANINGS = {word.strip(): field for field, words in HEADINGS.items() for word in words.split(",")}
_NUMBER = re.compile(r"\s*[(\[]?\d+[)\]]?\s*[:.]?\s*")
_VALUE = re.compile(r"\s*[-–:]?\s*(?:value|wert|valeur|valor|valore|waarde|adresse?|address|значение)$")
_KIND = re.compile(r"(?:type|typ|label|art|libellé|etiqueta|tipo|display name|anzeigename|étiquette|етикет)$")
_SEVERAL = re.compile(r"\s*(?::::|[;,\n|])\s*|\s+(?=\S+@)")


def read_table(raw: bytes, maps: Mapping[str, str] | None = None) -> Iterator[Contact | Refused]:
    """Every row of a table, in its order. `maps`: heading or number (from 1) of a column -> one of FIELDS.

    BadUsage for a column that is not there or a field that is none; whatever the bytes, nothing else is raised.
    """
    text = _text(raw[:LARGEST])
    rows = list(_rows(text))
    if not rows:
        _mapped([], maps or {})
        return
    heading, first = _headings(rows[0][1]), rows[0][1]
    fields = [heading.get(number) for number in range(len(first))]
    mapped = _mapped(first, maps or {})
    has_heading = bool({"address", "phone"} & set(heading.values())) or any(
        not each.isdecimal() for each in maps or {}
    )
    if not has_heading and not mapped:
        fields = _by_content([row for _, row in rows[:50]])
    for number, field in mapped.items():
        fields[number] = field
    for line, row in rows[1:] if has_heading else rows:
        if any(cell.strip() for cell in row):
            yield _contact(line, row, fields)


def _text(raw: bytes) -> str:
    raw = as_utf8(raw)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text, _ = decode(raw, None)
    return text.replace("\0", "")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line each begins on. A line whose quotes do not fit is a row by itself: the others are not lost."""
    said = re.match(r"sep=(.)\r?\n", text)
    delimiter = said[1] if said is not None and said[1] not in "\"' " else _delimiter(text)
    lines = text.splitlines(keepends=True)
    at = int(said is not None)
    while at < len(lines):
        begin = at + 1
        try:
            reader = csv.reader(lines[at : at + LONGEST_ROW], delimiter=delimiter, strict=True)
            row = next(reader)
            at += reader.line_num
        except csv.Error:
            row, at = _one_line(lines[at], delimiter), at + 1
        yield begin, row[:COLUMNS]


def _one_line(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a cell longer than the standard library reads
        return line.split(delimiter)


def _delimiter(text: str) -> str:
    """What stands between the cells: the sign that cuts the first lines into the most columns, alike in each."""
    lines = text[:20_000].splitlines(keepends=True)[:20]

    def fit(sign: str) -> tuple[float, int]:
        try:
            counts = [len(row) for row in csv.reader(lines, delimiter=sign) if row]
        except csv.Error:
            return 0.0, 0
        if not counts or max(counts) < 2:
            return 0.0, 0
        usual = max(set(counts), key=counts.count)
        return (counts.count(usual) / len(counts), usual) if usual > 1 else (0.0, 0)

    return max(DELIMITERS, key=fit)


def _headings(row: Sequence[str]) -> dict[int, str]:
    found = {number: field for number, cell in enumerate(row) if (field := meaning(cell)) is not None}
    if "first" in found.values() and "last" not in found.values() and "name" not in found.values():
        return {number: "name" if field == "first" else field for number, field in found.items()}
    if "last" in found.values() and "first" not in found.values():
        return {number: "name" if field == "last" else field for number, field in found.items()}
    return found


def meaning(heading: str) -> str | None:
    """Which of FIELDS a heading means; None when it is none of them ("E-mail 1 - Type")."""
    words = " ".join(heading.casefold().replace("_", " ").replace("\ufeff", "").split()).strip("* :")
    if words in _MEANINGS:
        return _MEANINGS[words]
    if _KIND.search(words):
        return None
    bare = _VALUE.sub("", words).strip()
    for each in (words, bare, _NUMBER.sub(" ", words).strip(" -:"), _NUMBER.sub(" ", bare).strip(" -:")):
        if each in _MEANINGS:
            return _MEANINGS[each]
    return None


def _by_content(rows: Sequence[Sequence[str]]) -> list[str | None]:
    """What the columns of a table without headings hold: addresses, and before all else that is no number a name."""
    width = max(map(len, rows), default=0)
    columns = [[row[at].strip() for row in rows if at < len(row) and row[at].strip()] for at in range(width)]
    fields: list[str | None] = [
        "address" if cells and 2 * sum(mailable(cell) is not None for cell in cells) >= len(cells) else None
        for cells in columns
    ]
    for at, cells in enumerate(columns):
        letters = sum(any(one.isalpha() for one in cell) and "@" not in cell for cell in cells)
        if fields[at] is None and cells and 2 * letters > len(cells) and "address" in fields:
            fields[at] = "name"
            break
    return fields


def _mapped(first: Sequence[str], maps: Mapping[str, str]) -> dict[int, str]:
    found: dict[int, str] = {}
    headings = [" ".join(cell.casefold().split()) for cell in first]
    for column, field in maps.items():
        if field not in FIELDS:
            raise BadUsage(
                f"{field[:40]!r} is no field{nearest(field, FIELDS)}", f"Write one of {', '.join(FIELDS)}."
            )
        wanted = " ".join(column.casefold().split())
        if wanted in headings:
            found[headings.index(wanted)] = field
        elif wanted.isdecimal() and len(wanted) < 5 and 0 < int(wanted) <= len(first):
            found[int(wanted) - 1] = field
        else:
            shown = ", ".join(one_line(cell, 40) for cell in first[:20])
            raise BadUsage(
                f"There is no column {column[:40]!r}.", f"The first row says: {shown or 'nothing'}."
            )
    return found


def _contact(line: int, row: Sequence[str], fields: Sequence[str | None]) -> Contact | Refused:
    cells: dict[str, list[str]] = {}
    for field, cell in zip(fields, row, strict=False):
        if field is not None and cell.strip():
            cells.setdefault(field, []).append(cell.strip())
    first, last = " ".join(cells.get("first", ())), " ".join(cells.get("last", ()))
    tags = [tag for cell in cells.get("tag", ()) for tag in _SEVERAL.split(cell)]
    return made(
        line,
        names=[*cells.get("name", ()), f"{first} {last}".strip(), *cells.get("company", ())],
        addresses=[each for cell in cells.get("address", ()) for each in _SEVERAL.split(cell)],
        phones=[each for cell in cells.get("phone", ()) for each in re.split(r"\s*:::\s*|[;\n]", cell)],
        notes=cells.get("note", ()),
        tags=[tag for tag in tags if not tag.startswith("*")],  # Google's own groups: "* myContacts"
        language=next(iter(cells.get("language", ())), ""),
    )


# ---------------------------------------------------------------------- writing

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def as_rows(customers: Sequence[Customer]) -> Iterator[str]:
    """Customers as lines of a table with headings that `read_table` knows. No cell begins as a formula would."""
    addresses = max((sum(i.kind == "mail" for i in each.identities) for each in customers), default=1) or 1
    phones = max((sum(i.kind == "phone" for i in each.identities) for each in customers), default=0)
    heads = [*(f"E-mail {n}" for n in range(1, addresses + 1)), *(f"Phone {n}" for n in range(1, phones + 1))]
    yield _line(["Name", *heads, "Tags", "Language", "Notes"])
    for each in customers:
        mail = [identity.value for identity in each.identities if identity.kind == "mail"]
        numbers = [identity.value for identity in each.identities if identity.kind == "phone"]
        tags = (*each.tags, "vip") if each.vip and "vip" not in each.tags else each.tags
        cells = [each.name, *mail, *[""] * (addresses - len(mail)), *numbers, *[""] * (phones - len(numbers))]
        yield _line([*cells, ", ".join(tags), each.language, each.note])


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(
        [f"'{cell}" if cell.startswith(_RISKY) and not cell[1:].isdecimal() else cell for cell in cells]
    )
    return out.getvalue()
