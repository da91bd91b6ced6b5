"""Bytes to text, whatever a mail claims about them: declared; else UTF-8; else ISO-2022 by its escapes;
else guessed.

What is declared is often wrong: a charset that does not exist, Latin-1 said of UTF-8, GB2312 said of GBK.
Every answer comes with a complaint in words, or None when the bytes were what they claimed to be.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from inbox.text import one_line

# Windows' larger sets stand in for the standard ones, as in browsers
# (https://encoding.spec.whatwg.org/#names-and-labels): mail that says the smaller name routinely uses the
# characters of the larger one.
_SUPERSETS = {
    "ascii": "ascii",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "cp950",
}

_ALIASES = {
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "utf-8-sig": "utf-8",
    "utf_8_sig": "utf-8",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "x-sjis": "cp932",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gb18030",
    "x-x-big5": "cp950",
    "gb_2312-80": "gb18030",
    "windows-874": "cp874",
    "dos-874": "cp874",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-user-defined": "",
    "unicode-1-1-utf-7": "utf-7",
}

_NOT_SAID = frozenset(
    ("", "unknown-8bit", "x-unknown", "unknown", "default", "8bit", "7bit", "binary", "none")
)

# Codecs of Python that are no charsets of mail, or turn bytes into code: never by a stranger's word.
_REFUSED = frozenset(
    (
        "idna",
        "punycode",
        "unicode-escape",
        "raw-unicode-escape",
        "undefined",
        "mbcs",
        "oem",
        "charmap",
        "palmos",
    )
)

_SINGLE_BYTE = re.compile(r"(?:cp125\d|cp874|cp866|iso8859-\d+|koi8-[rut]|mac-\w+|cp437|cp85\d|ptcp154)$")

# What chardet may answer: charsets that mail is really written in.
_LATIN = ("windows-1250", "windows-1252", "windows-1254", "windows-1257", "windows-1258", "iso-8859-2")
_OTHERS = (
    "utf-16le",
    "utf-16be",
    "windows-1251",
    "windows-1253",
    "windows-1255",
    "windows-1256",
    "windows-874",
    "iso-8859-5",
    "iso-8859-7",
    "koi8-r",
    "koi8-u",
    "shift_jis",
    "cp932",
    "euc-jp",
    "gb18030",
    "big5",
    "euc-kr",
    "cp949",
)

_ISO_2022_JP = re.compile(rb"\x1b(?:\$[@B]|\([IJ]|\$\(D)")
_ISO_2022_KR = re.compile(rb"\x1b\$\)C")
_JP_ESCAPE = re.compile(rb"\x1b(\$[@B]|\([BIJ]|\$\([DOPQ])")

_ASCII_LETTER = re.compile(rb"[A-Za-z]")
_PLAIN_WORD = re.compile(rb"(?<![\x80-\xff])[A-Za-z0-9]{2,}(?![\x80-\xff])")
_KANA = re.compile("[ぁ-んァ-ヶー]")
_HIGH_RUN = re.compile(rb"[\xc0-\xff]{3}|[\x80-\xff]{4}")
# Signs inside words, and letters at which Turkish and Central European sets differ from Western ones.
_NOT_WESTERN = re.compile("[^\\W\\d_][¢-©«-¶¸-¿ŸžœšðþýÐÞÝ×÷†-›™][^\\W\\d_]|[¹³¶±¿¼¾][a-z]|[ðþýÐÞÝ\ufffd]")


@lru_cache(maxsize=512)
def codec(declared: str) -> str | None:
    """Python's codec for a charset as a mail names it (the larger of two that are confused); else None."""
    name = declared.strip(" \t\"'").lower()
    if " (" in name:  # a comment (RFC 2045, 5.1)
        name = name.partition(" (")[0]
    if name in _NOT_SAID or len(name) > 40 or "\0" in name:
        return None
    name = _ALIASES.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        return None
    if found.name in _REFUSED or not getattr(found, "_is_text_encoding", True):
        return None
    return _SUPERSETS.get(found.name, found.name)


