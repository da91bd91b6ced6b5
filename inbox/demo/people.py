"""The names of the made-up customers, by the language they write in."""

from __future__ import annotations

import unicodedata
from random import Random

from inbox.model import Address

NAMES: dict[str, tuple[str, str]] = {
    "en": (
        "Amelia Daniel Grace Harriet Imran Joanna Kwame Laila Marcus Niamh Owen Rachel Stephen Tamsin Vikram Zoe",
        "Ashworth Bennett Chowdhury Douglas Ellison Fairley Gallagher Hughes Iqbal Jarvis Mensah Okafor Pembroke Sharma",
    ),
    "de": (
        "Andrea Bastian Claudia Dominik Elif Franziska Gregor Henrike Jörg Katharina Lukas Miriam Paul Sabine Tobias Ute",
        "Albrecht Brandt Dietz Engel Fuchs Grünwald Hartmann Jansen Köhler Lehmann Müller Neumann Özdemir Schäfer Vogt",
    ),
    "fr": (
        "Aurélie Benoît Camille Étienne Fatou Hélène Julien Margaux Olivier Sophie",
        "Bernard Chevalier Diallo Faure Girard Lemoine Mercier Perrin Roussel",
    ),
    "es": ("Álvaro Beatriz Iñigo Lucía Marta Pablo", "Castro Fuentes Herrera Ibáñez Muñoz Serrano"),
    "it": ("Alessandra Davide Elisa Giorgio Paola Stefano", "Bianchi Ferrari Gallo Marchetti Rinaldi Villa"),
    "nl": ("Anouk Bram Femke Joost Sanne", "de Boer van Dijk Hendriks Mulder Visser"),
    "pl": ("Agnieszka Krzysztof Łukasz Małgorzata Piotr", "Dąbrowski Kamińska Lewandowski Wójcik"),
    "sv": ("Astrid Björn Elin Göran", "Åkesson Bergström Nyström Öberg"),
    "ja": ("美咲 健太 由美 翔", "佐々木 高橋 田中 渡辺"),
}
"""Given names and family names; each of one is paired with each of the other."""

HOSTS = (
    "fjordmail",
    "postbox",
    "lapin",
    "hikari",
    "bergblick",
    "tramonto",
    "kolej",
    "morgenpost",
    "brightpost",
    "linde",
)

_ROMAJI = {
    "美咲": "misaki", "健太": "kenta", "由美": "yumi", "翔": "sho",
    "佐々木": "sasaki", "高橋": "takahashi", "田中": "tanaka", "渡辺": "watanabe",
}  # fmt: skip


def _families(language: str) -> list[str]:
    words = NAMES[language][1]
    joined = words.replace("de Boer", "de\xa0Boer").replace("van Dijk", "van\xa0Dijk")
    return [name.replace("\xa0", " ") for name in joined.split(" ")]


def person(random: Random, language: str) -> Address:
    """Somebody who writes this language, with an address that fits the name and can be nobody's (RFC 2606)."""
    given = random.choice(NAMES[language][0].split())
    family = random.choice(_families(language))
    name = f"{family} {given}" if language == "ja" else f"{given} {family}"
    local = ".".join(_plain(part) for part in (given, family))
    return Address(name, f"{local}@{random.choice(HOSTS)}.example")


def first_name(customer: Address, language: str) -> str:
    """The name a colleague would address somebody by."""
    words = customer.name.split() or [customer.address.partition("@")[0]]
    return words[-1] if language == "ja" else words[0]


def _plain(name: str) -> str:
    name = _ROMAJI.get(name, name)
    parted = unicodedata.normalize("NFD", name.casefold().replace("ł", "l"))
    return "".join(c for c in parted if c.isascii() and c.isalpha())
