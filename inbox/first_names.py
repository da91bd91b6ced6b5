"""The first name in a display name, for a greeting: in doubt none, since a wrong one is worse than a neutral greeting."""

from __future__ import annotations

import re

from inbox.text import one_line


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMPANY = _words("""
    gmbh ag kg ohg ug gbr mbh ev e.v e.k se inc llc llp ltd limited plc corp corporation co company sa sas sarl srl spa
    s.a s.r.l s.p.a bv nv b.v n.v oy ab aps a/s as sp sp.z.o.o z.o.o kft doo s.l sl lda ltda pty group gruppe holding
    holdings shop store versand handel verlag verein stiftung foundation university universität universiteit universidad
    institute institut schule school college hotel restaurant apotheke praxis kanzlei bank bakery studio studios agency
    agentur services solutions systems international online trading logistics
    """)
_ROLES = _words("""
    support info office team sales service kundenservice kundendienst customer customers care help helpdesk desk admin
    administrator administration webmaster postmaster buchhaltung accounting accounts billing invoice invoices rechnung
    rechnungen rechnungsstelle einkauf purchasing procurement orders order bestellung bestellungen vertrieb marketing
    newsletter news noreply no-reply reply mail mailer daemon notification notifications alerts security privacy legal hr
    personal jobs careers press presse redaktion sekretariat secretary reception empfang kontakt contact contacto contatto
    booking bookings reservierung reservations shipping versandabteilung warehouse lager finance finanzen zentrale
    department abteilung dept manager management verwaltung anfrage family familie
    famille user guest gast kunde client transactions
    """)
_ARTICLES = _words("the der die das le la les el los las il lo het de een a an your ihr dein")
_TITLES = _words(
    "dr prof professor mag dipl ing dipl.-ing med phil univ mba bsc msc phd sir dame rev pfarrer lic iur"
)
_FORMAL = _words("""
    herr frau hr fr mr mrs ms miss mister madame monsieur mme mlle m señor señora sr sra signor signora sig dott dottoressa
    senhor senhora sig.ra dhr mevr mw heer mevrouw pan pani
    """)
_JOINED = re.compile(
    r"[&+/|@\d]|\b(?:via|und|and|et|y|e|i|en|och|og|für|for|from|von seiten|c/o)\b", re.IGNORECASE
)
_NAME = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_PARTICLES = _words("van von der den de del della di da dos du la le zu zur zum ten ter af al bin ben mac st")
_MOST_WORDS = 4


def first_name_in(name: str) -> str:
    """The first name of a person called `name`; "" when it is a company, a role, an address, or not certain.

    Written "Anna Weber", "Weber, Anna" or "WEBER Anna"; one word alone may be anything.
    """
    shown = one_line(re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", name), 100).strip(" \"'“”„«»")
    if not shown or _JOINED.search(shown):
        return ""
    family_first = shown.count(",") == 1
    if "," in shown:
        family, _, shown = shown.partition(",")
        if not family_first or len([one for one in family.split() if one.lower() not in _PARTICLES]) != 1:
            return ""
        if is_no_person(family.split()):
            return ""
    words = [word for word in shown.split() if word.strip(".").lower() not in _TITLES]
    if not 1 + (not family_first) <= len(words) <= _MOST_WORDS or is_no_person(words):
        return ""
    capitals = [word for word in words if word.isupper() and len(word.strip(".")) > 1]
    if capitals:  # a family name set in capitals; all in capitals says nothing
        words = [word for word in words if word not in capitals]
    if not words:
        return ""
    first = words[0]
    if (
        len(first) < 2
        or first.lower() in _ARTICLES
        or not _NAME.fullmatch(first)
        or not _is_alphabetic(first)
    ):
        return ""
    return first if not first.islower() else first[:1].upper() + first[1:]


def is_no_person(words: list[str]) -> bool:
    """Whether one of these words is a company's, a role's or a title's: nobody is called so."""
    folded = {word.strip(".,").lower() for word in words}
    return not folded.isdisjoint(_COMPANY | _ROLES | _FORMAL)


def _is_alphabetic(word: str) -> bool:
    """Whether it is of a script in which the first name comes first: Latin, Greek, Cyrillic."""
    return all(one < "\u0530" or "\u1e00" <= one < "\u2000" or one == "’" for one in word)
