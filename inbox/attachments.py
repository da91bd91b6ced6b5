"""The attachments of a conversation: their numbers, their bytes, and names that are safe for a file.

A name in a mail is text of a stranger. As a file it loses its path, everything a terminal or a file system would obey,
and what would make it look like another kind; a file that is there already is never written over.
"""

from __future__ import annotations

import errno
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from inbox.errors import NotDone, WorldError
from inbox.model import Attachment, Instant
from inbox.ports import DraftFile, Item
from inbox.safe_file import sync_folder
from inbox.text import one_line, sanitise

if TYPE_CHECKING:
    from inbox.parts import Part

LONGEST_NAME = 120
"""Characters of a file's name that are kept, its ending included; file systems take 255 bytes (POSIX NAME_MAX)."""

AS_SENT = 78 / 57
"""Bytes that a byte of a file takes in a message: base64, in lines (RFC 2045, 6.8)."""

_MOST_BYTES = 200
_MOST_ALIKE = 1000  # names that are tried until one is free
_NO_FILE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u2028\u2029]+')
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|CLOCK\$|COM[0-9¹²³]|LPT[0-9¹²³])(?:\.|$)", re.IGNORECASE)
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,10}$")
_ENDINGS = {
    "application/pdf": ".pdf",
    "application/json": ".json",
    "application/zip": ".zip",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/vcard": ".vcf",
}
_PROGRAM_ENDINGS = """
    apk app appimage bat bin cmd com command cpl deb desktop dll dmg docm dotm exe hta htm html img iso jar jnlp js jse lnk
    mht mhtml msc msi msp one pif pkg pl potm ppam pptm ps1 py rb reg rpm run scf scr sh shtml svg url vb vbe vbs vhd webloc
    wsf wsh xhtml xlam xlsm xltm xml xsl
"""
_PROGRAMS = frozenset(_PROGRAM_ENDINGS.split())
_BEGINS_PROGRAM = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
_IS_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|svg|script)", re.IGNORECASE)


_FOR_PROGRAMS = frozenset(
    (
        *("message/delivery-status", "message/global-delivery-status", "message/disposition-notification"),
        *("message/global-disposition-notification", "message/feedback-report"),
        *("text/rfc822-headers", "message/global-headers"),
    )
)
"""Parts of a report that hold nothing but fields (RFC 3464, RFC 8098, RFC 5965, RFC 6522, RFC 6533)."""


class Listed(NamedTuple):
    """An attachment and its number in its conversation, from 1; `place` counts within its message, from 0."""

    number: int
    message: int
    at: Instant
    place: int
    attachment: Attachment


def listed(items: Sequence[Item]) -> list[Listed]:
    """Every attachment of a conversation, oldest message first. Pictures within a text have numbers, too."""
    found = ((item, place, each) for item in items for place, each in enumerate(item.attachments))
    return [
        Listed(number, item.id, item.at, place, each) for number, (item, place, each) in enumerate(found, 1)
    ]


def stands_aside(attachment: Attachment) -> bool:
    """Whether it is listed only where everything is: a picture that belongs to the text, or what a report says to
    programs, which is told in words."""
    if attachment.type in _FOR_PROGRAMS:
        return not attachment.name
    return attachment.inline and attachment.type.startswith("image/")


def shown_name(attachment: Attachment) -> str:
    """The name as it may be shown: one clean line without a path."""
    return one_line(_without_path(attachment.name or ""), LONGEST_NAME) or "(no name)"


def content(raw: bytes, attachments: Sequence[Attachment], place: int) -> bytes | None:
    """What one attachment of a message holds, decoded; None when it is not found again in the message's bytes."""
    return next(contents(raw, attachments, [place]))


def contents(raw: bytes, attachments: Sequence[Attachment], places: Iterable[int]) -> Iterator[bytes | None]:
    """What these attachments of a message hold, one after the other."""
    from inbox.parts import read_parts  # what reads mail is loaded where mail is read

    root = read_parts(raw, [])
    leaves = root.leaves() if root.children else [root]
    for place in places:
        wanted = attachments[place]
        before = sum(each == wanted for each in attachments[:place])
        yield next(islice(_files(raw, leaves, wanted), before, None), None)


def _files(raw: bytes, leaves: Sequence[Part], wanted: Attachment) -> Iterator[bytes]:
    """What could be it, in the order of the message: parts of the mail, then files within parts."""
    from inbox.tnef import SIGNATURE, unpack

    for leaf in leaves:
        if (leaf.filename, leaf.type) == (wanted.name, wanted.type):
            data = leaf.content(raw, [])
            if len(data) == wanted.size:
                yield data
    for leaf in leaves:
        data = leaf.content(raw, [])
        if data.startswith(SIGNATURE):
            packed = unpack(data)
            for file in packed.files if packed is not None else ():
                if one_line(file.name or "", 255) == (wanted.name or "") and len(file.data) == wanted.size:
                    yield file.data
        elif wanted.name and leaf.type.startswith("text/"):
            yield from _in_text(data, wanted.name, wanted.size)