def decode(data: bytes, declared: str | None) -> tuple[str, str | None]:
    """`data` as text without NUL, and what was odd about its charset in words, or None.

    Never raises; the text always encodes to UTF-8.
    """
    if data.isascii() and b"\x1b" not in data and b"\0" not in data:
        name = codec(declared) if declared else None
        if name is None:
            odd = declared is not None and declared.strip(" \t\"'").lower() not in _NOT_SAID
            return data.decode("ascii"), _unknown(declared) if odd and declared else None
        if name in ("utf-8", "ascii", "cp1252"):
            return data.decode("ascii"), None
    text, complaint = _decode(data, declared)
    if "\0" in text:
        text = text.replace("\0", "")
        complaint = complaint or "NUL bytes stood in the text"
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text, complaint


def _unknown(declared: str) -> str:
    return f"the charset “{one_line(declared, 40)}” is unknown"


def _decode(data: bytes, declared: str | None) -> tuple[str, str | None]:
    said = declared.strip(" \t\"'").lower() if declared else ""
    for mark, wide in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            rest = data[len(mark) :] if wide == "utf-8" else data
            text = _try(rest, wide)
            if text is not None:
                return text, None
    name = codec(said)
    if name is not None and name.startswith(("utf-16", "utf-32")):
        if b"\0" not in data and _try(data, "utf-8") is not None and len(data) > 3:
            return data.decode(), f"the charset is UTF-8, not “{one_line(said, 40)}”"
    elif b"\0" in data and (wide_name := wide_by_zeros(data)):
        text = _try(data, wide_name)
        if text is not None:
            return text, f"the charset is {wide_name.upper()}" + (
                f", not “{one_line(said, 40)}”" if said else ""
            )
    if b"\x1b" in data and (name is None or not name.startswith("iso2022")):
        text = _by_escapes(data)
        if text is not None:
            return text, f"the charset is ISO-2022, not “{one_line(said, 40)}”" if said else None
    if name is None:
        text, guessed = _guess(data)
        if said and said not in _NOT_SAID:
            return text, f"{_unknown(said)}; read as {guessed}"
        return text, None if guessed == "utf-8" else f"no charset is named; read as {guessed}"
    return _by_name(data, name, said)


def _by_name(data: bytes, name: str, said: str) -> tuple[str, str | None]:
    label = one_line(said, 40)
    if name == "utf-7":
        text = _try(data, name)
        return (
            (text, "the charset is UTF-7, which can hide text") if text is not None else _wrong(data, label)
        )
    if _SINGLE_BYTE.match(name) and not data.isascii():
        # Latin-1 fits any bytes; but bytes that form valid UTF-8 are not Latin-1 by chance.
        text = _try(data, "utf-8")
        if text is not None:
            return text, f"the charset is UTF-8, not “{label}”"
    if name in (
        "utf-16",
        "utf-32",
    ):  # without a byte order mark: big-endian, unless zeros say otherwise (RFC 2781, 4.3)
        name += "-le" if data[1:2] == b"\0" and data[:1] != b"\0" else "-be"
    text = _try(data, name)
    if text is not None:
        return text, None
    if name == "cp1252":
        return data.decode("latin-1"), None
    if name == "cp950":
        text = _try(data, "big5hkscs")
        if text is not None:
            return text, None
    if name.startswith("iso2022_jp"):
        return _japanese(data), None
    if name != "ascii":  # a few bad bytes among good ones: keep what is right
        text = data.decode(name, "replace")
        bad = text.count("\ufffd")
        good = sum(character > "\x7f" for character in text) - bad
        if bad * (2 if name == "utf-8" else 8) <= good:  # bytes hardly form UTF-8 by chance
            if name == "utf-8":
                text = data.decode(name, _LONE_BYTES)
            return text, f"some bytes are not {label}"
    return _wrong(data, label)


