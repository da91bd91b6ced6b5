"""How often reply, quote and signature are told apart exactly, by mail program and language.

Run by hand: `python -m benchmarks.letters [--misses] [GROUP …]`. The letters lie in tests/letters/, a folder a group
("first": written before the module was finished; "fresh": written after it, without a look at its tables); a single
file is a group, too ("fresh/fourth"). A file there is a run of entries:

    # Outlook web | German | top answer      program, language, what is special about it
    @ both windows-1252 qp                   form (plain, flowed, both, html), charset, transfer encoding
    @ subject Fwd: Invoice                   only where it matters
    W|what the person wrote
    Q|what they quoted
    S|their signature                        "␣" is a blank at the end of a line

An entry of the form "html" has HTML instead, and below it what has to be found, under "=W", "=Q" and "=S". Each
entry becomes the bytes of a mail as the program would send it: its parts, charset, encoding and CRLF line ends.
"""

from __future__ import annotations

import argparse
import base64
import html
import quopri
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from email.header import Header
from pathlib import Path

from inbox.mime import parse

LETTERS = Path(__file__).parent.parent / "tests" / "letters"
GROUPS = ("first", "fresh")
PARTS = {"W": "reply", "Q": "quoted", "S": "signature"}
_WIDTH = 72  # characters of a line of format=flowed
_BOUNDARIES = {
    "Gmail": "0000000000003f1c2a05d3f1a7b2",
    "Apple": "Apple-Mail=_4B0D5E0A-7F1C-4C55-9E0B-1B0B3F0C2D11",
    "iOS": "Apple-Mail-5A1F2C3D-0B1A-4C2D-8E3F-4A5B6C7D8E9F",
    "Outlook": "_000_AM0PR01MB1234A1B2C3D4E5F6AM0PR01MB1234eurp_",
}


@dataclass
class Letter:
    """One entry: what is sent, and what has to be found in it."""

    title: str
    form: str = "plain"
    charset: str = "utf-8"
    encoding: str = "8bit"
    subject: str = "Re: Order 1204"
    lines: list[str] = field(default_factory=list)  # the text, or the HTML
    expected: dict[str, list[str]] = field(default_factory=lambda: {"W": [], "Q": [], "S": []})

    @property
    def client(self) -> str:
        """The mail program."""
        return self.title.split("|")[0].strip()

    @property
    def language(self) -> str:
        """The language it is set to."""
        return self.title.split("|")[1].strip()

    def raw(self) -> bytes:
        """The bytes of the mail."""
        head = [
            ("From", "Dana Cole <dana@mail.example>"),
            ("To", "Lamp Support <help@lamps.example>"),
            (
                "Subject",
                Header(self.subject, "utf-8").encode() if not self.subject.isascii() else self.subject,
            ),
            ("Date", "Fri, 13 Mar 2026 08:15:00 +0000"),
            ("Message-ID", f"<{sum(map(ord, self.title))}.{len(self.lines)}@mail.example>"),
            ("MIME-Version", "1.0"),
        ]
        text = "\n".join(self.lines)
        if self.form == "html":
            body = self._part("text/html", text)
        elif self.form == "flowed":
            body = self._part("text/plain", "\n".join(map(_flowed, self.lines)), "; format=flowed")
        elif self.form == "plain":
            body = self._part("text/plain", text)
        else:
            boundary = _BOUNDARIES.get(self.client.split()[0], "----=_Part_9071_1418.1773386100")
            page = f"<html><body><div>{html.escape(text).replace(chr(10), '<br>')}</div></body></html>"
            pieces = (self._part("text/plain", text), self._part("text/html", page))
            body = f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'.encode()
            body += b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), piece) for piece in pieces)
            body += b"--%s--\r\n" % boundary.encode()
        return "".join(f"{name}: {value}\r\n" for name, value in head).encode() + body

    def _part(self, kind: str, text: str, more: str = "") -> bytes:
        data = (text + "\n").replace("\n", "\r\n").encode(self.charset)
        if self.encoding == "qp":
            data = quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
        elif self.encoding == "base64":
            data = base64.encodebytes(data).replace(b"\n", b"\r\n")
        names = {"qp": "quoted-printable"}
        head = f'Content-Type: {kind}; charset="{self.charset}"{more}\r\n'
        return (
            f"{head}Content-Transfer-Encoding: {names.get(self.encoding, self.encoding)}\r\n\r\n".encode()
            + data
        )


