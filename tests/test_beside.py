"""Mail read in a process beside ours reads the same; and that process outlives nobody."""

from __future__ import annotations

import os
import select
import subprocess

import pytest

from inbox import beside, mime
from inbox.beside import Beside
from inbox.model import Message
from tests.faults.kill import python_child
from tests.post_office import letter

CHILD = """
import signal
from inbox import beside
from tests.post_office import letter
beside.MANY = 1
with beside.Beside() as reader:
    reader.begin([letter()])
    reader.begin([letter()]).messages()
    print(reader._process.pid, flush=True)
    signal.pause()
"""


def mails(count: int) -> list[bytes]:
    strange = [b"", b"\0" * 100, b"From: \xff\xfe\r\n\r\n" + bytes(range(256)), letter(text="Grüße\n")]
    return [letter(subject=f"Number {n}") for n in range(count - len(strange))] + strange


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "MANY", 10)
    monkeypatch.setattr(beside, "CORES", 2)


def test_it_reads_as_it_is_read_here() -> None:
    with Beside() as reader:
        given = [mails(count) for count in (30, 20, 40)]
        lots = [reader.begin(raws) for raws in given]
        assert [lot.process is None for lot in lots] == [True, False, False]
        for raws, lot in reversed(list(zip(given, lots, strict=True))):
            assert lot.messages() == [mime.parse(raw) for raw in raws]


def test_what_it_was_at_when_it_was_told_to_rest_is_read_here() -> None:
    with Beside() as reader:
        reader.begin(mails(20))
        lot = reader.begin(mails(30))
        assert lot.process is not None
        reader.rest()
        assert lot.messages() == [mime.parse(raw) for raw in mails(30)]


def test_a_few_mails_start_no_process() -> None:
    with Beside() as reader:
        lots = [reader.begin([letter()]) for _ in range(5)]
        assert all(lot.process is None for lot in lots)
        assert lots[0].messages() == [mime.parse(letter())]


def test_a_reader_that_breaks_says_so_for_that_mail_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse(raw: bytes) -> Message:
        raise RecursionError

    monkeypatch.setattr(mime, "parse", parse)
    with Beside() as reader:
        assert reader.begin([b"a", b"b"]).messages() == [None, None]


def test_when_the_process_dies_all_is_read_here() -> None:
    with Beside() as reader:
        reader.begin(mails(20))
        lot = reader.begin(mails(20))
        assert lot.process is not None
        lot.process.kill()
        lot.process.wait()
        expected = [mime.parse(raw) for raw in mails(20)]
        assert lot.messages() == expected
        again = reader.begin(mails(20))
        assert again.process is None
        assert again.messages() == expected


def test_the_process_ends_with_the_with() -> None:
    with Beside() as reader:
        reader.begin(mails(20))
        process = reader.begin(mails(20)).process
    assert isinstance(process, subprocess.Popen)
    assert process.poll() is not None


def test_the_process_ends_when_whoever_started_it_was_killed() -> None:
    with python_child(CHILD) as child:
        number = int(child.output.readline())
        line = os.pidfd_open(number)
        child.kill()
    try:
        ended, _, _ = select.select([line], [], [], 30)
        assert ended
    finally:
        os.close(line)
