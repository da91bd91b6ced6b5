"""Who wrote may be somebody else than it seems: marks on a message, each with its sentence.

They are shown and decide nothing. Whoever means well gets one at times (a mailing list breaks what DMARC checks, a
customer writes from a new address), so each says what is the case and not what to think of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from inbox.addresses import fold_address, fold_domain
from inbox.addressing import disguise
from inbox.model import Address, Event, Message
from inbox.own_results import confirms, own_results
from inbox.us import Us, side_of

SENTENCES: dict[str, str] = {
    "dmarc": "the sender could not be confirmed: DMARC failed",
    "dkim": "the sender could not be confirmed: the signature (DKIM) does not fit",
    "spf": "the sender could not be confirmed: the server it came from may not send for it (SPF failed)",
    "claims-us": "it says it comes from us, and nothing confirms that",
    "teammate": "the name is that of one of us, the address is not",
    "known": "the name is that of a customer we know by another address",
    "hidden": "the name shows another address than the one it comes from",
    "scripts": "the sender's name or domain mixes letters of two scripts",
    "lookalike": "the domain looks like ours and is not",
    "elsewhere": "the answer would go to another domain than the one it comes from",
}
"""What each mark says, the gravest first."""

ELSEWHERE = "answers go elsewhere"
"""How the reader of mail begins to say so: it knows a mailing list, whose answers do."""

_FAILED = ("fail", "permerror")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
_LOOKS = "0o 1l 3e 5s 8b аa еe оo рp сc хx уy іi јj ѕs ԁd ԛq ԝw νv κk ωw ıi łl øo αa οo ρp"
_SAME_LOOK = str.maketrans({pair[0]: pair[1] for pair in _LOOKS.split()})
"""Characters, each with the one for which it is taken at a glance."""
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def marks(
    message: Message,
    us: Us,
    *,
    authserv_id: str | None = None,
    believed: bool = False,
    names: Iterable[str] = (),
    known: Mapping[str, frozenset[str]] | None = None,
) -> tuple[str, ...]:
    """The marks of a message that came in, as keys of SENTENCES.

    `believed`: it lies where none but us can put it. `names`: what teammates are called; `known`: folded name of a
    customer -> the folded addresses of all who have it.
    """
    if not message.sender:
        return ()
    sender = message.sender[0]
    found: set[str] = set()
    results = own_results(message.authentication, authserv_id)
    failed = [
        each for each in ("dmarc", "dkim", "spf") if each in results and results[each].result in _FAILED
    ]
    if failed and not ("dmarc" in results and results["dmarc"].result == "pass"):
        found.add(failed[0])
    ours = us.is_us(sender.address)
    doubtful = ours and not believed and not message.on_behalf_of
    if authserv_id and doubtful and not confirms(results, sender.address):
        found.add("claims-us")
    if not ours:
        name = fold_name(sender.name)
        if name and name in {fold_name(each) for each in (*names, *us.names)}:
            found.add("teammate")
        theirs = (known or {}).get(name) if " " in name else None  # one word alone is many people's name
        if theirs and fold_address(sender.address) not in theirs:
            found.add("known")
        found.update(_of_the_name(sender))
        if _mixes(sender.address.rpartition("@")[2]):
            found.add("scripts")
        if looks_like_ours(sender.address, us):
            found.add("lookalike")
        if not message.on_behalf_of and any(each.startswith(ELSEWHERE) for each in message.oddities):
            found.add("elsewhere")
    return tuple(each for each in SENTENCES if each in found)


def _of_the_name(sender: Address) -> Iterable[str]:
    said = disguise(sender)
    if said is not None:
        yield "scripts" if "scripts" in said else "hidden"


def fold_name(name: str) -> str:
    """A display name for comparison; an address is none."""
    folded = " ".join(name.replace(",", " ").casefold().split())
    return "" if "@" in folded or len(folded) < 3 else folded


def _mixes(text: str) -> bool:
    """Whether a label of a domain holds letters of two scripts that look alike."""
    if text.isascii() and "xn--" not in text.lower():
        return False
    for label in fold_domain(text).split("."):
        scripts = {
            script
            for one in label
            if one.isalpha()
            for script in _SCRIPTS
            if unicodedata.name(one, "").startswith(script)
        }
        if len(scripts) > 1:
            return True
    return False


def looks_like_ours(address: str, us: Us) -> bool:
    """Whether the domain of an address is taken for one of ours at a glance: one character changed, left out, added
    or swapped in a name of six or more, another ending of a name of five or more, letters of another script."""
    domain = fold_domain(address.rpartition("@")[2])
    ours = {side_of(each).removeprefix("@") for each in us.addresses} | us.domains
    ours = {each for each in ours if "@" not in each}
    if not domain or domain in ours or any(domain.endswith(f".{each}") for each in ours):
        return False
    return any(_alike(domain, each) for each in ours)


def _alike(one: str, other: str) -> bool:
    theirs, ours = one.split("."), other.split(".")
    if len(theirs) < 2 or len(ours) < 2:
        return False
    name, own = _look(theirs[-2]), _look(ours[-2])
    if name == own:
        return len(own) >= 5 or theirs[-1] == ours[-1]
    if f"{own}-{_look(ours[-1])}" == name or f"{own}{_look(ours[-1])}" == name:
        return True  # shop-example.com for shop.example
    return len(own) >= 6 and theirs[-1] == ours[-1] and _one_off(name, own)


def _look(label: str) -> str:
    plain = unicodedata.normalize("NFKD", label)
    plain = "".join(one for one in plain if not unicodedata.combining(one)).translate(_SAME_LOOK)
    for pair, single in _PAIRS:
        plain = plain.replace(pair, single)
    return plain.replace("-", "") if "-" in plain else plain


def _one_off(one: str, other: str) -> bool:
    """Whether one edit makes one of the other: a character more, less or changed, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, remains = one[at:], other[at:]
    return (
        rest[1:] == remains[1:]
        or rest[1:] == remains
        or rest == remains[1:]
        or (rest[:2] == remains[:2][::-1] and rest[2:] == remains[2:])
    )


def sentences(kinds: Iterable[str], oddities: Iterable[str] = ()) -> list[str]:
    """What marks say, without what reading the mail has said already (`oddities`)."""
    said = " ".join(oddities)
    told = {
        "elsewhere": ELSEWHERE,
        "hidden": "the name shows the address",
        "scripts": "letters of two scripts",
    }
    return [
        sentence
        for kind, sentence in SENTENCES.items()
        if kind in kinds and not (kind in told and told[kind] in said)
    ]


def by_message(events: Iterable[Event]) -> dict[int, tuple[str, ...]]:
    """The marks that the record keeps, by message."""
    return {
        event.message: tuple(event.data["marks"])
        for event in events
        if event.message is not None and "marks" in event.data
    }
