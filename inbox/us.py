"""Who is us: said in the settings, or worked out from the mail itself when nobody has said it yet.

Working it out: we are the side that all the others talk to. A side is a whole domain, or one address at a
freemail provider. Customers deal with one side, ours; we hear from all customers and answer some. So the
*reach* of a side is the number of other sides it heard from, times the number of other sides it wrote to, and
the side with the largest reach is us if it takes part in most of the mail. When colleagues are most of an
address's correspondents (a help desk inside a university), that address is us and its domain is not.

What the mail server tells is stronger: who wrote what lies in a Sent folder, and for whom mail was delivered.
In doubt nobody is us, since a wrong guess would hide a customer who waits.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice

from inbox.addresses import fold_address, fold_domain, untagged

SAMPLE = 20_000
"""Messages whose correspondents are counted; later ones count only when they lie in a Sent folder."""

RECIPIENTS = 20
"""Recipients of one message that count; a letter to hundreds says nothing about who talks with whom."""

LEAST_HEARD = 3
"""Sides that the first side of ours must have heard from; below that a talkative customer looks the same."""

LEAST_HEARD_FURTHER = 10
"""Sides that a further side of ours, or one address of a company by itself, must have heard from."""

SHARE_OF_REACH = 0.01
"""Reach of a further side (a second domain, a colleague's freemail address) as a share of the first one's."""

MOSTLY_COLLEAGUES = 4
"""So many times the reach of the best side shows that an address serves its own colleagues."""

SHARE_OF_MAIL = 0.5
"""The first side takes part in at least this share of the mail; in a mailing list's archive nobody does."""

SHARE_OF_SENT = 0.05
"""An address wrote at least this share of the Sent folders, or it is a customer's mail that was moved
there."""

SHARE_OF_DELIVERED = 0.2
"""An address is named by at least this share of the Delivered-To headers."""

_FREEMAIL = re.compile(
    r"""
    (aol|fastmail|gmail|gmx|googlemail|hotmail|hushmail|icloud|inbox|live|mail|msn|outlook|pm|posteo|proton
    |protonmail|rocketmail|tuta|tutanota|yahoo|yandex|ymail|zoho)\.(com?|net|org|me|fm|io|[a-z]{2})(\.[a-z]{2})?
    | (duck|hey|mac|me|126|139|163|qq|sina|sohu|naver|rediffmail)\.com
    | (att|bellsouth|charter|comcast|cox|daum|hanmail|optonline|sbcglobal|verizon|yeah)\.(com|net)
    | (arcor|freenet|mailbox|online|t-online|web)\.(de|org) | (bluewin|hispeed|sunrise)\.ch | (aon|chello)\.at
    | (free|laposte|neuf|orange|sfr|wanadoo)\.fr | (alice|iol|libero|tin|tiscali|virgilio)\.it
    | (home|kpnmail|planet|xs4all|ziggo)\.nl | (skynet|telenet)\.be | (interia|o2|onet|op|wp)\.pl
    | (bk|list|rambler|ya)\.ru | abv\.bg | centrum\.cz | freemail\.hu | sapo\.pt | seznam\.cz | ukr\.net
    | (btinternet|ntlworld|sky|talktalk|virginmedia)\.(com|net|co\.uk) | (bigpond|optusnet)\.com(\.au)?
    | (rogers|shaw|sympatico)\.ca | (bol|terra|uol)\.com\.br
    """,
    re.VERBOSE,
)
"""Domains where strangers have addresses side by side. It need not be complete: a domain that is missing here
counts as ours only if its people together also look like one side."""

_NUMBER = re.compile(r"\+?[\d\s().\-/]{5,}")


@dataclass(frozen=True)
class Us:
    """Our side: addresses and domains (folded), names as chats show them, telephone numbers (folded)."""

    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, words: Iterable[str]) -> Us:
        """Sort what was written by its looks: `a@b.example` an address, `@b.example` a domain, `+49 …` a
        number, else a name."""
        addresses, domains, names, numbers = set(), set(), set(), set()
        for word in words:
            if word.startswith("@"):
                domains.add(fold_domain(word[1:]))
            elif "@" in word:
                addresses.add(fold_address(word))
            elif _NUMBER.fullmatch(word.strip()):
                numbers.add(fold_number(word))
            else:
                names.add(_fold_name(word))
        return cls(frozenset(addresses), frozenset(domains), frozenset(names), frozenset(numbers))

    def __bool__(self) -> bool:
        """Whether anything at all is known of us."""
        return bool(self.addresses or self.domains or self.names or self.numbers)

    def __or__(self, other: Us) -> Us:
        """Both together."""
        return Us(
            self.addresses | other.addresses,
            self.domains | other.domains,
            self.names | other.names,
            self.numbers | other.numbers,
        )

    def is_us(self, address: str) -> bool:
        """Whether a mail address is ours. `support+anything@` is ours where `support@` is."""
        folded = fold_address(address)
        return (
            folded in self.addresses
            or folded.rpartition("@")[2] in self.domains
            or ("+" in folded and untagged(folded) in self.addresses)
        )

    def is_our_name(self, name: str) -> bool:
        """Whether a name, handle or number in a chat is our side's."""
        return (
            _fold_name(name) in self.names
            or ("@" in name and self.is_us(name))
            or bool(_NUMBER.fullmatch(name.strip()) and fold_number(name) in self.numbers)
        )


