"""Answering from the command line, and the outbox in which answers wait."""

from __future__ import annotations

import email
import io
from collections.abc import Callable
from email.message import Message as Mail
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.front import TEAM, Front
from tests.shop import at, did, mail

if TYPE_CHECKING:
    from typing_extensions import Buffer


def newest(front: Front, conversation: str) -> Any:
    """The last message of a conversation."""
    return front.json("show", conversation)[0]["items"][-1]


def as_sent(front: Front, message: str) -> Mail:
    """The bytes that will leave, read by the standard library."""
    store = front.store()
    try:
        return email.message_from_bytes(store.raw(int(message)) or b"")
    finally:
        store.close()


GROUP = mail(
    "Jo Park <jo@park.example>",
    "Two of us",
    "Who is right?",
    "2026-11-10 10:00",
    to="support@shop.example, Mia <mia@park.example>",
    cc="boss@park.example",
)


# --------------------------------------------------------------------------- writing


def test_a_reply_goes_to_the_customer_and_the_conversation_waits(shop_front: Front) -> None:
    ran = shop_front.ok("reply", "2", stdin="Dear Anna,\n\nthe money is on its way — promised.\n".encode())
    assert ran.ids == ["2"]
    assert " waiting " in ran.out
    assert "frontdesk sync sends it" in ran.err
    sent = newest(shop_front, "2")
    built = as_sent(shop_front, sent["id"])
    assert built["To"] == "<anna.weber@weber.example>"
    assert built["From"] == "<support@shop.example>"
    assert built["Subject"] == "Re: Refund for order 4711"
    assert built["In-Reply-To"] == "<refund@weber.example>"
    assert built["Message-ID"] == sent["message_id"]
    body = built.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert "on its way — promised." in body.decode()
    row = shop_front.json("list", "id:2")[0]
    assert (row["status"], row["assignee"], row["due"], row["last_from"]) == ("waiting", "anna", None, "us")


def test_a_reply_leaves_at_once_unless_there_is_time_to_undo(shop_front: Front) -> None:
    shop_front.ok("reply", "1", "--text", "At once")
    shop_front.ok("reply", "2", "--text", "With time to think", "--undo", "1m30s")
    leaves = {line["conversation"]: line["leaves_at"] for line in shop_front.json("outbox", "list")}
    assert leaves == {"1": "2026-11-10T10:05:00Z", "2": "2026-11-10T10:06:30Z"}
    assert shop_front.run("reply", "3", "--text", "x", "--undo", "soon").status == 2


def test_what_comes_after_a_reply_can_be_chosen(shop_front: Front) -> None:
    assert " closed " in shop_front.ok("reply", "1", "--text", "Done.", "--close").out
    assert " snoozed " in shop_front.ok("reply", "2", "--text", "Wait.", "--snooze", "fri 9:00").out
    assert shop_front.run("reply", "3", "--text", "x", "--close", "--snooze", "3h").status == 2
    assert shop_front.run("reply", "3", "--text", "x", "--snooze", "never").status == 2


def test_a_reply_to_everybody_reaches_everybody_but_us(front: Front) -> None:
    front.receive([GROUP])
    front.ok(
        "reply",
        "1",
        "--text",
        "You both are.",
        "--all",
        "--cc",
        "Bo <bo@else.example>",
        "--bcc",
        "log@shop2.example",
        "--anyway",
        "they handle it",
    )
    sent = newest(front, "1")
    assert {r["address"] for r in sent["recipients"]} == {
        *("jo@park.example", "mia@park.example", "boss@park.example", "bo@else.example", "log@shop2.example")
    }
    built = as_sent(front, sent["id"])
    assert "log@" not in built.as_string()
    assert "mia@park.example" in built["To"]


def test_recipients_subject_and_sender_can_be_named(front: Front) -> None:
    front.receive([GROUP])
    words = ["--to", "mia@park.example", "--subject", "You were right", "--from", "help@shop.example"]
    front.ok("reply", "1", "--text", "Mia is.", "--all", *words)
    built = as_sent(front, newest(front, "1")["id"])
    assert (built["To"], built["Cc"], built["Subject"]) == ("<mia@park.example>", None, "You were right")
    assert built["From"] == "<help@shop.example>"
    wrong = front.run("reply", "1", "--text", "x", "--from", "support@shpo.example")
    assert wrong.status == 2
    assert 'none of our addresses; did you mean "support@shop.example"?' in wrong.err


