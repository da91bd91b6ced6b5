"""Importing mail from files: eml, mbox and Maildir, read as a stream, placed as history, twice a no-op."""

from __future__ import annotations

import mmap
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from inbox import mime
from inbox.actions import receive
from inbox.errors import BadUsage
from inbox.model import Event, EventType, Instant, Refusal, Who
from inbox.ports import Decide, Scope, Store
from inbox.stamps import read_date
from inbox.us import Tally, Us

FORMATS = ("eml", "mbox", "maildir")
LARGEST = 256 * 1024 * 1024
"""Messages larger than this are refused; no mail server lets them pass."""

SAMPLE = 3_000
"""Messages that are looked at to work out who is us."""
SAMPLE_BYTES = 16_384

_FROM_LINE = re.compile(rb"^From [^\r\n]*\d\d:\d\d[^\r\n]*\r?\n", re.MULTILINE)
_FROM_TIME = re.compile(rb"([A-Z][a-z]{2}) +(\d{1,2}) +(\d\d:\d\d(?::\d\d)?) +(?:[^ \d]\S* +)?(\d{4})")
_ESCAPED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEADER = re.compile(rb"\A(?:[^\r\n]{0,200}\r?\n){0,3}?[!-9;-~]{1,76}[ \t]*:", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Found:
    """A message in a file. `position` counts the messages of an mbox from 1; `at` is what the file knows of its time."""

    path: str
    raw: bytes
    position: int | None = None
    at: Instant | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """What could not be taken in, and why."""

    path: str
    reason: str
    position: int | None = None


@dataclass(slots=True)
class Summary:
    """What an import did."""

    added: int = 0
    known: int = 0
    refused: list[Refused] = field(default_factory=list)
    cancelled: bool = False

    @property
    def seen(self) -> int:
        """How many messages were looked at."""
        return self.added + self.known + len(self.refused)


def sources(paths: Sequence[str]) -> list[Path | None]:
    """The paths to read, None standing for standard input (`-`). BadUsage (exit 2) for one that does not exist."""
    found: list[Path | None] = []
    for text in paths:
        path = Path(text)
        if text == "-":
            found.append(None)
        elif path.exists():
            found.append(path)
        else:
            raise BadUsage(f"There is no file or folder {text!r}.", "Name an eml or mbox file, or a Maildir.")
    return found


def read(paths: Sequence[Path | None], form: str | None = None) -> Iterator[Found | Refused]:
    """Every message in these files and folders, in the order of their names; what cannot be read is Refused."""
    for path in paths:
        if path is None:
            yield from _stream("-", sys.stdin.buffer.read(), form)
        elif path.is_dir():
            for file in _files(path):
                yield from _file(file, form)
        else:
            yield from _file(path, form)


def count(paths: Sequence[Path | None], form: str | None = None) -> int | None:
    """How many messages there will be; None when it cannot be known without reading everything twice."""
    total = 0
    for path in paths:
        if path is None:
            return None
        for file in _files(path) if path.is_dir() else (path,):
            try:
                if form == "mbox" or (form is None and _begins_like_mbox(file)):
                    with (
                        file.open("rb") as opened,
                        mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content,
                    ):
                        total += sum(1 for _ in _FROM_LINE.finditer(content))
                else:
                    total += 1
            except (OSError, ValueError):
                total += 1
    return total


def _files(folder: Path) -> Iterator[Path]:
    """Mail files below a folder: of a Maildir `cur` and `new`, never `tmp`; of any other folder every file."""
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            if entry.name == "tmp" and (folder / "cur").is_dir():
                continue
            yield from _files(entry)
        elif entry.is_file() and not entry.name.startswith(
            ("dovecot", "maildirfolder", "subscriptions", ".")
        ):
            yield entry


def _begins_like_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(5) == b"From "


def _file(path: Path, form: str | None) -> Iterator[Found | Refused]:
    shown = str(path)
    try:
        if path.stat().st_size == 0:
            yield Refused(shown, "the file is empty")
            return
        modified = int(path.stat().st_mtime)
        if form == "mbox" or (form is None and _begins_like_mbox(path)):
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                yield from _mbox(shown, content)
            return
        if path.stat().st_size > LARGEST:
            yield Refused(shown, f"larger than {LARGEST // 1_048_576} MB")
            return
        named = path.suffix.lower() == ".eml" or path.parent.name in ("cur", "new") or form is not None
        yield _one(shown, path.read_bytes(), modified, named)
    except OSError as error:
        yield Refused(shown, error.strerror or "cannot be read")


def _stream(shown: str, data: bytes, form: str | None) -> Iterator[Found | Refused]:
    if not data:
        yield Refused(shown, "nothing came in")
    elif form == "mbox" or (form is None and data.startswith(b"From ")):
        yield from _mbox(shown, data)
    else:
        yield _one(shown, data, None)


def _one(shown: str, raw: bytes, modified: Instant | None, named: bool = True) -> Found | Refused:
    """One message. What is not `named` like mail must begin like mail; the rest may be as broken as mail is."""
    head = raw[:4096]
    if (b"\0" in head or not named) and not _HEADER.match(head):
        return Refused(shown, "it is not a mail message")
    if not raw.strip():
        return Refused(shown, "there is nothing in it")
    return Found(shown, raw, at=modified)


def _mbox(shown: str, content: mmap.mmap | bytes) -> Iterator[Found | Refused]:
    """Messages of an mbox (RFC 4155, and its older cousins): a From_ line with a time begins each, after a blank line."""
    begins = [m for m in _FROM_LINE.finditer(content) if _after_blank(content, m.start())]
    if not begins:
        yield Refused(shown, "no message begins in it: no line like «From address date»")
        return
    if begins[0].start() > 0 and content[: begins[0].start()].strip():
        yield Refused(shown, f"{begins[0].start()} bytes before the first message are none", 0)
    for number, line in enumerate(begins, 1):
        end = begins[number].start() if number < len(begins) else len(content)
        if end - line.end() > LARGEST:
            yield Refused(shown, f"larger than {LARGEST // 1_048_576} MB", number)
            continue
        raw = _ESCAPED_FROM.sub(rb"\1", content[line.end() : end])
        for blank in (b"\r\n\r\n", b"\n\n"):
            if raw.endswith(blank):
                raw = raw[: -len(blank) // 2]
                break
        if not raw.strip():
            yield Refused(shown, "there is nothing in it", number)
            continue
        yield Found(shown, raw, number, _time_of(line[0]))


def _time_of(from_line: bytes) -> Instant | None:
    """The time a From_ line says, which is in UTC (RFC 4155)."""
    found = _FROM_TIME.search(from_line)
    if found is None:
        return None
    month, day, clock, year = (part.decode("ascii") for part in found.groups())
    return read_date(f"{day} {month} {year} {clock} +0000")[0]


def _after_blank(content: mmap.mmap | bytes, at: int) -> bool:
    return (
        at == 0
        or content[max(at - 2, 0) : at] in (b"\n\n", b"\n")
        or content[max(at - 4, 0) : at] == b"\r\n\r\n"
    )


def arrivals(
    found: Iterable[Found | Refused], us: Us, now: Instant, open_for: int, summary: Summary
) -> Iterator[tuple[Scope, Decide]]:
    """The changes that take messages in as history; what is refused goes into the summary.

    A message counts from its top Received, else its Date, else what the file knows, and never from the time to come.
    """
    for each in found:
        if isinstance(each, Refused):
            summary.refused.append(each)
            continue
        message = mime.parse(each.raw)
        at = next((t for t in (message.received, message.date, each.at) if t is not None), now)
        arrival = receive.Arrival(
            message, each.raw, min(at, now), trusted=True, history=True, us=us, open_for=open_for
        )
        yield receive.scope(arrival), receive.deciding(arrival)


def tally(found: Iterable[Found | Refused], total: int | None, into: Tally) -> None:
    """Count who writes to whom in a sample of messages, to work out who is us."""
    every = max(1, (total or 0) // SAMPLE)
    for number, each in enumerate(found):
        if number >= SAMPLE * every:
            break
        if isinstance(each, Refused) or number % every:
            continue
        message = mime.parse(each.raw[:SAMPLE_BYTES])
        sent = any("sent" in part.lower() for part in Path(each.path).parts[-4:-1])
        into.add(
            message.sender[0].address if message.sender else "",
            [a.address for a in message.to],
            [a.address for a in message.cc],
            sent,
        )


def take_in(
    store: Store,
    found: Iterable[Found | Refused],
    us: Us,
    now: Instant,
    open_for: int,
    progress: Callable[[Summary], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Summary:
    """Import messages; each comes in once, however often it is read. Cancelling keeps what is in; running it again
    goes on from there."""
    summary = Summary()

    def after(result: Sequence[Event] | Refusal) -> None:
        if isinstance(result, Refusal):
            summary.known += 1
        else:
            summary.added += any(event.type is EventType.RECEIVED for event in result)
        progress(summary)

    store.change_each(arrivals(found, us, now, open_for, summary), Who("import"), now, cancelled, after)
    summary.cancelled = cancelled()
    return summary
