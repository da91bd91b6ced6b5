"""Files that stand in the text of a mail itself: uuencoded as before MIME, or in yEnc as in newsgroups."""

from __future__ import annotations

import re

from inbox.model import Attachment
from inbox.text import one_line
from inbox.transfer import from_uu, from_yenc, is_uu_line

_UU_BEGIN = re.compile(r"^begin [0-7]{3,4} (\S[^\n]{0,200})\n(?=[!-`][ -`]{1,64}\n|`?\n)", re.MULTILINE)
_YENC = re.compile(
    rb"^=ybegin [^\n]{0,200}? name=([^\r\n]{1,255})\r?\n(.*?)(?:^=yend [^\n]*\n?|\Z)",
    re.MULTILINE | re.DOTALL,
)


def without_yenc(data: bytes) -> tuple[bytes, list[Attachment]]:
    """The bytes of a text without the files in yEnc that stand there, and these."""
    files: list[Attachment] = []
    if b"=ybegin " not in data:
        return data, files

    def take(found: re.Match[bytes]) -> bytes:
        files.append(_file(found[1].decode("utf-8", "replace"), from_yenc(found[2])))
        return b""

    return _YENC.sub(take, data), files


def without_uuencoded(text: str) -> tuple[str, list[Attachment]]:
    """A text without the uuencoded files that stand there, and these; a line that is none of the file stays."""
    files: list[Attachment] = []
    if "begin " not in text:
        return text, files
    out: list[str] = []
    at = 0
    while (begin := _UU_BEGIN.search(text, at)) is not None:
        stop = begin.end()
        while stop < len(text):
            newline = text.find("\n", stop)
            line = text[stop : newline if newline >= 0 else len(text)].rstrip()
            if line != "end" and line and not is_uu_line(line.encode("utf-8", "replace")):
                break
            stop = newline + 1 or len(text)
            if line == "end":
                break
        out.append(text[at : begin.start()])
        files.append(_file(begin[1], from_uu(text[begin.end() : stop].encode("utf-8", "replace"))))
        at = stop
    return "".join(out) + text[at:], files


def _file(name: str, data: bytes) -> Attachment:
    return Attachment(one_line(name, 255), "application/octet-stream", len(data))
