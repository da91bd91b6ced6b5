"""What a mail says of its way, a conversation as one text or mailbox file, and commands that are given them."""

from __future__ import annotations

import mailbox
import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.plain_form import all_as_text, as_mbox, as_text
from inbox.text import one_line
from inbox.trail import Hop, fields, head_of, hops
from storage.workspace import Workspace
from tests.shop import ZONE, at, deliver, did, mail, shop
from tui.piped import MOST, run_piped
from tui.screens.piping import known, remember

CAME = (
    b"Received: from edge.shop.example (edge.shop.example [192.0.2.9])\r\n"
    b" by imap.shop.example (Postfix) with LMTP id 1 for <support@shop.example>;\r\n"
    b" Tue, 10 Nov 2026 09:01:07 +0100\r\n"
    b"Received: from mail.weber.example by edge.shop.example with ESMTPS;\r\n"
    b"\tTue, 10 Nov 2026 08:00:05 +0000 (UTC)\r\n"
    b"Received: by mail.weber.example; nobody knows when\r\n"
    b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
    b"From: Anna Weber\r\n <anna@weber.example>\r\n"
    b"no field at all\r\n"
    b"\r\nReceived: from the text\r\n"
)


def test_the_way_is_told_from_the_first_server_on() -> None:
    assert hops(CAME) == [
        Hop("", "mail.weber.example", "", None),
        Hop("mail.weber.example", "edge.shop.example", "ESMTPS", at("2026-11-10 09:00") + 5),
        Hop("edge.shop.example", "imap.shop.example", "LMTP", at("2026-11-10 09:01") + 7),
    ]


def test_fields_are_decoded_in_their_order_and_stand_as_they_came_besides() -> None:
    found = [(name, value) for name, value in fields(CAME) if name != "Received"]
    assert found == [
        ("Subject", "Grüße"),
        ("From", "Anna Weber <anna@weber.example>"),
        ("", "no field at all"),
    ]
    assert head_of(CAME).endswith(b"no field at all\r\n")


@given(st.binary(max_size=300))
def test_whatever_stands_in_a_head_is_told(raw: bytes) -> None:
    for name, value in fields(raw):
        assert one_line(name + value, 100_000) == name + value
    hops(b"Received: " + raw)


@pytest.fixture
def store(tmp_path: Path) -> Workspace:
    """A letter, a note and a letter whose text looks like the beginning of another."""
    store = shop(tmp_path / "shop")
    first = mail(
        "Jo Park <jo@park.example>",
        "Parcel",
        "Where is it?\n",
        "2026-11-09 10:00",
        message_id="<1@park.example>",
    )
    deliver(store, first)
    did(store, "bo", "note", conversation=1, text="Ask the carrier")
    again = mail(
        *(
            "Jo Park <jo@park.example>",
            "Re: Parcel",
            "From here I see it.\n\n> Where is it?\n",
            "2026-11-10 10:00",
        ),
        in_reply_to="<1@park.example>",
    )
    deliver(store, again)
    return store


def test_a_conversation_is_one_text_without_what_is_quoted(store: Workspace) -> None:
    items = store.items(1)
    said = "".join(all_as_text(items, ZONE))
    assert said.startswith(
        "From: Jo Park <jo@park.example>\nTo: support@shop.example\nDate: Mon, 09 Nov 2026 10:00 +0100\n"
    )
    assert "Note by: bo" in said and "Ask the carrier" in said
    assert "From here I see it." in said and "> Where is it?" not in said
    assert any("> Where is it?" in as_text(item, ZONE) for item in items)


def test_a_conversation_is_a_mailbox_file_that_others_read(store: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "box"
    file.write_bytes(b"".join(as_mbox(store.items(1), store.raw)))
    read = list(mailbox.mbox(file))
    assert [each["Subject"] for each in read] == ["Parcel", "Re: Parcel"]
    assert str(read[1].get_payload()).startswith(">From here I see it.")


# --------------------------------------------------------------------------- commands


def ran(command: str, data: bytes = b"", seconds: float = 20.0) -> tuple[bytes, str]:
    said = run_piped(command, data, dict(os.environ), threading.Event(), seconds)
    return said.output, said.ended


def is_over(process: int) -> bool:
    """Whether a process has ended, also if nobody has waited for it yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_a_command_reads_what_it_is_given_and_is_read() -> None:
    assert ran("tr a-z A-Z", b"words")[0] == b"WORDS"
    many = b"x" * 700_000
    assert ran("cat", many)[0] == many, "both ways at once, more than a pipe holds"
    output, ended = ran("cat; echo wrong >&2; exit 3", b"in ")
    assert (output, ended.partition(",")[0]) == (b"in wrong\n", "exit status 3")
    assert ran("kill -9 $$")[1].startswith("ended by signal 9")


def test_a_command_that_reads_nothing_or_writes_elsewhere_is_no_trouble(tmp_path: Path) -> None:
    many = b"x" * 700_000
    assert ran("true", many)[1].startswith("done")
    assert ran(f"exec cat > '{tmp_path}/kept'", many)[1].startswith("done")
    assert (tmp_path / "kept").read_bytes() == many
    assert ran("echo left; sleep 60 & exit 0")[0] == b"left\n"


def test_a_command_ends_with_all_its_children_when_it_takes_or_says_too_much(tmp_path: Path) -> None:
    began = f"sleep 20 & echo $! > '{tmp_path}/child'; wait"
    assert ran(began, seconds=1.0)[1] == "it was ended after 1 s"
    child = int((tmp_path / "child").read_text())
    while not is_over(child):
        os.sched_yield()
    output, ended = ran("yes")
    assert len(output) == MOST and "more than 1 MB" in ended
    stop = threading.Event()
    stop.set()
    assert run_piped("sleep 60", b"", {}, stop).ended.startswith("stopped")
    assert ran("a\0b")[1].startswith("it could not be started")


def test_a_command_has_no_terminal() -> None:
    assert ran("test -t 0 || test -t 1 || (: < /dev/tty) 2>/dev/null || echo none")[0] == b"none\n"


def test_commands_are_kept_for_their_owner_alone_the_newest_first(tmp_path: Path) -> None:
    file = tmp_path / "state" / "commands-anna"
    for command in ("wc -l", "less", "wc -l"):
        remember(file, command)
    assert known(file) == ["wc -l", "less"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for number in range(150):
        remember(file, f"echo {number}")
    assert len(known(file)) == 100
    file.unlink()
    file.symlink_to(tmp_path / "elsewhere")
    remember(file, "echo follow no link")
    assert not (tmp_path / "elsewhere").exists()
