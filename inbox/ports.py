"""What the core and the screens need from outside, as protocols: the store above all.

A store is handed in by `main`; nothing here knows SQLite. The read models below are what screens and commands show.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from inbox.listing import Row as Row  # noqa: PLC0414  (the reading side names it here)
from inbox.loops import Traffic
from inbox.model import (
    Address,
    Attachment,
    Block,
    Call,
    Clock,
    Conversation,
    Customer,
    Event,
    Identity,
    Instant,
    Message,
    Refusal,
    Ruling,
    Status,
    Who,
)
from inbox.progress import Reached, unheard

if TYPE_CHECKING:
    from pathlib import Path

    from inbox.alerting import AlertBook
    from inbox.audit import AuditBook
    from inbox.briefing import Dropped, LastReply, News, Seen
    from inbox.channels.plan import Cursor
    from inbox.chat.names import NameBook
    from inbox.chat.shape import Around, Place
    from inbox.erasing import Erasing
    from inbox.feeds import FeedState
    from inbox.feeds import Known as KnownEntry
    from inbox.habits import Habits
    from inbox.issues import Issue, IssueBook
    from inbox.keeping import KeepBook
    from inbox.knowledge import Article
    from inbox.panels import PanelBook, Said
    from inbox.policies import Book
    from inbox.profiles import Profile
    from inbox.queries import Node
    from inbox.reports import Story
    from inbox.rules.book import Rulebook
    from inbox.same_person import Perhaps
    from inbox.saved_replies import SavedReply
    from inbox.settings import Settings
    from inbox.us import Us

# --------------------------------------------------------------------------- changing


class Recipient(NamedTuple):
    """One recipient of a message of ours and how far it got; `detail` is the server's word, sanitised when shown."""

    address: str
    state: str = "queued"
    detail: str = ""


class Outgoing(NamedTuple):
    """What enters the outbox beside the message: from which mailbox, to whom, and not before when it may leave."""

    mailbox: str | None
    sender: str
    recipients: tuple[str, ...]
    leave_at: Instant
    state: str = "queued"  # or "held": a trainee's, or a restored workspace's
    bulk: bool = False  # it waits behind answers


class Closed(NamedTuple):
    """A closed conversation of which its customer may be asked how it was."""

    conversation: int
    customer: int | None
    closed_at: Instant


class LastAsked(NamedTuple):
    """When a customer was last asked how it was, and whether something is still to be done for them."""

    at: Instant | None = None
    running: bool = False


class Content(NamedTuple):
    """A message to be stored with an event: what was read (or written), and the raw bytes it was read from (or the file
    that holds them)."""

    message: Message
    direction: str  # "in" | "out" | "note" | "call"
    at: Instant
    raw: bytes | Path | None = None
    author: str = ""  # who wrote a note or reply of ours
    customer: int | None = None  # whose message, or to whom it went
    outgoing: Outgoing | None = None
    coming: int = 0  # the size of a large message of which this is only the beginning
    begins: str = ""  # the digest of its beginning, where it is large
    chat: Place | None = None  # of a line of a chat: where it belongs


class Fact(NamedTuple):
    """An event to be recorded, with the side rows it brings: a message's content, a new customer, a text."""

    event: Event
    content: Content | None = None
    customer: Customer | None = None
    text: str | None = None
    said: tuple[tuple[str, str], ...] = ()  # of a customer: (name, note or the kind of an identity, its text)
    with_message: bool = False  # the event is about the message that was stored just before, by another fact


class Known(NamedTuple):
    """What the store knows of a Message-ID: a message that has it, or a conversation in which it was referred to."""

    conversation: int
    message: int | None  # None: only referred to from there
    ours: bool = False  # the message is ours
    by: str = ""  # of ours: what it is, where no person wrote it, or it went to many: feedback, nudge, announcement …
    referrers: frozenset[str] = frozenset()  # who referred to it, as folded addresses; "" is us
    names: frozenset[str] = frozenset()  # whom it names, of the message to be placed and not there by then


class Lately(NamedTuple):
    """Another conversation that a customer began lately: its number, and what it is about."""

    conversation: int
    subject: str
    snippet: str


class Begun(NamedTuple):
    """A message of the store that began to come by its beginning alone, and the conversation it lies in. `coming` is its
    size while the rest is not here, else 0; `twice_in` the conversation in which the very same message, come another
    way, lies as well."""

    message: int
    conversation: int | None
    at: Instant
    direction: str
    coming: int
    twice_in: int | None = None


class Returned(NamedTuple):
    """A message of ours of which a report says what became of it, and where it lies.

    `state` and `recipients`: how far it got; "" and () for one that was written elsewhere. `customer`: the addresses of
    the conversation's customer, folded. `lost_at`: when the line was lost, where nobody knew whether it had left.
    """

    message: int
    conversation: int
    author: str
    state: str
    recipients: tuple[Recipient, ...]
    customer: frozenset[str]
    lost_at: Instant | None = None


