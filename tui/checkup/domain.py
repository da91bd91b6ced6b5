"""What our domain says in DNS about its mail: whether answers find their way back, and who believes what we send.

Gmail and Yahoo want SPF or DKIM from everybody who sends, and DMARC besides from those who send much
(support.google.com/a/answer/81126): where they are missing, answers may end as spam and nobody tells us.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from inbox.channels.names import VARIABLE, mx, txt
from inbox.channels.trouble import NetworkTrouble
from inbox.text import one_line
from tui.checkup.finding import Finding, some

if TYPE_CHECKING:
    from inbox.model import Instant
    from inbox.ports import Workspace
    from inbox.settings import Mailbox

USUAL_SELECTORS = ("default", "google", "selector1", "selector2", "s1", "s2", "k1", "mail", "dkim")
"""Names under which providers keep the key of DKIM; a domain's own cannot be listed."""

MOST_LOOKUPS = 10
"""Names an SPF record may make receivers look up, those of its includes counted too (RFC 7208, 4.6.4)."""

MOST_SIGNED = 40
"""Messages of ours that are looked at for the selector that signed them."""

_NOT_PUBLIC = re.compile(
    r"(?:^|\.)(?:localhost|local|internal|lan|home\.arpa|test|example|invalid|onion)$"  # RFC 6761, 6762, 8375, 9476
)
_SPAM = "Gmail may put answers into spam"


def domains(mailboxes: Iterable[Mailbox]) -> dict[str, list[str]]:
    """The domains we write from that others can see, each with the hosts that send for it."""
    found: dict[str, list[str]] = {}
    for mailbox in mailboxes:
        for address in (mailbox.address, *mailbox.aliases):
            name = address.rpartition("@")[2].lower().rstrip(".")
            if _is_public(name) and mailbox.smtp_host not in found.setdefault(name, []):
                found[name].append(mailbox.smtp_host)
    return found


def _is_public(name: str) -> bool:
    """Whether the DNS of the world can know a name; a name server of our own may know any (FRONTDESK_DNS)."""
    return "." in name and (bool(os.environ.get(VARIABLE)) or not _NOT_PUBLIC.search(name))


def domain(name: str, hosts: Sequence[str], selectors: Collection[str]) -> Iterator[Finding]:
    """MX, SPF, DKIM and DMARC of a domain. `hosts` send for it, `selectors` were seen in mail from it."""
    try:
        yield _mx(name)
        yield _spf(name, hosts)
        yield _dkim(name, selectors)
        yield _dmarc(name)
    except NetworkTrouble as error:
        yield Finding("dns", name, None, error.what, error.next_step)


def _mx(name: str) -> Finding:
    found = [host for _, host in mx(name)]
    if not found:
        said = f"No host takes mail for {name}: answers to what we send may come back to nobody."
        return Finding("mx", name, False, said, f"Have an MX record made for {name}, or check the address.")
    if found == [""]:
        said = f"{name} says that it takes no mail: nobody can answer us."
        return Finding(
            "mx", name, False, said, "Use an address of another domain, or have its MX record changed."
        )
    return Finding("mx", name, True, f"mail comes in at {some(_clean(found), 3)}")


# --------------------------------------------------------------------------- SPF (RFC 7208)


class _Spf:
    """What an SPF record comes to with everything it includes."""

    def __init__(self) -> None:
        self.lookups = 0
        self.networks: list[str] = []
        self.empty: list[str] = []  # includes of domains without a record

    def read(self, record: str) -> None:
        """Count, and follow what is included, until it is too much."""
        for term in record.split()[1:]:
            found = re.fullmatch(r"[+?~-]?(\w+)(?:[:=]([^/]*))?(?:/.*)?", term.lower())
            if found is None:
                continue
            kind, value = found[1], found[2] or ""
            if kind in ("ip4", "ip6"):
                self.networks += [term.partition(":")[2]] if term[0] not in "-~?" else []
            elif kind in ("a", "mx", "ptr", "exists", "include", "redirect"):
                self.lookups += 1
                if kind in ("include", "redirect") and "%" not in value and self.lookups <= MOST_LOOKUPS:
                    inner = _spf_records(value)
                    if inner:
                        self.read(inner[0])
                    else:
                        self.empty.append(value)

    def names(self, host: str) -> bool:
        """Whether an address of a host is among those named outright."""
        try:
            addresses = {ipaddress.ip_address(told[4][0]) for told in socket.getaddrinfo(host, None)}
        except (OSError, ValueError, UnicodeError):
            return False
        for text in self.networks:
            try:
                network = ipaddress.ip_network(text, strict=False)
            except ValueError:
                continue
            if any(address in network for address in addresses):
                return True
        return False


def _spf_records(name: str) -> list[str]:
    return [text for text in txt(name) if re.match(r"v=spf1(?: |$)", text, re.IGNORECASE)]


