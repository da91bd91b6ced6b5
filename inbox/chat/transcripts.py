"""Transcripts of chats that come by mail: whose mail is one, and what was said in it, by its shape.

Chat programs on web sites mail what was said when a chat is over: a block of facts (`Visitor: …`, `Started: …`), then a line
or more for each thing said, in one of a few shapes. A mail is one where its sender is such a program (a known one, or one
that the settings name) and at least one thing is said in it; where only its shape says so, it takes a visitor, somebody who
answers, and a word for it in its subject. What a visitor wrote while nobody was there comes as a mail of its own: one thing
said.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from inbox.addresses import fold_address
from inbox.chat.shape import Side
from inbox.chat.transcript_words import (
    AGENT,
    BOT,
    CAME,
    FACTS,
    FOOTER,
    LEFT_BY,
    LEFT_MESSAGE,
    OFFLINE,
    PASSED_ON,
    PROVIDERS,
    SHARED,
    STEMS,
    VISITOR,
    WITH,
    WORD,
    WRITTEN,
)
from inbox.model import Message
from inbox.us import Us

if TYPE_CHECKING:
    from inbox.settings import TranscriptForm


SHORTEST_ID = 10
"""Characters of an id of a chat; a shorter one other programs give away, too, and strangers guess."""
_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ \u202f\xa0]?[AaPp]\.?[Mm]\.?)?"
_DAY = r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\.? [^\W\d_]{3,12}\.?,? \d{4}|[^\W\d_]{3,12}\.? \d{1,2},? \d{4})"
_OFFSET = r"(?:\s?(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d\d)?)?)?"
_WHEN = rf"(?:(?:{_DAY})(?:[,T]|\s+(?:at|um|à|a las|alle|às|om))?\s*)?{_CLOCK}{_OFFSET}"
_NAME = r"[^\s:\[\]()<>|][^:\[\]()<>|\n]{0,58}"
_SHAPES = (
    re.compile(rf"[\[(]\s*(?P<when>{_WHEN})\s*[\])]\s*(?P<name>{_NAME}?)\s*:\s*(?P<text>.*)\Z"),
    re.compile(rf"(?P<when>{_WHEN})\s*[-–—|]?\s+(?P<name>{_NAME}?)\s*:\s*(?P<text>.*)\Z"),
    re.compile(rf"(?P<name>{_NAME}?)\s*[\[(](?P<when>{_WHEN})[\])]\s*:?\s*(?P<text>.*)\Z"),
    re.compile(rf"(?P<name>{_NAME}?)\s*[,|·•–—-]?\s+(?P<when>{_WHEN})\s*:?(?P<text>)\Z"),
    re.compile(rf"(?P<when>{_WHEN})\s*[|·•–—-]\s*(?P<name>{_NAME})(?P<text>)\Z"),
    re.compile(rf"(?P<when>)(?P<name>{_NAME}?)\s*:\s*(?P<text>.*)\Z"),
)
"""How something said is written, the surest first; in the last nobody says when."""
_UNTIMED = len(_SHAPES) - 1
_TOLD = re.compile(
    rf"(?:[\[(]?(?P<when>{_WHEN})[\])]?\s*)?(?:\*{{2,3}}|[-–=]{{2,3}}|\*)\s*(?P<text>[^\s*=–-].*?)\s*(?:\*{{0,3}}|[-–=]{{0,3}})\Z"
)
_FACT = re.compile(r"(?P<key>[^\W\d_][^:\n]{0,28}?)\s*:\s*(?P<value>.*)\Z")
_ADDRESS = re.compile(r"[^\s<>@,;:()\[\]]{1,64}@[^\s<>@,;:()\[\]]{1,190}\.[^\s<>@,;:()\[\]]{1,60}")
_ADDRESS_IN_NAME = re.compile(r"\s*[<(]?[^\s<>@(]{1,64}@[^\s<>@)]{1,190}[>)]?")
_CELL = re.compile(r"\s\|\s")
"""What parts the columns of a table."""
_SPACE = re.compile(r"[\s]+")


class _Grammar(NamedTuple):
    """How mails of one kind are written: the shapes of what is said, the surest first; which of them is the one in which
    nobody says when, and which anything may look like (None: there is none); what further facts are called."""

    shapes: tuple[re.Pattern[str], ...] = _SHAPES
    untimed: int | None = _UNTIMED
    facts: tuple[tuple[str, str], ...] = ()


class Utterance(NamedTuple):
    """Something said: who (None: the program itself), when as it is written ("" where it is not), and what."""

    name: str | None
    when: str
    text: str


@dataclass(slots=True)
class Told:
    """A transcript as its mail tells it. `sides`: the side of each name."""

    said: list[Utterance]
    sides: dict[str, Side]
    visitor: str = ""
    email: str = ""
    phone: str = ""
    started: str = ""
    id: str = ""
    agents: tuple[str, ...] = ()


def provider_alone(message: Message) -> bool:
    """Whether its sender has an address that only a known chat program can give away, and none of its customers."""
    found = _provider(_sender(message))
    return found is not None and (found not in SHARED or _domain(_sender(message)) == found)


def _provider(address: str) -> str | None:
    """The chat program whose address it is, as `PROVIDERS` calls it."""
    domain = _domain(address)
    return next((each for each in PROVIDERS if domain == each or domain.endswith(f".{each}")), None)


def _sender(message: Message) -> str:
    return message.sender[0].address if message.sender else ""


def _domain(address: str) -> str:
    return fold_address(address).rpartition("@")[2]


def form_of(message: Message, forms: Sequence[TranscriptForm]) -> TranscriptForm | None:
    """The form of transcripts that the settings give for the sender of a mail."""
    if not message.sender:
        return None
    sender = _sender(message)
    signs = fold_address(sender), f"@{_domain(sender)}"
    return next((form for form in forms if fold_address(form.sender) in signs), None)


def told(message: Message, us: Us = Us(), forms: Sequence[TranscriptForm] = ()) -> Told | None:  # noqa: B008  frozen
    """The transcript that a mail is, by what is known of chat programs and by the forms in the settings; None for any other
    mail, and for one in which somebody else answers a transcript or passes it on."""
    form = form_of(message, forms)
    sure = form is not None or _provider(_sender(message)) is not None
    if not sure and not _looks_so(message):
        return None
    grammar = _grammar_of(form) if form is not None else _Grammar()
    columns = grammar.untimed is not None
    lines = [
        _SPACE.sub(" ", _CELL.sub(" ", line) if columns else line).strip()
        for line in message.text.split("\n")
    ]
    if sure and OFFLINE.search(message.subject):
        lines = list(_labelled(lines))
    facts, rest = _facts(lines, grammar)
    shape = _shape(lines, rest, grammar)
    if form is None and shape == grammar.untimed and not _says_so(message):
        shape = None  # an invoice of theirs has lines with colons, too
    if facts and shape is not None and shape != grammar.untimed:
        # whoever chats could write "Email: …", too: what stands on the head is of the program
        first = next(number for number, line in enumerate(lines) if _shape_of(line, grammar.shapes[shape]))
        facts = _facts(lines[:first], grammar)[0] or facts
    said: list[Utterance] = []
    if shape is not None:
        found = _said(lines, shape, rest if shape == grammar.untimed else 0, grammar)
        said = [each._replace(text=each.text.strip()) for each in found]
    if sure and "visitor" not in facts and (by := next(filter(None, map(LEFT_BY.match, lines)), None)):
        facts["visitor"] = by["name"]
    transcript = Told(said, {})
    _take_facts(transcript, facts, message, us)
    if form is not None:
        transcript.agents += form.ours
    if sure and shape in (None, grammar.untimed) and (written := _left_behind(message, lines, rest)):
        _take_from_subject(transcript, message.subject, us)
        name = transcript.visitor or transcript.email or "Visitor"
        transcript.said = [Utterance(name, "", written)]
        transcript.sides = {name: Side.CUSTOMER}
        return transcript
    _take_sides(transcript, us)
    customers = {name for name, side in transcript.sides.items() if side is Side.CUSTOMER}
    if not sure and not (customers and len(transcript.sides) > 1):
        return None
    if (
        form is None
        and len(transcript.sides) < 2
        and not {"visitor", "email"} & facts.keys()
        and not _says_so(message)
    ):
        return None  # a line with a clock in it is no chat yet
    return transcript if any(each.name for each in said) else None


def _looks_so(message: Message) -> bool:
    """Whether a mail of anybody may be a transcript: it says that it is one, and is no answer and nothing passed on."""
    return not (message.in_reply_to or PASSED_ON.match(message.subject)) and _says_so(message)


def _says_so(message: Message) -> bool:
    """Whether a mail says of itself that it tells of a chat."""
    head = f"{message.subject}\n{message.text[:400]}"
    lower = head.casefold()  # of every mail that comes this is asked, and of most nothing else
    return any(stem in lower for stem in STEMS) and WORD.search(head) is not None


@cache
def _grammar_of(form: TranscriptForm) -> _Grammar:
    """How the mails of a form in the settings are written."""
    facts = ((form.visitor, "visitor"), (form.address, "email"))
    named = tuple((_fact_name(words), what) for words, what in facts if words)
    return _Grammar((_shape_in_words(form.line),), None, named) if form.line else _Grammar(facts=named)


def _shape_in_words(line: str) -> re.Pattern[str]:
    """The shape of `[TIME] NAME: TEXT`: what is not one of the three words stands for itself, a space for some."""
    pieces = {"TIME": f"(?P<when>{_WHEN})", "NAME": f"(?P<name>{_NAME}?)", "TEXT": "(?P<text>.*)"}
    parts = re.split(r"\b(TIME|NAME|TEXT)\b", _SPACE.sub(" ", line.strip()))
    shape = "".join(pieces.get(each) or re.escape(each).replace(r"\ ", r"\s*") for each in parts)
    for name in ("when", "text"):
        shape += "" if f"(?P<{name}>" in shape else f"(?P<{name}>)"
    return re.compile(rf"{shape}\Z")


def _left_behind(message: Message, lines: Sequence[str], rest: int) -> str:
    """What somebody wrote while nobody was there; "" where the mail does not bring such a thing. It stands behind a word for
    it, or behind a line that says so, or is all that is there below the facts."""
    if not OFFLINE.search(message.subject) and not OFFLINE.search(message.text[:400]):
        return ""
    begin = next((number for number, line in enumerate(lines) if WRITTEN.match(line)), None)
    first = ""
    if begin is not None and (found := WRITTEN.match(lines[begin])):
        first = found["text"]
    else:
        begin = next((n for n, line in enumerate(lines) if OFFLINE.search(line) and line.endswith(":")), None)
    if begin is None and LEFT_MESSAGE.search(message.subject):
        said = (n for n, line in enumerate(lines) if n >= rest and line and not OFFLINE.search(line))
        begin = next(said, len(lines)) - 1
    if begin is None:
        return ""
    text = [first]
    for line in lines[begin + 1 :]:
        fact = _FACT.match(line)
        if FOOTER.match(line) or (fact is not None and _fact_name(fact["key"]) in FACTS):
            break
        text.append(line)
    return "\n".join(text).strip()


def _labelled(lines: Sequence[str]) -> Iterator[str]:
    """The same, where the words for facts stand on lines of their own: each with what it names behind it."""
    label = ""
    for line in lines:
        if label and line:
            yield f"{label}: {line}"
            label = ""
        elif ":" not in line and (_fact_name(line) in FACTS or WRITTEN.match(f"{line}:")):
            label = line
        elif not label:
            yield line
    if label:
        yield label


def _fact_name(words: str) -> str:
    return words.strip(" :").casefold().replace(" ", "_")


def _facts(lines: Sequence[str], grammar: _Grammar) -> tuple[dict[str, str], int]:
    """The block of facts at the head, by what they are; and the number of the line behind it."""
    facts: dict[str, str] = {}
    named = FACTS | dict(grammar.facts)
    behind = 0
    for number, line in enumerate(lines):
        found = _FACT.match(line)
        key = named.get(_fact_name(found["key"])) if found else None
        if found is None or key is None:
            if facts and line and _shape_of(line, _SHAPES[_UNTIMED], True) is None and number > behind + 4:
                break
            continue
        if key in ("visitor", "agent") and number > behind + 4 and facts:
            break  # "Visitor: hello" is said, and no fact
        if key in facts and key in ("visitor", "agent"):
            break
        facts.setdefault(key, found["value"].strip())
        behind = number + 1
    return facts, behind


def _shape(lines: Sequence[str], rest: int, grammar: _Grammar) -> int | None:
    """The shape in which most is said; None where nothing is."""
    counts = Counter[int]()
    for line in lines:
        for number, shape in enumerate(grammar.shapes):
            if number != grammar.untimed and _shape_of(line, shape) is not None:
                counts[number] += 1
                break
    if counts:
        return counts.most_common(1)[0][0]
    if grammar.untimed is None:
        return None
    shape = grammar.shapes[grammar.untimed]
    found = (_shape_of(line, shape, True) for line in lines[rest:])
    speakers = Counter(each["name"].casefold() for each in found if each)
    return grammar.untimed if speakers and (len(speakers) > 1 or max(speakers.values()) > 1) else None


def _shape_of(line: str, shape: re.Pattern[str], untimed: bool = False) -> re.Match[str] | None:
    found = shape.match(line)
    if found is None or not any(sign.isalpha() for sign in found["name"]):
        return None
    if untimed and (found["text"].startswith("//") or len(found["name"].split()) > 4):
        return None  # an address, or a sentence with a colon
    return found


def _said(lines: Sequence[str], shape: int, begin: int, grammar: _Grammar) -> Iterator[Utterance]:
    """Everything that is said, what goes on over several lines put together. What looks like the foot of the mail ends what
    was said before; if more is said behind it in the same way, it was none."""
    current: Utterance | None = None
    heard = set[str]()
    blank = ended = False
    untimed = shape == grammar.untimed
    for line in lines[begin:]:
        found = _shape_of(line, grammar.shapes[shape], untimed)
        if found is not None and ended and untimed and found["name"].strip() not in heard:
            found = None
        if found is None and not untimed and (notice := _TOLD.match(line)):
            if current is not None:
                yield current
                current = None
            yield Utterance(None, notice["when"] or "", notice["text"])
        elif found is not None and not (untimed and current is None and _is_fact(found["name"])):
            if current is not None:
                yield current
            current = Utterance(found["name"].strip(), found["when"] or "", found["text"].strip())
            heard.add(found["name"].strip())
        elif current is not None and FOOTER.match(line) and (blank or line.startswith("--")):
            yield current
            current, ended = None, True
        elif current is not None:
            current = current._replace(text=f"{current.text}\n{line}" if current.text else line)
        blank = not line
    if current is not None:
        yield current


def _is_fact(name: str) -> bool:
    return FACTS.get(_fact_name(name)) == ""


def _take_facts(transcript: Told, facts: dict[str, str], message: Message, us: Us) -> None:
    transcript.visitor = facts.get("visitor", "")
    transcript.phone = facts.get("phone", "")
    transcript.started = facts.get("started", "")
    id_ = facts.get("id", "")
    transcript.id = id_ if len(id_) >= SHORTEST_ID and id_.replace("-", "").isalnum() else ""
    transcript.agents = tuple(each.strip() for each in facts.get("agent", "").split(",") if each.strip())
    address = _ADDRESS.search(facts.get("email", "") or transcript.visitor)
    transcript.email = address[0] if address and not _is_ours(address[0], us) else ""
    if not transcript.email:
        mine = [each for each in message.reply_to if not _is_ours(each.address, us)]
        if mine:
            transcript.email = mine[0].address
            transcript.visitor = transcript.visitor or mine[0].name
    if not transcript.visitor:
        found = WITH.search(message.subject) or WITH.search(message.text[:400])
        names = {each.name.casefold() for each in transcript.said if each.name}
        if found is not None and found["name"].strip().casefold() in names:
            transcript.visitor = found["name"].strip()
    if not transcript.email:
        _take_address(transcript, message, us)
    if "@" in transcript.visitor:
        transcript.visitor = _ADDRESS_IN_NAME.sub("", transcript.visitor).strip()


def _is_ours(address: str, us: Us) -> bool:
    """Whether an address is of our side or of a chat program, and so of no visitor."""
    return us.is_us(address) or _provider(address) is not None


def _take_from_subject(transcript: Told, subject: str, us: Us) -> None:
    """Who left a message, where only the subject names them."""
    address = _ADDRESS.search(subject)
    if not transcript.email and address is not None and not _is_ours(address[0], us):
        transcript.email = address[0]
    found = WITH.search(_ADDRESS.sub("", subject).replace("<>", "").strip())
    if not transcript.visitor and found is not None:
        transcript.visitor = found["name"].strip(" <>()[]-–:")


def _take_address(transcript: Told, message: Message, us: Us) -> None:
    """The one address of somebody else on the head, before anything is said, and the name beside or above it."""
    first = next((each.text for each in transcript.said if each.name and each.text), "")
    head = message.text.partition(first)[0] if first else ""
    found = [each for each in _ADDRESS.finditer(head) if not _is_ours(each[0], us)]
    others = {each[0].casefold() for each in found}
    if len(others) != 1:
        return
    (address,) = others
    at = next(each for each in found if each[0].casefold() == address)
    transcript.email = at[0]
    above = [line for line in head[: at.start()].split("\n") if line.strip(" <([\t")]
    beside = above[-1].rpartition(":")[2].strip(" <([\t") if above else ""
    if not transcript.visitor and beside in {each.name for each in transcript.said}:
        transcript.visitor = beside


def _take_sides(transcript: Told, us: Us) -> None:
    """On which side each name is: as the facts say, as it sounds, as who came in later is, else by who is left."""
    names = list(dict.fromkeys(each.name for each in transcript.said if each.name))
    visitor = transcript.visitor.casefold()
    agents = {each.casefold() for each in transcript.agents}
    came = {
        found["name"].casefold()
        for each in transcript.said
        if each.name is None and (found := CAME.match(each.text))
    }
    sides: dict[str, Side] = {}
    for name in names:
        lower = name.casefold()
        if visitor and (lower == visitor or lower == transcript.email.casefold()):
            sides[name] = Side.CUSTOMER
        elif (
            us.is_our_name(name) or lower in agents or any(lower in each or each in lower for each in agents)
        ):
            sides[name] = Side.AGENT
        elif BOT.match(name):
            sides[name] = Side.BOT
        elif VISITOR.match(name):
            sides[name] = Side.CUSTOMER
        elif AGENT.match(name) or lower in came:
            sides[name] = Side.AGENT
    left = [name for name in names if name not in sides]
    has = set(sides.values())
    if Side.CUSTOMER in has:
        sides |= dict.fromkeys(left, Side.AGENT)
    elif len(left) == 1:
        sides[left[0]] = Side.CUSTOMER
    elif visitor and left:  # the visitor is called otherwise than in what is said
        near = next((name for name in left if set(name.casefold().split()) & set(visitor.split())), None)
        if near is not None:
            sides |= dict.fromkeys(left, Side.AGENT) | {near: Side.CUSTOMER}
    transcript.sides = {name: sides.get(name, Side.UNKNOWN) for name in names}
