"""The question how it was and its answer, over real servers, by commands alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from inbox import mime
from tests.front import Front
from tests.office import Office
from tests.servers.dovecot import Dovecot
from tests.servers.smtp import SmtpServer
from tests.shop import STORY
from tests.stores import DAY, letter


@pytest.fixture
def desk(front: Front, tmp_path: Path, dovecot: Dovecot, imap_user: str, smtp_server: SmtpServer) -> Front:
    """One mailbox that works, in a shop that asks how it was after three days."""
    office = Office(front, tmp_path)
    office.text = f'automatic_sending = true\nshop = "Fernweh"\n{office.text}\n[feedback]\nafter = "3d"\n'
    smtp_server.users[imap_user] = "secret"
    office.add("support", imap_user, dovecot.port, smtp_server.port)
    dovecot.append_many(imap_user, [raw.replace(b"\n", b"\r\n") for raw in STORY[:3]])
    return front


def test_a_customer_is_asked_once_and_the_answer_is_told(
    desk: Front, dovecot: Dovecot, imap_user: str, smtp_server: SmtpServer
) -> None:
    desk.ok("sync")
    (number,) = desk.ok("list", "subject:parcel").ids
    desk.ok("reply", number, "--text", "It is on its way.")
    desk.now += 60
    desk.ok("sync")
    desk.ok("close", number)
    desk.now += 3 * DAY + 60
    assert "1 sent" in desk.ok("sync").out
    assert "sent" not in desk.ok("sync").out, "once"
    question = smtp_server.taken[-1]
    assert question.recipients == ("jo@park.example",)
    read = mime.parse(question.raw)
    assert read.automatic.is_automatic and b"Auto-Submitted: auto-generated" in question.raw
    assert "how did we do?" in read.text and "Fernweh" in read.text
    told = desk.json("show", number)[0]
    assert told["status"] == "closed" and told["events"][-1]["what"] == "sent"
    answer = letter(
        "Jo Park <jo@park.example>", subject="Re: parcel", text="4/5 - a bit slow", id_="<four@park.example>",
        answers=[read.message_id or ""], at=desk.now,
    )  # fmt: skip
    dovecot.append(imap_user, answer.replace(b"\n", b"\r\n"))
    desk.now += 60
    desk.ok("sync")
    told = desk.json("show", number)[0]
    assert (told["score"], told["status"]) == (4, "open"), (
        "something was not as it should be: somebody looks at it"
    )
    (customer,) = desk.json("customer", "show", told["customer"]["id"])
    assert [(each["score"], each["words"]) for each in customer["feedback"]] == [(4, "a bit slow")]
    whole = desk.json("report", "--about", "feedback")[0]
    assert (whole["count"], whole["asked"], whole["mean"]) == (1, 1, 4.0)
    assert desk.ok("list", "score:4").ids == [number]
    desk.ok("verify")