def _spf(name: str, hosts: Sequence[str]) -> Finding:
    records = _spf_records(name)
    if not records:
        said = f"No SPF: {name} does not say who may send for it; {_SPAM}."
        mend = f'Have a TXT record made for {name}, as your provider gives it: "v=spf1 include:… ~all".'
        return Finding("spf", name, False, said, mend)
    if len(records) > 1:
        said = f"{len(records)} SPF records: receivers then count none of them; {_SPAM}."
        return Finding("spf", name, False, said, "Put what they allow into a single record.")
    spf = _Spf()
    spf.read(records[0])
    if spf.lookups > MOST_LOOKUPS:
        said = f"It makes receivers look up more than {MOST_LOOKUPS} names: they then count it as an error."
        return Finding("spf", name, False, said, "Take out includes of services that no longer send for you.")
    if spf.empty:
        said = (
            f"It includes {some(_clean(spf.empty))}, where there is no SPF: receivers count that as an error."
        )
        return Finding("spf", name, False, said, "Take that out, or correct the name.")
    if any(term in ("all", "+all") for term in records[0].lower().split()):
        said = "It lets everybody send in our name (+all)."
        return Finding("spf", name, False, said, 'Let it end in "~all", or "-all".')
    named = [host for host in hosts if spf.names(host)]
    told = f"one record, {spf.lookups} of {MOST_LOOKUPS} look-ups"
    # what a host sends from need not be the address at which it takes mail from us
    rest = f"it names {some(named)}" if named else f"whether it covers {some(hosts)} cannot be told from here"
    return Finding("spf", name, True, f"{told}; {rest}")


# --------------------------------------------------------------------------- DKIM (RFC 6376)


def _dkim(name: str, selectors: Collection[str]) -> Finding:
    tried = list(dict.fromkeys((*sorted(selectors), *USUAL_SELECTORS)))
    found = []
    for selector in tried:
        keys = [_tags(text) for text in txt(f"{selector}._domainkey.{name}")]
        if any(tags.get("p") for tags in keys):
            found.append(selector)
        elif selector in selectors and any("p" in tags for tags in keys):
            said = f"The key {one_line(selector, 60)}, with which mail of ours was signed, was taken back."
            mend = f"Ask who sends for you for a new one; until then {_SPAM}."
            return Finding("dkim", name, False, said, mend)
    if found:
        seen = ", which has signed mail of ours" if set(found) & set(selectors) else ""
        return Finding("dkim", name, True, f"a key is there: {some(_clean(found))}{seen}")
    if selectors:
        said = f"The keys that signed mail of ours are not in DNS: {some(_clean(selectors))}."
    else:
        said = "No key under the usual names, and its own cannot be listed."
    mend = f"Ask who sends for you whether they sign with DKIM; without it {_SPAM}."
    return Finding("dkim", name, None, said, mend)


def selectors_seen(store: Workspace, now: Instant, names: Collection[str]) -> dict[str, set[str]]:
    """By domain, the selectors in DKIM-Signature headers of mail from it: copies that came back to us have them."""
    from inbox.model import Who
    from inbox.queries import Field, Words

    seen: dict[str, set[str]] = {name: set() for name in names}
    for name in names:
        for hit in store.search(Words(f"@{name}", Field.SENDER), Who("doctor"), now, MOST_SIGNED):
            for signer, selector in signatures(store.raw(hit.message) or b""):
                if signer == name:
                    seen[name].add(selector)
    return seen


def signatures(raw: bytes) -> Iterator[tuple[str, str]]:
    """Domain and selector of each DKIM-Signature of a message."""
    head = re.split(rb"\r?\n\r?\n", raw[:100_000], maxsplit=1)[0].decode("ascii", "replace")
    unfolded = re.sub(r"\r?\n[ \t]+", " ", head)
    for found in re.finditer(r"(?im)^dkim-signature:(.*)$", unfolded):
        tags = _tags(found[1])
        if re.fullmatch(r"[a-z0-9._-]{1,100}", tags.get("s", "").lower()):
            yield tags.get("d", "").lower(), tags["s"].lower()


def _tags(text: str) -> dict[str, str]:
    """A list of tags, "v=DKIM1; p=…" (RFC 6376, 3.2)."""
    parts = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in parts if name.strip()}


# --------------------------------------------------------------------------- DMARC (RFC 7489)


def _dmarc(name: str) -> Finding:
    where, records = _dmarc_records(name)
    if not records:
        said = f"No DMARC: {name} does not say what to do with mail that only pretends to be ours."
        mend = (
            f'Have a TXT record made for _dmarc.{name}: "v=DMARC1; p=none; rua=mailto:you@{name}". '
            f"Without it {_SPAM} once you send much."
        )
        return Finding("dmarc", name, None, said, mend)
    if len(records) > 1:
        said = f"{len(records)} DMARC records: receivers then count none of them."
        return Finding("dmarc", name, False, said, f"Leave one at _dmarc.{where}.")
    tags = _tags(records[0])
    policy = tags.get("sp", tags.get("p", "")) if where != name else tags.get("p", "")
    meaning = {
        "none": "what pretends to be ours is let through",
        "quarantine": "what pretends to be ours goes into spam",
        "reject": "what pretends to be ours is refused",
    }.get(policy.lower())
    if meaning is None:
        said = f"Its policy is {one_line(policy, 40) or 'missing'}, which receivers do not know."
        return Finding(
            "dmarc", name, False, said, f"Write p=none, p=quarantine or p=reject at _dmarc.{where}."
        )
    whose = f"by that of {where}, " if where != name else ""
    told = "reports are asked for" if tags.get("rua") else "nobody is told (no rua)"
    return Finding("dmarc", name, True, f"{whose}{meaning} (p={policy.lower()}); {told}")


def _dmarc_records(name: str) -> tuple[str, list[str]]:
    """The records of a domain, else those of the nearest one above it, and of which."""
    labels = name.split(".")
    for at in range(max(1, len(labels) - 1)):
        above = ".".join(labels[at:])
        texts = txt(f"_dmarc.{above}")
        if found := [text for text in texts if re.match(r"v=DMARC1\s*(?:;|$)", text, re.IGNORECASE)]:
            return above, found
    return name, []


def _clean(names: Iterable[str]) -> list[str]:
    return [one_line(name, 80) for name in names]
