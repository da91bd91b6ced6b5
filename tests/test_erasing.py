"""A customer is erased: nothing of them is left in any file of the workspace, and nothing of anybody else is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.front import Front
from tests.shop import mail

LETTER = "xylophonbauer im Hinterzimmer"
SHORT = ["xylophonbauer", "quittengelee"]


def test_of_an_erased_customer_no_byte_is_left(shop_front: Front) -> None:
    shop_front.receive(
        [
            mail(
                "Zora Quittengelee <zora@quittengelee.example>",
                "Wegen xylophonbauer",
                LETTER,
                "2026-11-10 10:58",
            )
        ]
    )
    shop_front.ok("note", "7", "--text", "zora ist eine xylophonbauer")
    shop_front.ok("customer", "edit", "6", "--note", "quittengelee vom Markt", "--tag", "quittengelee")
    assert _found(shop_front.workspace)
    ran = shop_front.ok("customer", "erase", "6", "--yes")
    print(ran.out)
    assert shop_front.ok("verify").out.strip() == "All is as the record says."
    assert not _found(shop_front.workspace)


def _found(workspace: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in workspace.rglob("*"):
        if path.is_file():
            data = path.read_bytes().lower()
            for word in SHORT:
                if word.encode() in data:
                    found.setdefault(path.name, []).append(word)
    return found