class Scope(NamedTuple):
    """What a decision touches; it is loaded under the store's lock. `message` is the one to be placed."""

    conversations: tuple[int, ...] = ()
    message: Message | None = None
    people: Message | None = None  # the customers of its addresses are needed
    trusted: bool = False  # the message lies where only we can put it
    returned: tuple[str, ...] = ()  # the ids of which one may be that of a message of ours it reports on
    at: Instant | None = None  # when that message counts from: who took part is judged as of then
    begins: str = (
        ""  # the digest of its beginning, where it is large; its own where no more than that is here
    )
    rest_of: int | None = None  # it is all of this message, of which the beginning was here
    customers: tuple[int, ...] = ()
    identities: tuple[Identity, ...] = ()  # of which is needed whose they are
    events: tuple[int, ...] = ()  # conversations whose events are needed
    sending: int | None = None  # the message of ours whose delivery is decided
    undo_by: str | None = None  # whose last action (undo), or last undone action (redo), is needed
    senders: tuple[
        int, ...
    ] = ()  # conversations of which is needed who wrote there, and who of them is blocked
    blocked: tuple[str, ...] = ()  # addresses and domains of which is needed whether they are blocked
    suggested: tuple[int, ...] = ()  # conversations of which is needed what they look like part of
    correspondent: str = ""  # the address, folded, of which is needed what went there and came automatically
    leaves: bool = False  # a message is to leave: what the servers of the mailboxes take is needed
    lately: Instant | None = None  # what else the message's customer began since then is needed
    asked: int | None = None  # the customer of whom is needed when they were last asked how it was
    given_by: tuple[str, Instant] | None = None  # a teammate: what they have given since an instant is needed
    issues: tuple[str, ...] = ()  # the names of issues that are needed
    told: tuple[str, int] | None = None  # a telling and a customer, of whom is needed whether they were told
    telling: str = ""  # all that was queued of a telling is needed
    chat: tuple[Place, ...] = ()  # lines of one chat to be placed: what is around them is needed
    chat_of: int | None = None  # a conversation of which is needed which chat it is a stretch of
    erasing: int | None = None  # the customer to be erased: what is on its way to them is needed


@dataclass(frozen=True, slots=True)
class State:
    """What a decision sees: everything its scope named, as it stands under the lock."""

    conversations: Mapping[int, Conversation] = field(default_factory=dict)
    customers: Mapping[int, Customer] = field(default_factory=dict)
    identities: Mapping[Identity, int] = field(
        default_factory=dict
    )  # whose each was when it became known; who joined that one since does not matter here
    namesakes: Mapping[str, frozenset[str]] = field(
        default_factory=dict
    )  # what the sender is called, folded -> the addresses of all customers who are called so
    joined: Mapping[int, Event] = field(
        default_factory=dict
    )  # customer -> the event that joined it with another
    participants: Mapping[int, frozenset[str]] = field(
        default_factory=dict
    )  # conversation -> folded addresses
    known: Mapping[str, tuple[Known, ...]] = field(default_factory=dict)  # Message-ID -> what is known of it
    same: int | None = None  # the very same message is here already
    erased: bool = False  # it was here, was erased, and is not to come back
    claimed: tuple[int, int] | None = (
        None  # that message and its conversation, where it only claims to be ours
    )
    begun: Begun | None = None  # only its beginning is here, or was
    alike: int | None = None  # a conversation with the same subject and customer, lately
    returned: Returned | None = None  # the message of ours that it reports on
    events: Mapping[int, tuple[Event, ...]] = field(
        default_factory=dict
    )  # by id; of a merged one: those at home where it lives now
    cuts: frozenset[frozenset[int]] = (
        frozenset()
    )  # pairs that were parted by hand: nothing joins them by itself
    suggested: Mapping[int, int] = field(
        default_factory=dict
    )  # conversation -> where what it looks like lives now
    last_action: tuple[Event, ...] = ()
    last_undone: tuple[Event, ...] = ()
    outbox: Mapping[int, str] = field(default_factory=dict)  # message -> state
    lately: tuple[Lately, ...] = ()  # what else the customer of the message that is placed began lately
    renamed: frozenset[int] = (
        frozenset()
    )  # conversations that are about something else than the message to be placed says
    scheduled: Mapping[int, tuple[Event, ...]] = field(
        default_factory=dict
    )  # conversation -> what queued answers for later that have not begun to leave
    senders: Mapping[int, tuple[str, ...]] = field(
        default_factory=dict
    )  # conversation -> folded From of what came in, people before machines, newest first; "" where none is told
    blocked: Mapping[str, Block] = field(default_factory=dict)  # of those who wrote, who is blocked
    ruled: Mapping[str, Ruling] = field(default_factory=dict)  # of those who wrote, who was ruled on
    traffic: Traffic = Traffic()  # noqa: RUF009  (a tuple)  # of that correspondent
    us: Us | None = None  # who is us, where senders were asked for
    asked: LastAsked = LastAsked()  # noqa: RUF009  (a tuple)
    given: tuple[Event, ...] = ()  # the goodwill of that teammate
    largest: Mapping[str, int] = field(default_factory=dict)  # mailbox -> the most bytes its server takes
    issues: Mapping[str, Issue] = field(default_factory=dict)  # by name, those that there are
    told: tuple[Event, ...] = ()  # what was queued of a telling and stands
    chat: Around | None = None  # what stands around those lines
    chat_place: Place | None = None  # the last line of that conversation, where it is one of a chat
    unsent: tuple[
        int, ...
    ] = ()  # conversations of the customer to be erased with an answer that has not left
    next_conversation: int = 1
    next_customer: int = 1


Decision = Sequence[Fact] | Refusal
Decide = Callable[[State, Who, Instant], Decision]


class Outcome(NamedTuple):
    """What became of a change: the events as recorded, or the refusal; `again` when its key had been used before."""

    events: tuple[Event, ...] = ()
    refusal: Refusal | None = None
    again: bool = False

    @property
    def conversations(self) -> tuple[int, ...]:
        """The conversations touched, each once, in order."""
        return tuple(dict.fromkeys(e.conversation for e in self.events if e.conversation is not None))


# --------------------------------------------------------------------------- reading


class Item(NamedTuple):
    """One message, note or reply of ours in a conversation, as read; texts as stored, not yet sanitised."""

    id: int
    direction: str  # "in" | "out" | "note" | "call"
    at: Instant
    author: str
    message_id: str | None
    sender: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str
    text: str
    reply: str
    quoted: str
    signature: str
    attachments: tuple[Attachment, ...]
    oddities: tuple[str, ...]
    automatic: bool
    references: tuple[str, ...]
    state: str | None = None  # of ours: the worst of its recipients
    recipients: tuple[Recipient, ...] = ()
    leave_at: Instant | None = None
    coming: int = (
        0  # the size of a large message of which only the beginning is here; `oddities` say so first
    )
    machine: tuple[str, ...] = ()  # the headers and words by which it is machine mail, or a notice
    on_behalf_of: tuple[Address, ...] = ()  # the customer, where the headers name who passed it on
    channel: str = "mail"  # the way it came or went: that of a line of a chat is its format
    call: Call | None = None  # of a call: which way


