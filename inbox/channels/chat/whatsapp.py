"""WhatsApp: `_chat.txt` of an iPhone, `WhatsApp Chat with ….txt` of Android, alone or in a zip with its media.

Android writes `31/12/20, 23:59 - Name: text`, an iPhone `[31/12/20, 23:59:59] Name: text`, both in the way of the
telephone's country and in its time. A line without a stamp goes on with the message before; a stamp without `Name: ` is
the program itself. There are no ids (`inbox.chat.shape.Ordinals`).
"""

from __future__ import annotations

import re
from bisect import insort
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from functools import lru_cache

from inbox.channels.chat.reading import Group
from inbox.channels.chat.sources import Source
from inbox.channels.chat.stamps import (
    PLAIN_CLOCK,
    PLAIN_DATE,
    Clockface,
    Order,
    Written,
    local_zone,
    plainly_written,
    written,
)
from inbox.channels.chat.texts import Ending, beginnings, begins_like, lines, without_marks
from inbox.chat.shape import Again, Asked, Chat, Line, Media, Oddities, Ordinals, Participant, Side, sides
from inbox.errors import NotDone
from inbox.model import Instant

_MARKS = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_STAMP = re.compile(
    rf"[{_MARKS}]*(?:\[(?=[^\]]*\d)(?P<iphone>[^\]\n]{{8,48}})\]|(?P<android>[^\W_][^\n]{{7,46}}?)\s[-–]\s)[{_MARKS}]*\s?(?P<rest>.*)",
    re.DOTALL,
)
_PLAIN = re.compile(
    rf"[{_MARKS}]*(?P<iphone>\[)?({PLAIN_DATE}),? ({PLAIN_CLOCK})(?(iphone)\]|\s[-–]\s)[{_MARKS}]*\s?(.*)",
    re.DOTALL,
)
"""What `_STAMP` finds where a stamp is all numbers, as most are: each line of a long chat is asked twice."""
_LONGEST_NAME = 120
_AUTHOR = re.compile(rf"(?P<name>[^\n]{{1,{_LONGEST_NAME}}}?):(?:\s(?P<text>.*))?\Z", re.DOTALL)
_NO_IPHONE = re.compile(r"\d{4}-\d\d-\d\d(?:,? \d\d:\d\d\Z|T)")
"""What others write between brackets: Signal, where an iPhone has seconds, and logs of IRC."""
_ATTACHED = re.compile(rf"[{_MARKS}]*<[^:<>]{{2,40}}:\s?(?P<name>[^<>/\\]{{1,200}}\.\w{{1,8}})>")
_ATTACHED_BEHIND = re.compile(rf"\s*\u200e{_ATTACHED.pattern}")
"""An iPhone writes what a document is called and how long it is before it."""
_FILE = re.compile(
    rf"[{_MARKS}]*(?P<name>[^\n/\\<>:|?*]{{1,200}}\.\w{{1,8}}) \((?P<words>[^()\n]{{4,60}})\)\s*?(?:\n|\Z)"
)
_OWN_NAME = re.compile(r"(?:IMG|VID|AUD|PTT|STK|DOC)-\d{8}-WA\d{4,}\.\w+\Z")
_ATTACHED_WORDS = re.compile(
    r"attach|angeh|adjunt|joint|alleg|anexad|bijgevoegd|добавлен|прикреп|файл|ekli|załącz|bifog|vedhæft|vedlagt|liite|přilož|mellékel"
    r"|ataș|прикачен|συνημ|מצורף|مرفق|مُرفق|पीछे|संलग्न|附件|添付|첨부|แนบ|đính kèm|terlampir|lampir",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(rf"[ {_MARKS}]*<(?P<words>[^<>\n]{{6,60}})>[{_MARKS}]*\Z")
_EDITED = re.compile(
    r"\bedit|bearbeitet|modifi[éc]|bewerkt|izmenj|изменен|отредактир|редактира|змінено|düzenlen|edytowan|redigera|redigeret"
    r"|redigert|uprav|szerkeszt|muokat|editat|uređen|επεξεργ|編集|编辑|編輯|수정|संपादित|एडिट|تعديل|נערכה|ویرایش|diedit"
    r"|chỉnh sửa|แก้ไข",
    re.IGNORECASE,
)
"""What stands between brackets behind a message that was edited, in the languages it is written in."""
_DELETED = re.compile(
    r"this message was deleted|you deleted this message|diese nachricht wurde gelöscht|du hast diese nachricht gelöscht"
    r"|se eliminó este mensaje|eliminaste este mensaje|este mensaje fue eliminado|mensagem apagada|esta mensagem foi apagada"
    r"|(?:você apagou|apagou) esta mensagem|ce message a été supprimé|vous avez supprimé ce message"
    r"|questo messaggio è stato eliminato|hai eliminato questo messaggio|dit bericht is verwijderd"
    r"|je hebt dit bericht verwijderd|данное сообщение удалено|вы удалили данное сообщение|bu mesaj silindi"
    r"|bu mesajı sildiniz|tę wiadomość usunięto|usunięto tę wiadomość"
    r"|det här meddelandet raderades|denne besked blev slettet|denne meldingen ble slettet"
    r"|यह (?:मैसेज|संदेश) (?:मिटा|डिलीट कर) दिया गया(?: था| है)?|تم حذف هذه الرسالة|このメッセージは削除されました"
    r"|此消息已被?删除|此訊息已刪除|삭제된 메시지입니다|pesan ini (?:telah )?dihapus",
    re.IGNORECASE,
)
"""What stands in the place of a message that was deleted."""
_LONGEST_DELETED = 80
"""Characters of that, with the signs around it."""
_PROTECTED = re.compile(
    r"end-to-end|ende-zu-ende|extremo a extremo|bout en bout|ponta a ponta|crittografat|сквозн|uçtan uca|端到端|端對端"
    r"|エンドツーエンド|종단간|bezpieczone|zabezpieczone pełnym|מקצה לקצה|تمامًا بين الطرفين|مشفرة",
    re.IGNORECASE,
)
"""What the first line of every chat says, in the languages it is written in."""
_TITLE = re.compile(
    r"(?:WhatsApp[- ]Chat (?:with|mit|met|con|avec|com|-)|Chat de WhatsApp con|Discussion WhatsApp avec"
    r"|Conversa do WhatsApp com|Chat WhatsApp con|WhatsApp-chat met|WhatsApp Chat -)\s+"
    r"(?P<who>.+?)(?: \(\d+\))?\.(?:txt|zip)\Z",
    re.IGNORECASE,
)
_LOOKED_AT = 40
"""Lines by which it is told."""
_LATE = 500
"""How many lines below its place a line may stand that came late, because its writer had no net."""


def find(source: Source, names: Sequence[str]) -> Iterator[Group]:
    """Texts whose lines begin with a stamp of WhatsApp's; each is an export."""
    for name, text in beginnings(source, names):
        first = [line for line in text.split("\n")[:_LOOKED_AT] if line.strip()][:3]
        if any(_begun(line) is not None for line in first):
            yield (name,)


_Begun = tuple[Written, str, bool]
"""A line with a stamp: the stamp, what follows it, and whether an iPhone wrote it."""


def _begun(line: str, iphone: bool | None = None) -> _Begun | None:
    """A line's stamp; where it is known which telephone wrote the file, another's in it is what somebody wrote."""
    plain = _PLAIN.match(line)
    if plain is not None:
        bracket, date, clock, rest = plain.groups()
        told = plainly_written(date, clock)
        if told is not None and iphone in (None, bool(bracket)) and not (bracket and date[4:5] == "-"):
            return told, rest, bool(bracket)
    found = _STAMP.match(line)
    if found is None:
        return None
    of_iphone, of_android, rest = found.groups()
    if iphone is not None and iphone is not bool(of_iphone):
        return None
    if of_iphone and _NO_IPHONE.match(of_iphone):
        return None
    told = written(without_marks(of_iphone or of_android))
    return (told, rest, bool(of_iphone)) if told is not None else None


def read(source: Source, group: Group, asked: Asked) -> Iterator[Chat]:
    """The one chat of a file. It is read twice: how dates are written, and who takes part, only the whole file tells."""
    (name,) = group
    order, iphone, people, systems = _survey(source, name)
    if iphone is None:
        raise NotDone("No line begins as WhatsApp writes it.", "Export the chat once more.")
    chat = Chat("whatsapp", None, _title(source, name), ())
    order.say(chat.oddities)
    participants = {each: Participant(each) for each in people if each not in systems}
    chat.participants = sides(participants, asked.us)
    chat.lines = Again(lambda: _lines(source, name, chat, order, iphone, asked))
    yield chat


def _survey(source: Source, name: str) -> tuple[Order, bool | None, Counter[str], set[str]]:
    """How dates are ordered, whether an iPhone wrote them (None: no line has one), how much each author wrote, and which of
    them are the program."""
    order, people, quiet = Order(), Counter[str](), Oddities()
    noted, spoke = set[str](), set[str]()
    iphone: bool | None = None
    with source.open(name) as file:
        for number, line in lines(file, quiet):
            begun = _begun(line, iphone)
            if begun is None:
                continue
            stamp, rest, iphone = begun
            order.learn(stamp, number)
            author, text = _author(rest)
            if author is not None:
                if _is_notice(text):
                    noted.add(author)
                    people.setdefault(author, 0)
                else:
                    people[author] += 1
                    if not text.startswith("\u200e"):
                        spoke.add(author)
    systems = {each for each, wrote in people.items() if not wrote}
    if len(people) > 2:  # a group, in whose own name an iPhone writes what happened to it
        systems |= noted - spoke
    return order, iphone, people, systems


def _author(rest: str) -> tuple[str | None, str]:
    """Who wrote it and what; None for the program."""
    before, colon, text = rest.partition(": ")
    if not colon or not 0 < len(before) <= _LONGEST_NAME or ":" in before or "\n" in before:
        found = _AUTHOR.match(rest)
        if found is None:
            return None, rest
        before, text = found["name"], found["text"] or ""
    name = _name(before)
    return (name, text) if name is not None else (None, rest)


@lru_cache(maxsize=1024)
def _name(name: str) -> str | None:
    """A name without the signs around it, of which a tilde marks somebody who is in no address book; None for what is no
    name: `Jo changed the subject to “A: B”`."""
    if any(mark in name for mark in '"“„«”'):
        return None
    name = without_marks(name).replace("\u202f", " ").replace("\xa0", " ").strip()
    return name[1:].strip() if name.startswith("~") and len(name) > 1 else name


def _is_notice(text: str) -> bool:
    return text.startswith("\u200e") and _PROTECTED.search(text) is not None


def _lines(source: Source, name: str, chat: Chat, order: Order, iphone: bool, asked: Asked) -> Iterator[Line]:
    ids = Ordinals("whatsapp")
    for at, told in _oldest_first(_told(source, name, chat, order, iphone, asked)):
        author, words = _author(told)
        if author is not None and (author not in chat.participants or _is_notice(words)):
            author = None  # an iPhone writes the chat's own name before what the program says
        media, rest = _attached(words.rstrip("\n "), source, name)
        mark, text = _marked(rest)
        if text.startswith(("\u200e", "\u200f")):
            text = without_marks(text)
        role = chat.participants[author].role if author is not None else Side.SYSTEM
        files = (media,) if media is not None else ()
        yield Line(ids.id(at, author, text), at, author, role, text, files, None, None, mark)


def _oldest_first(told: Iterator[tuple[Instant, str]]) -> Iterator[tuple[Instant, str]]:
    """In the order of time, what is of the same second in the order of the file."""
    held: deque[tuple[Instant, str]] = deque()
    for each in told:
        if held and each[0] < held[-1][0]:
            insort(held, each, key=lambda one: one[0])
        else:
            held.append(each)
        if len(held) > _LATE:
            yield held.popleft()
    yield from held


def _told(
    source: Source, name: str, chat: Chat, order: Order, iphone: bool, asked: Asked
) -> Iterator[tuple[Instant, str]]:
    """Every stamp's instant, and what follows it, over all its lines."""
    clock, ending = Clockface(local_zone(asked, chat.oddities)), Ending()
    number, stamp = 0, ""
    current: tuple[Instant, str] | None = None
    more: list[str] = []
    stray = 0
    with source.open(name) as file:
        for number, text in lines(file, chat.oddities, ending):
            begun = _begun(text, iphone)
            at = None
            if begun is not None:
                told, rest, _ = begun
                at = clock.instant(order.date(told), told.clock, told.afternoon)
                if at is None:
                    chat.oddities.say(
                        f"line {number} has a date that does not exist: read as part of the line before"
                    )
            if at is None:
                if current is not None:
                    more.append(text)
                elif text.strip():
                    stray = stray or number
                continue
            if current is not None:
                yield current[0], "\n".join((current[1], *more))
            stamp = text[: len(text) - len(rest)]
            current, more = (at, rest), []
    left_out = False
    if ending.cut is not None and current is not None:
        if more:
            left_out = begins_like(more[-1], stamp)
            more = more[: len(more) - left_out]
        else:
            left_out = not all(_author(current[1]))
            current = None if left_out else current
    ending.say(chat.oddities, left_out)
    if stray:
        chat.oddities.say(f"line {stray} belongs to a message whose beginning is missing")
    if current is not None:
        yield current[0], "\n".join((current[1], *more))


def _attached(text: str, source: Source, near: str) -> tuple[Media | None, str]:
    """The file that a message brings, and what is written beside it."""
    found = _ATTACHED.match(text) if ">" in text else None
    if found is None and "<" in text and (behind := _ATTACHED_BEHIND.search(text)) is not None:
        return source.media(behind["name"], near), text[: behind.start()] + text[behind.end() :]
    if found is None:
        found = _FILE.match(text) if ")" in text else None
        if found is not None:
            media = source.media(found["name"], near)
            if not (media.place or _OWN_NAME.match(found["name"]) or _ATTACHED_WORDS.search(found["words"])):
                return None, text
            return media, text[found.end() :]
    if found is None:
        return None, text
    return source.media(found["name"], near), text[found.end() :].lstrip("\n")


def _marked(text: str) -> tuple[str, str]:
    """Whether a message was edited or deleted afterwards, and its words alone."""
    if text.endswith((">", ">\u200e", ">\u200f")):
        found = _IN_BRACKETS.search(text)
        if found is not None and _EDITED.search(found["words"]):
            return "edited", text[: found.start()]
    if len(text) > _LONGEST_DELETED:
        return "", text
    return ("deleted" if _DELETED.fullmatch(without_marks(text).rstrip(".。 ")) else ""), text


def _title(source: Source, name: str) -> str | None:
    """Who the chat is with, as the name of the file says; None where it does not."""
    for each in (name.rpartition("/")[2], source.name):
        found = _TITLE.match(each)
        if found is not None:
            return found["who"]
    return None
