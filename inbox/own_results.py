"""What our own mail server found out about a sender (Authentication-Results, RFC 8601); nobody else's word counts.

Anybody can write such a header into a mail. A server puts its own above all that came with the mail, so those that
begin the list count while they carry its name, and each method once: what says it again lies below and is not ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inbox.addresses import fold_address, fold_domain

LONGEST = 4_000
"""Characters of one header that are looked at."""
MOST = 10
"""Headers that are looked at."""

_COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
_RESULT = re.compile(r"\s*([A-Za-z][A-Za-z0-9-]*)(?:/\d+)?\s*=\s*([A-Za-z]+)")
_PROPERTY = re.compile(r"([a-z]+\.[a-z0-9-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;\"]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """One method's result ("pass", "fail", …) and the properties it was found for ("header.d" -> "shop.example")."""

    result: str
    about: Mapping[str, str] = field(default_factory=dict)


def own_results(values: Sequence[str], authserv_id: str | None) -> dict[str, Found]:
    """The results of our server by method ("spf", "dkim", "dmarc", …), from the headers as they came, the newest
    first. Empty where the server has no name in the settings, or has not spoken."""
    found: dict[str, Found] = {}
    for value in values[:MOST] if authserv_id else ():
        parts = _COMMENT.sub(" ", value[:LONGEST]).split(";")
        words = parts[0].split()
        if not words or fold_domain(words[0].strip('"')) != fold_domain(authserv_id or ""):
            break
        here: dict[str, Found] = {}
        for part in parts[1:]:
            result = _RESULT.match(part)
            if result is None:
                continue
            method, said = result[1].lower(), result[2].lower()
            about = {name.lower(): quoted or bare for name, quoted, bare in _PROPERTY.findall(part)}
            before = here.get(method)
            if before is None or (before.result != "pass" and said == "pass"):  # one good signature is enough
                here[method] = Found(said, about)
        if not here.keys().isdisjoint(found):
            break
        found |= here
    return found


def confirms(results: Mapping[str, Found], sender: str) -> bool:
    """Whether our server has found out that a mail comes from the domain of its sender, or from who logged in there."""
    dmarc = results.get("dmarc")
    if dmarc is not None and dmarc.result != "none":
        return dmarc.result == "pass" and _same(dmarc.about.get("header.from", sender), sender)
    auth, dkim, spf = (results.get(each, _NONE) for each in ("auth", "dkim", "spf"))
    return (
        (auth.result == "pass" and fold_address(auth.about.get("smtp.auth", "")) == fold_address(sender))
        or (
            dkim.result == "pass"
            and _same(dkim.about.get("header.d", dkim.about.get("header.i", "")), sender)
        )
        or (spf.result == "pass" and _same(spf.about.get("smtp.mailfrom", ""), sender))
    )


_NONE = Found("none")


def _same(one: str, other: str) -> bool:
    """Whether two addresses or domains are of exactly the same domain."""
    domain = fold_domain(one.rpartition("@")[2])
    return bool(domain) and domain == fold_domain(other.rpartition("@")[2])