def _in_text(data: bytes, name: str, size: int) -> Iterator[bytes]:
    """Files of this name that stand in a text, uuencoded or in yEnc."""
    from inbox.transfer import from_uu, from_yenc

    for begin in re.finditer(rb"(?m)^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n", data):
        if one_line(begin[1].decode("utf-8", "replace"), 255) == name:
            end = re.compile(rb"(?m)^end[ \t\r]*$").search(data, begin.end())
            file = from_uu(data[begin.end() : end.start() if end else len(data)])
            if len(file) == size:
                yield file
    for begin in re.finditer(rb"(?m)^=ybegin [^\r\n]{0,200}? ?name=([^\r\n]{1,255})\r?\n", data):
        if one_line(begin[1].decode("utf-8", "replace"), 255) == name:
            end = re.compile(rb"(?m)^=yend ").search(data, begin.end())
            file = from_yenc(data[begin.end() : end.start() if end else len(data)])
            if len(file) == size:
                yield file


def check_size(name: str, size: int, there: Sequence[DraftFile], limit: int) -> None:
    """Raises NotDone when a message with this file as well would be larger than mail servers take (`attach_limit`)."""
    whole = (size + sum(file.size for file in there)) * AS_SENT
    if whole > limit:
        raise NotDone(
            f"{one_line(name, 60)} was not attached: the message would have {whole / 1e6:.1f} MB as sent, and"
            f" {limit / 1e6:.0f} MB is the limit.",
            "Send a link, or fewer at a time (attach_limit in settings.toml).",
        )


# ------------------------------------------------------------ names of files


def file_name(attachment: Attachment) -> str:
    """The name a file of ours gets: never empty, never a path, hidden, reserved, an option, or of two directions."""
    name = unicodedata.normalize("NFC", _without_path(attachment.name or ""))
    name = _NO_FILE.sub("_", sanitise(name.replace("\n", " ").replace("\t", " ")))
    name = " ".join("".join(filter(str.isprintable, name)).split()).strip(". ")
    if name.startswith(("-", "~")):
        name = "_" + name
    ending = _ENDING.search(name)
    if not name or (ending is not None and ending.start() == 0):
        name = "attachment" + (name or _ENDINGS.get(attachment.type, ""))
        ending = _ENDING.search(name)
    if _RESERVED.match(name):
        name = "_" + name
    tail = ending[0] if ending is not None else ""
    stem = name[: len(name) - len(tail)][: LONGEST_NAME - len(tail)]
    while len((stem + tail).encode()) > _MOST_BYTES:
        stem = stem[:-1]
    return (stem.rstrip(". ") or "attachment") + tail


def _without_path(name: str) -> str:
    return re.split(r"[/\\]", name.rstrip("/\\ "))[-1]


def save(data: bytes, folder: Path, attachment: Attachment, name: str = "") -> Path:
    """Write an attachment into a folder, under `name` as a person typed it or its own made safe; where it lies now.

    Nothing is written over and no link is followed: a name that is taken becomes "name (2).pdf". Only the owner may read
    it (0600). Raises NotDone when the folder is none, WorldError when the disk refuses.
    """
    wanted = Path(name or file_name(attachment))
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    for count in range(1, _MOST_ALIKE):
        path = folder / (wanted.name if count == 1 else f"{wanted.stem} ({count}){wanted.suffix}")
        try:
            number = os.open(path, flags, 0o600)
        except FileExistsError:
            continue
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR):
                raise NotDone(
                    f"There is no folder {one_line(str(folder), 80)}.", "Name one that is there."
                ) from None
            raise _refused(path, error) from error
        try:
            with os.fdopen(number, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), 0o600)
                os.fsync(file.fileno())
            sync_folder(folder)
        except OSError as error:
            with suppress(OSError):
                path.unlink()
            raise _refused(path, error) from error
        return path
    raise NotDone(f"{one_line(wanted.name, 60)} is there a thousand times.", "Save it in another folder.")


def _refused(path: Path, error: OSError) -> WorldError:
    return WorldError(
        f"{one_line(path.name, 60)} could not be saved: {error.strerror}.",
        "Check the rights and the room there.",
    )


def runs(attachment: Attachment, data: bytes) -> bool:
    """Whether opening it could run it: a program, a script, a page a browser obeys, a document with macros."""
    ending = file_name(attachment).rpartition(".")[2].lower()
    return ending in _PROGRAMS or data.startswith(_BEGINS_PROGRAM) or _IS_MARKUP.match(data) is not None