class Stretch(NamedTuple):
    """Part of a conversation: messages and notes one after the other, the oldest first.

    `events`: the record, but of a long conversation without what messages that are far from here tell of themselves.
    `earlier`, `later`: how many messages and notes lie before and behind. `unread`: the first message of the customer's
    that nobody has seen; None where all were.
    """

    items: Sequence[Item]
    events: Sequence[Event]
    earlier: int = 0
    later: int = 0
    unread: int | None = None


class Gift(NamedTuple):
    """Something that was given to a customer: when, by whom, in which conversation, what, how much (exact, as text), why."""

    at: Instant
    who: str
    conversation: int
    kind: str
    amount: str | None
    currency: str | None
    reason: str


class Told(NamedTuple):
    """What a customer answered when asked how it was; `words` as stored, not yet sanitised."""

    at: Instant
    conversation: int
    score: int
    words: str = ""


class Panel(NamedTuple):
    """The customer beside a conversation: who it is, and the history over all channels, newest first."""

    customer: Customer
    since: Instant
    conversations: int
    open: int
    history: tuple[Row, ...]
    notes: tuple[tuple[Instant, str, str], ...]  # at, who, text
    joined: tuple[Customer, ...] = ()  # who was joined with them
    perhaps: tuple[Perhaps, ...] = ()  # who may be the same, and on what ground: a person decides
    writes: str = ""  # how they write, in words, as noticed in what is shown
    promises: tuple[tuple[Instant, str], ...] = ()  # the open ones: until when, and what (or in which matter)
    kept: str = ""  # what became of all that was promised, in words
    gifts: tuple[Gift, ...] = ()  # the newest first
    answers: tuple[Told, ...] = ()  # how it was, likewise
    running: tuple[Row, ...] = ()  # conversations that are not closed, the newest first
    ids: tuple[int, ...] = ()  # all of them, likewise; `history` has the first as rows
    pace: str = ""  # how soon we answered them lately, in words
    said: tuple[Said, ...] = ()  # what programs of [panel.NAME] say of them
    unserved: str | None = None  # why nobody asks these: "" for nobody is there; None: somebody does


class Caught(NamedTuple):
    """What a ruling on a sender would have caught: the conversations that it changes, how many have mail of theirs, and
    how many of those we have answered."""

    target: str
    changes: tuple[int, ...]
    conversations: int
    answered: int


class Hit(NamedTuple):
    """A message found by a search."""

    conversation: int
    message: int
    at: Instant
    snippet: str


class DraftFile(NamedTuple):
    """A file that goes with a draft: its name and type as they will be sent, its size in bytes, and the sha256 (hex) under
    which the workspace keeps what it said when it was attached."""

    name: str
    type: str
    size: int
    sha: str


class CallNotes(NamedTuple):
    """What is told of a phone call beside what was said, while that is written down: which way it went
    (`inbox.callers`), when it was and how long it took, with whom, what was promised, and when somebody comes back to it.
    """

    way: str = "in"
    at: Instant = 0
    seconds: int | None = None
    customer: int | None = None  # None: somebody new
    name: str = ""
    number: str = ""
    until: Instant | None = None  # of a promise, with what is aimed for and its words
    aim: Instant | None = None
    promised: str = ""
    follow_up: Instant | None = None
    what_for: str = ""


AMENDS = "amend"
"""The kind of a draft in which what waits for a yes is edited: "amend 12", with the number of that message."""


