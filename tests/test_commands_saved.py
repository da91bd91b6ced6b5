"""Saved replies from the command line: listed, found, shown, added."""

from __future__ import annotations

from inbox.checks import placeholders
from inbox.demo.replies import REPLIES
from inbox.saved_replies import Known, filled, reply_of
from tests.front import Front


def test_what_is_saved_is_listed_found_and_shown(front: Front) -> None:
    assert front.ok("saved").out == ""
    late = b"Hello {first_name},\n\nit comes \xc3\xbcbermorgen.\n"
    front.ok("saved", "add", "Late parcel", "--language", "en", "--tag", "shipping", stdin=late)
    front.ok("saved", "add", "Refund", "--text", "The money is on its way.")
    assert [each["name"] for each in front.json("saved")] == ["Late parcel", "Refund"]
    assert front.ok("saved", "list", "shipp").lines == [
        "Late parcel                     0x  [en] [shipping]  Hello {first_name}, it comes übermorgen."
    ]
    assert front.ok("saved", "show", "LATE parcel").out == "Hello {first_name},\n\nit comes übermorgen.\n\n"
    front.ok("saved", "add", "Refund", "--text", "Sent.")
    assert front.ok("saved", "show", "Refund").out == "Sent.\n\n"


def test_what_is_not_there_names_the_nearest(front: Front) -> None:
    front.ok("saved", "add", "Refund", "--text", "Sent.")
    ran = front.run("saved", "show", "Refud")
    assert (ran.status, ran.out) == (1, "")
    assert 'did you mean "Refund"?' in ran.err
    assert front.run("saved", "add", " ", "--text", "x").status == 2
    assert front.run("saved", "add", "x", "--text", " ").status == 2
    assert front.run("saved", "add", "x", "--text", "y", who="ria").status == 1


def test_a_terminal_obeys_nothing_in_a_file_written_by_hand(front: Front) -> None:
    front.ok("saved", "add", "x", "--text", "y")
    file = front.workspace / "documents" / "saved_replies.json"
    file.write_text(
        '{"_default": {"1": {"name": "a\\u001b[2J", "text": "b\\u001b[2J", "tags": ["c\\u009b2J"]}}}'
    )
    for words in (("saved",), ("saved", "show", "a[2J")):
        assert "\x1b" not in front.ok(*words).out
    assert "\x9b" not in front.ok("saved").out


def test_the_examples_of_the_demo_are_replies_that_need_a_hand() -> None:
    for reply in REPLIES:
        assert (
            reply_of(reply._asdict() | {"languages": list(reply.languages), "tags": list(reply.tags)})
            == reply
        )
        said = filled(reply.text, Known("Jo Park", "Parcel", "Mara", "", "Fernweh Outdoor"))
        assert placeholders(said)
        assert "{first_name}" not in said
        assert "{shop}" not in said
