"""Over a real sshd: who is let in by a forced command gets their own Frontdesk, and nothing else of the account."""

from __future__ import annotations

import json

from tests.front import Front
from tests.servers.sshd import Sshd


def test_a_colleague_asks_for_commands_and_gets_their_bytes_and_exit_status(
    sshd: Sshd, shop_front: Front
) -> None:
    bo = sshd.teammate("bo", shop_front.workspace)
    listed = bo.ssh("list --json")
    assert listed.returncode == 0, listed.stderr
    assert [json.loads(line)["id"] for line in listed.stdout.splitlines()]