LEAVING = ("reply", "reply-all", "forward", "new")
"""Kinds of drafts that leave the house; new begins a conversation."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message being written; `kind` is reply, reply-all, forward, note, call, new or one of `AMENDS`. What begins a
    conversation has the conversation 0: new, and a call to which `kind` says with whom.

    Recipients are as they were typed. Without a `sender` the draft says nothing about its fields: they are those of the
    answer that would be prepared.
    """

    conversation: int
    who: str
    kind: str
    text: str
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    at: Instant = 0
    sender: str = ""
    files: tuple[DraftFile, ...] = ()
    used: tuple[str, ...] = ()  # what of the team's was put in: "knowledge:TITLE", "saved:NAME"
    call: CallNotes | None = None  # of a call

    @property
    def unread(self) -> Draft:
        """As somebody else sees it: that it is there, and nothing of what it says."""
        return Draft(self.conversation, self.who, self.kind, "", at=self.at)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep."""
        begun = self.kind == "new" and (self.to or self.cc or self.bcc or self.subject.strip())
        return not (self.text.strip() or self.files or begun)


class Presence(NamedTuple):
    """Who looks at a conversation, or writes to it, according to a lease that has not expired."""

    who: str
    conversation: int
    doing: str  # "looks" | "writes"


class MailboxState(NamedTuple):
    """How it stands between us and the server of a mailbox, as the worker last knew.

    `state` is one of `MAILBOX_STATES`. `since`: in this state from when on. `synced_at`: when all its folders were
    last looked into to the end; None: never. `trouble` and `next_step` are sentences for a person, sanitised;
    `again_at`: when the worker tries again by itself; None: it waits for a person. While a folder is read for the
    first time, `done` of `of` messages have come, `began` at that instant. `skew`: seconds by which our clock was
    ahead of the server's when mail was last seen to arrive. `questions`: what a person should look at although all goes
    on, such as a folder that is suddenly empty, sanitised.
    """

    mailbox: str
    state: str
    since: Instant
    synced_at: Instant | None = None
    trouble: str = ""
    next_step: str = ""
    again_at: Instant | None = None
    folder: str = ""
    done: int = 0
    of: int = 0
    began: Instant | None = None
    skew: int | None = None
    questions: tuple[str, ...] = ()


MAILBOX_STATES = {
    "connecting": "the line is being made",
    "fetching": "mail is coming",
    "watching": "the server tells of new mail, and is asked now and then all the same",
    "polling": "the server is asked now and then; it tells nothing by itself",
    "network": "the line failed: it is tried again",
    "refused": "the server said no: it is tried again",
    "mistake": "Frontdesk made a mistake: it is tried again",
    "password": "the server refused the password: a person must mend it",
    "needs-login": "the access token is no longer taken: a person must log in again",
    "certificate": "the certificate is not trusted: nothing is sent there",
    "settings": "the settings do not say enough to log in",
    "workspace": "the workspace cannot be written: mail waits on the server",
}
"""What state a mailbox can be in. From the last five the worker comes back by itself only now and then."""


class OutboxLine(NamedTuple):
    """One message of ours that has not simply gone out."""

    message: int
    conversation: int
    message_id: str
    state: str
    queued_at: Instant
    leave_at: Instant
    recipients: tuple[Recipient, ...]
    subject: str
    held_by: str = ""  # of a held one: "approval", "restored" or "quota"
    why: str = ""  # what the server (or the line) said last, not sanitised
    next_try: Instant | None = None  # of one that waits: when it goes, or is tried again
    mailbox: str | None = None
    copy: str = ""  # of a sent one: why its copy does not lie in Sent yet


class TakenIn(NamedTuple):
    """How many messages of an export came in, and how many were here already."""

    added: int
    known: int


class Problem(NamedTuple):
    """Something `verify` found: what kind, about what, in what it differs, and what a person can do."""

    kind: str
    subject: str
    detail: str
    next: str = ""


class Kept(NamedTuple):
    """A message as fetched: its UID, the instant it counts from, its bytes, and in words what did not fit.

    `coming`: of a large one `raw` is the beginning, and this the size it is to have; 0: all of it is here.
    """

    uid: int
    at: Instant
    raw: bytes
    oddity: str = ""
    coming: int = 0


class Waiting(NamedTuple):
    """A message whose bytes are safe and which is not placed yet; `tries` counts failed attempts to read it."""

    id: int
    mailbox: str
    folder: str
    use: str  # the folder's: "inbox", "sent", "junk" or ""
    at: Instant
    history: bool
    tries: int
    raw: bytes
    oddity: str = ""  # what did not fit when it was fetched
    coming: int = 0  # the size of a large message of which `raw` is only the beginning


class Going(NamedTuple):
    """A message of ours that is due to be sent, and to whom it has yet to go. `bulk`: it waits behind answers."""

    message: int
    conversation: int
    mailbox: str | None
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    attempts: int
    first_try: Instant | None
    bulk: bool = False


class Result(NamedTuple):
    """What became of a message for one recipient: sent, refused-for-now, failed or unknown; the server's words."""

    state: str
    words: str = ""


class Job(NamedTuple):
    """Something the worker has to do: `kind` says what, `data` with which message or folder."""

    id: int
    kind: str
    data: str
    tries: int


