"""Rich Text Format to plain text, and the compression Outlook wraps it in (MS-OXRTFCP); nothing here raises.

Only words are read: no styles, no pictures. Text that was HTML before Outlook had it stands in the RTF with its tags
(MS-OXRTFEX); the tags are left out, the words stay.
"""

from __future__ import annotations

import re
from binascii import unhexlify

from inbox.charsets import codec

LONGEST = 4_000_000
"""Bytes of RTF that are read; a small compressed text may pretend to be a large one."""

_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?"  # 1 a control word, 2 its number
    rb"|\\'([0-9a-fA-F]{2})"  # 3 a byte of the charset
    rb"|\\([^a-zA-Z])"  # 4 a control symbol
    rb"|([{}])"  # 5 a group begins or ends
    rb"|[\r\n]+"
    rb"|([^\\{}\r\n]+)",  # 6 text
    re.DOTALL,
)
_NO_TEXT = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata datastore listtable listoverridetable rsidtbl generator "
    b"header footer headerl headerr footerl footerr xmlnstbl fldinst latentstyles colorschememapping nonshppict "
    b"filetbl revtbl bkmkstart bkmkend mhtmltag".split()
)
_BREAKS = {
    b"par": "\n",
    b"line": "\n",
    b"sect": "\n",
    b"page": "\n",
    b"row": "\n",
    b"tab": "\t",
    b"cell": "\t",
}
_SIGNS = {
    **{b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“"},
    **{b"rdblquote": "”", b"emspace": " ", b"enspace": " "},
}
_DEEPEST = 500


def unpacked(data: bytes) -> bytes:
    """Compressed RTF (`PR_RTF_COMPRESSED`) as it was; b"" when it is none. At most `LONGEST` bytes."""
    kind = data[8:12]
    if kind == b"MELA":
        return data[16 : 16 + LONGEST]
    if kind != b"LZFu":
        return b""
    window = bytearray(_DICTIONARY.ljust(4096, b"\0"))
    at_window = len(_DICTIONARY)
    out = bytearray()
    at, size = 16, min(int.from_bytes(data[4:8], "little"), LONGEST)
    while at < len(data) and len(out) < size:
        control = data[at]
        at += 1
        for bit in range(8):
            if control >> bit & 1:
                if at + 2 > len(data):
                    return bytes(out)
                reference = data[at] << 8 | data[at + 1]
                at += 2
                offset, length = reference >> 4, (reference & 15) + 2
                if offset == at_window:  # points at where it is written: the end
                    return bytes(out)
                for step in range(length):
                    byte = window[(offset + step) % 4096]
                    out.append(byte)
                    window[at_window] = byte
                    at_window = (at_window + 1) % 4096
            elif at < len(data):
                out.append(data[at])
                window[at_window] = data[at]
                at_window = (at_window + 1) % 4096
                at += 1
    return bytes(out)


def rtf_to_text(data: bytes) -> str:
    """The words of an RTF document, its paragraphs as lines; linear in its length."""
    codepage = "cp1252"
    found = re.search(rb"\\ansicpg(\d{3,5})", data[:2000])
    if found:
        codepage = codec(f"cp{int(found[1])}") or codepage
    out: list[str] = []
    pending = bytearray()  # bytes of the charset that follow each other
    hidden, after_unicode = False, 1  # of the group that is open; characters that stand for one of Unicode
    groups: list[tuple[bool, int]] = []
    skip = 0
    from_html = b"\\fromhtml" in data[:400]

    def flush() -> None:
        if pending:
            out.append(pending.decode(codepage, "replace"))
            pending.clear()

    for token in _TOKEN.finditer(data[:LONGEST]):
        word, number, code, symbol, brace, text = token.groups()
        if code is not None:
            if skip:
                skip -= 1
            elif not hidden:
                pending += unhexlify(code)
            continue
        if text is not None:
            cut, skip = text[skip:], max(0, skip - len(text))
            if cut and not hidden:
                pending += cut
            continue
        flush()
        if brace == b"{":
            if len(groups) < _DEEPEST:
                groups.append((hidden, after_unicode))
        elif brace == b"}":
            if groups:
                hidden, after_unicode = groups.pop()
            skip = 0
        elif symbol is not None:
            if symbol == b"*":
                hidden = True
            elif not hidden and symbol in b"\\{}":
                out.append(symbol.decode("ascii"))
            elif not hidden and symbol in b"\r\n":
                out.append("\n")
            elif not hidden and symbol in b"~_":
                out.append(" " if symbol == b"~" else "-")
        elif word is not None:
            if word in _NO_TEXT:
                hidden = True
            elif word == b"htmlrtf" and from_html:
                hidden = number != b"0"
            elif word == b"uc" and number:
                after_unicode = min(max(int(number), 0), 10)
            elif word == b"u" and number and not hidden:
                out.append(chr(int(number) % 65536))
                skip = after_unicode
            elif word == b"bin" and number:
                continue
            elif not hidden:
                out.append(_BREAKS.get(word) or _SIGNS.get(word, ""))
    flush()
    joined = "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
    return "\n".join(line.rstrip(" \t") for line in joined.split("\n")).strip()
