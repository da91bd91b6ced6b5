"""Chats taken in: who of them is us, whose they are, which chat of ours a transcript goes on with, line by line.

Nothing is asked of a transcript but what it says: which lines are new is told by their ids, so that one that has grown, or
overlaps with what is here, adds only what is new.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from inbox import line_mail
from inbox.actions import chat as action
from inbox.callers import is_number
from inbox.channel import channel_of
from inbox.chat.shape import LONGEST_NAME, Chat, Line, Media, Participant, Place, Side, asked_name, folded
from inbox.errors import NotDone
from inbox.model import Address, Attachment, Event, EventType, Identity, Instant, Message, Refusal, Who
from inbox.placing import DAY
from inbox.ports import Decide, Scope, Store
from inbox.text import one_line, snippet
from inbox.us import fold_number

if TYPE_CHECKING:
    from inbox.ports import Workspace
    from inbox.settings import Settings, Watched

ASKED_AT_ONCE = 500
"""Lines that are looked up together to find out which chat a transcript goes on with."""
AT_ONCE = 25
"""Lines that are decided about together: what a conversation stands at is folded once for all of them."""
SUBJECT = 60
LARGEST_FILE = 25_000_000
"""Bytes of one file that is kept with its line; of a larger one only the name is."""
UNKNOWN_TYPE = "application/octet-stream"
_BY_NAME = frozenset(
    {"whatsapp", "signal", "messenger", "irc", "slack", "discord", "matrix", "telegram", "google-chat"}
)
"""Formats in which a name stands for one person: an address book's, or an account's. On web sites everybody is "Visitor"."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How chats are taken in. `said`: which side a name is on, by what people said of it, each as `asked_name` has it;
    `silence`: seconds after which a new conversation begins. Lines from `live_since` on start clocks and wake who has the
    conversation; what is older is history, which wakes nobody and makes nothing late. None: all is history.
    `mailbox`: what lists call where it came by, if that has a name. `watched`: by which signs a customer is upset."""

    FRESH: ClassVar[int] = DAY
    """How old a line of a watched folder may be to be no history."""

    said: Mapping[str, Side] = field(default_factory=dict)
    silence: int = DAY
    open_for: int = 14 * DAY
    live_since: Instant | None = None
    mailbox: str | None = None
    watched: Watched | None = None


def terms_of(store: Workspace, settings: Settings, live_since: Instant | None = None) -> Terms:
    """The terms that the settings and what people said of names make."""
    said = {name: Side(side) for name, side in store.names.told().items()}
    watched = None if settings.upset.off else settings.upset
    return Terms(said, settings.chat_silence, settings.import_open_for, live_since, watched=watched)


@dataclass(slots=True)
class Taken:
    """What became of the lines of a chat; `last` is where the last of them belongs."""

    added: int = 0
    known: int = 0
    last: Place | None = field(default=None, compare=False)


class WhoIsUs(NotDone):
    """Nobody has said on which side these participants of a chat are; `keys` are theirs."""

    def __init__(self, chat: Chat, keys: Sequence[str]) -> None:
        self.chat, self.keys = chat, tuple(keys)
        self.names = tuple(chat.participants[key].called for key in keys)
        shown = ", ".join(one_line(each, LONGEST_NAME) for each in self.names[:6])
        super().__init__(
            f"Nobody has said who of these is us: {shown}.",
            "Say it on the screen, or by frontdesk names --us NAME, --customer NAME.",
        )


def parted(chat: Chat, said: Mapping[str, Side]) -> dict[str, Participant]:
    """The participants, each on a side: as the format and the settings tell, as people said, or as the title does, which in
    a chat of two is the other one's name. WhoIsUs where that leaves somebody out."""
    people = {
        key: replace(
            each,
            role=said.get(asked_name(each.called), each.role) if each.role is Side.UNKNOWN else each.role,
        )
        for key, each in chat.participants.items()
    }
    unknown = [key for key, each in people.items() if each.role is Side.UNKNOWN]
    if not unknown:
        return people
    ours = [key for key, each in people.items() if each.role is Side.AGENT]
    titled = [key for key in unknown if chat.title and folded(people[key].name) == folded(chat.title)]
    if len(titled) == 1 and (ours or len(unknown) == 2):
        rest = Side.CUSTOMER if ours else Side.AGENT
        return people | {
            key: replace(people[key], role=Side.CUSTOMER if key in titled else rest) for key in unknown
        }
    if ours and len(unknown) == 1:
        return people | {unknown[0]: replace(people[unknown[0]], role=Side.CUSTOMER)}
    if len(unknown) == 1 and [each.role for each in people.values() if each.role is not Side.UNKNOWN] == [
        Side.CUSTOMER
    ]:  # nobody else is left who could have it
        return people | {unknown[0]: replace(people[unknown[0]], role=Side.AGENT)}
    raise WhoIsUs(chat, unknown)