def test_the_customers_message_is_quoted_on_request_and_never_a_note(shop_front: Front) -> None:
    shop_front.ok("note", "1", "--text", "they are always impatient")
    shop_front.ok("reply", "1", "--text", "It will.", "--quote")
    text = newest(shop_front, "1")["text"]
    assert text.startswith("It will.\n\nOn 2026-11-09 10:00, Jo Park wrote:\n> Hello,")
    assert "impatient" not in text


def test_a_reply_by_a_trainee_is_held_until_somebody_says_yes(shop_front: Front) -> None:
    shop_front.ok("reply", "1", "--text", "I think so.", who="tim")
    (line,) = shop_front.json("outbox", "list")
    assert line["state"] == "held"
    assert shop_front.run("outbox", "release", line["id"], who="tim").status == 1
    shop_front.ok("outbox", "release", line["id"], who="bo")
    assert shop_front.json("outbox")[0]["state"] == "queued"
    events = shop_front.json("show", "1")[0]["events"]
    assert ("bo", "approved") in [(event["who"], event["what"]) for event in events]


def test_without_settings_a_reply_comes_from_the_address_that_was_written_to(
    front: Front, tmp_path: Path
) -> None:
    (front.workspace / "settings.toml").unlink()
    front.who = ""
    for n in range(6):  # enough people for the mail to tell who is us
        raw = mail(f"Jo <jo@c{n}.example>", f"Question {n}", "Hello?", f"2026-11-10 0{n}:00")
        (tmp_path / f"{n}.eml").write_bytes(raw)
        raw = mail("support@shop.example", "Answer", "Yes.", f"2026-11-09 0{n}:30", to=f"jo@c{n}.example")
        (tmp_path / f"a{n}.eml").write_bytes(raw)
    front.ok("import", str(tmp_path))
    conversation = front.ok("list", "subject:question", "--limit", "1").ids[0]
    front.ok("reply", conversation, "--text", "Yes.")
    assert as_sent(front, newest(front, conversation)["id"])["From"] == "<support@shop.example>"


# --------------------------------------------------------------------------- what stops a reply


def test_an_empty_reply_is_refused_whatever_the_reason(shop_front: Front) -> None:
    for words in ([], ["--anyway", "because"]):
        ran = shop_front.run("reply", "1", *words, stdin=b" \n\t\n")
        assert (ran.status, ran.out) == (1, "")
        assert "The reply is empty." in ran.err
    assert shop_front.json("outbox") == []


def test_a_machine_that_reads_nothing_needs_a_reason(front: Front) -> None:
    front.receive([mail("no-reply@orders.example", "Your order", "Thanks", "2026-11-10 09:00")])
    ran = front.run("reply", "1", "--text", "Hello?")
    assert ran.status == 1
    assert "Nobody reads what is sent to no-reply@orders.example." in ran.err
    assert front.run("reply", "1", "--text", "Hello?", "--anyway", " ").status == 2
    front.ok("reply", "1", "--text", "Hello?", "--anyway", "they asked for it")
    assert "they asked for it" in [event["why"] for event in front.json("show", "1")[0]["events"]]


@pytest.mark.parametrize(
    "to", ["jo@park.example>\r\nRCPT TO:<evil@x.example", "jo", "jo@", "@park.example", "jo@park", ""]
)
def test_what_is_no_address_cannot_be_mailed(shop_front: Front, to: str) -> None:
    ran = shop_front.run("reply", "1", "--text", "x", "--to", to, "--anyway", "really")
    assert (ran.status, ran.out) == (1, "")
    assert shop_front.json("outbox") == []


def test_a_subject_cannot_smuggle_in_a_header(shop_front: Front) -> None:
    shop_front.run("reply", "1", "--text", "x", "--subject", "Hello\r\nBcc: evil@x.example")
    for line in shop_front.json("outbox"):
        built = as_sent(shop_front, line["id"])
        assert built["Bcc"] is None
        assert [r["address"] for r in line["recipients"]] == ["jo@park.example"]


