"""The worker dies while it sends, and starts again: no answer reaches a customer twice, none is lost in silence.

Line 35 of what must hold, for one pass and for the worker that stays; and line 38 with two processes.
"""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

import pytest

from tests import worker_child
from tests.faults.kill import python_child
from tests.post_office import PostOffice, caught_up, letter
from tests.servers.smtp import SmtpServer

ANSWERS = 3
CHILD = Path(worker_child.__file__)


@pytest.fixture
def office(sending_office: PostOffice) -> PostOffice:
    """Its first sync was a day ago."""
    return caught_up(sending_office)


def answer_all(office: PostOffice, turn: int, count: int = ANSWERS) -> list[tuple[int, str]]:
    """New questions come, and all are answered; the messages by number and Message-ID."""
    who = [f"c{turn}-{n}@customer.example" for n in range(count)]
    office.arrives(*(letter(each, f"Question {each}") for each in who))
    office.sync()
    asking = [one for one in office.conversations() if not one.answered and not one.sending]
    assert len(asking) >= count
    sent = [office.reply(one.id) for one in asking]
    office.clock.advance(30)
    return sent


def words(office: PostOffice, smtp: SmtpServer) -> tuple[str, ...]:
    return (
        str(office.folder), str(office.imap.port), office.user, str(smtp.port), str(office.clock()),
    )  # fmt: skip


def whole(office: PostOffice, smtp: SmtpServer, sent: list[tuple[int, str]]) -> None:
    """After the next passes every answer is sent once, or unknown; and whoever counts as sent has been."""
    for _ in range(3):
        office.worker().once()
        office.clock.advance(700)
    for message, message_id in sent:
        state, count = office.state_of(message), smtp.count(message_id)
        assert (state, count) in {("sent", 1), ("unknown", 0), ("unknown", 1)}
        assert office.in_sent(message_id) == (1 if state == "sent" else 0)


def killed_at(office: PostOffice, smtp: SmtpServer, points: list[str], how: str = "once") -> list[bool]:
    """Kill a worker at each of these points, each with new answers to send; whether it got there."""
    died = []
    for turn, point in enumerate(points):
        sent = answer_all(office, turn)
        with python_child(CHILD, *words(office, smtp), how, crash_at=point) as child:
            child.finish()
            died.append(child.was_killed)
        whole(office, smtp, sent)
    return died


def killed_after(office: PostOffice, smtp: SmtpServer, moments: list[float], how: str) -> None:
    """Kill a worker so many seconds after it has begun to speak to the server, each with new answers to send."""
    for turn, seconds in enumerate(moments, 100):
        sent = answer_all(office, turn)
        before = smtp.connections
        with python_child(CHILD, *words(office, smtp), how) as child:
            until = time.monotonic() + 30
            while smtp.connections == before and time.monotonic() < until:
                threading.Event().wait(0.002)
            child.kill_after(seconds)
        whole(office, smtp, sent)


def moments(count: int, seed: int) -> list[float]:
    return [random.Random(seed + n).uniform(0, 0.12) for n in range(count)]


def points(count: int, seed: int) -> list[str]:
    every = [f"{point}:{n}" for point in worker_child.POINTS for n in range(1, ANSWERS + 1)]
    return random.Random(seed).sample(every, min(count, len(every)))


def test_35_a_worker_killed_while_sending_sends_nothing_twice(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    assert all(killed_at(office, smtp_server, ["before settle:2", "after phase:2"]))


def test_35_a_worker_that_stays_killed_while_sending_sends_nothing_twice(
    office: PostOffice, smtp_server: SmtpServer
) -> None:
    assert all(killed_at(office, smtp_server, ["after phase:2"], "watch"))
    killed_after(office, smtp_server, moments(1, 1), "watch")


@pytest.mark.long
@pytest.mark.parametrize("how", ["once", "watch"])
def test_35_a_worker_killed_at_50_points_sends_nothing_twice(
    office: PostOffice, smtp_server: SmtpServer, how: str
) -> None:
    """Every named point, and moments by chance."""
    assert all(killed_at(office, smtp_server, [*points(24, 2), *points(6, 3)], how))
    killed_after(office, smtp_server, moments(20, 4), how)


@pytest.mark.parametrize("command", ["mail", "rcpt", "data", "dot"])
def test_35_a_worker_killed_in_the_middle_of_a_line_sends_nothing_twice(
    office: PostOffice, smtp_server: SmtpServer, command: str
) -> None:
    """It dies while the server thinks about a command; the server goes on."""
    sent = answer_all(office, 0, 1)
    held = smtp_server.hold(command)
    with python_child(CHILD, *words(office, smtp_server)) as child:
        assert smtp_server.reached(command).wait(30)
        child.kill()
    held.set()
    whole(office, smtp_server, sent)
    states = [office.state_of(message) for message, _ in sent]
    assert states.count("unknown") == (command == "dot")


def test_38_two_workers_at_once_send_each_answer_once(office: PostOffice, smtp_server: SmtpServer) -> None:
    """The second finds the lease taken, and leaves the work to the first."""
    sent = answer_all(office, 0)
    held = smtp_server.hold("rcpt")
    with python_child(CHILD, *words(office, smtp_server)) as first:
        assert smtp_server.reached("rcpt").wait(30)
        with python_child(CHILD, *words(office, smtp_server)) as second:
            assert "busy Another process is the worker of this workspace already." in second.finish()
        held.set()
        assert "busy" not in first.finish()

    assert [smtp_server.count(message_id) for _, message_id in sent] == [1] * ANSWERS
    assert {office.state_of(message) for message, _ in sent} == {"sent"}
