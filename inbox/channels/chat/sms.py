"""SMS Backup & Restore: XML with an `sms` or `mms` for each message; one chat a number.

Signs beyond the first 65 536 are written as two halves, each a reference of its own (`&#55357;&#56832;`), which is not
XML: they are joined before it is read. Declarations are refused, and a file that ends early is read so far.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from inbox.callers import COMPARED, alike
from inbox.channels.chat.building import People, Row, built
from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.texts import beginnings
from inbox.channels.chat.values import seconds
from inbox.chat.shape import Asked, Chat, Media, Oddities, Participant, Side
from inbox.errors import NotDone
from inbox.us import fold_number

CHUNK = 1 << 18
LONGEST = 64 << 20
"""Bytes of one message with all its pictures; of what is longer nothing is taken into memory."""
_LIST, _ONE = re.compile(r"<smses[\s>]"), re.compile(r"<(?:sms|mms)\s")
_PAIR = re.compile(
    r"&#(?:(5[5-7]\d{3})|x([dD][89abAB][0-9a-fA-F]{2}));&#(?:(5[5-7]\d{3})|x([dD][c-fC-F][0-9a-fA-F]{2}));"
)
_HALF = re.compile(r"&#(?:5[5-7]\d{3}|x[dD][89a-fA-F][0-9a-fA-F]{2});")
_OPEN = re.compile(r"&#?\w*;?(?:&#?\w*)?\Z")
_ODD = re.compile(
    r"&#(?:[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));|[\x00-\x08\x0b\x0c\x0e-\x1f]"
)
"""Control characters, as references of both kinds and as themselves; a line break (`&#10;`, `&#xA;`) is none."""
_RECEIVED, _SENT = "1", "2"
_PERSON = 137
"""The type of an address that an MMS is from."""
_OURSELVES = "Me"


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """XML that begins with a list of messages."""
    for name, text in beginnings(source, names):
        if _LIST.search(text) and _ONE.search(text):
            yield (name,)


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """A chat for each number, in the order in which they first occur."""
    (name,) = group
    oddities = Oddities()
    chats: dict[str, tuple[People, list[Row], str]] = {}
    with source.open(name) as file:
        for number, element in enumerate(_elements(file, oddities), 1):
            address = element.get("address", "")
            contact = element.get("contact_name", "")
            contact = "" if contact in ("(Unknown)", "null") else contact
            key = ",".join(sorted(fold_number(each) or each for each in address.split("~")))
            people, rows, _ = chats.setdefault(key, (People(), [], contact or address))
            if row := _row(element, number, address, contact, people, oddities):
                rows.append(row)
    _put_together(chats)
    chats = {key: each for key, each in chats.items() if each[1]}
    if not chats:
        raise NotDone("There is no message in this file.", "Export it once more.")
    for key, (people, rows, title) in chats.items():
        yield built("sms", key or None, title or None, people.all, rows, asked, oddities)
        oddities = Oddities()


def _put_together(chats: dict[str, tuple[People, list[Row], str]]) -> None:
    """A number that is written with its country and without is one chat, under the whole number; as long as that is not the
    end of several."""
    whole = defaultdict(list)
    for key in chats:
        if key.startswith("+") and "," not in key:
            whole[key[-COMPARED:]].append(key)
    for key in [each for each in chats if each.isdigit()]:
        same = [each for each in whole[key[-COMPARED:]] if alike(each, key)]
        if len(same) != 1:
            continue
        people, rows, title = chats[same[0]]
        name = title if fold_number(title) != same[0] else same[0]
        them = next((each for each in people.all.values() if fold_number(each.phone) == same[0]), None)
        author = people.add(them or Participant(name, same[0], Side.CUSTOMER, phone=same[0]))
        people.add(Participant(_OURSELVES, role=Side.AGENT))
        rows += [
            row if row.author == _OURSELVES else row._replace(author=author) for row in chats.pop(key)[1]
        ]


def _row(
    element: Element, number: int, address: str, contact: str, people: People, oddities: Oddities
) -> Row | None:
    way = element.get("type") or element.get("msg_box", "")
    if way not in (_RECEIVED, _SENT):
        oddities.say(f"message {number} was never sent: left out")
        return None
    if way == _SENT:
        author = people.add(Participant(_OURSELVES, role=Side.AGENT))
    else:
        who = _sender(element) or address
        called = contact if "~" not in address else ""
        author = people.add(Participant(called or who, who, Side.CUSTOMER, phone=who))
    text, files = element.get("body", ""), []
    if element.tag == "mms":
        text = ""
        for part in element.iter("part"):
            kind = part.get("ct", "")
            if kind == "text/plain":
                text = "\n".join(each for each in (text, part.get("text", "")) if each and each != "null")
            elif kind != "application/smil":
                files.append(_file(part, kind))
    text = "" if text == "null" else text
    return Row(
        seconds(element.get("date"), 1000), author, text, attachments=tuple(files), said=f"message {number}"
    )


def _file(part: Element, kind: str) -> Media:
    names = (part.get(each, "null") for each in ("cl", "name", "fn"))
    name = next((each for each in names if each not in ("null", "")), None)
    data = part.get("data", "")
    return Media(name, kind or None, len(data) * 3 // 4 - data[-2:].count("=")) if data else Media(name)


def _sender(element: Element) -> str:
    return next(
        (each.get("address", "") for each in element.iter("addr") if each.get("type") == str(_PERSON)), ""
    )


def _elements(file: IO[bytes], oddities: Oddities) -> Iterator[Element]:
    """Every message, as far as the file is XML; each is forgotten when the next is asked for."""
    parser: XMLPullParser[Element] = XMLPullParser(["start", "end"])
    root: Element | None = None
    begun = 0
    try:
        for text in _texts(file):
            parser.feed(text)
            begun += CHUNK
            if begun > LONGEST:
                oddities.say(
                    f"a message is longer than {LONGEST >> 20} MB: only what stands before it was read"
                )
                return
            for event, element in cast("Iterable[tuple[str, Element]]", parser.read_events()):
                if event == "start":
                    root = element if root is None else root
                elif element.tag in ("sms", "mms"):
                    begun = 0
                    yield element
                    assert root is not None
                    root.clear()
        parser.close()
    except ParseError as error:
        line = error.position[0]
        oddities.say(f"line {line} is no XML, or the file is cut off there: what stands before was read")


def _texts(file: IO[bytes]) -> Iterator[str]:
    """The text of the file in pieces, halves joined and what XML cannot hold left out."""
    rest, first = b"", True
    while chunk := file.read(CHUNK):
        data = rest + chunk
        text = data.decode("utf-8", "replace" if len(data) > CHUNK * 8 else "ignore")
        if first and re.search(r"<!(?:DOCTYPE|ENTITY)", text[:4096], re.IGNORECASE):
            raise NotDone("The file declares entities: no backup of messages does.", "Export it once more.")
        first = False
        cut = _open_end(data)
        rest = data[cut:]
        yield _joined(data[:cut].decode("utf-8", "replace"))
    yield _joined(rest.decode("utf-8", "replace"))


def _open_end(data: bytes) -> int:
    """Up to where a piece can be read by itself: before a sign or a reference that goes on in the next."""
    cut = len(data)
    for back in range(1, min(4, cut) + 1):
        if data[-back] & 0xC0 != 0x80:
            if data[-back] >= 0xC0:
                cut -= back
            break
    at = data.rfind(b"&", max(0, cut - 24), cut)
    before = data.rfind(b"&", max(0, at - 12), at) if at > 0 else -1
    return before if before >= 0 else at if at >= 0 else cut


def _joined(text: str) -> str:
    def join(found: re.Match[str]) -> str:
        high = int(found[1]) if found[1] else int(found[2], 16)
        low = int(found[3]) if found[3] else int(found[4], 16)
        code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
        return chr(code) if 0xD800 <= high < 0xDC00 <= low < 0xE000 else "\ufffd"

    return _ODD.sub("", _HALF.sub("\ufffd", _PAIR.sub(join, text)))