class Meanwhile(io.RawIOBase):
    """Standard input of somebody who takes their time: something happens before the first word comes."""

    def __init__(self, deed: Callable[[], object], words: bytes) -> None:
        self.deed, self.words = deed, words

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        if not self.words:
            return 0
        self.deed()
        memoryview(buffer)[: len(self.words)] = self.words
        written, self.words = len(self.words), b""
        return written


def test_an_answer_that_came_while_one_was_written_stops_it(shop_front: Front) -> None:
    def bo_answers() -> None:
        store = shop_front.store()
        sender, to = "support@shop.example", ("jo@park.example",)
        done = did(store, "bo", "reply", conversation=1, text="On its way.", to=to, sender=sender)
        store.close()
        assert done.refusal is None

    ran = shop_front.run("reply", "1", stdin=Meanwhile(bo_answers, b"I shall look."))
    assert (ran.status, ran.out) == (1, "")
    assert "bo has answered in the meantime.\n  Read it; then send again" in ran.err
    assert len(shop_front.json("outbox")) == 1
    shop_front.ok("reply", "1", stdin=b"And one thing more.")


def test_every_stop_is_said_with_its_next_step_and_nothing_leaves(shop_front: Front) -> None:
    words = ["--text", "Dear {first_name}, it is attached.", "--cc", "lea@krol.example, cy@day.example"]
    ran = shop_front.run("reply", "1", *words)
    assert (ran.status, ran.out) == (1, "")
    assert "{first_name} is still to be filled.\n  Put the words in its place" in ran.err
    assert "lea@krol.example belongs to Lea Król, who has no part in this conversation." in ran.err
    assert "cy@day.example is from elsewhere" in ran.err
    assert "attached" not in ran.err.replace("is attached", "")  # hints can wait
    assert shop_front.json("outbox") == []


def test_a_reason_overrides_and_stands_in_the_record(shop_front: Front) -> None:
    words = [
        "--text",
        "The words {first_name} stay.",
        "--cc",
        "cy@day.example",
        "--anyway",
        "a template was asked for",
    ]
    shop_front.ok("reply", "1", *words)
    (told,) = [e for e in shop_front.json("show", "1")[0]["events"] if e["what"] == "overridden"]
    assert (told["who"], told["why"]) == ("anna", "a template was asked for")
    assert told["detail"]["checks"] == ["placeholder", "elsewhere"]
    shop_front.ok("verify")
    shop_front.ok("undo")
    assert shop_front.json("outbox") == []
    shop_front.ok("verify")


def test_a_reason_without_need_overrides_nothing(shop_front: Front) -> None:
    shop_front.ok("reply", "1", "--text", "Soon.", "--anyway", "just in case")
    assert "overridden" not in [event["what"] for event in shop_front.json("show", "1")[0]["events"]]


def test_what_no_reason_overrides_stops_all_the_same(shop_front: Front) -> None:
    for words in (["--text", "> only quoted"], ["--text", "x", "--to", "jo park.example"]):
        ran = shop_front.run("reply", "1", *words, "--anyway", "really")
        assert (ran.status, ran.out) == (1, "")
    assert "jo park.example cannot be mailed: it is no address." in ran.err


def test_a_hint_is_said_and_the_reply_goes(front: Front) -> None:
    front.receive([GROUP])
    ran = front.ok("reply", "1", "--text", "@bo see attached", "--from", "help@shop.example")
    for said in (
        "It says «attached», and nothing is attached.",
        "It was written to support@shop.example, and is answered from help@shop.example.",
        "mia@park.example and 1 more were in copy and would not get this.\n  Answer everybody.",
        "«@bo» reads like a note to the team.",
    ):
        assert said in ran.err
    assert len(front.json("outbox")) == 1


MAILBOX = """
[[mailbox]]
name = "support"
address = "support@shop.example"
imap_host = "localhost"
smtp_host = "localhost"
password_env = "NOWHERE"
signature = "The shop"
signatures = { de = "Der Laden" }
format = "both"
"""


