"""Reports of mail that came back, read: of whom they speak, however it is written, and why in few words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.actions import undelivered
from inbox.addresses import fold_address
from inbox.bounce_verdicts import read_answer, reason
from inbox.mime import parse
from inbox.model import Bounce, Conversation, EventType, Status, Who
from inbox.ports import Recipient, Returned
from inbox.text import one_line
from tests.delivery_reports import GUS, JO, LEA


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("Original-Recipient: rfc822;jo+2Bshop@park.example\nFinal-Recipient: rfc822;x@y", "jo+shop@park.example"),
        ("Final-Recipient: rfc822; <Jo@Park.Example>", "jo@park.example"),
        ("Final-Recipient: jo@park.example", "jo@park.example"),
        ("Original-Recipient: rfc822;jo@park.example\nFinal-Recipient: rfc822;j.park@elsewhere.example", "jo@park.example"),
        ("Original-Recipient: rfc822;list@x.example\nFinal-Recipient: rfc822;jo@park.example", "jo@park.example"),
        ("Final-Recipient: rfc822; jo@xn--mller-kva.example", "jo@müller.example"),
        ("Final-Recipient: utf-8; j\\x{F6}@park.example", "jö@park.example"),
    ],
)  # fmt: skip
def test_the_recipient_of_a_report_is_known_however_it_is_written(field: str, written: str) -> None:
    raw = (
        "From: MAILER-DAEMON@x\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns;x\n\n{field}\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
    )
    bounces = parse(raw.replace("\n", "\r\n").encode()).bounces
    returned = Returned(
        1, 1, "anna", "sent", (Recipient(written, "sent"), Recipient(LEA, "sent")), frozenset()
    )
    assert [each.address for each, _ in undelivered.named(returned, bounces, "failed")] == [written]


def test_whom_a_list_forwarded_it_to_may_have_it_all_the_same() -> None:
    """It went to a list and to Jo; the list's copy for Jo is what came back."""
    returned = Returned(1, 1, "anna", "sent", (Recipient(GUS, "sent"), Recipient(JO, "sent")), frozenset())
    bounce = Bounce(GUS, "5.1.1", 550, "hard", "no", "failed", JO)
    assert [each.address for each, _ in undelivered.named(returned, [bounce], "failed")] == [GUS]


@pytest.mark.parametrize(
    ("status", "said", "words"),
    [
        ("5.1.1", "550 5.1.1 User unknown", "the mailbox does not exist (550 5.1.1 User unknown)"),
        ("5.1.1", "", "the mailbox does not exist (5.1.1)"),
        ("5.1.2", "Host or domain name not found", "the domain does not exist (5.1.2 Host or domain name not found)"),
        ("5.2.1", "550 mailbox disabled", "the mailbox is closed (5.2.1 550 mailbox disabled)"),
        ("5.2.2", "over quota", "the mailbox is full for now (5.2.2 over quota)"),
        ("5.3.4", "552 5.3.4 message too large", "the message is too large there (552 5.3.4 message too large)"),
        ("5.7.1", "554 5.7.1 listed as spam", "their server does not want this message (554 5.7.1 listed as spam)"),
        ("4.4.7", "delivery time expired", "their server was out of reach for too long (4.4.7 delivery time expired)"),
        (None, "", "the address was refused"),
    ],
)  # fmt: skip
def test_why_in_few_words(status: str | None, said: str, words: str) -> None:
    fields = f"Final-Recipient: rfc822; a@b.example\nAction: failed\nDiagnostic-Code: smtp; {said}\n"
    fields += f"Status: {status}\n" if status else ""
    raw = (
        "From: MAILER-DAEMON@x\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n{fields}\n--b--\n"
    )
    (bounce,) = parse(raw.replace("\n", "\r\n").encode()).bounces
    assert reason(bounce) == words


@given(st.text(max_size=400), st.text(max_size=60))
def test_a_reason_is_short_and_names_nobody_whatever_was_said(said: str, recipient: str) -> None:
    words = reason(read_answer(recipient, f"{said} <a.b@c.example>: {said}"))
    assert len(words) < 200 and words == one_line(words)
    assert "a.b@c.example" not in words


_ADDRESSES = st.sampled_from(
    [JO, LEA, GUS, "JO@PARK.EXAMPLE", "jo+40park.example@x", "", "@", "nobody@x.example"]
)
_STATES = st.sampled_from(
    ["queued", "held", "refused-for-now", "sent", "unknown", "failed", "dropped", "undone"]
)


@given(
    st.lists(st.tuples(_ADDRESSES, st.sampled_from(["failed", "delayed", ""]), _ADDRESSES), max_size=6),
    st.dictionaries(st.sampled_from([JO, LEA, GUS]), _STATES, min_size=1),
    st.sampled_from(["sent", "failed", "data", "unknown", "refused-for-now"]),
)
def test_no_report_says_more_than_it_can_prove(
    told: list[tuple[str, str, str]], recipients: dict[str, str], state: str
) -> None:
    """Only of who was to get it, only of whom it has left for, and of each once."""
    returned = Returned(
        1, 1, "anna", state, tuple(Recipient(*each) for each in recipients.items()), frozenset([JO])
    )
    bounces = [Bounce(address, "5.1.1", 550, "hard", "no", action, final) for address, action, final in told]
    here = Conversation(1, Status.WAITING)
    facts = undelivered.consequences(returned, here, bounces, Who("sync"), 5, 6)

    failing = [fact.event.data["recipients"][0] for fact in facts if fact.event.type is EventType.UNDELIVERED]
    assert len(set(failing)) == len(failing)
    left = {"sent", "unknown"} | ({"queued", "refused-for-now"} if state == "data" else set())
    failed = [each for each in bounces if each.action == "failed"]
    claimed = {fold_address(each) for one in failed for each in (one.recipient, one.final)}
    assert set(failing) <= {each for each in recipients if each in claimed and recipients[each] in left}
    written_to = {fold_address(one.recipient) for one in failed}
    assert set(failing) >= {each for each in recipients if each in written_to and recipients[each] in left}