class Reader(Protocol):
    """What may be asked of a store. Every method opens and ends its own short read."""

    @property
    def book(self) -> Book:
        """Every version of hours and policies applied so far."""

    def ids(
        self,
        query: Node | None,
        who: Who,
        now: Instant,
        limit: int | None = None,
        given_up: Callable[[], bool] = lambda: False,
    ) -> Sequence[int]:
        """Ids of the conversations a query finds, in working order: deadline, VIP, oldest unanswered; then newest. None as
        soon as `given_up` says so."""

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The rows of these conversations, in the order given; ids that are gone are left out."""

    def counts(self, who: Who, now: Instant) -> Mapping[str, int]:
        """How many conversations stand in each view of `inbox.views`, by the view's name."""

    def resolve(self, conversation: int) -> int | None:
        """The id under which a conversation lives now (merged ones redirect for ever); None when unknown."""

    def lies_in(self, message: int) -> int | None:
        """The conversation a message lies in; None when there is no such message, or it was taken back."""

    def items(self, conversation: int, newest: int | None = None) -> list[Item]:
        """Messages and notes, oldest first: all, or only so many of the newest."""

    def item(self, message: int) -> Item | None:
        """One message or note, by its number; None when there is none."""

    def stretch(self, conversation: int, around: int | None, size: int) -> Stretch:
        """At most so many messages and notes around one of them (0: the first; None: the newest), and what is told there."""

    def attached_before(self, conversation: int, message: int) -> int:
        """How many attachments the messages of a conversation before this one have."""

    def saying(self, conversation: int, fits: Callable[[str], bool]) -> list[int]:
        """The messages and notes of a conversation whose text fits, by rising numbers."""

    def answers_by(self, who: str, limit: int) -> list[str]:
        """The texts that a person has sent last, the newest first, as typed; of old ones none."""

    def events(self, conversation: int) -> list[Event]:
        """The record of one conversation, oldest first, void ones included."""

    def clocks(self, conversation: int, now: Instant, ledger: bool = False) -> tuple[Clock, ...]:
        """The clocks of a conversation as of `now`."""

    def stories(
        self, since: Instant, query: Node | None, who: Who, now: Instant
    ) -> Generator[tuple[int, list[Story]]]:
        """Conversations a query finds in which something happened since an instant, with their events, a slice at a
        time; beside each slice how many there are in all. Everything is of one instant, until the iterator is closed."""

    def worked_on(self, start: Instant, end: Instant) -> list[int]:
        """The conversations in which people did something from an instant up to another."""

    def stories_among(self, conversations: Sequence[int]) -> Generator[Story]:
        """These conversations with their events, read a slice at a time, all as of one instant; those that are gone are
        left out."""

    def customer_changes(self, since: Instant) -> Mapping[int, list[tuple[Instant, int]]]:
        """When somebody said something of a customer, or joined two, since an instant, and the event's number; by customer
        as they live now."""

    def helped(self) -> dict[str, int]:
        """In how many replies that have left each article ("knowledge:TITLE") and saved reply ("saved:NAME") helped."""

    def panel(self, customer: int, limit: int = 20) -> Panel | None:
        """The customer's panel; None when there is no such customer."""

    def exchange(self, conversation: int, newest: int = 60) -> list[tuple[Instant, str]]:
        """When something came ("in") or was answered by a person ("out") in a conversation, oldest first; of so many of
        the newest messages."""

    def promising(self, customer: int, limit: int = 50) -> list[int]:
        """The conversations of a customer in which something was ever promised, the newest `limit` of them."""

    def search(
        self,
        query: Node,
        who: Who,
        now: Instant,
        limit: int = 50,
        given_up: Callable[[], bool] = lambda: False,
    ) -> list[Hit]:
        """Messages a query finds, newest first; none as soon as `given_up` says so."""

    def reach(
        self, text: str, who: Who, now: Instant, limit: int, given_up: Callable[[], bool] = lambda: False
    ) -> list[int]:
        """Conversations by whatever a person knows of one (its number, the beginning of a customer's name or address, words
        of it), the likeliest first; none as soon as `given_up` says so."""

    def raw(self, message: int) -> bytes | None:
        """The bytes exactly as received; None when there are none (a note)."""

    def outbox(self) -> list[OutboxLine]:
        """What waits, is held, failed or is unknown; oldest first."""

    def drafts(self, conversation: int | None = None) -> list[Draft]:
        """Drafts of one conversation, or all, newest first."""

    def presence(self, conversation: int | None = None) -> list[Presence]:
        """Who looks or writes, by leases that have not expired."""

    def people_like(self, text: str, limit: int = 200) -> list[Address]:
        """Customers whose name, address or domain begins so, case aside; then such as begin with its first letters."""

    def customers_at(self, addresses: Iterable[str]) -> Mapping[str, Customer]:
        """Whose these addresses are, by the address as given; those of nobody we know are left out."""

    def callers(self, text: str) -> list[Customer]:
        """Who may be on the phone: whose a number is, or may be, however it is written, the very same number first; else
        those whose name begins so."""

    def customer(self, number: int) -> Customer | None:
        """A customer by number, as they live now after some were joined; None when there is none."""

    def customers(self, text: str = "", limit: int = 1_000_000) -> list[Customer]:
        """Customers by name: those a number, a part of an address or the beginning of a word of their name fits."""

    def letter(self, queued: Event) -> Draft:
        """What an event put into the outbox, as the draft it would be again."""

    def draft_file(self, sha: str) -> bytes:
        """What a file of a draft says. WorldError when it is no longer there."""

    def to_wake(self, now: Instant) -> list[int]:
        """Conversations snoozed or held until now, and those that a promise or a follow-up brings back."""

    def nudges_due(self, now: Instant, status: Status, limit: int) -> list[int]:
        """Conversations of a status in which a message that no person writes is due, the longest due first."""

    def restored_at(self) -> int:
        """The last event that was there when this workspace was last restored or copied; 0: it never was."""

    def mailboxes(self) -> list[MailboxState]:
        """How it stands with each mailbox the worker has tried, by name."""

    def caught(self, target: str, notice: bool, since: Instant) -> Caught:
        """What ruling on a sender (an address, or `@` with a domain) would change of what came since an instant."""

    def senders(self, conversation: int) -> tuple[str, ...]:
        """Who wrote what came into a conversation lately, folded: people before machines, newest first."""

    def blocked(self) -> list[Block]:
        """Senders and domains whose mail is spam, by address."""

    def tags(self) -> list[str]:
        """Every tag that a conversation carries, in order."""

    def refused_addresses(self, addresses: Iterable[str]) -> Mapping[str, str]:
        """Those of the addresses at which nobody is (folded), with the words in which a server said so: mail came back
        from there, and since then none was taken for it and nobody has written from there."""


class Store(Reader, Protocol):
    """The one way to change what is true, and to read it."""

    def change(self, scope: Scope, decide: Decide, who: Who, now: Instant, key: str | None = None) -> Outcome:
        """Load the scope under the write lock, decide, record the events, derive the state, ring the bell."""

    def change_each(
        self,
        changes: Iterable[tuple[Scope, Decide]],
        who: Who,
        now: Instant,
        cancelled: Callable[[], bool] = lambda: False,
        after: Callable[[Sequence[Event] | Refusal], None] | None = None,
    ) -> Outcome:
        """One batch of many changes, undone as one. While others are here it goes in slices of 15 ms, and leaves them the
        lock for as long as each took."""

    def overlapping(self, format_: str, lines: Sequence[str]) -> list[tuple[str, str, int]]:
        """The chats of a format that hold some of these lines: what each goes by, its title, how many; most first."""

    def save_draft(self, draft: Draft) -> None:
        """Keep a draft (one a conversation, person and kind); an empty one is removed."""

    def put_file(self, conversation: int, who: str, file: DraftFile, at: Instant) -> None:
        """Keep a file for the answer that a person writes, or will write, in a conversation: it stands in its draft as
        others read it, and is not overwritten by what an open composer saves. Rings the bell."""

    def take_put_files(self, conversation: int, who: str, kind: str) -> tuple[DraftFile, ...]:
        """Move what was put there into the draft of a kind, all of it or nothing; what was moved, oldest first."""

    def keep_file(self, source: Path | bytes, name: str, kind: str = "") -> DraftFile:
        """Keep what a file says now, to go with a draft; `kind` is its type, else its name tells. WorldError when it
        cannot be read."""

    def show_presence(self, who: Who, conversation: int | None, doing: str) -> None:
        """Say what this screen looks at; None takes the lease back."""

    def newest_event(self) -> int:
        """The number of the newest event; 0 when there is none."""

    def watch(self, heard: Callable[[frozenset[int]], None]) -> Callable[[], None]:
        """Call `heard(conversations)` from a thread of its own when another process or this one changed them
        (an empty set: something changed); the answer stops the watching."""

    def close(self) -> None:
        """End threads and connections."""


# --------------------------------------------------------------------------- the worker's side