def fold_number(number: str) -> str:
    """A telephone number for comparison: digits, with `+` in front when it is international (`00` counts as
    `+`); the `(0)` of +49 (0)30 is only dialled at home."""
    international = number.strip().startswith(("+", "00"))
    digits = re.sub(r"\D", "", number.replace("(0)", "") if international else number)
    if number.strip().startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def _fold_name(name: str) -> str:
    return " ".join(name.split()).casefold()


class Tally:
    """Who wrote to whom, gathered message by message; `us` says who must be us.

    The order of the messages does not matter, up to `SAMPLE` of them.
    """

    def __init__(self) -> None:
        self._messages = 0
        self._wrote: defaultdict[str, set[str]] = defaultdict(set)  # address -> the addresses it wrote to
        self._took_part: Counter[str] = Counter()  # side or address -> messages
        self._sent: Counter[str] = Counter()  # address -> messages it wrote that lie in a Sent folder
        self._delivered: Counter[str] = Counter()  # address -> Delivered-To headers that name it

    def add(
        self,
        from_: str,
        to: Iterable[str],
        cc: Iterable[str] = (),
        is_sent_folder: bool = False,
        delivered_to: Iterable[str] = (),
    ) -> None:
        """Count one message: the addresses of From, To and Cc, whether it lay in a Sent folder, its
        Delivered-To."""
        sender = fold_address(from_)
        if is_sent_folder and "@" in sender:
            self._sent[sender] += 1
        if self._messages >= SAMPLE:
            return
        self._messages += 1
        self._delivered.update(fold_address(address) for address in delivered_to if "@" in address)
        recipients = {
            fold_address(address) for address in islice(chain(to, cc), RECIPIENTS) if "@" in address
        }
        everybody = recipients | {sender} if "@" in sender else recipients
        self._took_part.update(everybody | {side_of(address) for address in everybody})
        if "@" in sender:
            self._wrote[sender] |= recipients - {sender}

    def us(self) -> frozenset[str]:
        """The addresses (`a@b.example`) and whole domains (`@b.example`) that are ours; empty when it cannot
        be told.

        `Us.of` takes them as they are.
        """
        sides, addresses = self._reaches()
        told = _often(self._sent, SHARE_OF_SENT) | _often(self._delivered, SHARE_OF_DELIVERED)
        ours = told | {side_of(address) for address in told if addresses.is_mostly_with_outsiders(address)}
        first = max((reach.of(side) for side in ours for reach in (sides, addresses)), default=0)
        if not first:
            hub = self._hub(sides, addresses)
            if hub is None:
                return ours
            ours |= {hub}
            first = max(sides.of(hub), addresses.of(hub))
        return ours | self._further(ours, sides, first)

    def _hub(self, sides: _Reach, addresses: _Reach) -> str | None:
        """The side, or the one address, that all the others talk to; None when there is none or two are
        level."""
        hub = sides.best(LEAST_HEARD)
        desk = addresses.best(LEAST_HEARD_FURTHER)
        if desk is not None and addresses.of(desk) > MOSTLY_COLLEAGUES * (sides.of(hub) if hub else 0):
            hub = desk
        return hub if hub is not None and self._took_part[hub] >= SHARE_OF_MAIL * self._messages else None

    @staticmethod
    def _further(ours: frozenset[str], sides: _Reach, first: int) -> frozenset[str]:
        """More sides of ours: those that many others talk to, not counting what they had to do with us."""
        # The domain of an address that stands alone is out: to a help desk, its colleagues are the customers.
        candidates = sides.heard.keys() - {side_of(address) for address in ours}
        return frozenset(
            side
            for side in candidates
            if len(sides.heard[side] - ours) >= LEAST_HEARD_FURTHER
            and sides.of(side, without=ours) >= max(1, SHARE_OF_REACH * first)
        )

    def _reaches(self) -> tuple[_Reach, _Reach]:
        """Who talks with whom, by sides; and by addresses of companies, where each colleague counts alone."""
        sides, addresses = _Reach(), _Reach()
        for sender, recipients in self._wrote.items():
            from_side = side_of(sender)
            for recipient in recipients:
                to_side = side_of(recipient)
                if from_side != to_side:
                    sides.add(from_side, to_side)
                    addresses.add(sender, to_side, heard=False)
                    addresses.add(from_side, recipient, wrote=False)
                else:
                    addresses.add(sender, recipient)
        return sides, addresses


