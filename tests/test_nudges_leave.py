"""A nudge on its whole way: real mail comes in over weeks, real servers take what goes by itself, and nothing goes twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox import mime
from tests.front import Front
from tests.office import Office
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.shop import STORY, mail

DAY = 86_400
NUDGES = """
[nudges]
after = ["3d", "7d"]
texts = ["Did our answer help you, {first_name}?", "May we close this? Write to us any time."]
"""


@pytest.fixture
def desk(front: Front, tmp_path: Path, dovecot: Dovecot, imap_user: str, smtp_server: SmtpServer) -> Front:
    """One mailbox with the shop's mail in it; Jo and Anna were answered, and are nudged if they do not answer."""
    office = Office(front, tmp_path)
    office.text = f"automatic_sending = true\n{office.text}{NUDGES}"
    smtp_server.users[imap_user] = "secret"
    office.add("support", imap_user, dovecot.port, smtp_server.port)
    dovecot.append_many(imap_user, [raw.replace(b"\n", b"\r\n") for raw in STORY[:2]])
    front.ok("sync")
    for number in front.ok("list").ids:
        front.ok("reply", number, "--text", "It is on its way.")
        front.ok("sync")
        front.ok("nudge", number)
    return front


def test_who_answers_is_left_alone_and_who_does_not_hears_twice(
    desk: Front, dovecot: Dovecot, imap_user: str, smtp_server: SmtpServer
) -> None:
    assert len(smtp_server.taken) == 2
    desk.now += 2 * DAY
    answer = mail("Anna Weber <anna.weber@weber.example>", "Re: Refund for order 4711", "It has not come yet.\n",
                  "2026-11-12 10:00", in_reply_to="<refund@weber.example>")  # fmt: skip
    dovecot.append_many(imap_user, [answer.replace(b"\n", b"\r\n")])
    for _ in range(9):
        desk.now += DAY
        desk.ok("sync")
        desk.ok("sync")
    first, second = smtp_server.taken[2:]
    assert first.recipients == second.recipients == ("jo@park.example",)
    (number,) = desk.ok("list", "subject:parcel").ids
    items = desk.json("show", number)[0]["items"]
    assert [item["state"] for item in items if item["direction"] == "out"] == ["sent"] * 3
    sent = mime.parse(first.raw)
    ours = next(item for item in items if item["text"].startswith("It is on"))
    assert sent.in_reply_to == (ours["message_id"],)
    assert "Did our answer help you, Jo?" in sent.text
    assert desk.json("list", f"id:{number}")[0]["status"] == "waiting"
    assert desk.json("verify") == [{"ok": True, "problems": []}]