def _flowed(line: str) -> str:
    """A line as format=flowed wraps it (RFC 3676): a blank at each soft end, marks before each piece."""
    words = line.lstrip(">")
    marks = line[: len(line) - len(words)]
    pieces, piece = [], ""
    for word in words.split(" "):
        if piece and len(piece) + len(word) > _WIDTH:
            pieces.append(piece + " ")
            piece = word
        else:
            piece = f"{piece} {word}" if piece or word != words.split(" ")[0] else word
    pieces.append(piece)
    return "\n".join(f"{marks}{' ' if marks and not each.startswith(' ') else ''}{each}" for each in pieces)


def read(group: str) -> list[Letter]:
    """The letters of a group, a folder or a file without its ending, in the order of the files' names."""
    paths = sorted((LETTERS / group).glob("*.txt")) or [LETTERS / f"{group}.txt"]
    return [letter for path in paths for letter in _entries(path)]


def _entries(path: Path) -> Iterable[Letter]:
    letter: Letter | None = None
    section = ""
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("# "):
            if letter is not None:
                yield letter
            letter, section = Letter(line[2:]), ""
        elif letter is None:
            continue
        elif line.startswith("@ subject "):
            letter.subject = line.removeprefix("@ subject ")
        elif line.startswith("@ "):
            letter.form, letter.charset, letter.encoding = line[2:].split()
        elif line in ("=W", "=Q", "=S"):
            section = line[1]
        elif section:
            letter.expected[section].append(line)
        elif letter.form == "html":
            letter.lines.append(line)
        else:
            kind, said = line[:1], line[2:].replace("␣", " ")
            letter.lines.append(said)
            if kind:
                letter.expected[kind].append(said)
    if letter is not None:
        yield letter


def filled(lines: Iterable[str]) -> list[str]:
    """The lines with words, without blanks at their ends: what has to agree."""
    return [line.rstrip() for line in lines if line.strip(" \t\xa0>")]


@dataclass
class Found:
    """What was found in a letter, by part, and the written lines that are not in the reply."""

    letter: Letter
    parts: dict[str, list[str]]
    swallowed: list[str]

    @property
    def exact(self) -> dict[str, bool]:
        """By part, whether it is exactly what was expected."""
        return {kind: self.parts[kind] == filled(self.letter.expected[kind]) for kind in PARTS}


def judge(letter: Letter) -> Found:
    """Read a letter and compare."""
    message = parse(letter.raw())
    parts = {kind: filled(getattr(message, name).split("\n")) for kind, name in PARTS.items()}
    missing = Counter(line.strip() for line in filled(letter.expected["W"]))
    missing -= Counter(line.strip() for line in parts["W"])
    return Found(letter, parts, list(missing.elements()))


def _table(found: Sequence[Found], heading: str) -> None:
    rows: dict[str, list[Found]] = {}
    for each in found:
        rows.setdefault(each.letter.client if heading == "program" else each.letter.language, []).append(each)
    print(f"{heading:26}{'mails':>7}{'reply':>7}{'quoted':>8}{'signature':>11}{'all':>6}")
    for name, group in [*sorted(rows.items()), ("all", list(found))]:
        exact = [each.exact for each in group]
        counts = [sum(each[kind] for each in exact) for kind in PARTS]
        whole = sum(all(each.values()) for each in exact)
        print(f"{name:26}{len(group):7}{counts[0]:7}{counts[1]:8}{counts[2]:11}{whole:6}")


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("groups", nargs="*", default=GROUPS, metavar="GROUP")
    options.add_argument("--misses", action="store_true", help="show what was found where it is not exact")
    chosen = options.parse_args()
    for group in chosen.groups:
        found = [judge(letter) for letter in read(group)]
        print(
            f"{group}: {len(found)} mails, {sum(len(each.swallowed) for each in found)} written lines swallowed"
        )
        if chosen.misses:
            for each in found:
                if not all(each.exact.values()):
                    print(f"\n{each.letter.title}")
                    print("\n".join(f"  {kind}|{line}" for kind in PARTS for line in each.parts[kind]))
            print()
        _table(found, "program")
        print()
        _table(found, "language")
        print()


if __name__ == "__main__":
    main()
