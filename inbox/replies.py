"""What a person wrote, apart from what they quoted and their signature."""

from __future__ import annotations


def split(text: str, *, forwarded: bool = False) -> tuple[str, str, str]:
    """`text` as (reply, quoted, signature)."""
    return text.strip("\n"), "", ""
