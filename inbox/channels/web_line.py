"""What is common to all who ask a web server something: the answer is heard to its end within a time and a size, however
slowly its bytes trickle in, and only then read."""

from __future__ import annotations

import http.client
import io
import socket
from collections.abc import Callable
from email.message import Message
from typing import NamedTuple

LEADS_ON = (301, 302, 303, 307, 308)
"""Statuses with which a server says where to look instead."""
_PIECE = 16_384


class TooMuch(Exception):
    """A server says more than anybody asked for."""


class Answer(NamedTuple):
    """What a web server answered."""

    status: int
    headers: Message
    body: bytes


def until(end: float, clock: Callable[[], float]) -> Callable[[], float]:
    """What gives the seconds that are left until then, and raises TimeoutError once there are none."""

    def left() -> float:
        seconds = end - clock()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    return left


def heard(line: socket.socket, request: bytes, left: Callable[[], float], largest: int) -> bytes:
    """Everything a server says to one question that asks it to close the line afterwards. `left` is as
    `until` makes it; `largest` is in bytes. Raises OSError, or TooMuch."""
    line.settimeout(left())
    line.sendall(request)
    said = bytearray()
    while True:
        line.settimeout(left())
        piece = line.recv(_PIECE)
        if not piece:
            return bytes(said)
        said += piece
        if len(said) > largest:
            raise TooMuch


def answer_of(raw: bytes) -> Answer:
    """An answer as it came. Raises http.client.HTTPException or ValueError for what is none, or not all of it."""
    answer = http.client.HTTPResponse(_Heard(raw))  # type: ignore[arg-type]  # of a socket it only takes makefile
    answer.begin()
    return Answer(answer.status, answer.headers, answer.read())


class _Heard:
    """The bytes of an answer, in the place of a socket."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def makefile(self, *_: object) -> io.BytesIO:
        return io.BytesIO(self._raw)
