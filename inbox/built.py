"""Reading again what was built: the last look before a message may be queued.

The reader is the standard library's, not ours, and it is compared with what was meant, not with how it was written: a
header that nobody asked for, a value that reads otherwise, a lost line of text are each a problem in words.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import Message as Parsed
from email.utils import getaddresses

from inbox.bodies import unflow
from inbox.flowed import plain
from inbox.outgoing import LONGEST_LINE, Outgoing, expected_fields, file_name

_MIME = {"MIME-Version", "Content-Type", "Content-Transfer-Encoding"}
_LISTS = {"From", "To", "Cc", "Reply-To"}


def verify_built(raw: bytes, outgoing: Outgoing) -> list[str]:
    """What is wrong with `raw` as the bytes of `outgoing`; [] when all is as it was meant."""
    expected = expected_fields(outgoing)
    parsed = message_from_bytes(raw, policy=policy.compat32)
    problems = [*_form(raw), *_names(raw, expected, outgoing)]
    for name, value in expected.items():
        found = parsed.get_all(name, [])
        if len(found) != 1:
            problems.append(f"{name} is there {len(found)} times")
        elif (read := _read(name, str(found[0]))) != value:
            problems.append(f"{name} reads {read!r} and should read {value!r}")
    return problems + _content(parsed, outgoing)


def _form(raw: bytes) -> list[str]:
    problems = []
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        problems.append("a line does not end in CR and LF")
    if not raw.isascii() or b"\0" in raw:
        problems.append("a byte is no plain ASCII")
    if max(map(len, raw.split(b"\r\n"))) > LONGEST_LINE:
        problems.append("a line is too long")
    return problems


def _names(raw: bytes, expected: dict[str, str], outgoing: Outgoing) -> list[str]:
    """The names straight from the bytes, so that no parser's idea of a header hides one."""
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
    names = [line.partition(":")[0] for line in head.split("\r\n") if line[:1] not in (" ", "\t")]
    single = outgoing.html is None and not outgoing.attachments
    content = ["MIME-Version", "Content-Type", *(["Content-Transfer-Encoding"] if single else [])]
    wanted = [*expected, *content]
    return [] if names == wanted else [f"the header has {names} and should have {wanted}"]


def _read(name: str, value: str) -> str:
    unfolded = re.sub(r"\r\n(?=[ \t])", "", value)
    if name in _LISTS:
        pairs = getaddresses([unfolded])
        return ", ".join(f"{_decoded(shown)} <{address}>".strip() for shown, address in pairs)
    return _decoded(unfolded) if name == "Subject" else unfolded


def _decoded(value: str) -> str:
    if "=?" not in value:
        return value
    parts = decode_header(value)
    return "".join(
        part.decode(charset or "ascii", "replace") if isinstance(part, bytes) else part
        for part, charset in parts
    )


def _content(parsed: Parsed, outgoing: Outgoing) -> list[str]:
    problems = []
    leaves = [part for part in parsed.walk() if not part.is_multipart()]
    texts = 1 if outgoing.html is None else 2
    if len(leaves) != texts + len(outgoing.attachments):
        return [f"the body has {len(leaves)} parts"]
    text = _bytes(leaves[0]).decode("utf-8", "replace").replace("\r\n", "\n")
    if plain(unflow(text)) != plain(outgoing.text):
        problems.append("the text reads otherwise")
    if outgoing.html is not None and _lines(_bytes(leaves[1])) != _lines(
        outgoing.html.encode("utf-8", "replace")
    ):
        problems.append("the HTML reads otherwise")
    for part, file in zip(leaves[texts:], outgoing.attachments, strict=True):
        if _bytes(part) != file.content or part.get_filename() != file_name(file.name):
            problems.append(f"the attachment {file_name(file.name)} is not what it was")
    return problems


def _lines(data: bytes) -> list[bytes]:
    return re.split(rb"\r\n?|\n", data.rstrip())


def _bytes(part: Parsed) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
