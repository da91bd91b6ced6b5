"""Importing mail from files: eml, mbox and Maildir, read as a stream, placed as history, twice a no-op."""

from __future__ import annotations

import mmap
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from inbox import mime
from inbox.actions import receive
from inbox.beside import Apart
from inbox.chat.mailed import MailedChats
from inbox.errors import BadUsage
from inbox.model import Event, EventType, Instant, Message, Refusal, Who
from inbox.ports import Decide, Scope, Store
from inbox.settings import ContactForm, Watched
from inbox.stamps import read_date
from inbox.us import Tally, Us

LARGEST = 256 * 1024 * 1024
"""Messages larger than this are refused; no mail server lets them pass."""

WINDOW = 8 * 1024 * 1024
"""Bytes of an mbox that are looked at before they are let go."""

SAMPLE = 3_000
"""Messages that are looked at to work out who is us."""
SAMPLE_BYTES = 16_384

_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_FROM_LINE = re.compile(rb"^(?:\xef\xbb\xbf)?From ([^\r\n]*)\r?\n", re.MULTILINE)
_FROM_DATE = re.compile(
    rb"\b" + _MONTH + rb" +\d{1,2}\b[^\r\n]*\d\d:\d\d[^\r\n]*\b(?:19|20)\d\d\b"
    rb"|\b\d{1,2}[ -]" + _MONTH + rb"[ -](?:19|20)\d\d\b[^\r\n]*\d\d:\d\d"
)
_FROM_SENDER = re.compile(rb"(?:\S+@\S+|-|MAILER-DAEMON)\s*")
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}[ \t]*:|>?From ")
_FROM_TIME = re.compile(rb"([A-Z][a-z]{2}) +(\d{1,2}) +(\d\d:\d\d(?::\d\d)?) +(?:[^ \d]\S* +)?(\d{4})")
_GZIP = b"\x1f\x8b"
PACKED = "it is packed by gzip: unpack it first, and look at how large it becomes"
_ESCAPED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_END_OF_HEADER = re.compile(rb"(?<=\n)\r?\n")
_DRAFT = re.compile(r":2,[A-Za-z]*D[A-Za-z]*$")  # the flag of a Maildir
_USES = {
    "sent": (
        *("sent", "sent items", "sent messages", "sent mail", "sent-mail", "gesendet", "gesendete elemente"),
        *("gesendete objekte", "envoyés", "éléments envoyés", "enviados", "elementos enviados", "inviata"),
        *(
            "posta inviata",
            "verzonden",
            "verzonden items",
            "wysłane",
            "skickat",
            "sendt",
            "已发送",
            "送信済み",
        ),
    ),
    "junk": ("junk", "spam", "junk e-mail", "junk-e-mail", "junk mail", "bulk mail"),
    "drafts": (
        "drafts",
        "draft",
        "entwürfe",
        "entw&apw-rfe",
        "brouillons",
        "borradores",
        "bozze",
        "concepten",
    ),
}
_HEADER = re.compile(rb"\A(?:[^\r\n]{0,200}\r?\n){0,3}?[!-9;-~]{1,76}[ \t]*:", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Found:
    """A message in a file. `position` counts the messages of an mbox from 1; `at` is what the file knows of its time."""

    path: str
    raw: bytes
    position: int | None = None
    at: Instant | None = None
    use: str = ""  # "sent" or "junk", by the folder's name


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
    """Every message in these files and folders, in the order of their names; what cannot be read is Refused.

    What lies in a folder or an mbox called Junk is junk, in one called Sent it is ours; drafts are refused.
    """
    for path in paths:
        if path is None:
            yield from _stream("-", sys.stdin.buffer, form)
            continue
        for file in _files(path):
            if isinstance(file, Refused):
                yield file
                continue
            use = _use(path, file)
            if use == "drafts":
                yield Refused(str(file), "a draft, which was never sent")
                continue
            for each in _file(file, form):
                yield replace(each, use=use) if use and isinstance(each, Found) else each


def count(paths: Sequence[Path | None], form: str | None = None) -> int | None:
    """How many messages there will be; None when it cannot be known without reading everything twice."""
    total = 0
    for path in paths:
        if path is None:
            return None
        for file in _files(path):
            try:
                if isinstance(file, Path) and file.is_file() and _is_mbox(file, form):
                    with (
                        file.open("rb") as opened,
                        mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content,
                    ):
                        total += sum(1 for _ in _from_lines(content))
                else:
                    total += 1
            except (OSError, ValueError):
                total += 1
    return total


def _files(path: Path, seen: set[tuple[int, int]] | None = None) -> Iterator[Path | Refused]:
    """The path itself, or the mail files below a folder: of a Maildir `cur` and `new`, never `tmp`; of any other
    folder every file. Each folder once, though links may lead to it again."""
    seen = set() if seen is None else seen
    try:
        status = path.stat()
        if not stat.S_ISDIR(status.st_mode):
            yield path
            return
        if (status.st_dev, status.st_ino) in seen:
            return
        seen.add((status.st_dev, status.st_ino))
        entries = sorted(path.iterdir())
        is_maildir = (path / "cur").is_dir()
    except OSError as error:
        yield Refused(str(path), error.strerror or "cannot be read")
        return
    for entry in entries:
        if is_maildir and entry.name == "tmp":
            continue
        if entry.is_symlink() and not entry.exists():
            continue  # it leads nowhere
        if entry.name.startswith(("dovecot", "maildirfolder", "subscriptions")):
            continue
        if entry.name.startswith(".") and not entry.is_dir():
            continue
        yield from _files(entry, seen)


def _use(root: Path, file: Path) -> str:
    """What a file is kept for, as the names from `root` down to it say: "sent", "junk", "drafts" or ""."""
    if _DRAFT.search(file.name):
        return "drafts"
    for name in (root.name, *file.relative_to(root).parts):
        last = name.removesuffix(".mbox").removesuffix(".sbd").rpartition(".")[2].casefold()
        for use, names in _USES.items():
            if last in names:
                return use
    return ""


def _is_mbox(path: Path, form: str | None) -> bool:
    if form is not None:
        return form == "mbox"
    with path.open("rb") as file:
        return _begins_like_mbox(file.read(1024))


def _begins_like_mbox(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"From ")


def _file(path: Path, form: str | None) -> Iterator[Found | Refused]:
    shown = str(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            yield Refused(shown, "a pipe or a device: give what comes out of it on standard input, as -")
            return
        if status.st_size == 0:
            yield Refused(shown, "the file is empty")
            return
        if _is_mbox(path, form):
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                yield from _mbox(shown, content)
            return
        if status.st_size > LARGEST:
            yield Refused(shown, f"larger than {LARGEST // 1_048_576} MB")
            return
        named = path.suffix.lower() == ".eml" or path.parent.name in ("cur", "new") or form is not None
        yield _one(shown, path.read_bytes(), int(status.st_mtime), named)
    except OSError as error:
        yield Refused(shown, error.strerror or "cannot be read")


def _stream(shown: str, stream: BinaryIO, form: str | None) -> Iterator[Found | Refused]:
    """What comes over a pipe, through a file of its own: it may be larger than memory."""
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(stream, file)
        file.flush()
        if not file.tell():
            yield Refused(shown, "nothing came in")
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if form == "mbox" or (form is None and _begins_like_mbox(content[:1024])):
                yield from _mbox(shown, content)
            elif len(content) > LARGEST:
                yield Refused(shown, f"larger than {LARGEST // 1_048_576} MB")
            else:
                yield _one(shown, content[:], None)


def _one(shown: str, raw: bytes, modified: Instant | None, named: bool = True) -> Found | Refused:
    """One message. What is not `named` like mail must begin like mail; the rest may be as broken as mail is."""
    head = raw[:4096]
    if (b"\0" in head or not named) and not _HEADER.match(head):
        return Refused(shown, PACKED if head.startswith(_GZIP) else "it is not a mail message")
    if not raw.strip():
        return Refused(shown, "there is nothing in it")
    return Found(shown, raw, at=modified)


def _mbox(shown: str, content: mmap.mmap | bytes) -> Iterator[Found | Refused]:
    """Messages of an mbox (RFC 4155, and its older cousins): a From_ line begins each."""
    if content.find(b"\n") < 0:
        content = content[:].replace(b"\r", b"\n")
    begins = list(_from_lines(content))
    if not begins:
        yield Refused(shown, "no message begins in it: no line like «From address date»")
        return
    if begins[0].start() > 0 and content[: begins[0].start()].strip():
        yield Refused(shown, f"{begins[0].start()} bytes before the first message are none", 0)
    kept = 0
    for number, line in enumerate(begins, 1):
        if line.start() - kept > WINDOW:
            _let_go(content)
            kept = line.start()
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


def _windows(content: mmap.mmap | bytes) -> Iterator[tuple[int, int]]:
    """Stretches of whole lines, one after the other; a mailbox larger than memory passes through in them."""
    begin = 0
    while begin < len(content):
        end = content.find(b"\n", begin + WINDOW) + 1 or len(content)
        yield begin, end
        _let_go(content)
        begin = end


def _let_go(content: mmap.mmap | bytes) -> None:
    """Give the pages of a mapped file back: what was read of it counts as ours until then."""
    if isinstance(content, mmap.mmap):
        content.madvise(mmap.MADV_DONTNEED)


def _from_lines(content: mmap.mmap | bytes) -> Iterator[re.Match[bytes]]:
    """The From_ lines of an mbox. A line of a letter may begin with the same word, so that one counts when it has a
    date, and stands after a blank line or before a header; or when it has a sender alone and stands between both."""
    for line in chain.from_iterable(_FROM_LINE.finditer(content, *window) for window in _windows(content)):
        at = line.start()
        after_blank = (
            at == 0
            or content[max(at - 2, 0) : at] in (b"\n\n", b"\n")
            or content[max(at - 4, 0) : at] == b"\r\n\r\n"
        )
        before_header = _HEADER_LINE.match(content, line.end()) is not None
        if _FROM_DATE.search(line[1]):
            counts = after_blank or before_header
        else:
            counts = after_blank and before_header and _FROM_SENDER.fullmatch(line[1]) is not None
        if counts:
            yield line


def arrivals(
    found: Iterable[Found | Refused],
    us: Us,
    now: Instant,
    open_for: int,
    summary: Summary,
    forms: tuple[ContactForm, ...] = (),
    authserv_id: str | None = None,
    watched: Watched | None = None,
    chats: MailedChats | None = None,
) -> Iterator[tuple[Scope, Decide]]:
    """The changes that take messages in as history; what is refused goes into the summary.

    A message counts from its top Received, else its Date, else what the file knows, and never from the time to come.
    """
    for each, message in _read(found, summary):
        at = next((t for t in (message.received, message.date, each.at) if t is not None), now)
        arrival = receive.Arrival(
            message,
            each.raw,
            min(at, now),
            trusted=True,
            history=True,
            junk=each.use == "junk",
            us=us,
            open_for=open_for,
            forms=forms,
            authserv_id=authserv_id,
            watched=watched,
        )
        if chats is not None:
            arrival = chats.told(arrival, Who("import"))
        yield receive.scope(arrival), receive.deciding(arrival)


def _read(found: Iterable[Found | Refused], summary: Summary) -> Iterator[tuple[Found, Message]]:
    """Read what is found, one after the other, suspicious mail within limits; refusals go into the summary."""
    with Apart() as apart:
        for each in found:
            if isinstance(each, Refused):
                summary.refused.append(each)
            else:
                yield each, mime.parse(each.raw, apart.read)


def tally(found: Iterable[Found | Refused], total: int | None, into: Tally) -> None:
    """Count who writes to whom in a sample of messages, to work out who is us."""
    every = max(1, (total or 0) // SAMPLE)
    for number, each in enumerate(found):
        if number >= SAMPLE * every:
            break
        if isinstance(each, Refused) or number % every:
            continue
        message = mime.parse(_END_OF_HEADER.split(each.raw[:SAMPLE_BYTES], 1)[0])
        into.add(
            message.sender[0].address if message.sender else "",
            [a.address for a in message.to],
            [a.address for a in message.cc],
            each.use == "sent",
        )


def take_in(
    store: Store,
    found: Iterable[Found | Refused],
    us: Us,
    now: Instant,
    open_for: int,
    progress: Callable[[Summary], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    forms: tuple[ContactForm, ...] = (),
    authserv_id: str | None = None,
    watched: Watched | None = None,
    chats: MailedChats | None = None,
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

    placed = arrivals(found, us, now, open_for, summary, forms, authserv_id, watched, chats)
    store.change_each(placed, Who("import"), now, cancelled, after)
    summary.cancelled = cancelled()
    return summary