class Copy(NamedTuple):
    """Where a copy of a large message lies on its server, and the file that takes in what comes of it."""

    folder: str
    uidvalidity: int
    uid: int
    file: Path


class Order(NamedTuple):
    """A large message of which the rest is to be fetched. `message` is None while its beginning is not placed yet; `came`
    is the digest of what came before, when that was not as long as the server had said."""

    size: int
    message: int | None
    came: bytes | None
    copies: tuple[Copy, ...]


class Wholes(Protocol):
    """Large messages by number, whose beginning is here and the rest is to come."""

    def order(self, number: int, mailbox: str) -> Order | None:
        """What is to be fetched, and where it lies in a mailbox; None when nothing is to be done any more."""

    def vanished(self, mailbox: str, copy: Copy) -> None:
        """A copy is no longer there."""

    def gone(self, number: int) -> None:
        """It was deleted everywhere before all of it came. A copy that turns up revives it."""

    def take(self, file: Path) -> Path:
        """All of it came: make it safe under the name it is to have, before the store's lock is taken."""

    def came(self, number: int, digest: bytes) -> None:
        """All that there is came and is not as long as was said: it is to be fetched once more."""

    def whole(self, number: int, message: Message, file: Path) -> None:
        """All of it is a message of the store now, as it was read: the copies of it are places of that one. `file` came
        from `take`, and goes where other bytes of the same message are kept."""

    def another(self, number: int, file: Path, oddity: str) -> None:
        """All of it is another message than its beginning seemed to be: it is to be placed, with its bytes."""

    def drop(self, number: int) -> None:
        """What came of it is not needed any more: remove its files."""

    def sooner(self, message: int) -> bool:
        """A person asks for the rest of a message: it comes before other work; False when nothing more will come."""


class Places(Protocol):
    """Where copies lie on servers, how far each folder was read, and what is not placed yet."""

    def cursors(self, mailbox: str) -> dict[str, Cursor]:
        """How far each folder of a mailbox was read, by its name."""

    def begin(self, mailbox: str, folder: str, uidvalidity: int, up_to: int) -> None:
        """Read this folder from its last message down; what lies there already, up to the UID `up_to`, is history."""

    def reached(self, mailbox: str, folder: str, uidvalidity: int, down_to: int) -> None:
        """All messages from the UID `down_to` on are here."""

    def keep(
        self, mailbox: str, folder: str, uidvalidity: int, kept: Sequence[Kept], up_to: int, use: str
    ) -> list[Waiting]:
        """Store bytes, places and cursor (`up_to`: the highest UID looked at) in one transaction; what is to be placed."""

    def vanished(self, mailbox: str, folder: str, uidvalidity: int, uids: Iterable[int]) -> None:
        """These copies are no longer there. The messages stay."""

    def waiting(self, limit: int, after: int = 0) -> list[Waiting]:
        """What has come and is not placed yet, oldest first, with its bytes; from the one after the arrival `after`."""

    def tried(self, arrival: int) -> None:
        """Placing it failed; after the third time it is shown as it came."""

    @property
    def wholes(self) -> Wholes:
        """Large messages, and what of them has come."""

    def placed(self, done: Sequence[tuple[int, Message]]) -> list[int]:
        """These arrivals are messages of the store now; the spam conversations one of which lies in an inbox."""


class TakenBack(LookupError):
    """The message is not to be sent any more: somebody took it back, or another worker has it."""


class Outbox(Protocol):
    """What waits to be sent, how far each message got, and what became of it."""

    def due(self, now: Instant) -> list[Going]:
        """What is to be sent now: answers before bulk, the oldest first; also what a clock put back would keep for
        hours."""

    def raw(self, message: int) -> bytes | None:
        """The bytes that leave; None when they are gone."""

    def next_at(self) -> Instant | None:
        """When the next message is due; None when none waits."""

    def phase(self, message: int, phase: str, now: Instant) -> None:
        """Write down that a phase ("connecting", "data") begins now; TakenBack when it must not."""

    def settle(
        self,
        going: Going,
        results: Mapping[str, Result],
        now: Instant,
        next_try: Instant | None,
        *,
        notice: bool = False,
        counts: bool = True,
    ) -> str:
        """Write down what became of each recipient; the state of the message.

        `notice`: if it waits on, whoever wrote it is told, once. `counts`: whether this was a try towards giving up.
        """

    def put_back(self, message: int) -> None:
        """It was not begun after all: it waits as before, and no try counts."""

    def pause(self, mailbox: str, words: str, now: Instant) -> Instant:
        """The server of a mailbox takes no more mail for now, and says why; until when nothing is sent from there.

        Each time in a row it is twice as long, until it takes mail again. Whoever wrote what has waited for hours is
        told.
        """

    def paused(self, now: Instant) -> dict[str, Instant]:
        """The mailboxes that send nothing now, and until when."""

    def learn_largest(self, mailbox: str, size: int | None) -> None:
        """The server of a mailbox takes messages of at most so many bytes; None: it does not say."""

    def largest(self, mailbox: str) -> int | None:
        """The most bytes a message from this mailbox may have, as far as its server has said."""

    def clock_jumped(self, before: Instant, seconds: int) -> None:
        """The clock was set when it showed `before`: what waits goes on waiting for as long as it was to."""

    def recover(self, now: Instant) -> None:
        """After a death in the middle: before the data it can be sent again; after it nobody knows."""

    def found_in_sent(self, message: int, now: Instant) -> None:
        """An unknown one turned up in Sent: it was accepted."""

    def found_in_places(self, now: Instant) -> list[int]:
        """Every unknown one that lies in a folder of ours by now was accepted; which."""

    def accepted(self, since: Instant, until: Instant, mailbox: str, or_unnamed: bool) -> int:
        """How many messages a mailbox has sent after an instant and up to another; with `or_unnamed`, also those that
        name none."""

    def sent(self, message: int) -> Going | None:
        """A message of the outbox whatever its state, for its copy in Sent."""