class _Reach:
    """Who heard from whom and wrote to whom."""

    def __init__(self) -> None:
        self.heard: defaultdict[str, set[str]] = defaultdict(set)
        self.wrote: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, sender: str, recipient: str, wrote: bool = True, heard: bool = True) -> None:
        """Note that `sender` wrote to `recipient`, on both ends or on one."""
        if wrote:
            self.wrote[sender].add(recipient)
        if heard:
            self.heard[recipient].add(sender)

    def of(self, one: str, without: frozenset[str] = frozenset()) -> int:
        """The reach: how many it heard from, times how many it wrote to."""
        heard, wrote = self.heard.get(one), self.wrote.get(one)
        return len(heard - without) * len(wrote - without) if heard and wrote else 0

    def best(self, least_heard: int) -> str | None:
        """The one with the largest reach; None when there is none, or when it talks with one that is
        level."""
        reach = {one: self.of(one) for one, heard in self.heard.items() if len(heard) >= least_heard}
        best = max(reach, key=lambda one: (reach[one], one), default=None)
        if best is None or not reach[best]:
            return None
        talks_with = self.heard[best] | self.wrote[best]
        return None if any(reach.get(other) == reach[best] for other in talks_with) else best

    def is_mostly_with_outsiders(self, address: str) -> bool:
        """Whether at least half of an address's correspondents are outside its domain."""
        others = self.heard.get(address, set()) | self.wrote.get(address, set())
        colleagues = sum(side_of(other) == side_of(address) for other in others)
        return len(others) > 0 and 2 * colleagues <= len(others)


def side_of(address: str) -> str:
    """The side an address is on: its domain (`@shop.example`), or itself at a freemail provider."""
    domain = address.rpartition("@")[2]
    return address if _FREEMAIL.fullmatch(domain) else f"@{domain}"


def _often(counted: Counter[str], share: float) -> frozenset[str]:
    return frozenset(address for address, count in counted.items() if count >= share * counted.total())