def take_in(
    store: Store,
    chat: Chat,
    terms: Terms,
    who: Who,
    now: Instant,
    opened: Callable[[str], bytes | None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int], None] = lambda _: None,
) -> Taken:
    """Take a chat in; `opened` gives the bytes of a file by its place in the source. Raises WhoIsUs where nobody can tell
    who of it is us: nothing of it is taken in then."""
    people = parted(chat, terms.said)
    key = _key(store, chat)
    taken = Taken()

    def after(result: Sequence[Event] | Refusal) -> None:
        if not isinstance(result, Refusal):
            taken.added += sum(event.type in (EventType.RECEIVED, EventType.NOTED) for event in result)
        progress(taken.added)

    store.change_each(_changes(chat, key, people, terms, opened, taken), who, now, cancelled, after)
    taken.known -= taken.added
    return taken


def _key(store: Store, chat: Chat) -> str:
    """What the chat goes by: the id its format gives it; else the chat that has lines of it already; else its first line and
    who takes part, as we may have said the same to several people in one minute."""
    if chat.id:
        return chat.id
    lines = iter(chat.lines)
    first = ""
    while ids := [line.id for line in islice(lines, ASKED_AT_ONCE)]:
        first = first or ids[0]
        found = [
            (count, key)
            for key, title, count in store.overlapping(chat.format, ids)
            if not (chat.title and title) or folded(chat.title) == folded(title)
        ]
        if found:
            return max(found)[1]
    words = "\0".join((first, chat.title or "", *sorted(chat.participants)))
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _changes(
    chat: Chat,
    key: str,
    people: Mapping[str, Participant],
    terms: Terms,
    opened: Callable[[str], bytes | None],
    taken: Taken,
) -> Iterator[tuple[Scope, Decide]]:
    """The changes that take the lines in, some at a time; what the program itself says is left out. All that pass are
    counted as known, until it is told which were new."""
    customers = [each for each in people.values() if each.role is Side.CUSTOMER]
    wrote = Counter(line.author for line in islice(chat.lines, ASKED_AT_ONCE))
    main = max(customers, key=lambda each: wrote[each.key], default=None)
    topics = Counter(line.topic for line in chat.lines if line.topic is not None)
    waiting: list[action.Said] = []
    live = False
    for line in chat.lines:
        author = people.get(line.author) if line.author is not None else None
        if author is None:
            continue
        taken.known += 1
        taken.last = Place(chat.format, key, chat.title or "", line.id, line.at, line.topic)
        whose = author if author.role is Side.CUSTOMER else main
        said = _said(chat, key, line, author, whose, opened)
        if waiting and (len(waiting) == AT_ONCE or live != _is_live(line, terms)):
            yield _change(waiting, terms, live)
            waiting = []
        live = _is_live(line, terms)
        waiting.append(replace(said, shared=line.topic is not None and topics[line.topic] > 1))
    if waiting:
        yield _change(waiting, terms, live)


