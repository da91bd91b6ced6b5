"""The log: what the machine did, one JSON object a line, without bodies and without secrets.

Every secret that is read is made known here (`never_show`) and masked in whatever is written afterwards, also
in the forms in which protocols and programs repeat it. Foreign text passes `inbox.text.one_line`.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from inbox.model import Instant
from inbox.text import one_line

if TYPE_CHECKING:
    import logging

MASK = "•••"
LONGEST_VALUE = 300
"""Characters of one value: enough for a server's answer, too few for a body."""

LARGEST_FILE = 5_000_000
"""Bytes after which a log goes on in a new file; one old one is kept beside it (`.1`)."""

MOST_FRAMES = 12
_LEAST_ENCODED = 6  # what is shorter would be masked all over the place once it is encoded
_NOT_LOGGED = frozenset({"body", "text", "reply", "quoted", "snippet", "subject", "raw", "html", "signature"})
_SECRET_WORDS = ("passw", "secret", "token", "authorization", "credential")
MOST_PASSING = 64
"""Secrets that pass, such as access tokens, which are masked at a time: a worker that stays gets ever new ones."""
_lasting: frozenset[str] = frozenset()
_passing: tuple[
    frozenset[str], ...
] = ()  # both are only ever replaced: threads write logs while others learn secrets


def forget_all() -> None:
    """Know no secret any more; for tests, whose secrets are words of every day."""
    global _lasting, _passing
    _lasting, _passing = frozenset(), ()


def never_show(secret: str, passing: bool = False) -> None:
    """Make a secret known to this process: `masked` takes it out from now on, in clear and encoded.

    A `passing` one is forgotten when many newer ones have come.
    """
    global _lasting, _passing  # noqa: PLW0603  one process has one memory of secrets
    if not secret:
        return
    forms = {secret, repr(secret)[1:-1], json.dumps(secret)[1:-1]}
    if len(secret) >= _LEAST_ENCODED:
        forms |= {quote(secret, safe=""), secret.encode().hex(), *_base64_forms(secret.encode())}
    if not passing:
        _lasting |= forms
    elif frozenset(forms) not in _passing:
        _passing = (*_passing, frozenset(forms))[-MOST_PASSING:]


def masked(text: str) -> str:
    """`text` with every known secret replaced; the longest first, so that nothing of one remains beside
    another."""
    known = _lasting.union(*_passing)
    if any(secret in text for secret in known):
        for secret in sorted(known, key=lambda each: (-len(each), each)):
            text = text.replace(secret, MASK)
    return text


def safe_text(value: object, limit: int = LONGEST_VALUE) -> str:
    """A value as the log shows it: secrets masked, on one line, nothing a terminal would obey, bounded."""
    return one_line(masked(str(value)), limit)


class Journal:
    """A log file. Several processes may write to one: each line is written whole.

    `mode` is 0o600, or 0o660 where a group shares the workspace. Logging never fails: what cannot be written
    is lost.
    """

    def __init__(self, path: Path, clock: Callable[[], Instant], mode: int = 0o600) -> None:
        self._path = path
        self._clock = clock
        self._mode = mode

    def write(self, what: str, **details: object) -> None:
        """Note that something happened, in few words, with numbers, ids and short texts.

        Details that hold a message's words (`subject`, `text` …) or are named like a secret are left out,
        whoever asks for them.
        """
        entry: dict[str, object] = {"at": _utc(self._clock()), "what": safe_text(what)}
        for name, value in details.items():
            entry[name] = _logged(name, value)
        self._append(json.dumps(entry, ensure_ascii=False))

    def failure(self, what: str, error: BaseException, **details: object) -> None:
        """Note an error with its kind and the places it came through; of what it says only a bounded, masked
        line.

        No variables and no source lines are written: either could hold a body or a secret.
        """
        said = safe_text(error)
        self.write(what, error=type(error).__name__, said=said, places=" < ".join(_places(error)), **details)

    def listen(self, level: int | None = None) -> Callable[[], None]:
        """Take in what libraries log from `level` (WARNING when left out) on; the answer ends the
        listening."""
        import logging

        journal = self

        class Handler(logging.Handler):
            def emit(self, record: logging.LogRecord) -> None:
                clean_record(record)
                journal.write("log", logger=record.name, level=record.levelname, said=record.getMessage())

        handler = Handler(logging.WARNING if level is None else level)
        logging.getLogger().addHandler(handler)
        return lambda: logging.getLogger().removeHandler(handler)

    def _append(self, line: str) -> None:
        with suppress(OSError):
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            file = os.open(self._path, flags, 0o600)
            try:
                status = os.fstat(file)
                if status.st_uid == os.geteuid() and status.st_mode & 0o777 != self._mode:
                    os.fchmod(file, self._mode)
                os.write(file, line.encode("utf-8", "replace") + b"\n")
                if status.st_size > LARGEST_FILE and self._path.stat().st_ino == status.st_ino:
                    self._path.replace(self._path.with_name(self._path.name + ".1"))
            finally:
                os.close(file)


def clean_record(record: logging.LogRecord) -> bool:
    """A filter for any logger or handler of the standard library: masks and bounds a record where it stands.

    A traceback becomes the kind of error and the places it came through. Always True: nothing is dropped.
    """
    try:
        said = record.getMessage()
    except (TypeError, ValueError):
        said = str(record.msg)
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        said = f"{said} [{type(error).__name__}: {error}; {' < '.join(_places(error))}]"
    record.msg, record.args = safe_text(said), None
    record.exc_info = record.exc_text = record.stack_info = None
    return True


def _logged(name: str, value: object) -> object:
    folded = name.casefold()
    if folded in _NOT_LOGGED or any(word in folded for word in _SECRET_WORDS):
        return "(not logged)"
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_logged("", each) for each in list(value)[:50]]
    return "(not logged)" if isinstance(value, (bytes, bytearray)) else safe_text(value)


def _places(error: BaseException) -> list[str]:
    """`file:line function` of each frame, the innermost first."""
    places: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[::-1][:MOST_FRAMES]


def _base64_forms(secret: bytes) -> set[str]:
    """What of the secret's base64 is the same whatever stands before and after it (`AUTH PLAIN` puts the user
    there)."""
    forms = set()
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + secret).decode().rstrip("=")
        forms.add(encoded[(before * 8 + 5) // 6 : (before + len(secret)) * 8 // 6])
    return forms | {form.replace("+", "-").replace("/", "_") for form in forms}


def _utc(at: Instant) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
