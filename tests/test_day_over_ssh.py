"""A day out and back over a real sshd, as a colleague with a key has it: no path, no other's file, two million bytes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from inbox.day import mark
from tests.front import Front
from tests.servers.sshd import Sshd
from tests.shop import mail

CONVERSATIONS = 120


def filled(day: str, words: Callable[[str], str]) -> str:
    """The file with an answer in each conversation."""
    found = re.search(r"<!-- day 1 (\w+)", day)
    assert found is not None
    for number in re.findall(r"^## (\d+) ·", day, re.MULTILINE):
        line = mark("answer", int(number), found[1]) + "\n"
        day = day.replace(f"\n{line}", f"\n{line}{words(number)}\n")
    return day


@pytest.mark.long
def test_two_million_bytes_of_a_day_go_out_and_come_back(sshd: Sshd, front: Front) -> None:
    now = int(time.time())
    when = time.strftime("%Y-%m-%d %H:%M", time.gmtime(now - 7200))
    text = "Grüße – and a line of a long story, told in full.\n" * 380
    front.receive(
        mail(
            f"Customer {n} <c{n}@people.example>",
            f"Story {n}",
            text,
            when,
            message_id=f"<{n}@people.example>",
        )
        for n in range(CONVERSATIONS)
    )
    bo, ria = sshd.teammate("bo", front.workspace), sshd.teammate("ria", front.workspace)
    out = bo.ssh(f"day --mine {CONVERSATIONS}", options=("-o", "SetEnv=LANG=C LC_ALL=C"))
    assert out.returncode == 0, out.stderr
    assert len(out.stdout) > 2_000_000
    day = out.stdout.decode("utf-8")
    assert day.count("Grüße –") == 380 * CONVERSATIONS
    assert "ssh desk apply < day.md" in day
    back = filled(day, lambda number: f"Liebe Grüße, {number}.\n\n" + "Danke. " * 40)

    assert ria.ssh("apply", back.encode()).returncode == 1
    assert bo.ssh("apply --check", back.encode()[:1_000_000]).returncode == 1
    front.now = now
    assert front.json("outbox", "list") == []
    first = bo.ssh("apply", back.encode())
    assert first.returncode == 0, first.stdout[-500:] + first.stderr
    assert len(first.stdout.splitlines()) == CONVERSATIONS
    again = bo.ssh("apply", back.replace("\n", "\r\n").encode("utf-16"))
    assert again.returncode == 0
    assert again.stdout.count(b"done before") == CONVERSATIONS
    front.now = int(time.time())
    assert len(front.json("outbox", "list")) == CONVERSATIONS
    sent = front.json("show", "7")[0]["items"][-1]
    assert sent["reply"].startswith("Liebe Grüße, 7.\n\nDanke.")


@pytest.mark.long
def test_nothing_but_standard_input_is_read_and_nobody_elses_file_is_done(
    sshd: Sshd, shop_front: Front
) -> None:
    bo, anna = (sshd.teammate(name, shop_front.workspace) for name in ("bo", "anna"))
    secret = shop_front.workspace / "settings.toml"
    refused = bo.ssh(f"apply {secret}")
    assert refused.returncode == 1
    assert b"ssh desk apply < day.md" in refused.stderr
    assert b"us =" not in refused.stdout + refused.stderr
    day = anna.ssh("day").stdout.decode()
    forged = filled(day, lambda _: "Yes.")
    assert b"This file is anna's, and you are bo." in bo.ssh("apply", forged.encode()).stdout
    shop_front.now = int(time.time())
    assert shop_front.json("outbox", "list") == []