class OutboxAtWork(Outbox, Protocol):
    """The outbox with what people decide about it."""

    def by(self, who: Who) -> OutboxAtWork:
        """The same outbox; what is decided is recorded under this name."""

    def release(self, now: Instant, message: int | None = None) -> int:
        """Let held messages go (all, or one), those of a mailbox that pauses too; how many."""

    def resend(self, message: int, now: Instant) -> bool:
        """Send a failed or unknown one again, and try one that waits for its next try, or whose copy waits, now; False
        when it is none of these."""

    def drop(self, message: int, now: Instant) -> bool:
        """Give a message up that has not gone, or the copy of one that has; False when it has, or is on its way."""


class Jobs(Protocol):
    """What has to be done in the world, kept until it is done."""

    def add(self, kind: str, data: str, run_at: Instant) -> None:
        """Ask for something to be done from `run_at` on; asking twice is asking once, and the sooner time holds."""

    def due(self, now: Instant) -> list[Job]:
        """What is to be done now, oldest first."""

    def done(self, job: int) -> None:
        """It is done."""

    def later(self, job: int, run_at: Instant, trouble: str) -> None:
        """It could not be done now: again at `run_at`."""


class Lying(NamedTuple):
    """Where the mail of customers lies that an event is about, in one mailbox.

    `places`: (folder, UIDVALIDITY) -> UID -> message. `missing`: some of it did lie there, and may be found again,
    since what lies in the mailbox is being read.
    """

    conversation: int
    places: Mapping[tuple[str, int], Mapping[int, int]]
    missing: bool


class FeedBook(Protocol):
    """What is known of feeds."""

    def states(self) -> dict[str, FeedState]:
        """How it stands with each, by name, as it was kept last."""

    def keep(self, state: FeedState) -> None:
        """Write down how it stands with one."""

    def known(self, marks: Sequence[str]) -> dict[str, KnownEntry]:
        """What is here of entries, by their marks; those that are not here are left out."""


class Asking(Protocol):
    """Whom to ask how it was."""

    def turns(self, since: Instant, until: Instant, limit: int) -> list[Closed]:
        """Conversations closed after `since` and up to `until` that nobody has looked at, the oldest first."""

    def looked_at(self, turn: Closed) -> None:
        """It was looked at, and so was everything closed before."""


class Following(Protocol):
    """What the record asks of the servers: the worker follows it event by event and asks for jobs."""

    def news(self) -> tuple[int, list[Event]] | None:
        """What was recorded since the last look, or counts again, and the number up to which it was; None: nothing.

        The first look finds nothing: history asks for nothing. Not all need come at once: ask until there is nothing.
        """

    def mailboxes(self, event: int) -> set[str]:
        """In which mailboxes mail of the conversation of an event lies, or did."""

    def followed(self, up_to: int, jobs: Iterable[tuple[str, str]], now: Instant) -> None:
        """Ask for jobs (kind and data), and remember that the record was looked at up to this number."""

    def lying(self, event: int, mailbox: str) -> Lying | None:
        """Where the mail lies that came before an event; of an answer, what it answers. None when the event does not
        count any more."""


class Lease(Protocol):
    """Being the one process that does something; given back at the end of a `with`."""

    def take(self) -> bool:
        """Take it if nobody holds it; True when it is ours from now on."""

    def release(self) -> None:
        """Give it back."""


class TeamDocuments(Protocol):
    """The small documents of a team: what people write for each other, and prefer. See `storage.documents`."""

    def saved_replies(self) -> list[SavedReply]:
        """The saved replies, in the order they were saved."""

    def save_reply(self, reply: SavedReply, seen: str | None = None) -> None:
        """Save a reply, in the place of one that has its name. BadUsage for one without name or text; NotDone where another
        text stands there than the one that was `seen` ("": none) when this one was begun."""

    def forget_reply(self, name: str) -> bool:
        """Take a saved reply away; False when there is none of that name."""

    def articles(self) -> list[Article]:
        """The articles of the team's knowledge, in the order they were saved."""

    def save_article(self, article: Article, instead_of: str = "", seen: str | None = None) -> None:
        """Save an article, in the place of one that has its title (or the title `instead_of`). BadUsage for one without
        title or text; `seen` as of `save_reply`."""

    def forget_article(self, title: str) -> bool:
        """Take an article away; False when there is none of that title."""

    def mistakes(self, kind: str) -> list[str]:
        """What is wrong in saved replies ("saved_replies") or knowledge that was written by hand."""

    def hints(self, who: str) -> tuple[Mapping[str, int], frozenset[str]]:
        """How often a person has ignored each hint of `inbox.checks`, and the hints they have let leave."""

    def ignore_hints(self, who: str, names: Iterable[str]) -> None:
        """A person has sent a letter in spite of these hints."""

    def let_hint_leave(self, who: str, name: str, leave: bool = True) -> None:
        """A hint is not to come again, or (`leave` False) is; either way it is counted anew."""

    def terminal(self, who: str, key: str) -> frozenset[str]:
        """What was seen to pass at this terminal of a person's."""

    def marks(self, who: str) -> dict[str, int]:
        """The conversations a person has marked, by letter."""

    def set_mark(self, who: str, letter: str, conversation: int) -> None:
        """Mark a conversation with a letter, in place of what it stood for."""

    def remember_terminal(self, who: str, key: str, passed: Iterable[str]) -> None:
        """Remember what passes at a terminal, in place of what was known of it."""

    def theme(self, who: str) -> str:
        """The theme a person has chosen, as `tui.looks` names it; "auto" for who has chosen none."""

    def keep_theme(self, who: str, theme: str) -> None:
        """A person has chosen a theme, for every terminal."""

    def profile(self, who: str) -> Profile | None:
        """What a person has said of themselves; None while nobody has asked them."""

    def change_profile(self, who: str, said: Mapping[str, str]) -> Profile:
        """What a person says of themselves now, by field, as typed (`inbox.profiles`); all of it as it is then. With nothing
        said they were asked. BadUsage, and nothing is changed, for what cannot be."""

    def answers_in(self) -> Mapping[str, Collection[str]]:
        """The languages in which people answer, by their names, of those who have said any."""


