"""Signatures: below "-- ", below a line drawn by hand, of telephones and programs, of lists and of PGP."""

from __future__ import annotations

import re
from collections.abc import Sequence

from inbox.attributions import ADDED, DEVICES, SENT_FROM
from inbox.marks import any_of

_LONGEST = 40  # lines below "-- "
_LONGEST_WEAK = 10  # lines below "--", which people also type as a rule between paragraphs
_LONGEST_FRAME = 14  # lines of a signature below a line drawn by hand

_SENT_FROM = any_of(SENT_FROM, "[^,;:!?]{1,45}?")
_SENT_BEGINS = frozenset(each[:3].casefold() for each in SENT_FROM if each[0] != "…")
_SENT_ENDS = frozenset(each.rstrip(". ")[-3:].casefold() for each in SENT_FROM if each[0] == "…")
_DEVICE = re.compile("|".join(re.escape(word) for word in DEVICES.split()), re.IGNORECASE)
_LINK_BEHIND = re.compile(r"\s*[<(\[]\s*https?://[^\s<>]{1,300}\s*[>)\]]\s*\.?$")

_ADDED = any_of(ADDED)
_ADDED_BEGINS = frozenset(each[:7].casefold() for each in ADDED)
_DRAWN = re.compile(r"[-_=*—–─━═＝－＿*＊～~+#☆★◇◆□■・.]{8,}")
_CONTACT = re.compile(
    r"[^\s@]@[^\s@]|https?://|www\.|(?:tel|fax|phone|mobile?|電話|携帯)\b.{0,6}\d|(?:\d[\s()/.-]{0,2}){8}|〒\s*\d",
    re.IGNORECASE,
)
_LIST_FOOTER = re.compile(r"mailing list|listinfo|unsubscribe|google groups|abmelden", re.IGNORECASE)
_PGP_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_PGP_SIGNATURE_END = "-----END PGP SIGNATURE-----"
_PGP_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"


def signature_lines(lines: Sequence[str], start: int, stop: int) -> list[tuple[int, int]]:
    """The spans (from, to) of signature lines within a run of lines that somebody wrote; in doubt none."""
    bare = [line.strip() for line in lines[start:stop]]
    delimiter = _delimiter(lines[start:stop], bare)
    if delimiter is None:
        delimiter = _framed(bare)
    spans: list[tuple[int, int]] = []
    stop_at = len(bare)
    if delimiter is not None:
        spans.append((delimiter, stop_at))
        stop_at = delimiter
    armour_end = 0
    for at in range(stop_at):
        line = bare[at]
        if not line or len(line) > 200 or at < armour_end:
            continue
        if line == _PGP_SIGNATURE:
            end = next((n for n in range(at, stop_at) if bare[n] == _PGP_SIGNATURE_END), None)
            if end is None:
                break  # the rest may be anything, and no later one ends either
            armour_end = end + 1
            spans.append((at, armour_end))
        elif line == _PGP_SIGNED:
            has_hash = at + 1 < stop_at and bare[at + 1].startswith("Hash: ")
            spans.append((at, at + 1 + has_hash))
        elif line[0] == "_" and len(line) > 20 and not line.strip("_") and _is_list_footer(bare, at, stop_at):
            spans.append((at, stop_at))
            break
        elif line[:7].casefold() in _ADDED_BEGINS and _ADDED.fullmatch(line):
            has_rule = at > 0 and not bare[at - 1].strip("-_")
            has_link = at + 1 < stop_at and bare[at + 1].startswith(("http", "www.", "<http"))
            spans.append((at - has_rule, at + 1 + has_link))
        elif _may_be_sent_from(line) and _is_sent_from(bare, at, stop_at):
            spans.append((at, at + 1))
    return [(start + first, start + last) for first, last in spans]


def _delimiter(lines: Sequence[str], bare: Sequence[str]) -> int | None:
    """The line that begins the signature (RFC 3676, 4.3), or None."""
    weak: list[int] = []
    strong: int | None = None
    below = 0  # lines with words below the one that is looked at
    for at in range(len(bare) - 1, -1, -1):
        line = lines[at]
        if line[:1] in "-—–" and len(line) <= 6:
            if line in ("-- ", "--\xa0", "- -- ") and below <= _LONGEST:
                strong = at
            elif bare[at] in ("--", "—", "–", "- --"):
                weak.append(at)
        if bare[at]:
            below += 1
    if strong is None and len(weak) == 1 and _is_weak(bare, weak[0]):
        return weak[0]
    return strong


def _is_weak(bare: Sequence[str], at: int) -> bool:
    """Whether a few short lines that ask nothing follow, and something was said before."""
    below = [line for line in bare[at + 1 :] if line]
    if not 0 < len(below) <= _LONGEST_WEAK or not any(bare[:at]):
        return False
    if any(len(line) > 100 or line[-1] in "?？" for line in below):
        return False
    return len(below[0].split()) <= 6 and below[0][-1] not in ".!:,;" and not below[0][0].islower()


def _framed(bare: Sequence[str]) -> int | None:
    """The line drawn above a name and at least two ways to reach it, as is the custom in Japan; or None."""
    contacts = lines = 0
    for at in range(len(bare) - 1, -1, -1):
        line = bare[at]
        if not line:
            continue
        lines += 1
        if lines > _LONGEST_FRAME or len(line) > 100 or line[-1] in "?？":
            return None
        if _DRAWN.fullmatch(line):
            if contacts >= 2 and any(bare[:at]):
                return at
        elif _CONTACT.search(line):
            contacts += 1
    return None


def _is_list_footer(bare: Sequence[str], at: int, stop: int) -> bool:
    return any(_LIST_FOOTER.search(line[:300]) for line in bare[at + 1 : min(at + 4, stop)])


def _may_be_sent_from(line: str) -> bool:
    """A cheap look at both ends of a line before the long pattern is tried."""
    begins, ends = line[:3].casefold(), line[-5:].rstrip(".! ")[-3:].casefold()
    return begins in _SENT_BEGINS or ends in _SENT_ENDS or "http" in line


def _is_sent_from(bare: Sequence[str], at: int, stop: int) -> bool:
    """Whether a telephone or a program says here that it sent the mail."""
    line = bare[at]
    if "http" in line:
        line = _LINK_BEHIND.sub("", line)
    shown = line.rstrip(".! ")
    if len(line) > 120 or not (_SENT_FROM.fullmatch(shown) or _SENT_FROM.fullmatch(line)):
        return False
    if _DEVICE.search(line):
        return True
    return at + 1 == stop and (at == 0 or not bare[at - 1]) and len(line.split()) <= 8
