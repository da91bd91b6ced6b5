"""From the record to the state: the only place where an event changes what a conversation is.

The store folds with this when it records, and `verify` folds with it again and compares. Events are applied in the
order in which they were recorded; what depends on the order of time (first, last, who waits since when) compares
instants, so that imported mail may arrive in any order.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass

from inbox.model import Conversation, Event, EventType, Instant, Status
from inbox.moods import APART, Moods
from inbox.nudges import Nudges
from inbox.pledges import CHECK_IN, Pledges

E = EventType

GRAVE = frozenset({"dmarc", "dkim", "spf", "claims-us", "teammate", "hidden", "scripts", "lookalike"})
"""Marks of a sender (`inbox.sender_marks`) that a list shows, too; a message shows all of them."""

UNDOABLE = frozenset(
    {
        E.QUEUED,
        E.SENT_BY_HAND,
        E.NOTED,
        E.ASSIGNED,
        E.TAGGED,
        E.SNOOZED,
        E.HELD,
        E.CLOSED,
        E.REOPENED,
        E.SPAM,
        E.PARTED,
        E.MERGED,
        E.DECLINED,
        E.READ,
        E.BLOCKED,
        E.UNBLOCKED,
        E.SENDER_RULED,
        E.CUSTOMERS_JOINED,
        E.CUSTOMER_EDITED,
        E.PROMISED,
        E.KEPT,
        E.FOLLOW_UP,
        E.DONE,
        E.GOODWILL,
        E.NUDGING,
        E.ISSUE,
        E.LINKED,
        E.UPSET,
        E.OUTCOME,
        E.HANDED_OVER,
        E.CALLED,
        E.CHAT_TAKEN,
        E.APPROVED,
        E.GIVEN_BACK,
    }
)
"""What a person can take back. A reply only until it has left, which the outbox knows."""


_FROM = {"sending": "us", "aside": "us", "thanks": "customer"}
"""Whose a message is, in the words of a list."""

BRINGS = (E.RECEIVED, E.QUEUED, E.NOTED, E.SENT_BY_HAND, E.CALLED)
"""Events that bring a message, a note or a call."""


def is_empty(events: Iterable[Event]) -> bool:
    """Whether nothing lies in a conversation with these events: what began it was taken back, or has gone elsewhere."""
    return all(event.void or event.type not in BRINGS for event in events)


_HISTORIANS = frozenset({"import", "settings", "clock"})
"""Who acts where no person does and no mail comes: what they do leaves history what it is."""


_MACHINES = _HISTORIANS | {"sync"}
"""Whoever is no person."""


SETS_STATUS = frozenset({E.SNOOZED, E.HELD, E.CLOSED, E.REOPENED, E.WOKEN, E.SPAM, E.MERGED, E.PARTED})
"""Whoever does these says what the status is, also where it was that already."""


def sets_status(event: Event) -> bool:
    """Whether an event says what the status is. Of what was parted only the part is told; what stays, stays as it is."""
    if event.type is E.ERASED:
        return bool(event.data.get("closes"))
    return event.type in SETS_STATUS and not (event.type is E.PARTED and "to" in event.data)


def is_seen_again(event: Event) -> bool:
    """Whether it only says that a transcript has a line that was sent by hand: nothing comes of that."""
    return event.type is E.SENT_BY_HAND and "line" in event.data


def writer_of(queued: Event) -> str:
    """Whose answer it is: that of who wrote it, though somebody else has edited it before saying yes."""
    return str(queued.data.get("of", queued.who))


def is_spoken(event: Event) -> bool:
    """Whether the customer was spoken with on the phone."""
    return event.type is E.CALLED and event.data["way"] != "missed"


def answers_at_once(event: Event) -> bool:
    """Whether it is an answer that has arrived already: carried there by a person, or said on the phone."""
    return is_spoken(event) or (event.type is E.SENT_BY_HAND and not is_seen_again(event))


def carries(event: Event) -> bool:
    """Whether it moves others from one conversation to another, and says anew how the one stands where they are now: a
    merge, or a parting as told where the part is."""
    return event.type in (E.MERGED, E.PARTED) and "from" in event.data


def _is_history(event: Event) -> bool:
    """Whether it leaves history what it is: old mail, and what an import or a first sync made of it."""
    settled = event.who == "sync" and event.why == "import"
    return bool(event.data.get("history")) or settled or event.who in _HISTORIANS or event.type is E.COMPLETED


_Entry = tuple[Instant, int, str, int | None]
"""A message as the order of time has it: its instant, its number, whose side, which customer."""

_ABOUT_MESSAGES = frozenset(
    {
        E.CHAT_TAKEN,
        E.SIDE,
        E.SENDER_RULED,
        E.QUEUED,
        E.SENT,
        E.SENT_BY_HAND,
        E.CALLED,
        E.UNDELIVERED,
        E.UNKNOWN,
        E.RELEASED,
        E.APPROVED,
        E.DROPPED,
    }
)
"""What changes what messages that are here already say."""


@dataclass(slots=True)
class _Told:
    """What the messages say together. One more that comes in is added to it; all else is told again: so one mail more
    costs the same in a conversation of ten thousand."""

    order: list[_Entry]
    begun: tuple[Instant, int, int] | None  # the first that has a customer, and that
    answered: bool
    last_customer_at: Instant | None
    last_reply_at: Instant | None
    waiting_since: Instant | None
    elsewhere: Instant  # when we last wrote elsewhere
    before: Instant  # when a reply was last queued, or the customer spoken with

    def add(self, entry: _Entry, history: bool) -> None:
        """One more message came in: of the customer, or of a machine."""
        at, message, side, customer = entry
        insort(self.order, entry)
        if customer is not None:
            begun = (at, message, customer)
            self.begun = begun if self.begun is None else min(self.begun, begun)
        if side != "customer":
            return
        self.last_customer_at = max(at, self.last_customer_at or at)
        if at > self.elsewhere and (not history or at > self.before):
            self.waiting_since = at if self.waiting_since is None else min(at, self.waiting_since)


class Folding:
    """One conversation while its events are applied, oldest record first."""

    def __init__(self, conversation: int) -> None:
        self.id = conversation
        self.status = Status.OPEN
        self.assignee: str | None = None
        self.tags: set[str] = set()
        self.mentions: set[str] = set()
        self.channel = "mail"
        self.mailbox: str | None = None
        self.unread = False
        self.notice: bool | None = None
        self.snoozed_until: Instant | None = None
        self.held_for: str | None = None
        self.held_until: Instant | None = None
        self.closed_at: Instant | None = None
        self.closed_why: str | None = None
        self.cause: str | None = None
        self.referred: str | None = None
        self.goodwill = 0
        self.score: int | None = None
        self.asked_at: Instant | None = None
        self.linked_to: int | None = None
        self._issues: dict[
            int, str
        ] = {}  # of this one, and of parts that came home: the issue it is linked to
        self.suggested: int | None = None
        self.chat_mails: dict[int, None] = {}  # the messages that look like a chat; a person decides
        self._declined: set[int] = set()  # what it is no part of, as a person has said
        self._within: set[int] = {conversation}  # the conversations that are part of this one by now
        self.quarantined = False
        self.marked = False
        self._called_spam = False  # by the server or a block, and no person has said so
        self.live = False
        self.gone = False  # all that was said here was erased
        self.turned_at: Instant = 0  # when the status was last set
        self.seq = 0
        self._messages: dict[int, tuple[Instant, str, int | None]] = {}  # message -> at, side, customer
        self._kept: set[_Entry] = set()  # mails that told of a chat: it is their lines that count
        self._received: dict[int, int] = {}  # message that came -> the event that says so
        self._notices: set[int] = (
            set()
        )  # the events by which notices came that no machine answered or reported with
        self._brought: dict[int, int] = {}  # the same, history left out
        self._ours: dict[int, str] = {}  # our own messages -> state of sending
        self._queued: dict[int, Event] = {}  # our own messages -> the event that queued them
        self._aside: set[int] = set()  # those of our own that went to somebody else: they answer nobody
        self._accepted: dict[int, Event] = {}  # our own messages -> when a server first took them
        self._spoken: dict[int, Event] = {}  # calls in which the customer was spoken with
        self._handed: Event | None = None  # by which it was handed over, until who got it acts
        self._moods = Moods()
        self._pledged: list[Event] = []  # what was promised and set, kept and done
        self.nudges = Nudges()
        self._kept_by: dict[int, int] = {}  # what a reply of ours kept: the event that says so -> that reply
        self._told: _Told | None = None  # as long as it is so
        self._delayed: dict[
            int, str
        ] = {}  # our own messages that wait for hours -> who wrote them, to be told

    def apply(self, event: Event) -> None:
        """Take one event in. Void events change nothing."""
        self.seq = max(self.seq, event.seq)
        if not event.void:
            self.live = self.live or not _is_history(event)
            before = self.status
            if event.conversation is not None:
                self._within.add(event.conversation)
            if event.type in _ABOUT_MESSAGES:
                self._told = None
            _APPLY.get(event.type, _ignore)(self, event)
            if self.status is not before or sets_status(event):
                late = event.at < self.turned_at  # what was on its way, or a clock that was put back
                self.turned_at = max(event.recorded, self.turned_at) if late else event.at

    def sides(self) -> dict[int, str]:
        """Who wrote each message that came, as of the events applied so far."""
        return {message: self._messages[message][1] for message in self._received}

    def result(self) -> Conversation:
        """The state after the events applied so far."""
        told = self._told = self._told or self._tell()
        public = told.order or sorted(self._kept)
        first, last = (public[0], public[-1]) if public else (None, None)
        states = list(self._ours.values())
        pledges = self.pledges()
        check_in_at = self._check_in_at(pledges)
        next_nudge = self.nudges.next_at(told.last_reply_at, self._ours) if self._waits else None
        return Conversation(
            id=self.id,
            status=self.status,
            assignee=self.assignee,
            tags=tuple(sorted(self.tags)),
            customer=told.begun[2] if told.begun is not None else None,
            channel=self.channel,
            mailbox=self.mailbox,
            first_message=first[1] if first else None,
            last_message=last[1] if last else None,
            first_at=first[0] if first else 0,
            last_at=last[0] if last else 0,
            last_from=_FROM.get(last[2], last[2]) if last else "",
            messages=len(public),
            unread=self.unread,
            notice=bool(self.notice),
            answered=told.answered,
            waiting_since=told.waiting_since,
            last_customer_at=told.last_customer_at,
            last_reply_at=told.last_reply_at,
            snoozed_until=self.snoozed_until,
            held_for=self.held_for,
            held_until=self.held_until,
            closed_at=self.closed_at,
            closed_why=self.closed_why,
            cause=self.cause,
            referred=self.referred,
            goodwill=self.goodwill,
            score=self.score,
            asked_at=self.asked_at,
            linked_to=self.linked_to,
            sending=states.count("queued"),
            failed=sum(s in ("failed", "unknown") for s in states),
            approvals=states.count("approval"),
            mentions=tuple(sorted(self.mentions.union(self._delayed.values(), self._handed_to()))),
            handed=self._handed.seq if self._handed is not None else None,
            suggested=self._looks_like(),
            quarantined=self.quarantined,
            marked=self.marked,
            upset=self.status not in (Status.CLOSED, Status.SPAM) and self._moods.upset(self.unanswered),
            signs=self._moods.denied if self.status is Status.CLOSED else self._moods.signs,
            contacts=_contacts(told.order),
            unjudged=self._called_spam and self._came(),
            promised_until=pledges.promised_until,
            follow_up_at=pledges.follow_up_at,
            issue=self._issues.get(self.id) or next(reversed(self._issues.values()), None),
            thanks=last is not None and last[2] == "thanks" and told.waiting_since is None,
            nudging=self.nudges.on,
            nudged=len(self.nudges.sent),
            nudge_at=min((at for at in (next_nudge, check_in_at) if at is not None), default=None),
            check_in_at=check_in_at,
            turned_at=self.turned_at,
            live=self.live,
            seq=self.seq,
            erased=self.gone,
        )

    def _looks_like(self) -> int | None:
        """What it looks like part of; itself, where it looks like a chat."""
        if self.chat_mails:
            return self.id
        return self.suggested if self.suggested not in self._within else None

    def pledges(self) -> Pledges:
        """What is promised and to be followed up, told in the order of time as the clocks see it."""
        pledges = Pledges()
        if not self._pledged:
            return pledges
        told: list[tuple[tuple[Instant, int], Event | None]] = [
            ((e.at, e.seq), e) for e in self._pledged if self.holds(e)
        ]
        for message, (at, side, _) in self._messages.items():
            if side == "customer":
                told.append((self._waits_from(message, at), None))
        for _, event in sorted(told, key=lambda each: each[0]):
            if event is None:
                pledges.customer_wrote()
            elif event.type is E.PROMISED:
                pledges.promised(event.at, event.data["due"])
            elif event.type is E.FOLLOW_UP:
                pledges.follow_up(event.data["due"], bool(event.data.get("anyway")))
            elif event.type is E.KEPT:
                pledges.kept()
            else:
                pledges.done()
        return pledges

    def _check_in_at(self, pledges: Pledges) -> Instant | None:
        """When a check-in may go by itself: while it is closed. Else it is a follow-up like any other."""
        if self.status is not Status.CLOSED:
            return None
        open_ = {due for due, _ in pledges.follow_ups}
        check_ins = (e.data["due"] for e in self._pledged if e.data.get("kind") == CHECK_IN)
        return min((due for due in check_ins if due in open_), default=None)

    @property
    def _waits(self) -> bool:
        """Whether it waits for the customer, and none of ours is under way."""
        return self.status is Status.WAITING and "queued" not in self._ours.values()

    def holds(self, pledged: Event) -> bool:
        """Whether what was said of a promise or follow-up is so: one that was kept with a reply of ours is not, when that
        reply did not arrive."""
        message = self._kept_by.get(pledged.seq)
        return message is None or self._ours.get(message) == "queued" or message in self._accepted

    def _waits_from(self, message: int, at: Instant) -> tuple[Instant, int]:
        """From when on a message of the customer counts for the clocks: what came while a reply was on its way is not
        answered by it (`inbox.happenings`)."""
        number = self._received[message]
        crossed = [
            (reply.at, reply.seq)
            for ours, reply in self._accepted.items()
            if message in self._brought
            and ours not in self._aside
            and self._queued[ours].seq < number
            and at <= reply.at
        ]
        if message in self._brought:
            crossed += [(call.at, call.seq) for call in self._too_early(at, number)]
        return max(crossed, default=(at, number))

    def _too_early(self, at: Instant, number: int) -> list[Event]:
        """The calls in which nobody knew of a message of that instant, which the event of that number brought later."""
        return [call for call in self._spoken.values() if at <= call.at and call.seq < number]

    def _tell(self) -> _Told:
        """What all messages say together."""
        order = sorted(
            (at, message, side, customer) for message, (at, side, customer) in self._messages.items()
        )
        replies = (
            at
            for at, m, side, _ in order
            if side == "us" or (side == "sending" and self._ours.get(m) == "queued")
        )
        return _Told(
            order,
            begun=next(((at, m, customer) for at, m, _, customer in order if customer is not None), None),
            answered=any(side == "us" for _, _, side, _ in order),
            last_customer_at=max((at for at, _, side, _ in order if side == "customer"), default=None),
            last_reply_at=max(replies, default=None),
            waiting_since=self._waiting_since(),
            elsewhere=self._elsewhere(),
            before=self._before(),
        )

    def _replies(self) -> list[Event]:
        """What queued those replies of ours that count as answers."""
        return [
            self._queued[message]
            for message, state in self._ours.items()
            if (state == "queued" or message in self._accepted) and message not in self._aside
        ]

    def _elsewhere(self) -> Instant:
        """When we last wrote elsewhere; -1: never."""
        return max(
            (
                at
                for m, (at, side, _) in self._messages.items()
                if side == "us" and m not in self._ours and m not in self._spoken
            ),
            default=-1,
        )

    def _before(self) -> Instant:
        """Up to when history is answered by what was done here; -1: nothing was."""
        return max((event.at for event in (*self._replies(), *self._spoken.values())), default=-1)

    def _came(self) -> bool:
        """Whether a customer wrote here since the workspace is in use: what an import brings is history."""
        return any(self._messages[message][1] == "customer" for message in self._brought)

    def _waiting_since(self) -> Instant | None:
        """When the oldest message of the customer came that nobody has answered."""
        return min((self._messages[message][0] for message in self.unanswered()), default=None)

    def unanswered(self, side_of: str = "customer") -> list[int]:
        """The messages of the customer that nobody has answered, in the order in which they were recorded. `side_of`
        "thanks": those that were mere thanks.

        A reply of ours answers what was here when it was queued; one written elsewhere, and in history, what is older; a
        call what was here and is older.
        """
        elsewhere, before = self._elsewhere(), self._before()
        last_reply = max((event.seq for event in self._replies()), default=-1)

        def waits(message: int, at: Instant) -> bool:
            brought = self._brought.get(message)
            if brought is None:
                return at > before
            spoken = any(at <= call.at and brought < call.seq for call in self._spoken.values())
            return brought > last_reply and not spoken

        return [
            message
            for message, (at, side, _) in self._messages.items()
            if side == side_of and at > elsewhere and waits(message, at)
        ]

    def _answers(self, event: Event) -> bool:
        """Whether what we wrote elsewhere leaves nobody waiting, and is no older than what was done here."""
        return event.at >= self.turned_at and self._waiting_since() is None

    def move(self, status: Status, *, at: Instant | None = None, why: str | None = None) -> None:
        """Change the status; what belonged to the old one is forgotten."""
        self.status = status
        if status in (Status.CLOSED, Status.SPAM):
            self.nudges.stop()
        self._called_spam = False
        self.snoozed_until = self.held_for = self.held_until = None
        self.closed_at, self.closed_why = (at, why) if status is Status.CLOSED else (None, None)
        self.cause = self.referred = None

    def acted(self, who: str) -> None:
        """A teammate did something here: being mentioned has been seen, and that a message is delayed, and what was said
        when it was handed over."""
        self.mentions.discard(who)
        if who in self._handed_to():
            self._handed = None
        self._delayed = {message: writer for message, writer in self._delayed.items() if writer != who}

    # what each kind of event does ------------------------------------------------------------

    def received(self, event: Event) -> None:
        """A message came in, or one of ours written elsewhere was seen."""
        data, message = event.data, event.message or 0
        if data.get("chat_mail"):
            self.mailbox = self.mailbox or data.get("mailbox")
            self._kept.add((event.at, message, "automatic", None))
            return
        side = "thanks" if data.get("thanks") else data["side"]
        if self._told is not None and side != "us" and message not in self._messages:
            self._told.add((event.at, message, side, data.get("customer")), bool(data.get("history")))
        else:
            self._told = None
        self._messages[message] = (event.at, side, data.get("customer"))
        self._received[message] = event.seq
        self.channel = data.get("channel", self.channel)
        self.mailbox = self.mailbox or data.get("mailbox")
        self.linked_to = data.get("linked_to", self.linked_to)
        self.quarantined = self.quarantined or bool(data.get("quarantine"))
        self.marked = self.marked or not GRAVE.isdisjoint(data.get("marks", ()))
        notice = bool(data.get("notice"))
        self.notice = notice if self.notice is None else self.notice and notice
        if notice and not data.get("machine"):
            self._notices.add(event.seq)
        if data.get("history"):
            return
        self._brought[message] = event.seq
        if data["side"] == "customer":
            self.unread = True
            self.nudges.customer_wrote()
        if side == "customer":
            if self.status is Status.CLOSED:
                self._moods.began_anew()
            if self.status not in (Status.SPAM, Status.OPEN):
                self.move(Status.OPEN)
        elif side == "us" and self.status is Status.OPEN and self._answers(event):
            self.move(Status.WAITING)

    def side(self, event: Event) -> None:
        """Who wrote a message was derived again."""
        message, data = event.message or 0, event.data
        self._messages[message] = (self._messages[message][0], data["side"], data.get("customer"))
        if data.get("answer") and self.status is Status.OPEN and self._waiting_since() is None:
            self.move(Status.WAITING)

    def ruled(self, event: Event) -> None:
        """Mail of its sender is always a notice, or never one: nobody waits here, or somebody has all along."""
        if event.data.get("stays"):
            return
        self.notice = bool(event.data["notice"])
        self.unread = self.unread and not self.notice
        for message, number in self._received.items():
            at, side, customer = self._messages[message]
            was, becomes = ("customer", "automatic") if self.notice else ("automatic", "customer")
            if side == was and (self.notice or number in self._notices):
                self._messages[message] = (at, becomes, customer)

    def queued(self, event: Event) -> None:
        """A reply of ours entered the outbox: it counts as answered, sending."""
        message = event.message or 0
        self._ours[message] = "approval" if event.data.get("held") == "approval" else "queued"
        self._queued[message] = event
        by_itself = "automatic" in event.data
        aside = by_itself or event.data.get("kind") == "forward"
        if aside:
            self._aside.add(message)
        self._messages[message] = (event.at, "aside" if aside else "sending", event.data.get("customer"))
        if event.data.get("by") == "nudge":
            self.nudges.sent[message] = event.at
        self.channel = event.data.get("channel", self.channel)
        self.mailbox = self.mailbox or event.data.get("mailbox")
        if by_itself:
            return
        self.notice = False
        self.unread = False
        self.acted(event.who)
        if self.assignee is None and "telling" not in event.data:  # who tells many does not take them all on
            self.assignee = event.data.get("assignee", event.who)
        if self._ours[message] == "queued":
            self._then(event, event.at)

    def _then(self, queued: Event, at: Instant) -> None:
        """What a conversation is after a reply that went at `at`; after what was passed on, what it was."""
        if queued.message in self._aside and "then" not in queued.data:
            return
        then, until = Status(queued.data.get("then", Status.WAITING)), queued.data.get("until")
        if then is Status.SNOOZED and (until is None or until <= at):
            then = Status.WAITING
        self.move(then, at=at, why=queued.data.get("closed_why", "resolved"))
        if then is Status.SNOOZED:
            self.snoozed_until = until

    def sent(self, event: Event) -> None:
        """The server accepted a reply: from now on it is an answer. Said again, it is only no longer under way."""
        message = event.message or 0
        self._delayed.pop(message, None)
        if message in self._ours:
            self._ours[message] = "sent"
            at = self._accepted.setdefault(message, event).at
            self.nudges.left(message, at)
            side = "aside" if message in self._aside else "us"
            self._messages[message] = (at, side, self._messages[message][2])

    def sent_by_hand(self, event: Event) -> None:
        """A person carried an answer there, and said so: an answer like one that a server took at once."""
        if not is_seen_again(event):
            self.queued(event)
            self.sent(event)

    def called(self, event: Event) -> None:
        """Somebody of ours has telephoned. Who was spoken with has an answer; who was not reached still waits."""
        data, message = event.data, event.message or 0
        spoken = is_spoken(event)
        if not self._messages:
            self.channel = data.get("channel", self.channel)
        self._messages[message] = (event.at, "us" if spoken else "aside", data.get("customer"))
        self.acted(event.who)
        if not spoken:
            return
        self._spoken[message] = event
        self.notice = False
        self.nudges.customer_wrote()
        if self.assignee is None:
            self.assignee = event.who
        if self._waiting_since() is None:
            self.unread = False
        if self.status is not Status.SPAM and self._answers(event):
            self.move(Status.WAITING)

    def undelivered(self, event: Event) -> None:
        """A reply failed or came back: the customer has no answer, so it is open again."""
        message = event.message or 0
        if message not in self._ours:
            return
        self._ours[message] = "failed"
        self.nudges.failed(message)
        self.assignee = self.assignee or event.data.get("assignee")
        if event.data.get("all", True):
            self._accepted.pop(message, None)
            side = "aside" if message in self._aside else "sending"
            self._messages[message] = (event.at, side, self._messages[message][2])
        rests = self.status in (Status.WAITING, Status.CLOSED, Status.SNOOZED)
        asked = self._queued[message].data.get("by") == "feedback"  # nobody misses the question how it was
        if rests and not asked and not self._answered_since(message):
            self.move(Status.OPEN)

    def _answered_since(self, message: int) -> bool:
        """Whether a later reply of ours answers all that this one did, so that what became of it changes nothing."""
        since = self._queued[message].seq
        return any(
            self._queued[each].seq > since and (state == "queued" or each in self._accepted)
            for each, state in self._ours.items()
            if each not in self._aside
        )

    def delayed(self, event: Event) -> None:
        """A reply has been refused for hours, for now: whoever wrote it is told."""
        queued = self._queued.get(event.message or 0)
        if queued is not None:
            self._delayed[event.message or 0] = queued.who

    def unknown(self, event: Event) -> None:
        """Nobody knows whether a reply left: a person decides."""
        if event.message in self._ours:
            self._ours[event.message or 0] = "unknown"

    def released(self, event: Event) -> None:
        """A person lets a reply go, or sends it again."""
        message = event.message or 0
        if message not in self._ours:
            return
        was, self._ours[message] = self._ours[message], "queued"
        self._delayed.pop(message, None)
        if was == "approval":
            self._then(self._queued[message], event.at)
        elif self.status is Status.OPEN and message not in self._aside:
            self.move(Status.WAITING)

    def approved(self, event: Event) -> None:
        """An owner or agent said yes to what a trainee wrote: from now on it is under way as any other reply."""
        message = event.message or 0
        if self._ours.get(message) == "approval":
            self._ours[message] = "queued"
            self._then(self._queued[message], event.at)
        self.acted(event.who)

    def given_back(self, event: Event) -> None:
        """What waited for a yes is a draft of who wrote it again (what queued it is void), and so it stays theirs."""
        self.assignee = self.assignee or event.data["to"]
        self.acted(event.who)

    def dropped(self, event: Event) -> None:
        """A reply that never left is given up: the customer still waits."""
        message = event.message or 0
        self._delayed.pop(message, None)
        if message in self._accepted:
            self._ours[message] = "sent"  # some have it: only those who do not are given up
        elif message in self._ours:
            was = self._ours.pop(message)
            self.nudges.failed(message)
            del self._queued[message], self._messages[message]
            answers = was != "approval" and message not in self._aside
            if answers and self.status in (Status.WAITING, Status.CLOSED, Status.SNOOZED):
                self.move(Status.OPEN)

    def noted(self, event: Event) -> None:
        """A note only the team sees; it may name teammates."""
        self.acted(event.who)
        self.mentions.update(event.data.get("mentions", ()))

    def pledged(self, event: Event) -> None:
        """Something was promised or is to be followed up, or that was done."""
        self._pledged.append(event)
        if event.data.get("reply"):
            with_it = (message for message, queued in self._queued.items() if queued.batch == event.batch)
            self._kept_by.update((event.seq, message) for message in with_it)
        self.acted(event.who)

    def nudging(self, event: Event) -> None:
        """We write again by ourselves to a customer who does not answer, or no more."""
        data = event.data
        if data["on"]:
            self.nudges.begin(event.at, data["after"], data.get("not_before", 0))
        else:
            self.nudges.stop()
        self.acted(event.who)

    def assigned(self, event: Event) -> None:
        """Given to a teammate, or to nobody."""
        self.assignee = event.data.get("to")
        self.acted(event.who)
        if self.assignee not in self._handed_to():
            self._handed = None

    def handed_over(self, event: Event) -> None:
        """Given to a teammate with a line that says where it stands: it is theirs, and calls for them."""
        self.assigned(event)
        self._handed = event

    def _handed_to(self) -> tuple[str, ...]:
        """To whom it was handed over, who has not acted here since."""
        return (self._handed.data["to"],) if self._handed is not None else ()

    def tagged(self, event: Event) -> None:
        """Tags added and removed."""
        self.tags.difference_update(event.data.get("remove", ()))
        self.tags.update(event.data.get("add", ()))

    def snoozed(self, event: Event) -> None:
        """Out of the way until an instant."""
        self.move(Status.SNOOZED)
        self.snoozed_until = event.data["until"]
        self.acted(event.who)

    def held(self, event: Event) -> None:
        """We wait for somebody else."""
        self.move(Status.HELD)
        self.held_for, self.held_until = event.data["for"], event.data.get("until")
        self.acted(event.who)

    def opened(self, event: Event) -> None:
        """Reopened by a person, or woken by the clock. With it a thank-you counts as any other message."""
        if event.data.get("thanks"):
            for message in self.unanswered("thanks"):
                at, _, customer = self._messages[message]
                self._messages[message] = (at, "customer", customer)
            self._told = None
        self.move(Status.OPEN)
        self.acted(event.who)

    def closed(self, event: Event) -> None:
        """Closed, and why."""
        self.move(Status.CLOSED, at=event.at, why=event.data.get("why", "resolved"))
        self.cause, self.referred = event.data.get("cause"), event.data.get("to")
        self.unread = False
        self.acted(event.who)

    def outcome(self, event: Event) -> None:
        """What came of it, said once it was closed; where it is open again since, that says nothing any more."""
        if self.status is Status.CLOSED:
            self.closed_why = event.data["outcome"]
            self.cause, self.referred = event.data.get("cause"), event.data.get("to")

    def gave(self, event: Event) -> None:
        """Something was given to the customer."""
        self.goodwill += 1
        self.acted(event.who)

    def feedback(self, event: Event) -> None:
        """The customer was asked how it was, or has answered."""
        self.score = event.data.get("score", self.score)
        if event.data.get("asked"):
            self.asked_at = event.at

    def spam(self, event: Event) -> None:
        """Spam: no clock, no alert, and never reopened by its sender. What a person has said of it stands."""
        by_itself = event.who in _MACHINES and (self.status is not Status.SPAM or self._called_spam)
        self.move(Status.SPAM)
        self._called_spam = by_itself
        self.unread = False
        self.acted(event.who)

    def merged(self, event: Event) -> None:
        """Another conversation was joined with this one; what stands afterwards was decided then."""
        self._stands(event)
        self._within.add(event.data["from"])
        self._moods.carried(event)
        issue = self._issues.pop(event.data["from"], None)
        if issue is not None and event.conversation is not None:
            self._issues.setdefault(event.conversation, issue)

    def parted(self, event: Event) -> None:
        """Messages came out of another conversation, and what stands afterwards was decided then; or some went."""
        self.acted(event.who)
        if "from" in event.data:
            self._stands(event)
            self._moods.carried(event)
            self.unread = bool(event.data.get("unread"))

    def _stands(self, event: Event) -> None:
        self.nudges.stop()
        self.move(
            Status(event.data["status"]), at=event.data.get("closed_at"), why=event.data.get("closed_why")
        )
        self.snoozed_until = event.data.get("snoozed_until")
        self.held_for, self.held_until = event.data.get("held_for"), event.data.get("held_until")
        self.assignee = event.data.get("assignee")
        if self.assignee not in self._handed_to():
            self._handed = None
        self.cause, self.referred = event.data.get("cause"), event.data.get("referred")

    def linked(self, event: Event) -> None:
        """It belongs to an issue, or does no more."""
        here, issue = event.conversation or 0, event.data["issue"]
        if event.data.get("off"):
            self._issues = {
                of: each
                for of, each in self._issues.items()
                if of != here and (each != issue or here != self.id)
            }
        else:
            self._issues[here] = issue
        self.acted(event.who)

    def read(self, event: Event) -> None:
        """Marked read or unread; or seen by who was called, and nothing else to be done."""
        self.unread = not event.data["read"]
        if event.data.get("seen"):
            self.acted(event.who)

    def mood(self, event: Event) -> None:
        """The customer is upset, or is not, because a person says so."""
        self._moods.said(event)
        self.acted(event.who)

    def suggestion(self, event: Event) -> None:
        """It looks like part of another conversation, or like a chat; a person decides."""
        if event.data.get("chat"):
            self.chat_mails[event.message or 0] = None
        elif event.data["with"] not in self._declined:
            self.suggested = event.data["with"]

    def declined(self, event: Event) -> None:
        """It is no part of that, or no chat, and is not said to be again."""
        if event.data.get("chat"):
            self.chat_mails.clear()
            self.acted(event.who)
            return
        self._declined.add(event.data["with"])
        self.acted(event.who)
        if self.suggested in self._declined:
            self.suggested = None

    def erased(self, event: Event) -> None:
        """What it said was erased: that it was there, who did what and when stays, and nothing here calls for anybody."""
        if not event.data.get("whole"):
            return
        self.gone = True
        if event.data.get("closes"):
            self.move(Status.CLOSED, at=event.at, why="erased")
        self.unread = self.quarantined = self.marked = False
        self.suggested = self.linked_to = self.held_for = self._handed = None
        self.tags.clear()
        self.mentions.clear()
        self.chat_mails.clear()
        self._pledged.clear()
        self._delayed.clear()
        self._issues.clear()
        self._ours = dict.fromkeys(self._ours, "sent")

    def chat_taken(self, event: Event) -> None:
        """A mail was taken as the chat it tells of: nobody has written it."""
        message = event.message or 0
        self.chat_mails.pop(message, None)
        self._received.pop(message, None)
        self._brought.pop(message, None)
        if message in self._messages:
            self._kept.add((self._messages.pop(message)[0], message, "automatic", None))
        self.acted(event.who)


_CONTACTS = 3
"""So many are counted, among so many messages: what is asked is whether it is the third time."""
_LOOKED_BACK = 50


def _contacts(order: list[_Entry]) -> int:
    """How often the customer came in a row since we wrote last; what they write within half an hour is one time."""
    count = 0
    later: Instant | None = None
    for at, _, side, _ in order[: -_LOOKED_BACK - 1 : -1]:
        if side in ("us", "sending") or count == _CONTACTS:
            break
        if side == "customer":
            count += later is None or later - at >= APART
            later = at
    return count


def _ignore(_folding: Folding, _event: Event) -> None:
    """Events that concern the workspace or the record itself leave a conversation as it is."""


_APPLY = {
    E.RECEIVED: Folding.received,
    E.SIDE: Folding.side,
    E.SENDER_RULED: Folding.ruled,
    E.QUEUED: Folding.queued,
    E.SENT: Folding.sent,
    E.SENT_BY_HAND: Folding.sent_by_hand,
    E.CALLED: Folding.called,
    E.UNDELIVERED: Folding.undelivered,
    E.DELAYED: Folding.delayed,
    E.UNKNOWN: Folding.unknown,
    E.RELEASED: Folding.released,
    E.APPROVED: Folding.approved,
    E.GIVEN_BACK: Folding.given_back,
    E.DROPPED: Folding.dropped,
    E.NOTED: Folding.noted,
    E.ASSIGNED: Folding.assigned,
    E.HANDED_OVER: Folding.handed_over,
    E.TAGGED: Folding.tagged,
    E.SNOOZED: Folding.snoozed,
    E.WOKEN: Folding.opened,
    E.HELD: Folding.held,
    E.CLOSED: Folding.closed,
    E.OUTCOME: Folding.outcome,
    E.GOODWILL: Folding.gave,
    E.FEEDBACK: Folding.feedback,
    E.REOPENED: Folding.opened,
    E.SPAM: Folding.spam,
    E.MERGED: Folding.merged,
    E.PARTED: Folding.parted,
    E.DECLINED: Folding.declined,
    E.LINKED: Folding.linked,
    E.READ: Folding.read,
    E.SUGGESTED: Folding.suggestion,
    E.CHAT_TAKEN: Folding.chat_taken,
    E.ERASED: Folding.erased,
    E.UPSET: Folding.mood,
    E.PROMISED: Folding.pledged,
    E.KEPT: Folding.pledged,
    E.FOLLOW_UP: Folding.pledged,
    E.DONE: Folding.pledged,
    E.NUDGING: Folding.nudging,
}


def folded(conversation: int, events: Iterable[Event]) -> Folding:
    """A conversation with its events applied, which come in the order of their numbers."""
    folding = Folding(conversation)
    for event in events:
        folding.apply(event)
    return folding


def fold(conversation: int, events: Iterable[Event]) -> Conversation:
    """The state of a conversation from its events, which come in the order of their numbers."""
    return folded(conversation, events).result()