class Attendance(Protocol):
    """Until where each person has seen the record (`inbox.briefing`)."""

    def last(self, who: str) -> Seen | None:
        """Until where a person has seen the record; None for somebody who was never here."""

    def here(self, who: str, now: Instant) -> None:
        """Their hands are here now, and see everything up to now."""

    def dropped(self, who: str, dropped: Dropped, last_here: Instant) -> None:
        """The line of a person was dropped, whose hands were last here at `last_here`."""

    def taken_up(self, who: str) -> None:
        """They are back from a dropped line."""

    def habits(self, who: str) -> Habits:
        """What a person's hands know by now."""

    def keep_habits(self, who: str, habits: Habits) -> None:
        """Add what was done since Frontdesk was opened to what is known of a person."""

    def news(self, who: str, seen: Seen, now: Instant) -> News:
        """What is there since then, and still to be done by them or anybody."""

    def last_reply(self, who: str, since: Instant, now: Instant) -> LastReply | None:
        """What became of the reply a person wrote last, where that was after `since`."""

    def loads(self) -> Mapping[str, int]:
        """How much each person has in hand, weighed (`inbox.load`); who has nothing is left out."""


class Workspace(Store, Protocol):
    """A store with everything beside it: the worker's tables, and what is done to the whole."""

    @property
    def workspace(self) -> Path:
        """The folder it lives in."""

    def seen_by(self, who: Who) -> None:
        """From now on this store is one person's: it reads and changes only what they may see (`inbox.restricting`), and
        of a colleague's draft it tells only that it is there."""

    def sees_all(self) -> bool:
        """Whether whoever this store is for may see everything."""

    def are_restricted(self) -> bool:
        """Whether any mailbox is restricted."""

    def may_see(self, person: str, conversations: Collection[int]) -> set[int]:
        """Those of these conversations that a teammate may see."""

    @property
    def places(self) -> Places:
        """Where copies lie on servers."""

    @property
    def sending(self) -> OutboxAtWork:
        """The outbox from the worker's side, and what people decide about it."""

    @property
    def jobs(self) -> Jobs:
        """What the worker has to do."""

    @property
    def following(self) -> Following:
        """What the record asks of the servers."""

    @property
    def feeds(self) -> FeedBook:
        """What is known of feeds."""

    @property
    def asking(self) -> Asking:
        """Whom to ask how it was."""

    @property
    def attendance(self) -> Attendance:
        """Until where each person has seen the record, and what is there since."""

    @property
    def issues(self) -> IssueBook:
        """What is known of issues, and who was told of them."""

    @property
    def rulebook(self) -> Rulebook:
        """What is written down about rules."""

    @property
    def alerts(self) -> AlertBook:
        """What people were alerted of."""

    @property
    def panels(self) -> PanelBook:
        """What programs said of customers."""

    @property
    def documents(self) -> TeamDocuments:
        """The small documents of the team."""

    way: str  # which way what is done here comes in: "screen", "command close"; kept beside what people did

    @property
    def audit(self) -> AuditBook:
        """What is in the record, told to who may look into it."""

    @property
    def keeping(self) -> KeepBook:
        """What is old, and erasing it."""

    @property
    def erasing(self) -> Erasing:
        """Erasing customers, and what is known of it."""

    @property
    def names(self) -> NameBook:
        """Names in chats that are asked for, and what waits for them."""

    def identity(self) -> str:
        """What tells this workspace from every other, wherever it is moved, given to it when first asked for."""

    def known_us(self) -> tuple[Us, bool]:
        """Who is us, and whether a person said so."""

    def set_us(self, words: list[str], *, said: bool, now: Instant, open_for: int) -> int:
        """Record who is us; how many messages changed sides."""

    def people(self, limit: int) -> Iterable[tuple[str, tuple[str, ...], tuple[str, ...], bool]]:
        """From, To and Cc of messages that came, and whether each lay in Sent; a sample of at most `limit`."""

    def applied(self) -> str:
        """The mark of the settings that were applied last; "" when none had one."""

    def apply(self, settings: Settings, now: Instant, mark: str = "", progress: Reached = unheard) -> int:
        """Apply hours, policies and who is us where the settings differ from what is in force, and remember the mark; how
        many conversations got another deadline by it."""

    def show_mailbox(self, state: MailboxState) -> None:
        """Say how it stands with a mailbox, in place of what was said before."""

    def forget_mailboxes(self, but: Collection[str]) -> None:
        """Say nothing any more of mailboxes that the settings no longer have; `but` names those they have."""

    def let_go_restricted(self, now: Instant) -> int:
        """Take what is restricted out of the hands of who may not see it; how much that was."""

    def lease(self) -> Lease:
        """The worker's lease, not yet taken."""

    def check_hold(self) -> None:
        """Raises Superseded once another process has taken over what this one holds."""

    def worker(self) -> int | None:
        """The process that is the worker, or None."""

    def upgraded(self) -> bool:
        """Whether a newer Frontdesk has upgraded the workspace meanwhile: this one reads and writes it no more."""

    def others(self) -> bool:
        """Whether another process has the workspace open and listens for changes, as screens do."""

    def check_epoch(self, environment: Mapping[str, str]) -> int:
        """Hold the outbox if this workspace was restored or copied; how many messages were held."""

    def verify(self, now: Instant, team: Collection[str] = (), progress: Reached = unheard) -> list[Problem]:
        """Derive everything again and compare; what differs, and what is out of sight. `team`: the names of all teammates,
        where they are known."""

    def export(self, folder: Path, progress: Reached = unheard) -> int:
        """Everything as plain files; how many messages."""

    def take_in_export(self, folder: Path, now: Instant, progress: Reached = unheard) -> TakenIn:
        """Read an export into this workspace, which must be new, or hold that export already."""

    def backup(self, target: Path, progress: Reached = unheard) -> int:
        """A consistent copy while others work; its size in bytes."""