def wide_by_zeros(data: bytes) -> str | None:
    """UTF-16 or UTF-32 by the zeros that every Latin letter brings with it; None for anything else."""
    sample = data[:4096]
    zeros = [4 * sample[at::4].count(0) >= 3 * (len(sample) // 4) for at in range(4)]
    if len(sample) < 8 or not any(zeros):
        return None
    wide = {(1, 2, 3): "utf-32-le", (0, 1, 2): "utf-32-be", (1, 3): "utf-16-le", (0, 2): "utf-16-be"}
    return wide.get(tuple(at for at in range(4) if zeros[at]))


def _read_lone_byte(error: UnicodeError) -> tuple[str, int]:
    """A single byte that is no UTF-8 between letters that are is Windows-1252: somebody pasted text together."""
    assert isinstance(error, UnicodeDecodeError)
    data, start = error.object, error.start
    if start + 1 < len(data) and data[start + 1] < 0x80 and (start == 0 or data[start - 1] < 0x80):
        return data[start : start + 1].decode("cp1252", "replace"), start + 1
    return "\ufffd", error.end


_LONE_BYTES = "frontdesk-lone-bytes"
codecs.register_error(_LONE_BYTES, _read_lone_byte)


def _wrong(data: bytes, label: str) -> tuple[str, str]:
    text, guessed = _guess(data)
    return text, f"the charset is not “{label}”; read as {guessed}"


def _try(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None


def _by_escapes(data: bytes) -> str | None:
    """ISO-2022 text (RFC 1468, RFC 1557) known by its escape sequences; None when it is none."""
    if not data.isascii():
        return None
    if _ISO_2022_KR.search(data):
        return _try(data, "iso2022_kr")
    if _ISO_2022_JP.search(data):
        return _try(data, "iso2022_jp_ext") or _japanese(data)
    return None


def _japanese(data: bytes) -> str:
    """ISO-2022-JP with what mailers add to it: NEC's special characters and half-width kana."""
    pieces = _JP_ESCAPE.split(data)
    text = [pieces[0].decode("ascii", "replace")]
    for escape, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        # In JIS X 0208 the row and cell of EUC-JP without the high bit; newlines end a line in ASCII.
        if escape.startswith(b"$"):
            euc = bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in piece)
            if escape == b"$(D":
                euc = b"".join(b"\x8f" + euc[at : at + 2] for at in range(0, len(euc), 2))
            text.append(euc.decode("euc_jis_2004", "replace"))
        elif escape == b"(I":
            text.append(
                bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in piece).decode(
                    "cp932", "replace"
                )
            )
        else:
            text.append(piece.decode("ascii", "replace"))
    return "".join(text)


def _guess(data: bytes) -> tuple[str, str]:
    """UTF-8 when it is; else what chardet thinks, among charsets that mail is written in; and its name."""
    text = _try(data, "utf-8")
    if text is not None:
        return text, "utf-8"
    text = _by_escapes(data)
    if text is not None:
        return text, "iso-2022"
    name = _guessed_name(data[:20_000])
    text = _try(data, name)
    return (text if text is not None else data.decode(name, "replace")), name


def _guessed_name(data: bytes) -> str:
    """What chardet thinks, kept from the mistakes that statistics make on a text as short as a subject.

    Left alone it reads French and Danish subjects as Cyrillic, and "Re: order" with two Chinese characters
    as Latin.
    """
    japanese = _japanese_name(data)
    if japanese:
        return japanese
    import chardet  # 80 ms at first use: only when nothing else helps

    western = _western(data)
    candidates: tuple[str, ...] = _LATIN if western else _LATIN + _OTHERS
    if _HIGH_RUN.search(data):
        candidates, data = _OTHERS, _PLAIN_WORD.sub(b"", data)
    nothing = "utf-8"  # which the data is not
    answer = chardet.detect(
        data, include_encodings=(*candidates, nothing), no_match_encoding=nothing, prefer_superset=True
    )
    name = codec(answer["encoding"] or "")
    if name in (None, "ascii", nothing) or (western and answer["confidence"] < 0.15):
        return "cp1252"
    return name


def _japanese_name(data: bytes) -> str | None:
    """The Japanese charset in which the bytes hold much kana, which no other text does by chance; else None."""
    for name in ("cp932", "euc_jp"):
        text = _try(data, name)
        if text and 4 * len(_KANA.findall(text)) >= sum(character > "\x7f" for character in text):
            return name
    return None


def _western(data: bytes) -> bool:
    """Whether the bytes read well as Windows-1252: Latin script with odd letters where letters stand."""
    high = sum(byte > 0x7F for byte in data)
    if high > len(_ASCII_LETTER.findall(data)) or _HIGH_RUN.search(data):
        return False
    return _NOT_WESTERN.search(data.decode("cp1252", "replace")) is None
