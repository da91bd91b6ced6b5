"""Addresses compared: one spelling for all that mean the same mailbox."""

from __future__ import annotations

from typing import Literal
from unicodedata import normalize

LONGEST_LABEL = 63
"""Characters of one label of a domain name (RFC 1035, 2.3.4); longer ones are compared as they stand."""


def fold_address(address: str) -> str:
    """The spelling under which an address is compared; two addresses are the same when this is.

    Upper and lower case are one, an international domain is the same written in Unicode or as `xn--…` (RFC
    5890), a trailing dot of the domain means nothing. Dots and plus tags of the local part stay: whether they
    mean the same mailbox only its server knows. Any text is accepted, a domain alone too (`@shop.example`);
    folding twice changes nothing; never raises.
    """
    address = address.strip()
    local, at, domain = address.rpartition("@")
    if address.isascii() and "xn--" not in address.lower():
        return f"{local}{at}{domain.rstrip('.')}".lower() if at else address.lower()
    if not at:
        return _lower(address, "NFC")
    return f"{_lower(local, 'NFC')}@{fold_domain(domain)}"


def fold_domain(domain: str) -> str:
    """The spelling under which a domain is compared: lower case, Unicode, without a trailing dot."""
    labels = _lower(domain, "NFKC").replace("。", ".").rstrip(".").split(".")
    return ".".join(_unicode_label(label) for label in labels)


def untagged(address: str) -> str:
    """The folded address without a plus and what stands after it, for comparing addresses of ours."""
    local, at, domain = fold_address(address).rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def _lower(text: str, form: Literal["NFC", "NFKC"]) -> str:
    # Lowering can leave marks in another order than the normal form wants (İ), hence normalised twice.
    return normalize(form, normalize(form, text).lower())


def _unicode_label(label: str) -> str:
    """`xn--mller-kva` -> `müller`; a label that only pretends to be one stays as it is."""
    if not label.startswith("xn--") or len(label) > LONGEST_LABEL or not label.isascii():
        return label
    try:
        decoded = label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
    genuine = not decoded.isascii() and "." not in decoded and _lower(decoded, "NFKC") == decoded
    return decoded if genuine else label