def _is_live(line: Line, terms: Terms) -> bool:
    return terms.live_since is not None and line.at >= terms.live_since


def _change(lines: Sequence[action.Said], terms: Terms, live: bool) -> tuple[Scope, Decide]:
    arrival = action.Arrival(lines, not live, terms.silence, terms.open_for, terms.mailbox, terms.watched)
    return action.scope(arrival), action.deciding(arrival)


def _said(
    chat: Chat,
    key: str,
    line: Line,
    author: Participant,
    customer: Participant | None,
    opened: Callable[[str], bytes | None],
) -> action.Said:
    """A line as it is taken in; `customer` is whose it is, who wrote it or to whom it went."""
    place = Place(chat.format, key, chat.title or "", line.id, line.at, line.topic)
    message = _message(place, line, author)
    raw, files = _as_mail(place, message, line, opened)
    return action.Said(
        place,
        replace(message, attachments=files),
        author.role,
        _identities(customer, place) if customer is not None else (),
        customer.called if customer is not None else "",
        raw,
        by=author.name if author.role is Side.AGENT else "",
        note=line.mark == "note",
    )


def _identities(each: Participant, place: Place) -> tuple[Identity, ...]:
    """The ways by which somebody is known, the surest first."""
    found = []
    if "@" in each.address:
        found.append(channel_of("mail").identity("mail", each.address))
    is_called_by_it = each.name.startswith(("+", "0")) and is_number(each.name)
    number = fold_number(each.phone or each.name) if each.phone or is_called_by_it else ""
    if sum(sign.isdigit() for sign in number) > 5:
        found.append(Identity("phone", number))
    if each.handle and each.handle not in (each.address, each.phone):
        found.append(channel_of(place.format).identity(place.format, each.handle))
    elif not found:
        name = folded(each.name)
        found.append(Identity(place.format, name if place.format in _BY_NAME else f"{name} #{place.chat}"))
    return tuple(found)


def _message(place: Place, line: Line, author: Participant) -> Message:
    """A line as a message: its subject is what it begins with, for the list has to call it something."""
    chat = hashlib.blake2b(place.chat.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    message_id = f"<{line.id}.{chat}@{place.format}.chat>"
    oddities = [
        f"the file {one_line(each.name or '')} is missing" for each in line.attachments if not each.place
    ]
    if line.mark in ("edited", "deleted"):
        oddities.append(f"{line.mark} by who wrote it")
    return Message(
        message_id=message_id,
        date=line.at,
        subject=line.title or snippet(line.text, SUBJECT),
        sender=(Address(author.called, author.address),),
        text=line.text,
        reply=line.text,
        in_reply_to=(f"<{line.reply_to}.{chat}@{place.format}.chat>",) if line.reply_to else (),
        oddities=tuple(oddities),
        digest=message_id,
    )


def _as_mail(
    place: Place, message: Message, line: Line, opened: Callable[[str], bytes | None]
) -> tuple[bytes, tuple[Attachment, ...]]:
    """A line as a mail of its own, which is what is kept of it and exported; and its files as they are listed. The files
    that are here lie within it."""
    kept: list[tuple[Media, bytes]] = []
    for each in line.attachments:
        data = opened(each.place) if each.place and (each.size or 0) <= LARGEST_FILE else None
        if data is not None:
            kept.append((each, data))
    listed = tuple(
        Attachment(each.name, each.type or UNKNOWN_TYPE, each.size or 0) for each in line.attachments
    )
    head = line_mail.head(message, line.at, place.format, place.title or place.chat)
    if not kept:
        return line_mail.whole(head, line.text), listed
    mail = EmailMessage()
    mail.set_content(line.text)
    for each, data in kept:
        main, _, sub = (each.type or UNKNOWN_TYPE).partition("/")
        mail.add_attachment(data, main, sub or "octet-stream", filename=each.name or "file")
    return head.encode("utf-8", "replace") + bytes(mail), listed