def test_a_reply_is_signed_in_the_language_of_the_customer_and_goes_out_in_both_forms(front: Front) -> None:
    front.write_settings(TEAM + MAILBOX)
    german = "Guten Tag, wann kommt mein Paket? Ich habe es noch nicht und bitte um eine Antwort."
    front.receive([mail("Jo Park <jo@park.example>", "Paket", german, "2026-11-10 09:00")])
    front.ok("reply", "1", "--text", "Es ist **unterwegs**.")
    sent = newest(front, "1")
    quote = f"Am 2026-11-10 09:00 schrieb Jo Park:\n> {german}"
    assert sent["text"] == f"Es ist **unterwegs**.\n\n-- \nDer Laden\n\n{quote}"
    assert sent["reply"] == "Es ist **unterwegs**."
    plain, html = [part.get_payload(decode=True) for part in as_sent(front, sent["id"]).walk()][1:]
    assert isinstance(plain, bytes)
    assert isinstance(html, bytes)
    assert b"**unterwegs**" in plain
    assert b"<strong>unterwegs</strong>" in html
    assert b"Der Laden" in html
    front.ok("reply", "1", "--text", "Noch etwas.", "--no-quote")
    assert newest(front, "1")["text"] == "Noch etwas.\n\n-- \nDer Laden"


def test_spam_is_not_answered(shop_front: Front) -> None:
    shop_front.ok("spam", "1")
    assert "It is in spam" in shop_front.run("reply", "1", "--text", "x").err


# --------------------------------------------------------------------------- the outbox


def test_the_outbox_shows_what_waits_and_a_reply_can_be_given_up(shop_front: Front) -> None:
    assert shop_front.ok("outbox").out == ""
    shop_front.ok("reply", "2", "--text", "Soon.")
    (line,) = shop_front.json("outbox")
    assert line["subject"] == "Refund for order 4711"
    assert (line["state"], line["conversation"]) == ("queued", "2")
    printed = shop_front.ok("outbox", "list")
    assert printed.ids == [line["id"]]
    assert "queued" in printed.out
    shop_front.ok("outbox", "drop", line["id"])
    assert shop_front.json("outbox") == []
    row = shop_front.json("list", "id:2")[0]
    assert (row["status"], row["due"]) == ("open", "2026-11-10T08:10:00Z")
    again = shop_front.run("outbox", "drop", line["id"])
    assert (again.status, again.out) == (1, "")


def test_undo_takes_a_reply_back_while_it_has_not_left(shop_front: Front) -> None:
    before = shop_front.json("list", "id:2")
    shop_front.ok("reply", "2", "--text", "Soon.")
    shop_front.ok("undo")
    assert shop_front.json("outbox") == []
    assert shop_front.json("list", "id:2") == before


def test_only_what_failed_or_is_unknown_is_sent_again(shop_front: Front) -> None:
    shop_front.ok("reply", "2", "--text", "Soon.")
    number = shop_front.json("outbox")[0]["id"]
    waiting = shop_front.run("outbox", "resend", number)
    assert waiting.status == 1
    assert "it is not sent again" in waiting.err
    held = shop_front.run("outbox", "release", number)
    assert "is not held" in held.err
    assert shop_front.ok("outbox", "release").out == "0 released\n"
    for unknown in ("17", "nothing", "-"):
        for verb in ("resend", "drop", "release"):
            assert shop_front.run("outbox", verb, unknown).status == 1
    assert shop_front.run("outbox", "resend").status == 2


def test_a_message_of_which_nobody_knows_can_be_sent_again_by_a_person(shop_front: Front) -> None:
    shop_front.ok("reply", "2", "--text", "Soon.")
    number = int(shop_front.json("outbox")[0]["id"])
    store = shop_front.store()
    store.sending.phase(number, "connecting", at("2026-11-10 11:06"))
    store.sending.phase(number, "data", at("2026-11-10 11:06"))
    store.sending.recover(at("2026-11-10 11:07"))  # the sender died after the final dot may have left
    store.close()
    assert "unknown" in shop_front.ok("outbox").out
    assert shop_front.run("outbox", "resend", str(number), who="tim").status == 1
    shop_front.ok("outbox", "resend", str(number))
    assert shop_front.json("outbox")[0]["state"] == "queued"
